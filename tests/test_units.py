"""Numbers at the door: every unit that a file may use against pint, there and back, and what is refused."""

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst import units

EVERY = [(quantity, unit) for quantity, (_, allowed) in units.QUANTITIES.items() for unit in allowed]
WITH_UNITS = [quantity for quantity, (_, allowed) in units.QUANTITIES.items() if allowed]
# What pint spells otherwise, or takes for something else: b is a barn to it, T a tesla, in a keyword.
SPELT = {"b": "bit", "T": "transfer", "in": "inch", "OP": "operation", "op": "operation", "FLOP": "operation",
         "gn": "g_n", "rad": "rads"}  # fmt: skip


@cache
def registry():
    import pint

    found = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    for name in ("USD", "operation", "transfer"):
        found.define(f"{name} = [{name}]")
    return found


def spelt(unit):
    """Our unit as pint writes it: powers with stars, letters that mean something else to it in full."""

    def word(match):
        name, power = match[1], match[2]
        for ours, theirs in SPELT.items():
            if name == ours or (ours not in ("in", "b") and name[1:] == ours and name[0] in "kMGTP"):
                name = name[: len(name) - len(ours)] + theirs
        name = {"Gb": "Gbit", "Tb": "Tbit"}.get(name, name)
        return f"{name}**{power}" if power else name

    return re.sub(r"([a-zA-Z]+)(\d*)", word, unit)


@pytest.mark.parametrize(("quantity", "unit"), EVERY)
def test_every_unit_is_what_pint_says(quantity, unit):
    if quantity in ("ratio_db", "ratio_slope"):
        assert units.read(f"0.5 {unit}", quantity) == 0.5  # to pint 0.5 dB is the ratio 1.12
        return
    if quantity == "attenuation":  # as many decibels on each of so many lengths
        per = registry().Quantity(1.0, f"1/{unit.removeprefix('dB/')}").to("1/m").magnitude
        assert units.read(f"0.5 {unit}", quantity) == pytest.approx(0.5 * per, rel=1e-14)
        return
    si = spelt(units.QUANTITIES[quantity][0])
    for number in (0.0, 1.0, 37.5):
        wanted = registry().Quantity(number, spelt(unit)).to(si).magnitude
        assert units.read(f"{number} {unit}", quantity) == pytest.approx(wanted, rel=1e-14)


@given(st.sampled_from(EVERY), st.floats(-1e12, 1e12).filter(lambda x: x == 0 or abs(x) > 1e-12))
def test_what_is_written_is_read_back(pair, shown):
    quantity, unit = pair
    value = units.read(f"{shown!r} {unit}", quantity)
    # Zero degrees Celsius lies at 273.15 K: rounding is relative to what is written.
    close = 1e-11 * max(abs(value), abs(units.read(f"1 {unit}", quantity)))
    for text in (units.write(value, quantity, unit), units.write(value, quantity)):
        assert units.read(text, quantity) == pytest.approx(value, rel=1e-11, abs=close)
    assert units.shown_in(value, quantity, unit) == pytest.approx(shown, rel=1e-12, abs=1e-9)


@pytest.mark.parametrize(
    ("value", "quantity", "text"),
    [
        (0.0721, "length", "72.1 mm"),
        (4.5e-7, "length", "0.45 um"),
        (309.15, "temperature", "36 degC"),
        (1.2e-4, "area", "120 mm2"),
        (5.3e12, "bandwidth", "5300 GB/s"),
        (3.0, "number", "3"),
        (0.0, "power", "0 W"),
    ],
)
def test_the_unit_is_the_one_that_a_person_would_write(value, quantity, text):
    assert units.write(value, quantity) == text


@pytest.mark.parametrize("quantity", WITH_UNITS)
@pytest.mark.parametrize(
    "text",
    [
        "120",
        120,
        120.0,
        True,
        None,
        "",
        "um",
        "nan {}",
        "inf {}",
        "-inf {}",
        "1e999 {}",
        "1,5 {}",
        "1_0 {}",
        "1 2 {}",
    ],
)
def test_what_is_no_number_with_a_unit_is_refused(quantity, text):
    allowed = units.QUANTITIES[quantity][1]
    text = text.format(allowed[0]) if isinstance(text, str) else text
    with pytest.raises(ValueError, match=r"write|finite"):
        units.read(text, quantity)


@pytest.mark.parametrize("quantity", WITH_UNITS)
@pytest.mark.parametrize("unit", ["mil", "furlong", "MM", "m m", "degF"])
def test_a_unit_outside_the_list_is_refused_with_the_list(quantity, unit):
    allowed = units.QUANTITIES[quantity][1]
    with pytest.raises(ValueError, match=re.escape(", ".join(allowed))):
        units.read(f"1 {unit}", quantity)


@pytest.mark.parametrize(
    "text", ["3", "3 mm", None, True, float("nan"), float("inf"), -float("inf"), 10**400]
)
def test_a_plain_number_is_plain_and_finite(text):
    with pytest.raises(ValueError, match=r"plain number|finite"):
        units.read(text, "number")


def test_numbers_as_people_write_them():
    assert units.read(" +1.5e-3mm ", "length") == pytest.approx(1.5e-6, rel=1e-15)
    assert units.read(".5 um", "length") == units.read("5.e-1 um", "length") == 0.5e-6
    assert units.read(7, "number") == 7.0
