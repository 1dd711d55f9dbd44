"""The records that figures are drawn from, on packages small enough to check by hand; and what is drawn."""

import re
import struct
import xml.etree.ElementTree as ElementTree
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.report import colors, drawing, floorplan, money, section


def body(name: str, role: str, box: tuple[float, ...], owner: str = "") -> dict:
    return {"id": name, "role": role, "material": "m", "owner": owner, "box_mm": list(box)}


def die(name: str, base: str = "", part: str = "") -> dict:
    return {
        "id": name,
        "group": name.rpartition("_")[0],
        "body": name,
        "base": base,
        "part": part,
        "node": "n5",
    }


# Two pairs of die, 20 mm apart in y, each an upper on a base; mould painted first, so that die replace it.
GEOMETRY = {
    "bodies": [
        body("board", "board", (-50, 50, -50, 50, -2, 0)),
        body("laminate", "laminate", (-20, 20, -20, 20, 0, 1)),
        body("mould", "mould", (-15, 15, -15, 15, 1, 2)),
        body("base_0", "die", (-10, 10, -14, -6, 1, 1.5), "base_0"),
        body("top_0_bond", "bond", (-8, 8, -13, -7, 1.5, 1.502), "top_0"),
        body("top_0", "die", (-8, 8, -13, -7, 1.502, 2), "top_0"),
        body("base_1", "die", (-10, 10, 6, 14, 1, 1.5), "base_1"),
        body("memory_0", "die", (11, 14, 6, 14, 1, 2), "memory_0"),
        body("lid", "lid", (-20, 20, -20, 20, 2, 4)),
    ],
    "die": [die("base_0"), die("top_0", base="base_0"), die("base_1"), die("memory_0", part="hbm")],
}
# Cells of unequal size; map[i][j] is at x cell i, y cell j.
THERMAL = {
    "x_mm": [-10.0, 0.0, 14.0], "y_mm": [-14.0, -6.0, 14.0],
    "map_degc": {"idle": [[40.0, 41.0], [None, 43.5]], "peak": [[60.0, 81.0], [None, 81.0]]},
}  # fmt: skip


def test_the_cut_goes_through_the_most_die_and_not_through_the_gap():
    record = section.section_record(GEOMETRY)
    # The pair with the top die: 20 + 16 mm of die; the other: 20 + 3. The middle, y = 0, meets none.
    assert record["cut_mm"] == -10.0
    assert [b["id"] for b in record["boxes"] if b["is_die"]] == ["base_0", "top_0"]
    assert record["x"] == [-24.0, 24.0] and record["body"] == [-20, 20]
    assert next(b for b in record["boxes"] if b["id"] == "board")["x0"] == -24.0
    assert record["z"] == [-2, 4]


def test_of_equal_cuts_the_one_nearest_to_the_middle():
    bodies = [
        body("laminate", "laminate", (-20, 20, -20, 20, 0, 1)),
        *(body(f"d_{n}", "die", (-5, 5, y - 1, y + 1, 1, 2), f"d_{n}") for n, y in enumerate((-12, 9, 4))),
    ]
    assert (
        section.section_record({"bodies": bodies, "die": [die(f"d_{n}") for n in range(3)]})["cut_mm"] == 4.0
    )


def test_layers_along_the_plumb_line_add_up_to_the_height():
    record = section.section_record(GEOMETRY)
    assert [(item["role"], item["thickness_um"]) for item in record["stack"]] == [
        ("lid", 2000.0), ("die", 498.0), ("bond", 2.0), ("die", 500.0), ("laminate", 1000.0), ("board", 2000.0),
    ]  # fmt: skip
    assert [item["owner"] for item in record["stack"][1:4]] == ["top_0", "top_0", "base_0"]


def test_a_bought_die_has_its_own_colour():
    only = {**GEOMETRY, "bodies": [b for b in GEOMETRY["bodies"] if not b["id"].startswith("top")]}
    only["die"] = [d for d in GEOMETRY["die"] if d["id"] != "top_0"]
    record = section.section_record(only)
    assert record["cut_mm"] == 10.0
    assert {b["id"]: b["role"] for b in record["boxes"] if b["is_die"]} == {
        "base_1": "die",
        "memory_0": "bought",
    }
    assert record["roles"] == ["lid", "die", "bought", "mould", "laminate", "board"]


def test_heights_are_drawn_to_the_stated_exaggeration():
    record = section.section_record(GEOMETRY)
    factor = section.exaggeration_of(record)
    rects = {
        float(r.get("width")): float(r.get("height"))
        for r in _rects(section.draw_detail(record))
        if r.get("width")
    }
    # top_0: 16 mm wide, 0.498 mm high; the scale is that of 48 mm over the drawing's width.
    scale = (1000.0 - 46.0 - 250.0) / 48.0
    assert rects[round(16.0 * scale, 2)] == pytest.approx(0.498 * scale * factor, abs=0.01)
    whole = {float(r.get("width")): float(r.get("height")) for r in _rects(section.draw_section(record))}
    scale = (1000.0 - 46.0 - 14.0) / 48.0
    assert whole[round(16.0 * scale, 2)] == pytest.approx(0.498 * scale, abs=0.01)


def _rects(svg: str) -> list[ElementTree.Element]:
    return [item for item in ElementTree.fromstring(svg).iter() if item.tag == "rect"]


def test_floorplan_record():
    record = floorplan.floorplan_record(GEOMETRY, THERMAL)
    assert record["body"] == [-20, 20, -20, 20]
    assert {d["id"]: d["carries"] for d in record["die"]} == {
        "base_0": True, "top_0": False, "base_1": False, "memory_0": False
    }  # fmt: skip
    # Of equals the first cell, at its middle.
    assert [item["hot"] for item in record["maps"]] == [
        {"x": 7.0, "y": 4.0, "degc": 43.5}, {"x": -5.0, "y": 4.0, "degc": 81.0}
    ]  # fmt: skip
    assert record["hottest_mode"] == "peak"
    assert record["span"] == [40.0, 85.0]
    assert floorplan.floorplan_record(GEOMETRY, THERMAL, span_degc=(20.0, 90.0))["span"] == [20.0, 90.0]


def test_without_temperatures_the_plan_is_still_drawn():
    record = floorplan.floorplan_record(GEOMETRY, {})
    assert record["maps"] == [] and record["hottest_mode"] == ""
    svg = floorplan.draw_floorplan(record)
    assert "<image" not in svg and "base_1" in svg


def test_each_pixel_has_the_colour_of_its_cell():
    record = floorplan.floorplan_record(GEOMETRY, THERMAL, span_degc=(0.0, 127.0))
    rows = floorplan.raster(record, THERMAL["map_degc"]["idle"])
    wide, high = len(rows[0]), len(rows)
    assert (wide, high) == (420, 490)  # 24 mm by 28 mm
    # With 0 to 127 degC on 128 colours, a colour's number is the temperature. North is the first row.
    assert rows[0][0] == 41 and rows[0][-1] == 44 and rows[-1][0] == 40
    assert rows[-1][-1] == colors.STEPS
    # The cell's edge at x = 0 lies 10/24 along, that at y = -6 20/28 down.
    assert (rows[0][174], rows[0][175]) == (41, 44)
    assert (rows[349][0], rows[350][0]) == (41, 40)


def test_the_scale_is_even_and_ever_lighter():
    def linear(byte: int) -> float:
        value = byte / 255.0
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    def lab(color: tuple[int, int, int]) -> tuple[float, float, float]:
        # Ottosson 2020, from linear sRGB.
        r, g, b = map(linear, color)
        long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
        middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
        short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
        return (
            0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
            1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
            0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
        )

    # Every eighth colour: rounding to bytes blurs single steps.
    found = [lab(color) for color in colors.heat_scale()[::8]]
    steps = [sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5 for pair in pairwise(found)]
    assert max(steps) / min(steps) < 1.15
    assert all(after[0] > before[0] for before, after in pairwise(found))


def test_png_is_read_back():
    rows = [bytes([0, 1, 2]), bytes([2, 1, 0])]
    png = drawing.indexed_png(rows, [(255, 0, 0), (0, 255, 0)], transparent=2)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, place = {}, 8
    while place < len(png):
        length = struct.unpack(">I", png[place : place + 4])[0]
        name, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        assert struct.unpack(">I", png[place + 8 + length : place + 12 + length])[0] == zlib.crc32(
            name + data
        )
        chunks[name], place = data, place + 12 + length
    assert struct.unpack(">IIBB", chunks[b"IHDR"][:10]) == (3, 2, 8, 3)
    assert zlib.decompress(chunks[b"IDAT"]) == b"\x00\x00\x01\x02\x00\x02\x01\x00"
    assert chunks[b"tRNS"] == b"\xff\xff\x00"


def test_ticks_are_round_and_inside():
    assert floorplan.ticks(35.0, 85.0) == [40.0, 50.0, 60.0, 70.0, 80.0]
    assert floorplan.ticks(40.0, 50.0) == [40.0, 42.0, 44.0, 46.0, 48.0, 50.0]
    assert floorplan.ticks(40.0, 40.0) == []


def test_text_in_drawings_is_escaped():
    assert drawing.text(0.0, 0.0, "<b>&") == '<text x="0" y="0">&lt;b&gt;&amp;</text>'
    assert 'data-mode="&quot;&gt;"' in drawing.tag("g", data_mode='">')


def test_a_narrow_die_carries_its_number():
    assert drawing.fitting("compute_7", 200.0, 11.0) == "compute_7"
    assert drawing.fitting("compute_7", 30.0, 11.0) == "7"
    assert drawing.fitting("compute_7", 5.0, 11.0) == ""


LEDGER = {
    "ledger_usd": {
        "die_raw_usd": 100.4, "die_defect_usd": 10.4, "die_lost_usd": 5.4, "carrier_raw_usd": 20.4, "assembly_usd": 3.0,
        "test_usd": 1.5, "nre_usd": 50.5,
    },
    "quantiles_usd": [150.0, 190.0, 260.0], "steps": [["bond", 120.0, 8.0, 0.95]],
}  # fmt: skip


def test_the_cost_table_sums_to_the_dollar():
    record = money.cost_record(LEDGER)
    # 191.6 in all is 192; floors make 189, and the three largest remainders (.5, .5, then the first .4) go up.
    assert [row["usd"] for row in record["rows"]] == [
        [101, 10, 5],
        [20, 0, 0],
        [3, 0, 0],
        [2, 0, 0],
        [51, 0, 0],
    ]
    assert [row["sum"] for row in record["rows"]] == [116, 20, 3, 2, 51]
    assert record["columns"] == [177, 10, 5] and record["total"] == 192
    assert record["exact_usd"] == pytest.approx(191.6)
    assert record["steps"] == [{"name": "bond", "added": 120.0, "lost": 8.0, "survival": 0.95}]


@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=15))
def test_rounding_keeps_the_sum_and_moves_nothing_by_a_dollar(values: list[float]):
    whole = money.to_whole(values)
    assert sum(whole) == round(sum(values)) or abs(sum(values) % 1.0 - 0.5) < 1e-6
    assert all(abs(a - b) < 1.0 + 1e-9 for a, b in zip(whole, values, strict=True))


def test_the_cost_bar_is_to_scale():
    rects = _rects(money.draw_cost(money.cost_record(LEDGER)))
    widths = [float(r.get("width")) + 1.0 for r in rects]
    assert widths == pytest.approx([1000.0 * usd / 192 for usd in (101, 10, 5, 20, 3, 2, 51)], abs=0.02)
    assert re.fullmatch(r"k0 fate2", rects[2].get("class"))
