"""HotSpot's grid model, its lumping included: for comparing with it, not for deciding on a package.

Each layer, spreader and sink too, is one plane of nodes over the outline of the die. Neighbours in a plane are joined
by the full lateral resistance of a cell, a node and the one on the sink's side of it by the full through resistance of
its own plane. What of spreader and sink lies outside the outline is twelve nodes: west, east, north, south of the
spreader, of the sink above it, and of the sink beyond it.

All planes are uniform, so that without the lumped nodes cosine waves diagonalise the network [2]_: one tridiagonal
system through the planes per wave. The lumped nodes draw heat from edge cells of spreader and sink only. Conjugate
gradients preconditioned by the exact inverse find what they draw; as residual and heat drawn live on those edges, a
step needs the inverse from edge to edge alone, and the number of steps does not grow with the grid.

References
----------
.. [1] W. Huang, S. Ghosh, S. Velusamy, K. Sankaranarayanan, K. Skadron, M. R. Stan, "HotSpot: a compact thermal
   modeling methodology for early-stage VLSI design", IEEE Trans. VLSI Syst. 14(5), 501-513, 2006,
   doi:10.1109/TVLSI.2006.876103; the lumped shares as version 7 of the program takes them, without `detailed_3D`.
.. [2] R. W. Hockney, "A fast direct solution of Poisson's equation using Fourier analysis", J. ACM 12(1), 95-113, 1965.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.thermal import cosine_waves

Floats = NDArray[np.float64]

SIDES = ("west", "east", "north", "south")
LUMPED = tuple(f"{part}_{side}" for part in ("spreader", "sink_inner", "sink_outer") for side in SIDES)
MAX_ITERATIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """Spreader or sink: a square plate centred over the die."""

    side_m: float
    thickness_m: float
    conductivity_w_per_m_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A stack of planes and its way out.

    Attributes
    ----------
    width_m, height_m : float
        Outline of the die along x and y.
    columns, rows : int
        Cells along x and y.
    thickness_m, conductivity_w_per_m_k, lateral : array_like, shape (n,)
        Of each layer below the spreader, the farthest from the sink first; a layer that is not lateral conducts
        through only.
    r_convec_k_per_w : float
        Of the whole sink.
    """

    width_m: float
    height_m: float
    columns: int
    rows: int
    thickness_m: ArrayLike
    conductivity_w_per_m_k: ArrayLike
    lateral: ArrayLike
    spreader: Plate
    sink: Plate
    r_convec_k_per_w: float
    ambient_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSolution:
    """Temperatures of the network, with their proof.

    Attributes
    ----------
    temperature_k : ndarray, shape (n + 2, nx, ny)
        Layers as given, then spreader and sink.
    lumped_k : ndarray, shape (12,)
        In the order of `LUMPED`.
    iterations : int
    residual : float
        Euclidean norm of the heat left over in the nodes over that of the heat put in.
    balance : float
        |heat in - heat to ambient| / heat in.
    """

    temperature_k: Floats
    lumped_k: Floats
    iterations: int
    residual: float
    balance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lumps:
    """The twelve lumped nodes, and their links to the edge cells of spreader and sink.

    `own` (12, 12) holds the links among them and to ambient; `edge` (2, 4) the conductance from one edge cell of the
    spreader or sink to its lumped node, by side; `ambient` (12,) the way out.
    """

    own: Floats
    edge: Floats
    ambient: Floats


def _lumps(network: Network) -> _Lumps:
    """Conductances of the overhang [W/K]: trapezoids between outlines, each as a bar of mean width and half length."""
    w, h = network.width_m, network.height_m
    spreader, sink = network.spreader, network.sink
    ss, sh = spreader.side_m, sink.side_m
    # By side: overhang of the spreader, the edge of the die that it runs along, and cells along that edge.
    over = 0.5 * np.array([ss - w, ss - w, ss - h, ss - h])
    along = np.array([h, h, w, w])
    cells = np.array([network.rows, network.rows, network.columns, network.columns])
    dx, dy = w / network.columns, h / network.rows
    # Full lateral resistance of an edge cell for unit conductivity and thickness: length over width of the cell.
    square = np.array([dx / dy, dx / dy, dy / dx, dy / dx])
    area = (ss + along) * over / 2.0
    outer_area = (sh**2 - ss**2) / 4.0
    film = 1.0 / (network.r_convec_k_per_w * sh**2)
    edge = np.empty((2, 4))
    for number, plate in enumerate((spreader, sink)):
        sheet = plate.conductivity_w_per_m_k * plate.thickness_m
        near = over / 2.0 / (sheet * (ss + 3.0 * along) / 4.0)
        edge[number] = 1.0 / (square / sheet / 2.0 + cells * near)
    sheet = sink.conductivity_w_per_m_k * sink.thickness_m
    far = over / 2.0 / (sheet * (3.0 * ss + along) / 4.0) + (sh - ss) / 4.0 / (sheet * (sh + 3.0 * ss) / 4.0)
    through = spreader.conductivity_w_per_m_k / spreader.thickness_m * area
    up = sink.thickness_m / sink.conductivity_w_per_m_k + 1.0 / film
    ambient = np.concatenate([np.zeros(4), area / up, np.full(4, outer_area / up)])
    own = np.diag(ambient)
    for side in range(4):
        # a spreader that ends with the die, or a sink that ends with the spreader, leaves nodes without substance
        for a, b, g in ((side, 4 + side, through[side]), (4 + side, 8 + side, 1.0 / far[side])):
            own[a, a] += g
            own[b, b] += g
            own[a, b] -= g
            own[b, a] -= g
    own[np.arange(4), np.arange(4)] += edge[0] * cells
    own[np.arange(4, 8), np.arange(4, 8)] += edge[1] * cells
    return _Lumps(own=own, edge=edge, ambient=ambient)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edges:
    """A number per edge cell of spreader and sink: west and east (2 plates, 2 sides, ny), north and south (.., nx)."""

    x: Floats
    y: Floats

    def dot(self, other: "_Edges") -> float:
        return float(np.vdot(self.x, other.x) + np.vdot(self.y, other.y))

    def plus(self, factor: float, other: "_Edges") -> "_Edges":
        return _Edges(x=self.x + factor * other.x, y=self.y + factor * other.y)


def _waves(n: int) -> tuple[Floats, Floats]:
    """Eigenvalue of each cosine wave on n cells, and its value in the first and the last cell (2, n)."""
    number = np.arange(n)
    first = np.sqrt(np.where(number > 0, 2.0, 1.0) / n) * np.cos(0.5 * np.pi * number / n)
    return 4.0 * np.sin(0.5 * np.pi * number / n) ** 2, np.stack([first, first * (-1.0) ** number])


class _Planes:
    """The network: exact inverse of its planes in waves, and the pull of its lumped nodes on the edges."""

    def __init__(self, network: Network) -> None:
        plates = (network.spreader, network.sink)
        t = np.append(network.thickness_m, [plate.thickness_m for plate in plates])
        k = np.append(network.conductivity_w_per_m_k, [plate.conductivity_w_per_m_k for plate in plates])
        sheet = k * t * np.append(network.lateral, [True, True]).astype(np.float64)
        nx, ny = network.columns, network.rows
        dx, dy = network.width_m / nx, network.height_m / ny
        self.gz = k[:-1] / t[:-1] * dx * dy
        self.out = dx * dy / (t[-1] / k[-1] + network.r_convec_k_per_w * network.sink.side_m**2)
        self.lumps = _lumps(network)
        self.inverse = np.linalg.inv(self.lumps.own)
        wave_x, self.end_x = _waves(nx)
        wave_y, end_y = _waves(ny)
        self.end_y = end_y[::-1]  # north, the last row, comes first
        # From the far plane to the sink, what a wave sees besides the link above: carried without that link, so that
        # no digits cancel.
        self.excess = np.empty((len(t), nx, ny))
        for n, lateral in enumerate(sheet):
            self.excess[n] = (lateral * dy / dx * wave_x)[:, None] + (lateral * dx / dy * wave_y)[None, :]
            if n == len(t) - 1:
                self.excess[n] += self.out
            elif n:
                self.excess[n] += self.gz[n - 1] * self.excess[n - 1] / (self.excess[n - 1] + self.gz[n - 1])
        below, above, link = self.excess[-2], self.excess[-1], self.gz[-1]
        determinant = below * above + link * (below + above)
        # Waves of heat into spreader and sink to waves of their rise: a symmetric 2 x 2 block each.
        self.block = (above + link) / determinant, link / determinant, (below + link) / determinant

    def rises(self, power_w: Floats, drawn: _Edges | None = None) -> Floats:
        """Rises of all planes for power (n, nx, ny) and heat put in at the edges."""
        wave = np.zeros_like(self.excess)
        wave[:-2] = cosine_waves.forward_plane(power_w)
        if drawn is not None:
            wave[-2:] = self._edge_waves(drawn)
        for n in range(len(wave) - 2):
            wave[n] /= self.excess[n] + self.gz[n]
            wave[n + 1] += self.gz[n] * wave[n]
        wave[-2:] = self._answer(wave[-2:])
        for n in range(len(wave) - 3, -1, -1):
            wave[n] += self.gz[n] / (self.excess[n] + self.gz[n]) * wave[n + 1]
        return np.asarray(cosine_waves.inverse_plane(wave))

    def _edge_waves(self, heat: _Edges) -> Floats:
        along_y, along_x = (cosine_waves.forward(part) for part in (heat.x, heat.y))
        # einsum, not a matrix product: with an inner size of two, threads of a BLAS only wait for each other
        wave = np.einsum("sx,psy->pxy", self.end_x, along_y)
        wave += np.einsum("sy,psx->pxy", self.end_y, along_x)
        return np.asarray(wave)

    def _answer(self, wave: Floats) -> Floats:
        own, link, sink = self.block
        return np.stack([own * wave[0] + link * wave[1], link * wave[0] + sink * wave[1]])

    def edge_rises(self, heat: _Edges) -> _Edges:
        """Rises of the edge cells for heat put into edge cells: `rises` without what lies between."""
        wave = self._answer(self._edge_waves(heat))
        return _Edges(
            x=cosine_waves.inverse(np.einsum("sx,pxy->psy", self.end_x, wave)),
            y=cosine_waves.inverse(np.einsum("sy,pxy->psx", self.end_y, wave)),
        )

    def lumped(self, rise: _Edges) -> Floats:
        """Rises of the lumped nodes that go with rises of the edges, shape (12,)."""
        total = np.concatenate([rise.x.sum(axis=2), rise.y.sum(axis=2)], axis=1)
        return np.asarray(self.inverse @ np.append(self.lumps.edge * total, np.zeros(4)))

    def pull(self, rise: _Edges) -> _Edges:
        """Heat that the lumped nodes draw from the edges at these rises."""
        lump = self.lumped(rise)[:8].reshape(2, 4, 1)
        g = self.lumps.edge[:, :, None]
        return _Edges(x=g[:, :2] * (rise.x - lump[:, :2]), y=g[:, 2:] * (rise.y - lump[:, 2:]))


def _edges_of(rise: Floats) -> _Edges:
    plates = rise[-2:]
    return _Edges(
        x=np.stack([plates[:, 0], plates[:, -1]], axis=1),
        y=np.stack([plates[:, :, -1], plates[:, :, 0]], axis=1),
    )


def solve(network: Network, power_w: ArrayLike, tolerance: float = 1e-9) -> NetworkSolution:
    """Steady temperatures for power per cell of each layer, shape (n, nx, ny). [K]

    Raises
    ------
    ValueError
        Sizes that are not positive, a power map of another shape or with numbers that are not finite.
    ArithmeticError
        The tolerance on the relative residual was not met.
    """
    layers = np.atleast_1d(np.asarray(network.thickness_m, dtype=np.float64))
    shape = (len(layers), network.columns, network.rows)
    power = np.asarray(power_w, dtype=np.float64)
    if power.shape != shape or not np.isfinite(power).all():
        raise ValueError(f"power_w: shape {power.shape}, expected finite numbers of shape {shape}")
    sizes = (network.width_m, network.height_m, *layers, *np.atleast_1d(network.conductivity_w_per_m_k))
    if not all(np.isfinite(size) and size > 0.0 for size in sizes):
        raise ValueError("thickness_m, conductivity_w_per_m_k, width_m, height_m: must be positive")
    if not max(network.width_m, network.height_m) < network.spreader.side_m < network.sink.side_m:
        raise ValueError(
            "spreader, sink: the network needs a spreader larger than the die and a sink larger still"
        )
    planes = _Planes(network)
    norm = float(np.linalg.norm(power)) or 1.0
    r = planes.pull(_edges_of(planes.rises(power)))
    r = _Edges(x=-r.x, y=-r.y)
    drawn = p = p_heat = q = _Edges(x=np.zeros_like(r.x), y=np.zeros_like(r.y))
    rz, iterations = 1.0, 0
    while r.dot(r) > (tolerance * norm) ** 2:
        if iterations == MAX_ITERATIONS:
            raise ArithmeticError(f"hotspot_network: not converged after {iterations} iterations")
        z = planes.edge_rises(r)
        new = r.dot(z)
        beta = new / rz if iterations else 0.0
        # The network applied to z is r, whose exact inverse z is, and what the lumped nodes draw at z.
        p, p_heat, q = z.plus(beta, p), r.plus(beta, p_heat), r.plus(1.0, planes.pull(z)).plus(beta, q)
        rz = new
        alpha = rz / p.dot(q)
        drawn, r = drawn.plus(alpha, p_heat), r.plus(-alpha, q)
        iterations += 1
    rise = planes.rises(power, drawn)
    edges = _edges_of(rise)
    left = planes.pull(edges).plus(1.0, drawn)
    lump = planes.lumped(edges)
    heat = float(power.sum())
    out = planes.out * float(rise[-1].sum()) + float(planes.lumps.ambient @ lump)
    return NetworkSolution(
        temperature_k=rise + network.ambient_k, lumped_k=lump + network.ambient_k, iterations=iterations,
        residual=left.dot(left) ** 0.5 / norm, balance=abs(heat - out) / (abs(heat) or 1.0),
    )  # fmt: skip
