"""The shape of a Package along its assembly: which layers there are, when they join, and what each stretch does."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.architecture import LAMINATE
from packfirst.architecture.package import Body
from packfirst.architecture.placement import Rect
from packfirst.architecture.tree import Mount
from packfirst.catalog.record import Record
from packfirst.disciplines.case import Case
from packfirst.disciplines.mechanical.properties import (
    GLASS_PA,
    GLASS_PER_K,
    POISSON,
    RUBBER_PA,
    RUBBER_PER_K,
    Elastic,
    elastic,
    soft_shear,
)
from packfirst.disciplines.mechanical.warpage import slopes as plate_slopes
from packfirst.disciplines.mechanical.warpage import trilayer, two_sheets
from packfirst.disciplines.mechanical.warpage.columns import (
    BASE,
    GAS,
    JOINT,
    LID,
    Columns,
    Matter,
    columns,
    isotropic_pa,
)
from packfirst.inputs import Input

Floats = NDArray[np.float64]
# Intervals between the knots of the trial functions, along each side. benchmarks/mechanics_ccx.py and the tests say
# what each leaves of the bow.
INTERVALS = {"plan": 4, "sign": 10}
_LID = ("lid", "lid_foot", "wall")
_ADHESIVE = "rule/lid_adhesive"  # the foot's own joint, which the geometry does not draw
# A stretch of the path so short that it moves nothing. [K]
_NO_WAY_K = 1e-6
# What is left of a joint that has melted, as a share of its stiffness.
_MELTED = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A temperature on the path, and the Inputs that set it."""

    value_k: float
    inputs: tuple[Input, ...]  # the first one sets it


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A stretch of the path within which nothing joins, melts or softens."""

    start: Mark
    end: Mark
    lid: bool
    matter: Matter
    values: Floats  # (n_materials, 3): modulus, Poisson ratio, growth per kelvin
    soft: NDArray[np.bool_]  # which materials are above their glass transition
    solved: two_sheets.Stretch
    trial: two_sheets.Basis


@dataclass(frozen=True, kw_only=True)
class Plate:
    """A Package as a plate, with the stretches that lead from its assembly to room and to reflow.

    Attributes
    ----------
    names : tuple of str
        Material of each number, for `matter`.
    to : mapping of str to tuple of Stretch
        Path to "room" and to "reflow".
    shrunk : ndarray, shape (n_materials,)
        Cure shrinkage, which acts at the first stretch; by the Inputs of `shrunk_by`.
    """

    case: Case
    columns: Columns
    bodies: tuple[Body, ...]
    number: NDArray[np.int64]  # material of each body
    matter: tuple[Elastic, ...]
    shear: tuple[tuple[float, Input | None, float], ...]
    shrunk: Floats
    shrunk_by: tuple[Input | None, ...]
    to: Mapping[str, tuple[Stretch, ...]]
    _readers: dict[bool, plate_slopes.Reader] = field(default_factory=dict)
    _points: dict[int, plate_slopes.Points] = field(default_factory=dict)

    @cached_property
    def plan_m(self) -> tuple[float, float, float, float]:
        x, y = self.columns.x_m, self.columns.y_m
        return float(x[0]), float(x[-1]), float(y[0]), float(y[-1])

    def summed(self, where: str) -> list[tuple[two_sheets.Basis, Floats]]:
        """States of a path's stretches added up, without a lid and with it."""
        return [
            (
                next(s.trial for s in self.to[where] if s.lid == lid),
                sum_of(s.solved.state for s in self.to[where] if s.lid == lid),
            )
            for lid in dict.fromkeys(s.lid for s in self.to[where])
        ]

    def slopes(self, where: str, row: Callable[[two_sheets.Basis], Floats]) -> dict[str, float]:
        """d(one figure)/d(input), by Input id; `row` gives the figure from a state, shape (n,)."""
        found: dict[str, float] = {}

        def add(name: str, value: float) -> None:
            found[name] = found.get(name, 0.0) + value

        rows = {stretch.lid: row(stretch.trial) for stretch in self.to[where]}
        for number, stretch in enumerate(self.to[where]):
            read = rows[stretch.lid]
            adjoint = two_sheets.answer(stretch.solved, read)
            self._add_stretch(stretch, adjoint, float(read @ stretch.solved.state), number == 0, add)
        return found

    def _add_stretch(
        self, stretch: Stretch, adjoint: Floats, value: float, first: bool, add: Callable[[str, float], None]
    ) -> None:
        key = id(stretch)
        if stretch.lid not in self._readers:
            self._readers[stretch.lid] = plate_slopes.reader(self.columns, stretch.trial)
        seen = self._readers[stretch.lid]
        if key not in self._points:
            self._points[key] = plate_slopes.points(seen, stretch.trial, stretch.solved.state)
        got = plate_slopes.slopes(
            self.columns, seen, stretch.matter, self._points[key],
            plate_slopes.points(seen, stretch.trial, adjoint),
        )  # fmt: skip
        by_e, by_v = plate_slopes.by_modulus(got.stiffness, stretch.values[:, 0], stretch.values[:, 1])
        step = stretch.end.value_k - stretch.start.value_k
        by_growth = got.growth.sum(axis=1)
        for m, item in enumerate(self.matter):
            if not (by_e[m] or by_v[m] or by_growth[m]):
                continue
            parts = np.zeros(5)
            soft = bool(stretch.soft[m])
            parts[RUBBER_PA if soft else GLASS_PA] = by_e[m]
            parts[POISSON] = by_v[m]
            parts[RUBBER_PER_K if soft else GLASS_PER_K] = by_growth[m] * step
            for name, slope in item.slopes.items():
                add(name, float(parts @ slope))
            item_shrunk = self.shrunk_by[m]
            if first and item_shrunk is not None:
                add(item_shrunk.id, -float(by_growth[m]))
        for m, (_, source, _) in enumerate(self.shear):
            if source is not None and got.shear[m]:
                add(source.id, float(got.shear[m] * stretch.matter.shear_pa[m]) / source.value)
        # Where the path turns from one stretch to the next, what the one gains the other loses.
        per_k = (value - self._shrink_part(stretch, adjoint, first)) / step
        add(stretch.end.inputs[0].id, per_k)
        add(stretch.start.inputs[0].id, -per_k)
        for name, moved in self._heights():
            add(name, float((got.moments * (moved.moments - self.columns.moments)).sum()) / self._rise(name))

    def _shrink_part(self, stretch: Stretch, adjoint: Floats, first: bool) -> float:
        """Of a figure over the first stretch, what comes from cure shrinkage and not from temperature."""
        if not first or not self.shrunk.any():
            return 0.0
        grown = np.repeat(-self.shrunk[:, np.newaxis], 2, axis=1)
        matter = Matter(
            stiffness_pa=stretch.matter.stiffness_pa, growth=grown, shear_pa=stretch.matter.shear_pa
        )
        return float(adjoint @ two_sheets.load(self.columns, stretch.trial, matter))

    @cached_property
    def _layers(self) -> tuple[tuple[Input, float, float], ...]:
        """Thicknesses that are an Input of their own, with the heights between which they lie."""
        return tuple(_layers(self.case))

    def _rise(self, name: str) -> float:
        return next(_RISE * item.value for item, _, _ in self._layers if item.id == name)

    @cached_property
    def _moved(self) -> tuple[tuple[str, Columns], ...]:
        return tuple(
            (item.id, self.columns.stretched(low, high, 1.0 + _RISE)) for item, low, high in self._layers
        )

    def _heights(self) -> Iterable[tuple[str, Columns]]:
        return self._moved


def sum_of(states: Iterable[Floats]) -> Floats:
    """Sum of states of one basis."""
    return np.asarray(np.sum(list(states), axis=0))


_RISE = 1e-6  # relative step of a thickness


def _layers(case: Case) -> Iterable[tuple[Input, float, float]]:
    carrier = case.catalog.record("technology", case.architecture.candidate.carrier)
    for role, names in (
        ("laminate", ("thickness_substrate", "thickness_core")), ("lid", ("thickness_lid",)),
        ("interposer", ("thickness_interposer",)),
    ):  # fmt: skip
        bodies = case.package.of_role(role)
        found = next((carrier.input(name) for name in names if name in carrier), None)
        if found is None:
            continue
        # Of build-up on a core, the core alone is that Input; a layer drawn in two parts is one layer.
        for material in dict.fromkeys(body.material for body in bodies):
            boxes = [body.box_m for body in bodies if body.material == material]
            low, high = min(box[4] for box in boxes), max(box[5] for box in boxes)
            if abs((high - low) / found.value - 1.0) < _SAME:
                yield found, low, high
                break


_SAME = 1e-6  # relative difference of two thicknesses that are one


def plate_of(case: Case, rung: str) -> Plate:
    """The Package of a case as a plate.

    Raises
    ------
    MissingDatum
        The catalog lacks a property of a layer.
    ValueError
        A plate that does not resist.
    """
    package, catalog = case.package, case.catalog
    rules = catalog.record("rule", "mechanics")
    covered = case.architecture.cover.kind in ("lid", "cavity")
    bodies, sheets, names = [], [], []
    for body in package.bodies:
        sheet = _sheet(body, covered)
        if sheet is None:
            continue
        posts = package.field_of(body.id) if body.role != "bond" else None
        if sheet == JOINT:
            name = body.material
        elif sheet == GAS:
            name = ""
        elif posts is None:
            name = body.material
        else:
            name = f"{body.material}+{posts.metal}@{posts.diameter_m / posts.pitch_m:.9f}"
        bodies.append(body)
        sheets.append(sheet)
        names.append(name)
    boxes = drawn_in(case, bodies)
    if covered:
        # The foot stands on its own joint, of which the drawing has none: the lowest part of the foot's height.
        thick = rules["lid_adhesive_thickness"]
        for body in bodies[:]:
            if body.role in ("lid_foot", "wall"):
                x0, x1, y0, y1, z0, _ = body.box_m
                boxes.append((x0, x1, y0, y1, z0, z0 + thick))
                sheets.append(JOINT)
                names.append(_ADHESIVE)
                bodies.append(body)
    known = list(dict.fromkeys(zip(names, [s == JOINT for s in sheets], strict=True)))
    number = np.array([known.index((n, s == JOINT)) for n, s in zip(names, sheets, strict=True)])
    plan = _plan(boxes)
    found = columns(np.array(boxes), number, np.array(sheets), plan, len(known))
    matter: list[Elastic] = []
    shear: list[tuple[float, Input | None, float]] = []
    shrunk: list[float] = []
    shrunk_by: list[Input | None] = []
    first = dict(zip(names, bodies, strict=True))
    for name, is_joint in known:
        body = first[name]
        if is_joint:
            matter.append(_NOTHING)
            if name == _ADHESIVE:
                soft = rules.input("lid_adhesive_modulus")
                shear.append((soft.value / 3.0, soft, math.inf))
            else:
                shear.append(soft_shear(body, catalog))
        else:
            shear.append((1.0, None, math.inf))
            matter.append(
                _NOTHING if not name
                else elastic(body.material, package.field_of(body.id) if "@" in name else None, catalog)
            )  # fmt: skip
        cure = _SHRINKS.get(body.material) if name and not is_joint else None
        item = rules.input(cure) if cure else None
        shrunk_by.append(item)
        shrunk.append(item.value if item else 0.0)
    draft = _Draft(
        case=case, rules=rules, columns=found, matter=tuple(matter), shear=tuple(shear),
        shrunk=np.array(shrunk), intervals=INTERVALS[rung], covered=covered,
    )  # fmt: skip
    return Plate(
        case=case, columns=found, bodies=tuple(bodies), number=number, matter=tuple(matter), shear=tuple(shear),
        shrunk=np.array(shrunk), shrunk_by=tuple(shrunk_by), to=draft.paths(),
    )  # fmt: skip


def drawn_in(case: Case, bodies: list[Body]) -> list[tuple[float, float, float, float, float, float]]:
    """Boxes of the bodies, the outside of what stands on the base in the open drawn in by what its joint needs to hold.

    A die bends its base over its length less that of the joint's shear at either end (`trilayer`, 1/k): drawn in by it,
    and joined to the base without give, it bends the base's ends by the same angle. Faces that die turn to each other
    are left: underfill fills the gap. Where mould holds the sides, so are all.
    """
    boxes = [body.box_m for body in bodies]
    base = case.architecture.mount(LAMINATE)
    mounts = [mount for mount in base.children if mount.joint is not None and not mount.embedded]
    if case.architecture.cover.kind == "mould" or not mounts:
        return boxes
    low = base.joint_height_m + base.thickness_m
    feet = [b.box_m for b in bodies if b.role in ("bumps", "attach") and abs(b.box_m[4] - low) < _EDGE_M]
    if not feet:
        return boxes
    x0, x1, y0, y1 = _plan(feet)
    outline = Rect(x0=x0, x1=x1, y0=y0, y1=y1)
    inner = outline.grown(-max(hold_m(case, mount) for mount in mounts))
    if inner.width <= 0.0 or inner.height <= 0.0:
        return boxes
    for n, body in enumerate(bodies):
        x0, x1, y0, y1, z0, z1 = boxes[n]
        # The field of die, that is: a mould or lid around it reaches beyond its outline.
        if z0 < low - _EDGE_M or _sheet(body, covered=True) != BASE or not _within(outline, x0, x1, y0, y1):
            continue
        cut = (max(x0, inner.x0), min(x1, inner.x1), max(y0, inner.y0), min(y1, inner.y1))
        if cut[0] < cut[1] and cut[2] < cut[3]:
            boxes[n] = (*cut, z0, z1)
    return boxes


_EDGE_M = 1e-6


def _plan(boxes: Iterable[tuple[float, ...]]) -> tuple[float, float, float, float]:
    """Outline of boxes: x0, x1, y0, y1."""
    every = np.array(list(boxes))
    (x0, y0), (x1, y1) = every[:, [0, 2]].min(axis=0), every[:, [1, 3]].max(axis=0)
    return float(x0), float(x1), float(y0), float(y1)


def _within(outline: Rect, x0: float, x1: float, y0: float, y1: float) -> bool:
    wide = outline.grown(_EDGE_M)
    return x0 >= wide.x0 and x1 <= wide.x1 and y0 >= wide.y0 and y1 <= wide.y1


def hold_m(case: Case, mount: Mount) -> float:
    """Length from the edge of what stands on the base over which their joint takes hold, 1/k of `trilayer`. [m]

    Raises
    ------
    MissingDatum
        The catalog lacks a property of a layer.
    """
    catalog, base = case.catalog, case.architecture.mount(LAMINATE)
    assert mount.joint is not None
    name = f"{mount.id}_{mount.joint.role}"
    fill = elastic(mount.joint.fill, case.package.field_of(name), catalog)
    over = elastic(mount.layers[-1].material, None, catalog)
    stiff = sum(elastic(x.material, None, catalog).values[GLASS_PA] * x.thickness_m for x in base.layers)
    under = elastic(base.layers[0].material, None, catalog)
    joined = trilayer.joint(
        die_thickness_m=mount.height_m() - mount.joint_height_m, substrate_thickness_m=base.thickness_m,
        attach_thickness_m=mount.joint.height_m, die_modulus_pa=over.values[GLASS_PA],
        substrate_modulus_pa=stiff / base.thickness_m, attach_modulus_pa=fill.values[GLASS_PA],
        die_poisson=over.values[POISSON], substrate_poisson=under.values[POISSON], attach_poisson=fill.values[POISSON],
    )  # fmt: skip
    return 1.0 / float(joined.decay_per_m)


_SHRINKS = {"material/emc": "mould_shrinkage", "material/underfill_cuf": "underfill_shrinkage"}
_NOTHING = Elastic(
    values=np.array([0.0, 0.0, 0.3, 0.0, 0.0]), glass_k=math.inf, glass_id="", melt_k=math.inf, slopes={}
)


def _sheet(body: Body, covered: bool) -> int | None:
    """Which sheet a body belongs to; None for what is no part of the plate."""
    if body.role in ("board", "balls"):
        return None
    if body.role in _LID:
        return LID if covered else None
    if body.role == "lid_interface":
        return JOINT if covered else None
    return GAS if body.role == "cavity" else BASE


@dataclass(frozen=True, kw_only=True)
class _Draft:
    """What the paths are made from."""

    case: Case
    rules: Record
    columns: Columns
    matter: tuple[Elastic, ...]
    shear: tuple[tuple[float, Input | None, float], ...]
    shrunk: Floats
    intervals: int
    covered: bool

    def paths(self) -> dict[str, tuple[Stretch, ...]]:
        assembled, closed = assembly_mark(self.case), self._closed()
        stiff = np.array([item.values[GLASS_PA] for item in self.matter])
        bases = {
            lid: two_sheets.basis(self.columns, stiff, self.intervals, lid=lid)
            for lid in {False, self.covered}
        }
        start: tuple[Stretch, ...] = ()
        if closed is not None:
            start = self._way(assembled, closed, False, bases[False], first=True)
        at = assembled if closed is None else closed
        return {
            "room": (*start, *self._way(at, _mark(self.rules.input("room")), self.covered, bases[self.covered],
                                        first=not start)),
            "reflow": (*start, *self._way(at, reflow_mark(self.case), self.covered, bases[self.covered],
                                          first=not start)),
        }  # fmt: skip

    def _closed(self) -> Mark | None:
        """When the lid is held: the cure of its interface, or where its solder freezes."""
        if not self.covered:
            return None
        if self.case.architecture.cover.kind == "cavity":
            return _mark(self.rules.input("lid_cure"))
        record = self.case.catalog.record("interface", self.case.architecture.cover.interface)
        cure = record.input("process_temperature")
        if "material" in record.words:
            melt = self.case.catalog.record("material", record.word("material")).get("melt")
            if melt is not None and melt.value < cure.value:
                return _mark(melt)
        return _mark(cure)

    def _way(
        self, start: Mark, end: Mark, lid: bool, trial: two_sheets.Basis, *, first: bool
    ) -> tuple[Stretch, ...]:
        low, high = sorted((start.value_k, end.value_k))
        cuts = {
            m.glass_k: Mark(value_k=m.glass_k, inputs=(self.case.input(m.glass_id),))
            for m in self.matter if m.glass_id and low < m.glass_k < high
        }  # fmt: skip
        inner = [cuts[k] for k in sorted(cuts, reverse=end.value_k < start.value_k)]
        marks = [start, *inner, end]
        found = []
        for number, (a, b) in enumerate(pairwise(marks)):
            if abs(b.value_k - a.value_k) > _NO_WAY_K:
                found.append(self._stretch(a, b, lid, trial, shrinks=first and number == 0))
        return tuple(found)

    def _stretch(self, a: Mark, b: Mark, lid: bool, trial: two_sheets.Basis, *, shrinks: bool) -> Stretch:
        middle = 0.5 * (a.value_k + b.value_k)
        soft = np.array([middle > m.glass_k for m in self.matter])
        every = np.array([m.values for m in self.matter])
        modulus = np.where(soft, every[:, RUBBER_PA], every[:, GLASS_PA])
        growth = np.where(soft, every[:, RUBBER_PER_K], every[:, GLASS_PER_K])
        grown = growth * (b.value_k - a.value_k) - (self.shrunk if shrinks else 0.0)
        shear = np.array([pa * (_MELTED if middle > melt else 1.0) for pa, _, melt in self.shear])
        matter = Matter(
            stiffness_pa=isotropic_pa(modulus, every[:, POISSON]), growth=np.stack([grown, grown], axis=-1),
            shear_pa=shear,
        )  # fmt: skip
        return Stretch(
            start=a, end=b, lid=lid, matter=matter,
            values=np.stack([modulus, every[:, POISSON], growth], axis=-1), soft=soft,
            solved=two_sheets.solve(self.columns, trial, matter), trial=trial,
        )  # fmt: skip


def _mark(item: Input) -> Mark:
    return Mark(value_k=item.value, inputs=(item,))


def assembly_mark(case: Case) -> Mark:
    """Where die and base come to hold each other free of stress.

    The cure of the underfill, the cure of the mould where the die are moulded on their wires, else the attach: where
    its solder freezes, or its cure.
    """
    catalog = case.catalog
    if case.architecture.construction.first == "bumps":
        return _mark(catalog.record("rule", "mechanics").input("underfill_cure"))
    if case.architecture.cover.kind == "mould":
        return _mark(catalog.record("rule", "mechanics").input("mould_cure"))
    record = catalog.record("interface", case.architecture.candidate.lid_interface)
    cure = record.input("process_temperature")
    if "material" in record.words:
        melt = catalog.record("material", record.word("material")).get("melt")
        if melt is not None and melt.value < cure.value:
            return _mark(melt)
    return _mark(cure)


def reflow_mark(case: Case) -> Mark:
    """Peak of the reflow by which the package is soldered to its board: the Program's, else the usual one."""
    quality = case.program.quality
    if quality is not None and quality.reflow is not None:
        return _mark(quality.reflow)
    return _mark(case.catalog.record("rule", "mechanics").input("reflow_peak"))
