"""A supply-base scenario as model runs: what has a band is drawn for each run, levers are tried on the same luck."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packfirst.catalog.base_scenarios import Addition, BaseScenario, Building, StationRecord
from packfirst.catalog.supply_parse import Band
from packfirst.disciplines.supply.base_growth import (
    WEEKS_PER_YEAR,
    BaseRun,
    Demand,
    Station,
    funded_lines,
    grow_varied,
    opening_weeks,
)
from packfirst.disciplines.supply.queueing import ggc_flags, lines_needed
from packfirst.inputs import Evidence, Input, Kind, scores

Floats = NDArray[np.float64]

WEEKS_PER_MONTH = WEEKS_PER_YEAR / 12.0
LATE_YEARS = 5  # the years at the end over which a base is judged
_LEAST = (
    0.5  # the tails of a split normal pass zero, which no time does: never under this share of the 5 % point
)


@dataclass(frozen=True, kw_only=True)
class Lever:
    """One division of the money."""

    packaging_share: float
    front_end_lines: int
    packaging_lines: int
    lead_weeks: tuple[float, float, float]  # 5, 50 and 95 % over runs, in the late years
    utilisation: Mapping[str, float]


def draws(scenario: BaseScenario, seed: int) -> dict[str, Floats]:
    """Every banded number of the scenario, a value for each run."""
    bands = {f"weeks/{item.id}": item.weeks for item in scenario.stations}
    building = scenario.building
    bands |= {
        "months": building.months, "training": building.training_weeks, "qualification": building.qualification_weeks,
    }  # fmt: skip
    drawn = scores([f"base/{name}" for name in bands], scenario.runs, seed)
    return {name: _spread(band, drawn[f"base/{name}"]) for name, band in bands.items()}


def _spread(band: Band, score: Floats) -> Floats:
    item = Input(
        id="", value=band.value, low=band.low, high=band.high, quantity="time", kind=Kind.UNCERTAIN,
        evidence=Evidence.ASSUMED,
    )  # fmt: skip
    return np.maximum(band.value + item.deviation(score), _LEAST * band.low)


def bases(scenario: BaseScenario, additions: Sequence[Addition], seed: int) -> list[list[Station]]:
    """The stations of each run, with the lines that are there and those that will be, on one luck for all levers."""
    drawn = draws(scenario, seed)
    return [
        [
            Station(
                name=item.id,
                opens_weeks=np.concatenate([np.zeros(item.lines), *_opening(scenario, item, additions, drawn, run)]),
                service_weeks=float(drawn[f"weeks/{item.id}"][run]), service_cv2=item.variation,
                stops_per_year=item.stops_per_year, stop_weeks=item.stop_weeks,
            )
            for item in scenario.stations
        ]
        for run in range(scenario.runs)
    ]  # fmt: skip


def _opening(
    scenario: BaseScenario,
    station: StationRecord,
    additions: Sequence[Addition],
    drawn: Mapping[str, Floats],
    run: int,
) -> list[Floats]:
    building: Building = scenario.building
    hires = (building.hires_per_week or {}).get(station.kind, math.inf)
    first = date(scenario.start, 1, 1)
    return [
        opening_weeks(
            item.lines, start_weeks=max((item.start - first).days / 7.0, 0.0),
            build_weeks=float(drawn["months"][run]) * WEEKS_PER_MONTH, hires_per_line=building.hires_per_line,
            hires_per_week=hires, training_weeks=float(drawn["training"][run]),
            qualification_weeks=float(drawn["qualification"][run]),
        )
        for item in additions
        if item.station == station.id
    ]  # fmt: skip


def demands_of(scenario: BaseScenario) -> list[Demand]:
    """Orders of each kind by year, all programs of the kind together."""
    place = {item.id: index for index, item in enumerate(scenario.stations)}
    years = np.arange(scenario.years, dtype=np.float64)
    return [
        Demand(
            name=item.id,
            orders_per_year=item.programs * item.orders_per_year * (1.0 + item.growth) ** years,
            chain=tuple(place[name] for name in item.chain),
        )
        for item in scenario.demands
    ]


def run(scenario: BaseScenario, additions: Sequence[Addition], seed: int) -> BaseRun:
    """The base with these additions over the years."""
    return grow_varied(bases(scenario, additions, seed), demands_of(scenario), seed=seed)


def late(found: BaseRun) -> tuple[float, float, float]:
    """Lead time of the late years, 5, 50 and 95 % over the runs. [weeks]"""
    each = found.lead_weeks[:, -LATE_YEARS:].mean(axis=1)
    low, middle, high = (float(x) for x in np.quantile(each, [0.05, 0.5, 0.95]))
    return low, middle, high


def levers(scenario: BaseScenario, seed: int) -> list[Lever]:
    """Each division of the money between front end and packaging; each line goes where its kind is busiest."""
    if scenario.levers is None:
        return []
    found = []
    for share in scenario.levers.packaging_shares:
        bought = {
            "packaging": funded_lines(scenario.levers.budget_musd, scenario.levers.line_musd["packaging"], 1.0 - share),
            "front_end": funded_lines(scenario.levers.budget_musd, scenario.levers.line_musd["front_end"], share),
        }  # fmt: skip
        added = [*scenario.additions, *_placed(scenario, bought)]
        result = run(scenario, added, seed)
        found.append(
            Lever(
                packaging_share=share,
                front_end_lines=bought["front_end"],
                packaging_lines=bought["packaging"],
                lead_weeks=late(result),
                utilisation=dict(
                    zip(result.stations, map(float, np.median(result.utilisation, axis=0)), strict=True)
                ),
            )
        )
    return found


def _placed(scenario: BaseScenario, bought: Mapping[str, int]) -> list[Addition]:
    """Bought lines, one by one to the station of their kind that the last year would load most."""
    assert scenario.levers is not None
    load = loads(scenario)
    lines = {item.id: item.lines for item in scenario.stations}
    for item in scenario.additions:
        lines[item.station] += item.lines
    added: dict[str, int] = {}
    for kind, count in bought.items():
        members = [item.id for item in scenario.stations if item.kind == kind]
        for _ in range(count if members else 0):
            busiest = max(members, key=lambda name: load[name] / lines[name])
            lines[busiest] += 1
            added[busiest] = added.get(busiest, 0) + 1
    return [Addition(station=name, lines=count, start=scenario.levers.start) for name, count in added.items()]


def loads(scenario: BaseScenario) -> dict[str, float]:
    """Lines that the last year keeps busy at each station, disruptions included: arrivals times time of an order."""
    arrivals = rates(scenario)
    return {
        item.id: arrivals[item.id] * item.weeks.value / _up(item.stops_per_year, item.stop_weeks)
        for item in scenario.stations
    }


def rates(scenario: BaseScenario) -> dict[str, float]:
    """Orders a week at each station in the last year."""
    found = dict.fromkeys((item.id for item in scenario.stations), 0.0)
    for item in scenario.demands:
        weekly = (
            item.programs
            * item.orders_per_year
            * (1.0 + item.growth) ** (scenario.years - 1)
            / WEEKS_PER_YEAR
        )
        for name in item.chain:
            found[name] += weekly
    return found


def _up(stops_per_year: float, stop_weeks: float) -> float:
    """Share of the time that a station is not stopped: up over up and down, as renewals alternate."""
    return 1.0 / (1.0 + stops_per_year * stop_weeks / WEEKS_PER_YEAR)


def needed(scenario: BaseScenario) -> list[dict[str, Any]]:
    """Lines that each station needs to hold the target in the last year, by the closed form of its queue.

    The target is shared among the stations of the longest chain as their own times are. Disruptions stretch the time of
    an order by the share of time that they take; where that or the approximation leaves its range, a flag says so.
    """
    if scenario.target_weeks is None:
        return []
    own = {item.id: item.weeks.value for item in scenario.stations}
    longest = max(sum(own[name] for name in item.chain) for item in scenario.demands)
    stretch = scenario.target_weeks / longest
    arrivals, rows = rates(scenario), []
    opened = {item.id: item.lines for item in scenario.stations}
    for addition in scenario.additions:
        opened[addition.station] += addition.lines
    for item in scenario.stations:
        service = item.weeks.value / _up(item.stops_per_year, item.stop_weeks)
        target = item.weeks.value * stretch
        row: dict[str, Any] = {
            "station": item.id,
            "kind": item.kind,
            "target_weeks": target,
            "lines": opened[item.id],
        }
        try:
            count = lines_needed(arrivals[item.id], service, target, cv2_service=item.variation)
            flags = list(ggc_flags(arrivals[item.id] * service / count, 1.0, item.variation))
        except ValueError as reason:
            count, flags = None, [str(reason)]
        if item.stops_per_year:
            flags.append("disruptions are spread evenly: waits after one are longer")
        rows.append({**row, "needed": count, "flags": flags})
    return rows


def with_needed(scenario: BaseScenario, rows: Sequence[Mapping[str, Any]]) -> tuple[Addition, ...]:
    """The scenario's additions and those that `needed` asks for on top, begun with the first year."""
    first = date(scenario.start, 1, 1)
    return (*scenario.additions, *(
        Addition(station=row["station"], lines=row["needed"] - row["lines"], start=first)
        for row in rows if row["needed"] is not None and row["needed"] > row["lines"]
    ))  # fmt: skip
