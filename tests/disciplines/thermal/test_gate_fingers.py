"""Gate fingers against a resolved solution of the same half-cell, against early and late exact limits, and by laws."""

import numpy as np
import pytest

from packfirst.disciplines.thermal import gate_fingers as fingers
from packfirst.disciplines.thermal.conduction import Problem, prepare
from packfirst.disciplines.thermal.coupled import Coupling, Laws
from packfirst.disciplines.thermal.gate_fingers import Layers, Transistor
from packfirst.disciplines.thermal.mesh import Mesh
from packfirst.disciplines.thermal.transient import march
from packfirst.disciplines.thermal.varying_conductivity import ratio, true_temperature

STRIP_M, PITCH_M, BELOW_K = 0.5e-6, 40e-6, 350.0
# Gallium nitride on its carrier; conductivities at 300 K, exponents and boundaries of the size that the literature has:
# [GaN/SiC: A. Sarua et al., IEEE Trans. Electron Devices 54(12), 3152, 2007].
ON_SIC = Layers(
    thickness_m=np.array([2e-6, 100e-6]), conductivity_w_per_m_k=np.array([160.0, 420.0]),
    exponent=np.array([1.4, 1.3]), contact_m2k_per_w=np.array([2e-8, 0.0]),
    volumetric_heat_j_per_m3_k=np.array([3.0e6, 2.2e6]),
)  # fmt: skip
ON_DIAMOND = Layers(
    thickness_m=np.array([1e-6, 100e-6]), conductivity_w_per_m_k=np.array([160.0, 1500.0]),
    exponent=np.array([1.4, 0.6]), contact_m2k_per_w=np.array([3e-8, 0.0]),
)  # fmt: skip


def constant(layers: Layers) -> Layers:
    return Layers(
        thickness_m=layers.thickness_m, conductivity_w_per_m_k=layers.conductivity_w_per_m_k,
        exponent=0.0 * layers.exponent, contact_m2k_per_w=layers.contact_m2k_per_w,
        volumetric_heat_j_per_m3_k=layers.volumetric_heat_j_per_m3_k,
    )  # fmt: skip


def half_cell(power_w_per_m: float, layers: Layers, cells: int = 12):
    """The half-cell on a graded grid, the heat of its cells, and which of them the strip is."""
    a, b, growth = STRIP_M / 2.0, PITCH_M / 2.0, 1.12
    dx, size = [a / cells] * cells, a / cells
    while sum(dx) < b:
        size *= growth
        dx.append(min(size, b - sum(dx)))
    if dx[-1] < 0.2 * dx[-2]:
        dx[-2:] = [dx[-2] + dx[-1]]
    dz, of, size = [], [], a / cells / 2.0
    for number, thickness in enumerate(layers.thickness_m):
        left = thickness
        while left > 0.0:
            step = left if left < 1.3 * size else size
            dz.append(step)
            of.append(number)
            left -= step
            size *= growth
        size = dz[-1]
    heights, of = np.array(dz[::-1]), np.array(of[::-1])
    mesh = Mesh(
        x_m=np.concatenate([[0.0], np.cumsum(dx)]), y_m=np.array([0.0, 1e-6]),
        z_m=np.concatenate([[0.0], np.cumsum(heights)]),
    )  # fmt: skip
    nx, _, nz = mesh.shape
    k = np.ascontiguousarray(np.broadcast_to(layers.conductivity_w_per_m_k[of], (nx, 1, nz)))
    contact = np.zeros((nx, 1, nz + 1))
    for level in range(nz - 1):
        if of[level] != of[level + 1]:
            contact[:, :, level + 1] = layers.contact_m2k_per_w[of[level + 1]]
    problem = Problem(
        mesh=mesh, kx=k, ky=k, kz=k, h_bottom=np.full((nx, 1), np.inf), t_bottom_k=BELOW_K,
        face_resistance_z_m2k_per_w=contact,
    )  # fmt: skip
    heat = np.zeros((1, nx, 1, nz))
    heat[0, :cells, 0, -1] = power_w_per_m * 1e-6 / 2.0 / cells
    return problem, heat[0], np.s_[:cells, 0, -1]


def resolved(power_w_per_m: float, layers: Layers) -> tuple[float, float]:
    """Peak and mean rise of the strip by finite volumes. [K]"""
    problem, heat, strip = half_cell(power_w_per_m, layers)
    of = problem.kz == layers.conductivity_w_per_m_k[0]
    exponent = np.where(of, layers.exponent[0], layers.exponent[1])
    done = Coupling(problem, Laws(exponent=exponent), prepare(problem)).solve(heat[None], tolerance=1e-8)
    rise = done.solution.temperature_k[0][strip] - BELOW_K
    return float(rise[0]), float(rise.mean())


@pytest.mark.parametrize("layers", [ON_SIC, ON_DIAMOND], ids=["SiC", "diamond"])
def test_at_constant_conductivity_the_series_is_the_resolved_cell(layers):
    peak, mean = resolved(5e3, constant(layers))
    found = [
        fingers.channel(5e3, STRIP_M, PITCH_M, constant(layers), BELOW_K, at).rise_k
        for at in ("peak", "mean")
    ]
    # what is left is the resolved cell's: its temperature is half a cell below the face
    assert found[0] == pytest.approx(peak, rel=0.006)
    assert found[1] == pytest.approx(mean, rel=0.006)
    assert found[0] > found[1]


@pytest.mark.parametrize(
    ("power_w_per_mm", "layers", "within"),
    [(1.0, ON_SIC, 0.01), (5.0, ON_SIC, 0.01), (5.0, ON_DIAMOND, 0.02), (10.0, ON_SIC, 0.02), (10.0, ON_DIAMOND, 0.03)],
)  # fmt: skip
def test_with_falling_conductivity_it_is_near_and_on_the_high_side(power_w_per_mm, layers, within):
    """1 W/mm is backed off, 5 W/mm usual, 10 W/mm the edge of what anybody builds."""
    peak, _ = resolved(1e3 * power_w_per_mm, layers)
    found = fingers.channel(1e3 * power_w_per_mm, STRIP_M, PITCH_M, layers, BELOW_K).rise_k
    assert 0.0 <= found / peak - 1.0 < within
    # and it matters: a third more than at constant conductivity
    if power_w_per_mm == 5.0 and layers is ON_SIC:
        flat = fingers.channel(5e3, STRIP_M, PITCH_M, constant(layers), BELOW_K).rise_k
        assert found > 1.3 * flat


def test_one_layer_of_one_crystal_bends_as_kirchhoff_says():
    """All of one material on a held plane: the whole rise is an apparent one, exactly."""
    one = Layers(
        thickness_m=np.array([100e-6]), conductivity_w_per_m_k=np.array([420.0]), exponent=np.array([1.3]),
        contact_m2k_per_w=np.array([0.0]),
    )  # fmt: skip
    base = one.conductivity_w_per_m_k * ratio(BELOW_K, 1.3)
    linear = 5e3 / STRIP_M * fingers.unit_rises(STRIP_M, PITCH_M, one, base)[0].real
    exact = float(true_temperature(linear, BELOW_K, 1.3)) - BELOW_K
    assert fingers.channel(5e3, STRIP_M, PITCH_M, one, BELOW_K).rise_k == pytest.approx(exact, rel=0.01)


def test_a_strip_as_wide_as_its_pitch_is_even_flow():
    found = fingers.channel(5e3, PITCH_M, PITCH_M, constant(ON_SIC), BELOW_K)
    through = (ON_SIC.thickness_m / ON_SIC.conductivity_w_per_m_k + ON_SIC.contact_m2k_per_w).sum()
    assert found.rise_k == pytest.approx(5e3 / PITCH_M * through, rel=1e-9)
    assert found.rise_k == pytest.approx(found.mean_rise_k, rel=1e-9)


def test_what_hurts_hurts():
    def rise(strip=STRIP_M, pitch=PITCH_M, power=5e3, boundary=2e-8, buffer=2e-6):
        layers = Layers(
            thickness_m=np.array([buffer, 100e-6]), conductivity_w_per_m_k=ON_SIC.conductivity_w_per_m_k,
            exponent=ON_SIC.exponent, contact_m2k_per_w=np.array([boundary, 0.0]),
        )  # fmt: skip
        return fingers.channel(power, strip, pitch, layers, BELOW_K).rise_k

    usual = rise()
    assert rise(strip=0.25e-6) > usual
    assert rise(pitch=30e-6) > usual
    assert rise(boundary=4e-8) > usual
    assert rise(power=5.5e3) > 1.1 * usual
    assert rise(pitch=80e-6) < usual


def row(layers: Layers = ON_SIC) -> Transistor:
    return Transistor(fingers=40, pitch_m=PITCH_M, width_m=120e-6, strip_m=STRIP_M, layers=layers)


def test_over_a_row_the_carrier_is_not_counted_twice():
    """At constant conductivity: the whole rise of the half-cell less what even heat has through the carrier."""
    power, flat = 20.0, constant(ON_SIC)
    per_width = power / (40 * 120e-6)
    whole = fingers.channel(per_width, STRIP_M, PITCH_M, flat, BELOW_K).rise_k
    carrier = per_width / PITCH_M * 100e-6 / 420.0
    assert fingers.over_row(row(flat), power, 380.0) == pytest.approx(whole - carrier, rel=1e-6)
    assert fingers.over_row(row(), 0.0, 380.0) == 0.0
    # with conductivity that falls, a hotter face has a larger rise above it
    assert fingers.over_row(row(), power, 420.0) > fingers.over_row(row(), power, 380.0)


def test_a_microsecond_after_turning_on():
    """Early it is a half-space under even flux, 2 q sqrt(t / (pi k c)); late it is the steady series."""
    k = ON_SIC.conductivity_w_per_m_k[0]
    flat = constant(ON_SIC)
    early = 2e-11
    found = fingers.step_response([0.0, early, 1.0], STRIP_M, PITCH_M, flat, 350.0)
    assert found[0] == 0.0
    # 2 us^0.5 of 20 ps reach 30 nm, a tenth of half the strip
    assert found[1] == pytest.approx(2.0 * np.sqrt(early / (np.pi * k * 3.0e6)), rel=1e-3)
    steady = fingers.unit_rises(STRIP_M, PITCH_M, flat, flat.conductivity_w_per_m_k)[0].real
    assert found[2] == pytest.approx(steady, rel=1e-6)
    times = np.geomspace(1e-9, 1e-2, 15)
    history = fingers.step_response(times, STRIP_M, PITCH_M, flat, 350.0)
    assert (np.diff(history) > -1e-5 * steady).all()
    # within a microsecond about half of the rise over the carrier's lower face is there, the rest takes a millisecond
    assert 0.4 < float(np.interp(1e-6, times, history)) / steady < 0.8


def test_a_microsecond_is_that_of_a_marched_cell():
    """The same half-cell by finite volumes and the solver's own time steps."""
    flat = constant(ON_SIC)
    problem, heat, strip = half_cell(5e3, flat, cells=8)
    capacity = np.where(problem.kx == 160.0, 3.0e6, 2.2e6) * problem.mesh.volume_m3
    times = np.array([0.0, 1e-7, 1e-6, 1e-5])
    run = march(
        problem, capacity, times, lambda _: heat, lambda t: t[strip].mean() - BELOW_K, initial_k=BELOW_K,
        tolerance_k=0.05,
    )  # fmt: skip
    marched = np.interp(times[1:], run.time_s, np.ravel(run.watched))
    found = 5e3 / STRIP_M * fingers.step_response(times[1:], STRIP_M, PITCH_M, flat, 350.0, "mean")
    assert found == pytest.approx(marched, rel=0.015)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"conductivity_w_per_m_k": np.array([1.0])}, "1 for 2 layers"),
        ({"thickness_m": np.array([0.0, 1.0])}, "above zero"),
        ({"contact_m2k_per_w": np.array([-1.0, 0.0])}, "negative"),
    ],
)
def test_layers_that_make_no_sense_are_refused(change, what):
    given = {
        "thickness_m": np.array([1e-6, 1e-4]), "conductivity_w_per_m_k": np.array([100.0, 400.0]),
        "exponent": np.zeros(2), "contact_m2k_per_w": np.zeros(2),
    }  # fmt: skip
    with pytest.raises(ValueError, match=what):
        Layers(**{**given, **change})


def test_a_strip_that_does_not_fit_and_an_unknown_definition_are_refused():
    k = ON_SIC.conductivity_w_per_m_k
    with pytest.raises(ValueError, match="does not fit"):
        fingers.unit_rises(50e-6, 40e-6, ON_SIC, k)
    with pytest.raises(ValueError, match="'peak' or 'mean'"):
        fingers.unit_rises(1e-6, 40e-6, ON_SIC, k, definition="hot")
    with pytest.raises(ValueError, match="transient needs"):
        fingers.step_response([1e-6], STRIP_M, PITCH_M, ON_DIAMOND, 350.0)


def test_heat_that_no_temperature_lets_through_is_said():
    with pytest.raises(fingers.NotSteady):
        fingers.channel(60e3, STRIP_M, PITCH_M, ON_SIC, 500.0)
