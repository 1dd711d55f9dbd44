"""Temperatures over a power trace: HotSpot's and 3D-ICE's own, or a CSV for a candidate; peak and swing per block."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packfirst.cli.thermal_cases import NotSolved
from packfirst.errors import InputError, nearest

Floats = NDArray[np.float64]

# Error per step in the worst cell, as a share of the largest rise that the trace's highest power would settle at.
RESOLUTION = 3e-3
TRACE_KELVIN = 0.02  # and no finer than this


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One block or die over the trace."""

    name: str
    start_k: float
    peak_k: float
    peak_at_s: float
    swing_k: float  # highest less lowest of its hottest spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A trace's answer with its proof.

    Attributes
    ----------
    time_s, hottest_k : ndarray, shapes (n,), (n, blocks)
        Of every step that the solver took.
    imbalance : float
        Heat in less heat out less heat stored, over the largest of the three.
    """

    model: str
    rows: tuple[Watched, ...]
    time_s: Floats
    hottest_k: Floats
    cells: tuple[int, int, int]
    steps: int
    rejected: int
    imbalance: float


def run(
    model: str,
    problem: Any,
    capacity_j_per_k: Floats,
    names: Sequence[str],
    hottest: Callable[[Floats], Floats],
    times_s: Floats,
    power_w: Callable[[int], Floats],
    initial_k: float | None = None,
) -> Traced:
    """Marches a problem over spans of constant power.

    Parameters
    ----------
    hottest : callable
        Field to the hottest spot of each name.
    initial_k : float, optional
        Temperature everywhere at the start; left out, the trace starts where its mean power settles.

    Raises
    ------
    NotSolved
    """
    from packfirst.disciplines.thermal import conduction, transient

    spans = len(times_s) - 1
    lengths = np.diff(times_s)
    mean = sum(power_w(n) * lengths[n] for n in range(spans)) / lengths.sum()
    try:
        prepared = conduction.prepare(problem)
        settled = prepared.solve(mean).temperature_k
        rise = float(settled.max()) - prepared.base_k
        print(f"marching over {spans} spans on {settled.size} cells ...", file=sys.stderr, flush=True)
        history = transient.march(
            problem, capacity_j_per_k, times_s, power_w, hottest,
            initial_k=settled if initial_k is None else initial_k, tolerance_k=max(RESOLUTION * rise, TRACE_KELVIN),
            tolerance=1e-6,
        )  # fmt: skip
    except (conduction.NotConverged, conduction.NoPathOut, transient.StepFailed) as failure:
        raise NotSolved(str(failure)) from None
    seen = history.watched
    rows = tuple(
        Watched(
            name=name, start_k=float(seen[0, n]), peak_k=float(seen[:, n].max()),
            peak_at_s=float(history.time_s[int(np.argmax(seen[:, n]))]), swing_k=float(np.ptp(seen[:, n])),
        )
        for n, name in enumerate(names)
    )  # fmt: skip
    return Traced(
        model=model, rows=rows, time_s=history.time_s, hottest_k=seen, cells=problem.mesh.shape,
        steps=len(history.time_s) - 1, rejected=history.rejected, imbalance=history.imbalance,
    )  # fmt: skip


def trace_hotspot(folder: Path, grid: int | None) -> Traced:
    """A HotSpot folder over its own trace, as true geometry; the sink's convection has no capacity of its own."""
    from packfirst.cli.thermal_cases import network_of
    from packfirst.disciplines.thermal.block_power import on_grid
    from packfirst.disciplines.thermal.plates import hotspot_geometry
    from packfirst.formats.hotspot import read_hotspot

    files = read_hotspot(folder)
    capacity = [layer.capacity_j_per_m3_k for layer in files.layers]
    capacity += [files.spreader.capacity_j_per_m3_k, files.sink.capacity_j_per_m3_k]
    stack = hotspot_geometry(
        network_of(files, grid), [layer.powered for layer in files.layers], capacity
    )  # fmt: skip
    mesh = stack.problem.mesh
    layers = [n for n, layer in enumerate(files.layers) if layer.powered]
    blocks = {n: on_grid(files.layers[n].floorplan.rectangles_m, mesh.x_m, mesh.y_m) for n in layers}
    names = [block.name for n in layers for block in files.layers[n].floorplan.blocks]
    column = {name: at for at, name in enumerate(files.trace.names)}

    def power(span: int) -> Floats:
        found = np.zeros(mesh.shape)
        for n in layers:
            watts = [files.trace.power_w[span, column[b.name]] for b in files.layers[n].floorplan.blocks]
            found[:, :, stack.first[n]] = blocks[n].power_map(watts)
        return found

    def hottest(field: Floats) -> Floats:
        return np.concatenate([blocks[n].maxima(field[:, :, stack.first[n]]) for n in layers])

    times = np.asarray(files.trace.interval_s * np.arange(len(files.trace.power_w) + 1.0), dtype=np.float64)
    return run(
        "HotSpot's files as true geometry over their trace", stack.problem, stack.capacity_j_per_k, names, hottest,
        times, power,
    )  # fmt: skip


def trace_ice(path: Path, grid: int | None) -> Traced:
    """A 3D-ICE stack over its slots, one cell through each layer."""
    from packfirst.disciplines.thermal.block_power import on_grid
    from packfirst.disciplines.thermal.conduction import Problem
    from packfirst.disciplines.thermal.mesh import Mesh
    from packfirst.formats.ice import read_stack
    from packfirst.formats.ice_records import Sink

    files = read_stack(path)
    if files.slots is None:
        raise InputError.one(
            str(path), "its solver is steady: write 'transient step ..., slot ... ;' for a trace"
        )
    upward = files.slabs[::-1]
    nx, ny = (grid, grid) if grid else files.cells
    mesh = Mesh(
        x_m=np.linspace(0.0, files.length_m, nx + 1), y_m=np.linspace(0.0, files.width_m, ny + 1),
        z_m=np.concatenate([[0.0], np.cumsum([slab.thickness_m for slab in upward])]),
    )  # fmt: skip
    k = np.broadcast_to([slab.conductivity_w_per_m_k for slab in upward], mesh.shape)
    above, below = (
        sink or Sink(film_w_per_m2_k=0.0, temperature_k=300.0) for sink in (files.top, files.bottom)
    )
    problem = Problem(
        mesh=mesh, kx=k, ky=k, kz=k, h_top=np.asarray(above.film_w_per_m2_k), t_top_k=above.temperature_k,
        h_bottom=np.asarray(below.film_w_per_m2_k), t_bottom_k=below.temperature_k,
    )  # fmt: skip
    capacity = np.array([slab.capacity_j_per_m3_k for slab in upward]) * mesh.volume_m3
    placed = [
        (level, element, on_grid(element.rectangles_m, mesh.x_m, mesh.y_m))
        for level, slab in enumerate(upward)
        for element in slab.elements
    ]

    def power(span: int) -> Floats:
        found = np.zeros(mesh.shape)
        for level, element, blocks in placed:
            area = blocks.area_m2
            found[:, :, level] += blocks.power_map(element.powers_w[span] * area / area.sum())
        return found

    def hottest(field: Floats) -> Floats:
        return np.array([blocks.maxima(field[:, :, level]).max() for level, _, blocks in placed])

    count = len(placed[0][1].powers_w)
    return run(
        "3D-ICE's stack over its slots", problem, capacity, [element.name for _, element, _ in placed], hottest,
        np.asarray(files.slots.slot_s * np.arange(count + 1.0), dtype=np.float64), power,
        initial_k=files.slots.initial_k,
    )  # fmt: skip


def trace_program(case: Any, rung: str, trace: Path) -> Traced:
    """A candidate over a CSV of watts per kind of die or per die, as `formats.power_trace` reads it."""
    from packfirst.disciplines.thermal import capacities, limits
    from packfirst.formats.power_trace import read_power_trace

    found = read_power_trace(trace)
    package = case.package
    groups = list(dict.fromkeys(die.group for die in package.die))
    every = {die.id: [die.id] for die in package.die}
    every |= {group: [die.id for die in package.die if die.group == group] for group in groups}
    for name in found.names:
        if name not in every:
            raise InputError.one(
                str(trace), f"power outside any die: no die or kind of die {name!r}; {nearest(name, list(every))}",
                line=1,
            )  # fmt: skip
    setting = limits.setting_of(case, rung)
    problem = setting.prepared.problem
    per_volume = np.array(
        [capacities.capacity_j_per_m3_k(b, package.field_of(b.id), case.catalog) for b in package.bodies]
        + [0.0]
    )
    capacity = per_volume[setting.label] * problem.mesh.volume_m3

    def power(span: int) -> Floats:
        heat = np.zeros(setting.label.size)
        for column, name in enumerate(found.names):
            for die in every[name]:
                heat[setting.active[die]] += found.power_w[span, column] * setting.share[die]
        return heat.reshape(setting.label.shape)

    def hottest(field: Floats) -> Floats:
        return np.array([field.ravel()[setting.active[die.id]].max() for die in package.die])

    return run(
        f"{case.architecture.candidate.describe()}; rung {rung}, watts per die of {trace.name}", problem, capacity,
        [die.id for die in package.die], hottest, found.time_s, power,
    )  # fmt: skip
