"""Queues: printed tables, exact fractions, limits."""

import tomllib
from fractions import Fraction
from math import factorial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.disciplines.supply.queueing import (
    erlang_b,
    erlang_c,
    ggc_flags,
    ggc_wait_weeks,
    lines_needed,
    mg1_wait_weeks,
    mm1_wait_weeks,
    mmc_wait_above,
    mmc_wait_weeks,
)

TABLES = tomllib.loads((Path(__file__).parents[2] / "references/supply/erlang.toml").read_text("utf-8"))


@pytest.mark.parametrize("table", TABLES["loss"], ids=lambda table: table["source"][:20])
def test_erlang_b_as_printed(table):
    for lines, load, blocked in table["rows"]:
        assert erlang_b(lines, load) == pytest.approx(blocked, abs=table["half_last_digit"])


@pytest.mark.parametrize("table", TABLES["delay"], ids=lambda table: table["source"][:20])
def test_erlang_c_as_printed(table):
    for lines, load, waits in table["rows"]:
        assert erlang_c(lines, load) == pytest.approx(waits, abs=table["half_last_digit"])


@given(st.integers(1, 30), st.integers(1, 29))
def test_erlang_against_exact_fractions(lines, tenths):
    """Both formulas summed in rational numbers, where nothing overflows and nothing is lost."""
    a = Fraction(lines * tenths, 30)
    terms = [a**n / factorial(n) for n in range(lines + 1)]
    assert erlang_b(lines, float(a)) == pytest.approx(float(terms[-1] / sum(terms)), rel=1e-12)
    busy = terms[-1] * lines / (lines - a)
    assert erlang_c(lines, float(a)) == pytest.approx(float(busy / (sum(terms[:-1]) + busy)), rel=1e-12)


def test_one_line_is_the_same_queue_by_every_name():
    rate, s = np.array([0.1, 0.3, 0.45]), 2.0
    wanted = rate * s * s / (1 - rate * s)  # rho s / (1 - rho)
    assert mm1_wait_weeks(rate, s) == pytest.approx(wanted)
    assert mmc_wait_weeks(1, rate, s) == pytest.approx(wanted)
    assert ggc_wait_weeks(1, rate, s, 1.0, 1.0) == pytest.approx(wanted)


@given(st.floats(0.05, 0.95), st.floats(0.0, 4.0))
def test_one_line_with_any_service_is_exact(rho, cv2):
    """Pollaczek and Khinchine: the approximation for many lines falls back on it for one."""
    assert ggc_wait_weeks(1, rho, 1.0, 1.0, cv2) == pytest.approx(mg1_wait_weeks(rho, 1.0, cv2))
    assert mg1_wait_weeks(rho, 1.0, 0.0) == pytest.approx(
        mm1_wait_weeks(rho, 1.0) / 2
    )  # fixed service halves it


@given(st.integers(1, 20), st.floats(0.1, 0.95))
def test_pooling_never_hurts_and_load_always_does(lines, rho):
    here = mmc_wait_weeks(lines, rho * lines, 1.0)
    assert mmc_wait_weeks(2 * lines, 2 * rho * lines, 1.0) <= here
    assert mmc_wait_weeks(lines, rho * lines * 1.01, 1.0) > here


def test_a_full_queue_grows_without_end():
    assert np.isinf(mmc_wait_weeks(3, 3.0, 1.0))
    assert np.isinf(mg1_wait_weeks(1.0, 1.0, 1.0))
    assert erlang_c(3, 5.0) == 1.0
    assert mmc_wait_above(3, 3.0, 1.0, 10.0) == 1.0


def test_the_tail_of_the_wait_has_the_mean_as_its_area():
    weeks = np.linspace(0.0, 80.0, 40_001)
    area = np.trapezoid(mmc_wait_above(3, 1.2, 2.0, weeks), weeks)
    assert area == pytest.approx(float(mmc_wait_weeks(3, 1.2, 2.0)), rel=1e-5)


@given(st.floats(0.2, 20.0), st.floats(1.05, 4.0))
def test_lines_needed_are_the_fewest(load, stretch):
    lines = lines_needed(load, 1.0, stretch)
    assert mmc_wait_weeks(lines, load, 1.0) + 1.0 <= stretch + 1e-9
    if lines > 1:
        assert mmc_wait_weeks(lines - 1, load, 1.0) + 1.0 > stretch - 1e-9


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="no longer than the service"):
        lines_needed(1.0, 4.0, 4.0)
    with pytest.raises(ValueError, match="below 0"):
        mmc_wait_weeks(2, -1.0, 1.0)
    with pytest.raises(ValueError, match="at least one"):
        erlang_c(0, 1.0)


def test_the_approximation_says_where_it_is_stretched():
    assert ggc_flags(0.8, 1.0, 0.5) == ()
    assert ggc_flags(0.2, 1.0, 1.0) == ()  # exact there
    assert ggc_flags(0.2, 1.0, 0.5) == ("utilisation 0.2 is outside the validated range 0.5 to 0.99",)
