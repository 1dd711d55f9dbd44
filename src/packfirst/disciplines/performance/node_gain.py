"""What one more process node would gain on a workload, set against what a change of package gains.

A node moves the compute roof and no other; a package moves memory, links, and through heat the clock. So a
workload that memory binds gains nothing from the node, whatever the foundry's figures.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.performance.roofline import roofline


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeGain:
    """Relative gain in throughput from one more node, by how its benefit is spent; arrays of shape (...).

    Attributes
    ----------
    faster : ndarray
        The same units at the node's higher clock, at equal power.
    more_units : ndarray
        As many more units, at the old clock, as the old area and the old power both have room for.
    """

    faster: NDArray[np.float64]
    more_units: NDArray[np.float64]

    @property
    def best(self) -> NDArray[np.float64]:
        return np.asarray(np.maximum(self.faster, self.more_units))


def gain(throughput_op_per_s: ArrayLike, base_throughput_op_per_s: ArrayLike) -> NDArray[np.float64]:
    """Relative gain of one throughput over another, ``X / X0 - 1``. [fraction]"""
    x = np.asarray(throughput_op_per_s, dtype=np.float64)
    return np.asarray(x / np.asarray(base_throughput_op_per_s, dtype=np.float64) - 1.0)


def units_ratio(density_ratio: ArrayLike, power_ratio: ArrayLike) -> NDArray[np.float64]:
    """How many times the units fit the old area and the old power, ``min(density, 1 / power)``. [ratio]

    Parameters
    ----------
    density_ratio : array_like, shape (...)
        New logic per area over old; the logic's, not the memory's, which scales less.
    power_ratio : array_like, shape (...)
        New power over old at equal speed, below 1 for a better node.

    Raises
    ------
    ValueError
        A ratio that is not above zero.
    """
    density, power = np.asarray(density_ratio, dtype=np.float64), np.asarray(power_ratio, dtype=np.float64)
    if np.any(density <= 0.0) or np.any(power <= 0.0):
        raise ValueError("the node's ratios must be above zero")
    return np.asarray(np.minimum(density, 1.0 / power))


def node_gain(
    shares: ArrayLike,
    demands: ArrayLike,
    capacities: ArrayLike,
    *,
    speed_ratio: ArrayLike,
    power_ratio: ArrayLike,
    density_ratio: ArrayLike,
    compute: int = 0,
) -> NodeGain:
    """Gain in throughput when only the compute roof moves by one node.

    Parameters
    ----------
    shares, demands, capacities
        As `roofline.roofline`, of the architecture as it stands.
    speed_ratio : array_like, shape (...)
        New clock over old at equal power.
    power_ratio, density_ratio : array_like, shape (...)
        As `units_ratio`.
    compute : int
        Index of the compute resource.

    Raises
    ------
    ValueError
        A ratio that is not above zero, or as `roofline.roofline`.
    """
    speed = np.asarray(speed_ratio, dtype=np.float64)
    if np.any(speed <= 0.0):
        raise ValueError("the node's ratios must be above zero")
    base = roofline(shares, demands, capacities).throughput_op_per_s

    def with_compute_times(ratio: NDArray[np.float64]) -> NDArray[np.float64]:
        roofs = np.asarray(capacities, dtype=np.float64)
        roofs = np.array(np.broadcast_to(roofs, np.broadcast_shapes(roofs.shape, (*ratio.shape, 1))))
        roofs[..., compute] = roofs[..., compute] * ratio
        return gain(roofline(shares, demands, roofs).throughput_op_per_s, base)

    return NodeGain(
        faster=with_compute_times(speed),
        more_units=with_compute_times(units_ratio(density_ratio, power_ratio)),
    )


def package_gain(
    shares: ArrayLike, demands: ArrayLike, capacities: ArrayLike, package_capacities: ArrayLike
) -> NDArray[np.float64]:
    """Gain in throughput when a change of package moves the roofs from one set to another. [fraction]

    Parameters
    ----------
    shares, demands, capacities
        As `roofline.roofline`, of the package as it stands.
    package_capacities : array_like, shape (..., n_resources)
        With the new package: its memory and link bandwidths, and compute at the clock that its heat path sustains.
    """
    new = roofline(shares, demands, package_capacities).throughput_op_per_s
    return gain(new, roofline(shares, demands, capacities).throughput_op_per_s)
