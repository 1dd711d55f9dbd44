"""HotSpot's grid model, its lumping included: for comparing with it, not for deciding on a package.

Each layer, spreader and sink too, is one plane of nodes over the outline of the die. Neighbours in a plane are joined
by the full lateral resistance of a cell, a node and the one on the sink's side of it by the full through resistance of
its own plane. What of spreader and sink lies outside the outline is twelve nodes: west, east, north, south of the
spreader, of the sink above it, and of the sink beyond it.

All planes are uniform, so that without the lumped nodes cosine waves diagonalise the network [2]_: one tridiagonal
system through the planes per wave. Conjugate gradients preconditioned by this exact inverse take the lumped nodes
into account, in a number of steps that does not grow with the grid.

References
----------
.. [1] W. Huang, S. Ghosh, S. Velusamy, K. Sankaranarayanan, K. Skadron, M. R. Stan, "HotSpot: a compact thermal modeling
   methodology for early-stage VLSI design", IEEE Trans. VLSI Syst. 14(5), 501-513, 2006, doi:10.1109/TVLSI.2006.876103;
   the lumped shares as version 7 of the program takes them, without its option `detailed_3D`.
.. [2] R. W. Hockney, "A fast direct solution of Poisson's equation using Fourier analysis", J. ACM 12(1), 95-113, 1965.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import ArrayLike, NDArray

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


# Edge cells of a plane (nx, ny) by side.
_EDGES = ((0, slice(None)), (-1, slice(None)), (slice(None), -1), (slice(None), 0))


class _Operator:
    """The network with its lumped nodes eliminated, and the inverse of the network without them."""

    def __init__(self, network: Network) -> None:
        t = np.append(network.thickness_m, [network.spreader.thickness_m, network.sink.thickness_m])
        k = np.append(
            network.conductivity_w_per_m_k,
            [network.spreader.conductivity_w_per_m_k, network.sink.conductivity_w_per_m_k],
        )
        sheet = k * t * np.append(network.lateral, [True, True]).astype(np.float64)
        nx, ny = network.columns, network.rows
        dx, dy = network.width_m / nx, network.height_m / ny
        cell = dx * dy
        self.gx, self.gy = sheet * dy / dx, sheet * dx / dy
        self.gz = k[:-1] / t[:-1] * cell
        self.out = 1.0 / (t[-1] / k[-1] / cell + network.r_convec_k_per_w * network.sink.side_m**2 / cell)
        self.lumps = _lumps(network)
        self.inverse = np.linalg.inv(self.lumps.own)
        wave_x = 2.0 - 2.0 * np.cos(np.pi * np.arange(nx) / nx)
        wave_y = 2.0 - 2.0 * np.cos(np.pi * np.arange(ny) / ny)
        # Through the planes: pivots of the tridiagonal matrix of every wave, from the far plane to the sink.
        self.pivot = np.empty((len(t), nx, ny))
        excess = np.zeros((nx, ny))
        for n in range(len(t)):
            side = self.gx[n] * wave_x[:, None] + self.gy[n] * wave_y[None, :]
            if n:
                # the excess over the link above is carried, so that no digits cancel
                side += self.gz[n - 1] * excess / (excess + self.gz[n - 1])
            excess = side
            self.pivot[n] = 1.0 / (excess + (self.gz[n] if n < len(t) - 1 else self.out))

    def precondition(self, residual: Floats) -> Floats:
        """Exact inverse of the planes without their lumped nodes."""
        wave = scipy.fft.dctn(residual, axes=(1, 2), norm="ortho")
        for n in range(len(wave)):
            if n:
                wave[n] += self.gz[n - 1] * wave[n - 1]
            wave[n] *= self.pivot[n]
        for n in range(len(wave) - 2, -1, -1):
            wave[n] += self.gz[n] * self.pivot[n] * wave[n + 1]
        return np.asarray(scipy.fft.idctn(wave, axes=(1, 2), norm="ortho", overwrite_x=True))

    def lumped(self, x: Floats) -> Floats:
        """Rises of the lumped nodes that go with rises x of the planes, shape (12,)."""
        pull = np.zeros(12)
        for part in (0, 1):
            for side, edge in enumerate(_EDGES):
                pull[4 * part + side] = self.lumps.edge[part, side] * x[(part - 2, *edge)].sum()
        return np.asarray(self.inverse @ pull)

    def __call__(self, x: Floats) -> Floats:
        """Heat that leaves each node at rises x."""
        y = np.empty_like(x)
        for n in range(len(x)):
            plane, flow = x[n], y[n]
            flow[:] = 0.0
            if self.gx[n] > 0.0:
                step = self.gx[n] * (plane[1:] - plane[:-1])
                flow[1:] += step
                flow[:-1] -= step
                step = self.gy[n] * (plane[:, 1:] - plane[:, :-1])
                flow[:, 1:] += step
                flow[:, :-1] -= step
            if n:
                step = self.gz[n - 1] * (plane - x[n - 1])
                flow += step
                y[n - 1] -= step
        y[-1] += self.out * x[-1]
        lump = self.lumped(x)
        for part in (0, 1):
            for side, edge in enumerate(_EDGES):
                place = (part - 2, *edge)
                y[place] += self.lumps.edge[part, side] * (x[place] - lump[4 * part + side])
        return y


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
    operator = _Operator(network)
    rhs = np.concatenate([power, np.zeros((2, *shape[1:]))])
    norm = float(np.linalg.norm(rhs)) or 1.0
    x = operator.precondition(rhs)
    r = rhs - operator(x)
    p, rz, iterations = np.zeros_like(r), 1.0, 0
    while (residual := float(np.linalg.norm(r)) / norm) > tolerance:
        if iterations == MAX_ITERATIONS:
            raise ArithmeticError(f"hotspot_network: residual {residual:.3g} after {iterations} iterations")
        z = operator.precondition(r)
        new = float(np.vdot(r, z))
        p *= new / rz if iterations else 0.0
        p += z
        rz = new
        q = operator(p)
        alpha = rz / float(np.vdot(p, q))
        x += alpha * p
        r -= alpha * q
        iterations += 1
    lump = operator.lumped(x)
    heat = float(power.sum())
    out = operator.out * float(x[-1].sum()) + float(operator.lumps.ambient @ lump)
    return NetworkSolution(
        temperature_k=x + network.ambient_k, lumped_k=lump + network.ambient_k, iterations=iterations,
        residual=float(np.linalg.norm(rhs - operator(x))) / norm, balance=abs(heat - out) / (abs(heat) or 1.0),
    )  # fmt: skip
