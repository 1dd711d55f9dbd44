"""Energy and power of a link, against UCIe's figures at two supplies and the switching law."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.electrical.link_energy import (
    energy_at_supply_j_per_bit,
    link_power_w,
    switching_floor_j_per_bit,
    termination_floor_j_per_bit,
)

UCIE = tomllib.loads((Path(__file__).parents[2] / "references" / "electrical" / "ucie.toml").read_text())

fast = settings(max_examples=30, deadline=None, derandomize=True)
shares = st.floats(0.0, 1.0)


def test_ucie_advanced_follows_the_square_of_the_supply() -> None:
    high = np.array(UCIE["advanced"]["energy_pj_per_bit_at_0v7"])[:, 1] * 1e-12
    low = np.array(UCIE["advanced"]["energy_pj_per_bit_at_0v5"])[:, 1] * 1e-12
    np.testing.assert_allclose(energy_at_supply_j_per_bit(high, 0.7, 0.5), low, rtol=0.025)


def test_stated_energies_lie_above_the_floor_of_their_wire() -> None:
    # 0.76 pF for 1.4 mm of 3 um line (BoW 1.9, note on interposers); 0.25 + 0.2 pF of pads (UCIe 3.0, 5-15)
    floor = switching_floor_j_per_bit(0.76e-12 + 0.45e-12, 0.5, 0.5)
    assert 0.02e-12 < floor < 0.25e-12


def test_a_random_bit_costs_a_quarter_cv2_and_a_clock_bit_twice_that() -> None:
    assert switching_floor_j_per_bit(1e-12, 0.8, 0.8) == pytest.approx(0.16e-12, rel=1e-12)
    assert switching_floor_j_per_bit(1e-12, 0.8, 0.4, 0.5) == pytest.approx(0.16e-12, rel=1e-12)


def test_termination_current_by_ohms_law() -> None:
    # 0.8 V over 30 + 50 ohm is 10 mA, 8 mW while high; half of the time, 16 Gb/s
    assert termination_floor_j_per_bit(0.8, 30.0, 50.0, 16e9) == pytest.approx(0.25e-12, rel=1e-12)


def test_a_terabyte_per_second_at_a_picojoule_is_eight_watts() -> None:
    assert link_power_w(1e-12, 1e12) == pytest.approx(8.0, rel=1e-12)
    assert link_power_w(1e-12, 1e12, activity=0.5) == pytest.approx(4.0, rel=1e-12)
    assert link_power_w(1e-12, 1e12, activity=0.0, idle_fraction=0.1) == pytest.approx(0.8, rel=1e-12)


@fast
@given(st.floats(1e-14, 1e-11), st.floats(0.0, 1e13), shares, shares, shares)
def test_power_grows_with_activity_between_idle_and_full(
    energy: float, bandwidth: float, one: float, two: float, idle: float
) -> None:
    less, more = (link_power_w(energy, bandwidth, activity, idle) for activity in sorted((one, two)))
    full = link_power_w(energy, bandwidth)
    assert full * idle * (1.0 - 1e-12) <= less <= more * (1.0 + 1e-12) <= full * (1.0 + 1e-9)


@pytest.mark.parametrize(("activity", "idle", "said"), [(1.1, 0.0, "activity"), (0.5, -0.1, "idle")])
def test_shares_outside_zero_to_one_are_refused(activity: float, idle: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        link_power_w(1e-12, 1e12, activity, idle)
