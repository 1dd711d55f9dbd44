"""Rate, modules, lanes and shoreline, against UCIe 3.0, BoW and the HBM generations."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.electrical.lanes import (
    allowed_modes,
    edge_bandwidth_byte_per_s_m,
    edge_needed_m,
    highest_rate,
    lanes_needed,
    modules_needed,
)

REFERENCES = Path(__file__).parents[2] / "references" / "electrical"
UCIE = tomllib.loads((REFERENCES / "ucie.toml").read_text())
BOW = tomllib.loads((REFERENCES / "bow.toml").read_text())
HBM = tomllib.loads((REFERENCES / "hbm.toml").read_text())

fast = settings(max_examples=30, deadline=None, derandomize=True)
bandwidths = st.floats(0.0, 1e13)
rates = st.sampled_from([2e9, 4e9, 8e9, 16e9, 24e9, 32e9, 48e9, 64e9])
module_lanes = st.sampled_from([16, 32, 64, 1024])


@pytest.mark.parametrize("kind", ["advanced", "standard"])
def test_shoreline_of_every_ucie_rate_as_printed(kind: str) -> None:
    table = UCIE[kind]
    rate, printed = np.array(table["shoreline"], dtype=float).T
    found = edge_bandwidth_byte_per_s_m(rate * 1e9, table["lanes"], table["module_edge_um"] * 1e-6) / 1e12
    assert np.all(np.abs(found - printed) <= table["half_last_digit"])


@pytest.mark.parametrize("kind", ["advanced", "standard"])
def test_module_bandwidth_of_a_built_cell_library(kind: str) -> None:
    cell = UCIE["cell"][kind]
    per_edge = edge_bandwidth_byte_per_s_m(32e9, UCIE[kind]["lanes"], cell["edge_mm"] * 1e-3)
    assert per_edge * cell["edge_mm"] * 1e-3 * 8.0 == pytest.approx(cell["gbps_both"] * 1e9, rel=1e-12)


def test_pitch_groups_give_the_printed_rates_at_both_ends() -> None:
    groups = UCIE["advanced"]["pitch_groups"]
    mode_rates = np.array([4, 8, 12, 16, 24, 32, 48, 64]) * 1e9
    smallest = np.array([25, 25, 25, 25, 25, 31, 38, 45]) * 1e-6
    pitch = np.array([groups["smallest_um"], groups["largest_um"]]) * 1e-6
    allowed = allowed_modes(
        pitch,
        1e-3,
        mode_pitch_min_m=smallest,
        mode_pitch_max_m=np.full(8, 55e-6),
        mode_reach_m=np.full(8, 2e-3),
    )
    found = highest_rate(allowed, mode_rates).rate_bit_per_s / 1e9
    np.testing.assert_allclose(found, np.array([groups["rate_gt_per_s"]] * 2), rtol=1e-12)


def test_reach_and_energy_take_modes_away_and_none_left_is_said() -> None:
    modes = {
        "mode_pitch_min_m": np.array([100e-6, 100e-6]),
        "mode_pitch_max_m": np.array([130e-6, 130e-6]),
        "mode_reach_m": np.array([25e-3, 10e-3]),
        "mode_energy_j_per_bit": np.array([1.0e-12, 0.5e-12]),
    }
    mode_rates = np.array([16e9, 32e9])
    near = highest_rate(allowed_modes(110e-6, 5e-3, **modes), mode_rates)
    far = highest_rate(allowed_modes(110e-6, 20e-3, **modes), mode_rates)
    frugal = highest_rate(allowed_modes(110e-6, 20e-3, energy_limit_j_per_bit=0.6e-12, **modes), mode_rates)
    assert (near.rate_bit_per_s, far.rate_bit_per_s, frugal.rate_bit_per_s) == (32e9, 16e9, 0.0)
    assert near.found and far.found and not frugal.found
    assert frugal.index == -1
    assert np.isinf(modules_needed(1e9, frugal.rate_bit_per_s, 16))


def test_bow_example_link_takes_eight_slices_each_way() -> None:
    link = BOW["link"]
    slices = modules_needed(
        link["tbps_per_direction"] * 1e12 / 8, link["rate_gbps"] * 1e9, BOW["slice"]["data"]
    )
    assert slices == link["slices_per_direction"]


@pytest.mark.parametrize("row", HBM["bandwidth"]["rows"], ids=lambda row: row[0])
def test_hbm_stack_bandwidth_is_carried_by_exactly_its_bits(row: list[str | float]) -> None:
    _, bits, rate, printed, half_digit = row
    assert float(bits) * float(rate) / 8.0 == pytest.approx(float(printed), abs=float(half_digit))
    exact = float(bits) * float(rate) * 1e9 / 8.0
    assert lanes_needed(exact, float(rate) * 1e9, bits) == bits
    assert lanes_needed(exact * 1.001, float(rate) * 1e9, bits) == 2 * float(bits)


def test_whole_modules_are_not_rounded_up_by_the_last_bit() -> None:
    counts = np.arange(1, 200)
    per_module = 64 * 32e9 / 8.0
    np.testing.assert_array_equal(modules_needed(counts * per_module / 3.0 * 3.0, 32e9, 64), counts)


def test_stacked_modules_share_their_edge() -> None:
    assert edge_needed_m(16, 1.3e-3, 4) == pytest.approx(5.2e-3, rel=1e-12)
    assert edge_needed_m(17, 1.3e-3, 4) == pytest.approx(6.5e-3, rel=1e-12)


@fast
@given(bandwidths, st.floats(1.0, 3.0), rates, module_lanes, st.floats(0.5, 1.0))
def test_more_bandwidth_never_needs_fewer_lanes(
    bandwidth: float, more: float, rate: float, lanes: int, payload: float
) -> None:
    few = lanes_needed(bandwidth, rate, lanes, payload)
    many = lanes_needed(bandwidth * more, rate, lanes, payload)
    assert many >= few
    assert few * rate * payload / 8.0 >= bandwidth * (1.0 - 1e-6)
    assert few % lanes == 0


@fast
@given(bandwidths, rates, rates, module_lanes)
def test_a_faster_lane_never_needs_more_of_them(bandwidth: float, one: float, two: float, lanes: int) -> None:
    slow, quick = min(one, two), max(one, two)
    assert lanes_needed(bandwidth, quick, lanes) <= lanes_needed(bandwidth, slow, lanes)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((-1.0, 1e9, 16), "negative"),
        ((1.0, -1e9, 16), "negative"),
        ((1.0, 1e9, 0), "lane"),
        ((1.0, 1e9, 16, 0.0), "payload"),
        ((1.0, 1e9, 16, 1.1), "payload"),
    ],
)
def test_impossible_requests_are_refused(arguments: tuple[float, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        modules_needed(*arguments)
