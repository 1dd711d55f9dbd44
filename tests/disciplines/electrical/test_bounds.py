"""The screen of the links, for all candidates of the example at once."""

import numpy as np
import pytest

from packfirst.architecture.candidate import space
from packfirst.disciplines.case import Facts, Screen, Table
from packfirst.disciplines.electrical.limits import DISCIPLINE

from ...assessment.example import STACKED, case, catalog, program

EVERY = space(program(), catalog())


def screen() -> Screen:
    return DISCIPLINE.bounds(
        Table(program=program(), catalog=catalog(), space=EVERY, rows=np.arange(len(EVERY)))
    )


def test_laminate_loses_the_memory_and_silicon_does_not() -> None:
    bound = next(item for item in screen().bounds if item.kind == "link:fabric_hbm")
    carrier = np.array(EVERY.carriers)[EVERY.index[:, 1]]
    assert bound.rejected[carrier == "organic_mcm"].all()
    assert not bound.rejected[carrier == "si_interposer_cowos_s"].any()
    assert not bound.rejected[carrier == "bridge_emib"].any()


def test_a_link_that_stays_on_one_die_is_never_rejected() -> None:
    bound = next(item for item in screen().bounds if item.kind == "link:fabric_fabric")
    whole = np.array([all(g.count == 1 for g in p.groups if "fabric" in g.blocks) for p in EVERY.partitions])
    assert (bound.capacity[whole[EVERY.index[:, 0]]] == 1.0).all()


@pytest.mark.parametrize("seed", range(4))
def test_the_share_is_never_less_than_what_is_carried(seed: int) -> None:
    best = screen().best
    for row in np.random.default_rng(seed).choice(len(EVERY), size=12, replace=False):
        asked = DISCIPLINE.limits(case(EVERY.candidate(int(row))), Facts(), "plan")
        # Where the bumps are too coarse the screen says that nothing is carried; the limit says so by the pitch.
        coarse = {
            item.identity.subject.removeprefix("link:")
            for item in asked.limits if item.identity.kind == "bump_pitch" and item.margin < 0.0
        }  # fmt: skip
        for name, *_, share in asked.details["links"]:
            assert name in coarse or best[f"share:{name}"][row] >= share - 1e-12, (
                name,
                EVERY.candidate(int(row)).describe(),
            )


def test_rows_of_a_part_of_the_table_are_those_rows() -> None:
    rows = np.array([7, 3000, 41])
    part = DISCIPLINE.bounds(Table(program=program(), catalog=catalog(), space=EVERY, rows=rows))
    for one, other in zip(part.bounds, screen().bounds, strict=True):
        assert one.capacity.tolist() == other.capacity[rows].tolist()


def test_bumps_too_coarse_for_a_standard_carry_nothing() -> None:
    """Memory asks for 55 um: an interposer of 80 um is lost, by the screen and by the limit."""
    coarse = catalog().with_value("catalog/technology/si_interposer_cowos_s/bond_pitch", 80e-6)
    table = Table(program=program(), catalog=coarse, space=EVERY, rows=np.arange(len(EVERY)))
    bound = next(item for item in DISCIPLINE.bounds(table).bounds if item.kind == "link:fabric_hbm")
    carrier = np.array(EVERY.carriers)[EVERY.index[:, 1]]
    assert (bound.capacity[carrier == "si_interposer_cowos_s"] == 0.0).all()
    answers = DISCIPLINE.limits(case(STACKED, None, coarse), Facts(), "plan").limits
    (pitch,) = [item for item in answers if str(item.identity) == "electrical/bump_pitch of link:fabric_hbm"]
    assert (pitch.demand, pitch.capacity) == (pytest.approx(80.0), pytest.approx(55.0))
