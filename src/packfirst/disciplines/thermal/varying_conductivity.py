"""Conductivity that falls as a power of the absolute temperature, and the exact solutions that it allows.

``k(T) = k_300 (300 K / T)^n`` holds for crystals above their Debye knee. Kirchhoff's transform makes conduction
through it linear: the apparent temperature ``theta`` obeys the same equation with the constant conductivity k_300.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

REFERENCE_K = 300.0
# The law is fitted between these; a solver on its way may ask outside, and gets the end of the range. [K]
FITTED_K = (150.0, 700.0)


def ratio(temperature_k: ArrayLike, exponent: ArrayLike) -> Floats:
    """k(T) / k(300 K), shapes broadcast; held at its ends beyond `FITTED_K`."""
    t = np.clip(np.asarray(temperature_k, dtype=np.float64), *FITTED_K)
    return np.asarray((REFERENCE_K / t) ** np.asarray(exponent, dtype=np.float64))


def ratio_slope(temperature_k: ArrayLike, exponent: ArrayLike) -> Floats:
    """d(k(T) / k(300 K)) / dT, zero beyond `FITTED_K`. [1/K]"""
    t = np.asarray(temperature_k, dtype=np.float64)
    n = np.asarray(exponent, dtype=np.float64)
    inside = (t > FITTED_K[0]) & (t < FITTED_K[1])
    return np.asarray(np.where(inside, -n / np.clip(t, *FITTED_K) * ratio(t, n), 0.0))


def apparent(temperature_k: ArrayLike, base_k: ArrayLike, exponent: ArrayLike) -> Floats:
    """Kirchhoff's apparent rise over a base: the integral of k / k(base) from the base to T. [K]

    ``theta = T_b ((T / T_b)^(1 - n) - 1) / (1 - n)``, and ``T_b ln(T / T_b)`` for n = 1 [1]_.

    References
    ----------
    .. [1] W. B. Joyce, "Thermal resistance of heat sinks with temperature-dependent conductivity", Solid-State
       Electronics 18(4), 321-322, 1975, doi:10.1016/0038-1101(75)90085-4.
    """
    base = np.asarray(base_k, dtype=np.float64)
    x = np.asarray(temperature_k, dtype=np.float64) / base
    m = 1.0 - np.asarray(exponent, dtype=np.float64)
    log = np.log(x)
    return np.asarray(base * _exp_less_one(m * log, log))


def true_temperature(apparent_rise_k: ArrayLike, base_k: ArrayLike, exponent: ArrayLike) -> Floats:
    """Temperature of an apparent rise: the inverse of `apparent`. [K]

    Infinite where n > 1 and the law has no temperature that lets so much heat through:
    ``theta >= T_b / (n - 1)``.
    """
    y = np.asarray(apparent_rise_k, dtype=np.float64) / np.asarray(base_k, dtype=np.float64)
    m = 1.0 - np.asarray(exponent, dtype=np.float64)
    inside = 1.0 + m * y
    with np.errstate(divide="ignore", invalid="ignore"):
        power = np.where(
            np.abs(m) > 1e-9,
            np.log(np.maximum(inside, 0.0)) / np.where(m == 0.0, 1.0, m),
            y - 0.5 * m * y * y,
        )
        return np.asarray(np.where(inside > 0.0, base_k * np.exp(power), np.inf))


def _exp_less_one(exponent: Floats, log: Floats) -> Floats:
    """(exp(m log) - 1) / m where `exponent` is m log; log where m is zero."""
    small = np.abs(exponent) < 1e-12
    return np.asarray(np.where(small, log, np.expm1(exponent) * log / np.where(small, 1.0, exponent)))
