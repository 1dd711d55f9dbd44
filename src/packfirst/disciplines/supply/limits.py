"""Route, policy and exposure of a candidate, held as limits; spoken only where the Program states its terms."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from packfirst.architecture.candidate import Candidate
from packfirst.catalog import Catalog
from packfirst.catalog.schema import CAPABILITIES
from packfirst.catalog.supply_records import SupplyRecords, load_supply
from packfirst.disciplines.case import Case, Facts, Outcome, Screen, Table
from packfirst.disciplines.supply import gates
from packfirst.disciplines.supply.answer import RouteBand, SupplyAnswer, rests_on_one
from packfirst.disciplines.supply.exposure import journey
from packfirst.disciplines.supply.gates import Demand, State
from packfirst.disciplines.supply.openings import Opening, opening_day, openings
from packfirst.disciplines.supply.policy import RuleAnswer, evaluate
from packfirst.disciplines.supply.problem import evaluated
from packfirst.disciplines.supply.properties import days_of, demand_of, facts_of, strangers
from packfirst.disciplines.supply.records import (
    Foundry,
    Place,
    Process,
    SupplyCase,
    candidate_process,
    changed_stays,
    packagers,
    stays,
    supply_case,
)
from packfirst.disciplines.supply.relax import blockage, open_alternatives
from packfirst.disciplines.supply.routes import pareto_routes
from packfirst.limit import Fact, Identity, Limit, NotAssessed
from packfirst.program.model import Program
from packfirst.program.supply_terms import Terms

NAME = "supply"
BASIS = (
    "supplier records of public pages, each with its year and basis",
    "fronts by label setting: Desrochers, Soumis 1988",
)
_MOST_QUESTIONS = 12  # that one limit lists; `packfirst route` prints them all
_MOST_KEPT = 512  # processes held in memory; a search has a few dozen


@dataclass(frozen=True, kw_only=True)
class Solved:
    """One process under one demand, with its routes and the names of its sites."""

    process: Process
    demand: Demand
    case: SupplyCase
    answer: SupplyAnswer

    @property
    def places(self) -> tuple[Place, ...]:
        return self.case.places


class Supply:
    """Who can build it, under which rules, and what hangs on one firm or one border."""

    name = NAME
    needs = ()
    gives = ("route_weeks", "route_cost_usd", "stated_share")

    def __init__(self) -> None:
        self._solved: OrderedDict[str, Solved] = OrderedDict()

    def bounds(self, table: Table) -> Screen:
        from packfirst.disciplines.supply.bounds import screen

        return screen(table)

    def limits(self, case: Case, facts: Facts, rung: str) -> Outcome:
        program, terms = case.program, case.program.terms
        if terms is None:
            if NAME not in program.requires:
                return Outcome()
            missing = ("terms of the Program: its home, and what it asks of sites and owners",)
            return Outcome(limits=(NotAssessed(identity=_identity("route"), missing=missing),))
        records = records_of(case.catalog)
        solved = self.solved(program, terms, case.catalog, case.architecture.candidate, records)
        unknown = strangers(terms, records)
        firms = packagers(solved.case, solved.answer.routes)
        rules = rules_of(
            program, terms, case.catalog, case.architecture.candidate, records, solved.demand.on, firms
        )
        answers = (
            *_routes(solved, rung), *_evidence(solved, rung), *_exposure(solved, terms, rung),
            *_policy(rules, solved.demand.on, rung),
            *((NotAssessed(identity=_identity("terms"), missing=unknown),) if unknown else ()),
        )  # fmt: skip
        return Outcome(limits=answers, facts=_facts(solved.answer), details=_details(solved, terms, rules))

    def solved(
        self, program: Program, terms: Terms, catalog: Catalog, candidate: Candidate, records: SupplyRecords
    ) -> Solved:
        """Routes of a candidate; candidates of one process and one demand share them."""
        asked_on, on = days_of(program, records)
        process = candidate_process(program, catalog, candidate, with_wafers=terms.wafers_in is not None)
        demand = demand_of(program, terms, CAPABILITIES, asked_on, on)
        content = [item.digest for item in process.technologies]
        key = repr((process.tasks, process.of, process.share, process.bought, content, demand, terms.home,
                    terms.wafers_in, candidate.carrier, candidate.stack, records.digest))  # fmt: skip
        found = self._solved.get(key)
        if found is None:
            found = _solve(program, terms, catalog, candidate, process, demand, records)
            self._solved[key] = found
            while len(self._solved) > _MOST_KEPT:
                self._solved.popitem(last=False)
        return found


DISCIPLINE = Supply()


@cache
def _packaged() -> SupplyRecords:
    return load_supply()


def records_of(catalog: Catalog) -> SupplyRecords:
    """The supply records under a catalog: the packaged ones, or those with the user's files on top."""
    return catalog.supply if catalog.supply is not None else _packaged()


def _identity(kind: str, subject: str = "package") -> Identity:
    return Identity(discipline=NAME, kind=kind, subject=subject)


def _limit(kind: str, rung: str, *, demand: float, capacity: float, unit: str, hard: bool, says: str,
           flags: tuple[str, ...] = (), subject: str = "package", basis: tuple[str, ...] = BASIS) -> Limit:  # fmt: skip
    """A limit that counts: it has no slope, since sites, steps and days are taken or left, and no spread."""
    return Limit(
        identity=_identity(kind, subject), demand=demand, capacity=capacity, unit=unit, hard=hard, rung=rung,
        sensitivities={}, model=f"{NAME}/{kind}", model_error=0.0, basis=basis, explanation=says, flags=flags,
    )  # fmt: skip


def _solve(
    program: Program, terms: Terms, catalog: Catalog, candidate: Candidate, process: Process, demand: Demand,
    records: SupplyRecords,
) -> Solved:  # fmt: skip
    foundry = None
    if terms.wafers_in is not None:
        foundry = Foundry(country=terms.wafers_in, company=" or ".join(sorted(terms.foundries)))
    case = supply_case(process, records, demand, foundry, home=terms.home)
    found = pareto_routes(case.problem)
    asked = stays(process)
    state = blockage(asked, case.entries)
    sites = tuple(records.suppliers.values())
    band, opens_on = None, None
    changes: tuple[str, ...] = ()
    later: tuple[Opening, ...] = ()
    if found.routes:
        first = found.routes[0]
        low, high = (evaluated(one, first.sites).weeks for one in (case.fast, case.slow))
        band = RouteBand(weeks=first.weeks, low=low, high=high)
    else:
        steps = [step for name in state.blocked for step in name.split(" + ")]
        later = openings(steps, case.entries, sites)
        days = [item.day for item in later if item.day is not None]
        opens_on = opening_day(
            asked, days, lambda day: gates.entries(sites, process.needs, replace(demand, on=day))
        )
        changes = open_alternatives(changed_stays(program, catalog, candidate), case.entries)
    answer = SupplyAnswer(
        problem=case.problem, entries=case.entries, routes=found.routes, exact=found.exact, band=band, stays=asked,
        blockage=state, openings=later, opens_on=opens_on, changes=changes,
        is_priced=len(case.unpriced) < len(process.needs),
    )  # fmt: skip
    return Solved(process=process, demand=demand, case=case, answer=answer)


def _routes(solved: Solved, rung: str) -> Iterator[Limit | NotAssessed]:
    """A definite no and a definite yes are limits; what nobody can answer yet is neither."""
    answer, n = solved.answer, float(len(solved.answer.stays))
    blocked = [stay for stay in answer.stays if " + ".join(stay) in answer.blockage.blocked]
    if blocked:
        yield _limit(
            "route", rung, demand=n, capacity=n - len(blocked), unit="steps", hard=True, says=_why_not(solved)
        )
    if answer.blockage.unrecorded:
        yield NotAssessed(
            identity=_identity("route", "steps without a record"),
            missing=tuple(
                f"a site that does {name}: none is on record" for name in answer.blockage.unrecorded
            ),
        )
    if not answer.routes:
        return
    if answer.is_certain:
        says = f"each of {n:.0f} steps has a site on which every gate is answered and met"
        yield _limit("route", rung, demand=n, capacity=n, unit="steps", hard=True, says=says)
        return
    asked = [f"{item.ask}: {item.question}" for item in answer.questions]
    more = len(asked) - _MOST_QUESTIONS
    yield NotAssessed(
        identity=_identity("route"),
        missing=(
            *asked[:_MOST_QUESTIONS],
            *((f"{more} more questions, which 'packfirst route' lists",) if more > 0 else ()),
        ),
    )


def _why_not(solved: Solved) -> str:
    """What no site on record may do, when one may, and what would open a route."""
    answer = solved.answer
    said = [f"no site may do {', '.join(answer.blockage.blocked)} under these terms"]
    for item in answer.openings:
        if item.day is not None and not item.also_barred_by:
            place = solved.places[item.site]
            said.append(f"{place.name} is to open for {item.step} by {item.day.isoformat()}")
            break
    if answer.opens_on is not None:
        said.append(f"if plans hold there is a route for parts that ship from {answer.opens_on.isoformat()}")
    if answer.blockage.relaxations:
        least = answer.blockage.relaxations[0]
        said.append(f"the fewest gates to relax: {' and '.join(least.gates)}")
    if answer.changes:
        said.append(f"packages one change away that have a route: {', '.join(answer.changes[:4])}")
    return "; ".join(said)


def _evidence(solved: Solved, rung: str) -> Iterator[Limit]:
    """How much of the best stated route somebody has said."""
    best = solved.answer.stated
    if best is None:
        return
    asked = float(solved.answer.problem.gates_asked.sum())
    stated = asked - best.unstated
    yield _limit(
        "evidence", rung, demand=asked, capacity=stated, unit="gates", hard=False,
        says=f"{stated:.0f} of the {asked:.0f} gates on the best stated route rest on stated evidence; the rest are "
        "questions to its sites",
    )  # fmt: skip


def _exposure(solved: Solved, terms: Terms, rung: str) -> Iterator[Limit]:
    """What is done away from home on the fastest route, and what rests on one firm; soft, since neither forbids."""
    if not solved.answer.routes:
        return
    problem, fastest = solved.answer.problem, solved.answer.routes[0]
    owners = [place.owner_country for place in solved.places]
    told = journey(
        problem, fastest, solved.case.country_names, owners, terms.home, terms.wafers_in or terms.home
    )
    n = float(len(problem.tasks))
    taken = "" if terms.wafers_in else ", the wafers taken to be made at home"
    yield _limit(
        "at_home", rung, demand=n, capacity=n - len(told.foreign_tasks), unit="steps", hard=False,
        says=f"{told.pattern}: the fastest route does {len(told.foreign_tasks)} of {n:.0f} steps abroad and travels "
        f"{' > '.join(told.countries)}{taken}",
    )  # fmt: skip
    alone = rests_on_one(problem, [place.company for place in solved.places])
    said = "; ".join(f"{firm} for {', '.join(dict.fromkeys(tasks))}" for firm, tasks in alone.items())
    yield _limit(
        "single_firms", rung, demand=float(len(alone)), capacity=0.0, unit="firms", hard=False,
        says=f"firms without which no route on record is left: {said or 'none'}",
    )  # fmt: skip


def rules_of(
    program: Program, terms: Terms, catalog: Catalog, candidate: Candidate, records: SupplyRecords, on: date,
    packagers: Sequence[str],
) -> tuple[RuleAnswer, ...]:  # fmt: skip
    """Every rule of the product's domain at the ship date; one that counsel has cleared is met by declaration."""
    facts = facts_of(program, terms, catalog, candidate, packagers)
    found = evaluate(tuple(records.rules.values()), facts, on, terms.domain)
    return tuple(
        replace(
            item, state=State.MET, why="cleared by your counsel, as the Program says", question="", ask=""
        )
        if item.rule in terms.declared.cleared
        else item
        for item in found
    )


def _policy(rules: tuple[RuleAnswer, ...], on: date, rung: str) -> Iterator[Limit | NotAssessed]:
    """Rules that decide make one limit; rules that ask and rules that nobody read are not assessed, never passed."""
    decided = [item for item in rules if item.state is not State.UNKNOWN and item.binds]
    for kind, some, hard, capped in (
        ("policy", [item for item in decided if item.kind != "export"], True, "are broken"),
        ("export", [item for item in decided if item.kind == "export"], False, "ask for an export licence"),
    ):
        broken = [item for item in some if item.violated]
        if some:
            said = "; ".join(f"{item.name} ({item.citation}): {item.why}" for item in broken)
            yield _limit(
                kind, rung, demand=float(len(broken)), capacity=0.0, unit="rules", hard=hard,
                basis=tuple(item.citation for item in some),
                says=f"of {len(some)} rules that could be decided for parts that ship on {on.isoformat()}, "
                f"{len(broken)} {capped}{': ' + said if said else ''}; a planning hint, not legal advice",
            )  # fmt: skip
    open_ = [item for item in rules if item.state is State.UNKNOWN and item.binds]
    for subject, some in (
        ("rules that ask", [item for item in open_ if item.read]),
        ("rules that nobody read", [item for item in open_ if not item.read]),
    ):
        if some:
            yield NotAssessed(
                identity=_identity("policy", subject),
                missing=tuple(f"{item.name} ({item.citation}), ask {item.ask}: {item.asks}" for item in some),
            )


def _facts(answer: SupplyAnswer) -> tuple[Fact, ...]:
    """Weeks of the fastest route with their band, dollars of the cheapest where all is priced, best stated share."""
    if not answer.routes or answer.band is None or answer.stated is None:
        return ()
    band = answer.band
    facts = [
        Fact(name="route_weeks", subject="package", value=value, mode=mode)
        for mode, value in (("", band.weeks), ("low", band.low), ("high", band.high))
    ]
    if answer.is_priced:
        cheapest = min(route.cost_usd for route in answer.routes)
        facts.append(Fact(name="route_cost_usd", subject="package", value=cheapest))
    facts.append(Fact(name="stated_share", subject="package", value=answer.stated.stated_share))
    return tuple(facts)


def _details(solved: Solved, terms: Terms, rules: tuple[RuleAnswer, ...]) -> dict[str, object]:
    """Plain tables: figures, questions and rules. What a private answer said is not among them."""
    answer = solved.answer
    return {
        "marking": terms.marking,
        "asked_on": solved.demand.asked_on.isoformat(), "on": solved.demand.on.isoformat(),
        "exact": answer.exact,
        "routes": [
            {"weeks": route.weeks, "n_sites": route.n_sites, "crossings": route.crossings,
             "stated_share": route.stated_share, "cost_usd": route.cost_usd if answer.is_priced else None}
            for route in answer.routes
        ],
        "questions": [{"ask": item.ask, "question": item.question} for item in answer.questions],
        "blocked": list(answer.blockage.blocked), "unrecorded": list(answer.blockage.unrecorded),
        "relax": [list(item.gates) for item in answer.blockage.relaxations],
        "opens_on": answer.opens_on.isoformat() if answer.opens_on else None,
        "openings": [
            {"step": item.step, "site": solved.places[item.site].name, "also_barred_by": list(item.also_barred_by),
             "day": item.day.isoformat() if item.day else None}
            for item in answer.openings
        ],
        "open_with": list(answer.changes),
        "rules": [
            {"rule": item.rule, "name": item.name, "citation": item.citation, "force": item.force.value,
             "state": item.state.value, "why": item.why, "read": item.read, "read_from": item.read_from}
            for item in rules
        ],
    }  # fmt: skip
