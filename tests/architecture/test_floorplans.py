"""Many die round a hub or in a grid: as small as known optima, near what they talk to, the same every time."""

import math
from dataclasses import replace
from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.architecture.cases import catalog, gap_of, small
from tests.architecture.test_placement import check_places

from packfirst.architecture.candidate import space
from packfirst.architecture.partition import Group, Partition
from packfirst.architecture.placement import Rect, place, plan_of
from packfirst.architecture.placing.beside import arrangements
from packfirst.architecture.placing.connections import _neighbours, edges
from packfirst.architecture.wafer_bonding import has_equal_die
from packfirst.cli.hindcast import _cases
from packfirst.hindcast.run import as_built_rows


def star(leaves, hubs=1, hub_mm2=400.0, leaf_mm2=70.0, carrier="organic_mcm"):
    """A Program of a hub with so many leaves round it, and the candidate that has them apart."""
    made = small(
        {
            "leaf": {"area_mm2": leaves * leaf_mm2, "splits": [leaves]},
            "hub": {"area_mm2": hubs * hub_mm2, "splits": [hubs]},
        },
        {}, [("leaf", "hub")],
    )  # fmt: skip
    every = space(made, catalog())
    found = (every.candidate(row) for row in range(len(every)))
    return made, next(c for c in found if len(c.partition.groups) == 2 and c.carrier == carrier)


def mesh(count, area_mm2=60.0):
    made = small({"core": {"area_mm2": count * area_mm2, "splits": [count]}}, {}, [("core", "core")])
    return made, space(made, catalog()).candidate(0)


@pytest.mark.parametrize("leaves", [2, 3, 5, 8, 12, 16, 40, 64])
def test_leaves_go_round_their_hub(leaves):
    made, candidate = star(leaves)
    placement = check_places(made, candidate)
    outline = placement.outline
    silicon = sum(item.rect.area for item in placement.die)
    # Gaps of a millimetre round die of 8 mm take a quarter; rows and corners some more.
    assert silicon / outline.area > 0.5
    assert max(outline.width, outline.height) / min(outline.width, outline.height) < 2.0
    hub = next(item.rect for item in placement.die if item.group == "hub")
    middle = ((hub.x0 + hub.x1) / 2, (hub.y0 + hub.y1) / 2)
    if leaves >= 8:
        assert abs(middle[0]) < outline.width / 6
        assert abs(middle[1]) < outline.height / 6


@pytest.mark.parametrize(("count", "longest"), [(4, 2), (9, 3), (16, 4), (25, 5), (64, 8)])
def test_a_square_number_of_equal_die_is_a_square_grid(count, longest):
    made, candidate = mesh(count)
    placement = check_places(made, candidate)
    side = next(iter(placement.die)).rect.width
    wanted = longest * side + (longest - 1) * gap_of(candidate)
    assert (placement.outline.width, placement.outline.height) == pytest.approx((wanted, wanted))
    # A grid of r x c has r (c - 1) + c (r - 1) pairs of neighbours.
    assert len(placement.connections) == 2 * longest * (longest - 1)


@pytest.mark.parametrize("count", [5, 7, 11, 13])
def test_a_prime_number_of_die_is_no_row(count):
    made, candidate = mesh(count)
    outline = check_places(made, candidate).outline
    assert max(outline.width, outline.height) / min(outline.width, outline.height) < 2.0


def test_four_equal_die_stand_two_by_two():
    """Four unit squares in a row, in an L or in a T measure at least 5 in half-perimeter, two by two 4."""
    made, candidate = mesh(4)
    placement = place(made, catalog(), candidate)
    wanted = 2 * (2 * math.sqrt(placement.die[0].rect.area) + gap_of(candidate))
    assert placement.outline.width + placement.outline.height == pytest.approx(wanted)


def test_eighty_die_are_placed_in_a_fraction_of_a_second():
    made, candidate = star(64, hubs=16)
    assert len(check_places(made, candidate).die) == 80
    place(made, catalog(), candidate)
    since = perf_counter()
    place(made, catalog(), candidate)
    assert perf_counter() - since < 1.0


def test_a_plan_is_kept_and_the_same_every_time():
    made, candidate = star(12)
    plan = plan_of(made, catalog(), candidate)
    assert plan == plan_of(made, catalog(), candidate)
    assert place(made, catalog(), candidate, plan) == place(made, catalog(), candidate)


def test_the_hub_is_what_most_die_talk_to_whatever_comes_first():
    made, candidate = star(8)
    groups = candidate.partition.groups
    assert groups[plan_of(made, catalog(), candidate).hub].name == "hub"
    turned = replace(candidate, partition=replace(candidate.partition, groups=groups[::-1]))
    assert groups[::-1][plan_of(made, catalog(), turned).hub].name == "hub"


def test_fine_wires_keep_their_die_beside_each_other():
    """On a bridge nothing reaches past 2 mm: every leaf faces the hub, or another in its way is no help."""
    made, candidate = star(4, carrier="bridge_emib")
    reach = catalog().record("technology", "bridge_emib")["reach"]
    assert all(item.gap_m <= reach for item in place(made, catalog(), candidate).connections)


def test_a_narrow_room_makes_a_slender_floorplan():
    room = {"height": "90 mm", "ball_pitch": "1 mm", "signal_balls": 100, "body_x": "200 mm"}
    blocks = {"leaf": {"area_mm2": 840.0, "splits": [12]}, "hub": {"area_mm2": 400.0}}
    free, tight = (
        small(blocks, {}, [("leaf", "hub")], form_factor={**room, "body_y": side})
        for side in ("200 mm", "42 mm")
    )
    candidate = star(12)[1]
    loose, narrow = (place(made, catalog(), candidate).outline for made in (free, tight))
    assert min(narrow.width, narrow.height) + 10e-3 <= 42e-3 + 1e-9
    assert min(narrow.width, narrow.height) < min(loose.width, loose.height)


@given(st.integers(1, 64))
@settings(max_examples=30, deadline=None)
def test_every_arrangement_places_every_die(count):
    for item in arrangements(count):
        assert sum(item.by_side) == count
        assert item.in_row * item.deep >= max(item.by_side)


def facing(a, b):
    return a.facing(b) > 0.0


def naive(rects):
    """Pairs that face each other with no third rectangle in the strip between them, one by one."""
    found = []
    for i, a in enumerate(rects):
        for j in range(i + 1, len(rects)):
            b = rects[j]
            if not facing(a, b):
                continue
            x, y = sorted((a.x0, a.x1, b.x0, b.x1)), sorted((a.y0, a.y1, b.y0, b.y1))
            strip = Rect(x0=x[1], x1=x[2], y0=y[1], y1=y[2])
            if not any(c.overlaps(strip) for k, c in enumerate(rects) if k not in (i, j)):
                found.append((i, j))
    return found


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=14, unique=True),
    st.randoms(),
)
@settings(max_examples=30, deadline=None)
def test_neighbours_all_at_once_are_those_found_one_by_one(cells, random):
    rects = []
    for column, row in cells:
        w, h = random.uniform(0.3, 0.9), random.uniform(0.3, 0.9)
        rects.append(Rect(x0=column, x1=column + w, y0=row, y1=row + h))
    assert _neighbours(edges(rects)) == naive(rects)


def test_what_was_built_fits_the_body_that_was_built():
    """Published bodies hold our floorplans with their margin; the twelve round one had come out 104 mm long."""
    margin = 2.0 * catalog().record("rule", "body")["laminate_margin"]
    names = ["amd_epyc_naples", "amd_epyc_rome", "amd_epyc_genoa", "amd_mi300x", "xilinx_virtex7_2000t"]
    for case in _cases(catalog(), names)[0]:
        every = space(case.program, catalog())
        rows, _ = as_built_rows(every, case.truth)
        outline = place(case.program, catalog(), every.candidate(int(rows[0]))).outline
        room = sorted(
            side.value for side in (case.program.form_factor.body_x, case.program.form_factor.body_y)
        )
        sides = sorted((outline.width + margin, outline.height + margin))
        assert np.all(np.array(sides) <= np.array(room) + 1e-9), case.record.id


@pytest.mark.parametrize(
    ("top_mm2", "base_mm2", "counts", "equal"),
    [
        (60.0, 60.0, (1, 1), True),
        (60.0, 64.0, (1, 1), True),
        (41.0, 80.0, (1, 1), False),
        (30.0, 60.0, (2, 1), False),
    ],
)
def test_whole_wafers_join_die_of_one_size_alone(top_mm2, base_mm2, counts, equal):
    blocks = {
        "top": {"area_mm2": top_mm2 * counts[0], "splits": [counts[0]], "stacks_on": ["base"]},
        "base": {"area_mm2": base_mm2 * counts[1], "splits": [counts[1]]},
    }
    stacks = ["hybrid_bond_d2w", "hybrid_bond_w2w"]
    freedom = {"carriers": ["organic_mcm"], "thermal_paths": ["cold_plate"], "lid_interfaces": ["tim1_gel"]}
    made = small(blocks, {}, [("top", "base")], freedom={**freedom, "stacks": stacks})
    partition = Partition(
        groups=(
            Group(blocks=("top",), count=counts[0], node="n5"), Group(blocks=("base",), count=counts[1], node="n5"),
        ),
        stacked=((0, 1),),
    )  # fmt: skip
    assert has_equal_die(made, catalog(), partition) is equal
    every = space(made, catalog())
    used = {c.stack for c in map(every.candidate, range(len(every))) if c.partition.stacked}
    assert used == (set(stacks) if equal else {"hybrid_bond_d2w"})
