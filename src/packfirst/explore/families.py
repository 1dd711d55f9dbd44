"""Why each family stands or fell: its nearest candidate, what binds it, and the nearest that holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from packfirst.architecture.candidate import Candidate, Space
from packfirst.explore.engine import Record
from packfirst.explore.screening import Screened
from packfirst.explore.search import BETTER, Searched, family_of


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


def ranked(records: Sequence[Record], objectives: Sequence[str]) -> list[Record]:
    """Feasible records, the leader first: by the product of the objectives' ratios, ties to the surer one.

    A product weighs a tenth more throughput like a tenth less cost and has no unit to choose; whoever weighs
    them otherwise reads the front.
    """

    def score(record: Record) -> float:
        metrics = record["metrics"]
        assert isinstance(metrics, dict)
        return float(
            sum(
                (1.0 if BETTER[name] == "more" else -1.0) * np.log(metrics[name]["value"])
                for name in objectives if name in metrics
            )
        )  # fmt: skip

    feasible = [record for record in records if record["state"] == "feasible"]
    return sorted(feasible, key=lambda item: (-round(score(item), 6), -_joint(item), str(item["key"])))


def families(space: Space, screened: Screened, searched: Searched, objectives: Sequence[str]) -> list[Family]:
    """Every family of the space, those with feasible candidates first."""
    members: dict[tuple[str, str], list[int]] = {}
    for row in range(len(space)):
        members.setdefault(family_of(space, row), []).append(row)
    order = ranked(list(searched.records.values()), objectives)
    found = []
    for name, rows in members.items():
        assessed = [key for key, row in searched.rows.items() if family_of(space, row) == name]
        own = [record for record in order if record["key"] in assessed]
        speaker = _speaker(space, screened, searched, rows, assessed, own, order)
        neighbour = None if own else _nearest(space.candidate(speaker), order, space, searched)
        found.append(
            Family(
                name=name, candidates=len(rows), screened_out=int((~screened.kept[rows]).sum()),
                assessed=len(assessed), feasible=len(own), best=str(own[0]["key"]) if own else None,
                representative=speaker, neighbour=neighbour,
                changes=() if neighbour is None
                else changes(space.candidate(speaker), space.candidate(searched.rows[neighbour])),
            )
        )  # fmt: skip
    places = {str(record["key"]): place for place, record in enumerate(order)}
    return sorted(found, key=lambda item: (places.get(item.best or "", len(places)), item.name))


def _speaker(
    space: Space, screened: Screened, searched: Searched, rows: list[int], assessed: list[str], own: list[Record],
    order: Sequence[Record],
) -> int:  # fmt: skip
    """Row of the best feasible, else of the surest assessed, else of the one that came nearest to passing the screen.

    Of rows that came equally near, the one most like the leader: then its carrier or way out speaks, not its die.
    """
    if own:
        return searched.rows[str(own[0]["key"])]
    if assessed:
        best = max(
            assessed, key=lambda key: (_joint(searched.records[key]), _worst(searched.records[key]), key)
        )
        return searched.rows[best]
    every = np.array(rows)
    near = screened.least_margin(every)
    equal = every[near >= near.max() - 1e-9]
    if not order:
        return int(equal[0])
    leader = space.index[searched.rows[str(order[0]["key"])]]
    return int(equal[np.argmin((space.index[equal] != leader).sum(axis=1))])


def _joint(record: Record) -> float:
    return float(str(record["joint_probability"]))


def _worst(record: Record) -> float:
    """Sum of what hard limits lack, in shares of their capacity: how far a candidate is from standing."""
    limits = record["limits"]
    assert isinstance(limits, list)
    return float(sum(min(item["margin_ratio"], 0.0) for item in limits if item["hard"]))


def _nearest(candidate: Candidate, order: Sequence[Record], space: Space, searched: Searched) -> str | None:
    """Key of the feasible candidate with the fewest other choices; of equals the one that ranks first."""
    if not order:
        return None
    best = min(
        enumerate(order),
        key=lambda pair: (
            len(changes(candidate, space.candidate(searched.rows[str(pair[1]["key"])]))), pair[0],
        ),
    )  # fmt: skip
    return str(best[1]["key"])


def changes(old: Candidate, new: Candidate) -> tuple[str, ...]:
    """What to choose differently to get from one candidate to the other, a line each."""
    found = []
    if old.partition != new.partition:
        found.append(f"die: {_die(old)} -> {_die(new)}")
    for field in ("carrier", "stack", "thermal_path", "lid_interface", "floorplan"):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """The least that one limit would have to give so that some candidate stands."""

    limit: str  # discipline/kind
    subject: str
    by: float
    unit: str
    candidate: str
    describe: str


def conflicts(records: Mapping[str, Record], confidence: float) -> tuple[list[Relaxation], list[str]]:
    """For a space in which nothing stands: what each limit alone would have to give, and which conflict.

    Returns
    -------
    relaxations : list of Relaxation
        Per kind of limit, the least shortfall among candidates that fail by this kind alone.
    conflicting : list of str
        Where every candidate fails by several kinds: those of the candidate that fails by the fewest.
    """
    alone: dict[str, Relaxation] = {}
    fewest: set[str] | None = None
    for record in records.values():
        limits = record["limits"]
        assert isinstance(limits, list)
        failed = [item for item in limits if item["hard"] and item["probability"] < confidence]
        kinds = {f"{item['discipline']}/{item['kind']}" for item in failed}
        if not kinds:
            continue
        if fewest is None or (len(kinds), sorted(kinds)) < (len(fewest), sorted(fewest)):
            fewest = kinds
        if len(kinds) > 1:
            continue
        worst = max(failed, key=lambda item: _needed(item, confidence))
        kind = kinds.pop()
        found = Relaxation(
            limit=kind, subject=str(worst["subject"]), by=_needed(worst, confidence), unit=str(worst["unit"]),
            candidate=str(record["key"]), describe=str(record["describe"]),
        )  # fmt: skip
        if kind not in alone or found.by < alone[kind].by:
            alone[kind] = found
    relaxations = sorted(alone.values(), key=lambda item: item.limit)
    return relaxations, ([] if relaxations or fewest is None else sorted(fewest))


def _needed(limit: Mapping[str, float], confidence: float) -> float:
    """How much more capacity would hold with the confidence, for a margin that is normal. [unit of the limit]"""
    from scipy.special import ndtri

    return max(float(ndtri(confidence)) * limit["sigma"] - limit["margin"], 0.0)
