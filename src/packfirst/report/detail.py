"""Everything that the report says of one of the best candidates."""

from collections.abc import Mapping, Sequence
from typing import Any

from packfirst.report import colors
from packfirst.report.candidates import die_text, family_name
from packfirst.report.families import bar, lever_rows
from packfirst.report.floorplan import draw_floorplan, floorplan_record
from packfirst.report.money import cost_record, draw_cost
from packfirst.report.provenance import address, cited, shares, sourced_share
from packfirst.report.section import draw_detail, draw_section, exaggeration_of, section_record
from packfirst.report.wording import named

_LINK = (
    "link", "standard", "lanes", "signals", "escape", "edge_m", "facing_m", "wire_m", "connections", "share",
)  # fmt: skip


MARGINS_SHOWN = 6


def detail_record(
    record: Mapping[str, Any], study: Mapping[str, Any], span_degc: Sequence[float]
) -> dict[str, Any]:
    """One candidate as its panel shows it; figures are SVG already."""
    names, chosen = study.get("names", {}), record["candidate"]
    section = section_record(record["geometry"])
    plan = floorplan_record(record["geometry"], record["thermal"], span_degc=span_degc)
    cost = cost_record(record["cost"]) if record["cost"] else None
    evidence = shares(record["assumptions"])
    return {
        "key": record["key"], "family": family_name(chosen["family"], names), "die": die_text(chosen["groups"]),
        "describe": chosen["describe"], "state": record["state"], "probability": record["joint_probability"],
        "path": named(chosen["thermal_path"], names), "lid_interface": named(chosen["lid_interface"], names),
        "stack": named(chosen["stack"], names) if chosen["stack"] and chosen["stacked"] else "",
        "missing": record["missing"], "metrics": record["metrics"], "form_factor": record["form_factor"],
        "section": draw_section(section), "detail": draw_detail(section), "exaggeration": exaggeration_of(section),
        "cut_mm": section["cut_mm"],
        "legend": [colors.ROLES.get(role, (role.replace("_", " "), colors.OTHER[1])) for role in section["roles"]],
        "plan": draw_floorplan(plan, cut_mm=section["cut_mm"]), "modes": [item["mode"] for item in plan["maps"]],
        "hottest_mode": plan["hottest_mode"], "numbered": plan["numbered"], **split_margins(margin_rows(record, study)),
        "temperatures": temperature_table(record["thermal"]), "cost": cost, "cost_bar": draw_cost(cost) if cost else "",
        "roofs": roofs(record["performance"]), "links": link_rows(record["electrical"], names),
        "assumptions": [{**item, "url": address(item["url"])} for item in record["assumptions"]],
        "evidence": evidence, "sourced": sourced_share(evidence), "not_assessed": record["not_assessed"],
        "thermal": record["thermal"],
    }  # fmt: skip


def margin_rows(record: Mapping[str, Any], study: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All limits, the least likely to hold first; ties by margin in percent."""
    ranked = sorted(
        record["limits"],
        key=lambda item: (item["probability"], _ratio(item["margin_ratio"]), item["id"]),
    )
    return [
        {
            **item,
            "bar": bar(item["demand"], item["capacity"]),
            "levers": lever_rows(item),
            "cited": cited(item["basis"], study["sources"]),
        }
        for item in ranked
    ]


def split_margins(rows: Sequence[Mapping[str, Any]]) -> dict[str, Sequence[Mapping[str, Any]]]:
    """The limits that are open at all, at least a handful; and those that hold in as good as every sample."""
    shown = max(sum(row["probability"] < 0.9995 or not row["hard"] for row in rows), MARGINS_SHOWN)
    return {"margins": rows[:shown], "safe": rows[shown:]}


def _ratio(value: float | None) -> float:
    return float("inf") if value is None else value


def temperature_table(thermal: Mapping[str, Any]) -> dict[str, Any]:
    """Power [W], peak and mean [degC] of every die in every mode, the hottest die first."""
    rows: dict[str, dict[str, Mapping[str, Any]]] = {}
    for item in thermal.get("die", ()):
        rows.setdefault(item["id"], {})[item["mode"]] = item
    modes = list(dict.fromkeys(item["mode"] for item in thermal.get("die", ())))
    # To what the page shows: the last digits of a solve would shuffle die that are alike.
    ranked = sorted(
        rows.items(), key=lambda pair: (-max(round(m["peak_degc"], 1) for m in pair[1].values()), pair[0])
    )
    return {
        "modes": modes,
        "rows": [
            {"id": name, "modes": [found[mode] for mode in modes if mode in found]} for name, found in ranked
        ],
    }


def roofs(performance: Mapping[str, Any]) -> dict[str, Any] | None:
    """Which resource bounds each kernel, and what one percent more of each resource would give."""
    if "kernels" not in performance:  # no workload: memory or a radio alone
        return None
    return {
        "kernels": [
            {"name": name, "share": share, "resource": resource} for name, share, resource in performance["kernels"]
        ],
        "resources": [
            {"name": name, "capacity": capacity, "unit": "op/s" if name == "compute" else "B/s", "gain": gain}
            for name, capacity, gain in performance["resources"]
        ],
        "clock": performance["clock"], "power_w": performance["power_w"],
    }  # fmt: skip


def link_rows(electrical: Mapping[str, Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """What each link asks for at the pair of die that is worst off. Edges and wires in mm."""
    found = []
    for values in electrical.get("links", ()):
        row = dict(zip(_LINK, values, strict=True))
        found.append({
            **row, "standard": named(row["standard"], names), "edge_mm": row["edge_m"] * 1e3,
            "facing_mm": row["facing_m"] * 1e3, "wire_mm": row["wire_m"] * 1e3,
        })  # fmt: skip
    return found
