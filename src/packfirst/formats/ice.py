"""3D-ICE's stack description: solid stacks, steady or transient, with a heat sink on the top, the bottom or both.

Read are `material`, `top heat sink`, `bottom heat sink`, `dimensions`, `layer`, `die`, `stack` and `solver`; `output`
is passed over. Channels, pin fins, pluggable sinks and layouts are refused by name. The files count in micrometres,
seconds and watts; what is returned is in SI. Both a stack and a die list their layers from the top down.

References
----------
.. [1] Embedded Systems Laboratory, EPFL, "3D-ICE User Guide", https://www.epfl.ch/labs/esl/open-source-software-projects/3d-ice/,
   the description of stack and floorplan files.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from packfirst.errors import InputError, nearest
from packfirst.formats.ice_floorplan import read_floorplan
from packfirst.formats.ice_records import UM, Element, Sink, Slab, Slots, Stack
from packfirst.formats.ice_text import Parser, Unreadable

_T = TypeVar("_T")


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
    slots: Slots | None = None


def read_stack(path: Path) -> Stack:
    """A `.stk` file with the floorplans that it names.

    Raises
    ------
    InputError
        With all problems of a file: syntax, an unknown name, a negative thickness, a number that is not finite, power
        outside the chip, no sink, or a feature that is not read.
    """
    parser = Parser(path)
    parts = _Parts({}, {}, {}, [], {})
    try:
        while parser.token.kind != "end":
            if _section(parser, parts):
                break
    except Unreadable:
        raise InputError(parser.problems) from None
    for what, missing in (
        ("dimensions", parts.size is None or parts.cell is None),
        ("stack", not parts.stack),
        ("top heat sink or bottom heat sink: the heat has no way out", not parts.sinks),
    ):
        if missing:
            parser.note(f"has no {what}")
    slabs = _slabs(parser, parts)
    if parts.slots is not None:
        _note_ragged(parser, slabs)
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
        top=parts.sinks.get("top"), bottom=parts.sinks.get("bottom"), slots=parts.slots,
    )  # fmt: skip


def _section(parser: Parser, parts: _Parts) -> bool:
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
        parts.slots = _solver(parser)
    elif parser.skip("output"):
        return True
    else:
        if parser.token.text in ("microchannel", "pin", "heat", "conventional", "pluggable"):
            parser.refuse(f"'{parser.token.text} ...'")
        parser.fail(
            "a section (material, top heat sink, bottom heat sink, dimensions, layer, die, stack, solver)"
        )
    return False


def _define(parser: Parser, table: dict[str, _T], name: str, value: _T, line: int) -> None:
    if name in table:
        parser.note(f"{name!r} is defined twice", line)
    table[name] = value


def _sides(parser: Parser, what: str) -> tuple[float, float]:
    length = parser.number(f"{what} length")
    parser.expect(",", "width")
    width = parser.number(f"{what} width")
    parser.expect(";")
    return length, width


def _sink(parser: Parser, parts: _Parts) -> None:
    side = parser.word("top or bottom")
    parser.expect("heat", "sink", ":", "heat", "transfer", "coefficient")
    film = parser.number(f"{side} heat sink.heat transfer coefficient")
    parser.expect(";", "temperature")
    temperature = parser.number(f"{side} heat sink.temperature")
    parser.expect(";")
    parts.sinks[side] = Sink(film_w_per_m2_k=film / UM**2, temperature_k=temperature)


def _die(parser: Parser, parts: _Parts, line: int) -> None:
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


def _place(parser: Parser, parts: _Parts) -> None:
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


def _solver(parser: Parser) -> Slots | None:
    times: tuple[float, float] | None = None
    if parser.skip("transient", "step"):
        step = parser.number("solver.step")
        parser.expect(",", "slot")
        line, slot = parser.token.line, parser.number("solver.slot")
        if step > slot:
            parser.note(f"a step of {step:g} s is longer than a slot of {slot:g} s", line)
        times = (step, slot)
        parser.expect(";")
    elif not parser.skip("steady", ";"):
        parser.fail("'steady' or 'transient step'")
    parser.expect("initial", "temperature")
    initial = parser.number("initial temperature")
    parser.expect(";")
    return Slots(step_s=times[0], slot_s=times[1], initial_k=initial) if times else None


def _note_ragged(parser: Parser, slabs: tuple[Slab, ...]) -> None:
    """In a transient run every element needs a power for every slot."""
    counts = {element.name: len(element.powers_w) for slab in slabs for element in slab.elements}
    longest = max(counts.values(), default=0)
    for name, count in counts.items():
        if count != longest:
            other = next(key for key, value in counts.items() if value == longest)
            parser.note(f"ragged trace: {name!r} has {count} power values, {other!r} has {longest}")


def _slabs(parser: Parser, parts: _Parts) -> tuple[Slab, ...]:
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
    parser: Parser, plan: str, size: tuple[float, float] | None, line: int
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
