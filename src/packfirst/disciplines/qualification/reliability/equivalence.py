"""Burn-in and life test at another temperature: what physics says, to hold a standard's table against.

For compliance only the rows of the table count (`standard_tables`); these functions flag a row that does not fit,
and serve where a program is not bound by a table.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.qualification.reliability import arrhenius

# Fitted to 240 h at 125 degC = 120 h at 150 degC, MIL-STD-883 method 1015.9 table I; its rows from 100 to 150 degC
# follow it within 4 %.
BURN_IN_ACTIVATION_EV = 0.4025
REFERENCE_K = 398.15  # 125 degC
VALID = {"temperature_k": (373.15, 423.15)}


def hours_at(
    hours_at_reference: ArrayLike,
    temperature_k: ArrayLike,
    activation_ev: ArrayLike = BURN_IN_ACTIVATION_EV,
    reference_k: ArrayLike = REFERENCE_K,
) -> NDArray[np.float64]:
    """Hours at a temperature that do what the reference does. [h]

    Raises
    ------
    ValueError
        Hours that are not positive, or as `arrhenius.acceleration`.
    """
    hours = np.asarray(hours_at_reference, dtype=np.float64)
    if not np.all(hours > 0.0):
        raise ValueError("hours must be positive")
    return np.asarray(hours / arrhenius.acceleration(activation_ev, temperature_k, reference_k))


def device_hours(parts: ArrayLike, hours: ArrayLike) -> NDArray[np.float64]:
    """Parts times hours: 45 for 1000 h and 22 for 2000 h are close in this, and far apart in the life they see. [h]

    Raises
    ------
    ValueError
        No parts or no hours.
    """
    n, h = np.asarray(parts, dtype=np.float64), np.asarray(hours, dtype=np.float64)
    if not (np.all(n > 0.0) and np.all(h > 0.0)):
        raise ValueError("a life test needs parts and hours: neither may be zero")
    return np.asarray(n * h)
