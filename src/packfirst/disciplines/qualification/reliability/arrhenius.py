"""Acceleration of a failure mechanism by heat."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

BOLTZMANN_EV_PER_K = 8.617333262e-5  # exact since the SI of 2019

# One mechanism with one activation energy: 0.3 to 1.5 eV covers the mechanisms of JEP122 (recalled).
VALID = {"activation_ev": (0.0, 2.0), "temperature_k": (200.0, 600.0)}
VALIDATED = {"activation_ev": (0.3, 1.1), "temperature_k": (293.15, 448.15)}


def acceleration(activation_ev: ArrayLike, stress_k: ArrayLike, use_k: ArrayLike) -> NDArray[np.float64]:
    """Hours in use that one hour of stress stands for, ``exp(Ea/k (1/Tu - 1/Ts))``. [-]

    Parameters
    ----------
    activation_ev, stress_k, use_k : array_like, shape (...)
        Activation energy; temperatures of the junction (or of what ages), kelvin.

    Raises
    ------
    ValueError
        A temperature that is not above zero kelvin, or a negative activation energy.

    References
    ----------
    .. [1] JEDEC JEP122, "Failure mechanisms and models for semiconductor devices".
    """
    ea, stress, use = (np.asarray(w, dtype=np.float64) for w in (activation_ev, stress_k, use_k))
    if not (np.all(stress > 0.0) and np.all(use > 0.0)):
        raise ValueError("temperatures are kelvin, above zero")
    if not np.all(ea >= 0.0):
        raise ValueError("the activation energy must not be negative")
    return np.asarray(np.exp(ea / BOLTZMANN_EV_PER_K * (1.0 / use - 1.0 / stress)))


def activation_ev(
    time_1: ArrayLike, temperature_1_k: ArrayLike, time_2: ArrayLike, temperature_2_k: ArrayLike
) -> NDArray[np.float64]:
    """Activation energy at which two pairs of time and temperature do the same. [eV]

    Raises
    ------
    ValueError
        A time or temperature that is not positive, or two equal temperatures.
    """
    h1, t1, h2, t2 = (
        np.asarray(w, dtype=np.float64) for w in (time_1, temperature_1_k, time_2, temperature_2_k)
    )
    if not all(np.all(w > 0.0) for w in (h1, t1, h2, t2)):
        raise ValueError("times and kelvin temperatures must be positive")
    if np.any(t1 == t2):
        raise ValueError("two equal temperatures say nothing of the activation energy")
    return np.asarray(BOLTZMANN_EV_PER_K * np.log(h1 / h2) / (1.0 / t1 - 1.0 / t2))
