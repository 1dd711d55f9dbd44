"""Screen of supply: candidates of which some step is refused by every site on record."""

import numpy as np

from packfirst.catalog.schema import CAPABILITIES
from packfirst.disciplines.case import Bound, Screen, Table
from packfirst.disciplines.supply import gates
from packfirst.disciplines.supply.limits import records_of
from packfirst.disciplines.supply.properties import days_of, demand_of
from packfirst.disciplines.supply.records import candidate_process, stacked_groups, stays
from packfirst.disciplines.supply.relax import blockage


def screen(table: Table) -> Screen:
    """Steps of every row, held against those that some site may do; nothing where the Program states no terms.

    Steps of which nobody has a record bound nothing: they are not assessed. The process hangs on the carrier,
    the stack and how the partition stacks, not on way out, interface or floorplan.
    """
    program, space = table.program, table.space
    if program.terms is None:
        return Screen()
    records = records_of(table.catalog)
    asked_on, on = days_of(program, records)
    demand = demand_of(program, program.terms, CAPABILITIES, asked_on, on)
    entries = gates.entries(tuple(records.suppliers.values()), CAPABILITIES, demand)
    rows = np.stack([table.option(0), table.option(1), table.option(2)], axis=1)
    _, first, place = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    wanted, had = np.zeros(len(first)), np.zeros(len(first))
    seen: dict[tuple[object, ...], tuple[int, int]] = {}
    for number, row in enumerate(first):
        candidate = space.candidate(int(table.rows[row]))
        uppers, lowers = stacked_groups(candidate)
        alone = len(candidate.partition.groups) > len(uppers | lowers)
        key = (bool(uppers), alone, candidate.carrier, candidate.stack)
        if key not in seen:
            asked = stays(candidate_process(program, table.catalog, candidate))
            refused = set(blockage(asked, entries).blocked)
            seen[key] = len(asked), sum(" + ".join(stay) not in refused for stay in asked)
        wanted[number], had[number] = seen[key]
    place = place.reshape(-1)
    return Screen(bounds=(Bound(kind="route", demand=wanted[place], capacity=had[place], unit="steps"),))
