"""The least that open tasks can still cost in so many more sites: a bound that trades sites for evidence and money.

A partial route holds sites that it may use again. The tasks that none of them can do need new sites, and with few new
sites they can't all have the best one. Over all sets of tasks this is a min-plus convolution over subsets, exact for
one figure by itself with moves left out: hence a lower bound (Fomin, Kratsch, Exact Exponential Algorithms, 2010).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MOST_TASKS = 16  # 3^16 pairs of sets are gone through in a third of a second; beyond that no bound of this kind is made
MOST_NEW = 6  # new sites told apart; as many or more may be as good as any number


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverBounds:
    """Tables by number of new sites and set of tasks, bit t for task t.

    Attributes
    ----------
    masks : array of int, shape (n_sites,)
        Tasks that each site can do.
    unstated, usd : arrays, shape (MOST_NEW + 1, 2**n_tasks)
        Least sum over the set with at most so many sites, the last row with any number; infinite where they do not
        suffice.
    home_unstated, home_usd : the same with the sites of the end country alone; empty where there is no end country
    least_unstated, least_usd : arrays, shape (n_tasks,)
        Least of each task by itself.
    """

    masks: Ints
    unstated: Floats
    usd: Floats
    home_unstated: Floats
    home_usd: Floats
    least_unstated: Floats
    least_usd: Floats


def cover_bounds(
    weeks: Floats, usd: Floats, unstated: Floats, country: Ints, end_country: int
) -> CoverBounds | None:
    """The tables of a problem, arrays of shape (n_tasks, n_sites); None where it has too many tasks."""
    n_tasks = weeks.shape[0]
    if n_tasks > MOST_TASKS:
        return None
    able = np.isfinite(weeks)
    masks = (able * (1 << np.arange(n_tasks, dtype=np.int64))[:, None]).sum(axis=0)
    nothing = np.zeros((0, 0))
    at_home = country == end_country
    least = [np.where(able, value, np.inf).min(axis=1, initial=np.inf) for value in (unstated, usd)]

    def table(values: Floats, sites: Bools) -> Floats:
        return _tables(masks[sites], np.ascontiguousarray(values[:, sites]), n_tasks, MOST_NEW)

    every = np.ones(len(masks), dtype=np.bool_)
    return CoverBounds(
        masks=masks, unstated=table(unstated, every), usd=table(usd, every),
        home_unstated=table(unstated, at_home) if end_country >= 0 else nothing,
        home_usd=table(usd, at_home) if end_country >= 0 else nothing,
        least_unstated=least[0], least_usd=least[1],
    )  # fmt: skip


def _tables_python(masks, values, n_tasks, most):  # type: ignore[no-untyped-def]
    size = 1 << n_tasks
    one = np.full(size, np.inf)
    one[0] = 0.0
    for site in range(masks.shape[0]):
        mask = masks[site]
        part = mask
        while part > 0:
            total = 0.0
            for task in range(n_tasks):
                if part >> task & 1:
                    total += values[task, site]
            if total < one[part]:
                one[part] = total
            part = (part - 1) & mask
    out = np.full((most + 1, size), np.inf)
    out[0, 0] = 0.0
    for number in range(1, most):
        out[number, 0] = 0.0
        for whole in range(1, size):
            lowest = whole & -whole
            rest = whole ^ lowest
            best = out[number - 1, whole]
            part = rest
            while True:  # the part of the lowest task is that of one new site
                mine = one[part | lowest]
                if mine < best:
                    best = min(best, mine + out[number - 1, rest ^ part])
                if part == 0:
                    break
                part = (part - 1) & rest
            out[number, whole] = best
    single = np.full(n_tasks, np.inf)
    for task in range(n_tasks):
        single[task] = one[1 << task]
    for whole in range(size):
        total = 0.0
        for task in range(n_tasks):
            if whole >> task & 1:
                total += single[task]
        out[most, whole] = total
    return out


_tables: Callable[[Ints, Floats, int, int], Floats] = njit(cache=True)(_tables_python)


def _beaten_python(  # type: ignore[no-untyped-def]
    score, site, n_sites, open_mask, may_stay, free_unstated, free_usd, points, count, least_weeks, unstated, usd,
    home_unstated, home_usd, front,
):  # fmt: skip
    n = score.shape[0]
    most = unstated.shape[0]
    out = np.ones(n, dtype=np.bool_)
    for label in range(n):
        mask = open_mask[label]
        for k in range(count[site[label]]):
            weeks = max(score[label, 0] + points[site[label], k, 0], least_weeks)
            money_on = score[label, 1] + points[site[label], k, 1]
            more = points[site[label], k, 2]
            crossings = score[label, 2] + more
            gates_on = score[label, 3] + points[site[label], k, 3]
            at_home = more == 0.0 and may_stay[label]
            last_unstated, last_usd = np.inf, np.inf
            for new in range(most):
                more_unstated = home_unstated[new, mask] if at_home else unstated[new, mask]
                more_usd = home_usd[new, mask] if at_home else usd[new, mask]
                if more_unstated == np.inf or (more_unstated == last_unstated and more_usd == last_usd):
                    continue  # not enough sites, or one more for nothing
                last_unstated, last_usd = more_unstated, more_usd
                gates = max(gates_on, free_unstated[label] + more_unstated)
                money = max(money_on, free_usd[label] + more_usd)
                matched = False
                for route in range(front.shape[0]):
                    if (
                        front[route, 4] <= n_sites[label] + new
                        and front[route, 3] <= gates
                        and front[route, 2] <= crossings
                        and front[route, 1] <= money
                        and front[route, 0] <= weeks
                    ):
                        matched = True
                        break
                if not matched:
                    out[label] = False
                    break
            if not out[label]:
                break
    return out


# Whether some route in hand matches whatever a label can come to, with however many new sites. In turn: score (n, 4);
# site, n_sites, open_mask, may_stay, free_unstated, free_usd, each (n,); points (sites, k, 4) and count (sites,) from
# `completions`; the tables; front (m, 5), ties taken off. A completion without another border stays in the end country,
# so that a point without a crossing may count on that country's sites alone.
beaten: Callable[..., Bools] = njit(cache=True)(_beaten_python)
