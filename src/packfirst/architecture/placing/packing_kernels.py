"""Compiled loops of `sequence_pair`: packing, cost and annealing of rectangles.

Arrays are the sequence pair's; nothing here is checked, and everything works in place.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

_F = TypeVar("_F", bound=Callable[..., Any])
kernel = cast("Callable[[_F], _F]", njit(cache=True, nogil=True, error_model="numpy"))


@kernel
def pack(first: Any, place: Any, w: Any, h: Any, x: Any, y: Any) -> None:
    """Corners x, y of rectangles packed left and down; `place` is where each stands in the second order."""
    n = len(first)
    for i in range(n):
        a = first[i]
        at = 0.0
        for j in range(i):
            b = first[j]
            if place[b] < place[a]:
                at = max(at, x[b] + w[b])
        x[a] = at
    for i in range(n - 1, -1, -1):
        a = first[i]
        at = 0.0
        for j in range(i + 1, n):
            b = first[j]
            if place[b] < place[a]:
                at = max(at, y[b] + h[b])
        y[a] = at


@kernel
def cost(x: Any, y: Any, w: Any, h: Any, offsets: Any, members: Any, weight: Any) -> Any:
    """Area of the outline, times one plus the weighed mean wire length over the half-perimeter."""
    wide, tall = 0.0, 0.0
    for i in range(len(x)):
        wide, tall = max(wide, x[i] + w[i]), max(tall, y[i] + h[i])
    nets = len(offsets) - 1
    if weight == 0.0 or nets == 0:
        return wide * tall
    total = 0.0
    for net in range(nets):
        x0 = y0 = 1e300
        x1 = y1 = -1e300
        for k in range(offsets[net], offsets[net + 1]):
            a = members[k]
            cx, cy = x[a] + w[a] / 2.0, y[a] + h[a] / 2.0
            x0, x1, y0, y1 = min(x0, cx), max(x1, cx), min(y0, cy), max(y1, cy)
        total += x1 - x0 + y1 - y0
    return wide * tall * (1.0 + weight * total / nets / (wide + tall))


@kernel
def swap(order: Any, place: Any, a: Any, b: Any) -> None:
    """Exchanges two rectangles in an order."""
    i, j = place[a], place[b]
    order[i], order[j] = b, a
    place[a], place[b] = j, i


@kernel
def move(
    kind: Any,
    a: Any,
    b: Any,
    first: Any,
    in_first: Any,
    second: Any,
    in_second: Any,
    w: Any,
    h: Any,
    turned: Any,
) -> None:
    """One move, which is its own inverse: exchange in one order, exchange in both, turn."""
    if kind == 2:
        w[a], h[a] = h[a], w[a]
        turned[a] = not turned[a]
        return
    swap(first, in_first, a, b)
    if kind == 1:
        swap(second, in_second, a, b)


@kernel
def anneal(
    width: Any,
    height: Any,
    offsets: Any,
    members: Any,
    weight: Any,
    moves: Any,
    random: Any,
    kinds: Any,
    uphill: Any,
    cooled: Any,
) -> Any:
    """The best orders and turns, and their cost; `kinds` is 3, or 2 where nothing may turn."""
    n = len(width)
    first, second, in_first, in_second = np.arange(n), np.arange(n), np.arange(n), np.arange(n)
    w, h, turned = width.copy(), height.copy(), np.zeros(n, np.bool_)
    x, y = np.zeros(n), np.zeros(n)
    pack(first, in_second, w, h, x, y)
    now = cost(x, y, w, h, offsets, members, weight)
    best, best_first, best_second, best_turned = now, first.copy(), second.copy(), turned.copy()
    if n == 1:
        return best_first, best_second, best_turned, best
    temperature, fall, measured, rises = 0.0, 1.0, 0.0, 0
    warm = min(200, moves // 4)
    for step in range(moves):
        if step == warm:
            temperature = -(measured / max(rises, 1)) / np.log(uphill)
            fall = cooled ** (1.0 / max(moves - warm, 1))
        kind, a = random.integers(0, kinds), random.integers(0, n)
        b = (a + 1 + random.integers(0, n - 1)) % n
        move(kind, a, b, first, in_first, second, in_second, w, h, turned)
        pack(first, in_second, w, h, x, y)
        found = cost(x, y, w, h, offsets, members, weight)
        rise = found - now
        if step < warm:  # everything is taken, and how far it goes uphill is measured
            if rise > 0.0:
                measured += rise
                rises += 1
        elif rise > 0.0 and random.random() >= np.exp(-rise / temperature):
            move(kind, a, b, first, in_first, second, in_second, w, h, turned)
            temperature *= fall
            continue
        else:
            temperature *= fall
        now = found
        if now < best:
            best = now
            best_first[:], best_second[:], best_turned[:] = first, second, turned
    return best_first, best_second, best_turned, best
