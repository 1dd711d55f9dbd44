"""Joints and lid seals: melting points against what others print, and an order that holds."""

import pytest

from packfirst.catalog import load_catalog
from packfirst.inputs import Evidence

CATALOG = load_catalog()
KELVIN = 273.15


@pytest.mark.parametrize(
    ("joint", "degc"),
    [
        # Freezing points of the ITS-90 and eutectics as the makers' alloy charts print them.
        ("indium", 156.5985), ("in97ag", 143.0), ("sn63", 183.0), ("sac305", 217.0), ("ausn", 280.0),
        ("auge", 356.0), ("ausi", 363.0),
    ],
)  # fmt: skip
def test_remelt(joint: str, degc: float) -> None:
    assert CATALOG.record("joint", joint)["remelt"] - KELVIN == pytest.approx(degc, abs=1.0)


def test_fourteen_joints_and_six_seals() -> None:
    assert len(CATALOG.ids("joint")) == 14
    assert len(CATALOG.ids("lid_seal")) == 6


def test_solder_is_made_above_its_remelt_and_survives_below_it() -> None:
    for record in CATALOG.records("joint"):
        if record.word("class") != "solder":
            continue
        assert record["process_temperature"] > record["remelt"], record.id
        raised = record.get("raised_remelt")
        ceiling = record["remelt"] if raised is None else raised.value
        assert record["survives_below"] < ceiling, record.id


def test_raised_remelt_is_above_the_remelt_and_says_why() -> None:
    raised = {record.id for record in CATALOG.records("joint") if "raised_remelt" in record}
    assert raised == {"ausn", "snag_ubump", "ag_sinter"}
    for name in raised:
        record = CATALOG.record("joint", name)
        assert record.word("raised_by")
        assert (
            record["raised_remelt"] > record.inputs.get("remelt", record.input("process_temperature")).value
        )
    assert CATALOG.record("joint", "ag_sinter")["raised_remelt"] - KELVIN == pytest.approx(961.78)  # ITS-90


def test_agrees_with_the_material() -> None:
    for record in CATALOG.records("joint"):
        if "remelt" in record and "material" in record.words:
            material = CATALOG.record("material", record.word("material"))
            assert material["melt"] == pytest.approx(record["remelt"], abs=2.0), record.id


def test_what_may_melt_again_under_underfill_is_a_bump() -> None:
    may = {r.id for r in CATALOG.records("joint") if r.word("may_remelt_under_underfill") == "yes"}
    assert may == {"high_lead", "sac305", "snag_ubump", "sn63"}


def test_polymers_decompose_and_do_not_melt() -> None:
    for name in ("ag_epoxy", "underfill"):
        record = CATALOG.record("joint", name)
        assert "remelt" not in record
        assert record["decomposition"] > 260.0 + KELVIN  # peak of lead-free reflow, J-STD-020


def test_local_seals_keep_the_body_cool() -> None:
    for record in CATALOG.records("lid_seal"):
        hotter = record["joint_temperature"] - record["body_temperature"]
        assert (hotter > 500.0) == (record.word("heating") == "local"), record.id
        assert record.input("seal_yield").evidence is Evidence.ASSUMED
    assert CATALOG.record("lid_seal", "epoxy_lid").word("hermetic") == "no"
