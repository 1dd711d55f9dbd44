"""HotSpot's network against what HotSpot printed, and against the same network assembled node by node."""

import csv
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.thermal.block_power import on_grid
from packfirst.disciplines.thermal.hotspot_network import LUMPED, Network, Plate, solve
from packfirst.formats.hotspot import read_hotspot

REFERENCES = Path(__file__).parents[2] / "references" / "thermal"
PRINTED_K = 0.005  # half of the last digit that HotSpot prints
ITERATION_K = 0.005  # and what its own iteration may leave: it stops when no node moves by 1e-6 K


def example(name, n):
    """Solution of one of HotSpot's examples on n x n cells, its files, and its blocks on the grid by layer."""
    files = read_hotspot(REFERENCES / name)
    width, height = files.size_m
    plates = [
        Plate(side_m=p.side_m, thickness_m=p.thickness_m, conductivity_w_per_m_k=p.conductivity_w_per_m_k)
        for p in (files.spreader, files.sink)
    ]
    network = Network(
        width_m=width, height_m=height, columns=n, rows=n,
        thickness_m=[layer.thickness_m for layer in files.layers],
        conductivity_w_per_m_k=[layer.conductivity_w_per_m_k for layer in files.layers],
        lateral=[layer.lateral for layer in files.layers], spreader=plates[0], sink=plates[1],
        r_convec_k_per_w=files.r_convec_k_per_w, ambient_k=files.ambient_k,
    )  # fmt: skip
    edges = np.linspace(0, width, n + 1), np.linspace(0, height, n + 1)
    blocks = [on_grid(layer.floorplan.rectangles_m, *edges) for layer in files.layers]
    mean = files.trace.mean_w
    power = np.zeros((len(blocks), n, n))
    for number, layer in enumerate(files.layers):
        if layer.powered:
            power[number] = blocks[number].power_map([mean[b.name] for b in layer.floorplan.blocks])
    return solve(network, power), blocks


def column(name, file, which):
    with (REFERENCES / name / file).open() as text:
        return [float(row[which]) for row in csv.reader(text) if row[which][0].isdigit()]


def as_printed(solution, blocks):
    """Block temperatures in HotSpot's order: layers, spreader and sink by the last floorplan, lumped nodes."""
    planes = zip([*blocks, blocks[-1], blocks[-1]], solution.temperature_k, strict=True)
    return np.concatenate([*(grid.cell_means(plane) for grid, plane in planes), solution.lumped_k])


def test_every_cell_of_the_single_die_example():
    solution, _ = example("hotspot_ev6_2d", 64)
    printed = np.loadtxt(
        REFERENCES / "hotspot_ev6_2d" / "reference_silicon_grid64_row0_top.csv", delimiter=","
    )
    assert np.abs(solution.temperature_k[0].T[::-1] - printed).max() < 0.01
    assert solution.balance < 1e-12
    assert solution.residual < 1e-8


@pytest.mark.parametrize(("n", "which"), [(64, 1), (128, 2), (256, 3)])
def test_every_block_and_lumped_node_of_the_single_die_example(n, which):
    found = as_printed(*example("hotspot_ev6_2d", n))
    printed = column("hotspot_ev6_2d", "reference_blocks.csv", which)
    assert found == pytest.approx(printed, rel=0, abs=PRINTED_K + ITERATION_K)


@pytest.mark.parametrize(("n", "which"), [(64, 1), (128, 2)])
def test_every_block_and_lumped_node_of_the_stack_example(n, which):
    found = as_printed(*example("hotspot_stack3d", n))
    printed = column("hotspot_stack3d", "reference_blocks_detailed3D_off.csv", which)
    assert found == pytest.approx(printed, rel=0, abs=0.01)


@pytest.mark.parametrize(
    ("name", "file", "n"),
    [
        ("hotspot_ev6_2d", "reference_layers.csv", 64),
        ("hotspot_ev6_2d", "reference_layers.csv", 256),
        ("hotspot_stack3d", "reference_layers_detailed3D_off.csv", 128),
    ],
)
def test_extremes_and_means_of_every_plane(name, file, n):
    solution, _ = example(name, n)
    with (REFERENCES / name / file).open() as text:
        rows = [row for row in csv.DictReader(text) if row["grid"] == str(n)]
    for plane, row in zip(solution.temperature_k, rows, strict=True):
        assert plane.max() == pytest.approx(float(row["T_max_K"]), abs=0.01)
        assert plane.mean() == pytest.approx(float(row["T_mean_K"]), abs=0.01)
        assert plane.min() == pytest.approx(float(row["T_min_K"]), abs=0.01)


def node_by_node(network, power_w):
    """The same network written down link by link, and solved by sparse LU: planes and lumped nodes in one vector."""
    t = [*network.thickness_m, network.spreader.thickness_m, network.sink.thickness_m]
    k = [*network.conductivity_w_per_m_k, network.spreader.conductivity_w_per_m_k]
    k.append(network.sink.conductivity_w_per_m_k)
    lateral = [*network.lateral, True, True]
    nx, ny, n = network.columns, network.rows, len(t)
    w, h, ss, sh = network.width_m, network.height_m, network.spreader.side_m, network.sink.side_m
    dx, dy = w / nx, h / ny
    number = np.arange(n * nx * ny).reshape(n, nx, ny)
    first = number.size
    entries, rhs = [], np.zeros(first + 12)
    rhs[: power_w.size] = power_w.ravel()

    def link(a, b, resistance):
        g = 1.0 / resistance
        entries.extend([(a, a, g), (b, b, g), (a, b, -g), (b, a, -g)])

    def ground(a, resistance):
        entries.append((a, a, 1.0 / resistance))
        rhs[a] += network.ambient_k / resistance

    def bar(plate, length, width):
        return length / (plate.conductivity_w_per_m_k * plate.thickness_m * width)

    for p, i, j in np.ndindex(n, nx, ny):
        here = number[p, i, j]
        if lateral[p] and i + 1 < nx:
            link(here, number[p, i + 1, j], dx / (k[p] * t[p] * dy))
        if lateral[p] and j + 1 < ny:
            link(here, number[p, i, j + 1], dy / (k[p] * t[p] * dx))
        through = t[p] / (k[p] * dx * dy)
        if p + 1 < n:
            link(here, number[p + 1, i, j], through)
        else:
            ground(here, through + network.r_convec_k_per_w * sh**2 / (dx * dy))
    edges = (number[:, 0], number[:, -1], number[:, :, -1], number[:, :, 0])
    for side, cells in enumerate(edges):
        on_x = side < 2
        size, other = (w, h) if on_x else (h, w)
        count = ny if on_x else nx
        spreader, inner, outer = first + side, first + 4 + side, first + 8 + side
        for plate, plane, node in ((network.spreader, -2, spreader), (network.sink, -1, inner)):
            cell = bar(plate, dx, dy) if on_x else bar(plate, dy, dx)
            lump = bar(plate, (ss - size) / 4, (ss + 3 * other) / 4)
            for cell_node in cells[plane]:
                link(cell_node, node, cell / 2 + count * lump)
        area = (ss + other) * (ss - size) / 4
        link(
            spreader,
            inner,
            network.spreader.thickness_m / (network.spreader.conductivity_w_per_m_k * area),
        )
        film = network.r_convec_k_per_w * sh**2
        up = network.sink.thickness_m / network.sink.conductivity_w_per_m_k
        ground(inner, (up + film) / area)
        rim = bar(network.sink, (sh - ss) / 4, (sh + 3 * ss) / 4)
        link(inner, outer, bar(network.sink, (ss - size) / 4, (3 * ss + other) / 4) + rim)
        ground(outer, (up + film) / ((sh**2 - ss**2) / 4))
    row, col, value = zip(*entries, strict=True)
    matrix = scipy.sparse.csc_matrix((value, (row, col)), shape=(first + 12,) * 2)
    found = scipy.sparse.linalg.spsolve(matrix, rhs)
    return found[:first].reshape(n, nx, ny), found[first:]


def some_network(seed, **changes):
    rng = np.random.default_rng(seed)
    width, height = rng.uniform(5e-3, 20e-3, 2)
    layers = int(rng.integers(1, 5))
    side = max(width, height) * rng.uniform(1.05, 3.0)
    given = {
        "width_m": width, "height_m": height, "columns": int(rng.integers(1, 13)), "rows": int(rng.integers(1, 13)),
        "thickness_m": rng.uniform(1e-5, 5e-4, layers), "conductivity_w_per_m_k": 10 ** rng.uniform(0, 2.5, layers),
        "lateral": rng.random(layers) < 0.8,
        "spreader": Plate(side_m=side, thickness_m=1e-3, conductivity_w_per_m_k=rng.uniform(50, 500)),
        "sink": Plate(side_m=side * 1.7, thickness_m=5e-3, conductivity_w_per_m_k=rng.uniform(50, 500)),
        "r_convec_k_per_w": 10 ** rng.uniform(-1.5, 1), "ambient_k": 300.0,
    }  # fmt: skip
    return Network(**{**given, **changes}), rng


@given(st.integers(0, 10_000))
@settings(max_examples=30)
def test_same_temperatures_as_the_network_node_by_node(seed):
    network, rng = some_network(seed)
    power = rng.random((len(network.thickness_m), network.columns, network.rows))
    found = solve(network, power, tolerance=1e-12)
    planes, lumped = node_by_node(network, power)
    rise = planes.max() - network.ambient_k
    assert found.temperature_k == pytest.approx(planes, abs=1e-8 * rise, rel=0)
    assert found.lumped_k == pytest.approx(lumped, abs=1e-8 * rise, rel=0)
    assert found.balance < 1e-9


def test_mirrored_power_gives_mirrored_temperatures():
    network, rng = some_network(5, columns=9, rows=8)
    power = rng.random((len(network.thickness_m), 9, 8))
    one, two = solve(network, power), solve(network, power[:, ::-1, ::-1])
    assert two.temperature_k[:, ::-1, ::-1] == pytest.approx(one.temperature_k, abs=1e-5)
    sides = [LUMPED[i].rpartition("_")[2] for i in range(4)]
    swap = [sides.index(s) for s in ("east", "west", "south", "north")]
    assert two.lumped_k.reshape(3, 4)[:, swap] == pytest.approx(one.lumped_k.reshape(3, 4), abs=1e-5)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"thickness_m": [-1e-4], "conductivity_w_per_m_k": [1.0], "lateral": [True]}, "must be positive"),
        ({"width_m": 1.0}, "spreader larger than the die"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(changes, says):
    network, _ = some_network(1, **changes)
    with pytest.raises(ValueError, match=says):
        solve(network, np.zeros((len(network.thickness_m), network.columns, network.rows)))


def test_power_of_another_shape_is_refused():
    network, _ = some_network(2)
    with pytest.raises(ValueError, match="power_w: shape"):
        solve(network, np.zeros((1, 1)))
