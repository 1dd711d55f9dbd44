"""Areas of die on other nodes, cut and stacked, and outlines that a scanner can print."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.architecture.cases import catalog, program, sampled, small

from packfirst.architecture.footprint import LONGEST_ASPECT, STACK_COVER, die_areas_m2, sides, tiles
from packfirst.architecture.partition import Group, Partition
from packfirst.architecture.scaling import area_factor, cut_factor, group_area_m2, group_power_w, power_factor

FIELD = (26e-3, 33e-3)
MM2 = 1e-6


def group(*blocks, count=1, node="n5"):
    return Group(blocks=blocks, count=count, node=node)


def test_a_block_on_its_own_node_stays_as_it_is():
    for name, block in program().blocks.items():
        assert area_factor(catalog(), block, block.node) == power_factor(catalog(), block, block.node) == 1.0
        assert program().blocks[name] is block


def test_each_part_of_a_block_shrinks_by_its_own_density():
    old, new = catalog().record("node", "n5"), catalog().record("node", "n7")
    wanted = (
        0.65 * old["logic_density"] / new["logic_density"]
        + 0.30 * old["sram_density"] / new["sram_density"]
        + 0.05 * old["analog_density"] / new["analog_density"]
    )
    assert area_factor(catalog(), program().blocks["compute"], "n7") == pytest.approx(wanted)
    # TSMC quotes 1.8, 1.35 and 1.2 for logic, memory and analogue from N7 to N5 (2020).
    assert wanted == pytest.approx(0.65 * 1.8 + 0.30 * 1.35 + 0.05 * 1.2, rel=0.01)


def test_there_and_back_for_a_block_of_one_kind():
    made = small({"a": {"area_mm2": 10.0}})
    back = small({"a": {"area_mm2": 10.0, "node": "n7"}})
    there = area_factor(catalog(), made.blocks["a"], "n7")
    assert there * area_factor(catalog(), back.blocks["a"], "n5") == pytest.approx(1.0)


@pytest.mark.parametrize(("count", "share"), [(1, 0.0), (4, 1.0), (9, 2.0), (16, 3.0)])
def test_the_overhead_of_a_cut_lines_the_cuts(count, share):
    """A square in n x n pieces has 2 (n - 1) cuts of its side; two of them carry the overhead known for four."""
    overhead = catalog().record("cost_parameter", "die_to_die")["area_share"]
    linked = small({"a": {"area_mm2": 100.0, "splits": [count]}}, links=[("a", "a")])
    found = cut_factor(linked, catalog(), group("a", count=count), "a")
    assert found == pytest.approx(1.0 + overhead * share)
    alone = small({"a": {"area_mm2": 100.0, "splits": [count]}})
    assert cut_factor(alone, catalog(), group("a", count=count), "a") == 1.0


def test_area_and_power_are_conserved_in_a_cut():
    """What the cut adds is its overhead and nothing else."""
    made = small(
        {"a": {"area_mm2": 100.0}, "b": {"area_mm2": 40.0}}, links=[("b", "b")],
        accuracy={"power": {"value": 1.1, "low": 1.0, "high": 1.2}, "area": {"value": 1.05, "low": 1.0, "high": 1.1}},
    )  # fmt: skip
    for count in (1, 2, 3, 8):
        cut = group("a", "b", count=count)
        factor = cut_factor(made, catalog(), cut, "b")
        assert count * group_area_m2(made, catalog(), cut) == pytest.approx(
            1.05 * (100.0 + 40.0 * factor) * MM2
        )
        assert count * group_power_w(made, catalog(), cut, "on") == pytest.approx(1.1 * 40.0)
    slower = group("a", "b", count=2, node="n7")
    per_die = group_power_w(made, catalog(), slower, "on")
    assert per_die == pytest.approx(1.1 * 20.0 * catalog().record("node", "n7")["power_at_iso_speed"])


@given(st.floats(1.0, 500.0), st.floats(1.0, 500.0), st.sampled_from([1, 2, 4]), st.sampled_from([1, 2, 3]))
def test_a_base_grows_exactly_to_its_stack(upper_mm2, lower_mm2, per_base, bases):
    made = small({
        "a": {"area_mm2": upper_mm2, "splits": [per_base * bases], "stacks_on": ["b"]},
        "b": {"area_mm2": lower_mm2, "splits": [bases]},
    })  # fmt: skip
    groups = (group("a", count=per_base * bases), group("b", count=bases))
    own = [upper_mm2 * MM2 / (per_base * bases), lower_mm2 * MM2 / bases]
    stacked = die_areas_m2(made, catalog(), Partition(groups=groups, stacked=((0, 1),)))
    assert die_areas_m2(made, catalog(), Partition(groups=groups)) == pytest.approx(own)
    assert stacked[0] == pytest.approx(own[0])
    assert stacked[1] == pytest.approx(max(own[1], per_base * own[0] / STACK_COVER))
    # What stands on it covers no more than it may, and it is no larger than its own blocks or this ask for.
    assert per_base * stacked[0] <= STACK_COVER * stacked[1] * (1 + 1e-12)


@given(st.floats(1e-7, 3e-3), st.floats(1e-4, 0.2))
def test_a_die_keeps_its_area_and_its_aspect(area, wanted):
    width, height = sides(area, wanted, FIELD)
    assert width * height == pytest.approx(area)
    assert max(width / height, height / width) <= LONGEST_ASPECT * (1 + 1e-12)


@given(st.floats(1e-7, 0.9999 * 858e-6), st.floats(1e-4, 0.2))
def test_what_the_field_holds_by_area_it_holds_by_its_sides(area, wanted):
    width, height = sides(area, wanted, FIELD)
    assert min(width, height) <= FIELD[0] * (1 + 1e-12)
    assert max(width, height) <= FIELD[1] * (1 + 1e-12)


@given(st.floats(1e-7, 3e-3), st.floats(1e-4, 0.2))
def test_no_printable_height_is_nearer_to_the_wanted_one(area, wanted):
    _, height = sides(area, wanted, FIELD)

    def allowed(tall):
        wide = area / tall
        aspect = max(wide / tall, tall / wide) <= LONGEST_ASPECT
        fits = max(wide, tall) <= FIELD[1] and min(wide, tall) <= FIELD[0]
        return aspect and (fits or area > FIELD[0] * FIELD[1])

    miss = abs(height - wanted)
    assert not any(allowed(wanted + sign * miss * share) for sign in (1, -1) for share in (0.0, 0.5, 0.99, 0.999)
                   if wanted + sign * miss * share > 0 and miss > 1e-9)  # fmt: skip


def test_sides_of_known_die():
    # As tall as wanted; as tall as the aspect lets it be; as tall as the field.
    assert sides(100e-6, 8e-3, FIELD) == pytest.approx((12.5e-3, 8e-3))
    assert sides(100e-6, 50e-3, FIELD)[1] == pytest.approx(math.sqrt(250e-6))
    assert sides(700e-6, 44e-3, FIELD) == pytest.approx((700 / 33 * 1e-3, 33e-3))
    assert sides(700e-6, 1e-3, FIELD) == pytest.approx((33e-3, 700 / 33 * 1e-3))
    assert sides(858e-6, 30e-3, FIELD)[1] in (pytest.approx(26e-3), pytest.approx(33e-3))


@given(
    st.floats(1e-3, 0.05), st.floats(0.4, 2.5), st.integers(1, 16), st.floats(0.01, 1.0)
)  # fmt: skip
def test_tiles_fit_inside_and_are_the_squarest_that_do(width, ratio, count, share):
    height = width * ratio
    area = share * width * height / count
    rows, columns, w, h = tiles(width, height, count, area)
    assert rows * columns == count
    assert w * h == pytest.approx(area)
    assert columns * w <= width * (1 + 1e-12)
    assert rows * h <= height * (1 + 1e-12)
    aspect = max(w / h, h / w)
    for other in (c for c in range(1, count + 1) if count % c == 0):
        cell = (width / other) / (height / (count // other))
        assert aspect <= max(cell, 1.0 / cell) * (1 + 1e-9)


def test_tiles_by_powers_of_two_keep_the_aspect():
    for ratio in (0.4, 0.7, 1.0, 1.6, 2.5):
        for count in (1, 2, 4, 8, 16):
            _, _, w, h = tiles(0.02, 0.02 * ratio, count, 0.9 * 0.02**2 * ratio / count)
            assert max(w / h, h / w) <= LONGEST_ASPECT * (1 + 1e-12)


@pytest.mark.parametrize("index", range(0, 40, 3))
def test_the_example_s_areas_add_up(index):
    candidate = sampled(40)[index]
    areas = die_areas_m2(program(), catalog(), candidate.partition)
    for number, (area, one) in enumerate(zip(areas, candidate.partition.groups, strict=True)):
        whole = sum(
            program().blocks[name].area.value
            * area_factor(catalog(), program().blocks[name], one.node)
            * cut_factor(program(), catalog(), one, name)
            for name in one.blocks
        )
        assert area * one.count >= whole * (1 - 1e-12)
        if number not in {lower for _, lower in candidate.partition.stacked}:
            assert area * one.count == pytest.approx(whole)
