"""packfirst schedule: from architecture to fielded part, what sets the day, and by when what must be settled."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import EXIT_DONE, EXIT_INFEASIBLE, InputError, nearest

if TYPE_CHECKING:
    from packfirst.catalog import Catalog
    from packfirst.catalog.schedule_scenarios import ScheduleScenario
    from packfirst.disciplines.schedule.early_late import EarlyLate
    from packfirst.disciplines.schedule.records import Build, Failing
    from packfirst.disciplines.schedule.work import Plan

FORMAT = "packfirst-schedule-result-1"
_SAMPLES = 4096

ProgramFile = Annotated[Path | None, typer.Argument(help="The Program, a YAML file.", show_default=False)]
Key = Annotated[str | None, typer.Option(help="Candidate of the Program, as a study lists it.")]
Technology = Annotated[
    str | None, typer.Option(help="A technology by itself: one designed die on it, nothing bought.")
]


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command()(schedule)


def schedule(
    program: ProgramFile = None,
    key: Key = None,
    technology: Technology = None,
    scenario: Annotated[str, typer.Option(help="base, shortage, or a file of yours.")] = "base",
    start: Annotated[str | None, typer.Option(help="Day on which architecture starts, 2027-03-01.")] = None,
    need: Annotated[str | None, typer.Option(help="Day by which parts must be fielded.")] = None,
    engage: Annotated[
        str | None, typer.Option(help="architecture or tape_out: when the package is taken up.")
    ] = None,
    node: Annotated[str, typer.Option(help="With --technology: node of the die.")] = "n28",
    confidence: Annotated[
        float | None,
        typer.Option(help="Of the latest dates; default the Program's, else 0.8.", show_default=False),
    ] = None,
    early_late: Annotated[
        bool, typer.Option("--early-late", help="The package engaged at architecture against after tape-out.")
    ] = False,
    week_cost: Annotated[
        float, typer.Option(min=0.0, help="With --early-late: cost of a week of delay. [USD]")
    ] = 0.0,
    samples: Annotated[int, typer.Option(min=16, max=200_000, help="Samples of the network.")] = _SAMPLES,
    seed: Annotated[int, typer.Option(min=0, help="Of the samples.")] = 0,
    asked_on: Annotated[
        str | None, typer.Option(help="Day on which the question is asked; default today.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for schedule.html and schedule.csv; made if need be.")
    ] = None,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """When the part is fielded, what is critical how often, and the latest day to engage each supplier."""
    from packfirst.catalog.schedule_scenarios import load_schedule_scenario
    from packfirst.cli.files import to_json
    from packfirst.cli.schedule_tables import print_early_late, print_schedule, schedule_page
    from packfirst.disciplines.schedule.limits import described

    asked = _Asked(start=start, need=need, engage=engage, asked_on=asked_on, confidence=confidence)
    what = _what(program, key, technology, node, overlay or (), asked, samples, seed)
    chosen = load_schedule_scenario(scenario, what.catalog.ids("activity"))
    plan = _plan(what, chosen, samples, seed)
    details = described(plan, what.build, what.confidence, chosen)
    record: dict[str, Any] = {
        "format": FORMAT, "what": what.describe, "seed": seed, "samples": samples,
        "failing": [
            {"limit": item.name, "probability": item.probability} for item in what.failing
        ],
        **details,
    }  # fmt: skip
    if early_late:
        record["early_late"] = _compared(what, chosen, samples, seed, week_cost)
    if out is not None:
        _write(out, schedule_page(record), _csv(details))
    if as_json:
        typer.echo(to_json(record))
    else:
        print_schedule(record)
        if early_late:
            print_early_late(record["early_late"])
        if out is not None:
            typer.echo(f"Written: {out / 'schedule.html'}, {out / 'schedule.csv'}")
    chance = details["need_probability"]
    raise typer.Exit(EXIT_INFEASIBLE if chance is not None and chance < what.confidence else EXIT_DONE)


@dataclass(frozen=True, kw_only=True)
class _What:
    """What is to be built, and what of it will fail."""

    describe: str
    catalog: "Catalog"
    build: "Build"
    failing: "tuple[Failing, ...]"
    confidence: float
    mask_usd: float = 0.0
    part_usd: float | None = None  # cost of one good part
    volume: float = 0.0


class _Asked:
    """The days and choices of the command line, each looked at."""

    def __init__(
        self,
        *,
        start: str | None,
        need: str | None,
        engage: str | None,
        asked_on: str | None,
        confidence: float | None,
    ) -> None:
        self.today = _day("--asked-on", asked_on) or date.today()
        self.start = _day("--start", start)
        self.need = _day("--need", need)
        if engage not in (None, "architecture", "tape_out"):
            raise InputError.one("--engage", f"unknown {engage!r}: write architecture or tape_out")
        self.engage = engage
        if confidence is not None and not 0.0 < confidence < 1.0:
            raise InputError.one("--confidence", f"{confidence:g} is no probability between 0 and 1")
        self.confidence = confidence

    def on(self, build: "Build") -> "Build":
        """The build with these dates.

        Raises
        ------
        InputError
            A need date that has passed, or lies before the start.
        """
        found = replace(
            build, start=self.start or build.start, need=self.need or build.need, engage=self.engage or build.engage
        )  # fmt: skip
        if found.need is not None and found.need <= found.start:
            raise InputError.one(
                "need date", f"{found.need} is not after the start, {found.start}: move one of them"
            )
        if found.need is not None and found.need < self.today:
            raise InputError.one(
                "need date", f"{found.need} has passed: write a later day, or --asked-on a day before it"
            )
        return found


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError.one(
            option, f"{text!r} is not a day of the calendar: write it as 2027-03-01"
        ) from None


def _what(
    program: Path | None, key: str | None, technology: str | None, node: str, overlays: Sequence[Path],
    asked: _Asked, samples: int, seed: int,
) -> _What:  # fmt: skip
    from packfirst.catalog import load_catalog
    from packfirst.disciplines.schedule.records import Build, Die

    if technology is not None and program is None:
        catalog = load_catalog(overlays)
        for kind, name, option in (("technology", technology, "--technology"), ("node", node, "--node")):
            if name not in catalog.ids(kind):
                raise InputError.one(option, f"unknown {name!r}: {nearest(name, catalog.ids(kind))}")
        build = Build(
            technology=technology, die=(Die(name="die", node=node),), start=asked.start or asked.today
        )
        return _What(
            describe=f"one die on {node}; {catalog.record('technology', technology).name}", catalog=catalog,
            build=asked.on(build), failing=(), confidence=asked.confidence or 0.8,
        )  # fmt: skip
    if program is None or key is None or technology is not None:
        raise InputError.one(
            "candidate", "name a Program and a candidate's --key, or --technology: one of the two"
        )
    return _of_program(program, key, overlays, asked, samples, seed)


def _of_program(
    file: Path, key: str, overlays: Sequence[Path], asked: _Asked, samples: int, seed: int
) -> _What:
    from packfirst.architecture.candidate import find, space
    from packfirst.assess import assess, failing
    from packfirst.cli.files import read
    from packfirst.disciplines.case import Case, Facts
    from packfirst.disciplines.schedule.limits import failing_of, qualification_of
    from packfirst.disciplines.schedule.records import build_of

    program, catalog = read(file, overlays)
    candidate = find(space(program, catalog), key)
    if candidate is None:
        raise InputError.one(str(file), f"has no candidate {key!r}; a study lists their keys")
    first = asked.start or (date.fromisoformat(program.dates.start) if program.dates else asked.today)
    assessment = assess(program, catalog, candidate, seed=seed)
    case = Case(
        program=program, catalog=catalog, architecture=assessment.architecture, package=assessment.package,
        n_samples=samples, seed=seed,
    )  # fmt: skip
    others = {
        name: _resampled(outcome, samples)
        for name, outcome in assessment.outcomes.items()
        if name != "schedule"
    }
    own = qualification_of(Facts(fact for outcome in others.values() for fact in outcome.facts))
    scales = {str(item.identity): abs(item.capacity) or abs(item.demand) for item in assessment.limits}
    cost = assessment.metrics.get("cost")
    masks = [
        catalog.record("node", group.node).get("mask_set") for group in candidate.partition.groups
    ]  # fmt: skip
    return _What(
        describe=f"{program.name}: {candidate.describe()}",
        catalog=catalog,
        build=asked.on(build_of(program, catalog, candidate, first, own)),
        failing=tuple(
            replace(item, scale=scales[item.name]) for item in failing_of(Facts(failing(others, case)))
        ),
        confidence=asked.confidence or program.confidence,
        mask_usd=sum(item.value for item in masks if item is not None),
        part_usd=None if cost is None else cost.value,
        volume=program.volume.value,
    )


def _resampled(outcome: Any, samples: int) -> Any:
    """An outcome whose sampled limits speak of this number of samples: theirs, stretched over it by rank in the seed.

    Limits that carry samples of another number are sampled no more finely than they were: each sample is repeated.
    """
    import numpy as np

    from packfirst.limit import Limit

    def stretched(item: Any) -> Any:
        if not isinstance(item, Limit) or item.samples is None or len(item.samples) == samples:
            return item
        return replace(item, samples=np.resize(item.samples, samples))

    return replace(outcome, limits=tuple(stretched(item) for item in outcome.limits))


def _plan(what: _What, scenario: "ScheduleScenario", samples: int, seed: int) -> "Plan":
    from packfirst.disciplines.schedule.limits import plan_of
    from packfirst.disciplines.schedule.records import Sampler

    return plan_of(Sampler(what.catalog, samples, seed, scenario), what.build, what.failing)


def _compared(
    what: _What, scenario: "ScheduleScenario", samples: int, seed: int, week_usd: float
) -> dict[str, Any]:
    from packfirst.disciplines.schedule.prices import Stakes, both_ways
    from packfirst.disciplines.schedule.records import Sampler

    stakes = Stakes(
        mask_usd=what.mask_usd, part_usd=what.part_usd, volume=what.volume, week_usd=week_usd
    )  # fmt: skip
    found = both_ways(Sampler(what.catalog, samples, seed, scenario), what.build, what.failing, stakes)
    return _early_late_record(found)


def _early_late_record(found: "EarlyLate") -> dict[str, Any]:
    import numpy as np

    def world(item: Any) -> dict[str, Any]:
        low, middle, high = (float(x) for x in np.quantile(item.weeks, (0.05, 0.5, 0.95)))
        return {
            "weeks": [low, middle, high], "cost_usd": [float(x) for x in np.quantile(item.cost_usd, (0.05, 0.5, 0.95))],
            "respin_probability": item.respin_probability, "derated_probability": float(item.derated.mean()),
        }  # fmt: skip

    return {
        "verdict": found.verdict, "early": world(found.early), "late": world(found.late),
        "weeks_saved": list(found.weeks_saved), "cost_saved_usd": list(found.cost_saved_usd),
        "faster_probability": found.faster_probability,
        "causes": [{"name": name, "weeks": weeks} for name, weeks in found.causes],
        "weeks_early": _histogram(found.early.weeks), "weeks_late": _histogram(found.late.weeks),
    }  # fmt: skip


def _histogram(weeks: Any) -> dict[str, list[float]]:
    import numpy as np

    points = np.arange(1, 100) / 100.0
    return {"share": [float(x) for x in points], "weeks": [float(x) for x in np.quantile(weeks, points)]}


def _csv(details: dict[str, Any]) -> str:
    text = io.StringIO()
    columns = (
        "id", "name", "by", "evidence", "happens", "criticality", "start_p50", "end_p50", "end_p90", "weeks_p50",
        "latest_start", "freeze", "after",
    )  # fmt: skip
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in details["works"]:
        writer.writerow(
            [
                " ".join(row[name])
                if name == "after"
                else f"{row[name]:.4f}"
                if isinstance(row[name], float)
                else row[name]
                for name in columns
            ]
        )
    return text.getvalue()


def _write(out: Path, html: str, table: str) -> None:
    from packfirst.cli.files import write_whole

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError.one(str(out), f"cannot be made: {error.strerror or error}") from None
    write_whole(out / "schedule.html", html)
    write_whole(out / "schedule.csv", table)
