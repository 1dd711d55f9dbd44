"""Speed of routes, removals, schedules and base growth: what each takes here, with the work that it counts.

Run: python benchmarks/supply.py
The 2,000 sites are made by drawing real ones again: with the figures of the records, where a step takes the same
time everywhere; with three levels of speed and price by site; and, as the hardest case, with continuous ones.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from time import perf_counter

import numpy as np

from packfirst.catalog.supply_records import Supplier, load_supply
from packfirst.disciplines.schedule.durations import Duration
from packfirst.disciplines.schedule.network import Activity, network
from packfirst.disciplines.schedule.simulate import Risk, Shock, score_ids, simulate
from packfirst.disciplines.supply import base_growth, exposure
from packfirst.disciplines.supply.gates import Demand, entries
from packfirst.disciplines.supply.problem import RouteProblem, route_problem
from packfirst.disciplines.supply.process import process_tasks
from packfirst.disciplines.supply.routes import pareto_routes
from packfirst.inputs import scores

STEPS = [
    ("bump", ["wafer_bumping"]), ("probe", ["wafer_probe"]), ("thin", ["wafer_thin_dice"]), ("stack", ["3d_stack"]),
    ("attach", ["die_attach"]), ("wire", ["wire_bond"]), ("flip", ["flip_chip"]), ("module", ["mcm_hybrid"]),
    ("seal", ["hermetic_seal"]), ("screen", ["qual_lab"]), ("burn-in", ["burn_in"]), ("test", ["test"]),
]  # fmt: skip
TASKS = process_tasks(STEPS, carriers=["thin_film", "organic_substrate", "lids_packages"], join=4)
RECORDS = load_supply()


def timed(call: Callable[[], object], repeats: int = 3) -> tuple[float, object]:
    """Best of a few, after one to warm up."""
    result = call()
    best = np.inf
    for _ in range(repeats):
        start = perf_counter()
        result = call()
        best = min(best, perf_counter() - start)
    return best, result


def problem_of(sites: list[Supplier], speed: np.ndarray, price: np.ndarray) -> RouteProblem:
    demand = Demand(on=date(2028, 1, 1), asked_on=date(2026, 11, 22), volume_tier="low")
    found = entries(sites, sorted({need for task in TASKS for need in task.needs}), demand)
    problem, _ = route_problem(
        TASKS,
        found,
        [site.country for site in sites],
        weeks=lambda step, site: RECORDS.step_weeks[step].value * speed[site],
        cost_usd=lambda _, site: 1e4 * price[site],
        move=lambda a, b: (0.4, 300.0) if a == b else (1.0, 2000.0),
        start="TW",
        end="US",
        start_task=3,
    )
    return problem


def routes() -> None:
    rng = np.random.default_rng(1)
    real = list(RECORDS.suppliers.values())
    many = [replace(real[int(rng.integers(len(real)))], id=f"site {index}") for index in range(2000)]
    for sites in (real, many):
        n = len(sites)
        levels = rng.choice([0.7, 1.0, 1.5], n), rng.choice([1.0, 2.0, 4.0], n)
        smooth = rng.uniform(0.5, 2.0, n), rng.uniform(0.5, 2.0, n)
        cases = {"as recorded": (np.ones(n), np.ones(n)), "three levels": levels}
        if n < 1000:
            cases["continuous"] = smooth
        for name, (speed, price) in cases.items():
            seconds, problem = timed(lambda s=sites, a=speed, b=price: problem_of(s, a, b), 1)
            assert isinstance(problem, RouteProblem)
            solve, found = timed(lambda p=problem: pareto_routes(p), 1)
            print(
                f"{len(TASKS)} steps, {n} sites, {name}: gates and arrays {seconds:.3f} s, fronts {solve:.3f} s, "
                f"{len(found.routes)} routes, {found.labels_made} labels made, {found.labels_kept} kept"
            )
    problem = problem_of(real, np.ones(len(real)), np.ones(len(real)))
    route = pareto_routes(problem).routes[0]
    groups = exposure.groups_of(
        [site.id for site in real], [site.company for site in real], [site.country for site in real],
        [site.owner_country for site in real],
    )  # fmt: skip
    seconds, _ = timed(lambda: exposure.removals(problem, route, groups))
    print(f"removal of {len(groups)} sites, firms, countries and owners: {seconds:.3f} s")


def schedules() -> None:
    rng = np.random.default_rng(0)
    after = [sorted(set(rng.integers(max(0, i - 8), i, 2).tolist())) if i else [] for i in range(60)]
    net = network([Activity(id=f"a{i}", after=tuple(f"a{j}" for j in after[i])) for i in range(60)])
    shocks = [Shock(name="shortage", probability=0.1, factors={"a5": 18.0, "a9": 4.0})]
    risks = [Risk(name="respin", activity="a30", probability=0.3, added=Duration(low=8, likely=12, high=26))]
    for shape in ("pert", "triangular", "lognormal"):
        low = rng.uniform(1, 5, 60)
        durations = {
            f"a{i}": Duration(low=x, likely=1.4 * x, high=3 * x, shape=shape) for i, x in enumerate(low)
        }
        for n in (10_000, 256):

            def whole(n: int = n, durations: dict[str, Duration] = durations) -> object:
                drawn = np.array(list(scores(score_ids(net, shocks, risks), n, 1).values()))
                found = simulate(net, durations, drawn, shocks=shocks, risks=risks)
                return found.criticality, found.summary

            seconds, _ = timed(whole)
            print(
                f"60 activities, {n} samples, {shape}, scores and readings included: {1e3 * seconds:.1f} ms"
            )


def growth() -> None:
    rng = np.random.default_rng(0)
    stations = [
        base_growth.Station(name=f"site {i}", opens_weeks=np.zeros(6), service_weeks=2.0, stops_per_year=0.05,
                            stop_weeks=8.0)
        for i in range(100)
    ]  # fmt: skip
    demands = [
        base_growth.Demand(
            name=f"program {i}",
            orders_per_year=np.full(20, 4.0),
            chain=tuple(rng.integers(0, 100, 8).tolist()),
        )
        for i in range(200)
    ]
    seconds, found = timed(lambda: base_growth.grow(stations, demands, runs=100, seed=1), 1)
    print(
        f"20 years, 200 programs of {found.orders.mean():.0f} orders in all, 100 sites, 100 runs: {seconds:.1f} s, "
        f"utilisation {found.utilisation.mean():.2f}"
    )


if __name__ == "__main__":
    routes()
    schedules()
    growth()
