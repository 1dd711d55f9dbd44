"""From Limits to a verdict: shared samples, joint probability, what binds, what would move it, what it rests on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.inputs import Input, Kind, model_score_id, scores
from packfirst.limit import Limit, Metric, NotAssessed

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A Limit with what the shared samples say of it."""

    limit: Limit
    sigma: float  # of the margin, in the Limit's unit
    probability: float  # that the margin is not negative


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """A choice of the designer that moves a Limit, and the step that would just meet it.

    `step` is in the Input's SI unit, from its present value, by the Limit's slope. `within_range` says
    whether the catalog's or the Program's range of the choice allows it.
    """

    input_id: str
    step: float
    value: float  # present value
    within_range: bool

    room: float  # what the step is measured against: the range of the choice, else its present value

    @property
    def relative(self) -> float:
        """Size of the step as a share of the room that the choice has."""
        return abs(self.step / self.room) if self.room else float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """How much of the spread of a margin comes from one Input."""

    input_id: str
    sigma: float  # of the margin, in the Limit's unit
    share: float  # of the variance


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What all Limits of one candidate say together."""

    state: str  # feasible, infeasible, undecided
    joint_probability: float  # that all hard limits hold together
    judged: tuple[Judged, ...]
    not_assessed: tuple[NotAssessed, ...]
    binding: Judged | None  # the hard limit least likely to hold; ties go to the least margin in percent
    missing: tuple[str, ...]  # required disciplines that could not be assessed


def margins(limits: Sequence[Limit], inputs: Mapping[str, Input], *, n_samples: int, seed: int) -> Floats:
    """Margin of every Limit under the shared scores, shape (n_limits, n_samples)."""
    ids = {name for limit in limits if limit.samples is None for name in limit.sensitivities}
    wanted = sorted(name for name in ids if inputs[name].is_sampled)
    models = sorted({model_score_id(limit.model) for limit in limits})
    drawn = scores([*wanted, *models], n_samples, seed)
    deviations = {name: inputs[name].deviation(drawn[name]) for name in wanted}
    rows = []
    for limit in limits:
        error = limit.model_error * drawn[model_score_id(limit.model)]
        if limit.samples is not None:
            rows.append(limit.samples + error)
            continue
        spread = sum(
            (slope * deviations[name] for name, slope in limit.sensitivities.items() if name in deviations),
            start=np.zeros(n_samples),
        )
        rows.append(limit.margin + spread + error)
    return np.array(rows).reshape(len(limits), n_samples)


def judge(
    answers: Iterable[Limit | NotAssessed],
    inputs: Mapping[str, Input],
    *,
    confidence: float,
    requires: Iterable[str],
    measured: Iterable[str] = (),
    n_samples: int = 1024,
    seed: int = 0,
) -> Verdict:
    """The verdict on a candidate.

    Feasible when all hard Limits jointly hold with the confidence; infeasible when they do not; undecided
    when nothing fails but a required discipline is not assessed. A discipline in `measured` answered: it is
    assessed even where the Program or the candidate gives it nothing to limit.
    """
    answers = tuple(answers)
    limits = [item for item in answers if isinstance(item, Limit)]
    absent = tuple(item for item in answers if isinstance(item, NotAssessed))
    sampled = margins(limits, inputs, n_samples=n_samples, seed=seed)
    judged = tuple(
        Judged(limit=limit, sigma=float(row.std()), probability=float((row >= 0.0).mean()))
        for limit, row in zip(limits, sampled, strict=True)
    )
    hard = np.array([limit.hard for limit in limits], dtype=bool)
    joint = float((sampled[hard] >= 0.0).all(axis=0).mean()) if hard.any() else 1.0
    binding = min(
        (item for item in judged if item.limit.hard),
        key=lambda item: (item.probability, item.limit.margin_ratio, str(item.limit.identity)),
        default=None,
    )
    said = {item.identity.discipline for item in limits} | set(measured)
    unsaid = {item.identity.discipline for item in absent}
    missing = tuple(name for name in requires if name in unsaid or name not in said)
    state = "infeasible" if joint < confidence else "undecided" if missing else "feasible"
    return Verdict(
        state=state,
        joint_probability=joint,
        judged=judged,
        not_assessed=absent,
        binding=binding,
        missing=missing,
    )


def levers(limit: Limit, inputs: Mapping[str, Input]) -> tuple[Lever, ...]:
    """The choices that move a Limit, the shortest relative step to margin zero first."""
    found = []
    for name, slope in limit.sensitivities.items():
        item = inputs[name]
        if item.kind is not Kind.CHOICE or slope == 0.0:
            continue
        step = -limit.margin / slope
        target = item.value + step
        # Nothing that a designer chooses is negative: a choice without a range ends at zero.
        inside = target >= (0.0 if item.low is None else item.low) and (
            item.high is None or target <= item.high
        )
        room = item.value - 273.15 if item.quantity == "temperature" else item.value
        if item.low is not None and item.high is not None:
            room = item.high - item.low
        found.append(Lever(input_id=name, step=step, value=item.value, within_range=inside, room=room))
    return tuple(sorted(found, key=lambda lever: (not lever.within_range, lever.relative, lever.input_id)))


def influences(limit: Limit, inputs: Mapping[str, Input]) -> tuple[Influence, ...]:
    """The inputs that make a Limit uncertain, the most influential first; the model's own error among them."""
    parts = {name: abs(slope) * inputs[name].sigma for name, slope in limit.sensitivities.items()}
    parts[model_score_id(limit.model)] = limit.model_error
    total = sum(sigma**2 for sigma in parts.values())
    ranked = sorted(parts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(
        Influence(input_id=name, sigma=sigma, share=sigma**2 / total) for name, sigma in ranked if sigma > 0.0
    )


def metric_sigma(metric: Metric, inputs: Mapping[str, Input]) -> float:
    """One standard deviation of a figure of merit, from its samples or its slopes. [its unit]"""
    if metric.samples is not None:
        # Half the distance between the points at one sigma: a few samples of a die that hardly yields would
        # make a standard deviation of a cost anything at all.
        low, high = np.quantile(metric.samples, (0.15865525, 0.84134475))
        return float(high - low) / 2.0
    parts = (slope * inputs[name].sigma for name, slope in metric.sensitivities.items())
    return float(sum(x * x for x in parts) ** 0.5)
