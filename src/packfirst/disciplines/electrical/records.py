"""Link modes and carrier surfaces out of the catalog, as the arrays that the models take."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from packfirst.catalog import Catalog
from packfirst.catalog.record import Record
from packfirst.disciplines.electrical import escape
from packfirst.disciplines.electrical.channel import Modes, Surface
from packfirst.inputs import Input
from packfirst.program.model import Link, Program

# Half of a laminate's build-up layers lie above its core, the only ones that fine vias reach; and each signal
# layer has a ground layer beside it. On silicon every second layer is supply and ground.
_LAMINATE_SHARE, _LAYERS_PER_SIGNAL = 0.5, 2.0
# Columns that run towards the edge, each second one shifted by half a pitch, stand sqrt(3)/2 of the pitch apart.
_COLUMNS_PER_PITCH: dict[str, float] = {"square": 1.0, "hexagonal": 2.0 / math.sqrt(3.0)}


def modes_of(program: Program, catalog: Catalog, link: Link, *, vertical: bool) -> list[Record]:
    """The link modes that may carry a link: of its standards, stacked or beside each other; a bought part's own."""
    part = bought_part(program, catalog, link)
    if part is not None:
        return [catalog.record("link", part.word("standard"))] if not vertical else []
    return [
        record for record in catalog.records("link")
        if record.word("standard") in link.standards and (record.word("package_class") == "vertical") == vertical
    ]  # fmt: skip


def arrays(records: Sequence[Record], part: Record | None = None) -> Modes:
    """Columns of the records; a field that a standard does not have is the bought part's, or neutral."""

    def column(field: str, default: float | None = None) -> NDArray[np.float64]:
        return np.array([
            default if default is not None and field not in record else record[field] for record in records
        ])  # fmt: skip

    pitch = column("bump_pitch_min")
    depths = [depth(record, part) for record in records]
    depth_m = np.array([0.0 if item is None else item.value for item in depths])
    return Modes(
        rate_bit_per_s=column("rate"), lanes_per_module=column("lanes_per_module"), directions=column("directions"),
        signals_per_module=column("signals_per_module", 1.0), module_edge_m=column("module_edge", 1e-9),
        module_depth_m=depth_m, stack_depth=column("stack_depth", 1.0), pitch_min_m=pitch,
        pitch_max_m=column("bump_pitch_max"), column_pitch_m=np.maximum(column("bump_column_pitch", 0.0), pitch),
        columns_per_pitch=np.array([_columns_per_pitch(record) for record in records]),
        reach_m=column("reach"), energy_j_per_bit=column("energy_per_bit"),
    )  # fmt: skip


def _columns_per_pitch(mode: Record) -> float:
    return _COLUMNS_PER_PITCH[str(mode.words.get("bump_map", "square"))]


def bought_part(program: Program, catalog: Catalog, link: Link) -> Record | None:
    """The bought part at one end of a link, if there is one."""
    names = [end for end in link.between if end in program.bought]
    return catalog.record("part", program.bought[names[0]].part) if names else None


def depth(mode: Record, part: Record | None) -> Input | None:
    """How far behind the die edge a module's bumps reach: the mode's own figure, else the bought part's."""
    return mode.get("module_depth") or (None if part is None else part.get("phy_depth"))


def die_gap(catalog: Catalog, carrier: Record) -> Input:
    """Gap between die on a carrier: the technology's, else the house rule's."""
    return carrier.get("die_gap") or catalog.record("rule", "body").input("die_gap")


def surface(carrier: Record) -> Surface:
    """What a carrier technology offers under a die edge: a bridge's fine field, an interposer, a laminate."""
    layers, stated = carrier["signal_layers"], carrier.get("io_edge_density")
    if carrier.word("class") == "buildup":
        layers *= _LAMINATE_SHARE
    return Surface(
        pitch_m=np.asarray(carrier["bond_pitch"]), line_m=np.asarray(carrier["line"]),
        space_m=np.asarray(carrier["space"]), layers=escape.routing_layers(layers, _LAYERS_PER_SIGNAL),
        stated_per_m=np.asarray(0.0 if stated is None else stated.value),
    )  # fmt: skip
