"""The floorplan with the temperature over it: what stands where, how warm each place is, and its drawing."""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from packfirst.report import colors, drawing
from packfirst.report.wording import GAP, number

_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 760.0, 40.0, 96.0, 18.0, 34.0
_PIXELS = 420  # across the map


def floorplan_record(
    geometry: Mapping[str, Any], thermal: Mapping[str, Any], *, span_degc: Sequence[float] | None = None
) -> dict[str, Any]:
    """Outlines [mm] seen from above, and the map of every mode [degC] with its hottest cell.

    `span_degc` fixes the colour scale, so that several candidates share one; else it is that of all modes.
    """
    bodies = geometry["bodies"]

    def outlines(role: str) -> list[list[float]]:
        return [b["box_mm"][:4] for b in bodies if b["role"] == role]

    boxes = {b["id"]: b["box_mm"][:4] for b in bodies}
    dies = [
        {
            "id": die["id"], "group": die["group"], "base": die["base"], "part": die["part"],
            "rect": boxes[die["body"]], "carries": any(other["base"] == die["id"] for other in geometry["die"]),
        }
        for die in geometry["die"]
    ]  # fmt: skip
    maps = [
        {"mode": mode, "cells": cells, "hot": _hottest(cells, thermal["x_mm"], thermal["y_mm"])}
        for mode, cells in thermal.get("map_degc", {}).items()
    ]
    body = outlines("laminate")[0] if outlines("laminate") else bodies[0]["box_mm"][:4]
    return {
        "body": body,
        "interposer": outlines("interposer"), "bridges": outlines("bridge"), "die": dies, "maps": maps,
        "x": list(thermal.get("x_mm", ())), "y": list(thermal.get("y_mm", ())),
        "span": list(span_degc) if span_degc is not None else span_of([thermal]),
        "numbered": _numbered(dies, body),
        "hottest_mode": max(maps, key=lambda item: item["hot"]["degc"])["mode"] if maps else "",
    }  # fmt: skip


def _scale(body: Sequence[float]) -> float:
    """Units of the drawing in a millimetre."""
    return (_WIDTH - _LEFT - _RIGHT) / (body[1] - body[0])


def _numbered(dies: Sequence[Mapping[str, Any]], body: Sequence[float]) -> list[str]:
    """Groups whose die are too narrow for their names, and carry their numbers alone."""
    narrow = [
        die["group"]
        for die in dies
        if drawing.fitting(die["id"], (die["rect"][1] - die["rect"][0]) * _scale(body), 11.0) != die["id"]
    ]
    return list(dict.fromkeys(narrow))


def span_of(solutions: Sequence[Mapping[str, Any]]) -> list[float]:
    """Coldest and hottest of all maps of these solutions, out to full 5 K. [degC]"""
    found = [
        value
        for thermal in solutions
        for cells in thermal.get("map_degc", {}).values()
        for row in cells
        for value in row
        if value is not None
    ]
    return [5.0 * math.floor(min(found) / 5.0), 5.0 * math.ceil(max(found) / 5.0)] if found else [0.0, 0.0]


def _hottest(
    cells: Sequence[Sequence[float | None]], x: Sequence[float], y: Sequence[float]
) -> dict[str, float]:
    degc, column, row = max(
        (value, -i, -j) for i, line in enumerate(cells) for j, value in enumerate(line) if value is not None
    )
    i, j = -column, -row
    return {"x": (x[i] + x[i + 1]) / 2.0, "y": (y[j] + y[j + 1]) / 2.0, "degc": degc}


def raster(record: Mapping[str, Any], cells: Sequence[Sequence[float | None]]) -> list[bytes]:
    """The map as rows of colour numbers, north first, each pixel that of the cell under its middle.

    The number past the last colour stands for 'no die here'.
    """
    x, y = record["x"], record["y"]
    low, high = record["span"]
    pixel = (x[-1] - x[0]) / _PIXELS
    rows = max(1, round((y[-1] - y[0]) / pixel))
    across = [bisect_right(x, x[0] + (n + 0.5) * pixel) - 1 for n in range(_PIXELS)]
    up = [bisect_right(y, y[-1] - (n + 0.5) * (y[-1] - y[0]) / rows) - 1 for n in range(rows)]

    def color(value: float | None) -> int:
        if value is None:
            return colors.STEPS
        share = (value - low) / (high - low) if high > low else 0.0
        return min(max(round(share * (colors.STEPS - 1)), 0), colors.STEPS - 1)

    indices = [[color(value) for value in line] for line in cells]
    return [bytes(indices[i][j] for i in across) for j in up]


def draw_floorplan(record: Mapping[str, Any], *, cut_mm: float | None = None) -> str:
    """The plan from above as SVG, one layer per mode in groups of class `heat`; all but the hottest hidden."""
    x0, x1, y0, y1 = record["body"]
    scale = _scale(record["body"])
    height = (y1 - y0) * scale

    def at(x: float, y: float) -> tuple[float, float]:
        return _LEFT + (x - x0) * scale, _TOP + (y1 - y) * scale

    def rect(outline: Sequence[float], **attributes: object) -> str:
        left, top = at(outline[0], outline[3])
        return drawing.box(
            left,
            top,
            (outline[1] - outline[0]) * scale,
            (outline[3] - outline[2]) * scale,
            fill="none",
            **attributes,
        )

    inside = [rect(record["body"], class_="body")]
    inside += [rect(outline, class_="carrier") for outline in record["interposer"]]
    inside += [_heat(record, item, at) for item in record["maps"]]
    inside += [rect(outline, class_="bridge") for outline in record["bridges"]]
    inside += [rect(die["rect"], class_="die base" if die["carries"] else "die") for die in record["die"]]
    inside += [_label(die, at, scale, over=bool(record["maps"])) for die in record["die"]]
    inside += [_hot(record, item, at) for item in record["maps"]]
    if cut_mm is not None:
        level = at(0.0, cut_mm)[1]
        for start, end, anchor, x in (
            (_LEFT - 10.0, _LEFT + 16.0, "end", _LEFT - 14.0),
            (_WIDTH - _RIGHT - 16.0, _WIDTH - _RIGHT + 10.0, "start", _WIDTH - _RIGHT + 13.0),
        ):
            inside.append(drawing.line(start, level, end, level, class_="cut"))
            inside.append(drawing.text(x, level + 4.0, "A", class_="t small strong", text_anchor=anchor))
    under = _TOP + height + 24.0
    inside.append(
        drawing.dimension(_LEFT, under, _LEFT + (x1 - x0) * scale, under, f"{number(x1 - x0)}{GAP}mm")
    )
    inside.append(drawing.dimension(18.0, _TOP, 18.0, _TOP + height, f"{number(y1 - y0)}{GAP}mm"))
    if record["maps"]:
        inside.append(_scale_bar(record["span"], height))
    return drawing.tag(
        "svg", drawing.tag("title", "Floorplan from above, temperature of the hottest die plane") + "".join(inside),
        viewBox=f"0 0 760 {drawing.place(_TOP + height + _BOTTOM)}", role="img", class_="figure plan",
        data_left=_LEFT, data_top=_TOP, data_scale=f"{scale:.6f}", data_x0=f"{x0:.6f}", data_y1=f"{y1:.6f}",
    )  # fmt: skip


def _heat(record: Mapping[str, Any], item: Mapping[str, Any], at: Any) -> str:
    left, top = at(record["x"][0], record["y"][-1])
    right, bottom = at(record["x"][-1], record["y"][0])
    png = drawing.indexed_png(raster(record, item["cells"]), colors.heat_scale(), transparent=colors.STEPS)
    picture = drawing.tag(
        "image", x=float(left), y=float(top), width=float(right - left), height=float(bottom - top),
        href=drawing.data_address(png), preserveAspectRatio="none", class_="cells",
    )  # fmt: skip
    return _of_mode(record, item, picture)


def _hot(record: Mapping[str, Any], item: Mapping[str, Any], at: Any) -> str:
    x, y = at(item["hot"]["x"], item["hot"]["y"])
    said = f"{number(item['hot']['degc'], decimals=1)}{GAP}°C"
    # The figure stands on the side that has room.
    right = x < _WIDTH - _RIGHT - 80.0
    marks = [
        drawing.tag("circle", cx=float(x), cy=float(y), r=6.0, class_="hot under"),
        drawing.tag("circle", cx=float(x), cy=float(y), r=6.0, class_="hot"),
        drawing.text(
            x + (9.0 if right else -9.0),
            y - 8.0,
            said,
            class_="t halo strong",
            text_anchor="start" if right else "end",
        ),
    ]
    return _of_mode(record, item, "".join(marks))


def _of_mode(record: Mapping[str, Any], item: Mapping[str, Any], inside: str) -> str:
    hidden = None if item["mode"] == record["hottest_mode"] else "hidden"
    return drawing.tag("g", inside, class_="heat", data_mode=item["mode"], visibility=hidden)


def _label(die: Mapping[str, Any], at: Any, scale: float, *, over: bool) -> str:
    x0, x1, y0, y1 = die["rect"]
    width, height = (x1 - x0) * scale, (y1 - y0) * scale
    said = drawing.fitting(die["id"], width, 11.0)
    if not said or height < 15.0:
        return ""
    look = "t small halo" if over else "t small"
    if die["carries"]:
        left, bottom = at(x0, y0)
        return drawing.text(left + 4.0, bottom - 4.0, said, class_=look)
    middle, centre = at((x0 + x1) / 2.0, (y0 + y1) / 2.0)
    return drawing.text(middle, centre + 4.0, said, class_=look, text_anchor="middle")


def _scale_bar(span: Sequence[float], height: float) -> str:
    low, high = span
    left, width = _WIDTH - _RIGHT + 34.0, 14.0
    top, tall = _TOP + 14.0, min(height - 14.0, 260.0)
    png = drawing.indexed_png([bytes([n]) for n in reversed(range(colors.STEPS))], colors.heat_scale())
    parts = [
        drawing.text(left - 2.0, _TOP + 4.0, "°C", class_="t small"),
        drawing.tag(
            "image", x=float(left), y=float(top), width=width, height=float(tall), href=drawing.data_address(png),
            preserveAspectRatio="none", class_="cells",
        ),
        drawing.box(left, top, width, tall, fill="none", class_="die"),
    ]  # fmt: skip
    for value in ticks(low, high):
        level = top + tall * (high - value) / (high - low)
        parts.append(drawing.line(left + width, level, left + width + 4.0, level, class_="dim"))
        parts.append(
            drawing.text(left + width + 7.0, level + 4.0, number(value, decimals=0), class_="t small num")
        )
    return "".join(parts)


def ticks(low: float, high: float) -> list[float]:
    """Round values within a span, five to ten of them where the span allows."""
    if high <= low:
        return []
    raw = (high - low) / 6.0
    size = 10.0 ** math.floor(math.log10(raw))
    step = min((m * size for m in (1.0, 2.0, 5.0, 10.0)), key=lambda s: abs(math.log(s / raw)))
    first = math.ceil(low / step - 1e-9)
    return [n * step for n in range(first, math.floor(high / step + 1e-9) + 1)]
