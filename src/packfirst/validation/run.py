"""Runs reference cases: expected, found, error, pass."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from packfirst.errors import InputError
from packfirst.validation.cases import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One expected number against what the model gives."""

    kind: str
    case: str
    quantity: str
    expected: float
    found: float
    allowed: float  # absolute
    known: str
    source: str
    file: str

    @property
    def error(self) -> float:
        """Found less expected."""
        return self.found - self.expected

    @property
    def passes(self) -> bool:
        # What is not a number, or infinite where a number is expected, is as wrong as can be.
        return math.isfinite(self.found) and abs(self.error) <= self.allowed


def run(cases: Iterable[Case]) -> Iterator[Checked]:
    """Each expected number of each case.

    Raises
    ------
    InputError
        The model refuses the inputs, or does not give what is expected of it.
    """
    for case in cases:
        try:
            found = case.function(**case.inputs)
        except ValueError as error:
            raise InputError.one(case.file, f"{case.kind}: {error}", line=case.line, field=case.id) from None
        for name, expected in case.expected.items():
            if name not in found:
                raise InputError.one(
                    case.file,
                    f"{case.kind} gives {', '.join(found)}; not {name!r}",
                    line=case.line,
                    field=case.id,
                )
            yield Checked(
                kind=case.kind, case=case.id, quantity=name, expected=expected, found=found[name],
                # Two floats that print alike may differ in their last bit.
                allowed=max(case.rel_tol * abs(expected), case.abs_tol, 1e-12 * abs(expected)), known=case.known,
                source=case.source, file=case.file,
            )  # fmt: skip
