"""A qualification plan as a document: one record, and what is made of it: Markdown, CSV and a Gantt chart in SVG."""

import csv
import io
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from packfirst.disciplines.qualification.path.network import lanes
from packfirst.disciplines.qualification.path.plan import WEEK_S, Plan, make_plan, with_choice
from packfirst.disciplines.qualification.path.steps import Step, is_recalled
from packfirst.inputs import Input

FORMAT = "packfirst-test-plan-1"
BLANK = ""  # in the place of a number that nobody has read
COLUMNS = (
    "phase", "lane", "test", "method", "condition", "sample", "accept", "hours", "hours_basis", "start_week",
    "end_week", "parts_taken", "fate", "status", "sources", "note",
)  # fmt: skip


def plan_record(plan: Plan, features: Sequence[str], ship: int) -> dict[str, Any]:
    """Everything that a document of the plan prints, as JSON-ready data; what was not read is blank."""
    parts = plan.parts
    return {
        "format": FORMAT, "level": plan.level.id, "name": plan.level.name, "document": plan.level.document,
        "class_level": plan.level.class_level, "status": plan.level.status, "note": plan.level.note,
        "watermark": plan.watermark, "passes": plan.passes,
        "gates": [
            {
                "clause": x.gate.clause, "state": x.state, "why": x.why, "instead": x.gate.instead,
                "status": x.gate.status,
            }
            for x in plan.gates
        ],
        "adds": [{"text": x.text, "clause": x.clause, "status": x.status} for x in plan.level.adds],
        "steps": [_row(plan, number) for number in range(len(plan.steps))],
        "dropped": [{"test": x.step.test, "method": x.step.method, "why": x.why} for x in plan.dropped],
        "critical_path": [plan.steps[number].test for number in plan.times.critical],
        "weeks": plan.weeks, "weeks_p10_p50_p90": list(plan.quantiles_weeks), "oven_hours": plan.oven_h,
        "cost_usd": plan.cost_usd, "side_by_side": [f"{phase}: {name}" for phase, name, _ in lanes(plan.steps)],
        "parts": {
            "ship": parts.ship, "destroyed": parts.destroyed, "worn": parts.worn, "borrowed": parts.borrowed,
            "build": parts.build, "build_band": [parts.build_least, parts.build_most],
            "build_at_pda": parts.build_at_pda, "lot_passes": parts.lot_passes, "elements": dict(parts.elements),
        },
        "choices": _choices(plan, features, ship),
        "unread": [f"{step.document}: {step.test}" for step in plan.unread],
    }  # fmt: skip


def _row(plan: Plan, number: int) -> dict[str, Any]:
    step, times = plan.steps[number], plan.times
    read = step.status != "unconfirmed"
    hours = step.time.value / 3600.0 if step.time is not None and not is_recalled(step.time) else None
    return {
        "phase": step.phase, "lane": "all parts" if step.phase == "screening" else step.subgroup or step.test,
        "test": step.test, "method": step.method, "condition": step.condition if read else BLANK,
        "sample": _sample(step) if read else BLANK, "accept": _printed(step.accept), "hours": hours,
        "hours_basis": "" if step.time is None else ("read" if hours is not None else "assumed for the calendar"),
        "start_week": float(times.start_s[number]) / WEEK_S, "end_week": float(times.end_s[number]) / WEEK_S,
        "parts_taken": 0 if step.every_part else step.devices,
        "fate": "keeps" if step.every_part else step.fate, "status": step.status, "sources": ", ".join(step.sources),
        "note": step.note, "critical": number in times.critical,
    }  # fmt: skip


def _sample(step: Step) -> str:
    return "all parts" if step.phase == "screening" and step.sample_text == "100%" else step.sample_text


def _printed(item: Input | None) -> int | None:
    return None if item is None or is_recalled(item) else round(item.value)


def _choices(plan: Plan, features: Sequence[str], ship: int) -> list[dict[str, Any]]:
    """What the document itself offers instead, with what it costs in weeks and parts."""
    found = []
    for choice in plan.level.choices:
        if choice.sample is None or choice.time is None:
            continue
        other = make_plan(with_choice(plan.level, choice), features, ship)
        step = next((s for s in plan.steps if s.flow == choice.flow and s.number == choice.step), None)
        if step is None:
            continue
        found.append({
            "test": step.test, "document": step.document, "instead_of": step.sample_text, "sample": choice.text,
            "hours": choice.time.value / 3600.0, "weeks": other.weeks - plan.weeks,
            "build": other.parts.build - plan.parts.build, "status": choice.status,
        })  # fmt: skip
    return found


def as_csv(record: Mapping[str, Any]) -> str:
    """The steps as a table, one a line, under the columns of `COLUMNS`; the watermark stands in a comment above."""
    out = io.StringIO()
    if record["watermark"]:
        out.write(f"# {record['watermark']}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in record["steps"]:
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return BLANK
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def as_markdown(record: Mapping[str, Any]) -> str:
    """The test plan as a document."""
    parts, (low, middle, high) = record["parts"], record["weeks_p10_p50_p90"]
    lines = [f"# Test plan: {record['name']}", ""]
    if record["watermark"]:
        lines += [f"> **{record['watermark']}**", ""]
    lines += [
        f"By {record['document']}. The document in its current revision decides; nothing here claims compliance.", "",
        f"- **Calendar**: {record['weeks']:.1f} weeks, 10 to 90 % {low:.1f} to {high:.1f} (median {middle:.1f}); "
        f"stress {record['oven_hours']:.0f} h, summed over all steps",
        f"- **Critical path**: {' -> '.join(record['critical_path']) or 'none'}",
        f"- **Parts**: build {parts['build']} ({parts['build_band'][0]} to {parts['build_band'][1]} by the band of the "
        f"fallout, {parts['build_at_pda']} for a lot at its percent defective allowed) to ship {parts['ship']}; "
        f"{parts['destroyed']} destroyed, {parts['worn']} worn by a sample's stress",
        *[f"- **Elements used up**: {count} {name}" for name, count in parts["elements"].items()],
        f"- **Cost of testing**: {record['cost_usd'] / 1e3:.0f} kUSD, from assumed rates: put yours in an overlay of "
        "`test_effort`", "", "## Gates", "",
    ]  # fmt: skip
    lines += [f"- {x['state']}: {x['why']}" + (f"; see {x['instead']}" if x["state"] != "open" and x["instead"] else "")
              for x in record["gates"]] or ["- none is known"]  # fmt: skip
    if record["adds"]:
        lines += ["", "## What the class adds", ""]
        lines += [f"- {x['text']} ({x['clause']}; {x['status']})" for x in record["adds"]]
    head = "| phase | lane | test | method | condition | sample | accept | hours | weeks | status |"
    lines += ["", "## Flow", "", head,
              "|---|---|---|---|---|---|---|---|---|---|"]  # fmt: skip
    for row in record["steps"]:
        cells = [
            row["phase"].replace("_", " "), row["lane"], row["test"] + (" **(critical)**" if row["critical"] else ""),
            row["method"], row["condition"], row["sample"], _cell(row["accept"]), _cell(row["hours"]),
            f"{row['start_week']:.1f} to {row['end_week']:.1f}", row["status"],
        ]  # fmt: skip
        lines.append("| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |")
    if record["choices"]:
        lines += ["", "## What the document itself offers instead", ""]
        lines += [
            f"- {x['test']}: {x['sample']} for {x['hours']:.0f} h in place of {x['instead_of']}: "
            f"{x['weeks']:+.1f} weeks, {x['build']:+d} parts built ({x['status']})"
            for x in record["choices"]
        ]  # fmt: skip
    if record["dropped"]:
        lines += ["", "## Not for this construction", ""]
        lines += [f"- {x['test']} ({x['method'] or 'no method'}): {x['why']}" for x in record["dropped"]]
    if record["unread"]:
        lines += ["", "## Rows that nobody has read", "", "Their numbers are left blank. The calendar and "
                  "the parts take an assumed number with a band in their place.", ""]  # fmt: skip
        lines += [f"- {name}" for name in record["unread"]]
    return "\n".join(lines) + "\n"


# One bar a step; colours that stay apart in grey and to the colour-blind.
_COLOUR = {
    "element_evaluation": "#8c6bb1", "screening": "#2b8cbe", "conformance": "#7bccc4", "qualification": "#e6a141",
    "radiation": "#b2182b",
}  # fmt: skip
_BAR, _GAP, _LEFT, _WIDTH, _TOP = 14, 4, 330, 640, 64


def as_gantt(record: Mapping[str, Any]) -> str:
    """The calendar as an SVG drawing: bars by phase, the critical path outlined, unread rows hatched."""
    steps = record["steps"]
    total = max((row["end_week"] for row in steps), default=1.0) or 1.0
    height = _TOP + len(steps) * (_BAR + _GAP) + 46
    scale = _WIDTH / total
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 30} {height}" '
        'font-family="sans-serif" font-size="11">',
        '<defs><pattern id="unread" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line x1="0" y1="0" x2="0" y2="6" stroke="white" stroke-width="3"/></pattern></defs>',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="10" y="20" font-size="14" font-weight="bold">{escape(record["name"])}: {record["weeks"]:.1f} weeks, '
        f'{record["parts"]["build"]} parts built for {record["parts"]["ship"]} shipped</text>',
        f'<text x="10" y="36" fill="#b2182b">{escape(record["watermark"])}</text>',
    ]  # fmt: skip
    every = max(1, round(total / 10.0))
    for week in range(0, int(total) + 1, every):
        x = _LEFT + week * scale
        out.append(f'<line x1="{x:.1f}" y1="{_TOP - 4}" x2="{x:.1f}" y2="{height - 40}" stroke="#dddddd"/>')
        out.append(f'<text x="{x:.1f}" y="{_TOP - 8}" text-anchor="middle" fill="#555555">{week}</text>')
    for number, row in enumerate(steps):
        y = _TOP + number * (_BAR + _GAP)
        x, width = _LEFT + row["start_week"] * scale, max((row["end_week"] - row["start_week"]) * scale, 1.0)
        name = row["test"] if len(row["test"]) < 54 else row["test"][:52] + "…"
        edge = ' stroke="black" stroke-width="1.6"' if row["critical"] else ""
        out.append(f'<text x="{_LEFT - 8}" y="{y + 11}" text-anchor="end">{escape(name)}</text>')
        out.append(
            f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{_COLOUR[row["phase"]]}"{edge}/>'
        )
        if row["status"] == "unconfirmed":
            out.append(
                f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="url(#unread)" opacity="0.55"/>'
            )
    x = 10
    for phase, colour in _COLOUR.items():
        if any(row["phase"] == phase for row in steps):
            out.append(f'<rect x="{x}" y="{height - 26}" width="12" height="12" fill="{colour}"/>')
            out.append(f'<text x="{x + 17}" y="{height - 16}">{phase.replace("_", " ")}</text>')
            x += 130
    out.append(
        f'<text x="{x + 10}" y="{height - 16}">weeks; outlined: critical path; hatched: '
        "a row that nobody has read</text>"
    )
    return "\n".join([*out, "</svg>", ""])
