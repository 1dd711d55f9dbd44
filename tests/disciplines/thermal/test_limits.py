"""Junction limits of whole packages: where the heat is set free, where it leaves, what a rung's error is."""

from dataclasses import replace

import numpy as np
import pytest

from packfirst.architecture.candidate import space
from packfirst.architecture.package import Package
from packfirst.disciplines.case import Case, Facts
from packfirst.disciplines.electrical.limits import DISCIPLINE as ELECTRICAL
from packfirst.disciplines.thermal import limits
from packfirst.disciplines.thermal.limits import DISCIPLINE, junction_rises, maximum
from packfirst.limit import Limit, NotAssessed

from ...assessment.example import (
    AIR,
    BESIDE,
    NATURAL,
    STACKED,
    assessed,
    by_identity,
    case,
    catalog,
    limit,
    program,
)

EVERY = space(program(), catalog())


def heated(asked: Case, rung: str) -> dict[tuple[str, str], float]:
    return junction_rises(asked, Facts(ELECTRICAL.limits(asked, Facts(), rung).facts), rung)


def random_case(rng: np.random.Generator) -> Case:
    """A candidate of the example under powers by a factor of about two and areas from half to a third more."""
    found = program()
    found = found.model_copy(update={"modes": {"sustained": found.modes["sustained"]}})
    for power in found.modes["sustained"].power.values():
        found = found.with_value(power.id, power.value * float(np.exp(rng.normal(0.0, 0.5))))
    for block in program().blocks.values():
        found = found.with_value(block.area.id, block.area.value * rng.uniform(0.5, 1.3))
    return case(EVERY.candidate(int(rng.integers(len(EVERY)))), found)


def test_the_plan_rung_errs_as_its_model_error_says() -> None:
    """Twelve packages of another draw than the benchmark's: the spread, and no junction beyond three sigma."""
    rng = np.random.default_rng(42)
    errors = []
    for _ in range(12):
        asked = random_case(rng)
        plan, sign = heated(asked, "plan"), heated(asked, "sign")
        errors += [plan[key] / sign[key] - 1.0 for key in sign]
    z = np.array(errors) / limits.MODEL_ERROR["plan"]
    assert len(z) >= 24
    assert np.sqrt((z**2).mean()) < 1.0
    assert np.abs(z).max() < 3.5
    # and it is not simply made large: a model error far beyond the spread would hide what inputs do
    assert np.sqrt((z**2).mean()) > 0.25


def test_limits_carry_the_model_error_of_their_rung() -> None:
    for item in assessed(STACKED).limits:
        if item.identity.kind == "junction":
            assert item.model_error == pytest.approx(limits.MODEL_ERROR["plan"] * item.demand)
            assert item.rung == "plan"
            assert item.unit == "K"
            assert item.hard


def test_a_limit_for_each_kind_of_die_and_mode_with_its_own_maximum() -> None:
    found = {
        str(item.identity): item for item in assessed(STACKED).limits if item.identity.kind == "junction"
    }
    assert len(found) == 3 * len(program().modes)
    coolant = program().environment.coolant.value
    for name, item in found.items():
        most = 95.0 if "hbm" in name else 105.0  # degC: JEDEC's stack, and the technology's junction
        assert item.capacity == pytest.approx(most + 273.15 - coolant)


def test_the_hottest_of_equal_die_is_judged() -> None:
    table = assessed(STACKED).outcomes["thermal"].details["die"]
    groups = {die.id: die.group for die in assessed(STACKED).package.die}
    for mode in program().modes:
        for group in ("compute", "fabric", "hbm"):
            peaks = [peak for die, there, _, peak, _ in table if there == mode and groups[die] == group]
            judged = limit(assessed(STACKED), f"thermal/junction of die:{group} in {mode}")
            assert judged.demand + program().environment.coolant.value == pytest.approx(max(peaks), abs=1e-5)


def test_the_mean_of_a_die_is_below_its_peak_and_above_the_fluid() -> None:
    for _, _, watts, peak, mean in assessed(STACKED).outcomes["thermal"].details["die"]:
        assert watts > 0.0
        assert program().environment.coolant.value < mean <= peak


def test_logic_sets_its_heat_free_in_a_sheet_next_to_its_wiring() -> None:
    setting = limits.setting_of(case(STACKED), "plan")
    package, mesh = case(STACKED).package, setting.prepared.problem.mesh
    for die in package.die:
        cells = np.unravel_index(setting.active[die.id], mesh.shape)
        low, high = mesh.z_m[cells[2].min()], mesh.z_m[cells[2].max() + 1]
        box = package.body(die.body).box_m
        assert setting.share[die.id].sum() == pytest.approx(1.0)
        if die.part:
            assert (low, high) == (pytest.approx(box[4]), pytest.approx(box[5]))
        else:
            assert low == pytest.approx(box[4])
            assert high - low <= limits.SOURCE_M * (1.0 + 1e-9)
        # spread over the whole face
        x, y = mesh.sizes_m[0][cells[0]], mesh.sizes_m[1][cells[1]]
        layers = len(np.unique(cells[2]))
        assert (x * y).sum() / layers == pytest.approx(package.body(die.body).footprint_m2)


def faced_up(package: Package) -> Package:
    return replace(package, die=tuple(replace(die, face="" if die.part else "up") for die in package.die))


def test_a_die_that_faces_up_heats_its_upper_side() -> None:
    asked = case(BESIDE)
    turned = replace(asked, package=faced_up(asked.package))
    mesh = limits.setting_of(turned, "plan").prepared.problem.mesh
    for die in turned.package.die:
        if not die.part:
            cells = np.unravel_index(limits.setting_of(turned, "plan").active[die.id], mesh.shape)
            assert mesh.z_m[cells[2].max() + 1] == pytest.approx(turned.package.body(die.body).box_m[5])
    # nearer to the lid by the silicon's own thickness: P t / (k A), on top of all else alike
    below, above = heated(asked, "plan"), heated(turned, "plan")
    for mode in program().modes:
        assert above["compute", mode] < below["compute", mode]
    power = program().modes["peak"].power["compute"].value
    body = asked.package.body("compute_0")
    silicon = power / program().blocks["compute"].area.value * body.thickness_m
    drop = below["compute", "peak"] - above["compute", "peak"]
    k300 = catalog().input("catalog/material/si/conductivity").value
    exponent = catalog().input("catalog/material/si/conductivity_exponent").value
    at = program().environment.coolant.value + above["compute", "peak"]
    assert drop == pytest.approx(silicon / k300 * (at / 300.0) ** exponent, rel=0.05)


def test_rise_over_the_cold_plate_is_more_than_without_any_resistance_inside() -> None:
    """P over the film's whole conductance, and no die below the mean of that."""
    path = catalog().record("thermal_path", "cold_plate")
    resistance = (
        path["resistance"] * path["reference_area"] / assessed(STACKED).package.body("lid").footprint_m2
    )
    table = assessed(STACKED).outcomes["thermal"].details["die"]
    for mode in program().modes:
        watts = sum(item[2] for item in table if item[1] == mode)
        hottest = max(item[3] for item in table if item[1] == mode)
        # the board takes a part of the heat: at most a tenth here
        assert hottest - program().environment.coolant.value > 0.9 * watts * resistance


def test_natural_convection_falls_to_the_thermal_limit() -> None:
    item = limit(assessed(NATURAL), "thermal/junction of die:compute in sustained")
    assert item.margin < -item.capacity
    assert any("outside the range" in flag for flag in item.flags)
    assert not limit(assessed(STACKED), "thermal/junction of die:compute in sustained").flags


def test_air_is_the_fluid_of_a_sink_in_air_and_coolant_that_of_a_cold_plate() -> None:
    air, coolant = program().environment.air, program().environment.coolant
    assert assessed(AIR).outcomes["thermal"].details["fluid_k"] == air.value
    assert assessed(STACKED).outcomes["thermal"].details["fluid_k"] == coolant.value
    slopes = limit(assessed(AIR), "thermal/junction of die:hbm in peak").sensitivities
    # warmer silicon spreads less heat to the memory, a thousandth of a kelvin by each
    assert slopes[air.id] == pytest.approx(-1.0, abs=2e-3)
    assert coolant.id not in slopes


def test_a_package_that_nothing_cools_is_not_assessed() -> None:
    sealed = program()
    for name in ("program/board.film_above", "program/board.film_below"):
        sealed = sealed.with_value(name, 0.0)
    closed = catalog().with_value("catalog/thermal_path/cold_plate/resistance", 1e300)
    (absent,) = DISCIPLINE.limits(case(STACKED, sealed, closed), Facts(), "plan").limits
    assert isinstance(absent, NotAssessed)
    assert absent.missing[0]


def test_without_link_power_there_is_less_heat() -> None:
    asked = case(BESIDE)
    plain = by_identity(DISCIPLINE.limits(asked, Facts(), "plan").limits)
    linked = {item.identity: item for item in assessed(BESIDE).limits if isinstance(item, Limit)}
    for identity, item in plain.items():
        assert item.demand < linked[identity].demand


def test_power_of_a_block_follows_its_node() -> None:
    """On another node the same block draws the foundry's share of it."""
    finer = replace(
        BESIDE.partition, groups=tuple(
            replace(group, node="n7") if group.blocks == ("fabric",) else group for group in BESIDE.partition.groups
        ),
    )  # fmt: skip
    asked = case(replace(BESIDE, partition=finer))
    table = DISCIPLINE.limits(asked, Facts(), "plan").details["die"]
    watts = sum(item[2] for item in table if item[0].startswith("fabric") and item[1] == "peak")
    field = "power_at_iso_speed"
    share = catalog().record("node", "n7")[field] / catalog().record("node", "n6")[field]
    assert watts == pytest.approx(program().modes["peak"].power["fabric"].value * share, rel=1e-9)


def test_maximum_is_the_parts_own_or_the_technologys() -> None:
    asked = case(STACKED)
    found = {die.group: maximum(asked, die).id for die in asked.package.die}
    assert found["hbm"] == "catalog/part/hbm3_12h/maximum_temperature"
    assert found["compute"] == found["fabric"] == f"catalog/technology/{STACKED.carrier}/junction_maximum"
