"""Cost of the steady field solver on a lidded 2.5D package, from search size to ten million cells.

Run `python benchmarks/thermal_solver.py [--cells 0.04 0.1 0.9 7] [--workers 2]`: cells in millions. Prints, for each
size, cells, set-up and solve time of one power map, iterations, heat balance and the peak memory of the process, and
for the smallest size two modes with three adjoints, which is what one candidate of a search costs.
"""

import argparse
import resource
import time

import numpy as np

from packfirst.disciplines.thermal.conduction import Problem, adjoint, prepare
from packfirst.disciplines.thermal.mesh import paint, snapped

MM, UM = 1e-3, 1e-6

# x, y, width x, width y [mm], bottom, top [um], in-plane and through-plane conductivity [W/(m K)], power [W]
BODIES = (
    (0, 0, 80, 80, -1600, 0, 20, 0.4, 0),  # board
    (15, 15, 50, 50, 0, 400, 0.5, 6, 0),  # solder balls
    (15, 15, 50, 50, 400, 1600, 40, 0.8, 0),  # laminate
    (22, 22, 36, 34, 1600, 1670, 0.5, 8, 0),  # bumps
    (22, 22, 36, 34, 1670, 1770, 120, 120, 0),  # interposer
    (22, 22, 36, 34, 1770, 2570, 0.8, 0.8, 0),  # mould
    (27, 26.13, 12.7, 26.2, 1770, 1800, 0.5, 4, 0),  # microbumps, compute die
    (27, 26.13, 12.7, 26.2, 1800, 2570, 120, 120, 250),
    (40, 26.13, 12.7, 26.2, 1770, 1800, 0.5, 4, 0),
    (40, 26.13, 12.7, 26.2, 1800, 2570, 120, 120, 200),
    (22.3, 24, 4.6, 10.02, 1770, 2450, 80, 3, 15),  # memory stacks
    (22.3, 35.05, 4.6, 10.02, 1770, 2450, 80, 3, 15),
    (53.1, 24, 4.6, 10.02, 1770, 2450, 80, 3, 15),
    (53.1, 35.05, 4.6, 10.02, 1770, 2450, 80, 3, 15),
    (22, 22, 36, 34, 2570, 2670, 3.5, 3.5, 0),  # interface material
    (15, 15, 50, 50, 2670, 4670, 390, 390, 0),  # lid and its walls
    (15, 15, 50, 3, 1600, 2670, 390, 390, 0),
    (15, 62, 50, 3, 1600, 2670, 390, 390, 0),
    (15, 15, 3, 50, 1600, 2670, 390, 390, 0),
    (62, 15, 3, 50, 1600, 2670, 390, 390, 0),
    (15, 15, 50, 50, 4670, 4720, 5, 5, 0),  # interface material
    (5, 5, 70, 70, 4720, 9720, 390, 390, 0),  # base of the heat sink
)


def package(cell_m):
    """Problem and power map with lateral cells of `cell_m` at most, and half of that on the die."""
    table = np.array(BODIES, dtype=float)
    x, y, wx, wy = table[:, :4].T * MM
    bottom, top = table[:, 4:6].T * UM
    boxes = np.column_stack([x, x + wx, y, y + wy, bottom, top])
    mesh = snapped(boxes, np.where(table[:, 8] > 0, 0.5 * cell_m, cell_m), vertical_cell_m=cell_m)
    body = paint(mesh, boxes)
    k = np.vstack([table[:, 6:8], np.zeros(2)])[body]
    problem = Problem(
        mesh=mesh,
        kx=k[..., 0],
        ky=k[..., 0],
        kz=k[..., 1],
        h_top=np.asarray(800.0),
        t_top_k=318.0,
        h_bottom=np.asarray(10.0),
        t_bottom_k=318.0,
    )
    volume = mesh.volume_m3
    held = np.bincount(body[body >= 0], weights=volume[body >= 0], minlength=len(table))
    density = np.append(table[:, 8] / held, 0.0)
    return problem, density[body] * volume


def sized(millions):
    """The package whose grid comes closest to a number of cells."""
    low, high = 0.05 * MM, 8 * MM
    for _ in range(25):
        middle = np.sqrt(low * high)
        if package_cells(middle) > millions * 1e6:
            low = middle
        else:
            high = middle
    return package(high)


def package_cells(cell_m):
    table = np.array(BODIES, dtype=float)
    x, y, wx, wy = table[:, :4].T * MM
    boxes = np.column_stack([x, x + wx, y, y + wy, *(table[:, 4:6].T * UM)])
    return np.prod(
        snapped(boxes, np.where(table[:, 8] > 0, 0.5 * cell_m, cell_m), vertical_cell_m=cell_m).shape
    )


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--cells", type=float, nargs="+", default=[0.04, 0.1, 0.9, 7.0], help="millions")
    arguments.add_argument("--workers", type=int, default=1)
    given = arguments.parse_args()

    problem, power = sized(0.01)
    start = time.perf_counter()
    prepare(problem).solve(power)
    print(f"compile or load kernels: {time.perf_counter() - start:.2f} s")
    print(
        f"{'cells':>10} {'set-up s':>9} {'solve s':>9} {'CPU s':>8} {'its':>4} {'balance':>9} {'peak MB':>8}"
    )
    for millions in given.cells:
        problem, power = sized(millions)
        start, cpu = time.perf_counter(), time.process_time()
        ready = prepare(problem)
        middle = time.perf_counter()
        solution = ready.solve(power, workers=given.workers)
        end = time.perf_counter()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{power.size:>10} {middle - start:>9.3f} {end - middle:>9.3f} {time.process_time() - cpu:>8.3f} "
            f"{solution.iterations[0]:>4} {solution.balance[0]:>9.1e} {peak:>8.0f}"
        )
        del ready, solution

    problem, power = sized(min(given.cells))
    spent = []
    for _ in range(5):
        start, cpu = time.perf_counter(), time.process_time()
        ready = prepare(problem)
        solution = ready.solve(np.stack([power, power**2 / power.max()]))
        weights = np.zeros((3, power.size))
        weights[np.arange(3), np.argsort(solution.temperature_k[0].ravel())[-3:]] = 1.0
        adjoint(ready, weights.reshape(3, *power.shape))
        spent.append((time.perf_counter() - start, time.process_time() - cpu))
    wall, cpu = min(spent)
    print(f"set-up, two modes and three adjoints on {power.size} cells: {wall:.3f} s ({cpu:.3f} s CPU)")


if __name__ == "__main__":
    main()
