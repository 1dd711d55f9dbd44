"""Prior and measurements to posterior: Gauss-Newton to the likeliest point, and the curvature there.

For a linear prediction and a symmetric prior this is the exact conjugate posterior of normal laws; in logarithms, of
log-normal ones. Elsewhere it is the Laplace approximation (tests hold it against a posterior summed over a grid).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.inputs import LOG_BAND, Z_90, Input

Floats = NDArray[np.float64]

_STEP = 1e-4  # of a prior's standard deviation, for central differences
_CONVERGED = 1e-10  # of a prior's standard deviation
_MOST_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is known of one number: a split normal law about its value, in its logarithm where `is_log`."""

    value: float
    below: float  # standard deviation on either side, in the coordinate
    above: float
    is_log: bool

    @property
    def middle(self) -> float:
        """The value in the coordinate."""
        return math.log(self.value) if self.is_log else self.value

    def at(self, coordinate: float) -> float:
        """The number at a coordinate."""
        return math.exp(coordinate) if self.is_log else coordinate

    def deviation(self, coordinate: float) -> float:
        """Standard deviation on that side of the value; between the two at the value itself."""
        if coordinate == self.middle:
            return (self.below + self.above) / 2.0
        return self.below if coordinate < self.middle else self.above


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One measured number, and what the numbers asked about predict for it.

    `predict` takes the numbers (SI) in the order of the priors. Where `is_log`, value and prediction are positive and
    `sigma` is that of the logarithm.
    """

    value: float
    sigma: float
    predict: Callable[[Floats], float]
    is_log: bool = False

    def residual(self, numbers: Floats) -> float:
        """Measured less predicted, in standard deviations of the measurement. [-]"""
        predicted = self.predict(numbers)
        if self.is_log:
            return (math.log(self.value) - math.log(predicted)) / self.sigma
        return (self.value - predicted) / self.sigma


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """What is known after the measurements.

    Attributes
    ----------
    values, lows, highs : ndarray, shape (n,)
        Likeliest numbers with their 5 % and 95 % points. [SI]
    correlation : ndarray, shape (n, n)
        Of the coordinates.
    surprise : ndarray, shape (n_observations,)
        How far each measurement lay from what the prior expected, in standard deviations of both together.
    left : ndarray, shape (n_observations,)
        What remains after the update, in standard deviations of the measurement alone.
    """

    values: Floats
    lows: Floats
    highs: Floats
    correlation: Floats
    surprise: Floats
    left: Floats


def prior_of(item: Input) -> Prior:
    """The prior that an Input states; in the logarithm by the rule by which it is sampled.

    Raises
    ------
    ValueError
        The Input has no band.
    """
    if item.low is None or item.high is None or not item.low < item.high:
        raise ValueError("has no band: what is known exactly cannot be learnt")
    if item.low > 0.0 and item.high / item.low > LOG_BAND:
        below, above = math.log(item.value / item.low), math.log(item.high / item.value)
        return Prior(value=item.value, below=below / Z_90, above=above / Z_90, is_log=True)
    return Prior(
        value=item.value,
        below=(item.value - item.low) / Z_90,
        above=(item.high - item.value) / Z_90,
        is_log=False,
    )


def updated(priors: Sequence[Prior], observations: Sequence[Observation]) -> Posterior:
    """The posterior of all numbers together.

    Raises
    ------
    ValueError
        The likeliest point was not found.
    """
    start = np.array([prior.middle for prior in priors])
    scale = np.array([(prior.below + prior.above) / 2.0 for prior in priors])
    point = start.copy()
    for _ in range(_MOST_STEPS):
        step = _newton_step(priors, observations, point, scale)
        moved = _shortened(priors, observations, point, step)
        if np.all(np.abs(moved - point) <= _CONVERGED * scale):
            break
        point = moved
    else:
        raise ValueError("measurements and prior have no common likeliest point that could be found")
    slopes = _slopes(priors, observations, point, scale)
    own = np.array([prior.deviation(x) for prior, x in zip(priors, point, strict=True)])
    covariance = _covariance(own, slopes)
    deviation = np.sqrt(np.diag(covariance))
    before = _slopes(priors, observations, start, scale)
    expected = np.sqrt(1.0 + ((before * scale) ** 2).sum(axis=1))
    lows, highs = (_numbers(priors, _bounds(priors, own, slopes, point, way)) for way in (-1.0, 1.0))
    return Posterior(
        values=_numbers(priors, point), lows=lows, highs=highs,
        correlation=covariance / np.outer(deviation, deviation),
        surprise=_residuals(priors, observations, start) / expected, left=_residuals(priors, observations, point),
    )  # fmt: skip


def _covariance(deviations: Floats, slopes: Floats) -> Floats:
    return np.asarray(np.linalg.inv(np.diag(deviations**-2.0) + slopes.T @ slopes))


def _bounds(priors: Sequence[Prior], own: Floats, slopes: Floats, point: Floats, way: float) -> Floats:
    """The 5 % (`way` -1) or 95 % (`way` 1) points in the coordinates.

    A prior may be wider on one side of its middle than on the other: on the way out each side counts for as much
    of the way as lies on it.
    """
    found = point.copy()
    for number, prior in enumerate(priors):
        left = Z_90
        inner, outer = (prior.below, prior.above) if way > 0.0 else (prior.above, prior.below)
        to_middle = way * (prior.middle - point[number])
        for deviation, room in ((inner, max(to_middle, 0.0)), (outer, math.inf)):
            changed = own.copy()
            changed[number] = deviation
            width = math.sqrt(_covariance(changed, slopes)[number, number])
            gone = min(left * width, room)
            found[number] += way * gone
            left -= gone / width
    return found


def _numbers(priors: Sequence[Prior], point: Floats) -> Floats:
    return np.array([prior.at(float(x)) for prior, x in zip(priors, point, strict=True)])


def _residuals(priors: Sequence[Prior], observations: Sequence[Observation], point: Floats) -> Floats:
    numbers = _numbers(priors, point)
    return np.array([item.residual(numbers) for item in observations])


def _cost(priors: Sequence[Prior], observations: Sequence[Observation], point: Floats) -> float:
    """Twice the negative logarithm of the posterior density, but for a constant."""
    own = [(x - prior.middle) / prior.deviation(x) for prior, x in zip(priors, point, strict=True)]
    return float(np.square(own).sum() + np.square(_residuals(priors, observations, point)).sum())


def _slopes(
    priors: Sequence[Prior], observations: Sequence[Observation], point: Floats, scale: Floats
) -> Floats:
    """d(prediction in its own standard deviations)/d(coordinate), shape (n_observations, n)."""
    columns = []
    for number, width in enumerate(scale):
        step = np.zeros_like(point)
        step[number] = _STEP * width
        ends = [_residuals(priors, observations, point + way * step) for way in (1.0, -1.0)]
        columns.append((ends[1] - ends[0]) / (2.0 * _STEP * width))
    return np.array(columns).T.reshape(len(observations), len(point))


def _newton_step(
    priors: Sequence[Prior], observations: Sequence[Observation], point: Floats, scale: Floats
) -> Floats:
    slopes = _slopes(priors, observations, point, scale)
    weights = np.array([prior.deviation(x) ** -2 for prior, x in zip(priors, point, strict=True)])
    offset = point - np.array([prior.middle for prior in priors])
    downhill = slopes.T @ _residuals(priors, observations, point) - weights * offset
    return np.asarray(np.linalg.solve(np.diag(weights) + slopes.T @ slopes, downhill))


def _shortened(
    priors: Sequence[Prior], observations: Sequence[Observation], point: Floats, step: Floats
) -> Floats:
    """The point after a step that is halved until it leads downhill."""
    here = _cost(priors, observations, point)
    for halving in range(40):
        moved = point + step / 2.0**halving
        try:
            cost = _cost(priors, observations, moved)
        except ValueError:  # a number went where its model does not hold
            continue
        if cost <= here:
            return np.asarray(moved)
    return point
