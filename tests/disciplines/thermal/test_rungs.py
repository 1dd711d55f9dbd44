"""Plan against sign over 220 random packages: the stored errors are calibrated, and some are computed again."""

import csv
import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from packfirst.architecture.candidate import space
from packfirst.disciplines.thermal import limits

from ...assessment.example import catalog, program

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "tests" / "references" / "thermal" / "plan_against_sign.csv"


@cache
def rows():
    lines = TABLE.read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def errors_of_plan():
    return np.array([float(row["plan_error"]) for row in rows()])


@cache
def benchmark():
    spec = importlib.util.spec_from_file_location("thermal_rungs", ROOT / "benchmarks" / "thermal_rungs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_hundreds_of_packages_and_plan_is_not_biased():
    assert len({row["number"] for row in rows()}) >= 200
    assert abs(errors_of_plan().mean()) < 0.003


def test_z_scores_are_those_of_the_stated_model_error():
    z = errors_of_plan() / limits.MODEL_ERROR["plan"]
    assert (np.abs(z) > 2.0).mean() < 0.05  # of a normal one 4.6 % would be
    assert (np.abs(z) > 3.0).mean() < 0.01
    assert 0.4 < np.sqrt((z**2).mean()) < 1.1


def test_plan_is_within_three_percent_of_sign_at_two_sigma():
    assert np.quantile(np.abs(errors_of_plan()), 0.954) < 0.03


@pytest.mark.parametrize("number", [3, 117])
def test_the_stored_errors_are_those_of_today(number):
    """To three tenths of a percent of the rise: data and physics move on, a rung's error hardly."""
    made = benchmark()
    case = made.random_case(program(), catalog(), space(program(), catalog()), 0, number)
    stored = {row["die"]: float(row["plan_error"]) for row in rows() if row["number"] == str(number)}
    found = {die: error for (die, _), (_, error) in made.errors(case).items()}
    assert found == pytest.approx(stored, abs=3e-3)
