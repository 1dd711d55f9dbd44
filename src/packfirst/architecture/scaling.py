"""What a block becomes on another node, and cut into several die."""

import math

from packfirst.architecture.partition import Group
from packfirst.catalog import Catalog
from packfirst.program.model import Block, Program


def area_factor(catalog: Catalog, block: Block, node: str) -> float:
    """Area on `node` as a multiple of the area at the block's own node. [-]

    Logic, memory cells and analogue shrink apart from each other, as foundries state them.
    """
    if node == block.node:
        return 1.0
    old, new = catalog.record("node", block.node), catalog.record("node", node)
    shares = (
        ("logic_density", block.mix.logic), ("sram_density", block.mix.sram), ("analog_density", block.mix.analog),
    )  # fmt: skip
    return sum(share * old[field] / new[field] for field, share in shares if share)


def power_factor(catalog: Catalog, block: Block, node: str) -> float:
    """Power on `node` at the same speed, as a multiple of the power at the block's own node. [-]"""
    if node == block.node:
        return 1.0
    field = "power_at_iso_speed"
    return catalog.record("node", node)[field] / catalog.record("node", block.node)[field]


def cut_share(program: Program, group: Group, name: str) -> float:
    """How often the overhead of die-to-die interfaces is on a block: 0 uncut, 1 cut into four. [-]

    The interfaces line the cuts. A square cut into n equal squares has cuts of 2 (sqrt(n) - 1) sides, so that
    the overhead that is known for four die grows with sqrt(n) - 1. A block without traffic of its own across
    its cuts has none; die one above another face each other with their whole area and have none either.
    """
    links_itself = any(link.between == (name, name) for link in program.links.values())
    return math.sqrt(group.places) - 1.0 if links_itself else 0.0


def cut_factor(program: Program, catalog: Catalog, group: Group, name: str) -> float:
    """Area of a block cut into the group's die, its interfaces with it, over its area in one piece. [-]"""
    overhead = catalog.record("cost_parameter", "die_to_die")["area_share"]
    return 1.0 + overhead * cut_share(program, group, name)


def group_area_m2(program: Program, catalog: Catalog, group: Group) -> float:
    """Silicon area of one die of the group, with the Program's accuracy factor at its nominal. [m2]"""
    whole = sum(
        program.blocks[name].area.value
        * area_factor(catalog, program.blocks[name], group.node)
        * cut_factor(program, catalog, group, name)
        for name in group.blocks
    )
    return whole * program.accuracy.area.value / group.count


def group_power_w(program: Program, catalog: Catalog, group: Group, mode: str) -> float:
    """Power of one die of the group in a mode, without its links. [W]"""
    power = program.modes[mode].power
    whole = sum(
        power[name].value * power_factor(catalog, program.blocks[name], group.node) for name in group.blocks
    )
    return whole * program.accuracy.power.value / group.count
