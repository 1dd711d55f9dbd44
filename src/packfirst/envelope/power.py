"""The power polytope of an assessed package: grown from monitored cells until its corners hold everywhere."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from packfirst.assess import Assessment
from packfirst.confidence import influences
from packfirst.disciplines.thermal.response import Response
from packfirst.envelope.polytope import Polytope
from packfirst.limit import Limit

Floats = NDArray[np.float64]

# A corner may miss its limit by this much before the cell that does so becomes a row of its own. [K]
CLOSE_K = 1e-6
MOST_ROUNDS = 60


def relative_spread(assessment: Assessment, group: str, skip: frozenset[str]) -> float:
    """Largest sigma of the kind's junction limits over their rise, without the Inputs in `skip`. [-]

    What the die team controls (its powers) is what the Envelope is about; how it estimates them is its own.
    """
    found = 0.0
    for limit in assessment.limits:
        if limit.identity.kind == "junction" and limit.identity.subject == f"die:{group}":
            found = max(found, _sigma(limit, assessment, skip) / limit.demand)
    return found


def _sigma(limit: Limit, assessment: Assessment, skip: frozenset[str]) -> float:
    parts = (part.sigma for part in influences(limit, assessment.inputs) if part.input_id not in skip)
    return float(sum(sigma**2 for sigma in parts) ** 0.5)


def power_polytope(response: Response, spread: dict[str, float], confidence: float) -> Polytope:
    """The inner polytope of powers per die: every point of it keeps every cell below its limit.

    A rise of nominally r holds with the confidence when r (1 + z s) stays below the limit, s the relative
    spread. Rows are cells; the first ones are where each kind is hottest for each kind's power. Then every
    corner is solved, and where some other cell of a die is above its limit, that cell becomes a row. Power
    acts linearly, so that what holds at all corners holds inside.
    """
    z = float(ndtri(confidence))
    allowed = {
        group: (response.maximum[group].value - response.fluid_k) / (1.0 + z * spread[group])
        + response.fluid_k
        for group in response.groups
    }
    watched = {
        (int(cells[np.argmax(response.per_watt[n].ravel()[cells])]), group)
        for group, cells in response.cells.items()
        for n in range(len(response.groups))
    }
    for _ in range(MOST_ROUNDS):
        polytope = _of(response, allowed, sorted(watched))
        fresh = set()
        for corner in polytope.corners():
            field = response.temperature_k(corner).ravel()
            for group, cells in response.cells.items():
                hottest = int(cells[np.argmax(field[cells])])
                if field[hottest] > allowed[group] + CLOSE_K:
                    fresh.add((hottest, group))
        if not fresh - watched:
            return polytope
        watched |= fresh
    return polytope


def _of(response: Response, allowed: dict[str, float], watched: list[tuple[int, str]]) -> Polytope:
    base = response.base_k.ravel()
    per_watt = response.per_watt.reshape(len(response.groups), -1)
    cells = [cell for cell, _ in watched]
    return Polytope(
        names=response.groups,
        slopes=per_watt[:, cells].T.copy(),
        room=np.array([allowed[group] - base[cell] for cell, group in watched]),
        subjects=tuple(group for _, group in watched),
    )
