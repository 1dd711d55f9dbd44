"""Whole wafers bonded face to face: both die of a pair have one outline."""

from packfirst.architecture.footprint import STACK_COVER, die_areas_m2
from packfirst.architecture.partition import Partition
from packfirst.catalog import Catalog
from packfirst.catalog.record import Record
from packfirst.program.model import Program


def joins_wafers(stack: Record) -> bool:
    """Whether a stack technology joins whole wafers, so that die of unequal size cannot meet."""
    return stack.words.get("equal_die") == "yes"


def has_equal_die(program: Program, catalog: Catalog, partition: Partition) -> bool:
    """Whether each stacked die has a base of its own that is no larger than what seal ring and lane around it take.

    The smaller of two unequal die would have to grow to the larger, so that what it saves by a node of its own is
    given back as empty silicon: then it is another partition, and die on wafer is the technology for it.
    """
    areas = die_areas_m2(program, catalog, partition)
    return all(
        partition.beside_on(upper, lower) == 1 and areas[upper] >= STACK_COVER * areas[lower] * (1.0 - 1e-9)
        for upper, lower in partition.stacked
    )
