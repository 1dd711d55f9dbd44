"""Limits on the way out of the heat: gradient across a die, case temperature, flux into the sink, heat that it takes.

Each demand is a weighted sum of the solved temperatures and a term of its own, so that one adjoint gives its slopes by
every Input. `limits_of` is all that the thermal discipline calls; what it needs of a solved package is a `Scene`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from packfirst.disciplines.case import Case
from packfirst.disciplines.thermal.properties import Conductivity, way_out
from packfirst.inputs import Evidence, Input
from packfirst.limit import Identity, Limit

if TYPE_CHECKING:
    from packfirst.disciplines.thermal.conduction import Film, Prepared

Floats = NDArray[np.float64]
Slopes = dict[str, float]

MODEL = "thermal/conduction"
_C = 273.15
_BASIS = ("steady conduction, finite volumes on a grid snapped to the package's bodies",)
_TOO_THIN = 1e-12  # W; a mode that draws nothing has neither flux nor gradient


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A package solved in one mode, as these limits see it.

    Attributes
    ----------
    prepared : Prepared
        Its problem as it is at these temperatures, with the films on its faces.
    label : ndarray of int, shape (nx, ny, nz)
        Number of the body in each cell.
    bodies : tuple of Conductivity
    active : mapping of str to ndarray of int
        Flat numbers of the cells in which each die's power is set free.
    fluid : Input
        Temperature of what the sink gives its heat to.
    field : ndarray, shape (nx, ny, nz)
        Temperatures. [K]
    slopes : callable
        Weights (nx, ny, nz) to d(sum of weights times temperature)/d(input) by Input id.
    error : float
        One standard deviation of the rung's rises, as a share of a rise.
    """

    case: Case
    rung: str
    mode: str
    prepared: "Prepared"
    label: NDArray[np.int32]
    bodies: tuple[Conductivity, ...]
    active: Mapping[str, NDArray[np.int64]]
    fluid: Input
    field: Floats
    slopes: Callable[[Floats], Slopes]
    error: float


def limits_of(scene: Scene) -> tuple[Limit, ...]:
    """Every limit on the way out that the Program or the thermal path states a number for.

    Where coolant warms along its path, slopes hold its temperature along the face as it is.
    """
    found = [*_gradients(scene)]
    sunk = _sunk(scene)
    if sunk is not None:
        found += [*_case(scene, sunk), *_flux(scene, sunk), *_heat(scene, sunk)]
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sunk:
    """The faces to which the thermal path is attached, and how its film and what lies under it come from Inputs."""

    film: "Film"
    faces: NDArray[np.int64]  # of the film's arrays
    film_slopes: Mapping[str, float]
    body: Conductivity
    thickness: (
        tuple[str, float] | None
    )  # id of the outermost body's thickness where one is an Input, and its value


def _sunk(scene: Scene) -> _Sunk | None:
    case, sink = scene.case, scene.case.package.sink
    number = case.package.index[sink.body]
    path = case.catalog.record("thermal_path", case.architecture.candidate.thermal_path)
    carrier = case.catalog.record("technology", case.architecture.candidate.carrier)
    for film in scene.prepared.films:
        i, j, _ = np.unravel_index(film.cell, scene.label.shape)
        faces = np.flatnonzero((scene.label[i, j] == number).any(axis=1))
        if film.name == sink.face and len(faces):
            thick = None
            if sink.body == "lid" and "thickness_lid" in carrier:
                stated = carrier.input("thickness_lid")
                thick = (stated.id, stated.value)
            return _Sunk(
                film=film,
                faces=faces,
                film_slopes=way_out(path)[1],
                body=scene.bodies[number],
                thickness=thick,
            )
    return None


def _gradients(scene: Scene) -> Iterator[Limit]:
    """Hottest less coldest spot of the circuits of each kind of die: of equal die, the one with the largest."""
    most = scene.case.program.environment.die_gradient
    if most is None:
        return
    worst: dict[str, tuple[float, str, int, int]] = {}
    for die in scene.case.package.die:
        cells = scene.active[die.id]
        values = scene.field.ravel()[cells]
        hot, cold = int(cells[np.argmax(values)]), int(cells[np.argmin(values)])
        spread = float(values.max() - values.min())
        if die.group not in worst or spread > worst[die.group][0] + 1e-6:
            worst[die.group] = (spread, die.id, hot, cold)
    for group, (spread, name, hot, cold) in worst.items():
        weights = np.zeros(scene.field.size)
        weights[hot] += 1.0
        weights[cold] -= 1.0
        # the error of either end is a share of its rise, and they err together: of the difference it is a share too
        yield _limit(
            scene, "die_gradient", f"die:{group}", spread, most,
            scene.slopes(weights.reshape(scene.field.shape)), "K", hard=True, error=scene.error * spread,
            text=f"{name} differs by {spread:.1f} K from spot to spot in mode {scene.mode}; {most.value:.1f} K may be",
        )  # fmt: skip


def _case(scene: Scene, sunk: _Sunk) -> Iterator[Limit]:
    """Hottest spot of the face to which the thermal path is attached, as a rise over its fluid."""
    most = scene.case.program.environment.case_maximum
    if most is None:
        return
    flux = _fluxes(scene.field, sunk)
    film = sunk.film
    h = film.h_w_per_m2_k[sunk.faces]
    faces_k = flux / h + film.t_k[sunk.faces]
    at = int(np.argmax(faces_k))
    rise = float(faces_k[at]) - scene.fluid.value
    slopes = {name: slope / h[at] for name, slope in _flux_slopes(scene, sunk, at).items()}
    for name, slope in sunk.film_slopes.items():
        slopes[name] = slopes.get(name, 0.0) - float(flux[at] / h[at] ** 2) * slope
    # as a rise over the fluid, both demand and capacity fall by one kelvin where the fluid is one kelvin warmer
    capacity = most.moved(most.value - scene.fluid.value)
    slopes[scene.fluid.id] = slopes.get(scene.fluid.id, 0.0) + 1.0
    face = rise + scene.fluid.value - _C
    yield _limit(
        scene, "case", "package", rise, capacity, slopes, "K", hard=True, error=scene.error * abs(rise),
        text=f"the case reaches {face:.1f} degC in mode {scene.mode}; it may reach {most.value - _C:.0f} degC",
    )  # fmt: skip


def _flux(scene: Scene, sunk: _Sunk) -> Iterator[Limit]:
    """Largest heat flux into the thermal path against the largest that it takes."""
    name = scene.case.architecture.candidate.thermal_path
    path = scene.case.catalog.record("thermal_path", name)
    if "max_heat_flux" not in path:
        return
    flux = _fluxes(scene.field, sunk)
    at = int(np.argmax(flux))
    if flux[at] <= _TOO_THIN:
        return
    most = path.input("max_heat_flux")
    found = float(flux[at])
    # a path whose greatest flux nobody has measured warns; it cannot reject a package
    known = most.evidence not in (Evidence.ASSUMED, Evidence.RECALLED)
    yield _limit(
        scene, "sink_flux", "package", found, most, _flux_slopes(scene, sunk, at), "W/m2",
        hard=known, error=scene.error * found,
        text=f"{name} is given at most {found * 1e-4:.3g} W/cm2 in mode {scene.mode}; it takes {most.value * 1e-4:.3g}",
    )  # fmt: skip


def _heat(scene: Scene, sunk: _Sunk) -> Iterator[Limit]:
    """Heat that goes the thermal path's way against what the Program says that coolant, wall or air may take."""
    most = scene.case.program.environment.sink_power
    if most is None:
        return
    film, faces = sunk.film, sunk.faces
    conductance = film.conductance_w_per_k[faces]
    drop = scene.field.ravel()[film.cell[faces]] - film.t_k[faces]
    heat = float((conductance * drop).sum())
    weights = np.zeros(scene.field.size)
    np.add.at(weights, film.cell[faces], conductance)
    slopes = scene.slopes(weights.reshape(scene.field.shape))
    _add(slopes, {scene.fluid.id: 1.0}, -float(conductance.sum()))
    by_film, by_half = _by_series(film, faces)
    area = film.area_m2[faces]
    _add(slopes, sunk.film_slopes, float((area * drop * by_film).sum()))
    _add_half(slopes, sunk, area * drop * by_half)
    yield _limit(
        scene, "sink_power", "package", heat, most, slopes, "W", hard=True, error=scene.error * abs(heat),
        text=f"{heat:.4g} W go to the sink in mode {scene.mode}; it may take {most.value:.4g} W",
    )  # fmt: skip


def _fluxes(field: Floats, sunk: _Sunk) -> Floats:
    film, faces = sunk.film, sunk.faces
    per_area = film.conductance_w_per_k[faces] / film.area_m2[faces]
    return np.asarray(per_area * (field.ravel()[film.cell[faces]] - film.t_k[faces]))


def _flux_slopes(scene: Scene, sunk: _Sunk, at: int) -> Slopes:
    """d(flux through one face)/d(input); the fluid's part holds that its reference moves with it."""
    film, face = sunk.film, sunk.faces[[at]]
    cell = int(film.cell[face[0]])
    per_area = float(film.conductance_w_per_k[face[0]] / film.area_m2[face[0]])
    weights = np.zeros(scene.field.size)
    weights[cell] = per_area
    slopes = scene.slopes(weights.reshape(scene.field.shape))
    drop = scene.field.ravel()[[cell]] - film.t_k[face]
    by_film, by_half = _by_series(film, face)
    _add(slopes, {scene.fluid.id: 1.0}, -per_area)
    _add(slopes, sunk.film_slopes, float((drop * by_film)[0]))
    _add_half(slopes, sunk, drop * by_half, face)
    return slopes


def _by_series(film: "Film", faces: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """d(1 / (1/h + r))/dh and /dr of each face."""
    h, half = film.h_w_per_m2_k[faces], film.half_m2k_per_w[faces]
    both = 1.0 + h * half
    return np.asarray(1.0 / both**2), np.asarray(-((h / both) ** 2))


def _add_half(slopes: Slopes, sunk: _Sunk, by_half: Floats, faces: NDArray[np.int64] | None = None) -> None:
    """What the half cell under the film does: its conductivity, and its height with that of the whole body."""
    half = sunk.film.half_m2k_per_w[sunk.faces if faces is None else faces]
    by_log = float((by_half * half).sum())  # of the resistance, for a relative change of it
    for name, (_, through) in sunk.body.slopes.items():
        slopes[name] = slopes.get(name, 0.0) - by_log / sunk.body.through * through
    if sunk.thickness is not None:
        name, value = sunk.thickness
        slopes[name] = slopes.get(name, 0.0) + by_log / value


def _add(slopes: Slopes, more: Mapping[str, float], factor: float) -> None:
    for name, slope in more.items():
        slopes[name] = slopes.get(name, 0.0) + factor * slope


def _limit(
    scene: Scene, kind: str, subject: str, demand: float, most: Input, slopes: Slopes, unit: str, *,
    hard: bool, error: float, text: str,
) -> Limit:  # fmt: skip
    margin = {name: -slope for name, slope in slopes.items()}
    margin[most.id] = margin.get(most.id, 0.0) + 1.0
    sources = sorted({scene.case.input(name).source for name in margin} - {""})
    return Limit(
        identity=Identity(discipline="thermal", kind=kind, subject=subject, mode=scene.mode), demand=demand,
        capacity=most.value, unit=unit, hard=hard, rung=scene.rung, sensitivities=margin, model=MODEL,
        model_error=error, basis=(*_BASIS, *sources), explanation=text,
    )  # fmt: skip
