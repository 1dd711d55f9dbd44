"""Sampled schedules: exact distributions, enumeration, and what dates mean."""

import tomllib
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from packfirst.disciplines.schedule.durations import Duration
from packfirst.disciplines.schedule.network import Activity, BadNetwork, network
from packfirst.disciplines.schedule.simulate import Risk, Shock, score_ids, simulate
from packfirst.inputs import scores

PRINTED = tomllib.loads((Path(__file__).parents[2] / "references/schedule/networks.toml").read_text("utf-8"))


def run(net, durations, n=20_000, seed=7, **events):
    wanted = score_ids(net, events.get("shocks", ()), events.get("risks", ()))
    return simulate(net, durations, np.array(list(scores(wanted, n, seed).values())), **events)


def plain(weeks, **more):
    return Duration(low=weeks, likely=weeks, high=weeks, **more)


def test_two_like_paths_share_the_criticality():
    """Independent and alike: half each, and the expected finish is that of the larger of two (exact integral)."""
    net = network([Activity(id="a"), Activity(id="b"), Activity(id="end", after=("a", "b"))])
    both = Duration(low=1.0, likely=2.0, high=3.0, shape="triangular")
    found = run(net, {"a": both, "b": both, "end": plain(1.0)})
    assert found.criticality[:2] == pytest.approx([0.5, 0.5], abs=3 * 0.5 / 20_000**0.5)
    assert found.criticality[2] == 1.0
    x = np.linspace(1.0, 3.0, 20_001)
    at_most = stats.triang.cdf(x, 0.5, loc=1.0, scale=2.0)
    larger = 3.0 - np.trapezoid(at_most**2, x)
    assert found.finish.mean() == pytest.approx(1.0 + larger, abs=0.01)
    assert found.probability_by(3.0) == pytest.approx(0.25, abs=0.01)  # both under their median


@given(st.lists(st.floats(0.05, 0.95), min_size=3, max_size=3))
def test_a_bridge_against_all_its_outcomes(chances):
    """Risks of known probability on a network that no series or parallel rule reduces, all eight outcomes weighed."""
    net = network(
        [Activity(id="a"), Activity(id="b"), Activity(id="c", after=("a",)), Activity(id="d", after=("a", "b")),
         Activity(id="e", after=("c", "d"))]
    )  # fmt: skip
    base = {"a": 2.0, "b": 3.0, "c": 4.0, "d": 2.5, "e": 1.0}
    struck = ("a", "b", "d")
    risks = [
        Risk(name=name, activity=name, probability=p, added=plain(1.5))
        for name, p in zip(struck, chances, strict=True)
    ]
    found = run(net, {name: plain(weeks) for name, weeks in base.items()}, risks=risks)
    finish, critical = 0.0, dict.fromkeys(base, 0.0)
    for outcome in product((0, 1), repeat=3):
        chance = np.prod([p if hit else 1 - p for p, hit in zip(chances, outcome, strict=True)])
        t = {**base, **{name: base[name] + 1.5 * hit for name, hit in zip(struck, outcome, strict=True)}}
        paths = {
            "ace": t["a"] + t["c"] + t["e"],
            "ade": t["a"] + t["d"] + t["e"],
            "bde": t["b"] + t["d"] + t["e"],
        }
        longest = max(paths.values())
        finish += chance * longest
        for name in base:
            critical[name] += chance * any(name in path for path, weeks in paths.items() if weeks == longest)
    assert found.finish.mean() == pytest.approx(finish, abs=0.03)
    assert dict(zip(net.ids, found.criticality, strict=True)) == pytest.approx(critical, abs=0.02)


def test_pert_along_one_path_is_what_the_textbook_computes():
    """The printed 0.84 looks at the critical path alone and takes (b - a)/6 for the deviation of each activity."""
    table = PRINTED["reliable"]
    rows = {row[0]: row for row in table["activities"]}
    path = table["critical_path"]
    chain = network([Activity(id=x, after=(path[i - 1],) if i else ()) for i, x in enumerate(path)])
    durations = {x: Duration(low=rows[x][1], likely=rows[x][2], high=rows[x][3]) for x in path}
    alone = run(chain, durations)
    assert alone.finish.mean() == pytest.approx(table["weeks"], abs=0.05)
    assert alone.probability_by(table["deadline_weeks"]) == pytest.approx(
        table["deadline_probability_of_the_path"], abs=0.03
    )
    whole = network([Activity(id=x, after=tuple(rows[x][-1])) for x in rows])
    durations = {x: Duration(low=row[1], likely=row[2], high=row[3]) for x, row in rows.items()}
    every = run(whole, durations)
    assert every.finish.mean() > alone.finish.mean()  # merges only add: what the textbook's path leaves out
    assert every.probability_by(47.0) < table["deadline_probability_of_the_path"]
    index = dict(zip(whole.ids, every.criticality, strict=True))
    assert index["A"] == index["B"] == index["C"] == 1.0  # every path runs through them
    assert index["J"] == index["N"] and index["G"] == index["D"]


def chain_of(weeks):
    ids = [f"a{i}" for i in range(len(weeks))]
    net = network([Activity(id=x, after=(ids[i - 1],) if i else ()) for i, x in enumerate(ids)])
    return net, dict(zip(ids, weeks, strict=True))


def test_latest_start_is_the_need_less_the_way_that_is_left():
    net, weeks = chain_of(
        [plain(4.0), Duration(low=2.0, likely=4.0, high=6.0, shape="triangular"), plain(3.0)]
    )
    found = run(net, weeks)
    # 90 % point of the triangle on 2 to 6: 6 - sqrt(0.1 * 4 * 2)
    assert found.latest_start("a1", 30.0, 0.9) == pytest.approx(30.0 - 3.0 - (6.0 - 0.8**0.5), abs=0.01)
    assert found.latest_start("a2", 30.0, 0.9) == 27.0
    assert found.latest_start("a0", 8.0, 0.9) < 0.0  # the day has passed
    with pytest.raises(BadNetwork, match="did you mean"):
        found.latest_start("a_1", 30.0, 0.9)


def test_starting_at_the_latest_week_meets_the_need_as_often_as_promised():
    net, weeks = chain_of([Duration(low=2.0, likely=4.0, high=9.0)] * 4)
    found = run(net, weeks)
    start = found.latest_start("a0", 40.0, 0.8)
    assert np.mean(start + found.finish <= 40.0) == pytest.approx(0.8, abs=1e-3)


def test_a_shock_of_18_survives_and_takes_the_lead():
    """A packaging step at eighteen times its length: it becomes critical as often as the shock strikes."""
    net = network(
        [
            Activity(id="wafers"),
            Activity(id="substrate"),
            Activity(id="assembly", after=("wafers", "substrate")),
        ]
    )
    weeks = {"wafers": plain(16.0), "substrate": plain(5.0), "assembly": plain(9.0)}
    base = run(net, weeks)
    assert base.criticality.tolist() == [1.0, 0.0, 1.0]  # in an ordinary year the wafers lead
    shock = Shock(name="shortage", probability=0.3, factors={"substrate": 18.0})
    struck = run(net, weeks, shocks=[shock])
    index = dict(zip(net.ids, struck.criticality, strict=True))
    assert index["substrate"] == pytest.approx(0.3, abs=1e-3)
    assert index["wafers"] == pytest.approx(0.7, abs=1e-3)
    assert struck.quantile(0.99) == 90.0 + 9.0
    always = run(net, weeks, shocks=[Shock(name="shortage", probability=1.0, factors={"substrate": 18.0})])
    assert np.all(always.finish == 99.0)


@given(st.floats(0.0, 1.0), st.floats(1.0, 18.0))
def test_a_shock_can_only_hurt(probability, factor):
    net, weeks = chain_of([Duration(low=1.0, likely=2.0, high=5.0)] * 3)
    calm = run(net, weeks, n=500)
    struck = run(net, weeks, n=500, shocks=[Shock(name="s", probability=probability, factors={"a1": factor})])
    assert np.all(struck.finish >= calm.finish - 1e-9)


def test_under_half_sourced_there_is_no_p90():
    sourced, assumed = (
        Duration(low=4.0, likely=5.0, high=9.0, sourced=True),
        Duration(low=4.0, likely=5.0, high=9.0),
    )
    net, weeks = chain_of([sourced, assumed, plain(3.0)])
    found = run(net, weeks, n=2_000)
    share = float(np.mean(found.durations[0] / found.finish))
    assert found.sourced_share == pytest.approx(share)
    assert found.summary.p90_weeks is None
    assert found.summary.low_weeks < found.summary.p50_weeks < found.summary.high_weeks
    net, weeks = chain_of([sourced, plain(1.0)])
    assert run(net, weeks, n=2_000).summary.p90_weeks is not None


def test_the_ordinary_year_of_the_sources():
    """16 to 18 weeks of wafers and 8 to 10 of assembly and test are 24 to 28 from order to parts."""
    net, weeks = chain_of(
        [Duration(low=16, likely=17, high=18, sourced=True), Duration(low=8, likely=9, high=10, sourced=True)]
    )
    found = run(net, weeks)
    assert found.finish.min() >= 24.0 and found.finish.max() <= 28.0
    assert found.sourced_share == pytest.approx(1.0)


def test_the_same_luck_in_every_company():
    """An activity added elsewhere leaves the samples of the others as they are."""
    net, weeks = chain_of([Duration(low=1.0, likely=2.0, high=5.0)] * 2)
    small = run(net, weeks, n=300)
    wider = network([Activity(id="other"), Activity(id="a0"), Activity(id="a1", after=("a0",))])
    large = run(wider, {**weeks, "other": plain(1.0)}, n=300)
    assert np.array_equal(small.durations[0], large.durations[wider.index("a0")])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Shock(name="s", probability=1.2, factors={}), "probability of 1.2: between 0 and 1"),
        (lambda: Risk(name="r", activity="a0", probability=-0.1, added=plain(1.0)), "between 0 and 1"),
        (lambda: Shock(name="s", probability=0.5, factors={"a0": 40.0}), "between 0 and 18"),
        (lambda: run(chain_of([plain(1.0)])[0], {}), "no duration for a0"),
        (
            lambda: run(
                *chain_of([plain(1.0)]), shocks=[Shock(name="s", probability=1.0, factors={"b": 2.0})]
            ),
            "unknown activity 'b'",
        ),
        (
            lambda: simulate(chain_of([plain(1.0)])[0], {"a0": plain(1.0)}, np.zeros((3, 4))),
            "1 rows of scores",
        ),
    ],
)
def test_what_is_no_scenario_gets_one_line(call, message):
    with pytest.raises(BadNetwork, match=message):
        call()
