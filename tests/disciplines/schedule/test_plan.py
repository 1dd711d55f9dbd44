"""The works of a candidate: arithmetic of sourced timelines, what leads the path, what can only hurt."""

import time
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.catalog import load_catalog
from packfirst.catalog.schedule_scenarios import ORDINARY, ScheduleScenario, load_schedule_scenario
from packfirst.catalog.supply_records import load_supply
from packfirst.disciplines.schedule.durations import Duration
from packfirst.disciplines.schedule.limits import described, plan_of
from packfirst.disciplines.schedule.network import Activity, network
from packfirst.disciplines.schedule.prices import Stakes, both_ways
from packfirst.disciplines.schedule.records import WEEK_S, Build, Die, Failing, Sampler, luck, works
from packfirst.disciplines.schedule.simulate import simulate
from packfirst.disciplines.schedule.work import planned

CATALOG = load_catalog()
FACTS = load_supply().facts
N = 2048
ONE = Build(technology="fcbga_lidded", die=(Die(name="die", node="n28"),), start=date(2027, 1, 4))


def sampler(scenario: ScheduleScenario = ORDINARY, n: int = N, seed: int = 0, catalog=CATALOG) -> Sampler:
    return Sampler(catalog, n, seed, scenario)


def ours(name: str) -> ScheduleScenario:
    return load_schedule_scenario(name, CATALOG.ids("activity"))


def nominal(catalog=CATALOG, scenario: ScheduleScenario = ORDINARY, build: Build = ONE):
    """The plan with every time at its value, nothing going wrong."""
    exact = {
        item.id: replace(
            item,
            inputs={name: replace(x, low=x.value, high=x.value) for name, x in item.inputs.items()},
        )
        for item in catalog.records("activity")
    }
    fixed = replace(catalog, tables={**catalog.tables, "activity": exact})
    times = {name: replace(band, low=band.value, high=band.value) for name, band in scenario.times.items()}
    return planned(works(sampler(replace(scenario, times=times), 4, catalog=fixed), build))


def often(plan) -> dict[str, float]:
    return dict(zip((work.id for work in plan.works), map(float, plan.criticality), strict=True))


def failing(discipline: str, probability: float, n: int = N) -> Failing:
    fails = np.arange(n) < probability * n
    return Failing(name=f"{discipline}/some", discipline=discipline, fails=fails)


def test_order_to_parts_is_the_published_24_to_28_weeks():
    # wafers 16 to 18, assembly and test 8 to 10: Renesas, quoted, "24 to 28 weeks" in all (supply_facts.yaml)
    total = FACTS["lt_normal_total"]
    low = sum(CATALOG.record("activity", name).input("time").low for name in ("wafers", "assembly_and_test"))
    high = sum(
        CATALOG.record("activity", name).input("time").high for name in ("wafers", "assembly_and_test")
    )
    assert (low / WEEK_S, high / WEEK_S) == (total.low, total.high)


def test_packaging_at_the_peak_is_the_published_50_weeks_and_wafers_12():
    times = ours("shortage").times
    packaging = times["make_organic_substrate"].value + times["assembly_and_test"].value
    assert packaging == FACTS["lt_pkg_peak"].value == 50
    assert times["wafers"].value == 12


def test_a_plan_without_luck_adds_up_along_its_longest_path():
    plan = nominal()
    time_of = {item.id: item["time"] / WEEK_S for item in CATALOG.records("activity") if "time" in item}
    path = (
        "architecture",
        "design",
        "masks",
        "wafers",
        "assembly_and_test",
        "bring_up",
        "qualification",
        "fielding",
    )
    assert plan.samples.finish == pytest.approx(sum(time_of[name] for name in path))


def test_late_without_luck_is_package_design_and_substrate_in_series():
    plan = nominal(build=replace(ONE, engage="tape_out"), scenario=ours("shortage"))
    time_of = {item.id: item["time"] / WEEK_S for item in CATALOG.records("activity") if "time" in item}
    path = ("architecture", "design", "package_design", "bring_up", "qualification", "fielding")
    assert plan.samples.finish == pytest.approx(sum(time_of[name] for name in path) + 50.0)


def test_wafers_lead_in_an_ordinary_year_and_packaging_in_the_shortage():
    base = often(plan_of(sampler(), ONE, ()))
    short = often(plan_of(sampler(ours("shortage")), ONE, ()))
    assert base["wafers die"] > 0.8 > 0.2 > base["make_organic_substrate"]
    assert short["make_organic_substrate"] > 0.6 > 0.4 > short["wafers die"]


def test_the_shares_of_a_design_are_the_whole_design():
    plan = planned(works(sampler(), ONE))
    pieces = [
        work.weeks for work in plan.works if work.id.split()[0] in ("die_size", "pad_map", "bump_map", "sign_off")
    ]  # fmt: skip
    whole, _, _ = sampler().time("design")
    assert len(pieces) == 4
    assert sum(pieces) == pytest.approx(whole)


def test_slopes_are_what_a_longer_time_does():
    before = plan_of(sampler(), ONE, ())
    slopes = before.slopes()
    # times whose band is no factor: those scatter about their value wherever it lies
    for name in ("wafers", "assembly_and_test", "make_organic_substrate", "design"):
        input_id = f"catalog/activity/{name}/time"
        item = CATALOG.input(input_id)
        step = 0.05 * WEEK_S
        moved = CATALOG.record("activity", name)
        later = replace(moved, inputs={**moved.inputs, "time": item.moved(item.value + step)})
        catalog = replace(
            CATALOG, tables={**CATALOG.tables, "activity": {**CATALOG.tables["activity"], name: later}}
        )
        after = plan_of(sampler(catalog=catalog), ONE, ())
        found = (after.samples.finish.mean() - before.samples.finish.mean()) / step
        assert found == pytest.approx(slopes[input_id], rel=0.05, abs=2e-9), name


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(
        ["wafers", "make_organic_substrate", "assembly_slot", "package_design", "qualification", "masks"]
    ),
    st.floats(1.0, 18.0),
)
def test_a_longer_time_never_fields_a_part_earlier(activity, factor):
    slow = replace(ORDINARY, factors={activity: factor})
    base, later = (plan_of(sampler(scenario, 256), ONE, ()) for scenario in (ORDINARY, slow))
    assert np.all(later.samples.finish >= base.samples.finish - 1e-9)


@pytest.mark.parametrize("discipline", ["thermal", "electrical", "performance", "mechanical", "form_factor"])
def test_a_failing_limit_never_helps_and_late_is_no_better(discipline):
    late = replace(ONE, engage="tape_out")
    for build in (ONE, late):
        without = plan_of(sampler(), build, ()).samples.finish
        with_it = plan_of(sampler(), build, (failing(discipline, 0.5),)).samples.finish
        assert np.all(with_it >= without - 1e-9)
        assert with_it.mean() > without.mean()
    more = luck(sampler(), late, (failing(discipline, 0.5),))
    seen = luck(sampler(), ONE, (failing(discipline, 0.5),))
    assert seen.on_paper.any()
    assert not more.on_paper.any()


@pytest.mark.parametrize("discipline", ["cost", "supply"])
def test_a_limit_of_money_or_supply_changes_no_part(discipline):
    without = plan_of(sampler(), ONE, ()).samples.finish
    assert np.array_equal(plan_of(sampler(), ONE, (failing(discipline, 0.9),)).samples.finish, without)


def test_respins_for_logic_come_as_often_as_published():
    # 24 % of projects succeed with first silicon: Wilson Research 2022, part 12
    found = luck(sampler(), ONE, ()).new_masks.mean()
    assert found == pytest.approx(0.76, abs=0.03)


def test_qualification_takes_its_own_plan_and_screening_only_where_asked():
    plain = often(plan_of(sampler(), ONE, ()))
    assert "screening" not in plain
    assert "screening" in often(plan_of(sampler(), replace(ONE, screened=True), ()))
    own = replace(
        ONE, screened=True, qualification_weeks=(30.0, 40.0, 60.0)
    )  # its plan has the screening in it
    plan = plan_of(sampler(), own, ())
    weeks = plan.samples.durations[plan.samples.network.index("qualification")]
    assert np.quantile(weeks, (0.1, 0.5, 0.9)) == pytest.approx((30.0, 40.0, 60.0), abs=0.1)
    assert "screening" not in often(plan)


def test_a_planned_tape_out_holds_the_masks_back():
    day = date(2030, 1, 7)
    plan = plan_of(sampler(), replace(ONE, tape_out=day), ())
    assert plan.start_of("masks die", 0.0) >= (day - ONE.start).days / 7.0 - 1e-9


def test_under_half_sourced_there_is_no_p90():
    record = CATALOG.record("activity", "design")
    guess = replace(record.input("time"), evidence=CATALOG.input("catalog/activity/masks/time").evidence)
    unsourced = {
        item.id: replace(
            item, inputs={n: replace(x, evidence=_assumed()) for n, x in item.inputs.items()}
        )
        for item in CATALOG.records("activity")
    }  # fmt: skip
    assert guess.evidence != _assumed()
    catalog = replace(CATALOG, tables={**CATALOG.tables, "activity": unsourced})
    details = described(plan_of(sampler(catalog=catalog), ONE, ()), ONE, 0.8, ORDINARY)
    assert details["sourced_share"] == 0.0
    assert details["p90_weeks"] is None
    assert described(plan_of(sampler(), ONE, ()), ONE, 0.8, ORDINARY)["p90_weeks"] is not None


def _assumed():
    return CATALOG.input("catalog/activity/architecture/time").evidence


def test_latest_days_leave_the_need_its_confidence():
    plan = plan_of(sampler(), replace(ONE, need=date(2030, 6, 30)), ())
    need = (date(2030, 6, 30) - ONE.start).days / 7.0
    for row in described(plan, replace(ONE, need=date(2030, 6, 30)), 0.8, ORDINARY)["engage_by"]:
        index = plan.samples.network.index(row["work"])
        met = np.mean(row["latest_week"] + plan.samples.tail_weeks[index] <= need + 1e-9)
        assert met == pytest.approx(0.8, abs=1.0 / N + 1e-9)


def test_freezes_come_in_the_order_of_the_die():
    plan = plan_of(sampler(), ONE, ())
    rows = {row["for"]: row for row in described(plan, ONE, 0.8, ORDINARY)["freeze_by"]}
    assert rows["package_design"]["freeze"] == "pad_map"
    assert rows["make_organic_substrate"]["freeze"] == "bump_map"
    assert rows["package_design"]["latest_week"] < rows["make_organic_substrate"]["latest_week"]


def test_shocks_of_eighteen_times_survive():
    worst = load_schedule_scenario("base", CATALOG.ids("activity"))
    slow = replace(worst, factors=dict.fromkeys(("wafers", "make_organic_substrate", "assembly_slot"), 18.0))
    plan = plan_of(sampler(slow), ONE, ())
    assert np.isfinite(plan.samples.finish).all()
    assert plan.samples.quantile(0.5) > 17.0 * 18.0


def test_early_and_late_differ_where_the_substrate_is_scarce_and_not_where_nothing_is_made():
    scarce = both_ways(sampler(ours("shortage")), ONE, (), Stakes())
    assert scarce.verdict == "early"
    assert scarce.weeks_saved[3] > 10.0
    # A leadframe from stock and a package drawn in days: nothing waits for the package.
    quick = replace(
        ORDINARY,
        factors={"package_design": 0.1, "assembly_slot": 0.1, "test_hardware": 0.1, "package_study": 0.1},
    )
    none = both_ways(sampler(quick), replace(ONE, technology="wb_qfn"), (), Stakes())
    assert none.verdict == "no difference here"


def test_a_failing_limit_is_a_cause():
    found = both_ways(sampler(), ONE, (failing("mechanical", 0.6),), Stakes(mask_usd=1e6))
    assert [name for name, _ in found.causes] == ["mechanical/some"]
    assert found.causes[0][1] > 0.5
    assert found.late.respin_probability == pytest.approx(0.6, abs=0.01)
    assert found.early.respin_probability < 0.25


def test_256_samples_take_under_15_ms():
    plan_of(sampler(n=256), ONE, ())
    best = min(_timed() for _ in range(5))
    assert best < 0.015


def _timed() -> float:
    begin = time.perf_counter()
    plan_of(sampler(n=256), ONE, (failing("thermal", 0.1, 256),)).slopes()
    return time.perf_counter() - begin


def test_stacked_die_wait_for_each_other_and_bought_parts_are_ordered_early():
    build = replace(
        ONE, technology="si_interposer_cowos_s", die=(Die(name="top", node="n5"), Die(name="base", node="n6")),
        stacked=("top", "base"), bought=(("hbm", "memory_stack"), ("amplifier", "rf_die")),
    )  # fmt: skip
    plan = plan_of(sampler(), build, ())
    after = {work.id: work.after for work in plan.works}
    assert set(after["stacking"]) == {"wafers top", "wafers base"}
    assert "stacking" in after["joining"]
    assert (after["order 0"], after["order 1"]) == (("package_study",), ("package_study",))
    assert {"make_si_interposer", "make_organic_substrate"} <= set(after)
    late = {work.id: work.after for work in plan_of(sampler(), replace(build, engage="tape_out"), ()).works}
    assert set(late["order 0"]) == {"sign_off top", "sign_off base"}
    weeks = {work.id: float(np.median(work.weeks)) for work in plan.works}
    assert weeks["order 0"] == pytest.approx(26.0, rel=0.01)
    assert weeks["order 1"] == pytest.approx(16.0, rel=0.01)
    assert weeks["wafers top"] > weeks["wafers base"]


def test_10_000_samples_of_60_activities_take_under_300_ms():
    rng = np.random.default_rng(0)
    names = [f"a{k}" for k in range(60)]
    net = network([
        Activity(id=name, after=tuple(names[i] for i in sorted(rng.choice(k, min(k, 3), replace=False))))
        for k, name in enumerate(names)
    ])  # fmt: skip
    durations = {name: Duration(low=2.0, likely=4.0, high=9.0) for name in names}
    drawn = rng.standard_normal((60, 10_000))
    simulate(net, durations, drawn)
    taken = []
    for _ in range(3):
        begin = time.process_time()
        found = simulate(net, durations, drawn)
        assert found.criticality.shape == (60,)
        taken.append(time.process_time() - begin)
    assert min(taken) < 0.3
