"""The example program's candidates that the tests of whole assessments speak of, and how they are turned about."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from packfirst.architecture.architecture import Architecture, build
from packfirst.architecture.candidate import Candidate
from packfirst.architecture.elaborate import elaborate
from packfirst.architecture.package import Package
from packfirst.architecture.partition import Group, Partition
from packfirst.assess import Assessment, assess, assess_package
from packfirst.catalog import Catalog, load_catalog
from packfirst.disciplines.case import Case
from packfirst.limit import Identity, Limit
from packfirst.program import Program, load_program

FILE = Path(__file__).parents[2] / "examples" / "ai_accelerator" / "program.yaml"

STACKED = Candidate(
    partition=Partition(
        groups=(
            Group(blocks=("compute",), count=8, node="n5"), Group(blocks=("fabric",), count=4, node="n6"),
        ),
        stacked=((0, 1),),
    ),
    carrier="si_interposer_cowos_s", stack="hybrid_bond_d2w", thermal_path="cold_plate", lid_interface="tim1_indium",
    floorplan="memory_sides",
)  # fmt: skip
BRIDGE = replace(STACKED, carrier="bridge_emib")
BESIDE = replace(STACKED, partition=replace(STACKED.partition, stacked=()), stack="", carrier="organic_mcm")
BESIDE_INTERPOSER = replace(BESIDE, carrier=STACKED.carrier)
AIR = replace(STACKED, thermal_path="forced_air_hs")
NATURAL = replace(STACKED, thermal_path="nat_air_hs")
CHOSEN = {"stacked on interposer": STACKED, "stacked on bridges": BRIDGE, "side by side": BESIDE}


@cache
def catalog() -> Catalog:
    return load_catalog()


@cache
def program() -> Program:
    return load_program(FILE)


@cache
def assessed(candidate: Candidate, rung: str = "plan") -> Assessment:
    """The example's candidate as it stands; computed once for all tests."""
    return assess(program(), catalog(), candidate, rung=rung)


def again(
    candidate: Candidate = STACKED, program_: Program | None = None, catalog_: Catalog | None = None
) -> Assessment:
    return assess(program_ or program(), catalog_ or catalog(), candidate)


def packaged(candidate: Candidate) -> tuple[Architecture, Package]:
    architecture = build(program(), catalog(), candidate)
    return architecture, elaborate(architecture, catalog())


def with_package(candidate: Candidate, package: Package, program_: Program | None = None) -> Assessment:
    """The candidate with the example's own architecture, and another package or Program."""
    return assess_package(program_ or program(), catalog(), packaged(candidate)[0], package)


def case(candidate: Candidate, program_: Program | None = None, catalog_: Catalog | None = None) -> Case:
    program_, catalog_ = program_ or program(), catalog_ or catalog()
    architecture = build(program_, catalog_, candidate)
    return Case(
        program=program_,
        catalog=catalog_,
        architecture=architecture,
        package=elaborate(architecture, catalog_),
    )


def by_identity(limits: Iterable[object]) -> dict[Identity, Limit]:
    return {item.identity: item for item in limits if isinstance(item, Limit)}


def limit(assessment: Assessment, name: str) -> Limit:
    """The limit whose identity reads so."""
    return next(item for item in assessment.limits if str(item.identity) == name)


def temperatures(assessment: Assessment) -> dict[tuple[str, str], float]:
    """Peak temperature of each die in each mode. [K]"""
    return {(die, mode): peak for die, mode, _, peak, _ in assessment.outcomes["thermal"].details["die"]}


def scaled(program_: Program, factor: float, *blocks: str) -> Program:
    """The Program with the power of some blocks, in all modes, times a factor."""
    for mode in program_.modes.values():
        for name in blocks:
            item = mode.power[name]
            program_ = program_.with_value(item.id, factor * item.value)
    return program_
