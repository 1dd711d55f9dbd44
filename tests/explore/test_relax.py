"""What would have to give: the least that does, and no less."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.explore.engine import brief
from packfirst.explore.families import conflicts
from packfirst.explore.relax import least_gives

SHORT = 180e12  # op/s: more than any candidate of the small program sustains


def joint(least: np.ndarray, holds: np.ndarray, by: np.ndarray) -> int:
    return int((holds & (least + by[:, np.newaxis] >= 0.0).all(axis=0)).sum())


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.floats(0.1, 0.9))
def test_the_gives_reach_the_confidence(seed: int, kinds: int, confidence: float):
    random = np.random.default_rng(seed)
    least = random.normal(random.uniform(-2, 1, (kinds, 1)), 1.0, (kinds, 64))
    holds = random.random(64) < 0.95
    needed = min(math.ceil(confidence * 64), int(holds.sum()))
    by = least_gives(least, holds, needed)
    assert (by >= 0.0).all()
    assert joint(least, holds, by) >= needed


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 0.9))
def test_of_a_single_kind_the_give_is_the_least_there_is(seed: int, confidence: float):
    random = np.random.default_rng(seed)
    least = random.normal(-1.0, 1.0, (1, 64))
    holds = random.random(64) < 0.95
    needed = min(math.ceil(confidence * 64), int(holds.sum()))
    # By its definition: the smallest of all raises that lift some sample to zero, and none at all.
    tried = sorted({0.0, *(-float(x) for x in least[0] if x < 0.0)})
    expected = next(by for by in tried if joint(least, holds, np.array([by])) >= needed)
    assert least_gives(least, holds, needed)[0] == pytest.approx(expected, abs=1e-12)


def test_a_candidate_that_stands_needs_nothing(everything):
    for record in everything.records:
        assert (record["state"] == "feasible") <= (record["gives"] == [])
        assert (record["state"] == "infeasible") <= (record["gives"] != [])


def needing(program, op_per_s: float):
    """The program with another demand for throughput."""
    return program.with_value(program.needs.throughput.id, op_per_s)


def test_a_relaxed_need_opens_the_space_and_a_little_less_does_not(everything):
    asked = needing(everything.program, SHORT)
    rows = [row for row, record in enumerate(everything.records) if record["state"] == "feasible"]
    candidates = {everything.space.candidate(row).key: everything.space.candidate(row) for row in rows}
    records = [brief(asked, everything.catalog, 0, item) for item in candidates.values()]
    assert {record["state"] for record in records} == {"infeasible"}
    relaxations, together = conflicts(records)
    assert [(item["limit"], item["unit"]) for item in relaxations] == [("performance/throughput", "op/s")]
    assert together == []
    (found,) = relaxations
    candidate = candidates[found["candidate"]]
    enough = brief(needing(asked, SHORT - found["by"] * 1.0001), everything.catalog, 0, candidate)
    short = brief(needing(asked, SHORT - found["by"] * 0.99), everything.catalog, 0, candidate)
    assert enough["state"] == "feasible"
    assert short["state"] == "infeasible"
    for other in candidates.values():
        if other is not candidate:
            again = brief(needing(asked, SHORT - found["by"] * 0.99), everything.catalog, 0, other)
            assert again["state"] == "infeasible"


def test_each_limit_reports_its_nearest_candidate(everything):
    give = {"limit": "a/b", "subject": "s", "unit": "K", "share": 0.1}
    base = everything.records[0]
    records = [
        {**base, "key": "far", "gives": [{**give, "by": 3.0}]},
        {**base, "key": "near", "gives": [{**give, "by": 2.0}]},
        {**base, "key": "two", "gives": [{**give, "by": 1.0}, {**give, "limit": "c/d", "by": 1.0}]},
    ]
    relaxations, together = conflicts(records)
    assert [(item["candidate"], item["by"]) for item in relaxations] == [("near", 2.0)]
    assert together == []


def test_where_none_gives_alone_the_fewest_conflict(everything):
    give = {"subject": "s", "unit": "K", "share": 0.1, "by": 1.0}
    base = everything.records[0]
    records = [
        {**base, "key": "three", "gives": [{**give, "limit": f"a/{n}"} for n in range(3)]},
        {**base, "key": "far", "gives": [{**give, "limit": f"b/{n}", "share": 0.5} for n in range(2)]},
        {**base, "key": "near", "gives": [{**give, "limit": f"c/{n}"} for n in range(2)]},
    ]
    relaxations, together = conflicts(records)
    assert relaxations == []
    assert [item["limit"] for item in together] == ["c/0", "c/1"]


def test_gives_are_exact_under_their_own_samples(everything):
    # Raising the one capacity by the give, all else equal, is what the record promises: so the need lowered by
    # the give has the joint probability that was asked for, to within a sample.
    asked = needing(everything.program, SHORT)
    row = next(row for row, record in enumerate(everything.records) if record["state"] == "feasible")
    record = brief(asked, everything.catalog, 0, everything.space.candidate(row))
    (give,) = record["gives"]
    eased = brief(
        needing(asked, SHORT - give["by"] - 1.0), everything.catalog, 0, everything.space.candidate(row)
    )
    assert eased["joint_probability"] == pytest.approx(asked.confidence, abs=2 / 1024)
