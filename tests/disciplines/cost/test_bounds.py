"""The screen of cost: below every assessed cost, and not by much."""

import numpy as np
import pytest

from packfirst.architecture.candidate import space
from packfirst.disciplines.case import Facts, Table
from packfirst.disciplines.cost.limits import DISCIPLINE

from ...assessment.example import case, catalog, program
from .test_limits import cost, needing

EVERY = space(program(), catalog())


def least(rows=None) -> np.ndarray:
    table = Table(
        program=program(),
        catalog=catalog(),
        space=EVERY,
        rows=np.arange(len(EVERY)) if rows is None else rows,
    )
    return DISCIPLINE.bounds(table).best["cost"]


@pytest.mark.parametrize("seed", range(4))
def test_the_bound_is_below_and_near(seed: int) -> None:
    found = least()
    ratios = []
    for row in np.random.default_rng(seed).choice(len(EVERY), size=25, replace=False):
        price = cost(DISCIPLINE.limits(case(EVERY.candidate(int(row))), Facts(), "plan"))
        assert found[row] <= price * (1.0 + 1e-9)
        ratios.append(found[row] / price)
    # What the bound leaves out is the room between die, and bridges.
    assert min(ratios) > 0.3
    assert np.median(ratios) > 0.7


def test_ways_out_and_interfaces_cost_the_same_here() -> None:
    found = least()
    keys = [tuple(row) for row in EVERY.index[:, :3]]
    seen: dict[tuple[int, ...], float] = {}
    for key, value in zip(keys, found, strict=True):
        assert seen.setdefault(key, float(value)) == value


def test_rows_of_a_part_of_the_table_are_those_rows() -> None:
    rows = np.array([5, 4321, 17])
    assert least(rows).tolist() == least()[rows].tolist()


def test_a_demand_rejects_what_costs_more() -> None:
    middle = float(np.median(least()))
    table = Table(program=needing(middle), catalog=catalog(), space=EVERY, rows=np.arange(len(EVERY)))
    (bound,) = DISCIPLINE.bounds(table).bounds
    assert bound.unit == "USD"
    assert bound.rejected.tolist() == (least() > middle).tolist()
    assert bound.rejected.any() and not bound.rejected.all()
