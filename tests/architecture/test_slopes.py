"""How areas and outline answer to Inputs: against differences of their own, and nothing forgotten."""

import numpy as np
import pytest
from tests.architecture.cases import catalog, pick, program, sampled

from packfirst.architecture.footprint import STACK_COVER, die_areas_m2
from packfirst.architecture.placement import place
from packfirst.architecture.slopes import plan_slopes
from packfirst.levers import with_input


def measured(of_program, of_catalog, candidate):
    outline = place(of_program, of_catalog, candidate).outline
    return np.array(
        [*die_areas_m2(of_program, of_catalog, candidate.partition), outline.width, outline.height]
    )


def differences(candidate, input_id, value, share):
    step = share * value
    up, down = (
        measured(*with_input(program(), catalog(), input_id, value + way * step), candidate)
        for way in (1, -1)
    )
    return (up - down) / (2.0 * step)


def shaping():
    """Every Input of the Program, and of the records that a floorplan could ask."""
    yield from program().inputs()
    records = [
        *(catalog().record("node", name) for name in ("n5", "n6", "n7")), catalog().record("part", "hbm3_12h"),
        *(catalog().record("technology", name) for name in program().freedom.carriers),
        catalog().record("rule", "body"), catalog().record("cost_parameter", "die_to_die"),
    ]  # fmt: skip
    for record in records:
        yield from record.inputs.values()


@pytest.mark.parametrize("number", range(0, 40, 9))
def test_slopes_are_those_of_the_placement_and_none_is_forgotten(number):
    candidate = sampled(40)[number]
    found = plan_slopes(program(), catalog(), candidate)
    for item in shaping():
        # What is known exactly has no slope, though a floorplan follows the scanner's field.
        if item.value == 0.0 or (item.low is not None and item.low == item.high):
            continue
        wanted = differences(candidate, item.id, item.value, 1e-5)
        mine = found.get(item.id, np.zeros_like(wanted))
        # Of a change in proportion; a step of 1e-5 sees curvature of that order squared, and rounding of 1e-10.
        scale = measured(program(), catalog(), candidate) / item.value
        assert np.abs(mine - wanted) / scale == pytest.approx(0.0, abs=1e-4), item.id


def test_the_slopes_of_a_base_that_has_grown_are_its_stack_s():
    """Compute on n7 outgrows its base: the base follows compute, and its own block moves nothing."""
    candidate = pick("si_interposer_cowos_s", compute=(8, "n7"))
    found = plan_slopes(program(), catalog(), candidate)
    names = [group.name for group in candidate.partition.groups]
    base, top = names.index("fabric"), names.index("compute")
    area = die_areas_m2(program(), catalog(), candidate.partition)
    assert area[base] == pytest.approx(2 * area[top] / STACK_COVER)
    compute = found["program/blocks.compute.area"]
    assert compute[top] == pytest.approx(area[top] / 920e-6, rel=1e-6)
    assert compute[base] == pytest.approx(area[base] / 920e-6, rel=1e-6)
    assert "program/blocks.fabric.area" not in found
    assert found["program/accuracy.area"][[base, top]] == pytest.approx(np.array(area)[[base, top]], rel=1e-6)


def test_what_plainly_moves_an_outline():
    candidate = pick("si_interposer_cowos_s")
    found = plan_slopes(program(), catalog(), candidate)
    gap = found["catalog/technology/si_interposer_cowos_s/die_gap"]
    # Three gaps across: memory, hub, hub, memory; and a hub that keeps its area while its height grows by gaps.
    hub_w, hub_h = 369.875e-6 / 22.1e-3, 22.1e-3
    assert gap[-1] == pytest.approx(3.0, rel=1e-6)
    assert gap[-2] == pytest.approx(3.0 - 2.0 * hub_w / hub_h * 1.0, rel=1e-4)
    depth = found["catalog/part/hbm3_12h/size_y"]
    assert depth[-2:] == pytest.approx([2.0, 0.0], abs=1e-6)
