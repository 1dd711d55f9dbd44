"""Heat capacity of each body of a Package per volume, from the catalog's densities and specific heats."""

from packfirst.architecture.package import Body, Field
from packfirst.catalog import Catalog
from packfirst.disciplines.thermal import homogenise

# Bond lines of polymer or solder store 1.5 to 2.6 MJ/(m3 K) (filled greases and gels at the low end, indium 1.7, tin
# solders 1.7): what a joint of some ten micrometres holds shifts no time constant that a die or a lid has.
BOND_LINE_J_PER_M3_K = 2.0e6
_BOARD = "fr4"


def capacity_j_per_m3_k(body: Body, field: Field | None, catalog: Catalog) -> float:
    """Heat capacity of a body, its posts and fill mixed by volume. [J/(m3 K)]

    Raises
    ------
    MissingDatum
        No density or heat capacity of a material.
    """
    own = _plain(body.material, catalog)
    if field is None:
        return own
    share = float(homogenise.area_fraction(field.pitch_m, field.diameter_m))
    return share * _plain(field.metal, catalog) + (1.0 - share) * own


def _plain(material: str, catalog: Catalog) -> float:
    kind, _, name = material.partition("/")
    if kind == "interface":
        return BOND_LINE_J_PER_M3_K
    if kind == "program":
        kind, name = "material", _BOARD
    record = catalog.record(kind, name)
    return record["density"] * record["heat_capacity"]
