"""What refresh takes: published overheads, the step at 85 degC, slopes, and what must not be said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.performance.refresh import refresh_share

EDGE, SENSOR = 358.15, 3.0


@pytest.mark.parametrize(
    ("time_ns", "interval_us", "lost"),
    [(110, 7.8, 0.0141), (160, 7.8, 0.0205), (260, 7.8, 0.0333), (350, 7.8, 0.0449), (350, 3.9, 0.0897)],
)
def test_ddr_timings_of_jesd79(time_ns, interval_us, lost):
    """1 to 8 Gb of DDR3 and DDR4 (JESD79-3 and -4): tRFC 110, 160, 260, 350 ns; 7.8 us, 3.9 us when hot."""
    found = refresh_share(300.0, interval_us * 1e-6, time_ns * 1e-9, EDGE, SENSOR)
    assert float(found.share) == pytest.approx(lost, abs=5e-5)


def test_hot_memory_is_refreshed_twice_as_often():
    cool, edge, hot = refresh_share([300.0, EDGE, 400.0], 3.9e-6, 350e-9, EDGE, SENSOR).share
    assert hot == pytest.approx(2.0 * cool, rel=1e-9)
    assert edge == pytest.approx(1.5 * cool, rel=1e-9)


def test_without_spread_the_rate_steps():
    below, above = refresh_share([EDGE - 0.01, EDGE + 0.01], 3.9e-6, 350e-9, EDGE, 1e-4).share
    assert above == pytest.approx(2.0 * below, rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.floats(345.0, 372.0), st.floats(1e-6, 8e-6), st.floats(1e-8, 4e-7), st.floats(1.0, 6.0))
def test_slopes_are_those_of_the_share(kelvin, interval, time, sensor):
    at = np.array([kelvin, interval, time, EDGE, sensor])
    found = refresh_share(*at)
    slopes = (
        found.slope_temperature, found.slope_interval, found.slope_time, -found.slope_temperature, found.slope_sensor,
    )  # fmt: skip
    for number, slope in enumerate(slopes):
        step = np.zeros(5)
        step[number] = 1e-5 * at[number]
        numeric = float(refresh_share(*(at + step)).share - refresh_share(*(at - step)).share) / (
            2.0 * step[number]
        )
        assert float(slope) == pytest.approx(numeric, rel=1e-4, abs=1e-12)


@pytest.mark.parametrize(
    "wrong", [(300.0, 0.0, 1e-7, EDGE, 3.0), (300.0, 1e-6, -1e-9, EDGE, 3.0), (300.0, 1e-6, 1e-7, EDGE, 0.0)]
)
def test_nonsense_is_refused(wrong):
    with pytest.raises(ValueError, match="above zero"):
        refresh_share(*wrong)


def test_memory_that_is_never_done_is_refused():
    with pytest.raises(ValueError, match="all of the memory's time"):
        refresh_share(400.0, 5e-7, 3e-7, EDGE, SENSOR)
