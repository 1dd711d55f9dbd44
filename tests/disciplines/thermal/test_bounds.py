"""The thermal screen: below every rise that a package can have."""

import numpy as np
import pytest

from packfirst.architecture.candidate import space
from packfirst.disciplines.case import Bound, Table
from packfirst.disciplines.thermal.limits import DISCIPLINE
from packfirst.program import Program

from ...assessment.example import AIR, BESIDE, NATURAL, STACKED, assessed, catalog, program, scaled

EVERY = space(program(), catalog())


def bound(program_: Program) -> Bound:
    table = Table(program=program_, catalog=catalog(), space=EVERY, rows=np.arange(len(EVERY)))
    (found,) = DISCIPLINE.bounds(table).bounds
    return found


def row_of(candidate) -> int:
    return next(row for row in range(len(EVERY)) if EVERY.candidate(row).key == candidate.key)


@pytest.mark.parametrize("candidate", [STACKED, BESIDE, AIR, NATURAL])
def test_the_bound_is_below_the_rise(candidate) -> None:
    found, row = bound(program()), row_of(candidate)
    limits = [item for item in assessed(candidate).limits if item.identity.kind == "junction"]
    assert 0.0 < found.demand[row] < max(item.demand for item in limits)
    assert found.capacity[row] >= max(item.capacity for item in limits)


def test_the_bound_by_hand() -> None:
    """All power over all films: the lid as large as the product's room, the board on both sides."""
    path, board, room = catalog().record("thermal_path", "cold_plate"), program().board, program().form_factor
    lid = room.body_x.value * room.body_y.value
    film = lid / (path["resistance"] * path["reference_area"])
    film += (board.film_above.value + board.film_below.value) * board.size_x.value * board.size_y.value
    fluid = program().environment.coolant.value - program().environment.air.value
    watts = max(sum(power.value for power in mode.power.values()) for mode in program().modes.values())
    assert bound(program()).demand[row_of(STACKED)] == pytest.approx(watts / film - fluid, rel=1e-9)


def test_natural_convection_is_rejected_and_the_cold_plate_is_not() -> None:
    found = bound(program()).rejected
    path = np.array(EVERY.thermal_paths)[EVERY.index[:, 3]]
    assert found[path == "nat_air_hs"].all()
    assert not found[path == "cold_plate"].any()


def test_more_power_rejects_more() -> None:
    blocks = ("compute", "fabric", "hbm")
    counts = [
        int(bound(scaled(program(), factor, *blocks)).rejected.sum()) for factor in (0.05, 1.0, 3.0, 30.0)
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] == len(EVERY)
