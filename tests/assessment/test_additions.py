"""A technology of the user's own overlay is explored like the packaged ones, without a line of code."""

import re
from importlib.resources import files

import pytest
import yaml
from tests.assessment.example import FILE

from packfirst.architecture.candidate import space
from packfirst.assess import assess
from packfirst.catalog import load_catalog
from packfirst.program import load_program

OURS = "bridge_of_ours"
PROGRAM = load_program(FILE)


@pytest.fixture(scope="module")
def overlay(tmp_path_factory):
    """The packaged bridge under another id, with half its die gap and a finer pitch, from our own laboratory."""
    path = files("packfirst.catalog") / "data" / "technologies.yaml"
    packaged = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # text stays as written
    bridge = next(record for record in packaged["records"] if record["id"] == "bridge_emib")
    measured = {"kind": "choice", "evidence": "measured", "source": "lab"}
    bridge |= {
        "id": OURS, "name": "Bridge of our own line",
        "die_gap": {"value": "0.06 mm", "low": "0.05 mm", "high": "0.1 mm", **measured},
        "bond_pitch": {"value": "30 um", "low": "25 um", "high": "45 um", **measured},
    }  # fmt: skip
    mine = {
        "format": "packfirst-catalog-1", "kind": "technology", "records": [bridge],
        "sources": {**packaged["sources"], "lab": {"title": "Our line, capability report", "year": "2026"}},
    }  # fmt: skip
    written = tmp_path_factory.mktemp("overlay") / "ours.yaml"
    # Bare years and numbers stay plain in YAML: `year: 2026`, not `year: '2026'`.
    written.write_text(_plain(yaml.safe_dump(mine, sort_keys=False, width=10_000)), encoding="utf-8")
    return written


def _plain(text):
    return re.sub(r"'([-+]?[0-9.]+(?:e-?[0-9]+)?)'(?=$|[,}\]])", r"\1", text, flags=re.MULTILINE)


def test_it_is_offered_assessed_and_differs_as_it_should(overlay):
    catalog = load_catalog([overlay])
    free = PROGRAM.model_copy(update={"freedom": PROGRAM.freedom.model_copy(update={"carriers": ()})})
    assert OURS in space(free, catalog).carriers
    only = PROGRAM.freedom.model_copy(update={"carriers": (OURS, "bridge_emib")})
    every = space(PROGRAM.model_copy(update={"freedom": only}), catalog)
    row = next(
        n for n in range(len(every))
        if every.candidate(n).carrier == OURS and every.candidate(n).partition.n_die == 12
        and every.candidate(n).partition.stacked and every.candidate(n).thermal_path == "cold_plate"
    )  # fmt: skip
    ours = every.candidate(row)
    theirs = next(
        item for item in map(every.candidate, range(len(every)))
        if item.carrier == "bridge_emib" and item.partition == ours.partition
        and (item.stack, item.thermal_path, item.lid_interface, item.floorplan)
        == (ours.stack, ours.thermal_path, ours.lid_interface, ours.floorplan)
    )  # fmt: skip
    mine, packaged = (assess(PROGRAM, catalog, item) for item in (ours, theirs))
    assert len(mine.limits) == len(packaged.limits)
    by_kind = {(i.identity.kind, i.identity.subject): i for i in mine.limits}
    old = {(i.identity.kind, i.identity.subject): i for i in packaged.limits}
    pitch = ("bump_pitch", "link:fabric_hbm")
    assert by_kind[pitch].demand == pytest.approx(30.0)
    assert old[pitch].demand == pytest.approx(45.0)
    # Closer die, shorter links.
    assert by_kind["reach", "link:fabric_hbm"].demand < old["reach", "link:fabric_hbm"].demand
    assert f"catalog/technology/{OURS}/bond_pitch" in mine.inputs
