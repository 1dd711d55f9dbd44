"""The base over the years: against closed forms, against a plain recursion, and what can only hurt."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.disciplines.supply.base_growth import (
    WEEKS_PER_YEAR,
    Demand,
    Station,
    funded_lines,
    grow,
    opening_weeks,
    visits,
)
from packfirst.disciplines.supply.queueing import mg1_wait_weeks, mmc_wait_weeks


def steady(lines: int, service: float, per_week: float, cv2: float = 1.0, years: int = 200, runs: int = 12):
    station = Station(name="line", opens_weeks=np.zeros(lines), service_weeks=service, service_cv2=cv2)
    demand = Demand(name="all", orders_per_year=np.full(years, per_week * WEEKS_PER_YEAR), chain=(0,))
    return grow([station], [demand], runs=runs, seed=5)


@pytest.mark.parametrize(("lines", "rho"), [(1, 0.6), (3, 0.8), (8, 0.85)])
def test_a_steady_base_is_the_closed_form(lines, rho):
    found = steady(lines, 2.0, rho * lines / 2.0)
    error = found.wait_weeks.std() / np.sqrt(len(found.wait_weeks))
    assert found.wait_weeks.mean() == pytest.approx(
        float(mmc_wait_weeks(lines, rho * lines / 2.0, 2.0)), abs=4 * error
    )
    assert error < 0.1 * found.wait_weeks.mean()
    assert found.utilisation.mean() == pytest.approx(rho, rel=0.02)


@pytest.mark.parametrize("cv2", [0.0, 0.5, 2.0])
def test_one_line_with_other_services_is_pollaczek_and_khinchine(cv2):
    found = steady(1, 1.0, 0.7, cv2)
    error = found.wait_weeks.std() / np.sqrt(len(found.wait_weeks))
    assert found.wait_weeks.mean() == pytest.approx(float(mg1_wait_weeks(0.7, 1.0, cv2)), abs=4 * error)


@given(st.integers(0, 10_000))
def test_one_line_is_lindleys_recursion(seed):
    rng = np.random.default_rng(seed)
    placed, service = np.sort(rng.random(40) * 50), rng.random(40) * 2
    one = np.ones(40, dtype=np.int64)
    wait, done, busy = visits(
        placed, np.zeros((40, 1), dtype=np.int64), one, service[:, None], np.array([0, 1]), np.zeros(1),
        np.array([0, 0]), np.zeros((0, 2)),
    )  # fmt: skip
    by_hand = [0.0]
    for gap, work in zip(np.diff(placed), service, strict=False):
        by_hand.append(max(0.0, by_hand[-1] + work - gap))
    assert wait[:, 0] == pytest.approx(np.array(by_hand), abs=1e-9)
    assert done == pytest.approx(placed + wait[:, 0] + service)
    assert busy[0] == pytest.approx(service.sum())


def test_two_stations_worked_by_hand():
    """Two orders at 0 and 1; station A takes 3 weeks on one line, station B 2 weeks and is stopped from 3 to 4."""
    wait, done, _ = visits(
        np.array([0.0, 1.0]), np.array([[0, 1], [0, 1]]), np.array([2, 2]), np.array([[3.0, 2.0], [3.0, 2.0]]),
        np.array([0, 1, 2]), np.zeros(2), np.array([0, 0, 1]), np.array([[3.0, 4.0]]),
    )  # fmt: skip
    assert wait.tolist() == [[0.0, 1.0], [2.0, 0.0]]
    assert done.tolist() == [6.0, 8.0]


def two_kinds(lines=3, opens=0.0, stops=0.0, orders=30.0, runs=6):
    stations = [
        Station(name="assembly", opens_weeks=np.full(lines, opens), service_weeks=3.0, stops_per_year=stops,
                stop_weeks=4.0),
        Station(name="test", opens_weeks=np.zeros(2), service_weeks=2.0),
    ]  # fmt: skip
    demands = [
        Demand(name="module", orders_per_year=np.full(8, orders), chain=(0, 1)),
        Demand(
            name="hybrid", orders_per_year=np.linspace(0, 10, 8), chain=(1, 0, 1)
        ),  # tested, built, tested
    ]
    return grow(stations, demands, runs=runs, seed=3)


def test_what_can_only_hurt_hurts():
    base = two_kinds()
    for worse in (two_kinds(lines=2), two_kinds(opens=150.0), two_kinds(stops=1.0), two_kinds(orders=36.0)):
        assert worse.lead_weeks.mean() > base.lead_weeks.mean()
    assert two_kinds(lines=5).lead_weeks.mean() < base.lead_weeks.mean()


def test_every_order_is_served_and_runs_share_their_luck():
    a, b = two_kinds(lines=3), two_kinds(lines=4)
    assert np.array_equal(a.orders, b.orders)
    assert a.orders.mean() == pytest.approx(8 * 30 + 40, rel=0.1)
    again = two_kinds(lines=3)
    assert np.array_equal(a.lead_weeks, again.lead_weeks)
    low, middle, high = a.band(a.lead_weeks)
    assert np.all(low <= middle) and np.all(middle <= high)


def test_a_line_opens_when_it_is_built_staffed_and_qualified():
    """Built in 100 weeks, crews of ten at one hire a week, 26 weeks of training, 30 of qualification."""
    found = opening_weeks(
        12,
        build_weeks=100.0,
        hires_per_line=10.0,
        hires_per_week=1.0,
        training_weeks=26.0,
        qualification_weeks=30.0,
    )
    assert found[0] == 130.0  # the building holds the first
    assert found[7] == 80.0 + 26.0 + 30.0  # hiring holds the eighth
    assert np.all(np.diff(found) >= 0.0)
    assert opening_weeks(2, build_weeks=100.0, qualification_weeks=30.0).tolist() == [130.0, 130.0]
    with pytest.raises(ValueError, match="stand still"):
        opening_weeks(1, hires_per_week=0.0)


def test_money_buys_whole_lines():
    assert funded_lines(1.4e9, 200e6) == 7
    assert funded_lines(1.4e9, 200e6, other_share=0.5) == 3
    with pytest.raises(ValueError, match="between 0 and 1"):
        funded_lines(1.0, 1.0, other_share=1.2)


@pytest.mark.parametrize(
    ("stations", "demands", "message"),
    [
        ({"opens_weeks": np.zeros(0)}, {}, "no lines"),
        ({"service_weeks": -1.0}, {}, "negative"),
        ({}, {"chain": (1,)}, "names no station"),
        ({}, {"orders_per_year": np.array([-1.0])}, "negative orders"),
    ],
)
def test_what_is_no_base_is_refused(stations, demands, message):
    with pytest.raises(ValueError, match=message):
        grow(
            [Station(**{"name": "a", "opens_weeks": np.zeros(1), "service_weeks": 1.0, **stations})],
            [Demand(**{"name": "b", "orders_per_year": np.ones(1), "chain": (0,), **demands})],
            runs=1,
            seed=0,
        )
