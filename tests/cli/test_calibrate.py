"""packfirst calibrate: prior beside posterior, an overlay that the other commands read, nothing written over."""

import json

import pytest

from packfirst.catalog import load_catalog
from packfirst.cli.app import run

MEASURED = """format: packfirst-measurements
format_version: 1
source: {key: our_lab_2026, title: "Coupons of our own, report 17", year: 2026}
measurements:
  - {id: coupon A, kind: interface_resistance, of: tim1_gel, conditions: {area: 400 mm2}, value: 0.045 K/W,
     sigma: 0.004 K/W}
  - {id: lot 12, kind: die_yield, of: n5, conditions: {area: 80 mm2}, good: 178, tested: 200}
"""


@pytest.fixture
def measured(tmp_path):
    file = tmp_path / "measured.yaml"
    file.write_text(MEASURED)
    return file


def test_prior_beside_posterior(measured, capsys):
    assert run(["calibrate", str(measured)]) == 0
    said = capsys.readouterr().out
    for text in (
        "interface/tim1_gel/area_resistance",
        "node/n5/defect_density",
        "mm2 K/W",
        "coupon A",
        "prior",
    ):
        assert text in said
    assert not [path for path in measured.parent.iterdir() if path != measured]


def test_writes_a_folder_that_other_commands_take(measured, tmp_path, capsys):
    out = tmp_path / "mine"
    assert run(["calibrate", str(measured), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    by_id = {item["id"]: item for item in told["numbers"]}
    learnt = by_id["catalog/interface/tim1_gel/area_resistance"]
    assert (
        learnt["posterior"]["high"] - learnt["posterior"]["low"]
        < learnt["prior"]["high"] - learnt["prior"]["low"]
    )
    assert sorted(path.name for path in out.iterdir()) == ["interface.yaml", "node.yaml"]
    item = load_catalog([out]).record("interface", "tim1_gel").input("area_resistance")
    assert item.value * 1e6 == pytest.approx(learnt["posterior"]["value"])
    assert run(["catalog", "show", "interface", "tim1_gel", "--overlay", str(out)]) == 0
    assert "measured, Coupons of our own, report 17 (2026)" in capsys.readouterr().out
    assert run(["catalog", "check", "--overlay", str(out)]) == 0


def test_never_over_a_file_unless_forced(measured, tmp_path, capsys):
    out = tmp_path / "mine"
    assert run(["calibrate", str(measured), "--out", str(out)]) == 0
    (out / "node.yaml").write_text("precious")
    assert run(["calibrate", str(measured), "--out", str(out)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (out / "node.yaml").read_text() == "precious"
    assert run(["calibrate", str(measured), "--out", str(out), "--force"]) == 0
    assert "defect_density" in (out / "node.yaml").read_text()


def test_two_kinds_do_not_fit_one_file(measured, tmp_path, capsys):
    assert run(["calibrate", str(measured), "--out", str(tmp_path / "one.yaml")]) == 2
    assert "name a folder" in capsys.readouterr().err
    assert not (tmp_path / "one.yaml").exists()


def test_a_second_calibration_starts_where_the_first_ended(measured, tmp_path, capsys):
    first = tmp_path / "first"
    assert run(["calibrate", str(measured), "--out", str(first)]) == 0
    second = tmp_path / "later.yaml"
    second.write_text(MEASURED.partition("  - {id: lot")[0].replace("our_lab_2026", "our_lab_2027"))
    capsys.readouterr()
    assert run(["calibrate", str(second), "--overlay", str(first), "--json"]) == 0
    (item,) = json.loads(capsys.readouterr().out)["numbers"]
    known = load_catalog([first]).input(item["id"])
    assert item["prior"]["value"] == pytest.approx(known.value * 1e6)
    assert item["posterior"]["high"] - item["posterior"]["low"] < item["prior"]["high"] - item["prior"]["low"]


def test_a_measurement_that_cannot_be_is_pointed_at(measured, capsys):
    measured.write_text(MEASURED.replace("0.045 K/W", "0.9 K/W"))
    assert run(["calibrate", str(measured)]) == 0
    assert "the prior or the measurement is wrong" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: die_yield", "kind: die_yeild", "die_yield"),
        ("sigma: 0.004 K/W", "sigma: -1 K/W", "must be above zero"),
        ("format_version: 1", "format_version: 9", "newer packfirst"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(measured, tmp_path, capsys, old, new, said):
    measured.write_text(MEASURED.replace(old, new))
    out = tmp_path / "mine"
    assert run(["calibrate", str(measured), "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
    assert not out.exists()
