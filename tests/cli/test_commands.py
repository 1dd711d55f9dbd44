"""What commands print, what they return, and how they stop."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from packfirst import __version__
from packfirst.cli.app import run

SMALL = Path(__file__).parents[1] / "explore" / "small.yaml"
PACKFIRST = [sys.executable, "-m", "packfirst"]


@pytest.fixture(scope="module")
def explored(tmp_path_factory) -> tuple[Path, dict]:
    """A study of the small program by the command itself, and what it printed as JSON."""
    folder = tmp_path_factory.mktemp("explored") / "study"
    found = subprocess.run(
        [*PACKFIRST, "explore", str(SMALL), "--out", str(folder), "--workers", "1", "--json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert found.stderr.splitlines() == ["screening ...", "assessing ...", "explaining ..."]
    return folder, json.loads(found.stdout)


def test_a_study_folder_has_its_record_report_and_program(explored):
    folder, study = explored
    assert {path.name for path in folder.iterdir()} >= {"study.sqlite", "report.html", "program.yaml"}
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]
    assert (folder / "program.yaml").read_bytes() == SMALL.read_bytes()
    assert study["format"] == "packfirst-study-1"


def test_a_finished_study_is_not_assessed_again_and_prints_the_same(explored, capsys):
    folder, study = explored
    assert run(["explore", str(SMALL), "--out", str(folder), "--workers", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == study


def test_explore_ends_with_the_path_of_the_report(explored, capsys):
    folder, study = explored
    assert run(["explore", str(SMALL), "--out", str(folder), "--workers", "1"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(study["verdict"])
    assert out.splitlines()[-1] == f"Report: {(folder / 'report.html').resolve()}"
    assert all(" on ".join(item["family"]) in out for item in study["families"])


def test_report_is_written_again_to_the_same_bytes(explored, capsys, tmp_path):
    folder, _ = explored
    assert run(["report", str(folder), "--out", str(tmp_path / "again.html"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"report": str((tmp_path / "again.html").resolve())}
    assert (tmp_path / "again.html").read_bytes() == (folder / "report.html").read_bytes()


@pytest.mark.parametrize(("state", "code"), [("feasible", 0), ("infeasible", 1)])
def test_assess_returns_what_it_found(explored, capsys, state, code):
    key = next(item["key"] for item in explored[1]["candidates"] if item["state"] == state)
    assert run(["assess", str(SMALL), key, "--json"]) == code
    assert json.loads(capsys.readouterr().out)["state"] == state
    assert run(["assess", str(SMALL), key]) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith(f"{state}: all hard limits hold together with ")


def test_assess_says_with_three_that_a_required_limit_is_not_assessed(explored, capsys, tmp_path):
    text = SMALL.read_text(encoding="utf-8")
    assert text.count("form_factor, cost]") == 1
    (tmp_path / "program.yaml").write_text(text.replace("form_factor, cost]", "form_factor, cost, schedule]"))
    assert run(["assess", str(tmp_path / "program.yaml"), explored[1]["best"][0]["key"]]) == 3
    assert "not assessed: schedule" in capsys.readouterr().out


def test_schema_is_json_schema(capsys):
    assert run(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["type"] == "object" and "blocks" in schema["required"]


def test_catalog_lists_shows_and_checks(capsys):
    assert run(["catalog", "list", "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts["material"] > 10
    assert run(["catalog", "list", "material"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == counts["material"]
    assert run(["catalog", "show", "material", "si"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("material si: ") and "conductivity" in shown
    assert run(["catalog", "show", "material", "si", "--json"]) == 0
    numbers = json.loads(capsys.readouterr().out)["numbers"]
    assert all(item["evidence"] for item in numbers.values())
    assert run(["catalog", "check"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "no problems"


@pytest.mark.parametrize("arguments", [[], ["catalog"]])
def test_without_a_command_the_help_comes_on_stderr(capsys, arguments):
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("Usage: packfirst")


def test_version(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"{__version__}\n"


def test_our_own_fault_is_one_line_and_seventy(capsys, monkeypatch):
    def broken() -> None:
        raise ZeroDivisionError("by zero\nand more")

    monkeypatch.setattr("packfirst.program.schema.json_schema", broken)
    monkeypatch.setattr("packfirst.program.json_schema", broken, raising=False)
    assert run(["schema"]) == 70
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("packfirst: our fault, ZeroDivisionError: by zero;") and err.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX pipes")
@pytest.mark.parametrize("arguments", [["schema"], ["catalog", "list", "material"], ["--help"]])
def test_a_reader_that_leaves_is_no_error(arguments):
    process = subprocess.Popen([*PACKFIRST, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()  # before it writes anything
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for(condition, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


def assessing(folder: Path, workers: int) -> subprocess.Popen[str]:
    """A run of the command in a process group of its own, as a terminal has it, that has begun to assess."""
    process = subprocess.Popen(
        [*PACKFIRST, "explore", str(SMALL), "--out", str(folder), "--workers", str(workers)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    for line in process.stderr:
        if line.startswith(("assessing", "screening")):
            break
    assert wait_for((folder / "study.sqlite").exists, 60)
    return process


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux")
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_says_so_and_resumes(explored, tmp_path, workers, number):
    process = assessing(tmp_path / "study", workers)
    time.sleep(1.0)
    begun = children(process.pid)
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert out == ""
    assert err.splitlines()[-1] == "packfirst: stopped; the same command resumes where it was"
    assert "Traceback" not in err
    assert wait_for(lambda: not any(map(alive, begun)), 10)
    if number == signal.SIGINT and workers == 1:
        again = subprocess.run(
            [*PACKFIRST, "explore", str(SMALL), "--out", str(tmp_path / "study"), "--workers", "1", "--json"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert json.loads(again.stdout) == explored[1]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux")
def test_workers_end_with_a_parent_that_was_killed(tmp_path):
    process = assessing(tmp_path / "study", 2)
    assert wait_for(lambda: len(children(process.pid)) >= 3, 60)  # two workers, and multiprocessing's tracker
    begun = children(process.pid)
    time.sleep(3.0)
    process.kill()
    process.communicate(timeout=60)
    assert wait_for(lambda: not any(map(alive, begun)), 30)
