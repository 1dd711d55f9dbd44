"""Towers of equal die: who stands on whom, how thin the tiers are, and what must not change."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.architecture.candidate import space
from packfirst.architecture.partition import Group, partitions
from packfirst.architecture.slopes import plan_slopes

from .cases import catalog, package_of, small


def tower(count, *, area_mm2=100.0, base_mm2=105.0, stacks="stack_3d_microbump", bases=1, **changed):
    """A Program with a tower of `count` memory die on each of `bases` base die."""
    return small(
        {
            "memory": {
                "area_mm2": area_mm2 * count * bases, "splits": [count * bases], "stacking": "above",
                "stacks_on": ["base"],
            },
            "base": {"area_mm2": base_mm2 * bases, "splits": [bases]},
        },
        links=[("memory", "base")],
        freedom={
            "carriers": ["organic_mcm"], "stacks": [stacks], "thermal_paths": ["cold_plate"],
            "lid_interfaces": ["tim1_gel"],
        },
        **changed,
    )  # fmt: skip


def built(program):
    every = space(program, catalog())
    (candidate,) = {every.candidate(row) for row in range(len(every))}
    return candidate, *package_of(program, candidate)


def chain(architecture, base):
    """Ids from a base to the top of what stands on it."""
    found = [base]
    while True:
        above = [die.id for die in architecture.placement.die if die.base == found[-1]]
        if not above:
            return found
        (one,) = above
        found.append(one)


@pytest.mark.parametrize("stacks", ["stack_3d_microbump", "hybrid_bond_d2w"])
@pytest.mark.parametrize("count", [2, 4, 8, 12, 16])
def test_each_die_stands_on_the_one_below(count, stacks):
    candidate, architecture, package = built(tower(count, stacks=stacks))
    assert Group(blocks=("memory",), count=count, node="n5", tower=count) in candidate.partition.groups
    assert chain(architecture, "base_0") == ["base_0", *(f"memory_{n}" for n in range(count))]
    tops = [package.body(die.body).box_m[5] for die in package.die]
    heights = sorted(package.body(f"memory_{n}").box_m[4] for n in range(count))
    assert heights == [package.body(f"memory_{n}").box_m[4] for n in range(count)]
    assert package.body(f"memory_{count - 1}").box_m[5] == max(tops)
    rects = {die.rect for die in architecture.placement.die if die.group == "memory"}
    assert len(rects) == 1


@pytest.mark.parametrize("count", [4, 8, 12])
def test_towers_of_any_number_share_one_height(count):
    """JESD238 keeps one height for stacks of 4 to 12: taller ones have thinner die."""
    _, architecture, _ = built(tower(count))
    full = architecture.mount("base_0").height_m() - architecture.mount("base_0").joint_height_m
    assert full == pytest.approx(775e-6, rel=1e-9)


def test_twelve_die_in_the_height_of_a_wafer_are_as_thin_as_makers_say():
    """SK hynix, 2021: 24 GB in twelve die ground to about 30 um; hbm4_se: memory die of 30 to 50 um."""
    _, architecture, _ = built(tower(12))
    tier = architecture.mount("memory_0").thickness_m
    assert 30e-6 <= tier <= 60e-6
    assert architecture.mount("memory_11").thickness_m >= tier


def test_a_tower_takes_the_room_of_one_die():
    _, one, _ = built(tower(2))
    _, twelve, _ = built(tower(12))
    assert twelve.placement.outline == one.placement.outline
    base = next(die.rect for die in twelve.placement.die if die.group == "base")
    memory = next(die.rect for die in twelve.placement.die if die.group == "memory")
    assert memory.area == pytest.approx(100e-6, rel=1e-9)
    assert base.area == pytest.approx(max(105e-6, 100e-6 / 0.92), rel=1e-6)


def test_two_bases_carry_a_tower_each():
    candidate, architecture, _ = built(tower(4, bases=2))
    assert {group.name: group.tower for group in candidate.partition.groups} == {"memory": 4, "base": 1}
    assert chain(architecture, "base_0") == ["base_0", "memory_0", "memory_1", "memory_2", "memory_3"]
    assert chain(architecture, "base_1") == ["base_1", "memory_4", "memory_5", "memory_6", "memory_7"]


def test_a_tower_that_names_its_base_never_stands_elsewhere():
    assert all(partition.stacked for partition in partitions(tower(4)))
    assert all(
        group.blocks != ("memory", "base") for partition in partitions(tower(4)) for group in partition.groups
    )


@pytest.mark.parametrize("carrier", ["organic_mcm", "stack_wire_hermetic", "wb_bga"])
def test_a_tower_without_a_base_stands_on_the_carrier(carrier):
    program = small(
        {"memory": {"area_mm2": 400.0, "splits": [4], "stacking": "above"}},
        freedom={
            "carriers": [carrier], "stacks": ["stack_3d_microbump"], "thermal_paths": ["cold_plate"],
            "lid_interfaces": ["tim1_gel", "da_ag_epoxy"],
        },
    )  # fmt: skip
    candidate, architecture, package = built(program)
    wired = carrier != "organic_mcm"
    assert candidate.stack == ("" if wired else "stack_3d_microbump")
    assert candidate.partition.integration == "stacked die"
    assert chain(architecture, "memory_0") == ["memory_0", "memory_1", "memory_2", "memory_3"]
    roles = {body.role for body in package.bodies if body.owner == "memory_2"}
    assert ("attach" if wired else "bumps") in roles


def test_what_stands_beside_each_other_has_the_key_that_it_had():
    flat = small({"memory": {"area_mm2": 400.0, "splits": [4]}})
    above = small({"memory": {"area_mm2": 400.0, "splits": [4], "stacking": "above"}})
    keys = [space(p, catalog()).candidate(0).key for p in (flat, above)]
    assert keys[0] != keys[1]
    first = space(flat, catalog()).candidate(0)
    assert first.partition.groups[0].tower == 1
    assert "^" not in "".join(str(first.partition.groups))


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([2, 3, 5, 8, 16]), st.floats(20.0, 300.0))
def test_tiers_fill_the_height_without_overlap(count, area_mm2):
    _, _, package = built(tower(count, area_mm2=round(area_mm2, 2), base_mm2=round(1.2 * area_mm2, 2)))
    spans = sorted(
        (body.box_m[4], body.box_m[5])
        for body in package.bodies
        if body.owner.startswith("memory_") and body.role in ("die", "back_end", "bumps")
    )
    for (_, top), (floor, _) in pairwise(spans):
        assert floor == pytest.approx(top, abs=1e-12)


def test_areas_of_a_tower_answer_to_its_block():
    program = tower(4, base_mm2=50.0)
    every = space(program, catalog())
    candidate = every.candidate(0)
    numbers = [group.name for group in candidate.partition.groups]
    slope = plan_slopes(program, catalog(), candidate)
    # a quarter of the block on each die; accuracy bands make the block's own area exact here
    area = slope["program/accuracy.area"]
    assert area[numbers.index("memory")] == pytest.approx(100e-6, rel=1e-4)
    assert area[numbers.index("base")] == pytest.approx(100e-6 / 0.92, rel=1e-4)
