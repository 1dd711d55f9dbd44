"""One product from its record to its score, and what the command does with files."""

import json

import pytest

from packfirst.architecture.candidate import space
from packfirst.catalog import load_catalog
from packfirst.cli.app import run
from packfirst.cli.hindcast import _cases
from packfirst.errors import InputError
from packfirst.hindcast.card import reason
from packfirst.hindcast.frozen import FILE, freeze
from packfirst.hindcast.run import Told, as_built_rows


def command(folder, *more):
    return run([
        "hindcast", "--product", "apple_m1_ultra", "--product", "x_band_gan_tr", "--out", str(folder), "--budget", "4",
        "--workers", "1", "--date", "2026-11", *more,
    ])  # fmt: skip


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hindcast")
    assert command(folder, "--page", str(folder / "page.md")) == 0
    return folder


def test_a_product_end_to_end(finished, capsys):
    assert command(finished, "--json") == 0
    told = capsys.readouterr()
    card = json.loads(told.out)
    assert card["digest"] in told.err
    item = card["products"][0]
    assert card["scored"] == 1
    assert item["truth"] == {
        "technologies": ["bridge"], "n_die": 2, "thermal_paths": ["forced_air_hs"], "note": ""
    }  # fmt: skip
    assert item["counts"]["assessed"] == 4
    assert "2 x m1_max on n5; bridge_lsi_fanout" in item["as_built"]["describe"]
    assert item["answers"] or item["nearest"]
    assert [row["product"] for row in card["not_expressed"]] == ["x_band_gan_tr"]
    # Twice 432 mm2 less the interfaces on their cut are 830 mm2: a field of 858 mm2 holds them in one piece.
    assert item["plain_rule"] == [{"technology": "buildup", "n_die": 1, "thermal_path": "forced_air_hs"}]
    frozen = json.loads((finished / FILE).read_text())
    assert frozen == {"apple_m1_ultra": item["inputs"]}


def test_a_second_run_is_resumed_and_writes_the_same_page(finished, tmp_path, monkeypatch):
    def assessed_again(*_):
        raise AssertionError("what the study holds was assessed again")

    monkeypatch.setattr("packfirst.explore.engine.brief", assessed_again)
    again = tmp_path / "again.md"
    assert command(finished, "--page", str(again)) == 0
    assert again.read_bytes() == (finished / "page.md").read_bytes()


def test_the_page_holds_hits_reasons_and_hashes(finished):
    text = (finished / "page.md").read_text()
    card_hash = json.loads((finished / FILE).read_text())["apple_m1_ultra"]
    for said in (
        "# Scorecard",
        "2026-11",
        "Nothing is calibrated",
        "Apple M1 Ultra",
        "a logic die",
        card_hash,
    ):
        assert said in text


def test_other_inputs_in_the_folder_are_refused(finished, capsys):
    assert command(finished, "--seed", "1") == 2
    assert "holds other inputs for apple_m1_ultra" in capsys.readouterr().err


def test_an_unknown_product_is_named(tmp_path, capsys):
    assert run(["hindcast", "--product", "apple_m1_ultr", "--out", str(tmp_path / "x")]) == 2
    assert "apple_m1_ultra" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_a_damaged_freeze_is_refused(tmp_path):
    (tmp_path / FILE).write_text("[")
    with pytest.raises(InputError, match="damaged"):
        freeze(tmp_path, {"a": "1"})


def test_as_built_is_found_by_name_of_the_block():
    """MI300X has 8 compute die on 4 IO die; a Program keeps its blocks in another order than the record."""
    catalog = load_catalog()
    (case,) = _cases(catalog, ["amd_mi300x"])[0]
    every = space(case.program, catalog)
    rows, unsaid = as_built_rows(every, case.truth)
    assert not unsaid
    for row in rows:
        candidate = every.candidate(int(row))
        assert {group.name: group.count for group in candidate.partition.groups} == {
            "xcd_compute": 8,
            "io_die": 4,
        }
        ((upper, lower),) = candidate.partition.stacked
        assert candidate.partition.groups[upper].name == "xcd_compute"
        assert candidate.partition.groups[lower].name == "io_die"
        assert candidate.carrier == "si_interposer_cowos_s"
        assert candidate.stack == "hybrid_bond_d2w"
        assert candidate.thermal_path == "cold_plate"


def record(key, cost, state="feasible", carrier="fcbga_lidded", **more):
    return {
        "key": key, "carrier": carrier, "stack": "", "groups": [{"blocks": ["a"], "count": 2, "node": "n5"}],
        "thermal_path": "forced_air_hs", "state": state, "joint_probability": 0.9, "missing": [], "binding": None,
        "metrics": {"cost": {"value": cost}}, **more,
    }  # fmt: skip


def told(ranked, as_built, **more):
    return Told(
        ranked=ranked, nearest=None, as_built=as_built, as_built_screened="", unsaid="", one_die=None, counts={}, **more
    )  # fmt: skip


def test_reasons():
    catalog = load_catalog()
    truth = _cases(catalog, ["apple_m1_ultra"])[0][0].truth
    right = record("r", 100.0, carrier="bridge_lsi_fanout")
    leader, dearer = record("l", 80.0), record("d", 100.0, carrier="bridge_lsi_fanout")
    assert reason(told([right], right), truth, catalog) == ""
    assert "costs 25% more than the leader; the budget" in reason(told([leader], dearer), truth, catalog)
    assert reason(told([leader, dearer], dearer), truth, catalog).endswith("costs 25% more than the leader.")
    binding = {"id": "thermal/junction", "explanation": "too hot", "probability": 0.0}
    failed = record("d", 100.0, state="infeasible", binding=binding)
    assert "held back by thermal/junction: too hot" in reason(told([leader], failed), truth, catalog)
