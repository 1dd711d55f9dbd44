"""packfirst warpage: how a candidate of a Program bends at room and at reflow, and what would flatten it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import EXIT_INFEASIBLE, EXIT_NOT_ASSESSED, InputError

if TYPE_CHECKING:
    from packfirst.disciplines.case import Case, Outcome

JSON_FORMAT = 1
_KINDS = ("warpage", "die_stress", "edge_shear", "edge_peel")
LEVERS = 4  # of each limit, the shortest first


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command()(warpage)


def warpage(
    program: Annotated[Path, typer.Argument(help="A Program.", show_default=False)],
    key: Annotated[str, typer.Option(help="Candidate, as a study lists it.", show_default=False)],
    rung: Annotated[str, typer.Option(help="plan or sign.")] = "plan",
    map_file: Annotated[
        Path | None, typer.Option("--map", help="Write the surfaces at room and reflow: .csv.")
    ] = None,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Bow of a package at room and at its reflow, stress of its die, and the levers that would move them."""
    from packfirst.cli.files import to_json, write_whole

    if map_file is not None and map_file.suffix != ".csv":
        raise InputError.one(str(map_file), "the name must end in .csv")
    case, outcome = asked(program, key, rung, overlay or ())
    record = _record(case, outcome)
    if map_file is not None and outcome.details:
        write_whole(map_file, _surfaces(outcome))
    if as_json:
        typer.echo(to_json(record))
    else:
        _print(record)
        if map_file is not None and outcome.details:
            typer.echo(f"Surfaces: {map_file.resolve()}")
    if any(row["hard"] and row["margin"] < 0.0 for row in record["limits"]):
        raise typer.Exit(EXIT_INFEASIBLE)
    if record["not_assessed"]:
        raise typer.Exit(EXIT_NOT_ASSESSED)


def asked(program: Path, key: str, rung: str, overlays: Any) -> "tuple[Case, Outcome]":
    """Mechanics of a candidate, with the temperatures of its die where the mission heats them.

    Raises
    ------
    InputError
        An unknown rung or key, or a mission hotter than the joint to the board melts.
    """
    from packfirst.architecture.architecture import build
    from packfirst.architecture.candidate import find, space
    from packfirst.architecture.elaborate import elaborate
    from packfirst.cli.files import read
    from packfirst.disciplines import registry
    from packfirst.disciplines.case import Case, Facts
    from packfirst.disciplines.mechanical.limits import DISCIPLINE

    if rung not in ("plan", "sign"):
        raise InputError.one("--rung", f"unknown rung {rung!r}: write plan or sign")
    found, catalog = read(program, overlays)
    candidate = find(space(found, catalog), key)
    if candidate is None:
        raise InputError.one(str(program), f"has no candidate {key!r}; a study lists their keys")
    architecture = build(found, catalog, candidate)
    case = Case(
        program=found, catalog=catalog, architecture=architecture, package=elaborate(architecture, catalog)
    )
    facts = Facts()
    if found.mission is not None:
        for discipline in registry.disciplines():
            if discipline.name in ("electrical", "thermal"):
                facts = facts.with_all(discipline.limits(case, facts, rung).facts)
    return case, DISCIPLINE.limits(case, facts, rung)


def _record(case: "Case", outcome: "Outcome") -> dict[str, Any]:
    from packfirst.confidence import levers
    from packfirst.limit import Limit, NotAssessed

    rows = []
    for item in outcome.limits:
        if not isinstance(item, Limit) or item.identity.kind not in _KINDS:
            continue
        inputs = {name: case.input(name) for name in item.sensitivities}
        rows.append({
            "limit": str(item.identity), "demand": item.demand, "capacity": item.capacity, "unit": item.unit,
            "margin": item.margin, "sigma": _sigma(item, inputs), "hard": item.hard,
            "explanation": item.explanation, "flags": list(item.flags),
            "levers": [
                {"input": lever.input_id, "value": lever.value, "step": lever.step, "within_range": lever.within_range}
                for lever in levers(item, inputs)[:LEVERS]
            ],
        })  # fmt: skip
    missing = [
        {"limit": str(item.identity), "missing": list(item.missing)}
        for item in outcome.limits
        if isinstance(item, NotAssessed) and item.identity.kind == "warpage"
    ]
    return {"format": JSON_FORMAT, "limits": rows, "not_assessed": missing}


def _sigma(limit: Any, inputs: Any) -> float:
    parts = (slope * inputs[name].sigma for name, slope in limit.sensitivities.items())
    return float((limit.model_error**2 + sum(x * x for x in parts)) ** 0.5)


def _surfaces(outcome: "Outcome") -> str:
    """Heights at both temperatures, one line a point."""
    import numpy as np

    details: Any = outcome.details
    x0, x1, y0, y1 = details["plan_m"]
    room, reflow = (details[f"surface_{when}_m"] for when in ("room", "reflow"))
    lines = ["x_mm,y_mm,room_um,reflow_um"]
    for i, x in enumerate(np.linspace(x0, x1, room.shape[0])):
        for j, y in enumerate(np.linspace(y0, y1, room.shape[1])):
            lines.append(f"{1e3 * x:.4f},{1e3 * y:.4f},{1e6 * room[i, j]:.3f},{1e6 * reflow[i, j]:.3f}")
    return "\n".join(lines) + "\n"


def _print(record: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    table = Table("limit", "demand", "capacity", "unit", "sigma", "", box=None, pad_edge=False)
    for row in record["limits"]:
        held = "holds" if row["margin"] >= 0.0 else "violated" if row["hard"] else "exceeded, soft"
        table.add_row(
            row["limit"].removeprefix("mechanical/"), f"{row['demand']:.4g}", f"{row['capacity']:.4g}", row["unit"],
            f"{row['sigma']:.3g}", held,
        )  # fmt: skip
    console.print(table)
    for row in record["limits"]:
        if row["limit"].startswith("mechanical/warpage"):
            console.print(row["explanation"], markup=False)
            for lever in row["levers"] if row["margin"] < 0.0 else ():
                inside = "" if lever["within_range"] else "; beyond its range"
                console.print(
                    f"  lever: {lever['input']} from {lever['value']:.4g} by {lever['step']:+.3g} (SI){inside}",
                    markup=False,
                )
    for row in record["not_assessed"]:
        console.print(f"not assessed: {row['limit']}: {', '.join(row['missing'])}", markup=False)
