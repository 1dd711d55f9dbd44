"""The Catalog as a value: looking up, changing purely, hashing."""

import os
import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst import units
from packfirst.catalog import Catalog, MissingDatum, UnknownRecord, load_catalog

CATALOG = load_catalog()
IDS = sorted(item.id for item in CATALOG.inputs())


def test_look_up() -> None:
    silicon = CATALOG.record("material", "si")
    assert silicon["conductivity"] == silicon.input("conductivity").value
    assert silicon.input("conductivity").id == "catalog/material/si/conductivity"
    assert CATALOG.input("catalog/material/si/conductivity") is silicon.input("conductivity")
    assert "conductivity" in silicon
    assert silicon.get("no_such_field") is None
    assert silicon.word("class") == "semiconductor"
    assert CATALOG.record("interface", "tim1_pcm").listed("use") == ("tim1", "tim1_bare_die")
    assert silicon.listed("nothing") == ()


def test_what_is_missing_says_so() -> None:
    with pytest.raises(UnknownRecord, match="unknown material 'slicon'") as unknown:
        CATALOG.record("material", "slicon")
    assert unknown.value.exit_code == 2
    with pytest.raises(UnknownRecord, match="did you mean 'hbm3_8h'"):
        CATALOG.record("part", "hbm3_8")
    with pytest.raises(UnknownRecord, match="the catalog has no widget at all"):
        CATALOG.record("widget", "x")
    with pytest.raises(UnknownRecord, match="an id of the catalog reads"):
        CATALOG.input("program/blocks/x/area")
    with pytest.raises(UnknownRecord, match="unknown source"):
        CATALOG.source("nobody1999")
    with pytest.raises(MissingDatum) as missing:
        CATALOG.record("material", "air").input("modulus")
    assert missing.value.input_id == "catalog/material/air/modulus"
    assert missing.value.exit_code == 3
    with pytest.raises(MissingDatum):
        CATALOG.record("material", "air").word("use")


@given(st.sampled_from(IDS), st.floats(0.1, 10.0))
def test_with_value_changes_one_value_of_a_copy(input_id: str, factor: float) -> None:
    before = CATALOG.input(input_id)
    digest = CATALOG.digest
    wanted = before.value * factor + 1.0
    changed = CATALOG.with_value(input_id, wanted)
    after = changed.input(input_id)
    assert after.value == wanted
    assert (after.low, after.high, after.source, after.kind) == (
        before.low,
        before.high,
        before.source,
        before.kind,
    )
    assert CATALOG.input(input_id) is before
    assert CATALOG.digest == digest
    assert changed.digest != digest
    untouched = [a is b for a, b in zip(CATALOG.inputs(), changed.inputs(), strict=True)]
    assert untouched.count(False) == 1
    assert changed.with_value(input_id, before.value).digest == digest


def test_with_values_of_one_record_and_of_several() -> None:
    wanted = {
        "catalog/material/si/conductivity": 140.0,
        "catalog/material/si/density": 2300.0,
        "catalog/thermal_path/cold_plate/resistance": 0.03,
    }
    changed = CATALOG.with_values(wanted)
    assert {name: changed.input(name).value for name in wanted} == wanted


def test_with_value_refuses_what_is_not_there_and_what_is_not_finite() -> None:
    with pytest.raises(MissingDatum):
        CATALOG.with_value("catalog/material/air/modulus", 1.0)
    with pytest.raises(UnknownRecord):
        CATALOG.with_value("catalog/material/nothing/modulus", 1.0)
    with pytest.raises(ValueError, match="not a finite number"):
        CATALOG.with_value("catalog/material/si/conductivity", float("nan"))


def test_digest_is_the_same_in_another_process_with_another_hash_seed() -> None:
    code = "from packfirst.catalog import load_catalog; import sys; sys.stdout.write(load_catalog().digest)"
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert ran.stdout == CATALOG.digest


def test_order_of_records_does_not_matter() -> None:
    tables = {kind: dict(reversed(table.items())) for kind, table in reversed(CATALOG.tables.items())}
    other = Catalog(tables=tables, sources=dict(reversed(CATALOG.sources.items())))
    assert other.digest == CATALOG.digest
    assert other == CATALOG
    assert hash(other) == hash(CATALOG)


def test_a_catalog_travels_to_a_worker() -> None:
    assert pickle.loads(pickle.dumps(CATALOG)).digest == CATALOG.digest
    for error in (UnknownRecord("part", "x", "known: y"), MissingDatum("part", "x", "size_x")):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)


@given(st.sampled_from(sorted(units.QUANTITIES)), st.floats(1e-6, 1e6), st.data())
def test_units_round_trip(quantity: str, value: float, data: st.DataObject) -> None:
    allowed = units.QUANTITIES[quantity][1]
    if not allowed:
        assert units.read(value, quantity) == value
        return
    name = data.draw(st.sampled_from(allowed))
    text = units.write(value, quantity, name)
    # A small number of kelvin loses its digits behind 273.15.
    tolerance = 1e-9 if quantity == "temperature" else 0.0
    assert units.read(text, quantity) == pytest.approx(value, rel=1e-10, abs=tolerance)


@pytest.mark.parametrize(
    ("text", "quantity", "value"),
    [
        # The kilojoule, the tonne and the Julian year are exact by definition (BIPM SI Brochure, 9th edition; IAU).
        ("1 nF/mm2", "areal_capacitance", 1e-3),
        ("31557600 USD/year", "cost_rate", 1.0),
        ("3600 USD/hour", "cost_rate", 1.0),
        ("1 week", "time", 604800.0),
        ("1 in", "length", 0.0254),
        ("32 degC", "temperature", 305.15),
        ("3.8 mm2 K/W", "area_resistance", 3.8e-6),
        ("2.6 ppm/K", "expansion", 2.6e-6),
        ("1 W/cm2", "heat_flux", 1e4),
        ("0.06 1/cm2", "area_density", 600.0),
    ],
)
def test_units_by_definition(text: str, quantity: str, value: float) -> None:
    assert units.read(text, quantity) == pytest.approx(value, rel=1e-14)
