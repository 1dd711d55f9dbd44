"""The scorecard: every product with its answers, hits, figures, and why the truth lost where it did."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from packfirst import __version__
from packfirst.catalog import Catalog, Record
from packfirst.explore.records import Brief
from packfirst.hindcast.answer import ASPECTS, answer_of
from packfirst.hindcast.figures import Figure, figures
from packfirst.hindcast.run import Told
from packfirst.hindcast.score import Hits, distinct, hits, most_common, plain_rule, right, totals
from packfirst.hindcast.truth import Truth
from packfirst.program import Program

FORMAT = "packfirst-hindcast-1"
RATED = "rated"  # the mode in which a Program made from a record draws the record's power


@dataclass(frozen=True, kw_only=True)
class Case:
    """A product that a Program can express."""

    record: Record
    program: Program
    truth: Truth


def scorecard(
    cases: Sequence[Case], told: Mapping[str, Told], unsaid: Mapping[str, str], catalog: Catalog, *,
    digests: Mapping[str, str], digest: str, budget: int, seed: int, date: str,
) -> dict[str, Any]:  # fmt: skip
    """The whole scorecard, ready for JSON.

    Parameters
    ----------
    told : mapping
        What packfirst said, by product.
    unsaid : mapping
        By product that no Program can express, what its record lacks.
    """
    scored: dict[str, dict[str, Hits]] = {"packfirst": {}, "nearest": {}, "most_common": {}, "plain_rule": {}}
    products = []
    for case in cases:
        name, said = case.record.id, told[case.record.id]
        near = [] if said.nearest is None else [answer_of(catalog, said.nearest)]
        others = [other.truth for other in cases if other is not case]
        answers = distinct(answer_of(catalog, item) for item in said.ranked)
        common = most_common(others) if others else []
        rule = [_rule(case.program, catalog)]
        for who, theirs in (
            ("packfirst", answers),
            ("nearest", answers or near),
            ("most_common", common),
            ("plain_rule", rule),
        ):
            scored[who][name] = hits(theirs, case.truth)
        products.append({
            "product": name, "name": case.record.name, "introduced": case.record["introduced"],
            "inputs": digests[name],
            "die_given": all(len(block.splits) == 1 for block in case.program.blocks.values()),
            "truth": {
                "technologies": list(case.truth.technologies), "n_die": case.truth.n_die,
                "thermal_paths": list(case.truth.thermal_paths), "note": case.truth.note,
            },
            "answers": [asdict(item) for item in answers],
            "most_common": [asdict(item) for item in common], "plain_rule": [asdict(item) for item in rule],
            "hits": {who: asdict(found[name]) for who, found in scored.items()},
            "counts": dict(said.counts), "leader": _shown(said.ranked[0]) if said.ranked else None,
            "nearest": None if said.nearest is None else _shown(said.nearest),
            "as_built": None if said.as_built is None else _shown(said.as_built), "unsaid": said.unsaid,
            "misses": _misses(answers_missed=scored["packfirst"][name]),
            "reason": reason(said, case.truth, catalog),
            "figures": [_figure(item) for item in _figures(case, said)],
        })  # fmt: skip
    return {
        "format": FORMAT, "packfirst": __version__, "date": date, "digest": digest, "budget": budget,
        "seed": seed, "calibrated": [],
        "products": products, "not_expressed": [
            {"product": name, "name": catalog.record("product", name).name, "lacks": what}
            for name, what in unsaid.items()
        ],
        "totals": {who: totals(found.values()) for who, found in scored.items()}, "scored": len(products),
    }  # fmt: skip


def reason(said: Told, truth: Truth, catalog: Catalog) -> str:
    """Why what was built is not the first answer, from its own assessment; "" where the first answer is right."""
    if said.ranked and right(answer_of(catalog, said.ranked[0]), truth)["all"]:
        return ""
    built = said.as_built
    if built is None:
        return f"What was built cannot be said: {said.unsaid}."
    if built["state"] == "feasible":
        return f"What was built stands{_dearer(built, said.ranked)}."
    if built["binding"] is None:
        return f"What was built is undecided: not assessed is {', '.join(built['missing'])}."
    binding = built["binding"]
    screened = f"; the screen rejects it by {said.as_built_screened}" if said.as_built_screened else ""
    return (
        f"What was built is {built['state']}, held back by {binding['id']}: {binding['explanation']} "
        f"(holds with {binding['probability']:.0%}; all limits together with {built['joint_probability']:.0%})"
        f"{screened}."
    )


def _dearer(built: Brief, ranked: Sequence[Brief]) -> str:
    """What it costs beside the leader."""
    if not ranked:
        return ", but the search did not reach it"
    leader = ranked[0]
    costs = [item["metrics"].get("cost") for item in (built, leader)]
    if costs[0] is None or costs[1] is None:
        return ", but the search did not rank it first"
    more = costs[0]["value"] / costs[1]["value"] - 1.0
    word = "more" if more >= 0.0 else "less"
    found = "" if any(item["key"] == built["key"] for item in ranked) else "; the budget did not reach it"
    return (
        f" (all limits together with {built['joint_probability']:.0%}) but costs {abs(more):.0%} {word} than the "
        f"leader{found}"
    )


def _rule(program: Program, catalog: Catalog) -> Any:
    blocks = list(program.blocks.values())
    node = catalog.record("node", blocks[0].node)
    return plain_rule(sum(block.area.value for block in blocks), node["reticle_x"] * node["reticle_y"])


def _misses(*, answers_missed: Hits) -> list[str]:
    return [name for name in ASPECTS if not answers_missed.top1[name]]


def _figures(case: Case, said: Told) -> list[Figure]:
    if said.as_built is None:
        return []
    return list(figures(case.record, said.as_built, said.one_die, RATED))


def _figure(item: Figure) -> dict[str, Any]:
    return {**asdict(item), "ratio": item.ratio}


def _shown(brief: Brief) -> dict[str, Any]:
    """What a scorecard keeps of an assessed candidate."""
    binding = brief["binding"]
    return {
        "key": brief["key"], "describe": brief["describe"], "state": brief["state"],
        "joint_probability": brief["joint_probability"], "missing": brief["missing"],
        "cost_usd": brief["metrics"]["cost"]["value"] if "cost" in brief["metrics"] else None,
        "binding": None if binding is None else {
            name: binding[name]
            for name in ("id", "demand", "capacity", "unit", "probability", "explanation")
        },
    }  # fmt: skip
