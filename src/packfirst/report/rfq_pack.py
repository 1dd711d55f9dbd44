"""A request for quotation as one HTML page: what one supplier has to know, and what he is asked."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from packfirst.report import colors, drawing

_STYLE = """
body{font-family:system-ui,sans-serif;color:#1b1f24;max-width:820px;margin:24px auto;padding:0 18px;line-height:1.45}
h1{font-size:22px;margin:8px 0 2px}h2{font-size:16px;margin:26px 0 6px}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:5px 10px 5px 0;border-bottom:1px solid #d8dce1;vertical-align:top}th{font-weight:600}
.mark{color:#b00020;font-weight:700;border:1.5px solid #b00020;padding:5px 10px;margin:10px 0}
.quiet{color:#57606a;font-size:13px}ol{padding-left:22px}li{margin:7px 0}svg{width:100%;height:auto}
@media print{body{margin:0;max-width:none}}
"""
_WIDTH, _HEIGHT, _LEGEND = 780.0, 240.0, 190.0


def schematic(section: Mapping[str, Any]) -> dict[str, Any]:
    """A cross-section without its measures: edges stand in their order and evenly apart, bodies have no names.

    Parameters
    ----------
    section : from `section_record`
    """
    boxes = [box for box in section["boxes"] if box["role"] != "board"]
    across = _ranks([box[key] for box in boxes for key in ("x0", "x1")])
    upward = _ranks([box[key] for box in boxes for key in ("z0", "z1")])
    drawn = [
        {
            "role": box["role"], "x0": across[_grain(box["x0"])], "x1": across[_grain(box["x1"])],
            "z0": upward[_grain(box["z0"])], "z1": upward[_grain(box["z1"])],
        }
        for box in boxes
    ]  # fmt: skip
    roles = [role for role in colors.ROLES if any(box["role"] == role for box in drawn) and role != "cavity"]
    return {"boxes": drawn, "columns": len(across) - 1, "levels": len(upward) - 1, "roles": roles}


def _grain(value: float) -> float:
    return round(value, 4)


def _ranks(values: Sequence[float]) -> dict[float, int]:
    return {value: rank for rank, value in enumerate(sorted({_grain(value) for value in values}))}


def draw_schematic(record: Mapping[str, Any]) -> str:
    """The schematic as SVG with a legend; no figure stands in it."""
    wide = (_WIDTH - _LEGEND) / max(record["columns"], 1)
    tall = _HEIGHT / max(record["levels"], 1)
    inside = []
    for box in record["boxes"]:
        _, fill = colors.ROLES.get(box["role"], colors.OTHER)
        inside.append(
            drawing.box(
                box["x0"] * wide, 10.0 + _HEIGHT - box["z1"] * tall, (box["x1"] - box["x0"]) * wide,
                (box["z1"] - box["z0"]) * tall, fill=fill, stroke="#ffffff" if fill != "none" else "#c8cdd3",
                stroke_width="0.6",
            )
        )  # fmt: skip
    for row, role in enumerate(record["roles"]):
        name, fill = colors.ROLES[role]
        y = 14.0 + 19.0 * row
        inside.append(drawing.box(_WIDTH - _LEGEND + 18.0, y, 12.0, 12.0, fill=fill))
        inside.append(
            drawing.text(_WIDTH - _LEGEND + 36.0, y + 10.5, name, font_size="12", font_family="sans-serif")
        )
    height = max(_HEIGHT + 20.0, 24.0 + 19.0 * len(record["roles"]))
    return drawing.tag(
        "svg", drawing.tag("title", "Cross-section, not to scale") + "".join(inside),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {drawing.place(_WIDTH)} {drawing.place(height)}", role="img",
    )  # fmt: skip


def page(pack: Mapping[str, Any]) -> str:
    """The pack of one supplier as a page that needs nothing else."""
    mark = f'<p class="mark">{escape(pack["marking"])}</p>' if pack["marking"] else ""
    revealed = "".join(f"<p>{escape(item)}</p>" for item in pack["revealed"])
    scale = "" if pack["revealed"] else " Edges stand in order, evenly apart: not to scale."
    parts = [
        mark,
        f"<h1>Request for quotation {escape(pack['number'])}</h1>",
        f'<p class="quiet">{escape(pack["date"])} · to {escape(pack["company"])}, {escape(pack["site"])}</p>',
        revealed,
        "<h2>What is asked for</h2>",
        _table(("step", "between"), [(item["needs"], item["between"]) for item in pack["work"]]),
        "<h2>Cross-section</h2>", pack["drawing"],
        f'<p class="quiet">{escape(pack["build"])}.{scale}</p>',
        "<h2>Windows</h2>",
        _table(("quantity", "window"), [(item["what"], item["said"]) for item in pack["windows"]]),
        "<h2>Volume and dates</h2>",
        _table(("", ""), [(item["what"], item["said"]) for item in pack["terms"]], headed=False),
        "<h2>Questions</h2>",
        '<p class="quiet">An empty answer is read as not known. Please send the file of answers that came with this '
        "page, or answer by number.</p>",
        "<ol>" + "".join(f"<li>{escape(item)}</li>" for item in pack["questions"]) + "</ol>",
        mark,
    ]  # fmt: skip
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>RFQ {escape(pack['number'])}</title><style>{_STYLE}</style></head><body>"
        + "\n".join(parts)
        + "</body></html>\n"
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, headed: bool = True) -> str:
    top = "<tr>" + "".join(f"<th>{escape(head)}</th>" for head in heads) + "</tr>" if headed else ""
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{top}{body}</table>"
