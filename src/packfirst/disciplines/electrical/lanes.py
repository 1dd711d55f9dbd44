"""How many lanes a link takes: the rate that its standard allows, whole modules, and the die edge under them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

BITS_PER_BYTE = 8.0

# A whole number of modules computed as 3.0000000000000004 is three modules, not four.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChoice:
    """The mode that a link runs in; `index` is -1 and the rate 0 where the standard allows none."""

    index: NDArray[np.int64]
    rate_bit_per_s: NDArray[np.float64]

    @property
    def found(self) -> NDArray[np.bool_]:
        return np.asarray(self.index >= 0)


def allowed_modes(
    bump_pitch_m: ArrayLike,
    length_m: ArrayLike,
    *,
    mode_pitch_min_m: ArrayLike,
    mode_pitch_max_m: ArrayLike,
    mode_reach_m: ArrayLike,
    mode_energy_j_per_bit: ArrayLike | None = None,
    energy_limit_j_per_bit: ArrayLike = np.inf,
) -> NDArray[np.bool_]:
    """Which modes of a standard a link may use, by bump pitch, wire length and energy.

    Parameters
    ----------
    bump_pitch_m, length_m, energy_limit_j_per_bit : array_like, shape (...)
        Of the link as placed.
    mode_pitch_min_m, mode_pitch_max_m, mode_reach_m, mode_energy_j_per_bit : array_like, shape (n_modes,)
        The standard's limits per mode. UCIe 3.0 Table 1-6 sets the highest rate by bump pitch group (25-30,
        31-37, 38-44, 45-55 um: 24, 32, 48, 64 GT/s), which is a smallest pitch per rate; a finer pitch
        therefore allows a *lower* rate.

    Returns
    -------
    ndarray of bool, shape (..., n_modes)
    """
    pitch = np.asarray(bump_pitch_m, dtype=np.float64)[..., np.newaxis]
    length = np.asarray(length_m, dtype=np.float64)[..., np.newaxis]
    slack = 1.0 + _ROUNDING  # 25e-6 read from two texts differs in its last bit
    allowed = pitch * slack >= np.asarray(mode_pitch_min_m, dtype=np.float64)
    allowed = allowed & (pitch <= np.asarray(mode_pitch_max_m, dtype=np.float64) * slack)
    allowed = allowed & (length <= np.asarray(mode_reach_m, dtype=np.float64) * slack)
    if mode_energy_j_per_bit is not None:
        limit = np.asarray(energy_limit_j_per_bit, dtype=np.float64)[..., np.newaxis]
        allowed = allowed & (np.asarray(mode_energy_j_per_bit, dtype=np.float64) <= limit * slack)
    return np.asarray(allowed)


def highest_rate(allowed: ArrayLike, mode_rate_bit_per_s: ArrayLike) -> RateChoice:
    """The fastest allowed mode; of two with one rate, the first. [bit/s per lane]

    Parameters
    ----------
    allowed : array_like of bool, shape (..., n_modes)
        From `allowed_modes`.
    mode_rate_bit_per_s : array_like, shape (n_modes,)
        Bits per second and lane; for PAM4 that is twice the symbol rate.
    """
    may = np.asarray(allowed, dtype=np.bool_)
    rates = np.asarray(mode_rate_bit_per_s, dtype=np.float64)
    offered = np.where(may, rates, 0.0)
    best = np.asarray(np.argmax(offered, axis=-1), dtype=np.int64)
    rate = np.asarray(np.max(offered, axis=-1))
    return RateChoice(index=np.where(rate > 0.0, best, -1), rate_bit_per_s=rate)


def modules_needed(
    bandwidth_byte_per_s: ArrayLike,
    rate_bit_per_s: ArrayLike,
    lanes_per_module: ArrayLike,
    payload_fraction: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Whole modules that carry a bandwidth in one direction. [modules]

    ``ceil(8 B / (rate lanes payload))``; infinite where there is traffic and no rate to carry it.

    Parameters
    ----------
    bandwidth_byte_per_s : array_like, shape (...)
        Wanted in one direction; the larger of the two where they differ.
    rate_bit_per_s : array_like, shape (...)
        Per lane; 0 where the standard allows none.
    lanes_per_module : array_like, shape (...)
        Data lanes per direction: 64 or 32 for UCIe advanced, 16 for UCIe standard and a BoW slice.
    payload_fraction : array_like, shape (...)
        Share of the raw bits that carries the traffic: flit headers, CRC, refresh.

    Raises
    ------
    ValueError
        A negative bandwidth or rate, lanes below one, or a payload fraction outside (0, 1].
    """
    wanted = np.asarray(bandwidth_byte_per_s, dtype=np.float64)
    rate = np.asarray(rate_bit_per_s, dtype=np.float64)
    lanes = np.asarray(lanes_per_module, dtype=np.float64)
    payload = np.asarray(payload_fraction, dtype=np.float64)
    if np.any(wanted < 0.0) or np.any(rate < 0.0):
        raise ValueError("bandwidth and rate must not be negative")
    if np.any(lanes < 1.0):
        raise ValueError("a module has at least one lane")
    if np.any(payload <= 0.0) or np.any(payload > 1.0):
        raise ValueError("the payload fraction lies above 0 and up to 1")
    per_module = rate * lanes * payload
    with np.errstate(divide="ignore", invalid="ignore"):
        modules = np.ceil(BITS_PER_BYTE * wanted / per_module * (1.0 - _ROUNDING))
    return np.asarray(np.where(wanted == 0.0, 0.0, modules))


def lanes_needed(
    bandwidth_byte_per_s: ArrayLike,
    rate_bit_per_s: ArrayLike,
    lanes_per_module: ArrayLike,
    payload_fraction: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Data lanes per direction, in whole modules; parameters and errors as `modules_needed`. [lanes]"""
    modules = modules_needed(bandwidth_byte_per_s, rate_bit_per_s, lanes_per_module, payload_fraction)
    return np.asarray(modules * np.asarray(lanes_per_module, dtype=np.float64))


def edge_bandwidth_byte_per_s_m(
    rate_bit_per_s: ArrayLike,
    lanes_per_module: ArrayLike,
    module_edge_m: ArrayLike,
    directions: ArrayLike = 2.0,
) -> NDArray[np.float64]:
    """Raw bandwidth of a module per length of die edge, both directions added. [B/(s m)]

    ``lanes directions rate / 8 / edge``: UCIe 3.0 Table 1-4 gives 1317 GB/s/mm for 64 lanes at 32 GT/s in
    388.8 um and 224 GB/s/mm for 16 lanes in 571.5 um.
    """
    rate = np.asarray(rate_bit_per_s, dtype=np.float64)
    lanes = np.asarray(lanes_per_module, dtype=np.float64) * np.asarray(directions, dtype=np.float64)
    return np.asarray(rate * lanes / BITS_PER_BYTE / np.asarray(module_edge_m, dtype=np.float64))


def edge_needed_m(
    modules: ArrayLike, module_edge_m: ArrayLike, stack_depth: ArrayLike = 1.0
) -> NDArray[np.float64]:
    """Die edge under a number of modules. [m]

    Parameters
    ----------
    modules : array_like, shape (...)
        Whole modules, all directions that have bumps of their own.
    module_edge_m : array_like, shape (...)
        Edge of one module, parallel to the die edge.
    stack_depth : array_like, shape (...)
        Modules one behind the other, away from the edge (BoW: slices in a stack; UCIe standard: up to two).
    """
    columns = np.ceil(np.asarray(modules, dtype=np.float64) / np.asarray(stack_depth, dtype=np.float64))
    return np.asarray(columns * np.asarray(module_edge_m, dtype=np.float64))
