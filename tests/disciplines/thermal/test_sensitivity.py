"""Adjoint derivatives against central finite differences of the solver itself: a derivative has no other truth."""

from dataclasses import replace

import numpy as np
import pytest

from packfirst.disciplines.thermal.conduction import adjoint, prepare
from packfirst.disciplines.thermal.mesh import Mesh
from packfirst.disciplines.thermal.sensitivity import by_label, sensitivity

from .cases import lidded, patchy

STEP = 1e-4


def watched(problem, power, weights):
    return float((prepare(problem).solve(power, tolerance=1e-14, strict=False).temperature_k * weights).sum())


def slope(make, power, weights):
    """Central difference per relative change, of the functional of make(1 +- STEP)."""
    up, down = make(1.0 + STEP), make(1.0 - STEP)
    return (watched(up, power, weights) - watched(down, power, weights)) / (2 * STEP)


@pytest.fixture(scope="module")
def case():
    problem = patchy(4, shape=(5, 6, 4))
    rng = np.random.default_rng(9)
    power = rng.random(problem.mesh.shape) * problem.solid
    weights = np.zeros(problem.mesh.shape)
    weights[2, 3, 1], weights[3, 3, 1] = 0.7, 0.3
    ready = prepare(problem)
    solution = ready.solve(power, tolerance=1e-13)
    found = sensitivity(ready, solution.temperature_k, adjoint(ready, weights, tolerance=1e-13))
    return problem, power, weights, found


@pytest.mark.parametrize("name", ["kx", "ky", "kz"])
def test_conductivity_of_bodies(case, name):
    problem, power, weights, found = case
    labels = np.random.default_rng(1).integers(-1, 3, problem.mesh.shape)
    k = getattr(problem, name)
    summed = by_label(getattr(found, name) * k, labels, 3)
    for body in range(3):
        expected = slope(
            lambda f, body=body: replace(problem, **{name: np.where(labels == body, k * f, k)}),
            power,
            weights,
        )
        assert summed[body] == pytest.approx(expected, rel=1e-5)


def test_conductivity_alike_in_all_directions(case):
    problem, power, weights, found = case

    def scaled(f):
        return replace(problem, kx=problem.kx * f, ky=problem.ky * f, kz=problem.kz * f)

    total = (found.kx * problem.kx + found.ky * problem.ky + found.kz * problem.kz).sum()
    assert total == pytest.approx(slope(scaled, power, weights), rel=1e-5)
    np.testing.assert_array_equal(found.k, found.kx + found.ky + found.kz)


@pytest.mark.parametrize(("group", "name"), [(0, "h_top"), (1, "h_bottom"), (2, "film_w_per_m2_k")])
def test_film_coefficients(case, group, name):
    problem, power, weights, found = case
    part = found.films[group]
    total = (part.coefficient * part.film.h_w_per_m2_k).sum()
    h = getattr(problem, name)
    assert total == pytest.approx(
        slope(lambda f: replace(problem, **{name: h * f}), power, weights), rel=1e-5
    )


def test_side_film(case):
    problem, power, weights, found = case
    total = sum((p.coefficient * p.film.h_w_per_m2_k).sum() for p in found.films if p.film.name == "side")
    expected = slope(lambda f: replace(problem, h_side=problem.h_side * f), power, weights)
    assert total == pytest.approx(expected, rel=1e-5)


def test_a_film_that_is_not_there_yet(case):
    """The derivative at h = 0 is finite: what a first breath of air would do."""
    problem, power, weights, _ = case
    h = problem.h_top.copy()
    h[1, 1] = 0.0
    bare = replace(problem, h_top=h)
    ready = prepare(bare)
    solved = ready.solve(power, tolerance=1e-13)
    part = sensitivity(ready, solved.temperature_k, adjoint(ready, weights, tolerance=1e-13)).films[0]
    column = part.film.cell // problem.mesh.shape[2] == 1 * problem.mesh.shape[1] + 1
    touched = h.copy()
    touched[1, 1] = 1e-2
    rise = watched(replace(problem, h_top=touched), power, weights) - watched(bare, power, weights)
    assert part.coefficient[column].sum() == pytest.approx(rise / 1e-2, rel=1e-3)


def test_contact_resistance(case):
    problem, power, weights, found = case
    r = problem.face_resistance_z_m2k_per_w
    for k in range(problem.mesh.shape[2] - 1):

        def scaled(f, k=k):
            changed = r.copy()
            changed[:, :, k + 1] *= f
            return replace(problem, face_resistance_z_m2k_per_w=changed)

        total = (found.contact[:, :, k] * r[:, :, k + 1]).sum()
        assert total == pytest.approx(slope(scaled, power, weights), rel=1e-5)


def test_power(case):
    problem, power, weights, found = case
    up, down = (watched(problem, power * f, weights) for f in (1.0 + STEP, 1.0 - STEP))
    assert (found.power * power).sum() == pytest.approx((up - down) / (2 * STEP), rel=1e-5)


def test_reference_temperatures_together_move_everything_by_one(case):
    assert case[3].ambient == pytest.approx(case[2].sum(), rel=1e-9)


@pytest.mark.parametrize(("axis", "slab"), [(0, 1), (1, 3), (2, 0), (2, 2)])
def test_thickness(case, axis, slab):
    problem, power, weights, found = case
    name = ("x_m", "y_m", "z_m")[axis]
    edges = getattr(problem.mesh, name)

    def stretched(f):
        size = np.diff(edges)
        size[slab] *= f
        return replace(problem, mesh=replace(problem.mesh, **{name: np.append(0.0, np.cumsum(size))}))

    total = found.sizes[axis][slab] * np.diff(edges)[slab]
    assert total == pytest.approx(slope(stretched, power, weights), rel=1e-5)


def test_position_of_a_die_on_a_fixed_topology():
    problem, power, body = lidded(4e-3, 4e-3)
    mesh = problem.mesh
    die = body == 7
    columns = np.flatnonzero(die.any(axis=(1, 2)))
    a, b = columns[0], columns[-1] + 1
    ready = prepare(problem)
    solution = ready.solve(power[0], tolerance=1e-12)
    weights = np.zeros(mesh.shape)
    weights.ravel()[solution.temperature_k.argmax()] = 1.0
    found = sensitivity(ready, solution.temperature_k, adjoint(ready, weights, tolerance=1e-12))
    moved = []
    for shift in (1e-6, -1e-6):
        x = mesh.x_m.copy()
        x[a : b + 1] += shift
        other = replace(problem, mesh=Mesh(x_m=x, y_m=mesh.y_m, z_m=mesh.z_m))
        moved.append(watched(other, power[0], weights))
    assert found.edges(0)[a : b + 1].sum() == pytest.approx((moved[0] - moved[1]) / 2e-6, rel=1e-3)


def test_step_found_from_the_slope_lands_where_it_says():
    """One Newton step in the film coefficient brings the hottest cell close to a temperature asked for."""
    problem, power, _ = lidded(4e-3, 4e-3)
    ready = prepare(problem)
    solution = ready.solve(power[0], tolerance=1e-12)
    hot = solution.temperature_k.argmax()
    weights = np.zeros(problem.mesh.shape)
    weights.ravel()[hot] = 1.0
    part = sensitivity(ready, solution.temperature_k, adjoint(ready, weights)).films[0]
    step = -0.5 / part.coefficient.sum()
    cooler = prepare(replace(problem, h_top=problem.h_top + step)).solve(power[0])
    assert solution.temperature_k.max() - cooler.temperature_k.ravel()[hot] == pytest.approx(0.5, abs=0.01)


def test_shapes_are_checked(case):
    problem, power, weights, _ = case
    with pytest.raises(ValueError, match="expected"):
        sensitivity(prepare(problem), power[0], weights)
    with pytest.raises(ValueError, match="labels"):
        by_label(power, np.zeros(3, int), 1)
