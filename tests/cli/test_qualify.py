"""`qualify` and `seal`: plans as documents, bad input as one line, and figures that others print."""

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from packfirst.cli.app import run

EXAMPLE = str(Path(__file__).parents[2] / "examples" / "ai_accelerator" / "program.yaml")
CERAMIC = ("--technology", "fc_ceramic_cga", "--level", "38535_y")


def called(arguments, capsys):
    code = run(list(arguments))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_plan_as_json(capsys):
    code, out, _ = called(["qualify", EXAMPLE, *CERAMIC, "--json"], capsys)
    assert code == 0
    told = json.loads(out)
    (plan,) = told["plans"]
    assert told["best"] == "38535_y"
    assert plan["watermark"].startswith("DRAFT")
    assert plan["parts"]["build"] > plan["parts"]["destroyed"] + plan["parts"]["worn"]
    burn = next(row for row in plan["steps"] if row["test"] == "Burn-in")
    assert (burn["hours"], burn["status"]) == (240.0, "confirmed")  # MIL-PRF-38535K B.4.1
    assert [x["sample"] for x in plan["choices"]] == ["22(0)"]


def test_unread_rows_are_blank_in_every_print(tmp_path, capsys):
    code, _, _ = called(["qualify", EXAMPLE, *CERAMIC, "--out", str(tmp_path)], capsys)
    assert code == 0
    text = (tmp_path / "test_plan_38535_y.csv").read_text(encoding="utf-8")
    head, *lines = text.splitlines()
    assert head.startswith("# DRAFT")
    rows = list(csv.DictReader(lines))
    unread = [row for row in rows if row["status"] == "unconfirmed"]
    assert unread
    assert {row["condition"] + row["sample"] + row["accept"] + row["hours"] for row in unread} == {""}
    document = (tmp_path / "test_plan_38535_y.md").read_text(encoding="utf-8")
    for words in (
        "DRAFT",
        "## Rows that nobody has read",
        "MIL-STD-883 TM1014 needs a sealed cavity",
        "22(0) for 2000 h",
    ):
        assert words in document, words
    drawing = ElementTree.parse(tmp_path / "test_plan_38535_y.svg").getroot()
    names = {item.text for item in drawing.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Burn-in", "Steady-state life"} <= names
    bars = [x for x in drawing.iter("{http://www.w3.org/2000/svg}rect") if x.get("height") == "14"]
    assert len([x for x in bars if x.get("fill") != "url(#unread)"]) == len(rows)


def test_the_life_test_may_be_the_documents_other_one(capsys):
    plans = [
        json.loads(called(["qualify", EXAMPLE, *CERAMIC, "--json", *more], capsys)[1])["plans"][0]
        for more in ((), ("--life-parts", "22"))
    ]
    assert plans[1]["weeks"] - plans[0]["weeks"] == pytest.approx(1000 / 168)
    assert plans[0]["parts"]["worn"] - plans[1]["parts"]["worn"] == 23


def test_a_change_asks_for_a_part_of_it(capsys):
    _, out, _ = called(["qualify", EXAMPLE, *CERAMIC, "--change", "finish", "--json"], capsys)
    (plan,) = json.loads(out)["plans"]
    assert "Solderability" in {row["test"] for row in plan["steps"]}
    assert "Steady-state life" not in {row["test"] for row in plan["steps"]}


def test_a_table_for_people(capsys):
    code, out, _ = called(["qualify", EXAMPLE, *CERAMIC], capsys)
    assert code == 0
    for words in ("gate open", "weeks", "Burn-in", "DRAFT", "adds acoustic image"):
        assert words in out, words


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--technology", "wb_qfn", "--level", "38534_k"), ("class K", "MIL-STD-883 TM1014", "38534_l")),
        (("--technology", "fc_ceramic_cga", "--level", "38535_v"), ("class V", "38535_y")),
        ((*CERAMIC, "--life-parts", "0"), ("zero parts", "TM1005")),
        ((*CERAMIC, "--life-parts", "30"), ("offers 45 or 22", "not 30")),
        (("--technology", "wb_htcc_hermetic_mcm", "--level", "38534_k", "--life-parts", "22"), ("offers no choice",)),
        (("--technology", "fc_ceramic", "--level", "38535_v"), ("did you mean 'fc_ceramic_cga'",)),
        (("--technology", "fc_ceramic_cga", "--level", "38535_z"), ("did you mean",)),
        (("--technology", "fc_ceramic_cga"), ("states no quality",)),
        ((*CERAMIC, "--change", "colour"), ("unknown change 'colour'",)),
        (("--key", "none", "--level", "38535_y"), ("no candidate 'none'",)),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(arguments, words, capsys):
    code, out, err = called(["qualify", EXAMPLE, *arguments], capsys)
    assert code == 2
    assert out == ""
    assert len(err.splitlines()) == 1
    for word in words:
        assert word in err, word


def test_a_small_cavity_at_the_limit_is_wet_in_days(capsys):
    """5e-8 atm cm3/s, 0.04 cm3, 25 degC, 50 % RH: about 3 days by molecular flow (Greenhouse's model)."""
    code, out, _ = called(["seal", "--volume", "0.04 cm3", "--leak", "5e-8 atm cm3/s", "--json"], capsys)
    assert code == 0
    told = json.loads(out)
    assert told["dry_days"] == pytest.approx(3.0, abs=0.5)
    assert told["leak"]["Pa m3/s"] == pytest.approx(5e-8 * 0.101325)
    assert told["leak_of_gas_atm_cm3_s"]["helium"] == pytest.approx(5e-8 * 2.69, rel=1e-3)


def test_a_reading_has_two_roots_and_both_give_it(capsys):
    base = [
        "seal",
        "--volume",
        "0.1 cm3",
        "--bomb",
        "5.1 atm",
        "--bomb-time",
        "4 hour",
        "--dwell",
        "1 hour",
        "--json",
    ]
    told = json.loads(called([*base, "--reading", "1e-8 atm cm3/s"], capsys)[1])
    fine, gross = told["fine_root_atm_cm3_s"], told["gross_root_atm_cm3_s"]
    assert fine < 1e-6 < gross
    for root in (fine, gross):
        again = json.loads(called([*base, "--leak", f"{root:.12g} atm cm3/s"], capsys)[1])
        assert again["reading_of_leak_atm_cm3_s"] == pytest.approx(1e-8, rel=1e-6)
    impossible = json.loads(called([*base, "--reading", "1 atm cm3/s"], capsys)[1])
    assert impossible["possible"] is False


def test_a_getter_keeps_it_dry(capsys):
    base = ["seal", "--volume", "0.1 cm3", "--leak", "5e-8 atm cm3/s", "--json"]
    told = json.loads(called([*base, "--getter", "1 mg"], capsys)[1])
    # 1 mg of water is 1.36 cm3 of vapour at 25 degC and 1 atm: that much has to leak in first
    inflow = 5e-8 * (28.96 / 18.015) ** 0.5 * told["outside_water_atm"]
    filling = 1e-3 / 18.015 * 8.314462618 * 298.15 / 101325 * 1e6 / inflow / 86400
    assert told["dry_days_with_getter"] - told["dry_days"] == pytest.approx(filling, rel=1e-3)


def test_a_programs_own_cavity(capsys):
    code, out, _ = called(["seal", EXAMPLE, "--technology", "wb_htcc_hermetic_mcm", "--json"], capsys)
    assert code == 0
    told = json.loads(out)
    assert told["volume_cm3"] > 0.1
    assert told["lid_seal"] == "seam_parallel"
    assert called(["seal", "--volume", "0.1 cm3"], capsys)[1].count("\n") >= 8


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--volume", "0 cm3"), ("zero volume", "TM1014")),
        (("--volume", "0.1"), ("--volume",)),
        ((), ("give the free volume",)),
        (("--volume", "0.1 cm3", "--condition", "Q"), ("TM1014 has no condition 'Q'", "A1")),
        (("--volume", "0.1 cm3", "--condition", "B1"), ("no helium bomb",)),
        (("--volume", "0.1 cm3", "--humidity", "2"), ("0 to 1",)),
        (("--volume", "0.1 cm3", "--leak", "5e-8"), ("write a number and one of",)),
        (("--volume", "0.1 cm3", "--leak", "0 atm cm3/s"), ("more than zero",)),
        (("--volume", "50 cm3"), ("--bomb", "no row")),
        ((EXAMPLE, "--technology", "wb_qfn"), ("no sealed cavity",)),
    ],
)
def test_bad_seals_are_one_line(arguments, words, capsys):
    code, out, err = called(["seal", *arguments], capsys)
    assert code == 2
    assert out == ""
    assert len(err.splitlines()) == 1
    for word in words:
        assert word in err, word
