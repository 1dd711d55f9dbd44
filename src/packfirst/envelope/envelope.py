"""The chosen package turned round: what each die may draw, measure, switch and pad out."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from packfirst.architecture.footprint import STACK_COVER
from packfirst.assess import Assessment
from packfirst.disciplines.case import Case
from packfirst.disciplines.thermal.response import Response, response
from packfirst.disciplines.thermal.spreading import spreading_lee1995
from packfirst.envelope.polytope import Polytope
from packfirst.envelope.power import power_polytope, relative_spread
from packfirst.limit import Limit

Floats = NDArray[np.float64]

# Sides of the squares over which a power density is limited. [m2]
WINDOWS_M2 = (0.1e-6, 0.5e-6, 1.0e-6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Density:
    """Highest power density over a square of this area, the die at its planned power elsewhere."""

    area_m2: float
    w_per_m2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRule:
    """What a die must offer for one of its links."""

    link: str
    standard: str  # catalog link record
    rate_t_per_s: float
    signals: float  # per neighbour
    edge_m: float  # of die edge that the interface takes, 0 for a bond
    pitch_m: float  # of the bumps or bonds


@dataclass(frozen=True, slots=True, kw_only=True)
class DieEnvelope:
    """The window of one kind of die. Areas and lengths in metres, powers per die in watts."""

    group: str
    count: int
    part: str  # catalog id of a bought part, "" otherwise
    width_m: float
    height_m: float
    area_least_m2: float
    area_most_m2: float
    thickness_m: float
    pitch_m: float  # of the joint that it stands on
    maximum_k: float
    power_w: dict[str, float]  # planned, by mode
    most_w: dict[str, float]  # by mode, the other kinds at their planned power
    densities: tuple[Density, ...]
    links: tuple[LinkRule, ...]
    process_peak_k: float  # hottest step after it is attached, 0 where the technology does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a package asks of its die, with what it came from."""

    program_name: str
    program_digest: str
    catalog_digest: str
    key: str
    describe: str
    rung: str
    confidence: float
    powers: Polytope  # per die of each kind [W]
    die: tuple[DieEnvelope, ...]
    verified: float  # worst margin over all corners, solved again [K]

    def of(self, group: str) -> DieEnvelope | None:
        """The window of one kind of die, or None."""
        return next((item for item in self.die if item.group == group), None)


def envelope(case: Case, assessment: Assessment) -> Envelope:
    """The Envelope of an assessed package.

    Raises
    ------
    NotConverged, NoPathOut
        As the solver.
    """
    program = case.program
    answer = response(case, assessment.rung)
    own = frozenset(
        [program.accuracy.power.id]
        + [power.id for mode in program.modes.values() for power in mode.power.values()]
    )
    spread = {group: relative_spread(assessment, group, own) for group in answer.groups}
    powers = power_polytope(answer, spread, program.confidence)
    planned = _planned(case, assessment, answer.groups)
    die = tuple(_die(case, assessment, answer, powers, planned, spread, group) for group in answer.groups)
    return Envelope(
        program_name=program.name, program_digest=program.digest, catalog_digest=case.catalog.digest,
        key=assessment.candidate.key, describe=assessment.candidate.describe(), rung=assessment.rung,
        confidence=program.confidence, powers=powers, die=die,
        verified=_verify(answer, powers, spread, program.confidence),
    )  # fmt: skip


def _planned(case: Case, assessment: Assessment, groups: tuple[str, ...]) -> dict[str, Floats]:
    """Planned power per die of each kind, by mode, with its links. [W]"""
    table = assessment.outcomes["thermal"].details["die"]
    found = {}
    for mode in case.program.modes:
        by_die = {row[0]: row[2] for row in table if row[1] == mode}  # type: ignore[attr-defined]
        found[mode] = np.array([
            max(by_die[die.id] for die in case.package.die if die.group == group) for group in groups
        ])  # fmt: skip
    return found


def _verify(answer: Response, powers: Polytope, spread: dict[str, float], confidence: float) -> float:
    """Worst margin of any die at any corner, from the full field there. [K]"""
    z = float(ndtri(confidence))
    worst = np.inf
    for corner in powers.corners():
        field = answer.temperature_k(corner).ravel()
        for group, cells in answer.cells.items():
            room = (answer.maximum[group].value - answer.fluid_k) / (1.0 + z * spread[group]) + answer.fluid_k
            worst = min(worst, room - float(field[cells].max()))
    return float(worst)


def _die(
    case: Case, assessment: Assessment, answer: Response, powers: Polytope, planned: dict[str, Floats],
    spread: dict[str, float], group: str,
) -> DieEnvelope:  # fmt: skip
    placed = next(die for die in case.architecture.placement.die if die.group == group)
    mount = next(m for m in case.architecture.tree.walk() if m.group == group)
    count = sum(die.group == group for die in case.architecture.placement.die)
    least, most = _areas(assessment, group, placed.rect.area)
    return DieEnvelope(
        group=group, count=count, part=placed.part, width_m=placed.rect.width, height_m=placed.rect.height,
        area_least_m2=least, area_most_m2=most, thickness_m=mount.thickness_m,
        pitch_m=mount.joint.pitch_m if mount.joint else 0.0, maximum_k=answer.maximum[group].value,
        power_w={mode: float(p[answer.groups.index(group)]) for mode, p in planned.items()},
        most_w={mode: powers.most(group, p) for mode, p in planned.items()},
        densities=_densities(case, answer, powers, planned, spread, group, placed.rect.area, mount.thickness_m),
        links=_links(case, assessment, group), process_peak_k=_process_peak(case),
    )  # fmt: skip


def _areas(assessment: Assessment, group: str, area_m2: float) -> tuple[float, float]:
    """Smallest and largest area: what edges need, and what reticle and carrier leave at the confidence. [m2]

    Largest: the least room that an area limit of this kind leaves, its other uncertainty kept. Smallest: an
    edge that its links fill shortens with the side of the die.
    """
    most, least = np.inf, 0.0
    for judged in assessment.verdict.judged:
        limit = judged.limit
        if limit.identity.kind == "reticle" and limit.identity.subject == f"die:{group}":
            most = min(most, limit.capacity * 1e-6)
        if limit.identity.kind == "interposer_area":
            slack = limit.margin * 1e-6 - 1.645 * judged.sigma * 1e-6
            kinds = max(sum(die.group == group for die in assessment.architecture.placement.die), 1)
            if _stands_on_carrier(assessment, group):
                most = min(most, area_m2 + max(slack, 0.0) / kinds)
        if limit.identity.kind == "edge" and _has_link(assessment, group, limit):
            least = max(least, area_m2 * (limit.demand / limit.capacity) ** 2 if limit.capacity else 0.0)
    for die in assessment.architecture.placement.die:
        if die.group == group and die.base:
            base = next(item for item in assessment.architecture.placement.die if item.id == die.base)
            beside = sum(item.base == die.base for item in assessment.architecture.placement.die)
            most = min(most, STACK_COVER * base.rect.area / beside)
    return least, float(most if np.isfinite(most) else area_m2)


def _stands_on_carrier(assessment: Assessment, group: str) -> bool:
    return all(not die.base for die in assessment.architecture.placement.die if die.group == group)


def _has_link(assessment: Assessment, group: str, limit: Limit) -> bool:
    link = limit.identity.subject.removeprefix("link:")
    ends = {
        end
        for item in assessment.architecture.placement.connections
        if item.link == link
        for end in (item.a, item.b)
    }
    return any(die.id in ends for die in assessment.architecture.placement.die if die.group == group)


def _densities(
    case: Case, answer: Response, powers: Polytope, planned: dict[str, Floats], spread: dict[str, float],
    group: str, area_m2: float, thickness_m: float,
) -> tuple[Density, ...]:  # fmt: skip
    """What a hot square may add: the room that the kind has left in its worst mode, over its spreading resistance.

    The square sits on silicon as thick as the die, cooled by what the die sees on average; the rise that the
    planned power makes everywhere is already taken.
    """
    place = answer.groups.index(group)
    cells = answer.cells[group]
    z = float(ndtri(case.program.confidence))
    allowed = (answer.maximum[group].value - answer.fluid_k) / (1.0 + z * spread[group]) + answer.fluid_k
    hottest = max(float(answer.temperature_k(power).ravel()[cells].max()) for power in planned.values())
    room = max(allowed - hottest, 0.0)
    mean = float(answer.per_watt[place].ravel()[cells].mean())
    silicon = case.catalog.record("material", "si")["conductivity"]
    average = max(float(power[place]) for power in planned.values()) / area_m2
    found = []
    for window in WINDOWS_M2:
        resistance = float(spreading_lee1995(window, area_m2, thickness_m, silicon, mean))
        found.append(Density(area_m2=window, w_per_m2=average + room / (resistance * window)))
    return tuple(found)


def _links(case: Case, assessment: Assessment, group: str) -> tuple[LinkRule, ...]:
    found = []
    rows = assessment.outcomes["electrical"].details.get("links", [])
    for row in rows:  # type: ignore[attr-defined]
        name, mode, _, signals, _, edge = row[:6]
        limit = next((item for item in assessment.limits if item.identity.subject == f"link:{name}"), None)
        if limit is None or not _has_link(assessment, group, limit):
            continue
        record = case.catalog.record("link", mode)
        stack = assessment.candidate.stack
        vertical = record.word("package_class") == "vertical"
        pitch = case.catalog.record("technology", stack if vertical else assessment.candidate.carrier)[
            "bond_pitch"
        ]
        found.append(
            LinkRule(
                link=name, standard=mode, rate_t_per_s=record["rate"], signals=float(signals), edge_m=float(edge),
                pitch_m=pitch,
            )
        )  # fmt: skip
    return tuple(found)


def _process_peak(case: Case) -> float:
    """Hottest step of the carrier's route from the one at which die are committed. [K]"""
    record = case.catalog.record("technology", case.architecture.candidate.carrier)
    temperatures = [
        found.value
        for step in record.route
        if step.number >= record.die_committed_at_step
        and (found := record.get(step.temperature_field)) is not None
    ]
    return max(temperatures, default=0.0)


def kept_open(first: Envelope, second: Envelope) -> Envelope:
    """What keeps a die fit for both packages.

    Raises
    ------
    ValueError
        The packages do not have the same kinds of die.
    """
    if first.powers.names != second.powers.names:
        ours, theirs = ", ".join(first.powers.names), ", ".join(second.powers.names)
        raise ValueError(f"the packages have other kinds of die: {ours} and {theirs}")
    powers = first.powers.intersected(second.powers)
    die = []
    for a, b in zip(first.die, second.die, strict=True):
        others = {mode: np.array([d.power_w[mode] for d in first.die]) for mode in a.power_w}
        die.append(
            replace(
                a, area_least_m2=max(a.area_least_m2, b.area_least_m2),
                area_most_m2=min(a.area_most_m2, b.area_most_m2),
                maximum_k=min(a.maximum_k, b.maximum_k), process_peak_k=max(a.process_peak_k, b.process_peak_k),
                most_w={mode: powers.most(a.group, power) for mode, power in others.items()},
                densities=tuple(
                    replace(x, w_per_m2=min(x.w_per_m2, y.w_per_m2))
                    for x, y in zip(a.densities, b.densities, strict=True)
                ),
                links=a.links + tuple(item for item in b.links if item not in a.links),
            )
        )  # fmt: skip
    return replace(
        first, key=f"{first.key}+{second.key}", describe=f"{first.describe}; and {second.describe}", powers=powers,
        die=tuple(die), verified=min(first.verified, second.verified),
    )  # fmt: skip
