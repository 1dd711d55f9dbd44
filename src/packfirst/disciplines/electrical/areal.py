"""How dense a vertical bond is: connections and bandwidth per area of a face-to-face interface."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

BITS_PER_BYTE = 8.0

# UCIe 3.0 states areal bandwidth at 9, 5, 3 and 1 um; one data fraction meets all four within 8 % (tests).
VALIDATED = {"pitch_m": (1.0e-6, 9.0e-6)}
VALID = {"pitch_m": (0.4e-6, 25.0e-6)}

_ROUNDING = 1e-9


def connections_per_m2(pitch_m: ArrayLike) -> NDArray[np.float64]:
    """Bonds per area on a square lattice, ``1 / pitch^2``, power and ground among them. [1/m2]"""
    return np.asarray(np.asarray(pitch_m, dtype=np.float64) ** -2.0)


def areal_bandwidth_byte_per_s_m2(
    pitch_m: ArrayLike, rate_bit_per_s: ArrayLike, data_fraction: ArrayLike
) -> NDArray[np.float64]:
    """Bandwidth per bonded area, both directions added, ``f rate / (8 pitch^2)``. [B/(s m2)]

    Parameters
    ----------
    pitch_m, rate_bit_per_s : array_like, shape (...)
        Bond pitch, and rate per bond.
    data_fraction : array_like, shape (...)
        Share of the bonds that carries data; what UCIe-3D states at 9 um (4 TB/s/mm2 at 4 GT/s) makes it
        0.648, at 1 um 0.600.
    """
    per_bond = np.asarray(rate_bit_per_s, dtype=np.float64) / BITS_PER_BYTE
    return np.asarray(connections_per_m2(pitch_m) * per_bond * np.asarray(data_fraction, dtype=np.float64))


def lanes_in_area(area_m2: ArrayLike, pitch_m: ArrayLike, data_fraction: ArrayLike) -> NDArray[np.float64]:
    """Whole data bonds in an area. [lanes]"""
    bonds = np.asarray(area_m2, dtype=np.float64) * connections_per_m2(pitch_m)
    return np.asarray(np.floor(bonds * np.asarray(data_fraction, dtype=np.float64) * (1.0 + _ROUNDING)))


def area_needed_m2(
    bandwidth_byte_per_s: ArrayLike, pitch_m: ArrayLike, rate_bit_per_s: ArrayLike, data_fraction: ArrayLike
) -> NDArray[np.float64]:
    """Bonded area that carries a bandwidth, both directions added. [m2]"""
    density = areal_bandwidth_byte_per_s_m2(pitch_m, rate_bit_per_s, data_fraction)
    return np.asarray(np.asarray(bandwidth_byte_per_s, dtype=np.float64) / density)
