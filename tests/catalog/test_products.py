"""Published products: whole, faithful to their sources, with figures that hang together."""

import pytest

from packfirst.catalog import Catalog, Record, load_catalog
from packfirst.catalog.schema_products import DIE_CLASSES

CATALOG = load_catalog()
PRODUCTS = CATALOG.records("product")


def total(record: Record, *classes: str) -> float:
    rows = [row for row in record.table("die") if row.word("class") in classes]
    return sum(record[row.field("count")] for row in rows)


def by_role(record: Record, role: str) -> float:
    """Area of one die of a role. [m2]"""
    row = next(row for row in record.table("die") if row.word("role") == role)
    return record[row.field("area")]


def test_there_are_twenty_and_each_has_what_a_check_needs() -> None:
    assert len(PRODUCTS) == 20
    for record in PRODUCTS:
        assert record.table("die"), record.id
        assert record.word("check"), record.id
        assert record.word("truth_configuration"), record.id
        assert record.listed("truth_technologies"), record.id
        assert record.listed("truth_thermal_paths") or record.word("truth_thermal_note"), record.id
        assert 1990 < record["introduced"] <= 2026, record.id


def test_the_die_that_are_listed_are_the_die_that_were_built() -> None:
    """Die of the truth are those of the list, without bridges, dummies and, where they are passive, interposers."""
    for record in PRODUCTS:
        without_carrier = total(record, "logic", "memory", "rf")
        possible = {
            without_carrier, total(record, "logic", "memory", "rf", "interposer"), total(record, *DIE_CLASSES) - 16,
        }  # fmt: skip
        assert record["truth_die_count"] in possible, record.id


def test_what_a_source_does_not_state_is_absent() -> None:
    assert "power" not in CATALOG.record("product", "x_band_tr_ltcc")
    assert "power" not in CATALOG.record("product", "ku_band_tr_ltcc")
    vcache = CATALOG.record("product", "amd_zen3_vcache")
    spacer = next(row for row in vcache.table("die") if row.word("class") == "dummy")
    assert vcache.of(spacer, "area") is None
    # Wires are stated there and no rate: the bandwidth is an assumption, and says so.
    virtex = CATALOG.record("product", "xilinx_virtex7_2000t")
    bandwidth = virtex.of(virtex.table("links")[0], "bandwidth")
    assert bandwidth is not None
    assert (bandwidth.evidence, bandwidth.source) == ("assumed", "")


@pytest.mark.parametrize(
    ("product", "field", "value"),
    [
        # Press and conference figures, as the named sources print them.
        ("amd_epyc_naples", "contacts", 4094),  # WikiChip Fuse on Zeppelin, 2018
        ("amd_epyc_naples", "power", 200.0),
        ("intel_ponte_vecchio", "package_area", 4844e-6),  # ISSCC 2022 report
        ("xilinx_virtex7_2000t", "bump_pitch", 45e-6),  # Nikkei 2012
        ("xilinx_virtex7_2000t", "cost_saving", 0.5),
        ("apple_m1_ultra", "truth_die_count", 2),
        ("bae_rad750", "temperature_low", 218.15),  # -55 degC
        ("hbm3_stack", "pin_rate", 6.4e9),  # JESD238
        ("caes_ut8rxm39_mcm", "capacity", 20e6),  # 160 Mbit
    ],
)
def test_figures_of_the_sources(product: str, field: str, value: float) -> None:
    assert CATALOG.record("product", product)[field] == pytest.approx(value)


def test_areas_add_up_to_published_totals() -> None:
    rome = CATALOG.record("product", "amd_epyc_rome")
    # 8 x 74 + 416 = 1008 mm2 (die photographs, 2019)
    assert 8 * by_role(rome, "CCD") + by_role(rome, "IO die") == pytest.approx(rome["silicon_area"], rel=1e-9)
    genoa = CATALOG.record("product", "amd_epyc_genoa")
    assert genoa["size_x"] * genoa["size_y"] == pytest.approx(5428e-6, rel=1e-3)  # the published area of SP5
    ponte = CATALOG.record("product", "intel_ponte_vecchio")
    assert total(ponte, "logic", "memory", "bridge") == ponte["functional_tiles"]
    assert total(ponte, *DIE_CLASSES) == ponte["all_tiles"]


def test_power_amplifier_in_watts() -> None:
    """43.0 dBm are 20 W; at 35.6 % of the supply's power that leaves 36 W of heat."""
    gan = CATALOG.record("product", "x_band_gan_tr")
    assert gan["output_power"] == pytest.approx(10**4.3 / 1000, rel=1e-3)
    heat = gan["output_power"] * (1 / gan["power_added_efficiency"] - 1)
    assert heat == pytest.approx(gan["power"], rel=0.02)


def test_memory_bandwidth() -> None:
    stack = CATALOG.record("product", "hbm3_stack")
    link = stack.table("links")[0]
    assert stack[link.field("bandwidth")] == pytest.approx(
        stack["data_bits"] * stack["pin_rate"] / 8, rel=1e-3
    )


def test_ends_of_links_are_die_or_outside() -> None:
    outside = {"socket", "host", "stack", "bus", "tile", "off tile"}
    for record in PRODUCTS:
        roles = {row.word("role") for row in record.table("die")}
        for row in record.table("links"):
            assert {row.word("a"), row.word("b")} <= roles | outside, (record.id, row.number)
            if row.word("a") == row.word("b"):
                assert 1 <= record[row.field("across_middle")] <= record[row.field("count")]


def test_memory_parts_have_the_published_capacity() -> None:
    """MI300X and B200 have 192 GB in eight stacks, H100 has 80 GB in five (makers' specifications)."""
    wanted = {"amd_mi300x": 192e9, "nvidia_b200": 192e9, "nvidia_h100": 80e9}
    for product, capacity in wanted.items():
        record = CATALOG.record("product", product)
        row = next(row for row in record.table("die") if row.word("part"))
        part = CATALOG.record("part", row.word("part"))
        assert record[row.field("count")] * part["capacity"] == pytest.approx(capacity)


def changed(catalog: Catalog, product: str, field: str) -> Catalog:
    name = f"catalog/product/{product}/{field}"
    return catalog.with_value(name, 2 * catalog.input(name).value)


def test_a_number_of_a_row_is_an_input_like_any_other() -> None:
    other = changed(CATALOG, "nvidia_h100", "die_1_area")
    assert by_role(other.record("product", "nvidia_h100"), "GPU") == pytest.approx(2 * 814e-6)
    assert other.digest != CATALOG.digest
