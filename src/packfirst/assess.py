"""The ordered disciplines, and the facts that pass between them; nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from packfirst.architecture.architecture import Architecture, build
from packfirst.architecture.candidate import Candidate
from packfirst.architecture.elaborate import elaborate
from packfirst.architecture.package import Package
from packfirst.catalog import Catalog
from packfirst.catalog.record import MissingDatum
from packfirst.confidence import Verdict, judge, margins
from packfirst.disciplines import registry
from packfirst.disciplines.case import Case, Discipline, Facts, Outcome
from packfirst.inputs import Input
from packfirst.limit import Fact, Identity, Limit, Metric, NotAssessed
from packfirst.program.model import DISCIPLINES, Program


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Every Limit of one Architecture, and the fields behind them."""

    candidate: Candidate
    architecture: Architecture
    package: Package
    rung: str
    verdict: Verdict
    metrics: dict[str, Metric]
    outcomes: dict[str, Outcome]  # by discipline
    inputs: dict[str, Input]  # every Input that some Limit or Metric depends on

    @property
    def limits(self) -> tuple[Limit, ...]:
        return tuple(item.limit for item in self.verdict.judged)


def assess(
    program: Program,
    catalog: Catalog,
    candidate: Candidate,
    *,
    rung: str = "plan",
    seed: int = 0,
    n_samples: int = 1024,
) -> Assessment:
    """One candidate in full. A pure function of its arguments.

    Raises
    ------
    MissingDatum
        The catalog cannot even give the geometry of this candidate's technology.
    """
    architecture = build(program, catalog, candidate)
    package = elaborate(architecture, catalog)
    return assess_package(program, catalog, architecture, package, rung=rung, seed=seed, n_samples=n_samples)


def assess_package(
    program: Program,
    catalog: Catalog,
    architecture: Architecture,
    package: Package,
    *,
    rung: str = "plan",
    seed: int = 0,
    n_samples: int = 1024,
    disciplines: Sequence[Discipline] | None = None,
) -> Assessment:
    """`assess` on a Package that is already there."""
    case = Case(
        program=program, catalog=catalog, architecture=architecture, package=package,
        n_samples=n_samples, seed=seed,
    )  # fmt: skip
    facts = Facts()
    outcomes: dict[str, Outcome] = {}
    for discipline in registry.disciplines() if disciplines is None else disciplines:
        if "failing" in discipline.needs and program.dates is not None:
            facts = facts.with_all(failing(outcomes, case))
        outcomes[discipline.name] = outcome = _ask(discipline, case, facts, rung)
        facts = facts.with_all(outcome.facts)
    for name in DISCIPLINES:
        if name not in outcomes:
            outcomes[name] = _absent(name, f"a model of the discipline {name!r}")
    answers = [item for outcome in outcomes.values() for item in outcome.limits]
    metrics = {item.name: item for outcome in outcomes.values() for item in outcome.metrics}
    named = {name for item in answers if isinstance(item, Limit) for name in item.sensitivities}
    named |= {name for metric in metrics.values() for name in metric.sensitivities}
    inputs = {name: case.input(name) for name in sorted(named)}
    verdict = judge(
        answers, inputs, confidence=program.confidence, requires=program.requires,
        measured=[name for name, outcome in outcomes.items() if _answered(outcome)], n_samples=n_samples, seed=seed,
    )  # fmt: skip
    return Assessment(
        candidate=architecture.candidate, architecture=architecture, package=package, rung=rung, verdict=verdict,
        metrics=metrics, outcomes=outcomes, inputs=inputs,
    )  # fmt: skip


def failing(outcomes: Mapping[str, Outcome], case: Case) -> list[Fact]:
    """Margins of the hard Limits so far under the shared scores: what a schedule has to know of respins.

    One Fact of the name "failing" for each, its value the probability that the Limit does not hold.
    """
    limits = [
        item
        for outcome in outcomes.values()
        for item in outcome.limits
        if isinstance(item, Limit) and item.hard
    ]
    named = {name for item in limits for name in item.sensitivities}
    inputs = {name: case.input(name) for name in sorted(named)}
    rows = margins(limits, inputs, n_samples=case.n_samples, seed=case.seed)
    return [
        Fact(name="failing", subject=str(item.identity), value=float((row < 0.0).mean()), samples=row)
        for item, row in zip(limits, rows, strict=True)
    ]


def _ask(discipline: Discipline, case: Case, facts: Facts, rung: str) -> Outcome:
    """A discipline's answer; a datum that the catalog lacks makes it NotAssessed, and the others go on."""
    try:
        return discipline.limits(case, facts, rung)
    except MissingDatum as missing:
        return _absent(discipline.name, missing.input_id)


def _answered(outcome: Outcome) -> bool:
    """Whether a discipline said all that it was asked: one with nothing to limit here has answered too."""
    return not any(isinstance(item, NotAssessed) for item in outcome.limits)


def _absent(name: str, what: str) -> Outcome:
    identity = Identity(discipline=name, kind="all", subject="package")
    return Outcome(limits=(NotAssessed(identity=identity, missing=(what,)),))
