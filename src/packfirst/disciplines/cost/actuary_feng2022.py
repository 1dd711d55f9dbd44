"""Chiplet Actuary's recurring cost and development cost, said in the general form.

The published model of Feng and Ma [1]_, with its published constants: a second opinion on a
flow of one's own, and the proof that the general form contains it. Every function broadcasts. Two
slips of its code are not followed: micro-bumps, which it counts once per distinct die, are counted
once per die; and rates are per area throughout.

References
----------
.. [1] Y. Feng, K. Ma, "Chiplet Actuary: a quantitative cost model and multi-chiplet architecture
   exploration", DAC 2022, arXiv:2203.12268; code and parameter file at
   Yinxiao-Feng/chiplet-actuary, 2c91fb9 (MIT).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.cost.assembly import CostFlow, Part, Step, carrier, flow
from packfirst.disciplines.cost.die_yield import mean_faults, negative_binomial
from packfirst.disciplines.cost.gross_die import gross_die_feng2022
from packfirst.disciplines.cost.ledger import booked

Array = NDArray[np.float64]

# Constants of the parameter file of [1].
DIE_CLUSTER_ALPHA = 10.0
SUBSTRATE_USD_PER_M2 = 5e3  # per unit of layer complexity
SUBSTRATE_PER_SILICON_AREA = 4.0
C4_USD_PER_M2 = 5e3
MICRO_BUMP_USD_PER_M2 = 10e3
SUBSTRATE_ATTACH_YIELD = 0.99
D2D_MODULE_M2 = 20e-6  # a die-to-die interface is designed once, as a module of this size
NRE_REFERENCE_M2 = 300e-6
SUBSTRATE_NRE_USD_PER_M2 = 3e9
SUBSTRATE_NRE_USD = 3e5


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """Interposer or redistribution layer. USD, m2; defects per m2."""

    wafer_usd: float
    defect_density_per_m2: float
    cluster_alpha: float
    area_per_silicon: float
    bonding_yield: float
    nre_usd_per_m2: float
    nre_usd: float


FAN_OUT = Carrier(
    wafer_usd=1200.0,
    defect_density_per_m2=500.0,
    cluster_alpha=3.0,
    area_per_silicon=1.2,
    bonding_yield=0.98,
    nre_usd_per_m2=0.5 * 15e6 / NRE_REFERENCE_M2,
    nre_usd=0.5 * 15e6 / 300.0,  # divided by the reference area in the code as well; kept
)
SILICON_INTERPOSER = Carrier(
    wafer_usd=1937.0,
    defect_density_per_m2=600.0,
    cluster_alpha=6.0,
    area_per_silicon=1.1,
    bonding_yield=0.95,
    nre_usd_per_m2=1.2 * 0.3 * 28e6 / NRE_REFERENCE_M2,
    nre_usd=1.2 * 0.2 * 28e6,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DieSet:
    """The die of one package, summed over the die.

    Attributes
    ----------
    raw_usd, defect_usd : array_like
        Wafer cost over gross die, and what is thrown away at wafer test; without bumps.
    area_m2 : array_like
        Sum of the die areas, dummy die included.
    count : array_like
        Number of die, dummies included.
    """

    raw_usd: ArrayLike
    defect_usd: ArrayLike
    area_m2: ArrayLike
    count: ArrayLike


def die_cost(
    area_m2: ArrayLike, wafer_usd: ArrayLike, defect_density_per_m2: ArrayLike
) -> tuple[Array, Array]:
    """Raw cost of one die, and the cost of the bad die that it stands for. [USD]

    Parameters
    ----------
    area_m2, wafer_usd, defect_density_per_m2 : array_like
        Of one die.

    Notes
    -----
    raw = wafer / N, defects = raw (1/Y - 1), with N of `gross_die_feng2022` and Y the negative
    binomial at alpha 10.
    """
    raw = np.asarray(wafer_usd, dtype=np.float64) / gross_die_feng2022(area_m2)
    good = negative_binomial(mean_faults(area_m2, defect_density_per_m2), DIE_CLUSTER_ALPHA)
    return np.asarray(raw), np.asarray(raw * (1.0 / good - 1.0))


def substrate_complexity(package_m2: ArrayLike, die_count: ArrayLike) -> Array:
    """Cost factor for the layers of an organic substrate that carries the die itself. [-]

    Notes
    -----
    1 for a single die; else 1.5 up to 17 x 17 mm, 1.75 up to 30 x 30 mm, 2 above.
    """
    area = np.asarray(package_m2, dtype=np.float64)
    # Compared in mm2, with a hair of tolerance, so that a package of exactly 900 mm2 stays below.
    mm2 = area * 1e6 * (1.0 - 1e-12)
    several = np.where(mm2 > 900.0, 2.0, np.where(mm2 > 289.0, 1.75, 1.5))
    return np.asarray(np.where(np.asarray(die_count) == 1, 1.0, several))


def organic_substrate(die: DieSet) -> CostFlow:
    """Die flip-chipped onto an organic substrate (an SoC, or an MCM). [USD]"""
    area = np.asarray(die.area_m2, dtype=np.float64)
    package = SUBSTRATE_PER_SILICON_AREA * area
    substrate = package * SUBSTRATE_USD_PER_M2 * substrate_complexity(package, die.count)
    return flow(
        [
            Step(
                name="attach die to substrate",
                parts=(_die(die, C4_USD_PER_M2), carrier("substrate", raw_usd=substrate)),
                yield_=SUBSTRATE_ATTACH_YIELD,
                placements=die.count,
            )
        ]
    )


def interposer_chip_last(die: DieSet, interposer: Carrier) -> CostFlow:
    """Die bonded to a finished, tested interposer, then onto an organic substrate. [USD]"""
    raw, good, substrate = _interposer(die, interposer)
    return flow(
        [
            Step(
                name="bond die to interposer",
                parts=(
                    _die(die, MICRO_BUMP_USD_PER_M2),
                    carrier("interposer", raw_usd=raw, carrier_yield=good),
                ),
                yield_=interposer.bonding_yield,
                placements=die.count,
            ),
            Step(
                name="attach interposer to substrate",
                parts=(carrier("substrate", raw_usd=substrate),),
                yield_=SUBSTRATE_ATTACH_YIELD,
            ),
        ]
    )


def interposer_chip_first(die: DieSet, interposer: Carrier) -> CostFlow:
    """Redistribution built onto the die, which are lost with it, then onto a substrate. [USD]"""
    raw, good, substrate = _interposer(die, interposer)
    return flow(
        [
            Step(
                name="build redistribution on die",
                parts=(_die(die, MICRO_BUMP_USD_PER_M2), carrier("redistribution", raw_usd=raw)),
                yield_=good,
            ),
            Step(
                name="attach to substrate",
                parts=(carrier("substrate", raw_usd=substrate),),
                yield_=SUBSTRATE_ATTACH_YIELD,
            ),
        ]
    )


def module_nre(area_m2: ArrayLike, node_nre_usd: ArrayLike) -> Array:
    """Design of one module. [USD]

    Parameters
    ----------
    area_m2 : array_like
        Module area; `D2D_MODULE_M2` for the die-to-die interface.
    node_nre_usd : array_like
        Development cost of a 300 mm2 chip at the node, first tape-out included.
    """
    return np.asarray(
        0.5 * np.asarray(node_nre_usd, dtype=np.float64) * np.asarray(area_m2) / NRE_REFERENCE_M2
    )


def chip_nre(area_m2: ArrayLike, node_nre_usd: ArrayLike) -> Array:
    """Integration of one chip from its modules, first tape-out included. [USD]

    Parameters
    ----------
    area_m2 : array_like
        Chip area.
    node_nre_usd : array_like
        As in `module_nre`.

    Notes
    -----
    0.3 of the node's figure in proportion to area, 0.2 whatever the area.
    """
    node = np.asarray(node_nre_usd, dtype=np.float64)
    return np.asarray(node * (0.3 * np.asarray(area_m2) / NRE_REFERENCE_M2 + 0.2))


def substrate_nre(silicon_m2: ArrayLike, die_count: ArrayLike) -> Array:
    """Package design on an organic substrate. [USD]"""
    package = SUBSTRATE_PER_SILICON_AREA * np.asarray(silicon_m2, dtype=np.float64)
    complexity = substrate_complexity(package, die_count)
    return np.asarray(package * complexity * SUBSTRATE_NRE_USD_PER_M2 + SUBSTRATE_NRE_USD)


def interposer_nre(silicon_m2: ArrayLike, interposer: Carrier) -> Array:
    """Package design with an interposer or redistribution layer. [USD]

    Notes
    -----
    The published code adds the recurring, not the development, cost of the substrate: a few dollars.
    """
    area = interposer.area_per_silicon * np.asarray(silicon_m2, dtype=np.float64)
    substrate = SUBSTRATE_PER_SILICON_AREA * area * SUBSTRATE_USD_PER_M2
    return np.asarray(area * interposer.nre_usd_per_m2 + interposer.nre_usd + substrate)


def _die(die: DieSet, bump_usd_per_m2: float) -> Part:
    bumps = np.asarray(die.area_m2, dtype=np.float64) * bump_usd_per_m2
    return Part(
        name="die",
        ledger=booked(
            die_raw_usd=np.asarray(die.raw_usd, dtype=np.float64) + bumps, die_defect_usd=die.defect_usd
        ),
    )


def _interposer(die: DieSet, interposer: Carrier) -> tuple[Array, Array, Array]:
    area = interposer.area_per_silicon * np.asarray(die.area_m2, dtype=np.float64)
    raw = interposer.wafer_usd / gross_die_feng2022(area) + area * C4_USD_PER_M2
    good = negative_binomial(mean_faults(area, interposer.defect_density_per_m2), interposer.cluster_alpha)
    substrate = SUBSTRATE_PER_SILICON_AREA * area * SUBSTRATE_USD_PER_M2
    return np.asarray(raw), good, substrate
