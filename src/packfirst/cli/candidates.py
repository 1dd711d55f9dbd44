"""A candidate of a finished study, assessed again from the Program and overlays that the study keeps."""

from pathlib import Path
from typing import TYPE_CHECKING

from packfirst.errors import InputError

if TYPE_CHECKING:
    from packfirst.assess import Assessment
    from packfirst.disciplines.case import Case
    from packfirst.explore.records import StudyRecord


def leader(study: Path, record: "StudyRecord") -> str:
    """Key of the candidate that leads a study; InputError where none is feasible."""
    if not record["best"]:
        raise InputError.one(str(study), "has no feasible candidate; name one with --key")
    return str(record["best"][0]["key"])


def assessed(study: Path, record: "StudyRecord", key: str) -> "tuple[Case, Assessment]":
    """The candidate of that key in full.

    Raises
    ------
    InputError
        The folder lacks its Program, Program or catalog are not those of the study, or nothing has that key.
    """
    from packfirst.architecture.candidate import find, space
    from packfirst.assess import assess
    from packfirst.cli.files import read
    from packfirst.disciplines.case import Case

    file = study / "program.yaml"
    if not file.is_file():
        raise InputError.one(
            str(file), "is missing: explore keeps the Program here; run it again into this folder"
        )
    program, catalog = read(file, sorted((study / "overlays").glob("*.yaml")))
    for what, ours, theirs in (
        ("Program", program.digest, record["program_digest"]),
        ("catalog", catalog.digest, record["catalog_digest"]),
    ):
        if ours != theirs:
            raise InputError.one(
                str(study),
                f"the {what} is not the one that this study was made from: explore again with --fresh",
            )
    candidate = find(space(program, catalog), key)
    if candidate is None:
        raise InputError.one(str(study), f"has no candidate {key!r}; its report lists their keys")
    seed = record["seed"]
    found = assess(program, catalog, candidate, seed=seed)
    case = Case(
        program=program, catalog=catalog, architecture=found.architecture, package=found.package, seed=seed
    )
    return case, found
