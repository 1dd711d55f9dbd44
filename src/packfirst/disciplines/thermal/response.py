"""Temperature of every cell per watt of each kind of die, and how sure it is: what power limits are made of."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.package import DiePlace
from packfirst.disciplines.case import Case
from packfirst.disciplines.thermal import limits
from packfirst.inputs import Input

Floats = NDArray[np.float64]

# Power at which each kind's response is solved: of the size that die have, so that the solver's residual is small
# beside the rise that it makes. [W]
PROBE_W = 10.0
# Powers that are solved together: their fields and work arrays stay within some hundred megabytes at sign.
BATCH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How uncertain the margin of one kind of die is, the powers themselves being known.

    Attributes
    ----------
    fixed_k : float
        One sigma of what does not grow with power: the highest temperature itself, coolant and air. [K]
    offset_k : float
        One sigma of the small part that conduction without any power brings, to be added in full. [K]
    relative : ndarray, shape (n_groups,)
        One sigma of the rise that each kind's power makes here, as a share of that rise; the model's error in it.
    """

    fixed_k: float
    offset_k: float
    relative: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Layers from a die's circuits to the face that is cooled, as they lie over each other at one place of it.

    Attributes
    ----------
    thickness_m, in_plane_w_per_m_k, through_w_per_m_k : ndarray, shape (n_layers,)
        From the circuits outwards.
    film_w_per_m2_k : float
        On the far face.
    cell_m : float
        The shorter side of the widest cell of the grid that has these layers. [m]
    """

    thickness_m: Floats
    in_plane_w_per_m_k: Floats
    through_w_per_m_k: Floats
    film_w_per_m2_k: float
    cell_m: float


@dataclass(frozen=True, kw_only=True)
class Response:
    """The linear answer of a package to the power of its kinds of die.

    Conductivities are those of a temperature above the highest that any die may have (`limits.LINEAR_AT_K`): cooler
    silicon conducts better. Powers are what the die draw, their leakage at that temperature included.

    Attributes
    ----------
    groups : tuple of str
        Kinds of die; every die of a kind has the same power, spread evenly over its circuits.
    base_k : ndarray, shape (nx, ny, nz)
        Temperature with no power at all.
    per_watt : ndarray, shape (n_groups, nx, ny, nz)
        Rise per watt of each die of a kind; at a row of gate fingers, of its channels. [K/W]
    cells : dict of str to ndarray of int
        Flat indices of the cells in which the circuits of a kind lie.
    maximum : dict of str to Input
        Highest temperature of each kind.
    spread : dict of str to Spread
    columns : dict of str to tuple of Column
        The distinct columns above one die of each kind.
    """

    groups: tuple[str, ...]
    base_k: Floats
    per_watt: Floats
    cells: dict[str, NDArray[np.int64]]
    maximum: dict[str, Input]
    spread: dict[str, Spread]
    columns: dict[str, tuple[Column, ...]]
    fluid_k: float
    setting: limits._Setting
    maps: Floats  # (n_groups, nx, ny, nz): power of each cell per watt of each die of a kind
    fingers: Floats  # (n_groups, nx, ny, nz): of `per_watt`, what lies between a die's face and its channels
    rung: str

    def temperature_k(self, power_w: Floats) -> Floats:
        """Temperatures by superposition for a power per die of each kind, shape (n_groups,)."""
        return np.asarray(self.base_k + np.tensordot(power_w, self.per_watt, axes=1))

    def solved_k(self, power_w: Floats) -> Iterator[Floats]:
        """Temperatures by solving again for each row of powers, shape (n, n_groups).

        Raises
        ------
        NotConverged
            As the solver.
        """
        for start in range(0, len(power_w), BATCH):
            powers = power_w[start : start + BATCH]
            maps = np.tensordot(powers, self.maps, axes=1)
            solved = self.setting.prepared.solve(maps, tolerance=limits.TOLERANCE[self.rung]).temperature_k
            yield from solved + np.tensordot(powers, self.fingers, axes=1)


def response(case: Case, rung: str) -> Response:
    """One solve per kind of die and one for unequal boundaries; adjoints for the spread.

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
    solved = setting.prepared.solve(PROBE_W * maps, tolerance=limits.TOLERANCE[rung]).temperature_k
    per_watt = (solved[1:] - solved[0]) / PROBE_W
    over = np.zeros_like(per_watt)
    first = {group: next(die for die in case.package.die if die.group == group) for group in groups}
    maximum = {group: limits.maximum(case, die) for group, die in first.items()}
    own_cells = {group: np.concatenate(found) for group, found in cells.items()}
    for number, group in enumerate(groups):
        channel = limits.channel_k_per_w(case, first[group], per_watt[number].ravel()[own_cells[group]].max())
        over[number].reshape(-1)[own_cells[group]] = channel
    per_watt += over
    return Response(
        groups=groups, base_k=solved[0], per_watt=per_watt, cells=own_cells, maximum=maximum,
        spread={
            group: _spread(case, rung, setting, solved, per_watt, own_cells[group], maximum[group]) for group in groups
        },
        columns={group: tuple(_columns(case, setting, die)) for group, die in first.items()},
        fluid_k=setting.fluid.value, setting=setting, maps=maps[1:], fingers=over, rung=rung,
    )  # fmt: skip


def hottest_cells(per_watt: Floats, cells: NDArray[np.int64]) -> list[int]:
    """Of some cells, those that are hottest for one kind's power alone, each once. `per_watt` (n_groups, ...)."""
    rises = per_watt.reshape(len(per_watt), -1)[:, cells]
    return list(dict.fromkeys(int(cells[place]) for place in np.argmax(rises, axis=1)))


def _spread(
    case: Case, rung: str, setting: limits._Setting, solved: Floats, per_watt: Floats, cells: NDArray[np.int64],
    most: Input,
) -> Spread:  # fmt: skip
    """The spread at the kind's hottest cells; of several, the largest.

    Slopes of a temperature by an input are linear in the powers, so that those of each kind's watt alone bound
    those of every mixture (the triangle inequality).
    """
    from packfirst.disciplines.thermal import conduction

    fixed = offset = 0.0
    relative = np.zeros(len(per_watt))
    boundaries = {setting.fluid.id, setting.air.id}
    for cell in hottest_cells(per_watt, cells):
        weights = np.zeros(setting.label.shape)
        weights.ravel()[cell] = 1.0
        adjoint = conduction.adjoint(setting.prepared, weights, tolerance=limits.ADJOINT_TOLERANCE[rung])
        still = limits._slopes(case, setting, {}, limits._linear_state(setting, solved[0]), adjoint)
        parts = {name: slope * case.input(name).sigma for name, slope in still.items()}
        outer = [parts[name] for name in parts if name in boundaries]
        inner = [parts[name] for name in parts if name not in boundaries]
        fixed = max(fixed, float(np.linalg.norm([*outer, most.sigma])))
        offset = max(offset, float(np.linalg.norm(inner)))
        for number, rise in enumerate(per_watt.reshape(len(per_watt), -1)[:, cell]):
            state = limits._linear_state(setting, solved[1 + number])
            slopes = limits._slopes(case, setting, {}, state, adjoint)
            by_watt = [
                (slope - still.get(name, 0.0)) * case.input(name).sigma / PROBE_W
                for name, slope in slopes.items()
            ]
            share = float(np.linalg.norm(by_watt)) / float(rise)
            relative[number] = max(relative[number], float(np.hypot(share, limits.MODEL_ERROR[rung])))
    return Spread(fixed_k=fixed, offset_k=offset, relative=relative)


def _columns(case: Case, setting: limits._Setting, die: DiePlace) -> Iterator[Column]:
    """The distinct columns of layers over a die's circuits, towards the face to which the thermal path is attached."""
    problem = setting.prepared.problem
    dx, dy, dz = problem.mesh.sizes_m
    x, y, z = np.unravel_index(setting.active[die.id], setting.label.shape)
    upwards = case.package.sink.face == "top"
    films = problem.h_top if upwards else problem.h_bottom
    found: dict[bytes, Column] = {}
    for i, j in dict.fromkeys(zip(x.tolist(), y.tolist(), strict=True)):
        here = z[(x == i) & (y == j)]
        # In a stack that heats throughout, the spot is taken at its far end.
        order = np.arange(here.min(), len(dz)) if upwards else np.arange(here.max(), -1, -1)
        labels = setting.label[i, j, order]
        order = order[: int(np.argmax(labels < 0))] if (labels < 0).any() else order
        column = Column(
            thickness_m=dz[order], in_plane_w_per_m_k=np.minimum(problem.kx, problem.ky)[i, j, order],
            through_w_per_m_k=problem.kz[i, j, order], film_w_per_m2_k=float(films[i, j]),
            cell_m=float(min(dx[i], dy[j])),
        )  # fmt: skip
        key = np.stack([column.thickness_m, column.in_plane_w_per_m_k, column.through_w_per_m_k]).tobytes()
        if key not in found or column.cell_m > found[key].cell_m:
            found[key] = column
    yield from found.values()
