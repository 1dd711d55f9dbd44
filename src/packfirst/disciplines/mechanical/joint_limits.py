"""Life of the joints between body and board, over the mission."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.architecture.package import Body, Field
from packfirst.disciplines.case import Case, Facts
from packfirst.disciplines.mechanical import mission as law
from packfirst.disciplines.mechanical.fatigue import engelmaier
from packfirst.disciplines.mechanical.records import rules
from packfirst.disciplines.mechanical.response import Plate
from packfirst.disciplines.mechanical.warpage.columns import BASE, push_pa
from packfirst.inputs import Input, model_score_id, scores
from packfirst.limit import Fact, Identity, Limit, NotAssessed

Floats = NDArray[np.float64]
MODEL = "mechanical/joint_life"
# Of the logarithm of life: root mean square over five measured bodies with one constant fitted on two of them, the
# part that outlived its test counted at its bound. See the validation page.
LOG_ERROR = 0.6
# Where the law speaks beyond what it was drawn from.
UNPROVEN_LOG_ERROR = 0.9
YEAR_S = 365.25 * 86400.0
_ALLOYS = {"material/sac305": engelmaier.SAC, "material/sn63pb37": engelmaier.TIN_LEAD}
BASIS = (
    "Engelmaier 1983, strain from the corner of what is stiff, one factor fitted to measured bodies",
    "Miner's sum over the mission's segments; Weibull scatter",
)
_STEP = 1e-3


@dataclass(frozen=True, kw_only=True)
class _Joint:
    """What the strain of the worst joint is made of."""

    where: str
    part_per_k: float
    distance_m: float


def limits(case: Case, plate: Plate, facts: Facts, rung: str) -> tuple[list[Limit | NotAssessed], list[Fact]]:
    """Life of the terminals under the Program's mission, and what stands in the place of the bumps' life."""
    mission = case.program.mission
    if mission is None:
        return [], []
    answers: list[Limit | NotAssessed] = list(_not_covered(case))
    balls = next((body for body in case.package.of_role("balls")), None)
    posts = None if balls is None else case.package.field_of(balls.id)
    if balls is None or posts is None:
        return answers, []
    identity = Identity(discipline="mechanical", kind="joint_life", subject="terminals")
    melt = melt_limit(case, posts, rung)
    answers.append(melt)
    if melt.margin <= 0.0:
        answers.append(NotAssessed(identity=identity, missing=(melt.explanation,)))
        return answers, []
    if posts.metal not in _ALLOYS:
        missing = f"constants of a fatigue law for {posts.metal}"
        return [*answers, NotAssessed(identity=identity, missing=(missing,))], []
    found = _life(case, plate, facts, balls, posts, rung, identity)
    answers.append(found)
    given = []
    if isinstance(found, Limit):
        given.append(Fact(name="joint_life_years", subject="terminals", value=found.capacity))
    return answers, given


def _not_covered(case: Case) -> Iterator[NotAssessed]:
    if any(body.role == "bumps" for body in case.package.bodies):
        identity = Identity(discipline="mechanical", kind="joint_life", subject="bumps")
        yield NotAssessed(
            identity=identity,
            missing=("a law of life for bumps in underfill: the solder laws are for joints in the open",),
        )


def melt_limit(case: Case, posts: Field, rung: str) -> Limit:
    """Hottest end of the mission against where the joint to the board melts."""
    mission = case.program.mission
    assert mission is not None
    hot = max((segment.hot for segment in mission.segments.values()), key=lambda item: item.value)
    melt = case.catalog.record(*posts.metal.split("/")).input("melt")
    room = 298.15
    beyond = hot.value >= melt.value
    return Limit(
        identity=Identity(discipline="mechanical", kind="joint_melt", subject="terminals"),
        demand=hot.value - room, capacity=melt.value - room, unit="K", hard=True, rung=rung,
        sensitivities={hot.id: -1.0, melt.id: 1.0}, model="mechanical/joint_melt", model_error=1.0,
        basis=tuple(sorted({melt.source, hot.source} - {""})),
        explanation=(
            f"the mission reaches {hot.value - 273.15:.0f} degC, "
            f"{'but' if beyond else 'and'} the joint melts from {melt.value - 273.15:.0f} degC"
        ),
    )  # fmt: skip


def flat_growth_per_k(plate: Plate, box: tuple[float, float, float, float]) -> float:
    """Expansion per kelvin of what stands over a rectangle, held flat by its balls; the lid apart. [1/K]"""
    last = plate.to["room"][-1]
    x, y = plate.columns.x_m, plate.columns.y_m
    share = [
        np.clip(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0.0, None)
        for edges, low, high in ((x, box[0], box[1]), (y, box[2], box[3]))
    ]
    area = np.outer(*share)
    weight = np.bincount(
        plate.columns.kind.ravel(), weights=area.ravel(), minlength=len(plate.columns.material)
    )
    heights = np.einsum("l,lm->m", weight / weight.sum(), plate.columns.moments[BASE][..., 0])
    q = np.einsum("m,mc->c", heights, last.matter.stiffness_pa)
    step = last.end.value_k - last.start.value_k
    push = np.einsum("m,md->d", heights, push_pa(last.matter)) / step
    both = np.linalg.solve(np.array([[q[0], q[2]], [q[2], q[1]]]), push)
    return float(both.mean())


def _candidates(case: Case, plate: Plate) -> Iterator[_Joint]:
    """Corners at which a joint may be the worst: of each die, of a sheet, of the whole body."""
    seen = set()
    for body in case.package.of_role("die", "interposer"):
        if body.role == "die" and any(d.body == body.id and d.base for d in case.package.die):
            continue
        x0, x1, y0, y1, _, _ = body.box_m
        size = (round(x1 - x0, 7), round(y1 - y0, 7))
        if size in seen:
            continue
        seen.add(size)
        yield _Joint(
            where=f"the corner of {body.id}", part_per_k=flat_growth_per_k(plate, (x0, x1, y0, y1)),
            distance_m=0.5 * math.hypot(x1 - x0, y1 - y0),
        )  # fmt: skip
    x0, x1, y0, y1 = plate.plan_m
    pitch, n_x, n_y = (
        case.package.terminals.pitch_m,
        case.package.terminals.columns,
        case.package.terminals.rows,
    )
    yield _Joint(
        where="the corner of the body", part_per_k=flat_growth_per_k(plate, (x0, x1, y0, y1)),
        distance_m=0.5 * pitch * math.hypot(max(n_x - 1, 1), max(n_y - 1, 1)),
    )  # fmt: skip


def _rise_k(case: Case, facts: Facts) -> float:
    """Rise of the hottest die in the mode that runs the longest, by the thermal discipline; 0 where it did not say."""
    modes = sorted(case.program.modes, key=lambda name: -case.program.modes[name].duty)
    fluids = [case.program.environment.air.value]
    if case.program.environment.coolant is not None:
        fluids.append(case.program.environment.coolant.value)
    found = [fact.value for fact in facts.named("temperature") if fact.mode == modes[0]]
    return max(max(found) - max(fluids), 0.0) if found else 0.0


def _life(
    case: Case, plate: Plate, facts: Facts, balls: Body, posts: Field, rung: str, identity: Identity
) -> Limit | NotAssessed:
    mission = case.program.mission
    assert mission is not None
    values = _values(case)
    rise = _rise_k(case, facts)

    def at(joint: _Joint, given: Mapping[str, ArrayLike]) -> tuple[law.Cycles, law.Joint, ArrayLike]:
        return _put(case, balls, joint, rise, given)

    def used(joint: _Joint, given: Mapping[str, ArrayLike]) -> Floats:
        cycles, strained, shape = at(joint, given)
        return law.damage_sum(cycles, strained, _ALLOYS[posts.metal], mission.failing_share, shape)

    every = [(float(used(joint, values)), joint) for joint in _candidates(case, plate)]
    worst, joint = max(every, key=lambda pair: pair[0])
    cycles, strained, _ = at(joint, values)
    refused, unproven = law.outside(cycles, strained)
    years = sum(s.time.value for s in mission.segments.values()) / YEAR_S
    if refused or not worst:
        return NotAssessed(identity=identity, missing=refused or ("a segment with cycles",))
    life = years / worst
    names = [name for name, value in values.items() if value]
    # Each input moved up and down, all in one call.
    moved = {
        name: value * (1.0 + _STEP * (_one(names, name) if name in names else np.zeros(2 * len(names))))
        for name, value in values.items()
    }
    logs = np.log(used(joint, moved))
    slopes = {
        name: -life * float(logs[2 * n] - logs[2 * n + 1]) / (2.0 * _STEP * values[name])
        for n, name in enumerate(names)
    }
    # A longer mission of the same cycles asks for more years, and its life in years is longer as much.
    for s in mission.segments.values():
        slopes[s.time.id] = (life / years - 1.0) / YEAR_S
    log_error = UNPROVEN_LOG_ERROR if unproven else LOG_ERROR
    error, samples = _sampled(case, slopes, life, years, log_error)
    return Limit(
        identity=identity, demand=years, capacity=life, unit="year", hard=True, rung=rung,
        sensitivities={name: slope for name, slope in slopes.items() if slope}, model=MODEL, model_error=error,
        samples=samples, basis=(*BASIS, *sorted({case.input(n).source for n in slopes} - {""})),
        flags=tuple(f"beyond the law's validated range: {line}" for line in unproven),
        explanation=(
            f"of the joints at {joint.where}, {mission.failing_share:.2%} have failed after {life:.3g} years of this "
            f"mission; it asks for {years:.3g}"
        ),
    )  # fmt: skip


def _values(case: Case) -> dict[str, float]:
    """Inputs that the life of a terminal answers to, by id."""
    rule, mission = rules(case.catalog), case.program.mission
    assert mission is not None
    items = [
        case.program.board.expansion,
        *(rule.input(name) for name in ("joint_strain_factor", "joint_rise_share", "joint_life_shape")),
        *(x for s in mission.segments.values() for x in (s.cold, s.hot, s.cycles, s.dwell)),
    ]
    if case.architecture.construction.terminals == "balls":
        items.append(case.catalog.record("rule", "body").input("ball_height_ratio"))
    return {item.id: item.value for item in items}


def _put(
    case: Case, balls: Body, joint: _Joint, rise_k: float, at: Mapping[str, ArrayLike]
) -> tuple[law.Cycles, law.Joint, ArrayLike]:
    """The Inputs as the law takes them, and the Weibull shape."""
    rule, mission = rules(case.catalog), case.program.mission
    assert mission is not None
    segments = list(mission.segments.values())

    def each(field: str) -> Floats:
        return np.stack([np.asarray(at[getattr(s, field).id], dtype=np.float64) for s in segments], axis=-1)

    def get(name: str) -> Floats:
        return np.asarray(at[rule.input(name).id], dtype=np.float64)

    on = np.array([s.powered > 0.0 for s in segments])
    cycles = law.Cycles(
        count=each("cycles"), cold_k=each("cold"), dwell_s=each("dwell"),
        hot_k=each("hot") + get("joint_rise_share")[..., np.newaxis] * rise_k * on,
    )  # fmt: skip
    ratio = case.catalog.record("rule", "body").input("ball_height_ratio").id
    height = np.asarray(at[ratio]) * case.package.terminals.pitch_m if ratio in at else balls.thickness_m
    board = np.asarray(at[case.program.board.expansion.id], dtype=np.float64)
    strained = law.Joint(
        mismatch_per_k=board - joint.part_per_k, distance_m=joint.distance_m, height_m=height,
        factor=get("joint_strain_factor"),
    )  # fmt: skip
    return cycles, strained, get("joint_life_shape")


def _one(names: list[str], name: str) -> Floats:
    """+1 and -1 at the places of a name, 0 elsewhere, shape (2 n_names,)."""
    row = np.zeros(2 * len(names))
    row[2 * names.index(name) : 2 * names.index(name) + 2] = (1.0, -1.0)
    return row


def _sampled(
    case: Case, slopes: Mapping[str, float], life: float, years: float, log_error: float
) -> tuple[float, Floats]:
    """Model error in years, and samples of the margin whose life scatters by a factor, not by a sum.

    What the verdict adds to every row for the model is taken off here: its score is in the factor already.
    """
    model = model_score_id(MODEL)
    named: dict[str, Input] = {n: case.input(n) for n in slopes}
    drawn = scores([*(n for n, i in named.items() if i.is_sampled), model], case.n_samples, case.seed)
    spread = log_error * drawn[model]
    for name, item in named.items():
        if item.is_sampled:
            spread = spread + slopes[name] / life * item.deviation(drawn[name])
    error = log_error * life
    return error, np.asarray(life * np.exp(np.clip(spread, -50.0, 50.0)) - years - error * drawn[model])
