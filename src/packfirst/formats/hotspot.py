"""HotSpot's input files: floorplan, power trace, layer configuration, materials, configuration.

A folder holds one `*.config`, one `*.ptrace`, either one `*.lcf` with its floorplans or a single `*.flp`, and, where
layers name materials, one `*.materials`. Lengths are metres, temperatures kelvin, as in the files.

References
----------
.. [1] HotSpot, University of Virginia, https://github.com/uvahotspot/HotSpot, README and the comments at the head of
   its example files, which define these formats.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packfirst.errors import InputError, Problem, nearest

Floats = NDArray[np.float64]

# Blocks may overlap, and floorplans leave gaps, by what rounding of coordinates to a micrometre leaves.
ROUNDING_M = 2e-6
GAP_SHARE = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A rectangle of a floorplan: corner of least x and y, and size."""

    name: str
    x_m: float
    y_m: float
    width_m: float
    height_m: float
    line: int

    @property
    def rectangle_m(self) -> tuple[float, float, float, float]:
        """x0, x1, y0, y1."""
        return self.x_m, self.x_m + self.width_m, self.y_m, self.y_m + self.height_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Floorplan:
    """The blocks of one layer; they cover its outline."""

    file: str
    blocks: tuple[Block, ...]

    @property
    def rectangles_m(self) -> Floats:
        """x0, x1, y0, y1 of each block, shape (n, 4)."""
        return np.array([block.rectangle_m for block in self.blocks])

    @property
    def size_m(self) -> tuple[float, float]:
        """Extent along x and y from the origin."""
        far = self.rectangles_m.max(axis=0)
        return float(far[1]), float(far[3])


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """An entry of a materials file; a fluid's viscosity is not kept."""

    name: str
    solid: bool
    conductivity_w_per_m_k: float
    capacity_j_per_m3_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer of the stack, the first being the farthest from the heat sink."""

    name: str
    lateral: bool
    powered: bool
    conductivity_w_per_m_k: float
    capacity_j_per_m3_k: float
    thickness_m: float
    floorplan: Floorplan


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """Spreader or sink: a square plate centred on the die."""

    side_m: float
    thickness_m: float
    conductivity_w_per_m_k: float
    capacity_j_per_m3_k: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Power per block over time."""

    file: str
    names: tuple[str, ...]
    power_w: Floats  # (steps, names)
    interval_s: float

    @property
    def mean_w(self) -> dict[str, float]:
        """Time average by block: what a steady solve takes."""
        return dict(zip(self.names, self.power_w.mean(axis=0).tolist(), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotspot:
    """Everything that a folder of HotSpot files says of its steady and transient problem."""

    folder: str
    layers: tuple[Layer, ...]
    spreader: Plate
    sink: Plate
    r_convec_k_per_w: float
    c_convec_j_per_k: float
    ambient_k: float
    rows: int
    columns: int
    trace: Trace

    @property
    def size_m(self) -> tuple[float, float]:
        """Outline of all layers along x and y."""
        return self.layers[0].floorplan.size_m


class _Reading:
    """Problems found so far; a reader notes them all, and raises once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def note(self, file: Path, line: int, message: str, field: str = "") -> None:
        self.problems.append(Problem(file=str(file), line=line, field=field, message=message))

    def done(self) -> None:
        if self.problems:
            raise InputError(self.problems)

    def lines(self, path: Path) -> Iterator[tuple[int, list[str]]]:
        """Words of each line that says something, with its number; '#' begins a comment."""
        for number, line in enumerate(_text(path).splitlines(), 1):
            words = line.partition("#")[0].split()
            if words:
                yield number, words

    def number(self, file: Path, line: int, field: str, word: str, *, zero: bool = False) -> float:
        """A finite positive number, or zero where that may be; anything else is noted and read as 1."""
        try:
            value = float(word)
        except ValueError:
            self.note(file, line, f"{word!r} is not a number", field)
            return 1.0
        if not math.isfinite(value):
            self.note(file, line, f"{word} is not a finite number", field)
        elif value < 0.0 or (value == 0.0 and not zero):
            self.note(file, line, f"{word} must {'not be negative' if zero else 'be positive'}", field)
        else:
            return value
        return 1.0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError.one(str(path), f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError.one(str(path), "is not a text file") from None


def read_floorplan(path: Path) -> Floorplan:
    """A floorplan whose blocks do not overlap and cover their outline from the origin.

    Raises
    ------
    InputError
    """
    reading = _Reading()
    found = _floorplan(reading, path)
    reading.done()
    return found


def _floorplan(reading: _Reading, path: Path) -> Floorplan:
    before = len(reading.problems)
    blocks: list[Block] = []
    for line, words in reading.lines(path):
        if len(words) == 3:  # connectivity between two blocks, which a thermal solve does not need
            continue
        if len(words) not in (5, 6, 7):
            reading.note(path, line, f"has {len(words)} fields; write name, width, height, left x, bottom y")
            continue
        size = [
            reading.number(path, line, f"{words[0]}.{f}", w)
            for f, w in zip(("width", "height"), words[1:3], strict=True)
        ]
        corner = [
            reading.number(path, line, f"{words[0]}.{f}", w, zero=True)
            for f, w in zip(("left x", "bottom y"), words[3:5], strict=True)
        ]
        if any(block.name == words[0] for block in blocks):
            reading.note(path, line, f"block {words[0]!r} is there twice")
        blocks.append(
            Block(name=words[0], x_m=corner[0], y_m=corner[1], width_m=size[0], height_m=size[1], line=line)
        )
    plan = Floorplan(file=str(path), blocks=tuple(blocks))
    if not blocks:
        reading.note(path, 0, "holds no block")
    elif len(reading.problems) == before:
        _check_cover(reading, path, plan)
    return plan


def _check_cover(reading: _Reading, path: Path, plan: Floorplan) -> None:
    overlapping = False
    for one, two in combinations(plan.blocks, 2):
        a, b = one.rectangle_m, two.rectangle_m
        wide, high = min(a[1], b[1]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[2], b[2])
        if wide > ROUNDING_M and high > ROUNDING_M:
            overlapping = True
            reading.note(
                path, two.line,
                f"block {two.name!r} overlaps {one.name!r} (line {one.line}) by {wide * 1e6:.4g} x {high * 1e6:.4g} um",
            )  # fmt: skip
    width, height = plan.size_m
    covered = sum(block.width_m * block.height_m for block in plan.blocks)
    if not overlapping and covered < (1.0 - GAP_SHARE) * width * height:
        reading.note(
            path, 0,
            f"the blocks cover {covered / (width * height):.1%} of the outline {width * 1e3:.4g} x "
            f"{height * 1e3:.4g} mm; add blocks for the rest",
        )  # fmt: skip


def read_trace(path: Path, interval_s: float) -> Trace:
    """A power trace: a line of names, then one line of watts per interval.

    Raises
    ------
    InputError
    """
    reading = _Reading()
    found = _trace(reading, path, interval_s)
    reading.done()
    return found


def _trace(reading: _Reading, path: Path, interval_s: float) -> Trace:
    rows = list(reading.lines(path))
    if not rows:
        reading.note(path, 0, "is empty; write a line of block names, then lines of watts")
        return Trace(file=str(path), names=(), power_w=np.zeros((1, 0)), interval_s=interval_s)
    line, names = rows[0]
    for name in sorted({name for name in names if names.count(name) > 1}):
        reading.note(path, line, f"block {name!r} has two columns")
    power = []
    for line, words in rows[1:]:
        if len(words) != len(names):
            reading.note(path, line, f"has {len(words)} numbers for {len(names)} blocks")
            continue
        power.append(
            [
                reading.number(path, line, name, word, zero=True)
                for name, word in zip(names, words, strict=True)
            ]
        )
    if len(rows) == 1:
        reading.note(path, line, "has names but no power")
    return Trace(
        file=str(path), names=tuple(names), power_w=np.array(power).reshape(-1, len(names)), interval_s=interval_s
    )  # fmt: skip


def read_materials(path: Path) -> dict[str, Material]:
    """Materials by name: name, solid or fluid, conductivity, heat capacity; a fluid has its viscosity too.

    Raises
    ------
    InputError
    """
    reading = _Reading()
    found = _materials(reading, path)
    reading.done()
    return found


def _materials(reading: _Reading, path: Path) -> dict[str, Material]:
    rows = [(line, word) for line, words in reading.lines(path) for word in words]
    found: dict[str, Material] = {}
    while rows:
        wanted = 5 if len(rows) > 1 and rows[1][1] == "fluid" else 4
        (line, name), *rest = rows[:wanted]
        rows = rows[wanted:]
        if len(rest) < wanted - 1 or rest[0][1] not in ("solid", "fluid"):
            reading.note(
                path, line, f"material {name!r}: write solid or fluid, conductivity and heat capacity"
            )
            return found
        k, capacity = (
            reading.number(path, at, f"{name}.{field}", word)
            for field, (at, word) in zip(("conductivity", "heat capacity"), rest[1:3], strict=True)
        )
        if name in found:
            reading.note(path, line, f"material {name!r} is there twice")
        found[name] = Material(
            name=name, solid=rest[0][1] == "solid", conductivity_w_per_m_k=k, capacity_j_per_m3_k=capacity
        )  # fmt: skip
    return found


class _Config:
    """`-name value` pairs; what a thermal solve does not need is never looked at."""

    def __init__(self, reading: _Reading, path: Path) -> None:
        self.reading, self.path = reading, path
        self.values: dict[str, tuple[int, str]] = {}
        for line, words in reading.lines(path):
            if len(words) != 2 or not words[0].startswith("-"):
                reading.note(path, line, f"{' '.join(words)!r}: write -name value")
                continue
            if words[0] in self.values:
                reading.note(
                    path, line, f"{words[0]} is given twice, first in line {self.values[words[0]][0]}"
                )
            self.values[words[0]] = (line, words[1])

    def number(self, name: str, *, zero: bool = False) -> float:
        if name not in self.values:
            self.reading.note(self.path, 0, f"{name} is missing")
            return 1.0
        line, word = self.values[name]
        return self.reading.number(self.path, line, name, word, zero=zero)

    def count(self, name: str, default: int) -> int:
        if name not in self.values:
            return default
        value = self.number(name)
        if value != int(value):
            self.reading.note(self.path, self.values[name][0], f"{name}: {value:g} is not a whole number")
        return int(value)

    def word(self, name: str) -> str:
        """The value, or '' where there is none or it is '(null)'."""
        word = self.values.get(name, (0, ""))[1]
        return "" if word == "(null)" else word

    def refuse(self, name: str, what: str) -> None:
        if self.word(name) not in ("", "0"):
            self.reading.note(
                self.path, self.values[name][0], f"{name} {self.word(name)}: {what} is not modelled"
            )

    def material(self, part: str, materials: Mapping[str, Material]) -> tuple[float, float]:
        """Conductivity and heat capacity of a part: its material where one is named, else its own numbers."""
        key = f"-material_{part}"
        name = self.word(key)
        if not name:
            return self.number(f"-k_{part}"), self.number(f"-p_{part}")
        found = _solid(self.reading, self.path, self.values[key][0], key, name, materials)
        return found.conductivity_w_per_m_k, found.capacity_j_per_m3_k


def _solid(
    reading: _Reading, path: Path, line: int, field: str, name: str, materials: Mapping[str, Material]
) -> Material:
    found = materials.get(name)
    if found is None:
        hint = nearest(name, list(materials)) if materials else "the folder has no .materials file"
        reading.note(path, line, f"unknown material {name!r}: {hint}", field)
    elif not found.solid:
        reading.note(path, line, f"material {name!r} is a fluid", field)
    else:
        return found
    return Material(name=name, solid=True, conductivity_w_per_m_k=1.0, capacity_j_per_m3_k=1.0)


def _layers(reading: _Reading, path: Path, materials: Mapping[str, Material]) -> tuple[Layer, ...]:
    """Layers of an lcf: number, lateral, powered, heat capacity and resistivity or a material, thickness, floorplan."""
    rows = [(line, " ".join(words)) for line, words in reading.lines(path)]
    layers: list[Layer] = []
    count = 0
    plans: dict[str, Floorplan] = {}
    while rows:
        named = len(rows) > 3 and not _is_number(rows[3][1])
        wanted = 6 if named else 7
        head, rows = rows[:wanted], rows[wanted:]
        line, number = head[0]
        if len(head) < wanted:
            reading.note(path, line, f"layer {number}: {len(head)} of {wanted} lines")
            return tuple(layers)
        if number != str(count):
            reading.note(path, line, f"layer {number!r} where layer {count} is expected")
            return tuple(layers)
        count += 1
        flags = [_flag(reading, path, at, word) for at, word in head[1:3]]
        if named:
            found = _solid(reading, path, head[3][0], f"layer {number}", head[3][1], materials)
            k, capacity = found.conductivity_w_per_m_k, found.capacity_j_per_m3_k
        else:
            capacity, resistivity = (
                reading.number(path, at, f"layer {number}.{field}", word)
                for field, (at, word) in zip(("heat capacity", "resistivity"), head[3:5], strict=True)
            )
            k = 1.0 / resistivity
        thickness = reading.number(path, head[-2][0], f"layer {number}.thickness", head[-2][1])
        line, name = head[-1]
        if not name.endswith(".flp"):
            reading.note(
                path, line, f"layer {number}: {name!r} is no floorplan; microchannels are not modelled"
            )
            continue
        if not (path.parent / name).is_file():
            reading.note(path, line, f"layer {number}: no file {name!r} beside this one")
            continue
        if name not in plans:
            plans[name] = _floorplan(reading, path.parent / name)
        layers.append(
            Layer(
                name=f"layer_{number}", lateral=flags[0], powered=flags[1], conductivity_w_per_m_k=k,
                capacity_j_per_m3_k=capacity, thickness_m=thickness, floorplan=plans[name],
            )
        )  # fmt: skip
    if not layers and not reading.problems:
        reading.note(path, 0, "holds no layer")
    return tuple(layers)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _flag(reading: _Reading, path: Path, line: int, word: str) -> bool:
    if word not in ("Y", "N"):
        reading.note(path, line, f"{word!r}: write Y or N")
    return word == "Y"


def is_hotspot(folder: Path) -> bool:
    """Whether a folder holds a power trace and a configuration."""
    return folder.is_dir() and any(folder.glob("*.ptrace")) and any(folder.glob("*.config"))


def _only(reading: _Reading, folder: Path, ending: str, *, needed: bool = True) -> Path | None:
    files = sorted(folder.glob(f"*{ending}"))
    if len(files) > 1:
        reading.note(
            folder,
            0,
            f"holds {len(files)} {ending} files ({', '.join(f.name for f in files)}); one is expected",
        )
    if not files and needed:
        reading.note(folder, 0, f"holds no {ending} file")
    return files[0] if files else None


def read_hotspot(folder: Path) -> Hotspot:
    """Everything in a folder of HotSpot files.

    Raises
    ------
    InputError
        With all problems of all files: what cannot be read; blocks that overlap or do not cover; power outside any
        powered layer; numbers that are negative or not finite; options that are not modelled.
    """
    reading = _Reading()
    if not folder.is_dir():
        raise InputError.one(str(folder), "is no folder of HotSpot files")
    config_path, trace_path = (_only(reading, folder, ending) for ending in (".config", ".ptrace"))
    materials_path = _only(reading, folder, ".materials", needed=False)
    layer_path = _only(reading, folder, ".lcf", needed=False)
    plan_path = _only(reading, folder, ".flp") if layer_path is None else None
    if config_path is None or trace_path is None or (layer_path is None and plan_path is None):
        raise InputError(reading.problems)
    materials = _materials(reading, materials_path) if materials_path else {}
    config = _Config(reading, config_path)
    config.refuse("-model_secondary", "the secondary heat path")
    config.refuse("-use_microfluidic_cooling", "microfluidic cooling")
    config.refuse("-leakage_used", "leakage in HotSpot")
    config.refuse("-package_model_used", "HotSpot's detailed package")
    layers = (
        _layers(reading, layer_path, materials)
        if layer_path
        else _default_layers(reading, config, materials, plan_path)
    )
    trace = _trace(reading, trace_path, config.number("-sampling_intvl"))
    spreader, sink = (
        Plate(
            side_m=config.number(f"-s_{part}"), thickness_m=config.number(f"-t_{part}"),
            conductivity_w_per_m_k=k, capacity_j_per_m3_k=capacity,
        )
        for part in ("spreader", "sink")
        for k, capacity in [config.material(part, materials)]
    )  # fmt: skip
    found = Hotspot(
        folder=str(folder), layers=layers, spreader=spreader, sink=sink,
        r_convec_k_per_w=config.number("-r_convec"), c_convec_j_per_k=config.number("-c_convec", zero=True),
        ambient_k=config.number("-ambient"),
        rows=config.count("-grid_rows", 64), columns=config.count("-grid_cols", 64), trace=trace,
    )  # fmt: skip
    if not reading.problems:
        _check_names(reading, found)
        _check_outlines(reading, found, config_path)
    reading.done()
    return found


def _default_layers(
    reading: _Reading, config: _Config, materials: Mapping[str, Material], plan_path: Path | None
) -> tuple[Layer, ...]:
    """Without an lcf: the chip and its interface material."""
    assert plan_path is not None
    plan = _floorplan(reading, plan_path)
    return tuple(
        Layer(
            name=name, lateral=True, powered=powered, conductivity_w_per_m_k=k, capacity_j_per_m3_k=capacity,
            thickness_m=config.number(f"-t_{part}"), floorplan=plan,
        )
        for name, part, powered in (("silicon", "chip", True), ("interface", "interface", False))
        for k, capacity in [config.material(part, materials)]
    )  # fmt: skip


def _check_names(reading: _Reading, found: Hotspot) -> None:
    powered = [(layer, block) for layer in found.layers if layer.powered for block in layer.floorplan.blocks]
    names = [block.name for _, block in powered]
    trace = Path(found.trace.file)
    for name in found.trace.names:
        if name not in names:
            reading.note(
                trace,
                1,
                f"power outside any die: no powered layer has a block {name!r}; {nearest(name, names)}",
            )
    for number, (layer, block) in enumerate(powered):
        if block.name in names[:number]:
            reading.note(
                Path(layer.floorplan.file), block.line,
                f"block {block.name!r} is in two powered layers, so the trace cannot tell them apart",
            )  # fmt: skip
        if block.name not in found.trace.names:
            reading.note(
                Path(layer.floorplan.file), block.line, f"block {block.name!r} has no column in {trace.name}"
            )


def _check_outlines(reading: _Reading, found: Hotspot, config: Path) -> None:
    first = found.size_m
    for layer in found.layers[1:]:
        size = layer.floorplan.size_m
        if any(abs(a - b) > ROUNDING_M for a, b in zip(size, first, strict=True)):
            reading.note(
                Path(layer.floorplan.file), 0,
                f"{layer.name} is {size[0] * 1e3:.4g} x {size[1] * 1e3:.4g} mm, but layer_0 is {first[0] * 1e3:.4g} x "
                f"{first[1] * 1e3:.4g} mm; HotSpot's layers share one outline",
            )  # fmt: skip
    if max(first) > found.spreader.side_m or found.spreader.side_m > found.sink.side_m:
        reading.note(config, 0, "-s_spreader, -s_sink: die, spreader and sink must not shrink on the way out")
