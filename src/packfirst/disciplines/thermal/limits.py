"""Junction limits: the Package as a conduction problem, power from the modes, one Limit per kind of die and mode."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.package import DiePlace, Package
from packfirst.catalog.record import Record
from packfirst.disciplines.case import Case, Facts, Outcome, Screen, Table
from packfirst.disciplines.thermal import varying_conductivity
from packfirst.disciplines.thermal.gate_fingers import NotSteady, over_row
from packfirst.disciplines.thermal.properties import (
    NOTHING,
    Conductivity,
    conductivity,
    emissivity,
    fluid,
    way_out,
)
from packfirst.disciplines.thermal.records import Fingers, Leaking, fingers, leaking, transistor
from packfirst.inputs import Input
from packfirst.limit import Fact, Identity, Limit, NotAssessed

if TYPE_CHECKING:  # the solver loads numba, which only a solve needs
    from packfirst.disciplines.thermal.conduction import Prepared, Problem
    from packfirst.disciplines.thermal.coolant import Stream
    from packfirst.disciplines.thermal.coupled import Coupling, Radiating, State
    from packfirst.disciplines.thermal.mesh import Mesh
    from packfirst.disciplines.thermal.sensitivity import FilmSensitivity

Floats = NDArray[np.float64]
Box = tuple[float, float, float, float, float, float]

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
# A row of gate fingers heats this share of its die's height; the die is cut at these depths below its face, and so many
# cells lie across the row.
ROW_SHEET, ROW_SLICES = 0.05, (0.05, 0.15, 0.35, 0.65, 1.0)
ROW_CELLS = {"plan": 4, "sign": 8}
# Relative residual to which a rung solves; the discretisation error is a thousand times larger.
TOLERANCE = {"plan": 1e-6, "sign": 1e-9}
# And its slopes: they weigh uncertainties that nobody knows to four digits.
ADJOINT_TOLERANCE = {"plan": 5e-5, "sign": 1e-8}
# Share of the clock's power to which the clock of a hot package is found; facts are straight lines from there.
# It is solved closer than a rung's temperatures: a clock is where two large rises meet.
CLOCK_STEP, MOST_CLOCKS, CLOCK_TOLERANCE = 1e-5, 12, 1e-9
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
# Temperature at which the linear problem behind envelopes takes its conductivities: no lower than what any die may
# have, so that silicon there conducts no better than at its limit; in steps, so that no input moves it.
LINEAR_AT_K, LINEAR_STEP_K = 383.15, 20.0
BASIS = (
    "steady conduction, finite volumes on a grid snapped to the package's bodies",
    "power spread evenly over the circuits of each die",
    "conductivity of semiconductors as a power of the absolute temperature, solved to the same tolerance",
)
# Share of the power at which leakage runs away: the die's mean temperatures stand for their fields there. Full solves
# on both sides of it bracket it within 4 % (tests/disciplines/thermal/test_leaky_packages.py).
RUNAWAY_ERROR, RUNAWAY_ROUNDS = 0.04, 3
# One standard deviation of the rise from a die's face to its channels: against a resolved solution of the cell the
# series is within 1.7 % to 110 K and 2.9 % to 270 K.
FINGER_ERROR = 0.03
FINGERS = "gate fingers as strips on a layered half-cell, Bagnall, Muzychka, Wang 2014, doi 10.1109/TCPMT.2014.2299766"
LEAKING = "leakage that doubles with so many kelvin, settled with the temperatures"
# Each body of these roles has its temperatures as facts.
_TOLD = (
    "die", "back_end", "bumps", "bond", "balls", "lid_interface", "interposer", "laminate", "base", "bridge", "lid",
    "mould", "board",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Glow:
    """Faces that radiate, with the Inputs of how well and to what."""

    faces: "Radiating"
    emissivity: Input
    surroundings: Input


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """The conduction problem of a Package with what is needed to read answers from it.

    `prepared` is linear, its conductivities taken at `linear_k`; `plain` is the same at 300 K and without radiation.
    """

    prepared: "Prepared"
    plain: "Problem"
    linear_k: float
    exponent: Floats  # of each cell's conductivity
    glows: tuple[_Glow, ...]
    stream: "Stream | None"
    rows: dict[str, Box]  # of gate fingers, by die
    kind: dict[str, NDArray[np.int8]]  # what acts on top and bottom of each column: 0 air, 1 path, 2 rail
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
    gives = (
        "temperature", "face", "temperature_mean", "temperature_max", "rise", "rise_limit", "scaling_rise",
        "coolant_heat", "coolant_rise", "coolant_outlet",
    )  # fmt: skip

    def bounds(self, table: Table) -> Screen:
        from packfirst.disciplines.thermal.bounds import screen

        return screen(table)

    def limits(self, case: Case, facts: Facts, rung: str) -> Outcome:
        from packfirst.disciplines.thermal import conduction

        try:
            setting = setting_of(case, rung)
            powers = {mode: _die_powers(case, facts, mode) for mode in case.program.modes}
            solved = _solve(setting, tuple(powers.values()), TOLERANCE[rung])
            return _answer(case, rung, setting, powers, solved)
        except (conduction.NotConverged, conduction.NoPathOut, NotSteady) as failure:
            identity = Identity(discipline=self.name, kind="junction", subject="package")
            return Outcome(limits=(NotAssessed(identity=identity, missing=(str(failure),)),))


DISCIPLINE = Thermal()


def junction_rises(case: Case, facts: Facts, rung: str) -> dict[tuple[str, str], float]:
    """Rise of the hottest die of each kind in each mode, by kind and mode, without slopes. [K]

    Raises
    ------
    conduction.NotConverged, conduction.NoPathOut
    """
    setting = setting_of(case, rung)
    modes = tuple(case.program.modes)
    solved = _solve(setting, [_die_powers(case, facts, mode) for mode in modes], TOLERANCE[rung])
    return {
        (die.group, mode): float(field.ravel()[_hottest(field, setting.active[die.id])]) - setting.fluid.value
        for mode, field, settled in zip(modes, solved.temperature_k, solved.settled, strict=True)
        if settled
        for die in _hottest_of_kind(case, setting, field)
    }


def setting_of(case: Case, rung: str) -> _Setting:
    """The conduction problem of a case on a rung's grid."""
    from packfirst.disciplines.thermal import conduction, mesh

    package, program, catalog = case.package, case.program, case.catalog
    path = catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    rail = _rail_m(case)
    rows = {die.id: row for die in package.die if (row := _row(case, die)) is not None}
    grid = _grid(package, rung, tuple(rows.values())) if rows else _grid(package, rung)
    grid = _with_rail(grid, package, rail) if rail else grid
    label = mesh.paint(grid, package.boxes_m)
    bodies = tuple(conductivity(body, package.field_of(body.id), program, catalog) for body in package.bodies)
    # One entry more, nothing, for label -1: nothing there.
    every = (*bodies, NOTHING)
    flat, through, exponent = (
        np.array([getattr(item, name) for item in every])[label]
        for name in ("in_plane", "through", "exponent")
    )
    there = fluid(path, program)
    air = program.environment.air
    film, _ = way_out(path)
    board = program.board
    gas = 0.0 if program.environment.vacuum else 1.0
    radiates = path.word("fluid") == "space" and "emissivity" in path
    kind = _kinds(case, grid, label, rail)
    # By kind of face: the film on it, and what it leads to. A face that radiates alone has no film but that.
    edge = path["film_coefficient"] if rail else 0.0
    above = np.array([gas * board.film_above.value, 0.0 if radiates else film, edge])[kind["top"]]
    below = np.array([gas * board.film_below.value, 0.0 if radiates else film, edge])[kind["bottom"]]
    leads = np.array([air.value, there.value, there.value])
    plain = conduction.Problem(
        mesh=grid, kx=flat, ky=flat, kz=through, h_top=above, t_top_k=leads[kind["top"]], h_bottom=below,
        t_bottom_k=leads[kind["bottom"]],
    )  # fmt: skip
    glows = tuple(_glows(case, grid, label, kind, there if radiates else None))
    at = _linear_k(case)
    factor = varying_conductivity.ratio(at, exponent)
    prepared = conduction.prepare(_glowing(
        replace(plain, kx=flat * factor, ky=flat * factor, kz=through * factor), glows, at
    ))  # fmt: skip
    volume = grid.volume_m3.ravel()
    active = {
        die.id: np.flatnonzero(
            _in_row(grid, rows[die.id]) if die.id in rows else _active(label, package, die)
        )
        for die in package.die
    }
    share = {name: volume[cells] / volume[cells].sum() for name, cells in active.items()}
    return _Setting(
        prepared=prepared, plain=plain, linear_k=at, exponent=exponent, glows=glows,
        stream=_stream(case, grid, kind), rows=rows, kind=kind, label=label, bodies=bodies, active=active, share=share,
        fluid=there, air=air,
    )  # fmt: skip


def _linear_k(case: Case) -> float:
    most = max(maximum(case, die).value for die in case.package.die)
    return LINEAR_AT_K + LINEAR_STEP_K * max(0.0, float(np.ceil((most - LINEAR_AT_K) / LINEAR_STEP_K)))


def _rail_m(case: Case) -> float:
    """Width of the board's edges that are clamped in a cold rail; zero where there is no rail, or no board."""
    if not case.package.of_role("board"):
        return 0.0  # bolted down by its own base
    path = case.catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    return path["edge_width"] if path.word("fluid") == "cold_wall" and "edge_width" in path else 0.0


def _with_rail(grid: "Mesh", package: Package, rail_m: float) -> "Mesh":
    """The grid with edges where the rails end."""
    low = min(body.box_m[0] for body in package.of_role("board"))
    high = max(body.box_m[1] for body in package.of_role("board"))
    edges = np.concatenate([grid.x_m, [low + rail_m, high - rail_m]])
    kept = np.unique(np.round(edges, 9))
    return replace(grid, x_m=np.concatenate([grid.x_m[:1], kept[1:-1], grid.x_m[-1:]]))


def _kinds(case: Case, grid: "Mesh", label: NDArray[np.int32], rail_m: float) -> dict[str, NDArray[np.int8]]:
    """What acts on the top and on the bottom of each column: 0 the air, 1 the thermal path, 2 a card's rail."""
    package = case.package
    sunk = np.isin(label, package.index[package.sink.body]).any(axis=2)
    found = {}
    for side in ("top", "bottom"):
        kind = np.where(sunk & (package.sink.face == side), 1, 0).astype(np.int8)
        if rail_m:
            board = package.of_role("board")[0].box_m
            x = grid.centres_m[0]
            edge = (x < board[0] + rail_m) | (x > board[1] - rail_m)
            solid = label >= 0
            last = (
                label.shape[2] - 1 - np.argmax(solid[:, :, ::-1], axis=2)
                if side == "top"
                else np.argmax(solid, axis=2)
            )
            outer = np.take_along_axis(label, last[:, :, None], axis=2)[:, :, 0]
            kind[edge[:, None] & (outer == package.index[package.of_role("board")[0].id]) & (kind == 0)] = 2
        found[side] = kind
    return found


def _glows(
    case: Case, grid: "Mesh", label: NDArray[np.int32], kind: Mapping[str, NDArray[np.int8]], path_fluid: Input | None
) -> Iterator[_Glow]:  # fmt: skip
    """Faces that radiate: where the path is radiation, those that it covers; to the Program's space, all free ones."""
    from packfirst.disciplines.thermal.coupled import Radiating

    catalog, around = case.catalog, case.program.environment
    path = catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    solid = label >= 0
    area = np.outer(*grid.sizes_m[:2])
    for side in ("top", "bottom"):
        last = (
            label.shape[2] - 1 - np.argmax(solid[:, :, ::-1], axis=2)
            if side == "top"
            else np.argmax(solid, axis=2)
        )
        outer = np.take_along_axis(label, last[:, :, None], axis=2)[:, :, 0]
        wanted: list[tuple[NDArray[np.bool_], Input, Input]] = []
        if path_fluid is not None:
            wanted.append((kind[side] == 1, path.input("emissivity"), path_fluid))
        if around.space is not None:
            for number in np.unique(outer[(kind[side] == 0) & (outer >= 0)]):
                surface = emissivity(case.package.bodies[number], catalog)
                if surface is not None:
                    wanted.append(((kind[side] == 0) & (outer == number), surface, around.space))
        for faces, surface, leads in wanted:
            i, j = np.nonzero(faces & solid.any(axis=2))
            if len(i):
                cell = np.ravel_multi_index((i, j, last[i, j]), label.shape)
                yield _Glow(
                    faces=Radiating(
                        side=side, cell=np.asarray(cell, dtype=np.int64), exchange_m2=surface.value * area[i, j],
                        surroundings_k=leads.value,
                    ),
                    emissivity=surface, surroundings=leads,
                )  # fmt: skip


def _glowing(problem: "Problem", glows: tuple[_Glow, ...], at_k: float) -> "Problem":
    """The problem with each radiating face's film at one temperature added to what acts on it."""
    from packfirst.disciplines.thermal import radiation

    if not glows:
        return problem
    dx, dy, _ = problem.mesh.sizes_m
    area = np.outer(dx, dy)
    films = {"top": problem.h_top.copy(), "bottom": problem.h_bottom.copy()}
    leads = {"top": np.array(problem.t_top_k), "bottom": np.array(problem.t_bottom_k)}
    for glow in glows:
        side = glow.faces.side
        i, j, _ = np.unravel_index(glow.faces.cell, problem.mesh.shape)
        h = radiation.film(at_k, glow.faces.surroundings_k) * glow.faces.exchange_m2 / area[i, j]
        whole = films[side][i, j] + h
        leads[side][i, j] = (films[side][i, j] * leads[side][i, j] + h * glow.faces.surroundings_k) / whole
        films[side][i, j] = whole
    return replace(
        problem,
        h_top=films["top"],
        t_top_k=leads["top"],
        h_bottom=films["bottom"],
        t_bottom_k=leads["bottom"],
    )


def _stream(case: Case, grid: "Mesh", kind: Mapping[str, NDArray[np.int8]]) -> "Stream | None":
    """The coolant along the cooled face, where the Program states its flow; it runs along x."""
    from packfirst.disciplines.thermal.coolant import Stream

    path = case.catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    flow = case.program.environment.coolant_flow
    if flow is None or path.word("fluid") != "coolant":
        return None
    side = case.package.sink.face
    cooled = kind[side] == 1
    first = int(np.flatnonzero(cooled.any(axis=1))[0])
    along = np.broadcast_to(np.arange(grid.shape[0])[:, None] - first, cooled.shape)
    return Stream(
        slice_of=np.where(cooled, along, -1), film=side,
        capacity_rate_w_per_k=flow.value * path["coolant_heat_capacity"], inlet_k=fluid(path, case.program).value,
    )  # fmt: skip


def _row(case: Case, die: DiePlace) -> Box | None:
    """Where a die's row of gate fingers sets its heat free: along its longer side, in the middle, next to its wiring.

    None for a die without fingers, and for one whose row is larger than itself, whose whole face is heated.
    """
    found = fingers(case.catalog, die)
    if found is None:
        return None
    x0, x1, y0, y1, z0, z1 = case.package.body(die.body).box_m
    long, short = found.row_m
    sides = (min(long, x1 - x0), min(short, y1 - y0))
    if y1 - y0 > x1 - x0:
        sides = (min(short, x1 - x0), min(long, y1 - y0))
    x, y = (x0 + x1) / 2.0, (y0 + y1) / 2.0
    sheet = ROW_SHEET * (z1 - z0)
    low, high = (z0, z0 + sheet) if die.face == "down" else (z1 - sheet, z1)
    return x - sides[0] / 2.0, x + sides[0] / 2.0, y - sides[1] / 2.0, y + sides[1] / 2.0, low, high


def _in_row(grid: "Mesh", row: Box) -> NDArray[np.bool_]:
    """Cells of a row of gate fingers."""
    inside = [
        (centre > row[2 * axis]) & (centre < row[2 * axis + 1]) for axis, centre in enumerate(grid.centres_m)
    ]
    return np.asarray(inside[0][:, None, None] & inside[1][None, :, None] & inside[2][None, None, :])


def _grid(package: Package, rung: str, rows: Sequence[Box] = ()) -> "Mesh":
    """A grid snapped to the bodies, to the sheets in which logic sets its heat free, and to slices of the board.

    Under a row of gate fingers it is cut finer through the die and around the row: heat turns there.
    """
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
    for row in rows:
        short = min(row[1] - row[0], row[3] - row[2])
        boxes.append(row)
        cell.append(short / ROW_CELLS[rung])
        x0, x1, y0, y1, z0, z1 = next(
            body.box_m for body in package.of_role("die") if _holds(body.box_m, row)
        )
        face, inwards = (z1, z0) if row[5] == z1 else (z0, z1)
        for low, high in pairwise(ROW_SLICES):
            ends = sorted((face + low * (inwards - face), face + high * (inwards - face)))
            boxes.append((x0, x1, y0, y1, ends[0], ends[1]))
            cell.append(fine)
    for body in package.of_role("board"):
        x0, x1, y0, y1, z0, z1 = body.box_m
        edges = np.linspace(z0, z1, BOARD_SLICES[rung] + 1)
        boxes += [(x0, x1, y0, y1, low, high) for low, high in pairwise(edges)]
        cell += [coarse] * BOARD_SLICES[rung]
    return mesh.snapped(
        boxes, cell, vertical_cells=LAYER_CELLS[rung], vertical_cell_m=2.0 * fine, max_ratio=GROWTH[rung]
    )


def _holds(outer: Box, inner: Box) -> bool:
    return all(outer[2 * a] <= inner[2 * a] and inner[2 * a + 1] <= outer[2 * a + 1] for a in range(3))


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
    """Power of one die in one mode, and its slopes. [W], [W per SI unit]

    `leakage_w` is the part of `total_w` that is leakage, all at the temperature at which powers are stated;
    `leakage_slopes` are those of its own share of them.
    """

    total_w: float
    scaling_w: float  # the part that follows the clock of the block that does the work
    slopes: dict[str, float]
    scaling_slopes: dict[str, float]
    leakage_w: float = 0.0
    leakage_slopes: Mapping[str, float] = field(default_factory=dict)
    leaks: Leaking | None = None


def _die_powers(case: Case, facts: Facts, mode: str) -> dict[str, _Power]:
    from packfirst.architecture.scaling import power_factor

    program, catalog = case.program, case.catalog
    groups = {group.name: group for group in case.architecture.candidate.partition.groups}
    factor = program.accuracy.power
    worker = program.workload.compute if program.workload else ""
    found = {}
    for die in case.package.die:
        total, scaling, leakage = 0.0, 0.0, 0.0
        leaks = leaking(case, die)
        dry = 1.0 - (leaks.share.value if leaks else 0.0)
        leakage_slopes: dict[str, float] = {}
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
                scaling += power * dry
                scaling_slopes = {
                    stated.id: share * factor.value * dry,
                    factor.id: stated.value * share * dry,
                }
                if leaks:
                    scaling_slopes[leaks.share.id] = -power
            slopes[stated.id] = share * factor.value
            slopes[factor.id] += stated.value * share
        if leaks:
            # Of the blocks; what links draw is all switching.
            leakage = total * leaks.share.value
            leakage_slopes = {name: slope * leaks.share.value for name, slope in slopes.items()}
            leakage_slopes[leaks.share.id] = total
        link = facts.get("link_power", die.id, mode)
        if link is not None:
            total += link.value
            for name, slope in link.sensitivities.items():
                slopes[name] = slopes.get(name, 0.0) + slope
        found[die.id] = _Power(
            total_w=total, scaling_w=scaling, slopes=slopes, scaling_slopes=scaling_slopes, leakage_w=leakage,
            leakage_slopes=leakage_slopes, leaks=leaks,
        )  # fmt: skip
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Solved:
    """All modes, settled with what follows the temperature."""

    coupling: "Coupling"
    temperature_k: Floats  # (m, nx, ny, nz)
    power_w: Floats  # as temperature_k, leakage as it is there
    settled: NDArray[np.bool_]
    nearby: "tuple[Prepared, ...]"
    balance: list[float]
    residual: list[float]
    iterations: list[int]
    corrections: int


def _solve(setting: _Setting, powers: Sequence[dict[str, _Power]], tolerance: float) -> _Solved:
    """The modes of a case with everything that follows the temperature.

    Raises
    ------
    conduction.NotConverged, conduction.NoPathOut
    """
    from packfirst.disciplines.thermal.coupled import Coupling, Laws

    maps = np.stack([_power_map(setting, power) for power in powers])
    leaks = np.stack([_leakage_map(setting, power) for power in powers])
    stated = next((item.leaks for power in powers for item in power.values() if item.leaks), None)
    laws = Laws(
        exponent=setting.exponent, radiating=tuple(glow.faces for glow in setting.glows), stream=setting.stream,
        leakage_w=leaks if stated else None,
        leakage_reference_k=stated.reference.value if stated else setting.linear_k,
        leakage_doubling_k=_doubling_map(setting, powers[0]) if stated else 1.0,
    )  # fmt: skip
    coupling = Coupling(setting.plain, laws, setting.prepared)
    done = coupling.solve(maps - leaks, tolerance=tolerance)
    return _Solved(
        coupling=coupling, temperature_k=done.solution.temperature_k, power_w=done.power_w, settled=done.settled,
        nearby=done.nearby, balance=done.solution.balance.tolist(), residual=done.solution.residual.tolist(),
        iterations=done.solution.iterations.tolist(), corrections=done.corrections,
    )  # fmt: skip


def _leakage_map(setting: _Setting, power: dict[str, _Power]) -> Floats:
    """Leakage of each cell where powers are stated. [W]"""
    total = np.zeros(setting.label.size)
    for die, item in power.items():
        total[setting.active[die]] += item.leakage_w * setting.share[die]
    return total.reshape(setting.label.shape)


def _doubling_map(setting: _Setting, power: dict[str, _Power]) -> Floats:
    """Rise that doubles the leakage of each cell; elsewhere it multiplies nothing. [K]"""
    found = np.ones(setting.label.size)
    for die, item in power.items():
        if item.leaks:
            found[setting.active[die]] = item.leaks.doubling.value
    return found.reshape(setting.label.shape)


def _answer(
    case: Case, rung: str, setting: _Setting, powers: dict[str, dict[str, _Power]], solved: _Solved
) -> Outcome:
    limits: list[Limit | NotAssessed] = []
    given: list[Fact] = []
    table = []
    for number, mode in enumerate(case.program.modes):
        power = powers[mode]
        if any(item.leaks for item in power.values()):
            limits.append(_runaway(case, rung, setting, solved, number, power, mode))
        found: list[_Junction] = []
        if solved.settled[number]:
            temperature = solved.temperature_k[number]
            drawn = solved.power_w[number].ravel()
            for die in case.package.die:
                cells = setting.active[die.id]
                peak = float(temperature.ravel()[_hottest(temperature, cells)])
                peak += _finger_rise(case, die, power[die.id], peak)
                mean = float((temperature.ravel()[cells] * setting.share[die.id]).sum())
                watts = float(drawn[cells].sum()) if power[die.id].leaks else power[die.id].total_w
                table.append((die.id, mode, watts, peak, mean))
                given.append(Fact(name="temperature", subject=die.id, mode=mode, value=peak))
            given += _body_facts(case, setting, temperature, mode)
            given += _coolant_facts(setting, solved, number, mode)
            found = _junctions(case, rung, setting, solved, number, power, mode)
        given += [_face_fact(case, setting, power, item) for item in found]
        limits += [item.limit for item in found] or _without_temperature(case, mode)
        if found:
            limits += _way_out_limits(case, rung, setting, solved, power, found[0].state, mode)
        if case.program.workload is not None and mode == case.program.workload.mode:
            given += _throttle_facts(case, rung, setting, power, mode, found)
    details = {
        "die": table,
        "temperature_k": solved.temperature_k,
        "label": setting.label,
        "mesh": setting.prepared.problem.mesh,
        "balance": solved.balance,
        "residual": solved.residual,
        "iterations": solved.iterations,
        "corrections": solved.corrections,
        "fluid_k": setting.fluid.value,
    }
    return Outcome(limits=tuple(limits), facts=tuple(given), details=details)


def _way_out_limits(
    case: Case, rung: str, setting: _Setting, solved: _Solved, power: dict[str, _Power], state: "State", mode: str
) -> tuple[Limit, ...]:  # fmt: skip
    """Gradient across die, case, flux and heat into the path: what of these is asked."""
    from packfirst.disciplines.thermal.path_limits import Scene, limits_of

    def slopes(weights: Floats) -> dict[str, float]:
        (adjoint,) = solved.coupling.adjoints(state, weights[None], tolerance=ADJOINT_TOLERANCE[rung])
        return _slopes(case, setting, power, state, adjoint)

    return limits_of(
        Scene(
            case=case, rung=rung, mode=mode, prepared=state.prepared, label=setting.label, bodies=setting.bodies,
            active=setting.active, fluid=setting.fluid, field=state.temperature_k, slopes=slopes,
            error=MODEL_ERROR[rung],
        )
    )  # fmt: skip


def _face_fact(case: Case, setting: _Setting, power: dict[str, _Power], found: "_Junction") -> Fact:
    """Temperature of the face of the hottest die of a kind, with its slopes; without what gate fingers add. [K]"""
    limit, most = found.limit, maximum(case, found.die)
    group, mode = found.die.group, limit.identity.mode
    if fingers(case.catalog, found.die) is None:  # then the limit has them
        slopes = {name: float(name == most.id) - slope for name, slope in limit.sensitivities.items()}
        return Fact(
            name="face", subject=group, mode=mode, value=most.value - limit.margin, sensitivities=slopes
        )
    field = found.state.temperature_k
    return Fact(
        name="face", subject=group, mode=mode,
        value=float(field.ravel()[_hottest(field, setting.active[found.die.id])]),
        sensitivities=_slopes(case, setting, power, found.state, found.adjoint),
    )  # fmt: skip


def _without_temperature(case: Case, mode: str) -> list[Limit | NotAssessed]:
    groups = dict.fromkeys(die.group for die in case.package.die)
    return [
        NotAssessed(
            identity=Identity(discipline="thermal", kind="junction", subject=f"die:{group}", mode=mode),
            missing=("a steady temperature: leakage grows faster than the heat gets out",),
        )
        for group in groups
    ]


def _body_facts(case: Case, setting: _Setting, field: Floats, mode: str) -> Iterator[Fact]:
    """Mean and highest temperature of each die, joint, interface and carrier: what those that age and bend ask for."""
    label, bodies = setting.label.ravel(), case.package.bodies
    volume = setting.prepared.problem.mesh.volume_m3.ravel()
    there = (label >= 0) & setting.prepared.live.ravel()
    size = np.bincount(label[there], weights=volume[there], minlength=len(bodies))
    total = np.bincount(label[there], weights=(volume * field.ravel())[there], minlength=len(bodies))
    highest = np.full(len(bodies), -np.inf)
    np.maximum.at(highest, label[there], field.ravel()[there])
    for number, body in enumerate(bodies):
        if body.role in _TOLD and size[number] > 0.0:
            mean = float(total[number] / size[number])
            yield Fact(name="temperature_mean", subject=body.id, mode=mode, value=mean)
            yield Fact(name="temperature_max", subject=body.id, mode=mode, value=float(highest[number]))


def _coolant_facts(setting: _Setting, solved: _Solved, number: int, mode: str) -> Iterator[Fact]:
    """Heat that the coolant takes, by how much it warms, and how warm it leaves, where the Program states its flow."""
    if setting.stream is None:
        return
    heat = solved.coupling.stream_heat_w(solved.temperature_k[number])
    rise = heat / setting.stream.capacity_rate_w_per_k
    yield Fact(name="coolant_heat", subject="package", mode=mode, value=heat)
    yield Fact(name="coolant_rise", subject="package", mode=mode, value=rise)
    yield Fact(name="coolant_outlet", subject="package", mode=mode, value=setting.stream.inlet_k + rise)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Junction:
    """The limit of one kind of die in one mode, its hottest die, and what a watt anywhere does to its hottest cell."""

    limit: Limit
    die: DiePlace
    state: "State"
    adjoint: Floats


def _junctions(
    case: Case, rung: str, setting: _Setting, solved: _Solved, number: int, power: dict[str, _Power], mode: str
) -> list[_Junction]:  # fmt: skip
    temperature = solved.temperature_k[number]
    hottest = list(_hottest_of_kind(case, setting, temperature))
    cells = [_hottest(temperature, setting.active[die.id]) for die in hottest]
    state = solved.coupling.state(number, temperature, solved.nearby[number])
    weights = np.zeros((len(cells), *setting.label.shape))
    for row, cell in zip(weights, cells, strict=True):
        row.ravel()[cell] = 1.0
    adjoints = solved.coupling.adjoints(state, weights, tolerance=ADJOINT_TOLERANCE[rung])
    return [
        _Junction(
            limit=_junction(case, rung, setting, power, state, die, mode, cell, adjoint), die=die, state=state,
            adjoint=adjoint,
        )
        for die, cell, adjoint in zip(hottest, cells, adjoints, strict=True)
    ]  # fmt: skip


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
    case: Case, rung: str, setting: _Setting, power: dict[str, _Power], state: "State", die: DiePlace, mode: str,
    cell: int, adjoint: Floats,
) -> Limit:  # fmt: skip
    by_cell = _slopes(case, setting, power, state, adjoint)
    most = maximum(case, die)
    peak = float(state.temperature_k.ravel()[cell])
    found = fingers(case.catalog, die)
    finger_k = 0.0
    if found is not None:
        finger_k, by_cell = _over_row(found, power[die.id], peak, by_cell)
        peak += finger_k
    slopes = {name: -slope for name, slope in by_cell.items()}
    slopes[most.id] = slopes.get(most.id, 0.0) + 1.0
    rise = peak - setting.fluid.value
    kind = "junction" if found is None else "channel"
    leaks = (LEAKING,) if any(item.leaks for item in power.values()) else ()
    sources = sorted({case.input(name).source for name in slopes} - {""})
    return Limit(
        identity=Identity(discipline="thermal", kind=kind, subject=f"die:{die.group}", mode=mode),
        demand=rise,
        capacity=most.value - setting.fluid.value,
        unit="K",
        hard=True,
        rung=rung,
        sensitivities=slopes,
        model=MODEL,
        model_error=float(np.hypot(MODEL_ERROR[rung] * (rise - finger_k), FINGER_ERROR * finger_k)),
        basis=(*BASIS, *leaks, *((FINGERS,) if found else ()), *sources),
        flags=()
        if peak < BEYOND_K
        else ("far outside the range of the data: the number says only that it fails",),
        explanation=(
            f"{die.id}, the hottest {die.group} die, runs at {peak - 273.15:.1f} degC in mode {mode}"
            + (f", {finger_k:.0f} K of it between its face and its channels; " if found else "; ")
            + f"it may reach {most.value - 273.15:.0f} degC"
        ),
    )


def _finger_rise(case: Case, die: DiePlace, power: _Power, face_k: float) -> float:
    """Rise from a die's face to its channels, zero for a die without gate fingers. [K]"""
    found = fingers(case.catalog, die)
    if found is None:
        return 0.0
    values = {name: item.value for name, item in found.inputs.items()}
    return over_row(transistor(found, values), power.total_w * values.get("finger_heat_share", 1.0), face_k)


def channel_k_per_w(case: Case, die: DiePlace, face_k_per_w: float) -> float:
    """Rise from a die's face to its channels per watt, at the power that brings them to their maximum. [K/W]

    The rise grows faster than the power, so that less power has less per watt. Zero for a die without gate fingers.
    """
    found = fingers(case.catalog, die)
    if found is None:
        return 0.0
    from scipy.optimize import brentq

    values = {name: item.value for name, item in found.inputs.items()}
    item, share = transistor(found, values), values.get("finger_heat_share", 1.0)
    most, around = maximum(case, die).value, case.program.environment.air.value

    def over(power_w: float) -> float:
        face = around + power_w * face_k_per_w
        try:
            return face + over_row(item, power_w * share, face) - most
        except NotSteady:  # hotter than any temperature
            return most

    power_w = float(brentq(over, 0.0, max(most - around, 1.0) / face_k_per_w, xtol=1e-6))
    return over_row(item, power_w * share, around + power_w * face_k_per_w) / power_w


def _over_row(
    found: Fingers, power: _Power, row_k: float, by_cell: Mapping[str, float]
) -> tuple[float, dict[str, float]]:
    """Rise from a die's face to its channels, and slopes of the channel's temperature from those of the face's."""
    values = {name: item.value for name, item in found.inputs.items()}
    share = values.get("finger_heat_share", 1.0)

    def rise(given: Mapping[str, float], watts: float, face_k: float) -> float:
        return over_row(transistor(found, given), watts * given.get("finger_heat_share", 1.0), face_k)

    here = rise(values, power.total_w, row_k)
    step = 1e-4
    per_kelvin = rise(values, power.total_w, row_k + 0.01) - here
    slopes = {name: slope * (1.0 + per_kelvin / 0.01) for name, slope in by_cell.items()}
    if share * power.total_w > 0.0:
        per_watt = (rise(values, power.total_w * (1.0 + step), row_k) - here) / (step * power.total_w)
        for name, slope in power.slopes.items():
            slopes[name] = slopes.get(name, 0.0) + per_watt * slope
    for name, item in found.inputs.items():
        moved = {**values, name: item.value * (1.0 + step)}
        by = (rise(moved, power.total_w, row_k) - here) / (step * item.value)
        slopes[item.id] = slopes.get(item.id, 0.0) + by
    return here, slopes


def _slopes(
    case: Case, setting: _Setting, power: dict[str, _Power], state: "State", adjoint: Floats
) -> dict[str, float]:
    """d(temperature of the adjoint's cell)/d(input), for every Input of the thermal problem."""
    from packfirst.disciplines.thermal import radiation
    from packfirst.disciplines.thermal.sensitivity import by_label, sensitivity

    prepared, temperature = state.prepared, state.temperature_k
    found = sensitivity(prepared, temperature, adjoint)
    slopes: dict[str, float] = {}

    def add(name: str, value: float) -> None:
        slopes[name] = slopes.get(name, 0.0) + value

    n = len(setting.bodies)
    factor = varying_conductivity.ratio(state.conducts_at_k, setting.exponent)
    flat = by_label((found.kx + found.ky) * factor, setting.label, n)
    through = by_label(found.kz * factor, setting.label, n)
    problem = prepared.problem
    by_log = found.kx * problem.kx + found.ky * problem.ky + found.kz * problem.kz
    warm = np.clip(state.conducts_at_k, *varying_conductivity.FITTED_K) / varying_conductivity.REFERENCE_K
    exponents = by_label(-by_log * np.log(warm), setting.label, n)
    for item, by_flat, by_through, by_exponent in zip(setting.bodies, flat, through, exponents, strict=True):
        for name, (flat_slope, through_slope) in item.slopes.items():
            add(name, float(by_flat * flat_slope + by_through * through_slope))
        if item.exponent_id:
            add(item.exponent_id, float(by_exponent))
    for die, each in power.items():
        for name, slope in _power_slopes(setting, die, each, temperature, adjoint).items():
            add(name, slope)
    path = case.catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    _add_films(case, setting, state, adjoint, found.films, path, add)
    for glow in setting.glows:
        at = adjoint.ravel()[glow.faces.cell] * glow.faces.exchange_m2
        flux = radiation.net_flux(temperature.ravel()[glow.faces.cell], glow.faces.surroundings_k)
        add(glow.emissivity.id, -float((at * flux).sum()) / glow.emissivity.value)
        add(glow.surroundings.id, float((at * radiation.flux_slope(glow.faces.surroundings_k)).sum()))
    for name, slope in _thickness_slopes(case, setting, found.sizes[2]):
        add(name, slope)
    for place in case.package.die:
        if place.id in setting.rows:
            for name, slope in _row_slopes(case, setting, place, (found.edges(0), found.edges(1))):
                add(name, slope)
    return slopes


def _row_slopes(
    case: Case, setting: _Setting, die: DiePlace, edges: tuple[Floats, Floats]
) -> Iterator[tuple[str, float]]:
    """What a longer and a wider row of gate fingers does: its grid lines move apart with the heat between them."""
    found, row = fingers(case.catalog, die), setting.rows[die.id]
    assert found is not None, "a row is one of fingers"
    grid = setting.prepared.problem.mesh
    by_side = []
    for axis, lines in ((0, grid.x_m), (1, grid.y_m)):
        low, high = row[2 * axis], row[2 * axis + 1]
        inside = (lines > low - 1e-9) & (lines < high + 1e-9)
        apart = (lines[inside] - (low + high) / 2.0) / (high - low)
        by_side.append((high - low, float((edges[axis][inside] * apart).sum())))
    long, short = found.row_m
    fits = dict(by_side)
    for length, (name, times) in (
        (long, ("gate_fingers", found.part["finger_pitch"])), (long, ("finger_pitch", found.part["gate_fingers"])),
        (short, ("finger_width", 1.0)),
    ):  # fmt: skip
        slope = next((by for side, by in fits.items() if abs(side - length) < 1e-9), 0.0)
        yield found.part.input(name).id, slope * times


def _power_slopes(
    setting: _Setting, die: str, each: _Power, temperature: Floats, adjoint: Floats
) -> dict[str, float]:
    """What the Inputs of one die's power do, its leakage as it is at its temperatures."""
    per_watt = _per_watt(setting, die, adjoint)
    slopes = {name: per_watt * slope for name, slope in each.slopes.items()}
    if each.leaks is None or not each.leakage_w:
        return slopes
    leaks, cells = each.leaks, setting.active[die]
    weight = adjoint.ravel()[cells] * setting.share[die]
    over = (temperature.ravel()[cells] - leaks.reference.value) / leaks.doubling.value
    grown = np.exp2(over)
    for name, slope in each.leakage_slopes.items():
        slopes[name] = slopes.get(name, 0.0) + slope * float((weight * (grown - 1.0)).sum())
    by_over = each.leakage_w * np.log(2.0) / leaks.doubling.value
    for item, value in ((leaks.doubling, -by_over * over * grown), (leaks.reference, -by_over * grown)):
        slopes[item.id] = slopes.get(item.id, 0.0) + float((weight * value).sum())
    return slopes


def _add_films(
    case: Case, setting: _Setting, state: "State", adjoint: Floats, films: "tuple[FilmSensitivity, ...]", path: Record,
    add: Callable[[str, float], None],
) -> None:  # fmt: skip
    """Adds what the films and what they lead to do."""
    board, air = case.program.board, setting.air
    _, film_slopes = way_out(path)
    for number, group in enumerate(films):
        film = group.film
        i, j, _ = np.unravel_index(film.cell, setting.label.shape)
        kind = setting.kind[film.name][i, j]
        coefficient, reference = group.coefficient, group.reference
        stream = state.streams[number] if state.streams else None
        if stream is not None:
            # The next slices feel what this one takes: lambda less what the coolant carries on.
            cooled = state.cooled[number]
            carried = np.zeros(len(film.cell))
            carried[cooled] = stream.carried(adjoint.ravel()[film.cell[cooled]])[stream.slice_]
            over = state.temperature_k.ravel()[film.cell] - film.t_k
            coefficient = coefficient + carried * over * film.slope_to_film_m2
            reference = reference - carried * film.conductance_w_per_k
            assert setting.stream is not None, "a warmed film has its stream"
            heat = film.conductance_w_per_k * over
            by_rate = -float((carried * heat).sum()) / setting.stream.capacity_rate_w_per_k
            flow, capacity = case.program.environment.coolant_flow, path.input("coolant_heat_capacity")
            assert flow is not None, "a stream has a flow"
            add(flow.id, by_rate * capacity.value)
            add(capacity.id, by_rate * flow.value)
        sunk, rail = kind == 1, kind == 2
        if sunk.any():
            for name, slope in film_slopes.items():
                add(name, float(coefficient[sunk].sum()) * slope)
        if rail.any():
            add(path.input("film_coefficient").id, float(coefficient[rail].sum()))
        if (kind > 0).any():
            add(setting.fluid.id, float(reference[kind > 0].sum()))
        if not case.program.environment.vacuum:
            plain = board.film_below if film.name == "bottom" else board.film_above
            add(plain.id, float(coefficient[kind == 0].sum()))
            add(air.id, float(reference[kind == 0].sum()))


def _thickness_slopes(case: Case, setting: _Setting, by_slab: Floats) -> Iterator[tuple[str, float]]:
    """Of layers that have a range of heights to themselves: what one more metre of each does."""
    carrier = case.catalog.record("technology", case.architecture.candidate.carrier)
    edges = setting.prepared.problem.mesh.z_m
    sizes = np.diff(edges)
    for role, name in (("lid", "thickness_lid"), ("interposer", "thickness_interposer")):
        boxes = [body.box_m for body in case.package.of_role(role)]
        if boxes and name in carrier:
            low, high = min(box[4] for box in boxes), max(box[5] for box in boxes)
            inside = (edges[:-1] >= low - 1e-12) & (edges[1:] <= high + 1e-12)
            yield carrier.input(name).id, float((by_slab * sizes)[inside].sum() / sizes[inside].sum())


def _linear_state(setting: _Setting, field: Floats) -> "State":
    """Linear conduction at the temperature at which it is taken, with a field that it has."""
    from packfirst.disciplines.thermal.coupled import State

    nothing = np.zeros(setting.label.shape)
    return State(
        prepared=setting.prepared, temperature_k=field, growth_slope_w_per_k=nothing, log_slope=nothing, streams=(),
        cooled=(), conducts_at_k=np.full(setting.label.shape, setting.linear_k),
    )  # fmt: skip


def _throttle_facts(
    case: Case, rung: str, setting: _Setting, powers: dict[str, _Power], mode: str, found: list[_Junction]
) -> Iterator[Fact]:  # fmt: skip
    """For the mode that is sustained: each junction's rise, its limit, and how much of it follows the clock.

    Where some kind of die is too hot, all are told as straight lines through the state in which the tightest of them
    is at its limit: what the clock does there, with conductivities and leakage as they are there, is what is asked.
    Where nothing is too hot the state is that of the full clock.
    """
    held = 1.0
    if not found or any(item.limit.margin < 0.0 for item in found):
        held, found = _throttled(case, rung, setting, powers, mode)
    for item in found:
        rise, capacity = item.limit.demand, item.limit.capacity
        scaled = sum(
            _per_watt(setting, name, item.adjoint) * power.scaling_w for name, power in powers.items()
        )
        yield Fact(name="scaling_rise", subject=item.die.group, mode=mode, value=scaled)
        yield Fact(name="rise", subject=item.die.group, mode=mode, value=rise + (1.0 - held) * scaled)
        yield Fact(
            name="rise_limit", subject=item.die.group, mode=mode, value=capacity,
            sensitivities=item.limit.sensitivities,
        )  # fmt: skip


def _throttled(
    case: Case, rung: str, setting: _Setting, powers: dict[str, _Power], mode: str
) -> tuple[float, list[_Junction]]:
    """The share of the clock's power at which the tightest junction is at its limit, and all junctions there.

    Newton's method on that share, from linear conduction with leakage as it is at the limits; never below zero.
    """
    full, alone, still = _linear_fields(case, rung, setting, powers)
    scaled = alone - still
    held = 1.0
    for die in _first_of_kind(case):
        capacity = maximum(case, die).value - setting.fluid.value
        cell = _slowest(case, setting, die.group, full, scaled, capacity)
        per_share = float(scaled.ravel()[cell])
        room = capacity - (float(full.ravel()[cell]) - setting.fluid.value)
        if per_share > 0.0:
            held = min(held, 1.0 + room / per_share)
    held = max(held, 0.0)
    found: list[_Junction] = []
    for _ in range(MOST_CLOCKS):
        at = {name: _clocked(item, held) for name, item in powers.items()}
        solved = _solve(setting, [at], CLOCK_TOLERANCE)
        if not solved.settled[0]:
            held *= 0.5
            continue
        found = _junctions(case, rung, setting, solved, 0, at, mode)
        steps = []
        for item in found:
            per_share = sum(
                _per_watt(setting, name, item.adjoint) * p.scaling_w for name, p in powers.items()
            )
            if per_share > 0.0:
                steps.append(item.limit.margin / per_share)
        step = min(steps, default=0.0)
        if abs(step) < CLOCK_STEP or (held == 0.0 and step < 0.0):
            return held, found
        held = max(held + step, 0.0)
    return held, found


def _clocked(item: _Power, share: float) -> _Power:
    """A die's power with the part that follows the clock at a share of it."""
    slopes = dict(item.slopes)
    for name, slope in item.scaling_slopes.items():
        slopes[name] = slopes.get(name, 0.0) - (1.0 - share) * slope
    return replace(item, total_w=item.total_w - (1.0 - share) * item.scaling_w, slopes=slopes)


def _first_of_kind(case: Case) -> Iterator[DiePlace]:
    groups: dict[str, DiePlace] = {}
    for die in case.package.die:
        groups.setdefault(die.group, die)
    yield from groups.values()


def _linear_fields(
    case: Case, rung: str, setting: _Setting, powers: dict[str, _Power]
) -> tuple[Floats, Floats, Floats]:
    """Temperatures of linear conduction: at full power, with the part alone that follows the clock, with none."""
    die = {item.id: item for item in case.package.die}
    full, alone = np.zeros(setting.label.size), np.zeros(setting.label.size)
    for name, item in powers.items():
        watts = item.total_w
        if item.leaks is not None:
            over = (maximum(case, die[name]).value - item.leaks.reference.value) / item.leaks.doubling.value
            watts += item.leakage_w * (float(np.exp2(over)) - 1.0)
        full[setting.active[name]] += watts * setting.share[name]
        alone[setting.active[name]] += item.scaling_w * setting.share[name]
    maps = np.stack([full, alone, np.zeros(setting.label.size)]).reshape(3, *setting.label.shape)
    solved = setting.prepared.solve(maps, tolerance=TOLERANCE[rung]).temperature_k
    return solved[0], solved[1], solved[2]


def _slowest(
    case: Case, setting: _Setting, group: str, field: Floats, scaling: Floats, capacity_k: float
) -> int:
    """Of a kind of die, the spot whose room above its fixed rise is the least share of the rise that scales."""
    cells = np.concatenate([setting.active[die.id] for die in case.package.die if die.group == group])
    scaled = scaling.ravel()[cells]
    room = capacity_k - (field.ravel()[cells] - setting.fluid.value - scaled)
    ratio = room / np.maximum(scaled, 1e-12)
    return int(cells[np.argmax(ratio <= ratio.min() + 1e-9)])


def _die_response(setting: _Setting, prepared: "Prepared", die: Sequence[str], rung: str) -> Floats:
    """Mean rise of each die per watt in each, shape (n_die, n_die). [K/W]"""
    response = np.empty((len(die), len(die)))
    for start in range(0, len(die), 8):
        some = die[start : start + 8]
        maps = np.zeros((len(some), setting.label.size))
        for row, name in zip(maps, some, strict=True):
            row[setting.active[name]] = setting.share[name]
        still = (
            10.0 * maps.reshape(-1, *setting.label.shape) if prepared._boundary_w is None
            else 10.0 * maps.reshape(-1, *setting.label.shape) - prepared._boundary_w
        )  # fmt: skip
        rises = prepared.solve(still, tolerance=TOLERANCE[rung]).temperature_k - prepared.base_k
        for column, field_ in enumerate(rises):
            response[:, start + column] = [_per_watt(setting, name, field_) / 10.0 for name in die]
    return response


def _runaway(
    case: Case, rung: str, setting: _Setting, solved: _Solved, number: int, power: dict[str, _Power], mode: str
) -> Limit:  # fmt: skip
    """The power at which the package just holds still, from the mean temperatures of its die.

    Every die's mean temperature is linear in all die's powers at given conductivities; the last steady state of that
    small system is found exactly (`leakage.fold`), then once more at the conductivities of that state. Slopes are by
    its left null vector, the conductivities held: they are good to some per cent.
    """
    from packfirst.disciplines.thermal import conduction, leakage

    die = [item.id for item in case.package.die]
    items = [power[name] for name in die]
    leak = np.array([item.leakage_w for item in items])
    reference = np.array([item.leaks.reference.value if item.leaks else 300.0 for item in items])
    doubling = np.array([item.leaks.doubling.value if item.leaks else 1.0 for item in items])
    stated = np.array([item.total_w for item in items])
    whole = float(stated.sum())
    prepared = setting.prepared
    conducts_at = np.full(setting.label.shape, setting.linear_k)
    for _ in range(RUNAWAY_ROUNDS):
        response = _die_response(setting, prepared, die, rung)
        zero = prepared.solve(np.zeros(setting.label.shape), tolerance=TOLERANCE[rung]).temperature_k
        still = np.array([_per_watt(setting, name, zero) for name in die])
        fold = leakage.fold(response, still, stated - leak, leak, reference, doubling)
        # The state at the fold as one field.
        at_fold = {
            name: replace(item, total_w=fold.factor * watts, leakage_w=0.0, leaks=None)
            for name, item, watts in zip(die, items, fold.power_w, strict=True)
        }
        used, taken_at = prepared, conducts_at
        field_ = used.solve(_power_map(setting, at_fold), tolerance=TOLERANCE[rung]).temperature_k
        prepared, conducts_at = solved.coupling.nearby_at(field_), field_
    weights = np.zeros(setting.label.size)
    for name, weight in zip(die, fold.weight, strict=True):
        weights[setting.active[name]] += weight * setting.share[name]
    adjoint = conduction.adjoint(
        used, weights.reshape(setting.label.shape), tolerance=ADJOINT_TOLERANCE[rung]
    )
    # Powers at the die's mean temperatures at the fold, each times the factor.
    drawn = {
        name: _grown(item, fold.factor, float(t_k))
        for name, item, t_k in zip(die, items, fold.temperature_k, strict=True)
    }  # fmt: skip
    state = replace(_linear_state(setting, field_), prepared=used, conducts_at_k=taken_at)
    by = _slopes(case, setting, drawn, state, adjoint)
    by_whole = {
        name: sum(item.slopes.get(name, 0.0) for item in items) for item_ in items for name in item_.slopes
    }
    slopes = {name: -whole * slope for name, slope in by.items()}
    for name, slope in by_whole.items():
        slopes[name] = slopes.get(name, 0.0) + (fold.factor - 1.0) * slope
    held = solved.settled[number]
    return Limit(
        identity=Identity(discipline="thermal", kind="runaway", subject="package", mode=mode),
        demand=whole, capacity=whole * fold.factor, unit="W", hard=True, rung=rung, sensitivities=slopes, model=MODEL,
        model_error=RUNAWAY_ERROR * whole * fold.factor,
        basis=(*BASIS, LEAKING, *sorted({case.input(name).source for name in slopes} - {""})),
        explanation=(
            f"in mode {mode} the die draw {whole:.0f} W at the temperature at which powers are stated; with "
            f"{whole * fold.factor:.0f} W their leakage would outgrow what the package takes away"
            + ("" if held else ": no steady temperature exists")
        ),
    )  # fmt: skip


def _grown(item: _Power, factor: float, temperature_k: float) -> _Power:
    """A die's power times a factor with its leakage at one temperature, as plain numbers with plain slopes."""
    slopes = {name: factor * slope for name, slope in item.slopes.items()}
    total = item.total_w
    if item.leaks is not None and item.leakage_w:
        over = (temperature_k - item.leaks.reference.value) / item.leaks.doubling.value
        grown = float(np.exp2(over))
        total += item.leakage_w * (grown - 1.0)
        for name, slope in item.leakage_slopes.items():
            slopes[name] = slopes.get(name, 0.0) + factor * slope * (grown - 1.0)
        by_over = factor * item.leakage_w * grown * float(np.log(2.0)) / item.leaks.doubling.value
        for name, value in ((item.leaks.doubling.id, -by_over * over), (item.leaks.reference.id, -by_over)):
            slopes[name] = slopes.get(name, 0.0) + value
    return replace(item, total_w=factor * total, slopes=slopes, leakage_w=0.0, leakage_slopes={}, leaks=None)
