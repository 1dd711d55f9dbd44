"""packfirst rfq: a redacted pack per supplier, and his answers as dated evidence in a private overlay."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import EXIT_DONE, EXIT_INFEASIBLE, InputError, nearest

if TYPE_CHECKING:
    from packfirst.cli.route_asked import Asked, What
    from packfirst.disciplines.supply.records import SupplyCase


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command()(rfq)


def rfq(
    program: Annotated[
        Path | None, typer.Argument(help="The Program, a YAML file.", show_default=False)
    ] = None,
    key: Annotated[str | None, typer.Option(help="Key of a candidate, as a study lists it.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the packs.")] = Path("rfq"),
    site: Annotated[
        list[str] | None,
        typer.Option(help="Id of a site; may be given again. Default: every site on a Pareto route."),
    ] = None,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Name the Program and its die, and give numbers for windows.")
    ] = False,
    answers: Annotated[
        Path | None,
        typer.Option(help="A supplier's file of answers: put it into the overlay instead of making packs."),
    ] = None,
    supply: Annotated[
        list[Path] | None, typer.Option("--supply", help="Your own supplier records; may be given again.")
    ] = None,
    asked_on: Annotated[
        str | None, typer.Option(help="Day on the pack, on which evidence is read; default today.")
    ] = None,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """One page per supplier, windows for numbers, unknown gates as questions; answers come back by --answers."""
    from packfirst.cli.files import to_json

    if answers is not None:
        record = _take(answers, overlay or (), supply or ())
        typer.echo(
            to_json(record)
            if as_json
            else f"{record['site']}: {record['steps']} steps answered on {record['answered_on']}, now in "
            f"{record['overlay']}; the file is private: give it to route, exposure and assess with --overlay"
        )
        return
    if program is None or key is None:
        raise InputError.one("rfq", "name a Program and --key, or --answers and --overlay")
    packs = _packs(program, key, out, site or (), supply or (), overlay or (), asked_on, reveal=reveal)
    if as_json:
        typer.echo(to_json([{name: pack[name] for name in _SHOWN} for pack in packs]))
    else:
        if packs and packs[0]["marking"]:
            typer.echo(packs[0]["marking"])
        for pack in packs:
            typer.echo(
                f"{pack['file']}  {pack['company']}, {pack['site']}: {len(pack['questions'])} questions"
            )
        if not packs:
            typer.echo("No site on record may do a step under these terms; name one with --site.")
    raise typer.Exit(EXIT_DONE if packs else EXIT_INFEASIBLE)


_SHOWN = (
    "number",
    "file",
    "answers_file",
    "company",
    "site",
    "marking",
    "work",
    "windows",
    "terms",
    "questions",
)


def _packs(
    program: Path, key: str, out: Path, sites: Sequence[str], supply: Sequence[Path], overlays: Sequence[Path],
    asked_on: str | None, *, reveal: bool,
) -> list[dict[str, Any]]:  # fmt: skip
    from packfirst.architecture.architecture import build
    from packfirst.architecture.elaborate import elaborate
    from packfirst.cli.files import write_whole
    from packfirst.cli.rfq_windows import quantities, written
    from packfirst.cli.route_asked import Asked, Options, What
    from packfirst.disciplines.supply.records import supplied, supply_case
    from packfirst.disciplines.supply.routes import pareto_routes
    from packfirst.report.rfq_pack import draw_schematic, page, schematic
    from packfirst.report.section import section_record

    what = What(program, key, None, overlays)
    asked = Asked(Options(asked_on=asked_on, supply=supply, overlays=overlays), what)
    assert what.program is not None
    assert what.candidate is not None
    case = supply_case(
        supplied(what.process(with_wafers=False), asked.records), asked.records, asked.demand, home=asked.home
    )
    chosen = _chosen(case, asked, sites, pareto_routes(case.problem).routes)
    architecture = build(what.program, what.catalog, what.candidate)
    package = elaborate(architecture, what.catalog)
    drawn = draw_schematic(schematic(section_record(_geometry(package))))
    rows = written(quantities(what.program, what.catalog, architecture, package), reveal=reveal)
    packs = []
    for number in chosen:
        pack = _pack(what, asked, case, number, reveal=reveal) | {"drawing": drawn, "windows": rows}
        packs.append(pack)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError.one(str(out), f"cannot be made: {error.strerror or error}") from None
    for pack in packs:
        pack["file"] = str(out / f"{pack['id']}.html")
        pack["answers_file"] = str(out / f"{pack['id']}.answers.yaml")
        write_whole(Path(pack["file"]), page(pack))
        write_whole(Path(pack["answers_file"]), _blank(pack))
    return packs


def _chosen(case: "SupplyCase", asked: "Asked", sites: Sequence[str], routes: Sequence[Any]) -> list[int]:
    """Numbers of the sites that get a pack, in the order of the records."""
    known = list(asked.records.suppliers)
    if not sites:
        return sorted({site for route in routes for site in route.sites if site < len(known)})
    found = []
    for name in sites:
        if name not in known:
            raise InputError.one("--site", f"no site {name!r} is on record: {nearest(name, known)}")
        number = known.index(name)
        if not any(item.site == number for need in case.process.needs for item in case.entries[need]):
            raise InputError.one("--site", f"{name!r} has no record of any step of this package")
        found.append(number)
    return found


def _pack(what: "What", asked: "Asked", case: "SupplyCase", site: int, *, reveal: bool) -> dict[str, Any]:
    """What one supplier gets, without drawing and windows."""
    import hashlib

    from packfirst.architecture.construction import construction
    from packfirst.cli.rfq_windows import decade
    from packfirst.program.marking import marking_line

    program, candidate = what.program, what.candidate
    assert program is not None
    assert candidate is not None
    supplier = list(asked.records.suppliers.values())[site]
    tasks = case.process.tasks
    feeds = {before: index for index, task in enumerate(tasks) for before in task.after}
    work = []
    for index, task in enumerate(tasks):
        if not any(item.site == site for need in task.needs for item in case.entries[need]):
            continue
        before = ", ".join(_words(tasks[i].needs) for i in task.after)
        after = _words(tasks[feeds[index]].needs) if index in feeds else "shipment"
        comes = f"after {before}" if before else "the first of its branch"
        work.append({"needs": _words(task.needs), "between": f"{comes}; then {after}"})
    needs = {need for task in tasks for need in task.needs}
    answers = [
        answer
        for need in case.process.needs
        for item in case.entries[need]
        if item.site == site and need in needs
        for answer in item.answers
    ]
    unknown = [item.question for item in answers if item.question]
    low, high = decade(program.volume.value)
    volume = f"{program.volume.value:,.0f} parts" if reveal else f"{low:,.0f} to {high:,.0f} parts"
    need = program.dates.need if program.dates is not None else None
    quarter = f"{need[:4]}, quarter {(int(need[5:7]) + 2) // 3}" if need else ""
    said = [
        ("parts over the life of the product", volume),
        ("volume tier", asked.demand.volume_tier),
        ("first parts fielded", (need or "") if reveal else quarter),
        ("every step is done in", " or ".join(sorted(asked.demand.locations))),
        ("every site is owned in", " or ".join(sorted(asked.demand.owners))),
        ("every site is accredited as trusted", "yes" if asked.demand.trusted_steps else ""),
        ("technical data is export-controlled", "yes" if asked.demand.export else ""),
        ("qualified line", " or ".join(next(iter(asked.demand.listings.values()), ()))),
    ]
    code = hashlib.blake2b(f"{program.digest}/{what.name}/{supplier.id}".encode(), digest_size=4).hexdigest()
    record = what.catalog.record("technology", candidate.carrier)
    return {
        "id": supplier.id, "number": f"RFQ-{code}", "date": asked.asked_on.isoformat(), "company": supplier.company,
        "site": supplier.name.removeprefix(f"{supplier.company}, "), "marking": marking_line(program), "work": work,
        "build": f"Die face {construction(record).face}, {construction(record).cover} on top",
        "terms": [{"what": name, "said": words} for name, words in said if words],
        "questions": [
            *dict.fromkeys(unknown),
            "How many weeks does a lot take for each step above, at least, usually and at most, queue included?",
            "What does each step cost per part at this volume, and once for tooling and set-up?",
            "From which day can a first lot start, and what would hold that slot?",
            "Which window above can you not meet, and how near can you come?",
        ],
        "revealed": [what.describe] if reveal else [],
    }  # fmt: skip


def _words(needs: Sequence[str]) -> str:
    return " and ".join(need.replace("_", " ") for need in needs)


def _geometry(package: Any) -> dict[str, Any]:
    """What `section_record` reads of a package. [mm]"""
    return {
        "bodies": [
            {"id": b.id, "role": b.role, "owner": b.owner, "box_mm": [round(x * 1e3, 6) for x in b.box_m]}
            for b in package.bodies
        ],
        "die": [{"body": d.body, "base": d.base, "part": d.part} for d in package.die],
    }


def _blank(pack: Mapping[str, Any]) -> str:
    """The file that the supplier fills in; what he leaves out stays unknown."""
    steps = [item["needs"].replace(" ", "_") for item in pack["work"]]
    mark = f"# {pack['marking']}\n" if pack["marking"] else ""
    lines = [
        f"{mark}# Answers to {pack['number']}. Take the # away from what you answer; what is left out stays not known.",
        "format: packfirst-answers-1",
        f"site: {pack['id']}",
        "answered_on:  # a day: 2027-03-01",
        "letter:  # where this answer is kept: number of the quotation or letter",
        "# steps:",
    ]
    for step in dict.fromkeys(steps):
        lines.append(
            f"# - {{step: {step}, does: yes, weeks: {{value: 0, low: 0, high: 0}}, "
            "cost_usd: {value: 0, low: 0, high: 0}}  # does: yes, no or planned"
        )
    lines += [
        "# volume_tiers: [prototype, low]  # and high",
        "# access: open  # captive, captive_and_foundry, foundry, government_programs, open, research",
        "# open_from: 2028-01  # first day of work for customers, where it lies ahead",
        "# owner_note: who holds the shares, and what mitigates foreign ownership",
        "# listings: [{name: QML-38534, note: class and until when}]",
    ]
    return "\n".join(lines) + "\n"


def _take(path: Path, overlays: Sequence[Path], supply: Sequence[Path]) -> dict[str, Any]:
    """Puts a file of answers into the one overlay that is named; written only if the whole can be read back."""
    import os
    from contextlib import suppress

    import yaml

    from packfirst.catalog.supply_answers import merged, read_answers
    from packfirst.catalog.supply_records import load_supply
    from packfirst.cli.files import write_whole
    from packfirst.yaml_marks import load

    if len(overlays) != 1:
        raise InputError.one("--overlay", "name the one private file that the answers go into")
    target = overlays[0]
    below = load(target).data if target.exists() else None
    known = load_supply([*supply, *([target] if target.exists() else [])])
    key, content = read_answers(path, known)
    whole = merged(below, content["sources"], content["records"])  # type: ignore[arg-type]
    text = (
        "# Private: answers of suppliers. Not for a shared report; give it to packfirst with --overlay.\n"
        + yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=110)
    )
    scratch = target.with_name(f".{target.name}.{os.getpid()}.check.yaml")
    try:
        write_whole(scratch, text)
        load_supply([*supply, scratch])
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
    write_whole(target, text)
    record = content["records"][0]  # type: ignore[index]
    assert isinstance(record, dict)
    steps = record["capabilities"]
    assert isinstance(steps, list)
    return {
        "site": str(record["id"]), "steps": len(steps), "source": key, "overlay": str(target),
        "answered_on": str(record["status"]["as_of"]),  # type: ignore[index,call-overload]
    }  # fmt: skip
