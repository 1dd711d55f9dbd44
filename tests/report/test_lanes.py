"""The drawing of a route: its record exactly, its marks loosely."""

import xml.etree.ElementTree as ET

from packfirst.report.lanes import draw_lanes, lanes_record


def stay(needs: str, country: str, state: str = "met", company: str = "Maker & Sons") -> dict:
    gates = [{"gate": "capability", "state": state}, {"gate": "access", "state": "met"}]
    return {"needs": [needs], "country": country, "company": company, "name": f"{company}, {country}",
            "owner_country": "US", "gates": gates}  # fmt: skip


RECORD = {
    "describe": "a <made-up> package", "marking": "ITAR - marked", "home": "US", "asked": {"on": "2028-01-01"},
    "process": [{"after": []}, {"after": []}, {"after": [0, 1]}, {"after": [2]}],
    "routes": [{
        "weeks": 12.0, "weeks_low": 8.0, "weeks_high": 30.0, "n_sites": 3, "crossings": 1, "stated_share": 0.875,
        "stays": [stay("die_prep", "US"), stay("substrate", "TW", company="Other"), stay("flip_chip", "US"),
                  stay("test", "US", "unknown")],
    }],
}  # fmt: skip


def test_boxes_stand_by_depth_and_country_and_moves_know_borders():
    found = lanes_record(RECORD)["routes"][0]
    assert [(box["column"], box["country"], box["row"]) for box in found["boxes"]] == [
        (0, "US", 0), (0, "TW", 0), (1, "US", 0), (2, "US", 0),
    ]  # fmt: skip
    assert [lane["country"] for lane in found["lanes"]] == ["US", "TW"]  # home first
    assert [(m["from"], m["to"], m["crosses"], m["stays"]) for m in found["moves"]] == [
        (0, 2, False, True), (1, 2, True, False), (2, 3, False, True),
    ]  # fmt: skip
    assert [box["state"] for box in found["boxes"]] == ["stated", "stated", "stated", "asked"]


def test_two_of_one_country_and_depth_stand_one_below_the_other():
    stays = [*RECORD["routes"][0]["stays"][:1], stay("substrate", "US"), *RECORD["routes"][0]["stays"][2:]]
    found = lanes_record({**RECORD, "routes": [{**RECORD["routes"][0], "stays": stays}]})["routes"][0]
    assert [box["row"] for box in found["boxes"]] == [0, 1, 0, 0]
    assert found["lanes"] == [{"country": "US", "rows": 2}]


def test_the_drawing_is_svg_marked_above_and_below_with_a_box_a_step_and_no_address():
    drawn = draw_lanes(lanes_record(RECORD))
    root = ET.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    words = [item.text for item in root.iter(f"{space}text")]
    assert words.count("ITAR - marked") == 2 and "a <made-up> package" in words
    assert sum(item.get("rx") == "4" for item in root.iter(f"{space}rect")) == 4
    assert sum("cross" in (item.get("class") or "") for item in root.iter(f"{space}path")) == 1
    assert "href" not in drawn and drawn.count("http") == 1  # the name space alone


def test_no_route_is_said():
    drawn = draw_lanes(lanes_record({**RECORD, "marking": "", "routes": []}))
    assert "No route" in drawn and "ITAR" not in drawn
