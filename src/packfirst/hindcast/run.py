"""One product explored as a user would, and what was built assessed beside it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packfirst import __version__
from packfirst.architecture.candidate import Candidate, Space, space
from packfirst.architecture.partition import Partition
from packfirst.catalog import Catalog
from packfirst.disciplines import registry
from packfirst.explore.engine import local
from packfirst.explore.families import ranked, surest
from packfirst.explore.records import Brief
from packfirst.explore.screening import Screened, screen
from packfirst.explore.search import search
from packfirst.explore.store import Study
from packfirst.hindcast.truth import Truth
from packfirst.program import Program

# As-built candidates to assess, those with most room in the screen first: they differ in what lies under the lid,
# in which pair of die is stacked, in members of one class of carrier.
MOST_AS_BUILT = 6
# The plainest single-die package: what a split is compared with.
ONE_DIE_CARRIER = "fcbga_lidded"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What packfirst says of one product.

    Attributes
    ----------
    ranked : list of Brief
        Those that stand, the leader first.
    nearest : Brief or None
        Of all that were assessed the one likeliest to stand.
    as_built : Brief or None
        What was built, assessed aside: it is not ranked unless the search found it by itself.
    as_built_screened : str
        The bound by which the screen rejects what was built, "" where it passes.
    unsaid : str
        Why no candidate is what was built, "" where one is.
    one_die : Brief or None
        All blocks on one die, as far as one node can hold them.
    counts : mapping
        Candidates, screened out, assessed, feasible, left by the budget.
    """

    ranked: list[Brief]
    nearest: Brief | None
    as_built: Brief | None
    as_built_screened: str
    unsaid: str
    one_die: Brief | None
    counts: Mapping[str, int]


def tell(
    program: Program, truth: Truth, catalog: Catalog, folder: Path, *, budget: int, seed: int,
    workers: int | None, progress: Callable[[int, int], None],
) -> Told:  # fmt: skip
    """Explores a Program, and keeps what was assessed in `folder`: the same call resumes there.

    Raises
    ------
    InputError
        The folder cannot be used, or holds a study of something else.
    PackfirstError
        A worker process died.
    """
    identity = {
        "program": program.digest, "catalog": catalog.digest, "seed": str(seed), "packfirst": __version__,
    }  # fmt: skip
    with Study(folder, identity) as study:
        every = space(program, catalog)
        screened = screen(program, catalog, every, registry.disciplines())
        with local(program, catalog, seed, workers) as engine:
            known = study.known()
            searched = search(
                screened, program.objectives, engine.brief, budget=budget, known=known, keep=study.add,
                progress=progress,
            )  # fmt: skip
            rows, unsaid = as_built_rows(every, truth)
            rows = rows[np.argsort(-screened.least_margin(rows), kind="stable")][:MOST_AS_BUILT]
            built = [every.candidate(int(row)) for row in rows]
            one = one_die(program, every, truth)
            aside = {item.key: item for item in [*built, *([one] if one is not None else [])]}
            all_known = {**known, **searched.records}
            fresh = list(engine.brief([item for key, item in aside.items() if key not in all_known]))
            study.add(fresh)
            all_known |= {record["key"]: record for record in fresh}
    as_built = surest([all_known[item.key] for item in built]) if built else None
    records = list(searched.records.values())
    order = ranked(records, program.objectives)
    return Told(
        ranked=order, nearest=surest(records) if records else None, as_built=as_built,
        as_built_screened="" if as_built is None else _rejected(screened, built, rows, as_built["key"]),
        unsaid=unsaid, one_die=None if one is None else all_known[one.key],
        counts={
            "space": len(every), "screened_out": int((~screened.kept).sum()), "assessed": len(records),
            "feasible": len(order), "left_by_budget": searched.left,
        },
    )  # fmt: skip


def as_built_rows(every: Space, truth: Truth) -> tuple[NDArray[np.int64], str]:
    """Rows of a space that are what was built, and else the first choice that the space does not have."""
    kept = np.ones(len(every), dtype=bool)
    options = (
        (0, "its cut into die", [_as_built(item, truth) for item in every.partitions]),
        (1, "its carrier", [name in truth.carriers for name in every.carriers]),
        (2, "how its die are stacked", [not truth.stacks or name in truth.stacks for name in every.stacks]),
        (3, "its way out for the heat", [name in truth.thermal_paths for name in every.thermal_paths]),
    )
    for column, what, fits in options:
        kept &= np.array(fits, dtype=bool)[every.index[:, column]]
        if not kept.any():
            return np.zeros(0, dtype=np.int64), f"no candidate has {what}"
    return np.flatnonzero(kept), ""


def _as_built(partition: Partition, truth: Truth) -> bool:
    """Whether every block has its own die, as many as were built, stacked or not as they were."""
    counts = {group.name: group.count for group in partition.groups}
    return counts == truth.counts and bool(partition.stacked) == bool(truth.stacks)


def one_die(program: Program, every: Space, truth: Truth) -> Candidate | None:
    """All blocks on one die in the plainest package, by the way out that was built; None where no node holds all."""
    wanted = (
        np.array([item.n_die == 1 for item in every.partitions])[every.index[:, 0]]
        & np.array([name == ONE_DIE_CARRIER for name in every.carriers])[every.index[:, 1]]
        & np.array([name in truth.thermal_paths for name in every.thermal_paths])[every.index[:, 3]]
    )
    rows = np.flatnonzero(wanted)
    return every.candidate(int(rows[0])) if len(rows) and not program.bought else None


def _rejected(screened: Screened, built: Iterable[Candidate], rows: NDArray[np.int64], key: str) -> str:
    """Bound that a row cannot meet even at its best, the one that it misses by most; "" where it meets all."""
    row = next(int(row) for row, item in zip(rows, built, strict=True) if item.key == key)
    if screened.kept[row]:
        return ""
    return screened.names[int(np.argmin(screened.margins[:, row]))]
