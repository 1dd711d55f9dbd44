"""The conduction solver against exact solutions, a direct solve of the same balance, and laws that must hold."""

import csv
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse
import scipy.sparse.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.thermal.conduction import NoPathOut, NotConverged, Problem, adjoint, prepare, solve
from packfirst.disciplines.thermal.mesh import Mesh, paint, snapped

from .cases import lidded, patchy

REFERENCES = Path(__file__).parents[2] / "references" / "thermal"
MM = 1e-3


def rows_of(name):
    with (REFERENCES / name).open() as file:
        return list(csv.DictReader(file))


def direct(problem, power_w):
    """The same finite-volume balance written down cell by cell and solved by sparse LU."""
    mesh = problem.mesh
    (nx, ny, nz), (dx, dy, dz) = mesh.shape, mesh.sizes_m
    number = np.arange(nx * ny * nz).reshape(mesh.shape)
    entries, rhs = [], power_w.astype(float).ravel().copy()
    k = (problem.kx, problem.ky, problem.kz)
    contact = problem.face_resistance_z_m2k_per_w
    if contact is None:
        contact = np.zeros((nx, ny, nz + 1))

    def ground(c, area, half, h, t_k):
        if h > 0:
            g = area / (half + 1 / h)
            entries.append((c, c, g))
            rhs[c] += g * t_k

    for i, j, n_z in np.ndindex(nx, ny, nz):
        c = number[i, j, n_z]
        if problem.kz[i, j, n_z] == 0:
            entries.append((c, c, 1.0))
            continue
        size = (dx[i], dy[j], dz[n_z])
        column = np.flatnonzero(problem.kz[i, j] > 0)
        for axis in range(3):
            area = np.prod([size[a] for a in range(3) if a != axis])
            half = 0.5 * size[axis] / k[axis][i, j, n_z]
            for sign in (-1, 1):
                n = [i, j, n_z]
                n[axis] += sign
                exists = 0 <= n[axis] < mesh.shape[axis]
                if exists and problem.kz[tuple(n)] > 0:
                    d = (dx[n[0]], dy[n[1]], dz[n[2]])[axis]
                    r = half + 0.5 * d / k[axis][tuple(n)]
                    if axis == 2:
                        r += contact[i, j, n_z + 1 if sign > 0 else n_z]
                    g = area / r
                    entries += [(c, c, g), (c, number[tuple(n)], -g)]
                elif axis < 2:
                    ground(c, area, half, problem.h_side, problem.t_side_k)
                elif sign > 0 and n_z == column[-1]:
                    under = contact[i, j, nz] if n_z == nz - 1 else 0.0
                    ground(c, area, half + under, problem.h_top[i, j], problem.t_top_k[i, j])
                elif sign < 0 and n_z == column[0]:
                    under = contact[i, j, 0] if n_z == 0 else 0.0
                    ground(c, area, half + under, problem.h_bottom[i, j], problem.t_bottom_k[i, j])
                elif problem.film_w_per_m2_k is not None:
                    ground(c, area, half, problem.film_w_per_m2_k[i, j, n_z], problem.t_film_k)
    row, column, value = zip(*entries, strict=True)
    matrix = scipy.sparse.csc_matrix((value, (row, column)), shape=(number.size,) * 2)
    return scipy.sparse.linalg.spsolve(matrix, rhs).reshape(mesh.shape)


def cube(n=(8, 8, 8), length=1e-2, k=1.0, **changes):
    mesh = Mesh(**{f"{a}_m": np.linspace(0, length, c + 1) for a, c in zip("xyz", n, strict=True)})
    given = {"mesh": mesh, "kx": k, "ky": k, "kz": k, "h_top": np.asarray(100.0), **changes}
    return Problem(**given)


@pytest.mark.parametrize("seed", range(6))
def test_same_temperatures_as_a_direct_solve_of_the_same_balance(seed):
    problem = patchy(seed, shape=(7, 6, 5))
    power = np.random.default_rng(seed).random(problem.mesh.shape) * problem.solid
    found = solve(problem, power, tolerance=1e-12)
    expected = direct(problem, power)
    solid = problem.solid
    np.testing.assert_allclose(found.temperature_k[solid], expected[solid], rtol=1e-9)


@pytest.mark.parametrize("case", ["A1", "A2", "A3"])
def test_flux_channel_series(case):
    """Yovanovich, Muzychka, Culham 1999, summed apart from this code; by symmetry a quarter of the plate is solved."""
    row = next(r for r in rows_of("spreading_resistance.csv") if r["case"] == case)
    lx, ly, wx, wy = (float(row[f"{c}_mm"]) * MM for c in ("Lx", "Ly", "src_wx", "src_wy"))
    layers = [
        tuple(float(v) for v in part.split(":"))
        for part in row["layers_from_source_side (k W/mK : t mm)"].split("|")
    ]
    top = np.concatenate([[0.0], -np.cumsum([t * MM for _, t in layers])])
    boxes = [[0, lx / 2, 0, ly / 2, top[n + 1], top[n]] for n in range(len(layers))]
    source = [0, wx / 2, 0, wy / 2, top[1], top[0]]
    fine = wx / 2 / (40 if case == "A3" else 24)
    mesh = snapped(
        np.array([*boxes, source]), [20 * fine] * len(layers) + [fine], max_ratio=1.1, vertical_cells=6,
        vertical_cell_m=fine,
    )  # fmt: skip
    layer = paint(mesh, np.array(boxes))
    k = np.array([c for c, _ in layers])[layer]
    problem = Problem(
        mesh=mesh,
        kx=k,
        ky=k,
        kz=k,
        h_bottom=np.asarray(float(row["film_h_W_m2K"])),
        t_bottom_k=0.0,
        t_top_k=0.0,
    )
    heated = (mesh.centres_m[0] < wx / 2)[:, None] & (mesh.centres_m[1] < wy / 2)[None, :]
    area = np.outer(*mesh.sizes_m[:2]) * heated
    power = np.zeros(mesh.shape)
    power[:, :, -1] = 0.25 * area / area.sum()
    solution = solve(problem, power)
    face = solution.temperature_k[:, :, -1] + 0.5 * mesh.sizes_m[2][-1] / k[0, 0, -1] / (wx * wy)
    mean = (face * area).sum() / area.sum()
    assert mean == pytest.approx(float(row["R_source_mean_K_per_W"]), rel=1e-3)
    # centre: even in x and y, extrapolated from the two nearest cells along the diagonal
    centre = (9 * face[0, 0] - face[1, 1]) / 8
    assert centre == pytest.approx(float(row["R_source_centre_K_per_W"]), rel=2e-3)


def test_slab_stack_is_exact():
    thickness, k = np.array([0.5, 0.02, 0.3, 2.0]) * MM, np.array([130.0, 2.0, 0.5, 390.0])
    contact, h, t_k, area, watt = 3e-6, 2500.0, 293.0, 4e-4, 37.0
    mesh = Mesh(
        x_m=np.linspace(0, 0.02, 5), y_m=np.linspace(0, 0.02, 4), z_m=np.append(0, np.cumsum(thickness))
    )
    kz = np.broadcast_to(k, mesh.shape)
    face = np.zeros((4, 3, 3))
    face[:, :, 1] = contact
    problem = Problem(
        mesh=mesh,
        kx=kz,
        ky=kz,
        kz=kz,
        h_top=np.full((4, 3), h),
        t_top_k=t_k,
        face_resistance_z_m2k_per_w=face,
    )
    power = np.zeros(mesh.shape)
    power[:, :, 0] = watt / 12
    found = solve(problem, power, tolerance=1e-13).temperature_k
    half = 0.5 * thickness / k
    path = 1 / h + half[3] + np.array([half[0] + 2 * half[1] + contact + 2 * half[2] + half[3],
                                       half[1] + contact + 2 * half[2] + half[3], half[2] + half[3], 0.0])  # fmt: skip
    np.testing.assert_allclose(found, np.broadcast_to(t_k + watt / area * path, mesh.shape), rtol=1e-12)


def test_held_face_temperature():
    problem = cube(
        (3, 3, 4), h_top=np.asarray(np.inf), t_top_k=350.0, h_bottom=np.asarray(np.inf), t_bottom_k=310.0
    )
    found = solve(problem, np.zeros(problem.mesh.shape), tolerance=1e-13).temperature_k
    np.testing.assert_allclose(found[1, 1], [315.0, 325.0, 335.0, 345.0], rtol=1e-12)


def manufactured(n, graded):
    """T = cos(pi x/L) cos(2 pi y/W) cos(a z): adiabatic sides and bottom, film h = kz a tan(a H) to 0 K on top."""
    length, width, height, a = 0.02, 0.03, 0.01, 80.0
    kx, ky, kz = 3.0, 20.0, 0.7

    def stretch(s):
        return s + 0.12 * np.sin(2 * np.pi * s) if graded else s

    s = np.linspace(0, 1, n + 1)
    mesh = Mesh(x_m=length * stretch(s), y_m=width * stretch(s), z_m=height * stretch(s))
    problem = Problem(
        mesh=mesh,
        kx=kx,
        ky=ky,
        kz=kz,
        h_top=np.asarray(kz * a * np.tan(a * height)),
        t_top_k=0.0,
    )
    x, y, z = mesh.centres_m
    exact = np.cos(np.pi * x / length)[:, None, None] * np.cos(2 * np.pi * y / width)[:, None] * np.cos(a * z)
    source = kx * (np.pi / length) ** 2 + ky * (2 * np.pi / width) ** 2 + kz * a**2
    found = solve(problem, source * exact * mesh.volume_m3, tolerance=1e-11).temperature_k
    return np.sqrt(((found - exact) ** 2 * mesh.volume_m3).sum() / mesh.volume_m3.sum())


@pytest.mark.parametrize("graded", [False, True])
def test_manufactured_solution_converges_with_second_order(graded):
    errors = np.array([manufactured(n, graded) for n in (8, 16, 32)])
    slopes = np.log2(errors[:-1] / errors[1:])
    assert 1.85 < slopes[-1] < 2.15, slopes


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(0, 1000), st.floats(-5, 5), st.floats(-5, 5))
def test_superposition(seed, a, b):
    problem = patchy(seed % 7, t_bottom_k=300.0, t_film_k=300.0, t_side_k=300.0)
    rng = np.random.default_rng(seed)
    one, two = rng.random((2, *problem.mesh.shape)) * problem.solid
    ready = prepare(problem)
    rises = ready.solve(np.stack([one, two, a * one + b * two]), tolerance=1e-12).temperature_k - 300.0
    np.testing.assert_allclose(rises[2], a * rises[0] + b * rises[1], atol=1e-9 * np.abs(rises).max())


def test_resistance_matrix_is_symmetric_and_positive():
    problem, _, body = lidded(3 * MM, 3 * MM)
    volume = problem.mesh.volume_m3
    blocks = [volume * (body == b) / volume[body == b].sum() for b in (7, 9, 11, 14)]
    rise = prepare(problem).solve(np.array(blocks), tolerance=1e-11).temperature_k - 318.0
    matrix = np.array([[(rise[i] * blocks[j]).sum() for i in range(4)] for j in range(4)])
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-8)
    assert (matrix > 0).all()
    assert (np.diag(matrix)[:, None] >= matrix).all()


def test_swapping_x_and_y_swaps_the_field():
    problem = patchy(5, shape=(7, 4, 5))
    power = np.random.default_rng(5).random(problem.mesh.shape) * problem.solid
    mesh = problem.mesh

    def turn(a):
        return np.swapaxes(a, 0, 1)

    turned = Problem(
        mesh=Mesh(x_m=mesh.y_m, y_m=mesh.x_m, z_m=mesh.z_m),
        kx=turn(problem.ky),
        ky=turn(problem.kx),
        kz=turn(problem.kz),
        **{n: turn(getattr(problem, n)) for n in ("h_top", "h_bottom", "t_bottom_k", "film_w_per_m2_k")},
        face_resistance_z_m2k_per_w=turn(problem.face_resistance_z_m2k_per_w),
        t_film_k=problem.t_film_k,
        h_side=problem.h_side,
        t_side_k=problem.t_side_k,
    )
    found = solve(problem, power, tolerance=1e-12).temperature_k
    np.testing.assert_allclose(
        turn(solve(turned, turn(power), tolerance=1e-12).temperature_k), found, rtol=1e-10
    )


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_mirrored_body_has_the_mirrored_field(axis):
    problem = patchy(2, shape=(6, 5, 4), voids=False, film_w_per_m2_k=None)
    mesh = problem.mesh
    power = np.random.default_rng(2).random(mesh.shape)
    given = {n: getattr(problem, n) for n in ("kx", "ky", "kz", "face_resistance_z_m2k_per_w")}
    surfaces = {n: getattr(problem, n) for n in ("h_top", "h_bottom", "t_top_k", "t_bottom_k")}
    if axis == 2:
        surfaces = {
            "h_top": problem.h_bottom, "h_bottom": problem.h_top,
            "t_top_k": problem.t_bottom_k, "t_bottom_k": problem.t_top_k,
        }  # fmt: skip
    else:
        surfaces = {n: np.flip(v, axis) for n, v in surfaces.items()}
    edges = {"x_m": mesh.x_m, "y_m": mesh.y_m, "z_m": mesh.z_m}
    name = ("x_m", "y_m", "z_m")[axis]
    edges[name] = edges[name][-1] - edges[name][::-1]
    mirrored = Problem(
        mesh=Mesh(**edges),
        **{n: np.flip(v, axis) for n, v in given.items()},
        **surfaces,
        h_side=problem.h_side,
        t_side_k=problem.t_side_k,
    )
    found = solve(problem, power, tolerance=1e-12).temperature_k
    other = solve(mirrored, np.flip(power, axis), tolerance=1e-12).temperature_k
    np.testing.assert_allclose(np.flip(other, axis), found, rtol=1e-10)


def test_a_layer_cut_in_two_changes_nothing_where_flow_is_straight():
    def hottest(z):
        mesh = Mesh(x_m=np.array([0.0, 0.01]), y_m=np.array([0.0, 0.01]), z_m=np.array(z))
        k = np.where(mesh.centres_m[2] < 1e-3, 130.0, 4.0)[None, None, :]
        problem = Problem(mesh=mesh, kx=k, ky=k, kz=k, h_top=np.asarray(1000.0), t_top_k=300.0)
        power = np.zeros(mesh.shape)
        power[..., 0] = 10.0
        return solve(problem, power, tolerance=1e-13).temperature_k[0, 0, 0]

    assert hottest([0, 1e-4, 1e-3, 1.3e-3]) == pytest.approx(
        hottest([0, 1e-4, 0.4e-3, 1e-3, 1.1e-3, 1.3e-3]), rel=1e-12
    )


@pytest.mark.parametrize("seed", range(4))
def test_heat_balance(seed):
    problem = patchy(seed, contrast=1e5)
    power = np.random.default_rng(seed).random((2, *problem.mesh.shape)) * problem.solid
    assert (solve(problem, power, tolerance=1e-10).balance < 1e-9).all()


def test_package_balance_at_the_default_tolerance():
    problem, power, _ = lidded(3 * MM, 2 * MM)
    solution = solve(problem, power)
    assert (solution.residual <= 1e-8).all()
    assert (solution.balance < 1e-9).all()


def test_each_column_is_cooled_on_its_own_highest_face():
    """Two towers of different height, a void between them: each alone carries its heat through its own film."""
    boxes = np.array([[0, 2, 0, 2, 0, 1], [4, 6, 0, 2, 0, 3]]) * MM
    mesh = snapped(boxes, 1 * MM)
    k = np.where(paint(mesh, boxes) >= 0, 5.0, 0.0)
    problem = Problem(mesh=mesh, kx=k, ky=k, kz=k, h_top=np.asarray(200.0), t_top_k=300.0)
    power = np.zeros(mesh.shape)
    power[:2, :, 0] = 0.1 / 4
    power[-2:, :, 0] = 0.3 / 4
    found = solve(problem, power, tolerance=1e-12).temperature_k
    for column, watt, height in ((0, 0.1, 1 * MM), (-1, 0.3, 3 * MM)):
        rise = watt / 4e-6 * (1 / 200.0 + (height - 0.5 * MM) / 5.0)
        np.testing.assert_allclose(found[column, :, 0], 300.0 + rise, rtol=1e-10)


def test_film_under_an_overhang_and_on_a_ledge():
    """A plate on a post, post in a tray: the ledge of the tray faces the plate across a void, both have films."""
    boxes = np.array([[0, 3, 0, 1, 0, 1], [0, 1, 0, 1, 1, 2], [0, 3, 0, 1, 2, 3]]) * MM
    mesh = snapped(boxes, 1 * MM)
    k = np.where(paint(mesh, boxes) >= 0, 1e5, 0.0)
    h = np.full(mesh.shape, 40.0)
    problem = Problem(
        mesh=mesh, kx=k, ky=k, kz=k, film_w_per_m2_k=h, t_film_k=290.0, t_top_k=290.0, t_bottom_k=290.0
    )
    power = np.zeros(mesh.shape)
    power[0, 0, 0] = 0.01
    found = solve(problem, power, tolerance=1e-8).temperature_k
    np.testing.assert_allclose(found[problem.solid], 290.0 + 0.01 / (40.0 * 4e-6), rtol=1e-5)


def test_hotter_with_more_power_everywhere():
    problem, power, _ = lidded(3 * MM, 3 * MM)
    ready = prepare(problem)
    more = power[0].copy()
    more[power[0] > 0] *= 1.1
    low, high = ready.solve(np.stack([power[0], more]), tolerance=1e-11).temperature_k
    assert (high - low)[problem.solid].min() > 0


@pytest.mark.parametrize("tolerance", [1e-6, 1e-10])
def test_no_right_hand_side_depends_on_its_company(tolerance):
    problem, power, _ = lidded(3 * MM, 2 * MM)
    ready = prepare(problem)
    both = ready.solve(power, tolerance=tolerance).temperature_k
    alone = ready.solve(power[1], tolerance=tolerance).temperature_k
    assert both[1].tobytes() == alone.tobytes()


def test_same_bytes_on_two_threads():
    problem, power, _ = lidded(1 * MM, 0.75 * MM)
    assert problem.kx.size > 100_000  # otherwise the rows are not shared out
    ready = prepare(problem)
    assert (
        ready.solve(power[0], workers=2).temperature_k.tobytes()
        == ready.solve(power[0]).temperature_k.tobytes()
    )


def test_a_good_guess_saves_iterations_and_leads_to_the_same_field():
    problem, power, _ = lidded(3 * MM, 2 * MM)
    ready = prepare(problem)
    cold = ready.solve(power[0], tolerance=1e-9)
    warm = ready.solve(power[0] * 1.001, tolerance=1e-9, guess=cold.temperature_k)
    assert warm.iterations[0] < cold.iterations[0]
    again = ready.solve(power[0] * 1.001, tolerance=1e-12)
    np.testing.assert_allclose(warm.temperature_k, again.temperature_k, rtol=1e-7)


def test_adjoint_is_the_response_to_power():
    problem = patchy(1)
    ready = prepare(problem)
    weights = np.zeros(problem.mesh.shape)
    weights[2, 2, 1] = 1.0
    lam = adjoint(ready, weights)
    probe = np.argwhere(ready.live)[7]
    power = np.zeros(problem.mesh.shape)
    base = ready.solve(power, tolerance=1e-13).temperature_k
    power[tuple(probe)] = 1.0
    moved = ready.solve(power, tolerance=1e-13).temperature_k
    assert lam[tuple(probe)] == pytest.approx((moved - base)[2, 2, 1], rel=1e-8)


def test_power_without_a_path_out_is_refused():
    boxes = np.array([[0, 1, 0, 1, 0, 1], [2, 3, 0, 1, 0, 1]]) * MM
    mesh = snapped(boxes, 1 * MM)
    k = np.where(paint(mesh, boxes) >= 0, 5.0, 0.0)
    h = np.array([[50.0], [0.0], [0.0]])
    problem = Problem(mesh=mesh, kx=k, ky=k, kz=k, h_top=h)
    power = np.zeros(mesh.shape)
    power[0] = 1.0
    ready = prepare(problem)
    assert ready.live.ravel().tolist() == [True, False, False]
    assert ready.solve(power).temperature_k[0, 0, 0] == pytest.approx(300 + 1e6 * (1 / 50 + 0.5e-3 / 5))
    power[2] = 1.0
    with pytest.raises(NoPathOut, match=r"\(2, 0, 0\)"):
        ready.solve(power)
    with pytest.raises(NoPathOut, match="no film"):
        prepare(Problem(mesh=mesh, kx=k, ky=k, kz=k))


def test_a_solve_that_stops_early_says_so():
    problem, power, _ = lidded(3 * MM, 2 * MM)
    ready = prepare(problem)
    with pytest.raises(NotConverged, match="after 2 iterations") as caught:
        ready.solve(power, max_iterations=2)
    assert caught.value.solution.residual.max() > 1e-8
    assert not ready.solve(power, max_iterations=2, strict=False).converged
    with pytest.raises(NotConverged):
        adjoint(ready, power, max_iterations=1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kx": -1.0}, "kx"),
        ({"kz": np.nan}, "kz"),
        ({"ky": 0.0}, "void"),
        ({"h_top": np.full((2, 2), 1.0)}, "h_top"),
        ({"t_top_k": np.inf}, "t_top_k"),
        ({"h_side": np.inf}, "h_side"),
        ({"face_resistance_z_m2k_per_w": np.zeros((8, 8, 8))}, "face_resistance"),
        ({"face_resistance_z_m2k_per_w": np.full((8, 8, 7), -1.0)}, "face_resistance"),
    ],
)
def test_bad_problems_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        cube(**change)


@pytest.mark.parametrize("power", [np.zeros((8, 8)), np.full((8, 8, 8), np.nan)])
def test_bad_power_is_refused(power):
    with pytest.raises(ValueError, match="power_w"):
        solve(cube(), power)


def layered(n, contrast, thinnest_m=1e-6):
    """Twelve layers of 1 um to 1 mm, each a random chequer of 8 x 8 blocks `contrast` apart, on 40 mm."""
    rng = np.random.default_rng(2)
    z = np.append(0.0, np.cumsum(np.geomspace(thinnest_m, 1e-3, 12)[rng.permutation(12)]))
    edge = np.linspace(0, 0.04, n + 1)
    mesh = Mesh(x_m=edge, y_m=edge, z_m=z)
    blocks = 0.01 * contrast ** rng.random((8, 8, 12))
    k = np.repeat(np.repeat(blocks, n // 8, axis=0), n // 8, axis=1)
    power = np.zeros(mesh.shape)
    power[n // 4 : n // 2, n // 4 : n // 2, 6] = 1.0
    return Problem(mesh=mesh, kx=k, ky=k, kz=k, h_top=np.asarray(100.0), h_bottom=np.asarray(5.0)), power


def test_iterations_stay_low_for_contrast_and_aspect():
    """Neighbours up to 1e5 apart at random in every layer; cells up to 1250 times as wide as high at n = 32."""
    found = []
    for n in (32, 64, 128):
        problem, power = layered(n, 1e5)
        found.append(int(solve(problem, power).iterations[0]))
    assert max(found) <= 36, found
    assert found[2] <= 1.3 * found[1], found


def test_iterations_stay_flat_with_size_on_a_package():
    found = []
    for cell in (3 * MM, 1.5 * MM, 0.75 * MM):
        problem, power, _ = lidded(cell, 0.75 * cell)
        found.append(int(solve(problem, power).iterations.max()))
    assert max(found) <= 15, found
    assert found[2] <= 1.2 * found[0], found


@pytest.mark.parametrize("aspect", [1.0, 1e2, 1e4])
def test_iterations_do_not_depend_on_cell_aspect(aspect):
    n, wide = 48, 1e-3
    edge = wide * np.arange(n + 1)
    mesh = Mesh(x_m=edge, y_m=edge / 7.0, z_m=wide / aspect * np.arange(11))
    problem = Problem(mesh=mesh, kx=100.0, ky=100.0, kz=1.0, h_top=np.asarray(50.0))
    power = np.zeros(mesh.shape)
    power[5:20, 5:20, 0] = 1.0
    assert solve(problem, power).iterations[0] <= 14
