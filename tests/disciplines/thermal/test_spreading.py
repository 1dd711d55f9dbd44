"""Closed forms of spreading resistance against the published example, summed series and their own limits."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.thermal.spreading import flux_channel_yovanovich1999, spreading_lee1995

FILE = Path(__file__).parents[2] / "references" / "thermal" / "spreading_resistance.csv"
MM = 1e-3


def cases():
    with FILE.open() as file:
        for row in csv.DictReader(file):
            layers = [p.split(":") for p in row["layers_from_source_side (k W/mK : t mm)"].split("|")]
            yield pytest.param(
                {
                    "length_m": [float(row["Lx_mm"]) * MM, float(row["Ly_mm"]) * MM],
                    "thickness_m": [float(t) * MM for _, t in layers],
                    "conductivity_w_per_m_k": [float(k) for k, _ in layers],
                    "film_w_per_m2_k": float(row["film_h_W_m2K"]),
                    "source_m": [float(row[f"src_{c}_mm"]) * MM for c in ("x", "y", "wx", "wy")],
                },
                float(row["R_source_mean_K_per_W"]),
                float(row["R_source_centre_K_per_W"]),
                float(row["R_1D_K_per_W"]),
                id=row["case"],
            )


@pytest.mark.parametrize(("given_", "mean", "centre", "straight"), list(cases()))
def test_series_against_an_independent_sum(given_, mean, centre, straight):
    assert flux_channel_yovanovich1999(**given_, terms=400) == pytest.approx(mean, rel=1e-4)
    point = [*given_["source_m"][:2], 0.0, 0.0]
    assert flux_channel_yovanovich1999(**given_, observed_m=point, terms=800) == pytest.approx(
        centre, rel=2e-4
    )
    everywhere = [0.5 * given_["length_m"][0], 0.5 * given_["length_m"][1], *given_["length_m"]]
    assert flux_channel_yovanovich1999(**given_, observed_m=everywhere) == pytest.approx(straight, rel=1e-6)


def test_lee1998_worked_example():
    """S. Lee, "Calculating Spreading Resistance in Heat Sinks", Electronics Cooling 4(1), 1998: prints 0.66."""
    found = spreading_lee1995(0.025**2, 0.1**2, 1.3e-3, 200.0, 1.0)
    assert found == pytest.approx(0.66, abs=0.005)


@pytest.mark.parametrize(
    ("ratio", "thickness", "biot"), [(0.1, 0.1, 1.0), (0.3, 0.05, 0.1), (0.5, 0.2, 10.0), (0.2, 1.0, 1.0)]
)
def test_lee_against_the_series(ratio, thickness, biot):
    """Lee et al. put their approximate forms within 10 % of the exact series for a centred source; the sum agrees."""
    side, k = 0.04, 150.0
    width, t, h = ratio * side, thickness * side, biot * k / side
    series = {
        "length_m": [side, side],
        "thickness_m": [t],
        "conductivity_w_per_m_k": [k],
        "film_w_per_m2_k": h,
    }
    source = [side / 2, side / 2, width, width]
    straight = 1 / (h * side**2) + t / (k * side**2)
    mean = flux_channel_yovanovich1999(**series, source_m=source, terms=400)
    peak = flux_channel_yovanovich1999(**series, source_m=source, observed_m=[*source[:2], 0, 0], terms=600)
    r0 = 1 / (h * side**2)
    assert straight + spreading_lee1995(width**2, side**2, t, k, r0) == pytest.approx(peak, rel=0.1)
    assert straight + spreading_lee1995(width**2, side**2, t, k, r0, "mean") == pytest.approx(mean, rel=0.1)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    st.floats(1e-6, 1e-3), st.floats(1.01, 50), st.floats(1e-4, 1e-2), st.floats(1, 400), st.floats(0.01, 10)
)
def test_more_source_spreads_less_and_full_cover_not_at_all(area, ratio, t, k, r0):
    base = area * ratio
    small = spreading_lee1995(area, base, t, k, r0)
    large = spreading_lee1995(area * min(ratio, 1.0 + 0.5 * (ratio - 1)), base, t, k, r0)
    assert small >= large >= 0.0
    assert spreading_lee1995(area, base, t, k, r0, "mean") <= small
    assert spreading_lee1995(base, base, t, k, r0) == pytest.approx(0.0, abs=1e-12)


def test_reciprocity_of_two_sources():
    plate = {
        "length_m": [0.03, 0.02],
        "thickness_m": [1e-3, 2e-3],
        "conductivity_w_per_m_k": [120.0, 5.0],
        "film_w_per_m2_k": 900.0,
    }
    a, b = [0.005, 0.006, 0.004, 0.002], [0.02, 0.012, 0.006, 0.008]
    one = flux_channel_yovanovich1999(**plate, source_m=a, observed_m=b)
    assert one == pytest.approx(flux_channel_yovanovich1999(**plate, source_m=b, observed_m=a), rel=1e-12)


def test_cutting_a_layer_changes_nothing():
    plate = {"length_m": [0.03, 0.02], "film_w_per_m2_k": 900.0, "source_m": [0.005, 0.006, 0.004, 0.002]}
    whole = flux_channel_yovanovich1999(**plate, thickness_m=[1e-3], conductivity_w_per_m_k=[20.0])
    parts = flux_channel_yovanovich1999(
        **plate, thickness_m=[3e-4, 7e-4], conductivity_w_per_m_k=[20.0, 20.0]
    )
    assert parts == pytest.approx(whole, rel=1e-12)


def test_a_table_of_candidates_in_one_call():
    rng = np.random.default_rng(0)
    n = 6
    table = {
        "length_m": rng.uniform(0.02, 0.04, (n, 2)),
        "thickness_m": rng.uniform(1e-4, 1e-3, (n, 3)),
        "conductivity_w_per_m_k": rng.uniform(1, 400, (n, 3)),
        "film_w_per_m2_k": rng.uniform(100, 5000, n),
        "source_m": np.column_stack([rng.uniform(0.006, 0.012, (n, 2)), rng.uniform(0.001, 0.01, (n, 2))]),
    }
    together = flux_channel_yovanovich1999(**table, terms=50)
    one_by_one = [
        flux_channel_yovanovich1999(**{k: v[i] for k, v in table.items()}, terms=50) for i in range(n)
    ]
    np.testing.assert_allclose(together, one_by_one, rtol=1e-12)
    assert spreading_lee1995(np.full((4, 1), 1e-4), 1e-3, np.full(3, 1e-3), 100.0, 1.0).shape == (4, 3)


def test_bad_sources_are_refused():
    with pytest.raises(ValueError, match="source_area_m2"):
        spreading_lee1995(2.0, 1.0, 0.1, 1.0, 1.0)
    with pytest.raises(ValueError, match="at:"):
        spreading_lee1995(0.5, 1.0, 0.1, 1.0, 1.0, "edge")
    with pytest.raises(ValueError, match="source_m"):
        flux_channel_yovanovich1999([0.01, 0.01], [1e-3], [1.0], 10.0, [0.0, 0.005, 0.002, 0.002])
