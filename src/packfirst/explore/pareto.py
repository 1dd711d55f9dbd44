"""Which candidates no other beats on every objective."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def front(values: ArrayLike, better: tuple[str, ...]) -> NDArray[np.bool_]:
    """True for every row that no other row dominates.

    Parameters
    ----------
    values : array_like, shape (n, n_objectives)
    better : tuple of str
        "more" or "less", per objective.

    Notes
    -----
    A row dominates another when it is at least as good in all objectives and better in one; of equal rows
    all stay.
    """
    signs = np.array([1.0 if word == "more" else -1.0 for word in better])
    v = np.asarray(values, dtype=np.float64).reshape(-1, len(better)) * signs
    kept = np.ones(len(v), dtype=bool)
    for i in range(len(v)):
        at_least = (v >= v[i]).all(axis=1)
        kept[i] = not (at_least & (v > v[i]).any(axis=1)).any()
    return kept


def beaten(best: ArrayLike, known: ArrayLike, better: tuple[str, ...]) -> NDArray[np.bool_]:
    """True for every row whose best hope some known row reaches or passes on all objectives.

    Parameters
    ----------
    best : array_like, shape (n, n_objectives)
        The most that each row could turn out to be.
    known : array_like, shape (m, n_objectives)
        Rows that are known to be feasible.
    """
    signs = np.array([1.0 if word == "more" else -1.0 for word in better])
    hope = np.asarray(best, dtype=np.float64).reshape(-1, len(better)) * signs
    reached = np.asarray(known, dtype=np.float64).reshape(-1, len(better)) * signs
    if not len(reached):
        return np.zeros(len(hope), dtype=bool)
    return np.asarray((reached[np.newaxis, :, :] >= hope[:, np.newaxis, :]).all(axis=2).any(axis=1))
