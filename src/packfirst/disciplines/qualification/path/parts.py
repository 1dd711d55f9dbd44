"""How many parts to build so that enough remain to ship: samples that are worn or gone, and what screens reject."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from packfirst.disciplines.qualification.path.network import lanes
from packfirst.disciplines.qualification.path.steps import Step
from packfirst.disciplines.qualification.sample_plans import accept_probability


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Parts of one plan.

    `build` is for the usual fallout, `build_least` and `build_most` for its band, `build_at_pda` for a lot that loses
    as much as still passes.
    """

    ship: int
    destroyed: int
    worn: int  # stressed in a sample: not shipped (assumed where the document does not say so)
    borrowed: int  # largest sample that goes back into the lot
    screened: int  # good parts that must come out of the screen
    build: int
    build_least: int
    build_most: int
    build_at_pda: int
    lot_passes: float  # probability that a lot of `build` passes its percent defective allowed
    elements: Mapping[str, int]  # die and other elements used up before assembly, by kind

    @property
    def consumed(self) -> int:
        """Parts that testing takes away."""
        return self.destroyed + self.worn


def parts(steps: Sequence[Step], ship: int, *, die_types: int = 1, wafers: int = 1) -> Parts:
    """Parts to build for a plan.

    Parameters
    ----------
    steps : sequence of Step
    ship : int
        Good parts that must remain, 0 for a qualification whose parts nobody ships.
    die_types, wafers : int
        Kinds of die, and wafers of each, for the samples of element evaluation.

    Raises
    ------
    ValueError
        A negative number of parts, or a sample of no parts.
    """
    if ship < 0 or die_types < 1 or wafers < 1:
        raise ValueError("parts to ship must not be negative, and a part has at least one die from one wafer")
    gone = {"keeps": 0, "stresses": 0, "destroys": 0}
    for phase, _, numbers in lanes(steps):
        if phase in ("screening", "element_evaluation"):
            continue
        taken = [steps[number] for number in numbers]
        size = max(_devices(step) for step in taken)
        if any(step.after for step in taken):
            size = max(size, 0)
        worst = max((step.fate for step in taken), key=("keeps", "stresses", "destroys").index)
        gone[worst] = max(gone[worst], size) if worst == "keeps" else gone[worst] + size
    screens = [step for step in steps if step.phase == "screening"]
    needed = ship + gone["stresses"] + gone["destroys"]
    # 116 parts or all of them: a sample that goes back asks for no more parts than there are
    survives = [
        float(np.prod([1.0 - _fallout(step, edge) for step in screens])) for edge in ("value", "low", "high")
    ]
    allowed = max((step.defects_allowed.value for step in screens if step.defects_allowed), default=0.0)
    build, least, most = (math.ceil(needed / max(share, 1e-9) * (1.0 - 1e-12)) for share in survives)
    at_pda = math.ceil(needed / max(survives[0] * (1.0 - allowed), 1e-9) * (1.0 - 1e-12))
    burn = max((step.effort.fallout.value for step in screens if step.effort.powered), default=0.0)
    return Parts(
        ship=ship, destroyed=gone["destroys"], worn=gone["stresses"], borrowed=min(gone["keeps"], needed),
        screened=needed, build=build, build_least=least, build_most=most, build_at_pda=max(at_pda, build),
        lot_passes=lot_passes(build, allowed, burn), elements=_elements(steps, die_types, wafers),
    )  # fmt: skip


def lot_passes(lot: int, defects_allowed: float, fraction_bad: float) -> float:
    """Probability that a lot stays within its percent defective allowed: that share, or one device, if greater. [-]

    References
    ----------
    .. [1] MIL-PRF-38535 A.4.6.1.2.
    """
    if lot < 1 or defects_allowed <= 0.0:
        return 1.0
    allowed = max(math.floor(defects_allowed * lot * (1.0 + 1e-12)), 1)
    return 1.0 if allowed >= lot else float(accept_probability(lot, allowed, fraction_bad))


def _devices(step: Step) -> int:
    if step.sample is not None and step.sample.value < 1.0:
        raise ValueError(
            f"{step.method or step.test}: a sample of no parts proves nothing; give at least one"
        )
    return step.devices


def _fallout(step: Step, edge: str) -> float:
    item = step.effort.fallout
    found = item.value if edge == "value" else (item.low if edge == "low" else item.high)
    return item.value if found is None else float(found)


def _elements(steps: Sequence[Step], die_types: int, wafers: int) -> dict[str, int]:
    """Elements that evaluation uses up, by kind; the samples of one kind go through its steps one after the other."""
    used: dict[str, int] = {}
    for step in steps:
        if step.phase != "element_evaluation" or not step.element or step.sample_text.startswith("100"):
            continue
        size = step.devices
        if "per wafer" in step.sample_text and "10" in step.sample_text:
            size = max(10, 3 * wafers)  # 10 or more, at least 3 of each wafer
        used[step.element] = max(used.get(step.element, 0), size)
    if "die" in used:
        used["die"] *= die_types
    return used
