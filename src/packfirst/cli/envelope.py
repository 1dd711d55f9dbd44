"""packfirst limits and check: the Envelope of a study's package, and the gate that holds die to it."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson
from packfirst.errors import EXIT_DONE, EXIT_INFEASIBLE, InputError

if TYPE_CHECKING:  # the solver behind them loads only when a command runs
    from packfirst.assess import Assessment
    from packfirst.disciplines.case import Case
    from packfirst.envelope.doors import Door
    from packfirst.envelope.envelope import DieEnvelope, Envelope


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
    as_json: AsJson = False,
) -> None:
    """Turn a study's package into the limits of its die."""
    from packfirst.cli.candidates import assessed, leader
    from packfirst.cli.files import to_json, write_whole
    from packfirst.envelope.doors import door
    from packfirst.envelope.envelope import kept_open, kinds_of, refuse_other_die
    from packfirst.envelope.files import envelope_text
    from packfirst.explore.store import read_study

    record = read_study(study)
    keys = [item.strip() for item in keep.split(",")] if keep else [key or leader(study, record)]
    if keep and (len(set(keys)) != 2 or not all(keys)):
        raise InputError.one(
            "--keep", f"{keep!r}: write two keys of candidates, A,B, as the report lists them"
        )
    packages = [assessed(study, record, name) for name in keys]
    try:  # before anything is solved
        if keep:
            refuse_other_die(*(kinds_of(case) for case, _ in packages))
    except ValueError as error:
        raise InputError.one("--keep", str(error)) from None
    alone = [_envelope(study, case, found) for case, found in packages]
    try:
        result = kept_open(*alone) if keep else alone[0]
    except ValueError as error:
        raise InputError.one("--keep", str(error)) from None
    doors = [door(case, found) for case, found in packages]
    target = out or study / "envelope.yaml"
    write_whole(target, envelope_text(result))
    if as_json:
        typer.echo(to_json(_record(result, doors, target)))
        return
    typer.echo(result.describe)
    for die in result.die:
        _say_die(die)
    typer.echo(
        f"Any mixture of powers within {len(result.powers.room)} rows holds with {result.confidence:.0%} per die; "
        f"each corner solved again, {result.verified:.2g} K to spare"
    )
    _say_doors(result, alone, doors)
    typer.echo(f"Envelope: {target.resolve()}")


def _envelope(study: Path, case: "Case", found: "Assessment") -> "Envelope":
    from packfirst.disciplines.thermal.conduction import NoPathOut, NotConverged
    from packfirst.envelope.envelope import envelope
    from packfirst.envelope.power import NothingHolds

    try:
        return envelope(case, found)
    except (NothingHolds, NotConverged, NoPathOut) as error:
        raise InputError.one(
            str(study), f"candidate {found.candidate.key} has no Envelope: {error}"
        ) from None


def _say_die(die: "DieEnvelope") -> None:
    most = ", ".join(f"{mode} {watts:.3g} W" for mode, watts in die.most_w.items())
    densities = ", ".join(f"{x.w_per_m2 * 1e-6:.2g} over {x.area_m2 * 1e6:g} mm2" for x in die.densities)
    typer.echo(
        f"  {die.group}: {die.count} of {die.width_m * 1e3:.1f} x {die.height_m * 1e3:.1f} mm, area "
        f"{die.area_least_m2 * 1e6:.0f} to {die.area_most_m2 * 1e6:.0f} mm2, "
        f"{' or '.join(f'{x * 1e6:.0f}' for x in die.thickness_m)} um thick; each at most {most}; "
        f"W/mm2: {densities}"
    )


def _say_doors(result: "Envelope", alone: "list[Envelope]", doors: "list[Door]") -> None:
    """What each open package costs, what keeping it takes from the die, and when it closes."""
    for one, item in zip(alone, doors, strict=True):
        cost = "cost not said" if item.cost_usd is None else f"{item.cost_usd:,.0f} USD a part"
        typer.echo(f"  door {item.key}: {cost}, {item.state}; {_closes(item)}")
        if len(doors) == 1:
            return
        typer.echo(f"    {item.describe}")
        for die, both in zip(one.die, (result.of(die.group) for die in one.die), strict=True):
            assert both is not None, "kept_open refuses packages of other die"
            taken = [
                f"{watts - both.most_w[mode]:.3g} W of {watts:.3g} W in {mode}"
                for mode, watts in die.most_w.items()
                if watts - both.most_w[mode] > 1e-6 * abs(watts)
            ]
            typer.echo(
                f"    {die.group} alone: {'keeping both takes ' + ', '.join(taken) if taken else 'the same'}"
            )
    first, last = sorted(doors, key=lambda item: -(item.lead_weeks or (0.0,))[0])
    if first.lead_weeks and last.lead_weeks:
        apart = first.lead_weeks[0] - last.lead_weeks[0]
        when = (
            f"{first.key} closes first, {apart:.0f} weeks before {last.key}"
            if apart > 0.0
            else "Both close at once"
        )
        typer.echo(f"  {when}; the die stay the same until then.")
    costs = [item.cost_usd for item in doors]
    if costs[0] is not None and costs[1] is not None:
        dear, cheap = sorted(doors, key=lambda item: -(item.cost_usd or 0.0))
        typer.echo(f"  {dear.key} costs {abs(costs[0] - costs[1]):,.0f} USD a part more than {cheap.key}.")


def _closes(item: "Door") -> str:
    if item.lead_weeks is None:
        return "the catalog has no lead time of its technology"
    value, low, high = item.lead_weeks
    return f"closes {value:.0f} weeks ({low:.0f} to {high:.0f}) before parts are due: {item.longest} is ordered then"


def _record(result: "Envelope", doors: "list[Door]", target: Path) -> dict[str, Any]:
    return {
        "key": result.key, "describe": result.describe, "confidence": result.confidence, "file": str(target.resolve()),
        "verified_k": result.verified, "die": [asdict(die) for die in result.die],
        "powers": {
            "of": list(result.powers.names), "k_per_w": result.powers.slopes.tolist(),
            "room_k": result.powers.room.tolist(), "protects": list(result.powers.subjects),
        },
        "doors": [asdict(item) for item in doors],
    }  # fmt: skip


def check(
    envelope: Annotated[Path, typer.Argument(help="Envelope file.", show_default=False)],
    die: Annotated[list[Path], typer.Argument(help="Die snapshots.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Hold die snapshots to an Envelope: a gate for CI."""
    from packfirst.cli.files import to_json
    from packfirst.envelope.check import check as run
    from packfirst.envelope.files import load_envelope, load_snapshots

    held_to = load_envelope(envelope)
    findings = run(held_to, load_snapshots(die, held_to))
    failed = [item for item in findings if not item.holds]
    if as_json:
        typer.echo(to_json([asdict(item) for item in findings]))
    else:
        for item in findings:
            mode = f" in {item.mode}" if item.mode else ""
            typer.echo(
                f"{'holds' if item.holds else 'FAILS'} {item.die}: {item.what}{mode}: {item.value:.4g} {item.unit}, "
                f"limit {item.limit:.4g} {item.unit}" + (f"; {item.lever}" if item.lever else "")
            )
        typer.echo(f"{len(findings)} figures, {len(failed)} outside their window")
    raise typer.Exit(EXIT_INFEASIBLE if failed else EXIT_DONE)
