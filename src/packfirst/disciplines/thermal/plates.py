"""Stacks of plates of different outline as conduction problems: a die on its spreader on its sink, or a 3-D stack."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.thermal.conduction import Problem
from packfirst.disciplines.thermal.hotspot_network import Network
from packfirst.disciplines.thermal.mesh import Mesh, snapped

Floats = NDArray[np.float64]

# A powered layer sets its heat free at its face away from the sink; this much of its thickness stands for the face.
SHEET = 0.01
# Lateral cells grow by this from one to the next outside the die, up to this part of the sink's side.
GROWTH, COARSEST = 1.3, 1.0 / 24.0
# Through a layer a cell is at most this many lateral cells high.
TALL = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """One layer of a stack: outline x0, x1, y0, y1, faces from the bottom up (n + 1), and what it is made of."""

    outline_m: tuple[float, float, float, float]
    faces_m: Floats
    conductivity_w_per_m_k: float
    in_plane_w_per_m_k: float
    capacity_j_per_m3_k: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacked:
    """Plates on a grid.

    Attributes
    ----------
    problem : Problem
    capacity_j_per_k : ndarray, shape (nx, ny, nz)
        Of each cell.
    first : tuple of int
        Lowest cell of each plate, from the bottom up.
    """

    problem: Problem
    capacity_j_per_k: Floats
    first: tuple[int, ...]


def stacked(
    plates: Sequence[Plate],
    x_m: ArrayLike,
    y_m: ArrayLike,
    *,
    h_top: float = 0.0,
    t_top_k: float = 300.0,
    h_bottom: float = 0.0,
    t_bottom_k: float = 300.0,
) -> Stacked:
    """Plates from the bottom up on lateral edges x_m (nx + 1,), y_m (ny + 1,); films on the outer faces [W/(m2 K)].

    Cells belong to a plate when their centre lies within its outline.
    """
    z, first = [np.zeros(1)], []
    for plate in plates:
        first.append(sum(len(part) for part in z) - 1)
        z.append(z[-1][-1] + plate.faces_m[1:])
    mesh = Mesh(
        x_m=np.asarray(x_m, dtype=np.float64), y_m=np.asarray(y_m, dtype=np.float64), z_m=np.concatenate(z)
    )
    flat, through, capacity = (np.zeros(mesh.shape) for _ in range(3))
    cx, cy, _ = mesh.centres_m
    for plate, start in zip(plates, first, strict=True):
        x0, x1, y0, y1 = plate.outline_m
        here = ((cx > x0) & (cx < x1))[:, None] & ((cy > y0) & (cy < y1))[None, :]
        high = slice(start, start + len(plate.faces_m) - 1)
        flat[here, high] = plate.in_plane_w_per_m_k
        through[here, high] = plate.conductivity_w_per_m_k
        capacity[here, high] = plate.capacity_j_per_m3_k
    problem = Problem(
        mesh=mesh, kx=flat, ky=flat, kz=through, h_top=np.asarray(h_top), t_top_k=t_top_k,
        h_bottom=np.asarray(h_bottom), t_bottom_k=t_bottom_k,
    )  # fmt: skip
    return Stacked(problem=problem, capacity_j_per_k=capacity * mesh.volume_m3, first=tuple(first))


def _faces(thickness_m: float, tallest_m: float, sheet: bool) -> Floats:
    """Faces of a layer cut into equal cells, after a thin one that stands for its lower face where that is heated."""
    start = SHEET * thickness_m if sheet else 0.0
    count = max(2, int(np.ceil((thickness_m - start) / tallest_m - 1e-9)))
    inner = np.linspace(start, thickness_m, count + 1)
    return np.insert(inner, 0, 0.0) if sheet else inner


def hotspot_geometry(
    network: Network, powered: Sequence[bool], capacity_j_per_m3_k: ArrayLike | None = None
) -> Stacked:
    """What a HotSpot network stands for, resolved: die on interface on spreader on sink, both with their overhang.

    Parameters
    ----------
    network : Network
        `columns` x `rows` cells lie on the die; its centre is that of spreader and sink.
    powered : sequence of bool, shape (n,)
        Layers whose lower face is heated: their lowest cells are thin.
    capacity_j_per_m3_k : array_like, shape (n + 2,), optional
        Heat capacity of the layers, spreader and sink.

    Notes
    -----
    The sink's convection resistance is a film 1 / (r_convec area) over its whole upper face; all other faces are
    adiabatic, as in HotSpot. Heat crosses a layer that is not lateral straight up.
    """
    w, h = network.width_m, network.height_m
    cell = min(w / network.columns, h / network.rows)
    spreader, sink = network.spreader, network.sink
    n = len(np.atleast_1d(network.thickness_m))
    capacity = (
        np.zeros(n + 2) if capacity_j_per_m3_k is None else np.asarray(capacity_j_per_m3_k, dtype=np.float64)
    )

    def centred(side_m: float) -> tuple[float, float, float, float]:
        return 0.5 * (w - side_m), 0.5 * (w + side_m), 0.5 * (h - side_m), 0.5 * (h + side_m)

    outlines = [(0.0, w, 0.0, h)] * n + [centred(spreader.side_m), centred(sink.side_m)]
    thickness = [*np.atleast_1d(network.thickness_m), spreader.thickness_m, sink.thickness_m]
    k = [
        *np.atleast_1d(network.conductivity_w_per_m_k),
        spreader.conductivity_w_per_m_k,
        sink.conductivity_w_per_m_k,
    ]
    lateral = [*np.atleast_1d(network.lateral), True, True]
    heated = [*powered, False, False]
    boxes = [(*outlines[i], 0.0, 1.0) for i in (-1, -2, 0)]
    wide = max(cell, sink.side_m * COARSEST)
    grid = snapped(boxes, [wide, wide, cell], max_ratio=GROWTH, vertical_cell_m=1.0)
    plates = []
    for number, outline in enumerate(outlines):
        # Farther out the field is smoother: what lies beyond the spreader is cut twice as coarse.
        tallest = TALL * cell * (2.0 if number == n + 1 else 1.0)
        plates.append(
            Plate(
                outline_m=outline, faces_m=_faces(thickness[number], tallest, heated[number]),
                conductivity_w_per_m_k=float(k[number]),
                # a layer without lateral conduction keeps a trace of it: a cell is void in all directions or in none
                in_plane_w_per_m_k=float(k[number]) * (1.0 if lateral[number] else 1e-9),
                capacity_j_per_m3_k=float(capacity[number]),
            )
        )  # fmt: skip
    film = 1.0 / (network.r_convec_k_per_w * sink.side_m**2)
    # The sink is the highest body of every column, so that a film on top lies on it alone.
    return stacked(plates, grid.x_m, grid.y_m, h_top=film, t_top_k=network.ambient_k)
