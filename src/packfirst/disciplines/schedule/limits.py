"""Schedule of a candidate: when the part is fielded, what sets that day, and by when what must be settled."""

from datetime import date
from typing import Any

import numpy as np

from packfirst.catalog.schedule_scenarios import ORDINARY, ScheduleScenario
from packfirst.disciplines.case import Case, Facts, Outcome, Screen, Table
from packfirst.disciplines.schedule.records import WEEK_S, Build, Failing, Sampler, build_of, luck, works
from packfirst.disciplines.schedule.work import Plan, planned
from packfirst.limit import Fact, Identity, Limit, Metric, NotAssessed

MODEL = "schedule/network"
# One standard deviation as a share of the weeks: works that nobody thought of, calendars, people. Assumed; two thirds
# of chip projects end later than planned (Wilson Research, 2022), which no band of single works explains.
MODEL_ERROR = 0.10
BASIS = (
    "critical path by samples: Kelley, Walker 1959; criticality: Van Slyke 1963",
    "times of catalog/activity",
)
FAILING = "failing"  # facts of assess: which limit fails in which sample


class Schedule:
    """Activity network from architecture to fielded part, sampled under the shared scores."""

    name = "schedule"
    needs = (FAILING, "qualification_weeks")
    gives = ("freeze_week", "engage_week")

    def bounds(self, table: Table) -> Screen:
        from packfirst.disciplines.schedule.bounds import screen

        return screen(table)

    def limits(self, case: Case, facts: Facts, rung: str) -> Outcome:
        dates = case.program.dates
        if dates is None:
            if self.name not in case.program.requires:
                return Outcome()
            identity = Identity(discipline=self.name, kind="need_date", subject="package")
            missing = NotAssessed(identity=identity, missing=("dates of the Program: start, and need",))
            return Outcome(limits=(missing,))
        sampler = Sampler(case.catalog, case.n_samples, case.seed)
        build = build_in(case, facts, date.fromisoformat(dates.start))
        plan = plan_of(sampler, build, failing_of(facts))
        weeks, slopes = plan.samples.finish, plan.slopes()
        middle = plan.samples.quantile(0.5)
        metric = Metric(
            name="weeks",
            value=middle,
            unit="week",
            better="less",
            sensitivities=slopes,
            samples=np.array(weeks),
        )
        details = described(plan, build, case.program.confidence, ORDINARY)
        outcome = Outcome(
            metrics=(metric,), facts=tuple(_facts(details)), details=details
        )  # fmt: skip
        need = build.need_weeks
        if need is None:
            return outcome
        flags = () if details["sourced_share"] >= 0.5 else (
            f"only {details['sourced_share']:.0%} of the critical path rests on sourced times",
        )  # fmt: skip
        limit = Limit(
            identity=Identity(discipline=self.name, kind="need_date", subject="package"), demand=middle,
            capacity=need, unit="week", hard=True, rung=rung,
            sensitivities={name: -slope for name, slope in slopes.items()}, model=MODEL,
            model_error=MODEL_ERROR * middle, basis=BASIS, samples=need - np.array(weeks), flags=flags,
            explanation=f"the part is fielded after {middle:.0f} weeks, as likely as not; {dates.need} is "
            f"{need:.0f} weeks after {dates.start}",
        )  # fmt: skip
        return Outcome(limits=(limit,), metrics=outcome.metrics, facts=outcome.facts, details=details)


def build_in(case: Case, facts: Facts, start: date) -> Build:
    """What is to be built, with the weeks of the qualification's own plan where it has one."""
    return build_of(case.program, case.catalog, case.architecture.candidate, start, qualification_of(facts))


def qualification_of(facts: Facts) -> tuple[float, float, float] | None:
    """10 %, 50 % and 90 % points of the qualification's own plan, None where it gives none. [weeks]"""
    found = [facts.get("qualification_weeks", "package", mode) for mode in ("p10", "p50", "p90")]
    low, middle, high = (None if item is None else item.value for item in found)
    if low is None or middle is None or high is None:
        return None
    return low, middle, high


def failing_of(facts: Facts) -> tuple[Failing, ...]:
    """The limits of other disciplines that fail in some sample."""
    found = []
    for fact in facts.named(FAILING):
        if fact.samples is not None and fact.value > 0.0:
            found.append(
                Failing(
                    name=fact.subject, discipline=fact.subject.partition("/")[0], fails=fact.samples < 0.0,
                    margin=fact.samples,
                )
            )  # fmt: skip
    return tuple(found)


def plan_of(sampler: Sampler, build: Build, failing: tuple[Failing, ...]) -> Plan:
    """The walked network of what is to be built."""
    return planned(works(sampler, build, luck(sampler, build, failing)))


def described(plan: Plan, build: Build, confidence: float, scenario: ScheduleScenario) -> dict[str, Any]:
    """Plain tables for reports: works, dates by which to engage and to freeze, the sourced share.

    Latest days are those that leave the need date its confidence; where none is stated, those that keep the finish
    at the point of that confidence.
    """
    samples, need = plan.samples, build.need_weeks
    summary = samples.summary
    target = samples.quantile(confidence) if need is None else need
    rows = []
    for work, critical in zip(plan.works, plan.criticality, strict=True):
        index = samples.network.index(work.id)
        happens = samples.durations[index] > 0.0
        if not happens.any():
            continue
        # Where a work may not happen at all, its days are those of the samples in which it does.
        begin, weeks = samples.early_start[index][happens], samples.durations[index][happens]
        ends = np.quantile(begin + weeks, (0.5, 0.9))
        rows.append({
            "id": work.id, "name": work.name, "by": work.by, "evidence": work.evidence, "sourced": work.sourced,
            "after": list(work.after), "criticality": float(critical), "happens": float(happens.mean()),
            "start_p50": float(np.quantile(begin, 0.5)), "end_p50": float(ends[0]), "end_p90": float(ends[1]),
            "weeks_p50": float(np.quantile(weeks, 0.5)),
            "freeze": work.freeze, "latest_start": samples.latest_start(work.id, target, confidence),
        })  # fmt: skip
    first = [
        row
        for row in rows
        if not str(row["id"]).startswith(("respin_", "again_", "package_fix", "package_redraw"))
    ]
    return {
        "scenario": scenario.name, "start": build.start.isoformat(), "engage": build.engage,
        "need": build.need.isoformat() if build.need else None, "need_weeks": need, "confidence": confidence,
        "p50_weeks": summary.p50_weeks, "p90_weeks": summary.p90_weeks, "low_weeks": summary.low_weeks,
        "high_weeks": summary.high_weeks, "sourced_share": summary.sourced_share,
        "need_probability": None if need is None else samples.probability_by(need), "works": rows,
        # One supplier is engaged for his first work; the study with the assembly house is a visit of its own.
        "engage_by": [
            {"work": row["id"], "name": row["name"], "by": row["by"], "latest_week": row["latest_start"]}
            for row in first if row["by"] != "program"
        ],
        "freeze_by": [
            {"freeze": row["freeze"], "for": row["id"], "name": row["name"], "latest_week": row["latest_start"],
             "week_p50": row["start_p50"]}
            for row in first if row["freeze"]
        ],
    }  # fmt: skip


def _facts(details: dict[str, Any]) -> list[Fact]:
    """Latest weeks as facts, in seconds from the start of the program."""
    found = [
        Fact(name="freeze_week", subject=f"{row['freeze']}:{row['for']}", value=row["latest_week"] * WEEK_S)
        for row in details["freeze_by"]
    ]
    return found + [
        Fact(name="engage_week", subject=row["work"], value=row["latest_week"] * WEEK_S)
        for row in details["engage_by"]
    ]


DISCIPLINE = Schedule()
