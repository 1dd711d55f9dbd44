"""What a construction has, in the words by which classes and methods ask for it, and its joints in order."""

from dataclasses import dataclass, replace

from packfirst.architecture.architecture import LAMINATE, Architecture
from packfirst.architecture.construction import Construction
from packfirst.architecture.package import Package
from packfirst.architecture.tree import Mount
from packfirst.catalog import Catalog, MissingDatum, ProcessStep, Record
from packfirst.disciplines.qualification.hermeticity import ingress, vapour
from packfirst.disciplines.qualification.hermeticity.dryness import Climate
from packfirst.disciplines.qualification.joining_order import Heat, Joining
from packfirst.inputs import Input
from packfirst.program.model import Program
from packfirst.program.quality import Quality

_ORGANIC = ("laminate", "leadframe", "none")
_SEALED = ("yes", "conditional")
_FLIPPED = ("c4", "cu_pillar", "microbump", "hybrid_bond")
# A technology whose bumps are finer than this is joined by tin that turns into intermetallics; assumed.
_FINE_PITCH_M = 80e-6
# Silver-filled epoxy; makers' sheets lie between 2.3 and 3.5 g/cm3, and the share of water is far less certain.
_ATTACH_KG_M3 = 2800.0


def features_of(
    technology: Record, built: Construction, seal: Record | None, n_die: int, *, memory: bool
) -> frozenset[str]:
    """The features of a carrier technology with so many die on it."""
    closed = built.cover == "cavity" and technology.word("hermetic_capable") in _SEALED
    sealed = closed and (seal is None or seal.word("hermetic") == "yes")
    flipped = built.face == "down" and technology.listed("first_level_interconnect")[0] in _FLIPPED
    holds = {
        "sealed_cavity": sealed,
        "cavity": built.cover in ("cavity", "lid"),
        "wires": built.face == "up",
        "flip_chip": flipped,
        "bonds": built.face == "up" or flipped,
        "underfill": flipped,
        "polymer": flipped or built.cover == "mould" or built.face == "up",
        "leads": built.base == "housing",
        "balls": built.terminals == "balls",
        "columns": built.terminals == "columns",
        "glass_frit": seal is not None and seal.id == "glass_frit",
        "ceramic_body": built.base == "ceramic",
        "metal_body": built.base == "housing",
        "plastic_body": built.cover == "mould" or built.base in _ORGANIC,
        "lid_attach": built.cover == "lid" or (built.face == "down" and built.cover == "bare"),
        "one_die": n_die == 1,
        "several_die": n_die > 1,
        "memory": memory,
    }
    return frozenset(name for name, value in holds.items() if value)


def lid_seal(catalog: Catalog, technology: Record, quality: Quality | None) -> Record | None:
    """How a cavity of this technology is closed: as the Program says, else the first seal that its route names.

    Raises
    ------
    UnknownRecord
        The Program names a seal that the catalog lacks.
    """
    if quality is not None and quality.lid_seal is not None:
        return catalog.record("lid_seal", quality.lid_seal)
    for step in technology.route:
        offered = [
            (step.op.find(word), record)
            for record in catalog.records("lid_seal")
            for word in record.listed("named_in_steps")
            if word in step.op
        ]
        if offered:
            return min(offered, key=lambda item: (item[0], item[1].id))[1]
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cavity:
    """A closed cavity: free volume, the way round its lid, and the area of polymer inside."""

    volume_m3: float
    perimeter_m: float
    attach_area_m2: float


def cavity_of(architecture: Architecture, package: Package) -> Cavity | None:
    """The gas body less what stands in it, or None where the construction has no sealed cavity."""
    gas = package.of_role("cavity")
    if architecture.cover.kind != "cavity" or not gas:
        return None
    cover = architecture.cover
    inner = cover.rect.grown(-cover.foot_width_m)
    _, _, _, _, z0, z1 = gas[0].box_m
    standing = sum(
        body.footprint_m2 * (min(body.box_m[5], z1) - max(body.box_m[4], z0))
        for body in package.bodies
        if body.role not in ("cavity", "wall", "lid") and body.box_m[5] > z0 and body.box_m[4] < z1
    )
    return Cavity(
        volume_m3=max(inner.width * inner.height * (z1 - z0) - standing, 0.0),
        perimeter_m=2.0 * (cover.rect.width + cover.rect.height),
        attach_area_m2=sum(body.footprint_m2 for body in package.of_role("attach")),
    )


def climate_of(program: Program) -> Climate | None:
    """The mission's stretches as a cavity meets them, at the hot end of each; None where none states a humidity."""
    mission = program.mission
    if mission is None or not any(item.humidity > 0.0 for item in mission.segments.values()):
        return None
    segments = tuple(mission.segments.values())
    return Climate(
        outside_atm=tuple(float(ingress.outside_atm(item.hot.value, item.humidity)) for item in segments),
        length_s=tuple(item.time.value for item in segments),
        times=tuple(item.time for item in segments),
    )


def outgassed_ppmv(catalog: Catalog, interface: str, cavity: Cavity) -> float | None:
    """Water in the cavity from its die attach alone; None where the catalog states none of it. [ppmv]"""
    joint = _interface_joint(catalog, interface)
    film = catalog.record("interface", interface)
    if joint is None or "water_share" not in joint or "thickness" not in film:
        return None
    mass_kg = cavity.attach_area_m2 * film["thickness"] * _ATTACH_KG_M3
    return float(vapour.ppmv_from_mass(joint["water_share"] * mass_kg, cavity.volume_m3))


def joining_history(
    catalog: Catalog, architecture: Architecture, quality: Quality | None
) -> tuple[tuple[Joining, ...], tuple[Heat, ...]]:
    """Joints of a construction and the steps of its assembly, in order.

    Raises
    ------
    MissingDatum
        An attach for which the catalog has no joint.
    """
    technology = catalog.record("technology", architecture.candidate.carrier)
    mounts = list(architecture.tree.walk())
    places: dict[str, Record] = {}
    on_base = next((m for m in mounts if m.kind == "die" and m.joint is not None), None)
    stacked = next((child for m in mounts if m.kind == "die" for child in m.children), None)
    sheet = next(
        (m for m in mounts if m.kind == "interposer" and m.id != LAMINATE and m.joint is not None), None
    )
    if on_base is not None:
        places["die"] = _joint_of(catalog, on_base)
    if stacked is not None:
        places["stacked die"] = _joint_of(catalog, stacked)
    if sheet is not None:
        places["interposer"] = _joint_of(catalog, sheet)
    between = _interface_joint(catalog, architecture.cover.interface)
    if between is not None:
        places["die to lid"] = between
    underfilled = [name for name in places if _is_underfilled(mounts, name)]
    if underfilled:
        places["underfill"] = catalog.record("joint", "underfill")
    joinings = tuple(_joining(name, record) for name, record in places.items())
    stack = catalog.record("technology", architecture.candidate.stack) if stacked is not None else None
    heats = _heats(catalog, architecture, technology, stack, places, underfilled, quality)
    return joinings, heats


def _joining(place: str, record: Record) -> Joining:
    kind = record.word("class")
    raised = record.get("raised_remelt")
    if kind in ("solder", "sinter") and raised is not None and record.words.get("raised_in_full") == "yes":
        stands = raised
    elif kind == "solder":
        stands = record.input("remelt")
    elif kind in ("adhesive", "underfill"):
        stands = record.input("decomposition")
    else:
        stands = record.input("survives_below")
    gives = {"solder": "melts", "sinter": "melts", "adhesive": "decomposes", "underfill": "decomposes"}
    return Joining(
        place=place, joint=record.id, stands=stands, gives_way=gives.get(kind, "softens"),
        may_melt_held=record.word("may_remelt_under_underfill") == "yes", needed=place != "die to lid",
    )  # fmt: skip


def _joint_of(catalog: Catalog, mount: Mount) -> Record:
    joint = mount.joint
    assert joint is not None
    if joint.role == "attach":
        found = _interface_joint(catalog, joint.fill.removeprefix("interface/"))
        if found is None:
            raise MissingDatum("joint", joint.fill.removeprefix("interface/"), "remelt")
        return found
    if joint.role == "bond":
        return catalog.record("joint", "hybrid_cu")
    if joint.pitch_m < _FINE_PITCH_M:
        return catalog.record("joint", "snag_ubump")
    metal = joint.metal.removeprefix("material/")
    found = next((r for r in catalog.records("joint") if r.words.get("material") == metal), None)
    if found is None:
        raise MissingDatum("joint", metal, "remelt")
    return found


def _interface_joint(catalog: Catalog, interface: str) -> Record | None:
    return next((r for r in catalog.records("joint") if interface in r.listed("interfaces")), None)


def _is_underfilled(mounts: list[Mount], place: str) -> bool:
    wanted = {"die": "die", "stacked die": "die", "interposer": "interposer"}.get(place, "")
    return any(m.kind == wanted and m.joint is not None and "underfill" in m.joint.fill for m in mounts)


def _heats(
    catalog: Catalog, architecture: Architecture, technology: Record, stack: Record | None, places: dict[str, Record],
    underfilled: list[str], quality: Quality | None,
) -> tuple[Heat, ...]:  # fmt: skip
    built = architecture.construction
    seal = lid_seal(catalog, technology, quality) if built.cover == "cavity" else None
    fixed: dict[str, Input] = {}  # peaks that this candidate sets, in the place of the route's usual one
    if built.first == "attach" and "die" in places:
        fixed["die"] = places["die"].input("process_temperature")
    if architecture.cover.kind == "lid" and architecture.cover.interface:
        interface = catalog.record("interface", architecture.cover.interface)
        fixed["lid"] = interface.input("process_temperature")
    state = _Reading(
        places=places, fill=list(underfilled), lid="die to lid" in places, seal=seal, fixed=fixed
    )
    heats = [] if stack is None else _stack_heats(stack)
    route = [step for step in technology.route if step.number >= technology.die_committed_at_step]
    for step in route:
        heats += _heat_of(technology, step, state)
    heats = _with_rest(heats, state)
    if built.terminals != "none" and built.sink == "top":
        heats.append(Heat(name="reflow to the board", peak=board_reflow(catalog, quality)))
    return tuple(heats)


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What a route still has to do, as its steps are read."""

    places: dict[str, Record]
    fill: list[str]  # joints that wait for their underfill or mould
    lid: bool
    seal: Record | None
    fixed: dict[str, Input]
    sheet_done: bool = False
    filled: bool = False


def _heat_of(technology: Record, step: ProcessStep, state: _Reading) -> list[Heat]:
    words = set(step.op.lower().replace(",", " ").split())
    first = step.number == technology.die_committed_at_step
    if state.seal is not None and (
        "hermetic_seal" in step.needs or any(w in step.op for w in state.seal.listed("named_in_steps"))
    ):
        sealed, state.seal = _sealing(state.seal), None
        return [sealed]
    peak, makes = technology.input(step.temperature_field), []
    if first and "die" in state.places:
        makes.append("die")
        peak = state.fixed.get("die", peak)
    if "interposer" in state.places and not state.sheet_done and not first and "flip_chip" in step.needs:
        makes.append("interposer")
        state.sheet_done = True
    holds: tuple[str, ...] = ()
    # A step that builds a whole package inside another holds its own joints.
    if words & {"underfill", "mold", "mould", "overmold", "encapsulate"} or (first and "build" in words):
        holds = tuple(name for name in state.fill if name != "interposer" or state.sheet_done)
        if holds and not state.filled and "underfill" in state.places:
            makes.append("underfill")
            state.filled = True
        state.fill = [name for name in state.fill if name not in holds]
    if first or "check" in words or not words & {"tim", "tim1", "lid"}:
        return [Heat(name=step.op, peak=peak, makes=tuple(makes), holds=holds)]
    lid = ("die to lid",) if state.lid else ()
    state.lid = False
    lidding = Heat(name=step.op, peak=state.fixed.get("lid", peak), makes=lid)
    if not makes and not holds:
        return [lidding]
    # Underfill, then lid, in one line of the route: the joint is held by the time that the lid goes on.
    return [Heat(name=step.op, peak=peak, makes=tuple(makes), holds=holds), lidding]


def _with_rest(heats: list[Heat], state: _Reading) -> list[Heat]:
    """What the route does not name: an underfill comes right after its joint, all else in the last step."""
    found = list(heats)
    for name in state.fill:
        maker = next((n for n, heat in enumerate(found) if name in heat.makes), len(found) - 1)
        found[maker] = replace(found[maker], holds=(*found[maker].holds, name))
    missing = [
        name
        for name in state.places
        if name != "stacked die" and not any(name in heat.makes for heat in found)
    ]
    found[-1] = replace(found[-1], makes=(*found[-1].makes, *missing))
    if state.seal is not None:
        found.append(_sealing(state.seal))
    return found


def _sealing(seal: Record) -> Heat:
    return Heat(
        name=f"lid seal: {seal.name}",
        peak=seal.input("body_temperature"),
        local=seal.word("heating") == "local",
    )


def _stack_heats(stack: Record) -> list[Heat]:
    """Steps of the stack's own route, from its bond on until it goes to its carrier."""
    heats: list[Heat] = []
    for step in stack.route[stack.die_committed_at_step - 1 :]:
        if heats and "flip_chip" in step.needs:
            break
        holds = ("stacked die",) if set(step.op.lower().split()) & {"mold", "underfill", "fill"} else ()
        heats.append(
            Heat(
                name=step.op, peak=stack.input(step.temperature_field), holds=holds,
                makes=() if heats else ("stacked die",),
            )
        )  # fmt: skip
    return heats


def board_reflow(catalog: Catalog, quality: Quality | None) -> Input:
    """Peak of the reflow to the board: the Program's, else that of lead-free solder. [K]"""
    if quality is not None and quality.reflow is not None:
        return quality.reflow
    return catalog.record("joint", "sac305").input("process_temperature")
