"""Power over time from a CSV: `time_s` and one column of watts for each name; a row holds until the next one's time.

The last row's time ends the trace; its watts are not used and may be left empty.
"""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packfirst.errors import InputError, Problem

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerTrace:
    """Spans of constant power.

    Attributes
    ----------
    names : tuple of str
    time_s : ndarray, shape (n + 1,)
    power_w : ndarray, shape (n, names)
    """

    names: tuple[str, ...]
    time_s: Floats
    power_w: Floats


def read_power_trace(path: Path) -> PowerTrace:
    """A trace with all its faults told at once.

    Raises
    ------
    InputError
        Rows of another length, times that do not rise, numbers that are negative or not finite, names twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError.one(str(path), f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError.one(str(path), "is not a text file") from None
    lines = [
        (number, [cell.strip() for cell in row])
        for number, row in enumerate(csv.reader(text.splitlines()), 1)
        if row and not row[0].lstrip().startswith("#")
    ]
    if not lines or lines[0][1][0] != "time_s" or len(lines[0][1]) < 2:
        raise InputError.one(
            str(path), "write a first line: time_s and the names of what draws power", line=1
        )
    problems: list[Problem] = []

    def note(line: int, message: str, field: str = "") -> None:
        problems.append(Problem(file=str(path), line=line, field=field, message=message))

    head, names = lines[0][0], tuple(lines[0][1][1:])
    for name in sorted({name for name in names if names.count(name) > 1}):
        note(head, f"{name!r} has two columns")
    times: list[float] = []
    power: list[list[float]] = []
    for place, (line, row) in enumerate(lines[1:]):
        last = place == len(lines) - 2
        cells = row[1:] if not last or any(row[1:]) else ["0"] * len(names)
        if len(cells) != len(names):
            note(line, f"ragged: {len(cells)} powers for {len(names)} names")
            continue
        values = [_number(word) for word in (row[0], *cells)]
        for name, word, value in zip(("time_s", *names), (row[0], *cells), values, strict=True):
            if value is None:
                note(line, f"{word!r} is not a finite number, zero or more", name)
        if None in values:
            continue
        numbers = [value for value in values if value is not None]
        if times and numbers[0] <= times[-1]:
            note(line, f"{numbers[0]:g} s is not later than the row before", "time_s")
        times.append(numbers[0])
        power.append(numbers[1:])
    if not problems and len(times) < 2:
        note(head, "needs two rows or more: a start and an end")
    if problems:
        raise InputError(problems)
    return PowerTrace(names=names, time_s=np.array(times), power_w=np.array(power[:-1]))


def _number(word: str) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0.0 else None
