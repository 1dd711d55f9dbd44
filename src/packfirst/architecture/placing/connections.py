"""Who talks to whom across which edge: links of the Program as connections of placed die."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.placing.placed import Connection, PlacedDie
from packfirst.architecture.placing.rect import Rect
from packfirst.program.model import Program

Floats = NDArray[np.float64]


def connections(program: Program, die: tuple[PlacedDie, ...]) -> list[Connection]:
    """Every Link as connections of pairs; none for a link whose ends share a die."""
    found: list[Connection] = []
    for name, link in program.links.items():
        first, second = link.between
        ends_a = [d for d in die if first in d.blocks or d.group == first]
        ends_b = [d for d in die if second in d.blocks or d.group == second]
        if first == second:
            found += _within(name, ends_a)
        elif ends_a[0].group != ends_b[0].group:
            many, few = (ends_a, ends_b) if len(ends_a) >= len(ends_b) else (ends_b, ends_a)
            found += [_between(name, here, few, 1.0 / len(many)) for here in many]
    return _with_sides(found, die)


def edges(rects: Sequence[Rect]) -> Floats:
    """The outlines as rows of x0, y0, x1, y1. [m]"""
    return np.array([(rect.x0, rect.y0, rect.x1, rect.y1) for rect in rects]).reshape(-1, 4)


def gaps(here: Floats, there: Floats) -> Floats:
    """Manhattan gap of every outline of `here` to every one of `there`, shape (n_here, n_there). [m]"""
    a, b = here[:, None], there[None]
    apart = np.maximum(np.maximum(a[..., :2] - b[..., 2:], b[..., :2] - a[..., 2:]), 0.0)
    return np.asarray(apart.sum(axis=-1))


def _within(name: str, die: list[PlacedDie]) -> list[Connection]:
    """Links between neighbours of one cut block; every straight cut across the grid carries the whole."""
    pairs = [(die[i], die[j]) for i, j in _neighbours(edges([item.rect for item in die]))]
    cuts = [_cut(a.rect, b.rect) for a, b in pairs]
    on_cut = Counter(cuts)
    return [
        Connection(
            link=name, a=a.id, b=b.id, bandwidth_share=1.0 / on_cut[cut],
            facing_m=a.rect.facing(b.rect), gap_m=a.rect.gap(b.rect), overlap_m2=0.0,
        )
        for (a, b), cut in zip(pairs, cuts, strict=True)
    ]  # fmt: skip


def _neighbours(rects: Floats) -> list[tuple[int, int]]:
    """Pairs that face each other with no third outline between them, the lower number first."""
    slack = 1e-9
    first, second = np.triu_indices(len(rects), 1)
    a, b = rects[first], rects[second]
    low, high = np.maximum(a[:, :2], b[:, :2]), np.minimum(a[:, 2:], b[:, 2:])
    shared = high - low  # negative along the axis on which the two stand apart
    facing = ((shared[:, 0] <= 0.0) & (shared[:, 1] > 0.0)) | ((shared[:, 1] <= 0.0) & (shared[:, 0] > 0.0))
    first, second, low, high = first[facing], second[facing], low[facing], high[facing]
    strip_low, strip_high = np.minimum(low, high), np.maximum(low, high)
    meets = (rects[None, :, :2] < strip_high[:, None] - slack) & (
        rects[None, :, 2:] > strip_low[:, None] + slack
    )
    between = np.asarray(meets.all(axis=-1), dtype=np.bool_)
    rows = np.arange(len(first))
    between[rows, first] = between[rows, second] = False
    free = ~between.any(axis=1)
    return list(zip(first[free].tolist(), second[free].tolist(), strict=True))


def _with_sides(found: list[Connection], die: tuple[PlacedDie, ...]) -> list[Connection]:
    """The same connections, each with its share of the die sides from which wires may fan out to it."""
    rects = {item.id: item.rect for item in die}
    looks = {
        (number, end): _looks(rects[here], rects[there])
        for number, item in enumerate(found)
        for end, here, there in (("a", item.a, item.b), ("b", item.b, item.a))
    }
    used = Counter((getattr(found[number], end), side) for (number, end), side in looks.items())
    shared = []
    for number, item in enumerate(found):
        if item.is_vertical:
            shared.append(item)
            continue
        shares = []
        for end in ("a", "b"):
            name, side = getattr(item, end), looks[number, end]
            length = rects[name].height if side in ("left", "right") else rects[name].width
            shares.append(length / used[name, side])
        shared.append(replace(item, side_m=min(shares)))
    return shared


def _looks(here: Rect, there: Rect) -> str:
    """Which side of one outline looks at the other: the side of the larger gap between them."""
    across = max(here.x0 - there.x1, there.x0 - here.x1)
    along = max(here.y0 - there.y1, there.y0 - here.y1)
    if across >= along:
        return "right" if there.x0 + there.x1 > here.x0 + here.x1 else "left"
    return "top" if there.y0 + there.y1 > here.y0 + here.y1 else "bottom"


def _cut(a: Rect, b: Rect) -> tuple[str, float]:
    """The straight line between two neighbours: its direction, and where it lies to the nearest um."""
    if a.x1 <= b.x0 or b.x1 <= a.x0:
        return "x", round(min(a.x1, b.x1), 6)
    return "y", round(min(a.y1, b.y1), 6)


def _between(name: str, here: PlacedDie, others: list[PlacedDie], share: float) -> Connection:
    """The connection to the die above or below, or else to the nearest one that faces this die longest."""
    for there in others:
        if there.base == here.id or here.base == there.id:
            return Connection(
                link=name, a=here.id, b=there.id, bandwidth_share=share, facing_m=0.0, gap_m=0.0,
                overlap_m2=min(here.rect.area, there.rect.area),
            )  # fmt: skip
    there = min(others, key=lambda d: (round(here.rect.gap(d.rect), 9), -here.rect.facing(d.rect), d.id))
    return Connection(
        link=name, a=here.id, b=there.id, bandwidth_share=share,
        facing_m=here.rect.facing(there.rect), gap_m=here.rect.gap(there.rect), overlap_m2=0.0,
    )  # fmt: skip
