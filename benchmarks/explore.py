"""Speed and memory of an exploration: `python benchmarks/explore.py [PROGRAM]`; a minute with the example.

Times are of one core, by its own clock, so that a busy machine does not blur them; where the wall's clock is
meant, the row says so.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from packfirst.architecture.candidate import space
from packfirst.catalog import load_catalog
from packfirst.disciplines import registry
from packfirst.explore.engine import brief
from packfirst.explore.screening import screen
from packfirst.program import load_program

EXAMPLE = Path(__file__).parents[1] / "examples" / "ai_accelerator" / "program.yaml"
PACKFIRST = [sys.executable, "-m", "packfirst"]
RUNS, CANDIDATES, BUDGET, POLL_S = 5, 12, 24, 0.02


def best_s(task: Callable[[], object], runs: int = RUNS) -> float:
    """Least processor time of some runs. [s]"""
    found = []
    for _ in range(runs):
        start = time.process_time()
        task()
        found.append(time.process_time() - start)
    return min(found)


def help_s() -> float:
    """Least wall time of `packfirst --help`. [s]"""
    found = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([*PACKFIRST, "--help"], check=True, capture_output=True)
        found.append(time.perf_counter() - start)
    return min(found)


def resident_bytes(pid: int) -> int:
    """Memory of a process and all that it started; what ended meanwhile counts nothing."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        begun = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0
    own = next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0)
    return own + sum(resident_bytes(int(child)) for child in begun)


def peak_bytes(program: Path, workers: int) -> int:
    """Most memory that an exploration and its workers hold at once."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [
                *PACKFIRST, "explore", str(program), "--out", f"{folder}/study", "--budget", str(BUDGET),
                "--workers", str(workers),
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        peak = 0
        while process.poll() is None:
            peak = max(peak, resident_bytes(process.pid))
            time.sleep(POLL_S)
    return peak


def main(path: Path) -> None:
    program, catalog = load_program(path), load_catalog()
    every, disciplines = space(program, catalog), registry.disciplines()
    screened = screen(program, catalog, every, disciplines)
    seconds = best_s(lambda: screen(program, catalog, every, disciplines))
    rows = np.flatnonzero(screened.kept)
    picked = [every.candidate(int(row)) for row in rows[:: max(1, len(rows) // CANDIDATES)][:CANDIDATES]]
    first = best_s(lambda: brief(program, catalog, 0, picked[0]), 1)
    each = [best_s(lambda item=item: brief(program, catalog, 0, item), 2) for item in picked]
    print(f"{path.parent.name}: {len(every):,} candidates, {len(rows):,} pass the screen")
    print(f"{'':44}{'found':>12}{'wanted':>14}")
    table = [
        ("candidates screened a second", f"{len(every) / seconds:,.0f}", ">= 20,000"),
        ("first assessment of a process, s", f"{first:.2f}", ""),
        ("plan assessment, mean, s", f"{np.mean(each):.3f}", "<= 0.5"),
        ("plan assessment, slowest, s", f"{np.max(each):.3f}", ""),
        ("packfirst --help, wall, s", f"{help_s():.2f}", "<= 0.6"),
    ]
    if sys.platform == "linux":
        for workers in (1, 2):
            peak = peak_bytes(path, workers) / 2**30
            table.append(
                (f"peak memory with {workers} worker{'s'[: workers - 1]}, GiB", f"{peak:.2f}", "<= 4")
            )
    for name, found, wanted in table:
        print(f"{name:44}{found:>12}{wanted:>14}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLE)
