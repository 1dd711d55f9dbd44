"""Modules of a link along a die edge: how many columns of bumps they have, and when they go behind each other."""

from itertools import pairwise

import numpy as np
import pytest

from packfirst.catalog import load_catalog
from packfirst.disciplines.electrical import channel, records

CATALOG = load_catalog()
STANDARD, ADVANCED = (CATALOG.record("link", name) for name in ("ucie_s_16", "ucie_a_16"))
LAMINATE = CATALOG.record("technology", "organic_mcm")


def carried(gigabytes, facing_mm, record=STANDARD):
    return channel.carried(
        gigabytes * 1e9, facing_mm * 1e-3, 1e-3, records.surface(LAMINATE), records.arrays([record])
    )


@pytest.mark.parametrize(("record", "columns"), [(STANDARD, 6), (ADVANCED, 10)])
def test_ucie_modules_are_whole_columns_of_closest_packing(record, columns):
    """571.5 um and 388.8 um: six and ten columns, sqrt(3)/2 of 110 um and of 45 um apart (UCIe 3.0)."""
    pitch = {6: 110e-6, 10: 45e-6}[columns]
    assert record.word("bump_map") == "hexagonal"
    assert record["module_edge"] == pytest.approx(columns * pitch * np.sqrt(0.75), rel=3e-3)


def test_modules_spread_along_an_edge_that_has_room():
    """Two modules: behind each other in 0.6 mm, beside each other in 2 mm, where twice the columns let out more."""
    narrow, wide = carried(120.0, 0.6), carried(120.0, 2.0)
    assert narrow.modules == wide.modules == pytest.approx(2.0)
    assert wide.capacity > 1.9 * narrow.capacity
    assert narrow.wire_m > wide.wire_m + 1e-3
    # What they need at least does not depend on what they get.
    assert narrow.edge_m == wide.edge_m == pytest.approx(571.5e-6)


def test_a_module_gets_its_own_signals_out_of_a_laminate():
    """44 signals of 571.5 um on three layers at 130 um: five columns, each its front and two tracks to a layer."""
    assert carried(60.0, 0.5715).capacity == pytest.approx(5 * (1 + 2) * 3)


@pytest.mark.parametrize("facing_mm", [0.6, 1.0, 3.0, 9.0])
def test_more_traffic_is_never_a_larger_share(facing_mm):
    shares = [float(carried(gb, facing_mm).share.max()) for gb in np.geomspace(10.0, 5000.0, 60)]
    assert all(later <= earlier + 1e-12 for earlier, later in pairwise(shares))


def test_a_mode_with_room_is_planned_before_one_that_just_holds():
    modes = records.arrays([r for r in CATALOG.records("link") if r.word("standard") in ("ucie_s", "bow")])
    for gb in (40.0, 80.0, 160.0, 320.0):
        found = channel.carried(gb * 1e9, 8e-3, 1e-3, records.surface(LAMINATE), modes)
        at_ease = found.holds & (found.capacity >= channel.ESCAPE_ROOM * found.signals)
        assert not at_ease.any() or at_ease[found.best]
