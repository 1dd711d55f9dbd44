"""The marking of a Program, and what its terms and dates refuse."""

from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from packfirst.program.marking import marking_line
from packfirst.program.supply_terms import Dates, Terms


@pytest.mark.parametrize("marking", ["CUI", "ITAR", "CUI and ITAR"])
def test_the_line_starts_with_the_marking_itself(marking):
    line = marking_line(SimpleNamespace(terms=Terms(marking=marking)))
    assert line.startswith(f"{marking} ") and "\n" not in line


def test_no_marking_no_line():
    assert marking_line(None) == ""
    assert marking_line(SimpleNamespace(terms=None)) == ""
    assert marking_line(SimpleNamespace(terms=Terms())) == ""


def test_a_calendar_that_runs_backwards_is_refused():
    assert Dates(start="2027-01-04", tape_out="2027-06-01", need="2028-01-01").need == "2028-01-01"
    for wrong in ({"need": "2026-12-31"}, {"tape_out": "2026-12-31"}):
        with pytest.raises(ValidationError, match="not after the start"):
            Dates(start="2027-01-04", **wrong)


def test_a_count_below_zero_is_refused():
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        Terms(declared={"transistors": -1.0})
