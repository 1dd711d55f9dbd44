"""A number that is not certain, and the random scores that every discipline shares."""

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

# 5 % and 95 % points of the standard normal: `low` and `high` of an Input are a 90 % band.
Z_90 = 1.6448536269514722
# A band wider than this factor belongs to an order-of-magnitude guess: its scatter is a factor, not a sum.
LOG_BAND = 3.0


class Kind(StrEnum):
    """What a number is: `choice` the designer moves, `uncertain` we do not know, `variation` differs by part."""

    CHOICE = "choice"
    UNCERTAIN = "uncertain"
    VARIATION = "variation"


class Evidence(StrEnum):
    """How a number is known, best first."""

    MEASURED = "measured"
    PUBLISHED = "published"
    STANDARD = "standard"
    DERIVED = "derived"
    RECALLED = "recalled"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One number with what is known of it.

    `low` and `high` are the 5 % and 95 % points of an uncertain or varying number, and the range within
    which a choice may move; they are None where nobody has said.
    """

    id: str
    value: float  # SI
    quantity: str  # key of units.QUANTITIES
    kind: Kind
    evidence: Evidence
    low: float | None = None
    high: float | None = None
    source: str = ""
    year: int | None = None
    where: str = ""
    note: str = ""

    def __float__(self) -> float:
        return self.value

    def moved(self, value: float) -> "Input":
        """The same Input at another value; its band moves along by the same difference."""
        step = value - self.value
        low = None if self.low is None else self.low + step
        high = None if self.high is None else self.high + step
        return replace(self, value=value, low=low, high=high)

    @property
    def is_sampled(self) -> bool:
        return self.kind is not Kind.CHOICE and self.low is not None and self.high is not None

    def deviation(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Difference from `value` at standard normal scores. [SI]

        Two half-normal halves meet at `value`, so that the 5 % and 95 % points are `low` and `high` (the
        split normal distribution, Fechner 1897); where the band spans more than a factor of three, in the
        logarithm. Zero where the Input is not sampled.
        """
        if not self.is_sampled or self.low is None or self.high is None:
            return np.zeros_like(scores)
        if self.low > 0.0 and self.high / self.low > LOG_BAND:
            below, above = math.log(self.value / self.low), math.log(self.high / self.value)
            return np.asarray(self.value * np.expm1(np.where(scores < 0.0, below, above) * scores / Z_90))
        below, above = self.value - self.low, self.high - self.value
        return np.asarray(np.where(scores < 0.0, below, above) * scores / Z_90)

    @property
    def sigma(self) -> float:
        """Half the difference between its points at one sigma, as a single number for rankings. [SI]"""
        points = self.deviation(np.array([-1.0, 1.0]))
        return float(points[1] - points[0]) / 2.0


def model_score_id(model: str) -> str:
    """Id under which a model's own error draws its scores: Limits of one model err together."""
    return f"model/{model}"


def scores(ids: Iterable[str], n_samples: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """Standard normal scores per id, the same for an id in whatever company it is asked.

    Each id has its own stratified sample (Latin hypercube: McKay, Beckman, Conover 1979) from a generator
    keyed by the id and the seed, so that two candidates, two workers or two runs share their luck.
    """
    from scipy.special import ndtri  # a tenth of a second that `--help` need not pay

    result = {}
    strata = (np.arange(n_samples, dtype=np.float64) + 0.5) / n_samples
    quantiles = np.asarray(ndtri(strata), dtype=np.float64)
    for name in ids:
        digest = hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=16).digest()
        generator = np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "big")))
        result[name] = quantiles[generator.permutation(n_samples)]
    return result


def by_id(inputs: Iterable[Input]) -> Mapping[str, Input]:
    """Inputs keyed by id."""
    return {item.id: item for item in inputs}
