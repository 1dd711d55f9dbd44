"""The gates between a process step and a site: each is met, not met, or unknown with a question and whom to ask.

Missing evidence is unknown, never "no" and never "yes". A gate is "not met" only where a record says so: the
site stands in another country, serves its owner alone, or opens after the day of need.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

# A record older than this is due for a check: the interval at which a qualified line is normally revalidated
# (MIL-PRF-38535K, 3.4.7: 24 months).
STALE_DAYS = 731
GATES = (
    "capability", "availability", "volume", "access", "location", "ownership", "export", "trusted", "listing",
)  # fmt: skip


class State(StrEnum):
    """What a gate answers."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


class CapabilityRecord(Protocol):
    """What is read of one step of a site."""

    @property
    def step(self) -> str: ...
    @property
    def basis(self) -> str: ...
    @property
    def evidence(self) -> str: ...
    @property
    def year(self) -> int: ...


class ListingRecord(Protocol):
    """What is read of one certificate of a site."""

    @property
    def name(self) -> str: ...
    @property
    def evidence(self) -> str: ...
    @property
    def year(self) -> int: ...


class SiteRecord(Protocol):
    """What is read of a site, whoever keeps the record."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def company(self) -> str: ...
    @property
    def country(self) -> str: ...
    @property
    def owner_country(self) -> str: ...
    @property
    def access(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def status_as_of(self) -> date: ...
    @property
    def available_from(self) -> date | None: ...
    @property
    def volume_tiers(self) -> Sequence[str]: ...
    @property
    def volume_evidence(self) -> str: ...
    @property
    def capabilities(self) -> Sequence[CapabilityRecord]: ...
    @property
    def listings(self) -> Sequence[ListingRecord]: ...
    @property
    def owner_note(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a program asks of every site on its route; an empty collection asks nothing.

    Attributes
    ----------
    on : date
        The day from which the step must be available; also the day on which the age of evidence is read.
    asked_on : date
        Today, as far as the evidence is concerned.
    export : str
        "" for none, "itar" where only registered sites in `export_countries` may see the work.
    listings : mapping of step to names of listings, any one of which will do
    own_foundries : companies whose wafers the design uses; their captive packaging lines open to it
    """

    on: date
    asked_on: date
    volume_tier: str = ""
    locations: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    export: str = ""
    export_countries: frozenset[str] = frozenset({"US"})
    trusted_steps: frozenset[str] = frozenset()
    trusted_names: frozenset[str] = frozenset({"DMEA_trusted"})
    listings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    government_program: bool = False
    own_foundries: frozenset[str] = frozenset()
    relaxed: frozenset[str] = frozenset()  # gates that are not asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one gate says of one site and step."""

    gate: str
    state: State
    why: str
    evidence: str = ""
    year: int = 0
    question: str = ""
    ask: str = ""  # whom

    @property
    def is_stated(self) -> bool:
        """Whether somebody has said so, and it was met: what the share of stated evidence counts."""
        return self.state is State.MET and self.evidence not in ("", "assumed", "recalled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One site for one step, with every gate that the demand asks."""

    site: int
    step: str
    answers: tuple[Answer, ...]

    @property
    def blocked_by(self) -> frozenset[str]:
        """Gates that are not met."""
        return frozenset(item.gate for item in self.answers if item.state is State.NOT_MET)

    @property
    def unknown(self) -> tuple[Answer, ...]:
        """Gates that nobody can answer yet: what to ask, and whom."""
        return tuple(item for item in self.answers if item.state is State.UNKNOWN)

    @property
    def unstated(self) -> int:
        """Number of gates that do not rest on stated evidence."""
        return sum(not item.is_stated for item in self.answers)


def asked_gates(demand: Demand, step: str) -> tuple[str, ...]:
    """Gates that the demand asks of a step; the same for every site, so that shares have one denominator."""
    wanted = {
        "capability": True,
        "availability": True,
        "volume": bool(demand.volume_tier),
        "access": True,
        "location": bool(demand.locations),
        "ownership": bool(demand.owners),
        "export": bool(demand.export),
        "trusted": step in demand.trusted_steps,
        "listing": bool(demand.listings.get(step)),
    }
    return tuple(gate for gate in GATES if wanted[gate] and gate not in demand.relaxed)


def entries(sites: Sequence[SiteRecord], steps: Sequence[str], demand: Demand) -> dict[str, list[Entry]]:
    """Every site that has a record of each step, with its gates answered.

    A site without any record of a step is not on the list: nothing is known of it, so nothing is said. Gates
    that do not depend on the step are answered once a site.
    """
    wanted = set(steps)
    found: dict[str, list[Entry]] = {step: [] for step in steps}
    for index, site in enumerate(sites):
        mine = [item for item in site.capabilities if item.step in wanted]
        shared = _site_answers(site, demand) if mine else {}
        for item in mine:
            gates = asked_gates(demand, item.step)
            answers = tuple(
                _step_answer(gate, site, item, demand) if gate not in shared else shared[gate]
                for gate in gates
            )
            found[item.step].append(Entry(site=index, step=item.step, answers=answers))
    return found


def _site_answers(site: SiteRecord, demand: Demand) -> dict[str, Answer]:
    answers = [_access(site, demand)]
    if demand.volume_tier:
        answers.append(_volume(site, demand.volume_tier))
    if demand.locations:
        answers.append(_location(site, demand.locations))
    if demand.owners:
        answers.append(_ownership(site, demand.owners))
    if demand.export:
        answers.append(_export(site, demand))
    return {item.gate: item for item in answers}


def _step_answer(gate: str, site: SiteRecord, item: CapabilityRecord, demand: Demand) -> Answer:
    if gate == "capability":
        return _capability(site, item)
    if gate == "availability":
        return _availability(site, item, demand)
    names = tuple(sorted(demand.trusted_names)) if gate == "trusted" else demand.listings[item.step]
    return _listed(gate, site, names, item.step, demand.asked_on)


def _capability(site: SiteRecord, item: CapabilityRecord) -> Answer:
    step = item.step.replace("_", " ")
    if item.basis == "inferred":
        return Answer(
            gate="capability",
            state=State.UNKNOWN,
            why=f"{step} is inferred from the kind of shop; no page says it",
            evidence="assumed",
            year=item.year,
            question=f"Do you do {step} for customers at this site?",
            ask=site.name,
        )
    if item.basis == "denied":
        why = f"the site says that it does no {step}, {item.year}"
        return Answer(gate="capability", state=State.NOT_MET, why=why, evidence=item.evidence, year=item.year)
    if item.basis == "planned":
        return Answer(
            gate="capability",
            state=State.UNKNOWN,
            why=f"{step} is announced, not yet seen running",
            evidence=item.evidence,
            year=item.year,
            question=f"Is {step} qualified, and can a lot be ordered?",
            ask=site.name,
        )
    why = f"{step} is stated, {item.year}"
    return Answer(gate="capability", state=State.MET, why=why, evidence=item.evidence, year=item.year)


def _availability(site: SiteRecord, item: CapabilityRecord, demand: Demand) -> Answer:
    year = site.status_as_of.year
    step = item.step.replace("_", " ")
    opens = site.available_from
    not_yet = item.basis == "planned" or site.status in ("announced", "under_construction")
    if not_yet and opens is None:
        why = f"{step} is planned and no date is known, so it counts as unavailable"
        return Answer(gate="availability", state=State.NOT_MET, why=why, evidence=item.evidence, year=year)
    if opens is not None and opens > demand.on:
        why = f"opens by {opens.isoformat()}, after {demand.on.isoformat()}"
        return Answer(gate="availability", state=State.NOT_MET, why=why, evidence=item.evidence, year=year)
    if not_yet and opens is not None:
        return Answer(
            gate="availability",
            state=State.UNKNOWN,
            why=f"planned for {opens.isoformat()}; plans slip",
            evidence="assumed",
            year=year,
            question=f"Will {step} take customers' lots by {demand.on.isoformat()}, and is the date firm?",
            ask=site.name,
        )
    if site.status == "status_unverified":
        return Answer(
            gate="availability",
            state=State.UNKNOWN,
            why=f"last seen running in {year}",
            evidence="assumed",
            year=year,
            question=f"Is the line for {step} running, and does it take new customers?",
            ask=site.name,
        )
    late = (demand.asked_on - site.status_as_of).days > STALE_DAYS
    why = f"{site.status}, {year}" + ("; due for a check" if late else "")
    return Answer(gate="availability", state=State.MET, why=why, evidence="published", year=year)


def _volume(site: SiteRecord, tier: str) -> Answer:
    year = site.status_as_of.year
    tiers = ", ".join(site.volume_tiers)
    if site.volume_evidence == "assumed":
        return Answer(
            gate="volume",
            state=State.UNKNOWN,
            why=f"tier {tiers or 'not recorded'} is assumed",
            evidence="assumed",
            year=year,
            question=f"Do you take {tier} volume, and how many units a month?",
            ask=site.name,
        )
    state = State.MET if tier in site.volume_tiers else State.NOT_MET
    return Answer(
        gate="volume", state=state, why=f"works in {tiers}", evidence=site.volume_evidence, year=year
    )


def _access(site: SiteRecord, demand: Demand) -> Answer:
    year = site.status_as_of.year
    own = site.company in demand.own_foundries
    met = site.access == "open" or (site.access == "government_programs" and demand.government_program)
    met = met or (own and site.access in ("foundry", "captive_and_foundry"))
    if met:
        return Answer(gate="access", state=State.MET, why=f"{site.access}", evidence="published", year=year)
    if site.access == "captive":
        return Answer(
            gate="access",
            state=State.NOT_MET,
            why="serves its owner's products only",
            evidence="published",
            year=year,
        )
    if site.access == "government_programs":
        why = "open to government programs only"
        return Answer(gate="access", state=State.NOT_MET, why=why, evidence="published", year=year)
    questions = {
        "foundry": "Do you package wafers that you did not make?",
        "captive_and_foundry": "Do you package for outside customers, and on which terms?",
        "research": "Do you take paid work with delivery dates, and under which agreement?",
    }
    return Answer(
        gate="access",
        state=State.UNKNOWN,
        why=f"access is {site.access.replace('_', ' ')}",
        evidence="assumed",
        year=year,
        question=questions.get(site.access, "Do you take outside work?"),
        ask=site.name,
    )


def _location(site: SiteRecord, allowed: frozenset[str]) -> Answer:
    state = State.MET if site.country in allowed else State.NOT_MET
    year = site.status_as_of.year
    return Answer(gate="location", state=state, why=f"in {site.country}", evidence="published", year=year)


def _ownership(site: SiteRecord, allowed: frozenset[str]) -> Answer:
    year = site.status_as_of.year
    if site.owner_country not in allowed:
        why = f"owned from {site.owner_country}"
        return Answer(gate="ownership", state=State.NOT_MET, why=why, evidence="published", year=year)
    if site.owner_note:
        return Answer(
            gate="ownership",
            state=State.UNKNOWN,
            why=site.owner_note,
            evidence="assumed",
            year=year,
            question="Who holds the shares, and is a mitigation of foreign ownership (FOCI) in place?",
            ask=f"{site.name}; the cognizant security agency",
        )
    why = f"owned from {site.owner_country}"
    return Answer(gate="ownership", state=State.MET, why=why, evidence="published", year=year)


def _export(site: SiteRecord, demand: Demand) -> Answer:
    year = site.status_as_of.year
    if site.country not in demand.export_countries:
        return Answer(
            gate="export",
            state=State.NOT_MET,
            why=f"{demand.export.upper()} work would leave for {site.country} without a licence",
            evidence="published",
            year=year,
        )
    foreign = site.owner_country not in demand.export_countries
    return Answer(
        gate="export",
        state=State.UNKNOWN,
        why=f"registration is not recorded{'; the owner is foreign' if foreign else ''}",
        year=year,
        question=f"Are you registered for {demand.export.upper()} work, and who of your staff may see it?",
        ask=site.name,
    )


def _listed(gate: str, site: SiteRecord, names: tuple[str, ...], step: str, today: date) -> Answer:
    wanted = " or ".join(names)
    found = [item for item in site.listings if item.name in names and item.evidence != "assumed"]
    if not found:
        claimed = ", ".join(item.name for item in site.listings)
        return Answer(
            gate=gate,
            state=State.UNKNOWN,
            why=f"{wanted} is not recorded" + (f"; recorded: {claimed}" if claimed else ""),
            year=site.status_as_of.year,
            question=f"Do you hold {wanted} for {step.replace('_', ' ')}, in which class, and until when?",
            ask=f"{site.name}; the authority that keeps the list",
        )
    newest = max(found, key=lambda item: item.year)
    if today.year - newest.year > STALE_DAYS / 365.25:
        return Answer(
            gate=gate,
            state=State.UNKNOWN,
            why=f"{newest.name} was recorded in {newest.year}; revalidation is due within 24 months",
            evidence=newest.evidence,
            year=newest.year,
            question=f"Is {newest.name} still held, and does it cover {step.replace('_', ' ')}?",
            ask=f"{site.name}; the authority that keeps the list",
        )
    why = f"{newest.name}, {newest.year}"
    return Answer(gate=gate, state=State.MET, why=why, evidence=newest.evidence, year=newest.year)
