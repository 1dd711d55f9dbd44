"""The package against its board: pitch, escape, room with keep-outs, and the card that the board must be."""

from collections.abc import Iterator, Mapping, Sequence

from packfirst.catalog.record import Record
from packfirst.disciplines.case import Case
from packfirst.disciplines.form_factor import escape_rows
from packfirst.inputs import Input
from packfirst.limit import Identity, Limit, NotAssessed

MM = 1e-3
BASIS = ("geometry of the elaborated package",)


def board_limits(
    case: Case, rung: str, package_height_m: float, body_slopes: Sequence[Mapping[str, float]]
) -> Iterator[Limit | NotAssessed]:
    """Limits that a stated class of board and card format set, and the room on the board.

    `body_slopes` are d(margin)/d(input) [mm] of the body's width and height against a room.
    """
    yield from _room(case, rung, body_slopes)
    board = case.program.board
    if board.build is not None:
        record = case.catalog.record("board_class", board.build)
        yield _pitch(case, rung, record)
        yield _escape(case, rung, record)
    if case.program.form_factor.card is not None:
        record = case.catalog.record("card", case.program.form_factor.card)
        yield from _card(case, rung, record, package_height_m)


def _limit(
    kind: str, subject: str, rung: str, *, demand: float, capacity: float, unit: str, says: str,
    slopes: dict[str, float], used: tuple[Input, ...] = (), hard: bool = True,
) -> Limit:  # fmt: skip
    return Limit(
        identity=Identity(discipline="form_factor", kind=kind, subject=subject), demand=demand, capacity=capacity,
        unit=unit, hard=hard, rung=rung, sensitivities=slopes, model=f"form_factor/geometry/{kind}", model_error=0.0,
        basis=(*BASIS, *sorted({item.source for item in used} - {""})), explanation=says,
    )  # fmt: skip


def sink_side_m(path: Record) -> float:
    """Side of the square that the thermal path covers: the case area for which it holds, and its margin. [m]"""
    margin = path.get("base_margin")
    return float(path["reference_area"] ** 0.5) + 2.0 * (margin.value if margin else 0.0)


def _room(case: Case, rung: str, body_slopes: Sequence[Mapping[str, float]]) -> Iterator[Limit]:
    """Body and sink with their keep-outs against the board, each side against the board's own."""
    if case.architecture.construction.sink == "bottom":
        return  # it stands on a housing or a rail, not on a board
    rules, board, body = case.catalog.record("rule", "body"), case.program.board, case.architecture.body
    path = case.catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    around, screws = rules.input("body_keepout"), rules.input("screw_keepout")
    has_sink = path.get("added_height") is not None and path["added_height"] > 0.0
    sides = sorted(zip((body.width, body.height), body_slopes, strict=True), key=lambda side: side[0])
    boards = sorted((board.size_x, board.size_y), key=lambda side: side.value)
    for name, (own, moved), room in zip(("short", "long"), sides, boards, strict=True):
        bare = own + 2.0 * around.value
        yield _limit(
            f"board_{name}", "board", rung, demand=bare / MM, capacity=room.value / MM, unit="mm",
            slopes={**moved, room.id: 1.0 / MM, around.id: -2.0 / MM},
            says=f"the body with its keep-out takes {bare / MM:.0f} mm of the board's {name} side of "
            f"{room.value / MM:.0f} mm",
        )  # fmt: skip
        if has_sink:
            yield _sink(path, screws, name, room, rung)


def _sink(path: Record, screws: Input, name: str, room: Input, rung: str) -> Limit:
    """A sink with its screws against one side of the board; soft, since a sink may hang over and be held elsewhere."""
    own = sink_side_m(path) + 2.0 * screws.value
    area, margin = path.input("reference_area"), path.get("base_margin")
    slopes = {room.id: 1.0 / MM, screws.id: -2.0 / MM, area.id: -0.5 / area.value**0.5 / MM}
    if margin is not None:
        slopes[margin.id] = -2.0 / MM
    return _limit(
        f"sink_{name}", "board", rung, demand=own / MM, capacity=room.value / MM, unit="mm", slopes=slopes, hard=False,
        used=(area,),
        says=f"{path.name} with its screws covers {own / MM:.0f} mm; the board's {name} side is "
        f"{room.value / MM:.0f} mm",
    )  # fmt: skip


def _pitch(case: Case, rung: str, build: Record) -> Limit:
    """The pitch of the terminals against the finest that the board's build is used for."""
    least, pitch = build.input("least_pitch"), case.package.terminals.pitch_m
    slopes = {least.id: -1.0 / MM}
    if pitch == case.program.form_factor.ball_pitch.value:
        slopes[case.program.form_factor.ball_pitch.id] = 1.0 / MM
    # The finest pitch of the build is what the board asks for; the package offers its own.
    return _limit(
        "board_pitch", "board", rung, demand=least.value / MM, capacity=pitch / MM, unit="mm", slopes=slopes,
        used=(least,),
        says=f"terminals stand at {pitch / MM:.2f} mm; a board with {build.name.lower()} takes {least.value / MM:.2f} "
        "mm and wider",
    )  # fmt: skip


def _escape(case: Case, rung: str, build: Record) -> Limit | NotAssessed:
    """The signals that leave the package against what the board's signal layers lead out."""
    layers = case.program.board.signal_layers
    if layers is None:
        identity = Identity(discipline="form_factor", kind="board_escape", subject="board")
        return NotAssessed(identity=identity, missing=("program/board.signal_layers",))
    terminals = case.package.terminals
    tracks = int(
        escape_rows.tracks_between(terminals.pitch_m, build["via_land"], build["line"], build["space"])
    )
    out = escape_rows.signals_out(
        terminals.columns, terminals.rows, tracks, layers, blind=build.word("vias") == "blind"
    )
    used = tuple(build.input(name) for name in ("via_land", "line", "space"))
    # Whole tracks come in steps: near the next one the count moves by a whole ring, elsewhere not at all.
    return _limit(
        "board_escape", "board", rung, demand=float(case.program.form_factor.signal_balls), capacity=float(out),
        unit="signals", slopes={}, used=used,
        says=f"{layers} signal layers with {tracks} tracks between lands lead out {out} signals of "
        f"{terminals.count} terminals; {case.program.form_factor.signal_balls} leave the package",
    )  # fmt: skip


def _card(case: Case, rung: str, card: Record, package_height_m: float) -> Iterator[Limit]:
    board = case.program.board
    boards = sorted((board.size_x, board.size_y), key=lambda side: side.value)
    cards = sorted((card.input("size_x"), card.input("size_y")), key=lambda side: side.value)
    for name, own, room in zip(("short", "long"), boards, cards, strict=True):
        yield _limit(
            f"card_{name}", "board", rung, demand=own.value / MM, capacity=room.value / MM, unit="mm",
            slopes={own.id: -1.0 / MM, room.id: 1.0 / MM}, used=(room,),
            says=f"the board's {name} side is {own.value / MM:.0f} mm; {card.name} has {room.value / MM:.0f} mm",
        )  # fmt: skip
    path = case.catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    added, height = path.get("added_height"), card.input("component_height")
    total = package_height_m + (added.value if added else 0.0)
    slopes = {height.id: 1.0 / MM}
    if added:
        slopes[added.id] = -1.0 / MM
    yield _limit(
        "card_height", "package", rung, demand=total / MM, capacity=height.value / MM, unit="mm", slopes=slopes,
        used=(height,),
        says=f"package and {path.name} stand {total / MM:.1f} mm above the board; {card.name} leaves "
        f"{height.value / MM:.1f} mm to components",
    )  # fmt: skip
    most = card.get("most_thickness")
    if most is not None:
        yield _limit(
            "card_thickness", "board", rung, demand=board.thickness.value / MM, capacity=most.value / MM, unit="mm",
            slopes={board.thickness.id: -1.0 / MM, most.id: 1.0 / MM}, used=(most,),
            says=f"the board is {board.thickness.value / MM:.2f} mm thick; {card.name} takes {most.value / MM:.2f} mm",
        )  # fmt: skip
    power = card.get("most_power")
    if power is not None:
        peak = max(
            case.program.modes.values(), key=lambda mode: sum(item.value for item in mode.power.values())
        )
        factor, stated = case.program.accuracy.power, sum(item.value for item in peak.power.values())
        yield _limit(
            "card_power", "board", rung, demand=stated * factor.value, capacity=power.value, unit="W",
            slopes={power.id: 1.0, factor.id: -stated, **{i.id: -factor.value for i in peak.power.values()}},
            used=(power,),
            says=f"this package alone draws {stated * factor.value:.0f} W at its stated powers; {card.name} is meant "
            f"for {power.value:.0f} W in the slot",
        )  # fmt: skip
