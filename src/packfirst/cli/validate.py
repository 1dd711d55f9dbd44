"""packfirst validate: reference cases, ours or a user's, against the models."""

import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from packfirst.cli.catalog import AsJson
from packfirst.errors import EXIT_DONE, EXIT_INFEASIBLE, InputError, nearest

if TYPE_CHECKING:
    from packfirst.validation.run import Checked


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command("validate")(validate)


def validate(
    cases: Annotated[
        list[Path] | None,
        typer.Argument(help="Files of cases; without them, those that come with packfirst."),
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Only cases of this kind.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Print only what fails.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run reference cases through the models: expected, found, error, pass."""
    from packfirst.cli.files import to_json
    from packfirst.validation.cases import read, shipped
    from packfirst.validation.models import MODELS
    from packfirst.validation.run import run

    if kind is not None and kind not in MODELS:
        raise InputError.one("--kind", f"unknown kind {kind!r}: {nearest(kind, tuple(MODELS))}")
    every = [case for file in cases for case in read(file)] if cases else shipped()
    checked = list(run(case for case in every if kind in (None, case.kind)))
    wrong = [item for item in checked if not item.passes]
    if as_json:
        typer.echo(to_json([_plain(item) for item in (wrong if failed else checked)]))
    else:
        _print(wrong if failed else checked)
        kinds = len({item.kind for item in checked})
        typer.echo(f"{len(checked)} numbers of {kinds} kinds, {len(wrong)} outside their tolerance")
    raise typer.Exit(EXIT_INFEASIBLE if wrong else EXIT_DONE)


def _plain(item: "Checked") -> dict[str, object]:
    found = item.found if math.isfinite(item.found) else None
    error = None if found is None else item.error
    return {**asdict(item), "found": found, "error": error, "pass": item.passes}


def _print(checked: "list[Checked]") -> None:
    head = ""
    for item in checked:
        origin = f"{item.kind}, {item.known}" + (f": {item.source}" if item.source else "")
        if origin != head:
            head = origin
            typer.echo(head)
        typer.echo(
            f"  {'pass' if item.passes else 'FAIL'}  {item.case}: {item.quantity} expected {item.expected:.6g}, "
            f"found {item.found:.6g}, error {item.error:+.2g} of {item.allowed:.2g} allowed"
        )
