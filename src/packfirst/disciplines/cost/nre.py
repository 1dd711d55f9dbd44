"""Development cost: what is paid once per design, and each good part's share of it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def design_nre(
    area_m2: ArrayLike,
    *,
    usd_per_m2: ArrayLike,
    fixed_usd: ArrayLike = 0.0,
    mask_set_usd: ArrayLike = 0.0,
    mask_sets: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Development cost of one die or package design. [USD]

    Parameters
    ----------
    area_m2 : array_like
        Area that is designed anew. A block taken over from another design does not count.
    usd_per_m2, fixed_usd : array_like
        Design and verification in proportion to area, and whatever the area.
    mask_set_usd : array_like
        One mask set (or one set of substrate tooling).
    mask_sets : array_like
        Sets bought: one, and one for each respin that changes every layer; a metal-only respin is a
        fraction.

    Raises
    ------
    ValueError
        If any of them is negative or not a number.

    Notes
    -----
    The linear form of [1]_ with the mask set apart, since a respin pays it again.

    References
    ----------
    .. [1] Y. Feng, K. Ma, "Chiplet Actuary", DAC 2022, arXiv:2203.12268.
    """
    area = _checked("area_m2", area_m2)
    design = area * _checked("usd_per_m2", usd_per_m2) + _checked("fixed_usd", fixed_usd)
    masks = _checked("mask_set_usd", mask_set_usd) * _checked("mask_sets", mask_sets)
    return np.asarray(design + masks)


def spread(nre_usd: ArrayLike, good_units: ArrayLike, uses_per_unit: ArrayLike = 1.0) -> NDArray[np.float64]:
    """Each good product's share of one design's development cost. [USD]

    Parameters
    ----------
    nre_usd : array_like, shape (..., n_designs)
        Development cost of each design in the product.
    good_units : array_like, shape (..., n_designs)
        Good uses of the design over which it is spread: over all products that use it, units times
        uses per unit.
    uses_per_unit : array_like, shape (..., n_designs)
        Uses in this product.

    Returns
    -------
    ndarray, shape (...)
        Summed over the designs.

    Raises
    ------
    ValueError
        If a cost or a use is negative, or a volume is not positive.
    """
    units = _checked("good_units", good_units)
    if not np.all(units > 0.0):
        raise ValueError("good_units must be positive")
    share = _checked("nre_usd", nre_usd) / units * _checked("uses_per_unit", uses_per_unit)
    return np.asarray(np.sum(np.atleast_1d(share), axis=-1))


def _checked(name: str, value: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(value, dtype=np.float64)
    if not np.all(array >= 0.0):
        raise ValueError(f"{name} must be a number, zero or more")
    return array
