"""What hangs on one site, firm, country or material; how concentrated a step is; what a removal costs."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.supply.best import best_cost, best_weeks
from packfirst.disciplines.supply.problem import Route, RouteProblem, evaluated


def hhi_bounds(shares: ArrayLike, other: float = 0.0) -> tuple[float, float]:
    """Herfindahl-Hirschman index of named shares, in points of 10 000, with bounds for what is not named.

    Parameters
    ----------
    shares : array_like, shape (n,)
        Fractions of the whole.
    other : float
        The fraction that is not broken down: many tiny holders for the low bound, one holder for the high.

    Notes
    -----
    HHI is the sum of the squared shares in percent (US DOJ and FTC, Merger Guidelines, 2023, 2.1); above 1800 a
    market counts as highly concentrated there.

    Raises
    ------
    ValueError
        A negative share, or shares that add to more than one by over half a percent.
    """
    s = np.asarray(shares, dtype=np.float64)
    if (s.size and s.min() < 0.0) or other < 0.0:
        raise ValueError("a share is negative")
    if s.sum() + other > 1.005:
        raise ValueError(f"shares add to {float(s.sum() + other):.3f}, more than the whole")
    low = 1e4 * float(np.sum(s * s))
    return low, low + 1e4 * other * other


def count_shares(holders: Sequence[Hashable]) -> dict[Hashable, float]:
    """Share of each holder when every site weighs the same, which is an assumption: no capacity is on record."""
    counts: dict[Hashable, int] = defaultdict(int)
    for holder in holders:
        counts[holder] += 1
    return {holder: n / len(holders) for holder, n in counts.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What is left when one thing goes, against the fastest and the cheapest route with it."""

    what: str  # site | firm | country | owner
    name: str
    sites: tuple[int, ...]
    touched: bool  # whether the route in hand uses it
    route_left: bool
    weeks_added: float  # of the route in hand; infinite where none is left
    cost_added_usd: float
    steps_lost: tuple[str, ...]  # tasks that nobody else can do


def removals(
    problem: RouteProblem,
    route: Route,
    groups: Mapping[tuple[str, str], Sequence[int]],
    *,
    requalification_weeks: ArrayLike = 0.0,
    requalification_usd: float = 0.0,
) -> tuple[Removal, ...]:
    """Takes away each group of sites in turn and looks for what is left.

    Parameters
    ----------
    problem, route : the problem, and the route in hand
    groups : mapping of (what, name) to sites, from `groups_of`
    requalification_weeks : array_like, shape () or (n_tasks,)
        To qualify another site for each task: a change of the assembly site ends the waiver of the life test
        (MIL-PRF-38535K, table IV), so that its oven time comes again. Tasks that move are qualified side by side.
    requalification_usd : float
        Paid once when a route moves.

    Notes
    -----
    `weeks_added` is to the fastest route that is left, `cost_added_usd` to the cheapest one; both are exact,
    and each compares with the route in hand. Where tasks differ in what they cost to qualify again, a slower
    route that moves fewer of them may end sooner: then `weeks_added` is the most that it can be.
    """
    again = np.broadcast_to(np.asarray(requalification_weeks, dtype=np.float64), (len(problem.tasks),))
    found = []
    for (what, name), sites in groups.items():
        gone = np.zeros(problem.weeks.shape[1], dtype=np.bool_)
        gone[list(sites)] = True
        touched = any(gone[site] for site in route.sites)
        if not touched:
            found.append(
                Removal(
                    what=what, name=name, sites=tuple(sites), touched=False, route_left=True, weeks_added=0.0,
                    cost_added_usd=0.0, steps_lost=(),
                )
            )  # fmt: skip
            continue
        left = problem.without(gone)
        weeks, there = best_weeks(left)
        cost, _ = best_cost(left)
        moved = [new != old for new, old in zip(there, route.sites, strict=True)] if there else []
        qualified = float(np.max(again, where=np.array(moved), initial=0.0)) if moved else 0.0
        lost = tuple(
            task.name
            for task, before, after in zip(problem.tasks, problem.weeks, left.weeks, strict=True)
            if np.isfinite(before).any() and not np.isfinite(after).any()
        )
        found.append(
            Removal(
                what=what, name=name, sites=tuple(sites), touched=True, route_left=bool(np.isfinite(weeks)),
                weeks_added=weeks + qualified - route.weeks,
                cost_added_usd=cost + requalification_usd - route.cost_usd, steps_lost=lost,
            )
        )  # fmt: skip
    return tuple(found)


def groups_of(
    names: Sequence[str], companies: Sequence[str], countries: Sequence[str], owners: Sequence[str]
) -> dict[tuple[str, str], tuple[int, ...]]:
    """Sites to take away together: each site, each firm, each country of work, each country of ownership."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for what, labels in (("site", names), ("firm", companies), ("country", countries), ("owner", owners)):
        for index, label in enumerate(labels):
            groups[what, label].append(index)
    return {key: tuple(sites) for key, sites in groups.items()}


def single_points(removed: Sequence[Removal]) -> tuple[Removal, ...]:
    """Removals after which no route is left."""
    return tuple(item for item in removed if not item.route_left)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialExposure:
    """A material on which the process rests, and how few hold it."""

    material: str
    makers: tuple[str, ...]
    countries: tuple[str, ...]
    hhi_low: float
    hhi_high: float

    @property
    def is_single_point(self) -> bool:
        """Whether one maker is all there is."""
        return len(self.makers) == 1


def material_exposure(
    material: str, shares: Mapping[str, float], countries: Mapping[str, str], other: float = 0.0
) -> MaterialExposure:
    """Exposure of one material from the shares of its makers and the country of each."""
    low, high = hhi_bounds(list(shares.values()), other)
    where = tuple(dict.fromkeys(countries[maker] for maker in shares if maker in countries))
    return MaterialExposure(
        material=material, makers=tuple(shares), countries=where, hhi_low=low, hhi_high=high
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """Where a part travels, in words that a program office uses."""

    countries: tuple[str, ...]  # from the wafers to the customer, moves only
    pattern: str
    foreign_tasks: tuple[str, ...]
    foreign_owned_tasks: tuple[str, ...]


def journey(
    problem: RouteProblem,
    route: Route,
    names: Sequence[str],
    owners: Sequence[str],
    home: str,
    wafer_country: str,
) -> Journey:
    """Names the pattern of a route: "domestic tape-out, foreign package" first of all.

    Parameters
    ----------
    names : sequence of str
        Country by index, as `route_problem` returned them.
    owners : sequence of str
        Country of the owner of each site.
    home, wafer_country : str
        The program's country, and where its wafers are made.
    """
    where = [names[problem.country[site]] for site in route.sites]
    tasks = problem.tasks
    abroad = tuple(task.name for task, country in zip(tasks, where, strict=True) if country != home)
    owned = tuple(
        task.name
        for task, country, site in zip(tasks, where, route.sites, strict=True)
        if country == home and owners[site] != home
    )
    chain = [len(tasks) - 1]
    while chain[-1] != problem.start_task and tasks[chain[-1]].after:
        chain.append(tasks[chain[-1]].after[0])
    path = [wafer_country, *(where[index] for index in reversed(chain))]
    moves = [country for index, country in enumerate(path) if index == 0 or country != path[index - 1]]
    if wafer_country == home and abroad:
        pattern = (
            "domestic tape-out, foreign package"
            if where[-1] != home or len(abroad) == len(tasks)
            else ("domestic tape-out, partly foreign package")
        )
    elif wafer_country == home:
        pattern = "domestic throughout" if not owned else "domestic soil, partly foreign owned"
    else:
        pattern = "foreign wafers, domestic package" if not abroad else "foreign wafers, foreign package"
    return Journey(countries=tuple(moves), pattern=pattern, foreign_tasks=abroad, foreign_owned_tasks=owned)


def concentration(able: NDArray[np.bool_], holders: Sequence[str]) -> tuple[float, float]:
    """HHI of the sites that can do a step, by a holder such as country or owner: equal weights, and one weight.

    The low end gives every site the same capacity, an assumption; the high end gives the whole of it to one
    holder, which no record of capacity rules out.
    """
    mine = [holders[int(index)] for index in np.flatnonzero(able)]
    if not mine:
        raise ValueError("no site can do the step: its concentration means nothing")
    low, _ = hhi_bounds(list(count_shares(mine).values()))
    return low, 1e4


def rerouted(problem: RouteProblem, route: Route, gone: Sequence[int]) -> Route | None:
    """The fastest route without some sites, or None."""
    mask = np.zeros(problem.weeks.shape[1], dtype=np.bool_)
    mask[list(gone)] = True
    if not any(mask[site] for site in route.sites):
        return route
    left = problem.without(mask)
    _, sites = best_weeks(left)
    return evaluated(left, sites) if sites else None
