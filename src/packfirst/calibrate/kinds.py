"""Kinds of measurement: which of the catalog's numbers each speaks of, and how these predict it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.catalog import Catalog
from packfirst.catalog.record import input_id
from packfirst.disciplines.cost.die_yield import negative_binomial
from packfirst.disciplines.mechanical.warpage.bimetal import bow_m, curvature_per_m

Floats = NDArray[np.float64]
Conditions = Mapping[str, float | str]
Predict = Callable[[Floats], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The Inputs that a measurement speaks of, and their prediction of it, in SI."""

    inputs: tuple[str, ...]
    predict: Predict
    quantity: str  # of the measured value


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of measurement.

    `conditions` names what must be stated with it: a quantity, or "word" for the id of a catalog record.
    """

    what: str
    of: str  # kind of the record that `of` names, "input" for the id of any Input
    conditions: Mapping[str, str]
    ask: Callable[[Catalog, str, Conditions], Asked]
    counted: bool = False  # whether good and tested parts may stand for value and sigma


def _value(catalog: Catalog, of: str, _conditions: Conditions) -> Asked:
    return Asked(inputs=(of,), predict=lambda x: float(x[0]), quantity=catalog.input(of).quantity)


def _interface(_catalog: Catalog, of: str, conditions: Conditions) -> Asked:
    area = float(conditions["area"])
    asked = (input_id("interface", of, "area_resistance"),)
    return Asked(inputs=asked, predict=lambda x: float(x[0]) / area, quantity="thermal_resistance")


def _die_yield(_catalog: Catalog, of: str, conditions: Conditions) -> Asked:
    area = float(conditions["area"])
    asked = tuple(input_id("node", of, field) for field in ("defect_density", "cluster_alpha"))
    return Asked(
        inputs=asked, predict=lambda x: float(negative_binomial(area * x[0], x[1])), quantity="number"
    )


def _warpage(catalog: Catalog, of: str, conditions: Conditions) -> Asked:
    """Bow of a strip of two materials: Timoshenko's bimetal, plate moduli at the Poisson ratios of the records."""
    other = str(conditions["on"])
    asked = tuple(
        input_id("material", name, field) for field in ("modulus", "expansion") for name in (of, other)
    )
    upper, lower = float(conditions["thickness"]), float(conditions["on_thickness"])
    length, rise = float(conditions["length"]), float(conditions["rise"])
    ratios = [catalog.record("material", name)["poisson"] for name in (of, other)]

    def predict(x: Floats) -> float:
        moduli = [modulus / (1.0 - nu) for modulus, nu in zip(x[:2], ratios, strict=True)]
        bent = curvature_per_m(lower, upper, moduli[1], moduli[0], x[3], x[2], rise)
        return float(bow_m(bent, length))

    return Asked(inputs=asked, predict=predict, quantity="length")


def _queue(catalog: Catalog, of: str, conditions: Conditions) -> Asked:
    return _value(catalog, input_id("technology", of, "lead_time"), conditions)


KINDS: Mapping[str, Kind] = {
    "value": Kind(
        what="one number of the catalog, measured as it stands", of="input", conditions={}, ask=_value
    ),
    "interface_resistance": Kind(
        what="resistance of a bond line over an area, both contacts in it", of="interface",
        conditions={"area": "area"}, ask=_interface,
    ),
    "die_yield": Kind(
        what="share of good die of an area on a node", of="node", conditions={"area": "area"}, ask=_die_yield,
        counted=True,
    ),
    "warpage": Kind(
        what="middle over ends of a strip of one material on another, after a change of temperature; positive where "
        "the middle stands up", of="material",
        conditions={
            "on": "word", "thickness": "length", "on_thickness": "length", "length": "length",
            "rise": "temperature_difference",
        },
        ask=_warpage,
    ),
    "queue": Kind(
        what="time from order to delivery of a technology", of="technology", conditions={}, ask=_queue
    ),
}  # fmt: skip
