"""Figures of rules and of standards' tables that more than one limit looks up."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from packfirst.catalog import Catalog
from packfirst.catalog.record import Record

ROOM, REFLOW = "room", "reflow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flatness:
    """A row of the table of flatness: for terminals of this pitch or the next coarser."""

    document: str
    when: str  # room, reflow
    pitch_m: float
    limit_m: float
    status: str  # confirmed, secondary, unconfirmed
    source: str

    @property
    def is_read(self) -> bool:
        """Whether anybody read it, if second hand: a figure from memory is no reason to reject a package."""
        return self.status != "unconfirmed"

    @property
    def cited(self) -> str:
        """For a Limit's basis: the document, and how its row is known."""
        known = "recalled, not read" if self.status == "unconfirmed" else f"second hand, {self.source}"
        return f"{self.document}, {self.limit_m * 1e3:g} mm at {self.pitch_m * 1e3:g} mm pitch ({known})"


@cache
def _table() -> tuple[Flatness, ...]:
    text = files("packfirst").joinpath("catalog/data/standards/warpage.csv").read_text(encoding="utf-8")
    return tuple(
        Flatness(
            document=row["document"], when=row["when"], pitch_m=float(row["pitch_mm"]) * 1e-3,
            limit_m=float(row["limit_mm"]) * 1e-3, status=row["status"], source=row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip


def flatness(when: str, pitch_m: float) -> Flatness | None:
    """The row for a pitch, or for the next finer one that the table has; None below the finest."""
    rows = [row for row in _table() if row.when == when and row.pitch_m <= pitch_m * (1.0 + 1e-6)]
    return max(rows, key=lambda row: row.pitch_m, default=None)


def rules(catalog: Catalog) -> Record:
    """Cure, stiffness and strength that mechanics takes for granted."""
    return catalog.record("rule", "mechanics")
