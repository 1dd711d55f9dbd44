"""A program so small that every candidate of it can be assessed: what a search leaves out is then known."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from packfirst.architecture.candidate import Space, space
from packfirst.catalog import Catalog, load_catalog
from packfirst.disciplines import registry
from packfirst.explore.engine import brief
from packfirst.explore.records import Brief
from packfirst.explore.screening import Screened, screen
from packfirst.program import Program, load_program

SMALL = Path(__file__).parent / "small.yaml"


@dataclass(frozen=True)
class Everything:
    """All candidates of a program, each of them assessed."""

    program: Program
    catalog: Catalog
    space: Space
    screened: Screened
    records: list[Brief]  # by row

    @property
    def by_key(self) -> dict[str, Brief]:
        return {record["key"]: record for record in self.records}


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def everything(catalog: Catalog) -> Everything:
    program = load_program(SMALL)
    every = space(program, catalog)
    records = [brief(program, catalog, 0, every.candidate(row)) for row in range(len(every))]
    return Everything(
        program, catalog, every, screen(program, catalog, every, registry.disciplines()), records
    )
