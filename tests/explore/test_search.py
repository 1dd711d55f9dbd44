"""The search against all candidates assessed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest

from packfirst.architecture.candidate import Candidate
from packfirst.explore import search as module
from packfirst.explore.pareto import front, goodness
from packfirst.explore.records import Brief
from packfirst.explore.screening import Screened, nearest_failed
from packfirst.explore.search import Searched, families_of, search, values


def searched(everything, budget=1000, known=None, screened: Screened | None = None, objectives=None):
    """A search in which assessing is looking up; returns it and the keys asked for, batch by batch."""
    asked: list[list[str]] = []

    def assess_many(candidates: Sequence[Candidate]) -> Iterator[Brief]:
        asked.append([item.key for item in candidates])
        return (everything.by_key[item.key] for item in candidates)

    found = search(
        screened or everything.screened, objectives or everything.program.objectives, assess_many, budget=budget,
        known=known or {}, keep=lambda records: None, progress=lambda done, wanted: None,
    )  # fmt: skip
    return found, asked


def front_keys(records: Sequence[Brief], objectives: tuple[str, ...]) -> set[str]:
    feasible = [record for record in records if record["state"] == "feasible"]
    on_it = front(goodness([values(record, objectives) for record in feasible], objectives))
    return {record["key"] for record, keep in zip(feasible, on_it, strict=True) if keep}


def test_the_fixture_has_what_these_tests_need(everything):
    states = [record["state"] for record in everything.records]
    assert states.count("feasible") >= 3 and states.count("infeasible") >= 10
    assert 5 <= int((~everything.screened.kept).sum()) <= len(states) - 10


def test_the_screen_rejects_nothing_that_stands(everything):
    for row, record in enumerate(everything.records):
        assert everything.screened.kept[row] or record["state"] == "infeasible", record["describe"]


def test_no_candidate_turns_out_better_than_its_hope(everything):
    hopes = module._hopes(everything.screened, everything.program.objectives)
    for row, record in enumerate(everything.records):
        found = goodness([values(record, everything.program.objectives)], everything.program.objectives)[0]
        assert not (found > hopes[row] + 1e-9 * np.abs(hopes[row])).any(), record["describe"]


@pytest.mark.parametrize("batch", [1, 3, 24])
@pytest.mark.parametrize(
    "objectives", [("throughput", "efficiency", "cost"), ("cost",), ("throughput", "mass")]
)
def test_no_row_that_would_join_the_front_is_left(everything, monkeypatch, batch, objectives):
    monkeypatch.setattr(module, "BATCH", batch)
    found, _ = searched(everything, objectives=objectives)
    expected = front_keys(everything.records, objectives)
    assert front_keys(list(found.records.values()), objectives) == expected
    assert found.left == 0


def test_dominated_rows_are_left_and_counted(everything, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 1)
    found, asked = searched(everything, objectives=("cost",))
    kept = int(everything.screened.kept.sum())
    assert found.dominated > 0
    assert sum(map(len, asked)) + found.dominated == kept


def test_objectives_that_nobody_bounds_prune_nothing(everything, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 1)
    found, _ = searched(everything, objectives=("mass", "body_area"))
    assert found.dominated == 0
    assert len(found.records) == int(everything.screened.kept.sum())


@pytest.mark.parametrize("budget", [1, 7, 20])
def test_the_budget_is_kept(everything, budget):
    found, _ = searched(everything, budget=budget)
    assert len(found.records) == budget
    assert found.left == int(everything.screened.kept.sum()) - budget - found.dominated


def test_each_family_and_way_out_is_assessed_first(everything):
    _, number = families_of(everything.space)
    groups = set(
        zip(
            number[everything.screened.kept], everything.space.index[everything.screened.kept, 3], strict=True
        )
    )
    found, _ = searched(everything, budget=len(groups))
    rows = list(found.rows.values())
    assert set(zip(number[rows], everything.space.index[rows, 3], strict=True)) == groups


def test_what_is_known_is_not_assessed_again_and_changes_nothing(everything):
    whole, _ = searched(everything)
    known = {key: whole.records[key] for key in list(whole.records)[::2]}
    again, asked = searched(everything, known=known)
    assert not set(known) & {key for batch in asked for key in batch}
    assert (list(again.records.items()), again.rows, again.dominated) == (
        list(whole.records.items()), whole.rows, whole.dominated,
    )  # fmt: skip


def test_the_order_does_not_depend_on_what_was_asked_before(everything):
    first, second = searched(everything), searched(everything)
    assert first[1] == second[1]
    small, _ = searched(everything, budget=9)
    assert list(small.records) == list(first[0].records)[:9]


def test_families_number_the_space_as_candidates_say(everything):
    names, number = families_of(everything.space)
    for row in range(len(everything.space)):
        assert names[number[row]] == everything.space.candidate(row).family


def test_where_the_screen_lets_nothing_through_the_nearest_are_assessed(everything):
    margins = everything.screened.margins.copy()
    margins[0] = -0.2 - 0.01 * np.arange(
        margins.shape[1]
    )  # everything fails by the first bound, the first rows least
    shut = replace(everything.screened, margins=margins)
    alone = np.flatnonzero(shut.failed.sum(axis=0) == 1)
    assert nearest_failed(shut, 3) == alone[:3].tolist()
    found, _ = searched(everything, screened=shut)
    assert set(alone[: module.NEAREST].tolist()) == set(found.rows.values())


def test_an_empty_space_finds_nothing(everything):
    empty = replace(everything.space, index=everything.space.index[:0])
    screened = replace(
        everything.screened, space=empty, margins=everything.screened.margins[:, :0],
        best={name: column[:0] for name, column in everything.screened.best.items()},
    )  # fmt: skip
    found, _ = searched(everything, screened=screened)
    assert found == Searched(records={}, rows={}, dominated=0, left=0)
