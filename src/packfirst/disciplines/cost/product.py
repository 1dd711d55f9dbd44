"""Cost of a multi-die product, from wafer to tested package: stacks first, then the carrier, then the laminate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.cost import assembly, gross_die, nre
from packfirst.disciplines.cost.assembly import CostFlow, Part, Step
from packfirst.disciplines.cost.die_yield import negative_binomial, poisson
from packfirst.disciplines.cost.ledger import booked

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One kind of die that is made for the product; every number array_like, all broadcast together."""

    name: str
    count: ArrayLike  # per product
    area_m2: ArrayLike
    wafer_usd: ArrayLike
    defects_per_m2: ArrayLike
    cluster_alpha: ArrayLike
    nre_usd: ArrayLike  # development of a chip of `nre_area_m2`, first masks in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacking:
    """Die of design `upper` bonded on die of design `lower`."""

    upper: int
    lower: int
    per_base: ArrayLike
    yield_per_die: ArrayLike
    particles_per_m2: ArrayLike
    bonded_area_m2: ArrayLike  # per upper die
    nre_usd: ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """A die or stack of die that is bought tested."""

    name: str
    count: ArrayLike
    cost_usd: ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """What the die stand on: an interposer or bridges of silicon, and the laminate under them.

    A product without an interposer has `interposer_area_m2` None; one without bridges has `bridges` zero.
    """

    interposer_area_m2: ArrayLike | None
    interposer_wafer_usd: ArrayLike
    interposer_defects_per_m2: ArrayLike
    interposer_alpha: ArrayLike
    bridges: ArrayLike
    bridge_area_m2: ArrayLike
    bridge_yield: ArrayLike
    laminate_area_m2: ArrayLike
    laminate_usd_per_m2: ArrayLike
    laminate_yield: ArrayLike
    yield_per_die: ArrayLike
    nre_usd: ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """What the making of every product shares."""

    street_m: ArrayLike
    edge_exclusion_m: ArrayLike
    probe_coverage: ArrayLike
    c4_usd_per_m2: ArrayLike
    micro_bump_usd_per_m2: ArrayLike
    attach_yield: ArrayLike  # of a module on the laminate
    assembly_usd: ArrayLike
    assembly_yield: ArrayLike  # lid, balls and the rest, per package
    final_test_usd: ArrayLike
    final_test_coverage: ArrayLike
    volume: ArrayLike
    nre_area_m2: ArrayLike
    nre_area_share: ArrayLike  # share of a chip's development that grows with its area


def product_cost(
    designs: tuple[Design, ...],
    stacking: Stacking | None,
    bought: tuple[Purchase, ...],
    carrier: Carrier,
    plant: Plant,
) -> CostFlow:
    """Cost per good product, by category, all development on it.

    Notes
    -----
    Upper die join their base wafer-side first: a stack that fails takes all its die with it. Stacks, single
    die and bought parts then join the interposer, the bridged laminate or the plain one; a module on an
    interposer is attached to its laminate; lid, balls and final test come last. Good die are known with the
    wafer probe's coverage only. The arithmetic of each step is `assembly.flow`.
    """
    fine = carrier.interposer_area_m2 is not None
    bump = plant.micro_bump_usd_per_m2 if fine else plant.c4_usd_per_m2
    parts = [_die(design, plant, bump) for design in designs]
    counts = [np.asarray(design.count, dtype=np.float64) for design in designs]
    units: list[tuple[Part, ArrayLike]] = []
    on_top = -1 if stacking is None else stacking.upper
    for number, part in enumerate(parts):
        if stacking is not None and number == stacking.lower:
            units.append((_stack(parts, stacking).part("stack", counts[number]), counts[number]))
        elif number != on_top:
            units.append((_counted(part, counts[number]), counts[number]))
    for item in bought:
        ledger = booked(die_raw_usd=item.cost_usd)
        units.append((Part(name=item.name, ledger=ledger, count=item.count), item.count))
    placed: Floats = np.asarray(
        sum((np.asarray(count, dtype=np.float64) for _, count in units), start=np.zeros(()))
    )
    joined = tuple(part for part, _ in units)
    laminate = _laminate(carrier, plant)
    finish = (
        Step(name="lid and balls", assembly_usd=plant.assembly_usd, yield_=plant.assembly_yield),
        Step(name="final test", test_usd=plant.final_test_usd, coverage=plant.final_test_coverage),
    )
    if fine:
        interposer = _interposer(carrier, plant)
        module = assembly.flow(
            [
                Step(
                    name="die on interposer",
                    parts=(interposer, *joined),
                    yield_=carrier.yield_per_die,
                    placements=placed,
                )
            ]
        )
        attach = Step(
            name="module on laminate", parts=(module.part("module"), laminate), yield_=plant.attach_yield
        )
        made = assembly.flow([attach, *finish])
    else:
        attach = Step(
            name="die on laminate", parts=(laminate, *joined), yield_=carrier.yield_per_die, placements=placed
        )
        made = assembly.flow([attach, *finish])
    return assembly.with_nre(
        made, development_usd(designs, stacking, carrier, plant) / np.asarray(plant.volume)
    )


def development_usd(
    designs: tuple[Design, ...], stacking: Stacking | None, carrier: Carrier, plant: Plant
) -> Floats:
    """Development of all die designs, of the stacking and of the carrier. [USD]"""
    total = np.asarray(carrier.nre_usd, dtype=np.float64)
    if stacking is not None:
        total = total + np.asarray(stacking.nre_usd, dtype=np.float64)
    share, reference = np.asarray(plant.nre_area_share), np.asarray(plant.nre_area_m2)
    for design in designs:
        whole = np.asarray(design.nre_usd, dtype=np.float64)
        total = total + nre.design_nre(
            design.area_m2, usd_per_m2=whole * share / reference, fixed_usd=whole * (1.0 - share)
        )
    return np.asarray(total)


def _die(design: Design, plant: Plant, bump_usd_per_m2: ArrayLike) -> Part:
    area = np.asarray(design.area_m2, dtype=np.float64)
    gross = gross_die.gross_die_feng2022(
        area, street_m=plant.street_m, edge_exclusion_m=plant.edge_exclusion_m
    )
    return assembly.probed_die(
        design.name,
        raw_usd=_each(design.wafer_usd, gross),
        die_yield=negative_binomial(area * np.asarray(design.defects_per_m2), design.cluster_alpha),
        coverage=plant.probe_coverage,
        bump_usd=np.asarray(bump_usd_per_m2) * area,
    )


def _each(wafer_usd: ArrayLike, gross: ArrayLike) -> Floats:
    """A wafer's cost over the pieces on it; infinite where not one fits. [USD]"""
    usd, count = np.broadcast_arrays(
        np.asarray(wafer_usd, dtype=np.float64), np.asarray(gross, dtype=np.float64)
    )
    return np.asarray(np.divide(usd, count, out=np.full(usd.shape, np.inf), where=count >= 1.0))


def _counted(part: Part, count: ArrayLike) -> Part:
    return Part(name=part.name, ledger=part.ledger, good=part.good, count=count)


def _stack(parts: list[Part], stacking: Stacking) -> CostFlow:
    """One base die with its upper die bonded on; every die carries its own clean area of bond."""
    clean = poisson(np.asarray(stacking.particles_per_m2) * np.asarray(stacking.bonded_area_m2))
    upper = _counted(parts[stacking.upper], stacking.per_base)
    return assembly.flow(
        [
            Step(
                name="hybrid bond", parts=(parts[stacking.lower], upper),
                yield_=np.asarray(stacking.yield_per_die) * clean, placements=stacking.per_base,
            )
        ]
    )  # fmt: skip


def _interposer(carrier: Carrier, plant: Plant) -> Part:
    area = np.asarray(carrier.interposer_area_m2, dtype=np.float64)
    gross = gross_die.gross_die_feng2022(
        area, street_m=plant.street_m, edge_exclusion_m=plant.edge_exclusion_m
    )
    good = negative_binomial(area * np.asarray(carrier.interposer_defects_per_m2), carrier.interposer_alpha)
    return assembly.carrier(
        "interposer",
        raw_usd=_each(carrier.interposer_wafer_usd, gross),
        carrier_yield=good,
    )


def _laminate(carrier: Carrier, plant: Plant) -> Part:
    """The laminate, with its bridges where it has any: a bridge that fails takes the laminate."""
    area = np.asarray(carrier.bridge_area_m2, dtype=np.float64)
    per_bridge = np.asarray(carrier.interposer_wafer_usd) / gross_die.gross_die_feng2022(
        area, street_m=plant.street_m, edge_exclusion_m=plant.edge_exclusion_m
    )
    number = np.asarray(carrier.bridges, dtype=np.float64)
    raw = np.asarray(carrier.laminate_area_m2) * np.asarray(carrier.laminate_usd_per_m2) + number * per_bridge
    good = np.asarray(carrier.laminate_yield) * np.asarray(carrier.bridge_yield) ** number
    return assembly.carrier("laminate", raw_usd=raw, carrier_yield=good)
