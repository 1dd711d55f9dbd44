"""One candidate in full for a report: what binds it, and the levers that were found to meet it."""

from dataclasses import dataclass
from typing import Any

from packfirst.architecture.candidate import Candidate
from packfirst.assess import Assessment, assess
from packfirst.catalog import Catalog
from packfirst.catalog.record import MissingDatum
from packfirst.confidence import levers
from packfirst.explore.records import Full
from packfirst.levers import solve
from packfirst.program.model import Program
from packfirst.record import assessment_record, limit_record, solved_record

# Levers of a binding limit that are solved by assessing again; the others are given by slope.
SOLVED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A full record, or what is missing to make one."""

    record: Full | None
    missing: tuple[str, ...] = ()


def explained(program: Program, catalog: Catalog, seed: int, candidate: Candidate) -> Explained:
    """A candidate in full; the levers of what binds it are solved, not only extrapolated."""
    try:
        assessment = assess(program, catalog, candidate, seed=seed)
    except MissingDatum as missing:
        return Explained(record=None, missing=(missing.input_id,))
    record = assessment_record(assessment, catalog)
    record["binding"] = _binding(program, catalog, assessment, seed)
    return Explained(record=record)


def _binding(program: Program, catalog: Catalog, assessment: Assessment, seed: int) -> dict[str, Any] | None:
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
