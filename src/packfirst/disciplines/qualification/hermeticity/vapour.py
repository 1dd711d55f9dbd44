"""Water vapour: saturation, dew point, parts per million of a cavity, and what material inside gives off."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.qualification.hermeticity.leak_units import ATMOSPHERE_PA, MOLAR_MASS_G

GAS_J_PER_MOL_K = 8.31446261815324
LIMIT_PPMV = 5000.0  # MIL-STD-883 method 1018, at 100 degC
_CELSIUS_K = 273.15
VALID = {"temperature_k": (193.15, 373.15)}


def saturation_pa(temperature_k: ArrayLike) -> NDArray[np.float64]:
    """Vapour pressure over liquid water. [Pa]

    ``611.21 exp((18.678 - T/234.5) T/(257.14 + T))``, T in degC.

    References
    ----------
    .. [1] A. L. Buck, "New equations for computing vapor pressure and enhancement factor", J. Appl. Meteorol. 20,
       1981, pp. 1527-1532; coefficients of the Buck Research manual, 1996.
    """
    t = np.asarray(temperature_k, dtype=np.float64) - _CELSIUS_K
    return np.asarray(611.21 * np.exp((18.678 - t / 234.5) * t / (257.14 + t)))


def saturation_ice_pa(temperature_k: ArrayLike) -> NDArray[np.float64]:
    """Vapour pressure over ice, ``611.15 exp((23.036 - T/333.7) T/(279.82 + T))``, as `saturation_pa`. [Pa]"""
    t = np.asarray(temperature_k, dtype=np.float64) - _CELSIUS_K
    return np.asarray(611.15 * np.exp((23.036 - t / 333.7) * t / (279.82 + t)))


def frost_point_k(vapour_pa: ArrayLike) -> NDArray[np.float64]:
    """Temperature at which vapour of that pressure first settles: as frost below freezing, as dew above. [K]

    Raises
    ------
    ValueError
        A pressure that is not positive, or beyond 1 bar or so.
    """
    p = np.asarray(vapour_pa, dtype=np.float64)
    low, high = np.full(p.shape, VALID["temperature_k"][0]), np.full(p.shape, VALID["temperature_k"][1])
    if not (np.all(p >= _over_any(low)) and np.all(p <= _over_any(high))):
        raise ValueError("the vapour pressure lies outside that of ice at -80 degC to water at 100 degC")
    for _ in range(60):
        middle = 0.5 * (low + high)
        dry = _over_any(middle) < p
        low, high = np.where(dry, middle, low), np.where(dry, high, middle)
    return np.asarray(0.5 * (low + high))


def partial_pa(ppmv: ArrayLike, total_pa: ArrayLike = ATMOSPHERE_PA) -> NDArray[np.float64]:
    """Pressure of the vapour in a cavity of so many parts per million by volume. [Pa]"""
    return np.asarray(1e-6 * np.asarray(ppmv, dtype=np.float64) * np.asarray(total_pa, dtype=np.float64))


def ppmv_from_mass(
    water_kg: ArrayLike,
    volume_m3: ArrayLike,
    total_pa: ArrayLike = ATMOSPHERE_PA,
    filled_at_k: ArrayLike = 298.15,
) -> NDArray[np.float64]:
    """Water vapour of a sealed cavity once so much water has come off what is inside. [ppmv]

    Parameters
    ----------
    water_kg : array_like, shape (...)
        Given off by attach, coatings and walls: mass times outgassing share.
    volume_m3 : array_like, shape (...)
    total_pa, filled_at_k : array_like, shape (...)
        Of the dry fill when it was sealed; the share does not change with temperature as long as all is vapour.

    Raises
    ------
    ValueError
        A cavity of no volume, or negative water.
    """
    water, volume, total, t = (
        np.asarray(w, dtype=np.float64) for w in (water_kg, volume_m3, total_pa, filled_at_k)
    )
    if not np.all(volume > 0.0):
        raise ValueError("a cavity of zero volume has no vapour content (method 1018 needs a cavity)")
    if not np.all(water >= 0.0):
        raise ValueError("the mass of water must not be negative")
    moles = water / (MOLAR_MASS_G["water"] * 1e-3)
    fill = total * volume / (GAS_J_PER_MOL_K * t)
    return np.asarray(1e6 * moles / (moles + fill))


def water_allowed_kg(
    volume_m3: ArrayLike,
    limit_ppmv: ArrayLike = LIMIT_PPMV,
    total_pa: ArrayLike = ATMOSPHERE_PA,
    filled_at_k: ArrayLike = 298.15,
) -> NDArray[np.float64]:
    """Water that a cavity may hold at a limit, the inverse of `ppmv_from_mass`. [kg]

    Raises
    ------
    ValueError
        A cavity of no volume, or a limit outside 0 to a million.
    """
    volume, share, total, t = (
        np.asarray(w, dtype=np.float64) for w in (volume_m3, limit_ppmv, total_pa, filled_at_k)
    )
    share = share * 1e-6
    if not np.all(volume > 0.0):
        raise ValueError("a cavity of zero volume has no vapour content (method 1018 needs a cavity)")
    if not np.all((share >= 0.0) & (share < 1.0)):
        raise ValueError("a limit lies from 0 to below a million ppmv")
    fill = total * volume / (GAS_J_PER_MOL_K * t)
    return np.asarray(fill * share / (1.0 - share) * MOLAR_MASS_G["water"] * 1e-3)


def _over_any(temperature_k: NDArray[np.float64]) -> NDArray[np.float64]:
    """Over ice below freezing, over water above: what settles."""
    return np.where(
        temperature_k < _CELSIUS_K, saturation_ice_pa(temperature_k), saturation_pa(temperature_k)
    )
