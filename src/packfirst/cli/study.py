"""packfirst explore, assess, report, schema."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import EXIT_DONE, EXIT_INFEASIBLE, EXIT_NOT_ASSESSED, InputError

if TYPE_CHECKING:
    from rich.table import Table

    from packfirst.assess import Assessment
    from packfirst.explore.records import StudyRecord

ProgramFile = Annotated[Path, typer.Argument(help="The Program, a YAML file.", show_default=False)]
# Columns of a table that goes to a file or a pipe.
WIDTH = 150


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    for command in (explore, assess, report, schema):
        app.command()(command)


def explore(
    program: ProgramFile,
    out: Annotated[Path, typer.Option(help="Study folder; an unfinished study in it is resumed.")] = Path(
        "study"
    ),
    seed: Annotated[int, typer.Option(help="Of the shared samples.")] = 0,
    budget: Annotated[int | None, typer.Option(min=1, help="Most candidates to assess in full.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default all cores.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw away a study that is in the folder.")] = False,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Search the packages that can carry a Program, and write a study folder with its report."""
    from packfirst.cli.files import read, to_json, write_whole
    from packfirst.explore.store import discard
    from packfirst.explore.study import BUDGET
    from packfirst.explore.study import explore as run
    from packfirst.report.html import write_report

    found, catalog = read(program, overlay or ())
    copies = _copies(program, overlay or (), out)
    if fresh:
        discard(out)
    with _Progress() as progress:
        study = run(
            found, catalog, out, seed=seed, budget=budget or BUDGET, workers=workers, progress=progress
        )
    for path, text in copies.items():
        write_whole(path, text)
    target = out / "report.html"
    write_report(study, target)
    if as_json:
        typer.echo(to_json(study))
    else:
        _print_study(study)
        typer.echo(f"\nReport: {target.resolve()}")
    raise typer.Exit(EXIT_DONE if study["counts"]["feasible"] else EXIT_INFEASIBLE)


def _copies(program: Path, overlays: Sequence[Path], folder: Path) -> dict[Path, str]:
    """What the files that a study is made from hold, by the place of their copies in its folder.

    From the copies its limits can be taken later. Nothing is written over that is not such a copy.
    """
    named = {folder / "program.yaml": program}
    for number, path in enumerate(overlays):
        inside = (
            sorted(item for item in path.iterdir() if item.suffix in (".yaml", ".yml"))
            if path.is_dir()
            else [path]
        )
        named |= {folder / "overlays" / f"{number:02}_{file.stem}.yaml": file for file in inside}
    is_study = (folder / "study.sqlite").exists()
    stale = set((folder / "overlays").glob("*.yaml")) - set(named)
    for copy, original in named.items():
        if copy.exists() and not is_study and not copy.samefile(original):
            raise InputError.one(
                str(copy), "is in the way of the study's copy; choose another folder with --out"
            )
    if stale:
        raise InputError.one(
            str(folder), "holds a study with other overlays; choose another folder with --out, or remove it"
        )
    return {
        copy: original.read_text(encoding="utf-8-sig")
        for copy, original in named.items() if not (copy.exists() and copy.samefile(original))
    }  # fmt: skip


def _print_study(study: "StudyRecord") -> None:
    from rich.table import Table

    table = Table(
        "family", "stands", "joint", "binding limit", "demand", "capacity", box=None, pad_edge=False
    )
    for item in study["families"]:
        nearest, binding = item["representative"], item["binding"]
        table.add_row(
            " on ".join(item["family"]), f"{item['feasible']} of {item['candidates']}",
            f"{nearest['joint_probability']:.0%}" if nearest else "not assessed",
            *((binding["id"], *_numbers(binding)) if binding else (", ".join(item["missing"]), "", "")),
        )  # fmt: skip
    typer.echo(f"{study['verdict']}\n\n{_drawn(table)}")


def _numbers(limit: Mapping[str, Any]) -> tuple[str, str]:
    """Demand and capacity in the unit that people write."""
    from packfirst.report.wording import GAP, MINUS, quantity

    demand, capacity = (quantity(limit[name], limit["unit"]) for name in ("demand", "capacity"))
    return demand.replace(GAP, " ").replace(MINUS, "-"), capacity.replace(GAP, " ").replace(MINUS, "-")


def _drawn(table: "Table") -> str:
    """A table as text: stdout has one door, where a full disk or a closed pipe is noticed."""
    from io import StringIO

    from rich.console import Console

    console = Console(
        file=StringIO(), width=None if sys.stdout.isatty() else WIDTH, highlight=False, markup=False
    )
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


class _Progress:
    """A progress bar on stderr where someone watches, a line per stage where nobody does."""

    _WORDS = {"screen": "screening", "assess": "assessing", "explain": "explaining"}  # noqa: RUF012

    def __enter__(self) -> Callable[[str, int, int], None]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        self._watched = console.is_terminal
        self._stage = ""
        self._bar = Progress(
            TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console,
        )  # fmt: skip
        if self._watched:
            self._bar.start()
        return self._told

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watched:
            self._bar.stop()

    def _told(self, stage: str, done: int, wanted: int) -> None:
        if stage != self._stage:
            self._stage = stage
            if self._watched:
                self._task = self._bar.add_task(self._WORDS[stage], total=wanted)
            else:
                print(f"{self._WORDS[stage]} ...", file=sys.stderr, flush=True)
        if self._watched:
            self._bar.update(self._task, completed=done, total=wanted)


def assess(
    program: ProgramFile,
    key: Annotated[str, typer.Argument(help="Key of a candidate, as a study lists it.", show_default=False)],
    rung: Annotated[str, typer.Option(help="plan or sign.")] = "plan",
    seed: Annotated[int, typer.Option(help="Of the shared samples.")] = 0,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Assess one candidate in full, at a chosen rung."""
    from packfirst.architecture.candidate import find, space
    from packfirst.assess import assess as run
    from packfirst.cli.files import read, to_json
    from packfirst.record import assessment_record

    if rung not in ("plan", "sign"):
        raise InputError.one("--rung", f"unknown rung {rung!r}: write plan or sign")
    found, catalog = read(program, overlay or ())
    candidate = find(space(found, catalog), key)
    if candidate is None:
        raise InputError.one(str(program), f"has no candidate {key!r}; a study lists their keys")
    assessment = run(found, catalog, candidate, rung=rung, seed=seed)
    if as_json:
        typer.echo(to_json(assessment_record(assessment, catalog)))
    else:
        _print_assessment(assessment)
    codes = {"feasible": EXIT_DONE, "infeasible": EXIT_INFEASIBLE, "undecided": EXIT_NOT_ASSESSED}
    raise typer.Exit(codes[assessment.verdict.state])


def _print_assessment(assessment: "Assessment") -> None:
    from rich.table import Table

    verdict = assessment.verdict
    table = Table("limit", "demand", "capacity", "margin", "sigma", "holds with", box=None, pad_edge=False)
    for item in sorted(verdict.judged, key=lambda judged: judged.probability):
        limit = item.limit
        table.add_row(
            f"{limit.identity}{'' if limit.hard else ' (soft)'}", f"{limit.demand:.4g} {limit.unit}",
            f"{limit.capacity:.4g}", f"{limit.margin:.4g}", f"{item.sigma:.3g}", f"{item.probability:.1%}",
        )  # fmt: skip
    typer.echo(assessment.candidate.describe())
    typer.echo(f"{verdict.state}: all hard limits hold together with {verdict.joint_probability:.1%}")
    typer.echo(_drawn(table))
    for absent in verdict.not_assessed:
        typer.echo(f"not assessed: {absent.identity}: {', '.join(absent.missing)}")


def report(
    study: Annotated[Path, typer.Argument(help="Study folder.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option(help="File to write; default report.html in the folder.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the report of a finished study again."""
    from packfirst.cli.files import to_json
    from packfirst.explore.store import read_study
    from packfirst.report.html import write_report

    target = out or study / "report.html"
    write_report(read_study(study), target)
    typer.echo(to_json({"report": str(target.resolve())}) if as_json else f"Report: {target.resolve()}")


def schema(
    out: Annotated[Path | None, typer.Option(help="File to write; default stdout.")] = None,
) -> None:
    """Print the JSON Schema of a Program, for editors."""
    from packfirst.cli.files import to_json, write_whole
    from packfirst.program import json_schema

    text = to_json(json_schema())
    if out is None:
        typer.echo(text)
    else:
        write_whole(out, text + "\n")
