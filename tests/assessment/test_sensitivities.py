"""The slopes that uncertainty is made of, against assessing again with one Input moved a little either way."""

from functools import cache

import pytest

from packfirst.assess import Assessment
from packfirst.catalog import Catalog
from packfirst.disciplines.case import Facts
from packfirst.disciplines.electrical.limits import DISCIPLINE as ELECTRICAL
from packfirst.disciplines.performance.limits import DISCIPLINE as PERFORMANCE
from packfirst.disciplines.thermal import limits as thermal
from packfirst.inputs import Input
from packfirst.levers import with_input
from packfirst.limit import Identity, Metric
from packfirst.program import Program

from .example import AIR, BESIDE, BRIDGE, STACKED, again, assessed, by_identity, case, catalog, program

STEP = 1e-3
# What the plan's adjoints, solved to 1e-4, and the curvature over a step of a thousandth leave.
NEAR = 2e-3
# A slope that moves a junction by less than this is nobody's lever and nobody's doubt. [K]
MATTERS_K = 0.1


def reach(item: Input) -> float:
    """How far an Input may well move: its sigma, a quarter of a choice's range, else a twentieth of it. [SI]"""
    if item.is_sampled:
        return item.sigma
    if item.low is not None and item.high is not None:
        return (item.high - item.low) / 4.0
    return 0.05 * abs(item.value)


def answers(
    candidate, program_: Program, catalog_: Catalog
) -> tuple[dict[Identity, float], dict[str, Metric]]:
    """Thermal margins and figures of performance, without the disciplines that these do not need."""
    asked = case(candidate, program_, catalog_)
    linked = Facts(ELECTRICAL.limits(asked, Facts(), "plan").facts)
    heat = thermal.DISCIPLINE.limits(asked, linked, "plan")
    worked = PERFORMANCE.limits(asked, linked.with_all(heat.facts), "plan")
    margins = {name: item.margin for name, item in by_identity(heat.limits).items()}
    return margins, {item.name: item for item in worked.metrics}


def step_of(item: Input) -> float:
    size = item.value - 273.15 if item.quantity == "temperature" else item.value
    return STEP * abs(size)


def peaks_below_maximum(candidate, program_: Program, catalog_: Catalog) -> dict[Identity, float]:
    """Thermal margins of a candidate on the cold plate, without slopes: half the time. [K]"""
    asked = case(candidate, program_, catalog_)
    linked = Facts(ELECTRICAL.limits(asked, Facts(), "plan").facts)
    most = {die.group: thermal.maximum(asked, die).value for die in asked.package.die}
    coolant = program_.environment.coolant
    assert coolant is not None
    return {
        Identity(discipline="thermal", kind="junction", subject=f"die:{group}", mode=mode): most[group]
        - coolant.value - rise
        for (group, mode), rise in thermal.junction_rises(asked, linked, "plan").items()
    }  # fmt: skip


def sides(ask, candidate, name: str, item: Input, program_: Program):
    """Answers on either side, and how far apart they are.

    A link's energy moves downward alone: upward, another mode of its standard that takes no more would carry it.
    """
    step, upward = step_of(item), 0.0 if name.startswith("catalog/link/") else 1.0
    high = ask(candidate, *with_input(program_, catalog(), name, item.value + upward * step))
    low = ask(candidate, *with_input(program_, catalog(), name, item.value - step))
    return high, low, (1.0 + upward) * step


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(thermal.TOLERANCE, "plan", 1e-10)


@pytest.mark.usefixtures("tight")
@pytest.mark.parametrize("candidate", [STACKED, BESIDE], ids=["stacked", "side by side"])
def test_thermal_slopes_are_those_of_assessing_again(candidate) -> None:
    limits = {
        name: item
        for name, item in by_identity(assessed(candidate).limits).items()
        if name.kind == "junction"
    }
    inputs = assessed(candidate).inputs
    matter = {
        name for item in limits.values() for name, slope in item.sensitivities.items()
        if abs(slope) * reach(inputs[name]) > MATTERS_K
    }  # fmt: skip
    for name in (
        "program/accuracy.power", "program/environment.coolant", "program/environment.air",
        "program/modes.peak.power.compute", "catalog/thermal_path/cold_plate/resistance",
        "catalog/interface/tim1_indium/area_resistance", "catalog/material/cu/conductivity",
        "catalog/material/si/conductivity", "catalog/part/hbm3_12h/conductivity_z",
    ):  # fmt: skip
        assert name in matter | {"program/environment.air"}, name
    for name in sorted(matter):
        high, low, apart = sides(peaks_below_maximum, candidate, name, inputs[name], program())
        for identity, item in limits.items():
            found = (high[identity] - low[identity]) / apart
            slope = item.sensitivities.get(name, 0.0)
            if max(abs(found), abs(slope)) * reach(inputs[name]) > MATTERS_K:
                assert slope == pytest.approx(found, rel=NEAR), (name, str(identity))


@cache
def with_silicon_that_does_not_vary() -> Assessment:
    """Linear in powers and fluids: silicon conducts at all temperatures as it does at 300 K."""
    return again(STACKED, None, catalog().with_value("catalog/material/si/conductivity_exponent", 0.0))


def test_all_fluids_together_move_a_junction_by_as_much() -> None:
    for item in with_silicon_that_does_not_vary().limits:
        if item.identity.kind == "junction":
            slopes = item.sensitivities
            both = slopes["program/environment.coolant"] + slopes["program/environment.air"]
            assert both == pytest.approx(-1.0, abs=5e-4)  # the plan's adjoints are good to 1e-4


def test_rise_is_the_sum_of_what_each_watt_gives() -> None:
    """Linear in the powers: slope times power, summed, and the air's own share, is the rise (Euler)."""
    for item in with_silicon_that_does_not_vary().limits:
        if item.identity.kind != "junction":
            continue
        by_power = sum(
            -slope * with_silicon_that_does_not_vary().inputs[name].value
            for name, slope in item.sensitivities.items()
            if ".power." in name or name.endswith("/energy_per_bit")
        )
        air = program().environment
        by_air = -item.sensitivities["program/environment.air"] * (air.air.value - air.coolant.value)
        assert by_power + by_air == pytest.approx(item.demand, rel=1e-3)


# Hot enough to throttle, not so hot that nothing is left.
THROTTLED = AIR


def hot() -> Program:
    """The example with half as much power again in the mode that is sustained."""
    found = program()
    for power in program().modes["sustained"].power.values():
        found = found.with_value(power.id, 1.6 * power.value)
    return found


@pytest.mark.usefixtures("tight")
@pytest.mark.parametrize(
    "name",
    [
        "program/accuracy.power", "program/modes.sustained.power.compute", "program/modes.sustained.power.hbm",
        "program/modes.sustained.power.fabric", "program/environment.air",
        "catalog/thermal_path/forced_air_hs/resistance", "catalog/interface/tim1_indium/area_resistance",
        "catalog/part/hbm3_12h/conductivity_z", "catalog/rule/clock/power_exponent",
        "program/blocks.compute.throughput", "catalog/part/hbm3_12h/maximum_temperature",
    ],
)  # fmt: skip
def test_slopes_of_a_throttled_package(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(thermal.ADJOINT_TOLERANCE, "plan", 1e-8)
    # At 1.9 V, so that the body does not grow by the balls that the power asks for.
    asked = hot().with_value("program/supply_voltage", 1.9)
    margins, metrics = answers(THROTTLED, asked, catalog())
    assert min(value for key, value in margins.items() if key.mode == "sustained") < 0.0
    item = asked.input(name) if name.startswith("program/") else catalog().input(name)
    (_, high), (_, low), apart = sides(answers, THROTTLED, name, item, asked)
    for metric in ("throughput", "efficiency"):
        found = (high[metric].value - low[metric].value) / apart
        slope = metrics[metric].sensitivities.get(name, 0.0)
        scale = 1e-4 * metrics[metric].value / max(abs(item.value), 1e-300)
        assert slope == pytest.approx(found, rel=NEAR, abs=scale), metric


@pytest.mark.parametrize("name", ["program/modes.sustained.power.hbm", "catalog/part/hbm3_12h/bandwidth"])
def test_slopes_of_performance_at_full_clock(name: str) -> None:
    item = program().input(name) if name.startswith("program/") else catalog().input(name)
    (_, high), (_, low), apart = sides(answers, BRIDGE, name, item, program())
    for metric in ("throughput", "efficiency"):
        found = (high[metric].value - low[metric].value) / apart
        scale = 1e-6 * assessed(BRIDGE).metrics[metric].value / item.value
        slope = assessed(BRIDGE).metrics[metric].sensitivities.get(name, 0.0)
        assert slope == pytest.approx(found, rel=NEAR, abs=scale), metric
