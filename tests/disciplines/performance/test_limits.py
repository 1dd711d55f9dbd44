"""Throughput and efficiency of whole packages: by hand at full clock, throttled, and where nothing can be said."""

from collections.abc import Mapping
from itertools import pairwise

import pytest

from packfirst.disciplines.case import Facts, Outcome
from packfirst.disciplines.electrical.limits import DISCIPLINE as ELECTRICAL
from packfirst.disciplines.performance.limits import DISCIPLINE
from packfirst.disciplines.thermal.limits import DISCIPLINE as THERMAL
from packfirst.levers import with_input
from packfirst.limit import Fact, Limit, NotAssessed
from packfirst.program import Program

from ...assessment.example import AIR, BESIDE, STACKED, assessed, case, catalog, program, scaled

BLOCKS = ("compute", "fabric", "hbm")


def cool(program_: Program, rise: float = 1.0, most: float = 100.0, scaling: float = 0.5) -> Facts:
    """Facts of a package with one junction in the mode that is sustained."""
    mode = program_.workload.mode
    values = {"rise": rise, "rise_limit": most, "scaling_rise": scaling}
    return Facts(
        [Fact(name=name, subject="compute", mode=mode, value=value) for name, value in values.items()]
    )


def ask(
    candidate=STACKED, program_: Program | None = None, facts: Facts | None = None, catalog_=None
) -> Outcome:
    asked = case(candidate, program_, catalog_)
    return DISCIPLINE.limits(asked, facts or cool(asked.program), "plan")


def solved(candidate, program_: Program) -> Outcome:
    """With the links and temperatures of the package itself."""
    asked = case(candidate, program_)
    facts = Facts(ELECTRICAL.limits(asked, Facts(), "plan").facts)
    return DISCIPLINE.limits(asked, facts.with_all(THERMAL.limits(asked, facts, "plan").facts), "plan")


def figures(outcome: Outcome) -> dict[str, float]:
    return {item.name: item.value for item in outcome.metrics}


def by_hand(program_: Program, *, clock: float = 1.0, links: Mapping[str, float] | None = None) -> float:
    """Operations per second when each kernel waits for its slowest resource, the kernels one after the other."""
    compute = program_.blocks["compute"].throughput.value * clock
    stack = catalog().record("part", program_.bought["hbm"].part)
    carried = {name: link.bandwidth.value for name, link in program_.links.items()} | dict(links or {})
    memory = min(stack["bandwidth"] * program_.bought["hbm"].count, carried["fabric_hbm"])
    seconds = 0.0
    for kernel in program_.workload.kernels.values():
        waits = [1.0 / compute, kernel.memory.value / memory]
        waits += [traffic.value / carried[name] for name, traffic in kernel.links.items()]
        seconds += kernel.share * max(waits)
    return 1.0 / seconds


def test_throughput_at_full_clock_by_hand() -> None:
    assert figures(ask())["throughput"] == pytest.approx(by_hand(program()), rel=1e-12)
    assert assessed(STACKED).outcomes["performance"].details["clock"] == 1.0
    assert assessed(STACKED).metrics["throughput"].value == pytest.approx(by_hand(program()), rel=1e-9)


def test_efficiency_is_throughput_over_all_power() -> None:
    found = assessed(STACKED)
    table = found.outcomes["thermal"].details["die"]
    watts = sum(item[2] for item in table if item[1] == program().workload.mode)
    assert found.metrics["efficiency"].value == pytest.approx(
        found.metrics["throughput"].value / watts, rel=1e-9
    )


def test_a_link_that_carries_less_holds_the_work_up() -> None:
    slow = 0.05 * program().links["compute_fabric"].bandwidth.value
    facts = cool(program()).with_all([Fact(name="link_bandwidth", subject="compute_fabric", value=slow)])
    found = figures(ask(facts=facts))["throughput"]
    assert found == pytest.approx(by_hand(program(), links={"compute_fabric": slow}), rel=1e-12)
    assert found < by_hand(program())


def test_memory_is_the_slower_of_its_stacks_and_their_link() -> None:
    for factor in (0.3, 3.0):
        name = "program/links.fabric_hbm.bandwidth"
        other = program().with_value(name, factor * program().input(name).value)
        assert figures(ask(STACKED, other))["throughput"] == pytest.approx(by_hand(other), rel=1e-12)


def test_laminate_carries_a_share_of_the_memory_traffic_and_works_that_much_slower() -> None:
    rows = {row[0]: row[-1] for row in assessed(BESIDE).outcomes["electrical"].details["links"]}
    assert rows["fabric_hbm"] < 0.5
    carried = {name: rows[name] * link.bandwidth.value for name, link in program().links.items()}
    assert assessed(BESIDE).metrics["throughput"].value == pytest.approx(
        by_hand(program(), links=carried), rel=1e-9
    )


def test_a_clock_that_heat_holds_back_by_hand() -> None:
    """Half of the scaling rise is too much: power falls to a half, the clock by the exponent's root."""
    exponent = catalog().input("catalog/rule/clock/power_exponent").value
    found = ask(facts=cool(program(), rise=80.0, most=60.0, scaling=40.0))
    assert found.details["clock"] == pytest.approx(0.5 ** (1.0 / exponent))
    assert figures(found)["throughput"] == pytest.approx(by_hand(program(), clock=found.details["clock"]))
    power = program().modes["sustained"].power
    left = 0.5 * power["compute"].value + power["fabric"].value + power["hbm"].value
    assert found.details["power_w"] == pytest.approx(left)


def test_the_tightest_junction_sets_the_clock() -> None:
    facts = cool(program(), rise=80.0, most=60.0, scaling=40.0)
    mode = program().workload.mode
    other = {"rise": 80.0, "rise_limit": 50.0, "scaling_rise": 40.0}
    both = facts.with_all([Fact(name=k, subject="hbm", mode=mode, value=v) for k, v in other.items()])
    exponent = catalog().input("catalog/rule/clock/power_exponent").value
    assert ask(facts=both).details["clock"] == pytest.approx(0.25 ** (1.0 / exponent))


def test_more_power_throttles_ever_more() -> None:
    steps = [solved(AIR, scaled(program(), factor, *BLOCKS)) for factor in (0.5, 1.3, 1.6, 1.9)]
    clocks = [item.details["clock"] for item in steps]
    assert clocks[0] == 1.0
    assert all(0.0 < later < earlier for earlier, later in pairwise(clocks))
    found = [figures(item)["throughput"] for item in steps]
    assert found == sorted(found, reverse=True)
    assert found[-1] < found[0]


def test_at_the_throttled_clock_the_junction_is_at_its_limit() -> None:
    """The power that is left, put in as the block's power, heats the tightest junction to its maximum."""
    hot = scaled(program(), 1.6, *BLOCKS).with_value("program/supply_voltage", 1.9)
    before = solved(AIR, hot)
    exponent = catalog().input("catalog/rule/clock/power_exponent").value
    left = before.details["clock"] ** exponent
    power = hot.modes["sustained"].power["compute"]
    asked = case(AIR, hot.with_value(power.id, left * power.value))
    facts = Facts(ELECTRICAL.limits(asked, Facts(), "plan").facts)
    limits = [item for item in THERMAL.limits(asked, facts, "plan").limits if isinstance(item, Limit)]
    tightest = min(
        item.margin
        for item in limits
        if item.identity.mode == "sustained" and item.identity.kind == "junction"
    )
    assert 0.0 < left < 1.0
    assert tightest == pytest.approx(0.0, abs=0.02)  # adjoints of the plan are good to 1e-4 of the rise


def test_too_hot_without_the_work_is_not_assessed() -> None:
    """The rise that no clock takes away is beyond the limit: no capacity is left, and no number is made up."""
    found = ask(facts=cool(program(), rise=90.0, most=60.0, scaling=10.0))
    (absent,) = found.limits
    assert isinstance(absent, NotAssessed)
    assert absent.missing == ("a capacity above zero of compute",)
    assert not found.metrics


def test_a_link_that_carries_nothing_is_not_assessed() -> None:
    facts = cool(program()).with_all([Fact(name="link_bandwidth", subject="fabric_fabric", value=0.0)])
    (absent,) = ask(facts=facts).limits
    assert isinstance(absent, NotAssessed)
    assert "fabric_fabric" in absent.missing[0]


def test_without_a_workload_or_temperatures_it_says_what_is_missing() -> None:
    idle = program().model_copy(update={"workload": None})
    (absent,) = DISCIPLINE.limits(case(STACKED, idle), Facts(), "plan").limits
    assert absent.missing == ("program/workload",)
    (absent,) = DISCIPLINE.limits(case(STACKED), Facts(), "plan").limits
    assert absent.missing == ("temperatures of the sustained mode",)


def only_memory(program_: Program, byte_per_op: float) -> Program:
    """The same workload, every kernel bound by memory and by nothing else."""
    kernels = {}
    for name, kernel in program_.workload.kernels.items():
        from dataclasses import replace

        kernels[name] = kernel.model_copy(
            update={"memory": replace(kernel.memory, value=byte_per_op), "links": {}}
        )
    return program_.model_copy(update={"workload": program_.workload.model_copy(update={"kernels": kernels})})


def test_a_finer_node_gains_nothing_where_memory_binds_everything() -> None:
    gained = ask(STACKED, only_memory(program(), 1.0)).details["node_gain"]
    assert gained["faster"] == pytest.approx(0.0, abs=1e-12)
    assert gained["more_units"] == pytest.approx(0.0, abs=1e-12)


def test_a_finer_node_gains_all_where_compute_binds_everything() -> None:
    gained = ask(STACKED, only_memory(program(), 1e-6)).details["node_gain"]
    here, there = (catalog().record("node", name) for name in ("n5", gained["node"]))
    assert gained["faster"] == pytest.approx(there["speed_at_iso_power"] / here["speed_at_iso_power"] - 1.0)


def test_the_example_gains_less_from_a_node_than_its_clock() -> None:
    gained = assessed(STACKED).outcomes["performance"].details["node_gain"]
    here, there = (catalog().record("node", name) for name in ("n5", gained["node"]))
    whole = there["speed_at_iso_power"] / here["speed_at_iso_power"] - 1.0
    assert 0.0 < gained["faster"] < whole


def test_a_demand_is_a_hard_limit_and_none_is_no_limit_that_binds() -> None:
    (item,) = ask().limits
    assert item.hard
    assert item.demand == program().needs.throughput.value
    assert item.sensitivities["program/needs.throughput"] == -1.0
    free = program().model_copy(update={"needs": program().needs.model_copy(update={"throughput": None})})
    (item,) = ask(STACKED, free).limits
    assert not item.hard
    assert item.demand == 0.0


@pytest.mark.parametrize(
    "name",
    [
        "program/blocks.compute.throughput", "catalog/part/hbm3_12h/bandwidth", "program/links.fabric_hbm.bandwidth",
        "program/workload.kernels.decode.memory", "program/workload.kernels.attention.memory",
        "program/workload.kernels.prefill.links.compute_fabric", "program/modes.sustained.power.fabric",
        "program/accuracy.power",
    ],
)  # fmt: skip
def test_slopes_are_those_of_asking_again(name: str) -> None:
    # Memory at 4 TB/s a link, so that no two roofs are tied.
    base = program().with_value("program/links.fabric_hbm.bandwidth", 4e12)
    item = base.input(name) if name.startswith("program/") else catalog().input(name)
    step = 1e-5 * item.value
    high, low = (
        ask(STACKED, *with_input(base, catalog(), name, item.value + sign * step)[:1], None, with_input(
            base, catalog(), name, item.value + sign * step
        )[1])
        for sign in (1.0, -1.0)
    )  # fmt: skip
    for metric in ask(STACKED, base).metrics:
        found = (figures(high)[metric.name] - figures(low)[metric.name]) / (2.0 * step)
        scale = 1e-9 * metric.value / item.value
        assert metric.sensitivities.get(name, 0.0) == pytest.approx(found, rel=1e-4, abs=scale), metric.name
