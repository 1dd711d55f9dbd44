"""Dated rules, read at a ship date."""

from datetime import date, timedelta

import pytest

from packfirst.catalog.supply_records import load_supply
from packfirst.disciplines.supply.gates import State
from packfirst.disciplines.supply.policy import Force, PackageFacts, evaluate

RULES = list(load_supply().rules.values())
BAN = date(2027, 12, 23)  # section 5949: five years after 23 December 2022


def answer(rule, facts=PackageFacts(), ship=date(2028, 6, 1), domain="defence"):  # noqa: B008
    return next(item for item in evaluate(RULES, facts, ship, domain) if item.rule == rule)


def test_a_rule_binds_from_its_date():
    facts = PackageFacts(makers={"flash": "YMTC"})
    assert answer("ndaa_2023_5949", facts, BAN - timedelta(days=1)).force is Force.NOT_YET
    on_the_day = answer("ndaa_2023_5949", facts, BAN)
    assert on_the_day.force is Force.IN_FORCE
    assert on_the_day.violated
    assert not answer("ndaa_2023_5949", facts, BAN - timedelta(days=1)).violated


def test_a_proposed_rule_binds_nobody():
    found = answer("far_2023_008_proposed", PackageFacts(makers={"flash": "smic"}))
    assert found.state is State.NOT_MET
    assert found.force is Force.PROPOSED
    assert not found.violated


@pytest.mark.parametrize(
    ("makers", "state"),
    [
        (None, State.UNKNOWN),
        ({"die": "Foundry", "flash": ""}, State.UNKNOWN),
        ({"die": "Foundry"}, State.MET),
        ({"die": "Foundry", "dram": "CXMT"}, State.NOT_MET),
    ],
)
def test_makers_have_to_be_declared(makers, state):
    found = answer("ndaa_2023_5949", PackageFacts(makers=makers))
    assert found.state is state
    assert bool(found.question) == (state is State.UNKNOWN)


def test_no_unread_rule_ever_passes():
    facts = PackageFacts(makers={"die": "Foundry"}, transistors=1e9, is_advanced_logic=True, has_hbm=False)
    for domain in ("defence", "space", "aerospace", "automotive"):
        for found in evaluate(RULES, facts, date(2030, 1, 1), domain):
            if not found.read:
                assert found.state is State.UNKNOWN
                assert "not read" in found.why


HOUSE = {"is_advanced_logic": True, "packaged_by_front_end": True, "processing_performance": 1000.0}


@pytest.mark.parametrize(
    ("facts", "year", "state"),
    [
        ({"processing_performance": 4800.0}, 2028, State.NOT_MET),
        ({"processing_performance": 1600.0, "performance_density": 5.92}, 2028, State.NOT_MET),
        (
            {"processing_performance": 1600.0, "performance_density": 5.91, "is_advanced_logic": False},
            2028,
            State.MET,
        ),
        ({**HOUSE, "transistors": 29e9, "has_hbm": True}, 2028, State.MET),
        ({**HOUSE, "transistors": 34e9, "has_hbm": True}, 2028, State.NOT_MET),
        ({**HOUSE, "transistors": 34e9, "has_hbm": False}, 2026, State.NOT_MET),
        ({**HOUSE, "transistors": 34e9, "has_hbm": False}, 2027, State.MET),
        ({**HOUSE, "transistors": 39e9, "has_hbm": False}, 2028, State.NOT_MET),
        ({**HOUSE, "transistors": 39e9, "has_hbm": False}, 2029, State.MET),
        ({**HOUSE, "transistors": 29e9, "packaged_by_front_end": False}, 2028, State.UNKNOWN),
        (
            {
                **HOUSE,
                "transistors": 29e9,
                "packaged_by_front_end": False,
                "packaged_by_approved_house": False,
            },
            2028,
            State.NOT_MET,
        ),
        ({"is_advanced_logic": True}, 2028, State.UNKNOWN),
    ],
)
def test_advanced_logic_is_presumed_controlled_by_its_package(facts, year, state):
    """ECCN 3A090.a: 4800, or 1600 with 5.92; 30 billion transistors, without HBM 35 from 2027 and 40 from 2029."""
    found = answer("bis_2023_3a090_packaging", PackageFacts(**facts), date(year, 6, 1), "aerospace")
    assert found.state is state


def test_guardrails_bind_from_24_november_2023():
    assert answer("chips_guardrails", ship=date(2023, 11, 23)).force is Force.NOT_YET
    assert answer("chips_guardrails", ship=date(2023, 11, 24)).force is Force.IN_FORCE


def test_a_kind_can_be_asked_alone():
    found = evaluate(RULES, PackageFacts(), date(2028, 1, 1), "space", kinds=("export",))
    assert {item.rule for item in found} >= {"itar_usml", "bis_79fr27418"}
    assert "mil_prf_38534" not in {item.rule for item in found}
