"""Lids under a difference of pressure: bomb, altitude, a vacuum inside."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.mechanical import plates

# Beyond half the thickness the lid stretches and is stiffer than said here: the deflection is then an upper bound.
VALIDATED = {"deflection_over_thickness": (0.0, 0.5)}
VALID = {"deflection_over_thickness": (0.0, 2.0), "thickness_over_side": (0.0, 0.1)}
EDGES = ("clamped", "supported")


@dataclass(frozen=True, slots=True, kw_only=True)
class LidBend:
    """Attributes are ndarrays of shape (...).

    Attributes
    ----------
    deflection_m : ndarray
        Of the middle, in the direction of the pressure.
    stress_pa : ndarray
        Largest bending stress: in the middle of the long edge when clamped, in the middle of the lid when supported.
    """

    deflection_m: NDArray[np.float64]
    stress_pa: NDArray[np.float64]


def bend(
    edge: str,
    *,
    length_x_m: ArrayLike,
    length_y_m: ArrayLike,
    thickness_m: ArrayLike,
    modulus_pa: ArrayLike,
    poisson: ArrayLike,
    pressure_pa: ArrayLike,
) -> LidBend:
    """Bend a flat lid by a uniform pressure.

    Parameters
    ----------
    edge : {"clamped", "supported"}
        A lid that is soldered or welded to a stiff frame is near the first; a thin seal lets it turn, towards the
        second. The two bracket what happens.
    length_x_m, length_y_m : array_like, shape (...)
        Free span, inside the seal.
    thickness_m, modulus_pa, poisson : array_like, shape (...)
    pressure_pa : array_like, shape (...)
        Outside less inside, or the other way; the signs of the answer follow.

    Raises
    ------
    ValueError
        An unknown edge; a side, thickness or modulus that is not positive.

    Notes
    -----
    Thin plate, small deflection; equations and reference as `plates.clamped_under_load`, stress 6 M / t^2.
    """
    if edge not in EDGES:
        raise ValueError(f"unknown edge {edge!r}, expected one of {', '.join(EDGES)}")
    x, y, t, e, v, p = np.broadcast_arrays(
        *(
            np.asarray(w, dtype=np.float64)
            for w in (length_x_m, length_y_m, thickness_m, modulus_pa, poisson, pressure_pa)
        )
    )
    if not (np.all(t > 0.0) and np.all(e > 0.0)):
        raise ValueError("thickness and modulus must be positive")
    d = e * t**3 / (12.0 * (1.0 - v**2))
    if edge == "clamped":
        solved = plates.clamped_under_load(x, y, d, 2.0 * d, d)
        moment = d * np.maximum(solved.edge_bending_x, solved.edge_bending_y)
        return LidBend(deflection_m=p * solved.centre, stress_pa=np.asarray(6.0 * p * moment / t**2))
    centre, moment = plates.supported_under_load(x, y, d, v)
    return LidBend(deflection_m=p * centre, stress_pa=np.asarray(6.0 * p * moment / t**2))
