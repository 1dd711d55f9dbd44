"""Which law may speak: the ranges of a law, held against the values of many candidates at once."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray


def inside(ranges: Mapping[str, tuple[float, float]], values: Mapping[str, ArrayLike]) -> NDArray[np.bool_]:
    """True where every value lies in its range, ends included.

    Parameters
    ----------
    ranges : mapping of str to (low, high)
        ``VALID`` or ``VALIDATED`` of a law.
    values : mapping of str to array_like, shape (...)
        By the same names. A range whose value is not given is not asked.

    Raises
    ------
    ValueError
        A value that the law has no range for: a misspelt name would else pass unseen.
    """
    unknown = sorted(set(values) - set(ranges))
    if unknown:
        raise ValueError(f"no range for {', '.join(unknown)}; the law has {', '.join(sorted(ranges))}")
    kept: NDArray[np.bool_] = np.asarray(True)
    for name, value in values.items():
        low, high = ranges[name]
        found = np.asarray(value, dtype=np.float64)
        kept = np.asarray(kept & (found >= low) & (found <= high))
    return kept


def departures(ranges: Mapping[str, tuple[float, float]], values: Mapping[str, float]) -> tuple[str, ...]:
    """One clear line for each value of one candidate that leaves its range; empty when all lie inside.

    Raises
    ------
    ValueError
        A value that the law has no range for.
    """
    lines = []
    for name, value in values.items():
        if not bool(inside(ranges, {name: value})):
            low, high = ranges[name]
            lines.append(f"{name} = {value:g} lies outside {low:g} to {high:g}")
    return tuple(lines)
