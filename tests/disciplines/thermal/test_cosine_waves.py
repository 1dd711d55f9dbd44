"""Cosine transforms against their definition and against scipy's."""

import numpy as np
import pytest
import scipy.fft
from hypothesis import given
from hypothesis import strategies as st

from packfirst.disciplines.thermal import cosine_waves


@given(st.integers(1, 40), st.integers(1, 17), st.integers(0, 9))
def test_same_as_scipy_and_its_own_inverse(n, m, seed):
    x = np.random.default_rng(seed).standard_normal((2, m, n))
    wave = cosine_waves.forward_plane(x)
    assert wave == pytest.approx(scipy.fft.dctn(x, axes=(1, 2), norm="ortho"), abs=1e-12)
    assert cosine_waves.inverse_plane(wave) == pytest.approx(x, abs=1e-12)


def test_definition():
    n, x = 6, np.arange(6.0) ** 2
    k = np.arange(n)[:, None]
    wanted = (np.cos(np.pi * k * (2 * np.arange(n) + 1) / (2 * n)) * x).sum(axis=1) * np.sqrt(2 / n)
    wanted[0] /= np.sqrt(2)
    assert cosine_waves.forward(x) == pytest.approx(wanted, abs=1e-12)
