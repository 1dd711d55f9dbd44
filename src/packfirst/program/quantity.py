"""How a number is written in a program file, and the Input that it becomes."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic_core.core_schema import CoreSchema, no_info_plain_validator_function

from packfirst import units
from packfirst.errors import nearest
from packfirst.inputs import Evidence, Input, Kind

_KEYS = ("value", "low", "high", "kind", "evidence", "source", "year", "where", "note")
_KINDS = tuple(str(kind) for kind in Kind)
_EVIDENCES = tuple(str(evidence) for evidence in Evidence)
_KELVIN_AT_0_DEGC = 273.15


class BadKey(ValueError):
    """Something wrong with one key of a number that is written as a mapping."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def _how(quantity: str) -> str:
    allowed = units.QUANTITIES[quantity][1]
    if not allowed:
        return "write a plain number, without a unit"
    return f"write a number and one of {', '.join(allowed)}, for example '120 {allowed[0]}'"


def _read_number(raw: object, quantity: str) -> float:
    if raw is None:
        raise ValueError(f"no value: {_how(quantity)}")
    if isinstance(raw, (list, dict)):
        # pydantic collects a ValueError and lets a TypeError through
        raise ValueError(f"a list or mapping in the place of a number: {_how(quantity)}")
    if str(raw).strip().lower().lstrip("+-.").split(" ")[0] in ("nan", "inf", "infinity"):
        raise ValueError(f"{str(raw)!r} is not a finite number: {_how(quantity)}")
    return units.read(raw, quantity)


def _read(raw: object, quantity: str) -> Input:
    if isinstance(raw, Input):
        return raw
    if isinstance(raw, dict):
        return _read_mapping(raw, quantity)
    value = _read_number(raw, quantity)
    return Input(id="", value=value, quantity=quantity, kind=Kind.CHOICE, evidence=Evidence.ASSUMED)


def _read_mapping(raw: dict[str, Any], quantity: str) -> Input:
    for key, word in raw.items():
        if key not in _KEYS:
            if word is None and " " in key:  # {note: one, two} has a key 'two'
                raise BadKey(key, "unknown key of a number: put text that has a comma in quotation marks")
            raise BadKey(key, f"unknown key of a number; {nearest(key, _KEYS)}")
    if "value" not in raw:
        raise ValueError(f"a number written as a mapping needs 'value': {_how(quantity)}")
    found: dict[str, float] = {}
    for key in ("value", "low", "high"):
        if key in raw:
            try:
                number = _read_number(raw[key], quantity)
            except ValueError as error:
                raise BadKey(key, str(error)) from None
            # '700 mW' beside '0.7 W' differs in the last bit and means the same
            first = found.get("value", number)
            found[key] = first if math.isclose(number, first, rel_tol=1e-12) else number
    value, low, high = found["value"], found.get("low"), found.get("high")
    if (low is None) != (high is None):
        raise ValueError("write both low and high, or neither")
    if low is not None and high is not None and not low <= value <= high:
        raise ValueError("out of order: write low, value and high with low <= value <= high")
    kind = Kind(_word(raw, "kind", _KINDS, Kind.CHOICE if low is None else Kind.UNCERTAIN))
    known = Evidence.PUBLISHED if raw.get("source") else Evidence.ASSUMED
    evidence = Evidence(_word(raw, "evidence", _EVIDENCES, known))
    if kind is not Kind.CHOICE and low is None:
        raise ValueError(f"a number of kind {kind} needs low and high (its 5 % and 95 % points)")
    return Input(
        id="", value=value, quantity=quantity, kind=kind, evidence=evidence, low=low, high=high,
        source=_text(raw, "source"), year=_year(raw), where=_text(raw, "where"), note=_text(raw, "note"),
    )  # fmt: skip


def _word(raw: dict[str, Any], key: str, known: tuple[str, ...], default: str) -> str:
    word = raw.get(key)
    if word is None:
        return default
    if word not in known:
        raise BadKey(key, f"unknown {key} {word!r}; {nearest(str(word), known)}")
    return str(word)


def _text(raw: dict[str, Any], key: str) -> str:
    word = raw.get(key)
    if word is not None and not isinstance(word, str):
        raise BadKey(key, f"{word!r}: write text, in quotation marks where it looks like a number")
    return word or ""


def _year(raw: dict[str, Any]) -> int | None:
    year = raw.get("year")
    if year is None:
        return None
    if isinstance(year, bool) or not isinstance(year, int) or not 1800 <= year <= 2200:
        raise BadKey("year", f"{year!r}: write the year of the source, for example 2024")
    return year


def _lowest(item: Input) -> float:
    return item.value if item.low is None else item.low


def _more_than_zero(item: Input) -> None:
    if _lowest(item) <= 0.0:
        raise ValueError(f"must be more than 0{_and_its_low(item)}")


def _zero_or_more(item: Input) -> None:
    if _lowest(item) < 0.0:
        raise ValueError(f"must be 0 or more{_and_its_low(item)}")


def _above_absolute_zero(item: Input) -> None:
    if _lowest(item) <= 0.0:
        raise ValueError(f"must be above absolute zero, -{_KELVIN_AT_0_DEGC} degC{_and_its_low(item)}")


def _around_one(item: Input) -> None:
    _more_than_zero(item)
    low = item.value if item.low is None else item.low
    high = item.value if item.high is None else item.high
    if not low <= 1.0 <= high:
        raise ValueError(
            f"is a factor on the stated values and must bracket 1, not {low:g} to {high:g}; "
            "for example {value: 1, low: 0.8, high: 1.3}"
        )


def _anything(item: Input) -> None:
    """Signs are the user's business here."""


def _and_its_low(item: Input) -> str:
    return ", and so must its low" if item.low is not None and item.low < item.value else ""


def _schema(quantity: str) -> dict[str, Any]:
    allowed = units.QUANTITIES[quantity][1]
    if allowed:
        names = "|".join(_escaped(name) for name in allowed)
        plain: dict[str, Any] = {
            "type": "string",
            "description": f"a number and one of: {', '.join(allowed)}",
            "pattern": rf"^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*({names})\s*$",
            "examples": [f"120 {allowed[0]}"],
        }
    else:
        plain = {"type": "number", "description": "a plain number, without a unit"}
    word = {"type": "string"}
    full = {
        "type": "object",
        "description": "a number with its band, kind and origin",
        "properties": {
            "value": plain,
            "low": {**plain, "description": "5 % point, or the least that a choice may be"},
            "high": {**plain, "description": "95 % point, or the most that a choice may be"},
            "kind": {
                "enum": list(_KINDS),
                "description": "choice: the designer may move it; uncertain: not known better; "
                "variation: differs from part to part",
            },
            "evidence": {"enum": list(_EVIDENCES), "description": "best first"},
            "source": {**word, "description": "who says so"},
            "year": {"type": "integer", "description": "of the source"},
            "where": {**word, "description": "page, table or figure in the source"},
            "note": word,
        },
        "required": ["value"],
        "additionalProperties": False,
    }
    return {"anyOf": [plain, full]}


def _escaped(name: str) -> str:
    """The unit as part of a regular expression that ECMAScript and Python both read."""
    return "".join(f"\\{letter}" if letter in "()/." else letter for letter in name)


@dataclass(frozen=True, slots=True)
class Written:
    """Tells pydantic that an Input is written as text with one of the quantity's units, or as a mapping."""

    quantity: str
    check: Callable[[Input], None] = _more_than_zero

    def read(self, raw: object) -> Input:
        """The Input that `raw` means; ValueError says how to write it."""
        item = _read(raw, self.quantity)
        try:
            self.check(item)
        except ValueError as error:
            shown = raw.get("value") if isinstance(raw, dict) else raw
            raise ValueError(f"{shown}: {error}") from None
        return item

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> CoreSchema:
        return no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: object) -> dict[str, Any]:
        return _schema(self.quantity)


Number = Annotated[Input, Written("number")]
Factor = Annotated[Input, Written("number", _around_one)]
Length = Annotated[Input, Written("length")]
Area = Annotated[Input, Written("area")]
Mass = Annotated[Input, Written("mass")]
Power = Annotated[Input, Written("power", _zero_or_more)]
Temperature = Annotated[Input, Written("temperature", _above_absolute_zero)]
TemperatureDifference = Annotated[Input, Written("temperature_difference")]
Conductivity = Annotated[Input, Written("conductivity")]
FilmCoefficient = Annotated[Input, Written("film_coefficient", _zero_or_more)]
Expansion = Annotated[Input, Written("expansion", _anything)]
Bandwidth = Annotated[Input, Written("bandwidth")]
ComputeRate = Annotated[Input, Written("compute_rate")]
BytesPerOp = Annotated[Input, Written("bytes_per_op", _zero_or_more)]
Cost = Annotated[Input, Written("cost")]
Voltage = Annotated[Input, Written("voltage")]
Frequency = Annotated[Input, Written("frequency")]
Duration = Annotated[Input, Written("time")]
Dose = Annotated[Input, Written("dose", _zero_or_more)]
Pressure = Annotated[Input, Written("pressure", _zero_or_more)]
MassFlow = Annotated[Input, Written("mass_flow")]
Acceleration = Annotated[Input, Written("acceleration", _zero_or_more)]
AccelerationDensity = Annotated[Input, Written("acceleration_density", _zero_or_more)]
RatioDb = Annotated[Input, Written("ratio_db", _anything)]
RatioSlope = Annotated[Input, Written("ratio_slope", _anything)]
Ratio = Annotated[Input, Written("number")]
Data = Annotated[Input, Written("data")]
