"""packfirst reliability: joint life of a candidate, failure rates, equivalent tests, sample plans."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import EXIT_BAD_INPUT, EXIT_INFEASIBLE, EXIT_NOT_ASSESSED, InputError

ZERO_C_K = 273.15
JSON_FORMAT = 1
app = typer.Typer(help="Joint life, failure rates, equivalent tests, sample plans.")
Confidence = Annotated[float, typer.Option(help="Between 0 and 1.")]
Energy = Annotated[float, typer.Option(help="Activation energy of the mechanism. [eV]")]
# Of the joints, and of what else the mission wears out.
_KINDS = ("joint_life", "joint_melt", "wire_flexure", "vibration", "shock", "lid_deflection", "lid_stress")


def register(parent: typer.Typer) -> None:
    """Adds the commands of this module."""
    parent.add_typer(app, name="reliability")


@app.callback(invoke_without_command=True)
def _root(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(EXIT_BAD_INPUT)


@app.command()
def mission(
    program: Annotated[Path, typer.Argument(help="A Program with a mission.", show_default=False)],
    key: Annotated[str, typer.Option(help="Candidate, as a study lists it.", show_default=False)],
    rung: Annotated[str, typer.Option(help="plan or sign.")] = "plan",
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """What the mission does to a candidate: life of its joints and wires, vibration, shock, pressure."""
    from packfirst.cli.files import to_json
    from packfirst.cli.warpage import asked
    from packfirst.limit import Limit

    case, outcome = asked(program, key, rung, overlay or ())
    if case.program.mission is None:
        raise InputError.one(
            str(program), "states no mission: write its segments under 'mission'", field="mission"
        )
    found = [item for item in outcome.limits if item.identity.kind in _KINDS]
    for item in found:
        if isinstance(item, Limit) and item.identity.kind == "joint_melt" and item.margin <= 0.0:
            raise InputError.one(str(program), item.explanation, field="mission.segments")
    rows = [
        {"limit": str(item.identity), "demand": item.demand, "capacity": item.capacity, "unit": item.unit,
         "explanation": item.explanation, "flags": list(item.flags), "hard": item.hard}
        for item in found if isinstance(item, Limit)
    ]  # fmt: skip
    missing = [
        {"limit": str(item.identity), "missing": list(item.missing)}
        for item in found
        if not isinstance(item, Limit)
    ]
    if as_json:
        typer.echo(to_json({"format": JSON_FORMAT, "limits": rows, "not_assessed": missing}))
    else:
        _table(
            ("limit", "demand", "capacity", "unit"),
            [(str(r["limit"]).removeprefix("mechanical/"), f"{r['demand']:.4g}", f"{r['capacity']:.4g}", str(r["unit"]))
             for r in rows],
        )  # fmt: skip
        for row in rows:
            typer.echo(str(row["explanation"]))
        for gap in missing:
            typer.echo(f"not assessed: {gap['limit']}: {', '.join(gap['missing'])}")
    if any(r["hard"] and float(str(r["capacity"])) < float(str(r["demand"])) for r in rows):
        raise typer.Exit(EXIT_INFEASIBLE)
    if missing:
        raise typer.Exit(EXIT_NOT_ASSESSED)


@app.command()
def fit(
    parts: Annotated[float, typer.Option(help="Parts on test.", show_default=False)],
    hours: Annotated[float, typer.Option(help="How long each is tested. [h]", show_default=False)],
    stress: Annotated[
        float, typer.Option(help="Temperature of the junctions on test. [degC]", show_default=False)
    ],
    use: Annotated[float, typer.Option(help="And in use. [degC]", show_default=False)],
    failures: Annotated[int, typer.Option(help="Parts that failed.")] = 0,
    energy: Energy = 0.7,
    confidence: Confidence = 0.6,
    as_json: AsJson = False,
) -> None:
    """Failure rate that a life test has shown: bounds by chi-square, acceleration by Arrhenius."""
    from packfirst.disciplines.qualification.reliability import arrhenius, failure_rate

    def work() -> dict[str, float]:
        factor = float(arrhenius.acceleration(energy, stress + ZERO_C_K, use + ZERO_C_K))
        upper = float(failure_rate.upper_fit(failures, parts, hours, confidence, factor))
        lower = float(failure_rate.lower_fit(failures, parts, hours, confidence, factor))
        return {
            "acceleration": factor,
            "device_hours_in_use": parts * hours * factor,
            "upper_fit": upper,
            "lower_fit": lower,
        }

    _say(work, as_json)


@app.command("burn-in")
def burn_in(
    hours: Annotated[float, typer.Option(help="At 125 degC. [h]", show_default=False)],
    at: Annotated[float, typer.Option(help="The other temperature. [degC]", show_default=False)],
    energy: Annotated[
        float | None,
        typer.Option(help="Activation energy; default that of MIL-STD-883 method 1015's table. [eV]"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Hours at another temperature that do what burn-in at 125 degC does. The rows of a standard go first."""
    from packfirst.disciplines.qualification.reliability import equivalence

    def work() -> dict[str, float]:
        ev = equivalence.BURN_IN_ACTIVATION_EV if energy is None else energy
        return {"hours": float(equivalence.hours_at(hours, at + ZERO_C_K, ev)), "activation_ev": ev}

    _say(work, as_json)


@app.command("life-test")
def life_test(
    program: Annotated[Path, typer.Argument(help="A Program with a mission.", show_default=False)],
    at: Annotated[float, typer.Option(help="Temperature of the test. [degC]")] = 125.0,
    rise: Annotated[
        float, typer.Option(help="Of the junctions over their surroundings while it works. [K]")
    ] = 0.0,
    energy: Energy = 0.7,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Hours of a life test that age a part as the mission does, with all its segments at their hot end."""
    from packfirst.cli.files import read
    from packfirst.disciplines.qualification.reliability import arrhenius
    from packfirst.disciplines.qualification.reliability import mission as segments

    found, _ = read(program, overlay or ())
    stated = found.mission
    if stated is None:
        raise InputError.one(
            str(program), "states no mission: write its segments under 'mission'", field="mission"
        )

    def work() -> dict[str, float]:
        import numpy as np

        every = list(stated.segments.values())
        hours = np.array([s.time.value * s.powered / 3600.0 for s in every])
        use = np.array([s.hot.value + rise for s in every])
        factor = arrhenius.acceleration(energy, at + ZERO_C_K, use)
        return {
            "hours": float(segments.hours_at_stress(hours, factor)),
            "working_hours": float(hours.sum()),
            "effective_degc": float(segments.effective_temperature_k(hours, use, energy)) - ZERO_C_K,
        }

    _say(work, as_json)


@app.command()
def sample(
    bad: Annotated[
        float, typer.Option(help="Share of bad parts in a lot that shall not pass.", show_default=False)
    ],
    accept: Annotated[int, typer.Option(help="Failures that still pass.")] = 0,
    confidence: Confidence = 0.9,
    lot: Annotated[int | None, typer.Option(help="Parts in the lot, where it is small.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fewest parts to test so that a bad lot seldom passes: binomial, Poisson, and from a small lot."""
    from packfirst.disciplines.qualification import sample_plans

    def work() -> dict[str, float]:
        found = {
            "binomial": float(sample_plans.sample_binomial(bad, accept, confidence)),
            "poisson": float(sample_plans.sample_poisson(bad, accept, confidence)),
        }
        if lot is not None:
            import math

            number = math.ceil(bad * lot * (1.0 - 1e-12))
            found["from_lot"] = float(sample_plans.sample_from_lot(lot, number, accept, confidence))
        return found

    _say(work, as_json)


def _say(work: Callable[[], dict[str, float]], as_json: bool) -> None:
    """Prints figures by name; what the arithmetic refuses becomes one line."""
    from packfirst.cli.files import to_json

    try:
        found = work()
    except ValueError as error:
        raise InputError.one("reliability", str(error)) from None
    if as_json:
        typer.echo(to_json({"format": JSON_FORMAT, **found}))
    else:
        _table(("", ""), [(name.replace("_", " "), f"{value:.6g}") for name, value in found.items()])


def _table(heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    table = Table(*heads, box=None, pad_edge=False, show_header=any(heads))
    for row in rows:
        table.add_row(*row)
    console.print(table)
