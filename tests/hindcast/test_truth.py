"""What was built, for every product of the catalog, in the words of an answer."""

from dataclasses import replace

import pytest

from packfirst.catalog import Catalog, load_catalog
from packfirst.cli.hindcast import _cases
from packfirst.cli.init_like import named
from packfirst.hindcast.frozen import carriers_of, first_year, inputs_digest
from packfirst.hindcast.truth import BROUGHT_ALONG, truth_of

# Read off each product's published description, not off the code: class of its carrier and how die are stacked on it,
# its own die, and the ways out.
BUILT = {
    "amd_epyc_genoa": ("buildup", 13, "forced_air_hs"),
    "amd_epyc_naples": ("buildup", 4, "forced_air_hs"),
    "amd_epyc_rome": ("buildup", 9, "forced_air_hs"),
    "amd_mi300x": ("silicon_interposer + hybrid_bond", 12, "cold_plate"),
    "amd_zen3_vcache": ("buildup + hybrid_bond", 2, "forced_air_hs"),
    "apple_m1_ultra": ("bridge", 2, "forced_air_hs"),
    "bae_rad750": ("ceramic", 1, "space_cond_radiator"),
    "caes_ut8rxm39_mcm": ("ceramic", 8, "space_cond_radiator"),
    "hbm3_stack": ("buildup + microbump", 13, ""),
    "intel_meteor_lake": ("silicon_interposer", 4, "forced_air_hs"),
    "intel_ponte_vecchio": ("bridge + microbump", 28, "cold_plate"),
    "ku_band_tr_ltcc": ("ceramic", 5, "cond_card_vita48_2"),
    "nasa_trmm_hdi": ("ceramic_carrier", 25, "space_cond_radiator"),
    "nvidia_b200": ("bridge", 2, "cold_plate"),
    "nvidia_h100": ("silicon_interposer", 1, "forced_air_hs"),
    "tesla_dojo_tile": ("fan_out", 25, "cold_plate"),
    "x_band_gan_tr": ("metal_housing", 4, "cond_card_vita48_2"),
    "x_band_tr_ltcc": ("ceramic", 6, "cond_card_vita48_2"),
    "xilinx_virtex7_2000t": ("silicon_interposer", 4, "forced_air_hs"),
    "xilinx_virtex7_ht": ("silicon_interposer", 5, "forced_air_hs"),
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_every_product_of_the_catalog_has_a_truth(catalog):
    assert set(BUILT) == set(catalog.ids("product"))


@pytest.mark.parametrize("product", BUILT)
def test_truth_is_what_was_built(catalog, product):
    technology, n_die, path = BUILT[product]
    truth = truth_of(catalog, catalog.record("product", product), named)
    assert truth.technologies[0] == technology
    assert truth.n_die == n_die
    assert truth.thermal_paths[:1] == ((path,) if path else ())


@pytest.mark.parametrize("product", BUILT)
def test_own_die_with_bought_ones_and_those_brought_along_are_the_die_of_the_record(catalog, product):
    record = catalog.record("product", product)
    counts = {
        "own": truth_of(catalog, record, named).n_die,
        "bought": 0,
        "along": 0,
        "interposer": 0,
        "dummy": 0,
    }
    for row in record.table("die"):
        kind = row.word("class")
        word = kind if kind in ("interposer", "dummy") else "along" if kind in BROUGHT_ALONG else "bought"
        if row.word("part") or kind in BROUGHT_ALONG:
            counts[word] += round(record[row.field("count")])
    own = counts["own"]
    # Sources count active die, some with memory, some with what joins them; dummies nobody counts. Ponte Vecchio's
    # 47 tiles are 16 + 8 + 2 + 2 + 8 memory + 11 bridges.
    said = {own, own + counts["bought"], own + counts["bought"] + counts["along"], own + counts["interposer"]}
    assert record["truth_die_count"] in said


def test_no_program_knows_the_truth(catalog):
    """Programs and the frozen hash stay when only what was built is said to be something else."""
    products = dict(catalog.tables["product"])
    for name, record in products.items():
        words = {
            **record.words, "truth_technologies": ("fcbga_bare",), "truth_configuration": "one die",
            "truth_thermal_paths": ("nat_air_hs",),
        }  # fmt: skip
        moved = replace(record.input("truth_die_count"), value=1.0)
        products[name] = replace(record, words=words, inputs={**record.inputs, "truth_die_count": moved})
    lied = replace(catalog, tables={**catalog.tables, "product": products})
    names = list(BUILT)
    honest, other = _cases(catalog, names)[0], _cases(lied, names)[0]
    assert len(honest) >= 12
    for ours, theirs in zip(honest, other, strict=True):
        assert ours.program.digest == theirs.program.digest
        assert inputs_digest(ours.program.digest, catalog, budget=60, seed=0) == inputs_digest(
            theirs.program.digest, lied, budget=60, seed=0
        )
        assert ours.truth != theirs.truth


def test_a_changed_number_changes_the_frozen_hash(catalog):
    moved = catalog.with_value("catalog/technology/organic_mcm/thickness_lid", 1e-3)
    assert inputs_digest("p", catalog, budget=60, seed=0) != inputs_digest("p", moved, budget=60, seed=0)
    assert inputs_digest("p", catalog, budget=60, seed=0) != inputs_digest("p", catalog, budget=61, seed=0)


def test_what_a_product_lacks_is_said(catalog):
    cases, _, lacking = _cases(catalog, sorted(BUILT))
    assert {case.record.id for case in cases} | set(lacking) == set(BUILT)
    assert "a logic die" in lacking["x_band_gan_tr"]
    assert "its power" in lacking["xilinx_virtex7_ht"]


def test_carriers_wait_for_their_year(catalog):
    assert (
        first_year(catalog.record("technology", "organic_mcm")) == 2017
    )  # "multi-die server CPUs since 2017"
    assert first_year(catalog.record("technology", "bridge_emib_t")) == 2026  # "ramp in 2026"
    assert first_year(catalog.record("technology", "fcbga_lidded")) is None
    early, late = carriers_of(catalog, 2011), carriers_of(catalog, 2026)
    assert "organic_mcm" not in early
    assert "si_interposer_cowos_s" in early
    assert set(early) < set(late)
    assert not {"wb_bga", "wb_qfn", "fc_ceramic_cga", "hybrid_bond_d2w"} & set(late)


def test_programs_leave_open_only_these_carriers(catalog):
    for case in _cases(catalog, sorted(BUILT))[0]:
        assert case.program.freedom.carriers == carriers_of(catalog, case.record["introduced"])
