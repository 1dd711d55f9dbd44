"""Gross die per wafer: two closed formulas in use, and a count of rectangles on the disc.

The closed formulas are smooth and suit a search; the count is what a stepper map gives.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

VALIDATED: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"area_m2": (25e-6, 1100e-6)}
)  # there the closed formulas lie between 15 % below and 3 % above the count (tested)
VALID: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"area_m2": (0.25e-6, 5000e-6)}
)  # above, a 300 mm wafer holds so few that the edge term of the closed formulas means nothing

_TOUCH = 1e-9  # in pitches: far below any tolerance of a step map, far above rounding


def gross_die_feng2022(
    area_m2: ArrayLike,
    *,
    wafer_radius_m: ArrayLike = 0.150,
    edge_exclusion_m: ArrayLike = 5e-3,
    street_m: ArrayLike = 0.2e-3,
) -> NDArray[np.float64]:
    """Gross die per wafer by Chiplet Actuary's formula. Not rounded. [die]

    Parameters
    ----------
    area_m2 : array_like
        Die area without street; the die is taken as square.
    wafer_radius_m, edge_exclusion_m, street_m : array_like
        Wafer radius, width of the unusable rim, width of the saw street. The defaults are those
        of [1]_ (parameter file of its code).

    Notes
    -----
    With A' = (sqrt(A) + s)^2 and r = R - e: N = pi r^2 / A' - 2 pi r / sqrt(2 A').
    Not an integer, on purpose: cost stays differentiable in area.

    References
    ----------
    .. [1] Y. Feng, K. Ma, "Chiplet Actuary: a quantitative cost model and multi-chiplet
       architecture exploration", DAC 2022, arXiv:2203.12268.
    """
    side = np.sqrt(np.asarray(area_m2, dtype=np.float64)) + np.asarray(street_m, dtype=np.float64)
    r = np.asarray(wafer_radius_m, dtype=np.float64) - np.asarray(edge_exclusion_m, dtype=np.float64)
    return np.asarray(np.pi * (r / side) ** 2 - np.sqrt(2.0) * np.pi * r / side)


def gross_die_google2022(
    width_m: ArrayLike,
    height_m: ArrayLike,
    *,
    wafer_diameter_m: ArrayLike = 0.300,
    street_m: ArrayLike = 0.1e-3,
) -> NDArray[np.float64]:
    """Gross die per wafer by the formula of Google's chiplet cost model. A whole number. [die]

    Parameters
    ----------
    width_m, height_m : array_like
        Die size without street.
    wafer_diameter_m, street_m : array_like
        Wafer diameter; street added once to each dimension.

    Notes
    -----
    N = round((W - 6) pi (W / (4 A) - 1 / sqrt(2 A))), lengths in mm. The 6 mm are an edge exclusion
    of 3 mm that enters one factor only. Halves round to even, as the published code has it.

    References
    ----------
    .. [1] google/chiplets-cost-model, baseline/reader.py at 2cbd30c, 2022 (Apache-2.0).
    """
    street = np.asarray(street_m, dtype=np.float64)
    pitch_x = (np.asarray(width_m, dtype=np.float64) + street) * 1e3
    pitch_y = (np.asarray(height_m, dtype=np.float64) + street) * 1e3
    area = pitch_x * pitch_y
    wafer = np.asarray(wafer_diameter_m, dtype=np.float64) * 1e3
    return np.round((wafer - 6.0) * np.pi * (wafer / (4.0 * area) - 1.0 / np.sqrt(2.0 * area)))


def gross_die_lattice(
    width_m: ArrayLike,
    height_m: ArrayLike,
    *,
    wafer_radius_m: float = 0.150,
    edge_exclusion_m: float = 3e-3,
    street_m: float = 0.1e-3,
    offsets: int = 5,
) -> NDArray[np.float64]:
    """Rectangles of a regular lattice that lie whole within the usable disc. A whole number. [die]

    Parameters
    ----------
    width_m, height_m : array_like, broadcast together
        Die size without street.
    wafer_radius_m, edge_exclusion_m, street_m : float
        Wafer radius, width of the unusable rim, street between neighbours.
    offsets : int
        Positions of the lattice tried along each axis, from a die centred on the wafer to a street
        centred on it (mirror images are the same count). At least two, so both are among them.

    Raises
    ------
    ValueError
        If a size is not positive or `offsets` is below two.

    Notes
    -----
    The best of offsets^2 positions; a step map shifts both axes as one, so rows are not shifted
    against each other. Exact for the positions tried, deterministic, and never larger for a larger
    pitch at equal aspect.

    References
    ----------
    .. [1] D. K. de Vries, "Investigation of gross die per wafer formulas", IEEE Trans. Semicond.
       Manuf. 18(1), 2005, pp. 136-139.
    """
    width, height = np.broadcast_arrays(
        np.asarray(width_m, dtype=np.float64), np.asarray(height_m, dtype=np.float64)
    )
    if not (np.all(width > 0.0) and np.all(height > 0.0)):
        raise ValueError("die width and height must be positive")
    if offsets < 2:
        raise ValueError("offsets must be at least 2")
    radius = wafer_radius_m - edge_exclusion_m
    pitch_x, pitch_y = width + street_m, height + street_m
    shifts = np.linspace(0.0, 0.5, offsets)
    outermost = int(radius / np.min(pitch_y, initial=radius)) + 1
    rows = np.arange(-outermost, outermost + 1)
    best = np.zeros(width.shape)
    for shift_y in shifts:
        # Centre of each row, and half the chord at the row's edge farther from the wafer's centre.
        centre_y = (rows + shift_y) * pitch_y[..., np.newaxis]
        reach_y = np.abs(centre_y) + 0.5 * height[..., np.newaxis]
        chord = np.sqrt(np.maximum(radius**2 - reach_y**2, 0.0))
        room = np.where(reach_y < radius, chord - 0.5 * width[..., np.newaxis], -1.0)
        columns = room / pitch_x[..., np.newaxis]
        usable = columns >= -_TOUCH
        for shift_x in shifts:
            # A die centre sits at (k + shift) pitch, and |centre| <= room; a hair of tolerance keeps
            # a die that exactly touches the rim.
            right = np.floor(columns - shift_x + _TOUCH)
            left = np.ceil(-columns - shift_x - _TOUCH)
            fits = np.where(usable, np.maximum(right - left + 1.0, 0.0), 0.0)
            best = np.maximum(best, fits.sum(axis=-1))
    return best
