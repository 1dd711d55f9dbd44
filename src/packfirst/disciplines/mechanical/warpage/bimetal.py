"""Two strips joined along their whole length, and the bow that a curvature means."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def curvature_per_m(
    thickness_1_m: ArrayLike,
    thickness_2_m: ArrayLike,
    modulus_1_pa: ArrayLike,
    modulus_2_pa: ArrayLike,
    cte_1_per_k: ArrayLike,
    cte_2_per_k: ArrayLike,
    rise_k: ArrayLike,
) -> NDArray[np.float64]:
    """Curvature of a bimetal strip after a uniform temperature change. [1/m]

    Positive where ``(cte_2 - cte_1) rise`` is: the strip that grew more is on the outside of the arc.

    Parameters
    ----------
    thickness_1_m, thickness_2_m, modulus_1_pa, modulus_2_pa, cte_1_per_k, cte_2_per_k : array_like, shape (...)
        Of the two strips. For a plate, which bends both ways, give E / (1 - nu) for the moduli.
    rise_k : array_like, shape (...)
        Temperature less that at which the strips were joined; negative on cooling.

    Raises
    ------
    ValueError
        A thickness or modulus that is not positive.

    Notes
    -----
    Eq. (4) of [1]_, with m = h1/h2 and n = E1/E2. Holds away from the ends, for slopes much less than one.

    References
    ----------
    .. [1] S. Timoshenko, "Analysis of bi-metal thermostats", J. Opt. Soc. Am. 11(3), 1925, pp. 233-255.
    """
    h1, h2, e1, e2 = (
        np.asarray(x, dtype=np.float64) for x in (thickness_1_m, thickness_2_m, modulus_1_pa, modulus_2_pa)
    )
    if not all(np.all(x > 0.0) for x in (h1, h2, e1, e2)):
        raise ValueError("thickness and modulus must be positive")
    mismatch = np.asarray(cte_2_per_k, dtype=np.float64) - np.asarray(cte_1_per_k, dtype=np.float64)
    m, n = h1 / h2, e1 / e2
    grown = (1.0 + m) ** 2
    bracket = 3.0 * grown + (1.0 + m * n) * (m**2 + 1.0 / (m * n))
    return np.asarray(6.0 * mismatch * np.asarray(rise_k, dtype=np.float64) * grown / ((h1 + h2) * bracket))


def bow_m(curvature_per_m: ArrayLike, length_m: ArrayLike) -> NDArray[np.float64]:
    """Height of the middle of an arc over its ends: curvature length^2 / 8, shallow arc. [m]"""
    return np.asarray(
        np.asarray(curvature_per_m, dtype=np.float64) * np.asarray(length_m, dtype=np.float64) ** 2 / 8.0
    )


def tip_deflection_m(curvature_per_m: ArrayLike, length_m: ArrayLike) -> NDArray[np.float64]:
    """Travel of the free end of a clamped arc: curvature length^2 / 2, shallow arc. [m]"""
    return np.asarray(4.0 * bow_m(curvature_per_m, length_m))
