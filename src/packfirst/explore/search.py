"""Which candidates to assess, in which order, and when no other can matter any more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.candidate import Space
from packfirst.explore.engine import AssessMany, Record
from packfirst.explore.pareto import beaten
from packfirst.explore.screening import Screened
from packfirst.program.model import Program

# Candidates go out in batches of this size whatever the number of workers, and conclusions are drawn between
# batches only: so the same candidates are assessed on any machine.
BATCH = 24
BETTER = {"throughput": "more", "efficiency": "more", "cost": "less", "mass": "less", "body_area": "less"}


@dataclass(frozen=True, kw_only=True)
class Searched:
    """What the search did.

    Attributes
    ----------
    records : dict of str to Record
        Brief records of the assessed candidates, by key.
    rows : dict of str to int
        Row of each in the space.
    dominated : int
        Rows that were left because a feasible candidate reaches the best that they could be.
    left : int
        Rows that the budget did not reach.
    """

    records: dict[str, Record]
    rows: dict[str, int]
    dominated: int
    left: int


def search(
    program: Program,
    screened: Screened,
    assess_many: AssessMany,
    *,
    budget: int,
    known: Mapping[str, Record],
    keep: Callable[[list[Record]], None],
    progress: Callable[[int, int], None],
) -> Searched:
    """Assesses the most promising candidates of every family, then whatever could still join the front.

    Parameters
    ----------
    budget : int
        Most candidates to assess.
    known : mapping
        Records of an earlier run; they are not assessed again, and count.
    keep : callable
        Takes each batch of new records.
    progress : callable
        Told how many are done, and how many are wanted at most.
    """
    space = screened.space
    objectives = [name for name in program.objectives if name in screened.best]
    better = tuple(BETTER[name] for name in objectives)
    hopes = np.stack([screened.best[name] for name in objectives], axis=-1)
    waiting = _ordered(space, screened, hopes, better)
    records: dict[str, Record] = {}
    rows: dict[str, int] = {}
    dominated = 0
    first = set(_one_of_each(space, screened, waiting))
    queue = [*sorted(first, key=waiting.index), *(row for row in waiting if row not in first)]
    while queue and len(records) < budget:
        # A representative of each family and way out is assessed in any case: reports speak of them.
        feasible = np.array(
            [_values(item, objectives) for item in records.values() if item["state"] == "feasible"]
        )
        lost = beaten(hopes[queue], feasible.reshape(-1, len(objectives)), better)
        lost &= np.array([row not in first for row in queue])
        dominated += int(lost.sum())
        queue = [row for row, gone in zip(queue, lost, strict=True) if not gone]
        batch, queue = queue[: min(BATCH, budget - len(records))], queue[min(BATCH, budget - len(records)) :]
        candidates = {space.candidate(row).key: (row, space.candidate(row)) for row in batch}
        new = [item for key, (_, item) in candidates.items() if key not in known]
        found = dict(zip([item.key for item in new], assess_many(new), strict=True))
        keep(list(found.values()))
        for key, (row, _) in candidates.items():
            records[key] = found.get(key) or dict(known[key])
            rows[key] = row
        progress(len(records), min(budget, len(records) + len(queue)))
    return Searched(records=records, rows=rows, dominated=dominated, left=len(queue))


def _values(record: Record, objectives: list[str]) -> list[float]:
    metrics = record["metrics"]
    assert isinstance(metrics, dict)
    return [metrics[name]["value"] for name in objectives]


def _ordered(
    space: Space, screened: Screened, hopes: NDArray[np.float64], better: tuple[str, ...]
) -> list[int]:
    """Rows that passed the screen, the best hopes first; ties in the order of the space."""
    rows = np.flatnonzero(screened.kept)
    if not len(rows):
        return []
    signs = np.array([1.0 if word == "more" else -1.0 for word in better])
    hope = hopes[rows] * signs
    spread = np.ptp(hope, axis=0)
    score = ((hope - hope.min(axis=0)) / np.where(spread > 0.0, spread, 1.0)).sum(axis=1)
    return [int(row) for row in rows[np.argsort(-score, kind="stable")]]


def _one_of_each(space: Space, screened: Screened, waiting: list[int]) -> list[int]:
    """The most promising row of every family and way out that passed the screen."""
    found: dict[tuple[tuple[str, str], int], int] = {}
    for row in waiting:
        key = (family_of(space, row), int(space.index[row, 3]))
        found.setdefault(key, row)
    return list(found.values())


def family_of(space: Space, row: int) -> tuple[str, str]:
    """Family of a row, as `Candidate.family`, without making the candidate."""
    return space.partitions[int(space.index[row, 0])].integration, space.carriers[int(space.index[row, 1])]
