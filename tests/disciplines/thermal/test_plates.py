"""Stacks of plates against exact one-dimensional answers and the exact series of spreading."""

from pathlib import Path

import numpy as np
import pytest

from packfirst.disciplines.thermal import conduction
from packfirst.disciplines.thermal.block_power import on_grid
from packfirst.disciplines.thermal.hotspot_network import Network
from packfirst.disciplines.thermal.hotspot_network import Plate as Square
from packfirst.disciplines.thermal.plates import Plate, hotspot_geometry, stacked
from packfirst.disciplines.thermal.spreading import flux_channel_yovanovich1999
from packfirst.formats.ice import read_stack

REFERENCES = Path(__file__).parents[2] / "references" / "thermal"


def ice_solution(name, power_of=None):
    """A 3D-ICE stack on its own grid, layers from the bottom up."""
    files = read_stack(REFERENCES / "ice" / name)
    x = np.linspace(0, files.length_m, files.cells[0] + 1)
    y = np.linspace(0, files.width_m, files.cells[1] + 1)
    upward = files.slabs[::-1]
    outline = (0.0, files.length_m, 0.0, files.width_m)
    plates = [
        Plate(
            outline_m=outline, faces_m=np.array([0.0, slab.thickness_m]),
            conductivity_w_per_m_k=slab.conductivity_w_per_m_k, in_plane_w_per_m_k=slab.conductivity_w_per_m_k,
            capacity_j_per_m3_k=slab.capacity_j_per_m3_k,
        )
        for slab in upward
    ]  # fmt: skip
    bottom = files.bottom.film_w_per_m2_k if files.bottom else 0.0
    stack = stacked(
        plates, x, y, h_top=files.top.film_w_per_m2_k, t_top_k=files.top.temperature_k,
        h_bottom=bottom, t_bottom_k=files.top.temperature_k,
    )  # fmt: skip
    power = np.zeros(stack.problem.mesh.shape)
    for level, slab in enumerate(upward):
        for element in slab.elements:
            grid = on_grid(element.rectangles_m, x, y)
            watts = element.power_w if power_of is None else power_of.get(element.name, 0.0)
            power[:, :, level] += grid.power_map(watts * grid.area_m2 / grid.area_m2.sum())
    return files, stack, power, conduction.solve(stack.problem, power, tolerance=1e-12)


def test_even_power_between_two_sinks_is_a_chain_of_resistances():
    files, _, power, solution = ice_solution("both_sides.stk", {"ALL": 24.0})
    area = files.length_m * files.width_m
    assert power.sum() == pytest.approx(24.0)
    up = [slab.thickness_m / (slab.conductivity_w_per_m_k * area) for slab in files.slabs]
    # From the centre of the source on top: half of it to the upper film; everything below it to the lower one.
    above = 0.5 * up[0] + 1.0 / (files.top.film_w_per_m2_k * area)
    below = 0.5 * up[0] + sum(up[1:]) + 1.0 / (files.bottom.film_w_per_m2_k * area)
    rise = 24.0 * above * below / (above + below)
    assert solution.temperature_k[:, :, -1] == pytest.approx(np.full((40, 40), 310.0 + rise), abs=1e-9)
    # and at the lowest cell, from the heat that goes down
    down = rise / below
    lowest = 310.0 + down * (0.5 * up[-1] + 1.0 / (files.bottom.film_w_per_m2_k * area))
    assert solution.temperature_k[:, :, 0] == pytest.approx(np.full((40, 40), lowest), abs=1e-9)


def test_the_warm_corner_is_where_the_floorplan_puts_it():
    _, stack, power, solution = ice_solution("both_sides.stk", {"CORNER": 3.0})
    x, y, _ = stack.problem.mesh.centres_m
    cell = np.unravel_index(np.argmax(solution.temperature_k), solution.temperature_k.shape)
    assert cell == (39, 39, 0)  # largest x and y, in the source of the lower die, which is its lowest layer
    heated = np.argwhere(power[:, :, 0] > 1e-12)
    assert x[heated[:, 0]].min() > 6e-3
    assert y[heated[:, 1]].min() > 4.5e-3


def test_powers_of_blocks_superpose():
    both = ice_solution("two_die_25d.stk")[3].temperature_k - 300.0
    parts = [
        ice_solution("two_die_25d.stk", {name: watts})[3].temperature_k - 300.0
        for name, watts in (("CORE", 40.0), ("CACHE", 8.0), ("IO", 5.0))
    ]
    assert sum(parts) == pytest.approx(both, abs=1e-7)


def test_heat_balance_of_the_stack_with_one_sink():
    files, _, power, solution = ice_solution("two_die_25d.stk")
    area = files.length_m * files.width_m
    top = solution.temperature_k[:, :, -1]
    half = 0.5 * files.slabs[0].thickness_m / files.slabs[0].conductivity_w_per_m_k
    flux = (top - 300.0).mean() / (half + 1.0 / files.top.film_w_per_m2_k)
    assert flux * area == pytest.approx(power.sum(), rel=1e-9) == 53.0


def network(**changes):
    given = {
        "width_m": 10e-3, "height_m": 10e-3, "columns": 40, "rows": 40, "thickness_m": [0.2e-3, 0.05e-3],
        "conductivity_w_per_m_k": [120.0, 3.0], "lateral": [True, True],
        "spreader": Square(side_m=24e-3, thickness_m=2e-3, conductivity_w_per_m_k=390.0),
        "sink": Square(side_m=48e-3, thickness_m=6e-3, conductivity_w_per_m_k=200.0),
        "r_convec_k_per_w": 0.3, "ambient_k": 300.0,
    }  # fmt: skip
    return Network(**{**given, **changes})


def geometry_rise(net, rectangle, watts=10.0):
    """Mean rise of a heated rectangle on the lower face of the lowest layer."""
    stack = hotspot_geometry(net, [True] + [False] * (len(net.thickness_m) - 1))
    mesh = stack.problem.mesh
    grid = on_grid([rectangle], mesh.x_m, mesh.y_m)
    power = np.zeros(mesh.shape)
    power[:, :, stack.first[0]] = grid.power_map([watts])
    solution = conduction.solve(stack.problem, power)
    return stack, float(grid.means(solution.temperature_k[:, :, 0])[0] - 300.0), solution


@pytest.mark.parametrize(("cells", "within"), [(40, 6e-3), (80, 3e-3)])
def test_spreading_into_a_wide_plate_follows_the_exact_series(cells, within):
    # A die, spreader and sink of the sink's own material, so thin below the sink that they are a source on its face.
    net = network(
        thickness_m=[1e-7], conductivity_w_per_m_k=[200.0], lateral=[True],
        spreader=Square(side_m=10e-3, thickness_m=1e-7, conductivity_w_per_m_k=200.0), columns=cells, rows=cells,
    )  # fmt: skip
    _, rise, _ = geometry_rise(net, (2e-3, 8e-3, 1e-3, 9e-3))
    exact = flux_channel_yovanovich1999(
        length_m=[48e-3, 48e-3], thickness_m=[6e-3], conductivity_w_per_m_k=[200.0],
        film_w_per_m2_k=1.0 / (0.3 * 48e-3**2), source_m=[24e-3, 24e-3, 6e-3, 8e-3], terms=400,
    )  # fmt: skip
    assert rise / 10.0 == pytest.approx(float(exact), rel=within)


def test_plates_no_wider_than_the_die_are_a_chain_of_resistances():
    net = network(
        spreader=Square(side_m=10e-3, thickness_m=2e-3, conductivity_w_per_m_k=390.0),
        sink=Square(side_m=10e-3, thickness_m=6e-3, conductivity_w_per_m_k=200.0), columns=8, rows=8,
    )  # fmt: skip
    _, rise, solution = geometry_rise(net, (0.0, 10e-3, 0.0, 10e-3))
    chain = (0.2e-3 / 120 + 0.05e-3 / 3 + 2e-3 / 390 + 6e-3 / 200) / 1e-4 + 0.3
    sheet = 0.5 * 0.01 * 0.2e-3 / 120 / 1e-4  # heat starts in the middle of the thin cell at the face
    assert rise / 10.0 == pytest.approx(chain - sheet, rel=1e-9)
    assert solution.balance[0] < 1e-8


def test_geometry_has_the_plates_where_they_belong():
    stack, _, _ = geometry_rise(network(), (2e-3, 8e-3, 1e-3, 9e-3))
    mesh, solid = stack.problem.mesh, stack.problem.solid
    assert (mesh.x_m[0], mesh.x_m[-1]) == pytest.approx((-19e-3, 29e-3))
    area = np.outer(*mesh.sizes_m[:2])
    outlines = [10e-3**2, 10e-3**2, 24e-3**2, 48e-3**2]
    for start, outline in zip(stack.first, outlines, strict=True):
        assert area[solid[:, :, start]].sum() == pytest.approx(outline)
    thickness = np.diff(mesh.z_m[[*stack.first, -1]])
    assert thickness == pytest.approx([0.2e-3, 0.05e-3, 2e-3, 6e-3])


def test_capacities_are_those_of_the_volumes():
    stack = hotspot_geometry(network(), [True, False], [1.6e6, 4e6, 3.5e6, 2.4e6])
    wanted = 1.6e6 * 2e-8 + 4e6 * 5e-9 + 3.5e6 * 24e-3**2 * 2e-3 + 2.4e6 * 48e-3**2 * 6e-3
    assert stack.capacity_j_per_k.sum() == pytest.approx(wanted)


def test_a_layer_without_lateral_conduction_makes_a_hot_spot_hotter():
    spot = (4e-3, 6e-3, 4e-3, 6e-3)
    with_lateral = geometry_rise(network(), spot)[1]
    without = geometry_rise(network(lateral=[False, True]), spot)[1]
    assert without > with_lateral * 1.2
