"""The example loads; every broken copy of it gives one clear line; several mistakes give several."""

import dataclasses
import re

import pytest
from tests.program.broken import CASES, CATALOG_CASES, EXAMPLE

from packfirst.catalog import load_catalog
from packfirst.cli.files import names_of
from packfirst.errors import InputError
from packfirst.inputs import Evidence, Kind
from packfirst.program import load_program
from packfirst.program.references import references

NAMES = names_of(load_catalog())


def _problems(tmp_path, text, names=None):
    file = tmp_path / "program.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_program(file, names)
    assert all(problem.file == str(file) for problem in caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize(("edit", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_broken_input_gives_one_clear_line(tmp_path, edit, expected):
    text = edit(EXAMPLE.read_text(encoding="utf-8"))
    _check_the_line(text, _problems(tmp_path, text), expected)


@pytest.mark.parametrize(
    ("edit", "expected"), [case[1:] for case in CATALOG_CASES], ids=[case[0] for case in CATALOG_CASES]
)
def test_names_that_the_catalog_lacks(tmp_path, edit, expected):
    text = edit(EXAMPLE.read_text(encoding="utf-8"))
    _check_the_line(text, _problems(tmp_path, text, NAMES), expected)
    file = tmp_path / "program.yaml"
    assert load_program(file).name  # without a catalog there is nothing to hold the names against


def _check_the_line(text, problems, expected):
    assert len(problems) == 1, "\n".join(map(str, problems))
    shown = str(problems[0])
    assert expected in shown
    assert "\n" not in shown
    assert len(shown) < 400
    if problems[0].field and "missing" not in expected:
        last = re.sub(r"(\[\d+\])+$", "", problems[0].field).split(".")[-1]
        assert last in text.splitlines()[problems[0].line - 1]


def test_cases_have_names_of_their_own():
    names = [case[0] for case in CASES + CATALOG_CASES]
    assert len(names) == len(set(names)) >= 20


def test_all_mistakes_of_a_file_at_once_in_its_order(tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8")
    chosen = ("unknown node", "zero area", "unknown block in a link", "duty in percent", "certainty")
    for name, edit, _ in CASES + CATALOG_CASES:
        text = edit(text) if name in chosen else text
    problems = _problems(tmp_path, text, NAMES)
    assert [problem.field for problem in problems] == [
        "blocks.compute.area", "blocks.compute.nodes[2]", "links.compute_fabric.between[1]",
        "modes.sustained.duty", "confidence",
    ]  # fmt: skip
    assert [problem.line for problem in problems] == sorted(problem.line for problem in problems)


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        load_program(tmp_path / "nothing.yaml")


def test_the_example_is_the_product_it_says():
    program = load_program(EXAMPLE, NAMES)
    # products: 8 die of 115 mm2 over 4 of 370 mm2, of which a tenth lines the cuts; 750 W (AMD, ISSCC 2024)
    assert program.input("program/blocks.compute.area").value == pytest.approx(8 * 115e-6)
    assert program.input("program/blocks.fabric.area").value == pytest.approx(4 * 370e-6 / 1.1, abs=0.5e-6)
    assert program.bought["hbm"].count == 8
    for mode in ("sustained", "peak"):
        # 26 W of links make it 750
        assert sum(power.value for power in program.modes[mode].power.values()) == pytest.approx(724.0)
    assert program.input("program/environment.coolant").value == pytest.approx(273.15 + 36.0)
    assert references(program, NAMES) == []


def test_what_the_example_knows_has_a_source_and_a_year():
    for item in load_program(EXAMPLE).inputs():
        if item.evidence is Evidence.ASSUMED:
            continue
        assert item.source and item.year, item.id


def test_an_example_number_that_is_not_known_has_a_band():
    for item in load_program(EXAMPLE).inputs():
        if item.kind is not Kind.CHOICE:
            assert item.low < item.value < item.high, item.id


def test_names_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        NAMES.nodes = set()
