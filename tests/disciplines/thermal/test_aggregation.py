"""Fields in which every cell is a material of its own: solved, and in a count of steps that does not grow."""

import numpy as np
import pytest

from packfirst.disciplines.thermal import aggregation
from packfirst.disciplines.thermal.conduction import PATIENCE, Problem, assemble, prepare, solve
from packfirst.disciplines.thermal.mesh import Mesh

from .cases import patchy
from .test_conduction import direct


def noise(n, contrast, aspect, layers=6):
    """Each cell's conductivity drawn by itself over the whole contrast; cells `aspect` times as wide as high."""
    rng = np.random.default_rng(0)
    wide = 0.04 / n
    edge = wide * np.arange(n + 1)
    mesh = Mesh(x_m=edge, y_m=edge, z_m=wide / aspect * np.arange(layers + 1))
    k = contrast ** rng.random(mesh.shape)
    return Problem(mesh=mesh, kx=k, ky=k, kz=k, h_top=np.asarray(1000.0)), rng.random(mesh.shape)


def alone(problem, power, tolerance=1e-8):
    found = assemble(problem)
    aggregates = aggregation.build(*found.links_w_per_k, found.bound_w_per_k)
    return aggregation.solve(
        aggregates, power, np.zeros(power.shape), tolerance=tolerance, max_iterations=200
    )  # fmt: skip


@pytest.mark.parametrize("aspect", [1.0, 1e2, 1e4])
def test_steps_do_not_grow_with_size_for_a_contrast_of_1e5(aspect):
    counts = [alone(*noise(n, 1e5, aspect), tolerance=1e-6)[1] for n in (24, 48, 96)]
    assert max(counts) <= 1.2 * min(counts) + 4, counts
    assert max(counts) < 50, counts


def test_steps_do_not_grow_with_contrast():
    counts = [alone(*noise(32, contrast, 1.0))[1] for contrast in (1.0, 1e2, 1e5, 1e7)]
    assert max(counts) < 35, counts


@pytest.mark.parametrize("seed", range(3))
def test_same_temperatures_as_a_direct_solve(seed):
    """With voids, contacts and films on every kind of face."""
    problem = patchy(seed, shape=(9, 8, 7), contrast=1e5)
    power = np.random.default_rng(seed).random(problem.mesh.shape) * problem.solid
    ready = prepare(problem)
    aggregates = aggregation.from_columns(ready._hierarchy.levels[0])
    heat = power + ready._boundary_w
    rise, _, residual = aggregation.solve(
        aggregates, heat, np.zeros_like(heat), tolerance=1e-12, max_iterations=300
    )
    assert residual < 1e-11
    live = ready.live
    np.testing.assert_allclose((rise + ready.base_k)[live], direct(problem, power)[live], rtol=1e-8)


def test_the_solver_turns_to_aggregates_where_columns_do_not_serve():
    problem, power = noise(48, 1e5, 1.0)
    found = solve(problem, power)
    assert found.converged
    assert PATIENCE < found.iterations[0] < PATIENCE + 35
    assert found.balance[0] < 1e-6
    # of two modes the easy one is left to the columns, and neither depends on the other
    both = prepare(problem).solve(np.stack([power, np.zeros_like(power)]))
    assert both.iterations.tolist() == [found.iterations[0], 0]
    assert both.temperature_k[0].tobytes() == found.temperature_k.tobytes()


def test_a_guess_is_taken_up():
    problem, power = noise(24, 1e5, 1.0)
    found = assemble(problem)
    aggregates = aggregation.build(*found.links_w_per_k, found.bound_w_per_k)
    cold, many, _ = aggregation.solve(
        aggregates, power, np.zeros_like(power), tolerance=1e-10, max_iterations=99
    )
    _, few, residual = aggregation.solve(aggregates, power, cold, tolerance=1e-8, max_iterations=99)
    assert few == 0 < many
    assert residual <= 1e-8


def test_what_nothing_cools_is_not_converged_and_not_a_nan():
    problem, power = noise(24, 1e5, 1.0)
    sealed = Problem(mesh=problem.mesh, kx=problem.kx, ky=problem.ky, kz=problem.kz, h_top=np.asarray(1e-290))
    found = solve(sealed, power, strict=False)
    assert not found.converged
    assert np.isfinite(found.residual).all()
