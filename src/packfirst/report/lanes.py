"""Routes as a drawing without a map: a lane for each country, the steps from left to right, colour for the evidence."""

from collections.abc import Mapping, Sequence
from typing import Any

from packfirst.report import drawing

_STEP, _LANE, _LEFT, _TOP = 132.0, 74.0, 86.0, 66.0
_BOX, _BOX_HEIGHT = 118.0, 46.0
# Blue for stated, orange for asked: the two that every colour vision tells apart (Okabe, Ito 2008).
_FILL = {"stated": "#d7e8f5", "asked": "#fbe3c3"}
_EDGE = {"stated": "#0072b2", "asked": "#c26a00"}
_STYLE = (
    "text{font-family:system-ui,sans-serif;fill:#1b1f24}.small{font-size:10px}.name{font-size:11px;font-weight:600}"
    ".lane{font-size:14px;font-weight:600}.title{font-size:15px;font-weight:600}.mark{font-size:13px;"
    "font-weight:700;fill:#b00020}.move{stroke:#6b7280;stroke-width:1.4;fill:none}"
    ".cross{stroke:#b00020;stroke-width:2.2;fill:none}"
)
_SHOWN = 3  # routes of one drawing


def lanes_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Lanes, boxes and moves of the first routes of a record of `packfirst route`.

    A box stands in the column of its depth in the tree of steps; boxes of one column and lane stand one below the
    other.
    """
    after = [step["after"] for step in record["process"]]
    depth: list[int] = []
    for before in after:
        depth.append(max((depth[item] + 1 for item in before), default=0))
    return {
        "title": record["describe"], "marking": record["marking"], "home": record["home"], "on": record["asked"]["on"],
        "routes": [_lanes(item, after, depth, record["home"]) for item in record["routes"][:_SHOWN]],
        "more": max(len(record["routes"]) - _SHOWN, 0),
    }  # fmt: skip


def _lanes(
    route: Mapping[str, Any], after: Sequence[Sequence[int]], depth: Sequence[int], home: str
) -> dict[str, Any]:
    stays = route["stays"]
    countries = sorted({stay["country"] for stay in stays} | ({home} if home else set()))
    countries.sort(key=lambda name: name != home)
    taken: dict[tuple[str, int], int] = {}
    boxes = []
    for index, stay in enumerate(stays):
        row = taken.get((stay["country"], depth[index]), 0)
        taken[stay["country"], depth[index]] = row + 1
        unknown = [gate["gate"] for gate in stay["gates"] if gate["state"] == "unknown"]
        boxes.append({
            "column": depth[index], "country": stay["country"], "row": row, "needs": " + ".join(stay["needs"]),
            "company": stay["company"], "state": "asked" if unknown else "stated", "unknown": unknown,
            "owned": stay["owner_country"] if stay["owner_country"] != stay["country"] else "",
        })  # fmt: skip
    rows = {name: max(n for (country, _), n in {**taken, (name, -1): 1}.items() if country == name)
            for name in countries}  # fmt: skip
    moves = [
        {
            "from": start,
            "to": end,
            "crosses": stays[start]["country"] != stays[end]["country"],
            "stays": stays[start]["name"] == stays[end]["name"],
        }
        for end, before in enumerate(after)
        for start in before
    ]
    return {
        "weeks": route["weeks"], "low": route["weeks_low"], "high": route["weeks_high"], "sites": route["n_sites"],
        "crossings": route["crossings"], "stated_share": route["stated_share"], "lanes": [
            {"country": name, "rows": rows[name]} for name in countries
        ],
        "boxes": boxes, "moves": moves, "columns": max(depth, default=0) + 1,
    }  # fmt: skip


def draw_lanes(record: Mapping[str, Any]) -> str:
    """The routes of a record one below the other, as SVG; a record without routes draws one line that says so."""
    inside, y = [], _TOP
    width = _LEFT + 24.0 + _STEP * max((item["columns"] for item in record["routes"]), default=6)
    for number, item in enumerate(record["routes"], start=1):
        drawn, y = _draw_route(item, number, y, width)
        inside.append(drawn)
    if not record["routes"]:
        inside.append(drawing.text(16.0, y, "No route under these terms: see the table.", class_="name"))
        y += 30.0
    if record["more"]:
        inside.append(drawing.text(16.0, y, f"{record['more']} more routes in the table", class_="small"))
        y += 20.0
    title = drawing.text(16.0, 44.0, _cut(str(record["title"]), width - 32.0, 15.0), class_="title")
    marking = drawing.text(16.0, 22.0, record["marking"], class_="mark") if record["marking"] else ""
    foot = drawing.text(16.0, y, record["marking"], class_="mark") if record["marking"] else ""
    y += 20.0 if record["marking"] else 0.0
    ground = drawing.box(0.0, 0.0, width, y, fill="#ffffff")
    return drawing.tag(
        "svg", drawing.tag("style", _STYLE) + ground + marking + title + "".join(inside) + foot,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {drawing.place(width)} {drawing.place(y)}",
        width=width, height=y, role="img",
    ) + "\n"  # fmt: skip


def _draw_route(item: Mapping[str, Any], number: int, top: float, width: float) -> tuple[str, float]:
    said = (
        f"Route {number}: {item['weeks']:.1f} weeks ({item['low']:.1f} to {item['high']:.1f}), {item['sites']} sites, "
        f"{item['crossings']} border crossings, {item['stated_share']:.0%} of gates on stated evidence"
    )
    drawn = [drawing.text(16.0, top, said, class_="name")]
    y, levels = top + 12.0, dict[str, float]()
    for number_, lane in enumerate(item["lanes"]):
        height = _LANE * lane["rows"]
        shade = "#f5f6f8" if number_ % 2 == 0 else "#ffffff"
        drawn.append(drawing.box(12.0, y, width - 24.0, height, fill=shade, stroke="#d0d4da"))
        drawn.append(drawing.text(28.0, y + height / 2.0 + 5.0, lane["country"], class_="lane"))
        levels[lane["country"]] = y
        y += height
    spots = [
        (_LEFT + _STEP * box["column"], levels[box["country"]] + _LANE * box["row"] + (_LANE - _BOX_HEIGHT) / 2.0)
        for box in item["boxes"]
    ]  # fmt: skip
    for move in item["moves"]:
        (x1, y1), (x2, y2) = spots[move["from"]], spots[move["to"]]
        start, end = (x1 + _BOX, y1 + _BOX_HEIGHT / 2.0), (x2, y2 + _BOX_HEIGHT / 2.0)
        # Along its own row as far as the column before, where nothing else stands.
        turn = max(end[0] - _STEP + (_STEP - _BOX) / 2.0, start[0])
        bend = (end[0] - turn) / 2.0
        way = " ".join(map(drawing.place, (turn + bend, start[1], end[0] - bend, end[1], end[0], end[1])))
        drawn.append(drawing.tag(
            "path", "", d=f"M{drawing.place(start[0])} {drawing.place(start[1])} H{drawing.place(turn)} C{way}",
            class_="cross" if move["crosses"] else "move", stroke_dasharray="2 3" if move["stays"] else None,
        ))  # fmt: skip
    for box, (x, level) in zip(item["boxes"], spots, strict=True):
        state = box["state"]
        drawn.append(
            drawing.box(
                x,
                level,
                _BOX,
                _BOX_HEIGHT,
                rx="4",
                fill=_FILL[state],
                stroke=_EDGE[state],
                stroke_width="1.4",
            )
        )
        lines = (
            (box["needs"].replace("_", " "), "name", 11.0),
            (box["company"] + (f", owned {box['owned']}" if box["owned"] else ""), "small", 10.0),
            (f"ask: {', '.join(box['unknown'])}" if box["unknown"] else "all gates stated", "small", 10.0),
        )
        for place, (words, face, size) in enumerate(lines):
            drawn.append(
                drawing.text(x + 5.0, level + 13.0 + 14.0 * place, _cut(words, _BOX - 8.0, size), class_=face)
            )
    return "".join(drawn), y + 34.0


def _cut(said: str, width: float, size: float) -> str:
    """As much of a text as fits."""
    most = int(width / (1.12 * drawing.text_width("x", size)))  # names are wider than the mean text
    return said if len(said) <= most else said[: most - 1].rstrip() + "…"
