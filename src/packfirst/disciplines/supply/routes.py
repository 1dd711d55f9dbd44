"""Every Pareto route of a process over real sites: weeks, cost, sites, border crossings, stated evidence.

The process is an in-tree of tasks: wafers, substrates and lids are made side by side and meet at assembly. A
task is done at one site; time runs along the longest branch, moves between sites included. The fronts are exact:
labels are set task by task and forgotten only where `dominance` proves that nothing is lost. Of several routes
with the same five figures one is returned; `stand_ins` lists the sites that could replace one of its own.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.supply.dominance import (
    USD_TIE,
    WEEKS_TIE,
    covers,
    first_choices,
    hopeless,
    order,
    undominated,
)
from packfirst.disciplines.supply.gates import Answer, Entry, State
from packfirst.errors import EXIT_BAD_INPUT, PackfirstError

_CHUNK = 100_000  # labels made at a time, so that memory stays flat whatever the number of sites


class BadProcess(PackfirstError):
    """The tasks do not form a process: a cycle, a task that feeds two, an index that points nowhere."""

    exit_code = EXIT_BAD_INPUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One stay at one site: `needs` are done there together, after the tasks of `after` have arrived."""

    name: str
    needs: tuple[str, ...]
    after: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RouteProblem:
    """Tasks against sites, as arrays; infinite weeks where a site cannot do a task.

    Attributes
    ----------
    weeks, cost_usd, unstated : arrays, shape (n_tasks, n_sites)
        Time and money of a task at a site; number of its gates without stated evidence.
    gates_asked : array, shape (n_tasks,)
        Gates asked of each task: what the share of stated evidence is a share of.
    country : array of int, shape (n_sites,)
        Index of the country that the site stands in.
    move_weeks, move_usd : arrays, shape (n_countries, n_countries)
        A move between two sites; the diagonal is a move within a country. Staying costs nothing.
    start_country, end_country : int
        Where the wafers come from and where the parts go; -1 where that does not count.
    start_task : int
        The task that receives the wafers; -1 where that does not count.
    """

    tasks: tuple[Task, ...]
    weeks: NDArray[np.float64]
    cost_usd: NDArray[np.float64]
    unstated: NDArray[np.float64]
    gates_asked: NDArray[np.int64]
    country: NDArray[np.int64]
    move_weeks: NDArray[np.float64]
    move_usd: NDArray[np.float64]
    start_country: int = -1
    end_country: int = -1
    start_task: int = -1

    def __post_init__(self) -> None:
        check_process(self.tasks)
        if (
            min((float(a.min(initial=0.0)) for a in (self.weeks, self.cost_usd, self.unstated)), default=0.0)
            < 0.0
        ):
            raise BadProcess("a task has negative weeks, cost or gates: none of them can be below zero")

    def among(self, sites: NDArray[np.int64]) -> "RouteProblem":
        """The same problem with these sites alone, renumbered in their order."""
        return replace(
            self, weeks=np.ascontiguousarray(self.weeks[:, sites]),
            cost_usd=np.ascontiguousarray(self.cost_usd[:, sites]),
            unstated=np.ascontiguousarray(self.unstated[:, sites]), country=self.country[sites],
        )  # fmt: skip

    def without(self, sites: NDArray[np.bool_]) -> "RouteProblem":
        """The same problem with some sites gone, shape (n_sites,)."""
        return replace(self, weeks=np.where(sites, np.inf, self.weeks))

    @property
    def signature(self) -> str:
        """Hash of all that the routes depend on: equal signatures, equal routes, so that a search pays once."""
        total = hashlib.blake2b(digest_size=16)
        total.update(repr([(task.needs, task.after) for task in self.tasks]).encode())
        for array in (self.weeks, self.cost_usd, self.unstated, self.gates_asked, self.country):
            total.update(np.ascontiguousarray(array).tobytes())
        for array in (self.move_weeks, self.move_usd):
            total.update(np.ascontiguousarray(array).tobytes())
        total.update(repr((self.start_country, self.end_country, self.start_task)).encode())
        return total.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One site for each task, and what the whole of it comes to."""

    sites: tuple[int, ...]  # by task
    weeks: float
    cost_usd: float
    n_sites: int
    crossings: int
    unstated: int
    stated_share: float  # of all gates asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoRoutes:
    """Routes that no other beats in every respect, the fastest first, and the work that they took.

    Where `exact` is False the search was cut short: each route can be had and none beats another, but better
    ones may exist.
    """

    routes: tuple[Route, ...]
    exact: bool
    labels_made: int
    labels_kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labels:
    score: NDArray[np.float64]  # weeks, usd, crossings, unstated
    spent: NDArray[np.int64]  # sites used that no remaining task can use
    used: NDArray[np.int64]  # sites used that one still can, -1 after the last
    n_used: NDArray[np.int64]
    site: NDArray[np.int64]
    parents: NDArray[np.int64]  # label of each predecessor

    def __len__(self) -> int:
        return len(self.site)

    def taken(self, index: NDArray[np.int64]) -> "_Labels":
        return _Labels(**{item.name: getattr(self, item.name)[index] for item in fields(self)})

    def joined(self, other: "_Labels") -> "_Labels":
        return _Labels(
            **{
                item.name: np.concatenate([getattr(self, item.name), getattr(other, item.name)])
                for item in fields(self)
            }
        )


def check_process(tasks: Sequence[Task]) -> None:
    """BadProcess where the tasks are no in-tree: each feeds one other, the last feeds none, no cycle."""
    feeds: dict[int, int] = {}
    for index, task in enumerate(tasks):
        for before in task.after:
            if not 0 <= before < len(tasks):
                raise BadProcess(f"task {task.name!r} comes after task {before}, and there is none")
            if before >= index:
                raise BadProcess(
                    f"task {task.name!r} comes after {tasks[before].name!r}, which follows it: a cycle"
                )
            if before in feeds:
                first = tasks[feeds[before]].name
                raise BadProcess(
                    f"task {tasks[before].name!r} feeds both {first!r} and {task.name!r}: choose one"
                )
            feeds[before] = index
    loose = [task.name for index, task in enumerate(tasks) if index not in feeds]
    if len(loose) != 1:
        said = f"ends in {len(loose)} tasks, {', '.join(loose)}" if loose else "has no tasks"
        raise BadProcess(f"the process {said}: it needs one last task")


def process_tasks(
    steps: Sequence[tuple[str, Sequence[str]]], carriers: Sequence[str] = (), join: int = 0
) -> tuple[Task, ...]:
    """Tasks of a technology's route; those of the carriers first, so that the wafers' first is `len(carriers)`.

    Parameters
    ----------
    steps : sequence of (name, needs)
        In order. Each need is a stay of its own; steps without a need are done wherever the part is. The same
        need twice running is one stay, since a half-built lot does not travel.
    carriers : sequence of str
        Bought-in parts, each made on a branch of its own.
    join : int
        Index of the step that the carriers must have reached.
    """
    tasks = [Task(name=need, needs=(need,)) for need in carriers]
    waiting = tuple(range(len(tasks)))
    last = -1
    for index, (name, needs) in enumerate(steps):
        for need in needs:
            joins = waiting if index >= join else ()
            if last >= 0 and tasks[last].needs == (need,) and not joins:
                continue
            tasks.append(Task(name=name, needs=(need,), after=(*((last,) if last >= 0 else ()), *joins)))
            waiting = () if joins else waiting
            last = len(tasks) - 1
    if waiting:
        raise BadProcess("no step with a need follows the bought-in parts: set where they join")
    return tuple(tasks)


def route_problem(
    tasks: Sequence[Task],
    entries: Mapping[str, Sequence[Entry]],
    countries: Sequence[str],
    *,
    weeks: Callable[[str, int], float],
    cost_usd: Callable[[str, int], float],
    move: Callable[[str, str], tuple[float, float]],
    start: str = "",
    end: str = "",
    start_task: int = 0,
) -> tuple[RouteProblem, tuple[str, ...]]:
    """Arrays of a problem from answered gates; sites that a gate refuses are left out of the task.

    Parameters
    ----------
    entries : from `gates.entries`
    countries : sequence of str
        Country of each site.
    weeks, cost_usd : called with (step, site)
        Time and money of a step at a site.
    move : called with (country, country)
        Weeks and USD of a move between two sites.
    start, end : countries of the wafers and of the customer; "" where that does not count
    start_task : int
        The task that the wafers go to.

    Returns
    -------
    The problem, and the names of its countries by index.
    """
    n_sites = len(countries)
    names = tuple(dict.fromkeys([*countries, *(name for name in (start, end) if name)]))
    index = {name: i for i, name in enumerate(names)}
    shape = (len(tasks), n_sites)
    time, usd, unstated = np.full(shape, np.inf), np.zeros(shape), np.zeros(shape)
    asked = np.zeros(len(tasks), dtype=np.int64)
    for t, task in enumerate(tasks):
        open_to = [{item.site: item for item in entries[need] if not item.blocked_by} for need in task.needs]
        asked[t] = sum(max((len(item.answers) for item in entries[need]), default=0) for need in task.needs)
        for site in sorted(set.intersection(*(set(table) for table in open_to))):
            time[t, site] = sum(weeks(need, site) for need in task.needs)
            usd[t, site] = sum(cost_usd(need, site) for need in task.needs)
            unstated[t, site] = sum(table[site].unstated for table in open_to)
    moves = np.array([[move(a, b) for b in names] for a in names], dtype=np.float64).reshape(
        len(names), -1, 2
    )
    problem = RouteProblem(
        tasks=tuple(tasks), weeks=time, cost_usd=usd, unstated=unstated, gates_asked=asked,
        country=np.array([index[name] for name in countries], dtype=np.int64),
        move_weeks=np.ascontiguousarray(moves[:, :, 0]), move_usd=np.ascontiguousarray(moves[:, :, 1]),
        start_country=index[start] if start else -1, end_country=index[end] if end else -1,
        start_task=start_task if start else -1,
    )  # fmt: skip
    return problem, names


def pareto_routes(problem: RouteProblem, *, most_labels: int = 20_000) -> ParetoRoutes:
    """Every route that no other beats in all of weeks, cost, sites, crossings and unstated gates, exactly.

    Empty where some task has no site. Weeks that differ by less than 1e-9 and dollars by less than 1e-6 are
    ties.

    Parameters
    ----------
    most_labels : int
        Partial routes held at one task. The least number of sites alone is a set cover, so that some problem is
        too hard for any number: past it the best fronts so far are returned, marked as not exact.
    """
    every = np.arange(len(problem.tasks))
    nothing = np.zeros(problem.weeks.shape[1], dtype=np.bool_)
    cover = covers(problem.weeks, problem.cost_usd, problem.unstated, problem.country, every, nothing)
    able = np.flatnonzero(np.isfinite(problem.weeks).any(axis=0))
    chosen = first_choices(cover, able)
    best = problem.among(chosen)
    # Rough fronts first: what they find bounds the exact one, which is the last.
    found, made, kept = tuple[Route, ...](), 0, 0
    exact = False
    for depth in (0, 1, len(problem.tasks)):
        work = _Work(best, depth, found, most_labels)
        try:
            found = _front([*found, *work.routes()])
        except _TooMany:
            break
        finally:
            made, kept = made + work.made, kept + work.kept
        exact = depth == len(problem.tasks)
    if not found and not exact:
        ends = (best_weeks(best)[1], best_cost(best)[1])
        found = _front([evaluated(best, sites) for sites in ends if sites])
    routes = tuple(replace(route, sites=tuple(int(chosen[site]) for site in route.sites)) for route in found)
    return ParetoRoutes(routes=routes, exact=exact, labels_made=made, labels_kept=kept)


class _TooMany(Exception):
    """More labels than the caller allows."""


def _figures(route: Route) -> tuple[float, ...]:
    return (route.weeks, route.cost_usd, route.crossings, route.unstated, route.n_sites)


def _front(routes: Sequence[Route]) -> tuple[Route, ...]:
    """Routes that no other beats or equals, the fastest first; of equals, the first."""
    kept: list[Route] = []
    for route in sorted(routes, key=_figures):
        if not any(_no_worse(other, route) for other in kept):
            kept = [other for other in kept if not _no_worse(route, other)]
            kept.append(route)
    return tuple(kept)


class _Work:
    """Labels of one solve, task by task; each keeps the labels of its predecessors that it was made from.

    `depth` is how many sites that only one of two labels may use again are held to matter: exact from the
    number of tasks on, a guess below. Labels that cannot come to better than the routes in hand are dropped.
    """

    def __init__(self, problem: RouteProblem, depth: int, in_hand: Sequence[Route], most: int) -> None:
        self.problem = problem
        self.depth = depth
        self.most = most
        self.in_hand = np.array([_figures(route) for route in in_hand], dtype=np.float64).reshape(-1, 5)
        self.in_hand -= np.array([WEEKS_TIE, USD_TIE, 0.0, 0.0, 0.0])
        self.can = np.isfinite(problem.weeks)
        self.made = 0
        self.kept = 0
        self.labels: list[_Labels] = []
        self.subtree: list[frozenset[int]] = []
        self.onward = _onward(problem.tasks)
        n_countries = problem.move_weeks.shape[0]
        self.penalty_weeks = _penalty(problem.move_weeks, problem.end_country)
        self.penalty_usd = _penalty(problem.move_usd, problem.end_country)
        self.no_penalty = np.zeros((n_countries, n_countries))

    def routes(self) -> tuple[Route, ...]:
        last = len(self.problem.tasks) - 1
        if not self.can.any(axis=1).all():
            return ()
        if len(self.in_hand):
            self.rest = _least_rest(self.problem)
        for task in range(len(self.problem.tasks)):
            self._set_labels(task)
            if not len(self.labels[-1]):
                return ()
        return tuple(self._route(last, index) for index in range(len(self.labels[last])))

    def _set_labels(self, task: int) -> None:
        """Labels of a task: its branches arrive at a site one by one, then the work is done there."""
        before = self.problem.tasks[task].after
        inside = frozenset[int]().union(*(self.subtree[previous] for previous in before))
        cover = self._cover(task, inside | {task}, [task, *self.onward[task]])
        able = np.flatnonzero(self.can[task])
        fresh = first_choices(cover, able)
        if not before:
            labels = self._at(fresh, 1)
            labels = self._pruned(self._worked(labels, task), None, task, frozenset({task}), is_done=True)
        else:
            # A site that a later branch has used may be worth more than a better one.
            later = np.array([t for previous in before[1:] for t in self.subtree[previous]], dtype=np.int64)
            wanted = (
                np.union1d(fresh, able[self.can[np.ix_(later, able)].any(axis=0)]) if len(later) else fresh
            )
            labels = self._at(wanted, len(before))
            joined: frozenset[int] = frozenset()
            for branch, previous in enumerate(before):
                joined |= self.subtree[previous]
                is_done = branch == len(before) - 1  # the last branch brings the work itself
                labels = self._joined(labels, branch, previous, task, joined, is_done=is_done)
        self.labels.append(labels)
        self.subtree.append(inside | {task})
        self.kept += len(labels)

    def _cover(self, task: int, inside: frozenset[int], ahead: Sequence[int]) -> NDArray[np.bool_]:
        """Which site stands in for which in the tasks ahead.

        A site that a branch not yet joined may use stands for none but itself, since what that branch has
        chosen is not to be changed from here.
        """
        problem = self.problem
        beside = [t for t in range(len(problem.tasks)) if t not in inside and t not in self.onward[task]]
        fixed = np.asarray(self.can[[t for t in beside if t != task]].any(axis=0))
        return covers(
            problem.weeks, problem.cost_usd, problem.unstated, problem.country, np.array(ahead, dtype=np.int64),
            fixed,
        )  # fmt: skip

    def _at(self, sites: NDArray[np.int64], n_branches: int) -> _Labels:
        """Labels that have nothing but a site."""
        n = len(sites)
        used = np.full((n, len(self.problem.tasks)), -1, dtype=np.int64)
        used[:, 0] = sites
        return _Labels(
            score=np.zeros((n, 4)), spent=np.zeros(n, dtype=np.int64), used=used,
            n_used=np.ones(n, dtype=np.int64), site=sites.astype(np.int64),
            parents=np.full((n, n_branches), -1, dtype=np.int64),
        )  # fmt: skip

    def _joined(
        self,
        arrived: _Labels,
        branch: int,
        previous: int,
        task: int,
        joined: frozenset[int],
        *,
        is_done: bool,
    ) -> _Labels:
        """Labels of those that wait at a site, times those of one more branch that moves there."""
        problem, coming = self.problem, self.labels[previous]
        kept: _Labels | None = None
        if branch == 0:
            arrived, waits, comes = self._pairs(arrived, coming, task)
        else:
            waits = np.repeat(np.arange(len(arrived)), len(coming))
            comes = np.tile(np.arange(len(coming)), len(arrived))
        inside = joined | {task} if is_done else joined
        for start in range(0, len(waits), _CHUNK):
            left, from_ = waits[start : start + _CHUNK], comes[start : start + _CHUNK]
            here, there = arrived.site[left], coming.site[from_]
            a, b = problem.country[there], problem.country[here]
            moves = here != there
            score = arrived.score[left] + coming.score[from_]
            reached = coming.score[from_, 0] + np.where(moves, problem.move_weeks[a, b], 0.0)
            score[:, 0] = np.maximum(arrived.score[left, 0], reached)
            score[:, 1] += np.where(moves, problem.move_usd[a, b], 0.0)
            score[:, 2] += a != b
            parents = arrived.parents[left]
            parents[:, branch] = from_
            labels = _Labels(
                score=score, spent=arrived.spent[left] + coming.spent[from_],
                used=_union(arrived.used[left], coming.used[from_]), n_used=arrived.n_used[left], site=here,
                parents=parents,
            )  # fmt: skip
            if is_done:
                labels = self._worked(labels, task)
            kept = self._pruned(labels, kept, task, inside, is_done=is_done)
        return arrived.taken(np.zeros(0, dtype=np.int64)) if kept is None else kept

    def _pairs(
        self, arrived: _Labels, coming: _Labels, task: int
    ) -> tuple[_Labels, NDArray[np.int64], NDArray[np.int64]]:
        """Each label to each site that is a choice of its own, and to those that it has used already."""
        again = coming.used
        rows, columns = np.nonzero((again >= 0) & self.can[task][again])
        back = again[rows, columns]
        new = ~np.isin(back, arrived.site)
        extra = np.unique(back[new])
        n_first = len(arrived)
        place = np.searchsorted(extra, back[new]) + n_first
        waits = np.concatenate([np.repeat(np.arange(n_first), len(coming)), place])
        comes = np.concatenate([np.tile(np.arange(len(coming)), n_first), rows[new]])
        return arrived.joined(self._at(extra, arrived.parents.shape[1])), waits, comes

    def _worked(self, labels: _Labels, task: int) -> _Labels:
        """The task itself, with the wafers' arrival before the first and the customer's door after the last."""
        problem, site = self.problem, labels.site
        country = problem.country[site]
        score = labels.score.copy()
        if task == problem.start_task and problem.start_country >= 0:
            outside = country != problem.start_country
            score[:, 0] = np.maximum(
                score[:, 0], np.where(outside, problem.move_weeks[problem.start_country, country], 0.0)
            )
            score[:, 1] += np.where(outside, problem.move_usd[problem.start_country, country], 0.0)
            score[:, 2] += outside
        score[:, 0] += problem.weeks[task, site]
        score[:, 1] += problem.cost_usd[task, site]
        score[:, 3] += problem.unstated[task, site]
        if task == len(problem.tasks) - 1 and problem.end_country >= 0:
            outside = country != problem.end_country
            score[:, 0] += np.where(outside, problem.move_weeks[country, problem.end_country], 0.0)
            score[:, 1] += np.where(outside, problem.move_usd[country, problem.end_country], 0.0)
            score[:, 2] += outside
        return replace(labels, score=score)

    def _pruned(
        self, labels: _Labels, kept: _Labels | None, task: int, inside: frozenset[int], *, is_done: bool
    ) -> _Labels:
        """What survives of the kept labels and the new ones."""
        self.made += len(labels)
        outside = [t for t in range(len(self.problem.tasks)) if t not in inside]
        live = np.asarray(self.can[outside].any(axis=0))
        labels = _settled(labels, live)
        if is_done and len(self.in_hand):
            labels = labels.taken(np.flatnonzero(~self._hopeless(labels, task, outside)))
        both = labels if kept is None else kept.joined(labels)
        if not len(both):
            return both
        both = both.taken(order(both.score, both.spent + both.n_used))
        remaining = len(outside)
        country, weeks, usd = self.problem.country[both.site], self.penalty_weeks, self.penalty_usd
        if not remaining:  # nothing is left to move: where a route ends no longer counts
            country, weeks, usd = np.zeros(len(both), dtype=np.int64), self.no_penalty, self.no_penalty
        ahead = self.onward[task] if is_done else (task, *self.onward[task])
        cover = self._cover(task, inside, ahead)

        def survivors(some: _Labels, where: NDArray[np.int64]) -> NDArray[np.int64]:
            return undominated(
                some.score, some.spent, some.used, some.n_used, some.site, where, cover,
                min(remaining, self.depth), weeks, usd, not is_done, self.most,
            )  # fmt: skip

        index = survivors(both, country)
        if len(index) > self.most:
            raise _TooMany
        if not remaining:  # once more from the other end: rounding may have put the better of two later
            index = index[::-1]
            index = index[survivors(both.taken(index), country[index])]
        return both.taken(index)

    def _hopeless(self, labels: _Labels, task: int, outside: Sequence[int]) -> NDArray[np.bool_]:
        """Labels whose least completion, figure by figure, some route in hand matches already."""
        weeks, usd, crossings, unstated, least_weeks = (item[task][labels.site] for item in self.rest)
        bound = np.empty((len(labels), 5))
        bound[:, 0] = np.maximum(labels.score[:, 0] + weeks, least_weeks)
        bound[:, 1] = labels.score[:, 1] + usd
        bound[:, 2] = labels.score[:, 2] + crossings
        bound[:, 3] = labels.score[:, 3] + unstated
        bound[:, 4] = labels.spent + labels.n_used
        if outside:
            can = self.can[list(outside)]
            open_tasks = np.zeros(len(labels), dtype=np.int64)
            for row in can:
                open_tasks += ~((labels.used >= 0) & row[labels.used]).any(axis=1)
            bound[:, 4] += np.ceil(open_tasks / can.sum(axis=0).max())
        return hopeless(bound, self.in_hand)

    def _route(self, task: int, label: int) -> Route:
        problem = self.problem
        sites = [-1] * len(problem.tasks)
        stack = [(task, label)]
        while stack:
            at, index = stack.pop()
            labels = self.labels[at]
            sites[at] = int(labels.site[index])
            stack += [
                (before, int(labels.parents[index, branch]))
                for branch, before in enumerate(problem.tasks[at].after)
            ]
        return evaluated(problem, sites)


def _onward(tasks: Sequence[Task]) -> list[tuple[int, ...]]:
    """Tasks on the way from each one to the last."""
    feeds = {before: index for index, task in enumerate(tasks) for before in task.after}
    ways: list[tuple[int, ...]] = []
    for index in range(len(tasks)):
        way = []
        while index in feeds:
            index = feeds[index]
            way.append(index)
        ways.append(tuple(way))
    return ways


def _union(left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sites of either, each once, those first and -1 after them, shape (n, k)."""
    both = np.sort(np.concatenate([left, right], axis=1), axis=1)[:, ::-1]
    twice = np.zeros(both.shape, dtype=np.bool_)
    twice[:, 1:] = both[:, 1:] == both[:, :-1]
    both = np.where(twice, -1, both)
    return np.ascontiguousarray(np.sort(both, axis=1)[:, ::-1][:, : left.shape[1]])


def _settled(labels: _Labels, live: NDArray[np.bool_]) -> _Labels:
    """Sites that no task outside can use become a mere number."""
    there = labels.used >= 0
    alive = there & live[labels.used]
    used = np.ascontiguousarray(np.sort(np.where(alive, labels.used, -1), axis=1)[:, ::-1])
    n_used = alive.sum(axis=1, dtype=np.int64)
    return replace(
        labels, used=used, n_used=n_used, spent=labels.spent + there.sum(axis=1, dtype=np.int64) - n_used
    )


def _penalty(move: NDArray[np.float64], end: int) -> NDArray[np.float64]:
    """The most that standing in country a instead of b can cost in the next move, shape (n, n)."""
    worst = np.maximum(move, np.max(move[:, None, :] - move[None, :, :], axis=2))
    if end >= 0:
        out = move[:, end].copy()
        out[end] = 0.0
        worst = np.maximum(worst, out[:, None] - out[None, :])
    return np.ascontiguousarray(np.maximum(worst, 0.0))


def _least_rest(problem: RouteProblem) -> tuple[NDArray[np.float64], ...]:
    """The least that remains after each task at each site, arrays of shape (n_tasks, n_sites).

    In turn for weeks, dollars, crossings and unstated gates, each by itself; and the least weeks of any route.
    """
    country = problem.country
    able = np.isfinite(problem.weeks)
    n_tasks, n_sites = able.shape
    border = 1.0 - np.eye(problem.move_weeks.shape[0])
    figures = (
        (problem.weeks, problem.move_weeks, True),
        (np.where(able, problem.cost_usd, np.inf), problem.move_usd, False),
        (np.where(able, 0.0, np.inf), border, False),
        (np.where(able, problem.unstated, np.inf), np.zeros_like(border), False),
    )
    feeds = {before: index for index, task in enumerate(problem.tasks) for before in task.after}
    found: list[NDArray[np.float64]] = []
    for own, move, is_time in figures:
        best, _ = _tables(problem, own, move, is_time=is_time)
        rest = np.zeros((n_tasks, n_sites))
        if problem.end_country >= 0:
            rest[-1] = np.where(country == problem.end_country, 0.0, move[country, problem.end_country])
        for index in range(n_tasks - 2, -1, -1):
            after = feeds[index]
            ahead = own[after] + rest[after]
            if not is_time:  # the other branches have to be paid for as well; their time may run beside
                for other in problem.tasks[after].after:
                    if other != index:
                        ahead = ahead + _nearest(best[other], country, move)[0]
                if after == problem.start_task and problem.start_country >= 0:
                    ahead = ahead + np.where(
                        country == problem.start_country, 0.0, move[problem.start_country, country]
                    )
            rest[index] = _nearest(ahead, country, np.ascontiguousarray(move.T))[0]
        rest[-1] = 0.0  # a label of the last task has paid for the way out
        found.append(rest)
    return (*found, np.full((n_tasks, n_sites), best_weeks(problem)[0]))


def evaluated(problem: RouteProblem, sites: Sequence[int]) -> Route:
    """What a given choice of sites comes to; infinite weeks where a site cannot do its task."""
    arrive = np.zeros(len(problem.tasks))
    usd, crossings, unstated = 0.0, 0, 0
    country = problem.country
    for index, task in enumerate(problem.tasks):
        here, start = sites[index], 0.0
        for before in task.after:
            there = sites[before]
            move = 0.0 if here == there else float(problem.move_weeks[country[there], country[here]])
            usd += 0.0 if here == there else float(problem.move_usd[country[there], country[here]])
            crossings += int(country[there] != country[here])
            start = max(start, arrive[before] + move)
        if index == problem.start_task and problem.start_country not in (-1, country[here]):
            start = max(start, float(problem.move_weeks[problem.start_country, country[here]]))
            usd += float(problem.move_usd[problem.start_country, country[here]])
            crossings += 1
        arrive[index] = start + problem.weeks[index, here]
        usd += float(problem.cost_usd[index, here])
        unstated += int(problem.unstated[index, here])
    weeks, last = float(arrive[-1]), country[sites[-1]]
    if problem.end_country not in (-1, last):
        weeks += float(problem.move_weeks[last, problem.end_country])
        usd += float(problem.move_usd[last, problem.end_country])
        crossings += 1
    asked = int(problem.gates_asked.sum())
    return Route(
        sites=tuple(sites), weeks=weeks, cost_usd=usd, n_sites=len(set(sites)), crossings=crossings,
        unstated=unstated, stated_share=1.0 - unstated / asked if asked else 0.0,
    )  # fmt: skip


def best_weeks(problem: RouteProblem) -> tuple[float, tuple[int, ...]]:
    """The least weeks of any route and its sites; infinite and empty where there is none. No fronts needed."""
    return _best(problem, problem.weeks, problem.move_weeks, is_time=True)


def best_cost(problem: RouteProblem) -> tuple[float, tuple[int, ...]]:
    """The least cost of any route and its sites; infinite and empty where there is none."""
    cost = np.where(np.isfinite(problem.weeks), problem.cost_usd, np.inf)
    return _best(problem, cost, problem.move_usd, is_time=False)


def _best(
    problem: RouteProblem, own: NDArray[np.float64], move: NDArray[np.float64], *, is_time: bool
) -> tuple[float, tuple[int, ...]]:
    country = problem.country
    best, came_from = _tables(problem, own, move, is_time=is_time)
    end = best[-1]
    if problem.end_country >= 0:
        end = end + np.where(country == problem.end_country, 0.0, move[country, problem.end_country])
    if not end.size or not np.isfinite(end.min()):
        return float("inf"), ()
    sites = [-1] * len(best)
    sites[-1] = int(end.argmin())
    for index in range(len(best) - 1, -1, -1):
        for before, source in came_from[index].items():
            sites[before] = int(source[sites[index]])
    return float(end.min()), tuple(sites)


def _tables(
    problem: RouteProblem, own: NDArray[np.float64], move: NDArray[np.float64], *, is_time: bool
) -> tuple[NDArray[np.float64], list[dict[int, NDArray[np.int64]]]]:
    """Dynamic programming on the tree for one figure: a maximum over branches for time, a sum for the others.

    Least value of each task done at each site, and where each branch came from.
    """
    country = problem.country
    best = np.full(own.shape, np.inf)
    came_from: list[dict[int, NDArray[np.int64]]] = []
    for index, task in enumerate(problem.tasks):
        total, sources = np.zeros(own.shape[1]), {}
        for before in task.after:
            reached, source = _nearest(best[before], country, move)
            total = np.maximum(total, reached) if is_time else total + reached
            sources[before] = source
        if index == problem.start_task and problem.start_country >= 0:
            leave = np.where(country == problem.start_country, 0.0, move[problem.start_country, country])
            total = np.maximum(total, leave) if is_time else total + leave
        best[index] = total + own[index]
        came_from.append(sources)
    return best, came_from


def _nearest(
    best: NDArray[np.float64], country: NDArray[np.int64], move: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Least value to arrive at each site, and from which: staying, or moving from the best of a country."""
    n_countries = move.shape[0]
    least, who = np.full(n_countries, np.inf), np.zeros(n_countries, dtype=np.int64)
    for index in np.unique(country):
        members = np.flatnonzero(country == index)
        place = members[best[members].argmin()]
        least[index], who[index] = best[place], place
    over = least[:, None] + move  # from country, to country
    source = over.argmin(axis=0)
    moved = over.min(axis=0)[country]
    stay = best <= moved
    return np.where(stay, best, moved), np.where(stay, np.arange(len(country)), who[source][country])


def stand_ins(problem: RouteProblem, route: Route) -> dict[int, tuple[int, ...]]:
    """For each site of a route, those that could take over all of its tasks and leave the route no worse."""
    found: dict[int, tuple[int, ...]] = {}
    for site in dict.fromkeys(route.sites):
        mine = [index for index, used in enumerate(route.sites) if used == site]
        able = np.flatnonzero(np.isfinite(problem.weeks[mine]).all(axis=0))
        swapped = {
            int(other): evaluated(problem, [int(other) if used == site else used for used in route.sites])
            for other in able
            if other not in route.sites
        }
        found[site] = tuple(other for other, new in swapped.items() if _no_worse(new, route))
    return found


def _no_worse(new: Route, old: Route) -> bool:
    return (
        new.weeks <= old.weeks + WEEKS_TIE
        and new.cost_usd <= old.cost_usd + USD_TIE
        and new.n_sites <= old.n_sites
        and new.crossings <= old.crossings
        and new.unstated <= old.unstated
    )


def open_questions(
    problem: RouteProblem, route: Route, entries: Mapping[str, Sequence[Entry]]
) -> tuple[Answer, ...]:
    """What to ask, and whom, before the route can be relied on: its unknown gates, each once."""
    asked: dict[tuple[str, str], Answer] = {}
    for task, site in zip(problem.tasks, route.sites, strict=True):
        for need in task.needs:
            for item in entries[need]:
                if item.site == site:
                    for answer in item.answers:
                        if answer.state is State.UNKNOWN:
                            asked.setdefault((answer.ask, answer.question), answer)
    return tuple(asked.values())
