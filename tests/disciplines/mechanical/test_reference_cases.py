"""Every case of the mechanical models that the wheel carries, within its own tolerance."""

import numpy as np
import pytest

from packfirst.disciplines.mechanical.fatigue import coffin_manson, energy, engelmaier, norris_landzberg
from packfirst.disciplines.mechanical.warpage import bimetal, trilayer
from packfirst.disciplines.mechanical.wires import current_rule, flexure
from packfirst.disciplines.qualification import standard_tables

K0 = 273.15


def agrees(case, **found):
    assert set(found) == set(case["expected"]), case["id"]
    for name, value in found.items():
        assert float(value) == pytest.approx(case["expected"][name], rel=case["rel_tol"]), (case["id"], name)


def test_timoshenko_bimetal(cases):
    every = cases("reliability/timoshenko_bimetal")
    for case in every.values():
        x = case["inputs"]
        k_mm = 1e-3 * bimetal.curvature_per_m(
            x["h1_mm"] * 1e-3, x["h2_mm"] * 1e-3, x["E1"], x["E2"], x["a1"], x["a2"], x["dT"]
        )
        found = {}
        if "tip_mm" in case["expected"]:
            found["tip_mm"] = 1e3 * bimetal.tip_deflection_m(1e3 * k_mm, x["L_mm"] * 1e-3)
        else:
            found["curvature_1_per_mm"] = k_mm
        if "bow_um_10mm" in case["expected"]:
            found["bow_um_10mm"] = 1e6 * abs(bimetal.bow_m(1e3 * k_mm, 10e-3))
        agrees(case, **found)
    assert len(every) == 3


def test_suhir_trilayer(cases):
    every = cases("reliability/suhir_trilayer")
    for case in every.values():
        x = case["inputs"]
        joined = trilayer.joint(
            die_thickness_m=x["h1"] * 1e-3, substrate_thickness_m=x["h2"] * 1e-3,
            attach_thickness_m=x["ha"] * 1e-3, die_modulus_pa=x["E1"] * 1e6,
            substrate_modulus_pa=x["E2"] * 1e6, attach_modulus_pa=x["Ea"] * 1e6,
            die_poisson=x["v1"], substrate_poisson=x["v2"], attach_poisson=x["va"],
        )  # fmt: skip
        got = trilayer.stress(joined, (x["a2"] - x["a1"]) * x["dT"], x["l"] * 1e-3)
        agrees(
            case,
            lambda_=joined.axial_compliance_m_per_n * 1e3,  # mm/N
            kappa_=joined.shear_compliance_m3_per_n * 1e9,
            k_per_mm=joined.decay_per_m * 1e-3,
            tau_max_MPa=abs(got.edge_shear_pa) * 1e-6,  # the case gives magnitudes
            sigma_die_MPa=abs(got.die_interface_pa) * 1e-6,
            curvature_1_per_mm=abs(got.curvature_per_m) * 1e-3,
        )
    assert len(every) == 2


def test_engelmaier(cases):
    every = cases("reliability/engelmaier")
    for case in every.values():
        x = case["inputs"]
        alloy = engelmaier.SAC if "ef" in x else engelmaier.TIN_LEAD
        if "ef" in x:
            assert (alloy.ductility, alloy.c0, alloy.c1_per_k, alloy.c2) == (
                x["ef"],
                x["c0"],
                x["c1"],
                x["c2"],
            )
            assert alloy.dwell_scale_s == 60.0 * x["t0"]
        strain = engelmaier.shear_strain_range(x["da1T"], x["LD"] * 1e-3, x["h"] * 1e-3, x["F"])
        got = engelmaier.life(strain, x["Tsj"] + K0, x["tD"] * 60.0, alloy)
        agrees(case, N50_cycles=got.median_cycles, c=got.exponent, shear_strain_range=strain)
    assert len(every) == 3


def test_norris_landzberg_and_coffin_manson(cases):
    every = cases("reliability/norris_landzberg")
    case = every["ti_coffin_manson"]
    x = case["inputs"]
    agrees(case, AF_dT=coffin_manson.acceleration(x["dT_test"], x["dT_use"], x["n"]))

    # The source prints the frequency term upside down: a slower cycle in use raises its factor. Ours is the usual
    # sign, so that the printed 3.6 is one over ours.
    case = every["ti_frequency"]
    x = case["inputs"]
    constants = norris_landzberg.Constants(
        swing_exponent=1.9, rate_exponent=x["m"], activation_k=0.0, form="frequency", status="", reference=""
    )
    ours = norris_landzberg.acceleration(
        constants, swing_test_k=50, swing_use_k=50, hottest_test_k=400, hottest_use_k=400,
        rate_test=x["cycles_per_day_test"], rate_use=x["cycles_per_day_use"],
    )  # fmt: skip
    agrees(case, AF_f=1.0 / ours)

    for name, key in (("snpb", "tin_lead"), ("sac_pan_2005", "sac_pan2005")):
        case, constants = every[name], norris_landzberg.SETS[key]
        x = case["inputs"]
        assert (constants.swing_exponent, constants.activation_k) == (x["n"], x["q_K"])
        assert constants.rate_exponent == pytest.approx(x["m"], rel=1e-12)
        rates = (x["f_test"], x["f_use"]) if name == "snpb" else (x["t_hot_test_min"], x["t_hot_use_min"])
        agrees(
            case,
            AF=norris_landzberg.acceleration(
                constants, swing_test_k=x["dT_test"], swing_use_k=x["dT_use"],
                hottest_test_k=x["Tmax_test_C"] + K0, hottest_use_k=x["Tmax_use_C"] + K0,
                rate_test=rates[0], rate_use=rates[1],
            ),
        )  # fmt: skip

    case = every["coffin_manson_tc"]
    x = case["inputs"]
    af = coffin_manson.acceleration(x["dT_test"], x["dT_use"], x["n"])
    agrees(case, AF=af, cycles_use=af * x["cycles_test"])
    assert len(every) == 5


def test_solder_energy(cases):
    every = cases("reliability/solder_energy")
    agrees(every["syed"], N=energy.cycles_syed2004(every["syed"]["inputs"]["W_MPa"] * 1e6))
    agrees(every["schubert"], N=energy.cycles_schubert2003(every["schubert"]["inputs"]["W_MPa"] * 1e6))
    assert len(every) == 2


def test_wire_flexure(cases):
    every = cases("reliability/wire_flexure")
    case = every["al_25um"]
    x = case["inputs"]
    assert {"coefficient": x["A"], "exponent": x["n"]} == flexure.ALUMINIUM_25UM
    strain = flexure.heel_strain(
        x["r_mm"] * 1e-3, x["D_mm"] * 1e-3, x["L_mm"] * 1e-3, x["alpha_sub"], x["alpha_wire"], x["dT"]
    )
    agrees(case, strain=strain, Nf=flexure.cycles(strain, x["A"], x["n"]))
    assert len(every) == 1


def test_wire_current(cases, table):
    every = cases("reliability/wire_current")
    rows = standard_tables.read_rows(table("wire_current"))
    for name in ("au_1mil_short", "al_1p25mil_long", "boundary"):
        x = every[name]["inputs"]
        k = current_rule.constant_a_per_in1p5(rows, x["metal"], x["length_in"] * 0.0254)
        agrees(every[name], I_A=current_rule.allowed_a(k, x["d_in"] * 0.0254))
    case = every["vendor_fuse"]
    # The fusing current is the maker's; what physics makes of it is in test_wires.
    agrees(case, design_A_max=current_rule.design_from_fusing_a(case["inputs"]["fuse_A"]))
    assert len(every) == 4


def test_wire_current_refuses_metal_and_length_that_the_table_lacks(table):
    rows = standard_tables.read_rows(table("wire_current"))
    with pytest.raises(ValueError, match="A-IA has no row 'unobtainium'"):
        current_rule.constant_a_per_in1p5(rows, "unobtainium", 1e-3)
    with pytest.raises(ValueError, match="length"):
        current_rule.constant_a_per_in1p5(rows, "gold", 0.0)
    # just beyond 0.040 in the wire is long
    assert current_rule.constant_a_per_in1p5(rows, "gold", 0.0401 * 0.0254) == 20500.0
    assert current_rule.round_of_ribbon_m(np.pi / 4.0 * 25e-6, 25e-6) == pytest.approx(25e-6, rel=1e-12)
