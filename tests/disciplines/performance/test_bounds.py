"""The screen of performance: the example's throughput and efficiency, from above."""

import numpy as np
import pytest

from packfirst.architecture.candidate import space
from packfirst.disciplines.case import Screen, Table
from packfirst.disciplines.performance.limits import DISCIPLINE
from packfirst.program import Program

from ...assessment.example import BESIDE, BRIDGE, STACKED, assessed, catalog, program

EVERY = space(program(), catalog())


def screen(program_: Program) -> Screen:
    return DISCIPLINE.bounds(
        Table(program=program_, catalog=catalog(), space=EVERY, rows=np.arange(len(EVERY)))
    )


@pytest.mark.parametrize("candidate", [STACKED, BRIDGE, BESIDE])
def test_best_is_never_less_than_what_is_assessed(candidate) -> None:
    row = next(row for row in range(len(EVERY)) if EVERY.candidate(row).key == candidate.key)
    best = screen(program()).best
    for name in ("throughput", "efficiency"):
        assert best[name][row] >= assessed(candidate).metrics[name].value * (1.0 - 1e-9)
    # on silicon all links carry all, so that the throughput bound is reached
    if candidate is not BESIDE:
        assert best["throughput"][row] == pytest.approx(assessed(candidate).metrics["throughput"].value)


def test_a_demand_beyond_the_roof_rejects_everything() -> None:
    peak = program().blocks["compute"].throughput.value
    greedy = program().with_value("program/needs.throughput", peak)
    (bound,) = screen(greedy).bounds
    assert bound.rejected.all()
    (bound,) = screen(program()).bounds
    assert not bound.rejected.any()


def test_without_a_workload_the_screen_says_nothing() -> None:
    said = screen(program().model_copy(update={"workload": None}))
    assert said.bounds == ()
    assert not said.best


def test_without_a_demand_there_is_a_best_and_no_bound() -> None:
    free = program().model_copy(update={"needs": program().needs.model_copy(update={"throughput": None})})
    assert screen(free).bounds == ()
    assert (screen(free).best["throughput"] > 0.0).all()


def test_a_finer_node_promises_more_work_per_watt() -> None:
    best = screen(program()).best["efficiency"]
    node = np.array([
        next(group.node for group in partition.groups if "compute" in group.blocks) for partition in EVERY.partitions
    ])[EVERY.index[:, 0]]  # fmt: skip
    assert best[node == "n5"].min() > best[node == "n7"].min()
