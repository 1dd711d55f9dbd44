"""packfirst catalog: list, show and check the sourced data."""

from pathlib import Path
from typing import Annotated

import typer

from packfirst.errors import EXIT_BAD_INPUT

app = typer.Typer(help="The sourced data: list, show, check.")
Overlays = Annotated[
    list[Path] | None,
    typer.Option("--overlay", help="Your own records over the catalog's; may be given again."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback(invoke_without_command=True)
def _root(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(EXIT_BAD_INPUT)


@app.command("list")
def list_records(
    kind: Annotated[str | None, typer.Argument(help="Kind of record; without it the kinds.")] = None,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """List the kinds of record, or the records of one kind."""
    from packfirst.catalog import load_catalog
    from packfirst.cli.files import to_json
    from packfirst.errors import InputError, nearest

    catalog = load_catalog(overlay or ())
    if kind is None:
        counts = {name: len(catalog.ids(name)) for name in catalog.kinds}
        typer.echo(
            to_json(counts) if as_json else "\n".join(f"{name:16} {n:4}" for name, n in counts.items())
        )
        return
    if kind not in catalog.kinds:
        raise InputError.one("catalog", f"unknown kind {kind!r}: {nearest(kind, catalog.kinds)}")
    rows = {record.id: record.name for record in catalog.records(kind)}
    width = max(map(len, rows))
    typer.echo(
        to_json(rows) if as_json else "\n".join(f"{key:{width}}  {name}" for key, name in rows.items())
    )


@app.command()
def show(
    kind: Annotated[str, typer.Argument(help="Kind of record.")],
    record: Annotated[str, typer.Argument(help="Its id.")],
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Show one record: every number with its band, kind, evidence, source and year."""
    from packfirst import units
    from packfirst.catalog import load_catalog
    from packfirst.cli.files import to_json
    from packfirst.record import input_record

    catalog = load_catalog(overlay or ())
    found = catalog.record(kind, record)
    numbers = {name: input_record(item, catalog) for name, item in found.inputs.items()}
    if as_json:
        words = {name: list(w) if isinstance(w, tuple) else w for name, w in found.words.items()}
        tables = {table: [dict(row.words) for row in every] for table, every in found.rows.items()}
        typer.echo(
            to_json({
                "kind": kind, "id": record, "name": found.name, "numbers": numbers, "words": words, "rows": tables,
            })
        )  # fmt: skip
        return
    typer.echo(f"{kind} {record}: {found.name}")
    for name, word in found.words.items():
        typer.echo(f"  {name}: {', '.join(word) if isinstance(word, tuple) else word}")
    for name, item in found.inputs.items():
        unit = units.write(item.value, item.quantity).partition(" ")[2] or None
        band = ""
        if item.low is not None and item.high is not None:
            low, high = (units.write(x, item.quantity, unit, digits=6) for x in (item.low, item.high))
            band = f"  {low} to {high}"
        source = numbers[name]["source"] or "no source"
        typer.echo(
            f"  {name}: {units.write(item.value, item.quantity, unit, digits=6)}{band}  {item.kind}, {item.evidence}, "
            f"{source}{f' ({item.year})' if item.year else ''}"
        )
        if item.note:
            typer.echo(f"      {item.note}")
    for table, rows in found.rows.items():
        for row in rows:
            typer.echo(
                f"  {table} {row.number}: " + "; ".join(f"{key}: {row.word(key)}" for key in row.words)
            )


@app.command()
def check(overlay: Overlays = None, as_json: AsJson = False) -> None:
    """Check every record: source, keys, ranges, evidence; and count what the catalog rests on."""
    from packfirst.catalog import load_catalog, statistics
    from packfirst.catalog.check import check as problems_of
    from packfirst.cli.files import to_json

    catalog = load_catalog(overlay or ())
    problems = problems_of(catalog)
    counted = statistics(catalog)
    if as_json:
        typer.echo(
            to_json({
                "problems": [str(item) for item in problems], "records": dict(counted.records),
                "numbers": {str(name): n for name, n in counted.numbers.items()},
            })
        )  # fmt: skip
    else:
        for item in problems:
            typer.echo(str(item), err=True)
        typer.echo(f"{sum(counted.records.values())} records, {sum(counted.numbers.values())} numbers")
        for name, share in counted.shares.items():
            typer.echo(f"  {name:10} {share:6.1%}")
        typer.echo("no problems" if not problems else f"{len(problems)} problems")
    if problems:
        raise typer.Exit(EXIT_BAD_INPUT)
