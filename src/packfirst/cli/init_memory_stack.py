"""The draft of a memory stack: a tower of memory die on a base die, with the host that it serves."""

from packfirst.cli.init_draft import Draft, Figure, Path, Tree, assumed, guessed
from packfirst.cli.init_places import CUT, REMARKS, surroundings
from packfirst.program.model import FORMAT


def memory_stack() -> Draft:
    """Twelve memory die on a base, beside a host or on it."""
    place = surroundings("module")
    tree: dict[str, Tree | Figure | str] = {
        "format": FORMAT,
        "name": "Memory stack",
        "blocks": {
            "dram": {
                "area": guessed(1200, "mm2"), "node": "dram_1z", "splits": "[12]", "stacking": "above",
                "stacks_on": "[base]",
                "memory": {
                    "capacity": assumed("24 GB"), "bandwidth": assumed("819 GB/s"), "maximum": assumed("95 degC"),
                    "refresh_interval": assumed("3.9 us"), "refresh_time": assumed("350 ns", "260 ns", "450 ns"),
                },
            },
            "base": {
                "area": guessed(105, "mm2"), "node": "n12", "nodes": "[n12, n5]",
                "mix": "{logic: 0.30, sram: 0.05, analog: 0.65}",
            },
            "host": {
                "area": guessed(220, "mm2"), "node": "n5", "mix": "{logic: 0.60, sram: 0.30, analog: 0.10}",
            },
        },
        "links": {
            "dram_base": {
                "between": "[dram, base]", "bandwidth": guessed(819, "GB/s"), "standards": "[memory_tsv, ucie_3d]",
            },
            "base_host": {
                "between": "[base, host]", "bandwidth": guessed(819, "GB/s"), "standards": "[ucie_a, ucie_s]",
            },
        },
        "modes": {
            "streaming": {
                "power": {"dram": guessed(15, "W"), "base": guessed(8, "W"), "host": guessed(90, "W")}, "duty": "0.6",
            },
        },
        "needs": {"capacity": assumed("24 GB"), "memory_bandwidth": assumed("650 GB/s")},
        **place,
        "requires": "[performance, thermal, electrical, form_factor, cost]",
        "objectives": "[memory_bandwidth, cost]",
        "freedom": {
            "carriers": "[organic_mcm, bridge_emib, si_interposer_cowos_s]",
            "stacks": "[stack_3d_microbump, hybrid_bond_d2w]",
            "thermal_paths": "[forced_air_hs, cold_plate]",
            "lid_interfaces": "[tim1_gel, tim1_indium]",
        },
    }  # fmt: skip
    remarks = {
        **REMARKS,
        (
            "blocks",
        ): f"{CUT} The die of `dram` stand one above another, on the base; where base and host share a die, "
        "on the host.",
        ("blocks", "dram", "area"): "all memory die together",
        ("blocks", "dram", "memory", "capacity"): "all die together",
        ("blocks", "dram", "memory", "bandwidth"): "peak of the whole stack",
        (
            "blocks",
            "dram",
            "memory",
            "refresh_time",
        ): "what a refresh command takes; twice as often above 85 degC",
        ("links",): "Traffic, both directions together.",
        ("modes",): "States of work, and the share of time of each.",
        ("modes", "streaming", "power", "dram"): "all memory die at full rate",
        ("modes", "streaming", "power", "base"): "base die at full rate",
        ("modes", "streaming", "power", "host"): "what the memory shares its heat path with",
        ("needs", "memory_bandwidth"): "least that is left when refresh has taken its part",
        ("needs", "capacity"): "least that it holds",
    }
    matters: tuple[Path, ...] = (
        ("blocks", "dram", "area"), ("blocks", "dram", "memory", "capacity"), ("blocks", "dram", "memory", "bandwidth"),
        ("modes", "streaming", "power", "dram"), ("modes", "streaming", "power", "base"),
        ("modes", "streaming", "power", "host"), ("needs", "memory_bandwidth"), ("blocks", "host", "area"),
        ("blocks", "dram", "memory", "refresh_time"), ("volume",),
    )  # fmt: skip
    about = "A stack of memory die on a base die, with the host that it serves."
    return Draft(about=about, tree=tree, matters=matters, remarks=remarks)
