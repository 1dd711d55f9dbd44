"""Room: reticle, interposer, body, height, mass and balls against what the Program and the technology leave."""

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.bases import terminals_needed
from packfirst.architecture.package import Body, Package, pitches_in
from packfirst.architecture.slopes import plan_slopes
from packfirst.catalog import Catalog
from packfirst.catalog.record import Record, input_id
from packfirst.disciplines.case import Case, Facts, Outcome, Screen, Table
from packfirst.disciplines.form_factor.board_limits import board_limits
from packfirst.disciplines.form_factor.details import details
from packfirst.inputs import Input
from packfirst.limit import Identity, Limit, Metric, NotAssessed

MODEL = "form_factor/geometry"
BASIS = ("geometry of the elaborated package",)
MM2, MM, GRAM = 1e-6, 1e-3, 1e-3
# Share of the package's mass by which our fills and effective densities may be off: assumed.
MASS_ERROR = 0.05
Plan = Mapping[str, NDArray[np.float64]]  # as `plan_slopes` gives it


class FormFactor:
    """Geometry held against room."""

    name = "form_factor"
    needs = ()
    gives = ()

    def bounds(self, table: Table) -> Screen:
        from packfirst.disciplines.form_factor.bounds import screen

        return screen(table)

    def limits(self, case: Case, facts: Facts, rung: str) -> Outcome:
        slopes = plan_slopes(case.program, case.catalog, case.architecture.candidate)
        mass = mass_kg(case.package, case.catalog)
        height = package_height_m(case.package)
        limits = (
            *_reticles(case, rung, slopes), *_carrier(case, rung, slopes), *_body(case, rung, slopes, mass),
            *_balls(case, rung), *board_limits(case, rung, height, _side_slopes(case, slopes)),
        )  # fmt: skip
        body = case.architecture.body
        metrics = (
            Metric(name="mass", value=mass, unit="kg", better="less"),
            Metric(name="body_area", value=body.area, unit="m2", better="less"),
        )
        return Outcome(limits=limits, metrics=metrics, details=details(case, mass, height))


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


def _reticles(case: Case, rung: str, plan: Plan) -> Iterator[Limit]:
    """Area of each group's die against the field of the scanner that prints it."""
    for number, group in enumerate(case.architecture.candidate.partition.groups):
        node = case.catalog.record("node", group.node)
        x, y = node.input("reticle_x"), node.input("reticle_y")
        die = next(item for item in case.architecture.placement.die if item.group == group.name)
        slopes = {name: -float(slope[number]) / MM2 for name, slope in plan.items() if slope[number]}
        slopes |= {x.id: y.value / MM2, y.id: x.value / MM2}
        yield _limit(
            "reticle", f"die:{group.name}", rung, demand=die.rect.area / MM2, capacity=x.value * y.value / MM2,
            unit="mm2", slopes=slopes, basis=_sources(x, y),
            says=f"one die of {group.name} on {group.node} takes {die.rect.area / MM2:.0f} mm2; a scanner field "
            f"holds {x.value / MM:.0f} x {y.value / MM:.0f} mm",
        )  # fmt: skip


def _sources(*inputs: Input) -> tuple[str, ...]:
    return tuple(sorted({item.source for item in inputs} - {""}))


def _carrier(case: Case, rung: str, plan: Plan) -> Iterator[Limit]:
    """Interposer area, bridge count and body edge against what the technology offers."""
    carrier = case.catalog.record("technology", case.architecture.candidate.carrier)
    for mount in case.architecture.tree.walk():
        if mount.kind == "interposer" and "max_interposer_area" in carrier:
            most, rect = carrier.input("max_interposer_area"), mount.rect
            slopes = {
                name: -float(slope[-2] * rect.height + slope[-1] * rect.width) / MM2
                for name, slope in plan.items() if slope[-2:].any()
            }  # fmt: skip
            yield _limit(
                "interposer_area", "interposer", rung, demand=mount.rect.area / MM2, capacity=most.value / MM2,
                unit="mm2", slopes={**slopes, most.id: 1.0 / MM2}, basis=_sources(most),
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
    along = _side_slopes(case, plan)[0 if body.width >= body.height else 1]
    yield _limit(
        "body_edge", "laminate", rung, demand=max(body.width, body.height) / MM, capacity=longest.value / MM,
        unit="mm", slopes={**along, longest.id: 1.0 / MM}, basis=_sources(longest),
        says=f"the body is {body.width / MM:.1f} x {body.height / MM:.1f} mm; {carrier.name} is built to "
        f"{longest.value / MM:.0f} mm on an edge",
    )  # fmt: skip


def _body(case: Case, rung: str, plan: Plan, mass: float) -> Iterator[Limit | NotAssessed]:
    room, body = case.program.form_factor, case.architecture.body
    ways = zip((body.width, body.height), _side_slopes(case, plan), strict=True)
    long_side, short_side = sorted(ways, key=lambda way: -way[0])
    longest, shortest = sorted((room.body_x, room.body_y), key=lambda item: -item.value)
    for kind, (demand, slopes), capacity in (
        ("body_long", long_side, longest), ("body_short", short_side, shortest),
    ):  # fmt: skip
        yield _limit(
            kind, "package", rung, demand=demand / MM, capacity=capacity.value / MM, unit="mm",
            slopes={**slopes, capacity.id: 1.0 / MM},
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
    if "thickness_lid" in carrier:
        slopes[carrier.input("thickness_lid").id] = -1.0 / MM
    yield _limit(
        "height", "package", rung, demand=total / MM, capacity=room.height.value / MM, unit="mm", slopes=slopes,
        basis=_sources(*([added] if added else [])),
        says=f"package {own / MM:.1f} mm and {path.name} {(total - own) / MM:.0f} mm stand above the board",
    )  # fmt: skip
    if room.mass is not None:
        sink = path.get("added_mass")
        if sink is None:
            identity = Identity(discipline="form_factor", kind="mass", subject="package")
            yield NotAssessed(identity=identity, missing=(input_id(path.kind, path.id, "added_mass"),))
            return
        yield _limit(
            "mass", "package", rung, demand=(mass + sink.value) / GRAM, capacity=room.mass.value / GRAM, unit="g",
            slopes={room.mass.id: 1.0 / GRAM, sink.id: -1.0 / GRAM}, error=MASS_ERROR * mass / GRAM,
            says=f"the package weighs {mass / GRAM:.0f} g, {path.name} on it {sink.value / GRAM:.0f} g",
        )  # fmt: skip


def _side_slopes(case: Case, plan: Plan) -> tuple[dict[str, float], dict[str, float]]:
    """d(margin)/d(input) of the body's width and height [mm]; none for a side that its terminals stretch."""
    body, terminals = case.architecture.body, case.package.terminals
    stretched = [
        count * terminals.pitch_m >= side * (1.0 - 1e-9)
        for count, side in ((terminals.columns, body.width), (terminals.rows, body.height))
    ]
    width, height = (
        {} if free else {name: -float(slope[at]) / MM for name, slope in plan.items() if slope[at]}
        for at, free in zip((-2, -1), stretched, strict=True)
    )
    return width, height


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
    x, y = (pitches_in(side.value, terminals.pitch_m) for side in (room.body_x, room.body_y))
    # To first order: whole balls come in steps.
    slopes |= {room.body_x.id: y / terminals.pitch_m, room.body_y.id: x / terminals.pitch_m}
    yield _limit(
        "balls", "package", rung, demand=float(needed), capacity=float(x * y), unit="balls", slopes=slopes,
        basis=_sources(current),
        says=f"supply current and signals need {needed} balls; the largest body that fits holds {x * y} at "
        f"{terminals.pitch_m / MM:.2f} mm",
    )  # fmt: skip


def package_height_m(package: Package) -> float:
    """From the top of the board to the top of the package. [m]"""
    return max(body.box_m[5] for body in package.bodies if body.role != "board")


def mass_kg(package: Package, catalog: Catalog) -> float:
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
    own = _own_density(record)
    if field is None:
        return own
    share = math.pi / 4.0 * (field.diameter_m / field.pitch_m) ** 2
    return share * _record(field.metal, catalog)["density"] + (1.0 - share) * own


def _record(material: str, catalog: Catalog) -> Record:
    kind, _, name = material.partition("/")
    return catalog.record(kind, name)


def _own_density(record: Record) -> float:
    # A bond line is a few tens of micrometres: its mass is below a part in a thousand and not in its record.
    return 0.0 if record.kind == "interface" else record["density"]
