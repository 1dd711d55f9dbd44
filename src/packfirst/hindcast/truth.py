"""What was built, from a product's record, in the words of an Answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from packfirst.catalog import Catalog, Record
from packfirst.catalog.record import Row
from packfirst.hindcast.answer import technology_class, with_stack

# Die that a technology brings along: no decision of whoever cuts the silicon.
BROUGHT_ALONG = ("interposer", "bridge", "dummy")
# A passive silicon base with die on micro-bumps is what a Program knows as an interposer.
_PASSIVE_BASE = "silicon_interposer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What was built; any one of several technologies or ways out counts as right.

    Attributes
    ----------
    carriers, stacks : tuple of str
        Ids of the technologies that carry and that stack its die; `stacks` is empty where none are stacked.
    counts : mapping
        Own die by the block that a Program makes of them.
    """

    technologies: tuple[str, ...]
    n_die: int
    thermal_paths: tuple[str, ...]
    carriers: tuple[str, ...]
    stacks: tuple[str, ...]
    counts: Mapping[str, int]
    note: str


def truth_of(catalog: Catalog, record: Record, block_of: Callable[[str], str]) -> Truth:
    """The truth of a product's record; `block_of` names the block that a Program makes of a die's role.

    A carrier that the record does not name is what its stack technology stands on: a passive base among its
    die is an interposer, else it is the organic laminate that the stack technology asks for.
    """
    named = record.listed("truth_technologies")
    stacks = tuple(name for name in named if _class(catalog, name) == "stack")
    carriers = tuple(name for name in named if name not in stacks)
    note = ""
    kinds = [_class(catalog, name) for name in carriers]
    if not carriers:
        passive = any(row.word("class") == "interposer" for row in record.table("die"))
        kinds = [_PASSIVE_BASE if passive else "buildup"]
        carriers = tuple(r.id for r in catalog.records("technology") if r.word("class") == kinds[0])
        if passive:
            stacks = ()
        note = f"its record names no carrier: taken as {kinds[0].replace('_', ' ')}"
    words = [with_stack(kind, catalog, stacks[0] if stacks else "") for kind in kinds[:1]]
    words += [technology_class(catalog, name, "") for name in record.listed("truth_or_technologies")]
    counts = {block_of(row.word("role")): _count(record, row) for row in own_die(record)}
    return Truth(
        technologies=tuple(words), n_die=sum(counts.values()), thermal_paths=record.listed("truth_thermal_paths"),
        carriers=carriers, stacks=stacks, counts=counts, note=note,
    )  # fmt: skip


def own_die(record: Record) -> list[Row]:
    """Rows of the die that the product's designer cut: neither bought nor brought along by a technology."""
    return [
        row for row in record.table("die") if row.word("class") not in BROUGHT_ALONG and not row.word("part")
    ]


def _count(record: Record, row: Row) -> int:
    return round(record.input(row.field("count")).value)


def _class(catalog: Catalog, technology: str) -> str:
    return catalog.record("technology", technology).word("class")
