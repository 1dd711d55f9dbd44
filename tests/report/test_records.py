"""The report's records: the chart's points, cards, margins, shares of evidence, tiles."""

import copy

from packfirst.report import candidates, detail, families, html, overview, pareto, provenance


def point(key: str, cost: float | None, throughput: float | None, state: str = "feasible") -> dict:
    metrics = {}
    if cost is not None:
        metrics["cost"] = {"value": cost, "unit": "USD", "sigma": 0.0, "better": "less"}
    if throughput is not None:
        metrics["throughput"] = {"value": throughput, "unit": "op/s", "sigma": 0.0, "better": "more"}
    return {
        "key": key, "family": ["one die", "organic"], "metrics": metrics, "state": state, "joint_probability": 0.9,
        "binding": None, "thermal_path": "cold_plate",
    }  # fmt: skip


def test_the_step_line_only_rises():
    assert pareto.step_line([(3.0, 5.0), (1.0, 2.0), (2.0, 1.0), (3.0, 4.0), (4.0, 5.0)]) == [
        [1.0, 2.0],
        [3.0, 5.0],
    ]
    assert pareto.step_line([]) == []


def test_pareto_record():
    study = {
        "front": ["a", "c"],
        "candidates": [
            point("a", 1000.0, 4e14), point("b", 2000.0, 3e14, "infeasible"), point("c", 3000.0, 9e14),
            point("d", None, 1e14),
        ],
        "families": [{"family": ["one die", "organic"]}], "names": {"organic": "Laminate"},
        "best": [{"limits": [
            {"discipline": "performance", "kind": "throughput", "hard": True, "demand": 6.5e14, "unit": "op/s"}
        ]}],
    }  # fmt: skip
    record = pareto.pareto_record(study)
    assert [(p["key"], p["cost"], p["throughput"], p["front"]) for p in record["points"]] == [
        ("a", 1000.0, 400.0, True), ("b", 2000.0, 300.0, False), ("c", 3000.0, 900.0, True)
    ]  # fmt: skip
    assert record["step"] == [[1000.0, 400.0], [3000.0, 900.0]]
    assert record["need"] == 650.0 and record["unplaced"] == 1
    assert record["names"] == {"organic": "Laminate"}
    study["best"][0]["limits"][0]["hard"] = False
    assert pareto.pareto_record(study)["need"] is None


def test_a_family_that_was_wholly_screened_out_stands_in_the_table_too(study: dict):
    organic = study["families"][-1]["representative"]["key"]
    fewer = {**study, "candidates": [item for item in study["candidates"] if item["key"] != organic]}
    row = next(row for row in candidates.candidate_rows(fewer) if row["key"] == organic)
    assert row["short"] and row["binding"]["kind"] == "escape" and row["family"] == len(study["families"]) - 1
    nobody = [{**family, "representative": None, "best": None} for family in study["families"]]
    rows = candidates.candidate_rows({**fewer, "families": nobody})
    assert {row["key"] for row in rows} == {item["key"] for item in fewer["candidates"]}


def test_candidates_in_short_are_the_front_and_one_of_each_family(study: dict):
    rows = candidates.candidate_rows(study)
    assert [row["probability"] for row in rows] == sorted((row["probability"] for row in rows), reverse=True)
    wanted = set(study["front"]) | {family["best"] for family in study["families"]}
    assert {row["key"] for row in rows if row["short"]} == wanted
    assert rows[0]["die"] == "8 × compute on n5, 4 × fabric on n6"


def test_a_bar_holds_demand_against_capacity():
    assert families.bar(1800.0, 450.0) == {"demand": 1.0, "capacity": 0.25}
    assert families.bar(30.0, 60.0) == {"demand": 0.5, "capacity": 1.0}
    assert families.bar(0.0, 0.0) == {"demand": 0.0, "capacity": 0.0}
    assert families.bar(5.0, -5.0) == {"demand": 1.0, "capacity": 0.0}


def test_levers_that_were_assessed_again_lead_and_less_than_nothing_is_not_enough():
    def lever(name: str, now: str, to: str) -> dict:
        return {"input": name, "now": now, "to": to, "step_si": 1.0, "within_range": True}

    limit = {
        "levers": [
            lever("power", "470 W", "-290 W"), lever("coolant", "36 degC", "-4 degC"),
            lever("area", "920 mm2", "400 mm2"),
        ],
        "solved_levers": [{"input": "area", "now": "920 mm2", "to": "417 mm2", "to_si": 4.17e-4, "margin": 0.0}],
    }  # fmt: skip
    assert [(row["input"], row["to"], row["solved"], row["enough"]) for row in families.lever_rows(limit)] == [
        ("area", "417 mm2", True, True), ("power", "-290 W", False, False), ("coolant", "-4 degC", False, True)
    ]  # fmt: skip


def test_each_family_and_path_that_fell_has_its_reason(study: dict):
    fallen = families.fallen_families(study)
    assert len(fallen) == sum(item["state"] != "feasible" for item in study["families"]) == 2
    organic = next(item for item in fallen if "Organic" in item["name"])
    assert organic["binding"]["kind"] == "escape" and organic["binding"]["margin"] < 0.0
    assert organic["neighbour"]["changes"] == ["carrier: organic_mcm -> bridge_emib"]
    assert any(source["url"].startswith("https://") for source in organic["binding"]["cited"])
    (path,) = families.fallen_paths(study)
    assert path["binding"]["discipline"] == "thermal" and path["name"] == "Natural air with finned sink"


def test_margins_stand_in_order_and_none_is_lost(study: dict):
    record = study["best"][0]
    rows = detail.margin_rows(record, study)
    keys = [(row["probability"], row["margin_ratio"]) for row in rows]
    assert keys == sorted(keys)
    assert {row["id"] for row in rows} == {limit["id"] for limit in record["limits"]}
    parts = detail.split_margins(rows)
    assert [*parts["margins"], *parts["safe"]] == rows
    assert all(row["probability"] >= 0.9995 for row in parts["safe"])


def test_temperatures_by_die_and_mode():
    def item(name: str, mode: str, peak: float) -> dict:
        return {"id": name, "mode": mode, "power_w": 1.0, "peak_degc": peak, "mean_degc": peak - 5.0}

    thermal = {"die": [
        item("a_1", "idle", 40.0), item("a_0", "idle", 40.0), item("b_0", "idle", 50.0),
        item("a_1", "peak", 90.0000001), item("a_0", "peak", 90.0), item("b_0", "peak", 80.0),
    ]}  # fmt: skip
    table = detail.temperature_table(thermal)
    assert table["modes"] == ["idle", "peak"]
    assert [row["id"] for row in table["rows"]] == ["a_0", "a_1", "b_0"]
    assert [[found["peak_degc"] for found in row["modes"]] for row in table["rows"][:1]] == [[40.0, 90.0]]
    assert detail.temperature_table({}) == {"modes": [], "rows": []}


def test_links_in_millimetres():
    rows = detail.link_rows(
        {"links": [["l", "hbm3", 1024.0, 1800.0, None, 0.0065, 0.011, 0.0001, 8, 1.0]]},
        {"hbm3": "HBM3 stack"},
    )
    assert rows[0]["standard"] == "HBM3 stack" and rows[0]["escape"] is None
    assert (rows[0]["edge_mm"], rows[0]["facing_mm"], rows[0]["wire_mm"]) == (6.5, 11.0, 0.1)


def test_sourced_share():
    assumptions = [
        {"evidence": "assumed", "influence": 0.3}, {"evidence": "published", "influence": 0.4},
        {"evidence": "recalled", "influence": 0.1}, {"evidence": "derived", "influence": 0.2},
    ]  # fmt: skip
    shares = provenance.shares(assumptions)
    assert list(shares) == ["measured", "published", "standard", "derived", "recalled", "assumed"]
    assert abs(sum(shares.values()) - 1.0) < 1e-12
    assert abs(provenance.sourced_share(shares) - 0.6) < 1e-12
    assert provenance.shares([]) == {} and provenance.sourced_share({}) is None


def test_only_web_addresses_become_links():
    assert provenance.address("https://arxiv.org/abs/2303.06785") == "https://arxiv.org/abs/2303.06785"
    assert provenance.address("javascript:alert(1)") == ""
    assert provenance.address("github.com/nanocad-lab, io_definitions.xml") == ""


def test_tiles(study: dict):
    found = {tile["label"]: (tile["value"], tile["unit"]) for tile in overview.search_tiles(study)}
    assert found == {
        "Candidates considered": ("4,104", ""), "Screened out": ("3,990", ""), "Dominated": ("109", ""),
        "Assessed in full": ("5", ""), "Feasible": ("1", ""),
    }  # fmt: skip
    best = study["best"][0]
    tiles = {tile["label"]: tile for tile in overview.best_tiles(study)}
    assert tiles["Cost of a good part"]["value"] == f"{best['metrics']['cost']['value']:,.0f}"
    hottest = max(item["peak_degc"] for item in best["thermal"]["die"])
    assert (
        tiles["Hottest junction"]["value"] == f"{hottest:.1f}" and tiles["Hottest junction"]["unit"] == "°C"
    )
    assert "below its limit" in tiles["Hottest junction"]["note"]
    nobody = {**study, "best": []}
    assert overview.best_tiles(nobody) == []


def test_gains_share_one_scale(study: dict):
    rows = html.gain_rows(study)
    assert [(row["what"], row["gain"], row["length"]) for row in rows] == [
        ("node", 0.1, 0.1 / 1.5), ("node", 0.25, 0.25 / 1.5), ("package", 1.5, 1.0)
    ]  # fmt: skip
    without = copy.deepcopy(study["node_or_package"])
    without["package"] = None
    assert [row["what"] for row in html.gain_rows({**study, "node_or_package": without})] == ["node", "node"]
    assert html.gain_rows({**study, "node_or_package": None}) == []
