"""What 3D-ICE's files say, in SI; the readers are in `ice` and `ice_floorplan`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

UM = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A floorplan element: one or several rectangles that share its power evenly by area."""

    name: str
    rectangles_m: Floats  # (n, 4): x0, x1, y0, y1
    powers_w: tuple[float, ...]  # one for each slot of a transient run

    @property
    def power_w(self) -> float:
        """The first, which a steady run takes."""
        return self.powers_w[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slab:
    """One layer of the stack; with elements where it is the source of a die."""

    name: str
    thickness_m: float
    conductivity_w_per_m_k: float
    capacity_j_per_m3_k: float
    elements: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """A film on a face."""

    film_w_per_m2_k: float
    temperature_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """A transient run: time step, how long each power value holds, and the temperature at the start."""

    step_s: float
    slot_s: float
    initial_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A solid stack.

    Attributes
    ----------
    length_m, width_m : float
        Of the chip, along x and y.
    cells : tuple of int
        Along x and y.
    slabs : tuple of Slab
        From the top down; each is one cell high.
    slots : Slots, optional
        Where the file asks for a transient run.
    """

    file: str
    length_m: float
    width_m: float
    cells: tuple[int, int]
    slabs: tuple[Slab, ...]
    top: Sink | None
    bottom: Sink | None
    slots: Slots | None = None
