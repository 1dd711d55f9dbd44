"""Conduction whose conductivities, leakage, radiation and coolant follow the temperature that they make.

One multigrid hierarchy, of the problem at a nearby temperature, corrects the balance of the true one until the heat
left over in the cells meets the tolerance; Anderson's mixing of the last corrections [1]_ takes the place of Newton's
matrix. What is solved is the true balance: the nearby problem only sets how fast. The slopes use the transposed
Jacobian of the true balance at the solution, by the same corrections, so that they hold for the coupled answer.

References
----------
.. [1] H. F. Walker, P. Ni, "Anderson acceleration for fixed-point iterations", SIAM J. Numer. Anal. 49(4), 1715-1735,
   2011, doi:10.1137/10078356X.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.thermal import leakage, radiation, varying_conductivity, varying_kernels
from packfirst.disciplines.thermal.conduction import (
    ROUNDING,
    Film,
    NoPathOut,
    NotConverged,
    Prepared,
    Problem,
    Solution,
    assemble,
    prepare,
)
from packfirst.disciplines.thermal.coolant import Stream, Warming, warming

Floats = NDArray[np.float64]

# Corrections before a solve is given up; without leakage three to five do.
MOST_CORRECTIONS = 60
# Heat left over by the first solve, at conductivities of a guess; and share of what is left to which each correction is
# solved: closer is wasted on a matrix that is not the true one.
ROUGH, LOOSE = 0.1, 0.02
# Past corrections that are mixed.
_DEPTH = 4
# A mode whose hottest cell passes this has no steady state that anybody would measure. [K]
RUNS_AWAY_K = leakage.HELD_ABOVE_K


@dataclass(frozen=True, slots=True, kw_only=True)
class Laws:
    """What follows the temperature, per cell of the grid.

    Attributes
    ----------
    exponent : ndarray, shape (nx, ny, nz)
        n of k(T) = k_300 (300 K / T)^n; zero where the conductivity is constant.
    leakage_w : ndarray, shape (m, nx, ny, nz) or (), in the problem's order of power maps
        Leakage at its reference temperature, over and above the power that does not follow the temperature. [W]
    leakage_reference_k, leakage_doubling_k : ndarray, broadcastable to (nx, ny, nz)
    radiating : tuple of Radiating
        Faces that radiate; the film problem holds what else acts on them.
    stream : Stream, optional
        Coolant that warms along one face; its film is one of the problem's, whose reference it replaces.
    """

    exponent: Floats
    leakage_w: Floats | None = None
    leakage_reference_k: ArrayLike = 358.0
    leakage_doubling_k: ArrayLike = 25.0
    radiating: tuple["Radiating", ...] = ()
    stream: Stream | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Radiating:
    """Faces that exchange heat with one black surrounding, at the temperature of their cells' centres.

    The film of 6 W/(m2 K) that radiation stands for at 300 K loses no digit to half a cell of a millimetre of metal.

    Attributes
    ----------
    side : str
        'top' or 'bottom' of their columns.
    cell : ndarray of int, shape (n,)
    exchange_m2 : ndarray, shape (n,)
        Area times emissivity times view factor.
    surroundings_k : float
    """

    side: str
    cell: NDArray[np.int64]
    exchange_m2: Floats
    surroundings_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mode:
    """One mode, settled or gone."""

    rise_k: Floats
    residual: float
    corrections: int
    iterations: int
    gone: bool
    into_w: float
    out_w: float
    near: Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupled:
    """One solved set of modes.

    Attributes
    ----------
    solution : Solution
        Of the true balance; `iterations` counts those of the linear solver.
    corrections : int
    settled : ndarray of bool, shape (m,)
        False for a mode that ran away: its temperatures mean nothing.
    power_w : ndarray, shape (m, nx, ny, nz)
        With the leakage that belongs to the temperatures.
    nearby : tuple of Prepared
        The linear problem that corrected each mode.
    """

    solution: Solution
    corrections: int
    settled: NDArray[np.bool_]
    power_w: Floats
    nearby: tuple[Prepared, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The true problem at one mode's solution, from which slopes are taken.

    `prepared` is linear conduction with the conductivities of this state, without radiation: its films, problem and
    live cells are those of the state, its hierarchy that of the nearby problem.
    """

    prepared: Prepared
    temperature_k: Floats
    growth_slope_w_per_k: Floats  # of leakage less that of radiation, per cell
    log_slope: Floats  # d(ln k)/dT
    streams: tuple[Warming | None, ...]  # by film of `prepared`
    cooled: tuple[NDArray[np.bool_], ...]  # faces of each film that the stream cools
    conducts_at_k: Floats  # temperature at which each cell's conductivity is taken


class Coupling:
    """A true problem, its laws, and the nearby one that corrects it.

    Parameters
    ----------
    plain : Problem
        Conductivities at 300 K, films without radiation.
    laws : Laws
    near : Prepared
        The same bodies with conductivities and films of a temperature nearby.
    """

    def __init__(self, plain: Problem, laws: Laws, near: Prepared) -> None:
        self.plain, self.laws, self.near = plain, laws, near
        self._films = assemble(plain).films
        self._contact = (
            plain.contacts[0] if plain.face_resistance_z_m2k_per_w is not None else np.empty((0, 0, 0))
        )
        self._varies = np.flatnonzero(laws.exponent)
        self._cooled = tuple(self._on_stream(film) for film in self._films)
        self._sizes = plain.mesh.sizes_m

    def conductivities(self, temperature_k: Floats) -> tuple[Floats, Floats, Floats]:
        """kx, ky, kz at a field of temperatures."""
        at = self._varies
        factor = varying_conductivity.ratio(temperature_k.ravel()[at], self.laws.exponent.ravel()[at])
        found = []
        for k300 in (self.plain.kx, self.plain.ky, self.plain.kz):
            k = k300.copy()
            k.reshape(-1)[at] *= factor
            found.append(k)
        return found[0], found[1], found[2]

    def _on_stream(self, film: Film) -> NDArray[np.bool_]:
        stream = self.laws.stream
        if stream is None or film.name != stream.film:
            return np.zeros(len(film.cell), np.bool_)
        return np.asarray(self._slice(film) >= 0)

    def _slice(self, film: Film) -> NDArray[np.int64]:
        assert self.laws.stream is not None, "asked only where there is one"
        i, j, _ = np.unravel_index(film.cell, self.plain.mesh.shape)
        return np.asarray(self.laws.stream.slice_of[i, j])

    def _warmed(
        self, film: Film, cooled: NDArray[np.bool_], temperature_k: Floats
    ) -> tuple[Film, Warming | None]:
        """A film with the coolant's own temperatures as its references."""
        stream = self.laws.stream
        if stream is None or not cooled.any():
            return film, None
        found = warming(stream, self._slice(film)[cooled], film.conductance_w_per_k[cooled])
        t_k = film.t_k.copy()
        t_k[cooled] = found.coolant_k(temperature_k.ravel()[film.cell[cooled]])[found.slice_]
        return replace(film, t_k=t_k), found

    def _film_at(self, film: Film, k: tuple[Floats, Floats, Floats]) -> Film:
        k300 = (self.plain.kx, self.plain.ky, self.plain.kz)[film.axis].ravel()[film.cell]
        now = k[film.axis].ravel()[film.cell]
        half = 0.5 * self._sizes[film.axis][np.unravel_index(film.cell, self.plain.mesh.shape)[film.axis]]
        return replace(film, half_m2k_per_w=film.half_m2k_per_w + half * (1.0 / now - 1.0 / k300))

    def power(self, mode: int, power_w: Floats, temperature_k: Floats) -> Floats:
        """Power of each cell with its leakage, radiation not counted. [W]"""
        laws = self.laws
        if laws.leakage_w is None:
            return power_w
        grown = leakage.growth(temperature_k, laws.leakage_reference_k, laws.leakage_doubling_k)
        return np.asarray(power_w + laws.leakage_w[mode] * grown)

    def _left_over(self, mode: int, power_w: Floats, rise_k: Floats) -> tuple[Floats, float, float]:
        """Heat that stays in each cell at a field of rises [W]; what enters and leaves through faces."""
        near, t = self.near, rise_k + self.near.base_k
        k = self.conductivities(t)
        out = self.power(mode, power_w, t).copy()
        varying_kernels.add_flow(*k, *self._sizes, self._contact, near.live, rise_k, out)
        flat, into, from_ = out.reshape(-1), 0.0, 0.0
        for given, cooled in zip(self._films, self._cooled, strict=True):
            film, _ = self._warmed(self._film_at(given, k), cooled, t)
            q = film.conductance_w_per_k * (film.t_k - near.base_k - rise_k.ravel()[film.cell])
            np.add.at(flat, film.cell, q)
            into, from_ = into + float(q[q > 0.0].sum()), from_ - float(q[q < 0.0].sum())
        for item in self.laws.radiating:
            q = -item.exchange_m2 * radiation.net_flux(t.ravel()[item.cell], item.surroundings_k)
            np.add.at(flat, item.cell, q)
            into, from_ = into + float(q[q > 0.0].sum()), from_ - float(q[q < 0.0].sum())
        out[~near.live] = 0.0
        return out, into, from_

    def solve(self, power_w: ArrayLike, tolerance: float = 1e-8) -> Coupled:
        """Temperatures for power maps (m, nx, ny, nz) that do not follow the temperature, leakage added to them. [K]

        Each mode is solved roughly in the problem nearby, whose matrix is then taken at these temperatures.

        Raises
        ------
        NotConverged
            A mode without leakage is not solved after `MOST_CORRECTIONS`; one with it counts as run away.
        NoPathOut
            Power in a cell that no boundary is joined to.
        """
        power = np.asarray(power_w, dtype=np.float64)
        near, m = self.near, len(power)
        if not near.live.all() and (power[:, ~near.live] != 0.0).any():
            raise NoPathOut("power in a cell which has no path to a boundary")
        still = np.full(near.problem.mesh.shape, near.base_k)
        first = np.stack([self.power(mode, power[mode], still) for mode in range(m)])
        right = first if near._boundary_w is None else first + near._boundary_w
        rises, count, _ = near._solve(right, ROUGH, 200, None, 1)
        modes = [self._settled(mode, power[mode], right[mode], rises[mode], tolerance) for mode in range(m)]
        t = np.stack([item.rise_k for item in modes]) + near.base_k
        made = np.stack([self.power(mode, power[mode], t[mode]) for mode in range(m)])
        entering = np.maximum(made, 0.0).reshape(m, -1).sum(axis=1) + [item.into_w for item in modes]
        leaving = np.maximum(-made, 0.0).reshape(m, -1).sum(axis=1) + [item.out_w for item in modes]
        residual = np.array([item.residual for item in modes])
        gone = np.array([item.gone for item in modes])
        stuck = (
            ~(residual <= max(2.0 * tolerance, ROUNDING)) & ~gone
        )  # a residual that is no number is stuck too
        solution = Solution(
            temperature_k=t, iterations=count + np.array([item.iterations for item in modes]), residual=residual,
            balance=np.abs(entering - leaving) / np.where(entering > 0.0, entering, 1.0),
            converged=not stuck.any(),
        )  # fmt: skip
        if stuck.any() and self.laws.leakage_w is None:
            raise NotConverged(solution)
        return Coupled(
            solution=solution, corrections=max(item.corrections for item in modes), settled=~(gone | stuck),
            power_w=made, nearby=tuple(item.near for item in modes),
        )  # fmt: skip

    def _settled(
        self, mode: int, power_w: Floats, right_w: Floats, start_k: Floats, tolerance: float
    ) -> "_Mode":
        near = self.nearby_at(start_k + self.near.base_k)
        faces, gone, leaks = [0.0, 0.0], False, self.laws.leakage_w is not None

        def left(rises: Floats) -> Floats:
            nonlocal gone
            if gone or (leaks and float(rises.max()) + near.base_k > RUNS_AWAY_K):
                gone = True
                return np.zeros_like(rises)
            found, *faces[:] = self._left_over(mode, power_w, rises[0])
            return found[None]

        scale = np.array([float(np.linalg.norm(right_w)) or 1.0])
        rises, residual, corrections, steps = _corrected(left, near, start_k[None], scale, tolerance)
        return _Mode(
            rise_k=rises[0], residual=float(residual[0]), corrections=corrections, iterations=int(steps[0]),
            gone=gone, into_w=faces[0], out_w=faces[1], near=near,
        )  # fmt: skip

    def nearby_at(self, temperature_k: Floats) -> Prepared:
        """The problem nearby with conductivities, and radiation's slope as a film, at a field of temperatures."""
        if not self._varies.size and not self.laws.radiating:
            return self.near
        k = self.conductivities(temperature_k)
        problem = replace(self.near.problem, kx=k[0], ky=k[1], kz=k[2])
        if self.laws.radiating:
            films = {"top": self.plain.h_top.copy(), "bottom": self.plain.h_bottom.copy()}
            area = np.outer(*self._sizes[:2])
            for item in self.laws.radiating:
                i, j, _ = np.unravel_index(item.cell, self.plain.mesh.shape)
                slope = item.exchange_m2 * radiation.flux_slope(temperature_k.ravel()[item.cell])
                films[item.side][i, j] += slope / area[i, j]
            problem = replace(problem, h_top=films["top"], h_bottom=films["bottom"])
        return replace(prepare(problem), base_k=self.near.base_k)

    def stream_heat_w(self, temperature_k: Floats) -> float:
        """Heat that the stream takes from a field of temperatures. [W]"""
        k, total = self.conductivities(temperature_k), 0.0
        for given, cooled in zip(self._films, self._cooled, strict=True):
            film, found = self._warmed(self._film_at(given, k), cooled, temperature_k)
            if found is not None:
                here = temperature_k.ravel()[film.cell[cooled]]
                total += float(found.heat_w(here, found.coolant_k(here)).sum())
        return total

    def state(self, mode: int, temperature_k: Floats, near: Prepared) -> State:
        """The true problem at one mode's temperatures, and the linear one that corrected it."""
        k = self.conductivities(temperature_k)
        problem = replace(self.plain, kx=k[0], ky=k[1], kz=k[2])
        warmed = [
            self._warmed(self._film_at(film, k), cooled, temperature_k)
            for film, cooled in zip(self._films, self._cooled, strict=True)
        ]
        grown = np.zeros(self.plain.mesh.shape)
        laws = self.laws
        if laws.leakage_w is not None:
            grown += laws.leakage_w[mode] * leakage.growth_slope(
                temperature_k, laws.leakage_reference_k, laws.leakage_doubling_k
            )
        for item in laws.radiating:
            slope = item.exchange_m2 * radiation.flux_slope(temperature_k.ravel()[item.cell])
            np.add.at(grown.reshape(-1), item.cell, -slope)
        log = np.zeros(self.plain.mesh.shape)
        at = self._varies
        here, n = temperature_k.ravel()[at], laws.exponent.ravel()[at]
        log.reshape(-1)[at] = varying_conductivity.ratio_slope(here, n) / varying_conductivity.ratio(here, n)
        return State(
            prepared=replace(near, problem=problem, films=tuple(film for film, _ in warmed)),
            streams=tuple(found for _, found in warmed), cooled=self._cooled, temperature_k=temperature_k,
            growth_slope_w_per_k=grown, log_slope=log, conducts_at_k=temperature_k,
        )  # fmt: skip

    def adjoints(self, state: State, weights: ArrayLike, tolerance: float = 1e-8) -> Floats:
        """d(sum of weights times temperature)/d(power) in every cell with every feedback [K/W], shape as `weights`.

        Weights (m, nx, ny, nz). Solves the transposed Jacobian of the true balance.

        Raises
        ------
        NotConverged
        """
        w = np.where(self.near.live, np.asarray(weights, dtype=np.float64), 0.0)
        problem, near = state.prepared.problem, state.prepared
        rise = state.temperature_k - near.base_k

        def left(lam: Floats) -> Floats:
            found = w + state.growth_slope_w_per_k * lam
            for one, out in zip(lam, found, strict=True):
                varying_kernels.add_flow(
                    problem.kx, problem.ky, problem.kz, *self._sizes, self._contact, near.live, one, out
                )
                if state.log_slope.any():
                    varying_kernels.add_twist(
                        problem.kx, problem.ky, problem.kz, state.log_slope, *self._sizes, self._contact,
                        near.live, rise, one, out,
                    )  # fmt: skip
                for film, stream, cooled in zip(
                    state.prepared.films, state.streams, state.cooled, strict=True
                ):
                    g, at = film.conductance_w_per_k, film.cell
                    k = (problem.kx, problem.ky, problem.kz)[film.axis].ravel()[at]
                    size = self._sizes[film.axis][np.unravel_index(at, problem.mesh.shape)[film.axis]]
                    by_k = g * g / film.area_m2 * (0.5 * size / k) * state.log_slope.ravel()[at]
                    over = rise.ravel()[at] + near.base_k - film.t_k
                    felt = one.ravel()[at]
                    if stream is not None:
                        felt[cooled] -= stream.carried(felt[cooled])[stream.slice_]
                    np.add.at(out.reshape(-1), at, -(g + by_k * over) * felt)
                out[~near.live] = 0.0
            return found

        scale = np.sqrt((w.reshape(len(w), -1) ** 2).sum(axis=1))
        start, steps, _ = near._solve(w, LOOSE, 200, None, 1)
        lam, residual, _, more = _corrected(left, near, start, np.where(scale > 0.0, scale, 1.0), tolerance)
        if not (residual <= max(2.0 * tolerance, ROUNDING)).all():
            raise NotConverged(
                Solution(
                    temperature_k=lam, iterations=steps + more, residual=residual,
                    balance=np.full(len(lam), np.inf), converged=False,
                )
            )  # fmt: skip
        return lam


def _corrected(
    left: Callable[[Floats], Floats], near: Prepared, start: Floats, scale: Floats, tolerance: float
) -> tuple[Floats, Floats, int, NDArray[np.int64]]:
    """Drives `left` to zero from `start`: fields, relative residuals, corrections, iterations of the linear solver."""
    x, m = np.array(start, dtype=np.float64), len(start)
    count = np.zeros(m, np.int64)
    past: list[tuple[Floats, Floats]] = []  # changes of x and of the corrections, one step each
    previous: tuple[Floats, Floats] | None = None
    for number in range(MOST_CORRECTIONS + 1):
        r = left(x)
        residual = np.sqrt((r.reshape(m, -1) ** 2).sum(axis=1)) / scale
        open_ = residual > tolerance
        if not open_.any() or number == MOST_CORRECTIONS or not np.isfinite(residual).all():
            break
        r[~open_] = 0.0
        inner = max(LOOSE, 0.3 * tolerance / float(residual[open_].max()))
        f, steps, _ = near._solve(r, inner, 200, None, 1)
        count += steps
        if previous is not None:
            past = [*past, (x - previous[0], f - previous[1])][-_DEPTH:]
        previous = (x.copy(), f)
        x = x + _mixed(f, past, open_)
    return x, residual, number, count


def _mixed(f: Floats, past: list[tuple[Floats, Floats]], open_: NDArray[np.bool_]) -> Floats:
    """The step that the last corrections together suggest, each field for itself."""
    step = f.copy()
    if not past:
        return step
    for mode in np.flatnonzero(open_):
        df = np.stack([change[mode].ravel() for _, change in past], axis=1)
        norms = np.sqrt((df * df).sum(axis=0))
        use = norms > 0.0
        if not use.any():
            continue
        gram = df[:, use].T @ df[:, use] / np.outer(norms[use], norms[use])
        theta = (
            np.linalg.lstsq(gram, df[:, use].T @ f[mode].ravel() / norms[use], rcond=1e-10)[0] / norms[use]
        )
        for weight, (dx, change) in zip(theta, [p for p, u in zip(past, use, strict=True) if u], strict=True):
            step[mode] -= weight * (dx[mode] + change[mode])
    return step
