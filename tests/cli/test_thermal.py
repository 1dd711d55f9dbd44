"""packfirst thermal: tables, maps and volumes of HotSpot folders, 3D-ICE stacks and candidates; and bad input."""

import csv
import json
import shutil
import struct
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
