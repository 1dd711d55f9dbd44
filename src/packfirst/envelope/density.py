"""How hot a small square of a die runs beyond the die's even power: a heated disc in a layered tube."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import j0, j1, jn_zeros

from packfirst.disciplines.thermal.response import Column

Floats = NDArray[np.float64]

# Waves of the series; at the centre of a disc a hundredth as wide as its tube they leave a part in a hundred.
WAVES = 4000
# A square in the corner of a die spreads its heat to two sides only, as a square four times as large does in the
# middle of a die four times as large: by symmetry its corner is that square's centre.
MIRRORED = 4.0
# A bare corner in a whole package, gridded finer and finer, comes to within two per cent of the disc, from above; what
# makes the estimate one to the safe side of it.
TO_BE_SAFE = 1.05


def concentration_k_per_w(
    spot_area_m2: float, die_area_m2: float, thickness_m: ArrayLike, in_plane_w_per_m_k: ArrayLike,
    through_w_per_m_k: ArrayLike, film_w_per_m2_k: float,
) -> float:  # fmt: skip
    """Rise at the hottest point of a square, per watt that is drawn into it from all over its die. [K/W]

    The square sits in the corner of the die, where it is worst off. Power of the die stays the same, so that
    the mean rise does not count.

    Parameters
    ----------
    thickness_m, in_plane_w_per_m_k, through_w_per_m_k : array_like, shape (n_layers,)
        From the heated face to the cooled one.

    Raises
    ------
    ValueError
        A square larger than its die.

    Notes
    -----
    Square and die become circles of their areas a, b; sides are adiabatic and nothing leaves through the heated
    face, both of which keep heat in. With the roots l_n of J1 the centre of a uniform disc has the rise
    (per watt) sum of 2 J1(l_n a/b) / (l_n (a/b) J0(l_n)^2) Z(l_n/b) / (pi b^2), where Z(g) is the impedance of
    the layers to a wave g, found from the film up [1]_; an orthotropic layer counts as an isotropic one of
    conductivity sqrt(k_r k_z) and thickness t sqrt(k_r/k_z) [2]_. A disc is half a per cent hotter at its centre
    than the square of its area.

    References
    ----------
    .. [1] M. M. Yovanovich, J. R. Culham, P. Teertstra, "Analytical modeling of spreading resistance in flux tubes,
       half spaces, and compound disks", IEEE Trans. Compon. Packag. Manuf. Technol. A 21(1), 168-176, 1998.
    .. [2] Y. S. Muzychka, M. M. Yovanovich, J. R. Culham, "Thermal spreading resistance in compound and
       orthotropic systems", J. Thermophys. Heat Transfer 18(1), 2004.
    """
    if spot_area_m2 > die_area_m2:
        raise ValueError("spot_area_m2: larger than its die")
    t, flat, through = (
        np.asarray(v, dtype=np.float64) for v in (thickness_m, in_plane_w_per_m_k, through_w_per_m_k)
    )
    b = float(np.sqrt(MIRRORED * die_area_m2 / np.pi))
    ratio = float(np.sqrt(spot_area_m2 / die_area_m2))
    roots, weights = _roots()
    g = roots / b
    k, same = np.sqrt(flat * through), t * np.sqrt(flat / through)
    z = np.full_like(g, 1.0 / film_w_per_m2_k) if film_w_per_m2_k else np.full_like(g, 1e30)
    for conductivity, thickness in zip(k[::-1], same[::-1], strict=True):
        tanh = np.tanh(g * thickness)
        z = (z + tanh / (conductivity * g)) / (1.0 + conductivity * g * z * tanh)
    series = float((2.0 * j1(roots * ratio) / (roots * ratio) * weights * z).sum())
    # Per watt of one die: the mirrored tube holds four of them.
    return MIRRORED * series / (np.pi * b**2)


@cache
def _roots() -> tuple[Floats, Floats]:
    """Roots of J1 above zero, and 1 / J0 squared there."""
    roots = np.asarray(jn_zeros(1, WAVES), dtype=np.float64)
    return roots, np.asarray(1.0 / j0(roots) ** 2)


def worst_k_per_w(spot_area_m2: float, die_area_m2: float, columns: Sequence[Column]) -> float:
    """`concentration_k_per_w` over the worst column that is wide enough to matter to the square. [K/W]

    A gap between the die above that is narrower than half the square bends its heat aside and does not block it.
    """
    side = float(np.sqrt(spot_area_m2))
    wide = [column for column in columns if column.cell_m >= 0.5 * side] or list(columns)
    return TO_BE_SAFE * max(
        concentration_k_per_w(
            spot_area_m2, die_area_m2, column.thickness_m, column.in_plane_w_per_m_k, column.through_w_per_m_k,
            column.film_w_per_m2_k,
        )
        for column in wide
    )  # fmt: skip
