"""From the files that `packfirst thermal` is given to a solved field and a table of blocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.thermal.block_power import on_grid
from packfirst.errors import InputError
from packfirst.formats.hotspot import read_hotspot
from packfirst.formats.hotspot_records import Hotspot
from packfirst.formats.ice import read_stack
from packfirst.formats.ice_records import Sink

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One block of a layer, or one die, in one mode."""

    layer: str  # or the die
    block: str
    mode: str
    power_w: float
    mean_k: float
    max_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """A field with its proof, on a rectilinear grid, and what a table of it says."""

    model: str
    rows: tuple[Row, ...]
    edges_m: tuple[Floats, Floats, Floats]
    temperature_k: Floats  # (nx, ny, nz), of the hottest mode
    solid: NDArray[np.bool_]
    mode: str  # whose field it is
    power_w: float
    balance: float
    residual: float
    iterations: int  # 0 where the solution is direct


class NotSolved(Exception):
    """The field could not be solved to its tolerance, or heat has no way out."""


def solve_hotspot(folder: Path, grid: int | None, as_network: bool) -> Solved:
    """A folder of HotSpot files, as the geometry that it describes or as HotSpot's own network."""
    files = read_hotspot(folder)
    return _network(files, grid) if as_network else _geometry(files, grid)


def network_of(files: Hotspot, grid: int | None) -> Any:
    """HotSpot's files as sizes and conductivities, on their own grid or on `grid` cells a side."""
    from packfirst.disciplines.thermal.hotspot_network import Network, Plate

    width, height = files.size_m
    return Network(
        width_m=width, height_m=height, columns=grid or files.columns, rows=grid or files.rows,
        thickness_m=[layer.thickness_m for layer in files.layers],
        conductivity_w_per_m_k=[layer.conductivity_w_per_m_k for layer in files.layers],
        lateral=[layer.lateral for layer in files.layers],
        spreader=Plate(
            side_m=files.spreader.side_m, thickness_m=files.spreader.thickness_m,
            conductivity_w_per_m_k=files.spreader.conductivity_w_per_m_k,
        ),
        sink=Plate(
            side_m=files.sink.side_m, thickness_m=files.sink.thickness_m,
            conductivity_w_per_m_k=files.sink.conductivity_w_per_m_k,
        ),
        r_convec_k_per_w=files.r_convec_k_per_w, ambient_k=files.ambient_k,
    )  # fmt: skip


def _block_powers(files: Hotspot, layer: int) -> list[float]:
    mean = files.trace.mean_w
    return [mean[block.name] for block in files.layers[layer].floorplan.blocks]


def _network(files: Hotspot, grid: int | None) -> Solved:
    from packfirst.disciplines.thermal import hotspot_network

    network = network_of(files, grid)
    if not max(files.size_m) < files.spreader.side_m < files.sink.side_m:
        raise InputError.one(
            files.folder, "HotSpot's network needs a spreader larger than the die, and a sink larger still"
        )
    x = np.linspace(0.0, network.width_m, network.columns + 1)
    y = np.linspace(0.0, network.height_m, network.rows + 1)
    blocks = [on_grid(layer.floorplan.rectangles_m, x, y) for layer in files.layers]
    power = np.zeros((len(blocks), network.columns, network.rows))
    for number, layer in enumerate(files.layers):
        if layer.powered:
            power[number] = blocks[number].power_map(_block_powers(files, number))
    try:
        found = hotspot_network.solve(network, power)
    except ArithmeticError as error:
        raise NotSolved(str(error)) from None
    rows = [
        Row(layer=layer.name, block=block.name, mode="", power_w=watts, mean_k=float(mean), max_k=float(most))
        for number, layer in enumerate(files.layers)
        if layer.powered
        for block, watts, mean, most in zip(
            layer.floorplan.blocks, _block_powers(files, number),
            blocks[number].cell_means(found.temperature_k[number]),
            blocks[number].maxima(found.temperature_k[number]), strict=True,
        )
    ]  # fmt: skip
    thickness = [layer.thickness_m for layer in files.layers]
    z = np.concatenate([[0.0], np.cumsum([*thickness, files.spreader.thickness_m, files.sink.thickness_m])])
    field = np.ascontiguousarray(found.temperature_k.transpose(1, 2, 0))
    return Solved(
        model="HotSpot's own network: spreader and sink lumped beyond the die", rows=tuple(rows), edges_m=(x, y, z),
        temperature_k=field, solid=np.ones(field.shape, dtype=np.bool_), mode="", power_w=float(power.sum()),
        balance=found.balance, residual=found.residual, iterations=found.iterations,
    )  # fmt: skip


def _geometry(files: Hotspot, grid: int | None) -> Solved:
    from packfirst.disciplines.thermal.plates import hotspot_geometry

    stack = hotspot_geometry(network_of(files, grid), [layer.powered for layer in files.layers])
    mesh = stack.problem.mesh
    power = np.zeros(mesh.shape)
    blocks = {
        number: on_grid(layer.floorplan.rectangles_m, mesh.x_m, mesh.y_m)
        for number, layer in enumerate(files.layers)
        if layer.powered
    }
    for number, block_grid in blocks.items():
        power[:, :, stack.first[number]] = block_grid.power_map(_block_powers(files, number))
    solution = _solve(stack.problem, power)
    field = solution.temperature_k
    rows = []
    for number, block_grid in blocks.items():
        face = field[:, :, stack.first[number]]
        layer = files.layers[number]
        for block, watts, mean, most in zip(
            layer.floorplan.blocks, _block_powers(files, number), block_grid.means(face), block_grid.maxima(face),
            strict=True,
        ):  # fmt: skip
            rows.append(
                Row(
                    layer=layer.name,
                    block=block.name,
                    mode="",
                    power_w=watts,
                    mean_k=float(mean),
                    max_k=float(most),
                )
            )
    return _solved(
        "HotSpot's files as true geometry: spreader and sink resolved, heat set free at each layer's lower face",
        rows, stack.problem, power, solution,
    )  # fmt: skip


def solve_ice(path: Path, grid: int | None) -> Solved:
    """A 3D-ICE stack, one cell through each layer, on its own lateral grid or on `grid` cells a side."""
    from packfirst.disciplines.thermal import even_layers

    files = read_stack(path)
    nx, ny = (grid, grid) if grid else files.cells
    x, y = np.linspace(0.0, files.length_m, nx + 1), np.linspace(0.0, files.width_m, ny + 1)
    upward = files.slabs[::-1]
    laid = {
        (level, element.name): on_grid(element.rectangles_m, x, y)
        for level, slab in enumerate(upward)
        for element in slab.elements
    }
    power = np.zeros((len(upward), nx, ny))
    for level, slab in enumerate(upward):
        for element in slab.elements:
            blocks = laid[level, element.name]
            power[level] += blocks.power_map(element.power_w * blocks.area_m2 / blocks.area_m2.sum())
    thickness = [slab.thickness_m for slab in upward]
    found = even_layers.solve(
        files.length_m, files.width_m, thickness, [slab.conductivity_w_per_m_k for slab in upward], power,
        _face(files.bottom), _face(files.top),
    )  # fmt: skip
    rows = []
    for level in reversed(range(len(upward))):
        plane = found.temperature_k[level]
        for element in upward[level].elements:
            blocks = laid[level, element.name]
            rows.append(
                Row(
                    layer=upward[level].name, block=element.name, mode="", power_w=element.power_w,
                    mean_k=float(np.average(blocks.means(plane), weights=blocks.area_m2)),
                    max_k=float(blocks.maxima(plane).max()),
                )
            )  # fmt: skip
    field = np.ascontiguousarray(found.temperature_k.transpose(1, 2, 0))
    return Solved(
        model="3D-ICE's solid stack: one cell through each layer", rows=tuple(rows),
        edges_m=(x, y, np.concatenate([[0.0], np.cumsum(thickness)])), temperature_k=field,
        solid=np.ones(field.shape, dtype=np.bool_), mode="", power_w=float(power.sum()), balance=found.balance,
        residual=found.residual, iterations=0,
    )  # fmt: skip


def _face(sink: Sink | None) -> Any:
    from packfirst.disciplines.thermal.even_layers import Face

    return Face(h_w_per_m2_k=sink.film_w_per_m2_k, t_k=sink.temperature_k) if sink else Face()


def _solve(problem: Any, power: Floats) -> Any:
    from packfirst.disciplines.thermal import conduction

    try:
        return conduction.solve(problem, power)
    except (conduction.NotConverged, conduction.NoPathOut) as failure:
        raise NotSolved(str(failure)) from None


def _solved(model: str, rows: Sequence[Row], problem: Any, power: Floats, solution: Any) -> Solved:
    mesh = problem.mesh
    return Solved(
        model=model, rows=tuple(rows), edges_m=(mesh.x_m, mesh.y_m, mesh.z_m), temperature_k=solution.temperature_k,
        solid=problem.solid, mode="", power_w=float(power.sum()), balance=float(solution.balance.max()),
        residual=float(solution.residual.max()), iterations=int(solution.iterations.max()),
    )  # fmt: skip


def case_of(program: Path, key: str, overlays: Sequence[Path]) -> Any:
    """A candidate of a Program by its key, elaborated.

    Raises
    ------
    InputError
        No such candidate.
    """
    from packfirst.architecture.architecture import build
    from packfirst.architecture.candidate import find, space
    from packfirst.architecture.elaborate import elaborate
    from packfirst.cli.files import read
    from packfirst.disciplines.case import Case

    found, catalog = read(program, overlays)
    candidate = find(space(found, catalog), key)
    if candidate is None:
        raise InputError.one(str(program), f"has no candidate {key!r}; a study lists their keys")
    architecture = build(found, catalog, candidate)
    return Case(
        program=found, catalog=catalog, architecture=architecture, package=elaborate(architecture, catalog)
    )


def solve_program(case: Any, rung: str) -> Solved:
    """A candidate in all its modes, with the power that its links add; the field of the hottest one."""
    from packfirst.assess import assess_package
    from packfirst.disciplines import registry

    every = registry.disciplines()
    last = [item.name for item in every].index("thermal")
    assessment = assess_package(
        case.program, case.catalog, case.architecture, case.package, rung=rung, disciplines=every[: last + 1]
    )
    outcome = assessment.outcomes["thermal"]
    details: dict[str, Any] = dict(outcome.details)
    if not details:
        missing = [name for item in outcome.limits for name in getattr(item, "missing", ())]
        raise NotSolved(", ".join(missing) or "the thermal discipline gave no field")
    rows = tuple(
        Row(layer=die, block="", mode=mode, power_w=watts, mean_k=mean, max_k=peak)
        for die, mode, watts, peak, mean in details["die"]
    )
    fields, mesh = np.asarray(details["temperature_k"]), details["mesh"]
    solid = np.asarray(details["label"]) >= 0
    modes = list(case.program.modes)
    hottest = int(np.argmax([field[solid].max() for field in fields]))
    return Solved(
        model=f"{case.architecture.candidate.describe()}; rung {rung}", rows=rows,
        edges_m=(mesh.x_m, mesh.y_m, mesh.z_m), temperature_k=fields[hottest], solid=solid, mode=modes[hottest],
        power_w=sum(row.power_w for row in rows if row.mode == modes[hottest]),
        balance=max(details["balance"]), residual=max(details["residual"]), iterations=max(details["iterations"]),
    )  # fmt: skip
