"""The polytope against brute force: corners, membership, the highest value of one coordinate, intersection, pruning."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.envelope.polytope import Polytope

SEEDS = st.integers(0, 10_000)


def random(seed: int, n: int | None = None, rows: int | None = None) -> Polytope:
    """Rows with slopes above zero, as heat has them: more power anywhere is hotter everywhere."""
    rng = np.random.default_rng(seed)
    n, rows = n or int(rng.integers(1, 5)), rows or int(rng.integers(1, 9))
    return Polytope(
        names=tuple("abcd"[:n]), slopes=rng.uniform(0.05, 2.0, (rows, n)), room=rng.uniform(10.0, 90.0, rows),
        subjects=tuple(f"row {number}" for number in range(rows)),
    )  # fmt: skip


def points(item: Polytope, count: int, seed: int = 1) -> np.ndarray:
    """Points about the polytope, some in and some out."""
    most = (item.room[:, None] / item.slopes).min(axis=0)
    return np.random.default_rng(seed).uniform(0.0, 1.1, (count, len(item.names))) * most


@given(SEEDS)
def test_corners_and_everything_between_them_lie_inside(seed):
    item = random(seed)
    corners = item.corners()
    shares = np.random.default_rng(seed).dirichlet(np.ones(len(corners)), 200)
    slack = item.slack(np.vstack([corners, shares @ corners]))
    assert slack.min() >= -1e-7
    assert item.holds(0.999999 * shares @ corners).all()


@given(SEEDS)
def test_corners_span_the_whole_set(seed):
    """In every direction some corner reaches as far as a linear program does."""
    from scipy.optimize import linprog

    item = random(seed)
    corners = item.corners()
    for direction in np.random.default_rng(seed).uniform(-0.5, 1.0, (4, len(item.names))):
        best = linprog(-direction, A_ub=item.slopes, b_ub=item.room, bounds=[(0.0, None)] * len(item.names))
        assert (corners @ direction).max() == pytest.approx(-best.fun, rel=1e-7, abs=1e-6)


def test_a_box_has_its_eight_corners():
    item = Polytope(
        names=("a", "b", "c"), slopes=np.eye(3), room=np.array([1.0, 2.0, 3.0]), subjects=("a", "b", "c")
    )
    expected = [[a, b, c] for a in (0.0, 1.0) for b in (0.0, 2.0) for c in (0.0, 3.0)]
    assert item.corners().tolist() == sorted(expected)


@given(SEEDS)
def test_most_is_exact(seed):
    item = random(seed)
    inside = [p for p in points(item, 40, seed) if item.holds(p)]
    for p in inside[:10]:
        for axis, name in enumerate(item.names):
            p = p.copy()
            p[axis] = item.most(name, p)
            assert item.holds(p * np.where(np.arange(len(p)) == axis, 1.0 - 1e-9, 1.0))
            assert not item.holds(p * np.where(np.arange(len(p)) == axis, 1.0 + 1e-6, 1.0))
            row = item.binding(name, p)
            assert item.slack(p)[row] == pytest.approx(0.0, abs=1e-9)


def test_most_is_negative_where_the_others_are_already_too_much():
    item = Polytope(names=("a", "b"), slopes=np.array([[1.0, 1.0]]), room=np.array([10.0]), subjects=("a",))
    assert item.most("a", [0.0, 12.0]) == pytest.approx(-2.0)


@given(SEEDS)
def test_a_point_is_in_an_intersection_if_and_only_if_it_is_in_both(seed):
    first = random(seed, n=3)
    second = random(seed + 1, n=3)
    both = first.intersected(second)
    p = np.vstack([points(first, 200, seed), points(second, 200, seed)])
    assert (both.holds(p) == (first.holds(p) & second.holds(p))).all()
    assert (both.pruned().holds(p) == both.holds(p)).all()


def test_intersection_of_other_coordinates_is_refused():
    with pytest.raises(ValueError, match="a, b are not a, b, c"):
        random(1, n=2).intersected(random(1, n=3))


@given(SEEDS)
def test_pruning_changes_nothing_and_leaves_no_row_out_that_matters(seed):
    item = random(seed)
    # Rows that say what others say already: one looser, one twice.
    item = Polytope(
        names=item.names, slopes=np.vstack([item.slopes, item.slopes[:1], item.slopes[:1]]),
        room=np.concatenate([item.room, item.room[:1] * 1.5, item.room[:1]]),
        subjects=(*item.subjects, "looser", "again"),
    )  # fmt: skip
    lean = item.pruned()
    p = points(item, 400, seed)
    assert (lean.holds(p) == item.holds(p)).all()
    assert not {"looser", "again"} & set(lean.subjects)
    # Without any one of its rows the set would be another.
    for row in range(len(lean.room)):
        keep = np.arange(len(lean.room)) != row
        if keep.any():
            less = Polytope(
                names=lean.names, slopes=lean.slopes[keep], room=lean.room[keep],
                subjects=tuple(np.array(lean.subjects)[keep]),
            )  # fmt: skip
            assert less.corners().shape != lean.corners().shape or not np.allclose(
                less.corners(), lean.corners()
            )


@given(SEEDS)
def test_rows_that_are_almost_one_are_told_apart(seed):
    """Neighbouring cells of a die differ by parts in a hundred thousand, and each may be the one that binds."""
    item = random(seed, n=3, rows=2)
    rng = np.random.default_rng(seed)
    near = np.repeat(item.slopes, 6, axis=0) * (1.0 + 1e-5 * rng.standard_normal((12, 3)))
    many = Polytope(
        names=item.names, slopes=near, room=np.repeat(item.room, 6), subjects=tuple(map(str, range(12)))
    )
    p = points(many, 300, seed)
    on = p * (many.room / (p @ many.slopes.T)).min(axis=1)[:, None]
    assert many.pruned().holds(on * (1.0 - 1e-8)).all()
    assert not many.pruned().holds(on * (1.0 + 1e-8)).any()
    assert many.slack(many.corners()).min() > -1e-6


def test_nothing_inside_has_no_corners():
    item = Polytope(names=("a",), slopes=np.array([[1.0]]), room=np.array([-1.0]), subjects=("a",))
    assert item.corners().shape == (0, 1)
    assert not item.holds([0.0])
    assert item.pruned() is item
