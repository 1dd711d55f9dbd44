"""What stands beside the hub: rows of equal die on two, one or all four sides of what is there."""

from collections.abc import Iterator
from dataclasses import dataclass

from packfirst.architecture.footprint import sides
from packfirst.architecture.partition import Group
from packfirst.architecture.placing.clearing import clear
from packfirst.architecture.placing.placed import PlacedDie
from packfirst.architecture.placing.rect import Rect, around

# More than three die deep, the wires of the outermost run under all the others.
_DEEPEST = 3
# Shares between the two pairs of sides to try where die go all round: in steps of two die, at most so many.
_ALL_ROUND = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """How many die of a group stand above, below, left and right of the rest, and in how many rows at most."""

    above: int
    below: int
    left: int
    right: int
    deep: int

    @property
    def by_side(self) -> tuple[int, int, int, int]:
        return self.above, self.below, self.left, self.right

    @property
    def in_row(self) -> int:
        """Die of the longest row."""
        return -(-max(self.by_side) // self.deep)


def arrangements(count: int) -> Iterator[Arrangement]:
    """Arrangements to try, in a fixed order: above and below first, then left and right, all round, on one side."""
    more, less = (count + 1) // 2, count // 2
    for deep in range(1, _DEEPEST + 1):
        if deep == 1 or more > deep:
            yield Arrangement(above=more, below=less, left=0, right=0, deep=deep)
            yield Arrangement(above=0, below=0, left=more, right=less, deep=deep)
    for beside in range(2, count - 1, max(2, count // _ALL_ROUND)):
        for deep in (1, 2):
            across = count - beside
            halves = ((across + 1) // 2, across // 2, (beside + 1) // 2, beside // 2)
            if deep == 1 or min(halves) > 1:
                above, below, left, right = halves
                yield Arrangement(above=above, below=below, left=left, right=right, deep=deep)
    if 1 < count <= 6:
        for deep in (1, 2):
            if count > deep or deep == 1:
                yield Arrangement(above=count, below=0, left=0, right=0, deep=deep)
                yield Arrangement(above=0, below=0, left=0, right=count, deep=deep)


def laid_beside(
    arrangement: Arrangement, logic: list[Rect], standing: list[Rect], group: Group, area_m2: float,
    field_m: tuple[float, float], spacing: float,
) -> list[PlacedDie]:  # fmt: skip
    """The die of a group in their rows, each row centred on the logic and clear of all that stands there.

    Parameters
    ----------
    logic : list of Rect
        What the rows are centred on, and whose sides they try to fill.
    standing : list of Rect
        All that they must be clear of, memory and keep-outs included.
    """
    outline = around(logic)
    wanted = min(
        (length - spacing * (n - 1)) / n
        for length, count in zip((outline.width,) * 2 + (outline.height,) * 2, arrangement.by_side, strict=True)
        if count for n in (-(-count // arrangement.deep),)
    )  # fmt: skip
    deep, along = sides(area_m2, wanted, field_m)  # the edge that looks at the hub is what is wanted
    everything = list(standing)
    placed: list[PlacedDie] = []
    for side, count in enumerate(arrangement.by_side):
        rects = _on_side(side, count, arrangement.deep, outline, everything, along, deep, spacing)
        everything += rects
        placed += [
            PlacedDie(
                id=f"{group.name}_{len(placed) + k}", group=group.name, blocks=group.blocks, node=group.node,
                part="", rect=rect, base="",
            )
            for k, rect in enumerate(rects)
        ]  # fmt: skip
    return placed


def _on_side(
    side: int,
    count: int,
    rows: int,
    outline: Rect,
    standing: list[Rect],
    along: float,
    deep: float,
    spacing: float,
) -> list[Rect]:
    """Rows above (0) or below (1) what stands, or columns left (2) or right (3) of it."""
    if not count:
        return []
    if side >= 2:  # the plane mirrored in its diagonal, so that columns are rows
        mirrored = _on_side(
            3 - side, count, rows, _mirrored(outline), [_mirrored(r) for r in standing], along, deep, spacing
        )
        return [_mirrored(rect) for rect in mirrored]
    found: list[Rect] = []
    middle = (outline.x0 + outline.x1) / 2.0
    longest = -(-count // rows)
    while len(found) < count:
        number = min(longest, count - len(found))
        width = number * along + (number - 1) * spacing
        left = middle - width / 2.0
        y0 = clear([*standing, *found], left, left + width, deep, spacing, above=side == 0)
        found += [
            Rect(
                x0=left + k * (along + spacing), x1=left + k * (along + spacing) + along, y0=y0, y1=y0 + deep
            )
            for k in range(number)
        ]
    return found


def _mirrored(rect: Rect) -> Rect:
    return Rect(x0=rect.y0, y0=rect.x0, x1=rect.y1, y1=rect.x1)
