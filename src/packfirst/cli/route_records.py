"""What `route` and `exposure` say, as plain records: what --json prints, and the tables and drawings are made from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from packfirst.cli.route_asked import Asked, What

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from packfirst.catalog.supply_records import SupplyRecords
    from packfirst.disciplines.supply.exposure import Journey, Removal
    from packfirst.disciplines.supply.gates import Demand, Entry
    from packfirst.disciplines.supply.problem import Route
    from packfirst.disciplines.supply.records import SupplyCase


def head(what: What, case: "SupplyCase", demand: "Demand") -> dict[str, Any]:
    """What is built, what is asked of sites, and what the weeks and the money rest on."""
    from packfirst.disciplines.supply.records import MOVE_ACROSS, MOVE_WITHIN
    from packfirst.program.marking import marking_line

    process = case.process
    return {
        "marking": marking_line(what.program),
        "name": what.name,
        "describe": what.describe,
        "asked": {
            "on": demand.on.isoformat(), "asked_on": demand.asked_on.isoformat(), "volume": demand.volume_tier,
            "in": sorted(demand.locations), "owned_in": sorted(demand.owners),
            "trusted": bool(demand.trusted_steps), "government": demand.government_program,
            "foundries": sorted(demand.own_foundries), "controlled": demand.export,
            "listings": {need: list(names) for need, names in demand.listings.items() if need in process.needs},
        },
        "process": [
            {"step": task.name, "needs": list(task.needs), "of": of, "after": list(task.after), "share": share}
            for task, of, share in zip(process.tasks, process.of, process.share, strict=True)
        ],
        "bought_in": [asdict(item) for item in process.bought],
        "durations": {name: asdict(band) for name, band in case.durations.items()},
        "moves": {"within": asdict(MOVE_WITHIN), "across": asdict(MOVE_ACROSS)},
        "cost_left_out": list(case.unpriced),
    }  # fmt: skip


def route_record(case: "SupplyCase", item: "Route") -> dict[str, Any]:
    """One route with its band, its stays with every gate, its questions and its stand-ins."""
    from packfirst.disciplines.supply.problem import evaluated
    from packfirst.disciplines.supply.routes import open_questions, stand_ins

    questions = open_questions(case.problem, item, case.entries)
    return {
        "weeks": item.weeks,
        "weeks_low": evaluated(case.fast, item.sites).weeks,
        "weeks_high": evaluated(case.slow, item.sites).weeks,
        "cost_usd": item.cost_usd if _is_priced(case) else None,
        "n_sites": item.n_sites,
        "crossings": item.crossings,
        "stated_share": item.stated_share,
        "stays": [
            {
                "step": task.name, "needs": list(task.needs), "of": of, **asdict(case.places[site]),
                "gates": _gates(case.entry(index, site)),
            }
            for index, (task, of, site) in enumerate(
                zip(case.process.tasks, case.process.of, item.sites, strict=True)
            )
        ],
        "questions": [{"ask": answer.ask, "question": answer.question} for answer in questions],
        "stand_ins": {
            case.places[site].name: [case.places[other].name for other in others]
            for site, others in stand_ins(case.problem, item).items() if others
        },
    }  # fmt: skip


def _is_priced(case: "SupplyCase") -> bool:
    return len(case.unpriced) < len(case.process.needs)


def _gates(entries: "Iterable[Entry]") -> list[dict[str, Any]]:
    return [{**asdict(answer), "state": answer.state.value} for entry in entries for answer in entry.answers]


def no_route(what: What, case: "SupplyCase") -> dict[str, Any]:
    """Which steps stand in the way, why at each site, and what would open a route."""
    from packfirst.disciplines.supply.records import stays
    from packfirst.disciplines.supply.relax import blockage, open_alternatives

    process = case.process
    found = blockage(stays(process), case.entries)
    steps: dict[str, list[str]] = {}
    for task in process.tasks:
        steps.setdefault(" + ".join(task.needs), []).append(task.name)
    return {
        "no_record": [{"needs": name, "steps": steps[name]} for name in found.unrecorded],
        "blocked": [
            {
                "needs": name, "steps": steps[name], "relax": [list(gates) for gates in found.by_step[name]],
                "sites": [
                    {**asdict(case.places[item.site]), "gates": _gates([item])} for item in case.entries[name]
                ],
            }
            for name in found.blocked
        ],
        "relax": [
            {
                "gates": list(item.gates),
                "opens": {name: [case.places[s].name for s in sites] for name, sites in item.opens.items()},
            }
            for item in found.relaxations
        ],
        "open_with": list(open_alternatives(what.others(), case.entries)),
    }  # fmt: skip


def journey_record(told: "Journey", home: str) -> dict[str, Any]:
    """A journey as far as home."""
    way = told.countries if told.countries[-1] == home else (*told.countries, home)
    return {**asdict(told), "countries": list(way)}


def removed(
    case: "SupplyCase", item: "Route", weeks: "NDArray[np.float64] | float", cost_usd: float
) -> "tuple[Removal, ...]":
    """Every site, firm, country of work and country of ownership taken away in turn."""
    from packfirst.disciplines.supply.exposure import groups_of, removals

    places = case.places
    groups = groups_of(
        [place.name for place in places], [place.company for place in places],
        [place.country for place in places], [place.owner_country for place in places],
    )  # fmt: skip
    return removals(case.problem, item, groups, requalification_weeks=weeks, requalification_usd=cost_usd)


def removal_record(case: "SupplyCase", item: "Removal") -> dict[str, Any]:
    """One removal; None where no route is left or nothing is priced."""
    return {
        "what": item.what, "name": item.name, "route_left": item.route_left,
        "weeks_added": item.weeks_added if item.route_left else None, "steps_lost": list(item.steps_lost),
        "cost_added_usd": item.cost_added_usd if item.route_left and _is_priced(case) else None,
    }  # fmt: skip


def concentration_record(case: "SupplyCase") -> list[dict[str, Any]]:
    """How few hold each kind of work, by site, firm, place and owner."""
    import numpy as np

    from packfirst.disciplines.supply.exposure import concentration

    rows: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for task, weeks in zip(case.process.tasks, case.problem.weeks, strict=True):
        able = np.isfinite(weeks)
        held = [case.places[int(site)] for site in np.flatnonzero(able)]
        rows[task.needs] = {
            "needs": list(task.needs), "sites": len(held),
            "firms": len({place.company for place in held}),
            "countries": sorted({place.country for place in held}),
            "owner_countries": sorted({place.owner_country for place in held}),
            "hhi_location": list(concentration(able, [place.country for place in case.places])),
            "hhi_owner": list(concentration(able, [place.owner_country for place in case.places])),
        }  # fmt: skip
    return [dict(row) for row in rows.values()]


def materials(case: "SupplyCase", records: "SupplyRecords") -> list[dict[str, Any]]:
    """What is on record of materials that the process rests on: the film of build-up substrates."""
    fact = records.facts.get("abf_film")
    if fact is None or "organic_substrate" not in case.process.needs:
        return []
    return [
        {"statement": fact.statement, "year": fact.year, "grade": fact.grade, "sources": list(fact.sources)}
    ]


def exposure_record(
    case: "SupplyCase", found: "Sequence[Route]", asked: Asked, requalification: float | None, cost_usd: float
) -> dict[str, Any]:
    """Journey, single points, removals and concentration; None and nothing where there is no route."""
    from packfirst.disciplines.supply.exposure import journey
    from packfirst.disciplines.supply.records import requalification_weeks

    home = asked.home or "US"
    made_in = asked.wafers or home
    weeks, basis = requalification_weeks(case.process, asked.records)
    record: dict[str, Any] = {
        "home": home, "wafers": made_in, "wafers_are_assumed": not asked.wafers,
        "requalification_weeks": requalification, "requalification_cost_usd": cost_usd,
        "requalification_basis": basis if requalification is None else [],
        "materials": materials(case, asked.records), "exposure": None,
    }  # fmt: skip
    if not found:
        return record
    owners = [place.owner_country for place in case.places]
    record["exposure"] = [
        {
            **journey_record(journey(case.problem, item, case.country_names, owners, home, made_in), home),
            "route": route_record(case, item),
        }
        for item in found
    ]
    gone = removed(case, found[0], weeks if requalification is None else requalification, cost_usd)
    record["single_points"] = [removal_record(case, item) for item in gone if not item.route_left]
    record["removals"] = [removal_record(case, item) for item in gone if item.touched]
    record["untouched"] = sum(not item.touched for item in gone)
    record["concentration"] = concentration_record(case)
    return record


def policy_record(
    what: What, asked: Asked, case: "SupplyCase", found: "Sequence[Route]"
) -> list[dict[str, Any]]:
    """Every rule of the product's domain at the ship date; empty where no Program states its terms."""
    from packfirst.disciplines.supply.limits import rules_of
    from packfirst.disciplines.supply.records import packagers

    if what.program is None or what.terms is None or what.candidate is None:
        return []
    firms = packagers(case, found)
    rules = rules_of(what.program, what.terms, what.catalog, what.candidate, asked.records, asked.on, firms)
    return [
        {
            "rule": item.rule, "name": item.name, "citation": item.citation, "force": item.force.value,
            "state": item.state.value, "why": item.why, "read": item.read, "read_from": item.read_from,
            "effective": item.effective.isoformat() if item.effective else None, "asks": item.asks,
            "ask": item.ask, "violated": item.violated, "forbids": item.forbids, "binds": item.binds,
        }
        for item in rules
    ]  # fmt: skip


def step_openings(case: "SupplyCase", records: "SupplyRecords", home: str) -> list[dict[str, Any]]:
    """Needs that no site at home may do on the ship date, with what is planned there and what else bars it."""
    from packfirst.disciplines.supply.openings import openings

    if not home:
        return []
    sites = tuple(records.suppliers.values())
    at_home = {
        need: [item for item in items if item.site < len(sites) and sites[item.site].country == home]
        for need, items in case.entries.items()
    }
    missing = [
        need
        for need in case.process.needs
        if need in at_home and all(item.blocked_by for item in at_home[need])
    ]
    planned = openings(missing, at_home, sites)
    return [
        {
            "needs": need,
            "on_record": len(at_home[need]),
            "barred_by": sorted({gate for item in at_home[need] for gate in item.blocked_by}),
            "planned": [
                {"site": case.places[item.site].name, "owner_country": case.places[item.site].owner_country,
                 "day": item.day.isoformat() if item.day else None, "also_barred_by": list(item.also_barred_by)}
                for item in planned if item.step == need
            ],
        }
        for need in missing
    ]  # fmt: skip


def as_csv(record: Mapping[str, Any]) -> str:
    """Stays of every route, a row each; the marking stands in every row, so that no cut of the table loses it."""
    heads = ("marking", "route", "route_weeks", "crossings", "stated_share", "step", "needs", "company", "site",
             "country", "owner_country", "evidence", "year", "gates_met", "gates", "unknown")  # fmt: skip
    rows = []
    for number, item in enumerate(record["routes"], start=1):
        for stay in item["stays"]:
            gates = stay["gates"]
            capability = next(gate for gate in gates if gate["gate"] == "capability")
            rows.append((
                record["marking"], number, f"{item['weeks']:.2f}", item["crossings"], f"{item['stated_share']:.4f}",
                stay["step"], " + ".join(stay["needs"]), stay["company"], stay["name"], stay["country"],
                stay["owner_country"], capability["evidence"], capability["year"],
                sum(gate["state"] == "met" for gate in gates), len(gates),
                " ".join(gate["gate"] for gate in gates if gate["state"] == "unknown"),
            ))  # fmt: skip
    return _csv(heads, rows)


def removals_csv(record: Mapping[str, Any]) -> str:
    """Removals of what the fastest route uses, a row each, marked in every row."""
    heads = ("marking", "what", "name", "route_left", "weeks_added", "cost_added_usd", "steps_lost")
    rows = [
        (
            record["marking"], item["what"], item["name"], item["route_left"], item["weeks_added"],
            item["cost_added_usd"], "; ".join(item["steps_lost"]),
        )
        for item in record.get("removals", ())
    ]  # fmt: skip
    return _csv(heads, rows)


def _csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    import csv
    from io import StringIO

    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return file.getvalue()
