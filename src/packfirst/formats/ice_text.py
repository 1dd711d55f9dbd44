"""3D-ICE's words in order, and the faults found in them."""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from packfirst.errors import InputError, Problem


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the file, its kind and its line."""

    kind: str  # word, number, text, mark
    text: str
    line: int


_PATTERN = re.compile(
    r"(?P<skip>\s+|//[^\n]*|/\*.*?\*/)|(?P<text>\"[^\"\n]*\")|(?P<word>[A-Za-z_][A-Za-z0-9_.\-]*)"
    r"|(?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<mark>[:;,(){}])",
    re.DOTALL,
)


class Unreadable(Exception):
    """The text does not go on as the grammar says; what follows cannot be made sense of."""


class Parser:
    """Words of a file in order, and the problems found so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise InputError.one(str(path), f"cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise InputError.one(str(path), "is not a text file") from None
        self.tokens: list[Token] = []
        place, line = 0, 1
        while place < len(text):
            match = _PATTERN.match(text, place)
            if match is None:
                raise InputError.one(str(path), f"{text[place]!r} has no meaning here", line=line)
            if match.lastgroup != "skip":
                self.tokens.append(Token(str(match.lastgroup), match[0], line))
            line += match[0].count("\n")
            place = match.end()
        self.tokens.append(Token("end", "the end of the file", line))
        self.next = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.next]

    def note(self, message: str, line: int = 0, field: str = "") -> None:
        """Keeps a problem; reading goes on."""
        self.problems.append(Problem(file=str(self.path), line=line, field=field, message=message))

    def fail(self, wanted: str) -> NoReturn:
        """Notes that something else was expected, and gives up."""
        self.note(f"{self.token.text} where {wanted} is expected", self.token.line)
        raise Unreadable

    def at(self, *words: str) -> bool:
        """Whether the next words are these."""
        return [token.text for token in self.tokens[self.next : self.next + len(words)]] == list(words)

    def skip(self, *words: str) -> bool:
        """Passes these words over if they come next."""
        if self.at(*words):
            self.next += len(words)
            return True
        return False

    def expect(self, *words: str) -> None:
        """Passes these words over, or gives up."""
        for word in words:
            if not self.skip(word):
                self.fail(repr(word))

    def take(self, kind: str, wanted: str) -> Token:
        """The next token, which must be of this kind."""
        if self.token.kind != kind:
            self.fail(wanted)
        self.next += 1
        return self.tokens[self.next - 1]

    def word(self, wanted: str) -> str:
        """The next word."""
        return self.take("word", wanted).text

    def number(self, field: str, *, zero: bool = False) -> float:
        """A finite number above zero, or zero where that may be; anything else is noted and read as 1."""
        token = self.token
        if token.kind == "word" and token.text.lower() in ("nan", "inf", "infinity"):
            self.next += 1
        else:
            self.take("number", f"a number for {field}")
        value = float(token.text)
        if not math.isfinite(value):
            self.note(f"{token.text} is not a finite number", token.line, field)
        elif value < 0.0 or (value == 0.0 and not zero):
            self.note(f"{token.text} must {'not be negative' if zero else 'be positive'}", token.line, field)
        else:
            return value
        return 1.0

    def refuse(self, what: str) -> NoReturn:
        """Notes a feature that is not read, and gives up."""
        self.note(
            f"{what} is not read: solid stacks are, without channels, pin fins or layouts", self.token.line
        )
        raise Unreadable
