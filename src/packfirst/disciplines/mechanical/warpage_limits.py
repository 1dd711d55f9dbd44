"""Flatness of the terminals at room and at reflow, from the plate, against the table by pitch."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.case import Case
from packfirst.disciplines.mechanical import ranges
from packfirst.disciplines.mechanical.records import REFLOW, ROOM, Flatness, flatness
from packfirst.disciplines.mechanical.response import Plate, reflow_mark
from packfirst.disciplines.mechanical.warpage import history, large_deflection, two_sheets
from packfirst.disciplines.mechanical.warpage.columns import BASE
from packfirst.limit import Fact, Identity, Limit, NotAssessed

Floats = NDArray[np.float64]
MODEL = "mechanical/warpage"
# One standard deviation of the model, without its inputs: relaxation of underfill and lid joint, the base's own shape
# on arrival, growth of moduli near the glass transition, slip in the adhesive. From the measured set and the solid
# models of the validation page: a third of the bow, and no part is flatter than its base came.
MODEL_SHARE = {"plan": 0.2, "sign": 0.2}
MODEL_FLOOR_M = {False: 15e-6, True: 25e-6}  # the second under a lid, which all but cancels a larger bow
BASIS = (
    "free two-sheet plate by Ritz's method, process-dependent stress-free temperatures, elastic",
    "peak to valley over the terminals as JESD22-B112 reads it (recalled)",
)
_POINTS = 13  # of a side of the field of terminals at which the surface is read
_GRID = 25  # of a side of the surface that a report draws
_SAID = {ROOM: "on delivery", REFLOW: "at the peak of its reflow"}


def limits(case: Case, plate: Plate, rung: str) -> Iterator[Limit | NotAssessed]:
    """One Limit at room, one at reflow; none for a body that is not soldered by an array of terminals."""
    if case.architecture.construction.terminals not in ("balls", "columns"):
        return
    for when in (ROOM, REFLOW):
        identity = Identity(discipline="mechanical", kind="warpage", subject="package", mode=when)
        row = flatness(when, case.package.terminals.pitch_m)
        outside = _thickness(plate)
        if row is None:
            pitch = case.package.terminals.pitch_m * 1e3
            yield NotAssessed(identity=identity, missing=(f"a limit of flatness at {pitch:g} mm pitch",))
        elif outside:
            yield NotAssessed(identity=identity, missing=outside)
        else:
            yield _limit(case, plate, rung, when, row, identity)


def facts(found: list[Limit]) -> Iterator[Fact]:
    """The bow at room and reflow, signed as the Limits' explanations say, for those that come later."""
    for limit in found:
        if limit.identity.kind == "warpage":
            slopes = {name: -slope for name, slope in limit.sensitivities.items()}
            yield Fact(
                name="warpage", subject="package", mode=limit.identity.mode, value=limit.demand * 1e-6,
                sensitivities={name: slope * 1e-6 for name, slope in slopes.items()},
            )  # fmt: skip


def _thickness(plate: Plate) -> tuple[str, ...]:
    x0, x1, y0, y1 = plate.plan_m
    z = plate.columns.z_m
    ratio = float(z[-1] - z[0]) / min(x1 - x0, y1 - y0)
    low, high = two_sheets.VALID["thickness_over_length"]
    # A lidded body is two thin plates: each by itself bends as one.
    return ranges.departures({"thickness_over_length": (low, 2.0 * high)}, {"thickness_over_length": ratio})


def field_m(case: Case, plate: Plate) -> tuple[Floats, Floats]:
    """Lines along x and y whose crossings lie over the field of terminals, within the body. [m]"""
    x0, x1, y0, y1 = plate.plan_m
    terminals = case.package.terminals
    half = [
        min(0.5 * (n - 1) * terminals.pitch_m, 0.5 * (b - a)) if n > 1 else 0.5 * (b - a)
        for n, a, b in ((terminals.columns, x0, x1), (terminals.rows, y0, y1))
    ]
    middle = (0.5 * (x0 + x1), 0.5 * (y0 + y1))
    x, y = (m + h * np.linspace(-1.0, 1.0, _POINTS) for m, h in zip(middle, half, strict=True))
    return x, y


def heights_m(plate: Plate, when: str, x_m: Floats, y_m: Floats) -> Floats:
    """Heights on the crossings of lines, over the plane that lies nearest to them, shape (n_x, n_y). [m]"""
    each = [two_sheets.deflection(trial, state, x_m, y_m) for trial, state in plate.summed(when)]
    return _apart(np.sum(each, axis=0), x_m, y_m)


def _apart(height: Floats, x_m: Floats, y_m: Floats) -> Floats:
    """What is left of heights on crossings when the nearest plane (least squares) is taken off.

    Lines are even about their middle, so that height, tilt along x and tilt along y are apart from each other.
    """
    x, y = x_m - x_m.mean(), y_m - y_m.mean()
    tilt_x, tilt_y = x @ height.mean(axis=1) / (x @ x), y @ height.mean(axis=0) / (y @ y)
    return np.asarray(height - height.mean() - tilt_x * x[:, np.newaxis] - tilt_y * y)


def bow_m(case: Case, plate: Plate, when: str) -> tuple[Floats, int, int]:
    """Heights over the field of terminals, and which crossing is highest and lowest; of equals the first. [m]"""
    height = heights_m(plate, when, *field_m(case, plate))
    flat, slack = height.ravel(), 1e-9 * float(np.ptp(height))
    return height, int(np.argmax(flat >= flat.max() - slack)), int(np.argmax(flat <= flat.min() + slack))


def surface_m(plate: Plate, when: str) -> Floats:
    """Heights over an even grid of the whole body, shape (25, 25), along x and y. [m]"""
    x0, x1, y0, y1 = plate.plan_m
    return heights_m(plate, when, np.linspace(x0, x1, _GRID), np.linspace(y0, y1, _GRID))


def stretched(plate: Plate, when: str, bow: float) -> tuple[float, bool]:
    """Share of a small bow that is left once bending both ways stretches the middle of the body; whether it may roll.

    The body as one plate of its mean stiffness, without its lid.
    """
    x0, x1, y0, y1 = plate.plan_m
    last = plate.to[when][-1]
    area = np.outer(np.diff(plate.columns.x_m), np.diff(plate.columns.y_m))
    weight = np.bincount(plate.columns.kind.ravel(), weights=area.ravel()) / area.sum()
    parts = np.einsum("l,lmk,mc->kc", weight, plate.columns.moments[BASE], last.matter.stiffness_pa)
    a, b, d = (np.array([[p[0], p[2]], [p[2], p[1]]]) for p in parts)
    bending = d - b @ np.linalg.solve(a, b)
    compliance = large_deflection.sheet_compliance(a, parts[0, 3])
    stretch = large_deflection.rectangle_stretch_n(x1 - x0, y1 - y0, compliance)
    # The bow of equal curvatures both ways that has this peak to valley.
    curvature = 8.0 * bow / ((x1 - x0) ** 2 + (y1 - y0) ** 2)
    settled = large_deflection.settle(curvature, curvature, bending, stretch)
    left = float(settled.curvature_x_per_m + settled.curvature_y_per_m) / (2.0 * curvature)
    return left, bool(settled.rolled)


def _limit(case: Case, plate: Plate, rung: str, when: str, row: Flatness, identity: Identity) -> Limit:
    x, y = field_m(case, plate)
    height, high, low = bow_m(case, plate, when)
    bow = float(np.ptp(height))
    # The plane is taken off by a projection, which is its own transpose.
    apart = np.zeros(height.shape)
    apart.ravel()[[high, low]] = 1.0, -1.0
    apart = _apart(apart, x, y)

    def between(trial: two_sheets.Basis) -> Floats:
        return two_sheets.weighed(trial, apart, x, y)

    slopes = plate.slopes(when, between)
    factor = 1.0
    flags: tuple[str, ...] = ()
    thin = float(
        np.ptp([z for body in plate.bodies if body.role == "laminate" for z in body.box_m[4:]] or [0.0])
    )
    if thin and bow / thin > history.VALID["bow_over_thickness"][1]:
        factor, rolled = stretched(plate, when, bow)
        flags = ("bent so far that it stretches: large deflection of its mean plate",)
        if rolled:
            flags = (*flags, "more than one shape is stable: it may snap")
    if not row.is_read:
        flags = (*flags, f"{row.document} is recalled, not read: it warns, and rejects nothing")
    bow *= factor
    floor = MODEL_FLOOR_M[plate.to[when][-1].lid]
    middle = height[_POINTS // 2, _POINTS // 2] - height[:: _POINTS - 1, :: _POINTS - 1].mean()
    shape = "middle up" if middle > 0.0 else "middle down"
    peak = f" of {reflow_mark(case).value_k - 273.15:.0f} degC" if when == REFLOW else ""
    micro = {name: -1e6 * factor * slope for name, slope in slopes.items() if slope}
    sources = sorted({case.input(name).source for name in micro} - {""})
    return Limit(
        identity=identity, demand=1e6 * bow, capacity=1e6 * row.limit_m, unit="um", hard=row.is_read, rung=rung,
        sensitivities=micro, model=MODEL,
        model_error=1e6 * math.hypot(MODEL_SHARE[rung] * bow, floor), basis=(*BASIS, row.cited, *sources),
        flags=flags,
        explanation=(
            f"the terminals bow by {1e6 * bow:.0f} um, {shape}, {_SAID[when]}{peak}; "
            f"balls of {row.pitch_m * 1e3:g} mm pitch take {1e6 * row.limit_m:.0f} um"
        ),
    )  # fmt: skip
