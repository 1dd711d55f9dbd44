"""How long a cavity stays dry over a mission, at the leak that its seal test still lets pass."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from packfirst.disciplines.qualification.hermeticity import ingress
from packfirst.disciplines.qualification.standard_tables import (
    Printed,
    Rows,
    air_leak_limit_atm_cm3_s,
    read_rows,
)
from packfirst.inputs import Input

# Tables of method 1014 by what the customer's class asks; the second is tightened and unread.
USUAL, SPACE = "A2_flexible_new", "tightened_space"


@dataclass(frozen=True, slots=True, kw_only=True)
class Climate:
    """Stretches of a mission: water vapour outside [atm] and length [s], in order, round and round."""

    outside_atm: tuple[float, ...]
    length_s: tuple[float, ...]
    times: tuple[Input, ...] = ()  # what the lengths came from

    @property
    def life_s(self) -> float:
        """Length of the whole mission."""
        return sum(self.length_s)


@cache
def leak_rows() -> Rows:
    """Rows of the packaged table of method 1014."""
    text = files("packfirst").joinpath("catalog/data/standards/leak_rates.csv").read_text(encoding="utf-8")
    return read_rows(text)


def leak_limit(volume_m3: float, *, space: bool) -> Printed:
    """Largest standard air leak that the seal test lets pass, by volume. [atm cm3/s]

    Raises
    ------
    ValueError
        A cavity of no volume.
    """
    return air_leak_limit_atm_cm3_s(leak_rows(), SPACE if space else USUAL, volume_m3)


def dry_time_s(leak_atm_cm3_s: float, volume_m3: float, climate: Climate, getter_kg: float = 0.0) -> float:
    """Time until the cavity holds 5000 ppmv of water; infinite where it never will. [s]

    With a getter the climate counts by its mean: the getter fills with what comes in, whatever the order.

    Raises
    ------
    ValueError
        As `ingress.time_through_climates_s`.
    """
    if getter_kg > 0.0:
        mean = float(np.average(climate.outside_atm, weights=climate.length_s))
        return float(ingress.time_to_limit_s(leak_atm_cm3_s, volume_m3, mean, getter_kg=getter_kg))
    return ingress.time_through_climates_s(leak_atm_cm3_s, volume_m3, climate.outside_atm, climate.length_s)
