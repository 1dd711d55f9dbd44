"""One step of a flow as a plan takes it, and which steps a construction can go through at all."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from packfirst.inputs import Evidence, Input

PHASES = ("element_evaluation", "screening", "conformance", "qualification", "radiation")
CONFIRMED = "confirmed"
UNREAD = "unconfirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What a kind of test takes besides its hours of stress: calendar, money, and the parts that it rejects."""

    id: str
    setup: Input  # [s]
    readout: Input  # [s]
    cost_fixed: Input  # [USD]
    cost_per_part: Input  # [USD]
    cost_per_time: Input  # [USD/s]
    fallout: Input  # share of screened parts
    powered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What a test method asks of a part, and what it leaves of it."""

    id: str
    designation: str
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    fate: str = "keeps"  # keeps, stresses, destroys
    proves: tuple[str, ...] = ()

    def suits(self, features: Collection[str]) -> bool:
        """Whether a part with these features can go through it."""
        return all(item in features for item in self.needs) and not any(x in features for x in self.excludes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of a flow. Numbers are Inputs of the catalog, None where the row states none."""

    flow: str
    document: str
    number: int
    phase: str
    subgroup: str  # "" in a screen: all parts, one step after the other
    test: str
    effort: Effort
    methods: tuple[Method, ...] = ()
    method: str = ""
    condition: str = ""
    sample_text: str = ""
    sample: Input | None = None  # devices or, where `parts` is stated, whatever the row counts
    accept: Input | None = None
    lots: Input | None = None
    parts: Input | None = None
    time: Input | None = None
    cycles: Input | None = None
    defects_allowed: Input | None = None
    element: str = ""
    after: str = ""
    needs: tuple[str, ...] = ()
    optional: bool = False
    status: str = UNREAD
    sources: tuple[str, ...] = ()
    note: str = ""

    @property
    def id(self) -> str:
        """Flow and number of the row."""
        return f"{self.flow}/{self.number}"

    @property
    def every_part(self) -> bool:
        """Whether all parts go through it."""
        return self.phase == "screening" or self.sample_text.startswith("100")

    @property
    def hours(self) -> float:
        """Stress alone. [h]"""
        return 0.0 if self.time is None else self.time.value / 3600.0

    @property
    def devices(self) -> int:
        """Devices that a sample takes, all lots together; 0 where the row does not say."""
        taken = self.parts or self.sample
        per_lot = 0 if taken is None else round(taken.value)
        return per_lot * (round(self.lots.value) if self.lots else 1)

    @property
    def fate(self) -> str:
        """What becomes of a sampled part: the worst of its methods."""
        order = ("keeps", "stresses", "destroys")
        return max((item.fate for item in self.methods), key=order.index, default="keeps")

    @property
    def unread(self) -> bool:
        """Whether nobody has read the row, or a number in it."""
        return self.status == UNREAD or any(
            is_recalled(item) for item in (self.sample, self.accept, self.time)
        )


def is_recalled(item: Input | None) -> bool:
    """Whether a number was not read anywhere; such a number is left blank where a plan is printed."""
    return item is not None and item.evidence in (Evidence.ASSUMED, Evidence.RECALLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A step that this construction does not go through, and why."""

    step: Step
    why: str


def applicable(
    steps: Iterable[Step], features: Collection[str]
) -> tuple[tuple[Step, ...], tuple[Dropped, ...]]:
    """The steps that a construction goes through, and those that it does not.

    A step of several methods stays while one of them can be done. Optional steps are left out.
    """
    kept: list[Step] = []
    dropped: list[Dropped] = []
    for step in steps:
        lacking = [item for item in step.needs if item not in features]
        unfit = [item for item in step.methods if not item.suits(features)]
        if step.optional:
            dropped.append(Dropped(step=step, why="optional: only where the specification calls it up"))
        elif lacking:
            dropped.append(Dropped(step=step, why=f"needs {', '.join(map(plain, lacking))}"))
        elif unfit and len(unfit) == len(step.methods):
            dropped.append(Dropped(step=step, why="; ".join(_unfit(item, features) for item in unfit)))
        else:
            kept.append(step)
    return tuple(kept), tuple(dropped)


def _unfit(method: Method, features: Collection[str]) -> str:
    lacking = [plain(item) for item in method.needs if item not in features]
    against = [plain(item) for item in method.excludes if item in features]
    if lacking:
        return f"{method.designation} needs {', '.join(lacking)}"
    return f"{method.designation} is not for {', '.join(against)}"


def plain(feature: str) -> str:
    """A feature in words."""
    return {"one_die": "a single die", "several_die": "several die", "sealed_cavity": "a sealed cavity"}.get(
        feature, feature.replace("_", " ")
    )
