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
        per_base = partition.groups[upper].count // partition.groups[lower].count
        areas[lower] = max(areas[lower], per_base * areas[upper] / STACK_COVER)
    return tuple(areas)


def grid(count: int, columns_at_most: int) -> tuple[int, int]:
    """Rows and columns of `count` equal die, as square as the column limit and divisibility let it be."""
    best = (count, 1)
    for columns in range(1, min(count, columns_at_most) + 1):
        if count % columns == 0 and abs(count // columns - columns) <= abs(best[0] - best[1]):
            best = (count // columns, columns)
    return best


def sides(area_m2: float, height_wanted_m: float) -> tuple[float, float]:
    """Width and height of a die of `area_m2`, as near to the wanted height as its aspect may go. [m, m]"""
    tallest = math.sqrt(area_m2 * LONGEST_ASPECT)
    height = min(max(height_wanted_m, area_m2 / tallest), tallest)
    return area_m2 / height, height


def tiles(
    width_m: float, height_m: float, count: int, area_m2: float
) -> tuple[int, int, float, float] | None:
    """Rows, columns, width and height of `count` equal tiles of `area_m2` inside a rectangle.

    The arrangement whose tiles are nearest to square; None where no arrangement within the aspect fits.
    """
    best: tuple[float, tuple[int, int, float, float]] | None = None
    for columns in range(1, count + 1):
        if count % columns:
            continue
        rows = count // columns
        cell_w, cell_h = width_m / columns, height_m / rows
        shrink = math.sqrt(area_m2 / (cell_w * cell_h))
        if shrink > 1.0:
            continue
        w, h = cell_w * shrink, cell_h * shrink
        aspect = max(w / h, h / w)
        if aspect <= LONGEST_ASPECT and (best is None or aspect < best[0] - 1e-12):
            best = (aspect, (rows, columns, w, h))
    return None if best is None else best[1]
