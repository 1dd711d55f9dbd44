"""Tasks against sites as arrays, and what a given choice of sites comes to."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.supply.dominance import USD_TIE, WEEKS_TIE
from packfirst.disciplines.supply.gates import Entry
from packfirst.disciplines.supply.process import BadProcess, Task, check_process


@dataclass(frozen=True, kw_only=True)
class RouteProblem:
    """Tasks against sites, as arrays; infinite weeks where a site cannot do a task.

    Attributes
    ----------
    weeks, cost_usd, unstated : arrays, shape (n_tasks, n_sites)
        Time and money of a task at a site; number of its gates without stated evidence.
    gates_asked : array, shape (n_tasks,)
        Gates asked of each task: what the share of stated evidence is a share of.
    country : array of int, shape (n_sites,)
        Index of the country that the site stands in.
    move_weeks, move_usd : arrays, shape (n_countries, n_countries)
        A move between two sites; the diagonal is a move within a country. Staying costs nothing.
    start_country, end_country : int
        Where the wafers come from and where the parts go; -1 where that does not count.
    start_task : int
        The task that receives the wafers; -1 where that does not count.
    """

    tasks: tuple[Task, ...]
    weeks: NDArray[np.float64]
    cost_usd: NDArray[np.float64]
    unstated: NDArray[np.float64]
    gates_asked: NDArray[np.int64]
    country: NDArray[np.int64]
    move_weeks: NDArray[np.float64]
    move_usd: NDArray[np.float64]
    start_country: int = -1
    end_country: int = -1
    start_task: int = -1

    def __post_init__(self) -> None:
        check_process(self.tasks)
        if (
            min((float(a.min(initial=0.0)) for a in (self.weeks, self.cost_usd, self.unstated)), default=0.0)
            < 0.0
        ):
            raise BadProcess("a task has negative weeks, cost or gates: none of them can be below zero")

    def among(self, sites: NDArray[np.int64]) -> "RouteProblem":
        """The same problem with these sites alone, renumbered in their order."""
        return replace(
            self, weeks=np.ascontiguousarray(self.weeks[:, sites]),
            cost_usd=np.ascontiguousarray(self.cost_usd[:, sites]),
            unstated=np.ascontiguousarray(self.unstated[:, sites]), country=self.country[sites],
        )  # fmt: skip

    def without(self, sites: NDArray[np.bool_]) -> "RouteProblem":
        """The same problem with some sites gone, shape (n_sites,)."""
        return replace(self, weeks=np.where(sites, np.inf, self.weeks))

    @property
    def signature(self) -> str:
        """Hash of all that the routes depend on: equal signatures, equal routes, so that a search pays once."""
        total = hashlib.blake2b(digest_size=16)
        total.update(repr([(task.needs, task.after) for task in self.tasks]).encode())
        for array in (self.weeks, self.cost_usd, self.unstated, self.gates_asked, self.country):
            total.update(np.ascontiguousarray(array).tobytes())
        for array in (self.move_weeks, self.move_usd):
            total.update(np.ascontiguousarray(array).tobytes())
        total.update(repr((self.start_country, self.end_country, self.start_task)).encode())
        return total.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One site for each task, and what the whole of it comes to."""

    sites: tuple[int, ...]  # by task
    weeks: float
    cost_usd: float
    n_sites: int
    crossings: int
    unstated: int
    stated_share: float  # of all gates asked

    @property
    def figures(self) -> tuple[float, ...]:
        """Weeks, USD, crossings, unstated gates and sites: less of each is better."""
        return (self.weeks, self.cost_usd, self.crossings, self.unstated, self.n_sites)


def route_problem(
    tasks: Sequence[Task],
    entries: Mapping[str, Sequence[Entry]],
    countries: Sequence[str],
    *,
    weeks: Callable[[str, int], float],
    cost_usd: Callable[[str, int], float],
    move: Callable[[str, str], tuple[float, float]],
    start: str = "",
    end: str = "",
    start_task: int = 0,
) -> tuple[RouteProblem, tuple[str, ...]]:
    """Arrays of a problem from answered gates; sites that a gate refuses are left out of the task.

    Parameters
    ----------
    entries : from `gates.entries`
    countries : sequence of str
        Country of each site.
    weeks, cost_usd : called with (step, site)
        Time and money of a step at a site.
    move : called with (country, country)
        Weeks and USD of a move between two sites.
    start, end : countries of the wafers and of the customer; "" where that does not count
    start_task : int
        The task that the wafers go to.

    Returns
    -------
    The problem, and the names of its countries by index.
    """
    n_sites = len(countries)
    names = tuple(dict.fromkeys([*countries, *(name for name in (start, end) if name)]))
    index = {name: i for i, name in enumerate(names)}
    shape = (len(tasks), n_sites)
    time, usd, unstated = np.full(shape, np.inf), np.zeros(shape), np.zeros(shape)
    asked = np.zeros(len(tasks), dtype=np.int64)
    for t, task in enumerate(tasks):
        open_to = [{item.site: item for item in entries[need] if not item.blocked_by} for need in task.needs]
        asked[t] = sum(max((len(item.answers) for item in entries[need]), default=0) for need in task.needs)
        for site in sorted(set.intersection(*(set(table) for table in open_to))):
            time[t, site] = sum(weeks(need, site) for need in task.needs)
            usd[t, site] = sum(cost_usd(need, site) for need in task.needs)
            unstated[t, site] = sum(table[site].unstated for table in open_to)
    moves = np.array([[move(a, b) for b in names] for a in names], dtype=np.float64).reshape(
        len(names), -1, 2
    )
    problem = RouteProblem(
        tasks=tuple(tasks), weeks=time, cost_usd=usd, unstated=unstated, gates_asked=asked,
        country=np.array([index[name] for name in countries], dtype=np.int64),
        move_weeks=np.ascontiguousarray(moves[:, :, 0]), move_usd=np.ascontiguousarray(moves[:, :, 1]),
        start_country=index[start] if start else -1, end_country=index[end] if end else -1,
        start_task=start_task if start else -1,
    )  # fmt: skip
    return problem, names


def evaluated(problem: RouteProblem, sites: Sequence[int]) -> Route:
    """What a given choice of sites comes to; infinite weeks where a site cannot do its task."""
    arrive = np.zeros(len(problem.tasks))
    usd, crossings, unstated = 0.0, 0, 0
    country = problem.country
    for index, task in enumerate(problem.tasks):
        here, start = sites[index], 0.0
        for before in task.after:
            there = sites[before]
            move = 0.0 if here == there else float(problem.move_weeks[country[there], country[here]])
            usd += 0.0 if here == there else float(problem.move_usd[country[there], country[here]])
            crossings += int(country[there] != country[here])
            start = max(start, arrive[before] + move)
        if index == problem.start_task and problem.start_country not in (-1, country[here]):
            start = max(start, float(problem.move_weeks[problem.start_country, country[here]]))
            usd += float(problem.move_usd[problem.start_country, country[here]])
            crossings += 1
        arrive[index] = start + problem.weeks[index, here]
        usd += float(problem.cost_usd[index, here])
        unstated += int(problem.unstated[index, here])
    weeks, last = float(arrive[-1]), country[sites[-1]]
    if problem.end_country not in (-1, last):
        weeks += float(problem.move_weeks[last, problem.end_country])
        usd += float(problem.move_usd[last, problem.end_country])
        crossings += 1
    asked = int(problem.gates_asked.sum())
    return Route(
        sites=tuple(sites), weeks=weeks, cost_usd=usd, n_sites=len(set(sites)), crossings=crossings,
        unstated=unstated, stated_share=1.0 - unstated / asked if asked else 0.0,
    )  # fmt: skip


def no_worse(new: Route, old: Route) -> bool:
    """Whether a route is no worse than another in every figure, rounding apart."""
    return (
        new.weeks <= old.weeks + WEEKS_TIE
        and new.cost_usd <= old.cost_usd + USD_TIE
        and new.n_sites <= old.n_sites
        and new.crossings <= old.crossings
        and new.unstated <= old.unstated
    )
