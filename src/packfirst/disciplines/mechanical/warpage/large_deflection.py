"""Bow of large bodies: bending both ways stretches the middle surface, which stiffens, and at last snaps to a roll."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.mechanical import plates

# Constant curvature, that is, a shallow dome, saddle or roll; near the snap the true edge flattens and shapes mix.
VALIDATED = {"bow_over_thickness": (0.0, 1.0)}
VALID = {"bow_over_thickness": (0.0, 5.0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeBow:
    """The shape of least energy.

    Attributes
    ----------
    curvature_x_per_m, curvature_y_per_m : ndarray, shape (...)
    rolled : ndarray of bool, shape (...)
        More than one shape is stable: the body may be a roll one way or the other, and may snap between them.
    """

    curvature_x_per_m: NDArray[np.float64]
    curvature_y_per_m: NDArray[np.float64]
    rolled: NDArray[np.bool_]


def isotropic_compliance(membrane_n_per_m: ArrayLike) -> NDArray[np.float64]:
    """Compliance against stretching of an isotropic sheet, ``(a11, a22, 2 a12 + a66)``, shape (..., 3). [m/N]

    The argument is E t, of several layers their sum; Poisson's ratio drops out of ``2 a12 + a66 = 2/(E t)``.
    """
    one = 1.0 / np.asarray(membrane_n_per_m, dtype=np.float64)
    return np.stack([one, one, 2.0 * one], axis=-1)


def sheet_compliance(membrane_n_per_m: ArrayLike, shear_n_per_m: ArrayLike) -> NDArray[np.float64]:
    """The same of an orthotropic body, from A (..., 2, 2) and A66 (...), both [N/m]; shape (..., 3). [m/N]"""
    a = np.linalg.inv(np.asarray(membrane_n_per_m, dtype=np.float64))
    a66 = 1.0 / np.asarray(shear_n_per_m, dtype=np.float64)
    return np.stack(np.broadcast_arrays(a[..., 0, 0], a[..., 1, 1], 2.0 * a[..., 0, 1] + a66), axis=-1)


def rectangle_stretch_n(
    length_x_m: ArrayLike, length_y_m: ArrayLike, compliance_m_per_n: ArrayLike
) -> NDArray[np.float64]:
    """Twice the stretching energy per area and (kx ky)^2 of a free rectangle. [N m^3]

    Notes
    -----
    A free edge and a body bent to ``kx, ky`` leave a stress function with
    ``a22 F,xxxx + (2 a12 + a66) F,xxyy + a11 F,yyyy = -kx ky`` and F and its slope zero on the edge [1]_: the
    clamped plate's equation with compliances for stiffness.

    References
    ----------
    .. [1] M. W. Hyer, "Calculations of the room-temperature shapes of unsymmetric laminates", J. Compos. Mater.
       15, 1981, pp. 296-310 (the idea); stress function after [1] of `plates.clamped_under_load`, article 101.
    """
    c = np.asarray(compliance_m_per_n, dtype=np.float64)
    x = np.asarray(length_x_m, dtype=np.float64)
    y = np.asarray(length_y_m, dtype=np.float64)
    solved = plates.clamped_under_load(x, y, c[..., 1], c[..., 2], c[..., 0])
    return np.asarray(solved.volume / (x * y))


def disc_stretch_n(radius_m: ArrayLike, membrane_n_per_m: ArrayLike) -> NDArray[np.float64]:
    """The same of a free isotropic disc (a wafer), ``E t R^4 / 192``; membrane stiffness is E t. [N m^3]

    From ``F = -E t k^2 (R^2 - r^2)^2 / 64``, the clamped circular plate.
    """
    r = np.asarray(radius_m, dtype=np.float64)
    return np.asarray(np.asarray(membrane_n_per_m, dtype=np.float64) * r**4 / 192.0)


def settle(
    small_curvature_x_per_m: ArrayLike,
    small_curvature_y_per_m: ArrayLike,
    bending_n_m: ArrayLike,
    stretch_n: ArrayLike,
) -> LargeBow:
    """Curvature with stretching of the middle surface counted.

    Parameters
    ----------
    small_curvature_x_per_m, small_curvature_y_per_m : array_like, shape (...)
        From `laminate.shape` or `history.follow`, without stretching.
    bending_n_m : array_like, shape (..., 2, 2)
        From `laminate.reduced_bending_n_m`.
    stretch_n : array_like, shape (...)
        From `rectangle_stretch_n` or `disc_stretch_n`.

    Raises
    ------
    ValueError
        A bending stiffness that is not positive definite, or a negative stretch stiffness.

    Notes
    -----
    Least of ``(k - k0) D (k - k0)/2 + m (kx ky)^2/2``. The slopes of it are zero at the real roots of a polynomial
    of fifth degree in ky, all of which are found. For an isotropic disc it is the solution of [1]_ in closed form:
    ``k0 = k (1 + (1 - nu)/16 (k R^2/t)^2)``, with two rolled shapes from ``k R^2/(4 t) = (1 + nu)^-1/2`` on.

    References
    ----------
    .. [1] L. B. Freund, "Substrate curvature due to thin film mismatch strain in the nonlinear deformation range",
       J. Mech. Phys. Solids 48, 2000, pp. 1159-1174.
    """
    d = np.asarray(bending_n_m, dtype=np.float64)
    u0, v0, m, d11, d12, d22 = np.broadcast_arrays(
        np.asarray(small_curvature_x_per_m, dtype=np.float64),
        np.asarray(small_curvature_y_per_m, dtype=np.float64),
        np.asarray(stretch_n, dtype=np.float64),
        d[..., 0, 0],
        d[..., 0, 1],
        d[..., 1, 1],
    )
    if not (np.all(d11 > 0.0) and np.all(d11 * d22 > d12**2)):
        raise ValueError("the bending stiffness must be positive definite")
    if np.any(m < 0.0):
        raise ValueError("the stretch stiffness must not be negative")
    # Curvature and energy in units of their own size, so that the polynomial is well scaled.
    size = np.hypot(u0, v0)
    size = np.where(size > 0.0, size, 1.0)
    p, q, a12, a22, s = u0 / size, v0 / size, d12 / d11, d22 / d11, m * size**2 / d11
    u, v, real = _stationary(p, q, a12, a22, s)
    p, q, a12, a22, s = (w[..., np.newaxis] for w in (p, q, a12, a22, s))
    energy = 0.5 * ((u - p) ** 2 + 2.0 * a12 * (u - p) * (v - q) + a22 * (v - q) ** 2 + s * (u * v) ** 2)
    energy = np.where(real, energy, np.inf)
    least = np.min(energy, axis=-1, keepdims=True)
    # Two rolls of equal energy: the one along the axis that is bent the more when free, whatever the order of roots.
    tied = energy <= least + 1e-10
    lean = np.where(tied, np.where(np.abs(p) >= np.abs(q), np.abs(u), np.abs(v)), -1.0)
    best = np.argmax(lean, axis=-1)[..., np.newaxis]
    best_u, best_v = (np.take_along_axis(w, best, axis=-1) for w in (u, v))
    stable = (1.0 + s * v**2) * (a22 + s * u**2) - (a12 + 2.0 * s * u * v) ** 2 > 1e-9
    others = real & stable & (np.hypot(u - best_u, v - best_v) > 1e-6)
    return LargeBow(
        curvature_x_per_m=best_u[..., 0] * size,
        curvature_y_per_m=best_v[..., 0] * size,
        rolled=np.any(others, axis=-1),
    )


_SMALLEST = 1e-8  # of s; below it the free shape is right to eight digits and one Newton step gives the rest


def _stationary(
    p: NDArray[np.float64],
    q: NDArray[np.float64],
    a12: NDArray[np.float64],
    a22: NDArray[np.float64],
    s: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Shapes (..., 6) at which the energy has no slope, the last reached from the free shape, and which are real.

    From d/du = 0: ``u = P/Q`` with ``P = p + a12 q - a12 v`` and ``Q = 1 + s v^2``. In d/dv = 0, times Q^2:
    ``a12 (P - p Q) Q + a22 (v - q) Q^2 + s v P^2 = 0``.
    """
    c, t = p + a12 * q, np.maximum(s, _SMALLEST)
    zero, one = np.zeros_like(c), np.ones_like(c)
    square = [one, zero, 2.0 * t, zero, t**2, zero]
    cube = [c, -a12, c * t, -a12 * t, zero, zero]  # P Q
    lifted = [zero, *square[:5]]  # v Q^2
    push = [zero, c**2, -2.0 * a12 * c, a12**2, zero, zero]  # v P^2
    poly = [
        a12 * w - a12 * p * x + a22 * (y - q * x) + t * z
        for w, x, y, z in zip(cube, square, lifted, push, strict=True)
    ]
    companion = np.zeros((*c.shape, 5, 5))
    companion[..., np.arange(1, 5), np.arange(4)] = 1.0
    companion[..., 4] = -np.stack(poly[:5], axis=-1) / poly[5][..., np.newaxis]
    roots = np.linalg.eigvals(companion)
    v = np.concatenate([np.real(roots), q[..., np.newaxis]], axis=-1)
    p, q, a12, a22, s, c = (w[..., np.newaxis] for w in (p, q, a12, a22, s, c))
    u = (c - a12 * v) / (1.0 + s * v**2)
    # Roots that lie close together come with half their digits: Newton steps in both unknowns give them back.
    for _ in range(6):
        fu = (u - p) + a12 * (v - q) + s * u * v**2
        fv = a12 * (u - p) + a22 * (v - q) + s * u**2 * v
        huu, hvv, huv = 1.0 + s * v**2, a22 + s * u**2, a12 + 2.0 * s * u * v
        det = huu * hvv - huv**2
        safe = np.abs(det) > 1e-12
        det = np.where(safe, det, 1.0)
        u = u - np.where(safe, (hvv * fu - huv * fv) / det, 0.0)
        v = v - np.where(safe, (huu * fv - huv * fu) / det, 0.0)
    left = np.hypot((u - p) + a12 * (v - q) + s * u * v**2, a12 * (u - p) + a22 * (v - q) + s * u**2 * v)
    return u, v, np.asarray(left < 1e-7)
