"""What must be proven of a candidate, and whether it can be: gates, order of joining, seal, dryness, dose, weeks."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from packfirst.catalog import Record
from packfirst.disciplines.case import Case, Facts, Outcome, Screen, Table
from packfirst.disciplines.qualification import joining_order
from packfirst.disciplines.qualification.hermeticity.dryness import dry_time_s, leak_limit
from packfirst.disciplines.qualification.joining_order import Exposure
from packfirst.disciplines.qualification.path.plan import WEEK_S, Level, Plan, make_plan, sampled_weeks
from packfirst.disciplines.qualification.properties import (
    Cavity,
    board_reflow,
    cavity_of,
    climate_of,
    features_of,
    joining_history,
    lid_seal,
    outgassed_ppmv,
)
from packfirst.disciplines.qualification.records import Levels
from packfirst.limit import Fact, Identity, Limit, Metric, NotAssessed

Answer = Limit | NotAssessed
# Room temperature: what a peak of the assembly is counted from. [K]
ROOM_K = 298.15
# Gates are whole: none may be closed. Half a gate is a capacity that no gate reaches, so that what passes has a margin.
MOST_GATES = 0.5
DOSE_MARGIN = 2.0  # where the Program states none; a usual design margin, assumed
YEAR_S = 31557600.0
HIERARCHY = "order of joining temperatures: joints of the catalog against the route's later peaks"
CALENDAR = "qualification flows of the catalog; longest path with assumed set-up and read-out"


class Qualification:
    """Levels that the customer accepts against what the construction is, and the heat of its own assembly."""

    name = "qualification"
    needs = ()
    gives = ("qualification_weeks", "qualification_parts", "element_evaluation_weeks")

    def bounds(self, table: Table) -> Screen:
        from packfirst.disciplines.qualification.bounds import screen

        return screen(table)

    def limits(self, case: Case, facts: Facts, rung: str) -> Outcome:
        answers, details = _joining(case, rung)
        features, cavity, seal = construction_of(case)
        details["features"] = sorted(features)
        if cavity is not None:
            more, told = _sealed(case, rung, cavity, seal)
            answers, details["cavity"] = [*answers, *more], told
        answers += _dose(case, rung)
        if case.program.quality is None:
            return Outcome(limits=tuple(answers), details=details)
        plans = plans_of(case)
        best = next((plan for plan in plans if plan.passes), plans[0])
        drawn = sampled_weeks(best.steps, case.n_samples, case.seed)
        plans = tuple(replace(plan, samples_weeks=drawn) if plan is best else plan for plan in plans)
        best = next((plan for plan in plans if plan.passes), plans[0])
        answers += [_gates(plans, best, rung), *_time(case, best, rung)]
        details["levels"] = [_told(plan, chosen=plan is best) for plan in plans]
        details["choice"] = sentence(plans, best)
        return Outcome(limits=tuple(answers), facts=_facts(best), metrics=_metrics(best), details=details)


DISCIPLINE = Qualification()


def construction_of(case: Case) -> tuple[frozenset[str], Cavity | None, Record | None]:
    """Features of the candidate, its sealed cavity and how that is closed."""
    technology = case.catalog.record("technology", case.architecture.candidate.carrier)
    cavity = cavity_of(case.architecture, case.package)
    seal = lid_seal(case.catalog, technology, case.program.quality) if cavity is not None else None
    features = features_of(
        technology, case.architecture.construction, seal, len(case.package.die),
        memory=bool(case.program.bought),
    )  # fmt: skip
    return features, cavity if "sealed_cavity" in features else None, seal


def plans_of(
    case: Case,
    touched: Sequence[str] = (),
    *,
    sampled: bool = False,
    levels: Callable[[Level], Level] | None = None,
) -> tuple[Plan, ...]:
    """The plan of every level that the Program accepts, in its order.

    Parameters
    ----------
    case : Case
        Of a Program that states its quality.
    touched : sequence of str
        As `make_plan`.
    sampled : bool
        Whether the calendar of every plan is sampled, and not of the one that decides alone.
    levels : callable
        Changes each level before it is planned, such as one of its own alternatives.
    """
    quality, mission = case.program.quality, case.program.mission
    assert quality is not None
    features, _, _ = construction_of(case)
    dose = mission is not None and mission.dose is not None
    kinds = len({(die.group, die.part) for die in case.package.die})
    known = Levels(case.catalog)
    change = levels or (lambda level: level)
    return tuple(
        make_plan(
            change(known.level(name, sealed="sealed_cavity" in features, dose=dose)), features, quality.ship,
            die_types=max(kinds, 1), touched=touched, n_samples=case.n_samples if sampled else 0, seed=case.seed,
        )
        for name in quality.levels
    )  # fmt: skip


def sentence(plans: Sequence[Plan], best: Plan) -> str:
    """What the choice of level costs in weeks and parts, and how much of it nobody has read."""
    unread = f"{len(best.unread)} of its {len(best.steps)} steps rest on rows that nobody has read"
    said = (
        f"{best.level.name} takes {best.weeks:.0f} weeks and {best.parts.build} parts built for {best.parts.ship} "
        f"shipped; {unread}"
    )
    for plan in plans:
        if plan is best:
            continue
        if not plan.passes:
            said += f"; {plan.level.name} is closed: {plan.closed[0].why}"
        elif plan.steps:
            weeks, more = plan.weeks - best.weeks, plan.parts.build - best.parts.build
            said += f"; {plan.level.name} would take {weeks:+.0f} weeks and {more:+d} parts"
    return said


def _joining(case: Case, rung: str) -> tuple[list[Answer], dict[str, object]]:
    joinings, heats = joining_history(case.catalog, case.architecture, case.program.quality)
    found = joining_order.exposures(joinings, heats)
    details: dict[str, object] = {
        "joints": [
            (
                e.joining.place, e.joining.joint, e.joining.stands.value, e.joining.gives_way, e.heat.name,
                e.heat.peak.value, e.held,
            )
            for e in found
        ],
        "harmless_remelts": joining_order.harmless_remelts(joinings, heats),
        "heats": [(heat.name, heat.peak.value, heat.local) for heat in heats],
    }  # fmt: skip
    return [_joint_limit(e, rung) for e in found] + _rated(case, rung), details


def _joint_limit(found: Exposure, rung: str) -> Limit:
    joining, heat = found.joining, found.heat
    return Limit(
        identity=Identity(discipline="qualification", kind="joining_order", subject=f"joint:{joining.place}"),
        demand=heat.peak.value - ROOM_K, capacity=joining.stands.value - ROOM_K, unit="K", hard=joining.needed,
        rung=rung, sensitivities={joining.stands.id: 1.0, heat.peak.id: -1.0}, model="qualification/joining_order",
        model_error=0.0, basis=(HIERARCHY,),
        explanation=f"the joint of {joining.place} ({joining.joint}) {joining.gives_way} at "
        f"{joining.stands.value - 273.15:.0f} degC and sees {heat.peak.value - 273.15:.0f} degC in: {heat.name}",
        flags=() if joining.needed else ("melting there makes voids but lets nothing go: the lid holds it",),
    )  # fmt: skip


def _rated(case: Case, rung: str) -> list[Answer]:
    """The body's rated peak against the reflow that the Program states."""
    quality, built = case.program.quality, case.architecture.construction
    if quality is None or quality.reflow is None or built.sink != "top" or built.terminals == "none":
        return []
    technology = case.catalog.record("technology", case.architecture.candidate.carrier)
    rated, peak = technology.input("process_temperature_maximum"), board_reflow(case.catalog, quality)
    return [
        Limit(
            identity=Identity(discipline="qualification", kind="rated_peak", subject="package"),
            demand=peak.value - ROOM_K, capacity=rated.value - ROOM_K, unit="K", hard=True, rung=rung,
            sensitivities={rated.id: 1.0, peak.id: -1.0}, model="qualification/joining_order", model_error=0.0,
            basis=(HIERARCHY,),
            explanation=f"the body stands {rated.value - 273.15:.0f} degC and is soldered to its board at "
            f"{peak.value - 273.15:.0f} degC, {quality.reflows} times",
        )
    ]  # fmt: skip


def _sealed(
    case: Case, rung: str, cavity: Cavity, seal: Record | None
) -> tuple[list[Answer], dict[str, object]]:
    """Perimeter of the seal, water from inside, and how long it stays dry at the leak that the seal test lets pass."""
    answers: list[Answer] = []
    told: dict[str, object] = {
        "volume_m3": cavity.volume_m3, "perimeter_m": cavity.perimeter_m, "seal": "" if seal is None else seal.id
    }  # fmt: skip
    quality = case.program.quality
    if seal is not None and quality is not None and "max_perimeter" in seal:
        most = seal.input("max_perimeter")
        answers.append(
            Limit(
                identity=Identity(discipline="qualification", kind="seal_perimeter", subject="lid"),
                demand=cavity.perimeter_m * 1e3, capacity=most.value * 1e3, unit="mm", hard=True, rung=rung,
                sensitivities={most.id: 1e3}, model="qualification/seal", model_error=0.0,
                basis=(f"lid seal {seal.id} of the catalog",),
                explanation=f"the seal runs {cavity.perimeter_m * 1e3:.0f} mm round the lid; {seal.name} is made up to "
                f"{most.value * 1e3:.0f} mm",
            )
        )  # fmt: skip
    space = quality is not None and "38534_k" in quality.levels
    leak = leak_limit(cavity.volume_m3, space=space)
    told["leak_limit_atm_cm3_s"], told["leak_limit_status"] = leak.value, leak.status
    told["outgassed_ppmv"] = outgassed_ppmv(case.catalog, case.architecture.candidate.lid_interface, cavity)
    climate = climate_of(case.program)
    if climate is None:
        return answers, told
    getter = quality.getter.value if quality is not None and quality.getter is not None else 0.0
    dry_s = dry_time_s(leak.value, cavity.volume_m3, climate, getter)
    told["dry_s"], told["mission_s"] = (dry_s if dry_s < float("inf") else None), climate.life_s
    if dry_s < float("inf"):
        answers.append(
            Limit(
                identity=Identity(discipline="qualification", kind="moisture", subject="cavity"),
                demand=climate.life_s / YEAR_S, capacity=dry_s / YEAR_S, unit="year", hard=False, rung=rung,
                sensitivities={item.id: -1.0 / YEAR_S for item in climate.times}, model="qualification/moisture",
                model_error=0.3 * dry_s / YEAR_S, basis=("molecular flow of water; MIL-STD-883 TM1014, TM1018",),
                explanation=f"a part that just passes the seal test at {leak.value:.1e} atm cm3/s holds 5000 ppmv of "
                f"water after {dry_s / 86400.0:.1f} days of the mission's climate",
                flags=("a leak at the limit of the seal test: most parts leak less, and the test can't say",),
            )
        )  # fmt: skip
    return answers, told


def _dose(case: Case, rung: str) -> list[Answer]:
    mission, quality = case.program.mission, case.program.quality
    if mission is None or mission.dose is None:
        return []
    identity = Identity(discipline="qualification", kind="dose", subject="package")
    if quality is None or quality.dose is None:
        return [
            NotAssessed(
                identity=identity, missing=("quality.dose, the dose that every die is shown to stand",)
            )
        ]
    factor, need, shown = quality.dose_margin, mission.dose, quality.dose
    times = DOSE_MARGIN if factor is None else factor.value
    slopes = {shown.id: 0.1, need.id: -0.1 * times}
    if factor is not None:
        slopes[factor.id] = -0.1 * need.value
    return [
        Limit(
            identity=identity, demand=times * need.value * 0.1, capacity=shown.value * 0.1, unit="krad", hard=True,
            rung=rung, sensitivities=slopes, model="qualification/dose", model_error=0.0,
            basis=("design margin on total dose; MIL-STD-883 TM1019",),
            explanation=f"the mission brings {need.value * 0.1:.3g} krad and a margin of {times:g} is asked; "
            f"the die are shown to stand {shown.value * 0.1:.3g} krad",
        )
    ]  # fmt: skip


def _gates(plans: Sequence[Plan], best: Plan, rung: str) -> Answer:
    identity = Identity(discipline="qualification", kind="gates", subject="package")
    unread = [item for item in best.gates if item.state == "unread"]
    if best.passes and unread:
        return NotAssessed(
            identity=identity, missing=tuple(f"a read copy of {x.gate.clause}: {x.why}" for x in unread)
        )
    if best.passes and not best.steps:
        return NotAssessed(
            identity=identity, missing=(f"the flow of {best.level.name}: put it in an overlay",)
        )
    said = "; ".join(
        f"{plan.level.name}: {item.why}" + (f"; see {item.gate.instead}" if item.gate.instead else "")
        for plan in plans
        for item in plan.closed
    )
    return Limit(
        identity=identity, demand=float(len(best.closed)), capacity=MOST_GATES, unit="gates", hard=True, rung=rung,
        sensitivities={}, model="qualification/gates", model_error=0.0,
        basis=tuple(dict.fromkeys(item.gate.clause for item in best.gates)) or (best.level.document,),
        explanation=said if not best.passes else f"no gate of {best.level.name} is closed to this construction",
        flags=(best.watermark,) if best.watermark else (),
    )  # fmt: skip


def _time(case: Case, best: Plan, rung: str) -> list[Answer]:
    quality = case.program.quality
    assert quality is not None
    if quality.weeks is None or not best.steps:
        return []
    room = quality.weeks.value / WEEK_S
    return [
        Limit(
            identity=Identity(discipline="qualification", kind="weeks", subject="package"),
            demand=best.weeks, capacity=room, unit="week", hard=True, rung=rung,
            sensitivities={quality.weeks.id: 1.0 / WEEK_S, **{k: -v for k, v in best.sensitivities.items()}},
            model="qualification/calendar", model_error=0.0, basis=(CALENDAR, best.level.document),
            samples=room - best.samples_weeks,
            explanation=f"{best.level.name} takes {best.weeks:.0f} weeks after assembly and its elements; it may take "
            f"{room:.0f}",
            flags=(best.watermark,) if best.watermark else (),
        )
    ]  # fmt: skip


def _facts(best: Plan) -> tuple[Fact, ...]:
    if not best.steps:
        return ()
    ends = [best.times.end_s[n] for n, step in enumerate(best.steps) if step.phase == "element_evaluation"]
    named = zip(("", "p10", "p50", "p90"), (best.weeks, *best.quantiles_weeks), strict=True)
    weeks = tuple(
        Fact(
            name="qualification_weeks", subject="package", value=value, mode=mode,
            sensitivities=best.sensitivities if not mode else {},
        )
        for mode, value in named
    )  # fmt: skip
    return (
        *weeks,
        Fact(name="qualification_parts", subject="package", value=float(best.parts.build - best.parts.ship)),
        Fact(
            name="element_evaluation_weeks", subject="package", value=float(max(ends, default=0.0)) / WEEK_S
        ),
    )


def _metrics(best: Plan) -> tuple[Metric, ...]:
    if not best.steps:
        return ()
    return (
        Metric(
            name="qualification_weeks", value=best.weeks, unit="week", better="less",
            sensitivities=best.sensitivities, samples=best.samples_weeks,
        ),
        Metric(name="parts_consumed", value=float(best.parts.consumed), unit="parts", better="less"),
    )  # fmt: skip


def _told(plan: Plan, *, chosen: bool) -> dict[str, object]:
    return {
        "level": plan.level.id, "name": plan.level.name, "chosen": chosen, "passes": plan.passes,
        "gates": [(x.gate.clause, x.state, x.why, x.gate.instead) for x in plan.gates],
        "adds": [(x.text, x.clause, x.status) for x in plan.level.adds],
        "weeks": plan.weeks, "weeks_quantiles": plan.quantiles_weeks, "build": plan.parts.build,
        "consumed": plan.parts.consumed, "steps": len(plan.steps), "unread": len(plan.unread),
        "watermark": plan.watermark,
    }  # fmt: skip
