"""Why the others fell: one card per family and per thermal path that no candidate carries."""

from collections.abc import Mapping
from typing import Any

from packfirst.report.candidates import die_text, family_name
from packfirst.report.provenance import cited
from packfirst.report.wording import named

MOST_LEVERS = 3


def fallen_families(study: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Families without a feasible candidate, in the study's order."""
    names = study.get("names", {})
    return [
        {
            "name": family_name(item["family"], names), "state": item["state"], "candidates": item["candidates"],
            "screened_out": item["screened_out"], "assessed": item["assessed"], "neighbour": item["neighbour"],
            "nearest": _nearest(item["representative"], names),
            "binding": binding_record(item["binding"], study),
        }
        for item in study["families"]
        if item["state"] != "feasible"
    ]  # fmt: skip


def fallen_paths(study: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Ways out for the heat without a feasible candidate."""
    names = study.get("names", {})
    return [
        {
            "name": item.get("name") or named(item["thermal_path"], names), "candidates": item["candidates"],
            "screened_out": item["screened_out"], "tried": item["leader_with_it"],
            "binding": binding_record(item["binding"], study),
        }
        for item in study["fallen_paths"]
    ]  # fmt: skip


def binding_record(limit: Mapping[str, Any] | None, study: Mapping[str, Any]) -> dict[str, Any] | None:
    """A limit with its bar, its first levers and its sources; None where there is none."""
    if limit is None:
        return None
    return {
        **limit, "bar": bar(limit["demand"], limit["capacity"]), "levers": lever_rows(limit)[:MOST_LEVERS],
        "cited": cited(limit["basis"], study["sources"]),
    }  # fmt: skip


def lever_rows(limit: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The limit's levers, those that were found by assessing again first.

    `enough` is false where the straight line asks for less than none of a thing.
    """
    solved = {item["input"]: item for item in limit.get("solved_levers", ())}
    rows = []
    for lever in limit.get("levers", ()):
        found = solved.get(lever["input"])
        to = lever["to"] if found is None else found["to"]
        below = to.startswith("-") and not lever["now"].startswith("-") and not to.endswith("degC")
        rows.append({**lever, "to": to, "solved": found is not None, "enough": not below})
    return sorted(rows, key=lambda row: not row["solved"])


def _nearest(record: Mapping[str, Any] | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    """Of the candidate that stands for a family: its die, and how likely all its hard limits hold."""
    if record is None:
        return None
    chosen = record["candidate"]
    path = f"{named(chosen['lid_interface'], names)} to {named(chosen['thermal_path'], names)}"
    return {
        "die": die_text(chosen["groups"]), "path": path, "probability": record["joint_probability"],
    }  # fmt: skip


def bar(demand: float, capacity: float) -> dict[str, float]:
    """Demand and capacity as shares of the larger, 0..1, for a bar with a mark."""
    most = max(demand, capacity, 0.0)
    return {
        "demand": max(demand, 0.0) / most if most else 0.0, "capacity": max(capacity, 0.0) / most if most else 0.0
    }  # fmt: skip
