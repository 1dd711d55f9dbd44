"""Routes: every front against all assignments, the shape of a process, and records of real sites."""

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.catalog.supply_records import load_supply
from packfirst.disciplines.supply.best import best_cost, best_weeks
from packfirst.disciplines.supply.gates import Demand, entries
from packfirst.disciplines.supply.problem import RouteProblem, evaluated, route_problem
from packfirst.disciplines.supply.process import BadProcess, Task, check_process, process_tasks
from packfirst.disciplines.supply.routes import open_questions, pareto_routes, stand_ins

FIGURES = ("weeks", "cost_usd", "n_sites", "crossings", "unstated")


def random_problem(seed: int, n_tasks: int, n_sites: int, n_countries: int) -> RouteProblem:
    """An in-tree of tasks over sites with small whole figures, so that ties are common and sums exact."""
    rng = np.random.default_rng(seed)
    tasks, free = [], []
    for index in range(n_tasks):
        joins = len(free) if index == n_tasks - 1 else int(rng.integers(0, min(len(free), 2) + 1))
        after = tuple(free[len(free) - joins :])
        free = [*free[: len(free) - joins], index]
        tasks.append(Task(name=f"task {index}", needs=(f"step {index}",), after=after))
    shape = (n_tasks, n_sites)
    can = rng.random(shape) < 0.6
    can[np.arange(n_tasks), rng.integers(0, n_sites, n_tasks)] = True
    return RouteProblem(
        tasks=tuple(tasks),
        weeks=np.where(can, rng.integers(1, 5, shape), np.inf),
        cost_usd=rng.integers(0, 4, shape).astype(float),
        unstated=rng.integers(0, 3, shape).astype(float),
        gates_asked=np.full(n_tasks, 3),
        country=rng.integers(0, n_countries, n_sites),
        move_weeks=rng.integers(0, 4, (n_countries, n_countries)).astype(float),
        move_usd=rng.integers(0, 4, (n_countries, n_countries)).astype(float),
        start_country=int(rng.integers(-1, n_countries)),
        end_country=int(rng.integers(-1, n_countries)),
        start_task=0,
    )


def figures_by_hand(problem: RouteProblem, sites: tuple[int, ...]) -> tuple[float, ...]:
    """The five figures of one assignment, from the last task back: not how the product computes them."""
    country = problem.country

    def ready(task: int) -> float:
        arrivals = [0.0]
        for before in problem.tasks[task].after:
            same = sites[before] == sites[task]
            move = 0.0 if same else problem.move_weeks[country[sites[before]], country[sites[task]]]
            arrivals.append(ready(before) + move)
        if task == problem.start_task and problem.start_country not in (-1, country[sites[task]]):
            arrivals.append(problem.move_weeks[problem.start_country, country[sites[task]]])
        return max(arrivals) + problem.weeks[task, sites[task]]

    last = len(problem.tasks) - 1
    pairs = [
        (sites[b], sites[t]) for t in range(last + 1) for b in problem.tasks[t].after if sites[b] != sites[t]
    ]
    borders = [(country[a], country[b]) for a, b in pairs]
    weeks = ready(last)
    if problem.start_country >= 0 and country[sites[0]] != problem.start_country:
        borders.append((problem.start_country, country[sites[0]]))
    if problem.end_country >= 0 and country[sites[last]] != problem.end_country:
        borders.append((country[sites[last]], problem.end_country))
        weeks += problem.move_weeks[country[sites[last]], problem.end_country]
    usd = sum(problem.cost_usd[t, s] for t, s in enumerate(sites)) + sum(
        problem.move_usd[a, b] for a, b in borders
    )
    unstated = sum(problem.unstated[t, s] for t, s in enumerate(sites))
    return (weeks, usd, len(set(sites)), sum(a != b for a, b in borders), unstated)


def front_by_hand(problem: RouteProblem) -> set[tuple[float, ...]]:
    able = [np.flatnonzero(np.isfinite(row)).tolist() for row in problem.weeks]
    points = {figures_by_hand(problem, sites) for sites in product(*able)}
    return {
        a
        for a in points
        if not any(b != a and all(x <= y for x, y in zip(b, a, strict=True)) for b in points)
    }


@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 5), st.integers(1, 3))
def test_the_front_is_that_of_all_assignments(seed, n_tasks, n_sites, n_countries):
    problem = random_problem(seed, n_tasks, n_sites, n_countries)
    result = pareto_routes(problem)
    found = result.routes
    assert result.exact
    points = [tuple(getattr(route, name) for name in FIGURES) for route in found]
    wanted = front_by_hand(problem)
    assert set(points) == wanted
    assert len(points) == len(wanted)
    for route, point in zip(found, points, strict=True):
        assert figures_by_hand(problem, route.sites) == point
    assert best_weeks(problem)[0] == min(point[0] for point in wanted)
    assert best_cost(problem)[0] == min(point[1] for point in wanted)
    assert evaluated(problem, best_weeks(problem)[1]).weeks == best_weeks(problem)[0]


@pytest.mark.parametrize("seed", range(6))
def test_a_wider_front_is_that_of_all_assignments(seed):
    """Branches, seven tasks and enough sites that labels of different sites have to stand in for one another."""
    problem = random_problem(seed, 7, 5, 2)
    points = {tuple(getattr(route, name) for name in FIGURES) for route in pareto_routes(problem).routes}
    assert points == front_by_hand(problem)


@given(st.integers(0, 10_000), st.integers(0, 6))
def test_a_search_cut_short_says_so_and_still_gives_routes(seed, most):
    problem = random_problem(seed, 5, 6, 2)
    short, whole = pareto_routes(problem, most_labels=most), pareto_routes(problem)
    assert whole.exact and short.routes
    wanted = {tuple(getattr(route, name) for name in FIGURES) for route in whole.routes}
    for route in short.routes:
        point = figures_by_hand(problem, route.sites)
        assert np.isfinite(point[0])
        assert any(all(x <= y for x, y in zip(best, point, strict=True)) for best in wanted)
    if short.exact:
        assert {tuple(getattr(route, name) for name in FIGURES) for route in short.routes} == wanted


@given(st.integers(0, 10_000))
def test_another_site_can_only_help(seed):
    problem = random_problem(seed, 4, 5, 2)
    for gone in range(5):
        left = problem.without(np.arange(5) == gone)
        assert best_weeks(left)[0] >= best_weeks(problem)[0]
        assert best_cost(left)[0] >= best_cost(problem)[0]


@given(st.integers(0, 10_000))
def test_the_order_of_sites_changes_nothing(seed):
    problem = random_problem(seed, 4, 5, 2)
    turn = np.random.default_rng(seed + 1).permutation(5)
    turned = RouteProblem(
        tasks=problem.tasks, weeks=problem.weeks[:, turn], cost_usd=problem.cost_usd[:, turn],
        unstated=problem.unstated[:, turn], gates_asked=problem.gates_asked, country=problem.country[turn],
        move_weeks=problem.move_weeks, move_usd=problem.move_usd, start_country=problem.start_country,
        end_country=problem.end_country, start_task=problem.start_task,
    )  # fmt: skip
    a, b = (
        [tuple(getattr(route, name) for name in FIGURES) for route in pareto_routes(one).routes]
        for one in (problem, turned)
    )
    assert a == b
    assert problem.signature != turned.signature or np.array_equal(turn, np.arange(5))


@given(st.integers(0, 10_000))
def test_a_stand_in_leaves_the_route_no_worse(seed):
    problem = random_problem(seed, 3, 6, 2)
    for route in pareto_routes(problem).routes:
        for site, others in stand_ins(problem, route).items():
            for other in others:
                swapped = tuple(other if used == site else used for used in route.sites)
                new = figures_by_hand(problem, swapped)
                assert all(x <= getattr(route, name) for x, name in zip(new, FIGURES, strict=True))


def test_no_site_no_route():
    problem = random_problem(1, 3, 3, 1)
    none = problem.without(np.ones(3, dtype=bool))
    assert pareto_routes(none).routes == ()
    assert best_weeks(none) == (float("inf"), ())


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ([Task(name="a", needs=("x",), after=(0,))], "a cycle"),
        ([Task(name="a", needs=("x",), after=(4,))], "there is none"),
        ([Task(name="a", needs=("x",)), Task(name="b", needs=("x",))], "ends in 2 tasks, a, b"),
        ([], "has no tasks"),
        (
            [
                Task(name="a", needs=("x",)),
                Task(name="b", needs=("x",), after=(0,)),
                Task(name="c", needs=("x",), after=(0, 1)),
            ],
            "feeds both 'b' and 'c'",
        ),
    ],
)
def test_what_is_no_process_is_refused(tasks, message):
    with pytest.raises(BadProcess, match=message):
        check_process(tasks)


def test_a_negative_duration_is_refused():
    problem = random_problem(3, 2, 2, 1)
    with pytest.raises(BadProcess, match="negative"):
        RouteProblem(
            tasks=problem.tasks, weeks=-problem.weeks, cost_usd=problem.cost_usd, unstated=problem.unstated,
            gates_asked=problem.gates_asked, country=problem.country, move_weeks=problem.move_weeks,
            move_usd=problem.move_usd,
        )  # fmt: skip


def test_steps_become_stays():
    """The same need twice running is one stay; a step without a need is done where the part is."""
    tasks = process_tasks(
        [("dice", ["wafer_thin_dice"]), ("attach", ["die_attach"]), ("clean", []), ("again", ["die_attach"]),
         ("mould and test", ["plastic_mold", "test"])],
        carriers=["organic_substrate"],
        join=1,
    )  # fmt: skip
    assert [task.needs[0] for task in tasks] == [
        "organic_substrate", "wafer_thin_dice", "die_attach", "plastic_mold", "test",
    ]  # fmt: skip
    assert [task.after for task in tasks] == [(), (), (1, 0), (2,), (3,)]
    check_process(tasks)
    with pytest.raises(BadProcess, match="where they join"):
        process_tasks([("attach", ["die_attach"])], carriers=["lids_packages"], join=5)


STEPS = [
    ("thin and dice", ["wafer_thin_dice"]), ("attach", ["die_attach"]), ("wire", ["wire_bond"]),
    ("seal", ["hermetic_seal"]), ("screen", ["qual_lab"]), ("burn-in", ["burn_in"]), ("test", ["test"]),
]  # fmt: skip


def hermetic(locations=frozenset()):
    records = load_supply()
    sites = list(records.suppliers.values())
    tasks = process_tasks(STEPS, carriers=["ceramic_htcc", "lids_packages"], join=1)
    demand = Demand(on=date(2028, 1, 1), asked_on=date(2026, 11, 22), locations=locations)
    found = entries(sites, sorted({need for task in tasks for need in task.needs}), demand)
    problem, names = route_problem(
        tasks,
        found,
        [site.country for site in sites],
        weeks=lambda step, site: records.step_weeks[step].value if step in records.step_weeks else 16.0,
        cost_usd=lambda step, site: 0.0,
        move=lambda a, b: (0.5, 0.0) if a == b else (1.0, 0.0),
        start="US",
        end="US",
        start_task=2,
    )
    return sites, found, problem, names


def test_a_hermetic_module_has_a_route_at_home_that_rests_on_questions():
    sites, found, problem, _ = hermetic(frozenset({"US"}))
    result = pareto_routes(problem)
    assert result.routes
    for route in result.routes:
        assert {sites[site].country for site in route.sites} == {"US"}
        assert route.crossings == 0
        asked = open_questions(problem, route, found)
        assert asked and all(item.question and item.ask for item in asked)
        assert 0.0 < route.stated_share < 1.0
    assert result.labels_made < 20_000  # a guard on work, not on seconds
    assert np.isfinite(problem.weeks).sum(axis=1).prod() > 1e6  # what trying them all would take


def test_opening_the_border_never_hurts():
    home, world = (pareto_routes(hermetic(where)[2]).routes for where in (frozenset({"US"}), frozenset()))
    for name in ("weeks", "n_sites"):
        assert min(getattr(route, name) for route in world) <= min(getattr(route, name) for route in home)
