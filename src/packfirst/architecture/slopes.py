"""How the areas of die and their outline answer to the Inputs that shape them."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.candidate import Candidate
from packfirst.architecture.placement import Plan, around, outlines, plan_of
from packfirst.architecture.scaling import cut_share
from packfirst.architecture.towers import flattened
from packfirst.catalog import Catalog
from packfirst.inputs import Input
from packfirst.program.model import Program

# Relative step of the central differences: the areas and the outline are smooth in all these Inputs but for
# kinks where a base die begins to grow, a side meets the scanner's field, or another die stands out farthest.
_STEP = 1e-6


def plan_slopes(program: Program, catalog: Catalog, candidate: Candidate) -> dict[str, NDArray[np.float64]]:
    """Slopes of what a candidate measures in the plane, by Input id. Inputs that move nothing are left out.

    Returns
    -------
    dict of str to ndarray, shape (n_groups + 2,)
        d/d(input) of the area of one die of each group [m2], then of width and height of the outline
        around all die [m], each per SI unit of the Input. Central differences of the placement itself, its
        discrete choices kept.
    """
    flat_program, flat = flattened(program, candidate)
    plan = plan_of(flat_program, catalog, flat)
    found: dict[str, NDArray[np.float64]] = {}
    for item in _shaping(program, catalog, candidate):
        step = _STEP * item.value
        ends = [
            _measured(*_moved(program, catalog, item.id, item.value + way * step), candidate, plan)
            for way in (1.0, -1.0)
        ]
        slope = (ends[0] - ends[1]) / (2.0 * step)
        # A change of less than a ten-thousandth of what the step would do in proportion is rounding.
        slope[np.abs(slope) * item.value < 1e-4 * np.abs(ends[0])] = 0.0
        if slope.any():
            found[item.id] = slope
    return found


def _moved(program: Program, catalog: Catalog, input_id: str, value: float) -> tuple[Program, Catalog]:
    if input_id.startswith("program/"):
        return program.with_value(input_id, value), catalog
    return program, catalog.with_value(input_id, value)


def _measured(program: Program, catalog: Catalog, candidate: Candidate, plan: Plan) -> NDArray[np.float64]:
    flat_program, flat = flattened(program, candidate)
    placed = outlines(flat_program, catalog, flat, plan)
    area = {die.group: die.rect.area for die in placed}
    outline = around([die.rect for die in placed])
    groups = [area[group.name] for group in candidate.partition.groups]
    return np.array([*groups, outline.width, outline.height])


def _shaping(program: Program, catalog: Catalog, candidate: Candidate) -> list[Input]:
    """Inputs that may move an area or the outline, once each; those that are known exactly are left out."""
    named = {item.id: item for item in _named(program, catalog, candidate)}
    return [item for item in named.values() if item.value and (item.low is None or item.low != item.high)]


def _named(program: Program, catalog: Catalog, candidate: Candidate) -> Iterator[Input]:
    yield program.accuracy.area
    carrier = catalog.record("technology", candidate.carrier)
    yield carrier.get("die_gap") or catalog.record("rule", "body").input("die_gap")
    for group in candidate.partition.groups:
        for name in group.blocks:
            block = program.blocks[name]
            yield block.area
            if cut_share(program, group, name):
                yield catalog.record("cost_parameter", "die_to_die").input("area_share")
            for node in (block.node, group.node) if block.node != group.node else ():
                record = catalog.record("node", node)
                yield from (
                    record.input(field) for field in ("logic_density", "sram_density", "analog_density")
                )
    for bought in program.bought.values():
        part = catalog.record("part", bought.part)
        yield from (part.input("size_x"), part.input("size_y"))
