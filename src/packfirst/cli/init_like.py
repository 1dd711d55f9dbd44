"""A program file from a published product's record: what it states with its sources, defaults for the rest."""

import math
import re
from dataclasses import replace

from packfirst.catalog import Catalog, Record, Row
from packfirst.cli.init_complete import completed, lacking
from packfirst.cli.init_draft import Draft, Figure, Path, Tree, assumed, figure_of, guessed, quoted, write
from packfirst.cli.init_places import CUT, PLACE_OF, REMARKS, surroundings
from packfirst.errors import InputError
from packfirst.inputs import Evidence, Input
from packfirst.program.model import FORMAT
from packfirst.program.part import MOST_DIE

# A rated power is split by area, a square millimetre of each function weighing this much: assumed.
_HEAT = {"compute": 1.0, "system": 0.8, "io": 0.5, "cache": 0.25, "base": 0.25, "memory": 0.25, "radio": 2.0}
_MIX = {
    "compute": "{logic: 0.65, sram: 0.30, analog: 0.05}",
    "system": "{logic: 0.50, sram: 0.30, analog: 0.20}",
    "io": "{logic: 0.40, sram: 0.10, analog: 0.50}",
    "cache": "{logic: 0.10, sram: 0.85, analog: 0.05}",
    "base": "{logic: 0.30, sram: 0.40, analog: 0.30}",
    "memory": "{logic: 0.30, sram: 0.40, analog: 0.30}",
    "radio": "{logic: 0.0, sram: 0.0, analog: 1.0}",
}
_IDLE = 0.2  # of the rated power: assumed
_SIGNALS = 0.4  # of the contacts: assumed
# Areas and powers of a product that is sold are measured: nothing of an early estimate's spread is left.
_AS_BUILT = {
    name: assumed("1", note="of a product that is sold, not of an estimate") for name in ("power", "area")
}
_STACKED_FROM = 1e12  # B/s between two blocks from which the draft allows one on the other: assumed


def draft_of_product(catalog: Catalog, product: str) -> Draft:
    """The draft of a Program whose answer would be this product.

    Raises
    ------
    UnknownRecord
        No such product.
    InputError
        Its record has no die of its own or bought that could land anywhere.
    """
    record = catalog.record("product", product)
    whole = completed(record)
    if not any(row.word("class") == "logic" for row in whole.table("die")):
        raise InputError.one(
            f"product {product}", "no program file can be started: its record names no die to cut"
        )
    return _Like(catalog, whole, tuple(lacking(record))).draft()


def named(text: str) -> str:
    """A role as a name that a program file takes."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return (plain if plain[:1].isalpha() else f"die_{plain}")[:40]


class _Like:
    """Reads one record; holds what its parts share."""

    def __init__(self, catalog: Catalog, record: Record, lacking: tuple[str, ...]) -> None:
        self.catalog = catalog
        self.record = record
        rows = record.table("die")
        self.blocks = {named(row.word("role")): row for row in rows if row.word("class") == "logic"}
        self.bought = {named(row.word("role")): row for row in rows if row.word("part")}
        self.remarks: dict[Path, str] = dict(REMARKS)
        self.about = f"Like {record.name} ({record['introduced']:g}), from its record in the catalog."
        if lacking:
            self.about += f" It lacks {'; '.join(lacking)}: what stands here for these is assumed."

    def draft(self) -> Draft:
        record, place = self.record, surroundings(PLACE_OF.get(self.record.word("market"), "desk"))
        links = self._links()
        tree: dict[str, Tree | Figure | str] = {
            "format": FORMAT,
            "name": quoted(f"Like {record.name}"),
            "blocks": {name: self._block(name, row, links) for name, row in self.blocks.items()},
        }
        if self.bought:
            tree["bought"] = {
                name: {"part": row.word("part"), "count": f"{self._count(row):g}"}
                for name, row in self.bought.items()
            }
        if links:
            tree["links"] = {name: link for name, (link, _) in links.items()}
        tree["modes"] = self._modes()
        tree |= {**place, "form_factor": self._form_factor(place["form_factor"]), "accuracy": _AS_BUILT}
        tree |= {"requires": "[thermal, electrical, form_factor, cost]", "objectives": "[cost]"}
        self.remarks["blocks",] = CUT
        self.remarks["modes",] = (
            f"Of the rating of {self._rating()}, bought parts take what their records say; the rest is split by "
            "area and by what a block does (assumed)."
        )
        return Draft(
            about=self.about, tree=tree, matters=self._matters(tuple(links)), remarks=self.remarks,
        )  # fmt: skip

    def _title(self, item: Input) -> str:
        return self.catalog.source(item.source).title if item.source else ""

    def _rating(self) -> str:
        item = self.record.input("power")
        said = f"{self._title(item)}, {item.year}" if item.source else "assumed"
        return f"{write(item.value, 'power')} ({said})"

    def _count(self, row: Row) -> float:
        return self.record.input(row.field("count")).value

    def _area(self, row: Row) -> float:
        return self._count(row) * self.record.input(row.field("area")).value

    def _block(self, name: str, row: Row, links: dict[str, tuple[Tree, float]]) -> Tree:
        count, area = self._count(row), self.record.input(row.field("area"))
        self.remarks["blocks", name] = f"As built: {count:g} die of {write(area.value, 'area')}."
        cut = self._cut_factor(name, count, links)
        said = f"{count:g} die of {write(area.value, 'area')}"
        if cut > 1.0:
            said += f", less the {1.0 - 1.0 / cut:.0%} that the interfaces on their cuts take"
        block: dict[str, Tree | Figure | str] = {
            "area": _times(area, count / cut, self._title(area), said),
            "node": row.word("node_id"),
            "mix": _MIX[row.word("function") or "compute"],
            "splits": self._splits(name, row, links),
        }
        under = [
            other for other in self.blocks
            if other != name and self._area(self.blocks[other]) > self._area(row)
            and any({name, other} == set(_ends(link)) and rate >= _STACKED_FROM for link, rate in links.values())
        ]  # fmt: skip
        if under:
            block["stacks_on"] = f"[{', '.join(under)}]"
        return block

    def _splits(self, name: str, row: Row, links: dict[str, tuple[Tree, float]]) -> str:
        count = int(self._count(row))
        is_fixed = row.word("ready") == "yes" or (count == 1 and not self._is_linked(name, links))
        return f"[{count}]" if is_fixed else _splits(count)

    def _is_linked(self, name: str, links: dict[str, tuple[Tree, float]]) -> bool:
        """Whether any traffic of a block is known: of one without, nothing says what a cut would cost."""
        return any(name in _ends(link) for link, _ in links.values())

    def _cut_factor(self, name: str, count: float, links: dict[str, tuple[Tree, float]]) -> float:
        """Area of the block as it was cut over its area in one piece, which is what a Program states. [-]"""
        if not any(_ends(link) == [name, name] for link, _ in links.values()):
            return 1.0
        share = self.catalog.record("cost_parameter", "die_to_die")["area_share"]
        return 1.0 + share * (math.sqrt(count) - 1.0)

    def _links(self) -> dict[str, tuple[Tree, float]]:
        """Links by name, each with its rate. [B/s]"""
        found: dict[str, tuple[Tree, float]] = {}
        unstated = []
        for row in self.record.table("links"):
            a, b = named(row.word("a")), named(row.word("b"))
            if a not in {*self.blocks, *self.bought} or b not in self.blocks.keys() | self.bought.keys():
                continue  # leaves the package
            rate = self.record.of(row, "bandwidth")
            if rate is None:
                unstated.append(f"{row.word('a')} to {row.word('b')}")
                continue
            crossing = self.record.of(row, "across_middle") if a == b else None
            count = crossing.value if crossing is not None else self._count(row)
            total = count * rate.value
            name = f"{a}_{b}"[:40]
            if name in found and found[name][1] <= total:
                continue  # two axes of one array: the weaker one is where it would be cut
            text = f"{count:g} of {write(rate.value, 'bandwidth')}"
            said = f"{text} cross the middle" if a == b else text
            figure = _times(rate, count, self._title(rate), said)
            found[name] = self._link(a, b, figure), total
        for name, row in self.bought.items():
            if not any(name in _ends(link) for link, _ in found.values()):
                host = max(self.blocks, key=lambda block: self._area(self.blocks[block]))
                rate = self.catalog.record("part", row.word("part")).input("bandwidth")
                count = self._count(row)
                figure = _times(rate, count, self._title(rate), "its host is assumed: the largest block")
                found[f"{host}_{name}"[:40]] = self._link(host, name, figure), count * rate.value
        self._add_within(found)
        self.remarks["links",] = "Traffic, both directions together."
        if unstated:
            self.about += f" It does not state the traffic of {', '.join(unstated)}: add it under 'links'."
        return found

    def _add_within(self, found: dict[str, tuple[Tree, float]]) -> None:
        """Traffic that would cross the middle of what was built as one die: nobody states it.

        What comes over its links goes to every part of it alike, so that half of it would cross a cut.
        """
        for name, row in self.blocks.items():
            linked = sum(rate for link, rate in found.values() if name in _ends(link))
            if self._count(row) != 1.0 or not linked:
                continue
            half = linked / 2.0
            low, value, high = (write(share * half, "bandwidth") for share in (0.5, 1.0, 2.0))
            figure = assumed(value, low, high, "half of what its links carry, were it cut")
            found[f"{name}_{name}"[:40]] = self._link(name, name, figure), half

    def _link(self, a: str, b: str, bandwidth: Figure) -> Tree:
        part = self.bought.get(a) or self.bought.get(b)
        if part is not None:
            record = self.catalog.record("part", part.word("part"))
            standards = f"[{self.catalog.record('link', record.word('standard')).word('standard')}]"
        else:
            standards = self._standards(stacked=a != b)
        return {"between": f"[{a}, {b}]", "bandwidth": bandwidth, "standards": standards}

    def _standards(self, *, stacked: bool) -> str:
        """Every family of links between own die: fine or coarse, short or long, and where die may stack, upright."""
        memory = {
            self.catalog.record("link", part.word("standard")).word("standard")
            for part in self.catalog.records("part") if "standard" in part.words
        }  # fmt: skip
        families = {
            record.word("standard"): record.word("package_class") for record in self.catalog.records("link")
            if record.word("standard") not in memory
        }  # fmt: skip
        kept = [name for name, kind in families.items() if stacked or kind != "vertical"]
        return f"[{', '.join(kept)}]"

    def _modes(self) -> Tree:
        rating = self.record.input("power")
        drawn = {
            name: self._count(row) * self.catalog.record("part", row.word("part"))["power"]
            for name, row in self.bought.items()
        }
        left = rating.value - sum(drawn.values())
        if left <= 0.0:  # a rating below what its own memory would draw at full rate: they share it evenly
            drawn = {name: 0.5 * rating.value / len(drawn) for name in drawn}
            left = 0.5 * rating.value
        weight = {
            name: self._area(row) * _HEAT[row.word("function") or "compute"]
            for name, row in self.blocks.items()
        }
        share = left / sum(weight.values())
        powers = {name: by * share for name, by in weight.items()} | drawn
        return {
            "rated": {"power": {name: _power(power) for name, power in powers.items()}, "duty": "0.6"},
            "idle": {"power": {name: _power(_IDLE * power) for name, power in powers.items()}, "duty": "0.4"},
        }

    def _form_factor(self, default: Tree | Figure | str) -> Tree:
        assert not isinstance(default, (Figure, str))
        room = dict(default)
        sizes = [self.record.get(name) for name in ("size_x", "size_y")]
        contacts = self.record.get("contacts")
        for key, size in zip(("body_x", "body_y"), sizes, strict=True):
            if size is not None:
                # The room is a bound that is kept, not a measurement: its value counts, without a band.
                room[key] = figure_of(
                    replace(size, low=None, high=None, note=""), self._title(size), "as built"
                )
        if contacts is not None:
            room["signal_balls"] = f"{_SIGNALS * contacts.value:.0f}"
            self.remarks["form_factor", "signal_balls"] = (
                f"signals that leave the package: {_SIGNALS:.0%} of {contacts.value:g} contacts (assumed)"
            )
            if sizes[0] is not None and sizes[1] is not None:
                pitch = (sizes[0].value * sizes[1].value / contacts.value) ** 0.5
                room["ball_pitch"] = assumed(
                    f"{min(pitch * 1e3, 1.27):.2g} mm", note="so that its contacts fit its body"
                )
        return room

    def _matters(self, links: tuple[str, ...]) -> tuple[Path, ...]:
        drawing = (*self.blocks, *self.bought)
        return (
            *((("blocks", name, "area")) for name in self.blocks),
            *((("modes", "rated", "power", name)) for name in self.blocks),
            *((("bought", name, "count")) for name in self.bought),
            *((("links", name, "bandwidth")) for name in links),
            ("form_factor", "body_x"), ("form_factor", "body_y"), ("form_factor", "signal_balls"), ("volume",),
            ("environment", "air"), ("supply_voltage",), ("form_factor", "height"), ("accuracy", "power"),
            *((("modes", "rated", "power", name)) for name in drawing),
        )  # fmt: skip


def _ends(link: Tree) -> list[str]:
    between = link["between"]
    assert isinstance(between, str)
    return between.strip("[]").split(", ")


def _splits(count: int) -> str:
    """Numbers of die to try: one, powers of two around what was built, and what was built."""
    powers = [2**power for power in range(7) if 2**power <= min(2 * count, MOST_DIE)]
    return f"[{', '.join(map(str, sorted({*powers, count})))}]"


def _power(power_w: float) -> Figure:
    return guessed(float(f"{power_w:.3g}"), "W")


def _times(item: Input, count: float, title: str, note: str) -> Figure:
    """`count` times a number of the record: derived at best, and never better known than the number itself."""
    levels = tuple(Evidence)
    worse = max(item.evidence, Evidence.DERIVED, key=levels.index)
    low, high = (None if bound is None else count * bound for bound in (item.low, item.high))
    total = replace(
        item, value=count * item.value, low=low, high=high, note="",
        evidence=worse if count != 1.0 else item.evidence,
    )  # fmt: skip
    return figure_of(total, title, note if count != 1.0 or "assumed" in note else "")
