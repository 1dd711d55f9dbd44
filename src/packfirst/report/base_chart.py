"""Lead time of a supply base by year, drawn with its band, and the target."""

from collections.abc import Mapping, Sequence
from typing import Any

from packfirst.report.drawing import line, tag, text
from packfirst.report.gantt import STYLE

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900.0, 300.0, 52.0, 180.0, 16.0, 32.0
_FAR = 5.0  # times the target: what lies above is drawn at the upper edge


def lead_svg(record: Mapping[str, Any]) -> str:
    """The base as it is planned, and with the lines that the target asks for."""
    series = [("as planned", "#9a1c36", record["lead_by_year"])]
    if record["with_needed"]:
        series.append(("with the lines needed", "#0b5c7a", record["with_needed"]["lead_by_year"]))
    years = [row["year"] for row in record["lead_by_year"]]
    most = 1.05 * max(
        [row["high"] for _, _, rows in series for row in rows] + [record["target_weeks"] or 0.0, 1.0]
    )
    if record["target_weeks"]:
        most = min(most, _FAR * record["target_weeks"])  # a queue that grows without end would hide all else

    def at(year: float, weeks: float) -> tuple[float, float]:
        span = max(years[-1] - years[0], 1)
        x = LEFT + (WIDTH - LEFT - RIGHT) * (year - years[0]) / span
        return x, TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - min(weeks / most, 1.0))

    parts = []
    step = _step(most)
    for number in range(int(most / step) + 1):
        x, y = at(years[0], number * step)
        parts += [
            line(x, y, WIDTH - RIGHT, y, class_="grid"),
            text(x - 8.0, y + 4.0, f"{number * step:g}", class_="t small", text_anchor="end"),
        ]
    for year in years[:: max(len(years) // 10, 1)]:
        x, y = at(year, 0.0)
        parts.append(text(x, y + 18.0, str(year), class_="t small", text_anchor="middle"))
    for number, (label, color, rows) in enumerate(series):
        parts += _band(rows, color, at)
        parts.append(text(WIDTH - RIGHT + 14.0, TOP + 20.0 + 20.0 * number, label, fill=color))
    if record["target_weeks"] is not None:
        x, y = at(years[0], record["target_weeks"])
        parts += [
            line(x, y, WIDTH - RIGHT, y, class_="need"),
            text(WIDTH - RIGHT + 14.0, y + 4.0, f"target {record['target_weeks']:g}", class_="needt"),
        ]
    parts.append(text(LEFT - 44.0, 12.0, "weeks", class_="t small"))
    return tag(
        "svg", tag("style", STYLE) + "".join(parts), xmlns="http://www.w3.org/2000/svg", role="img",
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}", width=f"{WIDTH:g}",
    )  # fmt: skip


def _band(rows: Sequence[Mapping[str, Any]], color: str, at: Any) -> list[str]:
    upper = [at(row["year"], row["high"]) for row in rows]
    lower = [at(row["year"], row["low"]) for row in reversed(rows)]
    middle = [at(row["year"], row["middle"]) for row in rows]
    return [
        tag("polygon", points=_points(upper + lower), fill=color, fill_opacity="0.15"),
        tag("polyline", points=_points(middle), fill="none", stroke=color, stroke_width="2.2"),
    ]


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _step(most: float) -> float:
    """Weeks between lines: five to ten lines of a round number."""
    for step in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0):
        if most / step <= 8.0:
            return step
    return 5000.0
