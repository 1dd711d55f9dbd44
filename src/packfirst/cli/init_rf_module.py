"""The draft of a transmit/receive module: bought MMICs, a control die, its chains, a cold wall."""

from packfirst.cli.init_draft import Draft, Figure, Path, Tree, assumed, guessed
from packfirst.cli.init_places import CUT, REMARKS, surroundings
from packfirst.program.model import FORMAT


def rf_module() -> Draft:
    """One X-band channel: driver, power amplifier, antenna switch, low-noise amplifier, control die of silicon."""
    place = surroundings("spacecraft")
    switch: Tree = {"on": "antenna", "gain": assumed("-0.7 dB", "-1 dB", "-0.5 dB")}
    tree: dict[str, Tree | Figure | str] = {
        "format": FORMAT,
        "name": "Transmit/receive module",
        "blocks": {
            "control": {
                "area": guessed(12, "mm2"), "node": "n90", "mix": "{logic: 0.25, sram: 0.15, analog: 0.60}",
            },
        },
        "bought": {
            "hpa": {"part": "xband_gan_hpa", "count": "1"},
            "driver": {"part": "xband_gan_driver", "count": "1"},
            "lna": {"part": "xband_gan_lna", "count": "1"},
            "antenna": {"part": "xband_gan_switch", "count": "1"},
        },
        "modes": {
            "radiating": {
                "power": {
                    "hpa": guessed(9, "W"), "driver": guessed(3, "W"), "control": guessed(0.8, "W"),
                    "lna": guessed(0.9, "W"), "antenna": guessed(0.5, "W"),
                },
                "duty": "0.9",
            },
        },
        "radio": {
            "low": assumed("8.5 GHz"),
            "high": assumed("9.6 GHz"),
            "transmit": {
                "order": "[driver, amplifier, switch]",
                "at": assumed("45 degC", "25 degC", "65 degC"),
                "drive": assumed("40 mW", "30 mW", "50 mW"),
                "supply": assumed("1.5 W", "1 W", "2.5 W"),
                "stages": {
                    "driver": {
                        "on": "driver", "gain": assumed("22 dB", "20 dB", "24 dB"),
                        "output_power": assumed("6.3 W", "5.5 W", "7 W"), "efficiency": assumed("0.3", "0.24", "0.36"),
                        "power_slope": assumed("-0.008 dB/K", "-0.015 dB/K", "-0.003 dB/K"),
                    },
                    "amplifier": {
                        "on": "hpa", "gain": assumed("11 dB", "9.5 dB", "12.5 dB"),
                        "output_power": assumed("20 W", "18 W", "22 W"), "efficiency": assumed("0.38", "0.35", "0.41"),
                        "power_slope": assumed("-0.008 dB/K", "-0.015 dB/K", "-0.003 dB/K"),
                    },
                    "switch": switch,
                },
            },
            "receive": {
                "order": "[switch, amplifier]",
                "at": assumed("25 degC", "20 degC", "35 degC"),
                "stages": {
                    "switch": switch,
                    "amplifier": {
                        "on": "lna", "gain": assumed("30 dB", "27 dB", "33 dB"),
                        "noise_figure": assumed("2.1 dB", "1.8 dB", "2.5 dB"),
                        "noise_slope": assumed("0.008 dB/K", "0.005 dB/K", "0.012 dB/K"),
                    },
                },
            },
        },
        "needs": {
            "output_power": assumed("10 W"), "pae": assumed("0.14"), "noise_figure": assumed("5.2 dB"),
        },
        **place,
        "form_factor": {
            "body_x": assumed("30 mm"), "body_y": assumed("15.5 mm"), "height": assumed("12 mm"),
            "ball_pitch": assumed("0.8 mm"), "signal_balls": "24",
        },
        "environment": {
            "air": assumed("70 degC", note="inside the array"),
            "cold_wall": assumed("55 degC", note="of the array, to which the module is bolted"),
        },
        "volume": assumed("20000", "5000", "60000"),
        "supply_voltage": assumed("28 V", "26 V", "32 V"),
        "quality": {"levels": "[38534_h, 38534_k]", "ship": "500"},
        "requires": "[performance, thermal, form_factor, cost]",
        "objectives": "[cost, output_power, noise_figure]",
        "freedom": {
            "carriers": "[metal_rf_hybrid_housing, wb_ltcc_hermetic_mcm, wb_htcc_hermetic_mcm, wb_qfn]",
            "thermal_paths": "[cond_card_vita48_2]",
            "lid_interfaces": "[da_ausn, tim1_ag_sinter, da_ag_epoxy]",
        },
    }  # fmt: skip
    remarks = {
        **REMARKS,
        ("blocks",): CUT,
        ("blocks", "control", "area"): "phase shifter, attenuator, interface, on silicon",
        ("bought",): "Bare die from the catalog's parts; 'packfirst catalog list part' names them.",
        (
            "modes",
        ): "Heat as the mean over pulses: what an amplifier draws less what it sends, times its share of time.",
        ("modes", "radiating", "power", "hpa"): "heat of the power amplifier, mean over pulses",
        ("modes", "radiating", "power", "driver"): "heat of the driver, mean over pulses",
        ("radio",): "Stages in the order of the signal; the package's own losses come between them.",
        ("radio", "high"): "top of the band, at which losses are taken",
        ("radio", "transmit", "drive"): "what comes to the module's port",
        ("radio", "transmit", "stages", "amplifier", "output_power"): "saturated, at the die",
        ("radio", "transmit", "stages", "amplifier", "efficiency"): "output over supply power there",
        ("radio", "receive", "stages", "amplifier", "noise_figure"): "of the low-noise amplifier alone",
        ("needs", "output_power"): "least power at the antenna port",
        ("needs", "noise_figure"): "largest noise figure at the antenna port",
        ("environment", "cold_wall"): "wall of the array to which the module is bolted",
        (
            "quality",
        ): "Levels of which the customer accepts any one; leave out where nobody asks for qualification.",
    }
    matters: tuple[Path, ...] = (
        ("radio", "transmit", "stages", "amplifier", "output_power"),
        ("radio", "transmit", "stages", "amplifier", "efficiency"), ("modes", "radiating", "power", "hpa"),
        ("needs", "output_power"), ("radio", "receive", "stages", "amplifier", "noise_figure"),
        ("needs", "noise_figure"), ("environment", "cold_wall"), ("form_factor", "body_y"), ("radio", "high"),
        ("volume",),
    )  # fmt: skip
    about = (
        "A transmit/receive module of an X-band array: bought GaN die, a control die, chains to the antenna."
    )
    return Draft(about=about, tree=tree, matters=matters, remarks=remarks)
