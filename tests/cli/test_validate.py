"""`packfirst validate`: its lines, its exit codes, its JSON."""

import json

import pytest

from packfirst.cli.app import run

CASES = """\
format: packfirst-cases
format_version: 1
kind: die_yield
source: our own line, lot 12
cases:
- id: half
  inputs: {law: seeds, area_mm2: 100, defects_per_cm2: 1}
  expected: {good: 0.5}
  abs_tol: 1e-9
- id: wrong
  inputs: {law: poisson, area_mm2: 100, defects_per_cm2: 1}
  expected: {good: 0.4}
  abs_tol: 0.01
"""


@pytest.fixture
def own(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text(CASES, encoding="utf-8")
    return file


def test_the_shipped_cases_pass(capsys):
    assert run(["validate"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[-1].endswith(" 0 outside their tolerance")
    assert any(line.startswith("  pass  adi_150_55: AF expected 258, found ") for line in said)


def test_one_kind_alone(capsys):
    assert run(["validate", "--kind", "shoreline"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "14 numbers of 1 kinds, 0 outside their tolerance"


def test_a_case_that_fails_is_exit_one_and_named(own, capsys):
    assert run(["validate", str(own)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "die_yield, published: our own line, lot 12",
        "  pass  half: good expected 0.5, found 0.5, error +0 of 1e-09 allowed",
        "  FAIL  wrong: good expected 0.4, found 0.367879, error -0.032 of 0.01 allowed",
        "2 numbers of 1 kinds, 1 outside their tolerance",
    ]


def test_json_says_the_same(own, capsys):
    assert run(["validate", str(own), "--failed", "--json"]) == 1
    (item,) = json.loads(capsys.readouterr().out)
    assert (item["case"], item["pass"], item["expected"]) == ("wrong", False, 0.4)
    assert item["error"] == pytest.approx(-0.0321206, abs=1e-6)  # exp(-1) - 0.4


@pytest.mark.parametrize(
    ("old", "new"), [("kind: die_yield", "kind: dye_yield"), ("abs_tol: 1e-9", "abs_tol: tight")]
)
def test_unusable_files_are_exit_two_and_one_line(own, capsys, old, new):
    own.write_text(CASES.replace(old, new, 1), encoding="utf-8")
    assert run(["validate", str(own)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_unknown_kind_of_the_option(capsys):
    assert run(["validate", "--kind", "yields"]) == 2
    assert "unknown kind 'yields': did you mean 'die_yield'?" in capsys.readouterr().err


def test_a_file_that_is_not_there(tmp_path, capsys):
    assert run(["validate", str(tmp_path / "none.yaml")]) == 2
    assert "cannot be read" in capsys.readouterr().err
