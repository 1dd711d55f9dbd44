"""From a thermal impedance to the ladder that it comes from: cumulative heat capacity over thermal resistance.

In logarithmic time z = ln t the slope of a step response is its spectrum of time constants convolved with
w(z) = exp(z - exp z) [1]_. The convolution is undone by Bayes' iteration, which keeps every share positive [2]_; the
spectrum is a Foster network, and its Cauer ladder is found by Lanczos' tridiagonalisation, in long decimals because
time constants span many decades.

References
----------
.. [1] V. Szekely, T. Van Bien, "Fine structure of heat flow path in semiconductor devices: a measurement and
   identification method", Solid-State Electronics 31(9), 1363-1368, 1988, doi:10.1016/0038-1101(88)90099-8.
.. [2] JESD51-14, "Transient dual interface test method for the measurement of the thermal resistance junction to case
   of semiconductor devices with heat flow through a single path", JEDEC, 2010, annex A.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_PER_E = 12  # points of the spectrum per factor e of time: w falls to a half within about one
_ITERATIONS = 1000  # as [2]_ recommends
_LEAST = 1e-7  # share of the whole resistance below which a time constant is left out of the ladder
_MERGE = 4  # neighbouring points of the spectrum that make one rung
# Digits that Lanczos loses: rungs times the decades that time constants span over some forty of them.
_DIGITS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Spectrum:
    """Shares of a step response by time constant: Zth(t) = sum of share * (1 - exp(-t / tau)).

    Attributes
    ----------
    tau_s, share_k_per_w : ndarray, shape (n,)
    """

    tau_s: Floats
    share_k_per_w: Floats

    def impedance(self, time_s: ArrayLike) -> Floats:
        """Zth at these times. [K/W]"""
        t = np.asarray(time_s, dtype=np.float64)[..., None]
        return np.asarray((self.share_k_per_w * -np.expm1(-t / self.tau_s)).sum(axis=-1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """A Cauer network from the junction to the surroundings.

    Attributes
    ----------
    resistance_k_per_w : ndarray, shape (n,)
        From node i to node i + 1, the last to the surroundings.
    capacity_j_per_k : ndarray, shape (n,)
        Of node i.
    """

    resistance_k_per_w: Floats
    capacity_j_per_k: Floats

    @property
    def cumulative(self) -> tuple[Floats, Floats]:
        """The structure function: resistance from the junction [K/W], heat capacity up to there [J/K]; (n,) each."""
        before = np.concatenate([[0.0], np.cumsum(self.resistance_k_per_w)[:-1]])
        return np.asarray(before), np.asarray(np.cumsum(self.capacity_j_per_k))

    def capacity_up_to(self, resistance_k_per_w: ArrayLike) -> Floats:
        """Heat capacity that lies within a resistance from the junction. [J/K]"""
        r, c = self.cumulative
        at = np.searchsorted(r, np.asarray(resistance_k_per_w, dtype=np.float64), side="right") - 1
        return np.asarray(c[np.clip(at, 0, len(c) - 1)])


def spectrum(time_s: ArrayLike, impedance_k_per_w: ArrayLike) -> Spectrum:
    """Time constants of a step response, by deconvolution.

    Parameters
    ----------
    time_s, impedance_k_per_w : array_like, shape (n,)
        Rising times above zero (a first time of zero is left out) up to the steady state, and Zth there.

    Raises
    ------
    ValueError
        Fewer than ten times, times that do not rise, numbers that are not finite, or an impedance that does not rise.
    """
    t, z_th = np.asarray(time_s, dtype=np.float64), np.asarray(impedance_k_per_w, dtype=np.float64)
    if t.ndim != 1 or t.shape != z_th.shape or not np.isfinite([t, z_th]).all():
        raise ValueError("time_s, impedance_k_per_w: need finite numbers of one length")
    t, z_th = t[t > 0.0], z_th[t > 0.0]
    if len(t) < 10 or (np.diff(t) <= 0.0).any() or not z_th[-1] > z_th[0]:
        raise ValueError("time_s: needs ten or more rising times, and an impedance that rises")
    step = 1.0 / _PER_E
    log_t = np.log(t)
    # beyond both ends the response is flat; the start rises with the square root of time or faster, so that five
    # factors of e below the first time nothing is left of it
    z = np.arange(log_t[0] - 5.0, log_t[-1] + 4.0, step)
    first = z_th[0] * np.exp(np.minimum(z - log_t[0], 0.0))
    curve = np.where(z < log_t[0], first, _smooth(log_t, z_th, z))
    slope = np.maximum(np.gradient(curve, step), 0.0)
    kernel_z = np.arange(-16.0, 3.0, step)
    w = np.exp(kernel_z - np.exp(kernel_z)) * step
    w /= w.sum()
    share = _bayes(slope, w, int(np.argmin(np.abs(kernel_z))))
    total = float(share.sum()) * step
    # the last value of the response is its whole resistance: the iteration keeps it to its own rounding
    return Spectrum(tau_s=np.exp(z), share_k_per_w=share * step * (z_th[-1] / total))


def _smooth(x: Floats, y: Floats, at: Floats) -> Floats:
    """Monotone cubic through the points, flat beyond the last."""
    from scipy.interpolate import PchipInterpolator

    return np.asarray(PchipInterpolator(x, y)(np.clip(at, x[0], x[-1])), dtype=np.float64)


def _bayes(slope: Floats, w: Floats, centre: int) -> Floats:
    """r with slope(z) = integral of r(y) w(z - y) dy, by Bayes' iteration (Richardson 1972, Lucy 1974)."""
    n, m = len(slope), len(w)
    size = 1 << (n + m).bit_length()
    forward = np.fft.rfft(w, size)
    backward = np.fft.rfft(w[::-1], size)

    def convolved(r: Floats, transform: NDArray[np.complex128], start: int) -> Floats:
        return np.asarray(np.fft.irfft(np.fft.rfft(r, size) * transform, size)[start : start + n])

    r = np.full(n, max(float(slope.mean()), 1e-300))
    for _ in range(_ITERATIONS):
        seen = np.maximum(convolved(r, forward, centre), 1e-300)
        r = r * np.maximum(convolved(slope / seen, backward, m - 1 - centre), 0.0)
    return np.asarray(r)


def ladder(found: Spectrum) -> Ladder:
    """The Cauer network with the same step response.

    Neighbouring time constants are joined, their shares added and their means weighted, so that some tens of rungs
    remain: more would only draw the spectrum's own width.
    """
    n = len(found.tau_s) - len(found.tau_s) % _MERGE
    share = found.share_k_per_w[:n].reshape(-1, _MERGE).sum(axis=1)
    log_tau = (found.share_k_per_w * np.log(found.tau_s))[:n].reshape(-1, _MERGE).sum(axis=1)
    keep = share > _LEAST * share.sum()
    tau = np.exp(log_tau[keep] / share[keep])
    share = share[keep] * (found.share_k_per_w.sum() / share[keep].sum())
    return foster_to_cauer(tau, share)


def foster_to_cauer(tau_s: ArrayLike, share_k_per_w: ArrayLike) -> Ladder:
    """Cauer ladder of a Foster network; time constants (n,) all different, shares (n,) all positive.

    With D = diag(1 / tau) and b = sqrt(share / tau) the impedance is b (s + D)^-1 b; Lanczos' basis that starts at b
    makes D tridiagonal, which is a ladder's matrix C^-1/2 K C^-1/2.
    """
    tau, share = np.asarray(tau_s, dtype=np.float64), np.asarray(share_k_per_w, dtype=np.float64)
    if tau.ndim != 1 or tau.shape != share.shape or not len(tau):
        raise ValueError("tau_s, share_k_per_w: need one length")
    if not (np.isfinite([tau, share]).all() and (tau > 0.0).all() and (share > 0.0).all()):
        raise ValueError("tau_s, share_k_per_w: must be positive")
    if len(np.unique(tau)) < len(tau):
        raise ValueError("tau_s: holds a time constant twice")
    with localcontext() as context:
        context.prec = _DIGITS
        d = [1 / Decimal(float(x)) for x in tau]
        b = [(Decimal(float(r)) * rate).sqrt() for r, rate in zip(share, d, strict=True)]
        return _lanczos(d, b)


def _lanczos(d: list[Decimal], b: list[Decimal]) -> Ladder:
    norm2 = sum((x * x for x in b), Decimal(0))
    before = [Decimal(0)] * len(d)
    vector = [x / norm2.sqrt() for x in b]
    beta = Decimal(0)
    resistances: list[float] = []
    capacities: list[float] = []
    capacity, link = 1 / norm2, Decimal(0)  # link: conductance towards the junction
    for number in range(len(d)):
        capacities.append(float(capacity))
        alpha = sum((rate * x * x for rate, x in zip(d, vector, strict=True)), Decimal(0))
        outward = alpha * capacity - link
        resistances.append(float(1 / outward))
        if number + 1 == len(d):
            break
        rest = [
            (rate - alpha) * x - beta * y for rate, x, y in zip(d, vector, before, strict=True)
        ]  # fmt: skip
        beta2 = sum((x * x for x in rest), Decimal(0))
        beta = beta2.sqrt()
        before, vector = vector, [x / beta for x in rest]
        # off-diagonal: outward / sqrt(C C') = beta
        capacity, link = outward * outward / (beta2 * capacity), outward
    return Ladder(resistance_k_per_w=np.array(resistances), capacity_j_per_k=np.array(capacities))
