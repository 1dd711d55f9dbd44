"""Rows of the table of candidates, and what an assembly is called in few words."""

from collections.abc import Mapping, Sequence
from typing import Any

from packfirst.report.wording import named

_JUDGED = ("key", "state", "joint_probability", "binding", "metrics")


def candidate_rows(study: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every candidate that has a record, the likeliest first; `short` marks the front and one of each family.

    A family is shown by its best, or where none stands by the candidate that came nearest, which a wholly
    screened-out family has outside the list of the assessed.
    """
    names = study.get("names", {})
    families = [tuple(item["family"]) for item in study["families"]]
    front = set(study["front"])
    nearest = {item["key"]: item for item in map(_nearest, study["families"]) if item is not None}
    shown = front | {item["best"] for item in study["families"] if item["best"] is not None}
    shown |= {key for key, item in nearest.items() if item["state"] != "feasible"}
    listed = {item["key"]: item for item in study["candidates"]}
    rows = []
    for key, item in {**nearest, **listed}.items():
        if key not in listed and key not in shown:
            continue
        family = tuple(item["family"])
        rows.append({
            "key": key, "front": key in front, "short": key in shown,
            "family": families.index(family) if family in families else len(families),
            "family_name": family_name(family, names), "die": die_text(item["groups"]),
            "path": f"{named(item['thermal_path'], names)}, {named(item['lid_interface'], names)}",
            "floorplan": named(item["floorplan"], names), "state": item["state"],
            "probability": item["joint_probability"], "binding": item["binding"], "metrics": item["metrics"],
        })  # fmt: skip
    return sorted(rows, key=lambda row: (-row["probability"], not row["front"], row["family"], row["key"]))


def _nearest(family: Mapping[str, Any]) -> dict[str, Any] | None:
    """The candidate that speaks for a family, in the form of the list of the assessed."""
    record = family["representative"]
    if record is None:
        return None
    return {**record["candidate"], **{name: record[name] for name in _JUDGED}}


def family_name(family: Sequence[str], names: Mapping[str, str]) -> str:
    """'Stacked die · Silicon bridge ...': how the die stand, and on what."""
    return f"{family[0].capitalize()} · {named(family[1], names)}"


def die_text(groups: Sequence[Mapping[str, Any]]) -> str:
    """'8 × compute on n5, 4 × fabric on n6'."""
    return ", ".join(f"{group['count']} × {'+'.join(group['blocks'])} on {group['node']}" for group in groups)
