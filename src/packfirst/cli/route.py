"""packfirst route, exposure: who can build it and where, and what hangs on one site, firm or country."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import EXIT_DONE, EXIT_INFEASIBLE, InputError, nearest

if TYPE_CHECKING:
    from packfirst.architecture.candidate import Candidate
    from packfirst.catalog import Catalog
    from packfirst.catalog.supply_records import SupplyRecords
    from packfirst.disciplines.supply.exposure import Journey, Removal
    from packfirst.disciplines.supply.gates import Demand, Entry
    from packfirst.disciplines.supply.records import Process, SupplyCase
    from packfirst.disciplines.supply.routes import Route
    from packfirst.program import Program

ProgramFile = Annotated[Path | None, typer.Argument(help="The Program, a YAML file.", show_default=False)]
Key = Annotated[
    str | None, typer.Argument(help="Key of a candidate, as a study lists it.", show_default=False)
]
Technology = Annotated[
    str | None, typer.Option(help="A technology by itself; 'packfirst catalog list technology'.")
]
In = Annotated[list[str] | None, typer.Option("--in", help="Work only in this country; may be given again.")]
OwnedIn = Annotated[
    list[str] | None, typer.Option("--owned-in", help="Sites owned only from there; may be given again.")
]
ShipDate = Annotated[
    str | None, typer.Option(help="Day by which sites must be open, 2029-06-30; default --asked-on.")
]
Volume = Annotated[str | None, typer.Option(help="prototype, low or high.")]
Trusted = Annotated[bool, typer.Option("--trusted", help="Every site must be on the trusted list.")]
Government = Annotated[bool, typer.Option("--government", help="A government program: its lines are open.")]
FoundryName = Annotated[
    list[str] | None,
    typer.Option("--foundry", help="Maker of the wafers: its own lines open; may be given again."),
]
Wafers = Annotated[str | None, typer.Option(help="Country in which the wafers are made.")]
Home = Annotated[str | None, typer.Option(help="Country of the program, to which parts go.")]
SupplyFiles = Annotated[
    list[Path] | None,
    typer.Option("--supply", help="Your own supplier records, weeks and prices; may be given again."),
]
AskedOn = Annotated[str | None, typer.Option(help="Day on which evidence is read; default today.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    for command in (route, exposure):
        app.command()(command)


def route(
    program: ProgramFile = None,
    key: Key = None,
    technology: Technology = None,
    inside: In = None,
    owned_in: OwnedIn = None,
    ship_date: ShipDate = None,
    volume: Volume = None,
    trusted: Trusted = False,
    government: Government = False,
    foundry: FoundryName = None,
    wafers: Wafers = None,
    home: Home = None,
    detail: Annotated[int, typer.Option(min=0, help="How many routes to print site by site.")] = 3,
    supply: SupplyFiles = None,
    asked_on: AskedOn = None,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Every Pareto route from wafer to shipped part over real sites, with the evidence and what to ask."""
    from packfirst.cli.files import to_json
    from packfirst.cli.route_tables import print_routes
    from packfirst.disciplines.supply.records import Foundry, supply_case
    from packfirst.disciplines.supply.routes import pareto_routes

    asked = _Asked(
        inside, owned_in, ship_date, volume, foundry, asked_on, supply, trusted=trusted, government=government
    )
    made_in = asked.country("--wafers", wafers)
    what = _What(program, key, technology, overlay or (), with_wafers=bool(made_in))
    process, demand = asked.of(what.process)
    ours = asked.country("--home", home)
    maker = Foundry(country=made_in, company=" or ".join(sorted(demand.own_foundries))) if made_in else None
    case = supply_case(process, asked.records, demand, maker, home=ours)
    result = pareto_routes(case.problem)
    record: dict[str, Any] = {
        **_head(what, case, demand), "exact": result.exact, "home": ours,
        "routes": [_route(case, item) for item in result.routes],
        "no_route": None if result.routes else _no_route(what, case),
    }  # fmt: skip
    if as_json:
        typer.echo(to_json(record))
    else:
        print_routes(record, detail)
    raise typer.Exit(EXIT_DONE if result.routes else EXIT_INFEASIBLE)


def exposure(
    program: ProgramFile = None,
    key: Key = None,
    technology: Technology = None,
    inside: In = None,
    owned_in: OwnedIn = None,
    ship_date: ShipDate = None,
    volume: Volume = None,
    trusted: Trusted = False,
    government: Government = False,
    foundry: FoundryName = None,
    wafers: Annotated[
        str | None, typer.Option(help="Country in which the wafers are made; default --home.")
    ] = None,
    home: Annotated[str, typer.Option(help="Country of the program, to which parts go.")] = "US",
    requalification: Annotated[
        float, typer.Option(min=0.0, help="Weeks added where a route moves, to qualify the new sites.")
    ] = 0.0,
    supply: SupplyFiles = None,
    asked_on: AskedOn = None,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """What hangs on one site, firm or country: the journey's pattern, single points, concentration, removals."""
    from packfirst.cli.files import to_json
    from packfirst.cli.route_tables import print_exposure
    from packfirst.disciplines.supply.exposure import journey
    from packfirst.disciplines.supply.records import supply_case
    from packfirst.disciplines.supply.routes import pareto_routes

    if requalification == float("inf") or requalification != requalification:
        raise InputError.one("--requalification", "write a number of weeks, for example 6")
    asked = _Asked(
        inside, owned_in, ship_date, volume, foundry, asked_on, supply, trusted=trusted, government=government
    )
    ours = asked.country("--home", home)
    made_in = asked.country("--wafers", wafers) or ours
    what = _What(program, key, technology, overlay or (), with_wafers=False)
    process, demand = asked.of(what.process)
    case = supply_case(process, asked.records, demand, home=ours)
    result = pareto_routes(case.problem)
    record: dict[str, Any] = {
        **_head(what, case, demand), "exact": result.exact, "home": ours, "wafers": made_in,
        "wafers_are_assumed": wafers is None, "requalification_weeks": requalification,
        "materials": _materials(case, asked.records), "exposure": None,
        "no_route": None if result.routes else _no_route(what, case),
    }  # fmt: skip
    if result.routes:
        owners = [place.owner_country for place in case.places]
        record["exposure"] = [
            {
                **_journey(journey(case.problem, item, case.country_names, owners, ours, made_in), ours),
                "route": _route(case, item),
            }
            for item in result.routes
        ]
        removed = _removed(case, result.routes[0], requalification)
        record["single_points"] = [_removal(case, item) for item in removed if not item.route_left]
        record["removals"] = [_removal(case, item) for item in removed if item.touched]
        record["concentration"] = _concentration(case)
    if as_json:
        typer.echo(to_json(record))
    else:
        print_exposure(record)
    raise typer.Exit(EXIT_DONE if result.routes else EXIT_INFEASIBLE)


class _Asked:
    """The options that both commands share, checked."""

    def __init__(
        self,
        inside: Iterable[str] | None,
        owned_in: Iterable[str] | None,
        ship_date: str | None,
        volume: str | None,
        foundries: Sequence[str] | None,
        asked_on: str | None,
        supply: Sequence[Path] | None,
        *,
        trusted: bool,
        government: bool,
    ) -> None:
        from packfirst.catalog.supply_records import VOLUME_TIERS, load_supply

        self.records: SupplyRecords = load_supply(supply or ())
        self.locations = frozenset(self.country("--in", name) for name in inside or ())
        self.owners = frozenset(self.country("--owned-in", name) for name in owned_in or ())
        self.asked_on = _day("--asked-on", asked_on) if asked_on is not None else date.today()
        self.on = _day("--ship-date", ship_date) if ship_date is not None else self.asked_on
        if self.on < self.asked_on:
            raise InputError.one(
                "--ship-date", f"{self.on} is in the past: {self.asked_on} is when it is asked"
            )
        if volume is not None and volume not in VOLUME_TIERS:
            raise InputError.one("--volume", f"unknown tier {volume!r}: {nearest(volume, VOLUME_TIERS)}")
        firms = tuple(sorted({site.company for site in self.records.suppliers.values()}))
        for name in foundries or ():
            if name not in firms:
                raise InputError.one(
                    "--foundry",
                    f"no line of {name!r} is on record, so that it opens none: {nearest(name, firms)}",
                )
        self.volume, self.foundries = volume or "", frozenset(foundries or ())
        self.trusted, self.government = trusted, government

    def country(self, option: str, name: str | None) -> str:
        """Two capital letters, or "" where nothing is said."""
        if name is not None and not re.fullmatch(r"[A-Z]{2}", name):
            raise InputError.one(option, f"{name!r}: write the two capital letters of ISO 3166, such as US")
        return name or ""

    def of(self, process: "Process") -> "tuple[Process, Demand]":
        """The process with what is on record of its bought-in parts, and what is asked of its sites."""
        from packfirst.disciplines.supply.gates import Demand
        from packfirst.disciplines.supply.records import supplied

        demand = Demand(
            on=self.on, asked_on=self.asked_on, volume_tier=self.volume, locations=self.locations,
            owners=self.owners, trusted_steps=frozenset(process.needs) if self.trusted else frozenset(),
            government_program=self.government, own_foundries=self.foundries,
        )  # fmt: skip
        return supplied(process, self.records), demand


class _What:
    """What is to be built: a candidate of a Program, or a technology by itself."""

    def __init__(
        self,
        program: Path | None,
        key: str | None,
        technology: str | None,
        overlays: Sequence[Path],
        *,
        with_wafers: bool,
    ) -> None:
        from packfirst.architecture.candidate import find, space
        from packfirst.catalog import load_catalog
        from packfirst.cli.files import read
        from packfirst.disciplines.supply.records import candidate_process, technology_process

        self.program: Program | None = None
        self.candidate: Candidate | None = None
        self.catalog: Catalog
        if technology is not None and program is None:
            if with_wafers:
                raise InputError.one("--wafers", "is of a candidate: a technology by itself has no wafers")
            self.catalog = load_catalog(overlays)
            known = self.catalog.ids("technology")
            if technology not in known:
                raise InputError.one("--technology", f"unknown {technology!r}: {nearest(technology, known)}")
            record = self.catalog.record("technology", technology)
            self.name, self.describe, self.process = technology, record.name, technology_process(record)
            return
        if program is None or key is None or technology is not None:
            raise InputError.one(
                "candidate", "name a Program and a candidate's key, or --technology: one of the two"
            )
        self.program, self.catalog = read(program, overlays)
        self.candidate = find(space(self.program, self.catalog), key)
        if self.candidate is None:
            raise InputError.one(str(program), f"has no candidate {key!r}; a study lists their keys")
        self.name = key
        self.describe = f"{self.program.name}: {self.candidate.describe()}"
        self.process = candidate_process(self.program, self.catalog, self.candidate, with_wafers=with_wafers)

    def others(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        """Stays of the packages one change away: another carrier, another stack; or another technology."""
        from packfirst.architecture.candidate import NOT_A_CARRIER
        from packfirst.disciplines.supply.records import candidate_process, stays, technology_process

        records = self.catalog.records("technology")
        if self.program is None or self.candidate is None:
            return {item.id: stays(technology_process(item)) for item in records if item.id != self.name}
        now = self.candidate
        changed = [
            (f"{item.id} as carrier", replace(now, carrier=item.id))
            for item in records if item.word("class") not in NOT_A_CARRIER and item.id != now.carrier
        ] + [
            (f"{item.id} as stack", replace(now, stack=item.id))
            for item in records if now.stack and item.word("class") == "stack" and item.id != now.stack
        ]  # fmt: skip
        return {name: stays(candidate_process(self.program, self.catalog, item)) for name, item in changed}


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError.one(option, f"{text!r} is no day: write it as 2029-06-30") from None


def _head(what: _What, case: "SupplyCase", demand: "Demand") -> dict[str, Any]:
    from packfirst.disciplines.supply.records import MOVE_ACROSS, MOVE_WITHIN

    process = case.process
    return {
        "name": what.name,
        "describe": what.describe,
        "asked": {
            "on": demand.on.isoformat(), "asked_on": demand.asked_on.isoformat(), "volume": demand.volume_tier,
            "in": sorted(demand.locations), "owned_in": sorted(demand.owners),
            "trusted": bool(demand.trusted_steps), "government": demand.government_program,
            "foundries": sorted(demand.own_foundries),
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


def _route(case: "SupplyCase", item: "Route") -> dict[str, Any]:
    from packfirst.disciplines.supply.routes import evaluated, open_questions, stand_ins

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


def _no_route(what: _What, case: "SupplyCase") -> dict[str, Any]:
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


def _journey(told: "Journey", home: str) -> dict[str, Any]:
    """A journey as far as home."""
    way = told.countries if told.countries[-1] == home else (*told.countries, home)
    return {**asdict(told), "countries": list(way)}


def _removed(case: "SupplyCase", item: "Route", weeks: float) -> "tuple[Removal, ...]":
    from packfirst.disciplines.supply.exposure import groups_of, removals

    places = case.places
    groups = groups_of(
        [place.name for place in places], [place.company for place in places],
        [place.country for place in places], [place.owner_country for place in places],
    )  # fmt: skip
    return removals(case.problem, item, groups, requalification_weeks=weeks)


def _removal(case: "SupplyCase", item: "Removal") -> dict[str, Any]:
    return {
        "what": item.what, "name": item.name, "route_left": item.route_left,
        "weeks_added": item.weeks_added if item.route_left else None, "steps_lost": list(item.steps_lost),
        "cost_added_usd": item.cost_added_usd if item.route_left and _is_priced(case) else None,
    }  # fmt: skip


def _concentration(case: "SupplyCase") -> list[dict[str, Any]]:
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


def _materials(case: "SupplyCase", records: "SupplyRecords") -> list[dict[str, Any]]:
    """What is on record of materials that the process rests on: the film of build-up substrates."""
    fact = records.facts.get("abf_film")
    if fact is None or "organic_substrate" not in case.process.needs:
        return []
    return [
        {"statement": fact.statement, "year": fact.year, "grade": fact.grade, "sources": list(fact.sources)}
    ]
