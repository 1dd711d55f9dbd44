"""Speed of the cost model: candidates per second, alone and with samples.

Run as ``python benchmarks/cost.py``.
"""

import time
from collections.abc import Callable

import numpy as np

from packfirst.disciplines.cost.assembly import CostFlow, Part, Step, carrier, flow, probed_die
from packfirst.disciplines.cost.die_yield import mean_faults, negative_binomial
from packfirst.disciplines.cost.gross_die import gross_die_feng2022, gross_die_lattice
from packfirst.disciplines.cost.ledger import booked


def evaluate(area_m2: np.ndarray, wafer_usd: np.ndarray, density_per_m2: np.ndarray) -> CostFlow:
    """Stack on interposer on substrate, from die area to tested part."""
    good = negative_binomial(mean_faults(area_m2, density_per_m2), 10.0)
    raw = wafer_usd / gross_die_feng2022(area_m2)
    top = probed_die("top", raw_usd=raw, die_yield=good, coverage=0.98, probe_usd=1.0)
    base = probed_die("base", raw_usd=0.3 * raw, die_yield=good)
    stack = flow([Step(name="hybrid bond", parts=(base, top), assembly_usd=8.0, yield_=0.98)])
    interposer_m2 = 2.6 * area_m2
    interposer = carrier(
        "interposer",
        raw_usd=1937.0 / gross_die_feng2022(interposer_m2),
        carrier_yield=negative_binomial(mean_faults(interposer_m2, 600.0), 6.0),
    )
    hbm = Part(name="HBM", ledger=booked(die_raw_usd=120.0), good=0.998, count=4)
    return flow(
        [
            Step(
                name="chip on wafer",
                parts=(stack.part("stack", count=2), hbm, interposer),
                yield_=0.99,
                placements=6,
            ),
            Step(
                name="on substrate", parts=(carrier("substrate", raw_usd=2e4 * interposer_m2),), yield_=0.99
            ),
            Step(name="lid", assembly_usd=4.0),
            Step(name="test", test_usd=6.0, coverage=0.97),
        ]
    )


def rate(work: Callable[[], object], pieces: int) -> float:
    """Pieces per second, best of five."""
    work()
    best = min(_seconds(work) for _ in range(5))
    return pieces / best


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(2026)
    for samples, candidates in ((1, 2000), (64, 2000), (1, 200_000)):
        area = rng.uniform(50e-6, 800e-6, candidates)
        wafer = rng.uniform(4e3, 2e4, (samples, 1))
        density = rng.uniform(500.0, 2000.0, (samples, 1))
        per_s = rate(
            lambda a=area, w=wafer, d=density: evaluate(a, w, d).ledger_per_good, samples * candidates
        )
        print(f"flow          {samples:4d} samples x {candidates:6d} candidates  {per_s:12.3g} evaluations/s")
    side = np.sqrt(rng.uniform(50e-6, 800e-6, 2000))
    print(
        f"lattice count {1:4d} samples x {2000:6d} candidates  "
        f"{rate(lambda: gross_die_lattice(side, side), 2000):12.3g} evaluations/s"
    )


if __name__ == "__main__":
    main()
