"""Demand of programs over the years against lines that are built, staffed, qualified and sometimes stopped.

Each order visits a chain of stations; a station is a pool of like lines with one queue, first come first served.
The waits are exact for the sampled orders: the recursion of Kiefer and Wolfowitz (Trans. Am. Math. Soc. 78, 1955,
p. 1) gives every order the line that is free first, which for one line is Lindley's (Proc. Camb. Phil. Soc. 48,
1952, p. 277). Lines of a pool are alike and an order holds one at a time, so that its start is known when it
arrives; taking arrivals in the order of time is then a whole event simulation in one compiled loop, and a
simulation library with its processes would compute the same numbers, only slower. Where rates are steady, the
closed forms of `queueing` are the check.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def _visits_python(placed, chain, n_visits, service, first_line, opens, first_stop, stops):  # type: ignore[no-untyped-def]
    """Wait of each visit, delivery of each order, and busy weeks of each station.

    Arrivals at all stations are taken in the order of time, from a heap; a line and a start follow at once, and
    with them the arrival at the next station, which is always later.
    """
    n = placed.shape[0]
    free = opens.copy()
    wait = np.zeros(service.shape)
    done = placed.copy()
    busy = np.zeros(first_line.shape[0] - 1)
    heap = [(placed[order], order, 0) for order in range(n)]
    heapq.heapify(heap)
    while len(heap) > 0:
        ready, order, visit = heapq.heappop(heap)
        station = chain[order, visit]
        line = first_line[station]
        for other in range(first_line[station] + 1, first_line[station + 1]):
            if free[other] < free[line]:
                line = other
        begin = max(ready, free[line])
        for stop in range(first_stop[station], first_stop[station + 1]):  # a lot in work is finished first
            if stops[stop, 0] <= begin < stops[stop, 1]:
                begin = stops[stop, 1]
        finish = begin + service[order, visit]
        free[line] = finish
        wait[order, visit] = begin - ready
        busy[station] += service[order, visit]
        if visit + 1 < n_visits[order]:
            heapq.heappush(heap, (finish, order, visit + 1))
        else:
            done[order] = finish
    return wait, done, busy


# placed (n,), chain (n, longest), n_visits (n,), service (n, longest), first_line (stations + 1,), opens (lines,),
# first_stop (stations + 1,), stops (k, 2) sorted within a station -> wait (n, longest), done (n,), busy (stations,)
visits: Callable[[Floats, Ints, Ints, Floats, Ints, Floats, Ints, Floats], tuple[Floats, Floats, Floats]] = (
    njit(cache=True)(_visits_python)
)


@dataclass(frozen=True, kw_only=True)
class Station:
    """A pool of like lines.

    Attributes
    ----------
    opens_weeks : array, shape (n_lines,)
        When each line takes its first order: built, staffed, trained and qualified. From `opening_weeks`.
    service_weeks, service_cv2 : float
        Mean time of an order on a line, and its squared coefficient of variation.
    stops_per_year, stop_weeks : float
        Disruptions of the whole pool: how often, and how long on average (exponential).
    """

    name: str
    opens_weeks: Floats
    service_weeks: float
    service_cv2: float = 1.0
    stops_per_year: float = 0.0
    stop_weeks: float = 0.0

    def __post_init__(self) -> None:
        if not len(self.opens_weeks):
            raise ValueError(f"station {self.name!r} has no lines")
        numbers = (self.service_weeks, self.service_cv2, self.stops_per_year, self.stop_weeks)
        if min(numbers) < 0.0 or self.service_weeks == 0.0:
            raise ValueError(f"station {self.name!r} has a negative number, or no service time")


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Orders of one kind: Poisson within each year, a chain of stations each.

    Attributes
    ----------
    orders_per_year : array, shape (n_years,)
    chain : tuple of int
        Stations in order; a program that is qualified at one site alone names that site's pool.
    """

    name: str
    orders_per_year: Floats
    chain: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class BaseRun:
    """What the years bring, over all runs.

    Attributes
    ----------
    lead_weeks : array, shape (n_runs, n_years)
        Mean order to delivery, by the year in which it was placed; NaN-free: years without orders repeat the
        last one before, or zero.
    wait_weeks : array, shape (n_runs, n_stations)
        Mean wait at each station.
    utilisation : array, shape (n_runs, n_stations)
        Busy weeks over open weeks until the last delivery.
    orders : array, shape (n_runs,)
        Orders served; every order placed is served in the end.
    """

    years: int
    stations: tuple[str, ...]
    lead_weeks: Floats
    wait_weeks: Floats
    utilisation: Floats
    orders: Ints

    def band(self, values: Floats, low: float = 0.05, high: float = 0.95) -> tuple[Floats, Floats, Floats]:
        """Points of a figure over the runs: low, median, high."""
        points = np.quantile(values, [low, 0.5, high], axis=0)
        return points[0], points[1], points[2]


def opening_weeks(
    n_lines: int,
    *,
    start_weeks: float = 0.0,
    build_weeks: float = 0.0,
    hires_per_line: float = 0.0,
    hires_per_week: float = np.inf,
    training_weeks: float = 0.0,
    qualification_weeks: float = 0.0,
) -> Floats:
    """When each of several new lines takes its first order, shape (n_lines,). [weeks]

    Building and hiring run side by side from the start; line k waits for the k-th crew to be hired and trained.
    Qualification comes after both: opening is not production, and production is not qualification.
    """
    if min(build_weeks, hires_per_line, training_weeks, qualification_weeks) < 0.0 or hires_per_week <= 0.0:
        raise ValueError(
            "build, hiring, training and qualification times cannot be negative, nor hiring stand still"
        )
    crew = np.arange(1, n_lines + 1) * hires_per_line / hires_per_week + training_weeks * (
        hires_per_line > 0.0
    )
    return np.asarray(start_weeks + np.maximum(build_weeks, crew) + qualification_weeks, dtype=np.float64)


def funded_lines(budget_usd: float, line_usd: float, other_share: float = 0.0) -> int:
    """Whole lines that a budget buys, after the share that goes to something else, such as the front end."""
    if not 0.0 <= other_share <= 1.0 or line_usd <= 0.0 or budget_usd < 0.0:
        raise ValueError("a share lies between 0 and 1, a line costs something, a budget is not negative")
    return int(budget_usd * (1.0 - other_share) / line_usd + 1e-9)


WEEKS_PER_YEAR = 365.25 / 7.0


def grow(stations: Sequence[Station], demands: Sequence[Demand], *, runs: int, seed: int) -> BaseRun:
    """Runs the base over the years of the demand.

    Common random numbers: run k of two bases draws the same orders and, station by station, the same services,
    so that differences are those of the lines.

    Raises
    ------
    ValueError
        Demands of different lengths, or a chain that names no station.
    """
    return grow_varied([stations] * runs, demands, seed=seed)


def grow_varied(bases: Sequence[Sequence[Station]], demands: Sequence[Demand], *, seed: int) -> BaseRun:
    """`grow` with a base of its own for each run: what is not certain of the stations differs from run to run.

    Every base has the same stations in the same order; lines, times and disruptions may differ.

    Raises
    ------
    ValueError
        Demands of different lengths, a chain that names no station, or no run at all.
    """
    if not bases:
        raise ValueError("at least one run")
    years = {len(item.orders_per_year) for item in demands}
    if len(years) != 1:
        raise ValueError("each demand needs the same number of years, at least one")
    for item in demands:
        if not item.chain or min(item.chain) < 0 or max(item.chain) >= len(bases[0]):
            raise ValueError(f"demand {item.name!r} has a chain that names no station")
        if np.any(np.asarray(item.orders_per_year) < 0.0):
            raise ValueError(f"demand {item.name!r} has negative orders")
    n_years = years.pop()
    results = [
        _run(stations, demands, n_years, np.random.SeedSequence([seed, run]))
        for run, stations in enumerate(bases)
    ]
    return BaseRun(
        years=n_years,
        stations=tuple(item.name for item in bases[0]),
        lead_weeks=np.array([item[0] for item in results]),
        wait_weeks=np.array([item[1] for item in results]),
        utilisation=np.array([item[2] for item in results]),
        orders=np.array([item[3] for item in results], dtype=np.int64),
    )


def _run(
    stations: Sequence[Station], demands: Sequence[Demand], n_years: int, seeds: np.random.SeedSequence
) -> tuple[Floats, Floats, Floats, int]:
    order_seed, service_seed, *stop_seeds = seeds.spawn(len(stations) + 2)
    placed, kind = _orders(demands, n_years, np.random.default_rng(order_seed))
    n_visits = np.array([len(item.chain) for item in demands], dtype=np.int64)[kind]
    chains = np.full((len(demands), max(len(item.chain) for item in demands)), -1, dtype=np.int64)
    for index, item in enumerate(demands):
        chains[index, : len(item.chain)] = item.chain
    chain = chains[kind]
    mean = np.array([item.service_weeks for item in stations])[chain]
    cv2 = np.array([item.service_cv2 for item in stations])[chain]
    shape = 1.0 / np.maximum(
        cv2, 1e-12
    )  # a gamma of this shape has that cv2 and a mean of one when divided by it
    drawn = np.random.default_rng(service_seed).standard_gamma(shape) / shape
    service = np.ascontiguousarray(mean * np.where(cv2 > 0.0, drawn, 1.0))
    horizon = n_years * WEEKS_PER_YEAR
    stops = [
        _stops(item, horizon, np.random.default_rng(seed))
        for item, seed in zip(stations, stop_seeds, strict=True)
    ]
    opens = [np.asarray(item.opens_weeks, dtype=np.float64) for item in stations]
    wait, done, busy = visits(
        placed,
        chain,
        n_visits,
        service,
        _firsts(opens),
        np.concatenate(opens),
        _firsts(stops),
        np.concatenate(stops),
    )
    made = np.arange(chain.shape[1]) < n_visits[:, None]
    at = chain[made]
    count = np.bincount(at, minlength=len(stations))
    waited = np.bincount(at, weights=wait[made], minlength=len(stations)) / np.maximum(count, 1)
    end = max(horizon, float(done.max(initial=0.0)))
    open_weeks = np.array([np.maximum(end - lines, 0.0).sum() for lines in opens])
    used = np.divide(busy, open_weeks, out=np.zeros_like(busy), where=open_weeks > 0.0)
    return _by_year(placed, done - placed, n_years), waited, used, len(placed)


def _firsts(parts: Sequence[Floats]) -> Ints:
    return np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int64)


def _stops(station: Station, horizon: float, rng: np.random.Generator) -> Floats:
    """Disruptions of a pool as (start, end), sorted, shape (k, 2)."""
    count = rng.poisson(station.stops_per_year * horizon / WEEKS_PER_YEAR)
    start = np.sort(rng.random(count)) * horizon
    return np.column_stack([start, start + rng.standard_exponential(count) * station.stop_weeks])


def _by_year(placed: Floats, lead: Floats, n_years: int) -> Floats:
    """Mean lead time of the orders of each year; a year without orders repeats the one before."""
    year = np.minimum((placed / WEEKS_PER_YEAR).astype(np.int64), n_years - 1)
    count = np.bincount(year, minlength=n_years)
    total = np.bincount(year, weights=lead, minlength=n_years)
    mean = np.divide(total, count, out=np.zeros(n_years), where=count > 0)
    for index in range(1, n_years):
        if count[index] == 0:
            mean[index] = mean[index - 1]
    return mean


def _orders(demands: Sequence[Demand], n_years: int, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """Poisson orders, uniform within each year, and the demand that each belongs to, by time."""
    times, kinds = [np.zeros(0)], [np.zeros(0, dtype=np.int64)]
    for index, item in enumerate(demands):
        counts = rng.poisson(np.asarray(item.orders_per_year, dtype=np.float64))
        starts = np.repeat(np.arange(n_years), counts)
        times.append((starts + rng.random(len(starts))) * WEEKS_PER_YEAR)
        kinds.append(np.full(len(starts), index, dtype=np.int64))
    placed, kind = np.concatenate(times), np.concatenate(kinds)
    order = np.argsort(placed, kind="stable")
    return placed[order], kind[order]
