"""Screen of cost: the product's cost with no gap between die and no margin around them."""

from contextlib import suppress

import numpy as np

from packfirst.architecture.footprint import die_areas_m2
from packfirst.architecture.partition import Partition
from packfirst.catalog.record import MissingDatum
from packfirst.disciplines.case import Bound, Screen, Table
from packfirst.disciplines.cost import product
from packfirst.disciplines.cost.prices import carrier_prices, design_prices, plant_prices, stacking_prices
from packfirst.inputs import Input


def _nominal(item: Input) -> np.ndarray[tuple[()], np.dtype[np.float64]]:
    return np.asarray(item.value)


def screen(table: Table) -> Screen:
    """Least cost of every row; held against the cost that the Program allows.

    Rows that differ only in way out, interface or floorplan cost the same here. Partitions of one pattern
    (groups, stacking) and one carrier are one call of the model.
    """
    program, space = table.program, table.space
    cost = np.zeros((len(space.partitions), len(space.carriers), len(space.stacks)))
    patterns: dict[tuple[int, tuple[tuple[int, int], ...]], list[int]] = {}
    for number, partition in enumerate(space.partitions):
        patterns.setdefault((len(partition.groups), partition.stacked), []).append(number)
    for (_, stacked), members in patterns.items():
        for c, carrier in enumerate(space.carriers):
            for s, stack in enumerate(space.stacks if stacked else space.stacks[:1]):
                # A price or yield that the catalog lacks bounds nothing: assessing says what is missing.
                with suppress(MissingDatum):
                    cost[members, c, s] = _costs(
                        table, [space.partitions[n] for n in members], carrier, stack
                    )
    least = cost[table.option(0), table.option(1), np.where(space.stacked[table.rows], table.option(2), 0)]
    need = program.needs.unit_cost
    bounds: tuple[Bound, ...] = ()
    if need is not None:
        bounds = (
            Bound(kind="unit_cost", demand=least, capacity=np.full(len(least), need.value), unit="USD"),
        )
    return Screen(bounds=bounds, best={"cost": least})


def _costs(
    table: Table, partitions: list[Partition], carrier: str, stack: str
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Least cost of partitions of one pattern on one carrier. [USD], shape (n_partitions,)"""
    program, catalog = table.program, table.catalog
    areas = np.array([die_areas_m2(program, catalog, partition) for partition in partitions])
    first = partitions[0]
    counts = np.array([[group.count for group in partition.groups] for partition in partitions], dtype=float)
    designs = tuple(
        design_prices(
            [catalog.record("node", partition.groups[n].node) for partition in partitions], group.name,
            counts[:, n], areas[:, n], _nominal,
        )
        for n, group in enumerate(first.groups)
    )  # fmt: skip
    stacking = None
    standing = [n for n in range(len(first.groups)) if first.base_of(n) is None]
    if first.stacked:
        upper, lower = first.stacked[0]
        record = catalog.record("technology", stack)
        stacking = stacking_prices(
            record, upper, lower, counts[:, upper] / counts[:, lower], areas[:, upper], _nominal
        )
    bought = tuple(
        product.Purchase(name=name, count=item.count, cost_usd=catalog.record("part", item.part)["cost"])
        for name, item in program.bought.items()
    )
    memory = sum(
        item.count * catalog.record("part", item.part)["size_x"] * catalog.record("part", item.part)["size_y"]
        for item in program.bought.values()
    )
    field = (areas * counts)[:, standing].sum(axis=1) + memory
    record = catalog.record("technology", carrier)
    interposer = field if record.word("class") == "silicon_interposer" else None
    prices = carrier_prices(catalog, record, interposer, np.zeros(1), 1e-6, field, _nominal)
    flow = product.product_cost(designs, stacking, bought, prices, plant_prices(program, catalog, _nominal))
    return np.broadcast_to(flow.cost_per_good_usd, (len(partitions),))
