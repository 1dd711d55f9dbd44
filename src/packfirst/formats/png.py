"""PNG images from arrays, without an imaging library.

References
----------
.. [1] "Portable Network Graphics (PNG) Specification (Second Edition)", W3C Recommendation, ISO/IEC 15948, 2003: the
   signature, chunks IHDR, tEXt, IDAT, IEND, and filter type 0.
"""

import struct
import zlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


def png_bytes(rgb: NDArray[np.uint8], text: Mapping[str, str] | None = None) -> bytes:
    """A true-colour image, shape (rows, columns, 3), first row at the top; `text` goes into tEXt chunks (Latin-1).

    Raises
    ------
    ValueError
        An array of another shape or type.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or not rgb.size:
        raise ValueError(f"rgb: {rgb.dtype} of shape {rgb.shape}, expected uint8 of shape (rows, columns, 3)")
    rows, columns, _ = rgb.shape
    lines = np.zeros(
        (rows, 1 + 3 * columns), dtype=np.uint8
    )  # each row begins with its filter type, 0 for none
    lines[:, 1:] = rgb.reshape(rows, -1)
    notes = [
        _chunk(b"tEXt", f"{key}\0{value}".encode("latin-1", "replace")) for key, value in (text or {}).items()
    ]
    return b"".join([
        b"\x89PNG\r\n\x1a\n",
        _chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)),
        *notes,
        _chunk(b"IDAT", zlib.compress(lines.tobytes(), 9)),
        _chunk(b"IEND", b""),
    ])  # fmt: skip


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
