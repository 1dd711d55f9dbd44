"""Which candidates to assess, in which order, and when no other can matter any more."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.candidate import Candidate, Space
from packfirst.explore.pareto import beaten, goodness
from packfirst.explore.records import Brief
from packfirst.explore.screening import Screened, nearest_failed

AssessMany = Callable[[Sequence[Candidate]], Iterable[Brief]]

# Candidates go out in batches of this size whatever the number of workers, and conclusions are drawn between
# batches only: so the same candidates are assessed on any machine.
BATCH = 24
# Rejected rows to assess for each bound where nothing stands: they tell by how much it would have to give.
NEAREST = 8


@dataclass(frozen=True, kw_only=True)
class Searched:
    """What the search did.

    Attributes
    ----------
    records : dict of str to Brief
        The assessed candidates, by key, in the order of their assessment.
    rows : dict of str to int
        Row of each in the space.
    dominated : int
        Rows that were left because a feasible candidate beats the best that they could be.
    left : int
        Rows that the budget did not reach.
    """

    records: dict[str, Brief]
    rows: dict[str, int]
    dominated: int
    left: int

    @property
    def feasible(self) -> list[Brief]:
        """Those that stand."""
        return [record for record in self.records.values() if record["state"] == "feasible"]


def search(
    screened: Screened, objectives: tuple[str, ...], assess_many: AssessMany, *, budget: int,
    known: Mapping[str, Brief], keep: Callable[[list[Brief]], None], progress: Callable[[int, int], None],
) -> Searched:  # fmt: skip
    """Assesses the most promising candidates of every family, then whatever could still join the front.

    Where nothing stands, it then assesses what the screen rejected most narrowly: to say what would have to give.

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
    hopes = _hopes(screened, objectives)
    waiting = _ordered(screened, hopes)
    # The most promising of each family and way out are assessed in any case: reports speak of them.
    certain = _one_of_each(screened.space, waiting)
    queue = np.concatenate([certain, waiting[~np.isin(waiting, certain)]])
    found = Searched(records={}, rows={}, dominated=0, left=0)
    dominated = 0
    while len(queue) and len(found.records) < budget:
        reached = goodness([values(item, objectives) for item in found.feasible], objectives)
        lost = beaten(hopes[queue], reached) & ~np.isin(queue, certain)
        dominated += int(lost.sum())
        queue = queue[~lost]
        if not len(queue):
            break
        size = min(BATCH, budget - len(found.records))
        _assess(screened.space, queue[:size], found, assess_many, known, keep)
        queue = queue[size:]
        progress(len(found.records), min(budget, len(found.records) + len(queue)))
    if not len(queue) and not found.feasible:
        for batch in _batches(nearest_failed(screened, NEAREST), budget - len(found.records)):
            _assess(screened.space, batch, found, assess_many, known, keep)
            progress(len(found.records), len(found.records))
    return Searched(records=found.records, rows=found.rows, dominated=dominated, left=len(queue))


def _batches(rows: Sequence[int], most: int) -> Iterator[NDArray[np.int64]]:
    taken = np.array(rows, dtype=np.int64)[: max(most, 0)]
    yield from (taken[start : start + BATCH] for start in range(0, len(taken), BATCH))


def _assess(
    space: Space, rows: NDArray[np.int64], into: Searched, assess_many: AssessMany, known: Mapping[str, Brief],
    keep: Callable[[list[Brief]], None],
) -> None:  # fmt: skip
    """Assesses those of the rows that are not known, keeps them, and adds all to what was found."""
    candidates = [(int(row), space.candidate(int(row))) for row in rows]
    new = [item for _, item in candidates if item.key not in known]
    fresh = {record["key"]: record for record in assess_many(new)}
    keep(list(fresh.values()))
    for row, item in candidates:
        into.records[item.key] = fresh.get(item.key) or known[item.key]
        into.rows[item.key] = row


def values(record: Brief, objectives: Sequence[str]) -> list[float]:
    """Figures of merit in the order of the objectives; not a number where one could not be said."""
    return [record["metrics"][name]["value"] if name in record["metrics"] else np.nan for name in objectives]


def _hopes(screened: Screened, objectives: tuple[str, ...]) -> NDArray[np.float64]:
    """The most that each row could turn out to be, more is better; infinite where no discipline bounds it."""
    n = len(screened.space)
    columns = [
        goodness(screened.best[name], (name,))[:, 0] if name in screened.best else np.full(n, np.inf)
        for name in objectives
    ]
    return np.stack(columns, axis=-1)


def _ordered(screened: Screened, hopes: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rows that passed the screen, the best hopes first; ties in the order of the space."""
    rows = np.flatnonzero(screened.kept)
    hope = hopes[rows][:, np.isfinite(hopes[rows]).all(axis=0)]
    if not hope.size:
        return rows
    spread = np.ptp(hope, axis=0)
    score = ((hope - hope.min(axis=0)) / np.where(spread > 0.0, spread, 1.0)).sum(axis=1)
    return rows[np.argsort(-score, kind="stable")]


def _one_of_each(space: Space, waiting: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first row of every family and way out, in the order in which they wait."""
    _, number = families_of(space)
    group = number[waiting] * len(space.thermal_paths) + space.index[waiting, 3]
    _, first = np.unique(group, return_index=True)
    return waiting[np.sort(first)]


def families_of(space: Space) -> tuple[list[tuple[str, str]], NDArray[np.int64]]:
    """Families, as `Candidate.family`, and for every row the number of its own, without making candidates."""
    kinds = [partition.integration for partition in space.partitions]
    words = list(dict.fromkeys(kinds))
    names = [(word, carrier) for word in words for carrier in space.carriers]
    kind = np.array([words.index(word) for word in kinds], dtype=np.int64)
    return names, kind[space.index[:, 0]] * len(space.carriers) + space.index[:, 1]
