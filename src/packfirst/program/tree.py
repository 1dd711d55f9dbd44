"""The Inputs of a tree of parts: found with their paths, changed in a copy, hashed."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

from pydantic import BaseModel

from packfirst.inputs import Input

Path = tuple[str, ...]
ROOT = "program/"
DIGITS = 12  # of a hashed number: '1 mm' and '1000 um' differ in the sixteenth


def input_id(path: Path) -> str:
    """Id of the Input at `path`: `program/blocks.compute.area`."""
    return ROOT + ".".join(path)


def at(node: object, id: str) -> Input | None:
    """The Input with that id below `node`, found by its path; None where there is none."""
    if not id.startswith(ROOT):
        return None
    for step in id.removeprefix(ROOT).split("."):
        if isinstance(node, BaseModel):
            node = getattr(node, step) if step in type(node).model_fields else None
        else:
            node = node.get(step) if isinstance(node, dict) else None
    return node if isinstance(node, Input) else None


def leaves(node: object, path: Path = ()) -> Iterator[tuple[Path, Input]]:
    """Every Input below `node` with its path, in the order of the fields."""
    if isinstance(node, Input):
        yield path, node
    elif isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from leaves(getattr(node, name), (*path, name))
    elif isinstance(node, dict):
        for name, item in node.items():
            yield from leaves(item, (*path, name))


def mapped(node: Any, change: Callable[[Path, Input], Input], path: Path = ()) -> Any:
    """Copy of the tree with each Input changed, and each mapping in the order of its names.

    The order of names in a file says nothing, so it must not reach the search either: two Programs with
    the same digest are the same Program.
    """
    if isinstance(node, Input):
        return change(path, node)
    if isinstance(node, BaseModel):
        parts = {name: getattr(node, name) for name in type(node).model_fields}
        return node.model_copy(
            update={name: mapped(part, change, (*path, name)) for name, part in parts.items()}
        )
    if isinstance(node, dict):
        return {name: mapped(node[name], change, (*path, name)) for name in sorted(node)}
    return node


def digest(node: BaseModel) -> str:
    """Content hash (BLAKE2b, 128 bit) that units, key order and left-out defaults do not change."""
    text = json.dumps(_plain(node), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _unsaid(node: BaseModel, name: str) -> bool:
    """Whether a field that came later than the first files says no more than its default."""
    later = getattr(type(node), "LATER", ())
    return name in later and getattr(node, name) == type(node).model_fields[name].default


def _plain(node: object) -> Any:
    if isinstance(node, Input):
        return {item.name: _plain(getattr(node, item.name)) for item in fields(node)}
    if isinstance(node, BaseModel):
        names = [name for name in type(node).model_fields if not _unsaid(node, name)]
        return {name: _plain(getattr(node, name)) for name in names}
    if isinstance(node, dict):
        return {name: _plain(item) for name, item in node.items()}
    if isinstance(node, tuple):
        return [_plain(item) for item in node]
    if isinstance(node, float):
        return f"{node + 0.0:.{DIGITS - 1}e}"  # + 0.0: minus zero is zero
    return node
