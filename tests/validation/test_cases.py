"""Reference cases as files: what is read, what is refused, and what a failing one looks like."""

import re
from inspect import signature
from pathlib import Path

import pytest

from packfirst.errors import InputError
from packfirst.validation.cases import KNOWN, read, shipped
from packfirst.validation.models import MODELS
from packfirst.validation.run import run

HEAD = "format: packfirst-cases\nformat_version: 1\nkind: arrhenius\n"
CASE = (
    "cases:\n- id: mine\n  inputs: {Ea_eV: 0.7, T_stress_C: 125, T_use_C: 55}\n  expected: {AF: 77}\n"
    "  rel_tol: 0.011\n  source: a maker's note, table 3\n"
)


@pytest.fixture
def written(tmp_path):
    def write(text: str):
        file = tmp_path / "cases.yaml"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def test_every_shipped_case_passes_and_every_kind_has_one():
    checked = list(run(shipped()))
    assert [f"{item.kind} {item.case} {item.quantity}" for item in checked if not item.passes] == []
    assert {item.kind for item in checked} == set(MODELS)
    assert sum(item.known != "computed" for item in checked) > 100


def test_every_shipped_case_says_where_its_answer_is_from():
    for case in shipped():
        assert case.known in KNOWN
        assert case.source or case.known == "computed", case.id
        assert not re.match(r"S\d+\b", case.source), case  # a key that its file does not explain


def test_ids_are_said_once_in_a_kind():
    names = [(case.kind, case.id) for case in shipped()]
    assert len(names) == len(set(names))


def test_functions_of_a_kind_are_told_apart_by_their_inputs():
    for model in MODELS.values():
        names = [frozenset(signature(function).parameters) for function in model.functions]
        assert len(set(names)) == len(names)


def test_a_case_of_ones_own(written):
    (found,) = run(read(written(HEAD + CASE)))
    # Arrhenius by hand: exp(0.7 / 8.617333e-5 (1/328.15 - 1/398.15))
    assert found.found == pytest.approx(77.645, abs=0.01)
    assert found.passes
    assert found.allowed == pytest.approx(0.011 * 77)
    assert (found.kind, found.source) == ("arrhenius", "a maker's note, table 3")


def test_a_kind_may_stand_in_the_case_itself(written):
    text = HEAD.replace("kind: arrhenius\n", "") + CASE.replace("- id: mine", "- id: mine\n  kind: arrhenius")
    assert read(written(text))[0].kind == "arrhenius"


def test_outside_of_the_tolerance_it_fails_and_on_it_it_passes(written):
    def passes(tolerance: str, answer: float) -> bool:
        text = (HEAD + CASE).replace("rel_tol: 0.011", tolerance).replace("AF: 77", f"AF: {answer}")
        (found,) = run(read(written(text)))
        return found.passes

    exact = 77.6453820553027
    assert passes("rel_tol: 0", exact)
    assert not passes("rel_tol: 0", exact * (1.0 + 1e-6))
    assert passes("abs_tol: 0.65", 77)
    assert not passes("abs_tol: 0.64", 77)
    assert passes("rel_tol: 0.0001\n  abs_tol: 0.65", 77)  # the wider one counts


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kind: arrhenius", "kind: arhenius", "kind: unknown kind 'arhenius': did you mean 'arrhenius'?"),
        ("kind: arrhenius\n", "", "unknown kind None: write one of activation_energy, "),
        ("format: packfirst-cases", "format: cases", "'cases': write 'format: packfirst-cases' first"),
        ("format_version: 1", "format_version: 2", "2: was written by a newer packfirst"),
        ("format_version: 1", "format_version: one", "'one': write 'format_version: 1'"),
        ("Ea_eV", "Ea", "arrhenius takes Ea_eV, T_stress_C, T_use_C; not Ea, T_stress_C, T_use_C"),
        ("Ea_eV: 0.7", "Ea_eV: 0.7 eV", "inputs.Ea_eV: '0.7 eV': write a plain number"),
        ("Ea_eV: 0.7", "Ea_eV: [0.7]", "write a plain number"),
        ("Ea_eV: 0.7", "Ea_eV: .nan", "write a plain number"),
        ("AF: 77", "AF: many", "expected.AF: 'many': write a plain number"),
        ("{AF: 77}", "{}", "needs what is expected by name"),
        ("  rel_tol: 0.011\n", "", "needs rel_tol or abs_tol"),
        ("rel_tol: 0.011", "rel_tol: -1", "-1: write a number, zero or more"),
        ("  source: a maker's note, table 3\n", "", "needs a source"),
        (
            "  inputs: {Ea_eV: 0.7, T_stress_C: 125, T_use_C: 55}\n",
            "",
            "needs the inputs of the model by name",
        ),
        ("- id: mine", "- id: mine\n  known: hearsay", "'hearsay' is none of published, measured, computed"),
    ],
)
def test_what_is_not_a_case_is_one_clear_line(written, old, new, says):
    text = HEAD + CASE
    assert old in text
    with pytest.raises(InputError) as error:
        read(written(text.replace(old, new, 1)))
    assert len(str(error.value).splitlines()) == 1
    assert says in str(error.value)
    assert re.match(r".*cases\.yaml:\d+: ", str(error.value))


def test_no_cases_at_all(written):
    for text in (HEAD, HEAD + "cases: []\n", HEAD + "cases: [3]\n", "- 1\n"):
        with pytest.raises(InputError):
            read(written(text))


def test_an_answer_that_the_model_does_not_give(written):
    with pytest.raises(InputError, match="arrhenius gives AF; not 'BF'"):
        list(run(read(written((HEAD + CASE).replace("AF: 77", "BF: 77")))))


def test_inputs_that_the_model_refuses(written):
    with pytest.raises(InputError, match=r"cases\.yaml:5: mine: arrhenius: "):
        list(run(read(written((HEAD + CASE).replace("T_use_C: 55", "T_use_C: -300")))))


def test_every_problem_of_a_file_is_said(written):
    two = CASE + CASE.removeprefix("cases:\n").replace("AF: 77", "AF: x")
    with pytest.raises(InputError) as error:
        read(written(HEAD + two.replace("rel_tol: 0.011\n", "rel_tol: none\n", 1)))
    assert len(error.value.problems) == 2


def test_the_documented_format_is_the_one_that_is_read(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "validation_cases.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "cases.yaml"
    file.write_text(example, encoding="utf-8")
    assert all(item.passes for item in run(read(file)))
    for kind, model in MODELS.items():
        assert f"| `{kind}` | {model.what} |" in page
        for function in model.functions:
            assert all(f"`{name}`" in page for name in signature(function).parameters)
