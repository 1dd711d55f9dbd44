"""Bands, and the shared scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.inputs import Evidence, Input, Kind, by_id, model_score_id, scores

POINTS = np.array([-1.6448536269514722, 0.0, 1.6448536269514722])


def banded(value, low, high, kind=Kind.UNCERTAIN):
    return Input(
        id="x", value=value, low=low, high=high, quantity="number", kind=kind, evidence=Evidence.ASSUMED
    )


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_low_value_and_high_are_the_5_50_and_95_percent_points(value, below, above):
    item = banded(value, value - below, value + above)
    assert item.value + item.deviation(POINTS) == pytest.approx([item.low, value, item.high], abs=1e-9)


@given(st.floats(1e-6, 1e6), st.floats(1.0, 100.0), st.floats(3.1, 100.0))
def test_a_wide_band_keeps_its_points_too(value, below, above):
    item = banded(value, value / below, value * above)
    assert item.value + item.deviation(POINTS) == pytest.approx([item.low, value, item.high], rel=1e-12)


def test_a_band_of_more_than_three_scatters_by_a_factor():
    wide, narrow = banded(1.0, 0.5, 2.0), banded(1.0, 0.6, 1.7)
    twice = 2.0 * POINTS
    assert 1.0 + wide.deviation(twice) == pytest.approx([0.25, 1.0, 4.0])
    assert 1.0 + narrow.deviation(twice) == pytest.approx([0.2, 1.0, 2.4])
    below_zero = banded(1.0, -1.0, 9.0)
    assert 1.0 + below_zero.deviation(twice) == pytest.approx([-3.0, 1.0, 17.0])


def test_what_is_not_sampled_does_not_move():
    for item in (banded(1.0, 0.5, 2.0, Kind.CHOICE), banded(1.0, None, None)):
        assert not item.is_sampled
        assert not item.deviation(POINTS).any()
        assert item.sigma == 0.0
    assert banded(1.0, 0.5, 2.0, Kind.VARIATION).is_sampled


def test_sigma_is_half_the_span_at_one_sigma():
    assert banded(10.0, 10.0 - POINTS[2], 10.0 + 3.0 * POINTS[2]).sigma == pytest.approx(2.0)


def test_a_moved_input_takes_its_band_along():
    assert (banded(1.0, 0.5, 2.0).moved(3.0).low, banded(1.0, 0.5, 2.0).moved(3.0).high) == (2.5, 4.0)
    assert banded(1.0, None, None).moved(3.0).low is None
    assert float(banded(1.0, None, None).moved(3.0)) == 3.0


def test_an_id_has_its_scores_in_any_company_and_order():
    alone = scores(["b"], 256, 7)["b"]
    for company in (["a", "b", "c"], ["c", "b"], ["b", "b"]):
        assert np.array_equal(scores(company, 256, 7)["b"], alone)
    assert not np.array_equal(scores(["b"], 256, 8)["b"], alone)
    assert not np.array_equal(scores(["a"], 256, 7)["a"], alone)


def test_scores_are_the_same_on_every_machine():
    """The order is Philox's and the hash is BLAKE2b: both are specified to the bit, so the figures may be pinned."""
    from hashlib import blake2b

    key = int.from_bytes(blake2b(b"0/x", digest_size=16).digest(), "big")
    order = np.random.Generator(np.random.Philox(key=key)).permutation(8)
    assert np.array_equal(np.argsort(np.argsort(scores(["x"], 8, 0)["x"])), order)


@given(st.text(max_size=20), st.integers(2, 300), st.integers(0, 5))
def test_each_stratum_of_the_normal_is_drawn_once(name, n, seed):
    from scipy.stats import norm

    cells = np.floor(norm.cdf(scores([name], n, seed)[name]) * n)
    assert sorted(cells) == list(range(n))


def test_ids_are_nearly_uncorrelated():
    drawn = np.array(list(scores([f"catalog/x/{n}" for n in range(40)], 1024, 0).values()))
    found = np.corrcoef(drawn) - np.eye(40)
    # 780 pairs of independent samples of 1024: four standard deviations of 1/32 each.
    assert np.abs(found).max() < 4.0 / 32.0
    assert found[np.triu_indices(40, 1)].std() == pytest.approx(1.0 / 32.0, rel=0.15)


def test_a_model_s_scores_are_nobody_else_s():
    assert model_score_id("thermal/conduction") != "thermal/conduction"
    assert by_id([banded(1.0, None, None)])["x"].value == 1.0
