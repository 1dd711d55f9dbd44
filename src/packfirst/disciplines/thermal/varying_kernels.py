"""Compiled loops over the links of a conduction problem whose conductivities follow the temperature."""

from packfirst.disciplines.thermal.column_kernels import kernel


@kernel
def add_flow(kx, ky, kz, dx, dy, dz, contact, live, t, out):  # type: ignore[no-untyped-def]
    """Adds to `out` the heat that conduction brings to each cell [W]; arrays (nx, ny, nz), cells not live take none."""
    nx, ny, nz = kx.shape
    for i in range(nx):
        for j in range(ny):
            for k in range(nz):
                if not live[i, j, k]:
                    continue
                if i + 1 < nx and live[i + 1, j, k]:
                    g = dy[j] * dz[k] / (0.5 * dx[i] / kx[i, j, k] + 0.5 * dx[i + 1] / kx[i + 1, j, k])
                    q = g * (t[i + 1, j, k] - t[i, j, k])
                    out[i, j, k] += q
                    out[i + 1, j, k] -= q
                if j + 1 < ny and live[i, j + 1, k]:
                    g = dx[i] * dz[k] / (0.5 * dy[j] / ky[i, j, k] + 0.5 * dy[j + 1] / ky[i, j + 1, k])
                    q = g * (t[i, j + 1, k] - t[i, j, k])
                    out[i, j, k] += q
                    out[i, j + 1, k] -= q
                if k + 1 < nz and live[i, j, k + 1]:
                    r = 0.5 * dz[k] / kz[i, j, k] + 0.5 * dz[k + 1] / kz[i, j, k + 1]
                    if contact.size > 0:
                        r += contact[i, j, k]
                    q = dx[i] * dy[j] / r * (t[i, j, k + 1] - t[i, j, k])
                    out[i, j, k] += q
                    out[i, j, k + 1] -= q


@kernel
def add_twist(kx, ky, kz, slope, dx, dy, dz, contact, live, t, lam, out):  # type: ignore[no-untyped-def]
    """Adds to `out` the slope by each cell's temperature of sum(lam * flow), through the conductivities alone.

    `slope` is d(ln k)/dT of each cell [1/K]. A link of conductance g brings lam_i g (T_j - T_i) + lam_j g (T_i - T_j),
    and d(g)/d(T_i) = g^2 / area * d_i / (2 k_i) * slope_i.
    """
    nx, ny, nz = kx.shape
    for i in range(nx):
        for j in range(ny):
            for k in range(nz):
                if not live[i, j, k]:
                    continue
                here = slope[i, j, k]
                if i + 1 < nx and live[i + 1, j, k] and (here != 0.0 or slope[i + 1, j, k] != 0.0):
                    a = 0.5 * dx[i] / kx[i, j, k]
                    b = 0.5 * dx[i + 1] / kx[i + 1, j, k]
                    d = -(lam[i, j, k] - lam[i + 1, j, k]) * (t[i, j, k] - t[i + 1, j, k])
                    d *= dy[j] * dz[k] / (a + b) ** 2
                    out[i, j, k] += d * a * here
                    out[i + 1, j, k] += d * b * slope[i + 1, j, k]
                if j + 1 < ny and live[i, j + 1, k] and (here != 0.0 or slope[i, j + 1, k] != 0.0):
                    a = 0.5 * dy[j] / ky[i, j, k]
                    b = 0.5 * dy[j + 1] / ky[i, j + 1, k]
                    d = -(lam[i, j, k] - lam[i, j + 1, k]) * (t[i, j, k] - t[i, j + 1, k])
                    d *= dx[i] * dz[k] / (a + b) ** 2
                    out[i, j, k] += d * a * here
                    out[i, j + 1, k] += d * b * slope[i, j + 1, k]
                if k + 1 < nz and live[i, j, k + 1] and (here != 0.0 or slope[i, j, k + 1] != 0.0):
                    a = 0.5 * dz[k] / kz[i, j, k]
                    b = 0.5 * dz[k + 1] / kz[i, j, k + 1]
                    r = a + b
                    if contact.size > 0:
                        r += contact[i, j, k]
                    d = -(lam[i, j, k] - lam[i, j, k + 1]) * (t[i, j, k] - t[i, j, k + 1])
                    d *= dx[i] * dy[j] / r**2
                    out[i, j, k] += d * a * here
                    out[i, j, k + 1] += d * b * slope[i, j, k + 1]
