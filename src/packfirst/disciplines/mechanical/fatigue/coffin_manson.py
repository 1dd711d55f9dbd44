"""Coffin and Manson: life as a power of plastic strain, or of the temperature swing that causes it."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

VALID = {"swing_k": (20.0, 300.0), "plastic_strain_range": (1e-4, 0.5)}

# Usual exponents of the swing by what fails; ranges as recalled from JEP122, not re-read. A ductile solder joint
# has its own laws beside this one.
SWING_EXPONENTS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"ductile": (1.0, 3.0), "hard_metal": (3.0, 5.0), "brittle": (6.0, 9.0)}
)


def acceleration(swing_test_k: ArrayLike, swing_use_k: ArrayLike, exponent: ArrayLike) -> NDArray[np.float64]:
    """Cycles in use that one cycle of the test stands for, ``(dT_test/dT_use)^n``. [-]

    Raises
    ------
    ValueError
        A swing that is not positive.

    References
    ----------
    .. [1] JEDEC JEP122, "Failure mechanisms and models for semiconductor devices".
    """
    test, use = np.asarray(swing_test_k, dtype=np.float64), np.asarray(swing_use_k, dtype=np.float64)
    if not (np.all(test > 0.0) and np.all(use > 0.0)):
        raise ValueError("temperature swings must be positive")
    return np.asarray((test / use) ** np.asarray(exponent, dtype=np.float64))


def cycles(plastic_strain_range: ArrayLike, ductility: ArrayLike, exponent: ArrayLike) -> NDArray[np.float64]:
    """Cycles to failure at a plastic strain range, ``(1/2) (strain/(2 ductility))^(1/c)``; infinite without strain.

    Parameters
    ----------
    plastic_strain_range, ductility : array_like, shape (...)
    exponent : array_like, shape (...)
        c, negative; -0.5 to -0.7 for most metals.

    Raises
    ------
    ValueError
        A negative strain, a ductility that is not positive, or an exponent that is not negative.

    References
    ----------
    .. [1] L. F. Coffin, Trans. ASME 76, 1954, pp. 931-950; S. S. Manson, NACA TN 2933, 1953.
    """
    strain, ductile, c = (
        np.asarray(w, dtype=np.float64) for w in (plastic_strain_range, ductility, exponent)
    )
    if not (np.all(strain >= 0.0) and np.all(ductile > 0.0) and np.all(c < 0.0)):
        raise ValueError("strain must not be negative, ductility positive and the exponent negative")
    strained = strain > 0.0
    ratio = np.where(strained, strain, 1.0) / (2.0 * ductile)
    return np.asarray(np.where(strained, 0.5 * np.power(ratio, 1.0 / c), np.inf))
