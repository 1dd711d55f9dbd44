"""Cost per good part of whole packages: its samples, its slopes, and where it becomes a limit."""

from dataclasses import replace

import numpy as np
import pytest

from packfirst.disciplines.case import Case, Facts, Outcome
from packfirst.disciplines.cost.limits import DISCIPLINE, MODEL_ERROR, Reader
from packfirst.inputs import Input, Kind
from packfirst.levers import with_input
from packfirst.limit import Limit, NotAssessed

from ...assessment.example import BESIDE, BRIDGE, STACKED, case, catalog, program


def ask(candidate=STACKED, program_=None, catalog_=None) -> Outcome:
    return DISCIPLINE.limits(case(candidate, program_, catalog_), Facts(), "plan")


def cost(outcome: Outcome) -> float:
    return outcome.metrics[0].value


def needing(usd: float):
    """The Program with a demand on the cost of one part."""
    demand = Input(id="", value=usd, quantity="cost", kind=Kind.CHOICE, evidence=program().volume.evidence)
    needs = program().needs.model_copy(update={"unit_cost": demand})
    return type(program()).model_validate(
        {name: getattr(program(), name) for name in type(program()).model_fields} | {"needs": needs}
    )


def test_without_a_demand_cost_is_a_figure_and_no_limit() -> None:
    found = ask()
    assert not found.limits
    assert found.metrics[0].name == "cost"
    assert found.metrics[0].better == "less"


def test_a_demand_becomes_a_hard_limit() -> None:
    price = cost(ask())
    for factor, sign in ((2.0, 1.0), (0.8, -1.0)):
        (item,) = ask(STACKED, needing(factor * price)).limits
        assert isinstance(item, Limit)
        assert item.hard
        assert item.demand == pytest.approx(price)
        assert item.margin * sign > 0.0
        assert item.samples.shape == (1024,)
        assert np.median(item.samples) * sign > 0.0
        assert item.model_error == pytest.approx(MODEL_ERROR * price)
        assert item.sensitivities["program/needs.unit_cost"] == 1.0


def test_samples_spread_about_the_nominal_and_are_the_same_twice() -> None:
    one, other = ask().metrics[0].samples, ask().metrics[0].samples
    assert one.tolist() == other.tolist()
    assert one.std() > 0.02 * cost(ask())
    low, high = np.quantile(one, (0.05, 0.95))
    assert low < cost(ask()) < high
    assert ask().details["quantiles_usd"] == [float(x) for x in np.quantile(one, (0.05, 0.5, 0.95))]


def test_another_seed_is_another_sample_of_the_same() -> None:
    asked = case(STACKED)
    other = DISCIPLINE.limits(replace(asked, seed=7), Facts(), "plan").metrics[0].samples
    one = ask().metrics[0].samples
    assert one.tolist() != other.tolist()
    assert np.median(other) == pytest.approx(np.median(one), rel=0.03)


def test_no_sampled_number_is_negative_and_no_share_above_one() -> None:
    asked: Case = replace(case(STACKED), n_samples=4096)
    reader = Reader(asked)
    for item in catalog().inputs():
        if item.id.startswith("catalog/cost_parameter/") and item.is_sampled and item.value > 0.0:
            drawn = reader.sampled(item)
            assert drawn.min() > 0.0, item.id
            if item.quantity == "number" and item.high <= 1.0:
                assert drawn.max() <= 1.0, item.id


@pytest.mark.parametrize("candidate", [STACKED, BRIDGE, BESIDE])
def test_slopes_by_choices_are_those_of_asking_again(candidate) -> None:
    slopes = ask(candidate).metrics[0].sensitivities
    assert slopes
    for name, slope in slopes.items():
        item = case(candidate).input(name)
        assert item.kind is Kind.CHOICE
        step = 0.002 * item.value
        high, low = (
            cost(ask(candidate, *with_input(program(), catalog(), name, item.value + sign * step)))
            for sign in (1.0, -1.0)
        )
        # Re-placed die move the laminate's area by whole ball pitches, of which the slope knows nothing.
        assert slope == pytest.approx(
            (high - low) / (2.0 * step), rel=0.1, abs=0.003 * cost(ask()) / item.value
        ), name


def test_a_die_as_large_as_a_wafer_is_not_assessed() -> None:
    huge = program().with_value("program/blocks.compute.area", 0.5)
    (absent,) = ask(replace(BESIDE, partition=BESIDE.partition), huge).limits or (None,)
    assert isinstance(absent, NotAssessed)
    assert "wafer" in absent.missing[0]


def test_a_dearer_wafer_or_stack_costs_more() -> None:
    for name in (
        "catalog/node/n5/wafer_cost", "catalog/part/hbm3_12h/cost", "catalog/node/n5/nre_design",
        "catalog/technology/hybrid_bond_d2w/nre", "catalog/cost_parameter/test/final_test_cost",
    ):  # fmt: skip
        dearer = catalog().with_value(name, 1.1 * catalog().input(name).value)
        assert cost(ask(STACKED, None, dearer)) > cost(ask()), name


def test_a_better_yield_of_any_step_costs_less() -> None:
    for name in (
        "catalog/technology/hybrid_bond_d2w/per_die_yield", "catalog/cost_parameter/package_assembly/step_yield",
        "catalog/cost_parameter/flip_chip_attach/bond_yield_per_die",
    ):  # fmt: skip
        value = catalog().input(name).value
        better = catalog().with_value(name, value + 0.5 * (1.0 - value))
        assert cost(ask(STACKED, None, better)) < cost(ask()), name


def test_every_step_of_the_way_adds_or_loses_money() -> None:
    names = [name for name, *_ in ask().details["steps"]]
    assert names == ["module on laminate", "lid and balls", "final test"]
    for _, added, lost, survival in ask().details["steps"]:
        assert added >= 0.0
        assert lost >= 0.0
        assert 0.5 < survival <= 1.0
