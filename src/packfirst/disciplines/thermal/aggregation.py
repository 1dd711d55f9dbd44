"""Conduction where conductivities differ from cell to cell by orders of magnitude: conjugate gradients on aggregates.

`multigrid` coarsens columns sideways, which suits stacks of bodies. Where each cell is a material of its own, what
hangs together are clusters of good conductors in any shape, and no merging of columns sees them. Here the graph
decides: every node joins its most strongly linked neighbour, twice per level [1]_, temperatures are constant on an
aggregate, and each coarser problem is solved by at most two steps of conjugate gradients that use the next level in the
same way (a K-cycle [2]_). Dearer per iteration by a factor of some ten, but the count hardly depends on contrast,
aspect or size.

References
----------
.. [1] Y. Notay, "An aggregation-based algebraic multigrid method", Electron. Trans. Numer. Anal. 37, 123-146, 2010.
.. [2] Y. Notay, P. S. Vassilevski, "Recursive Krylov-based multigrid cycles", Numer. Linear Algebra Appl. 15(5),
   473-487, 2008, doi:10.1002/nla.542.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.thermal import aggregation_kernels as kernels

if TYPE_CHECKING:
    from packfirst.disciplines.thermal.multigrid import Level as _Columns

Floats = NDArray[np.float64]

_DIRECT = 400  # nodes that are solved by Cholesky's factors
_ENOUGH = 0.25  # reduction of a coarse residual by one step, with which the second is left out
_STUCK = (
    0.9  # a level with more than this share of the nodes above is the last: nothing strong is left to join
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    start: NDArray[np.int64]
    column: NDArray[np.int32]
    value: Floats
    ground: Floats
    diag: Floats
    group: NDArray[np.int32]  # aggregate of each node; empty on the last level
    inverse: Floats | None  # on the last level

    def apply(self, x: Floats) -> Floats:
        out = np.empty_like(x)
        kernels.heat(self.start, self.column, self.value, self.ground, x, out)
        return out


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregates:
    """Levels of aggregates over the cells (ny, nz, nx) that `number` counts."""

    number: NDArray[np.int32]
    levels: tuple[_Level, ...]


def build(gx: Floats, gy: Floats, gz: Floats, bound: Floats) -> Aggregates:
    """Aggregates from plain conductances (ny, nz, nx) [W/K]."""
    number, count = kernels.number_cells(gx, gy, gz, bound)
    rows = kernels.rows_of(number, count, gx, gy, gz, bound)
    levels: list[_Level] = []
    while True:
        start, column, value, ground = rows
        diag = kernels.diagonal(start, value, ground)
        n = len(diag)
        group, coarse = np.zeros(0, np.int32), rows
        if n > _DIRECT:
            first, m = kernels.pairs(start, column, value, diag)
            middle = kernels.coarse_rows(first, m, *rows)
            second, m = kernels.pairs(middle[0], middle[1], middle[2], kernels.largest(first, m, diag))
            coarse = kernels.coarse_rows(second, m, *middle)
            if m < _STUCK * n:
                group = np.asarray(second[first], dtype=np.int32)
        last = len(group) == 0
        inverse = _inverse(start, column, value, diag) if last and n <= 10 * _DIRECT else None
        levels.append(
            _Level(
                start=start,
                column=column,
                value=value,
                ground=ground,
                diag=diag,
                group=group,
                inverse=inverse,
            )
        )
        if last:
            return Aggregates(number=number, levels=tuple(levels))
        rows = coarse


def from_columns(level: "_Columns") -> Aggregates:
    """Aggregates of the matrix that a multigrid hierarchy holds on its finest level."""
    plain = [np.zeros((level.ny, level.nz, level.nx)) for _ in range(4)]
    kernels.plain_links(level.nx, *level.links, *level.vertical, *level.boundary, *plain)
    return build(*plain)


def _inverse(
    start: NDArray[np.int64], column: NDArray[np.int32], value: Floats, diag: Floats
) -> Floats | None:
    n = len(diag)
    matrix = np.diag(diag)
    matrix[np.repeat(np.arange(n), np.diff(start)), column] -= value
    try:
        return np.asarray(np.linalg.inv(matrix))
    except np.linalg.LinAlgError:
        return None


def _cycle(levels: tuple[_Level, ...], n: int, f: Floats) -> Floats:
    """One symmetric K-cycle for A x = f on level n."""
    level = levels[n]
    if level.inverse is not None:
        return np.asarray(level.inverse @ f)
    x = np.empty_like(f)
    matrix = (level.start, level.column, level.value, level.diag)
    kernels.forward_from_zero(*matrix, f, x)
    if len(level.group):
        left = f - level.apply(x)
        r = np.empty(len(levels[n + 1].diag))
        kernels.gather(level.group, left, r)
        kernels.spread(level.group, _inner(levels, n + 1, r), x)
    kernels.backward(*matrix, f, x)
    return x


def _inner(levels: tuple[_Level, ...], n: int, r: Floats) -> Floats:
    """At most two steps of flexible conjugate gradients on level n."""
    c = _cycle(levels, n, r)
    if levels[n].inverse is not None:
        return c
    v = levels[n].apply(c)
    rho, alpha = float(c @ v), float(c @ r)
    if rho <= 0.0:
        return c
    rest = r - (alpha / rho) * v
    if np.linalg.norm(rest) <= _ENOUGH * np.linalg.norm(r):
        return (alpha / rho) * c
    d = _cycle(levels, n, rest)
    w = levels[n].apply(d)
    gamma, beta, alpha2 = float(d @ v), float(d @ w), float(d @ rest)
    rho2 = beta - gamma * gamma / rho
    if rho2 <= 0.0:
        return (alpha / rho) * c
    return (alpha / rho - gamma * alpha2 / (rho * rho2)) * c + (alpha2 / rho2) * d


def solve(
    aggregates: Aggregates, rhs: Floats, guess: Floats, *, tolerance: float, max_iterations: int
) -> tuple[Floats, int, float]:
    """One right-hand side (nx, ny, nz) [W] from a guess: rises, iterations, and the residual computed anew."""
    levels, there = aggregates.levels, aggregates.number >= 0
    b = np.ascontiguousarray(rhs.transpose(1, 2, 0)[there])
    order = aggregates.number[there]
    f, x = np.empty_like(b), np.empty_like(b)
    f[order] = b
    x[order] = guess.transpose(1, 2, 0)[there]
    norm = float(np.linalg.norm(f)) or 1.0
    top = levels[0]
    iterations, residual, before = 0, np.inf, np.inf
    while iterations < max_iterations:
        # from here with a true residual: what recurrence loses to rounding is made good by beginning anew
        r = f - top.apply(x)
        residual = float(np.linalg.norm(r)) / norm
        if residual <= tolerance or residual >= 0.5 * before:
            break
        before, kept = residual, x.copy()
        iterations += _run(levels, x, r, tolerance * norm, max_iterations - iterations)
        if not np.isfinite(x).all():
            # next to nothing takes the heat away: the coarsest matrix is singular to all digits
            x = kept
            break
    found = np.zeros(aggregates.number.shape)
    found[there] = x[order]
    residual = float(np.linalg.norm(f - top.apply(x))) / norm
    return np.ascontiguousarray(found.transpose(2, 0, 1)), iterations, residual


def _run(levels: tuple[_Level, ...], x: Floats, r: Floats, target: float, most: int) -> int:
    """Flexible conjugate gradients on the finest level, in place, until the recurrent residual meets the target."""
    p, q = np.zeros_like(r), np.zeros_like(r)
    pq, done = 1.0, 0
    while done < most and np.linalg.norm(r) > target:
        z = _cycle(levels, 0, r)
        # the cycle is not quite the same matrix twice, so each direction is made conjugate by itself
        p = z - (float(z @ q) / pq) * p
        q = levels[0].apply(p)
        pq = float(p @ q)
        if pq <= 0.0:
            break
        step = float(p @ r) / pq
        x += step * p
        r -= step * q
        done += 1
    return done
