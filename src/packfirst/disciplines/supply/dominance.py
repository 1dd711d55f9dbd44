"""Which partial routes may be forgotten: the label-setting kernels behind `routes`.

A label is forgotten only if another one can be completed in every way that it can, and is then no worse in
weeks, cost, border crossings, unstated gates and number of sites (dominance of resource-constrained labels:
Desrochers and Soumis, INFOR 26, 1988, p. 191). The number of sites does not add up along a route, since a site
may be used again, so each label carries those of its sites that still can be. One site covers another where it
does all that remains at least as well in the same country: a label that holds the one can follow wherever the
other leads.
"""

from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import NDArray

WEEKS_TIE = 1e-9  # differences below these are rounding, not choices
USD_TIE = 1e-6

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def _undominated_python(  # type: ignore[no-untyped-def]
    score,
    spent,
    used,
    n_used,
    site,
    country,
    cover,
    remaining,
    penalty_weeks,
    penalty_usd,
    same_site_only,
    most,
):
    """Indices of the labels that no earlier one dominates; labels come sorted by `order`, so none later can.

    Where two stand at different sites, the better must afford the move that the other saves, unless its site
    covers the other's. Of the sites that only the other may use again, the steps that remain can visit
    `remaining` at most. The labels kept so far lie side by side in memory, since nearly all of the time goes
    into reading them. Stops at one more than `most`.
    """
    n = score.shape[0]
    kept = np.empty(n, dtype=np.int64)
    weeks, usd = np.empty(n), np.empty(n)
    small = np.empty((n, 4), dtype=np.int64)  # crossings, unstated, sites so far, site
    n_kept = 0
    for new in range(n):
        b_weeks, b_usd = score[new, 0] + WEEKS_TIE, score[new, 1] + USD_TIE
        b_crossings, b_unstated = int(score[new, 2]), int(score[new, 3])
        b_sites, b_site, b_country = spent[new] + n_used[new], site[new], country[new]
        lost = False
        for place in range(n_kept):
            if usd[place] > b_usd or small[place, 1] > b_unstated or small[place, 0] > b_crossings:
                continue
            if weeks[place] > b_weeks or small[place, 2] > b_sites:
                continue
            a_site = small[place, 3]
            if a_site != b_site:
                if same_site_only:
                    continue
                if not cover[a_site, b_site]:
                    a_country = country[kept[place]]
                    if a_country != b_country and small[place, 0] + 1 > b_crossings:
                        continue
                    if weeks[place] + penalty_weeks[a_country, b_country] > b_weeks:
                        continue
                    if usd[place] + penalty_usd[a_country, b_country] > b_usd:
                        continue
            old = kept[place]
            alone = 0  # sites of b that nothing of a covers
            for i in range(n_used[new]):
                covered = False
                for j in range(n_used[old]):
                    if cover[used[old, j], used[new, i]]:
                        covered = True
                        break
                if not covered:
                    alone += 1
            if small[place, 2] + min(alone, remaining) <= b_sites:
                lost = True
                break
        if not lost:
            kept[n_kept] = new
            weeks[n_kept], usd[n_kept] = score[new, 0], score[new, 1]
            small[n_kept, 0], small[n_kept, 1] = b_crossings, b_unstated
            small[n_kept, 2], small[n_kept, 3] = b_sites, b_site
            n_kept += 1
            if n_kept > most:
                break
    return kept[:n_kept]


def _hopeless_python(bound, front):  # type: ignore[no-untyped-def]
    n, figures = bound.shape
    out = np.zeros(n, dtype=np.bool_)
    for label in range(n):
        for route in range(front.shape[0]):
            beaten = True
            for figure in range(figures):
                if front[route, figure] > bound[label, figure]:
                    beaten = False
                    break
            if beaten:
                out[label] = True
                break
    return out


# Whether a route in hand is no worse than the best that a label can come to: bound (n, 5), front (m, 5) -> (n,)
hopeless: Callable[[Floats, Floats], Bools] = njit(cache=True)(_hopeless_python)


# Labels in, indices of those that stay out: score (n, 4), spent (n,), used (n, k), n_used (n,), site (n,),
# country (n,), cover (sites, sites), remaining, penalties (countries, countries), same_site_only, most.
undominated: Callable[[Floats, Ints, Ints, Ints, Ints, Ints, Bools, int, Floats, Floats, bool, int], Ints] = (
    njit(cache=True)(_undominated_python)
)


def order(score: Floats, sites: Ints) -> Ints:
    """Order in which no label can be dominated by a later one, but for rounding and ties.

    By the sum of the figures, each over its spread, since a label that is good all round ends the search for a
    dominating one soonest (sort-filter-skyline: Chomicki et al., ICDE 2003, p. 717).
    """
    total = np.zeros(len(score))
    for figure in (*score.T, sites):
        total += figure / max(float(np.ptp(figure)), 1e-12)
    return np.argsort(total, kind="stable")


def _covers_python(weeks, usd, unstated, country, tasks, fixed):  # type: ignore[no-untyped-def]
    n_sites = weeks.shape[1]
    cover = np.zeros((n_sites, n_sites), dtype=np.bool_)
    for a in range(n_sites):
        for b in range(n_sites):
            if a == b:
                cover[a, b] = True
                continue
            if country[a] != country[b] or fixed[a] or fixed[b]:
                continue
            holds = True
            for k in range(tasks.shape[0]):
                t = tasks[k]
                if weeks[t, b] == np.inf:
                    continue
                if weeks[t, a] > weeks[t, b] or usd[t, a] > usd[t, b] or unstated[t, a] > unstated[t, b]:
                    holds = False
                    break
            cover[a, b] = holds
    return cover


# Whether site a can stand in for site b in each of the tasks, at no loss, shape (sites, sites). Arrays are
# (n_tasks, n_sites), infinite weeks where a site cannot do a task; `fixed` sites stand for none but themselves.
covers: Callable[[Floats, Floats, Floats, Ints, Ints, Bools], Bools] = njit(cache=True)(_covers_python)


def first_choices(cover: Bools, able: Ints) -> Ints:
    """Of the able sites, those that no other able one covers; of equals, the first."""
    among = cover[np.ix_(able, able)]
    earlier = np.arange(len(able))[:, None] < np.arange(len(able))[None, :]
    outdone = among & (~among.T | earlier)
    np.fill_diagonal(outdone, val=False)
    return able[~outdone.any(axis=0)]
