"""A candidate engaged early and late on the same luck: the two networks, and what its failing limits cost in either."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.schedule.early_late import Cause, EarlyLate, compare
from packfirst.disciplines.schedule.records import (
    ASKED,
    NEW_MASKS,
    NEW_PACKAGE,
    Build,
    Failing,
    Luck,
    Sampler,
    works,
)
from packfirst.disciplines.schedule.work import planned

Floats = NDArray[np.float64]
# Limits that a slower part keeps: less power is less heat, and less throughput is what derating gives up.
DERATED = frozenset({"thermal", "performance"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakes:
    """What is at stake, in USD.

    `part_usd` is the cost of one good part, None where nobody knows it: nothing is derated then. A derated part is
    taken to be worth less by the share that its limit is short, at cost and not at price.
    """

    mask_usd: float = 0.0
    part_usd: float | None = None
    volume: float = 0.0
    week_usd: float = 0.0


def both_ways(sampler: Sampler, build: Build, failing: Sequence[Failing], stakes: Stakes) -> EarlyLate:
    """The package engaged at architecture against after tape-out.

    What a change on paper, new masks or a new package add to the finish is taken from the network, sample by
    sample: a change that the design does not wait for adds nothing, and a package that is made again while the die
    is respun for a fault of its own adds only what it takes longer.
    """
    none = np.zeros(sampler.n_samples, dtype=np.bool_)
    logic = sampler.strikes("logic_fault") if build.die else none
    early, late = replace(build, engage="architecture"), replace(build, engage="tape_out")

    def finish(which: Build, **happens: bool) -> Floats:
        chance = {"on_paper": none, "new_masks": logic, "new_package": none, "new_drawing": none}
        chance |= dict.fromkeys(happens, ~none)
        return planned(works(sampler, which, Luck(**chance))).samples.finish

    base_early, base_late = finish(early), finish(late)
    mend = finish(early, on_paper=True) - base_early
    masks = finish(late, new_masks=True) - base_late
    package = finish(late, new_package=True) - base_late
    drawing = finish(late, new_drawing=True) - base_late
    chance = sampler.input("seen_early", "probability").value
    found, luck = [], []
    for item in failing:
        if item.discipline not in ASKED:
            continue
        if item.discipline in NEW_MASKS:
            weeks, usd = masks, np.where(logic, 0.0, stakes.mask_usd)
        elif item.discipline in NEW_PACKAGE:
            weeks, usd = package, _usd(sampler, "package_fix")
        else:
            weeks, usd = drawing, _usd(sampler, "changes_on_paper")
        found.append(
            Cause(
                name=item.name, fails=item.fails, seen_early=chance, mend_weeks=mend,
                mend_usd=_usd(sampler, "changes_on_paper"), respin_weeks=weeks, respin_usd=usd,
                derating_usd=_derating(item, stakes),
            )
        )  # fmt: skip
        luck.append(sampler.score(f"schedule/event/seen_early/{item.name}"))
    scores = np.array(luck).reshape(len(found), sampler.n_samples)
    return compare(
        found, base_early, base_late, scores, early_usd=_usd(sampler, "package_study"), week_usd=stakes.week_usd
    )  # fmt: skip


def _usd(sampler: Sampler, activity: str) -> Floats:
    item = sampler.input(activity, "cost")
    return np.maximum(item.value + item.deviation(sampler.score(item.id)), 0.0)


def _derating(item: Failing, stakes: Stakes) -> Floats | None:
    """What parts are worth less when they run as slow as the limit asks; None where that mends nothing."""
    if item.discipline not in DERATED or stakes.part_usd is None or item.margin is None or not item.scale:
        return None
    short = np.clip(-item.margin / item.scale, 0.0, 1.0)
    return np.asarray(stakes.volume * stakes.part_usd * short)
