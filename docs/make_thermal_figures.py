"""Pictures of two packages' temperatures: memory beside compute on an interposer, and compute stacked on fabric.

Run `python docs/make_thermal_figures.py [FOLDER]` (default docs/images); it needs Chromium, as the report's tests do.
Each picture has the plane of the circuits seen from above and a cut through the hottest spot, heights drawn larger, one
scale of colours for both, and the outlines of the bodies.
"""

import base64
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from packfirst.architecture.architecture import build
from packfirst.architecture.candidate import Candidate
from packfirst.architecture.elaborate import elaborate
from packfirst.architecture.package import Package
from packfirst.architecture.partition import Group, Partition
from packfirst.catalog import load_catalog
from packfirst.disciplines.case import Case, Facts
from packfirst.disciplines.electrical.limits import DISCIPLINE as ELECTRICAL
from packfirst.disciplines.thermal.limits import DISCIPLINE as THERMAL
from packfirst.formats.png import png_bytes
from packfirst.program import load_program
from packfirst.report.colors import heat_scale

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "examples" / "ai_accelerator" / "program.yaml"
MODE = "peak"
ZERO_C_K = 273.15
WIDE, LEFT, GAP, BAR = 760, 74, 92, 22  # pixels
GROUPS = (Group(blocks=("compute",), count=8, node="n5"), Group(blocks=("fabric",), count=4, node="n6"))
BESIDE = Candidate(
    partition=Partition(groups=GROUPS, stacked=()), carrier="si_interposer_cowos_s", stack="",
    thermal_path="cold_plate", lid_interface="tim1_indium", floorplan="memory_sides",
)  # fmt: skip
STACKED = Candidate(
    partition=Partition(groups=GROUPS, stacked=((0, 1),)), carrier="si_interposer_cowos_s", stack="hybrid_bond_d2w",
    thermal_path="cold_plate", lid_interface="tim1_indium", floorplan="memory_sides",
)  # fmt: skip
PICTURES = {
    "thermal_interposer": (BESIDE, "Eight HBM stacks, eight compute and four fabric die on a silicon interposer"),
    "thermal_stack": (STACKED, "Compute hybrid-bonded on fabric, eight HBM stacks beside, on a silicon interposer"),
}  # fmt: skip


@dataclass
class Field:
    """Temperatures [degC], NaN where nothing is, on edges in mm."""

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    t: np.ndarray
    package: Package


def solved(candidate: Candidate) -> Field:
    program, catalog = load_program(PROGRAM), load_catalog()
    program = program.model_copy(update={"modes": {MODE: program.modes[MODE]}, "workload": None})
    architecture = build(program, catalog, candidate)
    case = Case(
        program=program, catalog=catalog, architecture=architecture, package=elaborate(architecture, catalog)
    )
    facts = Facts(ELECTRICAL.limits(case, Facts(), "sign").facts)
    details = THERMAL.limits(case, facts, "sign").details
    t = np.where(details["label"] >= 0, details["temperature_k"][0] - ZERO_C_K, np.nan)
    mesh = details["mesh"]
    return Field(x=1e3 * mesh.x_m, y=1e3 * mesh.y_m, z=1e3 * mesh.z_m, t=t, package=case.package)


def raster(values, across, up, low, high, size):
    """Cells painted true to scale as an image in a data URL; `values` (across, up)."""
    scale = np.array(heat_scale(), dtype=np.uint8)
    wide, tall = size
    i = np.searchsorted(across, across[0] + (across[-1] - across[0]) * (np.arange(wide) + 0.5) / wide) - 1
    j = np.searchsorted(up, up[-1] - (up[-1] - up[0]) * (np.arange(tall) + 0.5) / tall) - 1
    seen = values[np.ix_(i, j)].T
    share = np.clip((np.nan_to_num(seen, nan=low) - low) / (high - low), 0.0, 1.0)
    picture = scale[np.round(share * (len(scale) - 1)).astype(int)]
    picture[np.isnan(seen)] = 255
    return "data:image/png;base64," + base64.b64encode(png_bytes(picture)).decode()


def ticks(low, high, most=7):
    span = (high - low) / most
    step = 10.0 ** np.floor(np.log10(span))
    step *= next(factor for factor in (1, 2, 5, 10) if step * factor >= span)
    # adding zero makes a negative zero positive
    return np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step + 0.0


def text(x, y, words, anchor="middle", size=13, extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" {extra}>{words}</text>'


def axes(x0, y0, wide, tall, across, up, names):
    """Frame, ticks and labels of a panel."""
    parts = [f'<rect x="{x0}" y="{y0}" width="{wide}" height="{tall}" fill="none" stroke="#333"/>']
    for value in ticks(*across):
        x = x0 + wide * (value - across[0]) / (across[1] - across[0])
        parts.append(
            f'<path d="M{x:.1f} {y0 + tall}v5" stroke="#333"/>' + text(x, y0 + tall + 19, f"{value:g}")
        )
    for value in ticks(*up, most=5):
        y = y0 + tall * (up[1] - value) / (up[1] - up[0])
        parts.append(f'<path d="M{x0} {y:.1f}h-5" stroke="#333"/>' + text(x0 - 9, y + 4, f"{value:g}", "end"))
    parts.append(text(x0 + wide / 2, y0 + tall + 38, names[0]))
    turn = f'transform="rotate(-90 {x0 - 50} {y0 + tall / 2:.1f})"'
    parts.append(text(x0 - 50, y0 + tall / 2, names[1], extra=turn))
    return "".join(parts)


def drawn(field: Field, title: str) -> tuple[str, int, int]:
    """The picture as SVG, its width and height."""
    at = np.unravel_index(np.nanargmax(field.t), field.t.shape)
    bodies = [body for body in field.package.bodies if body.role != "board"]
    boxes = 1e3 * np.array([body.box_m for body in bodies])
    x_range, y_range = (boxes[:, 0].min(), boxes[:, 1].max()), (boxes[:, 2].min(), boxes[:, 3].max())
    z_range = (-0.8, boxes[:, 5].max())
    cut = [
        slice(int(np.searchsorted(e, lo - 1e-9)), int(np.searchsorted(e, hi - 1e-9)) + 1)
        for e, (lo, hi) in ((field.x, x_range), (field.y, y_range), (field.z, z_range))
    ]
    ex, ey, ez = (e[c] for e, c in zip((field.x, field.y, field.z), cut, strict=True))
    cells = tuple(slice(c.start, c.stop - 1) for c in cut)
    plane, section = field.t[cells[0], cells[1], at[2]], field.t[cells[0], at[1], cells[2]]
    low, high = float(np.nanmin(section)), float(np.nanmax(field.t))
    tall = round(WIDE * (ey[-1] - ey[0]) / (ex[-1] - ex[0]))
    thin = 280
    top, below = 62, 62 + tall + GAP
    height, width = below + thin + 60, LEFT + WIDE + 110
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        'font-family="DejaVu Sans, sans-serif">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        text(LEFT, 24, title, "start", 16, 'font-weight="bold"'),
    ]  # fmt: skip
    hot_x, hot_y, hot_z = (
        0.5 * (e[n] + e[n + 1]) for e, n in zip((field.x, field.y, field.z), at, strict=True)
    )
    parts.append(text(LEFT, top - 10, f"From above, at the circuits (z = {hot_z:.2f} mm)", "start"))
    image = '<image x="{}" y="{}" width="{}" height="{}" preserveAspectRatio="none" href="{}"/>'
    parts.append(image.format(LEFT, top, WIDE, tall, raster(plane, ex, ey, low, high, (WIDE, tall))))
    named = {die.body: die.id for die in field.package.die}
    level = field.z[at[2]]
    for body, box in zip(bodies, boxes, strict=True):
        if body.role not in ("die", "interposer"):
            continue
        x, y = (
            LEFT + WIDE * (box[0] - ex[0]) / (ex[-1] - ex[0]),
            top + tall * (ey[-1] - box[3]) / (ey[-1] - ey[0]),
        )
        wide, deep = WIDE * (box[1] - box[0]) / (ex[-1] - ex[0]), tall * (box[3] - box[2]) / (ey[-1] - ey[0])
        there = box[4] <= level + 1e-6 < box[5]
        if body.role == "interposer" or there:
            dash = ' stroke-dasharray="5 4"' if body.role == "interposer" else ""
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{deep:.1f}" fill="none" stroke="#fff" '
                f'stroke-width="1.1"{dash}/>'
            )
        if body.id in named and there:
            parts.append(
                text(x + wide / 2, y + deep / 2 + 4, named[body.id].replace("_", " "), size=11,
                     extra='fill="#fff" stroke="#0006" stroke-width="2.4" paint-order="stroke"')
            )  # fmt: skip
    cut_y = top + tall * (ey[-1] - hot_y) / (ey[-1] - ey[0])
    parts.append(f'<path d="M{LEFT} {cut_y:.1f}h{WIDE}" stroke="#fff" stroke-dasharray="2 3" opacity="0.8"/>')
    parts.append(axes(LEFT, top, WIDE, tall, (ex[0], ex[-1]), (ey[0], ey[-1]), ("x, mm", "y, mm")))
    larger = (thin / (ez[-1] - ez[0])) / (WIDE / (ex[-1] - ex[0]))
    parts.append(
        text(LEFT, below - 10, f"Cut at y = {hot_y:.1f} mm, heights {larger:.0f} times larger", "start")
    )
    parts.append(image.format(LEFT, below, WIDE, thin, raster(section, ex, ez, low, high, (WIDE, 2 * thin))))
    for body, box in zip(bodies, boxes, strict=True):
        if body.role in ("cavity", "mould") or not box[2] <= hot_y <= box[3]:
            continue
        x, y = (
            LEFT + WIDE * (box[0] - ex[0]) / (ex[-1] - ex[0]),
            below + thin * (ez[-1] - box[5]) / (ez[-1] - ez[0]),
        )
        wide, deep = WIDE * (box[1] - box[0]) / (ex[-1] - ex[0]), thin * (box[5] - box[4]) / (ez[-1] - ez[0])
        if deep > 2.5:
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{deep:.1f}" fill="none" stroke="#fff" '
                'stroke-width="0.8" opacity="0.85"/>'
            )
    parts.append(axes(LEFT, below, WIDE, thin, (ex[0], ex[-1]), (ez[0], ez[-1]), ("x, mm", "z, mm")))
    x = LEFT + WIDE + 26
    scale = np.array(heat_scale(), dtype=np.uint8)[::-1][:, None]
    bar = "data:image/png;base64," + base64.b64encode(png_bytes(np.ascontiguousarray(scale))).decode()
    parts.append(image.format(x, top, BAR, tall, bar))
    parts.append(f'<rect x="{x}" y="{top}" width="{BAR}" height="{tall}" fill="none" stroke="#333"/>')
    for value in ticks(low, high, most=9):
        y = top + tall * (high - value) / (high - low)
        parts.append(
            f'<path d="M{x + BAR} {y:.1f}h5" stroke="#333"/>'
            + text(x + BAR + 9, y + 4, f"{value:g}", "start")
        )
    parts.append(text(x + BAR, top - 10, "degC"))
    hot = f"hottest {high:.1f} degC at x = {hot_x:.1f}, y = {hot_y:.1f} mm"
    parts.append(text(LEFT + WIDE, top - 10, hot, "end"))
    return "".join([*parts, "</svg>"]), width, height


def main(folder: Path) -> None:
    """Solves, draws, and photographs the drawings."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"))
        for name, (candidate, title) in PICTURES.items():
            svg, width, height = drawn(solved(candidate), title)
            page = browser.new_page(viewport={"width": width, "height": height})
            page.set_content(f'<body style="margin:0">{svg}</body>')
            page.screenshot(path=folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
