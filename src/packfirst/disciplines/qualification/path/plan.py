"""The plan of one class for one construction: what is done, when, on how many parts, and what it rests on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.qualification.path.gates import Gate, Passage, passages
from packfirst.disciplines.qualification.path.network import Timed, timed
from packfirst.disciplines.qualification.path.parts import Parts, parts
from packfirst.disciplines.qualification.path.steps import Dropped, Step, applicable
from packfirst.inputs import Input, by_id, scores

WEEK_S = 7.0 * 86400.0
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What a class asks for in the place of the tests that it drops, where no row of a flow states it."""

    text: str
    clause: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Another sample that a standard itself offers for a step."""

    step: int  # row of the flow that it stands for
    flow: str
    text: str
    sample: Input | None
    accept: Input | None
    time: Input | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A class as the catalog holds it: its rows in order, its gates, its choices."""

    id: str
    name: str
    document: str
    class_level: str
    status: str
    steps: tuple[Step, ...]
    gates: tuple[Gate, ...]
    adds: tuple[Addition, ...]
    choices: tuple[Choice, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A level's plan for one construction.

    Times in seconds, money in USD; `samples_weeks` is the calendar under the shared scores, empty where nobody asked.
    """

    level: Level
    gates: tuple[Passage, ...]
    steps: tuple[Step, ...]
    dropped: tuple[Dropped, ...]
    times: Timed
    parts: Parts
    oven_h: float  # of stress under power or in a chamber, steps summed
    cost_usd: float
    samples_weeks: Floats
    sensitivities: Mapping[str, float]  # d(weeks)/d(input)

    @property
    def weeks(self) -> float:
        """Calendar at the nominal value of every number."""
        return float(self.times.total_s) / WEEK_S

    @property
    def quantiles_weeks(self) -> tuple[float, float, float]:
        """The 10, 50 and 90 % points of the calendar; the nominal three times where it was not sampled."""
        if not self.samples_weeks.size:
            return self.weeks, self.weeks, self.weeks
        low, middle, high = np.quantile(self.samples_weeks, (0.1, 0.5, 0.9))
        return float(low), float(middle), float(high)

    @property
    def passes(self) -> bool:
        """Whether no gate is closed."""
        return not self.closed

    @property
    def closed(self) -> tuple[Passage, ...]:
        """Gates that this construction can't pass."""
        return tuple(item for item in self.gates if item.state == "closed")

    @property
    def unread(self) -> tuple[Step, ...]:
        """Steps that rest on something that nobody has read: while there is one, the plan is watermarked."""
        return tuple(step for step in self.steps if step.unread)

    @property
    def watermark(self) -> str:
        """What has to stand over every print of the plan; "" where every row was read."""
        if not self.steps:
            return "NO FLOW: nobody has read the tables of this class; put a controlled copy in an overlay"
        unread = len(self.unread)
        if unread or any(item.status == "unconfirmed" for item in self.level.adds):
            of = f"{unread} of {len(self.steps)} steps"
            return f"DRAFT: {of} rest on rows that nobody has read; no compliance claimed"
        return ""


def make_plan(
    level: Level, features: Collection[str], ship: int, *, die_types: int = 1, wafers: int = 1,
    touched: Collection[str] = (), n_samples: int = 0, seed: int = 0,
) -> Plan:  # fmt: skip
    """The plan of a level for a construction.

    Parameters
    ----------
    level : Level
    features : collection of str
        What the construction has, in the words of the catalog's gates and methods.
    ship : int
        Good parts that must be left.
    die_types, wafers : int
        As `parts`.
    touched : collection of str
        What a change touches (die, attach, wires, seal, body, finish, material): a plan of the tests that speak of it,
        with the measurements that every part gets. Empty for the whole plan.
    n_samples, seed : int
        For the spread of the calendar; 0 samples where nobody asks for it.
    """
    steps, dropped = applicable(level.steps, features)
    if touched:
        steps = tuple(step for step in steps if _speaks_of(step, touched))
    nominal = np.array([_duration(step) for step in steps])
    times = timed(steps, nominal)
    return Plan(
        level=level, gates=passages(level.gates, features), steps=steps, dropped=dropped, times=times,
        parts=parts(steps, ship, die_types=die_types, wafers=wafers),
        oven_h=float(sum(step.hours for step in steps)), cost_usd=_cost(steps, ship, die_types, wafers),
        samples_weeks=sampled_weeks(steps, n_samples, seed), sensitivities=_slopes(steps, times),
    )  # fmt: skip


def with_choice(level: Level, choice: Choice) -> Level:
    """The level with one of its own alternatives in the place of the row that it stands for."""
    same = {step.subgroup for step in level.steps if step.flow == choice.flow and step.number == choice.step}
    changed = []
    for step in level.steps:
        if step.flow == choice.flow and step.subgroup in same and step.sample is not None:
            mine = step.number == choice.step
            step = replace(
                step, sample=choice.sample, accept=choice.accept, sample_text=choice.text,
                time=choice.time if mine else step.time,
            )  # fmt: skip
        changed.append(step)
    return replace(level, steps=tuple(changed), choices=tuple(x for x in level.choices if x != choice))


def numbers_of(steps: Sequence[Step]) -> dict[str, Input]:
    """Every Input that the calendar of these steps rests on, by id."""
    found = [item for step in steps for item in (step.effort.setup, step.effort.readout, step.time) if item]
    return dict(by_id(found))


def sampled_weeks(steps: Sequence[Step], n_samples: int, seed: int) -> Floats:
    """Calendar under the shared scores, shape (n_samples,), empty where nothing is planned. [week]

    The set-up and the read-out of one kind of test vary together: one queue, one laboratory.
    """
    if not steps or not n_samples:
        return np.zeros(0)
    inputs = numbers_of(steps)
    drawn = scores([name for name, item in inputs.items() if item.is_sampled], n_samples, seed)
    value = {
        name: np.maximum(item.value + (item.deviation(drawn[name]) if name in drawn else np.zeros(n_samples)), 0.0)
        for name, item in inputs.items()
    }  # fmt: skip
    length = np.stack([_duration(step, value) for step in steps], axis=-1)
    return np.asarray(timed(steps, length).total_s / WEEK_S)


def _duration(step: Step, value: Mapping[str, Floats] | None = None) -> Floats:
    items = (step.effort.setup, step.effort.readout, step.time)
    return np.asarray(sum((value[x.id] if value else np.asarray(x.value)) for x in items if x is not None))


def _slopes(steps: Sequence[Step], times: Timed) -> dict[str, float]:
    """d(weeks)/d(input): how often an Input stands on the longest path."""
    slopes: dict[str, float] = {}
    for number in times.critical:
        step = steps[number]
        for item in (step.effort.setup, step.effort.readout, step.time):
            if item is not None:
                slopes[item.id] = slopes.get(item.id, 0.0) + 1.0 / WEEK_S
    return slopes


def _cost(steps: Sequence[Step], ship: int, die_types: int, wafers: int) -> float:
    """Fixed cost, cost per part and cost of oven time over all steps, without the parts themselves. [USD]"""
    built = parts(steps, ship, die_types=die_types, wafers=wafers).build
    total = 0.0
    for step in steps:
        count = built if step.every_part else max(step.devices, 1)
        hourly = step.effort.cost_per_time.value * (step.time.value if step.time else 0.0)
        total += step.effort.cost_fixed.value + step.effort.cost_per_part.value * count + hourly
    return total


def _speaks_of(step: Step, touched: Collection[str]) -> bool:
    proves = {item for method in step.methods for item in method.proves}
    if not step.methods and step.phase in ("screening", "conformance"):
        return True  # measurements and records belong to every lot
    if step.element:
        return ("die" in touched and step.element == "die") or (
            step.element in ("package", "substrate") and "body" in touched
        ) or (step.element in ("polymer", "passive") and "material" in touched)  # fmt: skip
    return bool(proves & set(touched))
