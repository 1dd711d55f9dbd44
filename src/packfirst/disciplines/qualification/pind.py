"""Shaker frequency of the particle impact noise test."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

INCH_M = 0.0254
VALID = {"cavity_height_m": (0.03 * INCH_M, 0.11 * INCH_M)}  # the rows of the method's table


def shaker_frequency_hz(cavity_height_m: ArrayLike, peak_g: float = 20.0) -> NDArray[np.float64]:
    """Frequency at which the shaker's stroke equals the average free height of the cavity. [Hz]

    Parameters
    ----------
    cavity_height_m : array_like, shape (...)
        Average inside height, above what stands in it.
    peak_g : float
        20 for condition A, 10 for condition B.

    Raises
    ------
    ValueError
        A cavity without height.

    Notes
    -----
    ``sqrt(g/(0.0511 D))`` with D in inches, condition A.

    References
    ----------
    .. [1] MIL-STD-883 method 2020.8, table I (its 2.13 mm for 80 mil should read 2.03 mm).
    """
    d = np.asarray(cavity_height_m, dtype=np.float64) / INCH_M
    if not np.all(d > 0.0):
        raise ValueError("the cavity has no height: a PIND test needs an open cavity (method 2020)")
    return np.asarray(np.sqrt(peak_g / (0.0511 * d)))
