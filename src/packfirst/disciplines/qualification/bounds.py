"""Screen of the gates: which carriers no level that the customer accepts will ever take."""

import numpy as np

from packfirst.architecture.construction import construction
from packfirst.disciplines.case import Bound, Screen, Table
from packfirst.disciplines.qualification.path.gates import passages
from packfirst.disciplines.qualification.properties import features_of, lid_seal
from packfirst.disciplines.qualification.records import gates_of

# As in the limit: a gate is whole, and half of one is what nothing reaches.
MOST_GATES = 0.5


def screen(table: Table) -> Screen:
    """Closed gates of the most lenient level, by carrier and by whether there is more than one die."""
    program, catalog, space = table.program, table.catalog, table.space
    if program.quality is None:
        return Screen()
    gates = [gates_of(catalog, name) for name in program.quality.levels]
    bought = sum(item.count for item in program.bought.values())
    count = np.array([sum(g.count for g in p.groups) + bought for p in space.partitions])
    closed = np.zeros((len(space.carriers), 2))
    for number, name in enumerate(space.carriers):
        technology = catalog.record("technology", name)
        built = construction(technology)
        seal = lid_seal(catalog, technology, program.quality) if built.cover == "cavity" else None
        for several in (0, 1):
            features = features_of(technology, built, seal, 1 + several, memory=bool(program.bought))
            closed[number, several] = min(
                sum(item.state == "closed" for item in passages(level, features)) for level in gates
            )
    demand = closed[table.option(1), (count > 1).astype(int)[table.option(0)]]
    return Screen(bounds=(Bound(kind="gates", demand=demand, capacity=np.asarray(MOST_GATES), unit="gates"),))
