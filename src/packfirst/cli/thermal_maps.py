"""What `packfirst thermal` writes of a field: the cut through its hottest cell as CSV or PNG, and a volume."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from packfirst.errors import InputError

if TYPE_CHECKING:
    from packfirst.cli.thermal_cases import Solved

ZERO_C_K = 273.15
_PIXELS = 768  # of the longer side of a map


def _cut(found: "Solved") -> tuple[int, Any, Any, Any]:
    """The cell layer with the hottest cell as far as it holds bodies.

    Its number, its temperatures in degC (NaN where nothing is), and the edges of its cells along x and y.
    """
    import numpy as np

    field = np.where(found.solid, found.temperature_k - ZERO_C_K, -np.inf)
    level = int(np.unravel_index(np.argmax(field), field.shape)[2])
    there = found.solid[:, :, level]
    spans = []
    for axis in (0, 1):
        cells = np.flatnonzero(there.any(axis=1 - axis))
        spans.append(slice(int(cells[0]), int(cells[-1]) + 1))
    plane = np.where(there, field[:, :, level], np.nan)[spans[0], spans[1]]
    x, y = (edges[span.start : span.stop + 1] for edges, span in zip(found.edges_m[:2], spans, strict=True))
    return level, plane, x, y


def write_map(path: Path, found: "Solved") -> str:
    """The cut as degC at cell centres, or as an image true to scale; returns what is said of it."""
    import numpy as np

    from packfirst.cli.files import write_whole

    level, plane, x, y = _cut(found)
    z = found.edges_m[2]
    low, high = float(np.nanmin(plane)), float(np.nanmax(plane))
    where = (
        f"cut at z = {500.0 * (z[level] + z[level + 1]):.4g} mm{f', mode {found.mode}' if found.mode else ''}"
    )
    said = f"Map: {path.resolve()} ({where}, {low:.2f} to {high:.2f} degC)"
    if path.suffix == ".csv":
        middle_x, middle_y = 500.0 * (x[1:] + x[:-1]), 500.0 * (y[1:] + y[:-1])
        lines = [",".join(["degC at y_mm down; x_mm across", *(f"{v:.6g}" for v in middle_x)])]
        for j in reversed(range(len(middle_y))):
            cells = ("" if np.isnan(v) else f"{v:.4f}" for v in plane[:, j])
            lines.append(",".join([f"{middle_y[j]:.6g}", *cells]))
        write_whole(path, "\n".join(lines) + "\n")
        return said
    from packfirst.formats.png import png_bytes

    image = _image(plane, x, y, low, high)
    text = {
        "Title": "packfirst thermal",
        "Description": f"{where}; colours from {low:.2f} to {high:.2f} degC",
    }
    try:
        path.write_bytes(png_bytes(image, text))
    except OSError as error:
        raise InputError.one(str(path), f"cannot be written: {error.strerror}") from None
    return said


def _image(plane: Any, x: Any, y: Any, low: float, high: float) -> Any:
    """Seen from above, y upwards, true to scale; the scale of colours stands on the right, hot above."""
    import numpy as np

    from packfirst.report.colors import heat_scale

    scale = np.array(heat_scale(), dtype=np.uint8)
    wide, tall = x[-1] - x[0], y[-1] - y[0]
    pixel = max(wide, tall) / _PIXELS
    columns, rows = max(1, round(wide / pixel)), max(1, round(tall / pixel))
    at_x = np.searchsorted(x, x[0] + wide * (np.arange(columns) + 0.5) / columns) - 1
    at_y = np.searchsorted(y, y[0] + tall * (np.arange(rows) + 0.5) / rows) - 1
    seen = plane[np.ix_(at_x, at_y)].T[::-1]
    share = (np.nan_to_num(seen, nan=low) - low) / ((high - low) or 1.0)
    picture = scale[np.round(share * (len(scale) - 1)).astype(int)]
    picture[np.isnan(seen)] = 255
    bar = scale[np.round(np.linspace(len(scale) - 1, 0, rows)).astype(int)]
    return np.concatenate(
        [picture, np.full((rows, 16, 3), 255, dtype=np.uint8), np.repeat(bar[:, None], 24, axis=1)], axis=1
    )


def write_volume(path: Path, found: "Solved") -> str:
    """The whole field for ParaView; returns what is said of it."""
    from packfirst.cli.files import write_whole
    from packfirst.formats.vtk import volume_text

    try:
        text = volume_text(
            path.suffix[1:], found.edges_m, {"temperature_degC": found.temperature_k - ZERO_C_K}, found.solid
        )
    except ValueError as error:
        raise InputError.one(str(path), str(error)) from None
    write_whole(path, text)
    return f"Volume: {path.resolve()}"
