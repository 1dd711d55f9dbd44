"""Compiled loops of the conduction solver, on columns coloured like a chessboard.

A level of the grid holds ``nx * ny`` vertical columns of ``nz`` cells. Column ``(i, j)`` is red when ``i + j`` is
even. Cells are stored per colour in rows of constant ``j``: array ``(ny + 2, nz * width)`` with ``width = nh + 2``,
``nh = (nx + 1) // 2``; column ``i`` of row ``j`` sits at ``[j + 1, k * width + i // 2 + 1]``. The frame of ghost cells
has zero conductance, so that no loop asks where it is, and the innermost loops run over contiguous memory with
independent columns, which the compiler turns into vector instructions. Each lateral link joins a red and a black
column and is stored once, with its red end.

Every kernel works on a range of rows and writes only those, so that threads may share the rows out; sums are kept
per row and added in row order afterwards. The result is the same to the last bit for any number of threads.
Loops are split where they have more than about five operands because the compiler gives up proving that the
operands do not overlap beyond that.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

_F = TypeVar("_F", bound=Callable[..., Any])
kernel = cast("Callable[[_F], _F]", njit(cache=True, nogil=True, error_model="numpy"))


@kernel
def links(kx, ky, kz, dx, dy, dz, face, gx, gy, gz):  # type: ignore[no-untyped-def]
    """Conductances between neighbouring cells [W/K], arrays (ny, nz, nx); half cell, contact, half cell in series."""
    nx, ny, nz = kx.shape
    for j in range(ny):
        for i in range(nx):
            for k in range(nz):
                gx[j, k, i] = 0.0
                gy[j, k, i] = 0.0
                gz[j, k, i] = 0.0
                if kz[i, j, k] <= 0.0:
                    continue
                if i + 1 < nx and kz[i + 1, j, k] > 0.0:
                    gx[j, k, i] = (
                        dy[j] * dz[k] / (0.5 * dx[i] / kx[i, j, k] + 0.5 * dx[i + 1] / kx[i + 1, j, k])
                    )
                if j + 1 < ny and kz[i, j + 1, k] > 0.0:
                    gy[j, k, i] = (
                        dx[i] * dz[k] / (0.5 * dy[j] / ky[i, j, k] + 0.5 * dy[j + 1] / ky[i, j + 1, k])
                    )
                if k + 1 < nz and kz[i, j, k + 1] > 0.0:
                    r = 0.5 * dz[k] / kz[i, j, k] + 0.5 * dz[k + 1] / kz[i, j, k + 1]
                    if face.size > 0:
                        r += face[i, j, k]
                    gz[j, k, i] = dx[i] * dy[j] / r


@kernel
def grounded(solid, gx, gy, gz, bound):  # type: ignore[no-untyped-def]
    """True for the cells (ny, nz, nx) joined to a boundary conductance through any chain of links (flood fill)."""
    ny, nz, nx = solid.shape
    reached = np.zeros((ny, nz, nx), np.bool_)
    stack = np.empty(ny * nz * nx, np.int64)
    top = 0
    for j in range(ny):
        for k in range(nz):
            for i in range(nx):
                if bound[j, k, i] > 0.0:
                    reached[j, k, i] = True
                    stack[top] = (j * nz + k) * nx + i
                    top += 1
    while top > 0:
        top -= 1
        c = stack[top]
        i = c % nx
        k = (c // nx) % nz
        j = c // (nx * nz)
        if i > 0 and gx[j, k, i - 1] > 0.0 and not reached[j, k, i - 1]:
            reached[j, k, i - 1] = True
            stack[top] = c - 1
            top += 1
        if i + 1 < nx and gx[j, k, i] > 0.0 and not reached[j, k, i + 1]:
            reached[j, k, i + 1] = True
            stack[top] = c + 1
            top += 1
        if k > 0 and gz[j, k - 1, i] > 0.0 and not reached[j, k - 1, i]:
            reached[j, k - 1, i] = True
            stack[top] = c - nx
            top += 1
        if k + 1 < nz and gz[j, k, i] > 0.0 and not reached[j, k + 1, i]:
            reached[j, k + 1, i] = True
            stack[top] = c + nx
            top += 1
        if j > 0 and gy[j - 1, k, i] > 0.0 and not reached[j - 1, k, i]:
            reached[j - 1, k, i] = True
            stack[top] = c - nx * nz
            top += 1
        if j + 1 < ny and gy[j, k, i] > 0.0 and not reached[j + 1, k, i]:
            reached[j + 1, k, i] = True
            stack[top] = c + nx * nz
            top += 1
    return reached


@kernel
def colour_links(gx, gy, gz, bound, west, east, south, north, gz_red, gz_black, bound_red, bound_black):  # type: ignore[no-untyped-def]
    """Sort plain (ny, nz, nx) conductances into the coloured rows."""
    ny, nz, nx = gz.shape
    width = (nx + 1) // 2 + 2
    for j in range(ny):
        for k in range(nz):
            for i in range(nx):
                t = k * width + i // 2 + 1
                if (i + j) % 2 == 0:
                    if i > 0:
                        west[j + 1, t] = gx[j, k, i - 1]
                    east[j + 1, t] = gx[j, k, i]
                    if j > 0:
                        south[j + 1, t] = gy[j - 1, k, i]
                    north[j + 1, t] = gy[j, k, i]
                    gz_red[j + 1, t] = gz[j, k, i]
                    bound_red[j + 1, t] = bound[j, k, i]
                else:
                    gz_black[j + 1, t] = gz[j, k, i]
                    bound_black[j + 1, t] = bound[j, k, i]


@kernel
def pivots(gx, gy, gz, bound, inv_red, inv_black):  # type: ignore[no-untyped-def]
    """Inverse pivots of each column's tridiagonal matrix; zero for a void cell.

    The excess of each pivot over the link above is carried instead of the pivot itself: no cancellation, so that a
    weak film behind a stiff column keeps all its digits.
    """
    ny, nz, nx = gz.shape
    width = (nx + 1) // 2 + 2
    excess = np.zeros(nx)
    for j in range(ny):
        excess[:] = 0.0
        for k in range(nz):
            for i in range(nx):
                lateral = gx[j, k, i] + gy[j, k, i] + bound[j, k, i]
                if i > 0:
                    lateral += gx[j, k, i - 1]
                if j > 0:
                    lateral += gy[j - 1, k, i]
                if k > 0:
                    below = gz[j, k - 1, i]
                    if below > 0.0:
                        lateral += below * (excess[i] / (excess[i] + below))
                excess[i] = lateral
                pivot = lateral + gz[j, k, i]
                inverse = 1.0 / pivot if pivot > 0.0 else 0.0
                t = k * width + i // 2 + 1
                if (i + j) % 2 == 0:
                    inv_red[j + 1, t] = inverse
                else:
                    inv_black[j + 1, t] = inverse


@kernel
def colour_field(plain, red, black):  # type: ignore[no-untyped-def]
    """Field (m, nx, ny, nz) into coloured rows (m, ny + 2, nz * width)."""
    nm, nx, ny, nz = plain.shape
    width = (nx + 1) // 2 + 2
    for m in range(nm):
        for j in range(ny):
            for i in range(nx):
                t = i // 2 + 1
                if (i + j) % 2 == 0:
                    for k in range(nz):
                        red[m, j + 1, t + k * width] = plain[m, i, j, k]
                else:
                    for k in range(nz):
                        black[m, j + 1, t + k * width] = plain[m, i, j, k]


@kernel
def plain_field(red, black, plain):  # type: ignore[no-untyped-def]
    """Coloured rows back to a field (m, nx, ny, nz)."""
    nm, nx, ny, nz = plain.shape
    width = (nx + 1) // 2 + 2
    for m in range(nm):
        for j in range(ny):
            for i in range(nx):
                t = i // 2 + 1
                if (i + j) % 2 == 0:
                    for k in range(nz):
                        plain[m, i, j, k] = red[m, j + 1, t + k * width]
                else:
                    for k in range(nz):
                        plain[m, i, j, k] = black[m, j + 1, t + k * width]


@kernel
def _column_solve(x, gz, inv, width):  # type: ignore[no-untyped-def]
    """Thomas algorithm on all columns of a row at once, in place; `x` enters as the right-hand side."""
    nz = x.size // width
    first = x[0:width]
    first_inv = inv[0:width]
    for i in range(width):
        first[i] *= first_inv[i]
    for k in range(1, nz):
        lower = x[(k - 1) * width : k * width]
        here = x[k * width : (k + 1) * width]
        g = gz[(k - 1) * width : k * width]
        pivot = inv[k * width : (k + 1) * width]
        for i in range(width):
            here[i] = (here[i] + g[i] * lower[i]) * pivot[i]
    for k in range(nz - 2, -1, -1):
        here = x[k * width : (k + 1) * width]
        upper = x[(k + 1) * width : (k + 2) * width]
        g = gz[k * width : (k + 1) * width]
        pivot = inv[k * width : (k + 1) * width]
        for i in range(width):
            here[i] += g[i] * pivot[i] * upper[i]


@kernel
def relax_alone(lo, hi, active, f, x, gz, inv, width):  # type: ignore[no-untyped-def]
    """Solve the columns of one colour while the other colour is zero."""
    for j in range(lo + 1, hi + 1):
        for m in range(active.size):
            if active[m]:
                x[m, j, :] = f[m, j, :]
                _column_solve(x[m, j], gz[j], inv[j], width)


@kernel
def _pull(y, a, u, b, v):  # type: ignore[no-untyped-def]
    for i in range(y.size):
        y[i] += a[i] * u[i] + b[i] * v[i]


@kernel
def _neighbours(colour, j, other, west, east, south, north, y):  # type: ignore[no-untyped-def]
    """y += sum of link times neighbour, over the four lateral neighbours of the cells of one colour in row j."""
    n = y.size - 2
    s = (j - 1) & 1
    own = y[1 : n + 1]
    beside, below, above = other[j], other[j - 1], other[j + 1]
    if colour == 0:
        w, e, lo, hi = west[j], east[j], south[j], north[j]
        _pull(own, w[1 : n + 1], beside[s : s + n], e[1 : n + 1], beside[s + 1 : s + 1 + n])
    else:
        o = 1 - s
        w, e, lo, hi = east[j], west[j], north[j - 1], south[j + 1]
        _pull(own, w[o : o + n], beside[o : o + n], e[o + 1 : o + 1 + n], beside[o + 1 : o + 1 + n])
    _pull(own, lo[1 : n + 1], below[1 : n + 1], hi[1 : n + 1], above[1 : n + 1])


@kernel
def relax(lo, hi, active, colour, f, x, other, west, east, south, north, gz, inv, width):  # type: ignore[no-untyped-def]
    """Solve the columns of one colour with the other colour held."""
    for j in range(lo + 1, hi + 1):
        for m in range(active.size):
            if active[m]:
                x[m, j, :] = f[m, j, :]
                _neighbours(colour, j, other[m], west, east, south, north, x[m, j])
                _column_solve(x[m, j], gz[j], inv[j], width)


@kernel
def red_residual(lo, hi, active, black, west, east, south, north, out):  # type: ignore[no-untyped-def]
    """What the black columns leave on the red ones after a sweep red, black that began at zero."""
    for j in range(lo + 1, hi + 1):
        for m in range(active.size):
            if active[m]:
                out[m, j, :] = 0.0
                _neighbours(0, j, black[m], west, east, south, north, out[m, j])


@kernel
def restrict(lo, hi, active, nx, residual, wx, wy, px, sx, py, sy, first, red, black):  # type: ignore[no-untyped-def]
    """Transpose of `prolong`: red residual of the fine level to coarse rows lo..hi."""
    nxc = px[nx - 1] + 1
    ny = py.size
    width = (nx + 1) // 2 + 2
    width_c = (nxc + 1) // 2 + 2
    nz = residual.shape[2] // width
    total = np.empty(nxc)
    for jc in range(lo, hi):
        j0 = max(first[jc] - 1, 0)
        j1 = min(first[jc + 1] + 1, ny)
        for m in range(active.size):
            if not active[m]:
                continue
            for k in range(nz):
                total[:] = 0.0
                for j in range(j0, j1):
                    mine = py[j] == jc
                    if not mine and sy[j] != jc:
                        continue
                    alone = sy[j] == py[j]
                    for i in range(j & 1, nx, 2):
                        t = k * width + i // 2 + 1
                        r = residual[m, j + 1, t]
                        if not alone:
                            r *= 1.0 - wy[j + 1, t] if mine else wy[j + 1, t]
                        v = r * wx[j + 1, t]
                        total[px[i]] += r - v
                        total[sx[i]] += v
                for ic in range(nxc):
                    t = k * width_c + ic // 2 + 1
                    if (ic + jc) % 2 == 0:
                        red[m, jc + 1, t] = total[ic]
                    else:
                        black[m, jc + 1, t] = total[ic]


@kernel
def prolong(lo, hi, active, nx, coarse_red, coarse_black, wx, wy, px, sx, py, sy, x):  # type: ignore[no-untyped-def]
    """Add the coarse correction to the red columns of the fine level, interpolated between coarse columns."""
    nxc = px[nx - 1] + 1
    width = (nx + 1) // 2 + 2
    width_c = (nxc + 1) // 2 + 2
    nz = x.shape[2] // width
    near = np.empty(nxc)
    far = np.empty(nxc)
    for j in range(lo, hi):
        jn = py[j]
        jf = sy[j]
        for m in range(active.size):
            if not active[m]:
                continue
            for k in range(nz):
                for ic in range(nxc):
                    t = k * width_c + ic // 2 + 1
                    near[ic] = coarse_red[m, jn + 1, t] if (ic + jn) % 2 == 0 else coarse_black[m, jn + 1, t]
                    far[ic] = coarse_red[m, jf + 1, t] if (ic + jf) % 2 == 0 else coarse_black[m, jf + 1, t]
                for i in range(j & 1, nx, 2):
                    t = k * width + i // 2 + 1
                    a = wx[j + 1, t]
                    b = wy[j + 1, t]
                    p = px[i]
                    q = sx[i]
                    u = near[p] + a * (near[q] - near[p])
                    v = far[p] + a * (far[q] - far[p])
                    x[m, j + 1, t] += u + b * (v - u)


@kernel
def weights(gx, gy, px, sx, fx, py, sy, fy, wx, wy):  # type: ignore[no-untyped-def]
    """Interpolation weights of the red cells towards the second coarse column, by flux continuity, per direction.

    `fx[i]` is the share of the link between the two children of a coarse column that lies between its centre and
    child i. The weight is the resistance from the own coarse centre over that to the next coarse centre.
    """
    ny, nz, nx = gx.shape
    width = (nx + 1) // 2 + 2
    for j in range(ny):
        for k in range(nz):
            for i in range(j & 1, nx, 2):
                t = k * width + i // 2 + 1
                wx[j + 1, t] = 0.0
                wy[j + 1, t] = 0.0
                if sx[i] != px[i]:
                    step = 1 if sx[i] > px[i] else -1
                    across = gx[j, k, i] if step > 0 else gx[j, k, i - 1]
                    if across > 0.0:
                        own = 0.0
                        b = i - step
                        if 0 <= b < nx and px[b] == px[i]:
                            g = gx[j, k, min(b, i)]
                            own = fx[i] / g if g > 0.0 else 0.0
                        rest = 1.0 / across
                        c = i + step
                        d = c + step
                        if 0 <= d < nx and px[d] == px[c]:
                            g = gx[j, k, min(c, d)]
                            rest += fx[c] / g if g > 0.0 else 0.0
                        wx[j + 1, t] = own / (own + rest)
                if sy[j] != py[j]:
                    step = 1 if sy[j] > py[j] else -1
                    across = gy[j, k, i] if step > 0 else gy[j - 1, k, i]
                    if across > 0.0:
                        own = 0.0
                        b = j - step
                        if 0 <= b < ny and py[b] == py[j]:
                            g = gy[min(b, j), k, i]
                            own = fy[j] / g if g > 0.0 else 0.0
                        rest = 1.0 / across
                        c = j + step
                        d = c + step
                        if 0 <= d < ny and py[d] == py[c]:
                            g = gy[min(c, d), k, i]
                            rest += fy[c] / g if g > 0.0 else 0.0
                        wy[j + 1, t] = own / (own + rest)


@kernel
def coarsen(gx, gy, gz, bound, px, fx, py, fy, cx, cy, cz, cb):  # type: ignore[no-untyped-def]
    """Conductances of the coarse level: series along a link, parallel across it; vertical and boundary ones add up."""
    ny, nz, nx = gx.shape
    for j in range(ny):
        jc = py[j]
        last_j = j + 1 < ny and py[j + 1] != jc
        for k in range(nz):
            for i in range(nx):
                ic = px[i]
                cz[jc, k, ic] += gz[j, k, i]
                cb[jc, k, ic] += bound[j, k, i]
                if i + 1 < nx and px[i + 1] != ic and gx[j, k, i] > 0.0:
                    r = 1.0 / gx[j, k, i]
                    if i > 0 and px[i - 1] == ic and gx[j, k, i - 1] > 0.0:
                        r += fx[i] / gx[j, k, i - 1]
                    if i + 2 < nx and px[i + 2] == px[i + 1] and gx[j, k, i + 1] > 0.0:
                        r += fx[i + 1] / gx[j, k, i + 1]
                    cx[jc, k, ic] += 1.0 / r
                if last_j and gy[j, k, i] > 0.0:
                    r = 1.0 / gy[j, k, i]
                    if j > 0 and py[j - 1] == jc and gy[j - 1, k, i] > 0.0:
                        r += fy[j] / gy[j - 1, k, i]
                    if j + 2 < ny and py[j + 2] == py[j + 1] and gy[j + 1, k, i] > 0.0:
                        r += fy[j + 1] / gy[j + 1, k, i]
                    cy[jc, k, ic] += 1.0 / r


@kernel
def _inward(y, p, a, u, b, v):  # type: ignore[no-untyped-def]
    for i in range(y.size):
        y[i] += a[i] * (p[i] - u[i]) + b[i] * (p[i] - v[i])


@kernel
def _lateral(colour, j, x, other, west, east, south, north, y):  # type: ignore[no-untyped-def]
    n = y.size - 2
    s = (j - 1) & 1
    own, here = y[1 : n + 1], x[1 : n + 1]
    beside, below, above = other[j], other[j - 1], other[j + 1]
    if colour == 0:
        w, e, lo, hi = west[j], east[j], south[j], north[j]
        _inward(own, here, w[1 : n + 1], beside[s : s + n], e[1 : n + 1], beside[s + 1 : s + 1 + n])
    else:
        o = 1 - s
        w, e, lo, hi = east[j], west[j], north[j - 1], south[j + 1]
        _inward(own, here, w[o : o + n], beside[o : o + n], e[o + 1 : o + 1 + n], beside[o + 1 : o + 1 + n])
    _inward(own, here, lo[1 : n + 1], below[1 : n + 1], hi[1 : n + 1], above[1 : n + 1])


@kernel
def _row_dot(a, b, width, lanes):  # type: ignore[no-untyped-def]
    """Dot product in a fixed order that still fills vector registers: per lane first, then across."""
    lanes[:] = 0.0
    for k in range(a.size // width):
        u = a[k * width : (k + 1) * width]
        v = b[k * width : (k + 1) * width]
        for i in range(width):
            lanes[i] += u[i] * v[i]
    total = 0.0
    for i in range(width):
        total += lanes[i]
    return total


@kernel
def apply(lo, hi, active, colour, x, other, west, east, south, north, gz, bound, width, out, dots):  # type: ignore[no-untyped-def]
    """Heat leaving each cell of one colour [W] by differences, and its product with x per row (added to `dots`)."""
    nz = x.shape[2] // width
    lanes = np.empty(width)
    for j in range(lo + 1, hi + 1):
        for m in range(active.size):
            if not active[m]:
                continue
            y = out[m, j]
            p = x[m, j]
            b = bound[j]
            rise = gz[j]
            for i in range(y.size):
                y[i] = b[i] * p[i]
            _lateral(colour, j, x[m, j], other[m], west, east, south, north, y)
            for k in range(nz - 1):
                p0 = p[k * width : (k + 1) * width]
                p1 = p[(k + 1) * width : (k + 2) * width]
                y0 = y[k * width : (k + 1) * width]
                y1 = y[(k + 1) * width : (k + 2) * width]
                g = rise[k * width : (k + 1) * width]
                for i in range(width):
                    flow = g[i] * (p0[i] - p1[i])
                    y0[i] += flow
                    y1[i] -= flow
            dots[m, j - 1] += _row_dot(p, y, width, lanes)


@kernel
def step(lo, hi, active, alpha, p, q, x, r, width, dots):  # type: ignore[no-untyped-def]
    """x += alpha p, r -= alpha q, and r.r per row."""
    lanes = np.empty(width)
    for j in range(lo + 1, hi + 1):
        for m in range(active.size):
            if not active[m]:
                continue
            a = alpha[m]
            xj = x[m, j]
            pj = p[m, j]
            rj = r[m, j]
            qj = q[m, j]
            for i in range(xj.size):
                xj[i] += a * pj[i]
            for i in range(rj.size):
                rj[i] -= a * qj[i]
            dots[m, j - 1] += _row_dot(rj, rj, width, lanes)


@kernel
def dot(lo, hi, active, a, b, width, dots):  # type: ignore[no-untyped-def]
    """a.b per row."""
    lanes = np.empty(width)
    for j in range(lo + 1, hi + 1):
        for m in range(active.size):
            if active[m]:
                dots[m, j - 1] += _row_dot(a[m, j], b[m, j], width, lanes)


@kernel
def turn(lo, hi, active, beta, z, p):  # type: ignore[no-untyped-def]
    """p = z + beta p."""
    for j in range(lo + 1, hi + 1):
        for m in range(active.size):
            if active[m]:
                b = beta[m]
                pj = p[m, j]
                zj = z[m, j]
                for i in range(pj.size):
                    pj[i] = zj[i] + b * pj[i]
