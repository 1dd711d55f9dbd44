"""HotSpot's own examples read as they stand, and every kind of broken file answered by one clear line."""

import shutil
from pathlib import Path

import pytest

from packfirst.errors import InputError
from packfirst.formats.hotspot import read_hotspot
from packfirst.formats.hotspot_text import read_floorplan

REFERENCES = Path(__file__).parents[1] / "references" / "thermal"


@pytest.fixture(name="chip")
def _chip(tmp_path):
    """A copy of the single-die example to break."""
    return Path(shutil.copytree(REFERENCES / "hotspot_ev6_2d", tmp_path / "chip"))


@pytest.fixture(name="stack")
def _stack(tmp_path):
    return Path(shutil.copytree(REFERENCES / "hotspot_stack3d", tmp_path / "stack"))


def replaced(path, old, new):
    """Changes the first place in a file, and returns its line."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def complaints(folder):
    with pytest.raises(InputError) as caught:
        read_hotspot(folder)
    return [str(problem) for problem in caught.value.problems]


def test_single_die_as_its_files_say():
    found = read_hotspot(REFERENCES / "hotspot_ev6_2d")
    assert found.size_m == pytest.approx((0.016, 0.016))
    assert [(layer.name, layer.powered, layer.thickness_m) for layer in found.layers] == [
        ("silicon", True, 0.00015),
        ("interface", False, 2e-05),
    ]
    assert found.layers[0].conductivity_w_per_m_k == 130.0  # from the materials file
    assert found.layers[1].conductivity_w_per_m_k == 4.0  # from the configuration itself
    assert (found.sink.side_m, found.sink.thickness_m, found.sink.conductivity_w_per_m_k) == (
        0.06,
        0.0069,
        237.0,
    )
    assert (found.r_convec_k_per_w, found.ambient_k, found.rows, found.columns) == (0.1, 318.15, 64, 64)
    assert found.trace.interval_s == 0.01
    # README of the reference data: the time average of gcc.ptrace is 40.2073 W
    assert sum(found.trace.mean_w.values()) == pytest.approx(40.2073, abs=5e-5)


def test_stack_as_its_files_say():
    found = read_hotspot(REFERENCES / "hotspot_stack3d")
    assert [
        (layer.powered, layer.conductivity_w_per_m_k, len(layer.floorplan.blocks)) for layer in found.layers
    ] == [
        (True, 100.0, 3),
        (False, 4.0, 3),
        (True, 100.0, 18),
        (False, 4.0, 18),
    ]
    assert found.layers[1].capacity_j_per_m3_k == 4e6
    assert sum(found.trace.mean_w.values()) == pytest.approx(98.6064, abs=5e-5)


def test_layer_may_name_a_material(stack):
    layer = "{}\nY\n{}\nsilicon\n0.0002\nfloorplan{}.flp\n"
    (stack / "example.lcf").write_text(layer.format(0, "Y", 1) + layer.format(1, "Y", 2))
    found = read_hotspot(stack)
    assert [layer.conductivity_w_per_m_k for layer in found.layers] == [130.0, 130.0]
    assert [layer.thickness_m for layer in found.layers] == [0.0002, 0.0002]


def test_layers_of_different_outline_are_refused(stack):
    (stack / "floorplan1.flp").write_text(
        "Unit1 0.008 0.008 0 0.008\nUnit2 0.017 0.008 0 0\nUnit3 0.009 0.008 0.008 0.008\n"
    )
    (found,) = {item.partition(": ")[2] for item in complaints(stack) if "layer_2" in item}
    assert found == "layer_2 is 16 x 16 mm, but layer_0 is 17 x 16 mm; HotSpot's layers share one outline"


@pytest.mark.parametrize(
    ("file", "old", "new", "placed", "says"),
    [
        ("ev6.flp", "L2\t0.016000\t0.009800", "L2\t0.016000\t0.009900", True, "overlaps"),
        ("ev6.flp", "Icache\t0.003100\t0.002600", "Icache\t0.001100\t0.002600", False, "cover 98"),
        ("ev6.flp", "Icache\t0.003100", "Icache\t-0.003100", True, "must be positive"),
        ("ev6.flp", "Icache\t0.003100", "Icache\tnan", True, "nan is not a finite number"),
        ("ev6.flp", "Icache\t0.003100", "Icache\twide", True, "'wide' is not a number"),
        ("ev6.flp", "Icache\t0.003100\t", "Icache\t", True, "has 4 fields"),
        ("ev6.flp", "Dcache\t", "Icache\t", True, "block 'Icache' is there twice"),
        ("gcc.ptrace", "L2_left\t", "Elsewhere\t", True, "power outside any die: no powered layer has a block"),
        ("gcc.ptrace", "1.44\t7.37", "7.37", True, "has 29 numbers for 30 blocks"),
        ("gcc.ptrace", "1.44\t7.37", "NaN\t7.37", True, "L2_left: NaN is not a finite number"),
        ("gcc.ptrace", "1.44\t7.37", "-1.44\t7.37", True, "must not be negative"),
        ("gcc.ptrace", "L2_left\tL2\t", "L2\tL2\t", True, "'L2' has two columns"),
        ("example.config", "-t_chip				0.00015", "-t_chip	-0.00015", True, "-t_chip: -0.00015 must"),
        ("example.config", "-s_sink				0.06", "-s_sink	0.02", False, "must not shrink"),
        ("example.config", "-material_sink aluminum", "-material_sink aluminium", True, "did you mean 'aluminum'?"),
        ("example.config", "-material_sink aluminum", "-material_sink water", True, "'water' is a fluid"),
        ("example.config", "-r_convec			0.1\n", "", False, "-r_convec is missing"),
        ("example.config", "-model_secondary	0", "-model_secondary 1", True, "secondary heat path is not modelled"),
        ("example.config", "-r_convec_sec	50.0", "-r_convec 50.0", True, "-r_convec is given twice"),
        ("example.config", "-grid_rows			64", "-grid_rows 64.5", True, "not a whole number"),
        ("example.materials", "130.0", "inf", True, "silicon.conductivity: inf is not a finite number"),
        ("example.materials", "aluminum\nsolid", "aluminum\nsoft", True, "write solid or fluid"),
    ],
)  # fmt: skip
def test_one_clear_line_for_each_fault(chip, file, old, new, placed, says):
    line = replaced(chip / file, old, new)
    found = complaints(chip)
    place = f"{chip / file}:{line}:" if placed else f"{chip / file}: "
    assert any(item.startswith(place) and says in item for item in found), found
    assert all("\n" not in item for item in found)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "example.lcf",
            "0.00015\nfloorplan1",
            "-0.00015\nfloorplan1",
            "layer 0.thickness: -0.00015 must be positive",
        ),
        ("example.lcf", "floorplan2.flp", "floorplan3.flp", "no file 'floorplan3.flp' beside this one"),
        ("example.lcf", "floorplan2.flp", "channels.csv", "microchannels are not modelled"),
        ("example.lcf", "\n2\nY\nY", "\n3\nY\nY", "layer '3' where layer 2 is expected"),
        ("example.lcf", "\n2\nY\nY", "\n2\nY\nyes", "'yes': write Y or N"),
        ("example.lcf", "\n1\nY\nN", "\n1\nY\nY", "block 'Unit1' is in two powered layers"),
    ],
)
def test_one_clear_line_for_each_fault_of_a_stack(stack, file, old, new, says):
    replaced(stack / file, old, new)
    found = complaints(stack)
    assert any(says in item for item in found), found


def test_all_faults_of_all_files_are_told_at_once(chip):
    replaced(chip / "gcc.ptrace", "1.44\t7.37", "NaN\t7.37")
    replaced(chip / "ev6.flp", "Icache\t0.003100", "Icache\t0.004100")
    replaced(chip / "example.config", "-t_sink				0.0069", "-t_sink	zero")
    found = complaints(chip)
    assert {Path(item.partition(":")[0]).name for item in found} == {
        "gcc.ptrace",
        "ev6.flp",
        "example.config",
    }


@pytest.mark.parametrize("ending", [".config", ".ptrace", ".flp"])
def test_a_missing_file_is_named(chip, ending):
    next(chip.glob(f"*{ending}")).unlink()
    assert complaints(chip) == [f"{chip}: holds no {ending} file"]


def test_two_traces_are_one_too_many(chip):
    shutil.copy(chip / "gcc.ptrace", chip / "other.ptrace")
    assert "holds 2 .ptrace files" in complaints(chip)[0]


def test_connectivity_lines_are_passed_over(tmp_path):
    path = tmp_path / "two.flp"
    path.write_text("a 1e-3 2e-3 0 0\nb 1e-3 2e-3 1e-3 0\na b 12\n")
    assert [block.name for block in read_floorplan(path).blocks] == ["a", "b"]
