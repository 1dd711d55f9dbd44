"""The cross-section to scale: what a cut through the package meets, and its drawing."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from packfirst.report import colors, drawing
from packfirst.report.wording import GAP, number

BOARD_SHOWN_MM = 4.0  # beyond the body's edge
_NICE = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)
_WIDTH, _LEFT, _RIGHT = 1000.0, 46.0, 14.0
_LIST = 250.0  # room for the list of layers
_DETAIL_HEIGHT = 300.0
_IN_DETAIL = (
    "die",
    "bought",
    "structural",
    "back_end",
    "bond",
    "bumps",
    "bridge",
    "interposer",
    "lid_interface",
)
_BARE = ("cavity",)


def section_record(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """What the cut parallel to x meets. [mm]

    The plane goes through the middle of a die, of all such planes through the one that cuts the most die; ties go
    to the plane nearest to the package's middle, so that a gap between die does not stand for the package.
    `stack` lists what a plumb line through one die meets, from the top.
    """
    bought = {die["body"] for die in geometry["die"] if die["part"]}
    groups = {die["body"]: die for die in geometry["die"]}
    bodies = geometry["bodies"]
    cut = _cut(bodies)
    body = next((b["box_mm"] for b in bodies if b["role"] == "laminate"), bodies[0]["box_mm"])
    left, right = body[0] - BOARD_SHOWN_MM, body[1] + BOARD_SHOWN_MM
    boxes = []
    for item in bodies:
        x0, x1, y0, y1, z0, z1 = item["box_mm"]
        if not y0 < cut < y1:
            continue
        role = "bought" if item["role"] == "die" and item["id"] in bought else item["role"]
        boxes.append({
            "id": item["id"], "role": role, "owner": item["owner"], "is_die": item["id"] in groups,
            "x0": max(x0, left), "x1": min(x1, right), "z0": z0, "z1": z1,
        })  # fmt: skip
    near = [b for b in boxes if b["role"] in _IN_DETAIL]
    low, high = min(b["z0"] for b in near), max(b["z1"] for b in near)
    around = 0.1 * (high - low)
    column = _column(boxes, groups)
    return {
        "cut_mm": cut, "x": [left, right], "body": [body[0], body[1]],
        "z": [min(b["z0"] for b in boxes), max(b["z1"] for b in boxes)], "floor": 0.0,
        "detail_z": [low - around, high + around], "boxes": boxes, "column_mm": column,
        "stack": _stack(boxes, column), "roles": _roles(boxes),
    }  # fmt: skip


def _cut(bodies: Sequence[Mapping[str, Any]]) -> float:
    dies = [b["box_mm"] for b in bodies if b["role"] == "die"]
    middles = sorted({(box[2] + box[3]) / 2.0 for box in dies}, key=lambda y: (abs(y), y))

    def met(y: float) -> float:
        return math.fsum(box[1] - box[0] for box in dies if box[2] < y < box[3])

    return float(max(middles, key=lambda y: round(met(y), 6)))  # the first of equals: nearest to the middle


def _column(boxes: Sequence[Mapping[str, Any]], groups: Mapping[str, Mapping[str, Any]]) -> float:
    """Where the plumb line falls: a die that stands on another if there is one, the rightmost."""
    dies = [b for b in boxes if b["is_die"]]
    chosen = max(dies, key=lambda b: (bool(groups[b["id"]]["base"]), b["role"] == "die", b["x1"]))
    # Off centre, so that the line stays clear of the die's own name.
    return float(chosen["x0"] + 0.85 * (chosen["x1"] - chosen["x0"]))


def _stack(boxes: Sequence[Mapping[str, Any]], column: float) -> list[dict[str, Any]]:
    """Layers along the plumb line; where bodies overlap, the later one is what is there."""
    met = [b for b in boxes if b["x0"] < column < b["x1"]]
    levels = sorted({b["z0"] for b in met} | {b["z1"] for b in met}, reverse=True)
    found: list[dict[str, Any]] = []
    before = None
    for high, low in pairwise(levels):
        here = next((b for b in reversed(met) if b["z0"] <= low and high <= b["z1"]), None)
        if here is not None and here is before:
            found[-1]["thickness_um"] = round(found[-1]["thickness_um"] + (high - low) * 1e3, 3)
        elif here is not None:
            found.append({
                "role": here["role"], "owner": here["owner"], "thickness_um": round((high - low) * 1e3, 3)
            })  # fmt: skip
        before = here
    return found


def _roles(boxes: Sequence[Mapping[str, Any]]) -> list[str]:
    present = {b["role"] for b in boxes} - set(_BARE)
    return [role for role in colors.ROLES if role in present] + sorted(present - set(colors.ROLES))


def exaggeration_of(record: Mapping[str, Any]) -> int:
    """How many times heights are drawn larger than widths in the detail: the largest round factor that fits."""
    scale = (_WIDTH - _LEFT - _LIST) / (record["x"][1] - record["x"][0])
    low, high = record["detail_z"]
    fits = [factor for factor in _NICE if factor * scale * (high - low) <= _DETAIL_HEIGHT]
    return max(fits, default=1)


def draw_section(record: Mapping[str, Any]) -> str:
    """The whole package, heights and widths to the same scale, as SVG."""
    x0, x1 = record["x"]
    z0, z1 = record["z"]
    scale = (_WIDTH - _LEFT - _RIGHT) / (x1 - x0)
    top, height = 12.0, (z1 - z0) * scale
    inside = [_body(b, _LEFT, top, x0, z1, scale, scale) for b in record["boxes"]]
    floor = top + (z1 - record["floor"]) * scale
    inside.append(
        drawing.dimension(30.0, top, 30.0, floor, f"{number(z1 - record['floor'], digits=3)}{GAP}mm")
    )
    left, right = (_LEFT + (x - x0) * scale for x in record["body"])
    under = top + height + 24.0
    inside.append(
        drawing.dimension(
            left, under, right, under, f"{number(record['body'][1] - record['body'][0])}{GAP}mm"
        )
    )
    return _svg(inside, under + 10.0, "Cross-section of the whole package, to scale")


def draw_detail(record: Mapping[str, Any]) -> str:
    """The die and what is next to them, heights drawn larger by `exaggeration_of`, with a list of layers, as SVG."""
    factor = exaggeration_of(record)
    x0, x1 = record["x"]
    z0, z1 = record["detail_z"]
    scale = (_WIDTH - _LEFT - _LIST) / (x1 - x0)
    tall, top = scale * factor, 20.0
    height = (z1 - z0) * tall
    inside = []
    for item in record["boxes"]:
        clipped = {**item, "z0": max(item["z0"], z0), "z1": min(item["z1"], z1)}
        if clipped["z1"] > clipped["z0"]:
            inside.append(_body(clipped, _LEFT, top, x0, z1, scale, tall, named=True))
    column = _LEFT + (record["column_mm"] - x0) * scale
    inside.append(drawing.line(column, top - 6.0, column, top + height, class_="plumb"))
    inside.append(drawing.text(column, top - 9.0, "a", class_="t small strong", text_anchor="middle"))
    step = 0.1 if height >= 0.1 * tall * 1.5 else 0.02
    inside.append(
        drawing.dimension(
            30.0, top + height - step * tall, 30.0, top + height, f"{number(step * 1e3)}{GAP}µm"
        )
    )
    inside.append(
        drawing.dimension(_LEFT, top + height + 24.0, _LEFT + 10.0 * scale, top + height + 24.0, f"10{GAP}mm")
    )
    return _svg(
        [*inside, *_list(record["stack"], _WIDTH - _LIST + 26.0, top)],
        max(top + height + 36.0, top + 26.0 + 19.0 * len(record["stack"])),
        f"Cross-section of the die region, heights drawn {factor} times larger than widths",
    )


def _body(
    item: Mapping[str, Any], left: float, top: float, x0: float, z1: float, scale: float, tall: float,
    *, named: bool = False,
) -> str:  # fmt: skip
    x, y = left + (item["x0"] - x0) * scale, top + (z1 - item["z1"]) * tall
    width, height = (item["x1"] - item["x0"]) * scale, (item["z1"] - item["z0"]) * tall
    _, fill = colors.ROLES.get(item["role"], colors.OTHER)
    # A layer thinner than a hair is drawn as one, so that it does not vanish.
    drawn = drawing.box(
        x, y, width, max(height, 0.7), fill=fill, class_="edge" if min(width, height) > 4.0 else None
    )
    label = drawing.fitting(item["id"], width, 12.0)
    if named and item["is_die"] and height >= 13.0 and label:
        drawn += drawing.text(
            x + width / 2.0, y + height / 2.0 + 4.0, label, class_="t on", text_anchor="middle"
        )
    return drawn


def _list(stack: Sequence[Mapping[str, Any]], x: float, y: float) -> list[str]:
    found = [drawing.text(x, y - 5.0, "Layers at a, from the top", class_="t small strong")]
    for row, item in enumerate(stack):
        name, fill = colors.ROLES.get(item["role"], colors.OTHER)
        middle = y + 14.0 + 19.0 * row
        # What stands above the die belongs to nobody but the package.
        owner = item["owner"] if item["role"] in ("die", "bought", "back_end", "structural") else ""
        said = {"die": "silicon", "structural": "structural silicon"}.get(item["role"], name)
        said = f"{owner}, {'wiring' if item['role'] == 'back_end' else said}" if owner else name
        found.append(drawing.box(x, middle - 9.0, 12.0, 11.0, fill=fill, class_="edge"))
        found.append(drawing.text(x + 18.0, middle, said, class_="t small"))
        found.append(
            drawing.text(
                _WIDTH - 2.0,
                middle,
                f"{number(item['thickness_um'])}{GAP}µm",
                class_="t small num",
                text_anchor="end",
            )
        )
    return found


def _svg(inside: Sequence[str], height: float, title: str) -> str:
    return drawing.tag(
        "svg", drawing.tag("title", title) + "".join(inside), viewBox=f"0 0 1000 {drawing.place(height)}",
        role="img", class_="figure wide",
    )  # fmt: skip
