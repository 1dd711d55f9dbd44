"""Look-up: printed rows come back with their status, nothing else does."""

import pytest

from packfirst.disciplines.qualification import standard_tables as tables

NAMES = (
    "ltpd", "burn_in", "life_test", "wire_current", "pind_frequency", "leak_rates", "msl", "die_shear", "bond_pull",
    "rha_levels", "pi_q",
)  # fmt: skip


def test_every_row_says_its_status_and_every_source_is_listed(table):
    known = {row["id"] for row in tables.read_rows(table("sources"))}
    for name in NAMES:
        for row in tables.read_rows(table(name)):
            assert row["status"] in ("confirmed", "secondary", "unconfirmed", "derived", "mixed"), (name, row)
            if name != "ltpd":  # whose source is the column of where a size was seen
                sources = [s for s in row["source"].split(";") if s]
                assert sources or row["status"] == "unconfirmed", (name, row)
                assert set(sources) <= known


def test_burn_in_and_life_test_rows(table):
    burn, life = (tables.read_rows(table(n)) for n in ("burn_in", "life_test"))
    assert tables.required_hours(burn, "1015", "V", 125).value == 240
    assert tables.required_hours(burn, "1015", "Q", 125).value == 160
    assert tables.required_hours(burn, "1015", "K", 125).value == 320
    assert tables.required_hours(life, "1005", "B", 150).value == 184
    found = tables.required_hours(life, "1005", "S", 150)
    assert (found.value, found.unit, found.status, found.source) == (500, "h", "confirmed", "S67")
    # between rows, blank for the class, and the hybrids' rows for a monolithic part
    for quality, ambient in (("B", 128), ("S", 175), ("Q", 100), ("V", 110), ("K", 150)):
        with pytest.raises(ValueError, match="only printed rows"):
            tables.required_hours(burn, "1015", quality, ambient)
    assert tables.required_hours(burn, "1015", "H", 100).value == 352
    with pytest.raises(ValueError, match="no class 'Z'"):
        tables.required_hours(burn, "1015", "Z", 125)


def test_sample_and_frequency_rows(table):
    assert tables.sample_size(tables.read_rows(table("ltpd")), 10, 1).value == 38
    with pytest.raises(ValueError, match="no series 4"):
        tables.sample_size(tables.read_rows(table("ltpd")), 4, 0)
    with pytest.raises(ValueError, match="no row 35"):
        tables.pind_frequency_hz(tables.read_rows(table("pind_frequency")), 35)


def test_bond_pull_brings_the_status_of_its_own_column(table):
    rows = tables.read_rows(table("bond_pull"))
    assert tables.bond_pull_gf(rows, "Au", 1.0, "pre_seal").status == "secondary"
    after = tables.bond_pull_gf(rows, "Au", 1.25, "post_seal")
    assert (after.value, after.status) == (3.0, "unconfirmed")
    with pytest.raises(ValueError, match=r"no row for Au wire of 1\.1 mil"):
        tables.bond_pull_gf(rows, "Au", 1.1, "pre_seal")
    with pytest.raises(ValueError, match="no stage"):
        tables.bond_pull_gf(rows, "Au", 1.0, "sealed")


def test_die_shear_is_the_rows_of_its_table_and_drops_at_the_plateau(table):
    for row in tables.read_rows(table("die_shear")):
        area = float(row["area_1e-4_in2"]) * 1e-4 * 0.0254**2
        assert tables.die_shear_kgf(area).value == pytest.approx(float(row["min_kgf_1p0x"]))
        assert tables.die_shear_kgf(area, "2.0X").value == pytest.approx(float(row["kgf_2p0x"]))
    unit = 1e-4 * 0.0254**2
    assert tables.die_shear_kgf(64.0 * unit).value > tables.die_shear_kgf(64.1 * unit).value
    assert tables.die_shear_kgf(0.2 * unit).value == pytest.approx(0.04)
    with pytest.raises(ValueError, match=r"not '1\.25X'"):
        tables.die_shear_kgf(1e-6, "1.25X")
    with pytest.raises(ValueError, match="no area"):
        tables.die_shear_kgf(0.0)


def test_leak_limits_by_volume(table):
    rows = tables.read_rows(table("leak_rates"))
    limit = tables.air_leak_limit_atm_cm3_s
    assert limit(rows, "A2_flexible_new", 0.05e-6).value == 5e-8
    assert limit(rows, "A2_flexible_new", 0.0501e-6).value == 1e-7
    assert limit(rows, "A2_flexible_new", 12e-6).value == 1e-6
    assert limit(rows, "A2_flexible_old", 0.02e-6).value == 1e-7
    assert limit(rows, "tightened_space", 0.02e-6).status == "unconfirmed"
    bomb = tables.fixed_bomb(rows, 0.3e-6)
    assert (bomb["pressure"].value, bomb["time"].value, bomb["dwell"].value) == (75, 4, 1)
    assert bomb["reject"].value == 5e-8
    for ask in (lambda: limit(rows, "A2_flexible_new", 0.0), lambda: tables.fixed_bomb(rows, 0.0)):
        with pytest.raises(ValueError, match="zero volume"):
            ask()
    with pytest.raises(ValueError, match="no row for a cavity of 30 cm3"):
        tables.fixed_bomb(rows, 30e-6)


def test_letters_levels_and_points(table):
    rows = tables.read_rows(table("rha_levels"))
    assert tables.dose_level_rad(rows, "R").value == 1e5
    with pytest.raises(ValueError, match="no radiation level 'Z'"):
        tables.dose_level_rad(rows, "Z")
    assert tables.moisture_level(tables.read_rows(table("msl")), "3")["floor_life"] == "168 h"
    with pytest.raises(ValueError, match="no level '7'"):
        tables.moisture_level(tables.read_rows(table("msl")), "7")
    points = tables.read_rows(table("pi_q"))
    assert tables.screening_points(points, "3B", plastic=True).value == 30
    with pytest.raises(ValueError, match="needs a cavity, not plastic"):
        tables.screening_points(points, "4", plastic=True)
    with pytest.raises(ValueError, match="cells"):
        tables.read_rows("a,b\n1\n")
