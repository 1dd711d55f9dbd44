"""HotSpot's input files: floorplan, power trace, layer configuration, materials, configuration.

A folder holds one `*.config`, one `*.ptrace`, either one `*.lcf` with its floorplans or a single `*.flp`, and, where
layers name materials, one `*.materials`. Lengths are metres, temperatures kelvin, as in the files.

References
----------
.. [1] HotSpot, University of Virginia, https://github.com/uvahotspot/HotSpot, README and the comments at the head of
   its example files, which define these formats.
"""

from collections.abc import Mapping
from pathlib import Path

from packfirst.errors import InputError, nearest
from packfirst.formats.hotspot_records import Floorplan, Hotspot, Layer, Material, Plate
from packfirst.formats.hotspot_text import ROUNDING_M, Reading, floorplan_in, materials_in, trace_in


class _Config:
    """`-name value` pairs; what a thermal solve does not need is never looked at."""

    def __init__(self, reading: Reading, path: Path) -> None:
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
    reading: Reading, path: Path, line: int, field: str, name: str, materials: Mapping[str, Material]
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


def _layers(reading: Reading, path: Path, materials: Mapping[str, Material]) -> tuple[Layer, ...]:
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
            plans[name] = floorplan_in(reading, path.parent / name)
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


def _flag(reading: Reading, path: Path, line: int, word: str) -> bool:
    if word not in ("Y", "N"):
        reading.note(path, line, f"{word!r}: write Y or N")
    return word == "Y"


def is_hotspot(folder: Path) -> bool:
    """Whether a folder holds a power trace and a configuration."""
    return folder.is_dir() and any(folder.glob("*.ptrace")) and any(folder.glob("*.config"))


def _only(reading: Reading, folder: Path, ending: str, *, needed: bool = True) -> Path | None:
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
    reading = Reading()
    if not folder.is_dir():
        raise InputError.one(str(folder), "is no folder of HotSpot files")
    config_path, trace_path = (_only(reading, folder, ending) for ending in (".config", ".ptrace"))
    materials_path = _only(reading, folder, ".materials", needed=False)
    layer_path = _only(reading, folder, ".lcf", needed=False)
    plan_path = _only(reading, folder, ".flp") if layer_path is None else None
    if config_path is None or trace_path is None or (layer_path is None and plan_path is None):
        raise InputError(reading.problems)
    materials = materials_in(reading, materials_path) if materials_path else {}
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
    trace = trace_in(reading, trace_path, config.number("-sampling_intvl"))
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
    reading: Reading, config: _Config, materials: Mapping[str, Material], plan_path: Path | None
) -> tuple[Layer, ...]:
    """Without an lcf: the chip and its interface material."""
    assert plan_path is not None
    plan = floorplan_in(reading, plan_path)
    return tuple(
        Layer(
            name=name, lateral=True, powered=powered, conductivity_w_per_m_k=k, capacity_j_per_m3_k=capacity,
            thickness_m=config.number(f"-t_{part}"), floorplan=plan,
        )
        for name, part, powered in (("silicon", "chip", True), ("interface", "interface", False))
        for k, capacity in [config.material(part, materials)]
    )  # fmt: skip


def _check_names(reading: Reading, found: Hotspot) -> None:
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


def _check_outlines(reading: Reading, found: Hotspot, config: Path) -> None:
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
