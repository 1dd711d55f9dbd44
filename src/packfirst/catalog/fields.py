"""What a field of a record may hold: numbers, words and tables of rows. The kinds themselves are in `schema`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A numeric field: its quantity (a key of units.QUANTITIES) and the range that has a meaning, in SI."""

    quantity: str
    required: bool = False
    least: float | None = None
    most: float | None = None
    above: float | None = None  # a bound that itself is excluded


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A text field: free, or one of `allowed`, or the id of a record of the kind `refers`."""

    required: bool = False
    many: bool = False
    allowed: tuple[str, ...] = ()
    refers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSchema:
    """A table inside a record, such as the die of a product: what each of its rows may say, besides a `note`."""

    numbers: Mapping[str, Number] = field(default_factory=dict)
    words: Mapping[str, Word] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every key that a row may have."""
        return (*self.numbers, *self.words, "note")


@dataclass(frozen=True, kw_only=True)
class KindSchema:
    """The fields of one kind. `id`, `name` and `note` belong to every kind."""

    numbers: Mapping[str, Number]
    words: Mapping[str, Word] = field(default_factory=dict)
    rows: Mapping[str, RowSchema] = field(default_factory=dict)
    has_route: bool = False

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every key that a record of this kind may have."""
        route = ("process_route", "die_committed_at_step") if self.has_route else ()
        return ("id", "name", "note", *self.numbers, *self.words, *self.rows, *route)

    def number(self, field_name: str) -> Number | None:
        """What a numeric field may hold; None for a name that no numeric field can have.

        A number of a step or of a row is a field of its record: `step_2_yield`, `die_1_area`.
        """
        if field_name in self.numbers:
            return self.numbers[field_name]
        match = _PLACED.fullmatch(field_name)
        if match is None:
            return None
        if self.has_route and match["table"] == "step":
            return STEP_NUMBERS.get(match["name"])
        table = self.rows.get(match["table"])
        return None if table is None else table.numbers.get(match["name"])


_PLACED = re.compile(r"(?P<table>[a-z_]+?)_(?:[1-9][0-9]*)_(?P<name>[a-z0-9_]+)")

STEP_NUMBERS: Mapping[str, Number] = {
    "yield": Number(quantity="number", required=True, least=0.0, most=1.0),
    "peak_temperature": Number(quantity="temperature", required=True),
}


def positive(quantity: str, *names: str, required: bool = False) -> dict[str, Number]:
    """Numbers above zero."""
    return {name: Number(quantity=quantity, required=required, above=0.0) for name in names}


def fraction(*names: str) -> dict[str, Number]:
    """Shares, 0 to 1."""
    return {name: Number(quantity="number", least=0.0, most=1.0) for name in names}


def not_negative(quantity: str, *names: str) -> dict[str, Number]:
    """Numbers of at least zero."""
    return {name: Number(quantity=quantity, least=0.0) for name in names}


def any_value(quantity: str, *names: str) -> dict[str, Number]:
    """Numbers of either sign."""
    return {name: Number(quantity=quantity) for name in names}
