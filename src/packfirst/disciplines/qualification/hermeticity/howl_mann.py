"""What a helium bomb test reads of a leak, and which leaks can give a reading: mostly two.

A fine leak takes in little helium; a gross one takes in its fill and loses it again before it is measured. The same
reading therefore belongs to a small leak and to a large one, and only a gross-leak test tells them apart.
Leaks and readings are in atm cm3/s, as in the method; 1 atm cm3/s is 0.101325 Pa m3/s.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.qualification.hermeticity import leak_units

# Molecular flow through the leak. The upper root mostly lies beyond: read it as "gross", not as a size.
VALID = {"leak_atm_cm3_s": (0.0, 1e-5), "bomb_atm": (1.0, 10.0)}
_HALVINGS = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Bomb:
    """A bomb and the wait after it, each attribute array_like of shape (...).

    Attributes
    ----------
    pressure_atm : absolute, of helium (75 psia is 5.10 atm)
    time_s : in the bomb
    dwell_s : from its end to the reading
    """

    pressure_atm: ArrayLike
    time_s: ArrayLike
    dwell_s: ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaks:
    """Air leaks that give one reading; ndarrays of shape (...), atm cm3/s.

    Attributes
    ----------
    fine, gross : ndarray
        The two roots. Without a dwell the reading never falls, and `gross` is infinite. Both are the leak of the
        highest reading where `possible` is False.
    possible : ndarray of bool
        False where no leak reads so much: the reading is not one of this bomb and cavity.
    """

    fine: NDArray[np.float64]
    gross: NDArray[np.float64]
    possible: NDArray[np.bool_]


def reading_atm_cm3_s(
    leak_atm_cm3_s: ArrayLike, volume_m3: ArrayLike, bomb: Bomb, gas: str = "helium"
) -> NDArray[np.float64]:
    """Tracer rate that is measured of a standard air leak. [atm cm3/s]

    Parameters
    ----------
    leak_atm_cm3_s : array_like, shape (...)
        Equivalent standard leak of air, L.
    volume_m3 : array_like, shape (...)
        Free volume of the cavity.
    bomb : Bomb
    gas : str
        Tracer.

    Raises
    ------
    ValueError
        A negative leak, a cavity of no volume, or a bomb without pressure or time.

    Notes
    -----
    ``R1 = L PE/P0 s (1 - exp(-L t1 s/(V P0))) exp(-L t2 s/(V P0))``, ``s = sqrt(M_air/M)``: method 1014
    condition A2 [1]_ [2]_.

    References
    ----------
    .. [1] D. A. Howl, C. A. Mann, "The back-pressurising technique of leak-testing", Vacuum 15(7), 1965, pp. 347-352.
    .. [2] MIL-STD-883 method 1014.
    """
    leak = np.asarray(leak_atm_cm3_s, dtype=np.float64)
    if not np.all(leak >= 0.0):
        raise ValueError("a leak rate must not be negative")
    gain, fill, empty = _rates(volume_m3, bomb, gas)
    return np.asarray(gain * leak * -np.expm1(-fill * leak) * np.exp(-empty * leak))


def highest_reading(
    volume_m3: ArrayLike, bomb: Bomb, gas: str = "helium"
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The leak that reads highest, and that reading; infinite without a dwell. [atm cm3/s]

    The slope of ``log R1`` is ``1/L + a/(exp(a L) - 1) - b`` with a for the bomb and b for the dwell: it falls all the
    way, so that there is one peak, and it lies between 1/b and 2/b.
    """
    gain, fill, empty = _rates(volume_m3, bomb, gas)
    gain, fill, empty = np.broadcast_arrays(gain, fill, empty)
    waits = empty > 0.0
    b = np.where(waits, empty, 1.0)
    low, high = 1.0 / b, 2.0 / b
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        x = np.minimum(fill * middle, 700.0)
        rising = 1.0 / middle + fill / np.expm1(x) > b
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    peak = 0.5 * (low + high)
    top = gain * peak * -np.expm1(-fill * peak) * np.exp(-b * peak)
    return np.where(waits, peak, np.inf), np.where(waits, top, np.inf)


def leaks_of_reading(reading: ArrayLike, volume_m3: ArrayLike, bomb: Bomb, gas: str = "helium") -> Leaks:
    """Both leaks that give a reading, found by bisection in the logarithm to the last bits.

    Parameters
    ----------
    reading : array_like, shape (...)
        R1, above zero. [atm cm3/s]
    volume_m3, bomb, gas
        As `reading_atm_cm3_s`.

    Raises
    ------
    ValueError
        A reading that is not positive, or as `reading_atm_cm3_s`.
    """
    wanted = np.asarray(reading, dtype=np.float64)
    if not np.all(wanted > 0.0):
        raise ValueError("the reading must be positive")
    gain, fill, empty = _rates(volume_m3, bomb, gas)
    peak, top = highest_reading(volume_m3, bomb, gas)
    wanted, gain, fill, empty, peak, top = np.broadcast_arrays(wanted, gain, fill, empty, peak, top)
    possible = wanted <= top

    def log_reading(x: NDArray[np.float64]) -> NDArray[np.float64]:
        leak = np.exp(x)
        return np.log(gain) + x + np.log(-np.expm1(-fill * leak)) - empty * leak

    target = np.log(wanted)
    # 1 - exp(-a L) is below both 1 and a L: no leak smaller than this can read so much
    least = np.log(np.maximum(np.sqrt(wanted / (gain * fill)), wanted / gain)) - 1e-9
    # without a dwell, 1 - exp(-x) >= x/(1 + x) gives a leak that surely reads more
    most = np.log(wanted / gain + np.sqrt(wanted / (gain * fill))) + 1.0
    low, high = least, np.where(np.isinf(peak), most, np.log(np.where(np.isinf(peak), 1.0, peak)))
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        below = log_reading(middle) < target
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    fine = np.exp(0.5 * (low + high))

    finite = np.where(np.isinf(peak), 1.0, peak)
    low, high = np.log(finite), np.log(finite) + 1.0
    for _ in range(60):
        high = np.where(log_reading(high) > target, high + 1.0, high)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        above = log_reading(middle) > target
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    gross = np.where(np.isinf(peak), np.inf, np.exp(0.5 * (low + high)))
    return Leaks(
        fine=np.asarray(np.where(possible, fine, peak)),
        gross=np.asarray(np.where(possible, gross, peak)),
        possible=np.asarray(possible),
    )


def _rates(
    volume_m3: ArrayLike, bomb: Bomb, gas: str
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Reading per leak of a full cavity, and the filling and emptying exponents per leak. [-, s/(atm cm3), same]"""
    volume = np.asarray(volume_m3, dtype=np.float64) * 1e6
    pressure, time, dwell = (
        np.asarray(w, dtype=np.float64) for w in (bomb.pressure_atm, bomb.time_s, bomb.dwell_s)
    )
    if not np.all(volume > 0.0):
        raise ValueError(
            "method 1014: a cavity of zero volume takes in no tracer gas, a bomb test can't be read"
        )
    if not (np.all(pressure > 0.0) and np.all(time > 0.0) and np.all(dwell >= 0.0)):
        raise ValueError("the bomb needs pressure and time, and the dwell must not be negative")
    speed = leak_units.mass_ratio(gas)
    return np.asarray(pressure * speed), np.asarray(time * speed / volume), np.asarray(dwell * speed / volume)
