"""What HotSpot's files say, as values; the readers are in `hotspot` and `hotspot_text`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A rectangle of a floorplan: corner of least x and y, and size."""

    name: str
    x_m: float
    y_m: float
    width_m: float
    height_m: float
    line: int

    @property
    def rectangle_m(self) -> tuple[float, float, float, float]:
        """x0, x1, y0, y1."""
        return self.x_m, self.x_m + self.width_m, self.y_m, self.y_m + self.height_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Floorplan:
    """The blocks of one layer; they cover its outline."""

    file: str
    blocks: tuple[Block, ...]

    @property
    def rectangles_m(self) -> Floats:
        """x0, x1, y0, y1 of each block, shape (n, 4)."""
        return np.array([block.rectangle_m for block in self.blocks])

    @property
    def size_m(self) -> tuple[float, float]:
        """Extent along x and y from the origin."""
        far = self.rectangles_m.max(axis=0)
        return float(far[1]), float(far[3])


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """An entry of a materials file; a fluid's viscosity is not kept."""

    name: str
    solid: bool
    conductivity_w_per_m_k: float
    capacity_j_per_m3_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer of the stack, the first being the farthest from the heat sink."""

    name: str
    lateral: bool
    powered: bool
    conductivity_w_per_m_k: float
    capacity_j_per_m3_k: float
    thickness_m: float
    floorplan: Floorplan


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """Spreader or sink: a square plate centred on the die."""

    side_m: float
    thickness_m: float
    conductivity_w_per_m_k: float
    capacity_j_per_m3_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Power per block over time."""

    file: str
    names: tuple[str, ...]
    power_w: Floats  # (steps, names)
    interval_s: float

    @property
    def mean_w(self) -> dict[str, float]:
        """Time average by block: what a steady solve takes."""
        return dict(zip(self.names, self.power_w.mean(axis=0).tolist(), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotspot:
    """Everything that a folder of HotSpot files says of its steady and transient problem."""

    folder: str
    layers: tuple[Layer, ...]
    spreader: Plate
    sink: Plate
    r_convec_k_per_w: float
    c_convec_j_per_k: float
    ambient_k: float
    rows: int
    columns: int
    trace: Trace

    @property
    def size_m(self) -> tuple[float, float]:
        """Outline of all layers along x and y."""
        return self.layers[0].floorplan.size_m
