"""JEDEC metrics and structure functions of a candidate: its Package handed to the models as parts and sources."""

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packfirst.cli.thermal_cases import NotSolved
from packfirst.errors import InputError, nearest

Floats = NDArray[np.float64]

JEDEC_CELL_M = 1.5e-3
SHEET_M = 10e-6  # of a logic die, in which its heat is set free
_UNTIL_S, _RESOLUTION = 3000.0, 5e-4


def jedec_of(case: Any) -> Any:
    """Metrics of the package without its thermal path, on its JEDEC board; one row and column for each die.

    Raises
    ------
    InputError
        A package that is bolted down and has no joints to a board.
    NotSolved
    """
    from packfirst.disciplines.thermal import conduction, jedec
    from packfirst.disciplines.thermal.properties import conductivity

    package = case.package
    if not package.of_role("board"):
        raise InputError.one(
            "--jedec", "this package is bolted to its carrier: JEDEC's boards do not apply to it"
        )
    parts = [
        jedec.Part(box_m=body.box_m, in_plane=k.in_plane, through=k.through)
        for body in package.bodies
        if body.role != "board"
        for k in [conductivity(body, package.field_of(body.id), case.program, case.catalog)]
        if k.through > 0.0
    ]
    sources = []
    for die in package.die:
        x0, x1, y0, y1, z0, z1 = package.body(die.body).box_m
        if die.part:
            owned = [b.box_m for b in package.of_role("die") if b.owner == die.id]
            z0, z1 = min(box[4] for box in owned), max(box[5] for box in owned)
        else:
            sheet = min(SHEET_M, 0.25 * (z1 - z0))
            z0, z1 = (z0, z0 + sheet) if die.face == "down" else (z1 - sheet, z1)
        sources.append(jedec.Source(name=die.id, box_m=(x0, x1, y0, y1, z0, z1)))
    print(f"three environments, {len(sources)} die ...", file=sys.stderr, flush=True)
    try:
        return jedec.metrics(parts, sources, cell_m=JEDEC_CELL_M, case_face=package.sink.face)
    except conduction.NotConverged as failure:
        raise NotSolved(str(failure)) from None


def structure_of(case: Any, rung: str, die: str) -> tuple[Floats, Floats, Any]:
    """Times, impedance and ladder of a die heated alone in the package as the Program cools it.

    Raises
    ------
    InputError
        No such die.
    NotSolved
    """
    from packfirst.disciplines.thermal import capacities, conduction, limits, structure_function, transient

    package = case.package
    names = [item.id for item in package.die]
    if die not in names:
        raise InputError.one("--structure", f"no die {die!r} in this candidate; {nearest(die, names)}")
    setting = limits.setting_of(case, rung)
    problem = setting.prepared.problem
    per_volume = np.array(
        [capacities.capacity_j_per_m3_k(b, package.field_of(b.id), case.catalog) for b in package.bodies]
        + [0.0]
    )
    power = np.zeros(setting.label.size)
    power[setting.active[die]] = setting.share[die]
    cells, share = setting.active[die], setting.share[die]

    def mean(field: Floats) -> Floats:
        return np.asarray((field.ravel()[cells] * share).sum())

    print(f"impedance of {die} on {power.size} cells ...", file=sys.stderr, flush=True)
    try:
        time, z_th = transient.impedance(
            problem, per_volume[setting.label] * problem.mesh.volume_m3, power.reshape(setting.label.shape), mean,
            _UNTIL_S, resolution=_RESOLUTION,
        )  # fmt: skip
    except (conduction.NotConverged, conduction.NoPathOut, transient.StepFailed) as failure:
        raise NotSolved(str(failure)) from None
    return time, z_th, structure_function.ladder(structure_function.spectrum(time, z_th))
