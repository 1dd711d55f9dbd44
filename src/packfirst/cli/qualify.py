"""packfirst qualify: from a class and a construction to the ordered plan, its calendar, its parts and its gates."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import EXIT_DONE, EXIT_INFEASIBLE, InputError, nearest

if TYPE_CHECKING:
    from packfirst.catalog import Catalog
    from packfirst.disciplines.case import Case
    from packfirst.disciplines.qualification.path.plan import Level, Plan
    from packfirst.program import Program


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command("qualify")(qualify)


def qualify(
    program: Annotated[Path, typer.Argument(help="The Program, a YAML file.", show_default=False)],
    key: Annotated[str | None, typer.Option(help="Key of a candidate, as a study lists it.")] = None,
    technology: Annotated[
        str | None, typer.Option(help="A technology by itself; 'packfirst catalog list technology'.")
    ] = None,
    level: Annotated[
        str | None,
        typer.Option(help="One level, in the place of the Program's: 38535_v, 38534_k, jesd47, ..."),
    ] = None,
    life_parts: Annotated[
        int | None, typer.Option(help="Parts in the life test, where the document offers a choice.")
    ] = None,
    change: Annotated[
        str | None,
        typer.Option(help="Only what a change asks for again: die, assembly_site, die_attach, ..."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the test plan: Markdown, CSV, Gantt.")] = None,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """The plan that a class asks of a construction: gates, flow, calendar, parts; a test plan with --out."""
    from packfirst.cli.files import read, to_json
    from packfirst.disciplines.qualification.limits import construction_of, plans_of, sentence
    from packfirst.report.test_plan import plan_record

    described, catalog = read(program, overlay or ())
    case = with_level(case_of(program, described, catalog, key, technology), program, level, catalog)
    features, _, _ = construction_of(case)
    plans = plans_of(case, _touched(change), sampled=True, levels=lambda item: _with_life(item, life_parts))
    if level is not None and plans[0].closed:
        raise InputError.one("--level", _closed(plans[0], case))
    best = next((plan for plan in plans if plan.passes), plans[0])
    assert case.program.quality is not None
    ship = case.program.quality.ship
    records = [plan_record(plan, sorted(features), ship) for plan in plans]
    answer: dict[str, Any] = {
        "candidate": case.architecture.candidate.describe(), "key": case.architecture.candidate.key,
        "features": sorted(features), "change": change, "best": best.level.id, "plans": records,
        "choice": sentence(plans, best),
    }  # fmt: skip
    if out is not None:
        answer["files"] = _write(out, records)
    if as_json:
        typer.echo(to_json(answer))
    else:
        _print(answer)
    raise typer.Exit(EXIT_DONE if best.passes else EXIT_INFEASIBLE)


def case_of(
    file: Path, program: "Program", catalog: "Catalog", key: str | None, technology: str | None
) -> "Case":
    """The candidate that is meant, elaborated.

    Raises
    ------
    InputError
        Nothing has that key, no such technology, or several technologies and none is named.
    """
    from packfirst.architecture.architecture import build
    from packfirst.architecture.candidate import NOT_A_CARRIER, find, space
    from packfirst.architecture.elaborate import elaborate
    from packfirst.disciplines.case import Case

    if technology is not None:
        known = tuple(r.id for r in catalog.records("technology") if r.word("class") not in NOT_A_CARRIER)
        if technology not in known:
            raise InputError.one(
                "--technology", f"no technology {technology!r} that carries die: {nearest(technology, known)}"
            )
        program = program.model_copy(
            update={"freedom": program.freedom.model_copy(update={"carriers": (technology,)})}
        )
    every = space(program, catalog)
    if not len(every):
        raise InputError.one(str(file), "leaves no candidate: nothing in its freedom fits together")
    if key is not None:
        candidate = find(every, key)
        if candidate is None:
            raise InputError.one(str(file), f"has no candidate {key!r}; a study's report lists their keys")
    elif technology is None and len(every.carriers) > 1:
        raise InputError.one(
            str(file), "may be built in several technologies: name one with --technology or --key"
        )
    else:
        candidate = every.candidate(0)
    architecture = build(program, catalog, candidate)
    return Case(
        program=program, catalog=catalog, architecture=architecture, package=elaborate(architecture, catalog)
    )


def with_level(case: "Case", file: Path, level: str | None, catalog: "Catalog") -> "Case":
    """The case with one level in the place of the Program's.

    Raises
    ------
    InputError
        An unknown level, or none at all.
    """
    from dataclasses import replace

    from packfirst.program.quality import LEVELS, Quality

    quality = case.program.quality
    if level is None:
        if quality is None:
            raise InputError.one(
                str(file), "states no quality: give --level, or write quality: {levels: [...]}"
            )
        return case
    if level not in LEVELS or not catalog.has("quality_level", level):
        raise InputError.one("--level", f"unknown level {level!r}: {nearest(level, LEVELS)}")
    stated = Quality(levels=(level,)) if quality is None else quality.model_copy(update={"levels": (level,)})
    return replace(case, program=case.program.model_copy(update={"quality": stated}))


def _touched(change: str | None) -> tuple[str, ...]:
    from packfirst.disciplines.qualification.path.changes import touched_by

    if change is None:
        return ()
    try:
        return touched_by(change)
    except ValueError as error:
        raise InputError.one("--change", str(error)) from None


def _with_life(level: "Level", count: int | None) -> "Level":
    """The level with the life test on so many parts.

    Raises
    ------
    InputError
        No parts, or a number that the level's own document does not offer.
    """
    from packfirst.disciplines.qualification.path.plan import with_choice

    if count is None:
        return level
    life = next((s for s in level.steps if any(m.id == "mil_std_883_1005" for m in s.methods)), None)
    if count < 1:
        raise InputError.one(
            "--life-parts",
            "a life test on zero parts proves nothing (MIL-STD-883 TM1005): give at least one part",
        )
    if life is not None and life.sample is not None and round(life.sample.value) == count:
        return level
    offered = [x for x in level.choices if x.sample is not None and x.time is not None]
    for choice in offered:
        if choice.sample is not None and round(choice.sample.value) == count:
            return with_choice(level, choice)
    known = [round(x.sample.value) for x in (life, *offered) if x is not None and x.sample is not None]
    names = f"offers {' or '.join(map(str, known))}" if known else "offers no choice of its life test"
    raise InputError.one("--life-parts", f"{level.name} {names}, not {count}")


def _closed(plan: "Plan", case: "Case") -> str:
    first = plan.closed[0]
    ahead = f"; {first.gate.instead} takes such a construction" if first.gate.instead else ""
    carrier = case.architecture.candidate.carrier
    return f"{plan.level.name} is closed to {carrier}: {first.why}{ahead}"


def _write(out: Path, records: Sequence[dict[str, Any]]) -> list[str]:
    from packfirst.cli.files import write_whole
    from packfirst.report.test_plan import as_csv, as_gantt, as_markdown

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError.one(str(out), f"is no folder to write to: {error.strerror or error}") from None
    written = []
    for record in records:
        for ending, make in (("md", as_markdown), ("csv", as_csv), ("svg", as_gantt)):
            path = out / f"test_plan_{record['level']}.{ending}"
            write_whole(path, make(record))
            written.append(str(path))
    return written


def _print(answer: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=140)
    console.print(f"{answer['candidate']}  ({answer['key']})", highlight=False)
    for record in answer["plans"]:
        parts = record["parts"]
        console.print(f"\n{record['name']}", style="bold", highlight=False)
        if record["watermark"]:
            console.print(record["watermark"], style="red", highlight=False, markup=False)
        for gate in record["gates"]:
            tail = f"; see {gate['instead']}" if gate["state"] != "open" and gate["instead"] else ""
            console.print(f"  gate {gate['state']}: {gate['why']}{tail}", highlight=False, markup=False)
        for item in record["adds"]:
            console.print(
                f"  adds {item['text']} ({item['clause']}, {item['status']})", highlight=False, markup=False
            )
        low, _, high = record["weeks_p10_p50_p90"]
        console.print(
            f"  {record['weeks']:.1f} weeks (10 to 90 %: {low:.1f} to {high:.1f}), "
            f"{record['oven_hours']:.0f} h of stress; "
            f"build {parts['build']} ({parts['build_band'][0]} to {parts['build_band'][1]}) to ship {parts['ship']}, "
            f"{parts['destroyed']} destroyed, {parts['worn']} worn",
            highlight=False, markup=False,
        )  # fmt: skip
        for item in record["choices"]:
            console.print(
                f"  offered instead for {item['test']}: {item['sample']}, {item['hours']:.0f} h: "
                f"{item['weeks']:+.1f} weeks, "
                f"{item['build']:+d} parts",
                highlight=False, markup=False,
            )  # fmt: skip
        if not record["passes"]:
            continue
        table = Table(box=None, pad_edge=False)
        for name in ("phase", "lane", "test", "method", "condition", "sample", "hours", "weeks", "status"):
            table.add_column(name, overflow="fold")
        for row in record["steps"]:
            hours = "" if row["hours"] is None else f"{row['hours']:g}"
            table.add_row(
                row["phase"].replace("_", " "), row["lane"], ("> " if row["critical"] else "  ") + row["test"],
                row["method"], row["condition"], row["sample"], hours,
                f"{row['start_week']:.1f}-{row['end_week']:.1f}", row["status"],
            )  # fmt: skip
        console.print(table, highlight=False, markup=False)
    console.print(f"\n{answer['choice']}.", highlight=False, markup=False)
    for path in answer.get("files", ()):
        console.print(f"written: {path}", highlight=False, markup=False)
