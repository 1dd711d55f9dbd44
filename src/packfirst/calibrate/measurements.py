"""Files of a user's own measurements: what was measured, on what, how well, and under which conditions."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from packfirst import units, yaml_marks
from packfirst.calibrate.kinds import KINDS, Asked, Conditions, Kind
from packfirst.calibrate.update import Observation
from packfirst.catalog import Catalog, MissingDatum, UnknownRecord
from packfirst.catalog.catalog import Source
from packfirst.errors import InputError, Problem, nearest
from packfirst.yaml_marks import Data, Marked, Step

FORMAT, FORMAT_VERSION = "packfirst-measurements", 1
_HEAD = ("format", "format_version", "source", "measurements", "note")
_KEYS = ("id", "kind", "of", "conditions", "value", "sigma", "factor", "good", "tested")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One measurement with what it asks the catalog."""

    id: str
    kind: str
    asked: Asked
    observation: Observation


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A file of measurements."""

    source: Source
    measurements: Sequence[Measurement]


def read(file: Path, catalog: Catalog) -> Measured:
    """The measurements of a file, each looked up in the catalog.

    Raises
    ------
    InputError
        Every problem of the file with its line: another format, an unknown kind or record, a condition that is
        missing or in the wrong unit, a sigma that is not positive, no source.
    """
    marked = yaml_marks.load(file)
    data = marked.data
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format") if isinstance(data, dict) else None
        raise InputError.one(
            marked.file, f"{found!r}: write 'format: {FORMAT}' first", line=1, field="format"
        )
    version = data.get("format_version")
    if version != FORMAT_VERSION:
        newer = isinstance(version, int) and version > FORMAT_VERSION
        hint = "was written by a newer packfirst" if newer else f"write 'format_version: {FORMAT_VERSION}'"
        raise InputError([marked.problem(("format_version",), f"{version!r}: {hint}")])
    problems = [
        marked.problem((key,), f"unknown key: {nearest(key, _HEAD)}") for key in data if key not in _HEAD
    ]
    rows = data.get("measurements")
    if not isinstance(rows, list) or not rows:
        problems.append(marked.problem(("measurements",), "needs a list of measurements"))
        raise InputError(problems)
    found_rows = []
    for number, row in enumerate(rows):
        try:
            found_rows.append(_Row(marked, catalog, ("measurements", number), row).measurement())
        except InputError as error:
            problems += error.problems
    source = _source(marked, catalog, data.get("source"), problems)
    if problems or source is None:
        raise InputError(problems)
    return Measured(source=source, measurements=tuple(found_rows))


def _source(marked: Marked, catalog: Catalog, entry: Data, problems: list[Problem]) -> Source | None:
    keys = ("key", "title", "year")
    if not isinstance(entry, dict) or sorted(entry) != sorted(keys):
        hint = "write {key: our_lab_2026, title: what was measured and by whom, year: 2026}"
        problems.append(marked.problem(("source",), f"needs a source: {hint}"))
        return None
    key, title, year = (entry[name] for name in keys)
    if not (isinstance(key, str) and key.isidentifier() and isinstance(title, str) and title):
        problems.append(marked.problem(("source",), "key is one word, title a text"))
        return None
    if not isinstance(year, int) or isinstance(year, bool) or not 1900 <= year <= 2100:
        problems.append(marked.problem(("source", "year"), f"{year!r}: write a year"))
        return None
    source = Source(key=key, title=title, year=year)
    known = catalog.sources.get(key, source)
    if known != source:
        problems.append(
            marked.problem(("source", "key"), f"{key!r} already means {known.title!r}: use another")
        )
        return None
    return source


class _Row:
    """Reads one measurement; every problem carries the line of the value that it is about."""

    def __init__(self, marked: Marked, catalog: Catalog, place: tuple[Step, ...], row: Data) -> None:
        self._marked, self._catalog, self._place = marked, catalog, place
        if not isinstance(row, dict):
            raise self._wrong("needs a mapping with id, kind, of, value and sigma")
        self._row: Mapping[str, Data] = row
        for key in row:
            if key not in _KEYS:
                raise self._wrong(f"unknown key: {nearest(key, _KEYS)}", key)

    def _wrong(self, message: str, *where: Step) -> InputError:
        return InputError([self._marked.problem((*self._place, *where), message)])

    def measurement(self) -> Measurement:
        name = self._row.get("kind")
        if not isinstance(name, str) or name not in KINDS:
            raise self._wrong(f"unknown kind {name!r}: {nearest(str(name), tuple(KINDS))}", "kind")
        kind = KINDS[name]
        of = self._row.get("of")
        if not isinstance(of, str):
            what = "the id of an Input" if kind.of == "input" else f"the id of a record of kind {kind.of}"
            raise self._wrong(f"needs {what}", "of")
        conditions = self._conditions(kind)
        try:
            if kind.of != "input":
                self._catalog.record(kind.of, of)
            asked = kind.ask(self._catalog, of, conditions)
            items = [self._catalog.input(name) for name in asked.inputs]
        except (UnknownRecord, MissingDatum) as error:
            raise self._wrong(str(error), "of") from None
        observation = self._observation(kind, asked)
        try:
            observation.predict(np.array([item.value for item in items]))
        except (ValueError, ZeroDivisionError) as error:
            raise self._wrong(f"cannot be predicted: {error}", "conditions") from None
        label = self._row.get("id", f"measurement {int(self._place[-1]) + 1}")
        return Measurement(id=str(label), kind=name, asked=asked, observation=observation)

    def _conditions(self, kind: Kind) -> Conditions:
        given = self._row.get("conditions", {})
        if not isinstance(given, dict):
            raise self._wrong("write a mapping", "conditions")
        for key in given:
            if key not in kind.conditions:
                hint = nearest(key, tuple(kind.conditions)) if kind.conditions else "this kind takes none"
                raise self._wrong(f"unknown condition: {hint}", "conditions", key)
        lacking = [key for key in kind.conditions if key not in given]
        if lacking:
            raise self._wrong(f"needs {', '.join(lacking)}", "conditions")
        found: dict[str, float | str] = {}
        for key, quantity in kind.conditions.items():
            if quantity == "word":
                found[key] = str(given[key])
                continue
            found[key] = value = self._number(given[key], quantity, "conditions", key)
            if value <= 0.0 and quantity != "temperature_difference":
                raise self._wrong(f"{given[key]!r} must be above zero", "conditions", key)
        return found

    def _observation(self, kind: Kind, asked: Asked) -> Observation:
        row = self._row
        if "good" in row or "tested" in row:
            return self._counted(kind, asked)
        if "value" not in row:
            raise self._wrong("needs the measured value", "value")
        value = self._number(row["value"], asked.quantity, "value")
        if ("sigma" in row) == ("factor" in row):
            raise self._wrong(
                "needs sigma, in the unit of the value, or factor, as 1.1 for a tenth: one of the two"
            )
        if "factor" in row:
            factor = self._number(row["factor"], "number", "factor")
            if factor <= 1.0 or value <= 0.0:
                raise self._wrong("a factor is above 1, of a value above zero", "factor")
            return Observation(value=value, sigma=math.log(factor), predict=asked.predict, is_log=True)
        unit = "temperature_difference" if asked.quantity == "temperature" else asked.quantity
        sigma = self._number(row["sigma"], unit, "sigma")
        if sigma <= 0.0:
            raise self._wrong(f"{row['sigma']!r} must be above zero", "sigma")
        return Observation(value=value, sigma=sigma, predict=asked.predict)

    def _counted(self, kind: Kind, asked: Asked) -> Observation:
        """Good of tested parts: the share with one good and one bad part more, and the binomial's spread of that.

        The rule of succession keeps the spread above zero where all were good.
        """
        if not kind.counted:
            raise self._wrong("good and tested are for a yield; write value and sigma", "good")
        if "value" in self._row or "sigma" in self._row or "factor" in self._row:
            raise self._wrong("good and tested stand for value and sigma: write one of the two", "good")
        good, tested = self._row.get("good"), self._row.get("tested")
        if not all(isinstance(n, int) and not isinstance(n, bool) for n in (good, tested)):
            raise self._wrong("write whole numbers for good and tested", "good")
        assert isinstance(good, int)
        assert isinstance(tested, int)
        if not 0 <= good <= tested or tested < 1:
            raise self._wrong(f"{good} good of {tested} tested cannot be", "good")
        share = (good + 1.0) / (tested + 2.0)
        return Observation(
            value=share, sigma=math.sqrt(share * (1.0 - share) / (tested + 3.0)), predict=asked.predict
        )

    def _number(self, text: Data, quantity: str, *where: Step) -> float:
        try:
            return units.read(text, quantity)
        except ValueError as error:
            raise self._wrong(str(error), *where) from None
