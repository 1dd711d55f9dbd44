"""Candidates of the example on any technology, as cases of the discipline."""

from functools import cache
from pathlib import Path

import numpy as np

from packfirst import yaml_marks
from packfirst.architecture.architecture import build
from packfirst.architecture.candidate import space
from packfirst.architecture.elaborate import elaborate
from packfirst.catalog import load_catalog
from packfirst.disciplines.case import Case
from packfirst.program import Program

EXAMPLE = Path(__file__).parents[3] / "examples" / "ai_accelerator" / "program.yaml"
DATA = yaml_marks.load(EXAMPLE).data
ORBIT = {
    "segments": {
        "orbit": {
            "time": "5 year", "cold": "-20 degC", "hot": "25 degC", "cycles": 1000, "dwell": "10 min", "humidity": 0.5,
        }
    }
}  # fmt: skip


@cache
def catalog():
    return load_catalog()


def program(carrier, interface=None, **sections):
    freedom = {"carriers": [carrier], "stacks": ["hybrid_bond_d2w"], "thermal_paths": ["cold_plate"]}
    if interface:
        freedom["lid_interfaces"] = [interface]
    return Program.model_validate({**DATA, "freedom": freedom, **sections})


def case(carrier, interface=None, *, of_catalog=None, **sections):
    """The first candidate on a carrier whose die stand side by side."""
    used = of_catalog or catalog()
    stated = program(carrier, interface, **sections)
    every = space(stated, used)
    row = int(np.flatnonzero(~every.stacked)[0])
    architecture = build(stated, used, every.candidate(row))
    return Case(
        program=stated, catalog=used, architecture=architecture, package=elaborate(architecture, used)
    )
