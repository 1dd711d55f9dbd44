"""Whole explorations of the small program: the same record whoever does the work, and after any stop."""

import json

import pytest

from packfirst.errors import InputError
from packfirst.explore import search
from packfirst.explore.store import Study, read_study
from packfirst.explore.study import explore


def text(study) -> str:
    return json.dumps(study, sort_keys=True, allow_nan=False)


@pytest.fixture(scope="module")
def whole(everything, tmp_path_factory):
    """An exploration with one worker, and its folder."""
    folder = tmp_path_factory.mktemp("whole")
    return explore(everything.program, everything.catalog, folder, workers=1), folder


def test_two_workers_find_the_same_as_one(everything, whole, tmp_path):
    assert text(explore(everything.program, everything.catalog, tmp_path, workers=2)) == text(whole[0])


@pytest.mark.parametrize("batches", [0, 2])
def test_a_stopped_study_resumes_to_the_same_record(everything, whole, tmp_path, monkeypatch, batches):
    monkeypatch.setattr(search, "BATCH", 6)
    expected = text(explore(everything.program, everything.catalog, tmp_path / "whole", workers=1))
    kept, add = [], Study.add

    def interrupted(self: Study, records) -> None:
        if len(kept) == batches:
            raise KeyboardInterrupt
        kept.append(list(records))
        add(self, kept[-1])

    with monkeypatch.context() as patch:
        patch.setattr(Study, "add", interrupted)
        with pytest.raises(KeyboardInterrupt):
            explore(everything.program, everything.catalog, tmp_path / "stopped", workers=1)
    again: list[str] = []

    def counted(self: Study, records) -> None:
        records = list(records)
        again.extend(record["key"] for record in records)
        add(self, records)

    monkeypatch.setattr(Study, "add", counted)
    assert text(explore(everything.program, everything.catalog, tmp_path / "stopped", workers=1)) == expected
    assert not {record["key"] for batch in kept for record in batch} & set(again)


def test_the_record_is_what_the_folder_keeps(whole):
    study, folder = whole
    assert text(read_study(folder)) == text(study)


def test_counts_add_up(everything, whole):
    counts = whole[0]["counts"]
    assert counts["space"] == len(everything.space)
    kept = counts["space"] - counts["screened_out"]
    assert counts["assessed"] + counts["skipped_dominated"] + counts["left_by_budget"] == kept
    assert counts["feasible"] == sum(record["state"] == "feasible" for record in whole[0]["candidates"])


def test_the_best_stand_and_the_front_holds_the_leader(whole):
    study = whole[0]
    assert {record["state"] for record in study["best"]} == {"feasible"}
    assert study["best"][0]["key"] in study["front"]
    families = [tuple(record["candidate"]["family"]) for record in study["best"]]
    assert len(set(families)) == min(len(families), sum(item["feasible"] > 0 for item in study["families"]))


def test_explained_levers_meet_their_limit(whole):
    for item in whole[0]["families"]:
        for lever in item["binding"]["solved_levers"]:
            assert abs(lever["margin"]) <= 1e-3 * abs(item["binding"]["capacity"])


def test_the_package_is_set_against_the_node(whole, everything):
    asked = whole[0]["node_or_package"]
    assert asked["node"]["name"] == "n4" or asked["node"]["name"].startswith("n")
    leader = everything.by_key[whole[0]["best"][0]["key"]]
    if asked["package"] is not None:
        is_now = leader["metrics"]["throughput"]["value"]
        assert asked["package"]["gain"] == pytest.approx(is_now / asked["package"]["was_op_per_s"] - 1.0)
        assert "organic multichip module" in asked["package"]["says"]


def test_progress_is_told_in_stages_and_never_runs_backwards(everything, tmp_path):
    told: list[tuple[str, int, int]] = []
    explore(
        everything.program, everything.catalog, tmp_path, workers=1, budget=4,
        progress=lambda stage, done, wanted: told.append((stage, done, wanted)),
    )  # fmt: skip
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["screen", "assess", "explain"]
    for stage in ("screen", "assess", "explain"):
        done = [item[1] for item in told if item[0] == stage]
        assert done == sorted(done)
        assert told[[item[0] for item in told].index(stage)][2] >= max(done)


def test_nothing_stands_where_a_die_outgrows_the_reticle(everything, catalog, tmp_path):
    # 2000 mm2 in one piece or two: no scanner field of 858 mm2 holds either; everything else has room.
    program = everything.program
    room = program.form_factor
    for item, value in ((program.blocks["base"].area, 2000e-6), (room.body_x, 0.5), (room.body_y, 0.5)):
        program = program.with_value(item.id, value)
    study = explore(program, catalog, tmp_path, workers=1)
    assert study["counts"]["feasible"] == 0 and study["best"] == []
    said = {item["limit"] for item in study["relaxations"]} | set(study["conflicting"])
    assert "form_factor/reticle" in said
    assert "reticle" in study["verdict"]


def test_answers_of_other_code_are_not_taken_for_ours(everything, whole, monkeypatch):
    monkeypatch.setattr("packfirst.explore.study.code_digest", lambda: "of another version")
    with pytest.raises(InputError, match="holds a study with another code; choose another folder"):
        explore(everything.program, everything.catalog, whole[1], workers=1)


def test_the_code_digest_follows_every_file(tmp_path, monkeypatch):
    from packfirst.explore import code

    for name, text in (("a.py", "x = 1"), ("b/c.py", "y = 2"), ("note.txt", "no code")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(code, "files", lambda _: tmp_path)
    seen = []
    for name, text in ((None, ""), ("note.txt", "changed"), ("b/c.py", "y = 3"), ("a.py", "x = 2")):
        if name:
            (tmp_path / name).write_text(text, encoding="utf-8")
        seen.append(code.code_digest.__wrapped__())
    assert seen[0] == seen[1]
    assert len(set(seen[1:])) == 3
