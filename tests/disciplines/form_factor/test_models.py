"""Escape, terminal counts and panels: by hand, by brute force, and what can only help."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packfirst.disciplines.form_factor.escape_rows import ring, signals_out, tracks_between
from packfirst.disciplines.form_factor.panels import nest
from packfirst.disciplines.form_factor.patterns import counts, round_the_edge


def test_one_track_passes_at_1_mm_with_5_mil_rules():
    """Atlas PCB, 'BGA escape routing': 1 mm pitch, 0.5 mm pad, 5 mil line and space: one trace between pads."""
    assert tracks_between(1.0e-3, 0.5e-3, 0.127e-3, 0.127e-3) == 1


def test_lines_that_just_fit_are_counted():
    """0.5 mm free hold two lines of 0.1 mm and three spaces of 0.1 mm."""
    assert tracks_between(1.0e-3, 0.5e-3, 0.1e-3, 0.1e-3) == 2
    assert tracks_between(1.0e-3, 0.5001e-3, 0.1e-3, 0.1e-3) == 1
    assert tracks_between(0.4e-3, 0.3e-3, 0.1e-3, 0.1e-3) == 0


@given(st.integers(1, 30), st.integers(1, 30))
def test_rings_hold_every_terminal_once(columns, rows):
    total, wide, high = 0, columns, rows
    while wide > 0 and high > 0:
        total, wide, high = total + ring(wide, high), wide - 2, high - 2
    assert total == columns * rows


def test_signals_of_a_ten_by_ten_array_by_hand():
    # Rings of 36, 28, 20, 12 and 4. One track: the surface takes two rings' worth of the outer ring's gaps.
    assert signals_out(10, 10, 0, 1, blind=False) == 36
    assert signals_out(10, 10, 1, 1, blind=False) == 72
    # Two layers, no tracks: the outer ring, then the next.
    assert signals_out(10, 10, 0, 2, blind=False) == 36 + 28
    # Through holes in the way: without a track between them nothing more comes out, however many layers.
    assert signals_out(10, 10, 0, 9, blind=False) == 36 + 28
    # With one track the third layer still has the 20 gaps of the ring that stands there (rings 3 to 5 hold 36).
    assert signals_out(10, 10, 1, 2, blind=False) == 100
    # Vias that end: all of it, one ring a layer.
    assert [signals_out(10, 10, 0, n, blind=True) for n in (1, 2, 3, 4, 5, 6)] == [36, 64, 84, 96, 100, 100]


@given(st.integers(2, 40), st.integers(2, 40), st.integers(0, 3), st.integers(1, 12), st.booleans())
def test_more_layers_tracks_or_blind_vias_never_lead_out_fewer(columns, rows, tracks, layers, blind):
    now = signals_out(columns, rows, tracks, layers, blind=blind)
    assert 0 < now <= columns * rows
    assert signals_out(columns, rows, tracks, layers + 1, blind=blind) >= now
    assert signals_out(columns, rows, tracks + 1, layers, blind=blind) >= now
    assert signals_out(columns, rows, tracks, layers, blind=True) >= signals_out(
        columns, rows, tracks, layers, blind=False
    )
    assert signals_out(rows, columns, tracks, layers, blind=blind) == now


@given(st.integers(0, 500), st.integers(0, 300), st.integers(0, 300), st.integers(0, 2000))
def test_every_needed_terminal_is_counted_once(supply, signals, returns, drawn):
    needed = 2 * supply + signals + returns
    found = counts(needed, signals, returns, drawn)
    assert found.needed == needed
    assert found.supply == found.supply_return == supply
    assert found.spare == max(drawn - needed, 0)


def test_leads_of_a_quad_flat_package():
    """A body of 14 mm with leads at 0.5 mm: 27 gaps and corners leave 27 a side, four sides."""
    assert round_the_edge(14e-3, 14e-3, 0.5e-3) == 108
    assert round_the_edge(0.3e-3, 0.3e-3, 0.5e-3) == 0


@given(
    st.floats(5e-3, 90e-3), st.floats(5e-3, 90e-3), st.floats(0.1, 0.6), st.floats(0.1, 0.6),
    st.floats(0.0, 20e-3), st.floats(0.0, 5e-3),
)  # fmt: skip
def test_a_panel_holds_what_it_says_and_not_one_row_more(a, b, wide, high, border, street):
    found = nest((a, b), (wide, high), border, street)
    own = (b, a) if found.turned else (a, b)
    for number, side, piece in zip((found.columns, found.rows), (wide, high), own, strict=True):
        free = side - 2.0 * border
        if found.pieces:
            assert number * piece + (number - 1) * street <= free * (1 + 1e-9)
        assert (number + 1) * piece + number * street > free * (1 - 1e-9)
    laid = [
        [
            max(int((side - 2 * border + street) / (own + street)), 0)
            for side, own in zip((wide, high), way, strict=True)
        ]
        for way in itertools.permutations((a, b))
    ]
    best = max(across * along for across, along in laid)
    assert found.pieces >= best
    assert found.utilisation == pytest.approx(found.pieces * a * b / (wide * high))
