"""What a product's record leaves open, filled with assumptions, so that a program file can be started from it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from packfirst.catalog import Record, Row
from packfirst.catalog.record import input_id
from packfirst.cli.init_places import PLACE_OF
from packfirst.inputs import Evidence, Input, Kind

# Die that a technology brings along, which the search chooses.
BROUGHT_ALONG = ("interposer", "bridge", "dummy")
# The oldest node of the catalog stands for what is older, for compound semiconductors and for memory.
_NODE = "n90"
# Area of one die where nobody says, and by how much it may be off either way. [mm2]
_AREA_MM2: Mapping[str, float] = {"logic": 100.0, "memory": 80.0, "rf": 8.0}
_OFF = 2.5
_POWER_W = 10.0


def lacking(record: Record) -> Iterator[str]:
    """What the record does not say and a Program needs, in words."""
    if "power" not in record:
        yield "its power"
    if record.word("market") not in PLACE_OF:
        yield f"surroundings that a Program can say (market: {record.word('market')})"
    if not any(row.word("class") == "logic" for row in record.table("die")):
        yield "a logic die"
    partless = []
    for row in record.table("die"):
        role, kind = row.word("role"), row.word("class")
        if kind == "logic" and record.of(row, "area") is None:
            yield f"the area of {role!r}"
        if kind == "logic" and not row.word("node_id"):
            yield f"a node of the catalog for {role!r} ({row.word('node')})"
        if kind not in BROUGHT_ALONG and kind != "logic" and not row.word("part"):
            partless.append(repr(role))
    if partless:
        yield f"a part of the catalog for {', '.join(partless)}"


def completed(record: Record) -> Record:
    """The record with assumed numbers where it has none; die that no part describes become blocks of their own."""
    inputs = dict(record.inputs)
    if "power" not in record:
        inputs["power"] = _assumed(record, "power", _POWER_W, "power")
    rows = []
    for row in record.table("die"):
        kind = row.word("class")
        if kind in BROUGHT_ALONG or row.word("part"):
            rows.append(row)
            continue
        area = row.field("area")
        if area not in inputs:
            inputs[area] = _assumed(record, area, _AREA_MM2[kind] * 1e-6, "area")
        rows.append(replace(row, words=_words(row, kind)))
    return replace(record, inputs=inputs, rows={**record.rows, "die": tuple(rows)})


def _words(row: Row, kind: str) -> dict[str, str | tuple[str, ...]]:
    words = {**row.words, "class": "logic", "node_id": row.word("node_id") or _NODE}
    # Die that come ready made are as many as they are.
    return words if kind == "logic" else {**words, "ready": "yes"}


def _assumed(record: Record, field: str, value: float, quantity: str) -> Input:
    return Input(
        id=input_id(record.kind, record.id, field), value=value, low=value / _OFF, high=value * _OFF,
        quantity=quantity, kind=Kind.UNCERTAIN, evidence=Evidence.ASSUMED, note="its record does not say",
    )  # fmt: skip
