"""Room, by hand on the example's own product, and slopes by assessing again."""

import math
from dataclasses import replace

import pytest
from tests.architecture.cases import catalog, data, example, package_of, pick, program
from tests.architecture.test_package import painted

from packfirst.architecture.architecture import build
from packfirst.architecture.elaborate import elaborate
from packfirst.catalog import Catalog
from packfirst.disciplines.case import Case, Facts
from packfirst.disciplines.form_factor.limits import DISCIPLINE, mass_kg
from packfirst.levers import with_input
from packfirst.limit import Limit, NotAssessed

COWOS, EMIB, ORGANIC = "si_interposer_cowos_s", "bridge_emib", "organic_mcm"


def outcome(candidate, of_program=None, of_catalog=None):
    of_program, of_catalog = of_program or program(), of_catalog or catalog()
    architecture = build(of_program, of_catalog, candidate)
    case = Case(
        program=of_program, catalog=of_catalog, architecture=architecture,
        package=elaborate(architecture, of_catalog),
    )  # fmt: skip
    return DISCIPLINE.limits(case, Facts(), "plan")


def limits(candidate, of_program=None, of_catalog=None):
    found = outcome(candidate, of_program, of_catalog).limits
    return {(item.identity.kind, item.identity.subject): item for item in found if isinstance(item, Limit)}


def test_the_product_by_hand():
    """Eight compute die of 115 mm2 on four base die, eight memory stacks of 11 by 10 mm, gaps of 0.1 mm."""
    found = limits(pick(COWOS))
    base = 1345.0 * 1.1 / 4.0  # with the overhead of links between four
    hub_w, hub_h = base / 22.1, 22.1
    width, height = 2 * hub_w + 0.1 + 2 * 10.1 + 0.4, 44.3 + 0.4
    assert hub_h == pytest.approx((4 * 11.0 + 3 * 0.1 - 0.1) / 2.0)
    wanted = {
        ("reticle", "die:compute"): (115.0, 858.0),
        ("reticle", "die:fabric"): (base, 858.0),
        ("interposer_area", "interposer"): (width * height, 2700.0),
        # 5 mm around the interposer hold 64 by 54 balls of 4420; eight more each way are enough.
        ("body_edge", "laminate"): (72.0, 85.0),
        ("body_long", "package"): (72.0, 90.0),
        ("body_short", "package"): (62.0, 90.0),
        # 2 x ceil(724 W / 0.8 V / 0.5 A) + 600 + 600 / 3
        ("balls", "package"): (4420.0, 8100.0),
    }
    for name, (demand, capacity) in wanted.items():
        assert (found[name].demand, found[name].capacity) == pytest.approx((demand, capacity)), name
    board = {(f"{what}_{side}", "board") for what in ("board", "sink") for side in ("short", "long")}
    assert set(found) == {*wanted, ("height", "package")} | board
    assert all(item.rung == "plan" for item in found.values())
    assert {kind for (kind, _), item in found.items() if not item.hard} == {"sink_short", "sink_long"}


def test_height_with_what_stands_on_the_lid():
    _, package = package_of(program(), pick(COWOS))
    own = max(body.box_m[5] for body in package.bodies) * 1e3
    for path, added in (("cold_plate", 15.0), ("forced_air_hs", 60.0), ("nat_air_hs", 40.0)):
        item = limits(pick(COWOS, path=path))[("height", "package")]
        assert catalog().record("thermal_path", path)["added_height"] == pytest.approx(added * 1e-3)
        assert (item.demand, item.capacity) == pytest.approx((own + added, 100.0))


def test_bridges_are_counted_against_what_has_been_shown():
    """Eight memory stacks, and four neighbours in a square of four."""
    found = limits(pick(EMIB))
    assert found[("bridges", "laminate")].demand == 8 + 4
    assert found[("bridges", "laminate")].capacity == 20
    assert ("interposer_area", "interposer") not in found
    assert not {("bridges", "laminate"), ("interposer_area", "interposer")} & set(limits(pick(ORGANIC)))


def weighed():
    # One side a little longer: in square room either may hold the long side of the body, and has no one slope.
    form_factor = {**data()["form_factor"], "mass": "0.5 kg", "body_x": "92 mm"}
    return example(form_factor=form_factor)


@pytest.mark.parametrize("carrier", [COWOS, EMIB, ORGANIC])
def test_mass_is_the_volume_that_is_seen_times_its_density(carrier):
    _, package = package_of(program(), pick(carrier))
    total = 0.0
    for body, volume in zip(package.bodies, painted(package), strict=True):
        kind, _, name = body.material.partition("/")
        if body.role == "board" or kind == "interface":
            continue
        density = catalog().record(kind, name)["density"]
        field = package.field_of(body.id)
        if field:
            metal = catalog().record("material", field.metal.partition("/")[2])["density"]
            share = math.pi / 4.0 * (field.diameter_m / field.pitch_m) ** 2
            density = share * metal + (1.0 - share) * density
        total += volume * density
    assert mass_kg(package, catalog()) == pytest.approx(total, rel=1e-9)


def test_the_mass_of_the_product_is_of_the_size_of_its_copper_lid():
    """72 by 62 mm of copper, 2.5 mm thick, are 100 g; all else is thinner and lighter."""
    lid = 72e-3 * 62e-3 * 2.5e-3 * 8960.0
    found = {metric.name: metric for metric in outcome(pick(COWOS)).metrics}
    assert lid < found["mass"].value < 1.5 * lid
    assert found["body_area"].value == pytest.approx(72e-3 * 62e-3)


def test_a_mass_limit_counts_the_sink():
    item = limits(pick(COWOS), weighed())[("mass", "package")]
    _, package = package_of(program(), pick(COWOS))
    sink = catalog().record("thermal_path", "cold_plate").input("added_mass")
    assert item.demand == pytest.approx((mass_kg(package, catalog()) + sink.value) * 1e3)
    assert item.capacity == pytest.approx(500.0)
    assert item.sensitivities[sink.id] == pytest.approx(-1e3)


def without(of_catalog, kind, record_id, field):
    record = of_catalog.record(kind, record_id)
    changed = replace(record, inputs={k: v for k, v in record.inputs.items() if k != field})
    tables = {**of_catalog.tables, kind: {**of_catalog.tables[kind], record_id: changed}}
    return Catalog(tables=tables, sources=of_catalog.sources)


def test_a_sink_of_unknown_mass_is_not_assessed_and_all_else_is():
    poorer = without(catalog(), "thermal_path", "cold_plate", "added_mass")
    found = outcome(pick(COWOS), weighed(), poorer).limits
    absent = [item for item in found if isinstance(item, NotAssessed)]
    assert [(item.identity.kind, item.missing) for item in absent] == [
        ("mass", ("catalog/thermal_path/cold_plate/added_mass",))
    ]
    assert ("balls", "package") in {(i.identity.kind, i.identity.subject) for i in found}


# Steps are small shares of each Input; all limits but the balls answer smoothly. 1e-5 of a slope: the slopes of
# areas and outlines are themselves differences with steps of 1e-6, good to some 1e-9, and a step of 1e-4 here
# leaves curvature of the order of its square.
STEP, CLOSE = 1e-4, 1e-5


@pytest.mark.parametrize(
    ("carrier", "fabric"), [(COWOS, (4, "n6")), (EMIB, (4, "n7")), (ORGANIC, (2, "n6"))]
)  # fmt: skip
def test_slopes_are_those_of_assessing_again(carrier, fabric):
    candidate = pick(carrier, fabric=fabric)
    made = weighed()
    base = limits(candidate, made)
    names = sorted({name for item in base.values() for name in item.sensitivities})
    for name in names:
        item = made.input(name) if name.startswith("program/") else catalog().input(name)
        step = STEP * item.value
        up, down = (
            limits(candidate, *with_input(made, catalog(), name, item.value + way * step)) for way in (1, -1)
        )
        for key, limit in base.items():
            slope = limit.sensitivities.get(name, 0.0)
            if key[0] == "balls" or (key[0] == "mass" and name not in limit.sensitivities):
                continue  # whole balls, below; what moves the lid's size moves mass within its stated error
            found = (up[key].margin - down[key].margin) / (2.0 * step)
            if key[0] in ("body_edge", "body_long", "body_short") and not slope and found:
                # A body stretched by its terminals steps by whole pitches: to first order it does not move.
                assert abs(up[key].margin - limit.margin) <= 2.0 + 1e-9
                continue
            scale = max(abs(limit.capacity), abs(limit.demand)) / item.value
            assert slope == pytest.approx(found, rel=CLOSE, abs=CLOSE * scale), (key, name)


@pytest.mark.parametrize(
    "name", ["accuracy.power", "modes.sustained.power.compute", "supply_voltage", "current"]
)
def test_balls_follow_the_current_but_for_whole_balls(name):
    """A step of a tenth moves some four hundred balls, and rounding at most two: half a percent of it.

    Where the voltage or the current of a ball falls, the number rises with its reciprocal: for steps of a
    tenth up and down the central difference is 1 / (1 - 0.01) of the slope.
    """
    made = example(modes={"sustained": {"power": data()["modes"]["sustained"]["power"], "duty": 1.0}})
    base = limits(pick(COWOS), made)[("balls", "package")]
    input_id = "catalog/rule/terminals/current" if name == "current" else f"program/{name}"
    item = made.input(input_id) if name != "current" else catalog().input(input_id)
    step = 0.1 * item.value
    up, down = (
        limits(pick(COWOS), *with_input(made, catalog(), input_id, item.value + way * step))[
            ("balls", "package")
        ]
        for way in (1, -1)
    )
    found = (up.margin - down.margin) / (2.0 * step)
    falls = name in ("supply_voltage", "current")
    whole_balls = 2.0 / step
    assert base.sensitivities[input_id] * (1.0 / 0.99 if falls else 1.0) == pytest.approx(
        found, abs=whole_balls
    )


def test_room_for_balls_grows_with_the_body():
    base = limits(pick(COWOS))[("balls", "package")]
    for side in ("body_x", "body_y"):
        wider = program().with_value(f"program/form_factor.{side}", 0.091)
        moved = limits(pick(COWOS), wider)[("balls", "package")]
        assert moved.margin - base.margin == pytest.approx(90.0)
        assert base.sensitivities[f"program/form_factor.{side}"] * 1e-3 == pytest.approx(90.0)


def test_a_board_of_24_mm_holds_six_balls_of_04():
    """2.4 / 0.4 is a little less than six to a computer."""
    tight = example(
        form_factor={**data()["form_factor"], "ball_pitch": "0.4 mm", "body_x": "2.4 mm", "body_y": "22 mm"}
    )
    assert limits(pick(COWOS), tight)[("balls", "package")].capacity == 6 * 55


def test_a_hard_limit_says_what_it_rests_on():
    for item in limits(pick(EMIB), weighed()).values():
        assert item.explanation
        assert item.basis
        assert item.model == f"form_factor/geometry/{item.identity.kind}"
        assert all(math.isfinite(slope) for slope in item.sensitivities.values())
