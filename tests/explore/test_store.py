"""The study folder: whole or not there, its own or left alone."""

import sqlite3
from pathlib import Path

import pytest

from packfirst.errors import InputError
from packfirst.explore.store import MARK, Study, discard, read_study

IDENTITY = {"program": "p", "catalog": "c", "seed": "0", "packfirst": "1"}


def the_line(error: pytest.ExceptionInfo[InputError]) -> str:
    (problem,) = error.value.problems
    assert "\n" not in str(problem)
    return str(problem)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_records_come_back_as_they_went(everything, tmp_path):
    with Study(tmp_path / "a" / "b", IDENTITY) as study:
        study.add(everything.records[:5])
    with Study(tmp_path / "a" / "b", IDENTITY) as study:
        assert list(study.known().values()) == everything.records[:5]


def test_a_study_can_be_asked_in_sql(everything, tmp_path):
    with Study(tmp_path, IDENTITY) as study:
        study.add(everything.records)
    rows = sqlite3.connect(tmp_path / "study.sqlite").execute(
        'select c.key from candidate c join "limit" l on l.candidate = c.key '
        "where c.state = 'feasible' and l.kind = 'junction' and l.probability >= 0.8 group by c.key order by c.key"
    )
    expected = sorted(record["key"] for record in everything.records if record["state"] == "feasible")
    assert [key for (key,) in rows] == expected


def test_a_batch_is_kept_whole_or_not_at_all(everything, tmp_path):
    broken = {**everything.records[1], "describe": None}
    with Study(tmp_path, IDENTITY) as study:
        with pytest.raises(InputError):
            study.add([everything.records[0], broken])
        assert study.known() == {}


@pytest.mark.parametrize("key", ["program", "catalog", "seed"])
def test_another_study_is_refused(tmp_path, key):
    Study(tmp_path, IDENTITY).__exit__()
    with pytest.raises(InputError) as error:
        Study(tmp_path, {**IDENTITY, key: "other"})
    assert f"holds a study with another {key}; choose another folder with --out" in the_line(error)


def test_a_database_of_somebody_else_is_left_as_it_is(tmp_path):
    with sqlite3.connect(tmp_path / "study.sqlite") as other:
        other.execute("create table meta (mine text)")
    before = contents(tmp_path)
    for use in (lambda: Study(tmp_path, IDENTITY), lambda: discard(tmp_path)):
        with pytest.raises(InputError) as error:
            use()
        assert "is not a study; choose another folder" in the_line(error)
    assert contents(tmp_path) == before


def test_a_newer_study_is_refused(tmp_path):
    Study(tmp_path, IDENTITY).__exit__()
    with sqlite3.connect(tmp_path / "study.sqlite") as db:
        db.execute("update meta set value = '2' where key = 'format'")
    for use in (lambda: Study(tmp_path, IDENTITY), lambda: read_study(tmp_path)):
        with pytest.raises(InputError) as error:
            use()
        assert "is a study of format '2'; this packfirst reads 1" in the_line(error)


def test_a_study_that_another_holds_is_left_to_it(everything, tmp_path, monkeypatch):
    monkeypatch.setattr("packfirst.explore.store._WAIT_S", 0.05)
    with Study(tmp_path, IDENTITY) as mine, Study(tmp_path, IDENTITY) as other:
        mine._db.execute("begin immediate")
        with pytest.raises(InputError) as error:
            other.add(everything.records[:1])
        assert "another packfirst is at work on it" in the_line(error)


@pytest.mark.parametrize("kept", [200, 5000])
def test_a_cut_off_study_is_damaged_and_can_be_discarded(everything, tmp_path, kept):
    with Study(tmp_path, IDENTITY) as study:
        study.add(everything.records)
    file = tmp_path / "study.sqlite"
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(InputError) as error, Study(tmp_path, IDENTITY) as study:
        study.known()
    assert "is damaged; start over with --fresh" in the_line(error)
    discard(tmp_path)
    with Study(tmp_path, IDENTITY) as study:
        assert study.known() == {}


def test_nothing_is_left_of_a_folder_that_could_not_be_made(tmp_path):
    (tmp_path / "file").write_text("here")
    with pytest.raises(InputError) as error:
        Study(tmp_path / "file" / "study", IDENTITY)
    assert "cannot be made" in the_line(error)
    assert contents(tmp_path) == {"file": b"here"}


def test_a_study_that_could_not_begin_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("packfirst.explore.store._SCHEMA", ("create table meta (key, value)", "no sql"))
    with pytest.raises(InputError):
        Study(tmp_path / "a" / "b", IDENTITY)
    assert list(tmp_path.iterdir()) == []


def test_discarding_takes_only_what_is_the_studys(everything, tmp_path):
    with Study(tmp_path, IDENTITY) as study:
        study.add(everything.records[:1])
    (tmp_path / "report.html").write_text("r")
    (tmp_path / "notes.txt").write_text("mine")
    discard(tmp_path)
    assert contents(tmp_path) == {"notes.txt": b"mine"}


def test_an_unfinished_study_says_how_to_finish_it(tmp_path):
    with pytest.raises(InputError) as error:
        read_study(tmp_path)
    assert "no study here" in the_line(error)
    Study(tmp_path, IDENTITY).__exit__()
    with pytest.raises(InputError) as error:
        read_study(tmp_path)
    assert "not finished; run the same 'packfirst explore' again" in the_line(error)


def test_the_mark_is_where_sqlite_documents_it(tmp_path):
    Study(tmp_path, IDENTITY).__exit__()
    db = sqlite3.connect(tmp_path / "study.sqlite")
    assert db.execute("pragma application_id").fetchone() == (MARK,)
