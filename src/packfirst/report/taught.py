"""One limit of an assessment as a page of plain words: why, whence, what moves it, what people do, what to read."""

from dataclasses import asdict
from textwrap import fill
from typing import Any

from packfirst.assess import Assessment
from packfirst.confidence import Judged, Verdict, levers
from packfirst.disciplines.case import Case
from packfirst.errors import InputError, nearest
from packfirst.levers import solve
from packfirst.limit import Identity, NotAssessed
from packfirst.record import input_record, limit_record, solved_record
from packfirst.report.lesson import lesson_of

# Levers that are solved by assessing again: more would take longer than reading the page does.
SOLVED = 3
# Influences and slopes that a page has room for.
SHOWN = 4
WIDTH = 100
LEAST_SHARE = 0.01  # of the variance: what is less says nothing

Answer = Judged | NotAssessed


def identity_of(item: Answer) -> Identity:
    """Which limit an answer is about."""
    return item.limit.identity if isinstance(item, Judged) else item.identity


def _least_likely_first(verdict: Verdict) -> list[Judged]:
    return sorted(verdict.judged, key=lambda item: (item.probability, item.limit.margin_ratio))


def chosen(assessment: Assessment, words: str) -> tuple[Answer, list[str]]:
    """The limit that is meant, and the names of others that have the words.

    By its whole name, else of those that have the words in their name the least likely to hold.

    Raises
    ------
    InputError
        No limit has the words in its name.
    """
    verdict = assessment.verdict
    answers: list[Answer] = [*_least_likely_first(verdict), *verdict.not_assessed]
    every = {str(identity_of(item)): item for item in answers}
    wanted = " ".join(words.split())
    if wanted in every:
        return every[wanted], []
    names = [name for name in every if wanted and wanted.lower() in name.lower()]
    if not names:
        raise InputError.one("LIMIT", f"no limit has {words!r} in its name: {nearest(wanted, tuple(every))}")
    return every[names[0]], names[1:]


def taught(case: Case, assessment: Assessment, words: str) -> dict[str, Any]:
    """A limit with its text, its numbers and its levers solved, as JSON-ready data. InputError as `chosen`."""
    item, also = chosen(assessment, words)
    identity = identity_of(item)
    lesson = lesson_of(identity.discipline, identity.kind)
    told: dict[str, Any] = {"id": str(identity)}
    if isinstance(item, Judged):
        told = _numbers(case, assessment, item)
    else:
        told["missing"] = list(item.missing)
    told |= {
        "candidate": assessment.candidate.describe(), "also": also, "lesson": None if lesson is None else asdict(lesson)
    }  # fmt: skip
    return told


def _numbers(case: Case, assessment: Assessment, item: Judged) -> dict[str, Any]:
    inputs, limit = assessment.inputs, item.limit
    told = limit_record(item, inputs, full=True)
    parts: Any = told["influences"]
    told["rests_on"] = [
        {**input_record(inputs[part["input"]], case.catalog), "share": part["share"]}
        if part["input"] in inputs
        else {"input": part["input"], "share": part["share"]}
        for part in parts[:SHOWN]
    ]
    told["solved_levers"] = [
        solved_record(found, inputs)
        for lever in [lever for lever in levers(limit, inputs) if lever.within_range][:SOLVED]
        if (found := solve(case.program, case.catalog, assessment.candidate, limit, lever, seed=case.seed))
    ]
    told["basis"] = [
        case.catalog.sources[key].title if key in case.catalog.sources else key for key in limit.basis
    ]
    return told


def page(told: dict[str, Any]) -> str:
    """The page as text."""
    lesson = told["lesson"]
    title = f": {lesson['title']}" if lesson else ""
    lines = [_line(f"{told['id']}{title}"), _line(told["candidate"], "  ")]
    lines += [_line(_verdict(told)), ""]
    if lesson:
        lines += ["Why there is such a limit", _line(lesson["physics"], "  "), ""]
    lines += ["Where the number comes from"]
    if lesson:
        lines += [_line(lesson["number"], "  ")]
    if "missing" not in told:
        lines += [*_origin(told), "", "What moves it", *_levers(told)]
    if lesson:
        lines += ["", "What people do", *(_item(text) for text in lesson["people"])]
        if lesson["read"]:
            lines += ["", "To read", *(_item(text) for text in lesson["read"])]
    if told["also"]:
        lines += ["", _line(f"Also of that name: {'; '.join(told['also'])}")]
    return "\n".join(lines)


def _line(text: str, indent: str = "") -> str:
    return fill(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _item(text: str) -> str:
    return fill(
        text, WIDTH, initial_indent="  - ", subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )  # fmt: skip


def _verdict(told: dict[str, Any]) -> str:
    if "missing" in told:
        return f"Not assessed. Missing: {', '.join(told['missing'])}."
    return (
        f"{told['explanation']}. Demand {told['demand']:.4g} {told['unit']}, capacity {told['capacity']:.4g}, margin "
        f"{told['margin']:.4g} with a sigma of {told['sigma']:.3g}: it holds with {told['probability']:.0%}."
        f"{'' if told['hard'] else ' Your program does not demand it.'}"
    )


def _origin(told: dict[str, Any]) -> list[str]:
    basis, more = told["basis"][:SHOWN], len(told["basis"]) - SHOWN
    lines = [
        _line(f"Basis: {'; '.join(basis)}{f'; and {more} more sources (--json)' if more > 0 else ''}.", "  ")
    ]
    rests = [item for item in told["rests_on"] if item["share"] >= LEAST_SHARE]
    if rests:
        lines += ["  Its uncertainty rests on:"]
    for item in rests:
        if "value" not in item:
            lines += [_item(f"{item['share']:.0%} the model itself ({item['input'].removeprefix('model/')})")]
            continue
        band = f", {item['low']} to {item['high']}" if item["low"] is not None else ""
        source = ", ".join(str(part) for part in (item["source"], item["where"], item["year"]) if part)
        lines += [
            _item(
                f"{item['share']:.0%} {item['input']} = {item['value']}{band}; {item['evidence']}"
                f"{f': {source}' if source else ''}"
            )
        ]
    return lines + [_line(flag, "  ") for flag in told["flags"]]


def _levers(told: dict[str, Any]) -> list[str]:
    solved = {item["input"]: item for item in told["solved_levers"]}
    room = "margin" if told["margin"] >= 0.0 else "shortfall"
    lines = [
        _item(f"{name}: {item['now']} now, {item['to']} uses up the {room} (assessed again)")
        for name, item in solved.items()
    ]
    lines += [
        _item(f"{item['input']}: {item['now']} now, {item['to']} by its slope, beyond its range")
        for item in told["levers"]
        if item["input"] not in solved and not item["within_range"]
    ][: max(SHOWN - len(lines), 0)]
    return lines or ["  Nothing that you chose moves it by itself: another choice of package does."]
