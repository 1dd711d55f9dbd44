"""What was learnt, as files of the catalog's own shape: one for each kind of record."""

import json
import math
from collections.abc import Mapping, Sequence

from packfirst import units
from packfirst.calibrate.calibration import Calibration
from packfirst.catalog.catalog import Source
from packfirst.catalog.schema import FORMAT, FORMAT_VERSION
from packfirst.inputs import Input

_DIGITS = 10


def overlays(found: Calibration, source: Source) -> dict[str, str]:
    """Text of the overlay by kind of record."""
    kinds: dict[str, dict[str, list[tuple[Input, Input]]]] = {}
    for before, after in zip(found.before, found.after, strict=True):
        _, kind, record, _ = before.id.split("/")
        kinds.setdefault(kind, {}).setdefault(record, []).append((before, after))
    return {kind: _text(kind, records, source) for kind, records in kinds.items()}


def _text(kind: str, records: Mapping[str, Sequence[tuple[Input, Input]]], source: Source) -> str:
    lines = [
        "# Written by packfirst calibrate from measurements of your own: keep it where those may be kept.",
        f"format: {FORMAT}-{FORMAT_VERSION}",
        f"kind: {kind}",
        "sources:",
        f"  {source.key}: {{title: {_quoted(source.title)}, year: {source.year}}}",
        "records:",
    ]
    for record, pairs in records.items():
        lines.append(f"  - id: {record}")
        for before, after in pairs:
            lines.append(f"    # before: {_shown(before)}, {before.evidence}")
            lines.append(f"    {after.id.rpartition('/')[2]}: {_number(after)}")
    return "\n".join(lines) + "\n"


def _number(item: Input) -> str:
    assert item.low is not None
    assert item.high is not None
    unit = unit_of(item)
    value, low, high = (
        units.write(x, item.quantity, unit, digits=_DIGITS) for x in (item.value, item.low, item.high)
    )
    return (
        f"{{value: {value}, low: {low}, high: {high}, kind: {item.kind}, evidence: {item.evidence}, "
        f"source: {item.source}, year: {item.year}, where: {_quoted(item.where)}, note: {_quoted(item.note)}}}"
    )


def _shown(item: Input) -> str:
    assert item.low is not None
    assert item.high is not None
    unit = unit_of(item)
    value, low, high = (
        units.write(x, item.quantity, unit, digits=4) for x in (item.value, item.low, item.high)
    )
    return f"{value} ({low} to {high})"


def unit_of(item: Input) -> str | None:
    """Unit of the quantity in which the number has one or two digits before its point, or nearly; None without one."""
    allowed = units.QUANTITIES[item.quantity][1]
    if not allowed:
        return None

    def digits(unit: str) -> float:
        size = abs(units.shown_in(item.value, item.quantity, unit))
        return abs(math.log10(size) - 1.0) if size else 0.0

    return min(allowed, key=digits)


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
