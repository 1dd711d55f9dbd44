"""The page as people meet it: opened from a file in Chromium, clicked, dragged, narrowed, darkened."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from packfirst.report.html import write_report

CHROMIUM = "/usr/bin/chromium"
WIDTHS = (390, 820, 1440)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def file(study: dict, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(study, path)
    return path


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Page]:
    """The page at 1440 x 900, where a complaint or a request at any time fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on(
        "request", lambda request: told.append(request.url) if not request.url.startswith("data:") else None
    )
    page.goto(file.as_uri())
    yield page
    assert told == [file.as_uri()]
    context.close()


def shown(page: Page) -> list[str]:
    """Keys of the rows in sight, from the top."""
    return page.eval_on_selector_all(
        "[data-table] tbody tr", "rows => rows.filter(row => !row.hidden).map(row => row.dataset.key)"
    )


def placed(study: dict) -> set[str]:
    """Keys of the candidates that a chart can show."""
    return {item["key"] for item in study["candidates"] if "throughput" in item["metrics"]}


def test_the_chart_is_drawn(opened: Page, study: dict):
    drawn = opened.locator("[data-chart] svg path")
    assert drawn.count() > len(placed(study))
    box = opened.locator("[data-chart] svg").bounding_box()
    assert box is not None and box["width"] > 800 and box["height"] > 400
    said = " ".join(opened.locator("[data-chart] svg text").all_text_contents())
    assert "Cost of a good part, USD" in said and "Throughput, TFLOP/s" in said and "demanded: 650" in said


def test_a_frame_in_the_chart_narrows_the_table(opened: Page, study: dict):
    before = shown(opened)

    def drag(left: float, top: float, right: float, bottom: float) -> None:
        opened.locator("[data-chart]").scroll_into_view_if_needed()
        box = opened.locator("[data-chart]").bounding_box()
        assert box is not None
        opened.mouse.move(box["x"] + left * box["width"], box["y"] + top * box["height"])
        opened.mouse.down()
        opened.mouse.move(box["x"] + right * box["width"], box["y"] + bottom * box["height"], steps=6)
        opened.mouse.up()

    def count(wanted: int) -> None:
        opened.get_by_text(f"{wanted} of 5 shown, framed in the chart").wait_for(timeout=5000)

    drag(0.08, 0.07, 0.97, 0.85)
    count(len(placed(study)))
    assert set(shown(opened)) == placed(study)
    opened.locator("[data-clear]").click()
    assert shown(opened) == before
    # The lower half holds the organic one alone: less than half the throughput of the others.
    drag(0.08, 0.55, 0.97, 0.85)
    count(1)
    assert shown(opened) == [item["key"] for item in study["candidates"] if item["carrier"] == "organic_mcm"]


def test_headings_sort_and_lists_narrow(opened: Page, study: dict):
    opened.locator("[data-view]").select_option("all")
    assert len(shown(opened)) == 5
    cost = {item["key"]: item["metrics"]["cost"]["value"] for item in study["candidates"]}
    heading = opened.locator("th", has_text="Cost").locator("button")
    heading.click()
    assert [cost[key] for key in shown(opened)] == sorted(cost.values(), reverse=True)
    heading.focus()
    opened.keyboard.press("Enter")
    assert [cost[key] for key in shown(opened)] == sorted(cost.values())
    assert opened.locator("th[aria-sort=ascending]").count() == 1
    # What has no throughput stands last, either way.
    airy = next(item["key"] for item in study["candidates"] if "throughput" not in item["metrics"])
    for _ in range(2):
        opened.locator("th", has_text="Throughput").locator("button").click()
        assert shown(opened)[-1] == airy
    opened.locator("select[data-family]").select_option(index=3)
    assert shown(opened) == [item["key"] for item in study["candidates"] if item["carrier"] == "organic_mcm"]
    opened.locator("select[data-family]").select_option("")
    opened.locator("[data-view]").select_option("feasible")
    assert set(shown(opened)) == {item["key"] for item in study["candidates"] if item["state"] == "feasible"}


def test_tabs_by_mouse_and_keyboard(opened: Page):
    panels = opened.locator("[data-panel]")
    assert [panels.nth(n).is_visible() for n in range(3)] == [True, False, False]
    opened.locator("[role=tab]").nth(1).click()
    assert [panels.nth(n).is_visible() for n in range(3)] == [False, True, False]
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowRight")
    assert [panels.nth(n).is_visible() for n in range(3)] == [True, False, False]
    assert opened.locator("[role=tab][aria-selected=true]").get_attribute("id") == "tab-1"


def test_modes_switch_the_map_and_the_pointer_reads_it(opened: Page, study: dict):
    panel = opened.locator("[data-panel]").first
    thermal = study["best"][0]["thermal"]
    panel.get_by_text("idle", exact=True).first.click()
    assert panel.locator("image[href]").first.is_visible()
    layers = panel.locator("g.heat").evaluate_all(
        "all => all.map(g => [g.dataset.mode, g.getAttribute('visibility')])"
    )
    assert {mode for mode, visibility in layers if visibility != "hidden"} == {"idle"}
    assert panel.locator("[data-mode-name]").inner_text() == "idle"
    svg = panel.locator("svg.plan")
    svg.scroll_into_view_if_needed()
    box = svg.bounding_box()
    assert box is not None
    wide = float(svg.evaluate("svg => svg.viewBox.baseVal.width"))
    left, top, scale, x0, y1 = (
        float(svg.get_attribute(f"data-{name}")) for name in ("left", "top", "scale", "x0", "y1")
    )
    i, j = 3, 4
    x = (thermal["x_mm"][i] + thermal["x_mm"][i + 1]) / 2.0
    y = (thermal["y_mm"][j] + thermal["y_mm"][j + 1]) / 2.0
    unit = box["width"] / wide
    opened.mouse.move(box["x"] + (left + (x - x0) * scale) * unit, box["y"] + (top + (y1 - y) * scale) * unit)
    assert (
        panel.locator("[data-readout]")
        .inner_text()
        .startswith(f"{thermal['map_degc']['idle'][i][j]:.1f} °C at")
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_width_scrolls_sideways(browser: Browser, file: Path, width: int, scheme: str):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true; })")
    page.evaluate("document.querySelectorAll('[data-panel]').forEach(item => { item.hidden = false; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    out = page.evaluate(
        """width => Array.from(document.querySelectorAll("main *")).filter(item => {
            const box = item.getBoundingClientRect();
            return box.right > width + 1 && box.width > 0 && !item.closest(".scroll, svg, [data-chart]");
        }).map(item => item.outerHTML.slice(0, 80))""",
        width,
    )
    assert out == []
    context.close()


# Relative luminance and contrast as WCAG 2.2 defines them; every text against the nearest ground that is painted.
CONTRAST = """() => {
  const parse = (text) => text.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
  const ground = (item) => {
    for (let at = item; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0.99) return color;
    }
    return parse(getComputedStyle(document.documentElement).backgroundColor);
  };
  const poor = new Set();
  for (const item of document.querySelectorAll("body *")) {
    const own = Array.from(item.childNodes).some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || item.closest("svg, script, style, [data-chart], noscript, title, option")) continue;
    const [a, b] = [light(parse(getComputedStyle(item).color)), light(ground(item))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) poor.add(`${item.tagName} ${item.className} ${ratio.toFixed(2)}`);
  }
  return Array.from(poor);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Browser, file: Path, scheme: str):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(file.as_uri())
    assert page.evaluate(CONTRAST) == []
    context.close()


def test_without_scripts_everything_is_there(browser: Browser, file: Path):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    panels = page.locator("[data-panel]")
    assert [panels.nth(n).is_visible() for n in range(panels.count())] == [True, True, True]
    assert page.locator("[data-table] tbody tr:visible").count() == 5
    assert not page.locator("[data-controls]").is_visible()
    context.close()


def test_paper_has_all_panels_and_no_controls(opened: Page):
    opened.emulate_media(media="print")
    panels = opened.locator("[data-panel]")
    assert [panels.nth(n).is_visible() for n in range(3)] == [True, True, True]
    assert not opened.locator("[data-controls]").is_visible()
    assert not opened.locator("[data-tabs]").is_visible()
