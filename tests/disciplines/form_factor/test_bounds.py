"""The screen never says worse of a candidate than the limits do."""

import numpy as np
import pytest
from tests.architecture.cases import catalog, package_of, pick, program

from packfirst.architecture.candidate import space
from packfirst.architecture.footprint import die_areas_m2
from packfirst.disciplines.case import Case, Facts, Table
from packfirst.disciplines.form_factor.bounds import screen
from packfirst.disciplines.form_factor.limits import DISCIPLINE

EVERY = space(program(), catalog())


@pytest.fixture(scope="module")
def screened():
    table = Table(program=program(), catalog=catalog(), space=EVERY, rows=np.arange(len(EVERY)))
    return {bound.kind: bound for bound in screen(table).bounds}


def at(bound, row):
    n = len(EVERY)
    return float(np.broadcast_to(bound.demand, n)[row]), float(np.broadcast_to(bound.capacity, n)[row])


@pytest.mark.parametrize("start", range(5))
def test_a_bound_is_at_least_as_favourable_as_the_limit(screened, start):
    """150 candidates in all, evenly over the space."""
    for row in np.linspace(0, len(EVERY) - 1, 150).astype(int)[start::5]:
        architecture, package = package_of(program(), EVERY.candidate(int(row)))
        case = Case(program=program(), catalog=catalog(), architecture=architecture, package=package)
        found = {
            (i.identity.kind, i.identity.subject): i for i in DISCIPLINE.limits(case, Facts(), "plan").limits
        }
        demand, capacity = at(screened["reticle"], row)
        worst = max(
            (i for (kind, _), i in found.items() if kind == "reticle"), key=lambda i: i.demand / i.capacity
        )
        assert demand / capacity <= worst.demand / worst.capacity * (1 + 1e-12)
        demand, capacity = at(screened["interposer_area"], row)
        if ("interposer_area", "interposer") in found:
            limit = found["interposer_area", "interposer"]
            assert demand / capacity <= limit.demand / limit.capacity
        else:
            assert (
                demand / capacity
                <= (found["body_edge", "laminate"].demand / found["body_edge", "laminate"].capacity) ** 2
            )
        demand, capacity = at(screened["body"], row)
        long, short = found["body_long", "package"], found["body_short", "package"]
        assert demand / capacity <= long.demand * short.demand / (long.capacity * short.capacity)


def test_the_reticle_bound_is_the_limit_itself(screened):
    for row in range(0, len(EVERY), 501):
        partition = EVERY.candidate(row).partition
        areas = die_areas_m2(program(), catalog(), partition)
        assert at(screened["reticle"], row) == pytest.approx((max(areas) / 1e-6, 858.0))


def test_what_is_rejected_and_why(screened):
    """One die of 920 and 1345 mm2 leaves the field; with stacks, the silicon on the carrier is the base's alone."""
    one_die = [row for row in range(len(EVERY)) if EVERY.candidate(row).partition.n_die == 1]
    assert one_die
    assert screened["reticle"].rejected[one_die].all()
    wanted = pick("si_interposer_cowos_s")
    product = next(row for row in range(len(EVERY)) if EVERY.candidate(row) == wanted)
    assert not any(bound.rejected[product] for bound in screened.values())
    assert at(screened["body"], product) == pytest.approx((1345.0 * 1.1 + 8 * 110.0, 8100.0))
