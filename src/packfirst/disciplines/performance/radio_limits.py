"""Output power, power-added efficiency and noise figure of a module, after its package's losses and its heat."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.case import Case, Facts, Outcome
from packfirst.disciplines.performance import chain as model
from packfirst.disciplines.performance.signal_path import Element, NotSaid, Number, Slopes, path
from packfirst.inputs import Input
from packfirst.limit import Identity, Limit, Metric, NotAssessed

MODEL = "performance/radio"
# One standard deviation of the model's own error: mismatch between stages that are each stated into 50 ohm, and
# the knee that `output_dbm` leaves out. 0.25 dB of output power, 0.15 dB of noise figure; of the efficiency as much
# as of the power. Assumed, of the size that module makers keep as allowance.
OUTPUT_ERROR_DB, NOISE_ERROR_DB = 0.25, 0.15
BASIS = (
    "cascaded noise: Friis 1944, doi 10.1109/JRPROC.1944.232049",
    "stages saturate hard; losses of the package at the top of the band",
)
_STEP = 1e-4  # of the central differences, in dB, and relative for powers: the formulas are smooth over it
Floats = NDArray[np.float64]


def radio(case: Case, facts: Facts, rung: str) -> Outcome:
    """Limits and figures of the chains that the Program describes."""
    wanted = case.program.radio
    assert wanted is not None, "asked only of a Program with a radio"
    limits: list[Limit | NotAssessed] = []
    metrics: list[Metric] = []
    details: dict[str, object] = {}
    for way, chain in (("transmit", wanted.transmit), ("receive", wanted.receive)):
        if chain is None:
            continue
        try:
            elements = path(case, facts, chain)
        except NotSaid as missing:
            identity = Identity(discipline="performance", kind=way, subject=f"chain:{way}")
            limits.append(NotAssessed(identity=identity, missing=(str(missing),)))
            continue
        details[way] = [(item.name, item.gain_db.value) for item in elements]
        ask = _transmitted if way == "transmit" else _received
        for found in ask(case, rung, elements):
            if isinstance(found, Metric):
                metrics.append(found)
            else:
                limits.append(found)
    return Outcome(limits=tuple(limits), metrics=tuple(metrics), details=details)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    kind: str
    unit: str
    found: Number
    error: float
    says: str


def _transmitted(
    case: Case, rung: str, elements: Sequence[Element]
) -> Iterator[Limit | NotAssessed | Metric]:
    chain = case.program.radio.transmit if case.program.radio else None
    assert chain is not None, "asked only of a chain that is there"
    needs, drive = case.program.needs, chain.drive
    out = _output(elements, drive)
    lost = sum(item.gain_db.value for item in _after_power(elements))
    said = "" if drive else ", its stages taken to be driven into saturation"
    error = out.value * np.log(10.0) / 10.0 * OUTPUT_ERROR_DB
    yield from _answer(case, rung, needs.output_power, "more", _Figure(
        kind="output_power", unit="W", found=out, error=float(error),
        says=f"a channel gives {out.value:.3g} W ({float(model.dbm(out.value)):.1f} dBm) at its port after "
        f"{-lost:.2f} dB behind its last power stage{said}",
    ))  # fmt: skip
    silent = [
        item.name for item in elements if item.saturated_w is not None and item.supply_w is None
    ]  # fmt: skip
    missing = [f"program/radio.transmit.stages.{name}.efficiency" for name in silent]
    missing += [] if drive else ["program/radio.transmit.drive"]
    drawn = [item.supply_w for item in elements if item.supply_w is not None]
    missing += [] if drawn else ["a stage of program/radio.transmit with output_power and efficiency"]
    if missing:
        if needs.pae is not None:
            identity = Identity(discipline="performance", kind="pae", subject="chain:transmit")
            yield NotAssessed(identity=identity, missing=tuple(missing))
        return
    assert drive is not None
    supply = sum(item.value for item in drawn) + (chain.supply.value if chain.supply else 0.0)
    value = float(model.added_efficiency(out.value, drive.value, supply))
    slopes = {name: slope / supply for name, slope in out.slopes.items()}
    slopes[drive.id] = slopes.get(drive.id, 0.0) - 1.0 / supply
    for by in (*(item.slopes for item in drawn), {chain.supply.id: 1.0} if chain.supply else {}):
        for name, slope in by.items():
            slopes[name] = slopes.get(name, 0.0) - value / supply * slope
    yield from _answer(case, rung, needs.pae, "more", _Figure(
        kind="pae", unit="-", found=Number(value=value, slopes=slopes), error=float(error) / supply,
        says=f"a channel turns {value:.1%} of {supply:.3g} W into signal at its port while it transmits",
    ))  # fmt: skip


def _received(case: Case, rung: str, elements: Sequence[Element]) -> Iterator[Limit | NotAssessed | Metric]:
    silent = [item.name for item in elements if item.noise_figure_db is None and item.gain_db.value > 0.0]
    if silent:
        identity = Identity(discipline="performance", kind="noise_figure", subject="chain:receive")
        missing = tuple(f"program/radio.receive.stages.{name}.noise_figure" for name in silent)
        yield NotAssessed(identity=identity, missing=missing)
        return
    found = _noise(elements)
    first = next((n for n, item in enumerate(elements) if item.gain_db.value > 0.0), len(elements))
    ahead = -sum(item.gain_db.value for item in elements[:first])
    yield from _answer(case, rung, case.program.needs.noise_figure, "less", _Figure(
        kind="noise_figure", unit="dB", found=found, error=NOISE_ERROR_DB,
        says=f"a channel has a noise figure of {found.value:.2f} dB at its port, with {ahead:.2f} dB of loss ahead of "
        "its first amplifier",
    ))  # fmt: skip


def _answer(
    case: Case, rung: str, need: Input | None, better: str, figure: _Figure
) -> Iterator[Limit | Metric]:
    found = figure.found
    yield Metric(
        name=figure.kind, value=found.value, unit=figure.unit, better=better, sensitivities=found.slopes
    )
    if need is None:
        return
    sign = 1.0 if better == "more" else -1.0
    slopes = {name: sign * slope for name, slope in found.slopes.items()}
    slopes[need.id] = slopes.get(need.id, 0.0) - sign
    demand, capacity = (need.value, found.value) if better == "more" else (found.value, need.value)
    limit = f"{need.value:.3g}" + ("" if figure.unit == "-" else f" {figure.unit}")
    yield Limit(
        identity=Identity(discipline="performance", kind=figure.kind, subject="module"), demand=demand,
        capacity=capacity, unit=figure.unit, hard=True, rung=rung, sensitivities=slopes,
        model=f"{MODEL}/{figure.kind}", model_error=figure.error,
        basis=(*BASIS, *sorted({case.input(name).source for name in slopes} - {""})),
        explanation=f"{figure.says}; {'it needs' if better == 'more' else 'it may have'} {limit}",
    )  # fmt: skip


def _after_power(elements: Sequence[Element]) -> Sequence[Element]:
    last = max((n for n, item in enumerate(elements) if item.saturated_w is not None), default=-1)
    return elements[last + 1 :]


def _output(elements: Sequence[Element], drive: Input | None) -> Number:
    """Power at the end of the chain, with its slopes. [W]"""
    gains = np.array([item.gain_db.value for item in elements])
    most = np.array([np.inf if item.saturated_w is None else item.saturated_w.value for item in elements])
    start = np.inf if drive is None else float(model.dbm(drive.value))

    def level(gain: Floats, saturated: Floats, first: Floats) -> Floats:
        return model.watts(model.output_dbm(first, gain, model.dbm(saturated)))

    value = float(level(gains, most, np.asarray(start)))
    by_gain = _slopes_of(
        lambda x: level(x, most, np.full(x.shape[:-1], start)), gains, np.full_like(gains, _STEP)
    )
    finite = np.where(np.isfinite(most), most, 1.0)
    held = np.isfinite(most)
    by_most = _slopes_of(
        lambda x: level(gains, np.where(held, x, np.inf), np.full(x.shape[:-1], start)),
        finite,
        _STEP * finite,
    )
    slopes: Slopes = {}
    for item, slope in zip(elements, by_gain, strict=True):
        _add(slopes, item.gain_db, slope)
    for item, slope in zip(elements, by_most, strict=True):
        if item.saturated_w is not None:
            _add(slopes, item.saturated_w, slope)
    if drive is not None:
        step = _STEP * drive.value
        ends = [float(level(gains, most, model.dbm(drive.value + way * step))) for way in (1.0, -1.0)]
        slopes[drive.id] = slopes.get(drive.id, 0.0) + (ends[0] - ends[1]) / (2.0 * step)
    return Number(value=value, slopes=slopes)


def _noise(elements: Sequence[Element]) -> Number:
    """Noise figure of the chain, with its slopes. [dB]"""
    gains = np.array([item.gain_db.value for item in elements])
    warm = np.array([item.temperature_k.value for item in elements])
    own = np.array([0.0 if item.noise_figure_db is None else item.noise_figure_db.value for item in elements])
    passive = np.array([item.noise_figure_db is None for item in elements])

    def figure(gain: Floats, kelvin: Floats, stage: Floats) -> Floats:
        lossy = model.loss_noise_figure_db(np.where(passive, -gain, 0.0), kelvin)
        return model.noise_figure_db(gain, np.where(passive, lossy, stage))

    value = float(figure(gains, warm, own))
    steps = np.full_like(gains, _STEP)
    by_gain = _slopes_of(lambda x: figure(x, warm, own), gains, steps)
    by_warm = _slopes_of(lambda x: figure(gains, x, own), warm, np.full_like(warm, 1e-2))
    by_own = _slopes_of(lambda x: figure(gains, warm, x), own, steps)
    slopes: Slopes = {}
    for number, item in enumerate(elements):
        _add(slopes, item.gain_db, by_gain[number])
        if item.noise_figure_db is None:
            _add(slopes, item.temperature_k, by_warm[number])
        else:
            _add(slopes, item.noise_figure_db, by_own[number])
    return Number(value=value, slopes=slopes)


def _slopes_of(formula: Callable[[Floats], Floats], at: Floats, steps: Floats) -> Floats:
    """Central differences of a formula in each of its arguments, all in one call."""
    moves = np.diag(steps)
    return np.asarray((formula(at + moves) - formula(at - moves)) / (2.0 * steps))


def _add(slopes: Slopes, number: Number, times: float) -> None:
    for name, slope in number.slopes.items():
        slopes[name] = slopes.get(name, 0.0) + float(times) * slope
