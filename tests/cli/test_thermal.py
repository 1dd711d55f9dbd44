"""packfirst thermal: tables, maps and volumes of HotSpot folders, 3D-ICE stacks and candidates; and bad input."""

import csv
import json
import shutil
import struct
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from packfirst.architecture.candidate import space
from packfirst.cli.app import run
from packfirst.cli.files import read

THERMAL = Path(__file__).parents[1] / "references" / "thermal"
EV6, STACK = THERMAL / "hotspot_ev6_2d", THERMAL / "hotspot_stack3d"
ICE = THERMAL / "ice" / "two_die_25d.stk"
SMALL = Path(__file__).parents[1] / "explore" / "small.yaml"


def solved(capsys, *arguments):
    assert run(["thermal", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def printed_blocks(name, layer=""):
    with (THERMAL / name).open() as text:
        rows = list(csv.DictReader(text))
    return {
        row["node"].removeprefix(layer): float(row["T_K_grid64"])
        for row in rows
        if row["node"].startswith(layer)
    }


def test_hotspots_own_network_prints_what_hotspot_prints(capsys):
    found = solved(capsys, EV6, "--as-hotspot")
    printed = printed_blocks("hotspot_ev6_2d/reference_blocks.csv")
    assert len(found["blocks"]) == 30
    for row in found["blocks"]:
        assert row["mean_degc"] + 273.15 == pytest.approx(printed[row["block"]], abs=0.01)
    assert found["power_w"] == pytest.approx(40.2073, abs=5e-5)
    assert found["balance"] < 1e-9


def test_powered_layers_of_a_stack_each_have_their_blocks(capsys):
    found = solved(capsys, STACK, "--as-hotspot")
    for layer in ("layer_0", "layer_2"):
        printed = printed_blocks("hotspot_stack3d/reference_blocks_detailed3D_off.csv", f"{layer}_")
        rows = {row["block"]: row["mean_degc"] + 273.15 for row in found["blocks"] if row["layer"] == layer}
        assert rows == pytest.approx(printed, abs=0.01)
    assert {row["layer"] for row in found["blocks"]} == {"layer_0", "layer_2"}


def test_true_geometry_is_hotter_than_the_lumped_network(capsys):
    """HotSpot lets heat leave the die's shadow only through its rim: resolved, the hot spot constricts more."""
    lumped, true = solved(capsys, EV6, "--as-hotspot"), solved(capsys, EV6)
    assert true["power_w"] == pytest.approx(lumped["power_w"])
    assert 3.0 < true["max_degc"] - lumped["max_degc"] < 6.0
    assert true["balance"] < 1e-7
    assert true["residual"] < 1e-7


def test_grid_is_taken_from_the_option(capsys):
    assert solved(capsys, EV6, "--as-hotspot", "--grid", 20)["cells"] == [20, 20, 4]
    assert solved(capsys, ICE, "--grid", 10)["cells"] == [10, 10, 5]
    assert solved(capsys, ICE)["cells"] == [100, 100, 5]


def test_stack_of_3d_ice_from_the_top_down(capsys):
    found = solved(capsys, ICE, "--grid", 20)
    assert [(row["layer"], row["block"], row["power_w"]) for row in found["blocks"]] == [
        ("TOP", "CORE", 40.0),
        ("TOP", "CACHE", 8.0),
        ("BASE", "IO", 5.0),
    ]
    # all 53 W leave through a film of 1e5 W/m2K over 1 cm2: the mean surface is 5.3 K above 300 K
    assert all(row["mean_degc"] > 300.0 - 273.15 + 5.0 * 0.4 for row in found["blocks"])


def test_table_says_units_and_proof(capsys):
    assert run(["thermal", str(ICE), "--grid", "20"]) == 0
    out = capsys.readouterr().out
    assert "mean degC" in out
    assert "heat balance" in out
    assert "CACHE" in out


def test_map_as_csv_has_coordinates_and_the_hottest_cell(capsys, tmp_path):
    path = tmp_path / "map.csv"
    found = solved(capsys, EV6, "--as-hotspot", "--map", path)
    rows = list(csv.reader(path.read_text().splitlines()))
    values = np.array([[float(cell) for cell in row[1:]] for row in rows[1:]])
    assert values.shape == (64, 64)
    assert values.max() == pytest.approx(found["max_degc"], abs=1e-3)
    down = [float(row[0]) for row in rows[1:]]
    assert down == sorted(down, reverse=True)
    assert float(rows[0][1]) == pytest.approx(0.125)  # mm, the first of 64 cells on 16 mm
    printed = np.loadtxt(EV6 / "reference_silicon_grid64_row0_top.csv", delimiter=",")
    assert np.abs(values + 273.15 - printed).max() < 0.01


def test_map_as_png_is_true_to_scale(capsys, tmp_path):
    path = tmp_path / "map.png"
    assert run(["thermal", str(THERMAL / "ice" / "both_sides.stk"), "--map", str(path)]) == 0
    assert "Map: " in capsys.readouterr().out
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    columns, rows = struct.unpack(">II", data[16:24])
    assert rows / (columns - 40) == pytest.approx(
        6 / 8, abs=0.01
    )  # an 8 x 6 mm chip; 40 columns hold the scale


def test_volume_for_paraview(capsys, tmp_path):
    path = tmp_path / "field.vtr"
    found = solved(capsys, ICE, "--grid", 12, "--volume", path)
    root = ElementTree.parse(path).getroot()
    assert root[0].attrib["WholeExtent"] == "0 12 0 12 0 5"
    assert found["cells"] == [12, 12, 5]
    names = [item.attrib["Name"] for item in root[0][0].find("CellData")]
    assert names == ["temperature_degC", "vtkGhostType"]


def test_candidate_of_a_program(capsys, tmp_path):
    program, catalog = read(SMALL, ())
    key = space(program, catalog).candidate(0).key
    path = tmp_path / "map.png"
    found = solved(capsys, SMALL, "--key", key, "--map", path)
    assert {row["mode"] for row in found["blocks"]} == set(program.modes)
    assert found["max_degc"] >= max(row["max_degc"] for row in found["blocks"]) - 1e-6
    assert path.stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], "is no file or folder"),
        ([EV6, "--key", "x"], "--key means nothing for a HotSpot folder"),
        ([ICE, "--as-hotspot"], "--as-hotspot means nothing for a 3D-ICE stack"),
        ([SMALL], "needs --key"),
        ([SMALL, "--key", "nobody"], "has no candidate 'nobody'"),
        ([SMALL, "--key", "x", "--grid", "8"], "--grid means nothing for a Program"),
        ([SMALL, "--key", "x", "--rung", "fine"], "unknown rung 'fine'"),
        ([ICE, "--map", "map.jpg"], "must end in .csv or .png"),
        ([ICE, "--volume", "field.vtk"], "must end in .vtr or .vti"),
        ([ICE, "--grid", "8", "--volume", "/nowhere/field.vtr"], "cannot be written"),
        ([ICE, "--grid", "8", "--map", "/nowhere/map.png"], "cannot be written"),
        ([THERMAL], "holds no .config file"),
    ],
)
def test_bad_input_is_one_clear_line(capsys, arguments, says):
    assert run(["thermal", *map(str, arguments)]) == 2
    heard = capsys.readouterr()
    assert says in heard.err.splitlines()[0]
    assert "Traceback" not in heard.err


def test_uneven_cells_are_no_image(capsys, tmp_path):
    assert run(["thermal", str(ICE), "--grid", "8", "--volume", str(tmp_path / "field.vti")]) == 2
    assert "write .vtr" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_faults_of_a_folder_come_out_line_by_line(capsys, tmp_path):
    folder = Path(shutil.copytree(EV6, tmp_path / "chip"))
    for file, old, new in (("gcc.ptrace", "1.44\t7.37", "NaN\t7.37"), ("ev6.flp", "L2\t0.016", "L2\t-0.016")):
        text = (folder / file).read_text()
        (folder / file).write_text(text.replace(old, new, 1))
    assert run(["thermal", str(folder)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["packfirst"] * len(lines)
    assert any("gcc.ptrace:2: L2_left: NaN" in line for line in lines)
    assert any("ev6.flp:" in line and "L2.width: -0.016" in line for line in lines)


def test_network_without_overhang_is_refused_and_the_geometry_is_not(capsys, tmp_path):
    folder = Path(shutil.copytree(EV6, tmp_path / "chip"))
    path = folder / "example.config"
    text = path.read_text()
    assert text.count("-s_spreader			0.03") == 1
    path.write_text(text.replace("-s_spreader			0.03", "-s_spreader 0.016"))
    assert run(["thermal", str(folder), "--as-hotspot", "--grid", "16"]) == 2
    assert "needs a spreader larger than the die" in capsys.readouterr().err
    assert solved(capsys, folder, "--grid", 16)["power_w"] == pytest.approx(40.2073, abs=5e-5)


@cache
def key_of_a_stack():
    """A candidate of the small Program with memory beside on an interposer."""
    found, catalog = read(SMALL, ())
    every = space(found, catalog)
    for number in range(len(every)):
        candidate = every.candidate(number)
        if candidate.carrier == "si_interposer_cowos_s" and not candidate.stack:
            return candidate.key
    raise AssertionError("the small program has no such candidate")


def test_jedec_metrics_of_a_candidate_are_matrices(capsys):
    found = solved(capsys, SMALL, "--key", key_of_a_stack(), "--jedec")
    n = len(found["die"])
    assert n >= 3 and found["air_m_per_s"] == [0.0, 1.0, 2.0]
    theta = np.array(found["theta_ja_k_per_w"])
    assert theta.shape == (3, n, n)
    assert (theta > 0.0).all()
    assert (np.diagonal(theta, axis1=1, axis2=2)[:, :, None] >= theta * (1.0 - 1e-3)).all()
    assert (np.diff(theta, axis=0) < 0.0).all()  # faster air, cooler
    assert (np.diag(np.array(found["theta_jc_k_per_w"])) < np.diag(theta[0])).all()


def test_structure_function_of_a_die(capsys):
    table = solved(capsys, SMALL, "--key", key_of_a_stack())["blocks"]
    die = next(row["layer"] for row in table if row["layer"].startswith("core"))
    found = solved(capsys, SMALL, "--key", key_of_a_stack(), "--structure", die)
    resistance, capacity = (np.array(found[name]) for name in ("resistance_k_per_w", "capacity_j_per_k"))
    assert (np.diff(resistance) >= 0.0).all() and (np.diff(capacity) >= 0.0).all()
    assert resistance[-1] == pytest.approx(found["zth_k_per_w"][-1], rel=0.01)
    # the die's own silicon stores rho c V: its 10 um of circuits come first, all of it before a tenth of the way
    assert run(["thermal", str(SMALL), "--key", key_of_a_stack(), "--structure", "nobody"]) == 2
    assert "no die 'nobody'" in capsys.readouterr().err


def test_pulses_of_a_candidate_have_a_peak_and_a_swing(capsys, tmp_path):
    path = tmp_path / "pulses.csv"
    path.write_text("time_s,core\n0,90\n0.02,0\n0.04,90\n0.06,\n")
    found = solved(capsys, SMALL, "--key", key_of_a_stack(), "--trace", path)
    rows = {row["name"]: row for row in found["blocks"]}
    core = next(row for name, row in rows.items() if name.startswith("core"))
    assert core["peak_degc"] > core["start_degc"]
    assert core["swing_k"] > 5.0 * max(row["swing_k"] for row in rows.values() if row is not core)
    assert found["imbalance"] < 1e-6
    assert found["time_s"][-1] == pytest.approx(0.06)
    assert len(found["hottest_degc"]) == found["steps"] + 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("time_s,nobody\n0,1\n1,\n", "power outside any die: no die or kind of die 'nobody'"),
        ("time_s,core\n0,1\n1\n2,\n", "ragged: 0 powers for 1 names"),
        ("time_s,core\n0,nan\n1,\n", "'nan' is not a finite number"),
    ],
)
def test_a_bad_trace_is_one_clear_line(capsys, tmp_path, text, says):
    path = tmp_path / "trace.csv"
    path.write_text(text)
    assert run(["thermal", str(SMALL), "--key", key_of_a_stack(), "--trace", str(path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line and str(path) in line


def test_hotspots_trace_settles_to_what_its_steady_solve_says(capsys, tmp_path):
    """A trace that repeats its own mean stays where the steady solve is."""
    folder = Path(shutil.copytree(EV6, tmp_path / "chip"))
    lines = (folder / "gcc.ptrace").read_text().splitlines()
    values = np.array([[float(word) for word in line.split()] for line in lines[1:] if line.split()])
    even = "\t".join(f"{value:.9g}" for value in values.mean(axis=0))
    (folder / "gcc.ptrace").write_text("\n".join([lines[0], even, even]) + "\n")
    steady = {row["block"]: row["max_degc"] for row in solved(capsys, folder, "--grid", "16")["blocks"]}
    marched = solved(capsys, folder, "--grid", "16", "--transient")
    for row in marched["blocks"]:
        assert row["peak_degc"] == pytest.approx(steady[row["name"]], abs=0.02)
        assert row["swing_k"] < 0.02
    assert marched["time_s"][-1] == pytest.approx(0.02)


def test_a_transient_stack_of_3d_ice_warms_from_its_initial_temperature(capsys, tmp_path):
    folder = Path(shutil.copytree(ICE.parent, tmp_path / "ice"))
    stack = folder / ICE.name
    stack.write_text(stack.read_text().replace("steady ;", "transient step 0.01, slot 20 ;"))
    found = solved(capsys, stack, "--grid", "10", "--transient")
    steady = {row["block"]: row["max_degc"] for row in solved(capsys, ICE, "--grid", "10")["blocks"]}
    for row in found["blocks"]:
        assert row["start_degc"] == pytest.approx(300.0 - 273.15, abs=1e-9)
        assert row["peak_degc"] == pytest.approx(steady[row["name"]], abs=0.2)  # after many time constants
    assert run(["thermal", str(ICE), "--transient"]) == 2
    assert "its solver is steady" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([EV6, "--jedec"], "--jedec means nothing for a HotSpot folder"),
        ([ICE, "--structure", "x"], "--structure means nothing for a 3D-ICE stack"),
        ([EV6, "--as-hotspot", "--transient"], "--as-hotspot means nothing"),
        ([SMALL, "--key", "x", "--transient"], "--transient means nothing for a Program"),
        ([SMALL, "--key", "x", "--jedec", "--structure", "y"], "ask for one of these at a time"),
        ([SMALL, "--key", "x", "--jedec", "--map", "a.png"], "makes no single field"),
    ],
)
def test_questions_that_do_not_go_together(capsys, arguments, says):
    assert run(["thermal", *map(str, arguments)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line
