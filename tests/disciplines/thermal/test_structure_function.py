"""Ladders found again from their step responses, whose exact form comes from an eigenvalue problem written here."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.thermal.structure_function import Spectrum, foster_to_cauer, ladder, spectrum


def modes_of(resistance, capacity):
    """Time constants and shares of the driving-point response of a grounded RC ladder."""
    n = len(resistance)
    stiffness = np.zeros((n, n))
    for i, g in enumerate(1.0 / np.asarray(resistance)):
        stiffness[i, i] += g
        if i + 1 < n:
            stiffness[i + 1, i + 1] += g
            stiffness[i, i + 1] -= g
            stiffness[i + 1, i] -= g
    root = 1.0 / np.sqrt(capacity)
    rate, vector = np.linalg.eigh(root[:, None] * stiffness * root)
    return 1.0 / rate, (root[0] * vector[0]) ** 2 / rate


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.floats(0.05, 5.0), st.floats(0.01, 20.0)), min_size=1, max_size=6),
)
def test_a_ladder_is_found_again_from_its_exact_modes(rungs):
    resistance, capacity = np.array(rungs).T
    tau, share = modes_of(resistance, capacity)
    found = foster_to_cauer(tau, share)
    # what double precision leaves of the modes decides, and rungs far from the junction are seen through all before
    np.testing.assert_allclose(found.resistance_k_per_w, resistance, rtol=1e-4)
    np.testing.assert_allclose(found.capacity_j_per_k, capacity, rtol=1e-4)


# die, die attach and base, heat spreader, sink: steps that stand a decade and more apart
R, C = np.array([0.05, 0.2, 0.3, 1.0]), np.array([1e-3, 2e-2, 1.0, 50.0])


def sampled(noise=0.0):
    tau, share = modes_of(R, C)
    time = np.geomspace(1e-7, 3e3, 400)
    z_th = Spectrum(tau_s=tau, share_k_per_w=share).impedance(time)
    return time, z_th * (1.0 + noise * np.random.default_rng(1).standard_normal(len(time)))


@pytest.mark.parametrize(("noise", "band"), [(0.0, 0.10), (2e-4, 0.15)])
def test_each_part_of_a_path_stands_where_it_is(noise, band):
    """Within a tenth of the heat capacity at the middle of each resistance; steps themselves are rounded off."""
    time, z_th = sampled(noise)
    found = ladder(spectrum(time, z_th))
    inner = np.concatenate([[0.0], np.cumsum(R)])
    middles = 0.5 * (inner[1:] + inner[:-1])
    np.testing.assert_allclose(found.capacity_up_to(middles), np.cumsum(C), rtol=band)


def test_of_an_even_rod_capacity_grows_evenly_with_resistance():
    """Its structure function is a straight line, exactly. The line is found; the blur makes it a tenth too steep."""
    tau, share = modes_of(np.full(200, 1.0 / 200), np.full(200, 1.0 / 200))
    time = np.geomspace(1e-6, 1e2, 500)
    path = ladder(spectrum(time, Spectrum(tau_s=tau, share_k_per_w=share).impedance(time)))
    r, c = path.cumulative
    near, middle, far = np.interp([0.2, 0.4, 0.6], r, c)
    assert middle / near == pytest.approx(2.0, rel=0.05)
    assert far / near == pytest.approx(3.0, rel=0.05)
    assert middle == pytest.approx(0.4, rel=0.15)


def test_the_whole_resistance_is_kept_and_the_response_is_the_one_given():
    time, z_th = sampled()
    found = spectrum(time, z_th)
    assert found.share_k_per_w.sum() == pytest.approx(R.sum(), rel=1e-3)
    assert np.abs(found.impedance(time) - z_th).max() < 0.005 * R.sum()
    path = ladder(found)
    assert path.resistance_k_per_w.sum() == pytest.approx(R.sum(), rel=1e-3)
    assert (path.resistance_k_per_w > 0.0).all() and (path.capacity_j_per_k > 0.0).all()


def test_a_larger_heat_capacity_moves_the_step_up_and_not_sideways():
    time = np.geomspace(1e-7, 3e4, 400)
    steps = []
    for factor in (1.0, 3.0):
        tau, share = modes_of(R, C * np.array([1.0, 1.0, factor, 1.0]))
        path = ladder(spectrum(time, Spectrum(tau_s=tau, share_k_per_w=share).impedance(time)))
        steps.append(path.capacity_up_to([0.15, 0.4]))
    assert steps[1][0] == pytest.approx(steps[0][0], rel=0.05)
    assert steps[1][1] / steps[0][1] == pytest.approx(3.0, rel=0.1)


@pytest.mark.parametrize(
    ("time", "z_th", "says"),
    [
        ([1.0, 2.0], [1.0, 2.0], "ten or more"),
        (np.arange(1.0, 12.0)[::-1], np.arange(11.0), "rising times"),
        (np.arange(1.0, 12.0), np.ones(11), "an impedance that rises"),
        (np.arange(1.0, 12.0), np.full(11, np.nan), "finite"),
        (np.arange(1.0, 12.0), np.ones(10), "one length"),
    ],
)
def test_what_is_no_response_is_refused(time, z_th, says):
    with pytest.raises(ValueError, match=says):
        spectrum(time, z_th)


@pytest.mark.parametrize(
    ("tau", "share", "says"),
    [
        ([1.0, 1.0], [1.0, 1.0], "twice"),
        ([1.0, -1.0], [1.0, 1.0], "positive"),
        ([1.0], [1.0, 2.0], "one length"),
    ],
)
def test_what_is_no_network_is_refused(tau, share, says):
    with pytest.raises(ValueError, match=says):
        foster_to_cauer(tau, share)
