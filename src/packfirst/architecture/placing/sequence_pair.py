"""Rectangles packed by a sequence pair, and annealed: any compact floorplan, as far as time allows.

A sequence pair names two orders of the rectangles. Of two, the one that comes first in both lies left of the other;
the one that comes later in the first order and earlier in the second lies below it. Every compact packing without
overlap is one of these (Murata et al. 1996), so that the search may find the best there is.

References
----------
.. [1] H. Murata, K. Fujiyoshi, S. Nakatake, Y. Kajitani, "VLSI module placement based on rectangle-packing by the
   sequence-pair", IEEE Trans. CAD 15(12), 1996, pp. 1518-1524.
.. [2] S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi, "Optimization by simulated annealing", Science 220, 1983.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Share of uphill moves that the first temperature lets through, and how far it falls to the last one.
_UPHILL_FIRST, _COOLED = 0.8, 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class SequencePair:
    """The two orders of rectangles, by number, and which of these are turned by a quarter."""

    first: tuple[int, ...]
    second: tuple[int, ...]
    turned: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """Rectangles in their places, the corner of their outline at the origin.

    Attributes
    ----------
    x, y, width, height : ndarray, shape (n,)
        Lower left corners, and sizes as turned. [m]
    cost : float
        Area of the outline times one plus the weighed wire length over its half-perimeter. [m2]
    """

    x: Floats
    y: Floats
    width: Floats
    height: Floats
    cost: float
    order: SequencePair

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the outline. [m]"""
        return float((self.x + self.width).max()), float((self.y + self.height).max())


def packed(first: Ints, second: Ints, width: Floats, height: Floats) -> tuple[Floats, Floats]:
    """Lower left corners of rectangles packed to the left and down by a sequence pair, shape (n,) each. [m]

    Parameters
    ----------
    first, second : ndarray, shape (n,)
        The two orders, numbers of rectangles.
    width, height : ndarray, shape (n,)
        Sizes with whatever gap is to be kept already in them.
    """
    from packfirst.architecture.placing import (
        packing_kernels,
    )  # compiled code, only where something is packed

    place = np.empty(len(first), dtype=np.int64)
    place[second] = np.arange(len(first))
    x, y = np.zeros(len(first)), np.zeros(len(first))
    packing_kernels.pack(first, place, width, height, x, y)
    return x, y


def annealed(
    width: Floats, height: Floats, nets: list[list[int]] | None = None, *, wire_weight: float = 0.0,
    gap: float = 0.0, moves: int = 200_000, seed: int = 0, may_turn: bool = True,
) -> Packing:  # fmt: skip
    """The best packing that simulated annealing over sequence pairs comes to; the same for the same seed.

    Parameters
    ----------
    width, height : ndarray, shape (n,)
        Of the rectangles. [m]
    nets : list of lists of int
        Rectangles that are joined; half of the perimeter around their middles is a net's wire length.
    wire_weight : float
        Of the mean wire length, in half-perimeters of the outline.
    gap : float
        To be kept between rectangles. [m]
    moves : int
        Moves to try.
    may_turn : bool
        Whether a rectangle may be turned by a quarter.

    Raises
    ------
    ValueError
        No rectangles, or one without size.
    """
    from packfirst.architecture.placing import packing_kernels

    if not len(width) or np.any(width <= 0.0) or np.any(height <= 0.0):
        raise ValueError("packing needs rectangles with a width and a height")
    ends = [np.array(net, dtype=np.int64) for net in nets or [] if len(net) > 1]
    offsets = np.cumsum([0, *(len(net) for net in ends)]).astype(np.int64)
    members = np.concatenate(ends) if ends else np.zeros(0, dtype=np.int64)
    w, h = np.asarray(width + gap, dtype=np.float64), np.asarray(height + gap, dtype=np.float64)
    first, second, turned, cost = packing_kernels.anneal(
        w, h, offsets, members, wire_weight, moves, np.random.default_rng(seed), 3 if may_turn else 2, _UPHILL_FIRST,
        _COOLED,
    )  # fmt: skip
    wide, tall = np.where(turned, h, w), np.where(turned, w, h)
    x, y = packed(first, second, wide, tall)
    order = SequencePair(
        first=tuple(first.tolist()), second=tuple(second.tolist()), turned=tuple(turned.tolist())
    )
    return Packing(x=x, y=y, width=wide - gap, height=tall - gap, cost=float(cost), order=order)
