"""A schedule drawn: a bar for each work from median start to median end, a whisker to its 90 % end.

The figure is two functions: `gantt_rows` orders plain rows, `gantt_svg` draws them.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

from packfirst.report.drawing import box, line, tag, text

WIDTH, ROW, LEFT, RIGHT, TOP = 1240.0, 22.0, 430.0, 90.0, 44.0
STYLE = """
svg{font:12px system-ui,sans-serif;background:#fff}
.t{fill:#1d2433}.small{font-size:11px;fill:#5b6475}.head{font-weight:600;fill:#1d2433}
.grid{stroke:#e3e6ec}.axis{stroke:#9aa3b2}.whisker{stroke:#5b6475;stroke-width:1.4}
.need{stroke:#a3153b;stroke-width:1.6;stroke-dasharray:5 4}.needt{fill:#a3153b;font-size:11px}
.p{stroke:#1d2433;stroke-width:1;stroke-dasharray:2 3}
"""
_PAGE_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;color:#1d2433;max-width:1220px;margin:28px auto;padding:0 18px}
h1{font-size:22px;margin:0 0 2px}h2{font-size:17px;margin:28px 0 6px}p{margin:6px 0;max-width:860px}
table{border-collapse:collapse;font-size:13px;margin:8px 0}td,th{padding:3px 14px 3px 0;text-align:left;
border-bottom:1px solid #e3e6ec;vertical-align:top}td.n,th.n{text-align:right}.note{color:#5b6475;font-size:13px}
svg{max-width:100%;height:auto}
@media print{body{margin:0}}
"""
# From never critical to always: pale grey-blue to deep red, even in lightness, so that it reads in grey too.
_NEVER, _ALWAYS = (206, 214, 226), (154, 28, 54)


def gantt_rows(works: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The works in the order of their median start, then of their end."""
    return sorted(works, key=lambda row: (row["start_p50"], row["end_p50"], row["id"]))


def shade(criticality: float) -> str:
    """Colour of a bar by how often its work is critical."""
    parts = (
        round(a + (b - a) * min(max(criticality, 0.0), 1.0)) for a, b in zip(_NEVER, _ALWAYS, strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def gantt_svg(
    works: Sequence[Mapping[str, Any]],
    start: date,
    *,
    marks: Sequence[tuple[str, float]] = (),
    need_weeks: float | None = None,
) -> str:
    """The drawing.

    Parameters
    ----------
    works : rows with name, by, start_p50, end_p50, end_p90, criticality, happens, sourced; weeks from the start
    marks : labels and weeks of vertical lines, such as P50 and P90
    need_weeks : week of the need date, drawn in red
    """
    rows = gantt_rows(works)
    last = max([row["end_p90"] for row in rows] + [week for _, week in marks] + [need_weeks or 0.0])
    span = last * 1.02
    height = TOP + ROW * len(rows) + 40.0

    def at(week: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * week / float(span)

    parts = [*_years(start, span, at, height - 30.0)]
    for number, row in enumerate(rows):
        y = TOP + ROW * number
        parts += _bar(row, y, at)
    for label, week in marks:
        parts.append(line(at(week), TOP - 8.0, at(week), height - 30.0, class_="p"))
        parts.append(text(at(week), height - 16.0, label, class_="t small", text_anchor="middle"))
    if need_weeks is not None:
        parts.append(line(at(need_weeks), TOP - 8.0, at(need_weeks), height - 30.0, class_="need"))
        parts.append(text(at(need_weeks), height - 4.0, "need", class_="needt", text_anchor="middle"))
    parts.append(text(WIDTH - RIGHT + 12.0, TOP - 12.0, "critical", class_="head"))
    parts.append(text(0.0, TOP - 12.0, "work", class_="head"))
    parts.append(text(LEFT - 136.0, TOP - 12.0, "done by", class_="head"))
    return tag(
        "svg", tag("style", STYLE) + "".join(parts), xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {height:g}", width=f"{WIDTH:g}", role="img",
    )  # fmt: skip


def _bar(row: Mapping[str, Any], y: float, at: Any) -> list[str]:
    """One work: name, who does it, the bar, the whisker to its 90 % end, how often it is critical."""
    begin, end, late = at(row["start_p50"]), at(row["end_p50"]), at(row["end_p90"])
    chance = "" if row["happens"] > 0.995 else f", in {row['happens']:.0%}"
    hollow = row["happens"] < 0.5  # rather not: drawn from its start, as an outline
    parts = [
        text(0.0, y + 14.0, _short(f"{row['name']}{chance}", 46), class_="t"),
        text(LEFT - 136.0, y + 14.0, _short(row["by"], 20), class_="small"),
        box(
            begin, y + 4.0, max(end - begin, 1.5), ROW - 9.0, rx=2,
            fill="none" if hollow else shade(row["criticality"]),
            stroke=shade(row["criticality"]), stroke_dasharray=None if row["sourced"] else "3 2",
        ),
    ]  # fmt: skip
    if not row["sourced"] and not hollow:
        parts[-1] = parts[-1].replace('fill="', 'fill-opacity="0.55" fill="', 1)
    if late > end + 1.0:
        middle = y + 4.0 + (ROW - 9.0) / 2.0
        parts += [
            line(end, middle, late, middle, class_="whisker"),
            line(late, middle - 4.0, late, middle + 4.0, class_="whisker"),
        ]  # fmt: skip
    parts.append(text(WIDTH - RIGHT + 12.0, y + 14.0, f"{row['criticality']:.0%}", class_="t"))
    return parts


def _short(said: str, most: int) -> str:
    return said if len(said) <= most else said[: most - 1] + "…"


def _years(start: date, span: float, at: Any, bottom: float) -> list[str]:
    """A line at each quarter that begins, the year written at January."""
    parts = []
    day = date(start.year, 1, 1)
    while (day - start).days / 7.0 < span:
        week = (day - start).days / 7.0
        if week >= 0.0:
            parts.append(line(at(week), TOP - 4.0, at(week), bottom, class_="grid"))
            if day.month == 1:
                parts.append(line(at(week), TOP - 8.0, at(week), bottom, class_="axis"))
                parts.append(text(at(week) + 4.0, TOP - 26.0, str(day.year), class_="t"))
        month = day.month + 3
        day = date(day.year + (month > 12), (month - 1) % 12 + 1, 1)
    return parts


def page(title: str, sections: Sequence[str]) -> str:
    """A page by itself around drawings and tables that are markup already."""
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{_PAGE_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1>{''.join(sections)}</body></html>\n"
    )


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of texts, escaped here; columns of numbers stand to the right."""
    numeric = [
        all(re.fullmatch(r"[-+]?[0-9.]*( ?%)?", row[index]) for row in rows) for index in range(len(heads))
    ]

    def cells(name: str, row: Sequence[str]) -> str:
        return "".join(
            f"<{name}{' class=n' if right else ''}>{escape(cell)}</{name}>"
            for cell, right in zip(row, numeric, strict=True)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<table><thead><tr>{cells('th', heads)}</tr></thead><tbody>{body}</tbody></table>"


def paragraph(said: str, note: bool = False) -> str:
    """A paragraph, escaped here."""
    return f"<p{' class=note' if note else ''}>{escape(said)}</p>"


def heading(said: str) -> str:
    """A heading, escaped here."""
    return f"<h2>{escape(said)}</h2>"


def day_of(start: date, weeks: float) -> date:
    """The day so many weeks after the start, rounded down."""
    return start + timedelta(days=int(weeks * 7.0 // 1))
