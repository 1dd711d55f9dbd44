"""Which code made a study: an answer kept by other code is another answer."""

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable


@cache
def code_digest() -> str:
    """Content hash of packfirst's own Python files, by their paths inside the package."""
    found = hashlib.blake2b(digest_size=16)
    for path, item in sorted(_sources(files("packfirst"), ""), key=lambda pair: pair[0]):
        found.update(f"{path}\0".encode())
        found.update(item.read_bytes())
    return found.hexdigest()


def _sources(folder: Traversable, path: str) -> list[tuple[str, Traversable]]:
    found = []
    for item in folder.iterdir():
        if item.is_dir():
            found += _sources(item, f"{path}{item.name}/")
        elif item.name.endswith(".py"):
            found.append((f"{path}{item.name}", item))
    return found
