"""packfirst explain: one limit of a study in plain words, with its physics, sources and levers."""

from pathlib import Path
from typing import Annotated

import typer

from packfirst.cli.catalog import AsJson


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command("explain")(explain)


def explain(
    study: Annotated[Path, typer.Argument(help="Study folder.", show_default=False)],
    limit: Annotated[
        str,
        typer.Argument(help="A limit, or part of its name: 'junction of die:fabric'.", show_default=False),
    ],
    key: Annotated[str | None, typer.Option(help="Candidate; default the leader.")] = None,
    as_json: AsJson = False,
) -> None:
    """Explain a limit: its physics, where its number came from, what moves it, what people do, what to read."""
    from packfirst.cli.candidates import assessed, leader
    from packfirst.cli.files import to_json
    from packfirst.explore.store import read_study
    from packfirst.report.taught import page, taught

    record = read_study(study)
    told = taught(*assessed(study, record, key or leader(study, record)), limit)
    typer.echo(to_json(told) if as_json else page(told))
