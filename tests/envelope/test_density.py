"""Hot squares: the layered disc against an independent series and against the whole package, finely gridded."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from tests.assessment.example import BESIDE, STACKED, case

from packfirst.disciplines.thermal import limits, mesh
from packfirst.disciplines.thermal.response import response
from packfirst.disciplines.thermal.spreading import flux_channel_yovanovich1999
from packfirst.envelope.density import concentration_k_per_w, worst_k_per_w

SILICON_TIM_COPPER = ([0.7e-3, 0.2e-3, 2.5e-3], [148.0, 52.6, 398.0], 11e3)


@pytest.mark.parametrize("area_mm2", [0.1, 0.5, 1.0])
def test_disc_in_a_tube_against_the_series_of_a_square_in_a_channel(area_mm2):
    """Yovanovich, Muzychka, Culham 1999: corner of a square in the corner of a square plate, less the mean rise."""
    t, k, film = SILICON_TIM_COPPER
    side, plate = np.sqrt(area_mm2) * 1e-3, 10e-3
    corner = flux_channel_yovanovich1999(
        [plate, plate], t, k, film, [side / 2, side / 2, side, side], [0.0, 0.0, 0.0, 0.0], terms=600
    )
    mean = (1.0 / film + sum(np.divide(t, k))) / plate**2
    found = concentration_k_per_w(side**2, plate**2, t, k, k, film)
    assert found == pytest.approx(float(corner) - mean, rel=0.012)
    assert found > float(corner) - mean  # a disc's centre is the hotter one


def test_a_square_as_large_as_its_die_concentrates_nothing():
    t, k, film = SILICON_TIM_COPPER
    assert concentration_k_per_w(1e-4, 1e-4, t, k, k, film) == pytest.approx(0.0, abs=1e-4)


def test_smaller_squares_and_poorer_layers_are_hotter():
    t, k, film = SILICON_TIM_COPPER
    found = [concentration_k_per_w(area * 1e-6, 1e-4, t, k, k, film) for area in (0.1, 0.5, 1.0, 9.0)]
    assert found == sorted(found, reverse=True)
    assert concentration_k_per_w(1e-6, 1e-4, t, k, [6.0, 52.6, 398.0], film) > found[2]
    with pytest.raises(ValueError, match="larger than its die"):
        concentration_k_per_w(2e-4, 1e-4, t, k, k, film)


# Package, kind, side [mm], where on the die (0 its left or lower edge, 1 the other), and the share of the prediction
# that the whole package, finely gridded, comes to at least. The prediction is for a bare corner that passes heat one
# way only. Side by side that is nearly so; in the stack silicon fills the space beside the compute die and the fabric
# lies below it, and in the middle of a die a square spreads to four sides instead of two.
PLACES = [
    (BESIDE, "compute", 1.0, (0.0, 0.0), 0.65), (BESIDE, "compute", 0.316, (0.0, 0.0), 0.65),
    (BESIDE, "fabric", 0.7, (1.0, 0.0), 0.65), (BESIDE, "hbm", 1.0, (0.0, 0.0), 0.5),
    (STACKED, "compute", 1.0, (0.0, 0.0), 0.5), (STACKED, "compute", 0.316, (0.5, 0.5), 0.4),
    (STACKED, "fabric", 1.0, (0.0, 0.0), 0.3), (STACKED, "fabric", 0.7, (0.5, 0.5), 0.1),
]  # fmt: skip


@pytest.fixture(scope="module")
def columns():
    """Columns of a package, each package solved once."""
    return cache(lambda candidate: response(case(candidate), "plan").columns)


@pytest.mark.parametrize(("candidate", "kind", "side_mm", "where", "least"), PLACES)
def test_the_whole_package_on_a_fine_grid_is_never_hotter_than_predicted(
    columns, monkeypatch, candidate, kind, side_mm, where, least
):
    built, predicted_from = case(candidate), columns(candidate)
    die = next(item for item in built.package.die if item.group == kind)
    x0, x1, y0, y1, z0, _ = built.package.body(die.body).box_m
    side = side_mm * 1e-3
    x, y = x0 + where[0] * (x1 - x0 - side), y0 + where[1] * (y1 - y0 - side)
    square = (x, x + side, y, y + side)
    predicted = worst_k_per_w(side**2, (x1 - x0) * (y1 - y0), predicted_from[kind])
    faces = limits._grid(built.package, "plan").z_m

    def fine(package, rung):
        # Cells of a sixth of the square in it, thin sheets above it, and the plan's own faces elsewhere.
        boxes = [(*square, low, high) for low, high in pairwise(faces)]
        boxes += [(*square, z0, z0 + up) for up in (0.02e-3, 0.06e-3, 0.12e-3, 0.25e-3, 0.45e-3)]
        bodies = [body.box_m for body in package.bodies]
        sizes = [side / 6.0] * len(boxes) + [10e-3] * len(bodies)
        return mesh.snapped([*boxes, *bodies], sizes, vertical_cells=1, vertical_cell_m=10e-3, max_ratio=2.5)

    monkeypatch.setattr(limits, "_grid", fine)
    setting = limits.setting_of(built, "plan")
    centre_x, centre_y, _ = setting.prepared.problem.mesh.centres_m
    in_x, in_y = (
        (c > low) & (c < high) for c, low, high in ((centre_x, *square[:2]), (centre_y, *square[2:]))
    )
    in_square = np.broadcast_to((in_x[:, None] & in_y[None, :])[..., None], setting.label.shape)
    cells, share = setting.active[die.id], setting.share[die.id]
    hot = in_square.ravel()[cells]
    if die.part:  # a stack that heats throughout: the square in the die at its foot, where it is worst off
        level = np.unravel_index(cells, setting.label.shape)[2]
        hot &= level == level.min()
    even, drawn = np.zeros(setting.label.size), np.zeros(setting.label.size)
    even[cells] = share
    drawn[cells] = np.where(hot, share / share[hot].sum(), 0.0)
    maps = np.stack([even, drawn]).reshape(2, *setting.label.shape)
    solved = setting.prepared.solve(10.0 * maps, tolerance=1e-7).temperature_k.reshape(2, -1)
    per_watt = float((solved[1] - solved[0])[cells[hot]].max()) / 10.0
    assert least * predicted <= per_watt <= predicted
