"""Assesses many candidates on this machine: the same answers for any number of workers."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context

from packfirst.architecture.candidate import Candidate
from packfirst.assess import assess
from packfirst.catalog import Catalog
from packfirst.catalog.record import MissingDatum
from packfirst.program.model import Program
from packfirst.record import brief_record

Record = dict[str, object]
AssessMany = Callable[[Sequence[Candidate]], Iterator[Record]]


def brief(program: Program, catalog: Catalog, seed: int, candidate: Candidate) -> Record:
    """Brief record of one candidate at plan; one that cannot be built says what is missing."""
    try:
        return brief_record(assess(program, catalog, candidate, seed=seed))
    except MissingDatum as missing:
        return _unbuilt(candidate, missing.input_id)


def _unbuilt(candidate: Candidate, what: str) -> Record:
    groups = candidate.partition.groups
    return {
        "key": candidate.key, "describe": candidate.describe(), "family": list(candidate.family),
        "groups": [{"blocks": list(g.blocks), "count": g.count, "node": g.node} for g in groups],
        "stacked": [[groups[a].name, groups[b].name] for a, b in candidate.partition.stacked],
        "carrier": candidate.carrier, "stack": candidate.stack, "thermal_path": candidate.thermal_path,
        "lid_interface": candidate.lid_interface, "floorplan": candidate.floorplan, "state": "undecided",
        "joint_probability": 0.0, "missing": [what], "binding": None, "limits": [], "metrics": {},
    }  # fmt: skip


_task: Callable[[Candidate], Record]


def _start(program: Program, catalog: Catalog, seed: int) -> None:
    """Gives a worker process what stays the same for all its candidates."""
    global _task  # one per worker process, set once: the pool offers no other place
    _task = partial(brief, program, catalog, seed)


def _run(candidate: Candidate) -> Record:
    return _task(candidate)


@contextmanager
def local(program: Program, catalog: Catalog, seed: int, workers: int | None = None) -> Iterator[AssessMany]:
    """A function that assesses a sequence of candidates, in order, on `workers` processes (default: all cores)."""
    count = workers or os.cpu_count() or 1
    if count == 1:
        yield lambda candidates: (brief(program, catalog, seed, item) for item in candidates)
        return
    # Spawned, not forked: a fork of a process that has started threads (numba's, a progress bar's) may hang.
    pool = ProcessPoolExecutor(
        count, get_context("spawn"), initializer=_start, initargs=(program, catalog, seed)
    )
    try:
        yield lambda candidates: pool.map(_run, candidates)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
