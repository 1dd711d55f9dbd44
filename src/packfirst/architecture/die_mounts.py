"""Die on their carrier: joints, thicknesses, stacks."""

from dataclasses import replace

from packfirst.architecture.candidate import Candidate
from packfirst.architecture.construction import Construction
from packfirst.architecture.placement import PlacedDie, Placement
from packfirst.architecture.tree import Joint, Layer, Mount
from packfirst.catalog import Catalog
from packfirst.catalog.record import Record
from packfirst.program.model import Program

_BUMP_METAL, _UNDERFILL = "material/sac305", "material/underfill_cuf"


def die_mounts(
    program: Program, catalog: Catalog, candidate: Candidate, placement: Placement, built: Construction
) -> tuple[Mount, ...]:
    """A mount for every die that stands on the carrier, with its stack on it.

    Raises
    ------
    MissingDatum
        The catalog lacks a thickness or pitch that this technology needs.
    """
    carrier = catalog.record("technology", candidate.carrier)
    rules = catalog.record("rule", "body")
    joint = _first_level(catalog, candidate, carrier, built, rules)
    # Logic is ground to the height of the bought stacks beside it, so that one lid touches all.
    full = max(
        (catalog.record("part", bought.part)["thickness"] for bought in program.bought.values()),
        default=_die_thickness(carrier, rules),
    )
    mounts = []
    for die in placement.die:
        if not die.base:
            mounts.append(_mount(catalog, candidate, placement, die, joint, full, built.face))
    return tuple(mounts)


def bumps(record: Record, pitch_m: float, height_m: float, rules: Record) -> Joint:
    """A field of solder bumps in underfill."""
    return Joint(
        technology=record.id, role="bumps", metal=_BUMP_METAL, fill=_UNDERFILL, pitch_m=pitch_m,
        diameter_m=rules["bump_diameter_ratio"] * pitch_m, height_m=height_m,
    )  # fmt: skip


def _die_thickness(carrier: Record, rules: Record) -> float:
    return carrier["thickness_die"] if "thickness_die" in carrier else rules["die_thickness"]


def _first_level(
    catalog: Catalog, candidate: Candidate, carrier: Record, built: Construction, rules: Record
) -> Joint:
    """What joins a die to its carrier: an attach under its back, fine bumps on silicon, coarse ones on laminate."""
    if built.first == "attach":
        film = catalog.record("interface", candidate.lid_interface)
        return Joint(
            technology=carrier.id, role="attach", metal="", fill=f"interface/{candidate.lid_interface}",
            pitch_m=0.0, diameter_m=0.0, height_m=film["thickness"],
        )  # fmt: skip
    heights = (
        ("microbump_height", "copper_stud_height") if built.sheet else ("bump_height_coarse", "bump_height")
    )
    pitch = carrier["coarse_bump_pitch"] if "coarse_bump_pitch" in carrier else carrier["bond_pitch"]
    height = next((carrier[field] for field in heights if field in carrier), None)
    if height is None:
        height = (
            carrier["bump_height_fine"]
            if "bump_height_fine" in carrier
            else rules["bump_height_ratio"] * pitch
        )
    return bumps(carrier, pitch, height, rules)


def _mount(
    catalog: Catalog, candidate: Candidate, placement: Placement, die: PlacedDie, joint: Joint, full_m: float,
    face: str,
) -> Mount:  # fmt: skip
    upper = _upon(placement, die)
    if die.part:
        part = catalog.record("part", die.part)
        layer = Layer(role="die", material=f"part/{die.part}", thickness_m=part["thickness"])
        return Mount(
            id=die.id,
            kind="die",
            rect=die.rect,
            layers=(layer,),
            joint=joint,
            part=die.part,
            group=die.group,
            face=face,
        )
    if not upper:
        return _logic(catalog, die, full_m, joint, face)
    if any(_upon(placement, item) for item in upper) or upper[0].group == die.group:
        return _with_towers(catalog, candidate, placement, die, joint, full_m, face)
    stack = catalog.record("technology", candidate.stack)
    bond, wiring = _stack_joint(catalog, stack), catalog.record("rule", "body")["back_end_thickness"]
    least = stack["thickness_top_die"] + wiring
    room = full_m - bond.height_m - least
    base_m = stack["thickness_base_die"] if "thickness_base_die" in stack else stack["thickness_top_die"]
    if room > wiring:
        base_m = min(base_m, room)  # a base of full wafer thickness is ground until the stack fits
    total_m = max(full_m - bond.height_m - base_m, least)
    tops = tuple(_logic(catalog, item, total_m, bond, face) for item in upper)
    return _logic(catalog, die, base_m, joint, face, tops)


def _upon(placement: Placement, die: PlacedDie) -> list[PlacedDie]:
    return [item for item in placement.die if item.base == die.id]


def _with_towers(
    catalog: Catalog, candidate: Candidate, placement: Placement, die: PlacedDie, joint: Joint, full_m: float,
    face: str,
) -> Mount:  # fmt: skip
    """A die with towers on it, or the lowest die of a tower; the highest die fills what height is left.

    The tiers are ground until the tower is no taller than the die around it, as memory stacks of eight and of
    twelve are that share one height; not thinner than the technology can.
    """
    wiring = catalog.record("rule", "body")["back_end_thickness"]
    if candidate.stack:
        stack = catalog.record("technology", candidate.stack)
        bond = _stack_joint(catalog, stack)
        usual = stack.input("thickness_top_die")
    else:
        carrier = catalog.record("technology", candidate.carrier)
        spacer = carrier.get("thickness_spacer")
        height = joint.height_m + (spacer.value if spacer is not None else 0.0)
        bond, usual = replace(joint, height_m=height), carrier.input("thickness_die")
    least = usual.value if usual.low is None else usual.low
    tiers = _tiers_above(placement, die)
    base_m = 0.0
    own = die.group == _upon(placement, die)[0].group  # the lowest die of a tower is one of its tiers
    if not own:
        given = stack.get("thickness_base_die") or usual
        base_m = min(given.value, full_m / 2.0)
    number = tiers + 1 if own else tiers
    room = full_m - base_m - tiers * bond.height_m
    each = min(max(room / number, least + wiring), usual.value + wiring)
    top = max(room - (number - 1) * each, each)

    def raised(item: PlacedDie, under: Joint) -> Mount:
        upper = _upon(placement, item)
        return _logic(
            catalog, item, each if upper else top, under, face, tuple(raised(above, bond) for above in upper)
        )

    if own:
        return raised(die, joint)
    towers = tuple(raised(item, bond) for item in _upon(placement, die))
    return _logic(catalog, die, base_m, joint, face, towers)


def _tiers_above(placement: Placement, die: PlacedDie) -> int:
    upper = _upon(placement, die)
    return 1 + max(_tiers_above(placement, item) for item in upper) if upper else 0


def _stack_joint(catalog: Catalog, stack: Record) -> Joint:
    """Copper pads in oxide for a hybrid bond, micro-bumps in underfill else."""
    rules = catalog.record("rule", "body")
    if "hybrid_bond" in stack.listed("first_level_interconnect"):
        return Joint(
            technology=stack.id, role="bond", metal="material/cu", fill="material/sio2",
            height_m=stack["thickness_bond_layer"], pitch_m=stack["bond_pitch"],
            diameter_m=rules["bond_pad_ratio"] * stack["bond_pitch"],
        )  # fmt: skip
    return bumps(stack, stack["bond_pitch"], stack["microbump_height"], rules)


def _logic(
    catalog: Catalog,
    die: PlacedDie,
    total_m: float,
    joint: Joint,
    face: str,
    children: tuple[Mount, ...] = (),
) -> Mount:
    """A die with its wiring on the side that it shows: below when it is face down, on top when wires go to it."""
    wiring = catalog.record("rule", "body")["back_end_thickness"]
    layers = (
        Layer(role="back_end", material="material/beol_effective", thickness_m=wiring),
        Layer(role="die", material="material/si", thickness_m=total_m - wiring),
    )
    return Mount(
        id=die.id, kind="die", rect=die.rect, layers=layers if face == "down" else layers[::-1], joint=joint,
        node=die.node, group=die.group, face=face, children=children,
    )  # fmt: skip
