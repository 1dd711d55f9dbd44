"""Acceleration, failure-rate bounds, missions and doses: laws and refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from packfirst.disciplines.qualification import dose, pind, quality_factor
from packfirst.disciplines.qualification.reliability import (
    arrhenius,
    electromigration,
    equivalence,
    failure_rate,
    humidity,
    mission,
    voltage,
)

BRIEF = settings(max_examples=30, deadline=None, derandomize=True)
EV = st.floats(0.1, 1.5)
KELVIN = st.floats(250.0, 480.0)


@BRIEF
@given(EV, KELVIN, KELVIN, KELVIN)
def test_arrhenius_chains_and_rises_with_stress(ea, a, b, c):
    def af(stress, use):
        return float(arrhenius.acceleration(ea, stress, use))

    assert af(a, b) * af(b, c) == pytest.approx(af(a, c), rel=1e-9)
    assert af(a, a) == 1.0
    assert af(a + 1.0, b) > af(a, b)


@BRIEF
@given(EV, KELVIN, st.floats(5.0, 100.0), st.floats(1.0, 1e4))
def test_activation_energy_comes_back_from_two_times(ea, cool, more, hours):
    hot_hours = hours / arrhenius.acceleration(ea, cool + more, cool)
    assert arrhenius.activation_ev(hours, cool, hot_hours, cool + more) == pytest.approx(ea, rel=1e-9)
    assert equivalence.hours_at(hours, cool + more, ea, cool) == pytest.approx(hot_hours, rel=1e-12)


@BRIEF
@given(EV, KELVIN, KELVIN, st.floats(0.1, 1.0), st.floats(0.1, 1.0), st.floats(1.0, 5.0))
def test_peck_and_black_are_arrhenius_when_nothing_else_differs(ea, hot, cool, x, y, n):
    heat = arrhenius.acceleration(ea, hot, cool)
    assert humidity.acceleration(x, x, hot, cool, n, ea) == pytest.approx(heat)
    assert electromigration.acceleration(x, x, hot, cool, n, ea) == pytest.approx(heat)
    both = humidity.acceleration(x, y, hot, hot, n, ea) * humidity.acceleration(y, x, hot, hot, n, ea)
    assert both == pytest.approx(1.0)


def test_voltage():
    assert voltage.acceleration_exponential(4.0, 1.5, 1.0) == pytest.approx(np.exp(2.0))
    assert voltage.acceleration_power(3.0, 2.0, 1.0) == pytest.approx(8.0)
    assert voltage.reduced_voltage_hours(1000.0, 0.0) == 1000.0
    for wrong in (100.0, -1.0):
        with pytest.raises(ValueError, match="percentage"):
            voltage.reduced_voltage_hours(1000.0, wrong)


@BRIEF
@given(
    st.integers(0, 20),
    st.integers(30, 5000),
    st.floats(10.0, 1e4),
    st.floats(0.05, 0.99),
    st.floats(1.0, 500.0),
)
def test_fit_bounds_are_where_poisson_says(failures, parts, hours, confidence, af):
    upper = failure_rate.upper_fit(failures, parts, hours, confidence, af)
    exposure = parts * hours * af * 1e-9
    # at the upper bound, so few failures turn up with what the confidence leaves
    assert poisson.cdf(failures, upper * exposure) == pytest.approx(1 - confidence, rel=1e-6, abs=1e-9)
    lower = failure_rate.lower_fit(failures, parts, hours, confidence, af)
    if failures:
        assert poisson.sf(failures - 1, lower * exposure) == pytest.approx(1 - confidence, rel=1e-6, abs=1e-9)
    else:
        assert lower == 0.0


@BRIEF
@given(st.floats(1.0, 1e3), st.integers(0, 5), st.floats(0.5, 0.95))
def test_parts_for_fit_are_just_enough(wanted, failures, confidence):
    parts = failure_rate.parts_for_fit(wanted, failures, 1000.0, confidence, 77.6)
    assert failure_rate.upper_fit(failures, parts, 1000.0, confidence, 77.6) <= wanted * (1 + 1e-9)
    if parts - 1 > max(failures, 1):
        assert failure_rate.upper_fit(failures, parts - 1, 1000.0, confidence, 77.6) > wanted


def test_no_failure_is_the_logarithm():
    assert failure_rate.chi_square(0.6, 2) / 2 == pytest.approx(-np.log(0.4), rel=1e-12)


def test_life_test_on_nothing_is_refused():
    for parts, hours in ((0, 1000.0), (45, 0.0)):
        with pytest.raises(ValueError, match="needs parts and hours"):
            failure_rate.upper_fit(0, parts, hours, 0.6)
        with pytest.raises(ValueError, match="needs parts and hours"):
            equivalence.device_hours(parts, hours)
    with pytest.raises(ValueError, match="whole number"):
        failure_rate.upper_fit(3, 2, 1000.0, 0.6)
    with pytest.raises(ValueError, match="relative humidity is a share"):
        humidity.acceleration(85.0, 60.0, 358.0, 303.0, 3.0, 0.9)
    with pytest.raises(ValueError, match="kelvin"):
        arrhenius.acceleration(0.7, 398.0, -55.0)
    with pytest.raises(ValueError, match="cavity has no height"):
        pind.shaker_frequency_hz(0.0)
    with pytest.raises(ValueError, match="without screening points"):
        quality_factor.quality_factor([])


SEGMENTS = st.lists(st.tuples(st.floats(0.0, 1e5), st.floats(240.0, 420.0)), min_size=1, max_size=8)


@BRIEF
@given(SEGMENTS, EV, st.floats(0.05, 0.95))
def test_mission_does_not_know_order_or_split(segments, ea, cut):
    h, t = np.array(segments).T
    af = arrhenius.acceleration(ea, 423.15, t)
    whole = mission.hours_at_stress(h, af)
    assert mission.hours_at_stress(h[::-1], af[::-1]) == pytest.approx(whole, rel=1e-12)
    split = mission.hours_at_stress(np.concatenate([h * cut, h * (1 - cut)]), np.concatenate([af, af]))
    assert split == pytest.approx(whole, rel=1e-9)


@BRIEF
@given(SEGMENTS.filter(lambda s: sum(h for h, _ in s) > 1.0), EV)
def test_effective_temperature_does_the_same_and_lies_between(segments, ea):
    h, t = np.array(segments).T
    steady = mission.effective_temperature_k(h, t, ea)
    used = t[h > 0.0]
    assert np.min(used) - 1e-6 <= steady <= np.max(used) + 1e-6
    at_stress = mission.hours_at_stress(h, arrhenius.acceleration(ea, 423.15, t))
    assert np.sum(h) / arrhenius.acceleration(ea, 423.15, steady) == pytest.approx(at_stress, rel=1e-7)


def test_mission_of_many_missions_at_once():
    hours = np.full((3, 2), 500.0)
    temperature = np.array([[300.0, 350.0], [310.0, 310.0], [340.0, 400.0]])
    found = mission.effective_temperature_k(hours, temperature, 0.7)
    assert found.shape == (3,)
    assert found[1] == pytest.approx(310.0)
    with pytest.raises(ValueError, match="at least one segment"):
        mission.hours_at_stress([], [])
    with pytest.raises(ValueError, match="needs hours"):
        mission.effective_temperature_k([0.0], [300.0], 0.7)


def test_dose():
    assert dose.dose_margin(1e5, 4e4) == pytest.approx(2.5)
    # no margin asked: the reading itself; a fall is judged further down
    assert dose.judged_value(30.0, 70.0, 1.0) == 70.0
    assert dose.judged_value(5.0, 4.0, 3.0) == 2.0
    assert not dose.passes(2.0, least=2.5)
    with pytest.raises(ValueError, match="factor of 1 or more"):
        dose.judged_value(1.0, 2.0, 0.5)
