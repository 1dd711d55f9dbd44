"""Whether silicon breaks: stress of a bent die, strength from a bend test, and the size of the stressed face."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

VALID = {
    "deflection_over_span": (0.0, 0.05)
}  # of the bend test; beyond it the supports' friction and slope count


def bent_die_pa(
    modulus_pa: ArrayLike, poisson: ArrayLike, thickness_m: ArrayLike, curvature_per_m: ArrayLike
) -> NDArray[np.float64]:
    """Stress on the faces of a die bent one way by a known curvature: ``E t k / (2 (1 - nu^2))``. [Pa]"""
    e, v, t, k = (
        np.asarray(w, dtype=np.float64) for w in (modulus_pa, poisson, thickness_m, curvature_per_m)
    )
    return np.asarray(e * t * k / (2.0 * (1.0 - v**2)))


def three_point_strength_pa(
    force_n: ArrayLike, span_m: ArrayLike, width_m: ArrayLike, thickness_m: ArrayLike
) -> NDArray[np.float64]:
    """Strength from the breaking force of a three-point bend test: ``3 F L / (2 b t^2)``. [Pa]

    Raises
    ------
    ValueError
        A span, width or thickness that is not positive.

    References
    ----------
    .. [1] SEMI G86, "Test method for measurement of chip (die) strength by mean of 3-point bending"; beam theory.
    """
    f, span, b, t = (np.asarray(w, dtype=np.float64) for w in (force_n, span_m, width_m, thickness_m))
    if not all(np.all(w > 0.0) for w in (span, b, t)):
        raise ValueError("span, width and thickness must be positive")
    return np.asarray(3.0 * f * span / (2.0 * b * t**2))


def failing_share(
    stress_pa: ArrayLike, scale_pa: ArrayLike, modulus: ArrayLike, area_ratio: ArrayLike = 1.0
) -> NDArray[np.float64]:
    """Share of die that break at a stress, by the weakest link. [-]

    ``1 - exp(-(A/A0) (s/s0)^m)`` [1]_. Compression breaks none.

    Parameters
    ----------
    stress_pa : array_like, shape (...)
        Tension on the stressed face.
    scale_pa, modulus : array_like, shape (...)
        Weibull scale and modulus on the test's stressed area A0.
    area_ratio : array_like, shape (...)
        A / A0 (or edge length over edge length, where sawing sets the strength).

    Raises
    ------
    ValueError
        A scale, modulus or area ratio that is not positive.

    References
    ----------
    .. [1] W. Weibull, "A statistical distribution function of wide applicability", J. Appl. Mech. 18, 1951,
       pp. 293-297.
    """
    s, s0, m, ratio = (np.asarray(w, dtype=np.float64) for w in (stress_pa, scale_pa, modulus, area_ratio))
    if not all(np.all(w > 0.0) for w in (s0, m, ratio)):
        raise ValueError("scale, modulus and area ratio must be positive")
    return np.asarray(-np.expm1(-ratio * (np.maximum(s, 0.0) / s0) ** m))
