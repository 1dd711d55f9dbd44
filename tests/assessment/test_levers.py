"""Applying a lever's step and assessing again lands on margin zero."""

from dataclasses import replace

import pytest

from packfirst.assess import Assessment
from packfirst.confidence import Lever, levers
from packfirst.levers import CLOSE, solve, with_input
from packfirst.limit import Limit

from .example import AIR, STACKED, again, assessed, catalog, limit, program

GEL_IN_AIR = replace(AIR, lid_interface="tim1_gel")


def tightest(assessment: Assessment) -> Limit:
    """The thermal limit with the least margin in percent."""
    return min(
        (item for item in assessment.limits if item.identity.kind == "junction"),
        key=lambda item: item.margin_ratio,
    )


def first_in_range(assessment: Assessment) -> tuple[Limit, Lever]:
    held = tightest(assessment)
    return held, next(item for item in levers(held, assessment.inputs) if item.within_range)


@pytest.mark.parametrize("candidate", [STACKED, AIR, GEL_IN_AIR], ids=["leader", "forced air", "gel in air"])
def test_the_first_lever_in_range_lands_on_margin_zero(candidate) -> None:
    held, lever = first_in_range(assessed(candidate))
    solved = solve(program(), catalog(), candidate, held, lever)
    assert solved is not None
    # and so it is found when somebody else puts the value in and assesses
    landed = again(candidate, *with_input(program(), catalog(), lever.input_id, solved.value))
    assert abs(limit(landed, str(held.identity)).margin) <= CLOSE * held.capacity
    assert solved.margin == pytest.approx(limit(landed, str(held.identity)).margin, abs=1e-9)


def test_the_leader_has_room_and_forced_air_has_none() -> None:
    assert tightest(assessed(STACKED)).margin > 0.0 > tightest(assessed(GEL_IN_AIR)).margin


@pytest.mark.parametrize("candidate", [STACKED, GEL_IN_AIR], ids=["leader", "gel in air"])
@pytest.mark.parametrize("block", ["", "compute", "fabric"])
def test_nearly_linear_levers_land_by_the_second_step(candidate, block: str) -> None:
    """Rise is linear in every power, but for silicon that conducts less when warm, and moves with the fluid.

    At 1.9 V, so that the balls for the current do not fill the body: at 0.8 V a watt more makes it larger. With warm
    coolant, so that the same spot of the same die stays the hottest over the step.
    """
    frugal = program().with_value("program/supply_voltage", 1.9)
    frugal = frugal.with_value("program/environment.coolant", 273.15 + 62.0)
    assessment = again(candidate, frugal)
    held = tightest(assessment)
    fluid = "coolant" if candidate is STACKED else "air"
    name = f"program/modes.{held.identity.mode}.power.{block}" if block else f"program/environment.{fluid}"
    item = frugal.input(name)
    step = -held.margin / held.sensitivities[name]
    assert abs(step) > (0.05 * item.value if block else 1.0)
    lever = Lever(input_id=name, step=step, value=item.value, within_range=True, room=item.value)
    solved = solve(frugal, catalog(), candidate, held, lever)
    if item.value + step <= 0.0:
        assert solved is None  # no power above zero meets this limit
        return
    assert solved is not None
    assert solved.assessments <= 2
    assert abs(solved.margin) <= CLOSE * held.capacity


def test_a_lever_that_would_need_a_power_below_zero_is_none() -> None:
    held = tightest(assessed(GEL_IN_AIR))
    name = f"program/modes.{held.identity.mode}.power.hbm"
    item = program().input(name)
    lever = Lever(
        input_id=name, step=-2.0 * item.value, value=item.value, within_range=False, room=item.value
    )
    assert solve(program(), catalog(), GEL_IN_AIR, held, lever) is None


def test_levers_are_choices_and_the_shortest_comes_first() -> None:
    found = levers(tightest(assessed(GEL_IN_AIR)), assessed(GEL_IN_AIR).inputs)
    inside = [item.within_range for item in found]
    assert inside == sorted(inside, reverse=True)
    for group in (True, False):
        sizes = [item.relative for item in found if item.within_range is group]
        assert sizes == sorted(sizes)
    assert {str(assessed(GEL_IN_AIR).inputs[item.input_id].kind) for item in found} == {"choice"}
