"""Bond wires: laws of the fin, limits, and orders of magnitude that makers state."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_bvp

from packfirst.disciplines.mechanical.wires import current_rule, flexure, heating

BRIEF = settings(max_examples=30, deadline=None, derandomize=True)
# Gold: conductivity and resistivity of the CRC Handbook at 300 K, slope 0.0034 per kelvin
GOLD = {"conductivity_w_per_m_k": 318.0, "resistivity_ohm_m": 2.27e-8, "resistance_slope_per_k": 0.0034}
MELT_RISE = 1337.3 - 300.0


@pytest.mark.parametrize("film", [400.0, 4000.0])  # resistance feeds back more than the film takes, and less
def test_heating_solves_the_fin_by_another_method(film):
    length, d, current = 3e-3, 25e-6, 0.6
    area = np.pi * d**2 / 4

    def rhs(x, t):
        source = current**2 * 2.27e-8 * (1 + 0.0034 * t[0]) / (318.0 * area**2)
        return np.vstack([t[1], film * np.pi * d / (318.0 * area) * t[0] - source])

    x = np.linspace(0, length, 101)
    numeric = solve_bvp(rhs, lambda a, b: np.array([a[0], b[0]]), x, np.zeros((2, x.size)), tol=1e-8)
    found = heating.middle_rise_k(current, length_m=length, diameter_m=d, film_w_per_m2_k=film, **GOLD)
    assert found == pytest.approx(numeric.sol(length / 2)[0], rel=1e-6)


def test_constant_resistance_without_film_is_a_parabola():
    # I^2 rho L^2/(8 k A^2)
    x = GOLD | {"resistance_slope_per_k": 0.0}
    found = heating.middle_rise_k(0.5, length_m=2e-3, diameter_m=25e-6, **x)
    area = np.pi * 25e-6**2 / 4
    assert found == pytest.approx(0.25 * 2.27e-8 * 4e-6 / (8 * 318.0 * area**2), rel=1e-12)


@BRIEF
@given(st.floats(0.5e-3, 1e-2), st.floats(15e-6, 75e-6), st.floats(0.0, 2000.0))
def test_fusing_current_melts_the_middle(length, d, film):
    wire = {"length_m": length, "diameter_m": d, "film_w_per_m2_k": film, **GOLD}
    fuse = heating.fusing_a(MELT_RISE, **wire)
    assert heating.middle_rise_k(fuse, **wire) == pytest.approx(MELT_RISE, rel=1e-6)
    assert heating.middle_rise_k(0.9 * fuse, **wire) < MELT_RISE
    assert heating.fusing_a(MELT_RISE, **(wire | {"length_m": 1.2 * length})) < fuse
    assert heating.fusing_a(MELT_RISE, **(wire | {"film_w_per_m2_k": film + 100.0})) > fuse
    # without cooling, a wire twice as thick and twice as long fuses at twice the current
    bare = wire | {"film_w_per_m2_k": 0.0}
    twice = bare | {"length_m": 2 * length, "diameter_m": 2 * d}
    assert heating.fusing_a(MELT_RISE, **twice) == pytest.approx(
        2 * heating.fusing_a(MELT_RISE, **bare), rel=1e-9
    )


@pytest.mark.parametrize("slope", [1e-9, 1e-6, 1e-4, 1e-3])
def test_little_feedback_is_the_first_terms_of_a_series(slope):
    # 2 (1/cos x - 1)/x^2 = 1 + 5 x^2/12 + 61 x^4/360 + ..., x^2 = I^2 rho b L^2/(4 k A^2)
    wire = {"length_m": 1e-3, "diameter_m": 25e-6} | GOLD
    plain = heating.middle_rise_k(0.5, **(wire | {"resistance_slope_per_k": 0.0}))
    x2 = 2 * plain * slope
    found = heating.middle_rise_k(0.5, **(wire | {"resistance_slope_per_k": slope}))
    assert found / plain == pytest.approx(1 + 5 * x2 / 12 + 61 * x2**2 / 360, rel=1e-10 + 0.1 * x2**3)


def test_runaway_is_infinite_and_not_negative():
    hot = heating.middle_rise_k([0.1, 5.0, 50.0], length_m=5e-3, diameter_m=25e-6, **GOLD)
    assert np.all(hot > 0.0) and np.isinf(hot[2]) and np.isfinite(hot[0])


def test_makers_half_ampere(cases):
    # a long 25 um gold wire in still air; film of a thin horizontal wire, Nu about 0.4 with hot air 0.05 W/(m K)
    fuse = heating.fusing_a(
        MELT_RISE, length_m=20e-3, diameter_m=25e-6, film_w_per_m2_k=0.4 * 0.05 / 25e-6, **GOLD
    )
    maker = cases("reliability/wire_current")["vendor_fuse"]["inputs"]["fuse_A"]
    assert fuse == pytest.approx(maker, rel=0.25)


def test_the_rule_allows_less_than_melts(cases):
    # 1 mil gold, 1 mm: 0.95 A by the rule
    rule = current_rule.allowed_a(30000.0, 25.4e-6)
    assert rule < heating.fusing_a(MELT_RISE, length_m=1e-3, diameter_m=25.4e-6, **GOLD)
    k = cases("reliability/wire_current")
    assert k["au_1mil_short"]["expected"]["I_A"] == pytest.approx(float(rule), rel=1e-6)
    # Preece, copper of 1 mm: 80 A by the usual tables
    assert current_rule.preece_fusing_a(10244.0, 1e-3) == pytest.approx(80.0, rel=0.01)


@BRIEF
@given(st.floats(5e-6, 3e-5), st.floats(1e-3, 5e-3), st.floats(1.02, 1.4), st.floats(10.0, 200.0))
def test_flexure_scales_with_swing_and_radius(r, span, ratio, swing):
    strain = flexure.heel_strain(r, span, ratio * span, 2.6e-6, 23e-6, swing)
    assert flexure.heel_strain(r, span, ratio * span, 2.6e-6, 23e-6, 2 * swing) == pytest.approx(2 * strain)
    assert flexure.heel_strain(2 * r, span, ratio * span, 2.6e-6, 23e-6, swing) == pytest.approx(2 * strain)
    # wire and base that grow alike only scale the loop: 12 r/D sqrt(L/D - 1) a dT is left
    alike = flexure.heel_strain(r, span, ratio * span, 23e-6, 23e-6, swing)
    assert alike == pytest.approx(12 * r / span * np.sqrt(ratio - 1) * 23e-6 * swing, rel=1e-9)
    assert flexure.cycles(2 * strain, 3.9e-10, -5.13) < flexure.cycles(strain, 3.9e-10, -5.13)


def test_wires_refuse():
    with pytest.raises(ValueError, match="longer than its span"):
        flexure.heel_strain(1e-5, 2e-3, 2e-3, 0.0, 0.0, 1.0)
    assert np.isinf(flexure.cycles(0.0, 3.9e-10, -5.13))
    with pytest.raises(ValueError, match="above the temperature of the ends"):
        heating.fusing_a(0.0, length_m=1e-3, diameter_m=25e-6, **GOLD)
    with pytest.raises(ValueError, match="diameter"):
        current_rule.allowed_a(30000.0, 0.0)
