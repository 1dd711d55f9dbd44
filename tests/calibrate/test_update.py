"""The update against exact conjugate posteriors, and against one summed over a grid."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.calibrate.update import Observation, Prior, prior_of, updated
from packfirst.inputs import Z_90, Evidence, Input, Kind

SIZES = st.floats(0.05, 20.0)


def prior(value=10.0, below=2.0, above=2.0, is_log=False):
    return Prior(value=value, below=below, above=above, is_log=is_log)


def direct(value, sigma, is_log=False, number=0):
    return Observation(value=value, sigma=sigma, predict=lambda x: float(x[number]), is_log=is_log)


@given(st.floats(1.0, 50.0), SIZES, st.lists(st.tuples(st.floats(1.0, 50.0), SIZES), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_normal_prior_and_direct_measurements_are_conjugate(mean, sigma, told):
    """Gelman et al., Bayesian Data Analysis, eq. (2.11) and (2.12): precisions add, means weigh by them."""
    found = updated([prior(mean, sigma, sigma)], [direct(y, s) for y, s in told])
    precision = sigma**-2 + sum(s**-2 for _, s in told)
    expected = (mean * sigma**-2 + sum(y * s**-2 for y, s in told)) / precision
    assert found.values[0] == pytest.approx(expected, rel=1e-8)
    assert found.highs[0] - found.values[0] == pytest.approx(Z_90 / math.sqrt(precision), rel=1e-6)
    assert found.values[0] - found.lows[0] == pytest.approx(Z_90 / math.sqrt(precision), rel=1e-6)


@given(st.floats(0.1, 50.0), st.floats(0.2, 1.5), st.floats(0.1, 50.0), st.floats(0.05, 1.0))
@settings(max_examples=30, deadline=None)
def test_log_normal_prior_and_factors_are_conjugate_in_the_logarithm(median, spread, told, factor):
    found = updated([prior(median, spread, spread, is_log=True)], [direct(told, factor, is_log=True)])
    precision = spread**-2 + factor**-2
    middle = (math.log(median) * spread**-2 + math.log(told) * factor**-2) / precision
    assert found.values[0] == pytest.approx(math.exp(middle), rel=1e-7)
    assert found.highs[0] / found.values[0] == pytest.approx(math.exp(Z_90 / math.sqrt(precision)), rel=1e-5)


def test_two_numbers_of_which_only_the_sum_is_measured():
    """Linear Gaussian update with H = [1, 1]: the textbook Kalman step, worked by hand."""
    found = updated(
        [prior(10.0, 3.0, 3.0), prior(5.0, 1.0, 1.0)],
        [Observation(value=20.0, sigma=1.0, predict=lambda x: float(x[0] + x[1]))],
    )
    gain = np.array([9.0, 1.0]) / (9.0 + 1.0 + 1.0)
    assert found.values == pytest.approx([10.0 + 5.0 * gain[0], 5.0 + 5.0 * gain[1]])
    covariance = np.diag([9.0, 1.0]) - np.outer(gain, [9.0, 1.0])
    assert found.correlation[0, 1] == pytest.approx(
        covariance[0, 1] / math.sqrt(covariance[0, 0] * covariance[1, 1])
    )
    assert found.surprise[0] == pytest.approx(5.0 / math.sqrt(11.0))
    assert (found.highs - found.values) / Z_90 == pytest.approx(np.sqrt(np.diag(covariance)), rel=1e-6)


def test_a_curved_prediction_against_a_posterior_summed_over_a_grid():
    """Negative-binomial yield of a die, defects and clustering unknown, both in their logarithms."""
    area, sd = 1.0, (0.45, 0.5)

    def predict(x):
        return float((1.0 + area * x[0] / x[1]) ** -x[1])

    found = updated(
        [prior(0.10, sd[0], sd[0], is_log=True), prior(4.0, sd[1], sd[1], is_log=True)],
        [Observation(value=0.86, sigma=0.01, predict=predict)],
    )
    u, v = np.meshgrid(
        math.log(0.1) + np.linspace(-2.5, 2.5, 1201), math.log(4.0) + np.linspace(-2.5, 2.5, 601),
        indexing="ij",
    )  # fmt: skip
    yields = (1.0 + area * np.exp(u) / np.exp(v)) ** -np.exp(v)
    weight = np.exp(
        -0.5
        * (
            ((u - math.log(0.1)) / sd[0]) ** 2
            + ((v - math.log(4)) / sd[1]) ** 2
            + ((yields - 0.86) / 0.01) ** 2
        )
    )
    weight /= weight.sum()
    mean = (u * weight).sum()
    spread = math.sqrt(((u - mean) ** 2 * weight).sum())
    assert math.log(found.values[0]) == pytest.approx(mean, abs=0.1 * spread)
    assert math.log(found.highs[0] / found.lows[0]) / 2.0 / Z_90 == pytest.approx(spread, rel=0.05)


@given(st.floats(2.0, 30.0), SIZES, st.floats(2.0, 30.0), SIZES)
@settings(max_examples=30, deadline=None)
def test_one_after_the_other_is_as_both_at_once(first, s_first, second, s_second):
    both = updated([prior()], [direct(first, s_first), direct(second, s_second)])
    one = updated([prior()], [direct(first, s_first)])
    width = float(one.highs[0] - one.values[0]) / Z_90
    then = updated([prior(float(one.values[0]), width, width)], [direct(second, s_second)])
    assert then.values == pytest.approx(both.values, rel=1e-7)
    assert then.highs == pytest.approx(both.highs, rel=1e-6)


@given(st.floats(2.0, 30.0), SIZES)
@settings(max_examples=30, deadline=None)
def test_a_measurement_never_widens_what_a_symmetric_prior_knew(value, sigma):
    found = updated([prior()], [direct(value, sigma)])
    assert found.highs[0] - found.lows[0] < 2.0 * Z_90 * 2.0
    assert min(10.0, value) - 1e-9 <= found.values[0] <= max(10.0, value) + 1e-9
    assert abs(found.left[0]) <= abs(value - 10.0) / sigma + 1e-9


def test_a_lopsided_prior_counts_the_side_on_which_the_measurement_lies():
    up = updated([prior(10.0, 1.0, 4.0)], [direct(16.0, 4.0)])
    down = updated([prior(10.0, 1.0, 4.0)], [direct(4.0, 4.0)])
    assert up.values[0] == pytest.approx(13.0)
    assert down.values[0] == pytest.approx(10.0 - 6.0 / 17.0)


def test_what_nothing_was_learnt_of_keeps_its_lopsided_band():
    found = updated([prior(10.0, 1.0, 4.0), prior(5.0, 1.0, 1.0)], [direct(6.0, 1.0, number=1)])
    assert found.lows[0] == pytest.approx(10.0 - Z_90 * 1.0)
    assert found.highs[0] == pytest.approx(10.0 + Z_90 * 4.0)


def test_the_band_of_a_lopsided_prior_against_its_summed_posterior():
    """Mode off the prior's middle, so that the lower point lies across it."""
    found = updated([prior(10.0, 1.0, 4.0)], [direct(11.0, 2.0)])
    x = np.linspace(0.0, 30.0, 300001)
    weight = np.exp(-0.5 * (((x - 10.0) / np.where(x < 10.0, 1.0, 4.0)) ** 2 + ((x - 11.0) / 2.0) ** 2))
    whole = np.cumsum(weight) / weight.sum()
    low, high = (float(x[np.searchsorted(whole, share)]) for share in (0.05, 0.95))
    assert found.values[0] == pytest.approx(x[np.argmax(weight)], abs=1e-3)
    # A split normal's points are its sides' own, not the shares of its area: near, by a fifth of the band.
    assert found.lows[0] == pytest.approx(low, abs=0.2 * (high - low))
    assert found.highs[0] == pytest.approx(high, abs=0.2 * (high - low))


def item(value, low, high):
    return Input(
        id="catalog/x/y/z", value=value, low=low, high=high, quantity="number", kind=Kind.UNCERTAIN,
        evidence=Evidence.ASSUMED,
    )  # fmt: skip


def test_a_prior_is_what_its_input_samples():
    narrow, wide = prior_of(item(10.0, 8.0, 13.0)), prior_of(item(10.0, 2.0, 30.0))
    for input_, found in ((item(10.0, 8.0, 13.0), narrow), (item(10.0, 2.0, 30.0), wide)):
        shift = input_.deviation(np.array([-Z_90, Z_90]))
        assert found.at(found.middle - Z_90 * found.below) == pytest.approx(input_.value + shift[0])
        assert found.at(found.middle + Z_90 * found.above) == pytest.approx(input_.value + shift[1])
    assert (narrow.is_log, wide.is_log) == (False, True)


@pytest.mark.parametrize("band", [(None, None), (10.0, 10.0)])
def test_what_has_no_band_is_no_prior(band):
    with pytest.raises(ValueError, match="no band"):
        prior_of(item(10.0, *band))
