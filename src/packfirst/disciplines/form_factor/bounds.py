"""Screen of form factor: die against the reticle, silicon against the interposer and the body."""

import numpy as np

from packfirst.architecture.footprint import die_areas_m2
from packfirst.disciplines.case import Bound, Screen, Table

MM2 = 1e-6


def screen(table: Table) -> Screen:
    """Bounds from areas alone: die without gaps, bodies without margins."""
    program, catalog, space = table.program, table.catalog, table.space
    shares, silicon = [], []
    for partition in space.partitions:
        areas = die_areas_m2(program, catalog, partition)
        fields = [
            catalog.record("node", group.node)["reticle_x"] * catalog.record("node", group.node)["reticle_y"]
            for group in partition.groups
        ]
        worst = max(range(len(areas)), key=lambda n: areas[n] / fields[n])
        shares.append((areas[worst], fields[worst]))
        on_top = {upper for upper, _ in partition.stacked}
        silicon.append(
            sum(
                a * g.count
                for n, (a, g) in enumerate(zip(areas, partition.groups, strict=True))
                if n not in on_top
            )
        )
    bought = sum(
        item.count * catalog.record("part", item.part)["size_x"] * catalog.record("part", item.part)["size_y"]
        for item in program.bought.values()
    )
    which = table.option(0)
    reticle = np.array(shares)[which]
    footprint = np.array(silicon)[which] + bought
    most = np.array([_largest(table, name) for name in space.carriers])[table.option(1)]
    room = program.form_factor.body_x.value * program.form_factor.body_y.value
    return Screen(
        bounds=(
            Bound(kind="reticle", demand=reticle[:, 0] / MM2, capacity=reticle[:, 1] / MM2, unit="mm2"),
            Bound(kind="interposer_area", demand=footprint / MM2, capacity=most / MM2, unit="mm2"),
            Bound(kind="body", demand=footprint / MM2, capacity=np.full(len(which), room / MM2), unit="mm2"),
        )
    )


def _largest(table: Table, carrier: str) -> float:
    """Largest silicon field of a carrier: its interposer, or what its longest body holds. [m2]"""
    record = table.catalog.record("technology", carrier)
    most = record.get("max_interposer_area")
    return most.value if most else record["max_package_edge"] ** 2
