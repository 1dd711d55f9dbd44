"""A mission of many segments, and the test that stands for it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.qualification.reliability import arrhenius


def hours_at_stress(hours: ArrayLike, acceleration: ArrayLike) -> NDArray[np.float64]:
    """Test hours that stand for all segments (last axis) together: the sum of hours over acceleration. [h]

    Parameters
    ----------
    hours : array_like, shape (..., n_segments)
        In each segment.
    acceleration : array_like, shape (..., n_segments)
        Of the test over each segment, by whichever law the mechanism has. Infinite for a segment that does no harm.

    Raises
    ------
    ValueError
        No segments, negative hours, or an acceleration that is not positive.

    Notes
    -----
    Damage is taken to add up whatever the order, as AEC-Q100 appendix 7 does.
    """
    h, af = np.asarray(hours, dtype=np.float64), np.asarray(acceleration, dtype=np.float64)
    if h.ndim == 0 or h.shape[-1] == 0:
        raise ValueError("a mission needs at least one segment")
    if not np.all(h >= 0.0):
        raise ValueError("hours of a segment must not be negative")
    if not np.all(af > 0.0):
        raise ValueError("accelerations must be positive")
    return np.asarray(np.sum(h / af, axis=-1))


def effective_temperature_k(
    hours: ArrayLike, temperature_k: ArrayLike, activation_ev: ArrayLike
) -> NDArray[np.float64]:
    """Steady temperature that ages as much in the same time as the segments (last axis) do. [K]

    Parameters
    ----------
    hours, temperature_k : array_like, shape (..., n_segments)
    activation_ev : array_like, shape (...)
        Above zero.

    Raises
    ------
    ValueError
        A mission without hours, an activation energy that is not positive, or as `hours_at_stress`.
    """
    h, t = np.broadcast_arrays(
        np.asarray(hours, dtype=np.float64), np.asarray(temperature_k, dtype=np.float64)
    )
    ea = np.asarray(activation_ev, dtype=np.float64)
    if not np.all(ea > 0.0):
        raise ValueError("the activation energy must be positive")
    total = np.sum(h, axis=-1) if h.ndim else h
    if not np.all(total > 0.0):
        raise ValueError("a mission needs hours")
    hottest = np.max(np.where(h > 0.0, t, 0.0), axis=-1)
    hot = hours_at_stress(h, arrhenius.acceleration(ea[..., np.newaxis], hottest[..., np.newaxis], t))
    return np.asarray(1.0 / (1.0 / hottest - arrhenius.BOLTZMANN_EV_PER_K / ea * np.log(hot / total)))
