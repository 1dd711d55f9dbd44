"""Candidates and the space that holds them."""

from dataclasses import replace

import pytest
from tests.architecture.cases import catalog, data, example, program, small

from packfirst.architecture.candidate import FLOORPLANS, find, space
from packfirst.architecture.partition import Partition


def test_the_example_s_space_by_count():
    """140 partitions; every choice counts once where it is one.

    Groups apart: 5 x 2 ways for compute, 4 x 2 for fabric, 80 in all. Stacked: 8 and 16 on 8, and so on: the
    pairs of splits that divide are 1/1, 2/1, 2/2, 4/1, 4/2, 4/4, and four each of 8 and 16, 14 in all, on
    four pairs of nodes. Together: 4 common splits on n7. The ring is a choice only where one group lies on the carrier.
    """
    every = space(program(), catalog())
    beside, stacked, together = 80, 14 * 4, 4
    assert len(every.partitions) == beside + stacked + together
    carriers, paths, interfaces = 3, 3, 3
    assert len(every) == (beside + (stacked + together) * len(FLOORPLANS)) * carriers * paths * interfaces


def test_keys_tell_every_candidate_from_all_others():
    every = space(program(), catalog())
    keys = [every.candidate(row).key for row in range(len(every))]
    assert len(set(keys)) == len(keys)


def test_a_key_knows_nothing_of_the_order_of_groups_and_blocks():
    every = space(program(), catalog())
    for row in range(0, len(every), 97):
        item = every.candidate(row)
        groups = item.partition.groups
        last = len(groups) - 1
        turned = Partition(
            groups=tuple(replace(g, blocks=g.blocks[::-1]) for g in groups[::-1]),
            stacked=tuple((last - a, last - b) for a, b in item.partition.stacked),
        )
        assert replace(item, partition=turned).key == item.key


def test_a_key_changes_with_every_choice():
    item = next(i for i in map(space(program(), catalog()).candidate, range(5000)) if i.partition.stacked)
    one, other = item.partition.groups
    changed = [
        replace(item, **{field: "else"})
        for field in ("carrier", "stack", "thermal_path", "lid_interface", "floorplan")
    ]
    for groups in (
        (replace(one, count=64), other),
        (replace(one, node="n3"), other),
        (one, replace(other, count=64)),
    ):
        changed.append(replace(item, partition=replace(item.partition, groups=groups)))
    changed.append(replace(item, partition=replace(item.partition, stacked=())))
    changed.append(replace(item, partition=replace(item.partition, stacked=((1, 0),))))
    assert len({item.key, *(other.key for other in changed)}) == len(changed) + 1


def test_a_row_is_found_again_by_its_key():
    every = space(program(), catalog())
    for row in (0, 1, len(every) // 2, len(every) - 1):
        assert find(every, every.candidate(row).key) == every.candidate(row)
    assert find(every, "nothing") is None


def test_rows_that_differ_in_no_real_choice_are_one():
    every = space(program(), catalog())
    for row in range(0, len(every), 31):
        item = every.candidate(row)
        assert bool(item.stack) == bool(item.partition.stacked) == bool(every.stacked[row])
        alone = len(item.partition.groups) - len(item.partition.stacked) == 1
        assert alone or item.floorplan == FLOORPLANS[0]


@pytest.mark.parametrize(
    ("field", "attribute", "names"),
    [
        ("carriers", "carrier", ["bridge_emib"]),
        ("stacks", "stack", ["hybrid_bond_w2w"]),
        ("thermal_paths", "thermal_path", ["forced_air_hs", "cold_plate"]),
        ("lid_interfaces", "lid_interface", ["tim1_pcm"]),
    ],
)
def test_freedom_is_kept(field, attribute, names):
    every = space(example(freedom={**data()["freedom"], field: names}), catalog())
    found = {getattr(every.candidate(row), attribute) for row in range(len(every))} - {""}
    assert found == set(names)


def test_paths_of_the_laboratory_are_tried_only_when_named():
    lab = {
        record.id for record in catalog().records("thermal_path") if "lab" in str(record.word("environment")).split()
    }  # fmt: skip
    assert lab
    freedom = {key: value for key, value in data()["freedom"].items() if key != "thermal_paths"}
    left_open = space(example(freedom=freedom), catalog())
    assert not lab & set(left_open.thermal_paths)
    assert {"nat_air_hs", "forced_air_hs", "cold_plate"} <= set(left_open.thermal_paths)
    one = sorted(lab)[:1]
    assert space(example(freedom={**freedom, "thermal_paths": one}), catalog()).thermal_paths == tuple(one)


def test_a_program_without_coolant_has_no_liquid_paths():
    freedom = {key: value for key, value in data()["freedom"].items() if key != "thermal_paths"}
    dry = example(freedom=freedom, environment={"air": "35 degC"})
    fluids = {
        catalog().record("thermal_path", name).word("fluid") for name in space(dry, catalog()).thermal_paths
    }
    assert fluids == {"air"}


def test_without_bought_memory_there_is_one_floorplan():
    assert space(small({"a": {"area_mm2": 10.0}}, links=[("a", "a")]), catalog()).floorplans == FLOORPLANS[:1]


def test_a_description_names_every_choice():
    item = next(i for i in map(space(program(), catalog()).candidate, range(5000)) if i.partition.stacked)
    said = item.describe()
    for word in (item.carrier, item.stack, item.thermal_path, item.lid_interface, item.floorplan):
        assert word in said
    assert item.family == ("stacked die", item.carrier)
