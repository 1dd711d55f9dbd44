"""Junction limits: the Package as a conduction problem, power from the modes, one Limit per kind of die and mode."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.package import DiePlace, Package
from packfirst.disciplines.case import Case, Facts, Outcome, Screen, Table
from packfirst.disciplines.thermal.properties import Conductivity, conductivity, way_out
from packfirst.inputs import Input
from packfirst.limit import Fact, Identity, Limit, NotAssessed

if TYPE_CHECKING:  # the solver loads numba, which only a solve needs
    from packfirst.disciplines.thermal.conduction import Prepared, Solution
    from packfirst.disciplines.thermal.mesh import Mesh

Floats = NDArray[np.float64]

# Lateral cell over the die and through the rest, by rung. [m]
CELLS_M = {"plan": (3.0e-3, 10.0e-3), "sign": (0.7e-3, 3.0e-3)}
# Slices of the board, which conducts a hundred times worse through than along itself: heat that spreads in its
# upper sheets leaves by the film above without ever passing its middle.
BOARD_SLICES = {"plan": 5, "sign": 5}
# Cells through each layer, slices of the board among them.
LAYER_CELLS = {"plan": 1, "sign": 2}
# Growth from one cell to the next: a gap of 0.1 mm between die must not fill the plan's grid with small cells.
GROWTH = {"plan": 3.0, "sign": 1.6}
# Bodies in which heat turns: they get the finer cells.
_NEAR = ("die", "interposer", "bridge", "lid_interface", "bumps", "bond", "back_end", "structural", "mould")
# Height of the sheet of a logic die's silicon next to its wiring in which its heat is set free: the transistors
# lie there, and a die's own silicon is a twentieth of the whole resistance. Half of a sheet of 10 um is 0.05 K at
# 100 W/cm2.
SOURCE_M = 10e-6
# Relative residual to which a rung solves; the discretisation error is a thousand times larger.
TOLERANCE = {"plan": 1e-6, "sign": 1e-9}
# And its slopes: they weigh uncertainties that nobody knows to four digits.
ADJOINT_TOLERANCE = {"plan": 1e-4, "sign": 1e-8}
# One standard deviation of a rung's rise against a grid without limit, as a share of the rise; of the grid alone.
# benchmarks/thermal_rungs.py, 120 random packages of the accelerator example, 1068 junctions: plan against sign,
# mean +0.1 %, rms 0.8 %, 95 % within 1.5 %, largest 5.7 % (memory beside much hotter die: its facing edge is steep).
# Sign against Richardson's extrapolation from three grids, 12 packages: rms 0.3 %, largest 1.8 %; plan against it:
# rms 0.8 %, largest 3.5 %. Where nearly all heat leaves by the board, a third of another draw of 120, plan lies 1.5
# to 2 % high and sign 0.6 %; over both draws the rms is 1.1 % and 0.5 %.
MODEL_ERROR = {"plan": 0.012, "sign": 0.005}
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

    prepared: "Prepared"
    label: NDArray[np.int32]
    bodies: tuple[Conductivity, ...]
    active: dict[str, NDArray[np.int64]]  # flat numbers of the cells in which each die's power is set free
    share: dict[str, Floats]  # of the die's power in each of these cells
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
            setting = setting_of(case, rung)
            powers = {mode: _die_powers(case, facts, mode) for mode in case.program.modes}
            maps = np.stack([_power_map(setting, power) for power in powers.values()])
            solution = setting.prepared.solve(maps, tolerance=TOLERANCE[rung])
        except (conduction.NotConverged, conduction.NoPathOut) as failure:
            identity = Identity(discipline=self.name, kind="junction", subject="package")
            return Outcome(limits=(NotAssessed(identity=identity, missing=(str(failure),)),))
        return _answer(case, rung, setting, powers, solution)


DISCIPLINE = Thermal()


def junction_rises(case: Case, facts: Facts, rung: str) -> dict[tuple[str, str], float]:
    """Rise of the hottest die of each kind in each mode, by kind and mode, without slopes. [K]

    Raises
    ------
    conduction.NotConverged, conduction.NoPathOut
    """
    setting = setting_of(case, rung)
    modes = tuple(case.program.modes)
    maps = np.stack([_power_map(setting, _die_powers(case, facts, mode)) for mode in modes])
    solution = setting.prepared.solve(maps, tolerance=TOLERANCE[rung])
    return {
        (die.group, mode): float(field.ravel()[_hottest(field, setting.active[die.id])]) - setting.fluid.value
        for mode, field in zip(modes, solution.temperature_k, strict=True)
        for die in _hottest_of_kind(case, setting, field)
    }


def setting_of(case: Case, rung: str) -> _Setting:
    """The conduction problem of a case on a rung's grid."""
    from packfirst.disciplines.thermal import conduction, mesh

    package, program, catalog = case.package, case.program, case.catalog
    grid = _grid(package, rung)
    label = mesh.paint(grid, package.boxes_m)
    bodies = tuple(conductivity(body, package.field_of(body.id), program, catalog) for body in package.bodies)
    # One entry more, zero, for label -1: nothing there.
    flat = np.array([item.in_plane for item in bodies] + [0.0])[label]
    through = np.array([item.through for item in bodies] + [0.0])[label]
    path = catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    fluid, air = _fluid(case), program.environment.air
    film, _ = way_out(path)
    sunk = np.isin(label, package.index[package.sink.body]).any(axis=2)
    top, bottom = (sunk & (package.sink.face == face) for face in ("top", "bottom"))
    problem = conduction.Problem(
        mesh=grid, kx=flat, ky=flat, kz=through,
        h_top=np.where(top, film, program.board.film_above.value),
        t_top_k=np.where(top, fluid.value, air.value),
        h_bottom=np.where(bottom, film, program.board.film_below.value),
        t_bottom_k=np.where(bottom, fluid.value, air.value),
    )  # fmt: skip
    prepared = conduction.prepare(problem)
    volume = grid.volume_m3.ravel()
    active = {die.id: np.flatnonzero(_active(label, package, die)) for die in package.die}
    share = {name: volume[cells] / volume[cells].sum() for name, cells in active.items()}
    return _Setting(
        prepared=prepared, label=label, bodies=bodies, active=active, share=share, fluid=fluid, air=air
    )


def _grid(package: Package, rung: str) -> "Mesh":
    """A grid snapped to the bodies, to the sheets in which logic sets its heat free, and to slices of the board."""
    from packfirst.disciplines.thermal import mesh

    fine, coarse = CELLS_M[rung]
    boxes = [body.box_m for body in package.bodies]
    cell = [fine if body.role in _NEAR else coarse for body in package.bodies]
    for die in package.die:
        if not die.part:
            x0, x1, y0, y1, z0, z1 = package.body(die.body).box_m
            sheet = min(SOURCE_M, (z1 - z0) / 4.0)
            span = (z0, z0 + sheet) if die.face == "down" else (z1 - sheet, z1)
            boxes.append((x0, x1, y0, y1, *span))
            cell.append(fine)
    for body in package.of_role("board"):
        x0, x1, y0, y1, z0, z1 = body.box_m
        edges = np.linspace(z0, z1, BOARD_SLICES[rung] + 1)
        boxes += [(x0, x1, y0, y1, low, high) for low, high in pairwise(edges)]
        cell += [coarse] * BOARD_SLICES[rung]
    return mesh.snapped(
        boxes, cell, vertical_cells=LAYER_CELLS[rung], vertical_cell_m=2.0 * fine, max_ratio=GROWTH[rung]
    )


def _fluid(case: Case) -> Input:
    """What the thermal path gives its heat to: the Program's coolant or air, or what the path itself says."""
    path = case.catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    coolant, fluid = case.program.environment.coolant, path.word("fluid")
    if fluid == "coolant" and coolant is not None:
        return coolant
    return case.program.environment.air if fluid == "air" else path.input("fluid_temperature")


def _active(label: NDArray[np.int32], package: Package, die: DiePlace) -> NDArray[np.bool_]:
    """Cells in which a die's power is set free: a whole memory stack, the silicon of logic next to its wiring."""
    if die.part:
        whole = [package.index[body.id] for body in package.of_role("die") if body.owner == die.id]
        return np.asarray(np.isin(label, whole))
    mine = np.asarray(label == package.index[die.body])
    nearest = (
        np.argmax(mine, axis=2)
        if die.face == "down"
        else mine.shape[2] - 1 - np.argmax(mine[:, :, ::-1], axis=2)
    )
    sheet = np.zeros_like(mine)
    rows, columns = np.nonzero(mine.any(axis=2))
    sheet[rows, columns, nearest[rows, columns]] = True
    return sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class _Power:
    """Power of one die in one mode, and its slopes. [W], [W per SI unit]"""

    total_w: float
    scaling_w: float  # the part that follows the clock of the block that does the work
    slopes: dict[str, float]
    scaling_slopes: dict[str, float]


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
        scaling_slopes: dict[str, float] = {}
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
            if name == worker:
                scaling += power
                scaling_slopes = {stated.id: share * factor.value, factor.id: stated.value * share}
            slopes[stated.id] = share * factor.value
            slopes[factor.id] += stated.value * share
        link = facts.get("link_power", die.id, mode)
        if link is not None:
            total += link.value
            for name, slope in link.sensitivities.items():
                slopes[name] = slopes.get(name, 0.0) + slope
        found[die.id] = _Power(total_w=total, scaling_w=scaling, slopes=slopes, scaling_slopes=scaling_slopes)
    return found


def _power_map(setting: _Setting, power: dict[str, _Power]) -> Floats:
    """Power of each cell, spread evenly over each die's circuits. [W]"""
    total = np.zeros(setting.label.size)
    for die, item in power.items():
        total[setting.active[die]] += item.total_w * setting.share[die]
    return total.reshape(setting.label.shape)


def _per_watt(setting: _Setting, die: str, by_cell: Floats) -> float:
    """What one watt in a die's circuits does, from what one watt in each cell does."""
    return float((by_cell.ravel()[setting.active[die]] * setting.share[die]).sum())


def _answer(
    case: Case, rung: str, setting: _Setting, powers: dict[str, dict[str, _Power]], solution: "Solution"
) -> Outcome:
    temperature = solution.temperature_k
    adjoints: dict[int, Floats] = {}
    limits: list[Limit | NotAssessed] = []
    given: list[Fact] = []
    table = []
    for number, mode in enumerate(case.program.modes):
        field = temperature[number]
        for die in case.package.die:
            hottest = _hottest(field, setting.active[die.id])
            peak = float(field.ravel()[hottest])
            mean = float((field.ravel()[setting.active[die.id]] * setting.share[die.id]).sum())
            table.append((die.id, mode, powers[mode][die.id].total_w, peak, mean))
            given.append(Fact(name="temperature", subject=die.id, mode=mode, value=peak))
        found = []
        for die in _hottest_of_kind(case, setting, field):
            cell = _hottest(field, setting.active[die.id])
            adjoint = _adjoint(setting, cell, rung, adjoints)
            found.append(_junction(case, rung, setting, powers[mode], field, die, mode, cell, adjoint))
        limits += found
        if case.program.workload is not None and mode == case.program.workload.mode:
            given += _throttle_facts(case, rung, setting, powers[mode], field, found, adjoints)
    details = {
        "die": table,
        "temperature_k": temperature,
        "label": setting.label,
        "mesh": setting.prepared.problem.mesh,
        "balance": solution.balance.tolist(),
        "residual": solution.residual.tolist(),
        "iterations": solution.iterations.tolist(),
        "fluid_k": setting.fluid.value,
    }
    return Outcome(limits=tuple(limits), facts=tuple(given), details=details)


def _hottest(field: Floats, cells: NDArray[np.int64]) -> int:
    """Flat number of the hottest of some cells; of equals, to a microkelvin, the first."""
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


def maximum(case: Case, die: DiePlace) -> Input:
    """The highest temperature that this die may have: the part's own, or the technology's."""
    if die.part:
        return case.catalog.record("part", die.part).input("maximum_temperature")
    carrier = case.catalog.record("technology", case.architecture.candidate.carrier)
    return carrier.input("junction_maximum")


def _junction(
    case: Case, rung: str, setting: _Setting, power: dict[str, _Power], field: Floats, die: DiePlace, mode: str,
    cell: int, adjoint: Floats,
) -> Limit:  # fmt: skip
    margin_slopes = _margin_slopes(case, setting, power, field, die, adjoint)
    most = maximum(case, die)
    peak = float(field.ravel()[cell])
    rise = peak - setting.fluid.value
    sources = sorted({case.input(name).source for name in margin_slopes} - {""})
    return Limit(
        identity=Identity(discipline="thermal", kind="junction", subject=f"die:{die.group}", mode=mode),
        demand=rise,
        capacity=most.value - setting.fluid.value,
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
            f"it may reach {most.value - 273.15:.0f} degC"
        ),
    )


def _margin_slopes(
    case: Case, setting: _Setting, power: dict[str, _Power], field: Floats, die: DiePlace, adjoint: Floats
) -> dict[str, float]:
    """d(maximum of a die - temperature of the adjoint's cell)/d(input)."""
    slopes = {name: -slope for name, slope in _slopes(case, setting, power, field, adjoint).items()}
    most = maximum(case, die)
    slopes[most.id] = slopes.get(most.id, 0.0) + 1.0
    return slopes


def _slopes(
    case: Case, setting: _Setting, power: dict[str, _Power], field: Floats, adjoint: Floats
) -> dict[str, float]:
    """d(temperature of the adjoint's cell)/d(input), for every Input of the thermal problem."""
    from packfirst.disciplines.thermal.sensitivity import by_label, sensitivity

    found = sensitivity(setting.prepared, field, adjoint)
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
        per_watt = _per_watt(setting, die, adjoint)
        for name, slope in each.slopes.items():
            add(name, per_watt * slope)
    board, fluid = case.program.board, setting.fluid
    path = case.catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    film, film_slopes = way_out(path)
    for group in found.films:
        plain = board.film_below if group.film.name == "bottom" else board.film_above
        sunk = np.isclose(group.film.h_w_per_m2_k, film, rtol=1e-12)
        if sunk.any():
            for name, slope in film_slopes.items():
                add(name, float(group.coefficient[sunk].sum()) * slope)
            add(fluid.id, float(group.reference[sunk].sum()))
        add(plain.id, float(group.coefficient[~sunk].sum()))
        add(setting.air.id, float(group.reference[~sunk].sum()))
    for name, slope in _thickness_slopes(case, setting, found.sizes[2]):
        add(name, slope)
    return slopes


def _thickness_slopes(case: Case, setting: _Setting, by_slab: Floats) -> Iterator[tuple[str, float]]:
    """Of layers that have a range of heights to themselves: what one more metre of each does."""
    carrier = case.catalog.record("technology", case.architecture.candidate.carrier)
    edges = setting.prepared.problem.mesh.z_m
    sizes = np.diff(edges)
    for role, field in (("lid", "thickness_lid"), ("interposer", "thickness_interposer")):
        boxes = [body.box_m for body in case.package.of_role(role)]
        if boxes and field in carrier:
            low, high = min(box[4] for box in boxes), max(box[5] for box in boxes)
            inside = (edges[:-1] >= low - 1e-12) & (edges[1:] <= high + 1e-12)
            yield carrier.input(field).id, float((by_slab * sizes)[inside].sum() / sizes[inside].sum())


def _throttle_facts(
    case: Case, rung: str, setting: _Setting, powers: dict[str, _Power], field: Floats, limits: list[Limit],
    adjoints: dict[int, Floats],
) -> Iterator[Fact]:  # fmt: skip
    """For the mode that is sustained: each junction's rise, its limit, and how much of it follows the clock.

    Where a kind of die is too hot, its junction is the spot that asks for the lowest clock: less work makes another
    spot the hottest. Its rises have slopes; where nothing is too hot nobody asks for them.
    """
    mode = limits[0].identity.mode
    scaling = {
        die: replace(item, total_w=item.scaling_w, slopes=item.scaling_slopes) for die, item in powers.items()
    }
    alone = None
    if any(limit.margin < 0.0 for limit in limits):
        # The problem is linear in power: what is left without the surroundings' own differences is the block's.
        maps = np.stack([_power_map(setting, scaling), np.zeros(setting.label.shape)])
        alone = setting.prepared.solve(maps, tolerance=TOLERANCE[rung]).temperature_k
    for die, limit in zip(_hottest_of_kind(case, setting, field), limits, strict=True):
        cell = _hottest(field, setting.active[die.id])
        rise, margin_slopes, slopes = limit.demand, limit.sensitivities, {}
        if alone is None or limit.margin >= 0.0:
            scaled = sum(
                _per_watt(setting, name, adjoints[cell]) * item.total_w for name, item in scaling.items()
            )
        else:
            cell = _slowest(case, setting, die.group, field, alone[0] - alone[1], limit.capacity)
            rise = float(field.ravel()[cell]) - setting.fluid.value
            scaled = float((alone[0] - alone[1]).ravel()[cell])
            adjoint = _adjoint(setting, cell, rung, adjoints)
            margin_slopes = _margin_slopes(case, setting, powers, field, die, adjoint)
            still = _slopes(case, setting, {}, alone[1], adjoint)
            slopes = {
                name: slope - still.get(name, 0.0)
                for name, slope in _slopes(case, setting, scaling, alone[0], adjoint).items()
            }
        subject = die.group
        yield Fact(name="scaling_rise", subject=subject, mode=mode, value=scaled, sensitivities=slopes)
        yield Fact(name="rise", subject=subject, mode=mode, value=rise)
        yield Fact(
            name="rise_limit", subject=subject, mode=mode, value=limit.capacity, sensitivities=margin_slopes
        )


def _slowest(
    case: Case, setting: _Setting, group: str, field: Floats, scaling: Floats, capacity_k: float
) -> int:
    """Of a kind of die, the spot whose room above its fixed rise is the least share of the rise that scales."""
    cells = np.concatenate([setting.active[die.id] for die in case.package.die if die.group == group])
    scaled = scaling.ravel()[cells]
    room = capacity_k - (field.ravel()[cells] - setting.fluid.value - scaled)
    ratio = room / np.maximum(scaled, 1e-12)
    return int(cells[np.argmax(ratio <= ratio.min() + 1e-9)])


def _adjoint(setting: _Setting, cell: int, rung: str, known: dict[int, Floats]) -> Floats:
    """What a watt in each cell does to one cell, solved once. [K/W]"""
    from packfirst.disciplines.thermal import conduction

    if cell not in known:
        weights = np.zeros(setting.label.shape)
        weights.ravel()[cell] = 1.0
        known[cell] = conduction.adjoint(setting.prepared, weights, tolerance=ADJOINT_TOLERANCE[rung])
    return known[cell]
