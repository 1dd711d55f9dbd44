"""What shakes, drops or presses the package: its board's resonance, a shock on its joints, pressure on its lid."""

from collections.abc import Iterator

from packfirst.disciplines.case import Case
from packfirst.disciplines.mechanical import lid, plates, ranges
from packfirst.disciplines.mechanical.dynamics import response as shaken
from packfirst.disciplines.mechanical.records import rules
from packfirst.inputs import Input
from packfirst.limit import Identity, Limit, NotAssessed

SHAKEN_MODEL, LID_MODEL = "mechanical/vibration", "mechanical/lid"
# A rule of thumb on a board of unknown frame: a factor of two either way.
SHAKEN_SHARE = 0.6
LID_SHARE = 0.15
# One standard deviation over three, as the rule for random vibration counts.
_SIGMAS = 3.0
# A shock happens a few times, not millions: Steinberg lets the board bend six times as far. Recalled.
_SHOCK_RATIO = 6.0
_EPOXY_GLASS = "fr4"
_STEP = 1e-3


def limits(case: Case, rung: str) -> Iterator[Limit | NotAssessed]:
    """Limits of those sections of the mission that the Program states."""
    mission = case.program.mission
    if mission is None:
        return
    on_board = bool(case.package.of_role("balls", "board"))
    if mission.vibration is not None and on_board:
        yield _vibration(case, rung, mission.vibration, mission.vibration_time)
    if mission.shock is not None and on_board:
        yield _shock(case, rung, mission.shock, mission.shock_time)
    if mission.pressure is not None and case.architecture.cover.kind == "cavity":
        yield from _pressed(case, rung, mission.pressure)


def mass_kg(case: Case) -> float:
    """Of the package without its board. [kg]"""
    total = 0.0
    for body in case.package.bodies:
        if body.role in ("board", "cavity"):
            continue
        kind, _, name = body.material.partition("/")
        record = case.catalog.record(kind, name)
        found = record.get("density")
        if found is not None:
            total += found.value * body.footprint_m2 * body.thickness_m
    return total


def board_frequency_hz(case: Case) -> float:
    """Lowest resonance of the board, its edges resting, the package's mass spread over it. [Hz]

    Raises
    ------
    MissingDatum
        The catalog lacks a modulus, Poisson ratio or density of epoxy glass.
    """
    board, glass = case.program.board, case.catalog.record("material", _EPOXY_GLASS)
    x, y, t = board.size_x.value, board.size_y.value, board.thickness.value
    bending = glass["modulus"] * t**3 / (12.0 * (1.0 - glass["poisson"] ** 2))
    mass = glass["density"] * t + mass_kg(case) / (x * y)
    return float(plates.supported_frequency_hz(x, y, bending, mass))


def _allowed_m(case: Case) -> float:
    """Deflection of the board that the rule allows a part in its middle. [m]"""
    x0, x1, y0, y1 = _outline(case)
    board = case.program.board
    pairs = ((board.size_x.value, x1 - x0), (board.size_y.value, y1 - y0))
    return min(
        float(
            shaken.steinberg_deflection_m(
                board_length_m=length, part_length_m=part, board_thickness_m=board.thickness.value,
                part_factor=rules(case.catalog)["part_factor"],
            )
        )
        for length, part in pairs
    )  # fmt: skip


def _outline(case: Case) -> tuple[float, float, float, float]:
    body = case.architecture.body
    return body.x0, body.x1, body.y0, body.y1


def _outside(case: Case) -> tuple[str, ...]:
    x0, x1, y0, y1 = _outline(case)
    board = case.program.board
    ratio = max((x1 - x0) / board.size_x.value, (y1 - y0) / board.size_y.value)
    return ranges.departures(
        {"part_over_board_length": shaken.VALID["part_over_board_length"]}, {"part_over_board_length": ratio}
    )


def _vibration(case: Case, rung: str, density: Input, time: Input | None) -> Limit | NotAssessed:
    identity = Identity(discipline="mechanical", kind="vibration", subject="package")
    missing = _outside(case)
    if time is None:
        missing = (*missing, "mission.vibration_time")
    if missing or time is None:
        return NotAssessed(identity=identity, missing=missing)
    quality = rules(case.catalog).input("resonance_quality")
    frequency, allowed = board_frequency_hz(case), _allowed_m(case)
    g2 = density.value / shaken.GRAVITY_M_PER_S2**2
    rms = float(shaken.random_response_g_rms(frequency, quality.value, g2))
    bent = _SIGMAS * float(shaken.deflection_m(rms, frequency))
    # The rule's deflection is for its own number of cycles; another number moves it along the fatigue line.
    cycles = frequency * time.value
    stands = allowed * (shaken.CYCLES_OF_RULE["random"] / cycles) ** (1.0 / _FATIGUE)
    factor = rules(case.catalog).input("part_factor")
    thickness = case.program.board.thickness
    slopes = {
        density.id: -0.5e6 * bent / density.value,
        quality.id: -0.5e6 * bent / quality.value,
        time.id: -1e6 * stands / (_FATIGUE * time.value),
        factor.id: -1e6 * stands / factor.value,
        # Deflection goes with f^-1.5 and f with the thickness, near enough; the rule with one over it.
        thickness.id: 1e6 * (1.5 * bent - stands) / thickness.value,
    }
    return Limit(
        identity=identity, demand=1e6 * bent, capacity=1e6 * stands, unit="um", hard=True, rung=rung,
        sensitivities=slopes, model=SHAKEN_MODEL, model_error=1e6 * SHAKEN_SHARE * bent,
        basis=("Miles 1954, one resonance of the board", "Steinberg 2000, chapter 8 (recalled)"),
        explanation=(
            f"the board swings at {frequency:.0f} Hz by {1e6 * bent:.0f} um (three sigma); "
            f"joints in its middle stand {1e6 * stands:.0f} um for {time.value / 3600.0:.3g} h"
        ),
    )  # fmt: skip


_FATIGUE = 6.4  # of solder in bending, Steinberg, recalled


def _shock(case: Case, rung: str, peak: Input, time: Input | None) -> Limit | NotAssessed:
    identity = Identity(discipline="mechanical", kind="shock", subject="package")
    missing = _outside(case)
    if time is None:
        missing = (*missing, "mission.shock_time")
    if missing or time is None:
        return NotAssessed(identity=identity, missing=missing)
    frequency, stands = board_frequency_hz(case), _SHOCK_RATIO * _allowed_m(case)
    g = peak.value / shaken.GRAVITY_M_PER_S2

    def bent_m(seconds: float) -> float:
        ratio = float(shaken.half_sine_shock_ratio(frequency, seconds))
        return float(shaken.deflection_m(g * ratio, frequency))

    bent = bent_m(time.value)
    by_time = (bent_m(time.value * (1.0 + _STEP)) - bent_m(time.value * (1.0 - _STEP))) / (
        2.0 * _STEP * time.value
    )
    factor = rules(case.catalog).input("part_factor")
    slopes = {
        peak.id: -1e6 * bent / peak.value, time.id: -1e6 * by_time, factor.id: -1e6 * stands / factor.value,
    }  # fmt: skip
    return Limit(
        identity=identity, demand=1e6 * bent, capacity=1e6 * stands, unit="um", hard=True, rung=rung,
        sensitivities=slopes, model=SHAKEN_MODEL, model_error=1e6 * SHAKEN_SHARE * bent,
        basis=("half-sine shock spectrum, one resonance of the board", "Steinberg 2000, chapter 8 (recalled)"),
        explanation=(
            f"a shock of {g:.0f} g bends the board, which swings at {frequency:.0f} Hz, by {1e6 * bent:.0f} um; "
            f"joints in its middle stand {1e6 * stands:.0f} um a few times"
        ),
    )  # fmt: skip


def _pressed(case: Case, rung: str, pressure: Input) -> Iterator[Limit | NotAssessed]:
    cover, rule = case.architecture.cover, rules(case.catalog)
    record = case.catalog.record(*cover.material.split("/"))
    x, y = (span - 2.0 * cover.foot_width_m for span in (cover.rect.width, cover.rect.height))
    modulus, strength = record.input("modulus"), rule.input("lid_strength")
    solved = {
        edge: lid.bend(
            edge, length_x_m=x, length_y_m=y, thickness_m=cover.thickness_m, modulus_pa=modulus.value,
            poisson=record["poisson"], pressure_pa=pressure.value,
        )
        for edge in lid.EDGES
    }  # fmt: skip
    bent = max(float(found.deflection_m) for found in solved.values())
    stress = max(float(found.stress_pa) for found in solved.values())
    ratio = bent / cover.thickness_m
    thick = cover.thickness_m / min(x, y)
    missing = ranges.departures(lid.VALID, {"deflection_over_thickness": ratio, "thickness_over_side": thick})
    flags = ranges.departures(lid.VALIDATED, {"deflection_over_thickness": ratio})
    basis = ("thin plate under pressure, edges free to turn (Timoshenko and Woinowsky-Krieger 1959)",)
    lids = case.catalog.record("technology", case.architecture.candidate.carrier).input("thickness_lid")
    room = cover.clearance_m
    for kind, demand, capacity, unit, size, slopes, text in (
        ("lid_deflection", bent, room, "um", 1e6, {modulus.id: bent / modulus.value, lids.id: 3.0 * bent / lids.value},
         f"the lid bends by {1e6 * bent:.0f} um under the mission's pressure, {1e6 * room:.0f} um over the die"),
        ("lid_stress", stress, strength.value, "MPa", 1e-6, {strength.id: 1.0, lids.id: 2.0 * stress / lids.value},
         f"the lid bears {1e-6 * stress:.0f} MPa of the mission's pressure; it yields at {1e-6 * strength.value:.0f}"),
    ):  # fmt: skip
        identity = Identity(discipline="mechanical", kind=kind, subject="lid")
        if missing:
            yield NotAssessed(identity=identity, missing=missing)
            continue
        scaled = {pressure.id: -demand / pressure.value, **slopes}
        yield Limit(
            identity=identity, demand=size * demand, capacity=size * capacity, unit=unit, hard=True, rung=rung,
            sensitivities={name: size * slope for name, slope in scaled.items()}, model=LID_MODEL,
            model_error=size * LID_SHARE * demand, basis=basis, flags=flags, explanation=text,
        )  # fmt: skip
