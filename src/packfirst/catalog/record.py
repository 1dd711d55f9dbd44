"""One thing that the catalog knows: its numbers, its words, its tables of rows and its process steps."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

from packfirst.errors import EXIT_NOT_ASSESSED, PackfirstError
from packfirst.inputs import Input

Words = str | tuple[str, ...]


class MissingDatum(PackfirstError):
    """The catalog has the record but not this field; a discipline answers with NotAssessed."""

    exit_code = EXIT_NOT_ASSESSED

    def __init__(self, kind: str, record_id: str, field_name: str) -> None:
        self.kind = kind
        self.record_id = record_id
        self.field = field_name
        self.input_id = input_id(kind, record_id, field_name)
        super().__init__(f"{self.input_id} is not in the catalog: add it in an overlay")

    def __reduce__(self) -> tuple[type["MissingDatum"], tuple[str, str, str]]:
        return MissingDatum, (self.kind, self.record_id, self.field)


def input_id(kind: str, record_id: str, field_name: str) -> str:
    """Id of a catalog Input: `catalog/<kind>/<record>/<field>`."""
    return f"catalog/{kind}/{record_id}/{field_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStep:
    """One step of a technology's route; its numbers are Inputs of the record, under the two names here."""

    number: int  # counted from 1
    op: str
    scope: str  # die_prep | carrier | per_die | per_package
    needs: tuple[str, ...] = ()  # what a site must be able to do; all of them, empty: any assembler
    note: str = ""

    @property
    def yield_field(self) -> str:
        """Field of the record that holds this step's yield."""
        return f"step_{self.number}_yield"

    @property
    def temperature_field(self) -> str:
        """Field of the record that holds this step's peak temperature."""
        return f"step_{self.number}_peak_temperature"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a table inside a record, such as a die of a product; its numbers are Inputs of the record."""

    table: str
    number: int  # counted from 1
    words: Mapping[str, Words] = field(default_factory=dict)

    def field(self, name: str) -> str:
        """Field of the record that holds this row's number of that name: `die_1_area`."""
        return f"{self.table}_{self.number}_{name}"

    def word(self, name: str) -> str:
        """A text of the row; empty when nobody has said."""
        found = self.words.get(name, "")
        return found if isinstance(found, str) else ", ".join(found)

    def listed(self, name: str) -> tuple[str, ...]:
        """A list of texts of the row; empty when nobody has said."""
        found = self.words.get(name, ())
        return (found,) if isinstance(found, str) else found


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record of the catalog.

    `record["conductivity"]` is the SI value, `record.input("conductivity")` the whole Input with its band
    and source, `record.get(...)` the Input or None. Both of the first two raise MissingDatum.
    """

    kind: str
    id: str
    name: str
    inputs: Mapping[str, Input]
    words: Mapping[str, Words]
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)  # table -> its rows, in order
    route: tuple[ProcessStep, ...] = ()
    die_committed_at_step: int = 0  # first step at which known-good die are at risk; 0 without a route
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    def __hash__(self) -> int:
        return hash(self.digest)

    def input(self, field_name: str) -> Input:
        """The Input of a numeric field; MissingDatum when nobody has said."""
        found = self.inputs.get(field_name)
        if found is None:
            raise MissingDatum(self.kind, self.id, field_name)
        return found

    def get(self, field_name: str) -> Input | None:
        """The Input of a numeric field, or None."""
        return self.inputs.get(field_name)

    def __getitem__(self, field_name: str) -> float:
        """The SI value of a numeric field; MissingDatum when nobody has said."""
        return self.input(field_name).value

    def __contains__(self, field_name: str) -> bool:
        return field_name in self.inputs

    def word(self, field_name: str) -> str:
        """A text or enumeration field; MissingDatum when nobody has said."""
        found = self.words.get(field_name)
        if not isinstance(found, str):
            raise MissingDatum(self.kind, self.id, field_name)
        return found

    def listed(self, field_name: str) -> tuple[str, ...]:
        """A field that holds a list of texts; empty when nobody has said."""
        found = self.words.get(field_name, ())
        return (found,) if isinstance(found, str) else found

    def table(self, name: str) -> tuple[Row, ...]:
        """The rows of a table; empty when there are none or nobody has said."""
        return self.rows.get(name, ())

    def of(self, row: Row, name: str) -> Input | None:
        """The Input of a row's number, or None when nobody has said."""
        return self.inputs.get(row.field(name))

    @cached_property
    def digest(self) -> str:
        """Hash of the content; the same in every process, blind to the file that it came from."""
        content = {
            "kind": self.kind,
            "id": self.id,
            "name": self.name,
            "inputs": {name: _plain(item) for name, item in self.inputs.items()},
            "words": dict(self.words),
            "rows": {name: [dict(row.words) for row in rows] for name, rows in self.rows.items()},
            "route": [[getattr(step, f.name) for f in fields(step)] for step in self.route],
            "die_committed_at_step": self.die_committed_at_step,
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.blake2b(text.encode(), digest_size=20).hexdigest()


def _plain(item: Input) -> list[str | int | None]:
    numbers = [None if x is None else float(x).hex() for x in (item.value, item.low, item.high)]
    known = [
        item.quantity,
        item.kind.value,
        item.evidence.value,
        item.source,
        item.year,
        item.where,
        item.note,
    ]
    return [*numbers, *known]
