"""The catalog from its files: the packaged data, and the user's overlays on top."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from packfirst.catalog.catalog import Catalog, Source
from packfirst.catalog.check import check
from packfirst.catalog.parse import Reading, is_year, read_record
from packfirst.catalog.record import Record
from packfirst.catalog.schema import FORMAT, FORMAT_VERSION, KINDS
from packfirst.catalog.supply_records import is_supply_file, load_supply
from packfirst.errors import InputError, Problem, nearest
from packfirst.yaml_marks import Marked, load

_FILE_KEYS = ("format", "kind", "sources", "records", "note")
_SOURCE_KEYS = ("title", "year", "url", "where", "note", "licence")


def load_catalog(overlays: Sequence[Path] = ()) -> Catalog:
    """The packaged catalog with overlays on top, later ones last.

    An overlay is a file of the packaged shape, or a folder of such files. Its records replace fields of the
    record with the same id, or are new. Files of supply records go on top of the packaged ones in the same way.

    Raises
    ------
    InputError
        A file is unusable; carries every problem of every file that could be read.
    """
    problems: list[Problem] = []
    catalog = Catalog(tables={}, sources={})
    catalog = _with_files(catalog, _packaged(), problems, is_overlay=False)
    mine = _overlay_files(overlays, problems)
    supply = [path for _, path in mine if isinstance(path, Path) and is_supply_file(path)]
    mine = [(name, path) for name, path in mine if path not in supply]
    catalog = _with_files(catalog, mine, problems, is_overlay=True)
    if supply:
        try:
            catalog = replace(catalog, supply=load_supply(supply))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    between = check(catalog)
    if between:
        raise InputError(between)
    return catalog


def _packaged() -> list[tuple[str, Traversable | Path]]:
    folder = files("packfirst.catalog") / "data"
    found = [item for item in folder.iterdir() if item.name.endswith(".yaml")]
    return [
        (f"packfirst/catalog/data/{item.name}", item) for item in sorted(found, key=lambda item: item.name)
    ]


def _overlay_files(overlays: Sequence[Path], problems: list[Problem]) -> list[tuple[str, Traversable | Path]]:
    found: list[tuple[str, Traversable | Path]] = []
    for overlay in overlays:
        if not overlay.is_dir():
            found.append((str(overlay), overlay))
            continue
        try:
            inside = sorted(item for item in overlay.iterdir() if item.suffix in (".yaml", ".yml"))
            message = "the folder holds no .yaml file"
        except OSError as error:
            inside, message = [], f"cannot be read: {error.strerror or error}"
        if not inside:
            problems.append(Problem(file=str(overlay), line=0, field="", message=message))
        found += [(str(item), item) for item in inside]
    return found


def _with_files(
    catalog: Catalog,
    named: Iterable[tuple[str, Traversable | Path]],
    problems: list[Problem],
    *,
    is_overlay: bool,
) -> Catalog:
    for name, path in named:
        try:
            marked = load(path, file=name)
        except InputError as error:
            problems += error.problems
            continue
        catalog = _with_file(catalog, marked, problems, is_overlay=is_overlay)
    return catalog


def _with_file(catalog: Catalog, marked: Marked, problems: list[Problem], *, is_overlay: bool) -> Catalog:
    kind = _kind_of(marked, problems)
    if kind is None:
        return catalog
    data = marked.data
    assert isinstance(data, dict)
    sources = {**catalog.sources, **_read_sources(catalog, marked, problems)}
    records = data.get("records")
    if not isinstance(records, list):
        problems.append(
            marked.problem(("records",), "needs 'records:', a list of mappings that start with 'id:'")
        )
        return catalog
    table = dict(catalog.tables.get(kind, {}))
    reading = Reading(marked=marked, sources=sources, ids=tuple(table), problems=problems)
    seen: dict[str, int] = {}
    for index, item in enumerate(records):
        path = ("records", index)
        record_id = item.get("id") if isinstance(item, dict) else None
        known = table.get(str(record_id)) if is_overlay else None
        record = read_record(reading, path, item, kind, known)
        if record is None:
            continue
        _note_twice(seen, record, marked, problems, path)
        table[record.id] = record
    return Catalog(tables={**catalog.tables, kind: table}, sources=sources)


def _note_twice(
    seen: dict[str, int], record: Record, marked: Marked, problems: list[Problem], path: tuple[str, int]
) -> None:
    if record.id in seen:
        message = f"{record.kind} {record.id!r} appears twice, first on line {seen[record.id]}: keep one"
        problems.append(marked.problem((*path, "id"), message))
    seen.setdefault(record.id, record.line)


def _kind_of(marked: Marked, problems: list[Problem]) -> str | None:
    """The kind of record that the file holds, or None where it is not a catalog file of ours."""
    data = marked.data
    if not isinstance(data, dict):
        message = f"a catalog file starts with 'format: {FORMAT}-{FORMAT_VERSION}' and 'kind: ...'"
        problems.append(marked.problem((), message))
        return None
    version = _version(marked, data.get("format"), problems)
    for key in data:
        if key not in _FILE_KEYS:
            problems.append(marked.problem((key,), f"unknown key: {nearest(key, _FILE_KEYS)}"))
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        hint = nearest(str(kind), tuple(KINDS)) if "kind" in data else f"one of {', '.join(sorted(KINDS))}"
        said = f"unknown kind {kind!r}: {hint}" if "kind" in data else f"needs 'kind:', {hint}"
        problems.append(marked.problem(("kind",), said))
        return None
    return kind if version else None


def _version(marked: Marked, said: object, problems: list[Problem]) -> int | None:
    match = re.fullmatch(rf"{FORMAT}-([0-9]{{1,6}})", said) if isinstance(said, str) else None
    if match is None:
        message = f"write 'format: {FORMAT}-{FORMAT_VERSION}'"
    elif int(match[1]) > FORMAT_VERSION:
        message = (
            f"{said} is newer than this packfirst, which reads {FORMAT}-{FORMAT_VERSION}: update packfirst"
        )
    else:
        return int(match[1])
    problems.append(marked.problem(("format",), message))
    return None


def _read_sources(catalog: Catalog, marked: Marked, problems: list[Problem]) -> dict[str, Source]:
    assert isinstance(marked.data, dict)
    data = marked.data.get("sources", {})
    if not isinstance(data, dict):
        problems.append(
            marked.problem(("sources",), "write a mapping: key: {title: ..., year: ..., url: ...}")
        )
        return {}
    found: dict[str, Source] = {}
    for key, entry in data.items():
        path = ("sources", key)
        if not isinstance(entry, dict):
            problems.append(marked.problem(path, "write {title: ..., year: ..., url: ...}"))
            continue
        for name in entry:
            if name not in _SOURCE_KEYS:
                problems.append(marked.problem((*path, name), f"unknown key: {nearest(name, _SOURCE_KEYS)}"))
        title, year = entry.get("title"), entry.get("year")
        if not isinstance(title, str) or not title or not is_year(year):
            problems.append(marked.problem(path, "a source needs a title and a year"))
            continue
        assert isinstance(year, int)
        url = str(entry.get("url") or entry.get("where") or "")
        source = Source(key=key, title=title, year=year, url=url)
        if catalog.sources.get(key, source) != source:
            message = f"source {key!r} already means {catalog.sources[key].title!r}: use another key"
            problems.append(marked.problem(path, message))
            continue
        found[key] = source
    return found
