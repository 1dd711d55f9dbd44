"""Envelopes and die snapshots as YAML files."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import numpy as np
import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from packfirst import units, yaml_marks
from packfirst.envelope.envelope import Density, DieEnvelope, Envelope, LinkRule
from packfirst.envelope.polytope import Polytope
from packfirst.errors import InputError, Problem, nearest

ENVELOPE_FORMAT: Literal["packfirst-envelope-1"] = "packfirst-envelope-1"
DIE_FORMAT: Literal["packfirst-die-1"] = "packfirst-die-1"


def _read(name: str) -> BeforeValidator:
    return BeforeValidator(lambda raw: units.read(raw, name))


def _write(name: str) -> PlainSerializer:
    return PlainSerializer(lambda value: units.write(value, name), return_type=str)


# Floats in SI that a file writes with their unit.
_Length = Annotated[float, _read("length"), Field(ge=0.0), _write("length")]
_Size = Annotated[float, _read("length"), Field(gt=0.0), _write("length")]
_Area = Annotated[float, _read("area"), Field(ge=0.0), _write("area")]
_Some = Annotated[float, _read("area"), Field(gt=0.0), _write("area")]
_Power = Annotated[float, _read("power"), Field(ge=0.0), _write("power")]
# What is left may be less than nothing, where the other die alone are too much.
_Left = Annotated[float, _read("power"), _write("power")]
_Temperature = Annotated[float, _read("temperature"), _write("temperature")]
_Flux = Annotated[float, _read("heat_flux"), Field(ge=0.0), _write("heat_flux")]
_Rate = Annotated[float, _read("lane_rate"), Field(ge=0.0), _write("lane_rate")]
_Resistance = Annotated[float, _read("thermal_resistance"), Field(gt=0.0), _write("thermal_resistance")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


_File = TypeVar("_File", bound=_Part)


class _Density(_Part):
    over: _Some
    at_most: _Flux
    each_watt: _Resistance


class _Link(_Part):
    link: str
    standard: str
    rate: _Rate
    signals: float = Field(ge=0.0)
    edge: _Length
    pitch: _Length


class _Die(_Part):
    count: int = Field(ge=1)
    part: str = ""
    node: str = ""
    width: _Size
    height: _Size
    area_at_least: _Area
    area_at_most: _Area
    area_ends: tuple[str, str]
    thickness: list[_Size] = Field(min_length=1)
    pitch: _Length
    maximum_temperature: _Temperature
    process_peak: _Temperature
    planned_power: dict[str, _Power] = Field(min_length=1)
    power_at_most: dict[str, _Left]
    shares_heat_with: list[str]
    power_density: list[_Density] = Field(min_length=1)
    links: list[_Link]


class _Row(_Part):
    protects: str
    k_per_w: list[float]
    room_k: float


class _Powers(_Part):
    of: list[str]
    rows: list[_Row] = Field(min_length=1)


class _EnvelopeFile(_Part):
    format: Literal["packfirst-envelope-1"]
    program: str
    program_digest: str
    catalog_digest: str
    key: str
    describe: str
    rung: str
    confidence: float = Field(gt=0.0, lt=1.0)
    corners_verified_to: float = Field(description="least margin at any corner [K]")
    die: dict[str, _Die] = Field(min_length=1)
    powers: _Powers

    @model_validator(mode="after")
    def _agrees(self) -> "_EnvelopeFile":
        """Powers are of the die, rows of the powers, modes the same for all."""
        if sorted(self.powers.of) != sorted(self.die):
            raise ValueError(f"powers are of {', '.join(self.powers.of)}, the die are {', '.join(self.die)}")
        if any(len(row.k_per_w) != len(self.die) for row in self.powers.rows):
            raise ValueError(f"each row of powers needs {len(self.die)} numbers in k_per_w, one per die")
        if any(row.protects not in self.die for row in self.powers.rows):
            raise ValueError(f"each row of powers protects one of {', '.join(self.die)}")
        modes = {
            tuple(sorted(names)) for d in self.die.values() for names in (d.planned_power, d.power_at_most)
        }
        if len(modes) != 1:
            raise ValueError("planned_power and power_at_most need the same modes for every die")
        if any(name not in self.die for d in self.die.values() for name in d.shares_heat_with):
            raise ValueError(f"shares_heat_with names none but {', '.join(self.die)}")
        return self


class HotSpot(_Part):
    """A small area of a die and the power in it."""

    area: _Some
    power: _Power


class LinkSnapshot(_Part):
    """What a die offers for one link."""

    rate: _Rate | None = None
    signals: Annotated[int, Field(ge=0)] | None = None
    edge: _Length | None = None


class DieSnapshot(_Part):
    """What a die team knows of its die today."""

    format: Literal["packfirst-die-1"]
    die: str
    envelope: str = Field(default="", description="key of the Envelope that it is held to")
    power: dict[str, _Power] = {}
    width: _Size | None = None
    height: _Size | None = None
    thickness: _Size | None = None
    hot_spots: list[HotSpot] = []
    pitch: _Size | None = None
    links: dict[str, LinkSnapshot] = {}


def envelope_text(item: Envelope) -> str:
    """The Envelope as YAML."""
    file = _EnvelopeFile.model_construct(
        format=ENVELOPE_FORMAT, program=item.program_name, program_digest=item.program_digest,
        catalog_digest=item.catalog_digest, key=item.key, describe=item.describe, rung=item.rung,
        confidence=item.confidence, corners_verified_to=round(item.verified, 6),
        die={d.group: _die_file(d) for d in item.die},
        powers=_Powers(
            of=list(item.powers.names),
            rows=[
                _Row(protects=subject, k_per_w=[float(x) for x in row], room_k=float(room))
                for subject, row, room in zip(item.powers.subjects, item.powers.slopes, item.powers.room, strict=True)
            ],
        ),
    )  # fmt: skip
    head = (
        "# What the package asks of its die. Hold a die to it with: packfirst check THIS_FILE DIE.yaml ...\n"
        "# powers: all die together; in every row the sum of k_per_w times power per die stays below room_k.\n"
        "# A die smaller than planned draws at most its share of that. Areas: the other die at their planned size.\n"
        "# power_density: die at planned power; each_watt: what a watt drawn into the square uses of room_k.\n"
    )
    return head + yaml.safe_dump(file.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=110)


def _die_file(d: DieEnvelope) -> _Die:
    return _Die.model_construct(
        count=d.count, part=d.part, node=d.node, width=d.width_m, height=d.height_m, area_at_least=d.area_least_m2,
        area_at_most=d.area_most_m2, area_ends=d.area_ends, thickness=list(d.thickness_m), pitch=d.pitch_m,
        maximum_temperature=d.maximum_k, process_peak=d.process_peak_k, planned_power=dict(d.power_w),
        power_at_most=dict(d.most_w), shares_heat_with=list(d.shares_heat_with),
        power_density=[
            _Density.model_construct(over=x.area_m2, at_most=x.w_per_m2, each_watt=x.k_per_w) for x in d.densities
        ],
        links=[
            _Link.model_construct(
                link=x.link, standard=x.standard, rate=x.rate_t_per_s, signals=x.signals, edge=x.edge_m, pitch=x.pitch_m
            )
            for x in d.links
        ],
    )  # fmt: skip


def load_envelope(path: Path) -> Envelope:
    """Reads an Envelope; InputError with every problem of the file."""
    file = _validated(path, _EnvelopeFile, ENVELOPE_FORMAT)
    die = tuple(
        DieEnvelope(
            group=name, count=d.count, part=d.part, node=d.node, width_m=d.width, height_m=d.height,
            area_least_m2=d.area_at_least, area_most_m2=d.area_at_most, area_ends=d.area_ends,
            thickness_m=tuple(d.thickness), pitch_m=d.pitch, maximum_k=d.maximum_temperature,
            power_w=d.planned_power, most_w=d.power_at_most, shares_heat_with=tuple(d.shares_heat_with),
            process_peak_k=d.process_peak,
            densities=tuple(
                Density(area_m2=x.over, w_per_m2=x.at_most, k_per_w=x.each_watt) for x in d.power_density
            ),
            links=tuple(
                LinkRule(
                    link=x.link, standard=x.standard, rate_t_per_s=x.rate, signals=x.signals, edge_m=x.edge,
                    pitch_m=x.pitch,
                )
                for x in d.links
            ),
        )
        for name, d in file.die.items()
    )  # fmt: skip
    rows = file.powers.rows
    powers = Polytope(
        names=tuple(file.powers.of), slopes=np.array([row.k_per_w for row in rows]).reshape(len(rows), -1),
        room=np.array([row.room_k for row in rows]), subjects=tuple(row.protects for row in rows),
    )  # fmt: skip
    return Envelope(
        program_name=file.program, program_digest=file.program_digest, catalog_digest=file.catalog_digest, key=file.key,
        describe=file.describe, rung=file.rung, confidence=file.confidence, powers=powers, die=die,
        verified=file.corners_verified_to,
    )  # fmt: skip


def load_snapshots(paths: Sequence[Path], held_to: Envelope) -> list[DieSnapshot]:
    """Reads the snapshots of one check; InputError as `load_snapshot`, and where two are of the same die."""
    found: dict[str, DieSnapshot] = {}
    for path in paths:
        snapshot = load_snapshot(path, held_to)
        if snapshot.die in found:
            raise InputError.one(
                str(path), f"another snapshot is of {snapshot.die} as well: give one", field="die"
            )
        found[snapshot.die] = snapshot
    return list(found.values())


def load_snapshot(path: Path, held_to: Envelope) -> DieSnapshot:
    """Reads a die snapshot for an Envelope.

    Raises
    ------
    InputError
        Problems of the file; a die, mode or link that the Envelope does not have; another Envelope's die.
    """
    marked = yaml_marks.load(path)
    snapshot = _validated(path, DieSnapshot, DIE_FORMAT)
    problems: list[Problem] = []

    def wrong(where: tuple[str, ...], message: str) -> None:
        problems.append(
            Problem(file=marked.file, line=marked.line(where), field=".".join(where), message=message)
        )

    window = held_to.of(snapshot.die)
    known = tuple(item.group for item in held_to.die)
    if snapshot.envelope and snapshot.envelope != held_to.key:
        # Its die, modes and links are another's too, as like as not: one line says it all.
        wrong(("envelope",), f"is held to {snapshot.envelope!r}, and this Envelope is {held_to.key!r}")
        raise InputError(problems)
    if window is None:
        wrong(("die",), f"unknown die {snapshot.die!r}: {nearest(snapshot.die, known)}")
        raise InputError(problems)
    for mode in snapshot.power:
        if mode not in window.power_w:
            wrong(("power", mode), f"unknown mode {mode!r}: {nearest(mode, tuple(window.power_w))}")
    names = tuple(rule.link for rule in window.links)
    for link in snapshot.links:
        if link not in names:
            wrong(
                ("links", link),
                f"unknown link {link!r}: {nearest(link, names) if names else 'this die has none'}",
            )
    if problems:
        raise InputError(problems)
    return snapshot


def _validated(path: Path, model: type[_File], wanted: str) -> _File:
    marked = yaml_marks.load(path)
    data = marked.data
    found = data.get("format") if isinstance(data, Mapping) else None
    if found != wanted:
        name, _, number = wanted.rpartition("-")
        match = re.fullmatch(rf"{name}-([0-9]+)", str(found))
        newer = match is not None and int(match[1]) > int(number)
        hint = "was written by a newer packfirst" if newer else f"write 'format: {wanted}' first"
        line = marked.line(("format",)) or 1
        raise InputError.one(str(path), f"format is {found!r}: {hint}", line=line, field="format")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InputError(
            Problem(
                file=marked.file, line=marked.line(tuple(item["loc"])), field=".".join(map(str, item["loc"])),
                message=_plain(item["msg"]),
            )
            for item in error.errors()
        ) from None  # fmt: skip


def _plain(message: str) -> str:
    if message == "Extra inputs are not permitted":
        return "unknown field: remove it"
    return message.removeprefix("Value error, ")
