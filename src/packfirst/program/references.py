"""Names in a program file that must mean something: blocks, bought parts, links, modes, catalog records.

The checks read the file's plain mapping, not the typed Program, so that an unknown name is reported beside
a missing unit somewhere else. What has the wrong shape is passed over here: the types report it.
"""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from packfirst.errors import nearest
from packfirst.program.model import WHOLE, Program

Path = tuple[str | int, ...]
Finding = tuple[Path, str]  # where, and what is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Valid names of a catalog, by what they name."""

    nodes: AbstractSet[str]
    parts: AbstractSet[str]
    technologies: AbstractSet[str]
    thermal_paths: AbstractSet[str]
    interfaces: AbstractSet[str]
    standards: AbstractSet[str]
    bases: AbstractSet[str] = frozenset()  # materials that some technology offers for its base
    board_classes: AbstractSet[str] = frozenset()
    cards: AbstractSet[str] = frozenset()


def references(program: Program | Mapping[str, Any], names: Names | None = None) -> list[Finding]:
    """Every name that means nothing, and every sum that does not add up.

    Parameters
    ----------
    program : a Program, or the plain mapping that a file holds
    names : Names, optional
        Without them names of the catalog are not checked.
    """
    data = program.model_dump() if isinstance(program, Program) else program
    if set(data) - set(Program.model_fields):
        # A misspelt section is one mistake, reported as an unknown key; each name that it defines would
        # be reported again here.
        return []
    checks: tuple[Callable[[Mapping[str, Any]], Iterator[Finding]], ...] = (
        _blocks, _bought, _links, _modes, _workload, _radio, _mission, _dates, _lists,
    )  # fmt: skip
    found = [finding for check in checks for finding in check(data)]
    if names is not None:
        found += _catalog(data, names)
    return found


def _blocks(data: Mapping[str, Any]) -> Iterator[Finding]:
    blocks = _section(data, "blocks")
    for name, block in _parts(data, "blocks"):
        for place, under in _entries(block, "stacks_on"):
            if under == name:
                yield ("blocks", name, *place), f"{name!r} cannot be stacked on itself: name another block"
            elif under not in blocks:
                yield ("blocks", name, *place), f"unknown block {under!r}; {nearest(under, list(blocks))}"
        for key in ("nodes", "splits", "stacks_on"):
            yield from _repeated(("blocks", name), block, key)
        memory = _section(block, "memory")
        for key, other in (("refresh_interval", "refresh_time"), ("refresh_time", "refresh_interval")):
            if memory.get(key) is not None and memory.get(other) is None:
                yield (
                    ("blocks", name, "memory", other),
                    f"missing: {key} alone says nothing of what refresh takes",
                )


def _bought(data: Mapping[str, Any]) -> Iterator[Finding]:
    for name in _section(data, "bought"):
        if name in _section(data, "blocks"):
            yield ("bought", name), f"{name!r} is a block already: give the bought part another name"


def _links(data: Mapping[str, Any]) -> Iterator[Finding]:
    bought = _section(data, "bought")
    ends = [*_section(data, "blocks"), *bought]
    for name, link in _parts(data, "links"):
        between = [end for _, end in _entries(link, "between")]
        for place, end in _entries(link, "between"):
            if end not in ends:
                yield ("links", name, *place), f"unknown block or bought part {end!r}; {nearest(end, ends)}"
        if len(between) == 2 and all(end in bought for end in between):
            yield ("links", name, "between"), "joins two bought parts: one end must be a block"
        yield from _repeated(("links", name), link, "standards")


def _modes(data: Mapping[str, Any]) -> Iterator[Finding]:
    drawing = [*_section(data, "blocks"), *_section(data, "bought")]
    duties = []
    for name, mode in _parts(data, "modes"):
        duty = mode.get("duty")
        if isinstance(duty, (int, float)) and not isinstance(duty, bool) and 0.0 <= duty <= 1.0:
            duties.append(duty)
        power = mode.get("power")
        if not isinstance(power, Mapping):
            continue
        for drawer in power:
            if drawer not in drawing:
                message = f"unknown block or bought part {drawer!r}; {nearest(drawer, drawing)}"
                yield ("modes", name, "power", drawer), message
        missing = [drawer for drawer in drawing if drawer not in power]
        # One unknown name for one that is missing is a slip of the pen, reported above.
        if missing and len(power) < len(drawing):
            plural = f"the powers of {', '.join(map(repr, missing))} are" if missing[1:] else ""
            told = plural or f"the power of {missing[0]!r} is"
            yield ("modes", name, "power"), f"{told} missing: write 0 W where it draws none"
    if sum(duties) > 1.0 + WHOLE:
        yield ("modes",), f"the duties add up to {sum(duties):.6g}: all modes together take at most 1"


def _workload(data: Mapping[str, Any]) -> Iterator[Finding]:
    workload = data.get("workload")
    if not isinstance(workload, Mapping):
        if workload is None and _section(data, "needs").get("throughput") is not None:
            message = "there is no workload to measure it by: describe one, or leave this out"
            yield ("needs", "throughput"), message
        return
    blocks, links = _section(data, "blocks"), _section(data, "links")
    kinds = (("compute", "block", blocks), ("memory", "bought part", _section(data, "bought")),
             ("mode", "mode", _section(data, "modes")))  # fmt: skip
    for key, kind, known in kinds:
        name = workload.get(key)
        if isinstance(name, str) and name not in known:
            yield ("workload", key), f"unknown {kind} {name!r}; {nearest(name, list(known))}"
    worker = workload.get("compute")
    block = blocks.get(worker) if isinstance(worker, str) else None
    if isinstance(block, Mapping) and block.get("throughput") is None:
        message = f"block {worker!r} states no throughput: write blocks.{worker}.throughput"
        yield ("workload", "compute"), message
    for name, kernel in _parts(workload, "kernels"):
        carried = kernel.get("links")
        for link in carried if isinstance(carried, Mapping) else ():
            if link not in links:
                hint = nearest(link, list(links)) if links else "the program has no links"
                yield ("workload", "kernels", name, "links", link), f"unknown link {link!r}; {hint}"


def _radio(data: Mapping[str, Any]) -> Iterator[Finding]:
    radio = _section(data, "radio")
    holders = [*_section(data, "blocks"), *_section(data, "bought")]
    modes = list(_section(data, "modes"))
    for way in ("transmit", "receive"):
        chain = _section(radio, way)
        stages = _section(chain, "stages")
        for name, stage in _parts(chain, "stages"):
            holder, mode = stage.get("on"), stage.get("mode")
            at = ("radio", way, "stages", name)
            if isinstance(holder, str) and holder not in holders:
                yield (*at, "on"), f"unknown block or bought part {holder!r}; {nearest(holder, holders)}"
            if isinstance(mode, str) and mode and mode not in modes:
                yield (*at, "mode"), f"unknown mode {mode!r}; {nearest(mode, modes)}"
        named = [item for _, item in _entries(chain, "order")]
        for place, item in _entries(chain, "order"):
            if item not in stages:
                yield ("radio", way, *place), f"unknown stage {item!r}; {nearest(item, list(stages))}"
        for item in stages:
            if named and item not in named:
                yield ("radio", way, "order"), f"stage {item!r} is missing from the order of the signal"
        yield from _repeated(("radio", way), chain, "order")
    for need, way in (("output_power", "transmit"), ("pae", "transmit"), ("noise_figure", "receive")):
        if _section(data, "needs").get(need) is not None and not _section(radio, way):
            yield (
                ("needs", need),
                f"there is no chain to measure it on: describe radio.{way}, or leave this out",
            )


def _mission(data: Mapping[str, Any]) -> Iterator[Finding]:
    mission = _section(data, "mission")
    for strength, time in (("vibration", "vibration_time"), ("shock", "shock_time")):
        if (mission.get(strength) is None) != (mission.get(time) is None):
            absent = time if mission.get(time) is None else strength
            yield ("mission", absent), f"missing: {strength} needs both its strength and its time"


def _dates(data: Mapping[str, Any]) -> Iterator[Finding]:
    dates = _section(data, "dates")
    start, tape_out, need = (str(dates.get(key) or "") for key in ("start", "tape_out", "need"))
    if not (start and tape_out and need):
        return
    # That both come after the start is the part's own check. Days as year-month-day sort as text.
    if start < need <= tape_out:
        yield ("dates", "need"), f"{need} does not come after tape_out, {tape_out}"


def _lists(data: Mapping[str, Any]) -> Iterator[Finding]:
    for key in ("requires", "objectives"):
        yield from _repeated((), data, key)


def _catalog(data: Mapping[str, Any], names: Names) -> Iterator[Finding]:
    for name, block in _parts(data, "blocks"):
        for place, node in [*_entries(block, "node"), *_entries(block, "nodes")]:
            yield from _known(("blocks", name, *place), node, "node", names.nodes)
    for name, part in _parts(data, "bought"):
        for place, record in _entries(part, "part"):
            yield from _known(("bought", name, *place), record, "part", names.parts)
    for name, link in _parts(data, "links"):
        for place, standard in _entries(link, "standards"):
            yield from _known(("links", name, *place), standard, "link standard", names.standards)
    chosen = (
        ("carriers", "technology", names.technologies), ("stacks", "technology", names.technologies),
        ("thermal_paths", "thermal path", names.thermal_paths),
        ("bases", "material for a base", names.bases),
        ("lid_interfaces", "interface", names.interfaces), ("sink_interfaces", "interface", names.interfaces),
    )  # fmt: skip
    for section, key, kind, known in (
        ("board", "build", "board class", names.board_classes), ("form_factor", "card", "card", names.cards),
    ):  # fmt: skip
        for place, name in _entries(_section(data, section), key):
            yield from _known((section, *place), name, kind, known)
    freedom = _section(data, "freedom")
    for key, kind, known in chosen:
        for place, name in _entries(freedom, key):
            yield from _known(("freedom", *place), name, kind, known)


def _known(path: Path, name: str, kind: str, known: AbstractSet[str]) -> Iterator[Finding]:
    if name not in known:
        yield path, f"the catalog has no {kind} {name!r}; {nearest(name, sorted(known))}"


def _repeated(path: Path, part: Mapping[str, Any], key: str) -> Iterator[Finding]:
    items = part.get(key)
    if not isinstance(items, (list, tuple)):
        return
    for index, item in enumerate(items):
        if item in items[:index]:
            yield (*path, key, index), f"{item!r} appears twice: keep one"


def _section(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    section = data.get(key)
    return section if isinstance(section, Mapping) else {}


def _parts(data: Mapping[str, Any], key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, part in _section(data, key).items():
        if isinstance(part, Mapping):
            yield name, part


def _entries(part: Mapping[str, Any], key: str) -> list[tuple[Path, str]]:
    """The names under `key`, whether it holds one or a list of them, each with its place."""
    found = part.get(key)
    if isinstance(found, str):
        return [((key,), found)]
    if isinstance(found, (list, tuple)):
        return [((key, index), name) for index, name in enumerate(found) if isinstance(name, str)]
    return []
