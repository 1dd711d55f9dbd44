"""The march in time against exact series and exponentials, and the ledger of heat."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.thermal import conduction
from packfirst.disciplines.thermal.conduction import Problem, assemble
from packfirst.disciplines.thermal.mesh import Mesh
from packfirst.disciplines.thermal.transient import StepFailed, impedance, march

from .cases import patchy

K, RHO_C, LENGTH = 150.0, 1.6e6, 1e-3
DIFFUSIVITY = K / RHO_C


def slab(cells=100, **changes):
    """A column that conducts along z only."""
    mesh = Mesh(x_m=np.array([0.0, 1e-3]), y_m=np.array([0.0, 1e-3]), z_m=np.linspace(0.0, LENGTH, cells + 1))
    given = {
        "mesh": mesh,
        "kx": K,
        "ky": K,
        "kz": K,
        "h_top": np.asarray(np.inf),
        "t_top_k": 300.0,
        **changes,
    }
    problem = Problem(**given)
    return problem, RHO_C * mesh.volume_m3


def flux_slab_rise(x_m, time_s, flux_w_per_m2, terms=400):
    """Slab with constant flux into x = 0 and x = l held at zero.

    H. S. Carslaw, J. C. Jaeger, "Conduction of Heat in Solids", 2nd ed., Oxford, 1959, section 3.8.
    """
    n = 2 * np.arange(terms) + 1
    decay = np.exp(-DIFFUSIVITY * np.multiply.outer(time_s, (n * np.pi / (2 * LENGTH)) ** 2))
    wave = np.cos(np.multiply.outer(x_m, n * np.pi / (2 * LENGTH)))
    series = np.einsum("tn,xn->tx", decay / n**2, wave) * 8 * LENGTH / np.pi**2
    return flux_w_per_m2 / K * (LENGTH - np.asarray(x_m)[None, :] - series)


def cooling_slab_rise(x_m, time_s, start_k, terms=400):
    """Slab at an even temperature whose faces x = 0 and x = l are held at zero from time zero on (section 3.3)."""
    n = 2 * np.arange(terms) + 1
    decay = np.exp(-DIFFUSIVITY * np.multiply.outer(time_s, (n * np.pi / LENGTH) ** 2))
    wave = np.sin(np.multiply.outer(x_m, n * np.pi / LENGTH))
    return 4 * start_k / np.pi * np.einsum("tn,xn->tx", decay / n, wave)


def test_heated_slab_follows_the_exact_series():
    problem, capacity = slab()
    power = np.zeros(problem.mesh.shape)
    power[0, 0, 0] = 5.0  # 5 MW/m2 into the lower face
    times = np.array([0.0, 1e-4, 1e-3, 1e-2, 6e-2])
    history = march(problem, capacity, times, lambda _: power, lambda t: t[0, 0], tolerance_k=1e-3)
    z = problem.mesh.centres_m[2]
    exact = flux_slab_rise(z, history.time_s[1:], 5e6)
    late = history.time_s[1:] > 3e-5  # before, heat has not crossed a few cells
    error = np.abs(history.watched[1:][late] - 300.0 - exact[late]).max()
    assert exact.max() == pytest.approx(33.2, abs=0.2)
    assert error < 0.02


def test_cooling_slab_follows_the_exact_series():
    problem, capacity = slab(h_bottom=np.asarray(np.inf), t_bottom_k=300.0)
    power = np.zeros(problem.mesh.shape)
    history = march(
        problem, capacity, [0.0, 5e-3], lambda _: power, lambda t: t[0, 0], initial_k=400.0, tolerance_k=1e-3
    )
    exact = cooling_slab_rise(problem.mesh.centres_m[2], history.time_s, 100.0)
    late = history.time_s > 2e-4
    assert late.sum() > 10
    assert np.abs(history.watched - 300.0 - exact)[late].max() < 0.05
    assert history.stored_j == pytest.approx(-history.heat_out_j, rel=1e-6)


def exponential(problem, capacity, power_w, time_s):
    """Rises of the same cells at time_s by the matrix exponential, from the base temperature."""
    found = assemble(problem)
    shape = problem.mesh.shape
    live = problem.solid.ravel()
    number = np.arange(live.size).reshape(shape)
    matrix = np.diag(found.bound_w_per_k.transpose(2, 0, 1).ravel())
    for axis, g in enumerate(found.links_w_per_k):
        g = g.transpose(2, 0, 1)
        for index in np.argwhere(g > 0):
            other = index.copy()
            other[axis] += 1
            a, b, value = number[tuple(index)], number[tuple(other)], g[tuple(index)]
            matrix[a, a] += value
            matrix[b, b] += value
            matrix[a, b] -= value
            matrix[b, a] -= value
    heat = power_w + (0.0 if found.boundary_w is None else found.boundary_w)
    rate = -matrix[np.ix_(live, live)] / capacity.ravel()[live, None]
    push = heat.ravel()[live] / capacity.ravel()[live]
    n = len(push)
    block = np.zeros((n + 1, n + 1))
    block[:n, :n], block[:n, n] = rate * time_s, push * time_s
    rise = np.zeros(live.size)
    rise[live] = scipy.linalg.expm(block)[:n, n]
    return rise.reshape(shape)


def body(seed):
    problem = patchy(seed, contrast=3.0)
    rng = np.random.default_rng(seed)
    capacity = (1e6 + 2e6 * rng.random(problem.mesh.shape)) * problem.mesh.volume_m3
    power = 0.05 * rng.random(problem.mesh.shape) * problem.solid
    return problem, capacity, power


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_error_falls_with_the_square_of_the_step(seed):
    problem, capacity, power = body(seed)
    until = 0.3
    exact = exponential(problem, capacity, power, until)
    errors = []
    for steps in (32, 64, 128, 256):
        history = march(problem, capacity, [0, until], lambda _: power, np.max, steps=steps, tolerance=1e-11)
        rise = np.where(problem.solid, history.temperature_k - assemble(problem).base_k, 0.0)
        errors.append(np.abs(rise - exact).max())
    slopes = np.log2(np.array(errors[:-1]) / errors[1:])
    assert slopes[-1] == pytest.approx(2.0, abs=0.15)


@pytest.mark.parametrize("tolerance_k", [0.1, 0.01, 1e-3])
def test_a_tighter_tolerance_buys_a_smaller_error(tolerance_k):
    problem, capacity, power = body(1)
    exact = exponential(problem, capacity, power, 0.3)
    history = march(problem, capacity, [0, 0.3], lambda _: power, np.max, tolerance_k=tolerance_k)
    rise = np.where(problem.solid, history.temperature_k - assemble(problem).base_k, 0.0)
    assert exact.max() > 5.0
    assert np.abs(rise - exact).max() < 5.0 * tolerance_k


def test_it_ends_in_the_steady_state():
    problem, capacity, power = body(2)
    steady = conduction.solve(problem, power, tolerance=1e-11).temperature_k
    history = march(problem, capacity, [0, 1e5], lambda _: power, np.max)
    assert np.abs(history.temperature_k - steady)[problem.solid].max() < 1e-5
    assert len(history.time_s) < 150


def test_one_immense_step_forgets_the_start():
    """L-stability: the stability function tends to zero, so nothing of the initial state is left."""
    problem, capacity, _ = body(0)
    nothing = np.zeros(problem.mesh.shape)
    steady = conduction.solve(problem, nothing, tolerance=1e-11).temperature_k
    history = march(
        problem, capacity, [0, 1e9], lambda _: nothing, np.max, initial_k=900.0, steps=1, tolerance=1e-12
    )
    assert np.abs(history.temperature_k - steady)[problem.solid].max() < 1e-3


@given(st.integers(0, 1000), st.floats(-4, 3))
@settings(max_examples=15)
def test_heat_in_is_heat_out_and_heat_kept(seed, log_until):
    problem, capacity, power = body(seed)
    times = np.array([0.0, 0.3, 1.0]) * 10**log_until
    history = march(problem, capacity, times, lambda i: power * (1 - i), np.max, tolerance_k=0.5)
    assert history.heat_in_j == pytest.approx(power.sum() * times[1], rel=1e-9)
    assert history.imbalance < 1e-6
    stored = (capacity * (history.temperature_k - assemble(problem).base_k))[problem.solid].sum()
    assert history.stored_j == pytest.approx(stored, rel=1e-6, abs=1e-9)


def test_a_body_without_a_way_out_only_warms():
    problem, capacity = slab(cells=10, h_top=np.zeros(()))
    power = 0.1 * np.ones(problem.mesh.shape)
    history = march(problem, capacity, [0, 7.0], lambda _: power, lambda t: t[0, 0], initial_k=300.0)
    wanted = 300.0 + power.sum() * 7.0 / capacity.sum()
    assert history.watched[-1] == pytest.approx(np.full(10, wanted))
    assert history.heat_out_j == 0.0


def test_rest_stays_rest_in_one_step():
    problem, capacity = slab(cells=10)
    history = march(problem, capacity, [0, 5.0], lambda _: np.zeros(problem.mesh.shape), np.max)
    assert history.time_s.tolist() == [0.0, 5.0]
    assert history.watched == pytest.approx([300.0, 300.0])


def test_spans_end_exactly_where_power_changes():
    problem, capacity = slab(cells=20)
    power = np.zeros(problem.mesh.shape)
    power[0, 0, 0] = 1.0
    times = np.array([0.0, 1.3e-4, 7.7e-4, 2.0e-3])
    history = march(problem, capacity, times, lambda i: power * (i % 2), lambda t: t.max(), tolerance_k=0.01)
    assert set(times) <= set(history.time_s)
    at = dict(zip(history.time_s, history.watched, strict=True))
    assert at[times[1]] == pytest.approx(300.0)
    assert at[times[2]] > at[times[3]] > 300.0


def test_impedance_starts_at_nothing_rises_and_ends_at_the_resistance():
    problem, capacity, power = body(4)  # its surroundings differ in temperature, which must not matter
    cell = np.unravel_index(np.argmax(power), power.shape)
    _, zth = impedance(problem, capacity, power, lambda t: t[cell], 1e4)
    even = conduction.solve(
        Problem(
            **{
                name: getattr(problem, name)
                for name in ("mesh", "kx", "ky", "kz", "h_top", "h_bottom", "face_resistance_z_m2k_per_w")
            },
            film_w_per_m2_k=problem.film_w_per_m2_k, h_side=problem.h_side, t_film_k=300.0, t_side_k=300.0,
        ),
        power, tolerance=1e-10,
    )  # fmt: skip
    assert zth[0] == 0.0
    assert (np.diff(zth) > -1e-3 * zth[-1]).all()
    assert zth[-1] == pytest.approx((even.temperature_k[cell] - 300.0) / power.sum(), rel=1e-5)
    assert impedance(problem, capacity, 3.0 * power, lambda t: t[cell], 1e4)[1] == pytest.approx(
        zth, rel=1e-6
    )


def test_early_impedance_of_a_wide_source_is_that_of_a_half_space():
    """Until heat has crossed the slab its face rises by 2 q sqrt(t / (pi k rho c)): Carslaw & Jaeger, section 2.9."""
    problem, capacity = slab(cells=400)
    power = np.zeros(problem.mesh.shape)
    power[0, 0, 0] = 1.0
    time, zth = impedance(problem, capacity, power, lambda t: t[0, 0, 0], 5e-3, resolution=1e-4)
    early = (time > 2e-4) & (time < 1e-3)
    face = 2.0 * np.sqrt(time[early] / (np.pi * K * RHO_C)) / 1e-6
    half_cell = 0.5 * LENGTH / 400 / K / 1e-6
    assert early.sum() > 3
    assert zth[early] == pytest.approx(face - half_cell, rel=3e-3)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"capacity_j_per_k": np.zeros((1, 1, 10))}, "positive numbers wherever cells conduct"),
        ({"times_s": [0.0, 0.0]}, "rising times"),
        ({"power_w": lambda _: np.full((1, 1, 10), np.nan)}, "finite numbers"),
        ({"steps": 0}, "at least 1"),
    ],
)
def test_what_makes_no_sense_is_refused(changes, says):
    problem, capacity = slab(cells=10)
    given = {
        "problem": problem, "capacity_j_per_k": capacity, "times_s": [0.0, 1.0],
        "power_w": lambda _: np.zeros((1, 1, 10)), "watch": np.max,
    }  # fmt: skip
    with pytest.raises(ValueError, match=says):
        march(**{**given, **changes})


def test_a_tolerance_below_rounding_is_said_to_be_out_of_reach():
    problem, capacity = slab(cells=10)
    power = np.ones(problem.mesh.shape)
    with pytest.raises(StepFailed):
        march(problem, capacity, [0.0, 1.0], lambda _: power, np.max, initial_k=1e9, tolerance_k=1e-16)
