"""Problems say where and how, and a name that is not known gets its nearest neighbour."""

import pytest

from packfirst.errors import EXIT_BAD_INPUT, InputError, PackfirstError, Problem, nearest


def test_a_problem_says_where_it_is():
    assert str(Problem(file="a.yaml", line=3, field="b.c", message="no")) == "a.yaml:3: b.c: no"
    assert str(Problem(file="a.yaml", line=0, field="", message="no")) == "a.yaml: no"


def test_an_input_error_carries_every_problem():
    two = [Problem(file="a", line=n, field="", message="no") for n in (1, 2)]
    error = InputError(iter(two))
    assert error.problems == tuple(two)
    assert str(error).splitlines() == ["a:1: no", "a:2: no"]
    assert isinstance(error, PackfirstError)
    assert error.exit_code == EXIT_BAD_INPUT == 2
    assert InputError.one("a", "no", line=4, field="f").problems[0].line == 4


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("compte", "did you mean 'compute'?"),
        ("zzz", "known: compute, fabric"),
    ],
)
def test_the_nearest_name(name, said):
    assert nearest(name, ["fabric", "compute"]) == said


def test_a_long_list_is_cut():
    assert nearest("###", [f"n{i:02}" for i in range(20)]).endswith("n11, ...")
