"""packfirst explore, assess, report, schema."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import EXIT_DONE, EXIT_INFEASIBLE, EXIT_NOT_ASSESSED, InputError

ProgramFile = Annotated[Path, typer.Argument(help="The Program, a YAML file.", show_default=False)]


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
    from packfirst.cli.files import read, to_json
    from packfirst.explore.study import BUDGET
    from packfirst.explore.study import explore as run
    from packfirst.report.html import write_report

    found, catalog = read(program, overlay or ())
    if fresh:
        _discard(out)
    with _progress() as progress:
        study = run(
            found, catalog, out, seed=seed, budget=budget or BUDGET, workers=workers, progress=progress
        )
    _keep_inputs(program, overlay or (), out)
    target = out / "report.html"
    write_report(study, target)
    if as_json:
        typer.echo(to_json(study))
    else:
        _print_study(study)
        typer.echo(f"\nReport: {target.resolve()}")
    raise typer.Exit(EXIT_DONE if study["counts"]["feasible"] else EXIT_INFEASIBLE)  # type: ignore[index]


def _keep_inputs(program: Path, overlays: Sequence[Path], folder: Path) -> None:
    """Copies of the files that the study was made from, so that its limits can be taken from it later."""
    from packfirst.cli.files import write_whole

    write_whole(folder / "program.yaml", program.read_text(encoding="utf-8"))
    if overlays:
        (folder / "overlays").mkdir(exist_ok=True)
    for number, path in enumerate(overlays):
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        for file in files:
            write_whole(folder / "overlays" / f"{number:02}_{file.name}", file.read_text(encoding="utf-8"))


def _discard(folder: Path) -> None:
    """Removes a study's own files and nothing else."""
    for name in ("study.sqlite", "study.sqlite-wal", "study.sqlite-shm", "report.html"):
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise InputError.one(str(folder / name), f"cannot be removed: {error.strerror}") from None


def _print_study(study: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    console.print(study["verdict"], markup=False)
    table = Table(
        "family", "stands", "joint", "binding limit", "demand", "capacity", box=None, pad_edge=False
    )
    for item in study["families"]:
        binding = item["binding"] or {}
        number = "{:.4g} {}".format
        table.add_row(
            " on ".join(item["family"]), f"{item['feasible']} of {item['candidates']}",
            f"{item['representative']['joint_probability']:.0%}", binding.get("id", ""),
            number(binding["demand"], binding["unit"]) if binding else "",
            number(binding["capacity"], binding["unit"]) if binding else "",
        )  # fmt: skip
    console.print()
    console.print(table)


class _progress:  # noqa: N801 - used as a with-statement's verb
    """A progress bar on stderr where someone watches, a line per stage where nobody does."""

    _WORDS = {"screen": "screening", "assess": "assessing", "explain": "explaining"}

    def __enter__(self) -> Callable[[str, int, int], None]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        self._watched = console.is_terminal
        self._seen: set[str] = set()
        self._bar = Progress(
            TextColumn("{task.description:10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._tasks: dict[str, Any] = {}
        if self._watched:
            self._bar.start()
        return self._told

    def __exit__(self, *exception: object) -> None:
        if self._watched:
            self._bar.stop()

    def _told(self, stage: str, done: int, wanted: int) -> None:
        if not self._watched:
            if stage not in self._seen:
                print(f"{self._WORDS[stage]} ...", file=sys.stderr, flush=True)
                self._seen.add(stage)
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(self._WORDS[stage], total=wanted)
        self._bar.update(self._tasks[stage], completed=done, total=wanted)


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
    verdict = assessment.verdict
    if as_json:
        typer.echo(to_json(assessment_record(assessment, catalog)))
    else:
        _print_assessment(assessment)
    codes = {"feasible": EXIT_DONE, "infeasible": EXIT_INFEASIBLE, "undecided": EXIT_NOT_ASSESSED}
    raise typer.Exit(codes[verdict.state])


def _print_assessment(assessment: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    verdict = assessment.verdict
    console.print(assessment.candidate.describe(), markup=False)
    console.print(f"{verdict.state}: all hard limits hold together with {verdict.joint_probability:.1%}")
    table = Table("limit", "demand", "capacity", "margin", "sigma", "holds with", box=None, pad_edge=False)
    for item in sorted(verdict.judged, key=lambda judged: judged.probability):
        limit = item.limit
        table.add_row(
            str(limit.identity), f"{limit.demand:.4g} {limit.unit}", f"{limit.capacity:.4g}", f"{limit.margin:.4g}",
            f"{item.sigma:.3g}", f"{item.probability:.1%}",
        )  # fmt: skip
    console.print(table)
    for absent in verdict.not_assessed:
        console.print(f"not assessed: {absent.identity}: {', '.join(absent.missing)}", markup=False)


def report(
    study: Annotated[Path, typer.Argument(help="Study folder.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option(help="File to write; default report.html in the folder.")
    ] = None,
) -> None:
    """Write the report of a finished study again."""
    from packfirst.explore.store import read_study
    from packfirst.report.html import write_report

    target = out or study / "report.html"
    write_report(read_study(study), target)
    typer.echo(f"Report: {target.resolve()}")


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
