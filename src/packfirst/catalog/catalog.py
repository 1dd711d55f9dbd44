"""All records, by kind and id, and the sources that they name."""

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from packfirst.catalog.record import Record
from packfirst.errors import EXIT_BAD_INPUT, PackfirstError, nearest
from packfirst.inputs import Input

if TYPE_CHECKING:
    from packfirst.catalog.supply_records import SupplyRecords


class UnknownRecord(PackfirstError):
    """No such record; `hint` ends a message with the nearest valid id."""

    exit_code = EXIT_BAD_INPUT

    def __init__(self, kind: str, record_id: str, hint: str) -> None:
        self.kind = kind
        self.record_id = record_id
        self.hint = hint
        super().__init__(f"unknown {kind.replace('_', ' ')} {record_id!r}: {hint}")

    def __reduce__(self) -> tuple[type["UnknownRecord"], tuple[str, str, str]]:
        return UnknownRecord, (self.kind, self.record_id, self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a number was read."""

    key: str
    title: str
    year: int
    url: str = ""  # an address, or where else the source is to be found


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """The sourced data. Immutable: `with_value` gives a changed copy."""

    tables: Mapping[str, Mapping[str, Record]]  # kind -> id -> record
    sources: Mapping[str, Source]
    supply: "SupplyRecords | None" = None  # with a user's supply files on top; None: the packaged ones

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds that have records, in order of the alphabet."""
        return tuple(sorted(self.tables))

    def ids(self, kind: str) -> tuple[str, ...]:
        """Ids of a kind, in order of the alphabet; empty for a kind without records."""
        return tuple(sorted(self.tables.get(kind, ())))

    def records(self, kind: str) -> tuple[Record, ...]:
        """Records of a kind, in order of their ids."""
        return tuple(self.tables[kind][name] for name in self.ids(kind))

    def record(self, kind: str, record_id: str) -> Record:
        """One record; UnknownRecord, with the nearest id, when there is none."""
        found = self.tables.get(kind, {}).get(record_id)
        if found is None:
            known = self.ids(kind)
            hint = nearest(record_id, known) if known else f"the catalog has no {kind} at all"
            raise UnknownRecord(kind, record_id, hint)
        return found

    def has(self, kind: str, record_id: str) -> bool:
        """Whether there is such a record."""
        return record_id in self.tables.get(kind, {})

    def input(self, input_id: str) -> Input:
        """Input by its id `catalog/<kind>/<record>/<field>`; UnknownRecord or MissingDatum when absent."""
        kind, record_id, field_name = _parts(input_id)
        return self.record(kind, record_id).input(field_name)

    def with_value(self, input_id: str, value: float) -> "Catalog":
        """A copy in which one Input has another SI value; its band and source stay."""
        return self.with_values({input_id: value})

    def with_values(self, values: Mapping[str, float]) -> "Catalog":
        """A copy in which several Inputs have other SI values; their bands and sources stay.

        Raises
        ------
        UnknownRecord, MissingDatum
            An id that this catalog does not have.
        ValueError
            A value that is not finite.
        """
        tables = dict(self.tables)
        for input_id, value in values.items():
            if not math.isfinite(value):
                raise ValueError(f"{input_id}: {value!r} is not a finite number")
            kind, record_id, field_name = _parts(input_id)
            self.record(kind, record_id)  # says what is wrong with an id that is not there
            record = tables[kind][record_id]
            moved = replace(record.input(field_name), value=float(value))
            changed = replace(record, inputs={**record.inputs, field_name: moved})
            tables[kind] = {**tables[kind], record_id: changed}
        return replace(self, tables=tables)

    def source(self, key: str) -> Source:
        """A source by its key; UnknownRecord, with the nearest key, when there is none."""
        found = self.sources.get(key)
        if found is None:
            raise UnknownRecord("source", key, nearest(key, tuple(self.sources)))
        return found

    def inputs(self) -> Iterator[Input]:
        """Every Input, in order of kind, record and field."""
        for kind in self.kinds:
            for record in self.records(kind):
                for name in sorted(record.inputs):
                    yield record.inputs[name]

    @cached_property
    def digest(self) -> str:
        """Hash of the content; the same in every process, blind to files, lines and order."""
        total = hashlib.blake2b(digest_size=20)
        for kind in self.kinds:
            for record in self.records(kind):
                total.update(record.digest.encode())
        for key in sorted(self.sources):
            source = self.sources[key]
            total.update(repr((key, source.title, source.year, source.url)).encode())
        if self.supply is not None:
            total.update(self.supply.digest.encode())
        return total.hexdigest()


def _parts(input_id: str) -> tuple[str, str, str]:
    """Kind, record and field of an Input's id; UnknownRecord when it is no id of the catalog."""
    match input_id.split("/"):
        case ["catalog", kind, record_id, field_name]:
            return kind, record_id, field_name
    raise UnknownRecord("input", input_id, "an id of the catalog reads catalog/<kind>/<record>/<field>")
