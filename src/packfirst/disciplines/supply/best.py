"""The least of one figure by itself: dynamic programming on the tree, exact, without any front."""

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.supply.problem import RouteProblem

Floats = NDArray[np.float64]


def best_weeks(problem: RouteProblem) -> tuple[float, tuple[int, ...]]:
    """The least weeks of any route and its sites; infinite and empty where there is none. No fronts needed."""
    return _best(problem, problem.weeks, problem.move_weeks, is_time=True)


def best_cost(problem: RouteProblem) -> tuple[float, tuple[int, ...]]:
    """The least cost of any route and its sites; infinite and empty where there is none."""
    cost = np.where(np.isfinite(problem.weeks), problem.cost_usd, np.inf)
    return _best(problem, cost, problem.move_usd, is_time=False)


def _best(
    problem: RouteProblem, own: NDArray[np.float64], move: NDArray[np.float64], *, is_time: bool
) -> tuple[float, tuple[int, ...]]:
    country = problem.country
    best, came_from = _tables(problem, own, move, is_time=is_time)
    end = best[-1]
    if problem.end_country >= 0:
        end = end + np.where(country == problem.end_country, 0.0, move[country, problem.end_country])
    if not end.size or not np.isfinite(end.min()):
        return float("inf"), ()
    sites = [-1] * len(best)
    sites[-1] = int(end.argmin())
    for index in range(len(best) - 1, -1, -1):
        for before, source in came_from[index].items():
            sites[before] = int(source[sites[index]])
    return float(end.min()), tuple(sites)


def _tables(
    problem: RouteProblem, own: NDArray[np.float64], move: NDArray[np.float64], *, is_time: bool
) -> tuple[NDArray[np.float64], list[dict[int, NDArray[np.int64]]]]:
    """Dynamic programming on the tree for one figure: a maximum over branches for time, a sum for the others.

    Least value of each task done at each site, and where each branch came from.
    """
    country = problem.country
    best = np.full(own.shape, np.inf)
    came_from: list[dict[int, NDArray[np.int64]]] = []
    for index, task in enumerate(problem.tasks):
        total, sources = np.zeros(own.shape[1]), {}
        for before in task.after:
            reached, source = _nearest(best[before], country, move)
            total = np.maximum(total, reached) if is_time else total + reached
            sources[before] = source
        if index == problem.start_task and problem.start_country >= 0:
            leave = np.where(country == problem.start_country, 0.0, move[problem.start_country, country])
            total = np.maximum(total, leave) if is_time else total + leave
        best[index] = total + own[index]
        came_from.append(sources)
    return best, came_from


def _nearest(
    best: NDArray[np.float64], country: NDArray[np.int64], move: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Least value to arrive at each site, and from which: staying, or moving from the best of a country."""
    n_countries = move.shape[0]
    least, who = np.full(n_countries, np.inf), np.zeros(n_countries, dtype=np.int64)
    for index in np.unique(country):
        members = np.flatnonzero(country == index)
        place = members[best[members].argmin()]
        least[index], who[index] = best[place], place
    over = least[:, None] + move  # from country, to country
    source = over.argmin(axis=0)
    moved = over.min(axis=0)[country]
    stay = best <= moved
    return np.where(stay, best, moved), np.where(stay, np.arange(len(country)), who[source][country])


def least_rest(problem: RouteProblem) -> tuple[tuple[Floats, ...], tuple[Floats, Floats, Floats]]:
    """The least that remains after each task at each site, arrays of shape (n_tasks, n_sites).

    In turn for weeks, dollars, crossings and unstated gates, each by itself; and the least weeks of any route. Then the
    least dollars, crossings and gates of each task with all before it, moved on to each site.
    """
    country = problem.country
    able = np.isfinite(problem.weeks)
    n_tasks, n_sites = able.shape
    border = 1.0 - np.eye(problem.move_weeks.shape[0])
    figures = (
        (problem.weeks, problem.move_weeks, True),
        (np.where(able, problem.cost_usd, np.inf), problem.move_usd, False),
        (np.where(able, 0.0, np.inf), border, False),
        (np.where(able, problem.unstated, np.inf), np.zeros_like(border), False),
    )
    feeds = {before: index for index, task in enumerate(problem.tasks) for before in task.after}
    found: list[NDArray[np.float64]] = []
    branches: list[NDArray[np.float64]] = []
    for own, move, is_time in figures:
        best, _ = _tables(problem, own, move, is_time=is_time)
        if not is_time:
            branches.append(np.stack([_nearest(row, country, move)[0] for row in best]))
        rest = np.zeros((n_tasks, n_sites))
        if problem.end_country >= 0:
            rest[-1] = np.where(country == problem.end_country, 0.0, move[country, problem.end_country])
        for index in range(n_tasks - 2, -1, -1):
            after = feeds[index]
            ahead = own[after] + rest[after]
            if not is_time:  # the other branches have to be paid for as well; their time may run beside
                for other in problem.tasks[after].after:
                    if other != index:
                        ahead = ahead + _nearest(best[other], country, move)[0]
                if after == problem.start_task and problem.start_country >= 0:
                    ahead = ahead + np.where(
                        country == problem.start_country, 0.0, move[problem.start_country, country]
                    )
            rest[index] = _nearest(ahead, country, np.ascontiguousarray(move.T))[0]
        rest[-1] = 0.0  # a label of the last task has paid for the way out
        found.append(rest)
    rest_of = (*found, np.full((n_tasks, n_sites), best_weeks(problem)[0]))
    return rest_of, (branches[0], branches[1], branches[2])
