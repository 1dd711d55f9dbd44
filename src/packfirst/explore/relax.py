"""What would have to give so that a candidate stands: the least, under the shared samples."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from packfirst.assess import Assessment
from packfirst.confidence import margins
from packfirst.explore.records import GiveRecord
from packfirst.limit import Limit

Floats = NDArray[np.float64]


def gives(assessment: Assessment, *, confidence: float, n_samples: int, seed: int) -> list[GiveRecord]:
    """The fewest kinds of limit that must give so that the hard limits hold together with the confidence.

    Each by the least capacity that does it. Empty where the candidate stands already. Kinds are taken the
    least likely first until the others hold together; a kind's give is that of its worst subject.

    Parameters
    ----------
    n_samples, seed
        As the assessment was made: then the gives are exact under its own samples.
    """
    hard = [item for item in assessment.limits if item.hard]
    if assessment.verdict.joint_probability >= confidence or not hard:
        return []
    sampled = margins(hard, assessment.inputs, n_samples=n_samples, seed=seed)
    kinds: dict[str, list[int]] = {}
    for number, limit in enumerate(hard):
        kinds.setdefault(f"{limit.identity.discipline}/{limit.identity.kind}", []).append(number)
    least = {kind: sampled[rows].min(axis=0) for kind, rows in kinds.items()}
    ranked = sorted(kinds, key=lambda kind: (float((least[kind] >= 0.0).mean()), kind))
    needed = math.ceil(confidence * n_samples)
    for many in range(1, len(ranked) + 1):
        holds = np.all(
            [least[kind] >= 0.0 for kind in ranked[many:]] or [np.ones(n_samples, dtype=bool)], axis=0
        )
        if int(holds.sum()) >= needed:
            found = least_gives(np.array([least[kind] for kind in ranked[:many]]), holds, needed)
            return [
                _record(kind, hard, kinds[kind], float(by))
                for kind, by in zip(ranked[:many], found, strict=True) if by > 0.0
            ]  # fmt: skip
    raise AssertionError("with every kind relaxed, everything holds")


def least_gives(least: Floats, holds: NDArray[np.bool_], needed: int) -> Floats:
    """How much each of several margins must be raised so that all are positive in `needed` samples.

    Parameters
    ----------
    least : ndarray, shape (n_kinds, n_samples)
        Margins.
    holds : ndarray of bool, shape (n_samples,)
        Where all the other limits hold; `needed` of them or more.

    Notes
    -----
    All kinds are raised to the same rank among their samples, the lowest rank that does it; for a single kind
    this is the least there is.
    """
    ordered = -np.sort(-least[:, holds], axis=1)  # best samples first
    low, high = needed - 1, ordered.shape[1] - 1
    while low < high:  # the lowest rank that leaves enough samples, by bisection
        middle = (low + high) // 2
        raised = least + np.maximum(-ordered[:, middle], 0.0)[:, np.newaxis]
        if int((holds & (raised >= 0.0).all(axis=0)).sum()) >= needed:
            high = middle
        else:
            low = middle + 1
    return np.asarray(np.maximum(-ordered[:, low], 0.0))


def _record(kind: str, hard: Sequence[Limit], rows: Sequence[int], by: float) -> GiveRecord:
    worst = min((hard[row] for row in rows), key=lambda limit: (limit.margin, str(limit.identity)))
    scale = abs(worst.capacity) or abs(worst.demand) or 1.0
    return {
        "limit": kind, "subject": worst.identity.subject, "by": by, "unit": worst.unit, "share": by / scale,
    }  # fmt: skip
