"""One demand held against one capacity, and what stands in its place where nothing can be said."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

RUNGS = ("screen", "plan", "sign")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which limit this is, whatever candidate it is asked of."""

    discipline: str
    kind: str  # "junction"
    subject: str  # "die:compute_0"
    mode: str = ""  # "peak"

    def __str__(self) -> str:
        tail = f" in {self.mode}" if self.mode else ""
        return f"{self.discipline}/{self.kind} of {self.subject}{tail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A demand, a capacity, and what the difference between them rests on.

    Attributes
    ----------
    demand, capacity : float
        In `unit`. Zero demand is no use at all: a temperature is a rise over ambient.
    sensitivities : mapping of str to float
        d(margin)/d(input), by Input id, in `unit` per SI unit of the Input.
    model : str
        Name of the model whose error this Limit shares with every other Limit of that model.
    model_error : float
        One standard deviation of the model's own error, from its validation. [unit]
    samples : array, shape (n_samples,) or None
        Margin under the shared scores, where the model was sampled instead of linearised. [unit]
    basis : tuple of str
        What the numbers rest on: the model's reference, and the sources of the data.
    explanation : str
        One sentence in the architect's words: what is demanded of what.
    """

    identity: Identity
    demand: float
    capacity: float
    unit: str
    hard: bool
    rung: str
    sensitivities: Mapping[str, float]
    model: str
    model_error: float
    basis: tuple[str, ...]
    explanation: str
    samples: NDArray[np.float64] | None = field(default=None, compare=False)
    flags: tuple[str, ...] = ()  # "outside the validated range of ...", for the reader

    @property
    def margin(self) -> float:
        """Capacity less demand; positive is good. [unit]"""
        return self.capacity - self.demand

    @property
    def margin_ratio(self) -> float:
        """Margin as a share of the capacity, by which Limits of unlike units are compared."""
        scale = abs(self.capacity) if self.capacity else abs(self.demand)
        return self.margin / scale if scale else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAssessed:
    """Stands in the place of a Limit that could not be said."""

    identity: Identity
    missing: tuple[str, ...]  # a datum, a range that was left, a solve that did not converge


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A figure of merit of a candidate: what the Pareto front is drawn over.

    `better` is "more" or "less". Sensitivities and samples as in `Limit`.
    """

    name: str
    value: float
    unit: str
    better: str
    sensitivities: Mapping[str, float] = field(default_factory=dict)
    samples: NDArray[np.float64] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A typed value that one discipline gives another, with its slopes by Input id."""

    name: str  # "link_power"
    subject: str  # "die:compute_0"
    value: float  # SI
    mode: str = ""
    sensitivities: Mapping[str, float] = field(default_factory=dict)
    samples: NDArray[np.float64] | None = field(default=None, compare=False)  # under the shared scores
