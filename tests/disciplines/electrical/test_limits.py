"""Links on whole packages: which get off their die, in which mode, by which numbers."""

import math
from dataclasses import replace

import pytest

from packfirst.architecture.partition import Group, Partition
from packfirst.disciplines.case import Facts, Outcome
from packfirst.disciplines.electrical.limits import DISCIPLINE
from packfirst.levers import with_input
from packfirst.limit import Limit, NotAssessed

from ...assessment.example import BESIDE, BESIDE_INTERPOSER, BRIDGE, STACKED, case, catalog, program

MM = 1e-3


def ask(candidate, program_=None, catalog_=None) -> Outcome:
    return DISCIPLINE.limits(case(candidate, program_, catalog_), Facts(), "plan")


def limits(outcome: Outcome) -> dict[str, Limit]:
    return {
        f"{item.identity.kind} {item.identity.subject.removeprefix('link:')}": item
        for item in outcome.limits if isinstance(item, Limit)
    }  # fmt: skip


def row(outcome: Outcome, link: str) -> tuple:
    return next(item for item in outcome.details["links"] if item[0] == link)


def test_memory_on_laminate_falls_by_escape() -> None:
    found = limits(ask(BESIDE))["escape fabric_hbm"]
    # a stack asks for its whole interface: 1800 signals with supply, 1024 of them data (HBM3)
    assert found.demand == pytest.approx(catalog().input("catalog/link/hbm3/signals_per_module").value)
    # by hand: columns of bumps under the PHY; a layer lets out one signal a column and one per track between lands;
    # of the layers half lie above the core, and every second of those is ground
    carrier = catalog().record("technology", BESIDE.carrier)
    pitch, line, space = carrier["bond_pitch"], carrier["line"], carrier["space"]
    columns = math.floor(catalog().record("link", "hbm3")["module_edge"] / pitch)
    layers = math.floor(carrier["signal_layers"] / 4.0)
    first = math.floor((pitch / 2.0 - space) / (line + space) + 1e-9)
    deeper = math.floor((pitch - min(4.0 * line, pitch / 2.0) - space) / (line + space) + 1e-9)
    assert found.capacity == columns * (1 + first + (layers - 1) * (1 + deeper))
    assert found.margin < -0.5 * found.demand
    assert f"{found.demand:.0f} signals" in found.explanation
    assert f"let out {found.capacity:.0f}" in found.explanation


@pytest.mark.parametrize("candidate", [STACKED, BRIDGE, BESIDE_INTERPOSER])
def test_memory_on_silicon_holds(candidate) -> None:
    found = limits(ask(candidate))
    for kind in ("bump_pitch", "escape", "edge", "reach"):
        assert found[f"{kind} fabric_hbm"].margin > 0.0, kind


def test_a_bridge_gives_what_its_maker_states() -> None:
    """Signals per edge that the maker publishes, times the edge of the PHY: lines and layers do not enter."""
    carrier = catalog().record("technology", BRIDGE.carrier)
    found = limits(ask(BRIDGE))["escape fabric_hbm"]
    edge = catalog().record("link", "hbm3")["module_edge"]
    assert found.capacity == pytest.approx(carrier["io_edge_density"] * edge, rel=1e-9)
    assert f"catalog/technology/{BRIDGE.carrier}/io_edge_density" in found.sensitivities
    for field in ("line", "space", "signal_layers"):
        assert f"catalog/technology/{BRIDGE.carrier}/{field}" not in found.sensitivities


def test_die_side_by_side_on_silicon_talk_ucie_advanced_and_on_laminate_standard() -> None:
    assert row(ask(BESIDE_INTERPOSER), "fabric_fabric")[1].startswith("ucie_a")
    assert row(ask(BRIDGE), "fabric_fabric")[1].startswith("ucie_a")
    assert row(ask(BESIDE), "fabric_fabric")[1].startswith("ucie_s")


def test_the_mode_chosen_is_the_one_that_holds_with_the_least_energy() -> None:
    asked = ask(STACKED)
    chosen = catalog().record("link", row(asked, "fabric_fabric")[1])
    assert all(item.margin >= 0.0 for name, item in limits(asked).items() if name.endswith("fabric_fabric"))
    # at half the rate there are twice the modules; no mode of the standard takes less energy
    modes = [item for item in catalog().records("link") if item.word("standard") in ("ucie_a", "ucie_s")]
    assert chosen["energy_per_bit"] == min(item["energy_per_bit"] for item in modes)


def test_modules_and_signals_by_hand() -> None:
    """Half of what crosses the middle for each of two pairs of die, both ways; 64 lanes a module and way."""
    asked = ask(STACKED)
    _, mode, lanes, signals, _, edge, *_ = row(asked, "fabric_fabric")
    record = catalog().record("link", mode)
    across = program().links["fabric_fabric"].bandwidth.value / 2.0
    modules = math.ceil(8.0 * across / 2.0 / (record["rate"] * record["lanes_per_module"]))
    assert lanes == modules * record["lanes_per_module"]
    assert signals == modules * record["signals_per_module"]
    assert edge == pytest.approx(modules * record["module_edge"])


def test_a_vertical_link_takes_the_area_that_ucie_states() -> None:
    """UCIe 3.0, table 1-6: 4 TB/s and mm2 at 9 um and 4 GT/s, both ways; over eight die."""
    found = limits(ask(STACKED))["bond_area compute_fabric"]
    each = program().links["compute_fabric"].bandwidth.value / 8.0
    assert found.demand == pytest.approx(each / 4e12, rel=1e-3)
    assert found.capacity == pytest.approx(program().blocks["compute"].area.value / 1e-6 / 8.0, rel=1e-9)
    pitch = limits(ask(STACKED))["bond_pitch compute_fabric"]
    assert (pitch.demand, pitch.unit) == (pytest.approx(9.0), "um")
    assert pitch.margin > 0.0


def test_a_bond_too_coarse_for_the_standard_fails_by_its_pitch() -> None:
    coarse = catalog().with_value("catalog/technology/hybrid_bond_d2w/bond_pitch", 60e-6)
    assert limits(ask(STACKED, None, coarse))["bond_pitch compute_fabric"].margin < 0.0


def test_links_within_one_die_ask_nothing() -> None:
    both = Partition(groups=(Group(blocks=("compute", "fabric"), count=1, node="n5"),))
    asked = ask(replace(BESIDE, partition=both))
    subjects = {item.identity.subject for item in asked.limits}
    assert "link:compute_fabric" not in subjects
    assert "link:fabric_fabric" not in subjects
    given = {fact.subject: fact.value for fact in asked.facts if fact.name == "link_bandwidth"}
    assert given["compute_fabric"] == program().links["compute_fabric"].bandwidth.value
    assert not [fact for fact in asked.facts if fact.name == "link_power"]


def test_a_link_without_a_standard_for_its_place_is_not_assessed() -> None:
    links = dict(program().links)
    links["compute_fabric"] = links["compute_fabric"].model_copy(update={"standards": ("ucie_a",)})
    asked = ask(STACKED, program().model_copy(update={"links": links}))
    (absent,) = [item for item in asked.limits if isinstance(item, NotAssessed)]
    assert absent.identity.subject == "link:compute_fabric"
    assert "stacked die" in absent.missing[0]


def test_link_power_is_energy_times_traffic_half_at_either_end() -> None:
    asked = ask(STACKED)
    watts = {(fact.subject, fact.mode): fact.value for fact in asked.facts if fact.name == "link_power"}
    vertical = catalog().record("link", row(asked, "compute_fabric")[1])["energy_per_bit"]
    for mode in program().modes:
        for number in range(8):
            expected = 8.0 * vertical * program().links["compute_fabric"].bandwidth.value / 8.0 / 2.0
            assert watts[f"compute_{number}", mode] == pytest.approx(expected, rel=1e-12)
    # a stack's stated power holds its own link
    assert not any(die.startswith("hbm") for die, _ in watts)


def test_slopes_of_link_power() -> None:
    asked = ask(STACKED)
    for fact in asked.facts:
        if fact.name == "link_power":
            by_energy = sum(
                slope * catalog().input(name).value
                for name, slope in fact.sensitivities.items() if name.startswith("catalog/")
            )  # fmt: skip
            by_traffic = sum(
                slope * program().input(name).value
                for name, slope in fact.sensitivities.items() if name.startswith("program/")
            )  # fmt: skip
            assert by_energy == pytest.approx(fact.value, rel=1e-12)
            assert by_traffic == pytest.approx(fact.value, rel=1e-12)


SMOOTH = [
    (STACKED, "bond_area compute_fabric", "program/links.compute_fabric.bandwidth"),
    (STACKED, "bond_area compute_fabric", "catalog/link/ucie_3d_9um/data_fraction"),
    (STACKED, "bond_pitch compute_fabric", "catalog/link/ucie_3d_9um/bump_pitch_max"),
    (STACKED, "reach fabric_hbm", "catalog/part/hbm3_12h/phy_depth"),
    (STACKED, "reach fabric_hbm", "catalog/technology/si_interposer_cowos_s/die_gap"),
    (STACKED, "reach fabric_hbm", "catalog/link/hbm3/reach"),
    (STACKED, "edge fabric_hbm", "catalog/link/hbm3/module_edge"),
    (STACKED, "bump_pitch fabric_hbm", "catalog/link/hbm3/bump_pitch_max"),
    (STACKED, "escape fabric_hbm", "catalog/link/hbm3/signals_per_module"),
    (BRIDGE, "escape fabric_hbm", "catalog/technology/bridge_emib/io_edge_density"),
    (BRIDGE, "escape fabric_hbm", "catalog/link/hbm3/module_edge"),
    (BRIDGE, "reach fabric_fabric", "catalog/link/ucie_a_12/module_depth"),
]


@pytest.mark.parametrize(("candidate", "name", "input_id"), SMOOTH, ids=lambda item: str(item)[-32:])
def test_smooth_slopes_are_those_of_asking_again(candidate, name: str, input_id: str) -> None:
    item = (program() if input_id.startswith("program/") else catalog()).input(input_id)
    if "ucie_a" in input_id:  # the test is of whatever mode was chosen
        mode = row(ask(candidate), "fabric_fabric")[1]
        input_id = f"catalog/link/{mode}/module_depth"
        item = catalog().input(input_id)
    step = 1e-4 * item.value
    high, low = (
        limits(ask(candidate, *with_input(program(), catalog(), input_id, item.value + sign * step)))[name]
        for sign in (1.0, -1.0)
    )
    found = (high.margin - low.margin) / (2.0 * step)
    assert found != 0.0
    assert limits(ask(candidate))[name].sensitivities[input_id] == pytest.approx(found, rel=1e-5)


def test_a_finer_bond_takes_area_by_the_square() -> None:
    name = "catalog/technology/hybrid_bond_d2w/bond_pitch"
    item = limits(ask(STACKED))["bond_area compute_fabric"]
    coarser = catalog().with_value(name, 1.1 * catalog().input(name).value)
    found = limits(ask(STACKED, None, coarser))["bond_area compute_fabric"]
    assert found.demand == pytest.approx(1.21 * item.demand, rel=1e-9)
    assert item.sensitivities[name] == pytest.approx(
        -2.0 * item.demand / catalog().input(name).value, rel=1e-9
    )


def test_slopes_of_a_count_are_those_of_the_line_through_its_steps() -> None:
    """Modules come whole. Over eight times the traffic the steps are a tenth of what they add up to."""
    name = "program/links.fabric_fabric.bandwidth"
    here = program().input(name).value
    asked, more = limits(ask(BRIDGE)), limits(ask(BRIDGE, program().with_value(name, 3.0 * here)))
    for kind in ("escape", "edge"):
        item = asked[f"{kind} fabric_fabric"]
        found = (more[f"{kind} fabric_fabric"].margin - item.margin) / (2.0 * here)
        assert item.sensitivities[name] == pytest.approx(found, rel=0.1), kind


@pytest.mark.parametrize("link", ["compute_fabric", "fabric_fabric"])
@pytest.mark.parametrize("candidate", [STACKED, BRIDGE, BESIDE, BESIDE_INTERPOSER])
def test_more_traffic_never_helps_a_link(candidate, link: str) -> None:
    """Margin as a share of the capacity, as long as the mode stays; and what failed does not hold again.

    Columns of lands come whole: of a module's forty, one more or less fits.
    """
    held, before, mode = True, {}, ""
    share = 1.0
    for factor in (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 20.0, 500.0):
        name = f"program/links.{link}.bandwidth"
        asked = ask(candidate, program().with_value(name, factor * program().input(name).value))
        now = {key: item for key, item in limits(asked).items() if key.endswith(link)}
        holds = all(item.margin >= 0.0 for item in now.values())
        assert held or not holds
        if row(asked, link)[1] == mode:
            for key, item in now.items():
                assert item.margin_ratio <= before[key].margin_ratio + 0.025, key
        assert row(asked, link)[-1] <= share + 1e-12
        held, before, mode, share = holds, now, row(asked, link)[1], row(asked, link)[-1]
    assert not held


def test_a_bought_stack_asks_for_its_interface_whatever_it_carries() -> None:
    name = "program/links.fabric_hbm.bandwidth"
    asked = limits(ask(STACKED, program().with_value(name, 0.1 * program().input(name).value)))
    for kind in ("escape", "edge", "reach"):
        before = limits(ask(STACKED))[f"{kind} fabric_hbm"]
        assert asked[f"{kind} fabric_hbm"].demand == before.demand
        assert name not in before.sensitivities
