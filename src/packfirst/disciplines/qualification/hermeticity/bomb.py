"""Choosing the bomb: which time makes a limit visible, and from which leak on the test goes blind."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.qualification.hermeticity import howl_mann, leak_units

PSI_ATM = 6894.757293168 / leak_units.ATMOSPHERE_PA


@dataclass(frozen=True, slots=True, kw_only=True)
class BombPlan:
    """What one bomb shows of one cavity at one leak limit; ndarrays of shape (...).

    Attributes
    ----------
    reject_atm_cm3_s : ndarray
        Reading of a leak at the limit: anything above is rejected.
    blind_from_atm_cm3_s : ndarray
        Leak above which a part reads below `reject` again and passes the fine test; a gross-leak test must find leaks
        from here on. Infinite without a dwell.
    visible : ndarray of bool
        The leak at the limit reads at least what the detector can tell from nothing, and lies below the peak: a leak
        just over the limit reads more, not less.
    """

    reject_atm_cm3_s: NDArray[np.float64]
    blind_from_atm_cm3_s: NDArray[np.float64]
    visible: NDArray[np.bool_]


def plan(
    limit_atm_cm3_s: ArrayLike,
    volume_m3: ArrayLike,
    bomb: howl_mann.Bomb,
    detectable_atm_cm3_s: ArrayLike,
    gas: str = "helium",
) -> BombPlan:
    """Judge a bomb.

    Parameters
    ----------
    limit_atm_cm3_s : array_like, shape (...)
        Standard air leak that must not pass.
    volume_m3, bomb, gas
        As `howl_mann.reading_atm_cm3_s`.
    detectable_atm_cm3_s : array_like, shape (...)
        Least reading of the detector, helium that parts hold on their surface counted.

    Raises
    ------
    ValueError
        A limit that is not positive, or as `howl_mann.reading_atm_cm3_s`.
    """
    limit = np.asarray(limit_atm_cm3_s, dtype=np.float64)
    if not np.all(limit > 0.0):
        raise ValueError("the leak limit must be positive")
    reject = howl_mann.reading_atm_cm3_s(limit, volume_m3, bomb, gas)
    peak, _ = howl_mann.highest_reading(volume_m3, bomb, gas)
    # a limit so gross that nothing is left to read has no second root to look for
    seen = np.maximum(reject, np.finfo(np.float64).tiny)
    roots = howl_mann.leaks_of_reading(seen, volume_m3, bomb, gas)
    rising = limit < peak
    return BombPlan(
        reject_atm_cm3_s=reject,
        blind_from_atm_cm3_s=np.where(rising, roots.gross, limit),
        visible=np.asarray(rising & (reject >= np.asarray(detectable_atm_cm3_s, dtype=np.float64))),
    )


def time_to_see_s(
    limit_atm_cm3_s: ArrayLike,
    volume_m3: ArrayLike,
    pressure_atm: ArrayLike,
    dwell_s: ArrayLike,
    detectable_atm_cm3_s: ArrayLike,
    gas: str = "helium",
) -> NDArray[np.float64]:
    """Shortest bomb after which a leak at the limit is read; infinite where no bomb of that pressure does. [s]

    The equation of `howl_mann.reading_atm_cm3_s` solved for t1.

    Parameters
    ----------
    limit_atm_cm3_s, volume_m3, pressure_atm, dwell_s, detectable_atm_cm3_s : array_like, shape (...)

    Raises
    ------
    ValueError
        A limit, volume or pressure that is not positive, or a negative dwell.
    """
    limit, volume, pressure, dwell, least = (
        np.asarray(w, dtype=np.float64)
        for w in (limit_atm_cm3_s, volume_m3, pressure_atm, dwell_s, detectable_atm_cm3_s)
    )
    if not all(np.all(w > 0.0) for w in (limit, volume, pressure)):
        raise ValueError("limit, cavity volume and pressure must be positive")
    if not np.all(dwell >= 0.0):
        raise ValueError("the dwell must not be negative")
    per_s = limit * leak_units.mass_ratio(gas) / (volume * 1e6)
    full = limit * pressure * leak_units.mass_ratio(gas) * np.exp(-per_s * dwell)
    share = least / np.where(full > 0.0, full, 1.0)
    reachable = (full > 0.0) & (share < 1.0)
    return np.asarray(np.where(reachable, -np.log1p(-np.where(reachable, share, 0.0)) / per_s, np.inf))
