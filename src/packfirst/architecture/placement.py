"""Where each die lies: linked die near each other, spacing kept, stacks over their base."""

import math
from collections import Counter
from dataclasses import dataclass, replace

from packfirst.architecture.candidate import Candidate
from packfirst.architecture.footprint import die_areas_m2, sides, tiles
from packfirst.architecture.partition import Group
from packfirst.catalog import Catalog
from packfirst.program.model import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    """An axis-aligned rectangle in the plane of the package. [m]"""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        return self.width * self.height

    def grown(self, margin: float) -> "Rect":
        """The outline moved outwards by `margin` on all sides."""
        return Rect(x0=self.x0 - margin, y0=self.y0 - margin, x1=self.x1 + margin, y1=self.y1 + margin)

    def moved(self, dx: float, dy: float) -> "Rect":
        """The rectangle shifted."""
        return Rect(x0=self.x0 + dx, y0=self.y0 + dy, x1=self.x1 + dx, y1=self.y1 + dy)

    def gap(self, other: "Rect") -> float:
        """Shortest Manhattan distance between the two outlines; 0 where they touch or overlap."""
        dx = max(self.x0 - other.x1, other.x0 - self.x1, 0.0)
        dy = max(self.y0 - other.y1, other.y0 - self.y1, 0.0)
        return dx + dy

    def facing(self, other: "Rect") -> float:
        """Length over which the two outlines face each other across their gap."""
        in_x = min(self.x1, other.x1) - max(self.x0, other.x0)
        in_y = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(in_y if in_x <= 0.0 else in_x if in_y <= 0.0 else 0.0, 0.0)

    def overlaps(self, other: "Rect") -> bool:
        """Whether the two share more than an edge; a nanometre is no overlap."""
        slack = 1e-9
        return (
            self.x0 < other.x1 - slack and other.x0 < self.x1 - slack
            and self.y0 < other.y1 - slack and other.y0 < self.y1 - slack
        )  # fmt: skip


def around(rects: list[Rect]) -> Rect:
    """The smallest rectangle that holds all."""
    return Rect(
        x0=min(r.x0 for r in rects), y0=min(r.y0 for r in rects),
        x1=max(r.x1 for r in rects), y1=max(r.y1 for r in rects),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedDie:
    """A die in its place."""

    id: str  # "compute_0", "hbm_3"
    group: str  # name of the group, or of the bought part
    blocks: tuple[str, ...]  # () for a bought part
    node: str  # "" for a bought part
    part: str  # catalog id of a bought part, "" otherwise
    rect: Rect
    base: str  # id of the die it stands on, "" for the carrier


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """The share of a Link that one pair of die carries, and how they face each other."""

    link: str
    a: str
    b: str
    bandwidth_share: float  # of the Link's bandwidth
    facing_m: float  # length of edge that faces, 0 for a vertical connection
    gap_m: float
    overlap_m2: float  # area of a vertical connection, 0 beside each other
    side_m: float = (
        0.0  # of the shorter of the two sides that look at each other, its share among all on that side
    )

    @property
    def is_vertical(self) -> bool:
        return self.overlap_m2 > 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """All die in their places, and who talks to whom across which edge."""

    die: tuple[PlacedDie, ...]
    connections: tuple[Connection, ...]

    @property
    def outline(self) -> Rect:
        return around([die.rect for die in self.die])


def place(program: Program, catalog: Catalog, candidate: Candidate) -> Placement:
    """Places the die of a candidate around its hub.

    The hub is the group that talks to the bought memory (or to most links), itself or by what stands on
    it: a grid of at most two columns, so that every hub die has an outer edge for memory. Memory stands in
    columns to the left and right of it, as tall as the hub where the aspect of its die allows; in the ring
    floorplan half of it stands above and below. Other groups stand in rows above and below the hub, clear
    of the memory, or on top of it.
    """
    groups = candidate.partition.groups
    carrier = catalog.record("technology", candidate.carrier)
    spacing = carrier["die_gap"] if "die_gap" in carrier else catalog.record("rule", "body")["die_gap"]
    areas = die_areas_m2(program, catalog, candidate.partition)
    fields = [_field(catalog, group) for group in groups]
    hub = _hub(program, candidate)
    column, ring = _split_memory(_memory(program, catalog), candidate)
    die = _hub_grid(groups[hub], areas[hub], fields[hub], spacing, column)
    memory = _memory_sides(column, die, spacing)
    memory += _memory_ends(ring, die, memory, spacing)
    for index, group in enumerate(groups):
        if index != hub and candidate.partition.base_of(index) is None:
            die += _rows(die, memory, group, areas[index], fields[index], spacing)
    for index, group in enumerate(groups):  # once every base is placed
        base = candidate.partition.base_of(index)
        if base is not None:
            below = [item for item in die if item.group == groups[base].name]
            die += _stacked_on(below, group, areas[index])
    die += memory
    shift = around([item.rect for item in die])
    dx, dy = -(shift.x0 + shift.x1) / 2, -(shift.y0 + shift.y1) / 2
    centred = tuple(replace(item, rect=item.rect.moved(dx, dy)) for item in die)
    return Placement(die=centred, connections=tuple(_connections(program, centred)))


def _field(catalog: Catalog, group: Group) -> tuple[float, float]:
    """Sides of the scanner field that prints the group. [m, m]"""
    node = catalog.record("node", group.node)
    return node["reticle_x"], node["reticle_y"]


def _hub(program: Program, candidate: Candidate) -> int:
    """Index of the group that, with what stands on it, has the most ends on bought parts, then on any link.

    Never one that is stacked on another.
    """
    partition = candidate.partition

    def ends(index: int) -> tuple[int, int, int]:
        blocks = {
            name for number, group in enumerate(partition.groups) for name in group.blocks
            if index in (number, partition.base_of(number))
        }  # fmt: skip
        links = program.links.values()
        to_memory = sum(
            1 for link in links for here, there in (link.between, link.between[::-1])
            if here in blocks and there in program.bought
        )  # fmt: skip
        any_link = sum(1 for link in links for end in link.between if end in blocks)
        return (0 if partition.base_of(index) is None else -1, to_memory, any_link)

    return max(range(len(partition.groups)), key=ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stack:
    id: str
    group: str
    part: str
    along_m: float  # edge that faces the logic
    deep_m: float


def _memory(program: Program, catalog: Catalog) -> list[_Stack]:
    stacks = []
    for name, bought in program.bought.items():
        part = catalog.record("part", bought.part)
        along, deep = max(part["size_x"], part["size_y"]), min(part["size_x"], part["size_y"])
        stacks += [
            _Stack(id=f"{name}_{i}", group=name, part=bought.part, along_m=along, deep_m=deep)
            for i in range(bought.count)
        ]
    return stacks


def _split_memory(memory: list[_Stack], candidate: Candidate) -> tuple[list[_Stack], list[_Stack]]:
    beside = len(candidate.partition.groups) - len(candidate.partition.stacked) > 1
    if candidate.floorplan == "memory_ring" and not beside:
        half = (len(memory) + 1) // 2
        return memory[:half], memory[half:]
    return memory, []


def _hub_grid(
    group: Group, area_m2: float, field_m: tuple[float, float], spacing: float, column: list[_Stack]
) -> list[PlacedDie]:
    """Equal die in at most two columns, so that each has an outer edge; as memory beside them packs best."""
    side = column[: (len(column) + 1) // 2]
    deep = sum(max((s.deep_m for s in stacks), default=0.0) for stacks in (side, column[len(side) :]))
    wanted = sum(s.along_m for s in side) + spacing * max(len(side) - 1, 0)

    def laid(rows: int, columns: int) -> tuple[float, int, int, float, float]:
        tall = (wanted - spacing * (rows - 1)) / rows if side else math.sqrt(area_m2)
        w, h = sides(area_m2, tall, field_m)
        wide, high = columns * (w + spacing) + deep, max(rows * (h + spacing), wanted + spacing)
        return wide * high, rows, columns, w, h

    found = [laid(group.count // columns, columns) for columns in (2, 1) if group.count % columns == 0]
    _, rows, columns, w, h = min(found, key=lambda item: item[0])
    cells = [(r, c) for r in range(rows) for c in range(columns)]
    return [
        PlacedDie(
            id=f"{group.name}_{i}", group=group.name, blocks=group.blocks, node=group.node, part="", base="",
            rect=Rect(
                x0=c * (w + spacing), y0=r * (h + spacing), x1=c * (w + spacing) + w, y1=r * (h + spacing) + h
            ),
        )
        for i, (r, c) in enumerate(cells)
    ]  # fmt: skip


def _stacked_on(bases: list[PlacedDie], group: Group, area_m2: float) -> list[PlacedDie]:
    per_base = group.count // len(bases)
    placed = []
    for number, base in enumerate(bases):
        # The base has grown to hold them.
        rows, columns, w, h = tiles(base.rect.width, base.rect.height, per_base, area_m2)
        cell_w, cell_h = base.rect.width / columns, base.rect.height / rows
        for k in range(per_base):
            r, c = divmod(k, columns)
            x = base.rect.x0 + (c + 0.5) * cell_w - w / 2
            y = base.rect.y0 + (r + 0.5) * cell_h - h / 2
            rect = Rect(x0=x, y0=y, x1=x + w, y1=y + h)
            placed.append(
                PlacedDie(
                    id=f"{group.name}_{number * per_base + k}", group=group.name, blocks=group.blocks,
                    node=group.node, part="", rect=rect, base=base.id,
                )
            )  # fmt: skip
    return placed


def _rows(
    die: list[PlacedDie], memory: list[PlacedDie], group: Group, area_m2: float, field_m: tuple[float, float],
    spacing: float,
) -> list[PlacedDie]:  # fmt: skip
    """A row above and a row below the logic that is there, clear of memory that stands higher."""
    outline = around([item.rect for item in die])
    above = (group.count + 1) // 2
    placed: list[PlacedDie] = []
    for first, number, top in ((0, above, True), (above, group.count - above, False)):
        if not number:
            continue
        wanted = (outline.width - spacing * (number - 1)) / number
        h, w = sides(area_m2, wanted, field_m)  # here the width is what is wanted
        width = number * w + (number - 1) * spacing
        left = (outline.x0 + outline.x1 - width) / 2
        y0 = _clear([*die, *memory], left, left + width, h, spacing, above=top)
        for k in range(number):
            x0 = left + k * (w + spacing)
            placed.append(
                PlacedDie(
                    id=f"{group.name}_{first + k}", group=group.name, blocks=group.blocks, node=group.node,
                    part="", rect=Rect(x0=x0, y0=y0, x1=x0 + w, y1=y0 + h), base="",
                )
            )  # fmt: skip
    return placed


def _clear(
    die: list[PlacedDie], x0: float, x1: float, height: float, spacing: float, *, above: bool
) -> float:
    """Floor of a row between `x0` and `x1` that comes from above, or from below, to rest on what lies there. [m]"""
    # What keeps exactly the spacing beside the row does not lie under it; the share is for rounding.
    reach = spacing * (1.0 - 1e-6)
    met = [item.rect for item in die if item.rect.x0 - reach < x1 and item.rect.x1 + reach > x0]
    if above:
        return max(rect.y1 for rect in met) + spacing
    return min(rect.y0 for rect in met) - spacing - height


def _memory_die(stack: _Stack, rect: Rect) -> PlacedDie:
    return PlacedDie(id=stack.id, group=stack.group, blocks=(), node="", part=stack.part, rect=rect, base="")


def _memory_sides(column: list[_Stack], die: list[PlacedDie], spacing: float) -> list[PlacedDie]:
    """Memory in a column left and a column right of the hub, each centred on it."""
    hub = around([item.rect for item in die])
    placed = []
    left = column[: (len(column) + 1) // 2]
    for stacks, on_left in ((left, True), (column[len(left) :], False)):
        tall = sum(s.along_m for s in stacks) + spacing * max(len(stacks) - 1, 0)
        y = (hub.y0 + hub.y1 - tall) / 2
        for s in stacks:
            x0 = hub.x0 - spacing - s.deep_m if on_left else hub.x1 + spacing
            placed.append(_memory_die(s, Rect(x0=x0, y0=y, x1=x0 + s.deep_m, y1=y + s.along_m)))
            y += s.along_m + spacing
    return placed


def _memory_ends(
    ring: list[_Stack], die: list[PlacedDie], columns: list[PlacedDie], spacing: float
) -> list[PlacedDie]:
    """Memory in a row above and a row below the hub, each centred on it, clear of columns that stand higher."""
    hub = around([item.rect for item in die])
    placed: list[PlacedDie] = []
    above = ring[: (len(ring) + 1) // 2]
    for stacks, on_top in ((above, True), (ring[len(above) :], False)):
        wide = sum(s.along_m for s in stacks) + spacing * max(len(stacks) - 1, 0)
        x = (hub.x0 + hub.x1 - wide) / 2
        deep = max((s.deep_m for s in stacks), default=0.0)
        floor = _clear([*die, *columns], x, x + wide, deep, spacing, above=on_top)
        for s in stacks:
            y0 = floor if on_top else floor + deep - s.deep_m
            placed.append(_memory_die(s, Rect(x0=x, y0=y0, x1=x + s.along_m, y1=y0 + s.deep_m)))
            x += s.along_m + spacing
    return placed


def _connections(program: Program, die: tuple[PlacedDie, ...]) -> list[Connection]:
    found: list[Connection] = []
    for name, link in program.links.items():
        first, second = link.between
        ends_a = [d for d in die if first in d.blocks or d.group == first]
        ends_b = [d for d in die if second in d.blocks or d.group == second]
        if first == second:
            found += _within(name, ends_a)
        elif ends_a[0].group != ends_b[0].group:
            many, few = (ends_a, ends_b) if len(ends_a) >= len(ends_b) else (ends_b, ends_a)
            found += [_between(name, here, few, 1.0 / len(many)) for here in many]
    return _with_sides(found, die)


def _within(name: str, die: list[PlacedDie]) -> list[Connection]:
    """Links between neighbours of one cut block; every straight cut across the grid carries the whole."""
    pairs = [(a, b) for i, a in enumerate(die) for b in die[i + 1 :] if _are_neighbours(a, b, die)]
    cuts = [_cut(a.rect, b.rect) for a, b in pairs]
    return [
        Connection(
            link=name, a=a.id, b=b.id, bandwidth_share=1.0 / cuts.count(cut),
            facing_m=a.rect.facing(b.rect), gap_m=a.rect.gap(b.rect), overlap_m2=0.0,
        )
        for (a, b), cut in zip(pairs, cuts, strict=True)
    ]  # fmt: skip


def _with_sides(connections: list[Connection], die: tuple[PlacedDie, ...]) -> list[Connection]:
    """The same connections, each with its share of the die sides from which wires may fan out to it."""
    rects = {item.id: item.rect for item in die}
    looks = {
        (number, end): _looks(rects[here], rects[there])
        for number, item in enumerate(connections)
        for end, here, there in (("a", item.a, item.b), ("b", item.b, item.a))
    }
    used = Counter((getattr(connections[number], end), side) for (number, end), side in looks.items())
    found = []
    for number, item in enumerate(connections):
        if item.is_vertical:
            found.append(item)
            continue
        shares = []
        for end in ("a", "b"):
            name, side = getattr(item, end), looks[number, end]
            length = rects[name].height if side in ("left", "right") else rects[name].width
            shares.append(length / used[name, side])
        found.append(replace(item, side_m=min(shares)))
    return found


def _looks(here: Rect, there: Rect) -> str:
    """Which side of one outline looks at the other: the side of the larger gap between them."""
    across = max(here.x0 - there.x1, there.x0 - here.x1)
    along = max(here.y0 - there.y1, there.y0 - here.y1)
    if across >= along:
        return "right" if there.x0 + there.x1 > here.x0 + here.x1 else "left"
    return "top" if there.y0 + there.y1 > here.y0 + here.y1 else "bottom"


def _cut(a: Rect, b: Rect) -> tuple[str, float]:
    """The straight line between two neighbours: its direction, and where it lies to the nearest um."""
    if a.x1 <= b.x0 or b.x1 <= a.x0:
        return "x", round(min(a.x1, b.x1), 6)
    return "y", round(min(a.y1, b.y1), 6)


def _are_neighbours(a: PlacedDie, b: PlacedDie, die: list[PlacedDie]) -> bool:
    """Whether the two face each other with no third die of the group between them."""
    if a.rect.facing(b.rect) <= 0.0:
        return False
    strip = _strip(a.rect, b.rect)
    return not any(c.rect.overlaps(strip) for c in die if c.id not in (a.id, b.id))


def _strip(a: Rect, b: Rect) -> Rect:
    """What lies between two outlines that face each other."""
    x, y = sorted((a.x0, a.x1, b.x0, b.x1)), sorted((a.y0, a.y1, b.y0, b.y1))
    return Rect(x0=x[1], x1=x[2], y0=y[1], y1=y[2])


def _between(name: str, here: PlacedDie, others: list[PlacedDie], share: float) -> Connection:
    """The connection to the die above or below, or else to the nearest one that faces this die longest."""
    for there in others:
        if there.base == here.id or here.base == there.id:
            area = min(here.rect.area, there.rect.area)
            return Connection(
                link=name,
                a=here.id,
                b=there.id,
                bandwidth_share=share,
                facing_m=0.0,
                gap_m=0.0,
                overlap_m2=area,
            )
    there = min(others, key=lambda d: (round(here.rect.gap(d.rect), 9), -here.rect.facing(d.rect), d.id))
    return Connection(
        link=name, a=here.id, b=there.id, bandwidth_share=share,
        facing_m=here.rect.facing(there.rect), gap_m=here.rect.gap(there.rect), overlap_m2=0.0,
    )  # fmt: skip
