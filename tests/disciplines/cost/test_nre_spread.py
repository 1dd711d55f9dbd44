import numpy as np
import pytest

from packfirst.disciplines.cost.actuary_feng2022 import chip_nre, module_nre
from packfirst.disciplines.cost.assembly import Step, flow, with_nre
from packfirst.disciplines.cost.nre import design_nre, spread


def test_a_300_mm2_chip_costs_what_the_node_figure_says():
    # The definition of the figure in arXiv:2203.12268: half modules, 0.3 + 0.2 chip and tape-out.
    assert float(module_nre(300e-6, 542e6) + chip_nre(300e-6, 542e6)) == pytest.approx(542e6, rel=1e-12)


def test_the_general_form_contains_the_published_one():
    area = np.array([50e-6, 300e-6, 800e-6])
    per_area = (0.5 + 0.3) * 106e6 / 300e-6
    ours = design_nre(area, usd_per_m2=per_area, fixed_usd=0.2 * 106e6)
    np.testing.assert_allclose(ours, module_nre(area, 106e6) + chip_nre(area, 106e6), rtol=1e-12)


def test_a_respin_pays_for_masks_again_and_for_nothing_else():
    once = design_nre(100e-6, usd_per_m2=1e12, fixed_usd=2e6, mask_set_usd=5e6)
    twice = design_nre(100e-6, usd_per_m2=1e12, fixed_usd=2e6, mask_set_usd=5e6, mask_sets=2.0)
    assert float(once) == pytest.approx(107e6) and float(twice - once) == pytest.approx(5e6)


def test_shared_designs_return_what_was_spent():
    # Chiplet A: 4 in product P, 2 in product Q; substrate of each its own. Volumes 1000 and 5000.
    nre_a, nre_p, nre_q = 30e6, 2e6, 1e6
    uses_of_a = 4 * 1000 + 2 * 5000
    per_p = spread([nre_a, nre_p], [uses_of_a, 1000], [4, 1])
    per_q = spread([nre_a, nre_q], [uses_of_a, 5000], [2, 1])
    assert float(per_p * 1000 + per_q * 5000) == pytest.approx(nre_a + nre_p + nre_q, rel=1e-12)


def test_spread_broadcasts_over_candidates_and_volumes():
    nre = np.random.default_rng(1).uniform(1e6, 1e8, (2000, 3))
    volume = np.array([1e3, 1e5, 1e7])[:, None, None]
    share = spread(nre, volume)
    assert share.shape == (3, 2000)
    np.testing.assert_allclose(share[0], 1e4 * share[2], rtol=1e-12)


def test_development_share_lands_in_the_ledger_of_a_good_part():
    leaky = flow([Step(name="bond", assembly_usd=10.0, yield_=0.8, detected=0.5)])
    loaded = with_nre(leaky, 7.0)
    assert float(loaded.cost_per_good_usd - leaky.cost_per_good_usd) == pytest.approx(7.0, rel=1e-12)
    assert float(loaded.ledger_per_good.nre_usd) == pytest.approx(7.0, rel=1e-12)


def test_refuses_what_it_cannot_read():
    with pytest.raises(ValueError, match="good_units"):
        spread(1e6, 0.0)
    with pytest.raises(ValueError, match="nre_usd"):
        spread(-1.0, 10.0)
    with pytest.raises(ValueError, match="mask_sets"):
        design_nre(1e-6, usd_per_m2=1.0, mask_sets=np.nan)
