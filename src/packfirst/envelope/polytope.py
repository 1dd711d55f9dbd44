"""The powers that a package bears, as a polytope: half-spaces, corners, membership."""

from dataclasses import dataclass, replace

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
        """Whether points (..., n) lie inside; a point on a row does."""
        p = np.asarray(points, dtype=np.float64)
        within = p @ self.slopes.T <= self.room + 1e-12 * np.abs(self.room)
        return np.asarray((p >= 0.0).all(axis=-1) & within.all(axis=-1))

    def slack(self, points: ArrayLike) -> Floats:
        """What each row has left at points (..., n), shape (..., n_rows)."""
        return np.asarray(self.room - np.asarray(points, dtype=np.float64) @ self.slopes.T)

    def corners(self) -> Floats:
        """All corners, shape (n_corners, n), in a fixed order; none where nothing, or next to nothing, lies inside."""
        n = len(self.names)
        meeting = self._meeting()
        if meeting is None:
            return np.zeros((0, n))
        # Zero is never written as minus zero, and a corner that several rows make is one.
        return np.unique(np.round(np.maximum(meeting[0], 0.0), 9) + 0.0, axis=0)

    def pruned(self) -> "Polytope":
        """The same set by the rows alone that bound it, of equal rows the first; unchanged where nothing is inside."""
        first = np.sort(np.unique(np.column_stack([self.slopes, self.room]), axis=0, return_index=True)[1])
        lean = self._of(first)
        meeting = lean._meeting()
        return self if meeting is None else lean._of(meeting[1])

    def _of(self, rows: NDArray[np.int64]) -> "Polytope":
        return replace(
            self, slopes=self.slopes[rows], room=self.room[rows], subjects=tuple(self.subjects[row] for row in rows)
        )  # fmt: skip

    def _meeting(self) -> tuple[Floats, NDArray[np.int64]] | None:
        """Points in which rows and axes meet, and the rows that do. In units of what each coordinate alone may have."""
        n = len(self.names)
        if (self.room <= 0.0).any():
            return None
        most = np.array([self.most(name, np.zeros(n)) for name in self.names])
        if not np.isfinite(most).all():
            raise ValueError("a coordinate without bound has no corners")
        scaled = self.slopes * most / self.room[:, None]
        if n == 1:
            return np.array([[0.0], most]), np.array([int(np.argmax(scaled[:, 0]))])
        from scipy.spatial import HalfspaceIntersection  # a tenth of a second that `--help` need not pay

        inner = np.full(n, 0.5 / scaled.sum(axis=1).max())
        rows = np.vstack([
            np.column_stack([scaled, -np.ones(len(scaled))]), np.column_stack([-np.eye(n), np.zeros(n)])
        ])  # fmt: skip
        found = HalfspaceIntersection(rows, inner)
        needed = np.sort(found.dual_vertices).astype(np.int64)
        return found.intersections * most, needed[needed < len(scaled)]

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
