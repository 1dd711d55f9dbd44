"""packfirst route, exposure: who can build it and where, and what hangs on one site, firm or country."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import EXIT_DONE, EXIT_INFEASIBLE, InputError

if TYPE_CHECKING:
    from packfirst.cli.route_asked import Asked, Options, What
    from packfirst.disciplines.supply.problem import Route
    from packfirst.disciplines.supply.records import SupplyCase

ProgramFile = Annotated[Path | None, typer.Argument(help="The Program, a YAML file.", show_default=False)]
Key = Annotated[
    str | None, typer.Argument(help="Key of a candidate, as a study lists it.", show_default=False)
]
Technology = Annotated[
    str | None, typer.Option(help="A technology by itself; 'packfirst catalog list technology'.")
]
In = Annotated[
    list[str] | None,
    typer.Option(
        "--in", help="Work only in this country; may be given again. Default: the Program's terms, as for all"
        " that follow.",
    ),
]  # fmt: skip
OwnedIn = Annotated[
    list[str] | None, typer.Option("--owned-in", help="Sites owned only from there; may be given again.")
]
ShipDate = Annotated[
    str | None,
    typer.Option(help="Day by which sites must be open, 2029-06-30; default the need date, else --asked-on."),
]
Volume = Annotated[str | None, typer.Option(help="prototype, low or high.")]
Trusted = Annotated[
    bool | None, typer.Option("--trusted/--not-trusted", help="Every site must be on the trusted list.")
]
Government = Annotated[
    bool | None,
    typer.Option("--government/--not-government", help="A government program: its lines are open."),
]
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
CsvFile = Annotated[Path | None, typer.Option("--csv", help="Write the stays of every route as CSV.")]
ViewFile = Annotated[
    Path | None,
    typer.Option("--view", help="Draw the routes as SVG: countries as lanes, steps from left to right."),
]


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
    trusted: Trusted = None,
    government: Government = None,
    foundry: FoundryName = None,
    wafers: Wafers = None,
    home: Home = None,
    detail: Annotated[int, typer.Option(min=0, help="How many routes to print site by site.")] = 3,
    supply: SupplyFiles = None,
    asked_on: AskedOn = None,
    overlay: Overlays = None,
    csv: CsvFile = None,
    view: ViewFile = None,
    as_json: AsJson = False,
) -> None:
    """Every Pareto route from wafer to shipped part over real sites, with the evidence and what to ask."""
    from packfirst.cli.files import to_json, write_whole
    from packfirst.cli.route_asked import Options
    from packfirst.cli.route_records import as_csv, no_route, route_record, step_openings
    from packfirst.cli.route_tables import print_routes
    from packfirst.report.lanes import draw_lanes, lanes_record

    options = Options(
        inside=inside or (), owned_in=owned_in or (), ship_date=ship_date, volume=volume, trusted=trusted,
        government=government, foundries=foundry or (), wafers=wafers, home=home, asked_on=asked_on,
        supply=supply or (), overlays=overlay or (),
    )  # fmt: skip
    what, asked, case, found, record = _solved(program, key, technology, options, wafers_are_stays=True)
    record |= {
        "home": asked.home,
        "routes": [route_record(case, item) for item in found],
        "no_route": None if found else no_route(what, case),
        "not_at_home": step_openings(case, asked.records, asked.home),
    }
    if csv is not None:
        write_whole(csv, as_csv(record))
    if view is not None:
        write_whole(view, draw_lanes(lanes_record(record)))
    if as_json:
        typer.echo(to_json(record))
    else:
        print_routes(record, detail)
    raise typer.Exit(EXIT_DONE if found else EXIT_INFEASIBLE)


def exposure(
    program: ProgramFile = None,
    key: Key = None,
    technology: Technology = None,
    inside: In = None,
    owned_in: OwnedIn = None,
    ship_date: ShipDate = None,
    volume: Volume = None,
    trusted: Trusted = None,
    government: Government = None,
    foundry: FoundryName = None,
    wafers: Annotated[
        str | None, typer.Option(help="Country in which the wafers are made; default --home.")
    ] = None,
    home: Annotated[
        str | None, typer.Option(help="Country of the program, to which parts go; default US.")
    ] = None,
    requalification: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            help="Weeks added where a route moves, to qualify the new sites; default the floors on record by step.",
        ),
    ] = None,
    requalification_cost: Annotated[
        float, typer.Option(min=0.0, help="USD added where a route moves; nobody has a figure on record.")
    ] = 0.0,
    supply: SupplyFiles = None,
    asked_on: AskedOn = None,
    overlay: Overlays = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write every removal as CSV.")] = None,
    as_json: AsJson = False,
) -> None:
    """What hangs on one site, firm or country: the journey's pattern, single points, concentration, removals."""
    from packfirst.cli.files import to_json, write_whole
    from packfirst.cli.route_asked import Options
    from packfirst.cli.route_records import exposure_record, no_route, removals_csv
    from packfirst.cli.route_tables import print_exposure

    for option, number in (
        ("--requalification", requalification),
        ("--requalification-cost", requalification_cost),
    ):
        if number is not None and not number < float("inf"):
            raise InputError.one(option, "write a number, for example 6")
    options = Options(
        inside=inside or (), owned_in=owned_in or (), ship_date=ship_date, volume=volume, trusted=trusted,
        government=government, foundries=foundry or (), wafers=wafers, home=home, asked_on=asked_on,
        supply=supply or (), overlays=overlay or (),
    )  # fmt: skip
    what, asked, case, found, record = _solved(program, key, technology, options, wafers_are_stays=False)
    record |= exposure_record(case, found, asked, requalification, requalification_cost)
    record["no_route"] = None if found else no_route(what, case)
    if csv is not None:
        write_whole(csv, removals_csv(record))
    if as_json:
        typer.echo(to_json(record))
    else:
        print_exposure(record)
    raise typer.Exit(EXIT_DONE if found else EXIT_INFEASIBLE)


def _solved(
    program: Path | None, key: str | None, technology: str | None, options: "Options", *, wafers_are_stays: bool
) -> "tuple[What, Asked, SupplyCase, tuple[Route, ...], dict[str, Any]]":  # fmt: skip
    """What is asked, its problem, its Pareto routes, and the head of its record."""
    from packfirst.cli.route_asked import Asked, What
    from packfirst.cli.route_records import head, policy_record
    from packfirst.disciplines.supply.records import supplied, supply_case
    from packfirst.disciplines.supply.routes import pareto_routes

    what = What(program, key, technology, options.overlays)
    asked = Asked(options, what)
    with_wafers = bool(asked.wafers) and wafers_are_stays
    process = supplied(what.process(with_wafers=with_wafers), asked.records)
    home = asked.home if wafers_are_stays else asked.home or "US"
    foundry = asked.foundry if with_wafers else None
    case = supply_case(process, asked.records, asked.demand, foundry, home=home)
    result = pareto_routes(case.problem)
    record = head(what, case, asked.demand)
    record |= {"exact": result.exact, "policy": policy_record(what, asked, case, result.routes)}
    return what, asked, case, result.routes, record
