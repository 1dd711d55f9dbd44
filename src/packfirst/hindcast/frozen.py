"""What goes into a hindcast, fixed before anything is scored: the choices left open, and a hash of it all."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from packfirst import __version__
from packfirst.catalog import Catalog, Record
from packfirst.errors import InputError

# Flip-chip carriers of commercial products. Wire-bonded, leaded, ceramic and embedded ones are left out, but for
# space, where they are what is usual.
CLASSES = (
    "buildup", "bridge", "silicon_interposer", "rdl_interposer", "fan_out", "glass_core", "glass_interposer",
)  # fmt: skip
SPACE_CLASSES = ("ceramic", "leadframe", "laminate", *CLASSES)
# One polymer, which bare die take as well, and one metal: what lies between die and lid is not scored, and each more
# of them would take its share of the assessments.
LID_INTERFACES = ("tim1_pcm", "tim1_indium")
FILE = "frozen.json"


def carriers_of(catalog: Catalog, year: float, market: str = "") -> tuple[str, ...]:
    """Ids of the carriers that a product of that year and market could choose from.

    A technology is left out where its record says that the first product was sold with it later; one whose record
    names no year is always allowed.
    """
    classes = SPACE_CLASSES if market == "space" else CLASSES
    return tuple(r.id for r in catalog.records("technology") if r.word("class") in classes and _sold(r, year))


def stacks_of(catalog: Catalog, year: float) -> tuple[str, ...]:
    """Ids of the technologies by which a product of that year could stack its die; see `carriers_of`."""
    return tuple(r.id for r in catalog.records("technology") if r.word("class") == "stack" and _sold(r, year))


def _sold(technology: Record, year: float) -> bool:
    first = first_year(technology)
    return first is None or first <= year


def first_year(technology: Record) -> int | None:
    """Year of the first product that was sold with a technology, or None where its record names none."""
    found = technology.get("first_product")
    return None if found is None else round(found.value)


def inputs_digest(program_digest: str, catalog: Catalog, *, budget: int, seed: int) -> str:
    """Hash of what one product's exploration reads: its Program and the catalog without its products.

    So the hash does not know the truth.
    """
    total = hashlib.blake2b(digest_size=20)
    for kind in catalog.kinds:
        if kind != "product":
            for record in catalog.records(kind):
                total.update(record.digest.encode())
    total.update(json.dumps([program_digest, budget, seed, __version__]).encode())
    return total.hexdigest()


def total_digest(digests: Mapping[str, str]) -> str:
    """One hash over those of all products."""
    return hashlib.blake2b(json.dumps(digests, sort_keys=True).encode(), digest_size=20).hexdigest()


def freeze(folder: Path, digests: Mapping[str, str]) -> str:
    """Keeps the hashes in the folder before scoring, and returns the one over all of them.

    Raises
    ------
    InputError
        The folder holds a hindcast with other inputs, or cannot be written.
    """
    file = folder / FILE
    known = _read(file)
    changed = [name for name, digest in digests.items() if known.get(name, digest) != digest]
    if changed:
        raise InputError.one(
            str(file),
            f"holds other inputs for {_listed(changed)}; choose another folder with --out, or --fresh",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({**known, **digests}, indent=2, sort_keys=True)
        file.write_text(text + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError.one(str(file), f"cannot be written: {error.strerror or error}") from None
    return total_digest(digests)


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise InputError.one(str(file), "is damaged; choose another folder with --out, or --fresh")
    return found


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
