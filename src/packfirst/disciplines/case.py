"""What a discipline is asked about, and what it answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.architecture import Architecture
from packfirst.architecture.candidate import Space
from packfirst.architecture.package import Package
from packfirst.catalog import Catalog
from packfirst.inputs import Input
from packfirst.limit import Fact, Limit, Metric, NotAssessed
from packfirst.program.model import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One candidate of one Program under one Catalog."""

    program: Program
    catalog: Catalog
    architecture: Architecture
    package: Package
    n_samples: int = 1024
    seed: int = 0

    def input(self, input_id: str) -> Input:
        """The Input of an id, wherever it comes from."""
        if input_id.startswith("program/"):
            return self.program.input(input_id)
        return self.catalog.input(input_id)


class Facts:
    """What disciplines have said so far, for those that come later."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._facts = {(fact.name, fact.subject, fact.mode): fact for fact in facts}

    def get(self, name: str, subject: str, mode: str = "") -> Fact | None:
        """The fact of that name, subject and mode, or None."""
        return self._facts.get((name, subject, mode))

    def named(self, name: str) -> list[Fact]:
        """All facts of a name, in the order in which they were said."""
        return [fact for (key, _, _), fact in self._facts.items() if key == name]

    def with_all(self, facts: Iterable[Fact]) -> "Facts":
        """These and more."""
        return Facts([*self._facts.values(), *facts])


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A discipline's answer on one case.

    `details` holds plain tables and arrays for reports: whoever draws them knows their names.
    """

    limits: tuple[Limit | NotAssessed, ...] = ()
    facts: tuple[Fact, ...] = ()
    metrics: tuple[Metric, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A screen: for every row of a table, the most favourable demand and capacity that one limit could have.

    A row whose most favourable demand exceeds the capacity by more than the uncertainty could ever give is
    rejected; `sign` must never accept it.
    """

    kind: str
    demand: NDArray[np.float64]  # shape (n,)
    capacity: NDArray[np.float64]  # shape (n,) or ()
    unit: str

    @property
    def rejected(self) -> NDArray[np.bool_]:
        return np.asarray(self.demand > self.capacity)

    @property
    def margin_ratio(self) -> NDArray[np.float64]:
        scale = np.where(self.capacity != 0.0, np.abs(self.capacity), 1.0)
        return np.asarray((self.capacity - self.demand) / scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What a discipline says of all rows of a table at once: limits, and the best that objectives could be."""

    bounds: tuple[Bound, ...] = ()
    best: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All candidates of a Program as columns: the plain table that screens work on."""

    program: Program
    catalog: Catalog
    space: Space
    rows: NDArray[np.int64]  # numbers of the rows of `space` that this table holds

    def option(self, column: int) -> NDArray[np.int32]:
        """Option number of each row in a column of `space.index`."""
        return np.asarray(self.space.index[self.rows, column])


class Discipline(Protocol):
    """One kind of limit, with its two faces."""

    name: str
    needs: tuple[str, ...]  # names of facts
    gives: tuple[str, ...]

    def bounds(self, table: Table) -> Screen:
        """Screens thousands of candidates at once, without a Package."""

    def limits(self, case: Case, facts: Facts, rung: str) -> Outcome:
        """Speaks on one."""
