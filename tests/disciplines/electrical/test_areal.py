"""Vertical bonds: one data fraction against the four areal bandwidths of UCIe-3D."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.electrical.areal import (
    area_needed_m2,
    areal_bandwidth_byte_per_s_m2,
    connections_per_m2,
    lanes_in_area,
)
from packfirst.disciplines.electrical.lanes import edge_bandwidth_byte_per_s_m

UCIE = tomllib.loads((Path(__file__).parents[2] / "references" / "electrical" / "ucie.toml").read_text())

fast = settings(max_examples=30, deadline=None, derandomize=True)


def test_the_data_fraction_of_nine_micrometres_predicts_five_three_and_one() -> None:
    table = UCIE["stacked"]
    pitch, printed = np.array(table["areal"], dtype=float).T
    rate = table["rate_gt_per_s"] * 1e9
    whole = areal_bandwidth_byte_per_s_m2(pitch * 1e-6, rate, 1.0) / 1e18
    fraction = printed[0] / whole[0]
    assert fraction == pytest.approx(0.648, abs=0.0005)
    found = areal_bandwidth_byte_per_s_m2(pitch * 1e-6, rate, fraction) / 1e18
    np.testing.assert_allclose(found[1:], printed[1:], rtol=0.085)


def test_a_flat_module_by_its_depth_meets_the_published_areal_figure() -> None:
    """The published 1.35 TB/s/mm2 is for a shallower cell than the library's: 7 % apart."""
    cell = UCIE["cell"]["advanced"]
    depth = cell["area_mm2"] / cell["edge_mm"] * 1e-3
    found = edge_bandwidth_byte_per_s_m(32e9, UCIE["advanced"]["lanes"], cell["edge_mm"] * 1e-3) / depth
    assert found / 1e18 == pytest.approx(UCIE["areal"]["tb_per_s_mm2"], rel=0.08)


def test_a_square_lattice_of_nine_micrometres_has_12346_bonds_per_square_millimetre() -> None:
    assert connections_per_m2(9e-6) / 1e6 == pytest.approx(1e6 / 81.0, rel=1e-12)
    assert lanes_in_area(1e-6, 10e-6, 0.5) == 5000


@fast
@given(st.floats(1e-6, 25e-6), st.floats(0.2, 1.0), st.floats(0.1, 1.0), st.floats(1e9, 1e13))
def test_a_finer_pitch_is_never_less_dense_and_area_undoes_density(
    pitch: float, finer: float, fraction: float, bandwidth: float
) -> None:
    assert lanes_in_area(1e-6, pitch * finer, fraction) >= lanes_in_area(1e-6, pitch, fraction)
    area = area_needed_m2(bandwidth, pitch, 4e9, fraction)
    assert area * areal_bandwidth_byte_per_s_m2(pitch, 4e9, fraction) == pytest.approx(bandwidth, rel=1e-12)
    assert area_needed_m2(bandwidth, pitch * finer, 4e9, fraction) <= area * (1.0 + 1e-12)
