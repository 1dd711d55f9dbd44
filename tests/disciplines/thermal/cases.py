"""Bodies that several thermal tests solve."""

import numpy as np

from packfirst.disciplines.thermal.conduction import Problem
from packfirst.disciplines.thermal.mesh import Mesh, paint, snapped

MM, UM = 1e-3, 1e-6


def patchy(seed=3, shape=(6, 5, 4), contrast=1e3, voids=True, **changes):
    """Random orthotropic body with voids, contacts, two references and films on all kinds of face."""
    rng = np.random.default_rng(seed)
    nx, ny, nz = shape
    mesh = Mesh(x_m=edges(rng, nx), y_m=edges(rng, ny), z_m=edges(rng, nz) * 0.1)
    k = [contrast ** rng.random(shape) for _ in range(3)]
    if voids:
        hole = rng.random(shape) < 0.15
        hole[:, :, 1] = False
        for array in k:
            array[hole] = 0.0
    given = {
        "mesh": mesh,
        "kx": k[0],
        "ky": k[1],
        "kz": k[2],
        "h_top": 500.0 * rng.random((nx, ny)),
        "t_top_k": 300.0,
        "h_bottom": 50.0 * rng.random((nx, ny)),
        "t_bottom_k": 310.0 + 5.0 * rng.random((nx, ny)),
        "face_resistance_z_m2k_per_w": 1e-5 * rng.random((nx, ny, nz + 1)),
        "film_w_per_m2_k": 100.0 * rng.random(shape),
        "t_film_k": 305.0,
        "h_side": 20.0,
        "t_side_k": 302.0,
    }
    given.update(changes)
    return Problem(**given)


def edges(rng, n):
    return np.concatenate([[0.0], np.cumsum(1e-3 * (0.3 + rng.random(n)))])


def lidded(cell_m=1.0 * MM, die_cell_m=0.5 * MM):
    """Two compute die and four memory stacks on an interposer, under a copper lid, on a board: 0.5 to 390 W/(m K).

    Returns the problem, powers of two modes (2, nx, ny, nz) and the painted body of each cell.
    """
    boxes, k, cells = [], [], []

    def add(x, y, wx, wy, z0, z1, in_plane, through=None, cell=cell_m):
        boxes.append((x * MM, (x + wx) * MM, y * MM, (y + wy) * MM, z0 * UM, z1 * UM))
        k.append((in_plane, in_plane if through is None else through))
        cells.append(cell)

    add(0, 0, 80, 80, -1600, 0, 20, 0.4)
    add(15, 15, 50, 50, 0, 400, 0.5, 6)
    add(15, 15, 50, 50, 400, 1600, 40, 0.8)
    add(22, 22, 36, 34, 1600, 1670, 0.5, 8)
    add(22, 22, 36, 34, 1670, 1770, 120)
    add(22, 22, 36, 34, 1770, 2570, 0.8)
    heated = []
    for x in (27, 40):
        add(x, 26.13, 12.7, 26.2, 1770, 1800, 0.5, 4, die_cell_m)
        heated.append(len(boxes))
        add(x, 26.13, 12.7, 26.2, 1800, 2570, 120, cell=die_cell_m)
    for x, y in ((22.3, 24), (22.3, 35.05), (53.1, 24), (53.1, 35.05)):
        add(x, y, 4.6, 10.02, 1770, 1800, 0.5, 2, die_cell_m)
        heated.append(len(boxes))
        add(x, y, 4.6, 10.02, 1800, 2450, 80, 3, die_cell_m)
        add(x, y, 4.6, 10.02, 2450, 2570, 140, cell=die_cell_m)
    add(22, 22, 36, 34, 2570, 2670, 3.5)
    add(15, 15, 50, 50, 2670, 4670, 390)
    for x, y, wx, wy in ((15, 15, 50, 3), (15, 62, 50, 3), (15, 15, 3, 50), (62, 15, 3, 50)):
        add(x, y, wx, wy, 1600, 1700, 1.0)
        add(x, y, wx, wy, 1700, 2670, 390)
    bodies = np.array(boxes)
    mesh = snapped(bodies, cells, vertical_cell_m=cell_m)
    body = paint(mesh, bodies)
    table = np.array([*k, (0.0, 0.0)])
    problem = Problem(
        mesh=mesh,
        kx=table[body, 0],
        ky=table[body, 0],
        kz=table[body, 1],
        h_top=np.asarray(3000.0),
        t_top_k=318.0,
        h_bottom=np.asarray(10.0),
        t_bottom_k=318.0,
    )
    volume = mesh.volume_m3
    power = np.zeros((2, *mesh.shape))
    for mode, watts in enumerate(((250, 200, 15, 15, 15, 15), (50, 350, 5, 5, 20, 20))):
        for index, watt in zip(heated, watts, strict=True):
            mine = body == index
            power[mode][mine] += watt * volume[mine] / volume[mine].sum()
    return problem, power, body
