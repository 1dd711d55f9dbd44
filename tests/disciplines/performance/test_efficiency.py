"""Throughput per watt, against the energy roofline of Choi and others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.performance.efficiency import efficiency, energy_per_op_j

fast = settings(max_examples=30, deadline=None, derandomize=True)


def test_energy_roofline_of_the_fermi_example() -> None:
    """Choi and others 2013, Table II and Figure 2 (recalled): 25 pJ/flop and 360 pJ/B, balance 14.4 flop/B.

    At that intensity half of the 40 GFLOP/J is left, and a quarter at a third of it.
    """
    balance = 360.0 / 25.0
    intensity = np.array([balance / 3.0, balance, 1e9])
    demands = np.stack([np.ones(3), 1.0 / intensity], axis=-1)[:, np.newaxis, :]
    found = 1.0 / energy_per_op_j([1.0], demands, [25e-12, 360e-12], 0.0, 515e9)
    np.testing.assert_allclose(found / 1e9, [10.0, 20.0, 40.0], rtol=1e-6)
    assert balance == pytest.approx(14.4)


def test_constant_power_is_spread_over_the_throughput() -> None:
    found = energy_per_op_j([0.25, 0.75], [[1.0, 4.0], [1.0, 0.0]], [2e-12, 10e-12], 100.0, 1e14)
    assert found == pytest.approx(2e-12 + 0.25 * 4.0 * 10e-12 + 1e-12, rel=1e-12)


@fast
@given(st.floats(1e9, 1e16), st.floats(1.0, 2000.0))
def test_slopes_are_those_of_small_steps(throughput: float, power: float) -> None:
    found = efficiency(throughput, power)
    assert found.op_per_j * power == pytest.approx(throughput, rel=1e-12)
    up, down = (efficiency(throughput, power * (1.0 + step)).op_per_j for step in (1e-6, -1e-6))
    assert (up - down) / (2e-6 * power) == pytest.approx(float(found.slope_power), rel=1e-6)
    more = efficiency(throughput * 1.5, power).op_per_j - found.op_per_j
    assert more / (0.5 * throughput) == pytest.approx(float(found.slope_throughput), rel=1e-9)


def test_no_power_is_refused() -> None:
    with pytest.raises(ValueError, match="power"):
        efficiency(1.0, [1.0, 0.0])
