"""Overlays: what they change, and one clear line for each thing that is wrong with them."""

from pathlib import Path

import pytest

from packfirst.catalog import Catalog, MissingDatum, load_catalog
from packfirst.errors import InputError
from packfirst.inputs import Evidence, Kind

HEAD = "format: packfirst-catalog-1\nkind: material\n"
SOURCES = "sources:\n  lab2026: {title: Our laboratory, year: 2026}\n"
K = "{value: 150 W/(m K), low: 140 W/(m K), high: 160 W/(m K), kind: uncertain, evidence: measured, source: lab2026}"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(folder: Path, text: str) -> list[str]:
    path = written(folder, text)
    with pytest.raises(InputError) as caught:
        load_catalog([path])
    assert caught.value.exit_code == 2
    lines = [str(problem) for problem in caught.value.problems]
    assert all("\n" not in line for line in lines)
    assert all(line.startswith(str(path)) for line in lines)
    return [line.removeprefix(str(path)) for line in lines]


def record(field: str, head: str = HEAD + SOURCES) -> str:
    return f"{head}records:\n  - id: si\n    {field}\n"


def number(inside: str) -> str:
    return record(f"conductivity: {{{inside}}}")


# Line 6 holds the record's id, line 7 its field.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            record(f"conductvity: {K}"),
            ":7: records[0].conductvity: unknown field of a material: did you mean 'conductivity'?",
        ),
        (
            record("conductivity: 150 W/(m K)"),
            ":7: records[0].conductivity: write {value: ..., low: ..., high: ..., kind: ..., evidence: ..., "
            "source: ..., year: ...}",
        ),
        (
            number("value: 150 W/mK, low: 1 W/(m K), high: 2 W/(m K), kind: uncertain, evidence: assumed"),
            ":7: records[0].conductivity.value: '150 W/mK': write a number and one of W/(m K), "
            "for example '120 W/(m K)'",
        ),
        (
            number("value: nan W/(m K), low: 1 W/(m K), high: 2 W/(m K), kind: uncertain, evidence: assumed"),
            ":7: records[0].conductivity.value: 'nan W/(m K)': write a number and one of W/(m K), "
            "for example '120 W/(m K)'",
        ),
        (
            number("value: 150, low: 1 W/(m K), high: 200 W/(m K), kind: uncertain, evidence: assumed"),
            ":7: records[0].conductivity.value: 150 has no unit: write one of W/(m K), for example '120 W/(m K)'",
        ),
        (
            number("value: -1 W/(m K), low: 1 W/(m K), high: 1 W/(m K), kind: uncertain, evidence: assumed"),
            ":7: records[0].conductivity.value: -1 W/(m K) is out of range: more than 0",
        ),
        (
            number("value: 9 W/(m K), low: 1 W/(m K), high: 2 W/(m K), kind: uncertain, evidence: assumed"),
            ":7: records[0].conductivity: out of order: low <= value <= high",
        ),
        (
            number("value: 9 W/(m K), low: 1 W/(m K), kind: uncertain, evidence: assumed"),
            ":7: records[0].conductivity: has only one of low and high: write both",
        ),
        (
            number("value: 9 W/(m K), kind: uncertain, evidence: assumed"),
            ":7: records[0].conductivity: assumed needs low and high: only a standard fixes a number exactly",
        ),
        (
            number("value: 9 W/(m K), low: 9 W/(m K), high: 9 W/(m K), kind: uncertain, evidence: assumed"),
            ":7: records[0].conductivity: assumed with a band of no width: say how far off it may be",
        ),
        (
            number(
                "value: 2 W/(m K), low: 1 W/(m K), high: 3 W/(m K), kind: uncertain, evidence: assumed, "
                "source: lab2026"
            ),
            ":7: records[0].conductivity.source: assumed with a source passes as sourced: name its evidence, "
            "or drop the source",
        ),
        (
            number("value: 2 W/(m K), low: 1 W/(m K), high: 3 W/(m K), kind: uncertain, evidence: published"),
            ":7: records[0].conductivity: published needs a source: a key of 'sources:', or make it assumed "
            "with a band",
        ),
        (
            number(
                "value: 2 W/(m K), low: 1 W/(m K), high: 3 W/(m K), kind: uncertain, evidence: published, "
                "source: lab2025"
            ),
            ":7: records[0].conductivity.source: unknown source 'lab2025': did you mean 'lab2026'?",
        ),
        (
            number(
                "value: 2 W/(m K), low: 1 W/(m K), high: 3 W/(m K), kind: uncertain, evidence: published, "
                "source: lab2026, year: soon"
            ),
            ":7: records[0].conductivity.year: 'soon': write a year such as 2024",
        ),
        (
            number("value: 2 W/(m K), low: 1 W/(m K), high: 3 W/(m K), kind: uncertain, evidence: guessed"),
            ":7: records[0].conductivity.evidence: unknown word 'guessed': did you mean 'assumed'?",
        ),
        (
            number("value: 2 W/(m K), low: 1 W/(m K), high: 3 W/(m K), kind: maybe, evidence: assumed"),
            ":7: records[0].conductivity.kind: unknown word 'maybe': known: choice, uncertain, variation",
        ),
        (
            number("value: 2 W/(m K), low: 1 W/(m K), high: 3 W/(m K), evidence: assumed"),
            ":7: records[0].conductivity: needs kind: one of choice, uncertain, variation",
        ),
        (
            number("value: 2 W/(m K), lo: 1 W/(m K), high: 3 W/(m K), kind: uncertain, evidence: standard"),
            ":7: records[0].conductivity.lo: unknown key: did you mean 'low'?",
        ),
        (record("class: metall"), ":7: records[0].class: unknown word 'metall': did you mean 'metal'?"),
        (
            record(f"conductivity: {K}\n    conductivity: {K}"),
            ":8: records[0].conductivity: appears twice, first on line 7: keep one",
        ),
        (
            f"{HEAD}{SOURCES}records:\n  - id: abf_gx133\n    conductivity: {K}\n",
            ":6: records[0]: material 'abf_gx133' needs class; did you mean the material 'abf_gx13'?",
        ),
        (
            record("class: metal", HEAD.replace("catalog-1", "catalog-2")),
            ":1: format: packfirst-catalog-2 is newer",
        ),
        (record("class: metal", "kind: material\n"), ":1: format: write 'format: packfirst-catalog-1'"),
        (
            record("class: metal", HEAD.replace("kind: material", "kind: materials")),
            ":2: kind: unknown kind 'materials': did you mean 'material'?",
        ),
        (HEAD + "recrods: []\nrecords: []\n", ":3: recrods: unknown key: did you mean 'records'?"),
        (HEAD, ":1: records: needs 'records:', a list of mappings that start with 'id:'"),
        (HEAD + "records: [{class: metal}]\n", ":3: records[0].id: write a text here"),
        (HEAD + "records: [{id: a/b}]\n", ":3: records[0].id: 'a/b' is no id: write letters, digits"),
        (
            record("class: metal", HEAD + "sources:\n  a:\n    title: A\n"),
            ":4: sources.a: a source needs a title and a year",
        ),
        (
            HEAD + "records:\n  - id: si\n    class: metal\n  - id: si\n    class: metal\n",
            ":6: records[1].id: material 'si' appears twice, first on line 4: keep one",
        ),
        ("- 1\n", ":1: a catalog file starts with 'format: packfirst-catalog-1' and 'kind: ...'"),
    ],
)
def test_each_mistake_gives_its_line(tmp_path: Path, text: str, expected: str) -> None:
    found = problems_of(tmp_path, text)
    assert len(found) == 1
    assert found[0].startswith(expected)


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    first = written(tmp_path, record("class: metall\n    colour: grey"), "a.yaml")
    second = written(tmp_path, "a: [", "b.yaml")
    with pytest.raises(InputError) as caught:
        load_catalog([first, second, tmp_path / "missing.yaml"])
    places = [(Path(problem.file).name, problem.line) for problem in caught.value.problems]
    assert places == [("a.yaml", 7), ("a.yaml", 8), ("b.yaml", 2), ("missing.yaml", 0)]


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ("die_committed_at_step: 99", "write the number of a step of the route, 1 to 8"),
        ("process_route: []", "write a list of steps"),
        ("process_route:\n      - {step: 2, op: x}", "the step needs peak_temperature, step_yield, scope"),
        ("first_level_interconnect: c4", "write a list here"),
        (
            "process_route: [{step: 1, op: a}]\n    max_bridge: 1",
            "unknown field of a technology: did you mean 'max_",
        ),
    ],
)
def test_broken_technologies(tmp_path: Path, changes: str, part: str) -> None:
    head = "format: packfirst-catalog-1\nkind: technology\n"
    text = f"{head}records:\n  - id: fcbga_lidded\n    {changes}\n"
    assert any(part in line for line in problems_of(tmp_path, text))


def step(number: int, scope: str) -> str:
    return (
        f"{{step: {number}, op: x, scope: {scope}, needs: [test], "
        "peak_temperature: {value: 25 degC, low: 20 degC, high: 30 degC, kind: uncertain, evidence: assumed}, "
        "step_yield: {value: 0.99, low: 0.9, high: 1, kind: uncertain, evidence: assumed}}"
    )


@pytest.mark.parametrize(
    ("scopes", "committed", "part"),
    [
        (("per_die", "per_package"), 2, "works on die in step 1, before step 2 commits them"),
        (("per_die", "die_prep"), 1, "prepares die in step 2, but step 1 commits them"),
    ],
)
def test_a_route_that_contradicts_itself(
    tmp_path: Path, scopes: tuple[str, str], committed: int, part: str
) -> None:
    steps = "".join(f"      - {step(n, scope)}\n" for n, scope in enumerate(scopes, 1))
    text = (
        "format: packfirst-catalog-1\nkind: technology\nrecords:\n  - id: fcbga_lidded\n"
        f"    die_committed_at_step: {committed}\n    process_route:\n{steps}"
    )
    found = problems_of(tmp_path, text)
    assert len(found) == 1
    assert part in found[0]


def test_steps_out_of_number_are_refused(tmp_path: Path) -> None:
    text = (
        "format: packfirst-catalog-1\nkind: technology\nrecords:\n  - id: fcbga_lidded\n    process_route:\n"
        f"      - {step(2, 'per_die')}\n"
    )
    assert any(
        "the route contradicts itself: this is step 1, not 2" in line for line in problems_of(tmp_path, text)
    )


def test_a_reference_that_leads_nowhere(tmp_path: Path) -> None:
    text = "format: packfirst-catalog-1\nkind: thermal_path\nrecords:\n  - id: cold_plate\n    base_material: coper\n"
    found = problems_of(tmp_path, text)
    assert len(found) == 1
    assert "base_material: unknown material 'coper': did you mean" in found[0]


def test_an_overlay_replaces_a_field_and_nothing_else(tmp_path: Path, catalog: Catalog) -> None:
    path = written(tmp_path, record(f"conductivity: {K}"))
    changed = load_catalog([path])
    item = changed.input("catalog/material/si/conductivity")
    assert (item.value, item.low, item.high) == (150.0, 140.0, 160.0)
    assert (item.kind, item.evidence, item.source, item.year) == (
        Kind.UNCERTAIN,
        Evidence.MEASURED,
        "lab2026",
        2026,
    )
    assert changed.source("lab2026").title == "Our laboratory"
    before, after = catalog.record("material", "si"), changed.record("material", "si")
    assert after.words == before.words
    assert after.name == before.name
    assert {k: v for k, v in after.inputs.items() if k != "conductivity"} == {
        k: v for k, v in before.inputs.items() if k != "conductivity"
    }
    assert all(changed.record("material", name) == catalog.record("material", name) for name in catalog.ids("material")
               if name != "si")  # fmt: skip
    assert changed.digest != catalog.digest
    assert "lab2026" not in catalog.sources


def test_an_overlay_adds_a_record(tmp_path: Path) -> None:
    text = f"{HEAD}{SOURCES}records:\n  - id: house_tim\n    name: Our own\n    class: tim\n    conductivity: {K}\n"
    added = load_catalog([written(tmp_path, text)]).record("material", "house_tim")
    assert added.name == "Our own"
    assert added["conductivity"] == 150.0
    with pytest.raises(MissingDatum, match="catalog/material/house_tim/modulus is not in the catalog"):
        added["modulus"]


def test_later_overlays_win_and_a_folder_is_read_in_order(tmp_path: Path) -> None:
    for name, value in (("a.yaml", 142), ("b.yaml", 143)):
        written(tmp_path, record(f"conductivity: {K.replace('value: 150', f'value: {value}')}"), name)
    assert load_catalog([tmp_path]).record("material", "si")["conductivity"] == 143.0
    last = load_catalog([tmp_path / "b.yaml", tmp_path / "a.yaml"])
    assert last.record("material", "si")["conductivity"] == 142.0


def test_a_folder_without_yaml_is_no_overlay(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"the folder holds no \.yaml file"):
        load_catalog([tmp_path])


def test_an_overlay_moves_one_step_of_a_route(tmp_path: Path, catalog: Catalog) -> None:
    text = (
        "format: packfirst-catalog-1\nkind: technology\nsources:\n  line: {title: Our line, year: 2026}\nrecords:\n"
        "  - id: fcbga_lidded\n    step_2_yield: {value: 0.97, low: 0.96, high: 0.98, kind: uncertain, "
        "evidence: measured, source: line}\n"
    )
    changed = load_catalog([written(tmp_path, text)]).record("technology", "fcbga_lidded")
    assert changed[changed.route[1].yield_field] == 0.97
    assert changed.route == catalog.record("technology", "fcbga_lidded").route


def test_two_meanings_of_one_source_key(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path, record("class: metal", HEAD + "sources:\n  diemat: {title: Other, year: 2001}\n")
    )
    assert len(found) == 1
    assert "source 'diemat' already means" in found[0]
