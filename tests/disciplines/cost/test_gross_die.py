import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.cost.gross_die import (
    VALIDATED,
    gross_die_feng2022,
    gross_die_google2022,
    gross_die_lattice,
)

BRIEF = settings(max_examples=30, deadline=None, derandomize=True)
SIDE = st.floats(3e-3, 40e-3)


def count_one_by_one(width, height, radius, street, offsets):
    """Every die of the map, corner by corner."""
    best = 0
    for shift_x in np.linspace(0, 0.5, offsets):
        for shift_y in np.linspace(0, 0.5, offsets):
            n = 0
            for i in range(-60, 61):
                for j in range(-60, 61):
                    x, y = (i + shift_x) * (width + street), (j + shift_y) * (height + street)
                    corners = [(x + a * width / 2, y + b * height / 2) for a in (-1, 1) for b in (-1, 1)]
                    n += all(math.hypot(*corner) <= radius for corner in corners)
            best = max(best, n)
    return best


@pytest.mark.parametrize("size", [(8e-3, 8e-3), (26e-3, 33e-3), (14.1e-3, 5.3e-3), (31e-3, 31e-3)])
def test_lattice_count_against_a_corner_by_corner_count(size):
    found = gross_die_lattice(*size, wafer_radius_m=0.15, edge_exclusion_m=3e-3, street_m=0.1e-3, offsets=3)
    assert found == count_one_by_one(*size, 0.147, 0.1e-3, 3)


def test_lattice_count_where_geometry_is_exact():
    # A square as large as the disc allows; two by two squares that touch the rim; a long strip.
    r, s = 0.147, 0.1e-3
    assert gross_die_lattice(math.sqrt(2) * r * 0.9999, math.sqrt(2) * r * 0.9999) == 1
    assert gross_die_lattice(math.sqrt(2) * r * 1.0001, math.sqrt(2) * r * 1.0001) == 0
    side = (math.sqrt(2) * r - s) / 2
    assert gross_die_lattice(side * 0.9999, side * 0.9999) == 4
    assert gross_die_lattice(side * 1.0001, side * 1.0001) < 4
    # 290 mm wide: the chord leaves 2 sqrt(147^2 - 145^2) = 48.3 mm, room for four rows of 10.1 mm.
    assert gross_die_lattice(0.29, 0.01) == 4


@BRIEF
@given(SIDE, SIDE, st.floats(0.3, 3.0))
def test_lattice_count_falls_with_size_at_equal_pitch_ratio(a, b, aspect):
    small, large = sorted((a, b))
    street = 0.1e-3

    def count(pitch):
        return gross_die_lattice(pitch - street, pitch * aspect - street, street_m=street)

    assert count(large) <= count(small)


@BRIEF
@given(SIDE, SIDE)
def test_lattice_count_is_the_same_turned_and_within_the_disc(width, height):
    n = gross_die_lattice(width, height)
    assert n == gross_die_lattice(height, width)
    assert n * width * height <= math.pi * 0.147**2


@BRIEF
@given(SIDE, SIDE)
def test_closed_formulas_fall_with_area(a, b):
    small, large = sorted((a, b))
    assert gross_die_feng2022(large**2) <= gross_die_feng2022(small**2)
    assert gross_die_google2022(large, large) <= gross_die_google2022(small, small)


def test_closed_formulas_worked_by_hand():
    # 10 x 10 mm, 0.2 mm street, 145 mm: pi 21025 / 104.04 - pi 290 / sqrt(208.08) = 634.876 - 63.158
    assert gross_die_feng2022(100e-6) == pytest.approx(571.72, abs=0.01)
    # 25.8 x 25.8 mm and 0.1 mm street: 294 pi (300 / 2683.24 - 1 / sqrt(1341.62)) = 923.63 x 0.084505
    assert gross_die_google2022(25.8e-3, 25.8e-3) == 78
    # 6.7 x 5 mm: 923.63 (300 / 138.72 - 1 / sqrt(69.36)) = 923.63 x 2.04257
    assert gross_die_google2022(6.7e-3, 5e-3) == 1887


def test_closed_formulas_follow_the_count_over_the_validated_range():
    area = np.geomspace(*VALIDATED["area_m2"], 40)
    side = np.sqrt(area)
    counted = gross_die_lattice(side, side, edge_exclusion_m=5e-3, street_m=0.2e-3, offsets=9)
    ratio = gross_die_feng2022(area) / counted
    assert np.all((ratio > 0.85) & (ratio < 1.03))
    counted = gross_die_lattice(side, side, edge_exclusion_m=3e-3, street_m=0.1e-3, offsets=9)
    ratio = gross_die_google2022(side, side) / counted
    assert np.all((ratio > 0.85) & (ratio < 1.03))


def test_more_positions_never_find_fewer():
    side = np.linspace(5e-3, 40e-3, 30)
    assert np.all(gross_die_lattice(side, side, offsets=9) >= gross_die_lattice(side, side, offsets=5))


def test_batch_equals_one_by_one():
    width = np.linspace(4e-3, 30e-3, 12).reshape(3, 4)
    height = 11e-3
    batch = gross_die_lattice(width, height)
    assert batch.shape == (3, 4)
    assert [gross_die_lattice(w, height) for w in width.ravel()] == batch.ravel().tolist()
    with pytest.raises(ValueError, match="positive"):
        gross_die_lattice(0.0, 1e-3)
    with pytest.raises(ValueError, match="offsets"):
        gross_die_lattice(1e-3, 1e-3, offsets=1)
