"""The packaged data: that it is whole, that it passes its own rules, and that its figures hang together."""

import time

import numpy as np
import pytest

from packfirst import units
from packfirst.catalog import Record, load_catalog, statistics
from packfirst.catalog.check import check, unused_sources
from packfirst.catalog.schema import CAPABILITIES, KINDS
from packfirst.inputs import Evidence, Kind

CATALOG = load_catalog()
EVERYTHING = tuple(CATALOG.inputs())


def all_records() -> list[Record]:
    return [record for kind in CATALOG.kinds for record in CATALOG.records(kind)]


def test_the_tables_are_whole() -> None:
    counted = statistics(CATALOG)
    assert counted.records["technology"] == 28
    assert counted.records["thermal_path"] == 16
    assert counted.records["interface"] == 22
    assert counted.records["material"] >= 94
    assert set(CATALOG.ids("part")) == {
        "hbm2e_8h", "hbm3_8h", "hbm3_12h", "hbm3e_8h", "hbm3e_12h",
        "xband_gan_hpa", "xband_gan_driver", "xband_gan_lna", "xband_gan_switch",
        "rad_hard_processor_65", "rad_hard_sram_20m",
    }  # fmt: skip
    assert sum(counted.numbers.values()) == len(EVERYTHING)
    assert sum(counted.shares.values()) == pytest.approx(1.0)


def test_it_passes_its_own_check() -> None:
    assert check(CATALOG) == []
    assert unused_sources(CATALOG) == ()


def test_loading_is_fast() -> None:
    load_catalog()
    start = time.process_time()
    load_catalog()
    assert time.process_time() - start < 1.0


def test_every_number_says_how_it_is_known() -> None:
    for item in EVERYTHING:
        if item.evidence is Evidence.ASSUMED:
            assert not item.source, item.id
            assert item.low is not None, item.id
            assert item.high is not None, item.id
            assert item.high > item.low, item.id
        else:
            assert CATALOG.source(item.source).title, item.id
            assert item.year is not None, item.id
        if item.evidence is not Evidence.STANDARD:
            assert item.low is not None, item.id
            assert item.high is not None, item.id
            assert item.low <= item.value <= item.high, item.id


# Exact because they define something: the scanner's field, the wafer, the node that others are relative to, the
# bounds between which a cost model's factors hold.
DEFINED = (
    "reticle_x",
    "reticle_y",
    "wafer_diameter",
    "reference_area",
    "area_limit_small",
    "area_limit_medium",
)


def test_nothing_but_a_choice_a_standard_or_a_definition_is_certain() -> None:
    for item in EVERYTHING:
        _, kind, record_id, field = item.id.split("/")
        if item.kind is Kind.CHOICE or item.evidence is Evidence.STANDARD or field in DEFINED:
            continue
        if (kind, record_id) != ("node", "n5"):
            assert item.sigma > 0.0, item.id


def test_every_number_survives_writing_and_reading() -> None:
    for item in EVERYTHING:
        text = units.write(item.value, item.quantity)
        again = units.read(float(text) if item.quantity == "number" else text, item.quantity)
        assert again == pytest.approx(item.value, rel=1e-10), item.id


def test_every_field_is_of_its_quantity() -> None:
    for record in all_records():
        for name, item in record.inputs.items():
            spec = KINDS[record.kind].number(name)
            assert spec is not None, (record.id, name)
            assert item.quantity == spec.quantity


def test_routes() -> None:
    for record in CATALOG.records("technology"):
        assert [step.number for step in record.route] == list(range(1, len(record.route) + 1))
        assert 1 <= record.die_committed_at_step <= len(record.route)
        assert all(set(step.needs) <= set(CAPABILITIES) for step in record.route)
        product = float(np.prod([record[step.yield_field] for step in record.route]))
        assert 0.5 < product < 1.0, record.id
        # From the step that commits die on, no step is hotter than what the technology allows.
        after = [record[step.temperature_field] for step in record.route[record.die_committed_at_step - 1 :]]
        ceiling = record.input("process_temperature_maximum").high
        assert ceiling is not None
        assert max(after) <= ceiling, record.id


def test_anisotropy_and_named_fixes() -> None:
    """Where tables disagree by ten times: the values kept, as the page on data says."""
    silicon_carbide = CATALOG.record("material", "sic_4h")
    # Wolfspeed's materials catalogue has 4.9 W/(cm K) along a and 3.9 along c for semi-insulating 4H (recalled).
    assert silicon_carbide["conductivity"] == 490.0
    assert 320.0 <= silicon_carbide["conductivity_z"] <= 390.0
    assert CATALOG.record("material", "ausi")["conductivity"] == 27.0
    assert CATALOG.record("material", "bn_hex")["conductivity"] <= 60.0
    assert CATALOG.record("material", "si_high_resistivity")["loss_tangent"] == pytest.approx(
        # sigma / (2 pi f eps0 epsr) of 10 ohm m at 10 GHz
        0.1 / (2 * np.pi * 10e9 * 8.8541878128e-12 * 11.7), rel=0.01,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["sn63pb37", "pb95sn5", "in52sn48"])
def test_solder_resistivity_against_its_percentage_of_copper(name: str) -> None:
    """100 % IACS is 1.7241e-8 ohm m (IEC 60028); the makers print 11.9, 8.8 and 11.7 %."""
    share = {"sn63pb37": 0.119, "pb95sn5": 0.088, "in52sn48": 0.117}[name]
    assert CATALOG.record("material", name)["resistivity"] == pytest.approx(1.7241e-8 / share, rel=0.01)


def test_metals_obey_wiedemann_and_franz() -> None:
    """k rho / T is 2.44e-8 V2/K2 for a free-electron metal (Sommerfeld); pure metals stay within 30 %."""
    for name in ("cu", "au", "al", "ag", "w", "mo", "ni", "in100"):
        metal = CATALOG.record("material", name)
        lorenz = metal["conductivity"] * metal["resistivity"] / 298.15
        assert lorenz == pytest.approx(2.44e-8, rel=0.31), name


def test_interfaces_add_up() -> None:
    """Bond line over conductivity plus both contacts is the area resistance, within its band."""
    for record in CATALOG.records("interface"):
        if "conductivity" in record and record["thickness"] > 0.0:
            contact = record.get("contact_resistance")
            total = record["thickness"] / record["conductivity"] + (contact.value if contact else 0.0)
            assert total == pytest.approx(record["area_resistance"], rel=0.2), record.id


def test_derived_thermal_paths() -> None:
    # Tuckerman and Pease 1981: 790 W/cm2 at 71 K.
    assert CATALOG.record("thermal_path", "microchannel_si")["film_coefficient"] == pytest.approx(
        790e4 / 71, rel=0.02
    )
    # imec 2018: 15 K at 100 W/cm2.
    jet = CATALOG.record("thermal_path", "jet_impingement")
    assert jet["film_coefficient"] == pytest.approx(100e4 / 15, rel=0.01)
    assert jet["resistance"] * jet["reference_area"] == pytest.approx(15 / 100e4, rel=0.03)
    # Linearised Stefan-Boltzmann radiation at 313 K and an emissivity of 0.85.
    radiation = CATALOG.record("thermal_path", "space_radiation_only")
    assert radiation["film_coefficient"] == pytest.approx(4 * 0.85 * 5.670374e-8 * 313**3, rel=0.01)
    assert radiation["max_heat_flux"] == pytest.approx(0.85 * 5.670374e-8 * 313**4, rel=0.01)


def test_memory_stacks() -> None:
    """Bandwidth is lanes times rate (JEDEC JESD238: 1024 bits at 6.4 Gb/s are 819 GB/s)."""
    for record in CATALOG.records("part"):
        if record.word("class") != "memory_stack":
            continue
        assert record["bandwidth"] == pytest.approx(record["data_lanes"] * record["lane_rate"] / 8, rel=0.01)
        assert record["power"] == pytest.approx(record["bandwidth"] * 8 * record["energy_per_bit"], rel=0.01)
        assert record["conductivity_z"] < record["conductivity"]
        assert CATALOG.has("link", record.word("standard"))
    assert CATALOG.record("part", "hbm3_8h")["bandwidth"] == pytest.approx(819.2e9, rel=0.001)


def test_interposers_and_reticles_agree() -> None:
    """The field of a scanner is 26 x 33 mm."""
    record = CATALOG.record("technology", "si_interposer_cowos_s")
    largest = record.input("max_interposer_area").high
    assert largest == pytest.approx(record["max_reticle_multiple"] * 26e-3 * 33e-3, rel=0.001)


def test_no_trace_of_the_workplace() -> None:
    for record in all_records():
        texts = [*record.words.values(), *(item.note + item.where for item in record.inputs.values())]
        assert not any("/work" in str(text) or "judgement, EJ" in str(text) for text in texts), record.id
