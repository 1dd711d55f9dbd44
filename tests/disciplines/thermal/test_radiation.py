"""View factors against published values and their own laws; radiation in the solver against the exact balance."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from packfirst.disciplines.thermal import radiation
from packfirst.disciplines.thermal.conduction import Problem, prepare
from packfirst.disciplines.thermal.coupled import Coupling, Laws, Radiating
from packfirst.disciplines.thermal.mesh import Mesh

UNIT = (0.0, 1.0)
# Incropera, DeWitt, Bergman, Lavine, Fundamentals of Heat and Mass Transfer, 6th ed., table 13.2 (aligned parallel
# rectangles), evaluated for X = Y = 1 and X = 1, Y = 2; the cube's 0.1998 and 0.2000 are in every text.
ALIGNED = [(1.0, 1.0, 0.199825), (1.0, 2.0, 0.285874)]


def incropera(x: float, y: float) -> float:
    """Aligned parallel rectangles of sides x and y in units of their distance, as that table prints it."""
    a, b = 1.0 + x * x, 1.0 + y * y
    return (2.0 / (math.pi * x * y)) * (
        math.log(math.sqrt(a * b / (a + y * y)))
        + x * math.sqrt(b) * math.atan(x / math.sqrt(b))
        + y * math.sqrt(a) * math.atan(y / math.sqrt(a))
        - x * math.atan(x)
        - y * math.atan(y)
    )


@pytest.mark.parametrize(("x", "y", "value"), ALIGNED)
def test_aligned_rectangles_are_the_textbooks(x, y, value):
    assert incropera(x, y) == pytest.approx(value, abs=2e-6)
    assert radiation.facing((0.0, x), (0.0, y), (0.0, x), (0.0, y), 1.0) == pytest.approx(value, abs=2e-6)


@given(st.floats(0.1, 5.0), st.floats(0.1, 5.0))
@settings(max_examples=30, deadline=None)
def test_aligned_rectangles_of_any_size_are_the_textbooks_formula(x, y):
    found = radiation.facing((0.0, x), (0.0, y), (0.0, x), (0.0, y), 1.0)
    assert found == pytest.approx(incropera(x, y), rel=1e-9)


def test_perpendicular_squares_with_a_common_edge():
    assert radiation.upright(UNIT, UNIT, UNIT, UNIT) == pytest.approx(0.2000, abs=5e-5)


@given(st.floats(0.2, 3.0), st.floats(0.2, 3.0), st.floats(0.2, 3.0))
@settings(max_examples=30, deadline=None)
def test_a_closed_box_sees_itself_wholly(x, y, z):
    """From the floor of a box: lid and four walls add up to one."""
    lid = radiation.facing((0.0, x), (0.0, y), (0.0, x), (0.0, y), z)
    walls = 2.0 * radiation.upright((0.0, x), (0.0, y), (0.0, y), (0.0, z))
    walls += 2.0 * radiation.upright((0.0, y), (0.0, x), (0.0, x), (0.0, z))
    assert lid + walls == pytest.approx(1.0, abs=1e-9)


@given(*[st.floats(0.1, 2.0)] * 4, st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), st.floats(0.2, 2.0))
@settings(max_examples=30, deadline=None)
def test_reciprocity_of_facing_rectangles_anywhere(wx, wy, ux, uy, x, y, distance):
    first, second = ((0.0, wx), (0.0, wy)), ((x, x + ux), (y, y + uy))
    there = wx * wy * radiation.facing(*first, *second, distance)
    back = ux * uy * radiation.facing(*second, *first, distance)
    assert there == pytest.approx(back, rel=1e-8, abs=1e-14)
    assert 0.0 <= there <= wx * wy


def test_reciprocity_of_upright_rectangles_apart():
    """F12 by the rule; F21 by the same rule with the planes' names exchanged."""
    lying, standing = ((0.3, 1.2), (0.0, 0.8)), ((0.5, 1.9), (0.2, 0.7))
    there = 0.9 * 0.8 * radiation.upright(lying[0], lying[1], standing[0], standing[1])
    back = 1.4 * 0.5 * radiation.upright(standing[1], standing[0], lying[1], lying[0])
    assert there == pytest.approx(back, rel=1e-9)


def test_view_factors_add_over_the_parts_of_a_face():
    whole = radiation.facing(UNIT, UNIT, (0.0, 2.0), (0.0, 1.5), 0.7)
    parts = radiation.facing(UNIT, UNIT, (0.0, 0.6), (0.0, 1.5), 0.7)
    parts += radiation.facing(UNIT, UNIT, (0.6, 2.0), (0.0, 1.5), 0.7)
    assert parts == pytest.approx(whole, rel=1e-10)


def test_a_rectangle_without_size_is_refused():
    with pytest.raises(ValueError, match="has no size"):
        radiation.facing((1.0, 1.0), UNIT, UNIT, UNIT, 1.0)
    with pytest.raises(ValueError, match="distance"):
        radiation.facing(UNIT, UNIT, UNIT, UNIT, 0.0)
    with pytest.raises(ValueError, match="positive side"):
        radiation.upright((-1.0, 1.0), UNIT, UNIT, UNIT)


def test_two_close_plates_exchange_as_infinite_ones():
    """1 / (1/e1 + 1/e2 - 1) per area as the distance vanishes."""
    view = radiation.facing(UNIT, UNIT, UNIT, UNIT, 1e-4)
    found = radiation.between_grey(1.0, 0.8, 1.0, 0.3, view)
    assert found == pytest.approx(1.0 / (1.0 / 0.8 + 1.0 / 0.3 - 1.0), rel=1e-3)


def test_the_film_is_the_flux():
    found = radiation.film(350.0, 4.0, 0.85) * (350.0 - 4.0)
    assert found == pytest.approx(0.85 * 5.670374419e-8 * (350.0**4 - 4.0**4), rel=1e-12)


@pytest.mark.parametrize("surroundings_k", [4.0, 253.0, 300.0])
def test_a_plate_that_only_radiates_has_the_balances_temperature(surroundings_k):
    """eps sigma A (T^4 - T_s^4) = P, and nothing else takes heat: no air, no small remainder of it."""
    side, power, emissivity = 0.03, 0.4, 0.85
    mesh = Mesh(
        x_m=np.linspace(0.0, side, 4), y_m=np.linspace(0.0, side, 4), z_m=np.array([0.0, 0.5e-3, 1e-3])
    )
    k = np.full(mesh.shape, 1e3)
    plain = Problem(mesh=mesh, kx=k, ky=k, kz=k)
    near = Problem(
        mesh=mesh, kx=k, ky=k, kz=k, t_top_k=surroundings_k,
        h_top=np.full((3, 3), float(radiation.film(350.0, surroundings_k, emissivity))),
    )  # fmt: skip
    cells = np.ravel_multi_index((*np.indices((3, 3)).reshape(2, -1), np.ones(9, int)), mesh.shape)
    faces = Radiating(
        side="top",
        cell=cells,
        exchange_m2=np.full(9, emissivity * side**2 / 9.0),
        surroundings_k=surroundings_k,
    )
    laws = Laws(exponent=np.zeros(mesh.shape), radiating=(faces,))
    coupling = Coupling(plain, laws, prepare(near))
    heat = np.full((1, *mesh.shape), power / 18.0)
    done = coupling.solve(heat, tolerance=1e-8)
    exact = (surroundings_k**4 + power / (emissivity * 5.670374419e-8 * side**2)) ** 0.25
    field = done.solution.temperature_k[0]
    assert field[:, :, 1].mean() == pytest.approx(exact, abs=1e-4)
    assert done.solution.balance[0] < 1e-8
    assert done.corrections <= 10
    # its slope by power is that of the fourth root
    weights = np.full((1, *mesh.shape), 1.0 / 18.0)
    state = coupling.state(0, field, done.nearby[0])
    (adjoint,) = coupling.adjoints(state, weights, tolerance=1e-10)
    slope = 1.0 / (4.0 * emissivity * 5.670374419e-8 * side**2 * exact**3)
    assert adjoint.mean() == pytest.approx(slope, rel=1e-5)


def test_a_convex_face_beside_air_takes_the_sum_of_both():
    """h (T - T_air) + eps sigma (T^4 - T_s^4) = q at one temperature."""
    mesh = Mesh(x_m=np.array([0.0, 0.02]), y_m=np.array([0.0, 0.02]), z_m=np.array([0.0, 1e-3]))
    k = np.full(mesh.shape, 1e6)
    plain = Problem(mesh=mesh, kx=k, ky=k, kz=k, h_top=np.full((1, 1), 8.0), t_top_k=298.0)
    faces = Radiating(
        side="top", cell=np.array([0]), exchange_m2=np.array([0.9 * 4e-4]), surroundings_k=280.0
    )
    coupling = Coupling(plain, Laws(exponent=np.zeros(mesh.shape), radiating=(faces,)), prepare(plain))
    done = coupling.solve(np.full((1, 1, 1, 1), 0.5), tolerance=1e-11)

    def left(t: float) -> float:
        return 4e-4 * (8.0 * (t - 298.0) + 0.9 * 5.670374419e-8 * (t**4 - 280.0**4)) - 0.5

    assert float(done.solution.temperature_k[0, 0, 0, 0]) == pytest.approx(
        brentq(left, 250.0, 900.0), abs=1e-4
    )
