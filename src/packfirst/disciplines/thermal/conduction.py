"""Steady heat conduction in a layered, orthotropic body with films on its exposed faces.

Finite volumes on a rectilinear grid: the conductance between two cells is half a cell, contact, half a cell in
series, which is exact for layers across the flow. Cells without conductivity are void: no heat passes them, and a
solid face against a void is an exposed face, where a film may act. Temperatures are solved as rises over the lowest
boundary temperature, so that no digits go to the offset.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.thermal.mesh import Mesh

Floats = NDArray[np.float64]

# A residual is met to twice the tolerance, or to this where the tolerance asks for more than double precision holds:
# a body that conducts 1e10 times better than the film that cools it leaves 1e-16 * 1e10 of the heat undecided.
ROUNDING = 1e-10
# Iterations after which coarsening by columns has met a field that it does not suit, and aggregates take over.
PATIENCE = 40


class NotConverged(ArithmeticError):
    """The solver stopped before the residual met the tolerance; carries the unfinished `solution`."""

    def __init__(self, solution: "Solution") -> None:
        worst = float(solution.residual.max())
        super().__init__(
            f"conduction: residual {worst:.3g} after {int(solution.iterations.max())} iterations"
        )
        self.solution = solution


class NoPathOut(ValueError):
    """Heat is put where no chain of cells leads to a boundary (or into a void)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A body, its conductivities and its surroundings.

    Attributes
    ----------
    mesh : Mesh
    kx, ky, kz : ndarray, shape (nx, ny, nz)
        Conductivity along each axis [W/(m K)]. All three zero: void. A scalar or a broadcastable array will do.
    face_resistance_z_m2k_per_w : ndarray, shape (nx, ny, nz - 1), optional
        Contact resistance between cell k and k + 1. Shape (nx, ny, nz + 1) also holds that under the film at the
        bottom and at the top of the domain.
    h_top, h_bottom : ndarray, shape (nx, ny)
        Film coefficient [W/(m2 K)] on the upper face of the highest and the lower face of the lowest solid cell of
        each column, wherever in the domain that is. `inf` holds the face at the reference temperature.
    t_top_k, t_bottom_k : float or ndarray, shape (nx, ny)
        Reference temperatures of these films. [K]
    film_w_per_m2_k : ndarray, shape (nx, ny, nz), optional
        Film on every other exposed horizontal face of a cell (under an overhang, on a ledge below another body).
    t_film_k : float
    h_side : float
        Film on all exposed vertical faces, those at the edge of the domain and those against voids.
    t_side_k : float
    """

    mesh: Mesh
    kx: Floats
    ky: Floats
    kz: Floats
    h_top: Floats = field(default_factory=lambda: np.zeros(()))
    t_top_k: ArrayLike = 300.0
    h_bottom: Floats = field(default_factory=lambda: np.zeros(()))
    t_bottom_k: ArrayLike = 300.0
    face_resistance_z_m2k_per_w: Floats | None = None
    film_w_per_m2_k: Floats | None = None
    t_film_k: float = 300.0
    h_side: float = 0.0
    t_side_k: float = 300.0

    def __post_init__(self) -> None:
        shape = self.mesh.shape
        wanted: dict[str, tuple[int, ...]] = {
            "kx": shape,
            "ky": shape,
            "kz": shape,
            "h_top": shape[:2],
            "h_bottom": shape[:2],
            "t_top_k": shape[:2],
            "t_bottom_k": shape[:2],
        }
        if self.film_w_per_m2_k is not None:
            wanted["film_w_per_m2_k"] = shape
        for name, size in wanted.items():
            value = np.asarray(getattr(self, name), dtype=np.float64)
            try:
                value = np.ascontiguousarray(np.broadcast_to(value, size))
            except ValueError:
                raise ValueError(f"{name}: shape {value.shape}, expected {size}") from None
            if np.isnan(value).any() or (value < 0.0).any():
                raise ValueError(f"{name}: holds a negative or undefined number")
            if not name.startswith("h_") and not np.isfinite(value).all():
                raise ValueError(f"{name}: holds a number that is not finite")
            object.__setattr__(self, name, value)
        void = self.kz == 0.0
        if not (np.array_equal(void, self.kx == 0.0) and np.array_equal(void, self.ky == 0.0)):
            raise ValueError("kx, ky, kz: a cell is either void in all three or solid in all three")
        if not (
            np.isfinite(self.h_side) and self.h_side >= 0.0 and np.isfinite(self.t_side_k + self.t_film_k)
        ):
            raise ValueError("h_side, t_side_k, t_film_k: need finite numbers, h_side not negative")
        contact = self.face_resistance_z_m2k_per_w
        if contact is not None:
            contact = np.asarray(contact, dtype=np.float64)
            nx, ny, nz = shape
            if contact.shape not in ((nx, ny, nz - 1), (nx, ny, nz + 1)):
                raise ValueError(
                    f"face_resistance_z_m2k_per_w: shape {contact.shape}, expected {(nx, ny, nz - 1)}"
                )
            if np.isnan(contact).any() or (contact < 0.0).any():
                raise ValueError("face_resistance_z_m2k_per_w: holds a negative or undefined number")
            object.__setattr__(self, "face_resistance_z_m2k_per_w", contact)

    @property
    def solid(self) -> NDArray[np.bool_]:
        """Cells that conduct, shape (nx, ny, nz)."""
        return self.kz > 0.0

    @property
    def contacts(self) -> tuple[Floats, Floats, Floats]:
        """Contact resistance inside (nx, ny, nz - 1), below and above the domain (nx, ny). [m2 K/W]"""
        nx, ny, nz = self.mesh.shape
        contact = self.face_resistance_z_m2k_per_w
        if contact is None:
            return np.zeros((nx, ny, nz - 1)), np.zeros((nx, ny)), np.zeros((nx, ny))
        if contact.shape[2] == nz - 1:
            return contact, np.zeros((nx, ny)), np.zeros((nx, ny))
        return contact[:, :, 1:-1], contact[:, :, 0], contact[:, :, -1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """One group of exposed faces with a film on them: n faces.

    Attributes
    ----------
    name : str
        'top', 'bottom', 'film' or 'side'.
    cell : ndarray of int, shape (n,)
        Flat index of the solid cell behind each face.
    axis : int
        Normal of the faces: 0, 1, 2.
    area_m2, h_w_per_m2_k, half_m2k_per_w, t_k : ndarray, shape (n,)
        Face area, film coefficient, resistance from cell centre to face (contact included), reference temperature.
    """

    name: str
    cell: NDArray[np.int64]
    axis: int
    area_m2: Floats
    h_w_per_m2_k: Floats
    half_m2k_per_w: Floats
    t_k: Floats

    @property
    def conductance_w_per_k(self) -> Floats:
        """Cell centre to reference."""
        with np.errstate(divide="ignore"):
            return np.asarray(self.area_m2 / (1.0 / self.h_w_per_m2_k + self.half_m2k_per_w))

    @property
    def slope_to_film_m2(self) -> Floats:
        """d(conductance)/d(film coefficient)."""
        with np.errstate(over="ignore"):
            return np.asarray(self.area_m2 / (1.0 + self.h_w_per_m2_k * self.half_m2k_per_w) ** 2)


def _films(problem: Problem) -> Iterator[Film]:
    mesh, solid = problem.mesh, problem.solid
    nz = mesh.shape[2]
    dx, dy, dz = mesh.sizes_m
    _, below, above = problem.contacts
    column = solid.any(axis=2)
    highest = nz - 1 - np.argmax(solid[:, :, ::-1], axis=2)
    lowest = np.argmax(solid, axis=2)
    ix, iy = np.nonzero(column)
    base = np.outer(dx, dy)[ix, iy]
    conductivity = (problem.kx, problem.ky, problem.kz)

    def half(axis: int, cell: NDArray[np.int64]) -> Floats:
        size = mesh.sizes_m[axis][np.unravel_index(cell, mesh.shape)[axis]]
        return np.asarray(0.5 * size / conductivity[axis].ravel()[cell])

    for name, h, t_k, at, contact, rim in (
        ("top", problem.h_top, problem.t_top_k, highest, above, nz - 1),
        ("bottom", problem.h_bottom, problem.t_bottom_k, lowest, below, 0),
    ):
        if not h.any():
            continue
        iz = at[ix, iy]
        cell = np.asarray(np.ravel_multi_index((ix, iy, iz), mesh.shape), dtype=np.int64)
        yield Film(
            name=name,
            cell=cell,
            axis=2,
            area_m2=base,
            h_w_per_m2_k=h[ix, iy],
            half_m2k_per_w=half(2, cell) + np.where(iz == rim, contact[ix, iy], 0.0),
            t_k=np.asarray(t_k)[ix, iy],
        )
    if problem.film_w_per_m2_k is not None:
        up, down = solid.copy(), solid.copy()
        up[:, :, :-1] &= ~solid[:, :, 1:]
        down[:, :, 1:] &= ~solid[:, :, :-1]
        up[ix, iy, highest[ix, iy]] = False
        down[ix, iy, lowest[ix, iy]] = False
        cell = np.concatenate([np.flatnonzero(up), np.flatnonzero(down)])
        i, j, _ = np.unravel_index(cell, mesh.shape)
        yield Film(
            name="film",
            cell=cell,
            axis=2,
            area_m2=dx[i] * dy[j],
            h_w_per_m2_k=problem.film_w_per_m2_k.ravel()[cell],
            half_m2k_per_w=half(2, cell),
            t_k=np.full(len(cell), problem.t_film_k),
        )
    if problem.h_side > 0.0:
        for axis in (0, 1):
            padded = np.pad(solid, [(1, 1) if a == axis else (0, 0) for a in range(3)])
            inner = [slice(None)] * 3
            faces = []
            for shift in (slice(None, -2), slice(2, None)):
                inner[axis] = shift
                faces.append(np.flatnonzero(solid & ~padded[tuple(inner)]))
            cell = np.concatenate(faces)
            i, j, k = np.unravel_index(cell, mesh.shape)
            yield Film(
                name="side",
                cell=cell,
                axis=axis,
                area_m2=(dy[j] if axis == 0 else dx[i]) * dz[k],
                h_w_per_m2_k=np.full(len(cell), problem.h_side),
                half_m2k_per_w=half(axis, cell),
                t_k=np.full(len(cell), problem.t_side_k),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Temperatures of one or several power maps, with their proof.

    Attributes
    ----------
    temperature_k : ndarray, shape (nx, ny, nz) or (m, nx, ny, nz)
        At cell centres. Voids, and bodies joined to no boundary, read the base temperature of the problem.
    iterations : ndarray of int, shape (m,)
    residual : ndarray, shape (m,)
        Euclidean norm of the heat left over in the cells, relative to that of the heat put in.
    balance : ndarray, shape (m,)
        |heat in - heat out| / heat in, where heat that boundaries feed in counts as in.
    converged : bool
    """

    temperature_k: Floats
    iterations: NDArray[np.int64]
    residual: Floats
    balance: Floats
    converged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A problem made ready for any number of right-hand sides. Immutable; threads may share it.

    Attributes
    ----------
    problem : Problem
    films : tuple of Film
    base_k : float
        Lowest boundary temperature; rises are counted from it.
    live : ndarray of bool, shape (nx, ny, nz)
        Solid cells with a path to a boundary.
    """

    problem: Problem
    films: tuple[Film, ...]
    base_k: float
    live: NDArray[np.bool_]
    _hierarchy: object
    _boundary_w: Floats | None

    @property
    def nbytes(self) -> int:
        """Memory held by the solver besides the problem itself. [byte]"""
        return int(self._hierarchy.nbytes) + self.live.nbytes  # type: ignore[attr-defined]

    def solve(
        self,
        power_w: ArrayLike,
        tolerance: float = 1e-8,
        guess: Floats | None = None,
        max_iterations: int = 200,
        workers: int = 1,
        strict: bool = True,
    ) -> Solution:
        """Temperatures for power per cell (nx, ny, nz) or (m, nx, ny, nz). [K]

        Parameters
        ----------
        power_w : array_like
            Heat put into each cell. [W]
        tolerance : float
            On the relative residual.
        guess : ndarray, optional
            Temperatures to start from, shape as the result. [K]
        workers : int
            Threads; the result is the same to the last bit for any number.
        strict : bool
            Raise `NotConverged` where the tolerance is not met; else say so in `converged`.

        Raises
        ------
        NotConverged, NoPathOut
        ValueError
            Power of another shape, or not finite.
        """
        power = np.asarray(power_w, dtype=np.float64)
        shape = self.problem.mesh.shape
        if power.shape[-3:] != shape or power.ndim not in (3, 4):
            raise ValueError(f"power_w: shape {power.shape}, expected {shape} or (modes, *{shape})")
        if not np.isfinite(power).all():
            raise ValueError("power_w: holds a number that is not finite")
        stack = np.ascontiguousarray(power.reshape(-1, *shape))
        if not self.live.all() and (stack[:, ~self.live] != 0.0).any():
            where = np.argwhere((stack != 0.0).any(axis=0) & ~self.live)[0]
            raise NoPathOut(f"power in cell {tuple(int(i) for i in where)}, which has no path to a boundary")
        rhs = stack if self._boundary_w is None else stack + self._boundary_w
        start = None
        if guess is not None:
            start = np.where(
                self.live, np.asarray(guess, dtype=np.float64).reshape(stack.shape) - self.base_k, 0.0
            )
        rise, iterations, residual = self._solve(rhs, tolerance, max_iterations, start, workers)
        flat = rise.reshape(len(rise), -1)
        entering = np.maximum(stack, 0.0).reshape(len(stack), -1).sum(axis=1)
        leaving = np.maximum(-stack, 0.0).reshape(len(stack), -1).sum(axis=1)
        for film in self.films:
            flow = film.conductance_w_per_k * (flat[:, film.cell] - (film.t_k - self.base_k))
            leaving += np.maximum(flow, 0.0).sum(axis=1)
            entering += np.maximum(-flow, 0.0).sum(axis=1)
        balance = np.abs(entering - leaving) / np.where(entering > 0.0, entering, 1.0)
        rise += self.base_k
        solution = Solution(
            temperature_k=rise.reshape(power.shape),
            iterations=iterations,
            residual=residual,
            balance=balance,
            converged=bool((residual <= max(2.0 * tolerance, ROUNDING)).all()),
        )
        if strict and not solution.converged:
            raise NotConverged(solution)
        return solution

    def _solve(
        self, rhs_w: Floats, tolerance: float, max_iterations: int, guess: Floats | None, workers: int
    ) -> tuple[Floats, NDArray[np.int64], Floats]:
        from packfirst.disciplines.thermal import aggregation, multigrid

        hierarchy: multigrid.Hierarchy = self._hierarchy  # type: ignore[assignment]
        done = multigrid.solve(
            hierarchy,
            rhs_w,
            tolerance=tolerance,
            max_iterations=min(max_iterations, PATIENCE),
            guess=guess,
            workers=workers,
        )
        hard = np.flatnonzero((done.residual > max(tolerance, ROUNDING)) & (done.iterations >= PATIENCE))
        if len(hard) and max_iterations > PATIENCE:
            aggregates = aggregation.from_columns(hierarchy.levels[0])
            for mode in hard:
                done.x[mode], more, done.residual[mode] = aggregation.solve(
                    aggregates, rhs_w[mode], done.x[mode], tolerance=tolerance,
                    max_iterations=max_iterations - PATIENCE,
                )  # fmt: skip
                done.iterations[mode] += more
        return done.x, done.iterations, done.residual


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """The conductances of a problem, from which solvers are made.

    Attributes
    ----------
    films : tuple of Film
    base_k : float
        Lowest boundary temperature, from which rises are counted; `t_top_k` of the first column where no film acts.
    links_w_per_k : tuple of ndarray, each of shape (ny, nz, nx)
        Between each cell and the next along x, y, z.
    bound_w_per_k : ndarray, shape (ny, nz, nx)
        To the films' references.
    boundary_w : ndarray, shape (nx, ny, nz), or None
        Heat that references above the base feed in at zero rise.
    """

    films: tuple[Film, ...]
    base_k: float
    links_w_per_k: tuple[Floats, Floats, Floats]
    bound_w_per_k: Floats
    boundary_w: Floats | None


def assemble(problem: Problem) -> Assembled:
    """Films and conductances of a problem."""
    from packfirst.disciplines.thermal import column_kernels

    mesh = problem.mesh
    nx, ny, nz = mesh.shape
    films = tuple(_films(problem))
    bound = np.zeros(nx * ny * nz)
    for film in films:
        np.add.at(bound, film.cell, film.conductance_w_per_k)
    acting = [film.t_k[film.h_w_per_m2_k > 0.0] for film in films if film.h_w_per_m2_k.any()]
    base_k = min(float(t_k.min()) for t_k in acting) if acting else float(np.ravel(problem.t_top_k)[0])
    boundary = None
    if any(np.any(film.t_k != base_k) for film in films):
        heat = np.zeros(nx * ny * nz)
        for film in films:
            np.add.at(heat, film.cell, film.conductance_w_per_k * (film.t_k - base_k))
        boundary = heat.reshape(mesh.shape)
    gx, gy, gz = (np.empty((ny, nz, nx)) for _ in range(3))
    face = problem.contacts[0] if problem.face_resistance_z_m2k_per_w is not None else np.empty((0, 0, 0))
    column_kernels.links(
        problem.kx, problem.ky, problem.kz, *mesh.sizes_m, np.ascontiguousarray(face), gx, gy, gz
    )
    return Assembled(
        films=films,
        base_k=base_k,
        links_w_per_k=(gx, gy, gz),
        bound_w_per_k=np.ascontiguousarray(bound.reshape(mesh.shape).transpose(1, 2, 0)),
        boundary_w=boundary,
    )


def prepare(problem: Problem) -> Prepared:
    """Assemble the conductances and the multigrid levels of a problem.

    Raises
    ------
    NoPathOut
        No boundary takes heat anywhere.
    """
    from packfirst.disciplines.thermal import column_kernels, multigrid

    found = assemble(problem)
    plain, (gx, gy, gz) = found.bound_w_per_k, found.links_w_per_k
    if not plain.any():
        raise NoPathOut("no film and no held temperature takes heat away")
    reached = column_kernels.grounded(plain, gx, gy, gz, plain)
    live = np.ascontiguousarray(reached.transpose(2, 0, 1))
    if not live[problem.solid].all():
        # a body that touches no boundary has no temperature: take it out, or its column solves are singular
        gx[~reached], gy[~reached], gz[~reached] = 0.0, 0.0, 0.0
    return Prepared(
        problem=problem,
        films=found.films,
        base_k=found.base_k,
        live=live,
        _hierarchy=multigrid.build(gx, gy, gz, plain, *problem.mesh.sizes_m[:2]),
        _boundary_w=found.boundary_w,
    )


def solve(
    problem: Problem,
    power_w: ArrayLike,
    tolerance: float = 1e-8,
    guess: Floats | None = None,
    workers: int = 1,
    strict: bool = True,
) -> Solution:
    """`prepare(problem).solve(power_w, ...)` for a single use."""
    return prepare(problem).solve(power_w, tolerance, guess, workers=workers, strict=strict)


def adjoint(
    prepared: Prepared,
    weights: ArrayLike,
    tolerance: float = 1e-10,
    max_iterations: int = 200,
    workers: int = 1,
) -> Floats:
    """d(sum of weights times temperature)/d(power) in every cell [K/W], shape as `weights`.

    The conductance matrix is symmetric, so this is one more solve with the weights as heat. Weights
    (nx, ny, nz) or (m, nx, ny, nz); weights on voids count for nothing.

    Raises
    ------
    NotConverged
    """
    given = np.asarray(weights, dtype=np.float64)
    shape = prepared.problem.mesh.shape
    if given.shape[-3:] != shape or given.ndim not in (3, 4) or not np.isfinite(given).all():
        raise ValueError(
            f"weights: shape {given.shape}, expected finite numbers of shape {shape} or (modes, *{shape})"
        )
    rhs = np.where(prepared.live, given.reshape(-1, *shape), 0.0)
    found, iterations, residual = prepared._solve(rhs, tolerance, max_iterations, None, workers)
    if (residual > max(2.0 * tolerance, ROUNDING)).any():
        raise NotConverged(
            Solution(
                temperature_k=found,
                iterations=iterations,
                residual=residual,
                balance=np.full(len(found), np.inf),
                converged=False,
            )
        )
    return found.reshape(given.shape)
