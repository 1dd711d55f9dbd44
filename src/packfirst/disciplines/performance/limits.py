"""What the market wants from the package: sustained throughput of the workload, and throughput per watt."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.scaling import power_factor
from packfirst.disciplines.case import Case, Facts, Outcome, Screen, Table
from packfirst.disciplines.performance import node_gain, roofline, throttle
from packfirst.disciplines.performance.memory_limits import is_asked, memory
from packfirst.disciplines.performance.radio_limits import radio
from packfirst.inputs import Input
from packfirst.limit import Fact, Identity, Limit, Metric, NotAssessed
from packfirst.program.model import Workload

MODEL = "performance/roofline"
# One standard deviation as a share of the throughput. A roofline bounds what code attains from above; the
# Program's peak rates and bytes per operation carry that gap, so this is the scatter of kernels about a roof:
# assumed, of the size that published rooflines of tuned kernels show.
MODEL_ERROR = 0.05
# Logic density from which a node counts as a whole one more, and not as a half node of the same family.
WHOLE_NODE = 1.3
BASIS = ("roofline: Williams, Waterman, Patterson 2009, doi 10.1145/1498765.1498785",)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Resource:
    """One roof: its capacity per second, and the capacity's slopes by Input id."""

    name: str
    capacity: float
    slopes: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    """Fractions of the full clock and of the power that follows it, that the junctions allow; slopes by Input id."""

    frequency: float
    slopes: dict[str, float]
    power: float
    power_slopes: dict[str, float]


class Performance:
    """Roofline over compute, memory and links after throttling; memory after refresh; radio after its package."""

    name = "performance"
    needs = ("rise", "rise_limit", "scaling_rise", "face", "link_bandwidth", "link_power")
    gives = ()

    def bounds(self, table: Table) -> Screen:
        from packfirst.disciplines.performance.bounds import screen

        return screen(table)

    def limits(self, case: Case, facts: Facts, rung: str) -> Outcome:
        answers = []
        if is_asked(case):
            answers.append(memory(case, facts, rung))
        if case.program.radio is not None:
            answers.append(radio(case, facts, rung))
        if case.program.workload is not None or not answers:
            answers.insert(0, self._throughput(case, facts, rung))
        return Outcome(
            limits=tuple(item for answer in answers for item in answer.limits),
            metrics=tuple(item for answer in answers for item in answer.metrics),
            details={name: value for answer in answers for name, value in answer.details.items()},
        )

    def _throughput(self, case: Case, facts: Facts, rung: str) -> Outcome:
        workload = case.program.workload
        identity = Identity(discipline=self.name, kind="throughput", subject="package")
        if workload is None:
            return Outcome(limits=(NotAssessed(identity=identity, missing=("program/workload",)),))
        clock = _clock(case, facts, workload)
        if clock is None:
            return Outcome(
                limits=(NotAssessed(identity=identity, missing=("temperatures of the sustained mode",)),)
            )
        resources = _resources(case, facts, workload, clock)
        shares, demands = _kernels(workload, [item.name for item in resources])
        capacities = np.array([item.capacity for item in resources])
        if not capacities.all():
            stuck = [item.name for item in resources if item.capacity == 0.0]
            missing = (f"a capacity above zero of {', '.join(stuck)}",)
            return Outcome(limits=(NotAssessed(identity=identity, missing=missing),))
        roof = roofline.roofline(shares, demands, capacities)
        throughput = float(roof.throughput_op_per_s)
        slopes: dict[str, float] = {}
        # A little less of a tied resource costs in full: the slope that a cautious reader wants.
        for item, slope in zip(resources, roof.slope_down, strict=True):
            for name, by in item.slopes.items():
                slopes[name] = slopes.get(name, 0.0) + float(slope) * by
        _add_traffic(workload, [item.name for item in resources], capacities, roof, slopes)
        power, power_slopes = _power(case, facts, workload, clock)
        metrics = (
            Metric(name="throughput", value=throughput, unit="op/s", better="more", sensitivities=slopes),
            Metric(
                name="efficiency", value=throughput / power, unit="op/J", better="more",
                sensitivities={
                    name: slopes.get(name, 0.0) / power - throughput / power**2 * power_slopes.get(name, 0.0)
                    for name in dict.fromkeys([*slopes, *power_slopes])
                },
            ),
        )  # fmt: skip
        details = {
            "clock": clock.frequency,
            "power_w": power,
            "resources": [
                (item.name, item.capacity, float(s))
                for item, s in zip(resources, roof.binding_share, strict=True)
            ],
            "kernels": [
                (name, kernel.share, resources[int(binding)].name)
                for (name, kernel), binding in zip(workload.kernels.items(), roof.kernel_binding, strict=True)
            ],
            "node_gain": _node_gain(case, workload, shares, demands, capacities),
        }
        limits = tuple(_needed(case, rung, throughput, slopes, identity))
        return Outcome(limits=limits, metrics=metrics, details=details)


DISCIPLINE = Performance()


def _add_traffic(
    workload: Workload, names: list[str], capacities: NDArray[np.float64], roof: roofline.Roofline,
    slopes: dict[str, float],
) -> None:  # fmt: skip
    """Adds d(throughput)/d(bytes per operation) of the resource that binds each kernel: -X^2 share / capacity."""
    throughput = float(roof.throughput_op_per_s)
    for kernel, binding in zip(workload.kernels.values(), roof.kernel_binding, strict=True):
        name = names[int(binding)]
        traffic = kernel.memory if name == "memory" else kernel.links.get(name)
        if traffic is not None:
            slope = -(throughput**2) * kernel.share / float(capacities[int(binding)])
            slopes[traffic.id] = slopes.get(traffic.id, 0.0) + slope


def _needed(
    case: Case, rung: str, throughput: float, slopes: dict[str, float], identity: Identity
) -> list[Limit]:
    need = case.program.needs.throughput
    demand = need.value if need is not None else 0.0
    found = dict(slopes)
    if need is not None:
        found[need.id] = found.get(need.id, 0.0) - 1.0
    said = f"it needs {demand / 1e12:.0f} TFLOP/s" if need is not None else "the Program demands no amount"
    return [
        Limit(
            identity=identity, demand=demand, capacity=throughput, unit="op/s", hard=need is not None, rung=rung,
            sensitivities=found, model=MODEL, model_error=MODEL_ERROR * throughput,
            basis=(*BASIS, *sorted({case.input(name).source for name in found} - {""})),
            explanation=f"the workload sustains {throughput / 1e12:.0f} TFLOP/s; {said}",
        )
    ]  # fmt: skip


def _clock(case: Case, facts: Facts, workload: Workload) -> _Clock | None:
    """The clock that the junctions allow; None without temperatures."""
    rises = [fact for fact in facts.named("rise") if fact.mode == workload.mode]
    if not rises:
        return None

    def of(name: str, subject: str) -> Fact:
        found = facts.get(name, subject, workload.mode)
        assert found is not None, "thermal gives these three together"
        return found

    limit = [of("rise_limit", fact.subject) for fact in rises]
    alone = [of("scaling_rise", fact.subject) for fact in rises]
    scaling = np.array([fact.value for fact in alone])
    exponent = case.catalog.record("rule", "clock").input("power_exponent")
    held = throttle.sustained(
        [fact.value for fact in limit], np.array([fact.value for fact in rises]) - scaling, scaling, exponent.value
    )  # fmt: skip
    frequency, power = float(held.frequency), float(held.power)
    by_limit, by_scaling = float(held.slope_limit), float(held.slope_scaling)
    if not by_limit:
        return _Clock(frequency=frequency, slopes={}, power=power, power_slopes={})
    # The fixed rise is the whole less what scales: d(limit - fixed) = d(margin) + d(scaling).
    margin, scales = limit[int(held.binding)].sensitivities, alone[int(held.binding)].sensitivities
    slopes = {
        name: by_limit * margin.get(name, 0.0) + (by_limit + by_scaling) * scales.get(name, 0.0)
        for name in {**margin, **scales}
    }
    # power = frequency ^ exponent
    power_slopes = {name: slope * exponent.value * power / frequency for name, slope in slopes.items()}
    slopes[exponent.id] = -frequency * float(np.log(power)) / exponent.value**2
    return _Clock(frequency=frequency, slopes=slopes, power=power, power_slopes=power_slopes)


def _resources(case: Case, facts: Facts, workload: Workload, clock: _Clock) -> list[_Resource]:
    program = case.program
    peak = program.blocks[workload.compute].throughput
    assert peak is not None, "the loader refuses a workload on a block without throughput"
    compute = {name: peak.value * slope for name, slope in clock.slopes.items()}
    compute[peak.id] = compute.get(peak.id, 0.0) + clock.frequency
    resources = [_Resource(name="compute", capacity=peak.value * clock.frequency, slopes=compute)]
    memory = _memory(case, workload)
    for name, link in program.links.items():
        carried = facts.get("link_bandwidth", name)
        value = link.bandwidth.value if carried is None else carried.value
        slopes = {link.bandwidth.id: 1.0} if carried is None else dict(carried.sensitivities)
        if workload.memory in link.between and value < memory.capacity:
            memory = _Resource(name="memory", capacity=value, slopes=slopes)
        resources.append(_Resource(name=name, capacity=value, slopes=slopes))
    return [resources[0], memory, *resources[1:]]


def _memory(case: Case, workload: Workload) -> _Resource:
    """Bandwidth of the memory: of the bought parts that hold the data, or of what is outside the package."""
    outside = workload.memory_bandwidth
    if workload.memory is None:
        assert outside is not None, "the Program has one of the two"
        return _Resource(name="memory", capacity=outside.value, slopes={outside.id: 1.0})
    bought = case.program.bought[workload.memory]
    bandwidth = case.catalog.record("part", bought.part).input("bandwidth")
    return _Resource(
        name="memory", capacity=bandwidth.value * bought.count, slopes={bandwidth.id: float(bought.count)}
    )


def _kernels(workload: Workload, names: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares (n_kernels,) and demands (n_kernels, n_resources) in the order of the resources."""
    kernels = list(workload.kernels.values())
    demands = np.zeros((len(kernels), len(names)))
    for row, kernel in enumerate(kernels):
        demands[row, 0] = 1.0
        demands[row, 1] = kernel.memory.value
        for link, traffic in kernel.links.items():
            demands[row, names.index(link)] = traffic.value
    return np.array([kernel.share for kernel in kernels]), demands


def _power(case: Case, facts: Facts, workload: Workload, clock: _Clock) -> tuple[float, dict[str, float]]:
    """Power of the package in the sustained mode, throttled, and its slopes. [W]"""
    program, mode = case.program, program_mode(case, workload)
    factor = program.accuracy.power
    groups = case.architecture.candidate.partition.groups
    total, slopes = 0.0, {factor.id: 0.0}

    def add(by: Mapping[str, float], times: float) -> None:
        for name, slope in by.items():
            slopes[name] = slopes.get(name, 0.0) + slope * times

    for name, stated in mode.items():
        left = clock.power if name == workload.compute else 1.0
        group = next((item for item in groups if name in item.blocks), None)
        scale = 1.0 if group is None else power_factor(case.catalog, program.blocks[name], group.node)
        full = stated.value * scale * factor.value
        total += full * left
        add({stated.id: full / stated.value, factor.id: full / factor.value}, left)
        if name == workload.compute:
            add(clock.power_slopes, full)
    for fact in facts.named("link_power"):
        if fact.mode == workload.mode:
            total += fact.value
            add(fact.sensitivities, 1.0)
    return total, slopes


def program_mode(case: Case, workload: Workload) -> dict[str, Input]:
    """Power of each block in the mode that is sustained."""
    return case.program.modes[workload.mode].power


def _node_gain(
    case: Case, workload: Workload, shares: NDArray[np.float64], demands: NDArray[np.float64],
    capacities: NDArray[np.float64],
) -> dict[str, object] | None:  # fmt: skip
    """What the working block would gain on the next node in the catalog, in this package."""
    catalog = case.catalog
    group = next(g for g in case.architecture.candidate.partition.groups if workload.compute in g.blocks)
    here = catalog.record("node", group.node)
    if "speed_at_iso_power" not in here:
        return None
    finer = [
        record for record in catalog.records("node")
        if "speed_at_iso_power" in record and record["logic_density"] > WHOLE_NODE * here["logic_density"]
    ]  # fmt: skip
    if not finer:
        return None
    following = min(finer, key=lambda record: record["logic_density"])
    gained = node_gain.node_gain(
        shares, demands, capacities,
        speed_ratio=following["speed_at_iso_power"] / here["speed_at_iso_power"],
        power_ratio=following["power_at_iso_speed"] / here["power_at_iso_speed"],
        density_ratio=following["logic_density"] / here["logic_density"],
    )  # fmt: skip
    return {
        "node": following.id,
        "faster": float(gained.faster),
        "more_units": float(gained.more_units),
    }
