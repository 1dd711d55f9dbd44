"""Acceleration by voltage, and the longer life test that a reduced voltage costs."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# An exponent or slope holds for one oxide and one mechanism, measured above its use voltage.
VALID = {"reduction_percent": (0.0, 50.0), "voltage_ratio": (0.5, 3.0)}


def acceleration_exponential(
    slope_per_v: ArrayLike, stress_v: ArrayLike, use_v: ArrayLike
) -> NDArray[np.float64]:
    """Hours in use that one hour at the stress voltage stands for: ``exp(g (Vs - Vu))`` (E model, JEP122). [-]"""
    g, stress, use = (np.asarray(w, dtype=np.float64) for w in (slope_per_v, stress_v, use_v))
    return np.asarray(np.exp(g * (stress - use)))


def acceleration_power(exponent: ArrayLike, stress_v: ArrayLike, use_v: ArrayLike) -> NDArray[np.float64]:
    """The same for a power law, ``(Vs/Vu)^n`` (thin oxides, JEP122). [-]

    Raises
    ------
    ValueError
        A voltage that is not positive.
    """
    n, stress, use = (np.asarray(w, dtype=np.float64) for w in (exponent, stress_v, use_v))
    if not (np.all(stress > 0.0) and np.all(use > 0.0)):
        raise ValueError("voltages must be positive")
    return np.asarray((stress / use) ** n)


def reduced_voltage_hours(hours: ArrayLike, reduction_percent: ArrayLike) -> NDArray[np.float64]:
    """Length of a life test at reduced voltage, ``t0 100/(100 - V)``. [h]

    Parameters
    ----------
    hours : array_like, shape (...)
        At full voltage.
    reduction_percent : array_like, shape (...)
        0 up to, not including, 100.

    Raises
    ------
    ValueError
        A reduction outside that.

    References
    ----------
    .. [1] MIL-STD-883 method 1005.8, condition F.
    """
    v = np.asarray(reduction_percent, dtype=np.float64)
    if not np.all((v >= 0.0) & (v < 100.0)):
        raise ValueError("the reduction of voltage is a percentage from 0 to below 100")
    return np.asarray(np.asarray(hours, dtype=np.float64) * 100.0 / (100.0 - v))
