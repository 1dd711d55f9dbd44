"""How many signals a board's layers lead out from under an array of terminals."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def tracks_between(
    pitch_m: ArrayLike, land_m: ArrayLike, line_m: ArrayLike, space_m: ArrayLike
) -> NDArray[np.int64]:
    """Tracks that pass between two neighbouring lands. [1]

    Parameters
    ----------
    pitch_m, land_m, line_m, space_m : array_like, broadcast together

    Notes
    -----
    n lines and n + 1 spaces fit into pitch less land: n = floor((p - d - s) / (w + s)), none where that is
    negative. The same count stands in every escape guide, for example [1]_.

    References
    ----------
    .. [1] Atlas PCB, "BGA escape routing", the channel equation (with clearances apart from the spaces).
    """
    pitch, land, line, space = (np.asarray(x, dtype=np.float64) for x in (pitch_m, land_m, line_m, space_m))
    # 0.5 mm less 0.246 mm is two lines of 0.127 mm, whatever the last bit says.
    free = (pitch - land - space) / (line + space) * (1.0 + 1e-9)
    return np.asarray(np.maximum(np.floor(free), 0.0), dtype=np.int64)


def ring(columns: int, rows: int) -> int:
    """Terminals in the outermost ring of an array; all of it where it is one ring or a line."""
    if columns <= 0 or rows <= 0:
        return 0
    return columns * rows if min(columns, rows) <= 2 else 2 * (columns + rows) - 4


def signals_out(columns: int, rows: int, tracks: int, layers: int, *, blind: bool) -> int:
    """Most signals that leave an array over a number of signal layers.

    Parameters
    ----------
    columns, rows : int
        Of the array of terminals.
    tracks : int
        Between neighbouring lands, of `tracks_between`.
    layers : int
        That carry signals outwards; the uppermost holds the lands themselves.
    blind : bool
        Whether vias end at the layer that they lead to, so that they leave the layers below free.

    Notes
    -----
    On the surface the outer ring goes straight out, and `tracks` more rings through its gaps. On the next layer
    what is left stands as vias, and the same holds of their outermost ring. Below that, through holes of
    signals that are out already still stand in the way: only the gaps are left. Signals are taken to have the
    outer rings, supply and ground the middle, so this is the most that any assignment can have.
    """
    out, wide, high = 0, columns, rows
    for layer in range(layers):
        straight = blind or layer < 2
        here = ring(wide, high) * (tracks + (1 if straight else 0))
        out += min(here, wide * high if straight else columns * rows - out)
        if straight and (blind or layer == 0):
            wide, high = wide - 2 * (tracks + 1), high - 2 * (tracks + 1)
        if wide <= 0 or high <= 0:
            break
    return min(out, columns * rows)
