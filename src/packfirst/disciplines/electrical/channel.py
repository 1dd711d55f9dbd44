"""What a link between two placed die takes of their facing edges, for every mode of its standard at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.electrical import areal, bumps, escape, lanes, reach

Floats = NDArray[np.float64]

# Bump pad as a share of the pitch, and share of a field's bumps that carries signals where a standard's own
# map cannot be kept because the carrier's pitch is coarser. Assumed; UCIe's and BoW's maps lie near both.
PAD_SHARE = 0.5
SIGNAL_SHARE = 0.7
# Land of a via that comes down through the routing layers, as a multiple of the line that it feeds. Assumed.
VIA_LAND_LINES = 4.0
# Capacity over demand from which an escape is planned: two standard deviations of the count's model error.
ESCAPE_ROOM = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Modes:
    """The modes that a link may run in, all of shape (n_modes,)."""

    rate_bit_per_s: Floats
    lanes_per_module: Floats
    directions: Floats
    signals_per_module: Floats
    module_edge_m: Floats
    module_depth_m: Floats
    stack_depth: Floats
    pitch_min_m: Floats
    pitch_max_m: Floats
    column_pitch_m: Floats  # of the standard's own map; the bump pitch where it has none
    columns_per_pitch: Floats  # 2 / sqrt(3) where the standard packs its bumps hexagonally, 1 else
    reach_m: Floats
    energy_j_per_bit: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What a carrier offers a die that stands on it; arrays of shape (...) without a mode axis."""

    pitch_m: Floats
    line_m: Floats
    space_m: Floats
    layers: Floats
    stated_per_m: (
        Floats  # signals per edge that its maker publishes, which then stand for layers and lands; 0: none
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Demands and capacities of one link, shape (..., n_modes).

    `binding` numbers what bounds the escape: 0 wires, 1 channels between lands, 2 bumps.
    """

    modules: Floats
    signals: Floats
    capacity: Floats
    binding: NDArray[np.int64]
    edge_m: Floats
    wire_m: Floats
    fits_pitch: NDArray[np.bool_]
    share: Floats  # of the bandwidth that escapes and has edge, at most 1; 0 beyond the reach
    energy_j_per_bit: Floats

    @property
    def holds(self) -> NDArray[np.bool_]:
        return np.asarray(self.fits_pitch & (self.share >= 1.0 - 1e-9))

    @property
    def best(self) -> NDArray[np.int64]:
        """The mode to run: of those that hold the least energy, then the fewest modules; else the largest share.

        One whose wires get out with room to spare comes before one that holds by a row of bumps: nobody plans a
        link on a count that is only known to a tenth.
        """
        at_ease = self.holds & (self.capacity >= ESCAPE_ROOM * self.signals)
        rank = np.where(
            self.holds,
            np.where(at_ease, 4.0, 2.0)
            - self.energy_j_per_bit / self.energy_j_per_bit.max() / 2.0
            - 1e-6 * self.modules / (1.0 + self.modules),
            np.where(self.fits_pitch, 0.25, 0.0) + self.share / 2.0,
        )
        return np.asarray(np.argmax(rank, axis=-1))


def carried(
    bandwidth_byte_per_s: ArrayLike, facing_m: ArrayLike, gap_m: ArrayLike, surface: Surface, modes: Modes
) -> Carried:
    """What each mode takes, and what the facing edges give.

    Parameters
    ----------
    bandwidth_byte_per_s : array_like, shape (...)
        Both directions together.
    facing_m, gap_m : array_like, shape (...)
        Length over which the two die face each other, and the gap between them.
    """
    bandwidth, facing, gap = (
        np.asarray(item, dtype=np.float64)[..., np.newaxis]
        for item in (bandwidth_byte_per_s, facing_m, gap_m)
    )
    pitch, line, space, layers, stated = (
        np.asarray(item, dtype=np.float64)[..., np.newaxis]
        for item in (surface.pitch_m, surface.line_m, surface.space_m, surface.layers, surface.stated_per_m)
    )
    modules = lanes.modules_needed(bandwidth / modes.directions, modes.rate_bit_per_s, modes.lanes_per_module)
    signals = bumps.signals_needed(modules, modes.signals_per_module)
    edge = lanes.edge_needed_m(modules, modes.module_edge_m, modes.stack_depth)
    slack = 1.0 + 1e-9
    # That is the least edge. Modules go behind each other only where it is too short for all of them beside each other.
    spread = np.maximum(modules, 1.0) * modes.module_edge_m
    with np.errstate(divide="ignore", invalid="ignore"):
        deep = np.ceil(spread / facing / slack)
    stacked = np.clip(np.where(np.isfinite(deep), deep, modes.stack_depth), 1.0, modes.stack_depth)
    finer = pitch <= modes.pitch_max_m * slack
    fits = finer & (pitch * slack >= modes.pitch_min_m) | finer & (pitch < modes.pitch_min_m)
    at = np.maximum(pitch, modes.pitch_min_m)  # a finer carrier can always be used at the standard's pitch
    column = np.where(finer, np.maximum(modes.column_pitch_m, at), at)
    lattice = bumps.Lattice(
        column_pitch_m=column / modes.columns_per_pitch, row_pitch_m=at,
        staggered=np.zeros(at.shape, dtype=np.bool_),
    )  # fmt: skip
    used = np.minimum(facing, spread)
    left = escape.escape(
        used, modes.module_depth_m * stacked, lattice,
        pad_m=PAD_SHARE * at, via_land_m=np.minimum(VIA_LAND_LINES * line, PAD_SHARE * at), line_m=line,
        space_m=space, layers=layers, signal_fraction=SIGNAL_SHARE, corridor_m=facing, nearest_m=column,
    )  # fmt: skip
    # Within its pitch range a standard's own map holds its own signals: only the carrier can be short of room.
    count = np.where(fits, np.inf, left.bumps)
    wires = np.where(stated > 0.0, stated * facing, left.wires)
    channels = np.where(stated > 0.0, stated * used, left.channels)
    each = np.stack(np.broadcast_arrays(wires, channels, count), axis=-1)
    capacity = each.min(axis=-1)
    wire = reach.longest_wire_m(gap, modes.module_depth_m * stacked, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.minimum(np.minimum(capacity / signals, facing / edge), 1.0)
    share = np.where(signals > 0.0, share, 1.0) * (wire <= modes.reach_m * slack)
    shape = np.broadcast_shapes(share.shape, capacity.shape, modules.shape)
    return Carried(
        modules=np.broadcast_to(modules, shape), signals=np.broadcast_to(signals, shape),
        capacity=np.broadcast_to(capacity, shape), binding=np.asarray(np.broadcast_to(each.argmin(axis=-1), shape)),
        edge_m=np.broadcast_to(edge, shape), wire_m=np.broadcast_to(wire, shape),
        fits_pitch=np.asarray(np.broadcast_to(fits, shape)), share=np.broadcast_to(share, shape),
        energy_j_per_bit=np.broadcast_to(modes.energy_j_per_bit, shape),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Stacked:
    """A vertical link, shape (..., n_modes)."""

    area_m2: Floats  # bonded area that the bandwidth takes
    fits_pitch: NDArray[np.bool_]
    share: Floats
    energy_j_per_bit: Floats

    @property
    def best(self) -> NDArray[np.int64]:
        """The mode to run: one whose pitch fits, then the largest share, then the least energy."""
        rank = 2.0 * self.fits_pitch + self.share - 1e-3 * self.energy_j_per_bit / self.energy_j_per_bit.max()
        return np.asarray(np.argmax(rank, axis=-1))


def carried_by_bonds(
    bandwidth_byte_per_s: ArrayLike,
    overlap_m2: ArrayLike,
    pitch_m: ArrayLike,
    modes: Modes,
    data_fraction: ArrayLike,
) -> Stacked:
    """What each mode takes of the area in which two die overlap.

    Parameters
    ----------
    bandwidth_byte_per_s, overlap_m2, pitch_m : array_like, shape (...)
        Both directions together; face shared by the two die; pitch of the bond.
    data_fraction : array_like, shape (n_modes,)
        Share of the bonds that carries data.
    """
    bandwidth, overlap, pitch = (
        np.asarray(item, dtype=np.float64)[..., np.newaxis]
        for item in (bandwidth_byte_per_s, overlap_m2, pitch_m)
    )
    slack = 1.0 + 1e-9
    fits = (pitch * slack >= modes.pitch_min_m) & (pitch <= modes.pitch_max_m * slack)
    area = areal.area_needed_m2(bandwidth, pitch, modes.rate_bit_per_s, data_fraction)
    share = np.minimum(overlap / np.maximum(area, 1e-30), 1.0)
    shape = np.broadcast_shapes(area.shape, fits.shape)
    return Stacked(
        area_m2=np.broadcast_to(area, shape), fits_pitch=np.asarray(np.broadcast_to(fits, shape)),
        share=np.broadcast_to(share, shape), energy_j_per_bit=np.broadcast_to(modes.energy_j_per_bit, shape),
    )  # fmt: skip
