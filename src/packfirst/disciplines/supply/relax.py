"""Where no route exists: the smallest sets of gates that would open one, and whom that would bring in.

A step is blocked when each site with a record of it fails a gate. Dropping a set of gates opens the step when
some site fails none outside the set; so the sets wanted are the inclusion-minimal ones that open every step.
All of them are found: there are at most nine gates, hence 512 sets to look at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from packfirst.disciplines.supply.gates import GATES, Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """A set of gates that opens a route when it is dropped, and the sites that it lets in, by blocked step."""

    gates: tuple[str, ...]
    opens: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blockage:
    """Why there is no route.

    `unrecorded` steps have no site at all, so that no gate helps: they want a question to sites that are not
    on record, or another process. `by_step` gives the minimal sets for one blocked step by itself.
    """

    blocked: tuple[str, ...]
    unrecorded: tuple[str, ...]
    relaxations: tuple[Relaxation, ...]  # the fewest gates first; inclusion-minimal, for the route as a whole
    by_step: Mapping[str, tuple[tuple[str, ...], ...]]


def blockage(stays: Iterable[Sequence[str]], entries: Mapping[str, Sequence[Entry]]) -> Blockage:
    """What stands in the way of a process.

    Parameters
    ----------
    stays : iterable of sequences of str
        For each task, the steps that one site has to do together.
    entries : from `gates.entries`
    """
    failing = {" + ".join(needs): _failing(needs, entries) for needs in stays}
    unrecorded = tuple(step for step, sites in failing.items() if not sites)
    blocked = {
        step: sites for step, sites in failing.items() if sites and all(gates for gates in sites.values())
    }
    by_step = {step: _minimal(set(sites.values())) for step, sites in blocked.items()}
    relaxations: list[Relaxation] = []
    if blocked and not unrecorded:
        for gates in _covering(list(blocked.values())):
            opens = {
                step: tuple(site for site, failed in sites.items() if failed <= gates)
                for step, sites in blocked.items()
            }
            relaxations.append(Relaxation(gates=_ordered(gates), opens=opens))
    return Blockage(
        blocked=tuple(blocked), unrecorded=unrecorded, relaxations=tuple(relaxations), by_step=by_step
    )


def _failing(needs: Sequence[str], entries: Mapping[str, Sequence[Entry]]) -> dict[int, frozenset[str]]:
    """Gates that each site fails, over all steps of one stay."""
    tables = [{item.site: item.blocked_by for item in entries.get(need, ())} for need in needs]
    able = set.intersection(*(set(table) for table in tables)) if tables else set()
    return {site: frozenset().union(*(table[site] for table in tables)) for site in sorted(able)}


def _minimal(sets: set[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    least = [one for one in sets if not any(other < one for other in sets)]
    return tuple(_ordered(one) for one in sorted(least, key=lambda one: (len(one), _ordered(one))))


def _covering(blocked: Sequence[Mapping[int, frozenset[str]]]) -> list[frozenset[str]]:
    """All inclusion-minimal sets of gates without which every step has a site."""
    named = frozenset().union(*(gates for sites in blocked for gates in sites.values()))
    found: list[frozenset[str]] = []
    for size in range(1, len(named) + 1):
        for chosen in combinations(_ordered(named), size):
            gates = frozenset(chosen)
            if any(smaller <= gates for smaller in found):
                continue
            if all(any(failed <= gates for failed in sites.values()) for sites in blocked):
                found.append(gates)
    return found


def _ordered(gates: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(gates, key=GATES.index))


def open_alternatives(
    alternatives: Mapping[str, Iterable[Sequence[str]]], entries: Mapping[str, Sequence[Entry]]
) -> tuple[str, ...]:
    """Names of the other processes that have a site for each of their tasks: package changes that open a route."""
    found = []
    for name, stays in alternatives.items():
        state = blockage(stays, entries)
        if not state.blocked and not state.unrecorded:
            found.append(name)
    return tuple(found)
