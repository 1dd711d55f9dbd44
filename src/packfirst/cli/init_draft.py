"""A program file before it is a file: its numbers with their origin, which of them matter first, and its text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packfirst import units
from packfirst.inputs import Evidence, Input

WIDTH = 112
MATTER = 10  # as many numbers as it takes to start
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as the file writes it; `value` alone is a choice of the user's."""

    value: str
    low: str = ""
    high: str = ""
    evidence: str = ""
    source: str = ""
    year: int | None = None
    note: str = ""


Tree = Mapping[str, "Tree | Figure | str"]  # a str is YAML already


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A program file in the making.

    `matters` names the places of the numbers to look at first, most important first; those that the tree
    does not have are passed over, and so is what comes after the tenth.
    """

    about: str
    tree: Tree
    matters: tuple[Path, ...]
    remarks: Mapping[Path, str]  # comments, by what they stand above

    @property
    def marked(self) -> dict[Path, int]:
        """The ten places that matter first, numbered from 1."""
        found = [path for path in self.matters if _has(self.tree, path)]
        return {path: number for number, path in enumerate(found[:MATTER], start=1)}

    def text(self) -> str:
        """The file: sections with numbers that matter first, then those that are all defaults."""
        marked = self.marked
        first = [name for name in self.tree if any(path[0] == name for path in marked)]
        rest = [name for name in self.tree if name not in first and name not in _TITLE]
        lines = [*_comment(self.about, ""), "#", *_HOW, ""]
        lines += [f"{name}: {self.tree[name]}" for name in _TITLE]
        lines += ["", _rule(f"What matters first: the numbers marked [1] to [{len(marked)}]")]
        lines += self._sections(first, marked)
        lines += ["", _rule("Defaults")]
        lines += self._sections(rest, marked)
        return "\n".join(lines) + "\n"

    def _sections(self, names: list[str], marked: Mapping[Path, int]) -> Iterator[str]:
        for name in names:
            if isinstance(self.tree[name], Mapping):
                yield ""
            yield from self._lines((name,), self.tree[name], marked)

    def _lines(self, path: Path, item: Tree | Figure | str, marked: Mapping[Path, int]) -> Iterator[str]:
        indent = "  " * (len(path) - 1)
        number, remark = marked.get(path), self.remarks.get(path, "")
        if number is not None:
            remark = f"[{number}] {remark}".rstrip()
        if remark:
            yield from _comment(remark, indent)
        if isinstance(item, Figure):
            yield from _figure(f"{indent}{path[-1]}: ", item)
        elif isinstance(item, str):
            yield f"{indent}{path[-1]}: {item}"
        else:
            yield f"{indent}{path[-1]}:"
            for key, inner in item.items():
                yield from self._lines((*path, key), inner, marked)


_TITLE = ("format", "name")
_HOW = (
    "# How to write a number: '470 W' is a choice of yours, which a limit may ask you to move;",
    "# {value: 470 W, low: 400 W, high: 560 W} is not certain, low and high being its 5 % and 95 % points.",
    "# 'evidence: assumed' is a default of packfirst's: put your own number in its place.",
)


def figure_of(item: Input, title: str, note: str = "") -> Figure:
    """An Input of the catalog as the file writes it; `title` is that of its source."""
    said = "; ".join(text for text in (item.note, note) if text)
    low = high = ""
    if item.low is not None and item.high is not None and item.low < item.high:
        low, high = write(item.low, item.quantity), write(item.high, item.quantity)
    return Figure(
        value=write(item.value, item.quantity), low=low, high=high, evidence=item.evidence, source=title,
        year=item.year, note=said,
    )  # fmt: skip


def write(value: float, quantity: str) -> str:
    """A number of the file in the unit in which a person would write it."""
    return units.write(value, quantity, digits=6)


def assumed(value: str, low: str = "", high: str = "", note: str = "") -> Figure:
    """A default of ours."""
    return Figure(value=value, low=low, high=high, evidence=Evidence.ASSUMED, note=note)


def guessed(value: float, unit: str) -> Figure:
    """A default of ours for what the user knows better: a fifth off, either way."""
    return assumed(f"{value:g} {unit}", f"{0.8 * value:g} {unit}", f"{1.2 * value:g} {unit}")


def quoted(text: str) -> str:
    """Text as YAML in quotation marks."""
    return '"' + " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _has(tree: Tree, path: Path) -> bool:
    item: Tree | Figure | str = tree
    for key in path:
        if not isinstance(item, Mapping) or key not in item:
            return False
        item = item[key]
    return True


def _figure(start: str, figure: Figure) -> Iterator[str]:
    """`start` and the number, broken between its keys where it would run over the margin."""
    parts = [f"value: {figure.value}"]
    if figure.low:
        parts += [f"low: {figure.low}", f"high: {figure.high}"]
    if figure.evidence:
        parts.append(f"evidence: {figure.evidence}")
    if figure.source:
        parts.append(f"source: {quoted(figure.source)}")
    if figure.year is not None:
        parts.append(f"year: {figure.year}")
    if figure.note:
        parts.append(f"note: {quoted(figure.note)}")
    if len(parts) == 1:
        yield start + figure.value
        return
    line = start + "{" + parts[0]
    for part in parts[1:]:
        if len(line) + len(part) + 3 > WIDTH:
            yield line + ","
            line = " " * (len(start) + 1) + part
        else:
            line += ", " + part
    yield line + "}"


def _comment(text: str, indent: str) -> Iterator[str]:
    line = f"{indent}#"
    for word in text.split():
        if len(line) + len(word) + 1 > WIDTH:
            yield line
            line = f"{indent}#"
        line += " " + word
    yield line


def _rule(title: str) -> str:
    return f"# --- {title} ".ljust(WIDTH, "-")
