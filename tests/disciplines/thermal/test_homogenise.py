"""Effective media: bounds, exact theorems, and a resolved field solve of one cell of the array."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.thermal import homogenise
from packfirst.disciplines.thermal.conduction import Problem, solve
from packfirst.disciplines.thermal.mesh import Mesh

conductivity = st.floats(0.02, 2000.0)
arrangement = st.sampled_from(["square", "triangular"])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.floats(0.0, 0.7), conductivity, conductivity, arrangement)
def test_between_the_bounds(fraction, k_column, k_fill, kind):
    low, high = homogenise.wiener(fraction, k_column, k_fill)
    tight_low, tight_high = homogenise.hashin_shtrikman(fraction, k_column, k_fill)
    found = homogenise.in_plane(fraction, k_column, k_fill, kind)
    eps = 1e-9 * high
    assert low - eps <= tight_low <= found + eps
    assert found - eps <= tight_high <= high + eps
    through = homogenise.through_plane(fraction, k_column, k_fill)
    assert through == pytest.approx(high)
    assert through >= found - eps


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.floats(0.0, 0.7), conductivity, conductivity, arrangement)
def test_keller_reciprocity(fraction, k_a, k_b, kind):
    """J. B. Keller, J. Math. Phys. 5, 548, 1964: swapping the two conductivities keeps the product."""
    one = homogenise.in_plane(fraction, k_a, k_b, kind)
    two = homogenise.in_plane(fraction, k_b, k_a, kind)
    assert one * two == pytest.approx(k_a * k_b, rel=1e-9)


@pytest.mark.parametrize("kind", ["square", "triangular"])
def test_dilute_limit_is_rayleighs_first_term(kind):
    """Each cylinder alone in the fill: 1 + 2 f (c - m)/(c + m)."""
    found = homogenise.in_plane(1e-4, 400.0, 0.5, kind)
    assert found == pytest.approx(0.5 * (1 + 2e-4 * 399.5 / 400.5), rel=1e-7)


@pytest.mark.parametrize(("kind", "fraction"), [("square", 0.3), ("square", 0.6), ("triangular", 0.5)])
@pytest.mark.parametrize("contrast", [20.0, 0.05])
def test_against_a_resolved_cell_of_the_array(kind, fraction, contrast):
    """Heat driven through a quarter cell of the array, cylinder drawn in steps; the solver knows no formula."""
    n = 120
    if kind == "square":
        size, radius = (0.5, 0.5), np.sqrt(fraction / np.pi)
        centres = [(0.0, 0.0)]
    else:
        size = (0.5, np.sqrt(3) / 2)
        radius = np.sqrt(fraction * np.sqrt(3) / 2 / np.pi)
        centres = [(0.0, 0.0), (0.5, np.sqrt(3) / 2)]
    ny = round(n * size[1] / size[0])
    x, y = (np.arange(m) + 0.5 for m in (n, ny))
    inside = np.zeros((n, ny), bool)
    for cx, cy in centres:
        inside |= np.hypot(x[:, None] / n * size[0] - cx, y[None, :] / ny * size[1] - cy) < radius
    k = np.where(inside, contrast, 1.0)
    # the solver's z is the driven direction: put the cylinder's cross-section in the x-z plane
    mesh = Mesh(
        x_m=np.linspace(0, size[1], ny + 1), y_m=np.array([0.0, 1.0]), z_m=np.linspace(0, size[0], n + 1)
    )
    k3 = k.T[:, None, :]
    problem = Problem(
        mesh=mesh,
        kx=k3,
        ky=k3,
        kz=k3,
        h_top=np.asarray(np.inf),
        t_top_k=1.0,
        h_bottom=np.asarray(np.inf),
        t_bottom_k=0.0,
    )
    t = solve(problem, np.zeros(mesh.shape)).temperature_k
    flux = (2 * k3[:, 0, 0] * t[:, 0, 0] / mesh.sizes_m[2][0] * mesh.sizes_m[0]).sum()
    resolved = flux / size[1] * size[0]
    assert homogenise.in_plane(fraction, contrast, 1.0, kind) == pytest.approx(resolved, rel=0.015)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.floats(1e-6, 1e-3), st.floats(0.0, 1.0))
def test_area_fraction(pitch, ratio):
    square = homogenise.area_fraction(pitch, ratio * pitch)
    assert square == pytest.approx(np.pi * ratio**2 / 4)
    triangular = homogenise.area_fraction(pitch, ratio * pitch, "triangular")
    assert triangular == pytest.approx(square * 2 / np.sqrt(3))


def test_columns_may_not_overlap():
    with pytest.raises(ValueError, match="diameter_m"):
        homogenise.area_fraction(1e-4, 1.1e-4)
    with pytest.raises(ValueError, match="arrangement"):
        homogenise.area_fraction(1e-4, 1e-5, "random")
    with pytest.raises(ValueError, match="arrangement"):
        homogenise.in_plane(0.1, 1.0, 2.0, "random")


def test_coat_limits():
    assert homogenise.coated(9e-6, 10e-6, 400.0, 400.0) == pytest.approx(400.0)
    assert homogenise.coated(0.0, 10e-6, 400.0, 1.4) == pytest.approx(1.4)
    low, high = homogenise.wiener(0.81, 400.0, 1.4)
    assert low < homogenise.coated(9e-6, 10e-6, 400.0, 1.4) < high
    with pytest.raises(ValueError, match="outer_diameter_m"):
        homogenise.coated(2e-6, 1e-6, 400.0, 1.4)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.floats(1e-6, 1e-3), st.floats(0, 1)), min_size=1, max_size=8), st.floats(0.0, 0.1)
)
def test_laminate_conducts_better_along_than_through(layers, via):
    t, f = np.array(layers).T
    along, through = homogenise.laminate(t, f, 390.0, 0.4, via)
    metal = (t * f).sum() / t.sum()
    assert along == pytest.approx(metal * 390.0 + (1 - metal) * 0.4)
    _, bare = homogenise.laminate(t, f, 390.0, 0.4)
    assert bare <= along * (1 + 1e-12)
    assert through == pytest.approx(via * 390.0 + (1 - via) * bare)


def test_laminate_by_hand():
    """Two 35 um copper planes about 1.53 mm of dielectric of 0.3: a bare two-sided board."""
    along, through = homogenise.laminate([35e-6, 1.53e-3, 35e-6], [1.0, 0.0, 1.0], 390.0, 0.3)
    assert along == pytest.approx((2 * 35 * 390 + 1530 * 0.3) / 1600)
    assert through == pytest.approx(1600 / (70 / 390 + 1530 / 0.3))


def test_laminate_takes_a_table_of_candidates():
    along, through = homogenise.laminate(
        np.full((5, 3), 1e-4), np.linspace(0, 1, 15).reshape(5, 3), 390.0, 0.4, 0.01
    )
    assert along.shape == through.shape == (5,)
    assert (np.diff(along) > 0).all()
