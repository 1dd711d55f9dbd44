"""Warpage along a process: layers join one after another, shrink as they cure, and soften above their Tg.

Each layer has two branches that share its strain, the rubber that is always there and the glass that adds to
it below Tg. Above Tg the glass forgets; cooled through Tg it is born anew, free of stress, at the strain that the
body has then. A layer joins free of stress too, at whatever shape the body has by then. Both follow from one idea:
a branch keeps the state at which it carries nothing, and that state moves with expansion and shrinkage.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.mechanical.warpage import laminate

VALID = {"thickness_over_length": (0.0, 0.1), "bow_over_thickness": (0.0, 0.3)}
# beyond the second, `large_deflection` takes over


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Layers from the bottom up. Arrays of shape (..., n_layers), or (..., n_layers, 2) where x and y differ.

    Attributes
    ----------
    thickness_m : array_like, shape (..., n_layers)
    modulus_pa : array_like, shape (..., n_layers, 2)
        Below Tg, along x and y.
    poisson_xy : array_like, shape (..., n_layers)
    cte_glass_per_k, cte_rubber_per_k : array_like, shape (..., n_layers, 2)
        Below and above Tg.
    tg_k : array_like, shape (..., n_layers)
        Infinite for a layer that has none.
    rubber_ratio : array_like, shape (..., n_layers)
        Modulus above Tg over modulus below it, above 0 and up to 1.
    cure_shrinkage : array_like, shape (..., n_layers)
        Linear, after gelation; it acts when the layer joins.
    joins_at : tuple of int
        Point of the path at which each layer joins; at least one joins at the first.
    """

    thickness_m: ArrayLike
    modulus_pa: ArrayLike
    poisson_xy: ArrayLike
    cte_glass_per_k: ArrayLike
    cte_rubber_per_k: ArrayLike
    tg_k: ArrayLike
    rubber_ratio: ArrayLike
    cure_shrinkage: ArrayLike
    joins_at: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The body at each point of the path, after the layers of that point have joined and shrunk.

    Attributes
    ----------
    strain, curvature_per_m : ndarray, shape (..., n_points, 2)
    face_stress_pa : ndarray, shape (..., n_points, n_layers, 2 faces, 2 directions)
        Bottom and top face; zero for layers that have not joined.
    unbalance : float
        Largest force or moment left over, as a share of the largest that a layer carries: the solution's own proof.
    """

    strain: NDArray[np.float64]
    curvature_per_m: NDArray[np.float64]
    face_stress_pa: NDArray[np.float64]
    unbalance: float


def follow(layers: Layers, path_k: ArrayLike) -> History:
    """Take the body along a path of temperatures.

    Parameters
    ----------
    layers : Layers
    path_k : array_like, shape (..., n_points)
        Temperatures in the order in which they are visited. Between two points the change is steady.

    Raises
    ------
    ValueError
        No layer joins at the first point; a point that the path lacks; a rubber ratio outside 0 to 1; a
        temperature that is not positive.

    Notes
    -----
    A glass transition idealised: below Tg nothing relaxes, above it the glass branch does at once.
    Exact for properties that are constant on either side of Tg, since each stretch of the path is cut at every Tg.
    Joining on the curved body is linear: the new layer follows the shape that it meets.
    """
    path = np.asarray(path_k, dtype=np.float64)
    t = np.asarray(layers.thickness_m, dtype=np.float64)
    n = t.shape[-1]
    joins = layers.joins_at
    if len(joins) != n or 0 not in joins:
        raise ValueError("every layer needs the point at which it joins, and one must join at the first")
    if not all(0 <= j < path.shape[-1] for j in joins):
        raise ValueError(f"a layer joins at a point that the path of {path.shape[-1]} lacks")
    if not np.all(path > 0.0):
        raise ValueError("temperatures are kelvin, above zero")
    ratio = np.asarray(layers.rubber_ratio, dtype=np.float64)
    if not np.all((ratio > 0.0) & (ratio <= 1.0)):
        raise ValueError("the rubber ratio lies above 0 and up to 1")
    modulus = np.asarray(layers.modulus_pa, dtype=np.float64)
    glass_cte = np.asarray(layers.cte_glass_per_k, dtype=np.float64)
    rubber_cte = np.asarray(layers.cte_rubber_per_k, dtype=np.float64)
    tg = np.asarray(layers.tg_k, dtype=np.float64)
    shrinkage = np.asarray(layers.cure_shrinkage, dtype=np.float64)
    poisson = np.asarray(layers.poisson_xy, dtype=np.float64)

    batch = np.broadcast_shapes(
        path.shape[:-1], t.shape[:-1], modulus.shape[:-2], glass_cte.shape[:-2], rubber_cte.shape[:-2],
        *(x.shape[:-1] for x in (tg, ratio, shrinkage, poisson)),
    )  # fmt: skip
    per_layer = (*batch, n)
    t, tg, ratio = (np.broadcast_to(x, per_layer) for x in (t, tg, ratio))
    q = laminate.plane_stress_pa(modulus[..., 0], modulus[..., 1], poisson)
    stiff = np.broadcast_to(
        laminate.layer_stiffness(t, np.broadcast_to(q, (*per_layer, 2, 2))), (*per_layer, 4, 4)
    )
    total = np.sum(t, axis=-1)
    rubber_stiff = stiff * ratio[..., np.newaxis, np.newaxis]
    glass_stiff = stiff - rubber_stiff
    glass_cte = np.broadcast_to(glass_cte, (*per_layer, 2))
    rubber_cte = np.broadcast_to(rubber_cte, (*per_layer, 2))

    there = np.zeros(n, dtype=np.bool_)
    cold = np.zeros(per_layer, dtype=np.bool_)
    rest = np.zeros((2, *per_layer, 4))  # the state at which the rubber and the glass branch carry nothing
    state = np.zeros((*batch, 4))
    states, stresses, unbalance = [], [], 0.0

    def settle() -> NDArray[np.float64]:
        active = np.stack(
            [rubber_stiff * there[:, np.newaxis, np.newaxis],
             glass_stiff * (there & cold)[..., np.newaxis, np.newaxis]], axis=-4,
        )  # fmt: skip
        parts = active.reshape(*batch, 2 * n, 4, 4)
        free = np.moveaxis(rest, 0, -3).reshape(*batch, 2 * n, 4)
        return laminate.equilibrium(parts, free, total)

    for point in range(path.shape[-1]):
        if point:
            for start, end in _stretches(path[..., point - 1], path[..., point], tg, batch):
                middle = 0.5 * (start + end)[..., np.newaxis]
                cold = np.asarray(middle < tg)
                cte = np.where(cold[..., np.newaxis], glass_cte, rubber_cte)
                rest[..., :2] += cte * (end - start)[..., np.newaxis, np.newaxis]
                state = settle()
                # a hot glass branch has forgotten: it is at rest in whatever shape the body has
                rest[1] = np.where((there & cold)[..., np.newaxis], rest[1], state[..., np.newaxis, :])
        new = np.asarray([j == point for j in joins])
        if np.any(new):
            cold = np.broadcast_to(path[..., point, np.newaxis] < tg, per_layer)
            rest = np.where(new[:, np.newaxis], state[..., np.newaxis, :], rest)
            rest[..., :2] -= np.where(new, np.broadcast_to(shrinkage, per_layer), 0.0)[..., np.newaxis]
            there = there | new
            state = settle()
            rest[1] = np.where((there & cold)[..., np.newaxis], rest[1], state[..., np.newaxis, :])
        at_rest = state[..., np.newaxis, :] - rest
        rubber = np.einsum("...ij,...j->...i", rubber_stiff, at_rest[0]) * there[:, np.newaxis]
        glass = np.einsum("...ij,...j->...i", glass_stiff, at_rest[1]) * (there & cold)[..., np.newaxis]
        unbalance = max(unbalance, _left_over(rubber + glass, total))
        states.append(state)
        stresses.append(_face_stress(t, q, ratio, at_rest, there, cold))
    whole = np.stack(states, axis=-2)
    return History(
        strain=whole[..., :2],
        curvature_per_m=whole[..., 2:],
        face_stress_pa=np.stack(stresses, axis=-4),
        unbalance=unbalance,
    )


def _stretches(
    start: NDArray[np.float64], end: NDArray[np.float64], tg: NDArray[np.float64], batch: tuple[int, ...]
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """The way from start to end, cut at every Tg between them; stretches of no length do no harm."""
    a, b = np.broadcast_to(start, batch), np.broadcast_to(end, batch)
    low, high = np.minimum(a, b)[..., np.newaxis], np.maximum(a, b)[..., np.newaxis]
    rising = np.sort(np.clip(tg, low, high), axis=-1)
    cuts = np.where((b < a)[..., np.newaxis], rising[..., ::-1], rising)
    marks = np.concatenate([a[..., np.newaxis], cuts, b[..., np.newaxis]], axis=-1)
    return [(marks[..., i], marks[..., i + 1]) for i in range(marks.shape[-1] - 1)]


def _face_stress(
    thickness_m: NDArray[np.float64],
    q: NDArray[np.float64],
    ratio: NDArray[np.float64],
    elastic: NDArray[np.float64],
    there: NDArray[np.bool_],
    cold: NDArray[np.bool_],
) -> NDArray[np.float64]:
    z = laminate.heights_m(thickness_m)
    faces = np.stack([z[..., :-1], z[..., 1:]], axis=-1)[..., np.newaxis]
    at = elastic[..., np.newaxis, :2] + faces * elastic[..., np.newaxis, 2:]
    share = np.stack([ratio * there, (1.0 - ratio) * (there & cold)])[..., np.newaxis, np.newaxis]
    return np.asarray(np.einsum("...lij,...lfj->...lfi", q, np.sum(at * share, axis=0)))


def _left_over(resultants: NDArray[np.float64], total_m: NDArray[np.float64]) -> float:
    scaled = (
        resultants
        / np.concatenate(
            [np.ones((*total_m.shape, 2)), np.repeat(total_m[..., np.newaxis], 2, axis=-1)], axis=-1
        )[..., np.newaxis, :]
    )
    carried = np.max(np.abs(scaled), initial=0.0)
    return float(np.max(np.abs(np.sum(scaled, axis=-2))) / carried) if carried > 0.0 else 0.0
