"""Room: reticle, interposer, body, height, mass and balls against what the Program and the technology leave."""

from collections.abc import Iterator

from packfirst.architecture.architecture import terminals_needed
from packfirst.architecture.package import Body, Package
from packfirst.architecture.scaling import area_factor, cut_factor
from packfirst.catalog import Catalog
from packfirst.catalog.record import Record
from packfirst.disciplines.case import Case, Facts, Outcome, Screen, Table
from packfirst.inputs import Input
from packfirst.limit import Identity, Limit, Metric
from packfirst.program.model import Program

MODEL = "form_factor/geometry"
BASIS = ("geometry of the elaborated package",)
MM2, MM, GRAM = 1e-6, 1e-3, 1e-3


class FormFactor:
    """Geometry held against room."""

    name = "form_factor"
    needs = ()
    gives = ()

    def bounds(self, table: Table) -> Screen:
        from packfirst.disciplines.form_factor.bounds import screen

        return screen(table)

    def limits(self, case: Case, facts: Facts, rung: str) -> Outcome:
        limits = (*_reticles(case, rung), *_carrier(case, rung), *_body(case, rung), *_balls(case, rung))
        mass = mass_kg(case.package, case.program, case.catalog)
        body = case.architecture.body
        metrics = (
            Metric(name="mass", value=mass, unit="kg", better="less"),
            Metric(name="body_area", value=body.area, unit="m2", better="less"),
        )
        height = package_height_m(case.package)
        details = {
            "body_mm": (body.width / MM, body.height / MM),
            "height_mm": height / MM,
            "mass_g": mass / GRAM,
            "balls": case.package.terminals.count,
            "carrier_mm2": case.architecture.placement.outline.area / MM2,
        }
        return Outcome(limits=limits, metrics=metrics, details=details)


DISCIPLINE = FormFactor()


def _limit(
    kind: str, subject: str, rung: str, *, demand: float, capacity: float, unit: str, says: str,
    slopes: dict[str, float], basis: tuple[str, ...] = (), error: float = 0.0, hard: bool = True,
) -> Limit:  # fmt: skip
    return Limit(
        identity=Identity(discipline="form_factor", kind=kind, subject=subject), demand=demand, capacity=capacity,
        unit=unit, hard=hard, rung=rung, sensitivities=slopes, model=f"{MODEL}/{kind}", model_error=error,
        basis=(*BASIS, *basis), explanation=says,
    )  # fmt: skip


def _reticles(case: Case, rung: str) -> Iterator[Limit]:
    """Area of each group's die against the field of the scanner that prints it."""
    program, catalog = case.program, case.catalog
    for group in case.architecture.candidate.partition.groups:
        node = catalog.record("node", group.node)
        x, y = node.input("reticle_x"), node.input("reticle_y")
        die = next(item for item in case.architecture.placement.die if item.group == group.name)
        slopes = {x.id: y.value / MM2, y.id: x.value / MM2}
        own = 0.0
        for name in group.blocks:
            block = program.blocks[name]
            scale = (
                area_factor(catalog, block, group.node)
                * cut_factor(program, catalog, group, name)
                / group.count
            )
            slopes[block.area.id] = -scale * program.accuracy.area.value / MM2
            own += block.area.value * scale
        slopes[program.accuracy.area.id] = -own / MM2
        # A base die that has grown to carry a stack follows the stack's area, to first order in the same ratio.
        grown = die.rect.area / (own * program.accuracy.area.value)
        if grown > 1.0 + 1e-9:
            slopes = {name: s if name in (x.id, y.id) else s * grown for name, s in slopes.items()}
        yield _limit(
            "reticle", f"die:{group.name}", rung, demand=die.rect.area / MM2, capacity=x.value * y.value / MM2,
            unit="mm2", slopes=slopes, basis=_sources(x, y),
            says=f"one die of {group.name} on {group.node} takes {die.rect.area / MM2:.0f} mm2; a scanner field "
            f"holds {x.value / MM:.0f} x {y.value / MM:.0f} mm",
        )  # fmt: skip


def _sources(*inputs: Input) -> tuple[str, ...]:
    return tuple(sorted({item.source for item in inputs} - {""}))


def _carrier(case: Case, rung: str) -> Iterator[Limit]:
    """Interposer area, bridge count and body edge against what the technology offers."""
    carrier = case.catalog.record("technology", case.architecture.candidate.carrier)
    area_slopes = _outline_slopes(case)
    for mount in case.architecture.tree.walk():
        if mount.kind == "interposer":
            most = carrier.input("max_interposer_area")
            yield _limit(
                "interposer_area", "interposer", rung, demand=mount.rect.area / MM2, capacity=most.value / MM2,
                unit="mm2", slopes={**area_slopes, most.id: 1.0 / MM2}, basis=_sources(most),
                says=f"the interposer measures {mount.rect.width / MM:.1f} x {mount.rect.height / MM:.1f} mm; "
                f"{carrier.name} is offered to {most.value / MM2:.0f} mm2",
            )  # fmt: skip
    bridges = sum(mount.kind == "bridge" for mount in case.architecture.tree.walk())
    if bridges and "max_bridges" in carrier:
        most = carrier.input("max_bridges")
        yield _limit(
            "bridges", "laminate", rung, demand=float(bridges), capacity=most.value, unit="bridges",
            slopes={most.id: 1.0}, basis=_sources(most),
            says=f"{bridges} bridges join the die; {carrier.name} has been shown with {most.value:.0f}",
        )  # fmt: skip
    longest = carrier.input("max_package_edge")
    body = case.architecture.body
    yield _limit(
        "body_edge", "laminate", rung, demand=max(body.width, body.height) / MM, capacity=longest.value / MM,
        unit="mm", slopes={longest.id: 1.0 / MM}, basis=_sources(longest),
        says=f"the body is {body.width / MM:.1f} x {body.height / MM:.1f} mm; {carrier.name} is built to "
        f"{longest.value / MM:.0f} mm on an edge",
    )  # fmt: skip


def _outline_slopes(case: Case) -> dict[str, float]:
    """d(-outline area)/d(block areas and their factor) [mm2], the outline growing in proportion to its silicon."""
    program, placement = case.program, case.architecture.placement
    silicon = sum(die.rect.area for die in placement.die if not die.base)
    spread = placement.outline.area / silicon
    slopes: dict[str, float] = {}
    for index, group in enumerate(case.architecture.candidate.partition.groups):
        if case.architecture.candidate.partition.base_of(index) is not None:
            continue
        for name in group.blocks:
            block = program.blocks[name]
            grown = area_factor(case.catalog, block, group.node) * cut_factor(
                program, case.catalog, group, name
            )
            slopes[block.area.id] = -spread * grown / MM2
            slopes[program.accuracy.area.id] = (
                slopes.get(program.accuracy.area.id, 0.0) + slopes[block.area.id] * block.area.value
            )
    return slopes


def _body(case: Case, rung: str) -> Iterator[Limit]:
    room, body = case.program.form_factor, case.architecture.body
    long_side, short_side = max(body.width, body.height), min(body.width, body.height)
    longest, shortest = sorted((room.body_x, room.body_y), key=lambda item: -item.value)
    for kind, demand, capacity in (("body_long", long_side, longest), ("body_short", short_side, shortest)):
        yield _limit(
            kind, "package", rung, demand=demand / MM, capacity=capacity.value / MM, unit="mm",
            slopes={capacity.id: 1.0 / MM},
            says=f"the {kind.removeprefix('body_')} side of the body is {demand / MM:.1f} mm; the product has room "
            f"for {capacity.value / MM:.1f} mm",
        )  # fmt: skip
    path = case.catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    added = path.get("added_height")
    own = package_height_m(case.package)
    total = own + (added.value if added else 0.0)
    slopes = {room.height.id: 1.0 / MM}
    if added:
        slopes[added.id] = -1.0 / MM
    carrier = case.catalog.record("technology", case.architecture.candidate.carrier)
    lid = carrier.input("thickness_lid")
    slopes[lid.id] = -1.0 / MM
    yield _limit(
        "height", "package", rung, demand=total / MM, capacity=room.height.value / MM, unit="mm", slopes=slopes,
        basis=_sources(*([added] if added else [])),
        says=f"package {own / MM:.1f} mm and {path.name} {(total - own) / MM:.0f} mm stand above the board",
    )  # fmt: skip
    if room.mass is not None:
        mass = mass_kg(case.package, case.program, case.catalog)
        yield _limit(
            "mass", "package", rung, demand=mass / GRAM, capacity=room.mass.value / GRAM, unit="g",
            slopes={room.mass.id: 1.0 / GRAM}, error=0.05 * mass / GRAM,
            says=f"the package weighs {mass / GRAM:.0f} g without its sink",
        )  # fmt: skip


def _balls(case: Case, rung: str) -> Iterator[Limit]:
    program, terminals = case.program, case.package.terminals
    rules = case.catalog.record("rule", "terminals")
    current = rules.input("current")
    needed = terminals_needed(program, case.catalog)
    peak = max(program.modes.values(), key=lambda mode: sum(power.value for power in mode.power.values()))
    watts = sum(power.value for power in peak.power.values())
    per_watt = 2.0 / (program.supply_voltage.value * current.value)
    supply = watts * program.accuracy.power.value * per_watt
    slopes = {power.id: -per_watt * program.accuracy.power.value for power in peak.power.values()}
    slopes |= {
        program.accuracy.power.id: -watts * per_watt,
        current.id: supply / current.value,
        program.supply_voltage.id: supply / program.supply_voltage.value,
    }
    room = program.form_factor
    fits = int(room.body_x.value / terminals.pitch_m) * int(room.body_y.value / terminals.pitch_m)
    yield _limit(
        "balls", "package", rung, demand=float(needed), capacity=float(fits), unit="balls", slopes=slopes,
        basis=_sources(current),
        says=f"supply current and signals need {needed} balls; the largest body that fits holds {fits} at "
        f"{terminals.pitch_m / MM:.2f} mm",
    )  # fmt: skip


def package_height_m(package: Package) -> float:
    """From the top of the board to the top of the package. [m]"""
    return max(body.box_m[5] for body in package.bodies if body.role != "board")


def mass_kg(package: Package, program: Program, catalog: Catalog) -> float:
    """Mass of the package without board and sink; what a later body displaces is not counted twice. [kg]"""
    total = 0.0
    for number, body in enumerate(package.bodies):
        if body.role == "board":
            continue
        later = package.bodies[number + 1 :]
        volume = _visible_m3(body, later)
        if volume > 0.0:
            total += volume * _density(body, package, catalog)
    return total


def _visible_m3(body: Body, later: tuple[Body, ...]) -> float:
    """Volume of a body that no later body covers; later bodies overlap each other only in whole layers."""
    from packfirst.disciplines.form_factor.volume import uncovered_volume_m3

    return uncovered_volume_m3(body.box_m, [item.box_m for item in later])


def _density(body: Body, package: Package, catalog: Catalog) -> float:
    record = _record(body.material, catalog)
    field = package.field_of(body.id)
    own = _own_density(record, body)
    if field is None:
        return own
    share = 0.7853981633974483 * (field.diameter_m / field.pitch_m) ** 2
    return share * _record(field.metal, catalog)["density"] + (1.0 - share) * own


def _record(material: str, catalog: Catalog) -> Record:
    kind, _, name = material.partition("/")
    return catalog.record(kind, name)


def _own_density(record: Record, body: Body) -> float:
    # A bond line is a few tens of micrometres: its mass is below a part in a thousand and not in its record.
    return 0.0 if record.kind == "interface" else record["density"]
