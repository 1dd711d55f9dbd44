"""Rectangular plates against published tables, and lids made of them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.mechanical import die_strength, lid, plates
from packfirst.disciplines.mechanical.ranges import departures, inside

BRIEF = settings(max_examples=30, deadline=None, derandomize=True)

# Timoshenko and Woinowsky-Krieger, "Theory of Plates and Shells", 2nd ed., 1959, table 35 (clamped, nu = 0.3):
# b/a, w D/(q a^4) in the middle, -M/(q a^2) in the middle of the long edge
TABLE_35 = [
    (1.0, 0.00126, 0.0513), (1.1, 0.00150, 0.0581), (1.2, 0.00172, 0.0639), (1.3, 0.00191, 0.0687),
    (1.4, 0.00207, 0.0726), (1.5, 0.00220, 0.0757), (1.6, 0.00230, 0.0780), (1.7, 0.00238, 0.0799),
    (1.8, 0.00245, 0.0812), (1.9, 0.00249, 0.0822), (2.0, 0.00254, 0.0829),
]  # fmt: skip
# the same, table 8 (edges supported, nu = 0.3): b/a, w D/(q a^4), largest M/(q a^2)
TABLE_8 = [
    (1.0, 0.00406, 0.0479), (1.1, 0.00485, 0.0554), (1.2, 0.00564, 0.0627), (1.3, 0.00638, 0.0694),
    (1.4, 0.00705, 0.0755), (1.5, 0.00772, 0.0812), (1.6, 0.00830, 0.0862), (1.7, 0.00883, 0.0908),
    (1.8, 0.00931, 0.0948), (1.9, 0.00974, 0.0985), (2.0, 0.01013, 0.1017), (3.0, 0.01223, 0.1189),
    (4.0, 0.01282, 0.1235), (5.0, 0.01297, 0.1246),
]  # fmt: skip
# A. W. Leissa, J. Sound Vib. 31(3), 1973: omega a^2 sqrt(rho/D) of clamped plates by a/b
LEISSA = [(0.4, 23.648), (2.0 / 3.0, 27.010), (1.0, 35.992), (1.5, 60.772), (2.5, 147.80)]


@pytest.mark.parametrize(("aspect", "deflection", "moment"), TABLE_35)
def test_clamped_plate_table_35(aspect, deflection, moment):
    found = plates.clamped_under_load(1.0, aspect, 1.0, 2.0, 1.0)
    assert found.centre == pytest.approx(deflection, abs=1.01e-5)
    # the long edges are normal to the short side x
    assert found.edge_bending_x == pytest.approx(moment, abs=1.5e-4)


@pytest.mark.parametrize(("aspect", "deflection", "moment"), TABLE_8)
def test_supported_plate_table_8(aspect, deflection, moment):
    w, m = plates.supported_under_load(aspect, 1.0, 1.0, 0.3)
    # Navier's double series, another solution of the same plate
    i = np.arange(1.0, 400.0, 2.0)
    wave = np.where(i % 4 == 1, 1.0, -1.0) / i
    navier = 16 / np.pi**6 * np.sum(np.outer(wave, wave) / (i[:, None] ** 2 + (i / aspect) ** 2) ** 2)
    assert w == pytest.approx(navier, rel=1e-7)
    # as printed the table is up to 0.5 % low from 1.1 to 1.4, where both series agree against it
    assert w == pytest.approx(deflection, abs=1.01e-5 if not 1.05 < aspect < 1.45 else 3.6e-5)
    assert m == pytest.approx(moment, abs=1.01e-4)


@pytest.mark.parametrize(("aspect", "root"), LEISSA)
def test_clamped_frequency_leissa(aspect, root):
    found = plates.clamped_frequency_hz(1.0, 1.0 / aspect, 1.0, 1.0)
    assert 2 * np.pi * found == pytest.approx(root, rel=2e-4)


def test_supported_frequency_of_a_square():
    # omega a^2 sqrt(rho/D) = 2 pi^2
    assert 2 * np.pi * plates.supported_frequency_hz(1.0, 1.0, 1.0, 1.0) == pytest.approx(
        2 * np.pi**2, rel=1e-12
    )


@BRIEF
@given(st.floats(0.2, 5.0), st.floats(1e-3, 0.1))
def test_a_plate_does_not_know_which_side_is_x(aspect, side):
    one = plates.clamped_under_load(side, side * aspect, 2.0, 4.0, 2.0)
    two = plates.clamped_under_load(side * aspect, side, 2.0, 4.0, 2.0)
    assert one.centre == pytest.approx(two.centre, rel=1e-9)
    assert one.volume == pytest.approx(two.volume, rel=1e-9)
    assert one.edge_bending_x == pytest.approx(two.edge_bending_y, rel=1e-7)


def square_lid(edge, **changes):
    base = {
        "length_x_m": 0.01, "length_y_m": 0.012, "thickness_m": 0.25e-3, "modulus_pa": 138e9, "poisson": 0.3,
        "pressure_pa": 101325.0,
    }  # fmt: skip
    return lid.bend(edge, **(base | changes))


@BRIEF
@given(st.floats(2e-3, 3e-2), st.floats(1.0, 3.0), st.floats(1e-4, 1e-3), st.floats(1e3, 5e5))
def test_clamped_lids_bend_less_and_both_are_linear_in_pressure(side, aspect, thickness, pressure):
    x = {"length_x_m": side, "length_y_m": side * aspect, "thickness_m": thickness}
    stiff, loose = (square_lid(edge, **x, pressure_pa=pressure) for edge in lid.EDGES)
    assert 0.0 < stiff.deflection_m < loose.deflection_m
    twice = square_lid("clamped", **x, pressure_pa=2 * pressure)
    assert twice.deflection_m == pytest.approx(2 * stiff.deflection_m, rel=1e-12)
    thin = square_lid("clamped", **(x | {"thickness_m": thickness / 2}), pressure_pa=pressure)
    assert thin.deflection_m == pytest.approx(8 * stiff.deflection_m, rel=1e-9)
    assert thin.stress_pa == pytest.approx(4 * stiff.stress_pa, rel=1e-9)


def test_lid_of_the_table():
    # 1.2 : 1 clamped, coefficients of table 35
    d = 138e9 * 0.25e-3**3 / (12 * 0.91)
    found = square_lid("clamped")
    assert found.deflection_m == pytest.approx(0.00172 * 101325 * 0.01**4 / d, rel=6e-3)
    assert found.stress_pa == pytest.approx(6 * 0.0639 * 101325 * 0.01**2 / 0.25e-3**2, rel=2e-3)
    with pytest.raises(ValueError, match="unknown edge"):
        square_lid("glued")
    with pytest.raises(ValueError, match="positive"):
        square_lid("clamped", thickness_m=0.0)
    with pytest.raises(ValueError, match="aspect"):
        plates.clamped_under_load(1.0, 10.0, 1.0, 2.0, 1.0)


def test_die_strength():
    # a beam of 2 x 0.1 mm over 4 mm that breaks at 1 N: 3 x 1 x 4/(2 x 2 x 0.01) MPa
    assert die_strength.three_point_strength_pa(1.0, 4e-3, 2e-3, 0.1e-3) == pytest.approx(300e6, rel=1e-12)
    # at its scale 1 - 1/e breaks; compression breaks none
    shares = die_strength.failing_share([300e6, -500e6], 300e6, 4.0)
    assert shares == pytest.approx([1 - np.exp(-1), 0.0], rel=1e-12)
    assert die_strength.failing_share(150e6, 300e6, 4.0, 16.0) == pytest.approx(1 - np.exp(-1), rel=1e-12)
    # E t/(2 (1 - nu^2) R): 100 um silicon bent to 50 mm
    assert die_strength.bent_die_pa(130e9, 0.28, 1e-4, 20.0) == pytest.approx(141.06e6, rel=1e-4)
    with pytest.raises(ValueError, match="positive"):
        die_strength.failing_share(1.0, 0.0, 4.0)


def test_ranges():
    valid = {"aspect": (0.5, 2.0)}
    assert list(inside(valid, {"aspect": [0.4, 0.5, 2.0, 2.1]})) == [False, True, True, False]
    assert departures(valid, {"aspect": 3.0}) == ("aspect = 3 lies outside 0.5 to 2",)
    assert departures(valid, {"aspect": 1.0}) == ()
    with pytest.raises(ValueError, match="no range for aspct"):
        inside(valid, {"aspct": 1.0})
