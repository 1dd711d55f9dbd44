"""3D-ICE's floorplans: elements of one or several rectangles, and their powers."""

from pathlib import Path

import numpy as np

from packfirst.errors import InputError
from packfirst.formats.ice_records import UM, Element, Floats
from packfirst.formats.ice_text import Parser, Unreadable

ROUNDING_UM = 1e-3  # a nanometre: rectangles that only touch do not overlap


def read_floorplan(path: Path, length_um: float, width_um: float) -> tuple[Element, ...]:
    """Elements of a floorplan file on a chip of this size.

    Raises
    ------
    InputError
        All problems: syntax, power outside the chip, rectangles that overlap, numbers that are not finite.
    """
    parser = Parser(path)
    elements: list[Element] = []
    seen: list[tuple[str, int, Floats]] = []
    try:
        while parser.token.kind != "end":
            line = parser.token.line
            name = parser.word("the name of an element")
            parser.expect(":")
            boxes, powers = _element(parser, name)
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
            elements.append(Element(name=name, rectangles_m=np.array(boxes) * UM, powers_w=powers))
    except Unreadable:
        raise InputError(parser.problems) from None
    _note_overlaps(parser, seen)
    if not elements:
        parser.note("holds no element")
    if parser.problems:
        raise InputError(parser.problems)
    return tuple(elements)


def _element(parser: Parser, name: str) -> tuple[list[tuple[float, float, float, float]], tuple[float, ...]]:
    boxes: list[tuple[float, float, float, float]] = []
    position: tuple[float, float] | None = None
    powers: list[float] = []
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
            powers = [parser.number(f"{name}.power values", zero=True)]
            while parser.skip(","):
                powers.append(parser.number(f"{name}.power values", zero=True))
            parser.expect(";")
        else:
            parser.fail("position, dimension, rectangle or power values")
    if not boxes:
        parser.fail(f"a rectangle, or position and dimension, of {name!r}")
    if not powers:
        parser.fail(f"'power values' of {name!r}")
    return boxes, tuple(powers)


def _pair(parser: Parser, field: str, *, zero: bool = False, end: str = ";") -> tuple[float, float]:
    first = parser.number(field, zero=zero)
    parser.expect(",")
    second = parser.number(field, zero=zero)
    parser.expect(end)
    return first, second


def _note_overlaps(parser: Parser, seen: list[tuple[str, int, Floats]]) -> None:
    boxes = [(name, line, box) for name, line, rows in seen for box in rows]
    for number, (name, line, b) in enumerate(boxes):
        for other, _, a in boxes[:number]:
            wide, high = min(a[1], b[1]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[2], b[2])
            if wide > ROUNDING_UM and high > ROUNDING_UM:
                whom = "itself" if other == name else repr(other)
                parser.note(f"element {name!r} overlaps {whom} by {wide:g} x {high:g} um", line)
