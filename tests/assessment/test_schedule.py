"""The schedule of whole assessments: there where dates are stated, and bound to the other limits by one luck."""

import time
from dataclasses import replace

import numpy as np
import pytest

from packfirst.assess import assess, failing
from packfirst.disciplines.case import Facts, Table
from packfirst.disciplines.schedule.limits import DISCIPLINE, failing_of
from packfirst.limit import Limit, NotAssessed
from packfirst.program import Program
from packfirst.program.supply_terms import Dates

from . import example


def dated(need: str | None, engage: str = "architecture", **changes: object) -> Program:
    dates = Dates(start="2027-01-04", need=need, engage=engage)
    return example.program().model_copy(update={"dates": dates, **changes})


def test_without_dates_nothing_is_said_unless_it_is_required():
    outcome = DISCIPLINE.limits(example.case(example.STACKED), Facts(), "plan")
    assert (outcome.limits, outcome.metrics, outcome.facts) == ((), (), ())
    asked = example.program().model_copy(update={"requires": ("schedule",)})
    (item,) = DISCIPLINE.limits(example.case(example.STACKED, asked), Facts(), "plan").limits
    assert isinstance(item, NotAssessed)


def test_the_need_date_is_a_limit_only_where_it_is_stated():
    open_end = assess(dated(None), example.catalog(), example.STACKED)
    assert "weeks" in open_end.metrics
    assert not [item for item in open_end.limits if item.identity.discipline == "schedule"]
    found = assess(dated("2030-06-30"), example.catalog(), example.STACKED)
    (judged,) = [item for item in found.verdict.judged if item.limit.identity.discipline == "schedule"]
    assert judged.limit.capacity == pytest.approx(181.857, abs=1e-3)
    assert judged.limit.samples is not None and judged.limit.hard
    assert 0.0 < judged.probability < 1.0
    assert found.verdict.joint_probability <= judged.probability


def test_a_later_need_date_is_never_less_likely_and_late_engagement_never_more():
    by_day = [_probability(dated(day)) for day in ("2029-06-30", "2030-06-30", "2032-06-30")]
    assert by_day == sorted(by_day)
    assert by_day[0] < by_day[-1]
    assert _probability(dated("2030-06-30", "tape_out")) <= by_day[1]


def _probability(program: Program) -> float:
    (limit,) = DISCIPLINE.limits(example.case(example.STACKED, program), Facts(), "plan").limits
    assert isinstance(limit, Limit) and limit.samples is not None
    return float((limit.samples >= 0.0).mean())


def test_failing_limits_reach_the_schedule_sample_by_sample():
    program = dated("2030-06-30")
    assessment = assess(program, example.catalog(), example.STACKED)
    others = {name: item for name, item in assessment.outcomes.items() if name != "schedule"}
    facts = failing(others, example.case(example.STACKED, program))
    by_name = {
        str(item.limit.identity): 1.0 - item.probability
        for item in assessment.verdict.judged
        if item.limit.hard
    }
    for fact in facts:
        assert fact.value == pytest.approx(by_name[fact.subject], abs=1e-12)
    found = failing_of(Facts(facts))
    assert found and all(item.probability > 0.0 for item in found)
    case = example.case(example.STACKED, program)
    alone = DISCIPLINE.limits(case, Facts(), "plan").metrics[0]
    bound = DISCIPLINE.limits(case, Facts(facts), "plan").metrics[0]
    assert alone.samples is not None and bound.samples is not None
    assert np.all(bound.samples >= alone.samples - 1e-9)
    assert bound.samples.mean() > alone.samples.mean()


def test_freeze_dates_are_facts_for_the_envelope():
    outcome = DISCIPLINE.limits(example.case(example.STACKED, dated("2030-06-30")), Facts(), "plan")
    weeks = {fact.subject: fact.value / 604800.0 for fact in outcome.facts if fact.name == "freeze_week"}
    assert set(weeks) >= {
        "bump_map:make_si_interposer",
        "bump_map:make_organic_substrate",
        "pad_map:package_design",
    }
    assert all(week < 182.0 for week in weeks.values())


def test_the_screen_rejects_only_what_assessing_fails():
    from packfirst.architecture.candidate import space

    rejections = 0
    for need in ("2027-09-01", "2028-03-01", "2028-09-01", "2029-03-01", "2031-01-01"):
        program = dated(need)
        every = space(program, example.catalog())
        rows = np.arange(len(every))[:: max(len(every) // 50, 1)]
        table = Table(program=program, catalog=example.catalog(), space=every, rows=rows)
        (bound,) = DISCIPLINE.bounds(table).bounds
        rejections += int(bound.rejected.sum())
        for row, rejected in zip(rows, bound.rejected, strict=True):
            if rejected:
                case = replace(
                    example.case(example.STACKED, program), architecture=_with(every.candidate(int(row)))
                )
                (limit,) = DISCIPLINE.limits(case, Facts(), "plan").limits
                assert isinstance(limit, Limit) and limit.samples is not None
                assert (limit.samples >= 0.0).mean() < 0.05
    assert rejections > 0
    assert not DISCIPLINE.bounds(
        Table(program=example.program(), catalog=example.catalog(), space=every, rows=rows)
    ).bounds


def _with(candidate):
    """The example's architecture with another candidate's choices: all that a schedule looks at."""
    return replace(example.case(example.STACKED).architecture, candidate=candidate)


def test_plan_takes_under_15_ms_of_256_samples():
    case = replace(example.case(example.STACKED, dated("2030-06-30")), n_samples=256)
    DISCIPLINE.limits(case, Facts(), "plan")
    taken = []
    for _ in range(7):
        begin = time.process_time()
        DISCIPLINE.limits(case, Facts(), "plan")
        taken.append(time.process_time() - begin)
    assert min(taken) < 0.015
