"""Conductivity of each body of a Package, the film of its way out and what that leads to, with slopes by Input id."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from packfirst.architecture.package import Body, Field
from packfirst.catalog import Catalog
from packfirst.catalog.record import Record
from packfirst.disciplines.thermal import homogenise
from packfirst.inputs import Input
from packfirst.program.model import Program

Pair = tuple[float, float]  # in the plane, through it [W/(m K)]
# Relative step of the slopes through a mixing rule: its error, h^2, and rounding, eps / h, are both below 1e-10.
_STEP = 1e-5
_BOND = "material/hybrid_bond_effective"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conductivity:
    """In-plane and through-plane conductivity of one body at 300 K. [W/(m K)] Slopes per SI unit of each Input.

    `exponent` is that of k = k_300 (300 K / T)^n, and `exponent_id` its Input; 0 and "" where k is constant.
    """

    in_plane: float
    through: float
    slopes: Mapping[str, Pair]
    exponent: float = 0.0
    exponent_id: str = ""


# Of a body through which no heat passes: gas where there is none.
NOTHING = Conductivity(in_plane=0.0, through=0.0, slopes={})
# Posts in a vacuum pass no heat from one to the next; a grid cell that conducts at all needs a number that is.
_NO_GAS_BETWEEN = 1e-9


def conductivity(body: Body, field: Field | None, program: Program, catalog: Catalog) -> Conductivity:
    """Conductivity of a body: of its material, of its interface record, or of a field of posts in a fill.

    Raises
    ------
    MissingDatum
        The catalog has no conductivity for a material that the body is made of.
    """
    if program.environment.vacuum and _is_gas(body.material, catalog):
        return NOTHING if field is None else _posts_alone(body, field, program, catalog)
    if field is None:
        return _plain(body.material, body.thickness_m, program, catalog)
    if body.role == "bond":
        # Its pads end on thin wiring, not on silicon: no rule of parallel posts holds, a record does.
        return _plain(_BOND, body.thickness_m, program, catalog)
    fraction = homogenise.area_fraction(field.pitch_m, field.diameter_m)
    fill = _plain(body.material, body.thickness_m, program, catalog)
    metal = _plain(field.metal, body.thickness_m, program, catalog)

    def mixed(fill_pair: Pair, metal_pair: Pair) -> Pair:
        across = homogenise.in_plane(fraction, metal_pair[0], fill_pair[0])
        return float(across), float(homogenise.through_plane(fraction, metal_pair[1], fill_pair[1]))

    base = mixed((fill.in_plane, fill.through), (metal.in_plane, metal.through))
    slopes: dict[str, Pair] = {}
    for part, rule in (
        (fill, lambda pair: mixed(pair, (metal.in_plane, metal.through))),
        (metal, lambda pair: mixed((fill.in_plane, fill.through), pair)),
    ):
        for name, slope in part.slopes.items():
            here = _slope_through(rule, (part.in_plane, part.through), slope)
            there = slopes.get(name, (0.0, 0.0))
            slopes[name] = (there[0] + here[0], there[1] + here[1])
    return Conductivity(in_plane=base[0], through=base[1], slopes=slopes)


def _is_gas(material: str, catalog: Catalog) -> bool:
    kind, _, name = material.partition("/")
    return kind == "material" and catalog.record(kind, name).word("class") == "gas"


def _posts_alone(body: Body, field: Field, program: Program, catalog: Catalog) -> Conductivity:
    """Posts with nothing between them: they conduct through in parallel, and not to each other."""
    metal = _plain(field.metal, body.thickness_m, program, catalog)
    share = float(homogenise.area_fraction(field.pitch_m, field.diameter_m))
    return Conductivity(
        in_plane=_NO_GAS_BETWEEN * share * metal.through, through=share * metal.through,
        slopes={name: (0.0, share * slope[1]) for name, slope in metal.slopes.items()},
    )  # fmt: skip


def _slope_through(rule: Callable[[Pair], Pair], at: Pair, slope: Pair) -> Pair:
    """d(rule)/d(input) where the rule's argument has the given slope by the input."""
    size = max(abs(slope[0] / at[0]), abs(slope[1] / at[1]))
    if size == 0.0:
        return 0.0, 0.0
    step = _STEP / size
    high = rule((at[0] + step * slope[0], at[1] + step * slope[1]))
    low = rule((at[0] - step * slope[0], at[1] - step * slope[1]))
    return (high[0] - low[0]) / (2.0 * step), (high[1] - low[1]) / (2.0 * step)


def _plain(material: str, thickness_m: float, program: Program, catalog: Catalog) -> Conductivity:
    kind, _, name = material.partition("/")
    if kind == "program":
        flat, through = program.board.conductivity, program.board.conductivity_z
        return _two(flat, through)
    record = catalog.record(kind, name)
    if kind == "interface":
        # The bond line with its contacts, as one film: k = t / R, so that the resistance is the Input.
        resistance = record.input("area_resistance")
        k = thickness_m / resistance.value
        slope = -k / resistance.value
        return Conductivity(in_plane=k, through=k, slopes={resistance.id: (slope, slope)})
    flat, through_plane = record.input("conductivity"), record.get("conductivity_z")
    if through_plane is not None:
        return _two(flat, through_plane)
    n = record.get("conductivity_exponent")
    return Conductivity(
        in_plane=flat.value, through=flat.value, slopes={flat.id: (1.0, 1.0)},
        exponent=0.0 if n is None else n.value, exponent_id="" if n is None else n.id,
    )  # fmt: skip


def _two(flat: Input, through: Input) -> Conductivity:
    return Conductivity(
        in_plane=flat.value, through=through.value, slopes={flat.id: (1.0, 0.0), through.id: (0.0, 1.0)}
    )


def way_out(path: Record) -> tuple[float, dict[str, float]]:
    """Film coefficient on the lid that a thermal path stands for [W/(m2 K)], and its slopes by Input id.

    A path stated as a resistance over a reference area is the film that gives this resistance there, so
    that a larger lid gets a smaller resistance; a path stated as a film is that film.
    """
    if path.word("model") == "film":
        film = path.input("film_coefficient")
        return film.value, {film.id: 1.0}
    resistance, area = path.input("resistance"), path.input("reference_area")
    value = 1.0 / (resistance.value * area.value)
    return value, {resistance.id: -value / resistance.value, area.id: -value / area.value}


def fluid(path: Record, program: Program) -> Input:
    """Temperature of what a thermal path gives its heat to: the Program's where it states it, else the path's own.

    A radiator panel that a card is clamped to is the Program's cold wall; what it radiates to is not its temperature.
    """
    around = program.environment
    stated = {
        "air": around.air, "coolant": around.coolant, "cold_wall": around.cold_wall, "radiator": around.cold_wall,
        "space": around.space,
    }.get(path.word("fluid"))  # fmt: skip
    return stated if stated is not None else path.input("fluid_temperature")


def emissivity(body: Body, catalog: Catalog) -> Input | None:
    """Of the surface of a body, or None where nobody has said: what is unknown radiates nothing."""
    kind, _, name = body.material.partition("/")
    if kind == "program":
        return catalog.record("material", "soldermask").get("emissivity")
    return catalog.record(kind, name).get("emissivity") if kind == "material" else None
