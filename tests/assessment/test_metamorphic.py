"""What must not matter to a whole assessment, and what can only hurt."""

import math
import re
from dataclasses import replace

import pytest
import yaml

from packfirst import units
from packfirst.architecture.package import cut_in_two, rotated
from packfirst.architecture.partition import Partition
from packfirst.assess import Assessment
from packfirst.program import Program, load_program

from .example import (
    BESIDE,
    BRIDGE,
    CHOSEN,
    FILE,
    NATURAL,
    STACKED,
    again,
    assessed,
    by_identity,
    catalog,
    limit,
    packaged,
    program,
    scaled,
    temperatures,
    with_package,
)

# The same grid, in another order of sums: what the solver's residual of 1e-6 leaves of a rise.
SOLVED = 2e-5
# A layer cut in two has two cells where it had one. One cell holds a layer exactly where heat only crosses it; what
# spreads sideways inside differs by the plan rung's own error, of which this is a half of one standard deviation.
FINER_GRID = 0.01


def margins(assessment: Assessment) -> dict[str, float]:
    return {str(item.identity): item.margin for item in assessment.limits}


def same(one: Assessment, other: Assessment, *, rise: float, rest: float = 1e-9) -> None:
    """The same limits with the same demands and capacities: rises to `rise`, all else to `rest`."""
    found, expected = by_identity(one.limits), by_identity(other.limits)
    assert found.keys() == expected.keys()
    for identity, item in expected.items():
        near = rise if identity.discipline == "thermal" else rest
        assert found[identity].demand == pytest.approx(item.demand, rel=near, abs=1e-9), identity
        assert found[identity].capacity == pytest.approx(item.capacity, rel=rest), identity
        assert found[identity].unit == item.unit
        assert found[identity].hard == item.hard
    assert one.metrics.keys() == other.metrics.keys()
    for name, metric in other.metrics.items():
        assert one.metrics[name].value == pytest.approx(metric.value, rel=rest), name


@pytest.mark.parametrize("name", CHOSEN)
def test_turning_the_package_by_a_quarter_changes_nothing(name: str) -> None:
    _, package = packaged(CHOSEN[name])
    turned = with_package(CHOSEN[name], rotated(package))
    same(turned, assessed(CHOSEN[name]), rise=SOLVED)
    x, y, z = assessed(CHOSEN[name]).outcomes["thermal"].details["mesh"].shape
    assert turned.outcomes["thermal"].details["mesh"].shape == (y, x, z)
    assert turned.verdict.state == assessed(CHOSEN[name]).verdict.state


def test_four_quarters_are_the_package_again() -> None:
    _, package = packaged(BRIDGE)
    assert rotated(package).content_hash != package.content_hash
    assert rotated(rotated(rotated(rotated(package)))).content_hash == package.content_hash


@pytest.mark.parametrize("name", CHOSEN)
def test_the_order_in_which_groups_of_die_are_named_does_not_matter(name: str) -> None:
    candidate = CHOSEN[name]
    swapped = Partition(
        groups=candidate.partition.groups[::-1],
        stacked=tuple((1 - upper, 1 - lower) for upper, lower in candidate.partition.stacked),
    )
    other = replace(candidate, partition=swapped)
    assert other.key == candidate.key
    same(again(other), assessed(candidate), rise=SOLVED)


def test_the_order_of_die_in_the_package_does_not_matter() -> None:
    _, package = packaged(STACKED)
    turned = replace(package, die=package.die[::-1], fields=package.fields[::-1])
    same(with_package(STACKED, turned), assessed(STACKED), rise=SOLVED)


def test_the_order_of_the_program_file_does_not_matter(tmp_path) -> None:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    data = {key: data[key] for key in reversed(data)}
    for name in ("blocks", "links", "modes"):
        data[name] = {key: data[name][key] for key in reversed(data[name])}
    path = tmp_path / "reversed.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    same(again(STACKED, load_program(path)), assessed(STACKED), rise=SOLVED)


@pytest.mark.parametrize("share", [0.5, 0.2])
@pytest.mark.parametrize("body", ["lid", "laminate_1", "carrier", "compute_0", "fabric_2", "hbm_3"])
def test_cutting_a_layer_in_two_changes_nothing_but_the_grid(body: str, share: float) -> None:
    _, package = packaged(STACKED)
    cut = with_package(STACKED, cut_in_two(package, body, share))
    same(cut, assessed(STACKED), rise=FINER_GRID)
    assert cut.verdict.state == assessed(STACKED).verdict.state


@pytest.mark.parametrize("body", ["lid", "carrier"])
def test_the_slope_by_a_thickness_does_not_know_of_the_cut(body: str) -> None:
    _, package = packaged(STACKED)
    cut = with_package(STACKED, cut_in_two(package, body, 0.4))
    field = {"lid": "thickness_lid", "carrier": "thickness_interposer"}[body]
    name = f"catalog/technology/{STACKED.carrier}/{field}"
    for item in assessed(STACKED).limits:
        if item.identity.discipline == "thermal":
            found = limit(cut, str(item.identity)).sensitivities[name]
            # of a rise: a metre of lid is nothing that anybody builds, a tenth of a millimetre is
            assert 1e-4 * found == pytest.approx(
                1e-4 * item.sensitivities[name], rel=0.1, abs=2e-3 * item.demand
            )


def in_other_units(data: object) -> object:
    """Every text that reads as a number with a unit, in the last unit that its kind of number may have."""
    if isinstance(data, dict):
        return {key: in_other_units(value) for key, value in data.items()}
    if isinstance(data, list):
        return [in_other_units(value) for value in data]
    match = re.fullmatch(r"[-+0-9.eE]+ (\S.*)", data) if isinstance(data, str) else None
    if match:
        for quantity, (_, allowed) in units.QUANTITIES.items():
            if match[1] in allowed and len(allowed) > 1:
                return units.write(units.read(data, quantity), quantity, allowed[-1], digits=17)
    return data


def test_the_units_of_the_program_file_do_not_matter(tmp_path) -> None:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    other = in_other_units(data)
    assert other["blocks"]["compute"]["area"]["value"].endswith(" m2")
    assert other["environment"]["air"]["value"].endswith(" K")
    assert other["modes"]["peak"]["power"]["hbm"].endswith(" uW")
    path = tmp_path / "units.yaml"
    path.write_text(yaml.safe_dump(other), encoding="utf-8")
    found = again(STACKED, load_program(path))
    same(found, assessed(STACKED), rise=1e-9)
    assert found.verdict.state == assessed(STACKED).verdict.state
    assert found.verdict.joint_probability == pytest.approx(
        assessed(STACKED).verdict.joint_probability, abs=2e-3
    )


def test_the_same_question_twice_is_the_same_answer() -> None:
    one, other = again(BRIDGE), again(BRIDGE)
    assert margins(one) == margins(other)
    assert one.verdict.joint_probability == other.verdict.joint_probability


@pytest.mark.parametrize(
    ("block", "mode"),
    [("compute", "peak"), ("fabric", "sustained"), ("hbm", "idle"), ("compute", ""), ("hbm", "")],
)
@pytest.mark.parametrize("name", CHOSEN)
def test_more_power_never_helps(name: str, block: str, mode: str) -> None:
    before = assessed(CHOSEN[name])
    if mode:
        power = program().modes[mode].power[block]
        hotter = program().with_value(power.id, 1.3 * power.value)
    else:
        hotter = scaled(program(), 1.3, block)
    # In the package as it stands: built anew it might grow by the balls that bring the power, and its lid with it.
    after = with_package(CHOSEN[name], packaged(CHOSEN[name])[1], hotter)
    for place, peak in temperatures(before).items():
        found, raised = temperatures(after)[place], not mode or place[1] == mode
        assert found > peak if raised else found == peak, place
    assert after.verdict.joint_probability <= before.verdict.joint_probability
    for identity, item in by_identity(before.limits).items():
        assert by_identity(after.limits)[identity].margin <= item.margin + 1e-4 * abs(item.capacity), identity


@pytest.mark.parametrize(
    ("input_id", "factor"),
    [
        ("catalog/interface/tim1_indium/area_resistance", 0.5),
        ("catalog/thermal_path/cold_plate/resistance", 0.7),
        ("program/board.film_above", 3.0),
        ("program/board.film_below", 3.0),
        ("catalog/material/cu/conductivity", 1.3),
        ("catalog/material/beol_effective/conductivity", 3.0),
    ],
)
@pytest.mark.parametrize("name", CHOSEN)
def test_a_better_way_out_never_heats_the_hottest_die(name: str, input_id: str, factor: float) -> None:
    better = (
        again(CHOSEN[name], program().with_value(input_id, factor * program().input(input_id).value))
        if input_id.startswith("program/")
        else again(
            CHOSEN[name], None, catalog().with_value(input_id, factor * catalog().input(input_id).value)
        )
    )
    before = assessed(CHOSEN[name])
    for mode in program().modes:
        assert max(t for (_, m), t in temperatures(better).items() if m == mode) <= (
            max(t for (_, m), t in temperatures(before).items() if m == mode) + 1e-5
        )


@pytest.mark.parametrize("name", CHOSEN)
def test_a_larger_film_cools_every_die_in_every_mode(name: str) -> None:
    path = "catalog/thermal_path/cold_plate/resistance"
    better = again(CHOSEN[name], None, catalog().with_value(path, 0.6 * catalog().input(path).value))
    for place, before in temperatures(assessed(CHOSEN[name])).items():
        assert temperatures(better)[place] < before, place


def test_colder_coolant_cools_every_die_by_as_much() -> None:
    """All of the heat but a little goes there; the air keeps its share, and cooler silicon conducts a little better."""
    coolant = program().environment.coolant
    cooler = again(STACKED, program().with_value(coolant.id, coolant.value - 10.0))
    for place, before in temperatures(assessed(STACKED)).items():
        rise = before - coolant.value
        conducts = (1.0 + 10.0 / coolant.value) ** 1.4 - 1.0  # by as much, if all of the rise were in silicon
        assert 9.0 < before - temperatures(cooler)[place] <= 10.0 + conducts * rise


def test_natural_convection_is_hotter_than_forced_air_than_the_cold_plate() -> None:
    for mode in program().modes:
        found = [
            limit(assessed(item), f"thermal/junction of die:compute in {mode}").demand
            for item in (STACKED, replace(STACKED, thermal_path="forced_air_hs"), NATURAL)
        ]
        assert found == sorted(found)
        assert math.isfinite(found[-1])


def with_volume(factor: float) -> Program:
    return program().with_value(program().volume.id, factor * program().volume.value)


@pytest.mark.parametrize("name", CHOSEN)
def test_a_larger_volume_never_raises_the_cost(name: str) -> None:
    costs = [again(CHOSEN[name], with_volume(factor)).metrics["cost"].value for factor in (0.1, 1.0, 10.0)]
    assert costs[0] > costs[1] > costs[2]
    # development is spread over the volume, and nothing else depends on it
    assert costs[0] - costs[1] == pytest.approx(10.0 * (costs[1] - costs[2]), rel=1e-9)


@pytest.mark.parametrize(
    "input_id",
    [
        "catalog/node/n5/defect_density",
        "catalog/node/n6/defect_density",
        "catalog/technology/si_interposer_cowos_s/carrier_defect_density",
        "catalog/technology/hybrid_bond_d2w/particle_density",
    ],
)
def test_more_defects_never_lower_the_cost(input_id: str) -> None:
    defects = catalog().input(input_id).value
    for candidate in (STACKED, BESIDE):
        before = assessed(candidate).metrics["cost"].value
        after = again(candidate, None, catalog().with_value(input_id, 1.5 * defects)).metrics["cost"].value
        touched = candidate is STACKED or input_id.startswith("catalog/node/")
        assert after > before if touched else after == before
