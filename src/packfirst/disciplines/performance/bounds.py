"""Screen of performance: the workload at full clock over links that carry all that is asked of them."""

import numpy as np

from packfirst.architecture.scaling import group_power_w
from packfirst.disciplines.case import Bound, Screen, Table
from packfirst.disciplines.performance import roofline
from packfirst.program.model import Workload


def screen(table: Table) -> Screen:
    """Highest throughput and efficiency of every row; the throughput held against what is needed.

    A row that holds its junction limits runs at full clock: the efficiency is that of the full clock, with
    no power for links.
    """
    program, catalog, space = table.program, table.catalog, table.space
    workload = program.workload
    if workload is None:
        return Screen()
    peak = program.blocks[workload.compute].throughput
    assert peak is not None, "the loader refuses a workload on a block without throughput"
    memory = _memory_byte_per_s(table, workload)
    names = ["compute", "memory", *program.links]
    capacities = np.array([peak.value, memory, *(link.bandwidth.value for link in program.links.values())])
    kernels = list(workload.kernels.values())
    demands = np.zeros((len(kernels), len(names)))
    for row, kernel in enumerate(kernels):
        demands[row, :2] = 1.0, kernel.memory.value
        for link_name, traffic in kernel.links.items():
            demands[row, names.index(link_name)] = traffic.value
    shares = np.array([kernel.share for kernel in kernels])
    highest = float(roofline.roofline(shares, demands, capacities).throughput_op_per_s)
    power = np.array([
        sum(group_power_w(program, catalog, group, workload.mode) * group.count for group in partition.groups)
        + sum(
            program.modes[workload.mode].power[name].value * program.accuracy.power.value for name in program.bought
        )
        for partition in space.partitions
    ])[table.option(0)]  # fmt: skip
    throughput = np.full(len(power), highest)
    need = program.needs.throughput
    bounds: tuple[Bound, ...] = ()
    if need is not None:
        demand = np.full(len(power), need.value)
        bounds = (Bound(kind="throughput", demand=demand, capacity=throughput, unit="op/s"),)
    return Screen(bounds=bounds, best={"throughput": throughput, "efficiency": throughput / power})


def _memory_byte_per_s(table: Table, workload: Workload) -> float:
    """Highest bandwidth of the memory. [B/s]"""
    if workload.memory is None:
        assert workload.memory_bandwidth is not None, "the Program has one of the two"
        return workload.memory_bandwidth.value
    bought = table.program.bought[workload.memory]
    memory = table.catalog.record("part", bought.part)["bandwidth"] * bought.count
    for link in table.program.links.values():
        if workload.memory in link.between:
            memory = min(memory, link.bandwidth.value)
    return memory
