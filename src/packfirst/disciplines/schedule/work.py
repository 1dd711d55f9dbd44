"""Pieces of work, sampled, put together into a network and walked: dates, criticality, slopes.

All times are weeks from the start.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.schedule.network import Activity, network
from packfirst.disciplines.schedule.simulate import ScheduleSamples, walked

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One piece of work of a plan.

    Attributes
    ----------
    weeks : array, shape (n_samples,)
    by : str
        Who does it: "program", or the firm that has to be engaged for it.
    slopes : mapping of input id to array, shape (n_samples,)
        d(weeks)/d(input), sample by sample, per SI unit of the Input.
    freeze : str
        What of the die has to stand before it can begin: die_size, pad_map, bump_map, or "".
    sourced : bool
        Whether somebody has said how long it takes.
    """

    id: str
    name: str
    after: tuple[str, ...]
    weeks: Floats
    by: str = "program"
    sourced: bool = False
    evidence: str = ""
    freeze: str = ""
    slopes: Mapping[str, Floats] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A walked network with the works that it is made of, in the order of the network."""

    works: tuple[Work, ...]
    samples: ScheduleSamples

    @property
    def criticality(self) -> Floats:
        """Share of samples in which each work takes time and lies on the longest path, shape (n_works,)."""
        return np.asarray((self.samples.critical & (self.samples.durations > 0.0)).mean(axis=1))

    def finish_of(self, work: str, share: float) -> float:
        """Week by which a work is finished in that share of samples."""
        index = self.samples.network.index(work)
        return float(np.quantile(self.samples.early_start[index] + self.samples.durations[index], share))

    def start_of(self, work: str, share: float) -> float:
        """Week by which a work can start in that share of samples."""
        return float(np.quantile(self.samples.early_start[self.samples.network.index(work)], share))

    def slopes(self) -> dict[str, float]:
        """d(mean finish)/d(input), by the mean of what each Input does to works while they are critical. [weeks/SI]

        A longer activity moves the finish where it lies on the longest path, and not elsewhere (Van Slyke,
        Oper. Res. 11, 1963, p. 846).
        """
        total: dict[str, float] = {}
        for critical, work in zip(self.samples.critical, self.works, strict=True):
            for name, slope in work.slopes.items():
                total[name] = total.get(name, 0.0) + float(np.mean(critical * slope))
        return total


def planned(works: Sequence[Work]) -> Plan:
    """Orders the works and walks them, forward and back.

    Raises
    ------
    BadNetwork
        Works that go round in a cycle, come after an unknown one or share an id.
    """
    net = network([Activity(id=item.id, after=item.after) for item in works])
    by_id = {item.id: item for item in works}
    ordered = tuple(by_id[name] for name in net.ids)
    weeks = np.stack([item.weeks for item in ordered])
    sourced = np.array([item.sourced for item in ordered], dtype=np.bool_)
    return Plan(works=ordered, samples=walked(net, weeks, sourced))
