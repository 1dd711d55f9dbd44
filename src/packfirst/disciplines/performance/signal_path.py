"""A chain of the Program as it lies in the package: its stages, and the losses that the package puts between them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from packfirst.architecture.placement import PlacedDie, Rect
from packfirst.catalog.record import Record
from packfirst.disciplines.case import Case, Facts
from packfirst.inputs import Input
from packfirst.limit import Fact
from packfirst.program.radio import Chain, Stage

Slopes = dict[str, float]


class NotSaid(Exception):
    """What a chain lacks to be measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A value with its slopes by Input id."""

    value: float
    slopes: Slopes


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One stage or one loss of the package; a loss has no noise figure of its own but a temperature."""

    name: str
    gain_db: Number
    noise_figure_db: Number | None
    temperature_k: Number
    saturated_w: Number | None = None
    supply_w: Number | None = None  # what it draws at its saturated power


def path(case: Case, facts: Facts, chain: Chain) -> list[Element]:
    """Stages and losses of a chain, first to last.

    A signal enters by a port, runs to its die and crosses a joint; between two die it crosses a joint, a line as
    long as the gap, and a joint; and leaves as it came. Stages on one die follow each other without loss.

    Raises
    ------
    NotSaid
        A temperature, or a loss of the technology, is missing.
    """
    stages = [(name, chain.stages[name]) for name in chain.order]
    die = [_die(case, stage.on) for _, stage in stages]
    warm = [_temperature(case, facts, stage) for _, stage in stages]
    body = case.architecture.body
    found = list(_port(case, "input", die[0], body, warm[0]))
    for number, (name, stage) in enumerate(stages):
        if number and die[number].id != die[number - 1].id:
            gap = die[number - 1].rect.gap(die[number].rect)
            found += _between(case, f"{stages[number - 1][0]} to {name}", gap, warm[number])
        found.append(_stage(name, stage, chain.at, warm[number]))
    found += reversed(list(_port(case, "output", die[-1], body, warm[-1])))
    return found


def _port(case: Case, name: str, die: PlacedDie, body: Rect, warm: Fact) -> Iterator[Element]:
    """The way from outside the body to a die: port, line from the nearest wall, joint."""
    r = die.rect
    near = max(min(r.x0 - body.x0, body.x1 - r.x1, r.y0 - body.y0, body.y1 - r.y1), 0.0)
    carrier = _carrier(case)
    yield _loss(case, f"{name} port", _field(carrier, "port_loss"), 1.0, 1.0, warm)
    yield _loss(case, f"{name} line", _field(carrier, "line_loss"), near, 0.5, warm)
    yield _loss(case, f"{name} joint", _field(carrier, "joint_loss"), 1.0, 1.0, warm)


def _between(case: Case, name: str, gap_m: float, warm: Fact) -> Iterator[Element]:
    carrier = _carrier(case)
    yield _loss(case, f"{name}, joints", _field(carrier, "joint_loss"), 2.0, 1.0, warm)
    yield _loss(case, f"{name}, line", _field(carrier, "line_loss"), gap_m, 0.5, warm)


def _loss(case: Case, name: str, stated: Input, times: float, power: float, warm: Fact) -> Element:
    """A loss at the top of the band: skin effect grows with the root of the frequency, a mismatch with it."""
    radio = case.program.radio
    assert radio is not None, "a chain belongs to a radio"
    at = case.catalog.record("rule", "radio").input("loss_frequency")
    factor = times * math.pow(radio.high.value / at.value, power)
    value = -stated.value * factor
    slopes = {stated.id: -factor}
    slopes[radio.high.id] = value * power / radio.high.value
    slopes[at.id] = -value * power / at.value
    return Element(
        name=name,
        gain_db=Number(value=value, slopes=slopes),
        noise_figure_db=None,
        temperature_k=_number(warm),
    )


def _stage(name: str, stage: Stage, at: Input, warm: Fact) -> Element:
    """A stage at the temperature that its die has; its supply stays as it is while heat takes its power."""
    hotter = _number(warm)
    hotter.slopes[at.id] = hotter.slopes.get(at.id, 0.0) - 1.0
    rise = Number(value=warm.value - at.value, slopes=hotter.slopes)
    noise = None
    if stage.noise_figure is not None:
        noise = _drifted(stage.noise_figure, stage.noise_slope, rise)
    saturated = supply = None
    if stage.output_power is not None:
        change = _drift(stage.power_slope, rise)
        factor = 10.0 ** (change.value / 10.0)
        most = stage.output_power.value * factor
        slopes = {key: most * math.log(10.0) / 10.0 * slope for key, slope in change.slopes.items()}
        slopes[stage.output_power.id] = factor
        saturated = Number(value=most, slopes=slopes)
    if stage.output_power is not None and stage.efficiency is not None:
        out, share = stage.output_power, stage.efficiency
        drawn = out.value / share.value
        supply = Number(value=drawn, slopes={out.id: 1.0 / share.value, share.id: -drawn / share.value})
    return Element(
        name=name, gain_db=_drifted(stage.gain, stage.gain_slope, rise), noise_figure_db=noise,
        temperature_k=_number(warm), saturated_w=saturated, supply_w=supply,
    )  # fmt: skip


def _drift(slope: Input | None, rise: Number) -> Number:
    if slope is None:
        return Number(value=0.0, slopes={})
    slopes = {name: slope.value * by for name, by in rise.slopes.items()}
    slopes[slope.id] = rise.value
    return Number(value=slope.value * rise.value, slopes=slopes)


def _drifted(stated: Input, slope: Input | None, rise: Number) -> Number:
    change = _drift(slope, rise)
    return Number(value=stated.value + change.value, slopes={**change.slopes, stated.id: 1.0})


def _number(fact: Fact) -> Number:
    return Number(value=fact.value, slopes=dict(fact.sensitivities))


def _die(case: Case, holder: str) -> PlacedDie:
    """The first die of a block or bought part: the chains of a module are equal."""
    return next(
        item for item in case.architecture.placement.die if holder in item.blocks or item.group == holder
    )


def _temperature(case: Case, facts: Facts, stage: Stage) -> Fact:
    group = _die(case, stage.on).group
    modes = [stage.mode] if stage.mode else list(case.program.modes)
    found = [fact for mode in modes if (fact := facts.get("face", group, mode)) is not None]
    if not found:
        raise NotSaid(f"temperature of {group}")
    return max(found, key=lambda fact: fact.value)


def _carrier(case: Case) -> Record:
    return case.catalog.record("technology", case.architecture.candidate.carrier)


def _field(carrier: Record, name: str) -> Input:
    found = carrier.get(name)
    if found is None:
        raise NotSaid(f"catalog/technology/{carrier.id}/{name}")
    return found
