"""Gates: what is recorded decides, what is not recorded asks."""

from datetime import date

import pytest

from packfirst.catalog.supply_records import load_supply
from packfirst.disciplines.supply.gates import Demand, State, asked_gates, entries

TODAY = date(2026, 11, 22)
SHIP = date(2028, 6, 1)


def answers(site, step="wire_bond", **demand):
    found = entries([site], [step], Demand(on=SHIP, asked_on=TODAY, **demand))[step]
    return {item.gate: item for item in found[0].answers}


def test_a_stated_step_is_met_and_carries_its_year(site, step):
    answer = answers(site(capabilities=(step(step="wire_bond", year=2019),)))["capability"]
    assert (answer.state, answer.evidence, answer.year) == (State.MET, "published", 2019)
    assert answer.is_stated


@pytest.mark.parametrize("basis", ["inferred", "planned"])
def test_a_step_that_nobody_has_seen_running_is_a_question(site, step, basis):
    maker = site(capabilities=(step(step="wire_bond", basis=basis),), available_from=date(2028, 1, 1))
    answer = answers(maker)["capability"]
    assert answer.state is State.UNKNOWN
    assert answer.question and answer.ask == "here"
    assert not answer.is_stated


def test_a_planned_step_without_a_date_is_unavailable(site, step):
    plan = (step(step="wire_bond", basis="planned"),)
    assert answers(site(capabilities=plan))["availability"].state is State.NOT_MET
    late = answers(site(capabilities=plan, available_from=date(2028, 6, 2)))["availability"]
    assert late.state is State.NOT_MET
    assert "2028-06-02" in late.why
    in_time = answers(site(capabilities=plan, available_from=date(2028, 6, 1)))["availability"]
    assert in_time.state is State.UNKNOWN  # plans slip


def test_a_status_that_was_not_checked_is_a_question(site):
    assert answers(site(status="status_unverified"))["availability"].state is State.UNKNOWN
    old = answers(site(status_as_of=date(2020, 1, 1)))["availability"]
    assert old.state is State.MET and "due for a check" in old.why


def test_an_assumed_volume_is_neither_yes_nor_no(site):
    assert answers(site(), volume_tier="low")["volume"].state is State.MET
    assert answers(site(), volume_tier="high")["volume"].state is State.NOT_MET
    for tier in ("low", "high"):
        assert answers(site(volume_evidence="assumed"), volume_tier=tier)["volume"].state is State.UNKNOWN


@pytest.mark.parametrize(
    ("access", "government", "own", "state"),
    [
        ("open", False, False, State.MET),
        ("captive", True, True, State.NOT_MET),
        ("government_programs", False, False, State.NOT_MET),
        ("government_programs", True, False, State.MET),
        ("foundry", False, False, State.UNKNOWN),
        ("foundry", False, True, State.MET),
        ("captive_and_foundry", False, True, State.MET),
        ("research", True, False, State.UNKNOWN),
    ],
)
def test_access(site, access, government, own, state):
    firms = frozenset({"Maker"} if own else ())
    found = answers(site(access=access), government_program=government, own_foundries=firms)
    assert found["access"].state is state


def test_location_and_ownership_are_two_gates(site):
    home = frozenset({"US"})
    foreign_owned = answers(site(owner_country="TW"), locations=home, owners=home)
    assert (foreign_owned["location"].state, foreign_owned["ownership"].state) == (State.MET, State.NOT_MET)
    abroad = answers(site(country="MY"), locations=home, owners=home)
    assert (abroad["location"].state, abroad["ownership"].state) == (State.NOT_MET, State.MET)
    noted = answers(site(owner_note="a fund holds most shares"), owners=home)["ownership"]
    assert noted.state is State.UNKNOWN and "FOCI" in noted.question


def test_registration_for_export_is_never_taken_for_granted(site):
    assert answers(site(), export="itar")["export"].state is State.UNKNOWN
    assert answers(site(country="CA"), export="itar")["export"].state is State.NOT_MET


def test_a_listing_that_is_not_recorded_is_a_question_not_a_no(site, listed):
    wanted = {"listings": {"wire_bond": ("QML-38534",)}}
    assert answers(site(), **wanted)["listing"].state is State.UNKNOWN
    fresh = answers(site(listings=(listed(name="QML-38534", year=2025),)), **wanted)["listing"]
    assert fresh.state is State.MET
    old = answers(site(listings=(listed(name="QML-38534", year=2011),)), **wanted)["listing"]
    assert old.state is State.UNKNOWN and "2011" in old.why
    claimed = site(listings=(listed(name="QML-38534", evidence="assumed"),))
    assert answers(claimed, **wanted)["listing"].state is State.UNKNOWN


def test_the_share_of_evidence_has_one_denominator(site):
    demand = Demand(on=SHIP, asked_on=TODAY, locations=frozenset({"US"}), trusted_steps=frozenset({"test"}))
    assert asked_gates(demand, "wire_bond") == ("capability", "availability", "access", "location")
    assert asked_gates(demand, "test") == ("capability", "availability", "access", "location", "trusted")
    for country in ("US", "TW"):
        found = entries([site(country=country)], ["wire_bond"], demand)["wire_bond"][0]
        assert len(found.answers) == 4


def test_a_relaxed_gate_is_not_asked(site):
    home = frozenset({"US"})
    assert answers(site(country="TW"), locations=home)["location"].state is State.NOT_MET
    assert "location" not in answers(site(country="TW"), locations=home, relaxed=frozenset({"location"}))


def test_no_site_on_record_answers_no_to_a_listing():
    sites = list(load_supply().suppliers.values())
    steps = sorted({item.step for one in sites for item in one.capabilities})
    demand = Demand(
        on=SHIP, asked_on=TODAY, trusted_steps=frozenset(steps), listings=dict.fromkeys(steps, ("QML-38534",))
    )
    states = {
        item.state for table in entries(sites, steps, demand).values() for entry in table for item in entry.answers
        if item.gate in ("trusted", "listing")
    }  # fmt: skip
    assert State.NOT_MET not in states
    assert State.UNKNOWN in states


def test_hermetic_seal_at_home_rests_on_inferred_steps_and_says_whom_to_ask():
    sites = list(load_supply().suppliers.values())
    demand = Demand(on=SHIP, asked_on=TODAY, locations=frozenset({"US"}), government_program=True)
    home = [
        item for item in entries(sites, ["hermetic_seal"], demand)["hermetic_seal"] if not item.blocked_by
    ]
    inferred = [item for item in home if any(answer.gate == "capability" for answer in item.unknown)]
    assert len(inferred) >= 4  # the four US records of the compilation, and what was added since
    assert all(answer.ask for item in inferred for answer in item.unknown)
