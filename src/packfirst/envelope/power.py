"""The power polytope of an assessed package: grown from monitored cells until its corners hold everywhere."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from packfirst.disciplines.thermal.response import Response, Spread, hottest_cells
from packfirst.envelope.polytope import Polytope

Floats = NDArray[np.float64]

# A cell between the monitored ones may be hotter than they by this much; what is kept free for it on all of them
# makes the rows few. A hundredth of what the grid itself may be off. [K]
KEPT_FREE_K = 0.02
MOST_ROUNDS = 60


class NothingHolds(ValueError):
    """Not even zero power holds with the confidence: the surroundings alone are too hot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How rises at one kind of die are held: the sum of `factor` times the rise by each kind stays below `limit_k`."""

    factor: Floats  # shape (n_groups,)
    limit_k: float


def rule(highest_k: float, base_k: Floats, spread: Spread, confidence: float) -> Rule:
    """The linear rule by which a margin holds with the confidence, whatever the mixture of powers.

    With rises r_g by each kind and z the confidence's normal score, a cell holds where

        sum r_g + z (offset + sqrt(fixed^2 + u^2)) <= highest - base,    u <= sum relative_g r_g.

    The root is convex in u. Between the least and the greatest u that the boundary can have it lies below its
    chord, which is linear in the powers; along every ray from zero power the boundary is met within these, so
    that the rule with the chord lies inside the true set.

    Raises
    ------
    NothingHolds
        The room without power is used up by what does not grow with power.
    """
    z = max(float(ndtri(confidence)), 0.0)
    rooms = [highest_k - float(base) - z * spread.offset_k for base in (base_k.max(), base_k.min())]
    if rooms[0] <= z * spread.fixed_k:
        raise NothingHolds(
            f"the surroundings leave {rooms[0]:.3g} K, and {z * spread.fixed_k:.3g} K of that is uncertain"
        )
    ends = [
        share * _rise(room, z, spread.fixed_k, share)
        for share, room in ((spread.relative.min(), rooms[0]), (spread.relative.max(), rooms[1]))
    ]
    low, high = (math.hypot(spread.fixed_k, u) for u in ends)
    if ends[1] > ends[0]:
        slope = (high - low) / (ends[1] - ends[0])
    else:
        slope = ends[0] / low if low else 0.0
    fixed = low - slope * ends[0]
    return Rule(factor=1.0 + z * slope * spread.relative, limit_k=highest_k - z * (spread.offset_k + fixed))


def _rise(room_k: float, z: float, fixed_k: float, share: float) -> float:
    """The rise r at which r + z sqrt(fixed^2 + (share r)^2) uses up the room. [K]"""
    left = room_k**2 - (z * fixed_k) ** 2
    return left / (room_k + math.sqrt(room_k**2 - (1.0 - (z * share) ** 2) * left))


def rules(response: Response, confidence: float) -> dict[str, Rule]:
    """The rule of each kind of die."""
    base = response.base_k.ravel()
    return {
        group: rule(response.maximum[group].value, base[cells], response.spread[group], confidence)
        for group, cells in response.cells.items()
    }


def power_polytope(response: Response, by_kind: dict[str, Rule]) -> Polytope:
    """The inner polytope of powers per die: every point of it keeps every cell within its rule.

    Rows are cells; the first ones are where each kind is hottest for each kind's power. Then every corner is
    looked at, and where some other cell of a die is above its limit, that cell becomes a row. Power acts
    linearly, so that what holds at all corners holds inside.
    """
    base = response.base_k.ravel()
    per_watt = response.per_watt.reshape(len(response.groups), -1)
    # Rises and rooms of the cells of each kind, as its rule weighs them.
    slopes = {
        group: (rule.factor[:, None] * per_watt[:, response.cells[group]]).T
        for group, rule in by_kind.items()
    }
    room = {group: rule.limit_k - base[response.cells[group]] for group, rule in by_kind.items()}
    watched = {
        (group, int(np.flatnonzero(cells == cell)[0]))
        for group, cells in response.cells.items()
        for cell in hottest_cells(response.per_watt, cells)
    }
    for _ in range(MOST_ROUNDS):
        rows = sorted(watched)
        polytope = Polytope(
            names=response.groups,
            slopes=np.array([slopes[group][place] for group, place in rows]),
            room=np.array([room[group][place] for group, place in rows]) - KEPT_FREE_K,
            subjects=tuple(group for group, _ in rows),
        ).pruned()
        fresh = set()
        for corner in polytope.corners():
            for group in response.groups:
                over = slopes[group] @ corner - room[group]
                if over.max() > 0.0:
                    fresh.add((group, int(np.argmax(over))))
        if not fresh - watched:
            return polytope
        watched |= fresh
    raise ArithmeticError(f"the power polytope still grows after {MOST_ROUNDS} rounds")
