"""Rows of the table of candidates, and what an assembly is called in few words."""

from collections.abc import Mapping, Sequence
from typing import Any

from packfirst.report.wording import named


def candidate_rows(study: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every assessed candidate, the likeliest first; `short` marks the front and the best of each family."""
    names = study.get("names", {})
    families = [tuple(item["family"]) for item in study["families"]]
    front = set(study["front"])
    bests = {item["best"] for item in study["families"] if item["best"] is not None}
    rows = []
    for item in study["candidates"]:
        family = tuple(item["family"])
        rows.append({
            "key": item["key"], "front": item["key"] in front, "best_of_family": item["key"] in bests,
            "short": item["key"] in front or item["key"] in bests,
            "family": families.index(family) if family in families else len(families),
            "family_name": family_name(family, names), "die": die_text(item["groups"]),
            "path": f"{named(item['thermal_path'], names)}, {named(item['lid_interface'], names)}",
            "floorplan": named(item["floorplan"], names), "state": item["state"],
            "probability": item["joint_probability"], "binding": item["binding"], "metrics": item["metrics"],
        })  # fmt: skip
    return sorted(rows, key=lambda row: (-row["probability"], not row["front"], row["key"]))


def family_name(family: Sequence[str], names: Mapping[str, str]) -> str:
    """'Stacked die · Silicon bridge ...': how the die stand, and on what."""
    return f"{family[0].capitalize()} · {named(family[1], names)}"


def die_text(groups: Sequence[Mapping[str, Any]]) -> str:
    """'8 × compute on n5, 4 × fabric on n6'."""
    return ", ".join(f"{group['count']} × {'+'.join(group['blocks'])} on {group['node']}" for group in groups)
