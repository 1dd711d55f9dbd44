"""What a stack of memory gives by hand, when cool and when hot, and what bounds it."""

from dataclasses import replace

import pytest

from packfirst.disciplines.case import Facts
from packfirst.disciplines.performance.limits import DISCIPLINE
from packfirst.levers import with_input
from packfirst.limit import Fact, NotAssessed

from .modules import HEAT, case, catalog, program, warm

NAME = "memory_stack"
BESIDE = ("1 x base on n12", "12 x dram", "si_interposer", "stack_3d", "cold_plate", "tim1_gel")


def limits(asked, facts):
    return {
        (item.identity.kind, item.identity.mode): item
        for item in DISCIPLINE.limits(asked, facts, "plan").limits
    }


def bandwidth(asked, facts):
    (found,) = DISCIPLINE.limits(asked, facts, "plan").metrics
    assert found.name == "memory_bandwidth"
    return found.value


@pytest.mark.parametrize(("kelvin", "lost"), [(320.0, 350.0 / 3900.0), (380.0, 700.0 / 3900.0)])
def test_refresh_takes_its_share_by_hand(kelvin, lost):
    asked = case(NAME, *BESIDE)
    assert bandwidth(asked, warm(asked, kelvin)) == pytest.approx(819e9 * (1.0 - lost), rel=1e-9)


def test_hot_memory_falls_below_what_the_host_needs():
    asked = case(NAME, *BESIDE)
    cool, hot = (limits(asked, warm(asked, 300.0, dram=kelvin)) for kelvin in (340.0, 366.0))
    margins = [
        next(item.margin for (kind, _), item in found.items() if kind == "memory_bandwidth") for found in (cool, hot)
    ]  # fmt: skip
    assert margins[0] > 0.0 > margins[1]


def test_the_link_bounds_it():
    asked = case(NAME, *BESIDE)
    narrow = Fact(
        name="link_bandwidth",
        subject="dram_base",
        value=500e9,
        sensitivities={"program/links.dram_base.bandwidth": 0.6},
    )
    facts = warm(asked, 320.0).with_all([narrow])
    assert bandwidth(asked, facts) == 500e9


def test_capacity_is_what_its_die_hold():
    asked = case(NAME, *BESIDE)
    found = limits(asked, warm(asked, 320.0))["capacity", ""]
    assert (found.demand, found.capacity, found.unit) == (24.0, 24.0, "GB")


def test_cells_hold_their_data_to_what_the_program_says():
    asked = case(NAME, *BESIDE)
    most, air = asked.program.blocks["dram"].memory.maximum.value, asked.program.environment.air.value
    found = limits(asked, warm(asked, 300.0, dram=most + 5.0))["cell_temperature", "streaming"]
    assert found.margin == pytest.approx(-5.0)
    assert found.capacity == pytest.approx(most - air)


@pytest.mark.parametrize("kelvin", [340.0, 357.0, 361.0])
def test_slopes_are_those_of_the_margin(kelvin):
    asked = case(NAME, *BESIDE)

    def margin(of_case, at):
        found = limits(of_case, warm(of_case, at))
        return next(item for (kind, _), item in found.items() if kind == "memory_bandwidth")

    limit = margin(asked, kelvin)
    for name, slope in limit.sensitivities.items():
        if name == HEAT:
            continue
        item = asked.input(name)
        step = 1e-5 * abs(item.value)
        ends = []
        for way in (1.0, -1.0):
            moved, known = with_input(asked.program, asked.catalog, name, item.value + way * step)
            ends.append(margin(replace(asked, program=moved, catalog=known), kelvin).margin)
        assert slope == pytest.approx((ends[0] - ends[1]) / (2.0 * step), rel=1e-4, abs=1e-7), name


def test_slopes_reach_what_heats_the_die():
    asked = case(NAME, *BESIDE)
    found = limits(asked, warm(asked, 357.0, slope=40.0))
    limit = next(item for (kind, _), item in found.items() if kind == "memory_bandwidth")
    ends = [bandwidth(asked, warm(asked, 357.0 + rise)) for rise in (0.04, -0.04)]
    assert limit.sensitivities[HEAT] == pytest.approx((ends[0] - ends[1]) / 0.002 / 1e9, rel=1e-3)


def test_without_temperatures_the_bandwidth_is_not_assessed():
    asked = case(NAME, *BESIDE)
    found = [
        item for item in DISCIPLINE.limits(asked, Facts(), "plan").limits if isinstance(item, NotAssessed)
    ]
    assert [item.missing for item in found] == [("temperature of dram in mode computing",)]


def test_a_program_that_asks_for_none_is_not_told_of_its_memory():
    from ...assessment import example

    asked = example.case(example.STACKED)
    facts = Facts(
        Fact(name=name, subject="compute", mode="sustained", value=value)
        for name, value in (("rise", 1.0), ("rise_limit", 100.0), ("scaling_rise", 0.5))
    )
    kinds = {item.identity.kind for item in DISCIPLINE.limits(asked, facts, "plan").limits}
    assert kinds == {"throughput"}


def test_bought_memory_counts_when_it_is_asked_for():
    from ...assessment import example

    needs = example.program().needs.model_copy(update={"capacity": program(NAME).needs.capacity})
    asked = example.case(example.STACKED, example.program().model_copy(update={"needs": needs}))
    found = DISCIPLINE.limits(asked, warm(asked, 340.0), "plan").limits
    capacity = next(item for item in found if item.identity.kind == "capacity")
    assert capacity.capacity == pytest.approx(8 * 24.0)  # eight stacks of 24 GB
    assert catalog().record("part", "hbm3_12h")["capacity"] == 24e9
