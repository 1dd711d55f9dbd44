"""Acceleration of solder fatigue from one temperature cycle to another.

Two forms are in use and their constants must not be mixed: by frequency, ``(f_use/f_test)^m``, and by hot dwell,
``(dwell_test/dwell_use)^m``. Some documents print the frequency term upside down, so that a slower cycle would harm
less; here a slower cycle in use lowers the acceleration, since the joint has longer to creep.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

# As far as the tests behind the constants go (recalled); joints in the open only, never bumps in underfill.
VALID = {
    "swing_k": (20.0, 180.0),
    "cycles_per_day": (0.5, 144.0),
    "hot_dwell_s": (300.0, 86400.0),
    "hottest_k": (293.15, 398.15),
    "coldest_k": (218.15, 313.15),
}
VALIDATED = {
    "swing_k": (40.0, 165.0),
    "cycles_per_day": (6.0, 144.0),
    "hot_dwell_s": (600.0, 28800.0),
    "hottest_k": (313.15, 398.15),
    "coldest_k": (218.15, 298.15),
}
COVERED_JOINTS = ("leadless", "ball", "column")


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """Exponent of the swing, exponent of rate or dwell, and temperature of activation; which `form`, and its origin."""

    swing_exponent: float
    rate_exponent: float
    activation_k: float
    form: str  # "frequency" or "dwell"
    status: str
    reference: str


SETS: Mapping[str, Constants] = MappingProxyType(
    {
        "tin_lead": Constants(
            swing_exponent=1.9,
            rate_exponent=1.0 / 3.0,
            activation_k=1414.0,
            form="frequency",
            status="exponents read second hand, activation recalled",
            reference="K. C. Norris, A. H. Landzberg, IBM J. Res. Dev. 13(3), 1969, pp. 266-271",
        ),
        "sac_pan2005": Constants(
            swing_exponent=2.65,
            rate_exponent=0.136,
            activation_k=2185.0,
            form="dwell",
            status="recalled",
            reference="N. Pan et al., SMTA International, 2005",
        ),
        "sac_lall2012": Constants(
            swing_exponent=2.3,
            rate_exponent=0.3,
            activation_k=4562.0,
            form="frequency",
            status="recalled",
            reference="P. Lall, A. Shirgaokar, D. Arunachalam, J. Electron. Packag. 134, 2012",
        ),
    }
)


def acceleration(
    constants: Constants,
    *,
    swing_test_k: ArrayLike,
    swing_use_k: ArrayLike,
    hottest_test_k: ArrayLike,
    hottest_use_k: ArrayLike,
    rate_test: ArrayLike,
    rate_use: ArrayLike,
) -> NDArray[np.float64]:
    """Cycles in use that one cycle of the test stands for. [-]

    Parameters
    ----------
    constants : Constants
        From `SETS`, or a user's own.
    swing_test_k, swing_use_k, hottest_test_k, hottest_use_k : array_like, shape (...)
        Swing of the joint's temperature and its hottest.
    rate_test, rate_use : array_like, shape (...)
        In any one unit: cycles per day for the form "frequency", time at the hot end for the form "dwell".

    Raises
    ------
    ValueError
        An unknown form, or an argument that is not positive.

    Notes
    -----
    ``(dT_test/dT_use)^n (f_use/f_test)^m exp(q (1/T_use - 1/T_test))``, with dwell test over use in the dwell form.
    """
    values = [
        np.asarray(w, dtype=np.float64)
        for w in (swing_test_k, swing_use_k, hottest_test_k, hottest_use_k, rate_test, rate_use)
    ]
    if not all(np.all(w > 0.0) for w in values):
        raise ValueError("swings, rates and kelvin temperatures must be positive")
    swing_test, swing_use, hot_test, hot_use, r_test, r_use = values
    if constants.form == "frequency":
        slow = (r_use / r_test) ** constants.rate_exponent
    elif constants.form == "dwell":
        slow = (r_test / r_use) ** constants.rate_exponent
    else:
        raise ValueError(f"unknown form {constants.form!r}, expected 'frequency' or 'dwell'")
    swing = (swing_test / swing_use) ** constants.swing_exponent
    return np.asarray(swing * slow * np.exp(constants.activation_k * (1.0 / hot_use - 1.0 / hot_test)))
