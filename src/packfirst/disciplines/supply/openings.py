"""When what cannot be had today could be had: dates on record, held against the gates that no date opens."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from packfirst.disciplines.supply.gates import Entry, SiteRecord
from packfirst.disciplines.supply.relax import blockage


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A site that will do a blocked step, the last day of the period that its source names, and what else bars it.

    `day` is None where the step is planned and nobody has said for when.
    """

    step: str
    site: int
    day: date | None
    also_barred_by: tuple[str, ...]


def openings(
    steps: Iterable[str], entries: Mapping[str, Sequence[Entry]], sites: Sequence[SiteRecord]
) -> tuple[Opening, ...]:
    """Sites that fail the gate of availability for a step, those that nothing else bars and the earliest first."""
    found = [
        Opening(
            step=step, site=item.site, day=sites[item.site].available_from,
            also_barred_by=tuple(sorted(item.blocked_by - {"availability"})),
        )
        for step in steps for item in entries.get(step, ()) if "availability" in item.blocked_by
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda item: (len(item.also_barred_by), item.day or date.max)))


def opening_day(
    stays: Sequence[Sequence[str]],
    days: Iterable[date],
    entries_on: Callable[[date], Mapping[str, Sequence[Entry]]],
) -> date | None:
    """The first of some days on which every stay has a site that no gate refuses; None where none of them is.

    Parameters
    ----------
    stays : sequence of sequences of str
        For each task, the steps that one site has to do together.
    days : the days on which something opens
    entries_on : the answered gates as they will stand on a day, plans kept
    """
    for day in sorted(set(days)):
        state = blockage(stays, entries_on(day))
        if not state.blocked and not state.unrecorded:
            return day
    return None
