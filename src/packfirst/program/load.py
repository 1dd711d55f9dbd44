"""A program file read into a Program, or every mistake in it at once."""

import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from packfirst import yaml_marks
from packfirst.errors import InputError, Problem, nearest
from packfirst.program.model import FORMAT, Program
from packfirst.program.quantity import BadKey
from packfirst.program.references import Names, references

Step = str | int


def load_program(path: Path | str, names: Names | None = None) -> Program:
    """The Program that a YAML file describes.

    Parameters
    ----------
    path : Path or str
    names : Names, optional
        Valid names of the catalog; without them names of nodes, parts, technologies and standards are
        taken as they are.

    Raises
    ------
    InputError
        With every problem of the file: line, field, what was expected, the nearest valid name.
    """
    return program_from(yaml_marks.load(Path(path)), names)


def program_from(marked: yaml_marks.Marked, names: Names | None = None) -> Program:
    """The Program in YAML that has been read already; raises as `load_program` does."""
    if not isinstance(marked.data, dict):
        raise InputError.one(marked.file, f"write a mapping that starts with 'format: {FORMAT}'", line=1)
    problems = [marked.problem(place, message) for place, message in references(marked.data, names)]
    program = None
    try:
        program = Program.model_validate(marked.data)
    except ValidationError as error:
        problems += _problems(error, marked)
    if problems or program is None:
        raise InputError(sorted(problems, key=lambda problem: (problem.line, problem.field)))
    return program


def _problems(error: ValidationError, marked: yaml_marks.Marked) -> list[Problem]:
    found = [_finding(detail) for detail in error.errors(include_url=False)]
    unknown = {place for place, kind, _ in found if kind == "extra_forbidden"}
    return [
        marked.problem(place, " ".join(message.split()))
        for place, kind, message in found
        if not (kind == "missing" and _misspelt(place, unknown))
    ]


def _misspelt(missing: tuple[Step, ...], unknown: set[tuple[Step, ...]]) -> bool:
    """Whether a key beside the missing one is unknown and looks like it: one mistake, one line."""
    return any(
        place[:-1] == missing[:-1] and nearest(str(place[-1]), [str(missing[-1])]).startswith("did you mean")
        for place in unknown
    )


def _finding(detail: Any) -> tuple[tuple[Step, ...], str, str]:
    """Place, pydantic's kind, and a sentence that says how to mend it."""
    place: tuple[Step, ...] = detail["loc"]
    kind, context = detail["type"], detail.get("ctx", {})
    cause = context.get("error")
    if place and place[-1] == "[key]":
        place = place[:-1]
        return (
            place,
            kind,
            "a name has lower-case letters, digits and _, starts with a letter, and is at most 40 long",
        )
    if isinstance(cause, BadKey):
        return (*place, cause.key), kind, str(cause)
    if isinstance(cause, ValueError):
        return place, kind, str(cause)
    return place, kind, _sentence(place, kind, context, detail)


def _sentence(place: tuple[Step, ...], kind: str, context: Mapping[str, Any], detail: Any) -> str:
    value = _shown(detail["input"])
    if place == ("format",):
        return f"{'missing' if kind == 'missing' else value}: this packfirst reads {FORMAT!r}"
    if kind == "extra_forbidden":
        return f"unknown key; {nearest(str(place[-1]), list(_fields(place[:-1])))}"
    if kind == "missing":
        return f"missing: {_described(place)}"
    if kind == "literal_error":
        known = _choices(place)
        return f"unknown name {value}; {nearest(str(detail['input']), known)}"
    if kind in ("too_short", "string_too_short"):
        return "is empty: write at least one"
    if kind == "too_long":
        return f"write {context['max_length']} of them, not {context['actual_length']}"
    if kind in _SHAPES:
        return f"{value}: {_SHAPES[kind]}"
    bounds = [f"{words} {context[key]:g}" for key, words in _BOUNDS.items() if key in context]
    if bounds:
        return f"{value}: must be {' and '.join(bounds)}"
    return f"{value}: {detail['msg']}"


_BOUNDS = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}
_SHAPES = {
    "model_type": "write 'name: value' lines below it",
    "dict_type": "write 'name: value' lines below it",
    "tuple_type": "write a list, for example [a, b]",
    "string_type": "write text, in quotation marks where it looks like a number",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a plain number, without a unit",
    "finite_number": "is not a finite number",
}


def _shown(value: object) -> str:
    if value is None:
        return "no value"
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _types_at(place: tuple[Step, ...]) -> Any:
    """The annotation that the Program gives to a place; None where it gives none."""
    current: Any = Program
    for step in place:
        current = _inner(current)
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(str(step))
            current = None if field is None else field.annotation
        elif get_origin(current) in (dict, tuple):
            current = get_args(current)[1 if get_origin(current) is dict else 0]
        else:
            return None
    return _inner(current)


def _inner(annotation: Any) -> Any:
    """What is inside `X | None` and `Annotated[X, ...]`."""
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(part for part in get_args(annotation) if part is not types.NoneType)
    return annotation.__origin__ if hasattr(annotation, "__metadata__") else annotation


def _fields(place: tuple[Step, ...]) -> dict[str, FieldInfo]:
    found = _types_at(place)
    return found.model_fields if isinstance(found, type) and issubclass(found, BaseModel) else {}


def _described(place: tuple[Step, ...]) -> str:
    field = _fields(place[:-1]).get(str(place[-1]))
    return (field.description if field is not None else "") or "one more name"


def _choices(place: tuple[Step, ...]) -> list[str]:
    return [str(name) for name in get_args(_types_at(place))]
