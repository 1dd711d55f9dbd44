"""Volume of boxes under the painter's rule."""

from collections.abc import Sequence

import numpy as np

Box = tuple[float, float, float, float, float, float]


def uncovered_volume_m3(box_m: Box, covers_m: Sequence[Box]) -> float:
    """Volume of a box that none of the covering boxes reaches. [m3]

    Exact: the box is cut along every face that falls inside it, and the pieces that no cover holds add up.

    Parameters
    ----------
    box_m, covers_m : six floats x0, x1, y0, y1, z0, z1
    """
    box = np.array(box_m)
    covers = np.array([c for c in covers_m if _meet(box_m, c)]).reshape(-1, 6)
    edges = []
    for axis in range(3):
        low, high = box[2 * axis], box[2 * axis + 1]
        inside = covers[:, 2 * axis : 2 * axis + 2].ravel()
        edges.append(np.unique(np.concatenate([[low, high], inside[(inside > low) & (inside < high)]])))
    centres = [(e[1:] + e[:-1]) / 2.0 for e in edges]
    free = np.ones([len(c) for c in centres], dtype=bool)
    for cover in covers:
        within = [(c > cover[2 * a]) & (c < cover[2 * a + 1]) for a, c in enumerate(centres)]
        free[np.ix_(*within)] = False
    sizes = [np.diff(e) for e in edges]
    return float(np.einsum("i,j,k,ijk->", *sizes, free))


def _meet(a: Box, b: Box) -> bool:
    return all(a[2 * i] < b[2 * i + 1] and b[2 * i] < a[2 * i + 1] for i in range(3))
