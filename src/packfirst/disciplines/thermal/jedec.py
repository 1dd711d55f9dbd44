"""Thermal metrics of a package by their definitions: theta-JA, theta-JB, theta-JC, psi-JT, psi-JB, for several die.

A metric belongs to an environment and to one heated die: the rise of die i over the environment's reference per watt
in die j alone, so that several die give a matrix and not one theta [4]_. The junction of a die is the centre of its
circuits, where a thermal test die has its sensor.

References
----------
.. [1] JESD51-12.01, "Guidelines for reporting and using electronic package thermal information", JEDEC, 2012: which
   metric is what.
.. [2] JESD51-2A, still air; JESD51-6, forced air; JESD51-8, junction to board with a ring-shaped cold plate; JEDEC.
.. [3] JESD51-7 and JESD51-9, boards with four layers: 1.6 mm, solid planes of 35 um inside, traces of 70 um outside,
   101.5 x 114.5 mm for packages of 27 mm and more, else 76.2 x 114.3 mm.
.. [4] JESD51-31, "Thermal test environment modifications for multichip packages", JEDEC, 2008.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.thermal.conduction import Problem, prepare
from packfirst.disciplines.thermal.mesh import Mesh, paint, snapped

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float, float, float]

_AMBIENT_K = 298.15
_SIGMA = 5.670374e-8  # CODATA 2018 [W/(m2 K4)]
# Board: FR-4 with 35 um planes, 95 % solid, and 70 um traces that cover a fifth; copper 390, FR-4 0.35 W/(m K).
BOARD_M = 1.6e-3
_LAYERS = 5  # slices; heat spreads in the upper plane and leaves by the upper film without passing the middle
_SMALL_BODY_M = 27e-3
_EDGE_M = 1e-3  # from the package to where the board's temperature is read [2]_
_RING_M = 5e-3  # from the package to the ring cold plate, the least that [2]_ allows
_SWEEPS = 4  # films follow the temperatures of the faces: their change after four is below a thousandth


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A box of the package with its conductivities [W/(m K)]; z counts from the face that meets the board."""

    box_m: Box
    in_plane: float
    through: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The circuits of one die: the box in which its heat is set free."""

    name: str
    box_m: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Matrices of K/W: row i is the die that is read, column j the one that is heated.

    Attributes
    ----------
    air_m_per_s : tuple of float
        Speeds of the air, 0 for still air.
    theta_ja, psi_jt, psi_jb : ndarray, shape (n_speeds, n, n)
        Over the air, the centre of the package's upper face, and the board at its edge, in moving or still air.
    theta_jb : ndarray, shape (n, n)
        Over the board at the package's edge, all heat driven into the board.
    theta_jc : ndarray, shape (n, n)
        Over the case face, all heat driven into it and held at one temperature.
    """

    names: tuple[str, ...]
    air_m_per_s: tuple[float, ...]
    theta_ja: Floats
    psi_jt: Floats
    psi_jb: Floats
    theta_jb: Floats
    theta_jc: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A test board; by default the four-layer board for the package's size."""

    size_m: tuple[float, float]
    in_plane: float = field(default=0.0)
    through: float = 0.38

    @staticmethod
    def four_layer(side_m: float) -> "Board":
        """That of JESD51-7 and JESD51-9 for a package of this side."""
        size = (0.1015, 0.1145) if side_m >= _SMALL_BODY_M else (0.0762, 0.1143)
        copper = 2 * 35e-6 * 0.95 + 2 * 70e-6 * 0.2
        return Board(size_m=size, in_plane=(390.0 * copper + 0.35 * (BOARD_M - copper)) / BOARD_M)


def metrics(
    parts: Sequence[Part],
    sources: Sequence[Source],
    *,
    cell_m: float,
    air_m_per_s: Sequence[float] = (0.0, 1.0, 2.0),
    board: Board | None = None,
    case_face: str = "top",
    watts: float = 1.0,
) -> Metrics:
    """All metrics of a package.

    Parameters
    ----------
    parts : sequence of Part
        In painting order; the lowest face of all lies on the board at z = 0.
    sources : sequence of Source
        One for each die, all inside parts.
    cell_m : float
        Largest lateral cell over the package; the board beyond has cells three times as large.
    case_face : str
        'top' or 'bottom': the face that theta-JC means.
    watts : float
        Power at which the films are taken, shared by all die: warmer faces are cooled better.

    Raises
    ------
    ValueError
        No source, or one that covers no cell.
    conduction.NotConverged
    """
    if not sources:
        raise ValueError("sources: needs one heated die")
    boxes = np.array([part.box_m for part in parts])
    outline = (boxes[:, 0].min(), boxes[:, 1].max(), boxes[:, 2].min(), boxes[:, 3].max())
    side = max(outline[1] - outline[0], outline[3] - outline[2])
    on = board or Board.four_layer(side)
    scene = _scene(parts, sources, outline, on, cell_m)
    alone = _scene(parts, sources, outline, None, cell_m)
    n = len(sources)
    ja, jt, jb = (np.zeros((len(air_m_per_s), n, n)) for _ in range(3))
    for number, speed in enumerate(air_m_per_s):
        for heated, rise in enumerate(_in_air(scene, speed, watts)):
            own = scene.junctions(rise)
            ja[number, :, heated] = own
            jt[number, :, heated] = own - scene.case_top(rise)
            jb[number, :, heated] = own - scene.board_edge(rise)
    return Metrics(
        names=tuple(item.name for item in sources), air_m_per_s=tuple(air_m_per_s), theta_ja=ja, psi_jt=jt,
        psi_jb=jb, theta_jb=_to_board(scene), theta_jc=_to_case(alone, case_face),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    mesh: Mesh
    k: tuple[Floats, Floats]
    maps: Floats  # (n, nx, ny, nz), one watt each
    sensors: tuple[tuple[float, float, int], ...]  # x, y and level of each die's centre
    outline: tuple[float, float, float, float]
    over: NDArray[np.bool_]  # columns of the package

    def _read(self, rise: Floats, x_m: float, y_m: float, level: int) -> float:
        """Rise at a point of a level, between the four cells around it."""
        cx, cy, _ = self.mesh.centres_m
        along = np.array([np.interp(y_m, cy, row) for row in rise[:, :, level]])
        return float(np.interp(x_m, cx, along))

    def junctions(self, rise: Floats) -> Floats:
        return np.array([self._read(rise, *at) for at in self.sensors])

    def case_top(self, rise: Floats) -> float:
        """Rise of the uppermost cells at the package's centre."""
        x0, x1, y0, y1 = self.outline
        x, y = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
        cx, cy, _ = self.mesh.centres_m
        column = self.k[1][int(np.argmin(np.abs(cx - x))), int(np.argmin(np.abs(cy - y)))]
        return self._read(rise, x, y, int(np.flatnonzero(column > 0.0)[-1]))

    def board_edge(self, rise: Floats) -> float:
        """Rise of the board's upper slice 1 mm from the middle of the package's four edges, their mean."""
        x0, x1, y0, y1 = self.outline
        x, y = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
        top = int(np.searchsorted(self.mesh.centres_m[2], 0.0)) - 1
        places = ((x0 - _EDGE_M, y), (x1 + _EDGE_M, y), (x, y0 - _EDGE_M), (x, y1 + _EDGE_M))
        return float(np.mean([self._read(rise, *at, top) for at in places]))


def _scene(
    parts: Sequence[Part],
    sources: Sequence[Source],
    outline: tuple[float, float, float, float],
    board: Board | None,
    cell_m: float,
) -> _Scene:
    x0, x1, y0, y1 = outline
    boxes = [part.box_m for part in parts]
    pairs = [(part.in_plane, part.through) for part in parts]
    cells = [cell_m] * len(parts)
    grid_boxes, grid_cells = list(boxes), list(cells)
    if board is not None:
        mx, my = 0.5 * (x0 + x1), 0.5 * (y0 + y1)
        wx, wy = 0.5 * max(board.size_m[0], x1 - x0), 0.5 * max(board.size_m[1], y1 - y0)
        whole = (mx - wx, mx + wx, my - wy, my + wy)
        near = (x0 - 2 * _EDGE_M, x1 + 2 * _EDGE_M, y0 - 2 * _EDGE_M, y1 + 2 * _EDGE_M)
        ring = (x0 - _RING_M, x1 + _RING_M, y0 - _RING_M, y1 + _RING_M)
        edges = np.linspace(-BOARD_M, 0.0, _LAYERS + 1)
        plate = (*whole, -BOARD_M, 0.0)
        boxes, pairs = [plate, *boxes], [(board.in_plane, board.through), *pairs]
        slices = [(*whole, float(low), float(high)) for low, high in pairwise(edges)]
        grid_boxes += [*slices, (*near, -BOARD_M, 0.0), (*ring, -BOARD_M, 0.0)]
        grid_cells += [3.0 * cell_m] * len(slices) + [min(cell_m, _EDGE_M), 2.0 * cell_m]
    grid_boxes += [source.box_m for source in sources]
    grid_cells += [cell_m] * len(sources)
    mesh = snapped(grid_boxes, grid_cells, vertical_cell_m=2.0 * cell_m)
    label = paint(mesh, boxes)
    table = np.array([*pairs, (0.0, 0.0)])
    heated = [paint(mesh, [source.box_m]) == 0 for source in sources]
    for source, cell in zip(sources, heated, strict=True):
        if not cell.any() or (label[cell] < 0).any():
            raise ValueError(f"sources: {source.name} lies outside the package's parts")
    volume = mesh.volume_m3
    maps = np.stack([np.where(cell, volume, 0.0) / volume[cell].sum() for cell in heated])
    cx, cy, cz = mesh.centres_m
    sensors = []
    for source in sources:
        ax, bx, ay, by, az, bz = source.box_m
        level = int(np.argmin(np.abs(cz - 0.5 * (az + bz))))
        sensors.append((0.5 * (ax + bx), 0.5 * (ay + by), level))
    over = ((cx > x0) & (cx < x1))[:, None] & ((cy > y0) & (cy < y1))[None, :]
    return _Scene(
        mesh=mesh,
        k=(table[label, 0], table[label, 1]),
        maps=maps,
        sensors=tuple(sensors),
        outline=outline,
        over=over,
    )


def _rises(
    scene: _Scene, h_top: Floats, h_bottom: Floats, power_w: Floats, h_side: float = 0.0, tolerance: float = 1e-8
) -> Floats:  # fmt: skip
    flat, through = scene.k
    problem = Problem(
        mesh=scene.mesh, kx=flat, ky=flat, kz=through, h_top=h_top, t_top_k=0.0, h_bottom=h_bottom, t_bottom_k=0.0,
        h_side=h_side, t_side_k=0.0,
    )  # fmt: skip
    return prepare(problem).solve(power_w, tolerance=tolerance).temperature_k


def _to_board(scene: _Scene) -> Floats:
    """JESD51-8: everything insulated but the ring, which is held on both faces of the board."""
    x0, x1, y0, y1 = scene.outline
    cx, cy, _ = scene.mesh.centres_m
    inside = ((cx > x0 - _RING_M) & (cx < x1 + _RING_M))[:, None] & (
        (cy > y0 - _RING_M) & (cy < y1 + _RING_M)
    )[None, :]
    ring = np.where(inside, 0.0, np.inf)
    rises = _rises(scene, ring, ring, scene.maps)
    return np.array([scene.junctions(rise) - scene.board_edge(rise) for rise in rises]).T


def _to_case(scene: _Scene, face: str) -> Floats:
    """The case face held, all else insulated: the cold plate of JESD51-14 in its limit."""
    held, free = np.where(scene.over, np.inf, 0.0), np.zeros(scene.over.shape)
    top, bottom = (held, free) if face == "top" else (free, held)
    return np.array([scene.junctions(rise) for rise in _rises(scene, top, bottom, scene.maps)]).T


def _in_air(scene: _Scene, speed: float, watts: float) -> Floats:
    """Rises over the air per watt in each die, shape (n, nx, ny, nz).

    Films follow the faces' own mean rises while all die share the power; they are the same for each die heated alone,
    so that the matrix can be superposed.
    """
    dx, dy, _ = scene.mesh.sizes_m
    area = np.outer(dx, dy)
    solid = scene.k[1] > 0.0
    highest = solid.shape[2] - 1 - np.argmax(solid[:, :, ::-1], axis=2)
    ix, iy = np.indices(highest.shape)
    size = (float(dx.sum()), float(dy.sum()))
    faces = dict.fromkeys(("package", "board", "below"), 20.0)
    for sweep in range(_SWEEPS + 1):
        h = {name: film(rise, size, speed, upward=name != "below") for name, rise in faces.items()}
        above, below = np.where(scene.over, h["package"], h["board"]), np.full(area.shape, h["below"])
        if sweep == _SWEEPS:
            break
        found = _rises(scene, above, below, watts * scene.maps.mean(axis=0), h["package"], tolerance=1e-4)
        upper, lower = found[ix, iy, highest], found[:, :, 0]
        faces = {
            "package": float(np.average(upper[scene.over], weights=area[scene.over])),
            "board": float(np.average(upper[~scene.over], weights=area[~scene.over])),
            "below": float(np.average(lower, weights=area)),
        }
    return _rises(scene, above, below, scene.maps, h["package"])


def film(rise_k: float, size_m: tuple[float, float], speed_m_per_s: float, *, upward: bool) -> float:
    """Film on a horizontal face of a test board in still or moving air, with radiation. [W/(m2 K)]

    Still air: Nu = 0.54 Ra^(1/4) above and 0.27 Ra^(1/4) below a heated plate, on area over perimeter (McAdams, "Heat
    Transmission", 3rd ed., 1954; the length of Goldstein, Sparrow, Jones 1973). Moving air: laminar plate,
    Nu = 0.664 Re^(1/2) Pr^(1/3) (Pohlhausen 1921), on the mean side; the larger of both. Radiation with emissivity 0.9
    to walls at the air's temperature. Air at 1 bar and 50 degC: k 0.0279 W/(m K), nu 1.8e-5 m2/s, Pr 0.71.
    """
    k, nu, prandtl = 0.0279, 1.8e-5, 0.71
    rise = max(rise_k, 1e-3)
    mean_k = _AMBIENT_K + 0.5 * rise
    length = size_m[0] * size_m[1] / (2.0 * (size_m[0] + size_m[1]))
    rayleigh = 9.81 * rise * length**3 * prandtl / (mean_k * nu**2)
    free = (0.54 if upward else 0.27) * rayleigh**0.25 * k / length
    along = 0.5 * (size_m[0] + size_m[1])
    forced = 0.664 * (speed_m_per_s * along / nu) ** 0.5 * prandtl ** (1.0 / 3.0) * k / along
    face_k = _AMBIENT_K + rise
    radiated = 0.9 * _SIGMA * (face_k**2 + _AMBIENT_K**2) * (face_k + _AMBIENT_K)
    return float(max(free, forced) + radiated)
