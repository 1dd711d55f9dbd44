"""Effective conductivity of bump, ball, via, TSV and bond fields, and of laminates of metal and dielectric."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Rayleigh series kept to the orders below: within 1 % of the tables of [2] up to these area fractions, for any
# contrast; cylinders touch at pi/4 (square) and pi/(2 sqrt 3) (triangular).
VALIDATED = {"square": (0.0, 0.7), "triangular": (0.0, 0.8)}
VALID = {"square": (0.0, np.pi / 4), "triangular": (0.0, np.pi / (2 * np.sqrt(3)))}


def area_fraction(pitch_m: ArrayLike, diameter_m: ArrayLike, arrangement: str = "square") -> Floats:
    """Share of the area that round columns cover, square or triangular pattern; broadcast over inputs.

    Raises
    ------
    ValueError
        Columns that overlap, a pitch that is not positive, an unknown arrangement.
    """
    p, d = np.asarray(pitch_m, dtype=np.float64), np.asarray(diameter_m, dtype=np.float64)
    if np.any(p <= 0.0) or np.any(d < 0.0) or np.any(d > p):
        raise ValueError("pitch_m must be positive and diameter_m between zero and the pitch")
    if arrangement not in VALID:
        raise ValueError(f"arrangement {arrangement!r}: square or triangular")
    return np.asarray(VALID[arrangement][1] * (d / p) ** 2)


def wiener(fraction: ArrayLike, k_a: ArrayLike, k_b: ArrayLike) -> tuple[Floats, Floats]:
    """Bounds that hold for any mixture: series (low) and parallel (high) conductivity. [W/(m K)]

    `fraction` of a in b. O. Wiener, Abh. Math.-Phys. Kl. Koenigl. Saechs. Ges. Wiss. 32, 507-604, 1912.
    """
    f, a, b = (np.asarray(v, dtype=np.float64) for v in (fraction, k_a, k_b))
    return np.asarray(1.0 / (f / a + (1.0 - f) / b)), np.asarray(f * a + (1.0 - f) * b)


def hashin_shtrikman(fraction: ArrayLike, k_a: ArrayLike, k_b: ArrayLike) -> tuple[Floats, Floats]:
    """Bounds, low and high, across the axis of any isotropic array of cylinders. [W/(m K)]

    Two-dimensional form. Z. Hashin, J. Appl. Mech. 37(4), 1970; the coated-cylinder assembly attains them.
    """
    f, a, b = (np.asarray(v, dtype=np.float64) for v in (fraction, k_a, k_b))
    in_b = b * (b + a + f * (a - b)) / (b + a - f * (a - b))
    in_a = a * (a + b + (1.0 - f) * (b - a)) / (a + b - (1.0 - f) * (b - a))
    return np.minimum(in_b, in_a), np.maximum(in_b, in_a)


def through_plane(fraction: ArrayLike, k_column: ArrayLike, k_fill: ArrayLike) -> Floats:
    """Along columns that reach through the whole layer: parallel rule, exact for straight ones. [W/(m K)]"""
    return wiener(fraction, k_column, k_fill)[1]


def in_plane(
    fraction: ArrayLike, k_column: ArrayLike, k_fill: ArrayLike, arrangement: str = "square"
) -> Floats:
    """Across a regular array of round columns. [W/(m K)]

    Parameters
    ----------
    fraction : array_like
        Area fraction of the columns; at most `VALIDATED` for 1 %, beyond it the series falls short for strong contrast.
    arrangement : str
        'square' or 'triangular'.

    References
    ----------
    .. [1] Lord Rayleigh, "On the influence of obstacles arranged in rectangular order upon the properties of a
       medium", Phil. Mag. 34, 481-502, 1892.
    .. [2] W. T. Perrins, D. R. McKenzie, R. C. McPhedran, "Transport properties of regular arrays of cylinders",
       Proc. R. Soc. Lond. A 369, 207-225, 1979: third order for the square and the triangular array.
    """
    f, c, m = np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in (fraction, k_column, k_fill)))
    if arrangement not in VALID:
        raise ValueError(f"arrangement {arrangement!r}: square or triangular")
    # written in beta = (c - m)/(c + m) = -1/T of [2], which is finite when both conduct alike
    beta = (c - m) / (c + m)
    if arrangement == "square":
        shape = 0.305827 * f**4 * beta**2 / (1.0 - 1.402958 * f**8 * beta**2) + 0.013362 * f**8 * beta**2
    else:
        shape = 0.075422 * f**6 * beta**2 / (1.0 - 1.060283 * f**12 * beta**2) + 0.000076 * f**12 * beta**2
    return np.asarray(m * (1.0 + 2.0 * f * beta / (1.0 - f * beta - shape)))


def coated(
    core_diameter_m: ArrayLike, outer_diameter_m: ArrayLike, k_core: ArrayLike, k_coat: ArrayLike
) -> Floats:
    """Conductivity across the axis of the plain cylinder that acts like a core with a coat (TSV with liner). [W/(m K)]

    Exact for a uniform field: the coated cylinder of Z. Hashin, J. Appl. Mech. 37(4), 1970. Along the axis use
    `through_plane` with the square of the diameter ratio.
    """
    core, outer = (
        np.asarray(core_diameter_m, dtype=np.float64),
        np.asarray(outer_diameter_m, dtype=np.float64),
    )
    if np.any(core < 0.0) or np.any(outer < core):
        raise ValueError("outer_diameter_m must not be smaller than core_diameter_m")
    a, b = np.asarray(k_core, dtype=np.float64), np.asarray(k_coat, dtype=np.float64)
    f = (core / outer) ** 2
    return np.asarray(b * (b + a + f * (a - b)) / (b + a - f * (a - b)))


def laminate(
    thickness_m: ArrayLike,
    metal_fraction: ArrayLike,
    k_metal: ArrayLike,
    k_dielectric: ArrayLike,
    via_fraction: ArrayLike = 0.0,
) -> tuple[Floats, Floats]:
    """In-plane and through-plane conductivity of a stack of metal and dielectric layers. [W/(m K)]

    Parameters
    ----------
    thickness_m, metal_fraction : array_like, shape (..., n_layers)
        Thickness, and share of the area that metal covers, layer by layer; zero for a dielectric.
    k_metal, k_dielectric : array_like, shape (..., n_layers) or (...,  1) or scalar
    via_fraction : array_like, shape (...)
        Share of the area of metal that runs through all layers (through holes, aligned via stacks).

    Notes
    -----
    Layers conduct in parallel in plane and in series through it. Within a layer metal and dielectric count as
    parallel: right for planes, an upper bound in plane for traces, which conduct along their run alone.
    """
    t = np.asarray(thickness_m, dtype=np.float64)
    layer = through_plane(metal_fraction, k_metal, k_dielectric)
    total = t.sum(axis=-1)
    along = (t * layer).sum(axis=-1) / total
    through = total / (t / layer).sum(axis=-1)
    via = np.asarray(via_fraction, dtype=np.float64)
    metal = np.broadcast_to(np.asarray(k_metal, dtype=np.float64), layer.shape).max(axis=-1)
    return np.asarray(along), np.asarray(via * metal + (1.0 - via) * through)
