"""Rectilinear grids whose edges lie on the faces of the bodies, and bodies painted on them."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

MERGE_M = 1e-9  # faces closer than this are one face: below any process tolerance, above rounding of metres


@dataclass(frozen=True, slots=True, kw_only=True)
class Mesh:
    """Edges of a rectilinear grid, strictly rising.

    Attributes
    ----------
    x_m, y_m, z_m : ndarray, shapes (nx + 1,), (ny + 1,), (nz + 1,)
        z points up, from the board to the lid.
    """

    x_m: Floats
    y_m: Floats
    z_m: Floats

    def __post_init__(self) -> None:
        for name in ("x_m", "y_m", "z_m"):
            edges = np.ascontiguousarray(getattr(self, name), dtype=np.float64)
            if (
                edges.ndim != 1
                or len(edges) < 2
                or not np.all(np.isfinite(edges))
                or np.any(np.diff(edges) <= 0.0)
            ):
                raise ValueError(f"{name}: needs two or more finite, strictly rising edges")
            object.__setattr__(self, name, edges)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Cells along x, y, z."""
        return len(self.x_m) - 1, len(self.y_m) - 1, len(self.z_m) - 1

    @property
    def sizes_m(self) -> tuple[Floats, Floats, Floats]:
        """Cell sizes along x, y, z."""
        return np.diff(self.x_m), np.diff(self.y_m), np.diff(self.z_m)

    @property
    def centres_m(self) -> tuple[Floats, Floats, Floats]:
        """Cell centres along x, y, z."""
        return tuple(0.5 * (e[1:] + e[:-1]) for e in (self.x_m, self.y_m, self.z_m))  # type: ignore[return-value]

    @property
    def volume_m3(self) -> Floats:
        """Cell volumes, shape (nx, ny, nz)."""
        dx, dy, dz = self.sizes_m
        return np.asarray(dx[:, None, None] * dy[None, :, None] * dz[None, None, :])

    def refined(self, factor: int = 2, vertical: int | None = None) -> "Mesh":
        """Every cell cut into `factor` equal parts sideways and `vertical` (default the same) parts in z."""
        return Mesh(
            x_m=_cut(self.x_m, factor), y_m=_cut(self.y_m, factor), z_m=_cut(self.z_m, vertical or factor)
        )


def _cut(edges: Floats, factor: int) -> Floats:
    parts = np.arange(factor) / factor
    inner = edges[:-1, None] + np.diff(edges)[:, None] * parts
    return np.append(inner.ravel(), edges[-1])


def _faces(pairs: Floats, low: float, high: float) -> Floats:
    """Sorted distinct faces within [low, high]; of faces closer than MERGE_M the first stays."""
    values = np.sort(np.concatenate([pairs.ravel(), [low, high]]))
    values = values[(values >= low - MERGE_M) & (values <= high + MERGE_M)]
    kept = [values[0]]
    for value in values[1:]:
        if value - kept[-1] > MERGE_M:
            kept.append(value)
    return np.array(kept)


def _graded(faces: Floats, size: Floats, growth: float) -> Floats:
    """Edges on all faces, no cell larger than `size` of its interval and sizes growing by about `growth` per metre.

    The wanted size is s(x) = min over intervals (size_i + growth * distance to interval i). An interval gets
    ceil(integral of dx / s) cells of equal share of that integral, so that no cell exceeds the largest s inside it.
    """
    length = np.diff(faces)
    own = np.minimum(size, length)
    at_faces = np.minimum(np.append(own, np.inf), np.insert(own, 0, np.inf))
    for i in range(1, len(at_faces)):
        at_faces[i] = min(at_faces[i], at_faces[i - 1] + growth * length[i - 1])
    for i in range(len(at_faces) - 2, -1, -1):
        at_faces[i] = min(at_faces[i], at_faces[i + 1] + growth * length[i])
    edges = [faces[:1]]
    for i, span in enumerate(length):
        a, b, cap = at_faces[i], at_faces[i + 1], own[i]
        if growth <= 0.0 or (a >= cap and b >= cap):
            n = max(1, int(np.ceil(span / cap - 1e-9)))
            inner = faces[i] + span * np.arange(1, n + 1) / n
        else:
            inner = faces[i] + _ramps(float(a), float(b), float(cap), float(span), growth)
        inner[-1] = faces[i + 1]
        edges.append(inner)
    return np.concatenate(edges)


def _ramps(a: float, b: float, cap: float, span: float, growth: float) -> Floats:
    """Edges after the first within a span, for s(t) = min(a + growth t, b + growth (span - t), cap).

    The integral of dt / s is a logarithm on either ramp and a straight line between them, so that faces 50 nm apart
    cost a few cells more and not what a sampled integral would make of 1 / s next to them.
    """
    peak = min(cap, 0.5 * (a + b + growth * span))
    # a wanted size at one end that the other end's ramp does not reach is not met within this span
    peak = max(peak, a, b)
    up, down = (peak - a) / growth, span - (peak - b) / growth
    log_up, flat, log_down = np.log(peak / a) / growth, max(down - up, 0.0) / peak, np.log(peak / b) / growth
    total = log_up + flat + log_down
    n = max(1, int(np.ceil(total - 1e-9)))
    share = total * np.arange(1, n + 1) / n
    rising = a * np.expm1(growth * np.minimum(share, log_up)) / growth
    level = peak * np.clip(share - log_up, 0.0, flat)
    falling = peak * -np.expm1(-growth * np.maximum(share - log_up - flat, 0.0)) / growth
    return np.asarray(rising + level + falling)


def snapped(
    boxes_m: ArrayLike,
    cell_m: ArrayLike,
    domain_m: ArrayLike | None = None,
    vertical_cells: int = 1,
    max_ratio: float = 1.6,
    vertical_cell_m: float | None = None,
) -> Mesh:
    """Grid with an edge on every face of every box.

    Parameters
    ----------
    boxes_m : array_like, shape (n, 6)
        Columns x0, x1, y0, y1, z0, z1.
    cell_m : float or array_like, shape (n,)
        Largest lateral cell, overall or within the outline of each box; between boxes the largest of them holds.
    domain_m : array_like, shape (6,), optional
        Outer box; default the box around all. Faces outside are ignored.
    vertical_cells : int
        Least number of cells through each layer between two consecutive z faces.
    max_ratio : float
        Growth of lateral cell size from one cell to the next; exceeded only where two faces stand closer than that.
    vertical_cell_m : float, optional
        Largest cell height; default the smallest `cell_m`. A layer thinner than a lateral cell has an almost linear
        temperature through it, so one cell holds it; a thicker one is cut so that cells are no taller than wide.

    Raises
    ------
    ValueError
        A box without volume, a number that is not finite, a cell size that is not positive.

    Notes
    -----
    Faces closer than 1e-9 m (`MERGE_M`) count as one.
    """
    boxes = np.atleast_2d(np.asarray(boxes_m, dtype=np.float64))
    if boxes.ndim != 2 or boxes.shape[1] != 6 or len(boxes) == 0:
        raise ValueError("boxes_m: needs shape (n, 6)")
    if not np.all(np.isfinite(boxes)) or np.any(boxes[:, 1::2] - boxes[:, ::2] <= MERGE_M):
        raise ValueError("boxes_m: each box needs finite faces and a positive size along x, y and z")
    cell = np.broadcast_to(np.asarray(cell_m, dtype=np.float64), (len(boxes),))
    if not np.all(cell > 0.0) or vertical_cells < 1 or not max_ratio > 1.0:
        raise ValueError("cell_m must be positive, vertical_cells at least 1, max_ratio above 1")
    if domain_m is None:
        domain = np.empty(6)
        domain[::2], domain[1::2] = boxes[:, ::2].min(axis=0), boxes[:, 1::2].max(axis=0)
    else:
        domain = np.asarray(domain_m, dtype=np.float64)
    edges = []
    for axis in (0, 1):
        low, high = domain[2 * axis], domain[2 * axis + 1]
        faces = _faces(boxes[:, 2 * axis : 2 * axis + 2], low, high)
        middle = 0.5 * (faces[1:] + faces[:-1])
        size = np.full(len(middle), cell.max())
        for box, wanted in zip(boxes, cell, strict=True):
            inside = (middle > box[2 * axis]) & (middle < box[2 * axis + 1])
            size[inside] = np.minimum(size[inside], wanted)
        edges.append(_graded(faces, size, max_ratio - 1.0))
    tall = float(cell.min()) if vertical_cell_m is None else vertical_cell_m
    layers = _faces(boxes[:, 4:6], domain[4], domain[5])
    levels = [layers[:1]]
    for bottom, top in pairwise(layers):
        n = max(vertical_cells, int(np.ceil((top - bottom) / tall - 1e-9)))
        inner = bottom + (top - bottom) * np.arange(1, n + 1) / n
        inner[-1] = top
        levels.append(inner)
    return Mesh(x_m=edges[0], y_m=edges[1], z_m=np.concatenate(levels))


def paint(mesh: Mesh, boxes_m: ArrayLike, values: ArrayLike | None = None) -> NDArray[np.int32]:
    """Value of the last box that covers each cell centre; -1 where there is none. Shape (nx, ny, nz), int32.

    Parameters
    ----------
    boxes_m : array_like, shape (n, 6)
        Columns x0, x1, y0, y1, z0, z1; later boxes win over earlier ones.
    values : array_like of int, shape (n,), optional
        What each box paints; default its index.
    """
    boxes = np.asarray(boxes_m, dtype=np.float64).reshape(-1, 6)
    labels = np.arange(len(boxes)) if values is None else np.asarray(values)
    painted = np.full(mesh.shape, -1, dtype=np.int32)
    for box, label in zip(boxes, labels, strict=True):
        cut = tuple(
            slice(*np.searchsorted(centre, box[2 * axis : 2 * axis + 2]))
            for axis, centre in enumerate(mesh.centres_m)
        )
        painted[cut] = label
    return painted
