"""Every case of the reliability and hermeticity models that the wheel carries, within its own tolerance."""

import numpy as np
import pytest

from packfirst.disciplines.qualification import (
    bond_pull,
    dose,
    pind,
    quality_factor,
    sample_plans,
    standard_tables,
)
from packfirst.disciplines.qualification.hermeticity import howl_mann, ingress
from packfirst.disciplines.qualification.reliability import (
    arrhenius,
    electromigration,
    equivalence,
    failure_rate,
    humidity,
    voltage,
)

K0 = 273.15


def agrees(case, **found):
    assert set(found) == set(case["expected"]), case["id"]
    for name, value in found.items():
        assert value == pytest.approx(case["expected"][name], rel=case["rel_tol"]), (case["id"], name)


def test_arrhenius(cases):
    every = cases("reliability/arrhenius")
    for case in every.values():
        x = case["inputs"]
        agrees(case, AF=float(arrhenius.acceleration(x["Ea_eV"], x["T_stress_C"] + K0, x["T_use_C"] + K0)))
    assert len(every) == 9


def test_peck(cases):
    every = cases("reliability/peck")
    low, high = humidity.EXPONENT_RANGE
    agrees(every["exponent_note"], n_low=low, n_high=high)
    assert every["exponent_note"]["inputs"]["n_plastic"] == humidity.PLASTIC_EXPONENT
    for name in ("thb_to_use", "hast130_vs_thb85"):
        x = every[name]["inputs"]
        af = float(
            humidity.acceleration(
                x["RH_stress"] / 100,
                x["RH_use"] / 100,
                x["T_stress_C"] + K0,
                x["T_use_C"] + K0,
                x["n"],
                x["Ea_eV"],
            )
        )
        more = {"equiv_hours_of_96": 96 * af} if "equiv_hours_of_96" in every[name]["expected"] else {}
        agrees(every[name], AF=af, **more)
    x = every["hast110_264_vs_130_96"]["inputs"]
    ea = arrhenius.activation_ev(x["h1"], x["T1_C"] + K0, x["h2"], x["T2_C"] + K0)
    agrees(every["hast110_264_vs_130_96"], Ea_equal_eV=float(ea))
    assert len(every) == 4


def test_black(cases):
    every = cases("reliability/black_em")
    for case in every.values():
        x = case["inputs"]
        af = electromigration.acceleration(
            x["j_stress"], x["j_use"], x["T_stress_C"] + K0, x["T_use_C"] + K0, x["n"], x["Ea_eV"]
        )
        agrees(case, AF=float(af))
    assert len(every) == 2


def test_life_voltage_and_regression(cases):
    case = cases("reliability/life_voltage")["v20"]
    agrees(
        case, T_h=float(voltage.reduced_voltage_hours(case["inputs"]["t0_h"], case["inputs"]["V_percent"]))
    )
    every = cases("reliability/life_regression")
    for case in every.values():
        x = case["inputs"]
        agrees(case, Ea_eV=float(arrhenius.activation_ev(x["h125"], 125 + K0, x["h150"], 150 + K0)))
    assert len(every) == 2


def test_burn_in_equivalence(cases, table):
    every = cases("reliability/burn_in_equivalence")
    rows = standard_tables.read_rows(table("burn_in"))
    for case in every.values():
        x = case["inputs"]
        agrees(case, hours=float(equivalence.hours_at(x["hours_125"], x["T_C"] + K0, x["Ea_eV"])))
        assert x["Ea_eV"] == equivalence.BURN_IN_ACTIVATION_EV
        # what complies is the table's own row
        quality = {"s": "S", "b": "H"}[case["id"].split("_")[1]]
        assert standard_tables.required_hours(rows, "1015", quality, x["T_C"]).value == case["table_value"]
    assert len(every) == 4


def test_fit(cases):
    every = cases("reliability/fit_chi_square")
    case = every["ti_231_1000"]
    x = case["inputs"]
    af = arrhenius.acceleration(x["Ea_eV"], x["T_stress_C"] + K0, x["T_use_C"] + K0)
    agrees(case, FIT=float(failure_rate.upper_fit(x["failures"], x["n"], x["hours"], x["confidence"], af)))
    case = every["chi2_0_60"]
    x = case["inputs"]
    agrees(case, chi2=float(failure_rate.chi_square(x["confidence"], 2 * x["failures"] + 2)))
    for name in ("c1", "c2_90"):
        x = every[name]["inputs"]
        found = failure_rate.upper_fit(x["failures"], x["n"], x["hours"], x["confidence"], x["AF"])
        agrees(every[name], FIT=float(found))
    assert len(every) == 4


def test_ltpd(cases, table):
    every = cases("reliability/ltpd")
    rows = standard_tables.read_rows(table("ltpd"))
    x = every["group_c_22"]["inputs"]
    agrees(every["group_c_22"], device_hours=float(equivalence.device_hours(x["n"], x["hours"])))
    for name, case in every.items():
        x = case["inputs"]
        if "series_percent" not in x:
            continue
        args = (x["series_percent"] / 100, x["c"], x["confidence"])
        if "n_binomial" in case["expected"]:
            agrees(case, n_binomial=int(sample_plans.sample_binomial(*args)))
            continue
        sample = sample_plans.sample_poisson if name.endswith("poisson") else sample_plans.sample_binomial
        agrees(case, n=int(sample(*args)))
        assert standard_tables.sample_size(rows, x["series_percent"], x["c"]).value == case["expected"]["n"]
    case = every["oc_45_0"]
    x = case["inputs"]
    agrees(case, P_accept=float(sample_plans.accept_probability(x["n"], x["c"], x["p"])))
    assert len(every) == 8


def test_howl_mann(cases):
    every = cases("reliability/howl_mann")
    for case in every.values():
        x = case["inputs"]
        bomb = howl_mann.Bomb(pressure_atm=x["PE_atm"], time_s=x["t1_s"], dwell_s=x["t2_s"])
        found = howl_mann.reading_atm_cm3_s(x["L_atm_cm3_s"], x["V_cm3"] * 1e-6, bomb)
        assert float(found) == pytest.approx(case["expected"]["R1_atm_cm3_s"], rel=case["rel_tol"])
    assert len(every) == 4


def test_moisture_ingress(cases):
    every = cases("reliability/moisture_ingress")
    for case in every.values():
        x = case["inputs"]
        out = ingress.outside_atm(x["T_C"] + K0, x["RH_percent"] / 100)
        seconds = ingress.time_to_limit_s(
            x["L_air_atm_cm3_s"],
            x["V_cm3"] * 1e-6,
            out,
            limit_ppmv=x["limit_ppmv"],
            start_ppmv=x["start_ppmv"],
        )
        agrees(case, seconds=float(seconds), days=float(seconds) / 86400, p_out_atm=float(out))
    assert len(every) == 4


def test_ndbp(cases, table):
    every = cases("reliability/ndbp")
    force = float(bond_pull.nondestructive_gf(every["au_1mil"]["inputs"]["preseal_gf"]))
    agrees(every["au_1mil"], force_gf=force)
    rows = standard_tables.read_rows(table("bond_pull"))
    assert standard_tables.bond_pull_gf(rows, "Au", 1.0, "nondestructive").value == pytest.approx(force)
    x = every["flat_loop"]["inputs"]
    agrees(every["flat_loop"], V1_gf=float(bond_pull.flat_loop_gf(x["V2_gf"], np.radians(x["theta_deg"]))))
    assert len(every) == 2


def test_pi_q(cases, table):
    every = cases("reliability/pi_q")
    for case in every.values():
        found = quality_factor.quality_factor(case["inputs"]["points"])
        if case["id"] == "g1_3s_4":
            # 2 + 87/97 = 2.89690722; the case prints six decimals and asks for 1e-9, which its own digits don't hold
            assert found == pytest.approx(281.0 / 97.0, rel=case["rel_tol"])
            assert found == pytest.approx(case["expected"]["pi_Q"], abs=0.5e-6)
        else:
            agrees(case, pi_Q=found)
    rows = standard_tables.read_rows(table("pi_q"))
    printed = [standard_tables.screening_points(rows, g, plastic=False).value for g in ("1", "3S", "4")]
    assert printed == every["g1_3s_4"]["inputs"]["points"]


def test_pind_frequency(cases, table):
    every = cases("reliability/pind_frequency")
    rows = standard_tables.read_rows(table("pind_frequency"))
    for case in every.values():
        inches = case["inputs"]["cavity_height_in"]
        agrees(case, F_Hz=float(pind.shaker_frequency_hz(inches * 0.0254)))
        assert standard_tables.pind_frequency_hz(rows, round(1000 * inches)).value == case["expected"]["F_Hz"]
    # and every row of the table, to the 1.2 % of the cases
    for row in rows:
        found = pind.shaker_frequency_hz(float(row["cavity_height_mil"]) * 25.4e-6)
        assert found == pytest.approx(float(row["frequency_Hz"]), rel=0.012)
    assert len(every) == 4


def test_tid_margin(cases):
    every = cases("reliability/tid_margin")
    x = every["tm1019"]["inputs"]
    judged = dose.judged_value(x["pre"], x["post"], x["PDDM"])
    agrees(every["tm1019"], judged=float(judged), passes=bool(dose.passes(judged, most=x["limit"])))
    x = every["rate_d"]["inputs"]
    rate = dose.highest_rate_rad_per_s(x["dose_rad"], x["overtest"], x["hours"])
    agrees(every["rate_d"], max_rate_mrad_s=1e3 * float(rate))
