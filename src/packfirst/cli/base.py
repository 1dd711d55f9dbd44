"""packfirst base: programs over years against sites with lines, hiring, building and disruptions."""

import csv
import io
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson
from packfirst.errors import InputError

if TYPE_CHECKING:
    from packfirst.catalog.base_scenarios import BaseScenario
    from packfirst.disciplines.supply.base_growth import BaseRun

FORMAT = "packfirst-base-result-1"


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command()(base)


def base(
    scenario: Annotated[Path, typer.Argument(help="The base and its demand, a YAML file.")],
    seed: Annotated[int, typer.Option(min=0, help="Of the runs.")] = 0,
    asked_on: Annotated[
        str | None, typer.Option(help="Day on which the question is asked; default today.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for base.html and base.csv; made if need be.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Queues of a supply base over years: lead time, utilisation, lines needed, money for front end or packaging."""
    from packfirst.catalog.base_scenarios import load_base_scenario
    from packfirst.cli.files import to_json

    try:
        today = date.fromisoformat(asked_on) if asked_on else date.today()
    except ValueError:
        raise InputError.one(
            "--asked-on", f"{asked_on!r} is not a day of the calendar: write it as 2027-03-01"
        ) from None
    record = base_record(load_base_scenario(scenario, today), seed)
    if out is not None:
        _write(out, record)
    if as_json:
        typer.echo(to_json(record))
    else:
        _print(record)
        if out is not None:
            typer.echo(f"Written: {out / 'base.html'}, {out / 'base.csv'}")


def base_record(scenario: "BaseScenario", seed: int) -> dict[str, Any]:
    """Everything that the command says, as plain data."""
    from packfirst.cli import base_runs as runs

    found = runs.run(scenario, scenario.additions, seed)
    needed = runs.needed(scenario)
    record = {
        "format": FORMAT, "name": scenario.name, "start": scenario.start, "years": scenario.years,
        "runs": scenario.runs, "seed": seed, "target_weeks": scenario.target_weeks, **_told(found, scenario),
        "needed": needed, "with_needed": None,
        "levers": [
            {"packaging_share": item.packaging_share, "front_end_lines": item.front_end_lines,
             "packaging_lines": item.packaging_lines, "lead_weeks": list(item.lead_weeks),
             "utilisation": dict(item.utilisation)}
            for item in runs.levers(scenario, seed)
        ],
    }  # fmt: skip
    if any(row["needed"] is not None and row["needed"] > row["lines"] for row in needed):
        more = runs.run(scenario, runs.with_needed(scenario, needed), seed)
        record["with_needed"] = {"late_lead_weeks": list(runs.late(more)), **_told(more, scenario)}
    return record


_ENDS = ("_low", "", "_high")  # of the names of 5, 50 and 95 %


def _told(found: "BaseRun", scenario: "BaseScenario") -> dict[str, Any]:
    low, middle, high = found.band(found.lead_weeks)
    waits = found.band(found.wait_weeks)
    used = found.band(found.utilisation)
    return {
        "lead_by_year": [
            {"year": scenario.start + index, "low": float(a), "middle": float(b), "high": float(c)}
            for index, (a, b, c) in enumerate(zip(low, middle, high, strict=True))
        ],
        "stations": [
            {"station": name,
             **{f"wait{end}": float(points[i]) for end, points in zip(_ENDS, waits, strict=True)},
             **{f"utilisation{end}": float(points[i]) for end, points in zip(_ENDS, used, strict=True)}}
            for i, name in enumerate(found.stations)
        ],
        "orders": float(found.orders.mean()),
    }  # fmt: skip


def year_rows(record: dict[str, Any]) -> list[list[str]]:
    """Lead time by year, and with the lines needed where there are too few."""
    more = record["with_needed"]
    return [
        [str(row["year"]), _band(row)] + ([_band(more["lead_by_year"][index])] if more else [])
        for index, row in enumerate(record["lead_by_year"])
    ]


def _band(row: dict[str, Any]) -> str:
    return f"{row['middle']:.1f} ({row['low']:.1f} to {row['high']:.1f})"


def year_heads(record: dict[str, Any]) -> tuple[str, ...]:
    """Heads of `year_rows`."""
    return ("year", "lead time, weeks", *(("with the lines needed",) if record["with_needed"] else ()))


def station_rows(record: dict[str, Any]) -> list[list[str]]:
    """How busy each station is, how long orders wait there, and how many lines the target asks for."""
    needed = {row["station"]: row for row in record["needed"]}
    rows = []
    for row in record["stations"]:
        want = needed.get(row["station"])
        rows.append([
            row["station"], f"{row['utilisation']:.0%} ({row['utilisation_low']:.0%} to {row['utilisation_high']:.0%})",
            f"{row['wait']:.1f} ({row['wait_low']:.1f} to {row['wait_high']:.1f})",
            str(want["lines"]) if want else "", "" if not want else str(want["needed"] or "none reaches it"),
            "; ".join(want["flags"]) if want else "",
        ])  # fmt: skip
    return rows


STATION_HEADS = ("station", "utilisation", "wait, weeks", "lines", "needed in the last year", "note")
LEVER_HEADS = (
    "packaging's share",
    "lines front end",
    "lines packaging",
    "lead time at the end, weeks",
    "busiest station",
)


def lever_rows(record: dict[str, Any]) -> list[list[str]]:
    """What each division of the money buys."""
    rows = []
    for item in record["levers"]:
        low, middle, high = item["lead_weeks"]
        busiest = max(item["utilisation"], key=lambda name: item["utilisation"][name])
        rows.append([
            f"{item['packaging_share']:.0%}", str(item["front_end_lines"]), str(item["packaging_lines"]),
            f"{middle:.1f} ({low:.1f} to {high:.1f})", f"{busiest}, {item['utilisation'][busiest]:.0%}",
        ])  # fmt: skip
    return rows


def _headline(record: dict[str, Any]) -> list[str]:
    said = [
        f"{record['orders']:.0f} orders over {record['years']} years from {record['start']}, {record['runs']} runs; "
        "figures are medians, in brackets 5 to 95 % of the runs. Orders wait: none is taken elsewhere."
    ]
    if record["target_weeks"] is not None:
        over = [row["year"] for row in record["lead_by_year"] if row["middle"] > record["target_weeks"]]
        said.append(
            f"Target {record['target_weeks']:g} weeks: "
            + (f"missed in {len(over)} years, first in {over[0]}." if over else "held in every year.")
        )
    return said


def _print(record: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    console.print(record["name"], markup=False)
    for said in _headline(record):
        console.print(said, markup=False)
    tables: list[tuple[tuple[str, ...], list[list[str]]]] = [
        (year_heads(record), year_rows(record)), (STATION_HEADS, station_rows(record)),
    ]  # fmt: skip
    if record["levers"]:
        tables.append((LEVER_HEADS, lever_rows(record)))
    for heads, rows in tables:
        shown = Table(*heads, box=None, pad_edge=False)
        for row in rows:
            shown.add_row(*row)
        console.print(shown)
        console.print()


def _write(out: Path, record: dict[str, Any]) -> None:
    from packfirst.cli.files import write_whole
    from packfirst.report.base_chart import lead_svg
    from packfirst.report.gantt import heading, page, paragraph, table

    sections = [
        *(paragraph(said) for said in _headline(record)), lead_svg(record), heading("By year"),
        table(year_heads(record), year_rows(record)), heading("Stations"), table(STATION_HEADS, station_rows(record)),
    ]  # fmt: skip
    if record["levers"]:
        sections += [heading("Money for front end or packaging"), table(LEVER_HEADS, lever_rows(record))]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("year", "low_weeks", "middle_weeks", "high_weeks"))
    for row in record["lead_by_year"]:
        writer.writerow((row["year"], *(f"{row[name]:.4f}" for name in ("low", "middle", "high"))))
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError.one(str(out), f"cannot be made: {error.strerror or error}") from None
    write_whole(out / "base.html", page(record["name"], sections))
    write_whole(out / "base.csv", text.getvalue())
