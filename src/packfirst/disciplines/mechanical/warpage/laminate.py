"""Layers bonded face to face: one thin plate, its stiffness, and the shape that free strains give it.

The state of a plate is four numbers: strain of the middle surface in x and y, and the growth of strain with
height in x and y (curvature; positive where the top is stretched, so that the body is convex upwards). Layers are
counted from the bottom. Their axes are those of the body, so that nothing twists.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Love-Kirchhoff: thin against its length. Beyond a tenth, transverse shear and the edges rule.
VALID = {"thickness_over_length": (0.0, 0.1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateState:
    """Shape of the plate.

    Attributes
    ----------
    strain : ndarray, shape (..., 2)
        Of the middle surface, x and y.
    curvature_per_m : ndarray, shape (..., 2)
        x and y; positive is convex upwards.
    """

    strain: NDArray[np.float64]
    curvature_per_m: NDArray[np.float64]


def plane_stress_pa(
    modulus_x_pa: ArrayLike, modulus_y_pa: ArrayLike, poisson_xy: ArrayLike
) -> NDArray[np.float64]:
    """Reduced stiffness of an orthotropic layer, shape (..., 2, 2). [Pa]

    Parameters
    ----------
    modulus_x_pa, modulus_y_pa, poisson_xy : array_like, shape (...)
        Contraction along y per stretch along x is `poisson_xy`.

    Raises
    ------
    ValueError
        A modulus that is not positive, or a Poisson ratio that no elastic body can have
        (``poisson_xy^2 >= modulus_x / modulus_y``).

    References
    ----------
    .. [1] R. M. Jones, "Mechanics of Composite Materials", 2nd ed., Taylor & Francis, 1999, eq. (2.61).
    """
    ex, ey, v = np.broadcast_arrays(
        *(np.asarray(x, dtype=np.float64) for x in (modulus_x_pa, modulus_y_pa, poisson_xy))
    )
    if not (np.all(ex > 0.0) and np.all(ey > 0.0)):
        raise ValueError("modulus must be positive")
    if not np.all(v**2 < ex / ey):
        raise ValueError("the square of poisson_xy must be less than modulus_x / modulus_y")
    free = 1.0 / (1.0 - v**2 * ey / ex)
    q = np.empty((*ex.shape, 2, 2))
    q[..., 0, 0] = ex * free
    q[..., 1, 1] = ey * free
    q[..., 0, 1] = q[..., 1, 0] = v * ey * free
    return q


def heights_m(thickness_m: ArrayLike) -> NDArray[np.float64]:
    """Heights of the faces over the middle of the plate, shape (..., n_layers + 1). [m]"""
    t = np.asarray(thickness_m, dtype=np.float64)
    if not np.all(t > 0.0):
        raise ValueError("thickness must be positive")
    top = np.cumsum(t, axis=-1)
    faces = np.concatenate([np.zeros((*t.shape[:-1], 1)), top], axis=-1)
    return np.asarray(faces - 0.5 * top[..., -1:])


def layer_stiffness(thickness_m: ArrayLike, stiffness_pa: ArrayLike) -> NDArray[np.float64]:
    """What each layer adds to the stiffness of the plate, shape (..., n_layers, 4, 4).

    Rows and columns: strain x, y, curvature x, y; forces per width [N/m], moments per width [N].

    Parameters
    ----------
    thickness_m : array_like, shape (..., n_layers)
    stiffness_pa : array_like, shape (..., n_layers, 2, 2)
        From `plane_stress_pa`.
    """
    z = heights_m(thickness_m)
    low, high = z[..., :-1], z[..., 1:]
    powers = [(high**n - low**n)[..., np.newaxis, np.newaxis] / n for n in (1, 2, 3)]
    q = np.asarray(stiffness_pa, dtype=np.float64)
    a, b, d = (p * q for p in powers)
    upper = np.concatenate([a, b], axis=-1)
    lower = np.concatenate([b, d], axis=-1)
    return np.asarray(np.concatenate([upper, lower], axis=-2))


def equilibrium(
    stiffness: NDArray[np.float64], free: NDArray[np.float64], thickness_m: NDArray[np.float64]
) -> NDArray[np.float64]:
    """State in which no force and no moment is left, shape (..., 4).

    Parameters
    ----------
    stiffness : ndarray, shape (..., n_parts, 4, 4)
        From `layer_stiffness`; a part may be a layer, or one branch of a layer's behaviour.
    free : ndarray, shape (..., n_parts, 4)
        State in which that part alone would carry no stress.
    thickness_m : ndarray, shape (...)
        Of the whole plate; it scales the equations, so that they are well conditioned in any unit.
    """
    scale = np.ones((*np.shape(thickness_m), 4))
    scale[..., 2:] /= np.asarray(thickness_m)[..., np.newaxis]
    total = np.sum(stiffness, axis=-3) * scale[..., :, np.newaxis] * scale[..., np.newaxis, :]
    load = np.sum(np.einsum("...ij,...j->...i", stiffness, free), axis=-2) * scale
    return np.asarray(np.linalg.solve(total, load[..., np.newaxis])[..., 0] * scale)


def shape(
    thickness_m: ArrayLike, stiffness_pa: ArrayLike, free_strain: ArrayLike, *, flat: bool = False
) -> PlateState:
    """Shape of a plate whose layers would each grow by their own strain.

    Parameters
    ----------
    thickness_m : array_like, shape (..., n_layers)
    stiffness_pa : array_like, shape (..., n_layers, 2, 2)
    free_strain : array_like, shape (..., n_layers, 2)
        x and y: expansion since the layer was last free of stress, less its cure shrinkage.
    flat : bool
        Held flat (on a vacuum chuck or by a symmetric partner): curvature is zero.

    Notes
    -----
    Classical lamination theory, [1]_ chapter 4 of `plane_stress_pa`.
    """
    t = np.asarray(thickness_m, dtype=np.float64)
    k = layer_stiffness(t, stiffness_pa)
    grown = np.asarray(free_strain, dtype=np.float64)
    free = np.concatenate([grown, np.zeros_like(grown)], axis=-1)
    total = np.sum(t, axis=-1)
    if flat:
        a = k[..., :2, :2]
        load = np.sum(np.einsum("...ij,...j->...i", a, grown), axis=-2)
        strain = np.linalg.solve(np.sum(a, axis=-3), load[..., np.newaxis])[..., 0]
        return PlateState(strain=np.asarray(strain), curvature_per_m=np.zeros_like(strain))
    state = equilibrium(k, free, total)
    return PlateState(strain=state[..., :2], curvature_per_m=state[..., 2:])


def face_stress_pa(
    thickness_m: ArrayLike, stiffness_pa: ArrayLike, free_strain: ArrayLike, state: PlateState
) -> NDArray[np.float64]:
    """Stress at the bottom and top face of every layer, shape (..., n_layers, 2 faces, 2 directions). [Pa]

    Arguments as `shape`, and the state that it returned. Positive is tension.
    """
    z = heights_m(thickness_m)
    faces = np.stack([z[..., :-1], z[..., 1:]], axis=-1)
    strain = (
        state.strain[..., np.newaxis, np.newaxis, :]
        + faces[..., np.newaxis] * state.curvature_per_m[..., np.newaxis, np.newaxis, :]
    )
    elastic = strain - np.asarray(free_strain, dtype=np.float64)[..., np.newaxis, :]
    return np.asarray(np.einsum("...lij,...lfj->...lfi", np.asarray(stiffness_pa, dtype=np.float64), elastic))


def reduced_bending_n_m(thickness_m: ArrayLike, stiffness_pa: ArrayLike) -> NDArray[np.float64]:
    """Stiffness against bending when the middle surface is free, ``D - B A^-1 B``, shape (..., 2, 2). [N m]"""
    total = np.sum(layer_stiffness(thickness_m, stiffness_pa), axis=-3)
    a, b, d = total[..., :2, :2], total[..., :2, 2:], total[..., 2:, 2:]
    return np.asarray(d - b @ np.linalg.solve(a, b))


def membrane_n_per_m(thickness_m: ArrayLike, stiffness_pa: ArrayLike) -> NDArray[np.float64]:
    """Stiffness against stretching, ``A``, shape (..., 2, 2). [N/m]"""
    return np.asarray(np.sum(layer_stiffness(thickness_m, stiffness_pa), axis=-3)[..., :2, :2])
