import numpy as np
import pytest

from packfirst.disciplines.cost.actuary_feng2022 import (
    D2D_MODULE_M2,
    FAN_OUT,
    SILICON_INTERPOSER,
    DieSet,
    chip_nre,
    die_cost,
    interposer_chip_first,
    interposer_chip_last,
    interposer_nre,
    module_nre,
    organic_substrate,
    substrate_complexity,
    substrate_nre,
)

# Wafer price [USD], defects per m2, development cost of a 300 mm2 chip [USD] in the model's parameters.
NODE = {"5": (16988.0, 1100.0, 542e6), "7": (9346.0, 900.0, 298e6), "14": (3984.0, 800.0, 106e6)}
FLOWS = {
    "SoC_OS": organic_substrate,
    "OS": organic_substrate,
    "FO": lambda die: interposer_chip_last(die, FAN_OUT),
    "SI": lambda die: interposer_chip_last(die, SILICON_INTERPOSER),
    "FO_chip_first": lambda die: interposer_chip_first(die, FAN_OUT),
}


def published_columns(result):
    """The five columns of the published tables out of our ledger."""
    ledger = result.ledger
    return {
        "raw_chips": ledger.die_raw_usd,
        "defect_chips": ledger.die_defect_usd,
        "raw_package": ledger.carrier_raw_usd,
        "defect_package": ledger.carrier_defect_usd + ledger.carrier_lost_usd,
        "wasted_chips": ledger.die_lost_usd,
        "total_re": result.cost_per_good_usd,
    }


def split(row):
    n, share = int(row["n_chiplets"]), 1.0 if row["package"] == "SoC_OS" else 1.1
    area = share * float(row["module_area_mm2"]) * 1e-6 / n
    wafer, density, _ = NODE[row["node_nm"]]
    raw, defect = die_cost(area, wafer, density)
    return DieSet(raw_usd=n * raw, defect_usd=n * defect, area_m2=n * area, count=n)


@pytest.mark.parametrize("table", ["actuary_results.csv", "actuary_chip_first.csv"])
def test_recurring_cost_to_the_printed_digit(reference, table):
    rows = reference(table)
    for row in rows:
        found = published_columns(FLOWS[row["package"]](split(row)))
        for name in found.keys() & row.keys():
            assert float(found[name]) == pytest.approx(float(row[name]), abs=0.51e-4), (name, row)
    assert len(rows) in (83, 8)


def test_recurring_cost_of_the_whole_table_in_one_call(reference):
    rows = [row for row in reference("actuary_results.csv") if row["package"] == "SI"]
    sets = [split(row) for row in rows]
    together = DieSet(
        **{
            name: np.array([float(getattr(s, name)) for s in sets])
            for name in ("raw_usd", "defect_usd", "area_m2", "count")
        }
    )
    found = published_columns(interposer_chip_last(together, SILICON_INTERPOSER))
    for name, column in found.items():
        np.testing.assert_allclose(column, [float(row[name]) for row in rows], atol=0.51e-4)


def test_epyc_case_to_the_printed_digit(reference):
    rows = reference("actuary_amd_case.csv")
    ccd, io = die_cost(74e-6, *NODE["7"][:2]), die_cost(416e-6, *NODE["14"][:2])
    unit = float(8 * sum(ccd) + sum(io)) + (8 * 74 + 416) * 0.005  # 64-core die with their bumps
    for row in rows:
        n = int(row["cores"]) // 8
        dummies = 8 - n
        mcm = organic_substrate(
            DieSet(
                raw_usd=n * ccd[0] + io[0],
                defect_usd=n * ccd[1] + io[1],
                area_m2=(n * 74 + dummies * 67 + 416) * 1e-6,
                count=9,
            )
        )
        raw, defect = die_cost((n * 67 + 360) * 1e-6, *NODE["7"][:2])
        soc = organic_substrate(
            DieSet(raw_usd=raw, defect_usd=defect, area_m2=(n * 67 + 360) * 1e-6, count=1)
        )
        for prefix, result in (("mcm", mcm), ("soc", soc)):
            ledger = result.ledger
            package = result.cost_per_good_usd - ledger.die_raw_usd - ledger.die_defect_usd
            for name, value in (
                ("raw_chips", ledger.die_raw_usd),
                ("defect_chips", ledger.die_defect_usd),
                ("packaging", package),
            ):
                printed = float(row[f"{prefix}_{name}"])
                assert float(value) / unit == pytest.approx(printed, abs=0.51e-6), (prefix, name, row)


def test_development_cost_to_the_printed_digit(reference):
    for row in reference("actuary_nre.csv"):
        node = NODE[row["node_nm"]][2]
        n, several = int(row["n_chiplets"]), row["package"] != "SoC_OS"
        module = float(row["module_area_mm2"]) * 1e-6
        silicon = module * (1.1 if several else 1.0)
        package = {
            "FO": lambda s=silicon: interposer_nre(s, FAN_OUT),
            "SI": lambda s=silicon: interposer_nre(s, SILICON_INTERPOSER),
        }.get(row["package"], lambda s=silicon, k=n: substrate_nre(s, k))()
        found = {
            "module_nre_usd": n * module_nre(module / n, node),
            "chip_nre_usd": n * chip_nre(silicon / n, node),
            "package_nre_usd": package,
            "d2d_nre_usd": module_nre(D2D_MODULE_M2, node) if several else 0.0,
        }
        for name, value in found.items():
            assert float(value) == pytest.approx(float(row[name]), abs=0.0051), (name, row)


def test_a_package_on_the_limit_counts_as_below_it():
    # 17 x 17 and 30 x 30 mm through the ways that rounding takes: side squared, and four times silicon.
    for area in (17e-3**2, 289e-6, 4 * 72.25e-6):
        assert substrate_complexity(area, 2) == 1.5
    for area in (30e-3**2, 900e-6, 4 * 225e-6, 4 * 0.225e-3):
        assert substrate_complexity(area, 2) == 1.75
    assert substrate_complexity(900.1e-6, 2) == 2.0
    assert substrate_complexity(900.1e-6, 1) == 1.0
