"""Attainable throughput of a workload, the resource that binds it, and its slope in every resource.

The roofline of Williams, Waterman and Patterson [1]_, with as many roofs as there are resources (compute, memory,
each link between die) and as many kernels as the workload has. Everything overlaps within a kernel, so that its
slowest resource sets its time; kernels run one after the other.

References
----------
.. [1] S. Williams, A. Waterman, D. Patterson, "Roofline: an insightful visual performance model for multicore
   architectures", Communications of the ACM 52(4), 65-76, 2009, doi 10.1145/1498765.1498785.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Times this close are a tie: the same ratio of text inputs differs in its last bits.
TIE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Roofline:
    """Throughput of a workload on a set of resources.

    Attributes
    ----------
    throughput_op_per_s : ndarray, shape (...)
    kernel_time_s : ndarray, shape (..., n_kernels)
        Share of the operations times the time per operation; sums to 1 / throughput.
    kernel_binding : ndarray of int, shape (..., n_kernels)
        The resource that sets each kernel's time; of equals the first.
    binding_share : ndarray, shape (..., n_resources)
        Share of the time that each resource binds; sums to 1. Ties count for the first.
    slope_up, slope_down : ndarray, shape (..., n_resources)
        d(throughput) / d(capacity), for a little more and a little less of one resource alone. They agree but
        at a tie: there more of one tied resource alone gains nothing and less of it costs in full.
    """

    throughput_op_per_s: NDArray[np.float64]
    kernel_time_s: NDArray[np.float64]
    kernel_binding: NDArray[np.int64]
    binding_share: NDArray[np.float64]
    slope_up: NDArray[np.float64]
    slope_down: NDArray[np.float64]

    @property
    def binding(self) -> NDArray[np.int64]:
        """The resource that binds for the longest time; of equals the first."""
        return np.asarray(np.argmax(self.binding_share, axis=-1), dtype=np.int64)


def roofline(shares: ArrayLike, demands: ArrayLike, capacities: ArrayLike) -> Roofline:
    """Attainable throughput ``1 / sum_k w_k max_r(d_kr / c_r)`` of a weighted workload. [op/s]

    Parameters
    ----------
    shares : array_like, shape (..., n_kernels)
        Share of the workload's operations in each kernel, w; sums to 1.
    demands : array_like, shape (..., n_kernels, n_resources)
        What one operation takes of each resource, d: 1 of compute, bytes of memory and of each link. With
        one kernel and two resources this is eq. (1) of [1]_ with operational intensity 1 / d.
    capacities : array_like, shape (..., n_resources)
        What each resource gives per second, c: operations, bytes.

    Raises
    ------
    ValueError
        Shares that are negative or do not sum to 1, negative demands, a kernel that demands nothing, or a
        capacity that is not above zero.
    """
    w = np.asarray(shares, dtype=np.float64)
    d = np.asarray(demands, dtype=np.float64)
    c = np.asarray(capacities, dtype=np.float64)
    if np.any(w < 0.0) or np.any(np.abs(np.sum(w, axis=-1) - 1.0) > 1e-9):
        raise ValueError("the shares of the kernels must not be negative and must sum to 1")
    if np.any(d < 0.0) or np.any(np.max(d, axis=-1) <= 0.0):
        raise ValueError("each kernel must demand something, and nothing less than none")
    if np.any(c <= 0.0):
        raise ValueError("each capacity must be above zero")

    times = d / c[..., np.newaxis, :]
    slowest = np.max(times, axis=-1)
    kernel_time = w * slowest
    total = np.sum(kernel_time, axis=-1)
    throughput = 1.0 / total

    tied = times >= slowest[..., np.newaxis] * (1.0 - TIE)
    first = tied & (np.cumsum(tied, axis=-1) == 1)
    alone = tied & (np.sum(tied, axis=-1, keepdims=True) == 1)
    # d(1/T)/dc_r = T^-2 sum_k w_k d_kr / c_r^2, over the kernels that r binds
    weight = w[..., np.newaxis] * times / c[..., np.newaxis, :] * (throughput**2)[..., np.newaxis, np.newaxis]
    share = np.sum(np.where(first, kernel_time[..., np.newaxis], 0.0), axis=-2) / total[..., np.newaxis]
    return Roofline(
        throughput_op_per_s=np.asarray(throughput),
        kernel_time_s=np.asarray(kernel_time),
        kernel_binding=np.asarray(np.argmax(tied, axis=-1), dtype=np.int64),
        binding_share=np.asarray(share),
        slope_up=np.asarray(np.sum(np.where(alone, weight, 0.0), axis=-2)),
        slope_down=np.asarray(np.sum(np.where(tied, weight, 0.0), axis=-2)),
    )


def ridge_op_per_byte(compute_op_per_s: ArrayLike, bandwidth_byte_per_s: ArrayLike) -> NDArray[np.float64]:
    """Operational intensity above which compute binds and below which bandwidth does. [op/B]"""
    return np.asarray(
        np.asarray(compute_op_per_s, dtype=np.float64) / np.asarray(bandwidth_byte_per_s, dtype=np.float64)
    )
