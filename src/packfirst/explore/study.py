"""A whole exploration: enumerate, screen, assess, compare, and say what was found."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from packfirst import __version__
from packfirst.architecture.candidate import Candidate, Space, space
from packfirst.assess import Assessment, assess
from packfirst.catalog import Catalog
from packfirst.catalog.record import MissingDatum
from packfirst.confidence import levers
from packfirst.disciplines import registry
from packfirst.explore.engine import Record, local
from packfirst.explore.families import Family, changes, conflicts, families, ranked
from packfirst.explore.pareto import front
from packfirst.explore.screening import Screened, screen
from packfirst.explore.search import BETTER, Searched, search
from packfirst.explore.store import Study
from packfirst.explore.verdict import verdict_text
from packfirst.levers import solve
from packfirst.program.model import Program
from packfirst.record import assessment_record, limit_record, solved_record

FORMAT = "packfirst-study-1"
BUDGET = 480
SHOWN = 3
# Levers of a binding limit that are solved by assessing again; the others are given by slope.
SOLVED = 2

Progress = Callable[[str, int, int], None]


def explore(
    program: Program,
    catalog: Catalog,
    folder: Path,
    *,
    seed: int = 0,
    budget: int = BUDGET,
    workers: int | None = None,
    progress: Progress = lambda stage, done, wanted: None,
) -> Record:
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
    """
    identity = {
        "program": program.digest,
        "catalog": catalog.digest,
        "seed": str(seed),
        "packfirst": __version__,
    }
    with Study(folder, identity) as study:
        every = space(program, catalog)
        progress("screen", 0, len(every))
        screened = screen(program, catalog, every, registry.disciplines())
        progress("screen", len(every), len(every))
        with local(program, catalog, seed, workers) as assess_many:
            searched = search(
                program, screened, assess_many, budget=budget, known=study.known(), keep=study.add,
                progress=lambda done, wanted: progress("assess", done, wanted),
            )  # fmt: skip
        record = _record(program, catalog, seed, every, screened, searched, progress)
        study.finish(record)
        return record


def _record(
    program: Program, catalog: Catalog, seed: int, every: Space, screened: Screened, searched: Searched,
    progress: Progress,
) -> Record:  # fmt: skip
    records = list(searched.records.values())
    order = ranked(records, program.objectives)
    groups = families(every, screened, searched, program.objectives)
    shown = _best(order)
    speakers = {family.representative for family in groups} | {searched.rows[key] for key in shown}
    full: dict[int, Record] = {}
    for number, row in enumerate(sorted(speakers)):
        progress("explain", number, len(speakers))
        full[row] = _full(program, catalog, every.candidate(row), seed)
    progress("explain", len(speakers), len(speakers))
    told = [_family_record(family, full[family.representative], searched) for family in groups]
    paths = _fallen_paths(program, catalog, seed, every, screened, searched, order)
    relaxations, conflicting = ([], []) if order else conflicts(searched.records, program.confidence)
    best = [full[searched.rows[key]] for key in shown]
    record: Record = {
        "format": FORMAT,
        "packfirst": __version__,
        "seed": seed,
        "program_name": program.name,
        "names": {
            record.id: record.name
            for kind in ("technology", "thermal_path", "interface", "link", "part")
            for record in catalog.records(kind)
        },
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
        "front": _front(records, order, program),
        "candidates": [{k: v for k, v in item.items() if k != "limits"} for item in records],
        "families": told,
        "fallen_paths": paths,
        "relaxations": [
            {
                "limit": item.limit, "subject": item.subject, "by": item.by, "unit": item.unit,
                "candidate": item.candidate, "describe": item.describe,
            }
            for item in relaxations
        ],
        "conflicting": conflicting,
        "best": best,
        "node_or_package": _node_or_package(best, told),
        "sources": _sources(catalog, [*full.values()]),
    }  # fmt: skip
    record["verdict"] = verdict_text(record)
    return record


def _full(program: Program, catalog: Catalog, candidate: Candidate, seed: int) -> Record:
    """A candidate in full; the levers of what binds it are solved, not only extrapolated."""
    assessment = assess(program, catalog, candidate, seed=seed)
    record = assessment_record(assessment, catalog)
    record["binding"] = _binding(program, catalog, assessment, seed)
    return record


def _binding(program: Program, catalog: Catalog, assessment: Assessment, seed: int) -> Record | None:
    """The binding limit in full, with the values of its first levers that were found to meet it."""
    binding, inputs = assessment.verdict.binding, assessment.inputs
    if binding is None:
        return None
    record = limit_record(binding, inputs, full=True)
    first = [lever for lever in levers(binding.limit, inputs) if lever.within_range][:SOLVED]
    found = [
        solve(program, catalog, assessment.candidate, binding.limit, lever, seed=seed) for lever in first
    ]
    record["solved_levers"] = [solved_record(item, inputs) for item in found if item is not None]
    return record


def _best(order: list[Record]) -> list[str]:
    """Keys of the candidates to show in full: the leader, then the best of other families, then the next."""
    first = {str(record["family"]): str(record["key"]) for record in reversed(order)}
    rest = [str(record["key"]) for record in order]
    leaders = [key for key in rest if key in first.values()]
    return [*leaders, *(key for key in rest if key not in leaders)][:SHOWN]


def _front(records: list[Record], order: list[Record], program: Program) -> list[str]:
    """Keys on the Pareto front of the feasible, or of all that have figures where none is feasible."""
    pool = order or [item for item in records if _has(item, program)]
    if not pool:
        return []
    values = [[_metric(item, name) for name in program.objectives] for item in pool]
    on_it = front(values, tuple(BETTER[name] for name in program.objectives))
    return [str(item["key"]) for item, keep in zip(pool, on_it, strict=True) if keep]


def _has(record: Record, program: Program) -> bool:
    metrics = record["metrics"]
    assert isinstance(metrics, dict)
    return all(name in metrics for name in program.objectives)


def _metric(record: Record, name: str) -> float:
    metrics = record["metrics"]
    assert isinstance(metrics, dict)
    return float(metrics[name]["value"])


def _family_record(family: Family, representative: Record, searched: Searched) -> Record:
    state = (
        "feasible" if family.feasible else "undecided" if representative["state"] == "undecided" else "fell"
    )
    neighbour = searched.records.get(family.neighbour or "")
    return {
        "family": list(family.name), "candidates": family.candidates, "screened_out": family.screened_out,
        "assessed": family.assessed, "feasible": family.feasible, "best": family.best, "state": state,
        "representative": representative, "binding": representative["binding"],
        "neighbour": None if neighbour is None else {
            "key": neighbour["key"], "describe": neighbour["describe"], "changes": list(family.changes),
        },
    }  # fmt: skip


def _fallen_paths(
    program: Program, catalog: Catalog, seed: int, every: Space, screened: Screened, searched: Searched,
    order: list[Record],
) -> list[Record]:  # fmt: skip
    """Ways out by which nothing stands: what becomes of the leader, or of the surest candidate, with each."""
    pool = order or sorted(searched.records.values(), key=lambda item: -float(str(item["joint_probability"])))
    if not pool:
        return []
    leader = every.candidate(searched.rows[str(pool[0]["key"])])
    standing = {record["thermal_path"] for record in order}
    found = []
    for number, path in enumerate(every.thermal_paths):
        if path in standing:
            continue
        changed = replace(leader, thermal_path=path)
        try:
            assessment = assess(program, catalog, changed, seed=seed)
        except MissingDatum:
            continue
        found.append({
            "thermal_path": path, "name": catalog.record("thermal_path", path).name,
            "candidates": int((every.index[:, 3] == number).sum()),
            "screened_out": int((~screened.kept[every.index[:, 3] == number]).sum()), "feasible": 0,
            "leader_with_it": changed.describe(), "changes": list(changes(leader, changed)),
            "binding": _binding(program, catalog, assessment, seed),
        })  # fmt: skip
    return found


def _node_or_package(best: list[Record], told: list[Record]) -> Record | None:
    """What one more node would gain for the leader, beside what its package gained over the plainest one."""
    if not best:
        return None
    performance, metrics = best[0]["performance"], best[0]["metrics"]
    assert isinstance(performance, dict) and isinstance(metrics, dict)
    node = performance.get("node_gain")
    if node is None or "throughput" not in metrics:
        return None
    here = metrics["throughput"]["value"]
    plain = _plainest(told)
    package = None
    if plain is not None:
        was = plain["metrics"]["throughput"]["value"]  # type: ignore[index]
        package = {
            "from": plain["candidate"]["describe"], "to": best[0]["candidate"]["describe"],  # type: ignore[index]
            "was_op_per_s": was, "is_op_per_s": here, "gain": here / was - 1.0,
            "binding": plain["binding"],
        }  # fmt: skip
    return {
        "node": {"name": node["node"], "faster": node["faster"], "more_units": node["more_units"]},
        "package": package,
    }


def _plainest(told: list[Record]) -> Record | None:
    """The representative on plain laminate with the most throughput: what the same die would do there."""
    found = [
        item["representative"] for item in told
        if item["family"][1] == "organic_mcm"  # type: ignore[index]
        and "throughput" in item["representative"]["metrics"]  # type: ignore[index]
        and item["family"][0] != "one die"  # type: ignore[index]
    ]  # fmt: skip
    if not found:
        return None
    best: Record = max(found, key=lambda item: item["metrics"]["throughput"]["value"])  # type: ignore[index]
    return best


def _sources(catalog: Catalog, full: list[Record]) -> list[Record]:
    """The catalog's sources that the shown assessments name."""
    named: set[str] = set()
    for record in full:
        limits = record["limits"]
        assert isinstance(limits, list)
        named |= {key for item in limits for key in item["basis"]}
    return [
        {"key": key, "title": item.title, "year": item.year, "url": item.url}
        for key, item in sorted(catalog.sources.items()) if key in named
    ]  # fmt: skip
