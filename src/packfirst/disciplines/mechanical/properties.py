"""What each body of a Package is to a thin plate: stiffness and growth below and above its glass transition."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.package import Body, Field
from packfirst.catalog import Catalog
from packfirst.catalog.record import Record
from packfirst.disciplines.mechanical import mixtures
from packfirst.inputs import Input

Floats = NDArray[np.float64]
# Relative step of the slopes through a mixing rule.
_STEP = 1e-5
# Moduli, Poisson ratio, and growth per kelvin: what `Elastic.values` holds.
GLASS_PA, RUBBER_PA, POISSON, GLASS_PER_K, RUBBER_PER_K = range(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elastic:
    """One material of a layer.

    Attributes
    ----------
    values : ndarray, shape (5,)
        Modulus below and above the glass transition [Pa], Poisson ratio, expansion below and above it [1/K].
    glass_k : float
        Infinite where there is none.
    glass_id, melt_k : str, float
        Id of that Input; melting point of a metal, infinite for all else.
    slopes : mapping of str to ndarray, shape (5,)
        d(values)/d(input) by Input id.
    """

    values: Floats
    glass_k: float
    glass_id: str
    melt_k: float
    slopes: Mapping[str, Floats]


def elastic(material: str, field: Field | None, catalog: Catalog) -> Elastic:
    """A material, or a field of posts in a fill.

    Parameters
    ----------
    material : str
        Catalog record, 'material/si', 'part/hbm3_12h' or 'interface/da_ausn'.
    field : Field or None
        Posts that fill the layer.
    catalog : Catalog

    Raises
    ------
    MissingDatum
        The catalog lacks a modulus, a Poisson ratio or an expansion.
    """
    fill = _plain(material, catalog)
    if field is None:
        return fill
    metal = _plain(field.metal, catalog)
    fraction = math.pi / 4.0 * (field.diameter_m / field.pitch_m) ** 2

    def mixed(a: Floats, b: Floats) -> Floats:
        """Fill a with posts b."""
        out = np.empty(5)
        for modulus, growth in ((GLASS_PA, GLASS_PER_K), (RUBBER_PA, RUBBER_PER_K)):
            out[modulus] = mixtures.across_posts_pa(fraction, b[GLASS_PA], a[modulus])
            out[growth] = mixtures.expansion_per_k(
                fraction, b[GLASS_PA], a[modulus], b[GLASS_PER_K], a[growth]
            )
        out[POISSON] = (1.0 - fraction) * a[POISSON] + fraction * b[POISSON]
        return out

    slopes: dict[str, Floats] = {}
    for part, rule in (
        (fill, lambda x: mixed(x, metal.values)),
        (metal, lambda x: mixed(fill.values, x)),
    ):
        for name, slope in part.slopes.items():
            slopes[name] = slopes.get(name, np.zeros(5)) + _through(rule, part.values, slope)
    return Elastic(
        values=mixed(fill.values, metal.values), glass_k=fill.glass_k, glass_id=fill.glass_id,
        melt_k=math.inf, slopes=slopes,
    )  # fmt: skip


def _through(rule: Callable[[Floats], Floats], at: Floats, slope: Floats) -> Floats:
    size = float(np.max(np.abs(slope / at)))
    if size == 0.0:
        return np.zeros(5)
    step = _STEP / size
    return np.asarray((rule(at + step * slope) - rule(at - step * slope)) / (2.0 * step))


def _plain(material: str, catalog: Catalog) -> Elastic:
    kind, _, name = material.partition("/")
    record = catalog.record(kind, name)
    if kind == "interface":
        record = catalog.record("material", record.word("material"))
    modulus, growth = record.input("modulus"), record.input("expansion")
    # A bought stack of die is silicon for the most part; its record says how stiff, not how it narrows.
    poisson = (catalog.record("material", "si") if kind == "part" else record).input("poisson")
    glass, melt = record.get("glass_transition"), record.get("melt")
    rules = catalog.record("rule", "mechanics")
    ratio = rules.input("rubber_ratio")
    above = record.get("expansion_above_glass") or growth
    soft = ratio.value if glass is not None else 1.0
    values = np.array([modulus.value, soft * modulus.value, poisson.value, growth.value, above.value])
    slopes: dict[str, Floats] = {}

    def add(item: Input, *parts: tuple[int, float]) -> None:
        row = slopes.setdefault(item.id, np.zeros(5))
        for place, slope in parts:
            row[place] += slope

    add(modulus, (GLASS_PA, 1.0), (RUBBER_PA, soft))
    add(poisson, (POISSON, 1.0))
    add(growth, (GLASS_PER_K, 1.0))
    add(above, (RUBBER_PER_K, 1.0))
    if glass is not None:
        add(ratio, (RUBBER_PA, modulus.value))
    return Elastic(
        values=values, glass_k=math.inf if glass is None else glass.value,
        glass_id="" if glass is None else glass.id, melt_k=math.inf if melt is None else melt.value, slopes=slopes,
    )  # fmt: skip


def soft_shear(body: Body, catalog: Catalog) -> tuple[float, Input, float]:
    """Shear modulus of the joint between die and lid, the Input that it is a third of, and where it melts. [Pa], [K]

    Raises
    ------
    MissingDatum
        The catalog has no modulus for this interface.
    """
    record = catalog.record("interface", body.material.partition("/")[2])
    modulus = record.input("modulus")
    # An incompressible gel: G = E / 3. What a solder keeps after creep is as roughly known.
    return modulus.value / 3.0, modulus, _melt_k(record, catalog)


def _melt_k(record: Record, catalog: Catalog) -> float:
    if "material" not in record.words:
        return math.inf
    melt = catalog.record("material", record.word("material")).get("melt")
    return math.inf if melt is None else melt.value
