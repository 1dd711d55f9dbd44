"""Broken copies of the example: what was done to the file, and what must be said about it, in one line."""

import re
from collections.abc import Callable
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai_accelerator" / "program.yaml"

Edit = Callable[[str], str]
Case = tuple[str, Edit, str]


def swap(old: str, new: str) -> Edit:
    """Replaces the only occurrence of `old`."""

    def edit(text: str) -> str:
        assert text.count(old) == 1, f"{old!r} is in the example {text.count(old)} times"
        return text.replace(old, new)

    return edit


def sub(pattern: str, new: str) -> Edit:
    """Replaces the only match of a regular expression, over lines."""

    def edit(text: str) -> str:
        changed, count = re.subn(pattern, new, text, flags=re.MULTILINE | re.DOTALL)
        assert count == 1, f"{pattern!r} is in the example {count} times"
        return changed

    return edit


POWER = "{compute: 460 W, fabric: 134 W, hbm: 130 W}"

# Wrong in themselves.
CASES: list[Case] = [
    ("unknown block in a link", swap("[compute, fabric]", "[compute, fabrik]"),
     "links.compute_fabric.between[1]: unknown block or bought part 'fabrik'; did you mean 'fabric'?"),
    ("link between bought parts", swap("[fabric, hbm]", "[hbm, hbm]"),
     "links.fabric_hbm.between: joins two bought parts"),
    ("link with three ends", swap("[fabric, hbm]", "[fabric, hbm, compute]"),
     "links.fabric_hbm.between: write 2 of them, not 3"),
    ("link with one end", swap("[fabric, hbm]", "[fabric]"),
     "links.fabric_hbm.between[1]: missing: one more name"),
    ("zero area", swap("value: 920 mm2", "value: 0 mm2"), "blocks.compute.area: 0 mm2: must be more than 0"),
    ("negative area", swap("value: 920 mm2", "value: -920 mm2"),
     "blocks.compute.area: -920 mm2: must be more than 0"),
    ("negative power", swap(POWER, "{compute: -460 W, fabric: 134 W, hbm: 130 W}"),
     "modes.sustained.power.compute: -460 W: must be 0 or more"),
    ("power without a unit", swap(POWER, "{compute: 460, fabric: 134 W, hbm: 130 W}"),
     "modes.sustained.power.compute: 460 has no unit: write one of W, mW, kW, uW, for example '120 W'"),
    ("power with a length's unit", swap(POWER, "{compute: 460 mm, fabric: 134 W, hbm: 130 W}"),
     "modes.sustained.power.compute: '460 mm': write a number and one of W, mW"),
    ("power is nan", swap(POWER, "{compute: .nan, fabric: 134 W, hbm: 130 W}"),
     "modes.sustained.power.compute: '.nan' is not a finite number: write a number and one of W"),
    ("power is nan with a unit", swap(POWER, "{compute: nan W, fabric: 134 W, hbm: 130 W}"),
     "modes.sustained.power.compute: 'nan W' is not a finite number"),
    ("power is infinite", swap(POWER, "{compute: -.inf, fabric: 134 W, hbm: 130 W}"),
     "modes.sustained.power.compute: '-.inf' is not a finite number"),
    ("power overflows", swap(POWER, "{compute: 1e400 W, fabric: 134 W, hbm: 130 W}"),
     "modes.sustained.power.compute: '1e400 W' is not a finite number"),
    ("power left empty", swap(POWER, "{compute: , fabric: 134 W, hbm: 130 W}"),
     "modes.sustained.power.compute: no value: write a number and one of W"),
    ("block missing from a mode", swap(POWER, "{compute: 460 W, hbm: 130 W}"),
     "modes.sustained.power: the power of 'fabric' is missing: write 0 W where it draws none"),
    ("unknown block in a mode", swap(POWER, "{compute: 460 W, fabrics: 134 W, hbm: 130 W}"),
     "modes.sustained.power.fabrics: unknown block or bought part 'fabrics'; did you mean 'fabric'?"),
    ("duties above one", swap("duty: 0.70", "duty: 0.80"), "modes: the duties add up to 1.1"),
    ("duty above one", swap("duty: 0.70", "duty: 70"), "modes.sustained.duty: 70: must be at most 1"),
    ("duty in percent", swap("duty: 0.70", "duty: 70 %"),
     "modes.sustained.duty: '70 %': write a plain number, without a unit"),
    ("duty is true", swap("duty: 0.70", "duty: true"), "modes.sustained.duty: True: write a plain number"),
    ("duplicate key", swap("  sustained:   #", "  idle:\n    power: {}\n    duty: 0\n  sustained:   #"),
     "modes.idle: appears twice, first on line"),
    ("misspelt key", swap("    stacks_on: [fabric]", "    stack_on: [fabric]"),
     "blocks.compute.stack_on: unknown key; did you mean 'stacks_on'?"),
    ("misspelt required key", swap("supply_voltage: {", "suply_voltage: {"),
     "suply_voltage: unknown key; did you mean 'supply_voltage'?"),
    ("misspelt section", sub(r"^links:$", "link:"), "link: unknown key; did you mean 'links'?"),
    ("misspelt key of a number", swap("{value: 5.3 TB/s, source:", "{value: 5.3 TB/s, sourc:"),
     "links.fabric_hbm.bandwidth.sourc: unknown key of a number; did you mean 'source'?"),
    ("required key missing", sub(r"^confidence: .*?\n", ""),
     "confidence: missing: probability with which all hard limits must hold together"),
    ("split into zero", swap("splits: [1, 2, 4, 8]", "splits: [0, 2, 4, 8]"),
     "blocks.fabric.splits[0]: 0: must be at least 1"),
    ("split into one and a half", swap("splits: [1, 2, 4, 8]", "splits: [1.5, 2, 4, 8]"),
     "blocks.fabric.splits[0]: 1.5: write a whole number"),
    ("no splits", swap("splits: [1, 2, 4, 8]", "splits: []"), "blocks.fabric.splits: is empty"),
    ("a split twice", swap("splits: [1, 2, 4, 8]", "splits: [1, 2, 4, 4]"),
     "blocks.fabric.splits[3]: 4 appears twice: keep one"),
    ("accuracy beside one", swap("power: {value: 1, low: 0.85,", "power: {value: 1.1, low: 1.05,"),
     "accuracy.power: 1.1: is a factor on the stated values and must bracket 1, not 1.05 to 1.2"),
    ("band out of order", swap("low: 0.92, high: 1.12", "low: 1.12, high: 0.92"),
     "accuracy.area: out of order: write low, value and high with low <= value <= high"),
    ("half a band", swap("low: 0.92, high: 1.12", "low: 0.92"), "accuracy.area: write both low and high"),
    ("air below absolute zero", swap("air: {value: 35 degC,", "air: {value: -274 degC,"),
     "environment.air: -274 degC: must be above absolute zero, -273.15 degC"),
    ("coolant band below absolute zero", swap("low: 21 degC,", "low: -300 degC,"),
     "environment.coolant: 36 degC: must be above absolute zero, -273.15 degC, and so must its low"),
    ("stacked on itself", swap("stacks_on: [fabric]", "stacks_on: [compute]"),
     "blocks.compute.stacks_on[0]: 'compute' cannot be stacked on itself"),
    ("stacked on nothing known", swap("stacks_on: [fabric]", "stacks_on: [hbm]"),
     "blocks.compute.stacks_on[0]: unknown block 'hbm'; known: compute, fabric"),
    ("list written as a word", swap("stacks_on: [fabric]", "stacks_on: fabric"),
     "blocks.compute.stacks_on: 'fabric': write a list, for example [a, b]"),
    ("mix that is not whole", swap("logic: 0.65", "logic: 0.85"),
     "blocks.compute.mix: logic, sram and analog must add up to 1, not 1.2"),
    ("kernel shares that are not whole", swap("share: 0.888", "share: 0.7"),
     "workload: the shares of the kernels must add up to 1, not 0.812"),
    ("unknown link in a kernel",
     swap("compute_fabric: {value: 0.004 B/FLOP", "compute_fabrics: {value: 0.004 B/FLOP"),
     "workload.kernels.prefill.links.compute_fabrics: unknown link 'compute_fabrics'; did you mean"),
    ("workload in an unknown mode", swap("mode: sustained", "mode: sustain"),
     "workload.mode: unknown mode 'sustain'; did you mean 'sustained'?"),
    ("workload on a block without throughput", swap("  compute: compute\n", "  compute: fabric\n"),
     "workload.compute: block 'fabric' states no throughput"),
    ("workload in an unknown memory", swap("memory: hbm\n", "memory: hmb\n"),
     "workload.memory: unknown bought part 'hmb'"),
    ("need without a workload", sub(r"^workload:.*?^environment:", "environment:"),
     "needs.throughput: there is no workload to measure it by"),
    ("bought part named as a block",
     swap("bought:\n", "bought:\n  compute: {part: hbm3_12h, count: 1}\n"),
     "bought.compute: 'compute' is a block already: give the bought part another name"),
    ("bandwidth without its second", swap("bandwidth: {value: 17 TB/s", "bandwidth: {value: 17 TB"),
     "links.compute_fabric.bandwidth.value: '17 TB': write a number and one of GB/s, TB/s"),
    ("comma in a note", swap("note: 8 die of 115 mm2}", "note: 8 die of 115 mm2, as built}"),
     "blocks.compute.area.as built: unknown key of a number: put text that has a comma in quotation marks"),
    ("unknown discipline", swap("[performance, thermal,", "[performance, termal,"),
     "requires[1]: unknown name 'termal'; did you mean 'thermal'?"),
    ("unknown objective", swap("[throughput, efficiency, cost]", "[throughput, efficiency, price]"),
     "objectives[2]: unknown name 'price'"),
    ("unknown kind", swap("kind: choice, evidence: derived", "kind: chosen, evidence: derived"),
     "environment.coolant.kind: unknown kind 'chosen'; did you mean 'choice'?"),
    ("unknown evidence", swap("35 degC, evidence: standard", "35 degC, evidence: standards"),
     "environment.air.evidence: unknown evidence 'standards'; did you mean 'standard'?"),
    ("year as text", swap("supply_voltage: {value: 0.8 V,", "supply_voltage: {value: 0.8 V, year: last,"),
     "supply_voltage.year: 'last': write the year of the source, for example 2024"),
    ("count as text", swap("    count: 8", '    count: "8"'), "bought.hbm.count: '8': write a whole number"),
    ("too many", swap("    count: 8", "    count: 80"), "bought.hbm.count: 80: must be at most 64"),
    ("name with a space", sub(r"^  peak: ", "  Peak 1: "), "modes.Peak 1: a name has lower-case letters"),
    ("section without content", sub(r"^environment:.*?^board:", "environment:\n\nboard:"),
     "environment: no value: write 'name: value' lines below it"),
    ("misspelt value", swap("  body_x: {value: 90 mm", "  body_x: {valu: 90 mm"),
     "form_factor.body_x.valu: unknown key of a number; did you mean 'value'?"),
    ("list in the place of a length", sub(r"^  body_y: \{.*?\}", "  body_y: [90 mm]"),
     "form_factor.body_y: a list or mapping in the place of a number: write a number and one of um, mm"),
    ("later format", swap("format: packfirst-program-1", "format: packfirst-program-2"),
     "format: 'packfirst-program-2': this packfirst reads 'packfirst-program-1'"),
    ("certainty", swap("confidence: 0.8", "confidence: 1"), "confidence: 1: must be less than 1"),
    ("tab for an indent", swap("    duty: 0.20", "\tduty: 0.20"), "indent with spaces"),
    ("bracket left open", swap("splits: [1, 2, 4, 8]", "splits: [1, 2, 4, 8"), "not YAML"),
    ("empty file", lambda _: "", "the file is empty"),
    ("a list", lambda _: "- one\n- two\n",
     "write a mapping that starts with 'format: packfirst-program-1'"),
]  # fmt: skip

# Wrong only beside a catalog.
CATALOG_CASES: list[Case] = [
    ("unknown node", swap("nodes: [n7, n5] ", "nodes: [n7, n5, m3]"),
     "blocks.compute.nodes[2]: the catalog has no node 'm3'; did you mean"),
    ("unknown home node", swap("node: n6\n", "node: tsmc_n6\n"),
     "blocks.fabric.node: the catalog has no node 'tsmc_n6'"),
    ("unknown part", swap("part: hbm3_12h", "part: hbm3_12hi"),
     "bought.hbm.part: the catalog has no part 'hbm3_12hi'; did you mean 'hbm3_12h'?"),
    ("unknown standard", swap("[ucie_3d, ucie_a, ucie_s]", "[ucie_3d, ucie_b, ucie_s]"),
     "links.compute_fabric.standards[1]: the catalog has no link standard 'ucie_b'; did you mean"),
    ("unknown technology", swap("[organic_mcm, bridge_emib, si_interposer_cowos_s]", "[si_interposer_cowos]"),
     "freedom.carriers[0]: the catalog has no technology 'si_interposer_cowos'; did you mean 'si_interposer_cowos"),
    ("unknown thermal path", swap("[nat_air_hs, forced_air_hs, cold_plate]", "[cold_plates]"),
     "freedom.thermal_paths[0]: the catalog has no thermal path 'cold_plates'; did you mean 'cold_plate'?"),
]  # fmt: skip
