"""The report of what `explore` really hands over, on the example with little left to choose."""

import re
from pathlib import Path

from packfirst.catalog import load_catalog
from packfirst.explore.study import explore
from packfirst.program import load_program
from packfirst.report.html import render

EXAMPLE = Path(__file__).parents[2] / "examples" / "ai_accelerator" / "program.yaml"
# The partition and nodes as built, in the order in which the example lists them.
AS_BUILT = {"nodes": ("n5", "n6"), "splits": ("8", "4")}


def explored(folder: Path, paths: str, carriers: str) -> dict:
    text = EXAMPLE.read_text(encoding="utf-8")
    for field, values in AS_BUILT.items():
        left = iter(values)
        text, count = re.subn(rf"\b{field}: \[[^\]]*\]", lambda _: f"{field}: [{next(left)}]", text)  # noqa: B023
        assert count == len(values), field
    freedom = (
        f"freedom:\n  carriers: [{carriers}]\n  stacks: [hybrid_bond_d2w]\n"
        f"  thermal_paths: [{paths}]\n  lid_interfaces: [tim1_indium]\n"
    )
    text, count = re.subn(r"^freedom:\n(?:[ #].*\n|\n)*", freedom, text, flags=re.MULTILINE)
    assert count == 1
    file = folder / "program.yaml"
    file.write_text(text, encoding="utf-8")
    return explore(load_program(str(file)), load_catalog(), folder / "study", budget=6, workers=1)


def test_something_stands(tmp_path: Path):
    study = explored(tmp_path, "cold_plate, nat_air_hs", "bridge_emib, organic_mcm")
    assert study["best"], "the package as built, on bridges, carries its own program"
    page = render(study)
    assert page.count("data-panel>") == len(study["best"])
    assert page.count('<article class="card">') == len(study["fallen_paths"]) + sum(
        family["state"] != "feasible" for family in study["families"]
    )
    assert f'data-key="{study["best"][0]["key"]}"' in page


def test_nothing_stands(tmp_path: Path):
    study = explored(tmp_path, "cold_plate", "organic_mcm")
    assert not study["best"]
    page = render(study)
    assert "Why none stands" in page
    assert all(item["describe"].replace(" x ", " × ") in page for item in study["relaxations"])
