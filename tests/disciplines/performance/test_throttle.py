"""The sustained clock: the cube and the straight line, the supply floor, and slopes against differences."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from packfirst.disciplines.performance.throttle import power_fraction, sustained

fast = settings(max_examples=30, deadline=None, derandomize=True)
exponents = st.floats(1.0, 3.0)


def test_an_eighth_of_the_power_is_half_the_clock_with_the_supply_and_an_eighth_without() -> None:
    """P = a C V^2 f (Mudge 2000): with V as f, power goes with the cube."""
    assert power_fraction(0.5, 3.0) == pytest.approx(0.125, rel=1e-12)
    assert power_fraction(0.5, 1.0) == pytest.approx(0.5, rel=1e-12)
    assert sustained([10.0], [0.0], [80.0], 3.0).frequency == pytest.approx(0.5, rel=1e-12)
    assert sustained([10.0], [0.0], [80.0], 1.0).frequency == pytest.approx(0.125, rel=1e-12)


def test_below_the_supply_floor_the_clock_falls_in_proportion_to_power() -> None:
    at_floor = sustained([12.5], [0.0], [100.0], 3.0, 0.5)
    half_of_that = sustained([6.25], [0.0], [100.0], 3.0, 0.5)
    assert at_floor.frequency == pytest.approx(0.5, rel=1e-12)
    assert half_of_that.frequency == pytest.approx(0.25, rel=1e-12)


def test_full_clock_where_there_is_room_and_none_where_fixed_power_is_too_much() -> None:
    cool = sustained([80.0, 80.0], [10.0, 5.0], [60.0, 70.0], 2.0)
    assert (cool.frequency, cool.power, cool.slope_limit, cool.slope_scaling) == (1.0, 1.0, 0.0, 0.0)
    hot = sustained([80.0, 80.0], [10.0, 81.0], [60.0, 5.0], 2.0)
    assert (hot.frequency, hot.power, hot.binding) == (0.0, 0.0, 1)


def test_a_junction_that_the_clock_does_not_heat_allows_all_or_nothing() -> None:
    assert sustained([50.0, 80.0], [50.0, 0.0], [0.0, 40.0], 2.0).frequency == 1.0
    assert sustained([50.0, 80.0], [51.0, 0.0], [0.0, 40.0], 2.0).frequency == 0.0


def test_the_junction_with_least_room_binds() -> None:
    found = sustained([80.0, 60.0, 80.0], [20.0, 20.0, 30.0], [100.0, 100.0, 50.0], 2.0)
    assert found.binding == 1
    assert found.power == pytest.approx(0.4, rel=1e-12)
    assert found.frequency == pytest.approx(np.sqrt(0.4), rel=1e-12)


@fast
@given(
    st.lists(
        st.tuples(st.floats(20.0, 90.0), st.floats(0.0, 19.0), st.floats(1.0, 200.0)), min_size=1, max_size=5
    ),
    exponents,
    st.floats(0.0, 1.0),
)
def test_every_junction_holds_and_the_binding_one_sits_on_its_limit(
    junctions: list[tuple[float, float, float]], exponent: float, floor: float
) -> None:
    limit, fixed, scaling = np.array(junctions).T
    found = sustained(limit, fixed, scaling, exponent, floor)
    rise = fixed + scaling * power_fraction(found.frequency, exponent, floor)
    assert np.all(rise <= limit * (1.0 + 1e-9))
    if found.frequency < 1.0:
        assert rise[int(found.binding)] == pytest.approx(limit[int(found.binding)], rel=1e-9)


@fast
@given(st.floats(20.0, 90.0), st.floats(0.0, 19.0), st.floats(5.0, 300.0), exponents, st.floats(0.05, 0.95))
def test_slopes_are_those_of_small_steps(
    limit: float, fixed: float, scaling: float, exponent: float, floor: float
) -> None:
    ratio = (limit - fixed) / scaling
    assume(abs(ratio - 1.0) > 1e-3 and abs(ratio - floor**exponent) > 1e-3)
    found = sustained([limit], [fixed], [scaling], exponent, floor)
    step = 1e-5
    by_limit = sustained([[limit + step], [limit - step]], [fixed], [scaling], exponent, floor).frequency
    by_power = sustained([limit], [fixed], [[scaling + step], [scaling - step]], exponent, floor).frequency
    assert (by_limit[0] - by_limit[1]) / (2 * step) == pytest.approx(
        float(found.slope_limit), rel=1e-4, abs=1e-8
    )
    assert (by_power[0] - by_power[1]) / (2 * step) == pytest.approx(
        float(found.slope_scaling), rel=1e-4, abs=1e-8
    )


@fast
@given(st.floats(1.0, 90.0), st.floats(0.0, 40.0), st.floats(1.0, 200.0), exponents, st.floats(1.0, 3.0))
def test_a_better_path_never_slows_and_a_steeper_law_never_throttles_more(
    limit: float, fixed: float, scaling: float, exponent: float, worse: float
) -> None:
    base = sustained([limit], [fixed], [scaling], exponent).frequency
    assert sustained([limit], [fixed * worse], [scaling * worse], exponent).frequency <= base
    assert sustained([limit], [fixed], [scaling], 3.0).frequency >= base


@pytest.mark.parametrize(
    ("scaling", "exponent", "floor", "said"),
    [
        (-1.0, 2.0, 0.0, "scaling"),
        (1.0, 0.9, 0.0, "exponent"),
        (1.0, 3.1, 0.0, "exponent"),
        (1.0, 2.0, 1.1, "floor"),
    ],
)
def test_impossible_clocks_are_refused(scaling: float, exponent: float, floor: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        sustained([10.0], [1.0], [scaling], exponent, floor)
