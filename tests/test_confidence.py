"""From Limits to a verdict, against exact probabilities."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from packfirst.confidence import influences, judge, levers, margins, metric_sigma
from packfirst.inputs import Evidence, Input, Kind, model_score_id, scores
from packfirst.limit import Identity, Limit, Metric, NotAssessed

Z_95 = norm.ppf(0.95)
MANY = 20_000
# A share of MANY independent samples lies within three standard deviations of its probability; strata do better.
CLOSE = 3.0 * (0.25 / MANY) ** 0.5


def normal(name, sigma, value=0.0):
    return Input(
        id=name, value=value, low=value - Z_95 * sigma, high=value + Z_95 * sigma, quantity="number",
        kind=Kind.UNCERTAIN, evidence=Evidence.ASSUMED,
    )  # fmt: skip


def choice(name, value, low=None, high=None, quantity="number"):
    return Input(
        id=name,
        value=value,
        low=low,
        high=high,
        quantity=quantity,
        kind=Kind.CHOICE,
        evidence=Evidence.ASSUMED,
    )


def limit(
    kind,
    margin,
    slopes=None,
    error=0.0,
    *,
    model=None,
    hard=True,
    capacity=10.0,
    samples=None,
    discipline="one",
):
    return Limit(
        identity=Identity(discipline=discipline, kind=kind, subject="package"), demand=capacity - margin,
        capacity=capacity, unit="K", hard=hard, rung="plan", sensitivities=slopes or {}, model=model or kind,
        model_error=error, basis=(), explanation="", samples=samples,
    )  # fmt: skip


def judged(answers, inputs=(), *, confidence=0.8, requires=(), measured=(), n=MANY, seed=0):
    return judge(
        answers, {item.id: item for item in inputs}, confidence=confidence, requires=requires, measured=measured,
        n_samples=n, seed=seed,
    )  # fmt: skip


def test_an_identity_reads_as_words():
    assert str(Identity(discipline="thermal", kind="junction", subject="die:a", mode="peak")) == (
        "thermal/junction of die:a in peak"
    )
    assert str(limit("reach", 1.0).identity) == "one/reach of package"


def test_the_margin_ratio_is_of_the_capacity():
    assert limit("a", 2.0).margin == 2.0
    assert limit("a", 2.0).margin_ratio == 0.2
    assert limit("a", -3.0, capacity=0.0).margin_ratio == -1.0
    assert limit("a", 0.0, capacity=0.0).margin_ratio == 0.0


@pytest.mark.parametrize("shared", [(2.0, 1.5), (2.0, -1.5), (0.0, 0.0)])
@pytest.mark.parametrize("errors", [(0.7, 1.1), (0.0, 0.0)])
@pytest.mark.parametrize("one_model", [True, False])
def test_the_joint_probability_is_that_of_the_bivariate_normal(shared, errors, one_model):
    """Two margins correlate through an Input that both depend on and through the error of a model that both share."""
    sigma, own = 0.8, (0.9, 0.6)
    pair = [
        limit(
            kind, margin, {"shared": slope, kind: 1.0}, error, model="m" if one_model else kind,
        )
        for kind, margin, slope, error in zip("ab", (1.2, 0.4), shared, errors, strict=True)
    ]  # fmt: skip
    inputs = [normal("shared", sigma), normal("a", own[0]), normal("b", own[1])]
    covariance = sigma**2 * np.outer(shared, shared) + np.diag(np.square(own))
    covariance += np.outer(errors, errors) if one_model else np.diag(np.square(errors))
    found = judged(pair, inputs)
    exact = multivariate_normal([0.0, 0.0], covariance).cdf([1.2, 0.4])
    assert found.joint_probability == pytest.approx(exact, abs=CLOSE)
    for item, margin, variance in zip(found.judged, (1.2, 0.4), np.diag(covariance), strict=True):
        assert item.sigma == pytest.approx(variance**0.5, rel=0.02)
        assert item.probability == pytest.approx(norm.cdf(margin / variance**0.5), abs=CLOSE)


def test_a_split_normal_band_holds_with_its_own_quantiles():
    """Margin 3 - x, x with its 95 % point at 3: it holds with 95 %, whatever the low side."""
    item = Input(
        id="x",
        value=1.0,
        low=0.9,
        high=2.6,
        quantity="number",
        kind=Kind.VARIATION,
        evidence=Evidence.ASSUMED,
    )
    found = judged([limit("a", 1.6, {"x": -1.0})], [item])
    assert found.joint_probability == pytest.approx(0.95, abs=CLOSE)


def test_samples_stand_in_the_place_of_slopes_and_share_the_model_s_error():
    drawn = scores(["x", model_score_id("m")], MANY, 3)
    sampled = limit("a", 99.0, {"x": 5.0}, 0.5, model="m", samples=1.0 + 2.0 * drawn["x"])
    rows = margins([sampled], {"x": normal("x", 1.0)}, n_samples=MANY, seed=3)
    assert rows[0] == pytest.approx(1.0 + 2.0 * drawn["x"] + 0.5 * drawn[model_score_id("m")])
    linear = limit("b", 1.0, {"x": 2.0}, 0.5, model="m")
    assert margins([linear], {"x": normal("x", 1.0)}, n_samples=MANY, seed=3)[0] == pytest.approx(rows[0])


def test_no_limits_at_all_hold():
    found = judged([])
    assert (found.state, found.joint_probability, found.binding) == ("feasible", 1.0, None)
    assert margins([], {}, n_samples=5, seed=0).shape == (0, 5)


def test_a_margin_of_exactly_zero_holds():
    assert judged([limit("a", 0.0)]).joint_probability == 1.0


MISSING = NotAssessed(identity=Identity(discipline="two", kind="all", subject="package"), missing=("datum",))


@pytest.mark.parametrize(
    ("margin", "confidence", "requires", "measured", "absent", "state", "missing"),
    [
        (1.0, 0.80, ("one",), (), (), "feasible", ()),
        (1.0, 0.85, ("one",), (), (), "infeasible", ()),
        (1.0, 0.80, ("one", "two"), (), (MISSING,), "undecided", ("two",)),
        (1.0, 0.80, ("one", "two"), (), (), "undecided", ("two",)),
        (1.0, 0.80, ("one",), (), (MISSING,), "feasible", ()),
        (1.0, 0.80, ("one", "two"), ("two",), (), "feasible", ()),
        (1.0, 0.80, ("one", "two"), ("two",), (MISSING,), "undecided", ("two",)),
        (-1.0, 0.80, ("one", "two"), (), (MISSING,), "infeasible", ("two",)),
    ],
)
def test_the_state(margin, confidence, requires, measured, absent, state, missing):
    """A margin of one standard deviation holds with 84.1 %."""
    found = judged(
        [limit("a", margin, {"x": 1.0}), *absent], [normal("x", 1.0)], confidence=confidence, requires=requires,
        measured=measured,
    )  # fmt: skip
    assert (found.state, found.missing, found.not_assessed) == (state, missing, absent)


def test_soft_limits_are_judged_and_decide_nothing():
    found = judged([limit("a", 1.0), limit("b", -1.0, hard=False)])
    assert (found.state, found.joint_probability) == ("feasible", 1.0)
    assert [item.probability for item in found.judged] == [1.0, 0.0]
    assert found.binding.limit.identity.kind == "a"
    assert judged([limit("b", -1.0, hard=False)]).binding is None


def test_the_least_likely_limit_binds_and_ties_go_to_the_least_margin_in_percent():
    def binds(*limits):
        return judged(limits, [normal("x", 1.0)]).binding.limit.identity.kind

    assert binds(limit("a", 3.0), limit("b", 2.9), limit("c", 3.1)) == "b"
    # 5 K of 100 K is less room than 3 K of 10 K.
    assert binds(limit("a", 3.0), limit("b", 5.0, capacity=100.0)) == "b"
    # Least in percent, and yet the likelier one to hold.
    assert binds(limit("a", 5.0, capacity=100.0), limit("b", 3.0, {"x": 2.0})) == "b"
    assert binds(limit("b", 3.0), limit("a", 3.0)) == "a"


def test_levers_are_choices_by_the_length_of_their_step():
    inputs = {
        item.id: item
        for item in (
            choice("far", 4.0, 0.0, 5.0), choice("near", 4.0, 0.0, 5.0), choice("outside", 1.0, 0.9, 1.05),
            choice("open", 100.0), choice("flat", 1.0), normal("doubt", 1.0),
        )
    }  # fmt: skip
    slopes = {"far": -0.7, "near": -2.0, "outside": -2.0, "open": -2.0, "flat": 0.0, "doubt": -9.0}
    found = levers(limit("a", -2.0, slopes), inputs)
    # Steps of 1/100, 1/5 and 2.86/5 of the room; the one that its range forbids comes last.
    assert [item.input_id for item in found] == ["open", "near", "far", "outside"]
    by_name = {item.input_id: item for item in found}
    for item in found:
        assert item.step == pytest.approx(2.0 / slopes[item.input_id])
        assert -2.0 + slopes[item.input_id] * item.step == pytest.approx(0.0)
        assert item.value == inputs[item.input_id].value
    assert [by_name[name].within_range for name in ("open", "near", "far", "outside")] == [
        True,
        True,
        True,
        False,
    ]
    assert by_name["near"].relative == pytest.approx(1.0 / 5.0)
    assert by_name["open"].relative == pytest.approx(1.0 / 100.0)


def test_a_temperature_s_room_is_counted_from_zero_celsius():
    inputs = {"t": choice("t", 313.15, quantity="temperature")}
    assert levers(limit("a", -4.0, {"t": -1.0}), inputs)[0].relative == pytest.approx(4.0 / 40.0)
    nowhere = {"t": choice("t", 273.15, quantity="temperature")}
    assert levers(limit("a", -4.0, {"t": -1.0}), nowhere)[0].relative == float("inf")


@given(
    st.dictionaries(st.sampled_from("pqrst"), st.tuples(st.floats(-9, 9), st.floats(0.01, 3)), min_size=1),
    st.floats(0.01, 5),
)
def test_influences_share_the_variance_among_them(parts, error):
    inputs = {name: normal(name, sigma) for name, (_, sigma) in parts.items()}
    slopes = {name: slope for name, (slope, _) in parts.items()}
    found = influences(limit("a", 1.0, slopes, error, model="m"), inputs)
    assert sum(item.share for item in found) == pytest.approx(1.0)
    assert [item.sigma for item in found] == sorted((item.sigma for item in found), reverse=True)
    total = error**2 + sum((slope * sigma) ** 2 for slope, sigma in parts.values())
    share = {item.input_id: item.share for item in found}
    assert share[model_score_id("m")] == pytest.approx(error**2 / total)
    for name, (slope, sigma) in parts.items():
        assert share.get(name, 0.0) == pytest.approx((slope * sigma) ** 2 / total, abs=1e-12)


def test_a_certain_limit_has_no_influences():
    assert influences(limit("a", 1.0, {"c": 2.0}), {"c": choice("c", 1.0)}) == ()


def test_the_spread_of_a_metric():
    metric = Metric(name="mass", value=1.0, unit="kg", better="less", sensitivities={"x": 3.0, "y": 4.0})
    assert metric_sigma(metric, {"x": normal("x", 1.0), "y": normal("y", 1.0)}) == pytest.approx(5.0)
    quantiles = norm.ppf((np.arange(4000) + 0.5) / 4000)
    drawn = Metric(name="cost", value=9.0, unit="USD", better="less", samples=9.0 + 2.0 * quantiles)
    assert metric_sigma(drawn, {}) == pytest.approx(2.0, rel=1e-3)
    # three samples in a thousand that cost a million do not make the spread of the others
    rare = np.append(9.0 + 2.0 * quantiles, np.full(12, 1e6))
    assert metric_sigma(Metric(name="cost", value=9.0, unit="USD", better="less", samples=rare), {}) < 2.1
