"""What only shows between records, and what the catalog rests on."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packfirst.catalog.catalog import Catalog
from packfirst.catalog.record import Record
from packfirst.catalog.schema import KINDS, SCOPES
from packfirst.errors import Problem, nearest
from packfirst.inputs import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """How much the catalog holds, and on what evidence."""

    records: Mapping[str, int]  # kind -> number of records
    numbers: Mapping[str, int]  # evidence -> number of Inputs, best evidence first
    sources: int

    @property
    def shares(self) -> Mapping[str, float]:
        """Share of all numbers per evidence level."""
        total = sum(self.numbers.values())
        return {level: count / total if total else 0.0 for level, count in self.numbers.items()}


def statistics(catalog: Catalog) -> Statistics:
    """Counts of records per kind, of numbers per evidence level, and of sources."""
    found = Counter(item.evidence for item in catalog.inputs())
    return Statistics(
        records={kind: len(catalog.tables[kind]) for kind in catalog.kinds},
        numbers={level.value: found[level] for level in Evidence},
        sources=len(catalog.sources),
    )


def check(catalog: Catalog) -> list[Problem]:
    """Every problem that one record alone does not show; empty is good.

    References that lead nowhere, routes that contradict themselves, values outside of their band.
    """
    problems = []
    for kind in catalog.kinds:
        for record in catalog.records(kind):
            problems += _dangling(catalog, record)
            problems += _route_order(record)
            problems += _out_of_band(record)
    return problems


def unused_sources(catalog: Catalog) -> tuple[str, ...]:
    """Keys of sources that neither a number nor a row names."""
    used = {item.source for item in catalog.inputs()}
    for kind in catalog.kinds:
        for record in catalog.records(kind):
            used |= {target for _, wanted, target in _references(record) if wanted == "source"}
    return tuple(sorted(key for key in catalog.sources if key not in used))


def _problem(record: Record, field_name: str, message: str) -> Problem:
    field = f"{record.kind}.{record.id}.{field_name}"
    return Problem(file=record.file or "catalog", line=record.line, field=field, message=message)


def _dangling(catalog: Catalog, record: Record) -> list[Problem]:
    problems = []
    for name, kind, target in _references(record):
        known = catalog.sources if kind == "source" else catalog.tables.get(kind, {})
        if target not in known:
            problems.append(
                _problem(record, name, f"unknown {kind} {target!r}: {nearest(target, tuple(known))}")
            )
    return problems


def _references(record: Record) -> Iterator[tuple[str, str, str]]:
    """Field, kind and id of everything that a record names: other records, and sources."""
    schema = KINDS[record.kind]
    for name, spec in schema.words.items():
        if spec.refers:
            for target in record.listed(name):
                yield name, spec.refers, target
    for table, rows in record.rows.items():
        for row in rows:
            for name, spec in schema.rows[table].words.items():
                if spec.refers:
                    for target in row.listed(name):
                        yield f"{table}[{row.number - 1}].{name}", spec.refers, target


def _route_order(record: Record) -> list[Problem]:
    """A carrier or a die is prepared before it is committed, and a die is not placed before it is at risk."""
    problems = []
    committed = record.die_committed_at_step
    if committed > len(record.route):
        message = f"names step {committed} of a route of {len(record.route)}"
        problems.append(_problem(record, "die_committed_at_step", message))
    for step in record.route:
        name = f"process_route[{step.number - 1}].scope"
        if step.scope == SCOPES[0] and committed and step.number >= committed:
            problems.append(
                _problem(
                    record, name, f"prepares die in step {step.number}, but step {committed} commits them"
                )
            )
        if step.scope == SCOPES[2] and step.number < committed:
            problems.append(
                _problem(
                    record, name, f"works on die in step {step.number}, before step {committed} commits them"
                )
            )
    return problems


def _out_of_band(record: Record) -> list[Problem]:
    return [
        _problem(record, name, f"{item.value:g} is outside of its band {item.low:g} to {item.high:g}")
        for name, item in record.inputs.items()
        if item.low is not None and item.high is not None and not item.low <= item.value <= item.high
    ]
