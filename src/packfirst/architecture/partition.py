"""Which blocks share a die, into how many die each group is cut, and which die stand on which."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from packfirst.program.model import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Blocks that share a die, cut into `count` equal die made on `node`, `tower` of them one above another."""

    blocks: tuple[str, ...]
    count: int
    node: str
    tower: int = 1

    @property
    def name(self) -> str:
        return "+".join(self.blocks)

    @property
    def places(self) -> int:
        """How many places its die take in the plane: a tower takes one."""
        return self.count // self.tower


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """Groups that hold every block once, and who stands on whom (index of the upper, of the lower)."""

    groups: tuple[Group, ...]
    stacked: tuple[tuple[int, int], ...] = ()

    @property
    def n_die(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def is_stacked(self) -> bool:
        """Whether any die stands on another."""
        return bool(self.stacked) or any(group.tower > 1 for group in self.groups)

    def beside_on(self, upper: int, lower: int) -> int:
        """How many die or towers of group `upper` stand beside each other on one die of group `lower`."""
        return self.groups[upper].places // self.groups[lower].count

    @property
    def integration(self) -> str:
        """How the logic die stand, in the words of a report."""
        if self.is_stacked:
            return "stacked die"
        return "one die" if self.n_die == 1 else "die side by side"

    def base_of(self, index: int) -> int | None:
        """Index of the group on which group `index` stands, or None where it stands on the carrier."""
        return dict(self.stacked).get(index)


def partitions(program: Program) -> Iterator[Partition]:
    """All ways to put the Program's blocks on die, in a fixed order.

    Every set partition of the blocks, every common split of a group's blocks, every node that all blocks
    of a group allow; and all groups beside each other or, where all blocks of one group may stack on blocks
    of one other and its die divide evenly over that group's die, that one on top of the other. Blocks whose die
    stand one above another share no die with others; where they name what they stand on, they stand on it.
    """
    for blocks in _set_partitions(tuple(program.blocks)):
        for groups in _grouped(program, blocks):
            flat = _towers(program, groups)
            if flat is not None:
                yield Partition(groups=flat)
            for stacked in _stackings(program, groups):
                for raised in _raised(program, groups, stacked):
                    yield Partition(groups=raised, stacked=stacked)


def _set_partitions(names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], ...]]:
    if not names:
        yield ()
        return
    first, rest = names[0], names[1:]
    for smaller in _set_partitions(rest):
        for index in range(len(smaller)):
            yield (*smaller[:index], (first, *smaller[index]), *smaller[index + 1 :])
        yield ((first,), *smaller)


def _grouped(program: Program, blocks: tuple[tuple[str, ...], ...]) -> Iterator[tuple[Group, ...]]:
    if not blocks:
        yield ()
        return
    parts = [program.blocks[name] for name in blocks[0]]
    if len({part.stacking for part in parts}) > 1:
        return
    splits = [n for n in parts[0].splits if all(n in part.splits for part in parts)]
    nodes = [node for node in parts[0].allowed_nodes if all(node in part.allowed_nodes for part in parts)]
    for rest in _grouped(program, blocks[1:]):
        for count in splits:
            for node in nodes:
                yield (Group(blocks=blocks[0], count=count, node=node), *rest)


def _is_tower(program: Program, group: Group) -> bool:
    return program.blocks[group.blocks[0]].stacking == "above"


def _towers(program: Program, groups: tuple[Group, ...]) -> tuple[Group, ...] | None:
    """The groups with nothing on another group: one tower each of those that pile up; None where one must not."""
    if any(
        _is_tower(program, g) and any(program.blocks[name].stacks_on for name in g.blocks) for g in groups
    ):
        return None
    return tuple(replace(g, tower=g.count) if _is_tower(program, g) else g for g in groups)


def _raised(
    program: Program, groups: tuple[Group, ...], stacked: tuple[tuple[int, int], ...]
) -> Iterator[tuple[Group, ...]]:
    """The groups with a tower on each base die; nothing where a tower would stand beside the base that it names."""
    found = list(groups)
    lower_of = dict(stacked)
    for number, group in enumerate(groups):
        if not _is_tower(program, group):
            continue
        if number in lower_of:
            found[number] = replace(group, tower=group.count // groups[lower_of[number]].count)
        elif any(program.blocks[name].stacks_on for name in group.blocks):
            return
        else:
            found[number] = replace(group, tower=group.count)
    yield tuple(found)


def _stackings(program: Program, groups: tuple[Group, ...]) -> Iterator[tuple[tuple[int, int], ...]]:
    """One level of stacking: any one group on any one other that may carry it."""
    for upper, group in enumerate(groups):
        for lower, base in enumerate(groups):
            carried = all(
                any(block in base.blocks for block in program.blocks[name].stacks_on) for name in group.blocks
            )
            if upper != lower and carried and group.count % base.count == 0:
                yield ((upper, lower),)
