"""Kinds of measurement: what each predicts, and the numbers that it speaks of."""

import math

import numpy as np
import pytest

from packfirst.calibrate.calibration import calibrate
from packfirst.calibrate.kinds import KINDS
from packfirst.calibrate.measurements import read
from packfirst.calibrate.overlay import overlays
from packfirst.catalog import load_catalog
from packfirst.errors import InputError

HEAD = """format: packfirst-measurements
format_version: 1
source: {key: our_lab, title: Coupons of our own, year: 2026}
measurements:
"""


@pytest.fixture(scope="module")
def catalog():
    return load_catalog()


def written(tmp_path, *rows):
    file = tmp_path / "measured.yaml"
    file.write_text(HEAD + "".join(f"  - {row}\n" for row in rows))
    return file


def found(tmp_path, catalog, *rows):
    return calibrate(catalog, read(written(tmp_path, *rows), catalog))


def test_a_bond_line_measured_over_an_area(tmp_path, catalog):
    """20 mK/W over 400 mm2 are 8 mm2 K/W; a measurement much better than the prior is believed."""
    row = "{kind: interface_resistance, of: tim1_indium, conditions: {area: 400 mm2}, value: 0.02 K/W, sigma: 1e-5 K/W}"
    told = found(tmp_path, catalog, row)
    assert told.after[0].value == pytest.approx(8e-6, rel=0.01)
    assert (told.after[0].evidence, told.after[0].source, told.after[0].year) == ("measured", "our_lab", 2026)


def test_yield_by_counts_speaks_of_defects_and_clustering(tmp_path, catalog):
    """Nearly no scatter left: the posterior pair predicts the counted share, and fewer defects mean more yield."""
    row = "{kind: die_yield, of: n5, conditions: {area: 100 mm2}, good: 95000, tested: 100000}"
    told = found(tmp_path, catalog, row)
    defects, alpha = (item.value for item in told.after)
    assert (1.0 + 1e-4 * defects / alpha) ** -alpha == pytest.approx(0.95, abs=0.001)
    assert [item.id.rpartition("/")[2] for item in told.after] == ["defect_density", "cluster_alpha"]
    better = found(tmp_path, catalog, row.replace("95000", "99000"))
    assert better.after[0].value < defects


def test_all_good_still_leaves_doubt(tmp_path, catalog):
    told = found(
        tmp_path, catalog, "{kind: die_yield, of: n5, conditions: {area: 10 mm2}, good: 3, tested: 3}"
    )
    before, after = told.before[0], told.after[0]
    assert after.low < after.value < after.high
    assert after.value == pytest.approx(before.value, rel=0.3)


def test_warpage_of_equal_strips_is_timoshenko_s_special_case(catalog):
    """Equal thickness and modulus: radius t / (3/2 strain), so bow = 3/2 strain L^2 / (8 t); Timoshenko 1925."""
    strips = {"on": "cu", "thickness": 1e-3, "on_thickness": 1e-3, "length": 0.05, "rise": -100.0}
    asked = KINDS["warpage"].ask(catalog, "si", strips)
    nu = [catalog.record("material", name)["poisson"] for name in ("si", "cu")]
    plate = 100e9
    predicted = asked.predict(np.array([plate * (1 - nu[0]), plate * (1 - nu[1]), 3e-6, 17e-6]))
    # Cooling: copper below shrinks more, the middle stands up.
    assert predicted == pytest.approx(1.5 * 14e-6 * 100.0 / 2e-3 * 0.05**2 / 8.0, rel=1e-9)
    assert asked.quantity == "length"


def test_a_queue_in_factors_is_log_normal(tmp_path, catalog):
    before = catalog.record("technology", "organic_mcm").input("lead_time")
    week = 604800.0
    told = found(
        tmp_path, catalog, "{kind: queue, of: organic_mcm, value: 30 week, factor: 1.1}",
        "{kind: queue, of: organic_mcm, value: 32 week, factor: 1.1}",
    )  # fmt: skip
    assert before.value < told.after[0].value < 32 * week
    assert told.after[0].value > 25 * week


def test_what_differs_from_part_to_part_keeps_its_spread(tmp_path, catalog):
    of = "catalog/interface/tim1_gel/thickness"
    before = catalog.input(of)
    told = found(tmp_path, catalog, f"{{kind: value, of: {of}, value: 44 um, sigma: 0.1 um}}")
    after = told.after[0]
    assert after.value == pytest.approx(44e-6, rel=0.01)
    assert after.low / after.value == pytest.approx(before.low / before.value)
    assert after.high / after.value == pytest.approx(before.high / before.value)


def test_one_number_told_twice_is_one_number(tmp_path, catalog):
    row = "{kind: interface_resistance, of: tim1_gel, conditions: {area: 100 mm2}, value: 0.14 K/W, sigma: 0.02 K/W}"
    told = found(tmp_path, catalog, row, row, row)
    assert len(told.after) == 1
    single = found(tmp_path, catalog, row)
    assert told.after[0].high - told.after[0].low < single.after[0].high - single.after[0].low
    assert "3 measurements" in told.after[0].note


def test_the_overlay_is_read_back_to_the_same_numbers(tmp_path, catalog):
    measured = read(
        written(
            tmp_path,
            "{kind: interface_resistance, of: tim1_gel, conditions: {area: 100 mm2}, value: 0.14 K/W, sigma: 0.02 K/W}",
            "{kind: die_yield, of: n5, conditions: {area: 50 mm2}, good: 88, tested: 100}",
        ),
        catalog,
    )
    told = calibrate(catalog, measured)
    folder = tmp_path / "mine"
    folder.mkdir()
    for kind, text in overlays(told, measured.source).items():
        (folder / f"{kind}.yaml").write_text(text)
    again = load_catalog([folder])
    for item in told.after:
        read_back = again.input(item.id)
        assert [read_back.value, read_back.low, read_back.high] == pytest.approx(
            [item.value, item.low, item.high]
        )
        assert (read_back.evidence, read_back.source, read_back.year) == (item.evidence, "our_lab", 2026)
    untouched = catalog.record("interface", "tim1_gel").input("conductivity")
    assert again.record("interface", "tim1_gel").input("conductivity") == untouched


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{kind: interfaces, of: tim1_gel, value: 1 K/W, sigma: 1 K/W}", "unknown kind 'interfaces'"),
        (
            "{kind: interface_resistance, of: tim_gel, conditions: {area: 1 mm2}, value: 1 K/W, sigma: 1 K/W}",
            "tim1_gel",
        ),
        ("{kind: interface_resistance, of: tim1_gel, value: 1 K/W, sigma: 1 K/W}", "needs area"),
        (
            "{kind: interface_resistance, of: tim1_gel, conditions: {area: 1 mm}, value: 1 K/W, sigma: 1 K/W}",
            "'1 mm': write a number",
        ),
        (
            "{kind: interface_resistance, of: tim1_gel, conditions: {area: 0 mm2}, value: 1 K/W, sigma: 1 K/W}",
            "must be above zero",
        ),
        ("{kind: queue, of: organic_mcm, value: 20 week, sigma: 0 week}", "must be above zero"),
        ("{kind: queue, of: organic_mcm, value: 20 week}", "needs sigma"),
        ("{kind: queue, of: organic_mcm, value: 20 week, sigma: 1 week, factor: 1.1}", "one of the two"),
        ("{kind: queue, of: organic_mcm, value: 20 week, factor: 0.9}", "a factor is above 1"),
        ("{kind: queue, of: organic_mcm, value: 20 kg, sigma: 1 week}", "'20 kg': write a number"),
        ("{kind: queue, of: organic_mcm, good: 3, tested: 4}", "good and tested are for a yield"),
        ("{kind: die_yield, of: n5, conditions: {area: 10 mm2}, good: 5, tested: 4}", "cannot be"),
        ("{kind: value, of: catalog/interface/tim1_gel/colour, value: 1, sigma: 1}", "is not in the catalog"),
        ("{kind: queue, of: organic_mcm, value: 20 week, sigma: 1 week, wegiht: 2}", "unknown key"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path, catalog, row, said):
    with pytest.raises(InputError, match=r"measured\.yaml:5") as error:
        read(written(tmp_path, row), catalog)
    assert said in str(error.value)


def test_a_choice_is_not_learnt(tmp_path, catalog):
    row = "{kind: value, of: catalog/technology/organic_mcm/bond_pitch, value: 128 um, sigma: 1 um}"
    with pytest.raises(InputError, match="is a choice of the designer's"):
        found(tmp_path, catalog, row)


def test_a_file_without_source_or_of_a_newer_format_is_refused(tmp_path, catalog):
    file = tmp_path / "m.yaml"
    row = "measurements:\n  - {kind: queue, of: organic_mcm, value: 20 week, sigma: 1 week}\n"
    file.write_text("format: packfirst-measurements\nformat_version: 1\n" + row)
    with pytest.raises(InputError, match="needs a source"):
        read(file, catalog)
    file.write_text("format: packfirst-measurements\nformat_version: 2\n" + row)
    with pytest.raises(InputError, match="newer packfirst"):
        read(file, catalog)
    file.write_text("measurements: []\n")
    with pytest.raises(InputError, match="write 'format: packfirst-measurements' first"):
        read(file, catalog)


def test_every_kind_says_what_it_is():
    assert set(KINDS) == {"value", "interface_resistance", "die_yield", "warpage", "queue"}
    assert all(math.isfinite(len(kind.what)) and kind.what[0].islower() for kind in KINDS.values())
