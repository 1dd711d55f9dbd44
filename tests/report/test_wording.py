"""Numbers, units and names as people read them."""

import pytest

from packfirst.report import wording

GAP = wording.GAP


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (8.99049e14, "op/s", f"899{GAP}TFLOP/s"),
        (1.307e15, "op/s", f"1,307{GAP}TFLOP/s"),
        (1.158568e12, "op/J", f"1.159{GAP}TFLOP/s/W"),
        (6815.76, "USD", f"6,816{GAP}USD"),
        (0.004599, "m2", f"4,599{GAP}mm²"),
        (0.1320971, "kg", f"132.1{GAP}g"),
        (11.98597, "K", f"11.99{GAP}K"),
        (-1350.0, "signals", f"−1,350{GAP}signals"),
        (0.0, "mm", f"0{GAP}mm"),
        (None, "mm", "–"),
        (float("inf"), "signals", "–"),
    ],
)
def test_quantity(value: float | None, unit: str, said: str):
    assert wording.quantity(value, unit) == said


def test_what_rounds_to_zero_has_no_sign():
    assert wording.number(-0.0004, decimals=2) == "0.00"


def test_a_row_has_one_number_of_decimals():
    assert wording.row_of((57.01403, 69.0, 11.98597), "K") == ("57.0", "69.0", "12.0")
    assert wording.row_of((1800.0, 450.0, -1350.0), "signals") == ("1,800", "450", "−1,350")
    assert wording.row_of((6.5e14, 8.99e14), "op/s") == ("650", "899")


def test_percent_and_probability():
    assert wording.percent(0.1737) == f"17.4{GAP}%"
    assert wording.percent(0.1737, sign=True, decimals=0) == f"+17{GAP}%"
    assert wording.percent(-3.0, sign=True, decimals=0) == f"−300{GAP}%"
    assert wording.percent(0.0001, sign=True) == f"0.0{GAP}%"
    assert wording.probability(0.7998) == f"80.0{GAP}%"
    assert wording.probability(1.0) == f">{GAP}99.9{GAP}%"
    assert wording.probability(0.0) == f"<{GAP}0.1{GAP}%"
    assert wording.probability(None) == "–"


@pytest.mark.parametrize(
    ("plain", "set_"),
    [
        ("runs at 93.0 degC", "runs at 93.0 °C"),
        ("0.53 mm2; 3.8 mm2 K/W", "0.53 mm²; 3.8 mm² K/W"),
        ("the body is 73.0 x 63.0 mm", "the body is 73.0 × 63.0 mm"),
        ("16 x compute on n5", "16 × compute on n5"),
        ("bumps to 55 um", "bumps to 55 µm"),
        ("a -> b", "a → b"),
        ("-12 K to 80% and 80 %", f"−12 K to 80{GAP}% and 80{GAP}%"),
        ("die-to-die, fabric_0, n6-x2", "die-to-die, fabric_0, n6-x2"),
        ("room2, mm24", "room2, mm24"),
    ],
)
def test_typeset(plain: str, set_: str):
    assert wording.typeset(plain) == set_


def test_names():
    assert wording.named("bridge_emib", {"bridge_emib": "Silicon bridge"}) == "Silicon bridge"
    assert wording.named("bridge_emib", {}) == "bridge emib"
    limit = {"kind": "bump_pitch", "subject": "link:fabric_hbm", "mode": ""}
    assert wording.limit_name(limit) == "Bump pitch of link fabric_hbm"
    assert wording.limit_name({**limit, "mode": "peak"}) == "Bump pitch of link fabric_hbm, peak"
    assert wording.scientific(1.74e-8) == f"1.7{GAP}×{GAP}10⁻⁸"
