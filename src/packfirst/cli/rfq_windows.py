"""Windows instead of numbers: what a supplier has to know of a package, no closer than a step of preferred numbers."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from packfirst.architecture.architecture import Architecture
    from packfirst.architecture.package import Package
    from packfirst.catalog import Catalog
    from packfirst.program import Program

# Renard's series R5, ISO 3:1973: five numbers a decade, each about 1.6 times the one before.
R5 = (1.0, 1.6, 2.5, 4.0, 6.3)


def window(value: float) -> tuple[float, float]:
    """The two neighbouring numbers of R5 between which a positive number lies; the lower end is in the window."""
    if not 0.0 < value < math.inf:
        raise ValueError(f"{value!r} has no window: only a positive number has")
    decade = 10.0 ** math.floor(math.log10(value))
    # A decade's edge falls on either side by rounding: three decades are looked through.
    marks = [scale * decade * step for scale in (0.1, 1.0, 10.0) for step in R5]
    low = max(mark for mark in marks if mark <= value * (1.0 + 1e-12))
    return low, marks[marks.index(low) + 1]


def decade(value: float) -> tuple[float, float]:
    """The powers of ten between which a positive number lies."""
    low = 10.0 ** math.floor(math.log10(value) + 1e-12)
    return low, 10.0 * low


def quantities(
    program: "Program", catalog: "Catalog", architecture: "Architecture", package: "Package"
) -> dict[str, tuple[float, str]]:
    """What the windows are of, by the words of the pack: value and unit."""
    from packfirst.architecture.scaling import group_power_w

    body = architecture.body
    own = [package.body(item.body) for item in package.die if not item.part]
    sides = [
        side * 1e3 for item in own for side in (item.box_m[1] - item.box_m[0], item.box_m[3] - item.box_m[2])
    ]
    found = {
        "package, longer side": (max(body.width, body.height) * 1e3, "mm"),
        "package, shorter side": (min(body.width, body.height) * 1e3, "mm"),
        "die of the customer's own": (float(len(own)), "pieces"),
        "die that are bought": (float(len(package.die) - len(own)), "pieces"),
        "die, longest side": (max(sides, default=0.0), "mm"),
        "die, shortest side": (min(sides, default=0.0), "mm"),
        "terminals": (float(package.terminals.count), "pieces"),
        "terminal pitch": (package.terminals.pitch_m * 1e3, "mm"),
    }
    joints = [item.pitch_m for item in package.fields if package.body(item.body).role in ("bumps", "bond")]
    if joints:
        found["finest joint pitch"] = (min(joints) * 1e6, "um")
        found["coarsest joint pitch"] = (max(joints) * 1e6, "um")
    groups = architecture.candidate.partition.groups
    power = max(
        sum(group.count * group_power_w(program, catalog, group, mode) for group in groups)
        + sum(item.value for name, item in program.modes[mode].power.items() if name in program.bought)
        for mode in program.modes
    )
    found["power, worst mode"] = (power, "W")
    return {name: pair for name, pair in found.items() if pair[0] > 0.0}


def written(values: Mapping[str, tuple[float, str]], *, reveal: bool) -> list[dict[str, Any]]:
    """Rows of the pack: a window each, or the number itself where the user reveals it."""
    rows = []
    for name, (value, unit) in values.items():
        low, high = window(value)
        whole = unit == "pieces"
        said = f"{value:.0f} {unit}" if whole else f"{value:.4g} {unit}"
        if not reveal:
            first, last = (math.ceil(low - 1e-9), max(math.ceil(high - 1e-9) - 1, math.ceil(low - 1e-9)))
            said = f"{first} to {last} {unit}" if whole else f"{_plain(low)} to {_plain(high)} {unit}"
        rows.append({"what": name, "said": said})
    return rows


def _plain(value: float) -> str:
    return f"{value:.0f}" if value >= 100.0 else f"{value:.3g}"
