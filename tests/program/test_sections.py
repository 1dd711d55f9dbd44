"""Sections that only some Programs state: every broken one gives one clear line, and silence changes no digest."""

from pathlib import Path

import pytest

from packfirst.catalog import load_catalog
from packfirst.cli.files import names_of
from packfirst.errors import InputError
from packfirst.program import load_program

from .broken import Case, sub, swap

EXAMPLES = Path(__file__).parents[2] / "examples"
RADIO, SPACE, MEMORY = (
    (EXAMPLES / name / "program.yaml").read_text(encoding="utf-8")
    for name in ("xband_tr_module", "space_computer", "memory_stack")
)
NAMES = names_of(load_catalog())

RADIO_CASES: list[Case] = [
    ("stage on nothing", swap("        on: hpa\n", "        on: hpb\n"),
     "radio.transmit.stages.hpa.on: unknown block or bought part 'hpb'; did you mean 'hpa'?"),
    ("stage in no order", swap("order: [driver, hpa, switch]", "order: [driver, switch]"),
     "radio.transmit.order: stage 'hpa' is missing from the order of the signal"),
    ("order names no stage", swap("order: [switch, lna]", "order: [switch, lnb, lna]"),
     "radio.receive.order[1]: unknown stage 'lnb'; did you mean 'lna'?"),
    ("stage twice", swap("order: [switch, lna]", "order: [switch, lna, lna]"),
     "radio.receive.order[2]: 'lna' appears twice"),
    ("stage in no mode", swap("        on: lna\n", "        on: lna\n        mode: radiate\n"),
     "radio.receive.stages.lna.mode: unknown mode 'radiate'; did you mean 'radiating'?"),
    ("gain in watts", swap("gain: {value: 34.9 dB,", "gain: {value: 34.9 W,"),
     "radio.receive.stages.lna.gain.value: '34.9 W': write a number and one of dB"),
    ("no temperature of the figures", sub(r"^    at: \{value: 45 degC.*?\}\n", ""),
     "radio.transmit.at: missing: of the die, at which the figures of the stages hold"),
    ("need without a chain", sub(r"^  receive:\n.*?^environment:", "environment:"),
     "needs.noise_figure: there is no chain to measure it on: describe radio.receive"),
    ("efficiency that is not above zero", swap("{value: 0.38, low: 0.36,", "{value: 0, low: 0,"),
     "radio.transmit.stages.hpa.efficiency: 0: must be more than 0"),
    ("base that no housing has", swap("  carriers: [metal", "  bases: [kovarr]\n  carriers: [metal"),
     "freedom.bases[0]: the catalog has no material for a base 'kovarr'; did you mean 'kovar'?"),
    ("unknown level", swap("levels: [38534_h, 38534_k]", "levels: [38534_h, 38534_q]"),
     "quality.levels[1]: unknown name '38534_q'"),
    ("no part to ship", swap("  ship: 500", "  ship: 0"), "quality.ship: 0: must be at least 1"),
    ("country in full", swap("home: US", "home: USA"), "terms.home"),
]  # fmt: skip
SPACE_CASES: list[Case] = [
    ("vibration without its time", sub(r"^  vibration_time: .*?\n", ""),
     "mission.vibration_time: missing: vibration needs both its strength and its time"),
    ("shock time without a shock", sub(r"^  shock: .*?\n", ""), "mission.shock: missing: shock needs both"),
    ("dose in grams", swap("dose: {value: 30 krad", "dose: {value: 30 g"),
     "mission.dose.value: '30 g': write a number"),
    ("a bare g", swap("shock: {value: 300 gn", "shock: {value: 300 g"), "mission.shock.value: '300 g': write"),
    ("no segment", sub(r"^  segments:\n.*?^quality:", "  segments: {}\nquality:"), "mission.segments: is empty"),
    ("powered beyond whole", swap("      dwell: {value: 45 min,", "      powered: 1.5\n      dwell: {value: 45 min,"),
     "mission.segments.orbit.powered: 1.5: must be at most 1"),
    ("need before the start", swap('need: "2031-03-31"', 'need: "2026-06-30"'),
     "dates: need is 2026-06-30, not after the start, 2027-01-04"),
    ("need before tape-out", swap('start: "2027-01-04",', 'start: "2027-01-04", tape_out: "2031-09-01",'),
     "dates.need: 2031-03-31 does not come after tape_out, 2031-09-01"),
    ("no day of the calendar", swap('start: "2027-01-04"', 'start: "2027-02-30"'),
     "dates.start: '2027-02-30' is not a day of the calendar"),
    ("a month", swap('start: "2027-01-04"', 'start: "2027-01"'), "dates.start"),
    ("vacuum in words", swap("vacuum: true", "vacuum: hard"), "environment.vacuum: 'hard'"),
]  # fmt: skip
MEMORY_CASES: list[Case] = [
    ("stacking in between", swap("stacking: above ", "stacking: over "),
     "blocks.dram.stacking: unknown name 'over'; did you mean 'above'?"),
    ("refresh without its time", sub(r"^      refresh_time: .*?\n", ""),
     "blocks.dram.memory.refresh_time: missing: refresh_interval alone says nothing"),
    ("capacity as bandwidth", swap("capacity: {value: 24 GB,", "capacity: {value: 24 GB/s,"),
     "blocks.dram.memory.capacity.value: '24 GB/s': write a number and one of GB, MB"),
]  # fmt: skip
EVERY = [
    *((RADIO, *case) for case in RADIO_CASES), *((SPACE, *case) for case in SPACE_CASES),
    *((MEMORY, *case) for case in MEMORY_CASES),
]  # fmt: skip


@pytest.mark.parametrize("name", ["xband_tr_module", "space_computer", "memory_stack"])
def test_the_example_loads(name):
    assert load_program(EXAMPLES / name / "program.yaml", NAMES).name


@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [(text, edit, expected) for text, _, edit, expected in EVERY], ids=[name for _, name, _, _ in EVERY],
)  # fmt: skip
def test_broken_section_gives_one_clear_line(tmp_path, text, edit, expected):
    file = tmp_path / "program.yaml"
    file.write_text(edit(text), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_program(file, NAMES)
    assert len(caught.value.problems) == 1, "\n".join(map(str, caught.value.problems))
    shown = str(caught.value.problems[0])
    assert expected in shown
    assert "\n" not in shown
    assert caught.value.problems[0].line > 0


def test_a_field_that_came_later_is_no_part_of_a_digest_until_it_says_something(tmp_path):
    def digest(text: str) -> str:
        file = tmp_path / "program.yaml"
        file.write_text(text, encoding="utf-8")
        return load_program(file).digest

    text = (EXAMPLES / "server_processor" / "program.yaml").read_text(encoding="utf-8")
    block, need = "    node: n14\n", "needs:\n"
    assert digest(text.replace(block, block + "    stacking: beside\n")) == digest(text)
    assert digest(text.replace(block, block + "    stacking: above\n")) != digest(text)
    assert digest(text.replace(need, need + "  capacity: 1 GB\n")) != digest(text)
