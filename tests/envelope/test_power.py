"""Powers that the Envelope allows, solved again: none is too hot, and no rule is looser for being linear."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri
from tests.assessment.example import STACKED, packaged, program

from packfirst.assess import assess_package
from packfirst.confidence import influences
from packfirst.disciplines import registry
from packfirst.disciplines.thermal.response import Spread
from packfirst.envelope.power import KEPT_FREE_K, NothingHolds, power_polytope, rule, rules


def inside(polytope, count: int, seed: int = 3) -> np.ndarray:
    """Random points within; half of them pushed out to the boundary."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(len(polytope.corners()), 0.3), count) @ polytope.corners()
    reach = (polytope.room / (p @ polytope.slopes.T)).min(axis=1)
    p[::2] *= reach[::2, None] * (1.0 - 1e-12)
    return p


def too_hot(answer, fields: np.ndarray) -> float:
    """By how much the worst cell of any die is above its own limit, shape (n, cells). [K]"""
    return max(
        float((fields[:, cells] - answer.maximum[group].value).max()) for group, cells in answer.cells.items()
    )


def test_a_thousand_points_hold(found, answer):
    p = inside(found.powers, 1000)
    assert found.powers.holds(p).all()
    base, per_watt = answer.base_k.ravel(), answer.per_watt.reshape(len(answer.groups), -1)
    for group, cells in answer.cells.items():
        fields = base[cells] + p @ per_watt[:, cells]
        assert fields.max() < answer.maximum[group].value


def test_twenty_four_of_them_solved_again(found, answer):
    p = inside(found.powers, 24, seed=5)
    solved = np.array([field.ravel() for field in answer.solved_k(p)])
    assert too_hot(answer, solved) < 0.0
    # And superposition, on which the thousand rest, is what the solver says.
    added = np.array([answer.temperature_k(power).ravel() for power in p])
    cells = np.concatenate(list(answer.cells.values()))
    assert np.abs(solved - added)[:, cells].max() < 2e-3


def test_every_corner_was_solved_again_and_has_room(found, answer):
    assert 0.0 <= found.verified < 3.0 * KEPT_FREE_K
    solved = np.array([field.ravel() for field in answer.solved_k(found.powers.corners())])
    assert too_hot(answer, solved) < 0.0


def test_no_cell_between_the_monitored_ones_is_forgotten(found, answer, built):
    """Each corner against the rule of every cell of every die, by plain arithmetic."""
    base, per_watt = answer.base_k.ravel(), answer.per_watt.reshape(len(answer.groups), -1)
    by_kind = rules(answer, built.program.confidence)
    for group, cells in answer.cells.items():
        weighed = by_kind[group].factor * found.powers.corners()
        assert (base[cells] + weighed @ per_watt[:, cells]).max() <= by_kind[group].limit_k


@pytest.mark.parametrize("number", [2, 5, 11])
def test_the_confidence_is_that_of_an_assessment_with_these_powers(found, built, number):
    """Asked at a point on the boundary, the disciplines say the same: margins hold with the confidence, narrowly."""
    p = inside(found.powers, 24, seed=7)[2 * number]
    again = with_powers(found, built, p)
    z = float(ndtri(built.program.confidence))
    spare = []
    for limit in again.limits:
        if limit.identity.kind == "junction" and limit.identity.mode == "peak":
            parts = [x for x in influences(limit, again.inputs) if not of_power(x.input_id)]
            sigma = sum(x.sigma**2 for x in parts) ** 0.5
            spare.append((limit.margin - z * sigma) / limit.capacity)
    assert len(spare) == 3
    assert min(spare) >= 0.0
    assert min(spare) < 0.10  # inner, not timid


def of_power(name: str) -> bool:
    return ".power" in name or name.endswith("energy_per_bit") or "bandwidth" in name


def with_powers(found, built, power, *, mode: str = "peak"):
    """The candidate assessed with these powers per die, links included, in one mode."""
    changed = program()
    for die, watts in zip(
        found.die, power[[found.powers.names.index(d.group) for d in found.die]], strict=True
    ):
        item = changed.modes[mode].power[die.group]
        links = die.power_w[mode] - item.value / die.count  # accuracy.power is one
        changed = changed.with_value(item.id, max((watts - links) * die.count, 1e-9))
    wanted = [
        item for item in registry.disciplines() if item.name in ("form_factor", "electrical", "thermal")
    ]
    return assess_package(changed, built.catalog, *packaged(STACKED), disciplines=wanted)


def test_more_confidence_allows_less(answer):
    sizes = []
    polytopes = [power_polytope(answer, rules(answer, confidence)) for confidence in (0.6, 0.8, 0.95)]
    for loose, tight in pairwise(polytopes):
        assert loose.holds(tight.corners()).all()
        assert not tight.holds(loose.corners()).all()
        sizes.append(loose.most("compute", np.zeros(3)) - tight.most("compute", np.zeros(3)))
    assert min(sizes) > 1.0


SHARES = st.lists(st.floats(0.0, 0.9), min_size=3, max_size=3)


@given(SHARES, st.floats(0.0, 8.0), st.floats(0.0, 0.5), st.floats(0.55, 0.99), st.integers(0, 999))
def test_the_linear_rule_lies_inside_the_true_one(relative, fixed, offset, confidence, seed):
    """Whatever the mixture: sum r + z (offset + sqrt(fixed^2 + (sum s r)^2)) stays below the room."""
    spread = Spread(fixed_k=fixed, offset_k=offset, relative=np.array(relative))
    z, highest, base = float(ndtri(confidence)), 378.0, np.array([308.0, 309.0])
    held = rule(highest, base, spread, confidence)
    mixture = np.random.default_rng(seed).dirichlet(np.full(3, 0.4), 50)
    for at in base:
        rises = mixture * ((held.limit_k - at) / (mixture @ held.factor))[:, None]
        u = rises @ spread.relative
        used = rises.sum(axis=1) + z * (offset + np.sqrt(fixed**2 + u**2))
        assert used.max() <= (highest - at) * (1.0 + 1e-12)


def test_the_linear_rule_is_the_true_one_where_all_shares_are_equal():
    spread = Spread(fixed_k=5.0, offset_k=0.0, relative=np.full(3, 0.3))
    held = rule(368.15, np.array([309.15]), spread, 0.8)
    rise = (held.limit_k - 309.15) / held.factor[0]
    assert rise + float(ndtri(0.8)) * np.hypot(5.0, 0.3 * rise) == pytest.approx(59.0, rel=1e-12)


def test_surroundings_hotter_than_the_die_may_be_are_said(answer):
    hot = replace(answer, base_k=answer.base_k + 100.0)
    with pytest.raises(NothingHolds, match="the surroundings leave"):
        rules(hot, 0.8)
