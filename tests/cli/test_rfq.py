"""`rfq`: what a pack tells and what it keeps, and answers that come back as evidence."""

import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.architecture.candidate import space
from packfirst.catalog import load_catalog
from packfirst.catalog.supply_records import load_supply
from packfirst.cli import files
from packfirst.cli.app import run
from packfirst.cli.rfq_windows import R5, decade, window
from packfirst.cli.route_tables import WIDTH
from packfirst.program import load_program

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai_accelerator" / "program.yaml"
SITE = "nhanced-morrisville"
TODAY = ("--asked-on", "2026-11-22")
TERMS = """
terms: {home: US, inside: [US], marking: CUI and ITAR, controlled: true}
dates: {start: "2026-11-22", need: "2028-05-31"}
"""


@cache
def catalog():
    return load_catalog()


@cache
def key() -> str:
    every = space(load_program(EXAMPLE, files.names_of(catalog())), catalog())
    for row in range(len(every)):
        found = every.candidate(row)
        if (found.carrier, found.stack) == ("si_interposer_cowos_s", "hybrid_bond_d2w"):
            return found.key
    raise AssertionError("the example has no stacked candidate on an interposer")


@pytest.fixture(autouse=True)
def _catalog_read_once(monkeypatch):
    monkeypatch.setattr(files, "load_catalog", lambda paths: load_catalog(paths) if paths else catalog())


@pytest.fixture
def program(tmp_path):
    file = tmp_path / "program.yaml"
    file.write_text(EXAMPLE.read_text() + TERMS)
    return file


def packed(program, out, *more: str) -> str:
    assert run(["rfq", str(program), "--key", key(), "--out", str(out), "--site", SITE, *TODAY, *more]) == 0
    return (out / f"{SITE}.html").read_text()


def test_a_pack_keeps_names_nodes_and_numbers_to_itself(program, tmp_path):
    page = packed(program, tmp_path / "packs")
    read = load_program(program, files.names_of(catalog()))
    words = re.sub(r"<[^>]*>", " ", page.split("</style>")[1]).casefold()
    for secret in (read.name, *read.blocks, *read.bought, *catalog().ids("node"), "2028-05-31", key()):
        assert secret.casefold() not in words, secret
    assert "2028, quarter 2" in words
    blank = (tmp_path / "packs" / f"{SITE}.answers.yaml").read_text()
    assert read.name not in blank and key() not in blank


def test_revealing_is_a_choice(program, tmp_path, capsys):
    shown = packed(program, tmp_path / "open", "--reveal", "--json")
    rows = {item["what"]: item["said"] for item in json.loads(capsys.readouterr().out)[0]["windows"]}
    packed(program, tmp_path / "closed", "--json")
    windows = {item["what"]: item["said"] for item in json.loads(capsys.readouterr().out)[0]["windows"]}
    assert "AI accelerator" in shown and "2028-05-31" in shown
    assert set(rows) == set(windows) and "power, worst mode" in rows
    for name, said in rows.items():
        low, high = map(float, re.match(r"([\d.]+) to ([\d.]+)", windows[name]).groups())
        assert low <= float(said.split()[0]) <= high, name


def test_the_marking_stands_on_everything(program, tmp_path, capsys):
    page = packed(program, tmp_path / "packs")
    out = capsys.readouterr().out
    assert out.startswith("CUI and ITAR") and page.count("CUI and ITAR") == 2
    assert "CUI and ITAR" in (tmp_path / "packs" / f"{SITE}.answers.yaml").read_text()
    for command, more in (("route", ("--view", str(tmp_path / "v.svg"))), ("exposure", ())):
        table = tmp_path / f"{command}.csv"
        run([command, str(program), key(), *TODAY, "--csv", str(table), *more])
        out = capsys.readouterr().out
        assert out.startswith("CUI and ITAR") and max(map(len, out.splitlines())) <= WIDTH
        rows = table.read_text().splitlines()[1:]
        assert rows and all(row.startswith("CUI and ITAR") for row in rows)
        run([command, str(program), key(), *TODAY, "--json"])
        assert json.loads(capsys.readouterr().out)["marking"].startswith("CUI and ITAR")
    assert (tmp_path / "v.svg").read_text().count("CUI and ITAR") == 2


def test_an_unmarked_program_gets_no_marking(tmp_path, capsys):
    page = packed(EXAMPLE, tmp_path / "packs")
    assert 'class="mark"' not in page and "CUI" not in capsys.readouterr().out


def test_every_unknown_gate_of_a_site_is_a_question_of_its_pack(program, tmp_path, capsys):
    run(["route", str(program), key(), *TODAY, "--json"])
    routes = json.loads(capsys.readouterr().out)["routes"]
    assert run(["rfq", str(program), "--key", key(), "--out", str(tmp_path / "p"), *TODAY, "--json"]) == 0
    packs = {f"{item['company']}, {item['site']}": item for item in json.loads(capsys.readouterr().out)}
    packs |= {item["site"]: item for item in packs.values()}
    sites = {stay["name"] for item in routes for stay in item["stays"]}
    assert sites <= set(packs) and sites
    for item in routes:
        for stay in item["stays"]:
            for gate in stay["gates"]:
                if gate["state"] == "unknown":
                    assert gate["question"] in packs[stay["name"]]["questions"]


ANSWER = """format: packfirst-answers-1
site: nhanced-morrisville
answered_on: 2026-12-05
letter: quotation 17, safe
steps:
- {step: si_interposer, does: yes, weeks: {value: 9, low: 7, high: 14}}
- {step: 3d_hybrid_bond, does: no}
volume_tiers: [prototype, low, high]
"""


def test_answers_become_dated_evidence_in_a_private_file(tmp_path, capsys):
    answers, mine = tmp_path / "answers.yaml", tmp_path / "mine.yaml"
    answers.write_text(ANSWER)
    packaged = load_supply().suppliers[SITE]
    for _ in range(2):  # the same answer twice is one answer
        assert run(["rfq", "--answers", str(answers), "--overlay", str(mine)]) == 0
    capsys.readouterr()
    assert mine.read_text().startswith("# Private")
    records = load_supply([mine])
    site = records.suppliers[SITE]
    steps = {item.step: item for item in site.capabilities}
    assert {item.step for item in packaged.capabilities} == set(steps)  # what was not answered stays
    assert steps["3d_hybrid_bond"].basis == "denied" and steps["si_interposer"].basis == "stated"
    weeks = steps["si_interposer"].weeks
    assert (weeks.low, weeks.value, weeks.high, weeks.evidence.value) == (7.0, 9.0, 14.0, "published")
    assert records.sources[weeks.source].url == "quotation 17, safe"
    assert site.status_as_of == date(2026, 12, 5) and site.volume_tiers == ("prototype", "low", "high")
    later = tmp_path / "later.yaml"
    later.write_text(
        ANSWER.replace("2026-12-05", "2027-02-01").replace("does: no", "does: yes").replace("17", "23")
    )
    assert run(["rfq", "--answers", str(later), "--overlay", str(mine)]) == 0
    site = load_supply([mine]).suppliers[SITE]
    assert {item.step: item.basis for item in site.capabilities}["3d_hybrid_bond"] == "stated"
    assert len(yaml.safe_load(mine.read_text())["records"]) == 1


def test_a_denied_step_closes_a_route_and_a_private_answer_stays_out_of_the_packs(program, tmp_path, capsys):
    answers, mine = tmp_path / "answers.yaml", tmp_path / "mine.yaml"
    answers.write_text(ANSWER + "owner_note: their secret\n")
    assert run(["rfq", "--answers", str(answers), "--overlay", str(mine)]) == 0
    capsys.readouterr()
    run(["route", str(program), key(), *TODAY, "--overlay", str(mine), "--json"])
    routes = json.loads(capsys.readouterr().out)["routes"]
    bond = {stay["name"] for item in routes for stay in item["stays"] if stay["needs"] == ["3d_hybrid_bond"]}
    assert not any("Morrisville" in name for name in bond)
    assert "their secret" not in packed(program, tmp_path / "p", "--overlay", str(mine))


def test_the_blank_file_of_answers_is_refused_until_it_is_filled_in(program, tmp_path, capsys):
    packed(program, tmp_path / "p")
    blank = tmp_path / "p" / f"{SITE}.answers.yaml"
    assert run(["rfq", "--answers", str(blank), "--overlay", str(tmp_path / "mine.yaml")]) == 2
    assert not (tmp_path / "mine.yaml").exists()
    filled = re.sub(r"answered_on:.*", "answered_on: 2026-12-05", blank.read_text())
    filled = re.sub(r"letter:.*", "letter: 4711", filled).replace("# steps:", "steps:")
    filled = re.sub(r"# (- \{step.*?)value: 0, low: 0, high: 0(.*?)value: 0, low: 0, high: 0",
                    r"\1value: 2, low: 1, high: 3\2value: 5, low: 4, high: 6", filled)  # fmt: skip
    blank.write_text(filled)
    capsys.readouterr()
    assert run(["rfq", "--answers", str(blank), "--overlay", str(tmp_path / "mine.yaml")]) == 0
    steps = {item.step: item for item in load_supply([tmp_path / "mine.yaml"]).suppliers[SITE].capabilities}
    assert steps["si_interposer"].cost_usd.value == 5.0 and steps["3d_hybrid_bond"].weeks.high == 3.0


WRONG = [
    (ANSWER.replace(SITE, "nhanced-morisville"), "did you mean 'nhanced-morrisville'?"),
    (ANSWER.replace("si_interposer", "si_interposr"), "did you mean 'si_interposer'?"),
    (ANSWER.replace("2026-12-05", "soon"), "is not a date"),
    (ANSWER.replace("low: 7", "low: -7"), "out of range"),
    (ANSWER.replace("low: 7", "low: 12"), "out of order"),
    (ANSWER.replace("does: yes", "does: perhaps"), "does"),
    (ANSWER.replace("answers-1", "answers-2"), "newer than this packfirst"),
    (ANSWER.replace("letter: quotation 17, safe\n", ""), "letter"),
    (ANSWER + "price: 3\n", "unknown key"),
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_wrong_answer_is_one_clear_line_and_nothing_is_written(tmp_path, capsys, text, message):
    answers, mine = tmp_path / "answers.yaml", tmp_path / "mine.yaml"
    answers.write_text(text)
    assert run(["rfq", "--answers", str(answers), "--overlay", str(mine)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and message in err and len(err.splitlines()) == 1 and "answers.yaml" in err
    assert sorted(tmp_path.iterdir()) == [answers]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "name a Program and --key"),
        ((str(EXAMPLE),), "name a Program and --key"),
        (("--answers", "a.yaml"), "name the one private file"),
        ((str(EXAMPLE), "--key", "0123456789abcdef"), "has no candidate"),
        ((str(EXAMPLE), "--key", "KEY", "--site", "nhanced"), "did you mean"),
        ((str(EXAMPLE), "--key", "KEY", "--site", "tsmc-moon"), "is on record"),
    ],
)
def test_bad_input_is_one_clear_line(tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    assert run(["rfq", *(key() if item == "KEY" else item for item in arguments)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and message in err and len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=30, deadline=None)
@given(st.floats(1e-9, 1e12))
def test_a_window_holds_its_number_and_is_a_step_of_the_series(value):
    low, high = window(value)
    assert low * (1 - 1e-9) <= value < high * (1 + 1e-9)
    assert any(high / low == pytest.approx(b / a) for a, b in zip(R5, (*R5[1:], 10.0), strict=True))
    below, above = decade(value)
    assert below * (1 - 1e-9) <= value <= above and above == pytest.approx(10.0 * below)


def test_the_series_is_that_of_iso_3():
    """ISO 3:1973: R5 is the rounded fifth roots of ten."""
    for number, printed in enumerate(R5):
        assert round(10.0 ** (number / 5.0), 1) == pytest.approx(printed)
    assert window(1.0) == (1.0, 1.6) and window(9.99)[1] == pytest.approx(10.0)
    with pytest.raises(ValueError, match="only a positive number"):
        window(0.0)
