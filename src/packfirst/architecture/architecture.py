"""From a Candidate's choices to its assembly tree, cover and way out."""

from dataclasses import dataclass

from packfirst.architecture.bases import BOARD, CARRIER, LAMINATE, base, on_board, on_sheet
from packfirst.architecture.candidate import Candidate
from packfirst.architecture.construction import Construction, construction
from packfirst.architecture.covers import Cover, cover
from packfirst.architecture.die_mounts import die_mounts
from packfirst.architecture.package import Terminals
from packfirst.architecture.placement import Placement, Rect
from packfirst.architecture.towers import placed
from packfirst.architecture.tree import Mount
from packfirst.catalog import Catalog
from packfirst.program.model import Program

__all__ = ["BOARD", "CARRIER", "LAMINATE", "Architecture", "build"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """One candidate with its place for everything: who stands on whom, where, through what, and the way out."""

    candidate: Candidate
    construction: Construction
    placement: Placement
    tree: Mount  # the board, or the base where the base itself is bolted down, and on it all else
    cover: Cover
    terminals: Terminals

    def mount(self, name: str) -> Mount:
        """The mount of that id; StopIteration where there is none."""
        return next(mount for mount in self.tree.walk() if mount.id == name)

    @property
    def body(self) -> Rect:
        """Outline of the package."""
        return self.mount(LAMINATE).rect


def build(program: Program, catalog: Catalog, candidate: Candidate) -> Architecture:
    """The Architecture of a candidate: places the die, then builds the tree from the die down to the board.

    Raises
    ------
    MissingDatum
        The catalog lacks a thickness or pitch that this technology needs.
    """
    built = construction(catalog.record("technology", candidate.carrier))
    placement = placed(program, catalog, candidate)
    die = die_mounts(program, catalog, candidate, placement, built)
    field, standing = on_sheet(catalog, candidate, placement, built, die)
    body, terminals = base(program, catalog, candidate, built, field, standing)
    return Architecture(
        candidate=candidate,
        construction=built,
        placement=placement,
        tree=body if built.sink == "bottom" else on_board(program, body),
        cover=cover(catalog, candidate, built, body.rect, placement.outline),
        terminals=terminals,
    )
