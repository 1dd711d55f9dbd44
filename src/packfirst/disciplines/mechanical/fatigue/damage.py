"""What many kinds of cycles do together, how life scatters, and whether a joint is solid at all."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

VALID = {"weibull_shape": (1.0, 30.0)}


def miner_damage(cycles: ArrayLike, life_cycles: ArrayLike) -> NDArray[np.float64]:
    """Share of the life that a mission uses, summed over its kinds of cycles (last axis). [-]

    Parameters
    ----------
    cycles, life_cycles : array_like, shape (..., n_kinds)
        Cycles of each kind, and the life if there were that kind alone; infinite life adds nothing.

    Raises
    ------
    ValueError
        Negative cycles or a life that is not positive.

    Notes
    -----
    Order does not count, which is not true of solder; the usual demand is a sum of 0.3 to 1 at most.

    References
    ----------
    .. [1] M. A. Miner, "Cumulative damage in fatigue", J. Appl. Mech. 12, 1945, pp. A159-A164.
    """
    n, life = np.asarray(cycles, dtype=np.float64), np.asarray(life_cycles, dtype=np.float64)
    if not (np.all(n >= 0.0) and np.all(life > 0.0)):
        raise ValueError("cycles must not be negative and life must be positive")
    return np.asarray(np.sum(n / life, axis=-1))


def life_at_share(
    known_life: ArrayLike, known_share: ArrayLike, wanted_share: ArrayLike, weibull_shape: ArrayLike
) -> NDArray[np.float64]:
    """Life at which another share of the parts has failed, along a Weibull line through the origin.

    ``N2 = N1 (ln(1 - F2)/ln(1 - F1))^(1/beta)``; a median life has share 0.5, a characteristic life 1 - 1/e.

    Raises
    ------
    ValueError
        A share that is not between 0 and 1, or a shape that is not positive.
    """
    n, f1, f2, beta = (
        np.asarray(w, dtype=np.float64) for w in (known_life, known_share, wanted_share, weibull_shape)
    )
    if not (np.all((f1 > 0.0) & (f1 < 1.0)) and np.all((f2 > 0.0) & (f2 < 1.0)) and np.all(beta > 0.0)):
        raise ValueError("shares lie between 0 and 1, and the Weibull shape is positive")
    return np.asarray(n * (np.log1p(-f2) / np.log1p(-f1)) ** (1.0 / beta))


def homologous(temperature_k: ArrayLike, solidus_k: ArrayLike) -> NDArray[np.float64]:
    """Temperature as a share of the solidus, both kelvin; above about 0.4 a metal creeps. [-]

    Raises
    ------
    ValueError
        The mission is as hot as the joint's melting point or hotter.
    """
    t, melt = np.asarray(temperature_k, dtype=np.float64), np.asarray(solidus_k, dtype=np.float64)
    if not (np.all(t > 0.0) and np.all(melt > 0.0)):
        raise ValueError("temperatures are kelvin, above zero")
    share = t / melt
    if np.any(share >= 1.0):
        at = np.unravel_index(int(np.argmax(share)), share.shape)
        hot = np.broadcast_to(t, share.shape)[at] - 273.15
        limit = np.broadcast_to(melt, share.shape)[at] - 273.15
        raise ValueError(f"the mission reaches {hot:.0f} degC, but the joint melts from {limit:.0f} degC")
    return np.asarray(share)
