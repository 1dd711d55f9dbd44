"""Early against late: worked by hand, and the cases in which it makes no difference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from packfirst.disciplines.schedule.early_late import Cause, compare

N = 4_000
LUCK = stats.norm.ppf((np.arange(N) + 0.5) / N)


def shuffled(seed):
    return np.random.default_rng(seed).permutation(LUCK)


def cause(name="thermal", share=0.3, seen=1.0, respin=26.0, mend=2.0, derating=None, seed=1, respin_usd=5e6):
    fails = shuffled(seed) < stats.norm.ppf(share)
    return Cause(
        name=name, fails=fails, seen_early=seen, mend_weeks=np.full(N, mend), mend_usd=np.full(N, 1e5),
        respin_weeks=np.full(N, respin), respin_usd=np.full(N, respin_usd),
        derating_usd=None if derating is None else np.full(N, derating),
    )  # fmt: skip


BASE = np.full(N, 60.0)


def found(causes, early=BASE, late=BASE, **more):
    luck = np.array([shuffled(100 + i) for i in range(len(causes))]).reshape(len(causes), N)
    return compare(causes, early, late, luck, **more)


def test_one_cause_worked_by_hand():
    """A limit that fails three times in ten, seen for sure: late pays 26 weeks, early 2."""
    result = found([cause()])
    assert result.late.respin_probability == pytest.approx(0.3, abs=1e-3)
    assert result.early.respin_probability == 0.0
    assert result.weeks_saved[3] == pytest.approx(0.3 * (26.0 - 2.0), abs=0.03)
    assert result.cost_saved_usd[3] == pytest.approx(0.3 * (5e6 - 1e5), rel=0.01)
    assert result.faster_probability == pytest.approx(0.3, abs=1e-3)
    assert result.verdict == "early"
    assert result.causes[0][1] == pytest.approx(result.weeks_saved[3])


def test_no_failing_limit_no_difference_here():
    result = found([cause(share=1e-9)])
    assert result.verdict == "no difference here"
    assert result.weeks_saved == (0.0, 0.0, 0.0, 0.0)


def test_what_cannot_be_seen_early_makes_no_difference():
    result = found([cause(seen=0.0)])
    assert result.verdict == "no difference here"
    assert result.early.respin_probability == result.late.respin_probability


def test_engaging_early_can_be_the_slower_way():
    result = found([cause(share=0.01)], early=BASE + 5.0)
    assert result.verdict == "late"


def test_parts_ordered_in_series_cost_the_overlap():
    """The sourced case: packaging reserved 20 weeks before the design is done, or its weeks run after the wafers."""
    overlapped, series = np.full(N, 12.0 + 20.0), np.full(N, 12.0 + 40.0)
    result = found([cause(share=1e-9)], early=overlapped, late=series)
    assert result.weeks_saved[1] == 20.0
    assert result.verdict == "early"


def test_causes_that_fail_together_need_one_respin():
    same = [cause("thermal", seed=1, respin=26.0), cause("warpage", seed=1, respin=20.0)]
    result = found(same)
    assert result.late.weeks.max() == 86.0
    assert result.late.cost_usd.max() == 5e6
    by_name = dict(result.causes)
    assert by_name["thermal"] == pytest.approx(
        0.3 * (26.0 - 20.0), abs=0.02
    )  # alone, the other still costs 20
    assert by_name["warpage"] == pytest.approx(0.0, abs=1e-9)


def test_the_cheaper_of_respin_and_derating_is_taken():
    cheap, dear = found([cause(derating=1e6)]), found([cause(derating=9e6)])
    assert cheap.late.respin_probability == 0.0 and cheap.late.derated.mean() == pytest.approx(0.3, abs=1e-3)
    assert dear.late.respin_probability == pytest.approx(0.3, abs=1e-3) and not dear.late.derated.any()
    waiting = found([cause(derating=9e6)], week_usd=1e6)  # a respin also costs 26 weeks
    assert waiting.late.respin_probability == 0.0
    mixed = found([cause(derating=1e6), cause("signal", seed=1)])  # one of the two cannot ship
    assert mixed.late.respin_probability == pytest.approx(0.3, abs=1e-3)


@given(st.floats(0.0, 1.0), st.floats(0.0, 0.9), st.floats(2.0, 40.0))
def test_seeing_more_early_never_hurts_while_mending_is_quicker(seen, share, respin):
    less, more = (found([cause(share=share, seen=p, respin=respin)]) for p in (0.5 * seen, seen))
    assert np.all(more.early.weeks <= less.early.weeks)
    assert np.array_equal(more.late.weeks, less.late.weeks)


def test_what_is_no_probability_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        cause(seen=1.5)
    with pytest.raises(ValueError, match="scores of shape"):
        compare([cause()], BASE, BASE, np.zeros((2, N)))
