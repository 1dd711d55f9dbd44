"""A study's finding in one paragraph, from its record alone."""

from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]


def verdict_text(study: Record) -> str:
    """What stands and leads, what binds it, and to what each other family fell."""
    counts, confidence = study["counts"], study["confidence"]
    opening = (
        f"Of {counts['space']:,} candidates, {counts['screened_out']:,} cannot hold even at their best; "
        f"{counts['assessed']:,} were assessed in full and {counts['feasible']:,} hold every hard limit together "
        f"with at least {confidence:.0%} probability."
    )
    return " ".join([opening, _leader(study) if study["best"] else _nothing(study), *_fallen(study)])


def _leader(study: Record) -> str:
    leader = study["best"][0]
    binding, metrics = leader["binding"], leader["metrics"]
    words = []
    if "throughput" in metrics:
        words.append(f"sustains {metrics['throughput']['value'] / 1e12:,.0f} TFLOP/s")
    if "efficiency" in metrics:
        words.append(f"{metrics['efficiency']['value'] / 1e12:.2f} TFLOP/s per watt")
    if "cost" in metrics:
        low, _, high = leader["cost"]["quantiles_usd"]
        words.append(
            f"costs {metrics['cost']['value']:,.0f} USD a good part (90 % band {low:,.0f} to {high:,.0f})"
        )
    text = f"The leader is {leader['candidate']['describe']}: it {', '.join(words)}, and holds with "
    text += f"{leader['joint_probability']:.0%}."
    if binding is not None:
        text += f" What binds it first: {binding['explanation']} (holds with {binding['probability']:.0%})."
    return text


def _nothing(study: Record) -> str:
    if study["relaxations"]:
        ways = "; ".join(
            f"{item['limit']} of {item['subject']} by {item['by']:.3g} {item['unit']} ({item['describe']})"
            for item in study["relaxations"]
        )
        return f"Nothing stands. Either of these, relaxed alone, would open the space: {ways}."
    if study["conflicting"]:
        return f"Nothing stands: {' and '.join(study['conflicting'])} conflict, and none gives way alone."
    nearest = study["families"][0]["binding"] if study["families"] else None
    return (
        f"Nothing stands; the nearest fails here: {nearest['explanation']}." if nearest else "Nothing stands."
    )


def _fallen(study: Record) -> list[str]:
    """What each family that fell fell to: said once for all that share a carrier, or a way to stand, and a cause."""
    if not study["best"]:
        return []
    families = {tuple(item["family"]): item for item in study["families"]}
    told: set[tuple[str, str]] = set()
    lines = []
    for place, words in ((1, "On {}"), (0, "{}")):
        for name in sorted({key[place] for key in families}):
            members = [item for key, item in families.items() if key[place] == name]
            common = _common([item["representative"] for item in members])
            if common is None or any(item["state"] != "fell" for item in members):
                continue
            told |= {tuple(item["family"]) for item in members}
            subject = words.format(name if place else name.capitalize())
            lines.append(
                f"{subject} everything falls to {_short(common)}."
                if place
                else f"{subject} falls to {_short(common)}."
            )
    for key, item in families.items():
        if item["state"] == "fell" and item["binding"] is not None and key not in told:
            lines.append(f"{key[0].capitalize()} on {key[1]} falls to {_short(item['binding'])}.")
    for path in study["fallen_paths"]:
        if path["binding"] is not None:
            lines.append(f"{path['name']} falls to {_short(path['binding'])}.")
    return lines


def _common(representatives: list[Record]) -> Record | None:
    """The worst of the limits that every one of these candidates fails, as the first of them has it."""
    failed = [
        {(x["discipline"], x["kind"]) for x in item["limits"] if x["hard"] and x["probability"] < 0.5}
        for item in representatives
    ]
    shared = set.intersection(*failed) if failed else set()
    mine = [x for x in representatives[0]["limits"] if (x["discipline"], x["kind"]) in shared]
    return min(mine, key=lambda x: x["margin_ratio"], default=None)


def _short(binding: Record) -> str:
    return (
        f"the {binding['kind'].replace('_', ' ')} of {binding['subject'].split(':')[-1]} "
        f"({binding['demand']:.4g} against {binding['capacity']:.4g} {binding['unit']})"
    )
