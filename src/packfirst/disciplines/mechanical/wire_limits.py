"""Wires of die that lie face up: heel fatigue over the mission, and their lean before the mould's front."""

from collections.abc import Iterator

import numpy as np

from packfirst.catalog.record import Record
from packfirst.disciplines.case import Case
from packfirst.disciplines.mechanical import ranges
from packfirst.disciplines.mechanical.fatigue import damage
from packfirst.disciplines.mechanical.records import rules
from packfirst.disciplines.mechanical.response import Plate
from packfirst.disciplines.mechanical.wires import flexure, sweep
from packfirst.inputs import Input
from packfirst.limit import Identity, Limit, NotAssessed

FLEX_MODEL, SWEEP_MODEL = "mechanical/wire_flexure", "mechanical/wire_sweep"
# Constants of the law are recalled and those of aluminium: a factor of three in life.
FLEX_SHARE = 1.2
SWEEP_SHARE = 0.5
_METAL = "au"
# A loop as long again by this share of its span where only its height over the span is known: two straight legs.
_STEP = 1e-3


def limits(case: Case, plate: Plate, rung: str) -> Iterator[Limit | NotAssessed]:
    """Of a technology with wires: heel fatigue where a mission is stated, lean where mould flows over them."""
    if case.architecture.construction.face != "up":
        return
    record = case.catalog.record("technology", case.architecture.candidate.carrier)
    names = ("wire_diameter", "wire_length", "loop_height")
    missing = tuple(f"catalog/technology/{record.id}/{name}" for name in names if name not in record)
    if case.program.mission is not None:
        identity = Identity(discipline="mechanical", kind="wire_flexure", subject="wires")
        yield (
            NotAssessed(identity=identity, missing=missing)
            if missing
            else _flexure(case, plate, rung, record, identity)
        )
    if case.architecture.cover.kind == "mould":
        identity = Identity(discipline="mechanical", kind="wire_sweep", subject="wires")
        lacking = tuple(name for name in missing if not name.endswith("loop_height"))
        yield (
            NotAssessed(identity=identity, missing=lacking)
            if lacking
            else _sweep(case, rung, record, identity)
        )


def _flexure(case: Case, plate: Plate, rung: str, record: Record, identity: Identity) -> Limit:
    """Share of the heel's life that the mission uses."""
    from packfirst.disciplines.mechanical.joint_limits import flat_growth_per_k

    mission = case.program.mission
    assert mission is not None
    metal = case.catalog.record("material", _METAL)
    x0, x1, y0, y1 = plate.plan_m
    base = flat_growth_per_k(plate, (x0, x1, y0, y1))
    segments = list(mission.segments.values())
    diameter, length, loop, growth = (
        *(record.input(name) for name in ("wire_diameter", "wire_length", "loop_height")), metal.input("expansion"),
    )  # fmt: skip

    def used(moved: Input | None = None, factor: float = 1.0) -> float:
        d, span, high, alpha = (
            item.value * (factor if moved is not None and item.id == moved.id else 1.0)
            for item in (diameter, length, loop, growth)
        )
        along = 2.0 * float(np.hypot(0.5 * span, high))
        swing = np.array([s.hot.value - s.cold.value for s in segments])
        strain = flexure.heel_strain(0.5 * d, span, along, base, alpha, swing)
        life = flexure.cycles(strain, **flexure.ALUMINIUM_25UM)
        return float(damage.miner_damage(np.array([s.cycles.value for s in segments]), life))

    share = used()
    slopes = {
        item.id: -(used(item, 1.0 + _STEP) - used(item, 1.0 - _STEP)) / (2.0 * _STEP * item.value)
        for item in (diameter, length, loop, growth)
    }
    return Limit(
        identity=identity, demand=share, capacity=1.0, unit="lives", hard=True, rung=rung, sensitivities=slopes,
        model=FLEX_MODEL, model_error=FLEX_SHARE * share,
        basis=("Hu, Pecht and Dasgupta 1991, constants of aluminium wire (recalled)", "Miner's sum"),
        explanation=f"the mission uses {share:.2g} of the life of a wire's heel",
    )  # fmt: skip


def _sweep(case: Case, rung: str, record: Record, identity: Identity) -> Limit | NotAssessed:
    """Lean of the longest usual wire against half the gap to its neighbour."""
    metal, rule = case.catalog.record("material", _METAL), rules(case.catalog)
    diameter, length = record.input("wire_diameter"), record.input("wire_length")
    velocity, viscosity = rule.input("mould_velocity_m_per_s"), rule.input("mould_viscosity_pa_s")
    pitch = rule.input("wire_pitch")
    density = case.catalog.record("material", "emc")["density"]

    def lean(span: float, d: float) -> float:
        force = sweep.drag_n_per_m(velocity.value, viscosity.value, d, density)
        return float(sweep.lean_m(force, span, metal["modulus"], d))

    found = lean(length.value, diameter.value)
    reynolds = density * velocity.value * diameter.value / viscosity.value
    missing = ranges.departures(sweep.VALID, {"reynolds": reynolds})
    if missing:
        return NotAssessed(identity=identity, missing=missing)
    room = 0.5 * (pitch.value - diameter.value)
    by_d = lean(length.value, diameter.value * (1.0 + _STEP)) - lean(
        length.value, diameter.value * (1.0 - _STEP)
    )
    slopes = {
        length.id: -4e6 * found / length.value,
        diameter.id: 1e6 * (-by_d / (2.0 * _STEP * diameter.value) - 0.5),
        velocity.id: -1e6 * found / velocity.value,
        viscosity.id: -1e6 * found / viscosity.value,
        pitch.id: 0.5e6,
    }  # fmt: skip
    return Limit(
        identity=identity, demand=1e6 * found, capacity=1e6 * room, unit="um", hard=False, rung=rung,
        sensitivities=slopes, model=SWEEP_MODEL, model_error=1e6 * SWEEP_SHARE * found,
        basis=("Lamb's drag of a slow flow across a cylinder; beam held at both ends",),
        explanation=(
            f"wires of {1e3 * length.value:.3g} mm lean by {1e6 * found:.0f} um before the mould; "
            f"half the gap to the next is {1e6 * room:.0f} um"
        ),
    )  # fmt: skip
