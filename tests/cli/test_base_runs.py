"""A supply-base scenario as model runs: closed forms where they hold, what levers do, and the time that it takes."""

import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from packfirst.catalog.base_scenarios import (
    NOTHING,
    Addition,
    BaseScenario,
    Building,
    DemandRecord,
    StationRecord,
    load_base_scenario,
)
from packfirst.catalog.supply_parse import Band
from packfirst.catalog.supply_records import load_supply
from packfirst.cli import base_runs as runs
from packfirst.disciplines.supply.base_growth import WEEKS_PER_YEAR
from packfirst.disciplines.supply.queueing import mmc_wait_weeks, overloaded_wait_weeks
from packfirst.inputs import Evidence

SKETCH = load_base_scenario(
    Path(__file__).parents[2] / "examples" / "base" / "packaging_at_home.yaml", date(2026, 11, 22)
)


def exact(weeks: float) -> Band:
    return Band(value=weeks, low=weeks, high=weeks, evidence=Evidence.STANDARD)


def one_station(
    lines: int, weeks: float, a_year: float, years: int = 40, count: int = 12, variation: float = 1.0
) -> BaseScenario:
    return BaseScenario(
        name="one", start=2027, years=years, runs=count, target_weeks=None,
        stations=(
            StationRecord(
                id="line", kind="packaging", lines=lines, weeks=exact(weeks), variation=variation, stops_per_year=0.0,
                stop_weeks=0.0,
            ),
        ),
        additions=(), building=Building(),
        demands=(DemandRecord(id="all", programs=1, orders_per_year=a_year, growth=0.0, chain=("line",)),), levers=None,
    )  # fmt: skip


def test_a_steady_station_waits_as_erlang_says():
    a_year = 0.8 * 4 / 3.0 * WEEKS_PER_YEAR
    found = runs.run(one_station(4, 3.0, a_year, years=300), (), seed=1)
    closed = float(mmc_wait_weeks(4, 0.8 * 4 / 3.0, 3.0))
    error = found.wait_weeks.std() / np.sqrt(found.wait_weeks.size)
    assert found.wait_weeks.mean() == pytest.approx(closed, abs=4.0 * error)
    assert error < 0.1 * closed


@pytest.mark.parametrize("load", [1.2, 4.0 / 3.0, 2.0])
def test_an_overloaded_station_grows_as_a_fluid(load):
    # many short orders, so that randomness is small beside the growth
    lines, weeks, years = 40, 1.0, 3
    scenario = one_station(lines, weeks, load * lines / weeks * WEEKS_PER_YEAR, years=years, variation=0.1)
    found = runs.run(scenario, (), seed=2)
    middles = (np.arange(years) + 0.5) * WEEKS_PER_YEAR
    waits = found.lead_weeks.mean(axis=0) - weeks
    error = found.lead_weeks.std(axis=0) / np.sqrt(len(found.lead_weeks))
    assert np.all(np.abs(waits - overloaded_wait_weeks(load, middles)) < 4.0 * error)
    assert np.all(error < 0.1 * waits)


def test_under_load_a_fluid_does_not_wait():
    assert float(overloaded_wait_weeks(0.99, 100.0)) == 0.0


def test_the_lines_needed_hold_the_target():
    rows = runs.needed(SKETCH)
    assert any(row["needed"] > row["lines"] for row in rows)
    planned = runs.late(runs.run(SKETCH, SKETCH.additions, 0))
    enough = runs.late(runs.run(SKETCH, runs.with_needed(SKETCH, rows), 0))
    assert SKETCH.target_weeks is not None
    assert enough[1] < SKETCH.target_weeks < planned[1]


def test_more_money_for_packaging_never_lengthens_this_sketch():
    found = runs.levers(SKETCH, seed=0)
    assert [item.packaging_lines for item in found] == sorted(item.packaging_lines for item in found)
    middles = [item.lead_weeks[1] for item in found]
    assert middles == sorted(middles, reverse=True)
    for item in found:
        assert 600.0 * item.front_end_lines + 150.0 * item.packaging_lines <= 3000.0


def test_an_added_line_never_makes_any_run_slower():
    base = runs.run(SKETCH, SKETCH.additions, 3)
    more = (*SKETCH.additions, Addition(station="substrates", lines=4, start=date(2027, 1, 1)))
    assert np.median(runs.run(SKETCH, more, 3).wait_weeks[:, 1]) < np.median(base.wait_weeks[:, 1])


def test_nothing_opens_before_it_is_built_staffed_and_qualified():
    months, weeks = SKETCH.building.months, SKETCH.building.qualification_weeks
    opened = np.array([base[0].opens_weeks[-1] for base in runs.bases(SKETCH, SKETCH.additions, 0)])
    least = runs._LEAST * (months.low * runs.WEEKS_PER_MONTH + weeks.low)
    assert np.all(opened > least)
    assert np.median(opened) == pytest.approx(months.value * runs.WEEKS_PER_MONTH + weeks.value, rel=0.05)


def test_build_times_of_the_sketch_are_the_published_range():
    opened = [
        item.months for item in load_supply().build_times.values()
        if item.kind == "actual" and item.end_event == "opened"
    ]  # fmt: skip
    band = SKETCH.building.months
    assert (band.low, band.high) == (min(opened), max(opened)) == (20, 32)


def test_twenty_years_of_200_programs_on_100_sites_take_under_a_minute():
    """A tenth of the 100 runs, in a tenth of the time; lots each month for each program, through five sites."""
    rng = np.random.default_rng(0)
    stations = tuple(
        StationRecord(
            id=f"site_{k}", kind="packaging", lines=3,
            weeks=Band(value=0.6, low=0.4, high=0.9, evidence=Evidence.ASSUMED), variation=1.0,
            stops_per_year=0.2, stop_weeks=3.0,
        )
        for k in range(100)
    )  # fmt: skip
    demands = tuple(
        DemandRecord(
            id=f"program_{k}", programs=1, orders_per_year=12.0, growth=0.02,
            chain=tuple(f"site_{i}" for i in rng.choice(100, 5, replace=False)),
        )
        for k in range(200)
    )  # fmt: skip
    scenario = replace(
        one_station(1, 1.0, 1.0), years=20, runs=10, stations=stations, demands=demands,
        building=Building(months=NOTHING),
    )  # fmt: skip
    runs.run(replace(scenario, runs=2), (), 0)  # the kernel is compiled once
    begin = time.perf_counter()
    found = runs.run(scenario, (), 0)
    assert time.perf_counter() - begin < 6.0
    assert found.orders.mean() > 200 * 12 * 20
