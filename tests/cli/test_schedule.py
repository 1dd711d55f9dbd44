"""packfirst schedule and base: what is written, and how bad input is answered."""

import json
from pathlib import Path

import pytest

from packfirst.catalog import load_catalog
from packfirst.catalog.schedule_scenarios import load_schedule_scenario
from packfirst.cli.app import run
from packfirst.errors import EXIT_BAD_INPUT, EXIT_DONE, EXIT_INFEASIBLE, InputError

ACTIVITIES = load_catalog().ids("activity")
ASKED = ("--asked-on", "2026-11-22")
ONE = ("schedule", "--technology", "fcbga_lidded", "--start", "2027-01-04", "--samples", "256", *ASKED)
BASE = Path(__file__).parents[2] / "examples" / "base" / "packaging_at_home.yaml"


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_technology_by_itself(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = answered(capsys, *ONE, "--json", "--early-late", "--out", str(tmp_path / "new"))
    assert code == EXIT_DONE
    record = json.loads(out)
    assert record["p50_weeks"] < record["p90_weeks"]
    assert record["early_late"]["verdict"] in ("early", "late", "no difference here")
    assert {row["by"] for row in record["engage_by"]} >= {"foundry", "carrier maker", "assembly house"}
    assert {row["freeze"] for row in record["freeze_by"]} >= {"pad_map", "bump_map"}
    page = (tmp_path / "new" / "schedule.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "http-equiv" in page
    lines = (tmp_path / "new" / "schedule.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + len(record["works"])


def test_the_need_date_decides_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(capsys, *ONE, "--need", "2036-01-01")[0] == EXIT_DONE
    assert answered(capsys, *ONE, "--need", "2028-01-01")[0] == EXIT_INFEASIBLE


def test_a_shortage_takes_longer(capsys: pytest.CaptureFixture[str]) -> None:
    base, short = (
        json.loads(answered(capsys, *ONE, "--json", "--scenario", name)[1]) for name in ("base", "shortage")
    )
    assert short["p50_weeks"] > base["p50_weeks"]


GOOD = "format: packfirst-schedule-1\nname: mine\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("times:\n  wafers: {value: -3, low: -4, high: 5, evidence: assumed}\n", "4: times.wafers.value: -3 is out"),
        ("times:\n  wafer: {value: 3, low: 2, high: 5, evidence: assumed}\n", "did you mean 'wafers'?"),
        ("factors: {wafers: 19}\n", "3: factors.wafers: 19 is out of range: at most 18"),
        ("factors: {wafers: 0}\n", "0 is no factor"),
        ("probabilities: {logic_fault: 1.2}\n", "1.2 is out of range: at most 1"),
        ("shocks:\n  - {name: fire, probability: 2, factors: {wafers: 2}}\n", "probability: 2 is out of range"),
        ("shock: []\n", "unknown key: did you mean 'shocks'?"),
    ],
)  # fmt: skip
def test_a_wrong_scenario_is_one_clear_line(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD + text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_schedule_scenario(str(file), ACTIVITIES)
    assert any(said in line for line in str(caught.value).splitlines()), caught.value


def test_a_wrong_scenario_ends_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD + "factors: {wafers: 19}\n", encoding="utf-8")
    code, out, err = answered(capsys, *ONE, "--scenario", str(file), "--out", str(tmp_path / "o"))
    assert (code, out, err.count("\n")) == (EXIT_BAD_INPUT, "", 1)
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--need", "2026-01-01", "--start", "2025-01-01"), "2026-01-01 has passed"),
        (("--need", "2027-01-04"), "is not after the start"),
        (("--need", "2027-02-30"), "is not a day of the calendar"),
        (("--engage", "tapeout"), "write architecture or tape_out"),
        (("--scenario", "shortge"), "did you mean 'shortage'?"),
        (("--node", "n29"), "did you mean"),
        (("--confidence", "1"), "is no probability between 0 and 1"),
    ],
)
def test_a_wrong_option_is_one_clear_line(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = answered(capsys, *ONE, *arguments)
    assert (code, out, err.count("\n")) == (EXIT_BAD_INPUT, "", 1)
    assert said in err


def test_a_scenario_of_mine_stretches_what_it_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        GOOD + "factors: {wafers: 18}\nprobabilities: {logic_fault: 0}\n"
        "shocks:\n  - {name: fire, probability: 1, factors: {fielding: 18}}\n", encoding="utf-8",
    )  # fmt: skip
    record = json.loads(answered(capsys, *ONE, "--json", "--scenario", str(file))[1])
    weeks = {row["id"]: row["weeks_p50"] for row in record["works"]}
    assert weeks["wafers die"] == pytest.approx(18 * 17.0, rel=0.01)
    assert weeks["fielding"] == pytest.approx(18 * 4.0, rel=0.02)
    assert "respin_find" not in weeks


def test_a_base_over_the_years(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = BASE.read_text(encoding="utf-8").replace("runs: 60", "runs: 8")
    file = tmp_path / "base.yaml"
    file.write_text(text, encoding="utf-8")
    code, out, _ = answered(capsys, "base", str(file), *ASKED, "--json", "--out", str(tmp_path / "o"))
    assert code == EXIT_DONE
    record = json.loads(out)
    assert [row["year"] for row in record["lead_by_year"]] == list(range(2027, 2047))
    shares = [item["packaging_share"] for item in record["levers"]]
    lead = [item["lead_weeks"][1] for item in record["levers"]]
    assert shares[0] == 0.0 and lead[0] > lead[-1]  # what is scarce in this sketch is packaging
    assert record["with_needed"]["lead_by_year"][-1]["middle"] < record["target_weeks"]
    assert (tmp_path / "o" / "base.html").read_text(encoding="utf-8").count("<polyline") == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lines: 20", "lines: -2", "out of range: at least 1"),
        ("low: 16, high: 18", "low: -1, high: 18", "low: -1 is out of range"),
        ("variation: 0.1", "variation: -1", "out of range: at least 0"),
        ("chain: [wafers, substrates, assembly_and_test]", "chain: [wafers, wafers]", "comes back to 'wafers'"),
        ("chain: [wafers, substrates, assembly_and_test]", "chain: [wafer]", "did you mean 'wafers'?"),
        ("start: 2027\n", "start: 2020\n", "2020 has passed"),
        ("lines: 6, start: 2027-01", "lines: 6, start: 2020-01", "2020-01-01 has passed"),
        ("station: wafers, lines: 6", "station: fab, lines: 6", "unknown station 'fab'"),
        ("packaging_shares: [0,", "packaging_shares: [1.5,", "1.5 is no share: from 0 to 1"),
        ("hires_per_week: {front_end: 6,", "hires_per_week: {front_end: 0,", "opens no line"),
        ("orders_per_year: 2,", "orders_per_year: 900000,", "orders in all: at most"),
        ("runs: 60", "runs: sixty", "'sixty' is not a number"),
    ],
)  # fmt: skip
def test_a_wrong_base_is_one_clear_line(
    old: str, new: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = BASE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "base.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    code, out, err = answered(capsys, "base", str(file), *ASKED)
    assert (code, out) == (EXIT_BAD_INPUT, "")
    assert said in err
    assert "our fault" not in err
