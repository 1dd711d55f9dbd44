"""The shipped link records against the models: what a standard prints must agree with itself."""

from importlib.resources import files
from typing import Any

import numpy as np
import pytest
import yaml

from packfirst import units
from packfirst.disciplines.electrical.areal import areal_bandwidth_byte_per_s_m2
from packfirst.disciplines.electrical.bumps import Lattice, slice_edge_m
from packfirst.disciplines.electrical.lanes import allowed_modes, edge_bandwidth_byte_per_s_m, highest_rate

RECORDS: dict[str, dict[str, Any]] = {
    record["id"]: record
    for record in yaml.safe_load((files("packfirst.catalog") / "data" / "links.yaml").read_text())["records"]
}


def value(record: dict[str, Any], field: str, quantity: str) -> float:
    return units.read(record[field]["value"], quantity)


def having(field: str) -> list[str]:
    return [name for name, record in RECORDS.items() if field in record]


def test_every_row_of_the_standards_is_there() -> None:
    by_standard: dict[str, int] = {}
    for record in RECORDS.values():
        by_standard[record["standard"]] = by_standard.get(record["standard"], 0) + 1
    # UCIe standard: eight terminated rates and four open; BoW: six modes by the terminations that reach
    counts = {"ucie_a": 8, "ucie_s": 12, "ucie_3d": 4, "bow": 16, "aib": 2, "hbm": 4, "cei_xsr": 2, "grs": 1,
              "memory_tsv": 1}  # fmt: skip
    assert by_standard == counts


@pytest.mark.parametrize("name", having("shoreline_bandwidth"))
def test_shoreline_follows_from_rate_lanes_and_edge(name: str) -> None:
    record = RECORDS[name]
    found = edge_bandwidth_byte_per_s_m(
        value(record, "rate", "lane_rate"),
        value(record, "lanes_per_module", "number"),
        value(record, "module_edge", "length"),
        value(record, "directions", "number"),
    )
    printed = value(record, "shoreline_bandwidth", "edge_bandwidth")
    # AIB's channel is recalled to within its band; UCIe's is exact to the printed digit
    assert found == pytest.approx(printed, rel=0.02 if record["standard"] == "aib" else 0.0, abs=0.5e12)


@pytest.mark.parametrize("name", having("areal_bandwidth"))
def test_areal_bandwidth_follows_from_pitch_and_data_fraction(name: str) -> None:
    record = RECORDS[name]
    found = areal_bandwidth_byte_per_s_m2(
        value(record, "bump_pitch_min", "length"),
        value(record, "rate", "lane_rate"),
        value(record, "data_fraction", "number"),
    )
    assert found == pytest.approx(value(record, "areal_bandwidth", "areal_bandwidth"), rel=0.002)


@pytest.mark.parametrize("name", having("stack_bandwidth"))
def test_stack_bandwidth_follows_from_rate_and_width(name: str) -> None:
    record = RECORDS[name]
    found = value(record, "rate", "lane_rate") * value(record, "lanes_per_module", "number") / 8.0
    assert found == pytest.approx(value(record, "stack_bandwidth", "bandwidth"), abs=0.5e9)


@pytest.mark.parametrize("name", having("signal_rows"))
def test_the_edge_of_a_slice_follows_from_its_bumps(name: str) -> None:
    record = RECORDS[name]
    pitch = {"advanced": 40e-6, "standard": 130e-6}[record["package_class"]]
    lattice = Lattice.hexagonal(pitch)
    edge = slice_edge_m(
        value(record, "signals_per_module", "number"), value(record, "signal_rows", "number"), lattice
    )
    assert edge == pytest.approx(value(record, "module_edge", "length"), rel=1e-12)
    depth = value(record, "module_rows", "number") * lattice.row_pitch_m
    assert depth == pytest.approx(value(record, "module_depth", "length"), rel=0.002)


@pytest.mark.parametrize(("pitch_um", "rate_gt_per_s"), [(25, 24), (36, 32), (40, 48), (45, 64), (55, 64)])
def test_the_records_choose_the_rate_of_ucies_pitch_groups(pitch_um: float, rate_gt_per_s: float) -> None:
    modes = [record for record in RECORDS.values() if record["standard"] == "ucie_a"]
    allowed = allowed_modes(
        pitch_um * 1e-6,
        1.5e-3,
        mode_pitch_min_m=np.array([value(mode, "bump_pitch_min", "length") for mode in modes]),
        mode_pitch_max_m=np.array([value(mode, "bump_pitch_max", "length") for mode in modes]),
        mode_reach_m=np.array([value(mode, "reach", "length") for mode in modes]),
    )
    rates = np.array([value(mode, "rate", "lane_rate") for mode in modes])
    assert highest_rate(allowed, rates).rate_bit_per_s == pytest.approx(rate_gt_per_s * 1e9)


@pytest.mark.parametrize("name", having("crosstalk_slope"))
def test_the_loss_rule_of_ucie_leaves_room_for_crosstalk(name: str) -> None:
    """At the largest loss of the mask, the sloped rule must still admit some crosstalk below its cap."""
    record = RECORDS[name]
    at_most = value(record, "crosstalk_slope", "number") * -value(record, "max_loss", "ratio_db")
    at_most += value(record, "crosstalk_offset", "ratio_db")
    assert value(record, "max_loss", "ratio_db") >= value(record, "max_loss_dc", "ratio_db") >= 0.0
    assert -45.0 < at_most <= value(record, "max_crosstalk", "ratio_db")
