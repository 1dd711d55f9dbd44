"""An activity network: early and late dates, slack, and the critical path. Any time unit; leading axes broadcast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.errors import EXIT_BAD_INPUT, PackfirstError, nearest

Floats = NDArray[np.float64]


class BadNetwork(PackfirstError):
    """The activities form no network: a cycle, an unknown predecessor, a name used twice, a negative duration."""

    exit_code = EXIT_BAD_INPUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One piece of work; it starts when all of `after` are finished."""

    id: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityNetwork:
    """Activities in an order in which each follows its predecessors; arrays elsewhere are in this order.

    Attributes
    ----------
    before : tuple of tuple of int
        Predecessors of each activity.
    """

    ids: tuple[str, ...]
    before: tuple[tuple[int, ...], ...]

    def index(self, activity: str) -> int:
        """Place of an activity; BadNetwork, with the nearest name, where there is none."""
        try:
            return self.ids.index(activity)
        except ValueError:
            raise BadNetwork(f"unknown activity {activity!r}: {nearest(activity, self.ids)}") from None

    @property
    def next(self) -> tuple[tuple[int, ...], ...]:
        """Successors of each activity."""
        found: list[list[int]] = [[] for _ in self.ids]
        for index, before in enumerate(self.before):
            for one in before:
                found[one].append(index)
        return tuple(tuple(item) for item in found)


def network(activities: Sequence[Activity]) -> ActivityNetwork:
    """Orders the activities; each level keeps the order in which they were given (Kahn, CACM 5, 1962, p. 558).

    Raises
    ------
    BadNetwork
        An id used twice, a predecessor that does not exist, or a cycle, which is written out.
    """
    if not activities:
        raise BadNetwork("the network has no activities")
    by_id: dict[str, Activity] = {}
    for item in activities:
        if item.id in by_id:
            raise BadNetwork(f"activity {item.id!r} appears twice: keep one")
        by_id[item.id] = item
    for item in activities:
        for one in item.after:
            if one not in by_id:
                raise BadNetwork(f"activity {item.id!r} comes after {one!r}: {nearest(one, tuple(by_id))}")
    waiting = {item.id: len(set(item.after)) for item in activities}
    follows: dict[str, list[str]] = {name: [] for name in by_id}
    for item in activities:
        for one in dict.fromkeys(item.after):
            follows[one].append(item.id)
    ordered = [name for name, count in waiting.items() if count == 0]
    for name in ordered:  # grows while it is walked
        for one in follows[name]:
            waiting[one] -= 1
            if waiting[one] == 0:
                ordered.append(one)
    if len(ordered) < len(by_id):
        raise BadNetwork(f"the activities go round in a cycle: {' -> '.join(_cycle(by_id, set(ordered)))}")
    place = {name: index for index, name in enumerate(ordered)}
    before = tuple(tuple(place[one] for one in dict.fromkeys(by_id[name].after)) for name in ordered)
    return ActivityNetwork(ids=tuple(ordered), before=before)


def _cycle(by_id: Mapping[str, Activity], done: set[str]) -> list[str]:
    """One cycle among the activities that could not be ordered, its first repeated at the end."""
    at = next(name for name in by_id if name not in done)
    seen: list[str] = []
    while at not in seen:
        seen.append(at)
        at = next(one for one in by_id[at].after if one not in done)
    loop = seen[seen.index(at) :]
    return [at, *reversed(loop)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes:
    """Dates of each activity, arrays of shape (n_activities, ...), and the whole, shape (...)."""

    early_start: Floats
    early_finish: Floats
    late_start: Floats
    late_finish: Floats
    finish: Floats

    @property
    def slack(self) -> Floats:
        """How far each activity may slip alone before the finish does."""
        return self.late_start - self.early_start


def early_finishes(net: ActivityNetwork, durations: Floats) -> Floats:
    """Forward pass: earliest finish of each activity, shape (n_activities, ...)."""
    finish = np.empty_like(durations)
    for index, before in enumerate(net.before):
        if not before:
            finish[index] = durations[index]
            continue
        start = finish[before[0]]
        for one in before[1:]:
            start = np.maximum(start, finish[one])
        finish[index] = start + durations[index]
    return finish


def tails(net: ActivityNetwork, durations: Floats) -> Floats:
    """Backward pass: longest path from the start of each activity to the end of all, its own length included."""
    tail = np.empty_like(durations)
    for index, after in reversed(list(enumerate(net.next))):
        if not after:
            tail[index] = durations[index]
            continue
        rest = tail[after[0]]
        for one in after[1:]:
            rest = np.maximum(rest, tail[one])
        tail[index] = rest + durations[index]
    return tail


def passes(net: ActivityNetwork, durations: ArrayLike) -> Passes:
    """Critical path method, forward and back (Kelley and Walker, Proc. EJCC, 1959, p. 160).

    Parameters
    ----------
    durations : array_like, shape (n_activities, ...)
        In the order of `net.ids`; any leading samples lie on the last axes.

    Raises
    ------
    BadNetwork
        A negative or infinite duration, or another number of activities.
    """
    d = checked(net, durations)
    finishes = early_finishes(net, d)
    finish = finishes.max(axis=0)
    late_start = finish - tails(net, d)
    return Passes(
        early_start=finishes - d,
        early_finish=finishes,
        late_start=late_start,
        late_finish=late_start + d,
        finish=np.asarray(finish),
    )


def checked(net: ActivityNetwork, durations: ArrayLike) -> Floats:
    """Durations as an array; BadNetwork where one cannot be a duration."""
    d = np.asarray(durations, dtype=np.float64)
    if d.shape[:1] != (len(net.ids),):
        raise BadNetwork(f"{d.shape[:1]} durations for {len(net.ids)} activities")
    bad = ~(np.isfinite(d) & (d >= 0.0))
    if bad.any():
        which = int(np.argwhere(bad)[0][0])
        raise BadNetwork(f"activity {net.ids[which]!r} has a duration that is negative or not finite")
    return d


def critical_path(net: ActivityNetwork, durations: ArrayLike) -> tuple[str, ...]:
    """One longest path, first activity first; of equals, the one listed first. Durations of shape (n_activities,)."""
    d = checked(net, durations)
    if d.ndim != 1:
        raise ValueError("one duration for each activity: samples have a path each")
    finishes = early_finishes(net, d)
    at = int(finishes.argmax())
    path = [at]
    while net.before[at]:
        at = max(net.before[at], key=lambda one: finishes[one])
        path.append(at)
    return tuple(net.ids[index] for index in reversed(path))
