"""How many bumps a link takes, signal and supply, and how much die they cover."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """A regular bump field: pitch along the die edge, pitch of the rows behind it, and whether rows are staggered.

    In a staggered lattice each second row is offset by half the column pitch. Arrays broadcast.
    """

    column_pitch_m: NDArray[np.float64]
    row_pitch_m: NDArray[np.float64]
    staggered: NDArray[np.bool_]

    @classmethod
    def square(cls, pitch_m: ArrayLike) -> Self:
        """Rows one behind the other, as far apart as the columns."""
        pitch = np.asarray(pitch_m, dtype=np.float64)
        return cls(column_pitch_m=pitch, row_pitch_m=pitch, staggered=np.zeros(pitch.shape, dtype=np.bool_))

    @classmethod
    def hexagonal(cls, pitch_m: ArrayLike) -> Self:
        """Closest packing, rows sqrt(3)/2 of the pitch apart, as the reference slice of BoW is drawn."""
        pitch = np.asarray(pitch_m, dtype=np.float64)
        return cls(
            column_pitch_m=pitch,
            row_pitch_m=np.asarray(pitch * np.sqrt(0.75)),
            staggered=np.ones(pitch.shape, dtype=np.bool_),
        )

    @classmethod
    def centred(cls, column_pitch_m: ArrayLike, cell_depth_m: ArrayLike) -> Self:
        """Two bumps per rectangle: the microbumps of an HBM stack, 96 um by 55 um, are nearest at 55.3 um."""
        column, depth = np.broadcast_arrays(
            np.asarray(column_pitch_m, dtype=np.float64), np.asarray(cell_depth_m, dtype=np.float64)
        )
        return cls(
            column_pitch_m=column,
            row_pitch_m=np.asarray(depth / 2.0),
            staggered=np.ones(column.shape, dtype=np.bool_),
        )

    @property
    def area_per_bump_m2(self) -> NDArray[np.float64]:
        return np.asarray(self.column_pitch_m * self.row_pitch_m)

    @property
    def nearest_m(self) -> NDArray[np.float64]:
        """Distance of the nearest neighbours, what a process calls its bump pitch. [m]"""
        diagonal = np.hypot(self.column_pitch_m / 2.0, self.row_pitch_m)
        behind = np.where(self.staggered, diagonal, self.row_pitch_m)
        return np.asarray(np.minimum(self.column_pitch_m, behind))


@dataclass(frozen=True, slots=True, kw_only=True)
class BumpCount:
    """Bumps of one link on one die, by what they carry; shape (...)."""

    signal: NDArray[np.float64]
    supply: NDArray[np.float64]
    ground: NDArray[np.float64]

    @property
    def total(self) -> NDArray[np.float64]:
        return np.asarray(self.signal + self.supply + self.ground)

    @property
    def signal_fraction(self) -> NDArray[np.float64]:
        """Share of the bumps that carries a signal; 1 for a link without bumps."""
        total = self.total
        return np.asarray(np.divide(self.signal, total, out=np.ones_like(total), where=total > 0.0))


def signals_needed(
    modules: ArrayLike, signals_per_module: ArrayLike, common_signals: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Signals of a link: data lanes with the clocks, strobes, sideband and spares of their module. [signals]

    UCIe: 44 for a standard x16 module, 140 for an advanced x64 module without its spare lanes. HBM2 by Intel's
    interface guide (683189): 212 per 128-bit channel and 19 common, 1715 per stack.
    """
    per_module = np.asarray(signals_per_module, dtype=np.float64)
    modules = np.asarray(modules, dtype=np.float64)
    return np.asarray(
        modules * per_module + np.where(modules > 0.0, np.asarray(common_signals, dtype=np.float64), 0.0)
    )


def bumps_needed(
    signals: ArrayLike,
    *,
    signals_per_ground: ArrayLike,
    current_a: ArrayLike,
    current_limit_a: ArrayLike,
) -> BumpCount:
    """Signal, supply and ground bumps of a link.

    The supply current sets the supply bumps, ``ceil(I / I_max)``. It returns through the ground bumps, which
    must also be one to `signals_per_ground` signals so that each signal has its return path near.

    Parameters
    ----------
    signals : array_like, shape (...)
        From `signals_needed`.
    signals_per_ground : array_like, shape (...)
        Signals that share one ground bump; infinite for no such rule.
    current_a : array_like, shape (...)
        Drawn by the link's circuits through this field.
    current_limit_a : array_like, shape (...)
        Per bump, for the life wanted at the bump's temperature. It is a property of the metallurgy and the
        opening: one bump supplier of 2003 gave 45 to 120 mA per flip-chip bump for 10 000 h at 150 degC [1]_.

    Raises
    ------
    ValueError
        A negative count or current, or a limit or ratio that is not above zero.

    References
    ----------
    .. [1] M. Kaufmann, "Current capacity of a solder ball", si-list, 5 February 2003, quoting the K&S
       flip-chip design guide.
    """
    count = np.asarray(signals, dtype=np.float64)
    current = np.asarray(current_a, dtype=np.float64)
    limit = np.asarray(current_limit_a, dtype=np.float64)
    ratio = np.asarray(signals_per_ground, dtype=np.float64)
    if np.any(count < 0.0) or np.any(current < 0.0):
        raise ValueError("signals and current must not be negative")
    if np.any(limit <= 0.0) or np.any(ratio <= 0.0):
        raise ValueError("the current limit and the signals per ground must be above zero")
    by_current = np.ceil(current / limit * (1.0 - _ROUNDING))
    by_return = np.ceil(count / ratio * (1.0 - _ROUNDING))
    count, by_current, by_return = np.broadcast_arrays(count, by_current, by_return)
    return BumpCount(signal=count, supply=by_current, ground=np.asarray(np.maximum(by_current, by_return)))


def current_limit_a(
    opening_diameter_m: ArrayLike, current_density_a_per_m2: ArrayLike
) -> NDArray[np.float64]:
    """Current of a bump at a mean density through its opening, ``j pi d^2 / 4``. [A]

    The density that a joint lives with comes from its electromigration model, at temperature.
    """
    diameter = np.asarray(opening_diameter_m, dtype=np.float64)
    return np.asarray(np.asarray(current_density_a_per_m2, dtype=np.float64) * np.pi / 4.0 * diameter**2)


def field_area_m2(bumps: ArrayLike, lattice: Lattice) -> NDArray[np.float64]:
    """Die area under a number of bumps. [m2]"""
    return np.asarray(np.asarray(bumps, dtype=np.float64) * lattice.area_per_bump_m2)


def columns_on_edge(edge_m: ArrayLike, lattice: Lattice) -> NDArray[np.float64]:
    """Bumps of one row along an edge. [bumps]"""
    return np.asarray(
        np.floor(np.asarray(edge_m, dtype=np.float64) / lattice.column_pitch_m * (1.0 + _ROUNDING))
    )


def rows_needed(bumps: ArrayLike, edge_m: ArrayLike, lattice: Lattice) -> NDArray[np.float64]:
    """Rows behind an edge that hold a number of bumps; infinite where the edge has no room for one. [rows]"""
    count = np.asarray(bumps, dtype=np.float64)
    columns = columns_on_edge(edge_m, lattice)
    with np.errstate(divide="ignore", invalid="ignore"):
        rows = np.ceil(count / columns)
    return np.asarray(np.where(count == 0.0, 0.0, rows))


def field_depth_m(bumps: ArrayLike, edge_m: ArrayLike, lattice: Lattice) -> NDArray[np.float64]:
    """How far from the edge a bump field reaches. [m]"""
    return np.asarray(rows_needed(bumps, edge_m, lattice) * lattice.row_pitch_m)


def slice_edge_m(signals: ArrayLike, signal_rows: ArrayLike, lattice: Lattice) -> NDArray[np.float64]:
    """Edge of a module whose signals stand in a fixed number of rows. [m]

    BoW's reference slice has its 20 signals in two rows of hexagonal packing and one row of supply and
    ground: 10 pitches wide, three rows deep.
    """
    columns = np.ceil(np.asarray(signals, dtype=np.float64) / np.asarray(signal_rows, dtype=np.float64))
    return np.asarray(columns * lattice.column_pitch_m)
