"""What `route` and `exposure` print: tables and lines that fit 120 columns."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import typer

WIDTH = 120


def print_routes(record: Mapping[str, Any], detail: int) -> None:
    """The routes of a record, the first `detail` of them site by site; or why there is none."""
    _print_head(record)
    routes = record["routes"]
    if record["no_route"] is not None:
        _print_no_route(record["no_route"])
        _print_not_at_home(record)
        _print_policy(record)
        return
    exact = "exact" if record["exact"] else "not exact: the search was cut short, better ones may exist"
    said = "weeks, sites, borders and stated evidence"
    cost = routes[0]["cost_usd"] is not None
    _say(
        f"\n{len(routes)} route{'s' if len(routes) > 1 else ''} that none beats in "
        f"{'cost, ' if cost else ''}{said} ({exact})"
    )
    rows = [
        (
            str(number), f"{item['weeks']:.1f}", f"{item['weeks_low']:.1f} to {item['weeks_high']:.1f}",
            str(item["n_sites"]), str(item["crossings"]), f"{item['stated_share']:.0%}",
            *((f"{item['cost_usd']:,.0f}",) if cost else ()),
        )
        for number, item in enumerate(routes, start=1)
    ]  # fmt: skip
    heads = (
        "route",
        "weeks",
        "all short to all long",
        "sites",
        "borders",
        "stated",
        *(("USD",) if cost else ()),
    )
    _draw(heads, rows)
    _print_footnotes(record, priced=cost)
    for number, item in enumerate(routes[:detail], start=1):
        _say(f"\nRoute {number}")
        _print_stays(item)
        for site, others in item["stand_ins"].items():
            _say(f"{site}: as good, {'; '.join(others)}", "    ")
    _print_not_at_home(record)
    _print_policy(record)
    _print_questions(routes[:detail])
    if len(routes) > detail:
        _say(
            f"\n{len(routes) - detail} more: --detail {len(routes)} prints them site by site, --json has them all"
        )


def print_exposure(record: Mapping[str, Any]) -> None:
    """Journey, single points, removals and concentration of a record; or why there is no route."""
    _print_head(record)
    if record["no_route"] is not None:
        _print_no_route(record["no_route"])
        return
    first = record["exposure"][0]
    taken = " (taken to be: --wafers says otherwise)" if record["wafers_are_assumed"] else ""
    _say(f"\n{first['pattern']}: the fastest of {len(record['exposure'])} Pareto routes")
    _say(
        f"wafers in {record['wafers']}{taken}, home {record['home']}; it travels {' > '.join(first['countries'])}"
    )
    if record["bought_in"]:
        _say("this speaks of the stays alone: where the bought-in parts come from is not in it")
    for name, said in (("foreign_tasks", "abroad"), ("foreign_owned_tasks", "at home, foreign owner")):
        if first[name]:
            _say(f"{said}: {'; '.join(first[name])}")
    patterns = [item["pattern"] for item in record["exposure"]]
    if len(set(patterns)) > 1:
        counts = ", ".join(f"{patterns.count(name)} {name}" for name in dict.fromkeys(patterns))
        _say(f"all Pareto routes: {counts}")
    _print_stays(first["route"])
    _say("\nSingle points of failure: no route without")
    _draw(
        ("", "", "what nobody else on record can do"),
        [(item["what"], item["name"], "; ".join(item["steps_lost"])) for item in record["single_points"]],
        "none by site, firm, country or owner",
    )
    for item in record["materials"]:
        _say(
            f"material: {item['statement']} ({item['year']}, grade {item['grade']}: {', '.join(item['sources'])})"
        )
    left = [item for item in record["removals"] if item["route_left"]]
    extra = record["requalification_weeks"]
    said = (
        f"{extra:g} weeks to requalify included" if extra is not None else "the floor to requalify included"
    )
    _say(f"\nRemoval of what the fastest route uses, a route being left; {said}")
    for basis in record["requalification_basis"]:
        _say(basis, "    ")
    priced = any(item["cost_added_usd"] is not None for item in left)
    _draw(
        ("", "", "weeks added", *(("USD added",) if priced else ())),
        [
            (
                item["what"], item["name"], f"{item['weeks_added']:.1f}",
                *((f"{item['cost_added_usd']:,.0f}",) if priced else ()),
            )
            for item in left
        ],
        "each leaves no route",
    )  # fmt: skip
    _say(
        f"{record['untouched']} other sites, firms and countries on record can go without touching this route"
    )
    _say("\nConcentration: HHI from all sites weighing the same to one holding all: no capacity is on record")
    _draw(
        ("needs", "sites", "firms", "HHI by location", "HHI by owner", "countries of work"),
        [
            (
                " + ".join(item["needs"]), str(item["sites"]), str(item["firms"]),
                *("{:.0f} to {:.0f}".format(*item[name]) for name in ("hhi_location", "hhi_owner")),
                " ".join(item["countries"]),
            )
            for item in record["concentration"]
        ],
    )  # fmt: skip
    _print_footnotes(record, priced=first["route"]["cost_usd"] is not None)
    _print_policy(record)
    _print_questions([first["route"]])


def _print_head(record: Mapping[str, Any]) -> None:
    asked = record["asked"]
    said = [f"open on {asked['on']}"]
    said.append(
        f"{asked['volume']} volume" if asked["volume"] else "any volume, prototype lines too (--volume)"
    )
    said += [f"work in {' or '.join(asked['in'])}"] if asked["in"] else []
    said += [f"owned in {' or '.join(asked['owned_in'])}"] if asked["owned_in"] else []
    said += [name for name in ("trusted", "government") if asked[name]]
    said += [f"wafers of {' or '.join(asked['foundries'])}"] if asked["foundries"] else []
    said += [f"{asked['controlled'].upper()} work"] if asked["controlled"] else []
    said += (
        ["qualified lines: " + " or ".join(next(iter(asked["listings"].values())))]
        if asked["listings"]
        else []
    )
    if record["marking"]:
        _say(record["marking"])
    _say(record["describe"])
    _say(f"{len(record['process'])} stays; asked: {', '.join(said)}; evidence read on {asked['asked_on']}")
    for item in record["bought_in"]:
        _say(f"bought in: {item['name']}: {item['on_record']}. Ask {item['ask']}: {item['question']}")


def _print_no_route(why: Mapping[str, Any]) -> None:
    _say("\nNo route.")
    for item in why["no_record"]:
        _say(f"\n{item['needs']} ({'; '.join(item['steps'])}): no site on record does it; no gate helps")
    for item in why["blocked"]:
        _say(f"\n{item['needs']} ({'; '.join(item['steps'])}): every site on record fails a gate")
        rows = []
        for site in item["sites"]:
            failed = [gate for gate in site["gates"] if gate["state"] == "not met"]
            unknown = [gate["gate"] for gate in site["gates"] if gate["state"] == "unknown"]
            rows.append(
                (
                    site["name"], _where(site), "; ".join(f"{gate['gate']}: {gate['why']}" for gate in failed),
                    ", ".join(unknown),
                )
            )  # fmt: skip
        _draw(("site", "where", "not met", "unknown"), rows)
        _say(f"opens without: {_or(item['relax'])}", "    ")
    if why["relax"]:
        _say("\nSmallest sets of gates to relax, for the route as a whole:")
    for item in why["relax"]:
        _say(" and ".join(item["gates"]), "    ")
        for name, sites in item["opens"].items():
            _say(f"{name}: {'; '.join(sites)}", "        ")
    opened = ", ".join(why["open_with"]) or "none"
    _say(f"\nOther packages with a site for each step under the same gates: {opened}")


def _print_not_at_home(record: Mapping[str, Any]) -> None:
    """What no site at home may do, and when one could."""
    rows = []
    for item in record["not_at_home"]:
        barred = ", ".join(item["barred_by"]) or "no site on record"
        for number, plan in enumerate(item["planned"] or [None]):
            when = "nothing planned is on record"
            if plan is not None:
                also = (
                    f"; also barred by {', '.join(plan['also_barred_by'])}" if plan["also_barred_by"] else ""
                )
                when = f"{plan['site']}: {'by ' + plan['day'] if plan['day'] else 'planned, no date'}{also}"
            rows.append((item["needs"] if not number else "", barred if not number else "", when))
    if rows:
        _say(f"\nNot to be had in {record['home']} under these gates, and what is planned there")
        _draw(("needs", "barred by", "planned"), rows)


def _print_policy(record: Mapping[str, Any]) -> None:
    """Rules that are broken, that ask, and that nobody read; met ones as a count."""
    rules = record["policy"]
    if not rules:
        return
    broken = sorted((item for item in rules if item["violated"]), key=lambda item: not item["forbids"])
    met = [item for item in rules if item["state"] == "met" and item["binds"]]
    _say(
        f"\nRules on {record['asked']['on']} (hints, not legal advice): {len(broken)} not met, {len(met)} met, "
        f"{len(rules) - len(broken) - len(met)} to be asked, not yet in force or proposed"
    )
    for item in broken:
        head = "BROKEN" if item["forbids"] else "LICENCE NEEDED to export:"
        _say(f"{head} {item['name']}, {item['citation']}: {item['why']}", "    ")
    for item in met:
        _say(f"met {item['name']}, {item['citation']}: {item['why']}", "    ")
    rows = [
        (item["name"], item["citation"], item["force"], item["why"] if item["read"] else "NOT READ: a warning only")
        for item in rules if not item["violated"] and item not in met
    ]  # fmt: skip
    _draw(("rule", "citation", "force", "why"), rows, "none")


def _print_stays(item: Mapping[str, Any]) -> None:
    rows = []
    for stay in item["stays"]:
        capability = next(gate for gate in stay["gates"] if gate["gate"] == "capability")
        met = [gate["gate"] for gate in stay["gates"] if gate["state"] == "met"]
        unknown = [gate["gate"] for gate in stay["gates"] if gate["state"] == "unknown"]
        # A route holds no site that fails a gate, so the rest is unknown.
        rows.append(
            (
                stay["step"], " + ".join(stay["needs"]), stay["company"], _site(stay), _where(stay),
                _evidence(capability), f"{len(met)} of {len(stay['gates'])}", ", ".join(unknown),
            )
        )  # fmt: skip
    _draw(("step", "needs", "firm", "site", "where", "evidence", "met", "unknown"), rows)


def _print_questions(routes: Sequence[Mapping[str, Any]]) -> None:
    asked: dict[tuple[str, str], list[int]] = {}
    for number, item in enumerate(routes, start=1):
        for each in item["questions"]:
            asked.setdefault((each["ask"], each["question"]), []).append(number)
    if asked:
        _say("\nAsk, before relying on them:")
    for (ask, question), numbers in asked.items():
        which = f" (route {', '.join(map(str, numbers))})" if len(routes) > 1 else ""
        _say(f"{ask}: {question}{which}", "    ")


def _print_footnotes(record: Mapping[str, Any], *, priced: bool) -> None:
    assumed = sum(item["evidence"] == "assumed" for item in record["durations"].values())
    _say(
        f"weeks: {assumed} of {len(record['durations'])} durations are assumed, and so is each move (1 week across a "
        "border, half a week within); both ends of the band take every stay at its own end"
    )
    left_out = record["cost_left_out"]
    if not priced:
        _say("cost: no prices are on record; a file of yours gives them, with --supply")
    elif left_out:
        _say(f"cost leaves out, for want of a price at some site: {', '.join(left_out)}")


def _site(place: Mapping[str, Any]) -> str:
    """A site's name without the firm's, which stands beside it."""
    return str(place["name"]).removeprefix(f"{place['company']}, ")


def _evidence(capability: Mapping[str, Any]) -> str:
    """How it is known that a site does a step, and since when."""
    year = capability["year"]
    if not year:
        return "none"
    if capability["state"] == "met":
        return f"{capability['evidence']} {year}"
    return f"inferred {year}" if capability["evidence"] == "assumed" else f"announced {year}"


def _where(place: Mapping[str, Any]) -> str:
    foreign = place["owner_country"] != place["country"]
    return f"{place['country']}, owned {place['owner_country']}" if foreign else str(place["country"])


def _or(sets: Sequence[Sequence[str]]) -> str:
    return "; or ".join(" and ".join(gates) for gates in sets)


def _say(text: str, indent: str = "") -> None:
    for paragraph in text.split("\n"):
        lines = wrap(
            paragraph, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False
        )
        typer.echo("\n".join(lines))


def _draw(heads: Sequence[str], rows: Sequence[Sequence[str]], otherwise: str = "") -> None:
    from io import StringIO

    from rich.console import Console
    from rich.table import Table

    if not rows:
        _say(otherwise, "    ")
        return
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold", no_wrap=head == "needs")
    for row in rows:
        table.add_row(*row)
    console = Console(file=StringIO(), width=WIDTH, highlight=False, markup=False)
    with console.capture() as captured:
        console.print(table)
    typer.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))
