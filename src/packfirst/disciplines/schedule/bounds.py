"""Screen of the schedule: the weeks that a carrier takes at least, held against the need date."""

from dataclasses import replace
from datetime import date

import numpy as np

from packfirst.catalog.record import MissingDatum
from packfirst.disciplines.case import Bound, Screen, Table
from packfirst.disciplines.schedule.records import Build, Sampler, works
from packfirst.disciplines.schedule.work import planned


def screen(table: Table) -> Screen:
    """Least weeks of every row: each work at its 5 % point, one die, nothing bought, nothing wrong.

    Rows that differ only in partition, stack, way out or interface are as quick here. What the catalog lacks
    bounds nothing.
    """
    dates = table.program.dates
    if dates is None or dates.need is None:
        return Screen()
    start, need = date.fromisoformat(dates.start), date.fromisoformat(dates.need)
    sampler = _Quickest(table.catalog, 1, 0)
    least = np.zeros(len(table.space.carriers))
    for index, carrier in enumerate(table.space.carriers):
        build = Build(technology=carrier, die=(), start=start, engage=dates.engage)
        try:
            least[index] = float(planned(works(sampler, build)).samples.finish[0])
        except MissingDatum:
            least[index] = 0.0
    demand = least[table.option(1)]
    capacity = np.full(len(demand), (need - start).days / 7.0)
    return Screen(bounds=(Bound(kind="need_date", demand=demand, capacity=capacity, unit="week"),))


class _Quickest(Sampler):
    """Every time at its 5 % point."""

    def input(self, activity: str, field: str = "time"):  # type: ignore[no-untyped-def]
        item = super().input(activity, field)
        return item if item.low is None else replace(item, value=item.low, low=None, high=None)
