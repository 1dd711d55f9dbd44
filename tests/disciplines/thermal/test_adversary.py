"""A search for packages that the thermal screen rejects and an assessment accepts: a hill climbed towards them.

The screen rejects where its rise, which no package can be below, exceeds what the hardiest die bears. A package
accepted in spite of it would have every die below that rise; so the climber raises the ratio of the screen's rise to
the hottest die's, by powers, areas, films, temperatures, path and room. One is out of reach.
"""

import numpy as np
import pytest

from packfirst.architecture.candidate import space
from packfirst.architecture.package import Package
from packfirst.catalog.record import MissingDatum
from packfirst.disciplines.case import Facts, Table
from packfirst.disciplines.thermal.limits import DISCIPLINE
from packfirst.limit import Limit
from packfirst.program import Program

from ...assessment.example import case, catalog, program

EVERY = space(program(), catalog())
MOVED = (
    "program/board.film_above", "program/board.film_below", "program/board.size_x", "program/board.size_y",
    "program/form_factor.body_x", "program/form_factor.body_y", "program/board.conductivity",
    "program/blocks.compute.area", "program/blocks.fabric.area", "program/modes.sustained.power.compute",
    "program/modes.sustained.power.fabric", "program/modes.sustained.power.hbm",
)  # fmt: skip
STEPS, STARTS = 5, 2


def in_one_mode() -> Program:
    found = program()
    return found.model_copy(update={"modes": {"sustained": found.modes["sustained"]}})


def placed(factors: np.ndarray) -> Program:
    found = in_one_mode()
    for name, factor in zip(MOVED, factors, strict=True):
        found = found.with_value(name, float(found.input(name).value * factor))
    return found


def fits(package: Package, room: tuple[float, float]) -> bool:
    boxes = np.array([body.box_m for body in package.bodies if body.role != "board"])
    sides = boxes[:, 1].max() - boxes[:, 0].min(), boxes[:, 3].max() - boxes[:, 2].min()
    return bool(np.all(np.sort(sides) <= np.sort(room) + 1e-9))


def ratio(row: int, factors: np.ndarray, rung: str) -> float:
    """The screen's rise over the hottest die's rise; 0 where there is no such package or nothing can be said."""
    there = placed(factors)
    table = Table(program=there, catalog=catalog(), space=EVERY, rows=np.array([row]))
    bound = next(item for item in DISCIPLINE.bounds(table).bounds if item.kind == "junction")
    try:
        asked = case(EVERY.candidate(row), there)
    except (MissingDatum, ValueError):
        return 0.0
    room = there.form_factor
    if not fits(asked.package, (room.body_x.value, room.body_y.value)):
        return 0.0  # the form factor refuses it, and the screen counts on no lid larger than the room
    found = [
        item for item in DISCIPLINE.limits(asked, Facts(), rung).limits
        if isinstance(item, Limit) and item.identity.kind == "junction"
    ]  # fmt: skip
    assert all(item.capacity <= np.ravel(bound.capacity)[-1] + 1e-9 for item in found)
    return float(bound.demand[0]) / max(item.demand for item in found) if found else 0.0


@pytest.mark.parametrize("seed", range(STARTS))
def test_no_climber_finds_a_package_cooler_than_the_screen_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    row = int(rng.integers(len(EVERY)))
    factors = np.exp(rng.normal(0.0, 0.3, len(MOVED)))
    best = ratio(row, factors, "plan")
    start = best
    for _ in range(STEPS):
        other = row if rng.random() < 0.6 else int(rng.integers(len(EVERY)))
        tried = np.clip(factors * np.exp(rng.normal(0.0, 0.4, len(MOVED))), 0.2, 5.0)
        reached = ratio(other, tried, "plan")
        if reached > best:
            row, factors, best = other, tried, reached
    assert best > start  # it does climb
    assert best < 0.97
