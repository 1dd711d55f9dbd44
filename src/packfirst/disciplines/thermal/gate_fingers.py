"""From the temperature of a package's cell to that of a transistor's channel: gate fingers on their layers.

Heat of a transistor is set free in strips a fraction of a micrometre long, tens of micrometres apart. In the middle of
a row of equal fingers the planes half-way between them let no heat pass, so that one half-cell of a layered body holds
the whole: a strip of half the heated length on a body of half the pitch, layers with contacts between them, and a
plane below that is even in temperature. A cosine series solves it layer by layer [1]_. Along the finger the heat is
even; what spreads from the finger's ends and from the row is the package's solution, which heats the row as a
rectangle. Conductivities fall with temperature: layers are taken at their mean, and each layer's constriction goes
through Kirchhoff's transform [2]_.

References
----------
.. [1] K. R. Bagnall, Y. S. Muzychka, E. N. Wang, "Analytical solution for temperature rise in complex multilayer
   structures with discrete heat sources", IEEE Trans. Compon. Packag. Manuf. Technol. 4(5), 817-830, 2014,
   doi:10.1109/TCPMT.2014.2299766.
.. [2] K. R. Bagnall, Y. S. Muzychka, E. N. Wang, "Application of the Kirchhoff transform to thermal spreading problems
   with convection boundary conditions", IEEE Trans. Compon. Packag. Manuf. Technol. 4(3), 408-420, 2014,
   doi:10.1109/TCPMT.2013.2292584.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.thermal import varying_conductivity

Floats = NDArray[np.float64]

# Terms of the series: with n terms the strip's mean misses about 1/(2 n a/b)^2 of its own share.
_TERMS_PER_STRIP = 40
# Change of the layers' mean temperatures below which the conductivities count as settled. [K]
_SETTLED_K = 1e-6
_MOST_ROUNDS = 100


class NotSteady(ArithmeticError):
    """Conductivity falls so fast that no temperature lets the heat through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Layers from the channel down, all of them as wide as the pitch.

    Attributes
    ----------
    thickness_m, conductivity_w_per_m_k, exponent : ndarray, shape (n,)
        Conductivity at 300 K, and n of k = k_300 (300 K / T)^n.
    contact_m2k_per_w : ndarray, shape (n,)
        Boundary resistance under each layer; that under the last leads to the even plane.
    volumetric_heat_j_per_m3_k : ndarray, shape (n,), optional
        For transients.
    """

    thickness_m: Floats
    conductivity_w_per_m_k: Floats
    exponent: Floats
    contact_m2k_per_w: Floats
    volumetric_heat_j_per_m3_k: Floats | None = None

    def __post_init__(self) -> None:
        n = len(self.thickness_m)
        for name in ("conductivity_w_per_m_k", "exponent", "contact_m2k_per_w"):
            if len(getattr(self, name)) != n:
                raise ValueError(f"{name}: {len(getattr(self, name))} for {n} layers")
        if not (np.all(self.thickness_m > 0.0) and np.all(self.conductivity_w_per_m_k > 0.0)):
            raise ValueError("layers need a thickness and a conductivity above zero")
        if np.any(self.contact_m2k_per_w < 0.0) or np.any(self.exponent < 0.0):
            raise ValueError("contacts and exponents must not be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What the fingers add to the temperature below them.

    Attributes
    ----------
    rise_k : float
        Of the heated strip over the even plane, by the definition asked for.
    mean_rise_k : float
        Of the whole top face: what even heating through the same layers gives.
    layer_k : ndarray, shape (n,)
        Temperature at which each layer's conductivity is taken.
    last_k : float
        Of the mean rise, what falls across the last layer and the contact under it.
    """

    rise_k: float
    mean_rise_k: float
    layer_k: Floats
    last_k: float


def unit_rises(
    strip_m: float, pitch_m: float, layers: Layers, conductivity: Floats, capacity_j_per_m3_k: Floats | None = None,
    laplace_1_per_s: complex = 0.0, definition: str = "peak",
) -> tuple[complex, complex, NDArray[np.complex128]]:  # fmt: skip
    """Rise of the strip and of the whole face per W/m2 under the strip [m2 K/W], and mean of each layer.

    Half-cell of width b = pitch / 2 with the strip on 0 < x < a = strip / 2. Each cosine of wave number
    ``lambda_n = n pi / b`` meets the layers as transmission lines of ``Z = 1 / (k g)``,
    ``g = sqrt(lambda_n^2 + s c / k)``, contacts in series; the plane below is at zero.

    Parameters
    ----------
    definition : str
        'peak' at the middle of the strip, 'mean' over it.

    Notes
    -----
    The weights of the flux are ``2 sin(lambda a) / (n pi)``; the mean over the strip weighs again by
    ``sin(lambda a) / (lambda a)``.
    """
    if definition not in ("peak", "mean"):
        raise ValueError(f"definition {definition!r}: 'peak' or 'mean' of the heated strip")
    if not 0.0 < strip_m <= pitch_m:
        raise ValueError(f"a strip of {strip_m:g} m does not fit a pitch of {pitch_m:g} m")
    a, b = strip_m / 2.0, pitch_m / 2.0
    n = np.arange(0, max(200, int(_TERMS_PER_STRIP * b / a)) + 1)
    wave = n * np.pi / b
    s = np.asarray(laplace_1_per_s)
    c = np.zeros(len(conductivity)) if capacity_j_per_m3_k is None else capacity_j_per_m3_k
    below = np.zeros(len(n), dtype=np.float64 if s == 0.0 else np.complex128)
    share = np.zeros(len(conductivity), dtype=np.complex128)
    tops = []
    for number in reversed(range(len(conductivity))):
        k, t = conductivity[number], layers.thickness_m[number]
        g = np.sqrt(wave**2 + s * c[number] / k + 0j) if s != 0.0 else wave
        below = below + layers.contact_m2k_per_w[number]
        tanh = np.tanh(g * t)
        with np.errstate(divide="ignore", invalid="ignore"):
            through = np.where(np.abs(g * t) < 1e-8, t / k, tanh / (k * g))
            top = (below + through) / (1.0 + below * k * g * tanh)
        tops.append((number, below[0], top[0]))
        below = top
    # Mean of each layer by the even term alone: the cosines average to nothing over the pitch.
    for number, low, high in tops:
        share[number] = 0.5 * (low + high) * a / b
    flux = np.where(n == 0, a / b, 2.0 * np.sin(wave * a) / np.where(n == 0, 1.0, n * np.pi))
    seen = np.ones(len(n)) if definition == "peak" else np.sinc(n * a / b)
    strip = complex((flux * seen * below).sum())
    return strip, complex(below[0] * a / b), share


def channel(
    power_w_per_m: float, strip_m: float, pitch_m: float, layers: Layers, below_k: float, definition: str = "peak"
) -> Channel:  # fmt: skip
    """Rise of a channel over the even plane below its layers, conductivities as they are there. [K]

    Parameters
    ----------
    power_w_per_m : float
        Heat of one finger per metre of its width.
    strip_m, pitch_m : float
        Length of the heated strip under a finger, and distance from finger to finger.
    below_k : float
        Temperature of the plane below the last layer.

    Raises
    ------
    NotSteady
    """
    return _settled(power_w_per_m, strip_m, pitch_m, layers, lambda _: below_k, definition)


def _settled(
    power_w_per_m: float, strip_m: float, pitch_m: float, layers: Layers, below_k: Callable[[float], float],
    definition: str,
) -> Channel:  # fmt: skip
    """`channel` on a plane whose temperature may follow what falls across the last layer."""
    heat, flux = power_w_per_m / strip_m, power_w_per_m / pitch_m
    below = below_k(0.0)
    at = np.full(len(layers.thickness_m), below)
    for _ in range(_MOST_ROUNDS):
        k = layers.conductivity_w_per_m_k * varying_conductivity.ratio(at, layers.exponent)
        strip, even, share = unit_rises(strip_m, pitch_m, layers, k, definition=definition)
        through = flux * (float(layers.thickness_m[-1] / k[-1]) + float(layers.contact_m2k_per_w[-1]))
        level, under = below + heat * share.real, below_k(through)
        change = max(float(np.abs(level - at).max()), abs(under - below))
        if change < _SETTLED_K:
            return Channel(
                rise_k=_bent(heat * strip.real, heat, strip_m, pitch_m, layers, k, below),
                mean_rise_k=heat * even.real, layer_k=at, last_k=through,
            )  # fmt: skip
        at, below = level, under
    raise NotSteady("gate fingers: the conductivities of the layers did not settle")


def _bent(
    linear_k: float,
    heat_w_per_m2: float,
    strip_m: float,
    pitch_m: float,
    layers: Layers,
    k: Floats,
    below_k: float,
) -> float:
    """The strip's rise with each layer's constriction taken through its own falling conductivity. [K]

    From the deepest layer up, the constriction that a layer holds is an apparent rise over what lies under it, which
    Kirchhoff's transform turns into the true one. A layer's own colder outskirts count as warm as its middle, so that
    rises lie high: by 1 % at 20 K of constriction and 3 % at 170 K (tests/disciplines/thermal/test_gate_fingers.py).
    """
    held = _constriction_by_layer(strip_m, pitch_m, layers, k)
    temperature = below_k + linear_k - heat_w_per_m2 * float(held.sum())
    for number in reversed(range(len(k))):
        n = float(layers.exponent[number])
        here = layers.conductivity_w_per_m_k[number] * float(varying_conductivity.ratio(temperature, n))
        apparent = heat_w_per_m2 * held[number] * k[number] / here
        temperature = float(varying_conductivity.true_temperature(apparent, temperature, n))
        if temperature > varying_conductivity.FITTED_K[1]:
            raise NotSteady("gate fingers: hotter than any temperature for which conductivities are known")
    return temperature - below_k


def _constriction_by_layer(strip_m: float, pitch_m: float, layers: Layers, k: Floats) -> Floats:
    """Resistance beyond even flow that each layer adds to the strip's [m2 K/W]: its slope by the layer's own 1/k."""
    base = unit_rises(strip_m, pitch_m, layers, k)
    found = np.empty(len(k))
    for number in range(len(k)):
        step = np.ones(len(k))
        step[number] = 1.0 / (1.0 + 1e-4)
        more = unit_rises(strip_m, pitch_m, layers, k * step)
        found[number] = ((more[0] - more[1]) - (base[0] - base[1])).real / 1e-4
    # Resistances are of degree one in all 1/k and contacts: what the contacts hold is spread in proportion.
    whole = float((base[0] - base[1]).real)
    return np.asarray(found * (whole / found.sum())) if found.sum() > 0.0 else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Transistor:
    """A row of equal gate fingers.

    Attributes
    ----------
    fingers : float
    pitch_m, width_m, strip_m : float
        From finger to finger, of one finger, and of the strip along the current in which its heat is set free.
    layers : Layers
        From the channel to the die's lower face; the last one is the die's own crystal.
    definition : str
        'peak' or 'mean' of the strip: what the maker calls the channel's temperature.
    """

    fingers: float
    pitch_m: float
    width_m: float
    strip_m: float
    layers: Layers
    definition: str = "peak"


def over_row(transistor: Transistor, power_w: float, row_k: float) -> float:
    """Rise from the face of a row, heated evenly on the die's own crystal, to its channels. [K]

    The strip's half-cell less even heat through the die's crystal, which the package's solution has already; what is
    even in the layers above that crystal and in their boundaries is part of the rise.

    Raises
    ------
    NotSteady
    """
    if power_w <= 0.0:
        return 0.0
    item, layers = transistor, transistor.layers
    per_width = power_w / (item.fingers * item.width_m)
    found = _settled(
        per_width, item.strip_m, item.pitch_m, layers, lambda through: row_k - through, item.definition
    )
    return found.rise_k - found.last_k


def step_response(
    time_s: ArrayLike, strip_m: float, pitch_m: float, layers: Layers, at_k: float, definition: str = "peak"
) -> Floats:
    """Rise of the strip per W/m2 at times after heat is turned on, shape of `time_s`. [m2 K/W]

    The same series with each wave's impedance at Laplace's variable s, turned back by Stehfest's sum [1]_, which
    smooth monotone answers allow. Conductivities are those of one temperature.

    References
    ----------
    .. [1] H. Stehfest, "Algorithm 368: Numerical inversion of Laplace transforms", Commun. ACM 13(1), 47-49, 1970,
       doi:10.1145/361953.361969.

    Raises
    ------
    ValueError
        Without heat capacities.
    """
    capacity = layers.volumetric_heat_j_per_m3_k
    if capacity is None:
        raise ValueError("layers: no volumetric_heat_j_per_m3_k, which a transient needs")
    time = np.asarray(time_s, dtype=np.float64)
    k = layers.conductivity_w_per_m_k * varying_conductivity.ratio(at_k, layers.exponent)
    weights = _stehfest(12)
    found = np.zeros(time.size)
    for place, t in enumerate(time.ravel()):
        if t <= 0.0:
            continue
        rate = np.log(2.0) / t
        for number, weight in enumerate(weights, start=1):
            s = number * rate
            strip, _, _ = unit_rises(strip_m, pitch_m, layers, k, capacity, s, definition)
            found[place] += weight * strip.real / s
        found[place] *= rate
    return found.reshape(time.shape)


def _stehfest(n: int) -> Floats:
    """Stehfest's weights for an even number of terms."""
    half = n // 2
    weights = []
    for i in range(1, n + 1):
        total = 0.0
        for k in range((i + 1) // 2, min(i, half) + 1):
            total += (
                k**half * factorial(2 * k)
                / (factorial(half - k) * factorial(k) * factorial(k - 1) * factorial(i - k) * factorial(2 * k - i))
            )  # fmt: skip
        weights.append((-1.0) ** (half + i) * total)
    return np.array(weights)
