"""Whatever is wrong with what a command is given: one clear line each, the exit code, and nothing half-written."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from tests.program.broken import CASES, CATALOG_CASES, EXAMPLE

from packfirst.catalog import Catalog, load_catalog
from packfirst.cli import files
from packfirst.cli.app import run
from packfirst.explore.store import Study

SMALL = Path(__file__).parents[1] / "explore" / "small.yaml"


@pytest.fixture(autouse=True)
def _catalog_read_once(monkeypatch):
    """The packaged catalog takes a second to read; it is the same for all of these."""
    monkeypatch.setattr(files, "load_catalog", _catalog)


@cache
def _packaged() -> Catalog:
    return load_catalog()


def _catalog(overlays) -> Catalog:
    return load_catalog(overlays) if overlays else _packaged()


def said(capsys, arguments: list[str], code: int) -> list[str]:
    """Runs a command that must fail; returns what it said, a line per problem."""
    assert run(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert lines
    assert all(line.startswith("packfirst: ") and "Traceback" not in line for line in lines), err
    return lines


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("_name", "edit", "expected"), CASES + CATALOG_CASES, ids=[c[0] for c in CASES + CATALOG_CASES]
)
def test_a_broken_program(capsys, tmp_path, _name: str, edit: Callable[[str], str], expected: str):
    file = tmp_path / "program.yaml"
    try:
        text = edit(EXAMPLE.read_text(encoding="utf-8"))
    except AssertionError as error:
        pytest.fail(f"the example changed under this case: {error}")
    file.write_text(text, encoding="utf-8")
    before = tree(tmp_path)
    lines = said(capsys, ["explore", str(file), "--out", str(tmp_path / "study")], 2)
    assert any(expected in line for line in lines), lines
    assert all(str(file) in line for line in lines)
    assert tree(tmp_path) == before and not (tmp_path / "study").exists()


def nowhere(path: Path) -> None:
    pass


def a_folder(path: Path) -> None:
    path.mkdir()


def bytes_of(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (nowhere, "cannot be read: No such file or directory"),
        (a_folder, "cannot be read: Is a directory"),
        (bytes_of(b"\x7fELF\x02\x01\x01\x00\xff"), "is not"),
        (bytes_of(b"name: \xe9\n"), "byte 0xe9 is not UTF-8"),
        (bytes_of(b""), "the file is empty"),
        (bytes_of(b"# " + b"x" * 6_000_000), "is larger than 5 MB"),
    ],
    ids=["missing", "folder", "binary", "latin-1", "empty", "6 MB"],
)
def test_a_file_that_is_no_program(capsys, tmp_path, make, expected):
    make(tmp_path / "program.yaml")
    for command in (["explore"], ["assess", "0123456789"]):
        arguments = [command[0], str(tmp_path / "program.yaml"), *command[1:]]
        (line,) = said(capsys, arguments, 2)
        assert expected in line


OVERLAY = """format: packfirst-catalog-1
kind: material
sources: {{mine: {{title: Measured here, year: 2024}}}}
records:
  - id: si
    name: Silicon
    {field}
"""


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (
            "conductivty: {value: 120 W/(m K), source: mine, kind: uncertain, evidence: measured}",
            "did you mean 'conductivity",
        ),
        ("density: {value: 2330 kg/ft3, source: mine, kind: uncertain, evidence: measured}", "kg/ft3"),
        ("density: {value: -1 kg/m3, source: mine, kind: uncertain, evidence: measured}", "density"),
        ("density: {value: 2330 kg/m3, source: yours, kind: uncertain, evidence: measured}", "yours"),
        ("density: {value: nan kg/m3, source: mine, kind: uncertain, evidence: measured}", "nan kg/m3"),
    ],
    ids=["wrong key", "unknown unit", "negative", "unknown source", "nan"],
)
def test_a_broken_overlay(capsys, tmp_path, field, expected):
    overlay = tmp_path / "mine.yaml"
    overlay.write_text(OVERLAY.format(field=field), encoding="utf-8")
    lines = said(
        capsys, ["explore", str(SMALL), "--out", str(tmp_path / "study"), "--overlay", str(overlay)], 2
    )
    assert any(expected in line and f"{overlay}:7" in line for line in lines), lines
    assert not (tmp_path / "study").exists()


def test_an_overlay_that_is_not_there(capsys, tmp_path):
    (line,) = said(capsys, ["assess", str(SMALL), "x", "--overlay", str(tmp_path / "none.yaml")], 2)
    assert "none.yaml: cannot be read: No such file or directory" in line


def a_file(folder: Path) -> None:
    folder.write_text("here")


def a_foreign_database(folder: Path) -> None:
    folder.mkdir()
    with sqlite3.connect(folder / "study.sqlite") as db:
        db.execute("create table mine (x)")
    db.close()


def text_as_study(folder: Path) -> None:
    folder.mkdir()
    (folder / "study.sqlite").write_text("not a database")


def another_study(folder: Path) -> None:
    with Study(folder, {"program": "other", "catalog": "other", "seed": "0", "packfirst": "0.0"}):
        pass


def a_newer_study(folder: Path) -> None:
    another_study(folder)
    with sqlite3.connect(folder / "study.sqlite") as db:
        db.execute("update meta set value = '9' where key = 'format'")
    db.close()


def a_cut_off_study(folder: Path) -> None:
    another_study(folder)
    file = folder / "study.sqlite"
    file.write_bytes(file.read_bytes()[:3000])


def somebody_elses_program(folder: Path) -> None:
    folder.mkdir()
    (folder / "program.yaml").write_text("name: mine\n")


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (a_file, "cannot be made: File exists"),
        (a_foreign_database, "is not a study; choose another folder with --out"),
        (text_as_study, "is not a study; choose another folder with --out"),
        (another_study, "holds a study with another program and another catalog"),
        (a_newer_study, "is a study of format '9'; this packfirst reads 1"),
        (a_cut_off_study, "is damaged; start over with --fresh"),
        (somebody_elses_program, "is in the way of the study's copy; choose another folder"),
    ],
)
def test_a_folder_that_cannot_be_used(capsys, tmp_path, make, expected):
    out = tmp_path / "study"
    make(out)
    before = tree(tmp_path)
    (line,) = said(capsys, ["explore", str(SMALL), "--out", str(out)], 2)
    assert expected in line
    assert tree(tmp_path) == before


@pytest.mark.parametrize("make", [a_foreign_database, text_as_study, somebody_elses_program])
def test_fresh_throws_away_nothing_that_is_not_a_study(capsys, tmp_path, make):
    make(tmp_path / "study")
    before = tree(tmp_path)
    said(capsys, ["explore", str(SMALL), "--out", str(tmp_path / "study"), "--fresh"], 2)
    assert tree(tmp_path) == before


@pytest.mark.skipif(not os.path.exists("/proc/self"), reason="needs a file system that nobody can write to")
def test_a_folder_where_nobody_can_write(capsys):
    # Not even root: what a read-only folder says to everybody else.
    (line,) = said(capsys, ["explore", str(SMALL), "--out", "/proc/self/study"], 2)
    assert "/proc/self/study" in line and "cannot be made" in line


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["explore"], "Missing argument"),
        (["explore", str(SMALL), "--budget", "0"], "--budget"),
        (["explore", str(SMALL), "--seed", "one"], "--seed"),
        (["explore", str(SMALL), "--nonsense"], "No such option"),
        (["exlpore", str(SMALL)], "No such command"),
        (["assess", str(SMALL), "0123456789"], "has no candidate '0123456789'"),
        (["assess", str(SMALL), "x", "--rung", "quick"], "unknown rung 'quick': write plan or sign"),
        (["report", "/nonexistent"], "no study here; make one with 'packfirst explore"),
        (["catalog", "list", "materials"], "unknown kind 'materials': did you mean 'material'?"),
        (["catalog", "show", "material", "sillicon"], "unknown material 'sillicon'"),
        (["catalog", "show", "materiel", "si"], "materiel"),
        (["schema", "--out", "/nonexistent/schema.json"], "cannot be written: No such file or directory"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, list) else "",
)
def test_a_wrong_command_line(capsys, arguments, expected):
    lines = said(capsys, arguments, 2)
    assert len(lines) == 1 and expected in lines[0]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_behind_stdout():
    with open("/dev/full", "w") as full:
        found = subprocess.run(
            [sys.executable, "-m", "packfirst", "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (found.returncode, found.stderr) == (2, "packfirst: output: No space left on device\n")


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX limits")
def test_a_full_disk_under_the_study(tmp_path):
    # A limit on the size of files stops SQLite as a full disk does: in the middle of a write.
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
        "from packfirst.cli import main; sys.argv[0] = 'packfirst'; main()"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, "explore", str(SMALL), "--out", str(tmp_path / "study"), "--workers", "1"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 2, found.stderr
    assert found.stdout == ""
    *_, last = found.stderr.splitlines()
    assert last.startswith(f"packfirst: {tmp_path / 'study' / 'study.sqlite'}: cannot be written:")
    assert "Traceback" not in found.stderr
    assert not (tmp_path / "study").exists()


def test_no_feasible_candidate_says_which_limits_conflict(capsys, tmp_path):
    # 3000 mm2 in one piece or two: more than a scanner field of 26 mm x 33 mm.
    text = SMALL.read_text(encoding="utf-8")
    assert text.count("base: {area: 300 mm2") == 1 and text.count("carriers: [organic_mcm, ") == 1
    file = tmp_path / "program.yaml"
    text = text.replace("base: {area: 300 mm2", "base: {area: 3000 mm2").replace("[organic_mcm, ", "[")
    file.write_text(text, encoding="utf-8")
    assert run(["explore", str(file), "--out", str(tmp_path / "study"), "--workers", "1"]) == 1
    out, _ = capsys.readouterr()
    assert "none of them holds" in out
    assert "reticle of base by" in out
    assert "would have to give" in out or "would open the space" in out
    assert (tmp_path / "study" / "report.html").exists()


def test_the_folders_own_program_is_not_written_over(capsys, tmp_path):
    shutil.copy(SMALL, tmp_path / "program.yaml")
    before = (tmp_path / "program.yaml").read_bytes()
    run(
        ["explore", str(tmp_path / "program.yaml"), "--out", str(tmp_path), "--workers", "1", "--budget", "1"]
    )
    assert (tmp_path / "program.yaml").read_bytes() == before


def test_every_case_has_a_name_of_its_own():
    names = [name for name, _, _ in CASES + CATALOG_CASES]
    assert len(set(names)) == len(names) >= 20
