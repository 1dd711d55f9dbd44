"""The front against its definition, row by row."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from packfirst.explore.pareto import beaten, front, goodness

# Small whole numbers, so that ties are common.
ROWS = st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=12)


def dominates(a: list[int], b: list[int]) -> bool:
    return all(x >= y for x, y in zip(a, b, strict=True)) and any(x > y for x, y in zip(a, b, strict=True))


@given(ROWS)
def test_the_front_is_what_nobody_dominates(rows: list[list[int]]):
    assert front(rows).tolist() == [not any(dominates(other, row) for other in rows) for row in rows]


@given(ROWS, ROWS)
def test_a_row_is_beaten_where_a_known_one_dominates_its_hope(hopes: list[list[int]], known: list[list[int]]):
    expected = [any(dominates(row, hope) for row in known) for hope in hopes]
    assert beaten(hopes, np.array(known)).tolist() == expected


def test_nobody_is_beaten_by_nobody():
    assert not beaten([[1.0, 2.0]], goodness([], ("throughput", "cost"))).any()


def test_what_is_not_known_is_hoped_for():
    assert not beaten([[1.0, np.inf]], [[5.0, 5.0]]).any()


def test_less_cost_and_more_throughput_are_better():
    good = goodness([[1.0, 5.0], [1.0, 4.0], [2.0, 6.0]], ("throughput", "cost"))
    assert front(good).tolist() == [False, True, True]
