"""Conductivity that falls with temperature: the slab that Kirchhoff's transform solves, and the solver on it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.thermal import varying_conductivity as law
from packfirst.disciplines.thermal.conduction import Problem, prepare
from packfirst.disciplines.thermal.coupled import Coupling, Laws
from packfirst.disciplines.thermal.mesh import Mesh
from packfirst.disciplines.thermal.sensitivity import sensitivity

from .cases import patchy

K300, EXPONENT, BASE_K = 148.0, 1.3, 320.0


def slab(cells: int, exponent: float = EXPONENT, thickness_m: float = 2e-3) -> Coupling:
    """A square millimetre of silicon, its lower face held."""
    mesh = Mesh(
        x_m=np.array([0.0, 1e-3]), y_m=np.array([0.0, 1e-3]), z_m=np.linspace(0.0, thickness_m, cells + 1)
    )
    k = np.full(mesh.shape, K300)
    problem = Problem(mesh=mesh, kx=k, ky=k, kz=k, h_bottom=np.full((1, 1), np.inf), t_bottom_k=BASE_K)
    return Coupling(problem, Laws(exponent=np.full(mesh.shape, exponent)), prepare(problem))


@given(st.floats(250.0, 600.0), st.floats(280.0, 400.0), st.floats(0.0, 2.0))
@settings(max_examples=60, deadline=None)
def test_the_transform_and_its_inverse(t_k, base_k, exponent):
    there = law.apparent(t_k, base_k, exponent)
    assert float(law.true_temperature(there, base_k, exponent)) == pytest.approx(t_k, rel=1e-9)


def test_the_transform_is_the_integral_of_the_law():
    t = np.linspace(320.0, 480.0, 20001)
    ratio = (t / 320.0) ** -1.3
    integral = float(((ratio[1:] + ratio[:-1]) / 2.0 * np.diff(t)).sum())
    assert float(law.apparent(480.0, 320.0, 1.3)) == pytest.approx(integral, rel=1e-8)
    assert float(law.apparent(480.0, 320.0, 1.0)) == pytest.approx(320.0 * np.log(1.5), rel=1e-12)


def test_too_much_heat_has_no_temperature():
    """For n > 1 the integral of the law is finite: T_b / (n - 1)."""
    assert np.isinf(law.true_temperature(320.0 / 0.3 + 1.0, 320.0, 1.3))
    assert np.isfinite(law.true_temperature(320.0 / 0.3 - 1.0, 320.0, 1.3))


def test_a_slab_heated_through_has_joyces_temperature():
    """Flux q through L of k_300 (300/T)^n over a held face: apparent rise q L / k(T_b), transformed [Joyce 1975]."""
    length, power = 2e-3, 12.0
    k_base = K300 * (300.0 / BASE_K) ** EXPONENT
    exact = float(law.true_temperature(power / 1e-6 * length / k_base, BASE_K, EXPONENT))
    assert exact > 500.0
    errors = []
    for cells in (8, 16, 32):
        heat = np.zeros((1, 1, 1, cells))
        heat[..., -1] = power
        found = slab(cells).solve(heat, tolerance=1e-10)
        top = float(found.solution.temperature_k[0, 0, 0, -1])
        # the last half cell above its centre carries no heat: compare there
        depth = length * (1.0 - 0.5 / cells)
        there = float(law.true_temperature(power / 1e-6 * depth / k_base, BASE_K, EXPONENT))
        errors.append(abs(top - there))
        assert found.solution.converged
        assert found.solution.balance[0] < 1e-9
    assert errors[-1] < 5e-4 * (exact - BASE_K)
    # second order: halving the cells leaves a quarter of the error
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.15)
    assert errors[1] / errors[2] == pytest.approx(4.0, rel=0.15)


def test_a_falling_conductivity_is_hotter_and_takes_few_corrections():
    heat = np.zeros((2, 1, 1, 16))
    heat[0, ..., -1], heat[1, ..., -1] = 2.0, 8.0
    bent, straight = (slab(16, exponent=n).solve(heat, tolerance=1e-6) for n in (EXPONENT, 0.0))
    rise, plain = (item.solution.temperature_k - BASE_K for item in (bent, straight))
    assert (rise[..., -1] > plain[..., -1]).all()
    # and more so at more power: no superposition
    assert rise[1, 0, 0, -1] / rise[0, 0, 0, -1] > 4.05
    assert plain[1, 0, 0, -1] / plain[0, 0, 0, -1] == pytest.approx(4.0)
    assert bent.corrections <= 6
    assert straight.corrections <= 2


@pytest.fixture(scope="module")
def rough():
    """A random body with voids, contacts, films on every kind of face and two materials that vary."""
    problem = patchy(contrast=30.0)
    rng = np.random.default_rng(1)
    exponent = np.where(problem.solid, rng.choice([0.0, 1.3], problem.mesh.shape), 0.0)
    power = np.where(problem.solid, 2e-3 * rng.random(problem.mesh.shape), 0.0)
    return problem, exponent, power


def solved(problem, exponent, power):
    coupling = Coupling(problem, Laws(exponent=exponent), prepare(problem))
    done = coupling.solve(power[None], tolerance=1e-12)
    return coupling, done, done.solution.temperature_k[0]


def test_slopes_by_power_and_conductivity_are_those_of_the_bent_problem(rough):
    problem, exponent, power = rough
    coupling, done, field = solved(problem, exponent, power)
    spot = tuple(np.argwhere(problem.solid & (exponent > 0.0))[7])
    weights = np.zeros((1, *problem.mesh.shape))
    weights[(0, *spot)] = 1.0
    state = coupling.state(0, field, done.nearby[0])
    (adjoint,) = coupling.adjoints(state, weights, tolerance=1e-12)
    found = sensitivity(state.prepared, field, adjoint)
    ratio = law.ratio(field, exponent)
    for cell in (spot, tuple(np.argwhere(problem.solid)[3])):
        step = 1e-4
        more, less = power.copy(), power.copy()
        more[cell] += step
        less[cell] -= step
        ends = [solved(problem, exponent, p)[2][spot] for p in (more, less)]
        assert adjoint[cell] == pytest.approx((ends[0] - ends[1]) / (2.0 * step), rel=1e-5)
    for name, slope in (("kx", found.kx), ("kz", found.kz)):
        k = getattr(problem, name)
        ends = []
        for sign in (1.0, -1.0):
            moved = k.copy()
            moved[spot] *= 1.0 + sign * 1e-4
            ends.append(solved(replace(problem, **{name: moved}), exponent, power)[2][spot])
        by_difference = (ends[0] - ends[1]) / (2e-4 * k[spot])
        assert slope[spot] * ratio[spot] == pytest.approx(by_difference, rel=1e-4, abs=1e-12)


def test_a_symmetric_law_without_exponent_is_plain_conduction(rough):
    problem, exponent, power = rough
    _, _, field = solved(problem, 0.0 * exponent, power)
    plain = prepare(problem).solve(power, tolerance=1e-12).temperature_k
    assert np.abs(field - plain)[problem.solid].max() < 1e-7
