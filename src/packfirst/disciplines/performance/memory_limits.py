"""Bandwidth and capacity of all memory in the package, refresh taken off at the temperature that it has."""

from collections.abc import Iterator
from dataclasses import dataclass

from packfirst.disciplines.case import Case, Facts, Outcome
from packfirst.disciplines.performance import refresh
from packfirst.inputs import Input
from packfirst.limit import Fact, Identity, Limit, Metric, NotAssessed

MODEL = "performance/memory"
# One standard deviation of the bandwidth as a share of it: banks that collide and turns between reading and
# writing take some per cent that no figure here holds. Assumed.
MODEL_ERROR = 0.04
# And of a cell's rise: that of the conduction model on the grid of a plan.
CELL_ERROR = 0.012
BASIS = ("refresh overhead: Bhati et al. 2016, doi 10.1109/TC.2015.2417540; rate doubled when hot, JEDEC",)
GIGA = 1e9
Slopes = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bank:
    """All memory of one kind: a block's, or that of one bought part."""

    name: str
    count: int
    capacity: Input
    bandwidth: Input
    interval: Input | None
    time: Input | None


def is_asked(case: Case) -> bool:
    """Whether the Program wants memory measured: it demands some, or describes a block of it."""
    needs = case.program.needs
    described = any(block.memory is not None for block in case.program.blocks.values())
    return described or needs.memory_bandwidth is not None or needs.capacity is not None


def memory(case: Case, facts: Facts, rung: str) -> Outcome:
    """What all memory holds and gives, in the mode in which it gives least."""
    banks = list(_banks(case))
    if not banks:
        identity = Identity(discipline="performance", kind="memory_bandwidth", subject="memory")
        return Outcome(
            limits=(NotAssessed(identity=identity, missing=("a block or bought part with memory",)),)
        )
    needs = case.program.needs
    limits: list[Limit | NotAssessed] = []
    if needs.capacity is not None:
        limits.append(_capacity(case, rung, banks, needs.capacity))
    limits += _cells(case, facts, rung)
    found = [_given(case, facts, mode, banks) for mode in case.program.modes]
    missing = [item for item in found if isinstance(item, str)]
    if missing:
        identity = Identity(discipline="performance", kind="memory_bandwidth", subject="memory")
        return Outcome(limits=(*limits, NotAssessed(identity=identity, missing=(missing[0],))))
    least = min((item for item in found if not isinstance(item, str)), key=lambda item: item.value)
    metric = Metric(
        name="memory_bandwidth", value=least.value, unit="B/s", better="more", sensitivities=least.slopes
    )
    if needs.memory_bandwidth is not None:
        limits.append(_bandwidth(case, rung, least, needs.memory_bandwidth))
    return Outcome(limits=tuple(limits), metrics=(metric,), details={"memory": least.rows})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    mode: str
    value: float
    slopes: Slopes
    rows: list[tuple[str, float, float, float | None, float]]
    """Name, peak [B/s], share of the time refreshed, hottest [K], given [B/s]."""


def _banks(case: Case) -> Iterator[_Bank]:
    for name, block in case.program.blocks.items():
        held = block.memory
        if held is not None:
            yield _Bank(
                name=name, count=1, capacity=held.capacity, bandwidth=held.bandwidth,
                interval=held.refresh_interval, time=held.refresh_time,
            )  # fmt: skip
    for name, item in case.program.bought.items():
        part = case.catalog.record("part", item.part)
        if part.get("capacity") is not None and part.get("bandwidth") is not None:
            yield _Bank(
                name=name, count=item.count, capacity=part.input("capacity"), bandwidth=part.input("bandwidth"),
                interval=part.get("refresh_interval"), time=part.get("refresh_time"),
            )  # fmt: skip


def _given(case: Case, facts: Facts, mode: str, banks: list[_Bank]) -> "_Given | str":
    """Bandwidth of all memory in a mode; a text says what is missing."""
    total = 0.0
    slopes: Slopes = {}
    rows: list[tuple[str, float, float, float | None, float]] = []
    for bank in banks:
        value, own = bank.bandwidth.value * bank.count, {bank.bandwidth.id: float(bank.count)}
        share, hottest = 0.0, None
        if bank.interval is not None and bank.time is not None:
            junction = facts.get("face", _group(case, bank.name), mode)
            if junction is None:
                return f"temperature of {bank.name} in mode {mode}"
            hottest = junction.value
            try:
                share, taken = _refreshed(case, bank.interval, bank.time, junction)
            except ValueError as outside:
                return f"{bank.name}: {outside}"
            own = {name: slope * (1.0 - share) for name, slope in own.items()}
            for name, slope in taken.items():
                own[name] = own.get(name, 0.0) - value * slope
            value *= 1.0 - share
        carried = _carried(case, facts, bank.name)
        if carried is not None and carried.value < value:
            value, own = carried.value, dict(carried.sensitivities)
        rows.append((bank.name, bank.bandwidth.value * bank.count, share, hottest, value))
        total += value
        for name, slope in own.items():
            slopes[name] = slopes.get(name, 0.0) + slope
    return _Given(mode=mode, value=total, slopes=slopes, rows=rows)


def _refreshed(case: Case, interval: Input, time: Input, junction: Fact) -> tuple[float, Slopes]:
    """Share of the time that refresh takes, and its slopes by Input id."""
    rule = case.catalog.record("rule", "refresh")
    edge, sensor = rule.input("refresh_doubles_above"), rule.input("sensor_error")
    found = refresh.refresh_share(junction.value, interval.value, time.value, edge.value, sensor.value)
    by_kelvin = float(found.slope_temperature)
    slopes = {name: by_kelvin * slope for name, slope in junction.sensitivities.items()}
    for item, slope in (
        (interval, found.slope_interval), (time, found.slope_time), (sensor, found.slope_sensor),
        (edge, -found.slope_temperature),
    ):  # fmt: skip
        slopes[item.id] = slopes.get(item.id, 0.0) + float(slope)
    return float(found.share), slopes


def _carried(case: Case, facts: Facts, name: str) -> Fact | None:
    """The bandwidth of the link over which this memory is read; None where the Program states none."""
    ends = [link for link, item in case.program.links.items() if name in item.between]
    found = [fact for link in ends if (fact := facts.get("link_bandwidth", link)) is not None]
    return min(found, key=lambda fact: fact.value) if found else None


def _cells(case: Case, facts: Facts, rung: str) -> Iterator[Limit]:
    """Temperature of cells against what the Program says that they hold their data at; as rises over the air."""
    air = case.program.environment.air
    for name, block in case.program.blocks.items():
        most = block.memory.maximum if block.memory is not None else None
        for mode in case.program.modes if most is not None else ():
            hottest = facts.get("face", _group(case, name), mode)
            if most is None or hottest is None:
                continue
            slopes = {key: -slope for key, slope in hottest.sensitivities.items()}
            slopes[most.id] = slopes.get(most.id, 0.0) + 1.0
            rise = hottest.value - air.value
            yield Limit(
                identity=Identity(
                    discipline="performance", kind="cell_temperature", subject=f"memory:{name}", mode=mode
                ),
                demand=rise, capacity=most.value - air.value, unit="K", hard=True, rung=rung, sensitivities=slopes,
                model=f"{MODEL}/cells", model_error=CELL_ERROR * abs(rise),
                basis=tuple(sorted({case.input(key).source for key in slopes} - {""})) or ("the Program",),
                explanation=f"the hottest die of {name} runs at {hottest.value - 273.15:.1f} degC in mode {mode}; its "
                f"cells hold their data to {most.value - 273.15:.0f} degC",
            )  # fmt: skip


def _group(case: Case, name: str) -> str:
    groups = case.architecture.candidate.partition.groups
    return next((group.name for group in groups if name in group.blocks), name)


def _bandwidth(case: Case, rung: str, given: _Given, need: Input) -> Limit:
    slopes = dict(given.slopes)
    slopes[need.id] = slopes.get(need.id, 0.0) - 1.0
    peak, lost = sum(row[1] for row in given.rows), max(row[2] for row in given.rows)
    return Limit(
        identity=Identity(
            discipline="performance", kind="memory_bandwidth", subject="memory", mode=given.mode
        ),
        demand=need.value / GIGA, capacity=given.value / GIGA, unit="GB/s", hard=True, rung=rung,
        sensitivities={name: slope / GIGA for name, slope in slopes.items()}, model=MODEL,
        model_error=MODEL_ERROR * given.value / GIGA,
        basis=(*BASIS, *sorted({case.input(name).source for name in slopes} - {""})),
        explanation=f"memory gives {given.value / GIGA:.0f} of {peak / GIGA:.0f} GB/s in mode {given.mode}, where "
        f"refresh takes up to {lost:.1%} of its time; it needs {need.value / GIGA:.0f} GB/s",
    )  # fmt: skip


def _capacity(case: Case, rung: str, banks: list[_Bank], need: Input) -> Limit:
    held = sum(bank.capacity.value * bank.count for bank in banks)
    slopes = {need.id: -1.0 / GIGA}
    for bank in banks:
        slopes[bank.capacity.id] = slopes.get(bank.capacity.id, 0.0) + bank.count / GIGA
    return Limit(
        identity=Identity(discipline="performance", kind="capacity", subject="memory"), demand=need.value / GIGA,
        capacity=held / GIGA, unit="GB", hard=True, rung=rung, sensitivities=slopes, model=f"{MODEL}/capacity",
        model_error=0.0, basis=tuple(sorted({case.input(name).source for name in slopes} - {""})) or ("the Program",),
        explanation=f"memory holds {held / GIGA:.3g} GB; it needs {need.value / GIGA:.3g} GB",
    )  # fmt: skip
