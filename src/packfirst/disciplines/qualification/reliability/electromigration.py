"""Acceleration of electromigration by current and heat."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.qualification.reliability import arrhenius

# Exponent 1 where growth of the void rules, 2 where its start does; above, the stress test heats the line itself.
VALID = {"exponent": (1.0, 3.0), "activation_ev": (0.5, 1.3), "temperature_k": (300.0, 600.0)}


def acceleration(
    density_stress: ArrayLike,
    density_use: ArrayLike,
    stress_k: ArrayLike,
    use_k: ArrayLike,
    exponent: ArrayLike,
    activation_ev: ArrayLike,
) -> NDArray[np.float64]:
    """Hours in use that one hour of stress stands for. [-]

    Parameters
    ----------
    density_stress, density_use : array_like, shape (...)
        Current densities in any one unit.
    stress_k, use_k, activation_ev : array_like, shape (...)
        As `arrhenius.acceleration`; the temperature is that of the conductor, self-heating counted.
    exponent : array_like, shape (...)

    Raises
    ------
    ValueError
        A current density that is not positive, or as `arrhenius.acceleration`.

    Notes
    -----
    ``(js/ju)^n exp(Ea/k (1/Tu - 1/Ts))``, from ``t = A j^-n exp(Ea/(k T))`` [1]_.

    References
    ----------
    .. [1] J. R. Black, "Electromigration: a brief survey and some recent results", IEEE Trans. Electron Devices
       16(4), 1969, pp. 338-347.
    """
    stress, use = np.asarray(density_stress, dtype=np.float64), np.asarray(density_use, dtype=np.float64)
    if not (np.all(stress > 0.0) and np.all(use > 0.0)):
        raise ValueError("current densities must be positive")
    crowd = (stress / use) ** np.asarray(exponent, dtype=np.float64)
    return np.asarray(crowd * arrhenius.acceleration(activation_ev, stress_k, use_k))
