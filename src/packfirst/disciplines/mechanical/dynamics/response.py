"""What a resonance makes of random vibration, of a sine and of a shock, and what a soldered body stands of it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

GRAVITY_M_PER_S2 = 9.80665
INCH_M = 0.0254
# Steinberg's rule was drawn from parts soldered to epoxy-glass boards that are held at their edges.
VALID = {"quality": (2.0, 200.0), "part_over_board_length": (0.0, 1.0)}
CYCLES_OF_RULE = {"random": 20e6, "sine": 10e6}  # the life for which `steinberg_deflection_m` was set


def random_response_g_rms(
    frequency_hz: ArrayLike, quality: ArrayLike, density_g2_per_hz: ArrayLike
) -> NDArray[np.float64]:
    """Acceleration of one resonance under random vibration, ``sqrt(pi/2 f Q W)``. [g rms]

    Parameters
    ----------
    frequency_hz, quality, density_g2_per_hz : array_like, shape (...)
        Resonance, its amplification, and the input's density at that frequency, flat about it.

    References
    ----------
    .. [1] J. W. Miles, "On structural fatigue under random loading", J. Aeronaut. Sci. 21(11), 1954, pp. 753-762.
    """
    f, q, w = (np.asarray(x, dtype=np.float64) for x in (frequency_hz, quality, density_g2_per_hz))
    return np.asarray(np.sqrt(0.5 * np.pi * f * q * w))


def deflection_m(acceleration_g: ArrayLike, frequency_hz: ArrayLike) -> NDArray[np.float64]:
    """Amplitude of a resonance from its acceleration: ``a / (2 pi f)^2``. [m]"""
    a = np.asarray(acceleration_g, dtype=np.float64) * GRAVITY_M_PER_S2
    return np.asarray(a / (2.0 * np.pi * np.asarray(frequency_hz, dtype=np.float64)) ** 2)


def half_sine_shock_ratio(frequency_hz: ArrayLike, duration_s: ArrayLike) -> NDArray[np.float64]:
    """Largest acceleration of an undamped resonance over the peak of a half-sine pulse. [-]

    Parameters
    ----------
    frequency_hz, duration_s : array_like, shape (...)

    Notes
    -----
    The larger of the peak during the pulse and the swing after it, in closed form with r = 2 f t:
    ``r/(r - 1) sin(2 pi n/(r + 1))`` for the whole n that makes it largest within the pulse (r > 1), and
    ``2 r |cos(pi r/2)| / |1 - r^2|`` (pi/2 at r = 1) [1]_. At most 1.77; 2 r for a pulse far shorter than the period.

    References
    ----------
    .. [1] C. M. Harris and A. G. Piersol (eds), "Harris' Shock and Vibration Handbook", 5th ed., 2002, chapter 8.
    """
    r = 2.0 * np.asarray(frequency_hz, dtype=np.float64) * np.asarray(duration_s, dtype=np.float64)
    if not np.all(r >= 0.0):
        raise ValueError("frequency and duration must not be negative")
    near = np.abs(r - 1.0) < 1e-6
    away = np.where(near, 2.0, r)
    after = np.where(
        near, 0.5 * np.pi, 2.0 * away * np.abs(np.cos(0.5 * np.pi * away)) / np.abs(1.0 - away**2)
    )
    # sin(2 pi n/(r+1)) is largest for the n nearest to (r+1)/4; within the pulse n <= (r+1)/2
    target = (away + 1.0) / 4.0
    best = np.zeros(away.shape)
    for n in (np.floor(target), np.floor(target) + 1.0):
        fits = (n >= 1.0) & (n <= (away + 1.0) / 2.0) & (away > 1.0)
        peak = away / np.where(away > 1.0, away - 1.0, 1.0) * np.sin(2.0 * np.pi * n / (away + 1.0))
        best = np.where(fits, np.maximum(best, peak), best)
    return np.asarray(np.maximum(after, np.where(near, 0.0, best)))


def steinberg_deflection_m(
    *,
    board_length_m: ArrayLike,
    part_length_m: ArrayLike,
    board_thickness_m: ArrayLike,
    part_factor: ArrayLike,
    position_factor: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Board deflection that a soldered part stands for the cycles of `CYCLES_OF_RULE`; three sigma when random. [m]

    Parameters
    ----------
    board_length_m : array_like, shape (...)
        Of the board's side parallel to the part.
    part_length_m : array_like, shape (...)
    board_thickness_m : array_like, shape (...)
    part_factor : array_like, shape (...)
        C: 1.0 dual in-line, 1.26 with side-brazed leads, 2.25 leadless chip carrier, 1.75 ball grid array;
        recalled.
    position_factor : array_like, shape (...)
        1 in the middle of the board, 0.707 half way to two edges, 0.5 half way to four (as recalled).

    Raises
    ------
    ValueError
        An argument that is not positive.

    Notes
    -----
    ``0.00022 B / (C h r sqrt(L))``, all in inches [1]_; recalled, not re-read. A rule, not physics: treat as a screen.

    References
    ----------
    .. [1] D. S. Steinberg, "Vibration Analysis for Electronic Equipment", 3rd ed., Wiley, 2000, chapter 8.
    """
    b, part, h, c, r = (
        np.asarray(w, dtype=np.float64)
        for w in (board_length_m, part_length_m, board_thickness_m, part_factor, position_factor)
    )
    if not all(np.all(w > 0.0) for w in (b, part, h, c, r)):
        raise ValueError("every argument must be positive")
    inches = 0.00022 * (b / INCH_M) / (c * (h / INCH_M) * r * np.sqrt(part / INCH_M))
    return np.asarray(inches * INCH_M)


def vibration_cycles(
    deflection_m: ArrayLike, limit_m: ArrayLike, cycles_at_limit: ArrayLike, exponent: ArrayLike = 6.4
) -> NDArray[np.float64]:
    """Cycles that a part stands at another deflection, ``N (Z/z)^b``; b = 6.4 for solder in Steinberg, recalled."""
    z, limit, n, b = (
        np.asarray(w, dtype=np.float64) for w in (deflection_m, limit_m, cycles_at_limit, exponent)
    )
    if not (np.all(z > 0.0) and np.all(limit > 0.0)):
        raise ValueError("deflections must be positive")
    return np.asarray(n * (limit / z) ** b)
