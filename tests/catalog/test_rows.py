"""Tables inside a record: reading, replacing by an overlay, hashing, and one clear line per mistake."""

from pathlib import Path

import pytest

from packfirst.catalog import Catalog, load_catalog
from packfirst.catalog.fields import KindSchema
from packfirst.catalog.schema import KINDS
from packfirst.errors import InputError

HEAD = "format: packfirst-catalog-1\nkind: product\nsources:\n  lab: {title: Our laboratory, year: 2026}\nrecords:\n"
TWO = "{value: 2, low: 2, high: 2, kind: choice, evidence: measured, source: lab}"
AREA = "{value: 90 mm2, low: 88 mm2, high: 92 mm2, kind: uncertain, evidence: measured, source: lab}"
NEW = f"""- id: ours
  market: server
  introduced: {{value: 2026, kind: choice, evidence: standard, source: lab}}
  truth_technologies: [organic_mcm]
  truth_die_count: {TWO}
  truth_configuration: two die
  truth_hermetic: no
  check: none
  die:
  - {{role: core, class: logic, count: {TWO}, area: {AREA}, node_id: n5}}
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def overlaid(folder: Path, text: str) -> Catalog:
    path = folder / "mine.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_catalog([path])


def test_a_new_record_with_rows(tmp_path: Path) -> None:
    record = overlaid(tmp_path, NEW).record("product", "ours")
    (row,) = record.table("die")
    assert (row.word("role"), row.number, row.field("area")) == ("core", 1, "die_1_area")
    assert record["die_1_area"] == pytest.approx(90e-6)
    assert record.of(row, "area") is record.inputs["die_1_area"]
    assert record.table("links") == ()
    assert row.word("function") == ""


def test_an_overlay_replaces_a_table_whole(tmp_path: Path, catalog: Catalog) -> None:
    text = f"- id: amd_epyc_genoa\n  die:\n  - {{role: CCD, class: logic, count: {TWO}}}\n"
    record = overlaid(tmp_path, text).record("product", "amd_epyc_genoa")
    assert [row.word("role") for row in record.table("die")] == ["CCD"]
    assert "die_1_area" not in record
    assert "die_2_count" not in record
    assert record.table("links") == catalog.record("product", "amd_epyc_genoa").table("links")
    assert "links_1_count" in record


def test_an_overlay_replaces_one_number_of_a_row(tmp_path: Path, catalog: Catalog) -> None:
    other = overlaid(tmp_path, f"- id: amd_epyc_genoa\n  die_1_area: {AREA}\n")
    record, before = (item.record("product", "amd_epyc_genoa") for item in (other, catalog))
    assert record["die_1_area"] == pytest.approx(90e-6)
    assert record.rows == before.rows
    assert record.digest != before.digest


def test_words_of_rows_are_part_of_the_digest(tmp_path: Path) -> None:
    one = overlaid(tmp_path, NEW).record("product", "ours")
    two = overlaid(tmp_path, NEW.replace("role: core", "role: cores")).record("product", "ours")
    again = overlaid(tmp_path, NEW).record("product", "ours")
    assert one.digest != two.digest
    assert one.digest == again.digest


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "class: logic",
            "class: logical",
            "records[0].die[0].class: unknown word 'logical': did you mean 'logic'?",
        ),
        ("role: core, ", "", "records[0].die[0]: the row needs role"),
        ("area:", "areas:", "records[0].die[0].areas: unknown field of die: did you mean 'area'?"),
        ("90 mm2, low", "90 m, low", "records[0].die[0].area.value: '90 m': write a number and one of mm2"),
        ("  die:\n  - {", "  die: {", "records[0].die: write a list of rows"),
        ("  die:\n  - {", "  die:\n  - core\n  - {", "records[0].die[0]: a row is a mapping of count, area"),
        (
            "node_id: n5",
            "node_id: n55",
            "product.ours.die[0].node_id: unknown node 'n55': did you mean 'n5'?",
        ),
        ("[organic_mcm]", "[organic]", "product.ours.truth_technologies: unknown technology 'organic'"),
    ],
)
def test_mistakes(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in NEW
    with pytest.raises(InputError) as caught:
        overlaid(tmp_path, NEW.replace(old, new))
    said = [str(problem) for problem in caught.value.problems]
    assert any(expected in line for line in said), said


def test_a_product_without_its_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"product 'ours' needs truth_hermetic$"):
        overlaid(tmp_path, NEW.replace("  truth_hermetic: no\n", ""))


def test_a_row_cites_sources_that_are_there(tmp_path: Path) -> None:
    path = tmp_path / "flow.yaml"
    path.write_text(
        "format: packfirst-catalog-1\nkind: flow\nrecords:\n- id: mine\n  document: house rule\n  domain: [space]\n"
        "  purpose: screening\n  status: derived\n  steps:\n  - {test: look, status: confirmed, sources: [S999]}\n"
    )
    with pytest.raises(InputError, match=r"flow.mine.steps\[0\].sources: unknown source 'S999'"):
        load_catalog([path])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_two_fields_of_a_kind_can_share_a_name(kind: str) -> None:
    schema: KindSchema = KINDS[kind]
    assert len(set(schema.names)) == len(schema.names)
    for name in schema.numbers:
        assert schema.number(name) is schema.numbers[name]
    for table, rows in schema.rows.items():
        assert not set(rows.numbers) & set(rows.words)
        for name, spec in rows.numbers.items():
            assert schema.number(f"{table}_12_{name}") is spec
        assert schema.number(f"{table}_0_{next(iter(rows.names))}") is None
