"""Writes the tables of docs/article.md from the models and records themselves: `python docs/make_article.py`."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

PAGE = Path(__file__).with_name("article.md")
BASE = Path(__file__).parents[1] / "examples" / "base" / "packaging_at_home.yaml"
BLOCK = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
ASKED_ON = date(2026, 11, 22)  # the page speaks as of that day, so that it does not change by itself
SAMPLES = 4096


def markdown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of texts."""
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"


def steps() -> str:
    """One step of node against one step of package, from the catalog."""
    from packfirst.catalog import load_catalog

    catalog = load_catalog()
    rows = []
    for before, after in (("n7", "n5"), ("n5", "n4"), ("n5", "n3")):
        a, b = catalog.record("node", before), catalog.record("node", after)
        speed = b["speed_at_iso_power"] / a["speed_at_iso_power"]
        power = a["power_at_iso_speed"] / b["power_at_iso_speed"]
        rows.append([f"node {before} to {after}", f"{speed:.2f} x speed, {power:.2f} x work per joule"])
    for carriers in (("organic_mcm", "si_interposer_cowos_s"), ("organic_mcm", "bridge_emib")):
        a, b = (catalog.record("technology", name) for name in carriers)
        edge = b["edge_bandwidth"] / a["edge_bandwidth"]
        energy = a["energy_per_bit"] / b["energy_per_bit"]
        rows.append(
            [
                f"package {carriers[0]} to {carriers[1]}",
                f"{edge:.0f} x bandwidth per edge, {energy:.1f} x bits per joule",
            ]
        )
    return markdown(("step", "gain in the catalog"), rows)


def money() -> str:
    """What was planned and what was awarded, and what it buys in the sketch of a base."""
    from packfirst.catalog.base_scenarios import load_base_scenario
    from packfirst.catalog.supply_records import load_supply
    from packfirst.cli.base_runs import levers

    facts = load_supply().facts
    total, planned, awarded = (
        float(facts[name].value or 0.0) for name in ("chips_total", "napmp_vision", "napmp_final_awards")
    )
    rows = [
        ["planned for packaging, 2023", f"{planned:.1f}", f"{planned / total:.1%}", ""],
        ["awarded for packaging, January 2025", f"{awarded:.1f}", f"{awarded / total:.1%}", ""],
    ]
    scenario = load_base_scenario(BASE, ASKED_ON)
    assert scenario.levers is not None
    for row, billion in zip(rows, (planned, awarded), strict=True):
        bought = replace(
            scenario,
            levers=replace(scenario.levers, budget_musd=1000.0 * billion, packaging_shares=(1.0,)),
        )
        (found,) = levers(bought, seed=0)
        low, middle, high = found.lead_weeks
        row[3] = f"{found.packaging_lines} lines; {middle:.0f} weeks ({low:.0f} to {high:.0f})"
    none = replace(scenario, levers=replace(scenario.levers, budget_musd=0.0, packaging_shares=(1.0,)))
    (found,) = levers(none, seed=0)
    low, middle, high = found.lead_weeks
    rows.append(["nothing", "0.0", "0.0%", f"0 lines; {middle:.0f} weeks ({low:.0f} to {high:.0f})"])
    return markdown(
        ("money", "USD billion", "share of the act's 52.7", "in the sketch: lines, lead time at the end"),
        rows,
    )


def concentration() -> str:
    """Shares by where the maker sits, with both bounds of the HHI."""
    from packfirst.catalog.supply_records import load_supply
    from packfirst.disciplines.supply.exposure import hhi_bounds

    rows = []
    for table in load_supply().share_tables.values():
        low, high = hhi_bounds(list(table.shares.values()), table.other)
        named = ", ".join(f"{name} {share:.0%}" for name, share in table.shares.items())
        rows.append([f"{table.what}, {table.year}", named, f"{low:.0f} to {high:.0f}", table.grade])
    return markdown(("table, by headquarters", "shares", "HHI", "grade"), rows)


def lead_time() -> str:
    """What leads the critical path, by scenario and by when the package is engaged."""
    from packfirst.catalog import load_catalog
    from packfirst.catalog.schedule_scenarios import load_schedule_scenario
    from packfirst.disciplines.schedule.limits import plan_of
    from packfirst.disciplines.schedule.records import Build, Die, Sampler

    catalog = load_catalog()
    rows = []
    for name in ("base", "shortage"):
        scenario = load_schedule_scenario(name, catalog.ids("activity"))
        for engage in ("architecture", "tape_out"):
            build = Build(
                technology="fcbga_lidded", die=(Die(name="die", node="n28"),), start=date(2027, 1, 4), engage=engage
            )  # fmt: skip
            plan = plan_of(Sampler(catalog, SAMPLES, 0, scenario), build, ())
            often = dict(zip((work.id for work in plan.works), plan.criticality, strict=True))
            wafers, substrate = often["wafers die"], often["make_organic_substrate"]
            leads = "wafers" if wafers > substrate else "packaging"
            rows.append([
                scenario.name, engage.replace("_", "-"), f"{plan.samples.quantile(0.5):.0f}", f"{wafers:.0%}",
                f"{substrate:.0%}", leads, f"{plan.samples.sourced_share:.0%}",
            ])  # fmt: skip
    heads = (
        "scenario", "engaged at", "P50 weeks", "wafers critical", "substrate critical", "leads", "sourced share",
    )  # fmt: skip
    return markdown(heads, rows)


def shops() -> str:
    """Sites on record by step: stated by a page, inferred, or only planned."""
    from packfirst.catalog.supply_records import load_supply

    sites = load_supply().suppliers.values()
    rows = []
    for step in (
        "organic_substrate", "ceramic_htcc", "si_interposer", "fan_out", "hbm_stack", "flip_chip", "wire_bond",
        "hermetic_seal",
    ):  # fmt: skip
        counts = [
            sum(
                any(item.step == step and item.basis == basis for item in site.capabilities)
                and (site.country == "US") is home
                for site in sites
            )
            for home in (True, False)
            for basis in ("stated", "inferred", "planned")
        ]
        rows.append([step.replace("_", " "), *(str(count) for count in counts)])
    return markdown(
        (
            "step", "US stated", "US inferred", "US planned", "elsewhere stated", "elsewhere inferred",
            "elsewhere planned",
        ),
        rows,
    )  # fmt: skip


def talent() -> str:
    """What unfilled jobs do to the opening of lines: the fourth of four lines of the sketch."""
    from packfirst.catalog.base_scenarios import load_base_scenario
    from packfirst.catalog.supply_records import load_supply
    from packfirst.disciplines.supply.base_growth import opening_weeks

    facts = load_supply().facts
    now, later, gap = (float(facts[name].value or 0.0) for name in ("wf_2023", "wf_2030f", "wf_gap"))
    unfilled = gap / (later - now)
    building = load_base_scenario(BASE, ASKED_ON).building
    assert building.hires_per_week is not None
    hires = building.hires_per_week["packaging"]
    rows = []
    for name, per_week in (
        ("all jobs filled", hires),
        (f"{unfilled:.0%} unfilled", hires * (1.0 - unfilled)),
    ):
        weeks = opening_weeks(
            4, build_weeks=building.months.value * 365.25 / 84.0, hires_per_line=building.hires_per_line,
            hires_per_week=per_week, training_weeks=building.training_weeks.value,
            qualification_weeks=building.qualification_weeks.value,
        )  # fmt: skip
        rows.append([name, f"{per_week:.2f}", f"{weeks[0]:.0f}", f"{weeks[-1]:.0f}"])
    return markdown(("hiring", "a week", "first line opens, weeks", "fourth line opens, weeks"), rows)


# The substrate shortage, told in March 2021 with what was public then: SEMI and TechSearch on 1 March (lead times of 14
# weeks or more), DIGITIMES as read by Hardware Times early in 2021 (supply to fall short by at least a quarter).
KNOWN_ON, KNOWN_WEEKS, SHORT_BY = date(2021, 3, 1), 14.0, 0.25
# What was seen: substrates up to three quarters in 2021 (DIGITIMES; the year is estimated, the end of it taken),
# packaging 50 weeks in April 2022 (Sondrel), of which assembly and test are 9 in an ordinary year (Renesas).
SEEN = (
    ("substrates, longest told (day uncertain)", date(2021, 12, 31), 39.0, 0.0),
    ("packaging, one design house", date(2022, 4, 12), 50.0, 9.0),
)


def replay() -> list[tuple[str, date, float, float]]:
    """What was seen, its day, its weeks, and the weeks that the queue says from what was known."""
    from packfirst.disciplines.supply.queueing import overloaded_wait_weeks

    load = 1.0 / (1.0 - SHORT_BY)
    return [
        (
            what,
            day,
            seen,
            KNOWN_WEEKS + float(overloaded_wait_weeks(load, (day - KNOWN_ON).days / 7.0)) + added,
        )
        for what, day, seen, added in SEEN
    ]


def shock() -> str:
    """The replay with its error."""
    rows = [
        [what, str(day), f"{seen:.0f}", f"{said:.0f}", f"{said - seen:+.0f} ({said / seen - 1.0:+.0%})"]
        for what, day, seen, said in replay()
    ]
    return markdown(("what", "when", "seen, weeks", "said from March 2021, weeks", "error"), rows)


TABLES = {
    "steps": steps,
    "money": money,
    "concentration": concentration,
    "lead_time": lead_time,
    "shops": shops,
    "talent": talent,
    "shock": shock,
}


def page() -> str:
    """The page with every table as the models give it now."""
    said = PAGE.read_text(encoding="utf-8")
    return BLOCK.sub(lambda match: f"{match[1]}{TABLES[match[2]]()}{match[3]}", said)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
