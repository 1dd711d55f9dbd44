"""The discrete choices of a floorplan, how they are laid out, and which of them are best."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from packfirst.architecture.candidate import Candidate
from packfirst.architecture.construction import construction
from packfirst.architecture.footprint import die_areas_m2
from packfirst.architecture.partition import Group
from packfirst.architecture.placing import memory
from packfirst.architecture.placing.beside import Arrangement, arrangements, laid_beside
from packfirst.architecture.placing.connections import edges, gaps
from packfirst.architecture.placing.hub import Grid, cell_area_m2, grids, hub_of, laid_hub
from packfirst.architecture.placing.placed import PlacedDie
from packfirst.architecture.placing.rect import Rect, around
from packfirst.architecture.placing.sequence_pair import SequencePair, annealed, packed
from packfirst.architecture.placing.stacks import stacked_on
from packfirst.catalog import Catalog
from packfirst.program.model import Program

# A plan must be better by this share to be taken over one tried earlier: of two that rounding alone tells apart,
# every machine takes the same.
_BETTER = 1e-6
# A millimetre past the room that the product leaves, or past what wires of the carrier reach, weighs as much as
# this many of half-perimeter: enough that no saving elsewhere buys it.
_PAST = 4.0
# Annealing of floorplans of several groups: moves and die at most, weight of wires, and the gain that is worth leaving
# rows for, in which everything faces what it talks to.
_MOVES, _MOST_ANNEALED, _WIRE_WEIGHT, _WORTH = 20_000, 40, 0.5, 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where things go, without a length: one floorplan for any areas, gaps and sizes."""

    hub: int
    grid: Grid
    beside: tuple[tuple[int, Arrangement], ...]  # by group, in the order in which they are laid
    packed: SequencePair | None = (
        None  # of the logic in that order, where it goes closer together than in rows
    )


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Lengths and areas that a Plan is laid out with."""

    groups: tuple[Group, ...]
    areas_m2: tuple[float, ...]
    fields_m: tuple[tuple[float, float], ...]
    spacing_m: float
    column: list[memory.Stack]
    ring: list[memory.Stack]


def ground(program: Program, catalog: Catalog, candidate: Candidate) -> Ground:
    """Lengths and areas of a candidate."""
    groups = candidate.partition.groups
    carrier = catalog.record("technology", candidate.carrier)
    spacing = carrier["die_gap"] if "die_gap" in carrier else catalog.record("rule", "body")["die_gap"]
    nodes = [catalog.record("node", group.node) for group in groups]
    column, ring = memory.split(memory.stacks_of(program, catalog), candidate)
    return Ground(
        groups=groups, areas_m2=die_areas_m2(program, catalog, candidate.partition), spacing_m=spacing,
        fields_m=tuple((node["reticle_x"], node["reticle_y"]) for node in nodes), column=column, ring=ring,
    )  # fmt: skip


def laid(plan: Plan, on: Ground, candidate: Candidate) -> tuple[PlacedDie, ...]:
    """All die of a plan in their places, the outline's middle at the origin."""
    die = laid_hub(plan.grid, *_of(on, plan.hub), on.spacing_m, on.column)
    bought = memory.at_sides(on.column, die, on.spacing_m)
    bought += memory.at_ends(on.ring, die, bought, on.spacing_m)
    for index, arrangement in plan.beside:
        logic = [item.rect for item in die]
        standing = [*logic, *(item.rect for item in bought)]
        die += laid_beside(arrangement, logic, standing, *_of(on, index), on.spacing_m)
    if plan.packed is not None:
        die = _repacked(die, plan.packed, on.spacing_m)
    for index, group in enumerate(on.groups):  # once every base is placed
        base = candidate.partition.base_of(index)
        if base is not None:
            below = [item for item in die if item.group == on.groups[base].name]
            die += stacked_on(below, group, on.areas_m2[index])
    die += bought
    outline = around([item.rect for item in die])
    dx, dy = -(outline.x0 + outline.x1) / 2, -(outline.y0 + outline.y1) / 2
    return tuple(replace(item, rect=item.rect.moved(dx, dy)) for item in die)


def _repacked(die: list[PlacedDie], order: SequencePair, spacing_m: float) -> list[PlacedDie]:
    """The same die, turned and moved to where a sequence pair has them."""
    sizes = np.array([(item.rect.width, item.rect.height) for item in die])
    turned = np.array(order.turned)
    wide, tall = np.where(turned[:, None], sizes[:, ::-1], sizes).T
    xs, ys = packed(np.array(order.first), np.array(order.second), wide + spacing_m, tall + spacing_m)
    return [
        replace(item, rect=Rect(x0=float(x), y0=float(y), x1=float(x + w), y1=float(y + h)))
        for item, x, y, w, h in zip(die, xs, ys, wide, tall, strict=True)
    ]


def _of(on: Ground, index: int) -> tuple[Group, float, tuple[float, float]]:
    return on.groups[index], on.areas_m2[index], on.fields_m[index]


def plan_of(program: Program, catalog: Catalog, candidate: Candidate) -> Plan:
    """The best of the plans tried: least outline, wires short, inside the product's room where one is.

    Groups beside the hub are added one after another, the largest first, each where it costs least; then each is
    tried anew with the others where they are.
    """
    on, hub = ground(program, catalog, candidate), hub_of(program, candidate)
    standing = [
        index for index in range(len(on.groups))
        if index != hub and candidate.partition.base_of(index) is None
    ]  # fmt: skip
    standing.sort(key=lambda index: -on.groups[index].count * on.areas_m2[index])
    tried = _grids(on, hub, alone=not standing)
    if not standing and len(tried) == 1:
        return Plan(hub=hub, grid=tried[0], beside=())
    judge = _Judge(program, catalog, candidate, on)
    best: tuple[float, Plan] | None = None
    for grid in tried:
        plan = Plan(hub=hub, grid=grid, beside=())
        score = judge.score(plan)
        for index in standing:
            score, plan = judge.best(
                _with(plan, index, item) for item in arrangements(on.groups[index].count)
            )
        for index in standing[:-1]:
            again = (_with(plan, index, item) for item in arrangements(on.groups[index].count))
            score, plan = judge.best(again, known=(score, plan))
        if best is None or score < best[0] * (1.0 - _BETTER):
            best = score, plan
    assert best is not None  # there is always a grid
    return _closer(*best, judge, on, candidate, program) if len(standing) > 1 and not on.column else best[1]


def _closer(
    score: float, plan: Plan, judge: "_Judge", on: Ground, candidate: Candidate, program: Program
) -> Plan:
    """The plan with its die annealed closer together, where that is worth it: several groups seldom fill rows."""
    die = [item for item in laid(plan, on, candidate) if not item.base]
    if len(die) > _MOST_ANNEALED:
        return plan
    sizes = np.array([(item.rect.width, item.rect.height) for item in die])
    found = annealed(
        sizes[:, 0], sizes[:, 1], _nets(program, die), wire_weight=_WIRE_WEIGHT, gap=on.spacing_m,
        moves=_MOVES,
    )  # fmt: skip
    closer = replace(plan, packed=found.order)
    return closer if judge.score(closer) < score * (1.0 - _WORTH) else plan


def _nets(program: Program, die: Sequence[PlacedDie]) -> list[list[int]]:
    """Each die with the one at the other end of its links: those of the fewer side taken in turn."""
    nets = []
    for link in program.links.values():
        ends = [[n for n, item in enumerate(die) if end in item.blocks] for end in link.between]
        few, many = sorted(ends, key=len)
        if few and few != many:
            nets += [[few[k % len(few)], other] for k, other in enumerate(many)]
    return nets


def _grids(on: Ground, hub: int, *, alone: bool) -> list[Grid]:
    group, area, field = _of(on, hub)
    found = grids(group.count, beside_memory=bool(on.column), alone=alone)
    if not on.column:
        return found
    return [min(found, key=lambda grid: cell_area_m2(grid, area, field, on.spacing_m, on.column))]


def _with(plan: Plan, index: int, arrangement: Arrangement) -> Plan:
    places = dict(plan.beside)
    places[index] = arrangement
    return replace(plan, beside=tuple(places.items()))


class _Judge:
    """Scores plans of one candidate: lengths in metres, less is better."""

    def __init__(self, program: Program, catalog: Catalog, candidate: Candidate, on: Ground) -> None:
        built = construction(catalog.record("technology", candidate.carrier))
        rules = catalog.record("rule", "body")
        margin = {"lid": "laminate_margin", "bare": "laminate_margin", "mould": "mould_margin"}
        around_m = 2.0 * rules[margin.get(built.cover, "cavity_margin")]
        room = program.form_factor
        self._candidate, self._on, self._sheet = candidate, on, bool(built.sheet)
        self._room = sorted(side.value - around_m for side in (room.body_x, room.body_y))
        reach = catalog.record("technology", candidate.carrier).get("reach")
        self._reach = math.inf if reach is None else reach.value
        self._links = [link.between for link in program.links.values()]

    def best(self, plans: Iterator[Plan], known: tuple[float, Plan] | None = None) -> tuple[float, Plan]:
        """The plan of least score; of equals the one tried first."""
        for plan in plans:
            score = self.score(plan)
            if known is None or score < known[0] * (1.0 - _BETTER):
                known = score, plan
        assert known is not None  # there is always an arrangement
        return known

    def score(self, plan: Plan) -> float:
        """Half the outline's perimeter, plus the mean gap that wires cross, plus what is past room and reach. [m]

        A sheet is paid for by its area: there the side of the equal square counts, and past two to one
        that of the square whose diagonal is its long side, since slender sheets warp.
        """
        die = laid(plan, self._on, self._candidate)
        outline = around([item.rect for item in die])
        short, long = sorted((outline.width, outline.height))
        size = max(math.sqrt(short * long), long / math.sqrt(2.0)) if self._sheet else (short + long) / 2.0
        mean, longest = self._wires(die)
        past = max(short - self._room[0], 0.0) + max(long - self._room[1], 0.0)
        return size + mean + _PAST * (past + max(longest - self._reach, 0.0))

    def _wires(self, die: Sequence[PlacedDie]) -> tuple[float, float]:
        """Mean over the links of the mean gap from each die to the nearest at the other end, and the longest. [m]"""
        total, number, longest = 0.0, 0, 0.0
        for a, b in self._links:
            ends = [edges([d.rect for d in die if end in d.blocks or d.group == end]) for end in (a, b)]
            if a == b or not len(ends[0]) or not len(ends[1]):
                continue
            many, few = sorted(ends, key=len, reverse=True)
            nearest = gaps(many, few).min(axis=1)
            total, number, longest = (
                total + float(nearest.mean()),
                number + 1,
                max(longest, float(nearest.max())),
            )
        return (total / number if number else 0.0), longest
