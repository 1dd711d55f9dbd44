"""What each kind of limit is about, in plain words, from the texts beside this file."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from packfirst import yaml_marks

FORMAT = "packfirst-lessons-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One kind of limit: why there is one, how its number is formed here, what people do, where to go on."""

    title: str
    physics: str
    number: str
    people: tuple[str, ...]
    read: tuple[str, ...]


def _read(file: Traversable) -> dict[str, Lesson]:
    data = yaml_marks.load(file, file=file.name).data
    assert isinstance(data, dict) and data["format"] == FORMAT and isinstance(data["lessons"], dict)
    found = {}
    for name, item in data["lessons"].items():
        assert isinstance(item, dict)
        people, read = item["people"], item["read"]
        assert isinstance(people, list) and isinstance(read, list)
        found[name] = Lesson(
            title=str(item["title"]), physics=str(item["physics"]).strip(), number=str(item["number"]).strip(),
            people=tuple(map(str, people)), read=tuple(map(str, read)),
        )  # fmt: skip
    return found


@cache
def lessons() -> dict[str, Lesson]:
    """All texts by 'discipline/kind'."""
    found: dict[str, Lesson] = {}
    for file in sorted(files("packfirst").joinpath("report/lessons").iterdir(), key=lambda item: item.name):
        if file.name.endswith(".yaml"):
            found |= _read(file)
    return found


def lesson_of(discipline: str, kind: str) -> Lesson | None:
    """The text of a kind of limit; None for a kind of somebody else's discipline that nobody has written for."""
    return lessons().get("any/all" if kind == "all" else f"{discipline}/{kind}")
