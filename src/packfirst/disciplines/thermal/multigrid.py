"""Conjugate gradients preconditioned by multigrid for layered conduction: coarse sideways, exact vertically.

Packages are stacks of thin layers, so a cell is coupled to the one above far more strongly than to the one beside it.
The relaxation therefore solves whole columns (red ones, then black ones), and only the lateral directions are
coarsened [1]_. Narrow columns, which faces close together force on a snapped grid, are merged before wide ones until
the lateral widths are alike, so that no direction is left strongly coupled and unsmoothed. Interpolation keeps the
flux continuous between coarse columns [2]_ and coarse conductances are series along and parallel across a link, which
keeps seven points on every level. The cycle is symmetric (red, black; coarse; black, red), so that conjugate
gradients may use it. Where neighbouring cells differ at random by orders of magnitude, `aggregation` takes over.

References
----------
.. [1] U. Trottenberg, C. Oosterlee, A. Schueller, "Multigrid", Academic Press, 2001, sections 5.1 and 5.2.
.. [2] R. E. Alcouffe, A. Brandt, J. E. Dendy, J. W. Painter, "The multi-grid method for the diffusion equation with
   strongly discontinuous coefficients", SIAM J. Sci. Stat. Comput. 2(4), 1981.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.thermal import column_kernels as kernels

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_REACH = (
    5.0  # widths of the narrowest column that a merged one may take: fewer levels against fewer iterations
)
_SHARE_ROWS_ABOVE = 100_000  # cells; below, handing rows to threads costs more than it saves


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grouping:
    """Merging of neighbouring columns along one axis into coarse ones of one or two."""

    parent: Integers  # (n,) coarse column of each fine one
    second: Integers  # (n,) the other coarse column it interpolates from; itself where there is none
    share: Floats  # (n,) part of the children's link between the coarse centre and this child
    first: Integers  # (nc + 1,) first fine column of each coarse one
    width_m: Floats  # (nc,)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Transfer:
    x: _Grouping
    y: _Grouping
    weight_x: Floats
    weight_y: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One grid of columns: links, boundary conductances and inverse pivots, by colour."""

    nx: int
    ny: int
    nz: int
    width: int
    links: tuple[Floats, Floats, Floats, Floats]  # west, east, south, north of the red columns
    vertical: tuple[Floats, Floats]
    boundary: tuple[Floats, Floats]
    inverse: tuple[Floats, Floats]
    transfer: _Transfer | None

    def zeros(self, modes: int) -> Floats:
        """A field of one colour."""
        return np.zeros((modes, self.ny + 2, self.nz * self.width))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """The levels of one conduction problem; holds no right-hand side and may be shared by threads."""

    levels: tuple[Level, ...]

    @property
    def nbytes(self) -> int:
        """Memory held. [byte]"""
        total = 0
        for level in self.levels:
            total += sum(a.nbytes for a in (*level.links, *level.vertical, *level.boundary, *level.inverse))
            if level.transfer is not None:
                total += level.transfer.weight_x.nbytes + level.transfer.weight_y.nbytes
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Raw solution of several right-hand sides."""

    x: Floats  # (m, nx, ny, nz)
    iterations: Integers  # (m,)
    residual: Floats  # (m,) Euclidean norm over that of the right-hand side


def _pairs(width_m: Floats, limit_m: float) -> Integers:
    """Coarse column of each fine one: the narrowest first, each with its narrower free neighbour, up to the limit."""
    n = len(width_m)
    mate = np.full(n, -1)
    # equal widths differ in their last digit: taken as they stand they would pair out of step and leave bachelors
    rank = np.round(8.0 * np.log2(width_m))
    for i in np.argsort(rank, kind="stable"):
        if mate[i] >= 0 or 2.0 * width_m[i] > limit_m:
            continue
        free = [j for j in (i + 1, i - 1) if 0 <= j < n and mate[j] < 0 and width_m[j] <= limit_m]
        if free:
            j = min(free, key=lambda j: rank[j])
            mate[i], mate[j] = j, i
    opens = np.ones(n, np.bool_)
    opens[1:] = mate[1:] != np.arange(n - 1)
    return np.asarray(np.cumsum(opens) - 1, dtype=np.int64)


def _group(width_m: Floats, parent: Integers) -> _Grouping:
    n, count = len(width_m), int(parent[-1]) + 1
    first = np.searchsorted(parent, np.arange(count + 1)).astype(np.int64)
    second = parent.copy()
    share = np.zeros(n)
    for a in first[:-1][np.diff(first) == 2]:
        total = width_m[a] + width_m[a + 1]
        share[a], share[a + 1] = width_m[a + 1] / total, width_m[a] / total
        second[a] = max(parent[a] - 1, 0)
        second[a + 1] = min(parent[a] + 1, count - 1)
    return _Grouping(
        parent=parent, second=second, share=share, first=first, width_m=np.add.reduceat(width_m, first[:-1])
    )


def _coarsen_axes(dx_m: Floats, dy_m: Floats) -> tuple[_Grouping, _Grouping]:
    """Merge the columns of both axes that are narrow by the measure of the narrowest.

    Where wide and narrow columns cross, cells are coupled strongly one way only; merging wide ones in the same step
    would coarsen across the weak coupling, which no relaxation has smoothed.
    """
    limit = _REACH * min(float(d.min()) for d in (dx_m, dy_m) if len(d) > 1)
    while True:
        px, py = _pairs(dx_m, limit), _pairs(dy_m, limit)
        if px[-1] + 1 < len(px) or py[-1] + 1 < len(py):
            return _group(dx_m, px), _group(dy_m, py)
        limit *= 1.25


def build(gx: Floats, gy: Floats, gz: Floats, bound: Floats, dx_m: Floats, dy_m: Floats) -> Hierarchy:
    """Levels from plain conductances (ny, nz, nx) [W/K] and column widths."""
    levels: list[Level] = []
    while True:
        ny, nz, nx = gz.shape
        width = (nx + 1) // 2 + 2
        west, east, south, north, gz_r, gz_b, b_r, b_b, inv_r, inv_b = (
            np.zeros((ny + 2, nz * width)) for _ in range(10)
        )
        kernels.colour_links(gx, gy, gz, bound, west, east, south, north, gz_r, gz_b, b_r, b_b)
        kernels.pivots(gx, gy, gz, bound, inv_r, inv_b)
        last = nx == 1 and ny == 1
        transfer = None
        if not last:
            ax, ay = _coarsen_axes(dx_m, dy_m)
            wx, wy = np.zeros((ny + 2, nz * width)), np.zeros((ny + 2, nz * width))
            kernels.weights(gx, gy, ax.parent, ax.second, ax.share, ay.parent, ay.second, ay.share, wx, wy)
            transfer = _Transfer(x=ax, y=ay, weight_x=wx, weight_y=wy)
        none = np.zeros((0, 0))
        levels.append(
            Level(
                nx=nx,
                ny=ny,
                nz=nz,
                width=width,
                links=(west, east, south, north),
                vertical=(gz_r, gz_b),
                boundary=(none, none) if levels else (b_r, b_b),
                inverse=(inv_r, inv_b),
                transfer=transfer,
            )
        )
        if transfer is None:
            return Hierarchy(levels=tuple(levels))
        nxc, nyc = len(transfer.x.width_m), len(transfer.y.width_m)
        cx, cy, cz, cb = (np.zeros((nyc, nz, nxc)) for _ in range(4))
        kernels.coarsen(
            gx,
            gy,
            gz,
            bound,
            transfer.x.parent,
            transfer.x.share,
            transfer.y.parent,
            transfer.y.share,
            cx,
            cy,
            cz,
            cb,
        )
        gx, gy, gz, bound = cx, cy, cz, cb
        dx_m, dy_m = transfer.x.width_m, transfer.y.width_m


class _Rows:
    """Runs a kernel over the rows of a level, shared out among threads where that pays."""

    def __init__(self, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers) if workers > 1 else None
        self._workers = workers

    def __enter__(self) -> "_Rows":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def run(self, kernel: Callable[..., Any], rows: int, cells: int, *arguments: Any) -> None:
        if self._pool is None or cells < _SHARE_ROWS_ABOVE or rows < 4 * self._workers:
            kernel(0, rows, *arguments)
            return
        parts = 4 * self._workers
        cuts = [rows * p // parts for p in range(parts + 1)]
        for done in [self._pool.submit(kernel, a, b, *arguments) for a, b in pairwise(cuts)]:
            done.result()


class _Cycle:
    """One symmetric V-cycle, with the vectors it needs for `modes` right-hand sides at once."""

    def __init__(self, hierarchy: Hierarchy, modes: int, rows: _Rows) -> None:
        self.levels = hierarchy.levels
        self.rows = rows
        self.x = [(level.zeros(modes), level.zeros(modes)) for level in self.levels]
        self.f = [(level.zeros(modes), level.zeros(modes)) for level in self.levels[1:]]
        self.scratch = [level.zeros(modes) for level in self.levels[:-1]]

    def __call__(self, active: NDArray[np.bool_], f: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
        self._descend(0, active, f)
        return self.x[0]

    def _descend(self, n: int, active: NDArray[np.bool_], f: tuple[Floats, Floats]) -> None:
        level = self.levels[n]
        x = self.x[n]
        run, ny, cells = self.rows.run, level.ny, level.nx * level.ny * level.nz
        z, inv, w = level.vertical, level.inverse, level.width
        run(kernels.relax_alone, ny, cells, active, f[0], x[0], z[0], inv[0], w)
        if level.transfer is None:
            return
        run(kernels.relax, ny, cells, active, 1, f[1], x[1], x[0], *level.links, z[1], inv[1], w)
        transfer, residual = level.transfer, self.scratch[n]
        gx, gy = transfer.x, transfer.y
        maps = (transfer.weight_x, transfer.weight_y, gx.parent, gx.second, gy.parent, gy.second)
        run(kernels.red_residual, ny, cells, active, x[1], *level.links, residual)
        coarse = self.f[n]
        run(kernels.restrict, len(gy.width_m), cells, active, level.nx, residual, *maps, gy.first, *coarse)
        self._descend(n + 1, active, coarse)
        run(kernels.prolong, ny, cells, active, level.nx, *self.x[n + 1], *maps, x[0])
        run(kernels.relax, ny, cells, active, 1, f[1], x[1], x[0], *level.links, z[1], inv[1], w)
        run(kernels.relax, ny, cells, active, 0, f[0], x[0], x[1], *level.links, z[0], inv[0], w)


def solve(
    hierarchy: Hierarchy,
    rhs: Floats,
    *,
    tolerance: float,
    max_iterations: int,
    guess: Floats | None = None,
    workers: int = 1,
) -> Outcome:
    """Solve for all right-hand sides (m, nx, ny, nz) [W]; each stops by itself, so none depends on its company.

    The residual returned is computed anew from the solution, not by recurrence.
    """
    level = hierarchy.levels[0]
    modes = rhs.shape[0]
    cells = level.nx * level.ny * level.nz
    with _Rows(workers) as rows:
        cycle = _Cycle(hierarchy, modes, rows)
        b = (level.zeros(modes), level.zeros(modes))
        x = (level.zeros(modes), level.zeros(modes))
        p = (level.zeros(modes), level.zeros(modes))
        q = (level.zeros(modes), level.zeros(modes))
        dots = np.zeros((modes, level.ny))
        everyone = np.ones(modes, np.bool_)
        kernels.colour_field(rhs, *b)

        def total(kernel: Callable[..., Any], who: NDArray[np.bool_], *both: Sequence[Any]) -> Floats:
            dots[:] = 0.0
            for colour in (0, 1):
                rows.run(kernel, level.ny, cells, who, *(a[colour] for a in both), level.width, dots)
            return np.asarray(dots.sum(axis=1))

        def operator(who: NDArray[np.bool_], v: tuple[Floats, Floats], out: tuple[Floats, Floats]) -> Floats:
            dots[:] = 0.0
            for colour in (0, 1):
                rows.run(
                    kernels.apply,
                    level.ny,
                    cells,
                    who,
                    colour,
                    v[colour],
                    v[1 - colour],
                    *level.links,
                    level.vertical[colour],
                    level.boundary[colour],
                    level.width,
                    out[colour],
                    dots,
                )
            return np.asarray(dots.sum(axis=1))

        norm_b = np.sqrt(total(kernels.dot, everyone, b, b))
        scale = np.where(norm_b > 0.0, norm_b, 1.0)
        r = (b[0].copy(), b[1].copy())
        if guess is not None:
            kernels.colour_field(guess, *x)
            operator(everyone, x, q)
            for colour in (0, 1):
                r[colour][:] -= q[colour]
        residual = np.sqrt(total(kernels.dot, everyone, r, r)) / scale
        iterations = np.zeros(modes, np.int64)
        active = residual > tolerance
        while active.any():
            # from here with a true residual: what recurrence loses to rounding is made good by beginning anew
            ratio = residual.copy()
            going = active.copy()
            fresh = True
            rz = np.ones(modes)
            while going.any():
                z = cycle(going, r)
                new = total(kernels.dot, going, r, z)
                beta = np.where(going, 0.0 if fresh else new / rz, 0.0)
                rz = np.where(going, new, 1.0)
                fresh = False
                for colour in (0, 1):
                    rows.run(kernels.turn, level.ny, cells, going, beta, z[colour], p[colour])
                pq = operator(going, p, q)
                alpha = np.divide(rz, pq, out=np.zeros(modes), where=going & (pq > 0.0))
                dots[:] = 0.0
                for colour in (0, 1):
                    rows.run(
                        kernels.step,
                        level.ny,
                        cells,
                        going,
                        alpha,
                        p[colour],
                        q[colour],
                        x[colour],
                        r[colour],
                        level.width,
                        dots,
                    )
                iterations[going] += 1
                ratio = np.where(going, np.sqrt(dots.sum(axis=1)) / scale, ratio)
                going = going & (ratio > tolerance) & (iterations < max_iterations)
            operator(active, x, q)
            for colour in (0, 1):
                r[colour][active] = b[colour][active] - q[colour][active]
            found = np.where(active, np.sqrt(total(kernels.dot, active, r, r)) / scale, residual)
            # a fresh start that does not even halve the residual has met the rounding of the temperatures themselves
            active = active & (found > tolerance) & (found < 0.5 * residual) & (iterations < max_iterations)
            residual = found
    plain = np.empty_like(rhs)
    kernels.plain_field(*x, plain)
    return Outcome(x=plain, iterations=iterations, residual=residual)
