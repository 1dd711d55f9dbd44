"""Screen of mechanics: whether the terminals would even reach over the silicon, and whether the joints melt."""

import numpy as np

from packfirst.architecture.construction import construction
from packfirst.disciplines.case import Bound, Screen, Table

_METAL = "sac305"  # of every array of terminals that we elaborate


def screen(table: Table) -> Screen:
    """What the mission does to a joint whatever the body: its hottest end against the melting point.

    Flatness has no screen: a lid, a stiff base or a matched one may flatten any body, so that no bound from areas
    alone would be both safe and of use.
    """
    program, catalog, space = table.program, table.catalog, table.space
    if program.mission is None:
        return Screen()
    hot = max(segment.hot.value for segment in program.mission.segments.values())
    melt = catalog.record("material", _METAL)["melt"]
    soldered = np.array([
        construction(catalog.record("technology", name)).terminals != "none" for name in space.carriers
    ])[table.option(1)]  # fmt: skip
    demand = np.where(soldered, hot - 298.15, 0.0)
    return Screen(
        bounds=(
            Bound(kind="joint_melt", demand=demand, capacity=np.full(len(demand), melt - 298.15), unit="K"),
        )
    )
