"""Bounds on a constant failure rate from what a life test has shown. 1 FIT is one failure in 1e9 device hours."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaincinv

FIT_PER_HOUR = 1e9
VALID = {"confidence": (0.05, 0.999)}  # and a rate that neither falls (infant deaths) nor rises (wear-out)


def chi_square(confidence: ArrayLike, freedom: ArrayLike) -> NDArray[np.float64]:
    """Value that a chi-square variable of that many degrees of freedom stays below with that confidence. [-]"""
    p, k = np.asarray(confidence, dtype=np.float64), np.asarray(freedom, dtype=np.float64)
    return np.asarray(2.0 * gammaincinv(0.5 * k, p))


def upper_fit(
    failures: ArrayLike,
    parts: ArrayLike,
    hours: ArrayLike,
    confidence: ArrayLike,
    acceleration: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Failure rate that the true one stays below, one-sided, for a test ended by time. [FIT]

    Parameters
    ----------
    failures : array_like, shape (...)
        0, 1, 2, ...
    parts, hours : array_like, shape (...)
        On test, and how long.
    confidence : array_like, shape (...)
        0.6 is usual in industry, 0.9 for a demonstration.
    acceleration : array_like, shape (...)
        Of the test over use.

    Raises
    ------
    ValueError
        No parts or no hours on test, negative failures or more failures than parts, a confidence outside 0 to 1, or
        an acceleration that is not positive.

    Notes
    -----
    ``chi2(CL, 2 f + 2)/(2 n h AF)``; with no failure ``-ln(1 - CL)/(n h AF)``.

    References
    ----------
    .. [1] JEDEC JESD85, "Methods for calculating failure rates in units of FITs".
    """
    f, device_hours, cl = _checked(failures, parts, hours, confidence, acceleration)
    return np.asarray(FIT_PER_HOUR * 0.5 * chi_square(cl, 2.0 * f + 2.0) / device_hours)


def lower_fit(
    failures: ArrayLike,
    parts: ArrayLike,
    hours: ArrayLike,
    confidence: ArrayLike,
    acceleration: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Failure rate that the true one stays above, one-sided; 0 without failures. Arguments as `upper_fit`. [FIT]"""
    f, device_hours, cl = _checked(failures, parts, hours, confidence, acceleration)
    some = f > 0.0
    chi = np.where(some, chi_square(1.0 - cl, np.where(some, 2.0 * f, 2.0)), 0.0)
    return np.asarray(FIT_PER_HOUR * 0.5 * chi / device_hours)


def parts_for_fit(
    wanted_fit: ArrayLike,
    failures: ArrayLike,
    hours: ArrayLike,
    confidence: ArrayLike,
    acceleration: ArrayLike,
) -> NDArray[np.float64]:
    """Parts on test that show a failure rate below a wanted one, rounded up. [-]

    Raises
    ------
    ValueError
        A wanted rate that is not positive, or as `upper_fit`.
    """
    wanted = np.asarray(wanted_fit, dtype=np.float64)
    if not np.all(wanted > 0.0):
        raise ValueError("the wanted failure rate must be positive")
    f, hours_each, cl = _checked(failures, np.inf, hours, confidence, acceleration, unit_parts=True)
    needed = FIT_PER_HOUR * 0.5 * chi_square(cl, 2.0 * f + 2.0) / (wanted * hours_each)
    return np.maximum(np.ceil(needed * (1.0 - 1e-12)), np.maximum(f, 1.0))


def _checked(
    failures: ArrayLike,
    parts: ArrayLike,
    hours: ArrayLike,
    confidence: ArrayLike,
    acceleration: ArrayLike,
    *,
    unit_parts: bool = False,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    f, n, h, cl, af = (
        np.asarray(w, dtype=np.float64) for w in (failures, parts, hours, confidence, acceleration)
    )
    if not (np.all(n > 0.0) and np.all(h > 0.0)):
        raise ValueError("a life test needs parts and hours: neither may be zero")
    if not np.all((f >= 0.0) & (f == np.floor(f)) & (f <= n)):
        raise ValueError("failures are a whole number, from 0 to the number of parts")
    if not np.all((cl > 0.0) & (cl < 1.0)):
        raise ValueError("confidence lies between 0 and 1")
    if not np.all(af > 0.0):
        raise ValueError("the acceleration must be positive")
    return f, (h * af if unit_parts else n * h * af), cl
