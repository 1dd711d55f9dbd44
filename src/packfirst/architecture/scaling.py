"""What a block becomes on another node."""

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


def group_area_m2(program: Program, catalog: Catalog, group: Group) -> float:
    """Silicon area of one die of the group, with the Program's accuracy factor at its nominal. [m2]"""
    blocks = (program.blocks[name] for name in group.blocks)
    whole = sum(block.area.value * area_factor(catalog, block, group.node) for block in blocks)
    return whole * program.accuracy.area.value / group.count


def group_power_w(program: Program, catalog: Catalog, group: Group, mode: str) -> float:
    """Power of one die of the group in a mode, without its links. [W]"""
    power = program.modes[mode].power
    whole = sum(
        power[name].value * power_factor(catalog, program.blocks[name], group.node) for name in group.blocks
    )
    return whole * program.accuracy.power.value / group.count
