"""Every error that packfirst raises on purpose, and the exit code that each one means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

EXIT_DONE = 0
EXIT_INFEASIBLE = 1
EXIT_BAD_INPUT = 2
EXIT_NOT_ASSESSED = 3
EXIT_OUR_FAULT = 70
EXIT_INTERRUPTED = 130


class PackfirstError(Exception):
    """Root of the tree; `exit_code` is what the command line returns."""

    exit_code = EXIT_OUR_FAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a file: where, and how to mend it."""

    file: str
    line: int  # counted from 1; 0 where the whole file is meant
    field: str  # dotted path, "" where the whole file is meant
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class InputError(PackfirstError):
    """Unusable input. Carries every problem that was found, not just the first."""

    exit_code = EXIT_BAD_INPUT

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    @classmethod
    def one(cls, file: str, message: str, *, line: int = 0, field: str = "") -> "InputError":
        """An error that holds a single problem."""
        return cls([Problem(file=file, line=line, field=field, message=message)])


def nearest(name: str, known: Sequence[str]) -> str:
    """Ends a message on an unknown name: the nearest valid one, or the list when nothing is near."""
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    shown = ", ".join(sorted(known)[:12])
    return f"known: {shown}{', ...' if len(known) > 12 else ''}"
