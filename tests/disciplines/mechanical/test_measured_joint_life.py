"""Board-level life of five measured ball grid arrays: one constant is fitted on two, the others are predicted.

What the source does not print is set beforehand to typical values and not touched: BT substrate 28 GPa, 14 ppm/K;
FR-4 board 16 ppm/K; silicon 130 GPa, 2.6 ppm/K; mould 22 GPa, 8 ppm/K, 0.87 mm over the die; die 0.7 mm thick where
unsaid; lids ignored. The joint under the corner of the die is taken to fail. The band of 2 is the one that the cases
themselves ask for, set before the first run.
"""

import numpy as np
import pytest

from packfirst.disciplines.mechanical.fatigue import damage, engelmaier, standoff
from packfirst.disciplines.mechanical.warpage import laminate

BAND = 2.0
FITTED = ("me_fgg676", "me_ffg1152")
SILICON, BT, MOULD = (130e9, 0.28, 2.6e-6), (28e9, 0.2, 14e-6), (22e9, 0.3, 8e-6)
FR4_CTE = 16e-6
MOULD_OVER_DIE_M = 0.87e-3
DIE_THICKNESS_M = 0.7e-3
SHAPE = 10.0  # of the Weibull line, near the middle of what the cases show; only the bound needs it


def mismatch_per_k(case):
    package = case["package"]
    die = package["die_mm"]
    layers = [(package["substrate"]["thickness_mm"] * 1e-3, BT)]
    layers.append((die[2] * 1e-3 if len(die) == 3 else DIE_THICKNESS_M, SILICON))
    if package["type"].startswith("wire-bond"):
        layers.append((MOULD_OVER_DIE_M, MOULD))
    thickness = [t for t, _ in layers]
    stiffness = laminate.plane_stress_pa(*(np.array([m[i] for _, m in layers]) for i in (0, 0, 1)))
    cte = np.array([[m[2], m[2]] for _, m in layers])
    # the balls hold the body flat on its board
    return FR4_CTE - laminate.shape(thickness, stiffness, cte, flat=True).strain[0]


def strain_range(case):
    package, board = case["package"], case["board"]
    ball = standoff.ball_volume_m3(package["ball_diameter_mm"] * 1e-3)
    stencil = board["stencil_mm"]
    paste = 0.5 * np.pi / 4.0 * stencil["aperture"] ** 2 * stencil["thickness"] * 1e-9
    height = standoff.standoff_m(
        ball + paste, package["package_pad"]["opening_mm"] * 1e-3, board["pad_diameter_mm"] * 1e-3
    )
    swing = case["cycle"]["t_max_c"] - case["cycle"]["t_min_c"]
    distance = 0.5e-3 * np.hypot(*package["die_mm"][:2])
    return engelmaier.shear_strain_range(mismatch_per_k(case) * swing, distance, height)


def median_life(case, factor):
    cycle = case["cycle"]
    mean_k = 273.15 + 0.5 * (cycle["t_max_c"] + cycle["t_min_c"])
    found = engelmaier.life(factor * strain_range(case), mean_k, 60.0 * cycle["dwell_min"], engelmaier.SAC)
    return found.median_cycles, found.exponent


@pytest.fixture(scope="module")
def lives(cases):
    every = cases("measured/solder_joint_life")
    wanted = {
        name: damage.life_at_share(
            case["measured"]["characteristic_life_cycles"], 1.0 - np.exp(-1.0), 0.5, SHAPE
        )
        for name, case in every.items()
        if "characteristic_life_cycles" in case["measured"]
    }
    # N goes with F^(1/c): the factor that puts the two in the middle, in logarithms
    logs = []
    for name in FITTED:
        life, c = median_life(every[name], 1.0)
        logs.append(float(c) * np.log(wanted[name] / life))
    factor = float(np.exp(np.mean(logs)))
    return factor, {n: (float(median_life(every[n], factor)[0]), float(wanted.get(n, np.nan))) for n in every}


def in_band(found):
    predicted, measured = found
    return 1.0 / BAND <= predicted / measured <= BAND


def test_predicted_within_the_band(lives, capsys):
    factor, found = lives
    with capsys.disabled():
        print(f"\n  one constant fitted, F = {factor:.3f}")  # noqa: T201
        for name, (predicted, measured) in found.items():
            role = "fitted" if name in FITTED else "predicted"
            against = (
                "no failure in 5000"
                if np.isnan(measured)
                else f"{measured:.0f}, x {predicted / measured:.2f}"
            )
            print(f"  {name:12s} {role:9s} {predicted:6.0f} cycles against {against}")  # noqa: T201
    assert in_band(found["me_fbg900"])
    # so is the fitted pair, which one constant cannot bring to agree by itself
    assert all(in_band(found[name]) for name in FITTED)


@pytest.mark.xfail(strict=True, reason="predicted 0.44 of the measured life: 2.25 times too short, band 2")
def test_fourteen_layer_body_within_the_band(lives):
    assert in_band(lives[1]["me_ffvb2104"])


@pytest.mark.xfail(strict=True, reason="2.1 % point predicted near 2000 cycles, none of 32 failed in 5000")
def test_part_that_did_not_fail(lives, cases):
    # none of 32 failed: the 2.1 % point lies above 5000 cycles at half confidence
    early = damage.life_at_share(lives[1]["me_ffg1704"][0], 0.5, 0.021, SHAPE)
    bound = cases("measured/solder_joint_life")["me_ffg1704"]["measured"]["cycles_run"]
    assert early >= bound / BAND


def test_misses_are_on_the_safe_side(lives):
    predicted, measured = lives[1]["me_ffvb2104"]
    assert predicted < measured
