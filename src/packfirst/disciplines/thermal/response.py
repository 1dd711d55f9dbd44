"""Temperature of every cell per watt of each kind of die: what power limits are made of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.case import Case
from packfirst.disciplines.thermal import limits
from packfirst.inputs import Input

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Response:
    """The linear answer of a package to the power of its kinds of die.

    Attributes
    ----------
    groups : tuple of str
        Kinds of die; every die of a kind has the same power.
    base_k : ndarray, shape (nx, ny, nz)
        Temperature with no power at all.
    per_watt : ndarray, shape (n_groups, nx, ny, nz)
        Rise per watt of each die of a kind. [K/W]
    cells : dict of str to ndarray of int
        Flat indices of the cells in which the circuits of a kind lie.
    maximum : dict of str to Input
        Highest temperature of each kind.
    """

    groups: tuple[str, ...]
    base_k: Floats
    per_watt: Floats
    cells: dict[str, NDArray[np.int64]]
    maximum: dict[str, Input]
    fluid_k: float

    def temperature_k(self, power_w: Floats) -> Floats:
        """Temperatures for a power per die of each kind, shape (n_groups,)."""
        return np.asarray(self.base_k + np.tensordot(power_w, self.per_watt, axes=1))


def response(case: Case, rung: str) -> Response:
    """One solve per kind of die, and one for unequal boundaries.

    Raises
    ------
    NotConverged, NoPathOut
        As the solver.
    """
    setting = limits.setting_of(case, rung)
    groups = tuple(dict.fromkeys(die.group for die in case.package.die))
    maps = np.zeros((1 + len(groups), *setting.label.shape))
    cells: dict[str, list[NDArray[np.int64]]] = {group: [] for group in groups}
    for die in case.package.die:
        flat = maps[1 + groups.index(die.group)].reshape(-1)
        flat[setting.active[die.id]] += setting.share[die.id]
        cells[die.group].append(setting.active[die.id])
    solved = setting.prepared.solve(maps, tolerance=limits.TOLERANCE[rung]).temperature_k
    first = {group: next(die for die in case.package.die if die.group == group) for group in groups}
    return Response(
        groups=groups, base_k=solved[0], per_watt=solved[1:] - solved[0],
        cells={group: np.concatenate(found) for group, found in cells.items()},
        maximum={group: limits.maximum(case, die) for group, die in first.items()}, fluid_k=setting.fluid.value,
    )  # fmt: skip
