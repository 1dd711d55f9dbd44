"""Junction limits: the Package as a conduction problem, power from the modes, one Limit per kind of die and mode."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.package import DiePlace, Package
from packfirst.disciplines.case import Case, Facts, Outcome, Screen, Table
from packfirst.disciplines.thermal.properties import Conductivity, conductivity, way_out
from packfirst.inputs import Input
from packfirst.limit import Fact, Identity, Limit, NotAssessed

Floats = NDArray[np.float64]

# Lateral cell over the die and through the rest, by rung. [m]
CELLS_M = {"plan": (3.0e-3, 10.0e-3), "sign": (0.7e-3, 3.0e-3)}
# Growth from one cell to the next: a gap of 0.1 mm between die must not fill the plan's grid with small cells.
GROWTH = {"plan": 8.0, "sign": 1.6}
# Relative residual to which a rung solves; the discretisation error is a thousand times larger.
TOLERANCE = {"plan": 1e-6, "sign": 1e-9}
# And its slopes: they weigh uncertainties that nobody knows to four digits.
ADJOINT_TOLERANCE = {"plan": 1e-4, "sign": 1e-8}
# One standard deviation of a rung's rise against a grid without limit, as a share of the rise.
MODEL_ERROR = {"plan": 0.03, "sign": 0.01}
MODEL = "thermal/conduction"
# Above this, conductivities and films are no longer what the catalog holds: 250 degC, past every joint of a package.
BEYOND_K = 523.0
BASIS = (
    "steady conduction, finite volumes on a grid snapped to the package's bodies",
    "power spread evenly over the circuits of each die; no leakage feedback",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """The conduction problem of a Package with what is needed to read answers from it."""

    prepared: object  # conduction.Prepared
    label: NDArray[np.int32]
    bodies: tuple[Conductivity, ...]
    active: dict[str, NDArray[np.bool_]]  # cells in which each die's power is set free
    fluid: Input
    air: Input


class Thermal:
    """Steady conduction with both sides' boundary conditions, for all modes."""

    name = "thermal"
    needs = ("link_power",)
    gives = ("temperature", "rise", "rise_limit", "scaling_rise")

    def bounds(self, table: Table) -> Screen:
        from packfirst.disciplines.thermal.bounds import screen

        return screen(table)

    def limits(self, case: Case, facts: Facts, rung: str) -> Outcome:
        from packfirst.disciplines.thermal import conduction

        try:
            setting = _setting(case, rung)
            powers = {mode: _die_powers(case, facts, mode) for mode in case.program.modes}
            maps = np.stack([_power_map(setting, power) for power in powers.values()])
            solution = setting.prepared.solve(maps, tolerance=TOLERANCE[rung])  # type: ignore[attr-defined]
        except (conduction.NotConverged, conduction.NoPathOut) as failure:
            identity = Identity(discipline=self.name, kind="junction", subject="package")
            return Outcome(limits=(NotAssessed(identity=identity, missing=(str(failure),)),))
        return _answer(case, facts, rung, setting, powers, solution)


DISCIPLINE = Thermal()


def _setting(case: Case, rung: str) -> _Setting:
    from packfirst.disciplines.thermal import conduction, mesh

    package, program, catalog = case.package, case.program, case.catalog
    fine, coarse = CELLS_M[rung]
    near = (
        "die",
        "interposer",
        "bridge",
        "lid_interface",
        "bumps",
        "bond",
        "back_end",
        "structural",
        "mould",
    )
    cell = [fine if body.role in near else coarse for body in package.bodies]
    grid = mesh.snapped(package.boxes_m, cell, vertical_cell_m=2.0 * fine, max_ratio=GROWTH[rung])
    label = mesh.paint(grid, package.boxes_m)
    bodies = tuple(conductivity(body, package.field_of(body.id), program, catalog) for body in package.bodies)
    # One entry more, zero, for label -1: nothing there.
    flat = np.array([item.in_plane for item in bodies] + [0.0])[label]
    through = np.array([item.through for item in bodies] + [0.0])[label]
    path = catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    fluid, air = _fluid(case), program.environment.air
    film, _ = way_out(path)
    lid = _columns_under(label, package, "lid")
    problem = conduction.Problem(
        mesh=grid, kx=flat, ky=flat, kz=through,
        h_top=np.where(lid, film, program.board.film_above.value),
        t_top_k=np.where(lid, fluid.value, air.value),
        h_bottom=np.full(lid.shape, program.board.film_below.value),
        t_bottom_k=np.full(lid.shape, air.value),
    )  # fmt: skip
    prepared = conduction.prepare(problem)
    active = {die.id: _active(label, package, die) for die in package.die}
    return _Setting(prepared=prepared, label=label, bodies=bodies, active=active, fluid=fluid, air=air)


def _fluid(case: Case) -> Input:
    """What the thermal path gives its heat to: the Program's coolant or its air."""
    path = case.catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    coolant = case.program.environment.coolant
    return (
        coolant if path.word("fluid") == "coolant" and coolant is not None else case.program.environment.air
    )


def _columns_under(label: NDArray[np.int32], package: Package, role: str) -> NDArray[np.bool_]:
    """Columns of cells that hold a body of this role."""
    numbers = [package.index[body.id] for body in package.of_role(role)]
    return np.asarray(np.isin(label, numbers).any(axis=2))


def _active(label: NDArray[np.int32], package: Package, die: DiePlace) -> NDArray[np.bool_]:
    """Cells in which a die's power is set free: the whole of a memory stack, the lowest silicon of logic."""
    mine = label == package.index[die.body]
    if die.part:
        return mine
    lowest = np.argmax(mine, axis=2)
    floor = np.zeros_like(mine)
    rows, columns = np.nonzero(mine.any(axis=2))
    floor[rows, columns, lowest[rows, columns]] = True
    return floor


@dataclass(frozen=True, slots=True, kw_only=True)
class _Power:
    """Power of one die in one mode, and its slopes. [W], [W per SI unit]"""

    total_w: float
    scaling_w: float  # the part that follows the clock of the block that does the work
    slopes: dict[str, float]


def _die_powers(case: Case, facts: Facts, mode: str) -> dict[str, _Power]:
    from packfirst.architecture.scaling import power_factor

    program, catalog = case.program, case.catalog
    groups = {group.name: group for group in case.architecture.candidate.partition.groups}
    factor = program.accuracy.power
    worker = program.workload.compute if program.workload else ""
    found = {}
    for die in case.package.die:
        total, scaling = 0.0, 0.0
        slopes: dict[str, float] = {factor.id: 0.0}
        if die.part:
            shares = [(die.group, 1.0 / program.bought[die.group].count)]
        else:
            group = groups[die.group]
            shares = [
                (name, power_factor(catalog, program.blocks[name], group.node) / group.count)
                for name in group.blocks
            ]
        for name, share in shares:
            stated = program.modes[mode].power[name]
            power = stated.value * share * factor.value
            total += power
            scaling += power if name == worker else 0.0
            slopes[stated.id] = share * factor.value
            slopes[factor.id] += stated.value * share
        link = facts.get("link_power", die.id, mode)
        if link is not None:
            total += link.value
            for name, slope in link.sensitivities.items():
                slopes[name] = slopes.get(name, 0.0) + slope
        found[die.id] = _Power(total_w=total, scaling_w=scaling, slopes=slopes)
    return found


def _unit_map(setting: _Setting, die: str) -> Floats:
    """One watt spread evenly over a die's circuits. [W per cell]"""
    volume = setting.prepared.problem.mesh.volume_m3 * setting.active[die]  # type: ignore[attr-defined]
    return np.asarray(volume / volume.sum())


def _power_map(setting: _Setting, power: dict[str, _Power], *, scaling: bool = False) -> Floats:
    total = np.zeros(setting.label.shape)
    for die, item in power.items():
        watts = item.scaling_w if scaling else item.total_w
        if watts:
            total += watts * _unit_map(setting, die)
    return total


def _answer(
    case: Case,
    facts: Facts,
    rung: str,
    setting: _Setting,
    powers: dict[str, dict[str, _Power]],
    solution: object,
) -> Outcome:
    from packfirst.disciplines.thermal import conduction

    temperature = solution.temperature_k  # type: ignore[attr-defined]
    adjoints: dict[int, Floats] = {}
    limits: list[Limit | NotAssessed] = []
    given: list[Fact] = []
    table = []
    for number, mode in enumerate(case.program.modes):
        field = temperature[number]
        for die in case.package.die:
            hottest = _hottest(field, setting.active[die.id])
            peak = float(field.ravel()[hottest])
            mean = float(field[setting.active[die.id]].mean())
            table.append((die.id, mode, powers[mode][die.id].total_w, peak, mean))
            given.append(Fact(name="temperature", subject=die.id, mode=mode, value=peak))
        for die in _hottest_of_kind(case, setting, field):
            cell = _hottest(field, setting.active[die.id])
            if cell not in adjoints:
                weights = np.zeros(field.shape)
                weights.ravel()[cell] = 1.0
                adjoints[cell] = conduction.adjoint(
                    setting.prepared, weights, tolerance=ADJOINT_TOLERANCE[rung]
                )  # type: ignore[arg-type]
            limits.append(
                _junction(case, rung, setting, powers[mode], field, die, mode, cell, adjoints[cell])
            )
    given += _throttle_facts(case, rung, setting, powers, temperature, limits)
    details = {
        "die": table,
        "temperature_k": temperature,
        "label": setting.label,
        "mesh": setting.prepared.problem.mesh,  # type: ignore[attr-defined]
        "balance": solution.balance.tolist(),  # type: ignore[attr-defined]
        "residual": solution.residual.tolist(),  # type: ignore[attr-defined]
        "iterations": solution.iterations.tolist(),  # type: ignore[attr-defined]
        "fluid_k": setting.fluid.value,
    }
    return Outcome(limits=tuple(limits), facts=tuple(given), details=details)


def _hottest(field: Floats, active: NDArray[np.bool_]) -> int:
    """Flat index of the hottest cell; of equals, to a microkelvin, the first."""
    cells = np.flatnonzero(active.ravel())
    values = field.ravel()[cells]
    return int(cells[np.argmax(values >= values.max() - 1e-6)])


def _hottest_of_kind(case: Case, setting: _Setting, field: Floats) -> Iterator[DiePlace]:
    """Of each group of equal die, the one that is hottest."""
    groups: dict[str, tuple[float, DiePlace]] = {}
    for die in case.package.die:
        peak = float(field.ravel()[_hottest(field, setting.active[die.id])])
        if die.group not in groups or peak > groups[die.group][0] + 1e-6:
            groups[die.group] = (peak, die)
    for _, die in groups.values():
        yield die


def _maximum(case: Case, die: DiePlace) -> Input:
    """The highest temperature that this die may have: the part's own, or the technology's."""
    if die.part:
        return case.catalog.record("part", die.part).input("maximum_temperature")
    carrier = case.catalog.record("technology", case.architecture.candidate.carrier)
    return carrier.input("junction_maximum")


def _junction(
    case: Case, rung: str, setting: _Setting, power: dict[str, _Power], field: Floats, die: DiePlace, mode: str,
    cell: int, adjoint: Floats,
) -> Limit:  # fmt: skip
    slopes = _slopes(case, setting, power, field, adjoint)
    maximum = _maximum(case, die)
    margin_slopes = {name: -slope for name, slope in slopes.items()}
    margin_slopes[maximum.id] = margin_slopes.get(maximum.id, 0.0) + 1.0
    peak = float(field.ravel()[cell])
    rise = peak - setting.fluid.value
    sources = sorted({case.input(name).source for name in margin_slopes} - {""})
    return Limit(
        identity=Identity(discipline="thermal", kind="junction", subject=f"die:{die.group}", mode=mode),
        demand=rise,
        capacity=maximum.value - setting.fluid.value,
        unit="K",
        hard=True,
        rung=rung,
        sensitivities=margin_slopes,
        model=MODEL,
        model_error=MODEL_ERROR[rung] * rise,
        basis=(*BASIS, *sources),
        flags=()
        if peak < BEYOND_K
        else ("far outside the range of the data: the number says only that it fails",),
        explanation=(
            f"{die.id}, the hottest {die.group} die, runs at {peak - 273.15:.1f} degC in mode {mode}; "
            f"it may reach {maximum.value - 273.15:.0f} degC"
        ),
    )


def _slopes(
    case: Case, setting: _Setting, power: dict[str, _Power], field: Floats, adjoint: Floats
) -> dict[str, float]:
    """d(temperature of the adjoint's cell)/d(input), for every Input of the thermal problem."""
    from packfirst.disciplines.thermal.sensitivity import by_label, sensitivity

    found = sensitivity(setting.prepared, field, adjoint)  # type: ignore[arg-type]
    slopes: dict[str, float] = {}

    def add(name: str, value: float) -> None:
        slopes[name] = slopes.get(name, 0.0) + value

    n = len(setting.bodies)
    flat = by_label(found.kx, setting.label, n) + by_label(found.ky, setting.label, n)
    through = by_label(found.kz, setting.label, n)
    for item, by_flat, by_through in zip(setting.bodies, flat, through, strict=True):
        for name, (flat_slope, through_slope) in item.slopes.items():
            add(name, float(by_flat * flat_slope + by_through * through_slope))
    for die, each in power.items():
        per_watt = float((found.power * _unit_map(setting, die)).sum())
        for name, slope in each.slopes.items():
            add(name, per_watt * slope)
    board, fluid = case.program.board, setting.fluid
    path = case.catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    film, film_slopes = way_out(path)
    for group in found.films:
        if group.film.name == "bottom":
            add(board.film_below.id, float(group.coefficient.sum()))
            add(setting.air.id, float(group.reference.sum()))
            continue
        under_lid = np.isclose(group.film.h_w_per_m2_k, film, rtol=1e-12)
        for name, slope in film_slopes.items():
            add(name, float(group.coefficient[under_lid].sum()) * slope)
        add(fluid.id, float(group.reference[under_lid].sum()))
        add(board.film_above.id, float(group.coefficient[~under_lid].sum()))
        add(setting.air.id, float(group.reference[~under_lid].sum()))
    for name, slope in _thickness_slopes(case, setting, found.sizes[2]):
        add(name, slope)
    return slopes


def _thickness_slopes(case: Case, setting: _Setting, by_slab: Floats) -> Iterator[tuple[str, float]]:
    """Of layers that have a range of heights to themselves: what one more metre of each does."""
    carrier = case.catalog.record("technology", case.architecture.candidate.carrier)
    edges = setting.prepared.problem.mesh.z_m  # type: ignore[attr-defined]
    sizes = np.diff(edges)
    for role, field in (("lid", "thickness_lid"), ("interposer", "thickness_interposer")):
        for body in case.package.of_role(role):
            inside = (edges[:-1] >= body.box_m[4] - 1e-12) & (edges[1:] <= body.box_m[5] + 1e-12)
            if field in carrier:
                yield carrier.input(field).id, float((by_slab * sizes)[inside].sum() / sizes[inside].sum())


def _throttle_facts(
    case: Case, rung: str, setting: _Setting, powers: dict[str, dict[str, _Power]], temperature: Floats,
    limits: list[Limit | NotAssessed],
) -> Iterator[Fact]:  # fmt: skip
    """For the mode that is sustained: each junction's rise, its limit, and how much of it follows the clock."""
    workload = case.program.workload
    if workload is None:
        return
    mode = workload.mode
    number = list(case.program.modes).index(mode)
    # The problem is linear: what the working block alone adds is its share of every rise.
    both = np.stack([_power_map(setting, powers[mode], scaling=True), np.zeros(setting.label.shape)])
    alone, idle = setting.prepared.solve(both, tolerance=TOLERANCE[rung]).temperature_k  # type: ignore[attr-defined]
    hottest = {die.group: die for die in _hottest_of_kind(case, setting, temperature[number])}
    for limit in limits:
        if not isinstance(limit, Limit) or limit.identity.mode != mode:
            continue
        group = limit.identity.subject.removeprefix("die:")
        cell = _hottest(temperature[number], setting.active[hottest[group].id])
        scaling = float((alone - idle).ravel()[cell])
        yield Fact(name="scaling_rise", subject=group, mode=mode, value=scaling)
        yield Fact(name="rise", subject=group, mode=mode, value=limit.demand)
        yield Fact(
            name="rise_limit",
            subject=group,
            mode=mode,
            value=limit.capacity,
            sensitivities=limit.sensitivities,
        )
