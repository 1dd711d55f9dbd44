"""How a figure read off the plate answers to its materials and heights, from one more solve (the adjoint)."""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray

from packfirst.disciplines.mechanical.warpage.columns import Columns, Matter, push_pa
from packfirst.disciplines.mechanical.warpage.two_sheets import Basis, table

Floats = NDArray[np.float64]
_GAUSS = 4  # exact for products of strains, which are cubics along the other side of a cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Slopes:
    """Of one figure over one stretch.

    Attributes
    ----------
    stiffness : ndarray, shape (n_materials, 4)
        d(figure)/d(stiffness component). [figure/Pa]
    growth : ndarray, shape (n_materials, 2)
        d(figure)/d(free strain).
    shear : ndarray, shape (n_materials,)
        d(figure)/d(shear modulus of the soft joints). [figure/Pa]
    moments : ndarray, shape (2, n_kinds, n_materials, 3)
        d(figure)/d(`Columns.moments`).
    """

    stiffness: Floats
    growth: Floats
    shear: Floats
    moments: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Strains of a state at the Gauss points of all cells: base, lid (x, y, shear, then curvatures), and slip."""

    strain: Floats  # (2 sheets, 6, n_points)
    slip: Floats  # (2, n_points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Where the Gauss points lie, their weights, and the sum over them by kind of column."""

    at: tuple[Floats, Floats]  # (3, n_points of x, n_functions), the same for y
    by_kind: Floats  # (n_points, n_kinds): the weight of each point in the sum over its kind of column


def reader(found: Columns, trial: Basis) -> Reader:
    """Gauss points for a plan."""
    nodes, weights = leggauss(_GAUSS)
    at, weighted, cells = [], [], []
    for axis, edges in enumerate((found.x_m, found.y_m)):
        fine = np.unique(np.concatenate([edges, trial.along[axis].knots_m]))
        fine = fine[np.append(True, np.diff(fine) > 1e-9)]
        half = 0.5 * np.diff(fine)[:, np.newaxis]
        middle = 0.5 * (fine[1:] + fine[:-1])[:, np.newaxis]
        at.append(table(trial, axis, (middle + half * nodes).ravel()))
        weighted.append((half * weights).ravel())
        owner = np.clip(np.searchsorted(edges, middle[:, 0]) - 1, 0, len(edges) - 2)
        cells.append(np.repeat(owner, _GAUSS))
    kind = found.kind[np.ix_(cells[0], cells[1])]
    weight = np.outer(weighted[0], weighted[1]).ravel()
    by_kind = np.zeros((weight.size, len(found.material)))
    by_kind[np.arange(weight.size), kind.ravel()] = weight
    return Reader(at=(at[0], at[1]), by_kind=by_kind)


def points(found: Reader, trial: Basis, state: Floats) -> Points:
    """Strains of a state at the Gauss points."""
    x, y = found.at

    def at(field: int, p: int, q: int) -> Floats:
        along_x, along_y = trial.pick[field]
        values = state[trial.part(field)].reshape(along_x.stop - along_x.start, -1)
        return np.asarray(x[p][:, along_x] @ values @ y[q][:, along_y].T).ravel()

    lid = trial.has_lid
    bent = [-at(2, 2, 0), -at(2, 0, 2), -2.0 * at(2, 1, 1)]
    sheets = []
    for u, v in ((0, 1), (3, 4)) if lid else ((0, 1),):
        sheets.append(np.stack([at(u, 1, 0), at(v, 0, 1), at(u, 0, 1) + at(v, 1, 0), *bent]))
    slip = np.zeros((2, len(found.by_kind)))
    if lid:
        slip = np.stack([at(3, 0, 0) - at(0, 0, 0), at(4, 0, 0) - at(1, 0, 0)])
    return Points(strain=np.stack(sheets), slip=slip)


def slopes(found: Columns, seen: Reader, matter: Matter, state: Points, adjoint: Points) -> Slopes:
    """Slopes of a figure whose adjoint is known.

    Parameters
    ----------
    found, seen, matter
        The plate, its Gauss points, and its materials during the stretch.
    state, adjoint : Points
        Of the stretch's own state, and of what a load equal to the figure's row does to the same plate.
    """
    n_mat = found.n_materials
    q, push, grown = matter.stiffness_pa, push_pa(matter), matter.growth
    stiffness, growth = np.zeros((n_mat, 4)), np.zeros((n_mat, 2))
    moments = np.zeros((2, found.moments.shape[1], n_mat, 3))
    for sheet, (ours, theirs) in enumerate(zip(state.strain, adjoint.strain, strict=True)):
        pairs = _pairs(ours, theirs, seen)
        of_load = (theirs[[0, 1, 3, 4]] @ seen.by_kind).reshape(2, 2, -1)  # membrane and bending, x and y
        held = found.moments[sheet]  # (n_kinds, n_mat, 3)
        moments[sheet] = -np.einsum("pcl,mc->lmp", pairs, q)
        moments[sheet][..., :2] += np.einsum("kdl,md->lmk", of_load, push)
        by_load = np.einsum("lmk,kdl->md", held[..., :2], of_load)
        stiffness -= np.einsum("lmp,pcl->mc", held, pairs)
        stiffness[:, 0] += by_load[:, 0] * grown[:, 0]
        stiffness[:, 1] += by_load[:, 1] * grown[:, 1]
        stiffness[:, 2] += by_load[:, 0] * grown[:, 1] + by_load[:, 1] * grown[:, 0]
        growth[:, 0] += by_load[:, 0] * q[:, 0] + by_load[:, 1] * q[:, 2]
        growth[:, 1] += by_load[:, 0] * q[:, 2] + by_load[:, 1] * q[:, 1]
    shear = np.zeros(n_mat)
    if len(state.strain) > 1:
        give = found.joint_m @ (1.0 / matter.shear_pa)
        slip = np.divide(1.0, give, where=give > 0.0, out=np.zeros_like(give))
        work = (state.slip * adjoint.slip).sum(axis=0) @ seen.by_kind
        shear = -((slip**2 * work) @ found.joint_m) / matter.shear_pa**2
    return Slopes(stiffness=stiffness, growth=growth, shear=shear, moments=moments)


def _pairs(ours: Floats, theirs: Floats, seen: Reader) -> Floats:
    """Products of strains that A, B and D weigh, by component, shape (3, 4, n_kinds)."""
    one, two = ours.reshape(2, 3, -1), theirs.reshape(2, 3, -1)
    each = np.empty((3, 4, ours.shape[1]))
    for power, terms in enumerate((((0, 0),), ((0, 1), (1, 0)), ((1, 1),))):
        a = [one[i] for i, _ in terms]
        b = [two[j] for _, j in terms]
        each[power, 0] = sum(x[0] * y[0] for x, y in zip(a, b, strict=True))
        each[power, 1] = sum(x[1] * y[1] for x, y in zip(a, b, strict=True))
        each[power, 2] = sum(x[0] * y[1] + x[1] * y[0] for x, y in zip(a, b, strict=True))
        each[power, 3] = sum(x[2] * y[2] for x, y in zip(a, b, strict=True))
    return np.asarray(each @ seen.by_kind)


def by_modulus(stiffness: Floats, modulus_pa: Floats, poisson: Floats) -> tuple[Floats, Floats]:
    """Slopes by the modulus and Poisson's ratio of isotropic layers, from those by their stiffness."""
    v, e = poisson, modulus_pa
    free = 1.0 / (1.0 - v**2)
    by_e = stiffness[:, 0] * free + stiffness[:, 1] * free + stiffness[:, 2] * v * free
    by_e = by_e + stiffness[:, 3] * 0.5 / (1.0 + v)
    turned = 2.0 * v * free**2 * e
    by_v = (stiffness[:, 0] + stiffness[:, 1]) * turned + stiffness[:, 2] * e * (1.0 + v**2) * free**2
    return by_e, np.asarray(by_v - stiffness[:, 3] * 0.5 * e / (1.0 + v) ** 2)
