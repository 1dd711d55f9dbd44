"""Whether the wires of a link get out from under the die edge, and what stops them.

Three counts bound the signals that leave an edge on a carrier: the tracks that fit through the edge on its
routing layers, the tracks that fit between the lands of the bump field on the way there, and the signal bumps
that stand in the field. The least of them is the capacity, and its name is what binds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.electrical.bumps import Lattice, columns_on_edge

# Line plus space as far as the rule has been held against a published route (tests: BoW 65 um and 6 um wire
# pitch, EMIB 500 to 1000 wires per mm of edge) and as far as lithography makes straight tracks at all.
VALIDATED = {"wire_pitch_m": (1.0e-6, 65.0e-6)}
VALID = {"wire_pitch_m": (0.1e-6, 600.0e-6)}

BINDING = ("wires", "channels", "bumps")

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Escape:
    """Signals that an edge can let out, by what bounds them; arrays of shape (...)."""

    wires: NDArray[np.float64]
    channels: NDArray[np.float64]
    bumps: NDArray[np.float64]

    @property
    def capacity(self) -> NDArray[np.float64]:
        return np.asarray(np.minimum(np.minimum(self.wires, self.channels), self.bumps))

    @property
    def binding(self) -> NDArray[np.int64]:
        """Index into `BINDING` of the least bound; of equals the first."""
        return np.asarray(
            np.argmin(np.stack([self.wires, self.channels, self.bumps]), axis=0), dtype=np.int64
        )


def routing_layers(metal_layers: ArrayLike, layers_per_signal: ArrayLike = 2.0) -> NDArray[np.float64]:
    """Layers that carry signals out of a field, of those on the die's side of the carrier. [layers]

    On a laminate each signal layer has its ground layer, and layers below the core cannot be used because
    the vias through it are too coarse: an 8-2-8 laminate has ``8 / 2 = 4`` (BoW PHY Specification 1.9,
    section Cross Section). An interposer without impedance control may use every layer but its supply grid.
    """
    layers = np.asarray(metal_layers, dtype=np.float64) / np.asarray(layers_per_signal, dtype=np.float64)
    return np.asarray(np.floor(layers * (1.0 + _ROUNDING)))


def wire_density_per_m(
    line_m: ArrayLike, space_m: ArrayLike, shield_fraction: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Signal wires per length of edge and layer, ``(1 - shield) / (line + space)``. [1/m]

    Parameters
    ----------
    line_m, space_m : array_like, shape (...)
        Width and gap that the carrier's process routes.
    shield_fraction : array_like, shape (...)
        Share of the tracks that is ground between signals: 0 for none, 0.5 for ground-signal-ground.

    Raises
    ------
    ValueError
        A line or space that is not above zero, or a shield fraction outside [0, 1).
    """
    line, space = np.asarray(line_m, dtype=np.float64), np.asarray(space_m, dtype=np.float64)
    shield = np.asarray(shield_fraction, dtype=np.float64)
    if np.any(line <= 0.0) or np.any(space <= 0.0):
        raise ValueError("line and space must be above zero")
    if np.any(shield < 0.0) or np.any(shield >= 1.0):
        raise ValueError("the shield fraction lies from 0 up to, not including, 1")
    return np.asarray((1.0 - shield) / (line + space))


def wire_density_needed_per_m(
    signals: ArrayLike, edge_m: ArrayLike, layers: ArrayLike
) -> NDArray[np.float64]:
    """Wires per length of edge and layer that a link asks for; infinite without edge or layer. [1/m]"""
    count, room = np.broadcast_arrays(
        np.asarray(signals, dtype=np.float64),
        np.asarray(edge_m, dtype=np.float64) * np.asarray(layers, dtype=np.float64),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = count / room
    return np.asarray(np.where(count == 0.0, 0.0, needed))


def wires_through_edge(
    edge_m: ArrayLike,
    line_m: ArrayLike,
    space_m: ArrayLike,
    layers: ArrayLike,
    shield_fraction: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Whole signal wires through an edge on all its routing layers; errors as `wire_density_per_m`. [wires]"""
    density = wire_density_per_m(line_m, space_m, shield_fraction)
    per_layer = np.floor(np.asarray(edge_m, dtype=np.float64) * density * (1.0 + _ROUNDING))
    return np.asarray(per_layer * np.asarray(layers, dtype=np.float64))


def tracks_between_lands(
    gap_pitch_m: ArrayLike, land_m: ArrayLike, line_m: ArrayLike, space_m: ArrayLike
) -> NDArray[np.float64]:
    """Tracks that pass between two lands a pitch apart, with a space on either side. [tracks]

    The largest whole t with ``t line + (t + 1) space <= pitch - land``.
    """
    line, space = np.asarray(line_m, dtype=np.float64), np.asarray(space_m, dtype=np.float64)
    gap = np.asarray(gap_pitch_m, dtype=np.float64) - np.asarray(land_m, dtype=np.float64) - space
    return np.asarray(np.maximum(np.floor(gap / (line + space) + _ROUNDING), 0.0))


def tracks_per_column(
    lattice: Lattice,
    land_m: ArrayLike,
    line_m: ArrayLike,
    space_m: ArrayLike,
    nearest_m: ArrayLike | None = None,
) -> NDArray[np.float64]:
    """Tracks that run through a bump field towards the edge, per column pitch. [tracks]

    In a staggered lattice the tracks of one gap part round the land of the next row, through two diagonal
    gaps; the narrower of the straight and the two diagonal gaps counts. Where columns run towards the edge and
    each second one is shifted by half a pitch, their lands are farther apart than the columns: `nearest_m` says so.
    """
    if nearest_m is not None:
        return tracks_between_lands(nearest_m, land_m, line_m, space_m)
    straight = tracks_between_lands(lattice.column_pitch_m, land_m, line_m, space_m)
    diagonal = np.hypot(lattice.column_pitch_m / 2.0, lattice.row_pitch_m)
    parted = 2.0 * tracks_between_lands(diagonal, land_m, line_m, space_m)
    return np.asarray(np.where(lattice.staggered, np.minimum(straight, parted), straight))


def wires_through_field(
    edge_m: ArrayLike,
    lattice: Lattice,
    *,
    pad_m: ArrayLike,
    via_land_m: ArrayLike,
    line_m: ArrayLike,
    space_m: ArrayLike,
    layers: ArrayLike,
    front_fraction: ArrayLike = 1.0,
    shield_fraction: ArrayLike = 0.0,
    nearest_m: ArrayLike | None = None,
) -> NDArray[np.float64]:
    """Signals that pass the lands of a bump field on all routing layers. [wires]

    Per column and layer leave the signal of the front row, which needs no gap, and one per track between
    the lands: ``f + t (1 - shield)``. The first layer's lands are the bump pads, those of deeper layers the
    lands of the vias that come down. Signals that left on a layer above have no via below it, so that the
    next row is that layer's front. With f = 1 and t = 1 that is two rows to a layer, as BoW's slices are
    drawn on laminate, one slice to a signal layer.

    Parameters
    ----------
    edge_m : array_like, shape (...)
        Die edge that the field stands along.
    lattice : Lattice
        Of the bump field.
    pad_m, via_land_m : array_like, shape (...)
        Diameters on the first routing layer and on the others.
    line_m, space_m, shield_fraction : array_like, shape (...)
        As `wire_density_per_m`.
    layers : array_like, shape (...)
        Routing layers, from `routing_layers`.
    front_fraction : array_like, shape (...)
        Signals among the bumps of a row, f: 1 where supply and ground have rows of their own, the field's
        signal share where they are mixed in.
    nearest_m : array_like, optional, shape (...)
        As `tracks_per_column`.
    """
    columns = columns_on_edge(edge_m, lattice)
    unshielded = 1.0 - np.asarray(shield_fraction, dtype=np.float64)
    front = np.asarray(front_fraction, dtype=np.float64)
    first = front + unshielded * tracks_per_column(lattice, pad_m, line_m, space_m, nearest_m)
    deeper = front + unshielded * tracks_per_column(lattice, via_land_m, line_m, space_m, nearest_m)
    count = np.asarray(layers, dtype=np.float64)
    per_column = np.where(count > 0.0, first + np.maximum(count - 1.0, 0.0) * deeper, 0.0)
    return np.asarray(np.floor(columns * per_column * (1.0 + _ROUNDING)))


def signal_bumps_in_field(
    edge_m: ArrayLike, depth_m: ArrayLike, lattice: Lattice, signal_fraction: ArrayLike = 1.0
) -> NDArray[np.float64]:
    """Signal bumps that stand on an edge to a depth behind it. [bumps]"""
    columns = columns_on_edge(edge_m, lattice)
    rows = np.floor(np.asarray(depth_m, dtype=np.float64) / lattice.row_pitch_m * (1.0 + _ROUNDING))
    share = np.asarray(signal_fraction, dtype=np.float64)
    return np.asarray(np.floor(columns * rows * share * (1.0 + _ROUNDING)))


def escape(
    edge_m: ArrayLike,
    depth_m: ArrayLike,
    lattice: Lattice,
    *,
    pad_m: ArrayLike,
    via_land_m: ArrayLike,
    line_m: ArrayLike,
    space_m: ArrayLike,
    layers: ArrayLike,
    signal_fraction: ArrayLike = 1.0,
    front_fraction: ArrayLike = 1.0,
    shield_fraction: ArrayLike = 0.0,
    corridor_m: ArrayLike | None = None,
    nearest_m: ArrayLike | None = None,
) -> Escape:
    """Signals that leave a die edge on a carrier, and what bounds them; all parameters of shape (...).

    Parameters
    ----------
    edge_m, depth_m : array_like
        Along the edge, and how far behind it the field may reach.
    signal_fraction : array_like
        Share of the field's bumps that carries a signal.
    lattice, pad_m, via_land_m, line_m, space_m, layers, front_fraction, shield_fraction, nearest_m
        As `wires_through_field`.
    corridor_m : array_like, optional
        Width that the wires run through where it is not the field's edge: a bridge narrower than the field,
        or as much of two die edges as face each other.

    Raises
    ------
    ValueError
        As `wire_density_per_m`.
    """
    corridor = edge_m if corridor_m is None else corridor_m
    wires = wires_through_edge(corridor, line_m, space_m, layers, shield_fraction)
    channels = wires_through_field(
        edge_m,
        lattice,
        pad_m=pad_m,
        via_land_m=via_land_m,
        line_m=line_m,
        space_m=space_m,
        layers=layers,
        front_fraction=front_fraction,
        shield_fraction=shield_fraction,
        nearest_m=nearest_m,
    )
    bumps = signal_bumps_in_field(edge_m, depth_m, lattice, signal_fraction)
    wires, channels, bumps = np.broadcast_arrays(wires, channels, bumps)
    return Escape(wires=wires, channels=channels, bumps=bumps)
