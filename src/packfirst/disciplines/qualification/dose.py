"""Total ionizing dose: margin by design, and how slowly a test of low-rate sensitivity must go."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

VALID = {"margin_factor": (1.0, 10.0), "overtest": (1.0, 3.0)}


def judged_value(before: ArrayLike, after: ArrayLike, margin_factor: ArrayLike) -> NDArray[np.float64]:
    """Value of a parameter that is held against its limit: ``post + (PDDM - 1) (post - pre)``.

    Parameters
    ----------
    before, after : array_like, shape (...)
        Irradiation, in the parameter's own unit.
    margin_factor : array_like, shape (...)
        Parameter delta design margin, 1 for none.

    Raises
    ------
    ValueError
        A factor below 1.

    References
    ----------
    .. [1] MIL-STD-883 method 1019.6.
    """
    factor = np.asarray(margin_factor, dtype=np.float64)
    if not np.all(factor >= 1.0):
        raise ValueError("a design margin is a factor of 1 or more")
    pre, post = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    return np.asarray(post + (factor - 1.0) * (post - pre))


def passes(judged: ArrayLike, least: ArrayLike = -np.inf, most: ArrayLike = np.inf) -> NDArray[np.bool_]:
    """True where a judged value lies within its limits, ends included."""
    value = np.asarray(judged, dtype=np.float64)
    return np.asarray(
        (value >= np.asarray(least, dtype=np.float64)) & (value <= np.asarray(most, dtype=np.float64))
    )


def dose_margin(capability_rad: ArrayLike, mission_rad: ArrayLike) -> NDArray[np.float64]:
    """Dose that a part stands over the dose that it gets behind its shield; a program asks for 2 or so. [-]

    Raises
    ------
    ValueError
        A mission dose that is not positive.
    """
    mission = np.asarray(mission_rad, dtype=np.float64)
    if not np.all(mission > 0.0):
        raise ValueError("the mission dose must be positive")
    return np.asarray(np.asarray(capability_rad, dtype=np.float64) / mission)


def highest_rate_rad_per_s(dose_rad: ArrayLike, overtest: ArrayLike, hours: ArrayLike) -> NDArray[np.float64]:
    """Dose rate that spreads a dose with its overtest over so many hours. [rad(Si)/s]

    Method 1019 condition D lasts 1000 h or more above 25 krad, so that this is the highest rate allowed there.

    Raises
    ------
    ValueError
        Hours that are not positive.
    """
    h = np.asarray(hours, dtype=np.float64)
    if not np.all(h > 0.0):
        raise ValueError("the irradiation needs hours")
    dose = np.asarray(dose_rad, dtype=np.float64) * np.asarray(overtest, dtype=np.float64)
    return np.asarray(dose / (3600.0 * h))
