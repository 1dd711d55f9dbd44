"""`packfirst init`: every file that it writes loads, says where its numbers are from, and can be explored."""

import json
import re
from pathlib import Path

import pytest

from packfirst.catalog import load_catalog
from packfirst.cli.app import run
from packfirst.cli.files import names_of
from packfirst.cli.init import defaults
from packfirst.cli.init_kinds import KINDS, draft_of_kind
from packfirst.cli.init_like import draft_of_product
from packfirst.inputs import Evidence
from packfirst.program import Program
from packfirst.program.load import program_from
from packfirst.yaml_marks import parse

CATALOG = load_catalog()
NAMES = names_of(CATALOG)
# What a record leaves open, and a word of the line in which the file says so.
LACKING = {
    "caes_ut8rxm39_mcm": "a logic die", "hbm3_stack": "'DRAM'", "nasa_trmm_hdi": "a logic die",
    "ku_band_tr_ltcc": "its power", "x_band_tr_ltcc": "its power", "x_band_gan_tr": "'GaN HPA'",
}  # fmt: skip
PRODUCTS = CATALOG.ids("product")


def program_of(text: str) -> Program:
    return program_from(parse(text, "program.yaml"), NAMES)


def like(product: str) -> Program:
    return program_of(draft_of_product(CATALOG, product).text())


def marks(text: str) -> list[int]:
    return sorted(int(number) for number in re.findall(r"^ *# \[(\d+)\]", text, re.MULTILINE))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_loads_and_marks_ten_numbers(kind: str) -> None:
    text = draft_of_kind(kind).text()
    program = program_of(text)
    assert marks(text) == list(range(1, 11))
    assert program.name
    assert all(item.evidence is Evidence.ASSUMED for item in program.inputs())


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_product_loads_and_marks_ten_numbers(product: str) -> None:
    text = draft_of_product(CATALOG, product).text()
    program_of(text)
    assert marks(text) == list(range(1, 11))
    assert all(len(line) <= 160 for line in text.splitlines())


@pytest.mark.parametrize("product", PRODUCTS)
def test_what_a_record_leaves_open_is_said_and_assumed(product: str) -> None:
    draft = draft_of_product(CATALOG, product)
    assert LACKING.get(product, "") in draft.about
    assert ("is assumed" in draft.about) == (product in LACKING)
    if product in LACKING:
        program = program_of(draft.text())
        assert any(
            item.evidence is Evidence.ASSUMED for item in (part.area for part in program.blocks.values())
        )


def test_die_that_come_ready_made_are_as_many_as_they_are() -> None:
    assert like("nasa_trmm_hdi").blocks["sram_128k_x_8"].splits == (25,)
    assert like("x_band_tr_ltcc").blocks["gaas_mmic_set"].splits == (6,)


def test_what_was_built_as_one_die_is_cut_only_with_traffic_across_the_cut() -> None:
    """Rome's input/output die takes 8 x 83 GB/s, half of which crosses its middle; a die without links stays whole."""
    rome = like("amd_epyc_rome")
    within = next(link for link in rome.links.values() if link.between == ("io_die", "io_die"))
    assert within.bandwidth.value == pytest.approx(8 * 83e9 / 2)
    assert within.bandwidth.evidence is Evidence.ASSUMED
    assert like("bae_rad750").blocks["powerpc_750_rad_hard"].splits == (1,)


def test_a_cut_block_is_stated_in_one_piece() -> None:
    """AMD gives 777 mm2 for the one die that four of 213 mm2 stand for (Naffziger et al., ISCA 2021)."""
    assert like("amd_epyc_naples").blocks["soc_zeppelin"].area.value == pytest.approx(777e-6, rel=0.005)


def test_a_product_that_is_sold_has_no_spread_of_estimates() -> None:
    accuracy = like("nvidia_h100").accuracy
    assert (accuracy.power.value, accuracy.area.value) == (1.0, 1.0)
    assert not accuracy.power.is_sampled
    assert not accuracy.area.is_sampled


def test_a_sink_fits_under_the_side_panel() -> None:
    for product in ("amd_zen3_vcache", "apple_m1_ultra", "intel_meteor_lake"):
        sink = CATALOG.record("thermal_path", "forced_air_hs")["added_height"]
        assert like(product).form_factor.height.value > sink + 6e-3


def test_numbers_of_a_product_keep_their_sources() -> None:
    program = like("amd_epyc_rome")
    # 8 die of 74 mm2 and one of 416 mm2; the body of socket SP3: 58.5 x 75.4 mm
    ccd, io = program.blocks["ccd"].area, program.blocks["io_die"].area
    assert (ccd.value, io.value) == (pytest.approx(8 * 74e-6), pytest.approx(416e-6))
    assert (ccd.evidence, io.evidence) == (Evidence.DERIVED, Evidence.PUBLISHED)
    assert (ccd.source, ccd.year) == ("Rome die areas", 2019)
    assert program.form_factor.body_y.value == pytest.approx(75.4e-3)
    assert program.form_factor.body_y.evidence is Evidence.PUBLISHED
    # a number from memory stays one, however often it is taken
    assert like("amd_mi300x").blocks["xcd_compute"].area.evidence is Evidence.RECALLED


@pytest.mark.parametrize("product", PRODUCTS)
def test_the_rating_is_split_without_rest(product: str) -> None:
    drawn = sum(power.value for power in like(product).modes["rated"].power.values())
    rating = CATALOG.record("product", product).get("power")
    assert drawn == pytest.approx(
        10.0 if rating is None else rating.value, rel=0.01
    )  # ten watts where none is said


def test_links_across_the_middle() -> None:
    # A full mesh of four die has six links; any cut into two pairs crosses four of them. 42.6 GB/s each (ISSCC 2018).
    naples = like("amd_epyc_naples").links["soc_zeppelin_soc_zeppelin"]
    assert naples.bandwidth.value == pytest.approx(4 * 42.6e9)
    # Of two axes of an array, 2 x 2.4 and 2 x 3.0 TB/s, the weaker counts (VLSI 2024).
    assert like("amd_mi300x").links["io_die_io_die"].bandwidth.value == pytest.approx(4.8e12)
    # A record without a link to its memory gets one: five stacks would be idle otherwise.
    ponte = like("intel_ponte_vecchio")
    assert any("hbm2e_stack" in link.between for link in ponte.links.values())


def test_what_a_technology_brings_along_is_no_block() -> None:
    for product in ("intel_ponte_vecchio", "amd_zen3_vcache", "xilinx_virtex7_2000t", "intel_meteor_lake"):
        roles = {*like(product).blocks, *like(product).bought}
        assert not roles & {
            "emib_bridge",
            "thermal_dummy",
            "structural_silicon",
            "passive_interposer",
            "base_interposer",
        }


def test_a_missing_bandwidth_is_spoken_of() -> None:
    text = draft_of_product(CATALOG, "xilinx_virtex7_ht").text()
    assert not like("xilinx_virtex7_ht").links
    assert "does not state the traffic of FPGA slice to 28G transceiver die" in text.replace("\n#", "")


@pytest.mark.parametrize("source", ["server_processor", "nvidia_h100"])
def test_defaults_are_listed_by_influence(source: str) -> None:
    text = draft_of_kind(source).text() if source in KINDS else draft_of_product(CATALOG, source).text()
    program = program_of(text)
    listed = defaults(program, CATALOG)
    assert listed["assessed"]
    weights = [row["influence"] for row in listed["defaults"]]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 0.0
    wanted = {item.id for item in program.inputs() if item.evidence is Evidence.ASSUMED}
    assert {row["id"] for row in listed["defaults"]} == wanted


def test_writing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "mine.yaml"
    assert run(["init", "server_processor", "--out", str(target)]) == 0
    out = capsys.readouterr().out
    assert "Defaults by influence" in out
    assert f"packfirst explore {target}" in out
    assert target.read_text() == draft_of_kind("server_processor").text()
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_never_over_a_file_unless_forced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "mine.yaml"
    target.write_text("keep me")
    assert run(["init", "--like", "apple_m1_ultra", "--out", str(target)]) == 2
    assert target.read_text() == "keep me"
    assert "is there already: --force" in capsys.readouterr().err
    assert run(["init", "--like", "apple_m1_ultra", "--out", str(target), "--force", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["text"] == target.read_text()
    assert said["file"] == str(target)


def test_stdout_is_the_file_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--like", "amd_zen3_vcache"]) == 0
    captured = capsys.readouterr()
    assert program_of(captured.out).name == "Like AMD Zen 3 CCD with stacked cache"
    assert "Defaults by influence" in captured.err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            [],
            "name a kind (ai_accelerator, server_processor, rf_module, space_computer, memory_stack) or, with --like",
        ),
        (["server_processor", "--like", "nvidia_h100"], "one of the two"),
        (["sever_processor"], "unknown kind 'sever_processor': did you mean 'server_processor'?"),
        (["--like", "nvidia_h10"], "unknown product 'nvidia_h10': did you mean 'nvidia_h100'?"),
        (["server_processor", "--out", "no/such/folder/x.yaml"], "cannot be written"),
    ],
)
def test_bad_input(arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    assert expected in line


def test_a_product_of_the_users_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An overlay's product starts a program as a packaged one does."""
    overlay = tmp_path / "ours.yaml"
    number = "{{value: {0}, low: {0}, high: {0}, kind: choice, evidence: measured, source: lab}}".format
    overlay.write_text(
        "format: packfirst-catalog-1\nkind: product\nsources:\n  lab: {title: Our laboratory, year: 2026}\n"
        f"records:\n- id: ours\n  market: workstation\n  introduced: {number(2026)}\n  power: {number('90 W')}\n"
        f"  truth_technologies: [organic_mcm]\n  truth_die_count: {number(1)}\n  truth_configuration: one die\n"
        "  truth_hermetic: no\n  truth_thermal_note: none\n  check: none\n"
        f"  die:\n  - {{role: 3 cores, class: logic, count: {number(1)}, area: {number('90 mm2')}, node_id: n5}}\n"
    )
    assert run(["init", "--like", "ours", "--overlay", str(overlay)]) == 0
    program = program_of(capsys.readouterr().out)
    assert program.blocks["die_3_cores"].area.evidence is Evidence.MEASURED
    assert program.modes["rated"].power["die_3_cores"].value == pytest.approx(90.0)
