"""Stress of die in the finished body, at its edges, and how far from them sensitive circuits stay clear of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.package import Body, DiePlace
from packfirst.disciplines.case import Case
from packfirst.disciplines.mechanical.properties import GLASS_PA, GLASS_PER_K, POISSON, elastic
from packfirst.disciplines.mechanical.records import ROOM, rules
from packfirst.disciplines.mechanical.response import Plate, assembly_mark
from packfirst.disciplines.mechanical.warpage import trilayer, two_sheets
from packfirst.inputs import model_score_id, scores
from packfirst.limit import Fact, Identity, Limit, NotAssessed

Floats = NDArray[np.float64]
MODEL = "mechanical/die_stress"
EDGE_MODEL = "mechanical/die_edge"
MODEL_SHARE = 0.25
FLOOR_PA = 5e6
_DEEP = 3.0  # standard deviations of the model
EDGE_SHARE = 0.5
# Stress at an edge in plates that touch through a spring has no singularity and no fillet either: a figure to rank by.
BASIS = (
    "two-sheet plate, stress on the faces of silicon in the middle of the die",
    "weakest link (Weibull 1951)",
)
EDGE_BASIS = ("Suhir 1989: two plates on a compliant joint",)
# Shear has fallen to this share of its edge value at the keep-out.
KEPT = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Face:
    """The face of a die that bears most tension along one axis."""

    body: Body
    matter: int
    stress_pa: float
    axis: int
    height_m: float


def limits(case: Case, plate: Plate, rung: str) -> tuple[list[Limit | NotAssessed], list[Fact]]:
    """Of each group of equal die that stand on the base or a sheet, the one most bent."""
    answers: list[Limit | NotAssessed] = []
    given: list[Fact] = []
    groups: dict[str, list[DiePlace]] = {}
    for die in case.package.die:
        groups.setdefault(die.group, []).append(die)
    faces = most_bent(case, plate)
    for group, members in groups.items():
        answers.append(_stress(case, plate, rung, group, faces[group]))
        first = members[0]
        if not first.base:
            found = _edge(case, rung, group, first)
            if found is not None:
                answers += found[0]
                given.append(Fact(name="stress_keepout", subject=f"die:{group}", value=found[1]))
    return answers, given


def coldest_k(case: Case) -> float:
    """Room, or the cold end of the mission where that is colder. [K]"""
    room = rules(case.catalog)["room"]
    if case.program.mission is None:
        return room
    return min(room, *(segment.cold.value for segment in case.program.mission.segments.values()))


def _middles(bodies: list[Body]) -> Floats:
    """Middles in the plan, shape (n, 2). [m]"""
    boxes = np.array([body.box_m for body in bodies])
    return np.stack([0.5 * (boxes[:, 0] + boxes[:, 1]), 0.5 * (boxes[:, 2] + boxes[:, 3])], axis=-1)


def most_bent(case: Case, plate: Plate) -> dict[str, _Face]:
    """Of each group of equal die, the face that bears most tension; of equals, to a millionth, the first."""
    numbers = {body.id: int(n) for body, n in zip(plate.bodies, plate.number, strict=True)}
    bodies = [case.package.body(die.body) for die in case.package.die]
    at = _middles(bodies)
    path, cold = plate.to[ROOM], coldest_k(case)
    last = path[-1]
    # From room on down the body answers as it did on its way to room.
    further = (cold - last.end.value_k) / (last.end.value_k - last.start.value_k)
    rows = {id(s.trial): two_sheets.strain_rows(s.trial, at[:, 0], at[:, 1]) for s in path}
    state: Floats = np.zeros((4, len(bodies)))
    for stretch in path:
        share = 1.0 + further if stretch is last else 1.0
        state = state + share * (rows[id(stretch.trial)] @ stretch.solved.state)
    found: dict[str, _Face] = {}
    for n, (die, body) in enumerate(zip(case.package.die, bodies, strict=True)):
        matter = numbers[die.body]
        q = last.matter.stiffness_pa[matter]
        grown = sum(s.matter.growth[matter, 0] for s in path) + further * last.matter.growth[matter, 0]
        for z in body.box_m[4:]:
            strain = state[:2, n] + z * state[2:, n] - grown
            for axis in (0, 1):
                stress = float(q[0] * strain[axis] + q[2] * strain[1 - axis])
                if die.group not in found or stress > found[die.group].stress_pa + 1e-6 * abs(stress):
                    found[die.group] = _Face(
                        body=body, matter=matter, stress_pa=stress, axis=axis, height_m=z
                    )
    return found


def _stress(case: Case, plate: Plate, rung: str, group: str, face: _Face) -> Limit:
    rule, body = rules(case.catalog), face.body
    scale, shape, may = (rule.input(name) for name in ("die_strength", "die_strength_shape", "die_breakage"))
    share = -math.log1p(-may.value)
    strength = scale.value * share ** (1.0 / shape.value)
    error = math.hypot(MODEL_SHARE * face.stress_pa, FLOOR_PA)
    # Compression breaks none: deep in it, the tension that there is not answers to nothing.
    bent = _slopes(plate, face) if face.stress_pa > -_DEEP * error else {}
    strong = {
        scale.id: 1.0 / scale.value,
        shape.id: -math.log(share) / shape.value**2,
        may.id: 1.0 / (shape.value * share * (1.0 - may.value)),
    }
    slopes = {name: 1e-6 * strength * slope for name, slope in strong.items()}
    if face.stress_pa > 0.0:
        for name, slope in bent.items():
            slopes[name] = slopes.get(name, 0.0) - 1e-6 * slope
    tension = max(face.stress_pa, 0.0)
    side = "back" if face.height_m > 0.5 * (body.box_m[4] + body.box_m[5]) else "lower face"
    kind = (
        f"{1e-6 * tension:.0f} MPa of tension"
        if tension
        else f"{-1e-6 * face.stress_pa:.0f} MPa of compression at least"
    )
    return Limit(
        identity=Identity(discipline="mechanical", kind="die_stress", subject=f"die:{group}"),
        demand=1e-6 * tension, capacity=1e-6 * strength, unit="MPa", hard=True, rung=rung, sensitivities=slopes,
        model=MODEL, model_error=1e-6 * error,
        samples=_sampled(case, face.stress_pa, bent, error, strength, strong),
        basis=(*BASIS, *sorted({case.input(n).source for n in slopes} - {""})),
        explanation=(
            f"{body.id} bears {kind} on its {side} at {coldest_k(case) - 273.15:.0f} degC; "
            f"at {1e-6 * strength:.0f} MPa {may.value:.2%} of die break"
        ),
    )  # fmt: skip


def _sampled(
    case: Case, stress_pa: float, bent: Mapping[str, float], error_pa: float, strength_pa: float,
    strong: Mapping[str, float],
) -> Floats:  # fmt: skip
    """Margin under the shared scores: a strength is never negative, and compression is no negative demand. [MPa]

    What the verdict adds to every row for the model is taken off here: its score is in the stress already.
    """
    model = model_score_id(MODEL)
    named = {name: case.input(name) for name in (*bent, *strong)}
    drawn = scores([*(n for n, i in named.items() if i.is_sampled), model], case.n_samples, case.seed)
    moved = {n: i.deviation(drawn[n]) for n, i in named.items() if i.is_sampled}
    stress = stress_pa - error_pa * drawn[model]
    stress = stress + sum(slope * moved[name] for name, slope in bent.items() if name in moved)
    spread = sum(
        (slope * moved[name] for name, slope in strong.items() if name in moved), np.zeros(case.n_samples)
    )
    margin = strength_pa * np.exp(spread) - np.maximum(stress, 0.0)
    return np.asarray(1e-6 * (margin - error_pa * drawn[model]))


def _slopes(plate: Plate, face: _Face) -> dict[str, float]:
    """d(stress)/d(input) at room: through the shape by the adjoint, and by the die's own stiffness and growth."""
    matter, at = face.matter, _middles([face.body])
    q = plate.to[ROOM][-1].matter.stiffness_pa[matter]
    weight = np.zeros(4)
    weight[face.axis], weight[1 - face.axis] = q[0], q[2]
    weight[2:] = face.height_m * weight[:2]

    def row(trial: two_sheets.Basis) -> Floats:
        return np.asarray(weight @ two_sheets.strain_rows(trial, at[:, 0], at[:, 1])[:, 0])

    slopes = plate.slopes(ROOM, row)
    own = plate.matter[matter]
    modulus, v = own.values[GLASS_PA], own.values[POISSON]
    steps = sum(s.end.value_k - s.start.value_k for s in plate.to[ROOM])
    for name, slope in own.slopes.items():
        direct = face.stress_pa / modulus * slope[GLASS_PA]
        direct -= modulus / (1.0 - v) * steps * slope[GLASS_PER_K]
        slopes[name] = slopes.get(name, 0.0) + float(direct)
    # Of the marks on the path, the first and the last move the die's own growth too.
    held = modulus / (1.0 - v) * own.values[GLASS_PER_K]
    for mark, way in ((plate.to[ROOM][0].start, 1.0), (plate.to[ROOM][-1].end, -1.0)):
        slopes[mark.inputs[0].id] = slopes.get(mark.inputs[0].id, 0.0) + way * held
    return slopes


def _edge(case: Case, rung: str, group: str, die: DiePlace) -> tuple[list[Limit], float] | None:
    """Shear and peel at the corner of a die's joint, and how far from the edge a tenth of the shear is left."""
    package, rule = case.package, rules(case.catalog)
    joints = [b for b in package.of_role("bumps", "attach") if b.owner == die.id]
    body = package.body(die.body)
    if not joints:
        return None
    joint = min(joints, key=lambda b: b.box_m[4])
    die_m = sum(b.thickness_m for b in package.of_role("die") if b.owner == die.id)
    joint_m = sum(b.thickness_m for b in joints)
    under = [
        b for b in package.of_role("laminate", "base", "interposer") if b.box_m[5] <= joint.box_m[4] + 1e-9
    ]
    if not under:
        return None
    top = max(under, key=lambda b: b.box_m[5])
    stack = [b for b in under if b.role == top.role] if top.role != "interposer" else under
    base_m = sum(b.thickness_m for b in stack)
    parts = [elastic(b.material, None, case.catalog) for b in stack]
    share = np.array([b.thickness_m for b in stack]) / base_m
    base_pa = float(sum(s * p.values[GLASS_PA] for s, p in zip(share, parts, strict=True)))
    base_per_k = float(
        sum(s * p.values[GLASS_PA] * p.values[GLASS_PER_K] for s, p in zip(share, parts, strict=True))
        / base_pa
    )
    own = elastic(body.material, None, case.catalog)
    fill = elastic(joint.material, package.field_of(joint.id), case.catalog)
    joined = trilayer.joint(
        die_thickness_m=die_m, substrate_thickness_m=base_m, attach_thickness_m=joint_m,
        die_modulus_pa=own.values[GLASS_PA], substrate_modulus_pa=base_pa, attach_modulus_pa=fill.values[GLASS_PA],
        die_poisson=own.values[POISSON], substrate_poisson=float(parts[0].values[POISSON]),
        attach_poisson=fill.values[POISSON],
    )  # fmt: skip
    start = assembly_mark(case)
    # Above its glass transition the joint gives way too easily to build up stress.
    hold = min(start.value_k, fill.glass_k)
    drop = coldest_k(case) - hold
    mismatch = (base_per_k - own.values[GLASS_PER_K]) * drop
    x0, x1, y0, y1, _, _ = body.box_m
    half = 0.5 * math.hypot(x1 - x0, y1 - y0)
    shear = abs(float(trilayer.stress(joined, mismatch, half).edge_shear_pa))
    peel = max(float(trilayer.peel_pa(joined, mismatch, half, half)), 0.0)
    keepout = -math.log(KEPT) / float(joined.decay_per_m)
    answers = []
    for kind, stress, name in (
        ("edge_shear", shear, "interface_shear"),
        ("edge_peel", peel, "interface_peel"),
    ):
        allowed = rule.input(name)
        slopes = {allowed.id: 1e-6}
        # Both are linear in the mismatch: so in either expansion.
        for part, s, way in [
            (own, 1.0, -1.0),
            *((p, w * p.values[GLASS_PA] / base_pa, 1.0) for p, w in zip(parts, share, strict=True)),
        ]:
            for item, slope in part.slopes.items():
                if slope[GLASS_PER_K] and mismatch:
                    slopes[item] = slopes.get(item, 0.0) - 1e-6 * stress / mismatch * drop * way * s * float(
                        slope[GLASS_PER_K]
                    )
        answers.append(
            Limit(
                identity=Identity(discipline="mechanical", kind=kind, subject=f"die:{group}"),
                demand=1e-6 * stress, capacity=1e-6 * allowed.value, unit="MPa", hard=False, rung=rung,
                sensitivities=slopes, model=EDGE_MODEL, model_error=1e-6 * EDGE_SHARE * stress, basis=EDGE_BASIS,
                flags=("for ranking: corners, fillets and low-k wiring under the joint are not in this model",),
                explanation=(
                    f"at the corner of {die.id} its joint bears {1e-6 * stress:.0f} MPa "
                    f"{'along' if kind == 'edge_shear' else 'across'} its faces; adhesion is taken as "
                    f"{1e-6 * allowed.value:.0f} MPa"
                ),
            )
        )  # fmt: skip
    return answers, keepout
