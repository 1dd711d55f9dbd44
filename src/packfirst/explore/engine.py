"""Assesses many candidates on this machine: the same answers for any number of workers."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, parent_process
from typing import Any, cast

from packfirst.architecture.candidate import Candidate
from packfirst.assess import assess
from packfirst.catalog import Catalog
from packfirst.catalog.record import MissingDatum
from packfirst.errors import PackfirstError
from packfirst.explore.explain import Explained, explained
from packfirst.explore.records import Brief
from packfirst.explore.relax import gives
from packfirst.program.model import Program
from packfirst.record import brief_record

N_SAMPLES = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What a search asks for, over a sequence of candidates and in its order."""

    brief: Callable[[Sequence[Candidate]], Iterator[Brief]]
    explain: Callable[[Sequence[Candidate]], Iterator[Explained]]


def brief(program: Program, catalog: Catalog, seed: int, candidate: Candidate) -> Brief:
    """Brief record of one candidate at plan; one that cannot be built says what is missing."""
    try:
        found = assess(program, catalog, candidate, seed=seed, n_samples=N_SAMPLES)
    except MissingDatum as missing:
        return _unbuilt(candidate, missing.input_id)
    least = gives(found, confidence=program.confidence, n_samples=N_SAMPLES, seed=seed)
    return cast(Brief, {**brief_record(found), "gives": least})


def _unbuilt(candidate: Candidate, what: str) -> Brief:
    groups = candidate.partition.groups
    return {
        "key": candidate.key, "describe": candidate.describe(), "family": list(candidate.family),
        "groups": [{"blocks": list(g.blocks), "count": g.count, "node": g.node} for g in groups],
        "stacked": [[groups[a].name, groups[b].name] for a, b in candidate.partition.stacked],
        "carrier": candidate.carrier, "stack": candidate.stack, "thermal_path": candidate.thermal_path,
        "lid_interface": candidate.lid_interface, "floorplan": candidate.floorplan, "state": "undecided",
        "joint_probability": 0.0, "missing": [what], "binding": None, "limits": [], "metrics": {}, "gives": [],
    }  # fmt: skip


def _named(task: Callable[[Candidate], Any], candidate: Candidate) -> Any:
    """Does a task; an error says at which candidate it came up."""
    try:
        return task(candidate)
    except Exception as error:
        error.add_note(f"at candidate {candidate.key}: {candidate.describe()}")
        raise


_tasks: dict[str, Callable[[Candidate], Any]] = {}


def _start(program: Program, catalog: Catalog, seed: int) -> None:
    """Gives a worker process what stays the same for all its candidates."""
    # One dict per worker process, filled once: the pool offers no other place.
    _tasks["brief"] = partial(brief, program, catalog, seed)
    _tasks["explain"] = partial(explained, program, catalog, seed)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.join,), daemon=True).start()


def _end_with(wait: Callable[[], None]) -> None:
    """Ends a worker whose parent was killed: nobody waits for its answers, nor tells it to stop."""
    wait()
    os._exit(1)


def _run(name: str, candidate: Candidate) -> Any:
    return _named(_tasks[name], candidate)


def _ready() -> None:
    """Does nothing: asked for once so that the workers start."""


@contextmanager
def local(program: Program, catalog: Catalog, seed: int, workers: int | None = None) -> Iterator[Engine]:
    """An engine on `workers` processes of this machine (default: all cores that this process may use).

    Raises
    ------
    PackfirstError
        A worker died, as one does that runs out of memory.
    """
    count = workers or usable_cores()
    if count == 1:
        one, whole = partial(brief, program, catalog, seed), partial(explained, program, catalog, seed)
        yield Engine(
            brief=lambda candidates: (_named(one, item) for item in candidates),
            explain=lambda candidates: (_named(whole, item) for item in candidates),
        )
        return
    # Spawned, not forked: a fork of a process that has started threads (numba's, a progress bar's) may hang.
    pool = ProcessPoolExecutor(
        count, get_context("spawn"), initializer=_start, initargs=(program, catalog, seed)
    )
    try:
        with _deaf_to_interrupts():
            for _ in range(count):  # a process starts with each task that finds none idle
                pool.submit(_ready)
        yield Engine(
            brief=lambda candidates: pool.map(partial(_run, "brief"), candidates),
            explain=lambda candidates: pool.map(partial(_run, "explain"), candidates),
        )
    except BrokenProcessPool:
        raise PackfirstError(
            "a worker process died, most likely for want of memory; the same command resumes, "
            f"with fewer than {count} --workers it needs less"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def usable_cores() -> int:
    """Cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes started within never hear Ctrl-C: the terminal sends it to all, and one is to tell the others.

    A blocked signal waits for this process and stays blocked in its children.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows: `_start` has to do
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
