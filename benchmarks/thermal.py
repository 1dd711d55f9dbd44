"""packfirst beside HotSpot and 3D-ICE: same case, same grid, one run.

Run `python benchmarks/thermal.py [--hotspot PATH] [--ice PATH] [--sides 64 128 256 512 1024] [--limit 600]`. PATH names
an executable of yours: `hotspot` of HotSpot, `3D-ICE-Emulator` of 3D-ICE. Without them ours is measured alone.

Each program runs as a process of its own on one thread. Printed are its CPU time (user and system) as a whole, of ours
also the CPU time of the solve alone, peak memory, and the largest difference of block or element temperatures. A run
that takes longer than --limit seconds is stopped and printed as such.

The cases are HotSpot's own single-die example (tests/references/thermal/hotspot_ev6_2d), time average of its trace, as
HotSpot's network; and a stack of two die between two sinks in 3D-ICE's syntax, written here. What 3D-ICE's solve costs
is taken as its whole process: it does little else.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOTSPOT_CASE = Path(__file__).parents[1] / "tests" / "references" / "thermal" / "hotspot_ev6_2d"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
ZERO_C_K = 273.15

STACK = """
material SI :
   thermal conductivity 1.3e-4 ;
   volumetric heat capacity 1.63e-12 ;
top heat sink :
   heat transfer coefficient 1.2e-7 ;
   temperature 300 ;
bottom heat sink :
   heat transfer coefficient 0.8e-7 ;
   temperature 300 ;
dimensions :
   chip length 12000, width 12000 ;
   cell length {cell}, width {cell} ;
die UPPER :
   source 2 SI ;
   layer 60 SI ;
die LOWER :
   layer 60 SI ;
   source 2 SI ;
stack:
   die TOP UPPER floorplan "upper.flp" ;
   die BASE LOWER floorplan "lower.flp" ;
solver:
   steady ;
   initial temperature 300.0 ;
output:
   Tflp ( TOP, "top.txt", average, final ) ;
   Tflp ( BASE, "base.txt", average, final ) ;
"""
UPPER = """
HOT :
   position 0, 0 ;
   dimension 3000, 6000 ;
   power values 30.0 ;
COOL :
   position 3000, 0 ;
   dimension 9000, 6000 ;
   power values 8.0 ;
IDLE :
   position 0, 6000 ;
   dimension 12000, 6000 ;
   power values 2.0 ;
"""
LOWER = """
EVEN :
   position 0, 0 ;
   dimension 12000, 12000 ;
   power values 25.0 ;
"""

SOLVE_ALONE = """
import sys, time, json
from pathlib import Path
from packfirst.cli import thermal_cases as cases
from packfirst.disciplines.thermal import even_layers, hotspot_network
spent = []
def timed(module, name):
    plain = getattr(module, name)
    def call(*arguments, **options):
        start = time.process_time()
        found = plain(*arguments, **options)
        spent.append(time.process_time() - start)
        return found
    setattr(module, name, call)
kind, path, side = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
timed(hotspot_network if kind == "hotspot" else even_layers, "solve")
for _ in range(3):
    cases.solve_hotspot(path, side, True) if kind == "hotspot" else cases.solve_ice(path, side)
print(json.dumps(min(spent)))
"""


def measured(command, folder, limit, environment=None):
    """Output, CPU seconds and peak megabytes of a process and its children; None where it took too long."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The peak of all children is kept by the system, so each command is measured in a child of its own.
    probe = (
        "import json, resource, subprocess, sys\n"
        "done = subprocess.run(json.loads(sys.argv[1]), capture_output=True, text=True)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([done.returncode, done.stdout, done.stderr, used.ru_utime + used.ru_stime, used.ru_maxrss]))"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-c", probe, json.dumps([str(word) for word in command])],
            cwd=folder, capture_output=True, text=True, timeout=limit, check=True,
            env={**os.environ, **ONE_THREAD, **(environment or {})},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        time.sleep(0.1)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(
            f"  stopped after {limit} s, {after.ru_utime - before.ru_utime:.1f} s CPU: {Path(command[0]).name}"
        )
        return None
    code, out, err, cpu, kilobytes = json.loads(done.stdout)
    if code:
        raise SystemExit(f"{' '.join(map(str, command))}\nreturned {code}:\n{out}\n{err}")
    return out, cpu, kilobytes / 1024


def ours(kind, path, side, limit):
    """Block temperatures [K], CPU of the whole command and of the solve, and memory."""
    command = [sys.executable, "-m", "packfirst", "thermal", path, "--grid", side]
    command += ["--as-hotspot"] if kind == "hotspot" else []
    if measured([*command, "--json"], ".", limit) is None:  # also compiles what is not compiled yet
        return None
    out, _, _ = measured([*command, "--json"], ".", limit)
    blocks = {row["block"]: row["mean_degc"] + ZERO_C_K for row in json.loads(out)["blocks"]}
    _, whole, megabytes = measured(command, ".", limit)
    solve, _, _ = measured([sys.executable, "-c", SOLVE_ALONE, kind, path, side], ".", limit)
    return blocks, whole, float(solve), megabytes


def hotspot(executable, side, limit):
    with tempfile.TemporaryDirectory() as folder:
        for file in HOTSPOT_CASE.iterdir():
            shutil.copy(file, folder)
        command = [
            executable, "-c", "example.config", "-f", "ev6.flp", "-p", "gcc.ptrace", "-materials_file",
            "example.materials", "-model_type", "grid", "-grid_rows", side, "-grid_cols", side, "-steady_file",
            "out.steady",
        ]  # fmt: skip
        found = measured(command, folder, limit)
        if found is None:
            return None
        rows = (line.split() for line in (Path(folder) / "out.steady").read_text().splitlines() if line)
        return {name: float(value) for name, value in rows}, found[1], found[2]


def ice(executable, folder, limit):
    found = measured([executable, "stack.stk"], folder, limit)
    if found is None:
        return None
    blocks = {}
    for name in ("top.txt", "base.txt"):
        lines = (Path(folder) / name).read_text().splitlines()
        heads = [line for line in lines if line.startswith("%") and "Time" in line][-1]
        names = re.findall(r"([A-Za-z_]\w*)\(K\)", heads)
        values = [float(value) for value in lines[-1].split()]
        blocks |= dict(zip(names, values[1:], strict=True))
    return blocks, found[1], found[2]


def compare(title, mine, theirs):
    blocks, whole, solve, megabytes = mine
    line = f"{title:>16} {whole:9.2f} {solve:9.3f} {megabytes:8.0f}"
    if theirs is None:
        print(line)
        return
    other, cpu, other_megabytes = theirs
    apart = max(abs(other[name] - value) for name, value in blocks.items())
    print(
        f"{line} {cpu:11.2f} {other_megabytes:8.0f} {cpu / whole:9.1f} {cpu / solve:9.1f} "
        f"{other_megabytes / megabytes:8.2f} {apart:9.4f}"
    )


def transient_steps(side=64, steps=100):
    """CPU seconds of 100 equal steps under two power maps in turn, best of three, and the ledger's gap."""
    import numpy as np

    from packfirst.disciplines.thermal.conduction import Problem
    from packfirst.disciplines.thermal.mesh import Mesh
    from packfirst.disciplines.thermal.transient import march

    edges = np.linspace(0.0, 16e-3, side + 1)
    # die, interface, spreader, base of the sink
    thickness, k, capacity = (
        [0.15e-3, 0.02e-3, 1e-3, 6.9e-3],
        [130, 4, 400, 237],
        [1.63e6, 4e6, 3.55e6, 2.42e6],
    )
    mesh = Mesh(x_m=edges, y_m=edges, z_m=np.concatenate([[0.0], np.cumsum(thickness)]))
    everywhere = np.broadcast_to(np.array(k, dtype=float), mesh.shape)
    problem = Problem(
        mesh=mesh, kx=everywhere, ky=everywhere, kz=everywhere, h_top=np.asarray(2.0e4), t_top_k=318.0
    )  # fmt: skip
    power = np.zeros((2, *mesh.shape))
    power[0, : side // 4, : side // 3, 0] = 40.0 / (side // 4 * (side // 3))
    power[1, side // 2 :, side // 2 :, 0] = 30.0 / (side // 2) ** 2
    spent = []
    for _ in range(3):
        start = time.process_time()
        history = march(
            problem, np.array(capacity) * mesh.volume_m3, np.linspace(0.0, 0.1, 11), lambda span: power[span % 2],
            np.max, steps=steps // 10, tolerance=1e-5,
        )  # fmt: skip
        spent.append(time.process_time() - start)
    return min(spent), history.imbalance


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--hotspot", type=Path, help="HotSpot's executable")
    arguments.add_argument("--ice", type=Path, help="3D-ICE-Emulator")
    arguments.add_argument("--sides", type=int, nargs="+", default=[64, 128, 256, 512, 1024])
    arguments.add_argument("--ice-sides", type=int, nargs="+", default=[64, 100, 200])
    arguments.add_argument("--limit", type=float, default=600.0, help="seconds that one run may take")
    given = arguments.parse_args()
    head = (
        f"{'cells':>16} {'CPU s':>9} {'solve s':>9} {'MB':>8} {'their CPU s':>11} {'MB':>8} {'whole x':>9} "
        f"{'solve x':>9} {'MB x':>8} {'apart K':>9}"
    )
    print("HotSpot's network of its example 2\n" + head)
    for side in given.sides:
        mine = ours("hotspot", HOTSPOT_CASE, side, given.limit)
        theirs = hotspot(given.hotspot.resolve(), side, given.limit) if given.hotspot else None
        if mine:
            compare(f"{side} x {side} x 4", mine, theirs)
    print("two die between two sinks, 3D-ICE's cells\n" + head)
    for side in given.ice_sides:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("upper", UPPER), ("lower", LOWER)):
                (Path(folder) / f"{name}.flp").write_text(text)
            stack = Path(folder) / "stack.stk"
            stack.write_text(STACK.format(cell=12000 / side))
            mine = ours("ice", stack, side, given.limit)
            theirs = ice(given.ice.resolve(), folder, given.limit) if given.ice else None
            if mine:
                compare(f"{side} x {side} x 4", mine, theirs)
    cpu, gap = transient_steps()
    print(f"100 transient steps on 64 x 64 x 4 cells: {cpu:.2f} s CPU, heat ledger open by {gap:.1e}")


if __name__ == "__main__":
    main()
