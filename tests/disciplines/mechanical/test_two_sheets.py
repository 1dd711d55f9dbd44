"""The plate of two sheets: exact laminates, a manufactured shape, a sliding lid, slopes, order of convergence."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.mechanical.warpage import bimetal, laminate, slopes, two_sheets
from packfirst.disciplines.mechanical.warpage.columns import (
    BASE,
    GAS,
    JOINT,
    LID,
    Matter,
    columns,
    isotropic_pa,
)

A = 0.02
PLAN = (-A, A, -0.8 * A, 0.8 * A)


def matter(modulus, poisson, growth, shear=1e6):
    modulus, poisson, growth = (np.asarray(w, dtype=float) for w in (modulus, poisson, growth))
    grown = np.stack([growth, growth], axis=-1)
    return Matter(
        stiffness_pa=isotropic_pa(modulus, poisson), growth=grown, shear_pa=np.full(len(modulus), shear)
    )


def layered(thickness, plan=PLAN):
    z = np.concatenate([[0.0], np.cumsum(thickness)])
    boxes = np.array([[*plan, low, high] for low, high in itertools.pairwise(z)])
    return columns(boxes, np.arange(len(thickness)), np.full(len(thickness), BASE), plan, len(thickness))


def plain(found, intervals=4, *, lid=False):
    return two_sheets.basis(found, np.ones(found.n_materials), intervals, lid=lid)


def bow(found, trial, state):
    at = two_sheets.sample(trial, [0.0, PLAN[0]], [0.0, PLAN[2]], two_sheets.W, (0, 0)) @ state
    return float(at[0] - at[1])


@given(
    st.floats(1e-4, 2e-3),
    st.floats(1e-4, 2e-3),
    st.floats(1e9, 3e11),
    st.floats(1e9, 3e11),
    st.floats(0.1, 0.4),
    st.floats(-2e-3, 2e-3),
)
@settings(max_examples=30, deadline=None)
def test_even_layers_bend_as_the_laminate_does(t1, t2, e1, e2, v, growth):
    found = layered([t1, t2])
    solved = two_sheets.solve(found, plain(found), matter([e1, e2], [v, 0.3], [0.0, growth]))
    trial = plain(found)
    exact = laminate.shape(
        [t1, t2], laminate.plane_stress_pa([e1, e2], [e1, e2], [v, 0.3]), [[0.0, 0.0], [growth, growth]]
    )
    for x, y in ((0.0, 0.0), (0.7 * A, -0.3 * A)):
        seen = two_sheets.strain_rows(trial, [x], [y])[:, 0] @ solved.state
        assert seen[2:] == pytest.approx(exact.curvature_per_m, rel=1e-7, abs=1e-9)


def test_timoshenkos_strip_of_two_metals():
    # equal Poisson ratios: the plate is his strip with E/(1 - nu) in place of E
    found = layered([0.5e-3, 1e-3])
    trial = plain(found)
    solved = two_sheets.solve(found, trial, matter([130e9, 26e9], [0.3, 0.3], [2.6e-6 * -140, 14e-6 * -140]))
    seen = two_sheets.strain_rows(trial, [0.0], [0.0])[:, 0] @ solved.state
    exact = bimetal.curvature_per_m(
        thickness_1_m=0.5e-3, thickness_2_m=1e-3, modulus_1_pa=130e9, modulus_2_pa=26e9, cte_1_per_k=2.6e-6,
        cte_2_per_k=14e-6, rise_k=-140.0,
    )  # fmt: skip
    assert abs(seen[2]) == pytest.approx(abs(float(exact)), rel=1e-9)


def test_a_cut_layer_and_a_cut_plan_change_nothing():
    whole = layered([0.5e-3, 1e-3])
    boxes = np.array([
        [*PLAN, 0.0, 0.2e-3], [*PLAN, 0.2e-3, 0.5e-3], [PLAN[0], 0.003, *PLAN[2:], 0.5e-3, 1.5e-3],
        [0.003, PLAN[1], *PLAN[2:], 0.5e-3, 1.5e-3],
    ])  # fmt: skip
    cut = columns(boxes, np.array([0, 0, 1, 1]), np.zeros(4, dtype=int), PLAN, 2)
    told = matter([130e9, 26e9], [0.28, 0.2], [-3.6e-4, -2e-3])
    bows = []
    for found in (whole, cut):
        trial = plain(found)
        bows.append(bow(found, trial, two_sheets.solve(found, trial, told).state))
    assert bows[1] == pytest.approx(bows[0], rel=1e-9)


def manufactured(n):
    """Error of a plate whose free shape is w = c (sin(x/a) + cos(1.3 y/a)), told by its mean over n cells a side. [m]

    A plate that may take its free shape everywhere carries nothing, whatever its stiffness and Poisson ratio, and its
    edges are free: the exact solution. Two layers that grow against each other, otherwise along x than along y, give
    each cell its free curvatures.
    """
    edges = np.linspace(-A, A, n + 1)
    middle, h, c = 0.5 * (edges[1:] + edges[:-1]), 1e-3, 0.01 * A
    boxes, growth = [], []
    for i, x in enumerate(middle):
        for j, y in enumerate(middle):
            bent = np.array([c * np.sin(x / A), c * 1.69 * np.cos(1.3 * y / A)]) / A**2
            for level in (0, 1):
                boxes.append([*edges[i : i + 2], *edges[j : j + 2], level * h, (level + 1) * h])
                # Layers that grow by -e and e bend by 3 e / (2 h).
                growth.append((2.0 / 3.0) * h * bent * (1.0 if level else -1.0))
    found = columns(
        np.array(boxes), np.arange(len(boxes)), np.zeros(len(boxes), dtype=int), (-A, A, -A, A), len(boxes)
    )
    told = Matter(
        stiffness_pa=isotropic_pa(np.full(len(boxes), 50e9), np.full(len(boxes), 0.25)), growth=np.array(growth),
        shear_pa=np.ones(len(boxes)),
    )  # fmt: skip
    trial = plain(found, 6)
    solved = two_sheets.solve(found, trial, told)
    px, py = (w.ravel() for w in np.meshgrid(np.linspace(-A, A, 9), np.linspace(-A, A, 9), indexing="ij"))
    off = two_sheets.sample(trial, px, py, two_sheets.W, (0, 0)) @ solved.state - c * (
        np.sin(px / A) + np.cos(1.3 * py / A)
    )
    # Up to a rigid motion, which neither fixes.
    plane = np.stack([np.ones_like(px), px, py], axis=-1)
    return float(np.sqrt(np.mean((off - plane @ np.linalg.lstsq(plane, off, rcond=None)[0]) ** 2)))


def test_manufactured_shape_is_met_to_second_order():
    sizes = (4, 8, 16)
    errors = [manufactured(n) for n in sizes]
    order = np.polyfit(np.log(1.0 / np.array(sizes)), np.log(errors), 1)[0]
    assert 1.8 < order < 2.3, (order, errors)


def lidded(shear, base=1e-3, lid=2e-3):
    boxes = np.array(
        [[*PLAN, 0.0, base], [*PLAN, base, base + 1e-4], [*PLAN, base + 1e-4, base + 1e-4 + lid]]
    )
    found = columns(boxes, np.array([0, 1, 2]), np.array([BASE, JOINT, LID]), PLAN, 3)
    told = matter([30e9, 1e9, 120e9], [0.3, 0.3, 0.3], [-1e-3, 0.0, -2e-3], shear)
    trial = plain(found, 4, lid=True)
    return found, trial, told, two_sheets.solve(found, trial, told)


def test_a_lid_that_slides_only_stiffens():
    # without a shear between them neither sheet bends by itself: both are even
    found, trial, _, solved = lidded(1.0)
    assert abs(bow(found, trial, solved.state)) < 1e-9


def test_a_lid_that_is_held_is_a_layer():
    _found, trial, _, solved = lidded(1e14)
    exact = laminate.shape(
        [1e-3, 1e-4, 2e-3], laminate.plane_stress_pa([30e9, 1.0, 120e9], [30e9, 1.0, 120e9], 0.3),
        [[-1e-3] * 2, [0.0] * 2, [-2e-3] * 2],
    )  # fmt: skip
    seen = two_sheets.strain_rows(trial, [0.0], [0.0])[:, 0] @ solved.state
    assert seen[2:] == pytest.approx(exact.curvature_per_m, rel=1e-4)


def test_a_stiffer_joint_bends_more():
    bows = []
    for shear in (1e4, 1e6, 1e8, 1e10):
        found, trial, _, solved = lidded(shear)
        bows.append(abs(bow(found, trial, solved.state)))
    assert bows == sorted(bows)
    assert bows[-1] > 20.0 * bows[0]


def unequal():
    boxes = np.array([
        [*PLAN, 0.0, 1e-3], [-0.012, 0.004, -0.01, 0.006, 1e-3, 1.1e-3], [-0.012, 0.004, -0.01, 0.006, 1.1e-3, 1.8e-3],
        [*PLAN, 1.0e-3, 1.9e-3], [-0.012, 0.004, -0.01, 0.006, 1.8e-3, 1.9e-3], [*PLAN, 1.9e-3, 3e-3],
    ])  # fmt: skip
    order = [0, 3, 1, 2, 4, 5]
    sheet = np.array([BASE, GAS, BASE, BASE, JOINT, LID])
    return columns(boxes[order], np.array([0, 1, 2, 3, 4, 5]), sheet, PLAN, 6)


VALUES = np.array([
    [26e9, 0.2, -2e-3], [1e6, 0.3, 0.0], [9e9, 0.33, -3e-3], [130e9, 0.28, -4e-4], [1.0, 0.3, 0.0],
    [120e9, 0.34, -2.3e-3],
])  # fmt: skip


def figure(found, values, shear):
    trial = two_sheets.basis(found, VALUES[:, 0], 4, lid=True)
    told = Matter(
        stiffness_pa=isotropic_pa(values[:, 0], values[:, 1]),
        growth=np.repeat(values[:, 2:], 2, axis=1), shear_pa=shear,
    )  # fmt: skip
    solved = two_sheets.solve(found, trial, told)
    row = (
        two_sheets.sample(trial, [0.002], [0.001], two_sheets.W, (0, 0))[0]
        - two_sheets.sample(trial, [A], [0.8 * A], two_sheets.W, (0, 0))[0]
    )
    return trial, told, solved, row


def test_slopes_against_differences():
    found, shear = unequal(), np.full(6, 3e7)
    trial, told, solved, row = figure(found, VALUES, shear)
    seen = slopes.reader(found, trial)
    got = slopes.slopes(
        found, seen, told, slopes.points(seen, trial, solved.state),
        slopes.points(seen, trial, two_sheets.answer(solved, row)),
    )  # fmt: skip
    by_e, by_v = slopes.by_modulus(got.stiffness, VALUES[:, 0], VALUES[:, 1])

    def moved(m, column, step):
        values = VALUES.copy()
        values[m, column] += step
        _, _, again, row2 = figure(found, values, shear)
        return float(row2 @ again.state)

    for m in (0, 2, 3, 5):
        for column, slope in ((0, by_e[m]), (1, by_v[m]), (2, got.growth[m].sum())):
            step = 1e-4 * abs(VALUES[m, column])
            difference = (moved(m, column, step) - moved(m, column, -step)) / (2.0 * step)
            assert slope == pytest.approx(difference, rel=2e-4, abs=1e-9 / abs(VALUES[m, column]))
    step = 3e3
    _, _, high, row2 = figure(found, VALUES, shear + step)
    _, _, low, _ = figure(found, VALUES, shear - step)
    assert got.shear.sum() == pytest.approx(float(row2 @ (high.state - low.state)) / (2.0 * step), rel=1e-4)
    # A layer that grows thicker.
    low_m, high_m, factor = 0.0, 1e-3, 1e-5
    by_height = float(
        (got.moments * (found.stretched(low_m, high_m, 1.0 + factor).moments - found.moments)).sum()
    )
    _, _, thick, row2 = figure(found.stretched(low_m, high_m, 1.0 + factor), VALUES, shear)
    _, _, thin, row3 = figure(found.stretched(low_m, high_m, 1.0 - factor), VALUES, shear)
    assert by_height == pytest.approx(0.5 * float(row2 @ thick.state - row3 @ thin.state), rel=1e-3)


def test_more_functions_approach_one_answer():
    # a die off the middle under a lid that all but cancels its bow: the hardest kind of plan
    found, shear = unequal(), np.full(6, 3e7)
    told = Matter(
        stiffness_pa=isotropic_pa(VALUES[:, 0], VALUES[:, 1]),
        growth=np.repeat(VALUES[:, 2:], 2, 1),
        shear_pa=shear,
    )
    bows = []
    for intervals in (4, 6, 9):
        trial = two_sheets.basis(found, VALUES[:, 0], intervals, lid=True)
        bows.append(bow(found, trial, two_sheets.solve(found, trial, told).state))
    bare = two_sheets.basis(found, VALUES[:, 0], 6, lid=False)
    scale = abs(bow(found, bare, two_sheets.solve(found, bare, told).state))
    # of the bow that the lid takes away: what the model errors of plan and sign must cover
    assert abs(bows[0] - bows[2]) < 0.03 * scale
    assert abs(bows[1] - bows[2]) < 0.01 * scale


def test_a_plate_of_nothing_is_refused():
    found = layered([1e-3, 1e-3])
    with pytest.raises(ValueError, match="resists"):
        two_sheets.solve(found, plain(found), matter([0.0, 0.0], [0.3, 0.3], [0.0, 1e-3]))


def test_a_box_outside_the_body_is_refused():
    with pytest.raises(ValueError, match="outline"):
        columns(np.array([[0.5, 0.6, 0.0, 0.1, 0.0, 1e-3]]), np.array([0]), np.array([BASE]), PLAN, 1)
