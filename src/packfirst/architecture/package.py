"""An Architecture as geometry and nothing else.

Bodies are painted in order: where two overlap, the later one is there.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An axis-aligned box of one material.

    `material` names a catalog record, 'material/si', 'interface/tim1_indium' or 'part/hbm3_12h'; each
    discipline reads from that record what it needs, and homogenises fields for itself.
    """

    id: str
    role: str  # board, balls, laminate, bridge, interposer, bumps, bond, back_end, die, mould, lid, ...
    material: str
    box_m: tuple[float, float, float, float, float, float]  # x0, x1, y0, y1, z0, z1
    owner: str = ""  # id of the die that it belongs to

    @property
    def thickness_m(self) -> float:
        return self.box_m[5] - self.box_m[4]

    @property
    def footprint_m2(self) -> float:
        return (self.box_m[1] - self.box_m[0]) * (self.box_m[3] - self.box_m[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A regular array of posts that fills a body: bumps, balls, vias, bonds. Raw pitch and diameter."""

    body: str
    pitch_m: float
    diameter_m: float
    metal: str  # catalog record of the posts; the body's own material fills the space between


@dataclass(frozen=True, slots=True, kw_only=True)
class DiePlace:
    """Which body a die is, and what it stands on."""

    id: str
    group: str
    body: str
    base: str  # die that it stands on, "" for the carrier
    part: str  # catalog id of a bought part, "" otherwise
    node: str
    face: str = "down"  # side of its circuits: down to the carrier, or up to the wires


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """The face of a body to which the thermal path is attached."""

    body: str
    face: str  # top, bottom


def pitches_in(length_m: float, pitch_m: float) -> int:
    """Whole pitches in a length; 2.4 mm holds six of 0.4 mm, though 0.0024 / 0.0004 is a little less."""
    return int(length_m / pitch_m * (1.0 + 1e-9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminals:
    """The array by which the Package meets its board."""

    pitch_m: float
    columns: int
    rows: int

    @property
    def count(self) -> int:
        return self.columns * self.rows


@dataclass(frozen=True, kw_only=True)
class Package:
    """Bodies, fields, die and terminals of one Architecture."""

    bodies: tuple[Body, ...]
    fields: tuple[Field, ...]
    die: tuple[DiePlace, ...]
    terminals: Terminals
    sink: Sink

    @cached_property
    def boxes_m(self) -> NDArray[np.float64]:
        """All boxes in painting order, shape (n_bodies, 6), read-only."""
        boxes = np.array([body.box_m for body in self.bodies])
        boxes.setflags(write=False)
        return boxes

    @cached_property
    def index(self) -> dict[str, int]:
        """Number of each body by its id."""
        return {body.id: number for number, body in enumerate(self.bodies)}

    def body(self, name: str) -> Body:
        """The body of that id."""
        return self.bodies[self.index[name]]

    def of_role(self, *roles: str) -> list[Body]:
        """Bodies of any of the roles, in painting order."""
        return [body for body in self.bodies if body.role in roles]

    def field_of(self, body: str) -> Field | None:
        """The posts in a body, or None."""
        return next((item for item in self.fields if item.body == body), None)

    @cached_property
    def content_hash(self) -> str:
        """Of the geometry alone, to a tenth of a nanometre, so that how a length was written does not count."""
        content = [
            [[b.id, b.role, b.material, b.owner, [round(x * 1e10) for x in b.box_m]] for b in self.bodies],
            [[f.body, f.metal, round(f.pitch_m * 1e10), round(f.diameter_m * 1e10)] for f in self.fields],
            [[d.id, d.group, d.body, d.base, d.part, d.node, d.face] for d in self.die],
            [self.sink.body, self.sink.face],
            [round(self.terminals.pitch_m * 1e10), self.terminals.columns, self.terminals.rows],
        ]
        return hashlib.blake2b(json.dumps(content).encode(), digest_size=16).hexdigest()


def rotated(package: Package) -> Package:
    """The Package turned by a quarter about the vertical."""

    def turn(body: Body) -> Body:
        x0, x1, y0, y1, z0, z1 = body.box_m
        return replace(body, box_m=(-y1, -y0, x0, x1, z0, z1))

    terminals = replace(package.terminals, columns=package.terminals.rows, rows=package.terminals.columns)
    return replace(package, bodies=tuple(map(turn, package.bodies)), terminals=terminals)


def cut_in_two(package: Package, body_id: str, share: float) -> Package:
    """The same Package with one body written as two, the lower one of `share` of the thickness.

    Both keep the role, the owner and any field; a die keeps the lower half, where its circuits are.
    """
    bodies: list[Body] = []
    fields = list(package.fields)
    for body in package.bodies:
        if body.id != body_id:
            bodies.append(body)
            continue
        x0, x1, y0, y1, z0, z1 = body.box_m
        cut = z0 + share * (z1 - z0)
        upper = f"{body.id}_upper"
        bodies.append(replace(body, box_m=(x0, x1, y0, y1, z0, cut)))
        bodies.append(replace(body, id=upper, box_m=(x0, x1, y0, y1, cut, z1)))
        fields += [replace(item, body=upper) for item in package.fields if item.body == body_id]
    return replace(package, bodies=tuple(bodies), fields=tuple(fields))
