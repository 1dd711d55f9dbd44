"""Solder life from the inelastic work done on the joint in each cycle.

The work belongs to the way it was computed: element size, averaging volume and creep law are part of each set of
constants. A work estimated here from a strain is an upper bound of a loop's area, fit for ranking and for a fit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

PSI_PA = 6894.757293168
INCH_M = 0.0254

# As far as the tests and simulations behind each law go, recalled; joints in the open, never bumps in underfill.
VALID_SYED = {"work_pa": (5e4, 5e6)}
VALID_SCHUBERT = {"work_pa": (5e4, 5e6)}
VALID_DARVEAUX = {"work_pa": (2e4, 2e6), "crack_length_m": (5e-5, 2e-3)}
COVERED_JOINTS = ("leadless", "ball", "column")


def cycles_syed2004(work_pa: ArrayLike) -> NDArray[np.float64]:
    """Cycles to failure of tin-silver-copper, ``1/(0.0019 W)`` with W in MPa; infinite without work.

    References
    ----------
    .. [1] A. Syed, "Accumulated creep strain and energy density based thermal fatigue life prediction models for
       SnAgCu solder joints", ECTC 2004, pp. 737-746. Constant recalled.
    """
    w, worked = _work(work_pa)
    return np.asarray(np.where(worked, 1.0 / (0.0019 * w * 1e-6), np.inf))


def cycles_schubert2003(work_pa: ArrayLike) -> NDArray[np.float64]:
    """Cycles to failure of tin-silver-copper, ``345 W^-1.02`` with W in MPa; infinite without work.

    References
    ----------
    .. [1] A. Schubert et al., "Fatigue life models for SnAgCu and SnPb solder joints evaluated by experiments and
       simulation", ECTC 2003, pp. 603-610. Constants recalled.
    """
    w, worked = _work(work_pa)
    return np.asarray(np.where(worked, 345.0 * (w * 1e-6) ** -1.02, np.inf))


@dataclass(frozen=True, slots=True, kw_only=True)
class CrackConstants:
    """Crack start ``K1 W^K2`` cycles and growth ``K3 W^K4`` per cycle, in psi and inch as the author gives them."""

    start_cycles: float
    start_exponent: float
    growth_inch: float
    growth_exponent: float
    status: str


DARVEAUX_TIN_LEAD = CrackConstants(
    start_cycles=22400.0, start_exponent=-1.52, growth_inch=5.86e-7, growth_exponent=0.98, status="recalled"
)


def cycles_darveaux(
    work_pa: ArrayLike, crack_length_m: ArrayLike, constants: CrackConstants = DARVEAUX_TIN_LEAD
) -> NDArray[np.float64]:
    """Cycles until a crack has started and crossed the joint; infinite without work.

    Parameters
    ----------
    work_pa : array_like, shape (...)
        Per cycle, averaged over a layer of elements 25 um thick at the pad.
    crack_length_m : array_like, shape (...)
        Diameter of the joint at the pad.
    constants : CrackConstants

    Raises
    ------
    ValueError
        A negative work or a crack length that is not positive.

    References
    ----------
    .. [1] R. Darveaux, "Effect of simulation methodology on solder joint crack growth correlation", ECTC 2000,
       pp. 1048-1058. Constants recalled; they hold for the element size above.
    """
    w, worked = _work(work_pa)
    a = np.asarray(crack_length_m, dtype=np.float64)
    if not np.all(a > 0.0):
        raise ValueError("the crack length must be positive")
    psi = w / PSI_PA
    start = constants.start_cycles * psi**constants.start_exponent
    growth_m = constants.growth_inch * INCH_M * psi**constants.growth_exponent
    return np.asarray(np.where(worked, start + a / growth_m, np.inf))


def loop_work_pa(
    stress_range_pa: ArrayLike, strain_range: ArrayLike, shear_modulus_pa: ArrayLike
) -> NDArray[np.float64]:
    """Work per volume of a shear loop: stress range times what the strain range leaves after its elastic part. [Pa]

    A parallelogram round the true loop, so an upper bound; zero where the joint stays elastic.
    """
    stress, strain, g = (
        np.asarray(x, dtype=np.float64) for x in (stress_range_pa, strain_range, shear_modulus_pa)
    )
    return np.asarray(stress * np.maximum(strain - stress / g, 0.0))


def _work(work_pa: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    w = np.asarray(work_pa, dtype=np.float64)
    if not np.all(w >= 0.0):
        raise ValueError("work per cycle must not be negative")
    worked = np.asarray(w > 0.0)
    return np.where(worked, w, 1.0), worked
