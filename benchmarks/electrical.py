"""How many candidates a second the escape bound screens: `python benchmarks/electrical.py [candidates]`.

One candidate is one link on one carrier: rate, modules, bumps, field depth, escape and what binds it, power.
"""

import sys
import time

import numpy as np

from packfirst.disciplines.electrical import bumps, escape, lanes, link_energy

RUNS = 5


def screen(count: int, seed: int = 0) -> tuple[float, float]:
    """Seconds for `count` random candidates, the best of some runs, and the share whose wires all escape."""
    random = np.random.default_rng(seed)
    pitch = random.choice([40e-6, 45e-6, 55e-6, 130e-6], count)
    organic = pitch > 100e-6
    line = np.where(organic, 12e-6, random.choice([0.5e-6, 2e-6], count))
    bandwidth = 10.0 ** random.uniform(10.0, 12.5, count)
    edge = random.uniform(2e-3, 12e-3, count)
    mode_rates = np.array([4, 8, 12, 16, 24, 32]) * 1e9
    modes = {
        "mode_pitch_min_m": np.full(6, 25e-6),
        "mode_pitch_max_m": np.full(6, 130e-6),
        "mode_reach_m": np.array([25, 25, 25, 25, 10, 5]) * 1e-3,
    }
    length = random.uniform(0.5e-3, 20e-3, count)
    seconds, escaped = [], 0.0
    for _ in range(RUNS):
        start = time.perf_counter()
        rate = lanes.highest_rate(lanes.allowed_modes(pitch, length, **modes), mode_rates).rate_bit_per_s
        per_module = np.where(organic, 16.0, 64.0)
        modules = lanes.modules_needed(bandwidth, rate, per_module)
        signals = bumps.signals_needed(modules, np.where(organic, 44.0, 140.0))
        lattice = bumps.Lattice.hexagonal(pitch)
        watts = link_energy.link_power_w(0.5e-12, 2.0 * bandwidth)
        counted = bumps.bumps_needed(
            signals, signals_per_ground=2.0, current_a=watts / 0.7, current_limit_a=0.05
        )
        found = escape.escape(
            edge,
            bumps.field_depth_m(counted.total, edge, lattice),
            lattice,
            pad_m=0.5 * pitch,
            via_land_m=0.3 * pitch,
            line_m=line,
            space_m=line,
            layers=escape.routing_layers(np.where(organic, 6.0, 4.0)),
            signal_fraction=counted.signal_fraction,
            front_fraction=counted.signal_fraction,
        )
        escaped = float(np.mean((found.capacity >= signals) & (found.binding >= 0)))
        seconds.append(time.perf_counter() - start)
    return min(seconds), escaped


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    best, share = screen(wanted)
    print(f"{wanted} candidates in {1e3 * best:.1f} ms: {wanted / best:.3g} a second, {share:.0%} escape")
