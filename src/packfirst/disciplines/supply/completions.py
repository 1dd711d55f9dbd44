"""What a partial route still has to pay, as a front: weeks, dollars, crossings and gates traded against each other.

Behind each task and site stand the Pareto points of the way to the end, with the number of sites left out and other
branches at the least of each figure; so every completion is no better than one of them.
"""

from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import NDArray

from packfirst.disciplines.supply.problem import RouteProblem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_POINTS = 24  # of one front; of more, neighbours are taken together at the least of each figure


def completions(problem: RouteProblem, branches: tuple[Floats, Floats, Floats]) -> tuple[Floats, Ints]:
    """Fronts behind every task and site.

    Parameters
    ----------
    branches : arrays, shape (n_tasks, n_sites)
        Least dollars, crossings and gates of a branch once it has reached each site, by the branch's last task.

    Returns
    -------
    points, shape (n_tasks, n_sites, MOST_POINTS, 4), and how many of them count, shape (n_tasks, n_sites); none where
    there is no way on.
    """
    country = problem.country
    n_tasks, n_sites = problem.weeks.shape
    points = np.zeros((n_tasks, n_sites, MOST_POINTS, 4))
    count = np.zeros((n_tasks, n_sites), dtype=np.int64)
    feeds = {before: index for index, task in enumerate(problem.tasks) for before in task.after}
    last = n_tasks - 1
    count[last] = 1
    for index in range(last - 1, -1, -1):
        after = feeds[index]
        extra = np.zeros((n_sites, 4))
        extra[:, 0], extra[:, 1], extra[:, 3] = (
            problem.weeks[after], problem.cost_usd[after], problem.unstated[after],
        )  # fmt: skip
        for other in problem.tasks[after].after:
            if other != index:
                for figure, least in zip((1, 2, 3), branches, strict=True):
                    extra[:, figure] += least[other]
        if after == problem.start_task and problem.start_country >= 0:
            away = country != problem.start_country
            extra[:, 1] += np.where(away, problem.move_usd[problem.start_country, country], 0.0)
            extra[:, 2] += away
        if after == last and problem.end_country >= 0:
            away = country != problem.end_country
            extra[:, 0] += np.where(away, problem.move_weeks[country, problem.end_country], 0.0)
            extra[:, 1] += np.where(away, problem.move_usd[country, problem.end_country], 0.0)
            extra[:, 2] += away
        able = np.isfinite(extra).all(axis=1)
        points[index], count[index] = _behind(
            points[after], count[after] * able, np.where(np.isfinite(extra), extra, 0.0), country,
            problem.move_weeks, problem.move_usd,
        )  # fmt: skip
    return points, count


def _kept_python(found, n):  # type: ignore[no-untyped-def]
    """Moves the Pareto points of the first n rows to the front; returns how many there are."""
    kept = 0
    for new in range(n):
        a, b, c, d = found[new, 0], found[new, 1], found[new, 2], found[new, 3]
        lost = False
        for old in range(kept):
            if found[old, 0] <= a and found[old, 1] <= b and found[old, 2] <= c and found[old, 3] <= d:
                lost = True
                break
        if lost:
            continue
        stay = 0
        for old in range(kept):
            if not (a <= found[old, 0] and b <= found[old, 1] and c <= found[old, 2] and d <= found[old, 3]):
                if stay != old:
                    found[stay] = found[old]
                stay += 1
        found[stay, 0], found[stay, 1], found[stay, 2], found[stay, 3] = a, b, c, d
        kept = stay + 1
    return kept


_kept: Callable[[Floats, int], int] = njit(cache=True)(_kept_python)


def _coarse_python(found, n, most):  # type: ignore[no-untyped-def]
    """At most so many points, of which one is no worse than each of the first n rows: neighbours at their least."""
    if n <= most:
        return n
    place = np.argsort(found[:n, 0])
    ordered = found[:n][place].copy()
    for group in range(most):
        start, stop = group * n // most, (group + 1) * n // most
        for figure in range(4):
            found[group, figure] = ordered[start:stop, figure].min()
    return _kept(found, most)


_coarse: Callable[[Floats, int, int], int] = njit(cache=True)(_coarse_python)


def _behind_python(ahead, n_ahead, extra, country, move_weeks, move_usd):  # type: ignore[no-untyped-def]
    n_sites, most, _ = ahead.shape
    n_countries = move_weeks.shape[0]
    room = 4 * most
    by_country = np.zeros((n_countries, room + most, 4))
    n_by = np.zeros(n_countries, dtype=np.int64)
    for site in range(n_sites):
        here = country[site]
        for k in range(n_ahead[site]):
            for figure in range(4):
                by_country[here, n_by[here], figure] = ahead[site, k, figure] + extra[site, figure]
            n_by[here] += 1
        if n_by[here] > room - most:
            n_by[here] = _kept(by_country[here], n_by[here])
            if n_by[here] > room - most:
                n_by[here] = _coarse(by_country[here], n_by[here], room // 2)
    for here in range(n_countries):
        n_by[here] = _coarse(by_country[here], _kept(by_country[here], n_by[here]), most)
    arrive = np.zeros((n_countries, n_countries * most + 1, 4))
    n_arrive = np.zeros(n_countries, dtype=np.int64)
    for start in range(n_countries):
        n = 0
        for end in range(n_countries):
            for k in range(n_by[end]):
                arrive[start, n, 0] = by_country[end, k, 0] + move_weeks[start, end]
                arrive[start, n, 1] = by_country[end, k, 1] + move_usd[start, end]
                arrive[start, n, 2] = by_country[end, k, 2] + (1.0 if start != end else 0.0)
                arrive[start, n, 3] = by_country[end, k, 3]
                n += 1
        n_arrive[start] = _coarse(arrive[start], _kept(arrive[start], n), most)
    points = np.zeros((n_sites, most, 4))
    count = np.zeros(n_sites, dtype=np.int64)
    work = np.zeros((2 * most, 4))
    for site in range(n_sites):
        n = 0
        for k in range(n_ahead[site]):
            for figure in range(4):
                work[n, figure] = ahead[site, k, figure] + extra[site, figure]
            n += 1
        here = country[site]
        for k in range(n_arrive[here]):
            work[n] = arrive[here, k]
            n += 1
        n = _coarse(work, _kept(work, n), most)
        points[site, :n] = work[:n]
        count[site] = n
    return points, count


_behind: Callable[[Floats, Ints, Floats, Ints, Floats, Floats], tuple[Floats, Ints]] = njit(cache=True)(
    _behind_python
)
