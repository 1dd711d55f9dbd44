"""Limits on the way out: what they demand, that nobody who states no number gets them, and every slope of them."""

from dataclasses import replace

import pytest

from packfirst.catalog import Catalog
from packfirst.disciplines.case import Facts
from packfirst.disciplines.thermal import limits
from packfirst.disciplines.thermal.limits import DISCIPLINE
from packfirst.inputs import Evidence, Input, Kind
from packfirst.limit import Limit
from packfirst.program import Program

from ...assessment.example import STACKED, case, catalog, program

KINDS = {"sink_flux", "sink_power", "case", "die_gradient"}
Key = tuple[str, str]


def stated(name: str, value: float, quantity: str) -> Input:
    return Input(
        id=f"program/environment.{name}", value=value, quantity=quantity, kind=Kind.CHOICE, evidence=Evidence.ASSUMED
    )  # fmt: skip


def in_one_mode() -> Program:
    found = program()
    return found.model_copy(update={"modes": {"peak": found.modes["peak"]}, "workload": None})


def asking() -> Program:
    """The example with a case maximum, a sink's power and a gradient stated, in one mode."""
    wanted = {
        "case_maximum": stated("case_maximum", 343.15, "temperature"),
        "sink_power": stated("sink_power", 1500.0, "power"),
        "die_gradient": stated("die_gradient", 15.0, "temperature_difference"),
    }
    found = in_one_mode()
    return found.model_copy(update={"environment": found.environment.model_copy(update=wanted)})


def found_of(
    program_: Program, catalog_: Catalog | None = None, candidate: object = STACKED
) -> dict[Key, Limit]:
    outcome = DISCIPLINE.limits(case(candidate, program_, catalog_), Facts(), "plan")  # type: ignore[arg-type]
    return {
        (item.identity.kind, item.identity.subject): item
        for item in outcome.limits
        if isinstance(item, Limit) and item.identity.kind in KINDS
    }


@pytest.fixture(scope="module", autouse=True)
def _tight():
    """Solved far enough that differences show the slopes; of the adjoints only one set need be exact."""
    known = limits.TOLERANCE["plan"], limits.ADJOINT_TOLERANCE["plan"]
    limits.TOLERANCE["plan"], limits.ADJOINT_TOLERANCE["plan"] = 1e-10, 0.1
    yield
    limits.TOLERANCE["plan"], limits.ADJOINT_TOLERANCE["plan"] = known


@pytest.fixture(scope="module")
def found(_tight) -> dict[Key, Limit]:
    limits.ADJOINT_TOLERANCE["plan"] = 1e-9
    exact = found_of(asking())
    limits.ADJOINT_TOLERANCE["plan"] = 0.1
    return exact


def test_nothing_is_demanded_that_nobody_stated(found):
    assert {kind for kind, _ in found_of(in_one_mode())} == {"sink_flux"}
    assert {kind for kind, _ in found} == KINDS
    whom = {subject for kind, subject in found if kind == "die_gradient"}
    assert whom == {"die:compute", "die:fabric", "die:hbm"}


def test_the_sink_takes_most_of_what_is_put_in_and_not_more(found):
    watts = sum(item.value for item in program().modes["peak"].power.values())
    assert 0.8 * watts < found["sink_power", "package"].demand < watts


def test_case_lies_between_the_fluid_and_the_junction_and_the_flux_is_the_films(found):
    outcome = DISCIPLINE.limits(case(STACKED, asking()), Facts(), "plan")
    hottest = max(peak for _, _, _, peak, _ in outcome.details["die"])
    rise = found["case", "package"].demand
    assert 0.0 < rise < hottest - program().environment.coolant.value
    path = catalog().record("thermal_path", "cold_plate")
    film = 1.0 / (path["resistance"] * path["reference_area"])
    assert found["sink_flux", "package"].demand == pytest.approx(film * rise, rel=1e-9)
    lid = case(STACKED).package.body("lid").footprint_m2
    # the hottest spot takes more than the mean
    assert found["sink_flux", "package"].demand > found["sink_power", "package"].demand / lid


def test_a_path_whose_largest_flux_is_only_assumed_cannot_reject(found):
    assert (
        catalog().record("thermal_path", "cold_plate").input("max_heat_flux").evidence is Evidence.PUBLISHED
    )
    assert found["sink_flux", "package"].hard
    guessed = found_of(asking(), None, replace(STACKED, thermal_path="liq_flow_through"))
    assert not guessed["sink_flux", "package"].hard


INPUTS = (
    "catalog/thermal_path/cold_plate/resistance",
    "catalog/material/cu/conductivity",
    "catalog/interface/tim1_indium/area_resistance",
    "catalog/technology/si_interposer_cowos_s/thickness_lid",
    "program/environment.coolant",
    "program/environment.air",
    "program/board.film_below",
    "program/modes.peak.power.compute",
)


@pytest.mark.parametrize("name", INPUTS)
def test_slopes_are_those_of_the_model(found, name: str) -> None:
    """Against differences of whole solves, in which the same spot stays the worst."""
    value = (asking() if name.startswith("program/") else catalog()).input(name).value
    step = value * 1e-3 if not name.endswith(("coolant", "air")) else 0.05
    margins = []
    for sign in (1.0, -1.0):
        there, data = asking(), catalog()
        if name.startswith("program/"):
            there = there.with_value(name, value + sign * step)
        else:
            data = data.with_value(name, value + sign * step)
        margins.append({key: item.margin for key, item in found_of(there, data).items()})
    assert any(abs(item.sensitivities.get(name, 0.0)) > 0.0 for item in found.values())
    for key, item in found.items():
        expected = (margins[0][key] - margins[1][key]) / (2.0 * step)
        scale = abs(item.capacity) / value
        # the half cell under the film conducts as its own temperature says: what that moves by is left out
        assert item.sensitivities.get(name, 0.0) == pytest.approx(expected, rel=1e-3, abs=2e-6 * scale), key
