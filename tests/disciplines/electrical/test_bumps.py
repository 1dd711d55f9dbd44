"""Bump lattices, counts and fields, against BoW's reference slice and the HBM microbump rectangle."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.electrical.bumps import (
    Lattice,
    bumps_needed,
    current_limit_a,
    field_area_m2,
    field_depth_m,
    rows_needed,
    signals_needed,
    slice_edge_m,
)

REFERENCES = Path(__file__).parents[2] / "references" / "electrical"
BOW = tomllib.loads((REFERENCES / "bow.toml").read_text())
HBM = tomllib.loads((REFERENCES / "hbm.toml").read_text())

fast = settings(max_examples=30, deadline=None, derandomize=True)


@pytest.mark.parametrize("size", BOW["link"]["sizes"], ids=lambda size: f"{size[0]}um")
def test_bow_example_link_has_the_printed_edge_and_depth(size: list[float]) -> None:
    pitch_um, edge_mm, depth_mm = size
    lattice = Lattice.hexagonal(pitch_um * 1e-6)
    piece, link = BOW["slice"], BOW["link"]
    edge = slice_edge_m(piece["signals"], piece["signal_rows"], lattice) * link["stacks"]
    depth = piece["rows"] * link["depth_slices"] * lattice.row_pitch_m
    assert edge * 1e3 == pytest.approx(edge_mm, abs=link["edge_half_last_digit_mm"])
    assert depth * 1e3 == pytest.approx(depth_mm, abs=link["depth_half_last_digit_mm"])


def test_the_field_of_a_bow_stack_is_as_deep_as_its_rows() -> None:
    lattice = Lattice.hexagonal(130e-6)
    bumps = 4 * BOW["slice"]["rows"] * 10  # ten columns
    assert field_depth_m(bumps, 1.3e-3, lattice) == pytest.approx(12 * 130e-6 * np.sqrt(3.0) / 2.0, rel=1e-12)


def test_hbm_signals_of_the_published_interface_add_up() -> None:
    table = HBM["signals"]
    found = signals_needed(table["channels"], sum(table["per_channel"]), sum(table["common"]))
    assert sum(table["per_channel"]) == 212
    assert found == 1715
    assert signals_needed(0, 212, 19) == 0


def test_hbm_rectangle_holds_two_bumps_55_um_apart() -> None:
    rectangle = HBM["bumps"]
    lattice = Lattice.centred(rectangle["column_um"] * 1e-6, rectangle["cell_depth_um"] * 1e-6)
    assert lattice.area_per_bump_m2 == pytest.approx(96e-6 * 55e-6 / 2.0, rel=1e-12)
    assert lattice.nearest_m == pytest.approx(np.hypot(48e-6, 27.5e-6), rel=1e-12)


def test_lattices_have_their_textbook_density_and_neighbours() -> None:
    assert Lattice.square(40e-6).area_per_bump_m2 == pytest.approx(1600e-12, rel=1e-12)
    assert Lattice.hexagonal(40e-6).area_per_bump_m2 == pytest.approx(
        1600e-12 * np.sqrt(3.0) / 2.0, rel=1e-12
    )
    assert Lattice.hexagonal(40e-6).nearest_m == pytest.approx(40e-6, rel=1e-12)
    assert Lattice.square(40e-6).nearest_m == pytest.approx(40e-6, rel=1e-12)


def test_current_or_return_paths_set_the_ground_bumps() -> None:
    by_current = bumps_needed(40, signals_per_ground=4, current_a=2.0, current_limit_a=0.1)
    by_return = bumps_needed(40, signals_per_ground=2, current_a=0.5, current_limit_a=0.1)
    assert (by_current.supply, by_current.ground, by_current.total) == (20, 20, 80)
    assert (by_return.supply, by_return.ground, by_return.total) == (5, 20, 65)
    assert by_return.signal_fraction == pytest.approx(40 / 65)


def test_a_link_without_bumps_is_all_signal() -> None:
    none = bumps_needed(0, signals_per_ground=2, current_a=0.0, current_limit_a=0.1)
    assert none.total == 0
    assert none.signal_fraction == 1.0
    assert rows_needed(0, 0.0, Lattice.square(40e-6)) == 0
    assert np.isinf(rows_needed(1, 10e-6, Lattice.square(40e-6)))


def test_bump_current_goes_with_the_area_of_the_opening() -> None:
    assert current_limit_a(2.0 / np.sqrt(np.pi), 3.0) == pytest.approx(3.0, rel=1e-12)
    assert current_limit_a(80e-6, 1e8) == pytest.approx(4.0 * current_limit_a(40e-6, 1e8), rel=1e-12)


@fast
@given(
    st.integers(0, 5000), st.floats(0.5, 8.0), st.floats(0.0, 30.0), st.floats(0.02, 0.3), st.floats(1.0, 2.0)
)
def test_supply_bumps_carry_the_current_and_a_weaker_bump_never_needs_fewer(
    signals: int, ratio: float, current: float, limit: float, stronger: float
) -> None:
    weak = bumps_needed(signals, signals_per_ground=ratio, current_a=current, current_limit_a=limit)
    strong = bumps_needed(
        signals, signals_per_ground=ratio, current_a=current, current_limit_a=limit * stronger
    )
    assert weak.supply * limit >= current * (1.0 - 1e-6)
    assert weak.ground * ratio >= signals * (1.0 - 1e-6)
    assert np.all(weak.ground >= weak.supply)
    assert weak.total >= strong.total


@fast
@given(st.integers(1, 5000), st.floats(9e-6, 200e-6), st.floats(0.5, 1.0), st.floats(1e-3, 20e-3))
def test_a_finer_pitch_never_takes_more_area_or_depth(
    bumps: int, pitch: float, finer: float, edge: float
) -> None:
    coarse, fine = Lattice.hexagonal(pitch), Lattice.hexagonal(pitch * finer)
    assert field_area_m2(bumps, fine) <= field_area_m2(bumps, coarse) * (1.0 + 1e-12)
    assert field_depth_m(bumps, edge, fine) <= field_depth_m(bumps, edge, coarse) * (1.0 + 1e-12)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"signals": -1}, "negative"),
        ({"current_limit_a": 0.0}, "above zero"),
        ({"signals_per_ground": 0.0}, "above"),
    ],
)
def test_impossible_bumps_are_refused(change: dict[str, float], said: str) -> None:
    wanted = {"signals": 40, "signals_per_ground": 2.0, "current_a": 1.0, "current_limit_a": 0.1} | change
    with pytest.raises(ValueError, match=said):
        bumps_needed(wanted.pop("signals"), **wanted)
