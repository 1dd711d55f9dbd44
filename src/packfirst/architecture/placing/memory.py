"""Bought memory at its hub: columns left and right of it, rows above and below it."""

from dataclasses import dataclass

from packfirst.architecture.candidate import Candidate
from packfirst.architecture.placing.clearing import clear
from packfirst.architecture.placing.placed import PlacedDie
from packfirst.architecture.placing.rect import Rect, around
from packfirst.catalog import Catalog
from packfirst.program.model import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A bought stack of die before it has a place."""

    id: str
    group: str
    part: str
    along_m: float  # edge that faces the logic
    deep_m: float


def stacks_of(program: Program, catalog: Catalog) -> list[Stack]:
    """All bought die of a Program, each with its long edge towards the logic."""
    stacks = []
    for name, bought in program.bought.items():
        part = catalog.record("part", bought.part)
        along, deep = max(part["size_x"], part["size_y"]), min(part["size_x"], part["size_y"])
        stacks += [
            Stack(id=f"{name}_{i}", group=name, part=bought.part, along_m=along, deep_m=deep)
            for i in range(bought.count)
        ]
    return stacks


def split(memory: list[Stack], candidate: Candidate) -> tuple[list[Stack], list[Stack]]:
    """Those that stand beside the hub, and those above and below it in the ring floorplan."""
    beside = len(candidate.partition.groups) - len(candidate.partition.stacked) > 1
    if candidate.floorplan == "memory_ring" and not beside:
        half = (len(memory) + 1) // 2
        return memory[:half], memory[half:]
    return memory, []


def at_sides(column: list[Stack], die: list[PlacedDie], spacing: float) -> list[PlacedDie]:
    """Memory in a column left and a column right of the hub, each centred on it."""
    if not column:
        return []
    hub = around([item.rect for item in die])
    placed = []
    left = column[: (len(column) + 1) // 2]
    for stacks, on_left in ((left, True), (column[len(left) :], False)):
        tall = sum(s.along_m for s in stacks) + spacing * max(len(stacks) - 1, 0)
        y = (hub.y0 + hub.y1 - tall) / 2
        for s in stacks:
            x0 = hub.x0 - spacing - s.deep_m if on_left else hub.x1 + spacing
            placed.append(_placed(s, Rect(x0=x0, y0=y, x1=x0 + s.deep_m, y1=y + s.along_m)))
            y += s.along_m + spacing
    return placed


def at_ends(
    ring: list[Stack], die: list[PlacedDie], columns: list[PlacedDie], spacing: float
) -> list[PlacedDie]:
    """Memory in a row above and a row below the hub, each centred on it, clear of columns that stand higher."""
    if not ring:
        return []
    hub = around([item.rect for item in die])
    standing = [item.rect for item in (*die, *columns)]
    placed: list[PlacedDie] = []
    above = ring[: (len(ring) + 1) // 2]
    for stacks, on_top in ((above, True), (ring[len(above) :], False)):
        wide = sum(s.along_m for s in stacks) + spacing * max(len(stacks) - 1, 0)
        x = (hub.x0 + hub.x1 - wide) / 2
        deep = max((s.deep_m for s in stacks), default=0.0)
        floor = clear(standing, x, x + wide, deep, spacing, above=on_top)
        for s in stacks:
            y0 = floor if on_top else floor + deep - s.deep_m
            placed.append(_placed(s, Rect(x0=x, y0=y0, x1=x + s.along_m, y1=y0 + s.deep_m)))
            x += s.along_m + spacing
    return placed


def _placed(stack: Stack, rect: Rect) -> PlacedDie:
    return PlacedDie(id=stack.id, group=stack.group, blocks=(), node="", part=stack.part, rect=rect, base="")
