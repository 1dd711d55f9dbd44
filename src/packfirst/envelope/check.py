"""Holds die snapshots to an Envelope."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.envelope.envelope import DieEnvelope, Envelope, room_k
from packfirst.envelope.files import DieSnapshot, HotSpot

Floats = NDArray[np.float64]

# A die's thickness may differ from its stack's by what grinding and bond lines even out: assumed. [m]
THICKNESS_TOLERANCE_M = 25e-6
# A figure this near to its limit, as a share of it, is on it: what writing a file rounds.
ON_LIMIT = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One figure of a die against its window."""

    die: str
    what: str
    mode: str
    value: float
    limit: float
    unit: str
    holds: bool
    lever: str  # what would bring it back, "" where it holds


def check(held_to: Envelope, snapshots: Sequence[DieSnapshot]) -> list[Finding]:
    """Every figure that the snapshots state, held to the Envelope; one snapshot per die.

    Powers are held together: die without a snapshot, or without that mode, count with their planned power. A
    die that is smaller than planned counts with the power that its planned area would draw at its density:
    the same power on less silicon is hotter.
    """
    found: list[Finding] = []
    for item in snapshots:
        window = held_to.of(item.die)
        assert window is not None, "the loader refuses a die that the Envelope does not have"
        found += [*_sizes(window, item), *_links(window, item)]
    for mode in held_to.die[0].power_w:
        power = _counted(held_to, snapshots, mode)
        for item in snapshots:
            if mode in item.power:
                found.append(_power(held_to, item, mode, power))
    for item in snapshots:
        found += [_densest(held_to, snapshots, item, spot) for spot in item.hot_spots]
    return found


def _crowding(held_to: Envelope, item: DieSnapshot) -> float:
    """Planned area over the snapshot's, at least one."""
    window = held_to.of(item.die)
    if window is None or item.width is None or item.height is None:
        return 1.0
    return max(window.width_m * window.height_m / (item.width * item.height), 1.0)


def _counted(held_to: Envelope, snapshots: Sequence[DieSnapshot], mode: str) -> Floats:
    """Powers in the order of the polytope, as they count in it. [W]"""
    power = np.array([_planned(held_to, name, mode) for name in held_to.powers.names])
    for item in snapshots:
        at = held_to.powers.names.index(item.die)
        power[at] = item.power.get(mode, power[at]) * _crowding(held_to, item)
    return power


def _planned(held_to: Envelope, die: str, mode: str) -> float:
    window = held_to.of(die)
    assert window is not None, "the loader refuses an Envelope whose powers are not of its die"
    return window.power_w[mode]


def _power(held_to: Envelope, item: DieSnapshot, mode: str, power: Floats) -> Finding:
    crowding = _crowding(held_to, item)
    most = held_to.powers.most(item.die, power) / crowding
    value = item.power[mode]
    row = held_to.powers.binding(item.die, power)
    hot = held_to.powers.subjects[row] if row is not None else item.die
    if most >= 0.0:
        lever = f"take {value - most:.3g} W off {item.die} in {mode}: the {hot} die would be too hot"
    else:
        lever = f"the other die alone are too much for the {hot} die: take power off them in {mode}"
    what = "power per die" if crowding == 1.0 else "power per die on less area than planned"
    return _at_most(item.die, what, value, max(most, 0.0), "W", lever, mode=mode)


def _densest(
    held_to: Envelope, snapshots: Sequence[DieSnapshot], item: DieSnapshot, spot: HotSpot
) -> Finding:
    """A hot spot against the room that the powers of the snapshots leave, in the mode in which that is least.

    It is held to the smallest square that is no smaller than it, over which less density is allowed; one larger
    than all squares is held to the rise of the largest, which is more than its own.
    """
    window = held_to.of(item.die)
    assert window is not None, "the loader refuses a die that the Envelope does not have"
    squares = sorted(window.densities, key=lambda x: x.area_m2)
    square = next((x for x in squares if x.area_m2 >= spot.area * (1.0 - ON_LIMIT)), squares[-1])
    area = max(square.area_m2, spot.area)
    at = held_to.powers.names.index(item.die)
    kinds = (item.die, *window.shares_heat_with)
    limits = {}
    for mode in item.power or window.power_w:
        power = _counted(held_to, snapshots, mode)
        room = max(room_k(held_to.powers, kinds, power), 0.0)
        even = float(power[at]) / (window.width_m * window.height_m)
        limits[mode] = even + room / (square.k_per_w * area)
    mode = min(limits, key=lambda name: limits[name])
    most, density = limits[mode], spot.power / spot.area
    watts = (density - most) * spot.area
    return _at_most(
        item.die, f"power density over {spot.area * 1e6:g} mm2", density * 1e-6, most * 1e-6, "W/mm2",
        f"spread the hot spot of {item.die}, or take {watts:.3g} W out of it in {mode}", mode=mode,
    )  # fmt: skip


def _sizes(window: DieEnvelope, item: DieSnapshot) -> Iterator[Finding]:
    if item.width is not None and item.height is not None:
        area = item.width * item.height * 1e6
        below, above = window.area_ends
        yield _at_most(
            item.die, "area, at most", area, window.area_most_m2 * 1e6, "mm2",
            f"shrink {item.die}{f' for {above}' if above else ''}",
        )  # fmt: skip
        yield _at_least(
            item.die, "area, at least", area, window.area_least_m2 * 1e6, "mm2",
            f"enlarge {item.die}{f' for {below}' if below else ''}",
        )  # fmt: skip
    if item.thickness is not None:
        off = min(abs(item.thickness - wanted) for wanted in window.thickness_m)
        yield _at_most(
            item.die, "distance of thickness from the stack's", off * 1e6, THICKNESS_TOLERANCE_M * 1e6, "um",
            f"grind {item.die} to {' or '.join(f'{x * 1e6:.0f} um' for x in window.thickness_m)}",
        )  # fmt: skip
    if item.pitch is not None and window.pitch_m:
        yield _at_least(
            item.die, "bump pitch", item.pitch * 1e6, window.pitch_m * 1e6, "um", f"widen the pitch of {item.die}"
        )  # fmt: skip


def _links(window: DieEnvelope, item: DieSnapshot) -> Iterator[Finding]:
    """Each link against every rule that the Envelope has for it: two packages may ask for two standards."""
    for rule in window.links:
        offered = item.links.get(rule.link)
        if offered is None:
            continue
        name = f"{rule.link} ({rule.standard})"
        if offered.rate is not None:
            yield _at_least(
                item.die, f"rate of {name}", offered.rate * 1e-9, rule.rate_t_per_s * 1e-9, "GT/s", "raise the rate"
            )  # fmt: skip
        if offered.signals is not None:
            yield _at_least(
                item.die, f"signals of {name}", offered.signals, rule.signals, "signals", "add modules"
            )
        if offered.edge is not None and rule.edge_m:
            yield _at_least(
                item.die, f"edge for {name}", offered.edge * 1e3, rule.edge_m * 1e3, "mm",
                "give the interface more edge",
            )  # fmt: skip


def _at_most(
    die: str, what: str, value: float, limit: float, unit: str, lever: str, mode: str = ""
) -> Finding:
    holds = value <= limit * (1.0 + ON_LIMIT)
    return Finding(
        die=die, what=what, mode=mode, value=value, limit=limit, unit=unit, holds=holds, lever="" if holds else lever
    )  # fmt: skip


def _at_least(die: str, what: str, value: float, limit: float, unit: str, lever: str) -> Finding:
    holds = value >= limit * (1.0 - ON_LIMIT)
    return Finding(
        die=die, what=what, mode="", value=value, limit=limit, unit=unit, holds=holds, lever="" if holds else lever
    )  # fmt: skip
