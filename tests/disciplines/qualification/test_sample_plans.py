"""Sample sizes: the table's own models, exactness, small lots."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.qualification import sample_plans, standard_tables

BRIEF = settings(max_examples=30, deadline=None, derandomize=True)


def test_all_rows_of_table_d_i(table, capsys):
    rows = standard_tables.read_rows(table("ltpd"))
    p = np.array([float(r["series_percent"]) for r in rows]) / 100
    c = np.array([int(r["accept_c"]) for r in rows])
    printed = np.array([int(r["n_table_D_I"]) for r in rows])
    binomial, poisson = sample_plans.sample_binomial(p, c), sample_plans.sample_poisson(p, c)
    assert len(rows) == 187
    # the model columns of the table were worked out elsewhere
    assert binomial.tolist() == [int(r["n_binomial_90pct"]) for r in rows]
    raw = sample_plans.poisson_size(p, c)
    assert raw == pytest.approx([float(r["n_poisson_90pct"]) for r in rows], abs=0.0501)
    # the standard's own rounding is not known: 1.5 % or one part of the nearer model
    off = np.minimum(np.abs(printed - binomial), np.abs(printed - raw))
    assert np.all(off <= np.maximum(1.0, 0.015 * printed))
    exact = np.count_nonzero((printed == binomial) | (printed == poisson))
    with capsys.disabled():
        print(  # noqa: T201
            f"\n  table D-I: {exact} of 187 rows are the binomial size or Poisson's rounded up, "
            f"{np.count_nonzero(off > 1.0)} are off by more than one part, "
            f"at most by {np.max(np.where(off > 1.0, off / printed, 0.0)):.2%}"
        )
    assert exact > 187 / 2


@BRIEF
@given(st.floats(0.002, 0.5), st.integers(0, 12), st.floats(0.5, 0.99))
def test_sample_is_enough_and_one_fewer_is_not(p, c, confidence):
    n = int(sample_plans.sample_binomial(p, c, confidence))
    assert n > c
    assert sample_plans.accept_probability(n, c, p) <= (1 - confidence) * (1 + 1e-9)
    if n - 1 > c:
        assert sample_plans.accept_probability(n - 1, c, p) > (1 - confidence) * (1 - 1e-9)
    assert n <= sample_plans.sample_poisson(p, c, confidence)


@BRIEF
@given(st.floats(0.01, 0.4), st.integers(0, 8))
def test_stricter_plans_are_larger(p, c):
    size = sample_plans.sample_binomial
    assert size(p, c + 1) > size(p, c)
    assert size(p / 1.5, c) > size(p, c)
    assert size(p, c, 0.95) >= size(p, c, 0.9)


def test_no_failure_accepted_is_a_logarithm():
    p = np.array([0.5, 0.1, 0.05, 0.01])
    assert (
        sample_plans.sample_binomial(p, 0).tolist()
        == np.ceil(np.log(0.1) / np.log1p(-p)).astype(int).tolist()
    )


@pytest.mark.parametrize(
    ("lot", "bad", "sample", "accept"), [(9, 3, 4, 1), (8, 2, 3, 0), (7, 5, 6, 4), (6, 6, 3, 2)]
)
def test_small_lot_by_counting(lot, bad, sample, accept):
    draws = [sum(i < bad for i in draw) for draw in combinations(range(lot), sample)]
    share = np.mean([found <= accept for found in draws])
    assert sample_plans.accept_from_lot(lot, bad, sample, accept) == pytest.approx(share, rel=1e-9, abs=1e-12)


@BRIEF
@given(st.integers(5, 400), st.floats(0.05, 0.5), st.integers(0, 3))
def test_a_small_lot_never_needs_more_than_a_large_one(lot, share, accept):
    bad = max(accept + 1, int(np.ceil(share * lot)))
    n = sample_plans.sample_from_lot(lot, bad, accept)
    assert sample_plans.accept_from_lot(lot, bad, n, accept) <= 0.1 + 1e-9
    if n - 1 > accept:
        assert sample_plans.accept_from_lot(lot, bad, n - 1, accept) > 0.1 - 1e-9
    if bad < lot:
        assert n <= sample_plans.sample_binomial(bad / lot, accept)


def test_plans_refuse():
    with pytest.raises(ValueError, match="at least one part"):
        sample_plans.accept_probability(0, 0, 0.1)
    with pytest.raises(ValueError, match="lot tolerance"):
        sample_plans.sample_binomial(10.0, 0)
    with pytest.raises(ValueError, match="bad parts"):
        sample_plans.sample_from_lot(10, 2, 2)
