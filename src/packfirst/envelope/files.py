"""Envelopes and die snapshots as YAML files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError

from packfirst import units, yaml_marks
from packfirst.envelope.envelope import Density, DieEnvelope, Envelope, LinkRule
from packfirst.envelope.polytope import Polytope
from packfirst.errors import InputError, Problem, nearest

ENVELOPE_FORMAT, DIE_FORMAT = "packfirst-envelope-1", "packfirst-die-1"


def _quantity(name: str) -> Any:
    """A float in SI that a file writes with its unit."""
    return Annotated[
        float, BeforeValidator(lambda raw: units.read(raw, name)),
        PlainSerializer(lambda value: units.write(value, name), return_type=str),
    ]  # fmt: skip


_Length, _Area, _Power = _quantity("length"), _quantity("area"), _quantity("power")
_Temperature, _Flux, _Rate = _quantity("temperature"), _quantity("heat_flux"), _quantity("lane_rate")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Density(_Part):
    over: _Area
    at_most: _Flux


class _Link(_Part):
    link: str
    standard: str
    rate: _Rate
    signals: float
    edge: _Length
    pitch: _Length


class _Die(_Part):
    count: int
    part: str = ""
    width: _Length
    height: _Length
    area_at_least: _Area
    area_at_most: _Area
    thickness: _Length
    pitch: _Length
    maximum_temperature: _Temperature
    process_peak: _Temperature
    planned_power: dict[str, _Power]
    power_at_most: dict[str, _Power]
    power_density: list[_Density]
    links: list[_Link]


class _Row(_Part):
    protects: str
    k_per_w: list[float]
    room_k: float


class _Powers(_Part):
    of: list[str]
    rows: list[_Row]


class _EnvelopeFile(_Part):
    format: Literal["packfirst-envelope-1"]
    program: str
    program_digest: str
    catalog_digest: str
    key: str
    describe: str
    rung: str
    confidence: float
    corners_verified_to: float = Field(description="worst margin at any corner [K]")
    die: dict[str, _Die]
    powers: _Powers


class HotSpot(_Part):
    """A small area of a die and the power in it."""

    area: _Area
    power: _Power


class LinkSnapshot(_Part):
    """What a die offers for one link."""

    rate: _Rate | None = None
    signals: int | None = None
    edge: _Length | None = None


class DieSnapshot(_Part):
    """What a die team knows of its die today."""

    format: Literal["packfirst-die-1"]
    die: str
    envelope: str = Field(default="", description="key of the Envelope that it is held to")
    power: dict[str, _Power]
    width: _Length | None = None
    height: _Length | None = None
    thickness: _Length | None = None
    hot_spots: list[HotSpot] = []
    pitch: _Length | None = None
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
        "# powers: per die of each kind, sum of k_per_w times power stays below room_k in every row.\n"
    )
    return head + yaml.safe_dump(file.model_dump(), sort_keys=False, allow_unicode=True, width=110)


def _die_file(d: DieEnvelope) -> _Die:
    return _Die.model_construct(
        count=d.count, part=d.part, width=d.width_m, height=d.height_m, area_at_least=d.area_least_m2,
        area_at_most=d.area_most_m2, thickness=d.thickness_m, pitch=d.pitch_m, maximum_temperature=d.maximum_k,
        process_peak=d.process_peak_k, planned_power=dict(d.power_w), power_at_most=dict(d.most_w),
        power_density=[_Density.model_construct(over=x.area_m2, at_most=x.w_per_m2) for x in d.densities],
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
            group=name, count=d.count, part=d.part, width_m=d.width, height_m=d.height, area_least_m2=d.area_at_least,
            area_most_m2=d.area_at_most, thickness_m=d.thickness, pitch_m=d.pitch, maximum_k=d.maximum_temperature,
            power_w=d.planned_power, most_w=d.power_at_most, process_peak_k=d.process_peak,
            densities=tuple(Density(area_m2=x.over, w_per_m2=x.at_most) for x in d.power_density),
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
        wrong(("envelope",), f"is held to {snapshot.envelope!r}, and this Envelope is {held_to.key!r}")
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


def _validated(path: Path, model: type[BaseModel], wanted: str) -> Any:
    marked = yaml_marks.load(path)
    data = marked.data
    found = data.get("format") if isinstance(data, Mapping) else None
    if found != wanted:
        newer = isinstance(found, str) and found.rpartition("-")[0] == wanted.rpartition("-")[0]
        hint = "was written by a newer packfirst" if newer else f"write 'format: {wanted}' first"
        raise InputError.one(str(path), f"format is {found!r}: {hint}", line=1, field="format")
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
    return message.removeprefix("Value error, ")
