"""Rectangles in the plane of the package."""

from dataclasses import dataclass


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
