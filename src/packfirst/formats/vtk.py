"""Fields on a rectilinear grid as VTK XML files, which ParaView opens.

References
----------
.. [1] Kitware, "VTK XML file formats",
   https://docs.vtk.org/en/latest/vtk_file_formats/vtkxml_file_format.html: ImageData and RectilinearGrid, inline base64
   arrays led by their length, and `vtkGhostType` for hidden cells.
"""

import base64
import struct
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

HIDDEN = 32  # vtkDataSetAttributes::HIDDENCELL
_EVEN = 1e-9


def volume_text(
    kind: str,
    edges_m: tuple[ArrayLike, ArrayLike, ArrayLike],
    fields: Mapping[str, ArrayLike],
    shown: ArrayLike | None = None,
) -> str:
    """A `.vtr` (any rectilinear grid) or `.vti` (even cells) file with cell data.

    Parameters
    ----------
    kind : str
        'vtr' or 'vti'.
    edges_m : tuple of array_like, shapes (nx + 1,), (ny + 1,), (nz + 1,)
    fields : mapping of str to array_like, shape (nx, ny, nz)
    shown : array_like of bool, shape (nx, ny, nz), optional
        Cells that exist; the others are hidden.

    Raises
    ------
    ValueError
        A field of another shape; 'vti' on a grid whose cells differ.
    """
    edges = [np.asarray(edge, dtype=np.float64) for edge in edges_m]
    shape = tuple(len(edge) - 1 for edge in edges)
    arrays = {name: np.asarray(value, dtype=np.float64) for name, value in fields.items()}
    for name, value in arrays.items():
        if value.shape != shape:
            raise ValueError(f"{name}: shape {value.shape}, expected {shape}")
    extent = " ".join(f"0 {n}" for n in shape)
    # VTK lets x run fastest.
    data = [_array("Float64", name, value.ravel(order="F")) for name, value in arrays.items()]
    if shown is not None:
        hidden = np.where(np.asarray(shown), 0, HIDDEN).astype(np.uint8)
        data.append(_array("UInt8", "vtkGhostType", hidden.ravel(order="F")))
    cells = "\n".join(["<CellData>", *data, "</CellData>"])
    if kind == "vti":
        spacing = [float(edge[-1] - edge[0]) / n for edge, n in zip(edges, shape, strict=True)]
        for axis, edge, step in zip("xyz", edges, spacing, strict=True):
            if any(abs(b - a - step) > _EVEN * (edge[-1] - edge[0]) for a, b in pairwise(edge)):
                raise ValueError(f"cells differ in size along {axis}: write .vtr")
        origin = " ".join(f"{edge[0]:.17g}" for edge in edges)
        head = f'WholeExtent="{extent}" Origin="{origin}" Spacing="{" ".join(f"{s:.17g}" for s in spacing)}"'
        kind_name, grid = "ImageData", ""
    elif kind == "vtr":
        head, kind_name = f'WholeExtent="{extent}"', "RectilinearGrid"
        lines = [_array("Float64", f"{axis}_m", edge) for axis, edge in zip("xyz", edges, strict=True)]
        grid = "\n".join(["<Coordinates>", *lines, "</Coordinates>", ""])
    else:
        raise ValueError(f"kind: {kind!r}, expected 'vtr' or 'vti'")
    return (
        f'<?xml version="1.0"?>\n<VTKFile type="{kind_name}" version="1.0" byte_order="LittleEndian" '
        f'header_type="UInt64">\n<{kind_name} {head}>\n<Piece Extent="{extent}">\n{cells}\n{grid}</Piece>\n'
        f"</{kind_name}>\n</VTKFile>\n"
    )


def _array(kind: str, name: str, values: NDArray[np.float64] | NDArray[np.uint8]) -> str:
    raw = values.astype(values.dtype.newbyteorder("<")).tobytes()
    coded = base64.b64encode(struct.pack("<Q", len(raw)) + raw).decode("ascii")
    return f'<DataArray type="{kind}" Name="{name}" format="binary">{coded}</DataArray>'
