"""Supply as limits: a definite no, a definite yes, and what is neither; the screen against the whole."""

from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from packfirst.architecture.candidate import space
from packfirst.catalog import load_catalog
from packfirst.catalog.supply_records import load_supply
from packfirst.cli.files import names_of
from packfirst.disciplines.case import Case, Facts, Table
from packfirst.disciplines.supply.limits import DISCIPLINE
from packfirst.limit import Limit, NotAssessed
from packfirst.program import Program, load_program
from packfirst.program.supply_terms import Dates, Declared, Terms

EXAMPLE = Path(__file__).parents[3] / "examples" / "ai_accelerator" / "program.yaml"
TODAY, NEED = "2026-11-22", "2027-12-31"


@cache
def example():
    catalog = load_catalog()
    program = load_program(EXAMPLE, names_of(catalog))
    return program, catalog, space(program, catalog)


@cache
def interposer():
    """A candidate on the interposer, its compute die bonded on its fabric die."""
    _, _, every = example()
    for row in range(len(every)):
        found = every.candidate(row)
        if (found.carrier, found.stack) == ("si_interposer_cowos_s", "hybrid_bond_d2w"):
            return found
    raise AssertionError("the example has no stacked candidate on an interposer")


def asked(terms: Terms | None, dates: Dates | None = None, requires: tuple[str, ...] = ()) -> Program:
    return example()[0].model_copy(update={"terms": terms, "dates": dates, "requires": requires})


def said(program: Program, candidate=None, catalog=None):
    case = Case(
        program=program, catalog=catalog or example()[1], package=None,
        architecture=SimpleNamespace(candidate=candidate or interposer()),
    )  # fmt: skip
    return DISCIPLINE.limits(case, Facts(), "plan")


def limit_of(outcome, kind: str) -> Limit:
    return next(item for item in outcome.limits if isinstance(item, Limit) and item.identity.kind == kind)


def unsaid(outcome, subject: str) -> NotAssessed:
    return next(
        item for item in outcome.limits if isinstance(item, NotAssessed) and item.identity.subject == subject
    )


AT_HOME = {"home": "US", "inside": ("US",), "volume_tier": "high"}
SOON = Dates(start=TODAY, need=NEED)


def test_a_program_without_terms_asks_nothing():
    outcome = said(asked(None))
    assert outcome.limits == () and outcome.facts == ()
    _, catalog, every = example()
    table = Table(program=asked(None), catalog=catalog, space=every, rows=np.arange(len(every)))
    assert DISCIPLINE.bounds(table).bounds == ()


def test_supply_that_is_required_and_not_asked_is_not_assessed():
    (item,) = said(asked(None, requires=("supply",))).limits
    assert isinstance(item, NotAssessed) and "terms" in item.missing[0]


def test_a_definite_no_is_a_violated_limit_that_says_when_and_how_it_opens():
    """By the records: high volume bonding and interposers at home are planned, TSMC's by the end of 2028."""
    outcome = said(asked(Terms(**AT_HOME), SOON))
    limit = limit_of(outcome, "route")
    assert limit.hard and limit.margin < 0 and limit.demand == 9.0
    assert "3d_hybrid_bond" in limit.explanation and "si_interposer" in limit.explanation
    assert outcome.details["opens_on"] == "2028-12-31" and "2028-12-31" in limit.explanation
    assert outcome.facts == () and not outcome.details["routes"]
    later = said(asked(Terms(**AT_HOME), Dates(start=TODAY, need="2028-12-31")))
    assert later.details["routes"] and not any(
        isinstance(i, Limit) and i.identity.kind == "route" for i in later.limits
    )


def test_what_nobody_has_said_is_neither_a_limit_met_nor_one_violated():
    outcome = said(asked(Terms(**AT_HOME), Dates(start=TODAY, need="2029-06-30")))
    missing = unsaid(outcome, "package")
    assert missing.identity.kind == "route"
    assert any("TSMC Arizona" in words and words.endswith("?") for words in missing.missing)
    evidence = limit_of(outcome, "evidence")
    assert not evidence.hard and evidence.capacity < evidence.demand
    facts = {(fact.name, fact.mode): fact.value for fact in outcome.facts}
    assert facts["route_weeks", "low"] < facts["route_weeks", ""] < facts["route_weeks", "high"]
    assert facts["stated_share", ""] == pytest.approx(evidence.capacity / evidence.demand)
    assert ("route_cost_usd", "") not in facts  # nobody has given a price


def test_a_definite_yes_is_a_limit_that_holds():
    limit = limit_of(said(asked(Terms(home="US"), SOON)), "route")
    assert limit.margin == 0.0 and "answered and met" in limit.explanation


def test_terms_can_only_close_routes():
    wide = said(asked(Terms(home="US", volume_tier="high"), SOON)).details
    narrow = said(asked(Terms(home="US", volume_tier="high", inside=("US", "TW")), SOON)).details
    closed = said(asked(Terms(home="US", volume_tier="high", inside=("NO",)), SOON)).details
    assert min(r["weeks"] for r in wide["routes"]) <= min(r["weeks"] for r in narrow["routes"])
    assert not closed["routes"] and closed["blocked"]


def test_domestic_tape_out_foreign_package_is_named():
    limit = limit_of(said(asked(Terms(home="US", volume_tier="high"), SOON)), "at_home")
    assert limit.explanation.startswith("domestic tape-out, foreign package") and not limit.hard
    assert limit.margin < 0
    alone = limit_of(said(asked(Terms(home="US", volume_tier="high"), SOON)), "single_firms")
    assert "TSMC" in alone.explanation


def test_one_process_is_solved_once():
    program = asked(Terms(home="US"), SOON)
    _, catalog, every = example()
    records = load_supply()
    same = [
        every.candidate(row)
        for row in range(len(every))
        if (every.candidate(row).carrier, every.candidate(row).stack)
        == (interposer().carrier, interposer().stack)
    ]
    found = {
        id(DISCIPLINE.solved(program, program.terms, catalog, item, records))
        for item in same
        if {group.node for group in item.partition.groups} == {g.node for g in interposer().partition.groups}
    }
    assert len(same) > 10 and len(found) <= 2  # one for all that differ only in count, place or way out


def test_a_covered_maker_is_forbidden_from_the_day_on_and_not_before():
    """Pub. L. 117-263, section 5949: 23 December 2027."""
    makers = Declared(makers={"compute": "TSMC", "memory": "CXMT"})
    terms = Terms(home="US", domain="defence", declared=makers)
    after = limit_of(said(asked(terms, Dates(start=TODAY, need="2027-12-23"))), "policy")
    assert after.hard and after.margin == -1.0 and "memory" in after.explanation
    before = said(asked(terms, Dates(start=TODAY, need="2027-12-22")))
    assert not any(isinstance(i, Limit) and i.identity.kind == "policy" for i in before.limits)


def test_a_rule_that_nobody_read_is_a_warning_and_never_a_pass():
    outcome = said(asked(Terms(home="US", domain="defence"), SOON))
    unread = [item for item in outcome.details["rules"] if not item["read"]]
    assert unread and all(item["state"] == "unknown" for item in unread)
    assert len(unsaid(outcome, "rules that nobody read").missing) == len(
        [i for i in unread if i["force"] != "proposed"]
    )


def test_an_export_rule_asks_for_a_licence_and_forbids_nothing():
    terms = Terms(home="US", declared=Declared(transistors=1.53e11))
    limit = limit_of(said(asked(terms, SOON)), "export")
    assert not limit.hard and limit.margin == -1.0 and "licence" in limit.explanation


def test_what_counsel_clears_is_met_by_declaration_and_a_name_nobody_knows_is_said():
    declared = Declared(cleared=("chips_guardrails", "chips_gardrails"))
    outcome = said(asked(Terms(home="US", declared=declared, foundries=("TSCM",)), SOON))
    rule = next(item for item in outcome.details["rules"] if item["rule"] == "chips_guardrails")
    assert rule["state"] == "met" and "cleared" in rule["why"]
    missing = next(item for item in outcome.limits if item.identity.kind == "terms").missing
    assert any("TSCM" in words for words in missing)
    assert any("chips_gardrails" in words and "chips_guardrails" in words for words in missing)


def test_an_answer_in_an_overlay_counts_and_its_words_stay_out_of_the_details(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "format: packfirst-supply-1\nkind: supplier\nrecords:\n"
        "- {id: nhanced-morrisville, volume: {tiers: [prototype, low, high], evidence: published}, "
        "owner_note: a secret of theirs}\n"
    )
    catalog = load_catalog([mine])
    assert catalog.digest != example()[1].digest
    outcome = said(asked(Terms(**AT_HOME), SOON), catalog=catalog)
    assert outcome.details["routes"]
    assert "a secret of theirs" not in repr(outcome)


@pytest.mark.parametrize("terms", [AT_HOME, {"home": "US"}, {"home": "NO", "inside": ("NO",)}])
def test_the_screen_rejects_what_has_no_route_and_nothing_else(terms):
    _, catalog, every = example()
    program = asked(Terms(**terms), SOON)
    rows = np.arange(0, len(every), max(1, len(every) // 60))
    (bound,) = DISCIPLINE.bounds(Table(program=program, catalog=catalog, space=every, rows=rows)).bounds
    for row, rejected, demand, capacity in zip(
        rows, bound.rejected, bound.demand, bound.capacity, strict=True
    ):
        outcome = said(program, every.candidate(int(row)))
        assert rejected == bool(outcome.details["blocked"])
        if rejected:
            limit = limit_of(outcome, "route")
            assert (limit.demand, limit.capacity) == (demand, capacity)
