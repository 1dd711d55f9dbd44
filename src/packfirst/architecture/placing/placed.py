"""Die in their places, and the connections between them."""

from dataclasses import dataclass

from packfirst.architecture.placing.rect import Rect, around


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
