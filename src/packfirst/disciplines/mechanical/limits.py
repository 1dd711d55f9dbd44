"""Mechanics of a package: flatness, stress of its die, life of its joints, and what shakes or presses it."""

from typing import TYPE_CHECKING

from packfirst.catalog.record import MissingDatum
from packfirst.disciplines.case import Case, Facts, Outcome, Screen, Table
from packfirst.limit import Identity, Limit, NotAssessed

if TYPE_CHECKING:
    from packfirst.disciplines.mechanical.response import Plate


class Mechanical:
    """The Package as a plate along its assembly, and its joints along the mission."""

    name = "mechanical"
    needs = ("temperature",)
    gives = ("warpage", "joint_life_years", "stress_keepout")

    def bounds(self, table: Table) -> Screen:
        from packfirst.disciplines.mechanical.bounds import screen

        return screen(table)

    def limits(self, case: Case, facts: Facts, rung: str) -> Outcome:
        from packfirst.disciplines.mechanical import (
            die_limits,
            joint_limits,
            shock_limits,
            warpage_limits,
            wire_limits,
        )
        from packfirst.disciplines.mechanical.response import plate_of

        identity = Identity(discipline=self.name, kind="warpage", subject="package")
        try:
            plate = plate_of(case, rung)
        except (MissingDatum, ValueError) as failure:
            missing = failure.input_id if isinstance(failure, MissingDatum) else str(failure)
            return Outcome(limits=(NotAssessed(identity=identity, missing=(missing,)),))
        answers: list[Limit | NotAssessed] = list(warpage_limits.limits(case, plate, rung))
        given = list(warpage_limits.facts([item for item in answers if isinstance(item, Limit)]))
        for found, told in (
            die_limits.limits(case, plate, rung), joint_limits.limits(case, plate, facts, rung)
        ):  # fmt: skip
            answers += found
            given += told
        answers += shock_limits.limits(case, rung)
        answers += wire_limits.limits(case, plate, rung)
        return Outcome(limits=tuple(answers), facts=tuple(given), details=_details(plate))


def _details(plate: "Plate") -> dict[str, object]:
    """Heights of the body's surface at room and reflow over an even grid, for whoever draws it. [m]"""
    from packfirst.disciplines.mechanical.warpage_limits import surface_m

    return {"plan_m": plate.plan_m, **{f"surface_{when}_m": surface_m(plate, when) for when in plate.to}}


DISCIPLINE = Mechanical()
