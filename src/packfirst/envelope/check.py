"""Holds die snapshots to an Envelope."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from packfirst.envelope.envelope import DieEnvelope, Envelope
from packfirst.envelope.files import DieSnapshot


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
    """Every figure that the snapshots state, held to the Envelope.

    Powers are held together: die without a snapshot, or without that mode, count with their planned power.
    """
    findings = [finding for item in snapshots for finding in _figures(held_to, item)]
    modes = dict.fromkeys(mode for item in snapshots for mode in item.power)
    for mode in modes:
        findings += _powers(held_to, snapshots, mode)
    return findings


def _powers(held_to: Envelope, snapshots: Sequence[DieSnapshot], mode: str) -> list[Finding]:
    names = held_to.powers.names
    power = np.array([d.power_w[mode] for d in held_to.die])
    for item in snapshots:
        if mode in item.power:
            power[names.index(item.die)] = item.power[mode]
    found = []
    for item in snapshots:
        if mode not in item.power:
            continue
        most = held_to.powers.most(item.die, power)
        value = item.power[mode]
        slack = held_to.powers.slack(power)
        worst = held_to.powers.subjects[int(np.argmin(slack))]
        found.append(
            Finding(
                die=item.die, what="power per die", mode=mode, value=value, limit=most, unit="W", holds=value <= most,
                lever="" if value <= most else f"take {value - most:.3g} W off {item.die} in {mode}, for the {worst} die",
            )
        )  # fmt: skip
    return found


def _figures(held_to: Envelope, item: DieSnapshot) -> list[Finding]:
    window = held_to.of(item.die)
    assert window is not None, "the loader refuses a die that the Envelope does not have"
    return [*_sizes(window, item), *_densities(window, item), *_links(window, item)]


def _sizes(window: DieEnvelope, item: DieSnapshot) -> list[Finding]:
    found = []
    if item.width is not None and item.height is not None:
        area = item.width * item.height
        found += [
            _at_most(item.die, "area", area * 1e6, window.area_most_m2 * 1e6, "mm2", "shrink the die"),
            _at_least(
                item.die,
                "area for its links' edges",
                area * 1e6,
                window.area_least_m2 * 1e6,
                "mm2",
                "widen the die",
            ),
        ]
    if item.thickness is not None:
        off = abs(item.thickness - window.thickness_m)
        found.append(
            _at_most(
                item.die,
                "distance of thickness from the stack's",
                off * 1e6,
                25.0,
                "um",
                "thin to the stack's height",
            )
        )
    if item.pitch is not None and window.pitch_m:
        found.append(
            _at_least(
                item.die,
                "bump pitch",
                item.pitch * 1e6,
                window.pitch_m * 1e6 * 0.999,
                "um",
                "widen the pitch",
            )
        )
    return found


def _densities(window: DieEnvelope, item: DieSnapshot) -> list[Finding]:
    """Each hot spot against the smallest window that holds it: a density over less area may be higher."""
    found = []
    for spot in item.hot_spots:
        wider = [x for x in window.densities if x.area_m2 >= spot.area * (1.0 - 1e-9)]
        limit = (
            min(wider, key=lambda x: x.area_m2) if wider else max(window.densities, key=lambda x: x.area_m2)
        )
        density = spot.power / spot.area
        found.append(
            _at_most(
                item.die, f"power density over {limit.area_m2 * 1e6:g} mm2", density * 1e-6, limit.w_per_m2 * 1e-6,
                "W/mm2", "spread the hot spot",
            )
        )  # fmt: skip
    return found


def _links(window: DieEnvelope, item: DieSnapshot) -> list[Finding]:
    found = []
    for name, offered in item.links.items():
        rule = next(x for x in window.links if x.link == name)
        if offered.rate is not None:
            found.append(
                _at_least(
                    item.die,
                    f"rate of {name}",
                    offered.rate * 1e-9,
                    rule.rate_t_per_s * 1e-9,
                    "GT/s",
                    "raise the rate",
                )
            )
        if offered.signals is not None:
            found.append(
                _at_least(item.die, f"signals of {name}", offered.signals, rule.signals, "", "add modules")
            )
        if offered.edge is not None and rule.edge_m:
            found.append(
                _at_least(
                    item.die,
                    f"edge for {name}",
                    offered.edge * 1e3,
                    rule.edge_m * 1e3,
                    "mm",
                    "give the interface more edge",
                )
            )
    return found


def _at_most(die: str, what: str, value: float, limit: float, unit: str, lever: str) -> Finding:
    holds = value <= limit * (1.0 + 1e-9)
    return Finding(
        die=die,
        what=what,
        mode="",
        value=value,
        limit=limit,
        unit=unit,
        holds=holds,
        lever="" if holds else lever,
    )


def _at_least(die: str, what: str, value: float, limit: float, unit: str, lever: str) -> Finding:
    holds = value >= limit * (1.0 - 1e-9)
    return Finding(
        die=die,
        what=what,
        mode="",
        value=value,
        limit=limit,
        unit=unit,
        holds=holds,
        lever="" if holds else lever,
    )
