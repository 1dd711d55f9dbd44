"""One candidate as its discrete choices, and the space of all candidates of a Program as columns."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.construction import construction
from packfirst.architecture.partition import Group, Partition, partitions
from packfirst.architecture.wafer_bonding import has_equal_die, joins_wafers
from packfirst.catalog import Catalog
from packfirst.catalog.record import Record
from packfirst.program.model import Program

# Die on a board each in a package of its own, and package on package, are not built from one body yet.
NOT_A_CARRIER = ("stack", "board")
FLOORPLANS = ("memory_sides", "memory_ring")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The discrete choices that make an Architecture; everything else follows from Program and Catalog."""

    partition: Partition
    carrier: str  # technology on which the die stand
    stack: str  # technology that joins stacked die, "" where nothing is stacked
    thermal_path: str
    lid_interface: str
    floorplan: str
    base: str = ""  # material of a metal housing's base, "" where the technology leaves no choice

    @property
    def key(self) -> str:
        """Short stable name, from the content alone."""
        groups = self.partition.groups
        names = [
            f"{'+'.join(sorted(g.blocks))}*{g.count}{f'^{g.tower}' if g.tower > 1 else ''}@{g.node}"
            for g in groups
        ]
        stacked = [f"{names[upper]}>{names[lower]}" for upper, lower in self.partition.stacked]
        tail = (self.carrier, self.stack, self.thermal_path, self.lid_interface, self.floorplan)
        text = "/".join((*sorted(names), *sorted(stacked), *tail, *([self.base] if self.base else [])))
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()

    @property
    def family(self) -> tuple[str, str]:
        """The family that stands or falls together in a report: how the die stand, and on what."""
        return self.partition.integration, self.carrier

    def describe(self) -> str:
        """One line for people."""
        groups = self.partition.groups
        parts = [f"{g.count} x {g.name} on {g.node}{_piled(g)}" for g in groups]
        for upper, lower in self.partition.stacked:
            parts.append(f"{groups[upper].name} on {groups[lower].name} by {self.stack}")
        carrier = f"{self.carrier} on {self.base}" if self.base else self.carrier
        return f"{', '.join(parts)}; {carrier}; {self.lid_interface} to {self.thermal_path}; {self.floorplan}"


def _piled(group: Group) -> str:
    return f" {group.tower} high" if group.tower > 1 else ""


@dataclass(frozen=True)
class Space:
    """Every candidate of a Program: option lists, and one column of option numbers per choice.

    Rows are never built as objects until asked for: twenty thousand candidates are a few arrays.
    """

    partitions: tuple[Partition, ...]
    carriers: tuple[str, ...]
    stacks: tuple[str, ...]
    thermal_paths: tuple[str, ...]
    lid_interfaces: tuple[str, ...]
    floorplans: tuple[str, ...]
    bases: tuple[str, ...]
    wired: tuple[bool, ...]  # by carrier: whether its die stand face up under wires
    index: NDArray[
        np.int32
    ]  # (n, 7): partition, carrier, stack, thermal path, lid interface, floorplan, base

    def __len__(self) -> int:
        return len(self.index)

    def candidate(self, row: int) -> Candidate:
        """The candidate of a row."""
        p, c, s, t, i, f, b = (int(x) for x in self.index[row])
        partition = self.partitions[p]
        return Candidate(
            partition=partition,
            carrier=self.carriers[c],
            stack=self.stacks[s] if _joins(partition, wired=self.wired[c]) else "",
            thermal_path=self.thermal_paths[t],
            lid_interface=self.lid_interfaces[i],
            floorplan=self.floorplans[f],
            base=self.bases[b],
        )

    @cached_property
    def stacked(self) -> NDArray[np.bool_]:
        """Whether a row's die are stacked, shape (n,)."""
        return np.array([p.is_stacked for p in self.partitions])[self.index[:, 0]]


def space(program: Program, catalog: Catalog) -> Space:
    """All candidates of the Program within its freedom, in a fixed order.

    Where the Program leaves a choice open: the carriers and stacks that elaborate, the ways out to the air
    and the coolant that it names and that are past the laboratory, and every first thermal interface.
    """
    freedom = program.freedom
    all_partitions = tuple(partitions(program))
    technologies = catalog.records("technology")
    carriers = freedom.carriers or tuple(r.id for r in technologies if r.word("class") not in NOT_A_CARRIER)
    stacks = freedom.stacks or tuple(r.id for r in technologies if r.word("class") == "stack")
    paths = freedom.thermal_paths or tuple(
        record.id for record in catalog.records("thermal_path") if _is_usual(program, record)
    )
    built = [construction(catalog.record("technology", name)) for name in carriers]
    uses = [item.interface_use for item in built]
    wired = tuple(item.face == "up" for item in built)
    interfaces = _interfaces(catalog, freedom.lid_interfaces, uses)
    floorplans = FLOORPLANS if program.bought else FLOORPLANS[:1]
    offered = [_bases(program, catalog.record("technology", name)) for name in carriers]
    bases = tuple(dict.fromkeys(name for names in offered for name in names))
    sizes = (
        len(all_partitions), len(carriers), len(stacks), len(paths), len(interfaces), len(floorplans), len(bases),
    )  # fmt: skip
    index = (
        np.stack(np.meshgrid(*map(np.arange, sizes), indexing="ij"), axis=-1).reshape(-1, 7).astype(np.int32)
    )
    is_joined = np.array([[_joins(p, wired=w) for w in (False, True)] for p in all_partitions])[
        index[:, 0], np.array(wired, dtype=int)[index[:, 1]]
    ]
    beside = np.array([len(p.groups) - len(p.stacked) > 1 for p in all_partitions])[index[:, 0]]
    # The stack technology is no choice where nothing is stacked, nor the ring where logic stands in its place,
    # nor an interface that this carrier's heat does not go through first.
    fits = np.array([
        [use in catalog.record("interface", name).listed("use") or (not use and number == 0)
         for number, name in enumerate(interfaces)]
        for use in uses
    ])  # fmt: skip
    has_base = np.array([[name in names for name in bases] for names in offered])
    kept = (is_joined | (index[:, 2] == 0)) & (~beside | (index[:, 5] == 0)) & fits[index[:, 1], index[:, 4]]
    kept &= has_base[index[:, 1], index[:, 6]]
    kept &= _meet(program, catalog, all_partitions, stacks)[index[:, 0], index[:, 2]]
    return Space(all_partitions, carriers, stacks, paths, interfaces, floorplans, bases, wired, index[kept])


def _meet(
    program: Program, catalog: Catalog, all_partitions: tuple[Partition, ...], stacks: tuple[str, ...]
) -> NDArray[np.bool_]:
    """Whether a stack technology can join the die of a partition, shape (n_partitions, n_stacks)."""
    whole = np.array([joins_wafers(catalog.record("technology", name)) for name in stacks], dtype=bool)
    equal = np.array([not whole.any() or has_equal_die(program, catalog, item) for item in all_partitions])
    return np.asarray(equal[:, None] | ~whole)


def _joins(partition: Partition, *, wired: bool) -> bool:
    """Whether a technology must be chosen that joins die to die; wired tiers stand on each other by their attach."""
    return bool(partition.stacked) or (partition.is_stacked and not wired)


def _bases(program: Program, carrier: Record) -> tuple[str, ...]:
    """Materials for the base of a carrier: those that it offers and the Program allows; "" where it has no choice."""
    offered, wanted = carrier.listed("base_materials"), program.freedom.bases
    return tuple(name for name in offered if name in wanted) or offered or ("",)


def _interfaces(catalog: Catalog, wanted: tuple[str, ...], uses: list[str]) -> tuple[str, ...]:
    """First interfaces to choose from: the wanted ones, and for a use that they leave open all of the catalog's."""
    records = [catalog.record("interface", name) for name in wanted]
    for use in dict.fromkeys(uses):
        if use and not any(use in record.listed("use") for record in records):
            records += [record for record in catalog.records("interface") if use in record.listed("use")]
    names = tuple(dict.fromkeys(record.id for record in records))
    return names or catalog.ids("interface")[:1]


def find(every: Space, key: str) -> Candidate | None:
    """The candidate of a space that has this key, or None."""
    candidates = (every.candidate(row) for row in range(len(every)))
    return next((item for item in candidates if item.key == key), None)


def _is_usual(program: Program, path: Record) -> bool:
    around = program.environment
    there = {
        "air": not around.vacuum, "coolant": around.coolant is not None, "cold_wall": around.cold_wall is not None,
        "radiator": around.vacuum and around.cold_wall is not None, "space": around.space is not None,
    }  # fmt: skip
    named = there.get(path.word("fluid"), False)
    place = path.words.get("environment", "")
    return named and path.word("model") != "transient" and "lab" not in str(place).split()
