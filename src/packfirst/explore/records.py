"""The shape of what a study keeps, as plain JSON-ready data."""

from typing import Any, TypedDict

# A whole assessment as `packfirst.record.assessment_record` writes it: reports know its parts.
Full = dict[str, Any]


class GiveRecord(TypedDict):
    """By how much one limit would have to give, so that a candidate stands."""

    limit: str  # discipline/kind
    subject: str
    by: float
    unit: str
    share: float  # of the limit's capacity


class MetricRecord(TypedDict):
    """A figure of merit."""

    value: float
    sigma: float
    unit: str
    better: str


class LimitRecord(TypedDict):
    """One judged limit, without its levers."""

    id: str
    discipline: str
    kind: str
    subject: str
    mode: str
    demand: float
    capacity: float
    margin: float
    margin_ratio: float
    unit: str
    hard: bool
    rung: str
    sigma: float
    probability: float
    explanation: str
    basis: list[str]
    flags: list[str]
    model_error: float


class GroupRecord(TypedDict):
    """Blocks that share a die."""

    blocks: list[str]
    count: int
    node: str


class Brief(TypedDict):
    """What a study keeps of every candidate that it assessed."""

    key: str
    describe: str
    family: list[str]  # how the die stand, and on what
    groups: list[GroupRecord]
    stacked: list[list[str]]
    carrier: str
    stack: str
    thermal_path: str
    lid_interface: str
    floorplan: str
    state: str
    joint_probability: float
    missing: list[str]
    binding: LimitRecord | None
    limits: list[LimitRecord]
    metrics: dict[str, MetricRecord]
    gives: list[
        GiveRecord
    ]  # what must give together so that it stands; empty where it does, or nothing helps


class Neighbour(TypedDict):
    """The feasible candidate nearest to one that fell."""

    key: str
    describe: str
    changes: list[str]


class FamilyRecord(TypedDict):
    """Why a family stands or fell."""

    family: list[str]
    candidates: int
    screened_out: int
    assessed: int
    feasible: int
    best: str | None
    state: str  # feasible, fell, undecided
    representative: Full | None  # None where it cannot be elaborated
    missing: list[str]
    binding: dict[str, Any] | None
    neighbour: Neighbour | None


class PathRecord(TypedDict):
    """A way out by which nothing stands, and what the leader would come to with it."""

    thermal_path: str
    name: str
    candidates: int
    screened_out: int
    feasible: int
    leader_with_it: str
    changes: list[str]
    binding: dict[str, Any] | None


class RelaxationRecord(GiveRecord):
    """The least that one limit alone would have to give, and the candidate that then stands."""

    candidate: str
    describe: str


class StudyRecord(TypedDict):
    """A finished exploration: what the report is made from."""

    format: str
    packfirst: str
    seed: int
    program_name: str
    program_digest: str
    catalog_digest: str
    confidence: float
    requires: list[str]
    objectives: list[str]
    names: dict[str, str]  # of the catalog's records, by id
    counts: dict[str, int]
    front: list[str]
    candidates: list[dict[str, Any]]
    families: list[FamilyRecord]
    fallen_paths: list[PathRecord]
    relaxations: list[RelaxationRecord]
    conflicting: list[str]
    together: list[GiveRecord]
    best: list[Full]
    node_or_package: dict[str, Any] | None
    sources: list[dict[str, Any]]
    verdict: str
