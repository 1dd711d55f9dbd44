"""Natural frequencies of leads, wires and bodies standing on their leads. Plates are in `plates`."""

from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

# First root of the frequency equation of a uniform beam, by its ends. W. Weaver, S. Timoshenko, D. Young,
# "Vibration Problems in Engineering", 5th ed., 1990, chapter 5.
BEAM_ROOTS = MappingProxyType(
    {
        "cantilever": 1.8751040687,
        "supported": np.pi,
        "clamped": 4.7300407449,
        "clamped-supported": 3.9266023121,
    }
)
VALID = {"length_over_depth": (10.0, np.inf)}  # shear and rotation of the section are left out


def beam_frequency_hz(
    ends: str,
    *,
    length_m: ArrayLike,
    bending_n_m2: ArrayLike,
    mass_per_length_kg_per_m: ArrayLike,
) -> NDArray[np.float64]:
    """Lowest natural frequency of a uniform beam, ``root^2/(2 pi) sqrt(E I/(m L^4))``. [Hz]

    Parameters
    ----------
    ends : str
        A key of `BEAM_ROOTS`.
    length_m, bending_n_m2, mass_per_length_kg_per_m : array_like, shape (...)
        Length, E I and mass per length.

    Raises
    ------
    ValueError
        Unknown ends, or an argument that is not positive.
    """
    if ends not in BEAM_ROOTS:
        raise ValueError(f"unknown ends {ends!r}, expected one of {', '.join(BEAM_ROOTS)}")
    length, ei, mass = (
        np.asarray(w, dtype=np.float64) for w in (length_m, bending_n_m2, mass_per_length_kg_per_m)
    )
    if not all(np.all(w > 0.0) for w in (length, ei, mass)):
        raise ValueError("length, stiffness and mass must be positive")
    return np.asarray(BEAM_ROOTS[ends] ** 2 / (2.0 * np.pi) * np.sqrt(ei / (mass * length**4)))


def lead_stiffness_n_per_m(bending_n_m2: ArrayLike, length_m: ArrayLike) -> NDArray[np.float64]:
    """Sideways stiffness of one straight lead, column or post whose ends don't turn: ``12 E I / L^3``. [N/m]"""
    return np.asarray(
        12.0 * np.asarray(bending_n_m2, dtype=np.float64) / np.asarray(length_m, dtype=np.float64) ** 3
    )


def post_stiffness_n_per_m(
    modulus_pa: ArrayLike, area_m2: ArrayLike, length_m: ArrayLike
) -> NDArray[np.float64]:
    """Stiffness along one lead, column or ball: ``E A / L``. [N/m]"""
    e, a, length = (np.asarray(w, dtype=np.float64) for w in (modulus_pa, area_m2, length_m))
    return np.asarray(e * a / length)


def body_frequency_hz(stiffness_n_per_m: ArrayLike, mass_kg: ArrayLike) -> NDArray[np.float64]:
    """Natural frequency of a stiff body on the sum of its leads: ``sqrt(k/m)/(2 pi)``. [Hz]

    Raises
    ------
    ValueError
        A stiffness or mass that is not positive.
    """
    k, m = np.asarray(stiffness_n_per_m, dtype=np.float64), np.asarray(mass_kg, dtype=np.float64)
    if not (np.all(k > 0.0) and np.all(m > 0.0)):
        raise ValueError("stiffness and mass must be positive")
    return np.asarray(np.sqrt(k / m) / (2.0 * np.pi))


def round_bending_n_m2(modulus_pa: ArrayLike, diameter_m: ArrayLike) -> NDArray[np.float64]:
    """E I of a round wire or column: ``E pi d^4 / 64``. [N m^2]"""
    d = np.asarray(diameter_m, dtype=np.float64)
    return np.asarray(np.asarray(modulus_pa, dtype=np.float64) * np.pi * d**4 / 64.0)


def flat_bending_n_m2(
    modulus_pa: ArrayLike, width_m: ArrayLike, thickness_m: ArrayLike
) -> NDArray[np.float64]:
    """E I of a flat lead bent across its thickness: ``E b t^3 / 12``. [N m^2]"""
    e, b, t = (np.asarray(w, dtype=np.float64) for w in (modulus_pa, width_m, thickness_m))
    return np.asarray(e * b * t**3 / 12.0)
