"""Hot squares: the layered disc against an independent series and against the whole package, finely gridded."""

import numpy as np
import pytest

from packfirst.disciplines.thermal import limits, mesh
from packfirst.disciplines.thermal.spreading import flux_channel_yovanovich1999
from packfirst.envelope.density import concentration_k_per_w

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


# Kind, side [mm], where on the die (0 its left or lower edge, 1 the other), share of the prediction that a fine grid
# of the whole package must at least come to. In a corner the lid still spreads heat past the die's edge; in the
# middle a square has four sides to spread to, and less than half of the rise is left.
PLACES = [
    ("compute", 1.0, (0.0, 0.0), 0.70), ("compute", 0.32, (0.0, 0.0), 0.70), ("compute", 1.0, (0.5, 0.5), 0.25),
    ("fabric", 1.0, (0.0, 0.0), 0.60), ("fabric", 0.7, (0.5, 0.5), 0.05), ("hbm", 1.0, (0.0, 0.0), 0.40),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "side_mm", "where", "least"), PLACES)
def test_the_whole_package_on_a_fine_grid_is_never_hotter_than_predicted(
    found, answer, built, monkeypatch, kind, side_mm, where, least
):
    die = next(item for item in built.package.die if item.group == kind)
    x0, x1, y0, y1, z0, z1 = built.package.body(die.body).box_m
    side = side_mm * 1e-3
    x, y = x0 + where[0] * (x1 - x0 - side), y0 + where[1] * (y1 - y0 - side)
    square = (x, x + side, y, y + side)
    coarse = limits._grid(built.package, "plan")

    def fine(package, rung):
        # Cells of a sixth of the square in it, thin sheets above it, and the plan's own faces elsewhere.
        boxes = [(*square, a, b) for a, b in zip(coarse.z_m[:-1], coarse.z_m[1:], strict=True)]
        sheets = [z for z in z0 + np.array([0.02, 0.06, 0.12, 0.25, 0.45]) * 1e-3 if z < coarse.z_m[-1]]
        boxes += [(*square, z0, z) for z in sheets]
        bodies = [body.box_m for body in package.bodies]
        sizes = [side / 6.0] * len(boxes) + [10e-3] * len(bodies)
        return mesh.snapped([*boxes, *bodies], sizes, vertical_cells=1, vertical_cell_m=10e-3, max_ratio=2.5)

    monkeypatch.setattr(limits, "_grid", fine)
    setting = limits.setting_of(built, "plan")
    edges = setting.prepared.problem.mesh
    centre_x, centre_y, _ = edges.centres_m
    in_square = np.zeros(setting.label.shape, dtype=bool)
    in_square |= ((centre_x > square[0]) & (centre_x < square[1]))[:, None, None]
    in_square &= ((centre_y > square[2]) & (centre_y < square[3]))[None, :, None]
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

    window = found.of(kind)
    square_rule = next(item for item in window.densities if item.area_m2 >= 0.999 * side**2)
    factor = max(rules_factor(answer, built, item, kind) for item in (kind, *window.shares_heat_with))
    predicted = square_rule.k_per_w / factor
    assert per_watt <= predicted
    print("RATIO", kind, side_mm, where, per_watt, predicted, per_watt / predicted, setting.label.shape)
    assert per_watt >= least * predicted


def rules_factor(answer, built, protected: str, heating: str) -> float:
    from packfirst.envelope.power import rules

    return float(rules(answer, built.program.confidence)[protected].factor[answer.groups.index(heating)])
