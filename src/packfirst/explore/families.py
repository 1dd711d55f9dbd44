"""Why each family stands or fell: its nearest candidate, what binds it, and the nearest that holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.candidate import Candidate, Space
from packfirst.explore.pareto import BETTER
from packfirst.explore.records import Brief, GiveRecord, RelaxationRecord
from packfirst.explore.screening import Screened
from packfirst.explore.search import Searched, families_of


@dataclass(frozen=True, kw_only=True)
class Family:
    """One family of candidates and the one that speaks for it."""

    name: tuple[str, str]
    candidates: int
    screened_out: int
    assessed: int
    feasible: int
    best: str | None  # key of its best feasible candidate
    representative: int  # row of the candidate that speaks for it
    neighbour: str | None  # key of the feasible candidate nearest to the representative
    changes: tuple[str, ...]


def ranked(records: Iterable[Brief], objectives: Sequence[str]) -> list[Brief]:
    """Feasible records, the leader first: by the product of the objectives' ratios, ties to the surer one.

    A product weighs a tenth more throughput like a tenth less cost and has no unit to choose; whoever weighs
    them otherwise reads the front. What could not be measured comes last.
    """

    def score(record: Brief) -> float:
        total = 0.0
        for name in objectives:
            value = record["metrics"][name]["value"] if name in record["metrics"] else 0.0
            if value <= 0.0:
                return -np.inf
            total += float(np.log(value)) * (1.0 if BETTER[name] == "more" else -1.0)
        return total

    feasible = [record for record in records if record["state"] == "feasible"]
    return sorted(
        feasible, key=lambda item: (-round(score(item), 6), -item["joint_probability"], item["key"])
    )


def families(space: Space, screened: Screened, searched: Searched, order: Sequence[Brief]) -> list[Family]:
    """Every family of the space, those with feasible candidates first and in their `order`."""
    names, number = families_of(space)
    assessed: dict[int, list[Brief]] = {}
    for key, record in searched.records.items():
        assessed.setdefault(int(number[searched.rows[key]]), []).append(record)
    kept = screened.kept
    found = []
    for family, name in enumerate(names):
        rows = np.flatnonzero(number == family)
        if not len(rows):
            continue
        tried = assessed.get(family, [])
        own = [record for record in order if tuple(record["family"]) == name]
        speaker = _speaker(space, screened, searched, rows, tried, own, order)
        neighbour = None if own else nearest(space.candidate(speaker), order, space, searched)
        found.append(
            Family(
                name=name, candidates=len(rows), screened_out=int((~kept[rows]).sum()), assessed=len(tried),
                feasible=len(own), best=own[0]["key"] if own else None, representative=speaker,
                neighbour=neighbour,
                changes=() if neighbour is None
                else changes(space.candidate(speaker), space.candidate(searched.rows[neighbour])),
            )
        )  # fmt: skip
    places = {record["key"]: place for place, record in enumerate(order)}
    return sorted(found, key=lambda item: (places.get(item.best or "", len(places)), item.name))


def _speaker(
    space: Space, screened: Screened, searched: Searched, rows: NDArray[np.int64], tried: Sequence[Brief],
    own: Sequence[Brief], order: Sequence[Brief],
) -> int:  # fmt: skip
    """Row of the best feasible, else of the surest assessed, else of the one that came nearest to passing the screen.

    Of rows that came equally near, the one most like the leader: then its carrier or way out speaks, not its die.
    """
    if own:
        return searched.rows[own[0]["key"]]
    if tried:
        return searched.rows[surest(tried)["key"]]
    near = screened.least_margin(rows)
    equal = rows[near >= near.max() - 1e-9]
    if not order:
        return int(equal[0])
    leader = space.index[searched.rows[order[0]["key"]]]
    return int(equal[np.argmin((space.index[equal] != leader).sum(axis=1))])


def surest(records: Iterable[Brief]) -> Brief:
    """The one likeliest to hold; of equals the one that lacks least, in shares of its capacities."""

    def lacking(record: Brief) -> float:
        return sum(min(item["margin_ratio"], 0.0) for item in record["limits"] if item["hard"])

    # One that could not be built knows no limits and must not pass for lacking nothing.
    return max(
        records,
        key=lambda item: (bool(item["limits"]), item["joint_probability"], lacking(item), item["key"]),
    )


def nearest(candidate: Candidate, order: Sequence[Brief], space: Space, searched: Searched) -> str | None:
    """Key of the feasible candidate with the fewest other choices; of equals the one that ranks first."""
    if not order:
        return None
    fewest = min(order, key=lambda item: len(changes(candidate, space.candidate(searched.rows[item["key"]]))))
    return fewest["key"]


def changes(old: Candidate, new: Candidate) -> tuple[str, ...]:
    """What to choose differently to get from one candidate to the other, a line each."""
    found = []
    if old.partition != new.partition:
        found.append(f"die: {_die(old)} -> {_die(new)}")
    for field in ("carrier", "stack", "thermal_path", "lid_interface", "floorplan", "base"):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            found.append(f"{field.replace('_', ' ')}: {before or 'none'} -> {after or 'none'}")
    return tuple(found)


def _die(candidate: Candidate) -> str:
    groups = candidate.partition.groups
    text = ", ".join(f"{g.count} x {g.name} on {g.node}" for g in groups)
    for upper, lower in candidate.partition.stacked:
        text += f", {groups[upper].name} on top of {groups[lower].name}"
    return text


def conflicts(records: Iterable[Brief]) -> tuple[list[RelaxationRecord], list[GiveRecord]]:
    """For a space in which nothing stands: what each limit alone would have to give, and which conflict.

    Returns
    -------
    relaxations
        Per kind of limit, the least give by which one candidate stands that no other limit stops.
    together
        Where no limit gives way alone: the gives of the candidate that needs the fewest, and of those the least.
    """
    alone: dict[str, RelaxationRecord] = {}
    together: list[GiveRecord] = []
    for record in records:
        gives = record["gives"]
        if gives and (not together or _size(gives) < _size(together)):
            together = gives
        if len(gives) == 1:
            give = gives[0]
            known = alone.get(give["limit"])
            if known is None or give["by"] < known["by"]:
                alone[give["limit"]] = {**give, "candidate": record["key"], "describe": record["describe"]}
    relaxations = sorted(alone.values(), key=lambda item: (item["share"], item["limit"]))
    return relaxations, ([] if relaxations else together)


def _size(gives: Sequence[GiveRecord]) -> tuple[int, float]:
    return len(gives), sum(item["share"] for item in gives)
