"""Plans of classes: what the documents ask, what runs side by side, how many parts it takes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.qualification.path.changes import CHANGES, touched_by
from packfirst.disciplines.qualification.path.gates import passages
from packfirst.disciplines.qualification.path.network import timed
from packfirst.disciplines.qualification.path.parts import lot_passes, parts
from packfirst.disciplines.qualification.path.plan import make_plan, with_choice
from packfirst.disciplines.qualification.path.steps import applicable
from packfirst.disciplines.qualification.records import Levels
from packfirst.errors import InputError
from packfirst.program.quality import LEVELS

from . import elaborated

SEALED = {"sealed_cavity", "cavity", "wires", "bonds", "ceramic_body", "several_die", "polymer"}
FLIPPED = {
    "flip_chip",
    "bonds",
    "underfill",
    "ceramic_body",
    "columns",
    "lid_attach",
    "cavity",
    "one_die",
    "polymer",
}
PLASTIC = {"wires", "bonds", "plastic_body", "one_die", "polymer"}


def level(name, *, sealed=True, dose=False):
    return Levels(elaborated.catalog()).level(name, sealed=sealed, dose=dose)


def plan(name, features, ship=24, **said):
    return make_plan(level(name, sealed="sealed_cavity" in features), features, ship, **said)


def methods(steps):
    return {item.id.removeprefix("mil_std_883_") for step in steps for item in step.methods}


@pytest.mark.parametrize("name", LEVELS)
def test_every_level_of_the_program_is_in_the_catalog_and_plans(name) -> None:
    made = plan(name, SEALED)
    assert made.weeks >= 0.0
    assert made.parts.build >= 24


# What MIL-PRF-38535K states: class V burns in 240 h, life is 45(0) for 1000 h or 22(0) for 2000 h.
def test_class_v_has_its_read_hours() -> None:
    hours = {step.test: step.hours for step in level("38535_v").steps}
    assert (hours["Burn-in"], hours["Steady-state life"]) == (240.0, 1000.0)


@pytest.mark.parametrize("name", ["38535_v", "38535_q", "38535_y"])
def test_fewer_parts_for_longer_is_38535s_own_choice(name) -> None:
    (choice,) = level(name).choices
    changed = with_choice(level(name), choice)
    life = next(step for step in changed.steps if step.test == "Steady-state life")
    assert (life.sample.value, life.hours) == (22.0, 2000.0)
    before, after = make_plan(level(name), SEALED, 24), make_plan(changed, SEALED, 24)
    assert before.parts.consumed - after.parts.consumed == 45 - 22
    assert after.weeks - before.weeks == pytest.approx(1000.0 / 168.0)


@pytest.mark.parametrize("name", ["38534_k", "38534_h", "38534_l", "jesd47", "aec_q100", "nasa_level_1"])
def test_no_other_document_offers_it(name) -> None:
    assert level(name).choices == ()


def test_class_y_drops_what_needs_a_cavity_and_looks_with_sound_instead() -> None:
    made = plan("38535_y", FLIPPED)
    assert made.passes
    assert "2030" in methods(made.steps)
    assert {"2020", "2023", "1018", "2001"} & methods(made.steps) == set()
    assert any("acoustic" in item.text for item in made.level.adds)


def test_class_v_keeps_them() -> None:
    assert {"1014", "2020", "2023", "1018"} <= methods(plan("38535_v", SEALED).steps)


@pytest.mark.parametrize(
    ("name", "features", "states", "instead"),
    [
        ("38535_v", SEALED, ["open"], ""),
        ("38535_v", FLIPPED, ["closed"], "38535_y"),
        ("38535_y", FLIPPED, ["open", "open"], ""),
        ("38535_y", SEALED, ["open", "closed"], "38535_v"),
        ("38534_k", PLASTIC, ["closed", "unread"], "38534_l"),
        ("38534_h", PLASTIC, ["closed", "unread"], "38534_f"),
        ("38534_l", PLASTIC, ["open"], ""),
        ("38535_n", SEALED, ["unread"], ""),  # nobody has read the clause: it may warn, not reject
        ("jesd47", PLASTIC, [], ""),
    ],
)  # fmt: skip
def test_gates(name, features, states, instead) -> None:
    found = passages(level(name).gates, features)
    assert [item.state for item in found] == states
    assert "".join(item.gate.instead for item in found if item.state == "closed") == instead
    assert all(item.gate.clause in item.why for item in found if item.state != "open")


def test_elements_are_evaluated_before_the_screen_and_side_by_side() -> None:
    """Class K die take 240 h and 1000 h on a sample; passives, package and polymer run beside them."""
    made = plan("38534_k", SEALED, die_types=3)
    starts = {
        (s.phase, s.element): float(made.times.start_s[n]) for n, s in reversed(list(enumerate(made.steps)))
    }
    die = max(float(made.times.end_s[n]) for n, s in enumerate(made.steps) if s.element == "die")
    assert die > 1240 * 3600.0
    assert starts[("screening", "")] == pytest.approx(die)
    for element in ("passive", "substrate", "package", "polymer"):
        assert starts[("element_evaluation", element)] == 0.0
    assert made.parts.elements["die"] == 3 * 10
    assert plan("38534_k", SEALED, wafers=5).parts.elements["die"] == 15  # at least 3 of each wafer


def test_the_critical_path_is_as_long_as_the_plan() -> None:
    for name in ("38535_v", "38534_k", "jesd47", "aec_q100"):
        made = plan(name, SEALED)
        length = sum(float(made.times.end_s[n] - made.times.start_s[n]) for n in made.times.critical)
        assert length == pytest.approx(float(made.times.total_s))


def test_preconditioned_parts_wait_for_it() -> None:
    made = plan("aec_q100", PLASTIC)
    ends = {s.subgroup: float(made.times.end_s[n]) for n, s in enumerate(made.steps)}
    starts = {s.subgroup: float(made.times.start_s[n]) for n, s in enumerate(made.steps)}
    assert starts["A2"] == starts["A4"] == ends["A1"]
    assert starts["B1"] == 0.0


def test_aec_life_takes_three_lots_of_77_and_800() -> None:
    """AEC-Q100 Rev H table 2: A2, A3, A4, B1 on 3 x 77, A5 and A6 on 45, B2 on 3 x 800."""
    made = plan("aec_q100", PLASTIC)
    taken = {step.subgroup: step.devices for step in made.steps}
    assert {name: taken[name] for name in ("A2", "B1", "A6", "B2")} == {
        "A2": 231,
        "B1": 231,
        "A6": 45,
        "B2": 2400,
    }
    assert "B3" not in taken  # memory only
    assert "C5" not in taken  # no balls


def test_parts_add_up() -> None:
    made = plan("38535_v", SEALED, ship=50)
    found = made.parts
    assert found.screened == 50 + found.consumed
    assert found.build_least <= found.build <= found.build_most
    survives = np.prod([1.0 - s.effort.fallout.value for s in made.steps if s.phase == "screening"])
    assert found.build * survives >= found.screened > (found.build - 1) * survives


def test_defects_allowed_are_a_share_or_one_device_whichever_is_greater() -> None:
    """MIL-PRF-38535 A.4.6.1.2. Ten parts at 5 % may lose one: P(X <= 1) of a binomial with p = 0.1 is 0.7361."""
    assert lot_passes(10, 0.05, 0.1) == pytest.approx(0.9**10 + 10 * 0.1 * 0.9**9)
    assert lot_passes(40, 0.05, 0.0) == 1.0
    assert lot_passes(100, 0.05, 0.2) < 0.01


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 400), st.integers(1, 400))
def test_shipping_more_never_takes_fewer(ship, more) -> None:
    steps, _ = applicable(level("38535_q").steps, SEALED)
    assert parts(steps, ship + more).build > parts(steps, ship).build - 1
    assert parts(steps, ship + more).build - parts(steps, ship).build >= more - 1


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_longer_step_never_shortens_the_plan(data) -> None:
    steps, _ = applicable(level("38534_k").steps, SEALED)
    length = np.array([data.draw(st.floats(0.0, 1e6)) for _ in steps])
    number = data.draw(st.integers(0, len(steps) - 1))
    longer = length.copy()
    longer[number] += 1e5
    before, after = timed(steps, length), timed(steps, longer)
    assert float(before.total_s) <= float(after.total_s) <= float(before.total_s) + 1e5 * (1 + 1e-12)
    grown = float(after.total_s) - float(before.total_s)
    if number in before.critical:
        assert grown == pytest.approx(1e5)


def test_slopes_are_those_of_the_longest_path() -> None:
    made = plan("38535_v", SEALED)
    item = next(s for s in made.steps if s.test == "Burn-in").time
    moved = elaborated.catalog().with_value(item.id, item.value + 3600.0)
    other = make_plan(Levels(moved).level("38535_v", sealed=True, dose=False), SEALED, 24)
    assert other.weeks - made.weeks == pytest.approx(3600.0 * made.sensitivities[item.id])
    assert made.sensitivities[item.id] == pytest.approx(1.0 / (7 * 86400.0))


def test_the_calendar_has_a_band_around_it() -> None:
    made = plan("38535_v", SEALED, n_samples=512)
    low, middle, high = made.quantiles_weeks
    assert low < middle < high
    assert made.weeks * 0.9 < middle < made.weeks * 1.5


def test_an_unread_plan_says_so_and_a_read_copy_clears_it(tmp_path) -> None:
    from packfirst.catalog import load_catalog

    assert "DRAFT" in plan("38535_n", PLASTIC).watermark
    assert "NO FLOW" in plan("38535_t", PLASTIC).watermark
    copy = tmp_path / "read.yaml"
    copy.write_text(
        "format: packfirst-catalog-1\nkind: flow\n"
        "sources:\n  ours: {title: our controlled copy, year: 2026}\nrecords:\n"
        "- id: mono_n_screen\n  steps:\n"
        "  - {test: Burn-in, method: MIL-STD-883 1015, methods: [mil_std_883_1015], sample: 100%, status: confirmed,"
        " sources: [ours], time: {value: 100 hour, kind: choice, evidence: standard, source: ours}}\n",
        encoding="utf-8",
    )
    read = Levels(load_catalog([copy])).level("38535_n", sealed=False, dose=False)
    made = make_plan(replace(read, adds=()), PLASTIC, 1)
    assert [step.hours for step in made.steps if step.phase == "screening"] == [100.0]
    assert {step.phase for step in made.unread} <= {"conformance", "qualification"}


def test_a_letter_that_the_method_lacks_names_both(tmp_path) -> None:
    from packfirst.catalog import load_catalog

    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(
        "format: packfirst-catalog-1\nkind: flow\nrecords:\n- id: mono_n_screen\n  steps:\n"
        "  - {test: Temperature cycling, method: MIL-STD-883 1010, methods: [mil_std_883_1010], condition: Q,"
        " sample: 100%, status: derived}\n",
        encoding="utf-8",
    )
    with pytest.raises(
        InputError, match=r"wrong.yaml.*MIL-STD-883 TM1010 has no condition 'Q'; it has A, B, C"
    ):
        Levels(load_catalog([wrong])).level("38535_n", sealed=False, dose=False)


def test_a_sample_of_no_parts_is_refused() -> None:
    (choice,) = level("38535_v").choices
    none = with_choice(level("38535_v"), replace(choice, sample=replace(choice.sample, value=0.0)))
    with pytest.raises(ValueError, match="a sample of no parts proves nothing"):
        make_plan(none, SEALED, 24)


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_asks_for_less_than_the_whole(change) -> None:
    whole, part = plan("38535_v", SEALED), plan("38535_v", SEALED, touched=touched_by(change) or ("none",))
    assert {s.id for s in part.steps} < {s.id for s in whole.steps}
    assert part.weeks <= whole.weeks


def test_a_new_lid_repeats_the_seal_and_a_new_die_its_life() -> None:
    lid, die = (plan("38535_v", SEALED, touched=touched_by(name)) for name in ("lid_seal", "die"))
    assert "1014" in methods(lid.steps)
    assert "1005" not in methods(lid.steps)
    assert {"1005", "1015"} <= methods(die.steps)
    assert "1014" not in methods(die.steps) or "1018" not in methods(die.steps)
    with pytest.raises(ValueError, match="unknown change 'colour'"):
        touched_by("colour")


def test_radiation_is_asked_where_a_dose_is_stated() -> None:
    def radiation(dose):
        return [s for s in level("38535_v", dose=dose).steps if s.phase == "radiation"]

    assert radiation(False) == []
    assert any("1019" in m.id for s in radiation(True) for m in s.methods)
