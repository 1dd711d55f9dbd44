import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.cost.assembly import Part, Step, carrier, flow, probed_die, with_nre
from packfirst.disciplines.cost.ledger import CATEGORIES, Ledger, booked

BRIEF = settings(max_examples=40, deadline=None, derandomize=True)
MONEY = st.floats(0.0, 500.0)
SHARE = st.floats(0.3, 1.0)
ANY_SHARE = st.floats(0.0, 1.0)
DIE = st.builds(
    probed_die,
    st.just("die"),
    raw_usd=st.floats(0.1, 500.0),
    die_yield=SHARE,
    coverage=ANY_SHARE,
    probe_usd=MONEY,
    bump_usd=MONEY,
    count=st.integers(0, 4),
)
CARRIER = st.builds(carrier, st.just("carrier"), raw_usd=MONEY, carrier_yield=SHARE)
STEP = st.builds(
    Step,
    name=st.just("step"),
    parts=st.lists(DIE | CARRIER, max_size=3).map(tuple),
    assembly_usd=st.floats(0.1, 50.0),
    test_usd=MONEY,
    yield_=SHARE,
    placements=st.integers(0, 4),
    detected=ANY_SHARE,
    coverage=ANY_SHARE,
)
FLOW = st.lists(STEP, min_size=1, max_size=5)


def amounts(ledger: Ledger) -> list[float]:
    return [float(getattr(ledger, name)) for name in CATEGORIES]


@BRIEF
@given(FLOW, MONEY)
def test_the_ledger_closes(steps, nre):
    result = with_nre(flow(steps), nre)
    total = float(result.cost_per_good_usd)
    assert sum(amounts(result.ledger_per_good)) == pytest.approx(total, rel=1e-12)
    assert min(amounts(result.ledger_per_good)) >= 0.0
    assert float(result.ledger_per_good.nre_usd) == pytest.approx(nre, rel=1e-12)


@BRIEF
@given(FLOW)
def test_additions_and_losses_of_the_steps_sum_to_the_cost(steps):
    result = flow(steps)
    spent = sum(float(step.added_usd + step.lost_usd) for step in result.steps)
    assert spent == pytest.approx(float(result.ledger.total_usd), rel=1e-12)
    assert 0.0 < float(result.good) <= 1.0
    assert 0.0 < float(result.survival) <= 1.0


@BRIEF
@given(FLOW)
def test_what_is_in_the_part_is_what_was_bought_for_it(steps):
    # Losses move money between categories; the silicon, carriers, work and test in a part do not change.
    result = flow(steps)
    bought = Ledger()
    for step in steps:
        bought = bought.plus(booked(assembly_usd=step.assembly_usd, test_usd=step.test_usd))
        for part in step.parts:
            bought = bought.plus(part.ledger.times(part.count))
    for name in CATEGORIES:
        if not name.endswith("_lost_usd"):
            assert getattr(result.ledger, name) == pytest.approx(float(getattr(bought, name)), rel=1e-12)


@BRIEF
@given(FLOW, st.data(), SHARE)
def test_a_further_yield_loss_never_lowers_the_cost_of_a_good_part(steps, data, factor):
    k = data.draw(st.integers(0, len(steps) - 1))
    worse = list(steps)
    worse[k] = replace(steps[k], yield_=steps[k].yield_ * factor)
    before, after = flow(steps).cost_per_good_usd, flow(worse).cost_per_good_usd
    assert after >= before * (1.0 - 1e-12)


@BRIEF
@given(FLOW, st.data())
def test_finding_a_failure_where_it_happens_never_costs_more(steps, data):
    k = data.draw(st.integers(0, len(steps) - 1))
    seen = list(steps)
    seen[k] = replace(steps[k], detected=1.0)
    assert flow(seen).cost_per_good_usd <= flow(steps).cost_per_good_usd * (1.0 + 1e-12)


@BRIEF
@given(st.floats(1.0, 300.0), SHARE, FLOW)
def test_a_free_and_complete_probe_never_costs_more_than_none(raw, good, steps):
    def cost(coverage):
        die = probed_die("die", raw_usd=raw, die_yield=good, coverage=coverage)
        return float(flow([Step(name="place", parts=(die,)), *steps]).cost_per_good_usd)

    assert cost(1.0) <= cost(0.0) * (1.0 + 1e-12)


@BRIEF
@given(DIE, FLOW)
def test_committing_a_die_later_never_costs_more(die, steps):
    # Only where the die itself cannot fail the part: else an early test may earn its place.
    good = replace(die, good=1.0)
    early = flow([Step(name="early", parts=(good,)), *steps])
    late = flow([*steps, Step(name="late", parts=(good,))])
    assert late.ledger.total_usd <= early.ledger.total_usd * (1.0 + 1e-12)


def enumerate_outcomes(steps):
    """Spend per start and share shipped good, by walking every outcome of every event."""
    spend = shipped_good = shipped = 0.0
    worlds = [(1.0, True, 0.0)]  # probability, good so far, spent so far
    for step in steps:
        value = step.assembly_usd + step.test_usd
        value += sum(float(p.ledger.total_usd) * p.count for p in step.parts)
        pieces = [p.good for p in step.parts for _ in range(p.count)]
        survivors = []
        for probability, good, spent in worlds:
            spent += value
            for works in itertools.product((True, False), repeat=len(pieces)):
                p1 = probability * np.prod([g if w else 1 - g for g, w in zip(pieces, works, strict=True)])
                for success in itertools.product((True, False), repeat=step.placements):
                    p2 = p1 * np.prod([step.yield_ if ok else 1 - step.yield_ for ok in success])
                    fine = all(success)
                    for seen in (True, False) if not fine else (False,):
                        p3 = p2 * (1.0 if fine else step.detected if seen else 1 - step.detected)
                        if seen:
                            spend += p3 * spent
                            continue
                        still_good = good and all(works) and fine
                        rejected = 0.0 if still_good else step.coverage
                        spend += p3 * rejected * spent
                        survivors.append((p3 * (1 - rejected), still_good, spent))
        worlds = survivors
    for probability, good, spent in worlds:
        spend += probability * spent
        shipped += probability
        shipped_good += probability * good
    return spend, shipped, shipped_good


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.data())
def test_against_an_enumeration_of_every_outcome(data):
    small_die = st.builds(
        Part,
        name=st.just("die"),
        ledger=st.builds(booked, die_raw_usd=st.floats(1.0, 99.0)),
        good=SHARE,
        count=st.integers(0, 2),
    )
    step = st.builds(
        Step,
        name=st.just("step"),
        parts=st.lists(small_die, max_size=2).map(tuple),
        assembly_usd=st.floats(0.1, 9.0),
        test_usd=st.floats(0.0, 9.0),
        yield_=SHARE,
        placements=st.integers(0, 2),
        detected=ANY_SHARE,
        coverage=ANY_SHARE,
    )
    steps = data.draw(st.lists(step, min_size=1, max_size=2))
    spend, shipped, shipped_good = enumerate_outcomes(steps)
    result = flow(steps)
    assert float(result.survival) == pytest.approx(shipped, rel=1e-10)
    assert float(result.good) == pytest.approx(shipped_good / shipped, rel=1e-10)
    assert float(result.cost_per_good_usd) == pytest.approx(spend / shipped_good, rel=1e-10)


def test_stack_then_interposer_then_substrate_worked_by_hand():
    # Two-high stack of untested top die on a known good base, tested; two stacks and four HBM onto an
    # interposer; substrate; lid; final test. Fractions chosen so that it can be followed on paper.
    base = probed_die("base", raw_usd=60.0, die_yield=0.6)  # 100 USD per accepted die
    top = probed_die("top", raw_usd=40.0, die_yield=0.8, coverage=0.0)
    stack = flow(
        [
            Step(name="hybrid bond", parts=(base, top), assembly_usd=10.0, yield_=0.9, detected=0.0),
            Step(name="stack test", test_usd=5.0, coverage=1.0),
        ]
    )
    # 155 USD spent per start, 0.8 x 0.9 good: 215.2777... per good stack, none of them bad.
    assert float(stack.ledger.total_usd) == pytest.approx(155.0 / 0.72)
    assert float(stack.good) == pytest.approx(1.0)
    assert float(stack.ledger.die_lost_usd) == pytest.approx(140.0 * (1 / 0.72 - 1))

    hbm = Part(name="HBM", ledger=booked(die_raw_usd=50.0), good=0.99, count=4)
    product = flow(
        [
            Step(
                name="chip on wafer",
                parts=(
                    stack.part("stack", count=2),
                    hbm,
                    carrier("interposer", raw_usd=30.0, carrier_yield=0.75),
                ),
                yield_=0.98,
                placements=6,
            ),
            Step(name="on substrate", parts=(carrier("substrate", raw_usd=25.0),), yield_=0.99),
            Step(name="lid", assembly_usd=4.0),
            Step(name="final test", test_usd=6.0, coverage=0.9),
        ]
    )
    on_wafer = 2 * 155 / 0.72 + 200 + 40
    module = on_wafer / 0.98**6
    attached = (module + 25) / 0.99
    good = 0.99**4
    accepted = 1 - 0.9 * (1 - good)
    shipped = (attached + 4 + 6) / accepted
    assert float(product.ledger.total_usd) == pytest.approx(shipped, rel=1e-12)
    assert float(product.good) == pytest.approx(good / accepted, rel=1e-12)
    assert float(product.cost_per_good_usd) == pytest.approx((attached + 10) / good, rel=1e-12)
    losses = {step.name: float(step.lost_usd) for step in product.steps}
    assert losses["chip on wafer"] == pytest.approx(module - on_wafer, rel=1e-12)
    assert losses["lid"] == 0.0
    assert float(product.ledger.carrier_defect_usd) == pytest.approx(10.0)


def test_probed_die_with_partial_coverage():
    # Yield 0.8, coverage 0.75: of 100 die 80 good and 5 bad ones pass.
    die = probed_die("d", raw_usd=10.0, die_yield=0.8, coverage=0.75, probe_usd=1.0, bump_usd=2.0)
    assert float(die.good) == pytest.approx(80 / 85)
    assert float(die.ledger.total_usd) == pytest.approx(11.0 * 100 / 85 + 2.0)
    assert float(die.ledger.test_lost_usd) == pytest.approx(15 / 85)


def table_of(rng, shape):
    n = shape[-1]
    wafer = rng.uniform(3e3, 2e4, shape)
    raw = wafer / rng.uniform(60, 600, n)
    die = probed_die("die", raw_usd=raw, die_yield=rng.uniform(0.4, 0.95, shape), count=rng.integers(1, 9, n))
    hbm = Part(name="HBM", ledger=booked(die_raw_usd=rng.uniform(50, 90, shape)), good=0.995, count=4)
    interposer = carrier(
        "interposer", raw_usd=rng.uniform(10, 90, n), carrier_yield=rng.uniform(0.6, 1, shape)
    )
    return [
        Step(
            name="bond",
            parts=(die, hbm, interposer),
            yield_=rng.uniform(0.95, 1, shape),
            placements=die.count,
        ),
        Step(name="attach", parts=(carrier("substrate", raw_usd=rng.uniform(5, 60, n)),), yield_=0.99),
        Step(name="lid", assembly_usd=3.0),
        Step(name="test", test_usd=rng.uniform(1, 9, shape), coverage=rng.uniform(0.8, 1, shape)),
    ]


def test_two_thousand_candidates_with_samples_are_one_call():
    steps = table_of(np.random.default_rng(7), (16, 2000))
    result = flow(steps)
    breakdown = np.stack(
        np.broadcast_arrays(*(getattr(result.ledger_per_good, name) for name in CATEGORIES)), axis=-1
    )
    assert breakdown.shape == (16, 2000, len(CATEGORIES))
    np.testing.assert_allclose(breakdown.sum(axis=-1), result.cost_per_good_usd, rtol=1e-12)

    def at(value, i, j):
        array = np.asarray(value)
        return array if array.ndim == 0 else array[j] if array.ndim == 1 else array[i, j]

    def pick(step, i, j):
        numbers = {
            name: at(getattr(step, name), i, j)
            for name in ("assembly_usd", "test_usd", "yield_", "placements", "detected", "coverage")
        }
        parts = tuple(
            replace(
                part,
                ledger=Ledger(**{name: at(getattr(part.ledger, name), i, j) for name in CATEGORIES}),
                good=at(part.good, i, j),
                count=at(part.count, i, j),
            )
            for part in step.parts
        )
        return replace(step, parts=parts, **numbers)

    for i, j in ((0, 0), (7, 123), (15, 1999)):
        alone = flow([pick(step, i, j) for step in steps])
        assert float(alone.cost_per_good_usd) == pytest.approx(result.cost_per_good_usd[i, j], rel=1e-12)


def test_a_step_that_a_candidate_lacks_changes_nothing():
    die = probed_die("die", raw_usd=20.0, die_yield=0.7, coverage=0.5)
    idle = Step(name="absent", parts=(replace(die, count=0),), placements=0, yield_=0.5, detected=0.3)
    here = Step(name="place", parts=(die,), assembly_usd=1.0, yield_=0.9)
    assert amounts(flow([here, idle]).ledger) == pytest.approx(amounts(flow([here]).ledger), rel=1e-14)


def test_refuses_what_it_cannot_read():
    with pytest.raises(ValueError, match="at least one step"):
        flow([])
    for wrong in (
        {"yield_": 0.0},
        {"yield_": 1.1},
        {"coverage": -0.1},
        {"detected": np.nan},
        {"placements": -1},
    ):
        with pytest.raises(ValueError, match="step 'bond'"):
            flow([Step(name="bond", **wrong)])
    with pytest.raises(ValueError, match="assembly_usd"):
        flow([Step(name="bond", assembly_usd=-1.0)])
    with pytest.raises(ValueError, match="die 'x'"):
        probed_die("x", raw_usd=1.0, die_yield=0.0)
    with pytest.raises(ValueError, match="carrier 'y'"):
        carrier("y", raw_usd=1.0, carrier_yield=1.2)
    with pytest.raises(ValueError, match="HBM: good"):
        flow([Step(name="bond", parts=(Part(name="HBM", ledger=Ledger(), good=1.5),))])
    with pytest.raises(ValueError, match="HBM: count"):
        flow([Step(name="bond", parts=(Part(name="HBM", ledger=Ledger(), count=-1),))])
