"""How far a temperature on this grid may lie from the grid-free one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

SAFETY_TWO_GRIDS = 3.0  # Roache's factor where the order is assumed
SAFETY_THREE_GRIDS = 1.25  # and where three grids show it


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshEstimate:
    """Grid-free value and the uncertainty of the fine one.

    Attributes
    ----------
    extrapolated : ndarray
        Richardson's estimate of the value on a grid without limit.
    uncertainty : ndarray
        Grid convergence index, in the unit of the value (not relative): |fine - extrapolated| times a safety factor.
    order : ndarray
        Order of convergence, observed with three grids, else the one assumed.
    """

    extrapolated: Floats
    uncertainty: Floats
    order: Floats


def richardson(
    fine: ArrayLike,
    coarse: ArrayLike,
    ratio: float = 2.0,
    coarsest: ArrayLike | None = None,
    order: float = 2.0,
) -> MeshEstimate:
    """Mesh-convergence estimate of values solved on two or three grids.

    Parameters
    ----------
    fine, coarse : array_like, shape (...)
        The same rises on a grid and on one with cells `ratio` times as large.
    coarsest : array_like, optional
        On a third grid, `ratio` times coarser again: then the order is observed, and clipped to 0.5..`order`,
        because two differences of rounding size tell nothing.
    order : float
        Order assumed with two grids; finite volumes give 2 where sources and materials end on grid edges.

    References
    ----------
    .. [1] P. J. Roache, "Perspective: a method for uniform reporting of grid refinement studies", J. Fluids Eng.
       116(3), 405-413, 1994, doi:10.1115/1.2910291, eqs. (3) to (8).
    """
    if not ratio > 1.0:
        raise ValueError("ratio: must be above 1")
    f, c = np.asarray(fine, dtype=np.float64), np.asarray(coarse, dtype=np.float64)
    p = np.full(np.broadcast(f, c).shape, float(order))
    safety = SAFETY_TWO_GRIDS
    if coarsest is not None:
        safety = SAFETY_THREE_GRIDS
        with np.errstate(divide="ignore", invalid="ignore"):
            observed = np.log(np.abs((np.asarray(coarsest) - c) / (c - f))) / np.log(ratio)
        p = np.where(np.isfinite(observed), np.clip(observed, 0.5, order), order)
    gap = (f - c) / (ratio**p - 1.0)
    return MeshEstimate(extrapolated=f + gap, uncertainty=safety * np.abs(gap), order=p)
