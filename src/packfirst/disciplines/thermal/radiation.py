"""Heat by radiation: grey faces against their surroundings, and the exact view factors between rectangles."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

STEFAN_BOLTZMANN = 5.670374419e-8  # W/(m2 K4), CODATA 2018: exact by the definition of the kelvin


def net_flux(temperature_k: ArrayLike, surroundings_k: ArrayLike) -> Floats:
    """sigma (T^4 - T_s^4), what a black face loses to surroundings that it sees wholly. [W/m2]"""
    t, s = np.asarray(temperature_k, dtype=np.float64), np.asarray(surroundings_k, dtype=np.float64)
    return np.asarray(STEFAN_BOLTZMANN * (t - s) * (t + s) * (t * t + s * s))


def flux_slope(temperature_k: ArrayLike) -> Floats:
    """d(net flux)/d(temperature) = 4 sigma T^3. [W/(m2 K)]"""
    return np.asarray(4.0 * STEFAN_BOLTZMANN * np.asarray(temperature_k, dtype=np.float64) ** 3)


def film(temperature_k: ArrayLike, surroundings_k: ArrayLike, emissivity: ArrayLike = 1.0) -> Floats:
    """The film that gives the same flux: eps sigma (T + T_s)(T^2 + T_s^2). [W/(m2 K)]"""
    t, s = np.asarray(temperature_k, dtype=np.float64), np.asarray(surroundings_k, dtype=np.float64)
    return np.asarray(np.asarray(emissivity) * STEFAN_BOLTZMANN * (t + s) * (t * t + s * s))


def between_grey(
    area_1_m2: float, emissivity_1: float, area_2_m2: float, emissivity_2: float, view: float
) -> float:
    """Area times exchange factor of two grey diffuse faces that close an enclosure with re-radiating walls aside.

    ``1 / ((1-e1)/(e1 A1) + 1/(A1 F12) + (1-e2)/(e2 A2))`` [m2]: the network of Oppenheim [1]_.

    References
    ----------
    .. [1] A. K. Oppenheim, "Radiation analysis by the network method", Trans. ASME 78, 725-735, 1956.
    """
    if min(emissivity_1, emissivity_2, view) <= 0.0:
        return 0.0
    own = (1.0 - emissivity_1) / (emissivity_1 * area_1_m2)
    other = (1.0 - emissivity_2) / (emissivity_2 * area_2_m2)
    return 1.0 / (own + 1.0 / (area_1_m2 * view) + other)


def facing(x1: tuple[float, float], y1: tuple[float, float], x2: tuple[float, float], y2: tuple[float, float],
           distance_m: float) -> float:  # fmt: skip
    """View factor from a rectangle to a parallel one, edges parallel, anywhere in its plane.

    Double sums over the corners of both, ``A1 F12 = sum (-1)^(i+j+k+l) G(x_i - u_k, y_j - v_l)`` [1]_, [2]_.

    Parameters
    ----------
    x1, y1, x2, y2 : pair of float
        Edges of the first and of the second rectangle. [m]
    distance_m : float
        Between their planes, above zero.

    References
    ----------
    .. [1] J. R. Ehlert, T. F. Smith, "View factors for perpendicular and parallel rectangular plates", J. Thermophys.
       Heat Transfer 7(1), 173-175, 1993, doi:10.2514/3.11587.
    .. [2] J. R. Howell, "A catalog of radiation heat transfer configuration factors", C-13.
    """
    _check(x1, y1, x2, y2)
    if not distance_m > 0.0:
        raise ValueError(f"distance {distance_m:g} m: parallel faces need a distance above zero")
    z = distance_m

    def g(x: float, y: float) -> float:
        p, q = math.hypot(x, z), math.hypot(y, z)
        return (
            y * p * math.atan2(y, p)
            + x * q * math.atan2(x, q)
            - 0.5 * z * z * math.log(x * x + y * y + z * z)
        ) / (2.0 * math.pi)

    total = sum(
        (-1.0) ** (i + j + k + m) * g(a - u, b - v)
        for i, a in enumerate(x1) for j, b in enumerate(y1) for k, u in enumerate(x2) for m, v in enumerate(y2)
    )  # fmt: skip
    return max(total, 0.0) / ((x1[1] - x1[0]) * (y1[1] - y1[0]))


def upright(x1: tuple[float, float], y1: tuple[float, float], y2: tuple[float, float],
            z2: tuple[float, float]) -> float:  # fmt: skip
    """View factor from a rectangle in the plane z = 0 to one in the plane x = 0, which stands on it at a right angle.

    ``A1 F12 = sum (-1)^(i+j+k+l) G(x_i, y_j - v_k, z_l)`` [1]_.

    Parameters
    ----------
    x1, y1 : pair of float
        Edges of the lying rectangle, x at least 0. [m]
    y2, z2 : pair of float
        Edges of the standing one, z at least 0. [m]

    References
    ----------
    .. [1] As `facing`.
    """
    _check(x1, y1, y2, z2)
    if x1[0] < 0.0 or z2[0] < 0.0:
        raise ValueError("both rectangles lie on the positive side of the corner between their planes")

    def g(x: float, y: float, z: float) -> float:
        c, s = math.hypot(x, z), x * x + z * z
        if s == 0.0:
            return 0.0 if y == 0.0 else 0.25 * y * y * math.log(y * y) / (2.0 * math.pi)
        return (y * c * math.atan2(y, c) - 0.25 * (s - y * y) * math.log(s + y * y)) / (2.0 * math.pi)

    total = sum(
        (-1.0) ** (i + j + k + m) * g(a, b - v, c)
        for i, a in enumerate(x1) for j, b in enumerate(y1) for k, v in enumerate(y2) for m, c in enumerate(z2)
    )  # fmt: skip
    return abs(total) / ((x1[1] - x1[0]) * (y1[1] - y1[0]))


def _check(*spans: tuple[float, float]) -> None:
    for low, high in spans:
        if not high > low:
            raise ValueError(f"a rectangle from {low:g} to {high:g} m has no size")
