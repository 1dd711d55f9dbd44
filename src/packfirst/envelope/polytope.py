"""The powers that a package bears, as a polytope: half-spaces, corners, membership."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Polytope:
    """All p >= 0 with `slopes @ p <= room`.

    Attributes
    ----------
    names : tuple of str
        What each coordinate is.
    slopes : ndarray, shape (n_rows, n)
    room : ndarray, shape (n_rows,)
    subjects : tuple of str
        What each row protects.
    """

    names: tuple[str, ...]
    slopes: Floats
    room: Floats
    subjects: tuple[str, ...]

    def holds(self, points: ArrayLike) -> NDArray[np.bool_]:
        """Whether points (..., n) lie inside."""
        p = np.asarray(points, dtype=np.float64)
        within = p @ self.slopes.T <= self.room * (1.0 + 1e-12)
        return np.asarray((p >= 0.0).all(axis=-1) & within.all(axis=-1))

    def slack(self, points: ArrayLike) -> Floats:
        """What each row has left at points (..., n), shape (..., n_rows)."""
        return np.asarray(self.room - np.asarray(points, dtype=np.float64) @ self.slopes.T)

    def corners(self) -> Floats:
        """All corners, shape (n_corners, n), in a fixed order.

        Every choice of n of the rows and axes that meets in a point inside: exact, and fast enough for the
        handful of kinds of die that a package has.
        """
        n = len(self.names)
        planes = np.vstack([self.slopes, -np.eye(n)])
        offsets = np.concatenate([self.room, np.zeros(n)])
        found = []
        for rows in combinations(range(len(planes)), n):
            chosen = planes[list(rows)]
            if abs(np.linalg.det(chosen / np.linalg.norm(chosen, axis=1, keepdims=True))) < 1e-10:
                continue
            point = np.linalg.solve(chosen, offsets[list(rows)])
            if (planes @ point <= offsets + 1e-9 * (1.0 + np.abs(offsets))).all():
                found.append(np.maximum(point, 0.0))
        if not found:
            return np.zeros((0, n))
        return np.unique(np.round(np.array(found), 9), axis=0)

    def intersected(self, other: "Polytope") -> "Polytope":
        """What both bear.

        Raises
        ------
        ValueError
            The coordinates are not the same.
        """
        if self.names != other.names:
            raise ValueError(f"{', '.join(self.names)} are not {', '.join(other.names)}")
        return Polytope(
            names=self.names, slopes=np.vstack([self.slopes, other.slopes]),
            room=np.concatenate([self.room, other.room]), subjects=self.subjects + other.subjects,
        )  # fmt: skip

    def most(self, name: str, others: Floats) -> float:
        """The highest value of one coordinate with the others held. Negative where even zero does not hold."""
        axis = self.names.index(name)
        held = np.array(others, dtype=np.float64)
        held[axis] = 0.0
        left = self.room - self.slopes @ held
        slope = self.slopes[:, axis]
        bound = slope > 0.0
        return float((left[bound] / slope[bound]).min()) if bound.any() else float("inf")
