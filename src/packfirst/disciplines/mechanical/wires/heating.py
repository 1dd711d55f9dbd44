"""How hot a wire gets between its two bonds, and the current at which its middle melts."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Steady current, ends held at one temperature, resistance linear in temperature, one film coefficient.
VALID = {"length_over_diameter": (10.0, np.inf)}
_HALVINGS = 80


def middle_rise_k(
    current_a: ArrayLike,
    *,
    length_m: ArrayLike,
    diameter_m: ArrayLike,
    conductivity_w_per_m_k: ArrayLike,
    resistivity_ohm_m: ArrayLike,
    resistance_slope_per_k: ArrayLike,
    film_w_per_m2_k: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Temperature of the middle of a wire over its ends; infinite when heat runs away. [K]

    Parameters
    ----------
    current_a : array_like, shape (...)
    length_m, diameter_m : array_like, shape (...)
        Along the wire, between the bonds.
    conductivity_w_per_m_k : array_like, shape (...)
        Of the metal.
    resistivity_ohm_m, resistance_slope_per_k : array_like, shape (...)
        rho at the temperature of the ends, and its growth per kelvin as a share of that.
    film_w_per_m2_k : array_like, shape (...)
        Heat given off per area of wire and kelvin over the ends, to surroundings as warm as the ends; 0 in vacuum.

    Raises
    ------
    ValueError
        A length, diameter, conductivity or resistivity that is not positive.

    Notes
    -----
    Fin with a source: ``k A T'' = h P T - I^2 rho (1 + b T)/A``, T zero at the ends. With
    ``m^2 = (h P - I^2 rho b/A)/(k A)`` the middle is at ``q/m^2 (1 - 1/cosh(m L/2))``, ``q = I^2 rho/(k A^2)``; the
    cosh is a cos where m^2 is negative, and the wire runs away when its argument reaches pi/2. Standard fin
    theory with Joule heat, as in H. S. Carslaw and J. C. Jaeger, "Conduction of Heat in Solids", 2nd ed., 1959, 4.9.
    """
    i, length, d, k, rho, b, h = np.broadcast_arrays(
        *(
            np.asarray(w, dtype=np.float64)
            for w in (
                current_a, length_m, diameter_m, conductivity_w_per_m_k, resistivity_ohm_m,
                resistance_slope_per_k, film_w_per_m2_k,
            )
        )
    )  # fmt: skip
    if not all(np.all(w > 0.0) for w in (length, d, k, rho)):
        raise ValueError("length, diameter, conductivity and resistivity must be positive")
    area = 0.25 * np.pi * d**2
    source = i**2 * rho / (k * area**2)
    # in units of the half length: s = m^2 (L/2)^2 and the rise without either feedback
    s = (h * np.pi * d / (k * area) - source * b) * 0.25 * length**2
    plain = source * 0.125 * length**2
    root = np.sqrt(np.abs(s))
    # 2 (1 - sech x)/x^2 written as (2 sinh(x/2)/x)^2/cosh x, which keeps its digits for small x; sin and cos alike
    still = root < 1e-12
    safe = np.where(still, 1.0, np.abs(s))
    x = np.minimum(root, 700.0)
    cooled = 4.0 * np.sinh(0.5 * x) ** 2 / (np.cosh(x) * safe)
    runs = (s < 0.0) & (root >= 0.5 * np.pi)
    angle = np.where(runs, 0.0, np.minimum(root, 0.5 * np.pi))
    heated = 4.0 * np.sin(0.5 * angle) ** 2 / (np.cos(angle) * safe)
    factor = np.where(still, 1.0, np.where(s > 0.0, cooled, heated))
    return np.asarray(np.where(runs, np.inf, plain * factor))


def fusing_a(
    melt_rise_k: ArrayLike,
    *,
    length_m: ArrayLike,
    diameter_m: ArrayLike,
    conductivity_w_per_m_k: ArrayLike,
    resistivity_ohm_m: ArrayLike,
    resistance_slope_per_k: ArrayLike,
    film_w_per_m2_k: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Steady current at which the middle reaches the melting point. [A]

    Parameters
    ----------
    melt_rise_k : array_like, shape (...)
        Melting point (or the limit of the mould compound) less the temperature of the ends.

    The others as `middle_rise_k`, inverted by bisection to the last bits.

    Raises
    ------
    ValueError
        A melt rise that is not positive, or as `middle_rise_k`.
    """
    melt, length, d, k, rho, b, h = np.broadcast_arrays(
        *(
            np.asarray(w, dtype=np.float64)
            for w in (
                melt_rise_k, length_m, diameter_m, conductivity_w_per_m_k, resistivity_ohm_m,
                resistance_slope_per_k, film_w_per_m2_k,
            )
        )
    )  # fmt: skip
    if not np.all(melt > 0.0):
        raise ValueError("the melting point must lie above the temperature of the ends")

    def rise(current: NDArray[np.float64]) -> NDArray[np.float64]:
        return middle_rise_k(
            current, length_m=length, diameter_m=d, conductivity_w_per_m_k=k, resistivity_ohm_m=rho,
            resistance_slope_per_k=b, film_w_per_m2_k=h,
        )  # fmt: skip

    # Enough for the rise without any feedback from resistance, at the loss of a wire as hot as melting all along.
    area = 0.25 * np.pi * d**2
    loss = melt * (k * area * 8.0 / length**2 + h * np.pi * d)
    low, high = np.zeros(melt.shape), np.sqrt(loss * area / rho) * 1.0001
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        hot = rise(middle) >= melt
        low, high = np.where(hot, low, middle), np.where(hot, middle, high)
    return np.asarray(0.5 * (low + high))
