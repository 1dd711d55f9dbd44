"""Escape from under a die edge: BoW's routed stacks, EMIB's density, and where an HBM stack fits."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.electrical.bumps import Lattice, field_depth_m, signals_needed
from packfirst.disciplines.electrical.escape import (
    BINDING,
    Escape,
    escape,
    routing_layers,
    tracks_between_lands,
    tracks_per_column,
    wire_density_needed_per_m,
    wire_density_per_m,
    wires_through_edge,
    wires_through_field,
)

REFERENCES = Path(__file__).parents[2] / "references" / "electrical"
BOW = tomllib.loads((REFERENCES / "bow.toml").read_text())
HBM = tomllib.loads((REFERENCES / "hbm.toml").read_text())
CARRIERS = tomllib.loads((REFERENCES / "carriers.toml").read_text())

fast = settings(max_examples=30, deadline=None, derandomize=True)

HBM_SIGNALS = float(
    signals_needed(
        HBM["signals"]["channels"], sum(HBM["signals"]["per_channel"]), sum(HBM["signals"]["common"])
    )
)
HBM_LATTICE = Lattice.centred(HBM["bumps"]["column_um"] * 1e-6, HBM["bumps"]["cell_depth_um"] * 1e-6)
# Half the bumps of a memory PHY carrying signals is assumed; both ends of its band are tried.
SIGNAL_FRACTIONS = (0.4, 0.6)
HBM_EDGES_M = (6e-3, HBM["package"]["width_mm"]["hbm3"] * 1e-3)


def hbm_escape(carrier: str, lattice: Lattice, edge_m: float, fraction: float, shield: float) -> Escape:
    """Of a field as deep as it needs, half of the carrier's layers being ground."""
    rule = CARRIERS[carrier]
    return escape(
        edge_m,
        field_depth_m(HBM_SIGNALS / fraction, edge_m, lattice),
        lattice,
        pad_m=rule["land_um"] * 1e-6,
        via_land_m=rule["via_land_um"] * 1e-6,
        line_m=rule["line_um"] * 1e-6,
        space_m=rule["space_um"] * 1e-6,
        layers=routing_layers(rule["layers_on_die_side"]),
        signal_fraction=fraction,
        front_fraction=fraction,
        shield_fraction=shield,
    )


def test_bow_laminate_routes_one_slice_to_a_signal_layer() -> None:
    laminate, piece = BOW["laminate"], BOW["slice"]
    layers = routing_layers(laminate["layers_on_die_side"])
    edge = piece["signals"] / piece["signal_rows"] * laminate["bump_pitch_um"] * 1e-6
    wires = wires_through_edge(edge, laminate["line_um"] * 1e-6, laminate["space_um"] * 1e-6, layers)
    assert layers == laminate["slices"]
    assert wires == laminate["slices"] * piece["signals"]


def test_two_rows_of_a_bow_slice_leave_on_each_layer_with_one_track_between_lands() -> None:
    layers = BOW["laminate"]["slices"]
    found = wires_through_field(
        1.3e-3,
        Lattice.hexagonal(130e-6),
        pad_m=80e-6,
        via_land_m=80e-6,
        line_m=12e-6,
        space_m=12e-6,
        layers=layers,
    )
    assert found == layers * BOW["slice"]["signals"]


def test_bow_interposer_note_routes_four_slices_in_one_layer_and_five_do_not_fit() -> None:
    note = BOW["interposer"]
    edge = BOW["slice"]["signals"] / BOW["slice"]["signal_rows"] * note["bump_pitch_um"] * 1e-6
    wires = wires_through_edge(edge, note["line_um"] * 1e-6, note["space_um"] * 1e-6, 1)
    assert wires >= note["slices_in_one_layer"] * BOW["slice"]["signals"]
    assert wires < (note["slices_in_one_layer"] + 1) * BOW["slice"]["signals"]


def test_bridge_density_lies_in_the_published_range() -> None:
    bridge = CARRIERS["bridge"]
    line, space = bridge["line_um"] * 1e-6, bridge["space_um"] * 1e-6
    low, high = bridge["per_mm"]
    shielded = wire_density_per_m(line, space, 0.5) * bridge["layers_on_die_side"]
    bare = wire_density_per_m(line, space) * bridge["layers_on_die_side"]
    assert shielded / 1e3 == pytest.approx(low, rel=1e-12)
    assert bare / 1e3 == pytest.approx(high, rel=1e-12)


@pytest.mark.parametrize("fraction", SIGNAL_FRACTIONS)
@pytest.mark.parametrize("edge_m", HBM_EDGES_M)
def test_an_hbm_stack_cannot_escape_in_laminate(edge_m: float, fraction: float) -> None:
    laminate = CARRIERS["laminate"]
    pitch = laminate["bump_pitch_um"] * 1e-6
    assert HBM_LATTICE.nearest_m < pitch  # its own microbumps are finer than the laminate takes

    spread = hbm_escape("laminate", Lattice.square(pitch), edge_m, fraction, shield=0.0)
    assert spread.capacity < HBM_SIGNALS / 2.0
    assert BINDING[int(spread.binding)] == "channels"
    assert spread.wires < HBM_SIGNALS  # and even without bumps in the way the edge is too short

    needed = wire_density_needed_per_m(HBM_SIGNALS, edge_m, routing_layers(laminate["layers_on_die_side"]))
    routed = wire_density_per_m(laminate["line_um"] * 1e-6, laminate["space_um"] * 1e-6)
    assert needed > routed


def test_what_binds_hbm_in_laminate_is_two_wires_per_column_and_layer() -> None:
    found = hbm_escape("laminate", Lattice.square(130e-6), 11e-3, 1.0, shield=0.0)
    columns, layers, per_column = 84, 3, 2  # floor(11 / 0.13), 6 / 2, the front bump and one track
    assert found.capacity == columns * layers * per_column


@pytest.mark.parametrize("fraction", SIGNAL_FRACTIONS)
@pytest.mark.parametrize("edge_m", HBM_EDGES_M)
@pytest.mark.parametrize(("carrier", "shield"), [("interposer", 0.5), ("bridge", 0.0)])
def test_an_hbm_stack_escapes_on_silicon(carrier: str, shield: float, edge_m: float, fraction: float) -> None:
    assert HBM_LATTICE.nearest_m >= CARRIERS[carrier]["bump_pitch_um"] * 1e-6
    assert hbm_escape(carrier, HBM_LATTICE, edge_m, fraction, shield).capacity >= HBM_SIGNALS


def test_tracks_between_lands_fill_the_gap_and_no_more() -> None:
    # 130 - 82 = 48 um: line 12 and space 12 give 12+12+12 = 36, a second track would need 60
    assert tracks_between_lands(130e-6, 82e-6, 12e-6, 12e-6) == 1
    assert tracks_between_lands(100e-6, 40e-6, 12e-6, 12e-6) == 2  # exactly 60 um
    assert tracks_between_lands(100e-6, 41e-6, 12e-6, 12e-6) == 1
    assert tracks_between_lands(50e-6, 60e-6, 12e-6, 12e-6) == 0


def test_staggered_rows_narrow_the_way_of_a_flat_lattice_and_not_of_a_hexagon() -> None:
    flat = Lattice.centred(96e-6, 55e-6)
    diagonal = np.hypot(48e-6, 27.5e-6)
    through = tracks_per_column(flat, 25e-6, 0.5e-6, 0.5e-6)
    assert through == 2 * tracks_between_lands(diagonal, 25e-6, 0.5e-6, 0.5e-6)
    assert through < tracks_between_lands(96e-6, 25e-6, 0.5e-6, 0.5e-6)
    hexagon = Lattice.hexagonal(55e-6)
    assert tracks_per_column(hexagon, 25e-6, 2e-6, 2e-6) == tracks_between_lands(55e-6, 25e-6, 2e-6, 2e-6)


def test_deeper_layers_go_by_their_via_lands() -> None:
    field: dict[str, Any] = {"line_m": 12e-6, "space_m": 12e-6}
    small = wires_through_field(
        1.3e-3, Lattice.square(130e-6), pad_m=80e-6, via_land_m=40e-6, layers=3, **field
    )
    # first layer 1 + 1, the others 1 + 3, ten columns
    assert small == 10 * (2 + 4 + 4)
    assert (
        wires_through_field(1.3e-3, Lattice.square(130e-6), pad_m=80e-6, via_land_m=40e-6, layers=0, **field)
        == 0
    )


def test_supply_in_the_rows_and_shields_in_the_gaps_cost_their_share() -> None:
    found = wires_through_field(
        1.3e-3,
        Lattice.square(130e-6),
        pad_m=80e-6,
        via_land_m=40e-6,
        line_m=12e-6,
        space_m=12e-6,
        layers=3,
        front_fraction=0.6,
        shield_fraction=0.5,
    )
    # ten columns; 0.6 and half of one track on the first layer, 0.6 and half of three on the two others
    assert found == 10 * 1.1 + 2 * 10 * 2.1


def test_each_bound_can_be_the_one_that_binds() -> None:
    rule: dict[str, Any] = {"pad_m": 20e-6, "via_land_m": 20e-6, "line_m": 2e-6, "space_m": 2e-6}
    lattice = Lattice.square(50e-6)
    few_bumps = escape(1e-3, 100e-6, lattice, layers=4, **rule)
    many_bumps = escape(1e-3, 5e-3, lattice, layers=4, **rule)
    narrow = escape(1e-3, 5e-3, lattice, layers=4, corridor_m=0.4e-3, **rule)
    assert BINDING[int(few_bumps.binding)] == "bumps"
    assert few_bumps.capacity == 2 * 20  # two rows of twenty
    assert BINDING[int(many_bumps.binding)] == "channels"
    assert many_bumps.capacity == 4 * 20 * (1 + 7)  # 30 um gap: 7 tracks with 8 spaces take 30 um
    assert BINDING[int(narrow.binding)] == "wires"
    assert narrow.capacity == 4 * 100


@fast
@given(st.floats(20e-6, 200e-6), st.floats(0.3, 1.0), st.floats(1e-3, 15e-3), st.integers(1, 8))
def test_finer_lines_or_more_layers_never_let_fewer_out(
    line: float, finer: float, edge: float, layers: int
) -> None:
    def out(line_m: float, count: int) -> Escape:
        return escape(
            edge,
            2e-3,
            Lattice.hexagonal(130e-6),
            pad_m=80e-6,
            via_land_m=70e-6,
            line_m=line_m / 10.0,
            space_m=line_m / 10.0,
            layers=count,
            shield_fraction=0.25,
        )

    assert out(line * finer, layers).capacity >= out(line, layers).capacity
    assert out(line, layers + 1).capacity >= out(line, layers).capacity


@fast
@given(st.integers(1, 6), st.floats(0.3, 3.0), st.floats(2e-3, 12e-3), st.integers(1, 4))
def test_a_finer_pitch_never_holds_fewer_bumps_nor_takes_wires_from_the_edge(
    division: int, line_um: float, edge: float, layers: int
) -> None:
    def out(pitch: float, land: float) -> Escape:
        return escape(
            edge,
            1.5e-3,
            Lattice.square(pitch),
            pad_m=land,
            via_land_m=land,
            line_m=line_um * 1e-6,
            space_m=line_um * 1e-6,
            layers=layers,
        )

    coarse, fine = out(130e-6, 65e-6), out(130e-6 / division, 65e-6 / division)
    assert fine.bumps >= coarse.bumps
    assert fine.wires == coarse.wires
    # A denser forest of lands may cost tracks, at most the one space and the rounding of each added gap.
    added = (division - 1) * np.floor(edge / 130e-6) * layers
    assert fine.channels >= coarse.channels - added - division * layers


@fast
@given(st.floats(0.5e-3, 15e-3), st.floats(1.0, 3.0), st.floats(0.0, 0.9))
def test_more_edge_lets_more_out_and_more_shield_fewer(edge: float, longer: float, shield: float) -> None:
    def out(edge_m: float, share: float) -> Escape:
        return escape(
            edge_m,
            1e-3,
            Lattice.centred(96e-6, 55e-6),
            pad_m=25e-6,
            via_land_m=10e-6,
            line_m=2e-6,
            space_m=2e-6,
            layers=2,
            signal_fraction=0.5,
            front_fraction=0.5,
            shield_fraction=share,
        )

    assert out(edge * longer, shield).capacity >= out(edge, shield).capacity
    assert out(edge, shield).capacity <= out(edge, shield / 2.0).capacity


def test_a_thousand_candidates_in_one_call_are_each_as_alone() -> None:
    pitch = np.linspace(30e-6, 150e-6, 7)[:, np.newaxis]
    layers = np.arange(4.0)
    rule = {"pad_m": 20e-6, "via_land_m": 15e-6, "line_m": 3e-6, "space_m": 3e-6}
    together = escape(5e-3, 1e-3, Lattice.square(pitch), layers=layers, **rule)
    assert together.capacity.shape == (7, 4)
    alone = escape(5e-3, 1e-3, Lattice.square(pitch[3, 0]), layers=layers[2], **rule)
    assert together.capacity[3, 2] == alone.capacity
    assert together.binding[3, 2] == alone.binding


@pytest.mark.parametrize(
    ("line", "space", "shield"), [(0.0, 1e-6, 0.0), (1e-6, -1e-6, 0.0), (1e-6, 1e-6, 1.0)]
)
def test_impossible_rules_are_refused(line: float, space: float, shield: float) -> None:
    with pytest.raises(ValueError, match=r"must be above zero|shield fraction"):
        wire_density_per_m(line, space, shield)


def test_no_edge_is_an_infinite_demand_and_no_signal_none() -> None:
    assert np.isinf(wire_density_needed_per_m(10.0, 0.0, 2.0))
    assert wire_density_needed_per_m(0.0, 0.0, 2.0) == 0.0
