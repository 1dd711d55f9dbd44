"""Reach by rate and termination, against BoW's table, and the length of the longest wire."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.electrical.bumps import Lattice
from packfirst.disciplines.electrical.reach import longest_wire_m, reach_limit_m

BOW = tomllib.loads((Path(__file__).parents[2] / "references" / "electrical" / "bow.toml").read_text())
RATES = np.array(BOW["reach"]["rate_gbps"]) * 1e9
TERMINATIONS = ("laminate_none", "laminate_source", "laminate_double", "advanced_none")

fast = settings(max_examples=30, deadline=None, derandomize=True)


@pytest.mark.parametrize("termination", TERMINATIONS)
def test_each_mode_gets_its_printed_reach(termination: str) -> None:
    printed = np.array(BOW["reach"][termination]) * 1e-3
    np.testing.assert_array_equal(reach_limit_m(RATES, RATES, printed), printed)


def test_between_modes_the_faster_one_counts_and_beyond_the_last_there_is_none() -> None:
    source = np.array(BOW["reach"]["laminate_source"]) * 1e-3
    np.testing.assert_allclose(
        reach_limit_m([2.1e9, 5e9, 7.9e9, 40e9], RATES, source), [10e-3, 5e-3, 5e-3, 0.0]
    )


@fast
@given(st.floats(1e9, 40e9), st.floats(1.0, 4.0), st.sampled_from(TERMINATIONS))
def test_a_faster_lane_never_reaches_further(rate: float, faster: float, termination: str) -> None:
    table = np.array(BOW["reach"][termination]) * 1e-3
    assert reach_limit_m(rate * faster, RATES, table) <= reach_limit_m(rate, RATES, table)


@fast
@given(st.floats(1e9, 40e9))
def test_more_termination_never_reaches_less(rate: float) -> None:
    none, source, double = (
        reach_limit_m(rate, RATES, np.array(BOW["reach"][name]) * 1e-3) for name in TERMINATIONS[:3]
    )
    assert none <= source <= double


def test_the_longest_wire_of_the_working_example_within_its_jogs() -> None:
    note = BOW["interposer"]
    depth = 4 * BOW["slice"]["rows"] * Lattice.hexagonal(note["bump_pitch_um"] * 1e-6).row_pitch_m
    found = longest_wire_m(note["gap_mm"] * 1e-3, depth, depth)
    assert found < note["longest_wire_mm"] * 1e-3  # jogs only add
    assert found == pytest.approx(note["longest_wire_mm"] * 1e-3, rel=0.15)


def test_an_offset_lengthens_the_wire_either_way() -> None:
    straight = longest_wire_m(0.1e-3, 1e-3, 2e-3)
    assert straight == pytest.approx(3.1e-3, rel=1e-12)
    assert longest_wire_m(0.1e-3, 1e-3, 2e-3, -0.4e-3) == pytest.approx(3.5e-3, rel=1e-12)


@pytest.mark.parametrize(("rates", "reach"), [([], []), ([1e9], [1.0, 2.0]), ([2e9, 1e9], [1.0, 2.0])])
def test_a_table_out_of_order_is_refused(rates: list[float], reach: list[float]) -> None:
    with pytest.raises(ValueError, match=r"reach per rate|ascend"):
        reach_limit_m(1e9, rates, reach)
