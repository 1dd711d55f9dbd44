"""One record out of marked YAML: every mistake becomes a Problem with file, line and field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from packfirst import units
from packfirst.catalog.catalog import Source
from packfirst.catalog.fields import STEP_NUMBERS, KindSchema, Number, RowSchema, Word
from packfirst.catalog.record import ProcessStep, Record, Row, Words, input_id
from packfirst.catalog.schema import CAPABILITIES, KINDS, SCOPES
from packfirst.errors import Problem, nearest
from packfirst.inputs import Evidence, Input, Kind
from packfirst.yaml_marks import Data, Marked, Step

Path = tuple[Step, ...]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")

_NUMBER_KEYS = ("value", "low", "high", "kind", "evidence", "source", "year", "where", "note")
_KINDS = tuple(item.value for item in Kind)
_EVIDENCE = tuple(item.value for item in Evidence)
_STEP_KEYS = ("step", "op", "peak_temperature", "step_yield", "scope", "needs", "note")
_SHAPE = "{value: ..., low: ..., high: ..., kind: ..., evidence: ..., source: ..., year: ...}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the reading of one file needs at hand; `problems` grows."""

    marked: Marked
    sources: Mapping[str, Source]
    ids: tuple[str, ...]  # records of this kind that are there already
    problems: list[Problem]

    def wrong(self, path: Path, message: str) -> None:
        """Notes a problem at `path`."""
        self.problems.append(self.marked.problem(path, message))

    def text(self, path: Path, data: Data) -> str:
        """A text that is not empty; numbers and words that only look like something else stay text."""
        if isinstance(data, bool) or data is None or isinstance(data, (list, dict)) or data == "":
            self.wrong(path, "write a text here")
            return ""
        return str(data)

    def choice(self, path: Path, data: Data, allowed: tuple[str, ...]) -> str:
        """One of the allowed words, or "" with a problem noted."""
        text = self.text(path, data)
        if text and text not in allowed:
            self.wrong(path, f"unknown word {text!r}: {nearest(text, allowed)}")
            return ""
        return text


def read_record(reading: Reading, path: Path, data: Data, kind: str, known: Record | None) -> Record | None:
    """The record at `path`, or None where too much is wrong with it.

    `known` is the record of this id so far, whose fields an overlay replaces one by one; without it the
    fields that the schema requires must be there.
    """
    schema = KINDS[kind]
    if not isinstance(data, dict):
        reading.wrong(path, "a record is a mapping that starts with 'id:'")
        return None
    record_id = reading.text((*path, "id"), data.get("id"))
    if not _ID.fullmatch(record_id):
        if record_id:
            reading.wrong(
                (*path, "id"), f"{record_id!r} is no id: write letters, digits, '_', '-', '+' or '.'"
            )
        return None
    inputs = dict(known.inputs) if known else {}
    words: dict[str, Words] = dict(known.words) if known else {}
    for key, value in data.items():
        here = (*path, key)
        if key in schema.numbers:
            item = _read_number(reading, here, value, schema.numbers[key], input_id(kind, record_id, key))
            if item is not None:
                inputs[key] = item
        elif key in schema.words:
            _read_word(reading, here, value, schema.words[key], words)
        elif key == "note":
            words[key] = reading.text(here, value)
        elif known and key in known.inputs and (spec := schema.number(key)):
            # a single number of a step or of a row that is there already
            item = _read_number(reading, here, value, spec, input_id(kind, record_id, key))
            if item is not None:
                inputs[key] = item
        elif key not in schema.names:
            reading.wrong(here, f"unknown field of a {kind}: {nearest(key, schema.names)}")
    name = (
        reading.text((*path, "name"), data["name"]) if "name" in data else known.name if known else record_id
    )
    record = Record(
        kind=kind,
        id=record_id,
        name=name,
        inputs=inputs,
        words=words,
        rows=known.rows if known else {},
        route=known.route if known else (),
        die_committed_at_step=known.die_committed_at_step if known else 0,
        file=reading.marked.file,
        line=reading.marked.line(path),
    )
    for table, spec_of_rows in schema.rows.items():
        if table in data:
            record = _with_rows(reading, (*path, table), data[table], spec_of_rows, record)
    if schema.has_route and "process_route" in data:
        record = _with_route(reading, (*path, "process_route"), data["process_route"], record)
    if schema.has_route and "die_committed_at_step" in data:
        record = _with_commitment(
            reading, (*path, "die_committed_at_step"), data["die_committed_at_step"], record
        )
    _ask_for_missing(reading, path, data, schema, record)
    return record


def _ask_for_missing(
    reading: Reading, path: Path, data: Mapping[str, Data], schema: KindSchema, record: Record
) -> None:
    names = [name for name, number in schema.numbers.items() if number.required]
    names += [name for name, word in schema.words.items() if word.required]
    missing = [name for name in names if name not in record.inputs and name not in record.words]
    if schema.has_route and not record.route:
        missing.append("process_route")
    if schema.has_route and not record.die_committed_at_step:
        missing.append("die_committed_at_step")
    missing = [name for name in missing if name not in data]  # what is there but wrong has been spoken of
    if missing:
        near = get_close_matches(record.id, reading.ids, n=1)
        hint = (
            f"; did you mean the {record.kind} {near[0]!r}?" if near and record.id not in reading.ids else ""
        )
        reading.wrong(path, f"{record.kind} {record.id!r} needs {', '.join(missing)}{hint}")


def _read_word(reading: Reading, path: Path, data: Data, spec: Word, words: dict[str, Words]) -> None:
    name = str(path[-1])
    if not spec.many:
        if isinstance(data, list):
            reading.wrong(path, "write one text here, not a list")
            return
        text = reading.choice(path, data, spec.allowed) if spec.allowed else reading.text(path, data)
        if text:
            words[name] = text
        return
    if not isinstance(data, list):
        reading.wrong(path, "write a list here: [first, second]")
        return
    texts = []
    for index, item in enumerate(data):
        here = (*path, index)
        text = reading.choice(here, item, spec.allowed) if spec.allowed else reading.text(here, item)
        if text:
            texts.append(text)
    words[name] = tuple(texts)


def _read_number(reading: Reading, path: Path, data: Data, spec: Number, name: str) -> Input | None:
    """An Input, or None with every reason noted."""
    if not isinstance(data, dict):
        reading.wrong(path, f"write {_SHAPE}")
        return None
    before = len(reading.problems)
    for key in data:
        if key not in _NUMBER_KEYS:
            reading.wrong((*path, key), f"unknown key: {nearest(key, _NUMBER_KEYS)}")
    if "value" not in data:
        reading.wrong(path, "needs a value")
    numbers = {
        key: _quantity((*path, key), data[key], spec, reading)
        for key in ("value", "low", "high")
        if key in data
    }
    kind = _named(reading, path, data, "kind", _KINDS)
    evidence = _named(reading, path, data, "evidence", _EVIDENCE)
    if len(reading.problems) > before:
        return None
    value, low, high = numbers["value"], numbers.get("low"), numbers.get("high")
    assert value is not None
    _check_band(reading, path, value, low, high, evidence)
    source, year = _provenance(reading, path, data, evidence)
    where = reading.text((*path, "where"), data["where"]) if "where" in data else ""
    note = reading.text((*path, "note"), data["note"]) if "note" in data else ""
    if len(reading.problems) > before:
        return None
    return Input(
        id=name, value=value, quantity=spec.quantity, kind=Kind(kind), evidence=Evidence(evidence),
        low=low, high=high, source=source, year=year, where=where, note=note,
    )  # fmt: skip


def _quantity(path: Path, data: Data, spec: Number, reading: Reading) -> float | None:
    try:
        value = units.read(data, spec.quantity)
    except ValueError as error:
        reading.wrong(path, str(error))
        return None
    bounds = (
        (spec.above is not None and value <= spec.above, "more than", spec.above),
        (spec.least is not None and value < spec.least, "at least", spec.least),
        (spec.most is not None and value > spec.most, "at most", spec.most),
    )
    for broken, words, bound in bounds:
        if broken:
            reading.wrong(path, f"{data!s} is out of range: {words} {bound:g}")
            return None
    return value


def _named(reading: Reading, path: Path, data: Mapping[str, Data], key: str, allowed: tuple[str, ...]) -> str:
    if key not in data:
        reading.wrong(path, f"needs {key}: one of {', '.join(allowed)}")
        return ""
    return reading.choice((*path, key), data[key], allowed)


def _check_band(
    reading: Reading, path: Path, value: float, low: float | None, high: float | None, evidence: str
) -> None:
    if (low is None) != (high is None):
        reading.wrong(path, "has only one of low and high: write both")
    elif low is None or high is None:
        if evidence != Evidence.STANDARD:
            reading.wrong(path, f"{evidence} needs low and high: only a standard fixes a number exactly")
    elif not low <= value <= high:
        reading.wrong(path, "out of order: low <= value <= high")
    elif evidence == Evidence.ASSUMED and low == high:
        reading.wrong(path, "assumed with a band of no width: say how far off it may be")


def _provenance(
    reading: Reading, path: Path, data: Mapping[str, Data], evidence: str
) -> tuple[str, int | None]:
    """Source key and year: an assumption has no source, everything else has both."""
    if evidence == Evidence.ASSUMED:
        if "source" in data:
            message = "assumed with a source passes as sourced: name its evidence, or drop the source"
            reading.wrong((*path, "source"), message)
        return "", _year(reading, path, data["year"]) if "year" in data else None
    if "source" not in data:
        reading.wrong(path, f"{evidence} needs a source: a key of 'sources:', or make it assumed with a band")
        return "", None
    key = reading.text((*path, "source"), data["source"])
    source = reading.sources.get(key)
    if source is None:
        if key:
            hint = nearest(key, tuple(reading.sources)) if reading.sources else "the file has no 'sources:'"
            reading.wrong((*path, "source"), f"unknown source {key!r}: {hint}")
        return key, None
    return key, _year(reading, path, data.get("year", source.year))


def _year(reading: Reading, path: Path, data: Data) -> int | None:
    if is_year(data) and isinstance(data, int):
        return data
    reading.wrong((*path, "year"), f"{data!r}: write a year such as 2024")
    return None


def is_year(data: Data) -> bool:
    """Whether the data is a whole number that can be a year of publication."""
    return isinstance(data, int) and not isinstance(data, bool) and 1800 <= data <= 2100


def _with_rows(reading: Reading, path: Path, data: Data, schema: RowSchema, record: Record) -> Record:
    """The record with this table in the place of the one that it may have had."""
    if not isinstance(data, list):
        reading.wrong(path, "write a list of rows: - {...}, or [] where there is none")
        return record
    table = str(path[-1])
    before = {row.field(name) for row in record.table(table) for name in schema.numbers}
    inputs = {name: item for name, item in record.inputs.items() if name not in before}
    rows = []
    for index, item in enumerate(data):
        row = _read_row(
            reading, (*path, index), item, schema, Row(table=table, number=index + 1), record, inputs
        )
        rows.append(row)
    return replace(record, rows={**record.rows, table: tuple(rows)}, inputs=inputs)


def _read_row(
    reading: Reading,
    path: Path,
    data: Data,
    schema: RowSchema,
    row: Row,
    record: Record,
    inputs: dict[str, Input],
) -> Row:
    if not isinstance(data, dict):
        reading.wrong(path, f"a row is a mapping of {', '.join(schema.names)}")
        return row
    words: dict[str, Words] = {}
    for key, value in data.items():
        here = (*path, key)
        if key in schema.numbers:
            name = input_id(record.kind, record.id, row.field(key))
            item = _read_number(reading, here, value, schema.numbers[key], name)
            if item is not None:
                inputs[row.field(key)] = item
        elif key in schema.words:
            _read_word(reading, here, value, schema.words[key], words)
        elif key == "note":
            words[key] = reading.text(here, value)
        else:
            reading.wrong(here, f"unknown field of {row.table}: {nearest(key, schema.names)}")
    required = [name for name, number in schema.numbers.items() if number.required]
    required += [name for name, word in schema.words.items() if word.required]
    missing = [name for name in required if name not in data]
    if missing:
        reading.wrong(path, f"the row needs {', '.join(missing)}")
    return replace(row, words=words)


def _with_route(reading: Reading, path: Path, data: Data, record: Record) -> Record:
    if not isinstance(data, list) or not data:
        reading.wrong(path, "write a list of steps: - {step: 1, op: ..., ...}")
        return record
    inputs = {name: item for name, item in record.inputs.items() if not _is_step_field(name)}
    steps = []
    for index, item in enumerate(data):
        step = _read_step(reading, (*path, index), item, index + 1, record, inputs)
        if step is not None:
            steps.append(step)
    return replace(record, route=tuple(steps), inputs=inputs)


def _is_step_field(name: str) -> bool:
    return name.startswith("step_")


def _read_step(
    reading: Reading, path: Path, data: Data, number: int, record: Record, inputs: dict[str, Input]
) -> ProcessStep | None:
    if not isinstance(data, dict):
        reading.wrong(path, "a step is a mapping: {step: 1, op: ..., ...}")
        return None
    for key in data:
        if key not in _STEP_KEYS:
            reading.wrong((*path, key), f"unknown key of a step: {nearest(key, _STEP_KEYS)}")
    missing = [key for key in _STEP_KEYS if key not in data and key not in ("needs", "note")]
    if missing:
        reading.wrong(path, f"the step needs {', '.join(missing)}")
        return None
    if data["step"] != number:
        reading.wrong(
            (*path, "step"), f"the route contradicts itself: this is step {number}, not {data['step']}"
        )
        return None
    words: dict[str, Words] = {}
    if "needs" in data:
        _read_word(reading, (*path, "needs"), data["needs"], Word(many=True, allowed=CAPABILITIES), words)
    step = ProcessStep(
        number=number,
        op=reading.text((*path, "op"), data["op"]),
        scope=reading.choice((*path, "scope"), data["scope"], SCOPES),
        needs=tuple(words.get("needs", ())),
        note=reading.text((*path, "note"), data["note"]) if "note" in data else "",
    )
    for key, field_name, spec in (
        ("step_yield", step.yield_field, STEP_NUMBERS["yield"]),
        ("peak_temperature", step.temperature_field, STEP_NUMBERS["peak_temperature"]),
    ):
        name = input_id(record.kind, record.id, field_name)
        item = _read_number(reading, (*path, key), data[key], spec, name)
        if item is not None:
            inputs[field_name] = item
    return step


def _with_commitment(reading: Reading, path: Path, data: Data, record: Record) -> Record:
    if isinstance(data, bool) or not isinstance(data, int) or not 1 <= data <= max(len(record.route), 1):
        reading.wrong(path, f"{data!r}: write the number of a step of the route, 1 to {len(record.route)}")
        return record
    return replace(record, die_committed_at_step=data)
