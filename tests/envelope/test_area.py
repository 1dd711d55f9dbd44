"""Windows of a die's area, by assessing again at their ends and just beyond."""

import numpy as np
import pytest
from tests.assessment.example import STACKED, program

from packfirst.architecture.architecture import build
from packfirst.architecture.elaborate import elaborate
from packfirst.assess import assess, assess_package
from packfirst.confidence import influences
from packfirst.disciplines import registry
from packfirst.levers import with_input


def again(built, group: str, factor: float):
    """The package with one block's area so many times as large, by `with_input`; what room and edges say of it."""
    area = built.program.blocks[group].area
    changed, catalog = with_input(built.program, built.catalog, area.id, area.value * factor)
    architecture = build(changed, catalog, STACKED)
    wanted = [item for item in registry.disciplines() if item.name in ("form_factor", "electrical")]
    found = assess_package(
        changed, catalog, architecture, elaborate(architecture, catalog), disciplines=wanted
    )
    size = next(die.rect.area for die in architecture.placement.die if die.group == group)
    return size, {str(item.identity): item for item in found.limits}, found


@pytest.mark.parametrize("group", ["compute", "fabric"])
def test_at_the_upper_end_everything_holds_and_beyond_it_the_named_limit_runs_out(found, built, group):
    window = found.of(group)
    planned, before, _ = again(built, group, 1.0)
    size, limits, assessment = again(built, group, window.area_most_m2 / planned)
    assert size == pytest.approx(window.area_most_m2, rel=2e-3)
    assert [name for name, item in limits.items() if before[name].margin >= 0.0 > item.margin] == []
    # At the end the named limit has the room that the confidence asks for, its own area known, and no more.
    ends = limits[window.area_ends[1]]
    parts = influences(ends, assessment.inputs)
    sigma = float(
        np.hypot.reduce([x.sigma for x in parts if ".area" not in x.input_id and "/area" not in x.input_id])
    )
    assert ends.margin == pytest.approx(0.8416 * sigma, abs=0.01 * ends.capacity)
    _, beyond, _ = again(built, group, 1.3 * window.area_most_m2 / planned)
    assert beyond[window.area_ends[1]].margin < 0.0


def test_at_the_lower_end_everything_holds(found, built):
    window = found.of("compute")
    planned, before, _ = again(built, "compute", 1.0)
    size, limits, _ = again(built, "compute", window.area_least_m2 / planned)
    assert size == pytest.approx(window.area_least_m2, rel=2e-3)
    assert [name for name, item in limits.items() if before[name].margin >= 0.0 > item.margin] == []


def test_a_base_die_is_no_smaller_than_what_stands_on_it(found):
    assert found.of("fabric").area_least_m2 >= 2 * 115e-6 * 0.999


def test_planned_sizes_lie_in_their_windows(found):
    for die in found.die:
        assert die.area_least_m2 <= die.width_m * die.height_m <= die.area_most_m2


def test_a_smaller_die_at_its_share_of_the_power_is_not_too_hot(found, built):
    """`check` lets a die of half the area draw half of the power: assessed with both, the junctions hold."""
    window, mode, factor = found.of("compute"), "peak", 0.5
    watts = window.most_w[mode] * factor
    changed = program()
    area, item = changed.blocks["compute"].area, changed.modes[mode].power["compute"]
    links = window.power_w[mode] - item.value / window.count
    changed = changed.with_value(area.id, area.value * factor)
    changed = changed.with_value(item.id, (watts - links) * window.count)
    small = assess(changed, built.catalog, STACKED)
    rows = [row for row in small.outcomes["thermal"].details["die"] if row[1] == mode]
    assert max(row[2] for row in rows if row[0].startswith("compute")) == pytest.approx(watts, rel=1e-9)
    for limit in small.limits:
        if limit.identity.kind == "junction" and limit.identity.mode == mode:
            assert limit.margin >= 0.0
