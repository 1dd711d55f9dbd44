"""packfirst warpage: a candidate's bow, its levers, its surface; and bad input."""

import csv
import json
from pathlib import Path

import pytest

from packfirst.architecture.candidate import space
from packfirst.cli.app import run
from packfirst.cli.files import read

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai_accelerator" / "program.yaml"
LEADER = "5a2ad98c2269a7f5"


def test_figures_and_surface(capsys, tmp_path):
    target = tmp_path / "bow.csv"
    assert run(["warpage", str(EXAMPLE), "--key", LEADER, "--map", str(target), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    rows = {row["limit"]: row for row in found["limits"]}
    room = rows["mechanical/warpage of package in room"]
    assert 0.0 < room["demand"] < room["capacity"] == 200.0
    with target.open() as text:
        points = list(csv.DictReader(text))
    heights = [float(row["room_um"]) for row in points]
    # the surface reaches to the edge of the body, a little beyond the outermost terminal
    assert room["demand"] <= max(heights) - min(heights) < 1.15 * room["demand"]
    assert len(points) == 625


def test_table_for_people(capsys):
    assert run(["warpage", str(EXAMPLE), "--key", LEADER]) == 0
    assert "the terminals bow by" in capsys.readouterr().out


def test_a_large_bare_body_is_rejected_with_its_lever(capsys, tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8")
    text = text.replace(
        "carriers: [organic_mcm, bridge_emib, si_interposer_cowos_s]", "carriers: [fcbga_bare]"
    )
    text = text.replace("[tim1_gel, tim1_graphite_film, tim1_indium]", "[tim1_pcm]")
    program = tmp_path / "program.yaml"
    program.write_text(text, encoding="utf-8")
    every = space(*read(program, ()))
    key = next(c.key for c in map(every.candidate, range(len(every))) if not c.partition.stacked)
    assert run(["warpage", str(program), "--key", key]) == 1
    out = capsys.readouterr().out
    assert "violated" in out
    assert "lever: catalog/technology/fcbga_bare/thickness_core" in out


def test_a_recalled_row_warns_and_rejects_nothing(capsys):
    run(["warpage", str(EXAMPLE), "--key", LEADER, "--json"])
    rows = {row["limit"]: row for row in json.loads(capsys.readouterr().out)["limits"]}
    room, reflow = (rows[f"mechanical/warpage of package in {when}"] for when in ("room", "reflow"))
    assert (room["hard"], reflow["hard"]) == (False, True)
    assert "recalled, not read" in room["flags"][-1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--key", "nothing"], "has no candidate"),
        (["--key", LEADER, "--rung", "screen"], "write plan or sign"),
        (["--key", LEADER, "--map", "bow.png"], "must end in .csv"),
    ],
)
def test_bad_input_is_one_line(capsys, arguments, says):
    assert run(["warpage", str(EXAMPLE), *arguments]) == 2
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1
