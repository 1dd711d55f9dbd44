"""Wires that lean before the mould's front and sag under their own weight."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

GRAVITY_M_PER_S2 = 9.80665
# Creeping flow across a slender wire: the drag law below holds for a Reynolds number under 1.
VALID = {"reynolds": (0.0, 1.0), "sweep_over_span": (0.0, 0.1)}
VALIDATED = {"reynolds": (0.0, 0.5), "sweep_over_span": (0.0, 0.05)}


def drag_n_per_m(
    velocity_m_per_s: ArrayLike,
    viscosity_pa_s: ArrayLike,
    diameter_m: ArrayLike,
    density_kg_per_m3: ArrayLike,
) -> NDArray[np.float64]:
    """Force per length of a slow flow across a round wire, ``4 pi mu U / (2.002 - ln Re)``. [N/m]

    Parameters
    ----------
    velocity_m_per_s, viscosity_pa_s, diameter_m, density_kg_per_m3 : array_like, shape (...)
        Of the mould at the wire; the Reynolds number is ``rho U d / mu``.

    Raises
    ------
    ValueError
        An argument that is not positive.

    References
    ----------
    .. [1] H. Lamb, "Hydrodynamics", 6th ed., 1932, article 343.
    """
    u, mu, d, rho = (
        np.asarray(w, dtype=np.float64)
        for w in (velocity_m_per_s, viscosity_pa_s, diameter_m, density_kg_per_m3)
    )
    if not all(np.all(w > 0.0) for w in (u, mu, d, rho)):
        raise ValueError("velocity, viscosity, diameter and density must be positive")
    return np.asarray(4.0 * np.pi * mu * u / (2.002 - np.log(rho * u * d / mu)))


def lean_m(
    force_n_per_m: ArrayLike, span_m: ArrayLike, modulus_pa: ArrayLike, diameter_m: ArrayLike
) -> NDArray[np.float64]:
    """Sideways bend in the middle of a wire held at both ends under an even force, ``q L^4/(384 E I)``. [m]

    A straight wire: a loop twists as well and leans farther, by up to about two for a high one.

    Raises
    ------
    ValueError
        A span, modulus or diameter that is not positive.
    """
    q, length, e, d = (
        np.asarray(w, dtype=np.float64) for w in (force_n_per_m, span_m, modulus_pa, diameter_m)
    )
    if not all(np.all(w > 0.0) for w in (length, e, d)):
        raise ValueError("span, modulus and diameter must be positive")
    return np.asarray(q * length**4 / (384.0 * e * np.pi * d**4 / 64.0))


def sag_m(
    density_kg_per_m3: ArrayLike, span_m: ArrayLike, modulus_pa: ArrayLike, diameter_m: ArrayLike
) -> NDArray[np.float64]:
    """Sag of a wire held at both ends under its own weight. [m] Arguments and errors as `lean_m`."""
    weight = np.asarray(density_kg_per_m3, dtype=np.float64) * GRAVITY_M_PER_S2
    return lean_m(
        weight * np.pi * np.asarray(diameter_m, dtype=np.float64) ** 2 / 4.0, span_m, modulus_pa, diameter_m
    )
