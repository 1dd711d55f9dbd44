"""How a technology is put together: which face the die shows, what carries it, what covers it, where the heat leaves.

Read off the record's own class, first-level interconnect and thicknesses, so that a technology of a user's overlay is
built like the ones of its class without a line of code.
"""

from dataclasses import dataclass

from packfirst.catalog.record import Record

# Material of the sheet between die and base, by class. A moulded redistribution layer with bridges in it is one body.
_SHEETS = {
    "silicon_interposer": "material/si",
    "glass_interposer": "material/glass_en_a1",
    "rdl_interposer": "material/rdl_effective",
    "fan_out": "material/rdl_effective",
    "bridge": "material/molded_rdl_interposer_effective",
}
_LAMINATED = ("buildup", "glass_core", "bridge", "silicon_interposer", "rdl_interposer", "glass_interposer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Construction:
    """The parts that a technology's assembly tree has."""

    face: str  # down: circuits towards the carrier, as bumps want it; up: wire-bonded
    first: str  # bumps, attach
    sheet: str  # material of a sheet between die and base, "" for none
    bridges: bool
    base: str  # laminate, ceramic, leadframe, housing, carrier (a bare ceramic), none
    cover: str  # lid: a plate on the die; bare: the die's own back; mould; cavity: gas under a sealed lid
    sink: str  # top, bottom: where the thermal path is attached
    terminals: str  # balls, columns, lands, none

    @property
    def interface_use(self) -> str:
        """Which interfaces of the catalog stand first in its heat path; "" where the die is cast in."""
        if self.face == "up":
            return "die_attach"
        return {"lid": "tim1", "bare": "tim1_bare_die"}.get(self.cover, "")


def construction(technology: Record) -> Construction:
    """The Construction of a carrier technology."""
    kind = technology.word("class")
    face = "up" if technology.listed("first_level_interconnect")[0] == "wire_bond" else "down"
    return Construction(
        face=face,
        first="attach" if face == "up" else "bumps",
        sheet=_sheet(technology, kind),
        bridges=kind == "bridge",
        base=_base(technology, kind),
        cover=_cover(technology, kind, face),
        sink="bottom" if face == "up" and kind in ("ceramic", "metal_housing", "ceramic_carrier") else "top",
        terminals=_terminals(technology, kind),
    )


def _sheet(technology: Record, kind: str) -> str:
    if kind == "bridge" and "thickness_interposer" not in technology:
        return ""  # the bridges lie in the laminate itself
    return _SHEETS.get(kind, "")


def _base(technology: Record, kind: str) -> str:
    if kind in _LAMINATED or (kind == "fan_out" and "c4_bump_height" in technology):
        return "laminate"
    return {
        "laminate": "laminate", "embedded": "laminate", "ceramic": "ceramic", "leadframe": "leadframe",
        "metal_housing": "housing", "ceramic_carrier": "carrier",
    }.get(kind, "none")  # fmt: skip


def _cover(technology: Record, kind: str, face: str) -> str:
    if face == "up":
        return {"ceramic": "cavity", "metal_housing": "cavity", "ceramic_carrier": "bare"}.get(kind, "mould")
    if "thickness_lid" in technology:
        return "lid"
    return "mould" if kind in ("fan_out", "laminate", "embedded") else "bare"


def _terminals(technology: Record, kind: str) -> str:
    if "column_height" in technology:
        return "columns"
    return {"leadframe": "lands", "ceramic": "lands", "metal_housing": "none", "ceramic_carrier": "none"}.get(
        kind, "balls"
    )
