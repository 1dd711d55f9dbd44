"""The window of a die's area: how small and how large it may get until room, edges, bonds or price say no."""

from dataclasses import dataclass

from scipy.special import ndtri

from packfirst.architecture.architecture import build
from packfirst.architecture.elaborate import elaborate
from packfirst.assess import Assessment, assess_package
from packfirst.catalog import Catalog
from packfirst.catalog.record import MissingDatum
from packfirst.confidence import Judged, influences
from packfirst.disciplines import registry
from packfirst.disciplines.case import Case
from packfirst.program.model import Program

# What the size of a die acts on without a field solve. Heat is held by the powers: `check` scales those of a
# die that is smaller than planned.
ASKED = ("form_factor", "electrical", "cost")
# Searched from a tenth of the planned area to four times it, in steps of a fifth, then halved to this share.
SMALLEST, LARGEST, STEP, CLOSE = 0.1, 4.0, 1.2, 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Areas of one die of a kind that hold, the other kinds at their planned size, and what ends them. [m2]"""

    least_m2: float
    most_m2: float
    ends_below: str  # identity of the limit that fails below the window, "" where the search found none
    ends_above: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    area_m2: float
    width_m: float
    height_m: float
    failing: frozenset[str]


def area_window(case: Case, assessment: Assessment, group: str) -> Window:
    """The window around the planned area, by assessing again at other sizes.

    A limit that does not hold as planned, and that no size in reach mends, does not count: the die's size is
    not what is wrong with it.
    """
    planned = _at(case, assessment, group, 1.0)
    lows = _walk(case, assessment, group, planned, 1.0 / STEP)
    highs = _walk(case, assessment, group, planned, STEP)
    hopeless = frozenset.intersection(planned.failing, *(found.failing for _, found in (*lows, *highs)))
    start, here = next(
        ((factor, found) for factor, found in ((1.0, planned), *lows, *highs) if found.failing <= hopeless),
        (1.0, planned),
    )
    ignored = here.failing
    below = [item for item in ((1.0, planned), *lows) if item[0] < start]
    above = [item for item in ((1.0, planned), *highs) if item[0] > start]
    least, ends_below = _end(case, assessment, group, (start, here), below, ignored)
    most, ends_above = _end(case, assessment, group, (start, here), above, ignored)
    return Window(least_m2=least, most_m2=most, ends_below=ends_below, ends_above=ends_above)


def _walk(
    case: Case, assessment: Assessment, group: str, planned: _Found, step: float
) -> list[tuple[float, _Found]]:
    """Sizes in even steps away from the planned one: to the first that fails, or to the last where it fails itself."""
    found, factor = [], step
    while SMALLEST <= factor <= LARGEST:
        found.append((factor, _at(case, assessment, group, factor)))
        if found[-1][1].failing and not planned.failing:
            break
        factor *= step
    return found


def _end(
    case: Case, assessment: Assessment, group: str, inside: tuple[float, _Found], outwards: list[tuple[float, _Found]],
    ignored: frozenset[str],
) -> tuple[float, str]:  # fmt: skip
    """Area up to which everything holds, and the first limit that fails beyond."""
    for item in outwards:
        if item[1].failing - ignored:
            good, bad = inside, item
            while abs(bad[0] / good[0] - 1.0) > CLOSE:
                factor = 0.5 * (good[0] + bad[0])
                middle = (factor, _at(case, assessment, group, factor))
                good, bad = (good, middle) if middle[1].failing - ignored else (middle, bad)
            return good[1].area_m2, min(bad[1].failing - ignored)
        inside = item
    return inside[1].area_m2, ""


def _at(case: Case, assessment: Assessment, group: str, factor: float) -> _Found:
    """The die of a kind at so many times its area: its size, and the limits that do not hold with the confidence."""
    program, catalog = resized(case, group, factor)
    asked = [item for item in registry.disciplines() if item.name in ASKED]
    if program.needs.unit_cost is None:  # a price that nobody limits is long to sample
        asked = [item for item in asked if item.name != "cost"]
    try:
        architecture = build(program, catalog, assessment.candidate)
        again = assess_package(
            program, catalog, architecture, elaborate(architecture, catalog), rung=assessment.rung, seed=case.seed,
            n_samples=case.n_samples, disciplines=asked,
        )  # fmt: skip
    except MissingDatum as missing:
        return _Found(area_m2=0.0, width_m=0.0, height_m=0.0, failing=frozenset([missing.input_id]))
    rect = next(die.rect for die in architecture.placement.die if die.group == group)
    z = float(ndtri(program.confidence))
    own = own_area_ids(case, group)
    failing = frozenset(
        str(item.limit.identity)
        for item in again.verdict.judged
        if item.limit.hard and not _holds(item, again, own, z, program.confidence)
    )
    return _Found(area_m2=rect.area, width_m=rect.width, height_m=rect.height, failing=failing)


def _holds(item: Judged, assessment: Assessment, own: frozenset[str], z: float, confidence: float) -> bool:
    if item.limit.samples is not None:
        return item.probability >= confidence
    parts = (part.sigma for part in influences(item.limit, assessment.inputs) if part.input_id not in own)
    return bool(item.limit.margin >= z * sum(sigma**2 for sigma in parts) ** 0.5)


def resized(case: Case, group: str, factor: float) -> tuple[Program, Catalog]:
    """Program and Catalog in which each die of a kind has so many times its area; a bought part keeps its shape."""
    program, catalog = case.program, case.catalog
    bought = program.bought.get(group)
    if bought is not None:
        for field in ("size_x", "size_y"):
            item = catalog.record("part", bought.part).input(field)
            catalog = catalog.with_value(item.id, item.value * factor**0.5)
        return program, catalog
    for name in _blocks(case, group):
        item = program.blocks[name].area
        program = program.with_value(item.id, item.value * factor)
    return program, catalog


def own_area_ids(case: Case, group: str) -> frozenset[str]:
    """Inputs that say how sure the die's own area is: the window is about the area, whatever the estimate."""
    areas = [case.program.blocks[name].area.id for name in _blocks(case, group)]
    return frozenset([case.program.accuracy.area.id, *areas])


def _blocks(case: Case, group: str) -> tuple[str, ...]:
    groups = case.architecture.candidate.partition.groups
    return next((item.blocks for item in groups if item.name == group), ())
