"""Coolant that warms along a plate: exact balances, the exponential of a plate that conducts nothing, and slopes."""

from dataclasses import replace

import numpy as np
import pytest

from packfirst.disciplines.thermal.conduction import Problem, prepare
from packfirst.disciplines.thermal.coolant import Stream
from packfirst.disciplines.thermal.coupled import Coupling, Laws
from packfirst.disciplines.thermal.mesh import Mesh

INLET_K, RATE, FILM, LENGTH, WIDTH = 308.0, 40.0, 4000.0, 0.06, 0.04


def plate(
    conductivity: float, rate: float = RATE, film: float = FILM, inlet: float = INLET_K, nx: int = 24
) -> Coupling:
    mesh = Mesh(
        x_m=np.linspace(0.0, LENGTH, nx + 1), y_m=np.linspace(0.0, WIDTH, 3), z_m=np.array([0.0, 1e-3, 2e-3])
    )
    k = np.full(mesh.shape, conductivity)
    kz = np.full(mesh.shape, 1e5)
    plain = Problem(mesh=mesh, kx=k, ky=k, kz=kz, h_top=np.full((nx, 2), film), t_top_k=inlet)
    stream = Stream(
        slice_of=np.broadcast_to(np.arange(nx)[:, None], (nx, 2)), film="top", capacity_rate_w_per_k=rate,
        inlet_k=inlet,
    )  # fmt: skip
    return Coupling(plain, Laws(exponent=np.zeros(mesh.shape), stream=stream), prepare(plain))


def even_heat(coupling: Coupling, power: float = 400.0) -> np.ndarray:
    shape = coupling.plain.mesh.shape
    return np.full((1, *shape), power / np.prod(shape))


@pytest.mark.parametrize("conductivity", [1e-6, 10.0, 400.0])
def test_what_goes_in_warms_the_coolant(conductivity):
    coupling = plate(conductivity)
    done = coupling.solve(even_heat(coupling), tolerance=1e-11)
    assert coupling.stream_heat_w(done.solution.temperature_k[0]) == pytest.approx(400.0, rel=1e-8)
    assert done.solution.balance[0] < 1e-8


def test_even_heat_on_a_plate_that_does_not_spread_warms_along_a_straight_line():
    """T_f = T_in + q x / w to the middle of each slice, and T = T_f + q / (h A): exact for any number of slices."""
    coupling = plate(1e-6)
    done = coupling.solve(even_heat(coupling), tolerance=1e-12)
    top = done.solution.temperature_k[0][:, 0, -1]
    middle = coupling.plain.mesh.centres_m[0]
    exact = INLET_K + 400.0 / RATE * middle / LENGTH + 400.0 / (FILM * LENGTH * WIDTH)
    assert np.abs(top - exact).max() < 2e-3


def test_a_plate_of_one_temperature_cools_as_an_exchanger():
    """Q = w (1 - e^-NTU) (T - T_in), NTU = h A / w; the slices' means come to it with second order."""
    film = 40e3
    ntu = film * LENGTH * WIDTH / RATE
    exact = INLET_K + 400.0 / (RATE * (1.0 - np.exp(-ntu)))
    errors = []
    for nx in (6, 12, 24):
        coupling = plate(1e7, film=film, nx=nx)
        done = coupling.solve(even_heat(coupling), tolerance=1e-9)
        errors.append(abs(float(done.solution.temperature_k[0].mean()) - exact))
    assert errors[0] / errors[1] == pytest.approx(4.0, rel=0.15)
    assert errors[-1] < 2e-3 * (exact - INLET_K)


def test_much_flow_is_a_coolant_that_does_not_warm():
    coupling = plate(50.0, rate=1e9)
    done = coupling.solve(even_heat(coupling), tolerance=1e-12)
    plain = prepare(coupling.plain).solve(even_heat(coupling), tolerance=1e-12)
    assert np.abs(done.solution.temperature_k - plain.temperature_k).max() < 1e-5


def test_less_flow_is_hotter_and_the_outlet_hotter_than_the_inlet():
    fields = []
    for rate in (200.0, 80.0, 20.0):
        coupling = plate(50.0, rate=rate)
        fields.append(coupling.solve(even_heat(coupling)).solution.temperature_k[0])
    assert fields[0].max() < fields[1].max() < fields[2].max()
    assert fields[2][-1, 0, 0] > fields[2][0, 0, 0]


def test_slopes_through_the_stream_are_differences():
    """The watt that is put in upstream is felt downstream; by film, rate and inlet as the carried adjoint says."""
    coupling = plate(30.0)
    power = even_heat(coupling)
    power[0, 2, 0, 0] += 60.0
    done = coupling.solve(power, tolerance=1e-12)
    field = done.solution.temperature_k[0]
    state = coupling.state(0, field, done.nearby[0])
    weights = np.zeros_like(power)
    spot = (0, 17, 1, 0)
    weights[spot] = 1.0
    (adjoint,) = coupling.adjoints(state, weights, tolerance=1e-12)
    step = 1.0
    for cell in ((0, 2, 0, 0), (0, 20, 1, 1)):
        ends = []
        for sign in (1.0, -1.0):
            moved = power.copy()
            moved[cell] += sign * step
            ends.append(coupling.solve(moved, tolerance=1e-12).solution.temperature_k[spot])
        assert adjoint[cell[1:]] == pytest.approx((ends[0] - ends[1]) / (2.0 * step), rel=1e-6)
    # upstream heat is felt downstream more than the other way about
    assert adjoint[2, 0, 0] > adjoint[22, 0, 0]
    (film,) = state.prepared.films
    (stream,) = state.streams
    lam = adjoint.ravel()[film.cell]
    felt = lam - stream.carried(lam)[stream.slice_]
    over = field.ravel()[film.cell] - film.t_k
    by_film = -float((felt * over * film.slope_to_film_m2).sum())
    by_inlet = float((felt * film.conductance_w_per_k).sum())
    carried = stream.carried(lam)
    by_rate = (
        -float(
            (
                carried * stream.heat_w(field.ravel()[film.cell], stream.coolant_k(field.ravel()[film.cell]))
            ).sum()
        )
        / RATE
    )
    for slope, name, size in ((by_film, "film", 4.0), (by_inlet, "inlet", 0.5), (by_rate, "rate", 0.04)):
        at = {"film": FILM, "inlet": INLET_K, "rate": RATE}[name]
        ends = [
            plate(30.0, **{name: at + sign * size}).solve(power, tolerance=1e-12).solution.temperature_k[spot]
            for sign in (1.0, -1.0)
        ]
        assert slope == pytest.approx((ends[0] - ends[1]) / (2.0 * size), rel=1e-5)
    assert by_inlet == pytest.approx(1.0, rel=1e-9)  # all that it is cooled by


def test_a_stream_that_covers_a_part_leaves_the_rest_to_its_film():
    coupling = plate(50.0)
    half = np.where(np.arange(24)[:, None] < 12, np.arange(24)[:, None], -1)
    laws = replace(
        coupling.laws, stream=replace(coupling.laws.stream, slice_of=np.broadcast_to(half, (24, 2)))
    )
    part = Coupling(coupling.plain, laws, coupling.near)
    done = part.solve(even_heat(part), tolerance=1e-11)
    assert done.solution.balance[0] < 1e-8
    assert 0.0 < part.stream_heat_w(done.solution.temperature_k[0]) < 400.0
