"""Power that grows with the temperature it makes: where it settles, and the power beyond which it never does.

Leakage doubles every D kelvin: ``P(T) = P_fixed + L 2^((T - T_ref) / D)``. Heat leaves in proportion to the rise, so
that the two meet twice, touch once, or never: past the touching point there is no temperature at all (runaway).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# Beyond, a die has long failed: leakage is held, so that a solver on its way to nowhere stays finite. [K]
HELD_ABOVE_K = 900.0
_MOST_STEPS = 200


def growth(temperature_k: ArrayLike, reference_k: ArrayLike, doubling_k: ArrayLike) -> Floats:
    """Leakage over that at its reference temperature, 2^((T - T_ref) / D)."""
    t = np.minimum(np.asarray(temperature_k, dtype=np.float64), HELD_ABOVE_K)
    return np.asarray(np.exp2((t - reference_k) / np.asarray(doubling_k, dtype=np.float64)))


def growth_slope(temperature_k: ArrayLike, reference_k: ArrayLike, doubling_k: ArrayLike) -> Floats:
    """d(growth)/dT, zero where it is held. [1/K]"""
    t = np.asarray(temperature_k, dtype=np.float64)
    rate = np.log(2.0) / np.asarray(doubling_k, dtype=np.float64)
    return np.asarray(np.where(t < HELD_ABOVE_K, rate * growth(t, reference_k, doubling_k), 0.0))


def lumped_temperature(
    fluid_k: ArrayLike, resistance_k_per_w: ArrayLike, fixed_w: ArrayLike, leakage_w: ArrayLike,
    reference_k: ArrayLike, doubling_k: ArrayLike,
) -> Floats:  # fmt: skip
    """Where one die on one resistance settles; NaN-free: infinite where it runs away. [K]

    With ``u = ln2 / D`` and ``T0 = T_fluid + R P_fixed`` the balance ``T = T0 + R L e^(u (T - T_ref))`` gives
    ``T = T0 - W0(-u R L e^(u (T0 - T_ref))) / u``, Lambert's W on its upper branch [1]_; no solution where the
    argument is below -1/e.

    References
    ----------
    .. [1] R. M. Corless, G. H. Gonnet, D. E. G. Hare, D. J. Jeffrey, D. E. Knuth, "On the Lambert W function", Adv.
       Comput. Math. 5, 329-359, 1996, doi:10.1007/BF02124750.
    """
    from scipy.special import lambertw

    u = np.log(2.0) / np.asarray(doubling_k, dtype=np.float64)
    t0 = np.asarray(fluid_k, dtype=np.float64) + np.asarray(resistance_k_per_w) * np.asarray(fixed_w)
    z = -u * np.asarray(resistance_k_per_w) * np.asarray(leakage_w) * np.exp(u * (t0 - reference_k))
    held = z >= -np.exp(-1.0)
    return np.asarray(np.where(held, t0 - lambertw(np.where(held, z, 0.0)).real / u, np.inf))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """The last steady state as all power is multiplied by one factor.

    Attributes
    ----------
    factor : float
        On all power, leakage included, at which a steady state just exists; infinite without leakage.
    temperature_k : ndarray, shape (n,)
        Of each die there.
    power_w : ndarray, shape (n,)
        Of each die there, before the factor.
    weight : ndarray, shape (n,)
        Left null vector of the balance there, scaled so that d(factor) = -weight . d(temperature at that power):
        what one more kelvin at each die, from whatever cause, does to the factor. [1/K]
    """

    factor: float
    temperature_k: Floats
    power_w: Floats
    weight: Floats


def fold(
    response_k_per_w: ArrayLike, still_k: ArrayLike, fixed_w: ArrayLike, leakage_w: ArrayLike,
    reference_k: ArrayLike, doubling_k: ArrayLike,
) -> Fold:  # fmt: skip
    """How far all power may grow until n coupled die run away.

    Solves ``T = still + s R (fixed + leakage 2^((T - T_ref)/D))`` with a singular Jacobian, by Newton's method on
    (T, s, right null vector) [1]_ from a point that continuation in s has brought close.

    Parameters
    ----------
    response_k_per_w : array_like, shape (n, n)
        Rise of each die per watt in each.
    still_k : array_like, shape (n,)
        Temperature without power.
    fixed_w, leakage_w, reference_k, doubling_k : array_like, shape (n,) or ()

    Raises
    ------
    ArithmeticError
        Newton's method did not converge.

    References
    ----------
    .. [1] R. Seydel, "Numerical computation of branch points in nonlinear equations", Numer. Math. 33, 339-352,
       1979, doi:10.1007/BF01398649.
    """
    r = np.asarray(response_k_per_w, dtype=np.float64)
    n = len(r)
    still, fixed, leak, ref, doubling = (
        np.broadcast_to(np.asarray(x, dtype=np.float64), (n,))
        for x in (still_k, fixed_w, leakage_w, reference_k, doubling_k)
    )
    u = np.log(2.0) / doubling
    if not (leak > 0.0).any():
        return Fold(factor=np.inf, temperature_k=still + r @ fixed, power_w=fixed.copy(), weight=np.zeros(n))

    def power(t: Floats) -> Floats:
        return np.asarray(fixed + leak * np.exp(u * (t - ref)))

    def gain(t: Floats, s: float) -> Floats:
        return np.asarray(s * r * (leak * u * np.exp(u * (t - ref))))

    t, s = _near_fold(r, still, power, gain)
    vector = _null(np.eye(n) - gain(t, s))
    for _ in range(_MOST_STEPS):
        j = np.eye(n) - gain(t, s)
        q = power(t)
        f = np.concatenate([t - still - s * (r @ q), j @ vector, [vector @ vector - 1.0]])
        bend = -gain(t, s) * (u * vector)
        full = np.zeros((2 * n + 1, 2 * n + 1))
        full[:n, :n], full[:n, n] = j, -(r @ q)
        full[n : 2 * n, :n], full[n : 2 * n, n] = bend, -(gain(t, s) @ vector) / s
        full[n : 2 * n, n + 1 :], full[2 * n, n + 1 :] = j, 2.0 * vector
        step = np.linalg.solve(full, -f)
        # No step beyond half a doubling: the exponential is straight only within one.
        size = min(1.0, 0.5 / max(float(np.max(np.abs(u * step[:n]))), 1e-300))
        t, s, vector = t + size * step[:n], s + size * float(step[n]), vector + size * step[n + 1 :]
        if size == 1.0 and np.abs(u * step[:n]).max() < 1e-12 and abs(step[n]) < 1e-12 * abs(s):
            left = _null((np.eye(n) - gain(t, s)).T)
            q = power(t)
            return Fold(factor=s, temperature_k=t, power_w=q, weight=left / float(left @ (r @ q)))
    raise ArithmeticError("leakage: the limit of stability was not found")


def _null(matrix: Floats) -> Floats:
    """Unit vector that a nearly singular matrix maps to almost nothing; its sum is positive."""
    vector = np.linalg.svd(matrix)[2][-1]
    return np.asarray(vector if vector.sum() >= 0.0 else -vector)


def _near_fold(r, still, power, gain) -> tuple[Floats, float]:  # type: ignore[no-untyped-def]
    """The largest factor, to a hundredth, at which the balance still settles, and where.

    Raising temperatures from below, each step of T <- still + s R P(T) stays under the lowest steady state, so that
    it settles there if there is one (R has no negative entry).
    """

    def settled(s: float, start: Floats) -> Floats | None:
        t = start
        for _ in range(_MOST_STEPS):
            j = np.eye(len(r)) - gain(t, s)
            excess = still + s * (r @ power(t)) - t
            # Newton from below on a convex balance climbs without overshooting, as long as j is an M-matrix.
            if np.abs(np.linalg.eigvals(gain(t, s))).max() >= 1.0:
                return None
            step = np.linalg.solve(j, excess)
            t = t + step
            if not np.isfinite(t).all() or t.max() > 2.0 * HELD_ABOVE_K:
                return None
            if np.abs(step).max() < 1e-9:
                return np.asarray(t)
        return None

    low, at = 0.0, np.array(still, dtype=np.float64)
    high = 1.0
    while (found := settled(high, at)) is not None:
        low, at, high = high, found, 2.0 * high
        if high > 1e12:
            raise ArithmeticError("leakage: stable at any power")
    while high - low > 0.01 * high:
        middle = 0.5 * (low + high)
        found = settled(middle, at)
        if found is None:
            high = middle
        else:
            low, at = middle, found
        if high < 1e-12:
            raise ArithmeticError("leakage: runs away at no power at all")
    return at, max(low, 1e-9)
