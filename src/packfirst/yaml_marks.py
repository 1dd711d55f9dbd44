"""YAML made strict: plain data, the line of every value, and one clear line for whatever is wrong.

YAML 1.1 reads `NO` as false, `12:30` as 750, `2024-01-01` as a date and `1e-7` as text, keeps the last of
two equal keys, and lets a few hundred bytes of aliases grow to gigabytes. A file of engineering data wants
none of that, so plain scalars are resolved here, straight from the parser's events.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Protocol

import yaml

from packfirst.errors import InputError, Problem

Scalar = str | int | float | bool | None
Data = Scalar | list["Data"] | dict[str, "Data"]
Step = str | int  # a key of a mapping or an index of a list

MAX_BYTES = 5_000_000
MAX_DEPTH = 40

# libyaml where PyYAML was built with it (fifty times faster), else the same in Python.
_new_loader: Callable[[str], "_Events"] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")  # a part number, or an octal number of another age
# Whatever is not c-printable (YAML 1.1, production 1).
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}


class _Events(Protocol):
    """What is used of PyYAML's loaders, which carry no types of their own."""

    def get_event(self) -> Any: ...
    def dispose(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Plain data and where each part of it stands."""

    data: Data
    lines: Mapping[tuple[Step, ...], int]  # path from the root -> line, counted from 1
    file: str

    def line(self, path: tuple[Step, ...]) -> int:
        """Line of the value at `path`, or of the nearest parent that exists."""
        for end in range(len(path), -1, -1):
            found = self.lines.get(path[:end])
            if found is not None:
                return found
        return 0

    def problem(self, path: tuple[Step, ...], message: str) -> Problem:
        """What is wrong with the value at `path`."""
        return Problem(file=self.file, line=self.line(path), field=dotted(path), message=message)


def dotted(path: tuple[Step, ...]) -> str:
    """Path as people write it: `records[3].thickness.value`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def load(path: Path | Traversable, *, file: str | None = None) -> Marked:
    """Data of a YAML file, with lines.

    Parameters
    ----------
    path : Path, or a resource inside an installed package
    file : str, optional
        Name under which errors speak of it; the path itself by default.

    Raises
    ------
    InputError
        The file cannot be read, is larger than 5 MB, is not UTF-8, is not YAML, repeats a key, or uses an
        anchor, alias or tag.
    """
    name = str(path) if file is None else file
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError.one(name, f"cannot be read: {error.strerror or error}") from None
    if len(content) > MAX_BYTES:
        raise InputError.one(name, f"is larger than {MAX_BYTES // 1_000_000} MB; split it")
    return parse(content, name)


def parse(content: bytes | str, file: str) -> Marked:
    """Data of YAML text, with lines; raises as `load` does."""
    text = content if isinstance(content, str) else _decoded(content, file)
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        line = text.count("\n", 0, forbidden.start()) + 1
        message = f"character U+{ord(forbidden.group()):04X} is not allowed in YAML: remove it"
        raise InputError.one(file, message, line=line)
    builder = _Builder(file)
    try:
        loader = _new_loader(text)
        try:
            builder.read(loader)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        builder.problems.append(_syntax_problem(error, text, file))
    if builder.problems:
        raise InputError(builder.problems)
    return Marked(data=builder.root, lines=builder.lines, file=file)


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{content[error.start]:02x} is not UTF-8: save the file as UTF-8"
        raise InputError.one(file, message, line=line) from None


class _Stop(yaml.YAMLError):
    """Nothing after this can be trusted; carries its own place."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


class _Builder:
    """Turns the parser's events into data; mistakes that leave the rest readable are collected."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Data = None
        self.lines: dict[tuple[Step, ...], int] = {}
        self.problems: list[Problem] = []

    def read(self, loader: _Events) -> None:
        next_event = loader.get_event
        next_event()  # stream start
        if isinstance(next_event(), yaml.StreamEndEvent):
            raise _Stop(0, "the file is empty")
        self.root = self._value(next_event, next_event(), ())
        next_event()  # document end
        following = next_event()
        if not isinstance(following, yaml.StreamEndEvent):
            raise _Stop(following.start_mark.line + 1, "a second document starts here: one document per file")

    def _value(self, next_event: Callable[[], Any], event: Any, path: tuple[Step, ...]) -> Data:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise _Stop(line, f"alias '*{event.anchor}': write the value out; aliases are not accepted")
        if event.anchor is not None:
            raise _Stop(line, f"anchor '&{event.anchor}': remove it; anchors are not accepted")
        if event.tag is not None:
            raise _Stop(line, f"tag {event.tag!r}: remove it; tags are not accepted")
        if len(path) > MAX_DEPTH:
            raise _Stop(line, f"nested deeper than {MAX_DEPTH} levels")
        if path not in self.lines:  # a key has spoken for its value already
            self.lines[path] = line
        if isinstance(event, yaml.ScalarEvent):
            return _resolved(event.value) if event.implicit[0] else str(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(next_event, path)
        return self._mapping(next_event, path)

    def _sequence(self, next_event: Callable[[], Any], path: tuple[Step, ...]) -> list[Data]:
        items: list[Data] = []
        while not isinstance(event := next_event(), yaml.SequenceEndEvent):
            items.append(self._value(next_event, event, (*path, len(items))))
        return items

    def _mapping(self, next_event: Callable[[], Any], path: tuple[Step, ...]) -> dict[str, Data]:
        items: dict[str, Data] = {}
        while not isinstance(event := next_event(), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent) or event.tag is not None or event.anchor is not None:
                raise _Stop(line, "a key is plain text, such as 'thickness:'")
            key = event.value  # keys stay text, whatever they look like
            child = (*path, key)
            if key in items:
                message = f"appears twice, first on line {self.lines[child]}: keep one"
                self.problems.append(Problem(file=self.file, line=line, field=dotted(child), message=message))
                self._value(next_event, next_event(), child)
                continue
            self.lines[child] = line
            items[key] = self._value(next_event, next_event(), child)
        return items


def _resolved(text: str) -> Scalar:
    """What a plain, unquoted scalar means: null, true, false, a finite number, or itself."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and not _LEADING_ZERO.match(text):
        value = float(text)
        if math.isfinite(value):
            return value
    return text


# What libyaml says, by a part of its message, and what a person does about it.
_ADVICE = (
    ("cannot start any token", "indent with spaces, and quote text that starts with a special character"),
    ("mapping values are not allowed", "a second ': ' on the line, or a wrong indent: quote the text"),
    ("could not find expected ':'", "a key needs ': ' after it"),
    ("expected ',' or '}'", "close the braces, separate with commas, and quote text that has a comma"),
    ("expected ',' or ']'", "close the brackets, separate with commas, and quote text that has a comma"),
    ("found unexpected end of stream", "a quotation mark is not closed"),
    ("did not find expected key", "check the indent, and quote text that has special characters"),
    ("did not find expected '-'", "check the indent of the list"),
    ("expected <block end>", "check the indent, and quote text that has special characters"),
)


def _syntax_problem(error: yaml.YAMLError, content: str, file: str) -> Problem:
    """The parser's complaint as one line, with its place and what to do about it."""
    if isinstance(error, _Stop):
        return Problem(file=file, line=error.line, field="", message=error.message)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Problem(file=file, line=0, field="", message=f"not YAML ({error})")
    said = str(getattr(error, "problem", None) or "not YAML")
    if "end of stream" in said:  # the place where it began is the one to look at
        mark = getattr(error, "context_mark", None) or mark
    rows = content.splitlines()
    row = rows[mark.line] if mark.line < len(rows) else ""
    if "\t" in row[: len(row) - len(row.lstrip())] or row[mark.column : mark.column + 1] == "\t":
        said, advice = "a tab", "indent with spaces"
    else:
        advice = next((what for part, what in _ADVICE if part in said), "check the indent and the quotes")
    return Problem(file=file, line=mark.line + 1, field="", message=f"not YAML ({said}): {advice}")
