"""Supply records: what is shipped, how it joins the technologies, the arithmetic of the sources, bad files."""

from datetime import date
from pathlib import Path

import pytest

from packfirst.catalog.load import load_catalog
from packfirst.catalog.schema import CAPABILITIES
from packfirst.catalog.supply_records import load_supply, sites_with
from packfirst.errors import InputError

RECORDS = load_supply()
DATA = Path(load_supply.__code__.co_filename).parent / "data" / "supply"


def problems_of(tmp_path: Path, text: str) -> str:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_supply([path])
    return str(caught.value).replace(str(tmp_path) + "/", "")


def test_every_need_of_every_technology_has_a_site_on_record():
    needed = {
        need
        for record in load_catalog().records("technology")
        for step in record.route
        for need in step.needs
    }
    needed |= {
        need for record in load_catalog().records("technology") for need in record.listed("carrier_needs")
    }
    assert needed <= set(CAPABILITIES)
    without = {need for need in needed if not sites_with(RECORDS.suppliers.values(), need)}
    assert without == set()


def test_every_figure_names_its_source_and_year():
    for site in RECORDS.suppliers.values():
        assert site.sources, site.id
        assert all(item.year >= 1950 for item in (*site.capabilities, *site.listings)), site.id
        assert {item.evidence for item in site.capabilities if item.basis == "inferred"} <= {"assumed"}, (
            site.id
        )
    for record in (*RECORDS.facts.values(), *RECORDS.share_tables.values(), *RECORDS.build_times.values()):
        assert record.sources, record.id
    for step, weeks in RECORDS.step_weeks.items():
        assert weeks.source or weeks.evidence == "assumed", step


def test_tables_under_a_licence_that_forbids_commerce_are_not_shipped():
    assert set(RECORDS.share_tables) == {"osat_hq_2022", "substrate_hq_2012"}
    for path in DATA.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert "CC BY-NC" not in text and "eto-" not in text, path.name


def test_ceramic_packages_have_no_stand_in_for_a_lead_time():
    """The compilers found no lead time and allow none but the user's."""
    assert RECORDS.gaps["gap_ceramic_lead"].stand_in == "user input only"
    assert "ceramic_htcc" not in RECORDS.step_weeks
    assert "ceramic_package_supply" not in RECORDS.step_weeks


def test_an_unread_rule_is_marked():
    unread = [rule for rule in RECORDS.rules.values() if not rule.read]
    assert len(unread) == 11  # of the 27 compiled rules, 16 were read
    assert all(rule.evidence == "recalled" for rule in unread)


def value(name: str) -> float:
    found = RECORDS.facts[name].value
    assert found is not None
    return found


def test_lead_times_add_up_as_their_sources_say():
    """Renesas, second hand: 16 to 18 weeks of wafers, 8 to 10 of assembly and test, 24 to 28 in all."""
    wafer, assembly, total = (RECORDS.facts[f"lt_normal_{x}"] for x in ("wafer", "at", "total"))
    assert wafer.low + assembly.low == total.low
    assert wafer.high + assembly.high == total.high
    assert value("lt_proto_total") == 1 + 3 + 2 + 1 + 1  # masks, wafers, assembly, test and bake, shipping


def test_awards_add_up_as_announced():
    awards = [value(f"award_{x}_rd") for x in ("absolics", "applied", "asu")] + [value("award_ppf")]
    assert sum(awards) == pytest.approx(
        1000 * value("napmp_final_awards")
    )  # 0.3 for substrates, 1.1 for a pilot line
    assert value("napmp_final_awards") < value("napmp_vision")  # planned is not awarded


def test_workforce_gap_adds_up():
    parts = value("wf_gap_tech") + value("wf_gap_bs") + value("wf_gap_grad")
    assert parts == pytest.approx(value("wf_gap"), rel=0.005)  # printed to three digits
    assert value("wf_gap") / (value("wf_2030f") - value("wf_2023")) == pytest.approx(0.58, abs=0.005)


def test_build_times_are_the_months_between_their_dates():
    for item in RECORDS.build_times.values():
        between = 12 * (item.end.year - item.start.year) + item.end.month - item.start.month
        assert item.months == pytest.approx(between, abs=1), item.id
    opened = [
        item.months
        for item in RECORDS.build_times.values()
        if item.kind == "actual" and item.end_event == "opened"
    ]
    assert (min(opened), max(opened)) == (20, 32)


@pytest.mark.parametrize(
    ("fact", "weeks"),
    [("qml_groupc_1000", 5.95), ("qml_groupc_2000", 11.9), ("bi_class_b", 0.95), ("bi_class_v", 1.43),
     ("bi_class_k_hybrid", 1.90)],
)  # fmt: skip
def test_oven_hours_are_the_weeks_that_the_sources_print(fact, weeks):
    assert value(fact) / 168.0 == pytest.approx(weeks, abs=0.006)
    assert f"{weeks:g}" in RECORDS.facts[fact].model_use


def test_dates_are_read_against_hope():
    """A plan for a month is met on its last day; a status of a year is as old as its first."""
    assert RECORDS.suppliers["amkor-peoria"].available_from == date(2028, 1, 31)
    assert RECORDS.suppliers["micron-us-hbm"].available_from is None
    assert RECORDS.suppliers["skhynix-west-lafayette"].status_as_of == date(2026, 1, 1)


ANSWER = """
format: packfirst-supply-1
kind: supplier
sources:
  letter: {title: Quotation by letter, year: 2026, where: on file}
records:
- id: micropac-garland
  capabilities:
  - {step: hermetic_seal, basis: stated, evidence: published, year: 2026,
     weeks: {value: 2, low: 1, high: 4, evidence: published, source: letter}}
  disruption_per_year: {value: 0.02, low: 0.005, high: 0.1, evidence: assumed}
"""


def test_an_answer_replaces_the_step_that_it_is_about_and_nothing_else(tmp_path):
    path = tmp_path / "answer.yaml"
    path.write_text(ANSWER, encoding="utf-8")
    before, after = RECORDS.suppliers["micropac-garland"], load_supply([path]).suppliers["micropac-garland"]
    steps = {item.step: item for item in after.capabilities}
    assert steps["hermetic_seal"].basis == "stated"
    assert steps["hermetic_seal"].weeks.value == 2.0
    assert {item.step for item in before.capabilities} == set(steps)
    assert steps["wire_bond"].basis == "inferred"
    assert (after.country, after.status, after.listings) == (before.country, before.status, before.listings)


def test_all_problems_of_a_file_come_at_once(tmp_path):
    bad = """format: packfirst-supply-1
kind: supplier
records:
- id: mine
  company: Mine
  country: USA
  owner_country: US
  latitude_deg: 95
  longitude_deg: 0
  kind: assembly
  access: open
  status: {value: running, as_of: 2025-13}
  volume: {tiers: [some], evidence: assumed}
  disruption_per_year: {value: 1.5, low: 0.1, high: 2, evidence: assumed}
  capabilities:
  - {step: wire_bnd, basis: stated, evidence: published, year: 2025}
  - {step: test, basis: inferred, evidence: published, year: 2025,
     weeks: {value: -1, low: 0, high: 2, evidence: assumed}}
"""
    said = problems_of(tmp_path, bad)
    for line in (
        "mine.yaml:6: records[0].country: 'USA': write the two capital letters",
        "mine.yaml:8: records[0].latitude_deg: 95 is out of range: at most 90",
        "mine.yaml:12: records[0].status.value: unknown value 'running'",
        "mine.yaml:12: records[0].status.as_of: '2025-13' is not a date",
        "mine.yaml:13: records[0].volume.tiers[0]: unknown word 'some'",
        "mine.yaml:14: records[0].disruption_per_year.value: 1.5 is out of range: at most 1",
        "mine.yaml:16: records[0].capabilities[0].step: unknown step 'wire_bnd': did you mean 'wire_bond'?",
        "mine.yaml:18: records[0].capabilities[1].weeks.value: -1 is out of range: at least 0",
        "mine.yaml:17: records[0].capabilities[1].evidence: an inferred step is assumed",
    ):
        assert line in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("format: packfirst-supply-2\nkind: supplier\n", "is newer than this packfirst"),
        ("format: other\nkind: supplier\n", "is not a supply file"),
        ("format: packfirst-supply-1\nkind: suplier\n", "did you mean 'supplier'?"),
        ("format: packfirst-supply-1\nkind: step_time\nrecords:\n- {id: weld, weeks: {value: 1, low: 1, high: 2, "
         "evidence: assumed}}\n", "unknown id 'weld'"),
        ("format: packfirst-supply-1\nkind: step_time\nrecords:\n- {id: test, weeks: {value: 3, low: 1, high: 2, "
         "evidence: assumed}}\n", "out of order: low <= value <= high"),
        ("format: packfirst-supply-1\nkind: step_time\nrecords:\n- {id: test, weeks: {value: 2, low: 1, high: 3, "
         "evidence: published}}\n", "published needs a source"),
        ("format: packfirst-supply-1\nkind: supply_fact\nsources:\n  a: {title: A, year: 2020}\nshare_tables:\n"
         "- {id: x, what: x, share_by: location, year: 2020, evidence: published, grade: A, shares_percent: {US: 60, "
         "TW: 70}, other_percent: 0, sources: [a]}\n", "add to 130 percent"),
        ("format: packfirst-supply-1\nkind: supply_fact\nsources:\n  a: {title: A, year: 2020}\nbuild_times:\n"
         "- {id: x, site: x, start_event: a, start: 2024-02, end_event: b, end: 2023-01, months: 3, kind: actual, "
         "evidence: published, grade: A, sources: [a]}\n", "is before the start"),
        ("format: packfirst-supply-1\nkind: policy\nrecords:\n- {id: x, name: x, authority: x, citation: x,"
         " kind: export,"
         " domain: [moon], proposed: maybe, read: true, read_from: primary, evidence: published, summary: x, "
         "effective: soon}\n", "unknown word 'moon'"),
    ],
)  # fmt: skip
def test_a_bad_file_gets_a_clear_line(tmp_path, text, message):
    assert message in problems_of(tmp_path, text)
