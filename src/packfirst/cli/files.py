"""Reading what a command names: a Program and the Catalog with its overlays."""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from packfirst.catalog import Catalog, load_catalog
from packfirst.errors import InputError
from packfirst.program import Names, Program, load_program


def read(program: Path, overlays: Sequence[Path]) -> tuple[Program, Catalog]:
    """The Program and the Catalog, every name of the first looked up in the second.

    Raises
    ------
    InputError
        With all problems of the file that is wrong.
    """
    catalog = load_catalog(overlays)
    return load_program(program, names_of(catalog)), catalog


def names_of(catalog: Catalog) -> Names:
    """The names that a Program may use."""
    links = catalog.records("link")
    return Names(
        nodes=set(catalog.ids("node")), parts=set(catalog.ids("part")), technologies=set(catalog.ids("technology")),
        thermal_paths=set(catalog.ids("thermal_path")), interfaces=set(catalog.ids("interface")),
        standards={record.word("standard") for record in links},
        board_classes=set(catalog.ids("board_class")), cards=set(catalog.ids("card")),
        bases={name for record in catalog.records("technology") for name in record.listed("base_materials")},
    )  # fmt: skip


def write_whole(path: Path, text: str) -> None:
    """Writes a file whole or not at all.

    Raises
    ------
    InputError
        The folder is not writable, or the disk is full.
    """
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        scratch.write_text(text, encoding="utf-8", newline="\n")
        os.replace(scratch, path)
    except OSError as error:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
        raise InputError.one(str(path), f"cannot be written: {error.strerror or error}") from None


def to_json(value: Mapping[str, object] | Sequence[object]) -> str:
    """JSON as every command prints it."""
    return json.dumps(value, indent=2, sort_keys=True, allow_nan=False)
