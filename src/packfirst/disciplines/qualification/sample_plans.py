"""How many parts to test, and what a plan that accepts c failures lets through."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, gammaincinv, gammaln

VALID = {"fraction_bad": (1e-5, 0.5), "confidence": (0.5, 0.999)}


def accept_probability(sample: ArrayLike, accept: ArrayLike, fraction_bad: ArrayLike) -> NDArray[np.float64]:
    """Probability that a lot of that quality passes, ``P(X <= c | n, p)``, binomial. [-]

    Parameters
    ----------
    sample, accept : array_like, shape (...)
        Whole numbers n and c, c below n.
    fraction_bad : array_like, shape (...)

    Raises
    ------
    ValueError
        An empty sample, an accept number that is not below it, or a fraction outside 0 to 1.
    """
    n, c, p = (np.asarray(w, dtype=np.float64) for w in (sample, accept, fraction_bad))
    if not (np.all(n >= 1.0) and np.all((c >= 0.0) & (c < n))):
        raise ValueError("a sample has at least one part, and accepts fewer failures than it has parts")
    if not np.all((p >= 0.0) & (p <= 1.0)):
        raise ValueError("a fraction lies between 0 and 1")
    return _binomial(c, n, p)


def sample_binomial(
    fraction_bad: ArrayLike, accept: ArrayLike, confidence: ArrayLike = 0.9
) -> NDArray[np.int64]:
    """Fewest parts with which a lot of that quality passes no more often than 1 - confidence; exact. [-]

    Parameters
    ----------
    fraction_bad : array_like, shape (...)
        The lot tolerance, such as 0.10 for LTPD 10.
    accept : array_like, shape (...)
        Failures that still pass.
    confidence : array_like, shape (...)

    Raises
    ------
    ValueError
        A fraction or confidence that is not between 0 and 1, or a negative accept number.
    """
    p, c, cl = _checked(fraction_bad, accept, confidence)
    # the Poisson size is never below the binomial one, and enough after a few more where c is large
    high = np.ceil(gammaincinv(c + 1.0, cl) / p).astype(np.int64) + 2
    low = c.astype(np.int64)  # n = c passes always
    high = np.maximum(high, low + 1)
    while np.any(high - low > 1):
        middle = (low + high) // 2
        tight = _binomial(c, middle.astype(np.float64), p) <= (1.0 - cl) * (1.0 + 1e-12)
        low, high = np.where(tight, low, middle), np.where(tight, middle, high)
    return np.asarray(high, dtype=np.int64)


def sample_poisson(
    fraction_bad: ArrayLike, accept: ArrayLike, confidence: ArrayLike = 0.9
) -> NDArray[np.int64]:
    """The same by Poisson's approximation, rounded up: ``chi2(CL, 2 c + 2)/(2 p)``. Arguments as `sample_binomial`.

    Never fewer than the exact size; some tables (231 for 1 %, 116 for 2 %) come from it.
    """
    return np.asarray(np.ceil(poisson_size(fraction_bad, accept, confidence)), dtype=np.int64)


def poisson_size(
    fraction_bad: ArrayLike, accept: ArrayLike, confidence: ArrayLike = 0.9
) -> NDArray[np.float64]:
    """`sample_poisson` before rounding. [-]"""
    p, c, cl = _checked(fraction_bad, accept, confidence)
    return np.asarray(gammaincinv(c + 1.0, cl) / p)


def sample_from_lot(lot: int, bad_parts: int, accept: int, confidence: float = 0.9) -> int:
    """Fewest parts out of a small lot, drawn without return, so that so many bad ones pass no more often. [-]

    Parameters
    ----------
    lot : int
        Parts in the lot.
    bad_parts : int
        In a lot that shall not pass.
    accept : int
    confidence : float

    Returns
    -------
    int
        At most the whole lot less the accept number, when every bad part but `accept` is sure to be found.

    Raises
    ------
    ValueError
        No more bad parts than may be accepted, or more than the lot has; a confidence outside 0 to 1.
    """
    if not 0 <= accept < bad_parts <= lot:
        raise ValueError("0 <= accept < bad parts <= lot is needed")
    if not 0.0 < confidence < 1.0:
        raise ValueError("confidence lies between 0 and 1")
    low, high = accept, lot
    while high - low > 1:
        middle = (low + high) // 2
        if accept_from_lot(lot, bad_parts, middle, accept) <= (1.0 - confidence) * (1.0 + 1e-12):
            high = middle
        else:
            low = middle
    return high


def accept_from_lot(lot: int, bad_parts: int, sample: int, accept: int) -> float:
    """Probability that a sample from a small lot shows no more failures than accepted, hypergeometric. [-]"""
    found = np.arange(
        max(0, sample - (lot - bad_parts)), min(accept, bad_parts, sample) + 1, dtype=np.float64
    )
    log = (
        _log_choose(bad_parts, found)
        + _log_choose(lot - bad_parts, sample - found)
        - _log_choose(lot, np.float64(sample))
    )
    return float(min(np.sum(np.exp(log)), 1.0))


def _binomial(c: NDArray[np.float64], n: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    """P(X <= c | n, p) for c below n, by the incomplete beta function."""
    return np.asarray(betainc(n - c, c + 1.0, 1.0 - p))


def _log_choose(n: int, k: ArrayLike) -> NDArray[np.float64]:
    k = np.asarray(k, dtype=np.float64)
    return np.asarray(gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0))


def _checked(
    fraction_bad: ArrayLike, accept: ArrayLike, confidence: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    p, c, cl = np.broadcast_arrays(
        *(np.asarray(w, dtype=np.float64) for w in (fraction_bad, accept, confidence))
    )
    if not np.all((p > 0.0) & (p < 1.0)):
        raise ValueError("the lot tolerance is a fraction between 0 and 1")
    if not np.all((c >= 0.0) & (c == np.floor(c))):
        raise ValueError("the accept number is a whole number, 0 or more")
    if not np.all((cl > 0.0) & (cl < 1.0)):
        raise ValueError("confidence lies between 0 and 1")
    return p, c, cl
