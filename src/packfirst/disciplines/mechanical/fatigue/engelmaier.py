"""Engelmaier's law: solder life from the shear strain that a mismatch forces on leadless joints."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

_CELSIUS_K = 273.15
_MINUTE_S = 60.0

# The joint must creep through the strain (dwell of a minute or more), stay in the range of temperature of the tests
# behind the law, and be strained by the mismatch alone; local mismatch and leads have terms that are not here. The law
# is for joints in the open: a bump in underfill is strained otherwise, and no value of these arguments covers it.
VALID = {
    "shear_strain_range": (1e-3, 0.2),
    "dwell_s": (60.0, 86400.0),
    "mean_temperature_k": (253.15, 373.15),
}
VALIDATED = {
    "shear_strain_range": (5e-3, 0.1),
    "dwell_s": (300.0, 21600.0),
    "mean_temperature_k": (283.15, 343.15),
}  # recalled of the tests in [1]; not re-read
COVERED_JOINTS = ("leadless", "ball", "column")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alloy:
    """Constants of one alloy: ductility, and ``c = -c0 - c1 T(degC) + c2 ln(1 + t0/dwell)``."""

    ductility: float
    c0: float
    c1_per_k: float
    c2: float
    dwell_scale_s: float
    status: str


TIN_LEAD = Alloy(
    ductility=0.325, c0=0.442, c1_per_k=6e-4, c2=0.0174, dwell_scale_s=360 * _MINUTE_S, status="recalled"
)  # [1]
SAC = Alloy(
    ductility=0.425, c0=0.48, c1_per_k=9.3e-4, c2=0.0192, dwell_scale_s=500 * _MINUTE_S, status="recalled"
)  # SAC305 and SAC405, after W. Engelmaier, Global SMT & Packaging, 2008


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Attributes are ndarrays of shape (...).

    Attributes
    ----------
    median_cycles : ndarray
        Half of the parts have failed; infinite without strain.
    exponent : ndarray
        c, negative.
    """

    median_cycles: NDArray[np.float64]
    exponent: NDArray[np.float64]


def shear_strain_range(
    mismatch_strain: ArrayLike, distance_m: ArrayLike, height_m: ArrayLike, factor: ArrayLike = 1.0
) -> NDArray[np.float64]:
    """Shear strain range of a joint, ``F L |mismatch| / h``. [-]

    Parameters
    ----------
    mismatch_strain : array_like, shape (...)
        ``cte_board swing_board - cte_part swing_part``.
    distance_m : array_like, shape (...)
        From the neutral point to the joint (half the diagonal, for the corner).
    height_m : array_like, shape (...)
        Of the joint.
    factor : array_like, shape (...)
        F: about 0.5 to 1.5 for leadless joints; what a fit to measured life moves.

    Raises
    ------
    ValueError
        A height that is not positive.
    """
    h = np.asarray(height_m, dtype=np.float64)
    if not np.all(h > 0.0):
        raise ValueError("the joint height must be positive")
    moved = np.abs(np.asarray(mismatch_strain, dtype=np.float64)) * np.asarray(distance_m, dtype=np.float64)
    return np.asarray(np.asarray(factor, dtype=np.float64) * moved / h)


def life(strain_range: ArrayLike, mean_temperature_k: ArrayLike, dwell_s: ArrayLike, alloy: Alloy) -> Life:
    """Median life of a leadless joint.

    Parameters
    ----------
    strain_range : array_like, shape (...)
        From `shear_strain_range`.
    mean_temperature_k : array_like, shape (...)
        Mean of the cycle's extremes, mean of part and board.
    dwell_s : array_like, shape (...)
        At each extreme: half the cycle where it does not pause.
    alloy : Alloy

    Raises
    ------
    ValueError
        A negative strain, or a dwell that is not positive.

    Notes
    -----
    ``N = (1/2) (strain/(2 ductility))^(1/c)`` [1]_; shortcomings reviewed in [2]_.

    References
    ----------
    .. [1] W. Engelmaier, "Fatigue life of leadless chip carrier solder joints during power cycling", IEEE Trans.
       Components, Hybrids, Manuf. Technol. 6(3), 1983, pp. 232-237.
    .. [2] P. Chauhan, M. Osterman, S. W. R. Lee, M. Pecht, "Critical review of the Engelmaier model for solder
       joint creep fatigue reliability", IEEE Trans. Components Packag. Technol. 32(3), 2009, pp. 693-700.
    """
    strain, t, dwell = (np.asarray(w, dtype=np.float64) for w in (strain_range, mean_temperature_k, dwell_s))
    if not np.all(strain >= 0.0):
        raise ValueError("a strain range must not be negative")
    if not np.all(dwell > 0.0):
        raise ValueError("the dwell must be positive")
    c = -alloy.c0 - alloy.c1_per_k * (t - _CELSIUS_K) + alloy.c2 * np.log1p(alloy.dwell_scale_s / dwell)
    strained = strain > 0.0
    ratio = np.where(strained, strain, 1.0) / (2.0 * alloy.ductility)
    cycles = np.where(strained, 0.5 * np.power(ratio, 1.0 / c), np.inf)
    return Life(median_cycles=np.asarray(cycles), exponent=np.asarray(np.broadcast_to(c, cycles.shape)))
