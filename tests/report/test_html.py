"""The page as a file: safe, whole, the same every time, and in need of nothing."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from packfirst.errors import InputError
from packfirst.report.html import embedded, render, write_report

LOADING = {"src", "srcset", "data", "poster", "action", "formaction", "background", "xlink:href", "manifest"}


class Page(HTMLParser):
    """Tags with their attributes, and the text of scripts, styles and the title."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": [], "title": [], "h1": []}
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.inside:
            self.inside[tag].append("")
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            self.open.remove(tag)

    def handle_data(self, data: str) -> None:
        for tag in self.open:
            self.inside[tag][-1] += data


@pytest.fixture(scope="module")
def page(study: dict) -> str:
    return render(study)


def test_the_same_study_gives_the_same_bytes(study: dict, page: str):
    again = json.loads(json.dumps(study))
    assert render(again) == page


def test_nothing_is_loaded_from_anywhere(page: str):
    for tag, attributes in Page(page).tags:
        assert tag not in ("iframe", "object", "embed", "link", "base", "form"), tag
        for name, value in attributes.items():
            if name in LOADING or (name == "href" and tag != "a"):
                assert (value or "").startswith(("data:image/png;base64,", "#")), (tag, name)
            assert not name.startswith("on"), (tag, name)
    styles = "".join(Page(page).inside["style"])
    assert "@import" not in styles and "url(" not in styles


def test_links_lead_to_the_page_itself_or_to_the_web(page: str):
    hrefs = [attributes["href"] for tag, attributes in Page(page).tags if tag == "a"]
    assert hrefs and all(re.match(r"#[a-z]+$|https?://", href) for href in hrefs)
    anchors = {attributes.get("id") for _, attributes in Page(page).tags}
    assert {href[1:] for href in hrefs if href.startswith("#")} <= anchors


def test_the_policy_lets_in_these_scripts_and_no_network(page: str):
    parsed = Page(page)
    policy = next(
        a["content"]
        for t, a in parsed.tags
        if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert (
        rules["default-src"] == rules["connect-src"] == rules["form-action"] == rules["base-uri"] == "'none'"
    )
    assert rules["img-src"] == "data:"
    allowed = set(rules["script-src"].split())
    code = [
        text
        for (tag, attributes), text in zip(
            [item for item in parsed.tags if item[0] == "script"], parsed.inside["script"], strict=True
        )
        if attributes.get("type") != "application/json"
    ]
    assert allowed == {
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in code
    }


HOSTILE = "</script><b>" + chr(0x2028) + "\"'&"


def test_a_hostile_name_stays_a_name(study: dict):
    binding = {**study["families"][0]["binding"], "explanation": HOSTILE, "unit": HOSTILE}
    families = [{**family, "binding": binding} for family in study["families"]]
    candidates = [{**item, "thermal_path": HOSTILE, "binding": binding} for item in study["candidates"]]
    sources = [{"key": HOSTILE, "title": HOSTILE, "year": 2020, "url": "javascript:alert(1)"}]
    best = json.loads(json.dumps(study["best"][:1]))
    best[0]["geometry"] = json.loads(json.dumps(best[0]["geometry"]).replace("compute_1", "<b>1"))
    hostile = {
        **study, "program_name": HOSTILE, "verdict": HOSTILE, "families": families, "candidates": candidates,
        "sources": sources, "best": best,
    }  # fmt: skip
    parsed = Page(render(hostile))
    assert parsed.inside["h1"] == [HOSTILE]
    assert parsed.inside["title"][0].startswith(HOSTILE)
    assert "b" not in {tag for tag, _ in parsed.tags}
    assert len(parsed.inside["script"]) == 3
    assert json.loads(parsed.inside["script"][0])["pareto"]["points"][0]["path"] == HOSTILE.replace("_", " ")
    assert not any((attributes.get("href") or "").startswith("javascript") for _, attributes in parsed.tags)


def test_embedded_data_has_no_markup_and_comes_back():
    text = embedded({"a": HOSTILE, "b": [None, 1.5]})
    assert not set(text) & {"<", ">", "&", chr(0x2028)}
    assert json.loads(text) == {"a": HOSTILE, "b": [None, 1.5]}


def test_every_section_stands_in_its_order(study: dict, page: str):
    order = re.findall(r'<(?:header|section) id="([a-z]+)"', page)
    assert order == ["verdict", "candidates", "front", "fell", "gain", "best", "sources"]
    assert page.count("data-panel>") == 3
    for record in study["best"]:
        for limit in record["limits"]:
            assert limit["kind"].replace("_", " ").capitalize() in page
        for item in record["not_assessed"]:
            assert f"<strong>{item['discipline'].capitalize()}</strong>: missing" in page


def test_the_ledger_on_the_page_sums_to_the_stated_cost(study: dict, page: str):
    total = round(sum(study["best"][0]["cost"]["ledger_usd"].values()))
    footer = re.findall(r"<tfoot>(.*?)</tfoot>", page, re.DOTALL)[0]
    *parts, whole = (int(text.replace(",", "")) for text in re.findall(r">([\d,]+)<", footer))
    assert sum(parts) == whole == total


def test_a_study_where_nothing_stands(study: dict):
    nobody = {
        **study, "best": [], "front": [], "node_or_package": None, "fallen_paths": [],
        "counts": {**study["counts"], "feasible": 0},
        "candidates": [{**item, "state": "infeasible", "binding": None, "metrics": {}} for item in study["candidates"]],
        "families": [
            {
                **study["families"][0], "state": "fell", "representative": None, "binding": None, "best": None,
                "neighbour": None,
            }
        ],
        "relaxations": [
            {
                "limit": "junction", "subject": "die:hbm", "by": 4.2, "unit": "K", "candidate": "k",
                "describe": "8 x compute",
            }
        ],
    }  # fmt: skip
    page = render(nobody)
    assert "Why none stands" in page and "junction of die hbm" in page and "4.2" in page
    assert 'id="best"' not in page and 'id="gain"' not in page
    assert "Nothing of this family could be elaborated" in page


def test_a_record_without_temperatures_cost_or_workload(study: dict):
    bare = {
        **study["best"][0],
        "thermal": {},
        "cost": {},
        "performance": {},
        "electrical": {},
        "assumptions": [],
    }
    metrics = {name: bare["metrics"][name] for name in ("mass", "body_area")}
    page = render({**study, "best": [{**bare, "metrics": metrics}]})
    assert "temperatures were not assessed" in page
    assert "<h4>Cost of a good part</h4>" not in page


def test_another_format_is_refused(study: dict):
    with pytest.raises(InputError, match="packfirst-study-9"):
        render({**study, "format": "packfirst-study-9"})


def test_the_file_is_written_whole_or_not_at_all(
    study: dict, page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    target = tmp_path / "report.html"
    write_report(study, target)
    assert target.read_bytes() == page.encode("utf-8")
    assert [item.name for item in tmp_path.iterdir()] == ["report.html"]

    def full(self: Path, data: bytes) -> int:
        with open(self, "wb") as file:
            file.write(data[:100])
        raise OSError(28, "No space left on device")

    target.write_text("the old one")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(
        InputError, match=r"report\.html: the report cannot be written: No space left on device"
    ) as raised:
        write_report(study, target)
    assert len(str(raised.value).splitlines()) == 1
    assert target.read_text() == "the old one"
    assert [item.name for item in tmp_path.iterdir()] == ["report.html"]


def test_a_folder_that_is_none(study: dict, tmp_path: Path):
    (tmp_path / "file").write_text("")
    for bad in (tmp_path / "none" / "report.html", tmp_path / "file" / "report.html"):
        with pytest.raises(InputError, match="the report cannot be written"):
            write_report(study, bad)


def test_importing_the_report_loads_no_template_engine():
    code = "import sys, packfirst.report.html; print('jinja2' in sys.modules)"
    path = os.pathsep.join(item for item in sys.path if item)
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert found.stdout.strip() == "False"
