"""Screen of the thermal budget: no package can be cooler than one without any resistance inside."""

import numpy as np

from packfirst.architecture.scaling import group_power_w
from packfirst.catalog.record import Record
from packfirst.disciplines.case import Bound, Screen, Table
from packfirst.disciplines.thermal import radiation
from packfirst.disciplines.thermal.properties import fluid, way_out


def screen(table: Table) -> Screen:
    """Lowest rise of the hottest die against the highest rise that any die may have.

    The films take away all power, so that their mean rise, weighted by film and area, is P / sum(h A); no
    surface is hotter than the hottest source. The lid is taken as large as the largest body that fits, and
    every die as bearing what the hardiest of them bears. Radiation counts as the film that it is at that
    temperature, from black faces; leakage, where it follows the temperature, as nothing; a rail as its whole contact.
    """
    program, catalog, space = table.program, table.catalog, table.space
    board, around_it = program.board, program.environment
    air = around_it.air.value
    leakage = max(
        (record["leakage_share"] for record in catalog.records("node") if "leakage_share" in record),
        default=0.0,
    )
    drawn = 1.0 if program.accuracy.power_at is None else 1.0 - leakage
    power = np.array([
        max(
            drawn * sum(group_power_w(program, catalog, g, mode) * g.count for g in partition.groups)
            + sum(program.modes[mode].power[name].value * program.accuracy.power.value for name in program.bought)
            for mode in program.modes
        )
        for partition in space.partitions
    ])[table.option(0)]  # fmt: skip
    room = program.form_factor
    lid = room.body_x.value * room.body_y.value
    plate = max(board.size_x.value * board.size_y.value, lid)
    paths = [catalog.record("thermal_path", name) for name in space.thermal_paths]
    fluid_k = np.array([fluid(path, program).value for path in paths])
    hardiest = max(
        [catalog.record("technology", name)["junction_maximum"] for name in space.carriers]
        + [catalog.record("part", item.part)["maximum_temperature"] for item in program.bought.values()]
    )
    lowest = fluid_k
    around = 0.0
    if not around_it.vacuum:
        around = board.film_above.value * plate + board.film_below.value * plate
        lowest = np.minimum(lowest, air)
    if around_it.space is not None:
        around += float(radiation.film(hardiest, around_it.space.value)) * (2.0 * plate + lid)
        lowest = np.minimum(lowest, around_it.space.value)
    film = np.array([_best_film(path, hardiest, there) for path, there in zip(paths, fluid_k, strict=True)])
    rail = np.array([
        4.0 * path["edge_width"] * board.size_y.value * path["film_coefficient"]
        if path.word("fluid") == "cold_wall" and "edge_width" in path else 0.0
        for path in paths
    ])  # fmt: skip
    which = table.option(3)
    rise = power / (film * lid + around + rail)[which] - (fluid_k - lowest)[which]
    return Screen(
        bounds=(Bound(kind="junction", demand=rise, capacity=(hardiest - fluid_k)[which], unit="K"),)
    )


def _best_film(path: Record, hardiest_k: float, fluid_k: float) -> float:
    """The largest film that a path may be below the highest temperature. [W/(m2 K)]"""
    if path.word("fluid") == "space" and "emissivity" in path:
        return float(radiation.film(hardiest_k, fluid_k, path["emissivity"]))
    return way_out(path)[0]
