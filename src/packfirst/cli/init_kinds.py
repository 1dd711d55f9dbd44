"""Kinds of product that a program file can be started for, each as its ten numbers and what goes with them."""

from collections.abc import Callable, Mapping

from packfirst.cli.init_draft import Draft, Figure, Path, Tree, assumed, guessed
from packfirst.cli.init_memory_stack import memory_stack
from packfirst.cli.init_places import CUT, REMARKS, surroundings
from packfirst.cli.init_rf_module import rf_module
from packfirst.cli.init_space_computer import space_computer
from packfirst.errors import InputError, nearest
from packfirst.program.model import FORMAT


def draft_of_kind(kind: str) -> Draft:
    """The draft of a kind.

    Raises
    ------
    InputError
        No such kind; the one line names the nearest.
    """
    if kind not in KINDS:
        raise InputError.one("init", f"unknown kind {kind!r}: {nearest(kind, tuple(KINDS))}")
    return KINDS[kind]()


def _ai_accelerator() -> Draft:
    place = surroundings("module")
    tree: dict[str, Tree | Figure | str] = {
        "format": FORMAT,
        "name": "AI accelerator",
        "blocks": {
            "compute": {
                "area": guessed(700, "mm2"), "throughput": guessed(1000, "TFLOP/s"), "node": "n5",
                "mix": "{logic: 0.65, sram: 0.30, analog: 0.05}", "splits": "[1, 2, 4, 8]", "stacks_on": "[fabric]",
            },
            "fabric": {
                "area": guessed(500, "mm2"), "node": "n6", "mix": "{logic: 0.50, sram: 0.15, analog: 0.35}",
                "splits": "[1, 2, 4]",
            },
        },
        "bought": {"hbm": {"part": "hbm3_12h", "count": "4"}},
        "links": {
            "compute_fabric": {
                "between": "[compute, fabric]", "bandwidth": guessed(10, "TB/s"),
                "standards": "[ucie_3d, ucie_a, ucie_s]",
            },
            "fabric_hbm": {"between": "[fabric, hbm]", "bandwidth": guessed(3, "TB/s"), "standards": "[hbm]"},
            "fabric_fabric": {
                "between": "[fabric, fabric]", "bandwidth": guessed(3, "TB/s"), "standards": "[ucie_a, ucie_s]",
            },
        },
        "modes": {
            "sustained": {
                "power": {"compute": guessed(380, "W"), "fabric": guessed(100, "W"), "hbm": guessed(80, "W")},
                "duty": "0.8",
            },
            "idle": {
                "power": {"compute": guessed(50, "W"), "fabric": guessed(50, "W"), "hbm": guessed(20, "W")},
                "duty": "0.2",
            },
        },
        "workload": {
            "compute": "compute", "memory": "hbm", "mode": "sustained",
            "kernels": {
                "dense": {
                    "share": "0.9", "memory": assumed("0.001 B/FLOP", "0.0004 B/FLOP", "0.004 B/FLOP"),
                    "links": {"compute_fabric": assumed("0.004 B/FLOP", "0.002 B/FLOP", "0.008 B/FLOP")},
                },
                "streaming": {
                    "share": "0.1", "memory": assumed("0.016 B/FLOP", "0.008 B/FLOP", "0.032 B/FLOP"),
                    "links": {"compute_fabric": assumed("0.016 B/FLOP", "0.008 B/FLOP", "0.032 B/FLOP")},
                },
            },
        },
        **place,
        "requires": "[performance, thermal, electrical, form_factor, cost]",
        "objectives": "[throughput, efficiency, cost]",
    }  # fmt: skip
    remarks = {
        **REMARKS,
        ("blocks",): CUT,
        ("blocks", "compute", "area"): "silicon area of all compute, at its node",
        ("blocks", "compute", "throughput"): "peak rate of all compute",
        ("blocks", "fabric", "area"): "caches, network, memory PHY, links to other packages",
        ("bought", "hbm", "count"): "stacks of memory",
        ("links",): "Traffic, both directions together.",
        ("links", "compute_fabric", "bandwidth"): "between compute and its last-level cache",
        ("links", "fabric_hbm", "bandwidth"): "to memory, all stacks together",
        ("links", "fabric_fabric"): "Traffic across the middle of the fabric, wherever it is cut into die.",
        ("modes",): "States of work, and the share of time of each.",
        ("modes", "sustained", "power", "compute"): "all compute, at its node",
        ("modes", "sustained", "power", "fabric"): "all of the fabric",
        ("workload",): "What it is bought for: two kinds of work, bytes moved per operation.",
    }
    matters: tuple[Path, ...] = (
        ("blocks", "compute", "area"), ("blocks", "compute", "throughput"), ("modes", "sustained", "power", "compute"),
        ("blocks", "fabric", "area"), ("modes", "sustained", "power", "fabric"), ("bought", "hbm", "count"),
        ("links", "compute_fabric", "bandwidth"), ("links", "fabric_hbm", "bandwidth"), ("form_factor", "body_x"),
        ("volume",),
    )  # fmt: skip
    about = "An AI accelerator: compute on a fabric of caches and links, with memory stacks beside it."
    return Draft(about=about, tree=tree, matters=matters, remarks=remarks)


def _server_processor() -> Draft:
    place = surroundings("server")
    tree: dict[str, Tree | Figure | str] = {
        "format": FORMAT,
        "name": "Server processor",
        "blocks": {
            "cores": {
                "area": guessed(600, "mm2"), "node": "n5", "nodes": "[n7, n5]",
                "mix": "{logic: 0.50, sram: 0.45, analog: 0.05}", "splits": "[1, 2, 4, 8, 12]",
            },
            "io": {
                "area": guessed(400, "mm2"), "node": "n6", "nodes": "[n12, n7, n6]",
                "mix": "{logic: 0.35, sram: 0.10, analog: 0.55}", "splits": "[1, 2, 4]",
            },
        },
        "links": {
            "cores_io": {
                "between": "[cores, io]", "bandwidth": guessed(800, "GB/s"), "standards": "[ucie_a, ucie_s]",
            },
        },
        "modes": {
            "rated": {"power": {"cores": guessed(220, "W"), "io": guessed(80, "W")}, "duty": "0.6"},
            "idle": {"power": {"cores": guessed(30, "W"), "io": guessed(40, "W")}, "duty": "0.4"},
        },
        **place,
        "requires": "[thermal, electrical, form_factor, cost]",
        "objectives": "[cost]",
    }  # fmt: skip
    remarks = {
        **REMARKS,
        ("blocks",): CUT,
        ("blocks", "cores", "area"): "silicon area of all cores with their caches",
        ("blocks", "io", "area"): "memory controllers, serial links, network",
        ("links",): "Traffic, both directions together.",
        ("links", "cores_io", "bandwidth"): "between all cores and the memory controllers",
        ("modes",): "States of work, and the share of time of each.",
        ("modes", "rated", "power", "cores"): "all cores at rated power",
        ("modes", "rated", "power", "io"): "memory controllers and serial links at rated power",
    }
    matters: tuple[Path, ...] = (
        ("blocks", "cores", "area"), ("blocks", "io", "area"), ("modes", "rated", "power", "cores"),
        ("modes", "rated", "power", "io"), ("links", "cores_io", "bandwidth"), ("form_factor", "signal_balls"),
        ("form_factor", "body_x"), ("form_factor", "body_y"), ("environment", "air"), ("volume",),
    )  # fmt: skip
    about = "A server processor: cores with their caches, and what connects them to memory and to others."
    return Draft(about=about, tree=tree, matters=matters, remarks=remarks)


KINDS: Mapping[str, Callable[[], Draft]] = {
    "ai_accelerator": _ai_accelerator,
    "server_processor": _server_processor,
    "rf_module": rf_module,
    "space_computer": space_computer,
    "memory_stack": memory_stack,
}
