"""A lidded flip-chip BGA on its JEDEC board, from the sizes of body and die alone: what a maker's table is held to.

Makers print body, die and theta, and no layer. What is not printed is the same in every row and said here; only the
interface between die and lid is fitted, to junction-to-case resistances of some rows.
"""

from collections.abc import Sequence

import numpy as np

from packfirst.disciplines.thermal.jedec import Metrics, Part, Source, metrics

_MM = 1e-3
# Heights [mm] and conductivities [W/(m K)] usual for such bodies: ball standoff 0.5, laminate of 1.1 with planes,
# C4 joints of 0.08 in underfill, die of 0.7 at 60 degC, lid of 0.5 with a rim of 3.
_BALLS, _LAMINATE, _JOINTS, _DIE, _BOND, _LID, _RIM = 0.5, 1.1, 0.08, 0.7, 0.05, 0.5, 3.0
_WATTS = 2.0


def fcbga_metrics(
    body_mm: float, die_mm: float, interface_mm2k_per_w: float, air_m_per_s: Sequence[float] = (0.0, 1.0, 2.0)
) -> Metrics:
    """Metrics of the package with an interface of this area resistance. [K/W]"""
    side, die = body_mm * _MM, die_mm * _MM
    low, high = 0.5 * (side - die), 0.5 * (side + die)
    z = np.cumsum([0.0, _BALLS, _LAMINATE, _JOINTS, _DIE, _BOND, _LID]) * _MM
    bond = _BOND * _MM / (interface_mm2k_per_w * 1e-6)

    def over_die(level: int, flat: float, through: float) -> Part:
        return Part(box_m=(low, high, low, high, z[level], z[level + 1]), in_plane=flat, through=through)

    def over_all(level: int, flat: float, through: float) -> Part:
        return Part(box_m=(0.0, side, 0.0, side, z[level], z[level + 1]), in_plane=flat, through=through)

    rim = _RIM * _MM
    frame = [
        (0.0, side, 0.0, rim), (0.0, side, side - rim, side), (0.0, rim, 0.0, side), (side - rim, side, 0.0, side)
    ]  # fmt: skip
    parts = [
        over_all(0, 0.5, 9.0), over_all(1, 30.0, 0.8), over_die(2, 0.8, 6.0), over_die(3, 120.0, 120.0),
        over_die(4, bond, bond), over_all(5, 390.0, 390.0),
        # with the adhesive under it
        *(Part(box_m=(*box, z[2], z[5]), in_plane=390.0, through=60.0) for box in frame),
    ]  # fmt: skip
    source = Source(name="die", box_m=(low, high, low, high, z[3], z[3] + 0.02 * _MM))
    return metrics(parts, [source], cell_m=min(side / 24, die / 6), air_m_per_s=air_m_per_s, watts=_WATTS)


def fitted_interface(rows: Sequence[tuple[float, float, float]]) -> float:
    """Interface with the least squared error, in the logarithm, of theta-JC over (body mm, die mm, K/W). [mm2 K/W]"""
    from scipy.optimize import minimize_scalar

    def error(log_interface: float) -> float:
        value = float(np.exp(log_interface))
        return sum(
            float(np.log(fcbga_metrics(body, die, value, ()).theta_jc[0, 0] / theta)) ** 2
            for body, die, theta in rows
        )

    return float(np.exp(minimize_scalar(error, bounds=np.log([5.0, 200.0]), method="bounded").x))
