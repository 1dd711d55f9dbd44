"""The assembly tree: each die or carrier sits on a parent through an interface of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from packfirst.architecture.placement import Rect


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """How a mount stands on its parent: posts of metal in a fill, or a bonded film."""

    technology: str  # catalog technology whose pitch, yield and process step it is
    role: str  # balls, bumps, bond
    height_m: float
    pitch_m: float
    diameter_m: float
    metal: str
    fill: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One sheet of a mount, from the bottom up."""

    role: str
    material: str
    thickness_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A die, a stack's upper die, or a carrier, with what stands on it.

    An embedded mount (a bridge) lies in its parent with its top flush with the parent's, and has no joint.
    """

    id: str
    kind: str  # board, laminate, interposer, bridge, die
    rect: Rect
    layers: tuple[Layer, ...]
    joint: Joint | None = None
    embedded: bool = False
    part: str = ""
    node: str = ""
    group: str = ""
    face: str = "down"  # of a die: which side its circuits are on
    children: tuple["Mount", ...] = field(default=())

    @property
    def thickness_m(self) -> float:
        return sum(layer.thickness_m for layer in self.layers)

    @property
    def joint_height_m(self) -> float:
        return self.joint.height_m if self.joint else 0.0

    def walk(self) -> Iterator["Mount"]:
        """This mount and all below it in the tree, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def height_m(self) -> float:
        """From this mount's floor to the top of whatever stands on it."""
        above = max((child.height_m() for child in self.children if not child.embedded), default=0.0)
        return self.joint_height_m + self.thickness_m + above
