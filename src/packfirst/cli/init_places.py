"""Where a package lives: the board, the air and the room that a program file starts with, all of it assumed."""

from collections.abc import Mapping
from dataclasses import replace

from packfirst.cli.init_draft import Figure, Tree, assumed

# Per place: air and coolant in degC; board length, width and thickness in mm; room in mm; parts over the life.
_PLACES: Mapping[str, Mapping[str, float]] = {
    "module": {
        "air": 35, "coolant": 36, "board_x": 165, "board_y": 102, "board": 2.6, "body": 90, "height": 100,
        "signals": 600, "volume": 300e3,
    },
    "server": {
        "air": 35, "board_x": 420, "board_y": 330, "board": 2.4, "body": 80, "height": 80, "signals": 1600,
        "volume": 1e6,
    },
    "desk": {
        "air": 35, "board_x": 240, "board_y": 170, "board": 1.6, "body": 55, "height": 165, "signals": 600,
        "volume": 3e6,
    },
    "card": {
        "air": 55, "wall": 71, "board_x": 233, "board_y": 160, "board": 2.4, "body": 60, "height": 14, "signals": 100,
        "volume": 5000,
    },
    "bag": {
        "air": 35, "board_x": 240, "board_y": 110, "board": 1.0, "body": 50, "height": 70, "signals": 600,
        "volume": 3e6, "pitch": 0.65,
    },
    "spacecraft": {
        "air": 40, "wall": 40, "board_x": 233, "board_y": 160, "board": 2.4, "body": 45, "height": 12, "signals": 250,
        "volume": 1000, "pitch": 1.27,
    },
}  # fmt: skip
# Ways out for the heat that such a place has.
_PATHS = {
    "module": "[forced_air_hs, cold_plate]",
    "server": "[nat_air_hs, forced_air_hs]",
    "desk": "[nat_air_hs, forced_air_hs]",
    "bag": "[nat_air_hs, forced_air_hs]",
    "spacecraft": "[space_cond_radiator, space_radiation_only]",
    "card": "[cond_card_vita48_2, nat_air_pkg]",
}
# Why the room over the board is what it is.
_HEIGHTS = {
    "desk": "a tower cooler under the side panel of a desktop",
    "bag": "a notebook is flatter: its sink stands beside the package at the end of a heat pipe, the catalog's on it",
}
# Which place a product of that market has.
PLACE_OF = {
    "server": "server", "desktop and server": "desk", "HPC": "module", "notebook": "bag", "AI and HPC": "module",
    "AI": "module", "AI training": "module", "FPGA": "desk", "workstation": "desk", "space": "spacecraft",
    "radar": "card",
}  # fmt: skip


def surroundings(place: str) -> dict[str, Tree | Figure | str]:
    """Sections of a program file that describe what is around the package, and how far to trust it."""
    given = _PLACES[place]

    def length(key: str, less: float = 0.0, more: float = 0.0) -> Figure:
        value = given[key]
        low, high = (f"{value * (1 - less):g} mm", f"{value * (1 + more):g} mm") if less else ("", "")
        return assumed(f"{value:g} mm", low, high)

    environment: dict[str, Tree | Figure | str] = {"air": assumed(f"{given['air']:g} degC", note="warm end")}
    if "coolant" in given:
        environment["coolant"] = assumed(
            f"{given['coolant']:g} degC", note="water of 32 degC and 4 K across an exchanger"
        )
    if "wall" in given:
        environment["cold_wall"] = assumed(f"{given['wall']:g} degC", note="of the rail or the radiator")
    if place == "spacecraft":
        environment |= {"space": assumed("-20 degC", note="of the box around"), "vacuum": "true"}
    volume = given["volume"]
    return {
        "form_factor": {
            "body_x": length("body"),
            "body_y": length("body"),
            "height": replace(length("height"), note=_HEIGHTS.get(place, "")),
            "ball_pitch": assumed(f"{given.get('pitch', 1.0):g} mm"),
            "signal_balls": f"{given['signals']:g}",
        },
        "volume": assumed(f"{volume:.12g}", f"{volume / 3:.12g}", f"{volume * 3:.12g}"),
        "environment": environment,
        "board": {
            "size_x": length("board_x"),
            "size_y": length("board_y"),
            "thickness": length("board", 0.25, 0.25),
            "expansion": assumed("16 ppm/K", "13 ppm/K", "18 ppm/K", "FR-4 class with copper"),
            "conductivity": assumed(
                "40 W/(m K)", "20 W/(m K)", "70 W/(m K)", "a dozen copper layers and more"
            ),
            "conductivity_z": assumed("0.5 W/(m K)", "0.3 W/(m K)", "1.5 W/(m K)"),
            "film_above": assumed("25 W/(m2 K)", "10 W/(m2 K)", "60 W/(m2 K)", "fans"),
            "film_below": assumed("10 W/(m2 K)", "5 W/(m2 K)", "30 W/(m2 K)"),
        },
        "accuracy": {
            "power": assumed("1", "0.85", "1.2", "early estimates against what the silicon comes to"),
            "area": assumed("1", "0.92", "1.12"),
        },
        "supply_voltage": assumed("0.8 V", "0.7 V", "0.9 V"),
        "confidence": "0.8",
        "freedom": {"thermal_paths": _PATHS[place]},
    }


CUT = "What must land on some die. An area is stated in one piece; `splits` says how it may be cut."
REMARKS = {
    ("form_factor",): "The room that the product leaves.",
    ("form_factor", "body_x"): "largest body",
    ("form_factor", "body_y"): "largest body, the other way",
    ("form_factor", "signal_balls"): "signals that leave the package",
    ("volume",): "parts over the life of the product",
    ("environment",): "What the heat can be given to.",
    ("environment", "air"): "air around the package",
    ("environment", "cold_wall"): "rail, wall or radiator to which its heat is led",
    ("environment", "coolant"): "liquid at the inlet of a cold plate; leave out where there is none",
    ("board",): "The board under the package.",
    ("accuracy",): "Factors on every stated power and area.",
    ("freedom",): "What may be chosen; a list left out, everything that the catalog describes is tried.",
    ("confidence",): "probability with which all hard limits must hold together",
    ("requires",): "disciplines that must be assessed",
    ("objectives",): "what the search optimises, first things first",
}
