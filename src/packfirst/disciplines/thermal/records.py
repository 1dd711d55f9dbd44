"""What of a die's power is leakage, and where a power transistor sets its heat free, as Program and records say it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from packfirst.architecture.package import DiePlace
from packfirst.catalog import Catalog
from packfirst.catalog.record import Record
from packfirst.disciplines.case import Case
from packfirst.disciplines.thermal.gate_fingers import Layers, Transistor
from packfirst.inputs import Input


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaking:
    """The leakage of one kind of die: share of its power at a reference temperature, and the rise that doubles it."""

    share: Input
    doubling: Input
    reference: Input


def leaking(case: Case, die: DiePlace) -> Leaking | None:
    """How a die leaks; None where the Program does not say at which temperature its powers hold, or for bought die."""
    reference = case.program.accuracy.power_at
    if reference is None or die.part:
        return None
    node = case.catalog.record("node", die.node)
    share, doubling = node.get("leakage_share"), node.get("leakage_doubling")
    if share is None or doubling is None or share.value == 0.0:
        return None
    return Leaking(share=share, doubling=doubling, reference=reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingers:
    """The gate fingers of a bought die: every Input of them by the name that `transistor` knows it by."""

    part: Record
    inputs: Mapping[str, Input]

    @property
    def row_m(self) -> tuple[float, float]:
        """Length and width of the row of fingers."""
        return self.part["gate_fingers"] * self.part["finger_pitch"], self.part["finger_width"]


_FIELDS = (
    "gate_fingers",
    "finger_pitch",
    "finger_width",
    "heated_length",
    "buffer_thickness",
    "boundary_resistance",
)


def fingers(catalog: Catalog, die: DiePlace) -> Fingers | None:
    """The gate fingers of a die, or None where its record states none.

    Raises
    ------
    MissingDatum
        The record states fingers but not all that their temperature asks for.
    """
    if not die.part or "gate_fingers" not in catalog.record("part", die.part):
        return None
    part = catalog.record("part", die.part)
    own = catalog.record("material", part.word("material"))
    buffer = catalog.record("material", part.word("buffer_material"))
    inputs = {name: part.input(name) for name in _FIELDS}
    inputs["buffer_conductivity"] = buffer.input("conductivity")
    inputs["die_thickness"] = part.input("thickness")
    inputs["die_conductivity"] = own.input("conductivity")
    if "conductivity_z" in own:
        inputs["die_conductivity_z"] = own.input("conductivity_z")
    for name, record in (("buffer_exponent", buffer), ("die_exponent", own)):
        if "conductivity_exponent" in record:
            inputs[name] = record.input("conductivity_exponent")
    if "finger_heat_share" in part:
        inputs["finger_heat_share"] = part.input("finger_heat_share")
    return Fingers(part=part, inputs=inputs)


def transistor(found: Fingers, values: Mapping[str, float]) -> Transistor:
    """The transistor of some fingers at these values of their Inputs.

    A crystal that conducts better along its plane than through it is a thicker one that conducts alike both ways, with
    the geometric mean of the two.
    """
    flat = values["die_conductivity"]
    through = values.get("die_conductivity_z", flat)
    layers = Layers(
        thickness_m=np.array([values["buffer_thickness"], values["die_thickness"] * (flat / through) ** 0.5]),
        conductivity_w_per_m_k=np.array([values["buffer_conductivity"], (flat * through) ** 0.5]),
        exponent=np.array([values.get("buffer_exponent", 0.0), values.get("die_exponent", 0.0)]),
        contact_m2k_per_w=np.array([values["boundary_resistance"], 0.0]),
    )
    return Transistor(
        fingers=values["gate_fingers"], pitch_m=values["finger_pitch"], width_m=values["finger_width"],
        strip_m=values["heated_length"], layers=layers,
        definition=str(found.part.words.get("channel_definition", "peak")),
    )  # fmt: skip
