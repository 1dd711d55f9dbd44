"""Two whole packages solved by CalculiX, a finite-element program by other people, beside our own solution.

Run `python benchmarks/thermal_ccx.py --ccx PATH [--case hotspot lidded] [--cells 2.0 1.0] [--write FOLDER]`: PATH names
your executable of CalculiX. It runs as a program of its own on input files that this script writes from the bodies:
20-node hexahedra (DC3D20) on a grid of this script's own, films on faces, heat as flux on faces or in volumes. Nothing
of our solver enters: neither its conductances nor its grids beyond the faces of the bodies.

`hotspot` is the true geometry of HotSpot's example 2 (die, interface, spreader and sink with their overhang); `lidded`
is a candidate of the accelerator example, elaborated: die and memory stacks on an interposer under a lid, on a board.
Printed are rises of the blocks or the die over the fluid, by CalculiX on each grid and extrapolated, and by ours.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
HOTSPOT = ROOT / "tests" / "references" / "thermal" / "hotspot_ev6_2d"
# Abaqus numbering of the 20-node hexahedron, as offsets on a lattice of half elements.
CORNERS = ((0, 0, 0), (2, 0, 0), (2, 2, 0), (0, 2, 0), (0, 0, 2), (2, 0, 2), (2, 2, 2), (0, 2, 2))
EDGES = (
    (1, 0, 0), (2, 1, 0), (1, 2, 0), (0, 1, 0), (1, 0, 2), (2, 1, 2), (1, 2, 2), (0, 1, 2),
    (0, 0, 1), (2, 0, 1), (2, 2, 1), (0, 2, 1),
)  # fmt: skip
BOTTOM, TOP = "1", "2"  # numbers of the faces across z


@dataclass
class Model:
    """Edges of a grid [m], conductivities per cell (voids 0), films and heat, and what is read from the solution."""

    edges: tuple[np.ndarray, np.ndarray, np.ndarray]
    kx: np.ndarray
    kz: np.ndarray
    h_top: np.ndarray  # (nx, ny), on the highest cell of a column
    h_bottom: np.ndarray
    t_top: np.ndarray
    t_bottom: np.ndarray
    face_flux: np.ndarray | None  # (nx, ny) W/m2 into the lower face of cell layer `flux_level`
    flux_level: int
    volume_heat: np.ndarray | None  # (nx, ny, nz) W/m3
    base_k: float
    read: dict  # name -> (cells as boolean array (nx, ny, nz), "bottom face" or "cells")


def cut(faces, widest):
    """Edges on the faces, cells between them equal and no wider than `widest` (one value per interval)."""
    parts = [faces[:1]]
    for low, high, most in zip(faces[:-1], faces[1:], widest, strict=True):
        n = max(1, int(np.ceil((high - low) / most - 1e-9)))
        parts.append(low + (high - low) * np.arange(1, n + 1) / n)
    return np.concatenate(parts)


def distinct(values, least=2e-6):
    values = np.sort(np.asarray(values, dtype=float))
    kept = [values[0]]
    for value in values[1:]:
        if value - kept[-1] > least:
            kept.append(value)
    return np.array(kept)


def deck(model):
    """CalculiX input file, and the node numbers of each cell's corners and edges, (nx, ny, nz, 20)."""
    x, y, z = model.edges
    solid = model.kz > 0.0
    nx, ny, nz = solid.shape
    used = np.zeros((2 * nx + 1, 2 * ny + 1, 2 * nz + 1), dtype=bool)
    cells = np.argwhere(solid)
    offsets = np.array(CORNERS + EDGES)
    places = 2 * cells[:, None, :] + offsets[None]
    used[places[..., 0], places[..., 1], places[..., 2]] = True
    number = np.zeros(used.shape, dtype=np.int64)
    number[used] = np.arange(1, used.sum() + 1)
    nodes = number[places[..., 0], places[..., 1], places[..., 2]]
    half = [np.sort(np.concatenate([e, 0.5 * (e[1:] + e[:-1])])) for e in (x, y, z)]
    lines = ["*HEADING", "packfirst: heat conduction", "*NODE, NSET=ALL"]
    where = np.argwhere(used)
    points = np.column_stack([half[a][where[:, a]] for a in range(3)])
    lines += [f"{n},{p[0]:.12e},{p[1]:.12e},{p[2]:.12e}" for n, p in enumerate(points, 1)]
    pairs, kind = np.unique(
        np.column_stack([model.kx[solid], model.kz[solid]]), axis=0, return_inverse=True
    )  # fmt: skip
    kind = kind.ravel()
    for group in range(len(pairs)):
        lines.append(f"*ELEMENT, TYPE=DC3D20, ELSET=M{group}")
        for e in np.flatnonzero(kind == group):
            row = nodes[e]
            lines.append(f"{e + 1}," + ",".join(map(str, row[:10])) + ",")
            lines.append(",".join(map(str, row[10:])))
    for group, (flat, through) in enumerate(pairs):
        lines += [
            f"*MATERIAL, NAME=M{group}",
            "*CONDUCTIVITY, TYPE=ORTHO",
            f"{flat:.9e},{flat:.9e},{through:.9e}",
        ]
        lines += [f"*SOLID SECTION, ELSET=M{group}, MATERIAL=M{group}"]
    lines += [
        "*INITIAL CONDITIONS, TYPE=TEMPERATURE",
        f"ALL,{model.base_k}",
        "*STEP",
        "*HEAT TRANSFER, STEADY STATE",
    ]
    element = np.zeros(solid.shape, dtype=np.int64)
    element[solid] = np.arange(1, len(cells) + 1)
    highest = nz - 1 - np.argmax(solid[:, :, ::-1], axis=2)
    lowest = np.argmax(solid, axis=2)
    film = []
    for i, j in np.argwhere(solid.any(axis=2)):
        for level, face, h, t in (
            (highest[i, j], TOP, model.h_top[i, j], model.t_top[i, j]),
            (lowest[i, j], BOTTOM, model.h_bottom[i, j], model.t_bottom[i, j]),
        ):
            if h > 0.0:
                film.append(f"{element[i, j, level]},F{face},{t:.9e},{h:.9e}")
    lines += ["*FILM", *film]
    heat = []
    if model.face_flux is not None:
        for i, j in np.argwhere(model.face_flux > 0.0):
            heat.append(f"{element[i, j, model.flux_level]},S{BOTTOM},{model.face_flux[i, j]:.9e}")
    if model.volume_heat is not None:
        for i, j, k in np.argwhere(model.volume_heat > 0.0):
            heat.append(f"{element[i, j, k]},BF,{model.volume_heat[i, j, k]:.9e}")
    lines += ["*DFLUX", *heat, "*NODE PRINT, NSET=ALL", "NT", "*END STEP", ""]
    found = np.zeros((*solid.shape, 20), dtype=np.int64)
    found[solid] = nodes
    return "\n".join(lines), found


def solved(ccx, model):
    """Rises [K] of what the model reads: mean and maximum, number of elements and nodes, and seconds."""
    text, nodes = deck(model)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "case.inp").write_text(text)
        start = time.perf_counter()
        done = subprocess.run([ccx, "case"], cwd=folder, capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - start
        dat = Path(folder) / "case.dat"
        rows = [line.split() for line in dat.read_text().splitlines()] if dat.exists() else []
    values = {int(row[0]): float(row[1]) for row in rows if len(row) == 2 and row[0].isdigit()}
    if not values:
        raise SystemExit(f"CalculiX gave no temperatures:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    t = np.zeros(max(values) + 1)
    t[list(values)] = list(values.values())
    rise = t - model.base_k
    dx, dy, dz = (np.diff(e) for e in model.edges)
    # exact integrals of the quadratic shape functions: over a face corners -1/12 and edges 1/3, over a brick -1/8, 1/6
    on_face = {0: -1 / 12, 1: -1 / 12, 2: -1 / 12, 3: -1 / 12, 8: 1 / 3, 9: 1 / 3, 10: 1 / 3, 11: 1 / 3}
    in_brick = {n: (-1 / 8 if n < 8 else 1 / 6) for n in range(20)}
    found = {}
    for name, (cells, how) in model.read.items():
        at = np.argwhere(cells)
        weights = on_face if how == "bottom face" else in_brick
        size = dx[at[:, 0]] * dy[at[:, 1]] * (1.0 if how == "bottom face" else dz[at[:, 2]])
        own = rise[nodes[at[:, 0], at[:, 1], at[:, 2]]]
        mean = float((size * sum(own[:, n] * w for n, w in weights.items())).sum() / size.sum())
        found[name] = (mean, float(own[:, list(weights)].max()))
    return found, int((model.kz > 0.0).sum()), len(values), seconds


def hotspot_model(fine):
    """HotSpot's example 2 as its files describe it; `fine` is the widest cell on the die. [mm]"""
    from packfirst.formats.hotspot import read_hotspot

    files = read_hotspot(HOTSPOT)
    w, h = files.size_m
    die = files.layers[0]
    cell = fine * 1e-3
    edges = []
    for axis, length in ((0, w), (1, h)):
        blocks = die.floorplan.rectangles_m[:, 2 * axis : 2 * axis + 2].ravel()
        middle = 0.5 * length
        plates = [middle + s * 0.5 * p.side_m for p in (files.spreader, files.sink) for s in (-1.0, 1.0)]
        faces = distinct([0.0, length, *np.clip(blocks, 0.0, length), *plates])
        mid = 0.5 * (faces[1:] + faces[:-1])
        off = np.maximum(np.maximum(-mid, mid - length), 0.0)
        edges.append(cut(faces, np.where(off == 0.0, cell, np.where(off < 7e-3, 2.0 * cell, 4.0 * cell))))
    layers = [
        (layer.thickness_m, layer.conductivity_w_per_m_k, n)
        for layer, n in zip(files.layers, (2, 2), strict=True)
    ]
    layers += [
        (files.spreader.thickness_m, files.spreader.conductivity_w_per_m_k, 2),
        (files.sink.thickness_m, files.sink.conductivity_w_per_m_k, 4),
    ]
    z = np.concatenate([[0.0], np.cumsum(np.repeat([t / n for t, _, n in layers], [n for *_, n in layers]))])
    cx, cy = (0.5 * (e[1:] + e[:-1]) for e in edges)
    k = np.zeros((len(cx), len(cy), len(z) - 1))
    at = 0
    for number, (_, conductivity, n) in enumerate(layers):
        side = (None, None, files.spreader.side_m, files.sink.side_m)[number]
        box = (
            (0.0, w, 0.0, h)
            if side is None
            else (0.5 * (w - side), 0.5 * (w + side), 0.5 * (h - side), 0.5 * (h + side))
        )
        here = ((cx > box[0]) & (cx < box[1]))[:, None] & ((cy > box[2]) & (cy < box[3]))[None, :]
        k[here, at : at + n] = conductivity
        at += n
    flux = np.zeros(k.shape[:2])
    read = {}
    for block in die.floorplan.blocks:
        x0, x1, y0, y1 = block.rectangle_m
        here = ((cx > x0) & (cx < x1))[:, None] & ((cy > y0) & (cy < y1))[None, :]
        flux[here] = files.trace.mean_w[block.name] / (block.width_m * block.height_m)
        cells = np.zeros(k.shape, dtype=bool)
        cells[here, 0] = True
        read[block.name] = (cells, "bottom face")
    film = 1.0 / (files.r_convec_k_per_w * files.sink.side_m**2)
    plane = np.zeros(k.shape[:2])
    model = Model(
        edges=(*edges, z), kx=k, kz=k, h_top=plane + film, h_bottom=plane, t_top=plane + files.ambient_k,
        t_bottom=plane + files.ambient_k, face_flux=flux, flux_level=0, volume_heat=None, base_k=files.ambient_k,
        read=read,
    )  # fmt: skip
    # powers are spread over blocks whose corners are rounded to a micrometre: what the cells hold is made the trace's
    area = np.outer(np.diff(edges[0]), np.diff(edges[1]))
    model.face_flux *= sum(files.trace.mean_w.values()) / (flux * area).sum()
    return model


def our_hotspot(side):
    from packfirst.cli.thermal_cases import solve_hotspot

    found = solve_hotspot(HOTSPOT, side, as_network=False)
    return {row.block: (row.mean_k - 318.15, row.max_k - 318.15) for row in found.rows}


def write(folder, case, version, sizes, found, bodies):
    """Rises by grid and extrapolated, as the reference files of the tests hold them."""
    lines = [
        f"# Rises in K over the fluid, computed by {version}, 20-node hexahedra, by benchmarks/thermal_ccx.py.",
        "# Grids: "
        + "; ".join(
            f"cells to {cell} mm, {elements} elements, {nodes} nodes" for cell, elements, nodes in sizes
        ),
        "# mean: over a block's heated face or a die's heated volume; max: over its nodes; extrapolated: second order",
        "name," + ",".join(f"mean_{cell}mm" for cell, *_ in sizes) + ",mean_extrapolated,max_finest",
    ]
    ratio = sizes[-2][0] / sizes[-1][0]
    for name in found[-1]:
        means = [rises[name][0] for rises in found]
        limit = means[-1] + (means[-1] - means[-2]) / (ratio**2 - 1.0)
        lines.append(
            f"{name}," + ",".join(f"{v:.5f}" for v in means) + f",{limit:.5f},{found[-1][name][1]:.5f}"
        )
    (folder / f"calculix_{case}.csv").write_text("\n".join(lines) + "\n")
    if bodies:
        (folder / f"calculix_{case}_bodies.csv").write_text(bodies)


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--ccx", required=True, help="CalculiX's executable")
    arguments.add_argument("--case", nargs="+", default=["hotspot", "lidded"], choices=["hotspot", "lidded"])
    arguments.add_argument(
        "--cells", type=float, nargs="+", default=[2.0, 1.0], help="widest cell on the die, mm"
    )
    arguments.add_argument("--write", type=Path, help="folder for the rises (two or more cell sizes)")
    given = arguments.parse_args()
    spoken = subprocess.run([given.ccx, "-v"], capture_output=True, text=True, check=False).stdout
    version = "CalculiX " + spoken.strip().rpartition(" ")[2]
    for case in given.case:
        print(f"{case}, {version}")
        found, sizes, bodies = [], [], ""
        for cell in given.cells:
            if case == "hotspot":
                model = hotspot_model(cell)
            else:
                from thermal_ccx_package import package_model

                model = package_model(cell)
            rises, elements, nodes, seconds = solved(given.ccx, model)
            print(
                f"  CalculiX, cells to {cell} mm: {elements} elements, {nodes} nodes, {seconds:.1f} s",
                flush=True,
            )
            found.append(rises)
            sizes.append((cell, elements, nodes))
        if case == "hotspot":
            ours = our_hotspot(128)
        else:
            from thermal_ccx_package import frozen, our_package

            ours, bodies = our_package(0.7), frozen()
        if given.write:
            write(given.write, case, version, sizes, found, bodies)
        print(
            f"  {'':12s} {'mean rise K, CalculiX':>28s} {'ours':>9s} {'apart':>8s}    {'largest':>9s} {'ours':>9s}"
        )
        for name in found[-1]:
            means = " ".join(f"{rises[name][0]:9.4f}" for rises in found)
            there, here = found[-1][name], ours[name]
            print(
                f"  {name:12s} {means} {here[0]:9.4f} {100 * (here[0] / there[0] - 1):+7.2f}%    {there[1]:9.4f} "
                f"{here[1]:9.4f} {100 * (here[1] / there[1] - 1):+7.2f}%"
            )


if __name__ == "__main__":
    sys.exit(main())
