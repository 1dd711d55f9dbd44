"""Who packages chips and where, the rules that bind them, and the facts behind schedules: typed records.

Each file says `format: packfirst-supply-1` and its kind: `supplier`, `policy`, `supply_fact` or `step_time`.
A user's files of the same shape lie on top: a record with a known id replaces the fields that it names, and
its capabilities replace those of the same step, so that a supplier's answer becomes dated evidence.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from packfirst.catalog.catalog import Source
from packfirst.catalog.schema import CAPABILITIES
from packfirst.catalog.supply_parse import Band, Row
from packfirst.errors import InputError, Problem, nearest
from packfirst.inputs import Evidence
from packfirst.yaml_marks import Data, Marked, load

FORMAT = "packfirst-supply"
FORMAT_VERSION = 1
BASES = ("stated", "inferred", "planned", "denied")
STATUSES = ("operating", "ramping", "under_construction", "announced", "status_unverified")
VOLUME_TIERS = ("prototype", "low", "high")
ACCESSES = ("captive", "captive_and_foundry", "foundry", "government_programs", "open", "research")
SITE_KINDS = ("assembly", "package_supplier", "substrate", "test")
READ_FROM = ("primary", "abstract", "summary", "mention")
DOMAINS = ("all", "defence", "space", "aerospace", "automotive")
RULE_KINDS = (
    "supply_restriction",
    "counterfeit",
    "trust",
    "qualification",
    "test_method",
    "export",
    "funding",
)
GRADES = ("A", "B", "C")
# What an inferred step is worth: nobody has said that the site does it.
EVIDENCE_OF_BASIS = {
    "stated": "published",
    "inferred": "assumed",
    "planned": "published",
    "denied": "published",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """One step that a site does, is taken to do, or has announced."""

    step: str
    basis: str  # stated | inferred | planned | denied: the site itself says that it does not
    evidence: Evidence
    year: int
    weeks: Band | None = None  # only where the site itself has said
    cost_usd: Band | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A certificate or qualified-list entry, as found."""

    name: str
    evidence: Evidence
    year: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """A site. An empty `listings` means that none is recorded, never that none is held."""

    id: str
    name: str
    company: str
    country: str  # where the work is done
    owner_country: str  # where the owner is based
    region: str
    latitude_deg: float
    longitude_deg: float
    kind: str
    access: str
    status: str
    status_as_of: date
    available_from: date | None  # last day of the period that the source names
    volume_tiers: tuple[str, ...]
    volume_evidence: Evidence
    capabilities: tuple[Capability, ...]
    listings: tuple[Listing, ...] = ()
    owner_note: str = ""
    disruption_per_year: Band | None = None
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule:
    """A dated rule. One that was not read may raise a warning, never a pass."""

    id: str
    name: str
    authority: str
    citation: str
    kind: str
    domains: tuple[str, ...]
    proposed: bool
    effective: date | None
    read: bool
    read_from: str
    evidence: Evidence
    asks: str
    summary: str
    covered_makers: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    limits_by_year: Mapping[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyFact:
    """A sourced figure, or two ends of one, or a sentence without a figure."""

    id: str
    topic: str
    statement: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    year: int
    evidence: Evidence
    grade: str
    basis: str
    model_use: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareTable:
    """Shares of a market, by where the plant stands or by where the owner sits: never mix the two."""

    id: str
    what: str
    share_by: str  # location | headquarters
    year: int
    evidence: Evidence
    grade: str
    shares: Mapping[str, float]  # as fractions of one
    other: float
    sources: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildTime:
    """How long a plant took, from one event to another; none of them ends at 'qualified'."""

    id: str
    site: str
    start_event: str
    start: date
    end_event: str
    end: date
    months: float
    kind: str  # actual | planned
    evidence: Evidence
    grade: str
    sources: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What could not be sourced, and what may stand in for it."""

    id: str
    what: str
    stand_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRecords:
    """All of it, by id."""

    suppliers: Mapping[str, Supplier]
    rules: Mapping[str, PolicyRule]
    facts: Mapping[str, SupplyFact]
    share_tables: Mapping[str, ShareTable]
    build_times: Mapping[str, BuildTime]
    gaps: Mapping[str, Gap]
    step_weeks: Mapping[str, Band]  # by capability; absent where nobody may say but the user
    sources: Mapping[str, Source]

    @property
    def newest(self) -> date:
        """Day of the newest status on record: when the evidence was last read."""
        return max(site.status_as_of for site in self.suppliers.values())

    @property
    def digest(self) -> str:
        """Hash of all that routes depend on."""
        content = [sorted(table.items()) for table in (self.suppliers, self.rules, self.step_weeks)]
        return hashlib.blake2b(repr(content).encode(), digest_size=16).hexdigest()


@dataclass(slots=True, kw_only=True)
class _Tables:
    suppliers: dict[str, Supplier] = field(default_factory=dict)
    rules: dict[str, PolicyRule] = field(default_factory=dict)
    facts: dict[str, SupplyFact] = field(default_factory=dict)
    share_tables: dict[str, ShareTable] = field(default_factory=dict)
    build_times: dict[str, BuildTime] = field(default_factory=dict)
    gaps: dict[str, Gap] = field(default_factory=dict)
    step_weeks: dict[str, Band] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)


def is_supply_file(path: Path) -> bool:
    """Whether a file says that it holds supply records; a file that cannot be read does not."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            start = file.read(20_000)
    except OSError:
        return False
    return re.search(rf"^format:\s*[\"']?{FORMAT}-", start, re.MULTILINE) is not None


def load_supply(overlays: Sequence[Path] = ()) -> SupplyRecords:
    """The packaged supply records with a user's files on top, later ones last.

    Raises
    ------
    InputError
        Carries every problem of every file: an unknown capability or word, a probability above one, a
        negative duration, a date that is none, a record that lacks a field.
    """
    tables, problems = _Tables(), list[Problem]()
    folder = files("packfirst.catalog") / "data" / "supply"
    packaged = sorted((i for i in folder.iterdir() if i.name.endswith(".yaml")), key=lambda item: item.name)
    named: list[tuple[str, Path | Traversable]] = [
        (f"packfirst/catalog/data/supply/{item.name}", item) for item in packaged
    ]
    named += [(str(path), path) for path in overlays]
    for name, path in named:
        try:
            _read_file(load(path, file=name), tables, problems)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return SupplyRecords(
        suppliers=tables.suppliers,
        rules=tables.rules,
        facts=tables.facts,
        share_tables=tables.share_tables,
        build_times=tables.build_times,
        gaps=tables.gaps,
        step_weeks=tables.step_weeks,
        sources=tables.sources,
    )


def _read_file(marked: Marked, tables: _Tables, problems: list[Problem]) -> None:
    data = marked.data
    if not isinstance(data, dict):
        problems.append(marked.problem((), f"a supply file starts with 'format: {FORMAT}-{FORMAT_VERSION}'"))
        return
    version = re.fullmatch(rf"{FORMAT}-([0-9]{{1,4}})", str(data.get("format")))
    if version is None or int(version[1]) > FORMAT_VERSION:
        said = "is newer than this packfirst: update packfirst" if version else "is not a supply file"
        message = f"{data.get('format')!r} {said}; this reads {FORMAT}-{FORMAT_VERSION}"
        problems.append(marked.problem(("format",), message))
        return
    kind = str(data.get("kind"))
    lists = _LISTS.get(kind)
    if lists is None:
        problems.append(marked.problem(("kind",), f"unknown kind {kind!r}: {nearest(kind, tuple(_LISTS))}"))
        return
    top = Row(marked=marked, path=(), data=data, sources=frozenset(), problems=problems)
    top.only(("format", "kind", "sources", "note", *lists))
    _read_sources(top, tables)
    known = frozenset(tables.sources)
    top = Row(marked=marked, path=(), data=data, sources=known, problems=problems)
    for name, read in lists.items():
        seen: set[str] = set()
        for row in top.inners(name):
            record_id = row.text("id")
            if record_id in seen:
                row.wrong("id", f"{record_id!r} appears twice: keep one")
            seen.add(record_id)
            if record_id:
                read(row, record_id, tables)


def _read_sources(top: Row, tables: _Tables) -> None:
    table = top.inner("sources")
    for key in table.data if table else ():
        row = table.inner(key) if table else None
        if row is None:
            continue
        row.only(("title", "year", "url", "where", "grade", "note"))
        where = row.text("url", "") or row.text("where", "")
        tables.sources[key] = Source(key=key, title=row.text("title"), year=row.year(), url=where)


_SUPPLIER_KEYS = (
    "id", "name", "company", "site", "region", "country", "owner_country", "latitude_deg", "longitude_deg",
    "location_basis", "kind", "access", "status", "available_from", "volume", "capabilities", "listings",
    "owner_note", "disruption_per_year", "sources", "note",
)  # fmt: skip


def _read_supplier(row: Row, record_id: str, tables: _Tables) -> None:
    before = len(row.problems)
    row.only(_SUPPLIER_KEYS)
    known = tables.suppliers.get(record_id)
    row = _on_top_of(row, known)
    status, volume = row.inner("status"), row.inner("volume")
    for key, part in (("status", status), ("volume", volume)):
        if part is None and len(row.problems) == before:
            row.wrong(None, f"needs {key}: a mapping")
    as_of = status.day("as_of") if status else None
    if status and as_of is None and "as_of" not in status.data:
        status.wrong(None, "needs as_of: when the status was true")
    supplier = Supplier(
        id=record_id,
        name=row.text("name", record_id),
        company=row.text("company"),
        country=_country(row, "country"),
        owner_country=_country(row, "owner_country"),
        region=row.text("region", ""),
        latitude_deg=row.number("latitude_deg", least=-90, most=90) or 0.0,
        longitude_deg=row.number("longitude_deg", least=-180, most=180) or 0.0,
        kind=row.choice("kind", SITE_KINDS),
        access=row.choice("access", ACCESSES),
        status=status.choice("value", STATUSES) if status else "",
        status_as_of=as_of or date.min,
        available_from=row.day("available_from", last=True),
        volume_tiers=volume.texts("tiers", VOLUME_TIERS) if volume else (),
        volume_evidence=_evidence(volume) if volume else Evidence.ASSUMED,
        capabilities=_capabilities(row, known),
        listings=_listings(row, known),
        owner_note=row.text("owner_note", ""),
        disruption_per_year=row.band("disruption_per_year", most=1.0)
        or (known.disruption_per_year if known else None),
        sources=row.cited(),
        note=row.text("note", ""),
    )
    if len(row.problems) == before:
        tables.suppliers[record_id] = supplier


def _on_top_of(row: Row, known: Supplier | None) -> Row:
    """The row with what it does not say filled from the record below it."""
    if known is None:
        return row
    below: dict[str, Data] = {
        "name": known.name, "company": known.company, "country": known.country,
        "owner_country": known.owner_country, "region": known.region, "latitude_deg": known.latitude_deg,
        "longitude_deg": known.longitude_deg, "kind": known.kind, "access": known.access,
        "status": {"value": known.status, "as_of": known.status_as_of.isoformat()},
        "available_from": known.available_from.isoformat() if known.available_from else None,
        "volume": {"tiers": list(known.volume_tiers), "evidence": known.volume_evidence.value},
        "owner_note": known.owner_note or None, "sources": list(known.sources), "note": known.note or None,
    }  # fmt: skip
    data = {**below, **row.data}
    return Row(marked=row.marked, path=row.path, data=data, sources=row.sources, problems=row.problems)


def _country(row: Row, key: str) -> str:
    said = row.text(key)
    if said and not re.fullmatch(r"[A-Z]{2}", said):
        row.wrong(key, f"{said!r}: write the two capital letters of ISO 3166, such as US")
    return said


def _evidence(row: Row) -> Evidence:
    said = row.choice("evidence", [item.value for item in Evidence])
    return Evidence(said) if said else Evidence.ASSUMED


def _capabilities(row: Row, known: Supplier | None) -> tuple[Capability, ...]:
    found = {item.step: item for item in known.capabilities} if known else {}
    for item in row.inners("capabilities"):
        item.only(("step", "basis", "evidence", "year", "weeks", "cost_usd"))
        step, basis = item.choice("step", CAPABILITIES), item.choice("basis", BASES)
        evidence = _evidence(item)
        if basis == "inferred" and evidence is not Evidence.ASSUMED:
            item.wrong("evidence", "an inferred step is assumed: nobody has said it")
        found[step] = Capability(
            step=step,
            basis=basis,
            evidence=evidence,
            year=item.year(),
            weeks=item.band("weeks"),
            cost_usd=item.band("cost_usd"),
        )
    return tuple(found.values())


def _listings(row: Row, known: Supplier | None) -> tuple[Listing, ...]:
    found = {item.name: item for item in known.listings} if known else {}
    for item in row.inners("listings"):
        item.only(("name", "evidence", "year", "note"))
        name = item.text("name")
        found[name] = Listing(
            name=name, evidence=_evidence(item), year=item.year(), note=item.text("note", "")
        )
    return tuple(found.values())


_RULE_KEYS = (
    "id", "name", "authority", "citation", "kind", "domain", "proposed", "enacted", "published", "effective",
    "correction_effective", "comments_until", "read", "read_from", "evidence", "asks", "summary", "note",
    "limits", "covered_makers", "sources",
)  # fmt: skip


def _read_rule(row: Row, record_id: str, tables: _Tables) -> None:
    before = len(row.problems)
    row.only(_RULE_KEYS)
    limits, by_year = _rule_limits(row)
    for key in ("enacted", "published", "correction_effective", "comments_until"):
        row.day(key)  # refused when it is no date; only `effective` decides anything
    rule = PolicyRule(
        id=record_id,
        name=row.text("name"),
        authority=row.text("authority"),
        citation=row.text("citation"),
        kind=row.choice("kind", RULE_KINDS),
        domains=row.texts("domain", DOMAINS),
        proposed=row.flag("proposed"),
        effective=row.day("effective"),
        read=row.flag("read"),
        read_from=row.choice("read_from", READ_FROM),
        evidence=_evidence(row),
        asks=row.text("asks", ""),
        summary=row.text("summary"),
        covered_makers=row.texts("covered_makers"),
        limits=limits,
        limits_by_year=by_year,
        sources=row.cited(),
        note=row.text("note", ""),
    )
    if len(row.problems) == before:
        tables.rules[record_id] = rule


def _rule_limits(row: Row) -> tuple[dict[str, float], dict[str, tuple[tuple[int, float], ...]]]:
    table = row.inner("limits")
    plain: dict[str, float] = {}
    by_year: dict[str, tuple[tuple[int, float], ...]] = {}
    for name, value in (table.data if table else {}).items():
        assert table is not None
        if isinstance(value, list):
            steps = [(item.year(), item.number("max", least=0.0) or 0.0) for item in table.inners(name)]
            by_year[name] = tuple(sorted(steps))
        else:
            plain[name] = table.number(name, least=0.0) or 0.0
    return plain, by_year


_FACT_KEYS = (
    "id", "topic", "statement", "value", "low", "high", "unit", "year", "evidence", "grade", "basis",
    "model_use", "sources",
)  # fmt: skip


def _read_fact(row: Row, record_id: str, tables: _Tables) -> None:
    before = len(row.problems)
    row.only(_FACT_KEYS)
    least = 0.0  # money, shares, counts and durations: none of them can be negative
    value, low, high = (row.number(key, least=least, required=False) for key in ("value", "low", "high"))
    if low is not None and high is not None and low > high:
        row.wrong("low", f"{low:g} is above high, {high:g}")
    unit = row.text("unit", "")
    for key, number in (("value", value), ("low", low), ("high", high)):
        if number is not None and unit.startswith("percent") and number > 100.0:
            row.wrong(key, f"{number:g} percent is out of range: at most 100")
    fact = SupplyFact(
        id=record_id,
        topic=row.text("topic"),
        statement=row.text("statement"),
        value=value,
        low=low,
        high=high,
        unit=unit,
        year=row.year(),
        evidence=_evidence(row),
        grade=row.choice("grade", GRADES),
        basis=row.text("basis", ""),
        model_use=row.text("model_use", ""),
        sources=row.cited(),
    )
    if len(row.problems) == before:
        tables.facts[record_id] = fact


def _read_shares(row: Row, record_id: str, tables: _Tables) -> None:
    before = len(row.problems)
    row.only(
        (
            "id",
            "what",
            "share_by",
            "year",
            "evidence",
            "grade",
            "shares_percent",
            "other_percent",
            "sources",
            "note",
        )
    )
    table = row.inner("shares_percent")
    shares = (
        {name: (table.number(name, least=0, most=100) or 0.0) / 100.0 for name in table.data} if table else {}
    )
    other = (row.number("other_percent", least=0, most=100) or 0.0) / 100.0
    total = sum(shares.values()) + other
    if len(row.problems) == before and abs(total - 1.0) > 0.005:
        row.wrong("shares_percent", f"shares and other add to {100 * total:g} percent, not 100")
    record = ShareTable(
        id=record_id,
        what=row.text("what"),
        share_by=row.choice("share_by", ("location", "headquarters")),
        year=row.year(),
        evidence=_evidence(row),
        grade=row.choice("grade", GRADES),
        shares=shares,
        other=other,
        sources=row.cited(),
        note=row.text("note", ""),
    )
    if len(row.problems) == before:
        tables.share_tables[record_id] = record


def _read_build(row: Row, record_id: str, tables: _Tables) -> None:
    before = len(row.problems)
    row.only(
        (
            "id",
            "site",
            "start_event",
            "start",
            "end_event",
            "end",
            "months",
            "kind",
            "evidence",
            "grade",
            "sources",
            "note",
        )
    )
    start, end = row.day("start"), row.day("end")
    if start and end and end < start:
        row.wrong("end", f"{end} is before the start, {start}")
    record = BuildTime(
        id=record_id,
        site=row.text("site"),
        start_event=row.text("start_event"),
        start=start or date.min,
        end_event=row.text("end_event"),
        end=end or date.min,
        months=row.number("months", least=0.0) or 0.0,
        kind=row.choice("kind", ("actual", "planned")),
        evidence=_evidence(row),
        grade=row.choice("grade", GRADES),
        sources=row.cited(),
        note=row.text("note", ""),
    )
    if len(row.problems) == before:
        tables.build_times[record_id] = record


def _read_gap(row: Row, record_id: str, tables: _Tables) -> None:
    row.only(("id", "what", "stand_in"))
    tables.gaps[record_id] = Gap(id=record_id, what=row.text("what"), stand_in=row.text("stand_in"))


def _read_step_time(row: Row, record_id: str, tables: _Tables) -> None:
    row.only(("id", "weeks", "note"))
    row.choice("id", CAPABILITIES)
    weeks = row.band("weeks")
    if weeks is None and "weeks" not in row.data:
        row.wrong(None, "needs weeks: {value: ..., low: ..., high: ..., evidence: ...}")
    if weeks is not None:
        tables.step_weeks[record_id] = weeks


_Read = Callable[[Row, str, _Tables], None]
_LISTS: Mapping[str, Mapping[str, _Read]] = {
    "supplier": {"records": _read_supplier},
    "policy": {"records": _read_rule},
    "supply_fact": {
        "facts": _read_fact,
        "share_tables": _read_shares,
        "build_times": _read_build,
        "gaps": _read_gap,
    },
    "step_time": {"records": _read_step_time},
}


def sites_with(suppliers: Iterable[Supplier], step: str) -> tuple[Supplier, ...]:
    """Sites that have any record of a step, stated, inferred or planned."""
    return tuple(site for site in suppliers if any(item.step == step for item in site.capabilities))
