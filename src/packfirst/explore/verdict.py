"""A study's finding in one paragraph, from its record alone."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from packfirst.explore.records import Brief, FamilyRecord, Full, GiveRecord, StudyRecord

Names = Mapping[str, str]
# Reasons that one paragraph bears; the report has the rest.
MOST_REASONS = 6
# Units that are counted, not measured.
COUNTED = ("balls", "bridges", "signals")
FLOORPLANS = {"memory_sides": "memory on two sides", "memory_ring": "memory all round"}


def verdict_text(study: StudyRecord) -> str:
    """What stands and leads, what binds it, and to what each other family fell."""
    names = spoken(study)
    finding = [_leader(study, names), *_fallen(study, names)] if study["best"] else [_nothing(study, names)]
    return " ".join([_opening(study), *finding])


def package_says(plain: Brief, leader: Brief, node: Mapping[str, Any], names: Names) -> str:
    """The change of package against the change of node, in a sentence or two."""
    before, after = (item["metrics"]["throughput"]["value"] for item in (plain, leader))
    fails, binding = "", plain["binding"]
    if plain["state"] == "infeasible" and binding is not None:
        fails = f", and would not stand ({_explained(binding, names)})"
    return (
        f"On {_name(plain['carrier'], names)}, {_die(plain)} would sustain {_tera(before)}{fails}; the leader sustains "
        f"{_tera(after)}, {_more(after / before - 1.0)}. One more node ({node['node']}) would give the leader "
        f"{_more(node['faster'])} at a higher clock, or {_more(node['more_units'])} with more units."
    )


def spoken(study: StudyRecord) -> dict[str, str]:
    """Names as they stand within a sentence: 'silicon bridge in organic substrate'.

    What follows a comma or stands in brackets is left out, unless it tells apart two records of this study.
    """
    names, used = study["names"], {item["family"][1] for item in study["families"]}
    used |= {item["thermal_path"] for item in study["fallen_paths"]}
    used |= {
        item[field] for item in study["candidates"] for field in ("stack", "thermal_path", "lid_interface")
    }
    short = {key: re.split(r" \(|, ", names[key])[0] for key in sorted(used & set(names))}
    said = list(short.values())
    told = {key: _lowered(name if said.count(name) == 1 else names[key]) for key, name in short.items()}
    return {**names, **told, **FLOORPLANS}


def _lowered(name: str) -> str:
    """Without the capital of a first word that is not an abbreviation."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _opening(study: StudyRecord) -> str:
    counts, confidence = study["counts"], study["confidence"]
    out, tried, stand = counts["screened_out"], counts["assessed"], counts["feasible"]
    text = f"Of {_count(counts['space'], 'candidate')}, {out:,} cannot hold even at their best"
    text += f"; {tried:,} {'was' if tried == 1 else 'were'} assessed in full, and "
    text += "none of them holds" if stand == 0 else f"{stand:,} {'holds' if stand == 1 else 'hold'}"
    text += f" every hard limit at once with {confidence:.0%} probability or more."
    left = counts["left_by_budget"]
    if left:
        text += f" The budget left {_count(left, 'candidate')} unassessed."
    return text


def _leader(study: StudyRecord, names: Names) -> str:
    leader = study["best"][0]
    binding, metrics = leader["binding"], leader["metrics"]
    words = []
    if "throughput" in metrics:
        words.append(f"sustains {_tera(metrics['throughput']['value'])}")
    if "efficiency" in metrics:
        words.append(f"gives {metrics['efficiency']['value'] / 1e12:.2f} TFLOP/s per watt")
    if "cost" in metrics:
        low, _, high = leader["cost"]["quantiles_usd"]
        words.append(
            f"costs {_three(metrics['cost']['value'])} USD a good part ({_three(low)} to {_three(high)}, 5 to 95%)"
        )
    words.append(f"holds with {leader['joint_probability']:.0%}")
    text = f"The leader: {_candidate(leader['candidate'], names)}. It {_listed(words)}."
    if binding is not None:
        text += f" Its weakest limit: {_explained(binding, names)} (holds with {_probability(binding)})."
    return text


def _candidate(chosen: Mapping[str, Any], names: Names) -> str:
    """The choices of a candidate as an architect says them."""
    return (
        f"{_die(chosen, names)}; carried by {_name(chosen['carrier'], names)}; cooled through "
        f"{_name(chosen['lid_interface'], names)} by {_name(chosen['thermal_path'], names)}"
    )


def _die(chosen: Mapping[str, Any], names: Names | None = None) -> str:
    """'8 compute die on n5 on top of 4 fabric die on n6'; with names, also how they are joined."""
    die = {
        "+".join(g["blocks"]): f"{g['count']} {'+'.join(g['blocks'])} die on {g['node']}"
        for g in chosen["groups"]
    }
    joined = "" if names is None else f", joined by {_name(chosen['stack'], names)}"
    parts = [f"{die[top]} on top of {die[base]}{joined}" for top, base in chosen["stacked"]]
    stacked = {name for pair in chosen["stacked"] for name in pair}
    return _listed([*parts, *(text for name, text in die.items() if name not in stacked)])


def _nothing(study: StudyRecord, names: Names) -> str:
    relaxations = study["relaxations"]
    if relaxations:
        ways = "; ".join(f"{_give(item)} ({_words(item['describe'], names)})" for item in relaxations)
        if len(relaxations) == 1:
            return f"One limit alone would open the space if it gave: {ways}."
        return f"Each of these, if it gave alone, would open the space: {ways}."
    if study["together"]:
        gives = _listed([_give(item) for item in study["together"]])
        return f"Limits conflict, and none gives way alone; together they would have to give: {gives}."
    nearest = next((item["binding"] for item in study["families"] if item["binding"]), None)
    return (
        f"The nearest fails here: {_explained(nearest, names)}." if nearest else "Nothing could be assessed."
    )


def _give(item: GiveRecord) -> str:
    kind = item["limit"].partition("/")[2].replace("_", " ")
    if item["unit"] == "op/s":
        by = _tera(item["by"])
    elif item["unit"] in COUNTED:
        by = f"{math.ceil(item['by']):,} {item['unit']}"
    else:
        by = f"{item['by']:,.3g} {item['unit']}"
    return f"{kind} of {item['subject'].split(':')[-1]} by {by}"


def _fallen(study: StudyRecord, names: Names) -> list[str]:
    """What each family that fell fell to: said once for all that share a carrier, or a way to stand, and a cause."""
    families = {(item["family"][0], item["family"][1]): item for item in study["families"]}
    told: set[tuple[str, str]] = set()
    lines = []
    for place in (1, 0):
        for name in sorted({key[place] for key in families}):
            members = {key: item for key, item in families.items() if key[place] == name and key not in told}
            common = _common(members.values())
            if common is None or len(members) == 1:
                continue
            told |= set(members)
            subject = f"On {_name(name, names)} every candidate" if place else _capital(name)
            lines.append(f"{subject} falls to the {_reason(common, names)}.")
    for key, item in families.items():
        if item["state"] == "fell" and key not in told and item["representative"] is not None:
            lines.append(_alone(item, item["representative"], study["confidence"], names))
    lines += [
        f"With {_name(path['thermal_path'], names)} the leader falls to the {_reason(path['binding'], names)}."
        for path in study["fallen_paths"] if path["binding"] is not None
    ]  # fmt: skip
    rest = len(lines) - MOST_REASONS
    if rest > 0:
        lines = [
            *lines[:MOST_REASONS],
            f"{_count(rest, 'more reason')} for what fell {_are(rest)} in the report.",
        ]
    undecided = sum(item["state"] == "undecided" for item in families.values())
    if undecided:
        lines.append(f"{_count(undecided, 'family', 'families')} could not be decided for want of data.")
    return lines


def _alone(item: FamilyRecord, nearest: Full, confidence: float, names: Names) -> str:
    family = f"{_capital(item['family'][0])} on {_name(item['family'][1], names)}"
    binding = nearest["binding"]
    if binding is None:
        return f"{family} falls."
    if binding["probability"] >= 0.5:
        return (
            f"{family} comes near: it holds with {nearest['joint_probability']:.0%} of the {confidence:.0%} "
            f"asked for; its weakest limit: {_explained(binding, names)} (holds with {_probability(binding)})."
        )
    return f"{family} falls to the {_reason(binding, names)}."


def _common(members: Iterable[FamilyRecord]) -> dict[str, Any] | None:
    """The worst of the limits that all these families' nearest candidates fail, as the first of them has it."""
    nearest = []
    for item in members:
        if item["state"] != "fell" or item["representative"] is None:
            return None
        nearest.append([x for x in item["representative"]["limits"] if x["hard"] and x["probability"] < 0.5])
    shared = set.intersection(*({(x["discipline"], x["kind"]) for x in limits} for limits in nearest or [[]]))
    mine = [x for limits in nearest[:1] for x in limits if (x["discipline"], x["kind"]) in shared]
    return min(mine, key=lambda x: (x["probability"], x["margin_ratio"], x["id"]), default=None)


def _reason(limit: Mapping[str, Any], names: Names) -> str:
    return f"{limit['kind'].replace('_', ' ')} limit: {_explained(limit, names)}"


def _explained(limit: Mapping[str, Any], names: Names) -> str:
    return _words(limit["explanation"], names)


def _words(text: str, names: Names) -> str:
    """Text with the catalog's names in the place of its ids."""
    return re.sub(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b", lambda found: names.get(found[0], found[0]), text)


def _name(record_id: str, names: Names) -> str:
    return names.get(record_id, record_id.replace("_", " "))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _tera(op_per_s: float) -> str:
    return f"{op_per_s / 1e12:,.0f} TFLOP/s"


def _three(value: float) -> str:
    """Three digits that mean something, thousands apart."""
    return f"{float(f'{value:.3g}'):,.0f}"


def _more(gain: float) -> str:
    return f"{abs(gain):.0%} {'more' if gain >= 0.0 else 'less'}"


def _probability(limit: Mapping[str, Any]) -> str:
    """A share of samples; its ends stay open, since samples prove neither."""
    share = float(limit["probability"])
    return "more than 99.9%" if share >= 0.9995 else "less than 0.1%" if share < 0.0005 else f"{share:.0%}"
