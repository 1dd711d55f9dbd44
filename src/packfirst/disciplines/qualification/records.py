"""Levels of qualification out of the catalog: their rows in order, with what each method asks and each test takes."""

import re

from packfirst.catalog import Catalog, Record, Row
from packfirst.disciplines.qualification.path.gates import Gate
from packfirst.disciplines.qualification.path.plan import Addition, Choice, Level
from packfirst.disciplines.qualification.path.steps import UNREAD, Effort, Method, Step
from packfirst.errors import InputError, Problem

# A condition that is one letter of its method, with or without words behind it: "C", "B2 lead fatigue", "E, Y1 only".
_LETTER = re.compile(r"([A-Z][0-9]?)(?:$|,| minimum| [a-z])")
_MEASURED = ("electrical", "static", "dynamic", "functional", "switching", "latch", "esd", "parameter")


class Levels:
    """Levels of one catalog. What several of them share, flows, methods and efforts, is read once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._flows: dict[tuple[str, str], list[Step]] = {}
        self._methods: dict[str, Method] = {}
        self._efforts: dict[str, Effort] = {}

    def level(self, level_id: str, *, sealed: bool, dose: bool) -> Level:
        """A level with its flows in order.

        Parameters
        ----------
        level_id : str
        sealed : bool
            Whether the part has a sealed cavity, for what a document adds then.
        dose : bool
            Whether the mission states a dose, for the tests of radiation.

        Raises
        ------
        UnknownRecord
            No such level.
        InputError
            A row asks for a condition letter that its method lacks.
        """
        record = self._catalog.record("quality_level", level_id)
        phases = [
            (phase, record.word(phase))
            for phase in ("element_evaluation", "screening")
            if phase in record.words
        ]
        phases += [("conformance", name) for name in record.listed("conformance")]
        phases += [("qualification", name) for name in record.listed("qualification")]
        if sealed:
            phases += [("qualification", name) for name in record.listed("cavity_extra")]
        if dose and "radiation" in record.words:
            phases.append(("radiation", record.word("radiation")))
        steps: list[Step] = []
        choices: list[Choice] = []
        for phase, name in phases:
            flow = self._catalog.record("flow", name)
            if "inherits" in flow.words:
                steps += self._steps(flow.word("inherits"), phase)
            steps += self._steps(name, phase)
            choices += [_choice(flow, row) for row in flow.table("alternatives")]
        return Level(
            id=level_id, name=record.name, document=record.word("document"),
            class_level=str(record.words.get("class_level", "")), status=str(record.words.get("status", UNREAD)),
            steps=tuple(steps), gates=gates_of(self._catalog, level_id),
            adds=tuple(
                Addition(text=row.word("text"), clause=row.word("clause"), status=row.word("status"))
                for row in record.table("adds")
            ),
            choices=tuple(choices), note=str(record.words.get("note", "")),
        )  # fmt: skip

    def _steps(self, name: str, phase: str) -> list[Step]:
        if (name, phase) not in self._flows:
            flow = self._catalog.record("flow", name)
            self._flows[(name, phase)] = [self._step(flow, row, phase) for row in flow.table("steps")]
        return self._flows[(name, phase)]

    def _step(self, flow: Record, row: Row, phase: str) -> Step:
        _check_condition(self._catalog, flow, row)
        return Step(
            flow=flow.id, document=flow.word("document"), number=row.number, phase=phase, subgroup=row.word("subgroup"),
            test=row.word("test"), effort=self._effort(row), method=row.word("method"),
            methods=tuple(self._method(name) for name in row.listed("methods")),
            condition=row.word("condition"), sample_text=row.word("sample"), sample=flow.of(row, "sample_size"),
            accept=flow.of(row, "accept"), lots=flow.of(row, "lots"), parts=flow.of(row, "parts"),
            time=flow.of(row, "time"), cycles=flow.of(row, "cycles"),
            defects_allowed=flow.of(row, "defects_allowed"), element=row.word("element"), after=row.word("after"),
            needs=row.listed("needs"), optional=row.word("optional") == "yes", status=row.word("status"),
            sources=row.listed("sources"), note=row.word("note"),
        )  # fmt: skip

    def _method(self, name: str) -> Method:
        if name not in self._methods:
            record = self._catalog.record("method", name)
            self._methods[name] = Method(
                id=name, designation=record.word("designation"), needs=record.listed("needs"),
                excludes=record.listed("excludes"), fate=str(record.words.get("fate", "keeps")),
                proves=record.listed("proves"),
            )  # fmt: skip
        return self._methods[name]

    def _effort(self, row: Row) -> Effort:
        """Of the first method that says; else of a measurement, or of paper where nothing is measured."""
        named = [self._catalog.record("method", name).words.get("effort") for name in row.listed("methods")]
        measured = row.word("method") or any(word in row.word("test").lower() for word in _MEASURED)
        name = next((str(item) for item in named if item), "electrical" if measured else "paper")
        if name not in self._efforts:
            record = self._catalog.record("test_effort", name)
            self._efforts[name] = Effort(
                id=name, setup=record.input("setup"), readout=record.input("readout"),
                cost_fixed=record.input("cost_fixed"), cost_per_part=record.input("cost_per_part"),
                cost_per_time=record.input("cost_per_time"), fallout=record.input("fallout"),
                powered=record.word("powered") == "yes",
            )  # fmt: skip
        return self._efforts[name]


def gates_of(catalog: Catalog, level_id: str) -> tuple[Gate, ...]:
    """The gates of a level alone, for screens."""
    return tuple(_gate(row) for row in catalog.record("quality_level", level_id).table("gates"))


def _gate(row: Row) -> Gate:
    return Gate(
        asks=row.listed("asks"), refuses=row.listed("refuses"), clause=row.word("clause"), text=row.word("text"),
        instead=row.word("instead"), status=row.word("status"),
    )  # fmt: skip


def _choice(flow: Record, row: Row) -> Choice:
    words = row.word("step")
    return Choice(
        step=int(words) if words.isdigit() else 0, flow=flow.id, text=row.word("sample"),
        sample=flow.of(row, "sample_size"), accept=flow.of(row, "accept"), time=flow.of(row, "time"),
        status=row.word("status"),
    )  # fmt: skip


def _check_condition(catalog: Catalog, flow: Record, row: Row) -> None:
    """A letter that none of the row's methods has is a mistake of whoever wrote the row."""
    found = _LETTER.match(row.word("condition"))
    if found is None or not row.listed("methods"):
        return
    known = {
        item.word("letter"): name
        for name in row.listed("methods")
        for item in catalog.record("method", name).table("conditions")
    }
    if known and found[1] not in known:
        names = " and ".join(
            catalog.record("method", name).word("designation") for name in row.listed("methods")
        )
        raise InputError([
            Problem(
                file=flow.file, line=flow.line, field=f"{flow.id}, {row.word('test')}",
                message=f"{names} has no condition {found[1]!r}; it has {', '.join(sorted(known))}",
            )
        ])  # fmt: skip
