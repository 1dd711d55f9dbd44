"""How far a link's wires run, and how far its standard lets them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

_ROUNDING = 1e-9


def reach_limit_m(
    rate_bit_per_s: ArrayLike, mode_rate_bit_per_s: ArrayLike, mode_reach_m: ArrayLike
) -> NDArray[np.float64]:
    """Longest wire that a standard recommends at a rate. [m]

    A standard states reach per mode and termination, not as a curve: a rate between two modes gets the reach
    of the slowest mode that is at least as fast, and 0 above the fastest. A mode that is not offered with a
    termination ("NA") has reach 0.

    Parameters
    ----------
    rate_bit_per_s : array_like, shape (...)
        Per lane.
    mode_rate_bit_per_s, mode_reach_m : array_like, shape (n_modes,)
        The standard's table for one package class and termination, rates ascending.

    Raises
    ------
    ValueError
        The tables differ in length, are empty, or the rates do not ascend.
    """
    rates = np.asarray(mode_rate_bit_per_s, dtype=np.float64)
    reach = np.asarray(mode_reach_m, dtype=np.float64)
    if rates.ndim != 1 or rates.shape != reach.shape or rates.size == 0:
        raise ValueError("the table needs one reach per rate")
    if np.any(np.diff(rates) <= 0.0):
        raise ValueError("the rates of the table must ascend")
    wanted = np.asarray(rate_bit_per_s, dtype=np.float64) * (1.0 - _ROUNDING)
    return np.asarray(np.append(reach, 0.0)[np.searchsorted(rates, wanted)])


def longest_wire_m(
    gap_m: ArrayLike, depth_a_m: ArrayLike, depth_b_m: ArrayLike, offset_m: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Manhattan length of the longest wire between two facing bump fields. [m]

    ``gap + depth_a + depth_b + offset``: the innermost bump of one field to that of the other, the fields
    shifted along the edge by `offset_m`. Jogs round other wires come on top; on BoW's working example it is
    10 % short (tests).

    Parameters
    ----------
    gap_m : array_like, shape (...)
        Between the facing edges of the two fields: the die gap with the seal rings on either side.
    depth_a_m, depth_b_m : array_like, shape (...)
        From `bumps.field_depth_m`.
    offset_m : array_like, shape (...)
        Along the edge.
    """
    depths = np.asarray(depth_a_m, dtype=np.float64) + np.asarray(depth_b_m, dtype=np.float64)
    return np.asarray(
        np.asarray(gap_m, dtype=np.float64) + depths + np.abs(np.asarray(offset_m, dtype=np.float64))
    )
