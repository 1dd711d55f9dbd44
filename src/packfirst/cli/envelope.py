"""packfirst limits and check: the Envelope of a study's package, and the gate that holds die to it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from packfirst.cli.catalog import AsJson
from packfirst.errors import EXIT_DONE, EXIT_INFEASIBLE, InputError

if TYPE_CHECKING:
    from packfirst.explore.records import StudyRecord


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command("limits")(limits)
    app.command("check")(check)


def limits(
    study: Annotated[Path, typer.Argument(help="Study folder.", show_default=False)],
    key: Annotated[str | None, typer.Option(help="Candidate; default the leader.")] = None,
    keep: Annotated[
        str | None, typer.Option(help="Two keys, A,B: the Envelope that keeps both packages open.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write; default envelope.yaml in the folder.")
    ] = None,
) -> None:
    """Turn a study's package into the limits of its die."""
    from packfirst.cli.files import write_whole
    from packfirst.envelope.envelope import kept_open
    from packfirst.envelope.files import envelope_text
    from packfirst.explore.store import read_study

    record = read_study(study)
    keys = [item.strip() for item in keep.split(",")] if keep else [key or _leader(record, study)]
    if keep and len(keys) != 2:
        raise InputError.one(
            "--keep", f"{keep!r}: write two keys of candidates, for example 33374012f4,579952d889"
        )
    found = [_envelope(study, name) for name in keys]
    try:
        result = found[0] if len(found) == 1 else kept_open(*found)
    except ValueError as error:
        raise InputError.one("--keep", str(error)) from None
    target = out or study / "envelope.yaml"
    write_whole(target, envelope_text(result))
    typer.echo(f"{result.describe}")
    for die in result.die:
        most = ", ".join(f"{mode} {watts:.3g} W" for mode, watts in die.most_w.items())
        typer.echo(
            f"  {die.group}: {die.count} of {die.width_m * 1e3:.1f} x {die.height_m * 1e3:.1f} mm, area "
            f"{die.area_least_m2 * 1e6:.0f} to {die.area_most_m2 * 1e6:.0f} mm2; at most {most}"
        )
    if len(found) == 2:
        _say_doors(record, keys, found)
    typer.echo(f"Envelope: {target.resolve()}")


def _leader(record: "StudyRecord", study: Path) -> str:
    best = record["best"]
    if not best:
        raise InputError.one(str(study), "has no feasible candidate; name one with --key")
    return str(best[0]["key"])


def _envelope(study: Path, key: str):  # type: ignore[no-untyped-def]
    from packfirst.architecture.candidate import find, space
    from packfirst.assess import assess
    from packfirst.cli.files import read
    from packfirst.disciplines.case import Case
    from packfirst.envelope.envelope import envelope

    file = study / "program.yaml"
    if not file.is_file():
        raise InputError.one(
            str(file), "is missing: explore keeps the Program here; run it again into this folder"
        )
    program, catalog = read(file, sorted((study / "overlays").glob("*.yaml")))
    candidate = find(space(program, catalog), key)
    if candidate is None:
        raise InputError.one(str(study), f"has no candidate {key!r}; its report lists their keys")
    found = assess(program, catalog, candidate)
    case = Case(program=program, catalog=catalog, architecture=found.architecture, package=found.package)
    return envelope(case, found)


def _say_doors(record: "StudyRecord", keys: list[str], found: list) -> None:  # type: ignore[type-arg]
    """What keeping both packages open costs the die: what each alone would have allowed."""
    candidates = {item["key"]: item for item in record["candidates"]}
    for name, alone in zip(keys, found, strict=True):
        metrics = candidates.get(name, {}).get("metrics", {})
        cost = f", {metrics['cost']['value']:,.0f} USD a part" if "cost" in metrics else ""
        typer.echo(f"  door {name}{cost}: {alone.describe}")
        for die in alone.die:
            most = ", ".join(f"{mode} {watts:.3g} W" for mode, watts in die.most_w.items())
            typer.echo(f"    {die.group} alone at most {most}")
    typer.echo(
        "  A door closes when the die team leaves its window; the die of both stay equal until tape-out."
    )


def check(
    envelope: Annotated[Path, typer.Argument(help="Envelope file.", show_default=False)],
    die: Annotated[list[Path], typer.Argument(help="Die snapshots.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Hold die snapshots to an Envelope: a gate for CI."""
    from dataclasses import asdict

    from packfirst.cli.files import to_json
    from packfirst.envelope.check import check as run
    from packfirst.envelope.files import load_envelope, load_snapshot

    held_to = load_envelope(envelope)
    findings = run(held_to, [load_snapshot(path, held_to) for path in die])
    failed = [item for item in findings if not item.holds]
    if as_json:
        typer.echo(to_json([asdict(item) for item in findings]))
    else:
        for item in findings:
            mode = f" in {item.mode}" if item.mode else ""
            line = f"{'holds ' if item.holds else 'FAILS '} {item.die}: {item.what}{mode}: {item.value:.4g} {item.unit}"
            typer.echo(
                f"{line}, limit {item.limit:.4g} {item.unit}" + (f"; {item.lever}" if item.lever else "")
            )
        typer.echo(f"{len(findings)} figures, {len(failed)} outside their window")
    raise typer.Exit(EXIT_INFEASIBLE if failed else EXIT_DONE)
