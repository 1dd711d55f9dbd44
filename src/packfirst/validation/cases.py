"""Files of reference cases: what a model is asked, what somebody else says the answer is, and how near it must be."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from inspect import Parameter, signature
from pathlib import Path

from packfirst import yaml_marks
from packfirst.errors import InputError, Problem, nearest
from packfirst.validation.models import MODELS, Found, Model
from packfirst.yaml_marks import Data, Marked, Step

FORMAT, FORMAT_VERSION = "packfirst-cases", 1
# How an expected value is known: printed by somebody, measured by somebody, or worked out from the printed formula.
KNOWN = ("published", "measured", "computed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question with its expected answers."""

    file: str
    line: int
    id: str
    kind: str
    known: str
    function: Callable[..., Found]
    inputs: Mapping[str, float | str | list[float]]
    expected: Mapping[str, float]
    rel_tol: float
    abs_tol: float
    source: str


def shipped() -> tuple[Case, ...]:
    """The cases in the wheel."""
    return tuple(
        case for file in _case_files(files("packfirst").joinpath("validation/cases")) for case in read(file)
    )


def _case_files(folder: Traversable) -> Iterator[Traversable]:
    """Files of cases below a folder, in a fixed order; a file of raw measurements, which fits a model, is none."""
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if item.is_dir():
            if item.name != "measured":
                yield from _case_files(item)
        elif item.name.endswith(".yaml"):
            yield item


def read(file: Path | Traversable) -> tuple[Case, ...]:
    """The cases of a file.

    Raises
    ------
    InputError
        Every problem of the file, with its line: another or a newer format, an unknown kind, an input or an
        answer that the kind does not have, a value that is no number, no tolerance, no source.
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
    rows = data.get("cases")
    if not isinstance(rows, list) or not rows:
        raise InputError([marked.problem(("cases",), "needs a list of cases")])
    problems: list[Problem] = []
    cases = []
    for number in range(len(rows)):
        try:
            cases.append(_case(marked, data, ("cases", number), rows[number]))
        except InputError as error:
            problems += error.problems
    if problems:
        # An unknown kind at the head is wrong for every case, and said once.
        raise InputError(dict.fromkeys(problems))
    return tuple(cases)


def _case(marked: Marked, head: Mapping[str, Data], place: tuple[Step, ...], row: Data) -> Case:
    def wrong(message: str, *where: Step) -> InputError:
        return InputError([marked.problem((*place, *where), message)])

    if not isinstance(row, dict):
        raise wrong("needs a mapping with id, inputs, expected, a tolerance and a source")
    own = row.get("kind")
    known = own if own in KNOWN else row.get("known", "published")
    kind = own if own is not None and own not in KNOWN else head.get("kind")
    if known not in KNOWN:
        raise wrong(f"{known!r} is none of {', '.join(KNOWN)}", "known")
    if not isinstance(kind, str) or kind not in MODELS:
        hint = nearest(str(kind), tuple(MODELS)) if kind else f"write one of {', '.join(MODELS)}"
        where: tuple[Step, ...] = (*place, "kind") if kind is own else ("kind",)
        raise InputError([marked.problem(where, f"unknown kind {kind!r}: {hint}")])
    given, answers = row.get("inputs"), row.get("expected")
    if not isinstance(given, dict):
        raise wrong("needs the inputs of the model by name", "inputs")
    if not isinstance(answers, dict) or not answers:
        raise wrong("needs what is expected by name", "expected")
    function = _function(kind, MODELS[kind], given, wrong)
    inputs = {name: _input(function, name, value, wrong) for name, value in given.items()}
    expected = {}
    for name, value in answers.items():
        if not _is_number(value, truth=True):
            raise wrong(f"{value!r}: write a plain number", "expected", name)
        expected[name] = float(value)  # type: ignore[arg-type]
    tolerances = []
    for name in ("rel_tol", "abs_tol"):
        value = row.get(name)
        if value is not None and not (_is_number(value) and float(value) >= 0.0):  # type: ignore[arg-type]
            raise wrong(f"{value!r}: write a number, zero or more", name)
        tolerances.append(value)
    if tolerances == [None, None]:
        raise wrong("needs rel_tol or abs_tol: how near the answer must be")
    relative, absolute = (0.0 if value is None else float(value) for value in tolerances)  # type: ignore[arg-type]
    source = _source(head, row)
    if not source and known != "computed":
        raise wrong("needs a source: who says so, and where")
    return Case(
        file=marked.file, line=marked.line(place), id=str(row.get("id", place[-1])), kind=kind, known=str(known),
        function=function, inputs=inputs, expected=expected, rel_tol=relative, abs_tol=absolute, source=source,
    )  # fmt: skip


def _function(
    kind: str, model: Model, given: Mapping[str, Data], wrong: Callable[..., InputError]
) -> Callable[..., Found]:
    """The function of a kind whose inputs these are."""
    for function in model.functions:
        named = signature(function).parameters
        needed = {name for name, item in named.items() if item.default is Parameter.empty}
        if needed <= set(given) <= set(named):
            return function
    ways = "; or ".join(
        ", ".join(_said(item) for item in signature(f).parameters.values()) for f in model.functions
    )
    raise wrong(f"{kind} takes {ways}; not {', '.join(given)}", "inputs")


def _said(item: Parameter) -> str:
    return item.name if item.default is Parameter.empty else f"[{item.name}]"


def _input(
    function: Callable[..., Found], name: str, value: Data, wrong: Callable[..., InputError]
) -> float | str | list[float]:
    """A value of the type that the function asks for."""
    kind = signature(function).parameters[name].annotation
    if kind is str:
        if not isinstance(value, str):
            raise wrong(f"{value!r}: write a word", "inputs", name)
        return value
    if kind is float:
        if not _is_number(value):
            raise wrong(f"{value!r}: write a plain number", "inputs", name)
        return float(value)  # type: ignore[arg-type]
    if not isinstance(value, list) or not value or not all(_is_number(item) for item in value):
        raise wrong(f"{value!r}: write a list of plain numbers", "inputs", name)
    return [float(item) for item in value]  # type: ignore[arg-type]


def _is_number(value: Data, *, truth: bool = False) -> bool:
    if isinstance(value, bool):
        return truth
    return isinstance(value, (int, float)) and math.isfinite(value)


def _source(head: Mapping[str, Data], row: Mapping[str, Data]) -> str:
    """Who says so, in words; a key of the file's own list of sources is looked up there."""
    named = row.get("source", head.get("source", ""))
    sources = head.get("sources")
    entry = sources.get(str(named).split(" ")[0]) if isinstance(sources, dict) else None
    if not isinstance(entry, dict):
        return str(named or "")
    return ", ".join(str(entry[name]) for name in ("document", "where") if name in entry)
