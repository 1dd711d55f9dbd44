"""Where each die lies: linked die near each other, spacing kept, stacks over their base."""

from packfirst.architecture.candidate import Candidate
from packfirst.architecture.placing.connections import connections
from packfirst.architecture.placing.placed import Connection, PlacedDie, Placement
from packfirst.architecture.placing.plan import Plan, ground, laid, plan_of
from packfirst.architecture.placing.rect import Rect, around
from packfirst.catalog import Catalog
from packfirst.program.model import Program

__all__ = ["Connection", "PlacedDie", "Placement", "Plan", "Rect", "around", "outlines", "place", "plan_of"]


def place(program: Program, catalog: Catalog, candidate: Candidate, plan: Plan | None = None) -> Placement:
    """Places the die of a candidate around its hub.

    The hub is the group that talks to the bought memory, itself or by what stands on it, else the one that the
    most die are linked to. Memory stands in columns to the left and right of it, as tall as the hub where the
    aspect of its die allows; in the ring floorplan half of it stands above and below. Other groups stand in rows
    on one, two or all four sides of it, up to three die deep, clear of the memory, or on top of it. Where no
    memory lines the hub, its own die stand in a grid.

    Parameters
    ----------
    plan : Plan, optional
        The discrete choices, where they are known; else the best of those that `plan_of` tries.
    """
    die = outlines(program, catalog, candidate, plan or plan_of(program, catalog, candidate))
    return Placement(die=die, connections=tuple(connections(program, die)))


def outlines(program: Program, catalog: Catalog, candidate: Candidate, plan: Plan) -> tuple[PlacedDie, ...]:
    """The die of a plan in their places, without the connections between them."""
    return laid(plan, ground(program, catalog, candidate), candidate)
