"""The chosen package turned round: what each die may draw, measure, switch and pad out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from packfirst.assess import Assessment
from packfirst.disciplines.case import Case
from packfirst.disciplines.thermal.response import Response, response
from packfirst.envelope.area import area_window
from packfirst.envelope.density import worst_k_per_w
from packfirst.envelope.polytope import Polytope
from packfirst.envelope.power import NothingHolds, Rule, power_polytope, rules

Floats = NDArray[np.float64]

# Squares over which a power density is limited. [m2]
WINDOWS_M2 = (0.1e-6, 0.5e-6, 1.0e-6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Density:
    """Highest power density over a square of this area, wherever on the die it lies.

    Attributes
    ----------
    w_per_m2 : float
        With the die at its planned power in its worst mode, less of it elsewhere.
    k_per_w : float
        What each watt that is drawn into the square uses of the room, as the rows of the polytope count it.
    """

    area_m2: float
    w_per_m2: float
    k_per_w: float


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
    node: str  # "" for a bought part
    width_m: float
    height_m: float
    area_least_m2: float  # the other kinds at their planned size
    area_most_m2: float
    area_ends: tuple[str, str]  # limits that fail below and above, "" where none was found in reach
    thickness_m: tuple[float, ...]  # one per package: wafers are ground after they are made
    pitch_m: float  # of the joint that it stands on
    maximum_k: float
    power_w: dict[str, float]  # planned, by mode
    most_w: dict[str, float]  # by mode, the other kinds at their planned power
    shares_heat_with: tuple[str, ...]  # kinds stacked with it, which a hot spot of it warms as well
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
    verified: float  # least margin of any cell of any die at any corner, each corner solved again [K]

    def of(self, group: str) -> DieEnvelope | None:
        """The window of one kind of die, or None."""
        return next((item for item in self.die if item.group == group), None)


def envelope(case: Case, assessment: Assessment) -> Envelope:
    """The Envelope of an assessed package.

    Raises
    ------
    NothingHolds
        The package does not bear any power with the Program's confidence.
    NotConverged, NoPathOut
        As the solver.
    """
    program = case.program
    answer = response(case, assessment.rung)
    by_kind = rules(answer, program.confidence)
    powers = power_polytope(answer, by_kind)
    planned = _planned(case, assessment, answer.groups)
    die = tuple(_die(case, assessment, answer, powers, by_kind, planned, group) for group in answer.groups)
    return Envelope(
        program_name=program.name, program_digest=program.digest, catalog_digest=case.catalog.digest,
        key=assessment.candidate.key, describe=assessment.candidate.describe(), rung=assessment.rung,
        confidence=program.confidence, powers=powers, die=die, verified=_verified(answer, by_kind, powers),
    )  # fmt: skip


def _planned(case: Case, assessment: Assessment, groups: tuple[str, ...]) -> dict[str, Floats]:
    """Planned power per die of each kind, by mode, with its links. [W]"""
    table = assessment.outcomes["thermal"].details["die"]
    assert isinstance(table, list), "thermal says every die in every mode"
    group_of = {die.id: die.group for die in case.package.die}
    found = {mode: np.zeros(len(groups)) for mode in case.program.modes}
    for name, mode, power, _, _ in table:
        place = groups.index(group_of[name])
        found[mode][place] = max(found[mode][place], power)
    return found


def _verified(answer: Response, by_kind: Mapping[str, Rule], powers: Polytope) -> float:
    """Least margin of any die at any corner, solved again there: no superposition is trusted. [K]"""
    corners = powers.corners()
    if not len(corners):
        raise NothingHolds("what the surroundings leave is less than what has to be kept free")
    worst = np.inf
    for corner, solved in zip(corners, answer.solved_k(corners), strict=True):
        field = solved.ravel()
        # A rule weighs the rises of each kind apart; what the sum of them is off is taken in full.
        off = np.abs(field - answer.temperature_k(corner).ravel())
        for group, cells in answer.cells.items():
            rule = by_kind[group]
            rises = answer.per_watt.reshape(len(answer.groups), -1)[:, cells]
            held = answer.base_k.ravel()[cells] + (rule.factor * corner) @ rises
            worst = min(worst, float((rule.limit_k - held - rule.factor.max() * off[cells]).min()))
    if worst < 0.0:
        raise ArithmeticError(f"a corner of the power polytope, solved again, lacks {-worst:.3g} K")
    return worst


def _die(
    case: Case, assessment: Assessment, answer: Response, powers: Polytope, by_kind: Mapping[str, Rule],
    planned: dict[str, Floats], group: str,
) -> DieEnvelope:  # fmt: skip
    places = [die for die in case.architecture.placement.die if die.group == group]
    placed = places[0]
    mount = next(m for m in case.architecture.tree.walk() if m.group == group)
    window = area_window(case, assessment, group)
    at = answer.groups.index(group)
    shares = _stacked_with(case, group)
    return DieEnvelope(
        group=group, count=len(places), part=placed.part, node=placed.node, width_m=placed.rect.width,
        height_m=placed.rect.height, area_least_m2=window.least_m2, area_most_m2=window.most_m2,
        area_ends=(window.ends_below, window.ends_above), thickness_m=(mount.thickness_m,),
        pitch_m=mount.joint.pitch_m if mount.joint else 0.0, maximum_k=answer.maximum[group].value,
        power_w={mode: float(p[at]) for mode, p in planned.items()},
        most_w={mode: powers.most(group, p) for mode, p in planned.items()}, shares_heat_with=shares,
        densities=tuple(
            _density(answer, powers, by_kind, planned, group, shares, area, placed.rect.area) for area in WINDOWS_M2
        ),
        links=_links(case, assessment, group), process_peak_k=_process_peak(case),
    )  # fmt: skip


def _stacked_with(case: Case, group: str) -> tuple[str, ...]:
    """Kinds that stand in one stack with a kind."""
    die = {item.id: item for item in case.package.die}
    found = set()
    for item in die.values():
        base = die.get(item.base)
        if base is not None and group in (item.group, base.group):
            found |= {item.group, base.group}
    return tuple(sorted(found - {group}))


def room_k(powers: Polytope, kinds: tuple[str, ...], power_w: Floats) -> float:
    """What the rows that protect some kinds of die leave at these powers, the least of them. [K]"""
    mine = [number for number, subject in enumerate(powers.subjects) if subject in kinds]
    return float(powers.slack(power_w)[mine].min()) if mine else float("inf")


def _density(
    answer: Response, powers: Polytope, by_kind: Mapping[str, Rule], planned: Mapping[str, Floats], group: str,
    shares: tuple[str, ...], spot_m2: float, area_m2: float,
) -> Density:  # fmt: skip
    """What a square may draw: the room of the planned powers in the worst mode, over what each watt uses of it."""
    at = answer.groups.index(group)
    kinds = (group, *shares)
    uses = worst_k_per_w(spot_m2, area_m2, answer.columns[group]) * max(
        float(by_kind[kind].factor[at]) for kind in kinds
    )
    least = min(
        power[at] / area_m2 + max(room_k(powers, kinds, power), 0.0) / (uses * spot_m2)
        for power in planned.values()
    )
    return Density(area_m2=spot_m2, w_per_m2=float(least), k_per_w=uses)


def _links(case: Case, assessment: Assessment, group: str) -> tuple[LinkRule, ...]:
    found = []
    rows = assessment.outcomes["electrical"].details.get("links", [])
    assert isinstance(rows, list), "electrical says a row for each link that leaves a die"
    for name, mode, _, signals, _, edge, *_ in rows:
        if not _has_link(case, group, name):
            continue
        record = case.catalog.record("link", mode)
        candidate = assessment.candidate
        vertical = record.word("package_class") == "vertical"
        joint = case.catalog.record("technology", candidate.stack if vertical else candidate.carrier)
        found.append(
            LinkRule(
                link=name, standard=mode, rate_t_per_s=record["rate"], signals=float(signals), edge_m=float(edge),
                pitch_m=joint["bond_pitch"],
            )
        )  # fmt: skip
    return tuple(found)


def _has_link(case: Case, group: str, link: str) -> bool:
    placement = case.architecture.placement
    ends = {end for item in placement.connections if item.link == link for end in (item.a, item.b)}
    return any(die.id in ends for die in placement.die if die.group == group)


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
        The packages do not have the same die, or no area of a die fits both.
    """
    refuse_other_die(*([(d.count, d.group, d.part or d.node) for d in item.die] for item in (first, second)))
    if first.confidence != second.confidence:
        raise ValueError(
            f"one Envelope holds with {first.confidence:.0%} and the other with {second.confidence:.0%}"
        )
    powers = first.powers.intersected(_ordered(second.powers, first.powers.names)).pruned()
    return replace(
        first, key=f"{first.key}+{second.key}", describe=f"{first.describe}; and {second.describe}", powers=powers,
        die=_both(first, second, powers), verified=min(first.verified, second.verified),
    )  # fmt: skip


def kinds_of(case: Case) -> list[tuple[int, str, str]]:
    """The kinds of die of a package: how many, which, and the node or bought part."""
    die = case.package.die
    found = {item.group: item.part or item.node for item in die}
    return [(sum(item.group == group for item in die), group, made) for group, made in found.items()]


def refuse_other_die(first: list[tuple[int, str, str]], second: list[tuple[int, str, str]]) -> None:
    """ValueError where two packages do not have the same die."""
    ours, theirs = (
        ", ".join(
            f"{count} {group} ({made})" for count, group, made in sorted(item, key=lambda kind: kind[1])
        )
        for item in (first, second)
    )
    if ours != theirs:
        raise ValueError(f"the packages have other die: {ours}; and {theirs}")


def _ordered(powers: Polytope, names: tuple[str, ...]) -> Polytope:
    """The same polytope with its coordinates in another order."""
    return replace(powers, names=names, slopes=powers.slopes[:, [powers.names.index(name) for name in names]])


def _both(first: Envelope, second: Envelope, powers: Polytope) -> tuple[DieEnvelope, ...]:
    pairs = [(item, other) for item in first.die if (other := second.of(item.group)) is not None]
    # Links take other powers in other packages: the plan that fits both is the higher one.
    planned = {
        item.group: {mode: max(item.power_w[mode], other.power_w[mode]) for mode in item.power_w}
        for item, other in pairs
    }
    found = []
    for a, b in pairs:
        least, most = max(a.area_least_m2, b.area_least_m2), min(a.area_most_m2, b.area_most_m2)
        if least > most:
            raise ValueError(
                f"no area of {a.group} fits both: {a.area_least_m2 * 1e6:.4g} to {a.area_most_m2 * 1e6:.4g} mm2, and "
                f"{b.area_least_m2 * 1e6:.4g} to {b.area_most_m2 * 1e6:.4g} mm2"
            )
        by_mode = {
            mode: np.array([planned[name][mode] for name in powers.names]) for mode in planned[a.group]
        }
        # The polytope holds for each package's own size of the die; what draws as much on less counts as more.
        smaller = a if a.width_m * a.height_m <= b.width_m * b.height_m else b
        larger = b if smaller is a else a
        found.append(
            replace(
                larger, area_least_m2=least, area_most_m2=most,
                area_ends=(
                    (a if a.area_least_m2 >= b.area_least_m2 else b).area_ends[0],
                    (a if a.area_most_m2 <= b.area_most_m2 else b).area_ends[1],
                ),
                thickness_m=tuple(sorted({*a.thickness_m, *b.thickness_m})), pitch_m=max(a.pitch_m, b.pitch_m),
                maximum_k=min(a.maximum_k, b.maximum_k), process_peak_k=max(a.process_peak_k, b.process_peak_k),
                power_w=planned[a.group],
                most_w={mode: powers.most(a.group, power) for mode, power in by_mode.items()},
                shares_heat_with=tuple(sorted({*a.shares_heat_with, *b.shares_heat_with})),
                densities=tuple(
                    replace(x, w_per_m2=min(x.w_per_m2, y.w_per_m2), k_per_w=max(x.k_per_w, y.k_per_w))
                    for x, y in zip(a.densities, b.densities, strict=True)
                ),
                links=a.links + tuple(item for item in b.links if item not in a.links),
            )
        )  # fmt: skip
    return tuple(found)
