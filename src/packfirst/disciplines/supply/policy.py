"""Dated rules read at a ship date: which bind, which are met, and what must be asked.

Planning hints, not legal advice. A rule that was not read may raise a question, never a pass; a proposed rule
is named as proposed and binds nobody; a rule without a date is taken to be in force.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from packfirst.disciplines.supply.gates import State


class Force(StrEnum):
    """Whether a rule binds a part that ships on a date."""

    IN_FORCE = "in force"
    NOT_YET = "not yet in force"
    PROPOSED = "proposed"
    UNDATED = "in force, date not known"


class Rule(Protocol):
    """What is read of a rule, whoever keeps the record."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def authority(self) -> str: ...
    @property
    def citation(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def domains(self) -> Sequence[str]: ...
    @property
    def proposed(self) -> bool: ...
    @property
    def effective(self) -> date | None: ...
    @property
    def read(self) -> bool: ...
    @property
    def read_from(self) -> str: ...
    @property
    def asks(self) -> str: ...
    @property
    def covered_makers(self) -> Sequence[str]: ...
    @property
    def limits(self) -> Mapping[str, float]: ...
    @property
    def limits_by_year(self) -> Mapping[str, Sequence[tuple[int, float]]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFacts:
    """What the rules ask of a package; None and empty mean that nobody has said.

    Attributes
    ----------
    makers : mapping of part to maker, "" where not known; None where nothing was declared
    transistors : count in the final package
    packaged_by_front_end : whether the maker of the wafers packages it, outside the countries of concern
    processing_performance, performance_density : as ECCN 3A090 defines them
    """

    makers: Mapping[str, str] | None = None
    transistors: float | None = None
    has_hbm: bool | None = None
    is_advanced_logic: bool | None = None
    packaged_by_front_end: bool | None = None
    packaged_by_approved_house: bool | None = None
    processing_performance: float | None = None
    performance_density: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAnswer:
    """What one rule says of one package on one date."""

    rule: str
    name: str
    citation: str
    force: Force
    state: State
    why: str
    question: str
    ask: str
    read: bool
    read_from: str
    kind: str = ""
    asks: str = ""  # what the rule wants done, as its record says
    effective: date | None = field(default=None)

    @property
    def binds(self) -> bool:
        """Whether the rule is in force for the part, as far as its date is known."""
        return self.force in (Force.IN_FORCE, Force.UNDATED)

    @property
    def violated(self) -> bool:
        """Whether a rule that binds is not met."""
        return self.state is State.NOT_MET and self.binds

    @property
    def forbids(self) -> bool:
        """Whether a violation forbids the part; one of an export rule asks for a licence instead."""
        return self.violated and self.kind != "export"


def evaluate(
    rules: Sequence[Rule], facts: PackageFacts, ship: date, domain: str, kinds: Sequence[str] = ()
) -> tuple[RuleAnswer, ...]:
    """Every rule of a domain, answered at the ship date; rules of other domains are left out.

    `kinds` narrows the rules to some kinds, such as "export".
    """
    mine = [
        rule
        for rule in rules
        if (domain in rule.domains or "all" in rule.domains) and (not kinds or rule.kind in kinds)
    ]
    return tuple(_answer(rule, facts, ship) for rule in mine)


def force_on(rule: Rule, ship: date) -> Force:
    """Whether the rule binds a part that ships on the date."""
    if rule.proposed:
        return Force.PROPOSED
    if rule.effective is None:
        return Force.UNDATED
    return Force.IN_FORCE if ship >= rule.effective else Force.NOT_YET


def _answer(rule: Rule, facts: PackageFacts, ship: date) -> RuleAnswer:
    check = _CHECKS.get(rule.id)
    state, why = State.UNKNOWN, "the rule asks what no model here decides"
    if check is not None and rule.read:
        state, why = check(rule, facts, ship)
    if not rule.read:
        why = f"the rule was not read ({rule.read_from} only): a warning, never a pass"
    return RuleAnswer(
        rule=rule.id,
        name=rule.name,
        citation=rule.citation,
        force=force_on(rule, ship),
        state=state,
        why=why,
        question=rule.asks if state is State.UNKNOWN else "",
        ask=f"counsel; {rule.authority}" if state is State.UNKNOWN else "",
        read=rule.read,
        read_from=rule.read_from,
        kind=rule.kind,
        asks=rule.asks or "what it asks is not on record: read it",
        effective=rule.effective,
    )


def covered_makers(rule: Rule, facts: PackageFacts, ship: date) -> tuple[State, str]:  # noqa: ARG001
    """Pub. L. 117-263, section 5949: no semiconductor of a covered maker, from the effective date on."""
    if facts.makers is None:
        return State.UNKNOWN, "no maker is declared"
    covered = {name.casefold() for name in rule.covered_makers}
    caught = [part for part, maker in facts.makers.items() if maker.casefold() in covered]
    if caught:
        return State.NOT_MET, f"made by a covered maker: {', '.join(caught)}"
    silent = [part for part, maker in facts.makers.items() if not maker]
    if silent:
        return State.UNKNOWN, f"maker not declared: {', '.join(silent)}"
    return (
        State.MET,
        "every maker is declared and none is named; affiliates and later names are yours to check",
    )


def presumed_controlled(rule: Rule, facts: PackageFacts, ship: date) -> tuple[State, str]:
    """ECCN 3A090.a: performance limits, and the presumption that hangs on transistors, HBM and the packager.

    Controlled at 4800 of processing performance, or at 1600 with a density of 5.92. Advanced logic is presumed
    controlled unless its maker or an approved house packages it and attests a transistor count under the limit
    of the year; "met" means that neither applies.
    """
    tpp, density = facts.processing_performance, facts.performance_density
    limits = rule.limits
    if tpp is not None and tpp >= limits["processing_performance"]:
        return (
            State.NOT_MET,
            f"processing performance {tpp:g} is at or above {limits['processing_performance']:g}",
        )
    middle = limits["processing_performance_with_density"]
    if tpp is not None and density is not None and tpp >= middle and density >= limits["performance_density"]:
        return State.NOT_MET, f"processing performance {tpp:g} with density {density:g} is controlled"
    if facts.is_advanced_logic is False:
        below = tpp is not None and (tpp < middle or density is not None)
        if below:
            return State.MET, "no advanced logic, and below the performance limits"
        return State.UNKNOWN, "no advanced logic; processing performance or density is not given"
    if facts.is_advanced_logic is None or facts.transistors is None:
        return State.UNKNOWN, "whether the logic is advanced, or its transistor count, is not given"
    limit = limits["transistors_max_any"]
    if facts.has_hbm is False:
        steps = rule.limits_by_year.get("transistors_max_no_hbm", ())
        limit = max([limit, *(most for year, most in steps if ship.year >= year)])
    attested = (facts.packaged_by_front_end, facts.packaged_by_approved_house)
    if facts.transistors >= limit:
        return State.NOT_MET, f"presumed controlled: {facts.transistors:g} transistors, limit {limit:g}"
    if True in attested:
        if tpp is None:
            return State.UNKNOWN, "under the transistor limit; processing performance is not given"
        return (
            State.MET,
            f"{facts.transistors:g} transistors are under {limit:g}, packaged where that may be attested",
        )
    if None in attested:
        return State.UNKNOWN, "who packages it, and whether they may attest the count, is not given"
    return State.NOT_MET, "presumed controlled: packaged by a house that may not attest the transistor count"


_Check = Callable[[Rule, PackageFacts, date], tuple[State, str]]
_CHECKS: Mapping[str, _Check] = {
    "ndaa_2023_5949": covered_makers,
    "far_2023_008_proposed": covered_makers,
    "bis_2023_3a090_packaging": presumed_controlled,
}
