"""The few words of SVG and PNG that the figures are written in."""

import base64
import struct
import zlib
from collections.abc import Sequence
from html import escape

Color = tuple[int, int, int]
_PNG = b"\x89PNG\r\n\x1a\n"


def place(value: float) -> str:
    """A coordinate to a hundredth, as short as it goes."""
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def tag(name: str, inside: str = "", /, **attributes: object) -> str:
    """One element. Underscores in attribute names stand for hyphens, a trailing one is dropped; floats are coordinates.

    `inside` is markup already; attribute values are escaped here.
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(place(value) if isinstance(value, float) else str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def box(x: float, y: float, width: float, height: float, **attributes: object) -> str:
    """A rectangle."""
    return tag("rect", "", x=float(x), y=float(y), width=float(width), height=float(height), **attributes)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> str:
    """A straight line."""
    return tag("line", "", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), **attributes)


def text(x: float, y: float, said: str, **attributes: object) -> str:
    """A text, escaped here."""
    return tag("text", escape(said), x=float(x), y=float(y), **attributes)


def dimension(x1: float, y1: float, x2: float, y2: float, said: str) -> str:
    """A dimension mark between two points on one level: line, end strokes, figure."""
    if y1 == y2:
        ends = [line(x, y1 - 4.0, x, y1 + 4.0, class_="dim") for x in (x1, x2)]
        label = text((x1 + x2) / 2.0, y1 - 5.0, said, class_="t small", text_anchor="middle")
    else:
        ends = [line(x1 - 4.0, y, x1 + 4.0, y, class_="dim") for y in (y1, y2)]
        middle = (y1 + y2) / 2.0
        label = text(
            x1 - 7.0, middle, said, class_="t small", text_anchor="middle",
            transform=f"rotate(-90 {place(x1 - 7.0)} {place(middle)})",
        )  # fmt: skip
    return line(x1, y1, x2, y2, class_="dim") + "".join(ends) + label


def text_width(said: str, size: float) -> float:
    """About how wide a text runs in a sans-serif face, to tell whether it fits."""
    return 0.56 * size * len(said)


def fitting(identifier: str, width: float, size: float) -> str:
    """A die's id where it fits; else the number that ends it ('7' of 'compute_7'); else nothing."""
    for said in (identifier, identifier.rpartition("_")[2]):
        if text_width(said, size) + 4.0 <= width:
            return said
    return ""


def indexed_png(rows: Sequence[bytes], palette: Sequence[Color], transparent: int | None = None) -> bytes:
    """A PNG of palette indices, one bytes object per row; `transparent` is an index past the palette.

    After the PNG specification (ISO/IEC 15948): 8-bit indexed colour, no filter.
    """
    colors = [*palette, (0, 0, 0)] if transparent is not None else list(palette)
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 3, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"PLTE", bytes(part for color in colors for part in color))]
    if transparent is not None:
        chunks.append((b"tRNS", b"\xff" * transparent + b"\x00"))
    chunks.append((b"IDAT", zlib.compress(b"".join(b"\x00" + row for row in rows), 9)))
    chunks.append((b"IEND", b""))
    return _PNG + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def data_address(png: bytes) -> str:
    """A PNG as an address that needs no network."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
