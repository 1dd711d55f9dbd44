"""Kinds of reference case, and the model that answers each, in the units that people write cases in.

A kind may be asked in more than one way: its functions are told apart by the names of their inputs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from packfirst.disciplines.cost import actuary_feng2022 as actuary
from packfirst.disciplines.cost import die_yield as yields
from packfirst.disciplines.cost.assembly import CostFlow
from packfirst.disciplines.electrical.lanes import edge_bandwidth_byte_per_s_m
from packfirst.disciplines.mechanical.fatigue import coffin_manson, energy, engelmaier, norris_landzberg
from packfirst.disciplines.mechanical.warpage import bimetal, trilayer
from packfirst.disciplines.mechanical.wires import current_rule, flexure
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
from packfirst.disciplines.thermal.spreading import flux_channel_yovanovich1999
from packfirst.validation import fcbga

Found = dict[str, float]
Numbers = list[float]
T = TypeVar("T")

_K0 = 273.15
_INCH_M = 0.0254


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One kind of case: what it asks, and the functions that answer."""

    what: str
    functions: tuple[Callable[..., Found], ...]


def _arrhenius(Ea_eV: float, T_stress_C: float, T_use_C: float) -> Found:
    return {"AF": float(arrhenius.acceleration(Ea_eV, T_stress_C + _K0, T_use_C + _K0))}


def _activation(h125: float, h150: float) -> Found:
    return {"Ea_eV": float(arrhenius.activation_ev(h125, 125.0 + _K0, h150, 150.0 + _K0))}


def _humidity(
    RH_stress: float, RH_use: float, T_stress_C: float, T_use_C: float, n: float, Ea_eV: float
) -> Found:
    stress_k, use_k = T_stress_C + _K0, T_use_C + _K0
    found = float(humidity.acceleration(RH_stress / 100.0, RH_use / 100.0, stress_k, use_k, n, Ea_eV))
    return {"AF": found, "equiv_hours_of_96": 96.0 * found}


def _humidity_equal(T1_C: float, h1: float, T2_C: float, h2: float) -> Found:
    return {"Ea_equal_eV": float(arrhenius.activation_ev(h1, T1_C + _K0, h2, T2_C + _K0))}


def _humidity_exponents(n_range: Numbers, n_plastic: float) -> Found:  # noqa: ARG001 - what the case cites
    low, high = humidity.EXPONENT_RANGE
    return {"n_low": low, "n_high": high}


def _electromigration(
    j_stress: float, j_use: float, T_stress_C: float, T_use_C: float, n: float, Ea_eV: float
) -> Found:
    found = electromigration.acceleration(j_stress, j_use, T_stress_C + _K0, T_use_C + _K0, n, Ea_eV)
    return {"AF": float(found)}


def _voltage_hours(t0_h: float, V_percent: float) -> Found:
    return {"T_h": float(voltage.reduced_voltage_hours(t0_h, V_percent))}


def _burn_in(hours_125: float, T_C: float, Ea_eV: float) -> Found:
    return {"hours": float(equivalence.hours_at(hours_125, T_C + _K0, Ea_eV))}


def _fit(
    failures: float,
    n: float,
    hours: float,
    Ea_eV: float,
    T_stress_C: float,
    T_use_C: float,
    confidence: float,
) -> Found:
    factor = arrhenius.acceleration(Ea_eV, T_stress_C + _K0, T_use_C + _K0)
    return {"FIT": float(failure_rate.upper_fit(failures, n, hours, confidence, factor))}


def _fit_accelerated(failures: float, n: float, hours: float, AF: float, confidence: float) -> Found:
    return {"FIT": float(failure_rate.upper_fit(failures, n, hours, confidence, AF))}


def _chi_square(failures: float, confidence: float) -> Found:
    return {"chi2": float(failure_rate.chi_square(confidence, 2.0 * failures + 2.0))}


def _sample(series_percent: float, c: float, confidence: float, law: str = "binomial") -> Found:
    plans = {"binomial": sample_plans.sample_binomial, "poisson": sample_plans.sample_poisson}
    number = float(_named(plans, "law", law)(series_percent / 100.0, c, confidence))
    return {"n": number, "n_binomial": number} if law == "binomial" else {"n": number}


def _device_hours(n: float, hours: float) -> Found:
    return {"device_hours": float(equivalence.device_hours(n, hours))}


def _accept(n: float, c: float, p: float) -> Found:
    return {"P_accept": float(sample_plans.accept_probability(n, c, p))}


def _howl_mann(
    L_atm_cm3_s: float,
    PE_atm: float,
    V_cm3: float,
    t1_s: float,
    t2_s: float,
    M: float = 4.0026,
    MA: float = 28.96,
) -> Found:
    if (M, MA) != (4.0026, 28.96):
        raise ValueError("the model bombs with helium: M is 4.0026 and MA 28.96")
    bomb = howl_mann.Bomb(pressure_atm=PE_atm, time_s=t1_s, dwell_s=t2_s)
    return {"R1_atm_cm3_s": float(howl_mann.reading_atm_cm3_s(L_atm_cm3_s, V_cm3 * 1e-6, bomb))}


def _ingress(
    L_air_atm_cm3_s: float, V_cm3: float, T_C: float, RH_percent: float, limit_ppmv: float, start_ppmv: float
) -> Found:
    out = ingress.outside_atm(T_C + _K0, RH_percent / 100.0)
    seconds = float(
        ingress.time_to_limit_s(
            L_air_atm_cm3_s, V_cm3 * 1e-6, out, limit_ppmv=limit_ppmv, start_ppmv=start_ppmv
        )
    )
    return {"seconds": seconds, "days": seconds / 86400.0, "p_out_atm": float(out)}


def _bond_pull(preseal_gf: float) -> Found:
    return {"force_gf": float(bond_pull.nondestructive_gf(preseal_gf))}


def _flat_loop(V2_gf: float, theta_deg: float) -> Found:
    return {"V1_gf": float(bond_pull.flat_loop_gf(V2_gf, np.radians(theta_deg)))}


def _quality(points: Numbers) -> Found:
    return {"pi_Q": float(quality_factor.quality_factor(points))}


def _pind(cavity_height_in: float) -> Found:
    return {"F_Hz": float(pind.shaker_frequency_hz(cavity_height_in * _INCH_M))}


def _dose(pre: float, post: float, PDDM: float, limit: float) -> Found:
    judged = dose.judged_value(pre, post, PDDM)
    return {"judged": float(judged), "passes": float(dose.passes(judged, most=limit))}


def _dose_rate(dose_rad: float, overtest: float, hours: float) -> Found:
    return {"max_rate_mrad_s": 1e3 * float(dose.highest_rate_rad_per_s(dose_rad, overtest, hours))}


def _cycling(
    dT_test: float, dT_use: float, f_test: float, f_use: float, Tmax_test_C: float, Tmax_use_C: float, n: float,
    m: float, q_K: float,
) -> Found:  # fmt: skip
    return _cycled("frequency", dT_test, dT_use, f_test, f_use, Tmax_test_C, Tmax_use_C, n, m, q_K)


def _cycling_dwell(
    dT_test: float, dT_use: float, t_hot_test_min: float, t_hot_use_min: float, Tmax_test_C: float,
    Tmax_use_C: float, n: float, m: float, q_K: float,
) -> Found:  # fmt: skip
    rates = (t_hot_test_min, t_hot_use_min)
    return _cycled("dwell", dT_test, dT_use, *rates, Tmax_test_C, Tmax_use_C, n, m, q_K)


def _cycled(
    form: str, dT_test: float, dT_use: float, test: float, use: float, Tmax_test_C: float, Tmax_use_C: float, n: float,
    m: float, q_K: float,
) -> Found:  # fmt: skip
    constants = norris_landzberg.Constants(
        swing_exponent=n, rate_exponent=m, activation_k=q_K, form=form, status="", reference=""
    )
    found = norris_landzberg.acceleration(
        constants, swing_test_k=dT_test, swing_use_k=dT_use, hottest_test_k=Tmax_test_C + _K0,
        hottest_use_k=Tmax_use_C + _K0, rate_test=test, rate_use=use,
    )  # fmt: skip
    return {"AF": float(found)}


def _swing(dT_test: float, dT_use: float, n: float, cycles_test: float = 1.0) -> Found:
    found = float(coffin_manson.acceleration(dT_test, dT_use, n))
    return {"AF": found, "AF_dT": found, "cycles_use": found * cycles_test}


def _frequency(cycles_per_day_test: float, cycles_per_day_use: float, m: float) -> Found:
    """The frequency term as some documents print it, upside down: one over ours."""
    ours = _cycled(
        "frequency", 50.0, 50.0, cycles_per_day_test, cycles_per_day_use, 100.0, 100.0, 1.0, m, 0.0
    )
    return {"AF_f": 1.0 / ours["AF"]}


def _solder_energy(W_MPa: float, law: str) -> Found:
    laws = {"syed": energy.cycles_syed2004, "schubert": energy.cycles_schubert2003}
    return {"N": float(_named(laws, "law", law)(W_MPa * 1e6))}


def _engelmaier(
    F: float, LD: float, h: float, da1T: float, Tsj: float, tD: float, ef: float = engelmaier.TIN_LEAD.ductility,
    c0: float = engelmaier.TIN_LEAD.c0, c1: float = engelmaier.TIN_LEAD.c1_per_k,
    c2: float = engelmaier.TIN_LEAD.c2, t0: float = engelmaier.TIN_LEAD.dwell_scale_s / 60.0,
) -> Found:  # fmt: skip
    alloy = engelmaier.Alloy(ductility=ef, c0=c0, c1_per_k=c1, c2=c2, dwell_scale_s=60.0 * t0, status="")
    strain = engelmaier.shear_strain_range(da1T, LD * 1e-3, h * 1e-3, F)
    found = engelmaier.life(strain, Tsj + _K0, tD * 60.0, alloy)
    return {
        "N50_cycles": float(found.median_cycles), "c": float(found.exponent), "shear_strain_range": float(strain)
    }  # fmt: skip


def _bimetal(
    h1_mm: float, h2_mm: float, E1: float, E2: float, a1: float, a2: float, dT: float, L_mm: float = 10.0
) -> Found:
    found = float(bimetal.curvature_per_m(h1_mm * 1e-3, h2_mm * 1e-3, E1, E2, a1, a2, dT))
    return {
        "curvature_1_per_mm": 1e-3 * found, "tip_mm": 1e3 * float(bimetal.tip_deflection_m(found, L_mm * 1e-3)),
        "bow_um_10mm": 1e6 * abs(float(bimetal.bow_m(found, 10e-3))),
    }  # fmt: skip


def _trilayer(
    h1: float, h2: float, ha: float, E1: float, E2: float, Ea: float, v1: float, v2: float, va: float, a1: float,
    a2: float, dT: float, l: float,  # noqa: E741 - the paper's letter
) -> Found:  # fmt: skip
    joined = trilayer.joint(
        die_thickness_m=h1 * 1e-3, substrate_thickness_m=h2 * 1e-3, attach_thickness_m=ha * 1e-3,
        die_modulus_pa=E1 * 1e6, substrate_modulus_pa=E2 * 1e6, attach_modulus_pa=Ea * 1e6, die_poisson=v1,
        substrate_poisson=v2, attach_poisson=va,
    )  # fmt: skip
    got = trilayer.stress(joined, (a2 - a1) * dT, l * 1e-3)
    return {
        "lambda_": float(joined.axial_compliance_m_per_n) * 1e3,
        "kappa_": float(joined.shear_compliance_m3_per_n) * 1e9,
        "k_per_mm": float(joined.decay_per_m) * 1e-3,
        "tau_max_MPa": abs(float(got.edge_shear_pa)) * 1e-6,
        "sigma_die_MPa": abs(float(got.die_interface_pa)) * 1e-6,
        "curvature_1_per_mm": abs(float(got.curvature_per_m)) * 1e-3,
    }


def _wire_current(metal: str, d_in: float, length_in: float) -> Found:
    constant = current_rule.constant_a_per_in1p5(_wire_table(), metal, length_in * _INCH_M)
    return {"I_A": float(current_rule.allowed_a(constant, d_in * _INCH_M))}


def _wire_design(d_um: float, length: str, fuse_A: float) -> Found:  # noqa: ARG001 - what the maker's figure is of
    return {"design_A_max": float(current_rule.design_from_fusing_a(fuse_A))}


@cache
def _wire_table() -> list[dict[str, str]]:
    text = files("packfirst").joinpath("catalog/data/standards/wire_current.csv").read_text(encoding="utf-8")
    return [dict(row) for row in standard_tables.read_rows(text)]


def _wire_flexure(
    r_mm: float, D_mm: float, L_mm: float, alpha_sub: float, alpha_wire: float, dT: float, A: float, n: float
) -> Found:
    strain = flexure.heel_strain(r_mm * 1e-3, D_mm * 1e-3, L_mm * 1e-3, alpha_sub, alpha_wire, dT)
    return {"strain": float(strain), "Nf": float(flexure.cycles(strain, A, n))}


def _die_yield(
    law: str, area_mm2: float, defects_per_cm2: float, alpha: float = np.nan, layers: float = np.nan,
    critical_area_ratio: float = 1.0,
) -> Found:  # fmt: skip
    faults = yields.mean_faults(area_mm2 * 1e-6, defects_per_cm2 * 1e4, critical_area_ratio)
    shape = {"negative_binomial": alpha, "bose_einstein": layers}.get(law)
    return {"good": float(yields.die_yield(law, faults, shape))}


# Wafer price [USD] and defects per m2 in the parameter file of Chiplet Actuary (Yinxiao-Feng/chiplet-actuary 2c91fb9).
_ACTUARY_NODE: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"5": (16988.0, 1100.0), "7": (9346.0, 900.0), "14": (3984.0, 800.0)}
)
_ACTUARY_D2D = 1.1  # the same file: ten per cent of a cut die's area goes to the links


def _actuary(node_nm: float, module_area_mm2: float, n_chiplets: float, package: str) -> Found:
    flows: dict[str, Callable[[actuary.DieSet], CostFlow]] = {
        "SoC_OS": actuary.organic_substrate, "OS": actuary.organic_substrate,
        "FO": lambda die: actuary.interposer_chip_last(die, actuary.FAN_OUT),
        "SI": lambda die: actuary.interposer_chip_last(die, actuary.SILICON_INTERPOSER),
        "FO_chip_first": lambda die: actuary.interposer_chip_first(die, actuary.FAN_OUT),
    }  # fmt: skip
    share = 1.0 if package == "SoC_OS" else _ACTUARY_D2D
    area = share * module_area_mm2 * 1e-6 / n_chiplets
    raw, defect = actuary.die_cost(area, *_named(_ACTUARY_NODE, "node_nm", f"{node_nm:g}"))
    die = actuary.DieSet(
        raw_usd=n_chiplets * raw, defect_usd=n_chiplets * defect, area_m2=n_chiplets * area, count=n_chiplets
    )
    result = _named(flows, "package", package)(die)
    ledger = result.ledger
    return {
        "raw_chips": float(ledger.die_raw_usd), "defect_chips": float(ledger.die_defect_usd),
        "raw_package": float(ledger.carrier_raw_usd),
        "defect_package": float(ledger.carrier_defect_usd + ledger.carrier_lost_usd),
        "wasted_chips": float(ledger.die_lost_usd), "total_re": float(result.cost_per_good_usd),
    }  # fmt: skip


def _shoreline(rate_GT_s: float, lanes: float, edge_um: float) -> Found:
    found = edge_bandwidth_byte_per_s_m(rate_GT_s * 1e9, lanes, edge_um * 1e-6)
    return {"GB_s_per_mm": float(found) * 1e-12}


def _flux_channel(
    plate_mm: Numbers,
    k_W_mK: Numbers,
    t_mm: Numbers,
    film_W_m2K: float,
    centre_mm: Numbers,
    source_mm: Numbers,
) -> Found:
    if not len(plate_mm) == len(centre_mm) == len(source_mm) == 2 or len(k_W_mK) != len(t_mm):
        raise ValueError("plate_mm, centre_mm and source_mm are two numbers; k_W_mK and t_mm one per layer")
    source = np.array([*centre_mm, *source_mm]) * 1e-3
    point = np.array([*centre_mm, 0.0, 0.0]) * 1e-3
    plate, thickness = np.array(plate_mm) * 1e-3, np.array(t_mm) * 1e-3
    mean = flux_channel_yovanovich1999(plate, thickness, k_W_mK, film_W_m2K, source, terms=400)
    centre = flux_channel_yovanovich1999(plate, thickness, k_W_mK, film_W_m2K, source, point, terms=800)
    return {"mean_K_W": float(mean), "centre_K_W": float(centre)}


def _fcbga(body_mm: float, die_mm: float, interface_mm2K_W: float) -> Found:
    found = fcbga.fcbga_metrics(body_mm, die_mm, interface_mm2K_W, air_m_per_s=(0.0,))
    return {"theta_jc_K_W": float(found.theta_jc[0, 0]), "theta_ja_K_W": float(found.theta_ja[0, 0, 0])}


def _named(known: Mapping[str, T], name: str, word: str) -> T:
    if word not in known:
        raise ValueError(f"{name}: {word!r} is none of {', '.join(known)}")
    return known[word]


MODELS: Mapping[str, Model] = MappingProxyType(
    {
        "activation_energy": Model(
            what="activation energy between two rows of a test table", functions=(_activation,)
        ),
        "actuary_cost": Model(what="recurring cost of a multi-chip package", functions=(_actuary,)),
        "arrhenius": Model(what="acceleration by temperature", functions=(_arrhenius,)),
        "bimetal": Model(what="bow of two layers", functions=(_bimetal,)),
        "bond_pull": Model(what="nondestructive bond pull", functions=(_bond_pull, _flat_loop)),
        "burn_in_hours": Model(what="burn-in hours at another temperature", functions=(_burn_in,)),
        "die_yield": Model(what="share of good die", functions=(_die_yield,)),
        "dose_margin": Model(what="margin and rate of a total dose test", functions=(_dose, _dose_rate)),
        "electromigration": Model(
            what="acceleration by current and temperature", functions=(_electromigration,)
        ),
        "engelmaier": Model(what="life of leadless solder joints", functions=(_engelmaier,)),
        "failure_rate": Model(
            what="failure rate that a test supports", functions=(_fit, _fit_accelerated, _chi_square)
        ),
        "fcbga_theta": Model(
            what="theta of a lidded flip-chip package on its JEDEC board", functions=(_fcbga,)
        ),
        "flux_channel": Model(what="heated rectangle on a layered plate", functions=(_flux_channel,)),
        "howl_mann": Model(what="reading of a helium bomb leak test", functions=(_howl_mann,)),
        "humidity": Model(
            what="acceleration by humidity and temperature",
            functions=(_humidity, _humidity_equal, _humidity_exponents),
        ),
        "moisture_ingress": Model(what="time until a cavity is too moist", functions=(_ingress,)),
        "pind_frequency": Model(what="shaker frequency of the particle test", functions=(_pind,)),
        "quality_factor": Model(what="quality factor of a custom screen", functions=(_quality,)),
        "sample_plan": Model(
            what="sample sizes and what they accept", functions=(_sample, _device_hours, _accept)
        ),
        "shoreline": Model(what="bandwidth per edge of a module", functions=(_shoreline,)),
        "solder_energy": Model(what="life of solder from energy per cycle", functions=(_solder_energy,)),
        "thermal_cycling": Model(
            what="acceleration from one temperature cycle to another",
            functions=(_cycling, _cycling_dwell, _swing, _frequency),
        ),
        "trilayer": Model(what="stress of a die on its attach", functions=(_trilayer,)),
        "voltage_hours": Model(what="life test hours at less voltage", functions=(_voltage_hours,)),
        "wire_current": Model(what="current of a bond wire", functions=(_wire_current, _wire_design)),
        "wire_flexure": Model(what="life of a wire's heel", functions=(_wire_flexure,)),
    }
)
