"""The step of a lever that really meets a Limit: by its slope first, then by assessing again."""

from dataclasses import dataclass

from packfirst.architecture.candidate import Candidate
from packfirst.assess import assess
from packfirst.catalog import Catalog
from packfirst.confidence import Lever
from packfirst.limit import Identity, Limit
from packfirst.program.model import Program

# Steps of the secant before a lever is called unsolved: smooth limits need two, counts never settle.
MOST_STEPS = 6
# A margin this small a share of the capacity is zero to anybody who builds things.
CLOSE = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A lever at the value that brings its Limit to margin zero, and the margin that was found there."""

    lever: Lever
    value: float  # SI
    margin: float  # in the Limit's unit
    assessments: int


def solve(
    program: Program, catalog: Catalog, candidate: Candidate, limit: Limit, lever: Lever, *, rung: str = "plan",
    seed: int = 0,
) -> Solved | None:  # fmt: skip
    """Moves a lever until its Limit has no margin left or lacking.

    The slope gives the first step, a secant the next ones. None where no step within reason meets the
    Limit: it counts in whole numbers, or another choice takes over on the way.
    """
    identity, scale = limit.identity, abs(limit.capacity) or abs(limit.demand)
    before, at = limit.margin, lever.value
    step = lever.step
    for number in range(1, MOST_STEPS + 1):
        value = at + step
        if value <= 0.0:
            return None
        found = _margin(program, catalog, candidate, identity, lever.input_id, value, rung, seed)
        if found is None:
            return None
        if abs(found) <= CLOSE * scale:
            return Solved(lever=lever, value=value, margin=found, assessments=number)
        if found == before:
            return None
        slope = (found - before) / (value - at)
        at, before, step = value, found, -found / slope
    return None


def with_input(program: Program, catalog: Catalog, input_id: str, value: float) -> tuple[Program, Catalog]:
    """Program and Catalog in which one Input has another value."""
    if input_id.startswith("program/"):
        return program.with_value(input_id, value), catalog
    return program, catalog.with_value(input_id, value)


def _margin(
    program: Program, catalog: Catalog, candidate: Candidate, identity: Identity, input_id: str, value: float,
    rung: str, seed: int,
) -> float | None:  # fmt: skip
    changed_program, changed_catalog = with_input(program, catalog, input_id, value)
    assessment = assess(changed_program, changed_catalog, candidate, rung=rung, seed=seed)
    return next((item.margin for item in assessment.limits if item.identity == identity), None)
