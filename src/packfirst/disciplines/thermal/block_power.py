"""Blocks of a floorplan against the cells of a grid: power shared by area, temperatures read back by block."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# A block reaches into a cell when it covers more than this share of its width: rounding of coordinates does not count.
TOUCH = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockGrid:
    """Rectangles on a lateral grid.

    Attributes
    ----------
    overlap_x_m, overlap_y_m : ndarray, shapes (n, nx), (n, ny)
        Length of each cell that lies within each rectangle; a rectangle's share of a cell is the product of both.
    touched_x, touched_y : ndarray of bool
        Cells that a rectangle reaches into.
    area_m2 : ndarray, shape (n,)
        Of each rectangle, as far as the grid holds it.
    """

    overlap_x_m: Floats
    overlap_y_m: Floats
    touched_x: NDArray[np.bool_]
    touched_y: NDArray[np.bool_]

    @property
    def area_m2(self) -> Floats:
        return np.asarray(self.overlap_x_m.sum(axis=1) * self.overlap_y_m.sum(axis=1))

    def power_map(self, power_w: ArrayLike) -> Floats:
        """Power per cell, shape (nx, ny), each rectangle's spread evenly over its area. [W]"""
        density = np.asarray(power_w, dtype=np.float64) / self.area_m2
        return np.asarray((self.overlap_x_m * density[:, None]).T @ self.overlap_y_m)

    def means(self, field: Floats) -> Floats:
        """Mean over each rectangle by area, shape (n,), of a field (nx, ny)."""
        return np.asarray(np.sum((self.overlap_x_m @ field) * self.overlap_y_m, axis=1) / self.area_m2)

    def cell_means(self, field: Floats) -> Floats:
        """Mean over the cells that each rectangle touches, each counted once: how HotSpot reads a block."""
        x, y = self.touched_x.astype(np.float64), self.touched_y.astype(np.float64)
        return np.asarray(np.sum((x @ field) * y, axis=1) / (x.sum(axis=1) * y.sum(axis=1)))

    def maxima(self, field: Floats) -> Floats:
        """Hottest cell that each rectangle touches, shape (n,)."""
        return np.array(
            [field[np.ix_(x, y)].max() for x, y in zip(self.touched_x, self.touched_y, strict=True)]
        )


def on_grid(rectangles_m: ArrayLike, x_m: ArrayLike, y_m: ArrayLike) -> BlockGrid:
    """Lay rectangles (n, 4: x0, x1, y0, y1) on cells with these edges, shapes (nx + 1,), (ny + 1,).

    Raises
    ------
    ValueError
        A rectangle that lies outside the grid altogether.
    """
    boxes = np.asarray(rectangles_m, dtype=np.float64).reshape(-1, 4)
    along, touched = [], []
    for axis, edges in enumerate((x_m, y_m)):
        edge = np.asarray(edges, dtype=np.float64)
        low, high = boxes[:, 2 * axis, None], boxes[:, 2 * axis + 1, None]
        length = np.maximum(np.minimum(high, edge[1:]) - np.maximum(low, edge[:-1]), 0.0)
        reaches = length > TOUCH * np.diff(edge)
        if not reaches.any(axis=1).all():
            raise ValueError(
                f"rectangles_m: row {int(np.argmin(reaches.any(axis=1)))} covers no cell of the grid"
            )
        along.append(length)
        touched.append(reaches)
    return BlockGrid(overlap_x_m=along[0], overlap_y_m=along[1], touched_x=touched[0], touched_y=touched[1])
