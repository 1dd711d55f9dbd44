"""Programs and candidates that the tests of the geometry share: the example, and small ones with any shape."""

import copy
from functools import cache
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from packfirst import yaml_marks
from packfirst.architecture.architecture import build
from packfirst.architecture.candidate import Candidate, space
from packfirst.architecture.elaborate import elaborate
from packfirst.catalog import load_catalog
from packfirst.program import Program

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai_accelerator" / "program.yaml"


@cache
def catalog():
    return load_catalog()


@cache
def data():
    return yaml_marks.load(EXAMPLE).data


def example(**changed):
    """The example's Program with other sections in the place of its own."""
    return Program.model_validate({**copy.deepcopy(data()), **changed})


@cache
def program():
    return example()


@cache
def sampled(count):
    """Candidates of the example's space, evenly over its rows."""
    every = space(program(), catalog())
    rows = np.linspace(0, len(every) - 1, count).astype(int)
    return tuple(every.candidate(int(row)) for row in rows)


@cache
def packages(count):
    """(Architecture, Package) of sampled candidates."""
    return tuple(package_of(program(), item) for item in sampled(count))


@cache
def of_every_carrier(per_carrier):
    """(Architecture, Package) on every technology of the catalog that can carry die."""
    free = example(freedom={})
    every = space(free, catalog())
    found = []
    for number in range(len(every.carriers)):
        mine = np.flatnonzero(every.index[:, 1] == number)
        for row in mine[np.linspace(0, len(mine) - 1, per_carrier).astype(int)]:
            found.append(package_of(free, every.candidate(int(row))))
    return tuple(found)


def package_of(of_program, candidate):
    architecture = build(of_program, catalog(), candidate)
    return architecture, elaborate(architecture, catalog())


def pick(carrier, *, compute=(8, "n5"), fabric=(4, "n6"), stacked=True, of_program=None, path="cold_plate"):
    """The example's candidate with these die, on this carrier, by this way out."""
    of_program = of_program or program()
    every = space(of_program, catalog())
    for row in range(len(every)):
        item = every.candidate(row)
        groups = {group.name: (group.count, group.node) for group in item.partition.groups}
        if (
            item.carrier == carrier
            and item.thermal_path == path
            and bool(item.partition.stacked) is stacked
            and (groups.get("compute"), groups.get("fabric")) == (compute, fabric)
        ):
            return item
    raise LookupError(carrier)


def small(blocks, bought=None, links=None, **changed):
    """A Program of blocks `{name: {area_mm2, splits, stacks_on, ...}}`, bought counts and linked pairs."""
    names = [*blocks, *(bought or {})]
    written = {
        name: {"area": f"{block['area_mm2']!r} mm2", "node": "n5", **{k: block[k] for k in block if k != "area_mm2"}}
        for name, block in blocks.items()
    }  # fmt: skip
    plain = {k: v for k, v in copy.deepcopy(data()).items() if k != "workload"}
    return Program.model_validate({
        **plain, "needs": {}, "blocks": written,
        "bought": {name: {"part": "hbm3_12h", "count": count} for name, count in (bought or {}).items()},
        "links": {
            f"link_{n}": {"between": list(pair), "bandwidth": "1 TB/s", "standards": ["ucie_a"]}
            for n, pair in enumerate(links or [])
        },
        "modes": {"on": {"power": dict.fromkeys(names, "20 W"), "duty": 1.0}},
        "freedom": {
            "carriers": ["organic_mcm", "bridge_emib", "si_interposer_cowos_s"], "stacks": ["hybrid_bond_d2w"],
            "thermal_paths": ["cold_plate"], "lid_interfaces": ["tim1_gel"],
        },
        **changed,
    })  # fmt: skip


@st.composite
def drawn_cases(draw):
    """(Program, Candidate) of up to three blocks of any size, with up to two kinds of memory."""
    names = ("alpha", "beta", "gamma")[: draw(st.integers(1, 3))]
    blocks = {}
    for name in names:
        others = [other for other in names if other != name]
        blocks[name] = {
            "area_mm2": round(10 ** draw(st.floats(0.5, 3.2)), 3),
            "nodes": ["n5", "n7"][: draw(st.integers(1, 2))],
            "splits": sorted(
                draw(st.sets(st.sampled_from([1, 2, 3, 4, 5, 6, 8, 12]), min_size=1, max_size=2))
            ),
            "stacks_on": draw(st.lists(st.sampled_from(others), max_size=1)) if others else [],
        }
    bought = {name: draw(st.integers(1, 12)) for name in ("hbm", "dram")[: draw(st.integers(0, 2))]}
    ends = st.tuples(st.sampled_from(names), st.sampled_from([*names, *bought]))
    made = small(blocks, bought, draw(st.lists(ends, min_size=1, max_size=4)))
    every = space(made, catalog())
    return made, every.candidate(draw(st.integers(0, len(every) - 1)))


def gap_of(candidate: Candidate) -> float:
    """Least spacing that the carrier asks for. [m]"""
    record = catalog().record("technology", candidate.carrier)
    return record["die_gap"] if "die_gap" in record else catalog().record("rule", "body")["die_gap"]
