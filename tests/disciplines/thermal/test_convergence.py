"""The mesh-convergence estimate, on errors of known order and on a flux channel with an exact answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.thermal.conduction import Problem, solve
from packfirst.disciplines.thermal.convergence import richardson
from packfirst.disciplines.thermal.mesh import Mesh
from packfirst.disciplines.thermal.spreading import flux_channel_yovanovich1999


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.floats(1, 100), st.floats(0.01, 10), st.floats(0.6, 2.0), st.floats(1.3, 3.0))
def test_pure_power_law_is_recovered(value, error, order, ratio):
    fine, coarse, coarsest = (value + error * ratio ** (order * n) for n in (0, 1, 2))
    found = richardson(fine, coarse, ratio, coarsest)
    assert found.order == pytest.approx(order, rel=1e-6)
    assert found.extrapolated == pytest.approx(value, rel=1e-6, abs=1e-9)
    assert found.uncertainty >= abs(fine - value)


def test_two_grids_assume_the_order():
    found = richardson([10.1, 5.0], [10.4, 5.0])
    np.testing.assert_allclose(found.extrapolated, [10.0, 5.0])
    np.testing.assert_allclose(found.uncertainty, [0.3, 0.0], atol=1e-12)


def test_estimate_covers_the_true_error_of_a_field_solve():
    length, height, k, h, width = 0.02, 0.002, 50.0, 800.0, 0.005

    def mean_rise(n):
        edge = np.linspace(0, length, 8 * n + 1)
        mesh = Mesh(x_m=edge, y_m=edge, z_m=np.linspace(0, height, n + 1))
        problem = Problem(mesh=mesh, kx=k, ky=k, kz=k, h_bottom=np.asarray(h), t_bottom_k=0.0, t_top_k=0.0)
        power = np.zeros(mesh.shape)
        power[: 2 * n, : 2 * n, -1] = 1.0 / (2 * n) ** 2
        surface = solve(problem, power).temperature_k[: 2 * n, : 2 * n, -1]
        return surface.mean() + 0.5 * (height / n) / k / width**2

    exact = flux_channel_yovanovich1999(
        [length, length], [height], [k], h, [width / 2, width / 2, width, width], terms=800
    )
    fine, coarse, coarsest = (mean_rise(n) for n in (8, 4, 2))
    for found in (richardson(fine, coarse), richardson(fine, coarse, coarsest=coarsest)):
        assert abs(fine - exact) <= found.uncertainty
        assert abs(found.extrapolated - exact) < abs(fine - exact)


def test_ratio_must_exceed_one():
    with pytest.raises(ValueError, match="ratio"):
        richardson(1.0, 2.0, ratio=1.0)
