"""Compiled loops on the graph of a conduction problem: rows of links in compressed storage, each link twice."""

import numpy as np

from packfirst.disciplines.thermal.column_kernels import kernel


@kernel
def plain_links(nx, west, east, south, north, gz_red, gz_black, bound_red, bound_black, gx, gy, gz, bound):  # type: ignore[no-untyped-def]
    """Coloured rows of `column_kernels.colour_links` back to plain (ny, nz, nx) conductances."""
    ny, nz, _ = gz.shape
    width = (nx + 1) // 2 + 2
    for j in range(ny):
        for k in range(nz):
            for i in range(nx):
                t = k * width + i // 2 + 1
                if (i + j) % 2 == 0:
                    gz[j, k, i] = gz_red[j + 1, t]
                    bound[j, k, i] = bound_red[j + 1, t]
                    gx[j, k, i] = east[j + 1, t]
                    gy[j, k, i] = north[j + 1, t]
                    if i > 0:
                        gx[j, k, i - 1] = west[j + 1, t]
                    if j > 0:
                        gy[j - 1, k, i] = south[j + 1, t]
                else:
                    gz[j, k, i] = gz_black[j + 1, t]
                    bound[j, k, i] = bound_black[j + 1, t]


@kernel
def number_cells(gx, gy, gz, bound):  # type: ignore[no-untyped-def]
    """Number of each cell (ny, nz, nx) that has any conductance, in the order of the columns; -1 for the others."""
    ny, nz, nx = gz.shape
    number = np.full((ny, nz, nx), -1, np.int32)
    count = 0
    for j in range(ny):
        for i in range(nx):
            for k in range(nz):
                total = gx[j, k, i] + gy[j, k, i] + gz[j, k, i] + bound[j, k, i]
                if i > 0:
                    total += gx[j, k, i - 1]
                if j > 0:
                    total += gy[j - 1, k, i]
                if k > 0:
                    total += gz[j, k - 1, i]
                if total > 0.0:
                    number[j, k, i] = count
                    count += 1
    return number, count


@kernel
def rows_of(number, count, gx, gy, gz, bound):  # type: ignore[no-untyped-def]
    """Compressed rows of links [W/K] and conductance to the surroundings of each numbered cell."""
    ny, nz, nx = gz.shape
    start = np.zeros(count + 1, np.int64)
    column = np.empty(6 * count, np.int32)
    value = np.empty(6 * count)
    ground = np.empty(count)
    at = 0
    for j in range(ny):
        for i in range(nx):
            for k in range(nz):
                me = number[j, k, i]
                if me < 0:
                    continue
                ground[me] = bound[j, k, i]
                for side in range(6):
                    g = 0.0
                    other = -1
                    if side == 0 and k > 0:
                        g, other = gz[j, k - 1, i], number[j, k - 1, i]
                    elif side == 1 and k + 1 < nz:
                        g, other = gz[j, k, i], number[j, k + 1, i]
                    elif side == 2 and i > 0:
                        g, other = gx[j, k, i - 1], number[j, k, i - 1]
                    elif side == 3 and i + 1 < nx:
                        g, other = gx[j, k, i], number[j, k, i + 1]
                    elif side == 4 and j > 0:
                        g, other = gy[j - 1, k, i], number[j - 1, k, i]
                    elif side == 5 and j + 1 < ny:
                        g, other = gy[j, k, i], number[j + 1, k, i]
                    if g > 0.0:
                        column[at] = other
                        value[at] = g
                        at += 1
                start[me + 1] = at
    return start, column[:at].copy(), value[:at].copy(), ground


@kernel
def pairs(start, column, value, stiff):  # type: ignore[no-untyped-def]
    """Aggregate of each node: itself and its most strongly linked free neighbour; where all are taken, one of theirs.

    A link is weak below a quarter of the node's strongest, and below a tenth of the lesser `stiff` of both sides: the
    largest diagonal among the cells of the level that a side is made of. Otherwise what differs between the two would
    be left to a relaxation that other, far stronger links hold fast. So a poor conductor joins a good one, and does not
    tie two good ones together.
    """
    n = start.size - 1
    group = np.full(n, -1, np.int32)
    size = np.zeros(n, np.int32)
    count = 0
    for i in range(n):
        if group[i] >= 0:
            continue
        strongest = 0.0
        for p in range(start[i], start[i + 1]):
            strongest = max(strongest, value[p])
        best = taken = 0.25 * strongest
        mate = host = -1
        for p in range(start[i], start[i + 1]):
            j = column[p]
            c = group[j]
            if value[p] < 0.1 * stiff[i]:
                continue
            if c < 0 and value[p] > best:
                best = value[p]
                mate = j
            elif c >= 0 and size[c] < 4 and value[p] > taken:
                taken = value[p]
                host = c
        if mate < 0 and host >= 0:
            group[i] = host
            size[host] += 1
            continue
        group[i] = count
        size[count] = 1
        if mate >= 0:
            group[mate] = count
            size[count] = 2
        count += 1
    return group, count


@kernel
def largest(group, count, fine):  # type: ignore[no-untyped-def]
    """Largest value of a fine vector over each aggregate."""
    out = np.zeros(count)
    for i in range(fine.size):
        out[group[i]] = max(out[group[i]], fine[i])
    return out


@kernel
def coarse_rows(group, count, start, column, value, ground):  # type: ignore[no-untyped-def]
    """Links and grounds of the aggregates: what runs between two of them, summed."""
    n = start.size - 1
    size = np.zeros(count + 1, np.int64)
    for i in range(n):
        size[group[i] + 1] += 1
    for c in range(count):
        size[c + 1] += size[c]
    member = np.empty(n, np.int32)
    fill = size[:-1].copy()
    for i in range(n):
        member[fill[group[i]]] = i
        fill[group[i]] += 1
    new_start = np.zeros(count + 1, np.int64)
    new_column = np.empty(column.size, np.int32)
    new_value = np.empty(value.size)
    new_ground = np.zeros(count)
    place = np.full(count, -1, np.int64)
    at = 0
    for c in range(count):
        first = at
        for q in range(size[c], size[c + 1]):
            i = member[q]
            new_ground[c] += ground[i]
            for p in range(start[i], start[i + 1]):
                other = group[column[p]]
                if other == c:
                    continue
                if place[other] < first:
                    place[other] = at
                    new_column[at] = other
                    new_value[at] = value[p]
                    at += 1
                else:
                    new_value[place[other]] += value[p]
        new_start[c + 1] = at
    return new_start, new_column[:at].copy(), new_value[:at].copy(), new_ground


@kernel
def diagonal(start, value, ground):  # type: ignore[no-untyped-def]
    """Sum of each node's conductances."""
    out = ground.copy()
    for i in range(out.size):
        for p in range(start[i], start[i + 1]):
            out[i] += value[p]
    return out


@kernel
def forward_from_zero(start, column, value, diag, f, x):  # type: ignore[no-untyped-def]
    """Gauss-Seidel from the first node to the last, begun at zero."""
    for i in range(x.size):
        total = f[i]
        for p in range(start[i], start[i + 1]):
            j = column[p]
            if j < i:
                total += value[p] * x[j]
        x[i] = total / diag[i]


@kernel
def backward(start, column, value, diag, f, x):  # type: ignore[no-untyped-def]
    """Gauss-Seidel from the last node to the first."""
    for i in range(x.size - 1, -1, -1):
        total = f[i]
        for p in range(start[i], start[i + 1]):
            total += value[p] * x[column[p]]
        x[i] = total / diag[i]


@kernel
def heat(start, column, value, ground, x, out):  # type: ignore[no-untyped-def]
    """Heat that leaves each node, by differences, so that no digits go to what nodes have in common."""
    for i in range(x.size):
        total = ground[i] * x[i]
        for p in range(start[i], start[i + 1]):
            total += value[p] * (x[i] - x[column[p]])
        out[i] = total


@kernel
def gather(group, fine, coarse):  # type: ignore[no-untyped-def]
    """Sum of a fine vector over each aggregate."""
    coarse[:] = 0.0
    for i in range(fine.size):
        coarse[group[i]] += fine[i]


@kernel
def spread(group, coarse, fine):  # type: ignore[no-untyped-def]
    """Adds each aggregate's value to its nodes."""
    for i in range(fine.size):
        fine[i] += coarse[group[i]]
