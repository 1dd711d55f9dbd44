"""The outlines of die before they are placed: areas with what stacking adds, and sides that fit."""

import math

from packfirst.architecture.partition import Partition
from packfirst.architecture.scaling import group_area_m2
from packfirst.catalog import Catalog
from packfirst.program.model import Program

# Share of a base die's face that stacked die can cover: seal ring, dicing lane and pick-and-place
# clearance around each. Assumed: foundries publish no figure.
STACK_COVER = 0.92
# Longer die crack and warp more and waste wafer edge; published products stay within about 2.5 to 1.
LONGEST_ASPECT = 2.5


def die_areas_m2(program: Program, catalog: Catalog, partition: Partition) -> tuple[float, ...]:
    """Area of one die of each group; a base die grows until the die that stand on it fit. [m2]"""
    areas = [group_area_m2(program, catalog, group) for group in partition.groups]
    for upper, lower in partition.stacked:
        per_base = partition.beside_on(upper, lower)
        areas[lower] = max(areas[lower], per_base * areas[upper] / STACK_COVER)
    return tuple(areas)


def sides(area_m2: float, height_wanted_m: float, field_m: tuple[float, float]) -> tuple[float, float]:
    """Width and height of a die of `area_m2`, as near to the wanted height as it may go. [m, m]

    Its aspect sets how far, and the scanner's field, upright or on its side: a die whose area the field
    holds gets sides that the field holds too. One larger than the field is no die whatever its sides; it
    follows its aspect alone, and the reticle limit says so.
    """
    tallest = math.sqrt(area_m2 * LONGEST_ASPECT)
    within = [
        (max(area_m2 / wide, area_m2 / tallest), min(tall, tallest))
        for wide, tall in (field_m, field_m[::-1])
        if area_m2 <= wide * tall
    ]
    heights = [min(max(height_wanted_m, low), high) for low, high in within if low <= high]
    height = min(
        heights or [min(max(height_wanted_m, area_m2 / tallest), tallest)],
        key=lambda found: abs(found - height_wanted_m),
    )
    return area_m2 / height, height


def tiles(width_m: float, height_m: float, count: int, area_m2: float) -> tuple[int, int, float, float]:
    """Rows, columns, width and height of `count` equal tiles of `area_m2` inside a rectangle that has room for them.

    The arrangement whose tiles are nearest to square, each of its cell's proportions. A prime number of
    tiles may have to be slimmer than `LONGEST_ASPECT`.
    """
    best: tuple[float, tuple[int, int, float, float]] | None = None
    for columns in range(1, count + 1):
        if count % columns:
            continue
        rows = count // columns
        cell_w, cell_h = width_m / columns, height_m / rows
        shrink = math.sqrt(area_m2 / (cell_w * cell_h))
        aspect = max(cell_w / cell_h, cell_h / cell_w)
        if best is None or aspect < best[0] - 1e-12:
            best = (aspect, (rows, columns, cell_w * shrink, cell_h * shrink))
    assert best is not None  # one column always divides
    return best[1]
