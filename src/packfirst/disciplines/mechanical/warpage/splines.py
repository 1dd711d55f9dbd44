"""One-dimensional trial functions whose bends lie where the layers change."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
# Knots nearer than this share of the side are one.
_NEAR = 0.02
_NOTHING = 0.01


def knots(edges_m: Floats, change: Floats, intervals: int, *, even: bool) -> Floats:
    """Where trial functions bend: at the ends, at the lines where most changes, then in the middle of the widest gaps.

    Parameters
    ----------
    edges_m : ndarray, shape (n + 1,)
        Lines of the plan.
    change : ndarray, shape (n - 1,)
        How much changes at each inner line, in any unit; lines of next to no change are left out.
    intervals : int
        How many there shall be at least.
    even : bool
        Whether the plan is its own mirror image: then so are the knots, and there may be an interval or two more.

    Returns
    -------
    ndarray, shape (intervals + 1,) or a little longer
    """
    side, middle = edges_m[-1] - edges_m[0], 0.5 * (edges_m[-1] + edges_m[0])
    found = [float(edges_m[0]), float(edges_m[-1])]
    worth = change > _NOTHING * np.max(change, initial=0.0)
    for n in np.argsort(-change, kind="stable"):
        at = float(edges_m[1:-1][n])
        both = sorted({at, float(2.0 * middle - at)}) if even and abs(at - middle) > _NEAR * side else [at]
        apart = min(abs(x - y) for x in both for y in found) > _NEAR * side
        if worth[n] and len(found) <= intervals and apart:
            found += both
    while len(found) <= intervals:
        found.sort()
        gaps = np.diff(found)
        # Of equal gaps all at once, so that what is even stays even.
        widest = np.flatnonzero(gaps > gaps.max() * (1.0 - 1e-6))
        found += [0.5 * (found[n] + found[n + 1]) for n in widest]
    return np.array(sorted(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Splines:
    """Two families on the same knots.

    `bent`: cubics with one slope and a bend that may jump at a knot, for deflections (Hermite's: value and slope at a
    knot). `flat`: quadratics whose slope may jump, for movements in the plane (value at each knot and half way).
    `mixed_bent` and `mixed_flat` make of them the functions that are used: all, or those alone that are even, or odd,
    about the middle.
    """

    knots_m: Floats
    mixed_bent: Floats  # (2 n + 2, used)
    mixed_flat: Floats  # (2 n + 1, used)

    @property
    def counts(self) -> tuple[int, int]:
        """Functions of either family that are used."""
        return self.mixed_bent.shape[1], self.mixed_flat.shape[1]

    def table(self, at_m: ArrayLike) -> Floats:
        """Values and first two derivatives of both families side by side, shape (3, n_points, n_bent + n_flat)."""
        at = np.asarray(at_m, dtype=np.float64)
        k = self.knots_m
        n = len(k) - 1
        cell = np.clip(np.searchsorted(k, at, side="right") - 1, 0, n - 1)
        h = k[cell + 1] - k[cell]
        t, one = (at - k[cell]) / h, np.ones_like(at)
        rows = np.arange(len(at))
        # By order of derivative: value left, slope left, value right, slope right.
        cubic = (
            (
                1.0 - 3.0 * t**2 + 2.0 * t**3,
                h * (t - 2.0 * t**2 + t**3),
                3.0 * t**2 - 2.0 * t**3,
                h * (t**3 - t**2),
            ),
            (
                (6.0 * t**2 - 6.0 * t) / h,
                1.0 - 4.0 * t + 3.0 * t**2,
                (6.0 * t - 6.0 * t**2) / h,
                3.0 * t**2 - 2.0 * t,
            ),
            ((12.0 * t - 6.0) / h**2, (6.0 * t - 4.0) / h, (6.0 - 12.0 * t) / h**2, (6.0 * t - 2.0) / h),
        )
        # Value left, half way, right.
        square = (
            ((1.0 - t) * (1.0 - 2.0 * t), 4.0 * t * (1.0 - t), t * (2.0 * t - 1.0)),
            ((4.0 * t - 3.0) / h, (4.0 - 8.0 * t) / h, (4.0 * t - 1.0) / h),
            (4.0 * one / h**2, -8.0 * one / h**2, 4.0 * one / h**2),
        )
        bent, flat = np.zeros((3, len(at), 2 * n + 2)), np.zeros((3, len(at), 2 * n + 1))
        for order in range(3):
            for place, values in enumerate(cubic[order]):
                bent[order, rows, 2 * cell + place] = values
            for place, values in enumerate(square[order]):
                flat[order, rows, 2 * cell + place] = values
        return np.concatenate([bent @ self.mixed_bent, flat @ self.mixed_flat], axis=-1)


def splines(knots_m: Floats, *, even: bool) -> Splines:
    """Families on some knots; of an even plan the deflection is even and the movement along this axis odd."""
    n = len(knots_m) - 1
    if not even:
        return Splines(knots_m=knots_m, mixed_bent=np.eye(2 * n + 2), mixed_flat=np.eye(2 * n + 1))
    # Mirrored, a value goes to the other side and a slope turns round as well.
    bent = np.zeros((2 * n + 2, 2 * n + 2))
    for knot in range(n + 1):
        bent[2 * (n - knot), 2 * knot] = 1.0
        bent[2 * (n - knot) + 1, 2 * knot + 1] = -1.0
    return Splines(
        knots_m=knots_m, mixed_bent=_alike(bent, 1.0), mixed_flat=_alike(np.eye(2 * n + 1)[::-1], -1.0)
    )


def _alike(mirror: Floats, sign: float) -> Floats:
    """Sums of functions and what the mirror makes of them, times a sign: each once, shape (count, used)."""
    count = len(mirror)
    mixed = np.eye(count) + sign * mirror
    partner = np.argmax(np.abs(mirror), axis=0)
    kept = [n for n in range(count) if n <= partner[n] and np.abs(mixed[:, n]).max() > 0.5]
    return np.asarray(mixed[:, kept])
