"""Exact derivatives of a weighted temperature with respect to everything that the conduction problem is made of.

With A T = b and the adjoint A lambda = w, the derivative of w.T with respect to a parameter p is
lambda.(db/dp - dA/dp T). A is a sum of links, so that each link conductance g between cells i and j contributes
-(lambda_i - lambda_j) (T_i - T_j) dg/dp, and each film conductance G contributes -lambda_i (T_i - T_ref) dG/dp.
These are derivatives of the discrete solution, good to the solver's tolerance; where the hottest cell is the
question, they hold as long as the same cell stays hottest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.thermal.conduction import Film, Prepared

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmSensitivity:
    """Derivatives with respect to one group of films, per exposed face, shape (n,).

    Attributes
    ----------
    film : Film
        The faces, with the flat index of the cell behind each.
    coefficient : ndarray
        With respect to the film coefficient. [K per W/(m2 K)]
    reference : ndarray
        With respect to the reference temperature. [K/K]
    """

    film: Film
    coefficient: Floats
    reference: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """Derivatives of one weighted temperature.

    Attributes
    ----------
    kx, ky, kz : ndarray, shape (nx, ny, nz)
        With respect to each cell's conductivity. [K per W/(m K)]
    power : ndarray, shape (nx, ny, nz)
        With respect to each cell's power. [K/W]
    contact : ndarray, shape (nx, ny, nz - 1)
        With respect to the contact resistance between cells k and k + 1. [K per m2 K/W]
    sizes : tuple of ndarray, shapes (nx,), (ny,), (nz,)
        With respect to the size of each slab of cells, power per cell held: a layer's thickness. [K/m]
    films : tuple of FilmSensitivity
    """

    kx: Floats
    ky: Floats
    kz: Floats
    power: Floats
    contact: Floats
    sizes: tuple[Floats, Floats, Floats]
    films: tuple[FilmSensitivity, ...]

    @property
    def k(self) -> Floats:
        """With respect to each cell's conductivity where it is the same in all directions. [K per W/(m K)]"""
        return self.kx + self.ky + self.kz

    @property
    def ambient(self) -> float:
        """With respect to all reference temperatures moving together: 1 by conservation of heat. [K/K]"""
        return float(sum(film.reference.sum() for film in self.films))

    def edges(self, axis: int) -> Floats:
        """With respect to the position of each grid edge along an axis, shape (n + 1,), power per cell held. [K/m]

        A body between edges a and b moves by the sum of both; its width grows by the second alone.
        """
        size = self.sizes[axis]
        return np.asarray(np.insert(size, 0, 0.0) - np.append(size, 0.0))


def sensitivity(prepared: Prepared, temperature_k: ArrayLike, adjoint_k_per_w: ArrayLike) -> Sensitivity:
    """Derivatives of sum(weights * temperature), given both solutions, each of shape (nx, ny, nz).

    Parameters
    ----------
    temperature_k : array_like
        `Solution.temperature_k` of one mode.
    adjoint_k_per_w : array_like
        `conduction.adjoint(prepared, weights)`.
    """
    problem, mesh = prepared.problem, prepared.problem.mesh
    t = np.asarray(temperature_k, dtype=np.float64) - prepared.base_k
    lam = np.asarray(adjoint_k_per_w, dtype=np.float64)
    if t.shape != mesh.shape or lam.shape != mesh.shape:
        raise ValueError(
            f"temperature_k and adjoint_k_per_w: shapes {t.shape}, {lam.shape}, expected {mesh.shape}"
        )
    spacing = mesh.sizes_m
    sizes = (np.zeros(mesh.shape[0]), np.zeros(mesh.shape[1]), np.zeros(mesh.shape[2]))
    by_k = []
    contact = np.zeros((0, 0, 0))
    for axis, k in enumerate((problem.kx, problem.ky, problem.kz)):
        shape = [1, 1, 1]
        shape[axis] = -1
        d = spacing[axis].reshape(shape)
        low = tuple(slice(None, -1) if a == axis else slice(None) for a in range(3))
        high = tuple(slice(1, None) if a == axis else slice(None) for a in range(3))
        across = [a for a in range(3) if a != axis]
        area = np.ones(mesh.shape)[low]
        for a in across:
            area = area * spacing[a].reshape([-1 if b == a else 1 for b in range(3)])
        joined = prepared.live[low] & prepared.live[high]
        with np.errstate(divide="ignore", invalid="ignore"):
            half = np.broadcast_to(0.5 * d / k, mesh.shape)
            series = half[low] + half[high]
            if axis == 2:
                series = series + problem.contacts[0]
            g = np.where(joined, area / series, 0.0)
        drive = -(lam[low] - lam[high]) * (t[low] - t[high])
        to_resistance = -drive * g * g / area  # per m2 K/W in series
        grad = np.zeros(mesh.shape)
        with np.errstate(divide="ignore", invalid="ignore"):
            own = np.where(prepared.live, -0.5 * d / (k * k), 0.0)
            stretch = np.where(prepared.live, 0.5 / k, 0.0)
        grad[low] += to_resistance * own[low]
        grad[high] += to_resistance * own[high]
        by_k.append(grad)
        if axis == 2:
            contact = to_resistance
        drop = tuple(across)
        sizes[axis][:-1] += (to_resistance * stretch[low]).sum(axis=drop)
        sizes[axis][1:] += (to_resistance * stretch[high]).sum(axis=drop)
        for a in across:
            others = tuple(b for b in range(3) if b != a)
            sizes[a][:] += (drive * g).sum(axis=others) / spacing[a]
    films = []
    for film in prepared.films:
        at = lam.ravel()[film.cell]
        drive = -at * (t.ravel()[film.cell] - (film.t_k - prepared.base_k))
        conductance = film.conductance_w_per_k
        k = (problem.kx, problem.ky, problem.kz)[film.axis]
        place = np.unravel_index(film.cell, mesh.shape)
        normal = spacing[film.axis][place[film.axis]]
        to_resistance = -drive * conductance**2 / film.area_m2
        local = k.ravel()[film.cell]
        np.add.at(by_k[film.axis].reshape(-1), film.cell, -to_resistance * 0.5 * normal / local**2)
        np.add.at(sizes[film.axis], place[film.axis], to_resistance * 0.5 / local)
        for a in range(3):
            if a != film.axis:
                np.add.at(sizes[a], place[a], drive * conductance / spacing[a][place[a]])
        films.append(
            FilmSensitivity(film=film, coefficient=drive * film.slope_to_film_m2, reference=at * conductance)
        )
    return Sensitivity(
        kx=by_k[0], ky=by_k[1], kz=by_k[2], power=lam.copy(), contact=contact, sizes=sizes, films=tuple(films)
    )


def by_label(values: ArrayLike, labels: ArrayLike, n: int) -> Floats:
    """Sum of `values` over the cells of each label 0..n-1, shape (n,); negative labels belong to nobody.

    Applied to `Sensitivity.kz` with `mesh.paint` labels it gives d/d(kz) of each body; applied to `power` weighted by
    a power map of one watt per body, d/d(power) of each body.
    """
    label = np.asarray(labels).ravel()
    value = np.asarray(values, dtype=np.float64).ravel()
    if label.shape != value.shape:
        raise ValueError(f"labels: {label.size} for {value.size} values")
    mine = label >= 0
    return np.bincount(label[mine], weights=value[mine], minlength=n)[:n].astype(np.float64)
