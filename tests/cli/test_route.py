"""`route` and `exposure`: who can build the example and where, by the records and not by the command's own word."""

import json
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from packfirst import catalog
from packfirst.architecture.candidate import space
from packfirst.catalog import load_catalog, supply_records
from packfirst.catalog.supply_records import load_supply
from packfirst.cli import files
from packfirst.cli.app import run
from packfirst.cli.files import read
from packfirst.disciplines.supply.gates import GATES
from packfirst.disciplines.supply.records import candidate_process, technology_process

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai_accelerator" / "program.yaml"
TODAY = ("--asked-on", "2026-11-22")
AT_HOME_AT_VOLUME = ("--in", "US", "--volume", "high")


@cache
def _packaged_catalog():
    return load_catalog()


@cache
def _packaged_supply():
    return load_supply()


@pytest.fixture(autouse=True)
def _records_read_once(monkeypatch):
    """The packaged records take most of a second to read; they are the same for all of these."""

    def read_catalog(paths):
        return load_catalog(paths) if paths else _packaged_catalog()

    def read_supply(paths=()):
        return load_supply(paths) if paths else _packaged_supply()

    monkeypatch.setattr(files, "load_catalog", read_catalog)
    monkeypatch.setattr(catalog, "load_catalog", read_catalog)
    monkeypatch.setattr(supply_records, "load_supply", read_supply)


@cache
def example():
    """Program, catalog, and the candidate that was built: MI300X, as the example's comments have it."""
    program, records = read(EXAMPLE, ())
    every = space(program, records)
    for row in range(len(every)):
        found = every.candidate(row)
        groups = {group.name: (group.count, group.node) for group in found.partition.groups}
        choices = (found.carrier, found.stack, found.thermal_path, found.lid_interface, found.floorplan)
        wanted = ("si_interposer_cowos_s", "hybrid_bond_d2w", "cold_plate", "tim1_indium", "memory_sides")
        if groups == {"compute": (8, "n5"), "fabric": (4, "n6")} and choices == wanted:
            return program, records, found
    raise AssertionError("the example no longer holds the product that was built")


@pytest.fixture
def told(capsys):
    """Runs a command on the candidate that was built, or on a technology; its exit code and its record."""

    def tell(command: str, *options: str):
        what = () if "--technology" in options else (str(EXAMPLE), example()[2].key)
        code = run([command, *what, *options, *TODAY, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return tell


def needs_of(process) -> list[tuple[str, ...]]:
    return [task.needs for task in process.tasks]


def edges(process) -> set[tuple[str, str]]:
    tasks = process.tasks
    return {(tasks[i].needs[0], task.needs[0]) for task in tasks for i in task.after}


def test_the_stays_of_the_product_that_was_built():
    """Read off the two records by hand: bonded, then onto the interposer, then onto the substrate, then tested."""
    process = candidate_process(*example(), with_wafers=True)
    assert edges(process) == {
        ("wafers n5", "wafer_thin_dice"), ("wafers n6", "3d_hybrid_bond"), ("3d_hybrid_bond", "wafer_probe"),
        ("wafer_probe", "3d_hybrid_bond"), ("wafer_thin_dice", "3d_hybrid_bond"),
        ("3d_hybrid_bond", "si_interposer"), ("si_interposer", "si_interposer"), ("si_interposer", "flip_chip"),
        ("organic_substrate", "flip_chip"), ("flip_chip", "test"),
    }  # fmt: skip
    halves = [s for t, s in zip(process.tasks, process.share, strict=True) if t.needs == ("si_interposer",)]
    assert halves == [0.5, 0.5]  # one work that the stacks join midway, its weeks not counted twice
    assert {item.name for item in process.bought} >= {"n5 wafers", "n6 wafers", "lid"}


def test_every_candidate_of_every_technology_is_a_process_that_ends_in_a_test():
    _, records, _ = example()
    for record in records.records("technology"):
        process = technology_process(record)
        named = {need for step in record.route for need in step.needs} | set(record.listed("carrier_needs"))
        assert named <= set(process.needs) <= named | {"test"}
        if record.word("class") != "stack":
            after_die = [step for step in record.route if step.scope.startswith("per_")]
            assert "test" in process.needs
            assert any("test" in step.needs for step in after_die) or needs_of(process)[-1] == ("test",)


def high_volume_at_home(step: str, on: date) -> set[str]:
    """Sites in the US that no record bars from the step at high volume on a day; read here anew, gate by gate."""
    found = set()
    for site in _packaged_supply().suppliers.values():
        for item in site.capabilities:
            planned = item.basis == "planned" or site.status in ("announced", "under_construction")
            opens = site.available_from
            if (
                item.step == step
                and site.country == "US"
                and site.access not in ("captive", "government_programs")
            ):
                late = opens is not None and opens > on
                small = "high" not in site.volume_tiers and site.volume_evidence != "assumed"
                if not late and not small and not (planned and opens is None):
                    found.add(site.name)
    return found


def test_interposer_and_hybrid_bond_are_not_to_be_had_at_home_at_volume(told):
    code, record = told("route", *AT_HOME_AT_VOLUME)
    assert code == 1 and record["routes"] == []
    why = record["no_route"]
    assert {item["needs"] for item in why["blocked"]} == {"3d_hybrid_bond", "si_interposer"}
    assert why["no_record"] == []
    for item in why["blocked"]:
        assert high_volume_at_home(item["needs"], date(2026, 11, 22)) == set()
        for site in item["sites"]:
            assert any(gate["state"] == "not met" and gate["why"] for gate in site["gates"]), site["name"]
    bond = {
        site["name"]: site
        for item in why["blocked"]
        for site in item["sites"]
        if item["needs"] == "3d_hybrid_bond"
    }
    assert {name for name, site in bond.items() if site["country"] != "US"} == {"TSMC, AP7 Chiayi"}
    failed = {
        name: {gate["gate"] for gate in site["gates"] if gate["state"] == "not met"}
        for name, site in bond.items()
    }
    assert failed["TSMC, AP7 Chiayi"] == {"location"}
    assert failed["NHanced Semiconductors, Research Triangle area (Morrisville)"] == {"volume"}
    assert failed["TSMC Arizona, AP1 / AP2, Phoenix"] == {"availability"}
    assert {tuple(item["gates"]) for item in why["relax"]} == {("availability",), ("volume",), ("location",)}
    for other in ("flip_chip", "organic_substrate", "test", "wafer_thin_dice", "wafer_probe"):
        assert high_volume_at_home(other, date(2026, 11, 22)), other  # so that these are rightly not named


def test_each_set_of_gates_that_is_named_does_open_a_route(told):
    """Volume and location dropped by the command line itself; availability by waiting."""
    for options in (("--in", "US"), ("--volume", "high"), (*AT_HOME_AT_VOLUME, "--ship-date", "2029-06-30")):
        code, record = told("route", *options)
        assert code == 0 and record["routes"] and record["exact"]


def test_when_it_could_be_had_at_home_and_on_what_that_rests(told):
    _, record = told("route", *AT_HOME_AT_VOLUME, "--ship-date", "2029-06-30")
    assert high_volume_at_home("3d_hybrid_bond", date(2029, 6, 30)) == {"TSMC Arizona, AP1 / AP2, Phoenix"}
    for item in record["routes"]:
        bond = [stay for stay in item["stays"] if stay["needs"] == ["3d_hybrid_bond"]]
        assert {(stay["name"], stay["owner_country"]) for stay in bond} == {
            ("TSMC Arizona, AP1 / AP2, Phoenix", "TW")
        }
        states = {gate["gate"]: gate["state"] for gate in bond[0]["gates"]}
        assert states["capability"] == states["availability"] == "unknown"
    assert told("route", *AT_HOME_AT_VOLUME, "--ship-date", "2028-12-30")[0] == 1
    assert told("route", *AT_HOME_AT_VOLUME, "--ship-date", "2029-06-30", "--owned-in", "US")[0] == 1


@pytest.mark.parametrize(
    "options",
    [(), ("--volume", "high"), ("--in", "US", "--trusted"), ("--volume", "low", "--owned-in", "US")],
)
def test_what_nobody_has_said_is_unknown(told, options):
    _, record = told("route", *options)
    assert record["routes"]
    by_option = {"--volume": "volume", "--in": "location", "--trusted": "trusted", "--owned-in": "ownership"}
    asked = {"capability", "availability", "access"} | {
        by_option[item] for item in options if item in by_option
    }
    sites = {site.name: site for site in _packaged_supply().suppliers.values()}
    for item in record["routes"]:
        for stay in item["stays"]:
            gates = {gate["gate"]: gate for gate in stay["gates"]}
            assert set(gates) == asked <= set(GATES)
            basis = next(c.basis for c in sites[stay["name"]].capabilities if [c.step] == stay["needs"])
            assert gates["capability"]["state"] == ("met" if basis == "stated" else "unknown")
            for gate in gates.values():
                assert gate["state"] in ("met", "unknown")
                if gate["state"] == "unknown":
                    assert gate["question"] and gate["ask"]
                    assert {"ask": gate["ask"], "question": gate["question"]} in item["questions"]


def by_hand(record, item) -> tuple[float, int, int]:
    """Weeks, sites and borders of a printed route, from its stays, from the end backwards."""
    process, stays = record["process"], item["stays"]
    home = record["home"]

    def move(a, b):
        if a["name"] == b["name"]:
            return 0.0
        return record["moves"]["within" if a["country"] == b["country"] else "across"]["value"]

    def ready(index):
        arrivals = [ready(i) + move(stays[i], stays[index]) for i in process[index]["after"]]
        own = sum(record["durations"][need]["value"] for need in process[index]["needs"])
        return max(arrivals, default=0.0) + own * process[index]["share"]

    pairs = [(stays[i], stay) for step, stay in zip(process, stays, strict=True) for i in step["after"]]
    borders = sum(a["country"] != b["country"] for a, b in pairs)
    leaves = bool(home) and stays[-1]["country"] != home
    weeks = ready(len(stays) - 1) + (record["moves"]["across"]["value"] if leaves else 0.0)
    return weeks, len({stay["name"] for stay in stays}), borders + leaves


@pytest.mark.parametrize(
    "options",
    [
        ("--volume", "high"),
        ("--wafers", "TW", "--home", "US", "--volume", "high", "--foundry", "TSMC"),
        ("--technology", "wb_htcc_hermetic_mcm"),
    ],
)
def test_figures_of_a_route_are_those_of_its_stays(told, options):
    _, record = told("route", *options)
    for item in record["routes"]:
        weeks, sites, borders = by_hand(record, item)
        assert (item["weeks"], item["n_sites"], item["crossings"]) == (pytest.approx(weeks), sites, borders)
        assert item["weeks_low"] < item["weeks"] < item["weeks_high"]
        gates = [gate for stay in item["stays"] for gate in stay["gates"]]
        stated = [
            g for g in gates if g["state"] == "met" and g["evidence"] not in ("", "assumed", "recalled")
        ]
        assert item["stated_share"] == pytest.approx(len(stated) / len(gates))
        assert item["cost_usd"] is None  # nobody has given a price


def test_no_route_beats_another(told):
    routes = told("route", "--wafers", "TW")[1]["routes"]
    figures = [(r["weeks"], r["n_sites"], r["crossings"], -r["stated_share"]) for r in routes]
    assert len(figures) > 1
    for one in figures:
        assert not any(
            other != one and all(a <= b for a, b in zip(other, one, strict=True)) for other in figures
        )


def test_wafers_and_the_foundry_whose_lines_they_open(told):
    """Wafers count as stays of 16 to 18 weeks once their country is said."""
    without, given = (
        told("route", "--volume", "high", *more)[1] for more in ((), ("--wafers", "TW", "--foundry", "TSMC"))
    )
    assert [stay["name"] for stay in given["routes"][0]["stays"][:2]] == ["TSMC, TW"] * 2
    assert (given["durations"]["wafers n5"]["low"], given["durations"]["wafers n5"]["high"]) == (16.0, 18.0)
    access = []
    for record in (without, given):
        bond = [stay for stay in record["routes"][0]["stays"] if stay["name"] == "TSMC, AP7 Chiayi"]
        access.append({gate["state"] for stay in bond for gate in stay["gates"] if gate["gate"] == "access"})
    assert access == [{"unknown"}, {"met"}]


def test_an_answer_of_a_supplier_opens_a_route_at_home(told, tmp_path):
    """NHanced says that it takes high volume: both steps that were missing are its own."""
    answer = tmp_path / "answer.yaml"
    answer.write_text(
        "format: packfirst-supply-1\nkind: supplier\nrecords:\n"
        "- {id: nhanced-morrisville, volume: {tiers: [prototype, low, high], evidence: measured}}\n"
    )
    code, record = told("route", *AT_HOME_AT_VOLUME, "--supply", str(answer))
    assert code == 0
    site = "NHanced Semiconductors, Research Triangle area (Morrisville)"
    for item in record["routes"]:
        assert {s["name"] for s in item["stays"] if s["needs"][0] in ("3d_hybrid_bond", "si_interposer")} == {
            site
        }


def priced(left_out: str = "") -> str:
    """An overlay that gives a price of 100 USD for a test at every site but one."""
    lines = ["format: packfirst-supply-1", "kind: supplier", "records:"]
    able = [
        (s.id, c) for s in _packaged_supply().suppliers.values() for c in s.capabilities if c.step == "test"
    ]
    for site, item in able:
        if site == left_out:
            continue
        price = "cost_usd: {value: 100, low: 80, high: 130, evidence: assumed}"
        said = f"step: test, basis: {item.basis}, evidence: {item.evidence.value}, year: {item.year}, {price}"
        lines.append(f"- {{id: {site}, capabilities: [{{{said}}}]}}")
    return "\n".join(lines)


def test_cost_counts_only_where_the_user_has_priced_every_site_of_a_step(told, tmp_path):
    prices = tmp_path / "prices.yaml"
    for left_out, cost in (("", 100.0), ("ise-labs-fremont", None)):
        prices.write_text(priced(left_out))
        routes = told("route", "--technology", "pcb_discrete", "--supply", str(prices))[1]["routes"]
        assert [item["cost_usd"] for item in routes] == [cost] * len(routes)
    prices.write_text(priced())
    record = told("route", "--technology", "thin_film_substrate", "--supply", str(prices))[1]
    assert record["cost_left_out"] == ["thin_film", "die_attach", "wire_bond"]
    assert {item["cost_usd"] for item in record["routes"]} == {100.0}


def test_domestic_tape_out_foreign_package_is_named(told):
    code, record = told("exposure", "--volume", "high")
    assert code == 0
    first = record["exposure"][0]
    assert first["pattern"] == "domestic tape-out, foreign package" and record["wafers_are_assumed"]
    assert first["countries"] == ["US", "TW", "US"]
    points = {(item["what"], item["name"]) for item in record["single_points"]}
    assert points == {("site", "TSMC, AP7 Chiayi"), ("firm", "TSMC"), ("country", "TW"), ("owner", "TW")}
    open_to_bond = [
        site.name
        for site in _packaged_supply().suppliers.values()
        for item in site.capabilities
        if item.step == "3d_hybrid_bond" and item.basis != "planned" and "high" in site.volume_tiers
    ]
    assert open_to_bond == ["TSMC, AP7 Chiayi"]
    foreign = told("exposure", "--volume", "high", "--wafers", "TW")[1]["exposure"][0]
    assert foreign["pattern"] == "foreign wafers, foreign package"
    assert told("exposure", "--in", "US")[1]["exposure"][0]["pattern"] == "domestic throughout"


def test_removals_and_concentration(told):
    _, record = told("exposure", "--requalification", "6")
    rows = {(item["what"], item["name"]): item for item in record["removals"]}
    used = record["exposure"][0]["route"]["stays"]
    assert {name for what, name in rows if what == "site"} == {stay["name"] for stay in used}
    for stay in used:
        site, firm, country = (
            rows[what, stay[name]]["weeks_added"]
            for what, name in (("site", "name"), ("firm", "company"), ("country", "country"))
        )
        assert 6.0 - 1e-9 <= site <= firm <= country  # whoever loses more waits longer, and qualifies again
    shares = {item["needs"][0]: item for item in record["concentration"]}
    # Two sites on record probe wafers, one in the US and one in Norway: two halves, 2 x 50^2.
    assert shares["wafer_probe"]["hhi_location"] == shares["wafer_probe"]["hhi_owner"] == [5000.0, 10000.0]
    # Bonding that is stated or inferred today: two sites in the US, one in Taiwan.
    assert shares["3d_hybrid_bond"]["hhi_location"][0] == pytest.approx(1e4 * (4 + 1) / 9)
    assert "one Japanese company" in record["materials"][0]["statement"]


def test_a_hermetic_module_has_a_route_at_home_that_rests_on_questions(told):
    code, record = told("route", "--technology", "wb_htcc_hermetic_mcm", "--in", "US")
    assert code == 0
    assert all(item["questions"] and item["crossings"] == 0 for item in record["routes"])
    assert "lead time" in record["durations"]["ceramic_htcc"]["note"]  # nobody has one for the ceramic itself


def test_where_nobody_has_the_line_the_other_packages_are_named(told):
    code, record = told("exposure", "--technology", "si_interposer_cowos_s", "--in", "NO")
    assert code == 1 and record["exposure"] is None
    assert {item["needs"] for item in record["no_route"]["blocked"]} == {
        "organic_substrate",
        "si_interposer",
        "flip_chip",
    }
    assert [item["gates"] for item in record["no_route"]["relax"]] == [["location"]]
    assert "pcb_discrete" in record["no_route"]["open_with"]  # a test alone, and Norspace tests


PROBLEMS = [
    ((), "name a Program and a candidate's key, or --technology"),
    ((str(EXAMPLE),), "name a Program and a candidate's key"),
    ((str(EXAMPLE), "0123456789abcdef"), "has no candidate '0123456789abcdef'"),
    (("--technology", "wb_bag"), "did you mean 'wb_bga'?"),
    (("--technology", "wb_bga", "--in", "usa"), "two capital letters"),
    (("--technology", "wb_bga", "--owned-in", "us"), "two capital letters"),
    (("--technology", "wb_bga", "--ship-date", "2020-01-01"), "is in the past"),
    (("--technology", "wb_bga", "--ship-date", "next year"), "is no day"),
    (("--technology", "wb_bga", "--volume", "hgih"), "did you mean 'high'?"),
    (("--technology", "wb_bga", "--foundry", "TSCM"), "did you mean 'TSMC'?"),
    (("--technology", "wb_bga", "--home", "Utopia"), "two capital letters"),
    (("--technology", "wb_bga", "--supply", "nowhere.yaml"), "nowhere.yaml"),
]  # fmt: skip


@pytest.mark.parametrize("command", ["route", "exposure"])
@pytest.mark.parametrize(("arguments", "message"), PROBLEMS, ids=[message for _, message in PROBLEMS])
def test_bad_input_is_one_clear_line(capsys, command, arguments, message):
    assert run([command, *arguments, *TODAY]) == 2
    out, err = capsys.readouterr()
    assert out == "" and message in err
    assert len(err.splitlines()) == 1 and "Traceback" not in err


def test_an_overlay_with_nonsense_is_refused(capsys, tmp_path):
    file = tmp_path / "mine.yaml"
    text = (
        "format: packfirst-supply-1\nkind: step_time\nrecords:\n"
        "- {id: test, weeks: {value: -1, low: -2, high: 0, evidence: assumed}}\n"
    )
    file.write_text(text)
    assert run(["route", "--technology", "wb_bga", "--supply", str(file), *TODAY]) == 2
    assert "mine.yaml:4" in capsys.readouterr().err


def test_the_lead_time_of_a_technology_stands_in_until_the_user_says(capsys, tmp_path):
    assert "ceramic_htcc" not in _packaged_supply().step_weeks
    assert "lead_time" in _packaged_catalog().record("technology", "fc_ceramic_cga")
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "format: packfirst-supply-1\nkind: step_time\nrecords:\n"
        "- {id: ceramic_htcc, weeks: {value: 20, low: 16, high: 30, evidence: assumed, note: quoted}}\n"
    )
    weeks = []
    for more in ((), ("--supply", str(mine))):
        assert run(["route", "--technology", "fc_ceramic_cga", *more, *TODAY, "--json"]) == 0
        weeks.append(json.loads(capsys.readouterr().out)["durations"]["ceramic_htcc"])
    lead = _packaged_catalog().record("technology", "fc_ceramic_cga")["lead_time"] / (7 * 24 * 3600)
    assert weeks[0]["value"] == pytest.approx(lead) and weeks[0]["evidence"] == "assumed"
    assert (weeks[1]["value"], weeks[1]["note"]) == (20, "quoted")


@pytest.mark.parametrize("command", ["route", "exposure"])
@pytest.mark.parametrize("options", [(), AT_HOME_AT_VOLUME, ("--volume", "high")])
def test_what_is_printed_fits_and_names_the_sites(capsys, command, options):
    code = run([command, str(EXAMPLE), example()[2].key, *options, *TODAY])
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 120 and "…" not in out
    if code:
        assert "No route." in out and "Smallest sets of gates to relax" in out and "TSMC, AP7 Chiayi" in out
    else:
        assert "Ask, before relying on them" in out
