"""Writes the tables of docs/commands.md from the commands themselves: `python docs/make_commands.py`."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("commands.md")
BLOCK = re.compile(r"(<!-- commands -->\n).*?(<!-- end -->)", re.DOTALL)


def commands() -> Iterator[tuple[str, Any]]:
    """Every command by its full name, in the order of `--help`."""
    import typer

    from packfirst.cli.app import app

    yield from _below(typer.main.get_command(app), "packfirst")


def _below(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    for word, command in group.commands.items():
        full = f"{name} {word}"
        if getattr(command, "commands", None):
            yield from _below(command, full)
        else:
            yield full, command


def options(command: Any) -> list[tuple[str, str]]:
    """How each argument and option is written, and what it does."""
    rows = []
    for item in command.params:
        if item.name == "help":
            continue
        if item.param_type_name == "argument":
            word = f"`{item.name.upper()}`" if item.required else f"`[{item.name.upper()}]`"
        else:
            flag = getattr(item, "is_flag", False)
            word = f"`{'`, `'.join(item.opts)}`" if flag else f"`{item.opts[-1]} {item.name.upper()}`"
        shown = item.default if isinstance(item.default, (str, int, Path)) and not item.required else None
        default = f" Default `{shown}`." if shown not in (None, False, "", 0) else ""
        rows.append((word, f"{(item.help or '').strip()}{default}"))
    return rows


def text() -> str:
    """A section for each command."""
    parts = []
    for name, command in commands():
        said = " ".join((command.help or "").split())
        rows = "\n".join(f"| {word} | {what} |" for word, what in options(command))
        parts.append(f"### {name}\n\n{said}\n\n| | |\n|---|---|\n{rows}\n")
    return "\n".join(parts)


def page() -> str:
    """The page with its block written again."""
    found, n = BLOCK.subn(lambda match: f"{match[1]}\n{text()}\n{match[2]}", PAGE.read_text(encoding="utf-8"))
    if n != 1:
        raise SystemExit(f"{PAGE.name} has {n} blocks of commands")
    return found


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
