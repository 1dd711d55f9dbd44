"""Which blocks share a die, into how many die each group is cut, and which die stand on which."""

from collections.abc import Iterator
from dataclasses import dataclass

from packfirst.program.model import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Blocks that share a die, cut into `count` equal die made on `node`."""

    blocks: tuple[str, ...]
    count: int
    node: str

    @property
    def name(self) -> str:
        return "+".join(self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """Groups that hold every block once, and who stands on whom (index of the upper, of the lower)."""

    groups: tuple[Group, ...]
    stacked: tuple[tuple[int, int], ...] = ()

    @property
    def n_die(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def integration(self) -> str:
        """How the logic die stand, in the words of a report."""
        if self.stacked:
            return "stacked die"
        return "one die" if self.n_die == 1 else "die side by side"

    def base_of(self, index: int) -> int | None:
        """Index of the group on which group `index` stands, or None where it stands on the carrier."""
        return dict(self.stacked).get(index)


def partitions(program: Program) -> Iterator[Partition]:
    """All ways to put the Program's blocks on die, in a fixed order.

    Every set partition of the blocks, every common split of a group's blocks, every node that all blocks
    of a group allow; and all groups beside each other or, where all blocks of one group may stack on blocks
    of one other and its die divide evenly over that group's die, that one on top of the other.
    """
    for blocks in _set_partitions(tuple(program.blocks)):
        for groups in _grouped(program, blocks):
            yield Partition(groups=groups)
            for stacked in _stackings(program, groups):
                yield Partition(groups=groups, stacked=stacked)


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
    splits = [n for n in parts[0].splits if all(n in part.splits for part in parts)]
    nodes = [node for node in parts[0].allowed_nodes if all(node in part.allowed_nodes for part in parts)]
    for rest in _grouped(program, blocks[1:]):
        for count in splits:
            for node in nodes:
                yield (Group(blocks=blocks[0], count=count, node=node), *rest)


def _stackings(program: Program, groups: tuple[Group, ...]) -> Iterator[tuple[tuple[int, int], ...]]:
    """One level of stacking: any one group on any one other that may carry it."""
    for upper, group in enumerate(groups):
        for lower, base in enumerate(groups):
            carried = all(
                any(block in base.blocks for block in program.blocks[name].stacks_on) for name in group.blocks
            )
            if upper != lower and carried and group.count % base.count == 0:
                yield ((upper, lower),)
