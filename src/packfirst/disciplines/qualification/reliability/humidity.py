"""Acceleration of corrosion by moisture and heat."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.qualification.reliability import arrhenius

# Non-hermetic parts, below condensation. Peck 1986 found exponents of 2.66 to 4.64 over his data.
VALID = {"relative_humidity": (0.1, 0.95), "exponent": (2.0, 5.0), "temperature_k": (273.15, 423.15)}
VALIDATED = {"relative_humidity": (0.2, 0.9), "exponent": (2.66, 4.64), "temperature_k": (293.15, 403.15)}

# Exponents in use: 3.0 for plastic parts (Hallberg and Peck 1991), with 0.9 eV (recalled).
PLASTIC_EXPONENT = 3.0
EXPONENT_RANGE = (2.0, 5.0)
PLASTIC_ACTIVATION_EV = 0.9


def acceleration(
    humidity_stress: ArrayLike,
    humidity_use: ArrayLike,
    stress_k: ArrayLike,
    use_k: ArrayLike,
    exponent: ArrayLike,
    activation_ev: ArrayLike,
) -> NDArray[np.float64]:
    """Hours in use that one hour of damp heat stands for. [-]

    Parameters
    ----------
    humidity_stress, humidity_use : array_like, shape (...)
        Relative humidity at the die, above 0 and up to 1: a die that heats itself is drier than its surroundings.
    stress_k, use_k, activation_ev : array_like, shape (...)
        As `arrhenius.acceleration`.
    exponent : array_like, shape (...)

    Raises
    ------
    ValueError
        A humidity outside 0 to 1 (a percentage is the usual slip), or as `arrhenius.acceleration`.

    Notes
    -----
    ``(RHs/RHu)^n exp(Ea/k (1/Tu - 1/Ts))`` [1]_.

    References
    ----------
    .. [1] D. S. Peck, "Comprehensive model for humidity testing correlation", IRPS 1986, pp. 44-50.
    """
    stress, use = np.asarray(humidity_stress, dtype=np.float64), np.asarray(humidity_use, dtype=np.float64)
    if not all(np.all((w > 0.0) & (w <= 1.0)) for w in (stress, use)):
        raise ValueError("relative humidity is a share, above 0 and up to 1")
    wet = (stress / use) ** np.asarray(exponent, dtype=np.float64)
    return np.asarray(wet * arrhenius.acceleration(activation_ev, stress_k, use_k))
