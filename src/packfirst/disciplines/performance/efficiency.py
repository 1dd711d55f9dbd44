"""Throughput per watt, and the energy of an operation with the bytes that it moves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Efficiency:
    """Operations per joule, and how they move with throughput and with power; shape (...)."""

    op_per_j: NDArray[np.float64]
    slope_throughput: NDArray[np.float64]
    slope_power: NDArray[np.float64]


def efficiency(throughput_op_per_s: ArrayLike, power_w: ArrayLike) -> Efficiency:
    """Throughput per watt, ``X / P``. [op/J]

    Raises
    ------
    ValueError
        A power that is not above zero.
    """
    x, p = np.asarray(throughput_op_per_s, dtype=np.float64), np.asarray(power_w, dtype=np.float64)
    if np.any(p <= 0.0):
        raise ValueError("power must be above zero")
    x, p = np.broadcast_arrays(x, p)
    return Efficiency(
        op_per_j=np.asarray(x / p), slope_throughput=np.asarray(1.0 / p), slope_power=np.asarray(-x / p**2)
    )


def energy_per_op_j(
    shares: ArrayLike,
    demands: ArrayLike,
    energy_j_per_unit: ArrayLike,
    constant_power_w: ArrayLike,
    throughput_op_per_s: ArrayLike,
) -> NDArray[np.float64]:
    """Mean energy of an operation, ``sum_k w_k sum_r d_kr e_r + P0 / X``. [J/op]

    Energy adds up over the resources where time does not: eq. (1) of [1]_, with a resource each for compute,
    memory and every link. Its inverse is the workload's efficiency.

    Parameters
    ----------
    shares, demands
        As `roofline.roofline`.
    energy_j_per_unit : array_like, shape (..., n_resources)
        Per operation and per byte.
    constant_power_w, throughput_op_per_s : array_like, shape (...)
        Power drawn whatever is done, and the throughput that it is spread over.

    References
    ----------
    .. [1] J. W. Choi, D. Bedard, R. Fowler, R. Vuduc, "A roofline model of energy", IPDPS 2013,
       doi 10.1109/IPDPS.2013.77.
    """
    w, d = np.asarray(shares, dtype=np.float64), np.asarray(demands, dtype=np.float64)
    e = np.asarray(energy_j_per_unit, dtype=np.float64)
    moving = np.sum(w * np.sum(d * e[..., np.newaxis, :], axis=-1), axis=-1)
    idle = np.asarray(constant_power_w, dtype=np.float64) / np.asarray(throughput_op_per_s, dtype=np.float64)
    return np.asarray(moving + idle)
