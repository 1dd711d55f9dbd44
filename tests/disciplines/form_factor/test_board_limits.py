"""Board, card and escape limits on the example's product, and slopes by assessing again."""

from copy import deepcopy

import pytest
from tests.architecture.cases import catalog, data, pick
from tests.disciplines.form_factor.test_limits import COWOS, ORGANIC, limits, outcome

from packfirst.levers import with_input
from packfirst.limit import NotAssessed
from packfirst.program.model import Program

MM = 1e-3


def with_board(**more):
    changed = deepcopy(data())
    changed["board"].update({key: value for key, value in more.items() if key != "card"})
    if "card" in more:
        changed["form_factor"]["card"] = more["card"]
    return Program.model_validate(changed)


def test_a_program_that_states_no_build_is_asked_nothing_of_it():
    kinds = {kind for kind, _ in limits(pick(COWOS))}
    assert {"board_short", "board_long"} <= kinds
    assert not kinds & {"board_pitch", "board_escape", "card_short", "card_height"}


def test_room_on_the_board_by_hand():
    """72 by 62 mm with 3 mm round it; a cold plate's square with 7 mm of screws round that may hang over."""
    found = limits(pick(COWOS))
    path = catalog().record("thermal_path", pick(COWOS).thermal_path)
    for name, own, room in (("short", 62.0, 102.0), ("long", 72.0, 165.0)):
        board, sink = found[f"board_{name}", "board"], found[f"sink_{name}", "board"]
        assert (board.demand, board.capacity, board.hard) == (
            pytest.approx(own + 6.0),
            pytest.approx(room),
            True,
        )
        covered = (path["reference_area"] ** 0.5 + 2 * path["base_margin"] + 2 * 7 * MM) / MM
        assert (sink.demand, sink.capacity, sink.hard) == (pytest.approx(covered), pytest.approx(room), False)


def test_escape_of_the_products_balls():
    """1 mm balls, 5 mil lines: one track. 600 signals leave on two layers of through vias, not on one."""
    one, two = (
        limits(pick(COWOS), with_board(build="through_via", signal_layers=n))["board_escape", "board"]
        for n in (1, 2)
    )
    assert one.demand == two.demand == 600.0
    wide, high = 72, 62
    outer = 2 * (wide + high) - 4
    assert one.capacity == 2 * outer
    assert two.capacity == 2 * outer + 2 * (outer - 16)
    assert one.margin < 0.0 < two.margin


def test_layers_that_nobody_stated_leave_the_escape_open():
    open_ends = [
        item for item in outcome(pick(COWOS), with_board(build="microvia")).limits if isinstance(item, NotAssessed)
    ]  # fmt: skip
    assert [item.missing for item in open_ends] == [("program/board.signal_layers",)]


def test_fine_balls_need_microvias():
    fine = deepcopy(data())
    fine["board"].update(build="through_via", signal_layers=4)
    fine["form_factor"]["ball_pitch"] = "0.5 mm"
    through = limits(pick(ORGANIC), Program.model_validate(fine))["board_pitch", "board"]
    fine["board"]["build"] = "microvia"
    micro = limits(pick(ORGANIC), Program.model_validate(fine))["board_pitch", "board"]
    assert (through.demand, through.capacity) == pytest.approx((0.8, 0.5))
    assert (micro.demand, micro.capacity) == pytest.approx((0.4, 0.5))


def test_an_accelerator_is_too_high_for_a_card():
    found = limits(pick(COWOS), with_board(card="vpx_3u_conduction"))
    assert found["card_height", "package"].margin < 0.0
    assert found["card_short", "board"].demand == pytest.approx(102.0)
    assert found["card_short", "board"].capacity == pytest.approx(100.0)
    assert found["card_power", "board"].demand == pytest.approx(724.0)
    assert found["card_thickness", "board"].capacity == pytest.approx(3.048)


@pytest.mark.parametrize("build", ["through_via", "microvia"])
def test_slopes_by_assessing_again(build):
    stated, base = with_board(build=build, signal_layers=3, card="vpx_6u_conduction"), catalog()
    found = limits(pick(COWOS), stated)
    asked = {kind for kind, _ in found if kind.startswith(("board_", "card_", "sink_"))} - {"board_escape"}
    for (kind, subject), limit in found.items():
        if kind not in asked:
            continue
        assert limit.sensitivities, kind
        for name, slope in limit.sensitivities.items():
            value = (stated.input(name) if name.startswith("program/") else base.input(name)).value
            step = 1e-5 * value
            moved_program, moved_catalog = with_input(stated, base, name, value + step)
            moved = limits(pick(COWOS), moved_program, moved_catalog)[kind, subject]
            assert (moved.margin - limit.margin) / step == pytest.approx(slope, rel=1e-3), (kind, name)


def test_height_by_parts_adds_up():
    for carrier in (COWOS, ORGANIC):
        details = outcome(pick(carrier)).details
        assert sum(part for _, part in details["height_by_parts"]) == pytest.approx(
            details["height_mm"], rel=1e-9
        )
        roles = [role for role, _ in details["height_by_parts"]]
        assert roles[0] == "balls" and roles[-1] == "lid" and "gap" not in roles


def test_what_the_terminals_carry():
    table = outcome(pick(COWOS)).details["terminals"]
    # 724 W at 0.8 V and 0.5 A a ball: 1810 of each; 600 signals and a third as many returns.
    assert (table["signal"], table["signal_return"]) == (600, 200)
    assert (table["supply"], table["supply_return"]) == (1810, 1810)
    assert table["spare"] == 72 * 62 - 4420


def test_bodies_out_of_a_panel():
    """510 x 515 mm less 15 mm borders: 480 x 485; 72 x 62 mm at 3 mm streets: 6 x 7, or turned 7 x 6."""
    found = outcome(pick(COWOS)).details["panel"]
    assert found["pieces"] == 42
    assert found["utilisation"] == pytest.approx(42 * 72 * 62 / (510 * 515))
