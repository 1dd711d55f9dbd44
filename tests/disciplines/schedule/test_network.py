"""Networks: printed dates, cycles, and the laws of slack."""

import tomllib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.disciplines.schedule.durations import Duration
from packfirst.disciplines.schedule.network import Activity, BadNetwork, critical_path, network, passes

PRINTED = tomllib.loads((Path(__file__).parents[2] / "references/schedule/networks.toml").read_text("utf-8"))


def printed(name: str):
    """Network and mean weeks of a printed example, by activity."""
    rows = PRINTED[name]["activities"]
    net = network([Activity(id=row[0], after=tuple(row[-1])) for row in rows])
    mean = {row[0]: Duration(low=row[1], likely=row[2], high=row[3]).mean_weeks for row in rows}
    return net, np.array([mean[item] for item in net.ids]), mean


def test_the_reliable_construction_project_takes_44_weeks():
    net, weeks, mean = printed("reliable")
    table = PRINTED["reliable"]
    assert [mean[row[0]] for row in table["activities"]] == pytest.approx(table["mean"])
    assert critical_path(net, weeks) == tuple(table["critical_path"])
    found = passes(net, weeks)
    assert found.finish == pytest.approx(table["weeks"])
    for path, length in table["paths"].items():
        assert sum(mean[item] for item in path) == pytest.approx(length)
        slack = min(found.slack[net.index(item)] for item in path)
        assert slack <= table["weeks"] - length + 1e-9


def test_dates_as_printed_in_a_solved_exercise():
    net, weeks, _ = printed("solved")
    found = passes(net, weeks)
    for name, dates in PRINTED["solved"]["dates"].items():
        at = net.index(name)
        values = (found.early_start, found.early_finish, found.late_start, found.late_finish, found.slack)
        assert [value[at] for value in values] == pytest.approx(
            dates, abs=PRINTED["solved"]["half_last_digit"]
        ), name


def test_dates_as_printed_by_taylor():
    table = PRINTED["taylor"]
    net = network([Activity(id=name, after=tuple(after.split())) for name, _, after in table["activities"]])
    weeks = {name: duration for name, duration, _ in table["activities"]}
    found = passes(net, [weeks[item] for item in net.ids])
    for (name, _, _), dates in zip(table["activities"], table["dates"], strict=True):
        at = net.index(name)
        values = (found.early_start, found.early_finish, found.late_start, found.late_finish, found.slack)
        assert [value[at] for value in values] == dates, name
    assert list(critical_path(net, [weeks[item] for item in net.ids])) == table["critical_path"]


@st.composite
def networks(draw):
    n = draw(st.integers(1, 9))
    after = [draw(st.sets(st.integers(0, i - 1), max_size=3)) if i else set() for i in range(n)]
    order = draw(st.permutations(range(n)))
    items = [Activity(id=f"a{i}", after=tuple(f"a{j}" for j in sorted(after[i]))) for i in order]
    return network(items), draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))


def longest_by_hand(net, weeks) -> float:
    def until(index: int) -> float:
        return weeks[index] + max((until(one) for one in net.before[index]), default=0.0)

    return max(until(index) for index in range(len(net.ids)))


@given(networks())
def test_the_laws_of_slack(case):
    net, weeks = case
    weeks = np.array(weeks, dtype=float)
    found = passes(net, weeks)
    assert found.finish == longest_by_hand(net, weeks)
    assert np.all(found.slack >= 0.0)
    assert np.any(found.slack == 0.0)
    path = [net.index(item) for item in critical_path(net, weeks)]
    assert sum(weeks[path]) == found.finish
    assert np.all(found.slack[path] == 0.0)
    for index in range(len(weeks)):  # slack is what may be added before the finish moves, and no more
        longer = weeks.copy()
        longer[index] += found.slack[index]
        assert longest_by_hand(net, longer) == found.finish
        longer[index] += 1.0
        assert longest_by_hand(net, longer) == found.finish + 1.0


@given(networks())
def test_samples_side_by_side_are_samples_one_by_one(case):
    net, weeks = case
    many = np.column_stack([weeks, np.array(weeks)[::-1], np.ones(len(weeks))])
    together = passes(net, many)
    for column in range(3):
        alone = passes(net, many[:, column])
        assert np.array_equal(together.slack[:, column], alone.slack)
        assert together.finish[column] == alone.finish


@pytest.mark.parametrize(
    ("activities", "message"),
    [
        ([], "no activities"),
        ([Activity(id="a"), Activity(id="a")], "'a' appears twice"),
        ([Activity(id="tape_out"), Activity(id="wafers", after=("tapeout",))], "did you mean 'tape_out'"),
        (
            [Activity(id="a", after=("c",)), Activity(id="b", after=("a",)), Activity(id="c", after=("b",))],
            "a -> b -> c -> a",
        ),
        ([Activity(id="a", after=("a",))], "a -> a"),
    ],
)
def test_what_is_no_network_gets_one_line(activities, message):
    with pytest.raises(BadNetwork, match=message) as caught:
        network(activities)
    assert "\n" not in str(caught.value)


def test_a_cycle_is_written_in_the_order_of_work():
    items = [Activity(id=x, after=(y,)) for x, y in zip("abc", "cab", strict=True)]
    with pytest.raises(BadNetwork) as caught:
        network([Activity(id="start"), *items])
    names = str(caught.value).split(": ")[1].split(" -> ")
    after = {item.id: item.after for item in items}
    assert names[0] == names[-1]
    assert all(first in after[second] for first, second in pairwise(names))


def test_a_negative_duration_names_its_activity():
    net = network([Activity(id="a"), Activity(id="b", after=("a",))])
    with pytest.raises(BadNetwork, match="'b' has a duration that is negative"):
        passes(net, [1.0, -1.0])
    with pytest.raises(BadNetwork, match="not finite"):
        passes(net, [1.0, np.inf])
