"""Ids, copies and the content hash of a Program, and numbers as a file writes them."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.program.broken import EXAMPLE

from packfirst import units, yaml_marks
from packfirst.inputs import Evidence, Kind
from packfirst.program import Program
from packfirst.program.load import program_from

TEXT = EXAMPLE.read_text(encoding="utf-8")
DATA = yaml_marks.load(EXAMPLE).data
PROGRAM = Program.model_validate(DATA)
modest = settings(max_examples=30, deadline=None, derandomize=True)

# Figures as people write them, so that no rounding boundary of the hash lies between two spellings.
figures = st.integers(1, 99_999).flatmap(lambda n: st.integers(-3, 2).map(lambda e: float(f"{n}e{e}")))


def changed(*path_and_value):
    *path, value = path_and_value
    data = copy.deepcopy(DATA)
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return Program.model_validate(data)


def reordered(node):
    if isinstance(node, dict):
        return {key: reordered(node[key]) for key in reversed(node)}
    return node


def test_every_input_has_the_id_of_its_place():
    ids = [item.id for item in PROGRAM.inputs()]
    assert len(ids) == len(set(ids))
    for expected in ("blocks.compute.area", "modes.sustained.power.compute", "environment.coolant",
                     "workload.kernels.decode.links.compute_fabric", "volume"):  # fmt: skip
        assert f"program/{expected}" in ids
    assert PROGRAM.blocks["compute"].area.id == "program/blocks.compute.area"
    for id in ids:
        assert PROGRAM.input(id).id == id


def test_every_number_of_the_file_with_a_unit_is_an_input():
    def count(node):
        if isinstance(node, dict):
            return 1 if "value" in node else sum(map(count, node.values()))
        if isinstance(node, str):
            return int(node.endswith((" W", " TFLOP/s")))  # what the example writes without a mapping
        return 0

    assert len(PROGRAM.inputs()) == count(DATA)


@modest
@given(st.sampled_from([item.id for item in PROGRAM.inputs()]), st.floats(1e-6, 1e6))
def test_with_value_leaves_the_original_and_all_else_alone(id, value):
    before, digest = PROGRAM.model_copy(deep=True), PROGRAM.digest
    moved = PROGRAM.with_value(id, value)
    assert before == PROGRAM and PROGRAM.digest == digest
    assert moved.input(id).value == value
    assert [item for item in moved.inputs() if item.id != id] == [
        item for item in PROGRAM.inputs() if item.id != id
    ]


@modest
@given(st.sampled_from([item.id for item in PROGRAM.inputs() if item.low is not None]), st.floats(0.5, 2.0))
def test_with_value_carries_the_band_along(id, factor):
    was = PROGRAM.input(id)
    now = PROGRAM.with_value(id, was.value * factor).input(id)
    assert now.high - now.value == pytest.approx(was.high - was.value)
    assert now.value - now.low == pytest.approx(was.value - was.low)


def test_with_value_there_and_back_is_the_same_content():
    id = "program/blocks.compute.area"
    there = PROGRAM.with_value(id, 8e-4)
    assert there.digest != PROGRAM.digest
    assert there.with_value(id, PROGRAM.input(id).value).digest == PROGRAM.digest


def test_with_value_refuses_what_is_no_input_and_no_number():
    with pytest.raises(KeyError, match=r"did you mean 'program/blocks\.compute\.area'"):
        PROGRAM.with_value("program/blocks.compute.aera", 1.0)
    with pytest.raises(ValueError, match="not a finite number"):
        PROGRAM.with_value("program/blocks.compute.area", float("nan"))


def test_frozen_all_the_way():
    for part in (PROGRAM, PROGRAM.blocks["compute"], PROGRAM.board):
        with pytest.raises(ValidationError, match="frozen"):
            part.area = None


@modest
@given(figures)
def test_digest_does_not_see_units(width_mm):
    texts = [units.write(width_mm * 1e-3, "length", unit) for unit in ("um", "mm", "cm", "m")]
    digests = {changed("board", "size_x", text).digest for text in texts}
    assert len(digests) == 1


@modest
@given(figures)
def test_digest_does_not_see_the_zero_of_a_temperature_scale(celsius):
    warm = changed("environment", "air", f"{celsius!r} degC")
    assert warm.digest == changed("environment", "air", f"{celsius + 273.15!r} K").digest


def test_digest_does_not_see_the_order_of_keys():
    other = Program.model_validate(reordered(DATA))
    assert other.digest == PROGRAM.digest
    # and neither does anything that walks the Program
    assert [item.id for item in other.inputs()] == [item.id for item in PROGRAM.inputs()]
    assert list(other.blocks) == list(PROGRAM.blocks)


def test_digest_does_not_see_comments_and_written_defaults():
    plain = "\n".join(line for line in TEXT.splitlines() if not line.lstrip().startswith("#"))
    assert program_from(yaml_marks.parse(plain, "plain")).digest == PROGRAM.digest
    assert changed("needs", {"throughput": "0.65 PFLOP/s"}).digest == PROGRAM.digest


@pytest.mark.parametrize(
    "change",
    [
        ("blocks", "compute", "splits", [1, 2, 4, 8]),
        ("blocks", "compute", "node", "n3"),
        ("modes", "peak", "duty", 0.19),
        ("modes", "peak", "power", "hbm", "90.0001 W"),
        ("confidence", 0.81),
        ("accuracy", "power", "high", 1.21),
        ("blocks", "compute", "area", "note", "9 die"),
        ("freedom", {"carriers": ["rdl_interposer"]}),
    ],
)
def test_digest_sees_content(change):
    assert changed(*change).digest != PROGRAM.digest


@modest
@given(st.sampled_from(sorted(name for name, (_, allowed) in units.QUANTITIES.items() if allowed)), figures,
       st.randoms(use_true_random=False))  # fmt: skip
def test_numbers_survive_the_file(quantity, value, random):
    unit = random.choice(units.QUANTITIES[quantity][1])
    read = units.read(f"{value!r} {unit}", quantity)
    assert units.read(units.write(read, quantity, unit), quantity) == pytest.approx(read, rel=1e-9)
    assert units.read(units.write(read, quantity), quantity) == pytest.approx(read, rel=1e-9, abs=1e-9)


@modest
@given(figures, st.floats(0.2, 1.0), st.floats(1.0, 5.0))
def test_a_band_becomes_the_points_of_an_uncertain_input(watt, down, up):
    raw = {"value": f"{watt!r} W", "low": f"{watt * down * 1e3!r} mW", "high": f"{watt * up / 1e3!r} kW"}
    item = changed("modes", "peak", "power", "hbm", raw).input("program/modes.peak.power.hbm")
    assert item.kind is Kind.UNCERTAIN and item.evidence is Evidence.ASSUMED
    assert (item.low, item.value, item.high) == pytest.approx((watt * down, watt, watt * up))


def test_a_plain_number_is_a_choice_and_a_source_makes_it_published():
    assert changed("board", "size_x", "165 mm").input("program/board.size_x").kind is Kind.CHOICE
    sourced = changed("board", "size_x", {"value": "165 mm", "source": "a data sheet", "year": 2022})
    assert sourced.input("program/board.size_x").evidence is Evidence.PUBLISHED
