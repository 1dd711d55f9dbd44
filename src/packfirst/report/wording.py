"""Numbers, units and names as people read them in a report."""

import math
import re
from collections.abc import Mapping

GAP = " "  # between number and unit, and between thousands: never a line's end
MINUS = "−"
# What a record's unit is shown in: name on the page, factor, digits that mean something.
_SHOWN = {
    "op/s": ("TFLOP/s", 1e-12),
    "op/J": ("TFLOP/s/W", 1e-12),
    "m2": ("mm²", 1e6),
    "mm2": ("mm²", 1.0),
    "kg": ("g", 1e3),
    "um": ("µm", 1.0),
    "degC": ("°C", 1.0),
}
_DISCIPLINES = {"form_factor": "Form factor"}


def unit_of(unit: str) -> str:
    """How the page writes a record's unit."""
    return _SHOWN.get(unit, (unit, 1.0))[0]


def in_shown_unit(value: float, unit: str) -> float:
    """A value of a record in the unit that the page writes."""
    return value * _SHOWN.get(unit, (unit, 1.0))[1]


def decimals_of(value: float, digits: int) -> int:
    """Decimals that show `value` to so many significant digits; none for what is large or zero."""
    if value == 0.0 or not math.isfinite(value):
        return 0
    return max(0, digits - 1 - math.floor(math.log10(abs(value))))


def number(value: float | None, *, digits: int = 4, decimals: int | None = None) -> str:
    """A number to `digits` significant ones, thousands apart; '–' for none.

    Digits before the point are never rounded away: 4550 balls stay 4,550.
    """
    if value is None or not math.isfinite(value):
        return "–"
    places = decimals_of(value, digits) if decimals is None else decimals
    text = f"{value:,.{places}f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def quantity(value: float | None, unit: str, *, digits: int = 4) -> str:
    """A record's value with the unit that people write: 8.99e14 op/s is '899 TFLOP/s'."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{number(in_shown_unit(value, unit), digits=digits)}{GAP}{unit_of(unit)}"


def row_of(values: tuple[float, ...], unit: str, *, digits: int = 3) -> tuple[str, ...]:
    """Numbers of one row, without unit, all to the decimals that the largest of them carries."""
    shown = [in_shown_unit(value, unit) for value in values]
    if all(value == round(value) for value in shown):
        return tuple(number(value, decimals=0) for value in shown)
    places = decimals_of(max(map(abs, shown)), digits)
    return tuple(number(value, decimals=places) for value in shown)


def percent(share: float | None, *, decimals: int = 1, sign: bool = False) -> str:
    """0.174 as '17.4 %'; with `sign`, '+17.4 %'."""
    if share is None or not math.isfinite(share):
        return "–"
    plus = "+" if sign and round(100.0 * share, decimals) > 0.0 else ""
    return f"{plus}{number(100.0 * share, decimals=decimals)}{GAP}%"


def probability(value: float | None) -> str:
    """A share of samples, in percent; its ends stay open, since samples prove neither."""
    if value is None:
        return "–"
    if value >= 0.9995:
        return f">{GAP}99.9{GAP}%"
    if value < 0.0005:
        return f"<{GAP}0.1{GAP}%"
    return percent(value)


def typeset(text: object) -> str:
    """Units and signs of a plain sentence as a page sets them: 'degC' is '°C', 'mm2' is 'mm²'."""
    found = re.sub(r"\bdegC\b", "°C", str(text))
    found = re.sub(r"(?<![\w.])-(?=\d)", MINUS, found)
    found = re.sub(r"(?<![A-Za-z0-9_])(mm|cm|um|m)2\b", r"\1²", found)
    found = re.sub(r"(?<![A-Za-z0-9_])(mm|cm|m)3\b", r"\1³", found)
    found = re.sub(r"(?<=\d )um\b|(?<![A-Za-z0-9_])um(?=²)", "µm", found)
    found = re.sub(r"(?<=\d) x (?=\w)", " × ", found)
    found = re.sub(r"(?<=\d) ?%", f"{GAP}%", found)
    return found.replace(" -> ", " → ")


def named(identifier: str, names: Mapping[str, str]) -> str:
    """The catalog's name of a record where the study carries it, else its id."""
    return names.get(identifier, identifier.replace("_", " "))


def discipline(name: str) -> str:
    """A discipline's name as a heading."""
    return _DISCIPLINES.get(name, name.capitalize())


def limit_name(limit: Mapping[str, object]) -> str:
    """Kind, subject and mode of a limit: 'Junction of die fabric, sustained'. Names keep the user's spelling."""
    kind, subject, mode = (str(limit[field]) for field in ("kind", "subject", "mode"))
    name = f"{kind.replace('_', ' ').capitalize()} of {subject.replace(':', ' ', 1)}"
    return f"{name}, {mode}" if mode else name


def scientific(value: float) -> str:
    """1.7e-08 as '1.7 × 10⁻⁸'."""
    mantissa, exponent = f"{value:.1e}".split("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa}{GAP}×{GAP}10{raised}"
