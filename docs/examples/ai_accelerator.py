# %% [markdown]
# # An AI accelerator of the MI300X class, against the one that was built
#
# Assesses the configuration that AMD built, asks what becomes of it on air, and finds its place among all candidates.
# `python docs/examples/ai_accelerator.py` prints the figures of the page beside this file; with `--write` it puts
# them into that page. Nearly all of its time goes into the study: name the folder of one that is there already
# (`make demo` leaves one in `demo`) and it is read instead.

# %% What was built, and what is published of it
import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from packfirst.architecture.candidate import Candidate, Space, space
from packfirst.assess import Assessment, assess
from packfirst.catalog import Catalog
from packfirst.cli.files import read
from packfirst.explore.families import ranked
from packfirst.explore.store import read_study
from packfirst.explore.study import explore
from packfirst.program import Program

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "examples" / "ai_accelerator" / "program.yaml"
PAGE = Path(__file__).with_suffix(".md")
TERA, MM2 = 1e12, 1e-6

CHOICES = {
    "carrier": "si_interposer_cowos_s", "stack": "hybrid_bond_d2w", "thermal_path": "cold_plate",
    "lid_interface": "tim1_indium", "floorplan": "memory_sides",
}  # fmt: skip
ON_AIR = "forced_air_hs"
# Published figures; the page names their sources.
INTERPOSER_MM2, POWER_W = 2750.0, 750.0
MATRIX_OP_PER_S, MATRIX_HZ, TOP_HZ = 654e12, 1115e6, 2100e6
MADE_USD = {"logic die": 600.0, "memory stacks": 2900.0, "packaging, test and assembly": 1800.0}


def built_like(every: Space, compute: int = 8) -> Candidate:
    """The candidate with the choices of the product, and as many compute die, whatever its key has become."""
    die = {("compute", compute, "n5"), ("fabric", 4, "n6")}
    for row in range(len(every)):
        found = every.candidate(row)
        groups = {("+".join(g.blocks), g.count, g.node) for g in found.partition.groups}
        if groups == die and all(getattr(found, name) == word for name, word in CHOICES.items()):
            return found
    raise LookupError("the space no longer holds the configuration that was built")


# %% The figures of one assessment, beside the published ones
def built_table(program: Program, catalog: Catalog) -> str:
    """Rows of quantity, found, published, difference."""
    built = assess(program, catalog, built_like(space(program, catalog)))
    costs = made(program, catalog, built)
    form, performance = built.outcomes["form_factor"].details, built.outcomes["performance"].details
    x, y = form["body_mm"]  # type: ignore[misc]
    area = limit(built, "form_factor", "interposer_area").demand
    power, throughput = float(performance["power_w"]), built.metrics["throughput"].value  # type: ignore[arg-type]
    rows = [
        ("interposer", f"{area:.0f} mm2", f"{INTERPOSER_MM2:.0f} mm2", area / INTERPOSER_MM2),
        ("body", f"{x:.0f} x {y:.0f} mm", "none that could be read", None),
        ("power in the sustained mode", f"{power:.0f} W", f"{POWER_W:.0f} W", power / POWER_W),
        (
            "throughput", f"{throughput / TERA:.0f} TFLOP/s on the workload",
            f"{MATRIX_OP_PER_S / TERA:.0f} TFLOP/s measured on matrix products", throughput / MATRIX_OP_PER_S,
        ),
        *(
            (f"cost: {name}", f"{usd:,.0f} USD", f"{MADE_USD[name]:,.0f} USD", usd / MADE_USD[name])
            for name, usd in costs.items()
        ),
    ]  # fmt: skip
    total, published = sum(costs.values()), sum(MADE_USD.values())
    rows.append(("cost of making", f"{total:,.0f} USD", f"{published:,.0f} USD", total / published))
    rows.append(("cost with development", f"{built.metrics['cost'].value:,.0f} USD", "none", None))
    return table(
        ("quantity", "packfirst", "published", "difference"),
        [(*row[:3], "" if row[3] is None else f"{row[3] - 1.0:+.0%}") for row in rows],
    )


def made(program: Program, catalog: Catalog, built: Assessment) -> dict[str, float]:
    """What making one good part costs, in the groups of the public estimate; what is lost with bad parts among them."""
    ledger: Mapping[str, float] = built.outcomes["cost"].details["ledger_usd"]  # type: ignore[assignment]
    stacks = sum(catalog.record("part", item.part)["cost"] * item.count for item in program.bought.values())
    return {
        "logic die": ledger["die_raw_usd"] + ledger["die_defect_usd"] - stacks,
        "memory stacks": stacks,
        "packaging, test and assembly": sum(
            usd for name, usd in ledger.items() if name not in ("die_raw_usd", "die_defect_usd", "nre_usd")
        ),
    }


def limit(assessment: Assessment, discipline: str, kind: str, subject: str = "", mode: str = "") -> Any:
    """The one limit of an assessment with these words in its identity."""
    for item in assessment.limits:
        identity = item.identity
        if (identity.discipline, identity.kind) == (discipline, kind) and (
            subject in identity.subject and identity.mode == mode
        ):
            return item
    raise LookupError(f"no limit {discipline}/{kind} {subject} {mode}")


# %% The ways out: liquid, air, cooler air, a better sink; and the clock that was measured
def variants(program: Program, catalog: Catalog) -> str:
    """What becomes of the built configuration when one thing about it changes."""
    every = space(program, catalog)
    built, sixteen = built_like(every), built_like(every, compute=16)
    air = replace(built, thermal_path=ON_AIR)
    sink = f"catalog/thermal_path/{ON_AIR}/resistance"
    measured = program.blocks["compute"].throughput.value * MATRIX_HZ / TOP_HZ  # type: ignore[union-attr]
    cool = program.with_value("program/environment.air", 298.15)
    slow = program.with_value("program/blocks.compute.throughput", measured)
    cases = [
        ("cold plate, coolant of 36 degC", assess(program, catalog, built)),
        ("the same, cut into 16 compute die", assess(program, catalog, sixteen)),
        ("forced air of 35 degC", assess(program, catalog, air)),
        ("forced air of 25 degC", assess(cool, catalog, air)),
        (
            "forced air of 35 degC, half the sink's resistance",
            assess(program, catalog.with_value(sink, 0.06), air),
        ),
        ("cold plate, peak throughput at the measured clock", assess(slow, catalog, built)),
    ]
    rows = []
    for name, found in cases:
        hottest = max(
            (item for item in found.limits if item.identity.kind == "junction"),
            key=lambda item: -item.margin_ratio,
        )
        rows.append((
            name, found.verdict.state, f"{found.verdict.joint_probability:.0%}",
            f"{hottest.demand:.0f} of {hottest.capacity:.0f} K", hottest.identity.subject.removeprefix("die:"),
            f"{found.metrics['throughput'].value / TERA:.0f}", f"{found.metrics['cost'].value:,.0f}",
        ))  # fmt: skip
    heads = ("what", "verdict", "holds with", "tightest rise", "of", "TFLOP/s", "USD")
    return table(heads, rows)


# %% Its place among all candidates
def study_of(program: Program, catalog: Catalog, folder: Path | None) -> Mapping[str, Any]:
    """The record of a whole study: the one in the folder, else a new one."""
    if folder is not None:
        return read_study(folder)
    with tempfile.TemporaryDirectory() as somewhere:
        return explore(program, catalog, Path(somewhere))


def study_lines(program: Program, catalog: Catalog, study: Mapping[str, Any]) -> str:
    """Counts, rank of the built configuration and what each family fell to."""
    built = built_like(space(program, catalog))
    counts = study["counts"]
    order = ranked(study["candidates"], program.objectives)
    place = next((n for n, item in enumerate(order, 1) if item["key"] == built.key), None)
    rank = "does not stand" if place is None else f"ranks {place} of the {len(order)} that stand"
    text = (
        f"{counts['space']:,} candidates: {counts['screened_out']:,} screened out, {counts['assessed']:,} assessed, "
        f"{counts['skipped_dominated']:,} skipped because a known one is at least as good, "
        f"{counts['left_by_budget']:,} left by the budget. What was built (key `{built.key}`) {rank}.\n\n"
    )
    rows = []
    for item in study["families"]:
        who, binding = item["representative"], item["binding"]
        rows.append((
            " on ".join(item["family"]), f"{item['feasible']} of {item['candidates']}",
            who["candidate"]["describe"].split(";")[0], f"{who['joint_probability']:.0%}",
            f"{binding['kind'].replace('_', ' ')} of {binding['subject'].split(':')[-1]}",
            f"{binding['demand']:.4g} of {binding['capacity']:.4g} {binding['unit']}",
        ))  # fmt: skip
    return text + table(("family", "stand", "its best or nearest", "holds with", "binds", "demand"), rows)


# %% Text
def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [tuple(heads), *(tuple(row) for row in rows)]
    rule = "|" + "|".join(["---"] * len(lines[0])) + "|"
    body = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([body[0], rule, *body[1:]])


def with_block(page: str, name: str, text: str) -> str:
    """The page with the block of that name replaced."""
    pattern = re.compile(rf"(<!-- {name} -->\n)(?:.*?\n)??(<!-- end -->)", re.DOTALL)
    found, n = pattern.subn(lambda match: f"{match[1]}\n{text}\n\n{match[2]}", page)
    if n != 1:
        raise LookupError(f"the page has {n} blocks named {name}")
    return found


def quick_blocks(program: Program, catalog: Catalog) -> dict[str, str]:
    """The blocks that take seconds."""
    return {"built": built_table(program, catalog), "variants": variants(program, catalog)}


# %% Run
if __name__ == "__main__":
    program, catalog = read(PROGRAM, ())
    folders = [Path(word) for word in sys.argv[1:] if not word.startswith("--")]
    study = study_of(program, catalog, folders[0] if folders else None)
    blocks = {**quick_blocks(program, catalog), "study": study_lines(program, catalog, study)}
    page = PAGE.read_text(encoding="utf-8")
    for block, text in blocks.items():
        sys.stdout.write(f"{block}\n{text}\n\n")
        page = with_block(page, block, text)
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8")
