"""Look-up in a standard's tables: the rows that it prints, and nothing between them.

The tables arrive as rows of text; every answer brings the status and the source of its row along.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Rows = Sequence[Mapping[str, str]]
CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A value as a standard prints it, with how far its copy can be trusted."""

    value: float
    unit: str
    status: str  # confirmed, secondary, unconfirmed
    source: str


def read_rows(text: str) -> tuple[dict[str, str], ...]:
    """Rows of a table in CSV text, lines that begin with # left out.

    Raises
    ------
    ValueError
        A row with more or fewer cells than the head.
    """
    reader = csv.DictReader(io.StringIO("".join(x for x in text.splitlines(True) if not x.startswith("#"))))
    rows = tuple(reader)
    for number, row in enumerate(rows, start=1):
        if None in row or None in row.values():
            raise ValueError(f"row {number} of the table has not as many cells as its head")
    return rows


def sample_size(rows: Rows, series_percent: float, accept: int) -> Printed:
    """Sample of MIL-PRF-38535 table D-I (``ltpd.csv``).

    Raises
    ------
    ValueError
        A series or accept number that the table does not print.
    """
    for row in rows:
        if float(row["series_percent"]) == series_percent and int(row["accept_c"]) == accept:
            # no document is the source of a whole row; a size may have been seen in one
            seen = row["seen_as"]
            return Printed(
                value=float(row["n_table_D_I"]), unit="parts", status=row["status"], source=seen or "recalled"
            )
    series = sorted({float(row["series_percent"]) for row in rows})
    raise ValueError(
        f"MIL-PRF-38535 table D-I has no series {series_percent:g} with accept number {accept}; "
        f"series {', '.join(f'{s:g}' for s in series)}, accept 0 to {max(int(r['accept_c']) for r in rows)}"
    )


CLASS_COLUMNS = {
    "S": "hours_class_S_V", "V": "hours_class_S_V", "B": "hours_class_B_Q_H", "Q": "hours_class_B_Q_H",
    "H": "hours_class_B_Q_H", "K": "hours_class_K",
}  # fmt: skip


def required_hours(rows: Rows, method: str, quality_class: str, ambient_c: float) -> Printed:
    """Hours of burn-in (``burn_in.csv``, method 1015) or life test (``life_test.csv``, method 1005).

    Raises
    ------
    ValueError
        A class without a column, a temperature that is no row, or a row that is blank for the class.
    """
    if quality_class not in CLASS_COLUMNS:
        raise ValueError(
            f"method {method} table I has no class {quality_class!r}; {', '.join(CLASS_COLUMNS)}"
        )
    column = CLASS_COLUMNS[quality_class]
    allowed = [row for row in rows if row[column]]
    for row in allowed:
        if float(row["ambient_C"]) == ambient_c:
            # A row for hybrids only is no row for a monolithic part of class B or Q, which share the column of H.
            if row["conditions"] == "hybrids only" and quality_class not in ("H", "K"):
                break
            return _printed(row, column, "h")
    raise ValueError(
        f"method {method} table I has no row of {ambient_c:g} degC for class {quality_class}: "
        "only printed rows may be used"
    )


def pind_frequency_hz(rows: Rows, cavity_height_mil: float) -> Printed:
    """Shaker frequency of method 2020 table I.

    Raises
    ------
    ValueError
        A height that the table does not print.
    """
    return _exact(rows, "cavity_height_mil", cavity_height_mil, "frequency_Hz", "Hz", "method 2020 table I")


def dose_level_rad(rows: Rows, designator: str) -> Printed:
    """Dose of a radiation hardness letter, MIL-PRF-38535 3.4.3.

    Raises
    ------
    ValueError
        A letter that the document lacks.
    """
    for row in rows:
        if row["designator"] == designator:
            return _printed(row, "rad_Si", "rad(Si)")
    known = ", ".join(row["designator"] for row in rows if len(row["designator"]) == 1)
    raise ValueError(f"MIL-PRF-38535 3.4.3 has no radiation level {designator!r}; it has {known}")


def bond_pull_gf(rows: Rows, metal: str, diameter_mil: float, stage: str) -> Printed:
    """Minimum pull of a wire, method 2011 conditions C and D, or its nondestructive pull, method 2023.

    Parameters
    ----------
    stage : {"pre_seal", "post_seal", "nondestructive"}

    Raises
    ------
    ValueError
        A stage, metal or diameter that the table lacks.
    """
    columns = {
        "pre_seal": "min_gf_pre_seal", "post_seal": "min_gf_post_seal", "nondestructive": "nondestructive_2023_gf"
    }  # fmt: skip
    if stage not in columns:
        raise ValueError(f"no stage {stage!r}; {', '.join(columns)}")
    for row in rows:
        if row["metal"] == metal and row["diameter_mil"] and float(row["diameter_mil"]) == diameter_mil:
            found = _printed(row, columns[stage], "gf")
            if stage != "post_seal":
                return found
            return Printed(
                value=found.value, unit=found.unit, status=row["post_seal_status"], source=found.source
            )
    raise ValueError(f"method 2011 table I has no row for {metal} wire of {diameter_mil:g} mil")


def die_shear_kgf(area_m2: float, multiple: str = "1.0X") -> Printed:
    """Least force at which a die may come off, method 2019 figure 4, by its area.

    Parameters
    ----------
    area_m2 : float
        Of the die.
    multiple : {"1.0X", "2.0X"}
        1.25X is not offered: no copy that was read states it above the slope.

    Raises
    ------
    ValueError
        A die without area, or a multiple that the figure lacks.

    Notes
    -----
    In units of 1e-4 in^2: 0.04 kgf per unit (1.0X) from 5 to 64, then 2.5 kgf; the figure drops there from 2.56, so
    that points must not be joined across it. Below 5 units the same slope, and no less than the floor of 0.04 kgf.
    """
    factor = {"1.0X": 1.0, "2.0X": 2.0}.get(multiple)
    if factor is None:
        raise ValueError(f"method 2019 figure 4 as read has 1.0X and 2.0X, not {multiple!r}")
    if not area_m2 > 0.0:
        raise ValueError("the die has no area")
    units = area_m2 / (1e-4 * 0.0254**2)
    slope = 0.04 * max(units, 1.0) if units <= 64.0 * (1.0 + 1e-9) else 2.5
    return Printed(value=factor * slope, unit="kgf", status="secondary", source="S74")


def air_leak_limit_atm_cm3_s(rows: Rows, table: str, volume_m3: float) -> Printed:
    """Largest air leak by cavity volume, method 1014 (``leak_rates.csv``).

    Parameters
    ----------
    table : str
        Such as ``A2_flexible_new`` or ``tightened_space``.

    Raises
    ------
    ValueError
        A cavity of no volume, or a table without a band for it.
    """
    volume = _volume_cm3(volume_m3)
    for row in rows:
        if row["table"] != table or not row["reject_L_atm_cm3_s_air"]:
            continue
        top = float(row["vol_max_cm3"]) if row["vol_max_cm3"] else float("inf")
        if float(row["vol_min_cm3_exclusive"]) < volume <= top * (1.0 + 1e-12):
            return _printed(row, "reject_L_atm_cm3_s_air", "atm cm3/s air")
    raise ValueError(f"method 1014 has no air-leak limit for {volume:g} cm3 in table {table!r}")


def fixed_bomb(rows: Rows, volume_m3: float) -> Mapping[str, Printed]:
    """Condition A1 of method 1014: bomb pressure, time, dwell and reject rate by cavity volume.

    Raises
    ------
    ValueError
        A cavity of no volume, or larger than the table goes.
    """
    volume = _volume_cm3(volume_m3)
    for row in rows:
        if row["table"] == "A1_fixed" and (
            float(row["vol_min_cm3_exclusive"]) < volume <= float(row["vol_max_cm3"]) * (1.0 + 1e-12)
        ):
            return {
                "pressure": _printed(row, "bomb_psia", "psia"),
                "time": _printed(row, "bomb_hours_min", "h"),
                "dwell": _printed(row, "dwell_hours_max", "h"),
                "reject": _printed(row, "reject_R1_atm_cm3_s_He", "atm cm3/s He"),
            }
    raise ValueError(f"method 1014 condition A1 has no row for a cavity of {volume:g} cm3")


def moisture_level(rows: Rows, level: str) -> Mapping[str, str]:
    """Row of a moisture sensitivity level, J-STD-020.

    Raises
    ------
    ValueError
        A level that the standard lacks.
    """
    for row in rows:
        if row["level"] == level:
            return row
    raise ValueError(f"J-STD-020 has no level {level!r}; it has {', '.join(r['level'] for r in rows)}")


def screening_points(rows: Rows, group: str, *, plastic: bool) -> Printed:
    """Points of a screening group, MIL-HDBK-217F.

    Raises
    ------
    ValueError
        A group that the table lacks, or one that a plastic part can't pass.
    """
    for row in rows:
        if row["group"] == group:
            if plastic and row["plastic_ok"] != "yes":
                raise ValueError(f"screening group {group} of MIL-HDBK-217F needs a cavity, not plastic")
            return _printed(row, "points", "points")
    raise ValueError(
        f"MIL-HDBK-217F has no screening group {group!r}; it has {', '.join(r['group'] for r in rows)}"
    )


def _exact(rows: Rows, key: str, wanted: float, column: str, unit: str, where: str) -> Printed:
    for row in rows:
        if float(row[key]) == wanted:
            return _printed(row, column, unit)
    raise ValueError(
        f"{where} has no row {wanted:g}; it has {', '.join(row[key] for row in rows)}, and nothing between"
    )


def _printed(row: Mapping[str, str], column: str, unit: str) -> Printed:
    if not row[column]:
        raise ValueError(f"the table leaves {column} blank there")
    text = row[column].split()[0]
    return Printed(value=float(text), unit=unit, status=row["status"], source=row["source"])


def _volume_cm3(volume_m3: float) -> float:
    if not volume_m3 > 0.0:
        raise ValueError("method 1014: a cavity of zero volume holds no tracer gas and has no leak limit")
    return volume_m3 * 1e6
