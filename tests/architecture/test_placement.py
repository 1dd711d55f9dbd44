"""Where die lie: no overlap, spacing, stacks over their base, memory at its hub, links whole."""

from collections import defaultdict

import pytest
from hypothesis import given
from tests.architecture.cases import catalog, drawn_cases, gap_of, pick, program, sampled, small

from packfirst.architecture.candidate import space
from packfirst.architecture.placement import Rect, around, place

NANO = 1e-9


@pytest.fixture(params=range(40))
def candidate(request):
    """One of forty candidates from all over the example's space."""
    return sampled(40)[request.param]


def apart(a, b):
    """Clear distance along the axis on which two rectangles are farther apart; negative where they overlap."""
    return max(a.x0 - b.x1, b.x0 - a.x1, a.y0 - b.y1, b.y0 - a.y1)


def check_places(of_program, candidate):
    placement = place(of_program, catalog(), candidate)
    die = {item.id: item for item in placement.die}
    assert len(die) == len(placement.die)
    wanted = {group.name: group.count for group in candidate.partition.groups}
    wanted |= {name: bought.count for name, bought in of_program.bought.items()}
    found = defaultdict(int)
    for item in placement.die:
        found[item.group] += 1
    assert found == wanted
    gap = gap_of(candidate)
    for number, a in enumerate(placement.die):
        for b in placement.die[number + 1 :]:
            if not a.base and not b.base:
                assert apart(a.rect, b.rect) >= gap - NANO, (a.id, b.id)
            elif a.base == b.base:
                assert apart(a.rect, b.rect) >= -NANO, (a.id, b.id)
    for item in placement.die:
        if item.base:
            base = die[item.base].rect
            assert min(item.rect.x0 - base.x0, base.x1 - item.rect.x1) >= -NANO
            assert min(item.rect.y0 - base.y0, base.y1 - item.rect.y1) >= -NANO
    outline = placement.outline
    assert outline.x0 + outline.x1 == pytest.approx(0.0, abs=NANO)
    assert outline.y0 + outline.y1 == pytest.approx(0.0, abs=NANO)
    assert outline == around([item.rect for item in placement.die])
    return placement


def check_stacks(candidate, placement):
    for upper, lower in candidate.partition.stacked:
        top, base = candidate.partition.groups[upper], candidate.partition.groups[lower]
        carried = defaultdict(int)
        for item in placement.die:
            if item.group == top.name:
                carried[item.base] += 1
        bases = {item.id for item in placement.die if item.group == base.name}
        assert carried == dict.fromkeys(bases, top.count // base.count)


def check_links(of_program, candidate, placement):
    die = {item.id: item for item in placement.die}
    for name, link in of_program.links.items():
        mine = [item for item in placement.connections if item.link == name]
        one, other = link.between
        together = any(one in g.blocks and other in g.blocks for g in candidate.partition.groups)
        for item in mine:
            a, b = die[item.a].rect, die[item.b].rect
            if item.is_vertical:
                assert die[item.a].base == item.b or die[item.b].base == item.a
                assert item.overlap_m2 == pytest.approx(min(a.area, b.area))
            else:
                assert item.facing_m == pytest.approx(a.facing(b))
                assert item.gap_m == pytest.approx(a.gap(b))
        if one != other:
            whole = sum(item.bandwidth_share for item in mine)
            assert whole == pytest.approx(0.0 if together else 1.0)
            assert {die[i.a].group for i in mine} | {die[i.b].group for i in mine} <= {
                group.name
                for group in candidate.partition.groups
                if one in group.blocks or other in group.blocks
            } | {one, other}
        else:
            cuts = defaultdict(float)
            for item in mine:
                cuts[cut_of(die[item.a].rect, die[item.b].rect)] += item.bandwidth_share
            assert list(cuts.values()) == pytest.approx([1.0] * len(cuts))


def cut_of(a, b):
    """Axis across which two die face each other, and the nearer edge, to a tenth of a micrometre."""
    if apart_in(a.x0, a.x1, b.x0, b.x1):
        return "x", round(min(a.x1, b.x1) * 1e7)
    return "y", round(min(a.y1, b.y1) * 1e7)


def apart_in(a0, a1, b0, b1):
    return a1 <= b0 or b1 <= a0


def test_the_example_is_placed_by_the_rules(candidate):
    placement = check_places(program(), candidate)
    check_stacks(candidate, placement)
    check_links(program(), candidate, placement)


@given(drawn_cases())
def test_any_program_is_placed_by_the_rules(case):
    made, candidate = case
    placement = check_places(made, candidate)
    check_stacks(candidate, placement)
    check_links(made, candidate, placement)


def test_die_that_the_field_holds_by_area_are_printable(candidate):
    """But for one on a base that no field holds, whose proportions it has."""
    placement = place(program(), catalog(), candidate)
    field_m2 = 26e-3 * 33e-3
    too_large = {item.id for item in placement.die if item.rect.area > field_m2}
    for item in placement.die:
        if not item.part and item.id not in too_large and item.base not in too_large:
            short, long = sorted((item.rect.width, item.rect.height))
            assert short <= 26e-3 + NANO
            assert long <= 33e-3 + NANO


def test_memory_turns_its_long_edge_to_the_hub_and_touches_it_but_for_the_gap(candidate):
    placement = place(program(), catalog(), candidate)
    fabric = [item.rect for item in placement.die if "fabric" in item.blocks]
    hub = around(fabric)
    for item in placement.die:
        if item.part:
            facing = hub.facing(item.rect)
            # 11 mm of the stack's 11 by 10 mm, but where the hub is shorter than its column of memory.
            beside = item.rect.x1 <= hub.x0 or item.rect.x0 >= hub.x1
            along = item.rect.height if beside else item.rect.width
            assert along == pytest.approx(11e-3)
            assert min(hub.gap(item.rect), item.rect.gap(hub)) <= gap_of(candidate) + 2e-3
            assert facing > 0.0


def test_the_product_s_own_floorplan():
    """Four base die of 370 mm2 in a square, eight memory stacks in two columns, two compute die on each base."""
    placement = place(program(), catalog(), pick("si_interposer_cowos_s"))
    by_group = defaultdict(list)
    for item in placement.die:
        by_group[item.group].append(item)
    height = (4 * 11.0 + 3 * 0.1 - 0.1) / 2.0 * 1e-3
    width = 1345e-6 * (1.0 + 0.1) / 4.0 / height
    for item in by_group["fabric"]:
        assert (item.rect.width, item.rect.height) == pytest.approx((width, height))
    outline = placement.outline
    assert outline.width == pytest.approx(2 * width + 0.1e-3 + 2 * 10.1e-3)
    assert outline.height == pytest.approx(44.3e-3)
    shares = defaultdict(list)
    for item in placement.connections:
        shares[item.link].append(item.bandwidth_share)
    assert shares["fabric_hbm"] == pytest.approx([1.0 / 8.0] * 8)
    assert shares["compute_fabric"] == pytest.approx([1.0 / 8.0] * 8)
    # Two cuts through the square, two connections across each.
    assert shares["fabric_fabric"] == pytest.approx([0.5] * 4)


def test_two_hub_die_stand_one_above_the_other_where_memory_lines_both_sides():
    """Side by side they could not be as tall as their memory: 702 mm2 at 44.3 mm would leave the field."""
    placement = place(
        program(), catalog(), pick("si_interposer_cowos_s", compute=(2, "n5"), fabric=(2, "n6"))
    )
    first, second = [item.rect for item in placement.die if item.group == "fabric"]
    assert (first.x0, first.x1) == pytest.approx((second.x0, second.x1))
    assert placement.outline.height == pytest.approx(44.3e-3)


def test_the_ring_puts_half_of_the_memory_above_and_below():
    every = space(program(), catalog())
    item = next(
        c for c in map(every.candidate, range(len(every)))
        if c.floorplan == "memory_ring" and any(g.count == 4 and "fabric" in g.blocks for g in c.partition.groups)
    )  # fmt: skip
    placement = place(program(), catalog(), item)
    hub = around([d.rect for d in placement.die if "fabric" in d.blocks])
    above = sum(d.rect.y0 > hub.y1 for d in placement.die if d.part)
    below = sum(d.rect.y1 < hub.y0 for d in placement.die if d.part)
    assert (above, below) == (2, 2)


def test_rows_of_other_logic_clear_memory_that_stands_higher_than_the_hub():
    """A small hub between tall columns of memory, and a large die that would lie over them."""
    made = small(
        {"hub": {"area_mm2": 20.0}, "big": {"area_mm2": 700.0}}, {"hbm": 6}, [("hub", "hbm"), ("hub", "big")]
    )
    every = space(made, catalog())
    apart_ones = [c for c in map(every.candidate, range(len(every))) if len(c.partition.groups) == 2]
    assert apart_ones
    for candidate in apart_ones:
        check_places(made, candidate)


def test_stacked_die_go_on_their_own_base_and_on_no_other():
    made = small(
        {
            "alpha": {"area_mm2": 30.0, "splits": [4], "stacks_on": ["gamma"]},
            "beta": {"area_mm2": 30.0, "splits": [3]},
            "gamma": {"area_mm2": 60.0, "splits": [2]},
        },
        {"hbm": 2}, [("gamma", "hbm"), ("alpha", "gamma"), ("beta", "gamma")],
    )  # fmt: skip
    every = space(made, catalog())
    stacked = [c for c in map(every.candidate, range(len(every))) if c.partition.stacked]
    assert stacked
    for candidate in stacked:
        check_stacks(candidate, check_places(made, candidate))


def test_what_stands_on_the_base_that_talks_to_memory_makes_it_the_hub():
    made = small(
        {
            "alpha": {"area_mm2": 50.0, "stacks_on": ["gamma"]},
            "beta": {"area_mm2": 50.0},
            "gamma": {"area_mm2": 60.0},
        },
        {"hbm": 2}, [("alpha", "hbm"), ("beta", "gamma"), ("beta", "gamma"), ("beta", "gamma")],
    )  # fmt: skip
    every = space(made, catalog())
    candidate = next(
        c
        for c in map(every.candidate, range(len(every)))
        if c.partition.stacked and len(c.partition.groups) == 3
    )
    die = {d.id: d.rect for d in place(made, catalog(), candidate).die}
    gap = gap_of(candidate)
    assert die["gamma_0"].gap(die["hbm_0"]) == pytest.approx(gap)
    assert die["gamma_0"].gap(die["hbm_1"]) == pytest.approx(gap)


def test_three_die_of_a_mesh_beside_a_hub_are_joined_through_each_other():
    made = small(
        {"hub": {"area_mm2": 300.0}, "leaf": {"area_mm2": 300.0, "splits": [3]}}, {"hbm": 2},
        [("hub", "hbm"), ("leaf", "leaf")],
    )  # fmt: skip
    every = space(made, catalog())
    candidate = next(c for c in map(every.candidate, range(len(every))) if len(c.partition.groups) == 2)
    placement = place(made, catalog(), candidate)
    joined, found = {"leaf_0"}, True
    while found:
        found = [c for c in placement.connections if c.link == "link_1" and len({c.a, c.b} & joined) == 1]
        joined |= {end for c in found for end in (c.a, c.b)}
    assert joined == {"leaf_0", "leaf_1", "leaf_2"}


def rect(x0, x1, y0, y1):
    return Rect(x0=x0, x1=x1, y0=y0, y1=y1)


def test_gap_and_facing_of_rectangles():
    a = rect(0.0, 2.0, 0.0, 4.0)
    beside, above, corner, over = (
        rect(3.0, 5.0, 1.0, 9.0),
        rect(1.0, 5.0, 6.0, 7.0),
        rect(3.0, 4.0, 6.0, 7.0),
        a,
    )
    assert (a.gap(beside), a.facing(beside)) == (1.0, 3.0)
    assert (a.gap(above), a.facing(above)) == (2.0, 1.0)
    assert (a.gap(corner), a.facing(corner)) == (3.0, 0.0)
    assert (a.gap(over), a.facing(over)) == (0.0, 0.0)
    assert a.overlaps(over)
    assert not a.overlaps(rect(2.0, 3.0, 0.0, 4.0))
    assert a.grown(1.0) == rect(-1.0, 3.0, -1.0, 5.0)
    assert a.moved(1.0, -1.0) == rect(1.0, 3.0, -1.0, 3.0)
