"""The first score that was ever taken, and what was mended after it had been seen."""

from collections.abc import Mapping

# As printed by the first scored run, of twelve products, 2026-11.
FIRST_DIGEST = "fb7171e30f47e117ef7465a0c4fbbe516f8c8730"
FIRST_SCORED = 12
FIRST_TOTALS: Mapping[str, Mapping[str, Mapping[str, int]]] = {
    "packfirst": {
        "top1": {"technology": 1, "n_die": 1, "thermal_path": 2, "all": 0},
        "top3": {"technology": 1, "n_die": 1, "thermal_path": 2, "all": 0},
    },
    "nearest": {
        "top1": {"technology": 2, "n_die": 3, "thermal_path": 8, "all": 0},
        "top3": {"technology": 2, "n_die": 3, "thermal_path": 8, "all": 0},
    },
    "most_common": {
        "top1": {"technology": 0, "n_die": 0, "thermal_path": 8, "all": 0},
        "top3": {"technology": 8, "n_die": 6, "thermal_path": 12, "all": 0},
    },
    "plain_rule": {
        "top1": {"technology": 3, "n_die": 3, "thermal_path": 8, "all": 0},
        "top3": {"technology": 3, "n_die": 3, "thermal_path": 8, "all": 0},
    },
}

# What was wrong for its own reason, whatever the products are; in the words of the page.
MENDED = (
    "Many die were placed in rows: twelve around one came out 104 x 43 mm and twenty-five 106 x 718 mm. They now go "
    "round their hub on two or four sides, up to three deep, or in a grid.",
    "A heat sink 60 mm high was offered to desktop and notebook products in 60 mm of room, package included. A desktop "
    "now leaves 165 mm; a notebook's sink stands beside the package, which the room over the board stands in for, and "
    "its board takes balls at 0.65 mm.",
    "`init --like` put the spread of early estimates (15 to 20 % in power, 8 to 12 % in area) on products that are "
    "sold. Their factors are now 1.",
    "Areas of cut blocks are published with the interfaces on their cuts, and the model added these once more. "
    "`init --like` now states the area in one piece.",
    "Only UCIe was named for links between own die. Every family of the catalog now is, short and long.",
    "Bumps of a UCIe module were counted on a square lattice and modules were always stacked two deep. The standard "
    "packs them hexagonally (571.5 um are six columns of 110 um x sqrt(3)/2), and modules now stand behind each other "
    "only where the edge is too short; of modes that work, one whose wires get out with a fifth to spare is planned.",
    "A technology without a year among its precedents was open to every product, glass to one of 2011. Records now "
    "state the year of the first product sold with them, and stacking is held to it as carriers are.",
    "What was built as one die could be cut for nothing, as no record states what crosses a cut that was not made. "
    "Half of what its links carry is now assumed to; of a die without any known traffic no cut is offered. The wires "
    "between the slices of the 2000T, which its record counts, were given a rate (assumed).",
    "Whole wafers were bonded with die of unequal size. Such candidates are no longer made.",
    "A stack of HBM2E was asked for 461 GB/s, the rounded figure, of an interface that carries 460.8, and so for two "
    "of them.",
    "Two products came in: the RAD750, for which a place in a spacecraft was written and a younger node stands in, and "
    "the Virtex-7 HT, whose power and one area were assumed.",
)
