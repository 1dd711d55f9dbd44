"""Free plate of two sheets by Ritz's method: the shape that free strains give a body layered unequally in plan.

Love-Kirchhoff in each sheet, one deflection for both, slip between them resisted by soft joints. Trial functions are
products of splines whose knots lie where the layers change, so that curvature may jump there; stiffness is constant in
each cell of the plan, and its integrals over a cell are exact.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.mechanical.warpage.columns import BASE, LID, Columns, Matter, resist
from packfirst.disciplines.mechanical.warpage.splines import Splines, knots, splines

Floats = NDArray[np.float64]
VALID = {"thickness_over_length": (0.0, 0.1)}
U, V, W, LID_U, LID_V = range(5)
# How each strain follows from the fields: (field, derivative in x, derivative in y, factor).
_STRAIN = (((U, 1, 0, 1.0),), ((V, 0, 1, 1.0),), ((U, 0, 1, 1.0), (V, 1, 0, 1.0)))
_BEND = (((W, 2, 0, -1.0),), ((W, 0, 2, -1.0),), ((W, 1, 1, -2.0),))
# Pairs of strains that each component of the stiffness couples.
_PAIRS = (((0, 0),), ((1, 1),), ((0, 1), (1, 0)), ((2, 2),))
_GAUSS = 4  # exact for products of cubics over a cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Trial functions on a grid of cells: tables of one-dimensional integrals.

    Attributes
    ----------
    along : tuple of Splines
        Along x and y.
    pick : tuple of (slice, slice)
        Which functions along x and y make up u, v, w and the lid's u and v; empty for a body without a lid.
    start : ndarray of int, shape (6,)
        Where each field begins in a state.
    cross : tuple of ndarray, shape (3, 3, n_cells, n, n)
        ``integral over the cell of f_a^(p) f_c^(q)`` along x and along y.
    plain : tuple of ndarray, shape (3, n_cells, n)
        ``integral over the cell of f_a^(p)``.
    """

    along: tuple[Splines, Splines]
    pick: tuple[tuple[slice, slice], ...]
    start: NDArray[np.int64]
    cross: tuple[Floats, Floats]
    plain: tuple[Floats, Floats]
    _held: list[Floats] = dataclasses.field(default_factory=list)

    @property
    def rigid(self) -> Floats:
        """Rows that read a rigid motion at the middle: deflection, tilts, shifts and turn; shape (<= 6, n)."""
        if not self._held:
            self._held.append(_rigid(self))
        return self._held[0]

    @property
    def has_lid(self) -> bool:
        """Whether there are two sheets."""
        return bool(self.start[5] > self.start[3])

    def part(self, field: int) -> slice:
        """Where a field stands in a state."""
        return slice(int(self.start[field]), int(self.start[field + 1]))


def basis(found: Columns, stiffness_pa: Floats, intervals: int, *, lid: bool) -> Basis:
    """Trial functions for the outline and cells of `found`.

    Parameters
    ----------
    found : Columns
    stiffness_pa : ndarray, shape (n_materials,)
        Of each material, by which the lines where most changes are found.
    intervals : int
        Between knots, along each side.
    lid : bool
        Whether there is a second sheet.

    Raises
    ------
    ValueError
        Less than one interval.
    """
    if intervals < 1:
        raise ValueError("a plate needs one interval of trial functions at least")
    # What stretches, in either sheet, as a share of the most there is; and where a joint holds them.
    held = [found.moments[BASE][..., 0] @ stiffness_pa]
    if lid:
        held += [
            found.moments[LID][..., 0] @ stiffness_pa,
            (found.joint_m.sum(axis=1) > 0.0).astype(np.float64),
        ]
    stiff = sum(each / max(each.max(), 1e-300) for each in held)[found.kind]
    even = found.is_even
    tables, means, every = [], [], []
    for axis, edges in enumerate((found.x_m, found.y_m)):
        change = np.abs(np.diff(stiff, axis=axis)).sum(axis=1 - axis)
        one = splines(knots(edges, change, intervals, even=even[axis]), even=even[axis])
        # Cells of the plan may hold a knot within: integrals are exact between both.
        fine = np.unique(np.concatenate([edges, one.knots_m]))
        fine = fine[np.append(True, np.diff(fine) > 1e-9)]
        at, weight = _gauss(fine)
        values = one.table(at)
        owner = np.clip(np.searchsorted(edges, 0.5 * (fine[1:] + fine[:-1])) - 1, 0, len(edges) - 2)
        first = np.searchsorted(np.repeat(owner, _GAUSS), np.arange(len(edges) - 1))
        weighted = values * weight[:, np.newaxis]
        means.append(np.add.reduceat(weighted, first, axis=1))
        pairs = weighted[:, np.newaxis, :, :, np.newaxis] * values[np.newaxis, :, :, np.newaxis, :]
        tables.append(np.add.reduceat(pairs, first, axis=2))
        every.append(one)
    (bent_x, flat_x), (bent_y, flat_y) = (one.counts for one in every)
    bx, fx, by, fy = (
        slice(0, bent_x),
        slice(bent_x, bent_x + flat_x),
        slice(0, bent_y),
        slice(bent_y, bent_y + flat_y),
    )
    none = slice(0, 0)
    pick = (
        (fx, by),
        (bx, fy),
        (bx, by),
        (fx, by) if lid else (none, none),
        (bx, fy) if lid else (none, none),
    )
    sizes = [(x.stop - x.start) * (y.stop - y.start) for x, y in pick]
    return Basis(
        along=(every[0], every[1]), pick=pick, start=np.concatenate([[0], np.cumsum(sizes)]),
        cross=(tables[0], tables[1]), plain=(means[0], means[1]),
    )  # fmt: skip


def _gauss(edges: Floats) -> tuple[Floats, Floats]:
    nodes, weights = leggauss(_GAUSS)
    half = 0.5 * np.diff(edges)[:, np.newaxis]
    return (0.5 * (edges[1:] + edges[:-1])[:, np.newaxis] + half * nodes).ravel(), (half * weights).ravel()


# Stiffness of a lid where there is none, as a share of that where there is: small against all that counts, large
# against rounding.
_NEXT_TO_NOTHING = 1e-7


def _sheet_alone(cell: Floats) -> Floats:
    """Stretching of the stiffest column, without bending, shape (1, 1, 3, 4)."""
    found = np.zeros((1, 1, *cell.shape[2:]))
    found[..., 0, :] = cell[..., 0, :].max(axis=(0, 1))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The plate during one stretch of temperature: its equations factored, and its answer.

    Attributes
    ----------
    lower : ndarray, shape (n, n)
        Cholesky factor of the stiffness.
    state : ndarray, shape (n,)
        What the free strains of the stretch do.
    """

    lower: Floats
    state: Floats


def solve(found: Columns, trial: Basis, matter: Matter) -> Stretch:
    """The shape that the free strains of one stretch give the plate.

    Raises
    ------
    ValueError
        A plate that does not resist: a material without stiffness makes up a whole column.
    """
    stiffness, _, slip = resist(found, matter)
    k = np.zeros((int(trial.start[-1]),) * 2)
    sheets = 2 if trial.has_lid else 1
    for number in range(sheets):
        of = (U, V, W) if number == 0 else (LID_U, LID_V, W)
        cell = stiffness[number][found.kind]
        if number == 1:
            # Beside the lid its functions would rest on nothing.
            cell = cell + np.where(cell[..., :1, :1] > 0.0, 0.0, _NEXT_TO_NOTHING) * _sheet_alone(cell)
        _stiffen(k, of, cell, trial)
    if sheets == 2:
        _join(k, slip[found.kind], trial)
    k = np.triu(k) + np.triu(k, 1).T
    scale = 1.0 / np.sqrt(np.maximum(np.diag(k), 1e-300))
    k *= scale[:, np.newaxis] * scale
    held = trial.rigid * scale
    # No load moves the body as a whole: what holds it there takes no force, however stiff.
    k += held.T @ (held / np.sum(held**2, axis=1, keepdims=True).clip(1e-30))
    try:
        lower = np.linalg.cholesky(k)
    except np.linalg.LinAlgError as error:
        raise ValueError("part of the plate resists neither stretching nor bending") from error
    lower = lower / scale[:, np.newaxis]
    return Stretch(lower=lower, state=_back(lower, load(found, trial, matter)))


def answer(stretch: Stretch, pushed: Floats) -> Floats:
    """What another load does to the same plate, shape (n,) or (n, k)."""
    return _back(stretch.lower, pushed)


def _back(lower: Floats, pushed: Floats) -> Floats:
    from scipy.linalg import cho_solve

    return np.asarray(cho_solve((lower, True), pushed, check_finite=False))


def _rigid(trial: Basis) -> Floats:
    middle = [0.5 * (one.knots_m[0] + one.knots_m[-1]) for one in trial.along]
    x, y = table(trial, 0, [middle[0]]), table(trial, 1, [middle[1]])

    def at(field: int, order: tuple[int, int]) -> Floats:
        return np.asarray(_row(trial, x, y, field, order)[0])

    rows = [
        at(W, (0, 0)), at(W, (1, 0)), at(W, (0, 1)), at(U, (0, 0)), at(V, (0, 0)), at(U, (0, 1)) - at(V, (1, 0)),
    ]  # fmt: skip
    kept = [row for row in rows if np.abs(row).max(initial=0.0) > 1e-9 * np.abs(rows[0]).max()]
    return np.array(kept)


def _block(
    trial: Basis, coefficient: Floats, one: int, other: int, x: tuple[int, int], y: tuple[int, int]
) -> Floats:
    """``sum over cells of c Gx Gy`` for the functions of two fields, shape (n_one, n_other)."""
    (x1, y1), (x2, y2) = trial.pick[one], trial.pick[other]
    gx, gy = trial.cross[0][x][:, x1, x2], trial.cross[1][y][:, y1, y2]
    over_x = coefficient.T @ gx.reshape(len(gx), -1)
    both = over_x.T @ gy.reshape(len(gy), -1)
    a, c, b, d = gx.shape[1], gx.shape[2], gy.shape[1], gy.shape[2]
    return np.asarray(both.reshape(a, c, b, d).transpose(0, 2, 1, 3).reshape(a * b, c * d))


def _stiffen(k: Floats, of: tuple[int, int, int], cell: Floats, trial: Basis) -> None:
    """Adds a sheet to the upper triangle; `cell` of shape (nx, ny, 3, 4)."""
    # Fields in the order of the state, so that the block of two fields lies above the diagonal.
    order = {field: (of[field] if field != W else W) for field in (U, V, W)}
    sides = ((_STRAIN, _STRAIN, 0), (_STRAIN, _BEND, 1), (_BEND, _STRAIN, 1), (_BEND, _BEND, 2))
    gathered: dict[tuple[int, int, tuple[int, int], tuple[int, int]], Floats] = {}
    for left, right, power in sides:
        for component, pairs in enumerate(_PAIRS):
            for i, j in pairs:
                for f1, x1, y1, c1 in left[i]:
                    for f2, x2, y2, c2 in right[j]:
                        one, other = order[f1], order[f2]
                        if one > other:
                            continue
                        name = (one, other, (x1, x2), (y1, y2))
                        value = c1 * c2 * cell[:, :, power, component]
                        gathered[name] = gathered[name] + value if name in gathered else value
    for (one, other, x, y), coefficient in gathered.items():
        k[trial.part(one), trial.part(other)] += _block(trial, coefficient, one, other, x, y)


def _join(k: Floats, slip: Floats, trial: Basis) -> None:
    """Adds the joints that hold the sheets together, above the diagonal."""
    for base, lid in ((U, LID_U), (V, LID_V)):
        block = _block(trial, slip, base, base, (0, 0), (0, 0))
        k[trial.part(base), trial.part(base)] += block
        k[trial.part(lid), trial.part(lid)] += block
        k[trial.part(base), trial.part(lid)] -= block


def load(found: Columns, trial: Basis, matter: Matter) -> Floats:
    """What the free strains of a stretch push, by trial function, shape (n,)."""
    _, pushed, _ = resist(found, matter)
    f = np.zeros(int(trial.start[-1]))
    for number in range(2 if trial.has_lid else 1):
        of = (U, V, W) if number == 0 else (LID_U, LID_V, W)
        cell = pushed[number][found.kind]
        for power, kinds in ((0, _STRAIN), (1, _BEND)):
            for axis in range(2):
                for field, x, y, factor in kinds[axis]:
                    at_x, at_y = trial.pick[of[field]]
                    over = trial.plain[0][x][:, at_x].T @ cell[:, :, power, axis] @ trial.plain[1][y][:, at_y]
                    f[trial.part(of[field])] += factor * over.ravel()
    return f


def table(trial: Basis, axis: int, at_m: ArrayLike) -> Floats:
    """Values and derivatives of the functions along x or y, shape (3, n_points, n_functions)."""
    return trial.along[axis].table(at_m)


def sample(trial: Basis, x_m: ArrayLike, y_m: ArrayLike, field: int, order: tuple[int, int]) -> Floats:
    """Row by which a state gives a field's derivative at points, shape (n_points, n)."""
    return _row(trial, table(trial, 0, x_m), table(trial, 1, y_m), field, order)


def on_grid(trial: Basis, x_m: ArrayLike, y_m: ArrayLike) -> tuple[Floats, Floats]:
    """Deflection of lines along x and along y: ``w = X state Y^T`` on their crossings; two tables of functions."""
    along_x, along_y = trial.pick[W]
    return table(trial, 0, x_m)[0][:, along_x], table(trial, 1, y_m)[0][:, along_y]


def deflection(trial: Basis, state: Floats, x_m: ArrayLike, y_m: ArrayLike) -> Floats:
    """Heights on the crossings of lines, shape (n_x, n_y). [m]"""
    x, y = on_grid(trial, x_m, y_m)
    return np.asarray(x @ state[trial.part(W)].reshape(x.shape[1], -1) @ y.T)


def weighed(trial: Basis, weight: Floats, x_m: ArrayLike, y_m: ArrayLike) -> Floats:
    """Row by which a state gives the sum of weights times heights on the crossings of lines, shape (n,)."""
    x, y = on_grid(trial, x_m, y_m)
    row = np.zeros(int(trial.start[-1]))
    row[trial.part(W)] = (x.T @ weight @ y).ravel()
    return row


def _row(trial: Basis, x: Floats, y: Floats, field: int, order: tuple[int, int]) -> Floats:
    at_x, at_y = trial.pick[field]
    row = np.zeros((x.shape[1], int(trial.start[-1])))
    each = x[order[0]][:, at_x, np.newaxis] * y[order[1]][:, np.newaxis, at_y]
    row[:, trial.part(field)] = each.reshape(len(row), -1)
    return row


def strain_rows(trial: Basis, x_m: ArrayLike, y_m: ArrayLike) -> Floats:
    """Rows by which a state gives strain of height zero x, y and curvature x, y at points, shape (4, n_points, n).

    Of the base; curvature is the growth of strain with height, positive where the body is convex upwards.
    """
    x, y = table(trial, 0, x_m), table(trial, 1, y_m)
    return np.stack([
        sum(c * _row(trial, x, y, f, (px, py)) for f, px, py, c in kinds[axis])
        for kinds in (_STRAIN, _BEND)
        for axis in range(2)
    ])  # fmt: skip
