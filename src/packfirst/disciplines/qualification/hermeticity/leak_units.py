"""Leak rates from one unit and one gas to another.

A standard leak is air at 25 degC from one atmosphere into vacuum. Between gases the flow is taken as molecular, so that
it goes with one over the root of the molar mass; true for leaks below about 1e-5 atm cm3/s.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

ATMOSPHERE_PA = 101325.0
# g/mol; air and helium as method 1014 rounds them
MOLAR_MASS_G: Mapping[str, float] = MappingProxyType(
    {
        "air": 28.96,
        "helium": 4.0026,
        "water": 18.015,
        "krypton-85": 84.91,
        "nitrogen": 28.013,
        "argon": 39.948,
    }
)
# Pa m^3/s in one of the unit
UNITS: Mapping[str, float] = MappingProxyType(
    {
        "Pa m3/s": 1.0,
        "atm cm3/s": ATMOSPHERE_PA * 1e-6,
        "mbar l/s": 0.1,
        "Torr l/s": ATMOSPHERE_PA / 760.0 * 1e-3,
    }
)
VALID = {
    "leak_pa_m3_per_s": (0.0, 1e-6)
}  # 1e-5 atm cm3/s; above it the flow is viscous and gases rank otherwise


def to_pa_m3_per_s(value: ArrayLike, unit: str) -> NDArray[np.float64]:
    """A leak rate in SI. [Pa m3/s]

    Raises
    ------
    ValueError
        An unknown unit.
    """
    return np.asarray(np.asarray(value, dtype=np.float64) * _factor(unit))


def from_pa_m3_per_s(value_pa_m3_per_s: ArrayLike, unit: str) -> NDArray[np.float64]:
    """A leak rate in SI, in another unit.

    Raises
    ------
    ValueError
        An unknown unit.
    """
    return np.asarray(np.asarray(value_pa_m3_per_s, dtype=np.float64) / _factor(unit))


def of_gas(
    leak: ArrayLike, gas: str, of: str = "air", temperature_k: ArrayLike = 298.15, at_k: ArrayLike = 298.15
) -> NDArray[np.float64]:
    """Leak rate of a gas through a hole whose rate for another is known, in the same unit.

    Parameters
    ----------
    leak : array_like, shape (...)
    gas, of : str
        The gas that is asked for, and that which `leak` belongs to; keys of `MOLAR_MASS_G`.
    temperature_k, at_k : array_like, shape (...)
        Of the gas that is asked for, and of the other: molecular flow goes with the root of it.

    Raises
    ------
    ValueError
        An unknown gas.
    """
    return np.asarray(
        np.asarray(leak, dtype=np.float64)
        * mass_ratio(gas, of)
        * np.sqrt(np.asarray(temperature_k, dtype=np.float64) / np.asarray(at_k, dtype=np.float64))
    )


def mass_ratio(gas: str, of: str = "air") -> float:
    """Speed of a gas through a molecular leak over that of another, ``sqrt(M_of/M_gas)``; 2.69 for helium. [-]

    Raises
    ------
    ValueError
        An unknown gas.
    """
    for name in (gas, of):
        if name not in MOLAR_MASS_G:
            raise ValueError(f"unknown gas {name!r}, expected one of {', '.join(MOLAR_MASS_G)}")
    return float(np.sqrt(MOLAR_MASS_G[of] / MOLAR_MASS_G[gas]))


def _factor(unit: str) -> float:
    if unit not in UNITS:
        raise ValueError(f"unknown leak unit {unit!r}, expected one of {', '.join(UNITS)}")
    return UNITS[unit]
