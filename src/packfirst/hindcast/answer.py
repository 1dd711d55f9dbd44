"""An answer in the words that a scorecard compares: technology class, number of own die, way out for the heat."""

from dataclasses import dataclass

from packfirst.catalog import Catalog
from packfirst.explore.records import Brief

ASPECTS = ("technology", "n_die", "thermal_path")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was said, or built.

    Attributes
    ----------
    technology : str
        Class of the carrier; behind a plus how stacked die are joined.
    n_die : int
        Die that the designer cuts: without bought die and without what a technology brings along.
    thermal_path : str
        Id of the catalog.
    """

    technology: str
    n_die: int
    thermal_path: str


def technology_class(catalog: Catalog, carrier: str, stack: str) -> str:
    """Class of a carrier technology, and how the die stacked on it are joined; `stack` is "" where none are."""
    kind = catalog.record("technology", carrier).word("class")
    return with_stack(kind, catalog, stack)


def with_stack(kind: str, catalog: Catalog, stack: str) -> str:
    """A class of carrier with a stack technology on it: 'silicon_interposer + hybrid_bond'."""
    if not stack:
        return kind
    return f"{kind} + {catalog.record('technology', stack).listed('first_level_interconnect')[0]}"


def answer_of(catalog: Catalog, brief: Brief) -> Answer:
    """The answer that an assessed candidate gives."""
    return Answer(
        technology=technology_class(catalog, brief["carrier"], brief["stack"]),
        n_die=sum(group["count"] for group in brief["groups"]),
        thermal_path=brief["thermal_path"],
    )
