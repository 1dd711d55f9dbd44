"""A study folder as `explore` leaves it, without the exploring: two logic die and a memory on bridges or silicon."""

from pathlib import Path

from packfirst.architecture.candidate import space
from packfirst.cli.files import read
from packfirst.explore.store import Study

PROGRAM = """\
format: packfirst-program-1
name: two die and a memory
blocks:
  core: {area: 240 mm2, node: n5, mix: {logic: 0.7, sram: 0.3, analog: 0}, splits: [1], throughput: 300 TFLOP/s}
  base: {area: 300 mm2, node: n6, mix: {logic: 0.4, sram: 0.3, analog: 0.3}, splits: [1, 2]}
bought: {hbm: {part: hbm3_8h, count: 1}}
links:
  core_base: {between: [core, base], bandwidth: 2 TB/s, standards: [ucie_a]}
  base_hbm: {between: [base, hbm], bandwidth: 600 GB/s, standards: [hbm]}
modes: {busy: {power: {core: 90 W, base: 30 W, hbm: 12 W}, duty: 1}}
environment: {air: 35 degC}
board: {size_x: 150 mm, size_y: 100 mm, thickness: 2.4 mm, expansion: 16 ppm/K, conductivity: 40 W/(m K),
        conductivity_z: 0.5 W/(m K), film_above: 25 W/(m2 K), film_below: 10 W/(m2 K)}
form_factor: {body_x: 70 mm, body_y: 70 mm, height: 100 mm, ball_pitch: 1.0 mm, signal_balls: 300}
accuracy: {power: {value: 1, low: 0.9, high: 1.1}, area: {value: 1, low: 0.95, high: 1.05}}
volume: 100e3
supply_voltage: 0.8 V
confidence: 0.8
requires: [thermal, electrical, form_factor]
objectives: [cost]
freedom:
  carriers: [bridge_emib, si_interposer_cowos_s]
  thermal_paths: [forced_air_hs]
  lid_interfaces: [tim1_indium]
"""


def finished(folder: Path) -> dict[tuple[int, str], str]:
    """Writes the study, led by the bridges; keys of its candidates by count of base die and carrier."""
    (folder / "program.yaml").write_text(PROGRAM, encoding="utf-8")
    program, catalog = read(folder / "program.yaml", [])
    every = space(program, catalog)
    keys = {}
    for row in range(len(every)):
        candidate = every.candidate(row)
        if len(candidate.partition.groups) == 2:
            count = next(group.count for group in candidate.partition.groups if "base" in group.blocks)
            keys[count, candidate.carrier] = candidate.key
    identity = {"program_digest": program.digest, "catalog_digest": catalog.digest, "seed": "0"}
    with Study(folder, identity) as kept:
        kept.finish({**identity, "seed": 0, "best": [{"key": keys[1, "bridge_emib"]}]})
    return keys
