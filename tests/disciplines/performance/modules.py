"""Small cases of a radio and of a memory stack, from the examples, with temperatures put in by hand."""

from functools import cache
from pathlib import Path

from packfirst.architecture.architecture import build
from packfirst.architecture.candidate import space
from packfirst.architecture.elaborate import elaborate
from packfirst.catalog import load_catalog
from packfirst.disciplines.case import Case, Facts
from packfirst.limit import Fact
from packfirst.program import load_program

EXAMPLES = Path(__file__).parents[3] / "examples"
# A slope that stands for whatever heats the die.
HEAT = "program/accuracy.power"


@cache
def catalog():
    return load_catalog()


@cache
def program(name):
    return load_program(EXAMPLES / name / "program.yaml")


@cache
def candidate(name, *words):
    """The first candidate of an example whose description has all the words."""
    every = space(program(name), catalog())
    for row in range(len(every)):
        found = every.candidate(row)
        if all(word in found.describe() for word in words):
            return found
    raise LookupError(words)


def case(name, *words, of_program=None, of_catalog=None):
    asked, known = of_program or program(name), of_catalog or catalog()
    architecture = build(asked, known, candidate(name, *words))
    return Case(
        program=asked, catalog=known, architecture=architecture, package=elaborate(architecture, known)
    )


def warm(asked, kelvin, *, slope=0.0, **others):
    """Facts in which every die of a case has one temperature, or that of `others` by group."""
    groups = dict.fromkeys(die.group for die in asked.package.die)
    return Facts(
        Fact(
            name="face", subject=group, mode=mode, value=others.get(group, kelvin), sensitivities={HEAT: slope}
        )
        for group in groups for mode in asked.program.modes
    )  # fmt: skip
