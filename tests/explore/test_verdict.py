"""The paragraph that an architect reads: exact, in words, in the singular and the plural."""

import re

import pytest

from packfirst.explore.study import explore
from packfirst.explore.verdict import package_says, spoken, verdict_text


@pytest.fixture(scope="module")
def study(everything, tmp_path_factory):
    return explore(everything.program, everything.catalog, tmp_path_factory.mktemp("study"), workers=1)


def counted(study, **counts: int):
    return {**study, "counts": {**study["counts"], **counts}}


def test_the_opening_counts(study):
    counts = study["counts"]
    assert study["verdict"].startswith(
        f"Of {counts['space']} candidates, {counts['screened_out']} cannot hold even at their best; "
        f"{counts['assessed']} were assessed in full, and {counts['feasible']} hold every hard limit at once with "
        "80% probability or more. The leader: "
    )


def test_one_is_one(study):
    text = verdict_text(counted(study, space=1, screened_out=0, assessed=1, feasible=1, left_by_budget=1))
    assert text.startswith(
        "Of 1 candidate, 0 cannot hold even at their best; 1 was assessed in full, and 1 holds "
    )
    assert "The budget left 1 candidate unassessed." in text


def test_the_leader_is_described_by_its_own_figures(study):
    leader = study["best"][0]
    text = study["verdict"]
    assert f"sustains {leader['metrics']['throughput']['value'] / 1e12:,.0f} TFLOP/s" in text
    assert f"holds with {leader['joint_probability']:.0%}." in text
    groups = leader["candidate"]["groups"]
    assert all(f"{g['count']} {'+'.join(g['blocks'])} die on {g['node']}" in text for g in groups)


def test_no_id_stands_where_there_is_a_name(study):
    ids = {key for key in study["names"] if "_" in key}
    assert not ids & set(re.findall(r"[a-z][a-z0-9_]+", study["verdict"]))


def test_every_family_that_fell_is_accounted_for(study):
    text, names = study["verdict"], spoken(study)
    for item in study["families"]:
        if item["state"] == "fell":
            assert names[item["family"][1]] in text


def test_names_within_a_sentence_lose_their_tail_unless_it_tells_them_apart(study):
    record = {
        **study,
        "names": {"a": "Silicon bridge (EMIB)", "b": "Silicon bridge (EMIB-T)", "c": "HBM, 8 high", "d": "Organic, x"},
        "families": [{"family": ["one die", name]} for name in "abcd"], "fallen_paths": [], "candidates": [],
    }  # fmt: skip
    found = spoken(record)
    assert [found[name] for name in "abcd"] == [
        "silicon bridge (EMIB)", "silicon bridge (EMIB-T)", "HBM", "organic",
    ]  # fmt: skip


def nothing(study, **parts):
    empty = {"best": [], "relaxations": [], "together": [], "conflicting": []}
    return verdict_text({**counted(study, feasible=0), **empty, **parts})


GIVE = {"limit": "form_factor/reticle", "subject": "die:base", "by": 141.6, "unit": "mm2", "share": 0.2}


def test_nothing_stands_but_one_limit_would_open_the_space(study):
    text = nothing(study, relaxations=[{**GIVE, "candidate": "k", "describe": "2 x base; organic_mcm"}])
    assert "and none of them holds every hard limit" in text
    assert text.endswith(
        "One limit alone would open the space if it gave: "
        "reticle of base by 142 mm2 (2 x base; organic multichip module)."
    )


def test_limits_that_are_counted_give_whole_numbers(study):
    give = {**GIVE, "limit": "form_factor/bridges", "subject": "laminate", "by": 6.38, "unit": "bridges"}
    text = nothing(study, together=[GIVE, give])
    assert text.endswith(
        "they would have to give: reticle of base by 142 mm2 and bridges of laminate by 7 bridges."
    )


def test_throughput_is_said_as_the_trade_says_it(study):
    give = {**GIVE, "limit": "performance/throughput", "subject": "package", "by": 12.4e12, "unit": "op/s"}
    text = nothing(study, relaxations=[{**give, "candidate": "k", "describe": "x"}] * 2)
    assert text.count("throughput of package by 12 TFLOP/s") == 2
    assert "Each of these, if it gave alone, would open the space" in text


def test_the_package_is_set_against_the_node(study, everything):
    leader = everything.by_key[study["best"][0]["key"]]
    plain = {**leader, "state": "feasible", "carrier": "organic_mcm", "stacked": []}
    plain["metrics"] = {
        **leader["metrics"],
        "throughput": {**leader["metrics"]["throughput"], "value": 50e12},
    }
    after = leader["metrics"]["throughput"]["value"]
    node = {"node": "n3", "faster": 0.1, "more_units": 0.25}
    text = package_says(plain, leader, node, spoken(study))
    assert (
        text.startswith("On organic multichip module, ")
        and "would sustain 50 TFLOP/s; the leader sustains" in text
    )
    assert (
        f"{after / 50e12 - 1:.0%} more. One more node (n3) would give the leader 10% more at a higher clock, or 25%"
        in text
    )
