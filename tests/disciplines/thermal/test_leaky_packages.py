"""Whole packages with what only some Programs state: leakage, a vacuum, a rail, warming coolant, gate fingers."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from packfirst.architecture.architecture import build
from packfirst.architecture.candidate import space
from packfirst.architecture.elaborate import elaborate
from packfirst.disciplines.case import Case, Facts, Outcome, Table
from packfirst.disciplines.performance.limits import DISCIPLINE as PERFORMANCE
from packfirst.disciplines.thermal import limits
from packfirst.disciplines.thermal.limits import DISCIPLINE
from packfirst.inputs import Evidence, Input, Kind
from packfirst.limit import Limit, NotAssessed
from packfirst.program import Program, load_program

from ...assessment.example import BESIDE, case, catalog, program

MODE = "sustained"


def given(value: float, quantity: str) -> Input:
    return Input(id="", value=value, quantity=quantity, kind=Kind.CHOICE, evidence=Evidence.ASSUMED)


def stating(found: Program, part: str, **fields: object) -> Program:
    """The Program with some optional fields of a part stated, and their ids given."""
    changed = found.model_copy(update={part: getattr(found, part).model_copy(update=fields)})
    return Program.model_validate(dict(changed))


def one_mode(found: Program) -> Program:
    return found.model_copy(update={"modes": {MODE: found.modes[MODE]}})


@cache
def leaky(factor: float = 1.0, power_at: float = 358.15, candidate=BESIDE) -> Case:
    """The example on laminate in one mode, with powers stated at a temperature, and times a factor."""
    found = one_mode(stating(program(), "accuracy", power_at=given(power_at, "temperature")))
    for power in found.modes[MODE].power.values():
        found = found.with_value(power.id, factor * power.value)
    # At a voltage that rises as well, so that the body does not grow by the balls that the power asks for.
    found = found.with_value("program/supply_voltage", factor * found.supply_voltage.value)
    return case(candidate, found)


@cache
def asked(factor: float = 1.0, candidate=BESIDE) -> Outcome:
    return DISCIPLINE.limits(leaky(factor, candidate=candidate), Facts(), "plan")


def of_kind(outcome: Outcome, kind: str) -> list[Limit]:
    return [item for item in outcome.limits if isinstance(item, Limit) and item.identity.kind == kind]


def peaks(outcome: Outcome) -> dict[str, float]:
    return {die: peak for die, _, _, peak, _ in outcome.details["die"]}


def test_leakage_is_as_its_temperatures_say() -> None:
    """Power of each die over that stated: 1 - s + s 2^((T - T_ref)/D), at its own mean temperature, nearly."""
    asked_case, outcome = leaky(), asked()
    assert outcome.details["balance"][0] < 1e-5
    for die, _, watts, _, mean in outcome.details["die"]:
        place = next(item for item in asked_case.package.die if item.id == die)
        if place.part:
            continue
        group = next(g for g in asked_case.architecture.candidate.partition.groups if g.name == place.group)
        node = catalog().record("node", place.node)
        stated = asked_case.program.modes[MODE].power[place.group].value / group.count
        grown = 2.0 ** ((mean - 358.15) / node["leakage_doubling"])
        assert watts == pytest.approx(stated * (1.0 + node["leakage_share"] * (grown - 1.0)), rel=2e-3)
        # cooler than where its power is stated: it leaks less
        assert watts < stated


def test_powers_stated_at_a_cooler_junction_are_hotter_in_the_end() -> None:
    found = [
        max(peaks(DISCIPLINE.limits(leaky(power_at=at), Facts(), "plan")).values())
        for at in (398.15, 358.15, 318.15)
    ]
    assert found[0] < found[1] < found[2]


def test_without_a_temperature_for_them_powers_are_what_is_drawn() -> None:
    plain = case(BESIDE, one_mode(program()))
    outcome = DISCIPLINE.limits(plain, Facts(), "plan")
    assert not of_kind(outcome, "runaway")
    for die, _, watts, _, _ in outcome.details["die"]:
        group = next(item.group for item in plain.package.die if item.id == die)
        count = sum(item.group == group for item in plain.package.die)
        assert watts == pytest.approx(plain.program.modes[MODE].power[group].value / count, rel=1e-12)


@pytest.fixture(scope="module")
def close() -> Iterator[Outcome]:
    """The leaky example, it and what it is compared with solved closely."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(limits.TOLERANCE, "plan", 1e-9)
        patch.setitem(limits.ADJOINT_TOLERANCE, "plan", 1e-8)
        yield DISCIPLINE.limits(leaky(), Facts(), "plan")


@pytest.mark.parametrize(
    "name",
    [
        "program/accuracy.power_at", "catalog/node/n5/leakage_doubling", "program/modes.sustained.power.compute",
        "catalog/material/si/conductivity_exponent",
    ],
)  # fmt: skip
def test_slopes_of_a_leaky_package_are_differences(name: str, close: Outcome) -> None:
    here = leaky()
    item = here.input(name)
    step = 1e-3 * (item.value - 273.15 if item.quantity == "temperature" else item.value)
    ends = []
    for sign in (1.0, -1.0):
        value = item.value + sign * step
        if name.startswith("program/"):
            moved = replace(here, program=here.program.with_value(name, value))
        else:
            moved = replace(here, catalog=here.catalog.with_value(name, value))
        ends.append(DISCIPLINE.limits(moved, Facts(), "plan"))
    # the slopes of the last steady state hold its conductivities
    for kind, near in (("junction", 2e-3), ("runaway", 8e-2)):
        for number, limit in enumerate(of_kind(close, kind)):
            high, low = (of_kind(end, kind)[number] for end in ends)
            found = (high.margin - low.margin) / (2.0 * step)
            small = 1e-4 * abs(limit.capacity / item.value)
            assert limit.sensitivities.get(name, 0.0) == pytest.approx(found, rel=near, abs=small), kind


def test_runaway_is_a_violated_limit_and_the_power_that_just_holds_does() -> None:
    (limit,) = of_kind(asked(), "runaway")
    assert limit.unit == "W"
    assert limit.hard
    ratio = limit.capacity / limit.demand
    assert ratio > 1.0
    beyond = asked(round(1.06 * ratio, 3))
    (violated,) = of_kind(beyond, "runaway")
    assert violated.margin < 0.0
    assert "no steady temperature exists" in violated.explanation
    without = [item for item in beyond.limits if isinstance(item, NotAssessed)]
    assert {item.identity.kind for item in without} == {"junction"}
    assert not of_kind(beyond, "junction")
    # within its error the fold of the die's means is where the whole field stops settling
    inside = asked(round(0.95 * ratio, 3))
    assert of_kind(inside, "junction")
    assert of_kind(inside, "runaway")[0].margin > 0.0


def test_a_package_that_runs_away_still_has_a_clock_that_holds() -> None:
    """It is told the clock at which the tightest junction, leakage and all, is at its limit."""
    (holds,) = of_kind(asked(), "runaway")
    hot = leaky(round(1.06 * holds.capacity / holds.demand, 3))
    outcome = DISCIPLINE.limits(hot, Facts(), "plan")
    assert not of_kind(outcome, "junction")
    told = {
        name: {fact.subject: fact.value for fact in outcome.facts if fact.name == name}
        for name in ("rise", "rise_limit", "scaling_rise")
    }
    share = min(
        (told["rise_limit"][kind] - told["rise"][kind]) / told["scaling_rise"][kind] + 1.0
        for kind in told["rise"]
    )
    assert 0.0 < share < 1.0
    # solved anew with that share of what follows the clock
    setting = limits.setting_of(hot, "plan")
    powers = limits._die_powers(hot, Facts(), MODE)
    solved = limits._solve(setting, [{k: limits._clocked(item, share) for k, item in powers.items()}], 1e-9)
    assert solved.settled.all()
    field = solved.temperature_k[0].ravel()
    margins = [
        limits.maximum(hot, die).value - float(field[setting.active[die.id]].max()) for die in hot.package.die
    ]
    assert min(margins) == pytest.approx(0.0, abs=0.02)
    clock = PERFORMANCE.limits(hot, Facts(outcome.facts), "plan").details["clock"]
    exponent = catalog().input("catalog/rule/clock/power_exponent").value
    assert clock == pytest.approx(share ** (1.0 / exponent), rel=1e-9)


def test_in_a_vacuum_no_gas_conducts_and_no_air_cools() -> None:
    """The cavity under the lid is void and the board's films are gone: all heat leaves by the path."""
    there = stating(one_mode(program()), "environment", vacuum=True)
    setting = limits.setting_of(case(BESIDE, there), "plan")
    package = case(BESIDE, there).package
    cavity = np.isin(setting.label, [package.index[body.id] for body in package.of_role("cavity")])
    assert cavity.any()
    assert not setting.plain.solid[cavity].any()
    assert (setting.plain.h_bottom == 0.0).all()
    top = setting.plain.h_top
    assert set(np.unique(top[setting.kind["top"] == 0])) == {0.0}
    outcome = DISCIPLINE.limits(case(BESIDE, there), Facts(), "plan")
    plain = DISCIPLINE.limits(case(BESIDE, one_mode(program())), Facts(), "plan")
    for name, peak in peaks(outcome).items():
        assert peak > peaks(plain)[name]
    slopes = of_kind(outcome, "junction")[0].sensitivities
    assert "program/board.film_above" not in slopes
    assert slopes["program/environment.coolant"] == pytest.approx(-1.0, abs=0.01)


def test_what_radiates_to_space_is_cooler_and_its_slopes_are_differences(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(limits.TOLERANCE, "plan", 1e-9)
    monkeypatch.setitem(limits.ADJOINT_TOLERANCE, "plan", 1e-8)
    empty = stating(one_mode(program()), "environment", vacuum=True)
    seen = stating(empty, "environment", space=given(253.15, "temperature"))
    here = case(BESIDE, seen)
    dark, lit = (DISCIPLINE.limits(case(BESIDE, item), Facts(), "plan") for item in (empty, seen))
    for name, peak in peaks(lit).items():
        assert peak < peaks(dark)[name]
    assert lit.details["balance"][0] < 1e-7
    for name, step in (("program/environment.space", 2.0), ("catalog/material/soldermask/emissivity", 0.01)):
        item = here.input(name)
        ends = []
        for value in (item.value + step, item.value - step):
            moved = (
                replace(here, program=seen.with_value(name, value))
                if name.startswith("program/")
                else replace(here, catalog=catalog().with_value(name, value))
            )
            ends.append(DISCIPLINE.limits(moved, Facts(), "plan"))
        for number, limit in enumerate(of_kind(lit, "junction")):
            high, low = (of_kind(end, "junction")[number].margin for end in ends)
            found = (high - low) / (2.0 * step)
            assert limit.sensitivities[name] == pytest.approx(found, rel=3e-3, abs=1e-7)


def test_a_card_gives_heat_by_its_edges_in_the_rails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.TOLERANCE, "plan", 1e-9)
    monkeypatch.setitem(limits.ADJOINT_TOLERANCE, "plan", 1e-8)
    walled = stating(one_mode(program()), "environment", cold_wall=given(333.15, "temperature"), vacuum=True)
    card = replace(BESIDE, thermal_path="cond_card_vita48_2")
    here = case(card, walled)
    setting = limits.setting_of(here, "plan")
    rail = catalog().record("thermal_path", "cond_card_vita48_2")["edge_width"]
    mesh = setting.plain.mesh
    area = np.outer(*mesh.sizes_m[:2])
    for side in ("top", "bottom"):
        assert area[setting.kind[side] == 2].sum() == pytest.approx(
            2.0 * rail * program().board.size_y.value, rel=1e-6
        )
    assert setting.fluid.value == 333.15
    outcome = DISCIPLINE.limits(here, Facts(), "plan")
    assert outcome.details["balance"][0] < 1e-7
    # a board that conducts no heat to its edges is worse off, and wider rails help
    name = "program/board.conductivity"
    numb = DISCIPLINE.limits(case(card, walled.with_value(name, 0.1)), Facts(), "plan")
    wider = catalog().with_value("catalog/thermal_path/cond_card_vita48_2/edge_width", 2.0 * rail)
    wide = DISCIPLINE.limits(replace(here, catalog=wider), Facts(), "plan")
    for die, peak in peaks(outcome).items():
        assert peaks(wide)[die] < peak < peaks(numb)[die]
    # in a vacuum the wall is all that takes heat
    name = "catalog/thermal_path/cond_card_vita48_2/film_coefficient"
    step = 0.01 * catalog().input(name).value
    ends = [
        of_kind(
            DISCIPLINE.limits(
                replace(here, catalog=catalog().with_value(name, catalog().input(name).value + sign * step)),
                Facts(), "plan",
            ),
            "junction",
        )[0].margin
        for sign in (1.0, -1.0)
    ]  # fmt: skip
    limit = of_kind(outcome, "junction")[0]
    assert limit.sensitivities[name] == pytest.approx((ends[0] - ends[1]) / (2.0 * step), rel=5e-3)
    assert "program/environment.air" not in limit.sensitivities


@pytest.mark.parametrize("where", ["leaky", "vacuum", "space", "rails", "radiator"])
def test_the_screens_bound_stays_below_the_rise(where: str) -> None:
    path = {"rails": "cond_card_vita48_2", "space": "space_radiation_only", "radiator": "space_cond_radiator"}
    candidate = replace(BESIDE, thermal_path=path.get(where, BESIDE.thermal_path))
    found = one_mode(program())
    if where == "leaky":
        found = stating(found, "accuracy", power_at=given(398.15, "temperature"))
    else:
        wall, space_ = given(333.15, "temperature"), given(253.15, "temperature")
        found = stating(found, "environment", vacuum=True, cold_wall=wall, space=space_)
    if where == "space":  # at all its power it would glow, and whether that settles depends on the last digit
        for power in found.modes[MODE].power.values():
            found = found.with_value(power.id, 0.1 * power.value)
    freedom = found.freedom.model_copy(update={"thermal_paths": (candidate.thermal_path,)})
    found = found.model_copy(update={"freedom": freedom})
    every = space(found, catalog())
    row = next(row for row in range(len(every)) if every.candidate(row).key == candidate.key)
    table = Table(program=found, catalog=catalog(), space=every, rows=np.array([row]))
    (bound,) = DISCIPLINE.bounds(table).bounds
    outcome = DISCIPLINE.limits(case(candidate, found), Facts(), "plan")
    limit = max(of_kind(outcome, "junction"), key=lambda item: item.demand)
    assert not bound.rejected[0] or limit.margin < 0.0
    if (
        limit.demand + float(outcome.details["fluid_k"]) < 378.15
    ):  # as far as radiation is bounded by its film there
        assert limit.demand > float(bound.demand[0])


def test_coolant_that_warms_is_an_energy_balance() -> None:
    flowing = stating(one_mode(program()), "environment", coolant_flow=given(0.02, "mass_flow"))
    outcome = DISCIPLINE.limits(case(BESIDE, flowing), Facts(), "plan")
    fact = {item.name: item.value for item in outcome.facts if item.name.startswith("coolant_")}
    heat_capacity = catalog().record("thermal_path", "cold_plate")["coolant_heat_capacity"]
    assert fact["coolant_heat"] == pytest.approx(0.02 * heat_capacity * fact["coolant_rise"], rel=1e-12)
    watts = sum(item[2] for item in outcome.details["die"])
    # the board gives a little of it to the air
    assert 0.9 * watts < fact["coolant_heat"] < 1.01 * watts
    inlet = program().environment.coolant.value
    assert fact["coolant_outlet"] == pytest.approx(inlet + fact["coolant_rise"], rel=1e-12)
    plain = DISCIPLINE.limits(case(BESIDE, one_mode(program())), Facts(), "plan")
    more = max(peaks(outcome).values()) - max(peaks(plain).values())
    assert 0.2 * fact["coolant_rise"] < more < fact["coolant_rise"]
    slopes = of_kind(outcome, "junction")[0].sensitivities
    assert slopes["program/environment.coolant_flow"] > 0.0


def test_every_die_joint_and_interface_has_its_temperatures() -> None:
    outcome = DISCIPLINE.limits(case(BESIDE, one_mode(program())), Facts(), "plan")
    facts = Facts(outcome.facts)
    package = case(BESIDE).package
    for body in package.bodies:
        if body.role in ("die", "bumps", "lid_interface", "balls", "laminate"):
            mean, most = (facts.get(name, body.id, MODE) for name in ("temperature_mean", "temperature_max"))
            assert mean is not None, body.id
            assert most is not None, body.id
            assert program().environment.air.value < mean.value <= most.value + 1e-9
    die = package.die[0]
    peak = facts.get("temperature", die.id, MODE)
    assert facts.get("temperature_max", die.body, MODE).value >= peak.value - 1e-9


RADIO = Path(__file__).parents[3] / "examples" / "xband_tr_module" / "program.yaml"


@cache
def module() -> Case:
    found = load_program(RADIO)
    candidate = next(
        item
        for item in map(space(found, catalog()).candidate, range(len(space(found, catalog()))))
        if item.carrier == "metal_rf_hybrid_housing"
    )
    architecture = build(found, catalog(), candidate)
    return Case(
        program=found,
        catalog=catalog(),
        architecture=architecture,
        package=elaborate(architecture, catalog()),
    )


def test_an_amplifiers_limit_is_that_of_its_channel() -> None:
    outcome = DISCIPLINE.limits(module(), Facts(), "plan")
    channels = {
        item.identity.subject: item
        for item in of_kind(outcome, "channel")
        if item.identity.mode == "radiating"
    }
    assert "die:hpa" in channels
    assert {item.identity.subject for item in of_kind(outcome, "junction")} >= {"die:control"}
    part = catalog().record("part", "xband_gan_hpa")
    limit = channels["die:hpa"]
    fluid = outcome.details["fluid_k"]
    assert limit.capacity == pytest.approx(part["maximum_temperature"] - fluid)
    # between the die's face and its channels: more than even heat through film and boundary, less than half of all
    watts = next(w for die, mode, w, _, _ in outcome.details["die"] if (die, mode) == ("hpa_0", "radiating"))
    per_width = watts / (part["gate_fingers"] * part["finger_width"])
    facts = Facts(outcome.facts)
    face = facts.get("temperature_max", "hpa_0", "radiating").value
    over = limit.demand + fluid - face
    assert per_width / part["finger_pitch"] * part["boundary_resistance"] < over < 0.5 * limit.demand
    assert limit.sensitivities[part.input("boundary_resistance").id] < 0.0
    assert limit.sensitivities[part.input("finger_pitch").id] > 0.0


@pytest.mark.parametrize(
    ("field", "near"),
    # The grid's lines follow a row that grows: its slopes hold them where they are.
    [("boundary_resistance", 5e-3), ("finger_pitch", 0.08)],
)
def test_slopes_of_a_channel_are_differences(
    field: str, near: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.TOLERANCE, "plan", 1e-9)
    name = f"catalog/part/xband_gan_hpa/{field}"
    value = catalog().input(name).value
    ends = []
    for sign in (1.0, -1.0):
        moved = replace(module(), catalog=catalog().with_value(name, value * (1.0 + sign * 1e-3)))
        ends.append(DISCIPLINE.limits(moved, Facts(), "plan"))
    fresh = DISCIPLINE.limits(module(), Facts(), "plan")
    for number, limit in enumerate(of_kind(fresh, "channel")):
        if limit.identity.subject == "die:hpa" and limit.identity.mode == "radiating":
            high, low = (of_kind(end, "channel")[number].margin for end in ends)
            assert limit.sensitivities[name] == pytest.approx((high - low) / (2e-3 * value), rel=near)
