"""Every Pareto route of a process over real sites: weeks, cost, sites, border crossings, stated evidence.

The process is an in-tree of tasks: wafers, substrates and lids are made side by side and meet at assembly. A
task is done at one site; time runs along the longest branch, moves between sites included. The fronts are exact:
labels are set task by task and forgotten only where `dominance` proves that nothing is lost. Of several routes
with the same five figures one is returned; `stand_ins` lists the sites that could replace one of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from packfirst.disciplines.supply.best import best_cost, best_weeks
from packfirst.disciplines.supply.cover_bounds import cover_bounds
from packfirst.disciplines.supply.dominance import covers, first_choices
from packfirst.disciplines.supply.gates import Answer, Entry, State
from packfirst.disciplines.supply.problem import Route, RouteProblem, evaluated, no_worse
from packfirst.disciplines.supply.search import Search, TooMany

_FEW = 2_000  # labels held at a task before the tables that bound large problems are worth their third of a second
_MANY_SITES = (
    300  # from so many on a rough search holds `_NARROW` labels a task, since each goes to every site
)
_NARROW = 200
_BEAM = 500  # held where the exact search gave up


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoRoutes:
    """Routes that no other beats in every respect, the fastest first, and the work that they took.

    Where `exact` is False the search was cut short: each route can be had and none beats another, but better
    ones may exist.
    """

    routes: tuple[Route, ...]
    exact: bool
    labels_made: int
    labels_kept: int


def pareto_routes(problem: RouteProblem, *, most_labels: int = 6_000) -> ParetoRoutes:
    """Every route that no other beats in all of weeks, cost, sites, crossings and unstated gates, exactly.

    Empty where some task has no site. Weeks that differ by less than 1e-9 and dollars by less than 1e-6 are
    ties.

    Parameters
    ----------
    most_labels : int
        Partial routes held at one task. The least number of sites alone is a set cover, so that some problem is
        too hard for any number: past it the best fronts so far are returned, marked as not exact.
    """
    every = np.arange(len(problem.tasks))
    nothing = np.zeros(problem.weeks.shape[1], dtype=np.bool_)
    cover = covers(problem.weeks, problem.cost_usd, problem.unstated, problem.country, every, nothing)
    able = np.flatnonzero(np.isfinite(problem.weeks).any(axis=0))
    chosen = first_choices(cover, able)
    best = problem.among(chosen)
    found, made, kept = tuple[Route, ...](), 0, 0
    exact, full, tables = False, len(problem.tasks), None
    rough = min(most_labels, _NARROW) if len(chosen) > _MANY_SITES else most_labels
    for depth, most, beam, with_tables in (
        # Rough fronts first: what they find bounds the exact one.
        (0, rough, True, False), (1, rough, True, False),
        (full, min(most_labels, _FEW), False, False), (full, most_labels, False, True),
        (full, min(rough, _BEAM), True, True),
    ):  # fmt: skip
        if with_tables and tables is None:
            tables = cover_bounds(best.weeks, best.cost_usd, best.unstated, best.country, best.end_country)
        work = Search(best, depth, found, most, tables, beam=beam)
        try:
            found = _front([*found, *work.routes()])
        except TooMany:
            continue
        finally:
            made, kept = made + work.made, kept + work.kept
        exact = depth == full and not beam
        if exact:
            break
    if not found and not exact:
        ends = (best_weeks(best)[1], best_cost(best)[1])
        found = _front([evaluated(best, sites) for sites in ends if sites])
    routes = tuple(replace(route, sites=tuple(int(chosen[site]) for site in route.sites)) for route in found)
    return ParetoRoutes(routes=routes, exact=exact, labels_made=made, labels_kept=kept)


def _front(routes: Sequence[Route]) -> tuple[Route, ...]:
    """Routes that no other beats or equals, the fastest first; of equals, the first."""
    kept: list[Route] = []
    for route in sorted(routes, key=lambda route: route.figures):
        if not any(no_worse(other, route) for other in kept):
            kept = [other for other in kept if not no_worse(route, other)]
            kept.append(route)
    return tuple(kept)


def stand_ins(problem: RouteProblem, route: Route) -> dict[int, tuple[int, ...]]:
    """For each site of a route, those that could take over all of its tasks and leave the route no worse."""
    found: dict[int, tuple[int, ...]] = {}
    for site in dict.fromkeys(route.sites):
        mine = [index for index, used in enumerate(route.sites) if used == site]
        able = np.flatnonzero(np.isfinite(problem.weeks[mine]).all(axis=0))
        swapped = {
            int(other): evaluated(problem, [int(other) if used == site else used for used in route.sites])
            for other in able
            if other not in route.sites
        }
        found[site] = tuple(other for other, new in swapped.items() if no_worse(new, route))
    return found


def open_questions(
    problem: RouteProblem, route: Route, entries: Mapping[str, Sequence[Entry]]
) -> tuple[Answer, ...]:
    """What to ask, and whom, before the route can be relied on: its unknown gates, each once."""
    asked: dict[tuple[str, str], Answer] = {}
    for task, site in zip(problem.tasks, route.sites, strict=True):
        for need in task.needs:
            for item in entries[need]:
                if item.site == site:
                    for answer in item.answers:
                        if answer.state is State.UNKNOWN:
                            asked.setdefault((answer.ask, answer.question), answer)
    return tuple(asked.values())
