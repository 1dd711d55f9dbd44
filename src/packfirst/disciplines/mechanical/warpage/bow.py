"""From curvature to what a gauge reads on a rectangular body."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def signed_warpage_m(
    curvature_x_per_m: ArrayLike, curvature_y_per_m: ArrayLike, length_x_m: ArrayLike, length_y_m: ArrayLike
) -> NDArray[np.float64]:
    """Peak to valley of the surface, positive where the middle stands above the corners. [m]

    Convex (middle up with the terminals down) is positive, concave negative; a saddle takes the sign of its larger
    part. Sign convention of JESD22-B112 and JEITA ED-7306 as recalled, not re-read.

    Parameters
    ----------
    curvature_x_per_m, curvature_y_per_m : array_like, shape (...)
        Positive is convex upwards.
    length_x_m, length_y_m : array_like, shape (...)
        Sides of the body, or of its ball field.

    Notes
    -----
    ``|kx| Lx^2/8 + |ky| Ly^2/8``: over a rectangle the two parts add, whether they agree (dome) or not (saddle).
    """
    x = np.asarray(curvature_x_per_m, dtype=np.float64) * np.asarray(length_x_m, dtype=np.float64) ** 2 / 8.0
    y = np.asarray(curvature_y_per_m, dtype=np.float64) * np.asarray(length_y_m, dtype=np.float64) ** 2 / 8.0
    return np.asarray(np.where(x + y < 0.0, -1.0, 1.0) * (np.abs(x) + np.abs(y)))


def overhang_warpage_m(
    curvature_die_per_m: ArrayLike,
    curvature_rim_per_m: ArrayLike,
    die_length_m: ArrayLike,
    body_length_m: ArrayLike,
) -> NDArray[np.float64]:
    """Height of the middle over the ends along one axis, where only the middle of the body carries the die. [m]

    Parameters
    ----------
    curvature_die_per_m, curvature_rim_per_m : array_like, shape (...)
        Of the layers under the die, and of those beyond it. A bare symmetric rim has none and goes straight on.
    die_length_m, body_length_m : array_like, shape (...)

    Raises
    ------
    ValueError
        A die longer than its body.

    Notes
    -----
    Two arcs that meet with one tangent: ``kd a^2/2 + kd a (b - a) + kr (b - a)^2/2`` with half lengths a and b.
    A strip: what the rim does sideways to the middle is left out. For a rectangle, add both axes.
    """
    a = 0.5 * np.asarray(die_length_m, dtype=np.float64)
    b = 0.5 * np.asarray(body_length_m, dtype=np.float64)
    if np.any(a > b):
        raise ValueError("the die is longer than its body")
    die = np.asarray(curvature_die_per_m, dtype=np.float64)
    rim = np.asarray(curvature_rim_per_m, dtype=np.float64)
    return np.asarray(die * a**2 / 2.0 + die * a * (b - a) + rim * (b - a) ** 2 / 2.0)
