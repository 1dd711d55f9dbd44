"""Screen of the links: the share of each that could leave the longest edge its die can have."""

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.footprint import LONGEST_ASPECT, die_areas_m2
from packfirst.architecture.partition import Partition
from packfirst.disciplines.case import Bound, Screen, Table
from packfirst.disciplines.electrical import channel, records
from packfirst.program.model import Link

Floats = NDArray[np.float64]


def screen(table: Table) -> Screen:
    """Best share of each Link that escapes, per partition and carrier; all of it is needed."""
    space = table.space
    bounds = []
    for name, link in table.program.links.items():
        per_carrier = np.stack([_share(table, link, carrier) for carrier in space.carriers], axis=-1)
        share = per_carrier[table.option(0), table.option(1)]
        bounds.append(
            Bound(kind=f"link:{name}", demand=np.ones(len(share)), capacity=share, unit="share of the link")
        )
    best = {f"share:{name}": bound.capacity for name, bound in zip(table.program.links, bounds, strict=True)}
    return Screen(bounds=tuple(bounds), best=best)


def _share(table: Table, link: Link, carrier: str) -> Floats:
    """Most favourable share of a link on a carrier, shape (n_partitions,)."""
    program, catalog, space = table.program, table.catalog, table.space
    record = catalog.record("technology", carrier)
    rows = [_favourable(table, link, partition) for partition in space.partitions]
    planar = np.array([row is not None for row in rows])
    found = np.ones(len(rows))
    modes = records.modes_of(program, catalog, link, vertical=False)
    if not planar.any():
        return found
    if not modes:
        return np.where(planar, 0.0, found)
    kept = np.array([row for row in rows if row is not None])
    if not {"line", "space", "signal_layers", "bond_pitch"} <= set(record.inputs):
        return found  # what the catalog does not say bounds nothing
    carried = channel.carried(
        kept[:, 0], kept[:, 1], np.full(len(kept), records.die_gap(catalog, record).value), records.surface(record),
        records.arrays(modes, records.bought_part(program, catalog, link)),
    )  # fmt: skip
    found[planar] = np.where(carried.fits_pitch, carried.share, 0.0).max(axis=-1)
    return found


def _favourable(table: Table, link: Link, partition: Partition) -> tuple[float, float] | None:
    """Least bandwidth of one pair, and the longest edge that its die could face each other with.

    None where the link crosses no edge: both ends on one die, or one on top of the other.
    """
    program, catalog = table.program, table.catalog
    areas = die_areas_m2(program, catalog, partition)
    homes = [
        next((n for n, group in enumerate(partition.groups) if end in group.blocks), None)
        for end in link.between
    ]
    edges = []
    for home, end in zip(homes, link.between, strict=True):
        if home is None:
            part = catalog.record("part", program.bought[end].part)
            edges.append(max(part["size_x"], part["size_y"]))
        else:
            edges.append((areas[home] * LONGEST_ASPECT) ** 0.5)
    counts = [
        program.bought[end].count if home is None else partition.groups[home].count
        for home, end in zip(homes, link.between, strict=True)
    ]
    if homes[0] == homes[1] and homes[0] is not None:
        if link.between[0] != link.between[1] or counts[0] == 1:
            return None
        return link.bandwidth.value / max(counts[0] // 2, 1), edges[0]
    if any({homes[0], homes[1]} == {upper, lower} for upper, lower in partition.stacked):
        return None
    return link.bandwidth.value / max(counts), min(edges)
