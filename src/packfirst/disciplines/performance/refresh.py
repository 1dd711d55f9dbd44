"""What refreshing takes from the bandwidth of dynamic memory, and that it takes twice as much when hot.

References
----------
.. [1] I. Bhati, M.-T. Chang, Z. Chishti, S.-L. Lu, B. Jacob, "DRAM refresh mechanisms, penalties, and trade-offs",
   IEEE Transactions on Computers 65(1), 2016, doi 10.1109/TC.2015.2417540.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

VALID = {"share": (0.0, 1.0)}  # a memory that is never done refreshing gives nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """Share of the time that refresh takes, and its slopes; shape (...)."""

    share: NDArray[np.float64]
    slope_temperature: NDArray[np.float64]  # [1/K]
    slope_interval: NDArray[np.float64]  # [1/s]
    slope_time: NDArray[np.float64]  # [1/s]
    slope_sensor: NDArray[np.float64]  # [1/K]


def refresh_share(
    temperature_k: ArrayLike,
    interval_s: ArrayLike,
    time_s: ArrayLike,
    doubles_above_k: ArrayLike,
    sensor_k: ArrayLike,
) -> Refresh:
    """Share of its time that a memory is away refreshing, ``rate tRFC / tREFI``. [fraction]

    The refresh overhead of [1]_, all banks at a time. The rate is 1 when cool and 2 above a temperature that the
    standards fix (85 degC). Which of the two holds is decided by a sensor on the die: across a population the
    rate is ``1 + Phi((T - T2) / s)`` with the sensor's spread s, a step where s goes to zero.

    Parameters
    ----------
    temperature_k : array_like, shape (...)
        Of the hottest memory die.
    interval_s, time_s : array_like, shape (...)
        Mean time between refresh commands when cool (tREFI), and what one takes (tRFC).
    doubles_above_k, sensor_k : array_like, shape (...)
        Where the rate doubles, and one standard deviation of the sensor.

    Raises
    ------
    ValueError
        An interval or spread that is not above zero, a negative time, or a share of one and more.
    """
    t, refi, rfc = (np.asarray(x, dtype=np.float64) for x in (temperature_k, interval_s, time_s))
    edge, spread = np.asarray(doubles_above_k, dtype=np.float64), np.asarray(sensor_k, dtype=np.float64)
    if np.any(refi <= 0.0) or np.any(spread <= 0.0) or np.any(rfc < 0.0):
        raise ValueError("interval and spread must be above zero, and the time not negative")
    z = (t - edge) / spread
    rate = 1.0 + np.vectorize(_normal)(z)
    density = np.exp(-0.5 * z**2) / (spread * math.sqrt(2.0 * math.pi))
    once = rfc / refi
    share = rate * once
    if np.any(share >= VALID["share"][1]):
        raise ValueError("refresh would take all of the memory's time")
    return Refresh(
        share=np.asarray(share),
        slope_temperature=np.asarray(density * once),
        slope_interval=np.asarray(-share / refi),
        slope_time=np.asarray(rate / refi),
        slope_sensor=np.asarray(-z * density * once),
    )


def _normal(z: float) -> float:
    """Distribution function of the standard normal."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))
