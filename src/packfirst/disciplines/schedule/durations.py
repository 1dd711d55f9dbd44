"""How long a piece of work takes, as a distribution from three points, sampled by standard normal scores.

Scores come from outside, so that one score means the same luck in every candidate. Times are in weeks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Z_90 = 1.6448536269514722  # the 5 % and 95 % points of the standard normal
SHAPES = ("fixed", "pert", "triangular", "lognormal")
# Nodes of the quantile table of a beta distribution: interpolation between them errs by less than 1e-4 of the
# range, which is under a tenth of a day on two years.
_NODES = 257
_DIRECT = 64  # up to so many samples, the quantile itself costs less than its table


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Low, likely and high of a piece of work. [weeks]

    Attributes
    ----------
    shape : str
        "pert" and "triangular": low and high are the ends, likely the mode. "lognormal": low and high are the
        5 % and 95 % points and likely the median; where likely is not their geometric mean the distribution is
        shifted. "fixed": likely alone.
    sourced : bool
        Whether somebody said so; False for an assumption.
    """

    low: float
    likely: float
    high: float
    shape: str = "pert"
    sourced: bool = False

    def __post_init__(self) -> None:
        if self.shape not in SHAPES:
            raise ValueError(f"unknown shape {self.shape!r}: one of {', '.join(SHAPES)}")
        if not 0.0 <= self.low <= self.likely <= self.high < np.inf:
            raise ValueError(
                f"{self.low:g}, {self.likely:g}, {self.high:g} weeks: write 0 <= low <= likely <= high"
            )
        if self.shape == "lognormal" and self.low < self.high:
            _lognormal_shift(self.low, self.likely, self.high)

    @property
    def mean_weeks(self) -> float:
        """Expected time: (a + 4 m + b) / 6 for PERT (Malcolm et al., Oper. Res. 7, 1959, p. 646)."""
        if self.shape == "fixed" or self.low == self.high:
            return self.likely
        if self.shape == "pert":
            return (self.low + 4.0 * self.likely + self.high) / 6.0
        if self.shape == "triangular":
            return (self.low + self.likely + self.high) / 3.0
        shift = _lognormal_shift(self.low, self.likely, self.high)
        if shift is None:
            return self.likely
        sigma = np.log((self.high - shift) / (self.likely - shift)) / Z_90
        return float(shift + (self.likely - shift) * np.exp(0.5 * sigma * sigma))

    def scaled(self, factor: float) -> "Duration":
        """All three points times a factor: a shortage, or an expedited lot."""
        if not 0.0 < factor < np.inf:
            raise ValueError(f"a factor of {factor:g} is no scenario: more than zero")
        return Duration(
            low=self.low * factor, likely=self.likely * factor, high=self.high * factor, shape=self.shape,
            sourced=self.sourced,
        )  # fmt: skip

    def sample(self, scores: Floats) -> Floats:
        """Weeks at standard normal scores, of their shape; increasing in the score."""
        if self.shape == "fixed" or self.low == self.high:
            return np.full(scores.shape, self.likely)
        if self.shape == "pert":
            return _pert(self.low, self.likely, self.high, scores)
        if self.shape == "triangular":
            return _triangular(self.low, self.likely, self.high, scores)
        shift = _lognormal_shift(self.low, self.likely, self.high)
        if shift is None:
            return np.asarray(np.maximum(self.likely + (self.high - self.likely) * scores / Z_90, 0.0))
        median = self.likely - shift
        sigma = np.log((self.high - shift) / median) / Z_90
        return np.asarray(np.maximum(shift + median * np.exp(sigma * scores), 0.0))


def _pert(a: float, m: float, b: float, scores: Floats) -> Floats:
    """Beta on [a, b] with mode m: alpha = 1 + 4 (m - a)/(b - a), beta = 1 + 4 (b - m)/(b - a).

    Its mean is (a + 4 m + b) / 6 exactly; (b - a)/6 is its standard deviation only near a central mode (Grubbs,
    Oper. Res. 10, 1962, p. 912).
    """
    from scipy.special import betainc, betaincinv, ndtr  # a tenth of a second that a plain start need not pay

    alpha = 1.0 + 4.0 * (m - a) / (b - a)
    beta = 6.0 - alpha
    u = ndtr(scores)
    if u.size <= _DIRECT:
        return np.asarray(a + (b - a) * betaincinv(alpha, beta, u))
    # Chebyshev nodes crowd at both ends, where the quantile is steepest.
    x = 0.5 - 0.5 * np.cos(np.pi * np.arange(_NODES) / (_NODES - 1))
    return np.asarray(a + (b - a) * np.interp(u, betainc(alpha, beta, x), x))


def _triangular(a: float, m: float, b: float, scores: Floats) -> Floats:
    from scipy.special import ndtr

    u = ndtr(scores)
    split = (m - a) / (b - a)
    left = a + np.sqrt(u * (b - a) * (m - a))
    right = b - np.sqrt((1.0 - u) * (b - a) * (b - m))
    return np.asarray(np.where(u < split, left, right))


def _lognormal_shift(low: float, median: float, high: float) -> float | None:
    """Where a lognormal with these 5 %, 50 % and 95 % points begins; None where the three are symmetric (normal).

    (high - s)(low - s) = (median - s)^2, since the logarithm is symmetric about the median (Aitchison and Brown,
    The Lognormal Distribution, 1957, 6.2).
    """
    curve = low + high - 2.0 * median
    if curve < -1e-9 * high:
        raise ValueError(
            f"{low:g}, {median:g}, {high:g} weeks lean to the short side: a lognormal cannot; use pert"
        )
    if curve <= 1e-9 * high:
        return None
    return (low * high - median * median) / curve
