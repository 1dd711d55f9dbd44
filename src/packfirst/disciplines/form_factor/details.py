"""Tables behind the limits: outline, height by parts, what the terminals carry, how many come out of a panel."""

import math
from itertools import pairwise

from packfirst.architecture.bases import terminals_needed
from packfirst.architecture.package import Package
from packfirst.disciplines.case import Case
from packfirst.disciplines.form_factor import panels, patterns

MM, MM2, GRAM = 1e-3, 1e-6, 1e-3
UM = 1e-6


def details(case: Case, mass_kg: float, height_m: float) -> dict[str, object]:
    """Plain tables for reports; lengths in mm, masses in g, as the names say."""
    body, terminals = case.architecture.body, case.package.terminals
    found: dict[str, object] = {
        "body_mm": (body.width / MM, body.height / MM),
        "height_mm": height_m / MM,
        "mass_g": mass_kg / GRAM,
        "balls": terminals.count,
        "carrier_mm2": case.architecture.placement.outline.area / MM2,
        "height_by_parts": height_by_parts(case.package),
        "terminals": _terminals(case),
        "corner_slip_um_per_100_k": corner_slip_m(case) / UM,
    }
    nested = _panel(case)
    if nested is not None:
        found["panel"] = nested
    return found


def height_by_parts(package: Package) -> list[tuple[str, float]]:
    """Role and thickness [mm] of each part of the tallest column, from the board up.

    The column is the one through the body that reaches highest; where several bodies fill the same height the
    last painted one is named. Thicknesses add up to the height of the package.
    """
    top = max((body for body in package.bodies if body.role != "board"), key=lambda body: body.box_m[5])
    column = _column(package, *_middle(package, top.box_m))
    return [(role, (high - low) / MM) for role, low, high in column]


def _middle(package: Package, box: tuple[float, ...]) -> tuple[float, float]:
    """A point of the box's plan that lies over a die, or its middle where it covers none."""
    inside = [
        package.body(place.body).box_m
        for place in package.die
        if package.body(place.body).box_m[0] >= box[0] - 1e-12
        and package.body(place.body).box_m[1] <= box[1] + 1e-12
    ]
    x0, x1, y0, y1 = (inside[0] if inside else box)[:4]
    return (x0 + x1) / 2.0, (y0 + y1) / 2.0


def _column(package: Package, x: float, y: float) -> list[tuple[str, float, float]]:
    crossed = [
        body for body in package.bodies
        if body.role != "board" and body.box_m[0] <= x <= body.box_m[1] and body.box_m[2] <= y <= body.box_m[3]
    ]  # fmt: skip
    levels = sorted({z for body in crossed for z in body.box_m[4:]})
    found: list[tuple[str, float, float]] = []
    for low, high in pairwise(levels):
        if high - low < 1e-12:
            continue
        here = [body for body in crossed if body.box_m[4] <= low + 1e-12 and body.box_m[5] >= high - 1e-12]
        role = here[-1].role if here else "gap"
        if found and found[-1][0] == role:
            found[-1] = (role, found[-1][1], high)
        else:
            found.append((role, low, high))
    return found


def _terminals(case: Case) -> dict[str, object]:
    """Kind, pattern and counts of the terminals."""
    terminals, signals = case.package.terminals, case.program.form_factor.signal_balls
    rules = case.catalog.record("rule", "terminals")
    counted = patterns.counts(
        terminals_needed(case.program, case.catalog), signals, math.ceil(signals / rules["signals_per_ground"]),
        terminals.count,
    )  # fmt: skip
    body = case.architecture.body
    return {
        "kind": case.architecture.construction.terminals,
        "pitch_mm": terminals.pitch_m / MM,
        "columns": terminals.columns,
        "rows": terminals.rows,
        "signal": counted.signal,
        "signal_return": counted.signal_return,
        "supply": counted.supply,
        "supply_return": counted.supply_return,
        "spare": counted.spare,
        "in_one_row_round_the_edge": patterns.round_the_edge(body.width, body.height, terminals.pitch_m),
    }


def corner_slip_m(case: Case, swing_k: float = 100.0) -> float:
    """Free difference of expansion between base and board at the package's corner. [m]

    What the outermost joints would have to shear by if nothing bent: a first look at the class of the body,
    before mechanics answers.
    """
    base = case.package.of_role("laminate", "base", "interposer")
    if not base:
        return 0.0
    kind, _, name = base[0].material.partition("/")
    own = case.catalog.record(kind, name).get("expansion")
    if own is None:
        return 0.0
    body = case.architecture.body
    half = math.hypot(body.width, body.height) / 2.0
    return abs(own.value - case.program.board.expansion.value) * swing_k * half


def _panel(case: Case) -> dict[str, object] | None:
    """Bodies out of the panel or strip in which this class of technology is made; None where none is on record."""
    kind = case.catalog.record("technology", case.architecture.candidate.carrier).word("class")
    record = next((item for item in case.catalog.records("panel") if kind in item.listed("of")), None)
    if record is None:
        return None
    body = case.architecture.body
    found = panels.nest(
        (body.width, body.height),
        (record["size_x"], record["size_y"]),
        record["border"],
        record["saw_street"],
    )
    return {
        "panel": record.name, "pieces": found.pieces, "columns": found.columns, "rows": found.rows,
        "utilisation": found.utilisation,
    }  # fmt: skip
