"""Laws of solder life: limiting cases, order, and refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.mechanical.fatigue import (
    coffin_manson,
    damage,
    energy,
    engelmaier,
    norris_landzberg,
    standoff,
)
from packfirst.disciplines.mechanical.ranges import inside

BRIEF = settings(max_examples=30, deadline=None, derandomize=True)
STRAIN = st.floats(1e-3, 0.2)
ALLOY = st.sampled_from([engelmaier.TIN_LEAD, engelmaier.SAC])


@BRIEF
@given(STRAIN, st.floats(1.01, 3.0), st.floats(260.0, 370.0), st.floats(60.0, 8e4), ALLOY)
def test_engelmaier_only_loses_by_more(strain, more, mean, dwell, alloy):
    base = engelmaier.life(strain, mean, dwell, alloy)
    assert base.exponent < 0.0
    assert engelmaier.life(strain * more, mean, dwell, alloy).median_cycles < base.median_cycles
    # at strains below twice the ductility, heat and dwell shorten life
    assert engelmaier.life(strain, mean + 10.0, dwell, alloy).median_cycles < base.median_cycles
    assert engelmaier.life(strain, mean, dwell * more, alloy).median_cycles < base.median_cycles


@BRIEF
@given(st.floats(1e-5, 3e-3), st.floats(1e-3, 2e-2), st.floats(1e-4, 2e-3))
def test_strain_of_a_joint_is_linear_and_without_sign(mismatch, distance, height):
    base = engelmaier.shear_strain_range(mismatch, distance, height)
    assert engelmaier.shear_strain_range(-mismatch, distance, height) == base
    assert engelmaier.shear_strain_range(mismatch, 2 * distance, height) == pytest.approx(2 * base)
    assert engelmaier.shear_strain_range(mismatch, distance, 2 * height) == pytest.approx(base / 2)


def test_engelmaier_at_the_ductility_lasts_half_a_cycle_and_without_strain_for_ever():
    # N = 1/2 where the strain is twice the ductility, whatever the exponent
    assert engelmaier.life(0.65, 313.15, 900.0, engelmaier.TIN_LEAD).median_cycles == pytest.approx(0.5)
    assert np.isinf(engelmaier.life(0.0, 313.15, 900.0, engelmaier.SAC).median_cycles)


def test_no_solder_law_names_an_underfilled_bump():
    for law in (engelmaier, norris_landzberg, energy):
        assert set(law.COVERED_JOINTS) == {"leadless", "ball", "column"}
    assert not inside(engelmaier.VALID, {"dwell_s": 1.0})
    assert not inside(norris_landzberg.VALID, {"hottest_k": 273.15 + 150.0})


@BRIEF
@given(
    st.sampled_from(sorted(norris_landzberg.SETS)), st.floats(30.0, 165.0), st.floats(20.0, 150.0),
    st.floats(320.0, 398.0), st.floats(300.0, 398.0), st.floats(1.0, 100.0), st.floats(1.0, 100.0),
)  # fmt: skip
def test_norris_landzberg_chains_and_is_one_for_equal_cycles(
    name, swing_a, swing_b, hot_a, hot_b, rate_a, rate_b
):
    c = norris_landzberg.SETS[name]

    def af(s1, h1, r1, s2, h2, r2):
        return norris_landzberg.acceleration(
            c, swing_test_k=s1, swing_use_k=s2, hottest_test_k=h1, hottest_use_k=h2, rate_test=r1, rate_use=r2
        )

    assert af(swing_a, hot_a, rate_a, swing_a, hot_a, rate_a) == pytest.approx(1.0, rel=1e-12)
    there = af(swing_a, hot_a, rate_a, swing_b, hot_b, rate_b)
    assert there * af(swing_b, hot_b, rate_b, swing_a, hot_a, rate_a) == pytest.approx(1.0, rel=1e-9)
    half_way = af(swing_a, hot_a, rate_a, 70.0, 350.0, 7.0) * af(70.0, 350.0, 7.0, swing_b, hot_b, rate_b)
    assert half_way == pytest.approx(there, rel=1e-9)
    # a wider, hotter test accelerates more
    assert af(swing_a * 1.1, hot_a + 1, rate_a, swing_b, hot_b, rate_b) > there


def test_a_slower_cycle_in_use_lowers_acceleration_in_both_forms():
    x = {"swing_test_k": 100, "swing_use_k": 50, "hottest_test_k": 373, "hottest_use_k": 340}
    rate = norris_landzberg.SETS["tin_lead"]
    slow, fast = (norris_landzberg.acceleration(rate, **x, rate_test=48, rate_use=r) for r in (1, 24))
    assert slow < fast
    dwell = norris_landzberg.SETS["sac_pan2005"]
    long, short = (norris_landzberg.acceleration(dwell, **x, rate_test=15, rate_use=t) for t in (480, 15))
    assert long < short


@BRIEF
@given(st.floats(2e4, 2e6), st.floats(1.01, 5.0), st.floats(5e-5, 2e-3))
def test_energy_laws_fall_with_work(work, more, crack):
    for law in (energy.cycles_syed2004, energy.cycles_schubert2003):
        assert law(work * more) < law(work)
    assert energy.cycles_darveaux(work * more, crack) < energy.cycles_darveaux(work, crack)
    assert energy.cycles_darveaux(work, crack * more) > energy.cycles_darveaux(work, crack)


def test_darveaux_in_the_authors_units():
    # 100 psi over 0.02 in: 22400 x 100^-1.52 = 20.4 cycles to start, 5.86e-7 x 100^0.98 = 5.34e-5 in per cycle
    found = energy.cycles_darveaux(100 * 6894.757, 0.02 * 0.0254)
    assert found == pytest.approx(20.43 + 0.02 / 5.344e-5, rel=1e-3)
    assert np.isinf(energy.cycles_darveaux(0.0, 1e-4))
    assert np.isinf(energy.cycles_syed2004(0.0))
    # 30 MPa over 1 % less its elastic part at 15 GPa: 30 x (0.01 - 0.002)
    assert energy.loop_work_pa(30e6, 0.01, 15e9) == pytest.approx(0.24e6)
    assert energy.loop_work_pa(30e6, 0.001, 15e9) == 0.0


def test_coffin_manson():
    # same power law as Engelmaier's with its exponent held
    assert coffin_manson.cycles(0.65, 0.325, -0.5) == pytest.approx(0.5)
    assert coffin_manson.cycles(0.0065, 0.325, -0.5) == pytest.approx(0.5 * 100**2)
    with pytest.raises(ValueError, match="swings"):
        coffin_manson.acceleration(100.0, 0.0, 2.0)


@BRIEF
@given(
    st.lists(st.tuples(st.floats(0.0, 1e5), st.floats(1.0, 1e7)), min_size=1, max_size=6), st.floats(0.1, 0.9)
)
def test_damage_adds_whatever_the_order_and_the_split(kinds, cut):
    n, life = np.array(kinds).T
    whole = damage.miner_damage(n, life)
    assert damage.miner_damage(n[::-1], life[::-1]) == pytest.approx(whole, rel=1e-12)
    split = damage.miner_damage([*(n * cut), *(n * (1 - cut))], [*life, *life])
    assert split == pytest.approx(whole, rel=1e-9)


def test_weibull_line():
    assert damage.life_at_share(1000.0, 1 - np.exp(-1), 0.5, 8.0) == pytest.approx(
        1000 * np.log(2) ** (1 / 8)
    )
    back = damage.life_at_share(damage.life_at_share(1000.0, 0.5, 0.001, 6.0), 0.001, 0.5, 6.0)
    assert back == pytest.approx(1000.0)


def test_a_mission_as_hot_as_the_joint_melts_is_refused_in_one_line():
    # Sn63: solidus 183 degC, 456.15 K
    assert damage.homologous(273.15 + 100.0, 456.15) == pytest.approx(0.818, abs=1e-3)
    with pytest.raises(ValueError, match="reaches 200 degC, but the joint melts from 183 degC"):
        damage.homologous([300.0, 473.15], 456.15)


def test_standoff_of_a_sphere_and_of_a_barrel():
    # pads of no size leave the sphere; a cylinder's worth of wide pads is near flat
    ball = standoff.ball_volume_m3(0.6e-3)
    assert standoff.standoff_m(ball, 1e-9, 1e-9) == pytest.approx(0.6e-3, rel=1e-6)
    h = standoff.standoff_m(ball, 0.5e-3, 0.4e-3)
    assert np.pi * h / 6 * (3 * 0.25e-3**2 + 3 * 0.2e-3**2 + h**2) == pytest.approx(float(ball), rel=1e-12)
