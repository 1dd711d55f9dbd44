"""Bases of metal housings: which are offered, which are tried, and what they are made of."""

import pytest

from packfirst.architecture.candidate import space

from .cases import catalog, package_of, small

ATTACHED = {"thermal_paths": ["cold_plate"], "lid_interfaces": ["da_ausn"], "stacks": ["hybrid_bond_d2w"]}


def spaced(carriers, **freedom):
    program = small({"control": {"area_mm2": 12.0}}, freedom={"carriers": carriers, **ATTACHED, **freedom})
    return program, space(program, catalog())


def test_every_base_that_a_housing_offers_is_tried():
    _, every = spaced(["metal_rf_hybrid_housing"])
    found = {every.candidate(row).base for row in range(len(every))}
    assert found == {"cumo_15_85", "cuw_15_85", "alsic_9", "kovar"}
    assert len({every.candidate(row).key for row in range(len(every))}) == len(every)


@pytest.mark.parametrize("wanted", ["kovar", "alsic_9"])
def test_a_program_may_fix_the_base(wanted):
    program, every = spaced(["metal_rf_hybrid_housing"], bases=[wanted])
    (candidate,) = {every.candidate(row) for row in range(len(every))}
    assert candidate.base == wanted
    _, package = package_of(program, candidate)
    assert {body.material for body in package.of_role("base")} == {f"material/{wanted}"}
    assert wanted in candidate.describe()


def test_a_carrier_without_a_choice_has_no_base_and_no_other_key():
    _, alone = spaced(["fcbga_lidded"], lid_interfaces=["tim1_gel"])
    _, beside = spaced(["fcbga_lidded", "metal_rf_hybrid_housing"], lid_interfaces=["tim1_gel", "da_ausn"])
    plain = {beside.candidate(row).key for row in range(len(beside)) if not beside.candidate(row).base}
    assert {alone.candidate(row).key for row in range(len(alone))} == plain
    assert "" in {beside.candidate(row).base for row in range(len(beside))}


def test_low_temperature_ceramic_is_a_frame_on_metal():
    """Its 3 W/(m K) carry no power die: they stand in cut-outs on the base, inside walls of ceramic."""
    program, every = spaced(["wb_ltcc_hermetic_mcm"])
    for row in range(len(every)):
        candidate = every.candidate(row)
        _, package = package_of(program, candidate)
        assert {body.material for body in package.of_role("base")} == {f"material/{candidate.base}"}
        assert {body.material for body in package.of_role("wall")} == {"material/ltcc_951"}


def test_air_is_no_way_out_in_vacuum():
    surroundings = {"air": "40 degC", "cold_wall": "40 degC", "vacuum": True}
    program = small({"control": {"area_mm2": 12.0}}, environment=surroundings, freedom={})
    paths = space(program, catalog()).thermal_paths
    assert "space_cond_radiator" in paths
    fluids = {catalog().record("thermal_path", name).word("fluid") for name in paths}
    assert fluids == {"cold_wall", "radiator"}
