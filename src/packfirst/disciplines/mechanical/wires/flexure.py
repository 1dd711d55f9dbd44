"""Fatigue of a bond wire's heel as the loop opens and closes with temperature."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# The loop is a circular arc over its span, a little longer than it.
VALID = {"length_over_span": (1.0, 1.5), "strain": (0.0, 0.01)}

# Life = A strain^n, as given with the equation for aluminium; recalled, not read.
ALUMINIUM_25UM = {"coefficient": 3.9e-10, "exponent": -5.13}


def heel_strain(
    wire_radius_m: ArrayLike,
    span_m: ArrayLike,
    length_m: ArrayLike,
    substrate_cte_per_k: ArrayLike,
    wire_cte_per_k: ArrayLike,
    swing_k: ArrayLike,
) -> NDArray[np.float64]:
    """Bending strain range at the heel for a swing of temperature. [-]

    Parameters
    ----------
    wire_radius_m, span_m, length_m : array_like, shape (...)
        r; D between the bonds; L along the wire, longer than D.
    substrate_cte_per_k, wire_cte_per_k, swing_k : array_like, shape (...)

    Raises
    ------
    ValueError
        A radius or span that is not positive, or a wire no longer than its span.

    Notes
    -----
    ``6 r/D sqrt(L/D - 1) (2 as + (as - aw)/(1 - D/L)) dT`` after [1]_, recalled and not
    re-read; the magnitude is returned.

    References
    ----------
    .. [1] J. M. Hu, M. Pecht, A. Dasgupta, "A probabilistic approach for predicting thermal fatigue life of wire
       bonding in microelectronics", J. Electron. Packag. 113(3), 1991, pp. 275-285.
    """
    r, d, length, a_s, a_w, swing = (
        np.asarray(w, dtype=np.float64)
        for w in (wire_radius_m, span_m, length_m, substrate_cte_per_k, wire_cte_per_k, swing_k)
    )
    if not (np.all(r > 0.0) and np.all(d > 0.0)):
        raise ValueError("radius and span must be positive")
    if not np.all(length > d):
        raise ValueError("the wire must be longer than its span")
    strain = 6.0 * r / d * np.sqrt(length / d - 1.0) * (2.0 * a_s + (a_s - a_w) / (1.0 - d / length)) * swing
    return np.abs(strain)


def cycles(strain: ArrayLike, coefficient: ArrayLike, exponent: ArrayLike) -> NDArray[np.float64]:
    """Cycles to failure, ``A strain^n`` (reference of `heel_strain`); infinite without strain.

    Raises
    ------
    ValueError
        A coefficient that is not positive, or an exponent that is not negative.
    """
    e, a, n = (np.asarray(w, dtype=np.float64) for w in (strain, coefficient, exponent))
    if not (np.all(a > 0.0) and np.all(n < 0.0)):
        raise ValueError("the coefficient must be positive and the exponent negative")
    moved = e > 0.0
    return np.asarray(np.where(moved, a * np.power(np.where(moved, e, 1.0), n), np.inf))
