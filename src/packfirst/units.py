"""The door for numbers: text with a unit in, SI floats out, and back."""

import math
import re

# Each quantity: its SI unit as we hold it, and the closed list of units that a file may use. Pint is
# never asked about anything else: it takes `mil` for an angle and `0.5 dB` for 1.12.
QUANTITIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "number": ("1", ()),
    "length": ("m", ("um", "mm", "cm", "m", "nm", "in")),
    "area": ("m2", ("mm2", "cm2", "um2", "m2")),
    "volume": ("m3", ("mm3", "cm3", "m3")),
    "mass": ("kg", ("g", "kg", "mg")),
    "time": ("s", ("s", "ms", "us", "ns", "min", "hour", "day", "week", "year")),
    "frequency": ("Hz", ("GHz", "MHz", "kHz", "Hz")),
    "power": ("W", ("W", "mW", "kW", "uW")),
    "temperature": ("K", ("degC", "K")),
    "temperature_difference": ("K", ("K",)),
    "conductivity": ("W/(m K)", ("W/(m K)",)),
    "area_resistance": ("m2 K/W", ("mm2 K/W", "cm2 K/W", "m2 K/W")),
    "thermal_resistance": ("K/W", ("K/W",)),
    "film_coefficient": ("W/(m2 K)", ("W/(m2 K)", "kW/(m2 K)")),
    "mass_flow": ("kg/s", ("g/s", "kg/s")),
    "heat_flux": ("W/m2", ("W/cm2", "W/mm2", "W/m2")),
    "density": ("kg/m3", ("kg/m3", "g/cm3")),
    "heat_capacity": ("J/(kg K)", ("J/(kg K)",)),
    "expansion": ("1/K", ("ppm/K", "1/K")),
    "stress": ("Pa", ("GPa", "MPa", "kPa", "Pa")),
    "resistivity": ("ohm m", ("ohm m", "uohm cm", "ohm cm")),
    "voltage": ("V", ("V", "mV")),
    "current": ("A", ("A", "mA")),
    "resistance": ("ohm", ("ohm", "mohm")),
    "capacitance": ("F", ("pF", "nF", "uF", "fF", "F")),
    "ratio_db": ("dB", ("dB",)),
    "lane_rate": ("T/s", ("GT/s", "MT/s")),
    "bandwidth": ("B/s", ("GB/s", "TB/s", "MB/s", "Gb/s", "Tb/s")),
    "edge_bandwidth": ("B/(s m)", ("GB/(s mm)",)),
    "areal_bandwidth": ("B/(s m2)", ("GB/(s mm2)", "TB/(s mm2)")),
    "energy_per_bit": ("J/bit", ("pJ/bit", "fJ/bit")),
    "areal_capacitance": ("F/m2", ("nF/mm2", "F/m2")),
    "data": ("B", ("GB", "MB", "kB", "TB", "GiB", "MiB")),
    "compute_rate": ("op/s", ("TFLOP/s", "PFLOP/s", "GFLOP/s", "TOP/s", "GOP/s")),
    "bytes_per_op": ("B/op", ("B/FLOP", "B/OP", "B/op")),
    "cost": ("USD", ("USD", "kUSD", "MUSD")),
    "cost_per_area": ("USD/m2", ("USD/mm2", "USD/cm2")),
    "cost_rate": ("USD/s", ("USD/s", "USD/hour", "USD/year")),
    "area_density": ("1/m2", ("1/cm2", "1/mm2", "1/m2")),
    "line_density": ("1/m", ("1/mm", "1/m")),
    "pressure": ("Pa", ("Pa", "kPa", "atm", "mbar")),
    "dose": ("Gy", ("krad", "rad", "Gy")),  # of ionising radiation, in silicon
    "acceleration": ("m/s2", ("gn", "m/s2")),  # gn is standard gravity; a bare g is a gram
    "acceleration_density": ("m2/s3", ("gn2/Hz",)),
    "ratio_slope": ("dB/K", ("dB/K",)),
    "attenuation": ("dB/m", ("dB/cm", "dB/mm", "dB/m")),
}

# SI units per file unit. The table is short and exact; building pint's registry for it would cost half a second in
# every run, so pint is the oracle of the tests instead.
_FACTORS = {
    "nm": 1e-9, "um": 1e-6, "mm": 1e-3, "cm": 1e-2, "in": 0.0254,
    "um2": 1e-12, "mm2": 1e-6, "cm2": 1e-4, "mm3": 1e-9, "cm3": 1e-6, "mg": 1e-6, "g": 1e-3,
    "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "min": 60.0, "hour": 3600.0, "day": 86400.0, "week": 604800.0,
    "year": 31557600.0, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9, "uW": 1e-6, "mW": 1e-3, "kW": 1e3, "degC": 1.0,
    "mm2 K/W": 1e-6, "cm2 K/W": 1e-4, "kW/(m2 K)": 1e3, "W/cm2": 1e4, "W/mm2": 1e6, "g/cm3": 1e3, "g/s": 1e-3,
    "kPa": 1e3, "MPa": 1e6, "GPa": 1e9, "mbar": 100.0, "atm": 101325.0, "uohm cm": 1e-8, "ohm cm": 1e-2,
    "mV": 1e-3, "mA": 1e-3, "mohm": 1e-3, "fF": 1e-15, "pF": 1e-12, "nF": 1e-9, "uF": 1e-6, "nF/mm2": 1e-3,
    "1/mm": 1e3, "1/cm2": 1e4, "1/mm2": 1e6,
    "GT/s": 1e9, "MT/s": 1e6,
    "TFLOP/s": 1e12, "PFLOP/s": 1e15, "GFLOP/s": 1e9, "TOP/s": 1e12, "GOP/s": 1e9,
    "B/FLOP": 1.0, "B/OP": 1.0, "B/op": 1.0,
    "USD": 1.0, "kUSD": 1e3, "MUSD": 1e6, "USD/mm2": 1e6, "USD/cm2": 1e4,
    "USD/hour": 1 / 3600, "USD/year": 1 / 31557600,  # the Julian year of 365.25 days, as pint has it
    "GB/s": 1e9, "TB/s": 1e12, "MB/s": 1e6, "Gb/s": 0.125e9, "Tb/s": 0.125e12,
    "GB/(s mm)": 1e12, "GB/(s mm2)": 1e15, "TB/(s mm2)": 1e18, "pJ/bit": 1e-12, "fJ/bit": 1e-15,
    "GB": 1e9, "MB": 1e6, "kB": 1e3, "TB": 1e12, "GiB": 2.0**30, "MiB": 2.0**20,
    "ppm/K": 1e-6, "dB": 1.0, "dB/K": 1.0, "dB/cm": 100.0, "dB/mm": 1000.0,
    "rad": 0.01, "krad": 10.0, "gn": 9.80665, "gn2/Hz": 9.80665**2,
}  # fmt: skip
_OFFSETS = {"degC": 273.15}

_TEXT = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(\S.*?)?\s*")


def _factor_offset(name: str, unit: str) -> tuple[float, float]:
    return (1.0, 0.0) if name == unit else (_FACTORS[name], _OFFSETS.get(name, 0.0))


def read(text: object, quantity: str) -> float:
    """Number in the SI unit of `quantity` from text such as '120 um'.

    Raises
    ------
    ValueError
        The text has no number, no unit, a unit outside the closed list, or is not finite; the message
        says how to write it.
    """
    unit, allowed = QUANTITIES[quantity]
    if not allowed:
        return _bare(text)
    example = f"for example '120 {allowed[0]}'"
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        raise ValueError(f"{text!r} has no unit: write one of {', '.join(allowed)}, {example}")
    match = _TEXT.fullmatch(str(text))
    if not match or match[2] not in allowed:
        raise ValueError(f"{str(text)!r}: write a number and one of {', '.join(allowed)}, {example}")
    factor, offset = _factor_offset(match[2], unit)
    value = float(match[1]) * factor + offset
    if not math.isfinite(value):
        raise ValueError(f"{str(text)!r} is not a finite number")
    return value


def _bare(text: object) -> float:
    if isinstance(text, bool) or not isinstance(text, (int, float)):
        raise ValueError(f"{text!r}: write a plain number, without a unit")
    try:
        value = float(text)
    except OverflowError:  # an integer of more than three hundred digits
        value = math.inf
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is not a finite number")
    return value


def shown_in(value: float, quantity: str, unit: str) -> float:
    """The SI value in one of the quantity's file units."""
    factor, offset = _factor_offset(unit, QUANTITIES[quantity][0])
    return (value - offset) / factor


def write(value: float, quantity: str, unit: str | None = None, *, digits: int = 12) -> str:
    """Text that `read` takes back, in `unit` or in the unit in which a person would write the number."""
    allowed = QUANTITIES[quantity][1]
    if not allowed:
        return f"{value:.{digits}g}"
    if unit is None:
        unit = min(allowed, key=lambda name: (_awkward(shown_in(value, quantity, name)), allowed.index(name)))
    return f"{shown_in(value, quantity, unit):.{digits}g} {unit}"


def _awkward(value: float) -> int:
    """0 where a person would write the number so: between 0.1 and 10000."""
    return 0 if value == 0.0 else max(0, math.ceil(abs(math.log10(abs(value)) - 1.5) - 2.5))
