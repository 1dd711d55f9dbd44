"""packfirst calibrate: the catalog's numbers in the light of a user's own measurements, as a private overlay."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import InputError

if TYPE_CHECKING:
    from packfirst.calibrate.calibration import Calibration
    from packfirst.inputs import Input

# A measurement that far from what was expected says that one of the two is wrong.
_SURPRISING = 3.0


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command()(calibrate)


def calibrate(
    measurements: Annotated[Path, typer.Argument(help="File of measurements.")],
    out: Annotated[
        Path | None,
        typer.Option(
            help="Overlay to write: a .yaml file, or a folder where several kinds of record were learnt."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Update resistances, yields, warpage, queues or any number by your measurements; prior beside posterior."""
    from packfirst.calibrate.calibration import calibrate as learn
    from packfirst.calibrate.measurements import read
    from packfirst.calibrate.overlay import overlays
    from packfirst.catalog import load_catalog
    from packfirst.cli.files import to_json

    catalog = load_catalog(overlay or ())
    measured = read(measurements, catalog)
    found = learn(catalog, measured)
    texts = overlays(found, measured.source)
    files = {} if out is None else _files(out, texts, force=force)
    _checked(texts, overlay or ())
    _write(files)
    if as_json:
        typer.echo(to_json({**_record(found), "files": [str(path) for path in files]}))
        return
    _print(found)
    for path in files:
        typer.echo(f"Wrote {path}: use it with --overlay {out}.")


def _files(out: Path, texts: Mapping[str, str], *, force: bool) -> dict[Path, str]:
    """Where each text goes; nothing is written over unless asked."""
    if out.suffix in (".yaml", ".yml"):
        if len(texts) > 1:
            raise InputError.one(str(out), f"several kinds were learnt ({', '.join(texts)}): name a folder")
        files = {out: next(iter(texts.values()))}
    else:
        files = {out / f"{kind}.yaml": text for kind, text in texts.items()}
    there = [path for path in files if path.exists()]
    if there and not force:
        raise InputError.one(str(there[0]), "is there already: --force writes over it, --out names another")
    return files


def _checked(texts: Mapping[str, str], overlays: Sequence[Path]) -> None:
    """Reads what would be written, on top of what was read, so that nothing unusable is left behind."""
    import tempfile

    from packfirst.catalog import load_catalog

    with tempfile.TemporaryDirectory() as folder:
        for kind, text in texts.items():
            (Path(folder) / f"{kind}.yaml").write_text(text, encoding="utf-8", newline="\n")
        try:
            load_catalog([*overlays, Path(folder)])
        except InputError as error:
            message = "; ".join(f"{item.field}: {item.message}" for item in error.problems)
            raise InputError.one("calibrate", f"what was learnt is no record: {message}") from None


def _write(files: Mapping[Path, str]) -> None:
    from packfirst.cli.files import write_whole

    for path, text in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError.one(str(path.parent), f"cannot be made: {error.strerror or error}") from None
        write_whole(path, text)


def _record(found: "Calibration") -> dict[str, Any]:
    from packfirst.calibrate.overlay import unit_of

    numbers = [
        {"id": before.id, "unit": unit_of(before) or "", "prior": _three(before), "posterior": _three(after)}
        for before, after in zip(found.before, found.after, strict=True)
    ]
    posterior = found.posterior
    told = [
        {"id": item.id, "kind": item.kind, "surprise": float(far), "left": float(left)}
        for item, far, left in zip(found.measurements, posterior.surprise, posterior.left, strict=True)
    ]
    return {"numbers": numbers, "measurements": told, "correlation": posterior.correlation.tolist()}


def _three(item: "Input") -> dict[str, float]:
    from packfirst import units
    from packfirst.calibrate.overlay import unit_of

    unit = unit_of(item)
    shown = [
        float(units.write(float(x or 0.0), item.quantity, unit).split(" ")[0])
        for x in (item.value, item.low, item.high)
    ]
    return dict(zip(("value", "low", "high"), shown, strict=True))


def _print(found: "Calibration") -> None:
    from rich.console import Console
    from rich.table import Table

    told = _record(found)
    table = Table(title="prior and posterior, with their 5 % and 95 % points", title_justify="left")
    for head in ("number", "unit", "prior", "posterior"):
        table.add_column(head, no_wrap=head in ("number", "unit"))
    for item in told["numbers"]:
        spans = [
            f"{x['value']:.4g} ({x['low']:.4g} to {x['high']:.4g})"
            for x in (item["prior"], item["posterior"])
        ]
        table.add_row(item["id"].removeprefix("catalog/"), item["unit"], *spans)
    console = Console()
    console.print(table)
    for item in told["measurements"]:
        typer.echo(
            f"{item['id']}: {item['surprise']:+.1f} standard deviations from what the prior expected, "
            f"{item['left']:+.1f} of its own left"
        )
        if abs(item["surprise"]) > _SURPRISING:
            typer.echo("  the prior or the measurement is wrong: look at both before you use this", err=True)
    strong = [
        (float(row[j]), told["numbers"][i]["id"], told["numbers"][j]["id"])
        for i, row in enumerate(told["correlation"]) for j in range(i) if abs(row[j]) > 0.5
    ]  # fmt: skip
    for value, one, other in strong:
        typer.echo(
            f"{one.split('/', 2)[2]} and {other.split('/', 2)[2]} are correlated by {value:+.2f} now; an overlay "
            "holds each by itself"
        )
