"""Partial routes as columns: what each has come to, which sites it holds, and what it was made from."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.supply.process import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Partial routes of one task, a row each."""

    score: NDArray[np.float64]  # weeks, usd, crossings, unstated
    spent: NDArray[np.int64]  # sites used that no remaining task can use
    used: NDArray[np.int64]  # sites used that one still can, -1 after the last
    n_used: NDArray[np.int64]
    site: NDArray[np.int64]
    parents: NDArray[np.int64]  # label of each predecessor

    def __len__(self) -> int:
        return len(self.site)

    def taken(self, index: NDArray[np.int64]) -> "Labels":
        """The rows of these numbers, in their order."""
        return Labels(**{item.name: getattr(self, item.name)[index] for item in fields(self)})

    def joined(self, other: "Labels") -> "Labels":
        """These rows and then those of another."""
        return Labels(
            **{
                item.name: np.concatenate([getattr(self, item.name), getattr(other, item.name)])
                for item in fields(self)
            }
        )


def onward(tasks: Sequence[Task]) -> list[tuple[int, ...]]:
    """Tasks on the way from each one to the last."""
    feeds = {before: index for index, task in enumerate(tasks) for before in task.after}
    ways: list[tuple[int, ...]] = []
    for index in range(len(tasks)):
        way = []
        while index in feeds:
            index = feeds[index]
            way.append(index)
        ways.append(tuple(way))
    return ways


def union(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sites of either, each once, those first and -1 after them, shape (n, k)."""
    both = np.sort(np.concatenate([left, right], axis=1), axis=1)[:, ::-1]
    twice = np.zeros(both.shape, dtype=np.bool_)
    twice[:, 1:] = both[:, 1:] == both[:, :-1]
    both = np.where(twice, -1, both)
    return np.ascontiguousarray(np.sort(both, axis=1)[:, ::-1][:, : left.shape[1]])


def settled(labels: Labels, live: NDArray[np.bool_]) -> Labels:
    """Sites that no task outside can use become a mere number."""
    there = labels.used >= 0
    alive = there & live[labels.used]
    used = np.ascontiguousarray(np.sort(np.where(alive, labels.used, -1), axis=1)[:, ::-1])
    n_used = alive.sum(axis=1, dtype=np.int64)
    return replace(
        labels, used=used, n_used=n_used, spent=labels.spent + there.sum(axis=1, dtype=np.int64) - n_used
    )


def penalty(move: NDArray[np.float64], end: int) -> NDArray[np.float64]:
    """The most that standing in country a instead of b can cost in the next move, shape (n, n)."""
    worst = np.maximum(move, np.max(move[:, None, :] - move[None, :, :], axis=2))
    if end >= 0:
        out = move[:, end].copy()
        out[end] = 0.0
        worst = np.maximum(worst, out[:, None] - out[None, :])
    return np.ascontiguousarray(np.maximum(worst, 0.0))
