"""What was built, for every product of the catalog, in the words of an answer."""

from dataclasses import replace

import pytest

from packfirst.catalog import Catalog, load_catalog
from packfirst.cli.hindcast import _cases
from packfirst.cli.init_like import named
from packfirst.hindcast.frozen import carriers_of, first_year, inputs_digest, stacks_of
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
    assert not {case.record.id for case in cases} & set(lacking)
    assert "a logic die" in lacking["x_band_gan_tr"]
    assert "its power" in lacking["ku_band_tr_ltcc"]


def test_carriers_wait_for_their_year(catalog):
    years = {r.id: first_year(r) for r in catalog.records("technology")}
    assert years["bridge_emib_t"] == 2026
    assert years["pcb_discrete"] is None
    early, late = carriers_of(catalog, 2011), carriers_of(catalog, 2029)
    # The first product on a silicon interposer was of 2011, glass is announced, and bridges came in 2017.
    assert "si_interposer_cowos_s" in early
    assert not {"glass_core_substrate", "glass_interposer", "bridge_emib", "fanout_hd"} & set(early)
    assert "glass_core_substrate" in late
    assert set(early) < set(late)
    assert not {"wb_bga", "wb_qfn", "fc_ceramic_cga", "hybrid_bond_d2w"} & set(late)
    assert {"wb_bga", "fc_ceramic_cga"} <= set(carriers_of(catalog, 2011, "space"))
    assert stacks_of(catalog, 2014) == ()
    assert stacks_of(catalog, 2020) == ("hybrid_bond_w2w", "stack_3d_microbump")


def test_no_product_is_older_than_the_technology_that_it_was_built_in(catalog):
    for case in _cases(catalog, sorted(BUILT))[0]:
        named = case.record.listed("truth_technologies")
        for name in (*case.truth.carriers, *case.truth.stacks):
            first = first_year(catalog.record("technology", name))
            assert name not in named or first is None or first <= case.record["introduced"], (
                case.record.id,
                name,
            )


def test_programs_leave_open_only_these_carriers(catalog):
    for case in _cases(catalog, sorted(BUILT))[0]:
        record = case.record
        assert case.program.freedom.carriers == carriers_of(
            catalog, record["introduced"], record.word("market")
        )
        assert case.program.freedom.stacks == stacks_of(catalog, record["introduced"])
