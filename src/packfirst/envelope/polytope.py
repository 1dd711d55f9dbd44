"""The powers that a package bears, as a polytope: half-spaces, corners, membership."""

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# A point is on a row when it is this near, as a share of the row's room.
ON_ROW = 1e-9


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
        """Whether points (..., n) lie inside; a point on a row does."""
        p = np.asarray(points, dtype=np.float64)
        within = p @ self.slopes.T <= self.room + 1e-12 * np.abs(self.room)
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
        rows = np.array(list(combinations(range(len(planes)), n)))
        chosen = planes[rows]
        unit = chosen / np.linalg.norm(chosen, axis=2, keepdims=True)
        meets = np.abs(np.linalg.det(unit)) >= 1e-10
        points = np.linalg.solve(chosen[meets], offsets[rows[meets]][..., None])[..., 0]
        inside = (points @ planes.T <= offsets + ON_ROW * (1.0 + np.abs(offsets))).all(axis=1)
        if not inside.any():
            return np.zeros((0, n))
        # Zero is never written as minus zero.
        return np.unique(np.round(np.maximum(points[inside], 0.0), 9) + 0.0, axis=0)

    def pruned(self) -> "Polytope":
        """The same set by fewer rows: those that touch it in a face of its own, of equal rows the first.

        A row is needed where n corners that span a face lie on it; without corners nothing is left out.
        """
        n, corners = len(self.names), self.corners()
        if not len(corners):
            return self
        on = np.abs(self.slack(corners)) <= 1e-7 * (1.0 + np.abs(self.room))
        kept: list[int] = []
        faces: set[bytes] = set()
        for row in range(len(self.room)):
            face = corners[on[:, row]]
            spans = len(face) >= n and np.linalg.matrix_rank(face[1:] - face[0], tol=1e-7) == n - 1
            if spans and on[:, row].tobytes() not in faces:
                kept.append(row)
                faces.add(on[:, row].tobytes())
        return replace(
            self, slopes=self.slopes[kept], room=self.room[kept], subjects=tuple(self.subjects[row] for row in kept)
        )  # fmt: skip

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

    def binding(self, name: str, others: ArrayLike) -> int | None:
        """The row that stops one coordinate first with the others held, or None where none does."""
        axis = self.names.index(name)
        held = np.array(others, dtype=np.float64)
        held[axis] = 0.0
        slope = self.slopes[:, axis]
        bound = slope > 0.0
        if not bound.any():
            return None
        most = np.full(len(slope), np.inf)
        most[bound] = (self.room - self.slopes @ held)[bound] / slope[bound]
        return int(np.argmin(most))

    def most(self, name: str, others: ArrayLike) -> float:
        """The highest value of one coordinate with the others held. Negative where even zero does not hold."""
        row = self.binding(name, others)
        if row is None:
            return float("inf")
        axis = self.names.index(name)
        held = np.array(others, dtype=np.float64)
        held[axis] = 0.0
        return float((self.room[row] - self.slopes[row] @ held) / self.slopes[row, axis])
