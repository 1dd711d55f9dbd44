"""The roofline against its paper, its slopes against differences, and what can only help."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from packfirst.disciplines.performance.roofline import ridge_op_per_byte, roofline

fast = settings(max_examples=30, deadline=None, derandomize=True)
seeds = st.integers(0, 2**31)


def workload(seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """A random workload of four kernels on compute, memory and two links."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(4))
    demands = np.concatenate([np.ones((4, 1)), 10.0 ** rng.uniform(-3.0, 1.0, (4, 3))], axis=1)
    capacities = 10.0 ** rng.uniform([12.0, 11.0, 10.0, 10.0], [15.0, 13.0, 12.0, 12.0])
    return shares, demands, capacities


def test_opteron_x2_of_the_roofline_paper() -> None:
    """Williams, Waterman, Patterson 2009, Figure 1a: 17.6 GFLOP/s, 15 GB/s, slope 15 up to the ridge."""
    intensity = np.array([0.25, 0.5, 1.0, 2.0, 16.0])
    demands = np.stack([np.ones(5), 1.0 / intensity], axis=-1)[:, np.newaxis, :]
    found = roofline([1.0], demands, [17.6e9, 15e9])
    np.testing.assert_allclose(found.throughput_op_per_s / 1e9, [3.75, 7.5, 15.0, 17.6, 17.6], rtol=1e-12)
    np.testing.assert_array_equal(found.binding, [1, 1, 1, 0, 0])
    assert ridge_op_per_byte(17.6e9, 15e9) == pytest.approx(17.6 / 15.0, rel=1e-12)


def test_ridge_of_a_graphics_processor_by_its_data_sheet() -> None:
    """NVIDIA H100 SXM: 989 TFLOP/s dense BF16 and 3.35 TB/s, often quoted as a ridge of 295 FLOP/B."""
    assert ridge_op_per_byte(989e12, 3.35e12) == pytest.approx(295.0, abs=0.5)


def test_kernels_add_in_time_as_amdahl_has_it() -> None:
    # Half of the operations stream 1 B each at 1 B/s, half take 1/9 s each: 1 / (0.5 + 0.5 / 9)
    demands = np.array([[1.0, 1.0], [1.0, 0.0]])
    found = roofline([0.5, 0.5], demands, [9.0, 1.0])
    assert found.throughput_op_per_s == pytest.approx(1.8, rel=1e-12)
    np.testing.assert_array_equal(found.kernel_binding, [1, 0])
    np.testing.assert_allclose(found.binding_share, [0.1, 0.9], rtol=1e-12)
    assert found.binding == 1


def test_at_a_tie_more_of_one_gains_nothing_and_less_costs_in_full() -> None:
    found = roofline([1.0], [[1.0, 0.5]], [100.0, 50.0])
    assert found.throughput_op_per_s == pytest.approx(100.0, rel=1e-12)
    np.testing.assert_array_equal(found.slope_up, [0.0, 0.0])
    np.testing.assert_allclose(found.slope_down, [1.0, 2.0], rtol=1e-12)
    assert found.binding == 0
    np.testing.assert_array_equal(found.binding_share, [1.0, 0.0])


@fast
@given(seeds, st.integers(0, 3))
def test_slopes_are_those_of_small_steps_either_way(seed: int, resource: int) -> None:
    shares, demands, capacities = workload(seed)
    found = roofline(shares, demands, capacities)
    for sign, slope in ((1.0, found.slope_up), (-1.0, found.slope_down)):
        step = np.zeros(4)
        step[resource] = sign * 1e-6 * capacities[resource]
        moved = roofline(shares, demands, capacities + step).throughput_op_per_s
        difference = (moved - found.throughput_op_per_s) / step[resource]
        scale = found.throughput_op_per_s / capacities[resource]
        assert difference == pytest.approx(float(slope[resource]), rel=1e-4, abs=1e-5 * float(scale))


@fast
@given(seeds, st.floats(1.0, 10.0), st.integers(0, 3))
def test_more_of_any_resource_never_lowers_throughput(seed: int, times: float, resource: int) -> None:
    shares, demands, capacities = workload(seed)
    more = capacities.copy()
    more[resource] *= times
    base = roofline(shares, demands, capacities).throughput_op_per_s
    assert roofline(shares, demands, more).throughput_op_per_s >= base * (1.0 - 1e-12)


@fast
@given(seeds, st.floats(0.1, 10.0))
def test_all_roofs_times_a_factor_is_throughput_times_it_and_elasticities_sum_to_one(
    seed: int, times: float
) -> None:
    shares, demands, capacities = workload(seed)
    found = roofline(shares, demands, capacities)
    scaled = roofline(shares, demands, capacities * times).throughput_op_per_s
    assert scaled == pytest.approx(float(found.throughput_op_per_s) * times, rel=1e-12)
    elasticity = found.slope_up * capacities / found.throughput_op_per_s
    assert np.sum(elasticity) == pytest.approx(1.0, rel=1e-9)
    np.testing.assert_allclose(elasticity, found.binding_share, rtol=1e-9, atol=1e-12)


@fast
@given(seeds)
def test_cutting_a_kernel_in_two_changes_nothing(seed: int) -> None:
    shares, demands, capacities = workload(seed)
    cut = np.concatenate([[0.3 * shares[0], 0.7 * shares[0]], shares[1:]])
    whole = roofline(shares, demands, capacities)
    parts = roofline(cut, np.concatenate([demands[:1], demands]), capacities)
    assert parts.throughput_op_per_s == pytest.approx(float(whole.throughput_op_per_s), rel=1e-12)
    np.testing.assert_allclose(parts.slope_up, whole.slope_up, rtol=1e-9)


@fast
@given(seeds)
def test_no_kernel_beats_a_single_roof(seed: int) -> None:
    shares, demands, capacities = workload(seed)
    found = roofline(shares, demands, capacities).throughput_op_per_s
    assert found <= np.min(capacities / (shares @ demands)) * (1.0 + 1e-12)


def test_candidates_in_one_call_are_each_as_alone() -> None:
    shares, demands, capacities = workload(7)
    many = capacities * np.array([1.0, 2.0, 5.0])[:, np.newaxis] * np.array([1.0, 3.0, 1.0, 0.2])
    together = roofline(shares, demands, many)
    for index in range(3):
        alone = roofline(shares, demands, many[index])
        assert together.throughput_op_per_s[index] == alone.throughput_op_per_s
        np.testing.assert_array_equal(together.slope_up[index], alone.slope_up)


@pytest.mark.parametrize(
    ("shares", "demands", "capacities", "said"),
    [
        ([0.5, 0.4], [[1.0], [1.0]], [1.0], "sum to 1"),
        ([1.5, -0.5], [[1.0], [1.0]], [1.0], "negative"),
        ([1.0], [[0.0, 0.0]], [1.0, 1.0], "demand"),
        ([1.0], [[1.0, -1.0]], [1.0, 1.0], "demand"),
        ([1.0], [[1.0, 1.0]], [1.0, 0.0], "capacity"),
    ],
)
def test_impossible_workloads_are_refused(
    shares: list[float], demands: list[list[float]], capacities: list[float], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        roofline(shares, demands, capacities)
