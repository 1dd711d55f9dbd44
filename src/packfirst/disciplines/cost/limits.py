"""Cost per good part of an Architecture, sampled through the model under the shared scores."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.footprint import STACK_COVER
from packfirst.architecture.placement import Rect
from packfirst.architecture.scaling import area_factor, cut_share
from packfirst.architecture.slopes import plan_slopes
from packfirst.disciplines.case import Case, Facts, Outcome, Screen, Table
from packfirst.disciplines.cost import product
from packfirst.disciplines.cost.assembly import CostFlow
from packfirst.disciplines.cost.ledger import CATEGORIES
from packfirst.disciplines.cost.prices import (
    Value,
    carrier_prices,
    design_prices,
    plant_prices,
    stacking_prices,
)
from packfirst.inputs import Input, Kind, scores
from packfirst.limit import Identity, Limit, Metric, NotAssessed

Floats = NDArray[np.float64]
Plan = Mapping[str, Floats]  # as `plan_slopes` gives it

MODEL = "cost/product"
# One standard deviation as a share of the cost. Open models with the same inputs differ by about this much on
# gross die, order of yields and overheads (Chiplet Actuary, CATCH and Google's sheet, read side by side); assumed.
MODEL_ERROR = 0.10
BASIS = (
    "yielded cost in process order: Feng, Ma 2022 (arXiv:2203.12268); Sandborn 2017, chapters 3 and 7",
    "negative binomial die yield",
)
# Relative step of the slopes by choices; the model is smooth over a per cent.
_STEP = 0.01


class Cost:
    """Die yield and gross die, assembly and substrate yield in process order, development over volume."""

    name = "cost"
    needs = ()
    gives = ()

    def bounds(self, table: Table) -> Screen:
        from packfirst.disciplines.cost.bounds import screen

        return screen(table)

    def limits(self, case: Case, facts: Facts, rung: str) -> Outcome:
        reader = Reader(case)
        plan = plan_slopes(case.program, case.catalog, case.architecture.candidate)
        flow = product_of(case, reader.nominal, plan)
        nominal = float(flow.cost_per_good_usd)
        ledger = {name: float(getattr(flow.ledger_per_good, name)) for name in CATEGORIES}
        identity = Identity(discipline=self.name, kind="unit_cost", subject="package")
        if not np.isfinite(nominal):
            return Outcome(
                limits=(NotAssessed(identity=identity, missing=("a die that fits on its wafer",)),)
            )
        samples = np.broadcast_to(product_of(case, reader.sampled, plan).cost_per_good_usd, (case.n_samples,))
        slopes = _slopes(case, reader, plan)
        metric = Metric(
            name="cost",
            value=nominal,
            unit="USD",
            better="less",
            sensitivities=slopes,
            samples=np.array(samples),
        )
        details = {
            "ledger_usd": ledger,
            "steps": [
                (step.name, float(step.added_usd), float(step.lost_usd), float(step.survival))
                for step in flow.steps
            ],
            "quantiles_usd": [float(x) for x in np.quantile(samples, (0.05, 0.5, 0.95))],
        }
        need = case.program.needs.unit_cost
        if need is None:
            return Outcome(metrics=(metric,), details=details)
        limit = Limit(
            identity=identity, demand=nominal, capacity=need.value, unit="USD", hard=True, rung=rung,
            sensitivities={need.id: 1.0, **{name: -slope for name, slope in slopes.items()}}, model=MODEL,
            model_error=MODEL_ERROR * nominal, basis=BASIS, samples=need.value - np.array(samples),
            explanation=f"a good part costs {nominal:.0f} USD at this volume; it may cost {need.value:.0f} USD",
        )  # fmt: skip
        return Outcome(limits=(limit,), metrics=(metric,), details=details)


DISCIPLINE = Cost()


class Reader:
    """Values of Inputs: nominal, sampled under the shared scores, or nominal with one of them moved."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.seen: dict[str, Input] = {}

    def nominal(self, item: Input) -> Floats:
        self.seen[item.id] = item
        return np.asarray(item.value)

    def sampled(self, item: Input) -> Floats:
        if not item.is_sampled:
            return np.asarray(item.value)
        drawn = scores([item.id], self.case.n_samples, self.case.seed)[item.id]
        value = item.value + item.deviation(drawn)
        # The tails of a split normal pass zero, which no area, price or yield does; and no share passes one.
        share = item.quantity == "number" and item.high is not None and item.high <= 1.0
        most = 1.0 if share else np.inf
        return np.clip(value, 0.01 * item.value, most)

    def moved(self, name: str, factor: float) -> Value:
        return lambda item: np.asarray(item.value * (factor if item.id == name else 1.0))


def _slopes(case: Case, reader: Reader, plan: Plan) -> dict[str, float]:
    """d(cost)/d(choice), by central difference."""
    slopes = {}
    for name, item in reader.seen.items():
        if item.kind is Kind.CHOICE and item.value:
            high, low = (
                float(product_of(case, reader.moved(name, 1.0 + sign * _STEP), plan).cost_per_good_usd)
                for sign in (1.0, -1.0)
            )
            slopes[name] = (high - low) / (2.0 * _STEP * item.value)
    return slopes


def product_of(case: Case, value: Value, plan: Plan) -> CostFlow:
    """The cost flow of a case with its numbers read by `value`."""
    program, catalog, candidate = case.program, case.catalog, case.architecture.candidate
    partition = candidate.partition
    areas = _areas(case, value)
    designs = tuple(
        design_prices([catalog.record("node", group.node)], group.name, group.count, areas[number], value)
        for number, group in enumerate(partition.groups)
    )
    stacking = None
    if partition.stacked:
        upper, lower = partition.stacked[0]
        per_base = partition.groups[upper].count // partition.groups[lower].count
        stack = catalog.record("technology", candidate.stack)
        stacking = stacking_prices(stack, upper, lower, per_base, areas[upper], value)
    bought = tuple(
        product.Purchase(
            name=name, count=item.count, cost_usd=value(catalog.record("part", item.part).input("cost"))
        )
        for name, item in program.bought.items()
    )
    mounts = list(case.architecture.tree.walk())
    interposer = next((_grown(case, m.rect, value, plan) for m in mounts if m.kind == "interposer"), None)
    bridges = [mount.rect.area for mount in mounts if mount.kind == "bridge"]
    carrier = carrier_prices(
        catalog, catalog.record("technology", candidate.carrier), interposer, len(bridges),
        max(bridges, default=1e-6), case.architecture.body.area, value,
    )  # fmt: skip
    return product.product_cost(designs, stacking, bought, carrier, plant_prices(program, catalog, value))


def _grown(case: Case, rect: Rect, value: Value, plan: Plan) -> Floats:
    """Area of a carrier that follows the outline of its die, as that answers to the Inputs that shape it. [m2]

    To first order, and never to less than half. The laminate steps by whole ball pitches and is left as it is.
    """
    width, height = np.asarray(rect.width), np.asarray(rect.height)
    for name, slope in plan.items():
        item = case.input(name)
        moved = value(item) - item.value
        width, height = width + slope[-2] * moved, height + slope[-1] * moved
    return np.asarray(np.maximum(width * height, 0.5 * rect.area))


def _areas(case: Case, value: Value) -> list[Floats]:
    """Area of one die of each group, a base die grown to its stack, as `footprint.die_areas_m2` does it."""
    program, partition = case.program, case.architecture.candidate.partition
    factor = value(program.accuracy.area)
    overhead = value(case.catalog.record("cost_parameter", "die_to_die").input("area_share"))
    areas = []
    for group in partition.groups:
        whole = sum(
            value(program.blocks[name].area)
            * area_factor(case.catalog, program.blocks[name], group.node)
            * (1.0 + overhead * cut_share(program, group, name))
            for name in group.blocks
        )
        areas.append(np.asarray(whole * factor / group.count))
    for upper, lower in partition.stacked:
        per_base = partition.beside_on(upper, lower)
        areas[lower] = np.maximum(areas[lower], per_base * areas[upper] / STACK_COVER)
    return areas
