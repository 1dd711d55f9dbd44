"""Bow of whole packages: packfirst's plate against solid models in CalculiX, a program of its own that you name.

    python benchmarks/mechanics_ccx.py --ccx /usr/bin/ccx

Writes a deck of second-order bricks for each package, one temperature step from free of stress, runs the solver, and
prints both bows. The packages are fixed here, so that anybody may run the same in another program; the bows that we
found are kept in tests/references/mechanical/ccx_bows.yaml.
"""

import argparse
import itertools
import subprocess
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from packfirst.disciplines.mechanical.warpage import trilayer, two_sheets
from packfirst.disciplines.mechanical.warpage.columns import (
    BASE,
    GAS,
    JOINT,
    LID,
    Matter,
    columns,
    isotropic_pa,
)

DROP_K = -140.0


@dataclass(frozen=True)
class Layer:
    """A box of one material: x0, x1, y0, y1, z0, z1 in mm, modulus [Pa], Poisson ratio, expansion [1/K], sheet."""

    name: str
    box: tuple[float, ...]
    modulus: float
    poisson: float
    growth: float
    sheet: int = BASE


SILICON, UNDERFILL, CORE, COPPER = (
    (130e9, 0.28, 2.6e-6),
    (9e9, 0.33, 30e-6),
    (26e9, 0.2, 14e-6),
    (120e9, 0.34, 17e-6),
)
GEL = (1e6, 0.45, 0.0)
ADHESIVE = (10e6, 0.45, 0.0)


def bare() -> list[Layer]:
    """One die of 16 x 14 mm, off the middle, underfilled on a laminate of 32 x 28 mm."""
    return [
        Layer("laminate", (0, 32, 0, 28, 0, 1.2), *CORE),
        Layer("underfill", (6, 22, 8, 22, 1.2, 1.28), *UNDERFILL),
        Layer("die", (6, 22, 8, 22, 1.28, 2.03), *SILICON),
    ]


def lidded() -> list[Layer]:
    """Two unequal die on a laminate of 44 x 40 mm under a copper lid on its foot, gel and adhesive as solids."""
    die = ((6, 24, 10, 30), (26, 38, 12, 28))
    layers = [
        Layer("laminate", (0, 44, 0, 40, 0, 1.4), *CORE),
        Layer("gap", (1, 43, 1, 39, 1.4, 2.34), 1.0, 0.3, 0.0, GAS),
    ]
    for n, plan in enumerate(die):
        layers += [
            Layer(f"underfill{n}", (*plan, 1.4, 1.48), *UNDERFILL),
            Layer(f"die{n}", (*plan, 1.48, 2.24), *SILICON),
            Layer(f"gel{n}", (*plan, 2.24, 2.34), *GEL, JOINT),
        ]
    for n, plan in enumerate(((1, 4, 1, 39), (40, 43, 1, 39), (4, 40, 1, 4), (4, 40, 36, 39))):
        layers += [
            Layer(f"adhesive{n}", (*plan, 1.4, 1.55), *ADHESIVE, JOINT),
            Layer(f"foot{n}", (*plan, 1.55, 2.34), *COPPER, LID),
        ]
    return [*layers, Layer("lid", (1, 43, 1, 39, 2.34, 4.34), *COPPER, LID)]


PACKAGES = {"bare": bare, "lidded": lidded}


def drawn_in(layers: list[Layer]) -> list[Layer]:
    """The outside of the die drawn in by the length over which underfill takes hold, as packfirst does it."""
    die = next(layer for layer in layers if layer.name.startswith("die"))
    fill = next(layer for layer in layers if layer.name.startswith("underfill"))
    base = layers[0]
    joined = trilayer.joint(
        die_thickness_m=1e-3 * (die.box[5] - die.box[4]),
        substrate_thickness_m=1e-3 * base.box[5],
        attach_thickness_m=1e-3 * (fill.box[5] - fill.box[4]),
        die_modulus_pa=die.modulus,
        substrate_modulus_pa=base.modulus,
        attach_modulus_pa=fill.modulus,
        die_poisson=die.poisson,
        substrate_poisson=base.poisson,
        attach_poisson=fill.poisson,
    )
    length = 1e3 / float(joined.decay_per_m)
    stack = [layer for layer in layers if layer.name.startswith(("die", "underfill"))]
    low = np.array([layer.box for layer in stack]).min(axis=0) + length
    high = np.array([layer.box for layer in stack]).max(axis=0) - length
    return [
        replace(
            layer,
            box=(
                max(layer.box[0], low[0]),
                min(layer.box[1], high[1]),
                max(layer.box[2], low[2]),
                min(layer.box[3], high[3]),
                *layer.box[4:],
            ),
        )
        if layer in stack
        else layer
        for layer in layers
    ]


def plate_bow_m(layers: list[Layer], intervals: int) -> tuple[float, float]:
    """Height of the middle of the laminate's lower face over its corners' mean, and its peak to valley."""
    boxes = 1e-3 * np.array([layer.box for layer in drawn_in(layers)])
    x1, y1 = boxes[0, 1], boxes[0, 3]
    found = columns(
        boxes,
        np.arange(len(layers)),
        np.array([layer.sheet for layer in layers]),
        (0.0, x1, 0.0, y1),
        len(layers),
    )
    values = np.array([(layer.modulus, layer.poisson, layer.growth) for layer in layers])
    told = Matter(
        stiffness_pa=isotropic_pa(values[:, 0], values[:, 1]),
        growth=np.repeat(DROP_K * values[:, 2:], 2, axis=1),
        shear_pa=0.5 * values[:, 0] / (1.0 + values[:, 1]),
    )
    trial = two_sheets.basis(found, values[:, 0], intervals, lid=any(layer.sheet == LID for layer in layers))
    state = two_sheets.solve(found, trial, told).state
    x, y = np.meshgrid(np.linspace(0, x1, 23), np.linspace(0, y1, 23), indexing="ij")
    height = (two_sheets.sample(trial, x.ravel(), y.ravel(), two_sheets.W, (0, 0)) @ state).reshape(23, 23)
    plane = np.stack([np.ones(x.size), x.ravel(), y.ravel()], axis=-1)
    flat = height.ravel() - plane @ np.linalg.lstsq(plane, height.ravel(), rcond=None)[0]
    return float(height[11, 11] - height[::22, ::22].mean()), float(np.ptp(flat))


def _lines(edges: np.ndarray, size: float) -> np.ndarray:
    parts = [
        np.linspace(a, b, max(1, int(np.ceil((b - a) / size))) + 1)[:-1] for a, b in itertools.pairwise(edges)
    ]
    return np.append(np.concatenate(parts), edges[-1])


def deck(layers: list[Layer], size_mm: float) -> tuple[str, dict[int, tuple[float, float, float]]]:
    """Deck of C3D20R bricks (the whole body, held at three corners of its lower face), and the nodes of that face."""
    boxes = np.array([layer.box for layer in layers])
    marks = [np.unique(np.round(boxes[:, 2 * a : 2 * a + 2], 6)) for a in range(3)]
    lines = [_lines(marks[0], size_mm), _lines(marks[1], size_mm), _lines(marks[2], 0.8)]
    fine = [np.unique(np.concatenate([line, 0.5 * (line[1:] + line[:-1])])) for line in lines]
    middle = [0.5 * (line[1:] + line[:-1]) for line in lines]
    nodes: dict[tuple[int, int, int], int] = {}
    elements: dict[str, list[str]] = {}

    def node(i: int, j: int, k: int) -> int:
        return nodes.setdefault((i, j, k), len(nodes) + 1)

    offsets = (
        (0, 0, 0),
        (2, 0, 0),
        (2, 2, 0),
        (0, 2, 0),
        (0, 0, 2),
        (2, 0, 2),
        (2, 2, 2),
        (0, 2, 2),
        (1, 0, 0),
        (2, 1, 0),
        (1, 2, 0),
        (0, 1, 0),
        (1, 0, 2),
        (2, 1, 2),
        (1, 2, 2),
        (0, 1, 2),
        (0, 0, 1),
        (2, 0, 1),
        (2, 2, 1),
        (0, 2, 1),
    )
    number = 0
    for i, x in enumerate(middle[0]):
        for j, y in enumerate(middle[1]):
            for k, z in enumerate(middle[2]):
                here = None
                for layer in layers:
                    b = layer.box
                    if b[0] < x < b[1] and b[2] < y < b[3] and b[4] < z < b[5]:
                        here = layer
                if here is None or here.sheet == GAS:
                    continue
                number += 1
                ids = [node(2 * i + a, 2 * j + b, 2 * k + c) for a, b, c in offsets]
                elements.setdefault(here.name, []).append(
                    ", ".join(map(str, [number, *ids[:10]])) + ",\n" + ", ".join(map(str, ids[10:]))
                )
    at = {n: (fine[0][i], fine[1][j], fine[2][k]) for (i, j, k), n in nodes.items()}
    text = ["*NODE, NSET=ALL", *(f"{n}, {x:.9g}, {y:.9g}, {z:.9g}" for n, (x, y, z) in at.items())]
    for layer in layers:
        if layer.name in elements:
            text += [f"*ELEMENT, TYPE=C3D20R, ELSET={layer.name}", *elements[layer.name]]
            text += [
                f"*MATERIAL, NAME=M{layer.name}",
                "*ELASTIC",
                f"{layer.modulus * 1e-6:.9g}, {layer.poisson}",
                "*EXPANSION, ZERO=0.",
                f"{layer.growth:.9g}",
                f"*SOLID SECTION, ELSET={layer.name}, MATERIAL=M{layer.name}",
            ]
    low = {n: p for n, p in at.items() if abs(p[2]) < 1e-9}
    x1, y1 = float(lines[0][-1]), float(lines[1][-1])

    def corner(x: float, y: float) -> int:
        return min(low, key=lambda n: (low[n][0] - x) ** 2 + (low[n][1] - y) ** 2)

    a, b, c = corner(0, 0), corner(x1, 0), corner(0, y1)
    text += ["*BOUNDARY", f"{a}, 1, 3", f"{b}, 2, 3", f"{c}, 3, 3", "*NSET, NSET=LOW"]
    text += [f"{n}," for n in low]
    text += [
        "*INITIAL CONDITIONS, TYPE=TEMPERATURE",
        "ALL, 0.",
        "*STEP",
        "*STATIC, SOLVER=SPOOLES",
        "*TEMPERATURE",
        f"ALL, {DROP_K}",
        "*NODE PRINT, NSET=LOW",
        "U",
        "*END STEP",
        "",
    ]
    return "\n".join(text), low


def solid_bow_m(layers: list[Layer], ccx: str, size_mm: float) -> tuple[float, float, int]:
    """The same two figures from CalculiX, and the number of its nodes."""
    text, low = deck(layers, size_mm)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "body.inp").write_text(text)
        ran = subprocess.run([ccx, "-i", "body"], cwd=folder, capture_output=True, text=True, check=False)
        out = Path(folder) / "body.dat"
        if not out.is_file() or not out.stat().st_size:
            raise SystemExit(f"{ccx} gave no answer:\n{ran.stdout[-2000:]}")
        rows = [line.split() for line in out.read_text().splitlines()]
    moved = {int(row[0]): float(row[3]) for row in rows if len(row) == 4 and row[0].isdigit()}
    ids = list(low)
    xy, w = np.array([low[n][:2] for n in ids]), 1e-3 * np.array([moved[n] for n in ids])
    x1, y1 = xy.max(axis=0)

    def height(x: float, y: float) -> float:
        return float(w[np.argmin((xy[:, 0] - x) ** 2 + (xy[:, 1] - y) ** 2)])

    # Flat through three corners already; take the plane of the least squares away for the peak to valley.
    plane = np.stack([np.ones(len(w)), xy[:, 0], xy[:, 1]], axis=-1)
    flat = w - plane @ np.linalg.lstsq(plane, w, rcond=None)[0]
    corners = np.mean([height(x, y) for x in (0.0, x1) for y in (0.0, y1)])
    return height(0.5 * x1, 0.5 * y1) - float(corners), float(np.ptp(flat)), text.count("\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ccx", required=True, help="the solver's command")
    parser.add_argument("--size", type=float, default=2.0, help="side of a brick in the plan [mm]")
    asked = parser.parse_args()
    for name, made in PACKAGES.items():
        layers = made()
        start = time.perf_counter()
        centre, peak, _ = solid_bow_m(layers, asked.ccx, asked.size)
        took = time.perf_counter() - start
        print(
            f"{name}: solid {1e6 * centre:.2f} um middle over corners, {1e6 * peak:.2f} peak to valley, {took:.0f} s"
        )
        for intervals in (4, 10):
            ours, valley = plate_bow_m(layers, intervals)
            print(
                f"  plate, {intervals} intervals: {1e6 * ours:.2f} um ({ours / centre - 1.0:+.1%}), {1e6 * valley:.2f}"
            )


if __name__ == "__main__":
    main()
