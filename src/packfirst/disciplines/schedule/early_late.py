"""The package engaged at architecture against after tape-out: weeks, cost, causes, and whether it matters at all.

Both worlds share their luck: the same limits would fail, the same lots take the same time. Engaged early, a limit
that will fail is seen before tape-out with some probability and mended on paper; engaged late, every failing
limit is found at assembly and answered by a respin or by derating. Early engagement has its own price, so the
answer may be "no difference here", or that late is better.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One limit that may fail, as samples.

    Attributes
    ----------
    name : str
        The limit, such as "thermal/junction of die:compute".
    fails : array of bool, shape (n_samples,)
        Whether its margin is negative, under the scores that every limit shares: causes fail together as they do.
    seen_early : float
        Probability that engaging the package at architecture shows the failure before tape-out.
    mend_weeks, mend_usd : arrays, shape (n_samples,)
        A change on paper.
    respin_weeks, respin_usd : arrays, shape (n_samples,)
        Masks, wafers and assembly again. Respins of several causes are one respin, as long as the longest, with
        the costliest masks.
    derating_usd : array, shape (n_samples,) or None
        What shipping a derated part costs instead; None where the part cannot ship. The cheaper way is taken.
    week_usd : float
        Cost of one week of delay, by which respin and derating are compared.
    """

    name: str
    fails: Bools
    seen_early: float
    mend_weeks: Floats
    mend_usd: Floats
    respin_weeks: Floats
    respin_usd: Floats
    derating_usd: Floats | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.seen_early <= 1.0:
            raise ValueError(
                f"{self.name}: seen_early is {self.seen_early:g}, a probability lies between 0 and 1"
            )


@dataclass(frozen=True, kw_only=True)
class World:
    """One way of working, sample by sample."""

    weeks: Floats
    cost_usd: Floats
    respin: Bools
    derated: Bools

    @property
    def respin_probability(self) -> float:
        """Share of samples with a respin."""
        return float(self.respin.mean())


@dataclass(frozen=True, kw_only=True)
class EarlyLate:
    """Both worlds, and late less early.

    Attributes
    ----------
    weeks_saved, cost_saved_usd : tuple of float
        5 %, 50 % and 95 % points, and the mean last, of late less early.
    faster_probability : float
        Share of samples in which early is faster by more than the threshold.
    causes : tuple of (name, weeks)
        Mean weeks that each cause adds late and not early, alone among the others; the largest first.
    verdict : str
        "early", "late" or "no difference here".
    """

    early: World
    late: World
    weeks_saved: tuple[float, float, float, float]
    cost_saved_usd: tuple[float, float, float, float]
    faster_probability: float
    causes: tuple[tuple[str, float], ...]
    verdict: str


def compare(
    causes: Sequence[Cause],
    base_early_weeks: Floats,
    base_late_weeks: Floats,
    scores: Floats,
    *,
    early_usd: Floats | float = 0.0,
    late_usd: Floats | float = 0.0,
    week_usd: float = 0.0,
    threshold_weeks: float = 1.0,
) -> EarlyLate:
    """Early against late.

    Parameters
    ----------
    base_early_weeks, base_late_weeks : arrays, shape (n_samples,)
        Finish of the two networks without any failure: long-lead parts ordered at architecture, or after
        tape-out. From `simulate` on the same scores.
    scores : array, shape (n_causes, n_samples)
        Standard normal luck of seeing each failure early.
    early_usd, late_usd : float or arrays
        What engaging costs: test vehicles, a reserved slot, parts ordered at risk.
    week_usd : float
        What a week of delay costs, in the choice between respin and derating.
    threshold_weeks : float
        Differences of the mean under this do not matter.

    Notes
    -----
    The verdict needs the 90 % interval of the mean difference, as sampled, to lie beyond the threshold.
    """
    if scores.shape != (len(causes), len(base_early_weeks)):
        raise ValueError(f"scores of shape {scores.shape}, not {(len(causes), len(base_early_weeks))}")
    seen = [_below(score, cause.seen_early) for score, cause in zip(scores, causes, strict=True)]
    early = _world(causes, seen, base_early_weeks, early_usd, week_usd)
    never = [np.zeros_like(one) for one in seen]
    late = _world(causes, never, base_late_weeks, late_usd, week_usd)
    saved, usd = late.weeks - early.weeks, late.cost_usd - early.cost_usd
    by_cause = []
    for index, cause in enumerate(causes):
        rest = [item for other, item in enumerate(causes) if other != index]
        rest_seen = [item for other, item in enumerate(seen) if other != index]
        without_early = _world(rest, rest_seen, base_early_weeks, early_usd, week_usd)
        without_late = _world(
            rest, [np.zeros_like(s) for s in rest_seen], base_late_weeks, late_usd, week_usd
        )
        by_cause.append((cause.name, float(np.mean(saved - (without_late.weeks - without_early.weeks)))))
    return EarlyLate(
        early=early,
        late=late,
        weeks_saved=_points(saved),
        cost_saved_usd=_points(usd),
        faster_probability=float(np.mean(saved > threshold_weeks)),
        causes=tuple(sorted(by_cause, key=lambda item: -item[1])),
        verdict=_verdict(saved, threshold_weeks),
    )


def _below(score: Floats, probability: float) -> Bools:
    from scipy.special import ndtri

    return np.asarray(score < ndtri(probability))


def _world(
    causes: Sequence[Cause],
    seen: Sequence[Bools],
    base_weeks: Floats,
    base_usd: Floats | float,
    week_usd: float,
) -> World:
    n = len(base_weeks)
    mend, respin = np.zeros(n), np.zeros(n)
    usd = np.broadcast_to(np.asarray(base_usd, dtype=np.float64), (n,)).copy()
    masks, derating = np.zeros(n), np.zeros(n)
    must_respin, any_late, may_derate = (
        np.zeros(n, dtype=np.bool_),
        np.zeros(n, dtype=np.bool_),
        np.ones(n, bool),
    )
    for cause, early in zip(causes, seen, strict=True):
        on_paper = cause.fails & early
        at_assembly = cause.fails & ~early
        mend = np.maximum(mend, np.where(on_paper, cause.mend_weeks, 0.0))
        usd += np.where(on_paper, cause.mend_usd, 0.0)
        respin = np.maximum(respin, np.where(at_assembly, cause.respin_weeks, 0.0))
        masks = np.maximum(masks, np.where(at_assembly, cause.respin_usd, 0.0))
        any_late |= at_assembly
        if cause.derating_usd is None:
            may_derate &= ~at_assembly
        else:
            derating += np.where(at_assembly, cause.derating_usd, 0.0)
    derates = any_late & may_derate & (derating <= masks + week_usd * respin)
    must_respin = any_late & ~derates
    usd += np.where(derates, derating, 0.0) + np.where(must_respin, masks, 0.0)
    return World(
        weeks=base_weeks + mend + np.where(must_respin, respin, 0.0), cost_usd=usd, respin=must_respin,
        derated=derates,
    )  # fmt: skip


def _points(values: Floats) -> tuple[float, float, float, float]:
    low, middle, high = (float(x) for x in np.quantile(values, [0.05, 0.5, 0.95]))
    return low, middle, high, float(values.mean())


def _verdict(saved: Floats, threshold: float) -> str:
    """Which way the mean leans, once the error of sampling is allowed for."""
    mean, error = float(saved.mean()), 1.645 * float(saved.std()) / max(len(saved), 1) ** 0.5
    if mean - error > threshold:
        return "early"
    if mean + error < -threshold:
        return "late"
    return "no difference here"
