"""Why the others fell: one card per family and per thermal path that no candidate carries."""

from collections.abc import Mapping
from typing import Any

from packfirst.report.candidates import family_name
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
            "describe": item["representative"]["candidate"]["describe"] if item["representative"] else "",
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
            "name": named(item["thermal_path"], names), "candidates": item["candidates"],
            "explanation": item["explanation"], "binding": binding_record(item["binding"], study),
        }
        for item in study["fallen_paths"]
    ]  # fmt: skip


def binding_record(limit: Mapping[str, Any] | None, study: Mapping[str, Any]) -> dict[str, Any] | None:
    """A limit with its bar, its first levers and its sources; None where there is none."""
    if limit is None:
        return None
    return {
        **limit, "bar": bar(limit["demand"], limit["capacity"]), "levers": list(limit.get("levers", ()))[:MOST_LEVERS],
        "cited": cited(limit["basis"], study["sources"]),
    }  # fmt: skip


def bar(demand: float, capacity: float) -> dict[str, float]:
    """Demand and capacity as shares of the larger, 0..1, for a bar with a mark."""
    most = max(demand, capacity, 0.0)
    return {
        "demand": max(demand, 0.0) / most if most else 0.0, "capacity": max(capacity, 0.0) / most if most else 0.0
    }  # fmt: skip
