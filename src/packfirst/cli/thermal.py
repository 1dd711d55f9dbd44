"""packfirst thermal: temperatures of HotSpot's files, a 3D-ICE stack, or a candidate of a Program."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import EXIT_NOT_ASSESSED, InputError

if TYPE_CHECKING:
    from packfirst.cli.thermal_cases import Solved

ZERO_C_K = 273.15
JSON_FORMAT = 1
_PIXELS = 768  # of the longer side of a map


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command()(thermal)


def thermal(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT",
            show_default=False,
            help="A folder of HotSpot files, a 3D-ICE .stk, or a Program.",
        ),
    ],
    key: Annotated[str | None, typer.Option(help="Candidate of a Program, as a study lists it.")] = None,
    as_hotspot: Annotated[
        bool, typer.Option("--as-hotspot", help="HotSpot's own network instead of the true geometry.")
    ] = False,
    grid: Annotated[int | None, typer.Option(min=1, max=4096, help="Cells a side on the die.")] = None,
    rung: Annotated[str, typer.Option(help="Of a Program: plan or sign.")] = "plan",
    map_file: Annotated[
        Path | None, typer.Option("--map", help="Write the cut through the hottest cell: .csv or .png.")
    ] = None,
    volume: Annotated[
        Path | None, typer.Option(help="Write the field for ParaView: .vtr, or .vti where cells are even.")
    ] = None,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Solve the temperatures of a package, a HotSpot folder or a 3D-ICE stack, and print a table per block."""
    from packfirst.cli import thermal_cases as cases
    from packfirst.cli.files import to_json

    _check_endings(map_file, volume)
    if not source.exists():
        raise InputError.one(str(source), "is no file or folder")
    try:
        if source.is_dir():
            _only_for(source, "a HotSpot folder", key=key is not None, rung=rung != "plan")
            found = cases.solve_hotspot(source, grid, as_hotspot)
        elif source.suffix == ".stk":
            _only_for(
                source, "a 3D-ICE stack", key=key is not None, rung=rung != "plan", as_hotspot=as_hotspot
            )
            found = cases.solve_ice(source, grid)
        else:
            _only_for(source, "a Program", as_hotspot=as_hotspot, grid=grid is not None)
            if key is None:
                raise InputError.one(str(source), "a Program needs --key, a candidate as a study lists it")
            if rung not in ("plan", "sign"):
                raise InputError.one("--rung", f"unknown rung {rung!r}: write plan or sign")
            found = cases.solve_program(source, key, rung, overlay or ())
    except cases.NotSolved as failure:
        print(f"packfirst: not assessed: {failure}", file=sys.stderr)
        raise typer.Exit(EXIT_NOT_ASSESSED) from None
    written = [_write_map(map_file, found)] if map_file else []
    written += [_write_volume(volume, found)] if volume else []
    if as_json:
        typer.echo(to_json(_record(found)))
    else:
        _print(found)
        for line in written:
            typer.echo(line)


def _only_for(source: Path, what: str, **given: bool) -> None:
    """Refuses options that mean nothing for this kind of input."""
    for name, present in given.items():
        if present:
            raise InputError.one(str(source), f"--{name.replace('_', '-')} means nothing for {what}")


def _check_endings(map_file: Path | None, volume: Path | None) -> None:
    for path, endings in ((map_file, (".csv", ".png")), (volume, (".vtr", ".vti"))):
        if path is not None and path.suffix not in endings:
            raise InputError.one(str(path), f"the name must end in {' or '.join(endings)}")


def _record(found: "Solved") -> dict[str, Any]:
    rows = [
        {
            "layer": row.layer, "block": row.block, "mode": row.mode, "power_w": row.power_w,
            "mean_degc": row.mean_k - ZERO_C_K, "max_degc": row.max_k - ZERO_C_K,
        }
        for row in found.rows
    ]  # fmt: skip
    return {
        "format": JSON_FORMAT, "model": found.model, "blocks": rows, "power_w": found.power_w,
        "cells": list(found.temperature_k.shape), "max_degc": float(found.temperature_k[found.solid].max()) - ZERO_C_K,
        "balance": found.balance, "residual": found.residual, "iterations": found.iterations,
    }  # fmt: skip


def _print(found: "Solved") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    console.print(found.model, markup=False)
    shown = [name for name in ("layer", "block", "mode") if any(asdict(row)[name] for row in found.rows)]
    heads = ["die" if name == "layer" and "block" not in shown else name for name in shown]
    table = Table(*heads, "power W", "mean degC", "max degC", box=None, pad_edge=False)
    for row in found.rows:
        words = asdict(row)
        table.add_row(
            *(words[name] for name in shown), f"{row.power_w:.4g}", f"{row.mean_k - ZERO_C_K:.2f}",
            f"{row.max_k - ZERO_C_K:.2f}",
        )  # fmt: skip
    console.print(table)
    cells = " x ".join(map(str, found.temperature_k.shape))
    how = f"{found.iterations} iterations" if found.iterations else "solved directly"
    console.print(
        f"{found.power_w:.6g} W; {cells} cells, {how}, residual {found.residual:.1e}, "
        f"heat balance {found.balance:.1e}"
    )


def _cut(found: "Solved") -> tuple[int, Any, Any, Any]:
    """The cell layer with the hottest cell as far as it holds bodies.

    Its number, its temperatures in degC (NaN where nothing is), and the edges of its cells along x and y.
    """
    import numpy as np

    field = np.where(found.solid, found.temperature_k - ZERO_C_K, -np.inf)
    level = int(np.unravel_index(np.argmax(field), field.shape)[2])
    there = found.solid[:, :, level]
    spans = []
    for axis in (0, 1):
        cells = np.flatnonzero(there.any(axis=1 - axis))
        spans.append(slice(int(cells[0]), int(cells[-1]) + 1))
    plane = np.where(there, field[:, :, level], np.nan)[spans[0], spans[1]]
    x, y = (edges[span.start : span.stop + 1] for edges, span in zip(found.edges_m[:2], spans, strict=True))
    return level, plane, x, y


def _write_map(path: Path, found: "Solved") -> str:
    import numpy as np

    from packfirst.cli.files import write_whole

    level, plane, x, y = _cut(found)
    z = found.edges_m[2]
    low, high = float(np.nanmin(plane)), float(np.nanmax(plane))
    where = (
        f"cut at z = {500.0 * (z[level] + z[level + 1]):.4g} mm{f', mode {found.mode}' if found.mode else ''}"
    )
    said = f"Map: {path.resolve()} ({where}, {low:.2f} to {high:.2f} degC)"
    if path.suffix == ".csv":
        middle_x, middle_y = 500.0 * (x[1:] + x[:-1]), 500.0 * (y[1:] + y[:-1])
        lines = [",".join(["degC at y_mm down; x_mm across", *(f"{v:.6g}" for v in middle_x)])]
        for j in reversed(range(len(middle_y))):
            cells = ("" if np.isnan(v) else f"{v:.4f}" for v in plane[:, j])
            lines.append(",".join([f"{middle_y[j]:.6g}", *cells]))
        write_whole(path, "\n".join(lines) + "\n")
        return said
    from packfirst.formats.png import png_bytes

    image = _image(plane, x, y, low, high)
    text = {
        "Title": "packfirst thermal",
        "Description": f"{where}; colours from {low:.2f} to {high:.2f} degC",
    }
    try:
        path.write_bytes(png_bytes(image, text))
    except OSError as error:
        raise InputError.one(str(path), f"cannot be written: {error.strerror}") from None
    return said


def _image(plane: Any, x: Any, y: Any, low: float, high: float) -> Any:
    """Seen from above, y upwards, true to scale; the scale of colours stands on the right, hot above."""
    import numpy as np

    from packfirst.report.colors import heat_scale

    scale = np.array(heat_scale(), dtype=np.uint8)
    wide, tall = x[-1] - x[0], y[-1] - y[0]
    pixel = max(wide, tall) / _PIXELS
    columns, rows = max(1, round(wide / pixel)), max(1, round(tall / pixel))
    at_x = np.searchsorted(x, x[0] + wide * (np.arange(columns) + 0.5) / columns) - 1
    at_y = np.searchsorted(y, y[0] + tall * (np.arange(rows) + 0.5) / rows) - 1
    seen = plane[np.ix_(at_x, at_y)].T[::-1]
    share = (np.nan_to_num(seen, nan=low) - low) / ((high - low) or 1.0)
    picture = scale[np.round(share * (len(scale) - 1)).astype(int)]
    picture[np.isnan(seen)] = 255
    bar = scale[np.round(np.linspace(len(scale) - 1, 0, rows)).astype(int)]
    return np.concatenate(
        [picture, np.full((rows, 16, 3), 255, dtype=np.uint8), np.repeat(bar[:, None], 24, axis=1)], axis=1
    )


def _write_volume(path: Path, found: "Solved") -> str:
    from packfirst.cli.files import write_whole
    from packfirst.formats.vtk import volume_text

    try:
        text = volume_text(
            path.suffix[1:], found.edges_m, {"temperature_degC": found.temperature_k - ZERO_C_K}, found.solid
        )
    except ValueError as error:
        raise InputError.one(str(path), str(error)) from None
    write_whole(path, text)
    return f"Volume: {path.resolve()}"
