"""Which candidates no other beats on every objective."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Whether more or less of an objective is better.
BETTER = {
    "throughput": "more", "efficiency": "more", "cost": "less", "mass": "less", "body_area": "less",
    "memory_bandwidth": "more", "output_power": "more", "pae": "more", "noise_figure": "less",
}  # fmt: skip


def goodness(values: ArrayLike, objectives: tuple[str, ...]) -> NDArray[np.float64]:
    """Values of objectives so that more is better; shape (n, n_objectives)."""
    signs = np.array([1.0 if BETTER[name] == "more" else -1.0 for name in objectives])
    return np.asarray(np.asarray(values, dtype=np.float64).reshape(-1, len(objectives)) * signs)


def front(good: ArrayLike) -> NDArray[np.bool_]:
    """True for every row that no other row dominates.

    Parameters
    ----------
    good : array_like, shape (n, n_objectives)
        More is better.

    Notes
    -----
    A row dominates another when it is at least as good in all objectives and better in one; of equal rows
    all stay.
    """
    v = np.asarray(good, dtype=np.float64)
    kept = np.ones(len(v), dtype=bool)
    for i in range(len(v)):
        kept[i] = not ((v >= v[i]).all(axis=1) & (v > v[i]).any(axis=1)).any()
    return kept


def beaten(hope: ArrayLike, known: ArrayLike) -> NDArray[np.bool_]:
    """True for every row whose best hope some known row dominates.

    Parameters
    ----------
    hope : array_like, shape (n, n_objectives)
        The most that each row could turn out to be; more is better, infinity where nothing is known.
    known : array_like, shape (m, n_objectives)
        Rows that are known to be feasible.
    """
    h, k = np.asarray(hope, dtype=np.float64), np.asarray(known, dtype=np.float64)
    lost = np.zeros(len(h), dtype=bool)
    for row in k:  # one known row at a time: few of them, and no array of all pairs
        lost |= (row >= h).all(axis=1) & (row > h).any(axis=1)
    return lost
