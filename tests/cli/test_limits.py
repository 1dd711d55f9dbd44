"""`packfirst limits` and `packfirst check`: the Envelope of a study, two doors kept open, a gate that closes."""

import io
import json
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import yaml
from tests.cli.small_study import PROGRAM, finished

from packfirst.cli.app import run


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A study folder, and its keys by count of base die and carrier."""
    folder = tmp_path_factory.mktemp("study")
    return folder, finished(folder)


@pytest.fixture(scope="module")
def leader(study):
    """The leader's Envelope, by the command, and what it said."""
    folder, _ = study
    said = io.StringIO()
    with redirect_stdout(said):
        assert run(["limits", str(folder)]) == 0
    return folder / "envelope.yaml", said.getvalue()


def test_limits_writes_an_envelope_and_says_each_die_and_the_door(study, leader):
    keys, (file, said) = study[1], leader
    for die in ("base: 1 of", "core: 1 of", "hbm: 1 of"):
        assert die in said
    assert re.search(r"each at most busy [0-9.]+ W; W/mm2: [0-9.]+ over 0\.1 mm2", said)
    assert re.search(
        rf"door {keys[1, 'bridge_emib']}: .*closes \d+ weeks \(\d+ to \d+\) before parts are due", said
    )
    assert file.read_text(encoding="utf-8").startswith("# What the package asks of its die.")


def test_keep_takes_the_narrower_of_both_and_says_what_each_door_costs(study, leader, capsys):
    folder, keys = study
    bridge, interposer = keys[1, "bridge_emib"], keys[1, "si_interposer_cowos_s"]
    out = folder / "both.yaml"
    assert run(["limits", str(folder), "--keep", f"{bridge},{interposer}", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    for key in (bridge, interposer):
        assert re.search(rf"door {key}: [0-9,]+ USD a part, \w+; closes \d+ weeks", said)
    assert re.search(r"core alone: (keeping both takes [0-9.e-]+ W of [0-9.]+ W in busy|the same)", said)
    assert re.search(
        r"  (\w+) closes first, \d+ weeks before (?!\1)\w+; the die stay the same until then\.", said
    )
    assert re.search(r"  (\w+) costs \d+ USD a part more than (?!\1)\w+\.", said)
    both, alone = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in (out, leader[0]))
    assert both["key"] == f"{bridge}+{interposer}"
    for name, die in both["die"].items():
        mine = alone["die"][name]
        for field, unit, sign in (("area_at_least", "mm2", -1.0), ("area_at_most", "mm2", 1.0)):
            assert sign * number(die[field], unit) <= sign * number(mine[field], unit)
        assert number(die["power_at_most"]["busy"], "W") <= number(mine["power_at_most"]["busy"], "W")


def number(text: str, unit: str) -> float:
    value, _, found = text.partition(" ")
    assert found == unit
    return float(value)


def test_keep_of_packages_of_other_die_is_one_clear_line(study, capsys):
    folder, keys = study
    other = f"{keys[1, 'bridge_emib']},{keys[2, 'bridge_emib']}"
    assert run(["limits", str(folder), "--keep", other]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("packfirst: --keep: the packages have other die: 1 base (n6)")
    assert "2 base (n6)" in line


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--keep", "one"], "write two keys"), (["--keep", "a,a"], "write two keys"),
        (["--key", "0123"], "has no candidate '0123'"),
    ],
)  # fmt: skip
def test_wrong_keys_are_one_clear_line(study, capsys, arguments, says):
    assert run(["limits", str(study[0]), *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line


def test_a_folder_whose_program_changed_is_refused(study, tmp_path, capsys):
    for file in study[0].iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "program.yaml").write_text(PROGRAM.replace("90 W", "95 W"), encoding="utf-8")
    assert run(["limits", str(tmp_path)]) == 2
    assert "the Program is not the one that this study was made from" in capsys.readouterr().err
    (tmp_path / "program.yaml").unlink()
    assert run(["limits", str(tmp_path)]) == 2
    assert "explore keeps the Program here" in capsys.readouterr().err
    assert run(["limits", str(tmp_path / "none")]) == 2
    assert "no study here" in capsys.readouterr().err


def most_of(leader: tuple[Path, str], die: str) -> float:
    die_file = yaml.safe_load(leader[0].read_text(encoding="utf-8"))["die"][die]
    return number(die_file["power_at_most"]["busy"], "W")


def held(tmp_path: Path, leader: tuple[Path, str], text: str, *arguments: str) -> int:
    file = tmp_path / "core.yaml"
    file.write_text(f"format: packfirst-die-1\n{text}", encoding="utf-8")
    return run(["check", str(leader[0]), str(file), *arguments])


def test_check_passes_a_die_that_holds(leader, tmp_path, capsys):
    assert held(tmp_path, leader, "die: core\npower: {busy: 90 W}\n") == 0
    assert capsys.readouterr().out == (
        f"holds core: power per die in busy: 90 W, limit {most_of(leader, 'core'):.4g} W\n"
        "1 figures, 0 outside their window\n"
    )


def test_check_fails_twenty_per_cent_too_much_by_name(leader, tmp_path, capsys):
    most = most_of(leader, "core")
    assert held(tmp_path, leader, f"die: core\npower: {{busy: {1.2 * most} W}}\n") == 1
    line = capsys.readouterr().out.splitlines()[0]
    assert line == (
        f"FAILS core: power per die in busy: {1.2 * most:.4g} W, limit {most:.4g} W; "
        f"take {0.2 * most:.3g} W off core in busy: the core die would be too hot"
    )


def test_check_in_json(leader, tmp_path, capsys):
    assert held(tmp_path, leader, "die: core\npower: {busy: 9000 W}\npitch: 500 um\n", "--json") == 1
    findings = json.loads(capsys.readouterr().out)
    assert [item["holds"] for item in findings] == [True, False]


@pytest.mark.parametrize(
    "text",
    ["die: cora\n", "die: core\npower: {idle: 1 W}\n", "die: core\nenvelope: other\n", "die: [core]\n"],
)
def test_check_refuses_what_is_not_a_snapshot_of_this(leader, tmp_path, capsys, text):
    assert held(tmp_path, leader, text) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_check_without_its_envelope(tmp_path, capsys):
    assert held(tmp_path, (tmp_path / "none.yaml", ""), "die: core\n") == 2
    assert "cannot be read" in capsys.readouterr().err
