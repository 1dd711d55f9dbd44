"""Chains of stages against textbook examples, limits and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.performance import chain

decibels = st.floats(-8.0, 30.0)


def test_pozar_example_10_2():
    """Pozar, Microwave Engineering, 4th ed., example 10.2: a filter, an amplifier and a mixer of a receiver.

    Amplifier 10 dB with F 2 dB, filter of 1 dB loss at 290 K, mixer of 3 dB loss with F 4 dB: F = 1.80, 2.55 dB.
    """
    found = chain.noise_figure_db([10.0, -1.0, -3.0], [2.0, 1.0, 4.0])
    assert float(found) == pytest.approx(2.55, abs=0.01)


def test_loss_ahead_of_an_amplifier_adds_in_decibels():
    """Friis 1944: a loss L at the standard temperature ahead of F gives L F exactly."""
    found = chain.noise_figure_db([-1.3, 30.0], [float(chain.loss_noise_figure_db(1.3, 290.0)), 2.2])
    assert float(found) == pytest.approx(3.5, abs=1e-12)


def test_a_loss_is_as_noisy_as_it_is_warm():
    cold, standard, hot = chain.loss_noise_figure_db(3.0, [0.0, 290.0, 400.0])
    assert cold == pytest.approx(0.0, abs=1e-12)
    assert standard == pytest.approx(3.0, rel=1e-12)
    assert 10 ** (hot / 10) == pytest.approx(1.0 + (10**0.3 - 1.0) * 400.0 / 290.0, rel=1e-12)


def test_gain_hides_what_follows():
    found = chain.noise_figure_db([60.0, 0.0], [1.0, 20.0])
    assert float(found) == pytest.approx(1.0, abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(decibels, st.floats(0.0, 12.0)), min_size=2, max_size=6), st.floats(0.01, 3.0))
def test_more_noise_anywhere_only_hurts(stages, more):
    gain, noise = np.array(stages).T
    before = float(chain.noise_figure_db(gain, noise))
    for number in range(len(noise)):
        worse = noise.copy()
        worse[number] += more
        assert float(chain.noise_figure_db(gain, worse)) >= before - 1e-12


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(decibels, st.floats(0.0, 12.0)), min_size=3, max_size=6))
def test_two_stages_as_one_change_nothing(stages):
    """The first two in the place of one of their gain and noise figure."""
    gain, noise = np.array(stages).T
    first = float(chain.noise_figure_db(gain[:2], noise[:2]))
    joined = chain.noise_figure_db([gain[0] + gain[1], *gain[2:]], [first, *noise[2:]])
    assert float(joined) == pytest.approx(float(chain.noise_figure_db(gain, noise)), abs=1e-9)


def test_output_by_hand():
    """1 mW through 20 dB into a stage of 2 W, 10 dB, then 1 dB of loss: 100 mW, 1 W, 0.794 W."""
    found = chain.watts(chain.output_dbm(0.0, [20.0, 10.0, -1.0], [np.inf, chain.dbm(2.0), np.inf]))
    assert float(found) == pytest.approx(0.794, abs=5e-4)


def test_a_saturated_stage_gives_its_power_whatever_the_drive():
    levels = chain.output_dbm([0.0, 20.0, np.inf], [30.0, -1.0], [chain.dbm(1.0), np.inf])
    assert levels == pytest.approx([29.0, 29.0, 29.0])


@settings(max_examples=30, deadline=None)
@given(st.floats(-30.0, 30.0), st.floats(0.0, 3.0), st.lists(decibels, min_size=1, max_size=5))
def test_loss_and_less_drive_never_help(drive, loss, gains):
    limits = np.full(len(gains), 30.0)
    whole = float(chain.output_dbm(drive, gains, limits))
    assert float(chain.output_dbm(drive - loss, gains, limits)) <= whole + 1e-12
    assert float(chain.output_dbm(drive, [*gains, -loss], [*limits, np.inf])) == pytest.approx(whole - loss)


def test_efficiency_of_the_published_amplifier():
    """Sensors 23(10), 4840: 43.0 dBm at 35.6 %. With the drive of an 11 dB stage its supply is 51.5 W."""
    out, drive = float(chain.watts(43.0)), float(chain.watts(32.0))
    supply = (out - drive) / 0.356
    assert supply == pytest.approx(51.6, abs=0.1)
    assert float(chain.added_efficiency(out, drive, supply)) == pytest.approx(0.356)


def test_no_supply_is_refused():
    with pytest.raises(ValueError, match="supply must give power"):
        chain.added_efficiency(1.0, 0.1, 0.0)
