"""packfirst reliability: mission of a candidate, failure rates, equivalent tests, sample plans; and bad input."""

import json
from pathlib import Path

import pytest

from packfirst.cli.app import run

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai_accelerator" / "program.yaml"
LEADER = "5a2ad98c2269a7f5"
MISSION = """
mission:
  segments:
    service: {time: 2 year, cold: 25 degC, hot: HOT degC, cycles: 50, dwell: 1 hour, powered: 0.5}
"""


@pytest.fixture
def stated(tmp_path):
    def write(hot):
        file = tmp_path / f"program_{hot}.yaml"
        file.write_text(
            EXAMPLE.read_text(encoding="utf-8") + MISSION.replace("HOT", str(hot)), encoding="utf-8"
        )
        return str(file)

    return write


def answered(capsys, *arguments):
    assert run(["reliability", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_failure_rate_of_77_parts_for_1000_hours(capsys):
    # JESD85: chi-square of 2 degrees at 60 % is 1.8326; Arrhenius 0.7 eV from 125 to 55 degC is 77.6
    found = answered(capsys, "fit", "--parts", "77", "--hours", "1000", "--stress", "125", "--use", "55")
    assert found["acceleration"] == pytest.approx(77.6, abs=0.1)
    assert found["upper_fit"] == pytest.approx(1e9 * 1.8326 / 2.0 / (77e3 * found["acceleration"]), rel=1e-4)


def test_burn_in_row_of_the_standard(capsys):
    # MIL-STD-883 method 1015: 240 h at 125 degC is 120 h at 150 degC
    assert answered(capsys, "burn-in", "--hours", "240", "--at", "150")["hours"] == pytest.approx(
        120.0, rel=1e-3
    )


def test_ltpd_10_takes_22_parts(capsys):
    found = answered(capsys, "sample", "--bad", "0.1")
    assert (found["binomial"], found["poisson"]) == (22.0, 24.0)  # 22 is the table's


def test_life_test_of_one_segment(capsys, stated):
    found = answered(capsys, "life-test", stated(55))
    # half of two years at 55 degC over the 77.6 of the first test
    assert found["hours"] == pytest.approx(8766.0 / 77.645, rel=1e-3)
    assert found["effective_degc"] == pytest.approx(55.0)


def test_mission_of_a_candidate(capsys, stated):
    # bumps in underfill are not assessed: 3, unless something is violated
    assert run(["reliability", "mission", stated(60), "--key", LEADER, "--json"]) == 3
    found = json.loads(capsys.readouterr().out)
    kinds = {row["limit"].split(" ")[0] for row in found["limits"]}
    assert {"mechanical/joint_life", "mechanical/joint_melt"} <= kinds


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["fit", "--parts", "0", "--hours", "1000", "--stress", "125", "--use", "55"], "neither may be zero"),
        (["sample", "--bad", "1.5"], "fraction between 0 and 1"),
        (["burn-in", "--hours", "-5", "--at", "150"], "hours must be positive"),
        (["life-test", str(EXAMPLE)], "states no mission"),
        (["mission", str(EXAMPLE), "--key", LEADER], "states no mission"),
    ],
)
def test_bad_input_is_one_line(capsys, arguments, says):
    assert run(["reliability", *arguments]) == 2
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1


def test_a_mission_hotter_than_the_joint_is_one_line(capsys, stated):
    assert run(["reliability", "mission", stated(230), "--key", LEADER]) == 2
    err = capsys.readouterr().err
    assert "the mission reaches 230 degC, but the joint melts from 217 degC" in err
    assert err.count("\n") == 1
