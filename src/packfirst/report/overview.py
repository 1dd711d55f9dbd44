"""The few figures that a reader takes away."""

from collections.abc import Mapping
from typing import Any

from packfirst.report.wording import GAP, number, percent, probability, quantity


def search_tiles(study: Mapping[str, Any]) -> list[dict[str, str]]:
    """How the search narrowed."""
    counts = study["counts"]
    tiles = [
        _tile("Candidates considered", _count(counts["space"]), ""),
        _tile("Screened out", _count(counts["screened_out"]), "a bound already rules them out"),
    ]
    if counts.get("skipped_dominated"):
        tiles.append(
            _tile("Dominated", _count(counts["skipped_dominated"]), "another is at least as good in all")
        )
    if counts.get("left_by_budget"):
        tiles.append(_tile("Left", _count(counts["left_by_budget"]), "beyond the budget of this run"))
    tiles.append(_tile("Assessed in full", _count(counts["assessed"]), ""))
    tiles.append(
        _tile(
            "Feasible",
            _count(counts["feasible"]),
            f"hold with {percent(study['confidence'], decimals=0)} or more",
        )
    )
    return tiles


def best_tiles(study: Mapping[str, Any]) -> list[dict[str, str]]:
    """What the leading candidate gives."""
    if not study["best"]:
        return []
    best = study["best"][0]
    metrics = best["metrics"]
    tiles = []
    if "throughput" in metrics:
        tiles.append(_measure("Throughput, sustained", metrics["throughput"]))
    if "efficiency" in metrics:
        tiles.append(_measure("Performance per watt", metrics["efficiency"]))
    if "cost" in metrics:
        band = best["cost"].get("quantiles_usd")
        note = f"{number(_whole(band[0]))} to {number(_whole(band[2]))} USD, 5 to 95{GAP}%" if band else ""
        tiles.append(
            _tile("Cost of a good part", f"{number(_whole(metrics['cost']['value']))}{GAP}USD", note)
        )
    asked = percent(study["confidence"], decimals=0)
    tiles.append(_tile("All hard limits hold", probability(best["joint_probability"]), f"{asked} asked for"))
    hottest = hottest_junction(best)
    if hottest is not None:
        tiles.append(hottest)
    return tiles


def hottest_junction(record: Mapping[str, Any]) -> dict[str, str] | None:
    """The hottest die of all modes, with the room that its limit leaves."""
    dies = record["thermal"].get("die", ())
    if not dies:
        return None
    hot = max(dies, key=lambda item: round(item["peak_degc"], 3))  # of die that are alike, the first
    group = next((die["group"] for die in record["geometry"]["die"] if die["id"] == hot["id"]), "")
    note = f"{hot['id']}, {hot['mode']}"
    for limit in record["limits"]:
        if (
            limit["kind"] == "junction"
            and limit["subject"] == f"die:{group}"
            and limit["mode"] == hot["mode"]
        ):
            where = "below" if limit["margin"] >= 0.0 else "above"
            note += f"; {number(abs(limit['margin']), decimals=1)}{GAP}K {where} its limit"
    return _tile("Hottest junction", f"{number(hot['peak_degc'], decimals=1)}{GAP}°C", note)


def _measure(label: str, metric: Mapping[str, Any]) -> dict[str, str]:
    sigma = metric["sigma"]
    note = f"± {quantity(sigma, metric['unit'], digits=2)}, one standard deviation" if sigma else ""
    return _tile(label, quantity(metric["value"], metric["unit"], digits=3), note)


def _tile(label: str, value: str, note: str) -> dict[str, str]:
    figure, _, unit = value.rpartition(GAP)
    return {"label": label, "value": figure or unit, "unit": unit if figure else "", "note": note}


def _count(value: int) -> str:
    return number(float(value), decimals=0)


def _whole(value: float) -> float:
    return float(round(value))
