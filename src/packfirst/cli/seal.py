"""packfirst seal: a cavity's leak, what a helium bomb shows of it, and how long it stays dry."""

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packfirst.cli.catalog import AsJson, Overlays
from packfirst.errors import InputError

if TYPE_CHECKING:
    from packfirst.disciplines.qualification.hermeticity.dryness import Climate

_DAY_S = 86400.0
_HOUR_S = 3600.0
# Letters of method 1014 that this command can speak of: those of a helium bomb.
_HELIUM = ("A1", "A2")


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command("seal")(seal)


def seal(
    program: Annotated[
        Path | None, typer.Argument(help="A Program, whose cavity and mission are taken.", show_default=False)
    ] = None,
    key: Annotated[str | None, typer.Option(help="Key of a candidate, as a study lists it.")] = None,
    technology: Annotated[str | None, typer.Option(help="A technology by itself.")] = None,
    volume: Annotated[str | None, typer.Option(help="Free volume of the cavity, '0.04 cm3'.")] = None,
    leak: Annotated[
        str | None, typer.Option(help="Standard air leak, '5e-8 atm cm3/s'; default the limit of TM1014.")
    ] = None,
    temperature: Annotated[str, typer.Option(help="Of the climate.")] = "25 degC",
    humidity: Annotated[float, typer.Option(help="Relative humidity of the climate, 0 to 1.")] = 0.5,
    getter: Annotated[str | None, typer.Option(help="Water that a getter takes up, '1 mg'.")] = None,
    condition: Annotated[
        str, typer.Option(help="Condition of TM1014: A1 (fixed bomb) or A2 (yours).")
    ] = "A1",
    bomb: Annotated[
        str | None, typer.Option(help="Helium pressure, absolute, '5.1 atm'; default as A1.")
    ] = None,
    bomb_time: Annotated[str | None, typer.Option(help="Time in the bomb, '2 hour'; default as A1.")] = None,
    dwell: Annotated[str | None, typer.Option(help="From bomb to reading, '1 hour'; default as A1.")] = None,
    reading: Annotated[
        str | None, typer.Option(help="A helium reading, '1e-8 atm cm3/s': which leaks give it?")
    ] = None,
    space: Annotated[bool, typer.Option("--space", help="The tightened limits of class K.")] = False,
    overlay: Overlays = None,
    as_json: AsJson = False,
) -> None:
    """Leak, bomb and dryness of a sealed cavity: both roots of a reading, and days to 5000 ppmv of water."""
    from packfirst.cli.files import to_json
    from packfirst.disciplines.qualification.hermeticity.dryness import Climate
    from packfirst.disciplines.qualification.hermeticity.ingress import outside_atm

    if not 0.0 <= humidity <= 1.0:
        raise InputError.one("--humidity", f"{humidity:g}: write a share from 0 to 1, for example 0.5")
    warm = _read("--temperature", temperature, "temperature")
    held = outside_atm(warm, humidity)
    climate = Climate(outside_atm=(float(held),), length_s=(_DAY_S * 365.25,))
    getter_kg = 0.0 if getter is None else _read("--getter", getter, "mass")
    told: dict[str, Any] = {}
    if program is not None:
        told, found, climate, getter_kg = _of_program(program, key, technology, overlay, climate, getter_kg)
        volume_m3 = found if volume is None else _read("--volume", volume, "volume")
    elif volume is None:
        raise InputError.one("--volume", "give the free volume of the cavity, '0.04 cm3', or a Program")
    else:
        volume_m3 = _read("--volume", volume, "volume")
    told |= _answer(
        volume_m3, leak, climate, getter_kg, (condition, bomb, bomb_time, dwell), reading, space=space
    )
    if as_json:
        typer.echo(to_json(told))
    else:
        _print(told)


def _of_program(
    program: Path, key: str | None, technology: str | None, overlay: list[Path] | None, climate: "Climate",
    getter_kg: float,
) -> "tuple[dict[str, Any], float, Climate, float]":  # fmt: skip
    from packfirst.cli.files import read
    from packfirst.cli.qualify import case_of
    from packfirst.disciplines.qualification.limits import construction_of
    from packfirst.disciplines.qualification.properties import climate_of, outgassed_ppmv

    described, catalog = read(program, overlay or ())
    case = case_of(program, described, catalog, key, technology)
    _, cavity, how = construction_of(case)
    candidate = case.architecture.candidate
    if cavity is None:
        raise InputError.one(
            str(program), f"{candidate.carrier} has no sealed cavity: MIL-STD-883 TM1014 has nothing to test"
        )
    told = {
        "candidate": candidate.describe(), "lid_seal": None if how is None else how.id,
        "seal_perimeter_mm": cavity.perimeter_m * 1e3,
        "outgassed_ppmv": outgassed_ppmv(catalog, candidate.lid_interface, cavity),
    }  # fmt: skip
    quality = described.quality
    if quality is not None and quality.getter is not None:
        getter_kg = quality.getter.value
    return told, cavity.volume_m3, climate_of(described) or climate, getter_kg


def _answer(
    volume_m3: float, leak: str | None, climate: "Climate", getter_kg: float,
    test: tuple[str, str | None, str | None, str | None],
    reading: str | None, *, space: bool,
) -> dict[str, Any]:  # fmt: skip
    from packfirst.disciplines.qualification.hermeticity import howl_mann, leak_units
    from packfirst.disciplines.qualification.hermeticity.dryness import dry_time_s, leak_limit
    from packfirst.disciplines.qualification.hermeticity.ingress import content_ppmv

    if not volume_m3 > 0.0:
        raise InputError.one(
            "--volume",
            "MIL-STD-883 TM1014: a cavity of zero volume holds no tracer gas and has no leak limit",
        )
    limit = leak_limit(volume_m3, space=space)
    rate = limit.value if leak is None else _leak("--leak", leak)
    if rate <= 0.0:
        raise InputError.one("--leak", f"{leak!r}: a leak rate is more than zero")
    bomb, bomb_source = _bomb(test, volume_m3)
    read = float(howl_mann.reading_atm_cm3_s(rate, volume_m3, bomb))
    peak, top = (float(x) for x in howl_mann.highest_reading(volume_m3, bomb))
    asked = read if reading is None else _leak("--reading", reading)
    roots = howl_mann.leaks_of_reading(asked, volume_m3, bomb) if asked > 0.0 else None
    dry = dry_time_s(rate, volume_m3, climate)
    with_getter = dry_time_s(rate, volume_m3, climate, getter_kg) if getter_kg > 0.0 else None
    mean = sum(o * t for o, t in zip(climate.outside_atm, climate.length_s, strict=True)) / climate.life_s
    return {
        "volume_cm3": volume_m3 * 1e6,
        "limit_atm_cm3_s": limit.value, "limit_status": limit.status, "limit_source": limit.source,
        "leak": {
            unit: float(leak_units.from_pa_m3_per_s(leak_units.to_pa_m3_per_s(rate, "atm cm3/s"), unit))
            for unit in leak_units.UNITS
        },
        "leak_of_gas_atm_cm3_s": {gas: float(leak_units.of_gas(rate, gas)) for gas in ("helium", "water", "nitrogen")},
        "bomb": {
            "pressure_atm": float(bomb.pressure_atm),
            "time_h": float(bomb.time_s) / _HOUR_S,
            "dwell_h": float(bomb.dwell_s) / _HOUR_S,
            "from": bomb_source,
        },
        "reading_of_leak_atm_cm3_s": read,
        "highest_reading": {"leak_atm_cm3_s": _finite(peak), "reading_atm_cm3_s": _finite(top)},
        "reading_atm_cm3_s": asked,
        "possible": bool(roots is not None and roots.possible),
        "fine_root_atm_cm3_s": None if roots is None else _finite(float(roots.fine)),
        "gross_root_atm_cm3_s": None if roots is None else _finite(float(roots.gross)),
        "gross_is_viscous": bool(roots is not None and float(roots.gross) > howl_mann.VALID["leak_atm_cm3_s"][1]),
        "outside_water_atm": mean,
        "dry_days": _finite(dry / _DAY_S),
        "dry_days_with_getter": None if with_getter is None else _finite(with_getter / _DAY_S),
        "mission_days": climate.life_s / _DAY_S,
        "water_after_a_year_ppmv": float(content_ppmv(rate, volume_m3, mean, 365.25 * _DAY_S)),
    }  # fmt: skip


def _bomb(test: tuple[str, str | None, str | None, str | None], volume_m3: float) -> tuple[Any, str]:
    """The helium bomb: as given, the rest as condition A1 has it for the volume."""
    from packfirst.disciplines.qualification.hermeticity import howl_mann
    from packfirst.disciplines.qualification.hermeticity.bomb import PSI_ATM
    from packfirst.disciplines.qualification.hermeticity.dryness import leak_rows
    from packfirst.disciplines.qualification.standard_tables import fixed_bomb

    condition, pressure, time, dwell = test
    known = _letters()
    if condition not in known:
        raise InputError.one(
            "--condition", f"MIL-STD-883 TM1014 has no condition {condition!r}; it has {', '.join(known)}"
        )
    if condition not in _HELIUM:
        raise InputError.one(
            "--condition", f"{condition} of MIL-STD-883 TM1014 is no helium bomb; write A1 or A2"
        )
    given = (pressure, time, dwell)
    try:
        fixed = None if all(given) else fixed_bomb(leak_rows(), volume_m3)
    except ValueError as error:
        raise InputError.one("--bomb", f"{error}: give --bomb, --bomb-time and --dwell") from None
    row = {} if fixed is None else {name: item.value for name, item in fixed.items()}
    made = howl_mann.Bomb(
        pressure_atm=_read("--bomb", pressure, "pressure") / 101325.0
        if pressure
        else row["pressure"] * PSI_ATM,
        time_s=_read("--bomb-time", time, "time") if time else row["time"] * _HOUR_S,
        dwell_s=_read("--dwell", dwell, "time") if dwell else row["dwell"] * _HOUR_S,
    )
    if not (float(made.pressure_atm) > 0.0 and float(made.time_s) > 0.0 and float(made.dwell_s) >= 0.0):  # type: ignore[arg-type]
        raise InputError.one("--bomb", "the bomb needs pressure and time, and the dwell must not be negative")
    status = "" if fixed is None else f"TM1014 condition A1, {fixed['pressure'].status} row"
    return made, status if not any(given) else (f"given, the rest {status}" if status else "given")


def _letters() -> tuple[str, ...]:
    from packfirst.catalog import load_catalog

    return tuple(
        row.word("letter") for row in load_catalog().record("method", "mil_std_883_1014").table("conditions")
    )


def _read(name: str, text: str, quantity: str) -> float:
    from packfirst import units

    try:
        return units.read(text, quantity)
    except ValueError as error:
        raise InputError.one(name, str(error)) from None


def _leak(name: str, text: str) -> float:
    """A leak rate in atm cm3/s from text with one of the units of leaks."""
    from packfirst.disciplines.qualification.hermeticity import leak_units

    found = re.fullmatch(r"\s*([-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?)\s+(\S.*?)\s*", text)
    if found is None or found[2] not in leak_units.UNITS or found[1].count(".") > 1:
        raise InputError.one(name, f"{text!r}: write a number and one of {', '.join(leak_units.UNITS)}")
    value = leak_units.to_pa_m3_per_s(float(found[1]), found[2])
    rate = float(leak_units.from_pa_m3_per_s(value, "atm cm3/s"))
    if not math.isfinite(rate) or rate < 0.0:
        raise InputError.one(name, f"{text!r}: a leak rate is a finite number, not negative")
    return rate


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _print(told: dict[str, Any]) -> None:
    def days(value: float | None) -> str:
        if value is None:
            return "never"
        return f"{value:.1f} days" if value < 730.0 else f"{value / 365.25:.1f} years"

    for name in ("candidate", "lid_seal"):
        if told.get(name):
            typer.echo(f"{name.replace('_', ' ')}: {told[name]}")
    leak, bomb = told["leak"], told["bomb"]
    typer.echo(f"free volume                {told['volume_cm3']:.4g} cm3")
    typer.echo(
        f"limit of the seal test     {told['limit_atm_cm3_s']:.1e} atm cm3/s of air, TM1014 by volume "
        f"({told['limit_status']} row)"
    )
    typer.echo(
        f"leak                       {leak['atm cm3/s']:.3g} atm cm3/s of air = {leak['Pa m3/s']:.3g} Pa m3/s; helium "
        f"{told['leak_of_gas_atm_cm3_s']['helium']:.3g}, water {told['leak_of_gas_atm_cm3_s']['water']:.3g} atm cm3/s"
    )
    typer.echo(
        f"helium bomb                {bomb['pressure_atm']:.3g} atm for {bomb['time_h']:g} h, read after "
        f"{bomb['dwell_h']:g} h ({bomb['from']})"
    )
    typer.echo(f"that leak then reads       {told['reading_of_leak_atm_cm3_s']:.3g} atm cm3/s of helium")
    if not told["possible"]:
        typer.echo(
            f"a reading of {told['reading_atm_cm3_s']:.3g}   is more than any leak gives with this bomb and cavity"
        )
    else:
        gross = told["gross_root_atm_cm3_s"]
        tail = "none, without a dwell" if gross is None else f"{gross:.3g} atm cm3/s of air"
        viscous = " (beyond molecular flow: read it as gross)" if told["gross_is_viscous"] else ""
        typer.echo(
            f"a reading of {told['reading_atm_cm3_s']:.3g}   means a fine leak of {told['fine_root_atm_cm3_s']:.3g} "
            f"or a gross one of {tail}{viscous}: only a gross-leak test tells them apart"
        )
    typer.echo(
        f"5000 ppmv of water after   {days(told['dry_days'])} in a climate of "
        f"{told['outside_water_atm']:.3g} atm of vapour"
    )
    if told["dry_days_with_getter"] is not None:
        typer.echo(f"with the getter            {days(told['dry_days_with_getter'])}")
    if told.get("outgassed_ppmv") is not None:
        typer.echo(
            f"water from the die attach  {told['outgassed_ppmv']:.0f} ppmv, from an assumed share of its mass"
        )
    typer.echo(
        "Passing the seal test is not dryness for life. A near-hermetic lid (epoxy) goes by a class without a seal "
        "test: 'packfirst qualify' names it."
    )
