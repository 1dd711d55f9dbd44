"""Which blocks share a die, and which stand on which: counted by brute force."""

from itertools import product

import pytest
from tests.architecture.cases import program, small

from packfirst.architecture.partition import Group, Partition, partitions


def plain(item):
    """A partition without its order."""
    groups = [(frozenset(g.blocks), g.count, g.node) for g in item.groups]
    return frozenset(groups), frozenset((groups[a], groups[b]) for a, b in item.stacked)


def by_brute_force(made):
    """Every labelling of blocks by die, every count and node, and every pair that may stand on each other."""
    names = list(made.blocks)
    found = set()
    for labels in product(range(len(names)), repeat=len(names)):
        sets = [
            frozenset(n for n, label in zip(names, labels, strict=True) if label == k) for k in set(labels)
        ]
        options = []
        for one in sets:
            counts = set.intersection(*(set(made.blocks[n].splits) for n in one))
            nodes = set.intersection(*(set(made.blocks[n].allowed_nodes) for n in one))
            options.append([(one, count, node) for count in counts for node in nodes])
        for groups in product(*options):
            found.add((frozenset(groups), frozenset()))
            for upper, lower in product(groups, repeat=2):
                rests = all(set(made.blocks[n].stacks_on) & lower[0] for n in upper[0])
                if upper != lower and rests and upper[1] % lower[1] == 0:
                    found.add((frozenset(groups), frozenset([(upper, lower)])))
    return found


CASES = {
    "one": small({"a": {"area_mm2": 10.0, "splits": [1, 2, 4], "nodes": ["n5", "n7"]}}),
    "two beside": small({"a": {"area_mm2": 10.0, "splits": [1, 2]}, "b": {"area_mm2": 10.0, "splits": [2, 3]}}),
    "no common node": small({"a": {"area_mm2": 10.0}, "b": {"area_mm2": 10.0, "node": "n7"}}),
    "stacked": small({
        "a": {"area_mm2": 10.0, "splits": [1, 2, 3, 4], "stacks_on": ["b"]},
        "b": {"area_mm2": 10.0, "splits": [1, 2], "nodes": ["n5", "n7"], "stacks_on": ["a"]},
    }),
    "three": small({
        "a": {"area_mm2": 10.0, "splits": [1, 2], "stacks_on": ["c"]},
        "b": {"area_mm2": 10.0, "splits": [1, 2], "nodes": ["n5", "n7"], "stacks_on": ["c"]},
        "c": {"area_mm2": 10.0, "nodes": ["n5", "n7"]},
    }),
    "the example": program(),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_partitions_are_those_of_brute_force(name):
    made = CASES[name]
    found = [plain(item) for item in partitions(made)]
    assert len(found) == len(set(found))
    assert set(found) == by_brute_force(made)


@pytest.mark.parametrize("name", CASES)
def test_every_block_is_on_one_die_and_counts_and_nodes_are_allowed(name):
    made = CASES[name]
    for item in partitions(made):
        assert sorted(block for group in item.groups for block in group.blocks) == sorted(made.blocks)
        for group in item.groups:
            for block in group.blocks:
                assert group.count in made.blocks[block].splits
                assert group.node in made.blocks[block].allowed_nodes


def test_numbers_that_can_be_counted_by_hand():
    # Three splits on two nodes.
    assert len(list(partitions(CASES["one"]))) == 6
    # Apart two counts each, together the one common count.
    assert len(list(partitions(CASES["two beside"]))) == 4 + 1
    assert len(list(partitions(CASES["no common node"]))) == 1


def test_what_a_partition_says_of_itself():
    groups = tuple(
        Group(blocks=blocks, count=count, node="n5") for blocks, count in ((("a", "b"), 4), (("c",), 2))
    )
    beside, stacked = Partition(groups=groups), Partition(groups=groups, stacked=((0, 1),))
    assert groups[0].name == "a+b"
    assert (beside.n_die, beside.integration) == (6, "die side by side")
    assert stacked.integration == "stacked die"
    assert (stacked.base_of(0), stacked.base_of(1)) == (1, None)
    assert Partition(groups=(Group(blocks=("a",), count=1, node="n5"),)).integration == "one die"
