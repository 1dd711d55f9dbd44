"""Even layers solved through waves: the same temperatures as the general solver, and exact chains of resistances."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.disciplines.thermal import conduction
from packfirst.disciplines.thermal.even_layers import Face, solve
from packfirst.disciplines.thermal.plates import Plate, stacked


@given(st.integers(0, 10_000))
def test_same_temperatures_as_the_general_solver(seed):
    rng = np.random.default_rng(seed)
    n, nx, ny = (int(v) for v in rng.integers(1, 9, 3))
    length, width = rng.uniform(2e-3, 20e-3, 2)
    t, k = 10 ** rng.uniform(-6, -3, n), 10 ** rng.uniform(-1, 2.6, n)
    power = rng.random((n, nx, ny))
    bottom = Face(h_w_per_m2_k=float(10 ** rng.uniform(1, 5)) * (rng.random() < 0.5), t_k=330.0)
    top = Face(h_w_per_m2_k=float(10 ** rng.uniform(1, 5)), t_k=310.0)
    outline = (0.0, length, 0.0, width)
    plates = [
        Plate(
            outline_m=outline, faces_m=np.array([0.0, a]), conductivity_w_per_m_k=b, in_plane_w_per_m_k=b
        )
        for a, b in zip(t, k, strict=True)
    ]  # fmt: skip
    stack = stacked(
        plates, np.linspace(0, length, nx + 1), np.linspace(0, width, ny + 1), h_top=top.h_w_per_m2_k,
        t_top_k=top.t_k, h_bottom=bottom.h_w_per_m2_k, t_bottom_k=bottom.t_k,
    )  # fmt: skip
    wanted = conduction.solve(stack.problem, power.transpose(1, 2, 0), tolerance=1e-11).temperature_k
    found = solve(length, width, t, k, power, bottom, top)
    assert found.temperature_k.transpose(1, 2, 0) == pytest.approx(
        wanted, rel=0, abs=1e-7 * (wanted.max() - 310)
    )
    assert found.residual < 1e-9
    assert found.balance < 1e-9


def test_heat_through_a_chain_between_two_references():
    t, k = [1e-3, 2e-3], [10.0, 40.0]
    found = solve(
        1e-2, 1e-2, t, k, np.zeros((2, 3, 4)), Face(h_w_per_m2_k=100.0, t_k=400.0),
        Face(h_w_per_m2_k=50.0, t_k=300.0),
    )  # fmt: skip
    flux = 100.0 / (1 / 100 + 1e-3 / 10 + 2e-3 / 40 + 1 / 50)
    lower = 400.0 - flux * (1 / 100 + 0.5e-3 / 10)
    upper = 300.0 + flux * (1 / 50 + 1e-3 / 40)
    assert found.temperature_k[0] == pytest.approx(np.full((3, 4), lower), abs=1e-10)
    assert found.temperature_k[1] == pytest.approx(np.full((3, 4), upper), abs=1e-10)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"thickness_m": [-1e-3]}, "must be positive"),
        ({"power_w": np.full((1, 2, 2), np.nan)}, "not finite"),
        ({"top": Face()}, "takes heat away"),
        ({"conductivity_w_per_m_k": [1.0, 2.0]}, "conductivities"),
    ],
)
def test_what_makes_no_sense_is_refused(changes, says):
    given = {
        "length_m": 1e-2, "width_m": 1e-2, "thickness_m": [1e-3], "conductivity_w_per_m_k": [1.0],
        "power_w": np.ones((1, 2, 2)), "bottom": Face(), "top": Face(h_w_per_m2_k=10.0),
    }  # fmt: skip
    with pytest.raises(ValueError, match=says):
        solve(**{**given, **changes})
