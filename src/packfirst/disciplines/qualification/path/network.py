"""When each step of a plan starts and ends: lanes of parts side by side, phases after each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.qualification.path.steps import Step

Floats = NDArray[np.float64]
# Screens come before the samples that are drawn from screened parts; elements are evaluated before assembly.
_BEFORE: Mapping[str, tuple[str, ...]] = {
    "element_evaluation": (),
    "screening": ("element_evaluation",),
    "radiation": ("element_evaluation",),  # on parts of the wafer lot: it need not wait for the screen
    "conformance": ("screening", "element_evaluation"),
    "qualification": ("screening", "element_evaluation"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Start and end of each step, arrays of shape (..., n_steps), and of the whole. [s]"""

    start_s: Floats
    end_s: Floats
    total_s: Floats  # shape (...)
    critical: tuple[int, ...]  # numbers of the steps on the longest path, nominal, in order


def lanes(steps: Sequence[Step]) -> list[tuple[str, str, list[int]]]:
    """(phase, lane, numbers of its steps), in the order in which they first appear."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, step in enumerate(steps):
        name = "all parts" if step.phase == "screening" else step.subgroup or step.test
        found.setdefault((step.phase, name), []).append(number)
    return [(phase, name, numbers) for (phase, name), numbers in found.items()]


def timed(steps: Sequence[Step], duration_s: Floats) -> Timed:
    """The earliest times of every step.

    Parameters
    ----------
    steps : sequence of Step
    duration_s : ndarray, shape (..., n_steps)
        Set-up, stress and read-out of each. [s]

    Raises
    ------
    ValueError
        As many durations as steps are needed, none negative.

    Notes
    -----
    Steps of one lane follow each other; a lane starts when the phases before it have ended, and after the lane that
    its first step names. Longest path, so that the total is a maximum of sums.
    """
    length = np.asarray(duration_s, dtype=np.float64)
    if length.shape[-1:] != (len(steps),) or not np.all(length >= 0.0):
        raise ValueError("each step needs a duration that is not negative")
    waits = _waits(steps)
    # One array per step: adding up columns of one large array would walk through all of it each time.
    columns = [length[..., number].copy() for number in range(len(steps))]
    start: list[Floats] = [np.zeros(())] * len(steps)
    end: list[Floats] = [np.zeros(())] * len(steps)
    for number, earlier in waits.items():
        at = np.zeros(length.shape[:-1])
        for other in earlier:
            at = np.maximum(at, end[other])
        start[number], end[number] = at, at + columns[number]
    if not steps:
        return Timed(start_s=length, end_s=length, total_s=np.zeros(length.shape[:-1]), critical=())
    ends = np.stack(end, axis=-1)
    middle = [float(item.mean()) for item in end]
    path = [int(np.argmax(middle))]
    while waits[path[0]]:
        path.insert(0, max(waits[path[0]], key=middle.__getitem__))
    return Timed(
        start_s=np.stack(start, axis=-1),
        end_s=ends,
        total_s=np.asarray(ends.max(axis=-1)),
        critical=tuple(path),
    )


def _waits(steps: Sequence[Step]) -> dict[int, list[int]]:
    """For each step those that must have ended before it starts, in an order in which they can be worked off."""
    rows = lanes(steps)
    found: dict[int, list[int]] = {}
    last: dict[str, list[int]] = {}  # phase -> last steps of its lanes
    by_lane: dict[tuple[str, str, str], int] = {}
    ordered = [row for phase in _BEFORE for row in _with_waiting(rows, steps, phase)]
    for phase, name, numbers in ordered:
        first = steps[numbers[0]]
        found[numbers[0]] = [step for earlier in _BEFORE[phase] for step in last.get(earlier, [])]
        if (first.flow, phase, first.after) in by_lane:
            found[numbers[0]].append(by_lane[(first.flow, phase, first.after)])
        for before, number in pairwise(numbers):
            found[number] = [before]
        last.setdefault(phase, []).append(numbers[-1])
        by_lane[(first.flow, phase, name)] = numbers[-1]
    return found


def _with_waiting(
    rows: Sequence[tuple[str, str, list[int]]], steps: Sequence[Step], phase: str
) -> list[tuple[str, str, list[int]]]:
    """Lanes of a phase, those that others wait for first."""
    mine = [row for row in rows if row[0] == phase]
    return sorted(mine, key=lambda row: bool(steps[row[2][0]].after))
