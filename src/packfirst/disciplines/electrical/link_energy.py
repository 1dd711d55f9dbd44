"""What a link draws: energy per bit, its dependence on the supply, its floor in the wire, and watts."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

BITS_PER_BYTE = 8.0

# UCIe advanced is tabulated at 0.7 V and 0.5 V and follows the square within 2 %; the terminated UCIe standard
# modes at 24 GT/s and above fall more slowly, because a terminated driver's current goes with the supply.
VALIDATED = {"supply_ratio": (0.5 / 0.7, 1.0)}
VALID = {"supply_ratio": (0.5, 1.5)}


def energy_at_supply_j_per_bit(
    energy_j_per_bit: ArrayLike, stated_supply_v: ArrayLike, supply_v: ArrayLike
) -> NDArray[np.float64]:
    """Energy per bit moved from the supply that it is stated at to another, ``E (V / V0)^2``. [J/bit]

    The switching law C V^2 [1]_; right for unterminated links, too hopeful for terminated ones.

    References
    ----------
    .. [1] J. Rabaey, A. Chandrakasan, B. Nikolic, "Digital Integrated Circuits", 2nd ed., 2003, section 5.5.
    """
    ratio = np.asarray(supply_v, dtype=np.float64) / np.asarray(stated_supply_v, dtype=np.float64)
    return np.asarray(np.asarray(energy_j_per_bit, dtype=np.float64) * ratio**2)


def switching_floor_j_per_bit(
    capacitance_f: ArrayLike, supply_v: ArrayLike, swing_v: ArrayLike, rise_probability: ArrayLike = 0.25
) -> NDArray[np.float64]:
    """Least energy that an unterminated wire takes from its supply per bit, ``p C V V_swing``. [J/bit]

    Parameters
    ----------
    capacitance_f : array_like, shape (...)
        Wire and pads of both ends.
    supply_v, swing_v : array_like, shape (...)
        Of the driver, and of the wire.
    rise_probability : array_like, shape (...)
        Rising edges per bit: a quarter for random bits, half for a clock that rises every second bit.

    Notes
    -----
    A rising edge draws the charge C V_swing from V (Rabaey 2003, section 5.5). A link's stated energy, with its
    clocks, receivers and logic, must lie above this.
    """
    charge = np.asarray(capacitance_f, dtype=np.float64) * np.asarray(swing_v, dtype=np.float64)
    return np.asarray(
        np.asarray(rise_probability, dtype=np.float64) * charge * np.asarray(supply_v, dtype=np.float64)
    )


def termination_floor_j_per_bit(
    supply_v: ArrayLike,
    driver_ohm: ArrayLike,
    termination_ohm: ArrayLike,
    rate_bit_per_s: ArrayLike,
    high_fraction: ArrayLike = 0.5,
) -> NDArray[np.float64]:
    """Energy per bit of the direct current into a receiver's termination to ground. [J/bit]

    ``h V^2 / (R_driver + R_termination) / rate``: Ohm's law, for the share h of the time that the line is high.
    """
    loop = np.asarray(driver_ohm, dtype=np.float64) + np.asarray(termination_ohm, dtype=np.float64)
    power = np.asarray(high_fraction, dtype=np.float64) * np.asarray(supply_v, dtype=np.float64) ** 2 / loop
    return np.asarray(power / np.asarray(rate_bit_per_s, dtype=np.float64))


def link_power_w(
    energy_j_per_bit: ArrayLike,
    bandwidth_byte_per_s: ArrayLike,
    activity: ArrayLike = 1.0,
    idle_fraction: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Power of a link, both ends. [W]

    ``8 E B (idle + (1 - idle) activity)``. The idle fraction is what the link still draws with nothing to
    send; BoW 1.9 asks for energy in proportion to traffic down to about 10 % activity.

    Parameters
    ----------
    energy_j_per_bit : array_like, shape (...)
        Both ends together, as the standards state it.
    bandwidth_byte_per_s : array_like, shape (...)
        Raw, all directions added, of the lanes that are there and not of the traffic alone.
    activity, idle_fraction : array_like, shape (...)
        Share of the time with traffic, and of the full power drawn without; both from 0 to 1.

    Raises
    ------
    ValueError
        An activity or idle fraction outside 0 to 1.
    """
    active = np.asarray(activity, dtype=np.float64)
    idle = np.asarray(idle_fraction, dtype=np.float64)
    for name, share in (("activity", active), ("idle fraction", idle)):
        if np.any(share < 0.0) or np.any(share > 1.0):
            raise ValueError(f"the {name} lies from 0 to 1")
    full = (
        BITS_PER_BYTE
        * np.asarray(energy_j_per_bit, dtype=np.float64)
        * np.asarray(bandwidth_byte_per_s, dtype=np.float64)
    )
    return np.asarray(full * (idle + (1.0 - idle) * active))
