"""Typed values out of a marked supply file: every mistake becomes a Problem with file, line and field."""

import math
import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from packfirst.errors import Problem, nearest
from packfirst.inputs import Evidence
from packfirst.yaml_marks import Data, Marked, Step

Path = tuple[Step, ...]

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_BAND_KEYS = ("value", "low", "high", "evidence", "source", "year", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A number with its 5 % and 95 % points and how it is known; the unit is in the name of the field."""

    value: float
    low: float
    high: float
    evidence: Evidence
    source: str = ""
    year: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One mapping of a file while it is read; `problems` grows."""

    marked: Marked
    path: Path
    data: Mapping[str, Data]
    sources: frozenset[str]
    problems: list[Problem]

    def wrong(self, key: Step | None, message: str) -> None:
        """Notes a problem at a key of this row, or at the row itself."""
        path = self.path if key is None else (*self.path, key)
        self.problems.append(self.marked.problem(path, message))

    def only(self, allowed: Sequence[str]) -> None:
        """Notes every key that is not allowed."""
        for key in self.data:
            if key not in allowed:
                self.wrong(key, f"unknown key: {nearest(key, allowed)}")

    def text(self, key: str, default: str | None = None) -> str:
        """A text; the default where the key is absent, a problem where there is none."""
        value = self.data.get(key)
        if value is None and default is not None:
            return default
        if value is None or isinstance(value, bool | list | dict) or value == "":
            self.wrong(key if key in self.data else None, f"needs {key}: a text")
            return ""
        return str(value)

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """One of the allowed words."""
        said = self.text(key, default)
        if said and said not in allowed:
            self.wrong(key, f"unknown {key} {said!r}: {nearest(said, allowed)}")
            return ""
        return said

    def texts(self, key: str, allowed: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of texts, each one of the allowed words where those are given; empty when absent."""
        value = self.data.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or any(not isinstance(item, str) for item in value):
            self.wrong(key, "write a list of words, such as [first, second]")
            return ()
        words = tuple(str(item) for item in value)
        for index, word in enumerate(words):
            if allowed is not None and word not in allowed:
                path = (*self.path, key, index)
                self.problems.append(
                    self.marked.problem(path, f"unknown word {word!r}: {nearest(word, allowed)}")
                )
        return words

    def flag(self, key: str) -> bool:
        """true or false."""
        value = self.data.get(key)
        if not isinstance(value, bool):
            self.wrong(key if key in self.data else None, f"needs {key}: true or false")
            return False
        return value

    def number(
        self, key: str, *, least: float = -math.inf, most: float = math.inf, required: bool = True
    ) -> float | None:
        """A finite number within its range; None when it is absent or wrong."""
        value = self.data.get(key)
        if value is None:
            if required:
                self.wrong(None, f"needs {key}: a number")
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(key, f"{value!r} is not a number")
            return None
        if not least <= value <= most:
            said = f"at least {least:g}" if value < least else f"at most {most:g}"
            self.wrong(key, f"{value} is out of range: {said}")
            return None
        return float(value)

    def year(self, key: str = "year") -> int:
        """A year from 1950 to 2100."""
        value = self.number(key, least=1950, most=2100)
        if value is not None and value != int(value):
            self.wrong(key, f"{value} is not a year")
        return int(value or 0)

    def day(self, key: str, *, last: bool = False) -> date | None:
        """A date written 2028, 2028-01 or 2028-01-15; the first or the last day of what is written."""
        value = self.data.get(key)
        if value is None:
            return None
        match = (
            _DATE.fullmatch(str(value))
            if isinstance(value, str | int) and not isinstance(value, bool)
            else None
        )
        if match:
            year, month, day = int(match[1]), match[2], match[3]
            try:
                in_month = int(month) if month else (12 if last else 1)
                end = monthrange(year, in_month)[1] if last else 1
                return date(year, in_month, int(day) if day else end)
            except ValueError:
                pass
        self.wrong(key, f"{value!r} is not a date: write 2028, 2028-01 or 2028-01-15")
        return None

    def cited(self, key: str = "sources") -> tuple[str, ...]:
        """Keys of sources, each of which the file or an earlier one defines."""
        keys = self.texts(key)
        for index, name in enumerate(keys):
            if name not in self.sources:
                path = (*self.path, key, index)
                hint = nearest(name, tuple(self.sources)) if self.sources else "the file has no 'sources:'"
                self.problems.append(self.marked.problem(path, f"unknown source {name!r}: {hint}"))
        return keys

    def inner(self, key: str) -> "Row | None":
        """A mapping within this one; None when absent."""
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(key, "write a mapping, such as {value: ..., low: ..., high: ...}")
            return None
        return Row(
            marked=self.marked,
            path=(*self.path, key),
            data=value,
            sources=self.sources,
            problems=self.problems,
        )

    def inners(self, key: str) -> "list[Row]":
        """A list of mappings within this one; empty when absent."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, "write a list of mappings")
            return []
        rows = []
        for index, item in enumerate(value):
            path = (*self.path, key, index)
            if isinstance(item, dict):
                rows.append(
                    Row(
                        marked=self.marked, path=path, data=item, sources=self.sources, problems=self.problems
                    )
                )
            else:
                self.problems.append(self.marked.problem(path, "write a mapping, such as {step: ..., ...}"))
        return rows

    def band(self, key: str, *, least: float = 0.0, most: float = math.inf) -> Band | None:
        """A number with its band; an assumption has a width, everything else a source."""
        row = self.inner(key)
        if row is None:
            return None
        before = len(self.problems)
        row.only(_BAND_KEYS)
        value, low, high = (row.number(name, least=least, most=most) for name in ("value", "low", "high"))
        evidence = row.choice("evidence", [item.value for item in Evidence])
        source, note = row.text("source", ""), row.text("note", "")
        if source and source not in self.sources:
            row.wrong(
                "source", f"unknown source {source!r}: {nearest(source, tuple(self.sources) or ('none',))}"
            )
        if evidence == Evidence.ASSUMED and source:
            row.wrong(
                "source", "assumed with a source passes as sourced: name its evidence, or drop the source"
            )
        if evidence and evidence != Evidence.ASSUMED and not source:
            row.wrong("evidence", f"{evidence} needs a source")
        year = row.year() if "year" in row.data else None
        if value is None or low is None or high is None or len(self.problems) > before:
            return None
        if not low <= value <= high:
            row.wrong(None, "out of order: low <= value <= high")
            return None
        if evidence == Evidence.ASSUMED and low == high:
            row.wrong(None, "assumed with a band of no width: say how far off it may be")
            return None
        return Band(
            value=value, low=low, high=high, evidence=Evidence(evidence), source=source, year=year, note=note
        )
