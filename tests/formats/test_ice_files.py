"""3D-ICE's stack files: read from the top down, in SI; every fault one clear line."""

import shutil
from pathlib import Path

import pytest

from packfirst.errors import InputError
from packfirst.formats.ice import read_stack

REFERENCES = Path(__file__).parents[1] / "references" / "thermal" / "ice"


@pytest.fixture(name="folder")
def _folder(tmp_path):
    return Path(shutil.copytree(REFERENCES, tmp_path / "ice"))


def test_stack_from_the_top_down_in_si():
    found = read_stack(REFERENCES / "two_die_25d.stk")
    assert (found.length_m, found.width_m, found.cells) == (
        pytest.approx(0.01),
        pytest.approx(0.01),
        (100, 100),
    )
    assert [slab.name for slab in found.slabs] == ["TOP.0", "TOP", "GAP", "BASE.0", "BASE"]
    assert [slab.thickness_m for slab in found.slabs] == pytest.approx([100e-6, 2e-6, 50e-6, 98e-6, 2e-6])
    assert [slab.conductivity_w_per_m_k for slab in found.slabs] == pytest.approx([130, 130, 1.5, 130, 130])
    assert found.slabs[2].capacity_j_per_m3_k == pytest.approx(2e6)
    assert found.bottom is None
    assert found.top is not None
    assert (found.top.film_w_per_m2_k, found.top.temperature_k) == (pytest.approx(1e5), 300.0)
    core, cache = found.slabs[1].elements
    assert (core.name, core.power_w, cache.power_w) == ("CORE", 40.0, 8.0)
    assert cache.rectangles_m.tolist() == [pytest.approx([0.005, 0.01, 0.0, 0.01])]


def test_several_rectangles_both_sinks_and_the_first_power():
    found = read_stack(REFERENCES / "both_sides.stk")
    assert found.cells == (40, 40)
    assert [slab.name for slab in found.slabs] == ["HOT", "HOT.1", "JOINT", "COLD.0", "COLD"]
    (every,) = found.slabs[0].elements
    assert every.rectangles_m.shape == (2, 4)
    assert every.power_w == 24.0
    assert found.bottom is not None
    assert found.bottom.film_w_per_m2_k == pytest.approx(5e4)


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "says"),
    [
        ("both_sides.stk", "height 20", "height -20", 18, "BOND.height: -20 must be positive"),
        ("both_sides.stk", "height 20", "height NaN", 18, "NaN is not a finite number"),
        ("both_sides.stk", "source   4 SI", "source   4 SIL", 21, "unknown material 'SIL': did you mean 'SI'?"),
        ("both_sides.stk", "HOT    UPPER", "HOT    UPER", 27, "unknown die 'UPER': did you mean 'UPPER'?"),
        ("both_sides.stk", '"even.flp"', '"odd.flp"', 27, "no floorplan 'odd.flp'"),
        ("both_sides.stk", "layer  120 SI ;", "source 120 SI ;", 20, "exactly one source"),
        ("both_sides.stk", "layer   JOINT  BOND", "channel JOINT", 28, "a channel is not read"),
        ("both_sides.stk", "steady ;", "transient step 0.2, slot 0.1 ;", 31, "longer than a slot"),
        ("both_sides.stk", "steady ;", "transient step -0.2, slot 0.1 ;", 31, "-0.2 must be positive"),
        ("both_sides.stk", "steady ;", "quick ;", 31, "quick where 'steady' or 'transient step'"),
        ("both_sides.stk", "chip length 8000,", "chip length 8000", 15, "where ',' is expected"),
        ("both_sides.stk", "top heat sink", "top pluggable heat sink", 8, "where a section"),
        ("both_sides.stk", "material SI :", "material SI ?", 2, "'?' has no meaning here"),
        ("corner.flp", "6000, 4500 ;\n  dimension 2000", "7000, 4500 ;\n  dimension 2000", 1, "power outside any die"),
        ("corner.flp", "dimension 6000, 4500", "dimension 7000, 5000", 5, "overlaps 'CORNER' by 1000 x 500 um"),
        ("corner.flp", "power values 3.0", "power values nan", 4, "nan is not a finite number"),
        ("corner.flp", "power values 3.0", "power values -3.0", 4, "must not be negative"),
        ("corner.flp", "  power values 3.0 ;\n", "", 4, "'power values' of 'CORNER'"),
        ("corner.flp", "REST", "CORNER", 5, "element 'CORNER' is there twice"),
    ],
)  # fmt: skip
def test_one_clear_line_for_each_fault(folder, file, old, new, line, says):
    path = folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        read_stack(folder / "both_sides.stk")
    found = [str(problem) for problem in caught.value.problems]
    assert any(item.startswith(f"{path}:{line}:") and says in item for item in found), found


def test_a_stack_without_a_sink_has_no_way_out(folder):
    path = folder / "two_die_25d.stk"
    text = path.read_text()
    start, end = text.index("top heat sink"), text.index("dimensions")
    path.write_text(text[:start] + text[end:])
    with pytest.raises(InputError, match="the heat has no way out"):
        read_stack(path)


def test_cells_must_divide_the_chip(folder):
    path = folder / "both_sides.stk"
    path.write_text(path.read_text().replace("cell length  200", "cell length  210"))
    with pytest.raises(InputError, match="do not divide"):
        read_stack(path)


def transient(folder, more=""):
    path = folder / "both_sides.stk"
    path.write_text(path.read_text().replace("steady ;", "transient step 0.1, slot 0.2 ;"))
    plan = folder / "corner.flp"
    plan.write_text(plan.read_text().replace("power values 3.0", f"power values 3.0{more}"))
    return path


def test_a_transient_run_has_slots_and_a_power_for_each(folder):
    corner = folder / "corner.flp"
    lines = [
        line.replace(" ;", ", 1.0 ;") if line.strip().startswith("power values") else line
        for line in corner.read_text().splitlines()
    ]
    corner.write_text("\n".join(lines))
    found = read_stack(transient(folder))
    assert found.slots is not None
    assert (found.slots.step_s, found.slots.slot_s) == (0.1, 0.2)
    every = [element for slab in found.slabs for element in slab.elements]
    assert {len(element.powers_w) for element in every} == {2}
    assert every[0].powers_w == (24.0, 30.0)


def test_a_ragged_trace_is_refused(folder):
    with pytest.raises(InputError, match=r"ragged trace: 'REST' has 1 power values, 'ALL' has 2"):
        read_stack(transient(folder, ", 4.0"))


@pytest.mark.parametrize(
    "section", ["microchannel 2rm :", "pin fin :", "heat sink :", "pluggable heat sink :"]
)
def test_what_flows_is_refused_by_name(folder, section):
    path = folder / "both_sides.stk"
    path.write_text(section + " height 100 ;\n" + path.read_text())
    with pytest.raises(InputError, match=r":1: .* is not read: solid stacks are, without channels") as caught:
        read_stack(path)
    assert len(caught.value.problems) == 1
