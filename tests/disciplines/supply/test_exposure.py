"""Concentration, removal, and the pattern of a journey."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.catalog.supply_records import load_supply
from packfirst.disciplines.supply.exposure import (
    concentration,
    groups_of,
    hhi_bounds,
    journey,
    material_exposure,
    removals,
    rerouted,
    single_points,
)
from packfirst.disciplines.supply.problem import RouteProblem, evaluated
from packfirst.disciplines.supply.process import Task
from packfirst.disciplines.supply.routes import pareto_routes

TABLES = tomllib.loads(
    (Path(__file__).parents[2] / "references/supply/concentration.toml").read_text("utf-8")
)


@pytest.mark.parametrize("table", TABLES["table"], ids=lambda table: table["id"])
def test_bounds_worked_by_hand(table):
    low, high = hhi_bounds(np.array(table["shares_percent"]) / 100, table["other_percent"] / 100)
    assert (low, high) == pytest.approx((table["low"], table["high"]))
    shipped = load_supply().share_tables[table["id"]]
    assert sorted(shipped.shares.values()) == pytest.approx(sorted(np.array(table["shares_percent"]) / 100))
    assert hhi_bounds(list(shipped.shares.values()), shipped.other) == pytest.approx(
        (table["low"], table["high"])
    )


@given(st.lists(st.floats(0.01, 1.0), min_size=1, max_size=8), st.floats(0.0, 1.0))
def test_bounds_hold_whatever_the_rest_is(weights, rest):
    shares = np.array(weights) / (sum(weights) + rest)
    other = rest / (sum(weights) + rest)
    low, high = hhi_bounds(shares, other)
    for holders in (1, 2, 7):
        split, _ = hhi_bounds([*shares, *([other / holders] * holders)])
        assert low - 1e-6 <= split <= high + 1e-6
    assert 0.0 < low <= high <= 10_000.0 + 1e-6


def test_equal_holders_and_one_holder():
    assert hhi_bounds([0.25] * 4) == pytest.approx((2500.0, 2500.0))
    assert hhi_bounds([1.0]) == pytest.approx((10_000.0, 10_000.0))
    with pytest.raises(ValueError, match="more than the whole"):
        hhi_bounds([0.7, 0.6])
    with pytest.raises(ValueError, match="negative"):
        hhi_bounds([-0.1])


def test_location_and_owner_give_different_concentrations():
    able = np.array([True, True, True, True, False])
    assert concentration(able, ["US", "US", "US", "TW", "TW"])[0] == pytest.approx(1e4 * (0.75**2 + 0.25**2))
    assert concentration(able, ["US", "TW", "TW", "TW", "TW"])[0] == pytest.approx(1e4 * (0.75**2 + 0.25**2))
    assert concentration(able, ["A", "B", "C", "D", "D"])[0] == pytest.approx(2500.0)


def test_build_up_film_comes_from_one_maker():
    assert load_supply().facts["abf_film"].value == 1
    film = material_exposure("build-up film", {"one maker": 1.0}, {"one maker": "JP"})
    assert film.is_single_point and film.countries == ("JP",) and film.hhi_low == pytest.approx(10_000)


def three_sites() -> RouteProblem:
    """Assembly at 0 or 1, test at 1 or 2; 0 and 1 at home, 2 abroad."""
    inf = np.inf
    return RouteProblem(
        tasks=(Task(name="assemble", needs=("a",)), Task(name="test", needs=("t",), after=(0,))),
        weeks=np.array([[2.0, 4.0, inf], [inf, 3.0, 1.0]]),
        cost_usd=np.array([[10.0, 10.0, 0.0], [0.0, 5.0, 1.0]]),
        unstated=np.zeros((2, 3)),
        gates_asked=np.array([2, 2]),
        country=np.array([0, 0, 1]),
        move_weeks=np.array([[0.5, 1.0], [1.0, 0.5]]),
        move_usd=np.array([[1.0, 2.0], [2.0, 1.0]]),
    )


def test_removal_worked_by_hand():
    problem = three_sites()
    route = evaluated(problem, (0, 2))  # 2 + 1 + 1 weeks, 10 + 2 + 1 dollars
    assert (route.weeks, route.cost_usd, route.crossings) == (4.0, 13.0, 1)
    groups = groups_of(["x", "y", "z"], ["one", "one", "two"], ["US", "US", "MY"], ["US", "TW", "MY"])
    found = {
        (item.what, item.name): item
        for item in removals(problem, route, groups, requalification_weeks=6.0, requalification_usd=100.0)
    }
    # Without x: assembly at y; test at z after the move, 4 + 1 + 1, beats test at y, 4 + 3.
    assert found["site", "x"].weeks_added == pytest.approx(6.0 + 6.0 - 4.0)
    assert found["site", "x"].cost_added_usd == pytest.approx(13.0 + 100.0 - 13.0)
    # Without z: 2 + 0.5 + 3 weeks from x; 15 dollars all at y.
    assert found["country", "MY"].weeks_added == pytest.approx(5.5 + 6.0 - 4.0)
    assert found["country", "MY"].cost_added_usd == pytest.approx(15.0 + 100.0 - 13.0)
    assert not found["site", "y"].touched and found["site", "y"].weeks_added == 0.0
    assert {item.name for item in single_points(tuple(found.values()))} == {"one", "US"}
    assert found["firm", "one"].steps_lost == ("assemble",)
    assert found["firm", "one"].weeks_added == np.inf
    assert rerouted(problem, route, [2]).sites == (0, 1)
    assert rerouted(problem, route, [0, 1]) is None


def test_removing_all_that_a_group_holds_is_at_least_as_bad_as_any_of_it():
    problem = three_sites()
    for route in pareto_routes(problem).routes:
        groups = {("site", str(i)): (i,) for i in range(3)} | {("pair", "01"): (0, 1)}
        found = {item.name: item for item in removals(problem, route, groups)}
        assert found["01"].weeks_added >= max(found["0"].weeks_added, found["1"].weeks_added)


@pytest.mark.parametrize(
    ("sites", "wafers", "pattern", "countries"),
    [
        ((0, 2), "US", "domestic tape-out, foreign package", ("US", "MY")),
        ((0, 1), "US", "domestic soil, partly foreign owned", ("US",)),
        ((0, 1), "TW", "foreign wafers, domestic package", ("TW", "US")),
        ((0, 2), "TW", "foreign wafers, foreign package", ("TW", "US", "MY")),
    ],
)
def test_journeys_have_names(sites, wafers, pattern, countries):
    problem = three_sites()
    found = journey(problem, evaluated(problem, sites), ["US", "MY"], ["US", "TW", "MY"], "US", wafers)
    assert found.pattern == pattern
    assert found.countries == countries
