"""Pull of bond wires: the share of the minimum that every wire may be tested with, and the geometry of the hook."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

NONDESTRUCTIVE_SHARE = 0.8  # of the pre-seal minimum of method 2011; MIL-STD-883 method 2023.5


def nondestructive_gf(pre_seal_minimum_gf: ArrayLike) -> NDArray[np.float64]:
    """Force of a nondestructive pull, 80 % of the pre-seal minimum. [gf]

    The method's own table counts; it rounds (``standard_tables.bond_pull_gf``).
    """
    return np.asarray(NONDESTRUCTIVE_SHARE * np.asarray(pre_seal_minimum_gf, dtype=np.float64))


def flat_loop_gf(force_gf: ArrayLike, angle_rad: ArrayLike) -> NDArray[np.float64]:
    """Pull at the hook that puts a force on a flat loop's wire: ``V1 = V2 sin(angle)``, method 2023.5 figure. [gf]

    Parameters
    ----------
    force_gf, angle_rad : array_like, shape (...)
        Force by the table; angle of the wire over the plane of the bonds, above 0 up to a right angle.

    Raises
    ------
    ValueError
        An angle outside that.
    """
    angle = np.asarray(angle_rad, dtype=np.float64)
    if not np.all((angle > 0.0) & (angle <= 0.5 * np.pi + 1e-12)):
        raise ValueError("the wire's angle lies above 0 and up to a right angle")
    return np.asarray(np.asarray(force_gf, dtype=np.float64) * np.sin(angle))
