"""Smallest sets of gates to relax, against every set there is."""

from datetime import date
from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from packfirst.disciplines.supply.gates import GATES, Answer, Demand, Entry, State, entries
from packfirst.disciplines.supply.relax import blockage, open_alternatives


def entry(site: int, step: str, failed: frozenset[str]) -> Entry:
    answers = tuple(
        Answer(gate=gate, state=State.NOT_MET if gate in failed else State.MET, why="") for gate in GATES
    )
    return Entry(site=site, step=step, answers=answers)


FAILED = st.frozensets(st.sampled_from(GATES[:5]), max_size=3)


@given(st.lists(st.lists(FAILED, min_size=1, max_size=4), min_size=1, max_size=4))
def test_all_minimal_sets_and_no_other(table):
    steps = [f"step {index}" for index in range(len(table))]
    found = {
        s: [entry(i, s, failed) for i, failed in enumerate(row)] for s, row in zip(steps, table, strict=True)
    }
    state = blockage([(step,) for step in steps], found)
    every = chain.from_iterable(combinations(GATES, size) for size in range(len(GATES) + 1))
    opening = [
        set(gates) for gates in every if all(any(failed <= set(gates) for failed in row) for row in table)
    ]
    minimal = [gates for gates in opening if not any(other < gates for other in opening)]
    if set() in minimal:
        assert state.relaxations == () and state.blocked == ()
    else:
        assert sorted(map(sorted, minimal)) == sorted(sorted(item.gates) for item in state.relaxations)
        assert len(state.relaxations[0].gates) == min(map(len, minimal))
        for item in state.relaxations:
            assert all(item.opens[step] for step in state.blocked)


def test_a_step_without_any_site_is_not_a_matter_of_gates(site):
    demand = Demand(on=date(2028, 1, 1), asked_on=date(2026, 1, 1), locations=frozenset({"US"}))
    found = entries([site(country="TW")], ["wire_bond", "fan_out"], demand)
    state = blockage([("wire_bond",), ("fan_out",)], found)
    assert state.unrecorded == ("fan_out",)
    assert state.blocked == ("wire_bond",)
    assert state.relaxations == ()
    assert state.by_step == {"wire_bond": (("location",),)}


def test_a_stay_needs_all_of_its_steps_at_one_site(site, step):
    both = site(id="both", country="TW", capabilities=(step(step="die_attach"), step(step="wire_bond")))
    one, other = (site(id=name, capabilities=(step(step=name),)) for name in ("die_attach", "wire_bond"))
    demand = Demand(on=date(2028, 1, 1), asked_on=date(2026, 1, 1), locations=frozenset({"US"}))
    found = entries([both, one, other], ["die_attach", "wire_bond"], demand)
    apart = blockage([("die_attach",), ("wire_bond",)], found)
    together = blockage([("die_attach", "wire_bond")], found)
    assert apart.blocked == ()
    assert [item.gates for item in together.relaxations] == [("location",)]
    assert together.relaxations[0].opens == {"die_attach + wire_bond": (0,)}
    names = {"apart": [("die_attach",), ("wire_bond",)], "together": [("die_attach", "wire_bond")]}
    assert open_alternatives(names, found) == ("apart",)
