"""HotSpot's floorplans, power traces and materials: lines of words, each fault noted with its place."""

import math
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np

from packfirst.errors import InputError, Problem
from packfirst.formats.hotspot_records import Block, Floorplan, Material, Trace

# Blocks may overlap, and floorplans leave gaps, by what rounding of coordinates to a micrometre leaves.
ROUNDING_M = 2e-6
GAP_SHARE = 1e-3


class Reading:
    """Problems found so far; a reader notes them all, and raises once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def note(self, file: Path, line: int, message: str, field: str = "") -> None:
        """Keeps a problem; reading goes on."""
        self.problems.append(Problem(file=str(file), line=line, field=field, message=message))

    def done(self) -> None:
        """Raises what was noted."""
        if self.problems:
            raise InputError(self.problems)

    def lines(self, path: Path) -> Iterator[tuple[int, list[str]]]:
        """Words of each line that says something, with its number; '#' begins a comment."""
        for number, line in enumerate(_text(path).splitlines(), 1):
            words = line.partition("#")[0].split()
            if words:
                yield number, words

    def number(self, file: Path, line: int, field: str, word: str, *, zero: bool = False) -> float:
        """A finite positive number, or zero where that may be; anything else is noted and read as 1."""
        try:
            value = float(word)
        except ValueError:
            self.note(file, line, f"{word!r} is not a number", field)
            return 1.0
        if not math.isfinite(value):
            self.note(file, line, f"{word} is not a finite number", field)
        elif value < 0.0 or (value == 0.0 and not zero):
            self.note(file, line, f"{word} must {'not be negative' if zero else 'be positive'}", field)
        else:
            return value
        return 1.0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError.one(str(path), f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError.one(str(path), "is not a text file") from None


def read_floorplan(path: Path) -> Floorplan:
    """A floorplan whose blocks do not overlap and cover their outline from the origin.

    Raises
    ------
    InputError
    """
    reading = Reading()
    found = floorplan_in(reading, path)
    reading.done()
    return found


def floorplan_in(reading: Reading, path: Path) -> Floorplan:
    """As `read_floorplan`, with its problems noted instead of raised."""
    before = len(reading.problems)
    blocks: list[Block] = []
    for line, words in reading.lines(path):
        if len(words) == 3:  # connectivity between two blocks, which a thermal solve does not need
            continue
        if len(words) not in (5, 6, 7):
            reading.note(path, line, f"has {len(words)} fields; write name, width, height, left x, bottom y")
            continue
        size = [
            reading.number(path, line, f"{words[0]}.{f}", w)
            for f, w in zip(("width", "height"), words[1:3], strict=True)
        ]
        corner = [
            reading.number(path, line, f"{words[0]}.{f}", w, zero=True)
            for f, w in zip(("left x", "bottom y"), words[3:5], strict=True)
        ]
        if any(block.name == words[0] for block in blocks):
            reading.note(path, line, f"block {words[0]!r} is there twice")
        blocks.append(
            Block(name=words[0], x_m=corner[0], y_m=corner[1], width_m=size[0], height_m=size[1], line=line)
        )
    plan = Floorplan(file=str(path), blocks=tuple(blocks))
    if not blocks:
        reading.note(path, 0, "holds no block")
    elif len(reading.problems) == before:
        _check_cover(reading, path, plan)
    return plan


def _check_cover(reading: Reading, path: Path, plan: Floorplan) -> None:
    overlapping = False
    for one, two in combinations(plan.blocks, 2):
        a, b = one.rectangle_m, two.rectangle_m
        wide, high = min(a[1], b[1]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[2], b[2])
        if wide > ROUNDING_M and high > ROUNDING_M:
            overlapping = True
            reading.note(
                path, two.line,
                f"block {two.name!r} overlaps {one.name!r} (line {one.line}) by {wide * 1e6:.4g} x {high * 1e6:.4g} um",
            )  # fmt: skip
    width, height = plan.size_m
    covered = sum(block.width_m * block.height_m for block in plan.blocks)
    if not overlapping and covered < (1.0 - GAP_SHARE) * width * height:
        reading.note(
            path, 0,
            f"the blocks cover {covered / (width * height):.1%} of the outline {width * 1e3:.4g} x "
            f"{height * 1e3:.4g} mm; add blocks for the rest",
        )  # fmt: skip


def trace_in(reading: Reading, path: Path, interval_s: float) -> Trace:
    """A power trace: a line of names, then one line of watts per interval; problems are noted."""
    rows = list(reading.lines(path))
    if not rows:
        reading.note(path, 0, "is empty; write a line of block names, then lines of watts")
        return Trace(file=str(path), names=(), power_w=np.zeros((1, 0)), interval_s=interval_s)
    line, names = rows[0]
    for name in sorted({name for name in names if names.count(name) > 1}):
        reading.note(path, line, f"block {name!r} has two columns")
    power = []
    for line, words in rows[1:]:
        if len(words) != len(names):
            reading.note(path, line, f"has {len(words)} numbers for {len(names)} blocks")
            continue
        power.append(
            [
                reading.number(path, line, name, word, zero=True)
                for name, word in zip(names, words, strict=True)
            ]
        )
    if len(rows) == 1:
        reading.note(path, line, "has names but no power")
    return Trace(
        file=str(path), names=tuple(names), power_w=np.array(power).reshape(-1, len(names)), interval_s=interval_s
    )  # fmt: skip


def materials_in(reading: Reading, path: Path) -> dict[str, Material]:
    """Materials by name: name, solid or fluid, conductivity, heat capacity; a fluid has its viscosity too."""
    rows = [(line, word) for line, words in reading.lines(path) for word in words]
    found: dict[str, Material] = {}
    while rows:
        wanted = 5 if len(rows) > 1 and rows[1][1] == "fluid" else 4
        (line, name), *rest = rows[:wanted]
        rows = rows[wanted:]
        if len(rest) < wanted - 1 or rest[0][1] not in ("solid", "fluid"):
            reading.note(
                path, line, f"material {name!r}: write solid or fluid, conductivity and heat capacity"
            )
            return found
        k, capacity = (
            reading.number(path, at, f"{name}.{field}", word)
            for field, (at, word) in zip(("conductivity", "heat capacity"), rest[1:3], strict=True)
        )
        if name in found:
            reading.note(path, line, f"material {name!r} is there twice")
        found[name] = Material(
            name=name, solid=rest[0][1] == "solid", conductivity_w_per_m_k=k, capacity_j_per_m3_k=capacity
        )  # fmt: skip
    return found
