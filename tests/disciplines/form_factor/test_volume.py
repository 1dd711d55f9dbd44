"""What later boxes leave of a box."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.disciplines.form_factor.volume import uncovered_volume_m3

side = st.tuples(st.integers(0, 8), st.integers(1, 8)).map(lambda pair: (pair[0], pair[0] + pair[1]))
boxes = st.tuples(side, side, side).map(lambda sides: tuple(float(x) for pair in sides for x in pair))


@given(boxes, st.lists(boxes, max_size=6))
def test_on_a_lattice_it_is_a_count_of_cells(box, covers):
    def inside(cell, other):
        return all(other[2 * a] <= cell[a] < other[2 * a + 1] for a in range(3))

    cells = [
        (x, y, z)
        for x in range(int(box[0]), int(box[1]))
        for y in range(int(box[2]), int(box[3]))
        for z in range(int(box[4]), int(box[5]))
    ]
    free = sum(not any(inside(cell, other) for other in covers) for cell in cells)
    assert uncovered_volume_m3(box, covers) == pytest.approx(free)


def test_it_is_what_random_points_find():
    """Forty thousand points in the box: a share p is found to within three of sqrt(p (1 - p) / 40000)."""
    draw = np.random.default_rng(5)
    for _ in range(6):
        covers = [tuple(np.sort(draw.random((3, 2)) * 1.4 - 0.2, axis=1).ravel()) for _ in range(5)]
        points = draw.random((40_000, 3))
        hidden = np.zeros(len(points), dtype=bool)
        for c in covers:
            hidden |= ((points > c[::2]) & (points < c[1::2])).all(axis=1)
        free = 1.0 - hidden.mean()
        share = uncovered_volume_m3((0.0, 1.0, 0.0, 1.0, 0.0, 1.0), covers)
        assert share == pytest.approx(free, abs=3.0 * math.sqrt(free * (1.0 - free) / 40_000) + 1e-12)


def test_nothing_covers_and_everything_covers():
    box = (0.0, 1e-3, 0.0, 2e-3, 0.0, 3e-3)
    assert uncovered_volume_m3(box, []) == pytest.approx(6e-9)
    assert uncovered_volume_m3(box, [(1e-3, 2e-3, 0.0, 2e-3, 0.0, 3e-3)]) == pytest.approx(6e-9)
    assert uncovered_volume_m3(box, [box]) == 0.0
    assert uncovered_volume_m3(box, [(0.0, 1e-3, 0.0, 1e-3, 0.0, 3e-3)]) == pytest.approx(3e-9)
