"""Leaks and moisture: against integrated equations, definitions of units, and what must hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from packfirst.disciplines.qualification.hermeticity import bomb, howl_mann, ingress, leak_units, vapour

BRIEF = settings(max_examples=30, deadline=None, derandomize=True)
VOLUME = st.floats(1e-9, 2e-5)  # 0.001 to 20 cm3
LEAK = st.floats(-10.0, -4.0).map(lambda x: 10.0**x)
BOMB = st.builds(
    lambda p, t1, t2: howl_mann.Bomb(pressure_atm=p, time_s=t1, dwell_s=t2),
    st.floats(2.0, 8.0), st.floats(600.0, 1e5), st.floats(60.0, 7200.0),
)  # fmt: skip


# ---- units


def test_units_by_definition():
    # 1 atm = 101325 Pa = 760 Torr = 1.01325 bar
    one = leak_units.to_pa_m3_per_s(1.0, "atm cm3/s")
    assert one == pytest.approx(0.101325, rel=1e-12)
    assert leak_units.from_pa_m3_per_s(one, "mbar l/s") == pytest.approx(1.01325, rel=1e-12)
    assert leak_units.from_pa_m3_per_s(one, "Torr l/s") == pytest.approx(0.76, rel=1e-12)
    assert leak_units.mass_ratio("helium") == pytest.approx(2.69, abs=5e-4)
    with pytest.raises(ValueError, match="unknown leak unit"):
        leak_units.to_pa_m3_per_s(1.0, "sccm")
    with pytest.raises(ValueError, match="unknown gas"):
        leak_units.mass_ratio("xenon")


@BRIEF
@given(LEAK, st.sampled_from(sorted(leak_units.UNITS)), st.sampled_from(sorted(leak_units.MOLAR_MASS_G)))
def test_units_and_gases_there_and_back(leak, unit, gas):
    there = leak_units.from_pa_m3_per_s(leak_units.to_pa_m3_per_s(leak, unit), unit)
    assert there == pytest.approx(leak, rel=1e-12)
    assert leak_units.of_gas(leak_units.of_gas(leak, gas), "air", gas) == pytest.approx(leak, rel=1e-12)


# ---- Howl-Mann


@BRIEF
@given(LEAK, VOLUME, BOMB)
def test_reading_by_filling_and_emptying_the_cavity(leak, volume, tried):
    speed = np.sqrt(28.96 / 4.0026) * leak / (volume * 1e6)
    fill = solve_ivp(
        lambda t, p: speed * (tried.pressure_atm - p),
        (0, tried.time_s),
        [0.0],
        "LSODA",
        rtol=1e-9,
        atol=1e-14,
    )
    empty = solve_ivp(
        lambda t, p: -speed * p, (0, tried.dwell_s), fill.y[:, -1], "LSODA", rtol=1e-9, atol=1e-14
    )
    read = np.sqrt(28.96 / 4.0026) * leak * empty.y[0, -1]
    assert howl_mann.reading_atm_cm3_s(leak, volume, tried) == pytest.approx(read, rel=1e-4, abs=1e-13)


@BRIEF
@given(VOLUME, BOMB, st.floats(1e-6, 0.999))
def test_both_roots_give_the_reading_back(volume, tried, share):
    peak, top = howl_mann.highest_reading(volume, tried)
    roots = howl_mann.leaks_of_reading(share * top, volume, tried)
    assert roots.possible
    assert roots.fine <= peak <= roots.gross
    for leak in (roots.fine, roots.gross):
        assert howl_mann.reading_atm_cm3_s(leak, volume, tried) == pytest.approx(share * top, rel=1e-6)
    assert not howl_mann.leaks_of_reading(1.01 * top, volume, tried).possible
    # one peak: it reads less on either side
    for other in (0.9, 1.1):
        assert howl_mann.reading_atm_cm3_s(other * peak, volume, tried) < top


def test_gross_leak_of_the_case_is_found_as_the_second_root(cases):
    case = cases("reliability/howl_mann")["gross_like"]
    x = case["inputs"]
    tried = howl_mann.Bomb(pressure_atm=x["PE_atm"], time_s=x["t1_s"], dwell_s=x["t2_s"])
    roots = howl_mann.leaks_of_reading(case["expected"]["R1_atm_cm3_s"], x["V_cm3"] * 1e-6, tried)
    assert roots.gross == pytest.approx(x["L_atm_cm3_s"], rel=1e-5)
    # the same reading as a part a hundred thousand times tighter: R = L^2 PE s^2 t1/V for a small leak
    small = np.sqrt(5.220948e-12 * 0.05 / (5.0 * 7200.0) * 4.0026 / 28.96)
    assert roots.fine == pytest.approx(small, rel=1e-3)


def test_without_a_dwell_there_is_no_second_root():
    tried = howl_mann.Bomb(pressure_atm=5.0, time_s=[7200.0, 1e6], dwell_s=0.0)
    roots = howl_mann.leaks_of_reading([1e-8, 1e-3], 0.05e-6, tried)
    assert np.all(np.isinf(roots.gross)) and np.all(roots.possible)
    assert howl_mann.reading_atm_cm3_s(roots.fine, 0.05e-6, tried) == pytest.approx([1e-8, 1e-3], rel=1e-9)


def test_many_parts_at_once():
    volume = np.array([0.01, 0.1, 1.0])[:, None] * 1e-6
    tried = howl_mann.Bomb(pressure_atm=5.1, time_s=7200.0, dwell_s=3600.0)
    roots = howl_mann.leaks_of_reading(np.array([1e-9, 1e-8]), volume, tried)
    assert roots.fine.shape == (3, 2)
    one = howl_mann.leaks_of_reading(1e-8, 0.1e-6, tried)
    assert roots.fine[1, 1] == pytest.approx(float(one.fine), rel=1e-12)
    assert roots.gross[1, 1] == pytest.approx(float(one.gross), rel=1e-12)


@BRIEF
@given(LEAK, VOLUME, BOMB)
def test_plan_goes_blind_where_the_reading_falls_back(limit, volume, tried):
    found = bomb.plan(limit, volume, tried, 0.0)
    if found.visible and found.reject_atm_cm3_s > 1e-300:
        again = howl_mann.reading_atm_cm3_s(found.blind_from_atm_cm3_s, volume, tried)
        assert again == pytest.approx(float(found.reject_atm_cm3_s), rel=1e-5)
        assert found.blind_from_atm_cm3_s >= limit * (1 - 1e-9)
    # a detector that sees nothing sees no limit
    assert not bomb.plan(limit, volume, tried, 1.0).visible


@BRIEF
@given(st.floats(-9.0, -6.0).map(lambda x: 10.0**x), VOLUME, st.floats(2.0, 8.0), st.floats(60.0, 3600.0))
def test_shortest_bomb_reads_just_the_least(limit, volume, pressure, dwell):
    least = 1e-9
    t = bomb.time_to_see_s(limit, volume, pressure, dwell, least)
    if np.isfinite(t):
        tried = howl_mann.Bomb(pressure_atm=pressure, time_s=t, dwell_s=dwell)
        assert howl_mann.reading_atm_cm3_s(limit, volume, tried) == pytest.approx(least, rel=1e-6)
    else:
        tried = howl_mann.Bomb(pressure_atm=pressure, time_s=1e15, dwell_s=dwell)
        assert howl_mann.reading_atm_cm3_s(limit, volume, tried) <= least * (1 + 1e-9)


def test_pounds():
    # 75 psia, as the cases of the method take it
    assert pytest.approx(5.103464, rel=1e-5) == 75 * bomb.PSI_ATM


# ---- vapour and ingress


def test_saturation_against_steam_tables():
    # IAPWS: 2339 Pa at 20 degC, 7385 Pa at 40 degC; ice at -20 degC 103.3 Pa
    assert vapour.saturation_pa(293.15) == pytest.approx(2339.0, rel=1e-3)
    assert vapour.saturation_pa(313.15) == pytest.approx(7385.0, rel=1e-3)
    assert vapour.saturation_ice_pa(253.15) == pytest.approx(103.3, rel=3e-3)


def test_the_limit_freezes_before_it_wets():
    # why the limit is 5000 ppmv: at one atmosphere it settles below 0 degC, as frost
    frost = vapour.frost_point_k(vapour.partial_pa(vapour.LIMIT_PPMV))
    assert 273.15 - 3.5 < frost < 273.15 - 1.5
    assert vapour.frost_point_k(2339.0) == pytest.approx(293.15, abs=0.02)
    with pytest.raises(ValueError, match="outside"):
        vapour.frost_point_k(0.0)


@BRIEF
@given(st.floats(1.0, 3e5), VOLUME)
def test_water_of_a_cavity_there_and_back(ppmv, volume):
    water = vapour.water_allowed_kg(volume, ppmv)
    assert vapour.ppmv_from_mass(water, volume) == pytest.approx(ppmv, rel=1e-9)


def test_water_of_one_cubic_centimetre():
    # 22.414 l/mol at 0 degC: 1 cm3 at 25 degC is 40.87 umol, and 5000 ppmv of it 3.7 ug of water
    assert vapour.water_allowed_kg(1e-6) * 1e9 == pytest.approx(
        40.87e-6 * 5000 / 995000 * 18.015 * 1e6, rel=1e-3
    )


@BRIEF
@given(LEAK, VOLUME, st.floats(280.0, 320.0), st.floats(0.4, 1.0), st.floats(0.0, 4000.0))
def test_content_at_the_time_is_the_limit(leak, volume, t, rh, start):
    out = ingress.outside_atm(t, rh)
    seconds = ingress.time_to_limit_s(leak, volume, out, start_ppmv=start)
    if np.isfinite(seconds):
        found = ingress.content_ppmv(leak, volume, out, seconds, start)
        assert found == pytest.approx(5000.0, rel=1e-6)
    else:
        assert out <= 0.005
    # twice the volume, or half the leak, lasts twice as long
    twice = ingress.time_to_limit_s(leak, 2 * volume, out, start_ppmv=start)
    half = ingress.time_to_limit_s(leak / 2, volume, out, start_ppmv=start)
    assert twice == pytest.approx(float(half), rel=1e-9)


def test_never_and_already():
    dry = ingress.outside_atm(293.15, 0.1)  # 2300 ppmv outside
    assert np.isinf(ingress.time_to_limit_s(1e-8, 1e-7, dry))
    assert np.isinf(ingress.time_to_limit_s(0.0, 1e-7, 0.02))
    assert ingress.time_to_limit_s(1e-8, 1e-7, 0.02, start_ppmv=6000.0) == 0.0
    for bad in (0.0, -1e-9):
        with pytest.raises(ValueError, match="zero volume"):
            ingress.time_to_limit_s(1e-8, bad, 0.02)
    with pytest.raises(ValueError, match="share"):
        ingress.outside_atm(293.15, 50.0)


@BRIEF
@given(st.floats(-10.0, -7.0).map(lambda x: 10.0**x), VOLUME, st.floats(1e-9, 1e-6), st.floats(0.0, 3000.0))
def test_a_getter_adds_its_fill_at_the_dry_inflow(leak, volume, getter, start):
    out = float(ingress.outside_atm(298.15, 0.5))
    # moles that leak in per second while it is dry inside, at 25 degC
    inflow = (
        float(leak_units.to_pa_m3_per_s(leak_units.of_gas(leak, "water"), "atm cm3/s"))
        * out
        / (8.31446 * 298.15)
    )
    inside = start * 1e-6 * 101325 * volume / (8.31446 * 298.15)
    moles = getter / 18.015e-3
    found = ingress.time_to_limit_s(leak, volume, out, start_ppmv=start, getter_kg=getter)
    if moles >= inside:
        bare = ingress.time_to_limit_s(leak, volume, out)
        assert found == pytest.approx(float(bare) + (moles - inside) / inflow, rel=1e-4)
    else:
        left = (inside - moles) * 8.31446 * 298.15 / (101325 * volume) * 1e6
        assert found == pytest.approx(
            float(ingress.time_to_limit_s(leak, volume, out, start_ppmv=left)), rel=1e-3
        )


@BRIEF
@given(
    st.floats(-9.5, -6.0).map(lambda x: 10.0**x), st.floats(1e-8, 1e-6),
    st.lists(st.tuples(st.floats(0.0, 0.04), st.floats(3600.0, 5e6)), min_size=1, max_size=4), st.floats(0.0, 4900.0),
)  # fmt: skip
def test_climates_in_turn_against_a_march(leak, volume, climates, start):
    out, length = np.array(climates).T
    found = ingress.time_through_climates_s(leak, volume, out, length, start_ppmv=start)
    content, elapsed, rate = start * 1e-6, 0.0, float(ingress.rate_per_s(leak, volume))
    for _ in range(400):
        for o, d in zip(out, length, strict=True):
            after = o + (content - o) * np.exp(-rate * d)
            if after >= 0.005 * (1 + 1e-12):
                elapsed += -np.log((o - 0.005) / (o - content)) / rate
                assert found == pytest.approx(elapsed, rel=1e-6)
                return
            content, elapsed = after, elapsed + d
    # not reached in so many rounds
    assert found >= elapsed * (1 - 1e-6)


@BRIEF
@given(LEAK, VOLUME, st.floats(0.006, 0.05), st.floats(0.1, 0.9))
def test_one_climate_cut_in_two_is_one_climate(leak, volume, out, cut):
    whole = float(ingress.time_to_limit_s(leak, volume, out))
    split = ingress.time_through_climates_s(leak, volume, [out, out], [cut * 1e5, (1 - cut) * 1e5])
    assert split == pytest.approx(whole, rel=1e-6)
