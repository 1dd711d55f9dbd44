"""What lets a search forget: each bound against every assignment of a small process, and searches with and without."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.disciplines.supply.test_routes import FIGURES, figures_by_hand, front_by_hand, random_problem

from packfirst.disciplines.supply.best import least_rest
from packfirst.disciplines.supply.completions import MOST_POINTS, completions
from packfirst.disciplines.supply.cover_bounds import MOST_NEW, MOST_TASKS, cover_bounds
from packfirst.disciplines.supply.search import Search


def bounds_of(problem):
    return cover_bounds(
        problem.weeks, problem.cost_usd, problem.unstated, problem.country, problem.end_country
    )


def least_by_hand(problem, values, tasks, most, sites) -> float:
    """Least sum of the values of some tasks on at most so many of the sites, by trying every set of sites."""
    found = np.inf
    for chosen in combinations(sites, min(most, len(sites))):
        able = np.where(
            np.isfinite(problem.weeks[np.ix_(tasks, chosen)]), values[np.ix_(tasks, chosen)], np.inf
        )
        if able.size:
            found = min(found, float(able.min(axis=1).sum()))
    return found


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_the_least_of_a_set_of_tasks_is_that_of_every_set_of_sites(seed):
    problem = random_problem(seed, 5, 5, 2)
    tables = bounds_of(problem)
    home = np.flatnonzero(problem.country == problem.end_country).tolist()
    for mask in range(1, 32):
        tasks = [t for t in range(5) if mask >> t & 1]
        for most in range(1, MOST_NEW):
            every = range(problem.weeks.shape[1])
            assert tables.unstated[most, mask] == least_by_hand(problem, problem.unstated, tasks, most, every)
            assert tables.usd[most, mask] == least_by_hand(problem, problem.cost_usd, tasks, most, every)
            if problem.end_country >= 0 and home:
                found = tables.home_unstated[most, mask]
                assert found == least_by_hand(problem, problem.unstated, tasks, most, home)
    assert np.isinf(tables.unstated[0, 1:]).all() and tables.unstated[0, 0] == 0.0


def test_a_process_of_too_many_tasks_has_no_such_bound():
    assert bounds_of(random_problem(1, MOST_TASKS + 1, 3, 1)) is None


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 2))
def test_every_way_on_is_no_better_than_a_point_of_the_front_behind_it(seed, copies):
    """The last task of each assignment paid for, its figures less those before a task are what remains of it."""
    problem = random_problem(seed, 4, 3 * copies, 2)
    points, count = completions(problem, least_rest(problem)[1])
    assert count.max() <= MOST_POINTS
    able = [np.flatnonzero(np.isfinite(row)).tolist() for row in problem.weeks]
    for sites in product(*able):
        whole = figures_by_hand(problem, sites)
        for task in range(4):
            before = paid_by(problem, sites, task)
            here = points[task, sites[task], : count[task, sites[task]]]
            assert len(here)
            rest = (whole[0] - before[0], whole[1] - before[1], whole[3] - before[2], whole[4] - before[3])
            assert (here <= np.array(rest) + 1e-9).all(axis=1).any()


def paid_by(problem, sites, last) -> tuple[float, float, float, float]:
    """Weeks, dollars, crossings and gates of a task with all before it."""
    tasks = problem.tasks

    def inside(task):
        return {task}.union(*(inside(before) for before in tasks[task].after))

    mine = inside(last)
    keep = sorted(mine)
    place = {task: number for number, task in enumerate(keep)}
    part = type(problem)(
        tasks=tuple(type(tasks[0])(name=tasks[t].name, needs=tasks[t].needs,
                                   after=tuple(place[b] for b in tasks[t].after)) for t in keep),
        weeks=problem.weeks[keep], cost_usd=problem.cost_usd[keep], unstated=problem.unstated[keep],
        gates_asked=problem.gates_asked[keep], country=problem.country, move_weeks=problem.move_weeks,
        move_usd=problem.move_usd, start_country=problem.start_country if problem.start_task in mine else -1,
        end_country=problem.end_country if last == len(tasks) - 1 else -1, start_task=place.get(problem.start_task, -1),
    )  # fmt: skip
    if part.start_country < 0:
        part = type(problem)(
            **{**{name: getattr(part, name) for name in part.__dataclass_fields__}, "start_task": 0}
        )
    weeks, usd, _, crossings, unstated = figures_by_hand(part, tuple(sites[t] for t in keep))
    return weeks, usd, crossings, unstated


@pytest.mark.parametrize("seed", range(12))
def test_a_bounded_search_finds_the_front_of_all_assignments(seed):
    problem = random_problem(seed, 6, 5, 3)
    wanted = front_by_hand(problem)
    tables = bounds_of(problem)
    rough = Search(
        problem, 0, (), 5, beam=True
    ).routes()  # a few routes in hand, so that the bounds have work
    search = Search(problem, 6, rough, 100_000, tables)
    found = {tuple(getattr(r, name) for name in FIGURES) for r in (*rough, *search.routes())}
    assert wanted <= found
    free = Search(problem, 6, (), 100_000)
    free.routes()
    assert search.made <= free.made
