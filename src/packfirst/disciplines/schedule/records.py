"""The works of a candidate, from study to fielded part: their times under the shared scores, and their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.candidate import Candidate
from packfirst.catalog import Catalog
from packfirst.catalog.record import MissingDatum, Record
from packfirst.catalog.schedule_scenarios import ORDINARY, ScheduleScenario
from packfirst.disciplines.schedule.simulate import strikes
from packfirst.disciplines.schedule.work import Work
from packfirst.inputs import Evidence, Input, scores
from packfirst.program.model import Program

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

WEEK_S = 604800.0
# Works that may make a carrier or a cover; any other need of a route is a step of assembly and test.
MADE = (
    "organic_substrate", "si_interposer", "bridge", "fan_out", "glass_substrate", "ceramic_htcc",
    "ceramic_package_supply", "lids_packages", "thin_film", "thick_film", "uhdi_pcb",
)  # fmt: skip
# Carriers on which die stand before the whole goes on its substrate: a step that ordinary assembly does not have.
_JOINED = frozenset({"si_interposer", "bridge", "fan_out", "glass_substrate"})
# What a failing limit asks for where nobody saw it on paper. Heat, links and throughput are in the die: power map,
# pads, edge. Stress, life and test are in what is around it. Size and terminals show when the package is drawn, before
# it is made. Money and supply change no part.
NEW_MASKS = frozenset({"thermal", "electrical", "performance"})
NEW_PACKAGE = frozenset({"mechanical", "qualification", "test"})
NEW_DRAWING = frozenset({"form_factor"})
ASKED = NEW_MASKS | NEW_PACKAGE | NEW_DRAWING
_SOURCED = frozenset({Evidence.MEASURED, Evidence.PUBLISHED, Evidence.STANDARD, Evidence.DERIVED})
_SCREENED = ("38535", "38534", "nasa")  # levels whose parts are screened with burn-in before they ship
# The tails of a split normal pass zero, which no work does: never less than this share of its 5 % point.
_LEAST = 0.5
_Z_80 = 1.2815515655446004  # the 10 % and 90 % points of the standard normal


@dataclass(frozen=True, slots=True, kw_only=True)
class Die:
    """One designed die."""

    name: str
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """What is to be designed, bought and built, and when.

    Attributes
    ----------
    stacked : tuple of str
        Names of the die that are bonded to each other before assembly.
    bought : tuple of (name, class of the part)
    engage : str
        "architecture" or "tape_out": when the package is taken up with its suppliers.
    start, tape_out, need : date
        The latter two None where nobody has said.
    screened : bool
        Whether the quality level asks for screening with burn-in.
    qualification_weeks : three floats or None
        10 %, 50 % and 90 % points of the qualification's own plan, its screening included.
    """

    technology: str
    die: tuple[Die, ...]
    start: date
    engage: str = "architecture"
    stacked: tuple[str, ...] = ()
    bought: tuple[tuple[str, str], ...] = ()
    tape_out: date | None = None
    need: date | None = None
    screened: bool = False
    qualification_weeks: tuple[float, float, float] | None = None

    @property
    def need_weeks(self) -> float | None:
        """Weeks from the start to the need date."""
        return None if self.need is None else (self.need - self.start).days / 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A limit of another discipline, and in which samples it fails.

    `scale` is what its margin is measured against: its capacity; 0 where nobody has said.
    """

    name: str
    discipline: str
    fails: Bools
    margin: Floats | None = None
    scale: float = 0.0

    @property
    def probability(self) -> float:
        return float(self.fails.mean())


def build_of(
    program: Program,
    catalog: Catalog,
    candidate: Candidate,
    start: date,
    qualification_weeks: tuple[float, float, float] | None = None,
) -> Build:
    """What a candidate of a Program asks to be built; its dates are the Program's where it states them."""
    groups, dates = candidate.partition.groups, program.dates
    stacked = dict.fromkeys(groups[index].name for pair in candidate.partition.stacked for index in pair)
    return Build(
        technology=candidate.carrier,
        die=tuple(Die(name=group.name, node=group.node) for group in groups),
        start=start,
        engage=dates.engage if dates else "architecture",
        stacked=tuple(stacked),
        bought=tuple(
            (name, str(catalog.record("part", item.part).words.get("class", "")))
            for name, item in program.bought.items()
        ),
        tape_out=_day(dates.tape_out) if dates else None,
        need=_day(dates.need) if dates else None,
        screened=is_screened(program.quality.levels) if program.quality else False,
        qualification_weeks=qualification_weeks,
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def is_screened(levels: Sequence[str]) -> bool:
    """Whether the preferred level of quality has its parts screened with burn-in."""
    return bool(levels) and levels[0].startswith(_SCREENED)


class Sampler:
    """Catalog times under the shared scores, as a scenario has them."""

    def __init__(
        self, catalog: Catalog, n_samples: int, seed: int, scenario: ScheduleScenario = ORDINARY
    ) -> None:
        self.catalog = catalog
        self.n_samples = n_samples
        self.seed = seed
        self.scenario = scenario
        self.used: dict[str, Input] = {}
        self._scores: dict[str, Floats] = {}
        self._struck = {
            item.name: strikes(self.score(f"schedule/shock/{item.name}"), item.probability)
            for item in scenario.shocks
        }

    def score(self, name: str) -> Floats:
        """Standard normal scores of an id, drawn once."""
        if name not in self._scores:
            self._scores |= scores([name], self.n_samples, self.seed)
        return self._scores[name]

    def input(self, activity: str, field: str = "time") -> Input:
        """The number of an activity as the scenario has it. [s or 1]

        Raises
        ------
        MissingDatum
            The catalog has no such activity, or it has no such number.
        """
        if not self.catalog.has("activity", activity):
            raise MissingDatum("activity", activity, field)
        item = self.catalog.record("activity", activity).input(field)
        band = self.scenario.times.get(activity) if field == "time" else None
        if band is not None:
            item = replace(
                item, value=band.value * WEEK_S, low=band.low * WEEK_S, high=band.high * WEEK_S,
                evidence=band.evidence, source=band.source, year=band.year, note=band.note,
            )  # fmt: skip
        if field == "probability" and activity in self.scenario.probabilities:
            item = replace(item, value=self.scenario.probabilities[activity], low=None, high=None)
        self.used[item.id] = item
        return item

    def time(self, activity: str) -> tuple[Floats, Floats, Input]:
        """Weeks of an activity, what one second more adds to them, and their Input."""
        item = self.input(activity)
        value = item.value + item.deviation(self.score(item.id))
        value = np.maximum(value, _LEAST * (item.value if item.low is None else item.low))
        factor = np.full(self.n_samples, self.scenario.factors.get(activity, 1.0) / WEEK_S)
        for shock in self.scenario.shocks:
            if activity in shock.factors:
                factor *= np.where(self._struck[shock.name], shock.factors[activity], 1.0)
        return value * factor, factor, item

    def share(self, activity: str) -> tuple[Floats, Input]:
        """A share or probability of an activity, within 0 and 1."""
        item = self.input(
            activity, "share" if "share" in self.catalog.record("activity", activity) else "probability"
        )
        return np.clip(item.value + item.deviation(self.score(item.id)), 0.0, 1.0), item

    def strikes(self, event: str, what: str = "") -> Bools:
        """Whether an event happens, sample by sample; its probability is uncertain too."""
        from scipy.special import ndtr

        chance, _ = self.share(event)
        return np.asarray(ndtr(self.score(f"schedule/event/{event}{what and '/'}{what}")) < chance)


def wafers_of(catalog: Catalog, node: str) -> str:
    """The activity that makes wafers of a node: one that names the node, else the general one."""
    named = [item.id for item in catalog.records("activity") if node in item.listed("nodes")]
    return named[0] if named else "wafers"


def carrier_works(technology: Record) -> tuple[str, ...]:
    """What has to be made for a technology before its die can be placed, each once."""
    on_route = [need for step in technology.route if step.scope == "carrier" for need in step.needs]
    wanted = dict.fromkeys((*technology.listed("carrier_needs"), *on_route))
    return tuple(need for need in wanted if need in MADE)


class _Draft:
    """Works in the making."""

    def __init__(self, sampler: Sampler) -> None:
        self.sampler = sampler
        self.works: list[Work] = []

    def add(
        self, id: str, activity: str, *after: str, name: str = "", where: Bools | None = None, freeze: str = "",
    ) -> str:  # fmt: skip
        """A work that takes its activity's time; none of it in samples outside `where`."""
        weeks, slope, item = self.sampler.time(activity)
        record = self.sampler.catalog.record("activity", activity)
        there = np.ones_like(weeks) if where is None else where.astype(np.float64)
        self.works.append(
            Work(
                id=id, name=name or record.name, after=tuple(dict.fromkeys(after)), weeks=weeks * there,
                by=record.word("done_by"), sourced=item.evidence in _SOURCED, evidence=item.evidence.value,
                freeze=freeze or str(record.words.get("freeze", "")), slopes={item.id: slope * there},
            )
        )  # fmt: skip
        return id

    def fixed(self, id: str, name: str, weeks: float) -> str:
        """A day that the program itself states, as a work from the start to it."""
        length = np.full(self.sampler.n_samples, weeks)
        self.works.append(Work(id=id, name=name, after=(), weeks=length, sourced=True, evidence="stated"))
        return id

    def qualified(self, points: tuple[float, float, float], *after: str) -> str:
        """Qualification between the 10 %, 50 % and 90 % points of its own plan, two normal halves."""
        low, middle, high = points
        score = self.sampler.score("schedule/qualification")
        weeks = middle + np.where(score < 0.0, middle - low, high - middle) * score / _Z_80
        self.works.append(
            Work(
                id="qualification", name="qualification, by its own plan", after=after,
                weeks=np.maximum(weeks, _LEAST * low), by="test house", evidence="its plan",
            )
        )  # fmt: skip
        return "qualification"

    def design(self, die: Die, after: str) -> tuple[dict[str, str], str]:
        """The design of a die, cut where its outline, pads and bumps stand; returns those works and the last."""
        weeks, slope, time = self.sampler.time("design")
        left, left_slopes = weeks, {time.id: slope}
        ends: dict[str, str] = {}
        for freeze, name in (
            ("die_size", "floor plan"),
            ("pad_map", "pad ring"),
            ("bump_map", "bumps and power grid"),
        ):
            share, item = self.sampler.share(freeze)
            slopes = {key: value * share for key, value in left_slopes.items()} | {item.id: left}
            after = self._piece(
                f"{freeze} {die.name}", f"{name} of {die.name}", after, left * share, slopes, time
            )
            ends[freeze] = after
            left_slopes = {key: value * (1.0 - share) for key, value in left_slopes.items()} | {
                item.id: -left
            }
            left = left * (1.0 - share)
        last = self._piece(
            f"sign_off {die.name}", f"verification and sign-off of {die.name}", after, left, left_slopes, time
        )
        return ends, last

    def _piece(
        self, id: str, name: str, after: str, weeks: Floats, slopes: Mapping[str, Floats], time: Input
    ) -> str:
        self.works.append(
            Work(
                id=id, name=name, after=(after,), weeks=weeks, slopes=slopes, sourced=time.evidence in _SOURCED,
                evidence=time.evidence.value,
            )
        )  # fmt: skip
        return id


@dataclass(frozen=True, kw_only=True)
class Luck:
    """What happens in each sample, arrays of bool of shape (n_samples,)."""

    on_paper: Bools
    new_masks: Bools
    new_package: Bools
    new_drawing: Bools


def luck(sampler: Sampler, build: Build, failing: Sequence[Failing]) -> Luck:
    """Which limits that will fail are seen on paper, and what the others ask for.

    A limit is seen before tape-out only where the package is engaged at architecture.
    """
    none = np.zeros(sampler.n_samples, dtype=np.bool_)
    paper, masks, package, drawing = (none.copy() for _ in range(4))
    for item in failing:
        if item.discipline not in ASKED:
            continue
        seen = sampler.strikes("seen_early", item.name) if build.engage == "architecture" else none
        paper |= item.fails & seen
        late = item.fails & ~seen
        if item.discipline in NEW_MASKS:
            masks |= late
        elif item.discipline in NEW_PACKAGE:
            package |= late
        else:
            drawing |= late
    if build.die:
        masks |= sampler.strikes("logic_fault")
    return Luck(on_paper=paper, new_masks=masks, new_package=package, new_drawing=drawing)


def works(sampler: Sampler, build: Build, chance: Luck | None = None) -> tuple[Work, ...]:
    """Every work from the study of the architecture to the fielded part.

    Parameters
    ----------
    chance : Luck or None
        None: nothing goes wrong.

    Raises
    ------
    MissingDatum
        An activity without a time.
    """
    none = np.zeros(sampler.n_samples, dtype=np.bool_)
    chance = chance or Luck(on_paper=none, new_masks=none, new_package=none, new_drawing=none)
    early = build.engage == "architecture"
    draft, catalog = _Draft(sampler), sampler.catalog
    technology = catalog.record("technology", build.technology)
    start = draft.add("architecture", "architecture")
    designed = [(die, *draft.design(die, start)) for die in build.die]
    signed = [last for _, _, last in designed] or [start]
    study = ""
    if early:
        study = draft.add("package_study", "package_study", start)
        signed.append(draft.add("changes_on_paper", "changes_on_paper", study, where=chance.on_paper))
    if build.tape_out is not None:
        weeks = max((build.tape_out - build.start).days / 7.0, 0.0)
        signed.append(draft.fixed("planned_tape_out", "the planned day of tape-out", weeks))

    def frozen(freeze: str) -> list[str]:
        """What a work that needs this of the die waits for."""
        if not early:
            return signed
        return [ends[freeze] for _, ends, _ in designed] if freeze else []

    wafers = {}
    for die, _, _ in designed:
        masks = draft.add(f"masks {die.name}", "masks", *signed, name=f"masks of {die.name}")
        activity = wafers_of(catalog, die.node)
        wafers[die.name] = draft.add(
            f"wafers {die.name}", activity, masks, name=f"wafers of {die.name}, {die.node}"
        )
    ready = [wafers[die.name] for die in build.die if die.name not in build.stacked]
    if build.stacked:
        ready.append(draft.add("stacking", "stacking", *(wafers[name] for name in build.stacked)))
    for number, (name, kind) in enumerate(build.bought):
        activity = "memory_order" if kind.startswith("memory") else "part_order"
        ready.append(
            draft.add(
                f"order {number}",
                activity,
                *([study or start] if early else signed),
                name=f"{name}, order to delivery",
            )
        )
    package = draft.add("package_design", "package_design", *([study] if early else []), *frozen("pad_map"))
    package = draft.add(
        "package_redraw", "package_design", package, name="the package drawn again", where=chance.new_drawing
    )
    made = [
        draft.add(f"make_{need}", f"make_{need}", package, *frozen(_freeze(catalog, f"make_{need}")))
        for need in carrier_works(technology)
    ]
    slot = draft.add("assembly_slot", "assembly_slot", study if early else package)
    hardware = draft.add("test_hardware", "test_hardware", *(frozen("pad_map") or [package]))
    if _JOINED & set(carrier_works(technology)):
        ready = [draft.add("joining", "joining", *ready, *made, slot)]
    built = draft.add("assembly_and_test", "assembly_and_test", *ready, *made, slot, hardware, package)
    tried = draft.add("bring_up", "bring_up", built)
    again = _again(draft, build, chance, tried, carrier_works(technology))
    if build.qualification_weeks is not None:
        again = [draft.qualified(build.qualification_weeks, *again)]
    else:
        if build.screened:
            again = [draft.add("screening", "screening", *again)]
        again = [draft.add("qualification", "qualification", *again)]
    draft.add("fielding", "fielding", *again)
    return tuple(draft.works)


def _again(draft: _Draft, build: Build, chance: Luck, tried: str, made: Sequence[str]) -> list[str]:
    """The second pass of die and of package, in the samples that need one; both begin when parts have been tried."""
    ends = [tried]
    if build.die:
        last = draft.add("respin_find", "respin_find", tried, where=chance.new_masks)
        last = draft.add("respin_masks", "masks", last, name="respin: masks", where=chance.new_masks)
        turned = [
            draft.add(
                f"respin_wafers {die.name}", wafers_of(draft.sampler.catalog, die.node), last,
                name=f"respin: wafers of {die.name}", where=chance.new_masks,
            )
            for die in build.die
        ]  # fmt: skip
        ends.append(
            draft.add(
                "respin_assembly", "assembly_and_test", *turned, name="respin: assembly and test",
                where=chance.new_masks,
            )
        )  # fmt: skip
    last = draft.add("package_fix", "package_fix", tried, where=chance.new_package)
    parts = [
        draft.add(
            f"again_{need}", f"make_{need}", last, name=f"package again: {_name(draft, need)}", where=chance.new_package
        )
        for need in made
    ]  # fmt: skip
    ends.append(
        draft.add(
            "again_assembly", "assembly_and_test", last, *parts, name="package again: assembly and test",
            where=chance.new_package,
        )
    )  # fmt: skip
    return ends


def _name(draft: _Draft, need: str) -> str:
    return draft.sampler.catalog.record("activity", f"make_{need}").name


def _freeze(catalog: Catalog, activity: str) -> str:
    if not catalog.has("activity", activity):
        raise MissingDatum("activity", activity, "time")
    return str(catalog.record("activity", activity).words.get("freeze", ""))
