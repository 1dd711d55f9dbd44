"""Distributions from three points: moments and quantiles that others publish."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from packfirst.disciplines.schedule.durations import Z_90, Duration

SCORES = stats.norm.ppf((np.arange(4_000) + 0.5) / 4_000)

POINTS = st.tuples(st.floats(0.1, 10.0), st.floats(0.0, 10.0), st.floats(0.1, 40.0)).map(
    lambda t: (t[0], t[0] + t[1], t[0] + t[1] + t[2])
)


@given(POINTS)
def test_pert_has_the_mean_of_malcolm_and_others(points):
    low, likely, high = points
    duration = Duration(low=low, likely=likely, high=high)
    sample = duration.sample(SCORES)
    assert sample.mean() == pytest.approx((low + 4 * likely + high) / 6, rel=1e-3)
    assert duration.mean_weeks == pytest.approx((low + 4 * likely + high) / 6)
    assert sample.min() >= low and sample.max() <= high
    alpha = 1 + 4 * (likely - low) / (high - low)
    exact = stats.beta.ppf((np.arange(4_000) + 0.5) / 4_000, alpha, 6 - alpha, loc=low, scale=high - low)
    assert sample == pytest.approx(exact, abs=1.5e-4 * (high - low))


def test_few_samples_and_many_are_the_same_distribution():
    duration = Duration(low=2.0, likely=3.0, high=10.0)
    assert duration.sample(SCORES[::80]) == pytest.approx(duration.sample(SCORES)[::80], abs=1e-3)


@given(POINTS)
def test_triangular_moments(points):
    """Mean (a + b + c)/3, variance (a2 + b2 + c2 - ab - ac - bc)/18 (Johnson and Kotz 1995)."""
    a, m, b = points
    sample = Duration(low=a, likely=m, high=b, shape="triangular").sample(SCORES)
    assert sample.mean() == pytest.approx((a + m + b) / 3, rel=1e-4)
    assert sample.var() == pytest.approx((a * a + m * m + b * b - a * m - a * b - m * b) / 18, rel=1e-3)


@pytest.mark.parametrize("points", [(8.0, 12.0, 18.0), (10.0, 14.0, 39.0), (4.0, 6.0, 8.0), (1.0, 1.2, 9.0)])
def test_lognormal_passes_through_its_three_points(points):
    duration = Duration(low=points[0], likely=points[1], high=points[2], shape="lognormal")
    assert duration.sample(np.array([-Z_90, 0.0, Z_90])) == pytest.approx(points, rel=1e-9)
    fine = stats.norm.ppf(
        (np.arange(200_000) + 0.5) / 200_000
    )  # the mean of the longest tail hangs on its end
    assert duration.sample(fine).mean() == pytest.approx(duration.mean_weeks, rel=0.005)
    assert duration.sample(SCORES).min() >= 0.0


def test_lognormal_with_the_geometric_mean_between_is_the_plain_one():
    sample = Duration(low=4.0, likely=8.0, high=16.0, shape="lognormal").sample(SCORES)
    assert np.log(sample).mean() == pytest.approx(np.log(8.0))
    assert np.log(sample).std() == pytest.approx(np.log(2.0) / Z_90, rel=1e-3)


@given(POINTS, st.sampled_from(["pert", "triangular"]))
def test_more_luck_never_takes_longer(points, shape):
    low, likely, high = points
    sample = Duration(low=low, likely=likely, high=high, shape=shape).sample(SCORES)
    assert np.all(np.diff(sample) >= 0.0)


def test_a_fixed_time_is_fixed():
    assert set(Duration(low=3.0, likely=3.0, high=3.0).sample(SCORES)) == {3.0}
    assert set(Duration(low=1.0, likely=3.0, high=9.0, shape="fixed").sample(SCORES)) == {3.0}


def test_a_scenario_scales_all_three_points():
    duration = Duration(low=1.0, likely=2.0, high=5.0, shape="triangular", sourced=True)
    longer = duration.scaled(18.0)
    assert longer.sample(SCORES) == pytest.approx(18.0 * duration.sample(SCORES))
    assert longer.sourced


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"low": -1.0, "likely": 1.0, "high": 2.0}, "write 0 <= low <= likely <= high"),
        ({"low": 3.0, "likely": 2.0, "high": 4.0}, "write 0 <= low <= likely <= high"),
        ({"low": 1.0, "likely": 2.0, "high": np.inf}, "write 0 <= low <= likely <= high"),
        ({"low": 1.0, "likely": 2.0, "high": 3.0, "shape": "beta"}, "unknown shape 'beta'"),
        ({"low": 1.0, "likely": 9.0, "high": 10.0, "shape": "lognormal"}, "lean to the short side"),
    ],
)
def test_what_is_no_duration_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Duration(**arguments)
