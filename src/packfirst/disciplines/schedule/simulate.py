"""A schedule sampled: dates with their probabilities, what is critical how often, and when to engage whom.

Vectorised over samples on shared scores. All times are weeks from the start; dates are the caller's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.schedule.durations import Duration
from packfirst.disciplines.schedule.network import ActivityNetwork, BadNetwork, checked, early_finishes, tails

Floats = NDArray[np.float64]

CRITICAL_WEEKS = 1e-9  # slack under this is none: rounding of sums
SOURCED_SHARE_FOR_P90 = 0.5  # under this, a range is given and no P90
WORST_SHOCK = (
    18.0  # the largest factor that was ever asked of a scenario; larger ones are refused as typing errors
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shock:
    """An event that stretches some activities, all at once, with a probability."""

    name: str
    probability: float
    factors: Mapping[str, float]  # by activity

    def __post_init__(self) -> None:
        _probability(self.name, self.probability)
        for activity, factor in self.factors.items():
            if not 0.0 < factor <= WORST_SHOCK:
                raise BadNetwork(
                    f"shock {self.name!r} stretches {activity!r} by {factor:g}: between 0 and 18"
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """An event that adds time to one activity: a respin, a failed qualification lot, a lost shipment."""

    name: str
    activity: str
    probability: float
    added: Duration

    def __post_init__(self) -> None:
        _probability(self.name, self.probability)


def _probability(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise BadNetwork(f"{name!r} has a probability of {value:g}: between 0 and 1")


@dataclass(frozen=True, kw_only=True)
class ScheduleSamples:
    """Every sample of every activity.

    Attributes
    ----------
    durations, tail_weeks : arrays, shape (n_activities, n_samples)
        Length of each activity; longest way from its start to the end.
    early_start : array, shape (n_activities, n_samples)
    finish : array, shape (n_samples,)
    """

    network: ActivityNetwork
    durations: Floats
    early_start: Floats
    tail_weeks: Floats
    finish: Floats
    sourced: NDArray[np.bool_]

    @property
    def critical(self) -> NDArray[np.bool_]:
        """Whether an activity lies on a longest path, shape (n_activities, n_samples)."""
        return self.early_start + self.tail_weeks >= self.finish - CRITICAL_WEEKS

    @property
    def criticality(self) -> Floats:
        """Criticality index: share of samples in which each activity is critical (Van Slyke, Oper. Res. 11, 1963)."""
        return np.asarray(self.critical.mean(axis=1))

    def quantile(self, share: float) -> float:
        """Weeks by which the work is done in that share of samples."""
        return float(np.quantile(self.finish, share))

    def probability_by(self, weeks: float) -> float:
        """Share of samples that are done by then."""
        return float(np.mean(self.finish <= weeks + CRITICAL_WEEKS))

    def latest_start(self, activity: str, need_weeks: float, confidence: float) -> float:
        """Latest week to start one activity, all else on time, so that the need is met with the confidence.

        Negative where that week has passed before the work begins. It is the need less the quantile of the
        longest way from the start of the activity to the end.
        """
        tail = self.tail_weeks[self.network.index(activity)]
        return float(need_weeks - np.quantile(tail, confidence))

    @property
    def sourced_share(self) -> float:
        """Mean share of the weeks on the critical path that rest on sourced durations.

        Where several paths tie in a sample, their activities count alike.
        """
        weeks = np.where(self.critical, self.durations, 0.0)
        total = weeks.sum(axis=0)
        share = np.divide(weeks[self.sourced].sum(axis=0), total, out=np.zeros_like(total), where=total > 0.0)
        return float(share.mean())

    @property
    def summary(self) -> "Summary":
        """P50 and P90, or a range where too little of the critical path is sourced."""
        share = self.sourced_share
        enough = share >= SOURCED_SHARE_FOR_P90
        return Summary(
            p50_weeks=self.quantile(0.5),
            p90_weeks=self.quantile(0.9) if enough else None,
            low_weeks=self.quantile(0.05),
            high_weeks=self.quantile(0.95),
            sourced_share=share,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What may be printed of a schedule; no P90 where under half of its critical path is sourced."""

    p50_weeks: float
    p90_weeks: float | None
    low_weeks: float
    high_weeks: float
    sourced_share: float


def score_ids(
    net: ActivityNetwork, shocks: Sequence[Shock] = (), risks: Sequence[Risk] = ()
) -> tuple[str, ...]:
    """Ids of the scores that `simulate` wants, in its order: activities, shocks, risks twice."""
    return (
        *(f"schedule/activity/{name}" for name in net.ids),
        *(f"schedule/shock/{item.name}" for item in shocks),
        *(f"schedule/risk/{item.name}" for item in risks),
        *(f"schedule/risk_length/{item.name}" for item in risks),
    )


def simulate(
    net: ActivityNetwork,
    durations: Mapping[str, Duration],
    scores: Floats,
    *,
    shocks: Sequence[Shock] = (),
    risks: Sequence[Risk] = (),
) -> ScheduleSamples:
    """Samples the network.

    Parameters
    ----------
    durations : mapping of activity to Duration
        One for each activity.
    scores : array, shape (n_scores, n_samples)
        Standard normal, a row for each id of `score_ids`. A shock or risk strikes where its score lies below
        the point that its probability cuts off.

    Raises
    ------
    BadNetwork
        An activity without a duration, a shock or risk on an unknown activity, another number of scores.
    """
    n = len(net.ids)
    wanted = n + len(shocks) + 2 * len(risks)
    if scores.ndim != 2 or scores.shape[0] != wanted:
        raise BadNetwork(
            f"{wanted} rows of scores are needed, one for each of score_ids, not {scores.shape[0]}"
        )
    missing = [name for name in net.ids if name not in durations]
    if missing:
        raise BadNetwork(f"no duration for {', '.join(missing)}")
    weeks = np.empty((n, scores.shape[1]))
    for index, name in enumerate(net.ids):
        weeks[index] = durations[name].sample(scores[index])
    for row, shock in enumerate(shocks, start=n):
        struck = strikes(scores[row], shock.probability)
        for activity, factor in shock.factors.items():
            weeks[net.index(activity)] *= np.where(struck, factor, 1.0)
    first = n + len(shocks)
    for row, risk in enumerate(risks, start=first):
        struck = strikes(scores[row], risk.probability)
        added = risk.added.sample(scores[row + len(risks)])
        weeks[net.index(risk.activity)] += np.where(struck, added, 0.0)
    sourced = np.array([durations[name].sourced for name in net.ids], dtype=np.bool_)
    return walked(net, weeks, sourced)


def walked(net: ActivityNetwork, weeks: Floats, sourced: NDArray[np.bool_]) -> ScheduleSamples:
    """The samples of a network whose activities have been sampled already.

    Parameters
    ----------
    weeks : array, shape (n_activities, n_samples)
    sourced : array, shape (n_activities,)
        Whether somebody has said how long the activity takes.
    """
    checked(net, weeks)
    finishes = early_finishes(net, weeks)
    return ScheduleSamples(
        network=net,
        durations=weeks,
        early_start=finishes - weeks,
        tail_weeks=tails(net, weeks),
        finish=finishes.max(axis=0),
        sourced=sourced,
    )


def strikes(scores: Floats, probability: float) -> NDArray[np.bool_]:
    """Whether an event of this probability happens, sample by sample."""
    from scipy.special import ndtri

    return np.asarray(scores < ndtri(probability))
