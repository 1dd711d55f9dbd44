"""Screens must never throw away what an assessment would accept: bounds against assessments, adversarially.

Programs are drawn at random; in each, the rows that a bound rejects by the least are the ones that a wrong bound would
lose, so those are assessed. Electrical, form factor, performance and cost answer the same on every rung; thermal limits
are asked of `sign`, but for the search over many, which is `plan`: its error is 2 %, the bounds' own distance is tens.
"""

from functools import cache

import numpy as np
import pytest

from packfirst.architecture.candidate import space
from packfirst.disciplines import registry
from packfirst.disciplines.case import Bound, Case, Facts, Screen, Table
from packfirst.disciplines.thermal import limits as thermal
from packfirst.limit import Fact, Limit, NotAssessed
from packfirst.program import Program

from .example import case, catalog, program

EVERY = space(program(), catalog())
PLAIN = ("form_factor", "electrical", "cost")
DRAWN = 10
NEAREST = 3


def drawn(seed: int) -> Program:
    """The example with powers, areas, bandwidths, room and needs moved at random, often to where it gets tight."""
    rng = np.random.default_rng(seed)
    found = program()

    def times(name: str, factor: float) -> None:
        nonlocal found
        found = found.with_value(name, factor * found.input(name).value)

    for mode in program().modes.values():
        for power in mode.power.values():
            times(power.id, float(np.exp(rng.normal(0.3, 0.9))))
    for block in program().blocks.values():
        times(block.area.id, rng.uniform(0.3, 1.8))
    for link in program().links.values():
        times(link.bandwidth.id, float(np.exp(rng.normal(0.7, 1.0))))
    for name in ("program/form_factor.body_x", "program/form_factor.body_y"):
        times(name, rng.uniform(0.6, 1.3))
    times("program/needs.throughput", rng.uniform(0.8, 1.8))
    return found


def discipline(name: str):
    return next(item for item in registry.disciplines() if item.name == name)


@cache
def screens(seed: int) -> dict[str, Screen]:
    """What each discipline's screen says of all candidates of a drawn Program."""
    table = Table(program=drawn(seed), catalog=catalog(), space=EVERY, rows=np.arange(len(EVERY)))
    return {item.name: item.bounds(table) for item in registry.disciplines()}


def nearest_rejected(bound: Bound) -> list[int]:
    """Rows that this bound rejects, those that it rejects by the least first, each partition and carrier once."""
    rows = np.flatnonzero(bound.rejected)
    rows = rows[np.argsort(-bound.margin_ratio[rows], kind="stable")]
    kept: dict[tuple[int, int], int] = {}
    for row in rows:
        kept.setdefault((int(EVERY.index[row, 0]), int(EVERY.index[row, 1])), int(row))
        if len(kept) == NEAREST:
            break
    return list(kept.values())


def refused(bound: Bound, answers) -> bool:
    """Whether an assessment's limits refuse by their nominal numbers what this bound speaks of."""
    if any(isinstance(item, NotAssessed) for item in answers):
        return True
    limits = [item for item in answers if isinstance(item, Limit)]
    subject = bound.kind.removeprefix("link:") if bound.kind.startswith("link:") else ""
    if subject:
        limits = [item for item in limits if item.identity.subject == f"link:{subject}"]
    else:
        same = [item for item in limits if item.identity.kind == bound.kind]
        limits = same or limits
    return min(item.margin_ratio for item in limits) <= 1e-9


@pytest.mark.parametrize("seed", range(DRAWN))
def test_what_a_bound_rejects_the_same_limit_refuses(seed: int) -> None:
    asked = drawn(seed)
    for name in PLAIN:
        for bound in screens(seed)[name].bounds:
            for row in nearest_rejected(bound):
                one = case(EVERY.candidate(row), asked)
                answers = discipline(name).limits(one, Facts(), "plan").limits
                assert refused(bound, answers), (name, bound.kind, one.architecture.candidate.describe())


def test_the_search_meets_every_kind_of_rejection() -> None:
    """Else the test above would have looked at nothing."""
    met: dict[str, int] = {}
    for seed in range(DRAWN):
        for name, said in screens(seed).items():
            for bound in said.bounds:
                key = f"{name}/{bound.kind}"
                met[key] = met.get(key, 0) + int(bound.rejected.any() and not bound.rejected.all())
    for key in (
        "thermal/junction", "electrical/link:fabric_hbm", "electrical/link:fabric_fabric",
        "electrical/link:compute_fabric", "form_factor/reticle",
    ):  # fmt: skip
        assert met[key] > 0, met
    assert any(key.startswith("form_factor/") and met[key] for key in met if key != "form_factor/reticle")


def margins_by_rises(asked: Case, rung: str) -> dict[tuple[str, str], float]:
    facts = Facts(discipline("electrical").limits(asked, Facts(), rung).facts)
    rises = thermal.junction_rises(asked, facts, rung)
    path = catalog().record("thermal_path", asked.architecture.candidate.thermal_path)
    around = asked.program.environment
    fluid = around.coolant if path.word("fluid") == "coolant" else around.air
    most = {die.group: thermal.maximum(asked, die).value for die in asked.package.die}
    return {key: most[key[0]] - fluid.value - rise for key, rise in rises.items()}


@pytest.mark.parametrize(("seed", "rung"), [*((n, "plan") for n in range(8)), (20, "sign"), (21, "sign")])
def test_what_the_thermal_bound_rejects_is_too_hot(seed: int, rung: str) -> None:
    asked = drawn(seed)
    (bound,) = screens(seed)["thermal"].bounds
    room = asked.form_factor
    for row in nearest_rejected(bound)[: 1 if rung == "sign" else NEAREST]:
        one = case(EVERY.candidate(row), asked)
        body = one.architecture.body
        # The bound takes the largest lid that fits the product; a larger body is refused by its size.
        if body.width * body.height <= room.body_x.value * room.body_y.value:
            found = margins_by_rises(one, rung)
            assert min(found.values()) <= 0.0, one.architecture.candidate.describe()


@pytest.mark.parametrize("seed", range(DRAWN))
def test_no_assessment_is_better_than_its_bounds(seed: int) -> None:
    """Ten candidates of each Program: cost from below; throughput and efficiency from above."""
    asked, best = (
        drawn(seed),
        {name: value for said in screens(seed).values() for name, value in said.best.items()},
    )
    for row in np.random.default_rng(seed).choice(len(EVERY), size=10, replace=False):
        one = case(EVERY.candidate(int(row)), asked)
        cost = discipline("cost").limits(one, Facts(), "plan").metrics
        if cost:
            assert best["cost"][row] <= cost[0].value * (1.0 + 1e-9)
        linked = Facts(discipline("electrical").limits(one, Facts(), "plan").facts)
        # Full clock, by rises of nothing: whatever is throttled has less of both, or burns no link power.
        for metric in at_full_clock(one, linked):
            assert best[metric.name][row] >= metric.value * (1.0 - 1e-9), metric.name


def at_full_clock(asked: Case, linked: Facts):
    mode = asked.program.workload.mode
    cool = [
        Fact(name=name, subject="compute", mode=mode, value=value)
        for name, value in (("rise", 1.0), ("rise_limit", 2.0), ("scaling_rise", 1.0))
    ]
    return discipline("performance").limits(asked, linked.with_all(cool), "plan").metrics


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_the_throughput_bound_holds_with_heat(seed: int) -> None:
    asked = drawn(seed)
    best = screens(seed)["performance"].best
    for row in np.random.default_rng(seed).choice(len(EVERY), size=3, replace=False):
        one = case(EVERY.candidate(int(row)), asked)
        facts = Facts(discipline("electrical").limits(one, Facts(), "plan").facts)
        facts = facts.with_all(discipline("thermal").limits(one, facts, "plan").facts)
        for metric in discipline("performance").limits(one, facts, "plan").metrics:
            if metric.name == "throughput":
                assert metric.value <= best["throughput"][row] * (1.0 + 1e-9)
