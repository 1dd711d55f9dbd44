"""Scoring on answers and records made by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.hindcast.answer import Answer
from packfirst.hindcast.figures import cost_ratio, power_limit_ratio
from packfirst.hindcast.score import distinct, hits, most_common, plain_rule, totals
from packfirst.hindcast.truth import Truth


def answer(technology="buildup", n_die=2, path="forced_air_hs"):
    return Answer(technology=technology, n_die=n_die, thermal_path=path)


def truth(technologies=("bridge",), n_die=2, paths=("cold_plate",)):
    return Truth(
        technologies=technologies,
        n_die=n_die,
        thermal_paths=paths,
        carriers=(),
        stacks=(),
        counts={},
        note="",
    )


def test_each_aspect_is_scored_by_itself():
    found = hits([answer()], truth())
    assert found.top1 == {"technology": False, "n_die": True, "thermal_path": False, "all": False}
    assert found.top3 == found.top1


def test_a_hit_in_all_needs_one_answer_that_has_all():
    """Three answers that have one aspect right each are no answer that is right."""
    answers = [answer("bridge", 9, "x"), answer("x", 2, "x"), answer("x", 9, "cold_plate")]
    found = hits(answers, truth())
    assert found.top1 == {"technology": True, "n_die": False, "thermal_path": False, "all": False}
    assert found.top3 == {"technology": True, "n_die": True, "thermal_path": True, "all": False}


def test_the_fourth_answer_does_not_count():
    right = answer("bridge", 2, "cold_plate")
    wrong = [answer(n_die=n) for n in (5, 6, 7)]
    assert hits([*wrong[:2], right], truth()).top3["all"]
    assert not hits([*wrong, right], truth()).top3["all"]


def test_either_of_two_technologies_and_ways_out_is_right():
    both = truth(technologies=("ceramic", "bridge"), paths=("forced_air_hs", "cold_plate"))
    assert hits([answer("bridge", 2, "forced_air_hs")], both).top1["all"]


def test_no_answer_misses_everything():
    found = hits([], truth())
    assert not any(found.top1.values())
    assert not any(found.top3.values())


def test_answers_that_say_the_same_count_once():
    same, other = answer(), answer(n_die=4)
    assert distinct([same, same, other, same, answer(n_die=8), answer(n_die=16)]) == [
        same,
        other,
        answer(n_die=8),
    ]


@given(st.lists(st.integers(1, 5), max_size=8))
def test_more_answers_never_lose_a_hit(numbers):
    answers = distinct(answer("bridge", n, "cold_plate") for n in numbers)
    found = hits(answers, truth())
    assert all(found.top3[name] or not found.top1[name] for name in found.top1)


@pytest.mark.parametrize(
    ("area_mm2", "n_die"), [(100.0, 1), (858.0, 1), (859.0, 2), (1008.0, 2), (1716.0, 2), (16125.0, 19)]
)
def test_plain_rule_takes_the_fewest_die_that_fit(area_mm2, n_die):
    found = plain_rule(area_mm2 * 1e-6, 26e-3 * 33e-3)
    assert found == Answer(technology="buildup", n_die=n_die, thermal_path="forced_air_hs")


def test_most_common_choices_by_aspect():
    others = [truth(("buildup",), 4), truth(("buildup",), 9), truth(("bridge",), 9), truth(("fan_out",), 2)]
    found = most_common(others)
    assert [item.technology for item in found] == ["buildup", "bridge", "fan_out"]
    assert [item.n_die for item in found] == [9, 2, 4]
    assert [item.thermal_path for item in found] == ["cold_plate"] * 3


def test_most_common_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no products"):
        most_common([])


def test_totals_count_products():
    right, wrong = hits([answer("bridge", 2, "cold_plate")], truth()), hits([], truth())
    found = totals([right, wrong, right])
    assert found["top1"] == {"technology": 2, "n_die": 2, "thermal_path": 2, "all": 2}


def limit(discipline="thermal", mode="rated", demand=50.0, capacity=70.0, unit="K", hard=True):
    return {
        "discipline": discipline, "mode": mode, "demand": demand, "capacity": capacity, "unit": unit, "hard": hard,
    }  # fmt: skip


def test_power_limit_is_that_of_the_hottest_die_in_the_rated_mode():
    limits = [
        limit(), limit(demand=35.0), limit(mode="idle", demand=700.0), limit(hard=False, demand=700.0),
        limit(discipline="cost", demand=700.0), limit(unit="W", demand=700.0),
    ]  # fmt: skip
    assert power_limit_ratio(limits, "rated") == pytest.approx(1.4)
    assert power_limit_ratio(limits[2:], "rated") is None


def test_cost_ratio_needs_both_costs():
    priced = {"metrics": {"cost": {"value": 59.0}}}
    assert cost_ratio(priced, {"metrics": {"cost": {"value": 100.0}}}) == pytest.approx(0.59)
    assert cost_ratio(priced, {"metrics": {}}) is None
