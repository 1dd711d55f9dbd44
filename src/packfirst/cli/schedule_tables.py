"""What `packfirst schedule` prints and draws, from its plain record."""

import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from packfirst.report.drawing import line, tag, text
from packfirst.report.gantt import (
    STYLE,
    day_of,
    gantt_rows,
    gantt_svg,
    heading,
    page,
    paragraph,
    table,
)

Record = Mapping[str, Any]
_FREEZES = {"die_size": "die size", "pad_map": "pad map", "bump_map": "bump map"}


def headline(record: Record) -> list[str]:
    """What is said first: when, how sure, and what that rests on."""
    start = date.fromisoformat(record["start"])
    middle = record["p50_weeks"]
    said = [
        f"{record['what']}",
        f"Scenario: {record['scenario']}. Package engaged at {record['engage'].replace('_', '-')}. "
        f"Architecture starts {record['start']}.",
    ]
    if record["p90_weeks"] is not None:
        late = record["p90_weeks"]
        said.append(
            f"Fielded: P50 {middle:.0f} weeks ({day_of(start, middle)}), P90 {late:.0f} weeks ({day_of(start, late)})."
        )
    else:
        low, high = record["low_weeks"], record["high_weeks"]
        said.append(
            f"Fielded: between {low:.0f} and {high:.0f} weeks ({day_of(start, low)} to {day_of(start, high)}). "
            "No P90: under half of the critical path rests on sourced times."
        )
    said.append(f"Sourced share of the critical path: {record['sourced_share']:.0%}.")
    if record["need"]:
        said.append(
            f"Need date {record['need']} ({record['need_weeks']:.0f} weeks): met with a probability of "
            f"{record['need_probability']:.0%}."
        )
    return said


def work_rows(record: Record) -> list[list[str]]:
    """A row for each work: when, how late, how critical, on what evidence."""
    start = date.fromisoformat(record["start"])
    return [
        [
            row["name"] + ("" if row["happens"] > 0.995 else f" (in {row['happens']:.0%})"), row["by"],
            *(str(day_of(start, row[name])) for name in ("start_p50", "end_p50", "end_p90")),
            f"{row['weeks_p50']:.1f}", f"{row['criticality']:.0%}", row["evidence"],
        ]
        for row in gantt_rows(record["works"])
    ]  # fmt: skip


def date_rows(record: Record) -> list[list[str]]:
    """Latest days to engage each supplier and, for each long-lead item, to freeze what it needs of the die."""
    start, today = date.fromisoformat(record["start"]), 0.0
    freezes = {row["for"]: row["freeze"] for row in record["freeze_by"]}
    rows = []
    listed = {row["work"] for row in record["engage_by"]}
    for row in sorted(record["engage_by"], key=lambda item: item["latest_week"]):
        freeze = _FREEZES.get(freezes.get(row["work"], ""), "")
        rows.append([_when(start, row["latest_week"], today), row["by"], row["name"], freeze])
    for row in record["freeze_by"]:
        if row["for"] not in listed:
            rows.append(
                [_when(start, row["latest_week"], today), "program", row["name"], _FREEZES[row["freeze"]]]
            )
    return sorted(rows, key=lambda row: row[0])


def _when(start: date, week: float, now: float) -> str:
    day = str(day_of(start, week))
    return day if week >= now else f"{day}, before the start"


def basis_of_dates(record: Record) -> str:
    """For what the latest days are the latest."""
    sure = f"{record['confidence']:.0%}"
    if record["need"]:
        return f"Latest days that leave the need date {sure}, each with all else on time:"
    return f"Latest days that keep the {sure} finish, each with all else on time:"


WORK_HEADS = ("work", "done by", "starts P50", "ends P50", "ends P90", "weeks", "critical", "evidence")
DATE_HEADS = ("latest", "with", "for", "must be frozen by then")


def print_schedule(record: Record) -> None:
    """The tables on the terminal."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    for said in headline(record):
        console.print(said, markup=False)
    _print_table(console, Table, WORK_HEADS, work_rows(record))
    console.print(f"\n{basis_of_dates(record)}", markup=False)
    _print_table(console, Table, DATE_HEADS, date_rows(record))
    failing = [item for item in record["failing"] if item["probability"] >= 0.005]
    if failing:
        console.print("\nLimits that may fail, and so bring a second pass:", markup=False)
        for item in sorted(failing, key=lambda item: -item["probability"])[:8]:
            console.print(f"  {item['probability']:6.1%}  {item['limit']}", markup=False)


def _print_table(console: Any, kind: Any, heads: tuple[str, ...], rows: list[list[str]]) -> None:
    shown = kind(*heads, box=None, pad_edge=False)
    for row in rows:
        shown.add_row(*row)
    console.print(shown)


def early_late_lines(found: Record) -> list[str]:
    """Early against late in sentences."""
    early, late, saved, usd = found["early"], found["late"], found["weeks_saved"], found["cost_saved_usd"]
    verdicts = {
        "early": "Engage the package at architecture: it is faster by more than a week.",
        "late": "Engaging early costs time here: later is faster by more than a week.",
        "no difference here": "No difference here: the weeks saved are within a week of none.",
    }
    lines = [verdicts[found["verdict"]]]
    for name, world in (("at architecture", early), ("after tape-out", late)):
        low, middle, high = world["weeks"]
        lines.append(
            f"  {name:16} {middle:5.0f} weeks ({low:.0f} to {high:.0f}), {world['cost_usd'][1] / 1e6:.2f} MUSD for "
            f"engaging and mending, respin for the package in {world['respin_probability']:.0%}, derated in "
            f"{world['derated_probability']:.0%}"
        )
    lines.append(
        f"  saved            {saved[1]:5.1f} weeks (5 to 95 %: {saved[0]:.1f} to {saved[2]:.1f}; mean {saved[3]:.1f}), "
        f"{usd[3] / 1e6:.2f} MUSD on average; faster in {found['faster_probability']:.0%} of samples"
    )
    shown = [item for item in found["causes"] if abs(item["weeks"]) >= 0.05]
    if shown:
        lines.append("  Weeks that each cause adds late and not early:")
        lines += [f"    {item['weeks']:5.1f}  {item['name']}" for item in shown[:6]]
    return lines


def print_early_late(found: Record) -> None:
    """Early against late on the terminal."""
    print()
    for said in early_late_lines(found):
        print(said)


def schedule_page(record: Record) -> str:
    """The Gantt chart, the dates and, where asked, early against late as one page."""
    start = date.fromisoformat(record["start"])
    marks = [("P50", record["p50_weeks"])]
    if record["p90_weeks"] is not None:
        marks.append(("P90", record["p90_weeks"]))
    first, *rest = headline(record)
    sections = [
        *(paragraph(said) for said in rest),
        gantt_svg(record["works"], start, marks=marks, need_weeks=record["need_weeks"]),
        paragraph(
            "Bars run from median start to median end, whiskers to the 90 % end. Colour: how often the work lies on "
            "the longest path. Dashed and pale: the time is assumed. Outlined: it happens in under half of the "
            "samples.", note=True,
        ),
        heading("By when"), paragraph(basis_of_dates(record)), table(DATE_HEADS, date_rows(record)),
        heading("Works"), table(WORK_HEADS, work_rows(record)),
    ]  # fmt: skip
    if "early_late" in record:
        found = record["early_late"]
        sections += [heading("Early against late"), early_late_svg(found, start)]
        sections += [paragraph(said.strip()) for said in early_late_lines(found)]
    return page(first, sections)


def early_late_svg(found: Record, start: date) -> str:
    """Both finishes as the share of samples that is done by a week."""
    width, height, left, bottom = 760.0, 270.0, 46.0, 40.0
    early, late = found["weeks_early"], found["weeks_late"]
    low = min(early["weeks"][0], late["weeks"][0])
    high = max(early["weeks"][-1], late["weeks"][-1])

    def at(week: float, share: float) -> tuple[float, float]:
        x = left + (width - left - 150.0) * (week - low) / ((high - low) or 1.0)
        return x, 14.0 + (height - bottom - 14.0) * (1.0 - share)

    parts = []
    for share in (0.1, 0.5, 0.9):
        x, y = at(low, share)
        parts.append(line(x, y, width - 150.0, y, class_="grid"))
        parts.append(text(4.0, y + 4.0, f"P{share * 100:.0f}", class_="t small"))
    year = start.year + 1
    while (date(year, 1, 1) - start).days / 7.0 < high:
        week = (date(year, 1, 1) - start).days / 7.0
        if week > low:
            x, y = at(week, 0.0)
            parts += [
                line(x, 14.0, x, y, class_="grid"),
                text(x, y + 18.0, str(year), class_="t small", text_anchor="middle"),
            ]
        year += 1
    for curve, color, label in (
        (early, "#0b5c7a", "engaged at architecture"),
        (late, "#9a1c36", "after tape-out"),
    ):
        points = [at(week, share) for week, share in zip(curve["weeks"], curve["share"], strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(tag("polyline", points=path, fill="none", stroke=color, stroke_width="2.2"))
        row = 34.0 if color == "#0b5c7a" else 54.0
        parts.append(text(width - 144.0, row, label, fill=color))
    return tag(
        "svg", tag("style", STYLE) + "".join(parts), xmlns="http://www.w3.org/2000/svg", role="img",
        viewBox=f"0 0 {width:g} {height:g}", width=f"{width:g}",
    )  # fmt: skip
