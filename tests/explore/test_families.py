"""Families, who speaks for them, and their nearest neighbour that stands."""

import pytest

from packfirst.explore.families import changes, families, ranked, surest
from packfirst.explore.search import Searched


@pytest.fixture(scope="module")
def told(everything):
    rows = {record["key"]: row for row, record in enumerate(everything.records)}
    searched = Searched(records=everything.by_key, rows=rows, dominated=0, left=0)
    order = ranked(everything.records, everything.program.objectives)
    return families(everything.space, everything.screened, searched, order), order


def test_families_cover_the_space_and_do_not_overlap(everything, told):
    found, order = told
    assert sum(item.candidates for item in found) == len(everything.space)
    assert sum(item.screened_out for item in found) == int((~everything.screened.kept).sum())
    assert sum(item.feasible for item in found) == len(order)
    assert len({item.name for item in found}) == len(found)


def test_the_leader_has_the_best_product_of_ratios(everything, told):
    _, order = told

    def product(record):
        metrics = record["metrics"]
        return metrics["throughput"]["value"] * metrics["efficiency"]["value"] / metrics["cost"]["value"]

    scores = [product(record) for record in order]
    assert scores == sorted(scores, reverse=True)
    assert {record["key"] for record in order} == {
        record["key"] for record in everything.records if record["state"] == "feasible"
    }


def test_families_that_stand_come_first_and_are_spoken_for_by_their_best(everything, told):
    found, order = told
    places = [order.index(everything.by_key[item.best]) for item in found if item.best]
    assert places == sorted(places)
    assert [bool(item.best) for item in found] == sorted((bool(item.best) for item in found), reverse=True)
    for item in found:
        if item.best:
            assert everything.space.candidate(item.representative).key == item.best


def test_a_family_that_fell_is_spoken_for_by_its_surest(everything, told):
    found, _ = told
    for item in found:
        if not item.best:
            own = [record for record in everything.records if tuple(record["family"]) == item.name]
            speaker = everything.records[item.representative]
            assert speaker["joint_probability"] == max(record["joint_probability"] for record in own)


def test_the_neighbour_stands_and_no_other_is_nearer(everything, told):
    found, _order = told
    fell = [item for item in found if not item.best]
    assert fell
    for item in fell:
        speaker = everything.space.candidate(item.representative)
        assert everything.by_key[item.neighbour]["state"] == "feasible"
        counts = {
            record["key"]: len(changes(speaker, everything.space.candidate(row)))
            for row, record in enumerate(everything.records) if record["state"] == "feasible"
        }  # fmt: skip
        assert len(item.changes) == counts[item.neighbour] == min(counts.values())


def test_changes_name_what_differs(everything):
    one, other = everything.space.candidate(1), everything.space.candidate(2)
    assert changes(one, one) == ()
    assert changes(one, other) == (f"carrier: {one.carrier} -> {other.carrier}",)


def test_one_that_could_not_be_built_is_never_the_surest(everything):
    unbuilt = {**everything.records[0], "key": "zz", "limits": [], "joint_probability": 0.0}
    assert surest([unbuilt, everything.records[0]])["key"] == everything.records[0]["key"]
