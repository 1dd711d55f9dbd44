"""Steady conduction in even layers of one outline, solved exactly: the finite volumes of `conduction`, without steps.

Where every layer is of one material, fills the whole outline, and all cells of a layer are alike, cosine waves
diagonalise the lateral conductances [1]_, and each wave is one tridiagonal system through the layers.

References
----------
.. [1] R. W. Hockney, "A fast direct solution of Poisson's equation using Fourier analysis", J. ACM 12(1), 95-113, 1965.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packfirst.disciplines.thermal import cosine_waves

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A film on the lower or upper face; `h_w_per_m2_k` zero for none."""

    h_w_per_m2_k: float = 0.0
    t_k: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerSolution:
    """Temperatures with their proof.

    Attributes
    ----------
    temperature_k : ndarray, shape (n, nx, ny)
        At the cell centres, layers from the bottom up.
    residual : float
        Euclidean norm of the heat left over in the cells, relative to that of the heat put in.
    balance : float
        |heat in - heat out| / heat in, where heat that a film feeds in counts as in.
    """

    temperature_k: Floats
    residual: float
    balance: float


def solve(
    length_m: float,
    width_m: float,
    thickness_m: ArrayLike,
    conductivity_w_per_m_k: ArrayLike,
    power_w: ArrayLike,
    bottom: Face,
    top: Face,
) -> LayerSolution:
    """Temperatures for power per cell.

    Parameters
    ----------
    thickness_m, conductivity_w_per_m_k : array_like, shape (n,)
        From the bottom up; one cell through each layer.
    power_w : array_like, shape (n, nx, ny)
        Heat put into each cell; also says how many cells there are along the length (x) and the width (y).

    Raises
    ------
    ValueError
        Sizes, conductivities or films that make no sense; no film at all.
    """
    t, k = np.asarray(thickness_m, dtype=np.float64), np.asarray(conductivity_w_per_m_k, dtype=np.float64)
    power = np.asarray(power_w, dtype=np.float64)
    if (
        t.ndim != 1
        or k.shape != t.shape
        or power.ndim != 3
        or len(power) != len(t)
        or not np.isfinite(power).all()
    ):
        raise ValueError(
            f"power_w: shape {power.shape} for {t.shape} layers of {k.shape} conductivities, or not finite"
        )
    sizes = np.concatenate([[length_m, width_m], t, k])
    if not (np.isfinite(sizes).all() and (sizes > 0.0).all()):
        raise ValueError("length_m, width_m, thickness_m, conductivity_w_per_m_k: must be positive")
    films = np.array([bottom.h_w_per_m2_k, top.h_w_per_m2_k])
    if not (np.isfinite(films).all() and (films >= 0.0).all() and films.any()):
        raise ValueError("bottom, top: need films that are not negative, and one that takes heat away")
    n, nx, ny = power.shape
    dx, dy = length_m / nx, width_m / ny
    half = 0.5 * t / k
    gx, gy = k * t * dy / dx, k * t * dx / dy
    gz = dx * dy / (half[:-1] + half[1:])
    bound = np.zeros(n)
    heat = power.copy()
    acting = [(0, bottom), (n - 1, top)]
    acting = [(layer, face) for layer, face in acting if face.h_w_per_m2_k > 0.0]
    base_k = min(face.t_k for _, face in acting)
    out = []
    for layer, face in acting:
        g = dx * dy / (half[layer] + 1.0 / face.h_w_per_m2_k)
        bound[layer] += g
        heat[layer] += g * (face.t_k - base_k)
        out.append((layer, g, face.t_k - base_k))
    rise = _through_waves(heat, gx, gy, gz, bound)
    left = heat - _flow(rise, gx, gy, gz, bound)
    norm = float(np.linalg.norm(heat)) or 1.0
    flows = [g * (rise[layer] - at) for layer, g, at in out]
    leaving = sum(float(np.maximum(flow, 0.0).sum()) for flow in flows) + float(np.maximum(-power, 0.0).sum())
    entering = sum(float(np.maximum(-flow, 0.0).sum()) for flow in flows) + float(
        np.maximum(power, 0.0).sum()
    )
    return LayerSolution(
        temperature_k=rise + base_k, residual=float(np.linalg.norm(left)) / norm,
        balance=abs(entering - leaving) / (entering or 1.0),
    )  # fmt: skip


def _through_waves(heat_w: Floats, gx: Floats, gy: Floats, gz: Floats, bound: Floats) -> Floats:
    n, nx, ny = heat_w.shape
    wave_x = 4.0 * np.sin(0.5 * np.pi * np.arange(nx) / nx)[:, None] ** 2
    wave_y = 4.0 * np.sin(0.5 * np.pi * np.arange(ny) / ny)[None, :] ** 2
    wave = cosine_waves.forward_plane(heat_w)
    # What a wave sees besides the link above, carried without that link so that no digits cancel.
    excess = np.empty_like(wave)
    for layer in range(n):
        excess[layer] = gx[layer] * wave_x + gy[layer] * wave_y + bound[layer]
        if layer:
            below = excess[layer - 1]
            excess[layer] += gz[layer - 1] * below / (below + gz[layer - 1])
            wave[layer] += gz[layer - 1] / (below + gz[layer - 1]) * wave[layer - 1]
    wave[-1] /= excess[-1]
    for layer in range(n - 2, -1, -1):
        wave[layer] = (wave[layer] + gz[layer] * wave[layer + 1]) / (excess[layer] + gz[layer])
    return cosine_waves.inverse_plane(wave)


def _flow(rise: Floats, gx: Floats, gy: Floats, gz: Floats, bound: Floats) -> Floats:
    """Heat that leaves each cell at these rises."""
    out = bound[:, None, None] * rise
    step = gx[:, None, None] * np.diff(rise, axis=1)
    out[:, :-1] -= step
    out[:, 1:] += step
    step = gy[:, None, None] * np.diff(rise, axis=2)
    out[:, :, :-1] -= step
    out[:, :, 1:] += step
    step = gz[:, None, None] * np.diff(rise, axis=0)
    out[:-1] -= step
    out[1:] += step
    return np.asarray(out)
