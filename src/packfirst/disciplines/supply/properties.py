"""What a Program says of its supply, as the gates and rules ask it."""

import re
from collections.abc import Iterable
from datetime import date

from packfirst.architecture.candidate import Candidate
from packfirst.catalog import Catalog
from packfirst.catalog.supply_records import SupplyRecords
from packfirst.disciplines.supply.gates import Demand
from packfirst.disciplines.supply.policy import PackageFacts
from packfirst.errors import nearest
from packfirst.program.model import Program
from packfirst.program.supply_terms import Terms

# Assembly steps that a qualified manufacturer's listing speaks of (MIL-PRF-38535 and 38534: QML listing is by line).
_LISTED_STEPS = ("die_attach", "flip_chip", "hermetic_seal", "mcm_hybrid", "wire_bond")
# 3A090 speaks of logic at 16/14 nm and below (89 FR 23876; 90 FR 5298).
_ADVANCED_NM = 16


def days_of(program: Program, records: SupplyRecords) -> tuple[date, date]:
    """Day on which evidence is read, and day from which every site must be open.

    The first is the Program's start, or where it states none the newest day on record: no clock is read, so that
    the same input gives the same answer. The second is the need date, or where there is none the first.
    """
    dates = program.dates
    if dates is None:
        return records.newest, records.newest
    asked_on = date.fromisoformat(dates.start)
    return asked_on, date.fromisoformat(dates.need) if dates.need else asked_on


def demand_of(program: Program, terms: Terms, needs: Iterable[str], asked_on: date, on: date) -> Demand:
    """What the terms ask of every site."""
    needs = tuple(needs)
    listed = listing_of(program)
    return Demand(
        on=on, asked_on=asked_on, volume_tier=terms.volume_tier, locations=frozenset(terms.inside),
        owners=frozenset(terms.owned_in), export="itar" if terms.controlled else "",
        export_countries=frozenset({terms.home}), trusted_steps=frozenset(needs) if terms.trusted else frozenset(),
        listings={need: listed for need in needs if listed and need in _LISTED_STEPS},
        government_program=terms.government, own_foundries=frozenset(terms.foundries),
    )  # fmt: skip


def listing_of(program: Program) -> tuple[str, ...]:
    """The qualified-manufacturer listing that every accepted quality level asks; empty where one asks none."""
    if program.quality is None:
        return ()
    documents = {level.partition("_")[0] for level in program.quality.levels}
    if documents <= {"38534", "38535"}:
        return tuple(f"QML-{name}" for name in sorted(documents))
    return ()


def facts_of(
    program: Program, terms: Terms, catalog: Catalog, candidate: Candidate, packagers: Iterable[str]
) -> PackageFacts:
    """What the policy rules ask of the package; None where neither the Program nor the candidate says.

    `packagers` are the firms that the routes in hand put the last assembly with; empty where there is none.
    """
    declared = terms.declared
    memory = any(
        catalog.record("part", item.part).words.get("class") == "memory_stack"
        for item in program.bought.values()
    )
    firms = set(packagers)
    front_end = firms <= set(terms.foundries) if firms and terms.foundries else None
    return PackageFacts(
        makers=declared.makers, transistors=declared.transistors, has_hbm=memory,
        is_advanced_logic=_is_advanced(candidate), packaged_by_front_end=front_end,
        packaged_by_approved_house=declared.approved_house,
        processing_performance=declared.processing_performance, performance_density=declared.performance_density,
    )  # fmt: skip


def _is_advanced(candidate: Candidate) -> bool | None:
    """Whether some die is on a node that 3A090 calls advanced; None where a node's name does not say."""
    sizes = [re.search(r"\d+", group.node) for group in candidate.partition.groups]
    if any(size is not None and int(size[0]) <= _ADVANCED_NM for size in sizes):
        return True
    return None if any(size is None for size in sizes) else False


def strangers(terms: Terms, records: SupplyRecords) -> tuple[str, ...]:
    """What the terms name and nobody has on record: foundries without a line, cleared rules that are none."""
    firms = {site.company for site in records.suppliers.values()}
    lines = [f"a line of the foundry {name!r}: {nearest(name, tuple(sorted(firms)))}" for name in terms.foundries
             if name not in firms]  # fmt: skip
    rules = [
        f"the rule {name!r} that the terms clear: {nearest(name, tuple(records.rules))}"
        for name in terms.declared.cleared
        if name not in records.rules
    ]
    return (*lines, *rules)
