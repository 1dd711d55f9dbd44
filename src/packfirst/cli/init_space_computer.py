"""The draft of a space computer: bought rad-hard die, an interface die, vacuum, levels of qualification."""

from packfirst.cli.init_draft import Draft, Figure, Path, Tree, assumed, guessed
from packfirst.cli.init_places import CUT, REMARKS, surroundings
from packfirst.program.model import FORMAT


def space_computer() -> Draft:
    """A rad-hard processor with memory, a few tens of parts, hermetic or class Y."""
    place = surroundings("spacecraft")
    tree: dict[str, Tree | Figure | str] = {
        "format": FORMAT,
        "name": "Space computer",
        "blocks": {
            "interface": {
                "area": guessed(36, "mm2"), "node": "n90", "mix": "{logic: 0.55, sram: 0.15, analog: 0.30}",
            },
        },
        "bought": {
            "cpu": {"part": "rad_hard_processor_65", "count": "1"},
            "sram": {"part": "rad_hard_sram_20m", "count": "4"},
        },
        "modes": {
            "science": {
                "power": {"cpu": guessed(3, "W"), "sram": guessed(1.6, "W"), "interface": guessed(1, "W")},
                "duty": "0.6",
            },
            "safe": {
                "power": {"cpu": guessed(1, "W"), "sram": guessed(0.4, "W"), "interface": guessed(0.5, "W")},
                "duty": "0.4",
            },
        },
        "needs": {"capacity": assumed("8 MB")},
        **place,
        "form_factor": {
            "body_x": assumed("50 mm"), "body_y": assumed("50 mm"), "height": assumed("14 mm"),
            "ball_pitch": assumed("1 mm"), "signal_balls": "260",
        },
        "volume": assumed("40", "20", "80"),
        "supply_voltage": assumed("1.2 V", "1.1 V", "1.3 V"),
        "mission": {
            "dose": assumed("30 krad", "20 krad", "50 krad"),
            "segments": {
                "orbit": {
                    "time": assumed("5 year"), "cold": assumed("15 degC"), "hot": assumed("35 degC"),
                    "cycles": assumed("29000", note="sixteen orbits a day"), "dwell": assumed("45 min"),
                },
            },
        },
        "quality": {"levels": "[38535_v, 38535_y, 38534_k]", "ship": "12"},
        "requires": "[performance, thermal, form_factor, cost]",
        "objectives": "[cost, body_area]",
        "freedom": {
            "carriers": "[wb_htcc_hermetic_mcm, stack_wire_hermetic, fc_ceramic_cga, fcbga_lidded]",
            "thermal_paths": "[space_cond_radiator]",
            "lid_interfaces": "[da_ag_epoxy, da_silver_glass, tim1_gel, tim1_indium]",
        },
    }  # fmt: skip
    remarks = {
        **REMARKS,
        ("blocks",): CUT,
        ("blocks", "interface", "area"): "interfaces and housekeeping of the program's own",
        ("bought",): "Bare die from the catalog's parts; 'packfirst catalog list part' names them.",
        ("bought", "sram", "count"): "memory die",
        ("modes",): "States of work, and the share of time of each.",
        ("modes", "science", "power", "cpu"): "processor at work",
        ("modes", "science", "power", "sram"): "all memory die together",
        ("needs", "capacity"): "least that all memory holds, correction bits counted",
        ("mission",): "What it must live through.",
        ("mission", "dose"): "total ionising dose at the die",
        (
            "quality",
        ): "Levels of which the customer accepts any one: hermetic (V, K) and non-hermetic ceramic (Y).",
    }
    matters: tuple[Path, ...] = (
        ("bought", "sram", "count"), ("modes", "science", "power", "cpu"), ("modes", "science", "power", "sram"),
        ("blocks", "interface", "area"), ("needs", "capacity"), ("environment", "cold_wall"), ("mission", "dose"),
        ("volume",), ("form_factor", "body_x"), ("form_factor", "height"),
    )  # fmt: skip
    about = "A computer for a satellite: bought rad-hard die, an interface die, some tens of flight parts."
    return Draft(about=about, tree=tree, matters=matters, remarks=remarks)
