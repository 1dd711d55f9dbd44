"""What is to be built, as stays at sites: the process of a candidate or a technology, held against supplier records.

Wafers, stacked die, carrier and bought-in parts are made side by side and meet where the technology's route says.
Foundries are not on record: wafers are a stay only where the user says in which country they are made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.candidate import NOT_A_CARRIER, Candidate
from packfirst.architecture.construction import construction
from packfirst.catalog import Catalog
from packfirst.catalog.record import ProcessStep, Record
from packfirst.catalog.schema import CAPABILITIES
from packfirst.catalog.supply_parse import Band
from packfirst.catalog.supply_records import Supplier, SupplyRecords, sites_with
from packfirst.disciplines.supply import gates
from packfirst.disciplines.supply.gates import Answer, Demand, Entry, State
from packfirst.disciplines.supply.problem import Route, RouteProblem, route_problem
from packfirst.disciplines.supply.process import Task, check_process
from packfirst.errors import InputError
from packfirst.inputs import Evidence
from packfirst.program.model import Program

_WEEK_S = 604800.0
_STACKING = frozenset({"3d_hybrid_bond", "3d_stack"})
_ATTACH = frozenset({"flip_chip", "mcm_hybrid"})  # where a module meets what it stands on
# What a change of site makes to be qualified anew: a substrate's source, an assembly line.
_SUBSTRATES = frozenset(
    {"organic_substrate", "glass_substrate", "ceramic_htcc", "ceramic_package_supply", "si_interposer"}
)
_ASSEMBLY = frozenset({
    "3d_hybrid_bond", "3d_stack", "bridge", "die_attach", "fan_out", "flip_chip", "hermetic_seal", "mcm_hybrid",
    "plastic_mold", "wire_bond",
})  # fmt: skip
_WAFERS = "wafers "
# A move of a lot between two sites, papers and customs included. No page gives it.
MOVE_WITHIN = Band(value=0.5, low=0.2, high=1.0, evidence=Evidence.ASSUMED, note="within a country")
MOVE_ACROSS = Band(value=1.0, low=0.5, high=3.0, evidence=Evidence.ASSUMED, note="across a border")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtIn:
    """What the process takes and no stay of it makes, with what is on record and what to ask.

    `need` is the step that makes it, where sites on record do that for themselves; "" elsewhere.
    """

    name: str
    on_record: str
    question: str
    ask: str
    need: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """Stays from wafer to shipped part, an in-tree; `of` says what each belongs to.

    Where something joins in the midst of one kind of work, as die join their interposer, the work is two stays;
    its weeks and price are those of one, shared evenly, since nobody says how they divide: `share`.
    """

    tasks: tuple[Task, ...]
    of: tuple[str, ...]  # technology id, "bought in" or "wafers"
    share: tuple[float, ...]
    technologies: tuple[Record, ...]
    bought: tuple[BoughtIn, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """What sites must be able to do, each once."""
        return tuple(dict.fromkeys(need for task in self.tasks for need in task.needs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Foundry:
    """Where the user says that the wafers are made; it stands for all nodes."""

    country: str
    company: str = ""

    @property
    def name(self) -> str:
        return f"{self.company or 'your foundry'}, {self.country}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A site as a route speaks of it."""

    name: str
    company: str
    country: str
    owner_country: str


@dataclass(frozen=True, kw_only=True)
class SupplyCase:
    """A process against the records: the problem, and the same with each duration at its 5 % and 95 % point.

    `durations` holds, by need, the weeks of a site that says nothing of its own; `unpriced` the needs whose cost
    is left out, since a site that may do them has no price.
    """

    process: Process
    problem: RouteProblem
    fast: RouteProblem
    slow: RouteProblem
    entries: Mapping[str, Sequence[Entry]]
    places: tuple[Place, ...]
    country_names: tuple[str, ...]
    durations: Mapping[str, Band]
    unpriced: tuple[str, ...]

    def entry(self, task: int, site: int) -> tuple[Entry, ...]:
        """The answered gates of a site for the needs of a task."""
        needs = self.process.tasks[task].needs
        return tuple(item for need in needs for item in self.entries[need] if item.site == site)


class _Draft:
    """Stays in the making: a list that only grows, so that each stay comes after those before it."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.of: list[str] = []
        self.first: list[int] = []  # first stay of the work that a stay goes on with

    def stay(self, name: str, need: str, of: str, after: tuple[int, ...] = ()) -> int:
        self.tasks.append(Task(name=name, needs=(need,), after=after))
        self.of.append(of)
        before = [i for i in after if self.tasks[i].needs == (need,) and self.of[i] == of]
        self.first.append(self.first[before[0]] if before else len(self.of) - 1)
        return len(self.tasks) - 1

    def line(
        self,
        steps: Sequence[ProcessStep],
        of: str,
        heads: tuple[int, ...],
        joins: Mapping[int, tuple[int, ...]],
    ) -> tuple[int, ...]:
        """Steps one after another; returns the open ends. The same need twice running is one stay."""
        for step in steps:
            heads += joins.get(step.number, ())
            for need in step.needs:
                if len(heads) == 1 and self.tasks[heads[0]].needs == (need,) and self.of[heads[0]] == of:
                    continue  # a half-built lot does not travel
                heads = (self.stay(step.op, need, of, heads),)
        return heads

    def wafers(self, wanted: Sequence[tuple[str, str]]) -> tuple[int, ...]:
        """A stay at the foundry for each (die, node)."""
        return tuple(self.stay(f"wafers of {die}", f"{_WAFERS}{node}", "wafers") for die, node in wanted)


def technology_process(technology: Record) -> Process:
    """The stays of one technology by itself, its bought-in parts included, wafers left to whoever sends them."""
    draft = _Draft()
    heads = _technology(draft, technology, technology.route)
    if technology.word("class") != "stack":
        _tested_last(draft, technology, heads)
    return _process(draft, (technology,), _lid(technology))


def candidate_process(
    program: Program, catalog: Catalog, candidate: Candidate, *, with_wafers: bool = False
) -> Process:
    """The stays of a candidate, from its wafers to the tested part.

    Stacked die are a branch of their own: the stack's route as far as its own steps go; from where the stack is
    attached, the carrier's route holds. The carrier's preparation of die is left out where every die that it
    carries comes from a stack, bumped there.
    """
    groups = candidate.partition.groups
    uppers, lowers = stacked_groups(candidate)
    die = [(group.name, group.node) for group in groups]
    draft = _Draft()
    carrier = catalog.record("technology", candidate.carrier)
    technologies = [carrier]

    def wafers(indices: set[int]) -> tuple[int, ...]:
        return draft.wafers([die[i] for i in sorted(indices)]) if with_wafers else ()

    alone = set(range(len(groups))) - uppers - lowers
    stacked: tuple[int, ...] = ()
    if uppers:
        stack = catalog.record("technology", candidate.stack)
        technologies.insert(0, stack)
        above, below = wafers(uppers), wafers(lowers - uppers)
        stacked = _technology(draft, stack, _own_steps(stack), die=above, base=below, carriers=False)
    steps = [step for step in carrier.route if alone or step.scope != "die_prep"]
    heads = _technology(draft, carrier, steps, die=wafers(alone), ready=stacked)
    _tested_last(draft, carrier, heads)
    bought = [_wafers_bought(node) for node in dict.fromkeys(node for _, node in die)]
    return _process(draft, technologies, (*bought, *_parts(program, catalog), *_lid(carrier)))


def stacked_groups(candidate: Candidate) -> tuple[set[int], set[int]]:
    """Groups that a stack technology puts on others or on their own kind, and groups that carry them."""
    if not candidate.stack:
        return set(), set()
    pairs = candidate.partition.stacked
    towers = {number for number, group in enumerate(candidate.partition.groups) if group.tower > 1}
    return {upper for upper, _ in pairs} | towers, {lower for _, lower in pairs}


def supplied(process: Process, records: SupplyRecords) -> Process:
    """The process with what the records know of its bought-in parts."""

    def known(item: BoughtIn) -> BoughtIn:
        makers = [
            f"{site.name} ({site.country}, {step.basis})"
            for site in sites_with(records.suppliers.values(), item.need)
            for step in site.capabilities
            if step.step == item.need
        ]
        return replace(item, on_record=f"made at {'; '.join(makers)}") if makers else item

    return replace(process, bought=tuple(known(item) for item in process.bought))


def stays(process: Process) -> tuple[tuple[str, ...], ...]:
    """What each stay needs, wafers left out: what `relax` asks."""
    return tuple(task.needs for task in process.tasks if not task.needs[0].startswith(_WAFERS))


def changed_stays(
    program: Program, catalog: Catalog, candidate: Candidate
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Stays of the packages one change away: another carrier, or another way to stack."""
    records = catalog.records("technology")
    changed = [
        (f"{item.id} as carrier", replace(candidate, carrier=item.id))
        for item in records if item.word("class") not in NOT_A_CARRIER and item.id != candidate.carrier
    ] + [
        (f"{item.id} as stack", replace(candidate, stack=item.id))
        for item in records if candidate.stack and item.word("class") == "stack" and item.id != candidate.stack
    ]  # fmt: skip
    return {name: stays(candidate_process(program, catalog, item)) for name, item in changed}


def supply_case(
    process: Process, records: SupplyRecords, demand: Demand, foundry: Foundry | None = None, home: str = ""
) -> SupplyCase:
    """The problem of a process: answered gates, weeks and prices of each site that a gate does not refuse.

    Parameters
    ----------
    foundry : where the wafers of the process's wafer stays are made
    home : str
        Country that the parts go to, "" where the way there does not count.

    Raises
    ------
    InputError
        A stay whose duration neither the records nor its technology know.
    """
    sites = tuple(records.suppliers.values())
    entries: dict[str, Sequence[Entry]] = dict(gates.entries(sites, CAPABILITIES, demand))
    places = [
        Place(
            name=site.name, company=site.company, country=site.country, owner_country=site.owner_country
        )
        for site in sites
    ]  # fmt: skip
    if foundry is not None:
        for need in process.needs:
            if need.startswith(_WAFERS):
                entries[need] = (Entry(site=len(sites), step=need, answers=(_foundry(foundry, need),)),)
        places.append(
            Place(
                name=foundry.name, company=foundry.company or foundry.name, country=foundry.country,
                owner_country=foundry.country,
            )
        )  # fmt: skip
    durations = {need: _weeks(need, process, records) for need in process.needs}
    unpriced = tuple(need for need in process.needs if not _is_priced(need, sites, entries[need]))

    def problem(of: Callable[[Band], float]) -> tuple[RouteProblem, tuple[str, ...]]:
        found, names = route_problem(
            process.tasks,
            entries,
            [place.country for place in places],
            weeks=lambda need, site: of(_said(sites, site, need, "weeks") or durations[need]),
            cost_usd=lambda need, site: (
                0.0 if need in unpriced else _price(_said(sites, site, need, "cost_usd"))
            ),
            move=lambda a, b: (of(MOVE_WITHIN if a == b else MOVE_ACROSS), 0.0),
            end=home,
        )
        share = np.array(process.share)[:, None]
        return replace(found, weeks=found.weeks * share, cost_usd=found.cost_usd * share), names

    middle, names = problem(lambda band: band.value)
    return SupplyCase(
        process=process, problem=middle, fast=problem(lambda band: band.low)[0],
        slow=problem(lambda band: band.high)[0], entries=entries, places=tuple(places), country_names=names,
        durations=durations, unpriced=unpriced,
    )  # fmt: skip


def packagers(case: SupplyCase, routes: Sequence[Route]) -> tuple[str, ...]:
    """Firms that the routes put the last assembly with, each once; empty where nothing is assembled."""
    last = max((i for i, task in enumerate(case.process.tasks) if set(task.needs) & _ASSEMBLY), default=None)
    if last is None:
        return ()
    return tuple(dict.fromkeys(case.places[route.sites[last]].company for route in routes))


def requalification_weeks(
    process: Process, records: SupplyRecords
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Least weeks to qualify another site for each task, shape (n_tasks,), and the facts that say so.

    A change of the substrate's source is evaluated and qualified anew; a change of the assembly ends the waiver of
    the life test, so that its oven time comes again. Both are floors: handling, readout and report come on top.
    """
    substrate, oven = records.facts["fc_substrate_qual"], records.facts["qml_groupc_1000"]
    assert substrate.value is not None
    assert oven.value is not None
    weeks = [
        substrate.value if set(task.needs) & _SUBSTRATES
        else oven.value * 3600.0 / _WEEK_S if set(task.needs) & _ASSEMBLY
        else 0.0
        for task in process.tasks
    ]  # fmt: skip
    return np.array(weeks), tuple(f"{item.statement} ({item.year})" for item in (substrate, oven))


def _technology(
    draft: _Draft,
    record: Record,
    steps: Sequence[ProcessStep],
    *,
    die: tuple[int, ...] = (),
    base: tuple[int, ...] = (),
    ready: tuple[int, ...] = (),
    carriers: bool = True,
) -> tuple[int, ...]:
    """Carrier and die preparation side by side, then what is done with both; returns the open ends."""
    first = next((i for i, step in enumerate(steps) if step.scope.startswith("per_")), len(steps))
    needed = record.listed("carrier_needs") if carriers else ()
    made = tuple(draft.stay(need.replace("_", " "), need, "bought in") for need in needed)
    joins = {_meets_at(record): made} if made else {}
    made_die = draft.line([s for s in steps[:first] if s.scope == "die_prep"], record.id, die, joins)
    made_base = draft.line([s for s in steps[:first] if s.scope != "die_prep"], record.id, base, joins)
    # The die first: along them a journey is told.
    return draft.line(steps[first:], record.id, (*ready, *made_die, *made_base), joins)


def _meets_at(record: Record) -> int:
    """Number of the step that bought-in parts must have reached: the last attach, else the first with die."""
    attached = [step.number for step in record.route if _ATTACH & set(step.needs)]
    return attached[-1] if attached else record.die_committed_at_step


def _own_steps(stack: Record) -> Sequence[ProcessStep]:
    """A stack's route as far as the step that attaches or tests it as a package: the carrier's takes over there."""
    last = max(
        (i for i, step in enumerate(stack.route) if _STACKING & set(step.needs)), default=len(stack.route)
    )
    for index, step in enumerate(stack.route[last + 1 :], start=last + 1):
        if (_ATTACH | {"test"}) & set(step.needs):
            return stack.route[:index]
    return stack.route


def _tested_last(draft: _Draft, record: Record, heads: tuple[int, ...]) -> None:
    """A shipped part is tested, also where the record's route names no test of the whole."""
    if not any("test" in step.needs for step in record.route if step.scope.startswith("per_")):
        draft.stay("final test", "test", record.id, heads)


def _process(draft: _Draft, technologies: Sequence[Record], bought: Sequence[BoughtIn]) -> Process:
    check_process(draft.tasks)
    return Process(
        tasks=tuple(draft.tasks), of=tuple(draft.of), technologies=tuple(technologies), bought=tuple(bought),
        share=tuple(1.0 / draft.first.count(first) for first in draft.first),
    )  # fmt: skip


def _wafers_bought(node: str) -> BoughtIn:
    return BoughtIn(
        name=f"{node} wafers", on_record="foundries are not on record",
        question=f"Who makes the {node} wafers, in which country, and may another house package them?",
        ask="your foundry",
    )  # fmt: skip


def _parts(program: Program, catalog: Catalog) -> tuple[BoughtIn, ...]:
    found = []
    for item in program.bought.values():
        record = catalog.record("part", item.part)
        found.append(
            BoughtIn(
                name=f"{item.count} x {record.name}", on_record="no maker is on record", ask="its maker",
                question=f"Where is {record.name} made and stacked, and is the quantity yours?",
                need="hbm_stack" if record.words.get("class") == "memory_stack" else "",
            )
        )  # fmt: skip
    return tuple(found)


def _lid(record: Record) -> tuple[BoughtIn, ...]:
    """The lid of a technology that has one and names nobody's step for it."""
    needs = {need for step in record.route for need in step.needs} | set(record.listed("carrier_needs"))
    if record.word("class") == "stack" or "lids_packages" in needs or construction(record).cover != "lid":
        return ()
    return (
        BoughtIn(
            name="lid", on_record="the technology's record names no step for it",
            question="Who makes the lid, and where?", ask="the assembly site",
        ),
    )  # fmt: skip


def _foundry(foundry: Foundry, need: str) -> Answer:
    return Answer(
        gate="capability", state=State.UNKNOWN, why="foundries are not on record; the country is yours",
        evidence="assumed", question=f"Does {foundry.name} make the {need.removeprefix(_WAFERS)} wafers, and where?",
        ask=foundry.company or "your foundry",
    )  # fmt: skip


def _weeks(need: str, process: Process, records: SupplyRecords) -> Band:
    if need.startswith(_WAFERS):
        fact = records.facts["lt_normal_wafer"]
        assert fact.low is not None
        assert fact.high is not None
        return Band(
            value=(fact.low + fact.high) / 2, low=fact.low, high=fact.high, evidence=fact.evidence,
            source=", ".join(fact.sources), year=fact.year,
        )  # fmt: skip
    known = records.step_weeks.get(need)
    if known is not None:
        return known
    for technology in process.technologies:  # the whole of it, for want of the part
        lead = technology.get("lead_time")
        named = need in technology.listed("carrier_needs") or any(need in s.needs for s in technology.route)
        if lead is not None and named:
            low, high = (lead.value if end is None else end for end in (lead.low, lead.high))
            return Band(
                value=lead.value / _WEEK_S, low=low / _WEEK_S, high=high / _WEEK_S, evidence=Evidence.ASSUMED,
                note=f"lead time of {technology.id}, for want of one for {need}",
            )  # fmt: skip
    raise InputError.one(need, "has no weeks on record: say them in a file of yours, with --supply")


def _said(sites: Sequence[Supplier], site: int, need: str, name: str) -> Band | None:
    """What the site itself has said, or None."""
    if site >= len(sites):
        return None
    found = next((item for item in sites[site].capabilities if item.step == need), None)
    band: Band | None = getattr(found, name, None)
    return band


def _price(band: Band | None) -> float:
    return band.value if band is not None else 0.0


def _is_priced(need: str, sites: Sequence[Supplier], entries: Sequence[Entry]) -> bool:
    """Whether every site that may do it has a price: a site without one would look free."""
    able = [item.site for item in entries if not item.blocked_by]
    return bool(able) and all(_said(sites, site, need, "cost_usd") is not None for site in able)
