"""Vibration and shock against integrated motion and textbook values."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from packfirst.disciplines.mechanical.dynamics import natural, response

BRIEF = settings(max_examples=30, deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("ends", "equation"),
    [
        ("cantilever", lambda x: np.cos(x) * np.cosh(x) + 1),
        ("clamped", lambda x: np.cos(x) * np.cosh(x) - 1),
        ("clamped-supported", lambda x: np.tan(x) - np.tanh(x)),
        ("supported", np.sin),
    ],
)
def test_beam_roots_solve_the_frequency_equation(ends, equation):
    root = natural.BEAM_ROOTS[ends]
    slope = (equation(root + 1e-6) - equation(root - 1e-6)) / 2e-6
    assert abs(equation(root) / slope) < 1e-8
    # and it is the first: no sign change between a little above zero and just below it
    x = np.linspace(0.3, root * 0.98, 400)
    x = x[np.abs(np.cos(x)) > 0.05] if ends == "clamped-supported" else x
    signs = np.sign(equation(x))
    if ends == "clamped-supported":  # the tangent's own jump at pi/2 is no root
        assert np.all(signs[x > np.pi / 2] == -1.0)
    else:
        assert np.all(signs == signs[0])


def test_cantilever_of_steel():
    # 100 mm x 1 mm strip, E 200 GPa, 7850 kg/m3: 1.03 t/(2 pi ...) textbook value 81.5 Hz
    ei = natural.flat_bending_n_m2(200e9, 10e-3, 1e-3)
    found = natural.beam_frequency_hz(
        "cantilever", length_m=0.1, bending_n_m2=ei, mass_per_length_kg_per_m=7850 * 10e-3 * 1e-3
    )
    # 0.1615 t/L^2 sqrt(E/rho)
    assert found == pytest.approx(0.16154 * 1e-3 / 0.01 * np.sqrt(200e9 / 7850), rel=1e-3)
    with pytest.raises(ValueError, match="unknown ends"):
        natural.beam_frequency_hz("free", length_m=1, bending_n_m2=1, mass_per_length_kg_per_m=1)


def test_body_on_columns():
    # 1000 columns of 0.5 x 2.2 mm in Pb90Sn10 (20 GPa), 50 g
    ei = natural.round_bending_n_m2(20e9, 0.5e-3)
    k = 1000 * natural.lead_stiffness_n_per_m(ei, 2.2e-3)
    assert ei == pytest.approx(20e9 * np.pi * (0.5e-3) ** 4 / 64, rel=1e-12)
    f = natural.body_frequency_hz(k, 0.05)
    assert f == pytest.approx(np.sqrt(1000 * 12 * ei / 2.2e-3**3 / 0.05) / (2 * np.pi), rel=1e-12)
    assert natural.post_stiffness_n_per_m(20e9, 1e-6, 2e-3) == pytest.approx(1e7)


@pytest.mark.parametrize("r", [0.2, 0.7, 1.0, 1.3, 1.62, 2.5, 4.0, 7.3])
def test_half_sine_shock_against_integrated_motion(r):
    # unit resonance: x'' = -w^2 (x - base); absolute acceleration is w^2 times the stretch
    w, pulse = 1.0, r * np.pi
    stop = pulse + 4 * np.pi

    def motion(t, s):
        base = np.sin(np.pi * t / pulse) if t < pulse else 0.0
        return [s[1], -(w**2) * s[0] - base]

    out = solve_ivp(motion, (0, stop), [0.0, 0.0], max_step=0.02, rtol=1e-8, atol=1e-10)
    found = response.half_sine_shock_ratio(w / (2 * np.pi), pulse)
    assert found == pytest.approx(np.max(np.abs(out.y[0])), rel=2e-3)


def test_shock_limits():
    # short pulse: velocity step, 2 r; long pulse: as if laid on gently; the peak of the undamped spectrum is 1.77
    assert response.half_sine_shock_ratio(1.0, 1e-4) == pytest.approx(4e-4, rel=1e-5)
    assert response.half_sine_shock_ratio(1.0, 300.0) == pytest.approx(1.0, rel=5e-3)
    r = np.linspace(0.01, 10, 4001)
    assert np.max(response.half_sine_shock_ratio(r / 2, 1.0)) == pytest.approx(1.768, abs=2e-3)


@BRIEF
@given(st.floats(20.0, 2000.0), st.floats(3.0, 100.0), st.floats(1e-3, 1.0))
def test_miles_is_the_area_under_the_resonance(f, q, density):
    # transmissibility of a resonance with light damping, integrated
    found = response.random_response_g_rms(f, q, density)
    x = np.concatenate(
        [np.linspace(0.0, 0.9, 2000), np.linspace(0.9, 1.1, 40000)[1:], np.geomspace(1.1, 200, 4000)[1:]]
    )
    transmitted = (1 + (x / q) ** 2) / ((1 - x**2) ** 2 + (x / q) ** 2)
    exact = np.sqrt(density * f * np.trapezoid(transmitted, x))
    # the rule leaves out 1/Q^2, that is, the damper's own push
    assert found == pytest.approx(exact, rel=0.01 + 1.0 / q**2)


def test_steinberg_rule_in_inches():
    # B 8, C 1, h 0.0625, r 1, L 2: 0.00022 x 8/(0.0625 x 1.4142) = 0.0199 in
    found = response.steinberg_deflection_m(
        board_length_m=8 * 0.0254,
        part_length_m=2 * 0.0254,
        board_thickness_m=0.0625 * 0.0254,
        part_factor=1.0,
    )
    assert found / 0.0254 == pytest.approx(0.01991, rel=1e-3)
    # twice the deflection costs 2^6.4 of the cycles
    assert response.vibration_cycles(2e-4, 1e-4, 20e6) == pytest.approx(20e6 / 84.45, rel=1e-3)
    # 1 g at 100 Hz is 24.8 um
    assert response.deflection_m(1.0, 100.0) == pytest.approx(24.84e-6, rel=1e-3)
