"""A body that is layered otherwise from place to place: kinds of column over the plan, and what each resists.

Two sheets share the deflection of the body: the base with all that stands on it, and the lid with its foot. Each has
its own movement in the plane; soft joints between them resist their slip.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BASE, LID, JOINT, GAS = 0, 1, 2, -1
_SAME_M = 1e-8  # faces nearer than this are one face


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Kinds of column in the plan.

    Attributes
    ----------
    x_m, y_m, z_m : ndarray, shape (nx + 1,), (ny + 1,), (nz + 1,)
        Edges of the cells.
    kind : ndarray of int, shape (nx, ny)
        Which column stands over each cell.
    material, sheet : ndarray of int, shape (n_kinds, nz)
        What each kind of column holds at each level; sheet is `BASE`, `LID`, `JOINT` or `GAS`.
    n_materials : int
    """

    x_m: Floats
    y_m: Floats
    z_m: Floats
    kind: NDArray[np.int64]
    material: NDArray[np.int64]
    sheet: NDArray[np.int64]
    n_materials: int

    @cached_property
    def moments(self) -> Floats:
        """``integral of z^k dz``, k = 0, 1, 2, of each material in each column, shape (2 sheets, n_kinds, n_mat, 3)."""
        z = self.z_m
        powers = np.stack([(z[1:] ** k - z[:-1] ** k) / k for k in (1, 2, 3)], axis=-1)
        found = np.zeros((2, len(self.material), self.n_materials, 3))
        for which in (BASE, LID):
            rows, levels = np.nonzero(self.sheet == which)
            np.add.at(found[which], (rows, self.material[rows, levels]), powers[levels])
        return found

    @cached_property
    def joint_m(self) -> Floats:
        """Thickness of each material in the soft joints between the sheets, shape (n_kinds, n_materials)."""
        found = np.zeros((len(self.material), self.n_materials))
        rows, levels = np.nonzero(self.sheet == JOINT)
        np.add.at(found, (rows, self.material[rows, levels]), np.diff(self.z_m)[levels])
        return found

    @cached_property
    def is_even(self) -> tuple[bool, bool]:
        """Whether the plan is its own mirror image along x and along y."""
        return tuple(  # type: ignore[return-value]
            bool(np.allclose(edges + edges[::-1], edges[0] + edges[-1], rtol=0.0, atol=1e-7))
            and bool(np.array_equal(self.kind, np.flip(self.kind, axis)))
            for axis, edges in enumerate((self.x_m, self.y_m))
        )

    def stretched(self, low_m: float, high_m: float, factor: float) -> "Columns":
        """The same with all that lies between two heights that much thicker, and what stands above it moved."""
        z = self.z_m
        inside = np.clip(z, low_m, high_m) - low_m
        return replace(self, z_m=z + (factor - 1.0) * inside)


def columns(
    boxes_m: Floats, material: NDArray[np.int64], sheet: NDArray[np.int64],
    plan_m: tuple[float, float, float, float], n_materials: int,
) -> Columns:  # fmt: skip
    """Columns of axis-aligned boxes, painted in order: where two overlap, the later one is there.

    Parameters
    ----------
    boxes_m : ndarray, shape (n, 6)
        x0, x1, y0, y1, z0, z1; what lies outside the outline is cut off.
    material, sheet : ndarray of int, shape (n,)
        As in `Columns`.
    plan_m : x0, x1, y0, y1
        Outline of the body.
    n_materials : int

    Raises
    ------
    ValueError
        A box with no volume inside the outline.
    """
    x0, x1, y0, y1 = plan_m
    boxes = np.array(boxes_m, dtype=np.float64)
    boxes[:, :2] = np.clip(boxes[:, :2], x0, x1)
    boxes[:, 2:4] = np.clip(boxes[:, 2:4], y0, y1)
    if np.any(boxes[:, 1::2] <= boxes[:, ::2]):
        raise ValueError("every box needs a volume inside the outline of the body")
    edges = [_merged(boxes[:, 2 * axis : 2 * axis + 2].ravel()) for axis in range(3)]
    at = [
        np.searchsorted(edges[axis], boxes[:, 2 * axis : 2 * axis + 2] + _SAME_M, side="right") - 1
        for axis in range(3)
    ]
    label = np.full([len(edge) - 1 for edge in edges], -1, dtype=np.int64)
    for n in range(len(boxes)):
        (i0, i1), (j0, j1), (k0, k1) = (found[n] for found in at)
        label[i0:i1, j0:j1, k0:k1] = n
    # Boxes of one material in one sheet are one layer; a place that nothing was painted on is gas.
    codes = np.append(np.asarray(sheet) * n_materials + np.asarray(material), -1)
    codes[:-1][np.asarray(sheet) == GAS] = -1
    flat = codes[label.reshape(-1, label.shape[2])]
    mixed = (flat + 2) @ np.random.default_rng(0).integers(1, 1 << 40, flat.shape[1])
    _, first, kind = np.unique(mixed, return_index=True, return_inverse=True)
    rows = flat[first]
    return Columns(
        x_m=edges[0], y_m=edges[1], z_m=edges[2], kind=kind.reshape(label.shape[:2]),
        material=np.where(rows < 0, 0, rows % n_materials), sheet=np.where(rows < 0, GAS, rows // n_materials),
        n_materials=n_materials,
    )  # fmt: skip


def _merged(values: Floats) -> Floats:
    ordered = np.sort(values)
    return np.asarray(ordered[np.append(True, np.diff(ordered) > _SAME_M)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What each material is during one stretch of temperature.

    Attributes
    ----------
    stiffness_pa : ndarray, shape (n_materials, 4)
        Plane stress of an orthotropic layer along its own axes, components 11, 22, 12 and 66.
    growth : ndarray, shape (n_materials, 2)
        Free strain over the stretch, x and y.
    shear_pa : ndarray, shape (n_materials,)
        Of the soft joints between the sheets; positive.
    """

    stiffness_pa: Floats
    growth: Floats
    shear_pa: Floats


def isotropic_pa(modulus_pa: Floats, poisson: Floats) -> Floats:
    """Stiffness of isotropic layers in the form of `Matter`, shape (..., 4). [Pa]"""
    q = modulus_pa / (1.0 - poisson**2)
    return np.stack([q, q, poisson * q, 0.5 * modulus_pa / (1.0 + poisson)], axis=-1)


def push_pa(matter: Matter) -> Floats:
    """Stress of each material whose growth is held, shape (n_materials, 2). [Pa]"""
    q, grown = matter.stiffness_pa, matter.growth
    return np.stack(
        [q[:, 0] * grown[:, 0] + q[:, 2] * grown[:, 1], q[:, 2] * grown[:, 0] + q[:, 1] * grown[:, 1]],
        axis=-1,
    )


def resist(found: Columns, matter: Matter) -> tuple[Floats, Floats, Floats]:
    """Stiffness and thermal load of each kind of column.

    Returns
    -------
    stiffness : ndarray, shape (2 sheets, n_kinds, 3, 4)
        A, B, D by component. [N/m, N, N m]
    load : ndarray, shape (2, n_kinds, 2, 2)
        Force and moment per width of the free strains, each x and y. [N/m, N]
    slip : ndarray, shape (n_kinds,)
        Stiffness against slip of the sheets, per area. [Pa/m]
    """
    stiffness = np.einsum("slmk,mc->slkc", found.moments, matter.stiffness_pa)
    load = np.einsum("slmk,md->slkd", found.moments[..., :2], push_pa(matter))
    # Joints that lie over one another give way one after the other.
    give = found.joint_m @ (1.0 / matter.shear_pa)
    slip = np.divide(1.0, give, where=give > 0.0, out=np.zeros_like(give))
    return stiffness, load, slip
