"""A die on a substrate through a compliant attach: stress, bow, and what pulls at the edge of the joint."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

# The attach is a thin, soft layer: its thickness is left out of the lever arm and it carries no membrane force.
VALID = {"attach_thickness_ratio": (0.0, 0.2), "attach_modulus_ratio": (0.0, 1.0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trilayer:
    """The joint as three numbers and two stiffnesses, ready to be loaded.

    Attributes
    ----------
    axial_compliance_m_per_n : ndarray
        lambda: strain mismatch per unit membrane force per width.
    shear_compliance_m3_per_n : ndarray
        kappa: slip of the interface per unit shear stress.
    decay_per_m : ndarray
        k: the mismatch is taken up within about 3 / k of the edge.
    flexural_1_n_m, flexural_2_n_m : ndarray
        D1 of the die, D2 of the substrate.
    """

    axial_compliance_m_per_n: NDArray[np.float64]
    shear_compliance_m3_per_n: NDArray[np.float64]
    decay_per_m: NDArray[np.float64]
    flexural_1_n_m: NDArray[np.float64]
    flexural_2_n_m: NDArray[np.float64]
    thickness_1_m: NDArray[np.float64]
    thickness_2_m: NDArray[np.float64]
    peel_stiffness_pa_per_m: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrilayerStress:
    """Signed by ``(cte_2 - cte_1) rise``: on cooling on a substrate that shrinks more, die stress is negative.

    Attributes
    ----------
    edge_shear_pa : ndarray
        Largest shear of the attach, at its end.
    die_interface_pa, die_outer_pa : ndarray
        In the middle of the die, on the attached and on the free face; positive is tension.
    curvature_per_m : ndarray
        In the middle; negative on cooling, where the die is on the outside of the arc.
    """

    edge_shear_pa: NDArray[np.float64]
    die_interface_pa: NDArray[np.float64]
    die_outer_pa: NDArray[np.float64]
    curvature_per_m: NDArray[np.float64]


def joint(
    *,
    die_thickness_m: ArrayLike,
    substrate_thickness_m: ArrayLike,
    attach_thickness_m: ArrayLike,
    die_modulus_pa: ArrayLike,
    substrate_modulus_pa: ArrayLike,
    attach_modulus_pa: ArrayLike,
    die_poisson: ArrayLike,
    substrate_poisson: ArrayLike,
    attach_poisson: ArrayLike,
) -> Trilayer:
    """Compliances of the joint, all arguments of shape (...).

    Raises
    ------
    ValueError
        A thickness or modulus that is not positive, or a Poisson ratio outside -1 to 0.5.

    Notes
    -----
    After [1]_ and [2]_, with h = h1 + h2 (attach left out), D = E h^3 / (12 (1 - nu^2)) and G = E / (2 (1 + nu)):
    ``lambda = (1-nu1)/(E1 h1) + (1-nu2)/(E2 h2) + h^2/(4 (D1+D2))``,
    ``kappa = h1/(3 G1) + h2/(3 G2) + 2 ha/(3 Ga)``, ``k = sqrt(lambda/kappa)``.
    The stiffness against peel is that of an attach that cannot contract sideways.

    References
    ----------
    .. [1] E. Suhir, "Stresses in bi-metal thermostats", J. Appl. Mech. 53(3), 1986, pp. 657-660.
    .. [2] E. Suhir, "Interfacial stresses in bimetal thermostats", J. Appl. Mech. 56(3), 1989, pp. 595-600.
    """
    h1, h2, ha, e1, e2, ea = (
        np.asarray(x, dtype=np.float64)
        for x in (
            die_thickness_m,
            substrate_thickness_m,
            attach_thickness_m,
            die_modulus_pa,
            substrate_modulus_pa,
            attach_modulus_pa,
        )
    )
    v1, v2, va = (np.asarray(x, dtype=np.float64) for x in (die_poisson, substrate_poisson, attach_poisson))
    if not all(np.all(x > 0.0) for x in (h1, h2, ha, e1, e2, ea)):
        raise ValueError("thickness and modulus must be positive")
    if not all(np.all((x > -1.0) & (x < 0.5)) for x in (v1, v2, va)):
        raise ValueError("a Poisson ratio lies between -1 and 0.5")
    d1 = e1 * h1**3 / (12.0 * (1.0 - v1**2))
    d2 = e2 * h2**3 / (12.0 * (1.0 - v2**2))
    axial = (1.0 - v1) / (e1 * h1) + (1.0 - v2) / (e2 * h2) + (h1 + h2) ** 2 / (4.0 * (d1 + d2))
    # h / (3 G) with G = E / (2 (1 + nu))
    shear = (2.0 / 3.0) * (h1 * (1.0 + v1) / e1 + h2 * (1.0 + v2) / e2 + 2.0 * ha * (1.0 + va) / ea)
    return Trilayer(
        axial_compliance_m_per_n=np.asarray(axial),
        shear_compliance_m3_per_n=np.asarray(shear),
        decay_per_m=np.sqrt(axial / shear),
        flexural_1_n_m=np.asarray(d1),
        flexural_2_n_m=np.asarray(d2),
        thickness_1_m=h1,
        thickness_2_m=h2,
        peel_stiffness_pa_per_m=np.asarray(ea * (1.0 - va) / ((1.0 + va) * (1.0 - 2.0 * va) * ha)),
    )


def stress(joined: Trilayer, mismatch_strain: ArrayLike, half_length_m: ArrayLike) -> TrilayerStress:
    """Stress and bow of the joint under a mismatch ``(cte_2 - cte_1) rise``.

    Parameters
    ----------
    joined : Trilayer
        From `joint`.
    mismatch_strain : array_like, shape (...)
        Free strain of the substrate less that of the die.
    half_length_m : array_like, shape (...)
        Half the side of the die (or half its diagonal, for the corner).

    Raises
    ------
    ValueError
        A half length that is not positive.

    Notes
    -----
    With the force per width ``N = mismatch / lambda`` and the share ``chi = 1 - 1/cosh(k l)`` built up in the
    middle: shear ``k N tanh(k l)``, die ``N chi / h1 (1 +- 3 (h/h1) (D1/D))``, curvature ``h N chi / (2 D)``.
    References as `joint`.
    """
    half = np.asarray(half_length_m, dtype=np.float64)
    if not np.all(half > 0.0):
        raise ValueError("the half length must be positive")
    force = np.asarray(mismatch_strain, dtype=np.float64) / joined.axial_compliance_m_per_n
    reach = joined.decay_per_m * half
    built = 1.0 - _sech(reach)
    d = joined.flexural_1_n_m + joined.flexural_2_n_m
    h = joined.thickness_1_m + joined.thickness_2_m
    membrane = force * built / joined.thickness_1_m
    bending = membrane * 3.0 * (h / joined.thickness_1_m) * (joined.flexural_1_n_m / d)
    return TrilayerStress(
        edge_shear_pa=np.asarray(joined.decay_per_m * force * np.tanh(reach)),
        die_interface_pa=np.asarray(membrane + bending),
        die_outer_pa=np.asarray(membrane - bending),
        curvature_per_m=np.asarray(h * force * built / (2.0 * d)),
    )


def shear_pa(
    joined: Trilayer, mismatch_strain: ArrayLike, half_length_m: ArrayLike, position_m: ArrayLike
) -> NDArray[np.float64]:
    """Shear of the attach at a distance from the middle. [Pa]

    ``k N sinh(k x) / cosh(k l)``; arguments of shape (...), position within +- half length. Reference as `joint`.
    """
    force = np.asarray(mismatch_strain, dtype=np.float64) / joined.axial_compliance_m_per_n
    k = joined.decay_per_m
    half = np.asarray(half_length_m, dtype=np.float64)
    x = np.asarray(position_m, dtype=np.float64)
    grown = np.exp(k * (np.abs(x) - half)) * -np.expm1(-2.0 * k * np.abs(x))
    return np.asarray(k * force * np.sign(x) * grown / (1.0 + np.exp(-2.0 * k * half)))


def peel_pa(
    joined: Trilayer, mismatch_strain: ArrayLike, half_length_m: ArrayLike, position_m: ArrayLike
) -> NDArray[np.float64]:
    """Stress across the attach at a distance from the middle, positive where it opens. [Pa]

    Parameters
    ----------
    joined, mismatch_strain, half_length_m
        As `stress`.
    position_m : array_like, shape (...)
        Distance from the middle; the largest peel is at the end.

    Notes
    -----
    The two plates as beams on the springs of the attach, loaded by the shear of `shear_pa`:
    ``p'''' + 4 b^4 p = -(K/2) (h1/D1 - h2/D2) tau'`` with ``4 b^4 = K (1/D1 + 1/D2)``; at a free end neither
    plate carries moment or shear force, so that ``p'' = 0`` and ``p''' = -(K/2) (h1/D1 - h2/D2) tau``. Solved in
    closed form; zero where h1/D1 = h2/D2, as in [2]_ of `joint`. The through-thickness give of the plates
    themselves is left out, which overstates the peak.
    """
    half = np.asarray(half_length_m, dtype=np.float64)
    x = np.abs(np.asarray(position_m, dtype=np.float64))
    k = joined.decay_per_m
    d1, d2 = joined.flexural_1_n_m, joined.flexural_2_n_m
    spring = joined.peel_stiffness_pa_per_m
    beta = (spring * (1.0 / d1 + 1.0 / d2) / 4.0) ** 0.25
    force = np.asarray(mismatch_strain, dtype=np.float64) / joined.axial_compliance_m_per_n
    load = 0.5 * spring * (joined.thickness_1_m / d1 - joined.thickness_2_m / d2) * force
    follow = -load * k**2 / (k**4 + 4.0 * beta**4)

    a, b, slope_a, slope_b = _wave(beta, half, half)
    # rows: p'' = 0 and p''' = -load k tanh(k l) at the end, both over 2 beta^2
    moment = -follow * k**2 / (2.0 * beta**2)
    tanh = np.tanh(k * half)
    force_end = -(load * k + follow * k**3) * tanh / (2.0 * beta**2)
    # [-b, a; -slope_b, slope_a] [c1, c2] = [moment, force_end]
    det = -b * slope_a + a * slope_b
    c1 = (moment * slope_a - a * force_end) / det
    c2 = (-b * force_end + slope_b * moment) / det
    at_a, at_b, _, _ = _wave(beta, x, half)
    grown = np.exp(k * (x - half)) * (1.0 + np.exp(-2.0 * k * x)) / (1.0 + np.exp(-2.0 * k * half))
    return np.asarray(c1 * at_a + c2 * at_b + follow * grown)


def _wave(
    beta: NDArray[np.float64], x: NDArray[np.float64], half: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """cosh cos, sinh sin and their slopes at beta x, all over exp(beta half) so that long joints do not overflow."""
    up = 0.5 * np.exp(beta * (x - half))
    down = 0.5 * np.exp(-beta * (x + half))
    cosh, sinh = up + down, up - down
    cos, sin = np.cos(beta * x), np.sin(beta * x)
    return cosh * cos, sinh * sin, beta * (sinh * cos - cosh * sin), beta * (cosh * sin + sinh * cos)


def _sech(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(2.0 * np.exp(-x) / (1.0 + np.exp(-2.0 * x)))
