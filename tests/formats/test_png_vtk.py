"""Images and volume files against the formats' own rules, read back by independent means."""

import base64
import struct
import zlib
from xml.etree import ElementTree

import numpy as np
import pytest

from packfirst.formats.png import png_bytes
from packfirst.formats.vtk import volume_text


def test_png_holds_its_pixels_with_valid_check_sums():
    rgb = np.random.default_rng(1).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    data = png_bytes(rgb, {"Description": "five by seven"})
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place, chunks = 8, {}
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        assert struct.unpack(">I", data[place + 8 + length : place + 12 + length])[0] == zlib.crc32(
            kind + body
        )
        chunks[kind] = body
        place += 12 + length
    assert list(chunks) == [b"IHDR", b"tEXt", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", chunks[b"IHDR"]) == (7, 5, 8, 2, 0, 0, 0)
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), dtype=np.uint8).reshape(5, 22)
    assert not lines[:, 0].any()
    assert np.array_equal(lines[:, 1:].reshape(5, 7, 3), rgb)
    assert chunks[b"tEXt"] == b"Description\0five by seven"


def test_png_refuses_other_arrays():
    with pytest.raises(ValueError, match="expected uint8"):
        png_bytes(np.zeros((2, 2, 3)))


def numbers(element, kind):
    raw = base64.b64decode(element.text)
    (length,) = struct.unpack("<Q", raw[:8])
    assert length == len(raw) - 8
    return np.frombuffer(raw[8:], dtype=kind)


def test_rectilinear_volume_keeps_coordinates_order_and_holes():
    edges = (np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0]), np.array([-1.0, 0.0, 4.0, 5.0]))
    field = np.arange(6.0).reshape(2, 1, 3)
    shown = np.ones(field.shape, dtype=bool)
    shown[1, 0, 2] = False
    root = ElementTree.fromstring(volume_text("vtr", edges, {"t": field}, shown))
    assert root.attrib["type"] == "RectilinearGrid"
    piece = root[0][0]
    assert piece.attrib["Extent"] == "0 2 0 1 0 3"
    data, coordinates = piece.find("CellData"), piece.find("Coordinates")
    for element, edge in zip(coordinates, edges, strict=True):
        assert numbers(element, "<f8").tolist() == edge.tolist()
    assert numbers(data[0], "<f8").tolist() == [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]  # x runs fastest
    assert numbers(data[1], "u1").tolist() == [0, 0, 0, 0, 0, 32]


def test_even_cells_may_be_an_image_and_others_not():
    edges = (np.linspace(0, 4, 3), np.linspace(0, 3, 4), np.linspace(1, 2, 2))
    root = ElementTree.fromstring(volume_text("vti", edges, {"t": np.zeros((2, 3, 1))}))
    grid = root[0]
    assert [float(v) for v in grid.attrib["Spacing"].split()] == [2.0, 1.0, 1.0]
    assert [float(v) for v in grid.attrib["Origin"].split()] == [0.0, 0.0, 1.0]
    with pytest.raises(ValueError, match="cells differ in size along z"):
        volume_text("vti", (edges[0], edges[1], [0.0, 1.0, 5.0]), {"t": np.zeros((2, 3, 2))})
    with pytest.raises(ValueError, match="t: shape"):
        volume_text("vtr", edges, {"t": np.zeros((3, 2, 1))})
