"""From a Candidate's choices to its assembly tree, lid and way out."""

import math
from dataclasses import dataclass

from packfirst.architecture.candidate import Candidate
from packfirst.architecture.package import Terminals
from packfirst.architecture.placement import PlacedDie, Placement, Rect, around, place
from packfirst.architecture.tree import Joint, Layer, Mount
from packfirst.catalog import Catalog
from packfirst.catalog.record import Record
from packfirst.program.model import Program

BOARD, LAMINATE, CARRIER = "board", "laminate", "carrier"
_BUMP_METAL, _BALL_METAL = "material/sac305", "material/sac305"
_UNDERFILL, _MOULD, _GAS = "material/underfill_cuf", "material/emc", "material/air"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lid:
    """The plate over the die, and the frame by which it stands on the laminate."""

    rect: Rect
    thickness_m: float
    foot_width_m: float
    interface: str  # catalog interface between die and lid


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """One candidate with its place for everything: who stands on whom, where, through what, and the way out."""

    candidate: Candidate
    placement: Placement
    tree: Mount  # the board, and on it all else
    lid: Lid
    terminals: Terminals

    def mount(self, name: str) -> Mount:
        return next(mount for mount in self.tree.walk() if mount.id == name)

    @property
    def body(self) -> Rect:
        """Outline of the package."""
        return self.mount(LAMINATE).rect


def build(program: Program, catalog: Catalog, candidate: Candidate) -> Architecture:
    """The Architecture of a candidate: places the die, then builds the tree from the die down to the board.

    Raises
    ------
    MissingDatum
        The catalog lacks a thickness or pitch that this technology needs.
    """
    placement = place(program, catalog, candidate)
    carrier = catalog.record("technology", candidate.carrier)
    rules = catalog.record("rule", "body")
    die = _die_mounts(program, catalog, candidate, placement, carrier)
    outline = placement.outline
    laminate_layers = _laminate_layers(carrier)
    if carrier.word("class") == "silicon_interposer":
        rect = outline.grown(rules["interposer_margin"])
        standing: tuple[Mount, ...] = (
            Mount(
                id=CARRIER, kind="interposer", rect=rect, children=die,
                layers=(Layer(role="interposer", material="material/si", thickness_m=carrier["thickness_interposer"]),),
                joint=_bumps(carrier, carrier["c4_pitch"], carrier["c4_bump_height"], rules),
            ),
        )  # fmt: skip
    elif carrier.word("class") == "bridge":
        rect = outline
        standing = (*_bridges(placement, carrier, rules), *die)
    else:
        rect, standing = outline, die
    terminals = _terminals(program, catalog, rect.grown(rules["laminate_margin"]))
    body = _centred(rect.grown(rules["laminate_margin"]), terminals)
    laminate = Mount(
        id=LAMINATE, kind="laminate", rect=body, layers=laminate_layers, children=standing,
        joint=Joint(
            technology=candidate.carrier, role="balls", fill=_GAS, metal=_BALL_METAL,
            pitch_m=terminals.pitch_m, diameter_m=rules["ball_diameter_ratio"] * terminals.pitch_m,
            height_m=rules["ball_height_ratio"] * terminals.pitch_m,
        ),
    )  # fmt: skip
    lid = Lid(
        rect=body.grown(-rules["lid_setback"]), thickness_m=carrier["thickness_lid"],
        foot_width_m=rules["lid_foot_width"], interface=candidate.lid_interface,
    )  # fmt: skip
    return Architecture(
        candidate=candidate, placement=placement, tree=_board(program, laminate), lid=lid, terminals=terminals
    )


def _board(program: Program, laminate: Mount) -> Mount:
    x, y = program.board.size_x.value / 2.0, program.board.size_y.value / 2.0
    layer = Layer(role="board", material="program/board", thickness_m=program.board.thickness.value)
    # A board smaller than its package would be a nonsense of the Program; form factor says so, geometry goes on.
    rect = around([Rect(x0=-x, y0=-y, x1=x, y1=y), laminate.rect])
    return Mount(id=BOARD, kind="board", rect=rect, layers=(layer,), children=(laminate,))


def _laminate_layers(carrier: Record) -> tuple[Layer, ...]:
    if "thickness_core" in carrier:
        half = carrier["thickness_buildup_layer"] * carrier["signal_layers"] / 2.0
        return (
            Layer(role="laminate", material="material/abf_buildup_effective", thickness_m=half),
            Layer(
                role="laminate", material="material/abf_laminate_core", thickness_m=carrier["thickness_core"]
            ),
            Layer(role="laminate", material="material/abf_buildup_effective", thickness_m=half),
        )
    return (
        Layer(
            role="laminate", material="material/abf_laminate_core", thickness_m=carrier["thickness_substrate"]
        ),
    )


def _bumps(record: Record, pitch_m: float, height_m: float, rules: Record) -> Joint:
    return Joint(
        technology=record.id, role="bumps", metal=_BUMP_METAL, fill=_UNDERFILL, pitch_m=pitch_m,
        diameter_m=rules["bump_diameter_ratio"] * pitch_m, height_m=height_m,
    )  # fmt: skip


def _first_level(carrier: Record, rules: Record) -> Joint:
    """What joins a die to its carrier: fine bumps on silicon, coarse ones on laminate."""
    kind = carrier.word("class")
    if kind == "silicon_interposer":
        return _bumps(carrier, carrier["bond_pitch"], carrier["microbump_height"], rules)
    if kind == "bridge":
        return _bumps(carrier, carrier["coarse_bump_pitch"], carrier["bump_height_coarse"], rules)
    return _bumps(carrier, carrier["bond_pitch"], carrier["bump_height"], rules)


def _die_mounts(
    program: Program, catalog: Catalog, candidate: Candidate, placement: Placement, carrier: Record
) -> tuple[Mount, ...]:
    rules = catalog.record("rule", "body")
    joint = _first_level(carrier, rules)
    # Logic is ground to the height of the bought stacks beside it, so that one lid touches all.
    full = max(
        (catalog.record("part", bought.part)["thickness"] for bought in program.bought.values()),
        default=carrier["thickness_die"],
    )
    mounts = []
    for die in placement.die:
        if die.base:
            continue
        upper = [item for item in placement.die if item.base == die.id]
        mounts.append(_die_mount(catalog, candidate, die, upper, joint, full))
    return tuple(mounts)


def _die_mount(
    catalog: Catalog,
    candidate: Candidate,
    die: PlacedDie,
    upper: list[PlacedDie],
    joint: Joint,
    full_m: float,
) -> Mount:
    if die.part:
        part = catalog.record("part", die.part)
        layer = Layer(role="die", material=f"part/{die.part}", thickness_m=part["thickness"])
        return Mount(
            id=die.id, kind="die", rect=die.rect, layers=(layer,), joint=joint, part=die.part, group=die.group
        )
    if not upper:
        return _logic(catalog, die, full_m, joint)
    stack = catalog.record("technology", candidate.stack)
    base_m, bond_m = stack["thickness_base_die"], stack["thickness_bond_layer"]
    bond = Joint(
        technology=candidate.stack, role="bond", metal="material/cu", fill="material/sio2", height_m=bond_m,
        pitch_m=stack["bond_pitch"],
        diameter_m=catalog.record("rule", "body")["bond_pad_ratio"] * stack["bond_pitch"],
    )  # fmt: skip
    tops = tuple(_logic(catalog, item, full_m - base_m - bond_m, bond) for item in upper)
    return _logic(catalog, die, base_m, joint, tops)


def _logic(
    catalog: Catalog, die: PlacedDie, total_m: float, joint: Joint, children: tuple[Mount, ...] = ()
) -> Mount:
    """A face-down die: its wiring below, its silicon above."""
    wiring = catalog.record("rule", "body")["back_end_thickness"]
    layers = (
        Layer(role="back_end", material="material/beol_effective", thickness_m=wiring),
        Layer(role="die", material="material/si", thickness_m=total_m - wiring),
    )
    return Mount(
        id=die.id, kind="die", rect=die.rect, layers=layers, joint=joint, node=die.node, group=die.group,
        children=children,
    )  # fmt: skip


def _bridges(placement: Placement, carrier: Record, rules: Record) -> tuple[Mount, ...]:
    """A silicon bridge under each pair of linked neighbours on the carrier, as long as they face each other."""
    die = {item.id: item for item in placement.die}
    found: dict[frozenset[str], Mount] = {}
    half = carrier["bridge_edge"] / 2.0
    for link in placement.connections:
        pair = frozenset((link.a, link.b))
        if link.is_vertical or link.facing_m <= 0.0 or pair in found:
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
            id=f"bridge_{len(found)}", kind="bridge", rect=rect, layers=(layer,), embedded=True
        )
    return tuple(found.values())


def _terminals(program: Program, catalog: Catalog, least: Rect) -> Terminals:
    """Balls that fill the body, or as many more as current and signals ask for."""
    pitch = program.form_factor.ball_pitch.value
    needed = terminals_needed(program, catalog)
    columns, rows = int(least.width / pitch), int(least.height / pitch)
    while columns * rows < needed:
        columns, rows = columns + 1, rows + 1
    return Terminals(pitch_m=pitch, columns=columns, rows=rows)


def terminals_needed(program: Program, catalog: Catalog) -> int:
    """Balls for the supply current and its return, and for signals with their return paths."""
    rules = catalog.record("rule", "terminals")
    peak = max(sum(power.value for power in mode.power.values()) for mode in program.modes.values())
    current = peak * program.accuracy.power.value / program.supply_voltage.value
    supply = math.ceil(current / rules["current"])
    signals = program.form_factor.signal_balls
    return 2 * supply + signals + math.ceil(signals / rules["signals_per_ground"])


def _centred(least: Rect, terminals: Terminals) -> Rect:
    width = max(least.width, terminals.columns * terminals.pitch_m)
    height = max(least.height, terminals.rows * terminals.pitch_m)
    x, y = (least.x0 + least.x1) / 2.0, (least.y0 + least.y1) / 2.0
    return Rect(x0=x - width / 2.0, y0=y - height / 2.0, x1=x + width / 2.0, y1=y + height / 2.0)
