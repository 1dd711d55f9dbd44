"""Closed forms for a heated patch on a plate that is cooled on its far face: screening, and a check on field solves."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

VALIDATED = {
    "area_ratio": (0.01, 1.0)
}  # source over base, the span in which [1] compares with the full series


def spreading_lee1995(
    source_area_m2: ArrayLike,
    base_area_m2: ArrayLike,
    thickness_m: ArrayLike,
    conductivity_w_per_m_k: ArrayLike,
    external_k_per_w: ArrayLike,
    at: str = "max",
) -> Floats:
    """Spreading resistance of a central source on a plate, beyond its one-dimensional resistance. [K/W]

    All arguments broadcast: a table of candidates in one call.

    Parameters
    ----------
    external_k_per_w : array_like
        Resistance from the far face to ambient, taken as uniform over the base.
    at : str
        'max' for the centre of the source, 'mean' for its average.

    Raises
    ------
    ValueError
        A source larger than its base, or `at` unknown.

    References
    ----------
    .. [1] S. Lee, S. Song, V. Au, K. P. Moran, "Constriction/spreading resistance model for electronics packaging",
       Proc. 4th ASME/JSME Thermal Engineering Joint Conf., vol. 4, 199-206, 1995: the approximate forms, with
       equivalent circles for source and plate.
    """
    s, b, t, k, r0 = (
        np.asarray(v, dtype=np.float64)
        for v in (source_area_m2, base_area_m2, thickness_m, conductivity_w_per_m_k, external_k_per_w)
    )
    if np.any(s > b * (1.0 + 1e-12)):
        raise ValueError("source_area_m2: larger than its base")
    radius, outer = np.sqrt(s / np.pi), np.sqrt(b / np.pi)
    epsilon = np.minimum(radius / outer, 1.0)
    lam = np.pi + 1.0 / (np.sqrt(np.pi) * epsilon)
    biot_inverse = np.pi * k * outer * r0
    tanh = np.tanh(lam * t / outer)
    phi = (tanh + lam * biot_inverse) / (1.0 + lam * biot_inverse * tanh)
    if at == "max":
        psi = (1.0 - epsilon) * phi / np.sqrt(np.pi)
    elif at == "mean":
        psi = 0.5 * (1.0 - epsilon) ** 1.5 * phi
    else:
        raise ValueError(f"at: {at!r}, expected 'max' or 'mean'")
    return np.asarray(psi / (np.sqrt(np.pi) * k * radius))


def _mean_cosine(number: Floats, centre: Floats, width: Floats) -> Floats:
    """Mean of cos(number x) over an interval; number (n,), the others (...): result (..., n)."""
    # np.sinc(u) is sin(pi u)/(pi u): smooth at zero wave number and at zero width (a point)
    return np.asarray(np.cos(number * centre[..., None]) * np.sinc(number * width[..., None] / (2.0 * np.pi)))


def flux_channel_yovanovich1999(
    length_m: ArrayLike,
    thickness_m: ArrayLike,
    conductivity_w_per_m_k: ArrayLike,
    film_w_per_m2_k: ArrayLike,
    source_m: ArrayLike,
    observed_m: ArrayLike | None = None,
    terms: int = 200,
) -> Floats:
    """Resistance from a uniformly heated rectangle to ambient through a layered plate with adiabatic sides. [K/W]

    Parameters
    ----------
    length_m : array_like, shape (..., 2)
        Size of the plate along x and y.
    thickness_m, conductivity_w_per_m_k : array_like, shape (..., n_layers)
        Layers from the heated face to the cooled one.
    film_w_per_m2_k : array_like, shape (...)
        On the far face.
    source_m : array_like, shape (..., 4)
        Centre x, y and widths x, y of the heated rectangle.
    observed_m : array_like, shape (..., 4), optional
        Rectangle on the heated face whose mean rise is asked for; default the source itself. Zero widths: a point.
    terms : int
        Waves per direction. With T terms the mean over a source of width w on a plate of length L is good to about
        (L / (w T))^2; at a point convergence is one power slower.

    Notes
    -----
    Double cosine series. For wave number g the impedance seen at a face follows, layer by layer from the film up,
    Z' = (Z + tanh(g t)/(k g)) / (1 + k g Z tanh(g t)), which for wave number zero is the series resistance.

    References
    ----------
    .. [1] M. M. Yovanovich, Y. S. Muzychka, J. R. Culham, "Spreading resistance of isoflux rectangles and strips on
       compound flux channels", J. Thermophys. Heat Transfer 13(4), 495-500, 1999.
    .. [2] Y. S. Muzychka, J. R. Culham, M. M. Yovanovich, "Thermal spreading resistance of eccentric heat sources on
       rectangular flux channels", J. Electron. Packag. 125(2), 178-185, 2003.
    """
    length = np.asarray(length_m, dtype=np.float64)
    t, k = np.asarray(thickness_m, dtype=np.float64), np.asarray(conductivity_w_per_m_k, dtype=np.float64)
    film, source = np.asarray(film_w_per_m2_k, dtype=np.float64), np.asarray(source_m, dtype=np.float64)
    seen = source if observed_m is None else np.asarray(observed_m, dtype=np.float64)
    if np.any(source[..., :2] - 0.5 * source[..., 2:] < -1e-12) or np.any(
        source[..., :2] + 0.5 * source[..., 2:] > length * (1.0 + 1e-12)
    ):
        raise ValueError("source_m: reaches beyond the plate")
    wave = np.pi * np.arange(terms, dtype=np.float64)
    double: Floats = np.where(np.arange(terms) > 0, 2.0, 1.0)
    share: list[Floats] = []
    numbers: list[Floats] = []
    for axis in (0, 1):
        scaled: list[Floats] = [
            v[..., a] / length[..., axis] for v in (source, seen) for a in (axis, axis + 2)
        ]
        share.append(
            double * _mean_cosine(wave, scaled[0], scaled[1]) * _mean_cosine(wave, scaled[2], scaled[3])
        )
        numbers.append(wave / length[..., axis, None])
    g = np.hypot(numbers[0][..., :, None], numbers[1][..., None, :])
    g[..., 0, 0] = 1.0  # replaced below: a zero wave number is plain series resistance
    z = np.broadcast_to(1.0 / film[..., None, None], np.broadcast_shapes(g.shape, (*film.shape, 1, 1))).copy()
    for layer in reversed(range(t.shape[-1])):
        kg = k[..., layer, None, None] * g
        tanh = np.tanh(g * t[..., layer, None, None])
        z = (z + tanh / kg) / (1.0 + kg * z * tanh)
    z[..., 0, 0] = 1.0 / film + (t / k).sum(axis=-1)
    total = np.einsum("...m,...n,...mn->...", share[0], share[1], z)
    return np.asarray(total / (length[..., 0] * length[..., 1]))
