"""Blocks on a grid: no power lost, means exact where the field is simple."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.disciplines.thermal.block_power import on_grid


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.integers(1, 30), st.integers(1, 30))
def test_power_is_kept_wherever_the_cells_lie(cut_x, cut_y, nx, ny):
    boxes = [(0, cut_x, 0, 1), (cut_x, 1, 0, cut_y), (cut_x, 1, cut_y, 1)]
    watts = np.array([1.0, 20.0, 0.3])
    grid = on_grid(boxes, np.linspace(0, 1, nx + 1), np.linspace(0, 1, ny + 1))
    assert grid.power_map(watts).sum() == pytest.approx(watts.sum(), rel=1e-12)
    even = grid.power_map(grid.area_m2)
    assert even == pytest.approx(np.full((nx, ny), 1 / (nx * ny)), rel=1e-9)
    assert grid.means(np.full((nx, ny), 7.0)) == pytest.approx(np.full(3, 7.0))


def test_means_by_area_and_by_cell():
    # two cells of 1, a block over the first and half of the second
    grid = on_grid([(0.0, 1.5, 0.0, 1.0)], [0.0, 1.0, 2.0], [0.0, 1.0])
    field = np.array([[3.0], [9.0]])
    assert grid.means(field) == pytest.approx([5.0])
    assert grid.cell_means(field) == pytest.approx([6.0])
    assert grid.maxima(field) == pytest.approx([9.0])


def test_rounding_of_a_coordinate_touches_no_further_cell():
    grid = on_grid([(0.0, 1.0 + 1e-9, 0.0, 1.0)], [0.0, 1.0, 2.0], [0.0, 1.0])
    assert grid.touched_x.tolist() == [[True, False]]


def test_a_block_beside_the_grid_is_refused():
    with pytest.raises(ValueError, match="row 1 covers no cell"):
        on_grid([(0, 1, 0, 1), (3, 4, 0, 1)], [0.0, 1.0], [0.0, 1.0])
