"""packfirst hindcast: published products against what packfirst would have said of them."""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays

if TYPE_CHECKING:
    from packfirst.catalog import Catalog, Record
    from packfirst.hindcast.card import Case

# All products together then take five minutes on two cores.
BUDGET = 60


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command()(hindcast)


def hindcast(
    product: Annotated[
        list[str] | None, typer.Option(help="A product of the catalog; may be given again. Default all.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the studies; a stopped hindcast is resumed.")] = Path(
        "hindcast"
    ),
    page: Annotated[Path | None, typer.Option(help="Markdown page to write.")] = None,
    date: Annotated[str | None, typer.Option(help="Month on the page, as 2026-11; default this one.")] = None,
    budget: Annotated[int, typer.Option(min=1, help="Most candidates of a product to assess.")] = BUDGET,
    seed: Annotated[int, typer.Option(help="Of the shared samples.")] = 0,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; default all cores.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw away the studies in the folder.")] = False,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Explore every published product from its record, and score the answers against what was built."""
    from packfirst.catalog import load_catalog
    from packfirst.cli.files import to_json, write_whole
    from packfirst.hindcast.card import scorecard
    from packfirst.hindcast.frozen import freeze, inputs_digest
    from packfirst.hindcast.page import markdown, table
    from packfirst.hindcast.run import tell

    catalog = load_catalog(overlay or ())
    names = sorted({catalog.record("product", name).id for name in product or catalog.ids("product")})
    cases, texts, unsaid = _cases(catalog, names)
    if fresh:
        _discard(out, names)
    digests = {
        case.record.id: inputs_digest(case.program.digest, catalog, budget=budget, seed=seed)
        for case in cases
    }
    digest = freeze(out, digests)
    print(f"inputs of {len(cases)} products frozen: {digest}", file=sys.stderr, flush=True)
    told = {}
    for number, case in enumerate(cases, start=1):
        name = case.record.id
        with _Product(f"{number}/{len(cases)} {name}") as progress:
            told[name] = tell(
                case.program, case.truth, catalog, out / name, budget=budget, seed=seed, workers=workers,
                progress=progress,
            )  # fmt: skip
        write_whole(out / name / "program.yaml", texts[name])
    card = scorecard(
        cases, told, unsaid, catalog, digests=digests, digest=digest, budget=budget, seed=seed,
        date=date or time.strftime("%Y-%m"),
    )  # fmt: skip
    if page is not None:
        write_whole(page, markdown(card, catalog))
    typer.echo(to_json(card) if as_json else table(card))


def _cases(catalog: "Catalog", names: Sequence[str]) -> tuple[list["Case"], dict[str, str], dict[str, str]]:
    """The products that a Program can express, the text of their program files, and what the others lack."""
    from packfirst.cli.files import names_of
    from packfirst.cli.init_complete import lacking
    from packfirst.cli.init_like import draft_of_product, named
    from packfirst.hindcast.card import Case
    from packfirst.hindcast.truth import truth_of
    from packfirst.program.load import program_from
    from packfirst.yaml_marks import parse

    cases, texts, unsaid = [], {}, {}
    for name in names:
        record = catalog.record("product", name)
        open_ends = "; ".join(lacking(record))
        if open_ends:
            unsaid[name] = open_ends
            continue
        draft = draft_of_product(catalog, name)
        freedom = draft.tree["freedom"]
        assert isinstance(freedom, Mapping)
        open_in = replace(draft, tree={**draft.tree, "freedom": {**freedom, **_left_open(catalog, record)}})
        texts[name] = open_in.text()
        program = program_from(parse(texts[name], f"{name}/program.yaml"), names_of(catalog))
        cases.append(Case(record=record, program=program, truth=truth_of(catalog, record, named)))
    return cases, texts, unsaid


def _left_open(catalog: "Catalog", record: "Record") -> dict[str, str]:
    """The choices of a hindcast as a program file writes them."""
    from packfirst.hindcast.frozen import LID_INTERFACES, carriers_of, stacks_of

    carriers = carriers_of(catalog, record["introduced"], record.word("market"))
    stacks = stacks_of(catalog, record["introduced"])
    left = {"stacks": f"[{', '.join(stacks)}]"} if stacks else {}
    return {
        "carriers": f"[{', '.join(carriers)}]",
        **left,
        "lid_interfaces": f"[{', '.join(LID_INTERFACES)}]",
    }


def _discard(folder: Path, names: Sequence[str]) -> None:
    """Removes the studies of these products, and what was frozen."""
    from packfirst.explore.store import discard
    from packfirst.hindcast.frozen import FILE

    for name in names:
        discard(folder / name)
    (folder / FILE).unlink(missing_ok=True)


class _Product:
    """Tells on stderr how far one product is: over one line where someone watches, else at its end."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._watched = sys.stderr.isatty()
        self._since = time.monotonic()

    def __enter__(self) -> Any:
        self._say("screening", end="" if self._watched else "\n")
        return self._told

    def __exit__(self, *exception: object) -> None:
        if exception[0] is None:
            self._say(f"done in {time.monotonic() - self._since:.0f} s", end="\n")

    def _told(self, done: int, wanted: int) -> None:
        if self._watched:
            self._say(f"assessing {done} of {wanted}", end="")

    def _say(self, text: str, end: str) -> None:
        start = "\r\x1b[K" if self._watched else ""
        print(f"{start}{self._title}: {text}", end=end, file=sys.stderr, flush=True)
