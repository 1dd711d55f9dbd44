"""Label setting over the tree of tasks: what may be forgotten is for `dominance` to say, what can't win for `best`."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.supply.best import least_rest
from packfirst.disciplines.supply.completions import completions
from packfirst.disciplines.supply.cover_bounds import CoverBounds, beaten
from packfirst.disciplines.supply.dominance import (
    USD_TIE,
    WEEKS_TIE,
    covers,
    first_choices,
    hopeless,
    order,
    undominated,
)
from packfirst.disciplines.supply.labels import Labels, onward, penalty, settled, union
from packfirst.disciplines.supply.problem import Route, RouteProblem, evaluated

_CHUNK = 100_000  # labels made at a time, so that memory stays flat whatever the number of sites


class TooMany(Exception):
    """More labels than the caller allows."""


class Search:
    """Labels of one solve, task by task; each keeps the labels of its predecessors that it was made from.

    `depth` is how many sites that only one of two labels may use again are held to matter: exact from the
    number of tasks on, a guess below. Labels that cannot come to better than the routes in hand are dropped. A `beam`
    goes on with the `most` best where there are more; what it finds are routes, and no proof that there are no better.
    """

    def __init__(
        self,
        problem: RouteProblem,
        depth: int,
        in_hand: Sequence[Route],
        most: int,
        tables: CoverBounds | None = None,
        *,
        beam: bool = False,
    ) -> None:
        self.problem = problem
        self.depth = depth
        self.most = most
        self.tables = tables
        self.beam = beam
        self.in_hand = np.array([route.figures for route in in_hand], dtype=np.float64).reshape(-1, 5)
        self.in_hand -= np.array([WEEKS_TIE, USD_TIE, 0.0, 0.0, 0.0])
        self.can = np.isfinite(problem.weeks)
        self.made = 0
        self.kept = 0
        self.labels: list[Labels] = []
        self.subtree: list[frozenset[int]] = []
        self.onward = onward(problem.tasks)
        n_countries = problem.move_weeks.shape[0]
        self.penalty_weeks = penalty(problem.move_weeks, problem.end_country)
        self.penalty_usd = penalty(problem.move_usd, problem.end_country)
        self.no_penalty = np.zeros((n_countries, n_countries))

    def routes(self) -> tuple[Route, ...]:
        """What the labels of the last task stand for; TooMany where they outgrow the allowance."""
        last = len(self.problem.tasks) - 1
        if not self.can.any(axis=1).all():
            return ()
        if len(self.in_hand):
            self.rest, self.branches = least_rest(self.problem)
            if self.tables is not None:
                self.completions = completions(self.problem, self.branches)
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

    def _at(self, sites: NDArray[np.int64], n_branches: int) -> Labels:
        """Labels that have nothing but a site."""
        n = len(sites)
        used = np.full((n, len(self.problem.tasks)), -1, dtype=np.int64)
        used[:, 0] = sites
        return Labels(
            score=np.zeros((n, 4)), spent=np.zeros(n, dtype=np.int64), used=used,
            n_used=np.ones(n, dtype=np.int64), site=sites.astype(np.int64),
            parents=np.full((n, n_branches), -1, dtype=np.int64),
        )  # fmt: skip

    def _joined(
        self,
        arrived: Labels,
        branch: int,
        previous: int,
        task: int,
        joined: frozenset[int],
        *,
        is_done: bool,
    ) -> Labels:
        """Labels of those that wait at a site, times those of one more branch that moves there."""
        problem, coming = self.problem, self.labels[previous]
        kept: Labels | None = None
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
            labels = Labels(
                score=score, spent=arrived.spent[left] + coming.spent[from_],
                used=union(arrived.used[left], coming.used[from_]), n_used=arrived.n_used[left], site=here,
                parents=parents,
            )  # fmt: skip
            if is_done:
                labels = self._worked(labels, task)
            kept = self._pruned(labels, kept, task, inside, is_done=is_done)
        return arrived.taken(np.zeros(0, dtype=np.int64)) if kept is None else kept

    def _pairs(
        self, arrived: Labels, coming: Labels, task: int
    ) -> tuple[Labels, NDArray[np.int64], NDArray[np.int64]]:
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

    def _worked(self, labels: Labels, task: int) -> Labels:
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
        self, labels: Labels, kept: Labels | None, task: int, inside: frozenset[int], *, is_done: bool
    ) -> Labels:
        """What survives of the kept labels and the new ones."""
        self.made += len(labels)
        outside = [t for t in range(len(self.problem.tasks)) if t not in inside]
        live = np.asarray(self.can[outside].any(axis=0))
        labels = settled(labels, live)
        if len(self.in_hand):
            ahead_of_all = labels if is_done else self._with_least(labels, task, inside)
            labels = labels.taken(np.flatnonzero(~self._hopeless(ahead_of_all, labels.score, task, outside)))
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

        def survivors(some: Labels, where: NDArray[np.int64]) -> NDArray[np.int64]:
            return undominated(
                some.score, some.spent, some.used, some.n_used, some.site, where, cover,
                min(remaining, self.depth), weeks, usd, not is_done, self.most,
            )  # fmt: skip

        index = survivors(both, country)
        if len(index) > self.most:
            if not self.beam:
                raise TooMany
            index = index[: self.most]
        if not remaining:  # once more from the other end: rounding may have put the better of two later
            index = index[::-1]
            index = index[survivors(both.taken(index), country[index])]
        return both.taken(index)

    def _with_least(self, labels: Labels, task: int, inside: frozenset[int]) -> Labels:
        """Labels that wait at a site, with the work there and what the branches yet to come cost at least."""
        problem, site = self.problem, labels.site
        score = labels.score.copy()
        score[:, 0] += problem.weeks[task, site]
        score[:, 1] += problem.cost_usd[task, site]
        score[:, 3] += problem.unstated[task, site]
        for before in problem.tasks[task].after:
            if before not in inside:
                for figure, least in zip((1, 2, 3), self.branches, strict=True):
                    score[:, figure] += least[before][site]
        return replace(labels, score=score)

    def _hopeless(
        self, labels: Labels, so_far: NDArray[np.float64], task: int, outside: Sequence[int]
    ) -> NDArray[np.bool_]:
        """Labels of which some route in hand matches already whatever they can come to."""
        weeks, usd, crossings, unstated, least_weeks = (item[task][labels.site] for item in self.rest)
        bound = np.empty((len(labels), 5))
        bound[:, 0] = np.maximum(labels.score[:, 0] + weeks, least_weeks)
        bound[:, 1] = labels.score[:, 1] + usd
        bound[:, 2] = labels.score[:, 2] + crossings
        bound[:, 3] = labels.score[:, 3] + unstated
        n_sites = labels.spent + labels.n_used
        bound[:, 4] = n_sites
        out = hopeless(bound, self.in_hand)
        if self.tables is None or not outside:
            return out
        tables, left = self.tables, np.flatnonzero(~out)
        some = labels.taken(left)
        ahead = sum(1 << t for t in outside)
        held = np.bitwise_or.reduce(np.where(some.used >= 0, tables.masks[some.used], 0), axis=1)
        own = (ahead & held)[:, None] >> np.arange(len(self.problem.tasks)) & 1
        end = self.problem.end_country
        points, count = self.completions
        out[left] = beaten(
            some.score, some.site, n_sites[left], ahead & ~held, self._may_stay(some.site),
            so_far[left, 3] + _least(own, tables.least_unstated), so_far[left, 1] + _least(own, tables.least_usd),
            points[task], count[task], float(least_weeks[0]) if len(least_weeks) else 0.0,
            tables.unstated, tables.usd, tables.home_unstated if end >= 0 else tables.unstated,
            tables.home_usd if end >= 0 else tables.usd, self.in_hand,
        )  # fmt: skip
        return out

    def _may_stay(self, site: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether all that remains could be done without another border: then in the end country alone."""
        problem = self.problem
        if problem.end_country < 0:
            return np.zeros(len(site), dtype=np.bool_)
        return np.asarray(problem.country[site] == problem.end_country)

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


def _least(own: NDArray[np.int64], least: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum of the least values of marked tasks: own (n, n_tasks) of 0 and 1, least (n_tasks,) -> (n,)."""
    return np.asarray(own @ np.where(np.isfinite(least), least, 0.0))
