"""A candidate of the accelerator example as bodies, for CalculiX and for our own solver: see thermal_ccx.py.

Eight compute and four fabric die beside memory stacks on a silicon interposer, under a copper lid with a cold plate,
on a board. Conductivities are the catalog's at 25 degC, constant; each die's power is even over its circuits. Both
programs get the same bodies, films and powers; grids and discretisations are their own.
"""

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from thermal_ccx import Model, cut, distinct

from packfirst.architecture.architecture import build
from packfirst.architecture.candidate import Candidate
from packfirst.architecture.elaborate import elaborate
from packfirst.architecture.partition import Group, Partition
from packfirst.catalog import load_catalog
from packfirst.disciplines.thermal.conduction import Problem, solve
from packfirst.disciplines.thermal.mesh import Mesh, paint, snapped
from packfirst.disciplines.thermal.properties import conductivity, way_out
from packfirst.program import load_program

PROGRAM = Path(__file__).parents[1] / "examples" / "ai_accelerator" / "program.yaml"
CANDIDATE = Candidate(
    partition=Partition(
        groups=(Group(blocks=("compute",), count=8, node="n5"), Group(blocks=("fabric",), count=4, node="n6")),
        stacked=(),
    ),
    carrier="si_interposer_cowos_s", stack="", thermal_path="cold_plate", lid_interface="tim1_indium",
    floorplan="memory_sides",
)  # fmt: skip
WATTS = {"compute": 60.0, "fabric": 15.0, "hbm": 20.0}  # of each die
SHEET_M = 10e-6
COOLANT_K, AIR_K = 303.15, 318.15
NEAR = ("die", "interposer", "bumps", "back_end", "lid_interface")


@cache
def bodies():
    """Boxes, in-plane and through-plane conductivities, films, and the heated boxes with their powers."""
    program, catalog = load_program(PROGRAM), load_catalog()
    package = elaborate(build(program, catalog, CANDIDATE), catalog)
    k = [conductivity(body, package.field_of(body.id), program, catalog) for body in package.bodies]
    heated = {}
    for die in package.die:
        x0, x1, y0, y1, z0, z1 = package.body(die.body).box_m
        if die.part:
            owned = np.array(
                [body.box_m for body in package.bodies if body.owner == die.id and body.role == "die"]
            )
            z0, z1 = owned[:, 4].min(), owned[:, 5].max()
        else:
            z1 = z0 + SHEET_M
        heated[die.id] = ((x0, x1, y0, y1, z0, z1), WATTS[die.group])
    film = way_out(catalog.record("thermal_path", CANDIDATE.thermal_path))[0]
    lid = package.body(package.sink.body).box_m
    board = program.board
    near = np.array([body.role in NEAR for body in package.bodies])
    return (
        package.boxes_m, np.array([item.in_plane for item in k]), np.array([item.through for item in k]), near, heated,
        (film, board.film_above.value, board.film_below.value), lid,
    )  # fmt: skip


def frozen():
    """The bodies as a table, so that a test holds the same package however catalog and example move on."""
    boxes, flat, through, near, heated, films, lid = bodies()
    lines = [
        "# A lidded 2.5D package elaborated by packfirst: boxes in m in painting order, conductivities in W/(m K).",
        f"# films on lid, board above, board below: {', '.join(repr(float(h)) for h in films)} W/(m2 K)",
        f"# lid: {', '.join(repr(float(v)) for v in lid)}",
        f"# coolant and air: {COOLANT_K}, {AIR_K} K. Rows with watts are heated boxes, not bodies.",
        "name,x0,x1,y0,y1,z0,z1,in_plane,through,near,watts",
    ]
    for box, k, kz, close in zip(boxes, flat, through, near, strict=True):
        lines.append(",".join(["", *(f"{v:.9g}" for v in box), f"{k:.9g}", f"{kz:.9g}", str(int(close)), ""]))
    for name, (box, watts) in heated.items():
        lines.append(",".join([name, *(f"{v:.9g}" for v in box), "", "", "", str(watts)]))
    return "\n".join(lines) + "\n"


def on_grid(mesh):
    """Conductivities, films, and power per cell by die, painted on a grid whose edges lie on every face."""
    boxes, flat, through, _, heated, (film, above, below), lid = bodies()
    label = paint(mesh, boxes)
    kx, kz = np.append(flat, 0.0)[label], np.append(through, 0.0)[label]
    cx, cy, _ = mesh.centres_m
    sunk = ((cx > lid[0]) & (cx < lid[1]))[:, None] & ((cy > lid[2]) & (cy < lid[3]))[None, :]
    places = {name: paint(mesh, [box]) == 0 for name, (box, _) in heated.items()}
    density = np.zeros(mesh.shape)
    for name, (box, watts) in heated.items():
        volume = (box[1] - box[0]) * (box[3] - box[2]) * (box[5] - box[4])
        density[places[name]] += watts / volume
    return (
        kx, kz, np.where(sunk, film, above), np.full(sunk.shape, below), np.where(sunk, COOLANT_K, AIR_K),
        np.full(sunk.shape, AIR_K), density, places,
    )  # fmt: skip


def package_model(cell_mm):
    """For CalculiX: one quadratic element through each layer, three through board and lid."""
    boxes, _, _, near, heated, _, _ = bodies()
    edges = []
    for axis in range(3):
        every = [*boxes[:, 2 * axis : 2 * axis + 2].ravel()]
        every += [v for box, _ in heated.values() for v in box[2 * axis : 2 * axis + 2]]
        faces = distinct(every, 1e-7 if axis == 2 else 2e-6)
        middle = 0.5 * (faces[1:] + faces[:-1])
        inner = np.array([any(b[2 * axis] < m < b[2 * axis + 1] for b in boxes[near]) for m in middle])
        wide = np.where(inner, cell_mm, 3.0 * cell_mm) * 1e-3
        edges.append(cut(faces, np.full(len(middle), 0.6e-3) if axis == 2 else wide))
    mesh = Mesh(x_m=edges[0], y_m=edges[1], z_m=edges[2])
    kx, kz, h_top, h_bottom, t_top, t_bottom, density, places = on_grid(mesh)
    return Model(
        edges=tuple(edges), kx=kx, kz=kz, h_top=h_top, h_bottom=h_bottom, t_top=t_top, t_bottom=t_bottom,
        face_flux=None, flux_level=0, volume_heat=density, base_k=COOLANT_K,
        read={name: (cells, "cells") for name, cells in places.items()},
    )  # fmt: skip


def our_package(cell_mm, layer_cells=8):
    """Mean and largest rise over the coolant of each die, on our own grid with cells to `cell_mm` over the die."""
    boxes, _, _, near, heated, _, _ = bodies()
    every = [*boxes, *(box for box, _ in heated.values())]
    cells = [*np.where(near, cell_mm, 3.0 * cell_mm) * 1e-3, *[cell_mm * 1e-3] * len(heated)]
    board = boxes[:, 4].min()
    slices = np.linspace(board, 0.0, 6)
    outline = boxes[boxes[:, 4].argmin()]
    every += [(*outline[:4], low, high) for low, high in pairwise(slices)]
    cells += [3.0 * cell_mm * 1e-3] * 5
    mesh = snapped(every, cells, vertical_cells=layer_cells, vertical_cell_m=2.0 * cell_mm * 1e-3)
    kx, kz, h_top, h_bottom, t_top, t_bottom, density, places = on_grid(mesh)
    problem = Problem(
        mesh=mesh, kx=kx, ky=kx, kz=kz, h_top=h_top, t_top_k=t_top, h_bottom=h_bottom, t_bottom_k=t_bottom
    )
    volume = mesh.volume_m3
    rise = solve(problem, density * volume).temperature_k - COOLANT_K
    return {
        name: (float(np.average(rise[at], weights=volume[at])), float(rise[at].max()))
        for name, at in places.items()
    }
