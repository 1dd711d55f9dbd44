"""Prices and yields out of the catalog, as the numbers that the cost model takes.

Each function is given `value`, which reads an Input: nominal, sampled, or with one of them moved.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.catalog import Catalog
from packfirst.catalog.record import Record
from packfirst.disciplines.cost import product
from packfirst.inputs import Input
from packfirst.program.model import Program

Floats = NDArray[np.float64]
Value = Callable[[Input], Floats]


def design_prices(
    nodes: Sequence[Record], name: str, count: ArrayLike, area_m2: ArrayLike, value: Value
) -> product.Design:
    """A die design on one node, or on one node per row of a table."""

    def of(field: str) -> Floats:
        found = [value(node.input(field)) for node in nodes]
        return found[0] if len(found) == 1 else np.array(found)

    return product.Design(
        name=name, count=count, area_m2=area_m2, wafer_usd=of("wafer_cost"), defects_per_m2=of("defect_density"),
        cluster_alpha=of("cluster_alpha"), nre_usd=of("nre_design"),
    )  # fmt: skip


def stacking_prices(
    stack: Record, upper: int, lower: int, per_base: ArrayLike, bonded_area_m2: ArrayLike, value: Value
) -> product.Stacking:
    """Bonding of die of one design on die of another, beside each other or as a tower."""
    each = stack.get("per_die_yield") or stack.get("tier_yield") or stack.input("wafer_bond_yield")
    return product.Stacking(
        upper=upper, lower=lower, per_base=per_base, yield_per_die=value(each),
        bonded_area_m2=bonded_area_m2, particles_per_m2=value(stack.input("particle_density")),
        nre_usd=value(stack.input("nre")),
    )  # fmt: skip


def carrier_prices(
    catalog: Catalog, technology: Record, interposer_m2: ArrayLike | None, bridges: ArrayLike, bridge_m2: ArrayLike,
    body_m2: ArrayLike, value: Value,
) -> product.Carrier:  # fmt: skip
    """A carrier of given areas: the technology's own figures, else those of the cost parameters."""
    substrate = catalog.record("cost_parameter", "organic_substrate")
    silicon = catalog.record("cost_parameter", "silicon_interposer")

    def of(field: str, otherwise: Input) -> Floats:
        return value(technology.get(field) or otherwise)

    attach = catalog.record("cost_parameter", "flip_chip_attach").input("bond_yield_per_die")
    own = technology.get("carrier_cost_per_area")  # of what is no laminate: ceramic, housing, lead frame
    own_yield = technology.get("carrier_yield") if own is not None else None
    per_die = technology.get("per_die_yield") or technology.get("die_attach_yield") or attach
    return product.Carrier(
        interposer_area_m2=interposer_m2,
        interposer_wafer_usd=of("carrier_wafer_cost", silicon.input("wafer_cost")),
        interposer_defects_per_m2=of("carrier_defect_density", silicon.input("defect_density")),
        interposer_alpha=of("carrier_cluster_alpha", silicon.input("cluster_alpha")),
        bridges=bridges, bridge_area_m2=bridge_m2,
        bridge_yield=value(technology.input("bridge_yield")) if "bridge_yield" in technology else 1.0,
        laminate_area_m2=body_m2,
        laminate_usd_per_m2=value(own) if own is not None
        else value(substrate.input("cost_per_area")) * value(substrate.input("layer_factor_large")),
        laminate_yield=value(own_yield or substrate.input("yield")),
        yield_per_die=value(per_die),
        nre_usd=value(technology.input("nre")),
    )  # fmt: skip


def plant_prices(program: Program, catalog: Catalog, value: Value) -> product.Plant:
    """What the making of every product shares."""

    def of(record: str, field: str) -> Floats:
        return value(catalog.record("cost_parameter", record).input(field))

    return product.Plant(
        street_m=of("wafer_map", "street"), edge_exclusion_m=of("wafer_map", "edge_exclusion"),
        probe_coverage=of("test", "wafer_sort_coverage"), c4_usd_per_m2=of("bumps", "c4_cost_per_area"),
        micro_bump_usd_per_m2=of("bumps", "micro_bump_cost_per_area"),
        attach_yield=of("flip_chip_attach", "bond_yield_per_die"),
        assembly_usd=of("package_assembly", "assembly_cost"), assembly_yield=of("package_assembly", "step_yield"),
        final_test_usd=of("test", "final_test_cost"), final_test_coverage=of("test", "final_test_coverage"),
        volume=value(program.volume), nre_area_m2=of("nre_shares", "reference_area"),
        nre_area_share=np.minimum(of("nre_shares", "module_share") + of("nre_shares", "chip_share"), 1.0),
    )  # fmt: skip
