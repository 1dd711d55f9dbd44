import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packfirst.disciplines.cost.die_yield import (
    LAWS,
    SHAPE_NAME,
    bose_einstein,
    die_yield,
    mean_faults,
    murphy,
    negative_binomial,
    poisson,
    seeds,
)

BRIEF = settings(max_examples=30, deadline=None, derandomize=True)
FAULTS = st.floats(0.0, 10.0)
LAW = st.sampled_from(sorted(LAWS))
SHAPE = st.floats(1.0, 30.0)


def by_name(law, faults, shape):
    return die_yield(law, faults, shape if law in SHAPE_NAME else None)


def test_worked_values(reference):
    for row in reference("yield_worked_values.csv"):
        x = mean_faults(float(row["area_mm2"]) * 1e-6, float(row["defects_per_cm2"]) * 1e4)
        found = {
            "poisson": poisson(x),
            "murphy": murphy(x),
            "seeds": seeds(x),
            "negbin_alpha2": negative_binomial(x, 2.0),
            "negbin_alpha3": negative_binomial(x, 3.0),
            "negbin_alpha10": negative_binomial(x, 10.0),
        }
        for law, value in found.items():
            assert value == pytest.approx(float(row[law]), abs=0.51e-6), (law, row)


def test_published_single_yields(reference):
    catch, google = (float(r["value"]) for r in reference("single_results.csv")[1:])
    x = mean_faults(202.433e-6, 0.5e4, critical_area_ratio=0.67)
    assert negative_binomial(x, 2.0) == pytest.approx(catch, abs=0.51e-6)
    assert bose_einstein(mean_faults(378.14e-6, 0.1e4), 2) == pytest.approx(google, abs=0.51e-4)


@BRIEF
@given(LAW, FAULTS, FAULTS, SHAPE)
def test_yield_is_a_share_and_falls_with_area_and_density(law, a, b, shape):
    few, many = sorted((a, b))
    low, high = by_name(law, many, shape), by_name(law, few, shape)
    assert 0.0 < low <= high <= 1.0
    if many > few + 1e-6:
        assert low < high


@BRIEF
@given(LAW, FAULTS, SHAPE, st.integers(1, 16))
def test_splitting_a_die_never_lowers_the_yielded_share_of_silicon(law, faults, shape, parts):
    assert by_name(law, faults / parts, shape) >= by_name(law, faults, shape) * (1.0 - 1e-12)


@BRIEF
@given(st.floats(1e-3, 10.0))
def test_order_of_the_laws(x):
    # Clustering helps: the broader the distribution of the density, the more die escape.
    assert poisson(x) <= negative_binomial(x, 10.0) <= negative_binomial(x, 2.0) <= seeds(x)
    assert poisson(x) <= murphy(x) <= seeds(x)


@BRIEF
@given(FAULTS)
def test_limits_of_the_negative_binomial_and_bose_einstein(x):
    assert negative_binomial(x, np.inf) == pytest.approx(poisson(x), rel=1e-14)
    assert negative_binomial(x, 1e9) == pytest.approx(poisson(x), rel=1e-6)
    assert negative_binomial(x, 1.0) == pytest.approx(seeds(x), rel=1e-12)
    assert bose_einstein(x, 1.0) == pytest.approx(seeds(x), rel=1e-12)


def test_small_fault_numbers_keep_their_digits():
    # Every law is 1 - x + O(x^2); what is lost shows when 1 - Y is compared with x itself.
    x = 1e-9
    for law in LAWS:
        assert 1.0 - by_name(law, x, 1.0) == pytest.approx(x, rel=1e-6), law
    assert murphy(0.0) == 1.0


def test_alpha_broadcasts_and_mixes_finite_with_infinite():
    y = negative_binomial(np.full((3, 1), 0.5), np.array([2.0, np.inf]))
    assert y.shape == (3, 2)
    np.testing.assert_allclose(y[0], [1.25**-2, np.exp(-0.5)], rtol=1e-14)


def test_refuses_what_it_cannot_read():
    with pytest.raises(ValueError, match="did you mean 'poisson'"):
        die_yield("poison", 0.1)
    with pytest.raises(ValueError, match="cluster_alpha"):
        die_yield("negative_binomial", 0.1)
    with pytest.raises(ValueError, match="no shape"):
        die_yield("murphy", 0.1, 2.0)
    for wrong in (-0.1, np.nan):
        with pytest.raises(ValueError, match="faults"):
            poisson(wrong)
    with pytest.raises(ValueError, match="positive"):
        negative_binomial(0.1, 0.0)
    with pytest.raises(ValueError, match="at least one"):
        bose_einstein(0.1, 0.5)
