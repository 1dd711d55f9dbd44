"""A scenario of a schedule: another year's times, stretched activities, shocks. Ours by name, a user's as a file.

format: packfirst-schedule-1
name: fire at a substrate plant
sources:                                  # as in the catalog; only what `times` cite
mine: {title: Quotation 17, year: 2027}
times:                                    # weeks instead of the catalog's, by activity
make_organic_substrate: {value: 20, low: 14, high: 30, evidence: published, source: mine}
factors: {assembly_slot: 3}               # weeks times a factor, by activity
probabilities: {logic_fault: 0.3}         # instead of the catalog's, by event
shocks:                                   # each strikes with its probability, all its activities at once
- {name: fire, probability: 0.2, factors: {make_organic_substrate: 2.5}}
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from packfirst.catalog.supply_parse import Band, Row
from packfirst.errors import InputError, Problem, nearest
from packfirst.yaml_marks import Marked, load

FORMAT = "packfirst-schedule-1"
BUILT_IN = ("base", "shortage")
WORST_FACTOR = 18.0  # the largest stretch of a lead time that anybody has asked for; more is a typing error
_KEYS = ("format", "name", "note", "sources", "times", "factors", "probabilities", "shocks")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShockRecord:
    """An event that stretches activities, with its probability."""

    name: str
    probability: float
    factors: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleScenario:
    """What differs from an ordinary year. Times in weeks, by activity of the catalog."""

    name: str
    times: Mapping[str, Band]
    factors: Mapping[str, float]
    probabilities: Mapping[str, float]
    shocks: tuple[ShockRecord, ...]


ORDINARY = ScheduleScenario(name="ordinary year", times={}, factors={}, probabilities={}, shocks=())


def load_schedule_scenario(name: str, activities: Sequence[str]) -> ScheduleScenario:
    """A scenario of ours by its name, or a user's file.

    Parameters
    ----------
    activities : sequence of str
        Ids that the scenario may speak of: those of the catalog.

    Raises
    ------
    InputError
        Every problem of the file: an unknown activity, a negative time, a probability above one, a factor that
        is none.
    """
    if name in BUILT_IN:
        item = files("packfirst.catalog") / "data" / "schedule" / f"{name}.yaml"
        marked = load(item, file=f"packfirst/catalog/data/schedule/{name}.yaml")
    elif not Path(name).is_file():
        raise InputError.one("--scenario", f"{name!r} is no file and none of ours: {nearest(name, BUILT_IN)}")
    else:
        marked = load(Path(name))
    return read_schedule_scenario(marked, activities)


def read_schedule_scenario(marked: Marked, activities: Sequence[str]) -> ScheduleScenario:
    """The scenario in YAML that has been read already; raises as `load_schedule_scenario` does."""
    if not isinstance(marked.data, dict):
        raise InputError.one(marked.file, f"write a mapping that starts with 'format: {FORMAT}'", line=1)
    problems: list[Problem] = []
    sources = marked.data.get("sources")
    known = frozenset(str(key) for key in sources) if isinstance(sources, dict) else frozenset()
    top = Row(marked=marked, path=(), data=marked.data, sources=known, problems=problems)
    top.only(_KEYS)
    if top.data.get("format") != FORMAT:
        top.wrong("format" if "format" in top.data else None, f"write 'format: {FORMAT}'")
    scenario = ScheduleScenario(
        name=top.text("name"),
        times=_times(top, activities),
        factors=_factors(top, "factors", activities),
        probabilities=_probabilities(top, activities),
        shocks=tuple(_shock(row, activities) for row in top.inners("shocks")),
    )
    if problems:
        raise InputError(sorted(problems, key=lambda item: item.line))
    return scenario


def _named(row: Row | None, activities: Sequence[str]) -> list[str]:
    """The keys of a mapping, each an activity; a problem for each that is none."""
    found = []
    for key in row.data if row else ():
        if key in activities:
            found.append(key)
        elif row is not None:
            row.wrong(key, f"unknown activity: {nearest(key, tuple(activities))}")
    return found


def _times(top: Row, activities: Sequence[str]) -> dict[str, Band]:
    row = top.inner("times")
    bands = {key: row.band(key) for key in _named(row, activities)} if row else {}
    return {key: band for key, band in bands.items() if band is not None}


def _factors(row: Row, key: str, activities: Sequence[str]) -> dict[str, float]:
    inner = row.inner(key)
    found = {}
    for name in _named(inner, activities):
        assert inner is not None
        factor = inner.number(name, least=0.0, most=WORST_FACTOR)
        if factor == 0.0:
            inner.wrong(name, "0 is no factor: write more than zero, at most 18")
        found[name] = factor if factor else 1.0
    return found


def _probabilities(top: Row, activities: Sequence[str]) -> dict[str, float]:
    row = top.inner("probabilities")
    found = {}
    for name in _named(row, activities):
        assert row is not None
        value = row.number(name, least=0.0, most=1.0)
        found[name] = math.nan if value is None else value
    return found


def _shock(row: Row, activities: Sequence[str]) -> ShockRecord:
    row.only(("name", "probability", "factors"))
    return ShockRecord(
        name=row.text("name"),
        probability=row.number("probability", least=0.0, most=1.0) or 0.0,
        factors=_factors(row, "factors", activities),
    )
