"""JEDEC's metrics: where they are exact, how they hang together, and a maker's table of eight packages."""

import csv
from functools import cache
from pathlib import Path

import pytest

from packfirst.disciplines.thermal.jedec import Board, Part, Source, film, metrics
from packfirst.validation.fcbga import fcbga_metrics, fitted_interface

MM = 1e-3
TABLE = Path(__file__).parents[2] / "references" / "thermal" / "nec_fcbga.csv"


def block(*, second: bool = False, k: float = 100.0):
    """A block of one material on a substrate with one die, or two that mirror each other."""
    parts = [
        Part(box_m=(0, 20 * MM, 0, 20 * MM, 0, 1 * MM), in_plane=20.0, through=1.0),
        Part(box_m=(0, 20 * MM, 0, 20 * MM, 1 * MM, 2 * MM), in_plane=k, through=k),
    ]
    at = ((3, 7), (13, 17)) if second else ((8, 12),)
    sources = [
        Source(name=f"die_{n}", box_m=(a * MM, b * MM, 8 * MM, 12 * MM, 1 * MM, 1.02 * MM))
        for n, (a, b) in enumerate(at)
    ]
    return parts, sources


def test_heat_that_goes_straight_up_has_the_slabs_resistance():
    area = (10 * MM) ** 2
    parts = [
        Part(box_m=(0, 10 * MM, 0, 10 * MM, 0, 0.7 * MM), in_plane=120.0, through=120.0),
        Part(box_m=(0, 10 * MM, 0, 10 * MM, 0.7 * MM, 0.75 * MM), in_plane=3.0, through=3.0),
        Part(box_m=(0, 10 * MM, 0, 10 * MM, 0.75 * MM, 1.75 * MM), in_plane=390.0, through=390.0),
    ]
    source = Source(name="die", box_m=(0, 10 * MM, 0, 10 * MM, 0, 0.01 * MM))
    found = metrics(parts, [source], cell_m=1 * MM)
    expected = (0.7e-3 - 0.005e-3) / 120.0 + 0.05e-3 / 3.0 + 1e-3 / 390.0
    assert found.theta_jc[0, 0] == pytest.approx(expected / area, rel=1e-6)


@cache
def two():
    return metrics(*block(second=True), cell_m=1 * MM, air_m_per_s=(0.0, 2.0))


def test_two_die_give_a_matrix_that_mirrors_and_whose_own_terms_are_the_largest():
    found = two()
    for matrix in (*found.theta_ja, found.theta_jb, found.theta_jc):
        assert matrix[0, 1] == pytest.approx(matrix[1, 0], rel=1e-5)
        assert matrix[0, 0] == pytest.approx(matrix[1, 1], rel=1e-5)
        assert matrix[0, 0] > matrix[0, 1]
    # far from the held case face the neighbour hardly feels the other; with the board as the only way out it does
    assert found.theta_jc[0, 1] / found.theta_jc[0, 0] < found.theta_ja[0][0, 1] / found.theta_ja[0][0, 0]


def test_order_of_the_metrics():
    found = metrics(*block(), cell_m=1 * MM, air_m_per_s=(0.0, 2.0))
    still, moving = found.theta_ja[:, 0, 0]
    assert moving < still
    assert found.theta_jb[0, 0] < still
    # psi divides by all power though only a part goes that way: psi-JT lies below theta-JC, psi-JB below theta-JB
    assert 0.0 < found.psi_jt[0, 0, 0] < found.theta_jc[0, 0] * 1.001
    assert 0.0 < found.psi_jb[0, 0, 0] < found.theta_jb[0, 0] * 1.05
    assert two().names == ("die_0", "die_1")


def test_a_better_conductor_lowers_what_lies_on_its_way():
    good, poor = (metrics(*block(k=k), cell_m=1 * MM, air_m_per_s=(0.0,)) for k in (200.0, 50.0))
    assert good.theta_jc[0, 0] < 0.5 * poor.theta_jc[0, 0]
    assert good.theta_ja[0, 0, 0] < poor.theta_ja[0, 0, 0]


def test_case_below_is_the_other_face():
    parts, sources = block()
    above = metrics(parts, sources, cell_m=1 * MM, air_m_per_s=())
    below = metrics(parts, sources, cell_m=1 * MM, air_m_per_s=(), case_face="bottom")
    # the substrate, a hundred times worse through, lies below
    assert below.theta_jc[0, 0] > 5.0 * above.theta_jc[0, 0]


def test_the_test_boards_planes():
    small, large = Board.four_layer(21 * MM), Board.four_layer(35 * MM)
    assert small.size_m == (0.0762, 0.1143) and large.size_m == (0.1015, 0.1145)
    # 2 planes of 35 um, 95 % solid, and 2 layers of 70 um, 20 %: 94.5 um of copper in 1.6 mm
    assert small.in_plane == pytest.approx((390 * 94.5e-6 + 0.35 * (1.6e-3 - 94.5e-6)) / 1.6e-3)


def test_films_by_hand():
    """Plate of 0.1 m, 40 K warmer: Ra and Re worked out with the constants that the docstring names."""
    length = 0.1 * 0.1 / 0.4
    rayleigh = 9.81 * 40 * length**3 * 0.71 / (318.15 * 1.8e-5**2)
    radiated = 0.9 * 5.670374e-8 * (338.15**2 + 298.15**2) * (338.15 + 298.15)
    up = film(40.0, (0.1, 0.1), 0.0, upward=True)
    assert up == pytest.approx(0.54 * rayleigh**0.25 * 0.0279 / length + radiated, rel=1e-6)
    assert film(40.0, (0.1, 0.1), 0.0, upward=False) - radiated == pytest.approx((up - radiated) / 2)
    forced = 0.664 * (2.0 * 0.1 / 1.8e-5) ** 0.5 * 0.71 ** (1 / 3) * 0.0279 / 0.1
    assert film(40.0, (0.1, 0.1), 2.0, upward=True) == pytest.approx(forced + radiated, rel=1e-6)


@pytest.mark.parametrize("box", [(30 * MM, 31 * MM, 0, MM, 1 * MM, 1.1 * MM), (0, MM, 0, MM, 5 * MM, 6 * MM)])
def test_a_die_outside_the_package_is_refused(box):
    parts, _ = block()
    with pytest.raises(ValueError, match="lies outside"):
        metrics(parts, [Source(name="lost", box_m=box)], cell_m=1 * MM)
    with pytest.raises(ValueError, match="one heated die"):
        metrics(parts, [], cell_m=1 * MM)


def rows():
    with TABLE.open() as file:
        lines = [line for line in file if not line.startswith("#")]
    return list(csv.DictReader(lines))


def within(found: float, printed: str, share: float) -> bool:
    """Within the share, or within what rounding of the printed figure hides."""
    decimals = len(printed.partition(".")[2])
    return abs(found - float(printed)) <= max(share * float(printed), 0.5 * 10.0**-decimals + 1e-12)


def test_junction_to_case_of_a_makers_table_from_one_interface_fitted_on_every_other_row():
    every = rows()
    fit = every[::2]
    interface = fitted_interface(
        [(float(r["pkg_mm"]), float(r["die_mm"]), float(r["theta_jc"])) for r in fit]
    )
    for row in every[1::2]:
        found = fcbga_metrics(float(row["pkg_mm"]), float(row["die_mm"]), interface, air_m_per_s=())
        assert within(found.theta_jc[0, 0], row["theta_jc"], 0.10), (row, found.theta_jc)
