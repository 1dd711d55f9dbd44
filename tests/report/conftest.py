"""A small study, composed here from real assessments of the example, for all tests of the report."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from packfirst.architecture.candidate import Candidate, space
from packfirst.assess import assess
from packfirst.catalog import Catalog, load_catalog
from packfirst.program import load_program
from packfirst.record import assessment_record

ROOT = Path(__file__).parents[2]
# Stacked or side by side, carrier, thermal path, thermal interface under the lid.
WANTED = (
    (True, "bridge_emib", "cold_plate", "tim1_indium"),
    (True, "si_interposer_cowos_s", "cold_plate", "tim1_indium"),
    (True, "si_interposer_cowos_s", "cold_plate", "tim1_gel"),
    (False, "organic_mcm", "cold_plate", "tim1_indium"),
    (True, "si_interposer_cowos_s", "nat_air_hs", "tim1_indium"),
)
BRIEF = ("levers", "influences")


def pick(candidates: Iterable[Candidate], wanted: tuple[bool, str, str, str]) -> Candidate:
    """Eight compute die on n5 with four fabric die on n6, joined and cooled as wanted."""
    for candidate in candidates:
        groups = {group.name: (group.count, group.node) for group in candidate.partition.groups}
        joined = (
            bool(candidate.partition.stacked),
            candidate.carrier,
            candidate.thermal_path,
            candidate.lid_interface,
        )
        if joined == wanted and groups.get("compute") == (8, "n5") and groups.get("fabric") == (4, "n6"):
            return candidate
    raise LookupError(wanted)


def brief(record: dict) -> dict:
    """What a study keeps of every assessed candidate."""
    chosen = (
        "carrier",
        "stack",
        "thermal_path",
        "lid_interface",
        "floorplan",
        "groups",
        "describe",
        "family",
        "key",
    )
    binding = record["binding"]
    return {
        **{name: record["candidate"][name] for name in chosen},
        "state": record["state"], "joint_probability": record["joint_probability"], "metrics": record["metrics"],
        "binding": binding and {name: value for name, value in binding.items() if name not in BRIEF},
    }  # fmt: skip


def compose(records: list[dict], catalog: Catalog, name: str) -> dict:
    """A study of these records, in which the first family alone stands, whatever the models say of the others."""
    best, fallen, airy = records[:3], records[3], records[4]
    families: dict[tuple[str, ...], list[dict]] = {}
    for record in records:
        families.setdefault(tuple(record["candidate"]["family"]), []).append(record)
    return {
        "format": "packfirst-study-1", "packfirst": "0.1.0", "seed": 0, "program_name": name,
        "program_digest": "0123456789abcdef", "catalog_digest": catalog.digest, "confidence": 0.8,
        "requires": ["performance", "thermal"], "objectives": ["throughput", "efficiency", "cost"],
        "counts": {
            "space": 4104, "screened_out": 3990, "assessed": 5, "feasible": 1, "skipped_dominated": 109,
            "left_by_budget": 0,
        },
        "verdict": "One family carries the program: compute die on fabric die, on a laminate with silicon bridges.",
        "node_or_package": {
            "node": {"name": "n3", "faster": 0.1, "more_units": 0.25},
            "package": {
                "from": fallen["candidate"]["describe"], "to": best[0]["candidate"]["describe"], "gain": 1.5,
                "was_op_per_s": 4e14, "is_op_per_s": 1e15, "binding": fallen["binding"],
            },
        },
        "relaxations": [], "conflicting": [],
        "front": [record["key"] for record in best[:2]],
        "candidates": [brief(record) for record in records],
        "families": [
            {
                "family": list(family), "candidates": 40 * len(group), "screened_out": 39 * len(group),
                "assessed": len(group), "best": group[0]["key"],
                "feasible": 0 if number else 1,
                "state": "fell" if number else "feasible", "representative": group[0],
                "binding": group[0]["binding"],
                "neighbour": None if number == 0 else {
                    "key": best[0]["key"], "describe": best[0]["candidate"]["describe"],
                    "changes": [f"carrier: {group[0]['candidate']['carrier']} -> {best[0]['candidate']['carrier']}"],
                },
            }
            for number, (family, group) in enumerate(families.items())
        ],
        "fallen_paths": [
            {
                "thermal_path": airy["candidate"]["thermal_path"], "name": "Natural air with finned sink",
                "candidates": 456, "screened_out": 400, "feasible": 0, "leader_with_it": airy["candidate"]["describe"],
                "changes": ["thermal path: cold_plate -> nat_air_hs"], "binding": airy["binding"],
            }
        ],
        "best": best,
        "sources": [
            {"key": key, "title": source.title, "year": source.year, "url": source.url}
            for key, source in sorted(catalog.sources.items())
            if key in {cited for record in [*best, fallen] for item in record["limits"] for cited in item["basis"]}
        ],
        "names": {
            record.id: record.name
            for kind in ("technology", "thermal_path", "interface", "link", "part") for record in catalog.records(kind)
        },
    }  # fmt: skip


def example_study() -> dict:
    """Five assessments of the example, as one study."""
    catalog, program = load_catalog(), load_program(str(ROOT / "examples/ai_accelerator/program.yaml"))
    every = space(program, catalog)
    candidates = [every.candidate(number) for number in range(len(every))]
    records = [
        assessment_record(assess(program, catalog, pick(candidates, wanted), n_samples=256), catalog)
        for wanted in WANTED
    ]
    return compose(records, catalog, program.name)


@pytest.fixture(scope="session")
def study() -> dict:
    return example_study()
