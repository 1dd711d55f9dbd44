"""3D-ICE's stack description: solid stacks, steady, with a heat sink on the top, the bottom or both.

Read are `material`, `top heat sink`, `bottom heat sink`, `dimensions`, `layer`, `die`, `stack` and `solver`; `output`
is passed over. Channels, pin fins, pluggable sinks, layouts and transient runs are refused by name. The files count in
micrometres and watts; what is returned is in SI. Both a stack and a die list their layers from the top down.

References
----------
.. [1] Embedded Systems Laboratory, EPFL, "3D-ICE User Guide", https://www.epfl.ch/labs/esl/open-source-software-projects/3d-ice/,
   the description of stack and floorplan files.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

import numpy as np
from numpy.typing import NDArray

from packfirst.errors import InputError, Problem, nearest

Floats = NDArray[np.float64]
_T = TypeVar("_T")

UM = 1e-6
ROUNDING_UM = 1e-3  # a nanometre: rectangles that only touch do not overlap


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A floorplan element: one or several rectangles that share its power evenly by area."""

    name: str
    rectangles_m: Floats  # (n, 4): x0, x1, y0, y1
    power_w: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Slab:
    """One layer of the stack; with elements where it is the source of a die."""

    name: str
    thickness_m: float
    conductivity_w_per_m_k: float
    capacity_j_per_m3_k: float
    elements: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """A film on a face."""

    film_w_per_m2_k: float
    temperature_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A steady solid stack.

    Attributes
    ----------
    length_m, width_m : float
        Of the chip, along x and y.
    cells : tuple of int
        Along x and y.
    slabs : tuple of Slab
        From the top down; each is one cell high.
    """

    file: str
    length_m: float
    width_m: float
    cells: tuple[int, int]
    slabs: tuple[Slab, ...]
    top: Sink | None
    bottom: Sink | None


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # word, number, text, mark
    text: str
    line: int


_PATTERN = re.compile(
    r"(?P<skip>\s+|//[^\n]*|/\*.*?\*/)|(?P<text>\"[^\"\n]*\")|(?P<word>[A-Za-z_][A-Za-z0-9_.\-]*)"
    r"|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<mark>[:;,(){}])",
    re.DOTALL,
)


class _Unreadable(Exception):
    """The text does not go on as the grammar says; what follows cannot be made sense of."""


class _Parser:
    """Words of a file in order, and the problems found so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise InputError.one(str(path), f"cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise InputError.one(str(path), "is not a text file") from None
        self.tokens: list[_Token] = []
        place, line = 0, 1
        while place < len(text):
            match = _PATTERN.match(text, place)
            if match is None:
                raise InputError.one(str(path), f"{text[place]!r} has no meaning here", line=line)
            if match.lastgroup != "skip":
                self.tokens.append(_Token(str(match.lastgroup), match[0], line))
            line += match[0].count("\n")
            place = match.end()
        self.tokens.append(_Token("end", "the end of the file", line))
        self.next = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.next]

    def note(self, message: str, line: int = 0, field: str = "") -> None:
        self.problems.append(Problem(file=str(self.path), line=line, field=field, message=message))

    def fail(self, wanted: str) -> NoReturn:
        self.note(f"{self.token.text} where {wanted} is expected", self.token.line)
        raise _Unreadable

    def at(self, *words: str) -> bool:
        """Whether the next words are these."""
        return [token.text for token in self.tokens[self.next : self.next + len(words)]] == list(words)

    def skip(self, *words: str) -> bool:
        """Passes these words over if they come next."""
        if self.at(*words):
            self.next += len(words)
            return True
        return False

    def expect(self, *words: str) -> None:
        for word in words:
            if not self.skip(word):
                self.fail(repr(word))

    def take(self, kind: str, wanted: str) -> _Token:
        if self.token.kind != kind:
            self.fail(wanted)
        self.next += 1
        return self.tokens[self.next - 1]

    def word(self, wanted: str) -> str:
        return self.take("word", wanted).text

    def number(self, field: str, *, zero: bool = False) -> float:
        """A finite number above zero, or zero where that may be; anything else is noted and read as 1."""
        token = self.token
        if token.kind == "word" and token.text.lower() in ("nan", "inf", "infinity"):
            self.next += 1
        else:
            self.take("number", f"a number for {field}")
        value = float(token.text)
        if not math.isfinite(value):
            self.note(f"{token.text} is not a finite number", token.line, field)
        elif value < 0.0 or (value == 0.0 and not zero):
            self.note(f"{token.text} must {'not be negative' if zero else 'be positive'}", token.line, field)
        else:
            return value
        return 1.0

    def refuse(self, what: str) -> NoReturn:
        self.note(f"{what} is not read; a steady solid stack is", self.token.line)
        raise _Unreadable


def read_floorplan(path: Path, length_um: float, width_um: float) -> tuple[Element, ...]:
    """Elements of a floorplan file on a chip of this size; of a list of powers the first, which a steady run takes.

    Raises
    ------
    InputError
        All problems: syntax, power outside the chip, rectangles that overlap, numbers that are not finite.
    """
    parser = _Parser(path)
    elements: list[Element] = []
    seen: list[tuple[str, int, Floats]] = []
    try:
        while parser.token.kind != "end":
            line = parser.token.line
            name = parser.word("the name of an element")
            parser.expect(":")
            boxes, power = _element(parser, name)
            if any(name == element.name for element in elements):
                parser.note(f"element {name!r} is there twice", line)
            for x0, x1, y0, y1 in boxes:
                if x0 < 0.0 or y0 < 0.0 or x1 > length_um + ROUNDING_UM or y1 > width_um + ROUNDING_UM:
                    parser.note(
                        f"power outside any die: {name!r} reaches from ({x0:g}, {y0:g}) to ({x1:g}, {y1:g}) um, "
                        f"the chip to ({length_um:g}, {width_um:g})",
                        line,
                    )
            seen.append((name, line, np.array(boxes)))
            elements.append(Element(name=name, rectangles_m=np.array(boxes) * UM, power_w=power))
    except _Unreadable:
        raise InputError(parser.problems) from None
    _note_overlaps(parser, seen)
    if not elements:
        parser.note("holds no element")
    if parser.problems:
        raise InputError(parser.problems)
    return tuple(elements)


def _element(parser: _Parser, name: str) -> tuple[list[tuple[float, float, float, float]], float]:
    boxes: list[tuple[float, float, float, float]] = []
    position: tuple[float, float] | None = None
    power: float | None = None
    while parser.token.kind == "word" and parser.tokens[parser.next + 1].text != ":":
        if parser.skip("position"):
            position = _pair(parser, f"{name}.position", zero=True)
        elif parser.skip("dimension"):
            size = _pair(parser, f"{name}.dimension")
            if position is None:
                parser.fail("the position before the dimension")
            boxes.append((position[0], position[0] + size[0], position[1], position[1] + size[1]))
        elif parser.skip("rectangle"):
            parser.expect("(")
            x, y = _pair(parser, f"{name}.rectangle", zero=True, end=",")
            wide, high = _pair(parser, f"{name}.rectangle", end=")")
            parser.expect(";")
            boxes.append((x, x + wide, y, y + high))
        elif parser.skip("power", "values"):
            power = parser.number(f"{name}.power values", zero=True)
            while parser.skip(","):
                parser.number(f"{name}.power values", zero=True)
            parser.expect(";")
        else:
            parser.fail("position, dimension, rectangle or power values")
    if not boxes:
        parser.fail(f"a rectangle, or position and dimension, of {name!r}")
    if power is None:
        parser.fail(f"'power values' of {name!r}")
    return boxes, power


def _pair(parser: _Parser, field: str, *, zero: bool = False, end: str = ";") -> tuple[float, float]:
    first = parser.number(field, zero=zero)
    parser.expect(",")
    second = parser.number(field, zero=zero)
    parser.expect(end)
    return first, second


def _note_overlaps(parser: _Parser, seen: list[tuple[str, int, Floats]]) -> None:
    boxes = [(name, line, box) for name, line, rows in seen for box in rows]
    for number, (name, line, b) in enumerate(boxes):
        for other, _, a in boxes[:number]:
            wide, high = min(a[1], b[1]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[2], b[2])
            if wide > ROUNDING_UM and high > ROUNDING_UM:
                whom = "itself" if other == name else repr(other)
                parser.note(f"element {name!r} overlaps {whom} by {wide:g} x {high:g} um", line)


@dataclass(slots=True)
class _Parts:
    """What the sections of a stack file define, by name."""

    materials: dict[str, tuple[float, float]]
    layers: dict[str, tuple[float, str, int]]  # height [um], material, line
    die: dict[str, list[tuple[bool, float, str, int]]]  # source?, height [um], material, line
    stack: list[tuple[str, str, str, str, int]]  # die or layer, id, definition, floorplan, line
    sinks: dict[str, Sink]
    size: tuple[float, float] | None = None
    cell: tuple[float, float] | None = None


def read_stack(path: Path) -> Stack:
    """A `.stk` file with the floorplans that it names.

    Raises
    ------
    InputError
        With all problems of a file: syntax, an unknown name, a negative thickness, a number that is not finite, power
        outside the chip, no sink, or a feature that is not read.
    """
    parser = _Parser(path)
    parts = _Parts({}, {}, {}, [], {})
    try:
        while parser.token.kind != "end":
            if _section(parser, parts):
                break
    except _Unreadable:
        raise InputError(parser.problems) from None
    for what, missing in (
        ("dimensions", parts.size is None or parts.cell is None),
        ("stack", not parts.stack),
        ("top heat sink or bottom heat sink: the heat has no way out", not parts.sinks),
    ):
        if missing:
            parser.note(f"has no {what}")
    slabs = _slabs(parser, parts)
    both = parts.size is not None and parts.cell is not None
    counts = (
        [size / cell for size, cell in zip(parts.size or (), parts.cell or (), strict=True)] if both else []
    )
    if any(abs(count - round(count)) > 1e-6 * count or round(count) < 1 for count in counts):
        parser.note(f"cells of {parts.cell} um do not divide a chip of {parts.size} um", field="dimensions")
    if parser.problems or parts.size is None or parts.cell is None:
        raise InputError(parser.problems)
    return Stack(
        file=str(path), length_m=parts.size[0] * UM, width_m=parts.size[1] * UM,
        cells=(round(counts[0]), round(counts[1])), slabs=slabs,
        top=parts.sinks.get("top"), bottom=parts.sinks.get("bottom"),
    )  # fmt: skip


def _section(parser: _Parser, parts: _Parts) -> bool:
    """Reads one section; True at `output`, which ends what is read."""
    line = parser.token.line
    if parser.skip("material"):
        name = parser.word("the name of a material")
        parser.expect(":", "thermal", "conductivity")
        k = parser.number(f"{name}.thermal conductivity")
        if parser.skip(","):
            parser.refuse("a conductivity that differs by direction")
        parser.expect(";", "volumetric", "heat", "capacity")
        capacity = parser.number(f"{name}.volumetric heat capacity")
        parser.expect(";")
        _define(parser, parts.materials, name, (k / UM, capacity / UM**3), line)
    elif parser.at("top", "heat", "sink") or parser.at("bottom", "heat", "sink"):
        _sink(parser, parts)
    elif parser.skip("dimensions"):
        parser.expect(":", "chip", "length")
        parts.size = _sides(parser, "chip")
        parser.expect("cell", "length")
        parts.cell = _sides(parser, "cell")
    elif parser.skip("layer"):
        name = parser.word("the name of a layer")
        parser.expect(":", "height")
        height = parser.number(f"{name}.height")
        parser.expect(";")
        if parser.token.text == "layout":
            parser.refuse("a layout")
        parser.expect("material")
        material = parser.word("a material")
        parser.expect(";")
        if parser.token.text == "layout":
            parser.refuse("a layout")
        _define(parser, parts.layers, name, (height, material, line), line)
    elif parser.skip("die"):
        _die(parser, parts, line)
    elif parser.skip("stack", ":"):
        while parser.token.text in ("die", "layer", "channel"):
            _place(parser, parts)
    elif parser.skip("solver", ":"):
        _solver(parser)
    elif parser.skip("output"):
        return True
    else:
        if parser.token.text in ("microchannel", "pin", "heat", "conventional", "pluggable"):
            parser.refuse(f"'{parser.token.text} ...'")
        parser.fail(
            "a section (material, top heat sink, bottom heat sink, dimensions, layer, die, stack, solver)"
        )
    return False


def _define(parser: _Parser, table: dict[str, _T], name: str, value: _T, line: int) -> None:
    if name in table:
        parser.note(f"{name!r} is defined twice", line)
    table[name] = value


def _sides(parser: _Parser, what: str) -> tuple[float, float]:
    length = parser.number(f"{what} length")
    parser.expect(",", "width")
    width = parser.number(f"{what} width")
    parser.expect(";")
    return length, width


def _sink(parser: _Parser, parts: _Parts) -> None:
    side = parser.word("top or bottom")
    parser.expect("heat", "sink", ":", "heat", "transfer", "coefficient")
    film = parser.number(f"{side} heat sink.heat transfer coefficient")
    parser.expect(";", "temperature")
    temperature = parser.number(f"{side} heat sink.temperature")
    parser.expect(";")
    parts.sinks[side] = Sink(film_w_per_m2_k=film / UM**2, temperature_k=temperature)


def _die(parser: _Parser, parts: _Parts, line: int) -> None:
    name = parser.word("the name of a die")
    parser.expect(":")
    rows: list[tuple[bool, float, str, int]] = []
    while parser.token.text in ("layer", "source") and parser.tokens[parser.next + 1].kind == "number":
        at = parser.token.line
        source = parser.word("layer or source") == "source"
        height = parser.number(f"{name}.{'source' if source else 'layer'}")
        material = parser.word("a material")
        if parser.token.text == "layout":
            parser.refuse("a layout")
        parser.expect(";")
        rows.append((source, height, material, at))
    if sum(row[0] for row in rows) != 1:
        parser.note(f"die {name!r} needs exactly one source", line)
    _define(parser, parts.die, name, rows, line)


def _place(parser: _Parser, parts: _Parts) -> None:
    line = parser.token.line
    kind = parser.word("die or layer")
    if kind == "channel":
        parser.refuse("a channel")
    name, definition = parser.word("an id"), parser.word(f"the name of a {kind}")
    plan = ""
    if kind == "die":
        parser.expect("floorplan")
        plan = parser.take("text", "the floorplan's path in quotes").text[1:-1]
    parser.expect(";")
    if any(row[1] == name for row in parts.stack):
        parser.note(f"{name!r} is in the stack twice", line)
    parts.stack.append((kind, name, definition, plan, line))


def _solver(parser: _Parser) -> None:
    if not parser.skip("steady", ";"):
        parser.refuse(f"solver '{parser.token.text}'")
    parser.expect("initial", "temperature")
    parser.number("initial temperature")
    parser.expect(";")


def _slabs(parser: _Parser, parts: _Parts) -> tuple[Slab, ...]:
    """The stack's layers from the top down."""
    slabs: list[Slab] = []

    def add(
        name: str, height_um: float, material: str, line: int, elements: tuple[Element, ...] = ()
    ) -> None:
        if material not in parts.materials:
            parser.note(f"unknown material {material!r}: {nearest(material, list(parts.materials))}", line)
            return
        k, capacity = parts.materials[material]
        slabs.append(
            Slab(
                name=name, thickness_m=height_um * UM, conductivity_w_per_m_k=k, capacity_j_per_m3_k=capacity,
                elements=elements,
            )
        )  # fmt: skip

    for kind, name, definition, plan, line in parts.stack:
        if kind == "layer":
            if definition not in parts.layers:
                parser.note(f"unknown layer {definition!r}: {nearest(definition, list(parts.layers))}", line)
                continue
            height, material, at = parts.layers[definition]
            add(name, height, material, at)
            continue
        if definition not in parts.die:
            parser.note(f"unknown die {definition!r}: {nearest(definition, list(parts.die))}", line)
            continue
        elements = _plan_beside(parser, plan, parts.size, line)
        for number, (source, height, material, at) in enumerate(parts.die[definition]):
            if source:
                add(name, height, material, at, elements)
            else:
                add(f"{name}.{number}", height, material, at)
    return tuple(slabs)


def _plan_beside(
    parser: _Parser, plan: str, size: tuple[float, float] | None, line: int
) -> tuple[Element, ...]:
    path = parser.path.parent / plan
    if not path.is_file():
        parser.note(f"no floorplan {plan!r} beside this file", line)
        return ()
    if size is None:
        return ()
    try:
        return read_floorplan(path, *size)
    except InputError as error:
        parser.problems.extend(error.problems)
        return ()
