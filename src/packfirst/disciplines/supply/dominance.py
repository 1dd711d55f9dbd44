"""Which partial routes may be forgotten: the label-setting kernel behind `routes`.

A label is forgotten only if another one can be completed in every way that it can, and is then no worse in
weeks, cost, border crossings, unstated gates and number of sites (dominance of resource-constrained labels:
Desrochers, Soumis, INFORMS J. Comput. 1, 1989). The number of sites does not add up along a route, since a site
may be used again, so each label carries the set of those of its sites that can still be used.
"""

from collections.abc import Callable

import numpy as np
from numba import njit
from numpy.typing import NDArray

WEEKS_TIE = 1e-9  # differences below these are rounding, not choices
USD_TIE = 1e-6

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Masks = NDArray[np.uint64]


def _popcount_python(x):  # type: ignore[no-untyped-def]
    """Number of set bits (the sideways sum of Warren, Hacker's Delight, 5-1)."""
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (x * np.uint64(0x0101010101010101)) >> np.uint64(56)


_popcount = njit(cache=True, inline="always")(_popcount_python)


def _undominated_python(  # type: ignore[no-untyped-def]
    score, dead, mask, site, country, remaining, penalty_weeks, penalty_usd, same_site_only
):
    """Indices of the labels that no earlier one dominates; labels come sorted by `order`, so none later can.

    Where two stand at different sites, the better must afford the move that the other saves. Of the sites that
    only the other may use again, the steps that remain can visit `remaining` at most. The labels kept so far
    lie side by side in memory, since nearly all of the time goes into reading them.
    """
    n, words = mask.shape
    kept = np.empty(n, dtype=np.int64)
    weeks, usd = np.empty(n), np.empty(n)
    small = np.empty((n, 4), dtype=np.int64)  # crossings, unstated, dead, site
    where = np.empty(n, dtype=np.int64)
    held = np.empty((n, words), dtype=np.uint64)
    n_kept = 0
    for new in range(n):
        b_weeks, b_usd = score[new, 0] + 1e-9, score[new, 1] + 1e-6
        b_crossings, b_unstated = int(score[new, 2]), int(score[new, 3])
        b_dead, b_site, b_country = dead[new], site[new], country[new]
        lost = False
        for place in range(n_kept):
            if usd[place] > b_usd or small[place, 1] > b_unstated or small[place, 0] > b_crossings:
                continue
            if small[place, 3] != b_site:
                if same_site_only:
                    continue
                a_country = where[place]
                if a_country != b_country and small[place, 0] + 1 > b_crossings:
                    continue
                if weeks[place] + penalty_weeks[a_country, b_country] > b_weeks:
                    continue
                if usd[place] + penalty_usd[a_country, b_country] > b_usd:
                    continue
            elif weeks[place] > b_weeks:
                continue
            only_a, only_b = 0, 0
            for word in range(words):
                only_a += _popcount(held[place, word] & ~mask[new, word])
                only_b += _popcount(mask[new, word] & ~held[place, word])
            if small[place, 2] + only_a <= b_dead + max(0, only_b - remaining):
                lost = True
                break
        if not lost:
            kept[n_kept] = new
            weeks[n_kept], usd[n_kept] = score[new, 0], score[new, 1]
            small[n_kept, 0], small[n_kept, 1] = b_crossings, b_unstated
            small[n_kept, 2], small[n_kept, 3] = b_dead, b_site
            where[n_kept] = b_country
            for word in range(words):
                held[n_kept, word] = mask[new, word]
            n_kept += 1
    return kept[:n_kept]


# Labels in, indices of those that stay out.
undominated: Callable[[Floats, Ints, Masks, Ints, Ints, int, Floats, Floats, bool], Ints] = njit(cache=True)(
    _undominated_python
)


def order(score: Floats, dead: Ints, mask: Masks) -> Ints:
    """Order in which no label can be dominated by a later one, but for rounding and ties.

    By the sum of the figures, each over its spread, since a label that is good all round ends the search for a
    dominating one soonest (sort-filter-skyline: Chomicki et al., ICDE 2003, p. 717).
    """
    sites = dead + np.bitwise_count(mask).sum(axis=1, dtype=np.int64)
    total = np.zeros(len(score))
    for figure in (*score.T, sites):
        total += figure / max(float(np.ptp(figure)), 1e-12)
    return np.argsort(total, kind="stable")


def _outdone_python(weeks, usd, unstated, country):  # type: ignore[no-untyped-def]
    n_tasks, n_sites = weeks.shape
    out = np.zeros(n_sites, dtype=np.bool_)
    for b in range(n_sites):
        for a in range(n_sites):
            if a == b or out[a] or country[a] != country[b]:
                continue
            better_or_equal, equal = True, True
            for t in range(n_tasks):
                if weeks[t, b] == np.inf:
                    equal = equal and weeks[t, a] == np.inf
                    continue
                if weeks[t, a] > weeks[t, b] or usd[t, a] > usd[t, b] or unstated[t, a] > unstated[t, b]:
                    better_or_equal = False
                    break
                equal = equal and (
                    weeks[t, a] == weeks[t, b] and usd[t, a] == usd[t, b] and unstated[t, a] == unstated[t, b]
                )
            if better_or_equal and (not equal or a < b):
                out[b] = True
                break
    return out


# Sites that another site of the same country matches in every step and every score, shape (n_sites,). Arrays are
# (n_tasks, n_sites), infinite weeks where a site cannot do a task. Of equals, the first stays.
outdone: Callable[[Floats, Floats, Floats, Ints], NDArray[np.bool_]] = njit(cache=True)(_outdone_python)
