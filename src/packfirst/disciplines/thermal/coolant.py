"""Coolant that warms on its way: each slice of a cooled face meets what the slices before it have left."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Coolant over a cooled face, slice after slice.

    Attributes
    ----------
    slice_of : ndarray of int, shape (nx, ny)
        Number of the slice that each column of the grid lies in, counted along the flow; -1 outside the face.
    film : str
        'top' or 'bottom': the faces that it cools.
    capacity_rate_w_per_k : float
        Mass flow times heat capacity.
    inlet_k : float
    """

    slice_of: NDArray[np.int64]
    film: str
    capacity_rate_w_per_k: float
    inlet_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Warming:
    """The coolant's temperatures as a linear answer to those of the cells that it cools.

    A slice takes ``q = sum G (T - T_f)`` and its coolant is ``T_f = T_in + (sum of q before + q / 2) / w`` in the
    mean, so that ``(I + C g) T_f = T_in + C S T``, with C lower triangular, 1/w below and 1/(2 w) on its diagonal.
    """

    conductance_w_per_k: Floats  # (n_cells,)
    slice_: NDArray[np.int64]  # (n_cells,)
    by_heat: Floats  # C, shape (n_slices, n_slices) [K/W]
    inverse: Floats  # (I + C g)^-1
    inlet_k: float

    def heat_w(self, temperature_k: Floats, coolant_k: Floats) -> Floats:
        """Heat that each slice takes, shape (n_slices,). [W]"""
        flow = self.conductance_w_per_k * (temperature_k - coolant_k[self.slice_])
        return np.bincount(self.slice_, weights=flow, minlength=len(self.by_heat)).astype(np.float64)

    def coolant_k(self, temperature_k: Floats) -> Floats:
        """Mean coolant temperature of each slice, shape (n_slices,), from those of the cells. [K]"""
        into = np.bincount(
            self.slice_, weights=self.conductance_w_per_k * temperature_k, minlength=len(self.by_heat)
        )
        return np.asarray(self.inverse @ (self.inlet_k + self.by_heat @ into))

    def carried(self, adjoint: Floats) -> Floats:
        """What a watt given to each slice's coolant does downstream, from the adjoint at the cells. [K/W]

        Where a film at fixed reference has slope ``lambda (T_f - T)`` by its conductance, one on this coolant has
        ``(lambda - carried) (T_f - T)``, and ``G (lambda - carried)`` by the inlet's temperature.
        """
        v = np.bincount(self.slice_, weights=self.conductance_w_per_k * adjoint, minlength=len(self.by_heat))
        return np.asarray(self.by_heat.T @ (self.inverse.T @ v))


def warming(stream: Stream, slice_: NDArray[np.int64], conductance_w_per_k: Floats) -> Warming:
    """The warming of a stream along cells of known slices and film conductances."""
    n = int(stream.slice_of.max()) + 1
    w = stream.capacity_rate_w_per_k
    by_heat = np.tril(np.full((n, n), 1.0 / w), -1) + np.eye(n) / (2.0 * w)
    g = np.bincount(slice_, weights=conductance_w_per_k, minlength=n)
    return Warming(
        conductance_w_per_k=conductance_w_per_k, slice_=slice_, by_heat=by_heat,
        inverse=np.asarray(np.linalg.inv(np.eye(n) + by_heat * g), dtype=np.float64), inlet_k=stream.inlet_k,
    )  # fmt: skip
