"""`packfirst explain`: every kind of limit has its page, and the page says what the assessment says."""

import json
from pathlib import Path

import pytest
from tests.assessment.example import BESIDE, BRIDGE, FILE, STACKED, catalog
from tests.cli.small_study import finished

from packfirst.assess import assess
from packfirst.cli.app import run
from packfirst.program.load import program_from
from packfirst.report.lesson import lesson_of, lessons
from packfirst.yaml_marks import parse


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    finished(folder)
    return folder


@pytest.fixture(scope="module")
def everything():
    """Assessments of the example with every limit that a program can ask for: weight and price as well."""
    text = FILE.read_text(encoding="utf-8")
    text = text.replace("  signal_balls: 600", "  signal_balls: 600\n  mass: 2 kg")
    text = text.replace("  # unit_cost: 5 kUSD", "  unit_cost: 5 kUSD #")
    program = program_from(parse(text, "program.yaml"))
    return [assess(program, catalog(), candidate) for candidate in (STACKED, BRIDGE, BESIDE)]


def test_every_kind_that_an_assessment_names_has_a_text(everything):
    named = set()
    for item in everything:
        named |= {
            (x.identity.discipline, x.identity.kind) for x in (*item.limits, *item.verdict.not_assessed)
        }
    assert {kind for _, kind in named} >= {
        "reticle", "interposer_area", "bridges", "body_edge", "body_long", "body_short", "height", "mass", "balls",
        "bump_pitch", "escape", "edge", "reach", "bond_pitch", "bond_area", "junction", "throughput", "unit_cost",
    }  # fmt: skip
    assert [name for name in sorted(named) if lesson_of(*name) is None] == []


def test_each_text_is_whole_and_fits_a_screen():
    for name, item in lessons().items():
        assert item.title, name
        assert 35 <= len(item.physics.split()) <= 130 or name in ("any/all", "electrical/standard"), name
        assert len(item.number.split()) >= 20, name
        assert len(item.people) >= 2, name
        assert item.read or name == "any/all", name
        words = " ".join([item.physics, item.number, *item.people]).split()
        assert len(words) <= 260, name


def test_a_kind_that_nobody_has_written_for_has_no_text():
    assert lesson_of("electrical", "junction") is None
    assert lesson_of("guest", "all") is lessons()["any/all"]


def test_the_page_of_a_junction(study, capsys):
    assert run(["explain", str(study), "junction of die:core", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["id"] == "thermal/junction of die:core in busy"
    assert run(["explain", str(study), "junction of die:core"]) == 0
    page = capsys.readouterr().out
    for part in (
        "thermal/junction of die:core in busy: Temperature of the hottest place of a die",
        f"Demand {told['demand']:.4g} K, capacity {told['capacity']:.4g}", "Why there is such a limit",
        "spreading resistance", "Where the number comes from", "Its uncertainty rests on:", "What moves it",
        "What people do", "To read", "JESD51-12",
    ):  # fmt: skip
        assert part in " ".join(page.split()) or part in page
    # The lever that the page gives is the one at which the limit has no margin left: it was assessed again.
    lever = next(item for item in told["solved_levers"] if item["input"] == "program/modes.busy.power.core")
    assert abs(lever["margin"]) <= 1e-3 * told["capacity"]
    assert lever["to"] in page
    assert "uses up the margin (assessed again)" in " ".join(page.split())
    assert max(map(len, page.splitlines())) <= 100
    assert len(page.splitlines()) <= 75


def test_part_of_a_name_means_the_limit_least_likely_to_hold(study, capsys):
    assert run(["explain", str(study), "ELECTRICAL/reach", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["kind"] == "reach"
    assert len(told["also"]) == 1
    assert told["lesson"]["title"] == "Longest wire against the link's reach"


def test_what_is_not_assessed_says_what_is_missing(study, capsys):
    assert run(["explain", str(study), "performance/throughput of package"]) == 0
    page = capsys.readouterr().out
    assert "Not assessed. Missing: program/workload." in page
    assert "(the roofline)" in " ".join(page.split())
    assert "What moves it" not in page


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["junctoin of die:core"], "no limit has 'junctoin of die:core' in its name: did you mean"),
        (["junction", "--key", "nobody"], "has no candidate 'nobody'"), ([" "], "no limit has ' ' in its name"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_one_clear_line(study, capsys, arguments, says):
    assert run(["explain", str(study), *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line
