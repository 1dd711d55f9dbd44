"""What the die stand on: sheets of silicon, glass or redistribution, bridges, and the base of the body."""

import math

from packfirst.architecture.candidate import Candidate
from packfirst.architecture.construction import Construction
from packfirst.architecture.die_mounts import bumps
from packfirst.architecture.package import Terminals, pitches_in
from packfirst.architecture.placement import Placement, Rect, around
from packfirst.architecture.tree import Joint, Layer, Mount
from packfirst.catalog import Catalog
from packfirst.catalog.record import Record
from packfirst.program.model import Program

BOARD, LAMINATE, CARRIER = "board", "laminate", "carrier"
_BALL_METAL, _GAS = "material/sac305", "material/air"
_BUILDUP, _CORE = "material/abf_buildup_effective", "material/abf_laminate_core"
# Body of a ceramic package: co-fired alumina, unless the record is of low-temperature ceramic.
_BASE_METAL = "cumo_15_85"
_HTCC, _LTCC, _THIN_FILM = "material/alumina_htcc_a440", "material/ltcc_951", "material/alumina_996"


def on_sheet(
    catalog: Catalog, candidate: Candidate, placement: Placement, built: Construction, die: tuple[Mount, ...]
) -> tuple[Rect, tuple[Mount, ...]]:
    """What stands on the base: the die themselves, die over bridges, or a sheet with the die on it."""
    carrier, rules = catalog.record("technology", candidate.carrier), catalog.record("rule", "body")
    outline = placement.outline
    bridges = _bridges(placement, carrier, rules) if built.bridges else ()
    if not built.sheet:
        return outline, (*bridges, *die)
    rect = outline.grown(rules["interposer_margin"])
    if "thickness_interposer" in carrier:
        thickness = carrier["thickness_interposer"]
    else:
        thickness = carrier["thickness_rdl_layer"] * carrier["signal_layers"]
    joint = None
    if built.base != "none":
        pitch = carrier["c4_pitch"] if "c4_pitch" in carrier else rules["c4_pitch"]
        height = (
            carrier["c4_bump_height"] if "c4_bump_height" in carrier else rules["bump_height_ratio"] * pitch
        )
        joint = bumps(carrier, pitch, height, rules)
    layer = Layer(role="interposer", material=built.sheet, thickness_m=thickness)
    sheet = Mount(
        id=CARRIER if built.base != "none" else LAMINATE, kind="interposer", rect=rect, layers=(layer,), joint=joint,
        children=(*bridges, *die),
    )  # fmt: skip
    return rect, (sheet,)


def base(
    program: Program, catalog: Catalog, candidate: Candidate, built: Construction, field: Rect,
    standing: tuple[Mount, ...],
) -> tuple[Mount, Terminals]:  # fmt: skip
    """The lowest part of the body with all that stands on it, and its terminals."""
    carrier, rules = catalog.record("technology", candidate.carrier), catalog.record("rule", "body")
    margin = rules["laminate_margin"] if built.cover in ("lid", "bare") else rules["cavity_margin"]
    if built.cover == "mould":
        margin = rules["mould_margin"]
    least = field.grown(margin)
    terminals = _terminals(program, catalog, carrier, built, least)
    rect = _centred(least, terminals)
    joint = _terminal_joint(carrier, built, terminals, rules)
    if built.base == "none" and len(standing) == 1:
        # A redistribution layer is its own base: the terminals stand under it.
        only = standing[0]
        return Mount(
            id=LAMINATE, kind=only.kind, rect=rect, layers=only.layers, joint=joint, children=only.children
        ), terminals
    return Mount(
        id=LAMINATE, kind="laminate" if built.base == "laminate" else "base", rect=rect, joint=joint,
        layers=_layers(carrier, built, rules, candidate.base), children=standing,
    ), terminals  # fmt: skip


def on_board(program: Program, body: Mount) -> Mount:
    """The board, and the body on it."""
    x, y = program.board.size_x.value / 2.0, program.board.size_y.value / 2.0
    layer = Layer(role="board", material="program/board", thickness_m=program.board.thickness.value)
    # A board smaller than its package would be a nonsense of the Program; form factor says so, geometry goes on.
    rect = around([Rect(x0=-x, y0=-y, x1=x, y1=y), body.rect])
    return Mount(id=BOARD, kind="board", rect=rect, layers=(layer,), children=(body,))


def _layers(carrier: Record, built: Construction, rules: Record, base: str) -> tuple[Layer, ...]:
    """Sheets of the base, from the bottom up."""
    metal = f"material/{base or _BASE_METAL}"
    if built.base == "ceramic" and "thickness_base" in carrier and "thickness_substrate" in carrier:
        # Of low-temperature ceramic, which conducts badly, a frame on a metal base: die stand in its cut-outs.
        return (Layer(role="base", material=metal, thickness_m=carrier["thickness_base"]),)
    if built.base == "ceramic":
        material = _LTCC if "ltcc" in carrier.id else _HTCC
        floor = carrier[
            "thickness_substrate" if "thickness_substrate" in carrier else "thickness_ceramic_body"
        ]
        # Of a body with a cavity, what the die stand on is a part: the rest of its height are the walls.
        return (Layer(role="base", material=material, thickness_m=floor * rules["cavity_floor_ratio"]),)
    if built.base == "housing":
        return (Layer(role="base", material=metal, thickness_m=carrier["thickness_base"]),)
    if built.base == "carrier":
        return (Layer(role="base", material=_THIN_FILM, thickness_m=carrier["thickness_substrate"]),)
    if built.base == "leadframe":
        return (Layer(role="base", material="material/cu", thickness_m=carrier["thickness_leadframe"]),)
    if "thickness_buildup_layer" in carrier and "thickness_core" in carrier:
        half = carrier["thickness_buildup_layer"] * carrier["signal_layers"] / 2.0
        core = "material/glass_en_a1" if carrier.word("class") == "glass_core" else _CORE
        return (
            Layer(role="laminate", material=_BUILDUP, thickness_m=half),
            Layer(role="laminate", material=core, thickness_m=carrier["thickness_core"]),
            Layer(role="laminate", material=_BUILDUP, thickness_m=half),
        )
    given = ("thickness_substrate", "thickness_core", "thickness_bottom_package", "thickness_board")
    thickness = next((carrier[field] for field in given if field in carrier), rules["laminate_thickness"])
    return (Layer(role="laminate", material=_CORE, thickness_m=thickness),)


def _bridges(placement: Placement, carrier: Record, rules: Record) -> tuple[Mount, ...]:
    """A silicon bridge under each pair of linked neighbours on the carrier, as long as they face each other.

    None under a pair that stands farther apart than a bridge is wide: it would lie under neither.
    """
    die = {item.id: item for item in placement.die}
    found: dict[frozenset[str], Mount] = {}
    half = (carrier["bridge_edge"] if "bridge_edge" in carrier else rules["bridge_edge"]) / 2.0
    for link in placement.connections:
        pair = frozenset((link.a, link.b))
        if link.is_vertical or link.facing_m <= 0.0 or link.gap_m >= 2.0 * half or pair in found:
            continue
        a, b = die[link.a].rect, die[link.b].rect
        if a.x1 <= b.x0 or b.x1 <= a.x0:
            middle = (min(a.x1, b.x1) + max(a.x0, b.x0)) / 2.0
            rect = Rect(x0=middle - half, x1=middle + half, y0=max(a.y0, b.y0), y1=min(a.y1, b.y1))
        else:
            middle = (min(a.y1, b.y1) + max(a.y0, b.y0)) / 2.0
            rect = Rect(x0=max(a.x0, b.x0), x1=min(a.x1, b.x1), y0=middle - half, y1=middle + half)
        layer = Layer(role="bridge", material="material/si", thickness_m=carrier["thickness_bridge"])
        found[pair] = Mount(
            id=f"bridge.{len(found)}", kind="bridge", rect=rect, layers=(layer,), embedded=True
        )
    return tuple(found.values())


def _terminal_joint(
    carrier: Record, built: Construction, terminals: Terminals, rules: Record
) -> Joint | None:
    """Balls, columns or a solder film between the base and the board; None where the base is bolted down."""
    if built.sink == "bottom":
        return None
    pitch = terminals.pitch_m
    if built.terminals == "columns":
        height, diameter = carrier["column_height"], rules["ball_diameter_ratio"] * pitch
    elif built.terminals == "lands":
        height, diameter = rules["land_height"], rules["ball_diameter_ratio"] * pitch
    else:
        height, diameter = rules["ball_height_ratio"] * pitch, rules["ball_diameter_ratio"] * pitch
    return Joint(
        technology=carrier.id, role="balls", fill=_GAS, metal=_BALL_METAL, pitch_m=pitch, diameter_m=diameter,
        height_m=height,
    )  # fmt: skip


def _terminals(
    program: Program, catalog: Catalog, carrier: Record, built: Construction, least: Rect
) -> Terminals:
    """Terminals that fill the body, or as many more as current and signals ask for."""
    pitch = carrier["column_pitch"] if built.terminals == "columns" else program.form_factor.ball_pitch.value
    needed = terminals_needed(program, catalog)
    columns, rows = max(pitches_in(least.width, pitch), 1), max(pitches_in(least.height, pitch), 1)
    while columns * rows < needed and built.terminals != "none":
        columns, rows = columns + 1, rows + 1
    return Terminals(pitch_m=pitch, columns=columns, rows=rows)


def terminals_needed(program: Program, catalog: Catalog) -> int:
    """Terminals for the supply current and its return, and for signals with their return paths."""
    rules = catalog.record("rule", "terminals")
    peak = max(sum(power.value for power in mode.power.values()) for mode in program.modes.values())
    current = peak * program.accuracy.power.value / program.supply_voltage.value
    supply = math.ceil(current / rules["current"] * (1.0 - 1e-12))  # 1940.0000000000002 is 1940
    signals = program.form_factor.signal_balls
    return 2 * supply + signals + math.ceil(signals / rules["signals_per_ground"])


def _centred(least: Rect, terminals: Terminals) -> Rect:
    width = max(least.width, terminals.columns * terminals.pitch_m)
    height = max(least.height, terminals.rows * terminals.pitch_m)
    x, y = (least.x0 + least.x1) / 2.0, (least.y0 + least.y1) / 2.0
    return Rect(x0=x - width / 2.0, y0=y - height / 2.0, x1=x + width / 2.0, y1=y + height / 2.0)
