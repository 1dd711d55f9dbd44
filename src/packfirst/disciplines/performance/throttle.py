"""The frequency that heat leaves: how far a clock must come down until every junction holds its limit.

Rise is linear in power and all clocks move together. Power that scales follows f^n: n = 1 where only the clock
moves, n = 3 where the supply moves in proportion, from P = a C V^2 f. Real parts lie between, and fall back to
n = 1 below the lowest supply that they run at.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

# n = 1 and n = 3 are the ends of a C V^2 f [Mudge 2000]. What lies between is a property of the part: an input
# with its band, never a constant here.
VALID = {"exponent": (1.0, 3.0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sustained:
    """The clock that all junctions hold together.

    Attributes
    ----------
    frequency : ndarray, shape (...)
        Fraction of the full clock, from 0 to 1. 0 where the power that does not scale is too much by itself.
    power : ndarray, shape (...)
        Fraction of the scaling power that is left at that clock.
    binding : ndarray of int, shape (...)
        The junction that sets it, the one with the least room; the first of equals, and also where none throttles.
    slope_limit : ndarray, shape (...)
        d(frequency) / d(rise limit of the binding junction). [1/K] 0 at full clock.
    slope_scaling : ndarray, shape (...)
        d(frequency) / d(scaling rise of the binding junction). [1/K] 0 at full clock.
    """

    frequency: NDArray[np.float64]
    power: NDArray[np.float64]
    binding: NDArray[np.int64]
    slope_limit: NDArray[np.float64]
    slope_scaling: NDArray[np.float64]


def power_fraction(
    frequency: ArrayLike, exponent: ArrayLike, supply_floor: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Scaling power at a fraction of the full clock. [fraction]

    ``f^n`` down to the clock at which the supply stops falling, ``f_s^(n-1) f`` below it [1]_.

    Parameters
    ----------
    frequency : array_like, shape (...)
        Fraction of the full clock, 0 to 1.
    exponent : array_like, shape (...)
        n, from 1 (clock alone) to 3 (supply in proportion to the clock).
    supply_floor : array_like, shape (...)
        f_s, the fraction of the full clock below which the supply stays; 0 for none.

    References
    ----------
    .. [1] T. Mudge, "Power: a first class design constraint for future architectures", High Performance
       Computing (HiPC), Bangalore, 2000: P = A C V^2 f, and f rising with V.
    """
    f = np.asarray(frequency, dtype=np.float64)
    n = np.asarray(exponent, dtype=np.float64)
    floor = np.asarray(supply_floor, dtype=np.float64)
    held = np.maximum(f, floor)
    return np.asarray(f * np.power(held, n - 1.0))


def sustained(
    rise_limit_k: ArrayLike,
    fixed_rise_k: ArrayLike,
    scaling_rise_k: ArrayLike,
    exponent: ArrayLike,
    supply_floor: ArrayLike = 0.0,
) -> Sustained:
    """The highest common clock at which every junction holds, in closed form.

    ``rise_j = fixed_j + scaling_j g(f)`` with g from `power_fraction`; the junction with the least
    ``(limit_j - fixed_j) / scaling_j`` binds and g is inverted there.

    Parameters
    ----------
    rise_limit_k : array_like, shape (..., n_junctions)
        Allowed rise over ambient.
    fixed_rise_k : array_like, shape (..., n_junctions)
        Rise by all power that the clock does not change: leakage, other die, the lid's own heat. Leakage taken
        at the limit temperature makes the throttled answer exact for the binding junction, since it then sits
        there, and no other too hot.
    scaling_rise_k : array_like, shape (..., n_junctions)
        Rise at full clock by the power that scales, of all die together.
    exponent, supply_floor : array_like, shape (...)
        As `power_fraction`.

    Raises
    ------
    ValueError
        A negative scaling rise, an exponent outside `VALID`, or a supply floor outside 0 to 1.
    """
    limit, fixed, scaling = np.broadcast_arrays(
        np.asarray(rise_limit_k, dtype=np.float64),
        np.asarray(fixed_rise_k, dtype=np.float64),
        np.asarray(scaling_rise_k, dtype=np.float64),
    )
    n = np.asarray(exponent, dtype=np.float64)
    floor = np.asarray(supply_floor, dtype=np.float64)
    if np.any(scaling < 0.0):
        raise ValueError("a scaling rise must not be negative")
    if np.any(n < VALID["exponent"][0]) or np.any(n > VALID["exponent"][1]):
        raise ValueError(f"the exponent lies from {VALID['exponent'][0]:g} to {VALID['exponent'][1]:g}")
    if np.any(floor < 0.0) or np.any(floor > 1.0):
        raise ValueError("the supply floor is a fraction of the full clock")

    room = limit - fixed
    # A junction that the clock does not heat allows any clock, or none.
    unscaled = np.where(room >= 0.0, np.inf, -np.inf)
    ratio = np.divide(room, scaling, out=unscaled, where=scaling > 0.0)
    binding = np.asarray(np.argmin(ratio, axis=-1), dtype=np.int64)
    g = np.clip(np.min(ratio, axis=-1), 0.0, 1.0)

    at_floor = np.power(floor, n)
    held = np.power(floor, n - 1.0)
    above = np.power(g, 1.0 / n)
    below = np.divide(g, held, out=np.zeros(np.broadcast_shapes(g.shape, held.shape)), where=held > 0.0)
    frequency = np.where(g >= at_floor, above, below)

    throttled = (g > 0.0) & (np.min(ratio, axis=-1) < 1.0)
    # df/dg = f / (n g) on the power law, 1 / f_s^(n-1) = f / g below the supply floor
    df_dg = np.divide(
        frequency,
        np.where(g >= at_floor, n, 1.0) * g,
        out=np.zeros(frequency.shape),
        where=np.broadcast_to(throttled, frequency.shape),
    )
    at = np.take_along_axis(scaling, binding[..., np.newaxis], axis=-1)[..., 0]
    per_kelvin = np.divide(1.0, at, out=np.zeros(at.shape), where=at > 0.0)
    return Sustained(
        frequency=np.asarray(frequency),
        power=np.asarray(np.broadcast_to(g, frequency.shape)),
        binding=binding,
        slope_limit=np.asarray(df_dg * per_kelvin),
        slope_scaling=np.asarray(-df_dg * g * per_kelvin),
    )
