"""packfirst init: a commented program file to start from, and its defaults by influence."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import InputError

if TYPE_CHECKING:
    from packfirst.catalog import Catalog
    from packfirst.program import Program


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command()(init)


def init(
    kind: Annotated[
        str | None,
        typer.Argument(
            help="ai_accelerator, server_processor, rf_module, space_computer or memory_stack.",
            show_default=False,
        ),
    ] = None,
    like: Annotated[
        str | None, typer.Option(help="A published product; 'packfirst catalog list product' names them.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File to write; default stdout.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Write a commented program.yaml: ten numbers to look at first, then defaults, listed by influence."""
    from packfirst.catalog import load_catalog
    from packfirst.cli.files import names_of, to_json, write_whole
    from packfirst.cli.init_kinds import KINDS, draft_of_kind
    from packfirst.cli.init_like import draft_of_product
    from packfirst.program.load import program_from
    from packfirst.yaml_marks import parse

    if (kind is None) == (like is None):
        raise InputError.one(
            "init", f"name a kind ({', '.join(KINDS)}) or, with --like, a product: one of the two"
        )
    if out is not None and out.exists() and not force:
        raise InputError.one(str(out), "is there already: --force writes over it, --out names another")
    catalog = load_catalog(overlay or ())
    draft = draft_of_product(catalog, like) if like is not None else draft_of_kind(str(kind))
    text = draft.text()
    program = program_from(parse(text, str(out or "program.yaml")), names_of(catalog))
    if out is not None:
        write_whole(out, text)
    listed = defaults(program, catalog)
    if as_json:
        typer.echo(to_json({**listed, "file": None if out is None else str(out), "text": text}))
        return
    if out is None:
        typer.echo(text, nl=False)
    else:
        typer.echo(f"Wrote {out}: the {len(draft.marked)} numbers that matter first are marked in it.")
    _print(listed, out)


def defaults(program: "Program", catalog: "Catalog") -> dict[str, Any]:
    """Every assumed number of a Program, the most influential on one plausible candidate first.

    Where no candidate can be assessed, in order of the file, with the reason.
    """
    from packfirst.inputs import Evidence

    assumed = {item.id: item for item in program.inputs() if item.evidence is Evidence.ASSUMED}
    influence, assessed, reason = _influences(program, catalog)
    order = sorted(assumed, key=lambda name: -influence.get(name, 0.0))
    rows = [
        {"id": name, "value": _shown(assumed[name]), "influence": influence.get(name, 0.0)} for name in order
    ]
    return {"defaults": rows, "assessed": assessed, "not_assessed": reason}


def _influences(program: "Program", catalog: "Catalog") -> tuple[dict[str, float], str, str]:
    """Influence by input id on one plausible candidate; that candidate; the reason where there is none.

    Per way out for the heat the candidate in which screening finds most room is assessed; the one whose
    limits hold together most likely speaks.
    """
    import numpy as np

    from packfirst.architecture.candidate import space
    from packfirst.assess import assess
    from packfirst.catalog import MissingDatum
    from packfirst.disciplines import registry
    from packfirst.explore.screening import screen
    from packfirst.record import assumptions

    every = space(program, catalog)
    if not len(every):
        return {}, "", "the file leaves no candidate"
    best, reason = None, ""
    try:
        room = screen(program, catalog, every, registry.disciplines()).least_margin(np.arange(len(every)))
    except MissingDatum as missing:
        return {}, "", str(missing)
    for path in range(len(every.thermal_paths)):
        rows = np.flatnonzero(every.index[:, 3] == path)
        try:
            assessment = assess(program, catalog, every.candidate(int(rows[np.argmax(room[rows])])))
        except MissingDatum as missing:
            reason = str(missing)
            continue
        if best is None or assessment.verdict.joint_probability > best.verdict.joint_probability:
            best = assessment
    if best is None:
        return {}, "", reason
    found: dict[str, float] = {}
    for item in assumptions(best, catalog):
        name, weight = item["input"], item["influence"]
        assert isinstance(name, str)
        assert isinstance(weight, float)
        found[name] = weight
    return found, best.candidate.describe(), ""


def _shown(item: Any) -> str:
    from packfirst import units

    text = units.write(item.value, item.quantity, digits=6)
    if item.low is None or item.high is None:
        return text
    unit = text.partition(" ")[2] or None
    low, high = (units.write(bound, item.quantity, unit, digits=6) for bound in (item.low, item.high))
    return f"{text} ({low} to {high})"


def _print(listed: dict[str, Any], out: Path | None) -> None:
    """The defaults on stdout; on stderr where the file itself went to stdout."""
    aside = out is None
    rows = listed["defaults"]
    if listed["assessed"]:
        typer.echo(
            f"\nDefaults by influence (share of the variance of a limit that is in doubt) on: {listed['assessed']}",
            err=aside,
        )
    else:
        typer.echo(
            f"\nDefaults in order of the file; their influence is not known: {listed['not_assessed']}",
            err=aside,
        )
    width = max((len(row["id"]) for row in rows), default=0)
    for row in rows:
        share = f"{row['influence']:6.1%}" if row["influence"] >= 5e-4 else "     -"
        typer.echo(f"{share}  {row['id']:{width}}  {row['value']}", err=aside)
    typer.echo(
        "Shares, counts and lists (mix, splits, duty, nodes, standards, requires) are defaults as well, without "
        "a band of their own.",
        err=aside,
    )
    if out is not None:
        typer.echo(f"\nNext: packfirst explore {out}")
