"""Catalog figures of the nodes against published figures that did not go into them."""

from itertools import pairwise

import pytest

from packfirst.catalog.load import load_catalog
from packfirst.disciplines.cost.die_yield import LAWS

ORDER = ("n90", "n65", "n40", "n28", "n16", "n10", "n7", "n6", "n5", "n4", "n3")  # old to new, one family


@pytest.fixture(scope="module")
def nodes():
    catalog = load_catalog()
    return {record.id: record for record in catalog.records("node")}


def test_each_generation_is_dearer_denser_faster_and_thriftier(nodes):
    for old, new in pairwise(ORDER):
        a, b = nodes[old], nodes[new]
        assert b["logic_density"] > a["logic_density"]
        for rising in ("sram_density", "analog_density", "speed_at_iso_power"):
            assert b[rising] >= a[rising], (old, new, rising)
        assert b["power_at_iso_speed"] <= a["power_at_iso_speed"]
        assert b["wafer_cost"] > a["wafer_cost"]


@pytest.mark.parametrize(
    ("new", "old", "published", "within"),
    [
        ("n10", "n16", 2.1, 0.05),  # TSMC 2016: 10 nm 2.1x the logic density of 16 nm
        ("n28", "n40", 2.0, 0.10),  # TSMC 2011: twice the gate density of 40 nm
        ("n65", "n90", 1109 / 637, 0.12),  # IBS 2014, Table 1: gates per mm2
        ("n40", "n65", 2139 / 1109, 0.15),  # the same
    ],
)
def test_logic_density_closes_over_other_paths(nodes, new, old, published, within):
    assert nodes[new]["logic_density"] / nodes[old]["logic_density"] == pytest.approx(published, rel=within)


def test_mixed_chip_density_of_n3_against_tsmcs_own(nodes):
    # TSMC: 1.3x over N5 for a chip of 50 % logic, 30 % SRAM, 20 % analog.
    shares = {"logic_density": 0.5, "sram_density": 0.3, "analog_density": 0.2}
    area = sum(share / nodes["n3"][name] for name, share in shares.items())
    assert 1 / area == pytest.approx(1.3, rel=0.05)


def test_apple_a14_shrink_lies_between_the_blocks_of_n5(nodes):
    # Measured on the A14 against the A13, 1.49x: below the logic figure, above the analog one.
    gains = [1 / nodes["n7"][name] for name in ("logic_density", "sram_density", "analog_density")]
    assert min(gains) < 1.49 < max(gains)


def test_every_node_names_a_law_that_exists(nodes):
    assert {record.word("yield_model") for record in nodes.values()} <= set(LAWS)
    for record in nodes.values():
        assert record["reticle_x"] * record["reticle_y"] == pytest.approx(858e-6)
