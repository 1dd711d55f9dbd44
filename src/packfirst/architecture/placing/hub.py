"""The hub of a floorplan: which group it is, and the grid of its die."""

import math
from dataclasses import dataclass

from packfirst.architecture.candidate import Candidate
from packfirst.architecture.footprint import sides
from packfirst.architecture.partition import Group
from packfirst.architecture.placing.memory import Stack
from packfirst.architecture.placing.placed import PlacedDie
from packfirst.architecture.placing.rect import Rect
from packfirst.program.model import Program

# Heights over widths to try for a die that nothing bought lines; a square is tried first and wins ties.
_ASPECTS = (1.0, 1.5, 1.0 / 1.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows and columns of equal die; the last row may be shorter and is centred.

    `aspect` is the height over the width that is wanted of each die; 0 where the memory beside it sets the height.
    """

    rows: int
    columns: int
    aspect: float


def hub_of(program: Program, candidate: Candidate) -> int:
    """Index of the group that all else goes round; never one that is stacked on another.

    The one that, with what stands on it, has the most ends on bought parts; of equals the one that the most die
    are linked to: an input/output die that eight others talk to, not the eight. Die of one cut block that talk
    to each other count as linked to their own group, so that a mesh stays together.
    """
    partition = candidate.partition

    def count_of(end: str) -> int:
        if end in program.bought:
            return program.bought[end].count
        return next(group.count for group in partition.groups if end in group.blocks)

    def ends(index: int) -> tuple[int, int, int]:
        blocks = {
            name for number, group in enumerate(partition.groups) for name in group.blocks
            if index in (number, partition.base_of(number))
        }  # fmt: skip
        both_ways = [
            (here, there) for link in program.links.values()
            for here, there in dict.fromkeys((link.between, link.between[::-1])) if here in blocks
        ]  # fmt: skip
        to_memory = sum(1 for _, there in both_ways if there in program.bought)
        linked = sum(count_of(there) for here, there in both_ways if there == here or there not in blocks)
        return (0 if partition.base_of(index) is None else -1, to_memory, linked)

    return max(range(len(partition.groups)), key=ends)


def grids(count: int, *, beside_memory: bool, alone: bool) -> list[Grid]:
    """Grids to try for so many die: at most two columns where each needs an outer edge for memory."""
    if beside_memory:
        return [Grid(rows=count // c, columns=c, aspect=0.0) for c in (2, 1) if count % c == 0]
    shapes = [(count // c, c) for c in range(1, count + 1) if count % c == 0]
    if count > 3 and min(max(r / c, c / r) for r, c in shapes) > 2.0:  # a prime number, or nearly
        rows = math.ceil(math.sqrt(count))
        shapes += [(rows, math.ceil(count / rows))]
    shapes = [(r, c) for r, c in shapes if r >= c or not alone]  # turned by a quarter it is the same
    shapes.sort(key=lambda shape: max(shape) / min(shape))
    aspects = _ASPECTS[:1] if alone else _ASPECTS
    return [Grid(rows=r, columns=c, aspect=aspect) for r, c in shapes[:3] for aspect in aspects]


def laid_hub(
    grid: Grid,
    group: Group,
    area_m2: float,
    field_m: tuple[float, float],
    spacing: float,
    column: list[Stack],
) -> list[PlacedDie]:
    """The hub's die on a grid from the origin; as tall as the memory beside them where that is what is wanted."""
    w, h = _hub_die(grid, area_m2, field_m, spacing, column)
    placed = []
    for number in range(group.count):
        r, c = divmod(number, grid.columns)
        missing = min((r + 1) * grid.columns - group.count, grid.columns) if r == grid.rows - 1 else 0
        x0, y0 = (c + max(missing, 0) / 2.0) * (w + spacing), r * (h + spacing)
        placed.append(
            PlacedDie(
                id=f"{group.name}_{number}", group=group.name, blocks=group.blocks, node=group.node, part="",
                base="", rect=Rect(x0=x0, y0=y0, x1=x0 + w, y1=y0 + h),
            )
        )  # fmt: skip
    return placed


def cell_area_m2(
    grid: Grid, area_m2: float, field_m: tuple[float, float], spacing: float, column: list[Stack]
) -> float:
    """Area that a hub and the memory beside it take together, with their gaps. [m2]"""
    side = column[: (len(column) + 1) // 2]
    deep = sum(max((s.deep_m for s in stacks), default=0.0) for stacks in (side, column[len(side) :]))
    w, h = _hub_die(grid, area_m2, field_m, spacing, column)
    high = max(grid.rows * (h + spacing), _column_height(column, spacing) + spacing)
    return (grid.columns * (w + spacing) + deep) * high


def _hub_die(
    grid: Grid, area_m2: float, field_m: tuple[float, float], spacing: float, column: list[Stack]
) -> tuple[float, float]:
    if grid.aspect or not column:
        return sides(area_m2, math.sqrt(area_m2 * (grid.aspect or 1.0)), field_m)
    tall = (_column_height(column, spacing) - spacing * (grid.rows - 1)) / grid.rows
    return sides(area_m2, tall, field_m)


def _column_height(column: list[Stack], spacing: float) -> float:
    side = column[: (len(column) + 1) // 2]
    return sum(s.along_m for s in side) + spacing * max(len(side) - 1, 0)
