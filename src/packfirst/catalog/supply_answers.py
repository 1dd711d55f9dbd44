"""A supplier's answers, read strictly, and the private overlay of supply records that they become.

An answer file says `format: packfirst-answers-1`, which site answered, when, and where the letter is kept; the page
on supply in the docs describes each field. What was not answered is left out and stays unknown.
"""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from packfirst.catalog.schema import CAPABILITIES
from packfirst.catalog.supply_parse import Band, Row
from packfirst.catalog.supply_records import ACCESSES, VOLUME_TIERS, SupplyRecords
from packfirst.errors import InputError, Problem, nearest
from packfirst.inputs import Evidence
from packfirst.yaml_marks import Data, load

FORMAT = "packfirst-answers"
FORMAT_VERSION = 1
SOURCE = "answer_"  # start of the key under which an answer stands among the sources of an overlay
_KEYS = (
    "format", "marking", "site", "answered_on", "letter", "steps", "volume_tiers", "access", "open_from",
    "owner_note", "listings", "note",
)  # fmt: skip
_DOES = {"yes": "stated", "no": "denied", "planned": "planned"}


def read_answers(path: Path, records: SupplyRecords) -> tuple[str, dict[str, Data]]:
    """The source's key and a supply file's content made from a file of answers.

    Raises
    ------
    InputError
        With every problem: a site that is not on record, a date that is none, an unknown step, a negative duration.
    """
    marked = load(path)
    data, problems = marked.data, list[Problem]()
    version = (
        re.fullmatch(rf"{FORMAT}-([0-9]{{1,4}})", str(data.get("format"))) if isinstance(data, dict) else None
    )
    if not isinstance(data, dict) or version is None or int(version[1]) > FORMAT_VERSION:
        newer = version is not None and "is newer than this packfirst: update packfirst"
        message = f"{newer or 'is no file of answers'}; this reads 'format: {FORMAT}-{FORMAT_VERSION}'"
        raise InputError([marked.problem(("format",), message)])
    top = Row(marked=marked, path=(), data=data, sources=frozenset(), problems=problems)
    top.only(_KEYS)
    site, on = top.text("site"), top.day("answered_on")
    if site and site not in records.suppliers:
        top.wrong("site", f"no site {site!r} is on record: {nearest(site, tuple(records.suppliers))}")
    if on is None and "answered_on" not in data:
        top.wrong(None, "needs answered_on: the day of the answer, such as 2027-03-01")
    letter = top.text("letter")
    if problems or on is None:
        raise InputError(problems)
    key = f"{SOURCE}{site}_{on.isoformat()}".replace("-", "_")
    record: dict[str, Data] = {"id": site, "status": {"value": "operating", "as_of": on.isoformat()}}
    opens = top.day("open_from", last=True)
    if opens is not None:
        record["available_from"] = opens.isoformat()
        if opens > on:
            record["status"] = {"value": records.suppliers[site].status, "as_of": on.isoformat()}
    tiers = top.texts("volume_tiers", VOLUME_TIERS)
    if tiers:
        record["volume"] = {"tiers": list(tiers), "evidence": Evidence.PUBLISHED.value}
    if "access" in data:
        record["access"] = top.choice("access", ACCESSES)
    if "owner_note" in data:
        record["owner_note"] = top.text("owner_note", "")
    record["capabilities"] = _steps(top, key, on)
    record["listings"] = _listings(top, on)
    record["sources"] = [key]
    if problems:
        raise InputError(problems)
    sources: dict[str, Data] = {
        key: {"title": f"Answer of {site}, private", "year": on.year, "where": letter}
    }
    return key, {"sources": sources, "records": [record]}


def _steps(top: Row, key: str, on: date) -> list[Data]:
    found: list[Data] = []
    for row in top.inners("steps"):
        row.only(("step", "does", "weeks", "cost_usd"))
        step, does = row.choice("step", CAPABILITIES), row.choice("does", tuple(_DOES))
        if not step or not does:
            continue
        said: dict[str, Data] = {"step": step, "basis": _DOES[does], "evidence": "published", "year": on.year}
        for name in ("weeks", "cost_usd"):
            band = _band(row, name)
            if band is not None:
                said[name] = {
                    "value": band.value, "low": band.low, "high": band.high, "evidence": band.evidence.value,
                    "source": key, "year": on.year,
                }  # fmt: skip
        found.append(said)
    return found


def _band(row: Row, name: str) -> Band | None:
    """Three numbers of an answer; the evidence is the answer itself."""
    inner = row.inner(name)
    if inner is None:
        return None
    inner.only(("value", "low", "high"))
    value, low, high = (inner.number(part, least=0.0) for part in ("value", "low", "high"))
    if value is None or low is None or high is None:
        return None
    if not low <= value <= high:
        inner.wrong(None, "out of order: low <= value <= high")
        return None
    return Band(value=value, low=low, high=high, evidence=Evidence.PUBLISHED)


def _listings(top: Row, on: date) -> list[Data]:
    found: list[Data] = []
    for row in top.inners("listings"):
        row.only(("name", "note"))
        name = row.text("name")
        note = row.text("note", "")
        found.append(
            {"name": name, "evidence": "published", "year": on.year, **({"note": note} if note else {})}
        )
    return found


def merged(below: Data, sources: Data, records: Sequence[Data]) -> dict[str, Data]:
    """A supply file with an answer on top: the newest answer of a site replaces the fields that it names.

    `below` is the overlay as it stands, None where there is none yet.
    """
    base = below if isinstance(below, dict) else {}
    old = base.get("records")
    by_id: dict[str, dict[str, Data]] = {}
    for item in (*(old if isinstance(old, list) else ()), *records):
        if not isinstance(item, dict):
            continue
        known = by_id.get(str(item.get("id")), {})
        joined = {**known, **item}
        for name, key in (("capabilities", "step"), ("listings", "name")):
            joined[name] = _on_top(known.get(name), item.get(name), key)
        joined["sources"] = _on_top(known.get("sources"), item.get("sources"), "")
        by_id[str(item.get("id"))] = joined
    known_sources = base.get("sources")
    return {
        "format": "packfirst-supply-1",
        "kind": "supplier",
        "sources": {
            **(known_sources if isinstance(known_sources, dict) else {}),
            **(sources if isinstance(sources, dict) else {}),
        },
        "records": list(by_id.values()),
    }


def _on_top(below: Data, above: Data, key: str) -> list[Data]:
    """One list on another: items of the same key once, the upper one."""
    found: dict[str, Data] = {}
    for item in (*(below if isinstance(below, list) else ()), *(above if isinstance(above, list) else ())):
        found[str(item.get(key)) if isinstance(item, dict) else str(item)] = item
    return list(found.values())
