"""Snapped grids and painted bodies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.thermal.mesh import Mesh, paint, snapped

spans = st.tuples(st.integers(0, 4000), st.integers(1, 2000)).map(
    lambda p: (p[0] * 1e-5, (p[0] + p[1]) * 1e-5)
)
boxes = st.lists(
    st.tuples(spans, spans, spans).map(lambda b: [*b[0], *b[1], *b[2]]), min_size=1, max_size=6
).map(np.array)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(boxes, st.floats(2e-4, 5e-3))
def test_every_face_is_an_edge_and_no_cell_is_too_wide(bodies, cell_m):
    mesh = snapped(bodies, cell_m, vertical_cell_m=1.0)
    for axis, edges in enumerate((mesh.x_m, mesh.y_m, mesh.z_m)):
        for face in bodies[:, 2 * axis : 2 * axis + 2].ravel():
            assert np.abs(edges - face).min() <= 1e-9
    assert max(mesh.sizes_m[0].max(), mesh.sizes_m[1].max()) <= cell_m * (1 + 1e-9)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(boxes)
def test_painted_volume_is_the_volume_of_the_last_box(bodies):
    mesh = snapped(bodies, 2e-3)
    painted = paint(mesh, bodies)
    last = bodies[-1]
    volume = np.prod(last[1::2] - last[::2])
    assert mesh.volume_m3[painted == len(bodies) - 1].sum() == pytest.approx(volume, rel=1e-6)


def test_later_boxes_win_and_nothing_is_minus_one():
    bodies = np.array([[0, 2, 0, 2, 0, 1], [1, 2, 0, 1, 0, 1]]) * 1e-3
    mesh = snapped(bodies, 1e-3, domain_m=np.array([0, 2, 0, 2, 0, 2]) * 1e-3)
    painted = paint(mesh, bodies, [7, 3])
    assert painted.dtype == np.int32
    assert painted[:, :, 0].tolist() == [[7, 7], [3, 7]]
    assert (painted[:, :, 1:] == -1).all()


def test_faces_within_a_nanometre_are_one():
    bodies = np.array([[0, 1e-3, 0, 1e-3, 0, 1e-3], [0.5e-9, 1e-3 + 0.4e-9, 0, 1e-3, 0, 1e-3]])
    assert snapped(bodies, 1e-3).shape == (1, 1, 1)


def test_widths_grow_smoothly_from_a_fine_body():
    bodies = np.array([[0, 40e-3, 0, 40e-3, 0, 1e-3], [20e-3, 22e-3, 20e-3, 22e-3, 0, 1e-3]])
    mesh = snapped(bodies, [2e-3, 1e-4], max_ratio=1.5)
    dx = mesh.sizes_m[0]
    inside = (mesh.centres_m[0] > 20e-3) & (mesh.centres_m[0] < 22e-3)
    assert dx[inside].max() <= 1e-4 * (1 + 1e-9)
    assert max((dx[1:] / dx[:-1]).max(), (dx[:-1] / dx[1:]).max()) < 2.0
    assert len(dx) < 100  # a uniform grid as fine as the body would need 400


def test_a_finer_box_beside_a_coarse_one_stays_within_its_outline():
    bodies = np.array([[0, 10e-3, 0, 10e-3, 0, 1e-3], [0, 1e-3, 0, 10e-3, 0, 1e-3]])
    mesh = snapped(bodies, [1e-3, 2e-4])
    assert mesh.sizes_m[0][mesh.centres_m[0] < 1e-3].max() <= 2e-4 * (1 + 1e-9)
    assert mesh.sizes_m[0].max() > 8e-4


@pytest.mark.parametrize(
    ("bodies", "cell"),
    [
        ([[0, 0, 0, 1, 0, 1]], 0.1),
        ([[1, 0, 0, 1, 0, 1]], 0.1),
        ([[0, np.nan, 0, 1, 0, 1]], 0.1),
        ([[0, 1, 0, 1, 0, 1]], 0.0),
        ([[0, 1, 0, 1, 0]], 0.1),
    ],
)
def test_bad_boxes_are_refused(bodies, cell):
    with pytest.raises(ValueError, match=r"boxes_m|cell_m"):
        snapped(np.array(bodies, dtype=float), cell)


def test_edges_must_rise():
    with pytest.raises(ValueError, match="y_m"):
        Mesh(x_m=np.array([0.0, 1.0]), y_m=np.array([0.0, 0.0]), z_m=np.array([0.0, 1.0]))


def test_refinement_cuts_every_cell():
    mesh = snapped(np.array([[0, 3.0, 0, 2.0, 0, 1.0]]), 1.0).refined(3, vertical=2)
    assert mesh.shape == (9, 6, 2)
    np.testing.assert_allclose(mesh.sizes_m[0], 1 / 3)
