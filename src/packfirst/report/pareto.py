"""The Pareto chart as plain data: one point per candidate, and the front as a step line."""

from collections.abc import Mapping, Sequence
from typing import Any

from packfirst.report.wording import in_shown_unit, limit_name, named


def pareto_record(study: Mapping[str, Any]) -> dict[str, Any]:
    """Points [USD, TFLOP/s, TFLOP/s/W], the step line over the front, and the throughput that is demanded.

    `unplaced` counts candidates that lack a throughput or a cost, which no chart can show.
    """
    front = set(study["front"])
    names = study.get("names", {})
    points = []
    for item in study["candidates"]:
        metrics = item["metrics"]
        if "throughput" not in metrics or "cost" not in metrics:
            continue
        binding = item["binding"]
        points.append({
            "key": item["key"], "integration": item["family"][0], "carrier": item["family"][1],
            "cost": metrics["cost"]["value"], "throughput": _shown(metrics, "throughput"),
            "efficiency": _shown(metrics, "efficiency"), "state": item["state"],
            "probability": item["joint_probability"], "front": item["key"] in front,
            "path": named(item["thermal_path"], names), "binds": "" if binding is None else limit_name(binding),
        })  # fmt: skip
    return {
        "points": points, "step": step_line([(p["cost"], p["throughput"]) for p in points if p["front"]]),
        "need": _needed(study), "unplaced": len(study["candidates"]) - len(points),
        "families": [[*family["family"]] for family in study["families"]],
        "names": {item["family"][1]: named(item["family"][1], names) for item in study["families"]},
    }  # fmt: skip


def step_line(points: Sequence[tuple[float, float]]) -> list[list[float]]:
    """The most throughput that so much money buys: only points that beat all cheaper ones."""
    found: list[list[float]] = []
    for cost, throughput in sorted(points, key=lambda p: (p[0], -p[1])):
        if not found or throughput > found[-1][1]:
            found.append([cost, throughput])
    return found


def _shown(metrics: Mapping[str, Any], name: str) -> float | None:
    metric = metrics.get(name)
    return None if metric is None else in_shown_unit(metric["value"], metric["unit"])


def _needed(study: Mapping[str, Any]) -> float | None:
    """Throughput that the Program demands [TFLOP/s], if it does."""
    for record in study["best"]:
        for limit in record["limits"]:
            if limit["discipline"] == "performance" and limit["kind"] == "throughput" and limit["hard"]:
                return in_shown_unit(limit["demand"], limit["unit"])
    return None
