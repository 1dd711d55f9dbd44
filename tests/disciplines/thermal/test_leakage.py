"""Leakage that feeds on its own heat: where it settles and where it runs away, against Lambert's W and the solver."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from packfirst.disciplines.thermal import leakage
from packfirst.disciplines.thermal.conduction import Problem, prepare
from packfirst.disciplines.thermal.coupled import Coupling, Laws
from packfirst.disciplines.thermal.mesh import Mesh

FLUID_K, RESISTANCE, FIXED_W, REFERENCE_K, DOUBLING_K = 310.0, 0.5, 60.0, 358.0, 25.0
RATE = np.log(2.0) / DOUBLING_K


def lump(leakage_w: float) -> tuple[Coupling, np.ndarray]:
    """One cell so well conducting that it has one temperature, on a film of the given resistance."""
    mesh = Mesh(x_m=np.array([0.0, 0.01]), y_m=np.array([0.0, 0.01]), z_m=np.array([0.0, 1e-3]))
    k = np.full(mesh.shape, 1e9)
    film = np.full((1, 1), 1.0 / (RESISTANCE * 1e-4))
    problem = Problem(mesh=mesh, kx=k, ky=k, kz=k, h_top=film, t_top_k=FLUID_K)
    laws = Laws(
        exponent=np.zeros(mesh.shape), leakage_w=np.full((1, *mesh.shape), leakage_w),
        leakage_reference_k=REFERENCE_K, leakage_doubling_k=DOUBLING_K,
    )  # fmt: skip
    return Coupling(problem, laws, prepare(problem)), np.full((1, *mesh.shape), FIXED_W)


@given(st.floats(0.1, 30.0), st.floats(0.05, 0.6), st.floats(10.0, 60.0))
@settings(max_examples=50, deadline=None)
def test_the_lumped_temperature_balances_heat(leak_w, resistance, doubling_k):
    t = float(leakage.lumped_temperature(FLUID_K, resistance, FIXED_W, leak_w, REFERENCE_K, doubling_k))
    if np.isfinite(t):
        grown = leak_w * 2.0 ** ((t - REFERENCE_K) / doubling_k)
        assert t == pytest.approx(FLUID_K + resistance * (FIXED_W + grown), rel=1e-9)
        # the lower of the two states: a little more heat brings a little more temperature, not less
        assert resistance * grown * np.log(2.0) / doubling_k < 1.0 + 1e-6
    else:
        rate = np.log(2.0) / doubling_k
        t0 = FLUID_K + resistance * FIXED_W
        assert rate * resistance * leak_w * np.exp(rate * (t0 - REFERENCE_K)) > np.exp(-1.0)


@pytest.mark.parametrize("leakage_w", [1.0, 5.0, 12.0, 20.0, 23.0])
def test_the_solver_settles_where_lambert_says(leakage_w):
    coupling, fixed = lump(leakage_w)
    done = coupling.solve(fixed, tolerance=1e-11)
    exact = float(
        leakage.lumped_temperature(FLUID_K, RESISTANCE, FIXED_W, leakage_w, REFERENCE_K, DOUBLING_K)
    )
    assert done.settled.all()
    assert float(done.solution.temperature_k[0, 0, 0, 0]) == pytest.approx(exact, abs=1e-5)
    assert done.solution.balance[0] < 1e-9
    assert float(done.power_w.sum()) == pytest.approx((exact - FLUID_K) / RESISTANCE, rel=1e-8)


def critical_leakage_w() -> float:
    """u R L e^(u (T0 - T_ref)) = 1/e."""
    t0 = FLUID_K + RESISTANCE * FIXED_W
    return float(np.exp(-1.0) / (RATE * RESISTANCE * np.exp(RATE * (t0 - REFERENCE_K))))


def test_beyond_lamberts_branch_nothing_settles_and_nothing_raises():
    most = critical_leakage_w()
    near, fixed = lump(0.99 * most)
    assert near.solve(fixed, tolerance=1e-9).settled.all()
    beyond, fixed = lump(1.02 * most)
    assert not beyond.solve(fixed, tolerance=1e-9).settled.any()
    assert np.isinf(
        leakage.lumped_temperature(FLUID_K, RESISTANCE, FIXED_W, 1.02 * most, REFERENCE_K, DOUBLING_K)
    )


def test_the_fold_of_one_die_is_where_lamberts_argument_is_minus_one_over_e():
    def argument(factor: float) -> float:
        t0 = FLUID_K + RESISTANCE * factor * FIXED_W
        return float(RATE * RESISTANCE * factor * 10.0 * np.exp(RATE * (t0 - REFERENCE_K)) - np.exp(-1.0))

    found = leakage.fold([[RESISTANCE]], [FLUID_K], [FIXED_W], [10.0], REFERENCE_K, DOUBLING_K)
    assert found.factor == pytest.approx(brentq(argument, 0.01, 10.0), rel=1e-10)
    # there, one more kelvin makes one more kelvin
    gain = (
        found.factor * RESISTANCE * 10.0 * RATE * 2.0 ** ((found.temperature_k[0] - REFERENCE_K) / DOUBLING_K)
    )
    assert gain == pytest.approx(1.0, rel=1e-9)


def many(seed: int = 0):
    rng = np.random.default_rng(seed)
    n = 6
    a = rng.random((n, n))
    response = 0.1 * (a + a.T) + np.diag(0.5 + 0.3 * rng.random(n))
    return response, np.full(n, 315.0), 40.0 * rng.random(n), 12.0 * rng.random(n)


def settles(factor: float, response, still, fixed, leak) -> bool:
    t = still.copy()
    for _ in range(20000):
        new = still + factor * response @ (fixed + leak * 2.0 ** ((t - REFERENCE_K) / DOUBLING_K))
        if new.max() > 2000.0:
            return False
        if np.abs(new - t).max() < 1e-9:
            return True
        t = new
    return False


@pytest.mark.parametrize("seed", range(4))
def test_the_fold_of_many_die_is_where_iteration_stops_settling(seed):
    given_ = many(seed)
    found = leakage.fold(*given_, REFERENCE_K, DOUBLING_K)
    assert settles(0.999 * found.factor, *given_)
    assert not settles(1.001 * found.factor, *given_)


def test_the_weights_of_the_fold_are_its_slopes():
    response, still, fixed, leak = many(1)
    found = leakage.fold(response, still, fixed, leak, REFERENCE_K, DOUBLING_K)
    for die in range(len(still)):
        warmer, colder = still.copy(), still.copy()
        warmer[die] += 0.01
        colder[die] -= 0.01
        ends = [
            leakage.fold(response, s, fixed, leak, REFERENCE_K, DOUBLING_K).factor for s in (warmer, colder)
        ]
        assert -found.weight[die] == pytest.approx((ends[0] - ends[1]) / 0.02, rel=1e-5)


def test_more_leakage_folds_sooner_and_none_never():
    response, still, fixed, leak = many(2)
    factors = [
        leakage.fold(response, still, fixed, share * leak, REFERENCE_K, DOUBLING_K).factor
        for share in (0.25, 0.5, 1.0, 2.0)
    ]
    assert all(later < earlier for earlier, later in pairwise(factors))
    assert np.isinf(leakage.fold(response, still, fixed, 0.0 * leak, REFERENCE_K, DOUBLING_K).factor)
