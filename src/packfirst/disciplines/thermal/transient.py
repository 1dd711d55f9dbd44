"""Temperatures over time: heat capacities added to conduction, marched by TR-BDF2 in steps that fit the error.

Each step is a trapezoidal stage and a backward-difference stage on the same shifted matrix, C / (d dt) + K, which the
multigrid solver takes as one more conductance to ground. The scheme is second order and L-stable [1]_: what is faster
than a step dies out instead of ringing. Its embedded third-order companion gives the error of a step, filtered
through the same matrix so that stiff parts do not count as errors [2]_. Within a span of constant power all steps are
the span cut in halves some number of times, so that few matrices serve many steps.

References
----------
.. [1] R. E. Bank, W. M. Coughran, W. Fichtner, E. H. Grosse, D. J. Rose, R. K. Smith, "Transient simulation of silicon
   devices and circuits", IEEE Trans. Electron Devices 32(10), 1992-2007, 1985, doi:10.1109/T-ED.1985.22232.
.. [2] M. E. Hosea, L. F. Shampine, "Analysis and implementation of TR-BDF2", Appl. Numer. Math. 20(1-2), 21-37, 1996,
   doi:10.1016/0168-9274(95)00115-8: coefficients, embedded formula and its filter.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.thermal import multigrid
from packfirst.disciplines.thermal.conduction import Assembled, Problem, assemble

Floats = NDArray[np.float64]

_D = 1.0 - np.sqrt(0.5)
_W = np.sqrt(2.0) / 4.0
_B = (_W, _W, _D)
_SLIP = (_W - (1.0 - _W) / 3.0, _W - (3.0 * _W + 1.0) / 3.0, _D - _D / 3.0)  # b less the third-order b

# A step is doubled when the doubled one would still stay below this part of the tolerance: its error grows as dt^3.
_GROW = 0.8 / 8.0
# First step after a jump of power: so many tolerances of rise in the fastest cell.
_FIRST_RISE = 10.0
_FINEST = 60  # halvings of a span; beyond, the power or the capacity cannot be right
_KEPT = 8  # matrices


class StepFailed(ArithmeticError):
    """A linear solve did not converge, or no step was small enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transient:
    """A history, with its proof.

    Attributes
    ----------
    time_s : ndarray, shape (n + 1,)
        The start and the end of every step.
    watched : ndarray, shape (n + 1, ...)
        What `watch` gave at these times.
    temperature_k : ndarray, shape (nx, ny, nz)
        At the end.
    heat_in_j, heat_out_j, stored_j : float
        Heat put in by power, passed out through the films, and kept in the cells.
    imbalance : float
        |in - out - stored| over the largest of the three.
    rejected : int
        Steps that were tried and halved.
    """

    time_s: Floats
    watched: Floats
    temperature_k: Floats
    heat_in_j: float
    heat_out_j: float
    stored_j: float
    rejected: int

    @property
    def imbalance(self) -> float:
        most = max(abs(self.heat_in_j), abs(self.heat_out_j), abs(self.stored_j))
        return abs(self.heat_in_j - self.heat_out_j - self.stored_j) / (most or 1.0)


class _March:
    """The state of a run: rises over the base, and the matrices of the steps in use."""

    def __init__(
        self,
        problem: Problem,
        capacity_j_per_k: Floats,
        initial_k: ArrayLike | None,
        tolerance: float,
        workers: int,
    ) -> None:
        self.problem, self.capacity = problem, capacity_j_per_k
        self.tolerance, self.workers = tolerance, workers
        self.assembled: Assembled = assemble(problem)
        shape = problem.mesh.shape
        # Conductances in the order of the fields, for applying K by itself.
        gx, gy, gz = self.assembled.links_w_per_k
        cuts: tuple[tuple[slice, ...], ...] = (np.s_[:-1,], np.s_[:, :-1], np.s_[:, :, :-1])
        self.links = tuple(
            np.ascontiguousarray(g.transpose(2, 0, 1)[cut]) for g, cut in zip((gx, gy, gz), cuts, strict=True)
        )
        self.bound = np.ascontiguousarray(self.assembled.bound_w_per_k.transpose(2, 0, 1))
        self.source = self.assembled.boundary_w if self.assembled.boundary_w is not None else np.zeros(shape)
        base_k = self.assembled.base_k
        start_k = np.broadcast_to(base_k if initial_k is None else initial_k, shape)
        self.rise = np.where(problem.solid, start_k - base_k, 0.0)
        self.shifted: OrderedDict[float, multigrid.Hierarchy] = OrderedDict()
        self.heat_in = self.heat_out = self.stored = 0.0

    @property
    def temperature_k(self) -> Floats:
        return np.asarray(self.rise + self.assembled.base_k)

    def flow(self, rise: Floats) -> Floats:
        """K times a field: heat that leaves each cell. [W]"""
        out = self.bound * rise
        for axis, g in enumerate(self.links):
            low = tuple(slice(None, -1) if a == axis else slice(None) for a in range(3))
            high = tuple(slice(1, None) if a == axis else slice(None) for a in range(3))
            step = g * (rise[high] - rise[low])
            out[low] -= step
            out[high] += step
        return np.asarray(out)

    def solve(self, dt_s: float, rhs_w: Floats, guess: Floats, tolerance: float) -> Floats:
        """(C / (d dt) + K)^-1 rhs."""
        if dt_s not in self.shifted:
            ground = self.capacity.transpose(1, 2, 0) / (_D * dt_s) + self.assembled.bound_w_per_k
            self.shifted[dt_s] = multigrid.build(
                *self.assembled.links_w_per_k, np.ascontiguousarray(ground), *self.problem.mesh.sizes_m[:2]
            )
            if len(self.shifted) > _KEPT:
                self.shifted.popitem(last=False)
        self.shifted.move_to_end(dt_s)
        done = multigrid.solve(
            self.shifted[dt_s],
            rhs_w[None],
            tolerance=tolerance,
            max_iterations=200,
            guess=guess[None],
            workers=self.workers,
        )
        if float(done.residual[0]) > max(2.0 * tolerance, 1e-10):
            raise StepFailed(f"transient: residual {float(done.residual[0]):.3g} in a step of {dt_s:.3g} s")
        return np.asarray(done.x[0])

    def stages(
        self, dt_s: float, heat_w: Floats, before: Floats
    ) -> tuple[Floats, Floats, tuple[Floats, ...]]:
        """Changes of rise up to both stages, and the heat that goes into storage at start, middle and end."""
        start = heat_w - self.flow(self.rise)
        middle = self.solve(dt_s, 2.0 * start, before * (2.0 * _D), self.tolerance)
        z2 = self.capacity * middle / (_D * dt_s) - start
        end = self.solve(dt_s, (_W / _D) * (start + z2) + start, middle / (2.0 * _D), self.tolerance)
        z3 = (self.capacity * end / dt_s - _W * (start + z2)) / _D
        return middle, end, (start, z2, z3)

    def error_k(self, dt_s: float, flows: tuple[Floats, ...]) -> float:
        """Largest error of the step in any cell."""
        slip = sum(part * flow for part, flow in zip(_SLIP, flows, strict=True)) / _D
        # a tenth of the estimate is all that a choice of step needs
        return float(np.abs(self.solve(dt_s, np.asarray(slip), np.zeros_like(self.rise), 0.03)).max())

    def accept(self, dt_s: float, power_w: Floats, middle: Floats, end: Floats) -> None:
        self.heat_in += dt_s * float(power_w.sum())
        for part, change in zip(_B, (0.0, middle, end), strict=True):
            passing = self.bound * (self.rise + change) - self.source
            self.heat_out += dt_s * part * float(passing.sum())
        self.stored += float((self.capacity * end).sum())
        self.rise = self.rise + end


def march(
    problem: Problem,
    capacity_j_per_k: ArrayLike,
    times_s: ArrayLike,
    power_w: Callable[[int], ArrayLike],
    watch: Callable[[Floats], ArrayLike],
    *,
    initial_k: ArrayLike | None = None,
    tolerance_k: float = 0.02,
    steps: int | None = None,
    tolerance: float = 1e-8,
    workers: int = 1,
) -> Transient:
    """Temperatures over spans of constant power.

    Parameters
    ----------
    capacity_j_per_k : array_like, shape (nx, ny, nz)
        Heat capacity of each cell, positive wherever the cell conducts.
    times_s : array_like, shape (m + 1,)
        Rising; span i lasts from times_s[i] to times_s[i + 1].
    power_w : callable
        Power per cell (nx, ny, nz) during span i.
    watch : callable
        Temperatures (nx, ny, nz) [K] to what is wanted of them; called at the start and after each step.
    initial_k : array_like, optional
        Temperatures at the start; default the lowest boundary temperature.
    tolerance_k : float
        On the estimated error of each step in the worst cell.
    steps : int, optional
        That many equal steps per span, whatever their error, instead of steps that fit it.
    tolerance : float
        On the relative residual of each linear solve.

    Raises
    ------
    ValueError
        Arrays of another shape or with numbers that make no sense; power in a void.
    StepFailed
    """
    shape = problem.mesh.shape
    capacity = np.asarray(capacity_j_per_k, dtype=np.float64)
    times = np.asarray(times_s, dtype=np.float64)
    if capacity.shape != shape or not np.isfinite(capacity).all() or (capacity[problem.solid] <= 0.0).any():
        raise ValueError(f"capacity_j_per_k: needs shape {shape} and positive numbers wherever cells conduct")
    if times.ndim != 1 or len(times) < 2 or not np.isfinite(times).all() or (np.diff(times) <= 0.0).any():
        raise ValueError("times_s: needs two or more finite, rising times")
    if not tolerance_k > 0.0 or (steps is not None and steps < 1):
        raise ValueError("tolerance_k must be positive, steps at least 1")
    capacity = np.where(problem.solid, capacity, 0.0)
    run = _March(problem, capacity, initial_k, tolerance, workers)
    record_t, record = [float(times[0])], [np.asarray(watch(run.temperature_k), dtype=np.float64)]
    rejected = 0
    before, step_s = np.zeros(shape), 0.0
    for span in range(len(times) - 1):
        power = np.asarray(power_w(span), dtype=np.float64)
        if power.shape != shape or not np.isfinite(power).all() or power[~problem.solid].any():
            raise ValueError(f"power_w({span}): needs shape {shape}, finite numbers, and none in a void")
        heat = power + run.source
        length = float(times[span + 1] - times[span])
        halvings = 0 if steps is not None else _first(run, heat, length, tolerance_k)
        count, done = steps or 2**halvings, 0
        while done < count:
            dt = length / count
            if dt != step_s:
                before, step_s = before * (dt / step_s if step_s else 0.0), dt
            middle, end, flows = run.stages(dt, heat, before)
            if steps is None:
                error = run.error_k(dt, flows)
                if error > tolerance_k:
                    rejected += 1
                    count, done = 2 * count, 2 * done
                    if count > 2**_FINEST:
                        raise StepFailed(f"transient: steps of {dt:.3g} s are not small enough")
                    continue
            run.accept(dt, power, middle, end)
            before = end
            done += 1
            record_t.append(float(times[span]) + length * done / count)
            record.append(np.asarray(watch(run.temperature_k), dtype=np.float64))
            if steps is None and error < _GROW * tolerance_k and done % 2 == 0 and done < count:
                count, done = count // 2, done // 2
    return Transient(
        time_s=np.array(record_t), watched=np.array(record), temperature_k=run.temperature_k, heat_in_j=run.heat_in,
        heat_out_j=run.heat_out, stored_j=run.stored, rejected=rejected,
    )  # fmt: skip


def _first(run: _March, heat_w: Floats, length_s: float, tolerance_k: float) -> int:
    """Halvings of a span for its first step, from how fast the fastest cell sets out."""
    solid = run.problem.solid
    rate = float(np.abs((heat_w - run.flow(run.rise))[solid] / run.capacity[solid]).max())
    if rate * length_s <= _FIRST_RISE * tolerance_k:
        return 0
    return min(int(np.ceil(np.log2(rate * length_s / (_FIRST_RISE * tolerance_k)))), _FINEST - 1)


def impedance(
    problem: Problem,
    capacity_j_per_k: ArrayLike,
    power_w: ArrayLike,
    watch: Callable[[Floats], ArrayLike],
    until_s: float,
    *,
    resolution: float = 1e-3,
    workers: int = 1,
) -> tuple[Floats, Floats]:
    """Thermal impedance Zth(t) of what `watch` reads [K/W], after a step of power: times (n,) and Zth (n, ...).

    The rise per watt when the whole map is switched on at time zero, all surroundings at one temperature.

    Parameters
    ----------
    power_w : array_like, shape (nx, ny, nz)
        Heated cells and their shares; only the shape of the map counts.
    watch : callable
        Linear in the temperatures: a cell, or a mean.
    resolution : float
        Error per step as a part of the rise that the steady state would have in the hottest cell.

    References
    ----------
    .. [1] JESD51-14, "Transient dual interface test method for the measurement of the thermal resistance junction to
       case of semiconductor devices with heat flow through a single path", JEDEC, 2010: Zth as the step response.
    """
    from packfirst.disciplines.thermal.conduction import prepare

    power = np.asarray(power_w, dtype=np.float64)
    even = replace(problem, t_top_k=300.0, t_bottom_k=300.0, t_film_k=300.0, t_side_k=300.0)
    final = prepare(even).solve(power).temperature_k
    history = march(
        even, capacity_j_per_k, [0.0, until_s], lambda _: power, watch,
        tolerance_k=resolution * float((final - 300.0).max()), workers=workers,
    )  # fmt: skip
    total = float(power.sum())
    return history.time_s, np.asarray((history.watched - history.watched[0]) / total)
