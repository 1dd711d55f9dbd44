"""How far the plan rung's rises lie from the sign rung's, and the sign rung's from a grid without limit.

Run `python benchmarks/thermal_rungs.py [PROGRAM] [--packages 24] [--refined 2] [--seed 0] [--write FILE]`: random
packages of the Program (its candidates, with powers by a factor of about two and areas from half to a third more),
every junction of the sustained mode. Prints the distribution of the relative difference in rise, plan against sign; its
z-scores under `MODEL_ERROR`; and for the first `--refined` packages sign against Richardson's extrapolation from three
grids, each with half the cells of the one before in all three directions. `--write` keeps every error as a table, from
which the tests recompute some.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.architecture import build
from packfirst.architecture.candidate import Space, space
from packfirst.architecture.elaborate import elaborate
from packfirst.catalog import Catalog, load_catalog
from packfirst.catalog.record import MissingDatum
from packfirst.disciplines.case import Case, Facts
from packfirst.disciplines.electrical.limits import DISCIPLINE as ELECTRICAL
from packfirst.disciplines.thermal import limits
from packfirst.disciplines.thermal.convergence import richardson
from packfirst.program import Program, load_program

Floats = NDArray[np.float64]
COARSER, FINER = "half of sign", "twice sign"


def random_case(program: Program, catalog: Catalog, every: Space, seed: int, number: int) -> Case:
    """The numbered package of a seed: a candidate drawn at random, under powers and areas drawn at random."""
    rng = np.random.default_rng([seed, number])
    mode = program.workload.mode if program.workload else next(iter(program.modes))
    program = program.model_copy(update={"modes": {mode: program.modes[mode]}})
    for mode in program.modes.values():
        for power in mode.power.values():
            program = program.with_value(power.id, power.value * float(np.exp(rng.normal(0.0, 0.5))))
    for block in program.blocks.values():
        program = program.with_value(block.area.id, block.area.value * rng.uniform(0.5, 1.3))
    while True:
        try:
            architecture = build(program, catalog, every.candidate(int(rng.integers(len(every)))))
            package = elaborate(architecture, catalog)
        except MissingDatum:
            continue
        return Case(program=program, catalog=catalog, architecture=architecture, package=package)


def named_rises(case: Case, rung: str) -> dict[tuple[str, str], float]:
    """Rise of the hottest die of each kind in each mode, by kind and mode. [K]"""
    facts = Facts(ELECTRICAL.limits(case, Facts(), rung).facts)
    return limits.junction_rises(case, facts, rung)


def rises(case: Case, rung: str) -> Floats:
    return np.array(list(named_rises(case, rung).values()))


def errors(case: Case) -> dict[tuple[str, str], tuple[float, float]]:
    """Rise at sign [K] and relative error of plan against it, by kind of die and mode."""
    plan, sign = named_rises(case, "plan"), named_rises(case, "sign")
    return {key: (sign[key], plan[key] / sign[key] - 1.0) for key in sign}


def add_grids() -> None:
    """Two more rungs about sign: cells twice and half as large."""
    fine, coarse = limits.CELLS_M["sign"]
    for name, factor in ((COARSER, 2.0), (FINER, 0.5)):
        limits.CELLS_M[name] = (fine * factor, coarse * factor)
        limits.GROWTH[name] = limits.GROWTH["sign"] ** factor
        limits.BOARD_SLICES[name] = limits.BOARD_SLICES["sign"]
        limits.LAYER_CELLS[name] = max(round(limits.LAYER_CELLS["sign"] / factor), 1)
        limits.TOLERANCE[name] = limits.TOLERANCE["sign"]


def _line(name: str, error: Floats) -> str:
    percent = 100.0 * error
    spread = np.quantile(np.abs(percent), (0.5, 0.95, 1.0))
    return (
        f"{name:28s} {len(error):5d} junctions: mean {percent.mean():+.2f} %, "
        f"rms {np.sqrt((percent**2).mean()):.2f} %, "
        f"|error| median {spread[0]:.2f}, 95 % {spread[1]:.2f}, largest {spread[2]:.2f} %"
    )


def _z_scores(name: str, z: Floats) -> None:
    beyond = 100.0 * (np.abs(z) > 2.0).mean()
    print(f"{name:28s} z-scores: rms {np.sqrt((z**2).mean()):.2f}, beyond 2: {beyond:.1f} %")


def main() -> None:
    """Measures, and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", nargs="?", default="examples/ai_accelerator/program.yaml")
    parser.add_argument("--packages", type=int, default=24)
    parser.add_argument("--refined", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", help="file for the table of errors")
    chosen = parser.parse_args()
    program, catalog = load_program(chosen.program), load_catalog()
    every = space(program, catalog)
    add_grids()
    plan, sign = [], []
    table = [
        "# Relative error of a junction's rise at plan against sign, by benchmarks/thermal_rungs.py; one mode.",
        f"# seed {chosen.seed}, {chosen.packages} random packages of {chosen.program}",
        "number,die,mode,sign_rise_k,plan_error",
    ]
    start = time.process_time()
    for number in range(chosen.packages):
        case = random_case(program, catalog, every, chosen.seed, number)
        found = errors(case)
        table += [f"{number},{die},{mode},{rise:.4f},{e:.6f}" for (die, mode), (rise, e) in found.items()]
        plan.append(np.array([e for _, e in found.values()]))
        if number < chosen.refined:
            fine = np.array([rise for rise, _ in found.values()])
            limit = richardson(rises(case, FINER), fine, coarsest=rises(case, COARSER)).extrapolated
            sign.append(fine / limit - 1.0)
            print(
                case.architecture.candidate.describe(),
                np.round(100.0 * plan[-1], 2),
                np.round(100.0 * sign[-1], 2),
                flush=True,
            )
    spent = (time.process_time() - start) / chosen.packages
    error = np.concatenate(plan)
    print(_line("plan against sign", error))
    print(_line("the worst of each package", np.array([item[np.abs(item).argmax()] for item in plan])))
    _z_scores("plan against sign", error / limits.MODEL_ERROR["plan"])
    if sign:
        of_sign = np.concatenate(sign)
        of_plan = (1.0 + np.concatenate(plan[: len(sign)])) * (1.0 + of_sign) - 1.0
        print(_line("sign against no limit", of_sign))
        print(_line("plan against no limit", of_plan))
        _z_scores("sign against no limit", of_sign / limits.MODEL_ERROR["sign"])
        _z_scores("plan against no limit", of_plan / limits.MODEL_ERROR["plan"])
    print(f"{spent:.2f} s of CPU a package")
    if chosen.write:
        Path(chosen.write).write_text("\n".join(table) + "\n")


if __name__ == "__main__":
    main()
