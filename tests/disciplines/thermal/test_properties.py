"""Conductivity of a body from the catalog's records, its slopes, and the film that a way out stands for."""

import pytest

from packfirst.architecture.package import Body, Field
from packfirst.catalog import Catalog
from packfirst.disciplines.thermal.properties import Conductivity, conductivity, way_out

from ...assessment.example import catalog, program

SIDE = (0.0, 1e-3, 0.0, 1e-3)
SOLDER, FILL = "material/sac305", "material/underfill_cuf"


def body(material: str, role: str = "lid", thickness_m: float = 1e-4) -> Body:
    return Body(id="it", role=role, material=material, box_m=(*SIDE, 0.0, thickness_m))


def of(item: Body, field: Field | None = None, catalog_: Catalog | None = None) -> Conductivity:
    return conductivity(item, field, program(), catalog_ or catalog())


def test_an_interface_is_its_resistance_whatever_its_thickness() -> None:
    resistance = catalog().record("interface", "tim1_indium")["area_resistance"]
    for thickness in (5e-5, 2e-4):
        found = of(body("interface/tim1_indium", "lid_interface", thickness))
        assert thickness / found.through == pytest.approx(resistance)


def test_the_board_is_the_programs() -> None:
    found, board = of(body("program/board", "board")), program().board
    assert (found.in_plane, found.through) == (board.conductivity.value, board.conductivity_z.value)
    assert found.slopes[board.conductivity.id] == (1.0, 0.0)
    assert found.slopes[board.conductivity_z.id] == (0.0, 1.0)


def test_a_stack_conducts_apart_along_and_through() -> None:
    found, part = of(body("part/hbm3_12h", "die")), catalog().record("part", "hbm3_12h")
    assert (found.in_plane, found.through) == (part["conductivity"], part["conductivity_z"])


def bumps(diameter_m: float) -> Field:
    return Field(body="it", pitch_m=100e-6, diameter_m=diameter_m, metal=SOLDER)


def test_posts_conduct_in_parallel_through_and_less_along() -> None:
    metal, fill = catalog().record(*SOLDER.split("/")), catalog().record(*FILL.split("/"))
    share = 0.7853981633974483 * 0.25
    found = of(body(FILL, "bumps"), bumps(50e-6))
    assert found.through == pytest.approx(
        share * metal["conductivity"] + (1.0 - share) * fill["conductivity"], rel=1e-9
    )
    assert fill["conductivity"] < found.in_plane < found.through


def test_a_bond_is_its_own_record() -> None:
    bond = catalog().record("material", "hybrid_bond_effective")
    field = Field(body="it", pitch_m=9e-6, diameter_m=4.5e-6, metal="material/cu")
    found = of(body("material/sio2", "bond"), field)
    plain = of(body("material/hybrid_bond_effective", "bond"))
    assert (found.in_plane, found.through) == (plain.in_plane, plain.through)
    assert found.through <= bond["conductivity"] * (1.0 + 1e-12) or "conductivity_z" in bond


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (body(FILL, "bumps"), bumps(50e-6)), (body(FILL, "bumps"), bumps(20e-6)),
        (body("interface/tim1_gel", "lid_interface"), None), (body("material/cu"), None),
        (body("part/hbm3_12h", "die"), None), (body("material/air", "balls"), bumps(60e-6)),
    ],
)  # fmt: skip
def test_slopes_are_those_of_asking_again(item: Body, field: Field | None) -> None:
    base = of(item, field)
    assert base.slopes
    for name, (flat, through) in base.slopes.items():
        value = catalog().input(name).value
        high, low = (
            of(item, field, catalog().with_value(name, value * (1.0 + sign * 1e-5))) for sign in (1.0, -1.0)
        )
        step = 2e-5 * value
        size = max(abs(flat), abs(through))
        assert flat == pytest.approx((high.in_plane - low.in_plane) / step, rel=1e-5, abs=1e-6 * size), name
        assert through == pytest.approx((high.through - low.through) / step, rel=1e-5, abs=1e-6 * size), name


@pytest.mark.parametrize("name", ["cold_plate", "forced_air_hs", "nat_air_hs"])
def test_a_way_out_is_the_film_that_gives_its_resistance(name: str) -> None:
    path = catalog().record("thermal_path", name)
    film, slopes = way_out(path)
    if path.word("model") == "film":
        assert film == path["film_coefficient"]
    else:
        assert 1.0 / (film * path["reference_area"]) == pytest.approx(path["resistance"])
    for input_id, slope in slopes.items():
        value = catalog().input(input_id).value
        step = 1e-6 * value
        high, low = (
            way_out(catalog().with_value(input_id, value + sign * step).record("thermal_path", name))[0]
            for sign in (1.0, -1.0)
        )
        assert slope == pytest.approx((high - low) / (2.0 * step), rel=1e-6)
