"""Life of joints over a mission of many segments, by the law of Engelmaier and Miner's sum."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.mechanical import ranges
from packfirst.disciplines.mechanical.fatigue import damage, engelmaier

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycles:
    """Temperature cycles of each segment, arrays of shape (..., n_segments).

    Attributes
    ----------
    count : ndarray
    cold_k, hot_k : ndarray
        Of the joints and the board about them, at either end.
    dwell_s : ndarray
    """

    count: Floats
    cold_k: Floats
    hot_k: Floats
    dwell_s: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A joint and what strains it, each of shape (...) or a float.

    Attributes
    ----------
    mismatch_per_k : array_like
        Expansion of board less part.
    distance_m, height_m : array_like
        From the middle of what moves it; of the joint.
    factor : array_like
        Of `engelmaier.shear_strain_range`, from a fit to measured life.
    """

    mismatch_per_k: ArrayLike
    distance_m: ArrayLike
    height_m: ArrayLike
    factor: ArrayLike


def strain_range(cycles: Cycles, joint: Joint) -> Floats:
    """Shear strain range in each segment, shape (..., n_segments). [-]"""
    mismatch, distance, height, factor = (
        np.asarray(w, dtype=np.float64)[..., np.newaxis]
        for w in (joint.mismatch_per_k, joint.distance_m, joint.height_m, joint.factor)
    )
    moved = mismatch * (cycles.hot_k - cycles.cold_k)
    return engelmaier.shear_strain_range(moved, distance, height, factor)


def damage_sum(
    cycles: Cycles, joint: Joint, alloy: engelmaier.Alloy, failing_share: float, shape: ArrayLike
) -> Floats:
    """Share of the life that the mission uses: Miner's sum, shape (...). [-]

    Parameters
    ----------
    cycles, joint, alloy
    failing_share : float
        Share of the parts that may have failed.
    shape : array_like, shape (...)
        Weibull shape of the lives.

    Raises
    ------
    ValueError
        As the laws: no dwell, a height that is not positive, shares outside 0 to 1.

    Notes
    -----
    Strains below the law's valid range count as its least strain, dwells above it as its longest: both use more life
    than they would.
    """
    least = engelmaier.VALID["shear_strain_range"][0]
    counted = np.maximum(strain_range(cycles, joint), least)
    dwell = np.minimum(cycles.dwell_s, engelmaier.VALID["dwell_s"][1])
    median = engelmaier.life(counted, 0.5 * (cycles.hot_k + cycles.cold_k), dwell, alloy).median_cycles
    spread = np.asarray(shape, dtype=np.float64)[..., np.newaxis]
    return damage.miner_damage(cycles.count, damage.life_at_share(median, 0.5, failing_share, spread))


def outside(cycles: Cycles, joint: Joint) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What leaves the law's valid range on the dangerous side, and what its validated range; one line each.

    Of one joint: arrays of shape (n_segments,).
    """
    strain = strain_range(cycles, joint)
    mean = 0.5 * (cycles.hot_k + cycles.cold_k)
    refused: list[str] = []
    unproven: list[str] = []
    for gamma, t, dwell in zip(strain, mean, cycles.dwell_s, strict=True):
        values = {"shear_strain_range": float(gamma), "dwell_s": float(dwell), "mean_temperature_k": float(t)}
        counted = {
            **values,
            "shear_strain_range": max(
                values["shear_strain_range"], engelmaier.VALID["shear_strain_range"][0]
            ),
            "dwell_s": min(values["dwell_s"], engelmaier.VALID["dwell_s"][1]),
        }
        refused += ranges.departures(engelmaier.VALID, counted)
        unproven += ranges.departures(engelmaier.VALIDATED, values)
    return tuple(dict.fromkeys(refused)), tuple(dict.fromkeys(unproven))
