"""Placement beside what others published: floorplanning benchmarks, brute force, and the products of the catalog.

`python benchmarks/placement.py [FOLDER]`; FOLDER holds the MCNC or GSRC floorplanning benchmarks (apte, xerox, hp,
ami33, ami49, n100, n200, n300, each as NAME.blocks with NAME.nets where there are nets), which carry no licence that
lets us bring them along. Without it only the part on our own floorplans is run.
"""

import math
import re
import sys
import time
from itertools import permutations, product
from pathlib import Path

import numpy as np

from packfirst.architecture.candidate import space
from packfirst.architecture.placement import place
from packfirst.architecture.placing.sequence_pair import annealed, packed
from packfirst.catalog import load_catalog
from packfirst.cli.hindcast import _cases
from packfirst.hindcast.run import as_built_rows

# Least published area [mm2], hard blocks, area alone; the source of each.
PUBLISHED = {
    "apte": (46.92, "B*-tree, Chang et al., DAC 2000 (recalled)"),
    "xerox": (19.80, "as tabled by several since 2013 (second hand)"),
    "hp": (8.947, "B*-tree, Chang et al., DAC 2000 (recalled)"),
    "ami33": (1.18, "as tabled by several since 2013 (second hand)"),
    "ami49": (36.16, "Huang 2017 (second hand)"),
}
MOVES = 3_000_000


def blocks(file: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Names, widths and heights of the hard blocks of a file; soft ones take their least aspect, where it is fixed."""
    names, sizes = [], []
    for line in file.read_text().splitlines():
        hard = re.match(r"(\S+)\s+hardrectilinear\s+4\s+(.*)", line)
        soft = re.match(r"(\S+)\s+softrectangular\s+(\S+)\s+(\S+)", line)
        if hard:
            corners = [tuple(map(float, pair.split(","))) for pair in re.findall(r"\(([^)]*)\)", hard[2])]
            xs, ys = zip(*corners, strict=True)
            names.append(hard[1])
            sizes.append((max(xs) - min(xs), max(ys) - min(ys)))
        elif soft:
            area, aspect = float(soft[2]), float(soft[3])
            names.append(soft[1])
            sizes.append((math.sqrt(area * aspect), math.sqrt(area / aspect)))
    w, h = np.array(sizes).T
    return names, w, h


def nets(file: Path, names: list[str]) -> list[list[int]]:
    """Blocks of each net; pads at the edge are left out."""
    number = {name: n for n, name in enumerate(names)}
    found: list[list[int]] = []
    for line in file.read_text().splitlines() if file.exists() else ():
        if line.startswith("NetDegree"):
            found.append([])
        elif found and line.split() and line.split()[0] in number:
            found[-1].append(number[line.split()[0]])
    return [net for net in found if len(net) > 1]


def published(folder: Path) -> None:
    """Area alone, then area with wires, on each benchmark of the folder."""
    print(
        f"{'benchmark':9} {'blocks':>6} {'area':>9} {'dead':>6} {'published':>9} {'ratio':>6} {'s':>5}   "
        "with wires: area, length"
    )
    for file in sorted(folder.glob("*.blocks")):
        names, w, h = blocks(file)
        since = time.perf_counter()
        tries = [annealed(w, h, moves=MOVES // 3, seed=seed) for seed in range(3)]
        best = min(item.cost for item in tries)
        took = time.perf_counter() - since
        joined = nets(file.with_suffix(".nets"), names)
        wired = annealed(w, h, joined, wire_weight=1.0, moves=MOVES // 3) if joined else None
        known = PUBLISHED.get(file.stem)
        unit = 1e-6 if known else 1.0
        said = f"{known[0]:9.4g} {best * unit / known[0]:6.3f}" if known else f"{'':9} {'':6}"
        tail = ""
        if wired is not None:
            cx, cy = wired.x + wired.width / 2, wired.y + wired.height / 2
            length = sum(float(np.ptp(cx[net]) + np.ptp(cy[net])) for net in joined)
            tail = f"   {wired.size[0] * wired.size[1] * unit:.4g}, {length * (1e-3 if known else 1.0):.4g}"
        dead = 1.0 - float((w * h).sum()) / best
        print(f"{file.stem:9} {len(w):6} {best * unit:9.4g} {dead:6.1%} {said} {took:5.1f}{tail}")


def brute_force(w: np.ndarray, h: np.ndarray) -> float:
    """Least area over all sequence pairs and turns."""
    best, order = math.inf, np.arange(len(w))
    for turned in product((False, True), repeat=len(w)):
        wide, tall = np.where(turned, h, w), np.where(turned, w, h)
        for second in permutations(order):
            for first in permutations(order):
                x, y = packed(np.array(first), np.array(second), wide, tall)
                best = min(best, float((x + wide).max() * (y + tall).max()))
    return best


def small() -> None:
    """Annealing against the known optimum of four rectangles, twenty times."""
    generator = np.random.default_rng(0)
    worst = 1.0
    for seed in range(20):
        w, h = generator.uniform(1.0, 5.0, (2, 4))
        worst = max(worst, annealed(w, h, moves=20_000, seed=seed).cost / brute_force(w, h))
    print(f"four rectangles, twenty draws: annealed over optimum at worst {worst:.6f}")


def products() -> None:
    """Our floorplans of what was built, beside rectangles of the same sizes packed as tightly as annealing can."""
    catalog = load_catalog()
    print(f"\n{'product':22} {'die':>4} {'outline, mm':>14} {'packed tight':>13} {'ratio':>6} {'ms':>6}")
    for case in _cases(catalog, sorted(catalog.ids("product")))[0]:
        every = space(case.program, catalog)
        rows, _ = as_built_rows(every, case.truth)
        if not len(rows):
            continue
        candidate = every.candidate(int(rows[0]))
        since = time.perf_counter()
        found = place(case.program, catalog, candidate)
        took = (time.perf_counter() - since) * 1e3
        rects = [die.rect for die in found.die if not die.base]
        w, h = np.array([(r.width, r.height) for r in rects]).T
        gap = min((a.gap(b) for n, a in enumerate(rects) for b in rects[n + 1 :]), default=0.0)
        tight = annealed(w, h, gap=gap, moves=300_000)
        x, y = (side - gap for side in tight.size)
        outline = found.outline
        ratio = outline.area / (x * y)
        print(
            f"{case.record.id:22} {len(rects):4} {outline.width * 1e3:6.1f} x {outline.height * 1e3:5.1f} "
            f"{x * 1e3:6.1f}x{y * 1e3:5.1f} {ratio:6.2f} {took:6.1f}"
        )


if __name__ == "__main__":
    small()
    products()
    for word in sys.argv[1:]:
        print()
        published(Path(word))
