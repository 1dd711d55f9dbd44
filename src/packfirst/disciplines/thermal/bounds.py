"""Screen of the thermal budget: no package can be cooler than one without any resistance inside."""

import numpy as np

from packfirst.architecture.scaling import group_power_w
from packfirst.disciplines.case import Bound, Screen, Table
from packfirst.disciplines.thermal.properties import way_out


def screen(table: Table) -> Screen:
    """Lowest rise of the hottest die against the highest rise that any die may have.

    The films take away all power, so that their mean rise, weighted by film and area, is P / sum(h A); no
    surface is hotter than the hottest source. The lid is taken as large as the largest body that fits, and
    every die as bearing what the hardiest of them bears.
    """
    program, catalog, space = table.program, table.catalog, table.space
    board, air = program.board, program.environment.air.value
    power = np.array([
        max(
            sum(group_power_w(program, catalog, g, mode) * g.count for g in partition.groups)
            + sum(program.modes[mode].power[name].value * program.accuracy.power.value for name in program.bought)
            for mode in program.modes
        )
        for partition in space.partitions
    ])[table.option(0)]  # fmt: skip
    room = program.form_factor
    lid = room.body_x.value * room.body_y.value
    plate = max(board.size_x.value * board.size_y.value, lid)
    around = board.film_above.value * plate + board.film_below.value * plate
    coolant = program.environment.coolant
    films, fluids = [], []
    for name in space.thermal_paths:
        path = catalog.record("thermal_path", name)
        films.append(way_out(path)[0])
        fluid = path.word("fluid")
        if fluid == "coolant" and coolant is not None:
            fluids.append(coolant.value)
        else:
            fluids.append(air if fluid == "air" else path["fluid_temperature"])
    film, fluid_k = np.array(films), np.array(fluids)
    lowest = np.minimum(fluid_k, air)
    hardiest = max(
        [catalog.record("technology", name)["junction_maximum"] for name in space.carriers]
        + [catalog.record("part", item.part)["maximum_temperature"] for item in program.bought.values()]
    )
    which = table.option(3)
    rise = power / (film * lid + around)[which] - (fluid_k - lowest)[which]
    return Screen(
        bounds=(Bound(kind="junction", demand=rise, capacity=(hardiest - fluid_k)[which], unit="K"),)
    )
