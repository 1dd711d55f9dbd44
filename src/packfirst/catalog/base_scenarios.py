"""A supply base over the years, as a user's file: stations with lines, what is added when, and who orders how much.

format: packfirst-base-1
name: substrates at home
start: 2027                  # first year
years: 20
runs: 100                    # samples; what has a band differs from run to run
target_weeks: 40             # order to delivery
sources: {...}               # as in the catalog
stations:
  - id: substrates
    kind: packaging          # front_end or packaging
    lines: 2
    weeks: {value: 8, low: 6, high: 14, evidence: published, source: ...}   # an order on a line
    variation: 1.0           # squared coefficient of variation of that time, from order to order
    stops_per_year: 0.1      # disruptions of the whole station
    stop_weeks: 6
additions:
  - {station: substrates, lines: 2, start: 2028-01}
building:                    # of every line that is added
  months: {value: 27, low: 20, high: 32, evidence: published, source: ...}
  hires_per_line: 30
  hires_per_week: {front_end: 10, packaging: 5}
  training_weeks: {value: 26, low: 12, high: 52, evidence: assumed}
  qualification_weeks: {value: 25, low: 15, high: 40, evidence: published, source: ...}
demands:
  - {id: accelerators, programs: 10, orders_per_year: 12, growth: 0.05, chain: [wafers, substrates, assembly]}
levers:                      # money that buys lines, divided between the two kinds
  budget_musd: 3000
  line_musd: {front_end: 900, packaging: 150}
  packaging_shares: [0, 0.25, 0.5, 0.75, 1]
  start: 2028-01
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from packfirst.catalog.supply_parse import Band, Row
from packfirst.errors import InputError, Problem, nearest
from packfirst.inputs import Evidence
from packfirst.yaml_marks import Marked, load

FORMAT = "packfirst-base-1"
KINDS = ("front_end", "packaging")
MOST_YEARS, MOST_RUNS, MOST_LINES, MOST_ORDERS = 60, 2000, 10_000, 2_000_000
_KEYS = (
    "format", "name", "note", "start", "years", "runs", "target_weeks", "sources", "stations", "additions", "building",
    "demands", "levers",
)  # fmt: skip
NOTHING = Band(value=0.0, low=0.0, high=0.0, evidence=Evidence.STANDARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class StationRecord:
    """A pool of like lines with one queue."""

    id: str
    kind: str
    lines: int
    weeks: Band
    variation: float
    stops_per_year: float
    stop_weeks: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """Lines that somebody starts to build at a station."""

    station: str
    lines: int
    start: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """What stands between the decision for a line and its first order."""

    months: Band = NOTHING
    hires_per_line: float = 0.0
    hires_per_week: Mapping[str, float] | None = None
    training_weeks: Band = NOTHING
    qualification_weeks: Band = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRecord:
    """Programs of one kind with their orders, growing by a share a year, each through a chain of stations."""

    id: str
    programs: int
    orders_per_year: float
    growth: float
    chain: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Levers:
    """Money for lines, and the shares of it that packaging might get."""

    budget_musd: float
    line_musd: Mapping[str, float]
    packaging_shares: tuple[float, ...]
    start: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseScenario:
    """A supply base over the years."""

    name: str
    start: int
    years: int
    runs: int
    target_weeks: float | None
    stations: tuple[StationRecord, ...]
    additions: tuple[Addition, ...]
    building: Building
    demands: tuple[DemandRecord, ...]
    levers: Levers | None


def load_base_scenario(path: Path, today: date) -> BaseScenario:
    """The scenario of a file.

    Raises
    ------
    InputError
        Every problem of the file: an unknown station, a negative time, a chain that comes back to a station, a
        probability above one, lines whose start has passed.
    """
    return read_base_scenario(load(path), today)


def read_base_scenario(marked: Marked, today: date) -> BaseScenario:
    """The scenario in YAML that has been read already; raises as `load_base_scenario` does."""
    if not isinstance(marked.data, dict):
        raise InputError.one(marked.file, f"write a mapping that starts with 'format: {FORMAT}'", line=1)
    problems: list[Problem] = []
    sources = marked.data.get("sources")
    known = frozenset(str(key) for key in sources) if isinstance(sources, dict) else frozenset()
    top = Row(marked=marked, path=(), data=marked.data, sources=known, problems=problems)
    top.only(_KEYS)
    if top.data.get("format") != FORMAT:
        top.wrong("format" if "format" in top.data else None, f"write 'format: {FORMAT}'")
    start = _whole(top, "start", 1950, 2100)
    stations = tuple(_station(row) for row in top.inners("stations"))
    ids = [item.id for item in stations]
    for row in top.inners("stations"):
        if ids.count(str(row.data.get("id"))) > 1:
            row.wrong("id", f"station {row.data.get('id')!r} appears twice: keep one")
    scenario = BaseScenario(
        name=top.text("name"),
        start=start,
        years=_whole(top, "years", 1, MOST_YEARS),
        runs=_whole(top, "runs", 2, MOST_RUNS, default=100),
        target_weeks=top.number("target_weeks", least=0.0, required=False),
        stations=stations,
        additions=tuple(_addition(row, ids, today) for row in top.inners("additions")),
        building=_building(top.inner("building")),
        demands=tuple(_demand(row, ids) for row in top.inners("demands")),
        levers=_levers(top.inner("levers"), today),
    )
    if not scenario.stations:
        top.wrong(None, "needs stations: a list of at least one")
    if not scenario.demands:
        top.wrong(None, "needs demands: a list of at least one")
    if start and start < today.year:
        top.wrong("start", f"{start} has passed: start this year or later, or say --asked-on")
    if not problems:
        _check_size(top, scenario)
    if problems:
        raise InputError(sorted(problems, key=lambda item: item.line))
    return scenario


def _check_size(top: Row, scenario: BaseScenario) -> None:
    orders = sum(
        item.programs * item.orders_per_year * (1.0 + item.growth) ** year
        for item in scenario.demands
        for year in range(scenario.years)
    )
    if orders > MOST_ORDERS:
        top.wrong("demands", f"{orders:.3g} orders in all: at most {MOST_ORDERS:.0e}")


def _whole(row: Row, key: str, least: int, most: int, default: int | None = None) -> int:
    value = row.number(key, least=least, most=most, required=default is None)
    if value is None:
        return default or 0
    if value != int(value):
        row.wrong(key, f"{value:g} is no whole number")
    return int(value)


def _station(row: Row) -> StationRecord:
    row.only(("id", "kind", "lines", "weeks", "variation", "stops_per_year", "stop_weeks", "note"))
    weeks = row.band("weeks")
    if weeks is None and "weeks" not in row.data:
        row.wrong(None, "needs weeks: {value: ..., low: ..., high: ..., evidence: ...}")
    elif weeks is not None and weeks.low <= 0.0:
        row.wrong("weeks", "an order takes some time: low is more than zero")
    return StationRecord(
        id=row.text("id"),
        kind=row.choice("kind", KINDS),
        lines=_whole(row, "lines", 1, MOST_LINES),
        weeks=weeks or NOTHING,
        variation=_or(row.number("variation", least=0.0, most=100.0, required=False), 1.0),
        stops_per_year=_or(row.number("stops_per_year", least=0.0, most=52.0, required=False), 0.0),
        stop_weeks=_or(row.number("stop_weeks", least=0.0, most=520.0, required=False), 0.0),
    )


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


def _addition(row: Row, ids: Sequence[str], today: date) -> Addition:
    row.only(("station", "lines", "start", "note"))
    station = row.text("station")
    if station and station not in ids:
        row.wrong("station", f"unknown station {station!r}: {nearest(station, tuple(ids))}")
    return Addition(station=station, lines=_whole(row, "lines", 1, MOST_LINES), start=_start(row, today))


def _start(row: Row, today: date) -> date:
    day = row.day("start")
    if day is None and "start" not in row.data:
        row.wrong(None, "needs start: the day on which building begins")
    if day is not None and day < today:
        row.wrong("start", f"{day} has passed: what was begun before counts as lines, or say --asked-on")
    return day or today


def _building(row: Row | None) -> Building:
    if row is None:
        return Building()
    row.only(("months", "hires_per_line", "hires_per_week", "training_weeks", "qualification_weeks", "note"))
    hires = _by_kind(row, "hires_per_week")
    if any(value == 0.0 for value in (hires or {}).values()):
        row.wrong("hires_per_week", "hiring that stands still opens no line: write more than zero")
    return Building(
        months=row.band("months") or NOTHING,
        hires_per_line=_or(row.number("hires_per_line", least=0.0, required=False), 0.0),
        hires_per_week=hires,
        training_weeks=row.band("training_weeks") or NOTHING,
        qualification_weeks=row.band("qualification_weeks") or NOTHING,
    )


def _by_kind(row: Row, key: str) -> dict[str, float] | None:
    inner = row.inner(key)
    if inner is None:
        return None
    inner.only(KINDS)
    return {name: inner.number(name, least=0.0) or 0.0 for name in KINDS}


def _demand(row: Row, ids: Sequence[str]) -> DemandRecord:
    row.only(("id", "programs", "orders_per_year", "growth", "chain", "note"))
    chain = row.texts("chain", ids)
    if not chain:
        row.wrong("chain" if "chain" in row.data else None, "needs chain: the stations in order")
    for index, name in enumerate(chain):
        if name in chain[:index]:
            row.wrong("chain", f"comes back to {name!r}: a chain goes through a station once")
            break
    return DemandRecord(
        id=row.text("id"),
        programs=_whole(row, "programs", 1, 10_000, default=1),
        orders_per_year=row.number("orders_per_year", least=0.0, most=1e6) or 0.0,
        growth=_or(row.number("growth", least=-0.9, most=2.0, required=False), 0.0),
        chain=chain,
    )


def _levers(row: Row | None, today: date) -> Levers | None:
    if row is None:
        return None
    row.only(("budget_musd", "line_musd", "packaging_shares", "start", "note"))
    line = _by_kind(row, "line_musd")
    if line is None or any(value == 0.0 for value in line.values()):
        row.wrong(
            "line_musd" if "line_musd" in row.data else None,
            "needs line_musd: {front_end: ..., packaging: ...}, each more than zero",
        )
    shares = row.data.get("packaging_shares", [0.0, 0.25, 0.5, 0.75, 1.0])
    found: list[float] = []
    for index, share in enumerate(shares if isinstance(shares, list) else [None]):
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0.0 <= share <= 1.0:
            path = (*row.path, "packaging_shares", index)
            row.problems.append(row.marked.problem(path, f"{share!r} is no share: from 0 to 1"))
        elif math.isfinite(share):
            found.append(float(share))
    return Levers(
        budget_musd=row.number("budget_musd", least=0.0) or 0.0,
        line_musd=line or {},
        packaging_shares=tuple(found),
        start=_start(row, today),
    )
