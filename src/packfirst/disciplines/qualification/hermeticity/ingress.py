"""How long a leaking cavity stays dry: in one climate, through many, with and without a getter."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.qualification.hermeticity import leak_units, vapour
from packfirst.disciplines.qualification.hermeticity.leak_units import ATMOSPHERE_PA

# Molecular flow; vapour inside and out at the same temperature; walls neither give nor take.
VALID = {"leak_atm_cm3_s": (0.0, 1e-5), "temperature_k": (233.15, 358.15)}


def outside_atm(temperature_k: ArrayLike, relative_humidity: ArrayLike) -> NDArray[np.float64]:
    """Pressure of water vapour in a climate. [atm]

    Raises
    ------
    ValueError
        A relative humidity outside 0 to 1.
    """
    rh = np.asarray(relative_humidity, dtype=np.float64)
    if not np.all((rh >= 0.0) & (rh <= 1.0)):
        raise ValueError("relative humidity is a share from 0 to 1")
    return np.asarray(rh * vapour.saturation_pa(temperature_k) / ATMOSPHERE_PA)


def rate_per_s(leak_atm_cm3_s: ArrayLike, volume_m3: ArrayLike) -> NDArray[np.float64]:
    """Share of the difference in vapour pressure that is made up per second, ``L_water/V``. [1/s]

    Parameters
    ----------
    leak_atm_cm3_s : array_like, shape (...)
        Standard air leak.
    volume_m3 : array_like, shape (...)

    Raises
    ------
    ValueError
        A negative leak or a cavity of no volume.
    """
    leak, volume = np.asarray(leak_atm_cm3_s, dtype=np.float64), np.asarray(volume_m3, dtype=np.float64)
    if not np.all(volume > 0.0):
        raise ValueError("a cavity of zero volume can't be kept dry or get wet: give its free volume")
    if not np.all(leak >= 0.0):
        raise ValueError("a leak rate must not be negative")
    return np.asarray(leak_units.of_gas(leak, "water") / (volume * 1e6))


def time_to_limit_s(
    leak_atm_cm3_s: ArrayLike,
    volume_m3: ArrayLike,
    outside: ArrayLike,
    *,
    limit_ppmv: ArrayLike = vapour.LIMIT_PPMV,
    start_ppmv: ArrayLike = 0.0,
    getter_kg: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Time until the cavity holds the limit; infinite where it never will, 0 where it does already. [s]

    Parameters
    ----------
    leak_atm_cm3_s, volume_m3 : array_like, shape (...)
        As `rate_per_s`.
    outside : array_like, shape (...)
        From `outside_atm`. [atm]
    limit_ppmv, start_ppmv : array_like, shape (...)
        Of a cavity at one atmosphere.
    getter_kg : array_like, shape (...)
        Water that a getter takes up in all. Until it is full the cavity stays dry (a start above zero is taken up
        first); it then fills as if new.

    Raises
    ------
    ValueError
        As `rate_per_s`, or a negative getter or content.

    Notes
    -----
    ``t = -V/Lw ln((p_out - p_lim)/(p_out - p_0))`` [1]_; with a getter that holds n moles, ``n/(inflow at p = 0)``
    comes before it. Gas at 25 degC.

    References
    ----------
    .. [1] H. Greenhouse, R. Lowry, B. Romenesko, "Hermeticity of Electronic Packages", 2nd ed., Elsevier, 2011.
    """
    rate = rate_per_s(leak_atm_cm3_s, volume_m3)
    out, limit, start, getter, volume = (
        np.asarray(w, dtype=np.float64) for w in (outside, limit_ppmv, start_ppmv, getter_kg, volume_m3)
    )
    if not (np.all(limit >= 0.0) and np.all(start >= 0.0) and np.all(getter >= 0.0) and np.all(out >= 0.0)):
        raise ValueError("vapour, limit and getter must not be negative")
    rate, out, limit, start, getter, volume = np.broadcast_arrays(
        rate, out, 1e-6 * limit, 1e-6 * start, getter, volume
    )
    # what the getter holds, as a rise of the cavity's vapour pressure that does not happen
    held = getter / (leak_units.MOLAR_MASS_G["water"] * 1e-3) * vapour.GAS_J_PER_MOL_K * 298.15
    spare = held / (volume * ATMOSPHERE_PA) - start
    start = np.where(held > 0.0, np.maximum(-spare, 0.0), start)
    dry = np.where(held > 0.0, np.maximum(spare, 0.0), 0.0)
    fills = (rate > 0.0) & (out > limit)
    inflow = np.where(fills, rate * out, 1.0)
    ratio = np.where(fills, (out - limit) / np.where(fills, out - np.minimum(start, limit), 1.0), 1.0)
    filling = -np.log(ratio) / np.where(fills, rate, 1.0)
    time = np.where(fills, dry / inflow + filling, np.inf)
    return np.asarray(np.where(start >= limit, 0.0, time))


def content_ppmv(
    leak_atm_cm3_s: ArrayLike,
    volume_m3: ArrayLike,
    outside: ArrayLike,
    elapsed_s: ArrayLike,
    start_ppmv: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Water vapour in the cavity after a time, without getter. Arguments as `time_to_limit_s`. [ppmv]"""
    out = 1e6 * np.asarray(outside, dtype=np.float64)
    left = np.exp(-rate_per_s(leak_atm_cm3_s, volume_m3) * np.asarray(elapsed_s, dtype=np.float64))
    return np.asarray(out + (np.asarray(start_ppmv, dtype=np.float64) - out) * left)


def time_through_climates_s(
    leak_atm_cm3_s: float,
    volume_m3: float,
    outside: ArrayLike,
    duration_s: ArrayLike,
    *,
    limit_ppmv: float = vapour.LIMIT_PPMV,
    start_ppmv: float = 0.0,
) -> float:
    """Time until the cavity holds the limit in climates that come round again and again; infinite if never. [s]

    Parameters
    ----------
    leak_atm_cm3_s, volume_m3 : float
        As `rate_per_s`.
    outside, duration_s : array_like, shape (n_climates,)
        Vapour pressure outside [atm] and length of each climate, in order; after the last comes the first.
    limit_ppmv, start_ppmv : float

    Raises
    ------
    ValueError
        No climates, a length that is not positive, or as `rate_per_s`.

    Notes
    -----
    Exact: within a climate the content closes on that outside exponentially, over a whole round it maps linearly to
    ``keep p + gain``, so that the rounds before the last are counted in closed form.
    """
    out, length = (np.atleast_1d(np.asarray(w, dtype=np.float64)) for w in (outside, duration_s))
    if out.ndim != 1 or out.shape != length.shape or out.size == 0 or not np.all(length > 0.0):
        raise ValueError(
            "give at least one climate, each with an outside vapour pressure and a positive length"
        )
    rate = float(rate_per_s(leak_atm_cm3_s, volume_m3))
    limit, content = 1e-6 * limit_ppmv, 1e-6 * start_ppmv
    if content >= limit:
        return 0.0
    if rate == 0.0:
        return float("inf")
    missing = -np.expm1(-rate * length)

    def round_from(p: float) -> tuple[float, float]:
        """Highest content within a round, and that at its end."""
        most = p
        for o, m in zip(out.tolist(), missing.tolist(), strict=True):
            p += (o - p) * m
            most = max(most, p)
        return most, p

    keep = float(np.exp(-rate * np.sum(length)))
    gain = round_from(0.0)[1]
    settled = gain / -float(np.expm1(-rate * np.sum(length)))
    if round_from(max(settled, content))[0] < limit:
        return float("inf")
    # Whole rounds that end with the limit still out of reach: the peak within a round grows with where it starts.
    rounds = 0
    if round_from(content)[0] < limit:
        first, last = 0, 1
        while round_from(settled + (content - settled) * keep**last)[0] < limit:
            first, last = last, 2 * last
            if last > 2**60:
                return float("inf")
        while last - first > 1:
            middle = (first + last) // 2
            reached = round_from(settled + (content - settled) * keep**middle)[0] >= limit
            first, last = (first, middle) if reached else (middle, last)
        rounds = last
    p = settled + (content - settled) * keep**rounds
    elapsed = rounds * float(np.sum(length))
    for o, d, m in zip(out.tolist(), length.tolist(), missing.tolist(), strict=True):
        after = p + (o - p) * m
        if after >= limit:
            return elapsed - float(np.log((o - limit) / (o - p))) / rate if o > limit else elapsed + d
        p, elapsed = after, elapsed + d
    return elapsed
