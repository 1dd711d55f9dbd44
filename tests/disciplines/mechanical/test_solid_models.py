"""The plate against solid models of whole packages in CalculiX, run outside and kept as figures."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from packfirst.disciplines.mechanical import warpage_limits
from packfirst.disciplines.mechanical.response import INTERVALS

ROOT = Path(__file__).parents[3]
FOUND = yaml.safe_load((ROOT / "tests/references/mechanical/ccx_bows.yaml").read_text(encoding="utf-8"))
_ON_TOP = ("gel", "adhesive", "foot", "lid", "gap")


@pytest.fixture(scope="module")
def packages():
    spec = importlib.util.spec_from_file_location("mechanics_ccx", ROOT / "benchmarks" / "mechanics_ccx.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def off(found, name):
    return 1e6 * found - FOUND[name]["peak_to_valley_um"]


def stated_um(bow_um, *, lid):
    """One standard deviation that the Limit states of a bow, without its inputs."""
    return np.hypot(warpage_limits.MODEL_SHARE["plan"] * bow_um, 1e6 * warpage_limits.MODEL_FLOOR_M[lid])


def made(packages, name):
    if name == "bare":
        return packages.bare()
    layers = packages.lidded()
    if name == "lidded_without_lid":
        return [layer for layer in layers if not layer.name.startswith(_ON_TOP)]
    soft = ("gel", "adhesive") if name == "lidded_stiff_joints" else ()
    return [
        replace(layer, modulus=100.0 * layer.modulus) if layer.name.startswith(soft) else layer
        for layer in layers
    ]


@pytest.mark.parametrize("name", ["bare", "lidded_without_lid"])
def test_bodies_without_a_lid_within_a_twentieth(packages, name):
    # one die off the middle, and two unequal ones
    _, valley = packages.plate_bow_m(made(packages, name), INTERVALS["sign"])
    assert abs(off(valley, name)) < 0.05 * FOUND[name]["peak_to_valley_um"]


@pytest.mark.parametrize("rung", ["plan", "sign"])
@pytest.mark.parametrize("name", ["bare", "lidded", "lidded_without_lid", "lidded_stiff_joints"])
def test_all_within_the_error_that_the_limit_states(packages, name, rung):
    # under a lid two bows all but cancel: what is left may be a third off itself, as with soft joints it is
    _, valley = packages.plate_bow_m(made(packages, name), INTERVALS[rung])
    assert abs(off(valley, name)) < stated_um(
        1e6 * valley, lid=name.startswith("lidded") and "without" not in name
    )


def test_a_stiffly_joined_lid_turns_the_bow_round(packages):
    centre, _ = packages.plate_bow_m(made(packages, "lidded_stiff_joints"), INTERVALS["plan"])
    assert centre < 0.0 < packages.plate_bow_m(made(packages, "lidded"), INTERVALS["plan"])[0]
