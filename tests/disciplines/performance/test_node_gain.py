"""One more node against a change of package, on workloads whose answer is plain.

Node ratios are TSMC's public ones for N3E over N5, as reported in 2023: up to 18 % speed at equal power, 32 %
less power at equal speed, 1.6 times the logic density.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.performance.node_gain import gain, node_gain, package_gain, units_ratio

fast = settings(max_examples=30, deadline=None, derandomize=True)

N3E: dict[str, Any] = {"speed_ratio": 1.18, "power_ratio": 0.68, "density_ratio": 1.6}
STREAM = np.array([[1.0, 1.0]])  # one byte an operation
MATRIX = np.array([[1.0, 1e-3]])
ROOFS = np.array([1000e12, 3e12])


def test_a_memory_bound_workload_gains_nothing_from_the_node_and_all_of_the_package() -> None:
    node = node_gain([1.0], STREAM, ROOFS, **N3E)
    assert (node.faster, node.more_units, node.best) == (0.0, 0.0, 0.0)
    assert package_gain([1.0], STREAM, ROOFS, ROOFS * np.array([1.0, 1.5])) == pytest.approx(0.5, rel=1e-12)


def test_a_compute_bound_workload_gains_the_node_and_nothing_of_the_bandwidth() -> None:
    node = node_gain([1.0], MATRIX, ROOFS, **N3E)
    assert node.faster == pytest.approx(0.18, rel=1e-12)
    assert node.more_units == pytest.approx(1.0 / 0.68 - 1.0, rel=1e-12)  # power, not area, is what runs out
    assert package_gain([1.0], MATRIX, ROOFS, ROOFS * np.array([1.0, 1.5])) == pytest.approx(0.0, abs=1e-12)


def test_a_mixed_workload_gains_by_amdahl() -> None:
    # 1000 operations of compute to 3 of streaming: half of the time each, t = 0.5 + 0.5 / 1.18
    share = 3.0 / 1003.0
    demands = np.array([[1.0, 0.0], [0.0, 1.0]])
    node = node_gain([1.0 - share, share], demands, ROOFS, **N3E)
    assert node.faster == pytest.approx(1.0 / (0.5 + 0.5 / 1.18) - 1.0, rel=1e-9)


def test_the_gain_stops_at_the_next_roof() -> None:
    nearly = np.array([[1.0, 2.8e-3]])  # ridge at 3e-3 B/op: 7.1 % of room
    assert node_gain([1.0], nearly, ROOFS, **N3E).faster == pytest.approx(3.0 / 2.8 - 1.0, rel=1e-12)


def test_area_or_power_limits_the_units() -> None:
    assert units_ratio(1.6, 0.68) == pytest.approx(1.0 / 0.68, rel=1e-12)
    assert units_ratio(1.2, 0.5) == pytest.approx(1.2, rel=1e-12)


def test_gain_is_relative() -> None:
    assert gain(150.0, 100.0) == pytest.approx(0.5, rel=1e-12)


def test_candidates_times_nodes_in_one_call() -> None:
    roofs = ROOFS * np.array([[0.1, 1.0], [1.0, 1.0], [100.0, 1.0]])
    node = node_gain(
        [1.0], MATRIX, roofs, speed_ratio=1.18, power_ratio=np.array([0.9, 0.68, 0.5]), density_ratio=1.6
    )
    assert node.faster.shape == (3,)
    np.testing.assert_allclose(node.faster, [0.18, 0.18, 0.0], atol=1e-12)
    assert node.more_units[0] == pytest.approx(1.0 / 0.9 - 1.0, rel=1e-12)


@fast
@given(st.floats(1e-4, 1e-1), st.floats(1.0, 1.5), st.floats(0.4, 1.0), st.floats(1.0, 2.0))
def test_a_better_node_never_costs_throughput_nor_gains_more_than_its_ratios(
    intensity: float, speed: float, power: float, density: float
) -> None:
    node = node_gain(
        [1.0], [[1.0, intensity]], ROOFS, speed_ratio=speed, power_ratio=power, density_ratio=density
    )
    assert -1e-12 <= node.faster <= speed - 1.0 + 1e-12
    assert -1e-12 <= node.more_units <= units_ratio(density, power) - 1.0 + 1e-12


@pytest.mark.parametrize("name", ["speed_ratio", "power_ratio", "density_ratio"])
def test_impossible_ratios_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="ratios"):
        node_gain([1.0], STREAM, ROOFS, **(N3E | {name: 0.0}))
