"""packfirst thermal: temperatures of HotSpot's files, a 3D-ICE stack, or a candidate of a Program."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import EXIT_NOT_ASSESSED, InputError


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
    trace: Annotated[
        Path | None, typer.Option(help="Of a Program: a CSV of watts over time, time_s and kinds of die.")
    ] = None,
    transient: Annotated[
        bool, typer.Option("--transient", help="Of HotSpot's or 3D-ICE's files: march over their own trace.")
    ] = False,
    jedec: Annotated[
        bool,
        typer.Option("--jedec", help="Of a Program: theta-JA, JB, JC and psi-JT, JB of the bare package."),
    ] = False,
    structure: Annotated[
        str | None, typer.Option(metavar="DIE", help="Of a Program: structure function of a die's path.")
    ] = None,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Solve the temperatures of a package, a HotSpot folder or a 3D-ICE stack, and print a table per block."""
    from packfirst.catalog.record import MissingDatum
    from packfirst.cli import thermal_cases as cases

    _check_endings(map_file, volume)
    if not source.exists():
        raise InputError.one(str(source), "is no file or folder")
    other = {"--trace": trace, "--transient": transient, "--jedec": jedec, "--structure": structure}
    asked = [name for name, value in other.items() if value]
    if len(asked) > 1:
        raise InputError.one(" ".join(asked), "ask for one of these at a time")
    if asked and (map_file or volume):
        raise InputError.one(asked[0], "makes no single field: leave --map and --volume out")
    of_program = {
        "key": key is not None,
        "trace": trace is not None,
        "jedec": jedec,
        "structure": bool(structure),
    }
    try:
        if source.is_dir() or source.suffix == ".stk":
            what = "a HotSpot folder" if source.is_dir() else "a 3D-ICE stack"
            _only_for(source, what, rung=rung != "plan", **of_program)
            _only_for(source, what, as_hotspot=as_hotspot and (transient or not source.is_dir()))
            _answer_files(source, grid, as_hotspot, transient, map_file, volume, as_json)
        else:
            _only_for(source, "a Program", as_hotspot=as_hotspot, grid=grid is not None, transient=transient)
            if key is None:
                raise InputError.one(str(source), "a Program needs --key, a candidate as a study lists it")
            if rung not in ("plan", "sign"):
                raise InputError.one("--rung", f"unknown rung {rung!r}: write plan or sign")
            case = cases.case_of(source, key, overlay or ())
            if jedec:
                _answer_jedec(case, as_json)
            elif structure:
                _answer_structure(case, rung, structure, as_json)
            elif trace:
                _answer_trace(case, rung, trace, as_json)
            else:
                _answer(cases.solve_program(case, rung), map_file, volume, as_json)
    except (cases.NotSolved, MissingDatum) as failure:
        print(f"packfirst: not assessed: {failure}", file=sys.stderr)
        raise typer.Exit(EXIT_NOT_ASSESSED) from None


def _answer_files(
    source: Path, grid: int | None, as_hotspot: bool, transient: bool, map_file: Path | None, volume: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    from packfirst.cli import thermal_cases as cases
    from packfirst.cli import thermal_traces as traces

    if transient:
        _say_trace((traces.trace_hotspot if source.is_dir() else traces.trace_ice)(source, grid), as_json)
    elif source.is_dir():
        _answer(cases.solve_hotspot(source, grid, as_hotspot), map_file, volume, as_json)
    else:
        _answer(cases.solve_ice(source, grid), map_file, volume, as_json)


def _answer(found: Any, map_file: Path | None, volume: Path | None, as_json: bool) -> None:
    from packfirst.cli.files import to_json
    from packfirst.cli.thermal_maps import write_map, write_volume
    from packfirst.cli.thermal_tables import field_record, print_field

    written = [write_map(map_file, found)] if map_file else []
    written += [write_volume(volume, found)] if volume else []
    if as_json:
        typer.echo(to_json(field_record(found)))
        return
    print_field(found)
    for line in written:
        typer.echo(line)


def _answer_trace(case: Any, rung: str, trace: Path, as_json: bool) -> None:
    from packfirst.cli.thermal_traces import trace_program

    _say_trace(trace_program(case, rung, trace), as_json)


def _say_trace(found: Any, as_json: bool) -> None:
    from packfirst.cli.files import to_json
    from packfirst.cli.thermal_tables import print_trace, trace_record

    if as_json:
        typer.echo(to_json(trace_record(found)))
    else:
        print_trace(found)


def _answer_jedec(case: Any, as_json: bool) -> None:
    from packfirst.cli.files import to_json
    from packfirst.cli.thermal_paths import jedec_of
    from packfirst.cli.thermal_tables import metrics_record, print_metrics

    found, model = jedec_of(case), case.architecture.candidate.describe()
    if as_json:
        typer.echo(to_json(metrics_record(model, found)))
    else:
        print_metrics(model, found)


def _answer_structure(case: Any, rung: str, die: str, as_json: bool) -> None:
    from packfirst.cli.files import to_json
    from packfirst.cli.thermal_paths import structure_of
    from packfirst.cli.thermal_tables import print_structure, structure_record

    time_s, z_th, ladder = structure_of(case, rung, die)
    if as_json:
        typer.echo(to_json(structure_record(die, time_s, z_th, ladder)))
    else:
        print_structure(die, z_th, ladder)


def _only_for(source: Path, what: str, **given: bool) -> None:
    """Refuses options that mean nothing for this kind of input."""
    for name, present in given.items():
        if present:
            raise InputError.one(str(source), f"--{name.replace('_', '-')} means nothing for {what}")


def _check_endings(map_file: Path | None, volume: Path | None) -> None:
    for path, endings in ((map_file, (".csv", ".png")), (volume, (".vtr", ".vti"))):
        if path is not None and path.suffix not in endings:
            raise InputError.one(str(path), f"the name must end in {' or '.join(endings)}")
