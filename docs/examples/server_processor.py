# %% [markdown]
# # A server processor of the first EPYC class: one die or several
#
# Cuts the same cores into one, two, four and eight die on every carrier that the program names, and holds the ratio
# of four die to one beside the one that AMD published. `python docs/examples/server_processor.py` prints the figures
# of the page beside this file; with `--write` it puts them into that page.

# %% What was built, and what is published of it
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packfirst.architecture.architecture import build
from packfirst.architecture.candidate import Candidate, space
from packfirst.architecture.elaborate import elaborate
from packfirst.architecture.slopes import plan_slopes
from packfirst.assess import assess
from packfirst.catalog import Catalog
from packfirst.cli.files import read
from packfirst.disciplines.case import Case
from packfirst.disciplines.cost.limits import Reader, product_of
from packfirst.program import Program

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "examples" / "server_processor" / "program.yaml"
PAGE = Path(__file__).with_suffix(".md")

BUILT = {"thermal_path": "forced_air_hs", "lid_interface": "tim1_indium"}
CARRIER, DIE = "organic_mcm", 4
# Naffziger et al., ISCA 2021: cost of the four die over that of the one, silicon with its yield.
PUBLISHED = 0.59
MM2 = 1e-6


def candidates(program: Program, catalog: Catalog) -> dict[tuple[str, int], Candidate]:
    """Every cut on every carrier, cooled as the product was: by carrier and number of die."""
    every = space(program, catalog)
    found = (every.candidate(row) for row in range(len(every)))
    return {
        (item.carrier, item.partition.n_die): item for item in found
        if all(getattr(item, name) == word for name, word in BUILT.items())
    }  # fmt: skip


# %% Cost under shared luck: the same prices and yields for one die and for four
@dataclass(frozen=True, kw_only=True)
class Cost:
    """Cost of a good part: of its silicon, of making it, and with development; nominal first, then sampled. [USD]"""

    silicon: NDArray[np.float64]
    making: NDArray[np.float64]
    whole: NDArray[np.float64]


def cost(program: Program, catalog: Catalog, candidate: Candidate) -> Cost:
    architecture = build(program, catalog, candidate)
    package = elaborate(architecture, catalog)
    case = Case(program=program, catalog=catalog, architecture=architecture, package=package)
    reader, plan = Reader(case), plan_slopes(program, catalog, candidate)
    parts: dict[str, list[NDArray[np.float64]]] = {"silicon": [], "making": [], "whole": []}
    for value in (reader.nominal, reader.sampled):
        flow = product_of(case, value, plan)
        ledger, whole = flow.ledger_per_good, np.atleast_1d(flow.cost_per_good_usd)
        parts["silicon"].append(np.atleast_1d(ledger.die_raw_usd + ledger.die_defect_usd))
        parts["making"].append(whole - ledger.nre_usd)
        parts["whole"].append(whole)
    return Cost(**{name: np.concatenate(both) for name, both in parts.items()})


# %% The cuts, the ratio, the carriers
def cuts(program: Program, catalog: Catalog) -> str:
    """Rows of one to eight die on laminate: silicon, making, with development, verdict."""
    rows = []
    for (carrier, count), item in sorted(candidates(program, catalog).items(), key=lambda pair: pair[0][1]):
        if carrier != CARRIER:
            continue
        found, judged = cost(program, catalog, item), assess(program, catalog, item)
        area = next(die.rect.area for die in judged.architecture.placement.die) / MM2
        body = judged.architecture.body
        rows.append((
            f"{count} x {area:.0f} mm2",
            *(f"{usd[0]:,.0f}" for usd in (found.silicon, found.making, found.whole)), judged.verdict.state,
            f"{judged.verdict.joint_probability:.0%}", f"{body.width * 1e3:.0f} x {body.height * 1e3:.0f} mm",
        ))  # fmt: skip
    heads = (
        "die",
        "silicon, USD",
        "making, USD",
        "with development, USD",
        "verdict",
        "holds with",
        "least body",
    )
    return table(heads, rows)


def ratios(program: Program, catalog: Catalog) -> str:
    """Four die over one, nominal and the middle nine tenths of the samples, beside the published ratio."""
    every = candidates(program, catalog)
    four, one = (cost(program, catalog, every[CARRIER, count]) for count in (DIE, 1))
    rows = []
    for name, what in (
        ("silicon", "silicon with its yield"),
        ("making", "making"),
        ("whole", "with development"),
    ):
        share = getattr(four, name) / getattr(one, name)
        low, high = np.quantile(share[1:], (0.05, 0.95))
        beside = f"{PUBLISHED:.2f}" if name == "silicon" else "none"
        rows.append((what, f"{share[0]:.2f}", f"{low:.2f} to {high:.2f}", beside))
    return table(("cost of a good part", "four die over one", "nine of ten samples", "AMD"), rows)


def carriers(program: Program, catalog: Catalog) -> str:
    """Four die on each carrier, the cheapest to make first."""
    every = candidates(program, catalog)
    rows = []
    for (carrier, count), item in every.items():
        if count != DIE:
            continue
        found, judged = cost(program, catalog, item), assess(program, catalog, item)
        rows.append((found.making[0], (
            carrier, f"{found.making[0]:,.0f}", f"{found.whole[0]:,.0f}", judged.verdict.state,
            f"{judged.verdict.joint_probability:.0%}",
        )))  # fmt: skip
    heads = ("four die on", "making, USD", "with development, USD", "verdict", "holds with")
    return table(heads, (row for _, row in sorted(rows)))


# %% Text
def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [tuple(heads), *(tuple(row) for row in rows)]
    rule = "|" + "|".join(["---"] * len(lines[0])) + "|"
    body = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([body[0], rule, *body[1:]])


def with_block(page: str, name: str, text: str) -> str:
    """The page with the block of that name replaced."""
    start, end = f"<!-- {name} -->\n", "<!-- end -->"
    before, found, after = page.partition(start)
    if not found or end not in after:
        raise LookupError(f"the page has no block named {name}")
    return f"{before}{start}\n{text}\n\n{end}{after.partition(end)[2]}"


def blocks(program: Program, catalog: Catalog) -> dict[str, str]:
    """The tables of the page."""
    return {
        "cuts": cuts(program, catalog), "ratios": ratios(program, catalog), "carriers": carriers(program, catalog)
    }  # fmt: skip


# %% Run
if __name__ == "__main__":
    program, catalog = read(PROGRAM, ())
    page = PAGE.read_text(encoding="utf-8")
    for block, text in blocks(program, catalog).items():
        sys.stdout.write(f"{block}\n{text}\n\n")
        page = with_block(page, block, text)
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page, encoding="utf-8")
