"""One calibration: the catalog's priors, a file's measurements, and what is known after them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from packfirst.calibrate.measurements import Measured, Measurement
from packfirst.calibrate.update import Observation, Posterior, Prior, prior_of, updated
from packfirst.catalog import Catalog
from packfirst.errors import InputError
from packfirst.inputs import Evidence, Input, Kind

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Prior beside posterior.

    Attributes
    ----------
    before, after : tuple of Input
        The same numbers in the same order.
    posterior : Posterior
        With the correlations that an overlay cannot hold.
    """

    measurements: Sequence[Measurement]
    before: tuple[Input, ...]
    after: tuple[Input, ...]
    posterior: Posterior


def calibrate(catalog: Catalog, measured: Measured) -> Calibration:
    """Updates every number that the measurements speak of.

    A number that differs from part to part keeps its spread: the measurements move its middle.

    Raises
    ------
    InputError
        A measurement speaks of a number that is a choice or has no band, or none fits the prior at all.
    """
    counts: dict[str, list[str]] = {}
    for item in measured.measurements:
        for name in item.asked.inputs:
            counts.setdefault(name, []).append(item.id)
    before = tuple(catalog.input(name) for name in counts)
    priors = [_prior(item, counts[item.id]) for item in before]
    where = {item.id: number for number, item in enumerate(before)}
    observations = [_placed(item, where) for item in measured.measurements]
    try:
        posterior = updated(priors, observations)
    except ValueError as error:
        raise InputError.one("calibrate", str(error)) from None
    after = tuple(
        _learnt(item, posterior, number, measured, counts[item.id]) for number, item in enumerate(before)
    )
    return Calibration(measurements=measured.measurements, before=before, after=after, posterior=posterior)


def _prior(item: Input, told_by: Sequence[str]) -> Prior:
    said = f"measurement {told_by[0]!r} speaks of {item.id}, which"
    if item.kind is Kind.CHOICE:
        message = f"{said} is a choice of the designer's: write what you chose in an overlay or the Program"
        raise InputError.one("calibrate", message)
    try:
        return prior_of(item)
    except ValueError as error:
        raise InputError.one("calibrate", f"{said} {error}") from None


def _placed(item: Measurement, where: Mapping[str, int]) -> Observation:
    """The observation with the numbers of the whole calibration instead of its own."""
    own, predict = [where[name] for name in item.asked.inputs], item.observation.predict
    return replace(item.observation, predict=lambda numbers: predict(numbers[own]))


def _learnt(
    item: Input, posterior: Posterior, number: int, measured: Measured, told_by: Sequence[str]
) -> Input:
    value, low, high = (float(x[number]) for x in (posterior.values, posterior.lows, posterior.highs))
    if item.kind is Kind.VARIATION:
        assert item.low is not None
        assert item.high is not None
        low, high = value * item.low / item.value, value * item.high / item.value
    n = len(told_by)
    note = f"calibrated by {n} measurement{'s' if n > 1 else ''}"
    return replace(
        item, value=value, low=low, high=high, evidence=Evidence.MEASURED, source=measured.source.key,
        year=measured.source.year, where=", ".join(told_by), note=note,
    )  # fmt: skip
