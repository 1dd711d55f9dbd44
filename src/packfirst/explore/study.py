"""A whole exploration: enumerate, screen, assess, compare, and say what was found."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from packfirst import __version__
from packfirst.architecture.candidate import Space, space
from packfirst.architecture.partition import Partition
from packfirst.catalog import Catalog
from packfirst.disciplines import registry
from packfirst.explore.code import code_digest
from packfirst.explore.engine import Engine, local
from packfirst.explore.explain import Explained
from packfirst.explore.families import Family, changes, conflicts, families, ranked, surest
from packfirst.explore.pareto import front, goodness
from packfirst.explore.records import Brief, FamilyRecord, Full, PathRecord, StudyRecord
from packfirst.explore.screening import Screened, screen
from packfirst.explore.search import Searched, search, values
from packfirst.explore.store import Study
from packfirst.explore.verdict import package_says, spoken, verdict_text
from packfirst.program.model import Program

FORMAT = "packfirst-study-1"
# Some two thirds of a second each: about two minutes on two cores. That leaves a slower machine, or a first run that
# compiles, within the time that somebody waits for a first answer. The example's front stood after 320; what the budget
# leaves is counted in the study, and the verdict says it.
BUDGET = 360
SHOWN = 3
# The carrier without silicon in it: what a change of package is measured from.
PLAIN_CARRIER = "organic_mcm"
# Kinds of record whose ids a reader meets in a study.
NAMED = ("technology", "thermal_path", "interface", "link", "part", "node")

Progress = Callable[[str, int, int], None]


def _silent(stage: str, done: int, wanted: int) -> None:
    """Tells nobody."""


def explore(
    program: Program,
    catalog: Catalog,
    folder: Path,
    *,
    seed: int = 0,
    budget: int = BUDGET,
    workers: int | None = None,
    progress: Progress = _silent,
) -> StudyRecord:
    """Explores the packages of a Program and keeps the study in `folder`.

    Parameters
    ----------
    budget : int
        Most candidates to assess at plan.
    workers : int, optional
        Processes; default all cores. The result does not depend on it.
    progress : callable
        Told the stage, how much of it is done and how much there is.

    Returns
    -------
    dict
        The study record.

    Raises
    ------
    InputError
        The folder cannot be used, or holds a study of something else.
    PackfirstError
        A worker process died.
    """
    identity = {
        "program": program.digest,
        "catalog": catalog.digest,
        "seed": str(seed),
        "packfirst": __version__,
        "code": code_digest(),
    }
    with Study(folder, identity) as study:
        every = space(program, catalog)
        progress("screen", 0, len(every))
        screened = screen(program, catalog, every, registry.disciplines())
        progress("screen", len(every), len(every))
        with local(program, catalog, seed, workers) as engine:
            searched = search(
                screened, program.objectives, engine.brief, budget=budget, known=study.known(), keep=study.add,
                progress=lambda done, wanted: progress("assess", done, wanted),
            )  # fmt: skip
            record = _record(program, catalog, seed, screened, searched, engine, progress)
        study.finish(record)
        return record


def _record(
    program: Program, catalog: Catalog, seed: int, screened: Screened, searched: Searched, engine: Engine,
    progress: Progress,
) -> StudyRecord:  # fmt: skip
    every = screened.space
    records = list(searched.records.values())
    order = ranked(records, program.objectives)
    groups = families(every, screened, searched, order)
    shown = [searched.rows[key] for key in _best(order)]
    rows = sorted({family.representative for family in groups} | set(shown))
    paths = _fallen_paths(every, order, records)
    first = _first(order, records)
    changed = []
    if first is not None:
        leader = every.candidate(searched.rows[first["key"]])
        changed = [replace(leader, thermal_path=every.thermal_paths[path]) for path in paths]
    asked = [*map(every.candidate, rows), *changed]
    answers = _told(engine.explain(asked), len(asked), progress)
    full = dict(zip(rows, answers[: len(rows)], strict=True))
    fallen = [
        _path_record(catalog, screened, path, candidate.describe(), changes(leader, candidate), answer.record)
        for path, candidate, answer in zip(paths, changed, answers[len(rows) :], strict=True)
        if answer.record is not None
    ]
    told = [_family_record(family, full[family.representative], searched) for family in groups]
    best = [item for row in shown if (item := full[row].record) is not None]
    relaxations, together = ([], []) if order else conflicts(records)
    record: StudyRecord = {
        "format": FORMAT,
        "packfirst": __version__,
        "seed": seed,
        "program_name": program.name,
        "names": {item.id: item.name for kind in NAMED for item in catalog.records(kind)},
        "program_digest": program.digest,
        "catalog_digest": catalog.digest,
        "confidence": program.confidence,
        "requires": list(program.requires),
        "objectives": list(program.objectives),
        "counts": {
            "space": len(every),
            "screened_out": int((~screened.kept).sum()),
            "assessed": len(records),
            "feasible": len(order),
            "skipped_dominated": searched.dominated,
            "left_by_budget": searched.left,
        },
        "front": _front(order or records, program.objectives),
        "candidates": [{k: v for k, v in item.items() if k not in ("limits", "gives")} for item in records],
        "families": told,
        "fallen_paths": fallen,
        "relaxations": relaxations,
        "conflicting": [item["limit"] for item in together],
        "together": together,
        "best": best,
        "node_or_package": None,
        "sources": _sources(
            catalog, [answer.record for answer in full.values() if answer.record is not None]
        ),
        "verdict": "",
    }
    if order and best:
        record["node_or_package"] = _node_or_package(
            every, searched, order[0], best[0], engine, spoken(record)
        )
    record["verdict"] = verdict_text(record)
    return record


def _told(found: Iterable[Explained], wanted: int, progress: Progress) -> list[Explained]:
    answers: list[Explained] = []
    progress("explain", 0, wanted)
    for answer in found:
        answers.append(answer)
        progress("explain", len(answers), wanted)
    return answers


def _first(order: Sequence[Brief], records: Sequence[Brief]) -> Brief | None:
    """The leader, or where nothing stands the one likeliest to."""
    return order[0] if order else surest(records) if records else None


def _best(order: Sequence[Brief]) -> list[str]:
    """Keys of the candidates to show in full: the leader, then the best of other families, then the next."""
    first = {tuple(record["family"]): record["key"] for record in reversed(order)}
    leaders = [record["key"] for record in order if first[tuple(record["family"])] == record["key"]]
    return [*leaders, *(record["key"] for record in order if record["key"] not in leaders)][:SHOWN]


def _front(pool: Sequence[Brief], objectives: tuple[str, ...]) -> list[str]:
    """Keys on the Pareto front of those that have all figures."""
    good = goodness([values(item, objectives) for item in pool], objectives)
    known = np.asarray(~np.isnan(good).any(axis=1))
    measured = [item["key"] for item, keep in zip(pool, known, strict=True) if keep]
    on_it = front(good[known])
    return [key for key, keep in zip(measured, on_it, strict=True) if keep]


def _family_record(family: Family, answer: Explained, searched: Searched) -> FamilyRecord:
    representative = answer.record
    neighbour = searched.records.get(family.neighbour or "")
    undecided = representative is None or representative["state"] == "undecided"
    return {
        "family": list(family.name), "candidates": family.candidates, "screened_out": family.screened_out,
        "assessed": family.assessed, "feasible": family.feasible, "best": family.best,
        "state": "feasible" if family.feasible else "undecided" if undecided else "fell",
        "representative": representative, "missing": list(answer.missing),
        "binding": None if representative is None else representative["binding"],
        "neighbour": None if neighbour is None else {
            "key": neighbour["key"], "describe": neighbour["describe"], "changes": list(family.changes),
        },
    }  # fmt: skip


def _fallen_paths(every: Space, order: Sequence[Brief], records: Sequence[Brief]) -> list[int]:
    """Numbers of the ways out by which nothing stands; where nothing stands at all, all but the surest one's."""
    first = _first(order, records)
    standing = {record["thermal_path"] for record in order or ([first] if first else [])}
    return [number for number, path in enumerate(every.thermal_paths) if path not in standing]


def _path_record(
    catalog: Catalog, screened: Screened, path: int, describe: str, changed: Sequence[str], record: Full
) -> PathRecord:
    mine = screened.space.index[:, 3] == path
    name = screened.space.thermal_paths[path]
    return {
        "thermal_path": name, "name": catalog.record("thermal_path", name).name, "candidates": int(mine.sum()),
        "screened_out": int((~screened.kept[mine]).sum()), "feasible": 0, "leader_with_it": describe,
        "changes": list(changed), "binding": record["binding"],
    }  # fmt: skip


def _node_or_package(
    every: Space, searched: Searched, leader: Brief, best: Full, engine: Engine, names: dict[str, str]
) -> dict[str, Any] | None:
    """What one more node would gain for the leader, beside what its package gained over the plainest one."""
    node = best["performance"].get("node_gain")
    if node is None or "throughput" not in leader["metrics"]:
        return None
    package = None
    was = _plain(every, searched, leader, engine)
    if was is not None:
        before, after = was["metrics"]["throughput"]["value"], leader["metrics"]["throughput"]["value"]
        package = {
            "from": was["describe"], "to": leader["describe"], "was_op_per_s": before, "is_op_per_s": after,
            "gain": after / before - 1.0, "state": was["state"], "binding": was["binding"],
            "says": package_says(was, leader, node, names),
        }  # fmt: skip
    return {
        "node": {"name": node["node"], "faster": node["faster"], "more_units": node["more_units"]},
        "package": package,
    }


def _plain(every: Space, searched: Searched, leader: Brief, engine: Engine) -> Brief | None:
    """The leader's die side by side on the plain carrier; where they cannot even talk there, the best that can."""
    candidate = every.candidate(searched.rows[leader["key"]])
    apart = Partition(groups=tuple(replace(group, tower=1) for group in candidate.partition.groups))
    plain = replace(
        candidate, partition=apart, carrier=PLAIN_CARRIER, stack="", floorplan=every.floorplans[0]
    )
    if plain == candidate or PLAIN_CARRIER not in every.carriers:
        return None
    own = next(iter(engine.brief([plain])))
    if "throughput" in own["metrics"]:
        return own
    others = [
        record for record in searched.records.values()
        if record["carrier"] == PLAIN_CARRIER and "throughput" in record["metrics"]
    ]  # fmt: skip
    return max(others, key=lambda item: (item["metrics"]["throughput"]["value"], item["key"]), default=None)


def _sources(catalog: Catalog, full: Sequence[Full]) -> list[dict[str, Any]]:
    """The catalog's sources that the shown assessments name."""
    named = {key for record in full for item in record["limits"] for key in item["basis"]}
    return [
        {"key": key, "title": item.title, "year": item.year, "url": item.url}
        for key, item in sorted(catalog.sources.items()) if key in named
    ]  # fmt: skip
