"""Towers: equal die one above another. In the plane a tower is one die; here its other die are put on it."""

from dataclasses import replace

from packfirst.architecture.candidate import Candidate
from packfirst.architecture.placement import Connection, PlacedDie, Placement, place
from packfirst.catalog import Catalog
from packfirst.program.model import Program


def placed(program: Program, catalog: Catalog, candidate: Candidate) -> Placement:
    """Where each die of a candidate lies: the die of a tower over each other, each on the one below.

    A tower is placed as a single die of the area of one of its own. Its links reach its lowest die; what the
    others say goes through it.
    """
    flat_program, flat = flattened(program, candidate)
    low = place(flat_program, catalog, flat)
    if flat is candidate:
        return low
    heights = {group.name: group.tower for group in candidate.partition.groups}
    names = {die.id: f"{die.group}_{_number(die) * heights.get(die.group, 1)}" for die in low.die}
    die: list[PlacedDie] = []
    for item in low.die:
        base, first = names.get(item.base, ""), _number(item) * heights.get(item.group, 1)
        for tier in range(heights.get(item.group, 1)):
            name = f"{item.group}_{first + tier}"
            die.append(replace(item, id=name, base=base))
            base = name
    return Placement(die=tuple(die), connections=tuple(_renamed(item, names) for item in low.connections))


def flattened(program: Program, candidate: Candidate) -> tuple[Program, Candidate]:
    """The same with each tower as the one die that it covers the plane with; as they are where there is none."""
    partition = candidate.partition
    towers = [group for group in partition.groups if group.tower > 1]
    if not towers:
        return program, candidate
    for group in towers:
        for name in group.blocks:
            area = program.blocks[name].area
            program = program.with_value(area.id, area.value / group.tower)
    groups = tuple(replace(group, count=group.places, tower=1) for group in partition.groups)
    return program, replace(candidate, partition=replace(partition, groups=groups))


def _number(die: PlacedDie) -> int:
    return int(die.id.rpartition("_")[2])


def _renamed(item: Connection, names: dict[str, str]) -> Connection:
    return replace(item, a=names[item.a], b=names[item.b])
