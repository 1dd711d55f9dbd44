"""How much current a bond wire may carry: the rules, which do not agree with each other."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

INCH_M = 0.0254
SHORT_WIRE_M = 0.040 * INCH_M  # the longest wire that counts as short, MIL-PRF-38535 A.3.5.5.3
DESIGN_SHARE_OF_FUSING = 1.0 / 3.0  # a wire maker's rule, older than any load on it


def allowed_a(constant_a_per_in1p5: ArrayLike, diameter_m: ArrayLike) -> NDArray[np.float64]:
    """Largest continuous current of a round wire, ``K d^1.5`` with d in inches. [A]

    Parameters
    ----------
    constant_a_per_in1p5 : array_like, shape (...)
        From `constant_a_per_in1p5`.
    diameter_m : array_like, shape (...)

    Raises
    ------
    ValueError
        A diameter that is not positive.

    References
    ----------
    .. [1] MIL-PRF-38535, A.3.5.5.3 and table A-IA.
    """
    d = np.asarray(diameter_m, dtype=np.float64) / INCH_M
    if not np.all(d > 0.0):
        raise ValueError("the diameter must be positive")
    return np.asarray(np.asarray(constant_a_per_in1p5, dtype=np.float64) * d**1.5)


def constant_a_per_in1p5(rows: Sequence[Mapping[str, str]], metal: str, length_m: float) -> float:
    """K of table A-IA for a metal and a length between bonds; 0.040 in counts as short. [A/in^1.5]

    Parameters
    ----------
    rows : sequence of mappings
        The table ``wire_current.csv``.
    metal : str
        As in the table; the row "other" is for metals that it does not name, and must be asked for.
    length_m : float

    Raises
    ------
    ValueError
        A metal that the table lacks, or a length that is not positive.
    """
    if not length_m > 0.0:
        raise ValueError("the length must be positive")
    column = "K_length_le_0p040_in" if length_m <= SHORT_WIRE_M * (1.0 + 1e-9) else "K_length_gt_0p040_in"
    for row in rows:
        if row["composition"] == metal:
            return float(row[column])
    known = ", ".join(row["composition"] for row in rows)
    raise ValueError(f"MIL-PRF-38535 table A-IA has no row {metal!r}; it has {known}")


def round_of_ribbon_m(width_m: ArrayLike, thickness_m: ArrayLike) -> NDArray[np.float64]:
    """Diameter of the round wire of equal cross-section, by which the rule judges a ribbon. [m]"""
    area = np.asarray(width_m, dtype=np.float64) * np.asarray(thickness_m, dtype=np.float64)
    return np.asarray(np.sqrt(4.0 * area / np.pi))


def preece_fusing_a(constant_a_per_in1p5: ArrayLike, diameter_m: ArrayLike) -> NDArray[np.float64]:
    """Fusing current of a long wire in free air, ``K d^1.5`` with d in inches. [A]

    Preece measured wires far thicker than bond wires (0.2 mm and up); for these see `heating`. Constants recalled:
    copper 10244, aluminium 7585.
    """
    return allowed_a(constant_a_per_in1p5, diameter_m)


def design_from_fusing_a(fusing_a: ArrayLike) -> NDArray[np.float64]:
    """A wire maker's design rule: a third of the fusing current. [A]"""
    return np.asarray(np.asarray(fusing_a, dtype=np.float64) * DESIGN_SHARE_OF_FUSING)
