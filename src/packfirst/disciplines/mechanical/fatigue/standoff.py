"""How high a ball stands once it has melted between two pads."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# No load to speak of and pads that the solder wets wholly: a heavy lid lowers the balls, a pad edge outside the mask
# lets solder run round it.
VALID = {"pad_over_ball": (0.3, 1.0)}
_HALVINGS = 70


def standoff_m(
    volume_m3: ArrayLike, pad_diameter_1_m: ArrayLike, pad_diameter_2_m: ArrayLike
) -> NDArray[np.float64]:
    """Height of a joint of that volume, a slice of a sphere between its two pads. [m]

    Parameters
    ----------
    volume_m3 : array_like, shape (...)
        Solder of the ball and, half of its volume being flux, of the paste.
    pad_diameter_1_m, pad_diameter_2_m : array_like, shape (...)

    Raises
    ------
    ValueError
        A volume or diameter that is not positive.

    Notes
    -----
    ``V = pi h (3 r1^2 + 3 r2^2 + h^2)/6``, the volume of a spherical segment, solved for h.

    References
    ----------
    .. [1] L. S. Goldmann, "Geometric optimization of controlled collapse interconnections", IBM J. Res. Dev. 13(3),
       1969, pp. 251-265.
    """
    v, d1, d2 = (np.asarray(w, dtype=np.float64) for w in (volume_m3, pad_diameter_1_m, pad_diameter_2_m))
    if not all(np.all(w > 0.0) for w in (v, d1, d2)):
        raise ValueError("volume and pad diameters must be positive")
    pads = 0.75 * (d1**2 + d2**2)
    low = np.zeros(np.broadcast_shapes(v.shape, pads.shape))
    high = np.broadcast_to(np.cbrt(6.0 * v / np.pi), low.shape)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        small = np.pi * middle * (pads + middle**2) / 6.0 < v
        low, high = np.where(small, middle, low), np.where(small, high, middle)
    return np.asarray(0.5 * (low + high))


def ball_volume_m3(diameter_m: ArrayLike) -> NDArray[np.float64]:
    """Volume of a sphere. [m3]"""
    return np.asarray(np.pi / 6.0 * np.asarray(diameter_m, dtype=np.float64) ** 3)
